//! The archive, open for writing.

use super::catalog::{self, Catalog, Rebuilt, Standing};
use super::commit::Durability;
use super::files::Files;
use super::follower::Follower;
use super::index::{Held, Making};
use super::journal::Journal;
use super::known::Known;
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
    pub(super) known: Known,
    pub(super) journal: Journal,
    pub(super) places: Places,
    pub(super) follower: Follower,
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
    /// How many stories it has, if it was missing, outdated or of another ledger and made anew.
    pub made_anew: Option<u64>,
    /// Records that could not be read and are not in it.
    pub failures: Vec<ArchiveError>,
}

impl Archive {
    /// Opens the archive at `root` for writing, or makes one there if nothing is. Calls `on_wait`
    /// once if another is writing, and then waits for it. Finishes what an interruption left
    /// undone, brings the catalog up to date, and tells what that took.
    pub fn open(root: &Path, durability: Durability, on_wait: &dyn Fn()) -> Result<Opened, ArchiveError> {
        let lock = directory::take(root, on_wait)?;
        Self::with_catalog(Self::open_locked(root, durability, Files::default(), lock)?)
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
        let lock = directory::take(root, on_wait)?;
        let (_archive, recovery) = Self::open_locked(root, Durability::Batch, Files::default(), lock)?;
        Ok((recovery, catalog::rebuild(root, advance)?))
    }

    /// Without a catalog: for tests of failing disks, where only the records matter.
    #[cfg(test)]
    pub(super) fn open_without_catalog(root: &Path, durability: Durability, files: Files) -> Result<(Self, Recovery), ArchiveError> {
        let (mut archive, recovery) = Self::open_locked(root, durability, files, directory::take(root, &|| {})?)?;
        archive.known = Known::of_ledger(root)?;
        Ok((archive, recovery))
    }

    /// Knows nothing yet of what is in it.
    fn open_locked(root: &Path, durability: Durability, files: Files, lock: WriteLock) -> Result<(Self, Recovery), ArchiveError> {
        let (ledger, cut) = Ledger::open(root, &files)?;
        let mut archive = Self {
            root: root.to_owned(),
            files,
            durability,
            ledger,
            known: Known::default(),
            journal: Journal::new(root),
            places: Places::new(root),
            follower: Follower::new(root, None),
            skips_near_duplicates: false,
            has_stopped: false,
            _lock: lock,
        };
        let recovery = archive.recover(cut)?;
        Ok((archive, recovery))
    }

    /// Opens the catalog and brings it up to date; makes it anew if it is missing, outdated or of
    /// another ledger.
    fn with_catalog((mut archive, recovery): (Self, Recovery)) -> Result<Opened, ArchiveError> {
        let mut caught_up = CaughtUp::default();
        let opened = match Catalog::open_existing(&archive.root) {
            Err(ArchiveError::CatalogMissing { .. } | ArchiveError::CatalogOutdated { .. }) => None,
            Err(error) => return Err(error),
            Ok(catalog) if catalog.standing(&archive.root)? == Standing::Foreign => None,
            Ok(catalog) => Some(catalog),
        };
        if let Some(catalog) = opened {
            archive.follower = Follower::new(&archive.root, Some(catalog));
            archive.follower.catch_up()?;
            archive.known = Known::of_catalog(&archive.root)?;
            caught_up.failures = archive.follower.failures();
        } else {
            let Rebuilt { stories, failures } = archive.remake_catalog()?;
            caught_up = CaughtUp { made_anew: Some(stories), failures };
        }
        Ok(Opened { archive, recovery, catalog: caught_up })
    }

    /// Makes the catalog anew.
    pub(super) fn remake_catalog(&mut self) -> Result<Rebuilt, ArchiveError> {
        let rebuilt = self.follower.remake()?;
        self.known = Known::of_catalog(&self.root)?;
        Ok(rebuilt)
    }

    /// Waits until the catalog has all that was stored, and answers with the records that could not
    /// be read. The archive is sound without this; its catalog is then brought up to date by whoever
    /// opens it next.
    pub fn finish(mut self) -> Result<Vec<ArchiveError>, ArchiveError> {
        self.follower.wait()?;
        Ok(self.follower.failures())
    }

    /// The present state of a story, as a line of the ledger.
    pub(super) fn line_of(&self, held: &Held, time: &str) -> Line {
        let Making { program, options } = Making::clone(&held.making);
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
            check: String::new(),
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
