//! The commands that ask an archive, from the outside.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use assert_cmd::Command;
use predicates::prelude::*;
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tempfile::TempDir;

const STRIKE: &str = "UPDATE 2-Port strike ends after nine days\nBy Ana Ruiz\n\nLIMA, March 3 \
                      (AP) - Dockers in the port of Callao went back to work on Monday.\n\n\"We \
                      are tired, and we have won,\" said Marta Solís, head of the union.\n\nOld \
                      hands had seen it coming.\n";
const FERRY: &str = "Night ferry returns\nBy Jörg Berg\n\nBERLIN, May 4 (Reuters) - The night \
                     ferry sails again.\n\n\"Nobody walked,\" Otto Brandt said. A strike of the \
                     pilots was called off.\n\n\"It was close,\" Brandt said.\n";
const ESCAPES: &str = "Harbour \u{1b}[31mred\u{202e} light\nBy Ana Ruiz\n\nLISMOOR, June 5 (AP) - \
                       The light at the \u{9b}2Jharbour burns red.\n";

/// An archive `archive` in a directory of its own, with our stories and the seeds, dated by --year.
struct Made {
    dir: TempDir,
}

fn made() -> Made {
    let dir = tempfile::tempdir().unwrap();
    let inbox = dir.path().join("in");
    fs::create_dir(&inbox).unwrap();
    for (name, text) in [
        ("strike.txt", STRIKE),
        ("ferry.txt", FERRY),
        ("escapes.txt", ESCAPES),
    ] {
        fs::write(inbox.join(name), text).unwrap();
    }
    let made = Made { dir };
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    made.command(&["ingest", "in", "--year", "2024"])
        .arg(seeds)
        .assert()
        .code(0);
    made
}

impl Made {
    fn root(&self) -> PathBuf {
        self.dir.path().join("archive")
    }

    fn catalog(&self) -> PathBuf {
        self.root().join("catalog.sqlite")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::cargo_bin("archive").unwrap();
        command
            .current_dir(&self.dir)
            .env_remove("ARCHIVE_DIR")
            .env("XDG_CONFIG_HOME", "/nonexistent")
            .args(args);
        command
    }

    /// Standard output of a run that went well and said nothing on standard error.
    fn output(&self, args: &[&str]) -> String {
        let output = self.command(args).output().unwrap();
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert!(
            output.status.success() && complaint.is_empty(),
            "{args:?}: {complaint}"
        );
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.output(args)).unwrap()
    }

    /// Returns the one line on standard error of a run that failed with `code` and printed nothing.
    fn complaint(&self, args: &[&str], code: i32) -> String {
        let output = self.command(args).output().unwrap();
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {complaint}");
        assert!(output.stdout.is_empty(), "{args:?}");
        complaint
    }

    fn id(&self, word: &str) -> String {
        self.json(&["search", word, "--json"])[0]["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    fn records(&self) -> Vec<(PathBuf, Value)> {
        let entries = walkdir::WalkDir::new(self.root().join("records"))
            .into_iter()
            .map(Result::unwrap);
        let files = entries
            .filter(|entry| entry.file_type().is_file())
            .map(walkdir::DirEntry::into_path);
        files
            .map(|path| {
                (
                    path.clone(),
                    serde_json::from_slice(&fs::read(path).unwrap()).unwrap(),
                )
            })
            .collect()
    }
}

/// Returns the values of one key.
fn values<'v>(rows: &'v Value, key: &str) -> Vec<&'v str> {
    rows.as_array()
        .unwrap()
        .iter()
        .map(|row| row[key].as_str().unwrap_or_default())
        .collect()
}

#[test]
fn lists_have_every_story_in_order() {
    let made = made();
    let rows = made.json(&["list", "--json"]);
    let rows = rows.as_array().unwrap();
    let records = made.records();
    assert_eq!(rows.len(), records.len());
    for (path, record) in &records {
        let row = rows.iter().find(|row| row["id"] == record["id"]).unwrap();
        for key in [
            "headline",
            "subheadline",
            "slug",
            "published",
            "updated",
            "agency",
            "language",
            "source_url",
        ] {
            assert_eq!(row[key], record[key], "{key}");
        }
        assert_eq!(row["bytes"], record["source"]["bytes"]);
        assert_eq!(row["paragraphs"], record["body"].as_array().unwrap().len());
        assert_eq!(made.root().join(row["record"].as_str().unwrap()), *path);
    }
    let keys: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row["date"].is_null(),
                row["date"].as_str(),
                row["published"].as_str(),
                row["id"].as_str(),
            )
        })
        .collect();
    assert!(keys.is_sorted(), "{keys:?}");
    let lines = made.output(&["list", "--jsonl"]);
    assert_eq!(
        lines
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .collect::<Vec<_>>(),
        *rows
    );
    let table = made.output(&["list"]);
    assert!(
        table.starts_with("id\tdate\tagency\tplace\tauthors\t"),
        "{table}"
    );
    assert_eq!(table.lines().count(), rows.len() + 1);
    assert!(
        table.lines().all(|line| line.split('\t').count() == 13),
        "{table}"
    );
}

