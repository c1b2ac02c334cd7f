//! `archive merge`: the stories of another archive, with all that its ledger knows of them.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[path = "common/store.rs"]
mod store;

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::Instant;
use store::{findings, folder, ledger, run, start, story, tree};

/// Returns what a ledger says of where stories came from, when, and how they were read.
fn arrivals(root: &Path) -> BTreeSet<String> {
    let text = |value: &Value| value.to_string();
    ledger(root)
        .iter()
        .map(|line| {
            [
                "sha256",
                "time",
                "path",
                "member",
                "options",
                "record",
                "record_sha256",
            ]
            .map(|key| text(&line[key]))
            .join(" ")
        })
        .collect()
}

#[test]
fn stories_come_with_their_places_times_and_options() {
    let dir = folder(6);
    let at = |name: &str| dir.path().join(name);
    fs::write(at("in/again.txt"), story(1)).unwrap();
    run(
        dir.path(),
        &["ingest", "in", "--archive", "other", "--year", "2021"],
    );
    // The times of another day.
    let (exit, out, stderr) = run(dir.path(), &["merge", "other"]);
    assert_eq!((exit, stderr.as_str()), (0, ""));
    assert_eq!(
        out,
        "other: 6 stored, 0 already there, 1 new places, 0 left out\n"
    );
    assert!(tree(&at("archive")) == tree(&at("other")));
    assert_eq!(arrivals(&at("archive")), arrivals(&at("other")));
    assert_eq!(findings(dir.path()), []);
    let (_, rows, _) = run(dir.path(), &["list", "--jsonl"]);
    assert_eq!(rows.lines().count(), 6);
    // Again: nothing is new, and nothing is written.
    let before = fs::read(at("archive/ledger/000001.jsonl")).unwrap();
    let (exit, out, _) = run(dir.path(), &["merge", "other"]);
    assert_eq!(exit, 0);
    assert_eq!(
        out,
        "other: 0 stored, 6 already there, 0 new places, 0 left out\n"
    );
    assert_eq!(fs::read(at("archive/ledger/000001.jsonl")).unwrap(), before);
    // Ingested with the same options, all is there.
    let (_, out, _) = run(dir.path(), &["ingest", "in", "--year", "2021"]);
    assert_eq!(out, "nothing new: 7 already there\n");
}

#[test]
fn what_is_there_keeps_its_record_and_learns_its_places() {
    let dir = folder(4);
    let at = |name: &str| dir.path().join(name);
    run(dir.path(), &["ingest", "in/0000.txt", "in/0001.txt"]);
    let mine = tree(&at("archive"));
    fs::create_dir(at("elsewhere")).unwrap();
    for n in 0..4 {
        fs::copy(at(&format!("in/{n:04}.txt")), at(&format!("elsewhere/{n}"))).unwrap();
    }
    let other = ["--archive", "other"];
    run(
        dir.path(),
        &[&["ingest", "elsewhere", "--year", "1999"][..], &other].concat(),
    );
    // Records that moved since: the first lines speak of files that are not there any more.
    run(
        dir.path(),
        &[&["ingest", "in", "--year", "2021"][..], &other].concat(),
    );
    let (exit, out, stderr) = run(dir.path(), &["merge", "other"]);
    assert_eq!((exit, stderr.as_str()), (0, ""));
    assert_eq!(
        out,
        "other: 2 stored, 2 already there, 4 new places, 0 left out\n"
    );
    let merged = tree(&at("archive"));
    assert_eq!(merged.len(), 8);
    assert!(
        mine.iter()
            .all(|(path, bytes)| merged.get(path) == Some(bytes))
    );
    assert_eq!(findings(dir.path()), []);
    let came = ledger(&at("archive"))
        .iter()
        .filter(|line| line["path"].as_str().unwrap().starts_with("elsewhere/"))
        .count();
    assert_eq!(came, 4);
    // Rebuilt, too, it stays what it is.
    let (_, out, _) = run(dir.path(), &["rebuild"]);
    assert!(out.starts_with("4 records: 0 changed"), "{out}");
}

