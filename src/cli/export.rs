//! `archive export`: the archive's stories, paragraphs or quotes for other programs.

use super::exit::Exit;
use super::filter::FilterArgs;
use super::place::PlaceArgs;
use super::screen::{Screen, safe};
use anyhow::Result;
use archive::export::json;
use archive::store::catalog::{Catalog, Paragraph, QuoteRow, Said, StoryRow};
use archive::store::query::Query;
use serde::Serialize;
use std::io::{self, Write};

/// Print stories, paragraphs or quotes as JSON Lines or CSV
///
/// Stories as JSON Lines are the whole records; as CSV, one row a story with what lists say of it.
/// Paragraphs and quotes have one object or row each, with the id of their story; `n` counts from 0,
/// and a quote's `block` is the `n` of its paragraph. Everything is in the order of `archive list`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// What to print
    #[arg(long, value_enum, default_value_t = What::Stories)]
    what: What,
    /// How
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    format: Format,

    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    filter: FilterArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// The stories
    Stories,
    /// The blocks of their bodies: paragraphs, crossheads, list items, …
    Paragraphs,
    /// The passages between quotation marks, also those that nobody said
    Quotes,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// One JSON object a line
    Jsonl,
    /// Comma-separated values (RFC 4180, UTF-8) under one line of names
    Csv,
}

const EXAMPLES: &str = "\
Examples:
  archive export --after 2020 --before 2021 > stories-2020.jsonl
  archive export --what quotes --format csv --agency AFP > quotes.csv
  archive export --what paragraphs | jq -r 'select(.kind == \"paragraph\") | .text'";

pub fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let query = args.filter.query("export")?;
    let catalog = args.place.catalog(screen)?;
    match (args.what, args.format) {
        (What::Stories, Format::Jsonl) => return records(args, &catalog, &query, screen),
        (What::Stories, Format::Csv) => {
            let mut csv = Csv::new(&STORY, screen)?;
            catalog.each_story(&query, |story| csv.row(&story_fields(story)))?;
            csv.end()?;
        }
        (What::Paragraphs, Format::Jsonl) => {
            let mut lines = Lines::new(screen);
            catalog.each_paragraph(&query, |paragraph| lines.row(&paragraph))?;
            lines.end()?;
        }
        (What::Paragraphs, Format::Csv) => {
            let mut csv = Csv::new(&PARAGRAPH, screen)?;
            catalog.each_paragraph(&query, |paragraph| csv.row(&paragraph_fields(paragraph)))?;
            csv.end()?;
        }
        (What::Quotes, Format::Jsonl) => {
            let mut lines = Lines::new(screen);
            catalog.each_quote(&Said::all(query), |quote| lines.row(&quote))?;
            lines.end()?;
        }
        (What::Quotes, Format::Csv) => {
            let mut csv = Csv::new(&QUOTE, screen)?;
            catalog.each_quote(&Said::all(query), |quote| csv.row(&quote_fields(quote)))?;
            csv.end()?;
        }
    }
    Ok(Exit::Ok)
}

/// Whole records, read from their files.
fn records(args: &Args, catalog: &Catalog, query: &Query, screen: &Screen) -> Result<Exit> {
    let mut lines = Lines::new(screen);
    let mut any_failed = false;
    catalog.each_story(query, |row| {
        match archive::store::record(args.place.root(), &row.record) {
            Ok(story) => lines.record(&story),
            Err(error) => {
                screen.complain(&error);
                any_failed = true;
                Ok(())
            }
        }
    })?;
    lines.end()?;
    Ok(Exit::failed_if(any_failed))
}

/// JSON Lines on their way out.
struct Lines {
    out: Box<dyn Write>,
    is_terminal: bool,
}

impl Lines {
    fn new(screen: &Screen) -> Self {
        Self {
            out: Box::new(screen.out()),
            is_terminal: screen.is_terminal,
        }
    }

    fn row(&mut self, row: &impl Serialize) -> Result<()> {
        self.line(&(serde_json::to_string(row)? + "\n"))
    }

    fn record(&mut self, story: &archive::Story) -> Result<()> {
        let mut line = Vec::new();
        json::line(story, &mut line)?;
        self.line(&String::from_utf8_lossy(&line))
    }

    fn line(&mut self, line: &str) -> Result<()> {
        let line = if self.is_terminal {
            safe::json(line)
        } else {
            line.into()
        };
        Ok(self.out.write_all(line.as_bytes())?)
    }

    fn end(mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }
}

/// CSV on its way out.
struct Csv {
    writer: csv::Writer<Box<dyn Write>>,
    is_terminal: bool,
}

impl Csv {
    fn new(names: &[&str], screen: &Screen) -> Result<Self> {
        let mut writer = csv::Writer::from_writer(Box::new(screen.out()) as Box<dyn Write>);
        writer.write_record(names).map_err(from_csv)?;
        Ok(Self {
            writer,
            is_terminal: screen.is_terminal,
        })
    }

    fn row(&mut self, fields: &[String]) -> Result<()> {
        let written = if self.is_terminal {
            self.writer
                .write_record(fields.iter().map(|field| safe::text(field).into_owned()))
        } else {
            self.writer.write_record(fields)
        };
        Ok(written.map_err(from_csv)?)
    }

    fn end(mut self) -> Result<()> {
        Ok(self.writer.flush()?)
    }
}

/// The system's error, which tells whether the reader left.
fn from_csv(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

const STORY: [&str; 22] = [
    "id",
    "date",
    "published",
    "updated",
    "agency",
    "headline",
    "subheadline",
    "slug",
    "version",
    "byline",
    "authors",
    "place",
    "region",
    "language",
    "source_url",
    "paragraphs",
    "words",
    "quotes",
    "warnings",
    "bytes",
    "sha256",
    "record",
];

fn story_fields(story: StoryRow) -> [String; 22] {
    let text = Option::unwrap_or_default;
    [
        story.id,
        text(story.date),
        text(story.published),
        text(story.updated),
        text(story.agency),
        text(story.headline),
        text(story.subheadline),
        text(story.slug),
        text(story.version),
        text(story.byline),
        story.authors.join("; "),
        text(story.place),
        text(story.region),
        text(story.language),
        text(story.source_url),
        story.paragraphs.to_string(),
        story.words.to_string(),
        story.quotes.to_string(),
        story.warnings.to_string(),
        story.bytes.to_string(),
        story.sha256,
        story.record,
    ]
}

const PARAGRAPH: [&str; 7] = ["id", "date", "agency", "headline", "n", "kind", "text"];

fn paragraph_fields(paragraph: Paragraph) -> [String; 7] {
    let text = Option::unwrap_or_default;
    let Paragraph {
        id,
        date,
        agency,
        headline,
        n,
        kind,
        text: words,
    } = paragraph;
    [
        id,
        text(date),
        text(agency),
        text(headline),
        n.to_string(),
        kind,
        words,
    ]
}

const QUOTE: [&str; 15] = [
    "id", "date", "agency", "headline", "n", "kind", "speaker", "title", "mention", "cue", "text",
    "block", "start", "end", "part_of",
];

fn quote_fields(quote: QuoteRow) -> [String; 15] {
    let text = Option::unwrap_or_default;
    [
        quote.id,
        text(quote.date),
        text(quote.agency),
        text(quote.headline),
        quote.n.to_string(),
        quote.kind,
        text(quote.speaker),
        text(quote.title),
        text(quote.mention),
        text(quote.cue),
        quote.text,
        quote.block.to_string(),
        quote.start.to_string(),
        quote.end.to_string(),
        quote.part_of.map(|n| n.to_string()).unwrap_or_default(),
    ]
}
