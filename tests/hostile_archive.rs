//! Broken archives, one for each code of `verify`, and what `verify --repair` makes of them. Each
//! is a sound archive of eight stories to which one thing was done.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[path = "common/store.rs"]
mod store;

use assert_cmd::Command;
use rusqlite::Connection;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use store::forge;
use tempfile::TempDir;
use walkdir::WalkDir;

/// An archive that something is done to.
struct Victim {
    dir: TempDir,
}

/// What a run of `verify` said.
#[derive(Debug)]
struct Said {
    code: Option<i32>,
    lines: Vec<Value>,
    told: String,
}

impl Said {
    /// Code and path of each finding.
    fn findings(&self) -> Vec<(&str, &str)> {
        let found = self.lines.iter().filter(|line| line["code"].is_string());
        found
            .map(|line| {
                (
                    line["code"].as_str().unwrap(),
                    line["path"].as_str().unwrap(),
                )
            })
            .collect()
    }

    fn codes(&self) -> BTreeSet<&str> {
        self.findings().into_iter().map(|(code, _)| code).collect()
    }

    /// Returns what is said of a path under a key: `repaired` or `not_repaired`.
    fn of(&self, key: &str) -> Vec<(&str, &str)> {
        let said = self.lines.iter().filter(|line| line[key].is_string());
        said.map(|line| {
            (
                line[key].as_str().unwrap(),
                line["message"].as_str().unwrap(),
            )
        })
        .collect()
    }
}

impl Victim {
    fn new() -> Self {
        let dir = tempfile::tempdir_in("/dev/shm")
            .or_else(|_| tempfile::tempdir())
            .unwrap();
        let victim = Self { dir };
        fs::create_dir(victim.path("in")).unwrap();
        for n in 0..8 {
            let story = format!(
                "Bakery number {n} keeps its old oven\nBy Ana Ruiz\n\nLIMA, March {} (AP) - The \
                 owner of bakery {n} will not part with the oven.\n\n\"It knows me,\" said Luis \
                 Quispe, who has fed it for {n} years. \"We bake as we did.\"\n\nThe city had \
                 offered him a newer one.\n",
                n + 1
            );
            fs::write(victim.path(&format!("in/{n}.txt")), story).unwrap();
        }
        // One comes twice, so that there is a line of the ledger without a record of its own.
        fs::copy(victim.path("in/3.txt"), victim.path("in/again.txt")).unwrap();
        victim.run(&["ingest", "in"], 0);
        victim
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Returns a path below the archive.
    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join("archive").join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("archive").unwrap();
        command
            .current_dir(self.dir.path())
            .env_remove("ARCHIVE_DIR")
            .env("XDG_CONFIG_HOME", "/nonexistent")
            .args(arguments);
        command
    }

