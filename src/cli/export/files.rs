//! Exports that are documents: one a story, on standard output or each in its file.

use super::{Format, Task};
use crate::cli::exit::Exit;
use crate::cli::reading::usage_error;
use anyhow::{Result, anyhow};
use archive::Story;
use archive::export::bagit::Bag;
use archive::export::folder::Folder;
use archive::export::{jsonld, markdown, ninjs, nitf};
use archive::store::{copy_raw, record_bytes};
use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;

impl Format {
    /// Writes a story as one document.
    fn write(self, story: &Story, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Ninjs => ninjs::story(story, out),
            Self::Jsonld => jsonld::story(story, out),
            Self::Nitf => nitf::story(story, out),
            _ => markdown::story(story, out),
        }
    }

    /// Returns how the names of its files end.
    fn extension(self) -> &'static str {
        match self {
            Self::Ninjs => "json",
            Self::Jsonld => "jsonld",
            Self::Nitf => "xml",
            _ => "md",
        }
    }

    /// Returns whether documents may follow each other on standard output.
    fn is_lines(self) -> bool {
        matches!(self, Self::Ninjs | Self::Jsonld)
    }
}

/// Writes a document for each story.
pub(crate) fn documents(task: &Task<'_>) -> Result<Exit> {
    match &task.args.output {
        Some(path) => in_folder(task, path),
        None => on_standard_output(task),
    }
}

fn in_folder(task: &Task<'_>, path: &Path) -> Result<Exit> {
    let format = task.args.format;
    let cannot = |error: io::Error| cannot_write(path, &error);
    let folder = Folder::create(path).map_err(cannot)?;
    let mut count = 0_u64;
    let exit = task.each_record(|story| {
        let mut document = Vec::new();
        format.write(&story, &mut document)?;
        folder
            .add(&format!("{}.{}", story.id, format.extension()), &document)
            .map_err(cannot)?;
        count += 1;
        Ok(())
    })?;
    task.screen
        .remark(&format_args!("{}: {count} files written", path.display()));
    Ok(exit)
}

fn on_standard_output(task: &Task<'_>) -> Result<Exit> {
    let format = task.args.format;
    let mut out = if format.is_lines() {
        task.screen.json_out()
    } else {
        task.screen.foreign_out()
    };
    let mut alone: Option<Vec<u8>> = None;
    let exit = task.each_record(|story| {
        if format.is_lines() {
            return Ok(format.write(&story, &mut out)?);
        }
        if alone.is_some() {
            let message =
                "several stories match, and each is a document of its own; give `--output DIR`";
            return Err(usage_error("export", message).into());
        }
        let mut document = Vec::new();
        format.write(&story, &mut document)?;
        alone = Some(document);
        Ok(())
    })?;
    out.write_all(&alone.unwrap_or_default())?;
    out.flush()?;
    Ok(exit)
}

/// Says which place could not be written, and why.
pub(crate) fn cannot_write(path: &Path, why: &dyn Display) -> anyhow::Error {
    anyhow!("{}: cannot be written ({why})", path.display())
}

/// Puts the raw copies and records that are asked for into a bag.
pub(crate) fn bag(task: &Task<'_>) -> Result<Exit> {
    // `Args::check` has seen to it.
    let Some(path) = &task.args.output else {
        return Ok(Exit::Usage);
    };
    let cannot = |error: io::Error| cannot_write(path, &error);
    let mut bag = Bag::create(path).map_err(cannot)?;
    let root = task.args.place.root();
    let mut any_failed = false;
    let mut count = 0_u64;
    task.catalog.each_story(&task.query, |row| {
        let mut raw = Vec::new();
        let read = copy_raw(root, &row.sha256, &mut raw)
            .map_err(anyhow::Error::from)
            .and_then(|()| Ok(record_bytes(root, &row.record)?));
        match read {
            Ok(record) => {
                bag.add(&format!("raw/{}", row.sha256), &raw)
                    .and_then(|()| bag.add(&row.record, &record))
                    .map_err(cannot)?;
                count += 1;
            }
            Err(error) => {
                task.screen.complain(&error);
                any_failed = true;
            }
        }
        anyhow::Ok(())
    })?;
    let today = chrono::Utc::now().format("%Y-%m-%d").to_string();
    bag.finish(&today).map_err(cannot)?;
    task.screen.remark(&format_args!(
        "{}: a bag of {count} stories",
        path.display()
    ));
    Ok(Exit::failed_if(any_failed))
}
