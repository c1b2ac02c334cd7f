//! What the catalog lacks: lines of the ledger that it has not taken in, and stories whose records
//! could not be read when it came to them. A record that was away comes back, and then the catalog
//! takes it in.

use super::follow::{change, read};
use super::{Catalog, CatalogEntry, Change, Standing};
use crate::store::error::ArchiveError;
use crate::store::ledger::{Line, last, lines_after};
use std::path::Path;

/// A story that the catalog lacks, and whose record can be read by now.
pub(crate) struct Returned {
    /// The last ledger line about its record.
    pub line: Line,
    /// The first one.
    first_line: u64,
    entry: CatalogEntry,
}

impl Catalog {
    /// Returns whether the catalog has all that ledger and annotations below `root` say, as far as
    /// records can be read.
    ///
    /// # Errors
    ///
    /// If the ledger or the catalog cannot be read.
    pub fn is_current(&self, root: &Path) -> Result<bool, ArchiveError> {
        Ok(self.standing(root)? == Standing::Current
            && self.has_annotations_of(root)?
            && self.returned(root)?.is_empty())
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
            Standing::Current if !self.has_annotations_of(root)? => format!(
                "{path}: lacks the latest tags, notes, collections and verdicts, and cannot be \
                 brought up to date"
            ),
            Standing::Current => match self.returned(root)?.len() {
                0 => format!("{path}: was brought up to date meanwhile; ask again"),
                count => format!(
                    "{path}: lacks {count} of the stories, whose records could not be read \
                     before, and cannot be brought up to date"
                ),
            },
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

    /// Returns the stories that the catalog lacks and could take in.
    ///
    /// # Errors
    ///
    /// If catalog or ledger cannot be read; a record that cannot be read is passed over.
    pub(crate) fn returned(&self, root: &Path) -> Result<Vec<Returned>, ArchiveError> {
        let mut returned = Vec::new();
        for id in self.unread()? {
            let Some(lines) = self.lines_of(&id.to_string())? else {
                continue;
            };
            let Some(line) = lines_after(root, lines.last.saturating_sub(1))?
                .next()
                .transpose()?
            else {
                continue;
            };
            let record = line.record.as_deref().filter(|_| line.n == lines.last);
            if let Some(Ok(entry)) = record.map(|record| read(root, &line, record)) {
                returned.push(Returned {
                    line,
                    first_line: lines.first,
                    entry,
                });
            }
        }
        returned.sort_by_key(|story| story.line.n);
        Ok(returned)
    }

    /// Takes in the stories whose records could not be read before and can be now.
    pub(crate) fn take_in_returned(&mut self, root: &Path) -> Result<(), ArchiveError> {
        let returned = self.returned(root)?;
        let changes: Vec<Change<'_>> = returned
            .iter()
            .filter_map(|story| change(&story.line, &story.entry, story.first_line))
            .collect();
        if changes.is_empty() {
            return Ok(());
        }
        let applied = self.applied()?;
        self.apply(&changes, &[], &[], applied.n, &applied.check)
    }
}
