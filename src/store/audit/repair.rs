//! Mending what the raw copies allow.

use super::finding::{Code, Counts, Finding};
use super::{Audit, verify};
use crate::ParseOptions;
use crate::store::directory::fixity::Fixity;
use crate::store::directory::layout::CATALOG;
use crate::store::error::ArchiveError;
use crate::store::ledger::index::number;
use crate::store::writer::archive::Archive;
use crate::store::writer::commit::Sync;
use crate::store::writer::ingest::{Incoming, Outcome};
use crate::store::writer::journal::Planned;
use crate::store::writer::plan::{Trust, read_file};
use crate::store::writer::rebuild::rebuild_these;
use crate::store::writer::recover::adopt;
use std::path::Path;

/// Looks at the whole archive, calls `found` with all that is wrong, and mends what can be mended;
/// calls `mended` with the path of each file that is right again and what was done, and `left` with
/// each that is not and why. `advance` is told how many more files were looked at, and of how many.
pub fn repair(
    archive: &mut Archive,
    audit: Audit,
    found: &mut dyn FnMut(Finding),
    mended: &mut dyn FnMut(&str, &str),
    left: &mut dyn FnMut(&str, &str),
    advance: &mut dyn FnMut(u64, u64),
) -> Result<Counts, ArchiveError> {
    let root = archive.root.clone();
    let (mut damaged, mut extra_records, mut extra_raw) = (Vec::new(), Vec::new(), Vec::new());
    let mut catalog_findings = 0;
    let mut counts = verify(
        &root,
        audit,
        &mut |finding| {
            match finding.code {
                Code::RecordMissing
                | Code::RecordChanged
                | Code::RecordUnreadable
                | Code::RecordDiffers => {
                    damaged.extend(
                        finding
                            .id
                            .as_deref()
                            .and_then(number)
                            .map(|id| (id, finding.path.clone())),
                    );
                }
                Code::RecordExtra if finding.id.is_some() => {
                    extra_records.push(finding.path.clone())
                }
                Code::RawExtra if finding.id.is_some() => extra_raw.push(finding.path.clone()),
                Code::CatalogDamaged | Code::CatalogDiffers => catalog_findings += 1,
                _ => {}
            }
            found(finding);
        },
        advance,
    )?;
    if catalog_findings > 0 {
        archive.remake_catalog()?;
        counts.repaired += catalog_findings;
        mended(CATALOG, "made anew");
    }
    damaged.sort();
    let ids: Vec<u64> = damaged.iter().map(|(id, _)| *id).collect();
    let mut not_made = Vec::new();
    rebuild_these(
        archive,
        &ids,
        Trust::Ledger,
        |path, reason| {
            not_made.push(path.to_owned());
            left(path, reason);
        },
        |_, _| {},
    )?;
    for (_, path) in damaged.iter().filter(|(_, path)| !not_made.contains(path)) {
        counts.repaired += 1;
        mended(path, "made again from its raw copy");
    }
    // Records first: with one, its raw copy is no longer extra.
    for path in &extra_records {
        match enter(archive, &root, path)? {
            Some(what) => {
                counts.repaired += 1;
                mended(path, what);
            }
            None => left(
                path,
                "is no record of this archive, or its raw copy is not there; move it elsewhere",
            ),
        }
    }
    for path in &extra_raw {
        if store(archive, &root, path)? {
            counts.repaired += 1;
            mended(path, "its story is in the archive now");
        } else {
            left(path, "its story cannot be stored");
        }
    }
    Ok(counts)
}

/// Enters a record in the ledger, or removes it if the right one is in its place.
fn enter(
    archive: &mut Archive,
    root: &Path,
    path: &str,
) -> Result<Option<&'static str>, ArchiveError> {
    let full = root.join(path);
    let Some(record) = read_file(&full)? else {
        return Ok(None);
    };
    let Some(line) = adopt(root, &full) else {
        return Ok(None);
    };
    let held = match number(&line.id) {
        Some(id) => archive.known.held(id)?,
        None => None,
    };
    match held {
        None => {
            archive.commit(&mut [Planned::line(line)], Sync::of(archive.durability, 1))?;
            archive.follow()?;
            Ok(Some("entered in the ledger"))
        }
        Some(held) if *held.record == *path => Ok(Some("it is what the ledger says now")),
        Some(held) if held.record_sha256 == Fixity::of(&record) => {
            let in_place = read_file(&root.join(&*held.record))?;
            if in_place.as_ref() != Some(&record) {
                return Ok(None);
            }
            let mut committer = archive.committer.back()?;
            let files = committer.files.clone();
            committer.places.remove(path, &files)?;
            Ok(Some(
                "removed: it is a copy of the record that is in its place",
            ))
        }
        Some(_) => Ok(None),
    }
}

/// Stores the story of a raw copy that no ledger line names.
fn store(archive: &mut Archive, root: &Path, path: &str) -> Result<bool, ArchiveError> {
    let Some(raw) = read_file(&root.join(path))? else {
        return Ok(false);
    };
    if archive.known.held(Fixity::of(&raw).id())?.is_some() {
        return Ok(true);
    }
    let ingested = archive.ingest(
        &[Incoming {
            bytes: &raw,
            path: None,
            member: None,
        }],
        &ParseOptions::default(),
    );
    match ingested.stopped {
        Some(error) => Err(error),
        None => Ok(!matches!(
            ingested.outcomes.as_slice(),
            [Outcome::Refused(_)]
        )),
    }
}
