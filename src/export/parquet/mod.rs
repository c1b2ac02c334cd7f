//! Tables as Parquet files, parted by year: columns have types and nested values stay nested, so a
//! reader has nothing to guess.
//!
//! Each year has a folder named `year=2021`, which DuckDB, Spark and Arrow read as a column; rows
//! without a day stand in `year=__HIVE_DEFAULT_PARTITION__`, which they read as null. Rows are
//! held until a row group is full and then written, so memory does not grow with the table.

mod row_group;
mod shred;

use super::columns::{Column, Shape, Table};
use super::folder::Folder;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::errors::ParquetError;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{Type, TypePtr};
pub use row_group::Mismatch;
use row_group::RowGroup;
pub use shred::Row;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// How much text a row group holds.
const GROUP_BYTES: usize = 16 << 20;

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

    /// Adds a row of the day `date`, if there is one; `fill` gives it its columns. Rows of a year
    /// that come one after the other share a file.
    ///
    /// # Errors
    ///
    /// The row has not what the columns hold, or the file cannot be written.
    pub fn add(
        &mut self,
        date: Option<&str>,
        fill: impl FnOnce(&mut Row<'_>) -> Result<(), Mismatch>,
    ) -> io::Result<()> {
        let year = date.and_then(|date| date.get(..4)?.parse().ok());
        if self.open.as_ref().is_none_or(|part| part.year != year) {
            self.end_part()?;
            self.open = Some(self.new_part(year)?);
        }
        let mut row = Row::new(&mut self.group, self.table.columns);
        fill(&mut row)
            .and_then(|()| row.end())
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        if self.group.bytes >= GROUP_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    /// Writes what is pending, and returns how many files there are. A table without rows has one,
    /// which says what its columns are.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn finish(mut self) -> io::Result<u32> {
        if self.files == 0 {
            self.open = Some(self.new_part(None)?);
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use serde::Serialize;

    const TABLE: Table = Table {
        name: "sayings",
        columns: &[
            column("id", Shape::Text),
            optional("date", Shape::Day),
            column("said", Shape::List(&SAID)),
            column(
                "span",
                Shape::Group(&[column("start", Shape::Number), column("end", Shape::Number)]),
            ),
            column("tags", Shape::List(&Shape::Text)),
        ],
    };
    const SAID: Shape = Shape::Group(&[
        column("text", Shape::Text),
        optional(
            "speaker",
            Shape::Group(&[column("name", Shape::Text), optional("title", Shape::Text)]),
        ),
        column("words", Shape::List(&Shape::Text)),
    ]);

    const fn column(name: &'static str, shape: Shape) -> Column {
        Column {
            name,
            shape,
            is_optional: false,
        }
    }

    const fn optional(name: &'static str, shape: Shape) -> Column {
        Column {
            name,
            shape,
            is_optional: true,
        }
    }

    #[derive(Clone, Serialize)]
    struct Sayings {
        id: &'static str,
        unknown: bool,
        date: Option<&'static str>,
        said: Vec<Said>,
    }

    #[derive(Clone, Serialize)]
    struct Said {
        text: &'static str,
        speaker: Option<Speaker>,
        words: Vec<&'static str>,
    }

    #[derive(Clone, Serialize)]
    struct Speaker {
        name: &'static str,
        title: Option<&'static str>,
    }

    /// The other part of a row.
    #[derive(Serialize)]
    struct Rest {
        span: [usize; 2],
        tags: Vec<&'static str>,
    }

    fn sayings(id: &'static str, date: Option<&'static str>, said: &[Said]) -> Sayings {
        Sayings {
            id,
            unknown: true,
            date,
            said: said.to_vec(),
        }
    }

    /// Returns the rows of a file, as the crate shows them.
    fn rows(path: &Path) -> Vec<String> {
        let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
        let rows = reader.get_row_iter(None).unwrap();
        rows.map(|row| row.unwrap().to_string()).collect()
    }

    #[test]
    fn what_is_nested_comes_back_nested() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("out");
        let mut files = Parted::create(&root, TABLE).unwrap();
        let said = |text, speaker: Option<Speaker>, words: &[&'static str]| Said {
            text,
            speaker,
            words: words.to_vec(),
        };
        let ana = Speaker {
            name: "Ana",
            title: Some("pilot"),
        };
        let tom = Speaker {
            name: "Tom",
            title: None,
        };
        let first = [
            said("yes", Some(ana), &["a", "b"]),
            said("no", Some(tom), &[]),
        ];
        let third = [said("hm", None, &["c"])];
        for (row, tags) in [
            (sayings("1", Some("2021-03-03"), &first), vec![]),
            (sayings("2", Some("2021-03-04"), &[]), vec!["x", "y"]),
            (sayings("3", None, &third), vec!["z"]),
        ] {
            let date = row.date;
            let fill = |columns: &mut Row<'_>| {
                columns.fill(&row)?;
                columns.fill(&Rest { span: [3, 9], tags })
            };
            files.add(date, fill).unwrap();
        }
        assert_eq!(files.finish().unwrap(), 2);
        assert_eq!(
            rows(&root.join("year=2021/sayings-0000.parquet")),
            [
                "{id: \"1\", date: 2021-03-03, said: [{text: \"yes\", speaker: {name: \"Ana\", \
                 title: \"pilot\"}, words: [\"a\", \"b\"]}, {text: \"no\", speaker: {name: \
                 \"Tom\", title: null}, words: []}], span: {start: 3, end: 9}, tags: []}",
                "{id: \"2\", date: 2021-03-04, said: [], span: {start: 3, end: 9}, tags: [\"x\", \
                 \"y\"]}",
            ]
        );
        assert_eq!(
            rows(&root.join("year=__HIVE_DEFAULT_PARTITION__/sayings-0001.parquet")),
            [
                "{id: \"3\", date: null, said: [{text: \"hm\", speaker: null, words: [\"c\"]}], \
              span: {start: 3, end: 9}, tags: [\"z\"]}"
            ]
        );
    }

    #[test]
    fn a_table_without_rows_has_its_columns() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("out");
        let files = Parted::create(&root, TABLE).unwrap();
        assert_eq!(files.finish().unwrap(), 1);
        let path = root.join("year=__HIVE_DEFAULT_PARTITION__/sayings-0000.parquet");
        assert!(rows(&path).is_empty());
    }

    #[test]
    fn rows_that_do_not_fit_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut files = Parted::create(&folder.path().join("out"), TABLE).unwrap();
        let row = sayings("1", None, &[]);
        let problem = files.add(None, |columns| columns.fill(&row)).unwrap_err();
        assert!(
            problem.to_string().contains("`span` has no value"),
            "{problem}"
        );
        let row = sayings("1", Some("yesterday"), &[]);
        let problem = files.add(None, |columns| columns.fill(&row)).unwrap_err();
        assert!(problem.to_string().contains("`yesterday`"), "{problem}");
    }
}
