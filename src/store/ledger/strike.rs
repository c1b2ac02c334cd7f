//! Striking lines: what they say of a removed story goes, and the chain of checks stays.

use super::line::{Event, sealed, split};
use super::read::{files, understand};
use crate::store::error::ArchiveError;
use crate::store::story_id::StoryId;
use rustc_hash::FxHashSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A ledger file as it is to be once its lines are struck.
#[derive(Debug)]
pub(crate) struct StruckFile {
    /// The file.
    pub path: PathBuf,
    /// What it is to hold.
    pub bytes: Vec<u8>,
}

/// Calls `replace` with each file of the ledger below `root` that has lines about these stories
/// older than their last `removed` line. A story that was never removed keeps its lines.
///
/// One file is in memory at a time.
///
/// # Errors
///
/// If the ledger cannot be read, and those of `replace`.
pub(crate) fn strike(
    root: &Path,
    stories: &FxHashSet<StoryId>,
    mut replace: impl FnMut(StruckFile) -> Result<(), ArchiveError>,
) -> Result<(), ArchiveError> {
    // From the end, since a story's lines go only if a removal comes after them.
    let mut removed = FxHashSet::default();
    for (_, path) in files(root)?.into_iter().rev() {
        let bytes = fs::read(&path).map_err(|source| ArchiveError::Read {
            path: path.clone(),
            source,
        })?;
        let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        let mut struck = Vec::new();
        for line in lines.iter_mut().rev() {
            if let Some(text) = strike_line(line, stories, &mut removed) {
                struck.push(text);
                *line = &[];
            }
        }
        if struck.is_empty() {
            continue;
        }
        let mut after = Vec::with_capacity(bytes.len());
        for line in lines {
            match line {
                [] => after.extend(struck.pop().unwrap_or_default()),
                line => after.extend_from_slice(line),
            }
        }
        replace(StruckFile { path, bytes: after })?;
    }
    Ok(())
}

/// Returns a line as it is to stand from now on; `None` if it stays as it is. Notes the stories
/// that the line removes.
fn strike_line(
    text: &[u8],
    stories: &FxHashSet<StoryId>,
    removed: &mut FxHashSet<StoryId>,
) -> Option<Vec<u8>> {
    let line = understand(text)?;
    let (_, check) = split(text)?;
    let id = StoryId::read(&line.id).filter(|id| stories.contains(id))?;
    match line.event {
        Event::Removed => {
            removed.insert(id);
            None
        }
        Event::Struck => None,
        _ if removed.contains(&id) => {
            let text = serde_json::to_vec(&line.struck()).ok()?;
            Some(sealed(text, check))
        }
        _ => None,
    }
}
