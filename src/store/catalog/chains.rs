//! Which stories belong together: duplicates, versions, kills. `link` finds it out.

use super::condition::condition;
use super::{Catalog, link};
use crate::store::error::ArchiveError;
use crate::store::kin::{Features, Kinship};
use crate::store::query::Query;
use crate::store::story_id::StoryId;
use rusqlite::{Result, Row};
use serde::Serialize;

/// One story of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Link {
    /// The story's id.
    pub id: StoryId,
    /// YYYY-MM-DD: the day of publication, else the dateline's if it is complete.
    pub date: Option<String>,
    /// As in the record.
    pub published: Option<String>,
    /// Label as printed.
    pub version: Option<String>,
    /// As in the record.
    pub agency: Option<String>,
    /// As in the record.
    pub headline: Option<String>,
    /// The story with the same text that came into the archive first, if that is another one.
    pub duplicate_of: Option<StoryId>,
    /// Whether it is a notice that takes its story back.
    pub kills: bool,
    /// Whether such a notice takes it back.
    pub killed: bool,
}

/// One story of a chain, in a list of chains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ChainLink {
    /// The id of the chain's first story.
    pub chain: StoryId,
    /// Which story of the chain it is, from 1.
    pub n: u64,
    /// The story.
    #[serde(flatten)]
    pub link: Link,
}

/// A story that says what an earlier one says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DuplicateRow {
    /// The story's id.
    pub id: StoryId,
    /// The story with the same text that came into the archive first.
    pub duplicate_of: StoryId,
    /// The story's day.
    pub date: Option<String>,
    /// As in the record.
    pub agency: Option<String>,
    /// As in the record.
    pub headline: Option<String>,
}

/// Reads a link from nine columns of a row, of which `first` is the first.
fn link_at(row: &Row<'_>, first: usize) -> Result<Link> {
    Ok(Link {
        id: row.get(first)?,
        date: row.get(first + 1)?,
        published: row.get(first + 2)?,
        version: row.get(first + 3)?,
        agency: row.get(first + 4)?,
        headline: row.get(first + 5)?,
        duplicate_of: row.get(first + 6)?,
        kills: row.get(first + 7)?,
        killed: row.get(first + 8)?,
    })
}

impl Catalog {
    /// Hands the stories of each chain of several to `take`, in the order in which they came out;
    /// of the chains in which `query` finds a story.
    ///
    /// # Errors
    ///
    /// The catalog cannot be read, or `take` failed.
    pub fn each_chain<E: From<ArchiveError>>(
        &self,
        query: &Query,
        take: impl FnMut(ChainLink) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let condition = condition(query);
        let sql = format!(
            "SELECT first_value(id) OVER (PARTITION BY chain ORDER BY n), n,
                id, date, published, version, agency, headline, duplicate_of, kills, killed
             FROM versions
             WHERE chain IN (SELECT chain FROM kin GROUP BY chain HAVING count(*) > 1)
               AND chain IN (SELECT chain FROM kin JOIN stories USING (story) WHERE {})
             ORDER BY chain, n",
            condition.text
        );
        let read = |row: &Row<'_>| {
            Ok(ChainLink {
                chain: row.get(0)?,
                n: row.get(1)?,
                link: link_at(row, 2)?,
            })
        };
        self.each_row(&sql, condition.values, read, take)
    }

    /// Hands every story that `query` finds and that says what an earlier one says to `take`.
    ///
    /// # Errors
    ///
    /// The catalog cannot be read, or `take` failed.
    pub fn each_duplicate<E: From<ArchiveError>>(
        &self,
        query: &Query,
        take: impl FnMut(DuplicateRow) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let condition = condition(query);
        let sql = format!(
            "SELECT id, duplicate_of, date, agency, headline FROM versions
             WHERE duplicate_of IS NOT NULL AND story IN (SELECT story FROM stories WHERE {})
             ORDER BY date NULLS LAST, published, id",
            condition.text
        );
        let read = |row: &Row<'_>| {
            Ok(DuplicateRow {
                id: row.get(0)?,
                duplicate_of: row.get(1)?,
                date: row.get(2)?,
                agency: row.get(3)?,
                headline: row.get(4)?,
            })
        };
        self.each_row(&sql, condition.values, read, take)
    }

    /// Returns all versions of the story with this id, the story itself among them, in the order in
    /// which they came out.
    ///
    /// # Errors
    ///
    /// If the catalog cannot be read.
    pub fn chain(&self, id: StoryId) -> std::result::Result<Vec<Link>, ArchiveError> {
        let find = || {
            let mut statement = self.connection.prepare_cached(
                // As the view `versions` has it, of this chain alone: a text's stories are all in
                // one chain.
                "WITH links AS (
                    SELECT * FROM kin JOIN stories USING (story)
                    WHERE chain = (SELECT chain FROM kin JOIN stories USING (story) WHERE id = ?)
                 )
                 SELECT id, date, published, version, agency, headline,
                    nullif(first_value(id) OVER (PARTITION BY text ORDER BY first_ledger, id), id),
                    kills, NOT kills AND max(kills) OVER ()
                 FROM links ORDER BY date NULLS LAST, published, kills, version_number NULLS \
                 FIRST, id",
            )?;
            let links = statement.query_map([id], |row| link_at(row, 0))?;
            links.collect::<Result<Vec<_>>>()
        };
        find().map_err(self.failed())
    }

    /// Returns the id of a story that says the same as one with these features; none if there is
    /// none.
    pub(crate) fn duplicate_of(
        &self,
        features: &Features,
    ) -> std::result::Result<Option<StoryId>, ArchiveError> {
        let find = || {
            let same = link::kin(&self.connection, features)?
                .into_iter()
                .find(|kin| kin.kinship == Kinship::Duplicate);
            same.map(|kin| {
                self.connection.query_row(
                    "SELECT id FROM stories WHERE story = ?",
                    [kin.story],
                    |row| row.get(0),
                )
            })
            .transpose()
        };
        find().map_err(self.failed())
    }
}
