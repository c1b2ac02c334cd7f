//! Mending what can be proven: records from their raw copies, the catalog from records and ledger,
//! ledger lines from the catalog where the checks agree.
//!
//! Nothing is called repaired because no error was seen. After all that could be done everything is
//! looked at again: what is not found any more is repaired, and what is still found is not.

use super::finding::{Audit, AuditEvent, Code, Counts, Finding, Tell};
use super::verify;
use crate::options::ParseOptions;
use crate::store::annotations;
use crate::store::catalog::{Catalog, Standing};
use crate::store::directory;
use crate::store::directory::fixity::Fixity;
use crate::store::directory::layout::{ANNOTATIONS, CATALOG, EVIDENCE, LEDGER, LOCK};
use crate::store::directory::{CATALOG_LOG, CATALOG_MEMORY};
use crate::store::disk::durability::{Durability, Sync};
use crate::store::disk::write::write_whole;
use crate::store::error::ArchiveError;
use crate::store::ledger::{Last, lines_after, mend};
use crate::store::program::now;
use crate::store::story_id::StoryId;
use crate::store::writer::archive::Archive;
use crate::store::writer::journal::Planned;
use crate::store::writer::observer::Observer;
use crate::store::writer::open::OpenOptions;
use crate::store::writer::plan::Incoming;
use crate::store::writer::plan::{Trust, read_file};
use crate::store::writer::rebuild::rebuild_these;
use crate::store::writer::recover::adopt;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Looks at the whole archive at `root`, mends what can be mended, and looks at it again. `tell`
/// gets all that is wrong, and then for each thing whether it is right now.
///
/// # Errors
///
/// If no archive is there, or something keeps the work from going on.
pub fn repair(
    root: &Path,
    durability: Durability,
    audit: Audit,
    tell: &mut Tell<'_>,
) -> Result<Counts, ArchiveError> {
    let mut found = Vec::new();
    let mut counts = verify(root, audit, &mut |event| {
        if let AuditEvent::Found(finding) = &event {
            found.push(finding.clone());
        }
        tell(event);
    })?;
    let mut repair = Repair::of(root, found.clone());
    let mut still = Vec::new();
    for _ in 0..ROUNDS {
        if repair.before.is_empty() {
            break;
        }
        repair.run(durability, tell)?;
        still.clear();
        verify(root, audit, &mut |event| {
            if let AuditEvent::Found(finding) = event {
                still.push(finding);
            }
        })?;
        // What is restored can show what else is wrong: a line of the ledger names a missing
        // record.
        let known: FxHashSet<Key<'_>> = found.iter().map(key).collect();
        let is_new = |finding: &&Finding| !known.contains(&key(finding));
        let new: Vec<Finding> = still.iter().filter(is_new).cloned().collect();
        for finding in &new {
            tell(AuditEvent::Found(finding.clone()));
        }
        counts.findings += new.len();
        repair.before = if new.is_empty() {
            Vec::new()
        } else {
            still.clone()
        };
        found.extend(new);
    }
    let still: FxHashMap<Key<'_>, &Finding> = still
        .iter()
        .map(|finding| (key(finding), finding))
        .collect();
    for finding in &found {
        match repair.why_not(finding, &still) {
            None => {
                counts.repaired += 1;
                tell(AuditEvent::Repaired {
                    path: &finding.path,
                    what: repair.what(finding),
                });
            }
            Some(why) => tell(AuditEvent::NotRepaired {
                path: &finding.path,
                why,
            }),
        }
    }
    Ok(counts)
}

/// How often everything is looked at again. One round mends nearly all; a limit costs nothing.
const ROUNDS: usize = 4;

struct Repair {
    root: PathBuf,
    /// What is to be mended.
    before: Vec<Finding>,
    /// What was done, by path, where the code alone does not say it.
    done: FxHashMap<String, String>,
    /// Why something could not be done, by path.
    reasons: FxHashMap<String, String>,
    /// Whether lines of the ledger are lost for good.
    is_ledger_lost: bool,
}

impl Repair {
    fn of(root: &Path, before: Vec<Finding>) -> Self {
        Self {
            root: root.to_owned(),
            before,
            done: FxHashMap::default(),
            reasons: FxHashMap::default(),
            is_ledger_lost: false,
        }
    }

    fn has(&self, codes: &[Code]) -> bool {
        self.before
            .iter()
            .any(|finding| codes.contains(&finding.code))
    }

