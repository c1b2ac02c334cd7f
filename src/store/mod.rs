//! The archive directory: every story once, its record readable, its bytes untouched.
//!
//! ```text
//! DIR/archive.json                                  what this directory is, and the number of its format
//! DIR/README.txt                                    the same for people
//! DIR/records/2020/11/21/<slug>-<id>.json           one record a story, two-space JSON and a line feed
//! DIR/records/undated/<slug>-<id>.json              where neither dateline nor text gives a full date
//! DIR/raw/1f/<sha256>                               the story's bytes as they came, named by their hash
//! DIR/catalog.sqlite                                what the records say, made from them, to be asked
//! DIR/ledger/000001.jsonl                           what was stored when, from where; only added to
//! DIR/lock                                          empty; locked by whoever writes
//! DIR/unfinished/                                   files on their way in; gone when nobody writes
//! ```
//!
//! What it promises: a file in `records/` or `raw/` is whole or absent, at any instruction and after
//! a power cut; the raw copy is in place before its record and is never deleted; a story is
//! reported as stored once its ledger line is as durable as was asked for; the same stories give the same
//! `records/` and `raw/` byte for byte, whatever they were called, in any order, however often they
//! are put; a story whose reading changed has one record, the newer; nothing is written outside.
//!
//! From the bottom up: `fixity` hashes, `layout` says where things belong, `files` is every change
//! to the disk, `lock` lets one write at a time, `ledger` is the list of what happened, `index` what
//! some of it adds up to, `directory` recognises an archive or makes one, `journal` and `places` hold
//! files on their way and the directories they go to. [`catalog`] follows the ledger and answers
//! questions, which are put in the language of [`query`]; [`kin`] tells which stories belong together;
//! `follower` keeps the catalog true, and `known` asks it and the ledger what is there. `commit` brings
//! a batch in, `recover` finishes one that was interrupted, `store` is the archive open for writing,
//! `plan` works out what a story asks of it, `ingest` puts stories in, `rebuild` makes records anew,
//! `audit` tells whether all of this is true. `read` reads one story.
//!
//! Stories flow through three threads' hands (`aside`): they are planned by whoever calls, with all
//! cores; committed; and taken in by the catalog. Each hand waits for the next, so that no more than
//! three batches are in memory.

mod aside;
mod audit;
pub mod catalog;
mod commit;
mod directory;
mod error;
#[cfg(test)]
mod fault_tests;
mod files;
mod fixity;
mod follower;
mod index;
mod ingest;
mod journal;
pub mod kin;
mod known;
mod layout;
pub mod ledger;
mod lock;
mod places;
mod plan;
pub mod query;
mod read;
mod rebuild;
mod recover;
mod store;
mod write;

pub use audit::{Audit, Code, Counts, Finding, repair, verify};
pub use commit::Durability;
pub use directory::recognise;
pub use error::ArchiveError;
pub use fixity::Fixity;
pub use ingest::{Incoming, Ingested, Outcome};
pub use layout::{Entry, slug};
pub use read::{CopyError, copy_raw, record, record_bytes};
pub use rebuild::{Changes, rebuild};
pub use recover::Recovery;
pub use store::{Archive, CaughtUp, Opened};
pub use write::write_whole;

/// The program as ledgers and manifests name it.
pub const PROGRAM: &str = concat!("archive ", env!("CARGO_PKG_VERSION"));

/// The time, RFC 3339 in UTC, to the second.
fn now() -> String {
    chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}
