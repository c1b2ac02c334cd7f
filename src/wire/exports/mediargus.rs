//! Mediargus, the press database of Flanders: text.
//!
//! A list of all stories comes first, each with its number, headline, publication, day, page and
//! length; then come the texts, in the same order. Empty lines part one from the next:
//!
//! ```text
//! 1. Headline
//!
//! Publication, 12 mei 2010, p.4, 512w.
//! ```
//!
//! A story is its entry in the list and its text.

use super::blocks;
use super::dates;
use super::fields::{Slot, give};
use crate::story::{Field, Format};
use crate::text::{Traced, boundary, fold};
use crate::wire::cut::{Count, Cut};
use crate::wire::envelope::{Envelope, Fact, PieceKind};
use crate::wire::prose::Prose;
use crate::wire::sniff::Sniff;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Lines between a headline's first and the line of its publication, at most.
const HEADLINE_LINES: usize = 4;
/// So many empty lines part two texts.
const GAP: usize = 4;
/// Lines of a text before its first paragraph: publication, section, headline.
const HEAD_LINES: usize = 5;

static FACTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(.{1,80}?), (\S.{4,40}?), p\. ?([^,\s]{1,12}), (\d{1,6}) ?w\.?$").ok()
});

/// One entry of the list.
struct Entry {
    number: usize,
    /// Headline to publication.
    range: Range<usize>,
    headline: Range<usize>,
    /// The line of publication, day, page and length.
    facts: Range<usize>,
}

/// Returns whether a file is an export of Mediargus.
pub(crate) fn recognises(sniff: &Sniff<'_>) -> bool {
    let text = &sniff.text[..boundary(sniff.text, 2048)];
    sniff.root.is_none() && !list(text).is_empty()
}

/// Returns the visible lines of a text: what they show, and how many empty ones stand before.
fn lines(text: &str) -> impl Iterator<Item = (Range<usize>, usize)> {
    let mut empty = 0;
    blocks::line_ranges(text, 0..text.len()).filter_map(move |range| {
        let unseen = |c: char| c.is_whitespace() || c == '\u{FEFF}';
        let line = &text[range.clone()];
        let start = range.start + line.len() - line.trim_start_matches(unseen).len();
        let end = range.start + line.trim_end_matches(unseen).len();
        if start >= end {
            empty += 1;
            return None;
        }
        Some((start..end, std::mem::take(&mut empty)))
    })
}

/// Returns the list at the beginning of a file: entries one after the other, and nothing else.
fn list(text: &str) -> Vec<Entry> {
    let mut out = Vec::new();
    let mut open: Option<(usize, Range<usize>, usize)> = None;
    for (range, _) in lines(text) {
        let line = &text[range.clone()];
        match open.take() {
            None => match numbered(line) {
                Some((number, start)) => {
                    open = Some((number, range.start + start..range.end, 1));
                }
                None => break,
            },
            Some((number, headline, _)) if is_facts(line) => out.push(Entry {
                number,
                range: headline.start..range.end,
                headline,
                facts: range,
            }),
            Some((number, headline, count)) if count < HEADLINE_LINES => {
                open = Some((number, headline.start..range.end, count + 1));
            }
            Some(_) => break,
        }
    }
    out
}

/// Returns the number that a line begins with, and where the headline after it begins.
fn numbered(line: &str) -> Option<(usize, usize)> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = line[digits..].strip_prefix(". ")?;
    let number = line[..digits].parse().ok()?;
    Some((number, line.len() - rest.len()))
}

fn is_facts(line: &str) -> bool {
    let found = FACTS.as_ref().and_then(|facts| facts.captures(line));
    found.is_some_and(|found| dates::find(&found[2]).is_some())
}

/// Returns the texts after the list.
fn texts(text: &str, from: usize) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for (range, empty) in lines(&text[from..]) {
        let range = range.start + from..range.end + from;
        match out.last_mut() {
            Some(last) if empty < GAP => last.end = range.end,
            _ => out.push(range),
        }
    }
    out
}