    /// Standard output, after a run that ended with `code`.
    fn run(&self, arguments: &[&str], code: i32) -> String {
        let output = self.command(arguments).output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?}: {out}{told}"
        );
        out
    }

    fn verify(&self, arguments: &[&str]) -> Said {
        let mut command = self.command(&["verify", "--json"]);
        let output = command.args(arguments).output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        Said {
            code: output.status.code(),
            lines: out
                .lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect(),
            told: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Returns the files below `records` or `raw`, in order.
    fn files(&self, part: &str) -> Vec<String> {
        let root = self.at("");
        let entries = WalkDir::new(self.at(part)).sort_by_file_name();
        entries
            .into_iter()
            .flatten()
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| {
                let path = entry.path().strip_prefix(&root).unwrap();
                path.to_str().unwrap().to_owned()
            })
            .collect()
    }

    fn ledger(&self) -> String {
        fs::read_to_string(self.at("ledger/000001.jsonl")).unwrap()
    }

    fn write_ledger(&self, text: &str) {
        fs::write(self.at("ledger/000001.jsonl"), text).unwrap();
    }

    /// Returns how many stories `list` shows.
    fn stories(&self) -> usize {
        let list: Value = serde_json::from_str(&self.run(&["list", "--json"], 0)).unwrap();
        list.as_array().unwrap().len()
    }

    fn catalog(&self, sql: &str) {
        let catalog = Connection::open(self.at("catalog.sqlite")).unwrap();
        catalog.pragma_update(None, "foreign_keys", false).unwrap();
        catalog.execute_batch(sql).unwrap();
    }

    /// `verify --all` names exactly this, and exits with 1.
    fn is_found(&self, expected: &[(&str, &str)]) {
        let said = self.verify(&["--all"]);
        assert_eq!(said.findings(), expected, "{}", said.told);
        assert_eq!(said.code, Some(1));
        for finding in said.lines.iter().filter(|line| line["code"].is_string()) {
            let message = finding["message"].as_str().unwrap();
            assert!(
                ["; ", "elsewhere", "restore"]
                    .iter()
                    .any(|part| message.contains(part)),
                "a finding says what to do: {message}"
            );
        }
    }

    /// `verify --repair` mends all of it, and nothing is found afterwards.
    fn is_mended(&self) -> Said {
        let said = self.verify(&["--all", "--repair"]);
        assert_eq!(said.of("not_repaired"), [], "{}", said.told);
        assert_eq!(said.code, Some(0), "{said:?}");
        assert_eq!(said.findings().len(), said.of("repaired").len(), "{said:?}");
        let after = self.verify(&["--all"]);
        assert_eq!(after.findings(), []);
        assert_eq!(after.code, Some(0));
        said
    }

    /// `verify --repair` says that this stays wrong, and so it does.
    fn is_not_mended(&self, path: &str) -> Said {
        let said = self.verify(&["--all", "--repair"]);
        let left: Vec<&str> = said
            .of("not_repaired")
            .iter()
            .map(|(path, _)| *path)
            .collect();
        assert!(left.contains(&path), "{said:?}");
        assert_eq!(said.code, Some(1));
        said
    }
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 4;
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_sound_archive_has_no_findings() {
    let victim = Victim::new();
    let said = victim.verify(&["--all"]);
    assert_eq!(said.findings(), []);
    let counts = &said.lines.last().unwrap()["counts"];
    assert_eq!(counts["compared"], 8);
    assert_eq!(counts["reparsed"], 8);
    let out = victim.run(&["verify"], 0);
    assert!(
        out.contains("a sample, one story in 64; --all takes all"),
        "{out}"
    );
}

#[test]
fn manifest_missing() {
    let victim = Victim::new();
    fs::remove_file(victim.at("archive.json")).unwrap();
    victim.is_found(&[("manifest-missing", "archive.json")]);
    // Other commands give the remedy.
    for command in [&["list"][..], &["ingest", "in"], &["rebuild"]] {
        let output = victim.command(command).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains("archive verify --repair"), "{told}");
    }
    victim.is_mended();
    victim.run(&["list"], 0);
}

#[test]
fn manifest_damaged() {
    let victim = Victim::new();
    fs::write(victim.at("archive.json"), "{\"format\"").unwrap();
    victim.is_found(&[("manifest-damaged", "archive.json")]);
    victim.is_mended();
}

#[test]
fn readme_missing() {
    let victim = Victim::new();
    fs::remove_file(victim.at("README.txt")).unwrap();
    victim.is_found(&[("readme-missing", "README.txt")]);
    victim.is_mended();
}

#[test]
fn readme_changed() {
    let victim = Victim::new();
    fs::write(victim.at("README.txt"), "Delete everything here.\n").unwrap();
    victim.is_found(&[("readme-changed", "README.txt")]);
    victim.is_mended();
}

#[test]
fn lock_missing() {
    let victim = Victim::new();
    fs::remove_file(victim.at("lock")).unwrap();
    victim.is_found(&[("lock-missing", "lock")]);
    victim.is_mended();
}

#[test]
fn lock_changed() {
    let victim = Victim::new();
    fs::write(victim.at("lock"), "mine").unwrap();
    victim.is_found(&[("lock-changed", "lock")]);
    victim.is_mended();
}

