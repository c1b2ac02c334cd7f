//! The archive directory: every story once, its record readable, its bytes untouched.
//!
//! ```text
//! DIR/archive.json                                  what this directory is, and the number of its format
//! DIR/records/2020/11/21/<slug>-<id>.json           one record a story, two-space JSON and a line feed
//! DIR/records/undated/<slug>-<id>.json              where neither dateline nor text gives a full date
//! DIR/raw/1f/3a/<sha256>                            the story's bytes as they came, named by their hash
//! DIR/catalog.sqlite                                what the records say, made from them, to be asked
//! ```
//!
//! What it promises today: a file is whole or absent ([`write_whole`]: temporary file beside it,
//! synced, renamed); the raw copy is in place before its record and is never deleted; the same
//! stories give the same tree byte for byte, whatever they were called and however often they are
//! put; a story whose reading changed has one record, the newer.
//!
//! What it does not promise yet: that two programs may write at once (the later one to open takes
//! the other's temporary files for leftovers, and the other then reports failures); that a rename
//! outlives a power cut at once (directories are not synced); where the bytes came from, and which
//! file a story of a collection stood in (no ledger); that damage is noticed (no audit).
//!
//! `layout` says where things belong, `store` puts them there, `write` is the one way to write and
//! `read` to read. [`catalog`] answers questions, which are put in the language of [`query`].

pub mod catalog;
mod error;
pub mod kin;
mod layout;
pub mod query;
mod read;
mod store;
mod write;

pub use error::ArchiveError;
pub use layout::{Entry, slug};
pub use read::{CopyError, check, copy_raw, record, record_bytes};
pub use store::{Archive, Put};
pub use write::write_whole;
