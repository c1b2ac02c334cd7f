//! `archive watch`, with the real program: what arrives in a folder is stored once it is complete.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "common/program.rs"]
#[allow(dead_code)]
mod program;

use program::archive;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Nothing takes longer, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(90);

fn story(headline: &str) -> String {
    format!("{headline}\n\nBy Ana Ruiz\n\nOSTEND (INA) - The council voted to open the bridge.\n")
}

/// The program while it watches `drop`, in a directory of its own.
struct Watcher {
    child: Child,
    /// Lines of standard output.
    lines: Receiver<String>,
}

impl Watcher {
    fn start(directory: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_archive"))
            .current_dir(directory)
            .env_remove("ARCHIVE_DIR")
            .args(["watch", "drop", "--settle"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It listens from here on.
        let mut err = BufReader::new(child.stderr.take().unwrap());
        let mut first = String::new();
        err.read_line(&mut first).unwrap();
        assert!(first.contains("watching drop"), "{first}");
        std::thread::spawn(move || {
            let mut rest = String::new();
            let _ = err.read_to_string(&mut rest);
            drop(rest);
        });
        let (tell, lines) = channel();
        let out = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    break;
                }
            }
        });
        Self { child, lines }
    }

    fn next(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("a line in time")
    }

    /// Ends it as the system does, and returns how it ended and what it said to the end.
    fn stop(mut self) -> (ExitStatus, Vec<String>) {
        let pid = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(told.success());
        let until = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < until, "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        };
        (status, self.lines.iter().collect())
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        // It has ended already unless a test failed.
        let _ = self.child.kill();
    }
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let drop = dir.path().join("drop");
    fs::create_dir(&drop).unwrap();
    (dir, drop)
}

#[test]
fn what_is_there_and_what_arrives_is_stored_once_also_after_a_new_start() {
    let (dir, drop) = folder();
    fs::write(drop.join("old.txt"), story("Bridge opens")).unwrap();
    let watcher = Watcher::start(dir.path(), &["0.3"]);
    assert_eq!(watcher.next(), "drop/old.txt: 1 stored");
    fs::write(drop.join("new.txt"), story("Ferry sails")).unwrap();
    assert_eq!(watcher.next(), "drop/new.txt: 1 stored");
    // A sender that writes under a hidden name and renames.
    fs::create_dir(drop.join("in")).unwrap();
    fs::write(drop.join("in/.part"), story("Port strike ends")).unwrap();
    fs::rename(drop.join("in/.part"), drop.join("in/moved.txt")).unwrap();
    assert_eq!(watcher.next(), "drop/in/moved.txt: 1 stored");
    // Others can write in between.
    fs::write(dir.path().join("other.txt"), story("Mill burns")).unwrap();
    let said = archive(dir.path(), ["ingest", "other.txt"]).succeeds();
    assert!(said.starts_with("1 stored"), "{said}");
    let (status, rest) = watcher.stop();
    assert!(status.success(), "{status}");
    assert_eq!(rest[0], "3 stored in archive");

    let watcher = Watcher::start(dir.path(), &["0.3"]);
    fs::write(drop.join("later.txt"), story("Choir wins")).unwrap();
    assert_eq!(watcher.next(), "drop/later.txt: 1 stored");
    let (status, rest) = watcher.stop();
    assert!(status.success(), "{status}");
    assert_eq!(rest[..2], ["1 stored in archive", "3 already there"]);
    let verified = archive(dir.path(), ["verify", "--all"]).succeeds();
    assert!(verified.starts_with("5 raw copies"), "{verified}");
}

#[test]
fn a_file_is_read_once_it_is_complete() {
    let (dir, drop) = folder();
    let watcher = Watcher::start(dir.path(), &["1.5"]);
    let mut slow = fs::File::create(drop.join("slow.txt")).unwrap();
    for piece in story("Bridge opens").as_bytes().chunks(20) {
        slow.write_all(piece).unwrap();
        slow.flush().unwrap();
        std::thread::sleep(Duration::from_millis(150));
    }
    assert_eq!(watcher.next(), "drop/slow.txt: 1 stored");
    let (status, _) = watcher.stop();
    assert!(status.success(), "{status}");
    let listed = archive(dir.path(), ["list", "--jsonl"]).succeeds();
    assert_eq!(listed.lines().count(), 1, "{listed}");
}

#[test]
fn a_file_that_fails_is_told_once_and_the_others_go_on() {
    let (dir, drop) = folder();
    fs::write(drop.join("a.json"), "{\"headline\": \"Bridge opens\"}").unwrap();
    fs::write(drop.join("empty.txt"), "").unwrap();
    let watcher = Watcher::start(dir.path(), &["0.3", "--poll", "0.2"]);
    assert_eq!(watcher.next(), "drop/a.json: 1 failed");
    fs::write(drop.join("b.txt"), story("Ferry sails")).unwrap();
    assert_eq!(watcher.next(), "drop/b.txt: 1 stored");
    let (status, rest) = watcher.stop();
    assert_eq!(status.code(), Some(1));
    assert!(rest.contains(&"1 failed".to_owned()), "{rest:?}");
}

#[test]
fn without_a_folder_there_is_nothing_to_watch() {
    let (dir, drop) = folder();
    let said = archive(dir.path(), ["watch", "gone"]).run();
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("gone: cannot be watched"), "{}", said.err);
    fs::write(drop.join("a.txt"), "a").unwrap();
    let said = archive(dir.path(), ["watch", "drop/a.txt"]).run();
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("is no directory"), "{}", said.err);
}
