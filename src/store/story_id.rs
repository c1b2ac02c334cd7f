//! What a story is called: the beginning of the hash of its bytes.

use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A story's id: the first 16 hex digits of the SHA-256 of its bytes.
///
/// ```
/// use archive::store::StoryId;
///
/// let id: StoryId = "1f3a9c0b2d4e5f60".parse()?;
/// assert_eq!(id.to_string(), "1f3a9c0b2d4e5f60");
/// assert!("1f3a".parse::<StoryId>().is_err());
/// # Ok::<(), archive::store::StoryIdError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoryId(u64);

/// A text is no story's id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no story id; one has {DIGITS} hex digits, as `archive list --jsonl` shows them")]
pub struct StoryIdError;

/// Hex digits of an id.
const DIGITS: usize = 16;

impl StoryId {
    /// Returns the id with this number.
    pub(crate) fn of(number: u64) -> Self {
        Self(number)
    }

    /// Returns the id as a number, which has its order.
    pub(crate) fn number(self) -> u64 {
        self.0
    }

    /// Reads an id, in lower case as the archive writes it; `None` if it is none.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let is_id = text.len() == DIGITS && text.bytes().all(is_digit);
        is_id.then(|| u64::from_str_radix(text, 16).ok().map(Self))?
    }
}

impl FromStr for StoryId {
    type Err = StoryIdError;

    fn from_str(text: &str) -> Result<Self, StoryIdError> {
        Self::read(&text.to_ascii_lowercase()).ok_or(StoryIdError)
    }
}

impl fmt::Display for StoryId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:016x}", self.0)
    }
}

impl Serialize for StoryId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sixteen_digits_are_an_id() {
        assert_eq!(StoryId::read("00000000000000ff"), Some(StoryId(255)));
        for other in [
            "ff",
            "00000000000000FF",
            "+0000000000000ff",
            "",
            "00000000000000fff",
        ] {
            assert_eq!(StoryId::read(other), None, "{other}");
        }
    }
}
