//! What all commands have in common: where the archive is, settings, the options of lists, near
//! words, the pager.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "helpers of tests are tests"
)]

#[path = "common/program.rs"]
#[allow(dead_code, reason = "each suite uses a part of it")]
mod program;

use program::archive;
use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const FERRY: &str = "Ferry to sail at night again\n\nBy Nora Lind\n\nLISMOOR, May 4, 2021 \
                     (Reuters) - The council of Lismoor voted on Tuesday to bring the night ferry \
                     back.\n\n\"The ferry must sail,\" said council leader Marit Solberg.\n\n\
                     \"The harbour is too small,\" warned Otto Brandt, a pilot.\n";
const BAKERS: &str = "Bakers ask for flour\n\nTARN, June 1, 2022 (AP) - Bakers in Tarn ran out of \
                      flour.\n\n\"No mill sends us flour,\" said Ana Ruiz, a baker.\n";

/// Returns a directory with an archive of three stories, two of them with the same text, that has
/// tags, notes and a collection.
fn made() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("ferry.txt"), FERRY).unwrap();
    fs::write(dir.path().join("again.txt"), format!("\n\n{FERRY}")).unwrap();
    fs::write(dir.path().join("bakers.txt"), BAKERS).unwrap();
    archive(&dir, ["ingest", "ferry.txt", "again.txt", "bakers.txt"]).succeeds();
    archive(&dir, ["tag", "ports", "--query", "ferry"]).succeeds();
    archive(&dir, ["collect", "Night ferry", "--query", "ferry"]).succeeds();
    archive(&dir, ["note", &id(&dir, "flour"), "Call the mill."]).succeeds();
    dir
}

/// Returns the id of the first story that a search finds.
fn id(dir: &TempDir, query: &str) -> String {
    let ids = archive(
        dir,
        ["search", query, "--fields", "id", "--limit", "1", "--null"],
    )
    .succeeds();
    ids.trim_end_matches('\0').to_owned()
}

