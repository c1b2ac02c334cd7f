//! `archive reindex`: the catalog rebuilt.

use super::exit::Exit;
use super::place::PlaceArgs;
use super::screen::{Progress, Screen};
use anyhow::Result;
use archive::store::Archive;
use std::io::Write;

/// Rebuild the catalog from the ledger and the records
///
/// `catalog.sqlite` is what list, search and the other questions read. It holds nothing that is not
/// in records and ledger, so it can be rebuilt whenever it is missing, damaged or in doubt. The
/// new one is built beside the old one and then takes its place at once.
///
/// Records that cannot be read are reported and left out; the exit status is 1 then.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: PlaceArgs,
}

pub fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let progress = Progress::of_records();
    let rebuilt = Archive::reindex(
        args.place.root(),
        &|| progress.pause(|| args.place.waits(screen)),
        |count| progress.advance_by(count),
    );
    drop(progress);
    let (recovery, rebuilt) = rebuilt?;
    args.place.recovered(&recovery, screen);
    for failure in &rebuilt.failures {
        screen.complain(failure);
    }
    let mut out = screen.out();
    writeln!(out, "{} stories in the catalog", rebuilt.stories)?;
    if !rebuilt.failures.is_empty() {
        writeln!(out, "{} records left out", rebuilt.failures.len())?;
    }
    out.flush()?;
    Ok(Exit::failed_if(!rebuilt.failures.is_empty()))
}
