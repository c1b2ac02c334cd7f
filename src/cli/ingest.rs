//! `archive ingest`: stories in, an archive directory grows.

use super::batch::{self, Event, Job};
use super::exit::Exit;
use super::place;
use super::reading::{ReadingArgs, check_paths};
use super::screen::{Progress, Screen};
use anyhow::{Context, Result};
use archive::archive::catalog::{Catalog, Change, Provenance};
use archive::archive::{Archive, ArchiveError, Entry, Put};
use archive::input::Sources;
use archive::{Options, Story};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Store stories in an archive directory: their records, and their bytes untouched
///
/// A story that is already there is left alone, so the same files can be given again at any time.
/// If it is there but read differently now, its record is replaced. Nothing is ever half written.
///
/// The directory is made if it does not exist. Its layout:
///
///   archive.json                             name and version of the format
///   records/YYYY/MM/DD/<headline>-<id>.json  one record each, indented
///   records/undated/<headline>-<id>.json     where no full date is known
///   raw/1f/3a/<sha256>                       the story's bytes
///   catalog.sqlite                           what list, search and the other questions read
///
/// Ends with a summary. If a file cannot be read, the others go on and the exit status is 1.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES, verbatim_doc_comment)]
pub struct Args {
    /// Files, directories, or `-` for standard input
    ///
    /// Directories are walked to the bottom, sorted by the bytes of the names. Hidden files and
    /// directories (`.name`) found on the way are passed over, and so is the archive itself; give
    /// hidden ones outright to read them. Links to files are read, links to directories are not
    /// followed.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// The archive directory
    #[arg(long, value_name = "DIR", env = "ARCHIVE_DIR", default_value = "archive")]
    archive: PathBuf,

    #[command(flatten)]
    reading: ReadingArgs,
}

