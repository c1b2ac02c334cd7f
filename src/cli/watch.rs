//! `archive watch`: a drop folder, each file taken in once it is complete.
//!
//! The system tells of changes where it can; the folder is looked through every so often in any
//! case, since some disks (those of other machines) tell of nothing. A file is complete once size
//! and time have stood still. What was taken in already, the ledger knows: nothing else is kept, so
//! a new start finds its way by itself. The archive is open only while files are taken in.

use super::batch::Reading;
use super::exit::Exit;
use super::ingest::{KeepingArgs, Tally, take_in};
use super::place::PlaceArgs;
use super::reading::{ReadingArgs, usage_error};
use super::screen::{Progress, Screen};
use anyhow::{Result, anyhow};
use archive::input::InputError;
use archive::store::{Archive, OpenOptions};
use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant, SystemTime};

/// Files that are taken in while the archive is open once.
const BATCH: usize = 1024;
/// How long to wait before another try, where another program writes to the archive.
const PATIENCE: Duration = Duration::from_millis(300);

/// Store what arrives in a directory, such as the drop folder of a wire desk
///
/// Each file is stored once it is complete: when its size and time have stood still for a while, or
/// when it was moved in. Files that are there already come first. Hidden files (`.name`) are passed
/// over, so a sender that writes `.name` and renames it is never read too early. Nothing is taken
/// in twice, also after a new start: the ledger knows what was.
///
/// Other programs can write to the archive in between. SIGTERM and ctrl-c end the work after the
/// file in hand; the exit status is 1 if any file failed.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Directories to watch, to the bottom
    #[arg(value_name = "DIR", required = true)]
    directories: Vec<PathBuf>,

    /// Seconds for which a file must stand still
    #[arg(long, value_name = "SECONDS", default_value = "2", value_parser = seconds)]
    settle: Duration,

    /// Seconds after which the directories are looked through, whatever the system tells
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    poll: Duration,

    #[command(flatten)]
    place: PlaceArgs,

    #[command(flatten)]
    keeping: KeepingArgs,

    #[command(flatten)]
    reading: ReadingArgs,
}

const EXAMPLES: &str = "\
Examples:
  archive watch /var/spool/wire
  archive watch --archive ~/wire --name-pattern '{outlet}/{date}-{}' drop/";

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: Option<f64> = text.parse().ok();
    seconds
        .filter(|seconds| (0.01..=86_400.0).contains(seconds))
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "give a number of seconds, from 0.01 to 86400".to_owned())
}

/// What ends a wait.
enum Wake {
    /// Something has changed in a directory.
    Changed,
    /// The program is to end.
    Stop,
}

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let reading = args.reading.reading("watch")?;
    check(args)?;
    let (tell, wakes) = channel();
    let stop = Arc::new(AtomicBool::new(false));
    listen(&stop, tell.clone())?;
    // What is there already is told to be no archive, or made one, before anything arrives.
    drop(args.place.open(&args.keeping.opening(), screen)?);
    let watcher = watcher(args, tell, screen);
    for directory in &args.directories {
        let name = directory.display();
        screen.remark(&format_args!("watching {name}; ctrl-c ends it"));
    }
    let mut folder = Folder {
        args,
        reading,
        seen: HashMap::new(),
        told: HashSet::new(),
        tally: Tally::default(),
        screen,
    };
    let outcome = folder.watch(&wakes, &stop);
    drop(watcher);
    let mut out = screen.out();
    folder.tally.print(args.place.root(), screen, &mut out)?;
    out.flush()?;
    outcome?;
    Ok(Exit::failed_if(folder.tally.failures.count > 0))
}

/// Refuses what cannot be watched.
fn check(args: &Args) -> Result<()> {
    if args.reading.has_list() {
        let message = "a list of files is no directory; give a DIR to watch";
        return Err(usage_error("watch", message).into());
    }
    for directory in &args.directories {
        let name = directory.display();
        let found = fs::metadata(directory).map_err(|error| {
            anyhow!("{name}: cannot be watched ({error}); make it, or check the name")
        })?;
        if !found.is_dir() {
            let message = format!("{name} is no directory; give a DIR to watch");
            return Err(usage_error("watch", &message).into());
        }
    }
    Ok(())
}

