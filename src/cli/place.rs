//! Which archive a command is about, and its catalog, open for questions.

use super::screen::{Progress, Screen};
use anyhow::{Context, Result};
use archive::archive::ArchiveError;
use archive::archive::catalog::{self, Catalog, Rebuilt};
use std::path::{Path, PathBuf};

/// Where the archive is.
#[derive(clap::Args)]
pub struct PlaceArgs {
    /// The archive directory
    #[arg(long, value_name = "DIR", env = "ARCHIVE_DIR", default_value = "archive")]
    archive: PathBuf,
}

impl PlaceArgs {
    /// The archive directory.
    pub fn root(&self) -> &Path {
        &self.archive
    }

    /// The catalog, open for reading. If it is missing or of another version it is made anew, and
    /// standard error says so: nothing is lost by that. A damaged one is an error, since its owner
    /// may want to know what happened to the disk.
    pub fn catalog(&self, screen: &Screen) -> Result<Catalog> {
        archive::archive::check(&self.archive)?;
        match Catalog::open_read_only(&self.archive) {
            Err(ArchiveError::CatalogMissing { .. } | ArchiveError::CatalogOutdated { .. }) => {
                heal(&self.archive, screen)?;
                Ok(Catalog::open_read_only(&self.archive)?)
            }
            opened => Ok(opened?),
        }
    }
}

/// Makes the catalog anew if it is missing or of another version, and says so.
pub fn heal(root: &Path, screen: &Screen) -> Result<()> {
    let progress = Progress::of_records();
    let healed = catalog::heal(root, |_| Ok(0), |count| progress.advance_by(count));
    drop(progress);
    match healed {
        Ok(Some(rebuilt)) => tell(&rebuilt, screen),
        Ok(None) => {}
        Err(error @ ArchiveError::Write { .. }) => return Err(error).context("the catalog is missing or outdated and cannot be made anew"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// Says what came of making the catalog anew, unless there was nothing to put into it.
fn tell(rebuilt: &Rebuilt, screen: &Screen) {
    for failure in &rebuilt.failures {
        screen.complain(failure);
    }
    if rebuilt.stories > 0 || !rebuilt.failures.is_empty() {
        screen.remark(&format_args!("the catalog was missing or outdated; made anew from {} records", rebuilt.stories));
    }
}
