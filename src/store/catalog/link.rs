//! Linking the stories of a batch with their kin.
//!
//! A story is compared with those that share one of its keys
//! ([`kin::keys`](crate::store::kin::keys)) and joins the chains of all its kin, which become one
//! chain. In which order stories come makes no difference, since kinship has no direction and
//! chains are what it connects.

use crate::store::kin::{Features, Kinship, keys, kinship};
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use rustc_hash::{FxHashMap, FxHashSet};
use std::rc::Rc;

/// The most stories that one is compared with, those first that share most keys, and of each key
/// the newest: a standing text comes back day after day for years.
const COMPARED: usize = 64;
const PER_KEY: usize = 32;

/// A story to be linked: its number in `stories`, and what its kin are found by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unlinked<'f> {
    pub story: i64,
    pub features: &'f Features,
}

/// A story that is kin of another, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Relative {
    pub story: i64,
    pub kinship: Kinship,
}

/// The keys of a story: it is found by those that are kept, and finds others by all of them.
struct Keys {
    kept: Vec<i64>,
    looked_for: Vec<i64>,
}

impl Keys {
    fn of(features: &Features) -> Self {
        let (kept, looked_for) = keys(features);
        Self { kept, looked_for }
    }

    fn all(&self) -> impl Iterator<Item = i64> + '_ {
        self.kept.iter().chain(&self.looked_for).copied()
    }
}

/// Returns the keys by which a story is found.
pub(super) fn kept_keys(features: &Features) -> Vec<i64> {
    Keys::of(features).kept
}

