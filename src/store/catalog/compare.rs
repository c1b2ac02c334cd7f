//! Whether the catalog says what the records say: every row is compared, not only its keys.
//!
//! A [`Mirror`] is a private catalog that nobody else sees. The stories of a chunk are entered in
//! it by the very code that writes the real catalog, under the numbers that the real one gave them,
//! and then the rows of both are compared. So a column that is added to the tables is compared at
//! once.
//!
//! Three things cannot be compared row by row. Chains grow with the archive: the mirror links all
//! stories itself, and [`Mirror::chains`] compares the outcome. The index of the full text is
//! compared by the number of words of each story and field, and, looked at whole, by a sum over
//! every word of every story ([`Mirror::words_differ`]). What belongs to no story is found by
//! counting ([`Catalog::strays`]).

use super::Catalog;
use super::apply::{Change, Provenance, enter};
use super::link::{self, Unlinked};
use crate::store::error::ArchiveError;
use rusqlite::types::Value;
use rusqlite::{Connection, Result, params};
use rustc_hash::{FxHashSet, FxHasher};
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::path::Path;

type Answer<T> = std::result::Result<T, ArchiveError>;

/// The tables that have rows of one story, except `stories`, and what a reader calls what they
/// hold.
const TABLES: [(&str, &str); 4] = [
    ("authors", "authors"),
    ("quotes", "quotes"),
    ("warnings", "warnings"),
    ("bodies", "text"),
];

/// How closely a catalog is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Some of its stories, row by row.
    Sample,
    /// All of it.
    Everything,
}

/// The catalog's own number of a story, with the story's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoryNumber {
    pub number: i64,
    pub id: String,
}

/// The first and the last ledger line that brought a record of a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RecordLines {
    pub first: u64,
    pub last: u64,
}

/// A private catalog that says what the records say.
pub(crate) struct Mirror {
    catalog: Catalog,
    depth: Depth,
    words: u64,
}

impl Mirror {
    /// Returns an empty one, in memory as long as it is small. `path` is the catalog that it is
    /// compared with.
    pub(crate) fn new(path: &Path, depth: Depth) -> Answer<Self> {
        let connection = Connection::open("").map_err(|error| super::failure(path, &error))?;
        Ok(Self {
            catalog: Catalog::create_in(connection, path)?,
            depth,
            words: 0,
        })
    }

