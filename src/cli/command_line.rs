//! The command line as clap reads it: with the defaults of the config file, and with `--archive`
//! before the command as well as after it.

use super::Cli;
use super::config::Config;
use clap::builder::Resettable;
use clap::builder::styling::Style;
use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, Command, CommandFactory, FromArgMatches};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Commands as the help lists them. Those that are in no group come last.
const GROUPS: [(&str, &[&str]); 6] = [
    ("Read copy", &["parse", "formats", "schema"]),
    (
        "Keep stories",
        &["ingest", "watch", "merge", "remove", "redact"],
    ),
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

/// Commands that take a query, in which `-word` means without the word.
const ASKING: [&str; 3] = ["search", "quotes", "timeline"];

/// Letters of options that all commands have.
const GLOBAL: [char; 4] = ['q', 'v', 'h', 'V'];

/// Reads the arguments of the process.
pub(crate) fn read(
    arguments: &[OsString],
    config: &Config,
    width: usize,
) -> Result<Cli, clap::Error> {
    let command = || with_defaults(grouped(Cli::command(), width), config);
    let arguments = &with_negations(arguments, &Cli::command());
    let matches = command().try_get_matches_from(arguments)?;
    let matches = match (before(&matches), matches.subcommand_name()) {
        (Some(archive), Some(name)) => {
            given_before(command(), name, archive)?.try_get_matches_from(arguments)?
        }
        _ => matches,
    };
    Cli::from_arg_matches(&matches)
}

/// Writes `-word` in a query as `NOT word`, so that it is no cluster of options. A query given as
/// one argument has its own signs, and what stands after `--` is left as it is.
fn with_negations(arguments: &[OsString], program: &Command) -> Vec<OsString> {
    let Some(at) = command_at(arguments, program) else {
        return arguments.to_vec();
    };
    let name = arguments[at].to_str().filter(|name| ASKING.contains(name));
    let Some(command) = name.and_then(|name| program.find_subcommand(name)) else {
        return arguments.to_vec();
    };
    let mut out = arguments[..=at].to_vec();
    let mut rest = arguments[at + 1..].iter();
    while let Some(argument) = rest.next() {
        if argument == "--" {
            out.push(argument.clone());
            out.extend(rest.by_ref().cloned());
            break;
        }
        match argument.to_str().and_then(|text| negated(text, command)) {
            Some(word) => out.extend([OsString::from("NOT"), word.into()]),
            None => out.push(argument.clone()),
        }
        if takes_next(argument, command) {
            out.extend(rest.next().cloned());
        }
    }
    out
}

/// Returns where the name of the command stands: it is the first argument that is no option and no
/// value of one.
fn command_at(arguments: &[OsString], program: &Command) -> Option<usize> {
    let mut at = 1;
    while let Some(argument) = arguments.get(at) {
        if !argument.to_string_lossy().starts_with('-') {
            return Some(at);
        }
        at += 1 + usize::from(takes_next(argument, program));
    }
    None
}

/// Returns the word of `-word`; none if it may be options.
fn negated<'t>(argument: &'t str, command: &Command) -> Option<&'t str> {
    let word = argument.strip_prefix('-')?;
    let is_option = |letter: char| {
        let mut options = command.get_arguments();
        GLOBAL.contains(&letter) || options.any(|option| option.get_short() == Some(letter))
    };
    let is_word = !word.starts_with('-') && word.chars().count() > 1;
    (is_word && !word.chars().all(is_option)).then_some(word)
}

/// Returns whether the value of an option is the next argument.
fn takes_next(argument: &OsStr, command: &Command) -> bool {
    let Some(name) = argument.to_str().and_then(|text| text.strip_prefix("--")) else {
        return false;
    };
    // The colour is said to all commands, and is no argument of each.
    let is_named = |option: &Arg| option.get_long() == Some(name);
    name == "color"
        || command
            .get_arguments()
            .any(|option| is_named(option) && option.get_action().takes_values())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_after_a_hyphen_is_one_that_is_not_wanted() {
        let written = |line: &str| {
            let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let written = with_negations(&arguments, &Cli::command());
            let written: Vec<&str> = written.iter().filter_map(|word| word.to_str()).collect();
            written.join(" ")
        };
        for (typed, meant) in [
            (
                "archive search strike -tug",
                "archive search strike NOT tug",
            ),
            (
                "archive search -harbour port",
                "archive search NOT harbour port",
            ),
            ("archive quotes -qv strike", "archive quotes -qv strike"),
            (
                "archive quotes --sort -speaker -tug",
                "archive quotes --sort -speaker NOT tug",
            ),
            (
                "archive search --jsonl -tug",
                "archive search --jsonl NOT tug",
            ),
            ("archive search -- -tug", "archive search -- -tug"),
            (
                "archive -q search -0 -speaker:lee",
                "archive -q search -0 NOT speaker:lee",
            ),
            ("archive list -tug", "archive list -tug"),
            ("archive parse search -tug", "archive parse search -tug"),
            (
                "archive --archive quotes list -tug",
                "archive --archive quotes list -tug",
            ),
            (
                "archive --archive a search -tug",
                "archive --archive a search NOT tug",
            ),
        ] {
            assert_eq!(written(typed), meant);
        }
    }
}
