//! `archive rebuild`: every record read again from its raw copy.

use super::exit::Exit;
use super::place::PlaceArgs;
use super::screen::{Progress, Screen};
use anyhow::Result;
use archive::store::{Observer, OpenOptions, recognise};
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
pub(crate) struct Args {
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

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    recognise(args.place.root())?;
    let mut archive = args.place.open(&OpenOptions::default(), screen)?;
    let progress = Progress::of_work("reading records again");
    let changes = archive.rebuild(&mut Watch {
        progress: &progress,
        screen,
    });
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

/// Shows how far the work is, and names the records that stay.
struct Watch<'a> {
    progress: &'a Progress,
    screen: &'a Screen,
}

impl Observer for Watch<'_> {
    fn advanced(&mut self, more: u64, total: Option<u64>) {
        match total {
            Some(total) => self.progress.advance_of(more, total),
            None => self.progress.advance_by(more),
        }
    }

    fn left(&mut self, record: &str, reason: &str) {
        let message = format_args!("{record}: left as it is: {reason}");
        self.progress.pause(|| self.screen.complain(&message));
    }
}