    /// Returns the paths of the findings with these codes that are about a story.
    fn paths(&self, codes: &[Code]) -> Vec<(Option<StoryId>, String)> {
        let found = self
            .before
            .iter()
            .filter(|finding| codes.contains(&finding.code));
        found
            .map(|finding| {
                (
                    finding.id.as_deref().and_then(StoryId::read),
                    finding.path.clone(),
                )
            })
            .collect()
    }

    fn run(&mut self, durability: Durability, tell: &mut Tell<'_>) -> Result<(), ArchiveError> {
        self.top()?;
        let tell = RefCell::new(tell);
        let lock = directory::take(&self.root, &mut || (tell.borrow_mut())(AuditEvent::Waiting))?;
        self.directories();
        self.ledger()?;
        if self.has(&[Code::CatalogDamaged]) {
            self.set_catalog_aside()?;
        }
        let options = OpenOptions::default().durability(durability);
        let opened = Archive::open_taken(&self.root, &options, lock)?;
        if opened.recovery.is_needed() {
            (tell.borrow_mut())(AuditEvent::Recovered(&opened.recovery));
        }
        let mut archive = opened.archive;
        if self.has(&[Code::CatalogDiffers]) {
            archive.rebuild_catalog()?;
        }
        self.records(&mut archive)?;
        self.extra(&mut archive)?;
        self.annotations(&mut archive)?;
        archive.finish(&mut ())?;
        Ok(())
    }

    /// Returns the files at the top that say what the directory is.
    fn top(&self) -> Result<(), ArchiveError> {
        if self.has(&[Code::ManifestMissing, Code::ManifestDamaged]) {
            let first = lines_after(&self.root, 0)?.next().transpose()?;
            directory::write_manifest(&self.root, first.map_or_else(now, |line| line.time))?;
        }
        if self.has(&[Code::ReadmeMissing, Code::ReadmeChanged]) {
            directory::write_welcome(&self.root)?;
        }
        let lock = self.root.join(LOCK);
        if self.has(&[Code::LockChanged])
            && fs::symlink_metadata(&lock).is_ok_and(|found| found.is_file())
        {
            let emptied = fs::OpenOptions::new()
                .write(true)
                .open(&lock)
                .and_then(|file| file.set_len(0));
            emptied.map_err(|source| ArchiveError::Write { path: lock, source })?;
        }
        Ok(())
    }

    /// Directories that hold nothing. One that cannot be removed is found again.
    fn directories(&self) {
        for (_, path) in self.paths(&[Code::DirectoryEmpty, Code::TemporaryLeft]) {
            let mut path = Path::new(&path);
            while fs::remove_dir(self.root.join(path)).is_ok() {
                match path.parent().filter(|above| above.components().count() > 1) {
                    Some(above) => path = above,
                    None => break,
                }
            }
        }
    }

    /// Restores what the catalog can prove. If it knows lines that cannot be restored, it is kept.
    fn ledger(&mut self) -> Result<(), ArchiveError> {
        if !self.has(&[Code::LedgerDamaged, Code::LedgerLost]) {
            return Ok(());
        }
        let catalog = Catalog::open_read_only(&self.root).ok();
        let end: Option<Last> = catalog.as_ref().and_then(|catalog| catalog.applied().ok());
        let root = self.root.clone();
        let mended = mend(
            &root,
            end.as_ref(),
            // A damaged catalog proves nothing.
            &mut |first, last| {
                let lines = catalog
                    .as_ref()
                    .map(|catalog| catalog.ledger_lines(first, last));
                Ok(lines.and_then(Result::ok).flatten())
            },
            &mut |path| self.keep(path, Kept::Copy),
        )?;
        let lines = match mended.lines {
            1 => "1 line".to_owned(),
            lines => format!("{lines} lines"),
        };
        let mut what = format!("{lines} restored from the catalog, as the checks prove");
        if !mended.kept.is_empty() {
            let kept: Vec<String> = mended.kept.iter().map(|path| self.shown(path)).collect();
            what += &format!("; what was there is kept in {}", kept.join(", "));
        }
        for finding in &self.before {
            if matches!(finding.code, Code::LedgerDamaged | Code::LedgerLost) {
                self.done.insert(finding.path.clone(), what.clone());
            }
        }
        let standing = catalog
            .as_ref()
            .and_then(|catalog| catalog.standing(&root).ok());
        drop(catalog);
        if standing == Some(Standing::Foreign) {
            // It says something else than the ledger, which has to do without it.
            self.set_catalog_aside()?;
        }
        if standing == Some(Standing::Ahead) {
            let kept = self.set_catalog_aside()?;
            self.is_ledger_lost = true;
            let why = format!(
                "the catalog cannot prove the lines that are lost; restore the ledger from a \
                 backup. The catalog that knows of them is kept as {kept}, and stories that no \
                 line names were entered again"
            );
            self.reasons.insert(LEDGER.to_owned(), why);
        }
        Ok(())
    }

