//! `archive raw`: a story's bytes as they came.

use super::exit::Exit;
use super::place::PlaceArgs;
use super::screen::Screen;
use anyhow::Result;
use archive::store::{CopyError, copy_raw};
use std::io::Write;

/// Print a story's bytes, exactly as they were stored
///
/// If they are not what they were when they were stored, standard error says so and the exit status
/// is 1. On a terminal, what could act on it is shown instead.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
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

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let catalog = args.place.catalog(screen)?;
    let story = catalog.locate(&args.id)?;
    let mut out = screen.foreign_out();
    match copy_raw(args.place.root(), &story.sha256, &mut out) {
        Ok(()) => Ok(Exit::Ok),
        Err(CopyError::Archive(error)) => {
            out.flush()?;
            Err(error.into())
        }
        Err(CopyError::Output(error)) => Err(error.into()),
    }
}