/// Finds the stories of an export.
pub(crate) fn split(sniff: &Sniff<'_>) -> Cut {
    let entries = list(sniff.text);
    let end = entries.last().map_or(0, |entry| entry.range.end);
    let texts = texts(sniff.text, end);
    let numbers: Vec<usize> = entries.iter().map(|entry| entry.number).collect();
    let from = |range: &Range<usize>| {
        let line = sniff.text[..range.start].rfind(['\n', '\r']);
        line.map_or(0, |end| end + 1)..range.end
    };
    Cut {
        heads: entries.iter().map(|entry| from(&entry.range)).collect(),
        slices: texts
            .iter()
            .take(entries.len())
            // With its line end, so that it begins a line when it stands after its entry.
            .map(|range| from(range).start.saturating_sub(1).max(end)..range.end)
            .collect(),
        count: Some(Count::of_list(&numbers, texts.len())),
        ..Cut::default()
    }
}

/// Reads one story: its entry, and its text.
pub(crate) fn read(sniff: &Sniff<'_>) -> Option<Envelope> {
    let entry = list(sniff.text).into_iter().next()?;
    let text = sniff.text;
    let mut out = Envelope::of(Format::Mediargus, text.len());
    out.given.names_headline = true;
    out.give_headline(Fact::of(&Traced::part(text, entry.headline.clone())));
    let line = &text[entry.facts.clone()];
    let found = FACTS.as_ref()?.captures(line)?;
    let fact = |number: usize| {
        let range = found.get(number).map_or(0..0, |group| group.range());
        let range = range.start + entry.facts.start..range.end + entry.facts.start;
        Fact::of(&Traced::part(text, range))
    };
    for (number, slot) in [
        (1, Slot::Publication),
        (2, Slot::Published),
        (3, Slot::Page),
        (4, Slot::Length),
    ] {
        if let Some(fact) = fact(number) {
            give(&mut out, slot, fact);
        }
    }
    out.wire().id = Some(entry.number.to_string());
    let publication = out.wire().publication.clone().unwrap_or_default();
    let body = body_start(text, &entry, &publication, &mut out);
    let mut prose = Prose::default();
    prose.piece(PieceKind::Any, &Traced::part(text, body..text.len()));
    out.copy = prose.finish();
    Some(out)
}

/// Returns where the body begins: after the lines that say again what the list says, and the
/// section.
fn body_start(text: &str, entry: &Entry, publication: &str, out: &mut Envelope) -> usize {
    let after = entry.range.end;
    let headline = fold(&text[entry.headline.clone()]);
    let mut body = after;
    let mut section: Option<Range<usize>> = None;
    for (range, _) in lines(&text[after..]).take(HEAD_LINES) {
        let range = range.start + after..range.end + after;
        let line = fold(&text[range.clone()]);
        let says_again = line == headline
            || !publication.is_empty() && line.starts_with(&fold(publication)) && line.len() < 120;
        if says_again {
            body = range.end;
        } else if section.is_none() && line.len() < 40 && !line.ends_with(['.', '!', '?', ':']) {
            section = Some(range);
        } else {
            break;
        }
    }
    // A section stands among what is said again; a short line after it is copy.
    let section = section.filter(|section| section.end <= body);
    if let Some(section) = section {
        out.wire().section = Some(text[section.clone()].trim().to_owned());
        out.evidence.push((Field::Wire, section));
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_entries_and_nothing_else() {
        let text = "1. Veer vaart weer\n\nDe Bode, 12 mei 2010, p.4, 512w.\n\n\n\
                    2. Brug blijft dicht\n\nDe Bode, 13 mei 2010, p. 1, 80w.\n\n\n\n\n\nTekst\n";
        let found = list(text);
        assert_eq!(found.len(), 2);
        assert_eq!(&text[found[1].headline.clone()], "Brug blijft dicht");
        for other in [
            "1. One point\n\n2. Another\n",
            "A story\n\nDe Bode, 12 mei 2010, p.4, 5w.",
        ] {
            assert!(list(other).is_empty(), "{other}");
        }
    }
}
