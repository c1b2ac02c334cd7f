//! `DIR/unfinished/`: files on their way into the archive, and the list of what is to become of
//! them.
//!
//! Every file is first written in here, so that no other directory ever holds half of one. Before
//! the first file of a batch is moved to its place, `journal-<writer>.jsonl` lists the whole batch,
//! with the ledger lines that will be added at its end. The next writer after an interruption finds
//! the directory, and in it all that is needed to finish the batch; it never has to look through
//! the archive. When a writer ends in good order it removes its files and the directory.
//!
//! All names begin with a number that a writer draws for itself, so that the files of two writers
//! never meet, even if both believe that they are alone.

use crate::regular::{self, Links};
use crate::store::directory::fixity::Fixity;
use crate::store::directory::layout::{UNFINISHED, is_record_path};
use crate::store::disk::files::Files;
use crate::store::error::ArchiveError;
use crate::store::ledger::Line;
use serde::{Deserialize, Serialize};
use std::collections::hash_map::RandomState;
use std::fs;
use std::hash::{BuildHasher, Hasher};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How the name of a list begins and ends; between them stands the writer.
const LIST: &str = "journal";
const LIST_END: &str = ".jsonl";
/// How the name of a list of removals begins: hashes, one a line.
const REMOVALS: &str = "removals";

/// The directory of unfinished files.
#[derive(Debug)]
pub(crate) struct Journal {
    directory: PathBuf,
    /// What the names of this writer's files begin with.
    writer: String,
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
    pub(crate) fn line(line: Line) -> Self {
        Self {
            line,
            raw: None,
            record: None,
            remove: None,
        }
    }

    /// Returns whether anything is to be moved or removed.
    pub(crate) fn has_files(&self) -> bool {
        self.raw.is_some() || self.record.is_some() || self.remove.is_some()
    }

    /// Returns whether all names in it stay below the archive: a list from elsewhere could hold
    /// others.
    pub(crate) fn is_safe(&self) -> bool {
        let is_plain = |name: &Option<String>| {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            name.as_ref()
                .is_none_or(|name| !name.is_empty() && name.bytes().all(is_plain))
        };
        let is_record =
            |path: &Option<String>| path.as_ref().is_none_or(|path| is_record_path(path));
        let is_hash = Fixity::read(&self.line.sha256).is_some();
        is_plain(&self.raw)
            && is_plain(&self.record)
            && is_record(&self.remove)
            && is_record(&self.line.record)
            && is_hash
    }
}

impl Journal {
    /// Returns the journal below `root`; writes nothing.
    pub(crate) fn new(root: &Path) -> Self {
        let directory = root.join(UNFINISHED);
        Self {
            is_there: AtomicBool::new(directory.is_dir()),
            directory,
            writer: format!("{:016x}", RandomState::new().build_hasher().finish()),
            next: AtomicU64::new(1),
        }
    }

    /// Returns whether there is anything unfinished.
    pub(crate) fn is_there(&self) -> bool {
        self.is_there.load(Ordering::Relaxed)
    }

    /// Returns the directory.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Returns the path of one of its files.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Makes the directory, if need be. Call it before [`Self::keep`].
    pub(crate) fn begin(&self, files: &Files, sync: bool) -> Result<(), ArchiveError> {
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
    pub(crate) fn keep(
        &self,
        bytes: &[u8],
        files: &Files,
        sync: bool,
    ) -> Result<String, ArchiveError> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}-{number}", self.writer);
        files.write_new(&self.path(&name), bytes, sync)?;
        Ok(name)
    }

    /// Lists a batch, in place of the one before.
    pub(crate) fn list(
        &self,
        batch: &[Planned],
        files: &Files,
        sync: bool,
    ) -> Result<(), ArchiveError> {
        let path = self.path(&format!("{LIST}-{}{LIST_END}", self.writer));
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

    /// Notes that these stories are about to be removed.
    pub(crate) fn note_removals(
        &self,
        stories: &[Fixity],
        files: &Files,
        sync: bool,
    ) -> Result<(), ArchiveError> {
        let lines: String = stories.iter().map(|sha256| format!("{sha256}\n")).collect();
        let path = self.path(&format!("{REMOVALS}-{}", self.writer));
        files.write_over(&path, lines.as_bytes(), sync)
    }

    /// Removes what an earlier writer left, and the directory. Directories that this program never
    /// makes stay, and are returned.
    pub(crate) fn clear(&self, files: &Files) -> Result<Cleared, ArchiveError> {
        self.remove_files(files, |_| true)
    }

    /// Removes this writer's own files, and the directory if nothing else is in it.
    pub(crate) fn clear_own(&self, files: &Files) -> Result<Cleared, ArchiveError> {
        self.remove_files(files, |name| name.contains(&self.writer))
    }

    fn remove_files(
        &self,
        files: &Files,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<Cleared, ArchiveError> {
        let mut cleared = Cleared::default();
        let mut lists = Vec::new();
        let read = |source| ArchiveError::Read {
            path: self.directory.clone(),
            source,
        };
        for entry in fs::read_dir(&self.directory).map_err(read)? {
            let entry = entry.map_err(read)?;
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| is_wanted(name)) else {
                continue;
            };
            if is_list(name) || name.starts_with(REMOVALS) {
                lists.push(entry.path());
                continue;
            }
            match files.remove(&entry.path()) {
                Ok(()) => cleared.removed += 1,
                Err(ArchiveError::InTheWay { path }) => cleared.left.push(path),
                Err(error) => return Err(error),
            }
        }
        // Last, since they say what the others are.
        for list in lists {
            match files.remove(&list) {
                Ok(()) => {}
                Err(ArchiveError::InTheWay { path }) => cleared.left.push(path),
                Err(error) => return Err(error),
            }
        }
        files.remove_empty(&self.directory);
        self.is_there
            .store(self.directory.is_dir(), Ordering::Relaxed);
        Ok(cleared)
    }
}

