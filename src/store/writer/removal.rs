//! What a removal takes away, once its line is in the ledger: also after an interruption.

use crate::store::annotations;
use crate::store::directory::fixity::Fixity;
use crate::store::directory::layout::{CATALOG, EVIDENCE, is_record_path, raw_path};
use crate::store::disk::durability::{Sync, sync_everything};
use crate::store::error::ArchiveError;
use crate::store::ledger::{self, Ledger, StruckFile, lines_after};
use crate::store::story_id::StoryId;
use crate::store::writer::commit::Committer;
use crate::store::writer::journal::removals;
use crate::store::writer::known::Known;
use rustc_hash::FxHashSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Bytes of a file that are looked through together.
const PIECE: usize = 1 << 20;

/// Goes on with the removals that an interruption left undone. Returns how many those were.
pub(crate) fn finish(committer: &mut Committer, sync: Sync) -> Result<usize, ArchiveError> {
    let noted = removals(&committer.root)?;
    if noted.is_empty() {
        return Ok(0);
    }
    let ids = noted.iter().map(|sha256| sha256.id()).collect();
    // Without its line in the ledger a removal has not begun. A story that was removed once, came
    // again and was about to be removed again is still there.
    let known = Known::of_these(&committer.root, &ids)?;
    let mut removed = Vec::with_capacity(noted.len());
    for sha256 in noted {
        let id = sha256.id();
        if known.was_removed(id) && known.stored(id)?.is_none() {
            removed.push(sha256);
        }
    }
    if removed.is_empty() {
        return Ok(0);
    }
    carry_out(committer, &removed, sync)?;
    // Whoever opens the catalog makes it again.
    let files = &committer.files;
    for name in [
        CATALOG.to_owned(),
        format!("{CATALOG}-wal"),
        format!("{CATALOG}-shm"),
    ] {
        files.remove(&committer.root.join(name))?;
    }
    committer.has_stopped = false;
    Ok(removed.len())
}

/// Takes away all but the catalog that speaks of these stories, for which the ledger has `removed`
/// lines. Returns the files of `evidence/` that went. The committer takes nothing more until the
/// catalog forgets, too.
pub(crate) fn carry_out(
    committer: &mut Committer,
    stories: &[Fixity],
    sync: Sync,
) -> Result<Vec<PathBuf>, ArchiveError> {
    committer.has_stopped = true;
    let ids: FxHashSet<StoryId> = stories.iter().map(|sha256| sha256.id()).collect();
    for record in records(&committer.root, &ids)? {
        committer.places.remove(&record, &committer.files)?;
    }
    for sha256 in stories {
        let raw = raw_path(&sha256.to_string());
        committer.places.remove(&raw, &committer.files)?;
    }
    let evidence = mentioned_in(&committer.root.join(EVIDENCE), &ids)?;
    for path in &evidence {
        committer.files.remove(path)?;
    }
    committer.files.remove_empty(&committer.root.join(EVIDENCE));
    let Committer { journal, files, .. } = &*committer;
    journal.begin(files, sync.is_each())?;
    ledger::strike(&committer.root, &ids, |StruckFile { path, bytes }| {
        let name = journal.keep(&bytes, files, sync != Sync::Nothing)?;
        files.rename(&journal.path(&name), &path)
    })?;
    if let Some(StruckFile { path, bytes }) = annotations::file::strike(&committer.root, &ids)? {
        let name = journal.keep(&bytes, files, sync != Sync::Nothing)?;
        files.rename(&journal.path(&name), &path)?;
    }
    if sync == Sync::Nothing {
        committer.places.forget();
    } else {
        sync_everything(&committer.files, &committer.root, &mut committer.places)?;
    }
    // The last file may be another one now.
    (committer.ledger, _) = Ledger::open(&committer.root, &committer.files)?;
    Ok(evidence)
}

/// Returns the places of all records that the ledger names for these stories.
fn records(root: &Path, ids: &FxHashSet<StoryId>) -> Result<Vec<String>, ArchiveError> {
    let mut records = Vec::new();
    for line in lines_after(root, 0)? {
        let line = line?;
        let is_removed = StoryId::read(&line.id).is_some_and(|id| ids.contains(&id));
        if let (true, Some(record)) = (is_removed, line.record)
            && is_record_path(&record)
        {
            records.push(record);
        }
    }
    records.sort_unstable();
    records.dedup();
    Ok(records)
}

/// Returns the files of a directory that hold one of these ids.
fn mentioned_in(directory: &Path, ids: &FxHashSet<StoryId>) -> Result<Vec<PathBuf>, ArchiveError> {
    let read = |path: &Path| {
        let path = path.to_owned();
        |source| ArchiveError::Read { path, source }
    };
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(read(directory)(source)),
    };
    let ids: Vec<String> = ids.iter().map(StoryId::to_string).collect();
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(read(directory))?.path();
        let is_file = fs::symlink_metadata(&path).is_ok_and(|entry| entry.is_file());
        if is_file && mentions(&path, &ids).map_err(read(&path))? {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Returns whether a file holds one of these words.
fn mentions(path: &Path, words: &[String]) -> io::Result<bool> {
    let longest = words.iter().map(String::len).max().unwrap_or(0);
    let mut file = fs::File::open(path)?;
    let mut bytes = Vec::with_capacity(PIECE + longest);
    loop {
        // A word may stand across the border of two pieces.
        let kept = bytes.len().min(longest);
        bytes.drain(..bytes.len() - kept);
        let more = (&mut file).take(PIECE as u64).read_to_end(&mut bytes)?;
        if more == 0 {
            return Ok(false);
        }
        let holds = |word: &String| memchr::memmem::find(&bytes, word.as_bytes()).is_some();
        if words.iter().any(holds) {
            return Ok(true);
        }
    }
}
