//! Writers that meet each other, things in their way, or no threads; and readers of a catalog that
//! nobody can bring up to date.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[path = "common/store.rs"]
mod store;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};
use store::{archive, findings, folder, ledger, run, start, story, told, tree};

/// Waits until somebody holds the lock of the archive at `root`.
fn await_writer(root: &Path) {
    let begun = Instant::now();
    let is_held =
        || fs::File::open(root.join("lock")).is_ok_and(|file| file.try_lock_shared().is_err());
    while !(root.join("archive.json").exists() && is_held()) {
        assert!(begun.elapsed() < Duration::from_secs(30), "nobody writes");
        thread::sleep(Duration::from_millis(1));
    }
}

/// Gives a waiting `ingest -` its story, and returns what came of it.
fn give(mut child: Child, text: &str) -> (i32, String, String) {
    // It may have ended, which is the thing to see.
    let _ = child.stdin.take().unwrap().write_all(text.as_bytes());
    told(child.wait_with_output().unwrap())
}

#[test]
fn a_writer_whose_lock_was_deleted_stores_nothing_more() {
    let dir = folder(3);
    let root = dir.path().join("archive");
    let first = start(dir.path(), &["ingest", "-"]);
    await_writer(&root);
    fs::remove_file(root.join("lock")).unwrap();
    assert_eq!(run(dir.path(), &["ingest", "in"]).0, 0);
    let after = (tree(&root), ledger(&root));
    let (exit, _, stderr) = give(first, &story(9));
    assert_eq!(exit, 1, "{stderr}");
    assert!(
        stderr.lines().count() == 1 && stderr.contains("archive/lock: was deleted or replaced"),
        "{stderr}"
    );
    assert!((tree(&root), ledger(&root)) == after);
    assert_eq!(findings(dir.path()), []);
    assert!(!root.join("unfinished").exists());
    assert_eq!(give(start(dir.path(), &["ingest", "-"]), &story(9)).0, 0);
    assert_eq!(findings(dir.path()), []);
    assert_eq!(tree(&root).len(), 8);
}

#[test]
fn two_writers_after_the_lock_was_deleted_damage_nothing() {
    let dir = folder(150);
    let root = dir.path().join("archive");
    assert_eq!(
        run(dir.path(), &["ingest", "in", "--archive", "right"]).0,
        0
    );
    let right = tree(&dir.path().join("right"));
    let all = ["ingest", "in", "--durability", "story"];
    for round in 0..8 {
        let first = start(dir.path(), &all);
        await_writer(&root);
        thread::sleep(Duration::from_millis(5 * round));
        fs::remove_file(root.join("lock")).unwrap();
        let second = start(dir.path(), &all);
        for child in [first, second] {
            let (exit, _, stderr) = told(child.wait_with_output().unwrap());
            assert!(
                exit == 0 || stderr.starts_with("archive: archive/") && stderr.lines().count() == 1,
                "round {round}: {stderr}"
            );
        }
        let (exit, _, stderr) = run(dir.path(), &all);
        assert_eq!(exit, 0, "round {round}: {stderr}");
        assert!(tree(&root) == right, "round {round}");
        assert_eq!(findings(dir.path()), [], "round {round}");
        fs::remove_dir_all(&root).unwrap();
    }
}

#[test]
fn a_raw_copy_with_flipped_bits_is_mended_by_its_source() {
    let dir = folder(3);
    let root = dir.path().join("archive");
    run(dir.path(), &["ingest", "in"]);
    let right = tree(&root);
    let raw: Vec<&PathBuf> = right
        .keys()
        .filter(|path| path.starts_with("raw"))
        .collect();
    let [flipped, missing, _] = raw.as_slice() else {
        panic!("{raw:?}");
    };
    let mut bytes = right[*flipped].clone();
    bytes[40] ^= 0x10;
    fs::write(root.join(flipped), bytes).unwrap();
    fs::remove_file(root.join(missing)).unwrap();
    let (exit, out, _) = run(dir.path(), &["ingest", "in"]);
    assert_eq!(exit, 0);
    assert!(
        out.contains("2 mended: their raw copies were damaged or missing\n")
            && out.contains("1 already there\n"),
        "{out}"
    );
    assert!(tree(&root) == right);
    assert_eq!(findings(dir.path()), []);
    let mended: Vec<_> = ledger(&root)
        .into_iter()
        .filter(|line| line["event"] == "updated")
        .map(|line| line["note"].as_str().unwrap_or_default().to_owned())
        .collect();
    let note = "its raw copy was damaged or missing, and was written again";
    assert_eq!(mended, [note, note]);
}

