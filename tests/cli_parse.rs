//! `archive parse` from the outside: what scripts and people rely on.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use assert_cmd::Command;
use predicates::prelude::*;
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use tempfile::TempDir;

const STORY: &str = "Port strike ends after nine days\nBy Ana Ruiz\n\nLIMA, March 3 (AP) - \
                     Dockers in the port of Callao went back to work on Monday.\n\nThe union said \
                     members had voted for the new contract.\n";

fn archive() -> Command {
    let mut command = Command::cargo_bin("archive").unwrap();
    command
        .env_remove("ARCHIVE_DIR")
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .env_remove("CLICOLOR_FORCE");
    command
}

fn story(headline: &str) -> String {
    STORY.replace("Port strike ends after nine days", headline)
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        write(&dir.path().join(name), text);
    }
    dir
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Standard output as text, after a run that ended with `code`.
fn stdout(command: &mut Command, code: i32) -> String {
    let output = command.output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(code),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn records(lines: &str) -> Vec<Value> {
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn paths(lines: &str) -> Vec<String> {
    records(lines)
        .iter()
        .map(|record| record["source"]["path"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn standard_input_is_read_with_a_dash_or_without() {
    let named = stdout(archive().args(["parse", "-"]).write_stdin(STORY), 0);
    let silent = stdout(archive().arg("parse").write_stdin(STORY), 0);
    assert_eq!(named, silent);
    let [record] = records(&named).try_into().unwrap();
    assert_eq!(record["headline"], "Port strike ends after nine days");
    assert_eq!(record["byline"]["authors"][0]["name"], "Ana Ruiz");
    assert_eq!(record["dateline"]["date"], "XXXX-03-03");
    assert_eq!(record["source"]["path"], Value::Null);
    assert_eq!(record["source"]["bytes"], STORY.len());
}

#[test]
fn a_file_can_be_called_dash_with_its_directory() {
    let dir = folder(&[("-", STORY)]);
    assert_eq!(
        paths(&stdout(
            archive().current_dir(&dir).args(["parse", "./-"]),
            0
        )),
        ["./-"]
    );
}

#[test]
fn paths_keep_their_order_and_directories_are_sorted() {
    let dir = folder(&[
        ("z.txt", STORY),
        ("in/b.txt", STORY),
        ("in/a/c.txt", STORY),
        ("in/B.txt", STORY),
        ("in/.hidden", STORY),
        (".seen", STORY),
    ]);
    let lines = stdout(
        archive()
            .current_dir(&dir)
            .args(["parse", "z.txt", "in", ".seen"]),
        0,
    );
    assert_eq!(
        paths(&lines),
        ["z.txt", "in/B.txt", "in/a/c.txt", "in/b.txt", ".seen"]
    );
}

#[test]
fn many_files_come_out_in_order() {
    let names: Vec<String> = (0..700).map(|n| format!("{n:04}.txt")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), STORY)).collect();
    let dir = folder(&files);
    let found = paths(&stdout(archive().current_dir(&dir).args(["parse", "."]), 0));
    let expected: Vec<String> = names.iter().map(|name| format!("./{name}")).collect();
    assert_eq!(found, expected);
}

#[test]
fn one_bad_file_does_not_stop_the_others() {
    let dir = folder(&[("a.txt", STORY), ("b.txt", STORY)]);
    let output = archive()
        .current_dir(&dir)
        .args(["parse", "a.txt", "gone.txt", "b.txt"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        paths(&String::from_utf8(output.stdout).unwrap()),
        ["a.txt", "b.txt"]
    );
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        complaint,
        "archive: gone.txt: no such file or directory; check the name\n"
    );
}

#[test]
fn an_empty_directory_is_told() {
    let dir = folder(&[(".hidden", STORY)]);
    let empty = predicate::str::contains("nothing found in this directory");
    archive()
        .current_dir(&dir)
        .args(["parse", "."])
        .assert()
        .code(1)
        .stderr(empty);
}

#[test]
fn an_empty_file_is_a_story_with_a_warning() {
    let [record] = records(&stdout(archive().arg("parse").write_stdin(""), 0))
        .try_into()
        .unwrap();
    assert_eq!(record["headline"], Value::Null);
    assert_eq!(record["body"], Value::Array(vec![]));
    assert_ne!(record["warnings"], Value::Array(vec![]));
}

#[cfg(unix)]
#[test]
fn pipes_devices_and_sockets_are_refused_at_once() {
    let dir = folder(&[("a.txt", STORY)]);
    let _socket = std::os::unix::net::UnixListener::bind(dir.path().join("socket")).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(dir.path().join("pipe"))
        .status()
        .unwrap();
    assert!(made.success());
    let mut command = archive();
    command
        .current_dir(&dir)
        .timeout(std::time::Duration::from_secs(20));
    let output = command
        .args(["parse", "pipe", "socket", "/dev/zero", "a.txt"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(paths(&String::from_utf8(output.stdout).unwrap()), ["a.txt"]);
    let complaints = String::from_utf8(output.stderr).unwrap();
    for (path, kind) in [
        ("pipe", "named pipe"),
        ("socket", "socket"),
        ("/dev/zero", "device"),
    ] {
        assert!(
            complaints.contains(&format!("archive: {path}: is a {kind}")),
            "{complaints}"
        );
    }
    // Below a directory nobody asked for them: told, and no failure.
    let output = archive()
        .current_dir(&dir)
        .args(["parse", "."])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        paths(&String::from_utf8(output.stdout).unwrap()),
        ["./a.txt"]
    );
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("./pipe: passed over, since it is a named pipe; ")
            && told.contains("./socket: passed over"),
        "{told}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn names_need_not_be_utf_8() {
    use std::os::unix::ffi::OsStrExt;
    let dir = tempfile::tempdir().unwrap();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.txt");
    fs::write(dir.path().join(name), STORY).unwrap();
    let given = stdout(archive().current_dir(&dir).arg("parse").arg(name), 0);
    assert_eq!(paths(&given), ["caf\u{FFFD}.txt"]);
    assert_eq!(
        paths(&stdout(archive().current_dir(&dir).args(["parse", "."]), 0)),
        ["./caf\u{FFFD}.txt"]
    );
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let names: Vec<String> = (0..400).map(|n| format!("{n}.txt")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), STORY)).collect();
    let dir = folder(&files);
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("archive"))
        .current_dir(&dir)
        .args(["parse", "--pretty", "."])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::with_capacity(64, child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    assert_eq!(first, "{\n");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin!("archive"))
        .arg("parse")
        .stdin(std::process::Stdio::piped())
        .stdout(full)
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdin.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&output.stderr)
            .starts_with("archive: standard output: cannot be written")
    );
}

