//! The catalog: what the records say, in an SQLite file that answers questions.
//!
//! `DIR/catalog.sqlite` is derived. Nothing lives only there, so it may be deleted and made
//! again at any time. Its tables are a promise to researchers with other tools: `schema.sql`
//! documents them. It is in WAL mode: one program writes while any number read, and a reader sees
//! the archive as it was when it began.
//!
//! [`Catalog::follow`] keeps it true to the ledger, a batch of lines a transaction, and notes up to
//! which line it is; `rebuild` makes it again the same way. `apply` writes the rows, and `link`
//! finds out which stories belong together. Who writes to the archive asks `stored` what is there.
//! What others ask is in `find` (lists, one id), `search` (full text, ranked), `quotes`, `chains`
//! (versions) and `stats`; each takes a [`Query`](super::query::Query) and hands rows on one by
//! one, so that memory stays flat.

mod annotations;
mod apply;
mod chains;
mod compare;
mod condition;
mod find;
mod follow;
mod link;
mod near;
mod quote_condition;
mod quotes;
mod rebuild;
mod repeats;
mod search;
mod speaker_name;
mod sql;
mod stats;
mod stored;
mod unread;
mod witness;

pub use annotations::{AnnotatedStory, AnnotationCount};
pub(crate) use apply::{CatalogEntry, Change, Provenance};
pub use chains::{ChainLink, DuplicateRow, Link};
pub(super) use compare::{Depth, Mirror, RecordLines};
pub use find::{Arrival, Located, Paragraph, StoryRow};
pub(crate) use follow::NewEntries;
pub use near::Unknown;
pub use quotes::{QuoteGroupRow, QuoteGrouping, QuoteQuery, QuoteRow, RepeatChoice, SpeakerChoice};
pub use rebuild::Rebuilt;
pub(super) use rebuild::rebuild;
pub use search::{Hit, Marked};
pub use stats::{Count, Grouping, Totals};

use crate::store::directory::layout::CATALOG;
use crate::store::error::ArchiveError;
use crate::store::ledger::{Last, check_at, last};
use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, OpenFlags, Row, ffi, params_from_iter};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The SQL that makes the tables, with what they hold.
pub const TABLES: &str = include_str!("schema.sql");
/// Metadata with which Datasette shows the catalog.
pub const DATASETTE_METADATA: &str = include_str!("datasette.json");
/// Number of the tables' form, kept in the file as `user_version`.
const SCHEMA: i64 = 9;
/// Marks the file as ours, as `file` and SQLite's own list of applications have it: "arch".
const APPLICATION: i64 = 0x6172_6368;
/// Bytes of a page: most bodies fit on one.
const PAGE: u32 = 16384;
/// Patience with another writer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Prepared statements kept.
const STATEMENTS: usize = 64;

/// How a catalog stands to a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing {
    /// It has all that the ledger says.
    Current,
    /// It has the beginning of it.
    Behind,
    /// It has lines that the ledger has not, or not any more.
    Ahead,
    /// It was made from another ledger.
    Foreign,
}

/// An open catalog.
#[derive(Debug)]
pub struct Catalog {
    connection: Connection,
    path: PathBuf,
}

impl Catalog {
    /// Opens the catalog of the archive at `root` for writing.
    pub(super) fn open_existing(root: &Path) -> Result<Self, ArchiveError> {
        Self::open_file(&root.join(CATALOG), OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// Opens the catalog of the archive at `root` for reading. It never waits for a writer, and
    /// works where nothing may be written.
    ///
    /// # Errors
    ///
    /// If the catalog is missing, damaged, or made by another version of the program.
    ///
    /// ```
    /// use archive::store::catalog::Catalog;
    /// use archive::store::{Archive, OpenOptions};
    /// use archive::Query;
    ///
    /// let directory = tempfile::tempdir()?;
    /// drop(Archive::open(directory.path(), &OpenOptions::default(), &mut ())?);
    /// let catalog = Catalog::open_read_only(directory.path())?;
    /// let query = Query::parse("strike speaker:ruiz")?;
    /// catalog.each_story(&query, |story| {
    ///     println!("{} {:?}", story.id, story.headline);
    ///     Ok::<(), archive::ArchiveError>(())
    /// })?;
    /// assert!(catalog.is_empty()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open_read_only(root: &Path) -> Result<Self, ArchiveError> {
        let path = root.join(CATALOG);
        // Read-write as far as SQLite is concerned, for only then does it tidy up after itself.
        match Self::open_file(&path, OpenFlags::SQLITE_OPEN_READ_WRITE) {
            // SQLite wants two more files next to the catalog and may not make them. With nobody
            // writing, the one file is all there is.
            Err(ArchiveError::Read { .. } | ArchiveError::Write { .. }) if !has_log(&path) => {
                Self::open_immutable(&path)
            }
            Ok(catalog) => {
                catalog
                    .connection
                    .pragma_update(None, "query_only", true)
                    .map_err(catalog.failed())?;
                Ok(catalog)
            }
            error => error,
        }
    }

    fn open_immutable(path: &Path) -> Result<Self, ArchiveError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(immutable(path), flags)
            .map_err(|error| failure(path, &error))?;
        Self::set_up(connection, path)
    }

