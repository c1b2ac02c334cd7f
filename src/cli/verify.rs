//! `archive verify`: whether every byte is what it should be.

use super::exit::Exit;
use super::place::PlaceArgs;
use super::screen::{Progress, Screen, safe};
use anyhow::Result;
use archive::store::{self, Audit, AuditEvent, Counts, Durability, Finding};
use serde_json::json;
use std::io::{self, Write};

/// Check every file of the archive
///
/// Hashes all raw copies and records and compares them with their names and with the ledger, checks
/// the ledger line by line, and names everything in the directory that is not the archive's. Asks
/// the database of the catalog whether it is sound. Of a sample of the stories, one in 64, makes
/// the record again and compares it, and compares every row of the catalog about the story with the
/// record.
///
/// Tells each thing that is missing, changed, extra or unreadable, on standard output as it is
/// found: its path, a code, and what can be done. Writes nothing and can run at any time, also
/// while stories are ingested.
///
/// The exit status is 0 only when all is well.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    place: PlaceArgs,

    /// Look closely at all stories, not only at one in 64, and at chains and full text as a whole
    #[arg(long)]
    all: bool,

    /// Mend what can be mended, look at everything again, and say what is still wrong
    ///
    /// Records are made again from their raw copies, the catalog from records and ledger. Lines of
    /// the ledger are restored where the catalog knows them and the ledger's checks prove it; what
    /// is replaced is kept in `evidence/`. Raw copies are never touched: nothing could make them
    /// again, except ingesting the file that they came from. The exit status is 0 if all is well
    /// afterwards.
    #[arg(long)]
    repair: bool,

    /// Print JSON Lines: an object for each finding and each repair, and a last one with the counts
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  archive verify
  archive verify --archive ~/wire --all
  archive verify --repair
  archive verify --json | jq -r 'select(.code == \"raw-changed\").path'

Codes: manifest-missing, manifest-damaged, readme-missing, readme-changed, lock-missing,
lock-changed, file-extra, directory-empty, temporary-left, unfinished, ledger-damaged,
ledger-lost, annotations-damaged, raw-missing, raw-changed, raw-unreadable, raw-extra,
record-missing, record-changed, record-unreadable, record-extra, record-differs, story-fault,
catalog-damaged, catalog-differs, catalog-incomplete.";

/// Where the report goes; keeps the first error, since the callbacks cannot return one.
struct Report<'a, W> {
    out: W,
    json: bool,
    screen: &'a Screen,
    progress: Progress,
    failure: Option<io::Error>,
}

impl<W: Write> Report<'_, W> {
    fn line(&mut self, json: &serde_json::Value, text: &str) {
        if self.failure.is_some() {
            return;
        }
        // For people a file's name is one line, whatever it holds.
        let line = match (self.json, self.screen.is_terminal) {
            (true, true) => safe::json(&json.to_string()).into_owned(),
            (true, false) => json.to_string(),
            (false, _) => safe::line(text).into_owned(),
        };
        let Self { out, .. } = self;
        let mut write = || {
            writeln!(out, "{line}")?;
            // What is found is seen at once, and out of the way of what shows that the work goes
            // on.
            if self.screen.is_terminal {
                out.flush()
            } else {
                Ok(())
            }
        };
        self.failure = self.progress.pause(&mut write).err();
    }

    fn found(&mut self, finding: &Finding) {
        let Finding {
            code,
            path,
            message,
            ..
        } = finding;
        self.line(
            &json!(finding),
            &format!("{path}: {}: {message}", code.name()),
        );
    }

    /// Passes on what happens in an audit.
    fn event(&mut self, event: AuditEvent<'_>, place: &PlaceArgs) {
        match event {
            AuditEvent::Looked { more, of } => self.progress.advance_of(more, of),
            AuditEvent::Found(finding) => self.found(&finding),
            AuditEvent::Waiting => self.progress.pause(|| place.waits(self.screen)),
            AuditEvent::Recovered(recovery) => {
                self.progress
                    .pause(|| place.recovered(recovery, self.screen));
            }
            AuditEvent::Repaired { path, what } => self.line(
                &json!({"repaired": path, "message": what}),
                &format!("{path}: repaired: {what}"),
            ),
            AuditEvent::NotRepaired { path, why } => self.line(
                &json!({"not_repaired": path, "message": why}),
                &format!("{path}: not repaired: {why}"),
            ),
        }
    }
}

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let audit = if args.all {
        Audit::Everything
    } else {
        Audit::Sample
    };
    let mut report = Report {
        out: screen.out(),
        json: args.json,
        screen,
        progress: Progress::of_work("checking every file"),
        failure: None,
    };
    let mut tell = |event: AuditEvent<'_>| report.event(event, &args.place);
    let root = args.place.root();
    let counts = if args.repair {
        store::repair(root, Durability::Batch, audit, &mut tell)?
    } else {
        store::verify(root, audit, &mut tell)?
    };
    report.progress.end();
    report.line(&json!({"counts": counts}), &summary(&counts, args));
    match report.failure {
        Some(error) => return Err(error.into()),
        None => report.out.flush()?,
    }
    Ok(Exit::failed_if(counts.findings > counts.repaired))
}

fn summary(counts: &Counts, args: &Args) -> String {
    let Counts {
        raw,
        records,
        ledger_lines,
        reparsed,
        compared,
        findings,
        repaired,
        ..
    } = counts;
    let sample = if args.all {
        String::new()
    } else {
        format!(
            " (a sample, one story in {}; --all takes all)",
            Audit::ONE_IN
        )
    };
    let looked = format!(
        "{raw} raw copies, {records} records and {ledger_lines} ledger lines checked, \
         {reparsed} records made again and {compared} compared with the catalog{sample}"
    );
    match (findings, args.repair) {
        (0, _) => format!("{looked}: all is well"),
        (1, false) => format!("{looked}: 1 finding"),
        (_, false) => format!("{looked}: {findings} findings"),
        (_, true) => format!("{looked}: {findings} found, {repaired} repaired"),
    }
}
