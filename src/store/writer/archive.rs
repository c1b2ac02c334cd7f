//! The archive, open for writing.

use crate::store::catalog::{self, Catalog, NewEntries, Rebuilt, Standing};
use crate::store::directory;
use crate::store::directory::layout::LEDGER;
#[cfg(test)]
use crate::store::disk::durability::Durability;
use crate::store::disk::durability::Sync;
use crate::store::disk::files::Files;
use crate::store::disk::lock::WriteLock;
use crate::store::disk::places::Places;
use crate::store::error::ArchiveError;
use crate::store::ledger;
use crate::store::ledger::{Ledger, last_sound_line};
use crate::store::story_id::StoryId;
use crate::store::writer::commit::Committer;
use crate::store::writer::follower::Follower;
use crate::store::writer::journal::{Journal, Planned};
use crate::store::writer::known::Known;
use crate::store::writer::observer::{Observer, Outcome};
use crate::store::writer::open::OpenOptions;
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
    pub(crate) options: OpenOptions,
    pub(crate) known: Known,
    pub(crate) committer: Worker<Committer>,
    /// The number that the last line of the ledger has, or will have once all that is under way is
    /// in.
    pub(crate) last_line: u64,
    /// Stories that the committer may not have put in their places yet.
    pub(crate) under_way: FxHashSet<StoryId>,
    /// What came of stories that were begun; to be reported once they are committed.
    pub(crate) begun: Vec<Outcome>,
    pub(crate) lock: Arc<WriteLock>,
}

/// An archive that was opened, and what that took.
#[derive(Debug)]
#[non_exhaustive]
pub struct Opened {
    /// The archive.
    pub archive: Archive,
    /// What an interruption had left undone.
    pub recovery: Recovery,
    /// What the catalog lacked.
    pub catalog: CaughtUp,
}

/// What came of making a catalog again.
#[derive(Debug)]
#[non_exhaustive]
pub struct Reindexed {
    /// What an interruption had left undone.
    pub recovery: Recovery,
    /// What is in the catalog now.
    pub catalog: Rebuilt,
}

/// What it took to make the catalog say what the ledger says.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct CaughtUp {
    /// How many stories it has, if it was missing, outdated or of another ledger and made anew.
    pub made_anew: Option<u64>,
    /// Records that could not be read and are not in it.
    pub failures: Vec<ArchiveError>,
}

