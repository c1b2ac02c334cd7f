//! What a writer of the archive asks the catalog.

use super::Catalog;
use crate::store::directory::fixity::Fixity;
use crate::store::error::ArchiveError;
use crate::store::ledger::Event;
use crate::store::ledger::index::{RecordOrigin, StoredRecord, source};
use crate::store::story_id::StoryId;
use rusqlite::{OptionalExtension, Result, Row};
use rustc_hash::FxHashSet;
use std::sync::Arc;

impl Catalog {
    /// Calls `each` with those of these stories that are there.
    pub(crate) fn stored(
        &self,
        mut ids: Vec<StoryId>,
        mut each: impl FnMut(StoryId, StoredRecord),
    ) -> std::result::Result<(), ArchiveError> {
        // In their order in the table, so that its pages are visited once.
        ids.sort_unstable();
        // Nearly all records of an archive were made in one way.
        let mut last: Option<(String, String, Arc<RecordOrigin>)> = None;
        let mut origin = |program: &str, options: &str| match &last {
            Some((known, with, origin)) if known == program && with == options => origin.clone(),
            _ => {
                let origin = Arc::new(RecordOrigin {
                    program: program.to_owned(),
                    options: serde_json::from_str(options).ok().flatten(),
                });
                last = Some((program.to_owned(), options.to_owned(), origin.clone()));
                origin
            }
        };
        let find = || {
            // One lock for all, and one state of the catalog.
            let _held = self.connection.unchecked_transaction()?;
            let mut statement = self.connection.prepare_cached(
                "SELECT stories.sha256, record, record_sha256, record_bytes, program, options, \
                 path, member, event
                 FROM stories JOIN sources ON sources.id = stories.id AND ledger = record_ledger
                 WHERE stories.id = ?",
            )?;
            for id in ids {
                let mut read = |row: &Row<'_>| {
                    let text = |column: usize| {
                        row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)
                    };
                    let (Some(sha256), Some(record_sha256)) =
                        (Fixity::read(text(0)?), Fixity::read(text(2)?))
                    else {
                        return Ok(None);
                    };
                    let origin = origin(text(4)?, text(5)?);
                    let optional = |column: usize| {
                        row.get_ref(column)?
                            .as_str_or_null()
                            .map_err(rusqlite::Error::from)
                    };
                    let place = if text(8)? == Event::Rebuilt.name() {
                        None
                    } else {
                        Some(source(sha256, optional(6)?, optional(7)?))
                    };
                    Ok(Some(StoredRecord {
                        sha256,
                        record: text(1)?.into(),
                        record_sha256,
                        record_bytes: row.get(3)?,
                        origin,
                        place,
                    }))
                };
                if let Some(stored) = statement
                    .query_row([id.to_string()], &mut read)
                    .optional()?
                    .flatten()
                {
                    each(id, stored);
                }
            }
            Ok(())
        };
        find().map_err(self.failed())
    }

    /// Returns whether these bytes are known to have come from this place.
    pub(crate) fn has_source(
        &self,
        sha256: Fixity,
        path: Option<&str>,
        member: Option<&str>,
    ) -> std::result::Result<bool, ArchiveError> {
        let find = || {
            let sql = "SELECT 1 FROM sources WHERE id = ? AND sha256 = ? AND path IS ?
                       AND member IS ? AND event NOT IN ('rebuilt', 'removed', 'struck')";
            self.connection.prepare_cached(sql)?.exists((
                sha256.short(),
                sha256.to_string(),
                path,
                member,
            ))
        };
        find().map_err(self.failed())
    }

    /// Calls `each` with all ids, in order.
    pub(crate) fn each_id(
        &self,
        mut each: impl FnMut(StoryId),
    ) -> std::result::Result<(), ArchiveError> {
        self.each_text("SELECT id FROM stories ORDER BY id", |id| {
            StoryId::read(id).into_iter().for_each(&mut each);
        })
    }

    /// Stories of the ledger that have no row, because their records could not be read.
    pub(crate) fn unread(&self) -> std::result::Result<FxHashSet<StoryId>, ArchiveError> {
        let mut ids = FxHashSet::default();
        self.each_text("SELECT id FROM unread", |id| ids.extend(StoryId::read(id)))?;
        Ok(ids)
    }

    /// Stories that were removed; some may be there again.
    pub(crate) fn removed(&self) -> std::result::Result<FxHashSet<StoryId>, ArchiveError> {
        let mut ids = FxHashSet::default();
        self.each_text("SELECT id FROM sources WHERE event = 'removed'", |id| {
            ids.extend(StoryId::read(id));
        })?;
        Ok(ids)
    }

    fn each_text(
        &self,
        sql: &str,
        mut each: impl FnMut(&str),
    ) -> std::result::Result<(), ArchiveError> {
        let mut find = || {
            let mut statement = self.connection.prepare_cached(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                each(row.get_ref(0)?.as_str()?);
            }
            Result::Ok(())
        };
        find().map_err(self.failed())
    }
}
