//! `archive formats`, `--input-format`, containers and `--from jsonl`, with the real program.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use assert_cmd::Command;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::Path;

fn archive() -> Command {
    Command::cargo_bin("archive").unwrap()
}

fn records(command: &mut Command) -> Vec<Value> {
    let output = command.output().unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

const NITF: &str = "<nitf><body><body.head><hedline><hl1>Ferry sails</hl1></hedline></body.head>\
    <body.content><p>It sailed on Tuesday.</p></body.content></body></nitf>";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

#[test]
fn the_page_is_what_the_program_says() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/formats.md");
    let output = archive().args(["formats", "--markdown"]).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    if std::env::var_os("ARCHIVE_ACCEPT").is_some() {
        fs::create_dir_all(page.parent().unwrap()).unwrap();
        fs::write(&page, &printed).unwrap();
    }
    assert_eq!(
        fs::read_to_string(page).unwrap(),
        printed,
        "write it again: archive formats --markdown > docs/formats.md"
    );
}

#[test]
fn every_format_is_listed_with_how_it_is_recognised() {
    let output = archive().arg("formats").output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    for format in archive::FORMATS {
        let row = printed
            .lines()
            .find(|line| line.split('\t').next() == Some(format.format.name()));
        assert!(row.unwrap().contains(format.recognised_by));
    }
}

#[test]
fn a_format_is_told_by_its_bytes_and_can_be_overridden() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("story.json");
    fs::write(&path, NITF).unwrap();
    let read = records(archive().args(["parse", "--jsonl"]).arg(&path));
    assert_eq!(read[0]["wire"]["format"], "nitf");
    assert_eq!(read[0]["headline"], "Ferry sails");
    let plain = ["parse", "--jsonl", "--input-format", "plain"];
    let read = records(archive().args(plain).arg(&path));
    assert_eq!(read[0]["source"]["format"], "plain");
    archive()
        .args(["parse", "--input-format", "nonsense"])
        .arg(&path)
        .assert()
        .code(2);
}

#[test]
fn containers_are_read_and_their_members_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("stories.bin");
    let mut tar = tar::Builder::new(Vec::new());
    let two = format!(
        "<rss><channel><title>F</title>{}</channel></rss>",
        "<item><title>One</title><description>Text of it.</description></item>".repeat(2)
    );
    for (name, bytes) in [("in/one.xml", NITF.as_bytes()), ("feed", two.as_bytes())] {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        tar.append_data(&mut header, name, bytes).unwrap();
    }
    fs::write(&path, gzip(&tar.into_inner().unwrap())).unwrap();
    let read = records(archive().args(["parse", "--jsonl"]).arg(&path));
    let members: Vec<_> = read.iter().map(|r| r["source"]["member"].clone()).collect();
    assert_eq!(
        members,
        [json!("in/one.xml"), json!("feed#1"), json!("feed#2")]
    );
    assert_eq!(read[0]["headline"], "Ferry sails");
}

#[test]
fn a_damaged_container_fails_after_what_could_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cut.gz");
    let whole = gzip(NITF.as_bytes());
    fs::write(&path, &whole[..whole.len() - 12]).unwrap();
    let output = archive()
        .args(["parse", "--jsonl"])
        .arg(&path)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("cut.gz") && told.contains("damaged"),
        "{told}"
    );
}

#[test]
fn an_archive_of_exports_is_ingested_and_rebuilt_to_the_same_records() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("feed.xml.gz");
    let feed = format!(
        "<?xml version=\"1.0\"?><rss><channel><title>F</title><language>en</language>{}</channel></rss>",
        ["One", "Two"]
            .map(|t| format!(
                "<item><title>{t} ferry</title><description>Text of {t}.</description></item>"
            ))
            .concat()
    );
    fs::write(&path, gzip(feed.as_bytes())).unwrap();
    let store = dir.path().join("kept");
    let ingest = archive()
        .arg("ingest")
        .arg("--archive")
        .arg(&store)
        .arg(&path)
        .output()
        .unwrap();
    let told = String::from_utf8(ingest.stdout).unwrap();
    assert!(told.contains("2 stored"), "{told}");
    let rebuild = archive()
        .arg("rebuild")
        .arg("--archive")
        .arg(&store)
        .output()
        .unwrap();
    assert!(rebuild.status.success());
    let verify = archive()
        .arg("verify")
        .arg("--archive")
        .arg(&store)
        .output()
        .unwrap();
    assert!(
        verify.status.success(),
        "{}",
        String::from_utf8_lossy(&verify.stdout)
    );
}

#[test]
fn each_line_is_answered_by_one_line_in_order() {
    let lines = [
        json!({"id": 1, "outlet": "HN", "text": "PORT STRIKE ENDS\n    LISBON, March 4 - Dockers \
                                                 went back.\n"}).to_string(),
        "nonsense".to_owned(),
        String::new(),
        json!([1]).to_string(),
        json!({"id": "x"}).to_string(),
        json!({"id": "b", "base64": "UE9SVCBTVFJJS0UgRU5EUwogICAgTElTQk9OLCBNYXJjaCA0IC0gRG9ja2VycyB3ZW50IGJhY2suCg=="}).to_string(),
        json!({"id": "y", "text": ""}).to_string(),
    ];
    let output = archive()
        .args([
            "parse",
            "--from",
            "jsonl",
            "--keep",
            "outlet",
            "--threads",
            "2",
            "-",
        ])
        .write_stdin(lines.join("\n") + "\n")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    let answers: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), lines.len());
    assert_eq!(answers[0]["given"], json!({"id": 1, "outlet": "HN"}));
    assert_eq!(answers[0]["stories"][0]["headline"], "PORT STRIKE ENDS");
    assert_eq!(answers[0]["error"], Value::Null);
    for bad in &answers[1..5] {
        assert!(bad["error"].is_string(), "{bad}");
        assert_eq!(bad["stories"], json!([]));
    }
    assert_eq!(answers[5]["stories"][0]["headline"], "PORT STRIKE ENDS");
    assert_eq!(answers[6]["error"], Value::Null);
    let failing = archive()
        .args(["parse", "--from", "jsonl", "--errors", "fail"])
        .write_stdin("nonsense\n")
        .output()
        .unwrap();
    assert_eq!(failing.status.code(), Some(1));
}

#[test]
fn an_answer_comes_before_the_next_line() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("archive"))
        .args(["parse", "--from", "jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for number in 0..3 {
        writeln!(
            input,
            "{}",
            json!({"id": number, "text": "Ferry sails\n\nIt sailed."})
        )
        .unwrap();
        input.flush().unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(answer["given"]["id"], number);
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}
