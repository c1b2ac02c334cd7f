//! Texts for counting words: one row a story with `doc_id` and `text`.
//!
//! quanteda, tidytext and spaCy's readers expect these two names. The text is the body alone, its
//! paragraphs parted by empty lines, so that no headline or byline is counted.

use super::plain;
use crate::story::Story;

/// Names of the columns.
pub const COLUMNS: [&str; 2] = ["doc_id", "text"];

/// Returns a story's row, by [`COLUMNS`].
pub fn row(story: &Story) -> [String; 2] {
    [story.id.clone(), plain::body(story)]
}
