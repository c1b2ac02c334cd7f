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
//! DIR/annotations.jsonl                             tags, notes, collections, verdicts; only added to
//! DIR/lock                                          empty; locked by whoever writes
//! DIR/unfinished/                                   files on their way in; gone when nobody writes
//! DIR/evidence/                                     what a repair has replaced; only added to
//! ```
//!
//! What it promises: a file in `records/` or `raw/` is whole or absent, at any instruction and
//! after a power cut; the raw copy is in place before its record and goes only with its story, when
//! somebody removes it; a story is reported as stored once its ledger line is as durable as was
//! asked for; the same stories give the same `records/` and `raw/` byte for byte, whatever they
//! were called, in any order, however often they are put; a story whose reading changed has one
//! record, the newer; nothing is written outside.
//!
//! From the bottom up: `disk` is every change of the disk, `directory` is where things belong and
//! what their bytes hash to, [`ledger`] is the list of what happened, `kin` tells which stories
//! belong together, [`query`] is the search language, [`annotations`] is what people say of
//! stories, [`catalog`] follows the ledger and answers questions, `writer` puts stories in, and
//! `audit` checks and repairs. Each uses only those before it.
//!
//! Ingest runs in three stages, each on its own thread: parse, commit (sync and rename), update the
//! catalog. Each stage waits for the next, so that no more than three batches are in memory.

pub mod annotations;
mod audit;
pub mod catalog;
mod directory;
mod disk;
mod error;
mod kin;
pub mod ledger;
mod program;
pub mod query;
mod story_id;
mod writer;

pub use audit::{Audit, AuditEvent, Code, Counts, Finding, repair, verify};
pub use directory::fixity::Fixity;
pub use directory::layout::slug;
pub use directory::read::{CopyError, copy_raw, record, record_bytes};
pub use directory::recognise;
pub use disk::durability::Durability;
pub use error::ArchiveError;
pub use program::PROGRAM;
pub use story_id::{StoryId, StoryIdError};
pub use writer::archive::{Archive, CaughtUp, Opened, Reindexed};
pub use writer::merge::Merged;
pub use writer::observer::{Observer, Outcome};
pub use writer::open::{NearDuplicates, OpenOptions, RemovedStories};
pub use writer::plan::Incoming;
pub use writer::rebuild::Changes;
pub use writer::recover::Recovery;
pub use writer::redact::Redacted;
pub use writer::remove::Removed;
