//! What is left when any single operation on the disk fails.

use crate::options::ParseOptions;
use crate::store::annotations::{self, Annotation, Remark, Said};
use crate::store::audit::Finding;
use crate::store::audit::repair;
use crate::store::audit::verify;
use crate::store::audit::{Audit, AuditEvent, Code};
use crate::store::directory::fixity::Fixity;
use crate::store::directory::layout::raw_path;
use crate::store::disk::durability::Durability;
use crate::store::disk::files::{Done, Faults, Files};
use crate::store::error::ArchiveError;
use crate::store::ledger::lines_after;
use crate::store::writer::archive::Archive;
use crate::store::writer::journal::Journal;
use crate::store::writer::observer::{Observer, Outcome};
use crate::store::writer::open::{OpenOptions, RemovedStories};
use crate::store::writer::plan::Incoming;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use walkdir::WalkDir;

fn story(n: usize) -> String {
    format!(
        "Port strike {n} ends after nine days\nBy Ana Ruiz\n\nLIMA, March {} (AP) - Dockers in \
         port {n} went back to work.\n",
        n % 28 + 1
    )
}

/// In memory where that can be had: no fault is waiting for the disk.
fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

fn stories() -> Vec<String> {
    (0..3).map(story).collect()
}

/// Returns the stories, one of them a second time from another place.
fn incoming(stories: &[String]) -> Vec<Incoming<'_>> {
    let first = stories.iter().map(|story| Incoming {
        bytes: story.as_bytes(),
        path: Some("in/a"),
        member: None,
        facts: None,
    });
    first
        .chain([Incoming {
            bytes: stories[0].as_bytes(),
            path: Some("in/b"),
            member: Some("2"),
            facts: None,
        }])
        .collect()
}

fn year(year: i32) -> ParseOptions {
    ParseOptions::default().year(year)
}

/// What was reported.
#[derive(Default)]
struct Seen(Vec<Outcome>);

impl Observer for Seen {
    fn committed(&mut self, outcome: Outcome) {
        self.0.push(outcome);
    }
}

impl Seen {
    fn stored(&self) -> usize {
        let is_stored = |outcome: &&Outcome| matches!(outcome, Outcome::Stored(_));
        self.0.iter().filter(is_stored).count()
    }

    fn written(&self) -> usize {
        let is_there = |outcome: &&Outcome| matches!(outcome, Outcome::AlreadyThere);
        self.0.len() - self.0.iter().filter(is_there).count()
    }
}

/// Puts stories in and waits until they are.
fn ingest(
    archive: &mut Archive,
    incoming: &[Incoming<'_>],
    options: &ParseOptions,
    seen: &mut Seen,
) -> Result<(), ArchiveError> {
    archive.ingest(incoming, options, seen)?;
    archive.wait(seen)
}

/// Returns two batches: all stories, and all of them again with other options, so that the records
/// move.
fn work(root: &Path, durability: Durability, files: Files) -> Result<usize, ArchiveError> {
    let (mut archive, _) = Archive::open_without_catalog(root, durability, files)?;
    let stories = stories();
    let mut seen = Seen::default();
    for options in [year(2020), year(2021)] {
        let done = ingest(&mut archive, &incoming(&stories), &options, &mut seen);
        if let Err(error) = done {
            // What was reported is there, whatever comes after.
            if durability == Durability::Story {
                drop(archive);
                let archive = open(root, durability)?;
                assert!(
                    archive.known.ids()?.len() >= seen.written().min(3),
                    "reported and lost"
                );
            }
            return Err(error);
        }
    }
    Ok(seen.written())
}

fn open(root: &Path, durability: Durability) -> Result<Archive, ArchiveError> {
    let options = OpenOptions::default().durability(durability);
    Ok(Archive::open(root, &options, &mut ())?.archive)
}

/// The same, with the second batch read while the first is written: the stories of its beginning
/// are others, so that nobody has to wait.
fn work_ahead(root: &Path, durability: Durability, files: Files) -> Result<usize, ArchiveError> {
    let (mut archive, _) = Archive::open_without_catalog(root, durability, files)?;
    let (first, second): (Vec<_>, Vec<_>) =
        ((0..3).map(story).collect(), (3..6).map(story).collect());
    let mut seen = Seen::default();
    archive.ingest(&incoming(&first), &year(2020), &mut seen)?;
    archive.ingest(&incoming(&second)[..3], &year(2020), &mut seen)?;
    archive.wait(&mut seen)?;
    // Written at this moment, and come again.
    archive.ingest(&incoming(&second), &year(2021), &mut seen)?;
    let before = seen.0.len();
    archive.ingest(&incoming(&second), &year(2021), &mut seen)?;
    // The batch before is told of first.
    let again = seen.0.len() - before;
    archive.wait(&mut seen)?;
    assert!(
        seen.0[before + again..]
            .iter()
            .all(|outcome| matches!(outcome, Outcome::AlreadyThere))
    );
    Ok(seen.stored())
}

fn tree(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = ["records", "raw"]
        .into_iter()
        .flat_map(|part| WalkDir::new(root.join(part)));
    let files = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| {
            (
                entry.path().strip_prefix(root).unwrap().to_owned(),
                fs::read(entry.path()).unwrap(),
            )
        })
        .collect()
}

