//! The ledger: what came when, from where, and with which result. Only ever added to.
//!
//! `DIR/ledger/000001.jsonl` and so on, a new file once one has passed 64 MiB; one JSON object a
//! line, numbered from 1 through all files. A line's `check` is the first 16 hex digits of the
//! SHA-256 of the check of the line before it (sixteen zeros for the first) and the line itself
//! without its check, as in
//!
//! ```text
//! {"n":1,…,"note":null,"check":"c0ffee…"}     is checked as     0000000000000000{"n":1,…,"note":null}
//! ```
//!
//! so a missing, changed or moved line is seen by [`check`]. A story is in the archive once its
//! line is on the disk. Nothing here ever holds more than a line and a batch in memory.
//!
//! One thing is ever changed: when a story is removed, the lines about it are struck. They keep
//! their numbers and checks, and a later `removed` line says why they cannot be checked any more.
//!
//! `line` is one line, `read` goes through them, `check` finds damage, `mend` restores what
//! can be proven, `strike` takes out what a removed story said; the writer is here.

mod check;
pub(crate) mod index;
mod line;
mod mend;
mod read;
mod strike;

pub use check::{Damage, check};

/// How lines are sealed; the annotations are, too.
pub(crate) mod seal {
    pub(crate) use super::line::{FIRST_CHECK, check_of, sealed, split};
}

pub use line::{Event, Line, ReadOptions};
pub(crate) use mend::mend;
pub(crate) use read::last_sound_line;
pub(crate) use read::number_of;
pub use read::{Last, Lines, check_at, last, lines_after};
pub(crate) use strike::{StruckFile, strike};

use crate::store::directory::layout::LEDGER;
use crate::store::disk::files::Files;
use crate::store::error::ArchiveError;
use line::{FIRST_CHECK, check_of};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Size from which the next file is begun, in bytes.
const FILE_BYTES: u64 = 64 << 20;

/// The ledger, open for adding to it.
#[derive(Debug)]
pub(crate) struct Ledger {
    directory: PathBuf,
    /// The file that is added to; none before the first line.
    current: Option<Current>,
    /// Number of the last line; 0 if there is none.
    last: u64,
    /// Check of the last line.
    check: String,
}

#[derive(Debug)]
struct Current {
    path: PathBuf,
    number: u32,
    file: File,
    length: u64,
}

/// Lines ready to be added, with the numbers and checks that only this place allows.
#[derive(Debug)]
pub(crate) struct Sealed {
    bytes: Vec<u8>,
    last: u64,
    check: String,
}

impl Ledger {
    /// Opens the ledger below `root` for adding to it. Cuts a last line that was never finished,
    /// and returns how many bytes that took.
    pub(crate) fn open(root: &Path, files: &Files) -> Result<(Self, u64), ArchiveError> {
        let directory = root.join(LEDGER);
        let mut ledger = Self {
            directory,
            current: None,
            last: 0,
            check: FIRST_CHECK.to_owned(),
        };
        let paths = read::files(root)?;
        let Some((number, path)) = paths.last() else {
            return Ok((ledger, 0));
        };
        let refused = |source| ArchiveError::Write {
            path: path.clone(),
            source,
        };
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .open(path)
            .map_err(refused)?;
        let length = file.metadata().map_err(refused)?.len();
        let whole = end_of_last_line(&file, length).map_err(|source| ArchiveError::Read {
            path: path.clone(),
            source,
        })?;
        if whole < length {
            files.cut(path, &file, whole)?;
        }
        ledger.current = Some(Current {
            path: path.clone(),
            number: *number,
            file,
            length: whole,
        });
        // A file can be empty: made, and cut short before its first line. Then the one before
        // counts.
        for (_, path) in paths.iter().rev() {
            if let Some(last) = read::last_of(path)? {
                (ledger.last, ledger.check) = (last.n, last.check);
                break;
            }
        }
        Ok((ledger, length - whole))
    }

    /// Number of the last line; 0 if there is none.
    pub(crate) fn last(&self) -> u64 {
        self.last
    }

    /// Numbers the lines and makes their text, to be added next. Adds nothing yet.
    pub(crate) fn seal<'a>(
        &self,
        lines: impl IntoIterator<Item = &'a mut Line>,
    ) -> Result<Sealed, ArchiveError> {
        let refused = |error: serde_json::Error| ArchiveError::Write {
            path: self.directory.clone(),
            source: error.into(),
        };
        let mut sealed = Sealed {
            bytes: Vec::new(),
            last: self.last,
            check: self.check.clone(),
        };
        for line in lines {
            sealed.last += 1;
            line.n = sealed.last;
            let text = serde_json::to_vec(line).map_err(refused)?;
            sealed.check = check_of(&sealed.check, &text);
            sealed
                .bytes
                .extend_from_slice(&line::sealed(text, &sealed.check));
            line.check.clone_from(&sealed.check);
        }
        Ok(sealed)
    }

    /// Adds sealed lines. When it returns and `sync` is set, they outlive a power cut.
    pub(crate) fn append(
        &mut self,
        sealed: Sealed,
        files: &Files,
        sync: bool,
    ) -> Result<(), ArchiveError> {
        if sealed.bytes.is_empty() {
            return Ok(());
        }
        let mut current = match self.current.take() {
            Some(current) if current.length < FILE_BYTES => current,
            before => self.begin(before.map_or(1, |before| before.number + 1), files, sync)?,
        };
        let length = current.file.metadata().map(|file| file.len());
        if length.is_ok_and(|length| length != current.length) {
            return Err(ArchiveError::LedgerGrown { path: current.path });
        }
        files.append(&current.path, &mut current.file, &sealed.bytes, sync)?;
        current.length += sealed.bytes.len() as u64;
        (self.last, self.check) = (sealed.last, sealed.check);
        self.current = Some(current);
        Ok(())
    }

    fn begin(&self, number: u32, files: &Files, sync: bool) -> Result<Current, ArchiveError> {
        let is_new = files.make_directory(&self.directory)?;
        let path = self.directory.join(format!("{number:06}.jsonl"));
        files.write_new(&path, b"", sync)?;
        if sync {
            files.sync_directory(&self.directory)?;
            if let (true, Some(root)) = (is_new, self.directory.parent()) {
                files.sync_directory(root)?;
            }
        }
        let file = OpenOptions::new()
            .append(true)
            .open(&path)
            .map_err(|source| ArchiveError::Write {
                path: path.clone(),
                source,
            })?;
        Ok(Current {
            path,
            number,
            file,
            length: 0,
        })
    }
}

/// Returns where the last line that has its line feed ends.
fn end_of_last_line(mut file: &File, length: u64) -> std::io::Result<u64> {
    let mut end = length;
    let mut buffer = [0; 1 << 12];
    while end > 0 {
        let start = end.saturating_sub(buffer.len() as u64);
        // At most a buffer's length.
        let part = &mut buffer[..usize::try_from(end - start).unwrap_or(0)];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(part)?;
        if let Some(at) = memchr::memrchr(b'\n', part) {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

#[cfg(test)]
mod tests;
