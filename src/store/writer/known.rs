//! What the archive holds, as a writer needs to know it. The catalog answers for the lines that it
//! has taken in, and an index in memory for the lines after them, so memory does not grow with the
//! archive.
//!
//! When the archive is opened, the catalog is checked to end where the ledger does. What it says of
//! files is compared with the files.

use crate::store::catalog::Catalog;
use crate::store::directory::fixity::Fixity;
use crate::store::error::ArchiveError;
use crate::store::ledger::Line;
use crate::store::ledger::index::{Index, StoredRecord, source};
use crate::store::story_id::StoryId;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The two halves of what is known.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// What the catalog has not taken in yet, batch by batch, or has no rows for; the newest last.
    recent: VecDeque<Index>,
    /// Stories of the catalog that were removed; some may be there again.
    removed: FxHashSet<StoryId>,
    /// A second connection to the catalog; `None` where the ledger is all there is. All cores share
    /// it while stories are planned, so it is in a mutex.
    catalog: Option<Mutex<Catalog>>,
}

impl Known {
    /// From the ledger alone, all in memory: for tests of failing disks.
    #[cfg(test)]
    pub(crate) fn of_ledger(root: &Path) -> Result<Self, ArchiveError> {
        Ok(Self {
            recent: [Index::of(root)?].into(),
            removed: FxHashSet::default(),
            catalog: None,
        })
    }

    /// From the ledger alone, of these stories.
    pub(crate) fn of_these(root: &Path, ids: &FxHashSet<StoryId>) -> Result<Self, ArchiveError> {
        Ok(Self {
            recent: [Index::of_these(root, ids)?].into(),
            removed: FxHashSet::default(),
            catalog: None,
        })
    }

    /// From the catalog, which must have taken in all that the ledger says.
    pub(crate) fn of_catalog(root: &Path) -> Result<Self, ArchiveError> {
        let catalog = Catalog::open_read_only(root)?;
        let recent = match catalog.unread()? {
            ids if ids.is_empty() => VecDeque::new(),
            ids => [Index::of_these(root, &ids)?].into(),
        };
        Ok(Self {
            recent,
            removed: catalog.removed()?,
            catalog: Some(Mutex::new(catalog)),
        })
    }

    fn catalog(&self) -> Option<MutexGuard<'_, Catalog>> {
        self.catalog
            .as_ref()
            .map(|catalog| catalog.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Learns the lines of a batch.
    pub(crate) fn learn<'l>(&mut self, lines: impl Iterator<Item = &'l Line>) {
        // Without a catalog nothing is ever forgotten, so one index will do.
        if self.catalog.is_some() || self.recent.is_empty() {
            self.recent.push_back(Index::default());
        }
        if let Some(index) = self.recent.back_mut() {
            lines.for_each(|line| index.apply(line));
        }
    }

    /// Forgets what the catalog has taken in by now.
    pub(crate) fn forget(&mut self) -> Result<(), ArchiveError> {
        let Some(catalog) = self.catalog().filter(|_| !self.recent.is_empty()) else {
            return Ok(());
        };
        let (position, unread) = (catalog.position()?, catalog.unread()?);
        let has_it = |index: &Index| {
            index.position() <= position && index.stories().all(|(id, _)| !unread.contains(&id))
        };
        drop(catalog);
        self.recent.retain(|index| !has_it(index));
        Ok(())
    }

    /// Returns the story with this id.
    pub(crate) fn stored(&self, id: StoryId) -> Result<Option<StoredRecord>, ArchiveError> {
        Ok(self.stored_all(&[id])?.remove(&id))
    }

    /// Returns those of these stories that are in the archive.
    pub(crate) fn stored_all(
        &self,
        ids: &[StoryId],
    ) -> Result<FxHashMap<StoryId, StoredRecord>, ArchiveError> {
        let mut stored = FxHashMap::default();
        let recent = |id: &StoryId| self.recent.iter().rev().find_map(|index| index.stored(*id));
        let (known, others): (Vec<_>, Vec<_>) = ids.iter().partition(|id| recent(id).is_some());
        stored.extend(
            known
                .into_iter()
                .filter_map(|id: StoryId| recent(&id).map(|found| (id, found.clone()))),
        );
        if let Some(catalog) = self.catalog() {
            catalog.stored(others, |id, found| {
                stored.insert(id, found);
            })?;
        }
        Ok(stored)
    }

    /// Returns whether the story was removed once. It may have been taken in again since.
    pub(crate) fn was_removed(&self, id: StoryId) -> bool {
        self.removed.contains(&id) || self.recent.iter().any(|index| index.was_removed(id))
    }

    /// Returns whether these bytes are known to have come from this place.
    pub(crate) fn has_source(
        &self,
        sha256: Fixity,
        path: Option<&str>,
        member: Option<&str>,
    ) -> Result<bool, ArchiveError> {
        let place = source(sha256, path, member);
        if self.recent.iter().any(|index| index.has_place(place)) {
            return Ok(true);
        }
        self.catalog().map_or(Ok(false), |catalog| {
            catalog.has_source(sha256, path, member)
        })
    }

    /// Returns all ids, in order: eight bytes each.
    pub(crate) fn ids(&self) -> Result<Vec<StoryId>, ArchiveError> {
        let mut ids: Vec<StoryId> = self
            .recent
            .iter()
            .flat_map(Index::stories)
            .map(|(id, _)| id)
            .collect();
        if let Some(catalog) = self.catalog() {
            catalog.each_id(|id| ids.push(id))?;
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }
}
