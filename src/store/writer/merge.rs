//! Stories of another archive, with their places, times and options.
//!
//! The other archive's ledger is gone through once, line by line. A story comes over with the line
//! that says what its record is now; lines before that one only say where its bytes came from. Raw
//! copies and records are copied as they are, and nothing is read anew, so a merged archive has the
//! same records as the two before.

use crate::store::directory;
use crate::store::directory::fixity::Fixity;
use crate::store::directory::layout::{RecordFile, is_record_path, raw_path};
use crate::store::disk::durability::Sync;
use crate::store::error::ArchiveError;
use crate::store::ledger::index::source;
use crate::store::ledger::{Event, Line, last, lines_after};
use crate::store::story_id::StoryId;
use crate::store::writer::archive::Archive;
use crate::store::writer::journal::Planned;
use crate::store::writer::observer::Observer;
use crate::store::writer::plan::{Comparison, Plan, Trust, read_file};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Lines of the other ledger that are worked on together, and bytes of their records, as long as
/// one alone has not more: all of them are in memory.
const LINES: usize = 1024;
const BYTES: u64 = 32 << 20;

/// What came over from another archive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Merged {
    /// Stories that were new.
    pub stored: usize,
    /// Stories that were there already. Their records stay as they are.
    pub already_there: usize,
    /// Places that stories came from, and that the ledger did not know.
    pub places: usize,
    /// Tags, notes, places in collections and verdicts that were not here.
    pub annotations: usize,
    /// Removals of the other archive that this one did not know: the same bytes are not taken in
    /// here any more, either.
    pub removals: usize,
    /// Stories that were removed from the other archive and are still here.
    pub still_here: usize,
    /// Stories that could not be taken.
    pub left: usize,
}

/// A story's files in the other archive.
struct Files {
    record_file: RecordFile,
    raw: Vec<u8>,
}

impl Archive {
    /// Takes over the stories of the archive at `other`, with the places that they came from, the
    /// times when they did, the options that they were read with, and what people say of them.
    ///
    /// A story that is there already keeps its record; only places that the ledger does not know
    /// are added. So the same archive can be merged again at any time. The other archive is only
    /// read. `observer` is told of each story that cannot be taken, and why.
    ///
    /// What was removed from the other archive is not taken in here from then on. A story that is
    /// still here stays, and `observer` is told, since a merge never takes anything away.
    ///
    /// # Errors
    ///
    /// If no archive is at `other`, if it is this one, or if either cannot be read or written.
    ///
    /// ```
    /// use archive::store::{Archive, Incoming, OpenOptions};
    ///
    /// let directory = tempfile::tempdir()?;
    /// let open = |name: &str| {
    ///     let root = directory.path().join(name);
    ///     Archive::open(&root, &OpenOptions::default(), &mut ()).map(|opened| opened.archive)
    /// };
    /// let mut other = open("other")?;
    /// let story = Incoming { bytes: b"PORT STRIKE ENDS\n", path: None, member: None, facts: None };
    /// other.ingest(&[story], &archive::ParseOptions::default(), &mut ())?;
    /// other.finish(&mut ())?;
    ///
    /// let mut archive = open("archive")?;
    /// let other = directory.path().join("other");
    /// assert_eq!(archive.merge(&other, &mut ())?.stored, 1);
    /// assert_eq!(archive.merge(&other, &mut ())?.stored, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn merge(
        &mut self,
        other: &Path,
        observer: &mut dyn Observer,
    ) -> Result<Merged, ArchiveError> {
        directory::recognise(other)?;
        if is_same(&self.planner.root, other) {
            return Err(ArchiveError::MergedWithItself {
                path: other.to_owned(),
            });
        }
        let total = last(other)?.n;
        let mut merge = Merge {
            other,
            waiting: FxHashMap::default(),
            removed: BTreeMap::new(),
            seen: FxHashSet::default(),
            merged: Merged::default(),
        };
        let mut lines = lines_after(other, 0)?.peekable();
        while lines.peek().is_some() {
            let (mut chunk, mut bytes) = (Vec::new(), 0);
            while chunk.len() < LINES && bytes < BYTES {
                let Some(line) = lines.next().transpose()? else {
                    break;
                };
                bytes += line.record_bytes.unwrap_or_default();
                chunk.push(line);
            }
            let more = chunk.len() as u64;
            merge.take(self, chunk, observer)?;
            observer.advanced(more, Some(total));
        }
        for lines in merge.waiting.values() {
            for line in lines.iter().take(1) {
                let reason = "its record is not what the ledger says; repair that archive first";
                observer.left(line.record.as_deref().unwrap_or(&line.id), reason);
                merge.merged.left += 1;
            }
        }
        merge.take_removals(self, observer)?;
        let annotations = self.merge_annotations(other)?;
        Ok(Merged {
            annotations,
            ..merge.merged
        })
    }
}

