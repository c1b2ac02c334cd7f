//! Going through the files: in the order of their names, hashed on all cores.

use super::expected::{Expected, Moving};
use super::finding::{Audit, Code, Counts, Finding, Report};
use super::places::Writer;
use crate::fence::try_parse;
use crate::regular::{self, Links};
use crate::store::directory;
use crate::store::directory::fixity::Fixity;
use crate::store::directory::layout::{RAW, RECORDS, RecordFile, id_of, raw_path};
use crate::store::error::ArchiveError;
use crate::store::ledger::ReadOptions;
use crate::store::ledger::index::StoredRecord;
use crate::store::program::PROGRAM;
use crate::store::story_id::StoryId;
use crate::store::writer::plan::sha256_of;
use crate::story_error::StoryError;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// Files looked at together. Each thread holds one of them at a time.
const CHUNK: usize = 1024;
/// Records larger than this are hashed and not looked into.
const RECORD_BYTES: u64 = 64 << 20;

const LINK: &str = "is a symbolic link, and an archive keeps its files below its own directory; \
                    put what it leads to in its place";

/// A file, or what stands where one should.
struct Found {
    path: PathBuf,
    /// Below the archive, with `/`.
    name: String,
    is_file: bool,
    is_link: bool,
    error: Option<io::Error>,
}

/// What is wrong with a file.
struct Verdict {
    code: Code,
    message: String,
}

