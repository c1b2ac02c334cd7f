//! Finishing what an interruption left undone.
//!
//! Costs nothing when nothing happened: the end of the ledger is looked at, and whether
//! `unfinished/` is there. If it is, its list names all files that may be in one of two places.
//! Only an archive without any ledger line (one that an early version of this program made, or one
//! that lost its ledger) is looked through.

use crate::fence::try_parse;
use crate::options::ParseOptions;
use crate::store::directory::fixity::Fixity;
use crate::store::directory::layout::{RECORDS, RecordFile, id_of, raw_path};
use crate::store::disk::durability::{Durability, Sync, sync_everything};
use crate::store::disk::places::is_directory;
use crate::store::disk::write::is_temporary;
use crate::store::error::ArchiveError;
use crate::store::ledger::index::StoredRecord;
use crate::store::ledger::{Event, Line, ReadOptions};
use crate::store::program::PROGRAM;
use crate::store::program::now;
use crate::store::writer::commit::{Committer, place};
use crate::store::writer::journal::{Cleared, Planned, listed};
use crate::store::writer::known::Known;
use crate::store::writer::plan::{read_file, sha256_of};
use crate::store::writer::removal;
use rayon::prelude::*;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Who made a record that no ledger line names, if this program would make another.
const UNKNOWN: &str = "unknown";
/// Records looked at together.
const CHUNK: usize = 1024;

/// What was found undone when an archive was opened, and is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovery {
    /// Bytes of an unfinished ledger line that were cut off.
    pub cut: u64,
    /// Stories whose files were whole: they are now in the ledger.
    pub recovered: usize,
    /// Unfinished files that were removed; what was in them was never reported as stored.
    pub removed: usize,
    /// Stories whose removal had begun; it is finished.
    pub taken_out: usize,
    /// What stands where the archive has a file or directory of its own, and was left alone.
    /// Stories whose files belong there are not in the archive; they were never reported as stored.
    pub in_the_way: Vec<PathBuf>,
}

impl Recovery {
    /// Returns whether there was anything to do.
    pub fn is_needed(&self) -> bool {
        *self != Self::default()
    }
}

impl fmt::Display for Recovery {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            cut,
            recovered,
            removed,
            taken_out,
            in_the_way,
        } = self;
        let plural = |count: usize, one: &str, many: &str| {
            format!("{count} {}", if count == 1 { one } else { many })
        };
        let mut parts = Vec::new();
        if *recovered > 0 {
            parts.push(format!(
                "{} entered in the ledger",
                plural(*recovered, "whole story", "whole stories")
            ));
        }
        if *removed > 0 {
            parts.push(format!(
                "{} removed",
                plural(*removed, "unfinished file", "unfinished files")
            ));
        }
        if *taken_out > 0 {
            parts.push(format!(
                "the removal of {} finished",
                plural(*taken_out, "story", "stories")
            ));
        }
        if *cut > 0 {
            parts.push(format!("an unfinished ledger line of {cut} bytes cut off"));
        }
        if !parts.is_empty() {
            write!(out, "recovered from an interruption: {}", parts.join(", "))?;
        }
        if let [first, others @ ..] = in_the_way.as_slice() {
            if !parts.is_empty() {
                out.write_str("; ")?;
            }
            write!(out, "{} is in the way", first.display())?;
            if !others.is_empty() {
                let count = plural(others.len(), "other thing", "other things");
                write!(out, ", and so are {count}")?;
            }
            out.write_str("; move it elsewhere, and ingest the files again")?;
        }
        Ok(())
    }
}

