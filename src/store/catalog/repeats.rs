//! Quotes that come again in another version of their story, or in the same text in other wrapping.

use super::Catalog;
use crate::store::error::ArchiveError;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::hash::Hasher;

/// The quotes of chains that were seen.
///
/// A quote is a repeat if another story of its chain had the same words before. Case, spaces and
/// marks do not count, and neither does the name: versions of a story call one person by several.
/// Memory grows with the quotes of stories that came in several versions, some 24 bytes each.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    /// Chains of more than one story.
    chains: FxHashSet<i64>,
    /// The story that had some words first, by chain and hash of the words.
    first: FxHashMap<(i64, u64), i64>,
}

impl Repeats {
    pub(super) fn of(catalog: &Catalog) -> Result<Self, ArchiveError> {
        let find = || {
            catalog
                .connection
                .prepare("SELECT chain FROM kin GROUP BY chain HAVING count(*) > 1")?
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()
        };
        Ok(Self {
            chains: find().map_err(catalog.failed())?,
            first: FxHashMap::default(),
        })
    }

    /// Returns whether a quote was seen in another story of its chain.
    pub(super) fn has_seen(&mut self, story: i64, chain: Option<i64>, words: &str) -> bool {
        let Some(chain) = chain.filter(|chain| self.chains.contains(chain)) else {
            return false;
        };
        *self.first.entry((chain, hash(words))).or_insert(story) != story
    }
}

/// Returns a hash of the letters and digits of a text.
fn hash(words: &str) -> u64 {
    let mut hasher = FxHasher::default();
    for c in words.chars().filter(|c| c.is_alphanumeric()) {
        c.to_lowercase()
            .for_each(|lower| hasher.write_u32(u32::from(lower)));
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn marks_spaces_and_case_make_no_other_words() {
        assert_eq!(hash("We are tired,"), hash("WE ARE  TIRED"));
        assert_ne!(hash("We are tired"), hash("We are not tired"));
    }
}
