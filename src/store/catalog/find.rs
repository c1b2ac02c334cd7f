//! Lists of stories and of their paragraphs, and one story by its id.

use super::condition::condition;
use super::{Catalog, Depth};
use crate::store::error::ArchiveError;
use crate::store::query::Query;
use crate::store::story_id::StoryId;
use rusqlite::{OptionalExtension, Row, params, params_from_iter};
use serde::Serialize;

/// How stories are ordered: by day and time, then id; those without a date come last.
pub(super) const ORDER: &str = "stories.date NULLS LAST, stories.published, stories.id";

/// The stories in that order. The index is named because SQLite would sometimes rather sort, and a
/// list that is sorted is a list that is held in memory.
pub(super) const IN_ORDER: &str = "stories INDEXED BY stories_by_date";

/// Hex digits that an id's beginning needs.
const SHORTEST: usize = 4;
/// Hex digits of an id, and of the hash that it begins.
const ID: usize = 16;
const SHA256: usize = 64;
/// How many ids are named when several begin alike.
const CANDIDATES: usize = 8;

/// What lists say of a story; the record says more.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StoryRow {
    /// First 16 hex digits of `sha256`.
    pub id: StoryId,
    /// YYYY-MM-DD: the day of publication, else the dateline's if it is complete.
    pub date: Option<String>,
    /// As in the record.
    pub published: Option<String>,
    /// As in the record.
    pub updated: Option<String>,
    /// As in the record.
    pub agency: Option<String>,
    /// As in the record.
    pub headline: Option<String>,
    /// As in the record.
    pub subheadline: Option<String>,
    /// The wire's keyword line.
    pub slug: Option<String>,
    /// Label as printed.
    pub version: Option<String>,
    /// The byline as printed.
    pub byline: Option<String>,
    /// The byline's people.
    pub authors: Vec<String>,
    /// City of the dateline.
    pub place: Option<String>,
    /// State, province or country of the dateline.
    pub region: Option<String>,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// Where it was published.
    pub source_url: Option<String>,
    /// Blocks of the body.
    pub paragraphs: u64,
    /// Words of the body.
    pub words: u64,
    /// Passages that somebody said.
    pub quotes: u64,
    /// Remarks on how the record was made.
    pub warnings: u64,
    /// Length of the raw copy.
    pub bytes: u64,
    /// Of the raw copy, in hex.
    pub sha256: String,
    /// The record's path below the archive directory, with `/`.
    pub record: String,
    /// Words that people gave it to find it by.
    pub tags: Vec<String>,
    /// Collections that people put it into.
    pub collections: Vec<String>,
    /// Remarks of people.
    pub notes: Vec<String>,
}

/// The columns of a [`StoryRow`], in its order.
const COLUMNS: &str = "stories.id, date, published, updated, agency, headline, subheadline, slug,
    version, byline,
    (SELECT json_group_array(name) FROM authors WHERE authors.story = stories.story),
    place, region, language, source_url, paragraphs, words, quotes, warnings, bytes, sha256, record,
    (SELECT json_group_array(value) FROM annotations
        WHERE annotations.id = stories.id AND kind = 'tag'),
    (SELECT json_group_array(value) FROM annotations
        WHERE annotations.id = stories.id AND kind = 'collection'),
    (SELECT json_group_array(value) FROM annotations
        WHERE annotations.id = stories.id AND kind = 'note')";

/// A paragraph or other block of a story's body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Paragraph {
    /// The story's id.
    pub id: StoryId,
    /// The story's day.
    pub date: Option<String>,
    /// The story's agency.
    pub agency: Option<String>,
    /// The story's headline.
    pub headline: Option<String>,
    /// Which block of the story, from 0.
    pub n: usize,
    /// `paragraph`, `crosshead`, `list_item`, `preformatted` or `block_quote`.
    pub kind: String,
    /// Its words.
    pub text: String,
}

/// Where a story's files are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Located {
    /// The whole id.
    pub id: StoryId,
    /// The record's path below the archive directory, with `/`.
    pub record: String,
    /// The raw copy's hash, which is its name.
    pub sha256: String,
}

/// A story whose id begins as was asked for.
struct Candidate {
    story: Located,
    headline: Option<String>,
}

/// One way that a story came into the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Arrival {
    /// The ledger line that says so.
    pub ledger: u64,
    /// RFC 3339.
    pub time: String,
    /// What happened.
    pub event: String,
    /// The file; none for standard input.
    pub path: Option<String>,
    /// Which story of the file.
    pub member: Option<String>,
}

