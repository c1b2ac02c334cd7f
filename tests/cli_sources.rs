//! Several stories in one text file, and facts that only the caller knows, with the real program.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "common/program.rs"]
#[allow(dead_code)]
mod program;

use program::{Said, archive};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const BODY: &str = "The council voted on Tuesday to open the bridge again after two years of \
                    work.\n\nThe first cars are to cross it on Friday, the engineer said.\n";

fn story(headline: &str) -> String {
    format!("{headline}\n\nBy Ana Ruiz\n\nOSTEND (INA) - {BODY}")
}

fn several(gap: &str) -> String {
    let stories = ["Bridge opens", "Ferry sails at night", "Port strike ends"].map(story);
    stories.join(gap)
}

fn records(lines: &str) -> Vec<Value> {
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn headlines(records: &[Value]) -> Vec<&str> {
    records
        .iter()
        .map(|record| record["headline"].as_str().unwrap())
        .collect()
}

fn parse(directory: &Path, arguments: &[&str]) -> Vec<Value> {
    let arguments = ["parse", "--jsonl"].iter().chain(arguments);
    records(&archive(directory, arguments).succeeds())
}

fn run(directory: &Path, arguments: &[&str]) -> Said {
    archive(directory, arguments).run()
}

#[test]
fn stories_of_a_text_file_are_parted_and_their_bytes_tile_it() {
    let dir = tempfile::tempdir().unwrap();
    let file = several("\n=====\n\n");
    fs::write(dir.path().join("wire.txt"), &file).unwrap();
    let read = parse(dir.path(), &["wire.txt"]);
    assert_eq!(
        headlines(&read),
        ["Bridge opens", "Ferry sails at night", "Port strike ends"]
    );
    let members: Vec<_> = read.iter().map(|r| r["source"]["member"].clone()).collect();
    assert_eq!(members, [json!("1"), json!("2"), json!("3")]);
    let bytes = read.iter().map(|r| r["source"]["bytes"].as_u64().unwrap());
    assert_eq!(bytes.sum::<u64>(), file.len() as u64);
    // The rule is a note of the story before it.
    assert_eq!(read[0]["notes"][0]["text"], "=====");
}

#[test]
fn stories_in_utf16_are_parted_and_read_alone() {
    let dir = tempfile::tempdir().unwrap();
    let text = format!("\u{FEFF}{}", several("\u{c}\r\n"));
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(dir.path().join("wire.txt"), bytes).unwrap();
    let read = parse(dir.path(), &["wire.txt"]);
    assert_eq!(
        headlines(&read),
        ["Bridge opens", "Ferry sails at night", "Port strike ends"]
    );
    assert_eq!(read[2]["byline"]["authors"][0]["name"], "Ana Ruiz");
}

#[test]
fn split_says_where_stories_end() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("rules"), several("\n=====\n\n")).unwrap();
    fs::write(dir.path().join("own"), several("\n@@ 17 @@\n")).unwrap();
    fs::write(dir.path().join("names"), several("\nStory 7\n")).unwrap();
    assert_eq!(parse(dir.path(), &["--split", "none", "rules"]).len(), 1);
    assert_eq!(parse(dir.path(), &["own"]).len(), 1);
    let own = parse(dir.path(), &["--split", r"^@@ \d+ @@$", "own"]);
    assert_eq!(own.len(), 3);
    let names = parse(dir.path(), &["--split", r"^(Story \d+)$", "names"]);
    assert_eq!(names.len(), 3);
    let refused = run(dir.path(), &["parse", "--split", "(", "rules"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("no such pattern"), "{}", refused.err);
}

#[test]
fn parted_stories_are_stored_each_with_its_own_bytes() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("wire.txt"), several("\n-30-\n\n")).unwrap();
    let said = archive(dir.path(), ["ingest", "wire.txt"]).succeeds();
    assert!(said.starts_with("3 stored in archive\n"), "{said}");
    let again = archive(dir.path(), ["ingest", "wire.txt"]).succeeds();
    assert_eq!(again, "nothing new: 3 already there\n");
    let verified = archive(dir.path(), ["verify", "--all"]).succeeds();
    assert!(verified.contains("all is well"), "{verified}");
    let rebuilt = archive(dir.path(), ["rebuild"]).run();
    assert_eq!(rebuilt.code, Some(0), "{}", rebuilt.err);
    let found = archive(dir.path(), ["list", "--jsonl"]).succeeds();
    assert_eq!(found.lines().count(), 3);
}

#[test]
fn given_facts_fill_what_the_story_leaves_empty() {
    let dir = tempfile::tempdir().unwrap();
    let name = "gazette_2024-03-05_bridge-opens.txt";
    fs::write(dir.path().join(name), story("Bridge opens")).unwrap();
    let pattern = ["--name-pattern", "{outlet}_{date}_{slug}", name];
    let [record] = parse(dir.path(), &pattern).try_into().unwrap();
    assert_eq!(record["published"], "2024-03-05");
    assert_eq!(record["slug"], "bridge-opens");
    assert_eq!(record["wire"]["publication"], "gazette");
    assert_eq!(
        record["wire"]["given"],
        json!({"date": "2024-03-05", "publication": "gazette", "slug": "bridge-opens"})
    );
    let codes: Vec<_> = record["warnings"].as_array().unwrap().iter().collect();
    assert!(codes.iter().all(|warning| warning["code"] != "no-date"));
    // What the story says itself stays.
    let dated = story("Bridge opens").replace("OSTEND (INA)", "OSTEND, June 7, 2019 (INA)");
    fs::write(dir.path().join("dated.txt"), dated).unwrap();
    let set = [
        "--set",
        "date=20240305",
        "--set",
        "publication=Gazette",
        "dated.txt",
    ];
    let [record] = parse(dir.path(), &set).try_into().unwrap();
    assert_eq!(record["published"], "2019-06-07");
    assert_eq!(record["wire"]["given"]["date"], "2024-03-05");
}

