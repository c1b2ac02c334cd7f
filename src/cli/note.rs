//! `archive note`: remarks on stories.

use super::exit::Exit;
use super::listing::{FormArgs, Row, listed, plain, short};
use super::place::PlaceArgs;
use super::reading::usage_error;
use super::screen::{Column, Screen, Width};
use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result};
use archive::store::OpenOptions;
use archive::store::annotations::{Annotation, AnnotationKind, Remark, Said};
use archive::store::catalog::AnnotatedStory;
use archive::store::query::Query;
use std::io::{self, Read, Write};

/// Write a remark on a story, or list the remarks
///
/// note:WORDS finds the story in a search. Notes stand beside the records, in annotations.jsonl,
/// and stay when records are made again and when archives are merged. Without TEXT, the notes are
/// listed: those of a story, or all.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The story's id, or at least its first 4 digits
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// The remark; - reads it from standard input
    #[arg(value_name = "TEXT")]
    text: Option<String>,
    /// Take back the note with this TEXT
    #[arg(long, requires = "text")]
    remove: bool,

    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    form: FormArgs,
}

const EXAMPLES: &str = "\
Examples:
  archive note 1f3a9c 'The council corrected the figure on Thursday.'
  archive note 1f3a9c - < remark.txt
  archive note 1f3a9c
  archive search note:figure";

impl Row for AnnotatedStory {
    const TABLE: &'static [Column] = &[
        Column::new("id", Width::Fixed(8)).styled(Style::new().dimmed()),
        Column::new("since", Width::Fixed(10))
            .styled(AnsiColor::Yellow.on_default())
            .leaving(1),
        Column::new("headline", Width::Share(2)).leaving(2),
        Column::new("note", Width::Share(4)).wrapping(),
    ];
    const FIELDS: &'static [&'static str] =
        &["id", "date", "agency", "time", "headline", "kind", "value"];

    fn cells(&self) -> Vec<String> {
        vec![
            short(self.id),
            self.time.chars().take(10).collect(),
            plain(self.headline.as_ref()),
            self.value.clone(),
        ]
    }

    fn fields(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            plain(self.date.as_ref()),
            plain(self.agency.as_ref()),
            self.time.clone(),
            plain(self.headline.as_ref()),
            self.kind.clone(),
            self.value.clone(),
        ]
    }
}

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    match (&args.id, &args.text) {
        (Some(id), Some(text)) => write(args, id, text, screen),
        (id, _) => list(args, id.as_deref(), screen),
    }
}

fn write(args: &Args, id: &str, text: &str, screen: &Screen) -> Result<Exit> {
    let mut given = String::new();
    if text == "-" {
        let read = io::stdin().lock().read_to_string(&mut given);
        read.context("standard input: cannot be read as UTF-8 text; give the note as TEXT")?;
    } else {
        text.clone_into(&mut given);
    }
    let annotation =
        Annotation::note(&given).map_err(|error| usage_error("note", &error.to_string()))?;
    let id = args.place.catalog(screen)?.locate(id)?.id;
    let said = match args.remove {
        false => Said::Added,
        true => Said::Withdrawn,
    };
    let mut archive = args.place.open(&OpenOptions::default(), screen)?;
    let changed = archive.annotate(vec![Remark {
        id,
        annotation,
        said,
    }])?;
    let what = match (changed, args.remove) {
        (0, false) => "has this note already",
        (0, true) => "has no such note",
        (_, false) => "noted",
        (_, true) => "note taken back",
    };
    let mut out = screen.out();
    writeln!(out, "{id}: {what}")?;
    out.flush()?;
    Ok(Exit::Ok)
}

fn list(args: &Args, id: Option<&str>, screen: &Screen) -> Result<Exit> {
    let catalog = args.place.catalog(screen)?;
    let query = match id {
        Some(id) => Query::parse(&format!("id:{}", catalog.locate(id)?.id))?,
        None => Query::default(),
    };
    let mut listing = args.form.listing("note", screen);
    listed(catalog.each_annotation(&query, Some(AnnotationKind::Note), |note| listing.row(note)))?;
    listing.end("no note is there")?;
    Ok(Exit::Ok)
}
