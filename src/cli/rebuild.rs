//! `archive rebuild`: every record read again from its raw copy.

use super::exit::Exit;
use super::place::{DurabilityArg, PlaceArgs};
use super::screen::{Progress, Screen};
use anyhow::Result;
use archive::store as directory;
use serde_json::json;
use std::cmp::Reverse;
use std::io::Write;

/// Read every record again from its raw copy, with this version of the program
///
/// Each story is read with the options that it was ingested with, which the ledger knows. Records
/// gain from better rules, and can move to another date or name; ids never change, raw copies are
/// never touched, and a record that stays the same is not written. Ends with how many records
/// changed, and in which fields.
///
/// A record that cannot be made again is named on standard error, and the exit status is 1.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    place: PlaceArgs,

    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  archive rebuild
  archive rebuild --archive ~/wire --json | jq .fields";

pub fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    directory::recognise(args.place.root())?;
    let mut opened = args.place.open(DurabilityArg::Batch, screen)?;
    let progress = Progress::of_work("reading records again");
    let left = |path: &str, reason: &str| {
        progress.pause(|| screen.complain(&format_args!("{path}: left as it is: {reason}")));
    };
    let changes = directory::rebuild(&mut opened, left, |more, of| progress.advance_of(more, of));
    drop(progress);
    let changes = changes?;
    let mut out = screen.out();
    let mut print = || {
        if args.json {
            writeln!(
                out,
                "{}",
                json!({"records": changes.records, "changed": changes.changed, "moved": changes.moved, "left": changes.left, "fields": changes.fields})
            )?;
            return out.flush();
        }
        writeln!(
            out,
            "{} records: {} changed, {} of them moved, {} left as they were",
            changes.records, changes.changed, changes.moved, changes.left
        )?;
        let mut fields: Vec<_> = changes.fields.iter().collect();
        fields.sort_by_key(|(_, count)| Reverse(**count));
        for (field, count) in fields {
            writeln!(out, "{count:>7} × {}", screen.shown(field))?;
        }
        out.flush()
    };
    print()?;
    Ok(Exit::failed_if(changes.left > 0))
}