#[test]
fn file_extra() {
    let victim = Victim::new();
    fs::write(victim.at("notes.txt"), "mine").unwrap();
    fs::write(victim.at("ledger/000001.jsonl.orig"), "{}").unwrap();
    fs::write(victim.at("ledger/1.jsonl"), "{}").unwrap();
    fs::create_dir(victim.at("old")).unwrap();
    let extra = [
        ("file-extra", "notes.txt"),
        ("file-extra", "old"),
        ("file-extra", "ledger/000001.jsonl.orig"),
        ("file-extra", "ledger/1.jsonl"),
    ];
    victim.is_found(&extra);
    victim.is_not_mended("notes.txt");
    victim.is_found(&extra);
}

#[test]
fn directory_empty() {
    let victim = Victim::new();
    fs::create_dir_all(victim.at("records/1999/12/31")).unwrap();
    victim.is_found(&[("directory-empty", "records/1999/12/31")]);
    victim.is_mended();
    assert!(!victim.at("records/1999").exists());
}

#[test]
fn temporary_left() {
    let victim = Victim::new();
    fs::create_dir(victim.at(".archive-tmp-dir")).unwrap();
    fs::write(victim.at(".archive-tmp-file"), "half").unwrap();
    let left = [
        ("temporary-left", ".archive-tmp-dir"),
        ("temporary-left", ".archive-tmp-file"),
    ];
    victim.is_found(&left);
    victim.is_mended();
    // What a directory holds is not ours to remove, and stops no command.
    fs::create_dir(victim.at(".archive-tmp-dir")).unwrap();
    fs::write(victim.at(".archive-tmp-dir/mine"), "").unwrap();
    victim.run(&["ingest", "in"], 0);
    victim.is_not_mended(".archive-tmp-dir");
    assert!(victim.at(".archive-tmp-dir/mine").exists());
}

#[test]
fn unfinished() {
    let victim = Victim::new();
    fs::create_dir(victim.at("unfinished")).unwrap();
    fs::write(victim.at("unfinished/1"), "half a st").unwrap();
    victim.is_found(&[("unfinished", "unfinished")]);
    victim.is_mended();
    // What no ingest has put there stays, and stops nobody.
    fs::create_dir_all(victim.at("unfinished/mine/too")).unwrap();
    victim.is_found(&[("file-extra", "unfinished/mine")]);
    victim.run(&["ingest", "in"], 0);
    victim.is_not_mended("unfinished/mine");
}

#[test]
fn ledger_damaged_and_proven() {
    let victim = Victim::new();
    let right = victim.ledger();
    let lines: Vec<&str> = right.split_inclusive('\n').collect();
    let without = |gone: &[usize]| -> String {
        let kept = lines
            .iter()
            .enumerate()
            .filter(|(at, _)| !gone.contains(at));
        kept.map(|(_, line)| *line).collect()
    };
    let broken = [
        // A line was changed, in its text or in its check.
        right.replacen("in/3.txt", "in/9.txt", 1),
        right.replacen(
            &right[right.find("\"check\":\"").unwrap()..][..14],
            "\"check\":\"00000",
            1,
        ),
        // No line at all any more.
        right.replacen(lines[4], "garbage\n", 1),
        // Lines are gone: one, two, the first, some at the end.
        without(&[4]),
        without(&[4, 5]),
        without(&[0]),
        without(&[7, 8]),
        // One stands twice; two have changed places.
        right.replacen(lines[4], &lines[4].repeat(2), 1),
        right.replacen(
            &format!("{}{}", lines[4], lines[5]),
            &format!("{}{}", lines[5], lines[4]),
            1,
        ),
        // The last one was never finished.
        right[..right.len() - 40].to_owned(),
        String::new(),
    ];
    for broken in broken {
        assert_ne!(broken, right);
        victim.write_ledger(&broken);
        let said = victim.verify(&["--all"]);
        let codes = said.codes();
        assert!(
            codes.contains("ledger-damaged") || codes.contains("ledger-lost"),
            "{broken}: {codes:?}"
        );
        let said = victim.verify(&["--all", "--repair"]);
        assert_eq!(said.of("not_repaired"), [], "{broken}");
        assert_eq!(victim.ledger(), right);
        assert_eq!(victim.verify(&["--all"]).findings(), []);
        // What was there is kept, and that is said.
        let kept: Vec<_> = fs::read_dir(victim.at("evidence"))
            .unwrap()
            .flatten()
            .collect();
        assert!(
            kept.iter()
                .any(|file| fs::read_to_string(file.path()).unwrap() == broken)
        );
        let said = format!("{:?}", said.of("repaired"));
        assert!(
            said.contains("restored from the catalog") && said.contains("evidence/"),
            "{said}"
        );
        fs::remove_dir_all(victim.at("evidence")).unwrap();
    }
}

