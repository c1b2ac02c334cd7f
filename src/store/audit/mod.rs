//! Whether the archive is what its ledger says, down to the last byte.
//!
//! [`verify`] needs no lock and writes nothing: it learns from the ledger what there should be,
//! walks through the whole directory, hashes every file on all cores, compares the catalog with
//! ledger and records, and hands on each [`Finding`] as it is found. What another program stores
//! meanwhile is no finding: before anything is named, the journal and the new lines of the ledger
//! are asked.
//!
//! [`repair`] mends what can be made from the raw copies, which it never touches, and restores
//! ledger lines that the catalog knows and the checks prove. Then it looks at everything again:
//! only what is right afterwards is called repaired.
//!
//! `finding` lists what can be wrong, `places` looks at the top of the directory, `register` holds
//! what the ledger says there should be, `expected` what of it was seen or is being changed, `scan`
//! goes through records and raw copies, `annotations` through what people say of stories, `derived`
//! compares the catalog, `repair` mends.

mod annotations;
mod derived;
mod expected;
mod finding;
mod places;
mod register;
mod repair;
mod scan;

pub use finding::{Audit, AuditEvent, Code, Counts, Finding};
pub use repair::repair;

use crate::store::error::ArchiveError;
use crate::store::{directory, ledger};
use derived::LedgerState;
use expected::Expected;
use finding::{Report, Tell};
use places::Writer;
use std::path::Path;

/// Looks at the whole archive at `root`. `tell` gets all that is wrong, and how far the work is.
///
/// # Errors
///
/// If no archive is there, or something keeps the audit from going on.
///
/// ```
/// use archive::store::{Archive, Audit, OpenOptions, verify};
///
/// let directory = tempfile::tempdir()?;
/// drop(Archive::open(directory.path(), &OpenOptions::default(), &mut ())?);
/// let counts = verify(directory.path(), Audit::Everything, &mut |event| println!("{event:?}"))?;
/// assert_eq!(counts.findings, 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify(root: &Path, audit: Audit, tell: &mut Tell<'_>) -> Result<Counts, ArchiveError> {
    // Asked first: a writer that comes later is noticed by what it writes.
    let writer = if directory::has_writer(root) {
        Writer::Somebody
    } else {
        Writer::Nobody
    };
    look(root, audit, writer, tell)
}

fn look(
    root: &Path,
    audit: Audit,
    writer: Writer,
    tell: &mut Tell<'_>,
) -> Result<Counts, ArchiveError> {
    let mut counts = Counts::default();
    let report = &mut Report::to(tell);
    places::manifest(root, report)?;
    places::look(root, writer, report)?;
    let mut expected = Expected::of(root)?;
    let mut ledger = LedgerState::Sound;
    counts.ledger_lines = ledger::check(root, writer == Writer::Nobody, |damage| {
        ledger = LedgerState::Damaged;
        damaged_line(root, &damage, report);
    })?;
    annotations::look(root, &expected, report)?;
    scan::raw(&mut expected, writer, &mut counts, report)?;
    scan::records(&mut expected, audit, writer, &mut counts, report)?;
    expected.missing(report)?;
    counts.compared = derived::catalog(&expected, audit, ledger, report)?;
    counts.findings = report.findings;
    Ok(counts)
}

fn damaged_line(root: &Path, damage: &ledger::Damage, report: &mut Report<'_, '_>) {
    let path = damage
        .path
        .strip_prefix(root)
        .unwrap_or(&damage.path)
        .to_string_lossy()
        .replace('\\', "/");
    let message = format!(
        "line {}: {}; `archive verify --repair` restores what the catalog can prove, a backup the \
         rest",
        damage.line, damage.reason
    );
    report.file(Code::LedgerDamaged, path, message);
}
