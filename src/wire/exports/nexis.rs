//! Nexis and LexisNexis: text, pages, Word and RTF documents.
//!
//! A story is headed by its number (`1 of 10 DOCUMENTS`) in the older exports, and closed by a
//! line (`End of Document`) in those of Nexis Uni and Advance. Both show publication, date,
//! headline, labelled fields, body, and labelled fields again; only the order of the first three
//! differs. A story that has not all of them is still a story.

use super::blocks::{self, Block, Container};
use super::count::{Numbered, number};
use super::dates;
use super::fields::{Slot, give, is_copyright};
use crate::story::{Field, Format, NoteKind};
use crate::text::{Traced, boundary, fold};
use crate::wire::cut::{Count, Cut};
use crate::wire::envelope::{Envelope, Fact, PieceKind};
use crate::wire::prose::Prose;
use crate::wire::sniff::Sniff;

/// The number of the first story stands within so many bytes, after a cover page at most.
const COVER_WITHIN: usize = 64 << 10;
/// Lines of a story's header before its first label.
const HEADER_BLOCKS: usize = 12;

/// Returns whether a file is an export of Nexis.
pub(crate) fn recognises(sniff: &Sniff<'_>) -> bool {
    match Container::of(sniff) {
        Container::Text => is_numbered(&sniff.text[..boundary(sniff.text, COVER_WITHIN)]),
        Container::Page => {
            let lower = sniff.head.to_ascii_lowercase();
            lower.contains("lxncomment")
                || lower.contains("<docfull>")
                || blocks::of_page(sniff.head)
                    .iter()
                    .any(|block| number(&block.text.text).is_some())
        }
        Container::Word | Container::Rtf => is_closed(sniff),
    }
}

/// Returns whether a text has a line with a story's number.
fn is_numbered(text: &str) -> bool {
    const BEGINNINGS: [&str; 4] = ["DO", "Do", "ДО", "До"];
    let is_likely =
        |line: &&str| line.len() <= 200 && BEGINNINGS.iter().any(|unit| line.contains(unit));
    text.split(['\n', '\r'])
        .filter(is_likely)
        .any(|line| number(line).is_some())
}

/// Returns whether a document has the lines that close a story, or the marks of a story's parts.
fn is_closed(sniff: &Sniff<'_>) -> bool {
    const SIGNS: [&str; 6] = [
        "ocument",
        "okument",
        "OCUMENT",
        "OKUMENT",
        "Body",
        "Load-Date",
    ];
    if !SIGNS.iter().any(|sign| sniff.text.contains(sign)) {
        return false;
    }
    let mut has_length = false;
    blocks::read(sniff).iter().any(|block| {
        let text = &*block.text.text;
        has_length |= matches!(block.label(), Some((Slot::Length | Slot::Section, _)));
        let bare = block.bare_label();
        bare == Some(Slot::End) || has_length && bare == Some(Slot::Body) || number(text).is_some()
    })
}

/// Finds the stories of an export.
pub(crate) fn split(sniff: &Sniff<'_>) -> Cut {
    let found = blocks::read(sniff);
    let numbered: Vec<(usize, Numbered)> = found
        .iter()
        .enumerate()
        .filter_map(|(at, block)| Some((at, number(&block.text.text)?)))
        .collect();
    let starts: Vec<usize> = match numbered.is_empty() {
        false => numbered.iter().map(|(at, _)| *at).collect(),
        true => after_ends(&found),
    };
    let numbers: Vec<Numbered> = numbered.into_iter().map(|(_, number)| number).collect();
    let starts = starts.iter().skip(1).map(|at| found[*at].start());
    blocks::cut(sniff, starts, count(&found, &numbers))
}

/// Returns where stories begin in a file that closes each with a line.
fn after_ends(found: &[Block]) -> Vec<usize> {
    let ends = found
        .iter()
        .enumerate()
        .filter(|(_, block)| block.bare_label() == Some(Slot::End))
        .map(|(at, _)| at + 1);
    // What follows the last line is no story unless there is more of it than a line or two.
    std::iter::once(0)
        .chain(ends.filter(|start| start + 2 < found.len()))
        .collect()
}

/// Returns how many stories the file says that it has: by their numbers, or by the number of
/// documents on the cover page.
fn count(found: &[Block], numbers: &[Numbered]) -> Option<Count> {
    if !numbers.is_empty() {
        return Count::of_numbers(numbers);
    }
    let all = found.iter().take(30).find_map(|block| {
        let text = &*block.text.text;
        let (name, rest) = text.split_once('(')?;
        let count = rest.strip_suffix(')')?.parse().ok()?;
        (blocks::slot(name) == Some(Slot::Cover)).then_some(count)
    })?;
    Some(Count::of_cover(all, found))
}

