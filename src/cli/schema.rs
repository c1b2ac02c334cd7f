//! `archive schema`: the record's contract, for machines.

use super::exit::Exit;
use super::screen::Screen;
use anyhow::Result;
use schemars::generate::SchemaSettings;
use std::io::Write;

/// Print the JSON Schema (draft 2020-12) of the record.
///
/// It is generated from the program's own types, so it describes exactly what `parse` and `ingest`
/// write.
#[derive(clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_: Args, screen: &Screen) -> Result<Exit> {
    // What is written, not what could be read: every key is always there.
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let schema = settings
        .into_generator()
        .into_root_schema_for::<archive::Story>();
    let mut out = screen.out();
    writeln!(out, "{}", serde_json::to_string_pretty(&schema)?)?;
    out.flush()?;
    Ok(Exit::Ok)
}
