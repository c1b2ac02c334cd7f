//! Keeping the catalog true to the ledger: whatever brought a line into the ledger, this is how the
//! catalog learns of it.

use super::{Catalog, Change, Provenance};
use crate::Story;
use crate::archive::ledger::{Event, Line, last, lines_after};
use crate::archive::read::record_bytes;
use crate::archive::{ArchiveError, Fixity};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::path::Path;

/// Lines taken in together, in one transaction; and bytes of their records, as long as one alone has not more.
const LINES: usize = 1000;
const BYTES: u64 = 32 << 20;

impl Catalog {
    /// Whether the catalog has all that the ledger below `root` says.
    pub fn is_current(&self, root: &Path) -> Result<bool, ArchiveError> {
        Ok(self.position()? >= last(root)?)
    }

    /// Takes in what the ledger below `root` says behind the catalog's position, with the records
    /// that it names. `advance` is told how many more lines have been taken in. Answers with what is
    /// wrong with the records that could not be read; the others are in.
    pub fn follow(&mut self, root: &Path, mut advance: impl FnMut(u64)) -> Result<Vec<ArchiveError>, ArchiveError> {
        // By story: a record that moved since is missing in its old place and found in its new one.
        let mut failures: FxHashMap<String, ArchiveError> = FxHashMap::default();
        let mut lines = lines_after(root, self.position()?)?.peekable();
        while lines.peek().is_some() {
            let (mut batch, mut bytes) = (Vec::new(), 0);
            while batch.len() < LINES && bytes < BYTES {
                let Some(line) = lines.next().transpose()? else { break };
                bytes += line.record_bytes.unwrap_or_default();
                batch.push(line);
            }
            let read: Vec<_> = batch.par_iter().map(|line| changed(root, line)).collect();
            let mut stories = Vec::new();
            for (line, read) in batch.iter().zip(read) {
                match read {
                    Some(Ok(story)) => {
                        failures.remove(&line.id);
                        stories.push((line, story));
                    }
                    Some(Err(error)) => {
                        failures.insert(line.id.clone(), error);
                    }
                    None => {}
                }
            }
            let options: Vec<String> = batch.iter().map(|line| serde_json::to_string(&line.options).unwrap_or_default()).collect();
            let changes: Vec<Change<'_>> = stories
                .iter()
                .map(|(line, read)| Change { story: &read.story, record: &read.path, record_sha256: &read.sha256, first_ledger: line.n })
                .collect();
            let provenance: Vec<Provenance<'_>> = batch.iter().zip(&options).map(|(line, options)| provenance(line, options)).collect();
            self.apply(&changes, &provenance, batch.last().map_or(0, |line| line.n))?;
            advance(batch.len() as u64);
        }
        let mut failures: Vec<_> = failures.into_iter().collect();
        failures.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(failures.into_iter().map(|(_, error)| error).collect())
    }
}

/// A record that was read.
struct Read {
    story: Story,
    path: String,
    sha256: String,
}

/// The record that a line brings; none if it brings none.
fn changed(root: &Path, line: &Line) -> Option<Result<Read, ArchiveError>> {
    let path = line.record.as_deref()?;
    match line.event {
        Event::Source | Event::NearDuplicate => return None,
        Event::Stored | Event::Updated | Event::Recovered | Event::Rebuilt => {}
    }
    let read = || {
        let bytes = record_bytes(root, path)?;
        let bad = |reason: String| ArchiveError::BadRecord { path: root.join(path), reason };
        let story: Story = serde_json::from_slice(&bytes).map_err(|error| bad(error.to_string()))?;
        if story.id != line.id {
            return Err(bad("its id is not the one in its name".to_owned()));
        }
        Ok(Read { story, path: path.to_owned(), sha256: Fixity::of(&bytes).to_string() })
    };
    Some(read())
}

fn provenance<'a>(line: &'a Line, options: &'a str) -> Provenance<'a> {
    Provenance {
        ledger: line.n,
        id: &line.id,
        sha256: &line.sha256,
        path: line.path.as_deref(),
        member: line.member.as_deref(),
        time: &line.time,
        event: line.event.name(),
        program: &line.program,
        options,
        note: line.note.as_deref(),
    }
}