fn findings(root: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    verify(root, Audit::Everything, &mut |event| {
        // A directory that could not be removed is empty, and does no harm.
        if let AuditEvent::Found(finding) = event
            && finding.code != Code::DirectoryEmpty
        {
            findings.push(finding);
        }
    })
    .unwrap();
    findings
}

/// Fails at the k-th operation for every k, and each time looks at what is left, opens the archive
/// again and finishes the work.
fn at_every_operation(
    durability: Durability,
    for_good: bool,
    work: impl Fn(&Path, Durability, Files) -> Result<usize, ArchiveError>,
) {
    let right = folder();
    assert_eq!(work(right.path(), durability, Files::default()).unwrap(), 6);
    let right = tree(right.path());
    assert!(matches!(right.len(), 6 | 12));
    for k in 0.. {
        let dir = folder();
        let root = dir.path().join("archive");
        let faults = Faults::after(k, for_good);
        let outcome = work(
            &root,
            durability,
            Files {
                faults: Some(faults.clone()),
                ..Files::default()
            },
        );
        if !faults.has_struck() {
            outcome.unwrap();
            assert!(k > 30, "the faults are not counted");
            return;
        }
        // Only what tidies up may fail unnoticed.
        if let Ok(stored) = outcome {
            assert_eq!(stored, 6, "operation {k}");
        }
        // Whatever has its final name is whole.
        for (path, bytes) in tree(&root) {
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.starts_with("raw") {
                assert_eq!(name, Fixity::of(&bytes).to_string(), "operation {k}");
            } else {
                let record: crate::story::Story = serde_json::from_slice(&bytes).unwrap();
                assert!(
                    root.join(record.source.path.unwrap()).exists(),
                    "operation {k}: a record without its raw copy"
                );
            }
        }
        let archive = open(&root, durability).unwrap();
        drop(archive);
        assert_eq!(findings(&root), [], "operation {k}: after recovery");
        assert!(!root.join("unfinished").exists());
        work(&root, durability, Files::default()).unwrap();
        assert!(
            tree(&root) == right,
            "operation {k}: not the undisturbed result"
        );
        assert_eq!(findings(&root), [], "operation {k}: after finishing");
        let lines: Vec<_> = lines_after(&root, 0).unwrap().map(Result::unwrap).collect();
        assert!(lines.windows(2).all(|pair| pair[0].n + 1 == pair[1].n));
    }
}

/// Returns the files of an archive in which one of these words stands.
fn mentioning(root: &Path, words: &[&str]) -> Vec<PathBuf> {
    let entries = WalkDir::new(root).into_iter().filter_map(Result::ok);
    entries
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .filter(|path| {
            let bytes = fs::read(path).unwrap();
            words.iter().any(|word| {
                let is_named = path.to_string_lossy().contains(word);
                is_named || memchr::memmem::find(&bytes, word.as_bytes()).is_some()
            })
        })
        .collect()
}

/// Fails at the k-th operation of a removal for every k. Afterwards the story is there whole, or no
/// file of the archive knows a word of it.
fn a_removal_at_every_operation(durability: Durability, for_good: bool) {
    let story = stories().remove(0);
    let id = Fixity::of(story.as_bytes()).id();
    for k in 0.. {
        let dir = folder();
        let root = dir.path().join("archive");
        let mut archive = open(&root, durability).unwrap();
        let mut seen = Seen::default();
        ingest(&mut archive, &incoming(&stories()), &year(2020), &mut seen).unwrap();
        drop(archive);
        fs::create_dir(root.join("evidence")).unwrap();
        fs::copy(
            root.join("catalog.sqlite"),
            root.join("evidence/catalog.sqlite.1"),
        )
        .unwrap();
        let faults = Faults::after(k, for_good);
        let files = Files {
            faults: Some(faults.clone()),
            ..Files::default()
        };
        let removed = Archive::open_without_catalog(&root, durability, files)
            .and_then(|(mut archive, _)| archive.remove(&[id], Some("order")));
        let archive = open(&root, durability).unwrap();
        let is_there = archive.known.stored(id).unwrap().is_some();
        drop(archive);
        assert!(!root.join("unfinished").exists(), "operation {k}");
        if is_there {
            assert!(removed.is_err(), "operation {k}: removed, and still there");
            assert_eq!(tree(&root).len(), 6, "operation {k}");
        } else {
            assert_eq!(tree(&root).len(), 4, "operation {k}");
            let words = ["strike 0", "strike-0", "port 0"];
            assert_eq!(
                mentioning(&root, &words),
                [""; 0].map(PathBuf::from),
                "operation {k}"
            );
        }
        // What a repair has kept is no part of the archive that is checked here.
        let _ = fs::remove_dir_all(root.join("evidence"));
        assert_eq!(findings(&root), [], "operation {k}");
        if !faults.has_struck() {
            assert!(!is_there && k > 10, "the faults are not counted");
            return;
        }
    }
}

