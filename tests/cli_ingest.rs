//! `archive ingest` from the outside: what the archive directory promises.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use assert_cmd::Command;
use predicates::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use tempfile::TempDir;
use walkdir::WalkDir;

const STORY: &str = "Port strike ends after nine days\nBy Ana Ruiz\n\nLIMA, March 3 (AP) - \
                     Dockers in the port of Callao went back to work on Monday.\n\nThe union said \
                     members had voted for the new contract.\n";
const OTHER: &str = "Old bridge opens again\nBy Ana Ruiz\n\nLIMA, March 4 (AP) - Drivers crossed \
                     the old bridge on Tuesday for the first time in years.\n";

/// Returns a folder `in` with the given stories; the archive goes to `archive` beside it.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    for (name, bytes) in files {
        fs::write(dir.path().join("in").join(name), bytes).unwrap();
    }
    dir
}

fn ingest(dir: &TempDir) -> Command {
    let mut command = Command::cargo_bin("archive").unwrap();
    command
        .current_dir(dir)
        .env_remove("ARCHIVE_DIR")
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .arg("ingest");
    command
}

/// Standard output, after a run that ended with `code`.
fn summary(command: &mut Command, code: i32) -> String {
    let output = command.output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(code),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Returns whether it is the catalog, or one of the files that come and go beside it:
/// tests/cli_catalog.rs looks after those.
fn is_catalog(name: &std::ffi::OsStr) -> bool {
    name.to_string_lossy().starts_with("catalog.sqlite")
}

/// Returns every file and directory with its bytes and the time it was last written.
fn tree(root: &Path) -> BTreeMap<PathBuf, (SystemTime, Vec<u8>)> {
    let root_changes_with_the_catalog = root.join("catalog.sqlite").exists();
    WalkDir::new(root)
        .min_depth(usize::from(root_changes_with_the_catalog))
        .into_iter()
        .filter_entry(|entry| !is_catalog(entry.file_name()))
        .map(|entry| {
            let entry = entry.unwrap();
            let bytes = if entry.file_type().is_file() {
                fs::read(entry.path()).unwrap()
            } else {
                Vec::new()
            };
            (
                entry.path().strip_prefix(root).unwrap().to_owned(),
                (entry.metadata().unwrap().modified().unwrap(), bytes),
            )
        })
        .collect()
}

/// Returns the files below `root`, as paths with `/`.
fn files(root: &Path) -> Vec<String> {
    let entries = WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .map(Result::unwrap);
    entries
        .filter(|entry| entry.file_type().is_file() && !is_catalog(entry.file_name()))
        .map(|entry| {
            entry
                .path()
                .strip_prefix(root)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/")
        })
        .collect()
}

fn only_record(root: &Path) -> (String, Value) {
    let [name] = files(&root.join("records")).try_into().unwrap();
    let record =
        serde_json::from_slice(&fs::read(root.join("records").join(&name)).unwrap()).unwrap();
    (name, record)
}

#[test]
fn a_story_is_stored_with_its_bytes() {
    // Not UTF-8, with foreign line ends: the raw copy must not care.
    let bytes = STORY
        .replace('\n', "\r\n")
        .replace("Ana", "An\u{e1}")
        .chars()
        .map(|c| c as u8)
        .collect::<Vec<u8>>();
    let dir = folder(&[("a.txt", &bytes)]);
    let out = summary(ingest(&dir).args(["in", "--year", "2024"]), 0);
    assert!(
        out.starts_with("1 stored in archive\n0 already there\n0 updated\n0 failed\n"),
        "{out}"
    );
    let root = dir.path().join("archive");
    let (name, record) = only_record(&root);
    let id = record["id"].as_str().unwrap();
    assert_eq!(
        name,
        format!("2024/03/03/port-strike-ends-after-nine-days-{id}.json")
    );
    let sha256 = record["source"]["sha256"].as_str().unwrap();
    let raw = format!("raw/{}/{sha256}", &sha256[..2]);
    assert_eq!(record["source"]["path"], raw.as_str());
    assert_eq!(fs::read(root.join(raw)).unwrap(), bytes);
    let others: Vec<_> = files(&root)
        .into_iter()
        .filter(|name| !name.starts_with("raw/") && !name.starts_with("records/"))
        .collect();
    assert_eq!(
        others,
        ["README.txt", "archive.json", "ledger/000001.jsonl", "lock"],
        "nothing else is there"
    );
    assert!(!root.join("unfinished").exists());
    let manifest: Value =
        serde_json::from_slice(&fs::read(root.join("archive.json")).unwrap()).unwrap();
    assert_eq!(manifest["format"], "archive.directory/2");
}

#[test]
fn a_second_ingest_changes_nothing_and_says_so() {
    let dir = folder(&[("a.txt", STORY.as_bytes()), ("b.txt", OTHER.as_bytes())]);
    summary(ingest(&dir).arg("in"), 0);
    let before = tree(&dir.path().join("archive"));
    assert_eq!(
        summary(ingest(&dir).arg("in"), 0),
        "nothing new: 2 already there\n"
    );
    assert!(
        before == tree(&dir.path().join("archive")),
        "the tree has changed"
    );
    // Neither does the file's name matter, nor where it stands, except that the ledger notes it,
    // once.
    fs::rename(dir.path().join("in"), dir.path().join("elsewhere")).unwrap();
    for _ in 0..2 {
        assert_eq!(
            summary(ingest(&dir).arg("elsewhere"), 0),
            "nothing new: 2 already there\n"
        );
        let mut after = tree(&dir.path().join("archive"));
        let ledger = Path::new("ledger/000001.jsonl");
        let lines = String::from_utf8(after[ledger].1.clone()).unwrap();
        let events: Vec<_> = lines
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["event"].clone())
            .collect();
        assert_eq!(events, ["stored", "stored", "source", "source"]);
        after.insert(ledger.to_owned(), before[ledger].clone());
        assert!(before == after, "the tree has changed");
    }
}

