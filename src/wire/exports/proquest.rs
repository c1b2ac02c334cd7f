//! ProQuest: text, pages, RTF and Word documents.
//!
//! A story begins with its headline and a few labelled lines, of which the last is its text, and
//! ends with an index, of which each line has a label. Its number there tells stories apart.

use super::blocks::{self, Block, Container};
use super::count::{Numbered, number};
use super::dates;
use super::fields::{Slot, give};
use crate::story::{Format, NoteKind};
use crate::text::{Traced, boundary, fold};
use crate::wire::cut::{Count, Cut};
use crate::wire::envelope::{Envelope, Fact, PieceKind};
use crate::wire::markup::{Markup, Rules};
use crate::wire::prose::Prose;
use crate::wire::sniff::Sniff;

/// A number of a document stands within so many bytes, if the file is an export.
const LOOKS_AT: usize = 256 << 10;
/// Lines without a label among those of an index, at most.
const GAP: usize = 2;

/// Returns whether a file is an export of ProQuest.
pub(crate) fn recognises(sniff: &Sniff<'_>) -> bool {
    let text = &sniff.text[..boundary(sniff.text, LOOKS_AT)];
    if memchr::memmem::find(text.as_bytes(), b"ProQuest").is_none() {
        return false;
    }
    match Container::of(sniff) {
        Container::Text => text.split(['\n', '\r']).any(|line| {
            line.contains("ProQuest")
                && Block::of(&Traced::whole(line)).is_some_and(|b| is_number(&b))
        }),
        _ => blocks::read(sniff).iter().any(is_number),
    }
}

/// Returns whether a line is the number of a document.
fn is_number(block: &Block) -> bool {
    matches!(block.label(), Some((Slot::Id, value))
        if fold(&block.text.text[..value]).contains("proquest")
            && block.text.text[value..].contains(|c: char| c.is_ascii_digit()))
}

/// Returns whether a line parts stories: nothing but underscores.
fn is_rule(block: &Block) -> bool {
    block.text.len() >= 20 && block.text.text.bytes().all(|b| b == b'_')
}

/// Finds the stories of an export.
pub(crate) fn split(sniff: &Sniff<'_>) -> Cut {
    let found = blocks::read_lines(sniff);
    let numbers: Vec<usize> = (0..found.len())
        .filter(|at| is_number(&found[*at]))
        .collect();
    let starts = numbers.windows(2).filter_map(|pair| {
        let mut between = pair[0]..pair[1];
        let rule = between.clone().find(|at| is_rule(&found[*at]));
        let next = rule.or_else(|| between.find(|at| found[*at].label().is_none()))?;
        Some(found[next].start())
    });
    let counters = found.iter().filter_map(|block| number(&block.text.text));
    let counters: Vec<Numbered> = counters.collect();
    blocks::cut(sniff, starts, Count::of_numbers(&counters))
}

/// Reads one story.
pub(crate) fn read(sniff: &Sniff<'_>) -> Option<Envelope> {
    let container = Container::of(sniff);
    let found = blocks::read_lines(sniff);
    let mut out = Envelope::of(Format::ProQuest, sniff.text.len());
    out.given.names_headline = true;
    let number = found.iter().position(is_number).unwrap_or(found.len());
    let end = found[number..]
        .iter()
        .position(|block| block.label().is_none())
        .map_or(found.len(), |after| number + after);
    let index = index_start(&found[..end]);
    let body = read_head(&found[..index], &mut out);
    read_index(&found[index..end], &mut out);
    let mut prose = Prose::default();
    give_body(
        sniff.text,
        container,
        &found[..index],
        body.as_ref(),
        &mut prose,
    );
    if container == Container::Page {
        let markup = Markup::of(sniff.text, Rules::Html);
        let count = markup
            .root()
            .find("text")
            .map(|text| text.value("wordcount"));
        let wire = out.wire();
        wire.word_count = wire.word_count.or_else(|| count?.parse().ok());
    }
    out.copy = prose.finish();
    Some(out)
}

/// Returns where the index begins: the lines at the end that have labels, with few others among
/// them.
fn index_start(found: &[Block]) -> usize {
    let mut start = found.len();
    for at in (0..found.len()).rev() {
        match found[at].label() {
            Some((Slot::Body | Slot::Abstract, _)) => break,
            Some(_) => start = at,
            None if start - at > GAP => break,
            None => {}
        }
    }
    start
}

/// Where the text begins: a line, and its first byte in it.
struct Start {
    line: usize,
    byte: usize,
}

