//! One line of the ledger.

use crate::facts::CallerFacts;
use crate::options::ParseOptions;
use crate::split::Split;
use crate::store::directory::fixity::Fixity;
use crate::story::Format;
use serde::{Deserialize, Serialize};

/// What stands before the first line.
pub(crate) const FIRST_CHECK: &str = "0000000000000000";
/// What stands around a check at the end of its line.
const BEFORE_CHECK: &[u8] = b",\"check\":\"";
const AFTER_CHECK: &[u8] = b"\"}";

/// What happened to a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Event {
    /// It was new and is now in the archive.
    Stored,
    /// Its record was rewritten, moved or mended because it came again.
    Updated,
    /// The same bytes came from another place; nothing else changed.
    Source,
    /// Left out, because it says what another story says; nothing was stored.
    NearDuplicate,
    /// It was whole when an interruption came before its line was written, or was found later.
    Recovered,
    /// Its record was made again from the raw copy.
    Rebuilt,
    /// It was taken out of the archive for good; this line is all that stays of it.
    Removed,
    /// What stood here was about a story that a later line removes. Number, time, hash and check
    /// stay.
    Struck,
}

impl Event {
    /// As the ledger writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Updated => "updated",
            Self::Source => "source",
            Self::NearDuplicate => "near-duplicate",
            Self::Recovered => "recovered",
            Self::Rebuilt => "rebuilt",
            Self::Removed => "removed",
            Self::Struck => "struck",
        }
    }

    /// Returns whether such a line says which record its story has from now on.
    pub fn brings_record(self) -> bool {
        match self {
            Self::Stored | Self::Updated | Self::Recovered | Self::Rebuilt => true,
            Self::Source | Self::NearDuplicate | Self::Removed | Self::Struck => false,
        }
    }

    /// Returns whether the story of such a line was in the archive when the line was added.
    pub fn is_of_stored(self) -> bool {
        match self {
            Self::Stored | Self::Updated | Self::Source | Self::Recovered | Self::Rebuilt => true,
            Self::NearDuplicate | Self::Removed | Self::Struck => false,
        }
    }

    /// Returns whether such a line says where its story's bytes came from.
    pub fn names_place(self) -> bool {
        match self {
            Self::Stored | Self::Updated | Self::Source | Self::NearDuplicate | Self::Recovered => {
                true
            }
            Self::Rebuilt | Self::Removed | Self::Struck => false,
        }
    }
}

/// The options that a record was made with.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReadOptions {
    /// As in [`ParseOptions::year`].
    pub year: Option<i32>,
    /// IANA name of [`ParseOptions::time_zone`].
    pub tz: Option<String>,
    /// As in [`ParseOptions::format`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// As in [`ParseOptions::facts`].
    #[serde(default, skip_serializing_if = "CallerFacts::is_empty")]
    pub facts: CallerFacts,
}

impl From<&ParseOptions> for ReadOptions {
    fn from(options: &ParseOptions) -> Self {
        Self {
            year: options.year,
            tz: options.time_zone.map(|zone| zone.name().to_owned()),
            format: options.format,
            facts: options.facts.clone(),
        }
    }
}

impl ReadOptions {
    /// Returns the options themselves; none if this program does not know the zone.
    pub fn options(&self) -> Option<ParseOptions> {
        let time_zone = match &self.tz {
            Some(name) => Some(name.parse().ok()?),
            None => None,
        };
        Some(ParseOptions {
            year: self.year,
            time_zone,
            format: self.format,
            // Each story's own bytes are kept.
            split: Split::None,
            facts: self.facts.clone(),
        })
    }
}

/// One line of the ledger. Keys that later versions add are passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Line {
    /// Its number, from 1.
    pub n: u64,
    /// When, RFC 3339 in UTC.
    pub time: String,
    /// What happened.
    pub event: Event,
    /// The story's id.
    pub id: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Where its record stands, below the archive, with `/`; none if nothing was stored.
    pub record: Option<String>,
    /// SHA-256 of the record's file.
    pub record_sha256: Option<String>,
    /// Size of the record's file, so that a look at the directory shows a cut one.
    pub record_bytes: Option<u64>,
    /// The file that the bytes came from, as it was given; none for standard input.
    pub path: Option<String>,
    /// Which story of that file, from 1, where it held several.
    pub member: Option<String>,
    /// The program that made the record.
    pub program: String,
    /// The options that it was given; none if nobody knows any more.
    pub options: Option<ReadOptions>,
    /// A remark for people.
    pub note: Option<String>,
    /// What seals the line and all before it; empty as long as it is not in the ledger.
    #[serde(default, skip_serializing)]
    pub check: String,
}

impl Line {
    /// Returns the line without what its story says or where it came from. Its check stays, so that
    /// the lines after it still follow.
    pub(super) fn struck(self) -> Self {
        Self {
            event: Event::Struck,
            record: None,
            record_sha256: None,
            record_bytes: None,
            path: None,
            member: None,
            options: None,
            note: None,
            ..self
        }
    }
}

/// Returns a line's text with its check, given the text without.
pub(crate) fn sealed(mut text: Vec<u8>, check: &str) -> Vec<u8> {
    // In place of the closing brace.
    text.pop();
    for part in [BEFORE_CHECK, check.as_bytes(), AFTER_CHECK, b"\n"] {
        text.extend_from_slice(part);
    }
    text
}

/// Returns the check of a line, given the one before it and its own text without the check.
pub(crate) fn check_of(before: &str, text: &[u8]) -> String {
    Fixity::of_pieces(&[before.as_bytes(), text]).short()
}

/// Takes a line apart: its text without the check, and the check. None if it has no such end.
pub(crate) fn split(text: &[u8]) -> Option<(Vec<u8>, &str)> {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let (rest, check) = text.strip_suffix(AFTER_CHECK)?.split_last_chunk::<16>()?;
    let mut body = rest.strip_suffix(BEFORE_CHECK)?.to_vec();
    body.push(b'}');
    Some((body, str::from_utf8(check).ok()?))
}