/// Every place where the program puts or removes a file.
#[test]
fn a_directory_in_the_way_concerns_one_story_and_goes_when_it_is_empty() {
    let dir = folder(3);
    let root = dir.path().join("archive");
    run(dir.path(), &["ingest", "in"]);
    let right = tree(&root);
    let mut places: Vec<PathBuf> = ["unfinished/1", "unfinished/journal.jsonl", ".archive-tmp-x"]
        .iter()
        .map(PathBuf::from)
        .collect();
    for part in ["raw", "records"] {
        let mut files = right.keys().filter(|path| path.starts_with(part));
        places.push(files.next().unwrap().clone());
    }
    for place in places {
        let path = root.join(&place);
        // An empty one goes.
        let _ = fs::remove_file(&path);
        fs::create_dir_all(&path).unwrap();
        let (exit, _, stderr) = run(dir.path(), &["ingest", "in"]);
        assert_eq!(exit, 0, "{}: {stderr}", place.display());
        assert!(tree(&root) == right, "{}", place.display());
        assert_eq!(findings(dir.path()), [], "{}", place.display());
        // One that holds something is somebody's: it is named, and all other work goes on.
        let _ = fs::remove_file(&path);
        fs::create_dir_all(path.join("inside")).unwrap();
        fs::write(dir.path().join("in/new.txt"), story(50)).unwrap();
        let (exit, out, stderr) = run(dir.path(), &["ingest", "in"]);
        assert!(
            out.starts_with("1 stored"),
            "{}: {out}{stderr}",
            place.display()
        );
        assert!(
            stderr.contains(place.to_str().unwrap()) && stderr.contains("move it elsewhere"),
            "{}: {stderr}",
            place.display()
        );
        assert_eq!(exit, i32::from(right.contains_key(&place)));
        assert_eq!(run(dir.path(), &["list"]).0, 0, "{}", place.display());
        fs::remove_dir_all(&path).unwrap();
        assert_eq!(run(dir.path(), &["ingest", "in"]).0, 0);
        assert_eq!(findings(dir.path()), [], "{}", place.display());
        fs::remove_dir_all(&root).unwrap();
        fs::remove_file(dir.path().join("in/new.txt")).unwrap();
        run(dir.path(), &["ingest", "in"]);
    }
}

/// A file where a day's directory should be is in the way of that day's stories only.
#[test]
fn a_file_in_the_way_of_a_directory_concerns_the_stories_of_that_day() {
    let dir = folder(3);
    let all = ["ingest", "in", "--year", "2021"];
    let root = dir.path().join("archive");
    run(dir.path(), &all);
    let right = tree(&root);
    fs::remove_dir_all(&root).unwrap();
    let record = right
        .keys()
        .find(|path| path.starts_with("records"))
        .unwrap();
    let day = root.join(record).parent().unwrap().to_owned();
    fs::create_dir_all(&root).unwrap();
    run(dir.path(), &["ingest", "in/none.txt"]);
    fs::create_dir_all(day.parent().unwrap()).unwrap();
    fs::write(&day, "").unwrap();
    let (exit, out, stderr) = run(dir.path(), &all);
    let count = right
        .keys()
        .filter(|path| root.join(path).starts_with(&day))
        .count();
    assert_eq!((exit, count), (1, 1), "{stderr}");
    assert!(
        out.starts_with(&format!("{} stored", 3 - count)),
        "{out}{stderr}"
    );
    fs::remove_file(&day).unwrap();
    assert_eq!(run(dir.path(), &all).0, 0);
    assert!(tree(&root) == right);
    assert_eq!(findings(dir.path()), []);
}

/// With a directory in the lock's place nobody can write, whoever asks.
#[test]
fn readers_of_a_catalog_that_cannot_follow_say_what_they_lack() {
    let dir = folder(3);
    let root = dir.path().join("archive");
    run(dir.path(), &["ingest", "in/0000.txt"]);
    let catalog = fs::read(root.join("catalog.sqlite")).unwrap();
    run(dir.path(), &["ingest", "in"]);
    fs::write(root.join("catalog.sqlite"), catalog).unwrap();
    fs::remove_file(root.join("lock")).unwrap();
    fs::create_dir_all(root.join("lock/inside")).unwrap();
    let id = ledger(&root)[0]["id"].as_str().unwrap().to_owned();
    for arguments in [
        &["list"][..],
        &["search", "oven"],
        &["search", "nothing"],
        &["quotes"],
        &["stats"],
        &["export"],
        &["show", &id],
        &["show", &id, "--versions"],
        &["raw", &id],
        &["diff", &id, &id],
    ] {
        let (exit, _, stderr) = run(dir.path(), arguments);
        assert_eq!(exit, 1, "{arguments:?}");
        assert!(
            stderr.contains("archive/catalog.sqlite: is 2 lines behind the ledger")
                && stderr.contains("archive/lock: something else stands there"),
            "{arguments:?}: {stderr}"
        );
    }
    // What it has is still answered.
    let (_, out, _) = run(dir.path(), &["list", "--jsonl"]);
    assert_eq!(out.lines().count(), 1);
    fs::remove_dir_all(root.join("lock")).unwrap();
    let (exit, out, stderr) = told(archive(dir.path(), &["list", "--jsonl"]).output().unwrap());
    assert_eq!((exit, out.lines().count(), stderr.as_str()), (0, 3, ""));
}
