//! NewsBank (Access World News, America's News): text, pages, Word and RTF documents.
//!
//! Below the headline stands a line of day and publication, in either order (`Island Gazette
//! (Havenwick, ME) - March 5, 2021`, `March 5, 2021 | Island Gazette (Havenwick, ME)`), then
//! labelled lines or pieces of a line, then the text, and labelled lines again. The oldest exports
//! label all of it (`Paper:`, `Title:`).

use super::blocks::{self, Block, Container};
use super::dates;
use super::fields::{Slot, give, is_copyright, word_count};
use crate::story::{Format, NoteKind};
use crate::text::{Traced, boundary, fold};
use crate::wire::cut::Cut;
use crate::wire::envelope::{Envelope, Fact, PieceKind};
use crate::wire::prose::Prose;
use crate::wire::sniff::Sniff;

/// So much of a file is looked at to recognise it.
const LOOKS_AT: usize = 64 << 10;
/// A line with the number of words is shorter, in bytes.
const SHORT: usize = 20;
/// A line of day and publication is never longer, in bytes.
const SOURCE_LINE: usize = 200;
/// A label is never longer, in bytes.
const LABEL: usize = 20;

/// Labels of the database.
const LABELS: [(&str, Slot); 22] = [
    ("author", Slot::Byline),
    ("author/byline", Slot::Byline),
    ("byline", Slot::Byline),
    ("caption", Slot::Graphic),
    ("citation", Slot::Ignored),
    ("column", Slot::Ignored),
    ("copyright", Slot::Copyright),
    ("correction", Slot::Correction),
    ("date", Slot::Published),
    ("dateline", Slot::Dateline),
    ("edition", Slot::Edition),
    ("headline", Slot::Headline),
    ("index terms", Slot::Subject),
    ("memo", Slot::Note),
    ("openurl link", Slot::Ignored),
    ("page", Slot::Page),
    ("paper", Slot::Publication),
    ("readability", Slot::Ignored),
    ("record", Slot::Id),
    ("record number", Slot::Id),
    ("section", Slot::Section),
    ("title", Slot::Headline),
];
/// Labels that no other database and hardly a story has.
const OWN: [&str; 3] = ["author/byline", "readability", "record number"];
/// Lines that are buttons of the page.
const BUTTONS: [&str; 4] = ["read news document", "openurl link", "view pdf", "words"];

/// Returns whether a file is an export of NewsBank.
pub(crate) fn recognises(sniff: &Sniff<'_>) -> bool {
    let text = &sniff.text[..boundary(sniff.text, LOOKS_AT)];
    let has = |words: &str| memchr::memmem::find(text.as_bytes(), words.as_bytes()).is_some();
    let is_likely = ["Author/Byline", "Readability", "Record Number", "NewsBank"]
        .iter()
        .any(|words| has(words));
    if !is_likely {
        return false;
    }
    let found = blocks::read_lines(sniff);
    let is_own = |block: &Block| {
        pieces(block).any(|piece| label(&piece).is_some_and(|(name, ..)| OWN.contains(&&*name)))
    };
    let at_head = found.iter().take(40).any(is_source_line);
    at_head && found.iter().any(is_own)
}

/// Returns the labelled pieces of a line: `Author/Byline: Ana Ruiz | Section: News`.
fn pieces(block: &Block) -> impl Iterator<Item = Traced<'static>> {
    let text = &*block.text.text;
    let mut at = 0;
    let mut ranges = Vec::new();
    for part in text.split(" | ") {
        ranges.push(at..at + part.len());
        at += part.len() + " | ".len();
    }
    ranges.into_iter().map(|range| block.text.slice(range))
}

/// Returns the label of a piece: its name, what it means, and where its value begins.
fn label(piece: &Traced<'_>) -> Option<(String, Slot, usize)> {
    let text = &*piece.text;
    let colon = text[..boundary(text, LABEL)].find(':')?;
    let name = fold(text[..colon].trim_start_matches(['•', ' ']).trim());
    let (_, slot) = LABELS.iter().find(|(known, _)| *known == name)?;
    Some((name, *slot, colon + 1))
}

/// What a line of day and publication says.
struct SourceLine {
    publication: String,
    published: String,
}

impl SourceLine {
    fn of(block: &Block) -> Option<Self> {
        let text = &*block.text.text;
        if text.len() > SOURCE_LINE {
            return None;
        }
        let labelled = label(&block.text);
        if labelled.is_some() {
            return None;
        }
        let parts: Vec<&str> = match text.split_once(" | ") {
            Some((first, second)) => vec![first, second],
            None => {
                let (first, second) = text.rsplit_once(" - ")?;
                vec![first, second]
            }
        };
        let [first, second] = [parts[0].trim(), parts[1].trim()];
        let day = |text: &str| {
            let found = dates::find(text)?;
            let rest = text.len() - (found.range.end - found.range.start);
            // A weekday may stand before it.
            (rest <= 12).then_some(found.when)
        };
        let (published, publication) = match (day(first), day(second)) {
            (Some(when), None) => (when, second),
            (None, Some(when)) => (when, first),
            _ => return None,
        };
        let has_place = publication.ends_with(')') && publication.contains(" (");
        has_place.then(|| Self {
            publication: publication.to_owned(),
            published,
        })
    }
}

fn is_source_line(block: &Block) -> bool {
    SourceLine::of(block).is_some() || label(&block.text).is_some_and(|(name, ..)| name == "paper")
}

