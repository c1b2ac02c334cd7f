//! Opening an archive and putting stories into it.

use super::ArchiveError;
use super::layout::{Entry, MANIFEST, RAW, RECORDS, id_of};
use super::write::{is_temporary, write_whole};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Name and number of the directory's format.
pub(super) const FORMAT: &str = "archive.directory/1";

/// `archive.json`.
#[derive(Serialize, Deserialize)]
struct Manifest {
    format: String,
    /// Absent in hand-made ones; later versions of the program may add more keys.
    #[serde(default)]
    created_by: String,
}

/// An archive directory, open for putting stories into it.
#[derive(Debug)]
pub struct Archive {
    root: PathBuf,
    /// Where the records of each id stand: one file, unless a crash came between a move's two steps.
    records: HashMap<String, Vec<PathBuf>>,
}

/// What came of putting a story into the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It was new.
    Stored,
    /// It was there, to the byte; nothing was written.
    AlreadyThere,
    /// It was there, and its record was rewritten, moved or mended.
    Updated,
}

impl Archive {
    /// Opens the archive at `root`, or makes one there if nothing is. Takes away what a crash left.
    pub fn open(root: &Path) -> Result<Self, ArchiveError> {
        let manifest = root.join(MANIFEST);
        match fs::read(&manifest) {
            Ok(bytes) => check(&manifest, &bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => create(root, &manifest)?,
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                return Err(ArchiveError::NotADirectory { path: root.to_owned() });
            }
            Err(source) => {
                return Err(ArchiveError::Read { path: manifest, source });
            }
        }
        let mut archive = Self { root: root.to_owned(), records: HashMap::new() };
        archive.sweep()?;
        Ok(archive)
    }

    /// Puts one story into the archive. `raw` is the bytes it was parsed from.
    pub fn put(&mut self, entry: &Entry, raw: &[u8]) -> Result<Put, ArchiveError> {
        // Checked before anything is written: a foreign record is never replaced.
        let mut unchanged = false;
        let mut known = self.records.get(&entry.id).cloned().unwrap_or_default();
        known.retain(|path| self.root.join(path).exists());
        for path in &known {
            let record = self.read(path)?;
            if record == entry.record {
                unchanged |= *path == entry.record_path;
            } else if sha256_of(&record).is_some_and(|sha256| sha256 != entry.sha256) {
                return Err(ArchiveError::IdTaken { path: self.root.join(path) });
            }
        }
        // The raw copy goes first, so that no record is ever without its evidence.
        let mended = self.keep_raw(&entry.raw_path, raw)?;
        if !unchanged {
            write_whole(&self.root.join(&entry.record_path), &entry.record)?;
        }
        let is_new = known.is_empty();
        let mut moved = false;
        for path in known.iter().filter(|path| **path != entry.record_path) {
            self.remove_record(path)?;
            moved = true;
        }
        self.records.insert(entry.id.clone(), vec![entry.record_path.clone()]);
        Ok(match (is_new, unchanged && !moved && !mended) {
            (true, _) => Put::Stored,
            (false, true) => Put::AlreadyThere,
            (false, false) => Put::Updated,
        })
    }

    /// Writes the raw copy unless it is there; whether it had to.
    fn keep_raw(&self, path: &Path, raw: &[u8]) -> Result<bool, ArchiveError> {
        let path = self.root.join(path);
        let is_there = fs::metadata(&path).is_ok_and(|file| file.is_file() && file.len() == raw.len() as u64);
        if !is_there {
            write_whole(&path, raw)?;
        }
        Ok(!is_there)
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>, ArchiveError> {
        let path = self.root.join(path);
        fs::read(&path).map_err(|source| ArchiveError::Read { path, source })
    }

    /// Removes a record that has been written anew elsewhere, and the directories it leaves empty.
    fn remove_record(&self, path: &Path) -> Result<(), ArchiveError> {
        let full = self.root.join(path);
        fs::remove_file(&full).map_err(|source| ArchiveError::Write { path: full, source })?;
        for directory in path.ancestors().skip(1).take_while(|directory| *directory != Path::new(RECORDS)) {
            // Fails at the first one that still holds something, which is the end of it.
            if fs::remove_dir(self.root.join(directory)).is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Learns which records there are, from their names alone, and removes unfinished files.
    fn sweep(&mut self) -> Result<(), ArchiveError> {
        let top = WalkDir::new(&self.root).max_depth(1);
        let below = [RECORDS, RAW].map(|name| self.root.join(name)).into_iter().filter(|path| path.is_dir()).map(WalkDir::new);
        for entry in std::iter::once(top).chain(below).flatten() {
            let entry = entry.map_err(|error| {
                let path = error.path().unwrap_or(&self.root).to_owned();
                ArchiveError::Read { path, source: error.into() }
            })?;
            if !entry.file_type().is_file() {
                continue;
            }
            if is_temporary(entry.file_name()) {
                let path = entry.path();
                fs::remove_file(path).map_err(|source| ArchiveError::Write { path: path.to_owned(), source })?;
            } else if let (Some(id), Ok(path)) = (id_of(entry.file_name()), entry.path().strip_prefix(&self.root))
                && path.starts_with(RECORDS)
            {
                self.records.entry(id.to_owned()).or_default().push(path.to_owned());
            }
        }
        Ok(())
    }
}

/// Whether `manifest` describes an archive that this program can write to.
pub(super) fn check(manifest: &Path, bytes: &[u8]) -> Result<(), ArchiveError> {
    let path = || manifest.to_owned();
    let read: Manifest =
        serde_json::from_slice(bytes).map_err(|error| ArchiveError::Manifest { path: path(), reason: error.to_string() })?;
    if read.format == FORMAT { Ok(()) } else { Err(ArchiveError::UnknownFormat { path: path(), found: read.format }) }
}

/// Makes an archive of a directory that is empty or not there.
fn create(root: &Path, manifest: &Path) -> Result<(), ArchiveError> {
    match fs::read_dir(root) {
        Ok(mut entries) => {
            let is_empty = entries.all(|entry| entry.is_ok_and(|entry| is_temporary(&entry.file_name())));
            if !is_empty {
                return Err(ArchiveError::NotAnArchive { path: root.to_owned() });
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(ArchiveError::NotADirectory { path: root.to_owned() });
        }
        Err(source) => {
            return Err(ArchiveError::Read { path: root.to_owned(), source });
        }
    }
    let described = Manifest { format: FORMAT.to_owned(), created_by: concat!("archive ", env!("CARGO_PKG_VERSION")).to_owned() };
    let mut bytes =
        serde_json::to_vec_pretty(&described).map_err(|error| ArchiveError::Write { path: manifest.to_owned(), source: error.into() })?;
    bytes.push(b'\n');
    write_whole(manifest, &bytes)
}

/// The hash that a stored record names; none if it is not a record, so that damage can be mended.
fn sha256_of(record: &[u8]) -> Option<String> {
    let record: serde_json::Value = serde_json::from_slice(record).ok()?;
    Some(record.get("source")?.get("sha256")?.as_str()?.to_owned())
}
