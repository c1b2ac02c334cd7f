//! An in-memory index of a few ledger lines, about 250 bytes a story: a batch, or a few stories.
//! The writer's `known` answers for the whole archive.

use crate::store::directory::fixity::Fixity;
use crate::store::directory::layout::is_record_path;
use crate::store::error::ArchiveError;
use crate::store::ledger::{Event, Line, ReadOptions, lines_after};
use crate::store::story_id::StoryId;
use rustc_hash::{FxHashMap, FxHashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Arc;

/// An index of some lines of the ledger.
#[derive(Debug, Default)]
pub(crate) struct Index {
    stories: FxHashMap<StoryId, StoredRecord>,
    /// Stories that were removed; some may have come again since.
    removed: FxHashSet<StoryId>,
    /// One number for each pair of bytes and place that they came from.
    sources: FxHashSet<u64>,
    /// Programs and options; few, unless each story has facts of its own.
    origins: FxHashSet<Arc<RecordOrigin>>,
    /// The last line that was followed.
    position: u64,
}

/// A story of the archive, as the ledger has it.
#[derive(Clone, Debug)]
pub(crate) struct StoredRecord {
    pub sha256: Fixity,
    pub record: Box<str>,
    pub record_sha256: Fixity,
    pub record_bytes: u64,
    pub origin: Arc<RecordOrigin>,
    /// Where the record came from, as the number that [`source`] gives, if the line about it says
    /// so.
    pub place: Option<u64>,
}

/// How a record was made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RecordOrigin {
    pub program: String,
    pub options: Option<ReadOptions>,
}

impl StoredRecord {
    /// Returns what the archive has of the story, as a line of the ledger without a number.
    pub(crate) fn line(&self, time: &str) -> Line {
        let RecordOrigin { program, options } = RecordOrigin::clone(&self.origin);
        Line {
            n: 0,
            time: time.to_owned(),
            event: Event::Source,
            id: self.sha256.short(),
            sha256: self.sha256.to_string(),
            record: Some(self.record.to_string()),
            record_sha256: Some(self.record_sha256.to_string()),
            record_bytes: Some(self.record_bytes),
            path: None,
            member: None,
            program,
            options,
            note: None,
            check: String::new(),
        }
    }
}

impl Index {
    /// Learns all that the ledger below `root` says: for tests of failing disks.
    #[cfg(test)]
    pub(crate) fn of(root: &Path) -> Result<Self, ArchiveError> {
        Self::learn(root, |_| true)
    }

    /// Learns what the ledger below `root` says of these stories.
    pub(crate) fn of_these(root: &Path, ids: &FxHashSet<StoryId>) -> Result<Self, ArchiveError> {
        if ids.is_empty() {
            return Ok(Self::default());
        }
        Self::learn(root, |line| {
            StoryId::read(&line.id).is_some_and(|id| ids.contains(&id))
        })
    }

    fn learn(root: &Path, wanted: impl Fn(&Line) -> bool) -> Result<Self, ArchiveError> {
        let mut index = Self::default();
        for line in lines_after(root, 0)? {
            let line = line?;
            if wanted(&line) {
                index.apply(&line);
            }
            index.position = line.n;
        }
        Ok(index)
    }

    /// Learns one line. A line with an impossible hash or path is passed over; the audit names it.
    pub(crate) fn apply(&mut self, line: &Line) {
        self.position = line.n;
        let Some(sha256) = Fixity::read(&line.sha256) else {
            return;
        };
        if line.event == Event::Removed {
            self.stories.remove(&sha256.id());
            self.removed.insert(sha256.id());
        }
        let place = line
            .event
            .names_place()
            .then(|| source(sha256, line.path.as_deref(), line.member.as_deref()));
        self.sources.extend(place);
        if !line.event.brings_record() {
            return;
        }
        let (Some(record), Some(record_sha256)) = (
            &line.record,
            line.record_sha256.as_deref().and_then(Fixity::read),
        ) else {
            return;
        };
        if !is_record_path(record) {
            return;
        }
        let origin = RecordOrigin {
            program: line.program.clone(),
            options: line.options.clone(),
        };
        let origin = self.origins.get(&origin).cloned().unwrap_or_else(|| {
            let origin = Arc::new(origin);
            self.origins.insert(origin.clone());
            origin
        });
        let record_bytes = line.record_bytes.unwrap_or_default();
        self.stories.insert(
            sha256.id(),
            StoredRecord {
                sha256,
                record: record.as_str().into(),
                record_sha256,
                record_bytes,
                origin,
                place,
            },
        );
    }

    /// Returns the story with the id of these bytes: those very bytes, or, once in a great while,
    /// others.
    pub(crate) fn stored(&self, id: StoryId) -> Option<&StoredRecord> {
        self.stories.get(&id)
    }

    /// Returns whether bytes are known to have come from a place, as the number that [`source`]
    /// gives.
    pub(crate) fn has_place(&self, place: u64) -> bool {
        self.sources.contains(&place)
    }

    /// Returns all stories, in no order.
    pub(crate) fn stories(&self) -> impl Iterator<Item = (StoryId, &StoredRecord)> {
        self.stories.iter().map(|(id, stored)| (*id, stored))
    }

    /// Stories that were removed, whether or not they came again.
    pub(crate) fn removed(&self) -> impl Iterator<Item = StoryId> {
        self.removed.iter().copied()
    }

    /// Returns whether the story was removed once, whether or not it came again.
    pub(crate) fn was_removed(&self, id: StoryId) -> bool {
        self.removed.contains(&id)
    }

    /// Returns the last line that was followed.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }
}

/// Returns a number for bytes and the place that they came from, as long as the program runs.
pub(crate) fn source(sha256: Fixity, path: Option<&str>, member: Option<&str>) -> u64 {
    let mut hasher = DefaultHasher::new();
    (sha256, path, member).hash(&mut hasher);
    hasher.finish()
}
