//! The catalog, as a writer keeps it up to date.

use crate::store::catalog::{self, Catalog, NewEntries, Rebuilt};
use crate::store::error::ArchiveError;
use std::path::{Path, PathBuf};

/// Keeps the catalog up to date with the ledger.
#[derive(Debug)]
pub(crate) struct Follower {
    root: PathBuf,
    /// `None` before it is opened, and in tests where only the records matter.
    pub catalog: Option<Catalog>,
    /// What is wrong with records that could not be read.
    pub failures: Vec<ArchiveError>,
}

impl Follower {
    /// Returns a follower that has no catalog yet.
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            catalog: None,
            failures: Vec::new(),
        }
    }

    /// Takes in the ledger lines after the catalog's position. `new_entries` need not be read back.
    pub(crate) fn follow(&mut self, new_entries: NewEntries) -> Result<(), ArchiveError> {
        if let Some(catalog) = &mut self.catalog {
            self.failures
                .extend(catalog.follow(&self.root, new_entries, |_| {})?);
        }
        Ok(())
    }

    /// Takes in the stories whose records could not be read before and can be now.
    pub(crate) fn take_in_returned(&mut self) -> Result<(), ArchiveError> {
        match &mut self.catalog {
            Some(catalog) => catalog.take_in_returned(&self.root),
            None => Ok(()),
        }
    }

    /// Takes in what people say of stories, if that is not what the catalog has.
    pub(crate) fn follow_annotations(&mut self) -> Result<(), ArchiveError> {
        match &mut self.catalog {
            Some(catalog) => catalog.follow_annotations(&self.root),
            None => Ok(()),
        }
    }

    /// Makes the catalog again from ledger and records.
    pub(crate) fn rebuild(&mut self) -> Result<Rebuilt, ArchiveError> {
        self.catalog = None;
        let rebuilt = catalog::rebuild(&self.root, |_| {})?;
        self.catalog = Some(Catalog::open_existing(&self.root)?);
        Ok(rebuilt)
    }
}