/// Reads one story.
pub(crate) fn read(sniff: &Sniff<'_>) -> Option<Envelope> {
    let container = Container::of(sniff);
    let found = blocks::read(sniff);
    let mut out = Envelope::of(Format::Nexis, sniff.text.len());
    out.given.names_headline = true;
    let mut story = Story {
        container,
        blocks: &found,
        at: 0,
        is_numbered: false,
        body_byte: 0,
    };
    story.cover(&mut out);
    story.header(&mut out);
    let body = story.labels(&mut out);
    let end = story.trailer_start(body);
    let mut prose = Prose::default();
    give_body(
        &mut prose,
        sniff.text,
        container,
        &found[body..end.max(body)],
        story.body_byte,
    );
    out.copy = prose.finish();
    story.at = end;
    story.trailer(&mut out);
    Some(out)
}

/// The body: lines of text as they are, paragraphs each by itself.
fn give_body(
    prose: &mut Prose,
    text: &str,
    container: Container,
    body: &[Block],
    first_byte: usize,
) {
    let Some((first, rest)) = body.split_first() else {
        return;
    };
    let opening = first.text.slice(first_byte..first.text.len());
    match (container, rest.last()) {
        (Container::Text, Some(last)) => {
            let range = opening.range().start..last.text.range().end;
            prose.piece(PieceKind::Any, &Traced::part(text, range));
        }
        _ => {
            prose.piece(PieceKind::Paragraph, &opening);
            for block in rest {
                prose.piece(PieceKind::Paragraph, &block.text);
            }
        }
    }
}

/// A story under way.
struct Story<'b> {
    container: Container,
    blocks: &'b [Block],
    at: usize,
    /// Whether it is headed by its number, so that its publication comes first.
    is_numbered: bool,
    /// Where in its first block the body begins, after a label.
    body_byte: usize,
}

