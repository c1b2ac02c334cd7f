//! Keeping the catalog current: a batch of stories, a transaction.

use super::{Catalog, chains};
use crate::Story;
use crate::archive::ArchiveError;
use crate::archive::layout::day_of;
use crate::story::{BlockKind, Quote, QuoteKind};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Result, Transaction, params};
use std::collections::HashSet;

/// A story that is new in the archive, or whose record is.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// What the record says.
    pub story: &'a Story,
    /// The record's path below the archive directory, with `/`.
    pub record: &'a str,
    /// SHA-256 of the record's file, in hex.
    pub record_sha256: &'a str,
    /// The ledger line that brought the story; the first one stays.
    pub first_ledger: u64,
}

/// A ledger line: where a story came from.
#[derive(Clone, Copy, Debug)]
pub struct Provenance<'a> {
    /// Its number.
    pub ledger: u64,
    /// The story's id.
    pub id: &'a str,
    /// SHA-256 of the story's bytes, in hex.
    pub sha256: &'a str,
    /// The file; none for standard input.
    pub path: Option<&'a str>,
    /// Which story of the file, where it holds several.
    pub member: Option<&'a str>,
    /// RFC 3339.
    pub time: &'a str,
    /// What happened: `stored`, `updated`, `source`, …
    pub event: &'a str,
    /// The program that read it: `archive 0.1.0`.
    pub program: &'a str,
    /// What it was told, as JSON.
    pub options: &'a str,
    /// What else there is to say.
    pub note: Option<&'a str>,
}

impl Catalog {
    /// Takes in what happened up to ledger line `position`: all of it or, on an error, nothing. What
    /// is known already is left alone, so that a batch may come twice.
    pub fn apply(&mut self, changes: &[Change<'_>], provenance: &[Provenance<'_>], position: u64) -> Result<(), ArchiveError> {
        let path = &self.path;
        let transaction = self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate);
        let run = |transaction: Transaction<'_>| {
            let mut writer = Writer::new(&transaction)?;
            for change in changes {
                writer.story(change)?;
            }
            for line in provenance {
                writer.source(line)?;
            }
            drop(writer);
            transaction.execute("UPDATE applied SET position = max(position, ?)", [position])?;
            transaction.commit()
        };
        transaction.and_then(run).map_err(|error| super::failure(path, &error))
    }
}

/// The statements of one batch.
struct Writer<'c> {
    connection: &'c Connection,
    known: CachedStatement<'c>,
    story: CachedStatement<'c>,
    author: CachedStatement<'c>,
    quote: CachedStatement<'c>,
    warning: CachedStatement<'c>,
    body: CachedStatement<'c>,
    text: CachedStatement<'c>,
    source: CachedStatement<'c>,
}

