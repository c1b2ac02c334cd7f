//! Full-text search, best first.

use super::condition::{condition, ranked};
use super::find::IN_ORDER;
use super::{Catalog, StoryRow};
use crate::store::error::ArchiveError;
use crate::store::query::Query;
use rusqlite::{params, params_from_iter, types::Value};
use serde::Serialize;

/// Characters that no record holds, put around the words found.
const OPEN: char = '\u{1}';
const CLOSE: char = '\u{2}';
/// What the column `rank` of the full text holds, which costs less when it is asked for by name.
const RANK: &str = "bm25(fulltext, 10.0, 4.0, 4.0, 3.0, 2.0, 2.0, 1.0)";
/// Words of a snippet.
const WORDS: u32 = 28;

/// A story found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Hit {
    /// The story.
    #[serde(flatten)]
    pub story: StoryRow,
    /// How well it fits: BM25, higher is better; none where nothing but fields was asked for.
    pub score: Option<f64>,
    /// The headline, with the words found.
    pub headline_marks: Marked,
    /// A stretch of the body, with the words found.
    pub snippet: Marked,
}

/// Text with the words found in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Marked {
    /// The text.
    pub text: String,
    /// Where the words found stand: first code point, and one past the last.
    pub marks: Vec<(usize, usize)>,
}

impl Marked {
    fn read(text: &str) -> Self {
        let mut marked = Self::default();
        let (mut point, mut start) = (0, 0);
        for c in text.chars() {
            match c {
                OPEN => start = point,
                CLOSE => marked.marks.push((start, point)),
                _ => {
                    marked.text.push(if c.is_control() { ' ' } else { c });
                    point += 1;
                }
            }
        }
        marked
    }

    /// Returns the text in stretches, each with whether it was found.
    pub fn stretches(&self) -> Vec<(&str, bool)> {
        let byte = |point: usize| {
            self.text
                .char_indices()
                .nth(point)
                .map_or(self.text.len(), |(at, _)| at)
        };
        let mut out = Vec::new();
        let mut done = 0;
        for (start, end) in &self.marks {
            let (start, end) = (byte(*start), byte(*end));
            out.push((&self.text[done..start], false));
            out.push((&self.text[start..end], true));
            done = end;
        }
        out.push((&self.text[done..], false));
        out.retain(|(text, _)| !text.is_empty());
        out
    }
}

impl Catalog {
    /// Hands the stories that fit `query` best to `take`, at most `limit`, best first; newest first
    /// where nothing but fields is asked for. Whether there are more.
    ///
    /// # Errors
    ///
    /// If the catalog cannot be read, and those of `take`.
    pub fn search<E: From<ArchiveError>>(
        &self,
        query: &Query,
        limit: usize,
        mut take: impl FnMut(Hit) -> Result<(), E>,
    ) -> Result<bool, E> {
        let (question, _) = ranked(query);
        let best = self
            .best(query, limit.saturating_add(1))
            .map_err(self.failed())?;
        for (story, rank) in best.iter().take(limit) {
            if let Some(hit) = self
                .hit(*story, *rank, question.as_deref())
                .map_err(self.failed())?
            {
                take(hit)?;
            }
        }
        Ok(best.len() > limit)
    }

    /// Returns the catalog's numbers of the best stories. Only numbers: the sort must stay small.
    fn best(&self, query: &Query, limit: usize) -> rusqlite::Result<Vec<(i64, Option<f64>)>> {
        let (Some(question), rest) = ranked(query) else {
            let mut condition = condition(query);
            condition
                .values
                .push(Value::from(i64::try_from(limit).unwrap_or(i64::MAX)));
            let sql = format!(
                "SELECT story FROM {IN_ORDER} WHERE {} ORDER BY date DESC, published DESC, id DESC
                 LIMIT ?",
                condition.text
            );
            let mut statement = self.connection.prepare_cached(&sql)?;
            return statement
                .query_map(params_from_iter(condition.values), |row| {
                    Ok((row.get(0)?, None))
                })?
                .collect();
        };
        let mut values = vec![Value::from(question)];
        let sql = match rest {
            None => format!("SELECT rowid, {RANK} FROM fulltext WHERE fulltext MATCH ?"),
            Some(rest) => {
                values.extend(rest.values);
                // In this order: the words are few, the other conditions are checked story by
                // story.
                format!(
                    "SELECT fulltext.rowid, {RANK} FROM fulltext CROSS JOIN stories
                     ON stories.story = fulltext.rowid
                     WHERE fulltext MATCH ? AND {}",
                    rest.text
                )
            }
        };
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        // SQLite would sort all that is found, which takes longer than finding it.
        let mut best = Best::new(limit);
        while let Some(row) = rows.next()? {
            best.offer(row.get(0)?, row.get(1)?);
        }
        Ok(best
            .in_order()
            .into_iter()
            .map(|found| (found.story, Some(found.rank)))
            .collect())
    }

