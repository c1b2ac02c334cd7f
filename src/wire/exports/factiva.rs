//! Factiva: pages, text and RTF documents, with or without its two-letter codes.
//!
//! With codes, each field says what it is (`HD`, `BY`, `WC`, …). Without them, a story is a column
//! of lines (section, headline, author, number of words, day, time, source, its code, edition,
//! page, language, copyright), any of which may be missing; each is known by what it looks like
//! and where it stands. Every story ends with its accession number.

use super::blocks::{self, Block, Container};
use super::dates;
use super::fields::{Slot, give, is_copyright, is_word_count, language};
use crate::lexicon::LEXICON;
use crate::story::{Format, NoteKind};
use crate::text::{Traced, boundary, fold};
use crate::wire::cut::Cut;
use crate::wire::envelope::{Envelope, Fact, PieceKind};
use crate::wire::markup::{Element, Markup, Rules};
use crate::wire::prose::Prose;
use crate::wire::sniff::Sniff;
use std::ops::Range;

/// So much of a text is looked at to recognise it.
const LOOKS_AT: usize = 64 << 10;
/// Words before an accession number at the end of a story.
const DOCUMENT: [&str; 13] = [
    "document",
    "dokument",
    "documento",
    "documenti",
    "文件",
    "文档",
    "文檔",
    "文書",
    "ドキュメント",
    "문서",
    "документ",
    "belge",
    "doc",
];

/// Returns whether a file is an export of Factiva.
pub(crate) fn recognises(sniff: &Sniff<'_>) -> bool {
    let text = sniff.text;
    match Container::of(sniff) {
        Container::Page => {
            text.contains("articleParagraph")
                || (text.contains("Headline") || text.contains(">HD<") || text.contains(">HD "))
                    && memchr::memmem::find(text.as_bytes(), b"rticle\"").is_some()
                    && has_accession(text)
        }
        Container::Word => false,
        Container::Rtf => {
            has_accession(text) && blocks::read(sniff).iter().any(|b| closing(b).is_some())
        }
        Container::Text => {
            let text = &text[..boundary(text, LOOKS_AT)];
            text.split(['\n', '\r'])
                .any(|line| closing_number(line).is_some())
        }
    }
}

/// Returns whether a text has a word that looks like an accession number.
fn has_accession(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .any(is_accession)
}

/// `IINM000020171113edbd0000d`: a source, zeros, a day, a number.
fn is_accession(word: &str) -> bool {
    let bytes = word.as_bytes();
    if !(23..=32).contains(&bytes.len()) {
        return false;
    }
    let lead = bytes
        .iter()
        .take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        .count();
    bytes[0].is_ascii_uppercase()
        && lead >= 16
        && bytes[lead..].first().is_none_or(u8::is_ascii_lowercase)
        && bytes[8.min(lead)..lead]
            .windows(8)
            .any(|day| matches!(day, [b'1', b'9', ..] | [b'2', b'0', ..]) && is_day(day))
}

fn is_day(digits: &[u8]) -> bool {
    std::str::from_utf8(digits)
        .ok()
        .and_then(dates::day_of)
        .is_some()
}

/// Returns the accession number of the line that closes a story, where it stands in the line.
fn closing_number(line: &str) -> Option<Range<usize>> {
    let last = line.split_whitespace().next_back()?;
    if !is_accession(last) {
        return None;
    }
    let start = line.trim_end().len() - last.len();
    let words = fold(line[..start].trim());
    let is_closing = words
        .split(' ')
        .all(|word| word.is_empty() || word == "an" || DOCUMENT.contains(&word));
    is_closing.then_some(start..start + last.len())
}

fn closing(block: &Block) -> Option<Fact> {
    let text = &block.text;
    if text.len() > 200 {
        return None;
    }
    let found = closing_number(&text.text)?;
    Fact::of(&text.slice(found))
}