fn rows(lines: &str) -> Vec<Value> {
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Every command that lists something.
const LISTINGS: [&[&str]; 12] = [
    &["list"],
    &["search", "ferry"],
    &["quotes"],
    &["quotes", "--top"],
    &["quotes", "--by", "agency"],
    &["versions"],
    &["duplicates"],
    &["timeline"],
    &["timeline", "--by", "year"],
    &["tag"],
    &["note"],
    &["collect"],
];

#[test]
fn the_columns_of_every_list_are_the_keys_of_its_json() {
    let dir = made();
    for listing in LISTINGS {
        let with = |more: &[&str]| archive(&dir, [listing, more].concat()).succeeds();
        let table = with(&[]);
        let objects = rows(&with(&["--jsonl"]));
        assert_eq!(
            serde_json::from_str::<Vec<Value>>(&with(&["--json"])).unwrap(),
            objects
        );
        let mut lines = table.lines();
        let names: Vec<&str> = lines.next().unwrap().split('\t').collect();
        assert!(!objects.is_empty(), "{listing:?} lists nothing");
        assert_eq!(lines.clone().count(), objects.len(), "{listing:?}");
        for (line, object) in lines.zip(&objects) {
            for (name, cell) in names.iter().zip(line.split('\t')) {
                let value = object
                    .get(name)
                    .unwrap_or_else(|| panic!("{listing:?}: {name}"));
                match value {
                    Value::String(text) => assert_eq!(cell, text, "{listing:?}: {name}"),
                    Value::Null => assert_eq!(cell, "", "{listing:?}: {name}"),
                    Value::Number(number) if number.is_u64() => {
                        assert_eq!(cell, number.to_string(), "{listing:?}: {name}");
                    }
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn every_list_takes_the_same_options() {
    let dir = made();
    for listing in LISTINGS {
        let with = |more: &[&str]| archive(&dir, [listing, more].concat());
        let objects = rows(&with(&["--jsonl"]).succeeds());
        let name = objects[0]
            .as_object()
            .unwrap()
            .keys()
            .next()
            .unwrap()
            .clone();
        // One column, by its name.
        let column = with(&["--fields", &name]).succeeds();
        assert_eq!(column.lines().next(), Some(name.as_str()), "{listing:?}");
        assert_eq!(column.lines().count(), objects.len() + 1, "{listing:?}");
        let chosen = rows(&with(&["--fields", &name, "--jsonl"]).succeeds());
        assert_eq!(
            chosen[0],
            serde_json::json!({ name.as_str(): objects[0][&name] })
        );
        // Fewer rows.
        assert_eq!(
            rows(&with(&["--limit", "1", "--jsonl"]).succeeds()).len(),
            1,
            "{listing:?}"
        );
        // Both orders, the one being the other turned around, but for what is not known.
        let sorted = |key: &str| {
            let said = with(&["--sort", key, "--fields", &name, "--jsonl"]).succeeds();
            rows(&said)
                .into_iter()
                .map(|row| row[&name].clone())
                .collect::<Vec<Value>>()
        };
        let (up, mut down) = (sorted(&name), sorted(&format!("-{name}")));
        down.reverse();
        assert_eq!(up, down, "{listing:?} by {name}");
        // Rows for xargs.
        let nulls = with(&["--fields", &name, "--null"]).succeeds();
        assert_eq!(nulls.matches('\0').count(), objects.len(), "{listing:?}");
        assert!(!nulls.contains('\n'), "{nulls:?}");
        // A slip is named.
        let slip = format!("{name}z");
        let said = with(&["--fields", &slip]).ends_with(2);
        let meant = format!("`{slip}` is not a column; did you mean `{name}`?");
        assert!(said.err.contains(&meant), "{}", said.err);
        let said = with(&["--limit", "many"]).ends_with(2);
        assert!(
            said.err.contains("--limit") && said.err.contains("is not a number"),
            "{}",
            said.err
        );
    }
}

#[test]
fn the_archive_stands_before_the_command_or_after_it() {
    let dir = made();
    fs::rename(dir.path().join("archive"), dir.path().join("wire")).unwrap();
    let count = |arguments: &[&str]| archive(&dir, arguments).succeeds().lines().count();
    assert_eq!(count(&["--archive", "wire", "list"]), 4);
    assert_eq!(count(&["--archive=wire", "list", "--limit", "1"]), 2);
    assert_eq!(count(&["list", "--archive", "wire"]), 4);
    // What stands after the command is nearer to it.
    assert_eq!(
        count(&["--archive", "nowhere", "list", "--archive", "wire"]),
        4
    );
    // Both win over the environment.
    let said = archive(&dir, ["--archive", "wire", "list"]).env("ARCHIVE_DIR", "nowhere");
    assert_eq!(said.succeeds().lines().count(), 4);
    let said = archive(&dir, ["--archive", "wire", "formats"]).ends_with(2);
    assert!(
        said.err.contains("`archive formats` is about no archive"),
        "{}",
        said.err
    );
}

/// Writes the config file of a directory, and returns what `XDG_CONFIG_HOME` is for it.
fn config(dir: &TempDir, text: &str) -> std::path::PathBuf {
    let home = dir.path().join("config");
    fs::create_dir_all(home.join("archive")).unwrap();
    fs::write(home.join("archive/config.toml"), text).unwrap();
    home
}

#[test]
fn flags_win_then_the_environment_then_the_config_file() {
    let dir = made();
    let here = |name: &str| dir.path().join(name);
    fs::rename(here("archive"), here("wire")).unwrap();
    let wire = here("wire");
    let home = config(
        &dir,
        &format!("archive = {wire:?}\nyear = 1987\ntz = \"UTC\"\n"),
    );
    let run = |arguments: &[&str]| archive(&dir, arguments).env("XDG_CONFIG_HOME", &home);
    assert_eq!(run(&["list"]).succeeds().lines().count(), 4);
    run(&["list"])
        .env("ARCHIVE_DIR", here("elsewhere"))
        .ends_with(1);
    let said = run(&["list", "--archive", "wire"]).env("ARCHIVE_DIR", here("elsewhere"));
    assert_eq!(said.succeeds().lines().count(), 4);
    // The year and the zone of copy that prints none.
    let copy = "BRIDGE OPENS\n\nLISMOOR, March 3 (Reuters) - The bridge of Lismoor opened to \
                traffic on Tuesday.\n";
    let date = |arguments: &[&str]| {
        let record = run(arguments).input(copy).succeeds();
        let record: Value = serde_json::from_str(&record).unwrap();
        record["dateline"]["date"].as_str().unwrap().to_owned()
    };
    assert_eq!(date(&["parse"]), "1987-03-03");
    assert_eq!(date(&["parse", "--year", "2001"]), "2001-03-03");
    // What is used can be seen.
    let said = run(&["--verbose", "stats"]).ends_with(0);
    assert!(
        said.err.contains("config.toml") && said.err.contains("year = 1987"),
        "{}",
        said.err
    );
    assert!(
        said.err.contains("reads ") && said.err.contains("done after"),
        "{}",
        said.err
    );
}

#[test]
fn a_config_file_is_read_strictly() {
    let dir = made();
    for (text, meant) in [
        (
            "archive = \"/a\"\ncolour = \"never\"\n",
            "line 2: unknown field `colour`",
        ),
        ("year = 87\n", "`year = 87`"),
        ("tz = \"Paris\"\n", "Europe/Paris"),
        ("color = \"blue\"\n", "auto, always and never"),
        ("archive = \"wire\"\n", "write the whole path"),
        ("year =\n", "line 1"),
    ] {
        let home = config(&dir, text);
        let said = archive(&dir, ["list"])
            .env("XDG_CONFIG_HOME", &home)
            .ends_with(2);
        assert!(
            said.err.contains("config.toml: ") && said.err.contains(meant),
            "{}",
            said.err
        );
        assert_eq!(said.out, "");
    }
}

#[test]
fn near_words_are_offered_where_nothing_is_found() {
    let dir = made();
    for (arguments, meant) in [
        (
            &["quotes", "--speaker", "solbreg"][..],
            "no speaker is called `solbreg`; did you mean `Marit Solberg`?",
        ),
        (&["search", "speaker:brant"], "did you mean `Otto Brandt`?"),
        (
            &["list", "--agency", "Reutres"],
            "no agency is called `Reutres`; did you mean `Reuters`?",
        ),
        (&["list", "--author", "lund"], "did you mean `Nora Lind`?"),
        (&["list", "--place", "lismore"], "did you mean `LISMOOR`?"),
        (
            &["search", "tag:port"],
            "no tag is called `port`; did you mean `ports`?",
        ),
        (
            &["list", "--query", "collection:\"nigth ferry\""],
            "did you mean `Night ferry`?",
        ),
    ] {
        let said = archive(&dir, arguments).ends_with(0);
        assert!(said.err.contains(meant), "{arguments:?}: {}", said.err);
    }
    // Where the name is right, it is not the name that finds nothing.
    let said = archive(&dir, ["list", "--agency", "Reuters", "--after", "2025"]).ends_with(0);
    assert_eq!(said.err, "archive: no story matches\n");
    let mut slip = id(&dir, "flour");
    let last = slip.pop().unwrap();
    slip.push(if last == '0' { '1' } else { '0' });
    let said = archive(&dir, ["show", &slip]).ends_with(1);
    let meant = format!("did you mean `{}`?", id(&dir, "flour"));
    assert!(said.err.contains(&meant), "{}", said.err);
    let said = archive(&dir, ["search", "spaeker:solberg"]).ends_with(2);
    assert!(
        said.err.contains("did you mean `speaker:`?"),
        "{}",
        said.err
    );
}

#[test]
fn several_stories_are_shown_one_after_the_other() {
    let dir = made();
    let (ferry, bakers) = (id(&dir, "ferry"), id(&dir, "flour"));
    let both = [ferry.as_str(), bakers.as_str()];
    let with = |arguments: &[&str]| archive(&dir, arguments).succeeds();
    let raw = with(&["raw", &ferry]) + &with(&["raw", &bakers]);
    assert_eq!(with(&["raw", both[0], both[1]]), raw);
    let parted = with(&["raw", both[0], both[1], "--null"]);
    assert_eq!(parted.matches('\0').count(), 2);
    assert_eq!(parted.replace('\0', ""), raw);
    let records: Vec<Value> =
        serde_json::from_str(&with(&["show", both[0], both[1], "--json"])).unwrap();
    let ids: Vec<&str> = records
        .iter()
        .map(|record| record["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, both);
    assert_eq!(rows(&with(&["show", both[0], both[1], "--jsonl"])), records);
    let text = with(&["show", both[0], both[1]]);
    assert!(
        text.contains("Ferry to sail") && text.contains("Bakers ask"),
        "{text}"
    );
    let page = with(&["show", both[0], both[1], "--format", "html"]);
    assert_eq!(page.matches("<article").count(), 2);
    assert!(
        page.contains("<title>Ferry to sail at night again</title>"),
        "{page}"
    );
    // One that is not there is seen before anything is printed.
    let said = archive(&dir, ["raw", both[0], "0000"]).ends_with(1);
    assert_eq!(said.out, "");
}

#[test]
fn letters_are_found_as_people_type_them() {
    let dir = tempfile::tempdir().unwrap();
    let story = "Straße in Łódź wird saniert\n\nBy Łukasz Ødegård\n\nΑθήνα, May 4, 2021 (Reuters) \
                 - Die Bürger von Łódź freuen sich auf die Straße und über Ærø.\n\n\
                 \"The work is done,\" said Jørgen Strøm.\n";
    fs::write(dir.path().join("a.txt"), story).unwrap();
    archive(&dir, ["ingest", "a.txt"]).succeeds();
    for query in [
        "lodz",
        "Łódź",
        "strasse",
        "straße",
        "STRASSE",
        "aero",
        "ærø",
        "αθηνα",
        "Αθήνα",
        "author:\"lukasz odegard\"",
        "speaker:strom",
        "headline:strass*",
        "\"strasse in lodz\"",
    ] {
        let found = archive(&dir, ["search", query, "--jsonl"]).succeeds();
        assert_eq!(found.lines().count(), 1, "{query}");
    }
    let said = archive(&dir, ["quotes", "--speaker", "jorgen strom", "--jsonl"]).succeeds();
    assert_eq!(said.lines().count(), 1);
    // What is shown is what is printed, with the words marked.
    let hit = &rows(&archive(&dir, ["search", "lodz", "--jsonl"]).succeeds())[0];
    assert_eq!(hit["headline_marks"]["text"], "Straße in Łódź wird saniert");
    assert_eq!(
        hit["headline_marks"]["marks"],
        serde_json::json!([[10, 14]])
    );
    // Removing a story takes its words out of the full text.
    let id = hit["id"].as_str().unwrap();
    archive(&dir, ["remove", id, "--reason", "a test"]).ends_with(0);
    archive(&dir, ["verify", "--all"]).ends_with(0);
    let said = archive(&dir, ["search", "lodz"]).ends_with(0);
    assert!(said.err.contains("nothing found"), "{}", said.err);
}

#[test]
fn messages_say_whose_they_are_once_and_name_the_flag() {
    let dir = tempfile::tempdir().unwrap();
    let said = archive(&dir, ["list"]).ends_with(1);
    assert!(
        said.err.starts_with("archive: ./archive: no archive"),
        "{}",
        said.err
    );
    let said = archive(&dir, ["parse", "--year", "abc"]).ends_with(2);
    assert!(
        said.err.contains("--year") && said.err.contains("four digits"),
        "{}",
        said.err
    );
    let dir = made();
    let said = archive(&dir, ["-q", "search", "nothinglikeit"]).ends_with(0);
    assert_eq!(said.err, "");
    let said = archive(&dir, ["-q", "show", "0000"]).ends_with(1);
    assert!(said.err.contains("no story"), "{}", said.err);
}

/// Runs a line of shell on a terminal of its own, if `script` is there to make one.
#[cfg(target_os = "linux")]
fn on_terminal(dir: &Path, line: &str) -> Option<String> {
    let output = std::process::Command::new("script")
        .args(["-qec", line, "/dev/null"])
        .current_dir(dir)
        .env_remove("ARCHIVE_DIR")
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .env("NO_COLOR", "1")
        .output();
    match output {
        Ok(output) => Some(String::from_utf8(output.stdout).unwrap()),
        Err(error) => {
            println!("skipped: no terminal can be made ({error})");
            None
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "makes terminals, which can stop every process that shares one with the test"]
fn json_has_colours_on_a_terminal_alone() {
    let dir = made();
    let program = env!("CARGO_BIN_EXE_archive");
    let run = |rest: &str| {
        on_terminal(
            dir.path(),
            &format!("unset NO_COLOR; TERM=xterm {program} {rest}"),
        )
    };
    let Some(shown) = run("list --jsonl --limit 1") else {
        return;
    };
    assert!(shown.contains("\u{1b}[1m\u{1b}[34m\"id\""), "{shown:?}");
    let parsed = run("parse ferry.txt").unwrap();
    assert!(
        parsed.contains("\u{1b}[32m\"archive.story/2\""),
        "{parsed:?}"
    );
    for rest in [
        "list --jsonl | cat",
        "--color never list --jsonl",
        "--color always list --jsonl | cat",
    ] {
        let shown = run(rest).unwrap();
        assert!(
            !shown.contains('\u{1b}') && shown.contains("\"id\""),
            "{rest}: {shown:?}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "makes terminals, which can stop every process that shares one with the test"]
fn lists_go_through_the_pager_on_a_terminal_alone() {
    let dir = made();
    let program = env!("CARGO_BIN_EXE_archive");
    let pager = "PAGER='sed s/^/paged:/'";
    let run = |rest: &str| on_terminal(dir.path(), &format!("{pager} {program} {rest}"));
    let Some(listed) = run("list") else { return };
    assert!(
        listed.contains("paged:id") && listed.contains("Ferry to sail"),
        "{listed}"
    );
    for rest in ["list --no-pager", "list | cat", "tag", "--version"] {
        let said = run(rest).unwrap();
        assert!(
            !said.contains("paged:") && !said.is_empty(),
            "{rest}: {said}"
        );
    }
    // What nobody could read is no success.
    let lost = on_terminal(
        dir.path(),
        &format!("PAGER=no-such-pager {program} list; echo status $?"),
    );
    let lost = lost.unwrap();
    assert!(
        lost.contains("status 1") && lost.contains("`no-such-pager` cannot be run"),
        "{lost}"
    );
    // A reader who leaves early is content.
    let left = on_terminal(
        dir.path(),
        &format!("PAGER='head -c 1' {program} list; echo status $?"),
    );
    assert!(left.unwrap().contains("status 0"));
}