    fn open_file(path: &Path, flags: OpenFlags) -> Result<Self, ArchiveError> {
        match fs::metadata(path) {
            Ok(found) if found.is_file() => {}
            Ok(_) => {
                return Err(ArchiveError::CatalogDamaged {
                    path: path.to_owned(),
                    reason: "it is not a file".to_owned(),
                });
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(ArchiveError::CatalogMissing {
                    path: path.to_owned(),
                });
            }
            Err(source) => {
                return Err(ArchiveError::Read {
                    path: path.to_owned(),
                    source,
                });
            }
        }
        let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(|error| failure(path, &error))?;
        Self::set_up(connection, path)
    }

    /// Makes a new catalog at `path`, where nothing is.
    fn create(path: &Path) -> Result<Self, ArchiveError> {
        let connection = Connection::open(path).map_err(|error| failure(path, &error))?;
        Self::create_in(connection, path)
    }

    fn create_in(connection: Connection, path: &Path) -> Result<Self, ArchiveError> {
        let make = || {
            // A catalog that was cut off while it was made is made again from the beginning.
            connection.execute_batch(&format!(
                "PRAGMA page_size = {PAGE};
                 PRAGMA journal_mode = OFF;
                 PRAGMA synchronous = OFF;
                 BEGIN;"
            ))?;
            connection.execute_batch(TABLES)?;
            connection.execute_batch(
                "CREATE TABLE applied (position INTEGER NOT NULL, line_check TEXT NOT NULL);
                 INSERT INTO applied VALUES (0, '0000000000000000');
                 CREATE TABLE annotated (position INTEGER NOT NULL, line_check TEXT NOT NULL);
                 INSERT INTO annotated VALUES (0, '0000000000000000');",
            )?;
            connection.execute_batch(&format!(
                "PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {SCHEMA}; COMMIT;"
            ))
        };
        make().map_err(|error| failure(path, &error))?;
        Self::set_up(connection, path)
    }

    fn set_up(connection: Connection, path: &Path) -> Result<Self, ArchiveError> {
        let version = || {
            connection.busy_timeout(PATIENCE)?;
            connection.set_prepared_statement_cache_capacity(STATEMENTS);
            // Consistent after a power cut whatever was under way; the ledger knows what is
            // missing.
            connection.execute_batch(
                "PRAGMA synchronous = NORMAL;
                 PRAGMA cache_size = -32000;
                 PRAGMA foreign_keys = OFF;",
            )?;
            condition::add_functions(&connection)?;
            let application: i64 =
                connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
            let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
            Ok(if application == APPLICATION {
                version
            } else {
                0
            })
        };
        match version() {
            Ok(SCHEMA) => Ok(Self {
                connection,
                path: path.to_owned(),
            }),
            Ok(_) => Err(ArchiveError::CatalogOutdated {
                path: path.to_owned(),
            }),
            Err(error) => Err(failure(path, &error)),
        }
    }

    /// Returns the last ledger line that the catalog has; 0 for none.
    ///
    /// # Errors
    ///
    /// If the catalog cannot be read.
    pub fn position(&self) -> Result<u64, ArchiveError> {
        self.one("SELECT position FROM applied")
    }

