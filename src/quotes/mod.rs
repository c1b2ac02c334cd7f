//! Quotes: the passages between quotation marks.
//!
//! [`marks`] pairs the marks of one block. Who said a passage is decided elsewhere, from what this
//! folder finds; here every passage gets its place and a first guess at its kind.

pub mod marks;

pub use marks::passages;
