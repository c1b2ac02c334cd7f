//! What there should be, and what of it was seen.

use super::finding::{Code, Finding};
use crate::archive::ArchiveError;
use crate::archive::index::{Index, number};
use crate::archive::journal::listed;
use crate::archive::layout::{LEDGER, UNFINISHED, raw_path};
use crate::archive::ledger::lines_after;
use rustc_hash::FxHashSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The archive as its ledger tells it.
pub(super) struct Expected {
    pub root: PathBuf,
    pub index: Index,
    /// Stories whose raw copies were seen.
    pub raw: FxHashSet<u64>,
    /// Stories whose records were seen.
    pub records: FxHashSet<u64>,
    /// The last ledger line that was read.
    position: u64,
    /// The ledger's size when it was last read.
    size: u64,
    /// Stories that were written after the audit began.
    moving: FxHashSet<u64>,
}

impl Expected {
    pub fn of(root: &Path) -> Result<Self, ArchiveError> {
        let size = size(root);
        let index = Index::of(root)?;
        let (position, none) = (index.position(), FxHashSet::default);
        Ok(Self { root: root.to_owned(), index, raw: none(), records: none(), position, size, moving: none() })
    }

    /// Whether somebody is writing the files of this story, or has since the audit began.
    pub fn is_moving(&mut self, id: u64) -> Result<bool, ArchiveError> {
        // The journal first: what has left it is in the ledger.
        if self.root.join(UNFINISHED).exists() {
            let ids = listed(&self.root)?.into_iter().filter_map(|planned| number(&planned.line.id));
            self.moving.extend(ids);
        }
        let size = size(&self.root);
        if size != self.size {
            for line in lines_after(&self.root, self.position)? {
                let line = line?;
                self.position = line.n;
                self.moving.extend(number(&line.id));
            }
            self.size = size;
        }
        Ok(self.moving.contains(&id))
    }

    /// Tells what was never seen.
    pub fn missing(&mut self, tell: &mut dyn FnMut(Finding)) -> Result<(), ArchiveError> {
        let mut unseen: Vec<u64> =
            self.index.stories().map(|(id, _)| id).filter(|id| !self.raw.contains(id) || !self.records.contains(id)).collect();
        unseen.sort_unstable();
        for id in unseen {
            if self.is_moving(id)? {
                continue;
            }
            let Some(held) = self.index.held(id) else { continue };
            let finding =
                |code, path: String, message: &str| Finding { code, path, id: Some(format!("{id:016x}")), message: message.to_owned() };
            if !self.raw.contains(&id) {
                let message = "is missing; restore it from a backup, or ingest its source again";
                tell(finding(Code::RawMissing, raw_path(&held.sha256.to_string()), message));
            }
            if !self.records.contains(&id) {
                tell(finding(Code::RecordMissing, held.record.to_string(), "is missing; `archive verify --repair` makes it again"));
            }
        }
        Ok(())
    }
}

fn size(root: &Path) -> u64 {
    let entries = fs::read_dir(root.join(LEDGER)).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.metadata().ok()).map(|file| file.len()).sum()
}
