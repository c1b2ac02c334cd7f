//! Where one story of a plain text file ends and the next begins, as the caller says.

use regex::{Regex, RegexBuilder};
use std::str::FromStr;

/// A pattern compiles to at most so many bytes.
const PATTERN_BYTES: usize = 1 << 20;

/// Where one story of a plain text file ends and the next begins. Files of other formats are cut as
/// their format says.
///
/// ```
/// use archive::{ParseOptions, Split};
///
/// let file = b"Bridge opens\n\nIt is open.\n@@@\nFerry sails\n\nIt sails.\n";
/// let options = ParseOptions::default().split("^@@@$".parse()?);
/// assert_eq!(archive::stories(file, &options).parts.len(), 2);
/// let options = ParseOptions::default().split(Split::None);
/// assert_eq!(archive::stories(file, &options).parts.len(), 1);
/// # Ok::<(), archive::SplitError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Split {
    /// At form feeds, rules and end marks after which a story begins.
    #[default]
    Auto,
    /// Nowhere: a file is one story.
    None,
    /// At each match of a pattern.
    At(SplitPattern),
}

/// A pattern for what stands between two stories.
#[derive(Clone, Debug)]
pub struct SplitPattern(Regex);

/// A pattern that cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[error("no such pattern ({reason}); give `auto`, `none` or a regular expression")]
pub struct SplitError {
    reason: String,
}

impl PartialEq for SplitPattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for SplitPattern {}

impl SplitPattern {
    /// Returns where each story but the first begins in a text, ascending: after each match, or
    /// where the group of the match begins, if the pattern has one.
    pub(crate) fn starts(&self, text: &str) -> Vec<usize> {
        let start = |found: regex::Captures<'_>| {
            let group = found.get(1).map(|group| group.start());
            group.or_else(|| found.get(0).map(|whole| whole.end()))
        };
        let mut starts: Vec<usize> = self.0.captures_iter(text).filter_map(start).collect();
        starts.dedup();
        // What shows nothing is no story.
        starts.retain(|start| !text[..*start].trim().is_empty());
        while starts
            .last()
            .is_some_and(|last| text[*last..].trim().is_empty())
        {
            starts.pop();
        }
        starts
    }
}

impl FromStr for Split {
    type Err = SplitError;

    fn from_str(text: &str) -> Result<Self, SplitError> {
        match text {
            "auto" => return Ok(Self::Auto),
            "none" => return Ok(Self::None),
            _ => {}
        }
        let refused = |reason: String| SplitError { reason };
        let pattern = RegexBuilder::new(text)
            .multi_line(true)
            .crlf(true)
            .size_limit(PATTERN_BYTES)
            .build()
            .map_err(|error| refused(in_one_line(&error)))?;
        match pattern.is_match("") {
            true => Err(refused("it matches where nothing stands".to_owned())),
            false => Ok(Self::At(SplitPattern(pattern))),
        }
    }
}

/// Returns what is wrong with a pattern; the error shows it in several lines.
fn in_one_line(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().rev().find(|line| !line.trim().is_empty());
    last.unwrap_or_default()
        .trim_start_matches("error: ")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(pattern: &str, text: &str) -> Vec<usize> {
        match pattern.parse() {
            Ok(Split::At(pattern)) => pattern.starts(text),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_match_ends_a_story_and_a_group_begins_one() {
        assert_eq!(starts("^=+$\n", "one\n==\ntwo\n==\n"), [7]);
        assert_eq!(starts("^=+$", "one\r\n==\r\ntwo"), [7]);
        assert_eq!(starts("^(Story \\d)", "Story 1\none\nStory 2\ntwo"), [12]);
    }

    #[test]
    fn patterns_that_match_nothing_or_everything_are_refused() {
        for pattern in ["(", "x*", "", "^"] {
            let error = pattern.parse::<Split>().unwrap_err().to_string();
            assert!(error.starts_with("no such pattern ("), "{error}");
            assert!(!error.contains('\n'), "{error}");
        }
        assert_eq!("auto".parse::<Split>().unwrap(), Split::Auto);
        assert_eq!("none".parse::<Split>().unwrap(), Split::None);
    }
}
