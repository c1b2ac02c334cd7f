//! The archive, open for writing.

use super::catalog::{self, Catalog, Rebuilt};
use super::commit::Durability;
use super::files::Files;
use super::index::{Held, Index, Making};
use super::journal::Journal;
use super::ledger::{Event, Ledger, Line};
use super::lock::WriteLock;
use super::places::Places;
use super::recover::Recovery;
use super::{ArchiveError, directory};
use crate::Story;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

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
    /// None where only the records matter: in tests of failing disks, and while it is made anew. In a
    /// mutex because all cores share the archive while stories are planned; nobody ever waits for it.
    catalog: Mutex<Option<Catalog>>,
    /// Whether new stories that say what others say are left out.
    pub(super) skips_near_duplicates: bool,
    /// Whether a batch was broken off, so that what is on the disk must be looked at first.
    pub(super) has_stopped: bool,
    _lock: WriteLock,
}

/// An archive that was opened, and what that took.
#[derive(Debug)]
pub struct Opened {
    /// The archive.
    pub archive: Archive,
    /// What an interruption had left undone.
    pub recovery: Recovery,
    /// What the catalog lacked.
    pub catalog: CaughtUp,
}

/// What it took to make the catalog say what the ledger says.
#[derive(Debug, Default)]
pub struct CaughtUp {
    /// How many stories it has, if it was missing or outdated and made anew.
    pub made_anew: Option<u64>,
    /// Records that could not be read and are not in it.
    pub failures: Vec<ArchiveError>,
}

impl Archive {
    /// Opens the archive at `root` for writing, or makes one there if nothing is. Calls `on_wait`
    /// once if another is writing, and then waits for it. Finishes what an interruption left
    /// undone, brings the catalog up to date, and tells what that took.
    pub fn open(root: &Path, durability: Durability, on_wait: &dyn Fn()) -> Result<Opened, ArchiveError> {
        Self::with_catalog(Self::open_with(root, durability, on_wait, Files::default())?)
    }

    /// The same, of an archive that is there, if nobody else is writing to it; none if somebody is.
    pub fn try_open(root: &Path, durability: Durability) -> Result<Option<Opened>, ArchiveError> {
        let Some(lock) = directory::try_take(root)? else { return Ok(None) };
        Self::with_catalog(Self::open_locked(root, durability, Files::default(), lock)?).map(Some)
    }

    /// Makes the catalog of the archive at `root` anew, whatever state it is in, and tells also what
    /// had been left undone. `advance` is told how many more ledger lines have been taken in.
    pub fn reindex(root: &Path, on_wait: &dyn Fn(), advance: impl FnMut(u64)) -> Result<(Recovery, Rebuilt), ArchiveError> {
        directory::recognise(root)?;
        let (_archive, recovery) = Self::open_with(root, Durability::Batch, on_wait, Files::default())?;
        Ok((recovery, catalog::rebuild(root, advance)?))
    }

    /// Without a catalog.
    pub(super) fn open_with(
        root: &Path,
        durability: Durability,
        on_wait: &dyn Fn(),
        files: Files,
    ) -> Result<(Self, Recovery), ArchiveError> {
        let lock = directory::take(root, on_wait)?;
        Self::open_locked(root, durability, files, lock)
    }

    fn open_locked(root: &Path, durability: Durability, files: Files, lock: WriteLock) -> Result<(Self, Recovery), ArchiveError> {
        let (ledger, cut) = Ledger::open(root, &files)?;
        let mut archive = Self {
            root: root.to_owned(),
            files,
            durability,
            ledger,
            index: Index::of(root)?,
            journal: Journal::new(root),
            places: Places::new(root),
            catalog: Mutex::new(None),
            skips_near_duplicates: false,
            has_stopped: false,
            _lock: lock,
        };
        let recovery = archive.recover(cut)?;
        Ok((archive, recovery))
    }

    /// Opens the catalog and brings it up to date; makes it anew if it is missing or outdated.
    fn with_catalog((mut archive, recovery): (Self, Recovery)) -> Result<Opened, ArchiveError> {
        let mut caught_up = CaughtUp::default();
        match Catalog::open_existing(&archive.root) {
            Err(ArchiveError::CatalogMissing { .. } | ArchiveError::CatalogOutdated { .. }) => {
                let Rebuilt { stories, failures } = archive.remake_catalog()?;
                caught_up = CaughtUp { made_anew: Some(stories), failures };
            }
            opened => {
                archive.catalog = Mutex::new(Some(opened?));
                caught_up.failures = archive.catch_up()?;
            }
        }
        Ok(Opened { archive, recovery, catalog: caught_up })
    }

    /// Makes the catalog anew.
    pub(super) fn remake_catalog(&mut self) -> Result<Rebuilt, ArchiveError> {
        let catalog = self.catalog.get_mut().unwrap_or_else(PoisonError::into_inner);
        *catalog = None;
        let rebuilt = catalog::rebuild(&self.root, |_| {})?;
        *catalog = Some(Catalog::open_existing(&self.root)?);
        Ok(rebuilt)
    }

    /// The id of a story in the archive that says what `story` says; none if none does.
    pub(super) fn duplicate_of(&self, story: &Story) -> Result<Option<String>, ArchiveError> {
        let catalog = self.catalog.lock().unwrap_or_else(PoisonError::into_inner);
        catalog.as_ref().map_or(Ok(None), |catalog| catalog.duplicate_of(story))
    }

    /// Tells the catalog what the ledger has that it has not. Answers with the records that could not be read.
    pub(super) fn catch_up(&mut self) -> Result<Vec<ArchiveError>, ArchiveError> {
        let catalog = self.catalog.get_mut().unwrap_or_else(PoisonError::into_inner);
        catalog.as_mut().map_or(Ok(Vec::new()), |catalog| catalog.follow(&self.root, |_| {}))
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
