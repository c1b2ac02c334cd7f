//! Corpora for Alceste and Iramuteq: texts after lines of starred variables.
//!
//! A text begins with `****` or a number of four digits or more, and variables (`*source_bote`);
//! a line `-*theme` begins a theme inside it.

use super::blocks;
use crate::story::{Field, Format};
use crate::wire::cut::Cut;
use crate::wire::envelope::{Envelope, PieceKind};
use crate::wire::prose::Prose;
use crate::wire::sniff::Sniff;
use std::ops::Range;

/// Returns whether a file is such a corpus.
pub(crate) fn recognises(sniff: &Sniff<'_>) -> bool {
    sniff.head.split(['\n', '\r']).next().is_some_and(is_start)
}

/// Returns whether a line begins a text.
fn is_start(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let Some(first) = words.next() else {
        return false;
    };
    let is_number = first.len() >= 4 && first.bytes().all(|b| b.is_ascii_digit());
    let is_variable = |word: &str| {
        word.strip_prefix('*').is_some_and(|name| {
            name.starts_with(char::is_alphanumeric)
                && name
                    .chars()
                    .all(|c| c.is_alphanumeric() || "_-.".contains(c))
        })
    };
    (first == "****" || is_number)
        && words.next().is_some_and(is_variable)
        && words.all(is_variable)
}

fn lines(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    blocks::line_ranges(text, 0..text.len()).map(|range| {
        let line = &text[range.clone()];
        let shown = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
        (range, shown)
    })
}

/// Finds the texts of a corpus.
pub(crate) fn split(sniff: &Sniff<'_>) -> Cut {
    let mut slices = Vec::new();
    let mut from = 0;
    let starts = lines(sniff.text).filter(|(_, line)| is_start(line));
    for (range, _) in starts.skip(1) {
        slices.push(from..range.start);
        from = range.start;
    }
    slices.push(from..sniff.text.len());
    Cut {
        slices,
        ..Cut::default()
    }
}

/// Reads one text.
pub(crate) fn read(sniff: &Sniff<'_>) -> Option<Envelope> {
    let mut out = Envelope::of(Format::Alceste, sniff.text.len());
    out.given.names_headline = true;
    let mut prose = Prose::default();
    let mut open: Option<Range<usize>> = None;
    let mut close = |open: Option<Range<usize>>| {
        if let Some(range) = open {
            for block in blocks::of_text(sniff.text, range) {
                prose.piece(PieceKind::Paragraph, &block.text);
            }
        }
    };
    for (range, line) in lines(sniff.text) {
        let is_theme = line.starts_with("-*");
        if !is_theme && !is_start(line) {
            let start = open.map_or(range.start, |open| open.start);
            open = Some(start..range.end);
            continue;
        }
        close(open.take());
        let variables = line.split_whitespace().filter_map(|word| {
            let name = word.trim_start_matches('-').strip_prefix('*')?;
            (!name.is_empty() && !name.starts_with('*')).then(|| name.to_owned())
        });
        out.wire().keywords.extend(variables);
        out.evidence.push((Field::Wire, range));
    }
    close(open);
    out.copy = prose.finish();
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_variables_begin_a_text() {
        for line in ["**** *source_bote *year_2012", "0012 *a"] {
            assert!(is_start(line), "{line}");
        }
        for line in [
            "****",
            "**** and more",
            "2012 was a good year",
            "* 12 *a",
            "1234 *a b",
            "",
        ] {
            assert!(!is_start(line), "{line}");
        }
    }
}