#[test]
fn lists_are_filtered() {
    let made = made();
    let headlines = |args: &[&str]| {
        let rows = made.json(&[&["list", "--json"], args].concat());
        values(&rows, "headline")
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (strike, ferry) = ("Port strike ends after nine days", "Night ferry returns");
    assert_eq!(headlines(&["--author", "berg"]), [ferry]);
    assert_eq!(
        headlines(&["--author", "jorg BERG", "--agency", "reuters"]),
        [ferry]
    );
    assert_eq!(headlines(&["--place", "lima"]), [strike]);
    assert_eq!(
        headlines(&["--version", "update", "--place", "lima"]),
        [strike]
    );
    assert_eq!(
        headlines(&[
            "--after",
            "2024-05-04",
            "--before",
            "2024-05-05",
            "--agency",
            "Reuters"
        ]),
        [ferry]
    );
    assert_eq!(
        headlines(&[
            "--after",
            "2024-03-03",
            "--before",
            "2024-03-04",
            "--place",
            "lima"
        ]),
        [strike]
    );
    made.command(&["list", "--after", "2024-03-04", "--place", "lima", "--json"])
        .assert()
        .code(0)
        .stdout(
            "[]
",
        );
    assert_eq!(
        headlines(&["--language", "PL"]),
        ["Nocny prom wróci w maju"]
    );
    let ap = made.json(&["list", "--json", "--agency", "Associated Press"]);
    assert!(
        values(&ap, "agency").iter().all(|agency| *agency == "AP")
            && ap.as_array().unwrap().len() >= 3
    );
}

#[test]
fn shows_are_for_reading_and_for_programs() {
    let made = made();
    let id = made.id("callao");
    let text = made.output(&["show", &id[..6]]);
    assert!(
        text.starts_with(
            "Port strike ends after nine days\nBy Ana Ruiz\nLIMA, March 3 (AP) -\n\nDockers in"
        ),
        "{text}"
    );
    fs::write(made.dir.path().join("strike.txt"), STRIKE).unwrap();
    assert_eq!(
        text,
        made.output(&["parse", "--format", "text", "strike.txt"])
    );
    let (path, record) = made
        .records()
        .into_iter()
        .find(|(_, record)| record["id"] == id.as_str())
        .unwrap();
    assert_eq!(
        made.output(&["show", &id.to_uppercase(), "--json"]),
        fs::read_to_string(path).unwrap()
    );
    assert_eq!(
        made.json(&[
            "show",
            record["source"]["sha256"].as_str().unwrap(),
            "--json"
        ]),
        record
    );
}

#[test]
fn raw_bytes_come_back_exactly() {
    let made = made();
    let seed =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/russian-windows-1251.txt"))
            .unwrap();
    let id = made.id("lang:ru");
    made.command(&["raw", &id[..8]])
        .assert()
        .code(0)
        .stdout(seed.clone());
    // Damage is told, behind the bytes.
    let sha256 = made.json(&["show", &id, "--json"])["source"]["sha256"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = made.root().join("raw").join(&sha256[..2]).join(&sha256);
    fs::write(&path, &seed[1..]).unwrap();
    made.command(&["raw", &id])
        .assert()
        .code(1)
        .stdout(seed[1..].to_vec())
        .stderr(predicate::str::contains("not those that its name promises"));
    fs::remove_file(&path).unwrap();
    assert!(made.complaint(&["raw", &id], 1).contains("cannot be read"));
}

#[test]
fn searches_find_the_best_first() {
    let made = made();
    let found = |query: &str| {
        let rows = made.json(&["search", query, "--json"]);
        values(&rows, "headline")
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        found("strike"),
        ["Port strike ends after nine days", "Night ferry returns"]
    );
    assert_eq!(found("strike -dockers"), ["Night ferry returns"]);
    assert_eq!(found("speaker:solis"), ["Port strike ends after nine days"]);
    assert_eq!(
        found("\"night ferry sails\" agency:reuters on:2024-05"),
        ["Night ferry returns"]
    );
    let rows = made.json(&["search", "call* off", "--json"]);
    let snippet = &rows[0]["snippet"];
    let [start, end] =
        [0, 1].map(|n| usize::try_from(snippet["marks"][0][n].as_u64().unwrap()).unwrap());
    let marked: String = snippet["text"]
        .as_str()
        .unwrap()
        .chars()
        .skip(start)
        .take(end - start)
        .collect();
    assert_eq!(marked, "called");
    assert!(rows[0]["score"].as_f64().unwrap() > 0.0);
    let rows = made.output(&["search", "ferry", "--limit", "1"]);
    assert_eq!(rows.lines().count(), 2, "{rows}");
    assert!(
        made.output(&["search", "the", "--limit", "0", "--jsonl"])
            .lines()
            .count()
            > 3
    );
    // Several arguments are one query.
    assert_eq!(
        made.output(&["search", "strike", "--", "-dockers"]),
        made.output(&["search", "strike -dockers"])
    );
}

#[test]
fn finding_nothing_is_no_failure() {
    let made = made();
    made.command(&["search", "xylophone"])
        .assert()
        .code(0)
        .stdout("id\tdate\tagency\tscore\theadline\tsnippet\n")
        .stderr(predicate::str::contains("nothing found"));
    made.command(&["search", "xylophone", "--json"])
        .assert()
        .code(0)
        .stdout("[]\n");
    made.command(&["list", "--author", "nobody", "--jsonl"])
        .assert()
        .code(0)
        .stdout("")
        .stderr(predicate::str::contains("no story"));
    made.command(&["quotes", "--speaker", "nobody", "--json"])
        .assert()
        .code(0)
        .stdout("[]\n");
    made.command(&[
        "export",
        "--author",
        "nobody",
        "--format",
        "csv",
        "--what",
        "paragraphs",
    ])
    .assert()
    .code(0)
    .stdout("id,date,agency,headline,n,kind,text\n");
}

#[test]
fn quotes_tell_who_said_what() {
    let made = made();
    let quotes = made.json(&[
        "quotes",
        "--speaker",
        "brandt",
        "--after",
        "2024-05",
        "--before",
        "2024-05-05",
        "--json",
    ]);
    assert_eq!(values(&quotes, "text"), ["Nobody walked,", "It was close,"]);
    assert_eq!(values(&quotes, "speaker"), ["Otto Brandt", "Otto Brandt"]);
    assert_eq!(values(&quotes, "cue"), ["said", "said"]);
    // The same as the records have.
    let count = |kinds: &[&str]| -> usize {
        let records = made.records();
        let quotes = records
            .iter()
            .flat_map(|(_, record)| record["quotes"].as_array().unwrap());
        let wanted = quotes.filter(|quote| kinds.contains(&quote["kind"].as_str().unwrap()));
        wanted.count()
    };
    let listed = |args: &[&str]| made.json(args).as_array().unwrap().len();
    assert_eq!(listed(&["quotes", "--json"]), count(&["direct", "mixed"]));
    let indirect = listed(&["quotes", "--indirect", "--json"]);
    assert_eq!(indirect, count(&["direct", "mixed", "indirect"]));
    let all: usize = made
        .records()
        .iter()
        .map(|(_, record)| record["quotes"].as_array().unwrap().len())
        .sum();
    assert_eq!(
        made.output(&["export", "--what", "quotes"]).lines().count(),
        all
    );
    let top = made.json(&["quotes", "--top", "--json", "--limit", "0"]);
    let brandt = top
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["speaker"] == "Otto Brandt")
        .unwrap();
    assert!(
        brandt["quotes"].as_u64().unwrap() >= 2 && brandt["stories"].as_u64().unwrap() >= 1,
        "{brandt}"
    );
    let counts: Vec<u64> = top
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["quotes"].as_u64().unwrap())
        .collect();
    assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
    assert_eq!(
        made.output(&["quotes", "--top", "--limit", "2"])
            .lines()
            .count(),
        3
    );
}

