//! The directories of records and raw copies: made when needed, and never a way out of the archive.

use crate::store::disk::files::{Files, is_directory_itself};
use crate::store::error::ArchiveError;
use rustc_hash::FxHashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Directories that are known to be real ones, and those whose names wait to be synced.
#[derive(Debug)]
pub(crate) struct Places {
    root: PathBuf,
    known: FxHashSet<String>,
    touched: FxHashSet<PathBuf>,
}

impl Places {
    /// Returns the places below `root`.
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            known: FxHashSet::default(),
            touched: FxHashSet::default(),
        }
    }

    /// Returns the full path of a file of the archive, whose directory is there and real when this
    /// returns.
    pub(crate) fn prepare(&mut self, file: &str, files: &Files) -> Result<PathBuf, ArchiveError> {
        if let Some((directory, _)) = file.rsplit_once('/') {
            self.make(directory, files)?;
            self.touched.insert(self.root.join(directory));
        }
        Ok(self.root.join(file))
    }

    fn make(&mut self, directory: &str, files: &Files) -> Result<(), ArchiveError> {
        if self.known.contains(directory) {
            return Ok(());
        }
        let above = match directory.rsplit_once('/') {
            Some((above, _)) => {
                self.make(above, files)?;
                self.root.join(above)
            }
            None => self.root.clone(),
        };
        let path = self.root.join(directory);
        if files.make_directory(&path)? {
            self.touched.insert(above);
        } else if !is_directory_itself(&path) {
            return Err(if path.is_symlink() {
                ArchiveError::Link { path }
            } else {
                ArchiveError::InTheWay { path }
            });
        }
        self.known.insert(directory.to_owned());
        Ok(())
    }

    /// Removes a file of the archive, and the directories that it leaves empty, up to the topmost.
    pub(crate) fn remove(&mut self, file: &str, files: &Files) -> Result<(), ArchiveError> {
        let path = self.prepare(file, files)?;
        files.remove(&path)?;
        let mut directory = file;
        while let Some((above, _)) = directory
            .rsplit_once('/')
            .filter(|(above, _)| above.contains('/'))
        {
            // Fails at the first one that still holds something, which is the end of it.
            if !files.remove_empty(&self.root.join(above)) {
                break;
            }
            self.known.remove(above);
            self.touched.remove(&self.root.join(above));
            directory = above;
        }
        if let Some((above, _)) = directory.rsplit_once('/') {
            self.touched.insert(self.root.join(above));
        }
        Ok(())
    }

    /// Syncs the directories in which names were made or removed, one by one.
    pub(crate) fn sync(&mut self, files: &Files) -> Result<(), ArchiveError> {
        self.touched
            .drain()
            .try_for_each(|directory| files.sync_directory(&directory))
    }

    /// Forgets which directories wait to be synced.
    pub(crate) fn forget(&mut self) {
        self.touched.clear();
    }
}

/// Returns whether a directory is there, itself and not by a link; an error if something else is.
pub(crate) fn is_directory(path: &Path) -> Result<bool, ArchiveError> {
    let path = || path.to_owned();
    match fs::symlink_metadata(path()) {
        Ok(found) if found.is_dir() => Ok(true),
        Ok(found) if found.is_symlink() => Err(ArchiveError::Link { path: path() }),
        Ok(_) => Err(ArchiveError::Write {
            path: path(),
            source: io::ErrorKind::NotADirectory.into(),
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(ArchiveError::Read {
            path: path(),
            source,
        }),
    }
}
