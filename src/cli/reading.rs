//! Options of every command that reads stories.

use super::batch::Reading;
use anyhow::{Context, Result};
use archive::FORMATS;
use archive::input::{NamePattern, OtherFormats, Sources};
use archive::story::Format;
use archive::{CallerFacts, FactName, ParseOptions, Split};
use chrono_tz::{TZ_VARIANTS, Tz};
use clap::CommandFactory;
use globset::{Glob, GlobSet, GlobSetBuilder};
use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;
use std::str::FromStr;

/// What the reader knows that the text does not say.
#[derive(clap::Args)]
pub(crate) struct ReadingArgs {
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
    /// Where one story of a plain text file ends and the next begins: `auto`, `none` or a regular
    /// expression
    ///
    /// `auto` looks at form feeds, rules (`=====`) and end marks (`-30-`), and parts stories there
    /// if what follows begins as a story does: a headline with a byline, dateline, date or slug.
    /// A regular expression ends a story with what it matches; with a group, as in
    /// `^(SLUG: )`, the next story begins where the group does. `^` and `$` are those of lines.
    /// Files of other formats are cut as their format says.
    #[arg(long, value_name = "WHERE", value_parser = Split::from_str, default_value = "auto",
        hide_default_value = true)]
    split: Split,
    /// Give a fact that the stories may leave out, such as `publication=Island Gazette`
    ///
    /// Facts: agency, date, edition, id, language, page, publication, section, slug. A story that
    /// says otherwise keeps what it says. The record has what was given in `wire.given`, and the
    /// ledger of an archive keeps it.
    #[arg(long, value_name = "FACT=VALUE", value_parser = fact)]
    set: Vec<(FactName, String)>,
    /// Take facts from the names of files, such as `{outlet}_{date}_{slug}`
    ///
    /// Facts are those of `--set`; `outlet` is the publication, and `{}` is passed over. With `/`
    /// the pattern looks at the directories above, too; the name's ending does not count. In a
    /// container the members' names count. A file whose name is not like this is not read, and
    /// standard error names it.
    #[arg(long, value_name = "PATTERN", value_parser = NamePattern::from_str)]
    name_pattern: Option<NamePattern>,
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
    pub(crate) fn has_list(&self) -> bool {
        self.files_from.is_some()
    }

    /// Adds the paths of the list that was given, if one was.
    pub(crate) fn extend(&self, paths: &mut Vec<PathBuf>) -> Result<()> {
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
    pub(crate) fn sources(&self, paths: &[PathBuf]) -> Sources {
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

impl ReadingArgs {
    /// Returns how stories are to be read; wrong usage of `command` is told.
    pub(crate) fn reading(&self, command: &str) -> std::result::Result<Reading, clap::Error> {
        let wrong = |problem: &dyn std::fmt::Display| usage_error(command, &problem.to_string());
        let mut facts = CallerFacts::default();
        for (name, value) in &self.set {
            facts.give(*name, value).map_err(|error| wrong(&error))?;
        }
        // Text of whatever kind is plain copy then.
        let format = self
            .input_format
            .or(self.force_text.then_some(Format::Plain));
        let reading = Reading {
            options: ParseOptions::default()
                .year(self.year)
                .time_zone(self.tz)
                .format(format)
                .split(self.split.clone())
                .facts(facts),
            names: self.name_pattern.clone(),
        };
        match reading.given_twice() {
            Some(name) => Err(wrong(&format_args!(
                "{name} is given by `--set` and by `--name-pattern`; leave it out of one"
            ))),
            None => Ok(reading),
        }
    }

    /// Returns whether facts are taken from the names of files.
    pub(crate) fn has_name_pattern(&self) -> bool {
        self.name_pattern.is_some()
    }
}

/// Reads `FACT=VALUE`.
fn fact(text: &str) -> std::result::Result<(FactName, String), String> {
    let Some((name, value)) = text.split_once('=') else {
        return Err("no `=` in it; give a fact as FACT=VALUE".to_owned());
    };
    let name: FactName = name.parse().map_err(|error| format!("{error}"))?;
    // Only to refuse what is none, at once.
    let given = CallerFacts::default().give(name, value);
    given.map_err(|error| error.to_string())?;
    Ok((name, value.to_owned()))
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