#[test]
fn stats_add_up() {
    let made = made();
    let stats = made.json(&["stats", "--json"]);
    let records = made.records();
    let sum = |key: &str| {
        stats[key]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["count"].as_u64().unwrap())
            .sum::<u64>()
    };
    let stories = records.len() as u64;
    assert_eq!(stats["totals"]["stories"], stories);
    for key in ["days", "years", "agencies", "places", "languages"] {
        assert_eq!(sum(key), stories, "{key}");
    }
    let bytes: u64 = records
        .iter()
        .map(|(_, record)| record["source"]["bytes"].as_u64().unwrap())
        .sum();
    assert_eq!(stats["totals"]["raw_bytes"], bytes);
    let warnings: usize = records
        .iter()
        .map(|(_, record)| record["warnings"].as_array().unwrap().len())
        .sum();
    assert_eq!(sum("warnings"), warnings as u64);
    let some = made.json(&["stats", "--json", "--place", "lima"]);
    assert_eq!(
        (&some["totals"]["stories"], &some["agencies"][0]["name"]),
        (&1.into(), &"AP".into())
    );
    let lines = made.output(&["stats", "--place", "lima"]);
    assert!(
        lines.starts_with("what\tname\tcount\ntotal\tstories\t1\n")
            && lines.contains("\nauthor\tAna Ruiz\t1\n"),
        "{lines}"
    );
}