/// Links stories that have just come into `stories`, each once.
pub(super) fn link(connection: &Connection, batch: &[Unlinked<'_>]) -> Result<()> {
    let keys: Vec<Keys> = batch.iter().map(|new| Keys::of(new.features)).collect();
    let mut index = KeyIndex::of(connection, keys.iter().flat_map(Keys::all))?;
    let mut known = LinkedStories::new(connection)?;
    let (mut chains, mut texts) = (Groups::default(), Groups::default());
    for (new, keys) in batch.iter().zip(&keys) {
        for other in index.sharing(keys.all()) {
            let Some(kin) = known.get(other)? else {
                continue;
            };
            let same_chain = chains.find(kin.chain) == chains.find(new.story);
            if same_chain && texts.find(kin.text) == texts.find(new.story) {
                continue;
            }
            let kinship = kinship(new.features, &kin.features);
            if kinship.is_some() {
                chains.join(new.story, kin.chain);
            }
            if kinship == Some(Kinship::Duplicate) {
                texts.join(new.story, kin.text);
            }
        }
        index.add(new.story, &keys.kept);
        known.add(new.story, new.features);
    }
    write(connection, batch, &keys, &mut chains, &mut texts)
}

/// Returns the kin of a story that is not in the archive, the nearest first.
pub(super) fn kin(connection: &Connection, features: &Features) -> Result<Vec<Relative>> {
    let keys = Keys::of(features);
    let index = KeyIndex::of(connection, keys.all())?;
    let mut known = LinkedStories::new(connection)?;
    let mut kin = Vec::new();
    for story in index.sharing(keys.all()) {
        kin.extend(
            known
                .get(story)?
                .and_then(|other| kinship(features, &other.features))
                .map(|kinship| Relative { story, kinship }),
        );
    }
    Ok(kin)
}

/// Takes a story out of its chain and returns the chain, whose others wait to be linked again.
pub(super) fn unlink(connection: &Connection, story: i64) -> Result<Option<i64>> {
    let known = LinkedStories::new(connection)?.get(story)?;
    if let Some(kin) = &known {
        let mut delete =
            connection.prepare_cached("DELETE FROM kin_keys WHERE key = ? AND story = ?")?;
        kept_keys(&kin.features)
            .into_iter()
            .try_for_each(|key| delete.execute([key, story]).map(drop))?;
    }
    for table in ["sketches", "kin"] {
        connection
            .prepare_cached(&format!("DELETE FROM {table} WHERE story = ?"))?
            .execute([story])?;
    }
    Ok(known.map(|kin| kin.chain))
}

/// Takes whole chains apart and returns their stories, to be linked again: a story that was
/// replaced may have been all that held the others together.
pub(super) fn take_apart(
    connection: &Connection,
    chains: &FxHashSet<i64>,
) -> Result<Vec<(i64, Features)>> {
    let mut stories = Vec::new();
    for chain in chains {
        let members = connection
            .prepare_cached("SELECT story FROM kin WHERE chain = ?")?
            .query_map([chain], |row| row.get(0))?
            .collect::<Result<Vec<i64>>>()?;
        let mut known = LinkedStories::new(connection)?;
        for story in members {
            if let Some(kin) = known.get(story)? {
                unlink(connection, story)?;
                stories.push((story, kin.features.clone()));
            }
        }
    }
    stories.sort_unstable_by_key(|(story, _)| *story);
    Ok(stories)
}

fn write(
    connection: &Connection,
    batch: &[Unlinked<'_>],
    keys: &[Keys],
    chains: &mut Groups,
    texts: &mut Groups,
) -> Result<()> {
    let own: FxHashSet<i64> = batch.iter().map(|new| new.story).collect();
    for (column, groups) in [("chain", &mut *chains), ("text", &mut *texts)] {
        let mut update = connection
            .prepare_cached(&format!("UPDATE kin SET {column} = ?1 WHERE {column} = ?2"))?;
        for (goes, stays) in groups.joined() {
            if !own.contains(&goes) {
                update.execute([stays, goes])?;
            }
        }
    }
    let mut kin = connection.prepare_cached("INSERT INTO kin VALUES (?, ?, ?, ?)")?;
    let mut sketch = connection.prepare_cached("INSERT INTO sketches VALUES (?, ?)")?;
    for Unlinked { story, features } in batch {
        kin.execute(params![
            story,
            chains.find(*story),
            texts.find(*story),
            features.kills
        ])?;
        sketch.execute(params![story, features.to_bytes()])?;
    }
    // In their order in the table, so that its pages are visited once.
    let mut rows: Vec<(i64, i64)> = batch
        .iter()
        .zip(keys)
        .flat_map(|(new, keys)| keys.kept.iter().map(|key| (*key, new.story)))
        .collect();
    rows.sort_unstable();
    let mut insert = connection.prepare_cached("INSERT OR IGNORE INTO kin_keys VALUES (?, ?)")?;
    rows.into_iter()
        .try_for_each(|(key, story)| insert.execute([key, story]).map(drop))
}

/// The stories under each of the keys that a batch asks for, oldest first.
#[derive(Default)]
struct KeyIndex {
    stories: FxHashMap<i64, Vec<i64>>,
}

impl KeyIndex {
    fn of(connection: &Connection, keys: impl Iterator<Item = i64>) -> Result<Self> {
        let mut keys: Vec<i64> = keys.collect();
        // In their order in the table, so that its pages are visited once.
        keys.sort_unstable();
        keys.dedup();
        // The limit stands in the text: SQLite would plan again for each value bound to it.
        let sql =
            format!("SELECT story FROM kin_keys WHERE key = ? ORDER BY story DESC LIMIT {PER_KEY}");
        let mut statement = connection.prepare_cached(&sql)?;
        let mut by_key = FxHashMap::default();
        for key in keys {
            let mut stories = statement
                .query_map([key], |row| row.get(0))?
                .collect::<Result<Vec<i64>>>()?;
            if !stories.is_empty() {
                stories.reverse();
                by_key.insert(key, stories);
            }
        }
        Ok(Self { stories: by_key })
    }

    fn add(&mut self, story: i64, keys: &[i64]) {
        keys.iter()
            .for_each(|key| self.stories.entry(*key).or_default().push(story));
    }

    /// Returns the stories that share one of these keys.
    fn sharing(&self, keys: impl Iterator<Item = i64>) -> Vec<i64> {
        let mut stories: Vec<i64> = keys
            .filter_map(|key| self.stories.get(&key))
            .flat_map(|stories| stories.iter().rev().take(PER_KEY))
            .copied()
            .collect();
        if stories.len() > 1 {
            stories.sort_unstable();
            let mut counted: Vec<(usize, i64)> = stories
                .chunk_by(|a, b| a == b)
                .map(|same| (same.len(), same[0]))
                .collect();
            counted.sort_unstable_by(|a, b| b.cmp(a));
            stories = counted.into_iter().map(|(_, story)| story).collect();
            stories.truncate(COMPARED);
        }
        stories
    }
}

/// What is known of a story that is linked.
struct LinkedStory {
    chain: i64,
    text: i64,
    features: Features,
}

/// Such stories, each read once.
struct LinkedStories<'c> {
    read: rusqlite::CachedStatement<'c>,
    stories: FxHashMap<i64, Option<Rc<LinkedStory>>>,
}

impl<'c> LinkedStories<'c> {
    fn new(connection: &'c Connection) -> Result<Self> {
        let read = connection.prepare_cached(
            "SELECT chain, text, features FROM kin JOIN sketches USING (story) WHERE story = ?",
        )?;
        Ok(Self {
            read,
            stories: FxHashMap::default(),
        })
    }

    fn get(&mut self, story: i64) -> Result<Option<Rc<LinkedStory>>> {
        if let Some(known) = self.stories.get(&story) {
            return Ok(known.clone());
        }
        let read = |row: &Row<'_>| {
            let (chain, text) = (row.get(0)?, row.get(1)?);
            Ok(
                Features::from_bytes(row.get_ref(2)?.as_blob()?).map(|features| LinkedStory {
                    chain,
                    text,
                    features,
                }),
            )
        };
        let kin = self
            .read
            .query_row([story], read)
            .optional()?
            .flatten()
            .map(Rc::new);
        self.stories.insert(story, kin.clone());
        Ok(kin)
    }

    fn add(&mut self, story: i64, features: &Features) {
        let kin = LinkedStory {
            chain: story,
            text: story,
            features: features.clone(),
        };
        self.stories.insert(story, Some(Rc::new(kin)));
    }
}

