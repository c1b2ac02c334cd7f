//! Transmission formats: recognise the envelope, read it, hand on clean copy.
//!
//! A format is one file with a `recognise` function, and one line in [`FORMATS`]. It gets the
//! decoded text of one story and answers with what the envelope says and which part is the copy;
//! it knows nothing of headlines. What no format claims is plain copy, all of it.

mod anpa1312;
mod iptc7901;
mod members;

pub use members::members;

use crate::story::{Field, Version, Wire};
use crate::text::{Decoded, OffsetMap, Span, clean};
use std::borrow::Cow;
use std::ops::Range;

/// Known formats, the most particular first.
const FORMATS: [fn(&str) -> Option<Envelope>; 2] = [anpa1312::recognise, iptc7901::recognise];

/// What an envelope says. Ranges are byte offsets into the decoded text.
#[derive(Debug)]
pub struct Envelope {
    /// Name of the format, as in [`Wire::format`].
    pub format: &'static str,
    /// The header's fields.
    pub wire: Option<Wire>,
    /// The keyword or slug line.
    pub slug: Option<String>,
    /// Version label that the slug line carries.
    pub version: Option<Version>,
    /// Time of transmission, RFC 3339.
    pub published: Option<String>,
    /// The agency that the format belongs to.
    pub agency: Option<&'static str>,
    /// The copy.
    pub copy: Range<usize>,
    /// Transmission control inside the copy, ascending.
    pub controls: Vec<Range<usize>>,
    /// Where each field was read; whatever is not in `copy` and visible is in here.
    pub evidence: Vec<(Field, Range<usize>)>,
}

impl Envelope {
    fn plain(len: usize) -> Self {
        Self {
            format: "plain",
            wire: None,
            slug: None,
            version: None,
            published: None,
            agency: None,
            copy: 0..len,
            controls: Vec::new(),
            evidence: Vec::new(),
        }
    }
}

/// Reads the envelope of one story; plain copy has an empty one.
pub fn open(text: &str) -> Envelope {
    FORMATS
        .iter()
        .find_map(|recognise| recognise(text))
        .unwrap_or_else(|| Envelope::plain(text.len()))
}

/// The copy of one story as people read it, with the way back to the raw bytes.
#[derive(Debug)]
pub struct CleanCopy<'a> {
    /// One kind of line end, no controls, NFC.
    pub text: Cow<'a, str>,
    map: OffsetMap,
    decoded: &'a Decoded<'a>,
}

impl<'a> CleanCopy<'a> {
    /// Cleans what the envelope says is copy.
    pub fn new(decoded: &'a Decoded<'a>, envelope: &Envelope) -> Self {
        let (text, map) = clean(&decoded.text, envelope.copy.clone(), &envelope.controls);
        Self { text, map, decoded }
    }

    /// Where a range of `text` stands in the raw bytes.
    pub fn span(&self, range: Range<usize>) -> Span {
        self.decoded.span(self.map.source(range))
    }
}
