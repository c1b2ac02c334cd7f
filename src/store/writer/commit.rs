//! Committing: a batch becomes part of the archive.
//!
//! The order is fixed, so that whatever happens in between can be finished or undone from what is
//! on the disk:
//!
//! 1. files are written to `unfinished/`, listed there, and synced;
//! 2. they are moved into place, raw copies first, and the directories are synced;
//! 3. the lines are added to the ledger and synced. Only now is anything stored.

use crate::store::catalog::CatalogEntry;
use crate::store::directory::layout::raw_path;
use crate::store::disk::durability::{Sync, sync_everything};
use crate::store::disk::files::Files;
use crate::store::disk::lock::WriteLock;
use crate::store::disk::places::Places;
use crate::store::error::ArchiveError;
use crate::store::ledger::Ledger;
use crate::store::writer::follower::Follower;
use crate::store::writer::journal::{Journal, Planned};
use crate::store::writer::worker::Worker;
use std::path::PathBuf;
use std::sync::Arc;

/// Commits batches, one after the other.
#[derive(Debug)]
pub(crate) struct Committer {
    pub root: PathBuf,
    pub files: Files,
    pub ledger: Ledger,
    pub journal: Arc<Journal>,
    pub places: Places,
    /// Updates the catalog, which may be a batch behind.
    pub follower: Worker<Follower>,
    /// The right to write, looked at before every batch.
    pub lock: Arc<WriteLock>,
    /// Whether a batch was broken off, so that recovery must run before anything else is written.
    pub has_stopped: bool,
}

/// What is committed together.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub planned: Vec<Planned>,
    /// For each of them what the catalog will say of it, if it brings a record.
    pub entries: Vec<Option<CatalogEntry>>,
}

impl Committer {
    /// Makes a batch part of the archive, and begins to tell the catalog.
    pub(crate) fn bring(&mut self, mut batch: Batch, sync: Sync) -> Result<(), ArchiveError> {
        self.commit(&mut batch.planned, sync)?;
        let new_entries = batch
            .planned
            .iter()
            .zip(batch.entries)
            .filter_map(|(planned, entry)| Some((planned.line.n, entry?)))
            .collect();
        self.follower
            .start(move |follower| follower.follow(new_entries))
    }

    /// Makes a batch part of the archive. When this returns, all of it is; if it fails, the archive
    /// takes nothing more until it is opened anew, which finishes the batch or drops it. The lines
    /// get their numbers. The catalog learns nothing of it yet.
    pub(crate) fn commit(&mut self, batch: &mut [Planned], sync: Sync) -> Result<(), ArchiveError> {
        let committed = self.try_commit(batch, sync);
        // If another writes, too, that is why files are missing and not where they should be.
        committed.map_err(|error| self.lock.check().err().unwrap_or(error))
    }

    fn try_commit(&mut self, batch: &mut [Planned], sync: Sync) -> Result<(), ArchiveError> {
        if self.has_stopped {
            return Err(ArchiveError::Stopped {
                path: self.root.clone(),
            });
        }
        if batch.is_empty() {
            return Ok(());
        }
        self.lock.check()?;
        let sealed = self
            .ledger
            .seal(batch.iter_mut().map(|planned| &mut planned.line))?;
        if batch.iter().any(Planned::has_files) {
            self.journal.begin(&self.files, sync.is_each())?;
            self.journal.list(batch, &self.files, sync.is_each())?;
            match sync {
                Sync::Nothing => {}
                Sync::Each => self.files.sync_directory(self.journal.directory())?,
                Sync::Everything => sync_everything(&self.files, &self.root, &mut self.places)?,
            }
            self.has_stopped = true;
            for planned in &*batch {
                place(planned, &mut self.places, &self.files, |name| {
                    self.journal.path(name)
                })?;
            }
            match sync {
                Sync::Nothing => self.places.forget(),
                Sync::Each => self.places.sync(&self.files)?,
                Sync::Everything => sync_everything(&self.files, &self.root, &mut self.places)?,
            }
        }
        self.has_stopped = true;
        // Without it another may have added lines, and these would not follow them.
        self.lock.check()?;
        self.ledger
            .append(sealed, &self.files, sync != Sync::Nothing)?;
        self.has_stopped = false;
        Ok(())
    }
}

impl Drop for Committer {
    fn drop(&mut self) {
        // What was broken off is left for the next to finish. If this fails, the next finds a batch
        // that is all done.
        if !self.has_stopped && self.journal.is_there() {
            let _ = self.journal.clear_own(&self.files);
        }
    }
}

/// Moves the files of one story into place: the raw copy first, so that no record is ever without
/// its evidence; the record that is superseded goes last.
pub(crate) fn place(
    planned: &Planned,
    places: &mut Places,
    files: &Files,
    unfinished: impl Fn(&str) -> PathBuf,
) -> Result<(), ArchiveError> {
    if let Some(raw) = &planned.raw {
        let path = places.prepare(&raw_path(&planned.line.sha256), files)?;
        files.rename(&unfinished(raw), &path)?;
    }
    if let (Some(name), Some(record)) = (&planned.record, &planned.line.record) {
        let path = places.prepare(record, files)?;
        files.rename(&unfinished(name), &path)?;
    }
    if let Some(old) = &planned.remove {
        places.remove(old, files)?;
    }
    Ok(())
}