/// Finds the stories of an export.
pub(crate) fn split(sniff: &Sniff<'_>) -> Cut {
    let found = blocks::read_lines(sniff);
    let sources = (0..found.len()).filter(|at| is_source_line(&found[*at]));
    let starts = sources.map(|at| found[headline_of(&found, at)].start());
    blocks::cut(sniff, starts.skip(1), None)
}

/// Returns which line is the headline of the story that a line of day and publication belongs to:
/// the line before it, unless the story labels its headline.
fn headline_of(found: &[Block], source: usize) -> usize {
    let is_labelled = SourceLine::of(&found[source]).is_none();
    let is_headline =
        |block: &Block| label(&block.text).is_none() && !is_copyright(&block.text.text);
    match source.checked_sub(1) {
        Some(before) if !is_labelled && is_headline(&found[before]) => before,
        _ => source,
    }
}

/// Reads one story.
pub(crate) fn read(sniff: &Sniff<'_>) -> Option<Envelope> {
    let found = blocks::read_lines(sniff);
    let source = found.iter().position(is_source_line)?;
    let mut out = Envelope::of(Format::NewsBank, sniff.text.len());
    out.given.names_headline = true;
    let headline = headline_of(&found, source);
    for block in &found[..headline] {
        give_piece(&block.text, &mut out);
    }
    if headline < source {
        out.give_headline(found[headline].fact());
    }
    let range = found[source].text.range();
    if let Some(line) = SourceLine::of(&found[source]) {
        let fact = |text: String| Fact {
            text,
            range: range.clone(),
        };
        out.give_published(Some(fact(line.published)), |when| Some(when.to_owned()));
        give(&mut out, Slot::Publication, fact(line.publication));
    } else {
        give_piece(&found[source].text, &mut out);
    }
    let body = source + 1 + read_head(&found[source + 1..], &mut out);
    let end = body + read_tail(&found[body..], &mut out);
    out.copy = copy(sniff, &found[body..end]);
    Some(out)
}

/// Reads the labelled lines after the headline, and returns how many they are.
fn read_head(found: &[Block], out: &mut Envelope) -> usize {
    for (at, block) in found.iter().enumerate() {
        let text = fold(&block.text.text);
        let words = word_count(&text).filter(|_| text.len() < SHORT);
        let wire = out.wire();
        wire.word_count = wire.word_count.or(words);
        let mut is_given = words.is_some() || BUTTONS.contains(&text.trim());
        for piece in pieces(block) {
            is_given |= give_piece(&piece, out);
        }
        if !is_given {
            return at;
        }
    }
    found.len()
}

/// Gives a labelled piece of a line. Returns whether it is one.
fn give_piece(piece: &Traced<'_>, out: &mut Envelope) -> bool {
    let Some((_, slot, value)) = label(piece) else {
        return false;
    };
    let fact = Fact::of(&piece.slice(value..piece.len()));
    match (slot, fact) {
        (Slot::Ignored, _) | (_, None) => {}
        (slot, Some(fact)) => give(out, slot, fact),
    }
    true
}

/// Reads the lines after the text, from the end, and returns where they begin.
fn read_tail(found: &[Block], out: &mut Envelope) -> usize {
    let mut end = found.len();
    let is_tail = |block: &Block| {
        label(&block.text).is_some()
            || is_copyright(&block.text.text)
            || BUTTONS.contains(&&*fold(&block.text.text))
            || block.text.text.starts_with(['•', '_', '=', '-'])
    };
    let mut between = 0;
    for (at, block) in found.iter().enumerate().rev() {
        if is_tail(block) {
            (end, between) = (at, 0);
        } else {
            between += 1;
        }
        // A citation is two lines.
        if between > 2 {
            break;
        }
    }
    for block in &found[end..] {
        if is_copyright(&block.text.text) {
            out.give_note(NoteKind::Copyright, block.fact());
        } else if !give_piece(&block.text, out) {
            out.give_note(NoteKind::Unknown, block.fact());
        }
    }
    end
}

/// Returns the text between.
fn copy(sniff: &Sniff<'_>, found: &[Block]) -> crate::wire::envelope::Copy {
    let mut prose = Prose::default();
    match (Container::of(sniff), found) {
        (_, []) => {}
        (Container::Text, [first, ..]) => {
            let last = found.last().unwrap_or(first);
            let range = first.start()..last.text.range().end;
            prose.piece(PieceKind::Any, &Traced::part(sniff.text, range));
        }
        _ => {
            for block in found {
                prose.piece(PieceKind::Paragraph, &block.text);
            }
        }
    }
    prose.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(line: &str) -> Option<(String, String)> {
        let line = SourceLine::of(&Block::of(&Traced::whole(line))?)?;
        Some((line.publication, line.published))
    }

    #[test]
    fn day_and_publication_stand_in_either_order() {
        let wanted = Some(("Island Gazette (Havenwick, ME)".into(), "2021-03-05".into()));
        assert_eq!(
            source("Island Gazette (Havenwick, ME) - March 5, 2021"),
            wanted
        );
        assert_eq!(
            source("March 5, 2021 | Island Gazette (Havenwick, ME)"),
            wanted
        );
        assert_eq!(source("The ferry - March 5, 2021"), None);
        assert_eq!(source("HAVENWICK (INA) - The ferry sails again."), None);
    }
}
