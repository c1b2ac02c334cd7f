//! Finding damage in the ledger.

use super::line::{Event, FIRST_CHECK, check_of, split};
use super::read::{files, understand};
use crate::store::error::ArchiveError;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// One place where the ledger is not what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Damage {
    /// The file.
    pub path: PathBuf,
    /// Which line of it, from 1.
    pub line: u64,
    /// What is wrong there.
    pub reason: &'static str,
}

/// Reads the whole ledger below `root`, calls `found` for each place that is damaged, and returns
/// the number of lines. A damaged line is named once, not again for all that follow it. A
/// last line without its line feed is named only if `is_quiet`, that is, if nobody is writing it.
///
/// # Errors
///
/// If a file of the ledger cannot be read. That one is damaged is what `found` is told.
pub fn check(
    root: &Path,
    is_quiet: bool,
    mut found: impl FnMut(Damage),
) -> Result<u64, ArchiveError> {
    let mut before = FIRST_CHECK.to_owned();
    let mut expected = 1;
    let mut count = 0;
    // Stories with struck lines, as long as nothing has removed them.
    let mut struck: BTreeMap<String, Damage> = BTreeMap::new();
    let files = files(root)?;
    for (at, (_, path)) in files.iter().enumerate() {
        let read = |source| ArchiveError::Read {
            path: path.clone(),
            source,
        };
        let mut reader = BufReader::with_capacity(1 << 16, File::open(path).map_err(read)?);
        let mut text = Vec::new();
        for line in 1.. {
            text.clear();
            if reader.read_until(b'\n', &mut text).map_err(read)? == 0 {
                break;
            }
            let mut tell = |reason| {
                found(Damage {
                    path: path.clone(),
                    line,
                    reason,
                });
            };
            if !text.ends_with(b"\n") {
                if is_quiet || at + 1 < files.len() {
                    tell("the last line was never finished");
                }
                break;
            }
            count += 1;
            let (Some((body, check)), Some(parsed)) = (split(&text), understand(&text)) else {
                tell("is no ledger line");
                expected += 1;
                continue;
            };
            if parsed.event == Event::Removed {
                struck.remove(&parsed.id);
            }
            if parsed.event == Event::Struck && parsed.n == expected {
                // A later line says whether it was right to strike it.
                struck.entry(parsed.id).or_insert_with(|| Damage {
                    path: path.clone(),
                    line,
                    reason: "was struck, and no later line removes its story",
                });
            } else if check_of(&before, &body) != check {
                tell(if parsed.n == expected {
                    "was changed, or the line before it was"
                } else {
                    "does not follow the line before it: lines are missing, doubled or moved"
                });
            }
            expected = parsed.n + 1;
            check.clone_into(&mut before);
        }
    }
    struck.into_values().for_each(found);
    Ok(count)
}
