//! `archive parse`: stories in, records out; nothing is kept.

use super::batch::{self, Event, Job};
use super::exit::Exit;
use super::explain;
use super::jsonl::{self, JsonlArgs};
use super::quote_table;
use super::reading::{ReadingArgs, check_paths, usage_error};
use super::screen::{Progress, Screen, safe};
use anyhow::Result;
use archive::export::quotes::Which;
use archive::export::{html, json, quotes, text};
use archive::{ParseOptions, Story};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

/// Print the records of stories.
///
/// One story gives one JSON object, indented on a terminal and on one line elsewhere; several give
/// JSON Lines, one object a line, in the order of the input. A file may hold several stories.
///
/// A file that cannot be read, or on which this program fails, is named on standard error; the
/// others go on, and the exit status is 1.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Files, directories, or `-` for standard input [default: -]
    ///
    /// Directories are walked to the bottom, sorted by the bytes of the names. Hidden files and
    /// directories (`.name`) found on the way are passed over; give them outright to read them.
    /// Links to files are read; links to directories are not followed, nor pipes and devices read,
    /// and standard error names them, as it does archives on the way, which are not read.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Print every record on one line, even one alone on a terminal
    #[arg(long, conflicts_with_all = ["pretty", "explain"])]
    jsonl: bool,

    /// Print every record indented
    #[arg(long, conflicts_with = "explain")]
    pretty: bool,

    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Json, conflicts_with = "explain")]
    format: Format,

    /// With `--format quotes`: also what people are reported to have said without quotation marks
    #[arg(long)]
    indirect: bool,

    /// Print a table that tells how each line was read, with what score, and why
    #[arg(long)]
    explain: bool,

    /// Read standard input as lines of another kind than files: `jsonl` has a story a line
    ///
    /// One line is printed for each line read, in order, such as
    /// `{"given": …, "stories": […], "error": null}`.
    #[arg(long, value_enum, value_name = "KIND", conflicts_with_all = ["pretty", "explain", "format"])]
    from: Option<LinesOf>,

    #[command(flatten)]
    jsonl_args: JsonlArgs,

    #[command(flatten)]
    reading: ReadingArgs,
}

/// What standard input holds, if not a file.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum LinesOf {
    /// JSON Lines: an object with the story's text a line
    Jsonl,
}

/// What to print of a story.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// The record
    Json,
    /// The clean reading copy: headline to last paragraph, one line a paragraph. Several stories
    /// stand apart by an empty line, a rule of 72 `─` and an empty line
    Text,
    /// Who said what: a table on a terminal, tab-separated values with a header elsewhere
    Quotes,
    /// One self-contained page: quotes coloured and lettered by speaker, the numbers of lines in
    /// the margin, everything else folded away at the foot
    Html,
}

const EXAMPLES: &str = "\
Examples:
  archive parse story.txt
  archive parse stories/ more.txt > records.jsonl
  curl -s https://example.org/story.txt | archive parse -
  archive parse --format text story.txt | fold -sw 72
  archive parse --format quotes story.txt
  archive parse --format html story.txt > story.html
  archive parse --explain story.txt | less
  archive parse --from jsonl --keep outlet,date - < stories.jsonl > records.jsonl
  archive parse --year 1987 --tz America/New_York reuters/";

/// What becomes of each story.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Line,
    Pretty,
    /// Indented if it is the only story, on one line otherwise.
    PrettyIfAlone,
    Text,
    Quotes(Which),
    Html,
    Explain,
}

impl Args {
    fn form(&self, screen: &Screen) -> Result<Form, clap::Error> {
        if self.indirect && self.format != Format::Quotes {
            return Err(usage_error(
                "parse",
                "`--indirect` chooses what `--format quotes` lists; records always have both kinds",
            ));
        }
        if self.format != Format::Json && (self.jsonl || self.pretty) {
            return Err(usage_error(
                "parse",
                "`--jsonl` and `--pretty` are forms of JSON; leave them out with other formats",
            ));
        }
        Ok(match self.format {
            _ if self.explain => Form::Explain,
            Format::Text => Form::Text,
            Format::Quotes if self.indirect => Form::Quotes(Which::MarkedAndIndirect),
            Format::Quotes => Form::Quotes(Which::Marked),
            Format::Html => Form::Html,
            Format::Json if self.pretty => Form::Pretty,
            Format::Json if self.jsonl || !screen.is_terminal => Form::Line,
            Format::Json => Form::PrettyIfAlone,
        })
    }
}

