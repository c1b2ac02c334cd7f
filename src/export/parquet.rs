//! Tables as Parquet files, parted by year: columns have types and nested values stay nested, so a
//! reader has nothing to guess.
//!
//! Each year has a folder named `year=2021`, which DuckDB, Spark and Arrow read as a column; rows
//! without a day stand in `year=__HIVE_DEFAULT_PARTITION__`, which they read as null. Rows are
//! held until a row group is full and then written, so memory does not grow with the table.

use super::columns::{Column, Shape, Table};
use super::folder::Folder;
use chrono::{DateTime, NaiveDate};
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};
use serde_json::Value;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// How much text a row group holds.
const GROUP_BYTES: usize = 32 << 20;

/// A table that is being written.
pub struct Parted {
    folder: Folder,
    table: Table,
    schema: TypePtr,
    properties: WriterPropertiesPtr,
    group: RowGroup,
    open: Option<Part>,
    files: u32,
}

/// The file of a year.
struct Part {
    year: Option<i32>,
    writer: SerializedFileWriter<File>,
}

impl Parted {
    /// Begins a table in a new or empty folder.
    ///
    /// # Errors
    ///
    /// The folder holds something, or cannot be made.
    pub fn create(path: &Path, table: Table) -> io::Result<Self> {
        let schema = message(&table).map_err(from_parquet)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("archive ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        Ok(Self {
            folder: Folder::create(path)?,
            table,
            schema: Arc::new(schema),
            properties: Arc::new(properties),
            group: RowGroup::of(&table),
            open: None,
            files: 0,
        })
    }

    /// Adds a row of the day `date`, if there is one: an object with a key for each column. Keys
    /// that no column has are left out. Rows of a year that come one after the other share a file.
    ///
    /// # Errors
    ///
    /// A column that cannot be null has no value, or the file cannot be written.
    pub fn add(&mut self, date: Option<&str>, row: &Value) -> io::Result<()> {
        let year = date.and_then(|date| date.get(..4)?.parse().ok());
        if self.open.as_ref().is_none_or(|part| part.year != year) {
            self.end_part()?;
            self.open = Some(self.new_part(year)?);
        }
        self.group.add(self.table.columns, row)?;
        if self.group.bytes >= GROUP_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    /// Writes what is pending, and returns how many files there are.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn finish(mut self) -> io::Result<u32> {
        self.end_part()?;
        Ok(self.files)
    }

    fn new_part(&mut self, year: Option<i32>) -> io::Result<Part> {
        let year_name = year.map_or("__HIVE_DEFAULT_PARTITION__".to_owned(), |year| {
            format!("{year:04}")
        });
        let name = format!(
            "year={year_name}/{}-{:04}.parquet",
            self.table.name, self.files
        );
        self.files += 1;
        let file = self.folder.begin(&name)?;
        let writer = SerializedFileWriter::new(file, self.schema.clone(), self.properties.clone())
            .map_err(from_parquet)?;
        Ok(Part { year, writer })
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.open {
            Some(part) => self.group.write(&mut part.writer).map_err(from_parquet),
            None => Ok(()),
        }
    }

    fn end_part(&mut self) -> io::Result<()> {
        self.flush()?;
        if let Some(part) = self.open.take() {
            part.writer.close().map_err(from_parquet)?;
        }
        Ok(())
    }
}

/// Returns the system's error where there is one.
fn from_parquet(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        error => io::Error::other(error),
    }
}

/// Returns the table as Parquet declares it.
fn message(table: &Table) -> Result<Type, ParquetError> {
    Type::group_type_builder(table.name)
        .with_fields(fields(table.columns)?)
        .build()
}

fn fields(columns: &[Column]) -> Result<Vec<TypePtr>, ParquetError> {
    columns
        .iter()
        .map(|column| {
            let repetition = if column.is_optional {
                Repetition::OPTIONAL
            } else {
                Repetition::REQUIRED
            };
            Ok(Arc::new(declared(column.name, &column.shape, repetition)?))
        })
        .collect()
}

