//! Keeping the catalog true to the ledger: whatever brought a line into the ledger, this is how the
//! catalog learns of it.

use super::{Catalog, CatalogEntry, Change, Provenance, Standing};
use crate::Story;
use crate::store::directory::fixity::Fixity;
use crate::store::directory::read::record_bytes;
use crate::store::error::ArchiveError;
use crate::store::ledger::{Event, Line, last, lines_after};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::path::Path;
use std::sync::Arc;

/// Lines taken in together, in one transaction: no fewer than a batch has; and bytes of their records,
/// as long as one alone has not more.
const LINES: usize = 2048;
const BYTES: u64 = 32 << 20;

/// Stories that were just stored, by the ledger lines that brought them: their records need not be
/// read back.
pub type NewEntries = FxHashMap<u64, CatalogEntry>;

impl Catalog {
    /// Whether the catalog has all that the ledger below `root` says, as far as records can be read.
    pub fn is_current(&self, root: &Path) -> Result<bool, ArchiveError> {
        Ok(self.standing(root)? == Standing::Current && self.returned(root)?.is_empty())
    }

    /// Says what this catalog lacks of the ledger below `root`, for people who asked it something.
    ///
    /// # Errors
    ///
    /// If the ledger or the catalog cannot be read.
    pub fn lacking(&self, root: &Path) -> Result<String, ArchiveError> {
        let path = self.path.display();
        let behind = last(root)?.n.saturating_sub(self.position()?);
        let lines = if behind == 1 { "line" } else { "lines" };
        Ok(match self.standing(root)? {
            Standing::Current => format!("{path}: was brought up to date meanwhile; ask again"),
            Standing::Behind => format!(
                "{path}: is {behind} {lines} behind the ledger, this answer lacks what they say, \
                 and the catalog cannot be brought up to date"
            ),
            Standing::Ahead => format!(
                "{path}: knows lines that the ledger has lost, so this answer may name stories \
                 that are not there"
            ),
            Standing::Foreign => format!(
                "{path}: is not of this ledger, so this answer may be wrong, and the catalog \
                 cannot be made again"
            ),
        })
    }

    /// Takes in what the ledger below `root` says behind the catalog's position, with the records
    /// that it names. `advance` is told how many more lines have been taken in. Answers with what is
    /// wrong with the records that could not be read; the others are in.
    pub fn follow(
        &mut self,
        root: &Path,
        mut new_entries: NewEntries,
        mut advance: impl FnMut(u64),
    ) -> Result<Vec<ArchiveError>, ArchiveError> {
        // By story, with the first line that failed: a record that was replaced since is not what that
        // line says, and found by a later one.
        let mut failures: FxHashMap<String, (u64, ArchiveError)> = FxHashMap::default();
        let mut lines = lines_after(root, self.position()?)?.peekable();
        while lines.peek().is_some() {
            let (mut batch, mut bytes) = (Vec::new(), 0);
            while batch.len() < LINES && bytes < BYTES {
                let Some(line) = lines.next().transpose()? else {
                    break;
                };
                bytes += line.record_bytes.unwrap_or_default();
                batch.push(line);
            }
            let mut stories = Vec::with_capacity(batch.len());
            for (line, entry) in batch.iter().zip(entries(root, &batch, &mut new_entries)) {
                match entry {
                    Some(Ok(entry)) => {
                        let first = failures.remove(&line.id).map_or(line.n, |(first, _)| first);
                        stories.push((line, entry, first));
                    }
                    Some(Err(error)) => {
                        let first = failures.get(&line.id).map_or(line.n, |(first, _)| *first);
                        failures.insert(line.id.clone(), (first, error));
                    }
                    None => {}
                }
            }
            let changes: Vec<Change<'_>> = stories
                .iter()
                .filter_map(|(line, entry, first)| change(line, entry, *first))
                .collect();
            let unread = batch
                .iter()
                .filter_map(|line| Some((line.id.as_str(), failures.get(&line.id)?.1.to_string())));
            let unread: Vec<(&str, String)> = unread.collect();
            let options: Vec<String> = batch
                .iter()
                .map(|line| serde_json::to_string(&line.options).unwrap_or_default())
                .collect();
            let provenance: Vec<Provenance<'_>> = batch
                .iter()
                .zip(&options)
                .map(|(line, options)| Provenance::of(line, options))
                .collect();
            let Some(last) = batch.last() else { break };
            self.apply(&changes, &unread, &provenance, last.n, &last.check)?;
            advance(batch.len() as u64);
        }
        let mut failures: Vec<_> = failures.into_iter().collect();
        failures.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(failures.into_iter().map(|(_, (_, error))| error).collect())
    }
}

/// For each line the record that it brings; none if it brings none.
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
    match line.event {
        Event::Source | Event::NearDuplicate => false,
        Event::Stored | Event::Updated | Event::Recovered | Event::Rebuilt => line.record.is_some(),
    }
}

/// The record of a line, from the disk.
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
