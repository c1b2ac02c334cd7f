//! Restoring lines of the ledger that were damaged or lost.
//!
//! Nothing is guessed. A line is restored only if the chain of checks proves it: the check of the
//! restored lines, worked out from the last sound line before them, must be the one that the next
//! sound line, or the end that somebody remembers, goes on from. What was there is kept.

use super::line::{Event, FIRST_CHECK, Line, check_of, sealed, split};
use super::read::{Last, files, understand};
use crate::store::directory::layout::LEDGER;
use crate::store::disk::write::write_whole;
use crate::store::error::ArchiveError;
use std::fs;
use std::path::{Path, PathBuf};

/// Says what the lines with these numbers, first and last, are believed to have been; none if that
/// is not known of all of them.
pub(crate) type Witness<'a> = dyn FnMut(u64, u64) -> Result<Option<Vec<Line>>, ArchiveError> + 'a;

/// What was restored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mended {
    /// How many lines were restored.
    pub lines: u64,
    /// The files as they were before, each with what is kept of it.
    pub kept: Vec<PathBuf>,
    /// Whether the ledger ends where it is remembered to end.
    pub is_complete: bool,
}

/// Restores lines of the ledger below `root`. `end` is where it is remembered to end. `keep` makes
/// a copy of each file that is about to be replaced, and returns where the copy is.
///
/// # Errors
///
/// If the ledger cannot be read or written.
pub(crate) fn mend(
    root: &Path,
    end: Option<&Last>,
    witness: &mut Witness<'_>,
    keep: &mut dyn FnMut(&Path) -> Result<PathBuf, ArchiveError>,
) -> Result<Mended, ArchiveError> {
    let mut mender = Mender {
        before: Last {
            n: 0,
            check: FIRST_CHECK.to_owned(),
        },
        witness,
        lines: 0,
    };
    let mut mended = Mended::default();
    let mut files: Vec<PathBuf> = files(root)?.into_iter().map(|(_, path)| path).collect();
    if files.is_empty() && end.is_some_and(|end| end.n > 0) {
        files.push(root.join(LEDGER).join("000001.jsonl"));
    }
    let last = files.len().saturating_sub(1);
    for (at, path) in files.iter().enumerate() {
        let before = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(source) => {
                return Err(ArchiveError::Read {
                    path: path.clone(),
                    source,
                });
            }
        };
        let after = mender.file(&before, end.filter(|_| at == last))?;
        if after != before {
            if path.exists() {
                mended.kept.push(keep(path)?);
            }
            write_whole(path, &after)?;
        }
    }
    mended.lines = mender.lines;
    mended.is_complete = end.is_none_or(|end| mender.before.n >= end.n);
    Ok(mended)
}

struct Mender<'a, 'w> {
    /// The last line that is sound.
    before: Last,
    witness: &'a mut Witness<'w>,
    lines: u64,
}

impl Mender<'_, '_> {
    /// Returns what a file should hold, given what it holds.
    fn file(&mut self, bytes: &[u8], end: Option<&Last>) -> Result<Vec<u8>, ArchiveError> {
        let mut out = Vec::with_capacity(bytes.len());
        // Lines that do not follow the last sound one, and the last of them that can be read.
        let (mut waiting, mut written): (Vec<u8>, Option<Last>) = (Vec::new(), None);
        for text in bytes.split_inclusive(|byte| *byte == b'\n') {
            let parts = split(text).zip(understand(text));
            let Some(((body, check), line)) = parts.filter(|_| text.ends_with(b"\n")) else {
                waiting.extend_from_slice(text);
                continue;
            };
            let this = Last {
                n: line.n,
                check: check.to_owned(),
            };
            if this.n <= self.before.n {
                // It stands here a second time, or out of its order.
                waiting.extend_from_slice(text);
                continue;
            }
            // What a struck line said is gone, and nothing can be proven by it but what follows it.
            let is_struck = line.event == Event::Struck;
            let goes_on = |check: &str| !is_struck && check_of(check, &body) == this.check;
            let follows = is_struck || goes_on(&self.before.check);
            if waiting.is_empty() && this.n == self.before.n + 1 && follows {
                out.extend_from_slice(text);
            } else if let Some(restored) = self.between(this.n - 1, &goes_on)? {
                out.extend_from_slice(&restored);
                out.extend_from_slice(text);
                waiting.clear();
            } else if written.as_ref().is_some_and(|last| goes_on(&last.check)) {
                // Nobody can prove what stood before; what stands there stays.
                out.append(&mut waiting);
                out.extend_from_slice(text);
            } else {
                waiting.extend_from_slice(text);
                written = Some(this);
                continue;
            }
            (self.before, written) = (this, None);
        }
        if let Some(end) = end.filter(|end| end.n > self.before.n)
            && let Some(restored) = self.between(end.n, &|check| check == end.check)?
        {
            out.extend_from_slice(&restored);
            waiting.clear();
            self.before = end.clone();
        }
        out.append(&mut waiting);
        Ok(out)
    }

    /// Returns the lines after the last sound one up to line `last`, if `goes_on` accepts the check
    /// of the last of them.
    fn between(
        &mut self,
        last: u64,
        goes_on: &dyn Fn(&str) -> bool,
    ) -> Result<Option<Vec<u8>>, ArchiveError> {
        if last <= self.before.n {
            return Ok(goes_on(&self.before.check).then(Vec::new));
        }
        let Some(lines) = (self.witness)(self.before.n + 1, last)? else {
            return Ok(None);
        };
        let (mut bytes, mut check) = (Vec::new(), self.before.check.clone());
        for line in &lines {
            let Ok(text) = serde_json::to_vec(line) else {
                return Ok(None);
            };
            check = check_of(&check, &text);
            bytes.append(&mut sealed(text, &check));
        }
        if !goes_on(&check) {
            return Ok(None);
        }
        self.lines += lines.len() as u64;
        Ok(Some(bytes))
    }
}