fn declared(name: &str, shape: &Shape, repetition: Repetition) -> Result<Type, ParquetError> {
    let plain = |physical, logical| {
        Type::primitive_type_builder(name, physical)
            .with_repetition(repetition)
            .with_logical_type(logical)
            .build()
    };
    match shape {
        Shape::Text => plain(Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Shape::Number => plain(Physical::INT64, None),
        Shape::Day => plain(Physical::INT32, Some(LogicalType::Date)),
        Shape::Time => plain(
            Physical::INT64,
            Some(LogicalType::timestamp(true, TimeUnit::MICROS)),
        ),
        Shape::Group(columns) => Type::group_type_builder(name)
            .with_repetition(repetition)
            .with_fields(fields(columns)?)
            .build(),
        Shape::List(element) => {
            let element = declared("element", element, Repetition::REQUIRED)?;
            let list = Type::group_type_builder("list")
                .with_repetition(Repetition::REPEATED)
                .with_fields(vec![Arc::new(element)])
                .build()?;
            Type::group_type_builder(name)
                .with_repetition(repetition)
                .with_logical_type(Some(LogicalType::List))
                .with_fields(vec![Arc::new(list)])
                .build()
        }
    }
}

/// Rows on their way into a row group, column by column.
struct RowGroup {
    leaves: Vec<Leaf>,
    bytes: usize,
}

/// The values of a column that has no columns inside, with their levels: how much of the path to
/// the value is there (definition), and which list goes on with it (repetition).
#[derive(Default)]
struct Leaf {
    values: Values,
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
}

#[derive(Default)]
enum Values {
    #[default]
    None,
    Text(Vec<ByteArray>),
    Numbers(Vec<i64>),
    Days(Vec<i32>),
    Times(Vec<i64>),
}

/// Where in lists and optional values a value stands.
#[derive(Clone, Copy)]
struct Level {
    definition: i16,
    repetition: i16,
    /// How many lists it stands in.
    depth: i16,
}

impl RowGroup {
    fn of(table: &Table) -> Self {
        let mut leaves = Vec::new();
        for column in table.columns {
            leaves_of(&column.shape, &mut leaves);
        }
        Self { leaves, bytes: 0 }
    }

    fn add(&mut self, columns: &[Column], row: &Value) -> io::Result<()> {
        let level = Level {
            definition: 0,
            repetition: 0,
            depth: 0,
        };
        let mut at = 0;
        for column in columns {
            at = self.column(column, Some(&row[column.name]), level, at)?;
        }
        // Levels alone take room, too.
        self.bytes += 4 * self.leaves.len();
        Ok(())
    }

    /// Adds a value to the leaf `at` and those after it, and returns the leaf after the last. No
    /// value is one whose group or list is not there.
    fn column(
        &mut self,
        column: &Column,
        value: Option<&Value>,
        mut level: Level,
        at: usize,
    ) -> io::Result<usize> {
        let value = match value {
            Some(Value::Null) if column.is_optional => None,
            Some(Value::Null) => {
                let message = format!("the column `{}` has no value", column.name);
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
            value => value,
        };
        level.definition += i16::from(column.is_optional && value.is_some());
        self.shape(&column.shape, value, level, at)
    }

    fn shape(
        &mut self,
        shape: &Shape,
        value: Option<&Value>,
        level: Level,
        at: usize,
    ) -> io::Result<usize> {
        match shape {
            Shape::Group(columns) => {
                let mut next = at;
                for (index, column) in columns.iter().enumerate() {
                    // Spans are written as two numbers.
                    let inner = value.map(|value| match value {
                        Value::Array(values) => values.get(index).unwrap_or(&Value::Null),
                        value => &value[column.name],
                    });
                    next = self.column(column, inner, level, next)?;
                }
                Ok(next)
            }
            Shape::List(element) => {
                let values = value
                    .and_then(Value::as_array)
                    .map_or(&[][..], Vec::as_slice);
                if values.is_empty() {
                    return self.shape(element, None, level, at);
                }
                let mut inner = Level {
                    definition: level.definition + 1,
                    depth: level.depth + 1,
                    ..level
                };
                let mut next = at;
                for value in values {
                    next = self.shape(element, Some(value), inner, at)?;
                    inner.repetition = inner.depth;
                }
                Ok(next)
            }
            Shape::Text | Shape::Number | Shape::Day | Shape::Time => {
                let leaf = &mut self.leaves[at];
                leaf.definitions.push(level.definition);
                leaf.repetitions.push(level.repetition);
                if let Some(value) = value {
                    self.bytes += leaf.values.push(value)?;
                }
                Ok(at + 1)
            }
        }
    }

    /// Writes the rows as a row group, and is empty again.
    fn write(&mut self, writer: &mut SerializedFileWriter<File>) -> Result<(), ParquetError> {
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
        Shape::Text => Values::Text(Vec::new()),
        Shape::Number => Values::Numbers(Vec::new()),
        Shape::Day => Values::Days(Vec::new()),
        Shape::Time => Values::Times(Vec::new()),
    };
    leaves.push(Leaf {
        values,
        ..Leaf::default()
    });
}

impl Values {
    /// Adds a value, and returns how many bytes it takes.
    fn push(&mut self, value: &Value) -> io::Result<usize> {
        let wrong = || {
            let message = format!("`{value}` is not what the column holds");
            io::Error::new(io::ErrorKind::InvalidData, message)
        };
        let text = || value.as_str().ok_or_else(wrong);
        match self {
            Self::None => {}
            Self::Text(values) => {
                let text = text()?;
                values.push(text.into());
                return Ok(text.len() + size_of::<ByteArray>());
            }
            Self::Numbers(values) => values.push(value.as_i64().ok_or_else(wrong)?),
            Self::Days(values) => {
                let day: NaiveDate = text()?.parse().map_err(|_| wrong())?;
                values.push(day.to_epoch_days());
            }
            Self::Times(values) => {
                let time = DateTime::parse_from_rfc3339(text()?).map_err(|_| wrong())?;
                values.push(time.timestamp_micros());
            }
        }
        Ok(8)
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
            Values::None => {}
            Values::Text(values) => write_column::<ByteArrayType>(group, values, levels)?,
            Values::Numbers(values) | Values::Times(values) => {
                write_column::<Int64Type>(group, values, levels)?;
            }
            Values::Days(values) => write_column::<Int32Type>(group, values, levels)?,
        }
        self.definitions.clear();
        self.repetitions.clear();
        Ok(())
    }
}

fn write_column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, File>,
    values: &mut Vec<T::T>,
    (definitions, repetitions): (&[i16], &[i16]),
) -> Result<(), ParquetError> {
    if let Some(mut column) = group.next_column()? {
        column
            .typed::<T>()
            .write_batch(values, Some(definitions), Some(repetitions))?;
        column.close()?;
    }
    values.clear();
    Ok(())
}
