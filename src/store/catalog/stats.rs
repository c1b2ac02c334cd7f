//! Counts.

use super::Catalog;
use super::condition::condition;
use crate::store::error::ArchiveError;
use crate::store::query::Query;
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};
use serde::Serialize;
use std::fs;

/// The archive in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Totals {
    /// Stories.
    pub stories: u64,
    /// Stories that have a day.
    pub dated: u64,
    /// The first day.
    pub first_date: Option<String>,
    /// The last day.
    pub last_date: Option<String>,
    /// Paragraphs and other blocks.
    pub paragraphs: u64,
    /// Words of bodies.
    pub words: u64,
    /// Quotes, without words that nobody said.
    pub quotes: u64,
    /// Raw copies, in bytes.
    pub raw_bytes: u64,
    /// The longest raw copy, in bytes.
    pub longest_bytes: u64,
    /// The catalog's own file, in bytes.
    pub catalog_bytes: u64,
}

/// How many stories, quotes or warnings have something in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Count {
    /// What they have in common; none for those that do not say.
    pub name: Option<String>,
    /// How many.
    pub count: u64,
}

/// What to count by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grouping {
    /// Stories by day.
    Day,
    /// Stories by week of ISO 8601, as `2020-W47`.
    Week,
    /// Stories by month.
    Month,
    /// Stories by year.
    Year,
    /// Stories by agency.
    Agency,
    /// Stories by author.
    Author,
    /// Stories by the dateline's place.
    Place,
    /// Stories by language.
    Language,
    /// Quotes by speaker.
    Speaker,
    /// Warnings by code.
    Warning,
}

impl Grouping {
    /// Returns what is counted, and where it is found.
    fn source(self) -> (&'static str, &'static str) {
        let quotes = "stories CROSS JOIN quotes ON quotes.story = stories.story AND quotes.kind \
                      IN ('direct', 'mixed') AND speaker IS NOT NULL";
        match self {
            Self::Day => ("date", "stories"),
            Self::Week => ("strftime('%G-W%V', date)", "stories"),
            Self::Month => ("substr(date, 1, 7)", "stories"),
            Self::Year => ("substr(date, 1, 4)", "stories"),
            Self::Agency => ("agency", "stories"),
            Self::Author => (
                "name",
                "stories CROSS JOIN authors ON authors.story = stories.story",
            ),
            Self::Place => ("place", "stories"),
            Self::Language => ("language", "stories"),
            Self::Speaker => ("speaker", quotes),
            Self::Warning => (
                "code",
                "stories CROSS JOIN warnings ON warnings.story = stories.story",
            ),
        }
    }

    fn is_time(self) -> bool {
        matches!(self, Self::Day | Self::Week | Self::Month | Self::Year)
    }
}

impl Catalog {
    /// Returns the stories that `query` finds, in numbers.
    ///
    /// # Errors
    ///
    /// If the catalog cannot be read.
    pub fn totals(&self, query: &Query) -> Result<Totals, ArchiveError> {
        let condition = condition(query);
        let sql = format!(
            "SELECT count(*), count(date), min(date), max(date), total(paragraphs),
                 total(words), total(quotes), total(bytes), max(bytes)
             FROM stories WHERE {}",
            condition.text
        );
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "sums of lengths"
        )]
        let whole = |number: f64| number as u64;
        let totals = self
            .connection
            .query_row(&sql, params_from_iter(condition.values), |row| {
                Ok(Totals {
                    stories: row.get(0)?,
                    dated: row.get(1)?,
                    first_date: row.get(2)?,
                    last_date: row.get(3)?,
                    paragraphs: whole(row.get(4)?),
                    words: whole(row.get(5)?),
                    quotes: whole(row.get(6)?),
                    raw_bytes: whole(row.get(7)?),
                    longest_bytes: row.get::<_, Option<u64>>(8)?.unwrap_or_default(),
                    catalog_bytes: 0,
                })
            });
        let totals = totals.map_err(self.failed())?;
        Ok(Totals {
            catalog_bytes: fs::metadata(&self.path).map_or(0, |file| file.len()),
            ..totals
        })
    }

    /// Hands the counts to `take`: times in their order, everything else the most frequent first,
    /// at most `limit`.
    ///
    /// # Errors
    ///
    /// If the catalog cannot be read, and those of `take`.
    pub fn each_count<E: From<ArchiveError>>(
        &self,
        grouping: Grouping,
        query: &Query,
        limit: Option<usize>,
        take: impl FnMut(Count) -> Result<(), E>,
    ) -> Result<(), E> {
        let (name, source) = grouping.source();
        let order = if grouping.is_time() {
            "1 NULLS LAST"
        } else {
            "2 DESC, 1 NULLS LAST"
        };
        let mut condition = condition(query);
        condition.values.push(self::limit(limit));
        let sql = format!(
            "SELECT {name}, count(*) FROM {source} WHERE {} GROUP BY 1 ORDER BY {order} LIMIT ?",
            condition.text
        );
        let read = |row: &Row<'_>| {
            Ok(Count {
                name: row.get(0)?,
                count: row.get(1)?,
            })
        };
        self.each_row(&sql, condition.values, read, take)
    }

    /// Returns how many different names [`Self::each_count`] would hand on.
    ///
    /// # Errors
    ///
    /// If the catalog cannot be read.
    pub fn names(&self, grouping: Grouping, query: &Query) -> Result<u64, ArchiveError> {
        let (name, source) = grouping.source();
        let condition = condition(query);
        let sql = format!(
            "SELECT count(DISTINCT {name}) FROM {source} WHERE {}",
            condition.text
        );
        self.connection
            .query_row(&sql, params_from_iter(condition.values), |row| row.get(0))
            .map_err(self.failed())
    }
}

/// Returns a limit as SQLite has it: any negative number is none.
pub(super) fn limit(limit: Option<usize>) -> Value {
    Value::from(limit.map_or(-1, |limit| i64::try_from(limit).unwrap_or(i64::MAX)))
}
