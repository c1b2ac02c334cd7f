//! What people say of stories: tags, notes, collections, and verdicts on quotes.
//!
//! `DIR/annotations.jsonl` holds one line for each thing that was said or taken back. Lines are
//! sealed like those of the [ledger](super::ledger) and, like them, only ever added; the file is
//! there once the first thing was said. It is no part of the records, which say only what their
//! stories say, and the catalog shows what the lines add up to.
//!
//! `line` is one line, `file` reads, adds and checks them, and `state` adds them up. Each uses only
//! those before it.

pub(crate) mod file;
mod line;
mod state;

pub use line::{AnnotationEvent, AnnotationLine, JudgedQuote};
pub(crate) use state::State;
pub use state::{AnnotationKind, AnnotationRow};

use crate::store::story_id::StoryId;

/// Longest tag and name of a collection, in characters.
const NAME_CHARS: usize = 200;
/// Longest note, in bytes.
const NOTE_BYTES: usize = 1 << 20;

/// Something that people say of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Annotation {
    /// A word to find it by.
    Tag(String),
    /// A remark.
    Note(String),
    /// A collection that it belongs to.
    Collection(String),
    /// Whether a quote of it is attributed to the right speaker.
    Verdict(JudgedQuote, Verdict),
}

/// Whether a quote is what the record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// These are the words, and this is who said them.
    Right,
    /// They are not.
    Wrong,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Self; 2] = [Self::Right, Self::Wrong];

    /// Returns its name, as the file has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
        }
    }
}

/// Whether something is said, or taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It holds from now on.
    Added,
    /// It does not hold any more.
    Withdrawn,
}

/// What is said of which story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The story.
    pub id: StoryId,
    /// What is said.
    pub annotation: Annotation,
    /// Whether it is said or taken back.
    pub said: Said,
}

/// Why something cannot be said of a story.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnnotationError {
    /// Nothing is in it.
    #[error("a {0} has at least one letter or digit; write one")]
    Empty(&'static str),
    /// It is too long.
    #[error("the {what} is too long; at most {most} are allowed")]
    TooLong {
        /// What kind of thing.
        what: &'static str,
        /// How much is allowed, with its unit.
        most: &'static str,
    },
    /// It would break lines.
    #[error("a {0} is one line of text, without control characters")]
    Control(&'static str),
}

impl Annotation {
    /// Returns a tag, without white space around it.
    ///
    /// # Errors
    ///
    /// If it has no letter or digit, is too long, or is more than a line.
    pub fn tag(name: &str) -> Result<Self, AnnotationError> {
        named("tag", name).map(Self::Tag)
    }

    /// Returns a place in a collection, by the collection's name.
    ///
    /// # Errors
    ///
    /// Those of [`tag`](Self::tag).
    pub fn collection(name: &str) -> Result<Self, AnnotationError> {
        named("collection", name).map(Self::Collection)
    }

    /// Returns a note, without white space around it. It may have several lines.
    ///
    /// # Errors
    ///
    /// If nothing is in it, or more than a mebibyte.
    pub fn note(text: &str) -> Result<Self, AnnotationError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AnnotationError::Empty("note"));
        }
        if text.len() > NOTE_BYTES {
            let (what, most) = ("note", "1 MiB");
            return Err(AnnotationError::TooLong { what, most });
        }
        Ok(Self::Note(text.to_owned()))
    }
}

fn named(what: &'static str, name: &str) -> Result<String, AnnotationError> {
    let name = name.trim();
    if !name.contains(char::is_alphanumeric) {
        return Err(AnnotationError::Empty(what));
    }
    if name.chars().count() > NAME_CHARS {
        let most = "200 characters";
        return Err(AnnotationError::TooLong { what, most });
    }
    if name.contains(char::is_control) {
        return Err(AnnotationError::Control(what));
    }
    Ok(name.to_owned())
}