    /// Enters stories and calls `differs` with the place of each whose rows in `real` are others,
    /// and what of it differs. The stories come in the order of their numbers.
    pub(crate) fn compare(
        &mut self,
        real: &Catalog,
        stories: &[(i64, Change<'_>)],
        mut differs: impl FnMut(usize, Vec<String>),
    ) -> Answer<()> {
        let mirror = &self.catalog.connection;
        let mut go = || {
            let transaction = mirror.unchecked_transaction()?;
            enter(mirror, stories)?;
            for (at, (number, change)) in stories.iter().enumerate() {
                let mut wrong = columns_that_differ(&real.connection, mirror, *number)?;
                for (table, name) in TABLES {
                    let rows = |catalog| rows_of(catalog, table, *number);
                    if rows(&real.connection)? != rows(mirror)? {
                        wrong.push(name.to_owned());
                    }
                }
                let lengths = |catalog| lengths_of(catalog, *number);
                if lengths(&real.connection)? != lengths(mirror)? {
                    wrong.push("full text".to_owned());
                }
                if !has_kin_data(&real.connection, *number, change)? {
                    wrong.push("chain".to_owned());
                }
                if !wrong.is_empty() {
                    differs(at, wrong);
                }
            }
            if self.depth == Depth::Everything {
                let batch: Vec<_> = stories
                    .iter()
                    .map(|(number, change)| Unlinked {
                        story: *number,
                        features: change.entry.features(),
                    })
                    .collect();
                link::link(mirror, &batch)?;
                self.words = self
                    .words
                    .wrapping_add(sum_of_words(mirror, &FxHashSet::default())?);
            }
            mirror.execute_batch(
                "INSERT INTO fulltext (fulltext) VALUES ('delete-all');
                 DELETE FROM stories; DELETE FROM authors; DELETE FROM quotes;
                 DELETE FROM warnings; DELETE FROM bodies;",
            )?;
            transaction.commit()
        };
        go().map_err(real.failed())
    }

    /// Calls `differs` with the number of each story that `real` puts into another chain, or with
    /// other stories of the same text, than the records do. All stories must have been compared.
    pub(crate) fn chains(&self, real: &Catalog, mut differs: impl FnMut(i64)) -> Answer<()> {
        let sql = "SELECT story, chain, text, kills FROM kin ORDER BY story";
        let mut go = || {
            let mut ours = self.catalog.connection.prepare(sql)?;
            let mut theirs = real
                .connection
                .prepare("SELECT story, chain, text, kills FROM kin WHERE story = ?")?;
            let mut rows = ours.query([])?;
            while let Some(row) = rows.next()? {
                let story: i64 = row.get(0)?;
                let mut found = theirs.query([story])?;
                let is_same = match found.next()? {
                    Some(other) => values(row, 4)? == values(other, 4)?,
                    // Told with its rows.
                    None => true,
                };
                if !is_same {
                    differs(story);
                }
            }
            Ok(())
        };
        go().map_err(real.failed())
    }

    /// Returns whether the full text of `real` has other words than the stories that were compared.
    /// Those that were not are `left_out`.
    pub(crate) fn words_differ(&self, real: &Catalog, left_out: &FxHashSet<i64>) -> Answer<bool> {
        sum_of_words(&real.connection, left_out)
            .map(|sum| sum != self.words)
            .map_err(real.failed())
    }

    /// Returns what of the real catalog's tables, views and indexes is not as this program makes
    /// it.
    pub(crate) fn schema_differs(&self, real: &Catalog) -> Answer<Option<String>> {
        // The statistics of SQLite itself come and go.
        let sql = "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'";
        let read = |connection: &Connection| {
            connection
                .prepare(sql)?
                .query_map([], |row| {
                    let made: Option<String> = row.get(1)?;
                    Ok((row.get(0)?, made.map(|made| without_comments(&made))))
                })?
                .collect::<Result<BTreeMap<String, Option<String>>>>()
        };
        let go = || {
            let (ours, theirs) = (read(&self.catalog.connection)?, read(&real.connection)?);
            let names = ours.keys().chain(theirs.keys());
            let mut differing = names.filter(|name| ours.get(*name) != theirs.get(*name));
            Ok(differing.next().cloned())
        };
        go().map_err(real.failed())
    }
}

impl Catalog {
    /// Prepares what [`Mirror::words_differ`] asks for; writes nothing to the catalog.
    pub(crate) fn prepare_comparison(&self) -> Answer<()> {
        let go = || {
            self.connection.pragma_update(None, "query_only", false)?;
            let made = list_words(&self.connection);
            self.connection.pragma_update(None, "query_only", true)?;
            made
        };
        go().map_err(self.failed())
    }

    /// Returns the next stories after a number, in order, at most `most`.
    pub(crate) fn numbers_after(&self, number: i64, most: usize) -> Answer<Vec<StoryNumber>> {
        let go = || {
            self.connection
                .prepare_cached(
                    "SELECT story, id FROM stories WHERE story > ? ORDER BY story LIMIT ?",
                )?
                .query_map((number, most), |row| {
                    Ok(StoryNumber {
                        number: row.get(0)?,
                        id: row.get(1)?,
                    })
                })?
                .collect::<Result<Vec<_>>>()
        };
        go().map_err(self.failed())
    }

    /// Returns the ledger lines that brought records of this story, as `sources` has them.
    pub(crate) fn lines_of(&self, id: &str) -> Answer<Option<RecordLines>> {
        let go = || {
            self.connection
                .prepare_cached(
                    "SELECT min(ledger), max(ledger) FROM sources
                     WHERE id = ? AND event IN ('stored', 'updated', 'recovered', 'rebuilt')",
                )?
                .query_row([id], |row| {
                    let (first, last): (Option<u64>, Option<u64>) = (row.get(0)?, row.get(1)?);
                    Ok(first
                        .zip(last)
                        .map(|(first, last)| RecordLines { first, last }))
                })
        };
        go().map_err(self.failed())
    }

    /// Returns whether the catalog says of a ledger line what the line says.
    pub(crate) fn has_line(&self, line: &Provenance<'_>) -> Answer<bool> {
        let go = || {
            self.connection
                .prepare_cached(
                    "SELECT 1 FROM sources WHERE id = ? AND ledger = ? AND sha256 = ? AND path IS ?
                     AND member IS ? AND time = ? AND event = ? AND program = ? AND options = ?
                     AND note IS ?",
                )?
                .exists(params![
                    line.id,
                    line.ledger,
                    line.sha256,
                    line.path,
                    line.member,
                    line.time,
                    line.event,
                    line.program,
                    line.options,
                    line.note
                ])
        };
        go().map_err(self.failed())
    }

    /// Returns how many ledger lines it has.
    pub(crate) fn lines(&self) -> Answer<u64> {
        self.one("SELECT count(*) FROM sources")
    }

    /// Calls `found` with each kind of row that belongs to no story, or that a story lacks, and how
    /// many there are.
    pub(crate) fn strays(&self, mut found: impl FnMut(&str, u64)) -> Answer<()> {
        for table in ["bodies", "kin", "sketches"] {
            let sql = format!(
                "SELECT count(*) FROM stories WHERE story NOT IN (SELECT story FROM {table})"
            );
            found(
                &format!("stories without a row in {table}"),
                self.one(&sql)?,
            );
        }
        let lacking =
            "SELECT count(*) FROM stories WHERE story NOT IN (SELECT id FROM fulltext_docsize)";
        found("stories that are not in the full text", self.one(lacking)?);
        for table in [
            "authors", "quotes", "warnings", "bodies", "kin", "sketches", "kin_keys",
        ] {
            let sql = format!(
                "SELECT count(*) FROM {table} WHERE story NOT IN (SELECT story FROM stories)"
            );
            found(
                &format!("rows in {table} that belong to no story"),
                self.one(&sql)?,
            );
        }
        let foreign =
            "SELECT count(*) FROM fulltext_docsize WHERE id NOT IN (SELECT story FROM stories)";
        found(
            "texts in the full text that belong to no story",
            self.one(foreign)?,
        );
        let apart = "SELECT count(*) FROM (SELECT text FROM kin GROUP BY text
                     HAVING count(DISTINCT chain) > 1)";
        found("texts that stand in several chains", self.one(apart)?);
        Ok(())
    }
}

/// SQL as it counts: remarks and white space may be others in a catalog of an earlier build.
fn without_comments(sql: &str) -> String {
    let lines = sql
        .lines()
        .map(|line| line.split_once("--").map_or(line, |(before, _)| before));
    lines
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns the columns of `stories` in which two catalogs differ.
fn columns_that_differ(real: &Connection, mirror: &Connection, number: i64) -> Result<Vec<String>> {
    let sql = "SELECT * FROM stories WHERE story = ?";
    let mut ours = mirror.prepare_cached(sql)?;
    let mut theirs = real.prepare_cached(sql)?;
    let names: Vec<String> = ours.column_names().into_iter().map(str::to_owned).collect();
    let (mut ours, mut theirs) = (ours.query([number])?, theirs.query([number])?);
    let (Some(ours), Some(theirs)) = (ours.next()?, theirs.next()?) else {
        return Ok(vec!["row".to_owned()]);
    };
    let mut wrong = Vec::new();
    for (at, name) in names.into_iter().enumerate() {
        if ours.get_ref(at)? != theirs.get_ref(at)? {
            wrong.push(name);
        }
    }
    Ok(wrong)
}

fn rows_of(connection: &Connection, table: &str, number: i64) -> Result<Vec<Vec<Value>>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT * FROM {table} WHERE story = ? ORDER BY 1, 2"
    ))?;
    let columns = statement.column_count();
    let rows = statement.query_map([number], |row| values(row, columns))?;
    rows.collect()
}

