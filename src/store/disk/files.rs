//! Every change that the store makes to the disk, one function each, so that tests can make any
//! one of them fail.

use crate::store::error::ArchiveError;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// The file system, as far as the store writes to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files {
    #[cfg(test)]
    pub faults: Option<std::sync::Arc<Faults>>,
    /// What was done, in order, for tests of what a power cut would leave.
    #[cfg(test)]
    pub done: Option<std::sync::Arc<std::sync::Mutex<Vec<Done>>>>,
}

/// One change to the disk.
#[cfg(test)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    Made(std::path::PathBuf),
    Written(std::path::PathBuf),
    Synced(std::path::PathBuf),
    Renamed(std::path::PathBuf, std::path::PathBuf),
    DirectorySynced(std::path::PathBuf),
    EverythingSynced,
}

impl Files {
    /// Makes a directory; whether it was not there before.
    pub(crate) fn make_directory(&self, path: &Path) -> Result<bool, ArchiveError> {
        match self.gate().and_then(|()| fs::create_dir(path)) {
            Ok(()) => {
                #[cfg(test)]
                self.note(Done::Made(path.to_owned()));
                Ok(true)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(source) => Err(ArchiveError::Write {
                path: path.to_owned(),
                source,
            }),
        }
    }

    /// Writes a file that must not exist yet, and syncs it if asked to.
    pub(crate) fn write_new(
        &self,
        path: &Path,
        bytes: &[u8],
        sync: bool,
    ) -> Result<(), ArchiveError> {
        let write = || {
            let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
            self.write_and_sync(path, &mut file, bytes, sync)
        };
        write().map_err(|source| {
            let path = path.to_owned();
            if source.kind() == io::ErrorKind::AlreadyExists && is_directory_itself(&path) {
                ArchiveError::InTheWay { path }
            } else {
                ArchiveError::Write { path, source }
            }
        })
    }

    /// Writes a file anew, over whatever it held, and syncs it if asked to.
    pub(crate) fn write_over(
        &self,
        path: &Path,
        bytes: &[u8],
        sync: bool,
    ) -> Result<(), ArchiveError> {
        let write = || {
            let mut file = File::create(path)?;
            self.write_and_sync(path, &mut file, bytes, sync)
        };
        write().map_err(|source| ArchiveError::Write {
            path: path.to_owned(),
            source,
        })
    }

    /// Adds bytes to the end of an open file, and syncs it if asked to.
    pub(crate) fn append(
        &self,
        path: &Path,
        file: &mut File,
        bytes: &[u8],
        sync: bool,
    ) -> Result<(), ArchiveError> {
        self.write_and_sync(path, file, bytes, sync)
            .map_err(|source| ArchiveError::Write {
                path: path.to_owned(),
                source,
            })
    }

    /// Cuts an open file.
    pub(crate) fn cut(&self, path: &Path, file: &File, length: u64) -> Result<(), ArchiveError> {
        let cut = || {
            self.gate()?;
            file.set_len(length)?;
            file.sync_data()
        };
        cut().map_err(|source| ArchiveError::Write {
            path: path.to_owned(),
            source,
        })
    }

    /// Gives a file its final name. An empty directory in its place goes; any other is an error of
    /// its own.
    pub(crate) fn rename(&self, from: &Path, to: &Path) -> Result<(), ArchiveError> {
        match self.gate().and_then(|()| fs::rename(from, to)) {
            Err(_) if is_directory_itself(to) => {
                self.remove_in_the_way(to)?;
                self.gate()
                    .and_then(|()| fs::rename(from, to))
                    .map_err(|source| ArchiveError::Write {
                        path: to.to_owned(),
                        source,
                    })?;
            }
            Err(source) => {
                return Err(ArchiveError::Write {
                    path: to.to_owned(),
                    source,
                });
            }
            Ok(()) => {}
        }
        #[cfg(test)]
        self.note(Done::Renamed(from.to_owned(), to.to_owned()));
        Ok(())
    }

    /// Removes a file; one that is gone already is as good. An empty directory in its place goes,
    /// too; any other is an error of its own.
    pub(crate) fn remove(&self, path: &Path) -> Result<(), ArchiveError> {
        match self.gate().and_then(|()| fs::remove_file(path)) {
            Err(_) if is_directory_itself(path) => self.remove_in_the_way(path),
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(ArchiveError::Write {
                path: path.to_owned(),
                source,
            }),
            _ => Ok(()),
        }
    }

    /// Removes an empty directory that stands where a file belongs.
    fn remove_in_the_way(&self, path: &Path) -> Result<(), ArchiveError> {
        let way = || ArchiveError::InTheWay {
            path: path.to_owned(),
        };
        self.gate()
            .and_then(|()| fs::remove_dir(path))
            .map_err(|_| way())
    }

    /// Removes a directory if it is empty; whether it did.
    pub(crate) fn remove_empty(&self, path: &Path) -> bool {
        self.gate().and_then(|()| fs::remove_dir(path)).is_ok()
    }

    /// Makes the names in a directory outlive a power cut.
    pub(crate) fn sync_directory(&self, path: &Path) -> Result<(), ArchiveError> {
        // Only Unix lets a directory be opened; elsewhere names are the file system's care.
        #[cfg(unix)]
        self.gate()
            .and_then(|()| File::open(path)?.sync_all())
            .map_err(|source| ArchiveError::Write {
                path: path.to_owned(),
                source,
            })?;
        #[cfg(test)]
        self.note(Done::DirectorySynced(path.to_owned()));
        Ok(())
    }

    /// Makes all that was written to the file system of `path` outlive a power cut: one call
    /// instead of thousands.
    #[cfg(target_os = "linux")]
    pub(crate) fn sync_everything(&self, path: &Path) -> Result<(), ArchiveError> {
        self.gate()
            .and_then(|()| Ok(rustix::fs::syncfs(File::open(path)?)?))
            .map_err(|source| ArchiveError::Write {
                path: path.to_owned(),
                source,
            })?;
        #[cfg(test)]
        self.note(Done::EverythingSynced);
        Ok(())
    }

    fn write_and_sync(
        &self,
        path: &Path,
        file: &mut File,
        bytes: &[u8],
        sync: bool,
    ) -> io::Result<()> {
        self.write_all(file, bytes)?;
        #[cfg(test)]
        self.note(Done::Written(path.to_owned()));
        #[cfg(not(test))]
        let _ = path;
        if sync {
            self.gate().and_then(|()| file.sync_data())?;
            #[cfg(test)]
            self.note(Done::Synced(path.to_owned()));
        }
        Ok(())
    }

    #[cfg(test)]
    fn note(&self, done: Done) {
        if let Some(all) = &self.done {
            all.lock().unwrap().push(done);
        }
    }

    fn write_all(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        if let Err(fault) = self.gate() {
            // As a full disk does: some of it is there.
            file.write_all(&bytes[..bytes.len() / 2])?;
            return Err(fault);
        }
        file.write_all(bytes)
    }

    #[cfg(not(test))]
    #[inline]
    #[allow(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "under test it can refuse"
    )]
    fn gate(&self) -> io::Result<()> {
        Ok(())
    }

    #[cfg(test)]
    fn gate(&self) -> io::Result<()> {
        self.faults.as_deref().map_or(Ok(()), Faults::pass)
    }
}

/// Returns whether a directory is there, itself and not by a link.
pub(crate) fn is_directory_itself(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_dir())
}

/// A disk that fails at a chosen operation.
#[cfg(test)]
#[derive(Debug)]
pub(crate) struct Faults {
    left: std::sync::atomic::AtomicI64,
    /// Whether all operations behind the chosen one fail too, as after the death of the process.
    for_good: bool,
}

#[cfg(test)]
impl Faults {
    /// Lets `left` operations pass and fails the next one.
    pub(crate) fn after(left: i64, for_good: bool) -> std::sync::Arc<Self> {
        std::sync::Arc::new(Self {
            left: left.into(),
            for_good,
        })
    }

    /// Returns whether the chosen operation came.
    pub(crate) fn has_struck(&self) -> bool {
        self.left.load(std::sync::atomic::Ordering::SeqCst) < 0
    }

    fn pass(&self) -> io::Result<()> {
        match self.left.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) {
            1.. => Ok(()),
            0 => Err(io::Error::other("injected")),
            _ if self.for_good => Err(io::Error::other("injected")),
            _ => Ok(()),
        }
    }
}
