//! Blocks of the body, captions with their credits, and related links.

use super::reader::FieldReader;
use crate::furniture::features::Feature;
use crate::furniture::labels::label::Label;
use crate::furniture::parts::Passage;
use crate::furniture::readers::credit::{Known, credit_start};
use crate::lexicon::{Edges, LEXICON};
use crate::story::{BlockKind, Medium, MediumKind, Related};
use crate::text::{OffsetMap, boundary, find_url, flow, fold};
use std::ops::Range;

impl FieldReader<'_> {
    pub(super) fn paragraph(&mut self, i: usize) {
        let unit = &self.labelled.units[i];
        let reading = &self.labelled.observations[i];
        let mut start = unit.start;
        if let Some(read) = reading
            .dateline
            .as_ref()
            .filter(|_| self.out.dateline.is_none() && self.paragraphs < 3)
        {
            self.take_dateline(i, read);
            start += read.body;
        }
        self.paragraphs += 1;
        if start < unit.end {
            self.block(BlockKind::Paragraph, start..unit.end);
        }
    }

    pub(super) fn block(&mut self, kind: BlockKind, range: Range<usize>) {
        let (text, map) = flow(&self.copy.text, range.clone());
        if text.is_empty() {
            return;
        }
        let inner = map.source(0..text.len());
        self.out.blocks.push(Passage {
            kind,
            text,
            span: self.copy.span(inner),
            map,
        });
    }

    /// Rows that stand together are one block, line breaks kept.
    pub(super) fn table(&mut self, i: usize) -> usize {
        let labelled = self.labelled;
        let rows = 1 + labelled.choices[i + 1..]
            .iter()
            .zip(&labelled.units[i + 1..])
            .take_while(|(c, u)| c.label() == Label::Preformatted && u.blanks == 0)
            .count();
        let (first, last) = (&labelled.units[i], &labelled.units[i + rows - 1]);
        // The first row keeps its indent, so that columns stay under each other.
        let start = labelled.lines[first.lines.start].start();
        let text = self.copy.text[start..last.end].trim_end().to_owned();
        let mut map = OffsetMap::default();
        map.push_same(0, start, text.len());
        self.out.blocks.push(Passage {
            kind: BlockKind::Preformatted,
            text,
            span: self.copy.span(first.start..last.end),
            map,
        });
        rows
    }

    pub(super) fn caption(&mut self, i: usize) -> usize {
        let labelled = self.labelled;
        let unit = &labelled.units[i];
        let text = self.text(unit.start..unit.end);
        let mut span = self.span(unit);
        let (mut caption, mut credit) = split_credit(&text);
        let mut used = 1;
        // The credit may stand on a line of its own.
        if credit.is_none()
            && let Some(next) = labelled
                .choices
                .get(i + 1)
                .filter(|c| c.label() == Label::Caption)
            && next.phase() == labelled.choices[i].phase()
        {
            let below = &labelled.units[i + 1];
            if let (None, Some(found)) = split_credit(&self.text(below.start..below.end)) {
                credit = Some(found);
                span = span.to(self.span(below));
                used = 2;
            }
        }
        let folded = fold(&text);
        let kind = if folded.starts_with("video") || folded.contains("(video") {
            MediumKind::Video
        } else if folded.starts_with("graphic") || folded.starts_with("infogra") {
            MediumKind::Graphic
        } else {
            MediumKind::Photo
        };
        if caption.is_none() && credit.is_none() {
            caption = Some(text);
        }
        self.out.media.push(Medium {
            kind,
            caption,
            credit,
            span,
        });
        used
    }

    pub(super) fn related(&mut self, i: usize) {
        let unit = &self.labelled.units[i];
        let text = self.text(unit.start..unit.end);
        let folded = fold(&text);
        let mut title = text.as_str();
        if self.labelled.observations[i]
            .features
            .has(Feature::RelatedTitle)
            && let Some((len, _)) = LEXICON.related.prefix(&folded)
        {
            let words = folded[..len].split(' ').count();
            // The fold may be longer or shorter than the text.
            let len = boundary(&text, len);
            let at = text
                .match_indices(' ')
                .nth(words - 1)
                .map_or(len, |(at, _)| at);
            let from = boundary(&text, at.min(len));
            let cut = text[..at].rfind([':', '|', '>', '»']).or_else(|| {
                text[from..]
                    .find([':', '|', '>', '»', '-'])
                    .map(|n| from + n)
            });
            if let Some(cut) = cut.filter(|cut| *cut < text.len()) {
                title = text[cut..].trim_start_matches([':', '|', '>', '»', '-', ' ']);
            }
        }
        let url = find_url(title);
        let address = url.clone().map(|url| title[url].to_owned());
        if let Some(url) = url.filter(|url| url.start > 0) {
            title = title[..url.start].trim_end_matches([' ', ':', '(', '<', '-']);
        }
        let span = self.span(unit);
        self.out.related.push(Related {
            title: title
                .trim_start_matches(['>', '-', '•', '»', ' ', '+'])
                .to_owned(),
            url: address,
            span,
        });
    }
}

/// Caption and credit of a line: `(Jo Doe/AP)`, `© Jo Doe`, `Photo: Jo Doe` at its end, or all of
/// it.
fn split_credit(text: &str) -> (Option<String>, Option<String>) {
    let some = |s: &str| {
        let s = s.trim().trim_end_matches(['|', '–', '—', '-']).trim_end();
        (!s.is_empty()).then(|| s.to_owned())
    };
    let folded = fold(text);
    let edges = Edges::of(&folded);
    let whole = LEXICON
        .credits
        .find(&folded, &edges)
        .any(|(start, _, value)| start == 0 && value == "prefix")
        || text.len() < 80
            && LEXICON
                .credits
                .find(&folded, &edges)
                .any(|(_, _, value)| value == "agency")
            && !text.contains(". ")
            && text.split_whitespace().count() <= 8;
    match credit_start(text, Known::Nothing) {
        Some(at) if at > 0 => {
            let credit = text[at..].trim_start_matches('(').trim_end_matches(')');
            (some(&text[..at]), some(credit_name(credit)))
        }
        Some(_) => (None, some(credit_name(text))),
        None if whole => (
            None,
            some(credit_name(
                text.trim_start_matches('(').trim_end_matches(')'),
            )),
        ),
        None => (some(text), None),
    }
}

/// Returns the credit without its label: `Photo: Jo Doe` → `Jo Doe`.
fn credit_name(text: &str) -> &str {
    let folded = fold(text);
    let bare = text.trim_start_matches(['©', ' ']);
    if bare.len() < text.len() {
        return bare;
    }
    for (start, end, value) in LEXICON.credits.find(&folded, &Edges::of(&folded)) {
        if start == 0
            && value == "prefix"
            && text.is_char_boundary(end)
            && folded.len() == text.len()
        {
            let rest = text[end..].trim_start_matches([':', ' ', '-']);
            if !rest.is_empty() {
                return rest;
            }
        }
    }
    text
}
