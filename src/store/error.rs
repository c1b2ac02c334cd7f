//! What can go wrong in the archive directory, and what to do about it.

use crate::store::story_id::StoryId;
use crate::story_error::StoryError;
use std::io;
use std::path::PathBuf;

/// A failure of the archive directory. Each message names the path, what failed, and a remedy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// Something else lives there.
    #[error("{}: is not an archive (it holds files but no archive.json); give an empty or a new \
             directory", path.display())]
    NotAnArchive {
        /// The directory.
        path: PathBuf,
    },
    /// A file stands where the directory should be.
    #[error("{}: is not a directory; give the directory of an archive, or an empty or a new one \
             to `archive ingest`", path.display())]
    NotADirectory {
        /// What stands there.
        path: PathBuf,
    },
    /// There is no archive to read.
    #[error("{}: no archive is there (no archive.json); give its directory with --archive or \
             ARCHIVE_DIR, or make one with `archive ingest`", path.display())]
    Missing {
        /// The directory.
        path: PathBuf,
    },
    /// `archive.json` is gone, and the rest is there.
    #[error("{}: is missing, but a ledger and stories are there; `archive verify --repair` writes \
             it again", path.display())]
    ManifestMissing {
        /// The file.
        path: PathBuf,
    },
    /// The catalog has taken in lines that the ledger does not have any more.
    #[error("{}: has lost lines, or some were changed: it ends with line {has}, and the catalog \
             knows line {known}; nothing was written. Restore the ledger from a backup, or let \
             `archive verify --repair` restore what the catalog can prove", path.display())]
    LedgerLost {
        /// The ledger.
        path: PathBuf,
        /// The last line that it has.
        has: u64,
        /// The last line that the catalog has taken in.
        known: u64,
    },
    /// A part of the archive leads out of it.
    #[error("{}: is a symbolic link, and an archive keeps its files below its own directory; put \
             what it leads to in its place", path.display())]
    Link {
        /// The link.
        path: PathBuf,
    },
    /// `archive.json` is not what this program or a later one writes.
    #[error("{}: cannot be understood ({reason}); restore it from a backup, or let `archive \
             verify --repair` write it again", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The directory was written by another version of the program.
    #[error("{}: the archive has format `{found}` and this program knows `{known}`; use the \
             program that made it, or put the stories of its raw directory into a new archive: \
             `archive ingest --archive NEW RAW`", path.display())]
    UnknownFormat {
        /// The file that says so.
        path: PathBuf,
        /// What it says.
        found: String,
        /// What this program writes.
        known: &'static str,
    },
    /// Two stories whose hashes begin alike.
    #[error("{}: holds another story with the same id; it stays, and the new story is not stored: \
             keep that one elsewhere", path.display())]
    IdTaken {
        /// The record that has the id.
        path: PathBuf,
    },
    /// The lock file was deleted or replaced under the hands of whoever holds it.
    #[error("{}: was deleted or replaced while this program was writing, so that another may be \
             writing, too; nothing more was stored: leave that file alone, and run the command \
             again", path.display())]
    LockLost {
        /// The lock file.
        path: PathBuf,
    },
    /// An archive was to be merged with itself.
    #[error("{}: is the archive itself; give another one", path.display())]
    MergedWithItself {
        /// The archive.
        path: PathBuf,
    },
    /// Another writer has added to the ledger, so that these lines would not follow the last one.
    #[error("{}: another program has added to it meanwhile; nothing more was stored: run the \
             command again", path.display())]
    LedgerGrown {
        /// The ledger's last file.
        path: PathBuf,
    },
    /// Something stands where the archive keeps a file or a directory of its own.
    #[error("{}: something else stands there, where the archive has a file or directory of its \
             own; move it elsewhere and run the command again", path.display())]
    InTheWay {
        /// What stands there.
        path: PathBuf,
    },
    /// A failure before this one left the archive in need of recovery, which opening it does.
    #[error("{}: an earlier failure stopped the writing; run the command again", path.display())]
    Stopped {
        /// The directory.
        path: PathBuf,
    },
    /// The story was removed.
    #[error("{id}: was removed on {day}{}; nothing of it is left but its \
             hash", because(reason.as_deref()))]
    WasRemoved {
        /// The story.
        id: StoryId,
        /// The day, `YYYY-MM-DD`.
        day: String,
        /// Why, as the ledger has it.
        reason: Option<String>,
    },
    /// Words cannot be taken out of a story.
    #[error("{id}: nothing was taken out: {reason}")]
    Unredactable {
        /// The story.
        id: StoryId,
        /// Why, and what to do.
        reason: String,
    },
    /// A story that has no record.
    #[error(transparent)]
    Story(#[from] StoryError),
    /// The system refused to let something be read.
    #[error("{}: cannot be read ({source}); {}", path.display(), remedy(source))]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The system refused to let something be written.
    #[error("{}: cannot be written ({source}); {}", path.display(), remedy(source))]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The catalog is not there.
    #[error("{}: the catalog is missing; make it from the records with `archive \
             reindex`", path.display())]
    CatalogMissing {
        /// The catalog.
        path: PathBuf,
    },
    /// The catalog has the tables of another version of the program.
    #[error("{}: the catalog was made by another version of archive; make it again with `archive \
             reindex`", path.display())]
    CatalogOutdated {
        /// The catalog.
        path: PathBuf,
    },
    /// The catalog is not a sound database.
    #[error("{}: the catalog is damaged ({reason}); make it again from the records with `archive \
             reindex`", path.display())]
    CatalogDamaged {
        /// The catalog.
        path: PathBuf,
        /// What the database says.
        reason: String,
    },
    /// Another program has been writing to the catalog for too long.
    #[error("{}: another program is writing to the catalog; run it again when that has \
             ended", path.display())]
    CatalogBusy {
        /// The catalog.
        path: PathBuf,
    },
    /// A record cannot be read as one.
    #[error("{}: cannot be read as a record ({reason}); restore it from a backup, or ingest its \
             raw copy again", path.display())]
    BadRecord {
        /// The record.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A raw copy's bytes are not those that its name promises.
    #[error("{}: its bytes are not those that its name promises; restore it from a \
             backup", path.display())]
    RawChanged {
        /// The raw copy.
        path: PathBuf,
    },
    /// No story has such an id.
    #[error("no story has an id that begins with `{prefix}`; {}", meant(.near))]
    UnknownId {
        /// What was asked for.
        prefix: String,
        /// Ids that begin so but for a slip.
        near: Vec<StoryId>,
    },
    /// Several stories have such an id.
    #[error("several stories have an id that begins with `{prefix}`; give more digits: \
             {}", candidates.join(", "))]
    AmbiguousId {
        /// What was asked for.
        prefix: String,
        /// The first few ids that begin so, each with its headline; the last may be `…`.
        candidates: Vec<String>,
    },
    /// That is no part of an id.
    #[error("`{given}` is not an id; give 4 to 64 hex digits, as `archive list` shows them")]
    BadId {
        /// What was asked for.
        given: String,
    },
}

impl ArchiveError {
    /// Returns the same again, of an error that concerns one story: for the same story given twice.
    pub(crate) fn of_one_story_again(&self) -> Self {
        match self {
            Self::IdTaken { path } => Self::IdTaken { path: path.clone() },
            Self::Story(error) => Self::Story(error.clone()),
            Self::InTheWay { path } => Self::InTheWay { path: path.clone() },
            // No other error is one story's.
            _ => Self::Stopped {
                path: PathBuf::new(),
            },
        }
    }

    /// Returns whether only the one story is concerned, so that others may well succeed.
    pub fn is_about_one_story(&self) -> bool {
        matches!(
            self,
            Self::IdTaken { .. } | Self::Story(_) | Self::InTheWay { .. }
        )
    }
}

/// Returns what to do about an id that no story has.
fn meant(near: &[StoryId]) -> String {
    if near.is_empty() {
        return "`archive list` shows the ids".to_owned();
    }
    let near: Vec<String> = near.iter().map(|id| format!("`{id}`")).collect();
    format!("did you mean {}?", near.join(" or "))
}

fn because(reason: Option<&str>) -> String {
    reason
        .map(|reason| format!(" ({reason})"))
        .unwrap_or_default()
}

fn remedy(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::PermissionDenied => "give a directory that you may read and write",
        io::ErrorKind::ReadOnlyFilesystem => "give a directory on a disk that can be written",
        io::ErrorKind::InvalidInput => {
            "`archive verify` tells what is wrong, and `archive verify --repair` mends what it can"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "make room on the disk and run it again"
        }
        _ => "check the disk and run it again: what is stored stays stored",
    }
}
