//! What must outlive a power cut, and how that is done.

use crate::store::disk::files::Files;
use crate::store::disk::places::Places;
use crate::store::error::ArchiveError;
use std::path::Path;

/// How much of what is written must outlive a power cut, and when.
///
/// The death of the process alone loses nothing that was reported, whatever is chosen.
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

/// Up to this many files are synced one by one (4 ms each where 2,000 with one call took 0.25 s),
/// and more with one call for the whole file system, which also waits for what other programs have
/// written.
const FEW: usize = 8;

/// How one batch is made durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sync {
    Nothing,
    Each,
    Everything,
}

impl Sync {
    /// Returns the way for a batch of so many files.
    pub(crate) fn of(durability: Durability, files: usize) -> Self {
        match durability {
            Durability::None => Self::Nothing,
            Durability::Batch if files > FEW && cfg!(target_os = "linux") => Self::Everything,
            Durability::Batch | Durability::Story => Self::Each,
        }
    }

    /// Returns whether each file is to be synced when it is written.
    pub(crate) fn is_each(self) -> bool {
        self == Self::Each
    }
}

/// Syncs all that was written, by whatever program; where the system cannot, the directories.
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
