//! A row group on its way: the values of its rows, column by column.

use crate::export::columns::{Shape, Table};
use chrono::{DateTime, NaiveDate};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use serde::ser;
use std::fmt::Display;
use std::fs::File;

/// A row has not what the columns of its table hold.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Mismatch(pub(super) String);

impl ser::Error for Mismatch {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Where in lists and optional values a value stands.
#[derive(Clone, Copy, Default)]
pub(super) struct Level {
    /// How many optional values and lists on the path to it are there.
    pub definition: i16,
    /// Which list it goes on with: 0 is a new row.
    pub repetition: i16,
    /// How many lists it stands in.
    pub depth: i16,
}

/// Rows on their way into a row group, column by column.
pub(super) struct RowGroup {
    leaves: Vec<Leaf>,
    /// How much memory the rows take, about.
    pub bytes: usize,
}

/// The values of a column that has no columns inside, with their levels: how much of the path to
/// the value is there (definition), and which list goes on with it (repetition).
struct Leaf {
    values: Values,
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
}

enum Values {
    Text(Texts),
    Numbers(Vec<i64>),
    Days(Vec<i32>),
    Times(Vec<i64>),
}

/// Texts in one piece of memory.
#[derive(Default)]
struct Texts {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl RowGroup {
    pub(super) fn of(table: &Table) -> Self {
        let mut leaves = Vec::new();
        for column in table.columns {
            leaves_of(&column.shape, &mut leaves);
        }
        Self { leaves, bytes: 0 }
    }

    /// Notes for every leaf of `shape`, from `at`, that it has no value; returns the leaf after
    /// them.
    pub(super) fn absent(&mut self, shape: &Shape, level: Level, at: usize) -> usize {
        match shape {
            Shape::Group(columns) => columns
                .iter()
                .fold(at, |next, column| self.absent(&column.shape, level, next)),
            Shape::List(element) => self.absent(element, level, at),
            Shape::Text | Shape::Number | Shape::Day | Shape::Time => {
                self.levels(level, at);
                at + 1
            }
        }
    }

    fn levels(&mut self, level: Level, at: usize) -> &mut Values {
        // Levels take room, too.
        self.bytes += 4;
        let leaf = &mut self.leaves[at];
        leaf.definitions.push(level.definition);
        leaf.repetitions.push(level.repetition);
        &mut leaf.values
    }

    /// Adds a text, a day or a time.
    pub(super) fn text(&mut self, text: &str, level: Level, at: usize) -> Result<(), Mismatch> {
        let wrong = || Mismatch(format!("`{text}` is not what the column holds"));
        let size = match self.levels(level, at) {
            Values::Text(texts) => {
                texts.bytes.extend_from_slice(text.as_bytes());
                texts.ends.push(texts.bytes.len());
                text.len() + size_of::<usize>() + size_of::<ByteArray>()
            }
            Values::Days(days) => {
                let day: NaiveDate = text.parse().map_err(|_| wrong())?;
                days.push(day.to_epoch_days());
                size_of::<i32>()
            }
            Values::Times(times) => {
                let time = DateTime::parse_from_rfc3339(text).map_err(|_| wrong())?;
                times.push(time.timestamp_micros());
                size_of::<i64>()
            }
            Values::Numbers(_) => return Err(wrong()),
        };
        self.bytes += size;
        Ok(())
    }

    pub(super) fn number(&mut self, number: i64, level: Level, at: usize) -> Result<(), Mismatch> {
        let Values::Numbers(numbers) = self.levels(level, at) else {
            return Err(Mismatch(format!("{number} is not what the column holds")));
        };
        numbers.push(number);
        self.bytes += size_of::<i64>();
        Ok(())
    }

    /// Writes the rows as a row group, and is empty again.
    pub(super) fn write(
        &mut self,
        writer: &mut SerializedFileWriter<File>,
    ) -> Result<(), ParquetError> {
        if self.bytes == 0 {
            return Ok(());
        }
        let mut group = writer.next_row_group()?;
        for leaf in &mut self.leaves {
            leaf.write(&mut group)?;
        }
        group.close()?;
        self.bytes = 0;
        Ok(())
    }
}

fn leaves_of(shape: &Shape, leaves: &mut Vec<Leaf>) {
    let values = match shape {
        Shape::Group(columns) => {
            return columns
                .iter()
                .for_each(|column| leaves_of(&column.shape, leaves));
        }
        Shape::List(element) => return leaves_of(element, leaves),
        Shape::Text => Values::Text(Texts::default()),
        Shape::Number => Values::Numbers(Vec::new()),
        Shape::Day => Values::Days(Vec::new()),
        Shape::Time => Values::Times(Vec::new()),
    };
    leaves.push(Leaf {
        values,
        definitions: Vec::new(),
        repetitions: Vec::new(),
    });
}

impl Texts {
    /// Returns the texts, which share their memory, and is empty again.
    fn taken(&mut self) -> Vec<ByteArray> {
        let bytes = ByteArray::from(std::mem::take(&mut self.bytes));
        let mut start = 0;
        let texts = self.ends.iter().map(|end| {
            let text = bytes.slice(start, end - start);
            start = *end;
            text
        });
        let texts = texts.collect();
        self.ends.clear();
        texts
    }
}

impl Leaf {
    /// Writes its values as the next column of a row group, and is empty again.
    fn write(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, File>,
    ) -> Result<(), ParquetError> {
        let levels = (&self.definitions[..], &self.repetitions[..]);
        match &mut self.values {
            Values::Text(texts) => {
                write_column::<ByteArrayType>(group, &texts.taken(), levels)?;
            }
            Values::Numbers(values) | Values::Times(values) => {
                write_column::<Int64Type>(group, values, levels)?;
                values.clear();
            }
            Values::Days(values) => {
                write_column::<Int32Type>(group, values, levels)?;
                values.clear();
            }
        }
        self.definitions.clear();
        self.repetitions.clear();
        Ok(())
    }
}

fn write_column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, File>,
    values: &[T::T],
    (definitions, repetitions): (&[i16], &[i16]),
) -> Result<(), ParquetError> {
    if let Some(mut column) = group.next_column()? {
        column
            .typed::<T>()
            .write_batch(values, Some(definitions), Some(repetitions))?;
        column.close()?;
    }
    Ok(())
}
