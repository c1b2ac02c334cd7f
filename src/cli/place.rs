//! Which archive a command is about: open for writing, or its catalog for questions.

use super::screen::Screen;
use anyhow::{Result, anyhow};
use archive::store::catalog::Catalog;
use archive::store::{
    Archive, ArchiveError, Durability, Observer, OpenOptions, Opened, Recovery, recognise,
};
use std::path::{Path, PathBuf};

/// Where the archive is.
#[derive(clap::Args)]
pub(crate) struct PlaceArgs {
    /// The archive directory
    #[arg(
        long,
        value_name = "DIR",
        env = "ARCHIVE_DIR",
        hide_env_values = true,
        default_value = "archive"
    )]
    archive: PathBuf,
}

/// What a power cut may take. The end of the program alone takes nothing.
#[derive(Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
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

/// Says that another program is writing.
struct Waiting<F>(F);

impl<F: FnMut()> Observer for Waiting<F> {
    fn waiting(&mut self) {
        (self.0)();
    }
}

impl PlaceArgs {
    /// Returns the archive directory.
    pub(crate) fn root(&self) -> &Path {
        &self.archive
    }

    /// Opens the archive for writing, and makes it if need be. Says when it has to wait, and what
    /// had to be recovered or made again.
    pub(crate) fn open(
        &self,
        options: &OpenOptions,
        screen: &Screen,
    ) -> Result<Archive, ArchiveError> {
        let mut waiting = Waiting(|| self.waits(screen));
        let opened = Archive::open(&self.archive, options, &mut waiting)?;
        Ok(self.report(opened, screen))
    }

    /// Opens the archive for writing like [`open`](Self::open), but waits for nobody: none if
    /// another program is writing to it.
    pub(crate) fn try_open(
        &self,
        options: &OpenOptions,
        screen: &Screen,
    ) -> Result<Option<Archive>, ArchiveError> {
        let opened = Archive::try_open(&self.archive, options)?;
        Ok(opened.map(|opened| self.report(opened, screen)))
    }

    /// Says that another program is writing.
    pub(crate) fn waits(&self, screen: &Screen) {
        screen.complain(&format_args!(
            "{}: another program is writing to it; waiting for it to finish",
            self.archive.to_string_lossy()
        ));
    }

    /// Says what had been left undone, if anything was.
    pub(crate) fn recovered(&self, recovery: &Recovery, screen: &Screen) {
        if recovery.is_needed() {
            screen.complain(&format_args!(
                "{}: {recovery}",
                self.archive.to_string_lossy()
            ));
        }
    }

    /// Returns the catalog, open for reading. If it is missing, of another version or behind the
    /// ledger, it is rebuilt or brought up to date, and standard error says so: nothing is lost by
    /// that. If somebody is writing to the archive, it is taken as it is. If it cannot be brought
    /// up to date, the answer comes from what it has, standard error says what it lacks, and the
    /// command has failed. A damaged one is an error, since its owner may want to know what
    /// happened to the disk.
    pub(crate) fn catalog(&self, screen: &Screen) -> Result<Catalog> {
        screen.detail(&format_args!("reads {}", self.archive.display()));
        recognise(&self.archive)?;
        let found = Catalog::open_read_only(&self.archive);
        match found {
            Ok(catalog) if catalog.is_current(&self.archive)? => return Ok(catalog),
            Ok(catalog) => match Archive::try_open(&self.archive, &OpenOptions::default()) {
                Ok(Some(opened)) => drop(self.report(opened, screen)),
                // Somebody is writing: what is there is true, if not the latest.
                Ok(None) => return Ok(catalog),
                Err(why) => {
                    let lacking = catalog.lacking(&self.archive)?;
                    screen.lacks(&format_args!("{lacking}: {why}"));
                    return Ok(catalog);
                }
            },
            Err(
                lacking @ (ArchiveError::CatalogMissing { .. }
                | ArchiveError::CatalogOutdated { .. }),
            ) => {
                match self.open(&OpenOptions::default(), screen) {
                    Ok(archive) => drop(archive),
                    // What is asked for needs no writing; only this does.
                    Err(refused @ ArchiveError::Write { .. }) => {
                        return Err(anyhow!(
                            "{lacking} where the disk can be written, since here it cannot: \
                             {refused}"
                        ));
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            Err(error) => return Err(error.into()),
        }
        Ok(Catalog::open_read_only(&self.archive)?)
    }

    fn report(&self, opened: Opened, screen: &Screen) -> Archive {
        let Opened {
            archive,
            recovery,
            catalog,
            ..
        } = opened;
        self.recovered(&recovery, screen);
        for failure in &catalog.failures {
            screen.complain(failure);
        }
        if let Some(stories) = catalog.made_anew.filter(|stories| *stories > 0) {
            screen.remark(&format_args!(
                "the catalog was missing, outdated or not of this ledger; rebuilt from {stories} \
                 records"
            ));
        }
        archive
    }
}