#[test]
fn a_record_is_one_line_or_indented() {
    let line = stdout(archive().args(["parse", "--jsonl"]).write_stdin(STORY), 0);
    let pretty = stdout(archive().args(["parse", "--pretty"]).write_stdin(STORY), 0);
    assert_eq!(line.lines().count(), 1);
    assert!(pretty.starts_with("{\n  \"schema\": \"archive.story/2\",\n"));
    assert_eq!(
        serde_json::from_str::<Value>(&line).unwrap(),
        serde_json::from_str::<Value>(&pretty).unwrap()
    );
}

#[test]
fn a_file_of_several_stories_gives_each_its_member() {
    let one = "\x05\x05F \n\x16\x16\x01f1769\x1freute\nr f BC-STRIKE   10-20 0054\n\x02\nPORT \
               STRIKE ENDS\n    LIMA, Oct 20 - Dockers went back to work.\n Reuter\n\x03\n";
    let dir = folder(&[("wire", &one.repeat(3)), ("single", STORY)]);
    let lines = stdout(
        archive()
            .current_dir(&dir)
            .args(["parse", "wire", "single"]),
        0,
    );
    let members: Vec<Value> = records(&lines)
        .iter()
        .map(|record| record["source"]["member"].clone())
        .collect();
    assert_eq!(
        members,
        [
            Value::from("1"),
            Value::from("2"),
            Value::from("3"),
            Value::Null
        ]
    );
    let total: u64 = records(&lines)[..3]
        .iter()
        .map(|record| record["source"]["bytes"].as_u64().unwrap())
        .sum();
    assert_eq!(total, 3 * one.len() as u64, "the stories tile the file");
}

