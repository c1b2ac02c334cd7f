//! A quoted passage of one block.

use crate::story::QuoteKind;
use std::ops::Range;

/// A passage between marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The words with their marks, in bytes of the block's text.
    pub outer: Range<usize>,
    /// The words, marks excluded.
    pub range: Range<usize>,
    /// How the words are used, as far as they show it themselves.
    pub kind: QuoteKind,
    /// Whether its closing mark stands in the block.
    pub closed: bool,
}
