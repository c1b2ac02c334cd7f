//! The archive, open for writing.

use super::commit::Durability;
use super::files::Files;
use super::index::{Held, Index, Making};
use super::journal::Journal;
use super::ledger::{Event, Ledger, Line};
use super::lock::WriteLock;
use super::places::Places;
use super::recover::Recovery;
use super::{ArchiveError, directory};
use std::path::{Path, PathBuf};

/// An archive directory, open for writing. Nobody else writes to it meanwhile.
#[derive(Debug)]
pub struct Archive {
    pub(super) root: PathBuf,
    pub(super) files: Files,
    pub(super) durability: Durability,
    pub(super) ledger: Ledger,
    pub(super) index: Index,
    pub(super) journal: Journal,
    pub(super) places: Places,
    /// Whether a batch was broken off, so that what is on the disk must be looked at first.
    pub(super) has_stopped: bool,
    _lock: WriteLock,
}

impl Archive {
    /// Opens the archive at `root` for writing, or makes one there if nothing is. Calls `on_wait`
    /// once if another is writing, and then waits for it. Finishes what an interruption left
    /// undone, and tells what that was.
    pub fn open(root: &Path, durability: Durability, on_wait: &dyn Fn()) -> Result<(Self, Recovery), ArchiveError> {
        Self::open_with(root, durability, on_wait, Files::default())
    }

    pub(super) fn open_with(
        root: &Path,
        durability: Durability,
        on_wait: &dyn Fn(),
        files: Files,
    ) -> Result<(Self, Recovery), ArchiveError> {
        let lock = directory::take(root, on_wait)?;
        let (ledger, cut) = Ledger::open(root, &files)?;
        let mut archive = Self {
            root: root.to_owned(),
            files,
            durability,
            ledger,
            index: Index::of(root)?,
            journal: Journal::new(root),
            places: Places::new(root),
            has_stopped: false,
            _lock: lock,
        };
        let recovery = archive.recover(cut)?;
        Ok((archive, recovery))
    }

    /// The present state of a story, as a line of the ledger.
    pub(super) fn line_of(&self, held: &Held, time: &str) -> Line {
        let Making { program, options } = self.index.making(held).clone();
        Line {
            n: 0,
            time: time.to_owned(),
            event: Event::Source,
            id: held.sha256.short(),
            sha256: held.sha256.to_string(),
            record: Some(held.record.to_string()),
            record_sha256: Some(held.record_sha256.to_string()),
            record_bytes: Some(held.record_bytes),
            path: None,
            member: None,
            program,
            options,
            note: None,
        }
    }
}

impl Drop for Archive {
    fn drop(&mut self) {
        // What was broken off is left for the next to finish. If this fails, the next finds a batch
        // that is all done.
        if !self.has_stopped && self.journal.is_there() {
            let _ = self.journal.clear(&self.files);
        }
    }
}
