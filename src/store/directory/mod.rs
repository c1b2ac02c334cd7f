//! The directory as such: recognising an archive, making one, and refusing what leads out of it.

pub(crate) mod fixity;
pub(crate) mod layout;
pub(crate) mod read;

use crate::regular::{self, Links};
use crate::store::directory::layout::{
    CATALOG, LEDGER, LOCK, MANIFEST, RAW, README, RECORDS, UNFINISHED,
};
use crate::store::disk::lock::{self, WriteLock};
use crate::store::disk::places::is_directory;
use crate::store::disk::write::{is_temporary, write_whole};
use crate::store::error::ArchiveError;
use crate::store::program::PROGRAM;
use crate::store::program::now;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, Read};
use std::path::Path;

/// Name and number of the directory's format.
pub(crate) const FORMAT: &str = "archive.directory/2";
/// The files that SQLite keeps beside the catalog while it is open.
pub(crate) const CATALOG_LOG: &str = "catalog.sqlite-wal";
pub(crate) const CATALOG_MEMORY: &str = "catalog.sqlite-shm";
/// More than `archive.json` or the welcome has.
const SMALL_BYTES: u64 = 1 << 20;
/// What a newcomer reads.
const WELCOME: &str = include_str!("README.archive.txt");

/// `archive.json`.
#[derive(Serialize, Deserialize)]
struct Manifest {
    format: String,
    /// RFC 3339. Absent in hand-made ones, like the next; later versions may add more keys.
    #[serde(default)]
    created: String,
    #[serde(default)]
    created_by: String,
}

/// Makes sure that an archive that this program knows is at `root`. Writes nothing.
///
/// # Errors
///
/// If no archive is at `root`, or one of a format that this program does not know.
pub fn recognise(root: &Path) -> Result<(), ArchiveError> {
    if is_archive(root)? {
        refuse_links(root)
    } else if lacks_only_manifest(root) {
        Err(ArchiveError::ManifestMissing {
            path: root.join(MANIFEST),
        })
    } else {
        Err(ArchiveError::Missing {
            path: root.to_owned(),
        })
    }
}

/// Returns whether the parts of an archive are at `root`, whatever `archive.json` says.
fn lacks_only_manifest(root: &Path) -> bool {
    let is_there = |part: &str| root.join(part).is_dir();
    is_there(LEDGER) && (is_there(RAW) || is_there(RECORDS))
}

/// Writes `archive.json` again, as of an archive that was made at `created`.
pub(crate) fn write_manifest(root: &Path, created: String) -> Result<(), ArchiveError> {
    let manifest = root.join(MANIFEST);
    let described = Manifest {
        format: FORMAT.to_owned(),
        created,
        created_by: PROGRAM.to_owned(),
    };
    let mut bytes = serde_json::to_vec_pretty(&described).map_err(|error| ArchiveError::Write {
        path: manifest.clone(),
        source: error.into(),
    })?;
    bytes.push(b'\n');
    write_whole(&manifest, &bytes)
}

/// Writes `README.txt` again.
pub(crate) fn write_welcome(root: &Path) -> Result<(), ArchiveError> {
    write_whole(&root.join(README), WELCOME.as_bytes())
}

/// Returns whether the bytes of `README.txt` are as they should be; an error if they cannot be
/// read.
pub(crate) fn has_welcome(root: &Path) -> io::Result<bool> {
    read_small(&root.join(README), Links::Refused).map(|bytes| bytes == WELCOME.as_bytes())
}

/// Takes the right to write to the archive at `root` if nobody else has it.
pub(crate) fn try_take(root: &Path) -> Result<Option<WriteLock>, ArchiveError> {
    recognise(root)?;
    WriteLock::try_acquire(&root.join(LOCK))
}

