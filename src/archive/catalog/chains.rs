//! Which stories belong together: duplicates, versions, kills.
//!
//! A story is compared with those that share one of its keys ([`kin::keys`](crate::archive::kin::keys))
//! and joins the chains of all its kin, which become one chain. In which order stories come makes no
//! difference, since kinship has no direction and chains are what it connects.

use super::Catalog;
use crate::Story;
use crate::archive::ArchiveError;
use crate::archive::kin::{Features, Kinship, Sketch, keys, kinship};
use crate::archive::layout::day_of;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use serde::Serialize;
use std::collections::BTreeSet;

/// The most stories that one is compared with: a standing text comes back day after day for years.
const COMPARED: usize = 256;

/// One story of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// The story's id.
    pub id: String,
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
    /// The first story of the chain with the same text, if that is another one.
    pub duplicate_of: Option<String>,
    /// Whether it is a notice that takes its story back.
    pub kills: bool,
    /// Whether such a notice takes it back.
    pub killed: bool,
}

impl Catalog {
    /// All versions of the story with this id, the story itself among them, in the order in which
    /// they came out.
    pub fn chain(&self, id: &str) -> std::result::Result<Vec<Link>, ArchiveError> {
        let find = || {
            let mut statement = self.connection.prepare_cached(
                // As the view `versions` has it, of this chain alone: a text's stories are all in one chain.
                "WITH links AS (
                    SELECT * FROM kin JOIN stories USING (story)
                    WHERE chain = (SELECT chain FROM kin JOIN stories USING (story) WHERE id = ?)
                 )
                 SELECT id, date, published, version, agency, headline,
                    nullif(first_value(id) OVER (PARTITION BY text ORDER BY date NULLS LAST, published, kills, version_number NULLS FIRST, id), id),
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

    /// The id of a story that says the same in other wrapping; none if there is none.
    pub fn duplicate_of(&self, story: &Story) -> std::result::Result<Option<String>, ArchiveError> {
        let find = || {
            let features = Features::of(story, day_of(story).as_deref());
            let same = kin(&self.connection, &features, None)?.into_iter().find(|kin| kin.1 == Kinship::Duplicate);
            same.map(|kin| self.connection.query_row("SELECT id FROM stories WHERE story = ?", [kin.0], |row| row.get(0))).transpose()
        };
        find().map_err(self.failed())
    }
}

/// Links a story that has just come into `stories`.
pub(super) fn link(connection: &Connection, key: i64, story: &Story) -> Result<()> {
    let features = Features::of(story, day_of(story).as_deref());
    let (mut chain, mut text) = (key, key);
    for (other, kinship) in kin(connection, &features, Some(key))? {
        let (its_chain, its_text): (i64, i64) = connection
            .prepare_cached("SELECT chain, text FROM kin WHERE story = ?")?
            .query_row([other], |row| Ok((row.get(0)?, row.get(1)?)))?;
        chain = join(connection, "chain", chain, its_chain)?;
        if kinship == Kinship::Duplicate {
            text = join(connection, "text", text, its_text)?;
        }
    }
    connection.prepare_cached("INSERT INTO kin VALUES (?, ?, ?, ?)")?.execute(params![key, chain, text, features.kills()])?;
    if let Some(sketch) = &features.sketch {
        connection.prepare_cached("INSERT INTO sketches VALUES (?, ?)")?.execute(params![key, sketch.to_bytes()])?;
    }
    let mut insert = connection.prepare_cached("INSERT OR IGNORE INTO kin_keys VALUES (?, ?)")?;
    keys(&features).0.into_iter().try_for_each(|kept| insert.execute([kept, key]).map(drop))
}

/// Takes a story out of its chain; the others stay together.
pub(super) fn unlink(connection: &Connection, key: i64) -> Result<()> {
    connection.prepare_cached("DELETE FROM kin WHERE story = ?")?.execute([key])?;
    // A chain bears the number of a story that is in it.
    for column in ["chain", "text"] {
        let sql = format!("UPDATE kin SET {column} = (SELECT min(story) FROM kin WHERE {column} = ?1) WHERE {column} = ?1");
        connection.prepare_cached(&sql)?.execute([key])?;
    }
    connection.prepare_cached("DELETE FROM sketches WHERE story = ?")?.execute([key])?;
    connection.prepare_cached("DELETE FROM kin_keys WHERE story = ?")?.execute([key])?;
    Ok(())
}

/// Makes two chains one, and answers with its number.
fn join(connection: &Connection, column: &str, a: i64, b: i64) -> Result<i64> {
    let (stays, goes) = (a.min(b), a.max(b));
    if stays != goes {
        connection.prepare_cached(&format!("UPDATE kin SET {column} = ?1 WHERE {column} = ?2"))?.execute([stays, goes])?;
    }
    Ok(stays)
}

/// The kin of a story among those that are linked; `but` is left out.
fn kin(connection: &Connection, features: &Features, but: Option<i64>) -> Result<Vec<(i64, Kinship)>> {
    let (kept, looked) = keys(features);
    let mut near = BTreeSet::new();
    // The limit stands in the text: SQLite would plan anew for each value bound to it.
    let mut by_key =
        connection.prepare_cached(&format!("SELECT story FROM kin_keys WHERE key = ? ORDER BY story DESC LIMIT {COMPARED}"))?;
    for key in kept.into_iter().chain(looked) {
        let found = by_key.query_map([key], |row| row.get::<_, i64>(0))?;
        for story in found {
            near.insert(story?);
        }
    }
    let mut known = connection
        .prepare_cached("SELECT hashes, headline, slug, version, date FROM stories LEFT JOIN sketches USING (story) WHERE story = ?")?;
    let mut out = Vec::new();
    for story in near.into_iter().rev().filter(|story| Some(*story) != but).take(COMPARED) {
        let other = known.query_row([story], remembered).optional()?;
        if let Some(kinship) = other.and_then(|other| kinship(features, &other)) {
            out.push((story, kinship));
        }
    }
    Ok(out)
}

/// The features of a story that is linked.
fn remembered(row: &Row<'_>) -> Result<Features> {
    let text = |column: usize| row.get::<_, Option<String>>(column);
    let sketch = row.get::<_, Option<Vec<u8>>>(0)?.and_then(|bytes| Sketch::from_bytes(&bytes));
    Ok(Features::new(sketch, text(1)?.as_deref(), text(2)?.as_deref(), text(3)?.as_deref(), text(4)?.as_deref()))
}
