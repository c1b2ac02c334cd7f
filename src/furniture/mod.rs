//! Furniture: what a newsroom puts around a story, and which line of the copy is what.
//!
//! Clean copy comes in, the parts of a story go out. The stations, in order: [`units`] joins
//! hard-wrapped lines; [`features`] looks at every unit, with the help of the [`readers`] of one
//! line; [`labels`] weighs what they saw and picks the best sequence; [`fields`] reads the parts
//! off the labelled units. A rule that cannot be said as a feature, a weight or an arc is in the
//! wrong place.

pub(crate) mod features;
pub(crate) mod fields;
pub(crate) mod given;
pub(crate) mod labelled;
pub(crate) mod labels;
pub(crate) mod parts;
pub(crate) mod pieces;
pub(crate) mod readers;
pub(crate) mod several;
mod tokens;
pub(crate) mod units;

pub use labelled::label;
pub(crate) use labelled::{Labelled, label_given, label_with};