/// Returns the headline and the labelled lines before the text.
fn read_head(found: &[Block], out: &mut Envelope) -> Option<Start> {
    let mut last = None;
    for (line, block) in found.iter().enumerate() {
        let text = &*block.text.text;
        if text.trim_matches(['_', '-', '=', '*']).is_empty() {
            continue;
        }
        match block.label() {
            Some((Slot::Body, byte)) => return Some(Start { line, byte }),
            Some((slot, value)) if out.given.headline.is_some() => {
                if let Some(fact) = block.fact_from(value) {
                    give_head(slot, fact, out);
                }
                last = Some(slot);
            }
            _ if out.given.headline.is_none() => {
                if !is_counter(text) {
                    out.give_headline(block.fact());
                }
            }
            _ if text.starts_with("http") => {}
            _ => {
                if let (Some(Slot::Abstract), Some(fact)) = (last, block.fact()) {
                    give_head(Slot::Abstract, fact, out);
                }
            }
        }
    }
    None
}

/// `Document 1 of 10`
fn is_counter(text: &str) -> bool {
    let numbers = text
        .split_whitespace()
        .filter(|word| word.bytes().all(|b| b.is_ascii_digit()));
    text.len() < 40
        && numbers.count() == 2
        && fold(text).contains("o")
        && text.split_whitespace().count() <= 4
}

fn give_head(slot: Slot, fact: Fact, out: &mut Envelope) {
    match slot {
        // `Los Angeles Times ; Los Angeles, Calif. [Los Angeles, Calif]08 May 2010: AA.2.`
        Slot::Published => {
            let text = &fact.text;
            let Some(found) = dates::find(text).or_else(|| {
                let after = text.rfind(']')? + 1;
                let mut found = dates::find(&text[after..])?;
                found.range = found.range.start + after..found.range.end + after;
                Some(found)
            }) else {
                return;
            };
            let page = text[found.range.end..]
                .trim_matches([':', '.', ' ', ','])
                .to_owned();
            let name = text[..found.range.start]
                .split([';', '['])
                .next()
                .unwrap_or("");
            let wire = out.wire();
            if !name.trim().is_empty() {
                wire.publication.get_or_insert(name.trim().to_owned());
            }
            if (1..=20).contains(&page.len()) && page.contains(|c: char| c.is_ascii_digit()) {
                wire.page.get_or_insert(page);
            }
            out.give_published(Some(fact), |_| Some(found.when.clone()));
        }
        Slot::Abstract => {
            let is_none = fact.text.len() < 30 && !fact.text.contains(". ");
            if !is_none {
                out.give_note(NoteKind::Unknown, Some(fact));
            }
        }
        Slot::Ignored => {}
        slot => give(out, slot, fact),
    }
}

/// The labelled lines after the text.
fn read_index(found: &[Block], out: &mut Envelope) {
    for block in found {
        let Some((slot, value)) = block.label() else {
            continue;
        };
        let Some(mut fact) = block.fact_from(value) else {
            continue;
        };
        match slot {
            Slot::Publication => {
                let name = fact.text.split(';').next().unwrap_or(&fact.text).trim();
                out.wire().publication = Some(name.to_owned());
                continue;
            }
            Slot::Published => {
                // The day alone; the line above the text may lack it.
                out.give_published(Some(fact), dates::day_of);
                continue;
            }
            Slot::Company => fact.text = names(&fact.text),
            _ => {}
        }
        give(out, slot, fact);
    }
}

/// `Name: Harbour Trust; NAICS: 524128; Name: City Docks` without the names of its parts.
fn names(text: &str) -> String {
    let parts: Vec<&str> = text
        .split(';')
        .map(str::trim)
        .filter(|part| !part.starts_with("NAICS") && !part.starts_with("DUNS"))
        .map(|part| part.strip_prefix("Name:").unwrap_or(part).trim())
        .collect();
    parts.join("; ")
}

fn give_body(
    text: &str,
    container: Container,
    found: &[Block],
    start: Option<&Start>,
    prose: &mut Prose,
) {
    let Some(&Start { line, byte }) = start else {
        return;
    };
    let [first, .., last] = &found[line..] else {
        if let Some(only) = found.get(line) {
            prose.piece(PieceKind::Any, &only.text.slice(byte..only.text.len()));
        }
        return;
    };
    if container == Container::Text {
        let start = first.text.source(byte..first.text.len()).start;
        let range = start..last.text.range().end;
        prose.piece(PieceKind::Any, &Traced::part(text, range));
        return;
    }
    prose.piece(
        PieceKind::Paragraph,
        &first.text.slice(byte..first.text.len()),
    );
    for block in &found[line + 1..] {
        prose.piece(PieceKind::Paragraph, &block.text);
    }
}