/// A merge that goes on.
struct Merge<'a> {
    other: &'a Path,
    /// Lines about stories whose record, as they have it, is not there any more: a later line
    /// brings the record that is.
    waiting: FxHashMap<StoryId, Vec<Line>>,
    /// The last removals of stories that did not come again after them.
    removed: BTreeMap<StoryId, Line>,
    /// Stories that were counted as there.
    seen: FxHashSet<StoryId>,
    merged: Merged,
}

/// What a batch brings.
#[derive(Default)]
struct MergeBatch {
    planned: Vec<Planned>,
    /// Its stories, with the line of each.
    lines: FxHashMap<StoryId, Line>,
    places: FxHashSet<u64>,
}

impl Merge<'_> {
    /// Takes over what some lines of the other ledger say.
    fn take(
        &mut self,
        archive: &mut Archive,
        chunk: Vec<Line>,
        observer: &mut dyn Observer,
    ) -> Result<(), ArchiveError> {
        let sync = Sync::of(archive.options.durability, chunk.len() * 2);
        let ids: Vec<StoryId> = chunk.iter().filter_map(id_of).collect();
        let stored = archive.known.stored_all(&ids)?;
        let files: Vec<Option<Files>> = chunk
            .par_iter()
            .map(|line| {
                let is_new = id_of(line).is_some_and(|id| !stored.contains_key(&id));
                let brings = is_new && line.event.brings_record();
                brings.then(|| read(self.other, line)).transpose()
            })
            .map(|files| files.map(Option::flatten))
            .collect::<Result<_, ArchiveError>>()?;
        let mut batch = MergeBatch::default();
        for (line, files) in chunk.into_iter().zip(files) {
            self.note_removal(&line);
            let Some(id) = id_of(&line).filter(|_| line.event.is_of_stored()) else {
                continue;
            };
            if !stored.contains_key(&id) && archive.known.was_removed(id) {
                if self.seen.insert(id) {
                    self.merged.left += 1;
                    observer.left(&line.id, WAS_REMOVED);
                }
                continue;
            }
            if let Some(stored) = stored.get(&id) {
                if stored.sha256.to_string() == line.sha256 {
                    self.merged.already_there += usize::from(self.seen.insert(id));
                    let present = stored.line(&line.time);
                    self.add_place(archive, &mut batch, present, &line)?;
                } else if self.seen.insert(id) {
                    self.merged.left += 1;
                    let reason = "another story has its id here";
                    observer.left(line.record.as_deref().unwrap_or(&line.id), reason);
                }
            } else if let Some(present) = batch.lines.get(&id).cloned() {
                self.add_place(archive, &mut batch, present, &line)?;
            } else if let Some(files) = files {
                self.add_story(archive, &mut batch, line, files, sync, observer)?;
            } else {
                self.waiting.entry(id).or_default().push(line);
            }
        }
        archive.commit(&mut batch.planned, sync)?;
        archive.follow()
    }

    /// Notes that a story was removed, or that it came again.
    fn note_removal(&mut self, line: &Line) {
        let Some(id) = id_of(line) else { return };
        if line.event == Event::Removed {
            self.removed.insert(id, line.clone());
        } else if line.event.brings_record() {
            self.removed.remove(&id);
        }
    }

    /// Takes over the removals, with their times and reasons. Stories that are here stay.
    fn take_removals(
        &mut self,
        archive: &mut Archive,
        observer: &mut dyn Observer,
    ) -> Result<(), ArchiveError> {
        let removed = std::mem::take(&mut self.removed);
        let ids: Vec<StoryId> = removed.keys().copied().collect();
        let stored = archive.known.stored_all(&ids)?;
        let mut batch = Vec::new();
        for (id, line) in removed {
            if stored.contains_key(&id) {
                self.merged.still_here += 1;
                observer.still_here(id);
            } else if !archive.known.was_removed(id) {
                self.merged.removals += 1;
                batch.push(Planned::line(line));
            }
        }
        if batch.is_empty() {
            return Ok(());
        }
        let sync = Sync::of(archive.options.durability, batch.len());
        archive.commit(&mut batch, sync)?;
        archive.follow()
    }

    /// Adds a new story, and all places that it is known to come from.
    fn add_story(
        &mut self,
        archive: &mut Archive,
        batch: &mut MergeBatch,
        line: Line,
        files: Files,
        sync: Sync,
        observer: &mut dyn Observer,
    ) -> Result<(), ArchiveError> {
        let Some(id) = id_of(&line) else {
            return Ok(());
        };
        let mut arrivals = self.waiting.remove(&id).unwrap_or_default();
        arrivals.push(line.clone());
        // It came when its first line says, and is what its last one says.
        let first = &arrivals[0];
        let stored = Line {
            event: Event::Stored,
            time: first.time.clone(),
            path: first.path.clone(),
            member: first.member.clone(),
            note: None,
            ..line
        };
        let Files { record_file, raw } = files;
        let place = archive.planner.root.join(&record_file.raw_path);
        let is_whole = read_file(&place)?.is_some_and(|found| found == raw);
        let plan = archive.planner.compare(Comparison {
            record_file,
            line: stored.clone(),
            stored: None,
            raw: (!is_whole).then_some(raw.as_slice()),
            trust: Trust::Nothing,
            sync,
        });
        let planned = match plan {
            Ok(Plan::Files { planned, .. }) => *planned,
            Ok(Plan::Line(line)) => Planned::line(*line),
            Ok(Plan::Nothing) => Planned::line(stored.clone()),
            Err(error) if error.is_about_one_story() => {
                self.merged.left += 1;
                observer.left(
                    stored.record.as_deref().unwrap_or(&stored.id),
                    &error.to_string(),
                );
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        self.merged.stored += 1;
        self.seen.insert(id);
        batch.places.extend(place_of(&planned.line));
        batch.planned.push(planned);
        batch.lines.insert(id, stored.clone());
        for arrival in arrivals.iter().skip(1) {
            self.add_place(archive, batch, stored.clone(), arrival)?;
        }
        Ok(())
    }

    /// Adds the place that `arrival` tells of to a story that is as `present` says, unless the
    /// ledger knows it.
    fn add_place(
        &mut self,
        archive: &Archive,
        batch: &mut MergeBatch,
        present: Line,
        arrival: &Line,
    ) -> Result<(), ArchiveError> {
        let (Some(place), Some(sha256)) = (place_of(arrival), Fixity::read(&arrival.sha256)) else {
            return Ok(());
        };
        let (path, member) = (arrival.path.as_deref(), arrival.member.as_deref());
        if !batch.places.insert(place) || archive.known.has_source(sha256, path, member)? {
            return Ok(());
        }
        self.merged.places += 1;
        batch.planned.push(Planned::line(Line {
            event: Event::Source,
            time: arrival.time.clone(),
            path: arrival.path.clone(),
            member: arrival.member.clone(),
            note: None,
            ..present
        }));
        Ok(())
    }
}

/// Why a story is left out.
const WAS_REMOVED: &str = "the story was removed from this archive";

/// Returns the id of a line's story; `None` if no archive writes such a line.
fn id_of(line: &Line) -> Option<StoryId> {
    Fixity::read(&line.sha256).map(Fixity::id)
}

/// Returns the number of the place that a line says the bytes came from; `None` if it speaks of
/// none.
fn place_of(line: &Line) -> Option<u64> {
    let sha256 = Fixity::read(&line.sha256)?;
    line.event
        .names_place()
        .then(|| source(sha256, line.path.as_deref(), line.member.as_deref()))
}

/// Reads a story's files; `None` if they are not what the line says.
fn read(other: &Path, line: &Line) -> Result<Option<Files>, ArchiveError> {
    let Some(record_path) = line.record.as_deref().filter(|path| is_record_path(path)) else {
        return Ok(None);
    };
    let has_hash = |bytes: &[u8], sha256: Option<&str>| {
        sha256.is_some_and(|sha256| Fixity::of(bytes).to_string() == sha256)
    };
    let raw_path = raw_path(&line.sha256);
    let record = read_file(&other.join(record_path))?
        .filter(|record| has_hash(record, line.record_sha256.as_deref()));
    let Some(record) = record else {
        return Ok(None);
    };
    let raw = read_file(&other.join(&raw_path))?.filter(|raw| has_hash(raw, Some(&line.sha256)));
    let story = serde_json::from_slice(&record).ok();
    Ok(raw.zip(story).map(|(raw, story)| Files {
        record_file: RecordFile {
            story,
            record_path: record_path.to_owned(),
            raw_path,
            record,
        },
        raw,
    }))
}

/// Returns whether two paths lead to one directory.
fn is_same(one: &Path, other: &Path) -> bool {
    let [one, other] = [one, other].map(fs::canonicalize);
    one.is_ok_and(|one| other.is_ok_and(|other| one == other))
}