#[test]
fn the_reading_copy_has_head_and_blocks() {
    let text = stdout(
        archive()
            .args(["parse", "--format", "text"])
            .write_stdin(STORY),
        0,
    );
    assert_eq!(
        text,
        "Port strike ends after nine days\nBy Ana Ruiz\nLIMA, March 3 (AP) -\n\n\
         Dockers in the port of Callao went back to work on Monday.\n\n\
         The union said members had voted for the new contract.\n"
    );
}

#[test]
fn reading_copies_stand_apart() {
    let (one, two) = (story("Old bridge opens again"), story("New bridge closes"));
    let dir = folder(&[("1", &one), ("2", &two)]);
    let text = stdout(
        archive()
            .current_dir(&dir)
            .args(["parse", "--format=text", "."]),
        0,
    );
    let rule = format!("\n\n{}\n\n", "─".repeat(72));
    let copies: Vec<&str> = text.split(&rule).collect();
    assert_eq!(copies.len(), 2);
    assert!(copies[0].starts_with("Old bridge opens again\n"));
    assert!(copies[1].starts_with("New bridge closes\n"));
}

#[test]
fn the_explanation_is_plain_in_a_pipe() {
    let long = story("A headline about the port").replace("Dockers", &"Many dockers ".repeat(40));
    let table = stdout(
        archive()
            .args(["parse", "--explain"])
            .write_stdin(long.as_str()),
        0,
    );
    assert!(!table.contains('\u{1b}'));
    assert!(!table.contains('…'), "text is whole in a pipe");
    let header = table.lines().next().unwrap();
    for name in ["line", "label", "score", "runner-up", "why", "text"] {
        assert!(header.contains(name), "{header}");
    }
    let row = table
        .lines()
        .find(|row| row.ends_with("A headline about the port"))
        .unwrap();
    assert!(row.trim_start().starts_with("1 "), "{row}");
    assert!(row.contains("headline"), "{row}");
    // The columns are straight.
    assert_eq!(
        row.find("A headline about").unwrap(),
        header.find("text").unwrap()
    );
    assert!(
        table
            .lines()
            .any(|line| line == "headline     A headline about the port"),
        "{table}"
    );
}

#[test]
fn colour_is_on_when_forced_and_off_when_unwanted() {
    let mut forced = archive();
    forced.env("CLICOLOR_FORCE", "1").env_remove("NO_COLOR");
    assert!(stdout(forced.args(["parse", "--explain"]).write_stdin(STORY), 0).contains('\u{1b}'));
    let mut unwanted = archive();
    unwanted.env("NO_COLOR", "1");
    assert!(
        !stdout(unwanted.args(["parse", "--explain"]).write_stdin(STORY), 0).contains('\u{1b}')
    );
}

#[test]
fn the_year_completes_dates() {
    let line = stdout(
        archive()
            .args(["parse", "--year", "1987", "--tz", "america/lima"])
            .write_stdin(STORY),
        0,
    );
    assert_eq!(records(&line)[0]["dateline"]["date"], "1987-03-03");
}

#[test]
fn wrong_usage_is_told_with_status_2() {
    let cases: [(&[&str], &str); 11] = [
        (&[], "Usage"),
        (&["parse", "--jsonl", "--pretty"], "cannot be used with"),
        (
            &["parse", "--explain", "--format", "text"],
            "cannot be used with",
        ),
        (&["parse", "--explain", "--jsonl"], "cannot be used with"),
        (&["parse", "--format", "text", "--jsonl"], "leave them out"),
        (&["parse", "--format", "html", "--pretty"], "leave them out"),
        (
            &["parse", "--format", "quotes", "--explain"],
            "cannot be used with",
        ),
        (&["parse", "--year", "87"], "four digits"),
        (&["parse", "--tz", "Mars/Olympus"], "Europe/Paris"),
        (&["parse", "-", "-"], "only once"),
        (&["ingest"], "PATH"),
    ];
    for (args, message) in cases {
        archive()
            .args(args)
            .write_stdin("")
            .assert()
            .code(2)
            .stdout("")
            .stderr(predicate::str::contains(message));
    }
}

