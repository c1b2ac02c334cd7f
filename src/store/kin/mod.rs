//! Stories that belong together: the same text in another wrapping, and the versions of one story.
//!
//! [`Sketch`] is a story's fingerprint: a MinHash of its body, so that how much two bodies have in
//! common is read off sixty-four numbers; `mark` makes numbers of words. [`Features`] is all that
//! kinship is judged by, [`keys`] are what kin are looked up by (two kin share at least one key, or
//! nobody compares them), and [`kinship`] is the judgement. Nothing here depends on which story
//! came first.
//!
//! Kinship is the catalog's business alone. A record never mentions another story: records must not
//! depend on the company in which stories arrive.

mod judge;
mod mark;
mod sketch;

pub(super) use judge::{Features, Kinship, keys, kinship};