/// Finds the stories of an export.
pub(crate) fn split(sniff: &Sniff<'_>) -> Cut {
    match Container::of(sniff) {
        Container::Page => {
            let markup = Markup::of(sniff.text, Rules::Html);
            let articles = articles(markup.root());
            let starts = articles.iter().map(|article| article.whole().start);
            blocks::cut(sniff, starts.skip(1), None)
        }
        _ => cut_after_numbers(sniff),
    }
}

/// Returns the elements of a page that are stories, the outer of two in each other.
fn articles(root: Element<'_>) -> Vec<Element<'_>> {
    let mut out: Vec<Element<'_>> = Vec::new();
    for element in root.all("div") {
        let class = element.value("class");
        let is_article = class
            .split_whitespace()
            .any(|class| class == "article" || class.ends_with("Article"));
        let is_inner = out
            .last()
            .is_some_and(|outer| element.whole().start < outer.whole().end);
        if is_article && !is_inner {
            out.push(element);
        }
    }
    out
}

/// The stories of a text or an RTF document end with their accession numbers.
fn cut_after_numbers(sniff: &Sniff<'_>) -> Cut {
    let found = blocks::read_lines(sniff);
    let starts = found.windows(2).enumerate().filter_map(|(at, pair)| {
        let [block, next] = pair else { return None };
        // Codes of the index may follow the number in one layout and precede it in the other.
        let is_end = closing(block).is_some() || code(block).is_some_and(|code| code.name == "AN");
        let begins = code(next).is_none_or(|code| !code.is_index());
        (is_end && found.len() - at > 4 && begins).then(|| next.start())
    });
    blocks::cut(sniff, starts, None)
}

/// A code at the beginning of a line.
#[derive(Clone, Copy, Debug)]
struct Code {
    name: &'static str,
    slot: Slot,
    /// Where the value begins in the line.
    value: usize,
    /// Whether a tab, wide space or line end parts it from the value.
    is_set_apart: bool,
}

impl Code {
    /// Returns whether it stands after the body.
    fn is_index(&self) -> bool {
        matches!(
            self.slot,
            Slot::Company | Slot::Industry | Slot::Subject | Slot::Place | Slot::Keywords
        ) || matches!(self.name, "PUB" | "AN" | "IPD" | "RF" | "ART")
    }
}

const CODES: [(&str, Slot); 30] = [
    ("HD", Slot::Headline),
    ("BY", Slot::Byline),
    ("SE", Slot::Section),
    ("CLM", Slot::Section),
    ("CR", Slot::Credit),
    ("WC", Slot::Length),
    ("PD", Slot::Published),
    ("ET", Slot::Time),
    ("SN", Slot::Publication),
    ("SC", Slot::Ignored),
    ("NGC", Slot::Ignored),
    ("GC", Slot::Ignored),
    ("ED", Slot::Edition),
    ("PG", Slot::Page),
    ("VOL", Slot::Ignored),
    ("LA", Slot::Language),
    ("CY", Slot::Copyright),
    ("CX", Slot::Correction),
    ("LP", Slot::Body),
    ("TD", Slot::Body),
    ("CT", Slot::Note),
    ("RF", Slot::Note),
    ("ART", Slot::Graphic),
    ("CO", Slot::Company),
    ("IN", Slot::Industry),
    ("NS", Slot::Subject),
    ("RE", Slot::Place),
    ("IPD", Slot::Keywords),
    ("IPC", Slot::Keywords),
    ("PUB", Slot::Ignored),
];

fn code(block: &Block) -> Option<Code> {
    let text = &*block.text.text;
    let end = text
        .find(|c: char| !c.is_ascii_uppercase())
        .unwrap_or(text.len());
    let (name, slot) = match &text[..end] {
        "AN" => ("AN", Slot::Id),
        name => *CODES.iter().find(|(code, _)| *code == name)?,
    };
    let rest = &text[end..];
    let value = end + rest.len() - rest.trim_start_matches([' ', '\t', '\u{A0}', '\n']).len();
    let is_set_apart = rest.is_empty()
        || rest.starts_with(['\t', '\n', '\u{A0}'])
        || rest.starts_with("  ")
        || value == text.len();
    (rest.is_empty() || value > end).then_some(Code {
        name,
        slot,
        value,
        is_set_apart,
    })
}

/// Reads one story.
pub(crate) fn read(sniff: &Sniff<'_>) -> Option<Envelope> {
    let mut out = Envelope::of(Format::Factiva, sniff.text.len());
    out.given.names_headline = true;
    let mut prose = Prose::default();
    match Container::of(sniff) {
        Container::Page => {
            let markup = Markup::of(sniff.text, Rules::Html);
            let article = articles(markup.root()).into_iter().next();
            read_page(article.unwrap_or(markup.root()), &mut prose, &mut out);
        }
        container => {
            let found = blocks::read_lines(sniff);
            let coded = found.iter().filter(|block| code(block).is_some()).count();
            if coded >= 4 {
                read_codes(sniff, &found, &mut prose, &mut out);
            } else {
                read_lines(sniff.text, container, &found, &mut prose, &mut out);
            }
        }
    }
    out.copy = prose.finish();
    Some(out)
}

fn read_page(article: Element<'_>, prose: &mut Prose, out: &mut Envelope) {
    let rows: Vec<(Element<'_>, Element<'_>)> = article
        .all("tr")
        .filter_map(|row| {
            let mut cells = row.children().filter(|cell| cell.is_any(&["td", "th"]));
            Some((cells.next()?, cells.next()?))
        })
        .collect();
    let is_coded = rows
        .iter()
        .filter_map(|(name, _)| code(blocks::of_element(*name, &[]).first()?))
        .any(|code| matches!(code.name, "HD" | "PD" | "WC"));
    if is_coded {
        for (name, value) in rows {
            read_row(name, value, prose, out);
        }
        return;
    }
    let found = blocks::of_element(article, &["articleParagraph", "Headline", "author"]);
    let is_copy = |block: &Block| block.class.contains("articleParagraph");
    let body = found.iter().position(is_copy).unwrap_or(found.len());
    let end = found.iter().rposition(is_copy).map_or(body, |at| at + 1);
    read_header(&found[..body], out);
    for block in &found[body..end] {
        give_paragraph(block, prose, out);
    }
    read_end(&found[end..], out);
}

/// One row of a table of codes.
fn read_row(name: Element<'_>, value: Element<'_>, prose: &mut Prose, out: &mut Envelope) {
    let Some(code) = blocks::of_element(name, &[]).first().and_then(code) else {
        return;
    };
    let found = blocks::of_element(value, &[]);
    match code.slot {
        Slot::Body => {
            for block in &found {
                give_paragraph(block, prose, out);
            }
        }
        slot => {
            let fact = Fact::of(&value.words());
            give_code(slot, fact, out);
        }
    }
}

fn give_code(slot: Slot, fact: Option<Fact>, out: &mut Envelope) {
    let Some(fact) = fact else { return };
    match slot {
        Slot::Id => give_id(fact, out),
        Slot::Time => {
            // No zone is named, so that it is no part of the time of publication.
            let note = Fact {
                text: format!("ET {}", fact.text),
                range: fact.range.clone(),
            };
            out.give_note(NoteKind::Editor, Some(note));
            give(out, slot, fact);
        }
        slot => give(out, slot, fact),
    }
}

/// The accession number is the last word, whatever stands before it.
fn give_id(fact: Fact, out: &mut Envelope) {
    let id = fact.text.rsplit(' ').next().unwrap_or(&fact.text);
    let id = Fact {
        text: id.to_owned(),
        range: fact.range,
    };
    give(out, Slot::Id, id);
}

/// A paragraph; the last one of a web page may hold its address.
fn give_paragraph(block: &Block, prose: &mut Prose, out: &mut Envelope) {
    let text = &*block.text.text;
    if let Some((words, address)) = text.rsplit_once('[')
        && let Some(address) = address.strip_suffix(']')
        && address.starts_with("http")
        && words.len() < 120
        && !words.contains('[')
        && let Some(fact) = block.fact()
    {
        let address = Fact {
            text: address.to_owned(),
            range: fact.range,
        };
        out.give_source_url(Some(address));
    }
    prose.piece(PieceKind::Paragraph, &block.text);
}

/// The lines before the body of a story without codes.
fn read_header(found: &[Block], out: &mut Envelope) {
    let headline = found
        .iter()
        .position(|block| block.class.contains("Headline"));
    let count = found
        .iter()
        .position(|block| is_word_count(&block.text.text))
        .or_else(|| {
            found
                .iter()
                .position(|b| dates::at_start(&b.text.text).is_some())
        })
        .unwrap_or(found.len());
    let headline = headline.unwrap_or_else(|| guess_headline(&found[..count]));
    for (at, block) in found.iter().enumerate().take(count) {
        let slot = match at {
            at if at < headline => Slot::Section,
            at if at == headline => Slot::Headline,
            _ => Slot::Byline,
        };
        if let Some(fact) = block.fact() {
            give(out, slot, fact);
        }
    }
    read_column(&found[count..], out);
}

/// Returns which line before the number of words is the headline: the last one but an author's.
fn guess_headline(before: &[Block]) -> usize {
    let last = before.len().saturating_sub(1);
    match before {
        [] | [_] => 0,
        [.., block] => {
            let text = fold(&block.text.text);
            let words = text.split_whitespace().count();
            let is_author = LEXICON.by_words.begins(&text)
                || before.len() > 2
                || words <= 4 && !text.contains(['.', ':', '?', '!']);
            last - usize::from(is_author)
        }
    }
}

/// The column from the number of words to the copyright line.
fn read_column(found: &[Block], out: &mut Envelope) {
    let mut has_code = false;
    for block in found {
        let Some(fact) = block.fact() else { continue };
        let text = &*fact.text;
        let slot = if is_copyright(text) {
            Slot::Copyright
        } else if is_word_count(text) {
            Slot::Length
        } else if out.given.published.is_none() && dates::at_start(text).is_some() {
            Slot::Published
        } else if dates::time_of(text).is_some() {
            Slot::Time
        } else if out.wire().publication.is_none() {
            Slot::Publication
        } else if language(text).is_some() && out.given.language.is_none() && has_code {
            Slot::Language
        } else if is_source_code(text) {
            has_code = true;
            Slot::Ignored
        } else if is_page(text) {
            Slot::Page
        } else if out.given.language.is_none() {
            Slot::Edition
        } else {
            out.give_note(NoteKind::Unknown, Some(fact));
            continue;
        };
        give_code(slot, Some(fact), out);
    }
}

/// `IINM`, `WDRRAD`: the code of a source.
fn is_source_code(text: &str) -> bool {
    (2..=8).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && text.bytes().filter(u8::is_ascii_uppercase).count() >= 2
}

/// `13`, `A12`, `C01,C02`.
fn is_page(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    text.len() <= 16
        && letters <= 3
        && text.contains(|c: char| c.is_ascii_digit())
        && !text.contains(' ')
}

/// The accession number, after the publisher's name.
fn read_end(found: &[Block], out: &mut Envelope) {
    if let Some(number) = found.iter().find_map(closing) {
        give(out, Slot::Id, number);
    }
}

/// A story whose lines begin with codes.
fn read_codes(sniff: &Sniff<'_>, found: &[Block], prose: &mut Prose, out: &mut Envelope) {
    let mut at = 0;
    let mut slot = Slot::Ignored;
    while at < found.len() {
        let start = at;
        let mut value = 0;
        if let Some(code) = field_at(&found[at], slot) {
            (slot, value) = (code.slot, code.value);
        }
        at += 1;
        while at < found.len()
            && field_at(&found[at], slot).is_none()
            && closing(&found[at]).is_none()
        {
            at += 1;
        }
        let lines = &found[start..at];
        if let Some(number) = lines.first().and_then(closing) {
            give(out, Slot::Id, number);
        } else if slot == Slot::Body {
            give_copy(sniff, lines, value, prose);
        } else {
            give_code(slot, Fact::of(&value_of(sniff, lines, value)), out);
        }
    }
}

/// Returns the field that a line begins, where `slot` is under way.
fn field_at(block: &Block, slot: Slot) -> Option<Code> {
    let code = code(block)?;
    if slot != Slot::Body {
        return Some(code);
    }
    // Words in capitals begin sentences of the body; a code there stands apart.
    let is_field = code.is_set_apart || code.is_index() && code.slot != Slot::Industry;
    is_field.then_some(code)
}

/// The lines of the body, the first from `value` on.
fn give_copy(sniff: &Sniff<'_>, lines: &[Block], value: usize, prose: &mut Prose) {
    match (Container::of(sniff), lines) {
        (Container::Text, _) => prose.piece(PieceKind::Any, &value_of(sniff, lines, value)),
        (_, [only]) => prose.piece(PieceKind::Any, &only.text.slice(value..only.text.len())),
        _ => {
            for (number, block) in lines.iter().enumerate() {
                let from = if number == 0 { value } else { 0 };
                let words = block.text.slice(from..block.text.len());
                prose.piece(PieceKind::Paragraph, &words);
            }
        }
    }
}

/// Returns what the lines of a field say, the first from `value` on.
fn value_of<'t>(sniff: &Sniff<'t>, lines: &[Block], value: usize) -> Traced<'t> {
    if let (Container::Text, Some(first), Some(last)) =
        (Container::of(sniff), lines.first(), lines.last())
    {
        let range = first.start()..last.text.range().end;
        return Traced::part(sniff.text, range.start + value..range.end);
    }
    let mut words = Traced::default();
    for (number, block) in lines.iter().enumerate() {
        let from = if number == 0 { value } else { 0 };
        words.push(&block.text, from..block.text.len());
        let end = block.text.range().end;
        words.push_made(" ", end..end);
    }
    words
}

