//! Where stories come from: files, folders and standard input, one source at a time.
//!
//! [`Sources`] turns what the user named into single [`Source`]s, always in the same order and
//! without opening any of them, so that a tree of any size takes no memory; each is read when its
//! turn comes. Only regular files are read: a pipe, socket or device could block forever. Nothing
//! here looks at the bytes, which are the parser's business, further than to tell what is no text at
//! all (`foreign`). No source stops the ones behind it: every failure is an [`InputError`] in its
//! place in the order.

mod error;
mod files;
mod foreign;

pub use error::InputError;
pub use files::{FILE_BYTES, Source, Sources};
pub use foreign::Foreign;
