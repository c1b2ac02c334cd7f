//! One writer at a time.
//!
//! The lock is the kernel's, on the empty file `DIR/lock`: it ends with the process that holds it,
//! however that process ends, so no dead one stops anybody and the file itself never goes away.
//! Readers take no lock.

use crate::regular::{self, Links};
use crate::store::directory::layout::LOCK;
use crate::store::error::ArchiveError;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// The right to write; given up when dropped.
#[derive(Debug)]
pub(crate) struct WriteLock {
    _file: File,
}

impl WriteLock {
    /// Takes the right to write below `root` if nobody has it; none if somebody has.
    pub fn try_acquire(root: &Path) -> Result<Option<Self>, ArchiveError> {
        let (path, file) = open(root)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(ArchiveError::Write { path, source }),
        }
    }

    /// Waits for the right to write below `root`. Calls `on_wait` once, first, if another has it.
    pub fn acquire(root: &Path, on_wait: &dyn Fn()) -> Result<Self, ArchiveError> {
        if let Some(lock) = Self::try_acquire(root)? {
            return Ok(lock);
        }
        on_wait();
        let (path, file) = open(root)?;
        let written = |source| ArchiveError::Write {
            path: path.clone(),
            source,
        };
        loop {
            match file.lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(source) => return Err(written(source)),
            }
        }
    }
}

fn open(root: &Path) -> Result<(PathBuf, File), ArchiveError> {
    let path = root.join(LOCK);
    match OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
    {
        Ok(file) => Ok((path, file)),
        Err(source) => Err(ArchiveError::Write { path, source }),
    }
}

/// Whether somebody is writing below `root` at this moment.
pub(crate) fn has_writer(root: &Path) -> bool {
    regular::open(&root.join(LOCK), Links::Refused)
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
        let said = Cell::new(false);
        let first = WriteLock::acquire(dir.path(), &|| said.set(true)).unwrap();
        assert!(!said.get());
        assert!(has_writer(dir.path()));
        let (send, receive) = mpsc::channel();
        let root = dir.path().to_owned();
        let second = thread::spawn(move || {
            let waiting = send.clone();
            let lock = WriteLock::acquire(&root, &move || waiting.send("waits").unwrap()).unwrap();
            send.send("has it").unwrap();
            drop(lock);
        });
        assert_eq!(receive.recv().unwrap(), "waits");
        assert!(receive.recv_timeout(Duration::from_millis(50)).is_err());
        drop(first);
        assert_eq!(receive.recv().unwrap(), "has it");
        second.join().unwrap();
        assert!(!has_writer(dir.path()));
    }
}
