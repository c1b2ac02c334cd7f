//! What the ledger says there should be, story by story, for the audit alone: it must not believe
//! the catalog. A private SQLite database, which spills to a temporary file, so that memory does
//! not grow with the archive.

use crate::store::directory::fixity::Fixity;
use crate::store::directory::layout::LEDGER;
use crate::store::error::ArchiveError;
use crate::store::ledger::index::{Index, RecordOrigin, StoredRecord};
use crate::store::ledger::lines_after;
use crate::store::story_id::StoryId;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use rustc_hash::FxHashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What others are given, who know nothing of databases.
type Told<T> = std::result::Result<T, ArchiveError>;

/// Lines of the ledger that are entered together.
const LINES: usize = 8192;
/// A story of which a file was not seen.
pub(super) struct Unseen {
    pub id: StoryId,
    pub stored: StoredRecord,
    pub lacks_raw: bool,
    pub lacks_record: bool,
}

/// The stories of the ledger.
pub(super) struct Register {
    connection: Connection,
    ledger: PathBuf,
    /// Programs and options; few, unless each story has facts of its own.
    origins: Vec<Arc<RecordOrigin>>,
    /// Where each stands in `origins`.
    numbers: FxHashMap<Arc<RecordOrigin>, usize>,
    position: u64,
}

impl Register {
    /// Enters all that the ledger below `root` says.
    pub(crate) fn of(root: &Path) -> Told<Self> {
        let ledger = root.join(LEDGER);
        let connection = open().map_err(|error| failure(&ledger, &error))?;
        let mut register = Self {
            connection,
            ledger,
            origins: Vec::new(),
            numbers: FxHashMap::default(),
            position: 0,
        };
        let mut lines = lines_after(root, 0)?.peekable();
        while lines.peek().is_some() {
            let mut index = Index::default();
            for line in lines.by_ref().take(LINES) {
                index.apply(&line?);
            }
            register.enter(&index).map_err(register.failed())?;
            register.position = index.position();
        }
        Ok(register)
    }

    fn enter(&mut self, index: &Index) -> Result<()> {
        let transaction = self.connection.unchecked_transaction()?;
        let mut delete = transaction.prepare_cached("DELETE FROM stories WHERE id = ?")?;
        index
            .removed()
            .try_for_each(|id| delete.execute([id.number().cast_signed()]).map(drop))?;
        drop(delete);
        let mut insert = transaction
            .prepare_cached("INSERT OR REPLACE INTO stories VALUES (?, ?, ?, ?, ?, ?, 0, 0)")?;
        let mut stories: Vec<(StoryId, &StoredRecord)> = index.stories().collect();
        // In their order in the table, so that its pages are visited once.
        stories.sort_unstable_by_key(|(id, _)| id.number().cast_signed());
        for (id, stored) in stories {
            let next = self.origins.len();
            let origin = *self.numbers.entry(stored.origin.clone()).or_insert(next);
            if origin == next {
                self.origins.push(stored.origin.clone());
            }
            let [sha256, record_sha256] =
                [stored.sha256, stored.record_sha256].map(|hash| hash.to_string());
            insert.execute(params![
                id.number().cast_signed(),
                sha256,
                stored.record,
                record_sha256,
                stored.record_bytes,
                origin
            ])?;
        }
        drop(insert);
        transaction.commit()
    }

    /// Returns the last line that was entered.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// Returns how many stories there are.
    pub(crate) fn len(&self) -> Told<u64> {
        self.connection
            .query_row("SELECT count(*) FROM stories", [], |row| row.get(0))
            .map_err(self.failed())
    }

    /// Returns the story with this id.
    pub(crate) fn stored(&self, id: StoryId) -> Told<Option<StoredRecord>> {
        let find = || {
            let mut statement = self.connection.prepare_cached(
                "SELECT sha256, record, record_sha256, record_bytes, origin
                 FROM stories WHERE id = ?",
            )?;
            statement
                .query_row([id.number().cast_signed()], |row| self.read(row))
                .optional()
        };
        find().map(Option::flatten).map_err(self.failed())
    }

    /// Returns those of these stories that there are.
    pub(crate) fn stored_all(
        &self,
        ids: impl Iterator<Item = StoryId>,
    ) -> Told<FxHashMap<StoryId, StoredRecord>> {
        let mut stored = FxHashMap::default();
        for id in ids {
            if let Some(found) = self.stored(id)? {
                stored.insert(id, found);
            }
        }
        Ok(stored)
    }

