//! The catalog, kept true to the ledger on a thread of its own while the next stories are read.

use super::ArchiveError;
use super::catalog::{self, Catalog, Fresh, Rebuilt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};

/// Whoever writes to the catalog.
#[derive(Debug)]
pub(super) struct Follower {
    root: PathBuf,
    /// None while the thread has it, and where only the records matter. In a mutex because all cores
    /// share the archive while stories are planned; nobody ever waits for it.
    catalog: Mutex<Option<Catalog>>,
    running: Option<JoinHandle<Followed>>,
    /// Records that could not be read.
    failures: Vec<ArchiveError>,
}

type Followed = (Catalog, Result<Vec<ArchiveError>, ArchiveError>);

impl Follower {
    /// Keeps this catalog of the archive at `root`, or none.
    pub fn new(root: &Path, catalog: Option<Catalog>) -> Self {
        Self { root: root.to_owned(), catalog: Mutex::new(catalog), running: None, failures: Vec::new() }
    }

    /// Lets the catalog take in what the ledger says, and returns at once. Waits until it is done
    /// with what it was told before, so that never more than two batches are under way.
    pub fn start(&mut self, fresh: Fresh) -> Result<(), ArchiveError> {
        self.wait()?;
        let Some(mut catalog) = self.here().take() else { return Ok(()) };
        let root = self.root.clone();
        self.running = Some(thread::spawn(move || {
            let followed = catalog.follow(&root, fresh, |_| {});
            (catalog, followed)
        }));
        Ok(())
    }

    /// Waits until the catalog has taken in what it was told.
    pub fn wait(&mut self) -> Result<(), ArchiveError> {
        let Some(running) = self.running.take() else { return Ok(()) };
        let (catalog, followed) = running.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        *self.here() = Some(catalog);
        self.failures.extend(followed?);
        Ok(())
    }

    /// Lets the catalog take in what the ledger says, and waits for that.
    pub fn catch_up(&mut self) -> Result<(), ArchiveError> {
        self.start(Fresh::default())?;
        self.wait()
    }

    /// What is wrong with records that could not be read since this was last asked.
    pub fn failures(&mut self) -> Vec<ArchiveError> {
        std::mem::take(&mut self.failures)
    }

    /// The catalog, which has taken in what it was told; none if there is none.
    pub fn catalog(&mut self) -> Result<Option<&Catalog>, ArchiveError> {
        self.wait()?;
        Ok(self.here().as_ref())
    }

    fn here(&mut self) -> &mut Option<Catalog> {
        self.catalog.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the catalog anew.
    pub fn remake(&mut self) -> Result<Rebuilt, ArchiveError> {
        // Whatever went wrong with the old one is over.
        let _ = self.wait();
        *self.here() = None;
        let rebuilt = catalog::rebuild(&self.root, |_| {})?;
        *self.here() = Some(Catalog::open_existing(&self.root)?);
        Ok(rebuilt)
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        // Nobody is left to be told; the next opening tries again.
        let _ = self.wait();
    }
}