#[test]
fn ledger_damaged_and_not_proven() {
    let victim = Victim::new();
    let right = victim.ledger();
    let changed = right.replacen("in/3.txt", "in/9.txt", 1);
    victim.write_ledger(&changed);
    // The catalog says of that line what nobody can have written.
    victim.catalog("UPDATE sources SET time = 'never' WHERE path = 'in/3.txt'");
    let said = victim.is_not_mended("ledger/000001.jsonl");
    assert!(said.codes().contains("ledger-damaged"));
    assert_eq!(victim.ledger(), changed, "nothing was lost");
}

/// A catalog that knows better is not made again from a ledger that was changed.
#[test]
fn ledger_damaged_at_its_end() {
    let victim = Victim::new();
    let right = victim.ledger();
    let end = right.rfind("\"check\":\"").unwrap() + 9;
    let changed = format!("{}00000{}", &right[..end], &right[end + 5..]);
    victim.write_ledger(&changed);
    for command in [&["ingest", "in"][..], &["reindex"]] {
        let output = victim.command(command).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{command:?}");
    }
    assert_eq!(victim.ledger(), changed);
    let said = victim.is_mended();
    assert!(said.codes().contains("ledger-damaged"));
    assert_eq!(victim.ledger(), right);
    // Where the catalog cannot prove it, the ledger stays, the catalog is kept, and work goes on.
    victim.write_ledger(&changed);
    victim.catalog("UPDATE sources SET time = 'never'");
    victim.is_not_mended("ledger/000001.jsonl");
    assert!(victim.at("evidence/catalog.sqlite.1").exists());
    assert_eq!(victim.ledger(), changed);
    victim.run(&["ingest", "in"], 0);
    assert_eq!(victim.stories(), 8);
}

/// What people say of stories: lines that were changed, lost or doubled, or that are about nothing.
#[test]
fn annotations_damaged() {
    let victim = Victim::new();
    for tag in ["one", "two", "three"] {
        victim.run(&["tag", tag, "--query", "oven"], 0);
    }
    let file = victim.at("annotations.jsonl");
    let right = fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = right.split_inclusive('\n').collect();
    let without_first = right.replacen(lines[0], "", 1);
    for broken in [
        right.replacen("\"one\"", "\"odd\"", 1),
        right.replacen(lines[0], "garbage\n", 1),
        right.replacen(lines[0], &lines[0].repeat(2), 1),
        right.replacen("\"id\":\"", "\"id\":\"ffff", 1),
        without_first,
    ] {
        fs::write(&file, broken).unwrap();
        let said = victim.is_mended();
        assert!(said.codes().contains("annotations-damaged"));
        fs::write(&file, &right).unwrap();
        assert_eq!(victim.verify(&["--all"]).findings(), []);
    }
}

