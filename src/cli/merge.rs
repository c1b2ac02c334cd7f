//! `archive merge`: the stories of another archive.

use super::exit::Exit;
use super::place::PlaceArgs;
use super::screen::{Progress, Screen};
use anyhow::Result;
use archive::store::{
    Audit, AuditEvent, Merged, Observer, OpenOptions, StoryId, recognise, verify,
};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Take over the stories of other archives
///
/// Each story comes with its raw bytes, its record, the places that it came from, the times when it
/// did, and the options that it was read with. A story that is there already keeps its record; only
/// its new places are noted. The same archives can be merged again at any time, and an interrupted
/// merge is finished by the next one. The other archives are only read.
///
/// Every file of the other archives is checked first, as `archive verify` does, and so is this
/// archive at the end. An archive with findings is not merged, and the exit status is 1.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The archives to take stories from
    #[arg(value_name = "OTHER", required = true)]
    others: Vec<PathBuf>,

    #[command(flatten)]
    place: PlaceArgs,
}

const EXAMPLES: &str = "\
Examples:
  archive merge ../laptop/archive
  archive merge --archive ~/wire /mnt/disk1/wire /mnt/disk2/wire";

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let mut has_failed = false;
    let mut sound = Vec::with_capacity(args.others.len());
    for other in &args.others {
        recognise(other)?;
        match findings(other, screen)? {
            0 => sound.push(other),
            count => {
                has_failed = true;
                screen.complain(&format_args!(
                    "{}: not merged, since it has {count} findings; mend it with `archive verify \
                     --repair` first",
                    other.to_string_lossy()
                ));
            }
        }
    }
    if !sound.is_empty() {
        has_failed |= merge(args, &sound, screen)?;
        has_failed |= findings(args.place.root(), screen)? > 0;
    }
    Ok(Exit::failed_if(has_failed))
}

/// Merges the archives, and says for each what came of it. Returns whether anything was left out.
fn merge(args: &Args, others: &[&PathBuf], screen: &Screen) -> Result<bool> {
    let mut archive = args.place.open(&OpenOptions::default(), screen)?;
    let mut out = screen.out();
    let mut has_left = false;
    for other in others {
        let progress = Progress::of_work("merging");
        let mut watch = Watch {
            progress: &progress,
            screen,
            other,
        };
        let merged = archive.merge(other, &mut watch);
        drop(progress);
        let Merged {
            stored,
            already_there,
            places,
            annotations,
            removals,
            left,
            ..
        } = merged?;
        has_left |= left > 0;
        let annotations = match annotations {
            0 => String::new(),
            count => format!("{count} new annotations, "),
        };
        let removals = match removals {
            0 => String::new(),
            count => format!("{count} removals taken over, "),
        };
        let name = screen.shown(&other.to_string_lossy());
        writeln!(
            out,
            "{name}: {stored} stored, {already_there} already there, {places} new places, \
             {annotations}{removals}{left} left out"
        )?;
    }
    for failure in archive.finish(&mut ())? {
        screen.complain(&failure);
        has_left = true;
    }
    out.flush()?;
    Ok(has_left)
}

/// Checks every file of an archive, and says what is wrong. Returns how much that was.
fn findings(root: &Path, screen: &Screen) -> Result<usize> {
    let progress = Progress::of_work("checking every file");
    let counts = verify(root, Audit::Sample, &mut |event| match event {
        AuditEvent::Looked { more, of } => progress.advance_of(more, of),
        AuditEvent::Found(finding) => progress.pause(|| {
            screen.complain(&format_args!(
                "{}: {}: {}: {}",
                root.to_string_lossy(),
                finding.path,
                finding.code.name(),
                finding.message
            ));
        }),
        _ => {}
    })?;
    Ok(counts.findings)
}

/// Shows how far the work is, and names the stories that are left out.
struct Watch<'a> {
    progress: &'a Progress,
    screen: &'a Screen,
    other: &'a Path,
}

impl Observer for Watch<'_> {
    fn advanced(&mut self, more: u64, total: Option<u64>) {
        match total {
            Some(total) => self.progress.advance_of(more, total),
            None => self.progress.advance_by(more),
        }
    }

    fn still_here(&mut self, id: StoryId) {
        let other = self.other.to_string_lossy();
        let message = format_args!(
            "{other}: {id} was removed there, and is still here; `archive remove {id}` takes it out"
        );
        self.progress.pause(|| self.screen.complain(&message));
    }

    fn left(&mut self, record: &str, reason: &str) {
        let other = self.other.to_string_lossy();
        let message = format_args!("{other}: {record}: left out: {reason}");
        self.progress.pause(|| self.screen.complain(&message));
    }
}
