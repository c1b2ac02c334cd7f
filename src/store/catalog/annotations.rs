//! What people say of stories: the lines of the annotations added up, as a table.

use super::Catalog;
use super::condition::condition;
use super::find::{IN_ORDER, ORDER};
use crate::store::annotations::file::{last, lines};
use crate::store::annotations::{AnnotationKind, AnnotationRow, State};
use crate::store::error::ArchiveError;
use crate::store::ledger::Last;
use crate::store::query::Query;
use crate::store::story_id::StoryId;
use crate::text::Span;
use rusqlite::types::Value;
use rusqlite::{Row, params};
use serde::Serialize;
use std::path::Path;

/// An annotation with the story that it is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnnotatedStory {
    /// The story's id.
    pub id: StoryId,
    /// The story's day.
    pub date: Option<String>,
    /// The story's agency.
    pub agency: Option<String>,
    /// The story's headline.
    pub headline: Option<String>,
    /// `collection`, `note`, `tag` or `verdict`.
    pub kind: String,
    /// The collection's name, the note, the tag; `right` or `wrong`.
    pub value: String,
    /// Since when, RFC 3339.
    pub time: String,
    /// Which quote of the story a verdict is on, from 0; none if the record has no such quote any
    /// more.
    pub quote: Option<u64>,
}

/// A tag or collection with its stories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnnotationCount {
    /// The tag, or the collection's name.
    pub name: String,
    /// How many stories have it.
    pub stories: u64,
    /// When a story got it last, RFC 3339.
    pub last: String,
}

impl Catalog {
    /// Returns whether the catalog has what the annotations below `root` say.
    pub(crate) fn has_annotations_of(&self, root: &Path) -> Result<bool, ArchiveError> {
        Ok(self.annotated()? == last(root)?)
    }

    /// Returns the last line of the annotations that the catalog has.
    fn annotated(&self) -> Result<Last, ArchiveError> {
        let read = |row: &Row<'_>| {
            Ok(Last {
                n: row.get(0)?,
                check: row.get(1)?,
            })
        };
        self.connection
            .query_row("SELECT position, line_check FROM annotated", [], read)
            .map_err(self.failed())
    }

    /// Takes in what the annotations below `root` say, if it is not what the catalog has: all of
    /// it, since a line may come before others in time.
    pub(crate) fn follow_annotations(&mut self, root: &Path) -> Result<(), ArchiveError> {
        let last = last(root)?;
        if self.annotated()? == last {
            return Ok(());
        }
        let state = State::of(lines(root)?);
        let path = &self.path;
        let connection = &mut self.connection;
        let mut go = || {
            let transaction = connection.transaction()?;
            transaction.execute("DELETE FROM annotations", [])?;
            for row in state.rows() {
                transaction
                    .prepare_cached("INSERT INTO annotations VALUES (?, ?, ?, ?, ?, ?, ?)")?
                    .execute(params![
                        row.id,
                        row.kind.name(),
                        row.value,
                        row.time,
                        row.span.map(|span| span.start),
                        row.span.map(|span| span.end),
                        row.speaker,
                    ])?;
            }
            transaction.execute(
                "UPDATE annotated SET position = ?1, line_check = ?2",
                params![last.n, last.check],
            )?;
            transaction.commit()
        };
        go().map_err(|error| super::failure(path, &error))
    }

    /// Returns whether the table says something else than the lines below `root`. They must be the
    /// lines that the catalog has.
    pub(crate) fn annotations_differ(&self, root: &Path) -> Result<bool, ArchiveError> {
        let state = State::of(lines(root)?);
        let find = || {
            self.connection
                .prepare(
                    "SELECT id, kind, value, time, start, \"end\", speaker
                     FROM annotations ORDER BY rowid",
                )?
                .query_map([], |row| {
                    let (start, end): (Option<usize>, Option<usize>) = (row.get(4)?, row.get(5)?);
                    Ok(AnnotationRow {
                        id: row.get(0)?,
                        kind: row.get(1)?,
                        value: row.get(2)?,
                        time: row.get(3)?,
                        span: start.zip(end).map(|(start, end)| Span::new(start, end)),
                        speaker: row.get(6)?,
                    })
                })?
                .collect::<rusqlite::Result<Vec<_>>>()
        };
        let found = find().map_err(self.failed())?;
        Ok(!found.iter().eq(state.rows()))
    }

    /// Hands what people say of the stories that `query` finds to `take`, in the order of stories;
    /// only annotations of `kind`, if one is given.
    ///
    /// # Errors
    ///
    /// If the catalog cannot be read, and those of `take`.
    pub fn each_annotation<E: From<ArchiveError>>(
        &self,
        query: &Query,
        kind: Option<AnnotationKind>,
        take: impl FnMut(AnnotatedStory) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut condition = condition(query);
        if let Some(kind) = kind {
            condition.text.push_str(" AND annotations.kind = ?");
            condition.values.push(Value::from(kind.name().to_owned()));
        }
        let sql = format!(
            "SELECT stories.id, date, agency, headline, annotations.kind, value, time,
                 (SELECT n FROM quotes WHERE quotes.story = stories.story
                     AND quotes.span_start = annotations.start
                     AND quotes.span_end = annotations.\"end\"
                     AND quotes.speaker IS annotations.speaker)
             FROM {IN_ORDER} CROSS JOIN annotations ON annotations.id = stories.id WHERE {}
             ORDER BY {ORDER}, annotations.rowid",
            condition.text
        );
        let read = |row: &Row<'_>| {
            Ok(AnnotatedStory {
                id: row.get(0)?,
                date: row.get(1)?,
                agency: row.get(2)?,
                headline: row.get(3)?,
                kind: row.get(4)?,
                value: row.get(5)?,
                time: row.get(6)?,
                quote: row.get(7)?,
            })
        };
        self.each_row(&sql, condition.values, read, take)
    }

    /// Hands the tags or the collections to `take`, with how many stories each has, by name.
    ///
    /// # Errors
    ///
    /// If the catalog cannot be read, and those of `take`.
    pub fn each_annotation_name<E: From<ArchiveError>>(
        &self,
        kind: AnnotationKind,
        take: impl FnMut(AnnotationCount) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = "SELECT value, count(*), max(time) FROM annotations WHERE kind = ? GROUP BY value
                   ORDER BY value";
        let read = |row: &Row<'_>| {
            Ok(AnnotationCount {
                name: row.get(0)?,
                stories: row.get(1)?,
                last: row.get(2)?,
            })
        };
        self.each_row(sql, vec![Value::from(kind.name().to_owned())], read, take)
    }
}
