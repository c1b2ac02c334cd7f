//! Going through the ledger, from any line on. Readers need no lock: lines are only ever added, and
//! a struck file takes the place of the old one in one step.

use super::line::{FIRST_CHECK, Line, split};
use crate::store::directory::layout::LEDGER;
use crate::store::error::ArchiveError;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Closer than this, in bytes, a line is found by reading rather than jumping.
const NEAR: u64 = 1 << 16;

/// Returns the ledger's files below `root` with their numbers, in order.
pub(super) fn files(root: &Path) -> Result<Vec<(u32, PathBuf)>, ArchiveError> {
    let directory = root.join(LEDGER);
    let read = |source| ArchiveError::Read {
        path: directory.clone(),
        source,
    };
    let entries = match fs::read_dir(&directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(read(source)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(read)?;
        let name = entry.file_name();
        let number = name.to_str().and_then(number_of);
        let Some(number) = number else { continue };
        match entry.file_type() {
            Ok(kind) if kind.is_file() => files.push((number, entry.path())),
            // Passed over, it would be taken for a ledger without these lines.
            Ok(kind) if kind.is_symlink() => return Err(ArchiveError::Link { path: entry.path() }),
            _ => {}
        }
    }
    files.sort();
    Ok(files)
}

/// Returns the number of a ledger file, by its name; none if no ledger file is called so.
pub(crate) fn number_of(name: &str) -> Option<u32> {
    let digits = name.strip_suffix(".jsonl")?;
    let number = digits.parse().ok()?;
    (digits.len() >= 6 && format!("{number:06}") == digits).then_some(number)
}

/// Returns the lines after line `n`, in order (0: all), up to the last whole one. Lines that cannot
/// be understood are passed over; [`super::check`] names them.
///
/// # Errors
///
/// If the ledger cannot be read.
pub fn lines_after(root: &Path, n: u64) -> Result<Lines, ArchiveError> {
    let mut files: Vec<PathBuf> = files(root)?.into_iter().map(|(_, path)| path).collect();
    // Whole files are passed over if the next one begins at or before the line that is wanted.
    let mut first = 0;
    for (at, path) in files.iter().enumerate().skip(1).rev() {
        if first_of(path)?.is_some_and(|begin| begin <= n + 1) {
            first = at;
            break;
        }
    }
    files.drain(..first);
    files.reverse();
    let mut lines = Lines {
        files,
        open: None,
        after: n,
        buffer: Vec::new(),
    };
    if n > 0 {
        lines.next_file()?;
        if let Some((path, reader)) = &mut lines.open {
            jump(reader, n).map_err(|source| ArchiveError::Read {
                path: path.clone(),
                source,
            })?;
        }
    }
    Ok(lines)
}

/// The lines of the ledger, from [`lines_after`].
#[derive(Debug)]
pub struct Lines {
    /// Files to come, the next one last.
    files: Vec<PathBuf>,
    open: Option<(PathBuf, BufReader<File>)>,
    after: u64,
    buffer: Vec<u8>,
}

impl Lines {
    fn next_file(&mut self) -> Result<bool, ArchiveError> {
        let Some(path) = self.files.pop() else {
            return Ok(false);
        };
        let file = File::open(&path).map_err(|source| ArchiveError::Read {
            path: path.clone(),
            source,
        })?;
        self.open = Some((path, BufReader::with_capacity(1 << 16, file)));
        Ok(true)
    }
}

impl Iterator for Lines {
    type Item = Result<Line, ArchiveError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some((path, reader)) = &mut self.open else {
                match self.next_file() {
                    Ok(true) => continue,
                    Ok(false) => return None,
                    Err(error) => return Some(Err(error)),
                }
            };
            self.buffer.clear();
            match reader.read_until(b'\n', &mut self.buffer) {
                Ok(_) if self.buffer.ends_with(b"\n") => {
                    if let Some(line) = understand(&self.buffer)
                        && line.n > self.after
                    {
                        return Some(Ok(line));
                    }
                }
                // The end, or a line that is being written.
                Ok(_) => self.open = None,
                Err(source) => {
                    let error = ArchiveError::Read {
                        path: path.clone(),
                        source,
                    };
                    (self.open, self.files) = (None, Vec::new());
                    return Some(Err(error));
                }
            }
        }
    }
}

