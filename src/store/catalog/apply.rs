//! Keeping the catalog current: a batch of stories, a transaction.

use super::Catalog;
use super::link::{self, Unlinked};
use crate::store::directory::layout::day_of;
use crate::store::error::ArchiveError;
use crate::store::kin::Features;
use crate::store::ledger::Line;
use crate::story::{Author, BlockKind, Quote, SpeakerKind, Story};
use crate::text::searchable;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Result, Transaction, params};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

/// What the catalog says of a story, worked out beforehand, on any thread.
#[derive(Clone, Debug)]
pub struct CatalogEntry {
    story: Arc<Story>,
    day: Option<String>,
    words: usize,
    blocks: String,
    body: Option<String>,
    features: Features,
}

impl CatalogEntry {
    /// Works it out.
    pub fn new(story: Arc<Story>) -> Self {
        let day = day_of(&story);
        let texts: Vec<&str> = story.body.iter().map(|block| block.text.as_str()).collect();
        let blocks: Vec<(&str, &str)> = story
            .body
            .iter()
            .map(|block| (kind_of(block.kind), block.text.as_str()))
            .collect();
        Self {
            words: texts
                .iter()
                .map(|text| text.split_whitespace().count())
                .sum(),
            // Strings alone: it cannot fail.
            blocks: serde_json::to_string(&blocks).unwrap_or_default(),
            body: joined(&texts),
            features: Features::of(&story, day.as_deref()),
            day,
            story,
        }
    }

    /// Returns the story itself.
    pub fn story(&self) -> &Arc<Story> {
        &self.story
    }

    /// Returns what its kin are found by.
    pub(crate) fn features(&self) -> &Features {
        &self.features
    }
}

/// A story that is new in the archive, or whose record is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change<'a> {
    /// What the record says.
    pub entry: &'a CatalogEntry,
    /// The record's path below the archive directory, with `/`.
    pub record: &'a str,
    /// SHA-256 of the record's file, in hex.
    pub record_sha256: &'a str,
    /// Size of the record's file.
    pub record_bytes: u64,
    /// The ledger line that brought the record.
    pub ledger: u64,
    /// The one that brought the story; the first one stays.
    pub first_ledger: u64,
}

/// A ledger line: where a story came from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Provenance<'a> {
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
    /// The options that it was given, as JSON.
    pub options: &'a str,
    /// What else there is to say.
    pub note: Option<&'a str>,
}

impl<'a> Provenance<'a> {
    /// Returns what a ledger line says, given its options as JSON.
    pub(crate) fn of(line: &'a Line, options: &'a str) -> Self {
        Self {
            ledger: line.n,
            id: &line.id,
            sha256: &line.sha256,
            path: line.path.as_deref(),
            member: line.member.as_deref(),
            time: &line.time,
            event: line.event.name(),
            program: &line.program,
            options,
            note: line.note.as_deref(),
        }
    }
}

impl Catalog {
    /// Takes in what happened up to the ledger line `position`, whose check is given: all of it or,
    /// on an error, nothing. What is known already is left alone, so that a batch may come twice.
    /// `unread` are the ids of stories whose records could not be read, and why.
    pub(crate) fn apply(
        &mut self,
        changes: &[Change<'_>],
        unread: &[(&str, String)],
        provenance: &[Provenance<'_>],
        position: u64,
        check: &str,
    ) -> Result<(), ArchiveError> {
        let path = &self.path;
        let transaction = self
            .connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate);
        let run = |transaction: Transaction<'_>| {
            let mut writer = Writer::new(&transaction)?;
            let (mut new, mut torn) = (Vec::new(), FxHashSet::default());
            for (change, first_line) in once_each(changes) {
                if let Some(story) = writer.story(change, first_line, &mut torn)? {
                    new.push(Unlinked {
                        story,
                        features: change.entry.features(),
                    });
                }
            }
            let others = link::take_apart(&transaction, &torn)?;
            let others = others.iter().map(|(story, features)| Unlinked {
                story: *story,
                features,
            });
            let unlinked: Vec<Unlinked<'_>> = others.chain(new).collect();
            link::link(&transaction, &unlinked)?;
            writer.unread(unread, changes)?;
            for line in provenance {
                writer.source(line)?;
            }
            drop(writer);
            transaction.execute(
                "UPDATE applied SET position = ?1, line_check = ?2 WHERE position <= ?1",
                params![position, check],
            )?;
            transaction.commit()
        };
        transaction
            .and_then(run)
            .map_err(|error| super::failure(path, &error))
    }
}