/// Brings the archive in order before anything else is written. `cut` is what opening the ledger
/// took away.
pub(crate) fn recover(
    committer: &mut Committer,
    durability: Durability,
    cut: u64,
) -> Result<Recovery, ArchiveError> {
    let mut recovery = Recovery {
        cut,
        ..Recovery::default()
    };
    // Left by the making of the archive itself, or of a catalog.
    for entry in fs::read_dir(&committer.root)
        .into_iter()
        .flatten()
        .flatten()
    {
        if is_temporary(&entry.file_name()) {
            match committer.files.remove(&entry.path()) {
                Ok(()) => recovery.removed += 1,
                Err(ArchiveError::InTheWay { path }) => recovery.in_the_way.push(path),
                Err(error) => return Err(error),
            }
        }
    }
    if committer.journal.is_there() {
        finish_batch(committer, durability, &mut recovery)?;
        let taken_out = removal::finish(committer, Sync::of(durability, 1))?;
        recovery.taken_out += taken_out;
        let Cleared { removed, left } = committer.journal.clear(&committer.files)?;
        recovery.removed += removed;
        recovery.in_the_way.extend(left);
    }
    if committer.ledger.last() == 0 && is_directory(&committer.root.join(RECORDS))? {
        recovery.recovered += adopt_all(committer, durability)?;
    }
    Ok(recovery)
}

/// Finishes the batches that the journal lists, story by story, as far as their files are whole.
/// Stories whose places are taken are left out.
fn finish_batch(
    committer: &mut Committer,
    durability: Durability,
    recovery: &mut Recovery,
) -> Result<(), ArchiveError> {
    let listed = listed(&committer.root)?;
    let ids = listed
        .iter()
        .filter_map(|planned| Fixity::read(&planned.line.sha256))
        .map(Fixity::id)
        .collect();
    let known = Known::of_these(&committer.root, &ids)?;
    let mut batch = Vec::new();
    for planned in listed {
        match finish_story(committer, &known, planned) {
            Ok(Some(finished)) => {
                recovery.recovered += usize::from(finished.had_files);
                batch.push(Planned::line(finished.line));
            }
            Ok(None) => {}
            Err(ArchiveError::InTheWay { path } | ArchiveError::Link { path }) => {
                recovery.in_the_way.push(path);
            }
            Err(error) => return Err(error),
        }
    }
    if durability != Durability::None {
        // Also what the interrupted program moved into place or wrote to the ledger by itself.
        sync_everything(&committer.files, &committer.root, &mut committer.places)?;
    }
    committer.commit(&mut batch, Sync::of(durability, 1))
}

/// A story that is whole again, and lacks only its line.
struct Finished {
    line: Line,
    had_files: bool,
}

/// Finishes one story of an interrupted batch. Returns `None` if there is nothing to add to the
/// ledger: its line is there, or its files are not whole.
fn finish_story(
    committer: &mut Committer,
    known: &Known,
    planned: Planned,
) -> Result<Option<Finished>, ArchiveError> {
    let Planned { line, .. } = &planned;
    let Some(sha256) = Fixity::read(&line.sha256) else {
        return Ok(None);
    };
    if !planned.has_files() {
        let is_known = known.has_source(sha256, line.path.as_deref(), line.member.as_deref())?;
        return Ok((!is_known).then_some(Finished {
            line: planned.line,
            had_files: false,
        }));
    }
    let stored = known.stored(sha256.id())?;
    // Its line is in the ledger, so its files are where they belong.
    if stored
        .as_ref()
        .is_some_and(|stored| is_told(stored, line, sha256))
    {
        return Ok(None);
    }
    let root = &committer.root;
    let waits = |name: Option<&str>, sha256: Option<&str>| {
        name.is_some_and(|name| is_whole(&committer.journal.path(name), sha256))
    };
    let stands = |path: &str, sha256: Option<&str>| is_whole(&root.join(path), sha256);
    let raw_waits = waits(planned.raw.as_deref(), Some(&line.sha256));
    let record_hash = line.record_sha256.as_deref();
    let record_waits = waits(planned.record.as_deref(), record_hash);
    let record_stands = line
        .record
        .as_deref()
        .is_some_and(|record| stands(record, record_hash));
    let has_raw = raw_waits || stands(&raw_path(&line.sha256), Some(&line.sha256));
    if has_raw && (record_waits || record_stands) {
        let planned = Planned {
            raw: planned.raw.filter(|_| raw_waits),
            record: planned.record.filter(|_| record_waits),
            line: Line {
                event: Event::Recovered,
                ..planned.line
            },
            remove: planned.remove,
        };
        let unfinished = |name: &str| committer.journal.path(name);
        place(
            &planned,
            &mut committer.places,
            &committer.files,
            unfinished,
        )?;
        return Ok(Some(Finished {
            line: planned.line,
            had_files: true,
        }));
    }
    // Some file systems can lose the earlier of two renames: no record without its evidence.
    if let Some(record) = &line.record
        && stored.is_none()
        && record_stands
        && !record_waits
    {
        committer.places.remove(record, &committer.files)?;
    }
    Ok(None)
}