#[test]
fn the_same_stories_give_the_same_tree() {
    let dir = folder(&[("a.txt", STORY.as_bytes()), ("b.txt", OTHER.as_bytes())]);
    summary(ingest(&dir).args(["in", "--archive", "one"]), 0);
    summary(
        ingest(&dir).args(["in/b.txt", "in/a.txt", "--archive", "two"]),
        0,
    );
    let bytes = |root: &str| {
        let tree = tree(&dir.path().join(root))
            .into_iter()
            .filter(|(path, _)| path.starts_with("raw") || path.starts_with("records"));
        tree.map(|(path, (_, bytes))| (path, bytes))
            .collect::<Vec<_>>()
    };
    assert!(bytes("one").len() > 6 && bytes("one") == bytes("two"));
}

#[test]
fn a_story_given_twice_is_stored_once() {
    let dir = folder(&[("a.txt", STORY.as_bytes()), ("copy.txt", STORY.as_bytes())]);
    let out = summary(ingest(&dir).arg("in"), 0);
    assert!(
        out.starts_with("1 stored in archive\n1 already there\n"),
        "{out}"
    );
}

#[test]
fn a_better_reading_moves_the_record_and_keeps_the_raw_copy() {
    let dir = folder(&[("a.txt", STORY.as_bytes())]);
    let root = dir.path().join("archive");
    summary(ingest(&dir).arg("in"), 0);
    let (undated, before) = only_record(&root);
    assert!(undated.starts_with("undated/"), "{undated}");
    let raw = tree(&root.join("raw"));
    let out = summary(ingest(&dir).args(["in", "--year", "2024"]), 0);
    assert!(
        out.starts_with("0 stored in archive\n0 already there\n1 updated\n"),
        "{out}"
    );
    let (dated, after) = only_record(&root);
    assert!(dated.starts_with("2024/03/03/"), "{dated}");
    assert_eq!(before["id"], after["id"]);
    assert!(
        !root.join("records/undated").exists(),
        "the empty directory is gone"
    );
    assert!(raw == tree(&root.join("raw")));
}

