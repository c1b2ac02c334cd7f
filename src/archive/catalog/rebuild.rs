//! The catalog made anew, from the records and what the ledger says.
//!
//! It is built beside the old one, under a name that the next opening sweeps away if nobody finishes
//! it, and put in its place by one rename: readers have the old one or the new one. Whoever calls
//! must hold the archive's lock, since a writer of the old catalog would write into the void.

use super::{Catalog, Change, Provenance, beside};
use crate::Story;
use crate::archive::ArchiveError;
use crate::archive::layout::{CATALOG, RECORDS, id_of, sha256_hex, slashed};
use crate::archive::write::TEMPORARY;
use rayon::prelude::*;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use walkdir::WalkDir;

/// Records worked on at once, and in one transaction; and their bytes, as long as one alone has not more.
const BATCH: usize = 1000;
const BYTES: u64 = 32 << 20;

/// What came of making a catalog anew.
#[derive(Debug)]
pub struct Rebuilt {
    /// Stories in it.
    pub stories: u64,
    /// Records that could not be read and are not in it.
    pub failures: Vec<ArchiveError>,
}

/// Makes the catalog of the archive at `root` anew and puts it in the old one's place. `lines` feeds
/// the ledger's lines, in any number of calls, to the function that it is given and answers with the
/// number of the last. `advance` is told how many more records have been read.
///
/// Records that cannot be read are left out and returned; the others are in.
pub fn rebuild(
    root: &Path,
    lines: impl FnOnce(&mut dyn FnMut(&[Provenance<'_>]) -> Result<(), ArchiveError>) -> Result<u64, ArchiveError>,
    mut advance: impl FnMut(u64),
) -> Result<Rebuilt, ArchiveError> {
    let (place, mut catalog) = begin(root)?;
    let position = lines(&mut |batch| catalog.apply(&[], batch, 0))?;
    let mut failures = Vec::new();
    let records = WalkDir::new(root.join(RECORDS)).sort_by_file_name().into_iter().filter(|entry| match entry {
        Ok(entry) => entry.file_type().is_file() && id_of(entry.file_name()).is_some(),
        // An archive that is still empty has no such directory.
        Err(error) => error.depth() > 0 || error.io_error().is_none_or(|error| error.kind() != io::ErrorKind::NotFound),
    });
    let mut records = records.peekable();
    while records.peek().is_some() {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while batch.len() < BATCH && bytes < BYTES {
            let Some(entry) = records.next() else { break };
            bytes += entry.as_ref().ok().and_then(|entry| entry.metadata().ok()).map_or(0, |file| file.len());
            batch.push(entry);
        }
        let read: Vec<_> = batch.into_par_iter().map(|entry| read(root, entry)).collect();
        let count = read.len() as u64;
        let mut stories = Vec::with_capacity(read.len());
        for story in read {
            match story {
                Ok(story) => stories.push((catalog.first_ledger(&story.story.id)?.unwrap_or_default(), story)),
                Err(error) => failures.push(error),
            }
        }
        let changes: Vec<Change<'_>> = stories
            .iter()
            .map(|(first_ledger, read)| Change {
                story: &read.story,
                record: &read.path,
                record_sha256: &read.sha256,
                first_ledger: *first_ledger,
            })
            .collect();
        catalog.apply(&changes, &[], position)?;
        advance(count);
    }
    catalog.apply(&[], &[], position)?;
    let tidy = catalog.connection.execute_batch("INSERT INTO fulltext (fulltext) VALUES ('optimize'); PRAGMA optimize;");
    tidy.map_err(catalog.failed())?;
    let stories = catalog.len()?;
    finish(root, place, catalog)?;
    Ok(Rebuilt { stories, failures })
}

/// Makes the catalog anew, as [`rebuild`] does, if it is missing or has another version's tables;
/// none if it is neither. A damaged one is left for its owner to see, and so is one that cannot be
/// read at all.
pub fn heal(
    root: &Path,
    lines: impl FnOnce(&mut dyn FnMut(&[Provenance<'_>]) -> Result<(), ArchiveError>) -> Result<u64, ArchiveError>,
    advance: impl FnMut(u64),
) -> Result<Option<Rebuilt>, ArchiveError> {
    match Catalog::open_read_only(root) {
        Err(ArchiveError::CatalogMissing { .. } | ArchiveError::CatalogOutdated { .. }) => rebuild(root, lines, advance).map(Some),
        Err(error) => Err(error),
        Ok(_) => Ok(None),
    }
}

/// Puts an empty catalog in place.
pub(super) fn place_empty(root: &Path) -> Result<(), ArchiveError> {
    let (place, catalog) = begin(root)?;
    finish(root, place, catalog)
}

/// A record that was read.
struct Read {
    story: Story,
    path: String,
    sha256: String,
}

fn read(root: &Path, entry: walkdir::Result<walkdir::DirEntry>) -> Result<Read, ArchiveError> {
    let entry = entry.map_err(|error| {
        let path = error.path().unwrap_or(root).to_owned();
        ArchiveError::Read { path, source: error.into() }
    })?;
    let path = entry.path();
    let bytes = fs::read(path).map_err(|source| ArchiveError::Read { path: path.to_owned(), source })?;
    let bad = |reason: String| ArchiveError::BadRecord { path: path.to_owned(), reason };
    let story: Story = serde_json::from_slice(&bytes).map_err(|error| bad(error.to_string()))?;
    if id_of(entry.file_name()) != Some(&story.id) {
        return Err(bad("its id is not the one in its name".to_owned()));
    }
    Ok(Read { story, path: slashed(path.strip_prefix(root).unwrap_or(path)), sha256: sha256_hex(&bytes) })
}

/// A new catalog under a temporary name.
fn begin(root: &Path) -> Result<(tempfile::TempPath, Catalog), ArchiveError> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let file = builder.tempfile_in(root).map_err(|source| ArchiveError::Write { path: root.join(CATALOG), source })?;
    let place = file.into_temp_path();
    let catalog = Catalog::create(&place)?;
    Ok((place, catalog))
}

/// Puts a finished catalog in the old one's place.
fn finish(root: &Path, place: tempfile::TempPath, catalog: Catalog) -> Result<(), ArchiveError> {
    catalog.connection.execute_batch("PRAGMA journal_mode = WAL;").map_err(catalog.failed())?;
    catalog.connection.close().map_err(|(_, error)| super::failure(&place, &error))?;
    let path = root.join(CATALOG);
    put(&path, place).map_err(|source| ArchiveError::Write { path, source })
}

fn put(path: &Path, place: tempfile::TempPath) -> io::Result<()> {
    File::open(&place)?.sync_all()?;
    // A log applies itself to whatever database stands beside it, so the old one's must never meet
    // the new one: either it is empty, or it goes before the new one comes. A crash in between
    // leaves no catalog, which is a state that everybody knows how to leave.
    if !is_at_rest(path) {
        remove(path)?;
        remove(&beside(path, "-wal"))?;
        remove(&beside(path, "-shm"))?;
    }
    place.persist(path)?;
    // Whoever still reads the old one keeps its files.
    remove(&beside(path, "-wal"))?;
    remove(&beside(path, "-shm"))?;
    #[cfg(unix)]
    if let Some(directory) = path.parent() {
        File::open(directory)?.sync_all()?;
    }
    Ok(())
}

/// Empties the log of the catalog at `path` into it; whether it has none now.
fn is_at_rest(path: &Path) -> bool {
    if let Ok(old) = Catalog::open_existing(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE) {
        // Nobody waits for the readers of a catalog that is going.
        let _ = old.connection.busy_timeout(std::time::Duration::ZERO);
        let _ = old.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }
    path.exists() && !super::has_log(path)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