#[test]
fn ledger_lost() {
    let victim = Victim::new();
    let right = victim.ledger();
    let lines: Vec<&str> = right.split_inclusive('\n').collect();
    victim.write_ledger(&lines[..6].concat());
    let said = victim.verify(&["--all"]);
    assert!(
        said.findings().contains(&("ledger-lost", "ledger")),
        "{said:?}"
    );
    // Nobody goes on from there, or throws the evidence away.
    for command in [&["ingest", "in"][..], &["reindex"], &["rebuild"]] {
        let output = victim.command(command).output().unwrap();
        assert_ne!(output.status.code(), Some(0), "{command:?}");
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(
            told.contains("has lost lines") && told.contains("archive verify --repair"),
            "{told}"
        );
    }
    assert_eq!(victim.ledger(), lines[..6].concat());
    victim.is_mended();
    assert_eq!(victim.ledger(), right);
}

#[test]
fn ledger_lost_for_good() {
    let victim = Victim::new();
    let right = victim.ledger();
    let lines: Vec<&str> = right.split_inclusive('\n').collect();
    victim.write_ledger(&lines[..6].concat());
    victim.catalog("UPDATE sources SET time = 'never' WHERE ledger = 8");
    let said = victim.is_not_mended("ledger");
    let (_, why) = said
        .of("not_repaired")
        .into_iter()
        .find(|(path, _)| *path == "ledger")
        .unwrap();
    assert!(why.contains("evidence/catalog.sqlite"), "{why}");
    assert!(victim.at("evidence/catalog.sqlite.1").exists());
    // All stories are there again.
    assert_eq!(victim.verify(&["--all"]).findings(), []);
    assert_eq!(victim.stories(), 8);
}

#[test]
fn raw_missing() {
    let victim = Victim::new();
    let raw = victim.files("raw").remove(2);
    fs::remove_file(victim.at(&raw)).unwrap();
    let said = victim.verify(&["--all"]);
    assert!(
        said.findings().contains(&("raw-missing", raw.as_str())),
        "{said:?}"
    );
    victim.is_not_mended(&raw);
    victim.run(&["ingest", "in"], 0);
    assert_eq!(victim.verify(&["--all"]).findings(), []);
}

#[test]
fn raw_changed() {
    let victim = Victim::new();
    let raw = victim.files("raw").remove(2);
    flip(&victim.at(&raw), 17);
    victim.is_found(&[("raw-changed", &raw)]);
    let said = victim.is_not_mended(&raw);
    let (_, why) = said.of("not_repaired")[0];
    assert!(
        why.contains("ingest the file that it came from again"),
        "{why}"
    );
    // And that is the way, though the size is the same.
    victim.run(&["ingest", "in"], 0);
    assert_eq!(victim.verify(&["--all"]).findings(), []);
}

#[cfg(unix)]
#[test]
fn unreadable() {
    use std::os::unix::fs::PermissionsExt;
    let victim = Victim::new();
    let (raw, record) = (
        victim.files("raw").remove(2),
        victim.files("records").remove(3),
    );
    for path in [&raw, &record] {
        fs::set_permissions(victim.at(path), fs::Permissions::from_mode(0o000)).unwrap();
    }
    // The system refuses nothing to root.
    if fs::read(victim.at(&raw)).is_ok() {
        return;
    }
    victim.is_found(&[("raw-unreadable", &raw), ("record-unreadable", &record)]);
}

