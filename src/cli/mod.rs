//! The commands, and what they share.
//!
//! One file a command: an `Args` struct whose doc comments are its help text, and a `run` function
//! that returns an [`Exit`]. Commands read their stories through `batch` (in parallel, in order, in
//! flat memory), take the options of `reading`, and show things through `screen`. Those that ask an
//! archive find it through `place`, choose stories with `filter` and print rows through `listing`.
//! What a command reports and goes on from is written to standard error as it happens and turns its
//! exit into [`Exit::Failed`]; what ends it is returned as an error and printed here, once. A new
//! command is one file, one `mod` line and one variant of [`Command`].

mod annotate;
mod batch;
mod collect;
mod command_line;
mod completions;
mod config;
mod diff;
mod duplicates;
mod exit;
mod explain;
mod export;
mod filter;
mod formats;
mod ingest;
mod jsonl;
mod list;
mod listing;
mod man;
mod merge;
mod near;
mod note;
mod page;
mod parse;
mod place;
mod quote_table;
mod quotes;
mod raw;
mod reading;
mod rebuild;
mod redact;
mod reindex;
mod remove;
mod rows;
mod schema;
mod screen;
mod search;
mod show;
mod spark;
mod stats;
mod tag;
mod timeline;
mod verdict;
mod verify;
mod versions;
mod watch;

use anstream::ColorChoice;
use clap::{Parser, Subcommand};
use config::Config;
use exit::Exit;
use screen::{Screen, Volume};
use std::ffi::OsString;
use std::io;
use std::time::Instant;

/// Turns raw wire-story text into clean, verifiable JSON records.
#[derive(Parser)]
#[command(name = "archive", version, after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    /// Whether output has colours; auto asks the terminal, NO_COLOR and CLICOLOR_FORCE
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColourArg::Auto, global = true)]
    color: ColourArg,
    /// Say nothing but what failed
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Also say which archive and settings are used, and how long the work took
    #[arg(long, short, global = true)]
    verbose: bool,
    /// Print lists and pages straight to the terminal, and not through $PAGER
    #[arg(long, global = true)]
    no_pager: bool,
    /// The archive directory, for commands about one; also after the command
    #[arg(long, value_name = "DIR")]
    archive: Option<std::path::PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum ColourArg {
    Auto,
    Always,
    Never,
}

impl From<ColourArg> for ColorChoice {
    fn from(colour: ColourArg) -> Self {
        match colour {
            ColourArg::Auto => Self::Auto,
            ColourArg::Always => Self::Always,
            ColourArg::Never => Self::Never,
        }
    }
}

#[derive(Subcommand)]
enum Command {
    Parse(parse::Args),
    Ingest(ingest::Args),
    Watch(watch::Args),
    List(list::Args),
    Show(show::Args),
    Diff(diff::Args),
    Raw(raw::Args),
    Search(search::Args),
    Quotes(quotes::Args),
    Versions(versions::Args),
    Duplicates(duplicates::Args),
    Timeline(timeline::Args),
    Stats(stats::Args),
    Tag(tag::Args),
    Note(note::Args),
    Collect(collect::Args),
    Export(export::Args),
    Reindex(reindex::Args),
    Verify(verify::Args),
    Rebuild(rebuild::Args),
    Merge(merge::Args),
    Remove(remove::Args),
    Redact(redact::Args),
    Schema(schema::Args),
    Formats(formats::Args),
    Completions(completions::Args),
    Man(man::Args),
}

const EXAMPLES: &str = "\
Examples:
  archive parse story.txt            the story's record, indented for people
  archive parse --explain story.txt  why each line was read as it was
  archive parse stories/ | jq -r .headline
  archive ingest stories/            store records and raw bytes in ./archive
  archive search 'port strike'       the stories that fit best
  archive show 1f3a9c                one of them, to read
  archive verify                     is every byte of ./archive what it should be?

Exit status: 0 all well, also where nothing was found (standard error says so);
1 something failed, and standard error says what; 2 wrong usage, and nothing was done.";

impl Command {
    /// Returns whether people read what it prints, so that it may go through a pager.
    fn is_for_reading(&self) -> bool {
        matches!(
            self,
            Self::List(_)
                | Self::Show(_)
                | Self::Diff(_)
                | Self::Search(_)
                | Self::Quotes(_)
                | Self::Versions(_)
                | Self::Duplicates(_)
                | Self::Timeline(_)
                | Self::Stats(_)
                | Self::Formats(_)
                | Self::Schema(_)
        )
    }
}

