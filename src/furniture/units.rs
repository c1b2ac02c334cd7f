//! Lines joined to units: what a hard wrap has cut is put together again.
//!
//! A unit is one paragraph, headline, byline or other piece, whatever its line breaks. Whether two
//! neighbouring lines belong together is read off the copy's own layout: how wide it was set, where
//! it indents, and whether the next line's first word would still have fitted.

use crate::text::Line;
use std::ops::Range;

/// Copy set wider than this was not wrapped by hand or teletype.
const WIDEST_MEASURE: usize = 120;
/// No teletype or terminal set wider copy.
const TELETYPE_MEASURE: usize = 82;
/// Copy set narrower than this tells nothing by its line ends.
const NARROWEST_MEASURE: usize = 38;

/// One piece of copy.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Its lines, as a range into the copy's lines.
    pub lines: Range<usize>,
    /// First byte of its text in the copy.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// Blank lines before it.
    pub blanks: u16,
    /// Columns of white space before its first line.
    pub indent: u16,
    /// How it is set.
    pub setting: Setting,
}

/// How a unit is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// As text.
    Text,
    /// In columns.
    Columns,
    /// As hundreds of short lines in a row, of which nothing can be said one by one.
    Rubble,
}

impl Unit {
    /// Returns its text in the copy, line breaks and all.
    pub fn str<'a>(&self, copy: &'a str) -> &'a str {
        &copy[self.start..self.end]
    }
}

/// How a copy was set.
#[derive(Clone, Copy, Debug)]
struct Layout {
    /// Columns of a full line, where the copy is hard-wrapped.
    measure: Option<usize>,
    /// Whether an indent begins a paragraph.
    indents: bool,
    /// Columns before a line that is not indented.
    margin: u16,
    /// Blank lines between two lines of one paragraph: one in double-spaced copy.
    spacing: u16,
}

/// Joins lines to units.
pub fn units(copy: &str, lines: &[Line]) -> Vec<Unit> {
    let widths: Vec<u16> = lines
        .iter()
        .map(|line| line.indent.saturating_add(columns(line.str(copy))))
        .collect();
    let layout = Layout::of(copy, lines, &widths);
    let mut out = Pile::default();
    for (i, line) in lines.iter().enumerate() {
        let columns = is_table_row(line.str(copy));
        if let Some(last) = out.units.last_mut()
            && line.blanks <= layout.spacing
            && !columns
            && last.setting == Setting::Text
            && layout.joins(
                copy,
                &lines[i - 1],
                line,
                usize::from(widths[i - 1]),
                last.lines.len() == 1,
            )
        {
            last.lines.end = i + 1;
            last.end = line.range().end;
        } else {
            out.push(Unit {
                lines: i..i + 1,
                start: line.range().start,
                end: line.range().end,
                blanks: line.blanks,
                indent: line.indent,
                setting: if columns {
                    Setting::Columns
                } else {
                    Setting::Text
                },
            });
        }
    }
    let mut units = out.finish();
    if is_markdown(copy, lines) {
        units.iter_mut().for_each(|unit| unmark(copy, unit));
    }
    units
}

/// Returns whether a copy has headings of Markdown: what extractors of web pages write.
fn is_markdown(copy: &str, lines: &[Line]) -> bool {
    lines.iter().any(|line| {
        let text = line.str(copy);
        let heading = text.trim_start_matches('#');
        (1..=4).contains(&(text.len() - heading.len()))
            && heading
                .strip_prefix(' ')
                .is_some_and(|words| words.starts_with(char::is_alphanumeric))
    })
}

/// Narrows a unit of Markdown to its words: `## What it costs`, `**Nov. 3**`, `*By Ana Ruiz*`, `>
/// "No."`.
fn unmark(copy: &str, unit: &mut Unit) {
    let text = unit.str(copy);
    let heading = text.trim_start_matches(['#', '>']);
    if heading.len() < text.len() && heading.starts_with(' ') && !heading.trim().is_empty() {
        unit.start += text.len() - heading.trim_start().len();
    }
    for mark in ["***", "**", "__", "*", "_"] {
        let text = &copy[unit.start..unit.end];
        if let Some(inside) = text.strip_prefix(mark).and_then(|t| t.strip_suffix(mark))
            && !inside.contains(mark)
            && !inside.trim().is_empty()
        {
            unit.start += mark.len();
            unit.end -= mark.len();
            return;
        }
    }
}

