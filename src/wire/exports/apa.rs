//! APA's databases: the pages of DeFacto and the RTF documents of OnlineManager.
//!
//! A story begins with a line of publication, day and page (`"Der Bote" Nr. 12 vom 02.04.2013
//! Seite: 1`) and a line of its section (`Ressort: Politik`).

use super::blocks::{self, Block, Container};
use super::dates;
use super::fields::{Slot, give, page_words};
use crate::lexicon::LEXICON;
use crate::story::{Format, NoteKind};
use crate::text::{boundary, fold};
use crate::wire::cut::Cut;
use crate::wire::envelope::{Envelope, Fact, PieceKind};
use crate::wire::markup::{Markup, Rules};
use crate::wire::prose::Prose;
use crate::wire::sniff::Sniff;

/// So much of a file is looked at to recognise it.
const LOOKS_AT: usize = 64 << 10;
/// What stands between publication and day.
const ON: [&str; 5] = [" vom ", " am ", " um ", " gefunden ", " gesendet "];

/// Returns whether a file is an export of APA.
pub(crate) fn recognises(sniff: &Sniff<'_>) -> bool {
    let text = &sniff.text[..boundary(sniff.text, LOOKS_AT)];
    if memchr::memmem::find(text.as_bytes(), b" vom ").is_none() {
        return false;
    }
    match Container::of(sniff) {
        Container::Page => {
            text.contains("eintrag")
                && blocks::of_page(text)
                    .iter()
                    .any(|b| Header::of(b).is_some())
        }
        // In text, the first line is one of these; anywhere else it may be somebody's list.
        Container::Text => {
            let head = blocks::of_text(text, 0..text.len().min(boundary(text, 600)));
            head.first()
                .is_some_and(|block| Header::of(block).is_some())
        }
        Container::Word | Container::Rtf => blocks::read(sniff)
            .iter()
            .take(40)
            .any(|b| Header::of(b).is_some()),
    }
}

/// The line that begins a story.
struct Header {
    publication: String,
    published: String,
    page: Option<String>,
    section: Option<String>,
}

impl Header {
    fn of(block: &Block) -> Option<Self> {
        let text = &*block.text.text;
        let rest = text.strip_prefix(['"', '„', '“'])?;
        let (publication, rest) = rest.split_once(['"', '“', '”'])?;
        if publication.len() > 80 || text.len() > 400 {
            return None;
        }
        let (line, section) = match rest.split_once("Ressort:") {
            Some((line, section)) => (line, Some(section.trim())),
            None => (rest, None),
        };
        let found = dates::find(line).filter(|found| {
            let before = &line[..found.range.start];
            before.len() < 120 && ON.iter().any(|word| before.contains(word))
        })?;
        let page = line
            .find("Seite")
            .and_then(|at| page_words(line[at..].trim()))
            .and_then(|page| page.split_whitespace().next())
            .map(str::to_owned);
        Some(Self {
            publication: publication.trim().to_owned(),
            published: found.when,
            page,
            section: section.filter(|s| !s.is_empty()).map(str::to_owned),
        })
    }
}

/// Finds the stories of an export.
pub(crate) fn split(sniff: &Sniff<'_>) -> Cut {
    let found = blocks::read(sniff);
    let headers = found.iter().filter(|block| Header::of(block).is_some());
    blocks::cut(sniff, headers.skip(1).map(Block::start), None)
}

/// Reads one story.
pub(crate) fn read(sniff: &Sniff<'_>) -> Option<Envelope> {
    let found = blocks::read(sniff);
    let (start, header) = found
        .iter()
        .enumerate()
        .find_map(|(at, block)| Some((at, Header::of(block)?)))?;
    let mut out = Envelope::of(Format::Apa, sniff.text.len());
    out.given.names_headline = true;
    let range = found[start].text.range();
    let fact = |text: String| Fact {
        text,
        range: range.clone(),
    };
    out.give_published(Some(fact(header.published)), |when| Some(when.to_owned()));
    give(&mut out, Slot::Publication, fact(header.publication));
    if let Some(page) = header.page {
        give(&mut out, Slot::Page, fact(page));
    }
    // A section may be called `Seite 1`, which is no page here.
    out.wire().section = header.section;
    let mut rest = &found[start + 1..];
    while let [block, after @ ..] = rest
        && let Some((slot @ (Slot::Section | Slot::Page | Slot::Byline), value)) = block.label()
    {
        match (slot, block.fact_from(value)) {
            (Slot::Section, Some(fact)) => out.wire().section = Some(fact.text),
            (slot, Some(fact)) => give(&mut out, slot, fact),
            _ => {}
        }
        rest = after;
    }
    let mut prose = Prose::default();
    read_copy(sniff, rest, &mut prose, &mut out);
    out.copy = prose.finish();
    Some(out)
}

/// Headline, what stands around it, and paragraphs.
fn read_copy(sniff: &Sniff<'_>, found: &[Block], prose: &mut Prose, out: &mut Envelope) {
    let marked = match Container::of(sniff) {
        Container::Page => {
            let markup = Markup::of(sniff.text, Rules::Html);
            let heading = markup
                .root()
                .descendants()
                .find(|e| e.is_any(&["h1", "h2", "h3", "h4"]));
            heading.and_then(|heading| {
                let range = heading.whole();
                found
                    .iter()
                    .position(|block| range.contains(&block.start()))
            })
        }
        _ => None,
    };
    let headline = marked.unwrap_or(0);
    for block in &found[..headline.min(found.len())] {
        out.give_note(NoteKind::Unknown, block.fact());
    }
    let Some(block) = found.get(headline) else {
        return;
    };
    out.give_headline(block.fact());
    let mut rest = &found[headline + 1..];
    // Between the heading and the first paragraph element stands the standfirst.
    if marked.is_some() {
        let first = paragraph_after(sniff, block.text.range().end);
        while let [block, after @ ..] = rest
            && block.start() < first
        {
            out.give_subheadline(block.fact());
            rest = after;
        }
    }
    if let [block, after @ ..] = rest
        && !after.is_empty()
        && block.text.len() < 100
        && !block.text.text.ends_with(['.', '!', '?'])
        && LEXICON.by_words.begins(&fold(&block.text.text))
        && let Some(fact) = block.fact()
    {
        give(out, Slot::Byline, fact);
        rest = after;
    }
    for block in rest {
        let text = &*block.text.text;
        if text.starts_with("Gespeicherte") && text.contains("Anh") {
            break;
        }
        prose.piece(PieceKind::Paragraph, &block.text);
    }
}

/// Returns where the first paragraph element after a place begins.
fn paragraph_after(sniff: &Sniff<'_>, at: usize) -> usize {
    let rest = &sniff.text[at..];
    let open = rest.find("<p>").into_iter().chain(rest.find("<p ")).min();
    open.map_or(sniff.text.len(), |open| at + open)
}
