//! Keeping the catalog true to the ledger: whatever brought a line into the ledger, this is how the
//! catalog learns of it.

use super::{Catalog, CatalogEntry, Change, Provenance};
use crate::store::directory::fixity::Fixity;
use crate::store::directory::read::record_bytes;
use crate::store::error::ArchiveError;
use crate::store::ledger::{Line, Lines, lines_after};
use crate::story::Story;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::path::Path;
use std::sync::Arc;

/// Lines taken in together, in one transaction: no fewer than a batch has; and bytes of their
/// records, as long as one alone has not more.
const LINES: usize = 2048;
const BYTES: u64 = 32 << 20;

/// Stories that were just stored, by the ledger lines that brought them: their records need not be
/// read back.
pub(crate) type NewEntries = FxHashMap<u64, CatalogEntry>;

impl Catalog {
    /// Takes in what the ledger below `root` says after the catalog's position, with the records
    /// that it names. Calls `advance` with how many more lines have been taken in. Returns what is
    /// wrong with the records that could not be read; the others are in.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read or the catalog cannot be written.
    pub fn follow(
        &mut self,
        root: &Path,
        mut new_entries: NewEntries,
        mut advance: impl FnMut(u64),
    ) -> Result<Vec<ArchiveError>, ArchiveError> {
        let mut failures = Failures::default();
        let mut lines = lines_after(root, self.position()?)?;
        loop {
            let batch = next_batch(&mut lines)?;
            let Some(last) = batch.last() else { break };
            let mut stories = Vec::with_capacity(batch.len());
            for (line, entry) in batch.iter().zip(entries(root, &batch, &mut new_entries)) {
                match entry {
                    Some(Ok(entry)) => stories.push((line, entry, failures.remove(line))),
                    Some(Err(error)) => failures.add(line, error),
                    None => {}
                }
            }
            let changes: Vec<Change<'_>> = stories
                .iter()
                .filter_map(|(line, entry, first_line)| change(line, entry, *first_line))
                .collect();
            let unread: Vec<(&str, String)> = batch
                .iter()
                .filter_map(|line| Some((line.id.as_str(), failures.reason(line)?)))
                .collect();
            let options: Vec<String> = batch
                .iter()
                .map(|line| serde_json::to_string(&line.options).unwrap_or_default())
                .collect();
            let provenance: Vec<Provenance<'_>> = batch
                .iter()
                .zip(&options)
                .map(|(line, options)| Provenance::of(line, options))
                .collect();
            self.apply(&changes, &unread, &provenance, last.n, &last.check)?;
            advance(batch.len() as u64);
        }
        Ok(failures.into_errors())
    }
}

/// Returns the next lines that are taken in together; none at the end of the ledger.
fn next_batch(lines: &mut Lines) -> Result<Vec<Line>, ArchiveError> {
    let (mut batch, mut bytes) = (Vec::new(), 0);
    while batch.len() < LINES && bytes < BYTES {
        let Some(line) = lines.next().transpose()? else {
            break;
        };
        bytes += line.record_bytes.unwrap_or_default();
        batch.push(line);
    }
    Ok(batch)
}

/// Stories whose records could not be read, by id. A record that was replaced since is not what an
/// earlier line says, and a later line finds it.
#[derive(Default)]
struct Failures {
    by_id: FxHashMap<String, Failure>,
}

struct Failure {
    /// The first line that brought the story.
    first_line: u64,
    error: ArchiveError,
}

impl Failures {
    fn add(&mut self, line: &Line, error: ArchiveError) {
        let first_line = self.remove(line);
        self.by_id
            .insert(line.id.clone(), Failure { first_line, error });
    }

    /// Forgets the failure of a line's story, and returns the first line that brought the story.
    fn remove(&mut self, line: &Line) -> u64 {
        self.by_id
            .remove(&line.id)
            .map_or(line.n, |failure| failure.first_line)
    }

    fn reason(&self, line: &Line) -> Option<String> {
        Some(self.by_id.get(&line.id)?.error.to_string())
    }

    /// Returns the errors, in the order of the ids.
    fn into_errors(self) -> Vec<ArchiveError> {
        let mut failures: Vec<(String, Failure)> = self.by_id.into_iter().collect();
        failures.sort_by(|(id, _), (other, _)| id.cmp(other));
        failures
            .into_iter()
            .map(|(_, failure)| failure.error)
            .collect()
    }
}

/// Returns for each line the record that it brings; none if it brings none.
fn entries(
    root: &Path,
    batch: &[Line],
    new_entries: &mut NewEntries,
) -> Vec<Option<Result<CatalogEntry, ArchiveError>>> {
    let mut found: Vec<_> = batch
        .iter()
        .map(|line| new_entries.remove(&line.n).map(Ok))
        .collect();
    let missing = |(line, found): (&Line, &Option<_>)| brings_record(line) && found.is_none();
    if batch.iter().zip(&found).any(missing) {
        batch
            .par_iter()
            .zip(&mut found)
            .filter(|(line, found)| missing((*line, &**found)))
            .for_each(|(line, found)| {
                *found = line
                    .record
                    .as_deref()
                    .map(|record| read(root, line, record));
            });
    }
    found
}

fn brings_record(line: &Line) -> bool {
    line.event.brings_record() && line.record.is_some()
}

/// Reads the record of a line from the disk.
pub(super) fn read(root: &Path, line: &Line, record: &str) -> Result<CatalogEntry, ArchiveError> {
    let bytes = record_bytes(root, record)?;
    let bad = |reason: String| ArchiveError::BadRecord {
        path: root.join(record),
        reason,
    };
    let story: Story = serde_json::from_slice(&bytes).map_err(|error| bad(error.to_string()))?;
    if story.id != line.id {
        return Err(bad("its id is not the one in its name".to_owned()));
    }
    if line.record_sha256.as_deref() != Some(&Fixity::of(&bytes).to_string()) {
        return Err(bad(
            "it is not what the ledger says; `archive verify --repair` makes it again".to_owned(),
        ));
    }
    Ok(CatalogEntry::new(Arc::new(story)))
}

pub(super) fn change<'a>(
    line: &'a Line,
    entry: &'a CatalogEntry,
    first_ledger: u64,
) -> Option<Change<'a>> {
    Some(Change {
        entry,
        record: line.record.as_deref()?,
        record_sha256: line.record_sha256.as_deref()?,
        record_bytes: line.record_bytes?,
        ledger: line.n,
        first_ledger,
    })
}