impl Story<'_> {
    /// Returns the label of a block, where the layout has labels as it stands.
    fn label(&self, at: usize) -> Option<(Slot, usize)> {
        let block = self.blocks.get(at)?;
        match self.container {
            Container::Text | Container::Page if self.is_numbered => block.capital_label(),
            _ => block.label(),
        }
    }

    /// Returns whether a block is a mark that stands alone (`Body`, `Graphic`).
    fn mark(&self, at: usize) -> Option<Slot> {
        let block = self.blocks.get(at)?;
        match self.is_numbered && self.container != Container::Word {
            true => None,
            false => block.bare_label(),
        }
    }

    /// Passes over a cover page, and what stands before the story's number.
    fn cover(&mut self, out: &mut Envelope) {
        let numbered = self
            .blocks
            .iter()
            .position(|block| number(&block.text.text).is_some());
        let end = match numbered {
            Some(at) => at,
            None => self.cover_end(),
        };
        for block in &self.blocks[..end] {
            if let Some((Slot::Query, value)) = block.label()
                && let Some(fact) = block.fact_from(value)
            {
                give(out, Slot::Query, fact);
            }
        }
        self.is_numbered = numbered.is_some();
        self.at = end + usize::from(numbered.is_some());
    }

    /// Returns one past the last line of a cover page in a document.
    fn cover_end(&self) -> usize {
        let body = self
            .blocks
            .iter()
            .position(|block| block.bare_label() == Some(Slot::Body))
            .unwrap_or(self.blocks.len());
        let is_cover =
            |block: &Block| matches!(block.label(), Some((Slot::Cover | Slot::Query, _)));
        let Some(last) = self.blocks[..body].iter().rposition(is_cover) else {
            return 0;
        };
        // The last entry names its filters and sources.
        let sources = self.blocks[last + 1..body]
            .iter()
            .take(4)
            .rposition(|block| {
                matches!(
                    block.label(),
                    Some((Slot::Publication | Slot::Place | Slot::PublicationType, _))
                ) || block.bare_label() == Some(Slot::Cover)
            })
            .map_or(0, |at| at + 1);
        last + 1 + sources
    }

    /// Publication, date, edition, headline: what stands before the first label.
    fn header(&mut self, out: &mut Envelope) {
        let mut before: Vec<usize> = Vec::new();
        let mut after: Vec<usize> = Vec::new();
        let end = self.blocks.len().min(self.at + HEADER_BLOCKS);
        while self.at < end {
            let at = self.at;
            if self.label(at).is_some() || self.mark(at).is_some() {
                break;
            }
            let text = &*self.blocks[at].text.text;
            let is_dated = out.given.published.is_some();
            if is_copyright(text) {
                give_note(out, NoteKind::Copyright, &self.blocks[at]);
            } else if is_page_number(text) {
            } else if let Some(found) = dates::at_start(text)
                && after.is_empty()
                && (!before.is_empty() || self.is_numbered)
                && (!is_dated || out.given.published.as_deref() == Some(&*found.when))
            {
                self.date(out, at, &found);
            } else if is_dated {
                // Without a headline in sight, the rest is the story.
                if after.len() == 2 || after.len() == 1 && !self.has_label_after(at) {
                    break;
                }
                after.push(at);
            } else {
                before.push(at);
            }
            self.at += 1;
        }
        if out.given.published.is_none() && self.is_numbered {
            self.undated(out, &before);
            return;
        }
        self.titles(out, &before, &after);
    }

    /// Returns whether a label follows within a few blocks.
    fn has_label_after(&self, at: usize) -> bool {
        (at + 1..at + 4).any(|at| self.label(at).is_some())
    }

    fn date(&self, out: &mut Envelope, at: usize, found: &dates::DateMatch) {
        let block = &self.blocks[at];
        let when = Fact {
            text: found.when.clone(),
            range: block.text.source(found.range.clone()),
        };
        out.give_published(Some(when), |when| Some(when.to_owned()));
        let text = &*block.text.text;
        for range in blocks::line_ranges(text, found.range.end..text.len()) {
            let Some(mut fact) = Fact::of(&block.text.slice(range)) else {
                continue;
            };
            fact.text = fact.text.trim_matches([',', ';', ' ', '.']).to_owned();
            if fold(&fact.text).starts_with("correction") {
                out.give_note(NoteKind::Editor, Some(fact));
            } else if dates::at_start(&fact.text).is_none() && !fact.text.is_empty() {
                give(out, Slot::Edition, fact);
            }
        }
    }

    /// Which of the lines around the date is the publication, and which the headline.
    fn titles(&self, out: &mut Envelope, before: &[usize], after: &[usize]) {
        let fact = |at: &usize| self.blocks[*at].fact();
        if let [headline, rest @ ..] = after {
            if let Some(at) = before.first()
                && let Some(publication) = fact(at)
            {
                give(out, Slot::Publication, publication);
            }
            for at in before.iter().skip(1) {
                give_note(out, NoteKind::Unknown, &self.blocks[*at]);
            }
            out.give_headline(fact(headline));
            for at in rest {
                out.give_subheadline(fact(at));
            }
            return;
        }
        // The headline comes first where nothing follows the date.
        let (publication, headlines) = match before {
            [] => return,
            [only] if self.is_numbered => (Some(only), &[][..]),
            [only] => (None, std::slice::from_ref(only)),
            [first, ..] if self.is_numbered && self.next_is_headline() => (Some(first), &[][..]),
            [headlines @ .., last] => (Some(last), headlines),
        };
        if let Some(publication) = publication.and_then(fact) {
            give(out, Slot::Publication, publication);
        }
        if let Some((first, rest)) = headlines.split_last() {
            out.give_headline(fact(first));
            for at in rest {
                give_note(out, NoteKind::Unknown, &self.blocks[*at]);
            }
        }
    }

    /// Returns whether a field names the headline.
    fn next_is_headline(&self) -> bool {
        (self.at..self.at + 12).any(|at| matches!(self.label(at), Some((Slot::Headline, _))))
    }

    /// A story without a date: its first line is the publication where more follows that is
    /// labelled; otherwise it is an error message or worse, and all of it is kept.
    fn undated(&mut self, out: &mut Envelope, before: &[usize]) {
        let is_labelled = self.label(self.at).is_some();
        match before {
            [publication, rest @ ..] if is_labelled => {
                if let Some(fact) = self.blocks[*publication].fact() {
                    give(out, Slot::Publication, fact);
                }
                for at in rest {
                    out.give_headline(self.blocks[*at].fact());
                }
            }
            [first, ..] => self.at = *first,
            [] => {}
        }
    }

    /// Reads the labelled fields before the body, and says where it begins.
    fn labels(&mut self, out: &mut Envelope) -> usize {
        while self.at < self.blocks.len() {
            let at = self.at;
            if let Some(slot) = self.mark(at) {
                self.at += 1;
                match slot {
                    Slot::Body => return self.at,
                    Slot::End => return at,
                    _ => continue,
                }
            }
            if is_copyright(&self.blocks[at].text.text) {
                give_note(out, NoteKind::Copyright, &self.blocks[at]);
                self.at += 1;
                continue;
            }
            let Some((slot, value)) = self.label(at) else {
                // A document marks its body; what stands before is the value of the last label.
                let body = (at..self.blocks.len().min(at + 8))
                    .find(|at| self.mark(*at) == Some(Slot::Body));
                match body {
                    Some(body) => {
                        for block in &self.blocks[at..body] {
                            give_note(out, NoteKind::Unknown, block);
                        }
                        self.at = body;
                        continue;
                    }
                    None => return at,
                }
            };
            self.at += 1;
            if slot == Slot::Body {
                // Words after the label are the body's first.
                if self.blocks[at].text.text[value..].trim().is_empty() {
                    return self.at;
                }
                self.body_byte = value;
                return at;
            }
            self.give_labelled(out, at, slot, value);
        }
        self.at
    }

    /// Gives a labelled field, with the other blocks of its cell.
    fn give_labelled(&mut self, out: &mut Envelope, at: usize, slot: Slot, value: usize) {
        let first = &self.blocks[at];
        let mut facts: Vec<Fact> = first.fact_from(value).into_iter().collect();
        if self.container == Container::Page {
            while let Some(next) = self.blocks.get(self.at)
                && next.group == first.group
                && self.label(self.at).is_none()
            {
                facts.extend(next.fact());
                self.at += 1;
            }
        }
        for fact in facts {
            give(out, slot, fact);
        }
    }

    /// Returns where the fields after the body begin.
    fn trailer_start(&self, body: usize) -> usize {
        let mut sure = self.blocks.len();
        let mut start = self.blocks.len();
        for at in (body..self.blocks.len()).rev() {
            let slot = self.label(at).map(|(slot, _)| slot).or(self.mark(at));
            let text = &*self.blocks[at].text.text;
            let closes = matches!(
                slot,
                Some(
                    Slot::LoadDate
                        | Slot::Language
                        | Slot::PublicationType
                        | Slot::End
                        | Slot::Subject
                        | Slot::CorrectionDate
                )
            ) || is_last_copyright(text, &self.blocks[at], self.container);
            let may_follow = matches!(
                slot,
                Some(
                    Slot::Graphic
                        | Slot::Correction
                        | Slot::Note
                        | Slot::Company
                        | Slot::Place
                        | Slot::Person
                        | Slot::Ticker
                        | Slot::Industry
                        | Slot::Ignored
                        | Slot::Keywords
                        | Slot::Url
                        | Slot::Section
                        | Slot::Length
                        | Slot::DocumentType
                        | Slot::Copyright
                        | Slot::Credit
                )
            );
            if closes || may_follow && (sure < self.blocks.len() || self.blocks.len() - at <= 3) {
                start = at;
                sure = sure.min(at);
            } else if start - at > 12 {
                break;
            }
        }
        start
    }

    /// Reads the fields after the body.
    fn trailer(&mut self, out: &mut Envelope) {
        let mut last = None;
        while self.at < self.blocks.len() {
            let at = self.at;
            self.at += 1;
            let block = &self.blocks[at];
            if let Some(slot) = self.mark(at) {
                last = Some(slot);
            } else if is_copyright(&block.text.text) {
                give_note(out, NoteKind::Copyright, block);
            } else if let Some((slot, value)) = self.label(at) {
                last = Some(slot);
                self.give_labelled(out, at, slot, value);
            } else if let Some(fact) = block.fact() {
                match last {
                    Some(
                        slot @ (Slot::Graphic | Slot::Correction | Slot::Note | Slot::Highlight),
                    ) => {
                        give(out, slot, fact);
                    }
                    _ => out.give_note(NoteKind::Unknown, Some(fact)),
                }
            }
        }
    }
}

/// `Page 1 of 5`, which a document prints at the top of each page.
fn is_page_number(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [page, number, _, all] = words[..] else {
        return false;
    };
    let is_number = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
    matches!(
        &*fold(page),
        "page" | "seite" | "página" | "pagina" | "side"
    ) && is_number(number)
        && is_number(all)
}

/// Returns whether a block after a body says whose the text is: in text and pages it is centred.
fn is_last_copyright(text: &str, block: &Block, container: Container) -> bool {
    is_copyright(text)
        && text.len() < 400
        && match container {
            Container::Text => block.is_centred,
            _ => true,
        }
}

fn give_note(out: &mut Envelope, kind: NoteKind, block: &Block) {
    out.give_note(kind, block.fact());
    out.evidence.push((Field::Wire, block.text.range()));
}