/// A line of so many bytes says little by itself.
const LITTLE: usize = 45;
/// So many units at either end of a run of short lines are looked at one by one: the furniture of
/// any page, and the rows of any table that is part of a story.
const ENDS: usize = 200;
/// Copy of so many units is a list or a dump rather than a story. Of its runs, no ends are kept.
const CROWD: usize = 5000;
/// In a crowd, a run is as long as this at least.
const CROWD_RUN: usize = 16;
/// So many units may pile up before they are put together.
const SLACK: usize = 1024;

/// Units in the making. Hundreds of short lines in a row become one unit, so that neither work nor
/// memory for each line is spent on what no reader can explain.
#[derive(Default)]
struct Pile {
    units: Vec<Unit>,
    /// Where the run of short units begins that the last unit belongs to.
    run: usize,
}

impl Pile {
    fn push(&mut self, unit: Unit) {
        let goes_on = self.units.last().is_some_and(|last| {
            let row = |unit: &Unit| unit.setting == Setting::Columns && unit.blanks == 0;
            let alike = match row(&unit) {
                // The first row of a table may have a blank line before it.
                true => {
                    last.setting == Setting::Columns
                        && (row(last) || self.run + 1 == self.units.len())
                }
                false => !row(last),
            };
            alike && is_little(last) && is_little(&unit)
        });
        if !goes_on {
            self.put_together();
            self.run = self.units.len();
        } else if self.units.len() - self.run > 2 * ENDS + SLACK {
            self.put_together();
        }
        self.units.push(unit);
    }

    /// Makes one unit of the middle of the run that the last unit belongs to.
    fn put_together(&mut self) {
        let crowd = self.run > CROWD;
        let ends = if crowd { 0 } else { ENDS };
        let least = if crowd { CROWD_RUN } else { 2 * ENDS + 2 };
        // The last unit may have become a paragraph since it was taken for one of the run.
        let grown = usize::from(!self.units.last().is_none_or(is_little));
        let run_end = self.units.len() - grown;
        if run_end.saturating_sub(self.run) < least {
            return;
        }
        let (first, last) = (self.run + ends, run_end - 1 - ends);
        let (end, lines) = (self.units[last].end, self.units[last].lines.end);
        if self.units[last].blanks > 0 || self.units[last].setting != Setting::Columns {
            self.units[first].setting = Setting::Rubble;
        }
        self.units[first].end = end;
        self.units[first].lines.end = lines;
        self.units.drain(first + 1..=last);
    }

    fn finish(mut self) -> Vec<Unit> {
        self.put_together();
        self.units
    }
}

/// Returns whether a unit can be one of a run. Rows of tables are longer than other short lines.
fn is_little(unit: &Unit) -> bool {
    match unit.setting {
        Setting::Text => unit.lines.len() == 1 && unit.end - unit.start <= LITTLE,
        Setting::Columns | Setting::Rubble => true,
    }
}

fn columns(text: &str) -> u16 {
    // Past this it makes no difference how long a line is.
    let columns = if text.len() > WIDEST_MEASURE * 4 {
        text.len() / 4
    } else {
        text.chars().count()
    };
    u16::try_from(columns).unwrap_or(u16::MAX)
}

impl Layout {
    fn of(copy: &str, lines: &[Line], widths: &[u16]) -> Self {
        let widths = widths.iter().map(|width| usize::from(*width));
        let wide = widths.clone().filter(|w| *w > WIDEST_MEASURE).count();
        let widest = widths
            .clone()
            .filter(|w| *w <= WIDEST_MEASURE)
            .max()
            .unwrap_or(0);
        // Where most lines end sentences, they were not cut by a measure.
        let together = lines
            .windows(2)
            .zip(widths)
            .filter(|(p, width)| p[1].blanks == 0 && width * 2 > widest)
            .map(|(p, _)| p);
        let (mut pairs, mut whole) = (0, 0);
        for pair in together {
            pairs += 1;
            let sentence = ends_sentence(pair[0].str(copy));
            whole += usize::from(sentence && !pair[1].str(copy).starts_with(char::is_lowercase));
        }
        let wrapped = wide * 20 <= lines.len()
            && widest >= NARROWEST_MEASURE
            && (widest <= TELETYPE_MEASURE || whole * 2 <= pairs);
        let spacing = u16::from(wide == 0 && is_double_spaced(copy, lines, widest));
        let indents = lines.windows(2).any(|p| {
            p[1].blanks == 0 && p[1].indent > p[0].indent + 1
                || p[1].blanks == 0 && p[1].indent > 0 && p[0].indent == 0
        });
        let margin = lines.iter().map(|l| l.indent).min().unwrap_or(0);
        Self {
            measure: (wrapped || spacing > 0).then_some(widest),
            spacing,
            indents,
            margin,
        }
    }

