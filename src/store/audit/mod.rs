//! Whether the archive is what its ledger says, down to the last byte.
//!
//! [`verify`] needs no lock and writes nothing: it learns from the ledger what there should be, walks
//! through `raw/` and `records/`, hashes every file on all cores, and tells each [`Finding`] as it is
//! found, in the order of the names. What another program stores meanwhile is no finding: before
//! anything is told, the journal and the new lines of the ledger are asked. [`repair`] takes the
//! lock, does the same, and mends what can be made from the raw copies; those it never touches.
//!
//! `finding` is the table of what can be wrong, `register` what the ledger says there should be,
//! `expected` what of it was seen or is being changed, `scan` goes through the files, `derived` looks at the catalog, `repair` mends.

mod derived;
mod expected;
mod finding;
mod register;
mod repair;
mod scan;

pub use finding::{Code, Counts, Finding};
pub use repair::repair;

use crate::store::directory::layout::UNFINISHED;
use crate::store::error::ArchiveError;
use crate::store::{directory, ledger};
use expected::Expected;
use std::path::Path;

/// How closely to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Every so many stories, by id, one is made again from its raw copy; 1 is all, 0 none.
    pub every: u64,
}

impl Default for Audit {
    fn default() -> Self {
        Self { every: 64 }
    }
}

/// Looks at the whole archive at `root` and calls `found` with all that is wrong. `advance` is told how
/// many more files were looked at, and of how many.
pub fn verify(
    root: &Path,
    audit: Audit,
    found: &mut dyn FnMut(Finding),
    advance: &mut dyn FnMut(u64, u64),
) -> Result<Counts, ArchiveError> {
    directory::recognise(root)?;
    let mut counts = Counts::default();
    let mut told = 0;
    let mut tell = |finding| {
        told += 1;
        found(finding);
    };
    // Asked first: a writer that comes later is noticed by what it writes.
    let is_quiet = !directory::has_writer(root);
    if is_quiet && root.join(UNFINISHED).exists() {
        let message = "an interrupted ingest waits to be finished; any `archive ingest` does it, or `archive verify --repair`";
        tell(Finding {
            code: Code::Unfinished,
            path: UNFINISHED.to_owned(),
            id: None,
            message: message.to_owned(),
        });
    }
    let mut expected = Expected::of(root)?;
    counts.ledger_lines = ledger::check(root, is_quiet, |damage| {
        let path = damage
            .path
            .strip_prefix(root)
            .unwrap_or(&damage.path)
            .to_string_lossy()
            .replace('\\', "/");
        let message = format!(
            "line {}: {}; restore the ledger from a backup",
            damage.line, damage.reason
        );
        tell(Finding {
            code: Code::LedgerDamaged,
            path,
            id: None,
            message,
        });
    })?;
    let of = expected.register.len()? * 2;
    let mut advance = |more| advance(more, of);
    scan::raw(&mut expected, &mut counts, &mut tell, &mut advance)?;
    scan::records(&mut expected, audit, &mut counts, &mut tell, &mut advance)?;
    expected.missing(&mut tell)?;
    derived::catalog(&expected, audit, &mut tell)?;
    counts.findings = told;
    Ok(counts)
}