    fn read(&self, row: &Row<'_>) -> Result<Option<StoredRecord>> {
        let hash =
            |column: usize| -> Result<_> { Ok(Fixity::read(row.get_ref(column)?.as_str()?)) };
        let origin = self.origins.get(row.get::<_, usize>(4)?).cloned();
        let (Some(sha256), Some(record_sha256), Some(origin)) = (hash(0)?, hash(2)?, origin) else {
            return Ok(None);
        };
        Ok(Some(StoredRecord {
            sha256,
            record: row.get_ref(1)?.as_str()?.into(),
            record_sha256,
            record_bytes: row.get(3)?,
            origin,
            place: None,
        }))
    }

    /// Returns whether a file of some story belongs into a directory of records or raw copies.
    pub(crate) fn fills(&self, directory: &str) -> Told<bool> {
        let find = || {
            let sql = "SELECT 1 FROM stories WHERE instr(record, ?1) = 1 OR instr('raw/' || \
                       substr(sha256, 1, 2) || '/', ?1) = 1";
            self.connection
                .prepare_cached(sql)?
                .exists([format!("{directory}/")])
        };
        find().map_err(self.failed())
    }

    /// Notes that the raw copies of these stories were seen.
    pub(crate) fn saw_raw(&self, ids: &[StoryId]) -> Told<()> {
        self.saw(ids, "saw_raw").map_err(self.failed())
    }

    /// Notes that the records of these stories were seen.
    pub(crate) fn saw_records(&self, ids: &[StoryId]) -> Told<()> {
        self.saw(ids, "saw_record").map_err(self.failed())
    }

    fn saw(&self, ids: &[StoryId], column: &str) -> Result<()> {
        let transaction = self.connection.unchecked_transaction()?;
        let sql = format!("UPDATE stories SET {column} = 1 WHERE id = ?");
        let mut update = transaction.prepare_cached(&sql)?;
        ids.iter()
            .try_for_each(|id| update.execute([id.number().cast_signed()]).map(drop))?;
        drop(update);
        transaction.commit()
    }

    /// Calls `each` with every story of which something was not seen, in the order of the ids.
    pub(crate) fn unseen(&self, mut each: impl FnMut(Unseen) -> Told<()>) -> Told<()> {
        let sql =
            "SELECT sha256, record, record_sha256, record_bytes, origin, id, saw_raw, saw_record
                   FROM stories WHERE NOT (saw_raw AND saw_record) ORDER BY sha256";
        let mut statement = self.connection.prepare_cached(sql).map_err(self.failed())?;
        let mut rows = statement.query([]).map_err(self.failed())?;
        let read = |row: &Row<'_>| {
            let Some(stored) = self.read(row)? else {
                return Ok(None);
            };
            Ok(Some(Unseen {
                id: StoryId::of(row.get::<_, i64>(5)?.cast_unsigned()),
                stored,
                lacks_raw: !row.get::<_, bool>(6)?,
                lacks_record: !row.get::<_, bool>(7)?,
            }))
        };
        while let Some(row) = rows.next().map_err(self.failed())? {
            if let Some(unseen) = read(row).map_err(self.failed())? {
                each(unseen)?;
            }
        }
        Ok(())
    }

    fn failed(&self) -> impl Fn(rusqlite::Error) -> ArchiveError + '_ {
        |error| failure(&self.ledger, &error)
    }
}

/// Returns a database that nobody else sees, in memory as long as it is small.
fn open() -> Result<Connection> {
    let connection = Connection::open("")?;
    connection.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32000;
         CREATE TABLE stories (
            id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, record TEXT NOT NULL, record_sha256 \
         TEXT NOT NULL,
            record_bytes INTEGER NOT NULL, origin INTEGER NOT NULL, saw_raw INTEGER NOT NULL, \
         saw_record INTEGER NOT NULL
         );",
    )?;
    Ok(connection)
}

/// Returns what can fail is the temporary file.
fn failure(ledger: &Path, error: &rusqlite::Error) -> ArchiveError {
    let message = format!(
        "{error}; the audit needs room for temporary files, some 300 bytes a story: give it with \
         SQLITE_TMPDIR"
    );
    ArchiveError::Read {
        path: ledger.to_owned(),
        source: io::Error::other(message),
    }
}
