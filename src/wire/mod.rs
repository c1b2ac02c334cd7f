//! Transmission and exchange formats: recognise the envelope, read it, hand on clean copy.
//!
//! A format is one file and one line in [`FORMATS`], the table that recognition, `archive formats`
//! and `docs/formats.md` share. A reader gets the decoded text of one story and answers with what
//! the envelope says and what the copy is; it never guesses what a line of copy is. What no format
//! claims is plain copy, all of it.
//!
//! A file of several stories is cut into [`Part`]s that can be read by themselves: the archive
//! keeps each story's own bytes, and reads them again alone. Where a slice needs the beginning of
//! its file (an XML declaration, the head of a page), that beginning is put before it; spans then
//! point into these bytes.

mod anpa1312;
mod cut;
mod email;
mod envelope;
mod exports;
mod feed;
mod formats;
mod html;
mod iptc7901;
mod json;
mod markup;
mod newsml1;
mod newsmlg2;
mod ninjs;
mod nitf;
mod office;
mod prose;
mod rtf;
mod sgml;
mod sniff;
mod time;
mod transmissions;
mod warc;

pub(crate) use envelope::{CleanCopy, Envelope, Fact, Given, GivenDateline, PieceKind};
pub use formats::{FORMATS, FormatInfo};

use crate::story::{Field, Format};
use crate::text::{Decoded, decode_declared};
use sniff::{Sniff, declared_charset};
use std::borrow::Cow;
use std::ops::Range;

/// So many bytes of a file are looked at to recognise its format.
const BEGINNING: usize = 16 << 10;

/// Where one story stands in its file: the file's own head, if the story cannot be read without
/// it, and the story.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Part {
    /// What is put before the story, as a range of the file's bytes; empty if nothing is needed.
    pub head: Range<usize>,
    /// The story, as a range of the file's bytes.
    pub body: Range<usize>,
}

impl Part {
    /// Returns the part that is all of a file.
    pub fn whole(file: &[u8]) -> Self {
        Self {
            head: 0..0,
            body: 0..file.len(),
        }
    }

    /// Returns the bytes to read, to keep and to hash: head and story.
    pub fn bytes<'a>(&self, file: &'a [u8]) -> Cow<'a, [u8]> {
        if self.head.is_empty() {
            Cow::Borrowed(&file[self.body.clone()])
        } else if self.head.end == self.body.start {
            Cow::Borrowed(&file[self.head.start..self.body.end])
        } else {
            Cow::Owned([&file[self.head.clone()], &file[self.body.clone()]].concat())
        }
    }
}

/// The stories of a file.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Parts {
    /// Where each stands, in order; at least one.
    pub parts: Vec<Part>,
    /// How many there should be, where the file says so.
    pub expected: Option<usize>,
    /// The numbers of those that are missing, where the file numbers them.
    pub missing: Vec<usize>,
    /// Whether the file is one stretch of plain copy, which only its words can part.
    pub(crate) is_copy: bool,
}

impl Parts {
    /// Returns each story's own bytes, in order.
    pub fn each<'a>(&self, file: &'a [u8]) -> impl Iterator<Item = Cow<'a, [u8]>> {
        self.parts.iter().map(move |part| part.bytes(file))
    }
}

/// Reads a file's bytes as text, by the character set that it names where that is needed.
pub(crate) fn decode(bytes: &[u8]) -> Decoded<'_> {
    decode_declared(bytes, declared_charset(bytes).as_deref())
}

/// Reads the envelope of one story; plain copy has an empty one. With `forced`, the bytes are read
/// as that format whatever they look like, as far as that can be.
pub(crate) fn open(text: &str, forced: Option<Format>) -> Envelope {
    let Some(capture) = warc::read(text) else {
        return open_content(text, forced);
    };
    let mut out = open_content(&text[capture.content..], forced);
    out.shift(capture.content);
    out.evidence.push((Field::Wire, 0..capture.content));
    out.give_source_url(capture.address);
    out
}

