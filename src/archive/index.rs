//! What the ledger says is in the archive, held in memory.
//!
//! Some 250 bytes a story. The audit asks this and not the catalog, which it must not believe.

use super::ArchiveError;
use super::fixity::Fixity;
use super::layout::is_record_path;
use super::ledger::{Event, Line, Reading, lines_after};
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::Path;

/// The state of the archive after the last line of the ledger.
#[derive(Debug, Default)]
pub(super) struct Index {
    stories: FxHashMap<u64, Held>,
    /// One number for each pair of bytes and place that they came from.
    sources: FxHashSet<u64>,
    /// Programs and options; few, however many stories.
    makings: Vec<Making>,
    /// The last line that was followed.
    position: u64,
}

/// One story of the archive.
#[derive(Debug)]
pub(super) struct Held {
    pub sha256: Fixity,
    pub record: Box<str>,
    pub record_sha256: Fixity,
    pub record_bytes: u64,
    making: usize,
}

/// How a record was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Making {
    pub program: String,
    pub options: Option<Reading>,
}

impl Index {
    /// Learns all that the ledger below `root` says.
    pub fn of(root: &Path) -> Result<Self, ArchiveError> {
        let mut index = Self::default();
        index.follow(root)?;
        Ok(index)
    }

    /// Learns what the ledger says behind the last line that is known.
    pub fn follow(&mut self, root: &Path) -> Result<(), ArchiveError> {
        for line in lines_after(root, self.position)? {
            self.apply(&line?);
        }
        Ok(())
    }

    /// Learns one line. A line with an impossible hash or path is passed over; the audit names it.
    pub fn apply(&mut self, line: &Line) {
        self.position = line.n;
        let Some(sha256) = Fixity::read(&line.sha256) else { return };
        // Recovered and rebuilt records came from nowhere new.
        if !matches!(line.event, Event::Rebuilt) {
            self.sources.insert(source(sha256, line.path.as_deref(), line.member.as_deref()));
        }
        if matches!(line.event, Event::Source | Event::NearDuplicate) {
            return;
        }
        let (Some(record), Some(record_sha256)) = (&line.record, line.record_sha256.as_deref().and_then(Fixity::read)) else { return };
        if !is_record_path(record) {
            return;
        }
        let making = Making { program: line.program.clone(), options: line.options.clone() };
        let making = self.makings.iter().position(|known| *known == making).unwrap_or_else(|| {
            self.makings.push(making);
            self.makings.len() - 1
        });
        let record_bytes = line.record_bytes.unwrap_or_default();
        self.stories.insert(sha256.id(), Held { sha256, record: record.as_str().into(), record_sha256, record_bytes, making });
    }

    /// The story with the id of these bytes: those very bytes, or, once in a great while, others.
    pub fn held(&self, id: u64) -> Option<&Held> {
        self.stories.get(&id)
    }

    /// How a record was made.
    pub fn making(&self, held: &Held) -> &Making {
        // Numbers come from `apply` alone, so it is there.
        &self.makings[held.making]
    }

    /// Whether these bytes are known to have come from this place.
    pub fn knows_source(&self, sha256: Fixity, path: Option<&str>, member: Option<&str>) -> bool {
        self.has_place(source(sha256, path, member))
    }

    /// The same, of the number that [`source`] gives.
    pub fn has_place(&self, place: u64) -> bool {
        self.sources.contains(&place)
    }

    /// All stories, in no order.
    pub fn stories(&self) -> impl Iterator<Item = (u64, &Held)> {
        self.stories.iter().map(|(id, held)| (*id, held))
    }

    /// The last line that was followed.
    pub fn position(&self) -> u64 {
        self.position
    }
}

/// A number for bytes and the place that they came from.
pub(super) fn source(sha256: Fixity, path: Option<&str>, member: Option<&str>) -> u64 {
    let part = |part: Option<&str>| part.map_or_else(|| "-".to_owned(), |part| format!("{}:{part}", part.len()));
    Fixity::of_pieces(&[sha256.to_string().as_bytes(), part(path).as_bytes(), part(member).as_bytes()]).id()
}