impl<'c> Writer<'c> {
    fn new(connection: &'c Connection) -> Result<Self> {
        let insert = |table: &str, columns: usize| {
            let places = vec!["?"; columns].join(", ");
            connection.prepare_cached(&format!("INSERT INTO {table} VALUES ({places})"))
        };
        Ok(Self {
            connection,
            known: connection.prepare_cached("SELECT story, record, record_sha256, first_ledger FROM stories WHERE id = ?")?,
            story: insert("stories", 34)?,
            author: insert("authors", 7)?,
            quote: insert("quotes", 12)?,
            warning: insert("warnings", 4)?,
            body: insert("bodies", 2)?,
            text: insert("fulltext (rowid, headline, subheadline, slug, authors, place, speakers, body)", 8)?,
            source: connection.prepare_cached("INSERT OR IGNORE INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?,
        })
    }

    fn story(&mut self, change: &Change<'_>) -> Result<()> {
        let known = self.known.query_row([&change.story.id], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, u64>(3)?))
        });
        let (mut key, mut first) = (None, change.first_ledger);
        if let Some((story, record, record_sha256, first_ledger)) = known.optional()? {
            if record == change.record && record_sha256 == change.record_sha256 {
                return Ok(());
            }
            remove(self.connection, story)?;
            (key, first) = (Some(story), first_ledger.min(first));
        }
        self.insert(change, key, first)
    }

    fn insert(&mut self, change: &Change<'_>, key: Option<i64>, first_ledger: u64) -> Result<()> {
        let Change { story, record, record_sha256, .. } = *change;
        let dateline = story.dateline.as_ref();
        let place = dateline.and_then(|dateline| dateline.place.as_deref());
        let region = dateline.and_then(|dateline| dateline.region.as_deref());
        let wire = story.wire.as_ref();
        let words: usize = story.body.iter().map(|block| block.text.split_whitespace().count()).sum();
        self.story.execute(params![
            key,
            story.id,
            day_of(story),
            story.published,
            story.updated,
            story.headline,
            story.subheadline,
            story.slug,
            story.byline.as_ref().map(|byline| &byline.text),
            dateline.map(|dateline| &dateline.text),
            place,
            region,
            story.agency,
            story.version.as_ref().map(|version| &version.label),
            story.version.as_ref().and_then(|version| version.number),
            story.language,
            story.source_url,
            wire.and_then(|wire| wire.service.as_deref()),
            wire.and_then(|wire| wire.sequence.as_deref()),
            wire.and_then(|wire| wire.priority.as_deref()),
            wire.and_then(|wire| wire.category.as_deref()),
            wire.and_then(|wire| wire.publication.as_deref()),
            wire.and_then(|wire| wire.section.as_deref()),
            story.body.len(),
            words,
            story.quotes.iter().filter(|quote| quote.kind != QuoteKind::Scare).count(),
            story.warnings.len(),
            story.source.bytes,
            story.source.encoding,
            story.source.format,
            story.source.sha256,
            record,
            record_sha256,
            first_ledger,
        ])?;
        let key = key.unwrap_or_else(|| self.connection.last_insert_rowid());
        let authors = story.byline.as_ref().map(|byline| byline.authors.as_slice()).unwrap_or_default();
        for (n, author) in authors.iter().enumerate() {
            self.author.execute(params![key, n, author.name, author.role, author.affiliation, author.location, author.contact])?;
        }
        for (n, quote) in story.quotes.iter().enumerate() {
            self.quote(key, n, quote)?;
        }
        for (n, warning) in story.warnings.iter().enumerate() {
            self.warning.execute(params![key, n, warning.code, warning.message])?;
        }
        let blocks: Vec<(&str, &str)> = story.body.iter().map(|block| (kind_of(block.kind), block.text.as_str())).collect();
        // Strings alone: it cannot fail.
        self.body.execute(params![key, serde_json::to_string(&blocks).unwrap_or_default()])?;
        let names: Vec<&str> = authors.iter().map(|author| author.name.as_str()).collect();
        let texts: Vec<&str> = story.body.iter().map(|block| block.text.as_str()).collect();
        self.text.execute(params![
            key,
            story.headline,
            story.subheadline,
            story.slug,
            joined(&names),
            match (place, region) {
                (Some(place), Some(region)) => Some(format!("{place}, {region}")),
                (place, region) => place.or(region).map(str::to_owned),
            },
            joined(&speakers(story)),
            joined(&texts),
        ])?;
        chains::link(self.connection, key, story)
    }

    fn quote(&mut self, key: i64, n: usize, quote: &Quote) -> Result<()> {
        let speaker = quote.speaker.as_ref();
        self.quote.execute(params![
            key,
            n,
            match quote.kind {
                QuoteKind::Direct => "direct",
                QuoteKind::Mixed => "mixed",
                QuoteKind::Scare => "scare",
            },
            quote.text,
            speaker.map(|speaker| &speaker.name),
            speaker.and_then(|speaker| speaker.title.as_ref()),
            speaker.map(|speaker| &speaker.mention),
            quote.cue.as_ref().map(|cue| &cue.text),
            quote.block,
            quote.start,
            quote.end,
            quote.part_of,
        ])?;
        Ok(())
    }

    fn source(&mut self, line: &Provenance<'_>) -> Result<()> {
        let Provenance { ledger, id, sha256, path, member, time, event, program, options, note } = *line;
        self.source.execute(params![id, ledger, sha256, path, member, time, event, program, options, note])?;
        Ok(())
    }
}

/// Takes a story out of all tables; the full text wants to be told what it held.
fn remove(connection: &Connection, story: i64) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO fulltext (fulltext, rowid, headline, subheadline, slug, authors, place, speakers, body)
             SELECT 'delete', story, headline, subheadline, slug, authors, place, speakers, body FROM texts WHERE story = ?",
        )?
        .execute([story])?;
    chains::unlink(connection, story)?;
    for table in ["authors", "quotes", "warnings", "bodies", "stories"] {
        connection.prepare_cached(&format!("DELETE FROM {table} WHERE story = ?"))?.execute([story])?;
    }
    Ok(())
}

/// Who is quoted, each once, as the view `texts` has it.
fn speakers(story: &Story) -> Vec<String> {
    let mut seen = HashSet::new();
    let speakers = story.quotes.iter().filter_map(|quote| quote.speaker.as_ref());
    let named = speakers.map(|speaker| match &speaker.title {
        Some(title) => format!("{}, {title}", speaker.name),
        None => speaker.name.clone(),
    });
    named.filter(|name| seen.insert(name.clone())).collect()
}

/// Lines, or nothing where there are none: as SQLite's `group_concat` has it.
fn joined<S: std::borrow::Borrow<str>>(lines: &[S]) -> Option<String> {
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// The name of a kind of block, as in the record.
fn kind_of(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Paragraph => "paragraph",
        BlockKind::Crosshead => "crosshead",
        BlockKind::ListItem => "list_item",
        BlockKind::Preformatted => "preformatted",
        BlockKind::BlockQuote => "block_quote",
    }
}
