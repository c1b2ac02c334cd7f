//! Tags, notes, collections and verdicts on quotes, from the outside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests are tests"
)]

#[path = "common/program.rs"]
#[allow(dead_code, reason = "each suite uses a part of it")]
mod program;

use program::archive;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

const FERRY: &str = "Ferry to sail at night again\n\nLISMOOR, May 4, 2021 (Reuters) - The council \
                     of Lismoor voted on Tuesday to bring the night ferry back.\n\n\"The ferry \
                     must sail,\" said council leader Marit Solberg.\n\n\"The harbour is too \
                     small,\" warned Otto Brandt, a pilot.\n";
const BAKERS: &str = "Bakers ask for flour\n\nTARN, June 1, 2022 (AP) - Bakers in Tarn ran out of \
                      flour.\n\n\"No mill sends us flour,\" said Ana Ruiz, a baker.\n";

/// An archive with two stories, and their ids.
struct Made {
    dir: TempDir,
    ferry: String,
    bakers: String,
}

fn made() -> Made {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("ferry.txt"), FERRY).unwrap();
    fs::write(dir.path().join("bakers.txt"), BAKERS).unwrap();
    archive(&dir, ["ingest", "ferry.txt", "bakers.txt"]).succeeds();
    let id = |query: &str| {
        let found = archive(&dir, ["search", query, "--json"]).succeeds();
        let found: Value = serde_json::from_str(&found).unwrap();
        found[0]["id"].as_str().unwrap().to_owned()
    };
    let (ferry, bakers) = (id("headline:ferry"), id("headline:bakers"));
    Made { dir, ferry, bakers }
}

impl Made {
    fn says(&self, arguments: &[&str]) -> String {
        archive(&self.dir, arguments).succeeds()
    }

    fn rows(&self, arguments: &[&str]) -> Vec<Value> {
        let said = archive(&self.dir, arguments).ends_with(0);
        said.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    fn found(&self, query: &str) -> Vec<String> {
        let rows = self.rows(&["list", "--query", query, "--jsonl"]);
        rows.iter()
            .map(|row| row["id"].as_str().unwrap().to_owned())
            .collect()
    }

    fn file(&self) -> PathBuf {
        self.dir.path().join("archive/annotations.jsonl")
    }

    /// Returns the lines of the file, as any tool reads them.
    fn lines(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.file()).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    fn is_sound(&self) {
        let said = self.says(&["verify", "--all"]);
        assert!(said.contains("all is well"), "{said}");
    }

    /// Something of each kind about the ferry, and a tag for both.
    fn annotate(&self) {
        let quote = format!("{}#1", self.ferry);
        for arguments in [
            &["tag", "ports,night boats", &self.ferry] as &[&str],
            &["tag", "ports", &self.bakers],
            &["note", &self.ferry, "The council corrected\nthe figure."],
            &["collect", "Lismoor 2021", &self.ferry],
            &["quotes", "--verdict", "wrong", &quote],
        ] {
            self.says(arguments);
        }
    }

    /// Returns what people say of the ferry, by kind.
    fn of_ferry(&self) -> Vec<(String, String)> {
        let query = format!("id:{}", self.ferry);
        let rows = self.rows(&["export", "--what", "annotations", "--query", &query]);
        let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
        rows.iter()
            .map(|row| (text(row, "kind"), text(row, "value")))
            .collect()
    }
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(kind, value)| ((*kind).to_owned(), (*value).to_owned()))
        .collect()
}

const ALL_OF_FERRY: &[(&str, &str)] = &[
    ("collection", "Lismoor 2021"),
    ("note", "The council corrected\nthe figure."),
    ("tag", "night boats"),
    ("tag", "ports"),
    ("verdict", "wrong"),
];

