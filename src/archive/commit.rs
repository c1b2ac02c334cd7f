//! A batch becomes part of the archive.
//!
//! In this order, so that whatever happens in between can be finished or undone from what is on the
//! disk: files are written in `unfinished/` and listed there; synced; moved into place, raw copies
//! first; the directories are synced; the lines are added to the ledger and synced. Only then has
//! anything been stored.

use super::files::Files;
use super::journal::Planned;
use super::layout::raw_path;
use super::store::Archive;
use super::{ArchiveError, places::Places};
use std::path::Path;

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

/// Up to this many files are synced one by one (4 ms each where 2,000 with one call took 0.25 s), and more with one call for the whole file system,
/// which also waits for what other programs have written there.
const FEW: usize = 8;

/// How one batch is made durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sync {
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

impl Archive {
    /// Makes a batch part of the archive. When this returns, all of it is; if it fails, the archive
    /// takes nothing more until it is opened anew, which finishes the batch or drops it. The lines get
    /// their numbers. The catalog learns nothing of it yet.
    pub(super) fn commit(&mut self, batch: &mut [Planned], sync: Sync) -> Result<(), ArchiveError> {
        if self.has_stopped {
            return Err(ArchiveError::Stopped { path: self.root.clone() });
        }
        if batch.is_empty() {
            return Ok(());
        }
        let sealed = self.ledger.seal(batch.iter_mut().map(|planned| &mut planned.line))?;
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
                place(planned, &mut self.places, &self.files, |name| self.journal.path(name))?;
            }
            match sync {
                Sync::Nothing => self.places.forget(),
                Sync::Each => self.places.sync(&self.files)?,
                Sync::Everything => sync_everything(&self.files, &self.root, &mut self.places)?,
            }
        }
        self.has_stopped = true;
        self.ledger.append(sealed, &self.files, sync != Sync::Nothing)?;
        self.has_stopped = false;
        self.known.learn(batch.iter().map(|planned| &planned.line));
        Ok(())
    }
}

/// Moves the files of one story into place: the raw copy first, so that no record is ever without
/// its evidence; the record that is superseded goes last.
pub(super) fn place(
    planned: &Planned,
    places: &mut Places,
    files: &Files,
    unfinished: impl Fn(&str) -> std::path::PathBuf,
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
pub(super) fn sync_everything(files: &Files, root: &Path, places: &mut Places) -> Result<(), ArchiveError> {
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