/// Enters stories under the numbers that another catalog gave them, to compare the two.
pub(super) fn enter(connection: &Connection, stories: &[(i64, Change<'_>)]) -> Result<()> {
    let mut writer = Writer::new(connection)?;
    stories.iter().try_for_each(|(number, change)| {
        writer
            .insert(change, Some(*number), change.first_ledger)
            .map(drop)
    })
}

/// Returns the last change of each story, and the first line that brought it.
fn once_each<'c>(changes: &'c [Change<'c>]) -> impl Iterator<Item = (&'c Change<'c>, u64)> {
    struct Lines {
        first: u64,
        last: u64,
    }
    let mut lines: FxHashMap<&str, Lines> = FxHashMap::default();
    for change in changes {
        let lines = lines.entry(&change.entry.story().id).or_insert(Lines {
            first: change.first_ledger,
            last: 0,
        });
        lines.last = change.ledger;
    }
    changes.iter().filter_map(move |change| {
        let lines = lines.get(change.entry.story().id.as_str())?;
        (lines.last == change.ledger).then_some((change, lines.first))
    })
}

/// The statements of one batch.
struct Writer<'c> {
    connection: &'c Connection,
    known: CachedStatement<'c>,
    confirm: CachedStatement<'c>,
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
            known: connection.prepare_cached(
                "SELECT story, record, record_sha256, first_ledger FROM stories WHERE id = ?",
            )?,
            confirm: connection.prepare_cached(
                "UPDATE stories SET record_ledger = max(record_ledger, ?2) WHERE story = ?1",
            )?,
            story: insert("stories", 36)?,
            author: insert("authors", 7)?,
            quote: insert("quotes", 17)?,
            warning: insert("warnings", 4)?,
            body: insert("bodies", 2)?,
            text: insert(
                "fulltext (rowid, headline, subheadline, slug, authors, place, speakers, body)",
                8,
            )?,
            source: connection.prepare_cached(
                "INSERT OR IGNORE INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?,
        })
    }

    /// Takes in a story and returns its number, if it has anything new to say. The chain that it
    /// leaves is added to `torn`.
    fn story(
        &mut self,
        change: &Change<'_>,
        mut first: u64,
        torn: &mut FxHashSet<i64>,
    ) -> Result<Option<i64>> {
        let known = self.known.query_row([&change.entry.story.id], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
                row.get::<_, u64>(3)?,
            ))
        });
        let mut key = None;
        if let Some((story, record, record_sha256, first_ledger)) = known.optional()? {
            if record == change.record && record_sha256 == change.record_sha256 {
                self.confirm.execute(params![story, change.ledger])?;
                return Ok(None);
            }
            torn.extend(remove(self.connection, story)?);
            (key, first) = (Some(story), first_ledger.min(first));
        }
        self.insert(change, key, first).map(Some)
    }

    /// Enters a story, under a number of its own or the next free one, and returns the number.
    fn insert(
        &mut self,
        change: &Change<'_>,
        number: Option<i64>,
        first_ledger: u64,
    ) -> Result<i64> {
        let number = self.row(change, number, first_ledger)?;
        let CatalogEntry { story, blocks, .. } = change.entry;
        for (n, author) in authors(story).iter().enumerate() {
            self.author.execute(params![
                number,
                n,
                author.name,
                author.role,
                author.affiliation,
                author.location,
                author.contact
            ])?;
        }
        for (n, quote) in story.quotes.iter().enumerate() {
            self.quote(number, n, quote)?;
        }
        for (n, warning) in story.warnings.iter().enumerate() {
            self.warning
                .execute(params![number, n, warning.code.name(), warning.message])?;
        }
        self.body.execute(params![number, blocks])?;
        self.full_text(number, change.entry)?;
        Ok(number)
    }

    /// Enters the row of a story itself.
    fn row(&mut self, change: &Change<'_>, number: Option<i64>, first_ledger: u64) -> Result<i64> {
        let Change {
            entry,
            record,
            record_sha256,
            record_bytes,
            ledger,
            ..
        } = *change;
        let story = &*entry.story;
        let dateline = story.dateline.as_ref();
        let place = dateline.and_then(|dateline| dateline.place.as_deref());
        let region = dateline.and_then(|dateline| dateline.region.as_deref());
        let wire = story.wire.as_ref();
        let row = params![
            number,
            story.id,
            entry.day,
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
            entry.words,
            story
                .quotes
                .iter()
                .filter(|quote| quote.kind.is_marked_speech())
                .count(),
            story.warnings.len(),
            story.source.bytes,
            story.source.encoding,
            story.source.format.name(),
            story.source.sha256,
            record,
            record_sha256,
            record_bytes,
            ledger,
            first_ledger,
        ];
        self.story.execute(row)?;
        Ok(number.unwrap_or_else(|| self.connection.last_insert_rowid()))
    }

    /// Enters the words of a story in the full text: those of the view `texts`, as people type
    /// them.
    fn full_text(&mut self, number: i64, entry: &CatalogEntry) -> Result<()> {
        let story = &*entry.story;
        let names: Vec<&str> = authors(story)
            .iter()
            .map(|author| author.name.as_str())
            .collect();
        let dateline = story.dateline.as_ref();
        let place = dateline.and_then(|dateline| dateline.place.as_deref());
        let region = dateline.and_then(|dateline| dateline.region.as_deref());
        let place = match (place, region) {
            (Some(place), Some(region)) => Some(format!("{place}, {region}")),
            (place, region) => place.or(region).map(str::to_owned),
        };
        let (names, speakers) = (joined(&names), joined(&speakers(story)));
        self.text.execute(params![
            number,
            typed(&story.headline),
            typed(&story.subheadline),
            typed(&story.slug),
            typed(&names),
            typed(&place),
            typed(&speakers),
            typed(&entry.body),
        ])?;
        Ok(())
    }

    fn quote(&mut self, key: i64, n: usize, quote: &Quote) -> Result<()> {
        let speaker = quote.speaker.as_ref();
        let gender = speaker.and_then(|speaker| speaker.gender);
        self.quote.execute(params![
            key,
            n,
            quote.kind.name(),
            quote.text,
            speaker.map(|speaker| &speaker.name),
            speaker.and_then(|speaker| speaker.title.as_ref()),
            speaker.map(|speaker| &speaker.mention),
            speaker
                .and_then(|speaker| speaker.kind)
                .map(SpeakerKind::name),
            gender.map(|gender| gender.value.name()),
            gender.map(|gender| gender.from.name()),
            quote.cue.as_ref().map(|cue| &cue.text),
            quote.block,
            quote.start,
            quote.end,
            quote.part_of,
            quote.span.start,
            quote.span.end,
        ])?;
        Ok(())
    }

    /// Notes the stories that could not be read, and forgets those that now can.
    fn unread(&mut self, unread: &[(&str, String)], changes: &[Change<'_>]) -> Result<()> {
        if self
            .connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM unread)")?
            .query_row([], |row| row.get(0))?
        {
            let mut delete = self
                .connection
                .prepare_cached("DELETE FROM unread WHERE id = ?")?;
            changes
                .iter()
                .try_for_each(|change| delete.execute([&change.entry.story.id]).map(drop))?;
        }
        let sql = "INSERT OR REPLACE INTO unread SELECT ?1, ?2
                   WHERE NOT EXISTS (SELECT 1 FROM stories WHERE id = ?1)";
        let mut insert = self.connection.prepare_cached(sql)?;
        unread
            .iter()
            .try_for_each(|(id, reason)| insert.execute([*id, reason]).map(drop))
    }

    fn source(&mut self, line: &Provenance<'_>) -> Result<()> {
        let Provenance {
            ledger,
            id,
            sha256,
            path,
            member,
            time,
            event,
            program,
            options,
            note,
        } = *line;
        self.source.execute(params![
            id, ledger, sha256, path, member, time, event, program, options, note
        ])?;
        Ok(())
    }
}

