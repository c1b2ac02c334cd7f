//! The record as JSON: on one line for programs, indented for people.
//!
//! Both forms are canonical: keys stand in the order of [`crate::story`], no key is left out, and
//! the same record gives the same bytes. Each ends with one line feed, and `line` has no other, so
//! that its output concatenates to JSON Lines.

use crate::story::Story;
use std::io::{self, Write};

/// Writes the record on one line.
///
/// # Errors
///
/// Those of `out`.
pub fn line(story: &Story, mut out: impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut out, story)?;
    out.write_all(b"\n")
}

/// Writes the record indented by two spaces.
///
/// # Errors
///
/// Those of `out`.
pub fn pretty(story: &Story, mut out: impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut out, story)?;
    out.write_all(b"\n")
}