    fn hit(
        &self,
        story: i64,
        rank: Option<f64>,
        question: Option<&str>,
    ) -> rusqlite::Result<Option<Hit>> {
        let Some(row) = self.story(story)? else {
            return Ok(None);
        };
        let (headline, snippet) = match question {
            Some(question) => {
                let sql = format!(
                    "SELECT highlight(fulltext, 0, ?1, ?2), snippet(fulltext, 6, ?1, ?2, '…', \
                     {WORDS})
                     FROM fulltext
                     WHERE fulltext MATCH ?3 AND rowid = ?4"
                );
                let marks = [OPEN, CLOSE].map(String::from);
                self.connection.prepare_cached(&sql)?.query_row(
                    params![marks[0], marks[1], question, story],
                    |row| {
                        Ok((
                            row.get::<_, Option<String>>(0)?,
                            row.get::<_, Option<String>>(1)?,
                        ))
                    },
                )?
            }
            None => {
                let sql = "SELECT text FROM paragraphs WHERE story = ? AND kind = 'paragraph'
                           ORDER BY n LIMIT 1";
                let lead: Option<String> = self
                    .connection
                    .prepare_cached(sql)?
                    .query_map([story], |row| row.get(0))?
                    .next()
                    .transpose()?;
                (row.headline.clone(), lead.map(|lead| beginning(&lead)))
            }
        };
        let [headline_marks, snippet] =
            [headline, snippet].map(|text| Marked::read(text.as_deref().unwrap_or_default()));
        Ok(Some(Hit {
            story: row,
            score: rank.map(|rank| -rank),
            headline_marks,
            snippet,
        }))
    }
}

/// The catalog's number of a story, and how it ranks: lower is better.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Ranked {
    story: i64,
    rank: f64,
}

/// The best stories so far: those of the lowest rank and, of the same rank, number.
struct Best {
    limit: usize,
    /// At least the best; no more than twice as many as are wanted.
    stories: Vec<Ranked>,
    /// What is worse than this is not among them.
    worst: f64,
}

impl Best {
    fn new(limit: usize) -> Self {
        Self {
            limit,
            stories: Vec::new(),
            worst: f64::INFINITY,
        }
    }

    fn offer(&mut self, story: i64, rank: f64) {
        if rank > self.worst {
            return;
        }
        self.stories.push(Ranked { story, rank });
        if self.stories.len() >= self.limit.saturating_mul(2).max(64) {
            self.sift();
        }
    }

    fn sift(&mut self) {
        self.stories
            .sort_unstable_by(|a, b| a.rank.total_cmp(&b.rank).then(a.story.cmp(&b.story)));
        self.stories.truncate(self.limit);
        if self.stories.len() == self.limit {
            self.worst = self.stories.last().map_or(self.worst, |last| last.rank);
        }
    }

    fn in_order(mut self) -> Vec<Ranked> {
        self.sift();
        self.stories
    }
}

/// As many words as a snippet has.
fn beginning(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(WORDS as usize + 1).collect();
    let dots = if words.len() > WORDS as usize {
        "…"
    } else {
        ""
    };
    words[..words.len().min(WORDS as usize)].join(" ") + dots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_are_kept_whatever_the_order() {
        for limit in [0, 1, 7, 50, 1000] {
            let mut best = Best::new(limit);
            // Every rank three times, in a wild order.
            (0..600_i64)
                .for_each(|n| best.offer(n, f64::from(i32::try_from(n * 263 % 600 / 3).unwrap())));
            let mut all: Vec<(f64, i64)> =
                (0..600).map(|n| ((n * 263 % 600 / 3) as f64, n)).collect();
            all.sort_by(|a, b| a.partial_cmp(b).unwrap());
            all.truncate(limit);
            let kept: Vec<(f64, i64)> = best
                .in_order()
                .iter()
                .map(|found| (found.rank, found.story))
                .collect();
            assert_eq!(kept, all, "{limit}");
        }
    }
}