/// Returns whether the ledger says of the story what `line` says.
fn is_told(stored: &StoredRecord, line: &Line, sha256: Fixity) -> bool {
    let [record, hash] = [&line.record, &line.record_sha256].map(Option::as_deref);
    stored.sha256 == sha256
        && record == Some(&stored.record)
        && hash == Some(&stored.record_sha256.to_string())
}

/// Enters all records in the ledger whose raw copies are there. Returns how many those were.
fn adopt_all(committer: &mut Committer, durability: Durability) -> Result<usize, ArchiveError> {
    let root = committer.root.clone();
    let mut records = WalkDir::new(root.join(RECORDS))
        .sort_by_file_name()
        .into_iter()
        .flatten()
        .filter(|entry| {
            // Early versions had their unfinished files among the records.
            entry.file_type().is_file() && id_of(entry.file_name()).is_some()
        });
    let mut adopted = 0;
    loop {
        let chunk: Vec<_> = records.by_ref().take(CHUNK).collect();
        if chunk.is_empty() {
            return Ok(adopted);
        }
        let lines: Vec<Option<Line>> = chunk
            .par_iter()
            .map(|entry| adopt(&root, entry.path()))
            .collect();
        let mut lines: Vec<Planned> = lines.into_iter().flatten().map(Planned::line).collect();
        adopted += lines.len();
        committer.commit(&mut lines, Sync::of(durability, 1))?;
    }
}

/// Returns a ledger line for a record that none names; none if it is no record or its raw copy is
/// not there.
pub(crate) fn adopt(root: &Path, path: &Path) -> Option<Line> {
    let record = read_file(path).ok()??;
    let sha256 = sha256_of(&record)?;
    let raw = read_file(&root.join(raw_path(&Fixity::read(&sha256)?.to_string()))).ok()??;
    let hash = Fixity::of(&raw);
    if hash.to_string() != sha256 || id_of(path.file_name()?)? != hash.short() {
        return None;
    }
    let relative = path.strip_prefix(root).ok()?.to_str()?.replace('\\', "/");
    // Nothing tells the options, except that these make the same record.
    let options = ParseOptions::default();
    let entry = try_parse(&raw, &options).ok().map(RecordFile::new);
    let is_ours = entry
        .and_then(Result::ok)
        .is_some_and(|entry| entry.record == record && entry.record_path == relative);
    Some(Line {
        n: 0,
        time: now(),
        event: Event::Recovered,
        id: hash.short(),
        sha256,
        record: Some(relative),
        record_sha256: Some(Fixity::of(&record).to_string()),
        record_bytes: Some(record.len() as u64),
        path: None,
        member: None,
        program: if is_ours { PROGRAM } else { UNKNOWN }.to_owned(),
        options: is_ours.then(|| ReadOptions::from(&options)),
        note: Some("found without a ledger line".to_owned()),
        check: String::new(),
    })
}

fn is_whole(path: &Path, sha256: Option<&str>) -> bool {
    let is_file = fs::symlink_metadata(path).is_ok_and(|file| file.is_file());
    let hash = || fs::File::open(path).and_then(Fixity::of_stream).ok();
    is_file
        && sha256.is_some_and(|sha256| hash().is_some_and(|(hash, _)| hash.to_string() == sha256))
}