impl Verdict {
    fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

/// Calls `each` with all files below one of the archive's directories, a chunk at a time. Returns
/// the directories that hold nothing.
fn walk(
    root: &Path,
    part: &str,
    mut each: impl FnMut(&[Found]) -> Result<(), ArchiveError>,
) -> Result<Vec<String>, ArchiveError> {
    let top = root.join(part);
    if !top.exists() {
        return Ok(Vec::new());
    }
    let name = |path: &Path| {
        path.strip_prefix(root)
            .unwrap_or(path)
            .to_string_lossy()
            .replace('\\', "/")
    };
    let mut entries = WalkDir::new(&top).sort_by_file_name().into_iter();
    // A directory holds nothing if what comes after it is no deeper.
    let (mut empty, mut last): (Vec<String>, Option<DirEntry>) = (Vec::new(), None);
    loop {
        let mut chunk = Vec::new();
        while chunk.len() < CHUNK {
            let entry = entries.next();
            let depth = match &entry {
                Some(Ok(entry)) => entry.depth(),
                Some(Err(error)) => error.depth() + 1,
                None => 0,
            };
            if let Some(directory) = last.take_if(|last| depth <= last.depth()) {
                empty.push(name(directory.path()));
            }
            last = None;
            match entry {
                None => break,
                Some(Ok(entry)) if entry.file_type().is_dir() => {
                    last = Some(entry).filter(|entry| entry.depth() > 0);
                }
                Some(Ok(entry)) => chunk.push(Found {
                    name: name(entry.path()),
                    is_file: entry.file_type().is_file(),
                    is_link: entry.path_is_symlink(),
                    path: entry.into_path(),
                    error: None,
                }),
                Some(Err(error)) => {
                    let path = error.path().unwrap_or(&top).to_owned();
                    let error = error.into_io_error();
                    chunk.push(Found {
                        name: name(&path),
                        is_file: false,
                        is_link: false,
                        path,
                        error: Some(error.unwrap_or_else(|| io::ErrorKind::Other.into())),
                    });
                }
            }
        }
        if chunk.is_empty() {
            return Ok(empty);
        }
        each(&chunk)?;
    }
}

/// Returns names the directories that hold nothing, if nobody is writing, who would be filling
/// them. Where a file is missing, its directory is no news.
fn name_empty(
    expected: &Expected,
    empty: Vec<String>,
    writer: Writer,
    report: &mut Report<'_, '_>,
) -> Result<(), ArchiveError> {
    if writer == Writer::Somebody || directory::has_writer(&expected.root) {
        return Ok(());
    }
    let message = "is an empty directory; `archive verify --repair` removes it";
    for path in empty {
        if !expected.register.fills(&path)? {
            report.file(Code::DirectoryEmpty, path, message);
        }
    }
    Ok(())
}

/// Goes through the raw copies.
pub(super) fn raw(
    expected: &mut Expected,
    writer: Writer,
    counts: &mut Counts,
    report: &mut Report<'_, '_>,
) -> Result<(), ArchiveError> {
    let root = expected.root.clone();
    let of = expected.register.len()? * 2;
    let empty = walk(&root, RAW, |chunk| {
        let stored = expected
            .register
            .stored_all(chunk.iter().filter_map(promised).map(Fixity::id))?;
        let verdicts: Vec<_> = chunk
            .par_iter()
            .map(|found| judge_raw(found, &stored))
            .collect();
        let mut seen = Vec::with_capacity(chunk.len());
        for (found, (sha256, verdict)) in chunk.iter().zip(verdicts) {
            counts.raw += 1;
            seen.extend(sha256.map(Fixity::id));
            pronounce(
                &mut expected.moving,
                found,
                sha256.map(Fixity::id),
                verdict,
                report,
            )?;
        }
        report.looked(chunk.len() as u64, of);
        expected.register.saw_raw(&seen)
    })?;
    name_empty(expected, empty, writer, report)
}

/// Goes through the records.
pub(super) fn records(
    expected: &mut Expected,
    audit: Audit,
    writer: Writer,
    counts: &mut Counts,
    report: &mut Report<'_, '_>,
) -> Result<(), ArchiveError> {
    let root = expected.root.clone();
    let of = expected.register.len()? * 2;
    let empty = walk(&root, RECORDS, |chunk| {
        let stored = expected
            .register
            .stored_all(chunk.iter().filter_map(named))?;
        let verdicts: Vec<_> = chunk
            .par_iter()
            .map(|found| judge_record(found, &root, &stored, audit))
            .collect();
        let mut seen = Vec::with_capacity(chunk.len());
        for (found, (was_made, verdict)) in chunk.iter().zip(verdicts) {
            counts.records += 1;
            counts.reparsed += usize::from(was_made);
            let id = named(found);
            seen.extend(id.filter(|id| {
                stored
                    .get(id)
                    .is_some_and(|stored| *stored.record == found.name)
            }));
            pronounce(&mut expected.moving, found, id, verdict, report)?;
        }
        report.looked(chunk.len() as u64, of);
        expected.register.saw_records(&seen)
    })?;
    name_empty(expected, empty, writer, report)
}

fn pronounce(
    moving: &mut Moving,
    found: &Found,
    id: Option<StoryId>,
    verdict: Option<Verdict>,
    report: &mut Report<'_, '_>,
) -> Result<(), ArchiveError> {
    let Some(Verdict { code, message }) = verdict else {
        return Ok(());
    };
    if let Some(id) = id
        && moving.has(id)?
    {
        return Ok(());
    }
    report.found(Finding {
        code,
        path: found.name.clone(),
        id: id.map(|id| id.to_string()),
        message,
    });
    Ok(())
}

/// Returns the hash that a raw copy's name promises.
fn promised(found: &Found) -> Option<Fixity> {
    found
        .path
        .file_name()
        .and_then(|name| name.to_str())
        .and_then(Fixity::read)
}

/// Returns the id in a record's name.
fn named(found: &Found) -> Option<StoryId> {
    found
        .path
        .file_name()
        .and_then(id_of)
        .and_then(StoryId::read)
}

/// Returns the hash that a raw copy's name promises, and what is wrong with it.
fn judge_raw(
    found: &Found,
    stored: &FxHashMap<StoryId, StoredRecord>,
) -> (Option<Fixity>, Option<Verdict>) {
    if let Some(error) = &found.error {
        return (
            None,
            Some(Verdict::new(
                Code::RawUnreadable,
                format!("cannot be read ({error})"),
            )),
        );
    }
    let Some(promised) =
        promised(found).filter(|name| found.is_file && raw_path(&name.to_string()) == found.name)
    else {
        return (
            None,
            Some(Verdict::new(
                Code::RawExtra,
                if found.is_link {
                    LINK
                } else {
                    "is no raw copy; nothing of the archive has this place, move it elsewhere"
                },
            )),
        );
    };
    let verdict = match regular::open(&found.path, Links::Refused).and_then(Fixity::of_stream) {
        Err(error) => Some(Verdict::new(
            Code::RawUnreadable,
            format!("cannot be read ({error})"),
        )),
        Ok((hash, _)) if hash != promised => Some(Verdict::new(
            Code::RawChanged,
            format!(
                "its bytes were changed, they hash to {hash}; ingest the file that it came from \
                 again, or restore it from a backup"
            ),
        )),
        Ok(_)
            if stored
                .get(&promised.id())
                .is_none_or(|stored| stored.sha256 != promised) =>
        {
            Some(Verdict::new(
                Code::RawExtra,
                "no line of the ledger names it; `archive verify --repair` stores its story",
            ))
        }
        Ok(_) => None,
    };
    (Some(promised), verdict)
}

/// Returns the bytes of a regular file, no more than a record or a raw copy has.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    regular::open(path, Links::Refused)?
        .take(RECORD_BYTES + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns whether a record was made again to compare, and what is wrong with it.
fn judge_record(
    found: &Found,
    root: &Path,
    stored: &FxHashMap<StoryId, StoredRecord>,
    audit: Audit,
) -> (bool, Option<Verdict>) {
    let verdict = |code, message: String| (false, Some(Verdict { code, message }));
    if let Some(error) = &found.error {
        return verdict(Code::RecordUnreadable, format!("cannot be read ({error})"));
    }
    let Some((id, stored)) = named(found)
        .and_then(|id| Some((id, stored.get(&id)?)))
        .filter(|(_, stored)| found.is_file && *stored.record == found.name)
    else {
        let message = if found.is_file {
            "no line of the ledger names it; `archive verify --repair` enters it, if its raw copy \
             is there"
        } else if found.is_link {
            LINK
        } else {
            "is no regular file; move it elsewhere"
        };
        return verdict(Code::RecordExtra, message.to_owned());
    };
    let mend = "`archive verify --repair` makes it again";
    let unreadable = |error| verdict(Code::RecordUnreadable, format!("cannot be read ({error})"));
    if fs::metadata(&found.path).is_ok_and(|file| file.len() > RECORD_BYTES) {
        return match regular::open(&found.path, Links::Refused).and_then(Fixity::of_stream) {
            Err(error) => unreadable(error),
            Ok((hash, _)) if hash != stored.record_sha256 => verdict(
                Code::RecordChanged,
                format!("is not what the ledger says; {mend}"),
            ),
            Ok(_) => (false, None),
        };
    }
    let record = match read(&found.path) {
        Ok(record) => record,
        Err(error) => return unreadable(error),
    };
    if Fixity::of(&record) != stored.record_sha256 {
        let what = match sha256_of(&record).and_then(|sha256| Fixity::read(&sha256)) {
            Some(other) if other != stored.sha256 => {
                format!("holds the record of another story, {}", other.short())
            }
            _ => "is not what the ledger says".to_owned(),
        };
        return verdict(Code::RecordChanged, format!("{what}; {mend}"));
    }
    if sha256_of(&record).as_deref() != Some(&stored.sha256.to_string()) {
        return verdict(
            Code::RecordChanged,
            format!("names other bytes than the ledger; {mend}"),
        );
    }
    if !audit.has(id) {
        return (false, None);
    }
    match made_again(root, stored) {
        None => (false, None),
        Some(Err(error)) => (
            true,
            Some(Verdict::new(
                Code::StoryFault,
                format!(
                    "cannot be compared with what this program makes of its raw copy: it {error}"
                ),
            )),
        ),
        Some(Ok(entry)) if entry.record == record && entry.record_path == found.name => {
            (true, None)
        }
        Some(Ok(_)) => (
            true,
            Some(Verdict::new(
                Code::RecordDiffers,
                format!("is not what this program makes of its raw copy; {mend}"),
            )),
        ),
    }
}

/// Returns the record as this program makes it; none if another made it, or its raw copy is not
/// whole, which is a finding of its own.
fn made_again(root: &Path, stored: &StoredRecord) -> Option<Result<RecordFile, StoryError>> {
    let origin = &stored.origin;
    let options = origin
        .options
        .as_ref()
        .and_then(ReadOptions::options)
        .filter(|_| origin.program == PROGRAM)?;
    let raw = read(&root.join(raw_path(&stored.sha256.to_string()))).ok()?;
    if Fixity::of(&raw) != stored.sha256 {
        return None;
    }
    match try_parse(&raw, &options) {
        Ok(story) => RecordFile::new(story).ok().map(Ok),
        Err(error) => Some(Err(error)),
    }
}
