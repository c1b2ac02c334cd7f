//! One writer at a time.
//!
//! The lock is the kernel's, on an empty file: it ends with the process that holds it, however that
//! process ends. A lock belongs to the file and not to its name, so a lock whose file was deleted
//! or replaced keeps nobody out. A writer therefore compares the file that it has locked with the
//! file at its name, when it takes the lock and before it changes anything that others read.
//! Readers take no lock.

use crate::regular::{self, Links};
use crate::store::disk::files::is_directory_itself;
use crate::store::error::ArchiveError;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// The right to write; given up when dropped.
#[derive(Debug)]
pub(crate) struct WriteLock {
    path: PathBuf,
    file: File,
}

impl WriteLock {
    /// Takes the lock at `path` if nobody has it, and makes the file if need be. Returns `None` if
    /// somebody has it.
    pub(crate) fn try_acquire(path: &Path) -> Result<Option<Self>, ArchiveError> {
        loop {
            let lock = Self::open(path)?;
            match lock.file.try_lock() {
                Ok(()) if lock.is_in_place() => return Ok(Some(lock)),
                // It was replaced between its opening and its locking.
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(source)) => return Err(lock.refused(source)),
            }
        }
    }

    /// Waits for the lock at `path`, and makes the file if need be. Calls `on_wait` once, first, if
    /// somebody has it.
    pub(crate) fn acquire(path: &Path, on_wait: &mut dyn FnMut()) -> Result<Self, ArchiveError> {
        if let Some(lock) = Self::try_acquire(path)? {
            return Ok(lock);
        }
        on_wait();
        loop {
            let lock = Self::open(path)?;
            match lock.file.lock() {
                Ok(()) if lock.is_in_place() => return Ok(lock),
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(source) => return Err(lock.refused(source)),
            }
        }
    }

    /// Fails if the lock no longer keeps others out.
    pub(crate) fn check(&self) -> Result<(), ArchiveError> {
        if self.is_in_place() {
            Ok(())
        } else {
            Err(ArchiveError::LockLost {
                path: self.path.clone(),
            })
        }
    }

    fn open(path: &Path) -> Result<Self, ArchiveError> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path);
        match file {
            Ok(file) => Ok(Self {
                path: path.to_owned(),
                file,
            }),
            Err(_) if is_directory_itself(path) => Err(ArchiveError::InTheWay {
                path: path.to_owned(),
            }),
            Err(source) => Err(ArchiveError::Write {
                path: path.to_owned(),
                source,
            }),
        }
    }

    /// Returns whether the locked file is the file at its name.
    #[cfg(unix)]
    fn is_in_place(&self) -> bool {
        use std::os::unix::fs::MetadataExt;
        let [named, locked] = [std::fs::metadata(&self.path), self.file.metadata()];
        named.is_ok_and(|named| {
            locked.is_ok_and(|locked| named.dev() == locked.dev() && named.ino() == locked.ino())
        })
    }

    /// Elsewhere an open file cannot be deleted.
    #[cfg(not(unix))]
    fn is_in_place(&self) -> bool {
        self.path.exists()
    }

    fn refused(self, source: io::Error) -> ArchiveError {
        ArchiveError::Write {
            path: self.path,
            source,
        }
    }
}

/// Returns whether somebody holds the lock at `path` at this moment.
pub(crate) fn is_held(path: &Path) -> bool {
    regular::open(path, Links::Refused)
        .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    #[test]
    fn the_second_waits_and_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let said = Cell::new(false);
        let first = WriteLock::acquire(&path, &mut || said.set(true)).unwrap();
        assert!(!said.get());
        assert!(is_held(&path));
        let (send, receive) = mpsc::channel();
        let awaited = path.clone();
        let second = thread::spawn(move || {
            let waiting = send.clone();
            let lock =
                WriteLock::acquire(&awaited, &mut move || waiting.send("waits").unwrap()).unwrap();
            send.send("has it").unwrap();
            drop(lock);
        });
        assert_eq!(receive.recv().unwrap(), "waits");
        assert!(receive.recv_timeout(Duration::from_millis(50)).is_err());
        drop(first);
        assert_eq!(receive.recv().unwrap(), "has it");
        second.join().unwrap();
        assert!(!is_held(&path));
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_whose_file_was_replaced_is_lost() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let first = WriteLock::acquire(&path, &mut || {}).unwrap();
        first.check().unwrap();
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(first.check(), Err(ArchiveError::LockLost { .. })));
        let second = WriteLock::try_acquire(&path).unwrap().unwrap();
        second.check().unwrap();
        first.check().unwrap_err();
        assert!(is_held(&path));
    }

    /// The one who waits for a file that is deleted meanwhile must not have the lock beside
    /// another.
    #[cfg(unix)]
    #[test]
    fn whoever_waits_for_a_deleted_file_waits_for_the_new_one() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let first = WriteLock::acquire(&path, &mut || {}).unwrap();
        let (send, receive) = mpsc::channel();
        let awaited = path.clone();
        let waiting = thread::spawn(move || {
            let tells = send.clone();
            let lock = WriteLock::acquire(&awaited, &mut move || tells.send("waits").unwrap());
            send.send("has it").unwrap();
            lock.unwrap().check().unwrap();
        });
        assert_eq!(receive.recv().unwrap(), "waits");
        // It is inside the kernel's wait when the file goes, or opens the new one: both must do.
        thread::sleep(Duration::from_millis(20));
        std::fs::remove_file(&path).unwrap();
        let second = WriteLock::try_acquire(&path).unwrap().unwrap();
        drop(first);
        assert!(receive.recv_timeout(Duration::from_millis(50)).is_err());
        drop(second);
        assert_eq!(receive.recv().unwrap(), "has it");
        waiting.join().unwrap();
    }
}
