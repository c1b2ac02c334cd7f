//! `archive remove`: stories go for good.

use super::exit::Exit;
use super::place::PlaceArgs;
use super::screen::Screen;
use anyhow::Result;
use archive::store::catalog::Catalog;
use archive::store::{Fixity, OpenOptions, Removed, StoryId};
use std::io::Write;

/// Remove stories for good: by a court's order, or because somebody has the right to be forgotten
///
/// The raw bytes, the record, and all that catalog and ledger say of the story go, and so does what
/// a repair has kept of it in `evidence/`. A ledger line stays with the hash of the bytes, the time
/// and the reason, so that `archive verify` finds nothing wrong. The same bytes are not taken in
/// again, unless `archive ingest --force` says so. If the work is interrupted, the next command
/// finishes it.
///
/// The catalog is made again, which takes as long as `archive reindex`. Other versions of the
/// story stay, and standard error names them. Files are deleted as the file system deletes them:
/// backups, and the blocks of the disk, are not wiped.
///
/// Prints a line a story: its id, a tab, and the hash that the ledger keeps.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The stories' ids, or at least their first 4 digits
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,

    /// Why, for the ledger; say nothing there that is to be forgotten
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    #[command(flatten)]
    place: PlaceArgs,
}

const EXAMPLES: &str = "\
Examples:
  archive remove 1f3a9c --reason 'court order of 4 March 2025'
  archive search 'speaker:ruiz' | cut -f 1 | tail -n +2 | xargs archive remove";

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let catalog = args.place.catalog(screen)?;
    let mut ids: Vec<StoryId> = Vec::with_capacity(args.ids.len());
    for id in &args.ids {
        ids.push(catalog.locate(id)?.id);
    }
    let others = other_versions(&catalog, &ids)?;
    drop(catalog);
    let mut archive = args.place.open(&OpenOptions::default(), screen)?;
    let removed = archive.remove(&ids, args.reason.as_deref())?;
    for failure in archive.finish(&mut ())? {
        screen.complain(&failure);
    }
    print(None, &removed, screen)?;
    name_others(&others, screen);
    Ok(Exit::Ok)
}

/// Returns the other versions of these stories.
pub(crate) fn other_versions(catalog: &Catalog, ids: &[StoryId]) -> Result<Vec<StoryId>> {
    let mut others = Vec::new();
    for id in ids {
        let chain = catalog.chain(*id)?;
        others.extend(chain.iter().map(|version| version.id));
    }
    others.sort_unstable();
    others.dedup();
    others.retain(|other| !ids.contains(other));
    Ok(others)
}

/// Says which versions stay.
pub(crate) fn name_others(others: &[StoryId], screen: &Screen) {
    if others.is_empty() {
        return;
    }
    let others: Vec<String> = others.iter().map(StoryId::to_string).collect();
    screen.remark(&format_args!(
        "other versions are still there: {}",
        others.join(" ")
    ));
}

/// Prints the id and the hash of what was stored instead, if anything was, and of what is gone.
pub(crate) fn print(stored: Option<Fixity>, removed: &Removed, screen: &Screen) -> Result<()> {
    let mut out = screen.out();
    for sha256 in stored.iter().chain(&removed.stories) {
        writeln!(out, "{}\t{sha256}", sha256.id())?;
    }
    out.flush()?;
    for path in &removed.evidence {
        screen.remark(&format_args!(
            "{}: removed, since it mentioned a story",
            path.to_string_lossy()
        ));
    }
    Ok(())
}