#[test]
fn what_was_said_is_found_listed_shown_and_exported() {
    let made = made();
    made.annotate();
    assert_eq!(made.of_ferry(), pairs(ALL_OF_FERRY));
    let ferry = [made.ferry.clone()];
    for query in [
        "tag:ports headline:ferry",
        "tag:\"night boats\"",
        "tag:NIGHT*",
        "note:figure",
        "collection:\"lismoor 2021\"",
        "verdict:wrong",
    ] {
        assert_eq!(made.found(query), ferry, "{query}");
    }
    for query in [
        "tag:night",
        "verdict:right",
        "note:ports",
        "collection:lismoor",
    ] {
        assert!(made.found(query).is_empty(), "{query}");
    }
    assert_eq!(made.found("tag:ports").len(), 2);
    assert_eq!(
        made.found("tag:ports -verdict:wrong"),
        std::slice::from_ref(&made.bakers)
    );
    let row = &made.rows(&["list", "--query", "verdict:wrong", "--jsonl"])[0];
    assert_eq!(row["tags"], serde_json::json!(["night boats", "ports"]));
    assert_eq!(row["collections"], serde_json::json!(["Lismoor 2021"]));
    assert_eq!(row["notes"][0], "The council corrected\nthe figure.");
    let csv = made.says(&["export", "--format", "csv", "--query", "verdict:wrong"]);
    assert!(
        csv.contains("night boats; ports,Lismoor 2021,\"The council"),
        "{csv}"
    );
    assert_eq!(
        made.says(&["tag"])
            .lines()
            .map(|line| line.rsplit_once('\t').unwrap().0)
            .collect::<Vec<_>>(),
        ["name\tstories", "night boats\t1", "ports\t2"]
    );
    assert!(
        made.says(&["note", &made.ferry])
            .contains("The council corrected the figure.")
    );
    let tables = rusqlite_dump(&made);
    assert_eq!(
        tables,
        ["collection", "note", "tag", "tag", "tag", "verdict"]
    );
    made.is_sound();
}

/// Returns the kinds of annotations as a reader of the catalog sees them.
fn rusqlite_dump(made: &Made) -> Vec<String> {
    let path = made.dir.path().join("archive/catalog.sqlite");
    let catalog = rusqlite::Connection::open(path).unwrap();
    let mut statement = catalog
        .prepare("SELECT kind FROM annotations JOIN stories USING (id) ORDER BY kind")
        .unwrap();
    let kinds = statement.query_map([], |row| row.get(0)).unwrap();
    kinds.collect::<Result<_, _>>().unwrap()
}

#[test]
fn what_is_so_already_is_not_written_again_and_what_is_taken_back_is_gone() {
    let made = made();
    assert_eq!(
        made.says(&["tag", "ports", &made.ferry]),
        "ports: 1 tagged\n"
    );
    assert_eq!(
        made.says(&["tag", "ports", &made.ferry, "--query", "bakers"]),
        "ports: 1 tagged, 1 had it already\n"
    );
    assert_eq!(made.lines().len(), 2);
    assert_eq!(
        made.says(&["tag", "ports", "--query", "tag:ports", "--remove"]),
        "ports: 2 untagged\n"
    );
    assert!(made.found("tag:ports").is_empty());
    assert_eq!(made.lines().len(), 4, "lines are only ever added");
    made.says(&["note", &made.ferry, "Call back."]);
    made.says(&["note", &made.ferry, "Call back.", "--remove"]);
    assert!(made.found("note:call").is_empty());
    made.is_sound();
}

#[test]
fn a_verdict_is_on_the_words_and_the_speaker() {
    let made = made();
    let quote = format!("{}#0", &made.ferry[..6]);
    assert_eq!(
        made.says(&["quotes", "--verdict", "right", &quote]),
        "1 judged right\n"
    );
    let rows = made.rows(&["quotes", "--jsonl", "verdict:right"]);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["speaker"], "Marit Solberg");
    assert_eq!(rows[0]["verdict"], "right");
    let line = &made.lines()[0];
    assert_eq!(line["quote"]["speaker"], "Marit Solberg");
    let span = |at: usize| usize::try_from(line["quote"]["span"][at].as_u64().unwrap()).unwrap();
    assert_eq!(&FERRY[span(0)..span(1)], "The ferry must sail,");
    made.says(&["quotes", "--verdict", "wrong", &quote]);
    assert!(
        made.rows(&["quotes", "--jsonl", "verdict:right"])
            .is_empty()
    );
    made.says(&["quotes", "--verdict", "none", &quote]);
    assert!(made.found("verdict:wrong").is_empty());
    for (bad, code) in [("ferry", 2), (&*format!("{}#9", made.ferry), 1)] {
        archive(&made.dir, ["quotes", "--verdict", "right", bad]).ends_with(code);
    }
}

#[test]
fn annotations_survive_whatever_makes_catalog_and_records_again() {
    let made = made();
    made.annotate();
    made.says(&["reindex"]);
    assert_eq!(made.of_ferry(), pairs(ALL_OF_FERRY));
    archive(&made.dir, ["rebuild"]).ends_with(0);
    assert_eq!(made.of_ferry(), pairs(ALL_OF_FERRY));
    fs::remove_file(made.dir.path().join("archive/catalog.sqlite")).unwrap();
    archive(&made.dir, ["list"]).ends_with(0);
    assert_eq!(made.of_ferry(), pairs(ALL_OF_FERRY));
    // Without the file, nothing is said of any story.
    fs::remove_file(made.file()).unwrap();
    assert!(made.of_ferry().is_empty());
    made.is_sound();
}