    /// Returns the last ledger line that the catalog has, with its check.
    pub(super) fn applied(&self) -> Result<Last, ArchiveError> {
        let read = |row: &Row<'_>| {
            Ok(Last {
                n: row.get(0)?,
                check: row.get(1)?,
            })
        };
        self.connection
            .query_row("SELECT position, line_check FROM applied", [], read)
            .map_err(self.failed())
    }

    /// Returns how the catalog stands to the ledger below `root`.
    ///
    /// # Errors
    ///
    /// If the ledger or the catalog cannot be read.
    pub fn standing(&self, root: &Path) -> Result<Standing, ArchiveError> {
        let applied = self.applied()?;
        // Asked afterwards, since a writer may be adding to both.
        let last = last(root)?;
        if applied == last {
            return Ok(Standing::Current);
        }
        Ok(match check_at(root, applied.n)? {
            Some(check) if check == applied.check => Standing::Behind,
            // It has such a line no more.
            None if applied.n >= last.n => Standing::Ahead,
            _ => Standing::Foreign,
        })
    }

    /// Returns how many stories it has.
    ///
    /// # Errors
    ///
    /// If the catalog cannot be read.
    pub fn len(&self) -> Result<u64, ArchiveError> {
        self.one("SELECT count(*) FROM stories")
    }

    /// Returns whether it has none.
    ///
    /// # Errors
    ///
    /// If the catalog cannot be read.
    pub fn is_empty(&self) -> Result<bool, ArchiveError> {
        Ok(self.len()? == 0)
    }

    fn one(&self, sql: &str) -> Result<u64, ArchiveError> {
        self.connection
            .query_row(sql, [], |row| row.get(0))
            .map_err(self.failed())
    }

    /// Hands every row that `sql` finds with `values` to `take`, read by `read`. Memory stays flat.
    fn each_row<T, E: From<ArchiveError>>(
        &self,
        sql: &str,
        values: Vec<Value>,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
        mut take: impl FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut statement = self.connection.prepare(sql).map_err(self.failed())?;
        let mut rows = statement
            .query(params_from_iter(values))
            .map_err(self.failed())?;
        while let Some(row) = rows.next().map_err(self.failed())? {
            take(read(row).map_err(self.failed())?)?;
        }
        Ok(())
    }

    /// Turns the database's errors into ours.
    fn failed(&self) -> impl Fn(rusqlite::Error) -> ArchiveError + '_ {
        |error| failure(&self.path, &error)
    }
}

/// Returns what an error of the database means to the user.
fn failure(path: &Path, error: &rusqlite::Error) -> ArchiveError {
    let path = path.to_owned();
    let io = |kind: io::ErrorKind| io::Error::new(kind, error.to_string());
    let extended = error.sqlite_error().map(|error| error.extended_code);
    match error.sqlite_error_code() {
        // The index of the log had no room.
        Some(_) if extended == Some(ffi::SQLITE_IOERR_SHMSIZE) => ArchiveError::Write {
            path,
            source: io(io::ErrorKind::StorageFull),
        },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            ArchiveError::CatalogBusy { path }
        }
        Some(ErrorCode::DiskFull) => ArchiveError::Write {
            path,
            source: io(io::ErrorKind::StorageFull),
        },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => ArchiveError::Write {
            path,
            source: io(io::ErrorKind::PermissionDenied),
        },
        Some(ErrorCode::CannotOpen) => ArchiveError::Read {
            path,
            source: io(io::ErrorKind::PermissionDenied),
        },
        Some(ErrorCode::SystemIoFailure) => ArchiveError::Read {
            path,
            source: io(io::ErrorKind::Other),
        },
        _ => ArchiveError::CatalogDamaged {
            path,
            reason: error.to_string(),
        },
    }
}

/// Returns a file that SQLite keeps next to the catalog while it is open: `-wal` or `-shm`.
fn companion(catalog: &Path, suffix: &str) -> PathBuf {
    let mut name = catalog.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Returns whether changes stand in the log that are not in the file itself yet.
fn has_log(catalog: &Path) -> bool {
    fs::metadata(companion(catalog, "-wal")).is_ok_and(|log| log.len() > 0)
}

/// SQLite's way to say that a file does not change.
fn immutable(path: &Path) -> String {
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                uri.push(char::from(*byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri + "?immutable=1"
}

#[cfg(test)]
mod tests;
