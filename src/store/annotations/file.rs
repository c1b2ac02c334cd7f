//! The file of the annotations: reading it, adding to it, checking it, striking what a removed
//! story was given.

use super::line::AnnotationLine;
use crate::store::directory::layout::ANNOTATIONS;
use crate::store::disk::files::Files;
use crate::store::error::ArchiveError;
use crate::store::ledger::seal::{FIRST_CHECK, check_of, sealed, split};
use crate::store::ledger::{Last, StruckFile};
use crate::store::story_id::StoryId;
use rustc_hash::FxHashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Bytes from the end in which the last line is looked for first.
const TAIL: u64 = 1 << 16;

/// One place where the file is not what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DamagedAnnotation {
    /// Which line, from 1.
    pub line: u64,
    /// What is wrong there.
    pub reason: &'static str,
}

/// A line as it stands in the file.
struct Stored {
    text: Vec<u8>,
    is_whole: bool,
}

impl Stored {
    fn understood(&self) -> Option<AnnotationLine> {
        serde_json::from_slice(&self.text).ok()
    }
}

/// Hands each line of the archive at `root` to `take`.
fn each(
    root: &Path,
    mut take: impl FnMut(Stored) -> Result<(), ArchiveError>,
) -> Result<(), ArchiveError> {
    let path = root.join(ANNOTATIONS);
    let read = |source| ArchiveError::Read {
        path: path.clone(),
        source,
    };
    match fs::symlink_metadata(&path) {
        Ok(found) if found.is_symlink() => return Err(ArchiveError::Link { path }),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(read(source)),
    }
    let mut reader = BufReader::with_capacity(1 << 16, File::open(&path).map_err(read)?);
    loop {
        let mut text = Vec::new();
        if reader.read_until(b'\n', &mut text).map_err(read)? == 0 {
            return Ok(());
        }
        let is_whole = text.ends_with(b"\n");
        take(Stored { text, is_whole })?;
    }
}

/// Returns the lines, in order. Lines that cannot be understood are passed over; [`check`] names
/// them.
pub(crate) fn lines(root: &Path) -> Result<Vec<AnnotationLine>, ArchiveError> {
    let mut lines = Vec::new();
    each(root, |stored| {
        lines.extend(stored.understood().filter(|_| stored.is_whole));
        Ok(())
    })?;
    Ok(lines)
}

/// Returns the number and the check of the last whole line. Damaged lines count, so that no number
/// is given twice. Only the end of the file is read, for every command asks.
pub(crate) fn last(root: &Path) -> Result<Last, ArchiveError> {
    let path = root.join(ANNOTATIONS);
    let read = |source| ArchiveError::Read {
        path: path.clone(),
        source,
    };
    let mut file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(nothing()),
        Err(source) => return Err(read(source)),
    };
    let length = file.metadata().map_err(read)?.len();
    let mut span = TAIL;
    loop {
        let from = length.saturating_sub(span);
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(from)).map_err(read)?;
        (&mut file)
            .take(length - from)
            .read_to_end(&mut bytes)
            .map_err(read)?;
        if let Some(last) = last_of(&bytes, from > 0) {
            return Ok(last);
        }
        if from == 0 {
            return Ok(nothing());
        }
        span *= 8;
    }
}

fn nothing() -> Last {
    Last {
        n: 0,
        check: FIRST_CHECK.to_owned(),
    }
}

/// Returns the last line of the end of a file; none if no whole line of it can be understood.
fn last_of(bytes: &[u8], is_cut: bool) -> Option<Last> {
    let pieces = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .skip(usize::from(is_cut))
        .filter(|piece| piece.ends_with(b"\n"));
    let mut last: Option<Last> = None;
    for piece in pieces {
        let line: Option<AnnotationLine> = serde_json::from_slice(piece).ok();
        match (line, split(piece)) {
            (Some(line), Some((_, check))) => {
                let check = check.to_owned();
                last = Some(Last { n: line.n, check });
            }
            _ => {
                if let Some(last) = &mut last {
                    last.n += 1;
                }
            }
        }
    }
    last
}

