//! Reading from an archive: the two files of a story.

use super::layout::raw_path;
use super::{ArchiveError, Fixity};
use crate::Story;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

/// The bytes of a record, given its path below the archive directory.
pub fn record_bytes(root: &Path, record: &str) -> Result<Vec<u8>, ArchiveError> {
    let path = below(root, record)?;
    fs::read(&path).map_err(|source| ArchiveError::Read { path, source })
}

/// A record, given its path below the archive directory.
pub fn record(root: &Path, record: &str) -> Result<Story, ArchiveError> {
    let bytes = record_bytes(root, record)?;
    serde_json::from_slice(&bytes).map_err(|error| ArchiveError::BadRecord { path: root.join(record), reason: error.to_string() })
}

/// What can go wrong when bytes go from the archive to somewhere else.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The archive's side.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The other side.
    #[error(transparent)]
    Output(#[from] io::Error),
}

/// Copies a story's raw bytes to `out`, then fails if they are not those that were stored.
pub fn copy_raw(root: &Path, sha256: &str, mut out: impl Write) -> Result<(), CopyError> {
    let path = below(root, &raw_path(sha256))?;
    let unreadable = |source| ArchiveError::Read { path: path.clone(), source };
    let mut file = File::open(&path).map_err(unreadable)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let length = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(unreadable(error).into()),
        };
        let bytes = buffer.get(..length).unwrap_or_default();
        hash.update(bytes);
        out.write_all(bytes)?;
    }
    out.flush()?;
    if Fixity::from(hash).to_string() == sha256 { Ok(()) } else { Err(ArchiveError::RawChanged { path }.into()) }
}

/// A path below `root`: a catalog that somebody wrote to must not lead out of the archive.
fn below(root: &Path, path: &str) -> Result<PathBuf, ArchiveError> {
    let inner = Path::new(path);
    if inner.components().all(|part| matches!(part, Component::Normal(_))) && !path.is_empty() {
        return Ok(root.join(inner));
    }
    let source = io::Error::new(io::ErrorKind::InvalidInput, "the catalog leads out of the archive");
    Err(ArchiveError::Read { path: inner.to_owned(), source })
}