/// Runs the program with the arguments of the process.
pub(crate) fn run() -> Exit {
    let started = Instant::now();
    let screen = Screen::new();
    let config = match config::read() {
        Ok(config) => config,
        Err(error) => {
            screen.complain(&error);
            return Exit::Usage;
        }
    };
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let cli = match command_line::read(&arguments, &config, screen.width()) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, &screen),
    };
    if cli.color != ColourArg::Auto {
        ColorChoice::from(cli.color).write_global();
    }
    let screen = Screen::new()
        .saying(match (cli.quiet, cli.verbose) {
            (true, _) => Volume::Quiet,
            (_, true) => Volume::Verbose,
            _ => Volume::Usual,
        })
        .with_pager(!cli.no_pager && cli.command.is_for_reading());
    say_settings(&config, &screen);
    archive::silence_fenced_panics();
    archive::prepare_threads();
    let result = answer(cli.command, &screen);
    screen.close_pager();
    let exit = exit(result, &screen);
    screen.detail(&format_args!("done after {:.2?}", started.elapsed()));
    exit
}

fn say_settings(config: &Config, screen: &Screen) {
    if let Some(path) = &config.path {
        let settings: Vec<String> = config
            .defaults
            .iter()
            .map(|(name, value)| format!("{name} = {}", value.to_string_lossy()))
            .collect();
        screen.detail(&format_args!("{}: {}", path.display(), settings.join(", ")));
    }
}

fn answer(command: Command, screen: &Screen) -> anyhow::Result<Exit> {
    match command {
        Command::Parse(args) => parse::run(args, screen),
        Command::Ingest(args) => ingest::run(&args, screen),
        Command::Watch(args) => watch::run(&args, screen),
        Command::List(args) => list::run(&args, screen),
        Command::Show(args) => show::run(&args, screen),
        Command::Diff(args) => diff::run(&args, screen),
        Command::Raw(args) => raw::run(&args, screen),
        Command::Search(args) => search::run(&args, screen),
        Command::Quotes(args) => quotes::run(&args, screen),
        Command::Versions(args) => versions::run(&args, screen),
        Command::Duplicates(args) => duplicates::run(&args, screen),
        Command::Timeline(args) => timeline::run(&args, screen),
        Command::Stats(args) => stats::run(&args, screen),
        Command::Tag(args) => tag::run(&args, screen),
        Command::Note(args) => note::run(&args, screen),
        Command::Collect(args) => collect::run(&args, screen),
        Command::Export(args) => export::run(&args, screen),
        Command::Reindex(args) => reindex::run(&args, screen),
        Command::Verify(args) => verify::run(&args, screen),
        Command::Rebuild(args) => rebuild::run(&args, screen),
        Command::Merge(args) => merge::run(&args, screen),
        Command::Remove(args) => remove::run(&args, screen),
        Command::Redact(args) => redact::run(&args, screen),
        Command::Schema(args) => schema::run(&args, screen),
        Command::Formats(args) => formats::run(&args, screen),
        Command::Completions(args) => completions::run(&args, screen),
        Command::Man(args) => man::run(&args, screen),
    }
}

/// Returns how the program ends, and says what ended a command.
fn exit(result: anyhow::Result<Exit>, screen: &Screen) -> Exit {
    match result {
        Ok(Exit::Ok) if screen.has_lacked() => Exit::Failed,
        Ok(exit) => exit,
        Err(error) if is_closed_pipe(&error) => Exit::Ok,
        Err(error) => match error.downcast_ref::<clap::Error>() {
            Some(error) => usage(error, screen),
            None => {
                screen.complain(&told(&error));
                Exit::Failed
            }
        },
    }
}

/// Returns an error in one sentence. Errors of ours name their cause already, and anything that the
/// system says by itself is about our output: what else is read and written has a name.
fn told(error: &anyhow::Error) -> String {
    match error.downcast_ref::<io::Error>() {
        Some(error) => format!("standard output: cannot be written ({error}); check where it goes"),
        None => error.to_string(),
    }
}

/// Prints what clap has to say: an error with its usage, or the help that was asked for.
fn usage(error: &clap::Error, screen: &Screen) -> Exit {
    screen.usage(error);
    if error.use_stderr() {
        Exit::Usage
    } else {
        Exit::Ok
    }
}

/// Returns whether the reader of our output left, which is how `head` says "enough".
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
