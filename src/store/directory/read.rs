//! Reading from an archive: the two files of a story.

use crate::regular::{self, Links};
use crate::store::directory::fixity::Fixity;
use crate::store::directory::layout::raw_path;
use crate::store::error::ArchiveError;
use crate::story::Story;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

/// More than any record has: a story's text escaped, with a span for every word. What is larger is
/// damaged, and may be endless.
pub(crate) const RECORD_BYTES: u64 = 512 << 20;

/// Returns the bytes of a record, given its path below the archive directory.
///
/// # Errors
///
/// If the file is missing, cannot be read, is larger than any record, or is reached through a
/// symbolic link.
pub fn record_bytes(root: &Path, record: &str) -> Result<Vec<u8>, ArchiveError> {
    let path = below(root, record)?;
    let mut bytes = Vec::new();
    let read = regular::open(&path, Links::Refused)
        .and_then(|file| file.take(RECORD_BYTES + 1).read_to_end(&mut bytes));
    if let Err(source) = read {
        return Err(ArchiveError::Read { path, source });
    }
    if bytes.len() as u64 > RECORD_BYTES {
        let reason = format!("it is larger than {} MiB", RECORD_BYTES >> 20);
        return Err(ArchiveError::BadRecord { path, reason });
    }
    Ok(bytes)
}

/// Returns a record, given its path below the archive directory.
///
/// # Errors
///
/// If the file cannot be read, or is no record that this program understands.
pub fn record(root: &Path, record: &str) -> Result<Story, ArchiveError> {
    let bytes = record_bytes(root, record)?;
    serde_json::from_slice(&bytes).map_err(|error| ArchiveError::BadRecord {
        path: root.join(record),
        reason: error.to_string(),
    })
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
///
/// # Errors
///
/// If the raw copy cannot be read, if its bytes are not those that were stored, and those of
/// `out`.
pub fn copy_raw(root: &Path, sha256: &str, mut out: impl Write) -> Result<(), CopyError> {
    let path = below(root, &raw_path(sha256))?;
    let unreadable = |source| ArchiveError::Read {
        path: path.clone(),
        source,
    };
    let mut file = regular::open(&path, Links::Refused).map_err(unreadable)?;
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
    if Fixity::from(hash).to_string() == sha256 {
        Ok(())
    } else {
        Err(ArchiveError::RawChanged { path }.into())
    }
}

/// Returns a path below `root`: neither a catalog that somebody wrote to nor a link may lead out of
/// the archive.
fn below(root: &Path, path: &str) -> Result<PathBuf, ArchiveError> {
    let inner = Path::new(path);
    if inner
        .components()
        .all(|part| matches!(part, Component::Normal(_)))
        && !path.is_empty()
    {
        let mut place = root.to_owned();
        for part in inner.components() {
            place.push(part);
            if fs::symlink_metadata(&place).is_ok_and(|found| found.is_symlink()) {
                return Err(ArchiveError::Link { path: place });
            }
        }
        return Ok(place);
    }
    let source = io::Error::new(
        io::ErrorKind::InvalidInput,
        "the catalog leads out of the archive",
    );
    Err(ArchiveError::Read {
        path: inner.to_owned(),
        source,
    })
}