    /// Seals the annotations again, as far as they can be read and are about stories of the
    /// archive.
    fn annotations(&mut self, archive: &mut Archive) -> Result<(), ArchiveError> {
        if !self.has(&[Code::AnnotationsDamaged]) {
            return Ok(());
        }
        let path = self.root.join(ANNOTATIONS);
        let lines = annotations::file::lines(&self.root)?;
        let ids: Vec<StoryId> = lines
            .iter()
            .filter_map(|line| StoryId::read(&line.id))
            .collect();
        let stored = archive.known.stored_all(&ids)?;
        let bytes = annotations::file::resealed(&self.root, |line| {
            StoryId::read(&line.id).is_some_and(|id| stored.contains_key(&id))
        })?;
        let kept = self.keep(&path, Kept::Copy)?;
        let what = format!(
            "sealed again; what was there is kept in {}",
            self.shown(&kept)
        );
        write_whole(&path, &bytes)?;
        self.done.insert(ANNOTATIONS.to_owned(), what);
        archive
            .committer
            .join()?
            .follower
            .join()?
            .follow_annotations()
    }

    /// Keeps the catalog as evidence, so that opening the archive makes another. Says where.
    fn set_catalog_aside(&mut self) -> Result<String, ArchiveError> {
        let mut at = String::new();
        for name in [CATALOG, CATALOG_LOG, CATALOG_MEMORY] {
            let path = self.root.join(name);
            if fs::symlink_metadata(&path).is_ok() {
                let kept = self.keep(&path, Kept::Moved)?;
                if name == CATALOG {
                    at = self.shown(&kept);
                }
            }
        }
        self.done.insert(
            CATALOG.to_owned(),
            format!("made again; the old one is kept as {at}"),
        );
        Ok(at)
    }

    /// Keeps a file in `evidence/`, under a name that is free. Says where.
    fn keep(&self, path: &Path, kept: Kept) -> Result<PathBuf, ArchiveError> {
        let directory = self.root.join(EVIDENCE);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let mut free = (1..).map(|count| directory.join(format!("{name}.{count}")));
        let place = free
            .find(|place| fs::symlink_metadata(place).is_err())
            .unwrap_or_default();
        let go = || -> io::Result<()> {
            fs::create_dir_all(&directory)?;
            match kept {
                Kept::Moved => fs::rename(path, &place),
                Kept::Copy => {
                    fs::copy(path, &place)?;
                    fs::File::open(&place)?.sync_all()
                }
            }
        };
        go().map_err(|source| ArchiveError::Write {
            path: place.clone(),
            source,
        })?;
        Ok(place)
    }

    fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root)
            .unwrap_or(path)
            .to_string_lossy()
            .replace('\\', "/")
    }

    /// Records that can be made again from their raw copies.
    fn records(&mut self, archive: &mut Archive) -> Result<(), ArchiveError> {
        let mut ids: Vec<StoryId> = self
            .paths(&[
                Code::RecordMissing,
                Code::RecordChanged,
                Code::RecordUnreadable,
                Code::RecordDiffers,
            ])
            .into_iter()
            .filter_map(|(id, _)| id)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let reasons = &mut self.reasons;
        rebuild_these(archive, &ids, Trust::Ledger, &mut LeftReasons(reasons))?;
        Ok(())
    }

    /// Records and raw copies that no line names. Records first: with one, its raw copy is no
    /// longer extra.
    fn extra(&mut self, archive: &mut Archive) -> Result<(), ArchiveError> {
        let root = self.root.clone();
        for (_, path) in self.paths(&[Code::RecordExtra]) {
            match enter(archive, &root, &path)? {
                Some(what) => self.done.insert(path, what.to_owned()),
                None => self.reasons.insert(
                    path,
                    "is no record of this archive, or its raw copy is not there; move it elsewhere"
                        .to_owned(),
                ),
            };
        }
        for (id, path) in self.paths(&[Code::RawExtra]) {
            if id.is_some() && !store(archive, &root, &path)? {
                self.reasons
                    .insert(path, "its story cannot be stored".to_owned());
            }
        }
        Ok(())
    }

    /// Returns what was done about a finding that is gone.
    fn what(&self, finding: &Finding) -> &str {
        if let Some(done) = self.done.get(&finding.path) {
            return done;
        }
        match finding.code {
            Code::ManifestMissing
            | Code::ManifestDamaged
            | Code::ReadmeMissing
            | Code::ReadmeChanged => "written again",
            Code::LockMissing | Code::LockChanged => "made again, empty",
            Code::DirectoryEmpty | Code::TemporaryLeft => "removed",
            Code::Unfinished => "finished",
            Code::RawExtra => "its story is in the archive now",
            Code::RecordMissing
            | Code::RecordChanged
            | Code::RecordUnreadable
            | Code::RecordDiffers => "made again from its raw copy",
            Code::CatalogDamaged | Code::CatalogDiffers => "made again",
            Code::CatalogIncomplete => "taken in",
            Code::FileExtra
            | Code::LedgerDamaged
            | Code::LedgerLost
            | Code::AnnotationsDamaged
            | Code::RawMissing
            | Code::RawChanged
            | Code::RawUnreadable
            | Code::RecordExtra
            | Code::StoryFault => "is right now",
        }
    }

    /// Why a finding is not mended; none if it is.
    fn why_not<'r>(
        &'r self,
        finding: &Finding,
        still: &FxHashMap<Key<'_>, &'r Finding>,
    ) -> Option<&'r str> {
        let reason = self.reasons.get(&finding.path).map(String::as_str);
        match still.get(&key(finding)) {
            Some(still) => Some(reason.unwrap_or(&still.message)),
            None if finding.code == Code::LedgerLost && self.is_ledger_lost => reason,
            None => None,
        }
    }
}

/// Whether what is kept stays where it was, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    Copy,
    Moved,
}

/// What two findings have in common that are about the same thing: the path of a story's file,
/// whatever is wrong with it; of catalog and ledger, which are one file for many stories, the
/// message too.
type Key<'f> = (&'f str, Option<&'f str>);

fn key(finding: &Finding) -> Key<'_> {
    let is_shared =
        finding.path == CATALOG || finding.path == ANNOTATIONS || finding.path.starts_with(LEDGER);
    (&finding.path, is_shared.then_some(&*finding.message))
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
    let stored = match StoryId::read(&line.id) {
        Some(id) => archive.known.stored(id)?,
        None => None,
    };
    match stored {
        None => {
            archive.commit(
                &mut [Planned::line(line)],
                Sync::of(archive.options.durability, 1),
            )?;
            archive.follow()?;
            Ok(Some("entered in the ledger"))
        }
        Some(stored) if *stored.record == *path => Ok(Some("it is what the ledger says now")),
        Some(stored) if stored.record_sha256 == Fixity::of(&record) => {
            let in_place = read_file(&root.join(&*stored.record))?;
            if in_place.as_ref() != Some(&record) {
                return Ok(None);
            }
            let mut committer = archive.committer.join()?;
            let files = committer.files.clone();
            committer.places.remove(path, &files)?;
            Ok(Some(
                "removed: it is a copy of the record that is in its place",
            ))
        }
        Some(_) => Ok(None),
    }
}

/// Stores the story of a raw copy that no ledger line names; whether it is stored.
fn store(archive: &mut Archive, root: &Path, path: &str) -> Result<bool, ArchiveError> {
    let Some(raw) = read_file(&root.join(path))? else {
        return Ok(false);
    };
    if archive.known.stored(Fixity::of(&raw).id())?.is_some() {
        return Ok(true);
    }
    let came = Incoming {
        bytes: &raw,
        path: None,
        member: None,
        facts: None,
    };
    let mut refused = Refused(false);
    archive.ingest(&[came], &ParseOptions::default(), &mut refused)?;
    archive.wait(&mut refused)?;
    Ok(!refused.0)
}

/// Whether a story was refused.
struct Refused(bool);

impl Observer for Refused {
    fn refused(&mut self, _index: usize, _error: ArchiveError) {
        self.0 = true;
    }
}

/// Collects why records stay as they are, by their paths.
struct LeftReasons<'a>(&'a mut FxHashMap<String, String>);

impl Observer for LeftReasons<'_> {
    fn left(&mut self, record: &str, reason: &str) {
        self.0.insert(record.to_owned(), reason.to_owned());
    }
}
