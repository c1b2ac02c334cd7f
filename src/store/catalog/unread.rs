//! Stories that the catalog lacks because their records could not be read when it came to them: what
//! was away comes back, and then the catalog takes it in.

use super::follow::{change, read};
use super::{Catalog, CatalogEntry, Change};
use crate::store::error::ArchiveError;
use crate::store::ledger::{Line, lines_after};
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