/// What came of removing unfinished files.
#[derive(Debug, Default)]
pub(crate) struct Cleared {
    /// How many were removed, lists not counted.
    pub removed: usize,
    /// Directories that hold something; this program makes none here.
    pub left: Vec<PathBuf>,
}

fn is_list(name: &str) -> bool {
    name.starts_with(LIST) && name.ends_with(LIST_END)
}

/// Returns the batches that the lists below `root` name, as far as their lines are whole: a list is
/// torn only if none of its files were moved yet.
pub(crate) fn listed(root: &Path) -> Result<Vec<Planned>, ArchiveError> {
    let mut batch = Vec::new();
    for list in named(root, is_list)? {
        read_list(&list, &mut batch)?;
    }
    Ok(batch)
}

/// Returns the stories that were to be removed, by the lists below `root`. A torn list counts as
/// far as it is whole: the ledger says whether a removal has begun.
pub(crate) fn removals(root: &Path) -> Result<Vec<Fixity>, ArchiveError> {
    let mut stories = Vec::new();
    for list in named(root, |name| name.starts_with(REMOVALS))? {
        let text = regular::open(&list, Links::Refused).and_then(io::read_to_string);
        let text = text.map_err(|source| ArchiveError::Read { path: list, source })?;
        stories.extend(text.lines().filter_map(Fixity::read));
    }
    Ok(stories)
}

/// Returns the files of `unfinished/` below `root` with such names, in order.
fn named(root: &Path, is_wanted: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>, ArchiveError> {
    let directory = root.join(UNFINISHED);
    let read = |source| ArchiveError::Read {
        path: directory.clone(),
        source,
    };
    let entries = match fs::read_dir(&directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(read(source)),
    };
    let mut lists = Vec::new();
    for entry in entries {
        let entry = entry.map_err(read)?;
        if entry.file_name().to_str().is_some_and(&is_wanted) {
            lists.push(entry.path());
        }
    }
    lists.sort();
    Ok(lists)
}

/// Adds what one list names to `batch`.
fn read_list(path: &Path, batch: &mut Vec<Planned>) -> Result<(), ArchiveError> {
    let read = |source| ArchiveError::Read {
        path: path.to_owned(),
        source,
    };
    let file = match regular::open(path, Links::Refused) {
        Ok(file) => file,
        // Its writer may have ended meanwhile; what is no file is no list.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::InvalidInput
            ) =>
        {
            return Ok(());
        }
        Err(source) => return Err(read(source)),
    };
    let mut reader = BufReader::new(file);
    let mut text = Vec::new();
    loop {
        text.clear();
        reader.read_until(b'\n', &mut text).map_err(read)?;
        match serde_json::from_slice::<Planned>(&text) {
            Ok(planned) if text.ends_with(b"\n") && planned.is_safe() => batch.push(planned),
            _ => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_writers_never_use_one_name() {
        let dir = tempfile::tempdir().unwrap();
        let files = Files::default();
        let [one, two] = [Journal::new(dir.path()), Journal::new(dir.path())];
        one.begin(&files, false).unwrap();
        let [first, second] =
            [&one, &two].map(|journal| journal.keep(b"bytes", &files, false).unwrap());
        assert_ne!(first, second);
        for journal in [&one, &two] {
            journal.list(&[], &files, false).unwrap();
        }
        // Each removes its own and leaves the other's.
        assert_eq!(two.clear_own(&files).unwrap().removed, 1);
        assert!(one.path(&first).exists() && !two.path(&second).exists());
        assert_eq!(one.clear_own(&files).unwrap().removed, 1);
        assert!(!one.directory().exists());
    }
}