impl Archive {
    /// Opens the archive at `root` for writing, or makes one there if nothing is.
    ///
    /// Waits if another program is writing to it, and tells `observer` so first. Finishes what an
    /// interruption left undone and brings the catalog up to date.
    ///
    /// # Errors
    ///
    /// If something else is at `root`, if it cannot be written to, or if the catalog is damaged.
    ///
    /// ```
    /// use archive::store::{Archive, OpenOptions};
    ///
    /// let directory = tempfile::tempdir()?;
    /// let root = directory.path().join("archive");
    /// let opened = Archive::open(&root, &OpenOptions::default(), &mut ())?;
    /// assert!(!opened.recovery.is_needed());
    /// opened.archive.finish(&mut ())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open(
        root: &Path,
        options: &OpenOptions,
        observer: &mut dyn Observer,
    ) -> Result<Opened, ArchiveError> {
        let lock = directory::take(root, &mut || observer.waiting())?;
        Self::open_taken(root, options, lock)
    }

    /// Opens the archive at `root` for writing like [`open`](Self::open), but makes none and waits
    /// for nobody. Returns `None` if another program is writing to it.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open), and if no archive is there.
    pub fn try_open(root: &Path, options: &OpenOptions) -> Result<Option<Opened>, ArchiveError> {
        let Some(lock) = directory::try_take(root)? else {
            return Ok(None);
        };
        Self::open_taken(root, options, lock).map(Some)
    }

    /// Opens an archive whose lock is held.
    pub(crate) fn open_taken(
        root: &Path,
        options: &OpenOptions,
        lock: WriteLock,
    ) -> Result<Opened, ArchiveError> {
        Self::with_catalog(Self::open_locked(root, options, Files::default(), lock)?)
    }

    /// Makes the catalog of the archive at `root` again from ledger and records, whatever state it
    /// is in. `observer` is told how many ledger lines have been taken in.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open), but for a damaged catalog.
    ///
    /// ```
    /// use archive::store::{Archive, OpenOptions};
    ///
    /// let directory = tempfile::tempdir()?;
    /// drop(Archive::open(directory.path(), &OpenOptions::default(), &mut ())?);
    /// let reindexed = Archive::reindex(directory.path(), &mut ())?;
    /// assert_eq!(reindexed.catalog.stories, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reindex(root: &Path, observer: &mut dyn Observer) -> Result<Reindexed, ArchiveError> {
        directory::recognise(root)?;
        let lock = directory::take(root, &mut || observer.waiting())?;
        let options = OpenOptions::default();
        let (_archive, recovery) = Self::open_locked(root, &options, Files::default(), lock)?;
        let catalog = catalog::rebuild(root, |lines| observer.advanced(lines, None))?;
        Ok(Reindexed { recovery, catalog })
    }

    /// Opens an archive without its catalog: for tests of failing disks, where only the records
    /// matter.
    #[cfg(test)]
    pub(crate) fn open_without_catalog(
        root: &Path,
        durability: Durability,
        files: Files,
    ) -> Result<(Self, Recovery), ArchiveError> {
        let options = OpenOptions::default().durability(durability);
        let lock = directory::take(root, &mut || {})?;
        let (mut archive, recovery) = Self::open_locked(root, &options, files, lock)?;
        archive.known = Known::of_ledger(root)?;
        Ok((archive, recovery))
    }

    /// Opens an archive that knows nothing yet of what is in it.
    fn open_locked(
        root: &Path,
        options: &OpenOptions,
        files: Files,
        lock: WriteLock,
    ) -> Result<(Self, Recovery), ArchiveError> {
        let options = *options;
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
        let recovery = recover(&mut committer, options.durability, cut)?;
        let archive = Self {
            planner: Planner {
                root: root.to_owned(),
                files,
                journal,
            },
            options,
            known: Known::default(),
            last_line: committer.ledger.last(),
            committer: Worker::new(committer),
            under_way: FxHashSet::default(),
            begun: Vec::new(),
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
            follower.follow_annotations()?;
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

    /// Waits until all that was given is in the archive and in the catalog, and closes the archive.
    /// Returns what is wrong with records that could not be read.
    ///
    /// An archive that is dropped instead is as sound, but nobody is told what went wrong.
    ///
    /// # Errors
    ///
    /// If stories cannot be written, or the catalog cannot follow; the stories are stored then.
    pub fn finish(
        mut self,
        observer: &mut dyn Observer,
    ) -> Result<Vec<ArchiveError>, ArchiveError> {
        self.wait(observer)?;
        let mut committer = self.committer.join()?;
        let failures = std::mem::take(&mut committer.follower.join()?.failures);
        drop(committer);
        Ok(failures)
    }

    /// Waits until all that was given is in the archive, as durable as was asked for.
    ///
    /// # Errors
    ///
    /// If it cannot be written; `observer` is not told of stories of which that is so.
    pub fn wait(&mut self, observer: &mut dyn Observer) -> Result<(), ArchiveError> {
        self.settle()?;
        self.report_committed(observer);
        Ok(())
    }

    /// Tells of the stories that are committed by now.
    pub(crate) fn report_committed(&mut self, observer: &mut dyn Observer) {
        for outcome in self.begun.drain(..) {
            observer.committed(outcome);
        }
    }

    /// Waits until nothing is on its way to the disk any more.
    pub(crate) fn settle(&mut self) -> Result<(), ArchiveError> {
        self.under_way.clear();
        self.committer.wait()
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

/// Refuses to write where the catalog knows ledger lines that the ledger has lost: it is the
/// evidence for them, and would be made again without them.
fn refuse_lost_lines(root: &Path) -> Result<(), ArchiveError> {
    let Ok(catalog) = Catalog::open_read_only(root) else {
        return Ok(());
    };
    let is_lost = match catalog.standing(root)? {
        Standing::Current | Standing::Behind => false,
        Standing::Ahead => true,
        // Of another ledger, or of this one before somebody changed it.
        Standing::Foreign => {
            let mut is_damaged = false;
            ledger::check(root, false, |_| is_damaged = true)?;
            is_damaged
        }
    };
    if !is_lost {
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
        // The lock is given up when everybody is back. Whatever failed, nobody is left to be told;
        // the next opening finds it.
        let _ = self.committer.wait();
        if let Ok(mut committer) = self.committer.join() {
            let _ = committer.follower.wait();
        }
    }
}
