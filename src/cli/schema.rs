//! `archive schema`: the contracts of what the program writes, for machines.

use super::exit::Exit;
use super::screen::Screen;
use super::spark;
use anyhow::Result;
use schemars::generate::SchemaSettings;
use serde_json::Value;
use std::io::Write;

/// Print what records look like, for other programs
///
/// It is generated from the program's own types, so it describes exactly what `parse` and `ingest`
/// write.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Which schema
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Json)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// The record, as JSON Schema (draft 2020-12)
    Json,
    /// The record, as Spark's `StructType.fromJson` reads it
    Spark,
}

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let schema = match args.format {
        Format::Json => record()?,
        Format::Spark => spark::data_type(&record()?),
    };
    let mut out = screen.out();
    writeln!(out, "{}", serde_json::to_string_pretty(&schema)?)?;
    out.flush()?;
    Ok(Exit::Ok)
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
