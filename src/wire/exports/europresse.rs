//! Europresse: pages of two generations, which say ISO-8859-1 and are UTF-8.
//!
//! Elements are known by their classes: `DocPublicationName`, `DocHeader` (section, day, page),
//! `TitreArticleVisu`, `docAuthors`. In the older layout, author and standfirst are lines around
//! the headline, and paragraphs are parted by empty elements.

use super::blocks::{self, Block};
use super::dates;
use super::fields::{Slot, give, is_copyright, page_words};
use crate::lexicon::LEXICON;
use crate::story::{Author, Format, NoteKind};
use crate::text::fold;
use crate::wire::cut::Cut;
use crate::wire::envelope::{Envelope, Fact, PieceKind};
use crate::wire::markup::{Markup, Rules};
use crate::wire::prose::Prose;
use crate::wire::sniff::Sniff;

/// Parts of the classes of the elements that hold fields.
const CLASSES: [&str; 11] = [
    "DocPublicationName",
    "DocHeader",
    "TitreArticleVisu",
    "titreArticleVisu",
    "rdp__articletitle",
    "rdp__subtitle",
    "docAuthors",
    "sm-margin-bottomNews",
    "publiC-lblNodoc",
    "txtCertificat",
    "DocSubTitle",
];

/// Returns whether a file is an export of Europresse.
pub(crate) fn recognises(sniff: &Sniff<'_>) -> bool {
    sniff.root.is_some()
        && (sniff.text.contains("DocPublicationName") || sniff.text.contains("rdp__articletitle"))
}

/// Finds the stories of an export.
pub(crate) fn split(sniff: &Sniff<'_>) -> Cut {
    let markup = Markup::of(sniff.text, Rules::Html);
    let mut starts: Vec<usize> = markup
        .root()
        .all("article")
        .map(|a| a.whole().start)
        .collect();
    let marks = ["DocPublicationName", "TitreArticleVisu"];
    let named = blocks::of_element(markup.root(), &marks);
    let named: Vec<usize> = named
        .iter()
        .filter(|block| block.class.contains("DocPublicationName"))
        .map(Block::start)
        .collect();
    if starts.len() < named.len() {
        starts = named;
    }
    blocks::cut(sniff, starts.into_iter().skip(1), None)
}

/// Reads one story.
pub(crate) fn read(sniff: &Sniff<'_>) -> Option<Envelope> {
    let markup = Markup::of(sniff.text, Rules::Html);
    let found = blocks::of_element(markup.root(), &CLASSES);
    let mut out = Envelope::of(Format::Europresse, sniff.text.len());
    out.given.names_headline = true;
    let first = found
        .iter()
        .position(|block| block.class.contains("DocPublicationName"))
        .unwrap_or(0);
    let found = &found[first..];
    let title = found.iter().position(is_title);
    let head = title.unwrap_or_else(|| {
        let is_head = |block: &Block| block.class.contains("Doc");
        found.iter().rposition(is_head).unwrap_or(0)
    });
    read_head(&found[..head], &mut out);
    let mut rest = &found[head..];
    if title.is_some() {
        let titles = rest.iter().take_while(|block| is_title(block)).count();
        out.give_headline(rest[0].fact());
        rest = &rest[titles..];
    }
    let end = rest.iter().position(is_end).unwrap_or(rest.len());
    let mut prose = Prose::default();
    read_body(&rest[..end], &mut prose, &mut out);
    read_end(&rest[end..], &mut out);
    out.copy = prose.finish();
    Some(out)
}

fn is_title(block: &Block) -> bool {
    block
        .class
        .to_ascii_lowercase()
        .contains("titrearticlevisu")
        || block.class.contains("articletitle")
}

/// Publication, section, day and page, and what stands above the headline.
fn read_head(found: &[Block], out: &mut Envelope) {
    let mut header = String::new();
    let mut range = None;
    for block in found {
        let Some(fact) = block.fact() else { continue };
        if block.class.contains("DocPublicationName") {
            // The number of the issue follows the name.
            let name = fact.text.split(", no").next().unwrap_or(&fact.text);
            let name = Fact {
                text: name.trim().to_owned(),
                range: fact.range,
            };
            give(out, Slot::Publication, name);
        } else if block.class.contains("DocHeader") {
            header.push_str(&fact.text);
            header.push(' ');
            range.get_or_insert(fact.range);
        } else if block.class.contains("docAuthors") {
            give(out, Slot::Byline, fact);
        } else {
            out.give_subheadline(Some(fact));
        }
    }
    if let Some(range) = range {
        read_header(&header, &range, out);
    }
}

