//! `archive raw`: a story's bytes as they came.

use super::exit::Exit;
use super::place::PlaceArgs;
use super::screen::{Screen, safe};
use anyhow::Result;
use archive::store::{CopyError, copy_raw};
use std::io::Write;

/// Print a story's bytes, exactly as they were stored
///
/// If they are not what they were when they were stored, standard error says so and the exit status
/// is 1. On a terminal, what could act on it is shown instead.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The story's id, or at least its first 4 digits
    #[arg(value_name = "ID")]
    id: String,

    #[command(flatten)]
    place: PlaceArgs,
}

const EXAMPLES: &str = "\
Examples:
  archive raw 1f3a9c > story.txt
  archive raw 1f3a9c | sha256sum";

pub fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let catalog = args.place.catalog(screen)?;
    let story = catalog.locate(&args.id)?;
    let mut out = screen.out();
    let copied = if screen.is_terminal {
        let mut bytes = Vec::new();
        let copied = copy_raw(args.place.root(), &story.sha256, &mut bytes);
        out.write_all(safe::text(&String::from_utf8_lossy(&bytes)).as_bytes())?;
        out.flush()?;
        copied
    } else {
        copy_raw(args.place.root(), &story.sha256, &mut out)
    };
    match copied {
        Ok(()) => Ok(Exit::Ok),
        Err(CopyError::Archive(error)) => Err(error.into()),
        Err(CopyError::Output(error)) => Err(error.into()),
    }
}
