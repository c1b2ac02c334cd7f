//! The catalog made again, from the ledger and the records that it names.
//!
//! It is built next to the old one, under a name that the next opening sweeps away if nobody
//! finishes it, and put in its place by one rename: readers have the old one or the new one. The
//! caller must hold the archive's lock, since a writer of the old catalog would write into the
//! void.

use super::{Catalog, NewEntries, companion};
use crate::store::directory::layout::CATALOG;
use crate::store::disk::write::TEMPORARY;
use crate::store::error::ArchiveError;
use std::fs::{self, File};
use std::io;
use std::path::Path;

/// What came of making a catalog again.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rebuilt {
    /// Stories in it.
    pub stories: u64,
    /// Records that could not be read and are not in it.
    pub failures: Vec<ArchiveError>,
}

/// Makes the catalog of the archive at `root` again and puts it in the old one's place. Calls
/// `advance` with how many more ledger lines have been taken in.
///
/// Records that cannot be read are left out and returned; the others are in.
pub(crate) fn rebuild(root: &Path, advance: impl FnMut(u64)) -> Result<Rebuilt, ArchiveError> {
    let (place, mut catalog) = begin(root)?;
    let failures = catalog.follow(root, NewEntries::default(), advance)?;
    catalog.follow_annotations(root)?;
    let tidy = catalog
        .connection
        .execute_batch("INSERT INTO fulltext (fulltext) VALUES ('optimize'); PRAGMA optimize;");
    tidy.map_err(catalog.failed())?;
    let stories = catalog.len()?;
    finish(root, place, catalog)?;
    Ok(Rebuilt { stories, failures })
}

/// Returns a new catalog under a temporary name.
fn begin(root: &Path) -> Result<(tempfile::TempPath, Catalog), ArchiveError> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let file = builder
        .tempfile_in(root)
        .map_err(|source| ArchiveError::Write {
            path: root.join(CATALOG),
            source,
        })?;
    let place = file.into_temp_path();
    let catalog = Catalog::create(&place)?;
    Ok((place, catalog))
}

/// Puts a finished catalog in the old one's place.
fn finish(root: &Path, place: tempfile::TempPath, catalog: Catalog) -> Result<(), ArchiveError> {
    catalog
        .connection
        .execute_batch("PRAGMA journal_mode = WAL;")
        .map_err(catalog.failed())?;
    catalog
        .connection
        .close()
        .map_err(|(_, error)| super::failure(&place, &error))?;
    let path = root.join(CATALOG);
    put(&path, place).map_err(|source| ArchiveError::Write { path, source })
}

fn put(path: &Path, place: tempfile::TempPath) -> io::Result<()> {
    File::open(&place)?.sync_all()?;
    // A log applies itself to whatever database stands next to it, so the old one's must never meet
    // the new one: either it is empty, or it goes before the new one comes. A crash in between
    // leaves no catalog, which is a state that everybody knows how to leave.
    if !is_at_rest(path) {
        remove(path)?;
        remove(&companion(path, "-wal"))?;
        remove(&companion(path, "-shm"))?;
    }
    place.persist(path)?;
    // Readers of the old one keep its files.
    remove(&companion(path, "-wal"))?;
    remove(&companion(path, "-shm"))?;
    #[cfg(unix)]
    if let Some(directory) = path.parent() {
        File::open(directory)?.sync_all()?;
    }
    Ok(())
}

/// Empties the log of the catalog at `path` into it; whether it has none now.
fn is_at_rest(path: &Path) -> bool {
    if let Ok(old) = Catalog::open_file(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE) {
        // Nobody waits for the readers of a catalog that is going.
        let _ = old.connection.busy_timeout(std::time::Duration::ZERO);
        let _ = old
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }
    path.exists() && !super::has_log(path)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