#[test]
fn merging_brings_what_was_said_elsewhere_once() {
    let here = made();
    let there = made();
    here.says(&["tag", "ours", &here.ferry]);
    there.annotate();
    let other = there.dir.path().join("archive");
    let merge = || archive(&here.dir, ["merge", other.to_str().unwrap()]).succeeds();
    assert!(merge().contains("6 new annotations"));
    assert!(!merge().contains("annotations"));
    let mut all = pairs(ALL_OF_FERRY);
    all.insert(3, ("tag".to_owned(), "ours".to_owned()));
    assert_eq!(here.of_ferry(), all);
    here.is_sound();
}

#[test]
fn removing_a_story_strikes_what_was_said_of_it() {
    let made = made();
    made.annotate();
    made.says(&["remove", &made.ferry, "--reason", "court order"]);
    let text = fs::read_to_string(made.file()).unwrap();
    for word in ["night boats", "corrected", "Lismoor", "Brandt", "wrong"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
    let struck = made
        .lines()
        .iter()
        .filter(|line| line["event"] == "struck")
        .count();
    assert_eq!(struck, 5);
    assert_eq!(made.found("tag:ports"), std::slice::from_ref(&made.bakers));
    made.is_sound();
    // The next line follows the struck ones.
    made.says(&["tag", "flour", &made.bakers]);
    made.is_sound();
}

#[test]
fn a_changed_line_is_named_and_an_unfinished_one_is_cut() {
    let made = made();
    made.annotate();
    // As after a power cut.
    let mut text = fs::read_to_string(made.file()).unwrap();
    let whole = text.clone();
    text.push_str("{\"n\":7,\"time\":\"2021");
    fs::write(made.file(), &text).unwrap();
    made.is_sound();
    made.says(&["tag", "flour", &made.bakers]);
    assert_eq!(made.lines().len(), 7);
    made.is_sound();
    // As after an editor.
    fs::write(made.file(), whole.replace("night boats", "day boats")).unwrap();
    let said = archive(&made.dir, ["verify"]).ends_with(1);
    assert!(said.out.contains("annotations-damaged"), "{}", said.out);
    archive(&made.dir, ["verify", "--repair"]).ends_with(0);
    assert_eq!(
        made.found("tag:\"day boats\""),
        std::slice::from_ref(&made.ferry)
    );
    assert!(
        made.dir
            .path()
            .join("archive/evidence/annotations.jsonl.1")
            .exists()
    );
    made.is_sound();
}

#[test]
fn usage_that_says_nothing_is_refused() {
    let made = made();
    for arguments in [
        &["tag", "ports"] as &[&str],
        &["tag", "…", &made.ferry],
        &["tag", "a\tb", &made.ferry],
        &["collect", "Lismoor"],
        &["note", &made.ferry, " "],
        &["quotes", "--verdict", "right"],
    ] {
        archive(&made.dir, arguments).ends_with(2);
    }
    archive(&made.dir, ["tag", "ports", "ffff"]).ends_with(1);
    assert!(!made.file().exists());
}

/// What was said of a story is said of the one without the words, but for what has the words
/// itself, and for verdicts on quotes that are not the same any more.
#[test]
fn a_redacted_story_inherits_what_people_said_of_it() {
    let made = made();
    made.annotate();
    let ferry = made.ferry.clone();
    made.says(&["note", &ferry, "Solberg called twice."]);
    made.says(&["quotes", "--verdict", "right", &format!("{ferry}#0")]);
    let raw = made.says(&["raw", &ferry]);
    // Marit Solberg is the speaker of the first quote; Otto Brandt's stays as it is.
    let start = raw.find("Marit Solberg").unwrap();
    let span = format!("{start}-{}", start + "Marit Solberg".len());
    let said = archive(&made.dir, ["redact", &ferry, "--span", &span]).ends_with(0);
    assert!(
        said.err
            .contains("2 of what people said of the story is not said any more"),
        "{}",
        said.err
    );
    let new = said.out.split('\t').next().unwrap().to_owned();
    assert_ne!(new, ferry);
    let heir = Made {
        ferry: new.clone(),
        ..made
    };
    assert_eq!(
        heir.of_ferry(),
        pairs(&[
            ("collection", "Lismoor 2021"),
            ("note", "The council corrected\nthe figure."),
            ("tag", "night boats"),
            ("tag", "ports"),
            ("verdict", "wrong"),
        ])
    );
    let judged = heir.rows(&["quotes", "verdict:wrong", "--jsonl"]);
    assert_eq!(judged[0]["speaker"], "Otto Brandt");
    assert_eq!(judged[0]["id"], new.as_str());
    let kept = fs::read_to_string(heir.file()).unwrap();
    assert!(!kept.contains("Solberg"), "{kept}");
    heir.is_sound();
}