#[test]
fn raw_extra() {
    let victim = Victim::new();
    fs::write(victim.at("raw/notes.txt"), "mine").unwrap();
    victim.is_found(&[("raw-extra", "raw/notes.txt")]);
    victim.is_not_mended("raw/notes.txt");
    fs::remove_file(victim.at("raw/notes.txt")).unwrap();
    // The raw copy of a story that no line names.
    let bytes = "Harbour bridge opens\n\nLIMA, March 3 (AP) - The bridge is open.\n";
    let hash = {
        use sha2::{Digest, Sha256};
        let digits = Sha256::digest(bytes);
        digits
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let path = format!("raw/{}/{hash}", &hash[..2]);
    fs::create_dir_all(victim.at(&path).parent().unwrap()).unwrap();
    fs::write(victim.at(&path), bytes).unwrap();
    victim.is_found(&[("raw-extra", &path)]);
    victim.is_mended();
    assert!(victim.run(&["list"], 0).contains("Harbour bridge opens"));
}

#[test]
fn record_missing() {
    let victim = Victim::new();
    let record = victim.files("records").remove(2);
    fs::remove_file(victim.at(&record)).unwrap();
    let said = victim.verify(&["--all"]);
    assert!(
        said.findings()
            .contains(&("record-missing", record.as_str())),
        "{said:?}"
    );
    victim.is_mended();
}

/// Its directory leads elsewhere, where all its records stand: what is read through a link is not
/// here.
#[cfg(unix)]
#[test]
fn record_missing_behind_a_link() {
    let victim = Victim::new();
    let record = victim.files("records").remove(2);
    let day = Path::new(&record).parent().unwrap().to_str().unwrap();
    fs::rename(victim.at(day), victim.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink(victim.path("elsewhere"), victim.at(day)).unwrap();
    for _ in 0..2 {
        let said = victim.is_not_mended(&record);
        assert!(
            said.of("repaired").iter().all(|(path, _)| *path != record),
            "{said:?}"
        );
        assert!(said.findings().contains(&("record-extra", day)), "{said:?}");
    }
}

#[test]
fn record_changed() {
    let victim = Victim::new();
    let records = victim.files("records");
    flip(&victim.at(&records[2]), 200);
    victim.is_found(&[("record-changed", &records[2])]);
    victim.is_mended();
    // The record of another story is no clash of ids.
    fs::copy(victim.at(&records[2]), victim.at(&records[3])).unwrap();
    let said = victim.verify(&["--all"]);
    assert_eq!(said.findings(), [("record-changed", records[3].as_str())]);
    let message = said.lines[0]["message"].as_str().unwrap();
    assert!(message.contains("the record of another story"), "{message}");
    let said = victim.run(&["rebuild"], 0);
    assert!(!said.contains("same id"), "{said}");
    assert_eq!(victim.verify(&["--all"]).findings(), []);
}

/// The ledger names another place for it, with all checks right: a forger's work.
#[test]
fn record_missing_where_the_ledger_has_it() {
    let victim = Victim::new();
    let record = victim.files("records").remove(2);
    let name = record.rsplit('/').next().unwrap();
    forge(
        &victim.at("ledger/000001.jsonl"),
        &record,
        &format!("records/1999/01/01/{name}"),
    );
    fs::remove_file(victim.at("catalog.sqlite")).unwrap();
    victim.run(&["reindex"], 1);
    let said = victim.verify(&["--all"]);
    assert_eq!(
        said.codes().into_iter().collect::<Vec<_>>(),
        ["record-extra", "record-missing"]
    );
    victim.is_mended();
    assert!(victim.at(&record).exists());
}

#[test]
fn record_extra() {
    let victim = Victim::new();
    let record = victim.files("records").remove(2);
    let copy = format!("records/elsewhere/{}", record.rsplit('/').next().unwrap());
    fs::create_dir(victim.at("records/elsewhere")).unwrap();
    fs::copy(victim.at(&record), victim.at(&copy)).unwrap();
    victim.is_found(&[("record-extra", &copy)]);
    victim.is_mended();
    assert!(!victim.at(&copy).exists());
    let stray = "records/undated/stray-0123456789abcdef.json";
    fs::create_dir_all(victim.at("records/undated")).unwrap();
    fs::write(victim.at(stray), "{}").unwrap();
    victim.is_found(&[("record-extra", stray)]);
    victim.is_not_mended(stray);
}

#[test]
fn record_differs() {
    let victim = Victim::new();
    let record = victim.files("records").remove(2);
    let before = fs::read_to_string(victim.at(&record)).unwrap();
    let after = before.replace("Luis Quispe", "Luis Quispa");
    fs::write(victim.at(&record), &after).unwrap();
    let [from, to] = [&before, &after].map(|text| {
        use sha2::{Digest, Sha256};
        let digits = Sha256::digest(text);
        digits
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    });
    forge(&victim.at("ledger/000001.jsonl"), &from, &to);
    fs::remove_file(victim.at("catalog.sqlite")).unwrap();
    victim.run(&["reindex"], 0);
    victim.is_found(&[("record-differs", &record)]);
    victim.is_mended();
}

#[test]
fn catalog_damaged() {
    let victim = Victim::new();
    let right = fs::read(victim.at("catalog.sqlite")).unwrap();
    let mut garbage = right.clone();
    garbage[..4096].fill(0x5a);
    let mut middle = right.clone();
    let at = right.len() / 2;
    middle[at..at + 16384].fill(0x5a);
    for broken in [
        garbage,
        middle,
        right[..right.len() / 2].to_owned(),
        b"mine".to_vec(),
    ] {
        fs::write(victim.at("catalog.sqlite"), &broken).unwrap();
        victim.is_found(&[("catalog-damaged", "catalog.sqlite")]);
        victim.is_mended();
        assert!(
            victim
                .run(&["search", "oven"], 0)
                .contains("Bakery number 7")
        );
        assert_eq!(
            fs::read(victim.at("evidence/catalog.sqlite.1")).unwrap(),
            broken
        );
        fs::remove_dir_all(victim.at("evidence")).unwrap();
    }
    for table in [
        "stories", "quotes", "kin", "bodies", "fulltext", "applied", "sources",
    ] {
        victim.catalog(&format!("DROP TABLE {table}"));
        let said = victim.verify(&["--all"]);
        assert_eq!(said.code, Some(1), "without {table}: {said:?}");
        victim.is_mended();
    }
}

/// Every table, every kind of change.
#[test]
fn catalog_differs() {
    let victim = Victim::new();
    let changes = [
        (
            "UPDATE stories SET headline = 'Bakery burns down' WHERE story = 3",
            "headline",
        ),
        (
            "UPDATE stories SET date = '1999-01-01' WHERE story = 3",
            "date",
        ),
        ("UPDATE stories SET words = 7 WHERE story = 3", "words"),
        (
            "UPDATE stories SET first_ledger = 7 WHERE story = 3",
            "first_ledger",
        ),
        ("DELETE FROM quotes WHERE story = 3", "quotes"),
        (
            "UPDATE quotes SET speaker = 'Nobody' WHERE story = 3 AND n = 0",
            "quotes",
        ),
        ("DELETE FROM authors WHERE story = 3", "authors"),
        ("UPDATE bodies SET blocks = '[]' WHERE story = 3", "text"),
        (
            "INSERT INTO warnings VALUES (3, 9, 'odd', 'odd')",
            "warnings",
        ),
        (
            "INSERT INTO quotes SELECT 99, n, kind, text, speaker, title, mention, \
             speaker_kind, gender, gender_from, cue, block, start, \"end\", part_of, span_start, span_end FROM quotes WHERE story = 3",
            "belong to no story",
        ),
        (
            "INSERT INTO fulltext (fulltext) VALUES ('delete-all')",
            "full text",
        ),
        (
            "INSERT INTO fulltext (fulltext, rowid, headline, subheadline, slug, authors, place, \
             speakers, body) SELECT 'delete', story, headline, subheadline, slug, authors, place, \
             speakers, body FROM texts WHERE story = 3",
            "full text",
        ),
        (
            "INSERT INTO fulltext (fulltext, rowid, headline, subheadline, slug, authors, place, \
          speakers, body) SELECT 'delete', story, headline, subheadline, slug, authors, place, \
          speakers, body FROM texts WHERE story = 3;
          INSERT INTO fulltext (rowid, headline, subheadline, slug, authors, place, speakers, \
          body) SELECT story, 'Butcher number 2 keeps its old oven', subheadline, slug, authors, \
          place, speakers, body FROM texts WHERE story = 3",
            "other words",
        ),
        ("DELETE FROM kin WHERE story = 3", "kin"),
        ("DELETE FROM kin", "kin"),
        ("UPDATE kin SET chain = story, text = story", "other chains"),
        ("UPDATE kin SET chain = 1, text = 1", "other chains"),
        ("UPDATE kin SET kills = 1 WHERE story = 3", "chain"),
        ("DELETE FROM kin_keys WHERE story = 3", "chain"),
        ("DELETE FROM sketches WHERE story = 3", "sketches"),
        (
            "UPDATE sources SET path = 'elsewhere' WHERE ledger = 3",
            "line 3 of the ledger",
        ),
        (
            "DELETE FROM sources WHERE ledger = 9",
            "lines of the ledger",
        ),
        (
            "DELETE FROM stories WHERE story = 3",
            "7 stories where the ledger has 8",
        ),
        (
            "UPDATE stories SET record = 'records/x.json' WHERE story = 3",
            "not what the ledger says",
        ),
        (
            "CREATE TRIGGER spy AFTER INSERT ON stories BEGIN DELETE FROM warnings; END",
            "spy",
        ),
        ("DROP VIEW versions", "versions"),
        (
            "INSERT INTO annotations (id, kind, value, time) VALUES ('00', 'tag', 'odd', \
             'never')",
            "other tags",
        ),
        ("UPDATE applied SET position = 3", "another ledger"),
    ];
    // Two versions of one story, which make a chain.
    let lead = "Mayor opens the harbour bridge\n\nLIMA, March 3 (AP) - The mayor opened the \
                harbour bridge in front of a thousand people who had waited since \
                dawn.\n\nFerries will stop in May, the city said, and the old pier becomes a \
                market for fish and flowers.\n";
    fs::write(victim.path("in/lead.txt"), lead).unwrap();
    let update = lead.replace("becomes a market", "becomes a covered market");
    fs::write(victim.path("in/update.txt"), update).unwrap();
    victim.run(&["ingest", "in"], 0);
    assert_eq!(victim.verify(&["--all"]).findings(), []);
    assert_eq!(victim.stories(), 10);
    let copy = victim.path("copy.sqlite");
    // All in one file.
    victim.catalog("PRAGMA wal_checkpoint(TRUNCATE)");
    fs::copy(victim.at("catalog.sqlite"), &copy).unwrap();
    for (change, said) in changes {
        let said = said.replace(
            "7 stories where the ledger has 8",
            "9 stories where the ledger has 10",
        );
        fs::copy(&copy, victim.at("catalog.sqlite")).unwrap();
        victim.catalog(change);
        let found = victim.verify(&["--all"]);
        assert_eq!(
            found.codes().into_iter().collect::<Vec<_>>(),
            ["catalog-differs"],
            "{change}"
        );
        let messages = format!("{:?}", found.lines);
        assert!(messages.contains(&said), "{change}: {messages}");
    }
    victim.is_mended();
}

#[test]
fn catalog_incomplete() {
    let victim = Victim::new();
    let record = victim.files("records").remove(2);
    fs::rename(victim.at(&record), victim.path("away")).unwrap();
    victim.run(&["reindex"], 1);
    assert_eq!(victim.stories(), 7);
    // It comes back.
    fs::create_dir_all(victim.at(&record).parent().unwrap()).unwrap();
    fs::rename(victim.path("away"), victim.at(&record)).unwrap();
    let said = victim.verify(&["--all"]);
    assert_eq!(said.findings(), [("catalog-incomplete", "catalog.sqlite")]);
    assert!(said.lines[0]["message"].as_str().unwrap().contains(&record));
    // The next command takes it in, whichever it is.
    assert_eq!(victim.stories(), 8);
    assert_eq!(victim.verify(&["--all"]).findings(), []);
}

/// Every code has a broken archive here; `story-fault` apart, which is the program's own fault.
#[test]
fn every_code_is_tested() {
    let tests = include_str!("hostile_archive.rs");
    for code in archive::store::Code::ALL {
        let name = code.name();
        let is_tested = tests.contains(&format!("\"{name}\"")) || name == "story-fault";
        assert!(is_tested, "no archive is broken as {name}");
    }
}