const EXAMPLES: &str = "\
Examples:
  archive ingest stories/
  archive ingest --archive ~/wire --year 2024 inbox/*.txt
  ARCHIVE_DIR=~/wire archive ingest inbox/";

/// What came of it all.
#[derive(Default)]
struct Tally {
    stored: usize,
    already_there: usize,
    updated: usize,
    failures: Vec<String>,
    /// Warnings in the records that were written, by code.
    warnings: BTreeMap<String, usize>,
}

/// A story worked on, ready for the archive.
struct Prepared {
    entry: Entry,
    story: Story,
}

pub fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    check_paths("ingest", &args.paths)?;
    let options = Options::from(&args.reading);
    let mut archive = Archive::open(&args.archive)?;
    place::heal(&args.archive, screen)?;
    let mut pending = Pending::new(Catalog::open(&args.archive)?, &args.reading)?;
    let sources = || Sources::new(args.paths.clone()).excluding(&args.archive);
    let progress = Progress::of(sources());
    let mut tally = Tally::default();
    let outcome = batch::run(
        sources(),
        &progress,
        |job| prepare(job, &options),
        |event| {
            match event {
                Event::Done(job, prepared) => {
                    let Prepared { entry, story } = prepared?;
                    match archive.put(&entry, job.bytes) {
                        Ok(put) => {
                            tally.count(put, &story);
                            pending.add(put, &entry, story)?;
                        }
                        Err(error) if error.is_about_one_story() => {
                            let failure = format!("{}: not stored: {error}", name(job));
                            progress.pause(|| screen.complain(&failure));
                            tally.failures.push(failure);
                        }
                        // The disk is full or not ours: no other story would fare better.
                        Err(error) => return Err(error.into()),
                    }
                }
                Event::Failed(error) => {
                    progress.pause(|| screen.complain(&error));
                    tally.failures.push(error.to_string());
                }
            }
            Ok(())
        },
    );
    drop(progress);
    if let Err(error) = outcome.and(pending.flush().map_err(Into::into)) {
        let stopped = format!("{error:#}");
        screen.complain(&stopped);
        tally.failures.push(stopped);
    }
    let mut out = screen.out();
    tally.print(&args.archive, screen, &mut out).and_then(|()| out.flush()).context("standard output")?;
    Ok(Exit::failed_if(!tally.failures.is_empty()))
}

fn prepare(job: &Job<'_>, options: &Options) -> io::Result<Prepared> {
    let story = job.parse(options);
    Ok(Prepared { entry: Entry::new(story.clone())?, story })
}

/// Stories in the archive that the catalog is to be told of.
struct Pending {
    catalog: Catalog,
    position: u64,
    options: String,
    taken: Vec<Taken>,
    bytes: u64,
}

struct Taken {
    event: &'static str,
    record: String,
    record_sha256: String,
    time: String,
    story: Story,
}

/// Stories told of at once, and bytes held for them.
const STORIES: usize = 1000;
const BYTES: u64 = 16 << 20;

impl Pending {
    fn new(catalog: Catalog, reading: &ReadingArgs) -> Result<Self> {
        let position = catalog.position()?;
        Ok(Self { catalog, position, options: reading.json(), taken: Vec::new(), bytes: 0 })
    }

    fn add(&mut self, put: Put, entry: &Entry, story: Story) -> Result<(), ArchiveError> {
        let source = &story.source;
        let event = match put {
            Put::Stored => "stored",
            Put::Updated => "updated",
            Put::AlreadyThere => {
                let known = self.catalog.knows_source(&source.sha256, source.path.as_deref(), source.member.as_deref())?;
                if known.is_some() {
                    return Ok(());
                }
                "source"
            }
        };
        let time = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()).to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        self.bytes += source.bytes;
        self.taken.push(Taken { event, record: entry.record_path(), record_sha256: entry.record_sha256(), time, story });
        if self.taken.len() >= STORIES || self.bytes >= BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), ArchiveError> {
        if self.taken.is_empty() {
            return Ok(());
        }
        let program = concat!("archive ", env!("CARGO_PKG_VERSION"));
        let numbered = || (self.position + 1..).zip(&self.taken);
        let changes: Vec<Change<'_>> = numbered()
            .map(|(n, taken)| Change { story: &taken.story, record: &taken.record, record_sha256: &taken.record_sha256, first_ledger: n })
            .collect();
        let provenance: Vec<Provenance<'_>> = numbered()
            .map(|(n, taken)| Provenance {
                ledger: n,
                id: &taken.story.id,
                sha256: &taken.story.source.sha256,
                path: taken.story.source.path.as_deref(),
                member: taken.story.source.member.as_deref(),
                time: &taken.time,
                event: taken.event,
                program,
                options: &self.options,
                note: None,
            })
            .collect();
        let position = self.position + self.taken.len() as u64;
        self.catalog.apply(&changes, &provenance, position)?;
        self.position = position;
        self.taken.clear();
        self.bytes = 0;
        Ok(())
    }
}

fn name(job: &Job<'_>) -> String {
    let path = job.path.map_or_else(|| "standard input".into(), |path| path.to_string_lossy());
    match job.member {
        Some(member) => format!("{path} (story {member})"),
        None => path.into_owned(),
    }
}

impl Tally {
    fn count(&mut self, put: Put, story: &Story) {
        match put {
            Put::AlreadyThere => {
                self.already_there += 1;
                return;
            }
            Put::Stored => self.stored += 1,
            Put::Updated => self.updated += 1,
        }
        for warning in &story.warnings {
            *self.warnings.entry(warning.code.clone()).or_default() += 1;
        }
    }

    fn print(&self, directory: &Path, screen: &Screen, out: &mut impl Write) -> io::Result<()> {
        let is_news = self.stored + self.updated > 0;
        if !is_news && self.already_there > 0 {
            writeln!(out, "nothing new: {} already there", self.already_there)?;
        } else {
            writeln!(out, "{} stored in {}", self.stored, screen.shown(&directory.to_string_lossy()))?;
            writeln!(out, "{} already there", self.already_there)?;
            writeln!(out, "{} updated", self.updated)?;
        }
        if is_news || !self.failures.is_empty() {
            writeln!(out, "{} failed", self.failures.len())?;
        }
        for failure in &self.failures {
            writeln!(out, "  {}", screen.shown(failure))?;
        }
        if !self.warnings.is_empty() {
            let mut warnings: Vec<_> = self.warnings.iter().collect();
            warnings.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
            writeln!(out, "warnings in what was written:")?;
            for (code, count) in warnings {
                writeln!(out, "{count:>7} × {}", screen.shown(code))?;
            }
        }
        Ok(())
    }
}
