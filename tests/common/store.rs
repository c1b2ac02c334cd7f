//! What tests of the archive directory share: folders of stories, runs of the program, and looks at
//! what it left.

#![allow(dead_code, reason = "not every test needs all of it")]

use assert_cmd::Command;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};
use tempfile::TempDir;
use walkdir::WalkDir;

/// Returns the text of the `n`th story.
pub(crate) fn story(n: usize) -> String {
    format!(
        "Bakery number {n} keeps its old oven\nBy Ana Ruiz\n\nLIMA, March {} (AP) - The owner of \
         bakery {n} will not part with the oven.\n\n\"It knows me,\" said Luis Quispe, who has fed \
         it for {n} years. \"We bake as we did.\"\n\nThe city had offered him a newer one.\n",
        n % 28 + 1
    )
}

/// Returns a folder with so many stories in `in`. In memory where that can be had: what is tested
/// here is what is left, and a disk has to wait for all that other programs write.
pub(crate) fn folder(stories: usize) -> TempDir {
    let dir = tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    for n in 0..stories {
        fs::write(dir.path().join(format!("in/{n:04}.txt")), story(n)).unwrap();
    }
    dir
}

/// Returns the program, to be run in `dir`.
pub(crate) fn archive(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("archive").unwrap();
    command
        .current_dir(dir)
        .env_remove("ARCHIVE_DIR")
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .args(arguments);
    command
}

/// Returns the program, running in `dir`; everything that it reads and writes is piped.
pub(crate) fn start(dir: &Path, arguments: &[&str]) -> Child {
    std::process::Command::new(assert_cmd::cargo::cargo_bin("archive"))
        .current_dir(dir)
        .env_remove("ARCHIVE_DIR")
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Exit status, standard output and standard error of a run.
pub(crate) fn run(dir: &Path, arguments: &[&str]) -> (i32, String, String) {
    told(archive(dir, arguments).output().unwrap())
}

/// Returns exit status, standard output and standard error of a run that has ended.
pub(crate) fn told(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// Standard output, after a run that ended with `code`.
pub(crate) fn said(command: &mut Command, code: i32) -> String {
    let output = command.output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        output.status.code(),
        Some(code),
        "{out}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    out
}

/// `records/` and `raw/`, every file with its bytes.
pub(crate) fn tree(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = ["records", "raw"]
        .into_iter()
        .flat_map(|part| WalkDir::new(root.join(part)));
    let files = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| {
            let name = entry.path().strip_prefix(root).unwrap().to_owned();
            (name, fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// `verify --all --json` of `archive/`: code and path of each finding.
pub(crate) fn findings(dir: &Path) -> Vec<(String, String)> {
    let (_, out, _) = run(dir, &["verify", "--all", "--json"]);
    let lines = out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    lines
        .filter(|line| line["code"].is_string())
        .map(|line| (text(&line["code"]), text(&line["path"])))
        .collect()
}

/// Returns the objects of `ledger/000001.jsonl`, in order.
pub(crate) fn ledger(root: &Path) -> Vec<Value> {
    let ledger = fs::read_to_string(root.join("ledger/000001.jsonl")).unwrap();
    ledger
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Replaces text in a file of the ledger, and makes all checks right again, as a forger would: each
/// is of the one before it and of the line without its own.
pub(crate) fn forge(ledger: &Path, from: &str, to: &str) {
    let hash = |text: &str| {
        Sha256::digest(text)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let mut check = "0".repeat(16);
    let mut forged = String::new();
    for line in fs::read_to_string(ledger)
        .unwrap()
        .replace(from, to)
        .lines()
    {
        let (line, _) = line.split_once(",\"check\":").unwrap();
        check = hash(&format!("{check}{line}}}"))[..16].to_owned();
        forged += &format!("{line},\"check\":\"{check}\"}}\n");
    }
    fs::write(ledger, forged).unwrap();
}
