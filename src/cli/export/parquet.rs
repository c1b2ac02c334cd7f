//! Exports to Parquet: typed tables, one folder a year.

use super::files::cannot_write;
use super::{Task, What};
use crate::cli::exit::Exit;
use anyhow::{Result, anyhow};
use archive::Story;
use archive::export::columns::{ANNOTATIONS, PARAGRAPHS, QUOTES, STORIES, Table};
use archive::export::parquet::{Mismatch, Parted, Row};
use archive::store::catalog::{AnnotatedStory, Paragraph, QuoteQuery, QuoteRow, StoryRow};
use rayon::prelude::*;
use serde::Serialize;
use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Rows that are read together, and written while the next are read.
const BATCH: usize = 512;

/// Something that makes a row.
trait TableRow: Send {
    /// Its day.
    fn date(&self) -> Option<&str>;
    /// Gives a row its columns.
    fn fill(&self, row: &mut Row<'_>) -> Result<(), Mismatch>;
}

macro_rules! rows {
    ($($kind:ty),*) => {$(
        impl TableRow for $kind {
            fn date(&self) -> Option<&str> {
                self.date.as_deref()
            }

            fn fill(&self, row: &mut Row<'_>) -> Result<(), Mismatch> {
                row.fill(self)
            }
        }
    )*};
}

rows!(Paragraph, QuoteRow, AnnotatedStory);

/// A record with what the catalog says of it.
struct StoryWithRow {
    story: Story,
    row: StoryRow,
}

/// What stands before the fields of the record.
#[derive(Serialize)]
struct Times<'a> {
    date: Option<&'a str>,
    published_at: Option<&'a str>,
}

/// What stands after them.
#[derive(Serialize)]
struct Said<'a> {
    annotations: Annotations<'a>,
}

#[derive(Serialize)]
struct Annotations<'a> {
    tags: &'a [String],
    collections: &'a [String],
    notes: &'a [String],
}

impl TableRow for StoryWithRow {
    fn date(&self) -> Option<&str> {
        self.row.date.as_deref()
    }

    fn fill(&self, row: &mut Row<'_>) -> Result<(), Mismatch> {
        let published = self.story.published.as_deref();
        row.fill(&Times {
            date: self.date(),
            // A day alone is no point in time.
            published_at: published.filter(|published| published.contains('T')),
        })?;
        row.fill(&self.story)?;
        row.fill(&Said {
            annotations: Annotations {
                tags: &self.row.tags,
                collections: &self.row.collections,
                notes: &self.row.notes,
            },
        })
    }
}

/// Writes what is asked for as Parquet files.
pub(crate) fn files(task: &Task<'_>) -> Result<Exit> {
    let (catalog, query) = (task.catalog, &task.query);
    match task.args.what {
        What::Stories => write(task, STORIES, |batches| read_stories(task, batches)),
        What::Paragraphs => write(task, PARAGRAPHS, |batches| {
            catalog.each_paragraph(query, |row| batches.add(row))?;
            Ok(Exit::Ok)
        }),
        What::Quotes => write(task, QUOTES, |batches| {
            catalog.each_quote(&QuoteQuery::all(query.clone()), |row| batches.add(row))?;
            Ok(Exit::Ok)
        }),
        What::Annotations => write(task, ANNOTATIONS, |batches| {
            catalog.each_annotation(query, None, |row| batches.add(row))?;
            Ok(Exit::Ok)
        }),
    }
}

/// Writes the rows that `read` finds, on a thread of its own.
fn write<R: TableRow>(
    task: &Task<'_>,
    table: Table,
    read: impl FnOnce(&mut Batches<R>) -> Result<Exit>,
) -> Result<Exit> {
    // `Args::check` has seen to it.
    let Some(path) = &task.args.output else {
        return Ok(Exit::Usage);
    };
    let (writer, batches) = sync_channel(1);
    let (exit, written) = std::thread::scope(|scope| {
        let written = scope.spawn(move || write_batches(batches, path, table));
        let mut batches = Batches {
            rows: Vec::new(),
            writer,
        };
        let exit = read(&mut batches).and_then(|exit| batches.send().map(|()| exit));
        drop(batches);
        (exit, written.join())
    });
    let written = written.map_err(|_| anyhow!("{}: the writer failed", path.display()))?;
    // What could not be written ends the reading, too, so it is the cause.
    let count = written.map_err(|error| cannot_write(path, &error))?;
    let exit = exit?;
    task.screen.remark(&format_args!(
        "{}: {count} {} written",
        path.display(),
        if count == 1 { "file" } else { "files" }
    ));
    Ok(exit)
}

fn write_batches<R: TableRow>(
    batches: Receiver<Vec<R>>,
    path: &Path,
    table: Table,
) -> io::Result<u32> {
    let mut files = Parted::create(path, table)?;
    for row in batches.into_iter().flatten() {
        files.add(row.date(), |columns| row.fill(columns))?;
    }
    files.finish()
}

/// Reads the records of stories on all threads. One that cannot be read is named.
fn read_stories(task: &Task<'_>, batches: &mut Batches<StoryWithRow>) -> Result<Exit> {
    let mut any_failed = false;
    let mut rows = Vec::with_capacity(BATCH);
    let mut flush = |rows: &mut Vec<StoryRow>| {
        let root = task.args.place.root();
        let stories: Vec<Result<StoryWithRow>> = rows
            .par_drain(..)
            .map(|row| {
                let story = archive::store::record(root, &row.record)?;
                Ok(StoryWithRow { story, row })
            })
            .collect();
        for story in stories {
            match story {
                Ok(story) => batches.rows.push(story),
                Err(error) => {
                    task.screen.complain(&error);
                    any_failed = true;
                }
            }
        }
        batches.send()
    };
    task.catalog.each_story(&task.query, |row| {
        rows.push(row);
        if rows.len() == BATCH {
            flush(&mut rows)?;
        }
        anyhow::Ok(())
    })?;
    flush(&mut rows)?;
    Ok(Exit::failed_if(any_failed))
}

/// Rows on their way to the writer.
struct Batches<R> {
    rows: Vec<R>,
    writer: SyncSender<Vec<R>>,
}

impl<R> Batches<R> {
    fn add(&mut self, row: R) -> Result<()> {
        self.rows.push(row);
        if self.rows.len() >= BATCH {
            self.send()?;
        }
        Ok(())
    }

    /// Hands the rows on.
    fn send(&mut self) -> Result<()> {
        let rows = std::mem::take(&mut self.rows);
        // A writer that is gone has failed, and says why itself.
        self.writer
            .send(rows)
            .map_err(|_| anyhow!("the writer has stopped"))
    }
}
