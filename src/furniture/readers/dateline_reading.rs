//! What a dateline says, whichever reader read it.

use super::date_reading::DateMatch;
use std::ops::Range;

/// A dateline at the start of a text.
#[derive(Clone, Debug, Default)]
pub struct DatelineReading {
    /// From the text's start to the place's end, agency and dash included.
    pub range: Range<usize>,
    /// Where the story begins after it.
    pub body: usize,
    /// Place, as printed.
    pub place: Option<String>,
    /// State, province or country, as printed.
    pub region: Option<String>,
    /// The date.
    pub date: Option<DateMatch>,
    /// The agency, normalised where it is known.
    pub agency: Option<String>,
    /// Those whom it names as its authors, as East Asian wires do.
    pub authors: Vec<String>,
    /// Whether a colon alone ends it: such a one begins a story, or is none.
    pub by_colon: bool,
    /// How sure it is, 0 to 1.
    pub sure: f32,
}
