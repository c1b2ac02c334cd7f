//! Lines that name authors become the byline of the story.

use super::reader::{BylinePart, FieldReader, PlacedDate};
use crate::furniture::labels::label::Phase;
use crate::furniture::readers::byline::BylineReading;
use crate::furniture::readers::byline::read_byline;
use crate::story::Note;
use crate::story::{Author, Byline, NoteKind};
use crate::text::boundary;
use crate::text::fold;
use std::collections::HashSet;

/// A byline is not longer, in bytes.
const BYLINE_AT_MOST: usize = 680;

/// So many bylines with a by-word gather names around them.
const NAMED_AT_MOST: usize = 8;

impl FieldReader<'_> {
    pub(super) fn byline(&mut self, i: usize, phase: Phase) {
        let unit = &self.labelled.units[i];
        let text = self.text(unit.start..unit.end);
        // Wide gaps part a name from a role, and flowing text has none.
        let read = match &self.labelled.observations[i].byline {
            Some(read) if unit.lines.len() == 1 => (**read).clone(),
            None if unit.lines.len() == 1 => BylineReading::default(),
            _ => read_byline(&text[..boundary(&text, BYLINE_AT_MOST)]),
        };
        let span = self.span(unit);
        if let Some(dates) = &self.labelled.observations[i].dates {
            self.dates.extend(dates.dates.iter().map(|date| PlacedDate {
                phase,
                unit: Some(i),
                date: date.clone(),
            }));
        }
        let part = BylinePart {
            unit: i,
            phase,
            named: read.by_word && !read.authors.is_empty(),
            text,
            span,
        };
        self.by.take(part, read);
    }

    /// One byline a record: lines that stand together are printed together; others are noted.
    pub(super) fn finish_byline(&mut self) {
        let parts = std::mem::take(&mut self.by.parts);
        let (kept, rest) = own_parts(parts);
        let together = kept
            .windows(2)
            .take_while(|pair| pair[1].unit == pair[0].unit + 1)
            .count()
            + 1;
        let lines = &kept[..together.min(kept.len())];
        for part in kept[lines.len()..].iter().chain(&rest) {
            self.out.notes.push(Note {
                kind: NoteKind::Contributors,
                text: part.text.clone(),
                span: part.span,
            });
        }
        self.out.notes.sort_by_key(|note| note.span.start);
        let authors = self.own_authors(&kept);
        if let Some(first) = lines.first() {
            let texts: Vec<_> = lines
                .iter()
                .map(|part| part.text.trim_end_matches('='))
                .collect();
            self.out.byline = Some(Byline {
                text: texts.join(" "),
                authors,
                span: lines
                    .iter()
                    .fold(first.span, |span, part| span.to(part.span)),
            });
        } else if !authors.is_empty()
            && let Some(unit) = self.dates.iter().find_map(|date| date.unit)
        {
            // The names stood on a date line.
            let unit = &self.labelled.units[unit];
            self.out.byline = Some(Byline {
                text: self.text(unit.start..unit.end),
                authors,
                span: self.span(unit),
            });
        }
    }

    /// Takes the authors that the kept parts name, each once.
    fn own_authors(&mut self, kept: &[BylinePart]) -> Vec<Author> {
        let is_kept = |unit: usize| {
            kept.is_empty() || kept.binary_search_by_key(&unit, |part| part.unit).is_ok()
        };
        let mut seen = HashSet::new();
        let mut authors: Vec<Author> = std::mem::take(&mut self.by.authors)
            .into_iter()
            .filter(|placed| is_kept(placed.unit))
            .map(|placed| placed.author)
            .filter(|author| seen.insert(fold(&author.name)))
            .collect();
        if let Some(agency) = self.by.agency {
            for author in authors.iter_mut().filter(|a| a.affiliation.is_none()) {
                author.affiliation = Some(agency.to_owned());
            }
        }
        authors
    }
}

/// Parts the lines that name the story's authors from those that name others.
fn own_parts(parts: Vec<BylinePart>) -> (Vec<BylinePart>, Vec<BylinePart>) {
    // What stands after the story counts only where nothing stands before it.
    // What stands before the headline counts only where nothing stands under it.
    let head = parts.iter().any(|part| part.phase == Phase::Head);
    let front = parts.iter().any(|part| part.phase < Phase::Body);
    let (kept, mut rest): (Vec<_>, Vec<_>) = parts.into_iter().partition(|part| match head {
        true => part.phase == Phase::Head,
        false => !front || part.phase < Phase::Body,
    });
    // Where a by-word names the author, names farther away belong to other stories.
    let named: Vec<usize> = kept
        .iter()
        .filter(|part| part.named)
        .map(|part| part.unit)
        .take(NAMED_AT_MOST)
        .collect();
    // A name alone right above the by-word is a caption's or a topic's.
    let first = named.first().copied().unwrap_or(0);
    let (kept, others): (Vec<_>, Vec<_>) = kept.into_iter().partition(|part| {
        named.is_empty()
            || part.unit >= first && named.iter().any(|unit| unit.abs_diff(part.unit) <= 2)
    });
    rest.extend(others);
    (kept, rest)
}
