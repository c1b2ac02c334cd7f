//! A batch becomes part of the archive.
//!
//! In this order, so that whatever happens in between can be finished or undone from what is on the
//! disk: files are written in `unfinished/` and listed there; synced; moved into place, raw copies
//! first; the directories are synced; the lines are added to the ledger and synced. Only then has
//! anything been stored.

use crate::store::catalog::{Fresh, Ready};
use crate::store::directory::layout::raw_path;
use crate::store::disk::files::Files;
use crate::store::disk::lock::WriteLock;
use crate::store::disk::places::Places;
use crate::store::error::ArchiveError;
use crate::store::ledger::Ledger;
use crate::store::writer::archive::Archive;
use crate::store::writer::follower::Follower;
use crate::store::writer::journal::{Journal, Planned};
use crate::store::writer::worker::Aside;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How much of what is written must outlive a power cut, and when. The death of the process alone
/// loses nothing that was reported, whatever is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// The system writes when it likes: a power cut can lose or damage what was reported as stored.
    None,
    /// Thousands of stories at a time are made durable and then reported.
    #[default]
    Batch,
    /// Each story by itself is made durable and then reported; some ten times slower.
    Story,
}

/// Up to this many files are synced one by one (4 ms each where 2,000 with one call took 0.25 s), and
/// more with one call for the whole file system, which also waits for what other programs have written.
const FEW: usize = 8;

/// How one batch is made durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sync {
    Nothing,
    Each,
    Everything,
}

impl Sync {
    /// The way for a batch of so many files.
    pub fn of(durability: Durability, files: usize) -> Self {
        match durability {
            Durability::None => Self::Nothing,
            Durability::Batch if files > FEW && cfg!(target_os = "linux") => Self::Everything,
            Durability::Batch | Durability::Story => Self::Each,
        }
    }

    /// Whether each file is to be synced when it is written.
    pub fn is_each(self) -> bool {
        self == Self::Each
    }
}

/// Who brings batches in.
#[derive(Debug)]
pub(crate) struct Committer {
    pub root: PathBuf,
    pub files: Files,
    pub ledger: Ledger,
    pub journal: Arc<Journal>,
    pub places: Places,
    /// Tells the catalog, which may be a batch behind.
    pub follower: Aside<Follower>,
    /// The right to write, looked at before every batch.
    pub lock: Arc<WriteLock>,
    /// Whether a batch was broken off, so that what is on the disk must be looked at first.
    pub has_stopped: bool,
}

/// What is to become part of the archive at once.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub planned: Vec<Planned>,
    /// For each of them what the catalog will say of it, if it brings a record.
    pub ready: Vec<Option<Ready>>,
}

impl Committer {
    /// Makes a batch part of the archive, and begins to tell the catalog.
    pub fn bring(&mut self, mut batch: Batch, sync: Sync) -> Result<(), ArchiveError> {
        self.commit(&mut batch.planned, sync)?;
        let fresh = batch
            .planned
            .iter()
            .zip(batch.ready)
            .filter_map(|(planned, ready)| Some((planned.line.n, ready?)))
            .collect();
        self.follower.start(move |follower| follower.follow(fresh))
    }

    /// Makes a batch part of the archive. When this returns, all of it is; if it fails, the archive
    /// takes nothing more until it is opened anew, which finishes the batch or drops it. The lines get
    /// their numbers. The catalog learns nothing of it yet.
    pub fn commit(&mut self, batch: &mut [Planned], sync: Sync) -> Result<(), ArchiveError> {
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

impl Archive {
    /// Makes a batch part of the archive, after those that are under way.
    pub(crate) fn commit(&mut self, batch: &mut [Planned], sync: Sync) -> Result<(), ArchiveError> {
        let mut committer = self.committer.back()?;
        committer.commit(batch, sync)?;
        self.last_line = committer.ledger.last();
        self.known.learn(batch.iter().map(|planned| &planned.line));
        Ok(())
    }

    /// Begins to tell the catalog what was committed.
    pub(crate) fn follow(&mut self) -> Result<(), ArchiveError> {
        self.committer
            .back()?
            .follower
            .start(|follower| follower.follow(Fresh::default()))?;
        self.known.forget()
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
        let path = places.ready(&raw_path(&planned.line.sha256), files)?;
        files.rename(&unfinished(raw), &path)?;
    }
    if let (Some(name), Some(record)) = (&planned.record, &planned.line.record) {
        let path = places.ready(record, files)?;
        files.rename(&unfinished(name), &path)?;
    }
    if let Some(old) = &planned.remove {
        places.remove(old, files)?;
    }
    Ok(())
}

/// Syncs all that was written, by whomever; where the system cannot, the directories.
pub(crate) fn sync_everything(
    files: &Files,
    root: &Path,
    places: &mut Places,
) -> Result<(), ArchiveError> {
    #[cfg(target_os = "linux")]
    {
        places.forget();
        files.sync_everything(root)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = root;
        places.sync(files)
    }
}
