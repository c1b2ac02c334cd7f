//! `archive remove` and `archive redact`: stories and words that go for good.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[path = "common/store.rs"]
mod store;

use std::fs;
use std::path::{Path, PathBuf};
use store::{findings, folder, ledger, run, tree};
use walkdir::WalkDir;

/// Returns the files below a directory in which a word stands, in any case, their names included.
fn mentioning(root: &Path, word: &str) -> Vec<PathBuf> {
    let entries = WalkDir::new(root).into_iter().map(Result::unwrap);
    entries
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .filter(|path| {
            let bytes = fs::read(path).unwrap();
            let text = String::from_utf8_lossy(&bytes).to_lowercase();
            text.contains(word) || path.to_string_lossy().to_lowercase().contains(word)
        })
        .collect()
}

/// Returns an archive of three stories and one about somebody who wants to be forgotten.
fn with_one_to_forget() -> (tempfile::TempDir, String) {
    let dir = folder(3);
    let story = "Welder Quillfeather held after brawl\nBy Ana Ruiz\n\nLIMA, March 9 (AP) - Police \
                 held \
                 Osric Quillfeather on Monday.\n\n\"I was asleep,\" Quillfeather said.\n";
    fs::write(dir.path().join("in/quillfeather.txt"), story).unwrap();
    fs::write(dir.path().join("in/again-quillfeather.txt"), story).unwrap();
    let (exit, ..) = run(dir.path(), &["ingest", "in"]);
    assert_eq!(exit, 0);
    let (_, rows, _) = run(dir.path(), &["search", "quillfeather", "--jsonl"]);
    let row: serde_json::Value = serde_json::from_str(rows.lines().next().unwrap()).unwrap();
    let id = row["id"].as_str().unwrap().to_owned();
    (dir, id)
}

#[test]
fn a_removed_story_leaves_its_hash_and_no_word() {
    let (dir, id) = with_one_to_forget();
    let root = dir.path().join("archive");
    let (exit, out, stderr) = run(dir.path(), &["remove", &id[..6], "--reason", "court order"]);
    assert_eq!((exit, stderr.as_str()), (0, ""));
    let (printed, sha256) = out.trim_end().split_once('\t').unwrap();
    assert_eq!(printed, id);
    assert!(sha256.starts_with(&id) && sha256.len() == 64);
    assert_eq!(
        mentioning(&root, "quillfeather"),
        [""; 0].map(PathBuf::from)
    );
    assert_eq!(tree(&root).len(), 6);
    assert_eq!(findings(dir.path()), []);
    let last = ledger(&root).pop().unwrap();
    assert_eq!(
        (&last["event"], &last["sha256"], &last["note"]),
        (&"removed".into(), &sha256.into(), &"court order".into())
    );
    let (exit, _, stderr) = run(dir.path(), &["show", &id]);
    assert_eq!(exit, 1);
    assert!(
        stderr.contains("was removed on ") && stderr.contains("(court order)"),
        "{stderr}"
    );
    // Everything that makes things again leaves it at that.
    for command in [
        &["rebuild"][..],
        &["reindex"],
        &["verify", "--all"],
        &["verify", "--repair"],
    ] {
        assert_eq!(run(dir.path(), command).0, 0, "{command:?}");
        assert_eq!(tree(&root).len(), 6, "{command:?}");
    }
    assert_eq!(
        mentioning(&root, "quillfeather"),
        [""; 0].map(PathBuf::from)
    );
}

#[test]
fn removed_bytes_come_back_by_force_alone() {
    let (dir, id) = with_one_to_forget();
    run(dir.path(), &["remove", &id]);
    let (exit, out, _) = run(dir.path(), &["ingest", "in"]);
    assert_eq!(exit, 0);
    assert!(
        out.contains("2 left out, since they were removed before"),
        "{out}"
    );
    // Neither from an archive that still has it.
    run(dir.path(), &["ingest", "in", "--archive", "other"]);
    let (_, out, stderr) = run(dir.path(), &["merge", "other"]);
    assert!(out.contains("1 left out"), "{out}");
    assert!(stderr.contains("was removed from this archive"), "{stderr}");
    assert_eq!(tree(&dir.path().join("archive")).len(), 6);
    let (_, out, _) = run(dir.path(), &["ingest", "in", "--force"]);
    assert!(out.starts_with("1 stored in archive"), "{out}");
    assert_eq!(run(dir.path(), &["show", &id]).0, 0);
    assert_eq!(findings(dir.path()), []);
    // And goes again.
    assert_eq!(run(dir.path(), &["remove", &id]).0, 0);
    assert_eq!(
        mentioning(&dir.path().join("archive"), "quillfeather"),
        [""; 0].map(PathBuf::from)
    );
    assert_eq!(findings(dir.path()), []);
}

