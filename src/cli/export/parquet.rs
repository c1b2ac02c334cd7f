//! Exports to Parquet: typed tables, one folder a year.

use super::files::cannot_write;
use super::{Task, What};
use crate::cli::exit::Exit;
use anyhow::{Result, anyhow};
use archive::export::columns::{ANNOTATIONS, PARAGRAPHS, QUOTES, STORIES, Table};
use archive::export::parquet::Parted;
use archive::store::catalog::{QuoteQuery, StoryRow};
use rayon::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Rows that are read together, and written while the next are read.
const BATCH: usize = 512;

/// A row with its day.
struct Row {
    date: Option<String>,
    columns: Value,
}

/// Writes what is asked for as Parquet files.
pub(crate) fn files(task: &Task<'_>) -> Result<Exit> {
    // `Args::check` has seen to it.
    let Some(path) = &task.args.output else {
        return Ok(Exit::Usage);
    };
    let table = match task.args.what {
        What::Stories => STORIES,
        What::Paragraphs => PARAGRAPHS,
        What::Quotes => QUOTES,
        What::Annotations => ANNOTATIONS,
    };
    let (sender, receiver) = sync_channel(1);
    let (read, written) = std::thread::scope(|scope| {
        let writer = scope.spawn(move || write(receiver, path, table));
        let read = read(task, Batches::new(sender));
        (read, writer.join())
    });
    let written = written.map_err(|_| anyhow!("{}: the writer failed", path.display()))?;
    // What could not be written ends the reading, too, so it is the cause.
    let count = written.map_err(|error| cannot_write(path, &error))?;
    let exit = read?;
    task.screen.remark(&format_args!(
        "{}: {count} {} written",
        path.display(),
        if count == 1 { "file" } else { "files" }
    ));
    Ok(exit)
}

fn write(batches: Receiver<Vec<Row>>, path: &Path, table: Table) -> io::Result<u32> {
    let mut files = Parted::create(path, table)?;
    for row in batches.into_iter().flatten() {
        files.add(row.date.as_deref(), &row.columns)?;
    }
    files.finish()
}

fn read(task: &Task<'_>, mut batches: Batches) -> Result<Exit> {
    let (catalog, query) = (task.catalog, &task.query);
    let mut any_failed = false;
    match task.args.what {
        What::Stories => any_failed = read_stories(task, &mut batches)?,
        What::Paragraphs => catalog.each_paragraph(query, |row| batches.add(&row.date, &row))?,
        What::Quotes => catalog.each_quote(&QuoteQuery::all(query.clone()), |row| {
            batches.add(&row.date, &row)
        })?,
        What::Annotations => {
            catalog.each_annotation(query, None, |row| batches.add(&row.date, &row))?;
        }
    }
    batches.send()?;
    Ok(Exit::failed_if(any_failed))
}

/// Reads the records of stories on all threads, and returns whether any could not be read.
fn read_stories(task: &Task<'_>, batches: &mut Batches) -> Result<bool> {
    let mut any_failed = false;
    let mut stories = Vec::with_capacity(BATCH);
    let mut flush = |stories: &mut Vec<StoryRow>| {
        let root = task.args.place.root();
        let rows: Vec<Result<Row>> = stories
            .par_drain(..)
            .map(|story| read_story(root, story))
            .collect();
        for row in rows {
            match row {
                Ok(row) => batches.rows.push(row),
                Err(error) => {
                    task.screen.complain(&error);
                    any_failed = true;
                }
            }
        }
        batches.send()
    };
    task.catalog.each_story(&task.query, |story| {
        stories.push(story);
        if stories.len() == BATCH {
            flush(&mut stories)?;
        }
        Ok::<(), anyhow::Error>(())
    })?;
    flush(&mut stories)?;
    Ok(any_failed)
}

fn read_story(root: &Path, row: StoryRow) -> Result<Row> {
    let story = archive::store::record(root, &row.record)?;
    let mut columns = serde_json::to_value(&story)?;
    // A day alone is no point in time.
    columns["published_at"] = story.published.filter(|time| time.len() > 10).into();
    columns["date"] = row.date.clone().into();
    columns["annotations"] = json!({
        "tags": row.tags,
        "collections": row.collections,
        "notes": row.notes,
    });
    Ok(Row {
        date: row.date,
        columns,
    })
}

/// Rows on their way to the writer.
struct Batches {
    rows: Vec<Row>,
    writer: SyncSender<Vec<Row>>,
}

impl Batches {
    fn new(writer: SyncSender<Vec<Row>>) -> Self {
        Self {
            rows: Vec::new(),
            writer,
        }
    }

    fn add(&mut self, date: &Option<String>, row: &impl Serialize) -> Result<()> {
        self.rows.push(Row {
            date: date.clone(),
            columns: serde_json::to_value(row)?,
        });
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
