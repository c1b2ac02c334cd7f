//! Options of every command that reads stories.

use anyhow::{Context, Result};
use archive::FORMATS;
use archive::ParseOptions;
use archive::input::{OtherFormats, Sources};
use archive::story::Format;
use chrono_tz::{TZ_VARIANTS, Tz};
use clap::CommandFactory;
use globset::{Glob, GlobSet, GlobSetBuilder};
use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;

/// What the reader knows that the text does not say.
#[derive(clap::Args)]
pub struct ReadingArgs {
    /// Year of dates that print none; without it they stay like `XXXX-02-26`
    #[arg(long, value_name = "YEAR", value_parser = year)]
    year: Option<i32>,
    /// Time zone of times that print none, such as Europe/Paris or UTC; without it only their date
    /// is kept
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    tz: Option<Tz>,
    /// Format to read every file as, whatever it looks like; `archive formats` lists them
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    input_format: Option<Format>,
    /// Read JSON, HTML and other formats that hold text inside as if they were plain text
    ///
    /// Such files are refused otherwise, with a message that names the format: read as text they
    /// give stories of braces and tags. Records and ledgers that this program wrote are never read.
    #[arg(long, conflicts_with = "input_format")]
    force_text: bool,
    /// Read further paths from LIST, one a line; `-` is standard input
    #[arg(long, value_name = "LIST")]
    files_from: Option<PathBuf>,
    /// Paths in LIST end with a zero byte, as `find -print0` writes them
    #[arg(short = '0', long, requires = "files_from")]
    null: bool,
    /// Pass over files found in directories whose path or name matches GLOB
    #[arg(long, value_name = "GLOB", value_parser = Glob::new)]
    exclude: Vec<Glob>,
}

impl ReadingArgs {
    /// Returns whether a list of paths was given.
    pub fn has_list(&self) -> bool {
        self.files_from.is_some()
    }

    /// Adds the paths of the list that was given, if one was.
    pub fn extend(&self, paths: &mut Vec<PathBuf>) -> Result<()> {
        let Some(list) = &self.files_from else {
            return Ok(());
        };
        let read = match list.as_os_str() == "-" {
            true => {
                let mut bytes = Vec::new();
                io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
            }
            false => fs::read(list),
        };
        let name = list.display();
        let bytes =
            read.with_context(|| format!("{name}: cannot be read; give a list of paths"))?;
        let end = if self.null { 0 } else { b'\n' };
        for path in bytes.split(|byte| *byte == end) {
            let path = path
                .strip_suffix(b"\r")
                .filter(|_| !self.null)
                .unwrap_or(path);
            if !path.is_empty() {
                paths.push(path_of(path));
            }
        }
        Ok(())
    }

    /// Returns the files behind paths, with what is to be done about other formats.
    pub fn sources(&self, paths: &[PathBuf]) -> Sources {
        Sources::new(paths.to_vec())
            .other_formats(if self.force_text {
                OtherFormats::AsText
            } else {
                OtherFormats::Refused
            })
            .without(self.unwanted())
    }

    fn unwanted(&self) -> GlobSet {
        let mut globs = GlobSetBuilder::new();
        for glob in &self.exclude {
            globs.add(glob.clone());
        }
        // Each was compiled when it was given; a set of them can only be too large.
        globs.build().unwrap_or_default()
    }
}

impl From<&ReadingArgs> for ParseOptions {
    fn from(args: &ReadingArgs) -> Self {
        // Text of whatever kind is plain copy then.
        let format = args
            .input_format
            .or(args.force_text.then_some(Format::Plain));
        Self::default()
            .year(args.year)
            .time_zone(args.tz)
            .format(format)
    }
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// Reads a year.
pub(crate) fn year(text: &str) -> std::result::Result<i32, String> {
    text.parse()
        .ok()
        .filter(|year| (1000..=9999).contains(year))
        .ok_or_else(|| "is not a year; give four digits, such as 1987".to_owned())
}

pub(crate) fn zone(name: &str) -> std::result::Result<Tz, String> {
    TZ_VARIANTS
        .iter()
        .find(|zone| zone.name().eq_ignore_ascii_case(name))
        .copied()
        .ok_or_else(|| {
            "no such time zone; give an IANA name such as Europe/Paris or America/New_York, or UTC"
                .to_owned()
        })
}

fn format(name: &str) -> std::result::Result<Format, String> {
    FORMATS
        .iter()
        .find(|info| info.format.name().eq_ignore_ascii_case(name))
        .map(|info| info.format)
        .or(name.eq_ignore_ascii_case("plain").then_some(Format::Plain))
        .ok_or_else(|| {
            "no such format; `archive formats` lists them, and `plain` is copy".to_owned()
        })
}

/// Standard input can be read only once.
pub(crate) fn check_paths(
    command: &str,
    paths: &[PathBuf],
) -> std::result::Result<(), clap::Error> {
    if paths.iter().filter(|path| path.as_os_str() == "-").count() > 1 {
        return Err(usage_error(
            command,
            "`-` (standard input) can be given only once",
        ));
    }
    Ok(())
}

/// Wrong usage of `command` that clap cannot see by itself, told in its manner.
pub(crate) fn usage_error(command: &str, message: &str) -> clap::Error {
    let mut program = super::Cli::command();
    // Completes the commands' names for their usage lines.
    program.build();
    let kind = clap::error::ErrorKind::ArgumentConflict;
    match program.find_subcommand_mut(command) {
        Some(command) => command.error(kind, message),
        None => program.error(kind, message),
    }
}
