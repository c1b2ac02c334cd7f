//! `archive ingest`: stories in, an archive directory grows.

use super::batch::{self, Gathered, Job, Reading};
use super::exit::Exit;
use super::place::{DurabilityArg, PlaceArgs};
use super::reading::{ReadingArgs, check_paths};
use super::screen::{Progress, Screen, safe};
use super::told;
use anyhow::Result;
use archive::input::Sources;
use archive::store::{
    Archive, ArchiveError, Incoming, NearDuplicates, Observer, OpenOptions, Outcome, RemovedStories,
};
use archive::story::WarningCode;
use archive::{ParseOptions, Story};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Stories that become part of the archive together. Of three batches some part is in memory: one
/// is read, one written, one taken in by the catalog.
const BATCH: usize = 1024;

/// Store stories in an archive directory: their records, and their bytes untouched
///
/// A story that is already there is left alone, so the same files can be given again at any time.
/// If it is there but read differently now, its record is replaced. Nothing is ever half written:
/// if the work is interrupted, the next `archive ingest` tidies up, and the same files given again
/// finish it. Where each story came from is noted in the ledger. If another program is writing to
/// the archive, this one waits for its turn.
///
/// The directory is made if it does not exist. Its layout:
///
///   archive.json                             name and version of the format
///   records/YYYY/MM/DD/<headline>-<id>.json  one record each, indented
///   records/undated/<headline>-<id>.json     where no full date is known
///   raw/1f/<sha256>                          the story's bytes
///   ledger/000001.jsonl                      what was stored when, and from where
///   catalog.sqlite                           what list, search and the other questions read
///   README.txt                               the same for people
///
/// Ends with a summary. If a file cannot be read, the others go on and the exit status is 1.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES, verbatim_doc_comment)]
pub(crate) struct Args {
    /// Files, directories, or `-` for standard input
    ///
    /// Directories are walked to the bottom, sorted by the bytes of the names. Hidden files and
    /// directories (`.name`) found on the way are passed over, and so is the archive itself; give
    /// hidden ones outright to read them. Links to files are read; links to directories are not
    /// followed, nor pipes, devices and other archives read, and standard error names them.
    #[arg(value_name = "PATH", required_unless_present = "files_from")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    place: PlaceArgs,

    #[command(flatten)]
    keeping: KeepingArgs,

    #[command(flatten)]
    reading: ReadingArgs,
}

/// How stories are kept.
#[derive(clap::Args)]
pub(super) struct KeepingArgs {
    /// What a power cut may take of what was reported as stored
    #[arg(long, value_enum, value_name = "WHAT", default_value_t)]
    durability: DurabilityArg,

    /// Leave out stories that say what another one says, word for word or nearly so
    ///
    /// Otherwise such a story (the same copy in another transmission's envelope, with other line
    /// breaks or character set, from another site) is stored like any other, and linked to the
    /// first one, as `archive show ID --versions` tells.
    #[arg(long)]
    skip_near_duplicates: bool,

    /// Take in stories again that were removed with `archive remove`
    ///
    /// Otherwise they are left out, however often their files are given.
    #[arg(long)]
    force: bool,
}

impl KeepingArgs {
    /// Returns how the archive is to be opened.
    pub(super) fn opening(&self) -> OpenOptions {
        OpenOptions::default()
            .durability(self.durability.into())
            .near_duplicates(match self.skip_near_duplicates {
                true => NearDuplicates::Skip,
                false => NearDuplicates::Keep,
            })
            .removed(match self.force {
                true => RemovedStories::TakeIn,
                false => RemovedStories::LeaveOut,
            })
    }
}

