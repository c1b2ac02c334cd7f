//! Which stories belong together: duplicates, versions, kills. `link` finds it out.

use super::{Catalog, link};
use crate::store::directory::story_id::StoryId;
use crate::store::error::ArchiveError;
use crate::store::kin::{Features, Kinship};
use rusqlite::Result;
use serde::Serialize;

/// One story of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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

impl Catalog {
    /// All versions of the story with this id, the story itself among them, in the order in which
    /// they came out.
    pub fn chain(&self, id: StoryId) -> std::result::Result<Vec<Link>, ArchiveError> {
        let find = || {
            let mut statement = self.connection.prepare_cached(
                // As the view `versions` has it, of this chain alone: a text's stories are all in one chain.
                "WITH links AS (
                    SELECT * FROM kin JOIN stories USING (story)
                    WHERE chain = (SELECT chain FROM kin JOIN stories USING (story) WHERE id = ?)
                 )
                 SELECT id, date, published, version, agency, headline,
                    nullif(first_value(id) OVER (PARTITION BY text ORDER BY first_ledger, id), id),
                    kills, NOT kills AND max(kills) OVER ()
                 FROM links ORDER BY date NULLS LAST, published, kills, version_number NULLS FIRST, id",
            )?;
            let links = statement.query_map([id], |row| {
                Ok(Link {
                    id: row.get(0)?,
                    date: row.get(1)?,
                    published: row.get(2)?,
                    version: row.get(3)?,
                    agency: row.get(4)?,
                    headline: row.get(5)?,
                    duplicate_of: row.get(6)?,
                    kills: row.get(7)?,
                    killed: row.get(8)?,
                })
            })?;
            links.collect::<Result<Vec<_>>>()
        };
        find().map_err(self.failed())
    }

    /// The id of a story that says the same as one with these features; none if there is none.
    pub fn duplicate_of(
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
