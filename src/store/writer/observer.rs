//! Watching work on an archive while it goes on.

use crate::store::error::ArchiveError;
use crate::store::story_id::StoryId;
use crate::story::Story;
use std::sync::Arc;

/// What came of putting a story into the archive.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// It was new.
    Stored(Arc<Story>),
    /// It was there, and its record was rewritten or moved.
    Updated(Arc<Story>),
    /// It was there, and its raw copy, which was damaged or missing, was written again.
    Mended(Arc<Story>),
    /// It was there, to the byte. No file was written; if it came from a new place, the ledger says
    /// so.
    AlreadyThere,
    /// It was left out, because the story with this id says the same.
    NearDuplicate(StoryId),
    /// It was left out, because it was removed from the archive before.
    RemovedBefore(StoryId),
}

/// Watches work on an archive while it goes on.
///
/// Every method does nothing unless it is written, and `()` watches nothing.
pub trait Observer {
    /// Another program is writing to the archive; this one waits for its turn.
    fn waiting(&mut self) {}

    /// So many more pieces of the work are done: ledger lines, records or files. `total` is how
    /// many there are, where that is known.
    fn advanced(&mut self, more: u64, total: Option<u64>) {
        let _ = (more, total);
    }

    /// A story is in the archive, as durable as was asked for, or was not wanted there. Called in
    /// the order in which stories came.
    fn committed(&mut self, outcome: Outcome) {
        let _ = outcome;
    }

    /// A story cannot be stored, and others can. `index` is its place among those given.
    fn refused(&mut self, index: usize, error: ArchiveError) {
        let _ = (index, error);
    }

    /// A story was removed from an archive that is merged into this one, where it still is.
    fn still_here(&mut self, id: StoryId) {
        let _ = id;
    }

    /// A record, given by its path below the archive, stays as it is.
    fn left(&mut self, record: &str, reason: &str) {
        let _ = (record, reason);
    }
}

impl Observer for () {}