#[test]
fn a_removal_is_whole_or_has_not_begun() {
    for durability in [Durability::Batch, Durability::Story] {
        for for_good in [false, true] {
            a_removal_at_every_operation(durability, for_good);
        }
    }
}

/// Fails at the k-th operation of saying something for every k. What was said before stays, what
/// was reported is there, and saying it again completes it.
#[test]
fn what_people_say_is_kept_once_it_is_reported() {
    let story = stories().remove(0);
    let remark = |tag: &str| Remark {
        id: Fixity::of(story.as_bytes()).id(),
        annotation: Annotation::tag(tag).unwrap(),
        said: Said::Added,
    };
    let tags = |root: &Path| -> Vec<String> {
        let lines = annotations::file::lines(root).unwrap();
        lines.into_iter().filter_map(|line| line.value).collect()
    };
    for k in 0.. {
        let dir = folder();
        let root = dir.path().join("archive");
        let mut archive = open(&root, Durability::Batch).unwrap();
        let mut seen = Seen::default();
        ingest(&mut archive, &incoming(&stories()), &year(2020), &mut seen).unwrap();
        archive.annotate(vec![remark("ports")]).unwrap();
        drop(archive);
        let faults = Faults::after(k, false);
        let files = Files {
            faults: Some(faults.clone()),
            ..Files::default()
        };
        let new = || vec![remark("strikes"), remark("lima")];
        let said = Archive::open_without_catalog(&root, Durability::Batch, files)
            .and_then(|(mut archive, _)| archive.annotate(new()));
        let held = tags(&root);
        assert_eq!(held[0], "ports", "operation {k}");
        assert!(said.is_err() || held.len() == 3, "operation {k}: {held:?}");
        let mut archive = open(&root, Durability::Batch).unwrap();
        assert_eq!(archive.annotate(new()).unwrap(), 3 - held.len());
        drop(archive);
        assert_eq!(tags(&root), ["ports", "strikes", "lima"], "operation {k}");
        assert_eq!(findings(&root), [], "operation {k}");
        if !faults.has_struck() {
            assert!(k > 0, "the faults are not counted");
            return;
        }
    }
}

#[test]
fn a_story_that_came_again_is_not_lost_to_the_removal_before() {
    let dir = folder();
    let root = dir.path().join("archive");
    let story = stories().remove(0);
    let sha256 = Fixity::of(story.as_bytes());
    let options = OpenOptions::default().removed(RemovedStories::TakeIn);
    let mut seen = Seen::default();
    for round in 0..2 {
        let mut archive = Archive::open(&root, &options, &mut ()).unwrap().archive;
        ingest(&mut archive, &incoming(&stories()), &year(2020), &mut seen).unwrap();
        if round == 0 {
            archive.remove(&[sha256.id()], None).unwrap();
        }
    }
    // Somebody was about to remove it a second time when the power went.
    let journal = Journal::new(&root);
    journal.begin(&Files::default(), true).unwrap();
    journal
        .note_removals(&[sha256], &Files::default(), true)
        .unwrap();
    drop(journal);
    let archive = open(&root, Durability::Batch).unwrap();
    assert!(archive.known.stored(sha256.id()).unwrap().is_some());
    drop(archive);
    assert_eq!(findings(&root), []);
    assert_eq!(tree(&root).len(), 6);
}

