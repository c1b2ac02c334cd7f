//! What there should be, what of it was seen, and what is being changed meanwhile.

use super::finding::{Code, Finding, Report};
use super::register::{Register, Unseen};
use crate::store::directory::layout::{LEDGER, UNFINISHED, raw_path};
use crate::store::error::ArchiveError;
use crate::store::ledger::lines_after;
use crate::store::story_id::StoryId;
use crate::store::writer::journal::listed;
use rustc_hash::FxHashSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The archive as its ledger describes it.
pub(super) struct Expected {
    pub root: PathBuf,
    pub register: Register,
    /// What is written while the audit goes on.
    pub moving: Moving,
}

/// Stories that were written after the audit began.
pub(super) struct Moving {
    root: PathBuf,
    /// The last ledger line that was read.
    position: u64,
    /// The ledger's size when it was last read.
    size: u64,
    stories: FxHashSet<StoryId>,
}

impl Expected {
    pub(crate) fn of(root: &Path) -> Result<Self, ArchiveError> {
        let size = size(root);
        let register = Register::of(root)?;
        let moving = Moving {
            root: root.to_owned(),
            position: register.position(),
            size,
            stories: FxHashSet::default(),
        };
        Ok(Self {
            root: root.to_owned(),
            register,
            moving,
        })
    }

    /// Returns names what was never seen.
    pub(crate) fn missing(&mut self, report: &mut Report<'_, '_>) -> Result<(), ArchiveError> {
        let Self {
            register, moving, ..
        } = self;
        register.unseen(|unseen| {
            let Unseen { id, stored, .. } = unseen;
            if moving.has(id)? {
                return Ok(());
            }
            let mut tell = |code, path: String, message: &str| {
                report.found(Finding {
                    code,
                    path,
                    id: Some(id.to_string()),
                    message: message.to_owned(),
                });
            };
            if unseen.lacks_raw {
                let message = "is missing; ingest the file that it came from again, or restore it \
                               from a backup";
                tell(
                    Code::RawMissing,
                    raw_path(&stored.sha256.to_string()),
                    message,
                );
            }
            if unseen.lacks_record {
                tell(
                    Code::RecordMissing,
                    stored.record.to_string(),
                    "is missing; `archive verify --repair` makes it again",
                );
            }
            Ok(())
        })
    }
}

impl Moving {
    /// Returns whether somebody is writing the files of this story, or has since the audit began.
    pub(crate) fn has(&mut self, id: StoryId) -> Result<bool, ArchiveError> {
        // The journal first: what has left it is in the ledger.
        if self.root.join(UNFINISHED).exists() {
            let ids = listed(&self.root)?
                .into_iter()
                .filter_map(|planned| StoryId::read(&planned.line.id));
            self.stories.extend(ids);
        }
        let size = size(&self.root);
        if size != self.size {
            for line in lines_after(&self.root, self.position)? {
                let line = line?;
                self.position = line.n;
                self.stories.extend(StoryId::read(&line.id));
            }
            self.size = size;
        }
        Ok(self.stories.contains(&id))
    }
}

fn size(root: &Path) -> u64 {
    let entries = fs::read_dir(root.join(LEDGER))
        .into_iter()
        .flatten()
        .flatten();
    entries
        .filter_map(|entry| entry.metadata().ok())
        .map(|file| file.len())
        .sum()
}
