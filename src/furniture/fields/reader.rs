//! What a reader of fields holds while it goes from unit to unit.

use crate::furniture::labelled::Labelled;
use crate::furniture::labels::label::Phase;
use crate::furniture::parts::Furniture;
use crate::furniture::readers::byline::BylineReading;
use crate::furniture::readers::date_reading::DateMatch;
use crate::furniture::units::Unit;
use crate::options::ParseOptions;
use crate::story::{Author, Note, NoteKind};
use crate::text::{Span, flow_text};
use crate::wire::CleanCopy;
use std::ops::Range;

pub(super) struct FieldReader<'a> {
    pub(super) copy: &'a CleanCopy<'a>,
    pub(super) labelled: &'a Labelled,
    pub(super) options: &'a ParseOptions,
    pub(super) out: Furniture,
    pub(super) by: BylineParts,
    pub(super) dates: Vec<PlacedDate>,
    pub(super) standfirst: Vec<String>,
    /// Paragraphs taken so far.
    pub(super) paragraphs: usize,
}

/// A date, and where in the story it stands.
#[derive(Clone)]
pub(super) struct PlacedDate {
    pub(super) phase: Phase,
    /// The unit; none for the date of a dateline.
    pub(super) unit: Option<usize>,
    pub(super) date: DateMatch,
}

/// A line that names authors.
pub(super) struct BylinePart {
    pub(super) unit: usize,
    pub(super) phase: Phase,
    pub(super) text: String,
    pub(super) span: Span,
    /// Whether a by-word introduces a name.
    pub(super) named: bool,
}

/// An author, and the unit that named them.
pub(super) struct PlacedAuthor {
    pub(super) unit: usize,
    pub(super) author: Author,
}

/// Byline lines met so far.
#[derive(Default)]
pub(super) struct BylineParts {
    pub(super) parts: Vec<BylinePart>,
    pub(super) authors: Vec<PlacedAuthor>,
    pub(super) agency: Option<&'static str>,
}

impl BylineParts {
    pub(super) fn take(&mut self, part: BylinePart, read: BylineReading) {
        self.agency = self.agency.or(read.agency);
        if read.authors.is_empty()
            && let Some(PlacedAuthor { author, .. }) = self.authors.last_mut()
        {
            author.role = author.role.take().or(read.role);
            author.contact = author.contact.take().or(read.contact);
            // `Special to The Harbour Herald`, under the name.
            author.affiliation = author.affiliation.take().or(read.outlet);
        }
        let unit = part.unit;
        let placed = |author| PlacedAuthor { unit, author };
        self.authors.extend(read.authors.into_iter().map(placed));
        self.parts.push(part);
    }
}

impl FieldReader<'_> {
    pub(super) fn text(&self, range: Range<usize>) -> String {
        flow_text(&self.copy.text, range)
    }

    pub(super) fn span(&self, unit: &Unit) -> Span {
        self.copy.span(unit.start..unit.end)
    }

    pub(super) fn note(&mut self, kind: NoteKind, text: String, span: Span) {
        self.out.notes.push(Note { kind, text, span });
    }
}