/// What the disk was asked for, up to each addition to the ledger and its sync, which is when
/// stories are reported: whatever was written or renamed before must have been synced by then, and
/// whatever was renamed must have been synced under its old name.
fn would_survive_a_power_cut(done: &[Done], root: &Path) {
    let is_ledger = |path: &Path| path.starts_with(root.join("ledger"));
    // Written and not synced; named and the name not synced.
    let (mut written, mut named): (Vec<&Path>, Vec<&Path>) = (Vec::new(), Vec::new());
    let mut reported = 0;
    for (at, step) in done.iter().enumerate() {
        match step {
            // Its names need not outlive anything: what it holds is not reported.
            Done::Made(path) if *path == root.join("unfinished") => {}
            Done::Made(path) => named.push(path),
            Done::Written(path) => {
                // The first of them makes the directory of the ledger.
                let named: Vec<_> = named.iter().filter(|name| !is_ledger(name)).collect();
                if is_ledger(path) {
                    let unsafe_files: Vec<_> = written
                        .iter()
                        .filter(|path| path.starts_with(root.join("unfinished")))
                        .collect();
                    assert!(
                        named.is_empty(),
                        "{at}: the ledger speaks of names that are not safe: {named:?}"
                    );
                    assert!(
                        unsafe_files.is_empty(),
                        "{at}: the ledger speaks of files that are not safe: {unsafe_files:?}"
                    );
                }
                written.push(path);
            }
            Done::Synced(path) => {
                written.retain(|other| other != path);
                reported += usize::from(is_ledger(path));
            }
            Done::Renamed(from, to) => {
                assert!(
                    !written.contains(&from.as_path()),
                    "{at}: {} gets its name before it is safe",
                    from.display()
                );
                let is_list = |path: &&&Path| {
                    path.starts_with(root.join("unfinished"))
                        && path
                            .extension()
                            .is_some_and(|extension| extension == "jsonl")
                };
                assert_eq!(
                    written.iter().find(is_list),
                    None,
                    "{at}: files are moved before the list of them is safe"
                );
                named.push(to);
            }
            Done::DirectorySynced(path) => named.retain(|name| name.parent() != Some(path)),
            Done::EverythingSynced => {
                written.clear();
                named.clear();
            }
        }
    }
    assert!(
        reported > 0 && !written.iter().any(|path| is_ledger(path)),
        "reported before the ledger was safe"
    );
}

#[test]
fn nothing_is_reported_before_it_would_survive_a_power_cut() {
    let many: Vec<String> = (0..20).map(story).collect();
    for durability in [Durability::Batch, Durability::Story] {
        for stories in [&many[..2], &many] {
            let dir = folder();
            let done = std::sync::Arc::default();
            let files = Files {
                done: Some(std::sync::Arc::clone(&done)),
                ..Files::default()
            };
            let (mut archive, _) =
                Archive::open_without_catalog(dir.path(), durability, files).unwrap();
            for year in [2020, 2021] {
                ingest(
                    &mut archive,
                    &incoming(stories),
                    &self::year(year),
                    &mut Seen::default(),
                )
                .unwrap();
                let done = done.lock().unwrap();
                would_survive_a_power_cut(&done, dir.path());
                let renames = done
                    .iter()
                    .filter(|step| matches!(step, Done::Renamed(..)))
                    .count();
                assert!(renames >= 2 * stories.len(), "the steps are not told");
            }
        }
    }
}

#[test]
fn one_failure_anywhere_loses_nothing() {
    at_every_operation(Durability::Batch, false, work);
    at_every_operation(Durability::Batch, false, work_ahead);
}

#[test]
fn death_anywhere_loses_nothing() {
    at_every_operation(Durability::Batch, true, work);
    at_every_operation(Durability::Batch, true, work_ahead);
    at_every_operation(Durability::None, true, work);
}

#[test]
fn death_anywhere_loses_no_story_that_was_reported() {
    at_every_operation(Durability::Story, true, work);
}

/// Recovery itself may be interrupted, anywhere.
#[test]
fn recovery_can_be_interrupted() {
    let right = folder();
    work(right.path(), Durability::Batch, Files::default()).unwrap();
    let right = tree(right.path());
    // In the middle of each of the two batches' renames.
    for k in [16, 20, 24, 40, 46] {
        for again in 0.. {
            let dir = folder();
            let _ = work(
                dir.path(),
                Durability::Batch,
                Files {
                    faults: Some(Faults::after(k, true)),
                    ..Files::default()
                },
            );
            let faults = Faults::after(again, true);
            let files = Files {
                faults: Some(faults.clone()),
                ..Files::default()
            };
            let _ = Archive::open_without_catalog(dir.path(), Durability::Batch, files);
            drop(open(dir.path(), Durability::Batch).unwrap());
            assert_eq!(findings(dir.path()), [], "{k}, {again}");
            work(dir.path(), Durability::Batch, Files::default()).unwrap();
            assert!(tree(dir.path()) == right, "{k}, {again}");
            if !faults.has_struck() {
                break;
            }
        }
    }
}

