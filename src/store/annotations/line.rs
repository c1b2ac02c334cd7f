//! One line of the annotations.

use super::{Annotation, Remark, Said};
use crate::store::program::PROGRAM;
use crate::text::Span;
use serde::{Deserialize, Serialize};

/// What was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnnotationEvent {
    /// The story has the tag `value`.
    Tagged,
    /// It has it no more.
    Untagged,
    /// The story has the note `value`.
    Noted,
    /// It has it no more.
    Unnoted,
    /// The story is in the collection `value`.
    Collected,
    /// It is there no more.
    Uncollected,
    /// `value` is the verdict on a quote: `right`, `wrong`, or null, which takes it back.
    Judged,
    /// What stood here was about a story that was removed. Number, time, id and check stay.
    Struck,
}

/// A quote that was judged. It is named by its place in the raw bytes, which stays when records are
/// made again, and by the speaker that the record gave, since the verdict is on both.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct JudgedQuote {
    /// Where its words stand in the raw bytes.
    pub span: Span,
    /// Who said it, as the record named the speaker then.
    pub speaker: Option<String>,
}

/// One line of the annotations. Keys that later versions add are passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnotationLine {
    /// Its number, from 1.
    pub n: u64,
    /// When, RFC 3339 in UTC.
    pub time: String,
    /// What was said.
    pub event: AnnotationEvent,
    /// The story's id.
    pub id: String,
    /// The quote that was judged; none of other events.
    pub quote: Option<JudgedQuote>,
    /// The tag, the note's text, the collection's name or the verdict.
    pub value: Option<String>,
    /// The program that wrote the line.
    pub program: String,
    /// What seals the line and all before it; empty as long as it is not in the file.
    #[serde(default, skip_serializing)]
    pub check: String,
}

/// What makes two lines the same, wherever they stand.
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Identity {
    time: String,
    event: AnnotationEvent,
    id: String,
    quote: Option<JudgedQuote>,
    value: Option<String>,
}

impl AnnotationLine {
    /// Returns the line that says `remark`, without number and check.
    pub(crate) fn new(remark: Remark, time: &str) -> Self {
        let Remark {
            id,
            annotation,
            said,
        } = remark;
        let is_added = said == Said::Added;
        let pick = |added, withdrawn| if is_added { added } else { withdrawn };
        let (event, quote, value) = match annotation {
            Annotation::Tag(name) => {
                let event = pick(AnnotationEvent::Tagged, AnnotationEvent::Untagged);
                (event, None, Some(name))
            }
            Annotation::Note(text) => {
                let event = pick(AnnotationEvent::Noted, AnnotationEvent::Unnoted);
                (event, None, Some(text))
            }
            Annotation::Collection(name) => {
                let event = pick(AnnotationEvent::Collected, AnnotationEvent::Uncollected);
                (event, None, Some(name))
            }
            Annotation::Verdict(quote, verdict) => {
                let value = is_added.then(|| verdict.name().to_owned());
                (AnnotationEvent::Judged, Some(quote), value)
            }
        };
        Self {
            n: 0,
            time: time.to_owned(),
            event,
            id: id.to_string(),
            quote,
            value,
            program: PROGRAM.to_owned(),
            check: String::new(),
        }
    }

    /// Returns the line without what was said. Its check stays, so that the lines after it still
    /// follow.
    pub(super) fn struck(self) -> Self {
        Self {
            event: AnnotationEvent::Struck,
            quote: None,
            value: None,
            ..self
        }
    }

    /// Returns what makes two lines the same.
    pub(crate) fn identity(&self) -> Identity {
        Identity {
            time: self.time.clone(),
            event: self.event,
            id: self.id.clone(),
            quote: self.quote.clone(),
            value: self.value.clone(),
        }
    }
}
