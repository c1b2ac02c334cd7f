//! The archive, open for writing.

use crate::store::catalog::{self, Catalog, NewEntries, Rebuilt, Standing};
use crate::store::directory;
use crate::store::directory::layout::LEDGER;
use crate::store::disk::durability::{Durability, Sync};
use crate::store::disk::files::Files;
use crate::store::disk::lock::WriteLock;
use crate::store::disk::places::Places;
use crate::store::error::ArchiveError;
use crate::store::ledger::{Ledger, last_sound_line};
use crate::store::writer::commit::Committer;
use crate::store::writer::follower::Follower;
use crate::store::writer::journal::{Journal, Planned};
use crate::store::writer::known::Known;
use crate::store::writer::plan::Planner;
use crate::store::writer::recover::{Recovery, recover};
use crate::store::writer::worker::Worker;
use rustc_hash::FxHashSet;
use std::path::Path;
use std::sync::Arc;

/// An archive directory, open for writing. Nobody else writes to it meanwhile.
///
/// Three things go on at once: stories are read, here; those read before are brought in by the
/// committer; and the catalog takes in those before them.
#[derive(Debug)]
pub struct Archive {
    /// Works out what stories ask for.
    pub(crate) planner: Planner,
    pub(crate) durability: Durability,
    pub(crate) known: Known,
    pub(crate) committer: Worker<Committer>,
    /// The number that the last line of the ledger has, or will have once all that is under way is in.
    pub(crate) last_line: u64,
    /// Stories that the committer may not have put in their places yet.
    pub(crate) under_way: FxHashSet<u64>,
    /// Whether new stories that say what others say are left out.
    pub(crate) skips_near_duplicates: bool,
    pub(crate) lock: Arc<WriteLock>,
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
    pub fn open(
        root: &Path,
        durability: Durability,
        on_wait: &dyn Fn(),
    ) -> Result<Opened, ArchiveError> {
        let lock = directory::take(root, on_wait)?;
        Self::with_catalog(Self::open_locked(root, durability, Files::default(), lock)?)
    }

    /// The same, of an archive that is there, if nobody else is writing to it; none if somebody is.
    pub fn try_open(root: &Path, durability: Durability) -> Result<Option<Opened>, ArchiveError> {
        let Some(lock) = directory::try_take(root)? else {
            return Ok(None);
        };
        Self::with_catalog(Self::open_locked(root, durability, Files::default(), lock)?).map(Some)
    }

    /// The same, of an archive to which this program has the right to write.
    pub(crate) fn open_taken(
        root: &Path,
        durability: Durability,
        lock: WriteLock,
    ) -> Result<Opened, ArchiveError> {
        Self::with_catalog(Self::open_locked(root, durability, Files::default(), lock)?)
    }

    /// Makes the catalog of the archive at `root` anew, whatever state it is in, and tells also what
    /// had been left undone. `advance` is told how many more ledger lines have been taken in.
    pub fn reindex(
        root: &Path,
        on_wait: &dyn Fn(),
        advance: impl FnMut(u64),
    ) -> Result<(Recovery, Rebuilt), ArchiveError> {
        directory::recognise(root)?;
        let lock = directory::take(root, on_wait)?;
        let (_archive, recovery) =
            Self::open_locked(root, Durability::Batch, Files::default(), lock)?;
        Ok((recovery, catalog::rebuild(root, advance)?))
    }

    /// Without a catalog: for tests of failing disks, where only the records matter.
    #[cfg(test)]
    pub(crate) fn open_without_catalog(
        root: &Path,
        durability: Durability,
        files: Files,
    ) -> Result<(Self, Recovery), ArchiveError> {
        let (mut archive, recovery) =
            Self::open_locked(root, durability, files, directory::take(root, &|| {})?)?;
        archive.known = Known::of_ledger(root)?;
        Ok((archive, recovery))
    }