#[test]
fn names_that_do_not_fit_are_told_and_the_others_go_on() {
    let dir = tempfile::tempdir().unwrap();
    for name in [
        "gazette_2024-03-05_a.txt",
        "gazette_2024-02-31_b.txt",
        "notes.txt",
    ] {
        fs::write(dir.path().join(name), story("Bridge opens")).unwrap();
    }
    let said = run(
        dir.path(),
        &[
            "parse",
            "--jsonl",
            "--name-pattern",
            "{outlet}_{date}_{slug}",
            ".",
        ],
    );
    assert_eq!(said.code, Some(1));
    assert_eq!(records(&said.out).len(), 1);
    let unlike =
        "notes.txt: not read, since its name is not like {outlet}_{date}_{slug}; rename it";
    assert!(said.err.contains(unlike), "{}", said.err);
    let no_day = "gazette_2024-02-31_b.txt: not read, since of its name, `2024-02-31` is no date";
    assert!(said.err.contains(no_day), "{}", said.err);
}

#[test]
fn wrong_facts_are_wrong_usage() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.txt"), story("Bridge opens")).unwrap();
    let cases: [(&[&str], &str); 7] = [
        (
            &["--set", "publicaton=Gazette"],
            "is no fact that can be given",
        ),
        (&["--set", "date=yesterday"], "is no date"),
        (&["--set", "slug"], "no `=` in it"),
        (
            &["--set", "page=1", "--set", "page=2"],
            "page is given twice",
        ),
        (&["--name-pattern", "{day}"], "is no fact that can be given"),
        (&["--name-pattern", "{date}{slug}"], "side by side"),
        (
            &["--set", "date=20240305", "--name-pattern", "{date}"],
            "leave it out of one",
        ),
    ];
    for (arguments, message) in cases {
        let arguments: Vec<&str> = ["parse", "a.txt"]
            .into_iter()
            .chain(arguments.to_vec())
            .collect();
        let said = run(dir.path(), &arguments);
        assert_eq!(said.code, Some(2), "{arguments:?}");
        assert!(said.err.contains(message), "{arguments:?}: {}", said.err);
    }
}

#[test]
fn given_facts_stay_in_the_archive_whatever_is_done_to_it() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    for (name, headline) in [
        ("gazette_2024-03-05_a", "Bridge opens"),
        ("post_2023-01-02_b", "Ferry"),
    ] {
        fs::write(dir.path().join(format!("in/{name}.txt")), story(headline)).unwrap();
    }
    let pattern = ["--name-pattern", "{outlet}_{date}_{slug}"];
    let ingest = |more: &[&str]| {
        let arguments = ["ingest", "in"].iter().chain(more);
        archive(dir.path(), arguments).succeeds()
    };
    let given = |root: &str| {
        let exported = archive(dir.path(), ["export", "--archive", root]).succeeds();
        let mut given: Vec<(Value, Value)> = records(&exported)
            .iter()
            .map(|r| {
                (
                    r["published"].clone(),
                    r["wire"]["given"]["publication"].clone(),
                )
            })
            .collect();
        given.sort_by_key(|(published, _)| published.to_string());
        given
    };
    let wanted = [
        (json!("2023-01-02"), json!("post")),
        (json!("2024-03-05"), json!("gazette")),
    ];
    assert!(ingest(&pattern).starts_with("2 stored"));
    assert_eq!(given("archive"), wanted);
    assert_eq!(ingest(&pattern), "nothing new: 2 already there\n");
    // Files that come without facts take none away.
    assert_eq!(ingest(&[]), "nothing new: 2 already there\n");
    archive(dir.path(), ["rebuild"]).succeeds();
    assert_eq!(given("archive"), wanted);
    archive(dir.path(), ["merge", "--archive", "other", "archive"]).succeeds();
    assert_eq!(given("other"), wanted);
    for root in ["archive", "other"] {
        let verified = archive(dir.path(), ["verify", "--all", "--archive", root]).succeeds();
        assert!(verified.contains("all is well"), "{verified}");
    }
    // The same file with other facts corrects them.
    let set = [
        "--set",
        "publication=Island Gazette",
        "--set",
        "date=2022-02-02",
    ];
    assert!(ingest(&set).contains("2 updated"));
    assert_eq!(
        given("archive")[0],
        (json!("2022-02-02"), json!("Island Gazette"))
    );
}

#[test]
fn the_same_bytes_from_two_files_keep_the_facts_of_the_first() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    for name in ["gazette_2024-03-05", "post_2024-03-06"] {
        fs::write(
            dir.path().join(format!("in/{name}.txt")),
            story("Bridge opens"),
        )
        .unwrap();
    }
    let arguments = ["ingest", "in", "--name-pattern", "{outlet}_{date}"];
    archive(dir.path(), arguments).succeeds();
    for _ in 0..2 {
        let said = archive(dir.path(), arguments).succeeds();
        assert_eq!(said, "nothing new: 2 already there\n");
    }
    let ledger = fs::read_to_string(dir.path().join("archive/ledger/000001.jsonl")).unwrap();
    let lines = records(&ledger);
    let given: Vec<_> = lines
        .iter()
        .map(|line| line["options"]["facts"]["publication"].clone())
        .collect();
    assert_eq!(given, [json!("gazette"), json!("post")]);
    let record = records(&archive(dir.path(), ["export"]).succeeds()).remove(0);
    assert_eq!(record["wire"]["publication"], "gazette");
}