fn values(row: &rusqlite::Row<'_>, columns: usize) -> Result<Vec<Value>> {
    (0..columns).map(|column| row.get(column)).collect()
}

/// Returns how many words each field of a story has in the full text, as FTS5 keeps it.
fn lengths_of(connection: &Connection, number: i64) -> Result<Vec<Value>> {
    connection
        .prepare_cached("SELECT sz FROM fulltext_docsize WHERE id = ?")?
        .query_map([number], |row| row.get(0))?
        .collect()
}

/// Returns whether what the kin of a story are found by is what its record gives.
fn has_kin_data(real: &Connection, number: i64, change: &Change<'_>) -> Result<bool> {
    let features = change.entry.features();
    let sketches: Vec<Vec<u8>> = real
        .prepare_cached("SELECT features FROM sketches WHERE story = ?")?
        .query_map([number], |row| row.get(0))?
        .collect::<Result<_>>()?;
    let kills: Vec<bool> = real
        .prepare_cached("SELECT kills FROM kin WHERE story = ?")?
        .query_map([number], |row| row.get(0))?
        .collect::<Result<_>>()?;
    if sketches != [features.to_bytes()] || kills != [features.kills] {
        return Ok(false);
    }
    let mut has = real.prepare_cached("SELECT 1 FROM kin_keys WHERE key = ? AND story = ?")?;
    for key in link::kept_keys(features) {
        if !has.exists((key, number))? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn list_words(connection: &Connection) -> Result<()> {
    connection.execute_batch(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab(main, fulltext, instance)",
    )
}

/// Returns a sum over every word of every story in the full text, the same whatever their order.
fn sum_of_words(connection: &Connection, left_out: &FxHashSet<i64>) -> Result<u64> {
    list_words(connection)?;
    let mut statement =
        connection.prepare_cached("SELECT doc, term, col, offset FROM temp.words")?;
    let mut rows = statement.query([])?;
    let mut sum = 0_u64;
    while let Some(row) = rows.next()? {
        let story: i64 = row.get(0)?;
        if left_out.contains(&story) {
            continue;
        }
        let mut hasher = FxHasher::default();
        (
            story,
            row.get_ref(1)?.as_bytes()?,
            row.get_ref(2)?.as_bytes()?,
        )
            .hash(&mut hasher);
        row.get::<_, i64>(3)?.hash(&mut hasher);
        sum = sum.wrapping_add(hasher.finish());
    }
    Ok(sum)
}