/// Has the program end in good order when the system asks for it.
fn listen(stop: &Arc<AtomicBool>, tell: Sender<Wake>) -> Result<()> {
    let stop = stop.clone();
    ctrlc::set_handler(move || {
        stop.store(true, Ordering::Relaxed);
        // Nobody listens any more only if the program is at its end.
        let _ = tell.send(Wake::Stop);
    })
    .map_err(|error| anyhow!("the system's signals cannot be listened to ({error})"))
}

/// Returns what tells of changes, as long as it lives. Where the system tells of none, the looks
/// that are taken in any case have to do, and standard error says so.
fn watcher(args: &Args, tell: Sender<Wake>, screen: &Screen) -> Option<RecommendedWatcher> {
    let own = fs::canonicalize(args.place.root()).ok();
    let changed = move |event: notify::Result<notify::Event>| {
        let is_news = event.is_ok_and(|event| {
            let is_own = |path: &PathBuf| own.as_ref().is_some_and(|own| path.starts_with(own));
            is_change(event.kind) && !event.paths.iter().all(is_own)
        });
        if is_news {
            let _ = tell.send(Wake::Changed);
        }
    };
    let watched = notify::recommended_watcher(changed).and_then(|mut watcher| {
        for directory in &args.directories {
            watcher.watch(directory, RecursiveMode::Recursive)?;
        }
        Ok(watcher)
    });
    watched
        .inspect_err(|error| {
            screen.complain(&format_args!(
                "the system does not tell of changes ({error}); looking every {} seconds",
                args.poll.as_secs_f64()
            ));
        })
        .ok()
}

/// Returns whether something may have been written. Reading is told of as well, ours too.
fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(access) => access == AccessKind::Close(AccessMode::Write),
        _ => true,
    }
}

/// What a file looked like, and since when.
#[derive(Clone, Copy, Debug)]
struct Seen {
    bytes: u64,
    changed: Option<SystemTime>,
    since: Instant,
    is_taken_in: bool,
}

/// The directories that are watched.
struct Folder<'a> {
    args: &'a Args,
    reading: Reading,
    /// The files that stood there at the last look.
    seen: HashMap<PathBuf, Seen>,
    /// Problems that were told already: each look meets them again.
    told: HashSet<String>,
    tally: Tally,
    screen: &'a Screen,
}