#[test]
fn an_archive_with_findings_is_not_merged() {
    let dir = folder(3);
    let other = dir.path().join("other");
    run(dir.path(), &["ingest", "in", "--archive", "other"]);
    let raw = tree(&other)
        .into_keys()
        .find(|path| path.starts_with("raw"))
        .unwrap();
    fs::write(other.join(raw), "changed").unwrap();
    let (exit, out, stderr) = run(dir.path(), &["merge", "other"]);
    assert_eq!((exit, out.as_str()), (1, ""));
    assert!(
        stderr.contains("raw-changed") && stderr.contains("other: not merged"),
        "{stderr}"
    );
    assert!(!dir.path().join("archive").exists());
    let (exit, _, stderr) = run(dir.path(), &["merge", "nowhere"]);
    assert_eq!(exit, 1);
    assert!(stderr.contains("nowhere: no archive is there"), "{stderr}");
}

/// A merge that is killed is finished by the next one, and nothing is doubled.
#[test]
fn a_killed_merge_is_finished_by_the_next() {
    let dir = folder(150);
    run(dir.path(), &["ingest", "in", "--archive", "other"]);
    let right = tree(&dir.path().join("other"));
    let root = dir.path().join("archive");
    let begun = Instant::now();
    run(dir.path(), &["merge", "other"]);
    let usual = begun.elapsed();
    for kill in 0..12 {
        fs::remove_dir_all(&root).unwrap();
        let mut child = start(dir.path(), &["merge", "other"]);
        thread::sleep(usual.mul_f64(f64::from(kill) / 12.0));
        child.kill().unwrap();
        child.wait().unwrap();
        let (exit, _, stderr) = run(dir.path(), &["merge", "other"]);
        assert_eq!(exit, 0, "{kill}: {stderr}");
        assert!(tree(&root) == right, "{kill}");
        assert_eq!(ledger(&root).len(), 150, "{kill}");
        assert_eq!(findings(dir.path()), [], "{kill}");
    }
}

#[test]
fn an_archive_is_not_merged_with_itself() {
    let dir = folder(2);
    run(dir.path(), &["ingest", "in"]);
    let (exit, _, stderr) = run(dir.path(), &["merge", "./archive"]);
    assert_eq!(exit, 1);
    assert!(stderr.contains("is the archive itself"), "{stderr}");
    assert_eq!(findings(dir.path()), []);
}

/// What was removed from one archive does not come into the other by a side door.
#[test]
fn removals_come_over_and_take_nothing_away() {
    let dir = folder(3);
    let other = ["--archive", "other"];
    let with = |arguments: &[&str]| run(dir.path(), &[arguments, &other].concat());
    with(&["ingest", "in"]);
    let id = |n: u64| {
        let (_, rows, _) = with(&["list", "--jsonl"]);
        let mut ids: Vec<String> = rows
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].to_string())
            .map(|id| id.trim_matches('"').to_owned())
            .collect();
        ids.sort();
        ids[usize::try_from(n).unwrap()].clone()
    };
    // One is here already, one is not, and one is removed there and taken in again.
    let (here, gone, again) = (id(0), id(1), id(2));
    let (_, raw, _) = with(&["raw", &here]);
    fs::write(dir.path().join("here.txt"), raw).unwrap();
    run(dir.path(), &["ingest", "here.txt"]);
    for id in [&here, &gone, &again] {
        with(&["remove", id, "--reason", "court order"]);
    }
    let (_, out, _) = with(&["ingest", "in", "--force"]);
    assert!(out.contains("3 stored"), "{out}");
    for id in [&here, &gone] {
        with(&["remove", id, "--reason", "court order"]);
    }
    let (exit, out, stderr) = run(dir.path(), &["merge", "other"]);
    assert_eq!(exit, 0, "{stderr}");
    assert_eq!(
        out,
        "other: 1 stored, 0 already there, 0 new places, 1 removals taken over, 0 left out\n"
    );
    assert!(
        stderr.contains(&format!("{here} was removed there, and is still here")),
        "{stderr}"
    );
    let removed: Vec<Value> = ledger(&dir.path().join("archive"))
        .into_iter()
        .filter(|line| line["event"] == "removed")
        .collect();
    assert_eq!(removed.len(), 1);
    assert_eq!(
        (&removed[0]["id"], &removed[0]["note"]),
        (&gone.into(), &"court order".into())
    );
    // From now on these bytes are known as removed here, too.
    let (_, out, _) = run(dir.path(), &["ingest", "in"]);
    assert!(
        out.contains("1 left out, since they were removed before"),
        "{out}"
    );
    assert_eq!(findings(dir.path()), []);
    // Merged again, nothing is new.
    let (_, out, _) = run(dir.path(), &["merge", "other"]);
    assert!(!out.contains("removals"), "{out}");
}
