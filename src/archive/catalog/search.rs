//! Full-text search, best first.

use super::condition::{condition, ranked};
use super::find::IN_ORDER;
use super::{Catalog, StoryRow};
use crate::archive::ArchiveError;
use crate::archive::query::Query;
use rusqlite::{params, params_from_iter, types::Value};
use serde::Serialize;

/// Characters that no record holds, put around the words found.
const OPEN: char = '\u{1}';
const CLOSE: char = '\u{2}';
/// Words of a snippet.
const WORDS: u32 = 28;

/// A story found.
#[derive(Clone, Debug, PartialEq, Serialize)]
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

    /// The text in stretches, each with whether it was found.
    pub fn stretches(&self) -> Vec<(&str, bool)> {
        let byte = |point: usize| self.text.char_indices().nth(point).map_or(self.text.len(), |(at, _)| at);
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
    pub fn search<E: From<ArchiveError>>(
        &self,
        query: &Query,
        limit: usize,
        mut take: impl FnMut(Hit) -> Result<(), E>,
    ) -> Result<bool, E> {
        let (question, _) = ranked(query);
        let best = self.best(query, limit.saturating_add(1)).map_err(self.failed())?;
        for (story, rank) in best.iter().take(limit) {
            if let Some(hit) = self.hit(*story, *rank, question.as_deref()).map_err(self.failed())? {
                take(hit)?;
            }
        }
        Ok(best.len() > limit)
    }

    /// The catalog's numbers of the best stories. Only numbers: the sort must stay small.
    fn best(&self, query: &Query, limit: usize) -> rusqlite::Result<Vec<(i64, Option<f64>)>> {
        let limit = Value::from(i64::try_from(limit).unwrap_or(i64::MAX));
        let (sql, values) = match ranked(query) {
            (Some(question), None) => (
                "SELECT rowid, rank FROM fulltext WHERE fulltext MATCH ? ORDER BY rank LIMIT ?".to_owned(),
                vec![Value::from(question), limit],
            ),
            (Some(question), Some(rest)) => {
                let mut values = vec![Value::from(question)];
                values.extend(rest.values);
                values.push(limit);
                // In this order: the words are few, the other conditions are checked story by story.
                let sql = format!(
                    "SELECT fulltext.rowid, rank FROM fulltext CROSS JOIN stories ON stories.story = fulltext.rowid
                     WHERE fulltext MATCH ? AND {} ORDER BY rank, fulltext.rowid LIMIT ?",
                    rest.text
                );
                (sql, values)
            }
            (None, _) => {
                let mut condition = condition(query);
                condition.values.push(limit);
                let sql = format!(
                    "SELECT story, NULL FROM {IN_ORDER} WHERE {} ORDER BY date DESC, published DESC, id DESC LIMIT ?",
                    condition.text
                );
                (sql, condition.values)
            }
        };
        let mut statement = self.connection.prepare_cached(&sql)?;
        statement.query_map(params_from_iter(values), |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    }

    fn hit(&self, story: i64, rank: Option<f64>, question: Option<&str>) -> rusqlite::Result<Option<Hit>> {
        let Some(row) = self.story(story)? else { return Ok(None) };
        let (headline, snippet) = match question {
            Some(question) => {
                let sql = format!(
                    "SELECT highlight(fulltext, 0, ?1, ?2), snippet(fulltext, 6, ?1, ?2, '…', {WORDS}) FROM fulltext
                     WHERE fulltext MATCH ?3 AND rowid = ?4"
                );
                let marks = [OPEN, CLOSE].map(String::from);
                self.connection.prepare_cached(&sql)?.query_row(params![marks[0], marks[1], question, story], |row| {
                    Ok((row.get::<_, Option<String>>(0)?, row.get::<_, Option<String>>(1)?))
                })?
            }
            None => {
                let sql = "SELECT text FROM paragraphs WHERE story = ? AND kind = 'paragraph' ORDER BY n LIMIT 1";
                let lead: Option<String> = self.connection.prepare_cached(sql)?.query_map([story], |row| row.get(0))?.next().transpose()?;
                (row.headline.clone(), lead.map(|lead| beginning(&lead)))
            }
        };
        let [headline_marks, snippet] = [headline, snippet].map(|text| Marked::read(text.as_deref().unwrap_or_default()));
        Ok(Some(Hit { story: row, score: rank.map(|rank| -rank), headline_marks, snippet }))
    }
}

/// As many words as a snippet has.
fn beginning(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(WORDS as usize + 1).collect();
    let dots = if words.len() > WORDS as usize { "…" } else { "" };
    words[..words.len().min(WORDS as usize)].join(" ") + dots
}
