//! What stands around the quotes: words, phrases, verbs and who does what.
//!
//! [`tokens`] cuts the blocks so that each passage is one [`token`], with [`class`] and [`foreign`]
//! for what the lists say of a word; [`chunk`] finds phrases and main verbs, [`relations`] which
//! phrase is whose subject; [`story`] holds it all for one story.

mod chunk;
pub(crate) mod class;
pub(crate) mod clauses;
pub(crate) mod foreign;
mod german;
pub(crate) mod relations;
pub(crate) mod story;
pub(crate) mod token;
pub(crate) mod tokens;
