//! `DIR/unfinished/`: files on their way into the archive, and the list of what is to become of them.
//!
//! Every file is first written in here, under a number, so that no other directory ever holds half
//! of one. Before the first file of a batch is moved to its place, `journal.jsonl` lists the whole
//! batch, with the ledger lines that will be added at its end. Whoever opens the archive after an
//! interruption finds the directory, and in it all that is needed to finish the batch; it never has
//! to look through the archive. When a writer ends in good order it removes the directory.

use crate::store::directory::fixity::Fixity;
use crate::store::directory::layout::{UNFINISHED, is_record_path};
use crate::store::disk::files::Files;
use crate::store::error::ArchiveError;
use crate::store::ledger::Line;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

const LIST: &str = "journal.jsonl";

/// The directory of unfinished files.
#[derive(Debug)]
pub(crate) struct Journal {
    directory: PathBuf,
    next: AtomicU64,
    is_there: AtomicBool,
}

/// What is to become of one story's files: the numbers of those to be moved into place.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Planned {
    /// The line for the ledger.
    pub line: Line,
    /// The file that is to be the raw copy; none if that stays as it is.
    pub raw: Option<String>,
    /// The file that is to be the record; none if that stays as it is.
    pub record: Option<String>,
    /// A record that the new one takes the place of, elsewhere.
    pub remove: Option<String>,
}

impl Planned {
    /// A line that comes with no files.
    pub fn line(line: Line) -> Self {
        Self {
            line,
            raw: None,
            record: None,
            remove: None,
        }
    }

    /// Whether anything is to be moved or removed.
    pub fn has_files(&self) -> bool {
        self.raw.is_some() || self.record.is_some() || self.remove.is_some()
    }

    /// Whether all names in it stay below the archive: a list from elsewhere could hold others.
    pub fn is_safe(&self) -> bool {
        let is_number = |name: &Option<String>| {
            name.as_ref()
                .is_none_or(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit()))
        };
        let is_record =
            |path: &Option<String>| path.as_ref().is_none_or(|path| is_record_path(path));
        let is_hash = Fixity::read(&self.line.sha256).is_some();
        is_number(&self.raw)
            && is_number(&self.record)
            && is_record(&self.remove)
            && is_record(&self.line.record)
            && is_hash
    }
}

impl Journal {
    /// The journal below `root`; writes nothing.
    pub fn new(root: &Path) -> Self {
        let directory = root.join(UNFINISHED);
        Self {
            is_there: AtomicBool::new(directory.is_dir()),
            directory,
            next: AtomicU64::new(1),
        }
    }

    /// Whether there is anything unfinished.
    pub fn is_there(&self) -> bool {
        self.is_there.load(Ordering::Relaxed)
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The path of one of its files.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Makes the directory, if need be. Call it before [`Self::keep`].
    pub fn begin(&self, files: &Files, sync: bool) -> Result<(), ArchiveError> {
        if !self.is_there() {
            files.make_directory(&self.directory)?;
            if let (true, Some(root)) = (sync, self.directory.parent()) {
                files.sync_directory(root)?;
            }
            self.is_there.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Writes a file in here; its name. From any thread.
    pub fn keep(&self, bytes: &[u8], files: &Files, sync: bool) -> Result<String, ArchiveError> {
        let name = self.next.fetch_add(1, Ordering::Relaxed).to_string();
        files.write_new(&self.path(&name), bytes, sync)?;
        Ok(name)
    }

    /// Lists a batch, in place of the one before.
    pub fn list(&self, batch: &[Planned], files: &Files, sync: bool) -> Result<(), ArchiveError> {
        let path = self.path(LIST);
        let mut bytes = Vec::new();
        for planned in batch {
            serde_json::to_writer(&mut bytes, planned).map_err(|error| ArchiveError::Write {
                path: path.clone(),
                source: error.into(),
            })?;
            bytes.push(b'\n');
        }
        files.write_over(&path, &bytes, sync)
    }

    /// Removes all files, and the directory; how many files that took.
    pub fn clear(&self, files: &Files) -> Result<usize, ArchiveError> {
        let mut removed = 0;
        let read = |source| ArchiveError::Read {
            path: self.directory.clone(),
            source,
        };
        let list = self.path(LIST);
        for entry in fs::read_dir(&self.directory).map_err(read)? {
            let path = entry.map_err(read)?.path();
            if path != list {
                files.remove(&path)?;
                removed += 1;
            }
        }
        // Last, since it tells what the others are.
        files.remove(&list)?;
        files.remove_empty(&self.directory);
        self.is_there
            .store(self.directory.is_dir(), Ordering::Relaxed);
        Ok(removed)
    }
}

/// The batch that the journal below `root` lists, as far as its lines are whole: the list is torn
/// only if none of its files were moved yet.
pub(crate) fn listed(root: &Path) -> Result<Vec<Planned>, ArchiveError> {
    let path = root.join(UNFINISHED).join(LIST);
    let read = |source| ArchiveError::Read {
        path: path.clone(),
        source,
    };
    let file = match fs::File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(read(source)),
    };
    let mut reader = BufReader::new(file);
    let (mut batch, mut text) = (Vec::new(), Vec::new());
    loop {
        text.clear();
        reader.read_until(b'\n', &mut text).map_err(read)?;
        match serde_json::from_slice::<Planned>(&text) {
            Ok(planned) if text.ends_with(b"\n") && planned.is_safe() => batch.push(planned),
            _ => return Ok(batch),
        }
    }
}
