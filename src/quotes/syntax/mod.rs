//! What stands around the quotes: words, phrases, verbs and who does what.
//!
//! [`tokens`] cuts the blocks so that each passage is one [`token`], with [`class`] and [`foreign`]
//! for what the lists say of a word; [`chunk`] finds phrases and main verbs, [`relations`] which
//! phrase is whose subject; [`story`] holds it all for one story.

mod chunk;
pub mod class;
pub mod clauses;
pub mod foreign;
pub mod relations;
pub mod story;
pub mod token;
pub mod tokens;
