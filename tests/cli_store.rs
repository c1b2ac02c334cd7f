//! What the archive directory promises when things go wrong, from the outside: interruptions, two
//! writers, damage, links.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[path = "common/store.rs"]
mod store;

use predicates::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};
use store::{archive, folder, forge, said, start, story, tree};

fn paths(root: &Path, part: &str) -> Vec<String> {
    tree(root)
        .keys()
        .filter(|path| path.starts_with(part))
        .map(|path| path.to_str().unwrap().to_owned())
        .collect()
}

/// Events of the ledger, in order.
fn events(root: &Path) -> Vec<String> {
    let ledger = fs::read_to_string(root.join("ledger/000001.jsonl")).unwrap();
    ledger
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["event"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}

/// `verify --all --json`: code and path of each finding.
fn findings(dir: &Path, arguments: &[&str], exit: i32) -> Vec<(String, String)> {
    let out = said(
        archive(dir, &["verify", "--all", "--json"]).args(arguments),
        exit,
    );
    let lines = out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let findings = lines.filter(|line| line["code"].is_string());
    findings
        .map(|line| {
            (
                line["code"].as_str().unwrap().to_owned(),
                line["path"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

/// Numbers from 0 to 1, scattered, the same in every run.
struct Scattered(u64);

impl Scattered {
    fn next(&mut self) -> f64 {
        // Knuth's multiplier; the upper bits are the good ones.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f64 / f64::from(1 << 24)
    }
}

/// 300 kills: two to an archive, so that recovery is killed, too, then one run to the end.
#[test]
fn killed_at_any_moment_it_recovers_and_finishes() {
    let dir = folder(60);
    let mut right = BTreeMap::new();
    let mut usual = [Duration::ZERO; 3];
    let kinds = ["batch", "none", "story"];
    for (usual, kind) in usual.iter_mut().zip(kinds) {
        let started = Instant::now();
        said(
            &mut archive(
                dir.path(),
                &["ingest", "in", "--archive", kind, "--durability", kind],
            ),
            0,
        );
        *usual = started.elapsed();
        right = tree(&dir.path().join(kind));
        assert_eq!(right.len(), 120);
    }
    let (archives, kills) = (150, 2);
    let mut moments = Scattered(4);
    let (mut under_way, mut recovered) = (0, 0);
    for round in 0..archives {
        let root = dir.path().join("killed");
        let (usual, kind) = (usual[round % 3], kinds[round % 3]);
        for kill in 0..kills {
            let mut child = start(
                dir.path(),
                &["ingest", "in", "--archive", "killed", "--durability", kind],
            );
            thread::sleep(usual.mul_f64(moments.next()));
            under_way += usize::from(child.try_wait().unwrap().is_none());
            child.kill().unwrap();
            let output = child.wait_with_output().unwrap();
            recovered += usize::from(
                String::from_utf8_lossy(&output.stderr).contains("recovered from an interruption"),
            );
            // Whatever has its place is whole and true.
            for (path, bytes) in tree(&root) {
                assert!(
                    right.get(&path) == Some(&bytes),
                    "round {round}, kill {kill}: {}",
                    path.display()
                );
            }
        }
        let output = archive(dir.path(), &["ingest", "in", "--archive", "killed"])
            .output()
            .unwrap();
        assert_eq!(
            output.status.code(),
            Some(0),
            "round {round}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        recovered += usize::from(
            String::from_utf8_lossy(&output.stderr).contains("recovered from an interruption"),
        );
        assert!(
            tree(&root) == right,
            "round {round}: not the undisturbed result"
        );
        assert!(!root.join("unfinished").exists());
        // Neither lost nor doubled, in the ledger or the catalog, which a third of the rounds may
        // tell.
        if round % 3 == round / 3 % 3 {
            assert_eq!(
                findings(dir.path(), &["--archive", "killed"], 0),
                [],
                "round {round}"
            );
            assert_eq!(
                said(
                    &mut archive(dir.path(), &["list", "--jsonl", "--archive", "killed"]),
                    0
                )
                .lines()
                .count(),
                60
            );
        }
        fs::remove_dir_all(&root).unwrap();
    }
    assert!(
        under_way > 75 && recovered > 20,
        "hardly ever killed at work: {under_way} times, {recovered} recovered"
    );
}

#[test]
fn two_at_once_both_succeed() {
    let dir = folder(200);
    said(
        &mut archive(dir.path(), &["ingest", "in", "--archive", "right"]),
        0,
    );
    let right = tree(&dir.path().join("right"));
    // Overlapping inputs: the first and the last 150.
    for (name, from, to) in [("one", 0, 150), ("two", 50, 200)] {
        fs::create_dir(dir.path().join(name)).unwrap();
        for n in from..to {
            fs::write(dir.path().join(format!("{name}/{n:04}.txt")), story(n)).unwrap();
        }
    }
    for _ in 0..3 {
        let both = ["one", "two"].map(|name| start(dir.path(), &["ingest", name]));
        let mut stored = 0;
        for child in both {
            let output = child.wait_with_output().unwrap();
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            let out = String::from_utf8(output.stdout).unwrap();
            stored += out.split(' ').next().unwrap().parse::<usize>().unwrap();
        }
        assert_eq!(stored, 200, "nothing is stored twice");
        let root = dir.path().join("archive");
        assert!(tree(&root) == right);
        let events = events(&root);
        assert_eq!(
            events.iter().filter(|event| *event == "stored").count(),
            200
        );
        assert_eq!(
            events.iter().filter(|event| *event == "source").count(),
            100
        );
        assert_eq!(findings(dir.path(), &[], 0), []);
        fs::remove_dir_all(root).unwrap();
    }
}

#[test]
fn two_can_make_the_same_archive_at_once() {
    let dir = folder(4);
    for round in 0..40 {
        let name = format!("archive{round}");
        let all = [0, 1, 2, 3].map(|n| {
            start(
                dir.path(),
                &["ingest", &format!("in/{n:04}.txt"), "--archive", &name],
            )
        });
        for child in all {
            let output = child.wait_with_output().unwrap();
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        assert_eq!(tree(&dir.path().join(&name)).len(), 8);
    }
}

#[test]
fn the_second_writer_says_that_it_waits_and_readers_do_not_wait() {
    let dir = folder(3);
    said(&mut archive(dir.path(), &["ingest", "in/0000.txt"]), 0);
    let lock = fs::OpenOptions::new()
        .write(true)
        .open(dir.path().join("archive/lock"))
        .unwrap();
    lock.lock().unwrap();
    let mut second = start(dir.path(), &["ingest", "in"]);
    let mut told = String::new();
    let mut stderr = std::io::BufReader::new(second.stderr.take().unwrap());
    std::io::BufRead::read_line(&mut stderr, &mut told).unwrap();
    assert_eq!(
        told,
        "archive: ./archive: another program is writing to it; waiting for it to finish\n"
    );
    assert_eq!(findings(dir.path(), &[], 0), []);
    assert!(second.try_wait().unwrap().is_none());
    drop(lock);
    assert!(second.wait().unwrap().success());
    assert_eq!(paths(&dir.path().join("archive"), "records").len(), 3);
}

#[test]
fn verify_sees_no_fault_in_what_is_being_written() {
    let dir = folder(400);
    let mut child = start(dir.path(), &["ingest", "in", "--durability", "story"]);
    let root = dir.path().join("archive");
    while !root.join("archive.json").exists() {
        thread::sleep(Duration::from_millis(1));
    }
    let mut looked = 0;
    while child.try_wait().unwrap().is_none() {
        assert_eq!(findings(dir.path(), &[], 0), []);
        looked += 1;
    }
    assert!(looked > 1);
    assert_eq!(tree(&root).len(), 800);
}

#[test]
fn order_and_threads_do_not_matter() {
    let dir = folder(60);
    let names: Vec<String> = (0..60).map(|n| format!("in/{n:04}.txt")).collect();
    said(
        &mut archive(dir.path(), &["ingest", "in", "--archive", "right"]),
        0,
    );
    let right = tree(&dir.path().join("right"));
    for (at, threads) in ["1", "2", "4"].into_iter().enumerate() {
        // Three orders: backwards, every seventh, and one by one in runs of their own.
        let order: Vec<&str> = match at {
            0 => names.iter().rev().map(String::as_str).collect(),
            _ => (0..60).map(|n| names[n * 7 % 60].as_str()).collect(),
        };
        let root = format!("threads{threads}");
        for part in order.chunks(if at == 2 { 15 } else { 60 }) {
            said(
                archive(dir.path(), &["ingest", "--archive", &root])
                    .args(part)
                    .env("RAYON_NUM_THREADS", threads),
                0,
            );
        }
        assert!(tree(&dir.path().join(root)) == right, "{threads} threads");
    }
}

#[test]
fn every_kind_of_damage_is_found_and_named() {
    let dir = folder(12);
    said(&mut archive(dir.path(), &["ingest", "in"]), 0);
    let root = dir.path().join("archive");
    assert_eq!(findings(dir.path(), &[], 0), []);
    let (records, raw) = (paths(&root, "records"), paths(&root, "raw"));
    let flip = |path: &str, at: usize| {
        let mut bytes = fs::read(root.join(path)).unwrap();
        bytes[at] ^= 4;
        fs::write(root.join(path), bytes).unwrap();
    };
    flip(&records[0], 200);
    flip(&raw[1], 17);
    fs::remove_file(root.join(&records[2])).unwrap();
    fs::remove_file(root.join(&raw[3])).unwrap();
    fs::write(root.join(&records[4]), "").unwrap();
    let extra = "records/undated/stray-0123456789abcdef.json";
    fs::create_dir_all(root.join("records/undated")).unwrap();
    fs::write(root.join(extra), "{}").unwrap();
    fs::write(root.join("raw/notes.txt"), "mine").unwrap();
    let mut expected = [
        ("record-changed", records[0].as_str()),
        ("raw-changed", &raw[1]),
        ("record-missing", &records[2]),
        ("raw-missing", &raw[3]),
        ("record-changed", &records[4]),
        ("record-extra", extra),
        ("raw-extra", "raw/notes.txt"),
    ];
    expected.sort_unstable();
    let mut found = findings(dir.path(), &[], 1);
    found.sort();
    assert!(
        found
            .iter()
            .map(|(code, path)| (code.as_str(), path.as_str()))
            .eq(expected.iter().copied()),
        "{found:#?}"
    );
    // For people: the path first, then the code; and the counts.
    let out = said(&mut archive(dir.path(), &["verify"]), 1);
    assert!(
        out.contains(&format!("{}: raw-changed: its bytes were changed", raw[1])),
        "{out}"
    );
    assert!(out.ends_with("7 findings\n"), "{out}");
}

#[test]
fn repair_mends_records_and_leaves_raw_copies_alone() {
    let dir = folder(12);
    said(&mut archive(dir.path(), &["ingest", "in"]), 0);
    let root = dir.path().join("archive");
    let right = tree(&root);
    let (records, raw) = (paths(&root, "records"), paths(&root, "raw"));
    fs::remove_file(root.join(&records[0])).unwrap();
    // Even the hash that tells whose record it is.
    let changed = fs::read_to_string(root.join(&records[1]))
        .unwrap()
        .replace("\"sha256\": \"", "\"sha256\": \"0");
    fs::write(root.join(&records[1]), changed).unwrap();
    fs::write(root.join(&records[2]), "{").unwrap();
    fs::create_dir_all(root.join("records/elsewhere")).unwrap();
    let copy = format!(
        "records/elsewhere/{}",
        Path::new(&records[3])
            .file_name()
            .unwrap()
            .to_str()
            .unwrap()
    );
    fs::copy(root.join(&records[3]), root.join(&copy)).unwrap();
    assert_eq!(findings(dir.path(), &[], 1).len(), 4);
    let out = said(&mut archive(dir.path(), &["verify", "--repair"]), 0);
    assert!(
        out.contains(&format!("{}: repaired: made again", records[0]))
            && out.ends_with("4 found, 4 repaired\n"),
        "{out}"
    );
    assert!(tree(&root) == right);
    assert_eq!(findings(dir.path(), &[], 0), []);
    // What only a backup can bring back.
    let damaged = root.join(&raw[5]);
    fs::write(&damaged, "other bytes").unwrap();
    said(&mut archive(dir.path(), &["verify", "--repair"]), 1);
    assert_eq!(fs::read(&damaged).unwrap(), b"other bytes");
    let record = right
        .keys()
        .find(|path| {
            right[*path]
                .windows(64)
                .any(|part| part == raw[5].rsplit('/').next().unwrap().as_bytes())
        })
        .unwrap();
    fs::remove_file(root.join(record)).unwrap();
    let out = said(&mut archive(dir.path(), &["verify", "--repair"]), 1);
    assert!(
        out.contains("not repaired: its raw copy is damaged"),
        "{out}"
    );
}

#[test]
fn a_record_that_is_not_made_of_its_raw_copy_is_found() {
    let dir = folder(3);
    said(&mut archive(dir.path(), &["ingest", "in"]), 0);
    let root = dir.path().join("archive");
    let right = tree(&root);
    let ledger = root.join("ledger/000001.jsonl");
    // The documented check is the check: nothing is found in what was sealed anew.
    forge(&ledger, "in/0001.txt", "in/0001.txt");
    assert_eq!(findings(dir.path(), &[], 0), []);
    // A record that says something else, and a ledger that agrees with it.
    let record = paths(&root, "records").remove(0);
    let before = fs::read_to_string(root.join(&record)).unwrap();
    let after = before.replace("Luis Quispe", "Luis Quispa");
    assert_ne!(before, after);
    fs::write(root.join(&record), &after).unwrap();
    let [from, to] = [&before, &after].map(|text| {
        Sha256::digest(text)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    });
    forge(&ledger, &from, &to);
    said(&mut archive(dir.path(), &["reindex"]), 0);
    assert_eq!(
        findings(dir.path(), &[], 1),
        [("record-differs".to_owned(), record.clone())]
    );
    assert!(
        said(
            &mut archive(dir.path(), &["verify", "--all", "--repair"]),
            0
        )
        .ends_with("1 found, 1 repaired\n")
    );
    assert!(tree(&root) == right);
    assert_eq!(findings(dir.path(), &[], 0), []);
}

#[test]
fn an_interrupted_ingest_is_found() {
    let dir = folder(2);
    said(&mut archive(dir.path(), &["ingest", "in"]), 0);
    let unfinished = dir.path().join("archive/unfinished");
    fs::create_dir(&unfinished).unwrap();
    fs::write(unfinished.join("1"), "half a st").unwrap();
    assert_eq!(
        findings(dir.path(), &[], 1),
        [("unfinished".to_owned(), "unfinished".to_owned())]
    );
    let output = archive(dir.path(), &["verify", "--repair"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "archive: ./archive: recovered from an interruption: 1 unfinished file removed\n"
    );
    assert_eq!(findings(dir.path(), &[], 0), []);
}

#[test]
fn a_damaged_ledger_is_found_and_a_torn_one_is_cut() {
    let dir = folder(8);
    said(&mut archive(dir.path(), &["ingest", "in"]), 0);
    let path = dir.path().join("archive/ledger/000001.jsonl");
    let right = fs::read_to_string(&path).unwrap();
    fs::write(&path, right.replacen("in/0003.txt", "in/9993.txt", 1)).unwrap();
    let found = findings(dir.path(), &[], 1);
    assert_eq!(
        found,
        [(
            "ledger-damaged".to_owned(),
            "ledger/000001.jsonl".to_owned()
        )]
    );
    // A power cut in the middle of the last line: the story comes again.
    fs::write(&path, &right[..right.len() - 40]).unwrap();
    let codes: Vec<String> = findings(dir.path(), &[], 1)
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    assert_eq!(
        codes,
        ["ledger-damaged", "raw-extra", "record-extra", "ledger-lost"]
    );
    // The catalog, which would know better, is gone too.
    fs::remove_file(dir.path().join("archive/catalog.sqlite")).unwrap();
    let output = archive(dir.path(), &["ingest", "in"]).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("an unfinished ledger line of") && told.lines().count() == 2,
        "{told}"
    );
    assert!(
        told.contains("not of this ledger; rebuilt from 7 records"),
        "{told}"
    );
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "nothing new: 8 already there\n"
    );
    assert_eq!(
        events(&dir.path().join("archive")).last().unwrap(),
        "recovered"
    );
    assert_eq!(findings(dir.path(), &[], 0), []);
}

#[test]
fn rebuild_tells_what_changed() {
    let dir = folder(6);
    said(
        &mut archive(dir.path(), &["ingest", "in", "--year", "2020"]),
        0,
    );
    let root = dir.path().join("archive");
    let right = tree(&root);
    assert_eq!(
        said(&mut archive(dir.path(), &["rebuild"]), 0),
        "6 records: 0 changed, 0 of them moved, 0 left as they were\n"
    );
    // As an older program may have read it: the same story, told otherwise, at another place.
    let record = paths(&root, "records").remove(0);
    let old = fs::read_to_string(root.join(&record)).unwrap().replace(
        "oven\",\n  \"subheadline\": null",
        "oven\",\n  \"subheadline\": \"x\"",
    );
    fs::write(root.join(&record), old).unwrap();
    let out = said(&mut archive(dir.path(), &["rebuild", "--json"]), 0);
    let out: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (
            &out["records"],
            &out["changed"],
            &out["fields"]["subheadline"]
        ),
        (&6.into(), &1.into(), &1.into()),
        "{out}"
    );
    assert!(
        tree(&root) == right,
        "with the options that it was ingested with"
    );
    assert_eq!(events(&root).last().unwrap(), "rebuilt");
    assert_eq!(findings(dir.path(), &[], 0), []);
}

#[test]
fn what_is_no_archive_is_said_in_one_sentence() {
    let dir = folder(1);
    for command in ["verify", "rebuild"] {
        let output = archive(dir.path(), &[command]).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(
            told.starts_with("archive: ./archive: no archive is there")
                && told.lines().count() == 1,
            "{told}"
        );
        assert!(!dir.path().join("archive").exists());
    }
}

#[cfg(unix)]
#[test]
fn no_link_leads_out_of_the_archive() {
    use std::os::unix::fs::symlink;
    let dir = folder(3);
    said(&mut archive(dir.path(), &["ingest", "in/0000.txt"]), 0);
    let root = dir.path().join("archive");
    let outside = dir.path().join("outside");
    fs::create_dir(&outside).unwrap();
    for part in [
        "records",
        "raw",
        "ledger",
        "unfinished",
        "records/XXXX",
        "lock",
    ] {
        let place = root.join(part);
        let aside = dir.path().join("aside");
        let is_there = place.exists();
        if is_there {
            fs::rename(&place, &aside).unwrap();
        }
        symlink(&outside, &place).unwrap();
        let mut command = archive(dir.path(), &["ingest", "in", "--year", "2020"]);
        let output = command.output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        // A link beside the way is none of our business.
        if part != "records/XXXX" {
            assert_eq!(output.status.code(), Some(1), "{part}");
            assert!(
                told.contains(&format!("{part}: is a symbolic link")) && told.lines().count() == 1,
                "{told}"
            );
        }
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 0, "{part}");
        fs::remove_file(&place).unwrap();
        if is_there {
            fs::rename(&aside, &place).unwrap();
        }
    }
    // Deeper down, on the way that a record takes.
    fs::remove_dir_all(root.join("records")).unwrap();
    fs::create_dir(root.join("records")).unwrap();
    symlink(&outside, root.join("records/2021")).unwrap();
    archive(dir.path(), &["ingest", "in", "--year", "2021"])
        .assert()
        .code(1)
        .stderr(predicate::str::contains("records/2021: is a symbolic link"));
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
    fs::remove_file(root.join("records/2021")).unwrap();
    // Files that are written in their place: SQLite's, and the ledger's.
    said(&mut archive(dir.path(), &["ingest", "in"]), 0);
    for part in [
        "catalog.sqlite",
        "catalog.sqlite-wal",
        "catalog.sqlite-shm",
        "ledger/000001.jsonl",
    ] {
        let (place, target) = (root.join(part), outside.join("target"));
        let is_there = place.exists();
        if is_there {
            fs::rename(&place, &target).unwrap();
        } else {
            fs::write(&target, "").unwrap();
        }
        symlink(&target, &place).unwrap();
        let before = fs::read(&target).unwrap();
        for command in [
            &["ingest", "in", "--year", "2022"][..],
            &["reindex"],
            &["rebuild"],
            &["verify", "--repair"],
            &["list"],
        ] {
            let output = archive(dir.path(), command).output().unwrap();
            let told = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{part}, {command:?}");
            assert!(
                told.contains(&format!("{part}: is a symbolic link")) && told.lines().count() == 1,
                "{command:?}: {told}"
            );
        }
        assert!(
            fs::read(&target).unwrap() == before,
            "{part}: something outside was written"
        );
        fs::remove_file(&place).unwrap();
        if is_there {
            fs::rename(&target, &place).unwrap();
        } else {
            fs::remove_file(&target).unwrap();
        }
    }
    assert_eq!(findings(dir.path(), &[], 0), []);
    // The archive as a whole may stand elsewhere.
    symlink(&root, dir.path().join("alias")).unwrap();
    said(
        &mut archive(dir.path(), &["ingest", "in", "--archive", "alias"]),
        0,
    );
}

#[test]
fn a_file_in_the_way_gives_one_clear_error() {
    let dir = folder(2);
    said(&mut archive(dir.path(), &["ingest", "in/0000.txt"]), 0);
    for part in ["records", "raw", "ledger"] {
        let place = dir.path().join("archive").join(part);
        fs::rename(&place, dir.path().join("aside")).unwrap();
        fs::write(&place, "").unwrap();
        let output = archive(dir.path(), &["ingest", "in"]).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(
            told.contains(&format!(
                "archive/{part}: cannot be written (not a directory)"
            )) && told.lines().count() == 1,
            "{told}"
        );
        fs::remove_file(&place).unwrap();
        fs::rename(dir.path().join("aside"), &place).unwrap();
    }
    assert_eq!(findings(dir.path(), &[], 0), []);
}

#[test]
fn a_file_too_large_is_refused_and_the_others_go_on() {
    let dir = folder(2);
    fs::File::create(dir.path().join("in/huge"))
        .unwrap()
        .set_len(65 << 20)
        .unwrap();
    // Small enough to be read, and too large for one story; twice.
    for name in ["in/large", "in/larger"] {
        fs::File::create(dir.path().join(name))
            .unwrap()
            .set_len(17 << 20)
            .unwrap();
    }
    let out = said(&mut archive(dir.path(), &["ingest", "in"]), 1);
    assert!(
        out.starts_with("2 stored") && out.contains("3 failed"),
        "{out}"
    );
    assert!(
        out.contains(
            "in/large: not stored: is larger than 16 MiB, the most that one story may have; split \
             it"
        ),
        "{out}"
    );
    assert!(
        out.contains(
            "in/huge: is larger than 64 MiB, the most that one file may have; split it into \
             smaller files"
        ),
        "{out}"
    );
}

#[test]
fn the_directory_explains_itself() {
    let dir = folder(1);
    said(&mut archive(dir.path(), &["ingest", "in"]), 0);
    let root = dir.path().join("archive");
    let welcome = fs::read_to_string(root.join("README.txt")).unwrap();
    for part in [
        "records/",
        "raw/",
        "ledger/",
        "archive.json",
        "lock",
        "unfinished/",
        "sha256sum",
    ] {
        assert!(welcome.contains(part), "{part}");
    }
    let manifest: Value =
        serde_json::from_slice(&fs::read(root.join("archive.json")).unwrap()).unwrap();
    assert!(manifest["created"].as_str().unwrap().ends_with('Z'));
    let line: Value = serde_json::from_str(
        fs::read_to_string(root.join("ledger/000001.jsonl"))
            .unwrap()
            .trim_end(),
    )
    .unwrap();
    let keys: Vec<&str> = line
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(keys.len(), 14, "{keys:?}");
    assert_eq!(
        (
            line["n"].as_u64(),
            line["path"].as_str(),
            line["event"].as_str()
        ),
        (Some(1), Some("in/0000.txt"), Some("stored"))
    );
}
