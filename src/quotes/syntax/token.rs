//! Words, numbers, marks and quoted passages: what the other files of this room read.

use super::class::{Class, Verb};
use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A word, with its inner apostrophes, hyphens and points.
    Word,
    /// Digits, with what stands inside a number.
    Number,
    /// `,`
    Comma,
    /// `.`, `!`, `?`, `…` and the end of a block.
    Stop,
    /// `:`
    Colon,
    /// `;` and dashes.
    Break,
    /// `(`, `[`
    Open,
    /// `)`, `]`
    Close,
    /// A quoted passage; its index in the story's list.
    Quote(u32),
    /// Any other visible character.
    Other,
}

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// No letter decides.
    None,
    /// `word`
    Lower,
    /// `Word`
    Capital,
    /// `WORD`, of two letters at least.
    Upper,
}

/// One token of a story.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// Its place in its block's text, in bytes; a possessive `'s` is left out, an `n't` is not.
    pub start: u32,
    /// One past its end.
    pub end: u32,
    /// Which block.
    pub block: u32,
    /// Which sentence, counted through the story.
    pub sentence: u32,
    /// What it is.
    pub kind: Kind,
    /// How it is written.
    pub shape: Shape,
    /// Whether a possessive ending follows.
    pub owner: bool,
    /// Whether it ends in a plural's `s`.
    pub plural: bool,
    /// Whether it begins its sentence.
    pub first: bool,
    /// What the lists say of it.
    pub class: Class,
}

impl Token {
    /// Returns its place in its block.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Returns its letters.
    pub fn text<'a>(&self, block: &'a str) -> &'a str {
        &block[self.range()]
    }

    /// Returns whether it is written as names are and is no small word.
    pub fn is_capital(&self) -> bool {
        self.kind == Kind::Word && matches!(self.shape, Shape::Capital | Shape::Upper)
    }

    /// Returns whether it is a verb of speech, or may be one.
    pub fn reports(&self) -> bool {
        self.class.verb.is_some_and(Verb::reports)
    }
}
