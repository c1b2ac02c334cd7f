//! Which archive, and how to open it for writing.

use super::screen::Screen;
use archive::archive::{Archive, ArchiveError, Durability};
use std::path::PathBuf;

/// The option of every command that works on an archive.
#[derive(clap::Args)]
pub struct Place {
    /// The archive directory
    #[arg(long, value_name = "DIR", env = "ARCHIVE_DIR", default_value = "archive")]
    pub archive: PathBuf,
}

/// What a power cut may take. The end of the program alone takes nothing.
#[derive(Clone, Copy, Default, clap::ValueEnum)]
pub enum DurabilityArg {
    /// Anything: the system writes when it likes. For archives that can be made again
    None,
    /// Nothing: stories are made safe some thousands at a time, then reported
    #[default]
    Batch,
    /// Nothing, and each story is made safe before the next is stored; much slower
    Story,
}

impl From<DurabilityArg> for Durability {
    fn from(durability: DurabilityArg) -> Self {
        match durability {
            DurabilityArg::None => Self::None,
            DurabilityArg::Batch => Self::Batch,
            DurabilityArg::Story => Self::Story,
        }
    }
}

impl Place {
    /// Opens the archive for writing, and makes it if need be. Tells when it has to wait, and what
    /// had to be recovered.
    pub fn open(&self, durability: DurabilityArg, screen: &Screen) -> Result<Archive, ArchiveError> {
        let shown = self.archive.to_string_lossy();
        let wait = || screen.complain(&format_args!("{shown}: another program is writing to it; waiting for it to finish"));
        let (archive, recovery) = Archive::open(&self.archive, durability.into(), &wait)?;
        if recovery.is_needed() {
            screen.complain(&format_args!("{shown}: {recovery}"));
        }
        Ok(archive)
    }
}
