//! One story's fault is that story's failure: it is named with a code, and the others go on.
//!
//! No story is known that this program panics on, so the tests make it panic: a debug build fails
//! on stories that contain the value of `ARCHIVE_TEST_FAULT`.

use crate::program::{Program, archive};
use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const FAULT: &str = "Callao";
const BAD: &str = "Port strike ends after nine days\n\nLIMA, March 3, 2021 (AP) - Dockers in the \
                   port of Callao went back to work on Monday.\n";

fn good(number: usize) -> String {
    format!(
        "Old bridge number {number} opens again\n\nLIMA, March 4, 2021 (AP) - Drivers crossed the \
         old bridge on Tuesday.\n"
    )
}

/// Returns a folder `in` with the stories `00.txt` to `08.txt`, the fifth of which is bad.
fn folder() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    for number in 0..9 {
        let text = if number == 4 {
            BAD.to_owned()
        } else {
            good(number)
        };
        fs::write(dir.path().join(format!("in/{number:02}.txt")), text).unwrap();
    }
    dir
}

fn faulty(dir: impl AsRef<Path>, arguments: &[&str]) -> Program {
    archive(dir, arguments)
        .env("ARCHIVE_TEST_FAULT", FAULT)
        .env("RUST_BACKTRACE", "1")
}

/// Fails unless standard error is one sentence that names the story and the code.
fn assert_named(err: &str, name: &str) {
    assert!(err.contains(name), "{err}");
    assert!(err.contains("(story-fault)"), "{err}");
    assert!(err.contains("please report"), "{err}");
    assert!(
        !err.contains("backtrace") && !err.contains("panicked"),
        "{err}"
    );
    assert_eq!(err.lines().count(), 1, "{err}");
}

#[test]
fn parse_prints_the_other_records() {
    let dir = folder();
    for form in [
        &["--jsonl"][..],
        &["--pretty"],
        &["--format", "text"],
        &["--format", "quotes"],
        &["--format", "html"],
        &["--explain"],
    ] {
        let arguments = [&["parse", "in"], form].concat();
        let said = faulty(&dir, &arguments).ends_with(1);
        assert_named(&said.err, "in/04.txt");
        if form != ["--format", "quotes"] {
            for number in [0, 3, 5, 8] {
                let headline = format!("Old bridge number {number} opens again");
                assert!(said.out.contains(&headline), "{form:?}: {}", said.out);
            }
        }
        assert!(!said.out.contains(FAULT), "{form:?}: {}", said.out);
    }
}

#[test]
fn parse_names_which_story_of_a_file_failed() {
    let transmission =
        |text: &str| format!("\u{1}f1769\u{1f}reute\nr f BC-SLIP   10-20 0054\n\u{2}{text}\u{3}\n");
    let file = [good(1), BAD.to_owned(), good(2)]
        .map(|text| transmission(&text))
        .concat();
    let dir = tempfile::tempdir().unwrap();
    let said = faulty(&dir, &["parse", "-"]).input(file).ends_with(1);
    assert_eq!(said.out.lines().count(), 2, "{}", said.out);
    assert_named(&said.err, "standard input (story 2)");
}

#[test]
fn ingest_stores_the_others_and_says_so_at_every_try() {
    let dir = folder();
    for durability in ["batch", "story"] {
        let place = format!("kept-{durability}");
        let arguments = [
            "ingest",
            "in",
            "--archive",
            &place,
            "--durability",
            durability,
        ];
        let said = faulty(&dir, &arguments).ends_with(1);
        assert_named(&said.err, "in/04.txt: not stored");
        assert!(said.out.contains("8 stored in"), "{}", said.out);
        assert!(said.out.contains("1 failed"), "{}", said.out);
        let said = faulty(&dir, &arguments).ends_with(1);
        assert_named(&said.err, "in/04.txt: not stored");
        assert!(said.out.contains("8 already there"), "{}", said.out);
        // A program without the fault takes it in.
        let said = archive(&dir, arguments).ends_with(0);
        assert!(said.out.contains("1 stored in"), "{}", said.out);
    }
}

#[test]
fn rebuild_leaves_the_record_as_it_is() {
    let dir = folder();
    archive(&dir, ["ingest", "in"]).succeeds();
    let record = |id: &str| archive(&dir, ["show", id, "--json"]).succeeds();
    let id = id_of_the_bad_story(&dir);
    let before = record(&id);
    let said = faulty(&dir, &["rebuild"]).ends_with(1);
    assert_named(&said.err, "port-strike-ends");
    assert!(said.out.contains("9 records"), "{}", said.out);
    assert!(said.out.contains("1 left"), "{}", said.out);
    assert_eq!(record(&id), before);
}

#[test]
fn verify_names_the_record_that_it_cannot_compare() {
    let dir = folder();
    archive(&dir, ["ingest", "in"]).succeeds();
    let said = faulty(&dir, &["verify", "--all", "--json"]).ends_with(1);
    let lines: Vec<Value> = said
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let [finding, counts] = lines.as_slice() else {
        panic!("one finding and the counts: {}", said.out);
    };
    assert_eq!(finding["code"], "story-fault");
    assert_eq!(finding["id"], id_of_the_bad_story(&dir).as_str());
    assert_eq!(counts["counts"]["reparsed"], 9);
    assert_eq!(said.err, "");
    archive(&dir, ["verify", "--all"]).succeeds();
}

fn id_of_the_bad_story(dir: &TempDir) -> String {
    let record = archive(dir, ["parse", "in/04.txt"]).succeeds();
    let record: Value = serde_json::from_str(&record).unwrap();
    record["id"].as_str().unwrap().to_owned()
}

/// What stops `ingest` stops `parse`, too: the record of such a story would not fit anywhere.
#[test]
fn parse_and_ingest_have_the_same_size_limit() {
    let dir = folder();
    let large = "Shr 60 cts vs 57 cts, the company said.\n".repeat(430_000);
    assert!(large.len() > archive::STORY_BYTES);
    fs::write(dir.path().join("in/02-large.txt"), large).unwrap();
    for command in ["parse", "ingest"] {
        let said = archive(&dir, [command, "in"]).ends_with(1);
        assert!(said.err.contains("in/02-large.txt"), "{}", said.err);
        let limit = "is larger than 16 MiB, the most that one story may have; split it";
        assert!(said.err.contains(limit), "{}", said.err);
        assert_eq!(said.err.lines().count(), 1, "{}", said.err);
    }
    let said = archive(&dir, ["parse", "in", "--explain"]).ends_with(1);
    assert!(said.err.contains("(story-too-large)"), "{}", said.err);
}
