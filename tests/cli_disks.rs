//! Disks that are full or cannot be written, from the outside. The tests need the right to mount a
//! file system in memory; where it is not given, each says so and passes.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests are tests"
)]

#[path = "common/store.rs"]
mod store;

use serde_json::Value;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use store::{archive, folder, run, told, tree};
use tempfile::TempDir;

/// A folder of stories, `in`, and a small disk next to it, `disk`.
struct SmallDisk {
    dir: TempDir,
}

impl SmallDisk {
    /// Mounts a disk of so many MiB; none where that is not allowed.
    fn mount(stories: usize, mib: usize) -> Option<Self> {
        let disk = Self {
            dir: folder(stories),
        };
        fs::create_dir(disk.path()).unwrap();
        let size = format!("size={mib}m");
        let is_mounted = disk.call("mount", &["-t", "tmpfs", "-o", &size, "tmpfs"]);
        if !is_mounted {
            println!("skipped: a disk cannot be mounted here");
        }
        is_mounted.then_some(disk)
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("disk")
    }

    fn call(&self, program: &str, arguments: &[&str]) -> bool {
        let called = Command::new(program)
            .args(arguments)
            .arg(self.path())
            .output();
        called.is_ok_and(|done| done.status.success())
    }

    fn remount(&self, options: &str) {
        assert!(self.call("mount", &["-o", &format!("remount,{options}")]));
    }

    /// Writes to the disk until nothing more fits.
    fn fill(&self) {
        let mut file = File::create(self.path().join("filler")).unwrap();
        let error = loop {
            if let Err(error) = file.write_all(&[0; 4096]) {
                break error;
            }
        };
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }

    /// Runs the program on the archive `name` of the disk.
    fn run(&self, name: &str, arguments: &[&str]) -> (i32, String, String) {
        told(self.output(name, arguments))
    }

    fn output(&self, name: &str, arguments: &[&str]) -> Output {
        let place = format!("disk/{name}");
        archive(self.dir.path(), arguments)
            .args(["--archive", &place])
            .output()
            .unwrap()
    }

    /// Makes the archive `archive` with two stories in its catalog and `more` in its ledger alone.
    fn make_behind(&self, more: usize) {
        let catalog = self.path().join("archive/catalog.sqlite");
        let kept = self.dir.path().join("catalog.sqlite");
        assert_eq!(
            self.run("archive", &["ingest", "in/0000.txt", "in/0001.txt"])
                .0,
            0
        );
        fs::copy(&catalog, &kept).unwrap();
        let names: Vec<String> = (2..2 + more).map(|n| format!("in/{n:04}.txt")).collect();
        let mut arguments = vec!["ingest"];
        arguments.extend(names.iter().map(String::as_str));
        assert_eq!(self.run("archive", &arguments).0, 0);
        remove_log(&catalog);
        fs::copy(&kept, &catalog).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        self.call("umount", &[]);
    }
}

/// Removes what SQLite may have left next to the catalog.
fn remove_log(catalog: &Path) {
    for ending in ["-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{ending}", catalog.display()));
    }
}

#[test]
fn a_full_disk_gives_one_clear_error_and_a_sound_archive() {
    let Some(disk) = SmallDisk::mount(400, 1) else {
        return;
    };
    for _ in 0..2 {
        let (code, _, error) = disk.run("archive", &["ingest", "in"]);
        let lines: Vec<_> = error
            .lines()
            .filter(|line| !line.contains("recovered"))
            .collect();
        assert_eq!(code, 1, "{error}");
        assert!(
            matches!(lines.as_slice(), [line] if line.contains("make room on the disk")),
            "{error}"
        );
    }
    disk.remount("size=64m");
    assert_eq!(disk.run("archive", &["ingest", "in"]).0, 0);
    let (code, found, _) = disk.run("archive", &["verify", "--all"]);
    assert_eq!(code, 0, "{found}");
    assert_eq!(tree(&disk.path().join("archive")).len(), 800);
}

#[test]
fn a_reader_says_what_its_answer_lacks_where_the_disk_is_full() {
    let Some(disk) = SmallDisk::mount(60, 4) else {
        return;
    };
    disk.make_behind(58);
    disk.fill();
    is_behind(&disk, 58, "make room on the disk");
}

#[test]
fn a_reader_says_what_its_answer_lacks_where_the_disk_cannot_be_written() {
    let Some(disk) = SmallDisk::mount(5, 8) else {
        return;
    };
    disk.make_behind(3);
    disk.remount("ro");
    is_behind(&disk, 3, "Read-only");
}

/// Every reader answers from what the catalog has, says how much it lacks and why, and has failed.
fn is_behind(disk: &SmallDisk, lines: usize, why: &str) {
    for arguments in [
        &["list"][..],
        &["search", "oven"],
        &["quotes"],
        &["stats"],
        &["export"],
    ] {
        let (code, out, error) = disk.run("archive", arguments);
        let lacks = format!("is {lines} lines behind the ledger");
        assert_eq!(code, 1, "{arguments:?}: {error}");
        assert!(
            error.lines().count() == 1 && error.contains(&lacks) && error.contains(why),
            "{arguments:?}: {error}"
        );
        assert!(!out.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_read_only_disk_can_be_read_and_refuses_writing_with_one_clear_error() {
    let Some(disk) = SmallDisk::mount(5, 8) else {
        return;
    };
    for name in ["whole", "without"] {
        let three = ["ingest", "in/0000.txt", "in/0001.txt", "in/0002.txt"];
        assert_eq!(disk.run(name, &three).0, 0);
    }
    fs::remove_file(disk.path().join("without/catalog.sqlite")).unwrap();
    let (_, rows, _) = disk.run("whole", &["list", "--jsonl"]);
    let row: Value = serde_json::from_str(rows.lines().next().unwrap()).unwrap();
    let id = row["id"].as_str().unwrap();
    disk.remount("ro");
    for reading in [
        &["list"][..],
        &["show", id],
        &["show", id, "--versions"],
        &["diff", id, id],
        &["raw", id],
        &["search", "oven"],
        &["quotes"],
        &["quotes", "--top"],
        &["stats"],
        &["export"],
        &["export", "--what", "quotes", "--format", "csv"],
        &["verify", "--all"],
        // Nothing is wrong, so nothing is written.
        &["verify", "--repair"],
    ] {
        let (code, out, error) = disk.run("whole", reading);
        assert_eq!((code, error.as_str()), (0, ""), "{reading:?}");
        assert!(!out.is_empty(), "{reading:?}");
    }
    let refused = |name: &str, arguments: &[&str], remedy: &str| {
        let (code, out, error) = disk.run(name, arguments);
        assert_eq!((code, out.as_str()), (1, ""), "{error}");
        assert!(
            error.lines().count() == 1
                && error.contains(remedy)
                && error.matches("Read-only").count() == 1,
            "{error}"
        );
    };
    for writing in [&["ingest", "in"][..], &["reindex"], &["rebuild"]] {
        refused(
            "whole",
            writing,
            "give a directory on a disk that can be written",
        );
    }
    refused("new", &["ingest", "in"], "disk/new: cannot be written");
    // What only lacks its catalog lacks nothing that is not in the other files.
    let remedy = "the catalog is missing; make it from the records with `archive reindex` where \
                  the disk can be written";
    refused("without", &["list"], remedy);
    assert_eq!(disk.run("without", &["verify", "--all"]).0, 0);
    assert_eq!(tree(&disk.path().join("whole")).len(), 6);
    assert_eq!(
        run(disk.dir.path(), &["list", "--archive", "disk/whole"]).0,
        0
    );
}
