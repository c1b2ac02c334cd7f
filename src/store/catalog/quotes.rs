//! Who said what, and who is quoted most.

use super::Catalog;
use super::condition::{Sql, condition};
use super::find::{IN_ORDER, ORDER};
use crate::store::directory::story_id::StoryId;
use crate::store::error::ArchiveError;
use crate::store::query::{Field, Query, QueryError};
use rusqlite::Row;
use rusqlite::types::Value;
use serde::Serialize;

/// Which quotes are asked for: those of stories that a query finds, by their speaker and cue.
/// Words that nobody said (titles, irony) are left out unless `all`, reported statements without
/// marks unless `all` or `indirect`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuoteQuery {
    query: Query,
    speaker: Option<(String, bool)>,
    cue: Option<(String, bool)>,
    all: bool,
    indirect: bool,
}

/// A quote with its story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct QuoteRow {
    /// The story's id.
    pub id: StoryId,
    /// The story's day.
    pub date: Option<String>,
    /// The story's agency.
    pub agency: Option<String>,
    /// The story's headline.
    pub headline: Option<String>,
    /// Which quote of the story, from 0.
    pub n: u64,
    /// `direct`, `mixed`, `scare` or `indirect`.
    pub kind: String,
    /// Fullest name that the story gives.
    pub speaker: Option<String>,
    /// The speaker's title or description.
    pub title: Option<String>,
    /// The speaker as mentioned beside the quote.
    pub mention: Option<String>,
    /// The verb or phrase that attributes it.
    pub cue: Option<String>,
    /// The words.
    pub text: String,
    /// Which paragraph it stands in, from 0.
    pub block: u64,
    /// First code point in that paragraph.
    pub start: u64,
    /// One past the last.
    pub end: u64,
    /// The quote that this one continues.
    pub part_of: Option<u64>,
}

/// A speaker, by the name that stories give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SpeakerRow {
    /// The name.
    pub speaker: String,
    /// Quotes, without words that nobody said.
    pub quotes: u64,
    /// Stories that have them.
    pub stories: u64,
    /// Day of the first; none if no story has a day.
    pub first_date: Option<String>,
    /// Day of the last.
    pub last_date: Option<String>,
}

impl QuoteQuery {
    /// Every quote of the stories that `query` finds, words that nobody said among them.
    pub fn all(query: Query) -> Self {
        Self {
            query,
            all: true,
            ..Self::default()
        }
    }

    /// The quotes of the stories that `query` finds.
    pub fn of(query: Query) -> Self {
        Self {
            query,
            ..Self::default()
        }
    }

    /// Only quotes of speakers who have these words in their name or title, one after the other; a
    /// `*` at the end stands for whatever follows.
    ///
    /// # Errors
    ///
    /// If `speaker` holds no word.
    pub fn by(mut self, speaker: &str) -> Result<Self, QueryError> {
        // The full text knows the stories; which of their quotes are meant is seen by each.
        self.query = self.query.with(Field::Speaker, speaker)?;
        self.speaker = Some(starred(speaker));
        Ok(self)
    }

    /// Only quotes that are attributed with these words: `said`, `told reporters`, `warn*`.
    #[must_use]
    pub fn with_cue(mut self, cue: &str) -> Self {
        self.cue = Some(starred(cue));
        self
    }

    /// Reported statements without marks as well.
    #[must_use]
    pub fn with_indirect(mut self, indirect: bool) -> Self {
        self.indirect = indirect;
        self
    }

    fn condition(&self) -> Sql {
        let mut sql = condition(&self.query);
        let sides = [
            (
                &self.speaker,
                "quotes.speaker || coalesce(', ' || quotes.title, '')",
            ),
            (&self.cue, "quotes.cue"),
        ];
        for (wanted, column) in sides {
            if let Some((words, prefix)) = wanted {
                sql.text
                    .push_str(&format!(" AND has_words({column}, ?, ?)"));
                sql.values
                    .extend([Value::from(words.clone()), Value::from(*prefix)]);
            }
        }
        if !self.all {
            sql.text.push_str(match self.indirect {
                true => " AND quotes.kind <> 'scare'",
                false => " AND quotes.kind IN ('direct', 'mixed')",
            });
        }
        sql
    }
}

fn starred(words: &str) -> (String, bool) {
    match words.strip_suffix('*') {
        Some(start) => (start.to_owned(), true),
        None => (words.to_owned(), false),
    }
}

impl Catalog {
    /// Hands the quotes that are asked for to `take`, in the order of stories and, in each, of the
    /// text.
    ///
    /// # Errors
    ///
    /// If the catalog cannot be read, and those of `take`.
    pub fn each_quote<E: From<ArchiveError>>(
        &self,
        wanted: &QuoteQuery,
        take: impl FnMut(QuoteRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let condition = wanted.condition();
        let sql = format!(
            "SELECT id, date, agency, headline, n, kind, speaker, title, mention, cue, text, \
             block, start, \"end\", part_of
             FROM {IN_ORDER} CROSS JOIN quotes ON quotes.story = stories.story WHERE {} ORDER BY \
             {ORDER}, quotes.n",
            condition.text
        );
        let read = |row: &Row<'_>| {
            Ok(QuoteRow {
                id: row.get(0)?,
                date: row.get(1)?,
                agency: row.get(2)?,
                headline: row.get(3)?,
                n: row.get(4)?,
                kind: row.get(5)?,
                speaker: row.get(6)?,
                title: row.get(7)?,
                mention: row.get(8)?,
                cue: row.get(9)?,
                text: row.get(10)?,
                block: row.get(11)?,
                start: row.get(12)?,
                end: row.get(13)?,
                part_of: row.get(14)?,
            })
        };
        self.each_row(&sql, condition.values, read, take)
    }

    /// Hands the speakers of the quotes that are asked for to `take`, most quoted first, at most
    /// `limit`.
    ///
    /// # Errors
    ///
    /// If the catalog cannot be read, and those of `take`.
    pub fn each_speaker<E: From<ArchiveError>>(
        &self,
        wanted: &QuoteQuery,
        limit: Option<usize>,
        take: impl FnMut(SpeakerRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut condition = wanted.condition();
        condition.values.push(super::stats::limit(limit));
        let sql = format!(
            "SELECT speaker, count(*), count(DISTINCT stories.story), min(date), max(date)
             FROM stories CROSS JOIN quotes ON quotes.story = stories.story WHERE {} AND speaker \
             IS NOT NULL
             GROUP BY speaker ORDER BY 2 DESC, 3 DESC, 1 LIMIT ?",
            condition.text
        );
        let read = |row: &Row<'_>| {
            Ok(SpeakerRow {
                speaker: row.get(0)?,
                quotes: row.get(1)?,
                stories: row.get(2)?,
                first_date: row.get(3)?,
                last_date: row.get(4)?,
            })
        };
        self.each_row(&sql, condition.values, read, take)
    }
}
