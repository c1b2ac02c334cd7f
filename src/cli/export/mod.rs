//! `archive export`: the archive's stories, paragraphs or quotes for other programs.

mod files;
mod parquet;
mod rows;

use super::exit::Exit;
use super::filter::FilterArgs;
use super::place::PlaceArgs;
use super::reading::usage_error;
use super::screen::{Screen, StandardOut};
use anyhow::Result;
use archive::export::cell::Cell;
use archive::export::csv::Cells;
use archive::export::{json, texts};
use archive::store::catalog::{Catalog, QuoteQuery};
use archive::store::query::Query;
pub(crate) use files::cannot_write;
use rows::{Csv, Rows};
use serde::Serialize;
use std::io::Write;
use std::path::PathBuf;

/// Hand stories, paragraphs or quotes to other programs
///
/// As JSON Lines stories are the whole records; as CSV or XLSX, one row a story with what lists say
/// of it. Paragraphs and quotes have one object or row each, with the id of their story; `n` counts
/// from 0, and a quote's `block` is the `n` of its paragraph. The other formats are for stories,
/// one document each. Everything is in the order of `archive list`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// What to hand on
    #[arg(long, value_enum, default_value_t = What::Stories)]
    what: What,
    /// How
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    format: Format,
    /// Who reads the cells of a CSV
    ///
    /// The default changes nothing, since most readers are programs, which want what the record
    /// says. A spreadsheet takes cells for formulas, numbers and dates: give `spreadsheet` for a
    /// file that is opened in one, or take `--format xlsx`, whose cells have types.
    #[arg(long, value_enum, value_name = "READER", default_value_t = CellsArg::Exact)]
    cells: CellsArg,
    /// Where to write: a new file for xlsx, else a new directory
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,

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
    /// Tags, notes, collections and verdicts
    Annotations,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// One JSON object a line
    Jsonl,
    /// Comma-separated values (RFC 4180, UTF-8) under one line of names
    Csv,
    /// A workbook for spreadsheets; needs --output FILE
    Xlsx,
    /// Bodies for counting words, as CSV: doc_id,text
    Texts,
    /// ninjs 3.0 (IPTC), one object a line, or one file a story with --output
    Ninjs,
    /// JSON-LD with schema.org's NewsArticle, likewise
    Jsonld,
    /// NITF 3.6 (IPTC), one document a story; several need --output DIR
    Nitf,
    /// Markdown with front matter, likewise
    Markdown,
    /// Parquet files with types and nested lists, one folder a year; needs --output DIR
    Parquet,
    /// A BagIt bag of raw copies and records; needs --output DIR
    Bagit,
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
  archive export --format ninjs --query 'port strike' > strike.jsonl
  archive export --format nitf --after 2020 --output nitf-2020
  archive export --format parquet --output stories
  duckdb -c \"SELECT year, count(*) FROM 'stories/*/*.parquet' GROUP BY ALL\"
  archive export --what paragraphs | jq -r 'select(.kind == \"paragraph\") | .text'";

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    args.check()?;
    let query = args.filter.query("export")?;
    let catalog = args.place.catalog(screen)?;
    let task = Task {
        args,
        catalog: &catalog,
        query,
        screen,
    };
    match args.format {
        Format::Jsonl => task.lines(),
        Format::Csv | Format::Xlsx => task.rows(),
        Format::Texts => task.texts(),
        Format::Parquet => parquet::files(&task),
        Format::Bagit => files::bag(&task),
        Format::Ninjs | Format::Jsonld | Format::Nitf | Format::Markdown => files::documents(&task),
    }
}

