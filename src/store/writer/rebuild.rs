//! Rebuilding records from the raw copies, with this program and the options that the ledger knows.

use crate::fence::try_parse;
use crate::store::directory::fixity::Fixity;
use crate::store::directory::layout::{RecordFile, raw_path};
use crate::store::disk::durability::Sync;
use crate::store::error::ArchiveError;
use crate::store::ledger::index::StoredRecord;
use crate::store::ledger::{Event, Line, ReadOptions};
use crate::store::program::PROGRAM;
use crate::store::program::now;
use crate::store::story_id::StoryId;
use crate::store::writer::archive::Archive;
use crate::store::writer::journal::Planned;
use crate::store::writer::observer::Observer;
use crate::store::writer::plan::{Comparison, Plan, Trust, read_file};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

/// Stories of one batch. Each thread holds one of them at a time.
const BATCH: usize = 1024;

/// What a rebuild has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    /// Records that were looked at.
    pub records: usize,
    /// Records that say something else now, or were mended.
    pub changed: usize,
    /// Records that stand elsewhere now, by another date or headline.
    pub moved: usize,
    /// In how many records each top-level field changed.
    pub fields: BTreeMap<String, usize>,
    /// Records that were left as they are.
    pub left: usize,
}

/// What became of one story.
enum Remade {
    /// There is nothing to say.
    Same,
    /// The record is the same; the ledger must say that the present program makes it.
    Confirmed(Box<Planned>),
    Changed {
        planned: Box<Planned>,
        fields: Vec<String>,
        is_moved: bool,
    },
    Left(String),
}

impl Archive {
    /// Makes every record again from its raw copy, with this version of the program and the options
    /// that the ledger knows. `observer` is told of each record that stays as it is, and why.
    ///
    /// # Errors
    ///
    /// If the archive cannot be read or written.
    ///
    /// ```
    /// use archive::store::{Archive, OpenOptions};
    ///
    /// let directory = tempfile::tempdir()?;
    /// let mut archive =
    ///     Archive::open(directory.path(), &OpenOptions::default(), &mut ())?.archive;
    /// assert_eq!(archive.rebuild(&mut ())?.records, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn rebuild(&mut self, observer: &mut dyn Observer) -> Result<Changes, ArchiveError> {
        let ids = self.known.ids()?;
        rebuild_these(self, &ids, Trust::Nothing, observer)
    }
}

/// Makes the records of these stories again.
pub(crate) fn rebuild_these(
    archive: &mut Archive,
    ids: &[StoryId],
    trust: Trust,
    observer: &mut dyn Observer,
) -> Result<Changes, ArchiveError> {
    let of = ids.len() as u64;
    let mut changes = Changes::default();
    for ids in ids.chunks(BATCH) {
        let time = now();
        let sync = Sync::of(archive.options.durability, ids.len());
        let all_stored = archive.known.stored_all(ids)?;
        let made: Vec<Result<Option<Remade>, ArchiveError>> = ids
            .par_iter()
            .map(|id| {
                all_stored
                    .get(id)
                    .map(|stored| make(archive, stored, &time, trust, sync))
                    .transpose()
            })
            .collect();
        let mut batch = Vec::new();
        for (id, made) in ids.iter().zip(made) {
            changes.records += 1;
            match made? {
                Some(Remade::Confirmed(planned)) => batch.push(*planned),
                Some(Remade::Changed {
                    planned,
                    fields,
                    is_moved,
                }) => {
                    batch.push(*planned);
                    changes.changed += 1;
                    changes.moved += usize::from(is_moved);
                    fields
                        .into_iter()
                        .for_each(|field| *changes.fields.entry(field).or_default() += 1);
                }
                Some(Remade::Left(reason)) => {
                    changes.left += 1;
                    observer.left(
                        all_stored.get(id).map_or("", |stored| &stored.record),
                        &reason,
                    );
                }
                Some(Remade::Same) | None => {}
            }
        }
        archive.commit(&mut batch, sync)?;
        archive.follow()?;
        observer.advanced(ids.len() as u64, Some(of));
    }
    Ok(changes)
}

fn make(
    archive: &Archive,
    stored: &StoredRecord,
    time: &str,
    trust: Trust,
    sync: Sync,
) -> Result<Remade, ArchiveError> {
    let left = |reason: &str| Ok(Remade::Left(reason.to_owned()));
    let origin = &stored.origin;
    let Some(options) = origin.options.as_ref().and_then(ReadOptions::options) else {
        return left("nobody knows with which options it was made; ingest its source again");
    };
    let Some(raw) = read_file(
        &archive
            .planner
            .root
            .join(raw_path(&stored.sha256.to_string())),
    )?
    else {
        return left(
            "its raw copy is missing; ingest its source again, or restore the copy from a backup",
        );
    };
    if Fixity::of(&raw) != stored.sha256 {
        return left("its raw copy is damaged; restore the copy from a backup");
    }
    let path = archive.planner.root.join(&*stored.record);
    let before = read_file(&path)?;
    let story = match try_parse(&raw, &options) {
        Ok(story) => story,
        Err(error) => return Ok(Remade::Left(error.to_string())),
    };
    let record_file =
        RecordFile::new(story).map_err(|source| ArchiveError::Write { path, source })?;
    let is_moved = record_file.record_path != *stored.record;
    let line = Line {
        event: Event::Rebuilt,
        record: Some(record_file.record_path.clone()),
        record_sha256: Some(Fixity::of(&record_file.record).to_string()),
        record_bytes: Some(record_file.record.len() as u64),
        program: PROGRAM.to_owned(),
        ..stored.line(time)
    };
    let fields = changed_fields(before.as_deref(), &record_file.record);
    match archive.planner.compare(Comparison {
        record_file,
        line: line.clone(),
        stored: Some(stored),
        raw: None,
        trust,
        sync,
    }) {
        Ok(Plan::Files { mut planned, .. }) => {
            planned.line.event = Event::Rebuilt;
            Ok(Remade::Changed {
                planned,
                fields,
                is_moved,
            })
        }
        Ok(_)
            if origin.program == PROGRAM
                && !is_moved
                && line.record_sha256.as_deref() == Some(&stored.record_sha256.to_string()) =>
        {
            Ok(Remade::Same)
        }
        Ok(_) => Ok(Remade::Confirmed(Box::new(Planned::line(line)))),
        Err(error) if error.is_about_one_story() => Ok(Remade::Left(error.to_string())),
        Err(error) => Err(error),
    }
}

/// Returns the top-level fields in which two records differ; none if there was no record to compare
/// with.
fn changed_fields(before: Option<&[u8]>, after: &[u8]) -> Vec<String> {
    let object = |bytes: &[u8]| match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    };
    let (Some(before), Some(after)) = (before.and_then(object), object(after)) else {
        return Vec::new();
    };
    let mut fields: Vec<String> = after
        .iter()
        .filter(|(field, value)| before.get(*field) != Some(value))
        .map(|(field, _)| field.clone())
        .collect();
    fields.extend(
        before
            .keys()
            .filter(|field| !after.contains_key(*field))
            .cloned(),
    );
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_compared_by_their_values() {
        let before = br#"{"a": 1, "b": [1, 2], "gone": null}"#;
        let after = br#"{"b":[1,3],"a":1,"new":null}"#;
        assert_eq!(changed_fields(Some(before), after), ["b", "new", "gone"]);
        assert_eq!(changed_fields(Some(before), before), [""; 0]);
        assert_eq!(changed_fields(Some(b"{"), after), [""; 0]);
        assert_eq!(changed_fields(None, after), [""; 0]);
    }
}
