//! What somebody may have meant whose search finds nothing: names that are spelled much alike.

use super::Catalog;
use crate::store::annotations::AnnotationKind;
use crate::store::error::ArchiveError;
use crate::store::query::{Column, Condition, Expr, Query};
use crate::store::story_id::StoryId;
use crate::text::{fold, searchable};
use std::cmp::Reverse;
use std::collections::HashSet;

/// How much alike two words must be, of one, to be taken for a slip.
const ALIKE: f64 = 0.7;
/// Names that are compared, the most frequent first.
const NAMES: usize = 50_000;
/// Names that are offered.
const OFFERED: usize = 3;

/// A name in a query that the archive does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unknown {
    /// What it is of: `speaker`, `tag`, …
    pub what: &'static str,
    /// The name as it was given.
    pub given: String,
    /// Names that the archive has and that are much like it, the most like first.
    pub near: Vec<String>,
}

/// A list of names in the catalog.
struct Names {
    what: &'static str,
    sql: &'static str,
}

const SPEAKERS: Names = Names {
    what: "speaker",
    sql: "SELECT speaker FROM quotes WHERE speaker IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC",
};
const AUTHORS: Names = Names {
    what: "author",
    sql: "SELECT name FROM authors GROUP BY 1 ORDER BY count(*) DESC",
};
const PLACES: Names = Names {
    what: "place",
    sql: "SELECT place FROM stories WHERE place IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC",
};
const AGENCIES: Names = Names {
    what: "agency",
    sql: "SELECT agency FROM stories WHERE agency IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC",
};
const TAGS: Names = Names {
    what: "tag",
    sql: "SELECT value FROM annotations WHERE kind = 'tag' GROUP BY 1 ORDER BY count(*) DESC",
};
const COLLECTIONS: Names = Names {
    what: "collection",
    sql: "SELECT value FROM annotations WHERE kind = 'collection' GROUP BY 1
          ORDER BY count(*) DESC",
};

/// A name that a query asks for.
struct Asked {
    names: &'static Names,
    given: String,
}

impl Catalog {
    /// Returns the names in `query` that the archive does not have, if it has some that are much
    /// like them.
    ///
    /// # Errors
    ///
    /// If the catalog cannot be read.
    pub fn unknown_names(&self, query: &Query) -> Result<Vec<Unknown>, ArchiveError> {
        let mut asked = Vec::new();
        for part in query.parts() {
            add_names(part, &mut asked);
        }
        let mut unknown = Vec::new();
        for Asked { names, given } in asked {
            let near = self.near(names, &given).map_err(self.failed())?;
            if !near.is_empty() {
                let what = names.what;
                unknown.push(Unknown { what, given, near });
            }
        }
        Ok(unknown)
    }

    /// Returns the names most like `given`; none if one of them is what was given.
    fn near(&self, names: &Names, given: &str) -> rusqlite::Result<Vec<String>> {
        let wanted = words(given);
        let mut statement = self
            .connection
            .prepare(&format!("{} LIMIT {NAMES}", names.sql))?;
        let mut rows = statement.query([])?;
        let mut near: Vec<(u32, String)> = Vec::new();
        while let Some(row) = rows.next()? {
            let name: String = row.get(0)?;
            let likeness = likeness(&wanted, &words(&name));
            if likeness >= 1.0 {
                return Ok(Vec::new());
            }
            if likeness >= ALIKE {
                near.push(((likeness * 1000.0) as u32, name));
            }
        }
        // Of those that are as much alike, the more frequent stay first.
        near.sort_by_key(|(likeness, _)| Reverse(*likeness));
        let mut seen = HashSet::new();
        near.retain(|(_, name)| seen.insert(words(name)));
        near.truncate(OFFERED);
        Ok(near.into_iter().map(|(_, name)| name).collect())
    }

    /// Returns ids that begin with `digits` but for one of them, or for two that changed places.
    pub(super) fn near_ids(&self, digits: &str) -> rusqlite::Result<Vec<StoryId>> {
        let mut statement = self
            .connection
            .prepare("SELECT id FROM stories ORDER BY id")?;
        let mut rows = statement.query([])?;
        let mut near = Vec::new();
        while let Some(row) = rows.next()? {
            let id = row.get_ref(0)?.as_str()?;
            let begins = id.get(..digits.len()).unwrap_or(id);
            if strsim::osa_distance(begins, digits) == 1 {
                near.push(row.get(0)?);
                if near.len() == OFFERED {
                    break;
                }
            }
        }
        Ok(near)
    }
}

fn add_names(expr: &Expr, asked: &mut Vec<Asked>) {
    let (names, given) = match expr {
        Expr::All(parts) | Expr::Any(parts) => {
            return parts.iter().for_each(|part| add_names(part, asked));
        }
        Expr::Text(text) if !text.prefix => match text.column {
            Some(Column::Speakers) => (&SPEAKERS, &text.words),
            Some(Column::Authors) => (&AUTHORS, &text.words),
            Some(Column::Place) => (&PLACES, &text.words),
            _ => return,
        },
        Expr::Is(Condition::Agency {
            name,
            prefix: false,
        }) => (&AGENCIES, name),
        Expr::Is(Condition::Annotated {
            kind,
            value,
            prefix: false,
        }) => match kind {
            AnnotationKind::Tag => (&TAGS, value),
            AnnotationKind::Collection => (&COLLECTIONS, value),
            _ => return,
        },
        _ => return,
    };
    let given = given.clone();
    asked.push(Asked { names, given });
}

/// Returns the words of a name as they are compared.
fn words(name: &str) -> Vec<String> {
    fold(&searchable(name))
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Returns how much each wanted word is like some word of a name, at least: 1 where all of them are
/// in it.
fn likeness(wanted: &[String], words: &[String]) -> f64 {
    if wanted.is_empty() {
        return 0.0;
    }
    let best = |wanted: &String| {
        words
            .iter()
            .map(|word| strsim::normalized_damerau_levenshtein(wanted, word))
            .fold(0.0, f64::max)
    };
    wanted.iter().map(best).fold(1.0, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_like_what_was_meant() {
        let likeness = |wanted: &str, name: &str| likeness(&words(wanted), &words(name));
        assert!(likeness("volker", "Paul Volcker") > ALIKE);
        assert!(likeness("marit solbreg", "Marit Solberg") > ALIKE);
        assert!(likeness("paul volker", "Paul Brandt") < ALIKE);
        assert!(likeness("brandt", "Otto Brandt") >= 1.0);
        assert!(likeness("", "Otto Brandt") < ALIKE);
    }
}