impl Folder<'_> {
    /// Takes in what is complete, until it is to stop.
    fn watch(&mut self, wakes: &Receiver<Wake>, stop: &AtomicBool) -> Result<()> {
        while !stop.load(Ordering::Relaxed) {
            let (ready, is_waiting) = self.look();
            for batch in ready.chunks(BATCH) {
                if stop.load(Ordering::Relaxed) {
                    return Ok(());
                }
                self.take_in(batch, stop)?;
            }
            let wait = match is_waiting {
                true => self.args.settle / 2,
                false => self.args.poll,
            };
            match wakes.recv_timeout(wait) {
                Ok(Wake::Stop) => return Ok(()),
                // Many changes come together.
                Ok(Wake::Changed) => std::thread::sleep(self.args.settle.min(PATIENCE) / 2),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => std::thread::sleep(wait),
            }
            // What was told meanwhile is seen by the next look.
            if wakes.try_iter().any(|wake| matches!(wake, Wake::Stop)) {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Looks through the directories. Returns the files that are complete and were not taken in,
    /// and whether others may be complete soon.
    fn look(&mut self) -> (Vec<PathBuf>, bool) {
        let mut now = HashMap::new();
        let (mut ready, mut is_waiting) = (Vec::new(), false);
        let sources = self.args.reading.sources(&self.args.directories);
        for source in sources.excluding(self.args.place.root()) {
            let path = match source.map(|source| source.path) {
                Ok(Some(path)) => path,
                Ok(None) | Err(InputError::Empty { .. }) => continue,
                Err(error) => {
                    self.tell(&error);
                    continue;
                }
            };
            // It may be gone by now.
            let Ok(found) = fs::metadata(&path) else {
                continue;
            };
            let before = self.seen.get(&path).copied();
            let seen = state(&found, before);
            if !seen.is_taken_in && seen.bytes > 0 {
                match is_still(&seen, self.args.settle) {
                    true => ready.push(path.clone()),
                    false => is_waiting = true,
                }
            }
            now.insert(path, seen);
        }
        self.seen = now;
        (ready, is_waiting)
    }

    /// Tells what is wrong with a file, once.
    fn tell(&mut self, error: &InputError) {
        if self.told.insert(error.to_string()) {
            self.screen.unread(error);
            if error.is_failure() {
                self.tally.failures.push(error.to_string());
            }
        }
    }

    /// Stores some files, and closes the archive again.
    fn take_in(&mut self, files: &[PathBuf], stop: &AtomicBool) -> Result<()> {
        let opening = self.args.keeping.opening();
        let Some(archive) = self.open(&opening, stop)? else {
            return Ok(());
        };
        let sources = self.args.reading.sources(files);
        let sources = sources.excluding(self.args.place.root());
        let mut tally = Tally::default();
        let progress = Progress::none();
        take_in(
            archive,
            sources,
            &self.reading,
            &progress,
            &mut tally,
            self.screen,
        );
        for path in files {
            if let Some(seen) = self.seen.get_mut(path) {
                seen.is_taken_in = true;
            }
        }
        if let Some(news) = tally.news() {
            let mut out = self.screen.out();
            writeln!(out, "{}: {news}", names(files))?;
            out.flush()?;
        }
        self.tally.add(tally);
        Ok(())
    }

    /// Opens the archive once nobody else writes to it; none if the program is to end before.
    fn open(&self, opening: &OpenOptions, stop: &AtomicBool) -> Result<Option<Archive>> {
        let mut has_waited = false;
        while !stop.load(Ordering::Relaxed) {
            if let Some(archive) = self.args.place.try_open(opening, self.screen)? {
                return Ok(Some(archive));
            }
            if !has_waited {
                self.args.place.waits(self.screen);
                has_waited = true;
            }
            std::thread::sleep(PATIENCE);
        }
        Ok(None)
    }
}

/// Returns what a file looks like, given what it looked like before.
fn state(found: &fs::Metadata, before: Option<Seen>) -> Seen {
    let (bytes, changed) = (found.len(), found.modified().ok());
    match before {
        Some(before) if before.bytes == bytes && before.changed == changed => before,
        _ => Seen {
            bytes,
            changed,
            since: Instant::now(),
            is_taken_in: false,
        },
    }
}

/// Returns whether a file has stood still for so long: since it was seen first, or since it was
/// changed last, as one that was moved in.
fn is_still(seen: &Seen, settle: Duration) -> bool {
    let age = seen.changed.and_then(|changed| changed.elapsed().ok());
    seen.since.elapsed() >= settle || age.is_some_and(|age| age >= settle)
}

/// Returns the files of a batch as a line names them.
fn names(files: &[PathBuf]) -> String {
    match files {
        [file] => file.to_string_lossy().into_owned(),
        [first, rest @ ..] => format!("{} and {} more", first.to_string_lossy(), rest.len()),
        [] => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_complete_once_it_stands_still() {
        let long_ago = SystemTime::now().checked_sub(Duration::from_secs(60));
        let seen = |changed| Seen {
            bytes: 1,
            changed,
            since: Instant::now(),
            is_taken_in: false,
        };
        let settle = Duration::from_secs(5);
        assert!(is_still(&seen(long_ago), settle));
        assert!(!is_still(&seen(Some(SystemTime::now())), settle));
        assert!(!is_still(&seen(None), settle));
    }

    #[test]
    fn a_file_that_changes_is_waited_for_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        fs::write(&path, "one").unwrap();
        let first = Seen {
            is_taken_in: true,
            ..state(&fs::metadata(&path).unwrap(), None)
        };
        assert!(state(&fs::metadata(&path).unwrap(), Some(first)).is_taken_in);
        fs::write(&path, "one and two").unwrap();
        assert!(!state(&fs::metadata(&path).unwrap(), Some(first)).is_taken_in);
    }

    #[test]
    fn what_is_only_read_is_no_change() {
        let read = EventKind::Access(AccessKind::Open(AccessMode::Any));
        assert!(!is_change(read));
        assert!(is_change(EventKind::Access(AccessKind::Close(
            AccessMode::Write
        ))));
        assert!(is_change(EventKind::Any));
    }
}
