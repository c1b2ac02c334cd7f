//! The parts of one story, as the lines of its copy and its envelope give them.

use crate::story::{BlockKind, Byline, Dateline, Field, Medium, Note, Related, Version};
use crate::text::{OffsetMap, Span};

/// The parts of one story, spans into the raw bytes.
#[derive(Debug, Default)]
pub(crate) struct Furniture {
    /// The headline.
    pub headline: Option<String>,
    /// The standfirst.
    pub subheadline: Option<String>,
    /// The slug line of the copy itself.
    pub slug: Option<String>,
    /// Who wrote it.
    pub byline: Option<Byline>,
    /// Where and when.
    pub dateline: Option<Dateline>,
    /// When it was published.
    pub published: Option<String>,
    /// When it was changed.
    pub updated: Option<String>,
    /// The agency that byline, dateline or end mark name.
    pub agency: Option<String>,
    /// The version that the headline names.
    pub version: Option<Version>,
    /// The body.
    pub blocks: Vec<Passage>,
    /// Captions and credits.
    pub media: Vec<Medium>,
    /// Links.
    pub related: Vec<Related>,
    /// Notes.
    pub notes: Vec<Note>,
    /// The story's address.
    pub source_url: Option<String>,
    /// The language that the envelope names.
    pub language: Option<String>,
    /// The story's date, if it lies in the future and is the only one.
    pub future_date: Option<Span>,
    /// Where the plain fields stand.
    pub evidence: Vec<(Field, Span)>,
}

/// A block of the body, with the way from its text back to the copy.
#[derive(Debug)]
pub(crate) struct Passage {
    /// What it is.
    pub kind: BlockKind,
    /// Its words.
    pub text: String,
    /// Where it stands in the raw bytes.
    pub span: Span,
    /// From its text to the copy.
    pub map: OffsetMap,
}
