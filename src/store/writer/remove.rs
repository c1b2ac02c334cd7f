//! Taking stories out of the archive for good: by a court's order, because they are about the wrong
//! person, or because somebody has the right to be forgotten.
//!
//! A `removed` line in the ledger decides. Before it, nothing is gone; after it, all of this goes,
//! and whoever opens the archive after an interruption goes on with it:
//!
//! 1. the story's records and its raw copy;
//! 2. what a repair has kept in `evidence/`, if it mentions the story;
//! 3. what older ledger lines say of it: its headline, in the record's name, and where it came
//!    from;
//! 4. the catalog, which is made again, so that none of its pages remembers a word.
//!
//! The `removed` line stays, with the hash of the bytes, so that they are not taken in again.

use crate::store::directory::fixity::Fixity;
use crate::store::disk::durability::Sync;
use crate::store::error::ArchiveError;
use crate::store::ledger::{Event, Line};
use crate::store::program::PROGRAM;
use crate::store::program::now;
use crate::store::story_id::StoryId;
use crate::store::writer::archive::Archive;
use crate::store::writer::commit::Committer;
use crate::store::writer::journal::Planned;
use crate::store::writer::removal;
use std::path::PathBuf;

/// What was removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Removed {
    /// The hashes of the stories' bytes, which the ledger keeps.
    pub stories: Vec<Fixity>,
    /// Files that a repair had kept and that mentioned a story: they are gone, too.
    pub evidence: Vec<PathBuf>,
}

impl Archive {
    /// Removes stories: their raw copies, records, ledger lines and all that the catalog knows of
    /// them. A ledger line with their hashes, the time and `reason` stays, and the same bytes are
    /// not taken in again unless [`OpenOptions::removed`](super::open::OpenOptions::removed) says
    /// so.
    ///
    /// The catalog is made again, which takes as long as [`reindex`](Self::reindex). An interrupted
    /// removal is finished by whoever opens the archive next. Files are deleted as the file system
    /// deletes: neither backups nor the blocks of the disk are wiped.
    ///
    /// # Errors
    ///
    /// If one of the stories is not in the archive, and then nothing is removed; or if the archive
    /// cannot be read or written.
    ///
    /// ```
    /// use archive::store::{Archive, Fixity, Incoming, OpenOptions};
    ///
    /// let directory = tempfile::tempdir()?;
    /// let mut archive = Archive::open(directory.path(), &OpenOptions::default(), &mut ())?.archive;
    /// let bytes = b"PORT STRIKE ENDS\n\nDockers went back to work.\n";
    /// let story = Incoming { bytes, path: None, member: None, facts: None };
    /// archive.ingest(&[story], &archive::ParseOptions::default(), &mut ())?;
    /// let removed = archive.remove(&[Fixity::of(bytes).id()], Some("court order"))?;
    /// assert_eq!(removed.stories, [Fixity::of(bytes)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn remove(
        &mut self,
        ids: &[StoryId],
        reason: Option<&str>,
    ) -> Result<Removed, ArchiveError> {
        self.settle()?;
        let time = now();
        let known = self.known.stored_all(ids)?;
        let mut stories = Vec::with_capacity(ids.len());
        for id in ids {
            let stored = known.get(id).ok_or_else(|| ArchiveError::UnknownId {
                prefix: id.to_string(),
                near: Vec::new(),
            })?;
            if !stories.contains(&stored.sha256) {
                stories.push(stored.sha256);
            }
        }
        let mut batch: Vec<Planned> = stories
            .iter()
            .map(|sha256| Planned::line(tombstone(*sha256, &time, reason)))
            .collect();
        let evidence = {
            let sync = Sync::of(self.options.durability, 1);
            let mut committer = self.committer.join()?;
            let Committer { journal, files, .. } = &*committer;
            journal.begin(files, sync.is_each())?;
            journal.note_removals(&stories, files, sync != Sync::Nothing)?;
            committer.commit(&mut batch, sync)?;
            removal::carry_out(&mut committer, &stories, sync)?
        };
        self.rebuild_catalog()?;
        let mut committer = self.committer.join()?;
        self.last_line = committer.ledger.last();
        committer.journal.clear_own(&committer.files)?;
        committer.has_stopped = false;
        Ok(Removed { stories, evidence })
    }
}

/// Returns the line that stays of a story.
fn tombstone(sha256: Fixity, time: &str, reason: Option<&str>) -> Line {
    Line {
        n: 0,
        time: time.to_owned(),
        event: Event::Removed,
        id: sha256.short(),
        sha256: sha256.to_string(),
        record: None,
        record_sha256: None,
        record_bytes: None,
        path: None,
        member: None,
        program: PROGRAM.to_owned(),
        options: None,
        note: reason.map(str::to_owned),
        check: String::new(),
    }
}
