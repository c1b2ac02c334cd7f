//! Files that are no stories are named for what they are, and not stored as stories of braces and
//! tags. What this program wrote itself is never read as new.

use crate::program::archive;
use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const STORY: &str = "Old bridge opens again\n\nLIMA, March 4, 2021 (AP) - Drivers crossed the old \
                     bridge on Tuesday.\n";

/// A file of each format, and what it is called.
const FORMATS: &[(&str, &str, &str)] = &[
    ("a.json", "{\"headline\": \"Bridge opens\"}\n", "is JSON; "),
    (
        "b.jsonl",
        "{\"id\": 1, \"text\": \"One.\"}\n{\"id\": 2, \"text\": \"Two.\"}\n",
        "is JSON; ",
    ),
    (
        "c.csv",
        "id,headline,body\n1,Bridge opens,\"It opened, they said.\"\n",
        "is a table (CSV); ",
    ),
    (
        "e.xml",
        "<?xml version=\"1.0\"?>\n<stories><story>It opened.</story></stories>\n",
        "is an XML document; ",
    ),
];

fn folder() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    fs::write(dir.path().join("in/story.txt"), STORY).unwrap();
    dir
}

#[test]
fn other_formats_are_named_with_what_to_do() {
    let dir = folder();
    for (name, text, _) in FORMATS {
        fs::write(dir.path().join("in").join(name), text).unwrap();
    }
    for command in ["parse", "ingest"] {
        let said = archive(&dir, [command, "in"]).ends_with(1);
        for (name, _, told) in FORMATS {
            let begins = format!("archive: in/{name}: {told}");
            let line = said.err.lines().find(|line| line.starts_with(&begins));
            let line = line.unwrap_or_else(|| panic!("{begins}: {}", said.err));
            assert!(line.contains("--force-text"), "{line}");
        }
        assert_eq!(said.err.lines().count(), FORMATS.len(), "{}", said.err);
    }
    assert_eq!(stored(dir.path()), 1);
}

#[test]
fn who_means_it_gets_them_as_text() {
    let dir = folder();
    let (_, text, _) = FORMATS[0];
    fs::write(dir.path().join("in/a.json"), text).unwrap();
    let record = archive(&dir, ["parse", "--force-text", "in/a.json"]).succeeds();
    let record: Value = serde_json::from_str(&record).unwrap();
    assert_eq!(record["source"]["bytes"], text.len());
    archive(&dir, ["ingest", "--force-text", "in"]).succeeds();
    assert_eq!(stored(dir.path()), 2);
}

#[test]
fn records_of_ours_are_passed_over() {
    let dir = folder();
    let line = archive(&dir, ["parse", "in/story.txt"]).succeeds();
    let indented = archive(&dir, ["parse", "--pretty", "in/story.txt"]).succeeds();
    fs::write(dir.path().join("in/a.jsonl"), &line).unwrap();
    fs::write(dir.path().join("in/b.json"), indented).unwrap();
    for arguments in [
        &["parse", "in"][..],
        &["parse", "--force-text", "in"],
        &["ingest", "in"],
        &["ingest", "in", "--force-text"],
    ] {
        // Found on the way, so that nothing failed.
        let said = archive(&dir, arguments).ends_with(0);
        for name in ["in/a.jsonl", "in/b.json"] {
            let told =
                format!("{name}: passed over, since it is a record that this program made; ");
            assert!(said.err.contains(&told), "{}", said.err);
        }
        assert_eq!(said.err.lines().count(), 2, "{}", said.err);
    }
    assert_eq!(stored(dir.path()), 1);
    // Asked for, so that something did.
    let said = archive(&dir, ["parse", "-"]).input(line).ends_with(1);
    assert_eq!(said.out, "");
    assert!(
        said.err.contains("standard input: passed over"),
        "{}",
        said.err
    );
}

#[test]
fn archives_of_ours_are_passed_over_as_a_whole() {
    let dir = folder();
    archive(&dir, ["ingest", "in", "--archive", "in/old"]).succeeds();
    archive(&dir, ["ingest", "in/story.txt", "--archive", "in/older"]).succeeds();
    let said = archive(&dir, ["ingest", "in"]).ends_with(0);
    for name in ["in/old", "in/older"] {
        let told = format!("{name}: passed over, since it is an archive of this program; ");
        assert!(said.err.contains(&told), "{}", said.err);
    }
    assert_eq!(said.err.lines().count(), 2, "{}", said.err);
    assert!(said.out.contains("2 passed over"), "{}", said.out);
    assert_eq!(stored(dir.path()), 1);
    let said = archive(&dir, ["parse", "in/old"]).ends_with(1);
    assert!(
        said.err.contains("give its `raw` directory"),
        "{}",
        said.err
    );
    // What the message says to do is done.
    archive(&dir, ["parse", "in/old/raw"]).succeeds();
    let ledger = archive(&dir, ["parse", "in/old/ledger"]).ends_with(0);
    assert!(
        ledger.err.contains("a ledger of this program"),
        "{}",
        ledger.err
    );
}

/// Whatever a story begins with, it is not taken for another format.
#[test]
fn every_story_of_ours_is_read() {
    let root = env!("CARGO_MANIFEST_DIR");
    for folder in ["fixtures", "seeds"] {
        let stories = fs::read_dir(Path::new(root).join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|kind| kind == "txt"));
        let said = archive(root, ["parse".into()].into_iter().chain(stories)).run();
        assert_eq!(said.err, "", "{folder}");
    }
}

/// Stories in the archive.
fn stored(dir: &Path) -> usize {
    archive(dir, ["list", "--jsonl"]).succeeds().lines().count()
}
