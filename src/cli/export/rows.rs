//! The tables of `archive export`: their columns, and where their rows go.

use super::files::cannot_write;
use crate::cli::screen::{Screen, StandardOut};
use anyhow::Result;
use archive::export::cell::Cell;
use archive::export::csv::Cells;
use archive::export::xlsx::Sheet;
use archive::store::catalog::{AnnotatedStory, Paragraph, QuoteRow, StoryRow};
use std::io;
use std::path::{Path, PathBuf};

/// Where rows go.
pub(crate) enum Rows {
    /// Comma-separated values on standard output.
    Csv(Box<Csv>),
    /// A workbook in a file.
    Workbook { sheet: Box<Sheet>, path: PathBuf },
}

impl Rows {
    pub(crate) fn csv(columns: &[&str], cells: Cells, screen: &Screen) -> Result<Self> {
        Ok(Self::Csv(Box::new(Csv::new(columns, cells, screen)?)))
    }

    pub(crate) fn workbook(columns: &[&str], path: &Path) -> Result<Self> {
        Ok(Self::Workbook {
            sheet: Box::new(Sheet::new(columns)?),
            path: path.to_owned(),
        })
    }

    pub(crate) fn row(&mut self, cells: &[Cell]) -> Result<()> {
        match self {
            Self::Csv(csv) => csv.row(cells),
            Self::Workbook { sheet, path } => {
                sheet.row(cells).map_err(|error| cannot_write(path, &error))
            }
        }
    }

    pub(crate) fn end(self, screen: &Screen) -> Result<()> {
        match self {
            Self::Csv(csv) => csv.end(),
            Self::Workbook { sheet, path } => {
                let cut = sheet
                    .save(&path)
                    .map_err(|error| cannot_write(&path, &error))?;
                if cut > 0 {
                    screen.remark(&format_args!(
                        "{}: {cut} texts were cut, since a cell holds 32,767 characters; \
                         `--format csv` has them whole",
                        path.display()
                    ));
                }
                Ok(())
            }
        }
    }
}

/// CSV on its way out.
pub(crate) struct Csv {
    writer: csv::Writer<StandardOut>,
    cells: Cells,
}

impl Csv {
    pub(crate) fn new(columns: &[&str], cells: Cells, screen: &Screen) -> Result<Self> {
        let mut writer = csv::Writer::from_writer(screen.foreign_out());
        writer.write_record(columns).map_err(from_csv)?;
        Ok(Self { writer, cells })
    }

    pub(crate) fn row(&mut self, row: &[Cell]) -> Result<()> {
        for cell in row {
            let text = match cell {
                Cell::Text(text) => self.cells.text(text),
                Cell::Date(date) => date.as_deref().unwrap_or_default().into(),
                Cell::Number(number) => number
                    .map(|number| number.to_string())
                    .unwrap_or_default()
                    .into(),
            };
            self.writer.write_field(text.as_bytes()).map_err(from_csv)?;
        }
        Ok(self.writer.write_record(None::<&[u8]>).map_err(from_csv)?)
    }

    pub(crate) fn end(mut self) -> Result<()> {
        Ok(self.writer.flush()?)
    }
}

/// Returns the system's error, which shows whether the reader left.
fn from_csv(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Names of the columns.
pub(crate) const STORY: [&str; 25] = [
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
    "tags",
    "collections",
    "notes",
];

/// Returns a story's cells, by [`STORY`].
pub(crate) fn story_cells(story: StoryRow) -> [Cell; 25] {
    [
        Cell::text(story.id.to_string()),
        Cell::Date(story.date),
        Cell::Date(story.published),
        Cell::Date(story.updated),
        Cell::text(story.agency),
        Cell::text(story.headline),
        Cell::text(story.subheadline),
        Cell::text(story.slug),
        Cell::text(story.version),
        Cell::text(story.byline),
        Cell::text(story.authors.join("; ")),
        Cell::text(story.place),
        Cell::text(story.region),
        Cell::text(story.language),
        Cell::text(story.source_url),
        Cell::number(story.paragraphs),
        Cell::number(story.words),
        Cell::number(story.quotes),
        Cell::number(story.warnings),
        Cell::number(story.bytes),
        Cell::text(story.sha256),
        Cell::text(story.record),
        Cell::text(story.tags.join("; ")),
        Cell::text(story.collections.join("; ")),
        Cell::text(story.notes.join("\n")),
    ]
}

/// Names of the columns.
pub(crate) const PARAGRAPH: [&str; 7] = ["id", "date", "agency", "headline", "n", "kind", "text"];

/// Returns a paragraph's cells, by [`PARAGRAPH`].
pub(crate) fn paragraph_cells(paragraph: Paragraph) -> [Cell; 7] {
    [
        Cell::text(paragraph.id.to_string()),
        Cell::Date(paragraph.date),
        Cell::text(paragraph.agency),
        Cell::text(paragraph.headline),
        Cell::number(paragraph.n as u64),
        Cell::text(paragraph.kind),
        Cell::text(paragraph.text),
    ]
}

/// Names of the columns.
pub(crate) const ANNOTATION: [&str; 8] = [
    "id", "date", "agency", "headline", "kind", "value", "time", "quote",
];

/// Returns an annotation's cells, by [`ANNOTATION`].
pub(crate) fn annotation_cells(annotation: AnnotatedStory) -> [Cell; 8] {
    [
        Cell::text(annotation.id.to_string()),
        Cell::Date(annotation.date),
        Cell::text(annotation.agency),
        Cell::text(annotation.headline),
        Cell::text(annotation.kind),
        Cell::text(annotation.value),
        Cell::text(annotation.time),
        Cell::number(annotation.quote),
    ]
}

/// Names of the columns.
pub(crate) const QUOTE: [&str; 19] = [
    "id",
    "date",
    "agency",
    "headline",
    "n",
    "kind",
    "speaker",
    "title",
    "mention",
    "cue",
    "text",
    "block",
    "start",
    "end",
    "part_of",
    "verdict",
    "speaker_kind",
    "gender",
    "gender_from",
];

/// Returns a quote's cells, by [`QUOTE`].
pub(crate) fn quote_cells(quote: QuoteRow) -> [Cell; 19] {
    [
        Cell::text(quote.id.to_string()),
        Cell::Date(quote.date),
        Cell::text(quote.agency),
        Cell::text(quote.headline),
        Cell::number(quote.n),
        Cell::text(quote.kind),
        Cell::text(quote.speaker),
        Cell::text(quote.title),
        Cell::text(quote.mention),
        Cell::text(quote.cue),
        Cell::text(quote.text),
        Cell::number(quote.block),
        Cell::number(quote.start),
        Cell::number(quote.end),
        Cell::number(quote.part_of),
        Cell::text(quote.verdict),
        Cell::text(quote.speaker_kind),
        Cell::text(quote.gender),
        Cell::text(quote.gender_from),
    ]
}