/// A story of a text or an RTF document without codes.
fn read_lines(
    text: &str,
    container: Container,
    found: &[Block],
    prose: &mut Prose,
    out: &mut Envelope,
) {
    let end = found
        .iter()
        .rposition(|block| closing(block).is_some())
        .unwrap_or(found.len());
    let head = found[..end]
        .iter()
        .take(40)
        .rposition(|block| is_copyright(&block.text.text))
        .or_else(|| {
            let is_language = |b: &Block| language(&b.text.text).is_some();
            found[..end].iter().take(40).position(is_language)
        })
        .map_or(0, |at| at + 1);
    read_header(&found[..head], out);
    let mut body = &found[head..end];
    if let [rest @ .., last] = body
        && end < found.len()
        && is_publisher(&last.text.text, out)
    {
        body = rest;
    }
    match (container, body) {
        (_, []) => {}
        (Container::Text, [first, .., last]) => {
            let range = first.start()..last.text.range().end;
            prose.piece(PieceKind::Any, &Traced::part(text, range));
        }
        _ => {
            for block in body {
                give_paragraph(block, prose, out);
            }
        }
    }
    read_end(&found[end..], out);
}

/// Returns whether the line above the accession number is the name that the copyright line has.
fn is_publisher(text: &str, out: &Envelope) -> bool {
    let copyright = out
        .given
        .notes
        .iter()
        .find(|(kind, _)| *kind == NoteKind::Copyright)
        .map_or_else(String::new, |(_, fact)| fold(&fact.text));
    text.split_whitespace().count() <= 8
        && !text.ends_with(['.', '!', '?', '"'])
        && text
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word.chars().count() >= 4 && copyright.contains(&fold(word)))
}