#[test]
fn nothing_goes_if_one_of_several_is_not_there() {
    let (dir, id) = with_one_to_forget();
    let before = tree(&dir.path().join("archive"));
    for other in ["ffffffffffffffff", "no id"] {
        let (exit, out, stderr) = run(dir.path(), &["remove", &id, other]);
        assert_eq!((exit, out.as_str()), (1, ""), "{other}");
        assert!(stderr.contains(other), "{stderr}");
    }
    assert!(tree(&dir.path().join("archive")) == before);
    assert_eq!(run(dir.path(), &["remove"]).0, 2);
}

#[test]
fn other_versions_of_a_removed_story_are_named() {
    let (dir, id) = with_one_to_forget();
    let story = fs::read_to_string(dir.path().join("in/quillfeather.txt")).unwrap();
    fs::write(
        dir.path().join("in/update.txt"),
        story.replace("asleep", "at home"),
    )
    .unwrap();
    run(dir.path(), &["ingest", "in"]);
    let (exit, _, stderr) = run(dir.path(), &["remove", &id]);
    assert_eq!(exit, 0);
    assert!(
        stderr.contains("other versions are still there: "),
        "{stderr}"
    );
}

#[test]
fn redacted_words_are_gone_and_the_rest_of_the_story_stays() {
    let (dir, id) = with_one_to_forget();
    let root = dir.path().join("archive");
    let story = fs::read_to_string(dir.path().join("in/quillfeather.txt")).unwrap();
    let mut command = vec![
        "redact".to_owned(),
        id.clone(),
        "--reason".into(),
        "a minor".into(),
    ];
    for (start, word) in story.match_indices("Quillfeather") {
        command.extend([
            "--span".to_owned(),
            format!("{start}-{}", start + word.len()),
        ]);
    }
    let command: Vec<&str> = command.iter().map(String::as_str).collect();
    let (exit, out, stderr) = run(dir.path(), &command);
    assert_eq!((exit, stderr.as_str()), (0, ""));
    let new = out.split('\t').next().unwrap();
    assert_ne!(new, id);
    assert_eq!(
        mentioning(&root, "quillfeather"),
        [""; 0].map(PathBuf::from)
    );
    assert_eq!(findings(dir.path()), []);
    let (_, raw, _) = run(dir.path(), &["raw", new]);
    assert_eq!(raw, story.replace("Quillfeather", "[redacted]"));
    let (exit, _, stderr) = run(dir.path(), &["show", &id]);
    assert_eq!(exit, 1);
    assert!(
        stderr.contains(&format!("redacted as {new}: a minor")),
        "{stderr}"
    );
}

#[test]
fn words_that_still_stand_elsewhere_are_named_and_bad_spans_change_nothing() {
    let (dir, id) = with_one_to_forget();
    let before = tree(&dir.path().join("archive"));
    for (span, says) in [
        ("0-9999", "no bytes 0-9999"),
        ("9-9", "as in 131-139"),
        ("a-b", "as in 131-139"),
    ] {
        let (exit, out, stderr) = run(dir.path(), &["redact", &id, "--span", span]);
        assert_ne!(exit, 0);
        assert!(out.is_empty() && stderr.contains(says), "{stderr}");
    }
    assert!(tree(&dir.path().join("archive")) == before);
    let (exit, _, stderr) = run(dir.path(), &["redact", &id, "--span", "7-19"]);
    assert_eq!(exit, 0);
    assert_eq!(
        stderr.matches("the same words still stand at ").count(),
        2,
        "{stderr}"
    );
}