/// Which groups have become one; a group bears the lowest of its numbers.
#[derive(Default)]
struct Groups {
    /// For each group that has been joined to another, a lower one.
    lower: FxHashMap<i64, i64>,
}

impl Groups {
    fn find(&mut self, group: i64) -> i64 {
        let mut lowest = group;
        while let Some(lower) = self.lower.get(&lowest) {
            lowest = *lower;
        }
        if lowest != group {
            self.lower.insert(group, lowest);
        }
        lowest
    }

    fn join(&mut self, a: i64, b: i64) {
        let (a, b) = (self.find(a), self.find(b));
        if a != b {
            self.lower.insert(a.max(b), a.min(b));
        }
    }

    /// Returns each group that is part of another now, and that one.
    fn joined(&mut self) -> Vec<(i64, i64)> {
        let groups: Vec<i64> = self.lower.keys().copied().collect();
        groups
            .into_iter()
            .map(|group| (group, self.find(group)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_join_under_their_lowest_number() {
        let mut groups = Groups::default();
        for (a, b) in [(5, 9), (9, 7), (3, 7), (8, 8)] {
            groups.join(a, b);
        }
        assert_eq!(
            [5, 9, 7, 3, 8].map(|group| groups.find(group)),
            [3, 3, 3, 3, 8]
        );
        let mut joined = groups.joined();
        joined.sort_unstable();
        assert_eq!(joined, [(5, 3), (7, 3), (9, 3)]);
    }

    #[test]
    fn those_that_share_most_keys_come_first() {
        let mut index = KeyIndex::default();
        index.add(1, &[10, 20, 30]);
        index.add(2, &[10]);
        index.add(3, &[20, 30]);
        index.add(4, &[40]);
        assert_eq!(index.sharing([10, 20, 30].into_iter()), [1, 3, 2]);
        (100..200).for_each(|story| index.add(story, &[50]));
        let newest: Vec<i64> = (168..200).rev().collect();
        assert_eq!(index.sharing([50].into_iter()), newest);
    }
}
