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
    /// Whether it is set in columns.
    pub table: bool,
}

impl Unit {
    /// Its text in the copy, line breaks and all.
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
}

/// Joins lines to units.
pub fn units(copy: &str, lines: &[Line]) -> Vec<Unit> {
    let widths: Vec<usize> = lines
        .iter()
        .map(|l| usize::from(l.indent) + columns(l.str(copy)))
        .collect();
    let layout = Layout::of(copy, lines, &widths);
    let mut out: Vec<Unit> = Vec::with_capacity(lines.len());
    for (i, line) in lines.iter().enumerate() {
        let table = is_table_row(line.str(copy));
        if let Some(last) = out.last_mut()
            && line.blanks == 0
            && !table
            && !last.table
            && layout.joins(
                copy,
                &lines[i - 1],
                line,
                widths[i - 1],
                last.lines.len() == 1,
            )
        {
            last.lines.end = i + 1;
            last.end = line.end;
        } else {
            out.push(Unit {
                lines: i..i + 1,
                start: line.text,
                end: line.end,
                blanks: line.blanks,
                indent: line.indent,
                table,
            });
        }
    }
    out
}

fn columns(text: &str) -> usize {
    // Past this it makes no difference how long a line is.
    if text.len() > WIDEST_MEASURE * 4 {
        text.len() / 4
    } else {
        text.chars().count()
    }
}

impl Layout {
    fn of(copy: &str, lines: &[Line], widths: &[usize]) -> Self {
        let wide = widths.iter().filter(|w| **w > WIDEST_MEASURE).count();
        let widest = widths
            .iter()
            .copied()
            .filter(|w| *w <= WIDEST_MEASURE)
            .max()
            .unwrap_or(0);
        // Where most lines end sentences, they were not cut by a measure.
        let together: Vec<_> = lines
            .windows(2)
            .zip(widths)
            .filter(|(p, width)| p[1].blanks == 0 && **width * 2 > widest)
            .map(|(p, _)| p)
            .collect();
        let whole = together
            .iter()
            .filter(|p| {
                ends_sentence(p[0].str(copy)) && !p[1].str(copy).starts_with(char::is_lowercase)
            })
            .count();
        let wrapped = wide * 20 <= lines.len()
            && widest >= NARROWEST_MEASURE
            && (widest <= TELETYPE_MEASURE || whole * 2 <= together.len());
        let indents = lines.windows(2).any(|p| {
            p[1].blanks == 0 && p[1].indent > p[0].indent + 1
                || p[1].blanks == 0 && p[1].indent > 0 && p[0].indent == 0
        });
        let margin = lines.iter().map(|l| l.indent).min().unwrap_or(0);
        Self {
            measure: wrapped.then_some(widest),
            indents,
            margin,
        }
    }

    /// Whether line `b` goes on where line `a` (of width `a_width`) was cut.
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

fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '\'', '”', '’', '»', ')'])
        .ends_with(['.', '!', '?', ':', '…'])
}

/// `- item`, `• item`, `* item`, `1) item`.
pub fn is_bullet(text: &str) -> bool {
    bullet(text) > 0
}

/// Length in bytes of the bullet that a text begins with, its space included; 0 without one.
pub fn bullet(text: &str) -> usize {
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
pub fn is_table_row(text: &str) -> bool {
    if text.len() > 160 || !text.contains("  ") && !text.contains('\t') {
        return false;
    }
    let (mut gaps, mut run, mut last_cell, mut after_stop) = (0, 0, 0, false);
    for (i, c) in text.char_indices() {
        if c == ' ' || c == '\t' {
            run += if c == '\t' { 4 } else { 1 };
        } else {
            // Two spaces behind a full stop are a typist's habit.
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
        let copy = "PORT WORKERS RETURN AFTER STRIKE\n    By Ana Ruiz, Reuters\n    LISBON, March 4 - Dockers went back to their jobs on\nWednesday after nine days, the union said.\n    Shr 60 cts\n    Net 3 mln\n Reuter\n";
        assert_eq!(
            cut(copy),
            [
                "PORT WORKERS RETURN AFTER STRIKE",
                "By Ana Ruiz, Reuters",
                "LISBON, March 4 - Dockers went back to their jobs on Wednesday after nine days, the union said.",
                "Shr 60 cts",
                "Net 3 mln",
                "Reuter"
            ]
        );
    }

    #[test]
    fn blank_separated_wrapped_copy() {
        let copy = "Ferry service to resume on\nMonday, harbour master says\n\nBy Ana Ruiz\nStaff Writer\n\nThe ferry will run again from\nMonday.\n";
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
    fn one_line_each() {
        let long = "word ".repeat(60);
        let copy = format!("Headline\nBy Ana Ruiz\n{long}\n{long}\n");
        assert_eq!(cut(&copy).len(), 4);
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