pub(super) fn understand(text: &[u8]) -> Option<Line> {
    serde_json::from_slice(text).ok()
}

/// Places the reader at a line at or before the one after line `n`, and not far from it.
fn jump(reader: &mut BufReader<File>, n: u64) -> io::Result<()> {
    let (mut low, mut high) = (0, reader.get_ref().metadata()?.len());
    let mut buffer = Vec::new();
    while high - low > NEAR {
        let middle = low + (high - low) / 2;
        reader.seek(SeekFrom::Start(middle))?;
        buffer.clear();
        // The rest of the line that stands in the middle.
        let mut start = middle + reader.read_until(b'\n', &mut buffer)? as u64;
        let found = loop {
            buffer.clear();
            let length = reader.read_until(b'\n', &mut buffer)? as u64;
            if length == 0 || start >= high {
                break None;
            }
            if let Some(line) = understand(&buffer) {
                break Some(line.n);
            }
            start += length;
        };
        match found {
            Some(number) if number <= n => low = start,
            _ => high = middle,
        }
    }
    reader.seek(SeekFrom::Start(low))?;
    Ok(())
}

/// Number of a file's first line that can be understood.
fn first_of(path: &Path) -> Result<Option<u64>, ArchiveError> {
    let read = |source| ArchiveError::Read {
        path: path.to_owned(),
        source,
    };
    let mut reader = BufReader::new(File::open(path).map_err(read)?);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        if reader.read_until(b'\n', &mut buffer).map_err(read)? == 0 {
            return Ok(None);
        }
        if let Some(line) = understand(&buffer) {
            return Ok(Some(line.n));
        }
    }
}

/// What the next line must go on from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Last {
    /// Number of the last line; 0 if there is none.
    pub n: u64,
    /// Its check.
    pub check: String,
}

/// Returns the end of the ledger below `root`.
///
/// # Errors
///
/// If the ledger cannot be read.
pub fn last(root: &Path) -> Result<Last, ArchiveError> {
    for (_, path) in files(root)?.iter().rev() {
        if let Some(last) = last_of(path)? {
            return Ok(last);
        }
    }
    Ok(Last {
        n: 0,
        check: FIRST_CHECK.to_owned(),
    })
}

/// Number of the last line that can be understood; 0 if there is none.
pub(crate) fn last_sound_line(root: &Path) -> Result<u64, ArchiveError> {
    let end = last(root)?;
    let start = end.n.saturating_sub(NEAR);
    let mut number = 0;
    for line in lines_after(root, start)? {
        number = line?.n;
    }
    Ok(number)
}

/// Returns the check of line `n`; none if there is no such line, or it cannot be understood.
///
/// # Errors
///
/// If the ledger cannot be read.
pub fn check_at(root: &Path, n: u64) -> Result<Option<String>, ArchiveError> {
    let Some(before) = n.checked_sub(1) else {
        return Ok(Some(FIRST_CHECK.to_owned()));
    };
    let line = lines_after(root, before)?.next().transpose()?;
    Ok(line.filter(|line| line.n == n).map(|line| line.check))
}

/// Returns the last line of a file; none if it has no line that can be understood.
pub(super) fn last_of(path: &Path) -> Result<Option<Last>, ArchiveError> {
    let read = |source| ArchiveError::Read {
        path: path.to_owned(),
        source,
    };
    let mut file = File::open(path).map_err(read)?;
    let length = file.metadata().map_err(read)?.len();
    let mut from = length;
    let mut span = NEAR;
    while from > 0 {
        from = length.saturating_sub(span);
        span *= 4;
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(from)).map_err(read)?;
        (&mut file)
            .take(length - from)
            .read_to_end(&mut bytes)
            .map_err(read)?;
        // The first piece may be the rest of a line.
        let mut pieces: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        if from > 0 && !pieces.is_empty() {
            pieces.remove(0);
        }
        // Damaged lines at the end count as lines, so that no number is given twice.
        for (damaged, piece) in pieces.iter().rev().enumerate() {
            if let (Some(line), Some((_, check))) = (understand(piece), split(piece)) {
                return Ok(Some(Last {
                    n: line.n + damaged as u64,
                    check: check.to_owned(),
                }));
            }
        }
    }
    Ok(None)
}