    /// Knows nothing yet of what is in it.
    fn open_locked(
        root: &Path,
        durability: Durability,
        files: Files,
        lock: WriteLock,
    ) -> Result<(Self, Recovery), ArchiveError> {
        let lock = Arc::new(lock);
        refuse_lost_lines(root)?;
        let (ledger, cut) = Ledger::open(root, &files)?;
        let journal = Arc::new(Journal::new(root));
        let mut committer = Committer {
            root: root.to_owned(),
            files: files.clone(),
            ledger,
            journal: journal.clone(),
            places: Places::new(root),
            follower: Worker::new(Follower::new(root)),
            lock: lock.clone(),
            has_stopped: false,
        };
        let recovery = recover(&mut committer, durability, cut)?;
        let archive = Self {
            planner: Planner {
                root: root.to_owned(),
                files,
                journal,
            },
            durability,
            known: Known::default(),
            last_line: committer.ledger.last(),
            committer: Worker::new(committer),
            under_way: FxHashSet::default(),
            skips_near_duplicates: false,
            lock,
        };
        Ok((archive, recovery))
    }

    /// Opens the catalog and brings it up to date; makes it anew if it is missing, outdated or of
    /// another ledger.
    fn with_catalog((mut archive, recovery): (Self, Recovery)) -> Result<Opened, ArchiveError> {
        let mut caught_up = CaughtUp::default();
        let opened = match Catalog::open_existing(&archive.planner.root) {
            Err(ArchiveError::CatalogMissing { .. } | ArchiveError::CatalogOutdated { .. }) => None,
            Err(error) => return Err(error),
            Ok(catalog) if catalog.standing(&archive.planner.root)? == Standing::Foreign => None,
            Ok(catalog) => Some(catalog),
        };
        if let Some(catalog) = opened {
            let mut committer = archive.committer.join()?;
            let mut follower = committer.follower.join()?;
            follower.catalog = Some(catalog);
            follower.follow(NewEntries::default())?;
            follower.take_in_returned()?;
            caught_up.failures = std::mem::take(&mut follower.failures);
            drop(follower);
            drop(committer);
            archive.known = Known::of_catalog(&archive.planner.root)?;
        } else {
            let Rebuilt { stories, failures } = archive.rebuild_catalog()?;
            caught_up = CaughtUp {
                made_anew: Some(stories),
                failures,
            };
        }
        Ok(Opened {
            archive,
            recovery,
            catalog: caught_up,
        })
    }

    /// Makes the catalog anew.
    pub(crate) fn rebuild_catalog(&mut self) -> Result<Rebuilt, ArchiveError> {
        let rebuilt = self.committer.join()?.follower.join()?.rebuild()?;
        self.known = Known::of_catalog(&self.planner.root)?;
        Ok(rebuilt)
    }

    /// Waits until all that was stored is also in the catalog, and closes the archive. Answers with the
    /// records that could not be read. Without this call the archive is as sound, but nobody is told
    /// what went wrong.
    pub fn finish(mut self) -> Result<Vec<ArchiveError>, ArchiveError> {
        let mut committer = self.committer.join()?;
        let failures = std::mem::take(&mut committer.follower.join()?.failures);
        drop(committer);
        Ok(failures)
    }

    /// Makes a batch part of the archive, after those that are under way.
    pub(crate) fn commit(&mut self, batch: &mut [Planned], sync: Sync) -> Result<(), ArchiveError> {
        let mut committer = self.committer.join()?;
        committer.commit(batch, sync)?;
        self.last_line = committer.ledger.last();
        self.known.learn(batch.iter().map(|planned| &planned.line));
        Ok(())
    }

    /// Begins to tell the catalog what was committed.
    pub(crate) fn follow(&mut self) -> Result<(), ArchiveError> {
        self.committer
            .join()?
            .follower
            .start(|follower| follower.follow(NewEntries::default()))?;
        self.known.forget()
    }
}

/// Refuses to write where the catalog knows ledger lines that the ledger has lost: it is the evidence
/// for them, and would be made again without them.
fn refuse_lost_lines(root: &Path) -> Result<(), ArchiveError> {
    let Ok(catalog) = Catalog::open_read_only(root) else {
        return Ok(());
    };
    if catalog.standing(root)? != Standing::Ahead {
        return Ok(());
    }
    Err(ArchiveError::LedgerLost {
        path: root.join(LEDGER),
        has: last_sound_line(root)?,
        known: catalog.position()?,
    })
}

impl Drop for Archive {
    fn drop(&mut self) {
        // The lock is given up when everybody is back. Whatever failed, nobody is left to be told; the
        // next opening finds it.
        let _ = self.committer.wait();
        if let Ok(mut committer) = self.committer.join() {
            let _ = committer.follower.wait();
        }
    }
}
