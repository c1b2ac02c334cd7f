//! How an archive is opened.

use crate::store::disk::durability::Durability;

/// What becomes of a new story that says what another story says, word for word or nearly so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NearDuplicates {
    /// It is stored, and linked to the other one.
    #[default]
    Keep,
    /// It is left out, and the ledger says so. Of several that come, the first one stays, so that
    /// what is stored depends on the order.
    Skip,
}

/// What becomes of a story that comes again after it was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RemovedStories {
    /// It is left out.
    #[default]
    LeaveOut,
    /// It is stored like any other.
    TakeIn,
}

/// How an archive is opened for writing.
///
/// ```
/// use archive::store::{Durability, NearDuplicates, OpenOptions};
///
/// let options = OpenOptions::default()
///     .durability(Durability::Story)
///     .near_duplicates(NearDuplicates::Skip);
/// # let _ = options;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpenOptions {
    /// What a power cut may take of what was reported as stored.
    pub durability: Durability,
    /// What becomes of near duplicates.
    pub near_duplicates: NearDuplicates,
    /// What becomes of stories that were removed before.
    pub removed: RemovedStories,
}

impl OpenOptions {
    /// Sets what a power cut may take of what was reported as stored.
    #[must_use]
    pub fn durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }

    /// Sets what becomes of new stories that say what another one says.
    #[must_use]
    pub fn near_duplicates(mut self, near_duplicates: NearDuplicates) -> Self {
        self.near_duplicates = near_duplicates;
        self
    }

    /// Sets what becomes of stories that come again after they were removed.
    #[must_use]
    pub fn removed(mut self, removed: RemovedStories) -> Self {
        self.removed = removed;
        self
    }
}