impl Catalog {
    /// Calls `each` with id, path and hash of every record, in no order.
    pub(crate) fn each_record(
        &self,
        mut each: impl FnMut(&str, &str, &str),
    ) -> Result<(), ArchiveError> {
        let mut go = || {
            let mut statement = self
                .connection
                .prepare("SELECT id, record, record_sha256 FROM stories")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                each(
                    row.get_ref(0)?.as_str()?,
                    row.get_ref(1)?.as_str()?,
                    row.get_ref(2)?.as_str()?,
                );
            }
            Ok(())
        };
        go().map_err(self.failed())
    }

    /// Asks several questions of one and the same state of the catalog.
    pub(crate) fn snapshot<T>(
        &self,
        ask: impl FnOnce() -> Result<T, ArchiveError>,
    ) -> Result<T, ArchiveError> {
        let held = self
            .connection
            .unchecked_transaction()
            .map_err(self.failed())?;
        let answer = ask();
        drop(held);
        answer
    }

    /// Returns what SQLite finds wrong with the file, page by page, and with the index of the full
    /// text; none if they are sound. [`Depth::Everything`] compares each index with its table, too.
    pub(crate) fn damage(&self, depth: Depth) -> Result<Option<String>, ArchiveError> {
        let check = match depth {
            Depth::Sample => "PRAGMA quick_check(1)",
            Depth::Everything => "PRAGMA integrity_check(1)",
        };
        let answer: String = self
            .connection
            .query_row(check, [], |row| row.get(0))
            .map_err(self.failed())?;
        Ok((answer != "ok").then_some(answer))
    }

    /// Hands every story that `query` finds to `take`, in the order of [`ORDER`].
    ///
    /// # Errors
    ///
    /// If the catalog cannot be read, and those of `take`.
    pub fn each_story<E: From<ArchiveError>>(
        &self,
        query: &Query,
        mut take: impl FnMut(StoryRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let condition = condition(query);
        let sql = format!(
            "SELECT {COLUMNS} FROM {IN_ORDER} WHERE {} ORDER BY {ORDER}",
            condition.text
        );
        let mut statement = self.connection.prepare(&sql).map_err(self.failed())?;
        let mut rows = statement
            .query(params_from_iter(condition.values))
            .map_err(self.failed())?;
        while let Some(row) = rows.next().map_err(self.failed())? {
            take(story_row(row).map_err(self.failed())?)?;
        }
        Ok(())
    }

    /// Hands every paragraph of every story that `query` finds to `take`, in order.
    ///
    /// # Errors
    ///
    /// If the catalog cannot be read, and those of `take`.
    pub fn each_paragraph<E: From<ArchiveError>>(
        &self,
        query: &Query,
        mut take: impl FnMut(Paragraph) -> Result<(), E>,
    ) -> Result<(), E> {
        let condition = condition(query);
        let sql = format!(
            "SELECT id, date, agency, headline, blocks FROM {IN_ORDER} CROSS JOIN bodies
             USING (story) WHERE {} ORDER BY {ORDER}",
            condition.text
        );
        let mut statement = self.connection.prepare(&sql).map_err(self.failed())?;
        let mut rows = statement
            .query(params_from_iter(condition.values))
            .map_err(self.failed())?;
        while let Some(row) = rows.next().map_err(self.failed())? {
            let read = || {
                let blocks: String = row.get(4)?;
                Ok((
                    row.get::<_, StoryId>(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    blocks,
                ))
            };
            let (id, date, agency, headline, blocks): (
                StoryId,
                Option<String>,
                Option<String>,
                Option<String>,
                String,
            ) = read().map_err(self.failed())?;
            let blocks: Vec<(String, String)> =
                serde_json::from_str(&blocks).map_err(|error| ArchiveError::CatalogDamaged {
                    path: self.path.clone(),
                    reason: error.to_string(),
                })?;
            for (n, (kind, text)) in blocks.into_iter().enumerate() {
                let (date, agency, headline) = (date.clone(), agency.clone(), headline.clone());
                take(Paragraph {
                    id,
                    date,
                    agency,
                    headline,
                    n,
                    kind,
                    text,
                })?;
            }
        }
        Ok(())
    }

    /// Returns the one story whose id begins with `prefix`, which is 4 or more of its digits in any
    /// case; the whole hash will do as well.
    ///
    /// # Errors
    ///
    /// If the catalog cannot be read. That no story, or more than one, begins so is an answer.
    pub fn locate(&self, prefix: &str) -> Result<Located, ArchiveError> {
        // An id that is copied from a spreadsheet may bring its guard along.
        let prefix = prefix.trim().trim_start_matches('\'');
        let digits = prefix.to_ascii_lowercase();
        if !(SHORTEST..=SHA256).contains(&digits.len())
            || !digits.bytes().all(|b| b.is_ascii_hexdigit())
        {
            return Err(ArchiveError::BadId {
                given: prefix.to_owned(),
            });
        }
        let id = digits.get(..ID).unwrap_or(&digits);
        let find = || {
            let mut statement = self.connection.prepare(
                "SELECT id, record, sha256, headline FROM stories
                 WHERE id >= ?1 AND id < ?1 || 'g' AND substr(sha256, 1, length(?2)) = ?2
                 ORDER BY id LIMIT ?3",
            )?;
            let rows = statement.query_map(params![id, digits, CANDIDATES + 1], |row| {
                Ok(Candidate {
                    story: Located {
                        id: row.get(0)?,
                        record: row.get(1)?,
                        sha256: row.get(2)?,
                    },
                    headline: row.get(3)?,
                })
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        let mut found = find().map_err(self.failed())?;
        match found.len() {
            0 => Err(self.removed_or_unknown(id, prefix)?),
            1 => Ok(found.remove(0).story),
            _ => {
                let describe = |found: &Candidate| match &found.headline {
                    Some(headline) => format!("{} ({})", found.story.id, shortened(headline)),
                    None => found.story.id.to_string(),
                };
                let mut candidates: Vec<String> =
                    found.iter().take(CANDIDATES).map(describe).collect();
                if found.len() > CANDIDATES {
                    candidates.push("…".to_owned());
                }
                Err(ArchiveError::AmbiguousId {
                    prefix: prefix.to_owned(),
                    candidates,
                })
            }
        }
    }

    /// Returns what to say of an id that no story has.
    fn removed_or_unknown(&self, id: &str, prefix: &str) -> Result<ArchiveError, ArchiveError> {
        let find = || {
            let sql = "SELECT id, substr(time, 1, 10), note FROM sources
                       WHERE event = 'removed' AND id >= ?1 AND id < ?1 || 'g'
                       ORDER BY ledger DESC";
            let mut statement = self.connection.prepare(sql)?;
            statement
                .query_row([id], |row| {
                    Ok(ArchiveError::WasRemoved {
                        id: row.get(0)?,
                        day: row.get(1)?,
                        reason: row.get(2)?,
                    })
                })
                .optional()
        };
        let removed = find().map_err(self.failed())?;
        match removed {
            Some(removed) => Ok(removed),
            None => Ok(ArchiveError::UnknownId {
                prefix: prefix.to_owned(),
                near: self.near_ids(id).map_err(self.failed())?,
            }),
        }
    }

    /// Returns how often the story came into the archive, and the first `limit` of those times.
    ///
    /// # Errors
    ///
    /// If the catalog cannot be read.
    pub fn arrivals(&self, id: StoryId, limit: usize) -> Result<(u64, Vec<Arrival>), ArchiveError> {
        let find = || {
            let count = self.connection.query_row(
                "SELECT count(*) FROM sources WHERE id = ?",
                [id],
                |row| row.get(0),
            )?;
            let mut statement = self.connection.prepare(
                "SELECT ledger, time, event, path, member FROM sources
                 WHERE id = ? ORDER BY ledger LIMIT ?",
            )?;
            let rows = statement.query_map(params![id, limit], |row| {
                Ok(Arrival {
                    ledger: row.get(0)?,
                    time: row.get(1)?,
                    event: row.get(2)?,
                    path: row.get(3)?,
                    member: row.get(4)?,
                })
            })?;
            Ok((count, rows.collect::<rusqlite::Result<_>>()?))
        };
        find().map_err(self.failed())
    }

    /// Returns one story by the catalog's own number.
    pub(super) fn story(&self, story: i64) -> rusqlite::Result<Option<StoryRow>> {
        let sql = format!("SELECT {COLUMNS} FROM stories WHERE story = ?");
        self.connection
            .prepare_cached(&sql)?
            .query_row([story], story_row)
            .optional()
    }
}

fn story_row(row: &Row<'_>) -> rusqlite::Result<StoryRow> {
    let list = |column: usize| -> rusqlite::Result<Vec<String>> {
        let list = row.get_ref(column)?.as_str()?;
        // SQLite made it.
        Ok(serde_json::from_str(list).unwrap_or_default())
    };
    Ok(StoryRow {
        id: row.get(0)?,
        date: row.get(1)?,
        published: row.get(2)?,
        updated: row.get(3)?,
        agency: row.get(4)?,
        headline: row.get(5)?,
        subheadline: row.get(6)?,
        slug: row.get(7)?,
        version: row.get(8)?,
        byline: row.get(9)?,
        authors: list(10)?,
        place: row.get(11)?,
        region: row.get(12)?,
        language: row.get(13)?,
        source_url: row.get(14)?,
        paragraphs: row.get(15)?,
        words: row.get(16)?,
        quotes: row.get(17)?,
        warnings: row.get(18)?,
        bytes: row.get(19)?,
        sha256: row.get(20)?,
        record: row.get(21)?,
        tags: list(22)?,
        collections: list(23)?,
        notes: list(24)?,
    })
}

fn shortened(headline: &str) -> String {
    match headline.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", headline[..end].trim_end()),
        None => headline.to_owned(),
    }
}