pub(crate) fn run(mut args: Args, screen: &Screen) -> Result<Exit> {
    let form = args.form(screen)?;
    args.reading.extend(&mut args.paths)?;
    check_paths("parse", &args.paths)?;
    let reading = args.reading.reading("parse")?;
    if args.from.is_some() {
        if args.paths.iter().any(|path| path.as_os_str() != "-") {
            return Err(usage_error(
                "parse",
                "`--from jsonl` reads standard input; give `-` or no path",
            )
            .into());
        }
        if args.reading.has_name_pattern() {
            let message = "lines have no names; give facts of all with `--set`";
            return Err(usage_error("parse", message).into());
        }
        return jsonl::run(&args.jsonl_args, &reading.options, screen);
    }
    if args.paths.is_empty() && !args.reading.has_list() {
        if std::io::stdin().is_terminal() {
            return Err(usage_error(
                "parse",
                "nothing to read: give a PATH, or pipe a story in, as in `archive parse < \
                 story.txt`",
            )
            .into());
        }
        args.paths.push("-".into());
    }
    // A bar would run through the records on their way to the screen.
    let progress = if screen.is_terminal {
        Progress::none()
    } else {
        Progress::of(args.reading.sources(&args.paths))
    };
    let mut out = match form {
        Form::Line | Form::Pretty | Form::PrettyIfAlone => screen.json_out(),
        _ => screen.out(),
    };
    let mut any_failed = false;
    let mut any_printed = false;
    batch::run(
        args.reading.sources(&args.paths),
        &reading,
        &progress,
        |job| {
            let options = job.options(&reading.options);
            archive::fence_story(&job.bytes, || print(job, &options, form, screen))
                .map_err(|error| format!("{}: {error}", job.name()))
        },
        |event| {
            match event {
                Event::Done(Err(failure)) => {
                    any_failed = true;
                    progress.pause(|| screen.complain(&failure));
                }
                Event::Done(Ok(printed)) => {
                    match form {
                        Form::Text if any_printed => text::separator(&mut out)?,
                        Form::Explain if any_printed => writeln!(out)?,
                        Form::Quotes(_) if screen.is_terminal && any_printed => writeln!(out)?,
                        Form::Quotes(_) if !screen.is_terminal && !any_printed => {
                            quotes::header(&mut out)?;
                        }
                        _ => {}
                    }
                    match printed? {
                        Printed::Bytes(bytes) => out.write_all(&bytes)?,
                        Printed::Record(story) => json::line(&story, &mut out)?,
                        Printed::Page { open, story } => {
                            if !any_printed {
                                out.write_all(&open)?;
                            }
                            out.write_all(&story)?;
                        }
                    }
                    any_printed = true;
                }
                Event::Failed(error) => {
                    any_failed |= error.is_failure();
                    progress.pause(|| screen.unread(&error));
                }
            }
            Ok(())
        },
    )
    .and_then(|()| {
        if form == Form::Html && any_printed {
            html::close(&mut out)?;
        }
        Ok(out.flush()?)
    })?;
    Ok(Exit::failed_if(any_failed))
}

/// Bytes of a story from which its record is written straight out: a line of it is several times as
/// large as the story.
const LARGE: usize = 256 << 10;

/// What is printed of one story.
enum Printed {
    Bytes(Vec<u8>),
    /// The record of a large story, which becomes one line.
    Record(Box<Story>),
    /// A story on a page, and what stands before it if it is the first.
    Page {
        open: Vec<u8>,
        story: Vec<u8>,
    },
}

/// Returns what is printed of one story: exact in a pipe, neutralised on a terminal.
fn print(job: &Job<'_>, options: &ParseOptions, form: Form, screen: &Screen) -> Result<Printed> {
    let is_line = matches!(form, Form::Line) || form == Form::PrettyIfAlone && !job.alone;
    if is_line && !screen.is_terminal && job.bytes.len() > LARGE {
        return Ok(Printed::Record(Box::new(job.parse(options))));
    }
    printed(job, options, form, screen)
}

fn page(job: &Job<'_>, options: &ParseOptions, screen: &Screen) -> Result<Printed> {
    let record = job.parse(options);
    let (mut open, mut story) = (Vec::new(), Vec::new());
    html::open(&record, &mut open)?;
    html::story(&record, Some(&job.bytes), &mut story)?;
    let shown = |bytes: Vec<u8>| match screen.is_terminal {
        true => safe::text(&String::from_utf8_lossy(&bytes))
            .into_owned()
            .into_bytes(),
        false => bytes,
    };
    Ok(Printed::Page {
        open: shown(open),
        story: shown(story),
    })
}

fn printed(job: &Job<'_>, options: &ParseOptions, form: Form, screen: &Screen) -> Result<Printed> {
    let mut out = Vec::with_capacity(job.bytes.len() * 2);
    match form {
        Form::Explain => {
            let mut explanation = archive::explain(&job.bytes, options);
            explanation.story = job.sign(explanation.story);
            explain::table(&explanation, job.alone, screen, &mut out)?;
            return Ok(Printed::Bytes(out));
        }
        Form::Quotes(which) if screen.is_terminal => {
            quote_table::write(&job.parse(options), which, job.alone, screen, &mut out)?;
            return Ok(Printed::Bytes(out));
        }
        Form::Quotes(which) => quotes::rows(&job.parse(options), which, &mut out)?,
        Form::Html => return page(job, options, screen),
        Form::Text => text::story(&job.parse(options), &mut out)?,
        Form::Pretty => json::pretty(&job.parse(options), &mut out)?,
        Form::PrettyIfAlone if job.alone => json::pretty(&job.parse(options), &mut out)?,
        Form::Line | Form::PrettyIfAlone => json::line(&job.parse(options), &mut out)?,
    }
    if screen.is_terminal {
        let shown = String::from_utf8_lossy(&out);
        out = if form == Form::Text {
            safe::text(&shown)
        } else {
            safe::json(&shown)
        }
        .into_owned()
        .into_bytes();
    }
    Ok(Printed::Bytes(out))
}
