//! `archive reindex`: the catalog rebuilt.

use super::exit::Exit;
use super::place::PlaceArgs;
use super::screen::{Progress, Screen};
use anyhow::Result;
use archive::store::{Archive, Observer, Reindexed};
use std::io::Write;

/// Rebuild the catalog from the ledger and the records
///
/// `catalog.sqlite` is what list, search and the other questions read. It holds nothing that is not
/// in records and ledger, so it can be rebuilt whenever it is missing, damaged or in doubt. The
/// new one is built beside the old one and then takes its place at once.
///
/// Records that cannot be read are reported and left out; the exit status is 1 then.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    place: PlaceArgs,
}

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let progress = Progress::of_records();
    let reindexed = Archive::reindex(
        args.place.root(),
        &mut Watch {
            progress: &progress,
            place: &args.place,
            screen,
        },
    );
    drop(progress);
    let Reindexed {
        recovery,
        catalog: rebuilt,
        ..
    } = reindexed?;
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

/// Shows how far the work is, and says that another program is writing.
struct Watch<'a> {
    progress: &'a Progress,
    place: &'a PlaceArgs,
    screen: &'a Screen,
}

impl Observer for Watch<'_> {
    fn waiting(&mut self) {
        self.progress.pause(|| self.place.waits(self.screen));
    }

    fn advanced(&mut self, more: u64, _total: Option<u64>) {
        self.progress.advance_by(more);
    }
}