const EXAMPLES: &str = "\
Examples:
  archive ingest stories/
  archive ingest --archive ~/wire --year 2024 inbox/*.txt
  ARCHIVE_DIR=~/wire archive ingest inbox/";

/// What came of it all.
#[derive(Default)]
pub(super) struct Tally {
    stored: usize,
    already_there: usize,
    updated: usize,
    /// Raw copies that were damaged or missing.
    mended: usize,
    /// Near duplicates, where they are not wanted.
    left_out: usize,
    /// Stories that were removed before.
    removed_before: usize,
    /// Links to directories, pipes and the like.
    passed_over: usize,
    pub(super) failures: Failures,
    /// Warnings in the records that were written, by code.
    warnings: BTreeMap<WarningCode, usize>,
}

/// What failed: how much, and the first of it, since there may be any number.
#[derive(Default)]
pub(super) struct Failures {
    pub(super) count: usize,
    first: Vec<String>,
}

impl Failures {
    /// Told again at the end; each was told on standard error when it happened.
    const MOST: usize = 1000;

    pub(super) fn push(&mut self, failure: String) {
        self.count += 1;
        if self.first.len() < Self::MOST {
            self.first.push(failure);
        }
    }
}

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let mut paths = args.paths.clone();
    args.reading.extend(&mut paths)?;
    check_paths("ingest", &paths)?;
    let reading = args.reading.reading("ingest")?;
    let archive = args.place.open(&args.keeping.opening(), screen)?;
    let sources = || args.reading.sources(&paths).excluding(args.place.root());
    let progress = Progress::of(sources());
    let mut tally = Tally::default();
    take_in(archive, sources(), &reading, &progress, &mut tally, screen);
    drop(progress);
    let mut out = screen.out();
    tally
        .print(args.place.root(), screen, &mut out)
        .and_then(|()| out.flush())?;
    Ok(Exit::failed_if(tally.failures.count > 0))
}

/// Puts all stories of some sources into the archive. What goes wrong is told and counted.
pub(super) fn take_in(
    mut archive: Archive,
    sources: Sources,
    reading: &Reading,
    progress: &Progress,
    tally: &mut Tally,
    screen: &Screen,
) {
    let outcome = batch::gather(sources, reading, progress, BATCH, |gathered| {
        match gathered {
            Gathered::Stories(jobs) => {
                let mut watch = BatchObserver {
                    tally,
                    jobs,
                    progress,
                    screen,
                };
                store(&mut archive, jobs, &reading.options, &mut watch)?;
            }
            Gathered::Failed(error) => {
                progress.pause(|| screen.unread(&error));
                if error.is_failure() {
                    tally.failures.push(error.to_string());
                } else {
                    tally.passed_over += 1;
                }
            }
        }
        Ok(())
    });
    let finished = outcome.and_then(|()| Ok(archive.finish(tally)?));
    match finished {
        Ok(unread) => unread.iter().for_each(|failure| screen.complain(failure)),
        Err(error) => {
            let stopped = told(&error);
            progress.pause(|| screen.complain(&stopped));
            tally.failures.push(stopped);
        }
    }
}

/// Puts the stories of a batch into the archive.
fn store(
    archive: &mut Archive,
    jobs: &[Job<'_>],
    options: &ParseOptions,
    watch: &mut BatchObserver<'_>,
) -> Result<(), ArchiveError> {
    let paths: Vec<_> = jobs
        .iter()
        .map(|job| job.path.map(Path::to_string_lossy))
        .collect();
    let incoming: Vec<_> = jobs
        .iter()
        .zip(&paths)
        .map(|(job, path)| Incoming {
            bytes: &job.bytes,
            path: path.as_deref(),
            member: job.member.as_deref(),
            facts: Some(&job.facts),
        })
        .collect();
    archive.ingest(&incoming, options, watch)
}

/// Watches a batch on its way into the archive.
struct BatchObserver<'a> {
    tally: &'a mut Tally,
    jobs: &'a [Job<'a>],
    progress: &'a Progress,
    screen: &'a Screen,
}

impl Observer for BatchObserver<'_> {
    fn committed(&mut self, outcome: Outcome) {
        self.tally.committed(outcome);
    }

    fn refused(&mut self, index: usize, error: ArchiveError) {
        let name = self.jobs.get(index).map(Job::name).unwrap_or_default();
        let failure = format!("{name}: not stored: {error}");
        self.progress.pause(|| self.screen.complain(&failure));
        self.tally.failures.push(failure);
    }
}

impl Observer for Tally {
    fn committed(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::AlreadyThere => self.already_there += 1,
            Outcome::NearDuplicate(_) => self.left_out += 1,
            Outcome::RemovedBefore(_) => self.removed_before += 1,
            Outcome::Stored(story) => {
                self.stored += 1;
                self.warn(&story);
            }
            Outcome::Updated(story) => {
                self.updated += 1;
                self.warn(&story);
            }
            Outcome::Mended(story) => {
                self.mended += 1;
                self.warn(&story);
            }
            // Later versions may know more.
            _ => {}
        }
    }
}

impl Tally {
    fn warn(&mut self, story: &Story) {
        for warning in &story.warnings {
            *self.warnings.entry(warning.code).or_default() += 1;
        }
    }

    /// Adds what came of others.
    pub(super) fn add(&mut self, other: Self) {
        self.stored += other.stored;
        self.already_there += other.already_there;
        self.updated += other.updated;
        self.mended += other.mended;
        self.left_out += other.left_out;
        self.removed_before += other.removed_before;
        self.passed_over += other.passed_over;
        let told = other.failures.first.len();
        self.failures.count += other.failures.count - told;
        other
            .failures
            .first
            .into_iter()
            .for_each(|failure| self.failures.push(failure));
        for (code, count) in other.warnings {
            *self.warnings.entry(code).or_default() += count;
        }
    }

    /// Returns in a few words what was taken in; none if nothing was, and nothing failed.
    pub(super) fn news(&self) -> Option<String> {
        let counts = [
            (self.stored, "stored"),
            (self.updated, "updated"),
            (self.mended, "mended"),
            (self.left_out, "skipped as near-duplicates"),
            (
                self.removed_before,
                "left out, since they were removed before",
            ),
            (self.failures.count, "failed"),
        ];
        let told = counts.iter().filter(|(count, _)| *count > 0);
        let told: Vec<String> = told
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        (!told.is_empty()).then(|| told.join(", "))
    }

    pub(super) fn print(
        &self,
        directory: &Path,
        screen: &Screen,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let is_news = self.stored + self.updated + self.mended > 0;
        if !is_news && self.already_there > 0 {
            writeln!(out, "nothing new: {} already there", self.already_there)?;
        } else {
            writeln!(
                out,
                "{} stored in {}",
                self.stored,
                screen.shown(&directory.to_string_lossy())
            )?;
            writeln!(out, "{} already there", self.already_there)?;
            writeln!(out, "{} updated", self.updated)?;
        }
        if self.mended > 0 {
            let raw = "their raw copies were damaged or missing";
            writeln!(out, "{} mended: {raw}", self.mended)?;
        }
        if self.left_out > 0 {
            writeln!(
                out,
                "{} skipped as near-duplicates of other stories",
                self.left_out
            )?;
        }
        if self.removed_before > 0 {
            writeln!(
                out,
                "{} left out, since they were removed before; --force takes them in again",
                self.removed_before
            )?;
        }
        if self.passed_over > 0 {
            writeln!(out, "{} passed over, as told above", self.passed_over)?;
        }
        let Failures { count, first } = &self.failures;
        if is_news || *count > 0 {
            writeln!(out, "{count} failed")?;
        }
        for failure in first {
            writeln!(out, "  {}", safe::line(failure))?;
        }
        if *count > first.len() {
            writeln!(out, "  and {} more, told above", count - first.len())?;
        }
        if !self.warnings.is_empty() {
            let mut warnings: Vec<_> = self.warnings.iter().collect();
            warnings.sort_by_key(|(code, count)| (std::cmp::Reverse(**count), code.name()));
            writeln!(out, "warnings in what was written:")?;
            for (code, count) in warnings {
                writeln!(out, "{count:>7} × {}", screen.shown(code.name()))?;
            }
        }
        Ok(())
    }
}
