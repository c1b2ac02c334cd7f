//! The command line as clap reads it: with the defaults of the config file, and with `--archive`
//! before the command as well as after it.

use super::Cli;
use super::config::Config;
use clap::builder::Resettable;
use clap::builder::styling::Style;
use clap::error::ErrorKind;
use clap::{ArgMatches, Command, CommandFactory, FromArgMatches};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Commands as the help lists them. Those that are in no group come last.
const GROUPS: [(&str, &[&str]); 6] = [
    ("Read copy", &["parse", "formats", "schema"]),
    ("Keep stories", &["ingest", "merge", "remove", "redact"]),
    (
        "Find and read",
        &[
            "list",
            "search",
            "show",
            "diff",
            "raw",
            "quotes",
            "versions",
            "duplicates",
            "timeline",
            "stats",
        ],
    ),
    ("Say something of stories", &["tag", "note", "collect"]),
    (
        "Hand over and look after",
        &["export", "verify", "reindex", "rebuild"],
    ),
    ("Shell", &["completions", "man"]),
];
/// Room for the names of commands.
const NAME: usize = 13;
/// The widest line that reads well.
const WIDEST: usize = 100;

/// Reads the arguments of the process.
pub(crate) fn read(
    arguments: &[OsString],
    config: &Config,
    width: usize,
) -> Result<Cli, clap::Error> {
    let command = || with_defaults(grouped(Cli::command(), width), config);
    let matches = command().try_get_matches_from(arguments)?;
    let matches = match (before(&matches), matches.subcommand_name()) {
        (Some(archive), Some(name)) => {
            given_before(command(), name, archive)?.try_get_matches_from(arguments)?
        }
        _ => matches,
    };
    Cli::from_arg_matches(&matches)
}

/// Returns the archive that was given before the command.
fn before(matches: &ArgMatches) -> Option<&PathBuf> {
    matches.get_one("archive")
}

/// Makes the archive that was given before a command the default of the same option after it. It
/// wins over the environment.
fn given_before(command: Command, name: &str, archive: &Path) -> Result<Command, clap::Error> {
    let mut command = command;
    let is_about_archive = command
        .find_subcommand(name)
        .is_some_and(|sub| has_option(sub, "archive"));
    if !is_about_archive {
        let message = format!("`archive {name}` is about no archive; leave `--archive` out");
        return Err(command.error(ErrorKind::ArgumentConflict, message));
    }
    Ok(command.mut_subcommand(name, |sub| {
        sub.mut_arg("archive", |option| {
            option
                .env(Resettable::<clap::builder::OsStr>::Reset)
                .default_value(archive.as_os_str().to_owned())
        })
    }))
}

fn has_option(command: &Command, id: &str) -> bool {
    command.get_arguments().any(|option| option.get_id() == id)
}

/// Gives options the defaults of the config file.
fn with_defaults(mut command: Command, config: &Config) -> Command {
    for (id, value) in &config.defaults {
        let set = |command: Command, value: &OsStr| {
            command.mut_arg(*id, |option| option.default_value(value.to_owned()))
        };
        // The archive before the command is given or not: it has no default.
        if *id != "archive" && has_option(&command, id) {
            command = set(command, value);
        }
        command = command.mut_subcommands(|sub| match has_option(&sub, id) {
            true => set(sub, value),
            false => sub,
        });
    }
    command
}

/// Lists the commands in groups in the help of the program.
fn grouped(command: Command, width: usize) -> Command {
    let header = *command.get_styles().get_header();
    let literal = *command.get_styles().get_literal();
    let in_group = |name: &str| GROUPS.iter().any(|(_, names)| names.contains(&name));
    let others: Vec<&str> = command
        .get_subcommands()
        .map(Command::get_name)
        .filter(|name| !in_group(name))
        .collect();
    let mut list = String::new();
    for (heading, names) in GROUPS
        .iter()
        .copied()
        .chain([("Others", others.as_slice())])
    {
        let lines: Vec<String> = names
            .iter()
            .filter_map(|name| command.find_subcommand(name))
            .map(|sub| line(sub, literal, width))
            .collect();
        if !lines.is_empty() {
            list.push_str(&format!(
                "{header}{heading}:{header:#}\n{}\n",
                lines.concat()
            ));
        }
    }
    let template = format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{list}\
         {header}Options:{header:#}\n{{options}}{{after-help}}"
    );
    command.help_template(template)
}

fn line(command: &Command, literal: Style, width: usize) -> String {
    let about = command
        .get_about()
        .map(ToString::to_string)
        .unwrap_or_default();
    let room = width.min(WIDEST).saturating_sub(NAME + 4).max(NAME);
    let indent = " ".repeat(NAME + 2);
    let about = textwrap::wrap(&about, room).join(&format!("\n{indent}"));
    let name = command.get_name();
    let gap = " ".repeat(NAME.saturating_sub(name.len()));
    format!("  {literal}{name}{literal:#}{gap}{about}\n")
}
