//! `archive verify`: whether every byte is what it should be.

use super::exit::Exit;
use super::place::{DurabilityArg, PlaceArgs};
use super::screen::{Progress, Screen, safe};
use anyhow::Result;
use archive::store::{self as directory, Audit, Counts, Finding};
use serde_json::json;
use std::cell::RefCell;
use std::io::{self, Write};

/// Check every file of the archive
///
/// Hashes all raw copies and records and compares them with their names and with the ledger, checks
/// the ledger line by line, makes some records again to compare, and asks whether the catalog says the same. Tells each file that is
/// missing, changed, extra or unreadable, on standard output as it is found: its path, a code, and
/// what can be done. Writes nothing and can run at any time, also while stories are ingested.
///
/// The exit status is 0 only when all is well.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    place: PlaceArgs,

    /// Make all records again to compare them, not only one in 64
    #[arg(long)]
    all: bool,

    /// Make records again that are damaged or missing, and enter what the ledger has lost
    ///
    /// Raw copies are never touched: nothing could make them again. The exit status is 0 if all is
    /// well afterwards.
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

Codes: ledger-damaged, unfinished, raw-missing, raw-changed, raw-unreadable, raw-extra,
record-missing, record-changed, record-unreadable, record-extra, record-differs,
story-fault, catalog-damaged, catalog-differs.";

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
            // What is found is seen at once, and out of the way of what shows that the work goes on.
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
}

pub fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    directory::recognise(args.place.root())?;
    let audit = if args.all {
        Audit { every: 1 }
    } else {
        Audit::default()
    };
    // Opened first: its messages are not to meet the progress.
    let mut opened = if args.repair {
        Some(args.place.open(DurabilityArg::Batch, screen)?)
    } else {
        None
    };
    let progress = Progress::of_work("checking every file");
    let report = RefCell::new(Report {
        out: screen.out(),
        json: args.json,
        screen,
        progress,
        failure: None,
    });
    let mut advance = |more, of| report.borrow().progress.advance_of(more, of);
    let mut found = |finding: Finding| report.borrow_mut().found(&finding);
    let counts = if let Some(opened) = &mut opened {
        let mut mended = |path: &str, what: &str| {
            report.borrow_mut().line(
                &json!({"repaired": path, "message": what}),
                &format!("{path}: repaired: {what}"),
            );
        };
        let mut left = |path: &str, why: &str| {
            report.borrow_mut().line(
                &json!({"not_repaired": path, "message": why}),
                &format!("{path}: not repaired: {why}"),
            );
        };
        directory::repair(
            opened,
            audit,
            &mut found,
            &mut mended,
            &mut left,
            &mut advance,
        )?
    } else {
        directory::verify(args.place.root(), audit, &mut found, &mut advance)?
    };
    let mut report = report.into_inner();
    report.progress.end();
    report.line(&json!({"counts": counts}), &summary(&counts, args.repair));
    match report.failure {
        Some(error) => return Err(error.into()),
        None => report.out.flush()?,
    }
    Ok(Exit::failed_if(counts.findings > counts.repaired))
}

fn summary(counts: &Counts, repair: bool) -> String {
    let Counts {
        raw,
        records,
        ledger_lines,
        reparsed,
        findings,
        repaired,
    } = counts;
    let looked = format!(
        "{raw} raw copies, {records} records and {ledger_lines} ledger lines checked, {reparsed} records made again"
    );
    match (findings, repair) {
        (0, _) => format!("{looked}: all is well"),
        (1, false) => format!("{looked}: 1 finding"),
        (_, false) => format!("{looked}: {findings} findings"),
        (_, true) => format!("{looked}: {findings} found, {repaired} repaired"),
    }
}