#[test]
fn help_and_version_are_no_errors() {
    archive().arg("--version").assert().code(0).stdout(concat!(
        "archive ",
        env!("CARGO_PKG_VERSION"),
        "\n"
    ));
    for command in ["parse", "ingest"] {
        let examples =
            predicate::str::contains("Examples:").and(predicate::str::contains("idden files"));
        archive()
            .args([command, "--help"])
            .assert()
            .code(0)
            .stdout(examples)
            .stderr("");
    }
}

const SAID: &str = "Harbour board quarrels\n\nLISMOOR, March 3 - The board met on Monday and \
                    nobody was pleased with it.\n\n\
\"We tried twice,\" said Lena Ortiz, the harbour master. \"It held.\"\n\n\
He hosts \"Night <Desk>\" on the radio.\n";

#[test]
fn quotes_are_a_table_of_who_said_what() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.txt"), SAID).unwrap();
    fs::write(
        dir.path().join("b.txt"),
        "Nothing said\n\nNobody said anything on the pier on Monday.\n",
    )
    .unwrap();
    let table = stdout(
        archive()
            .current_dir(&dir)
            .args(["parse", "--format", "quotes", "a.txt", "b.txt"]),
        0,
    );
    assert_eq!(
        table,
        "source\tspeaker\ttitle\tcue\tkind\ttext\n\
         a.txt\tLena Ortiz\tharbour master\tsaid\tdirect\tWe tried twice,\n\
         a.txt\tLena Ortiz\tharbour master\tsaid\tdirect\tIt held.\n"
    );
}

#[test]
fn reported_statements_are_listed_where_they_are_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(
        dir.path().join("a.txt"),
        "Slip closes\n\nBy Ana Ruiz\n\nMarch 3, 2025\n\n\
         \"It held,\" said Lena Ortiz. Ortiz said the slip would close in May.\n",
    )
    .unwrap();
    let table = |more: &[&str]| {
        let mut command = archive();
        command
            .current_dir(&dir)
            .args(["parse", "--format", "quotes"]);
        stdout(command.args(more).arg("a.txt"), 0)
    };
    let said = "a.txt\tLena Ortiz\t\tsaid\tdirect\tIt held,\n";
    let reported = "a.txt\tLena Ortiz\t\tsaid\tindirect\tthe slip would close in May\n";
    let header = "source\tspeaker\ttitle\tcue\tkind\ttext\n";
    assert_eq!(table(&[]), format!("{header}{said}"));
    assert_eq!(table(&["--indirect"]), format!("{header}{said}{reported}"));
    // Records always have both; the option would change nothing there.
    let record = stdout(archive().current_dir(&dir).args(["parse", "a.txt"]), 0);
    assert!(record.contains("\"kind\":\"indirect\""));
    stdout(
        archive()
            .current_dir(&dir)
            .args(["parse", "--indirect", "a.txt"]),
        2,
    );
}

#[test]
fn html_is_one_page_however_many_stories() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.txt"), SAID).unwrap();
    fs::write(dir.path().join("b.txt"), SAID).unwrap();
    let page = stdout(
        archive()
            .current_dir(&dir)
            .args(["parse", "--format=html", "."]),
        0,
    );
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    for (part, times) in [
        ("<!doctype", 1),
        ("</html>", 1),
        ("<article", 2),
        ("We tried twice,<a", 2),
        (">Lena Ortiz</u>", 2),
    ] {
        assert_eq!(page.matches(part).count(), times, "{part}");
    }
    assert!(page.contains("Night &lt;Desk&gt;") && !page.contains("<Desk>"));
    assert!(
        !page.contains("://") && !page.contains("<script"),
        "the page stands alone"
    );
}

#[test]
fn explain_tells_why_a_quote_is_whose() {
    let told = stdout(archive().args(["parse", "--explain"]).write_stdin(SAID), 0);
    assert!(
        told.contains("quote 1  “We tried twice,” → Lena Ortiz"),
        "{told}"
    );
    assert!(told.contains("Lena Ortiz · said"), "{told}");
    assert!(
        told.lines()
            .any(|l| l.contains(" %  ") && l.contains("score ") && l.contains("Pair")),
        "{told}"
    );
}