#[test]
fn exports_are_complete_and_can_be_read_back() {
    let made = made();
    let lines = made.output(&["export"]);
    let mut records: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let mut stored: Vec<Value> = made
        .records()
        .into_iter()
        .map(|(_, record)| record)
        .collect();
    records.sort_by_key(|record| record["id"].to_string());
    stored.sort_by_key(|record| record["id"].to_string());
    assert!(records == stored);
    for what in ["stories", "paragraphs", "quotes"] {
        let csv = made.output(&["export", "--what", what, "--format", "csv"]);
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let lines = made.output(&["export", "--what", what, "--format", "jsonl"]);
        assert_eq!(rows.len(), lines.lines().count(), "{what}");
        let names = reader.headers().unwrap().clone();
        for (row, line) in rows.iter().zip(lines.lines()) {
            let object: Value = serde_json::from_str(line).unwrap();
            for (name, field) in names.iter().zip(row) {
                match &object[name] {
                    Value::String(text) => assert_eq!(text, field, "{name}"),
                    Value::Number(number) => assert_eq!(number.to_string(), field, "{name}"),
                    _ => {}
                }
            }
        }
    }
    let paragraphs = made.output(&["export", "--what", "paragraphs", "--place", "lima"]);
    let texts: Vec<String> = paragraphs
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["text"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(texts.last().unwrap(), "Old hands had seen it coming.");
    let (path, record) = stored_file(&made);
    fs::write(path, "{").unwrap();
    made.command(&["export"])
        .assert()
        .code(1)
        .stderr(predicate::str::contains("cannot be read as a record"));
    assert_eq!(
        made.command(&["export"])
            .output()
            .unwrap()
            .stdout
            .split(|b| *b == b'\n')
            .count(),
        lines.lines().count()
    );
    assert!(
        made.complaint(&["show", record["id"].as_str().unwrap()], 1)
            .contains("cannot be read as a record")
    );
}

fn stored_file(made: &Made) -> (PathBuf, Value) {
    made.records().swap_remove(0)
}

#[test]
fn a_story_moves_and_its_old_reading_is_forgotten() {
    let made = made();
    made.command(&["ingest", "in", "--year", "2023"])
        .assert()
        .code(0);
    let rows = made.json(&["list", "--json", "--place", "lima"]);
    assert_eq!(values(&rows, "date"), ["2023-03-03"]);
    assert!(made.root().join(values(&rows, "record")[0]).exists());
    assert_eq!(
        made.json(&["search", "callao", "--json"])
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn the_catalog_remembers_where_stories_came_from() {
    let made = made();
    let count = || {
        let catalog = rusqlite::Connection::open(made.catalog()).unwrap();
        catalog
            .query_row(
                "SELECT count(*), count(DISTINCT id), min(path) FROM sources",
                [],
                |row| Ok((row.get::<_, u64>(0)?, row.get::<_, u64>(1)?)),
            )
            .unwrap()
    };
    let (before, stories) = count();
    assert_eq!(before, stories);
    made.command(&["ingest", "in", "--year", "2024"])
        .assert()
        .code(0);
    assert_eq!(
        count(),
        (before, stories),
        "the same from the same place is no news"
    );
    fs::rename(
        made.dir.path().join("in"),
        made.dir.path().join("elsewhere"),
    )
    .unwrap();
    made.command(&["ingest", "elsewhere", "--year", "2024"])
        .assert()
        .code(0)
        .stdout(predicate::str::starts_with("nothing new"));
    assert_eq!(count(), (before + 3, stories));
}

#[test]
fn mistakes_get_one_clear_sentence() {
    let made = made();
    let list = made.json(&["list", "--json"]);
    let nine: Vec<String> = (0..10)
        .map(|n| format!("{n:04}"))
        .filter(|start| !values(&list, "id").iter().any(|id| id.starts_with(start)))
        .collect();
    let unknown = made.complaint(&["show", &nine[0]], 1);
    assert_eq!(
        unknown,
        format!(
            "archive: no story has an id that begins with `{}`; `archive list` shows the ids\n",
            nine[0]
        )
    );
    for id in ["abc", "not-hex", "../../etc"] {
        assert!(
            made.complaint(&["raw", id], 1)
                .contains("is not an id; give 4 to 64 hex digits"),
            "{id}"
        );
    }
    assert!(
        made.complaint(&["list", "--after", "yesterday"], 2)
            .contains("`yesterday` is not a date; write a year, a month or a day, such as 2020")
    );
    assert!(
        made.complaint(&["list", "--author", "…"], 2)
            .contains("`--author …` has no word to look for")
    );
    assert!(
        made.complaint(&["search", "spaeker:solis"], 2)
            .contains("`spaeker:` is not a field")
    );
    assert!(
        made.complaint(&["search", "\"port"], 2)
            .contains("is never closed; write \"port\"")
    );
    for command in [
        &["list"][..],
        &["show", "abcd"],
        &["raw", "abcd"],
        &["search", "a"],
        &["quotes"],
        &["stats"],
        &["export"],
        &["reindex"],
    ] {
        let none = made.complaint(&[command, &["--archive", "nowhere"]].concat(), 1);
        assert!(
            none.contains("nowhere: no archive is there (no archive.json); give its directory")
                && none.lines().count() == 1,
            "{none}"
        );
        let other = made.complaint(&[command, &["--archive", "in"]].concat(), 1);
        assert!(
            other.contains("in: no archive is there (no archive.json)")
                && other.lines().count() == 1,
            "{other}"
        );
    }
    assert!(!made.dir.path().join("nowhere").exists());
}

#[test]
fn an_id_that_is_too_short_lists_its_candidates() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    let made = Made { dir };
    // Two stories whose hashes begin with the same four digits, found by trying.
    let mut seen = std::collections::HashMap::new();
    for n in 0.. {
        let text = format!("Ferry number {n} sails\n\nLISMOOR, June 5 (AP) - It sailed at noon.\n");
        let id = archive::parse(text.as_bytes(), &archive::ParseOptions::default()).id;
        if let Some(other) = seen.insert(id[..4].to_owned(), text.clone()) {
            fs::write(made.dir.path().join("in/a"), other).unwrap();
            fs::write(made.dir.path().join("in/b"), text).unwrap();
            made.command(&["ingest", "in"]).assert().code(0);
            let complaint = made.complaint(&["show", &id[..4]], 1);
            assert!(
                complaint.starts_with(&format!(
                    "archive: several stories have an id that begins with `{}`; give more digits: ",
                    &id[..4]
                )),
                "{complaint}"
            );
            assert_eq!(
                complaint.matches("(Ferry number ").count(),
                2,
                "{complaint}"
            );
            assert!(made.output(&["show", &id]).starts_with("Ferry number"));
            return;
        }
    }
}

#[test]
fn a_missing_catalog_is_made_anew_and_a_damaged_one_is_told() {
    let made = made();
    let before = made.output(&["list", "--json"]);
    fs::remove_file(made.catalog()).unwrap();
    made.command(&["list", "--json"])
        .assert()
        .code(0)
        .stdout(before.clone())
        .stderr(predicate::str::contains("rebuilt from"));
    // As a program of another version would leave it.
    rusqlite::Connection::open(made.catalog())
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    made.command(&["list", "--json"])
        .assert()
        .code(0)
        .stdout(before.clone())
        .stderr(predicate::str::contains("rebuilt from"));
    assert_eq!(made.output(&["list", "--json"]), before, "once is enough");
    fs::write(made.catalog(), "this is no database").unwrap();
    for command in [
        &["list"][..],
        &["search", "strike"],
        &["stats"],
        &["ingest", "in"],
    ] {
        let complaint = made.complaint(command, 1);
        assert!(
            complaint.contains("catalog.sqlite: the catalog is damaged")
                && complaint.contains("`archive reindex`"),
            "{complaint}"
        );
        assert_eq!(complaint.lines().count(), 1, "{complaint}");
    }
    made.command(&["reindex"])
        .assert()
        .code(0)
        .stdout(predicate::str::ends_with("stories in the catalog\n"));
    assert_eq!(made.output(&["list", "--json"]), before);
    // Damage in the middle of the file.
    let mut bytes = fs::read(made.catalog()).unwrap();
    bytes[4096..].fill(0xa5);
    fs::write(made.catalog(), bytes).unwrap();
    let output = made.command(&["list"]).output().unwrap();
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("the catalog is damaged")
    );
    made.command(&["reindex"]).assert().code(0);
    assert_eq!(made.output(&["list", "--json"]), before);
    let names: Vec<_> = fs::read_dir(made.root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 7, "nothing is left lying about: {names:?}");
}

#[test]
fn reindex_leaves_out_what_it_cannot_read_and_says_so() {
    let made = made();
    let (path, _) = stored_file(&made);
    let count = made.records().len();
    fs::write(&path, "{\"id\": 1}").unwrap();
    made.command(&["reindex"])
        .assert()
        .code(1)
        .stdout(format!(
            "{} stories in the catalog\n1 records left out\n",
            count - 1
        ))
        .stderr(
            predicate::str::contains(path.file_name().unwrap().to_str().unwrap())
                .and(predicate::str::contains("cannot be read as a record")),
        );
    assert_eq!(
        made.json(&["list", "--json"]).as_array().unwrap().len(),
        count - 1
    );
}

#[test]
fn output_is_exact_in_a_pipe() {
    // What a story keeps of its escapes is up to the parser; what the record has, the pipe has.
    let made = made();
    let record = made
        .records()
        .into_iter()
        .map(|(_, record)| record)
        .find(|record| {
            record["headline"]
                .as_str()
                .unwrap_or_default()
                .contains("light")
        })
        .unwrap();
    let headline = record["headline"].as_str().unwrap();
    assert!(
        made.output(&["show", record["id"].as_str().unwrap()])
            .starts_with(&format!("{headline}\n"))
    );
    assert!(made.output(&["list"]).contains(headline));
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let made = made();
    // More than a pipe holds.
    fs::create_dir(made.dir.path().join("many")).unwrap();
    for n in 0..300 {
        let body = format!(
            "\"We will sail again,\" said Otto Brandt. {}",
            "The sea was calm. ".repeat(60)
        );
        fs::write(
            made.dir.path().join(format!("many/{n}.txt")),
            format!("Ferry number {n} sails\n\nLISMOOR, June 5 (AP) - {body}\n"),
        )
        .unwrap();
    }
    made.command(&["ingest", "many"]).assert().code(0);
    for args in [
        &["export"][..],
        &["export", "--what", "paragraphs", "--format", "csv"],
        &["search", "sea", "--limit", "0", "--json"],
        &["list", "--jsonl"],
    ] {
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("archive"))
            .current_dir(&made.dir)
            .env_remove("ARCHIVE_DIR")
            .env("XDG_CONFIG_HOME", "/nonexistent")
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::with_capacity(64, child.stdout.take().unwrap())
            .read_line(&mut first)
            .unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            (
                output.status.code(),
                String::from_utf8(output.stderr).unwrap().as_str()
            ),
            (Some(0), ""),
            "{args:?}"
        );
        assert!(!first.is_empty());
    }
}