    /// Returns whether line `b` goes on where line `a` (of width `a_width`) was cut.
    fn joins(self, copy: &str, a: &Line, b: &Line, a_width: usize, a_is_first: bool) -> bool {
        let Some(measure) = self.measure else {
            return false;
        };
        let (above, below) = (a.str(copy), b.str(copy));
        if is_bullet(below) || below.starts_with("http") {
            return false;
        }
        // Where an indent begins a paragraph, only a line at the margin goes on with one.
        if self.indents && b.indent > self.margin {
            return false;
        }
        let first_word = below
            .split_whitespace()
            .next()
            .map_or(0, |w| w.chars().count());
        // Two columns of grace: wires counted the line end, and typists cheated.
        let forced = a_width + 1 + first_word + 2 > measure;
        if self.indents && a_is_first && a.indent > self.margin {
            // The first line of an indented paragraph and its turn line.
            return forced || !ends_sentence(above) || below.starts_with(char::is_lowercase);
        }
        if forced {
            return true;
        }
        let lower = below.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit());
        !ends_sentence(above) && lower && a_width * 2 > measure
    }
}

/// Returns whether a typist has left a blank line after every line of hard-wrapped text: nearly all
/// long lines are cut inside a sentence, and the next one goes on with a small letter.
fn is_double_spaced(copy: &str, lines: &[Line], widest: usize) -> bool {
    const LINES_AT_LEAST: usize = 8;
    if !(NARROWEST_MEASURE..=TELETYPE_MEASURE).contains(&widest) {
        return false;
    }
    let (mut together, mut apart, mut cut, mut goes_on) = (0, 0, 0, 0);
    for pair in lines.windows(2) {
        let (above, below) = (pair[0].str(copy), pair[1].str(copy));
        together += usize::from(pair[1].blanks == 0);
        if pair[1].blanks == 1 && usize::from(columns(above)) * 4 > widest * 3 {
            apart += 1;
            cut += usize::from(!ends_sentence(above));
            goes_on += usize::from(below.starts_with(char::is_lowercase));
        }
    }
    apart >= LINES_AT_LEAST
        && together * 5 <= apart
        && cut * 10 >= apart * 6
        && goes_on * 5 >= apart * 2
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '\'', '”', '’', '»', ')'])
        .ends_with(['.', '!', '?', ':', '…'])
}

/// `- item`, `• item`, `* item`, `1) item`.
pub(crate) fn is_bullet(text: &str) -> bool {
    bullet(text) > 0
}

/// Length in bytes of the bullet that a text begins with, its space included; 0 without one.
pub(crate) fn bullet(text: &str) -> usize {
    let mut chars = text.char_indices();
    let Some((_, first)) = chars.next() else {
        return 0;
    };
    let second = chars.next();
    let third = chars.next();
    match first {
        '•' | '▪' | '●' | '◦' | '‣' | '·' | '■' | '►' | '➤' | '✓' | '・' => {
            text.len() - text[first.len_utf8()..].trim_start().len()
        }
        '-' | '*' | '–' | '—' | '+' | 'o' | '>'
            if second.is_some_and(|(_, c)| c == ' ')
                && third.is_some_and(|(_, c)| c != first && c != ' ') =>
        {
            // `— Мы ждали, — сказал Орлов`: speech, as many languages set it.
            let speech = matches!(first, '–' | '—')
                && text[first.len_utf8()..].contains(&*format!(" {first} "));
            if first == 'o' || first == '>' || speech {
                0
            } else {
                first.len_utf8() + 1
            }
        }
        '0'..='9' => match (second, third) {
            (Some((_, ')')), Some((i, ' '))) => i + 1,
            _ => 0,
        },
        _ => 0,
    }
}