#[test]
fn a_record_with_other_bytes_is_replaced() {
    let dir = folder(&[("a.txt", STORY.as_bytes())]);
    let root = dir.path().join("archive");
    summary(ingest(&dir).arg("in"), 0);
    let path = root.join("records").join(only_record(&root).0);
    let right = fs::read_to_string(&path).unwrap();
    // As an older program may have read it; and as a broken disk may leave it.
    for wrong in [
        right.replace("Port strike", "Port lightning"),
        String::from("{"),
    ] {
        fs::write(&path, wrong).unwrap();
        let out = summary(ingest(&dir).arg("in"), 0);
        assert!(out.contains("1 updated"), "{out}");
        assert_eq!(fs::read_to_string(&path).unwrap(), right);
    }
}

#[test]
fn another_story_with_the_same_id_is_never_overwritten() {
    let dir = folder(&[("a.txt", STORY.as_bytes()), ("b.txt", OTHER.as_bytes())]);
    let root = dir.path().join("archive");
    summary(ingest(&dir).arg("in/a.txt"), 0);
    let path = root.join("records").join(only_record(&root).0);
    let mut foreign: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    // Other bytes whose hash begins alike.
    let id = foreign["id"].as_str().unwrap().to_owned();
    foreign["source"]["sha256"] = format!("{id}{}", "0".repeat(48)).into();
    fs::write(&path, foreign.to_string()).unwrap();
    let before = fs::read(&path).unwrap();
    let out = summary(ingest(&dir).arg("in"), 1);
    assert!(
        out.contains("1 stored") && out.contains("1 failed\n  in/a.txt: not stored"),
        "{out}"
    );
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn leftovers_of_a_crash_are_cleaned() {
    let dir = folder(&[("a.txt", STORY.as_bytes())]);
    let root = dir.path().join("archive");
    summary(ingest(&dir).arg("in"), 0);
    let before = files(&root);
    fs::write(root.join(".archive-tmp-Xy12Zq"), "half").unwrap();
    fs::create_dir(root.join("unfinished")).unwrap();
    fs::write(root.join("unfinished/17"), "half").unwrap();
    ingest(&dir)
        .arg("in")
        .assert()
        .code(0)
        .stderr("archive: ./archive: recovered from an interruption: 2 unfinished files removed\n");
    assert_eq!(files(&root), before);
    assert!(!root.join("unfinished").exists());
}

#[test]
fn a_crash_before_the_first_story_is_no_obstacle() {
    let dir = folder(&[("a.txt", STORY.as_bytes())]);
    fs::create_dir(dir.path().join("archive")).unwrap();
    fs::write(dir.path().join("archive/.archive-tmp-Xy12Zq"), "{").unwrap();
    summary(ingest(&dir).arg("in"), 0);
    assert_eq!(files(&dir.path().join("archive")).len(), 6);
}

#[test]
fn file_names_are_safe_whatever_the_headline() {
    let hostile = STORY.replace(
        "Port strike ends after nine days",
        "../../Strike: \u{1b}[2J/etc/..\u{202e}\\ \u{7}ends today",
    );
    let nameless: &[u8] = b"";
    let dir = folder(&[("a.txt", hostile.as_bytes()), ("b.txt", nameless)]);
    summary(ingest(&dir).arg("in"), 0);
    let records = files(&dir.path().join("archive/records"));
    assert_eq!(records.len(), 2);
    for name in &records {
        let file = name.strip_prefix("undated/").unwrap();
        assert!(
            file.chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.')),
            "{file}"
        );
        assert!(
            !file.contains("..") && !file.starts_with(['.', '-']),
            "{file}"
        );
    }
    assert!(
        records
            .iter()
            .any(|name| name.starts_with("undated/untitled-")),
        "{records:?}"
    );
    let mut entries: Vec<_> = fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    entries.sort();
    assert_eq!(
        entries,
        ["archive", "in"],
        "nothing was written beside the archive"
    );
}

#[test]
fn a_failure_is_told_at_once_and_again_at_the_end() {
    let dir = folder(&[("a.txt", STORY.as_bytes())]);
    let failure = "gone.txt: no such file or directory; check the name";
    ingest(&dir)
        .args(["gone.txt", "in"])
        .assert()
        .code(1)
        .stderr(format!("archive: {failure}\n"))
        .stdout(predicate::str::starts_with(format!(
            "1 stored in archive\n0 already there\n0 updated\n1 failed\n  {failure}\n"
        )));
}

#[test]
fn warnings_are_counted_by_code() {
    let dir = folder(&[("a.txt", b"\n"), ("b.txt", b" \n")]);
    let out = summary(ingest(&dir).arg("in"), 0);
    let (_, warnings) = out.split_once("warnings in what was written:\n").unwrap();
    assert!(
        warnings
            .lines()
            .any(|line| line.trim_start() == "2 × no-headline"),
        "{out}"
    );
    let counts: Vec<usize> = warnings
        .lines()
        .map(|line| line.split_once(" × ").unwrap().0.trim().parse().unwrap())
        .collect();
    assert!(counts.is_sorted_by(|a, b| a >= b), "{out}");
}

#[test]
fn a_directory_of_something_else_is_refused() {
    let dir = folder(&[("a.txt", STORY.as_bytes())]);
    let before = tree(dir.path());
    ingest(&dir)
        .args(["in", "--archive", "in"])
        .assert()
        .code(1)
        .stdout("")
        .stderr(predicate::str::contains("in: is not an archive"));
    ingest(&dir)
        .args(["in", "--archive", "in/a.txt"])
        .assert()
        .code(1)
        .stderr(predicate::str::contains("not a directory"));
    assert!(before == tree(dir.path()));
}

#[test]
fn an_unknown_format_is_refused() {
    let dir = folder(&[("a.txt", STORY.as_bytes())]);
    fs::create_dir(dir.path().join("archive")).unwrap();
    let manifest = dir.path().join("archive/archive.json");
    fs::write(&manifest, r#"{"format": "archive.directory/9"}"#).unwrap();
    ingest(&dir)
        .arg("in")
        .assert()
        .code(1)
        .stderr(predicate::str::contains("`archive.directory/9`"));
    fs::write(&manifest, "nonsense").unwrap();
    ingest(&dir)
        .arg("in")
        .assert()
        .code(1)
        .stderr(predicate::str::contains(
            "archive.json: cannot be understood",
        ));
    assert_eq!(files(&dir.path().join("archive")), ["archive.json"]);
}

#[test]
fn the_directory_can_come_from_the_environment() {
    let dir = folder(&[("a.txt", STORY.as_bytes())]);
    summary(ingest(&dir).env("ARCHIVE_DIR", "kept/here").arg("in"), 0);
    assert_eq!(files(&dir.path().join("kept/here")).len(), 6);
    // What is typed comes first.
    summary(
        ingest(&dir)
            .env("ARCHIVE_DIR", "kept/here")
            .args(["in", "--archive", "typed"]),
        0,
    );
    assert_eq!(files(&dir.path().join("typed")).len(), 6);
    assert!(!dir.path().join("archive").exists());
}

#[test]
fn the_archive_is_not_read_as_its_own_source() {
    let dir = folder(&[("a.txt", STORY.as_bytes())]);
    for _ in 0..2 {
        let out = summary(ingest(&dir).arg("."), 0);
        assert!(
            out.starts_with("1 stored in archive\n0 already there\n")
                || out == "nothing new: 1 already there\n",
            "{out}"
        );
    }
    assert_eq!(files(&dir.path().join("archive/records")).len(), 1);
    ingest(&dir)
        .arg("archive/raw")
        .assert()
        .code(1)
        .stderr(predicate::str::contains("where the archive itself is kept"));
}

#[test]
fn stories_of_one_file_are_stored_apart() {
    let one = |n: u8| {
        format!(
            "\x05\x05F \n\x16\x16\x01f176{n}\x1freute\nr f BC-STRIKE   10-20 0054\n\x02\nPORT \
             STRIKE {n} ENDS\n    LIMA, Oct 20 - Dockers went back to work.\n Reuter\n\x03\n"
        )
    };
    let both = one(1) + &one(2);
    let dir = folder(&[("both", both.as_bytes())]);
    let out = summary(ingest(&dir).arg("in"), 0);
    assert!(out.starts_with("2 stored"), "{out}");
    let before = tree(&dir.path().join("archive"));
    let raw: u64 = before
        .iter()
        .filter(|(path, _)| path.starts_with("raw"))
        .map(|(_, (_, bytes))| bytes.len() as u64)
        .sum();
    assert_eq!(raw, both.len() as u64, "no byte of the file is lost");
    // One of them by itself is the same story.
    fs::write(dir.path().join("alone"), one(1)).unwrap();
    assert_eq!(
        summary(ingest(&dir).arg("alone"), 0),
        "nothing new: 1 already there\n"
    );
    for part in ["raw", "records"] {
        let inside = |path: &&PathBuf| path.starts_with(part);
        assert!(
            tree(&dir.path().join("archive"))
                .keys()
                .filter(inside)
                .eq(before.keys().filter(inside))
        );
    }
}

#[test]
fn standard_input_can_be_stored() {
    let dir = folder(&[]);
    let out = summary(ingest(&dir).arg("-").write_stdin(STORY), 0);
    assert!(out.starts_with("1 stored"), "{out}");
}

#[cfg(unix)]
#[test]
fn a_read_only_archive_gives_one_clear_error() {
    use std::os::unix::fs::PermissionsExt;
    let dir = folder(&[("a.txt", STORY.as_bytes()), ("b.txt", OTHER.as_bytes())]);
    let locked = dir.path().join("locked");
    fs::create_dir(&locked).unwrap();
    let set_mode = |mode| fs::set_permissions(&locked, fs::Permissions::from_mode(mode)).unwrap();
    set_mode(0o555);
    // The superuser may write anywhere.
    if fs::write(locked.join("probe"), "").is_ok() {
        return;
    }
    let output = ingest(&dir)
        .args(["in", "--archive", "locked/archive"])
        .output()
        .unwrap();
    set_mode(0o755);
    assert_eq!(output.status.code(), Some(1));
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
    assert!(
        complaint.contains("cannot be written")
            && complaint.contains("give a directory that you may read and write"),
        "{complaint}"
    );
}

#[test]
fn a_blocked_archive_stops_the_run_with_one_error() {
    let dir = folder(&[("a.txt", STORY.as_bytes()), ("b.txt", OTHER.as_bytes())]);
    summary(ingest(&dir).arg("in/a.txt"), 0);
    let before = files(&dir.path().join("archive/records"));
    // A file where a directory should be stops even the superuser.
    fs::remove_dir_all(dir.path().join("archive/raw")).unwrap();
    fs::write(dir.path().join("archive/raw"), "").unwrap();
    let output = ingest(&dir).arg("in").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
    assert!(complaint.contains("cannot be written"), "{complaint}");
    assert_eq!(
        files(&dir.path().join("archive/records")),
        before,
        "no record without its raw copy"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn names_need_not_be_utf_8() {
    use std::os::unix::ffi::OsStrExt;
    let dir = folder(&[]);
    fs::write(
        dir.path()
            .join("in")
            .join(std::ffi::OsStr::from_bytes(b"caf\xe9.txt")),
        STORY,
    )
    .unwrap();
    let out = summary(ingest(&dir).arg("in"), 0);
    assert!(out.starts_with("1 stored"), "{out}");
}
