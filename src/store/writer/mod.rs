//! Writing to the archive: plan → journal → commit → follow.
//!
//! `archive` is the archive open for writing, `open` has the options for that, and `observer` is
//! told how the work goes. `plan` decides what a story asks of the archive, `journal` holds files
//! on their way, `commit` brings a batch in, and `follower` keeps the catalog up to date. `ingest`
//! puts stories in, `merge` takes them from another archive, `rebuild` makes their records again,
//! `remove` takes stories out and `redact` words, `removal` does what that asks of the files, and
//! `recover` finishes what was interrupted. `known` answers what the archive holds; `worker` runs a
//! task on its own thread.

mod annotate;
pub(crate) mod archive;
pub(crate) mod commit;
#[cfg(test)]
mod fault_tests;
pub(crate) mod follower;
pub(crate) mod ingest;
pub(crate) mod journal;
pub(crate) mod known;
pub(crate) mod merge;
pub(crate) mod observer;
pub(crate) mod open;
pub(crate) mod plan;
pub(crate) mod rebuild;
pub(crate) mod recover;
pub(crate) mod redact;
pub(crate) mod removal;
pub(crate) mod remove;
pub(crate) mod worker;
