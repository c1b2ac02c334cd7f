//! `archive export`: the archive's stories, paragraphs or quotes for other programs.

use super::exit::Exit;
use super::filter::FilterArgs;
use super::place::PlaceArgs;
use super::screen::{Screen, StandardOut};
use anyhow::Result;
use archive::export::{csv::Cells, json};
use archive::store::catalog::{Catalog, Paragraph, QuoteQuery, QuoteRow, StoryRow};
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
    /// Who reads the cells of a CSV
    ///
    /// The default changes nothing, since most readers are programs, which want what the record
    /// says. A spreadsheet takes cells for formulas, numbers and dates: give `spreadsheet` for a
    /// file that is opened in one.
    #[arg(long, value_enum, value_name = "READER", default_value_t = CellsArg::Exact)]
    cells: CellsArg,

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

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum CellsArg {
    /// A program: every cell is exactly what the record says
    Exact,
    /// A spreadsheet: text that it would take for a formula, a number or a date begins with '
    Spreadsheet,
}

impl From<CellsArg> for Cells {
    fn from(cells: CellsArg) -> Self {
        match cells {
            CellsArg::Exact => Self::Exact,
            CellsArg::Spreadsheet => Self::Spreadsheet,
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  archive export --after 2020 --before 2021 > stories-2020.jsonl
  archive export --what quotes --format csv --agency AFP > quotes.csv
  archive export --format csv --cells spreadsheet > for-the-desk.csv
  archive export --what paragraphs | jq -r 'select(.kind == \"paragraph\") | .text'";

pub fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let query = args.filter.query("export")?;
    let catalog = args.place.catalog(screen)?;
    match (args.what, args.format) {
        (What::Stories, Format::Jsonl) => return records(args, &catalog, &query, screen),
        (What::Stories, Format::Csv) => {
            let mut csv = Csv::new(&STORY, args.cells.into(), screen)?;
            catalog.each_story(&query, |story| csv.row(&story_fields(story)))?;
            csv.end()?;
        }
        (What::Paragraphs, Format::Jsonl) => {
            let mut lines = Lines::new(screen);
            catalog.each_paragraph(&query, |paragraph| lines.row(&paragraph))?;
            lines.end()?;
        }
        (What::Paragraphs, Format::Csv) => {
            let mut csv = Csv::new(&PARAGRAPH, args.cells.into(), screen)?;
            catalog.each_paragraph(&query, |paragraph| csv.row(&paragraph_fields(paragraph)))?;
            csv.end()?;
        }
        (What::Quotes, Format::Jsonl) => {
            let mut lines = Lines::new(screen);
            catalog.each_quote(&QuoteQuery::all(query), |quote| lines.row(&quote))?;
            lines.end()?;
        }
        (What::Quotes, Format::Csv) => {
            let mut csv = Csv::new(&QUOTE, args.cells.into(), screen)?;
            catalog.each_quote(&QuoteQuery::all(query), |quote| {
                csv.row(&quote_fields(quote))
            })?;
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
    out: StandardOut,
}

impl Lines {
    fn new(screen: &Screen) -> Self {
        Self {
            out: screen.json_out(),
        }
    }

    fn row(&mut self, row: &impl Serialize) -> Result<()> {
        self.out.json(row)?;
        Ok(self.out.write_all(b"\n")?)
    }

    fn record(&mut self, story: &archive::Story) -> Result<()> {
        Ok(json::line(story, &mut self.out)?)
    }

    fn end(mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }
}

/// CSV on its way out.
struct Csv {
    writer: csv::Writer<StandardOut>,
    cells: Cells,
}

impl Csv {
    fn new(names: &[&str], cells: Cells, screen: &Screen) -> Result<Self> {
        let mut writer = csv::Writer::from_writer(screen.foreign_out());
        writer.write_record(names).map_err(from_csv)?;
        Ok(Self { writer, cells })
    }

    fn row(&mut self, fields: &[Field]) -> Result<()> {
        for field in fields {
            let cell = match field {
                Field::Text(text) => self.cells.text(text),
                Field::Plain(text) => text.into(),
            };
            self.writer.write_field(cell.as_bytes()).map_err(from_csv)?;
        }
        Ok(self.writer.write_record(None::<&[u8]>).map_err(from_csv)?)
    }

    fn end(mut self) -> Result<()> {
        Ok(self.writer.flush()?)
    }
}

/// A field of a row.
enum Field {
    /// Words from outside, or an id.
    Text(String),
    /// A number, a date or a word of ours, which every reader may take for what it is.
    Plain(String),
}

impl Field {
    fn text(text: impl Into<Option<String>>) -> Self {
        Self::Text(text.into().unwrap_or_default())
    }

    fn date(date: Option<String>) -> Self {
        Self::Plain(date.unwrap_or_default())
    }

    fn number(number: impl Into<Option<u64>>) -> Self {
        Self::Plain(
            number
                .into()
                .map(|number| number.to_string())
                .unwrap_or_default(),
        )
    }
}

/// Returns the system's error, which shows whether the reader left.
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

fn story_fields(story: StoryRow) -> [Field; 22] {
    [
        Field::text(story.id.to_string()),
        Field::date(story.date),
        Field::date(story.published),
        Field::date(story.updated),
        Field::text(story.agency),
        Field::text(story.headline),
        Field::text(story.subheadline),
        Field::text(story.slug),
        Field::text(story.version),
        Field::text(story.byline),
        Field::text(story.authors.join("; ")),
        Field::text(story.place),
        Field::text(story.region),
        Field::text(story.language),
        Field::text(story.source_url),
        Field::number(story.paragraphs),
        Field::number(story.words),
        Field::number(story.quotes),
        Field::number(story.warnings),
        Field::number(story.bytes),
        Field::text(story.sha256),
        Field::text(story.record),
    ]
}

const PARAGRAPH: [&str; 7] = ["id", "date", "agency", "headline", "n", "kind", "text"];

fn paragraph_fields(paragraph: Paragraph) -> [Field; 7] {
    [
        Field::text(paragraph.id.to_string()),
        Field::date(paragraph.date),
        Field::text(paragraph.agency),
        Field::text(paragraph.headline),
        Field::number(paragraph.n as u64),
        Field::text(paragraph.kind),
        Field::text(paragraph.text),
    ]
}

const QUOTE: [&str; 15] = [
    "id", "date", "agency", "headline", "n", "kind", "speaker", "title", "mention", "cue", "text",
    "block", "start", "end", "part_of",
];

fn quote_fields(quote: QuoteRow) -> [Field; 15] {
    [
        Field::text(quote.id.to_string()),
        Field::date(quote.date),
        Field::text(quote.agency),
        Field::text(quote.headline),
        Field::number(quote.n),
        Field::text(quote.kind),
        Field::text(quote.speaker),
        Field::text(quote.title),
        Field::text(quote.mention),
        Field::text(quote.cue),
        Field::text(quote.text),
        Field::number(quote.block),
        Field::number(quote.start),
        Field::number(quote.end),
        Field::number(quote.part_of),
    ]
}
