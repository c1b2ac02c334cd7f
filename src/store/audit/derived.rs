//! The catalog against the ledger and the records. It is derived, so nothing is lost when it is
//! wrong; but its readers would get wrong answers.

use super::expected::Expected;
use super::finding::{Audit, Code, Finding, Report};
use crate::store::catalog::{
    Catalog, CatalogEntry, Change, Mirror, Provenance, RecordLines, Standing,
};
use crate::store::directory::fixity::Fixity;
use crate::store::directory::layout::{CATALOG, LEDGER};
use crate::store::directory::read::record_bytes;
use crate::store::error::ArchiveError;
use crate::store::ledger::index::StoredRecord;
use crate::store::ledger::lines_after;
use crate::store::story_id::StoryId;
use crate::story::Story;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// Stories that are compared together.
const CHUNK: usize = 512;

/// Whether the ledger is what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LedgerState {
    Sound,
    Damaged,
}

/// Compares the catalog with the ledger and the records, and returns how many stories were compared
/// row by row. A catalog that is missing, behind or of another version is no finding: the next
/// command makes it right by itself.
pub(super) fn catalog(
    expected: &Expected,
    audit: Audit,
    ledger: LedgerState,
    report: &mut Report<'_, '_>,
) -> Result<usize, ArchiveError> {
    let catalog = match Catalog::open_read_only(&expected.root) {
        Ok(catalog) => catalog,
        Err(
            ArchiveError::CatalogMissing { .. }
            | ArchiveError::CatalogOutdated { .. }
            | ArchiveError::CatalogBusy { .. },
        ) => return Ok(0),
        Err(error) => return damaged(error, report).map(|()| 0),
    };
    let looked = catalog.prepare_comparison().and_then(|()| {
        // Asked of one moment: a writer may have got further meanwhile.
        catalog.snapshot(|| {
            let mut comparison = Comparison {
                catalog: &catalog,
                expected,
                audit,
                ledger,
                report: &mut *report,
                compared: 0,
            };
            comparison.run().map(|()| comparison.compared)
        })
    });
    looked.or_else(|error| damaged(error, report).map(|()| 0))
}

/// Returns names what the database says of itself; passes on what is wrong with anything else.
fn damaged(error: ArchiveError, report: &mut Report<'_, '_>) -> Result<(), ArchiveError> {
    let what = match error {
        ArchiveError::CatalogDamaged { reason, .. } => format!("is no sound database ({reason})"),
        ArchiveError::Read { path, source } | ArchiveError::Write { path, source }
            if path.ends_with(CATALOG) =>
        {
            format!("cannot be read ({source})")
        }
        error => return Err(error),
    };
    tell(report, Code::CatalogDamaged, None, &what);
    Ok(())
}

fn tell(report: &mut Report<'_, '_>, code: Code, id: Option<&str>, what: &str) {
    report.found(Finding {
        code,
        path: CATALOG.to_owned(),
        id: id.map(str::to_owned),
        message: format!("{what}; `archive reindex` or `archive verify --repair` makes it again"),
    });
}

struct Comparison<'a, 'r, 't> {
    catalog: &'a Catalog,
    expected: &'a Expected,
    audit: Audit,
    ledger: LedgerState,
    report: &'a mut Report<'r, 't>,
    compared: usize,
}

/// A story of the catalog whose record was read.
struct Comparable {
    number: i64,
    id: String,
    stored: StoredRecord,
    entry: CatalogEntry,
    lines: RecordLines,
}