impl Args {
    /// Refuses what does not go together.
    fn check(&self) -> Result<(), clap::Error> {
        let name = clap::ValueEnum::to_possible_value(&self.format)
            .map(|value| value.get_name().to_owned())
            .unwrap_or_default();
        let is_table = matches!(
            self.format,
            Format::Jsonl | Format::Csv | Format::Xlsx | Format::Parquet
        );
        if self.what != What::Stories && !is_table {
            let message = format!(
                "`--format {name}` is for stories; take jsonl, csv, xlsx or parquet for \
                 paragraphs, quotes and annotations"
            );
            return Err(usage_error("export", &message));
        }
        let needs_output = matches!(self.format, Format::Xlsx | Format::Parquet | Format::Bagit);
        if needs_output && self.output.is_none() {
            let message = format!("`--format {name}` needs a place to write: give `--output PATH`");
            return Err(usage_error("export", &message));
        }
        let is_stream = matches!(self.format, Format::Jsonl | Format::Csv | Format::Texts);
        if is_stream && self.output.is_some() {
            let message = format!(
                "`--format {name}` goes to standard output: write `> FILE` instead of `--output \
                 FILE`"
            );
            return Err(usage_error("export", &message));
        }
        Ok(())
    }
}

/// One export.
struct Task<'a> {
    args: &'a Args,
    catalog: &'a Catalog,
    query: Query,
    screen: &'a Screen,
}

impl Task<'_> {
    /// Hands every record that is asked for to `take`. One that cannot be read is named, and the
    /// others go on.
    fn each_record(&self, mut take: impl FnMut(archive::Story) -> Result<()>) -> Result<Exit> {
        let mut any_failed = false;
        self.catalog.each_story(&self.query, |row| {
            match archive::store::record(self.args.place.root(), &row.record) {
                Ok(story) => take(story),
                Err(error) => {
                    self.screen.complain(&error);
                    any_failed = true;
                    Ok(())
                }
            }
        })?;
        Ok(Exit::failed_if(any_failed))
    }

    fn lines(&self) -> Result<Exit> {
        let mut lines = Lines::new(self.screen);
        let exit = match self.args.what {
            What::Stories => self.each_record(|story| lines.record(&story))?,
            What::Paragraphs => {
                self.catalog
                    .each_paragraph(&self.query, |paragraph| lines.row(&paragraph))?;
                Exit::Ok
            }
            What::Quotes => {
                let quotes = QuoteQuery::all(self.query.clone());
                self.catalog
                    .each_quote(&quotes, |quote| lines.row(&quote))?;
                Exit::Ok
            }
            What::Annotations => {
                self.catalog
                    .each_annotation(&self.query, None, |annotation| lines.row(&annotation))?;
                Exit::Ok
            }
        };
        lines.end()?;
        Ok(exit)
    }

    fn rows(&self) -> Result<Exit> {
        let columns: &[&str] = match self.args.what {
            What::Stories => &rows::STORY,
            What::Paragraphs => &rows::PARAGRAPH,
            What::Quotes => &rows::QUOTE,
            What::Annotations => &rows::ANNOTATION,
        };
        let mut out = match &self.args.output {
            Some(path) => Rows::workbook(columns, path)?,
            None => Rows::csv(columns, self.args.cells.into(), self.screen)?,
        };
        let (catalog, query) = (self.catalog, &self.query);
        match self.args.what {
            What::Stories => {
                catalog.each_story(query, |story| out.row(&rows::story_cells(story)))?;
            }
            What::Paragraphs => catalog.each_paragraph(query, |paragraph| {
                out.row(&rows::paragraph_cells(paragraph))
            })?,
            What::Quotes => catalog.each_quote(&QuoteQuery::all(query.clone()), |quote| {
                out.row(&rows::quote_cells(quote))
            })?,
            What::Annotations => catalog.each_annotation(query, None, |annotation| {
                out.row(&rows::annotation_cells(annotation))
            })?,
        }
        out.end(self.screen)?;
        Ok(Exit::Ok)
    }

    fn texts(&self) -> Result<Exit> {
        let mut csv = Csv::new(&texts::COLUMNS, self.args.cells.into(), self.screen)?;
        let exit = self.each_record(|story| csv.row(&texts::row(&story).map(Cell::Text)))?;
        csv.end()?;
        Ok(exit)
    }
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