/// At least two wide gaps, or one and a figure in the last column.
pub(crate) fn is_table_row(text: &str) -> bool {
    if text.len() > 160 || !text.contains("  ") && !text.contains('\t') {
        return false;
    }
    let (mut gaps, mut run, mut last_cell, mut after_stop) = (0, 0, 0, false);
    for (i, c) in text.char_indices() {
        if c == ' ' || c == '\t' {
            run += if c == '\t' { 4 } else { 1 };
        } else {
            // Two spaces after a full stop are a typist's habit.
            if run >= 3 || run == 2 && !after_stop {
                gaps += 1;
                last_cell = i;
            }
            run = 0;
            after_stop = matches!(c, '.' | '!' | '?' | '"' | ':' | '”' | ',');
        }
    }
    let figure = |cell: &str| {
        cell.chars().filter(char::is_ascii_digit).count() * 2
            >= cell.chars().filter(|c| !c.is_whitespace()).count()
    };
    gaps >= 3 || gaps >= 1 && (figure(&text[last_cell..]) || gaps == 2 && text.contains("   "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lines;

    fn cut(copy: &str) -> Vec<String> {
        units(copy, &lines(copy))
            .iter()
            .map(|u| u.str(copy).split_whitespace().collect::<Vec<_>>().join(" "))
            .collect()
    }

    #[test]
    fn indented_teletype_copy() {
        let copy = "PORT WORKERS RETURN AFTER STRIKE\n    By Ana Ruiz, Reuters\n    LISBON, March \
                    4 - Dockers went back to their jobs on\nWednesday after nine days, the union \
                    said.\n    Shr 60 cts\n    Net 3 mln\n Reuter\n";
        assert_eq!(
            cut(copy),
            [
                "PORT WORKERS RETURN AFTER STRIKE",
                "By Ana Ruiz, Reuters",
                "LISBON, March 4 - Dockers went back to their jobs on Wednesday after nine days, \
                 the union said.",
                "Shr 60 cts",
                "Net 3 mln",
                "Reuter"
            ]
        );
    }

    #[test]
    fn blank_separated_wrapped_copy() {
        let copy = "Ferry service to resume on\nMonday, harbour master says\n\nBy Ana Ruiz\nStaff \
                    Writer\n\nThe ferry will run again from\nMonday.\n";
        assert_eq!(
            cut(copy).len(),
            6,
            "a measure below the narrowest tells nothing: {:?}",
            cut(copy)
        );
        let wide = copy
            .replace(
                "The ferry will run again from\n",
                "The ferry between the two islands will run again from\n",
            )
            .replace(
                "resume on\nMonday",
                "resume at the start of next week on\nMonday",
            );
        assert_eq!(
            cut(&wide),
            [
                "Ferry service to resume at the start of next week on Monday, harbour master says",
                "By Ana Ruiz",
                "Staff Writer",
                "The ferry between the two islands will run again from Monday."
            ]
        );
    }

    #[test]
    fn double_spaced_copy() {
        let line = "The board of the harbour met again on Tuesday and said that it\n\n\
                    will close the old slip for repairs which the storms have made\n\n";
        let copy = format!("{}The last line of it.\n\n\n", line.repeat(5));
        let found = cut(&format!("Ferry slip to close\n\n\n{copy}{copy}"));
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[1].ends_with("The last line of it."));
    }

    #[test]
    fn markdown_loses_its_marks() {
        let copy = "# Ferry slip to close\n\n*By Ana Ruiz*\n\n> \"No,\" she said.\n\n* one item\n";
        assert_eq!(
            cut(copy),
            [
                "Ferry slip to close",
                "By Ana Ruiz",
                "\"No,\" she said.",
                "* one item"
            ]
        );
    }

    #[test]
    fn one_line_each() {
        let long = "word ".repeat(60);
        let copy = format!("Headline\nBy Ana Ruiz\n{long}\n{long}\n");
        assert_eq!(cut(&copy).len(), 4);
    }

    #[test]
    fn hundreds_of_short_lines_are_one_unit() {
        let story = "Ferry slip to close\n\nThe board of the harbour met again.\n\n";
        let copy = format!("{story}{}{story}", "a\n".repeat(3000));
        let units = units(&copy, &lines(&copy));
        let rubble: Vec<_> = units
            .iter()
            .filter(|unit| unit.setting == Setting::Rubble)
            .collect();
        assert_eq!(rubble.len(), 1);
        assert!(rubble[0].lines.len() > 2500 && units.len() < 2 * ENDS + 10);
        assert_eq!(units[0].str(&copy), "Ferry slip to close");
        assert!(units.windows(2).all(|pair| pair[0].end <= pair[1].start));
    }

    #[test]
    fn short_lines_of_a_page_stay_apart() {
        let copy = "a\n".repeat(2 * ENDS);
        assert_eq!(units(&copy, &lines(&copy)).len(), 2 * ENDS);
    }

    #[test]
    fn rows_of_tables() {
        assert!(is_table_row("Parana      3.70 S           unch"));
        assert!(is_table_row("Leeds  12 7 3 2  24"));
        assert!(!is_table_row("He left.  She stayed.  They met again."));
        assert!(!is_table_row("A plain line of text"));
    }

    #[test]
    fn bullets() {
        assert_eq!(bullet("• Ring in May"), "• ".len());
        assert_eq!(bullet("- Ring in May"), 2);
        assert_eq!(bullet("-30-"), 0);
        assert_eq!(bullet("— he said"), "— ".len());
        assert_eq!(bullet("— Мы ждали, — сказал Орлов."), 0);
        assert_eq!(bullet("Plain"), 0);
    }
}