/// Takes a story out of all tables and returns the chain that it leaves; the full text has to
/// be given what it held.
fn remove(connection: &Connection, story: i64) -> Result<Option<i64>> {
    connection
        .prepare_cached(
            "INSERT INTO fulltext (fulltext, rowid, headline, subheadline, slug, authors, place,
                 speakers, body)
             SELECT 'delete', story, searchable(headline), searchable(subheadline),
                 searchable(slug), searchable(authors), searchable(place), searchable(speakers),
                 searchable(body)
             FROM texts WHERE story = ?",
        )?
        .execute([story])?;
    let chain = link::unlink(connection, story)?;
    for table in ["authors", "quotes", "warnings", "bodies", "stories"] {
        connection
            .prepare_cached(&format!("DELETE FROM {table} WHERE story = ?"))?
            .execute([story])?;
    }
    Ok(chain)
}

/// Returns the people of the byline.
fn authors(story: &Story) -> &[Author] {
    story
        .byline
        .as_ref()
        .map(|byline| byline.authors.as_slice())
        .unwrap_or_default()
}

/// Who is quoted, each once, as the view `texts` has it.
fn speakers(story: &Story) -> Vec<String> {
    let mut seen = HashSet::new();
    let speakers = story
        .quotes
        .iter()
        .filter_map(|quote| quote.speaker.as_ref());
    let named = speakers.map(|speaker| match &speaker.title {
        Some(title) => format!("{}, {title}", speaker.name),
        None => speaker.name.clone(),
    });
    named.filter(|name| seen.insert(name.clone())).collect()
}

/// Returns a text as the full text has it.
fn typed(text: &Option<String>) -> Option<Cow<'_, str>> {
    text.as_deref().map(searchable)
}

/// Lines, or nothing where there are none: as SQLite's `group_concat` has it.
fn joined<S: std::borrow::Borrow<str>>(lines: &[S]) -> Option<String> {
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Returns the name of a kind of block, as in the record.
fn kind_of(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Paragraph => "paragraph",
        BlockKind::Crosshead => "crosshead",
        BlockKind::ListItem => "list_item",
        BlockKind::Preformatted => "preformatted",
        BlockKind::BlockQuote => "block_quote",
    }
}