/// Adds lines, which get their numbers and checks. When it returns they outlive a power cut; a line
/// that was never finished before them is cut off.
pub(crate) fn append(
    root: &Path,
    lines: &mut [AnnotationLine],
    files: &Files,
) -> Result<(), ArchiveError> {
    let path = root.join(ANNOTATIONS);
    let mut last = last(root)?;
    let mut bytes = Vec::new();
    for line in lines {
        last.n += 1;
        line.n = last.n;
        let text = serde_json::to_vec(line).map_err(|error| ArchiveError::Write {
            path: path.clone(),
            source: error.into(),
        })?;
        last.check = check_of(&last.check, &text);
        line.check.clone_from(&last.check);
        bytes.extend(sealed(text, &last.check));
    }
    if fs::symlink_metadata(&path).is_err() {
        files.write_new(&path, b"", true)?;
        files.sync_directory(root)?;
    }
    let mut file = open(&path)?;
    cut_unfinished(root, &path, &file, files)?;
    files.append(&path, &mut file, &bytes, true)
}

fn open(path: &Path) -> Result<File, ArchiveError> {
    let opened = OpenOptions::new().read(true).append(true).open(path);
    opened.map_err(|source| ArchiveError::Write {
        path: path.to_owned(),
        source,
    })
}

fn cut_unfinished(
    root: &Path,
    path: &Path,
    file: &File,
    files: &Files,
) -> Result<(), ArchiveError> {
    let (mut whole, mut all) = (0, 0);
    each(root, |stored| {
        all += stored.text.len() as u64;
        if stored.is_whole {
            whole = all;
        }
        Ok(())
    })?;
    if whole < all {
        files.cut(path, file, whole)?;
    }
    Ok(())
}

/// Calls `found` for each line that is not what was written, and returns the number of lines. An
/// unfinished last line is none.
pub(crate) fn check(
    root: &Path,
    mut found: impl FnMut(DamagedAnnotation),
    mut line_of: impl FnMut(u64, &AnnotationLine),
) -> Result<u64, ArchiveError> {
    let (mut count, mut expected) = (0, 1);
    let mut before = FIRST_CHECK.to_owned();
    each(root, |stored| {
        if !stored.is_whole {
            return Ok(());
        }
        count += 1;
        let mut tell = |reason| {
            let line = count;
            found(DamagedAnnotation { line, reason });
        };
        let (Some(line), Some((body, check))) = (stored.understood(), split(&stored.text)) else {
            tell("is no line of annotations");
            return Ok(());
        };
        let is_struck = line.event == super::AnnotationEvent::Struck;
        if line.n != expected {
            tell("does not follow the line before it: lines are missing, doubled or moved");
        } else if !is_struck && check_of(&before, &body) != check {
            tell("was changed, or the line before it was");
        }
        expected = line.n + 1;
        check.clone_into(&mut before);
        line_of(count, &line);
        Ok(())
    })?;
    Ok(count)
}

/// Returns the file as it is to be once the lines about these stories are struck; `None` if none is
/// about them.
pub(crate) fn strike(
    root: &Path,
    stories: &FxHashSet<StoryId>,
) -> Result<Option<StruckFile>, ArchiveError> {
    let mut bytes = Vec::new();
    let mut any = false;
    each(root, |stored| {
        match struck(&stored, stories) {
            Some(text) => {
                bytes.extend(text);
                any = true;
            }
            None => bytes.extend_from_slice(&stored.text),
        }
        Ok(())
    })?;
    let path: PathBuf = root.join(ANNOTATIONS);
    Ok(any.then_some(StruckFile { path, bytes }))
}

/// Returns a line as it is to stand from now on; none if it stays as it is.
fn struck(stored: &Stored, stories: &FxHashSet<StoryId>) -> Option<Vec<u8>> {
    let line = stored.understood().filter(|_| stored.is_whole)?;
    let (_, check) = split(&stored.text)?;
    StoryId::read(&line.id).filter(|id| stories.contains(id))?;
    if line.event == super::AnnotationEvent::Struck {
        return None;
    }
    let text = serde_json::to_vec(&line.struck()).ok()?;
    Some(sealed(text, check))
}

/// Returns the lines that can be understood as a file of their own, numbered and sealed again. What
/// was struck is left out.
pub(crate) fn resealed(
    root: &Path,
    is_stored: impl Fn(&AnnotationLine) -> bool,
) -> Result<Vec<u8>, ArchiveError> {
    let mut bytes = Vec::new();
    let mut before = FIRST_CHECK.to_owned();
    let kept = lines(root)?
        .into_iter()
        .filter(|line| line.event != super::AnnotationEvent::Struck && is_stored(line));
    for (n, mut line) in (1..).zip(kept) {
        line.n = n;
        let text = serde_json::to_vec(&line).map_err(|error| ArchiveError::Write {
            path: root.join(ANNOTATIONS),
            source: error.into(),
        })?;
        before = check_of(&before, &text);
        bytes.extend(sealed(text, &before));
    }
    Ok(bytes)
}
