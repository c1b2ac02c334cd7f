//! A place in a story's blocks.

use super::syntax::token::Token;
use std::ops::{Range, RangeInclusive};

/// A stretch of one block: its index, and bytes of its text.
///
/// Whoever makes one from tokens goes through [`Place::of`], so that a place never begins in one
/// block and ends in another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    block: usize,
    range: Range<usize>,
}

impl Place {
    /// Returns the bytes `range` of block `block`.
    pub(crate) fn new(block: usize, range: Range<usize>) -> Self {
        Self { block, range }
    }

    /// From the start of the first token to the end of the last. Tokens outside the first one's
    /// block are cut off.
    pub fn of(tokens: &[Token], stretch: RangeInclusive<usize>) -> Self {
        let first = &tokens[*stretch.start()];
        let last = tokens
            .get(stretch)
            .unwrap_or_default()
            .iter()
            .rev()
            .find(|token| token.block == first.block)
            .unwrap_or(first);
        Self {
            block: first.block as usize,
            range: first.start as usize..last.end as usize,
        }
    }

    /// Returns which block.
    pub fn block(&self) -> usize {
        self.block
    }

    /// Returns its bytes in the block.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }
}
