//! Writing a single file whole or not at all, for those that are written once. Stories go through
//! `journal` and `commit`.

use crate::store::error::ArchiveError;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// How the names of unfinished files begin; a crash may leave some behind.
pub(crate) const TEMPORARY: &str = ".archive-tmp-";

/// Writes `bytes` to `path`, creating its directories. Whoever looks sees the old file or the new
/// one, never part of it; the process may die at any point and leave at most a temporary file.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), ArchiveError> {
    try_write(path, bytes).map_err(|source| ArchiveError::Write {
        path: path.to_owned(),
        source,
    })
}

fn try_write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // Same directory, because a rename is atomic only within one file system.
    let directory = path.parent().ok_or(io::ErrorKind::InvalidFilename)?;
    fs::create_dir_all(directory)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    // Others may read an archive as far as the user's umask lets them, as with any file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(directory)?;
    file.write_all(bytes)?;
    file.flush()?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Returns whether a file of this name was never finished.
pub(crate) fn is_temporary(file_name: &std::ffi::OsStr) -> bool {
    file_name
        .as_encoded_bytes()
        .starts_with(TEMPORARY.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_are_made_and_nothing_else_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b/c.json");
        write_whole(&path, b"one").unwrap();
        write_whole(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_failure_leaves_nothing_and_names_the_path() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("taken");
        fs::create_dir_all(path.join("inside")).unwrap();
        let error = write_whole(&path, b"one").unwrap_err().to_string();
        assert!(error.contains("taken"), "{error}");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn the_umask_decides_who_may_read() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let ours = dir.path().join("ours");
        let usual = dir.path().join("usual");
        write_whole(&ours, b"").unwrap();
        fs::write(&usual, b"").unwrap();
        let mode = |path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(ours), mode(usual));
    }
}
