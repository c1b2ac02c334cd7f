//! `archive raw`: a story's bytes as they came.

use super::exit::Exit;
use super::place::PlaceArgs;
use super::screen::Screen;
use anyhow::Result;
use archive::store::catalog::Located;
use archive::store::{CopyError, copy_raw};
use std::io::Write;

/// Print stories' bytes, exactly as they were stored
///
/// Several follow each other without anything between them. If they are not what they were when
/// they were stored, standard error says so and the exit status is 1. On a terminal, what could act
/// on it is shown instead.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Ids of stories, or at least their first 4 digits
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    /// End each story with a zero byte
    #[arg(long, short = '0')]
    null: bool,

    #[command(flatten)]
    place: PlaceArgs,
}

const EXAMPLES: &str = "\
Examples:
  archive raw 1f3a9c > story.txt
  archive raw 1f3a9c | sha256sum";

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let catalog = args.place.catalog(screen)?;
    // All are looked for before the first is printed.
    let stories: Vec<Located> = args
        .ids
        .iter()
        .map(|id| catalog.locate(id))
        .collect::<Result<_, _>>()?;
    let mut out = screen.foreign_out();
    let mut any_failed = false;
    for story in stories {
        match copy_raw(args.place.root(), &story.sha256, &mut out) {
            Ok(()) => {}
            Err(CopyError::Archive(error)) => {
                out.flush()?;
                screen.complain(&error);
                any_failed = true;
            }
            Err(CopyError::Output(error)) => return Err(error.into()),
        }
        if args.null {
            out.write_all(b"\0")?;
        }
    }
    out.flush()?;
    Ok(Exit::failed_if(any_failed))
}