impl Comparison<'_, '_, '_> {
    fn differs(&mut self, id: Option<&str>, what: &str) {
        tell(self.report, Code::CatalogDiffers, id, what);
    }

    fn run(&mut self) -> Result<(), ArchiveError> {
        if let Some(damage) = self.catalog.damage(self.audit.depth())? {
            let what = format!("is no sound database ({damage})");
            tell(self.report, Code::CatalogDamaged, None, &what);
            return Ok(());
        }
        match self.catalog.standing(&self.expected.root)? {
            Standing::Current => {}
            Standing::Ahead => return self.ahead(),
            Standing::Behind => return Ok(()),
            Standing::Foreign => {
                self.differs(None, "was made from another ledger");
                return Ok(());
            }
        }
        if self.catalog.position()? != self.expected.register.position() {
            return Ok(());
        }
        let mut mirror = Mirror::new(&self.expected.root.join(CATALOG), self.audit.depth())?;
        if let Some(name) = mirror.schema_differs(self.catalog)? {
            let what = format!("has another `{name}` among its tables than this program makes");
            self.differs(None, &what);
        }
        if self.catalog.has_annotations_of(&self.expected.root)?
            && self.catalog.annotations_differ(&self.expected.root)?
        {
            self.differs(None, "has other tags, notes, collections or verdicts");
        }
        self.keys()?;
        self.strays()?;
        self.returned()?;
        if self.audit == Audit::Everything && self.ledger == LedgerState::Sound {
            self.sources()?;
        }
        self.rows(&mut mirror)
    }

    /// Returns the catalog knows more than the ledger has.
    fn ahead(&mut self) -> Result<(), ArchiveError> {
        let known = self.catalog.position()?;
        let message = format!(
            "has lost lines: the catalog knows line {known}, and the ledger ends before it; \
             restore it from a backup, or let `archive verify --repair` restore what the catalog \
             can prove"
        );
        self.report.file(Code::LedgerLost, LEDGER, message);
        Ok(())
    }

    /// Returns which stories there are, with which record.
    fn keys(&mut self) -> Result<(), ArchiveError> {
        let (mut known, mut failed) = (0_u64, Ok(()));
        let mut wrong = Vec::new();
        self.catalog.each_record(|id, record, record_sha256| {
            known += 1;
            let stored =
                StoryId::read(id).and_then(|number| match self.expected.register.stored(number) {
                    Ok(stored) => stored,
                    Err(error) => {
                        failed = Err(error);
                        None
                    }
                });
            let is_held = |stored: StoredRecord| {
                *stored.record == *record
                    && Fixity::read(record_sha256) == Some(stored.record_sha256)
            };
            if !stored.is_some_and(is_held) {
                wrong.push((id.to_owned(), record.to_owned()));
            }
        })?;
        failed?;
        for (id, record) in wrong {
            let what = format!("names {record}, which is not what the ledger says");
            self.differs(Some(&id), &what);
        }
        let stories = self.expected.register.len()?;
        // A record that cannot be read is a finding of its own.
        if known + (self.catalog.unread()?.len() as u64) < stories {
            let what = format!("has {known} stories where the ledger has {stories}");
            self.differs(None, &what);
        }
        Ok(())
    }

    /// Rows that belong to nothing, and stories that lack some.
    fn strays(&mut self) -> Result<(), ArchiveError> {
        let mut strays = Vec::new();
        self.catalog.strays(|what, count| {
            if count > 0 {
                strays.push(format!("has {count} {what}"));
            }
        })?;
        strays.iter().for_each(|what| self.differs(None, what));
        Ok(())
    }

    /// Stories whose records were away, and are not any more.
    fn returned(&mut self) -> Result<(), ArchiveError> {
        for story in self.catalog.returned(&self.expected.root)? {
            let record = story.line.record.unwrap_or_default();
            self.report.found(Finding {
                code: Code::CatalogIncomplete,
                path: CATALOG.to_owned(),
                id: Some(story.line.id),
                message: format!(
                    "lacks {record}, which could not be read before and can be now; the next \
                     command that reads or writes takes it in"
                ),
            });
        }
        Ok(())
    }

    /// Returns what the catalog says of the ledger's lines.
    fn sources(&mut self) -> Result<(), ArchiveError> {
        let mut lines = 0_u64;
        for line in lines_after(&self.expected.root, 0)? {
            let line = line?;
            if line.n > self.expected.register.position() {
                break;
            }
            lines += 1;
            let options = serde_json::to_string(&line.options).unwrap_or_default();
            if !self.catalog.has_line(&Provenance::of(&line, &options))? {
                let what = format!("says something else than line {} of the ledger", line.n);
                self.differs(Some(&line.id), &what);
            }
        }
        let known = self.catalog.lines()?;
        if known != lines {
            let what = format!("has {known} lines of the ledger, which has {lines}");
            self.differs(None, &what);
        }
        Ok(())
    }

    /// Returns every row of the stories that are looked at closely.
    fn rows(&mut self, mirror: &mut Mirror) -> Result<(), ArchiveError> {
        let (mut last, mut left_out) = (i64::MIN, FxHashSet::default());
        loop {
            let stories = self.catalog.numbers_after(last, CHUNK)?;
            let Some(end) = stories.last() else { break };
            last = end.number;
            let mut wanted = Vec::new();
            for story in stories {
                let id = StoryId::read(&story.id);
                if !id.is_some_and(|id| self.audit.has(id)) {
                    continue;
                }
                let stored = id.map(|id| self.expected.register.stored(id)).transpose()?;
                match (stored.flatten(), self.catalog.lines_of(&story.id)?) {
                    (Some(stored), Some(lines)) => wanted.push((story, stored, lines)),
                    _ => drop(left_out.insert(story.number)),
                }
            }
            let root = &self.expected.root;
            let read: Vec<Result<Comparable, i64>> = wanted
                .into_par_iter()
                .map(|(story, stored, lines)| {
                    let number = story.number;
                    let entry = entry_of(root, &stored).ok_or(number)?;
                    Ok(Comparable {
                        number,
                        id: story.id,
                        stored,
                        entry,
                        lines,
                    })
                })
                .collect();
            let mut comparable = Vec::with_capacity(read.len());
            for story in read {
                match story {
                    Ok(story) => comparable.push(story),
                    // What is wrong with its record is a finding of its own.
                    Err(number) => drop(left_out.insert(number)),
                }
            }
            self.chunk(mirror, &comparable)?;
        }
        if self.audit == Audit::Everything {
            self.whole(mirror, &left_out)?;
        }
        Ok(())
    }

    fn chunk(&mut self, mirror: &mut Mirror, stories: &[Comparable]) -> Result<(), ArchiveError> {
        let hashes: Vec<String> = stories
            .iter()
            .map(|story| story.stored.record_sha256.to_string())
            .collect();
        let changes: Vec<(i64, Change<'_>)> = stories
            .iter()
            .zip(&hashes)
            .map(|(story, record_sha256)| {
                let change = Change {
                    entry: &story.entry,
                    record: &story.stored.record,
                    record_sha256,
                    record_bytes: story.stored.record_bytes,
                    ledger: story.lines.last,
                    first_ledger: story.lines.first,
                };
                (story.number, change)
            })
            .collect();
        let mut wrong = Vec::new();
        mirror.compare(self.catalog, &changes, |at, fields| {
            wrong.push((at, fields));
        })?;
        self.compared += stories.len();
        for (at, fields) in wrong {
            let story = &stories[at];
            let what = format!(
                "says something else than {}: {}",
                story.stored.record,
                fields.join(", ")
            );
            self.differs(Some(&story.id), &what);
        }
        Ok(())
    }

    /// Returns what only the whole archive shows: chains, and the words of the full text.
    fn whole(&mut self, mirror: &Mirror, left_out: &FxHashSet<i64>) -> Result<(), ArchiveError> {
        if mirror.words_differ(self.catalog, left_out)? {
            self.differs(None, "has other words in its full text than the records");
        }
        // A story that cannot be read may be what holds others together.
        if !left_out.is_empty() {
            return Ok(());
        }
        let mut apart = 0_u64;
        mirror.chains(self.catalog, |_| apart += 1)?;
        if apart > 0 {
            let what = format!("puts {apart} stories into other chains than the records do");
            self.differs(None, &what);
        }
        Ok(())
    }
}

/// Returns what the record on the disk says, if it is the one that the ledger names.
fn entry_of(root: &std::path::Path, stored: &StoredRecord) -> Option<CatalogEntry> {
    let bytes = record_bytes(root, &stored.record).ok()?;
    if Fixity::of(&bytes) != stored.record_sha256 {
        return None;
    }
    let story: Story = serde_json::from_slice(&bytes).ok()?;
    Some(CatalogEntry::new(Arc::new(story)))
}