/// An interrupted batch is finished but for the story whose place something else has taken, however
/// often that is tried.
#[test]
fn recovery_leaves_out_what_has_something_in_its_way() {
    let right = folder();
    work(right.path(), Durability::Batch, Files::default()).unwrap();
    let right = tree(right.path());
    for part in ["raw", "records"] {
        let dir = folder();
        let place = (10..)
            .find_map(|fault| {
                let _ = fs::remove_dir_all(dir.path());
                let files = Files {
                    faults: Some(Faults::after(fault, true)),
                    ..Files::default()
                };
                let _ = work(dir.path(), Durability::Batch, files);
                let listed = super::journal::listed(dir.path()).unwrap();
                // The whole list: three stories, and one that came from a second place.
                let line = &listed.get(3).and(listed.get(2))?.line;
                Some(match part {
                    "raw" => raw_path(&line.sha256),
                    _ => line.record.clone().unwrap(),
                })
            })
            .unwrap();
        fs::create_dir_all(dir.path().join(&place).join("inside")).unwrap();
        for _ in 0..2 {
            drop(open(dir.path(), Durability::Batch).unwrap());
        }
        let stored = tree(dir.path());
        assert_eq!(
            stored
                .keys()
                .filter(|path| path.starts_with("records"))
                .count(),
            2
        );
        fs::remove_dir_all(dir.path().join(&place)).unwrap();
        work(dir.path(), Durability::Batch, Files::default()).unwrap();
        assert!(tree(dir.path()) == right, "{part}");
        assert_eq!(findings(dir.path()), [], "{part}");
    }
}

#[test]
fn after_a_failure_nothing_more_is_taken() {
    let dir = folder();
    let stories = stories();
    let files = Files {
        faults: Some(Faults::after(22, false)),
        ..Files::default()
    };
    let (mut archive, _) =
        Archive::open_without_catalog(dir.path(), Durability::Batch, files).unwrap();
    ingest(
        &mut archive,
        &incoming(&stories),
        &year(2020),
        &mut Seen::default(),
    )
    .unwrap_err();
    let stopped = ingest(
        &mut archive,
        &incoming(&stories),
        &year(2020),
        &mut Seen::default(),
    );
    assert!(
        matches!(stopped, Err(ArchiveError::Stopped { .. })),
        "{stopped:?}"
    );
}

#[test]
fn an_archive_without_a_ledger_gets_one() {
    let dir = folder();
    work(dir.path(), Durability::None, Files::default()).unwrap();
    let before = tree(dir.path());
    fs::remove_dir_all(dir.path().join("ledger")).unwrap();
    assert_eq!(findings(dir.path()).len(), 6);
    let (archive, recovery) =
        Archive::open_without_catalog(dir.path(), Durability::None, Files::default()).unwrap();
    assert_eq!(recovery.recovered, 3);
    drop(archive);
    assert_eq!(findings(dir.path()), []);
    // With options that nobody knows any more, nothing is guessed.
    let mut archive = open(dir.path(), Durability::None).unwrap();
    assert_eq!(archive.rebuild(&mut ()).unwrap().left, 3);
    assert!(tree(dir.path()) == before);
}

#[test]
fn what_the_ledger_does_not_name_is_entered_by_repair() {
    let dir = folder();
    let mut archive = open(dir.path(), Durability::None).unwrap();
    ingest(
        &mut archive,
        &incoming(&stories()),
        &ParseOptions::default(),
        &mut Seen::default(),
    )
    .unwrap();
    drop(archive);
    let before = tree(dir.path());
    // All lines but the first are lost, and two records with them.
    let path = dir.path().join("ledger/000001.jsonl");
    let ledger = fs::read_to_string(&path).unwrap();
    fs::write(&path, ledger.split_inclusive('\n').next().unwrap()).unwrap();
    for record in before
        .keys()
        .filter(|path| path.starts_with("records"))
        .take(2)
    {
        fs::remove_file(dir.path().join(record)).unwrap();
    }
    // And the catalog, which could prove the lines.
    fs::remove_file(dir.path().join("catalog.sqlite")).unwrap();
    let lost = findings(dir.path()).len();
    assert!(lost >= 3, "{lost}");
    let audit = Audit::Everything;
    let counts = repair(dir.path(), Durability::None, audit, &mut |event| {
        if let AuditEvent::NotRepaired { path, why } = event {
            panic!("{path}: {why}");
        }
    })
    .unwrap();
    assert!(counts.findings >= lost && counts.repaired == counts.findings);
    assert_eq!(findings(dir.path()), []);
    assert!(tree(dir.path()) == before);
}
