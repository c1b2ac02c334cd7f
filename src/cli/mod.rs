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
mod completions;
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
use exit::Exit;
use screen::Screen;
use std::io;

/// Turns raw wire-story text into clean, verifiable JSON records.
#[derive(Parser)]
#[command(name = "archive", version, after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    /// Whether output has colours; auto asks the terminal, NO_COLOR and CLICOLOR_FORCE
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColourArg::Auto, global = true)]
    color: ColourArg,
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

/// Runs the program with the arguments of the process.
pub(crate) fn run() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error, &Screen::new()),
    };
    if cli.color != ColourArg::Auto {
        ColorChoice::from(cli.color).write_global();
    }
    let screen = Screen::new();
    archive::silence_fenced_panics();
    archive::prepare_threads();
    let result = match cli.command {
        Command::Parse(args) => parse::run(args, &screen),
        Command::Ingest(args) => ingest::run(&args, &screen),
        Command::Watch(args) => watch::run(&args, &screen),
        Command::List(args) => list::run(&args, &screen),
        Command::Show(args) => show::run(&args, &screen),
        Command::Diff(args) => diff::run(&args, &screen),
        Command::Raw(args) => raw::run(&args, &screen),
        Command::Search(args) => search::run(&args, &screen),
        Command::Quotes(args) => quotes::run(&args, &screen),
        Command::Versions(args) => versions::run(&args, &screen),
        Command::Duplicates(args) => duplicates::run(&args, &screen),
        Command::Timeline(args) => timeline::run(&args, &screen),
        Command::Stats(args) => stats::run(&args, &screen),
        Command::Tag(args) => tag::run(&args, &screen),
        Command::Note(args) => note::run(&args, &screen),
        Command::Collect(args) => collect::run(&args, &screen),
        Command::Export(args) => export::run(&args, &screen),
        Command::Reindex(args) => reindex::run(&args, &screen),
        Command::Verify(args) => verify::run(&args, &screen),
        Command::Rebuild(args) => rebuild::run(&args, &screen),
        Command::Merge(args) => merge::run(&args, &screen),
        Command::Remove(args) => remove::run(&args, &screen),
        Command::Redact(args) => redact::run(&args, &screen),
        Command::Schema(args) => schema::run(&args, &screen),
        Command::Formats(args) => formats::run(&args, &screen),
        Command::Completions(args) => completions::run(&args, &screen),
        Command::Man(args) => man::run(&args, &screen),
    };
    match result {
        Ok(Exit::Ok) if screen.has_lacked() => Exit::Failed,
        Ok(exit) => exit,
        Err(error) if is_closed_pipe(&error) => Exit::Ok,
        Err(error) => match error.downcast_ref::<clap::Error>() {
            Some(error) => usage(error, &screen),
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