fn open_content(text: &str, forced: Option<Format>) -> Envelope {
    let sniff = Sniff::new(text);
    FORMATS
        .iter()
        .filter(|info| match forced {
            Some(format) => info.format == format,
            None => (info.recognise)(&sniff),
        })
        .find_map(|info| (info.read)(&sniff))
        .unwrap_or_else(|| Envelope::plain(text.len()))
}

/// Returns whether a file's bytes are of a format that the parser reads, apart from plain copy:
/// one of [`FORMATS`].
pub fn is_known_format(bytes: &[u8]) -> bool {
    let beginning = decode(&bytes[..bytes.len().min(BEGINNING)]);
    let sniff = Sniff::new(&beginning.text);
    FORMATS.iter().any(|info| (info.recognise)(&sniff))
}

/// Finds the stories of a file. With `forced`, it is cut as a file of that format.
pub(crate) fn parts(bytes: &[u8], forced: Option<Format>) -> Parts {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    // A page or a document may have megabytes of styles before its first word.
    let beginning = match first {
        Some(b'<' | b'{') => decode(bytes),
        _ => decode(&bytes[..bytes.len().min(BEGINNING)]),
    };
    let sniff = Sniff::new(&beginning.text);
    let info = FORMATS.iter().find(|info| match forced {
        Some(format) => info.format == format,
        None => (info.recognise)(&sniff),
    });
    let Some(split) = info.and_then(|info| info.split) else {
        let mut parts = transmissions(bytes);
        parts.is_copy = info.is_none() && parts.parts.len() == 1;
        return parts;
    };
    let decoded = decode(bytes);
    let cut = split(&Sniff::new(&decoded.text));
    let mut parts = Parts {
        parts: Vec::with_capacity(cut.slices.len()),
        ..Parts::default()
    };
    let head = match cut.head.is_empty() {
        true => 0..byte_order_mark(bytes),
        false => 0..decoded.span(cut.head).end,
    };
    for (at, slice) in cut.slices.iter().enumerate() {
        if slice.is_empty() {
            continue;
        }
        let body = decoded.span(slice.clone());
        let own = cut.heads.get(at).map(|own| decoded.span(own.clone()));
        let head = own.map_or(head.clone(), |own| own.start..own.end);
        // The first story of a file has the file's beginning before it as it stands.
        let head = match body.start < head.end {
            true => 0..0,
            false => head.clone(),
        };
        parts.parts.push(Part {
            head,
            body: body.start..body.end,
        });
    }
    if parts.parts.is_empty() {
        parts.parts.push(Part::whole(bytes));
    }
    if let Some(count) = cut.count {
        let count = count.checked(parts.parts.len());
        (parts.expected, parts.missing) = (Some(count.all), count.missing);
    }
    parts
}

/// Returns the length of the mark of UTF-16, without which no slice of such a file can be read.
fn byte_order_mark(bytes: &[u8]) -> usize {
    match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => 2,
        _ => 0,
    }
}

fn transmissions(bytes: &[u8]) -> Parts {
    let parts = transmissions::members(bytes)
        .into_iter()
        .map(|body| Part { head: 0..0, body })
        .collect();
    Parts {
        parts,
        ..Parts::default()
    }
}

/// Returns the stories of a file of plain copy, of which each but the first begins at one of
/// `starts`, offsets into its decoded text.
pub(crate) fn parts_from(bytes: &[u8], decoded: &Decoded<'_>, starts: &[usize]) -> Parts {
    let head = 0..byte_order_mark(bytes);
    let places = starts
        .iter()
        .map(|start| decoded.span(*start..*start).start);
    let from = std::iter::once(0).chain(places.clone());
    let parts = from.zip(places.chain(std::iter::once(bytes.len())));
    let parts = parts.map(|(start, end)| Part {
        head: if start < head.end { 0..0 } else { head.clone() },
        body: start..end,
    });
    Parts {
        parts: parts.collect(),
        ..Parts::default()
    }
}