#[test]
fn readers_go_on_while_the_catalog_is_written() {
    let made = made();
    let before = made.output(&["list", "--json"]);
    // A writer in the middle of its work.
    let writer = rusqlite::Connection::open(made.catalog()).unwrap();
    writer
        .execute_batch("BEGIN IMMEDIATE; UPDATE stories SET headline = NULL;")
        .unwrap();
    assert_eq!(made.output(&["list", "--json"]), before);
    assert_eq!(
        made.output(&["search", "strike", "--jsonl"])
            .lines()
            .count(),
        2
    );
}

/// Returns one story in five versions, and another; `a` and `c` are the same text.
fn versions() -> TempDir {
    let lead = [
        "The harbour board voted on Tuesday to close the old ferry slip for repairs that will \
         last until spring.",
        "Divers found cracks in eleven of the forty piles, which were driven before the war.",
        "About 4,000 people use the crossing on a working day, and most of them will have to take \
         the bus.",
    ];
    let update = [
        lead[0],
        "Divers found cracks in twelve of the forty piles, which were driven before the war.",
        lead[2],
        "Buses will be free, the mayor said.",
    ];
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    for (name, headline, body) in [
        ("a.txt", "Board to close ferry slip", lead.join("\n\n")),
        (
            "b.txt",
            "UPDATE 1-Board to close ferry slip",
            update.join("\n\n"),
        ),
        (
            "c.txt",
            "Ferry slip to close, board decides",
            lead.join("\r\n\r\n"),
        ),
        (
            "d.txt",
            "STORY WITHDRAWN-Board to close ferry slip",
            "The story is withdrawn. Please do not use it.".to_owned(),
        ),
        (
            "e.txt",
            "Beet prices fall again",
            "Growers met in the square to burn what they could not sell.".to_owned(),
        ),
    ] {
        let copy = format!("{headline}\n\nBy Ana Ruiz\n\nOSTEND, March 4, 2025 (AFP) - {body}\n");
        fs::write(dir.path().join("in").join(name), copy).unwrap();
    }
    dir
}

