//! Saying something of stories: tags, notes, collections, verdicts on quotes.

use crate::store::annotations::file::{append, lines};
use crate::store::annotations::{AnnotationEvent, AnnotationLine, Remark, State};
use crate::store::error::ArchiveError;
use crate::store::program::now;
use crate::store::story_id::StoryId;
use crate::store::writer::archive::Archive;
use rustc_hash::FxHashSet;
use std::path::Path;

impl Archive {
    /// Says something of stories, or takes it back. Returns how many of the remarks changed
    /// anything; what was so already is not written again. When this returns, it outlives a power
    /// cut.
    ///
    /// # Errors
    ///
    /// If one of the stories is not in the archive, and then nothing is written; or if the archive
    /// cannot be read or written.
    ///
    /// ```
    /// use archive::store::annotations::{Annotation, Remark, Said};
    /// use archive::store::{Archive, Fixity, Incoming, OpenOptions};
    ///
    /// let directory = tempfile::tempdir()?;
    /// let mut archive = Archive::open(directory.path(), &OpenOptions::default(), &mut ())?.archive;
    /// let bytes = b"PORT STRIKE ENDS\n\nDockers went back to work.\n";
    /// let story = Incoming { bytes, path: None, member: None, facts: None };
    /// archive.ingest(&[story], &archive::ParseOptions::default(), &mut ())?;
    /// let id = Fixity::of(bytes).id();
    /// let remark = Remark { id, annotation: Annotation::tag("ports")?, said: Said::Added };
    /// assert_eq!(archive.annotate(vec![remark.clone()])?, 1);
    /// assert_eq!(archive.annotate(vec![remark])?, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn annotate(&mut self, remarks: Vec<Remark>) -> Result<usize, ArchiveError> {
        self.settle()?;
        let ids: Vec<StoryId> = remarks.iter().map(|remark| remark.id).collect();
        let stored = self.known.stored_all(&ids)?;
        if let Some(id) = ids.iter().find(|id| !stored.contains_key(id)) {
            return Err(ArchiveError::UnknownId {
                prefix: id.to_string(),
                near: Vec::new(),
            });
        }
        let mut state = State::of(lines(&self.planner.root)?);
        let time = now();
        let mut new: Vec<AnnotationLine> = remarks
            .into_iter()
            .map(|remark| AnnotationLine::new(remark, &time))
            .filter(|line| state.add(line.clone()))
            .collect();
        self.add_annotations(&mut new)?;
        Ok(new.len())
    }

    /// Takes over what people say of stories in the archive at `other`, as far as the stories are
    /// here. Returns how many lines are new.
    pub(crate) fn merge_annotations(&mut self, other: &Path) -> Result<usize, ArchiveError> {
        self.settle()?;
        let theirs = lines(other)?;
        let mut known: FxHashSet<_> = lines(&self.planner.root)?
            .iter()
            .map(AnnotationLine::identity)
            .collect();
        let ids: Vec<StoryId> = theirs
            .iter()
            .filter_map(|line| StoryId::read(&line.id))
            .collect();
        let stored = self.known.stored_all(&ids)?;
        let mut new: Vec<AnnotationLine> = theirs
            .into_iter()
            .filter(|line| line.event != AnnotationEvent::Struck)
            .filter(|line| StoryId::read(&line.id).is_some_and(|id| stored.contains_key(&id)))
            .filter(|line| known.insert(line.identity()))
            .collect();
        self.add_annotations(&mut new)?;
        Ok(new.len())
    }

    /// Writes lines, and tells the catalog.
    pub(crate) fn add_annotations(
        &mut self,
        new: &mut [AnnotationLine],
    ) -> Result<(), ArchiveError> {
        if new.is_empty() {
            return Ok(());
        }
        self.lock.check()?;
        append(&self.planner.root, new, &self.planner.files)?;
        self.committer.join()?.follower.join()?.follow_annotations()
    }
}