/// `Politique, jeudi 5 octobre 2013 1234 mots, p. 03`
fn read_header(header: &str, range: &std::ops::Range<usize>, out: &mut Envelope) {
    let fact = |text: &str| Fact {
        text: text.trim().to_owned(),
        range: range.clone(),
    };
    let Some(found) = dates::find(header) else {
        give(out, Slot::Section, fact(header));
        return;
    };
    out.give_published(Some(fact(&found.when)), |when| Some(when.to_owned()));
    let before = header[..found.range.start].trim_end_matches([' ', ',']);
    let section = match before.rsplit_once([' ', ',']) {
        Some((section, day)) if LEXICON.weekdays.has(&fold(day)) => section,
        None if LEXICON.weekdays.has(&fold(before)) => "",
        _ => before,
    };
    let section = section.trim().trim_end_matches(',').trim();
    if !section.is_empty() {
        give(out, Slot::Section, fact(section));
    }
    for part in header[found.range.end..].split(',').map(str::trim) {
        if let Some(page) = page_words(part) {
            give(out, Slot::Page, fact(page));
        } else if super::fields::is_word_count(part) {
            give(out, Slot::Length, fact(part));
        }
    }
}

/// An author's line may stand before the first paragraph.
fn read_body(found: &[Block], prose: &mut Prose, out: &mut Envelope) {
    let mut rest = found;
    while let [block, after @ ..] = rest {
        let slot = match () {
            () if block.class.contains("docAuthors")
                || block.class.contains("sm-margin-bottomNews") =>
            {
                Slot::Byline
            }
            () if block.class.to_ascii_lowercase().contains("subtitle") => Slot::Highlight,
            () if !after.is_empty()
                && out.given.byline.is_none()
                && is_author(&block.text.text) =>
            {
                Slot::Byline
            }
            () => break,
        };
        if let Some(fact) = block.fact() {
            if slot == Slot::Byline && is_author(&fact.text) && out.given.byline.is_none() {
                out.given.authors = authors(&fact.text);
            }
            give(out, slot, fact);
        }
        rest = after;
    }
    for block in rest {
        prose.piece(PieceKind::Paragraph, &block.text);
    }
}

/// Returns whether a line has names only: a few words, each beginning with a capital, no full stop.
fn is_author(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let particle = |word: &str| LEXICON.particles.has(&fold(word)) || matches!(word, "et" | "and");
    (2..=8).contains(&words.len())
        && !text.ends_with(['.', '!', '?', ':', ';'])
        && words
            .iter()
            .all(|word| word.starts_with(|c: char| c.is_uppercase() || c == '(') || particle(word))
}

/// Returns the people of a line that holds nothing but names.
fn authors(text: &str) -> Vec<Author> {
    text.split([';', ',', '/', '|'])
        .flat_map(|part| part.split(" et "))
        .flat_map(|part| part.split(" and "))
        .map(str::trim)
        .filter(|name| (2..=5).contains(&name.split_whitespace().count()))
        .map(|name| Author {
            name: name.to_owned(),
            ..Author::default()
        })
        .collect()
}

/// Returns whether a line stands after the story.
fn is_end(block: &Block) -> bool {
    let text = &*block.text.text;
    is_copyright(text)
        || block.class.contains("lblNodoc")
        || block.class.contains("txtCertificat")
        || matches!(block.label(), Some((Slot::Id, _)))
        || text.starts_with("news·")
}

/// Copyright and the number of the document; the certificate is nobody's text.
fn read_end(found: &[Block], out: &mut Envelope) {
    for block in found {
        let text = &*block.text.text;
        if is_copyright(text) {
            out.give_note(NoteKind::Copyright, block.fact());
        } else if let Some((Slot::Id, value)) = block.label() {
            if let Some(fact) = block.fact_from(value) {
                give(out, Slot::Id, fact);
            }
        } else if (block.class.contains("lblNodoc") || text.starts_with("news·"))
            && let Some(fact) = block.fact()
        {
            give(out, Slot::Id, fact);
        }
    }
}
