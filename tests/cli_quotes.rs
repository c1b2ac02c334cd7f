//! `archive quotes`: all that somebody said about something, from the outside.

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
use tempfile::TempDir;

/// Two people on two subjects, in a story that came three times: as a lead, as an update, and in
/// other wrapping; and a story with neither.
const LEAD: &str = "Ferry to sail at night again\n\nLISMOOR, May 4, 2021 (Reuters) - The council \
                    of Lismoor voted on Tuesday to bring the night ferry back after two \
                    years.\n\n\"The ferry must sail,\" said council leader Marit \
                    Solberg.\n\n\"The harbour is too small,\" warned Otto Brandt, a pilot. \
                    Officials said \"the ferry is safe\".\n\nBrandt said the harbour would be \
                    closed for a week.\n";
const UPDATE: &str = "UPDATE 1-Ferry to sail at night again\n\nLISMOOR, May 5, 2021 (Reuters) - \
                      The council of Lismoor voted on Tuesday to bring the night ferry back after \
                      two years.\n\n\"The ferry must sail,\" said council leader Marit \
                      Solberg.\n\n\"The harbour is too small,\" warned Otto Brandt, a pilot. \
                      Officials said \"the ferry is safe\".\n\nBrandt said the harbour would be \
                      closed for a week.\n\n\"The ferry will be blue,\" Solberg said.\n";
const OTHER: &str = "Bakers ask for flour\n\nTARN, June 1, 2022 (AP) - Bakers in Tarn ran out of \
                     flour.\n\n\"No ferry brings us flour,\" said Ana Ruiz, a baker.\n";

fn made() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("1.txt", LEAD.to_owned()),
        ("2.txt", UPDATE.to_owned()),
        ("3.txt", format!("\n\n{LEAD}\n")),
        ("4.txt", OTHER.to_owned()),
    ] {
        fs::write(dir.path().join(name), text).unwrap();
    }
    archive(&dir, ["ingest", "1.txt", "2.txt", "3.txt", "4.txt"]).succeeds();
    dir
}

