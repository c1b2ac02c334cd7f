//! What stands at the top of the archive and in its ledger: each thing by name, and nothing else.

use super::finding::{Code, Report};
use crate::store::directory;
use crate::store::directory::layout::{
    ANNOTATIONS, CATALOG, EVIDENCE, LEDGER, LOCK, MANIFEST, RAW, README, RECORDS, UNFINISHED,
};
use crate::store::directory::{CATALOG_LOG, CATALOG_MEMORY};
use crate::store::disk::write::is_temporary;
use crate::store::error::ArchiveError;
use crate::store::ledger::number_of;
use std::ffi::OsStr;
use std::fs::{self, DirEntry};
use std::io;
use std::path::Path;

const ELSEWHERE: &str = "is no file of the archive; move it elsewhere";

/// Whether somebody was writing when the audit began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writer {
    Nobody,
    Somebody,
}

/// Looks whether an archive is at `root`, and what is wrong with what says so.
///
/// # Errors
///
/// If no archive is there, one of another format, or one that leads out of its directory.
pub(super) fn manifest(root: &Path, report: &mut Report<'_, '_>) -> Result<(), ArchiveError> {
    let (code, message) = match directory::recognise(root) {
        Ok(()) => return Ok(()),
        Err(ArchiveError::ManifestMissing { .. }) => (
            Code::ManifestMissing,
            "is missing, but a ledger and stories are there; `archive verify --repair` writes it"
                .to_owned(),
        ),
        Err(ArchiveError::Manifest { reason, .. }) => (
            Code::ManifestDamaged,
            format!("cannot be understood ({reason}); `archive verify --repair` writes it again"),
        ),
        Err(error) => return Err(error),
    };
    directory::refuse_links(root)?;
    report.file(code, MANIFEST, message);
    Ok(())
}

/// Looks at the top of the archive and at its ledger's directory.
pub(super) fn look(
    root: &Path,
    writer: Writer,
    report: &mut Report<'_, '_>,
) -> Result<(), ArchiveError> {
    readme(root, report);
    lock(root, report);
    for entry in entries(root)? {
        let name = entry.file_name();
        if is_temporary(&name) {
            if writer == Writer::Nobody {
                let message = "was left by an interruption; `archive verify --repair` removes it, \
                               unless it is a directory that holds something: move that \
                               elsewhere";
                report.file(Code::TemporaryLeft, shown(&name), message);
            }
        } else if !is_ours(&name) {
            report.file(Code::FileExtra, shown(&name), ELSEWHERE);
        }
    }
    for entry in entries(&root.join(LEDGER))? {
        let name = entry.file_name();
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if !is_file || name.to_str().and_then(number_of).is_none() {
            let path = format!("{LEDGER}/{}", shown(&name));
            report.file(Code::FileExtra, path, ELSEWHERE);
        }
    }
    if writer == Writer::Nobody {
        unfinished(root, report)?;
    }
    Ok(())
}

fn readme(root: &Path, report: &mut Report<'_, '_>) {
    let mend = "`archive verify --repair` writes it again";
    let (code, message) = match directory::has_welcome(root) {
        Ok(true) => return,
        Ok(false) => (
            Code::ReadmeChanged,
            format!("is not what this program writes; {mend}"),
        ),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            (Code::ReadmeMissing, format!("is missing; {mend}"))
        }
        Err(error) => (
            Code::ReadmeChanged,
            format!("cannot be read ({error}); {mend}"),
        ),
    };
    report.file(code, README, message);
}

fn lock(root: &Path, report: &mut Report<'_, '_>) {
    let (code, message) = match fs::symlink_metadata(root.join(LOCK)) {
        Ok(found) if found.is_file() && found.len() == 0 => return,
        Ok(found) if found.is_file() => (
            Code::LockChanged,
            "is not empty, as it should be; `archive verify --repair` empties it".to_owned(),
        ),
        Ok(_) => (
            Code::LockChanged,
            "is no regular file, so nobody can write to the archive; move it elsewhere".to_owned(),
        ),
        Err(error) if error.kind() == io::ErrorKind::NotFound => (
            Code::LockMissing,
            "is missing, so two programs could write at once; leave it alone from now on. \
             `archive verify --repair` makes it again, and so does the next ingest"
                .to_owned(),
        ),
        Err(error) => (Code::LockChanged, format!("cannot be read ({error})")),
    };
    report.file(code, LOCK, message);
}

/// An interrupted ingest, and what no ingest has put there.
fn unfinished(root: &Path, report: &mut Report<'_, '_>) -> Result<(), ArchiveError> {
    let directory = root.join(UNFINISHED);
    if !directory.is_dir() {
        return Ok(());
    }
    let entries = entries(&directory)?;
    let (files, others): (Vec<_>, Vec<_>) = entries
        .iter()
        .partition(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    for other in &others {
        let path = format!("{UNFINISHED}/{}", shown(&other.file_name()));
        report.file(Code::FileExtra, path, ELSEWHERE);
    }
    if others.is_empty() || !files.is_empty() {
        let message = "an interrupted ingest waits to be finished; any `archive ingest` does it, \
                       or `archive verify --repair`";
        report.file(Code::Unfinished, UNFINISHED, message);
    }
    Ok(())
}

fn is_ours(name: &OsStr) -> bool {
    [
        MANIFEST,
        README,
        LOCK,
        RECORDS,
        RAW,
        LEDGER,
        CATALOG,
        CATALOG_LOG,
        CATALOG_MEMORY,
        UNFINISHED,
        EVIDENCE,
        ANNOTATIONS,
    ]
    .iter()
    .any(|ours| name == *ours)
}

/// Returns what a directory holds, by name; nothing if it is not there.
fn entries(directory: &Path) -> Result<Vec<DirEntry>, ArchiveError> {
    let refused = |source| ArchiveError::Read {
        path: directory.to_owned(),
        source,
    };
    let mut entries = match fs::read_dir(directory) {
        Ok(entries) => entries.collect::<io::Result<Vec<_>>>().map_err(refused)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(source) => return Err(refused(source)),
    };
    entries.sort_by_key(DirEntry::file_name);
    Ok(entries)
}

fn shown(name: &OsStr) -> String {
    name.to_string_lossy().into_owned()
}