/// Takes the right to write to the archive at `root`; makes one there if nothing is.
pub(crate) fn take(root: &Path, on_wait: &mut dyn FnMut()) -> Result<WriteLock, ArchiveError> {
    let is_archive_already = is_archive(root)?;
    if !is_archive_already {
        match may_become_one(root) {
            // Another may be making it at this very moment.
            Err(error) if !is_archive(root)? => {
                return Err(if lacks_only_manifest(root) {
                    ArchiveError::ManifestMissing {
                        path: root.join(MANIFEST),
                    }
                } else {
                    error
                });
            }
            _ => {}
        }
        make(root).map_err(|source| ArchiveError::Write {
            path: root.to_owned(),
            source,
        })?;
        // Such as a link that leads nowhere.
        if !root.is_dir() {
            return Err(ArchiveError::NotADirectory {
                path: root.to_owned(),
            });
        }
    }
    refuse_links(root)?;
    let lock = WriteLock::acquire(&root.join(LOCK), on_wait)?;
    // Another may have made it meanwhile.
    if !is_archive_already && !is_archive(root)? {
        write_welcome(root)?;
        // This makes it an archive, so it comes last.
        write_manifest(root, now())?;
        sync(root).map_err(|source| ArchiveError::Write {
            path: root.to_owned(),
            source,
        })?;
    }
    Ok(lock)
}

/// Returns whether somebody is writing to the archive at `root` at this moment.
pub(crate) fn has_writer(root: &Path) -> bool {
    lock::is_held(&root.join(LOCK))
}

/// Makes a directory and those above it, so that they outlive a power cut.
fn make(path: &Path) -> io::Result<()> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    if let Some(above) = path.parent() {
        make(above)?;
    }
    match fs::create_dir(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    path.parent().map_or(Ok(()), sync)
}

/// Makes the names in a directory outlive a power cut.
fn sync(directory: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::File::open(if directory.as_os_str().is_empty() {
        Path::new(".")
    } else {
        directory
    })?
    .sync_all()?;
    #[cfg(not(unix))]
    let _ = directory;
    Ok(())
}

/// Returns whether `archive.json` says so; an error if it says something unknown.
fn is_archive(root: &Path) -> Result<bool, ArchiveError> {
    let path = root.join(MANIFEST);
    let bytes = match read_small(&path, Links::Followed) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(ArchiveError::NotADirectory {
                path: root.to_owned(),
            });
        }
        Err(source) => return Err(ArchiveError::Read { path, source }),
    };
    match serde_json::from_slice::<Manifest>(&bytes) {
        Ok(manifest) if manifest.format == FORMAT => Ok(true),
        Ok(manifest) => Err(ArchiveError::UnknownFormat {
            path,
            found: manifest.format,
            known: FORMAT,
        }),
        Err(error) => Err(ArchiveError::Manifest {
            path,
            reason: error.to_string(),
        }),
    }
}

/// Returns a file that the program itself wrote, or the beginning of one that it did not.
fn read_small(path: &Path, links: Links) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    regular::open(path, links)?
        .take(SMALL_BYTES)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns whether an archive can be made at `root`: it is empty, or holds only what making one
/// leaves behind when it is interrupted.
fn may_become_one(root: &Path) -> Result<(), ArchiveError> {
    let entries = match fs::read_dir(root) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => {
            return Err(ArchiveError::Read {
                path: root.to_owned(),
                source,
            });
        }
    };
    for entry in entries {
        let ours = entry.is_ok_and(|entry| {
            let name = entry.file_name();
            is_temporary(&name)
                || (name == LOCK
                    && entry
                        .metadata()
                        .is_ok_and(|file| file.is_file() && file.len() == 0))
                || (name == README
                    && read_small(&entry.path(), Links::Refused)
                        .is_ok_and(|bytes| bytes == WELCOME.as_bytes()))
        });
        if !ours {
            return Err(ArchiveError::NotAnArchive {
                path: root.to_owned(),
            });
        }
    }
    Ok(())
}

/// The archive itself may be reached by a link; its parts may not lead out of it.
pub(crate) fn refuse_links(root: &Path) -> Result<(), ArchiveError> {
    for name in [RECORDS, RAW, LEDGER, UNFINISHED] {
        is_directory(&root.join(name))?;
    }
    // SQLite writes where its files lead.
    for name in [LOCK, CATALOG, CATALOG_LOG, CATALOG_MEMORY] {
        let path = root.join(name);
        if path.is_symlink() {
            return Err(ArchiveError::Link { path });
        }
    }
    Ok(())
}
