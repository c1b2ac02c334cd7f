//! Options of every command that reads stories.

use archive::ParseOptions;
use archive::input::{OtherFormats, Sources};
use chrono_tz::{TZ_VARIANTS, Tz};
use clap::CommandFactory;
use std::path::PathBuf;

/// What the reader knows that the text does not say.
#[derive(clap::Args)]
pub struct ReadingArgs {
    /// Year of dates that print none; without it they stay like `XXXX-02-26`
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(1000..=9999))]
    year: Option<i32>,
    /// Time zone of times that print none, such as Europe/Paris or UTC; without it only their date is kept
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    tz: Option<Tz>,
    /// Read JSON, HTML and other formats that hold text inside as if they were plain text
    ///
    /// Such files are refused otherwise, with a message that names the format: read as text they
    /// give stories of braces and tags. Records and ledgers that this program wrote are never read.
    #[arg(long)]
    force_text: bool,
}

impl ReadingArgs {
    /// The files behind paths, with what is to be done about other formats.
    pub fn sources(&self, paths: &[PathBuf]) -> Sources {
        Sources::new(paths.to_vec()).other_formats(if self.force_text {
            OtherFormats::AsText
        } else {
            OtherFormats::Refused
        })
    }
}

impl From<&ReadingArgs> for ParseOptions {
    fn from(args: &ReadingArgs) -> Self {
        Self::default().year(args.year).time_zone(args.tz)
    }
}

fn zone(name: &str) -> Result<Tz, String> {
    TZ_VARIANTS
        .iter()
        .find(|zone| zone.name().eq_ignore_ascii_case(name))
        .copied()
        .ok_or_else(|| {
            "no such time zone; give an IANA name such as Europe/Paris or America/New_York, or UTC"
                .to_owned()
        })
}

/// Standard input can be read only once.
pub fn check_paths(command: &str, paths: &[PathBuf]) -> Result<(), clap::Error> {
    if paths.iter().filter(|path| path.as_os_str() == "-").count() > 1 {
        return Err(usage_error(
            command,
            "`-` (standard input) can be given only once",
        ));
    }
    Ok(())
}

/// Wrong usage of `command` that clap cannot see by itself, told in its manner.
pub fn usage_error(command: &str, message: &str) -> clap::Error {
    let mut program = super::Cli::command();
    // Completes the commands' names for their usage lines.
    program.build();
    let kind = clap::error::ErrorKind::ArgumentConflict;
    match program.find_subcommand_mut(command) {
        Some(command) => command.error(kind, message),
        None => program.error(kind, message),
    }
}
