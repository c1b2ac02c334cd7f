//! `archive schema`: the contracts of what the program writes, for machines.

use super::exit::Exit;
use super::screen::{Screen, StandardOut};
use super::spark;
use anyhow::Result;
use archive::export::columns::{self, Table};
use archive::store::catalog::{self, DATASETTE_METADATA};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};
use std::io::Write;

/// Print what records and tables look like, for other programs
///
/// Each form describes exactly what this version writes.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Which schema
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Json)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// The record, as JSON Schema (draft 2020-12)
    Json,
    /// The catalog, as the SQL that makes its tables in SQLite
    Sql,
    /// The tables of `export --format parquet`, as SQL that makes them in DuckDB
    Duckdb,
    /// The same tables, as Arrow's schemas in JSON
    Arrow,
    /// The catalog, as a metadata file for Datasette
    Datasette,
    /// The record, as Spark's `StructType.fromJson` reads it
    Spark,
}

const EXAMPLES: &str = "\
Examples:
  archive schema > story.schema.json
  archive schema --format duckdb | duckdb stories.duckdb
  archive schema --format datasette > metadata.json
  datasette archive/catalog.sqlite -m metadata.json";

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let mut out = screen.out();
    match args.format {
        Format::Json => write(&mut out, &record()?)?,
        Format::Spark => write(&mut out, &spark::data_type(&record()?))?,
        Format::Sql => out.write_all(catalog::TABLES.as_bytes())?,
        Format::Duckdb => {
            let tables: Vec<String> = columns::TABLES.iter().map(Table::duckdb).collect();
            out.write_all(tables.join("\n").as_bytes())?;
        }
        Format::Arrow => {
            let tables: Map<String, Value> = columns::TABLES
                .iter()
                .map(|table| (table.name.to_owned(), table.arrow()))
                .collect();
            write(&mut out, &Value::Object(tables))?;
        }
        Format::Datasette => out.write_all(DATASETTE_METADATA.as_bytes())?,
    }
    out.flush()?;
    Ok(Exit::Ok)
}

fn write(out: &mut StandardOut, schema: &Value) -> Result<()> {
    writeln!(out, "{}", serde_json::to_string_pretty(schema)?)?;
    Ok(())
}

/// Returns the JSON Schema of the record.
pub(super) fn record() -> Result<Value> {
    // What is written, not what could be read: every key is always there.
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let generator = settings.into_generator();
    Ok(serde_json::to_value(
        generator.into_root_schema_for::<archive::Story>(),
    )?)
}