fn run(dir: &TempDir, args: &[&str]) -> String {
    let output = Command::cargo_bin("archive")
        .unwrap()
        .current_dir(dir)
        .env_remove("ARCHIVE_DIR")
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .args(args)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the id of the story that came from a file.
fn id_of(dir: &TempDir, headline: &str, version: Option<&str>) -> String {
    let list: Vec<Value> = serde_json::from_str(&run(dir, &["list", "--json"])).unwrap();
    let story = list
        .iter()
        .find(|story| story["headline"] == headline && story["version"].as_str() == version)
        .unwrap();
    story["id"].as_str().unwrap().to_owned()
}

#[test]
fn versions_are_linked_in_any_order() {
    let told = |files: &[&str]| {
        let dir = versions();
        for file in files {
            run(&dir, &["ingest", file]);
        }
        let id = id_of(&dir, "Board to close ferry slip", None);
        let before = run(&dir, &["show", &id, "--versions", "--json"]);
        run(&dir, &["reindex"]);
        assert_eq!(run(&dir, &["show", &id, "--versions", "--json"]), before);
        let other = id_of(&dir, "Beet prices fall again", None);
        assert_eq!(
            run(&dir, &["show", &other, "--versions"]).lines().count(),
            2,
            "only itself, under the names of the columns"
        );
        before
    };
    let links = |files: &[&str]| -> Vec<Value> { serde_json::from_str(&told(files)).unwrap() };
    let mut forwards = links(&["in"]);
    let mut backwards = links(&["in/e.txt", "in/d.txt", "in/c.txt", "in/b.txt", "in/a.txt"]);
    for links in [&forwards, &backwards] {
        let copies: Vec<&Value> = links
            .iter()
            .filter(|link| !link["duplicate_of"].is_null())
            .collect();
        assert_eq!(copies.len(), 1, "{links:?}");
        let is_later_copy = |link: &Value| link["duplicate_of"] == copies[0]["id"];
        assert!(!links.iter().any(is_later_copy));
    }
    let copies = [&forwards, &backwards].map(|links| {
        let copy = links.iter().find(|link| !link["duplicate_of"].is_null());
        copy.unwrap()["headline"].clone()
    });
    assert_eq!(
        copies,
        [
            "Ferry slip to close, board decides",
            "Board to close ferry slip"
        ],
        "it is the one that came later"
    );
    for link in forwards.iter_mut().chain(&mut backwards) {
        link["duplicate_of"] = Value::Null;
    }
    assert_eq!(forwards, backwards, "all else is the same in any order");
    let links = forwards;
    let flags: Vec<_> = links
        .iter()
        .map(|link| {
            (
                link["version"].as_str(),
                link["kills"] == true,
                link["killed"] == true,
            )
        })
        .collect();
    assert_eq!(
        flags,
        [
            (None, false, true),
            (None, false, true),
            (Some("UPDATE 1-"), false, true),
            (Some("STORY WITHDRAWN-"), true, false)
        ]
    );
}

#[test]
fn diff_tells_what_changed() {
    let dir = versions();
    run(&dir, &["ingest", "in"]);
    let from = id_of(&dir, "Board to close ferry slip", None);
    let to = id_of(&dir, "Board to close ferry slip", Some("UPDATE 1-"));
    assert_eq!(
        run(&dir, &["diff", &from[..8], &to[..8]]),
        "  = 1 paragraph\n\n  ~ Divers found cracks in [-eleven-]{+twelve+} of the forty piles, \
         which were driven before the war.\n\n  = 1 paragraph\n\n  + Buses will be free, the \
         mayor said.\n\n"
    );
    let changes: Vec<Value> =
        serde_json::from_str(&run(&dir, &["diff", &from, &to, "--json"])).unwrap();
    assert_eq!(
        changes.last().unwrap()["to"],
        "Buses will be free, the mayor said."
    );
    assert!(run(&dir, &["diff", &from, &from]).ends_with("the same in every paragraph\n"));
}

#[test]
fn near_duplicates_are_left_out_on_request() {
    let dir = versions();
    assert!(
        run(&dir, &["ingest", "in", "--skip-near-duplicates"])
            .contains("4 stored in archive\n0 already there\n0 updated\n1 skipped as near")
    );
    let ledger = || fs::read_to_string(dir.path().join("archive/ledger/000001.jsonl")).unwrap();
    let before = ledger();
    assert!(
        before
            .lines()
            .any(|line| line.contains("\"event\":\"near-duplicate\"") && line.contains("in/c.txt"))
    );
    // Known to the archive, and not told twice.
    assert_eq!(
        run(&dir, &["ingest", "in", "--skip-near-duplicates"]),
        "nothing new: 4 already there\n1 skipped as near-duplicates of other stories\n"
    );
    assert_eq!(ledger(), before);
    run(&dir, &["verify", "--all"]);
    // Wanted after all.
    assert!(run(&dir, &["ingest", "in/c.txt"]).starts_with("1 stored"));
}

/// An update in which one word changed is news, however much of the text stayed.
#[test]
fn no_update_passes_for_a_near_duplicate() {
    let body = "A ferry caught fire off the quay late on Monday and 12 people were dead by \
                midnight, the harbour board said.\n\n\
        Divers went on with the search although the wind was strong, and the captain was on the \
                bridge to the end.\n\n\
        The board has promised to look into it, and it will hear the crew and the divers before \
                the end of the month.\n\n\
        Most of those on board were on their way home from the fair, which closes for the winter \
                at the end of the week.\n";
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    let changes = [
        ("a", "", ""),
        ("b", "12 people", "21 people"),
        ("c", "wind was strong", "wind was not strong"),
        ("d", "Monday", "Sunday"),
        ("e", "the harbour board said", "the harbour police said"),
        // The last two say what the first one says.
        ("f", " and 12", "\nand 12"),
        ("g", "captain", "CAPTAIN"),
    ];
    for (name, from, to) in changes {
        let body = body.replacen(from, to, 1);
        let copy = format!("Ferry burns\n\nOSTEND, March 4, 2025 (AFP) - {body}");
        fs::write(dir.path().join(format!("in/{name}.txt")), copy).unwrap();
    }
    let told = run(&dir, &["ingest", "in", "--skip-near-duplicates"]);
    assert!(
        told.contains("5 stored in archive") && told.contains("2 skipped as near-duplicates"),
        "{told}"
    );
    let id = id_of(&dir, "Ferry burns", None);
    let links: Vec<Value> =
        serde_json::from_str(&run(&dir, &["show", &id, "--versions", "--json"])).unwrap();
    assert_eq!(links.len(), 5, "they are one chain");
    assert!(links.iter().all(|link| link["duplicate_of"].is_null()));
}

#[test]
fn cells_are_guarded_where_a_spreadsheet_is_meant() {
    let dir = tempfile::tempdir().unwrap();
    let copy = "=HYPERLINK(\"http://example.org\")\n\nBy Ana Ruiz\n\nLIMA, March 3, 2021 (AP) - \
                Dockers went back to work on Tuesday.\n\n+51 is the code of the country.\n";
    fs::write(dir.path().join("a.txt"), copy).unwrap();
    run(&dir, &["ingest", "a.txt"]);
    let cells = |args: &[&str]| -> Vec<String> {
        let mut all = vec!["export", "--format", "csv", "--what", "paragraphs"];
        all.extend(args);
        let text = run(&dir, &all);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader
            .records()
            .flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
            .collect()
    };
    let acts = |cell: &&String| cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let exact = cells(&[]);
    assert!(exact.iter().filter(acts).count() >= 2, "{exact:?}");
    let guarded = cells(&["--cells", "spreadsheet"]);
    assert_eq!(guarded.iter().filter(acts).count(), 0, "{guarded:?}");
    let bare: Vec<&str> = guarded
        .iter()
        .map(|cell| cell.trim_start_matches('\''))
        .collect();
    assert_eq!(bare, exact, "nothing else changes");
}

/// A phrase has as many words as it has, with or without marks around it.
#[test]
fn a_long_phrase_is_refused_at_once() {
    let made = made();
    let phrase = format!("\"{}\"", "port ".repeat(10_000));
    for args in [
        vec!["search", phrase.as_str()],
        vec!["list", "--slug", phrase.trim_matches('"')],
    ] {
        made.command(&args)
            .assert()
            .code(2)
            .stderr(predicate::str::contains("the query is too long"));
    }
}

#[test]
fn verify_compares_the_catalog_with_the_ledger() {
    let made = made();
    made.command(&["verify", "--all"]).assert().code(0);
    let before = made.output(&["list", "--json"]);
    let tamper = |sql: &str| {
        rusqlite::Connection::open(made.catalog())
            .unwrap()
            .execute_batch(sql)
            .unwrap();
    };
    for sql in [
        "UPDATE stories SET record_sha256 = '00' WHERE story = 1",
        "PRAGMA foreign_keys = OFF; DELETE FROM stories WHERE story = 1",
    ] {
        tamper(sql);
        let found = made.command(&["verify"]).assert().code(1);
        let told = String::from_utf8(found.get_output().stdout.clone()).unwrap();
        assert!(
            told.contains("catalog.sqlite: catalog-differs:") && told.contains("`archive reindex`"),
            "{told}"
        );
        made.command(&["verify", "--repair"])
            .assert()
            .code(0)
            .stdout(predicate::str::contains(
                "catalog.sqlite: repaired: made again",
            ));
        made.command(&["verify"]).assert().code(0);
        assert_eq!(made.output(&["list", "--json"]), before);
    }
    fs::write(made.catalog(), "this is no database").unwrap();
    made.command(&["verify"])
        .assert()
        .code(1)
        .stdout(predicate::str::contains("catalog-damaged"));
    made.command(&["reindex"]).assert().code(0);
    made.command(&["verify"]).assert().code(0);
}

#[test]
fn chains_duplicates_and_times_are_listed() {
    let dir = versions();
    run(&dir, &["ingest", "in"]);
    let json = |args: &[&str]| -> Vec<Value> { serde_json::from_str(&run(&dir, args)).unwrap() };
    let links = json(&["versions", "--json"]);
    assert_eq!(links.len(), 4, "beets are alone");
    assert!(links.iter().all(|link| link["chain"] == links[0]["id"]));
    let numbers: Vec<u64> = links
        .iter()
        .map(|link| link["n"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    assert!(json(&["versions", "--since", "2026", "--json"]).is_empty());
    assert_eq!(
        json(&["versions", "--query", "headline:slip", "--json"]),
        links
    );
    let copies = json(&["duplicates", "--json"]);
    assert_eq!(copies.len(), 1);
    assert_eq!(copies[0]["headline"], "Ferry slip to close, board decides");
    assert!(
        links
            .iter()
            .any(|link| link["id"] == copies[0]["duplicate_of"])
    );
    for (by, period) in [
        ("day", "2025-03-04"),
        ("week", "2025-W10"),
        ("month", "2025-03"),
        ("year", "2025"),
    ] {
        assert_eq!(
            run(&dir, &["timeline", "--by", by, "ferry", "slip"]),
            format!("period\tstories\n{period}\t4\n")
        );
    }
    let tables = ["versions", "duplicates", "timeline"];
    for command in tables {
        let lines = run(&dir, &[command]);
        assert!(
            lines.lines().count() > 1 && lines.contains('\t'),
            "{command}: {lines}"
        );
    }
}

#[test]
fn shells_and_manuals_know_every_command() {
    let dir = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish"] {
        let script = run(&dir, &["completions", shell]);
        assert!(
            script.contains("timeline") && script.contains("near-duplicates"),
            "{shell}"
        );
    }
    assert!(run(&dir, &["man"]).starts_with(".ie"), "a page for man");
    run(&dir, &["man", "--output", "man1"]);
    let page = fs::read_to_string(dir.path().join("man1/archive-export.1")).unwrap();
    assert!(page.contains("ninjs"), "{page}");
    assert!(dir.path().join("man1/archive.1").is_file());
}

#[test]
fn colour_is_as_asked() {
    let dir = versions();
    run(&dir, &["ingest", "in"]);
    let ids: Vec<Value> = serde_json::from_str(&run(&dir, &["list", "--json"])).unwrap();
    let diff = |colour: &str| {
        let [one, other] = [0, 1].map(|at: usize| ids[at]["id"].as_str().unwrap());
        run(&dir, &["diff", one, other, "--color", colour])
    };
    assert!(diff("always").contains("\u{1b}["));
    assert!(!diff("never").contains('\u{1b}') && diff("auto") == diff("never"));
}

/// A terminal may say that it has no columns at all.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_without_width_has_that_of_the_environment() {
    let dir = versions();
    run(&dir, &["ingest", "in"]);
    let widest = |setting: &str| {
        let program = assert_cmd::cargo::cargo_bin("archive");
        let script = format!(
            "script -qec 'stty cols 0 rows 0; {setting} NO_COLOR=1 {} list' /dev/null < /dev/null",
            program.display()
        );
        let output = Command::new("sh")
            .current_dir(&dir)
            .args(["-c", &script])
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        (
            text.lines().count(),
            text.lines()
                .map(|line| line.trim_end().chars().count())
                .max(),
        )
    };
    let (lines, usual) = widest("");
    if lines == 0 {
        println!("skipped: there is no `script` to make a terminal with");
        return;
    }
    assert_eq!(lines, 6, "a line a story");
    assert!(usual.unwrap() > 40 && usual.unwrap() <= 80, "{usual:?}");
    assert!(widest("COLUMNS=60").1.unwrap() <= 60);
}
