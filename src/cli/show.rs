//! `archive show`: one story, to read.

use super::exit::Exit;
use super::page;
use super::place::PlaceArgs;
use super::screen::{Screen, safe};
use anyhow::{Context, Result};
use archive::archive::{record, record_bytes};
use archive::export::text;
use std::io::Write;

/// Show one story
///
/// On a terminal: the story as a page, with its quotes in the colours of their speakers, everything
/// else that the text holds, and where it came from. Elsewhere: the plain reading copy.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The story's id, or at least its first 4 digits
    #[arg(value_name = "ID")]
    id: String,

    /// Print the record, as it is stored
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    place: PlaceArgs,
}

const EXAMPLES: &str = "\
Examples:
  archive show 1f3a9c
  archive show 1f3a9c --json | jq .quotes
  archive show 1f3a9c | fold -sw 72";

/// Arrivals told at the foot of the page.
const ARRIVALS: usize = 5;

pub fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let root = args.place.root();
    let catalog = args.place.catalog(screen)?;
    let located = catalog.locate(&args.id)?;
    let mut out = screen.out();
    if args.json {
        let bytes = record_bytes(root, &located.record)?;
        if screen.is_terminal {
            out.write_all(safe::json(&String::from_utf8_lossy(&bytes)).as_bytes())?;
        } else {
            out.write_all(&bytes)?;
        }
    } else {
        let story = record(root, &located.record)?;
        if screen.is_terminal {
            let (times, arrivals) = catalog.arrivals(&located.id, ARRIVALS)?;
            page::story(&story, &located.record, times, &arrivals, screen, &mut out)?;
        } else {
            text::story(&story, &mut out)?;
        }
    }
    out.flush().context("standard output: cannot be written; check where it goes")?;
    Ok(Exit::Ok)
}