fn rows(dir: &TempDir, arguments: &[&str]) -> Vec<Value> {
    let arguments = ["quotes", "--jsonl"].iter().chain(arguments);
    let lines = archive(dir, arguments).run().out;
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn column(rows: &[Value], key: &str) -> Vec<String> {
    rows.iter()
        .map(|row| row[key].as_str().unwrap_or_default().to_owned())
        .collect()
}

fn texts(dir: &TempDir, arguments: &[&str]) -> Vec<String> {
    column(&rows(dir, arguments), "text")
}

#[test]
fn words_are_looked_for_in_the_quotes_and_not_in_their_stories() {
    let dir = made();
    assert_eq!(
        texts(&dir, &["ferry", "--speaker", "solberg"]),
        ["The ferry must sail,", "The ferry will be blue,"]
    );
    // Brandt's story speaks of the ferry all the time; he does not.
    assert!(texts(&dir, &["ferry", "--speaker", "brandt"]).is_empty());
    assert_eq!(texts(&dir, &["\"must sail\""]), ["The ferry must sail,"]);
    assert_eq!(texts(&dir, &["harb*"]), ["The harbour is too small,"]);
    let not = texts(&dir, &["ferry -sail", "--agency", "reuters"]);
    assert_eq!(not, ["the ferry is safe", "The ferry will be blue,"]);
    let either = texts(&dir, &["flour OR harbour"]);
    assert_eq!(
        either,
        ["The harbour is too small,", "No ferry brings us flour,"]
    );
}

#[test]
fn fields_of_a_query_are_those_of_one_and_the_same_quote() {
    let dir = made();
    assert_eq!(
        texts(&dir, &["ferry speaker:solberg OR cue:warn*"]),
        [
            "The ferry must sail,",
            "The harbour is too small,",
            "The ferry will be blue,"
        ]
    );
    assert!(texts(&dir, &["ferry cue:warned"]).is_empty());
    assert_eq!(
        texts(&dir, &["ferry", "headline:bakers"]),
        ["No ferry brings us flour,"]
    );
    // A search finds the story that has such a quote.
    let search = |query: &str| {
        archive(&dir, ["search", query, "--jsonl"])
            .run()
            .out
            .lines()
            .count()
    };
    assert_eq!(search("cue:warned"), 3);
    assert_eq!(search("kind:direct -cue:warned"), 1);
    let said = archive(&dir, ["search", "kind:loud"]).ends_with(2);
    assert!(
        said.err.contains("direct, mixed, scare, indirect"),
        "{}",
        said.err
    );
}

#[test]
fn what_another_version_said_before_is_told_once() {
    let dir = made();
    let once = texts(&dir, &["--speaker", "solberg"]);
    assert_eq!(once, ["The ferry must sail,", "The ferry will be blue,"]);
    assert_eq!(rows(&dir, &["--speaker", "solberg", "--all"]).len(), 4);
    let count = |arguments: &[&str]| {
        let rows = rows(&dir, arguments);
        let row = rows.iter().find(|row| row["speaker"] == "Marit Solberg");
        row.map(|row| (row["quotes"].clone(), row["stories"].clone()))
            .unwrap()
    };
    assert_eq!(count(&["--top"]), (2.into(), 2.into()));
    assert_eq!(count(&["--top", "--all"]), (4.into(), 3.into()));
    // An export has every quote of every record.
    let export = archive(&dir, ["export", "--what", "quotes"]).succeeds();
    assert!(export.lines().count() > rows(&dir, &["--all"]).len());
}

#[test]
fn kinds_and_names_narrow_the_list() {
    let dir = made();
    assert_eq!(
        texts(&dir, &["closed", "--indirect"]),
        texts(&dir, &["--kind", "indirect", "closed"])
    );
    assert!(texts(&dir, &["closed"]).is_empty());
    let kinds = column(&rows(&dir, &["--kind", "direct,indirect"]), "kind");
    assert!(kinds.iter().any(|kind| kind == "direct"), "{kinds:?}");
    assert!(kinds.iter().any(|kind| kind == "indirect"), "{kinds:?}");
    assert!(kinds.iter().all(|kind| kind != "mixed"), "{kinds:?}");
    let everybody = column(&rows(&dir, &["--top"]), "speaker");
    let named = column(&rows(&dir, &["--top", "--named"]), "speaker");
    assert!(everybody.len() > named.len(), "{everybody:?}");
    assert_eq!(named, ["Marit Solberg", "Ana Ruiz", "Otto Brandt"]);
    archive(&dir, ["quotes", "--indirect", "--kind", "direct"]).ends_with(2);
}

#[test]
fn speakers_are_found_and_counted_by_kind_and_gender() {
    let dir = made();
    let counted = |arguments: &[&str]| {
        let rows = rows(&dir, arguments);
        let row = |row: &Value| format!("{} {}", row["name"].as_str().unwrap(), row["quotes"]);
        rows.iter().map(row).collect::<Vec<_>>()
    };
    assert_eq!(counted(&["--by", "speaker-kind"]), ["person 4", "group 1"]);
    assert_eq!(
        counted(&["--kind", "person", "--by", "gender"]),
        ["female 3", "male 1"]
    );
    assert_eq!(
        counted(&["--by", "gender"]),
        ["female 3", "male 1", "unknown 1"]
    );
    let women = rows(&dir, &["--gender", "female"]);
    assert_eq!(
        column(&women, "speaker"),
        ["Marit Solberg", "Marit Solberg", "Ana Ruiz"]
    );
    assert_eq!(column(&women, "gender_from"), ["given-name"; 3]);
    assert_eq!(rows(&dir, &["gender:female"]), women);
    let group = rows(&dir, &["kind:group"]);
    assert_eq!(column(&group, "text"), ["the ferry is safe"]);
    assert_eq!(rows(&dir, &["--kind", "group,direct"]), group);
    let indirect = rows(
        &dir,
        &["--indirect", "--kind", "person", "--gender", "male"],
    );
    assert_eq!(column(&indirect, "kind"), ["direct", "indirect"]);
    archive(&dir, ["search", "gender:male"]).succeeds();
    archive(&dir, ["search", "gender:neither"]).ends_with(2);
}

#[test]
fn quotes_are_counted_by_what_they_have_in_common() {
    let dir = made();
    let years = rows(&dir, &["--by", "year"]);
    assert_eq!(column(&years, "name"), ["2021", "2022"]);
    assert_eq!(years[0]["by"], "year");
    assert_eq!(years[0]["quotes"], 4);
    assert_eq!(
        column(&rows(&dir, &["ferry", "--by", "outlet"]), "name"),
        ["Reuters", "AP"]
    );
    assert_eq!(rows(&dir, &["--by", "speaker"]), rows(&dir, &["--top"]));
    let tsv = archive(&dir, ["quotes", "--by", "agency", "--limit", "1"]).succeeds();
    assert_eq!(
        tsv,
        "name\tquotes\tstories\tfirst_date\tlast_date\nReuters\t4\t2\t2021-05-04\t2021-05-05\n"
    );
    let three = archive(&dir, ["quotes", "--limit", "3"]).succeeds();
    assert_eq!(three.lines().count(), 4);
}
