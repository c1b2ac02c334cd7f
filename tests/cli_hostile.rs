//! Inputs, archives and terminals that mean no good, from the outside: each costs bounded memory
//! and time, and gets one clear message.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use assert_cmd::Command;
use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;
use tempfile::TempDir;
use walkdir::WalkDir;

const STORY: &str = "Port strike ends after nine days\nBy Ana Ruiz\n\nLIMA, March 3, 2021 (AP) \
                     - \"We won,\" said Luis Quispe, who led the dockers.\n";
/// Nothing here takes so long, unless it waits for something that never comes.
const PATIENCE: Duration = Duration::from_secs(120);

/// Returns a folder with an empty folder `in`.
fn folder() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    dir
}

fn archive(dir: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("archive").unwrap();
    command
        .current_dir(dir)
        .env_remove("ARCHIVE_DIR")
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .args(arguments)
        .timeout(PATIENCE)
        .output()
        .unwrap()
}

/// By way of the shell, for what only it can set: limits, masks, terminals. `$ARCHIVE` is the
/// program.
fn shell(dir: &Path, script: &str) -> Output {
    let mut command = Command::new("sh");
    command
        .current_dir(dir)
        .env_remove("ARCHIVE_DIR")
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .env("ARCHIVE", assert_cmd::cargo::cargo_bin("archive"));
    command
        .args(["-c", script])
        .timeout(PATIENCE)
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Standard output of a run without failure.
fn said(dir: &Path, arguments: &[&str]) -> String {
    let output = archive(dir, arguments);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{arguments:?}: {}",
        err(&output)
    );
    out(&output)
}

/// Files below a part of the archive.
fn files(dir: &Path, part: &str) -> Vec<PathBuf> {
    let entries = WalkDir::new(dir.join("archive").join(part))
        .sort_by_file_name()
        .into_iter()
        .map(Result::unwrap);
    entries
        .filter(|entry| !entry.file_type().is_dir())
        .map(walkdir::DirEntry::into_path)
        .collect()
}

fn pipe(path: &Path) {
    assert!(
        std::process::Command::new("mkfifo")
            .arg(path)
            .status()
            .unwrap()
            .success()
    );
}

#[test]
fn whatever_stands_in_a_folder_is_named_and_the_stories_are_stored() {
    let dir = folder();
    let inside = dir.path().join("in");
    fs::write(inside.join("a.txt"), STORY).unwrap();
    pipe(&inside.join("pipe"));
    let _socket = std::os::unix::net::UnixListener::bind(inside.join("socket")).unwrap();
    symlink("/dev/zero", inside.join("device")).unwrap();
    symlink("nowhere", inside.join("broken")).unwrap();
    symlink("loop", inside.join("loop")).unwrap();
    symlink("..", inside.join("up")).unwrap();
    fs::write(dir.path().join("outside.txt"), STORY.replace("nine", "ten")).unwrap();
    symlink("../outside.txt", inside.join("outside.txt")).unwrap();
    let output = archive(dir.path(), &["ingest", "in"]);
    assert_eq!(output.status.code(), Some(1));
    let told = [
        "in/broken: a symbolic link that leads nowhere; mend or remove it",
        "in/device: passed over, since it is a device; ",
        "in/loop: a symbolic link that leads in a circle; mend or remove it",
        "in/pipe: passed over, since it is a named pipe; ",
        "in/socket: passed over, since it is a socket; ",
        "in/up: passed over, since it is a link to a directory; give it by itself",
    ];
    let stderr = err(&output);
    assert_eq!(stderr.lines().count(), told.len(), "{stderr}");
    for (line, told) in stderr.lines().zip(told) {
        assert!(
            line.strip_prefix("archive: ").unwrap().starts_with(told),
            "{line}"
        );
    }
    let summary = out(&output);
    assert!(
        summary.starts_with("2 stored in archive\n0 already there\n0 updated\n4 passed over"),
        "{summary}"
    );
    assert!(summary.contains("\n2 failed\n"), "{summary}");
}

#[test]
fn what_is_no_text_is_named_with_what_to_do() {
    let dir = folder();
    let mut tar = vec![0; 1024];
    tar[..5].copy_from_slice(b"a.txt");
    tar[257..262].copy_from_slice(b"ustar");
    let cases: [(&str, &[u8], &str); 7] = [
        ("a.bz2", b"BZh91AY&SY\x01\x02", "is damaged or cut off ("),
        (
            "b.gz",
            b"\x1F\x8B\x08\0\0\0\0\0\0\x03",
            "is damaged or cut off (",
        ),
        ("c.tar", &tar, "is damaged or cut off ("),
        ("d.xz", b"\xFD7zXZ\0\0\x04", "is damaged or cut off ("),
        (
            "e.zip",
            b"PK\x03\x04\x14\0../../evil.txt",
            "is a damaged ZIP archive (",
        ),
        (
            "f.zst",
            b"\x28\xB5\x2F\xFD\x24\x01",
            "is damaged or cut off (",
        ),
        (
            "g.pdf",
            b"%PDF-1.7\n%\xE2\xE3\xCF\xD3",
            "is a PDF document; take its text out first: pdftotext FILE - | archive … -",
        ),
    ];
    for (name, bytes, _) in cases {
        fs::write(dir.path().join("in").join(name), bytes).unwrap();
    }
    for command in ["ingest", "parse"] {
        let output = archive(dir.path(), &[command, "in"]);
        assert_eq!(output.status.code(), Some(1), "{command}");
        let stderr = err(&output);
        assert_eq!(stderr.lines().count(), cases.len(), "{stderr}");
        for (name, _, told) in cases {
            let begins = format!("archive: in/{name}: {told}");
            assert!(
                stderr.lines().any(|line| line.starts_with(&begins)),
                "{begins}: {stderr}"
            );
        }
    }
    assert!(
        !dir.path().join("archive/raw").exists(),
        "nothing is stored"
    );
    // Whole ones are read, from standard input too.
    let output = shell(
        dir.path(),
        "printf 'Another headline\\n\\nA text.\\n' | gzip | \"$ARCHIVE\" ingest -",
    );
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let output = shell(
        dir.path(),
        "printf 'A headline\\n\\nA text.\\n' | gzip | gzip -dc | \"$ARCHIVE\" ingest -",
    );
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
}

#[test]
fn bytes_that_mean_nothing_are_kept_byte_for_byte() {
    let dir = folder();
    // A linear generator's bytes: neither text nor anything else.
    let mut state = 7_u32;
    let noise = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let odd: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(STORY.encode_utf16().flat_map(u16::to_le_bytes))
        .chain([b'x'])
        .collect();
    let contents = [
        Vec::new(),
        vec![0; 5000],
        odd,
        (0..20_000).map(noise).collect(),
        b"\x1B]0;owned\x07\x1B[2J".repeat(400),
        vec![b'('; 50_000],
    ];
    for (number, bytes) in contents.iter().enumerate() {
        fs::write(dir.path().join(format!("in/{number}")), bytes).unwrap();
    }
    assert!(said(dir.path(), &["ingest", "in"]).starts_with("6 stored"));
    let mut kept: Vec<Vec<u8>> = files(dir.path(), "raw")
        .iter()
        .map(|path| fs::read(path).unwrap())
        .collect();
    let mut given = contents.to_vec();
    kept.sort();
    given.sort();
    assert!(kept == given);
    said(dir.path(), &["verify", "--all"]);
    for command in [
        &["list", "--json"][..],
        &["stats", "--json"],
        &["quotes", "--json"],
        &["search", "strike", "--json"],
    ] {
        serde_json::from_str::<Value>(&said(dir.path(), command)).unwrap();
    }
}

/// A limit on memory that is a fraction of what the input would take.
#[test]
fn size_costs_no_memory() {
    let dir = folder();
    // Holes take no room on the disk.
    fs::File::create(dir.path().join("in/endless"))
        .unwrap()
        .set_len(10 << 30)
        .unwrap();
    fs::write(dir.path().join("in/line"), "word ".repeat(14 << 20)).unwrap();
    let limited = |script: &str| shell(dir.path(), &format!("ulimit -v 1200000 && {script}"));
    let output = limited("\"$ARCHIVE\" ingest in");
    assert_eq!(output.status.code(), Some(1));
    let stderr = err(&output);
    assert_eq!(stderr.lines().count(), 2, "{stderr}");
    for (line, name) in stderr.lines().zip(["endless", "line"]) {
        assert_eq!(
            line,
            format!(
                "archive: in/{name}: is larger than 64 MiB, the most that one file may have; \
                 split it into smaller files"
            )
        );
    }
    for endless in ["cat in/endless", "yes"] {
        let output = limited(&format!("{endless} | \"$ARCHIVE\" parse -"));
        assert_eq!(output.status.code(), Some(1));
        assert!(
            err(&output).starts_with("archive: standard input: is larger than 64 MiB"),
            "{}",
            err(&output)
        );
    }
    // Very many stories in one file, and very many failures.
    let one = |n: usize| format!("\x16\x16\x01f{n}\x1F\x02A {n}\n\x03\n");
    fs::write(
        dir.path().join("many"),
        (0..100_000).map(one).collect::<String>(),
    )
    .unwrap();
    let output = limited("\"$ARCHIVE\" parse --jsonl many | wc -l");
    assert_eq!(out(&output).trim(), "100000", "{}", err(&output));
}

#[test]
fn failures_without_number_are_told_and_counted() {
    let dir = folder();
    for n in 0..1200 {
        symlink("nowhere", dir.path().join(format!("in/{n:04}"))).unwrap();
    }
    let output = archive(dir.path(), &["ingest", "in"]);
    assert_eq!(
        (output.status.code(), err(&output).lines().count()),
        (Some(1), 1200)
    );
    let summary = out(&output);
    assert!(
        summary.contains("\n1200 failed\n") && summary.ends_with("\n  and 200 more, told above\n"),
        "{summary}"
    );
}

#[test]
fn folders_can_be_nested_as_deep_as_paths_can_be_long() {
    let dir = folder();
    // In three parts, since no path may be as long as the whole: each is hung below the one before.
    let part = "d/".repeat(900);
    for top in ["in", "second", "third"] {
        fs::create_dir_all(dir.path().join(top).join(&part)).unwrap();
    }
    fs::write(dir.path().join("in").join(&part).join("a.txt"), STORY).unwrap();
    fs::write(dir.path().join("third").join(&part).join("b.txt"), STORY).unwrap();
    fs::rename(
        dir.path().join("second"),
        dir.path().join("in").join(&part).join("d"),
    )
    .unwrap();
    fs::rename(
        dir.path().join("third"),
        dir.path()
            .join("in")
            .join(&part)
            .join("d")
            .join(&part)
            .join("d"),
    )
    .unwrap();
    let output = archive(dir.path(), &["ingest", "in"]);
    // Too deep for `remove_dir_all` on some systems.
    let removed = std::process::Command::new("rm")
        .arg("-rf")
        .arg(dir.path().join("in"))
        .status();
    assert!(removed.unwrap().success());
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).starts_with("1 stored"), "{}", out(&output));
    let stderr = err(&output);
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(
        stderr.contains("go to a directory further down, and give the rest of the path"),
        "{stderr}"
    );
}

/// Names with line feeds, escapes, marks that turn the line, and bytes that are no text.
#[cfg(target_os = "linux")]
const NAMES: [&[u8]; 4] = [
    b"a\nb: all is well",
    b"c\x1B[31m\x1B]0;owned\x07",
    b"d\xE2\x80\xAEtxt",
    b"e\xFF\xFE",
];

/// Returns whether nothing in it could act on a terminal.
fn is_harmless(text: &str) -> bool {
    text.chars().all(|c| {
        let turns =
            ('\u{202A}'..='\u{202E}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c);
        let is_tag = ('\u{E0000}'..='\u{E007F}').contains(&c);
        c == '\n' || c == '\t' || !c.is_control() && !turns && !is_tag
    })
}

#[cfg(target_os = "linux")]
#[test]
fn names_cannot_forge_messages() {
    let dir = folder();
    for name in NAMES {
        symlink(
            "nowhere",
            dir.path().join("in").join(OsStr::from_bytes(name)),
        )
        .unwrap();
    }
    let output = archive(dir.path(), &["ingest", "in"]);
    assert_eq!(
        (output.status.code(), err(&output).lines().count()),
        (Some(1), NAMES.len()),
        "{}",
        err(&output)
    );
    assert!(is_harmless(&err(&output)) && is_harmless(&out(&output)));
    assert!(
        err(&output).contains("in/a␊b: all is well: a symbolic link"),
        "{}",
        err(&output)
    );
    assert_eq!(
        out(&output)
            .lines()
            .filter(|line| line.starts_with("  in/"))
            .count(),
        NAMES.len()
    );
    // Nor can names of files that somebody put into the archive.
    fs::write(dir.path().join("a.txt"), STORY).unwrap();
    said(dir.path(), &["ingest", "a.txt"]);
    for name in NAMES {
        fs::write(
            dir.path()
                .join("archive/records")
                .join(OsStr::from_bytes(name)),
            "",
        )
        .unwrap();
    }
    let output = archive(dir.path(), &["verify"]);
    assert_eq!(
        (output.status.code(), out(&output).lines().count()),
        (Some(1), NAMES.len() + 1),
        "{}",
        out(&output)
    );
    assert!(is_harmless(&out(&output)));
    let output = archive(dir.path(), &["verify", "--json"]);
    assert!(
        out(&output)
            .lines()
            .all(|line| serde_json::from_str::<Value>(line).is_ok())
    );
}

/// Needs `script` from util-linux; says so and passes where it is not.
#[cfg(target_os = "linux")]
#[test]
fn nothing_of_a_story_acts_on_the_terminal() {
    let dir = folder();
    let hostile = "Port \x1B]0;owned\x07strike \u{202E}ends\u{9B}5m\n\nBy \
                   Ana \x1B[31mRuiz\n\nLIMA, March 3, 2021 (AP) - \"We \x1B[5mwon,\" said \
                   Luis \u{202E}Quispe, who led\r the dockers.\n";
    for name in NAMES {
        fs::write(
            dir.path().join("in").join(OsStr::from_bytes(name)),
            hostile.replace("nine", &name.len().to_string()),
        )
        .unwrap();
    }
    said(dir.path(), &["ingest", "in"]);
    let rows: Vec<Value> = serde_json::from_str(&said(dir.path(), &["list", "--json"])).unwrap();
    let id = rows[0]["id"].as_str().unwrap().to_owned();
    let show = [
        "show ID",
        "show ID --json",
        "show ID --versions",
        "raw ID",
        "list",
        "list --json",
        "search strike",
        "quotes",
        "quotes --top",
    ];
    let others = [
        "stats",
        "export",
        "export --format csv",
        "verify",
        "ingest in",
        "parse in",
        "parse --format text in",
        "parse --explain in",
    ];
    for width in [40, 80, 200] {
        for command in show.into_iter().chain(others) {
            let command = command.replace("ID", &id);
            let inner = format!("stty cols {width} rows 40; NO_COLOR=1 \"$ARCHIVE\" {command}");
            let output = shell(
                dir.path(),
                &format!("script -qec '{inner}' /dev/null < /dev/null"),
            );
            if !output.status.success() && out(&output).is_empty() {
                println!("skipped: there is no `script` to make a terminal with");
                return;
            }
            let shown = out(&output).replace("\r\n", "\n");
            assert!(is_harmless(&shown), "{command}, {width}: {shown:?}");
            assert!(!shown.is_empty(), "{command}");
            if ["list", "quotes", "quotes --top"].contains(&command.as_str()) {
                let widest = shown
                    .lines()
                    .map(|line| line.chars().count())
                    .max()
                    .unwrap();
                assert!(
                    widest <= width,
                    "{command}, {width}: {widest} columns\n{shown}"
                );
            }
        }
    }
    // Bars are blocks only where those can be shown.
    for (setting, bar) in [
        ("TERM=dumb", "#"),
        ("LC_ALL=C", "#"),
        ("LC_ALL=C.UTF-8 TERM=xterm", "█"),
    ] {
        let output = shell(
            dir.path(),
            &format!("script -qec '{setting} NO_COLOR=1 \"$ARCHIVE\" stats' /dev/null < /dev/null"),
        );
        let shown = out(&output);
        assert_eq!(
            (shown.contains('█'), shown.contains('#')),
            (bar == "█", bar == "#"),
            "{setting}: {shown}"
        );
    }
}

/// Not even a catalog that somebody wrote to, nor the command line itself, gets through to the
/// terminal, with colours or without.
#[cfg(target_os = "linux")]
#[test]
fn nothing_gets_past_the_fence() {
    const HOSTILE: &str =
        "\u{1B}]0;owned\u{7}\u{1B}[2J\u{1B}[8m\u{9B}5m\u{202E}\u{2067}\u{E0001}\u{E0041}\u{E007F}";
    let dir = folder();
    for (name, words) in [("a.txt", "nine"), ("b.txt", "ten")] {
        let copy = STORY.replace("nine", &format!("{HOSTILE}{words}"));
        fs::write(dir.path().join("in").join(name), copy).unwrap();
    }
    said(dir.path(), &["ingest", "in"]);
    let rows: Vec<Value> = serde_json::from_str(&said(dir.path(), &["list", "--json"])).unwrap();
    let ids: Vec<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
    let diff = format!("diff {} {} --json", ids[0], ids[1]);
    let forge = rusqlite::Connection::open(dir.path().join("archive/catalog.sqlite")).unwrap();
    forge
        .execute(
            "UPDATE stories SET date = ?1 || date, agency = ?1, language = ?1",
            [HOSTILE],
        )
        .unwrap();
    forge
        .execute(
            "UPDATE stories SET id = ?1 || id WHERE id = ?2",
            [HOSTILE, ids[0]],
        )
        .unwrap();
    drop(forge);
    fs::write(dir.path().join("hostile"), HOSTILE).unwrap();
    for command in [
        diff.as_str(),
        "stats",
        "stats --json",
        "search strike",
        "search strike --json",
        "list",
        "export",
        "export --format csv",
        "search \"x:$(cat hostile)\"",
        "list --after \"$(cat hostile)\"",
        "list --agency \"$(cat hostile)\"",
        "\"$(cat hostile)\"",
        "list \"--$(cat hostile)\"",
        "show \"$(cat hostile)\"",
    ] {
        for setting in ["NO_COLOR=1", "CLICOLOR_FORCE=1 TERM=xterm-256color"] {
            let script = dir.path().join("run");
            fs::write(&script, format!("{setting} \"$ARCHIVE\" {command}\n")).unwrap();
            let output = shell(dir.path(), "script -qec 'sh run' /dev/null < /dev/null");
            let mut shown = out(&output).replace("\r\n", "\n");
            if !output.status.success() && shown.is_empty() {
                println!("skipped: there is no `script` to make a terminal with");
                return;
            }
            // Styles of the program's own.
            for code in ["0", "1", "2", "3", "4", "31", "32", "33", "34", "35", "36"] {
                shown = shown.replace(&format!("\u{1B}[{code}m"), "");
            }
            assert!(
                !shown.is_empty() && is_harmless(&shown),
                "{command}, {setting}: {shown:?}"
            );
        }
    }
}

/// A file of the archive that is a pipe, or a link out of it, is neither waited for nor followed.
#[test]
fn an_archive_with_traps_in_it_is_read_with_care() {
    let dir = folder();
    fs::write(dir.path().join("in/a.txt"), STORY).unwrap();
    said(dir.path(), &["ingest", "in"]);
    let rows: Vec<Value> = serde_json::from_str(&said(dir.path(), &["list", "--json"])).unwrap();
    let id = rows[0]["id"].as_str().unwrap();
    let [raw] = files(dir.path(), "raw").try_into().unwrap();
    let [record] = files(dir.path(), "records").try_into().unwrap();
    let manifest = dir.path().join("archive/archive.json");
    let outside = dir.path().join("outside");
    let cases: [(&Path, &[&[&str]]); 3] = [
        (&raw, &[&["raw", id]]),
        (
            &record,
            &[&["show", id], &["show", id, "--json"], &["export"]],
        ),
        (&manifest, &[&["list"], &["verify"], &["ingest", "in"]]),
    ];
    for (place, commands) in cases {
        fs::rename(place, &outside).unwrap();
        pipe(place);
        for command in commands {
            let output = archive(dir.path(), command);
            assert_eq!(output.status.code(), Some(1), "{command:?}");
            assert!(
                err(&output).contains("it is not a regular file")
                    && err(&output).lines().count() == 1,
                "{command:?}: {}",
                err(&output)
            );
        }
        fs::remove_file(place).unwrap();
        if place != manifest {
            symlink(&outside, place).unwrap();
            for command in commands {
                let output = archive(dir.path(), command);
                assert_eq!(output.status.code(), Some(1), "{command:?}");
                assert!(
                    err(&output).contains("is a symbolic link") && !out(&output).contains("Quispe"),
                    "{command:?}: {}",
                    err(&output)
                );
            }
            fs::remove_file(place).unwrap();
        }
        fs::rename(&outside, place).unwrap();
    }
    fs::rename(&record, &outside).unwrap();
    pipe(&record);
    let output = archive(dir.path(), &["reindex"]);
    assert_eq!(
        (output.status.code(), out(&output).as_str()),
        (Some(1), "0 stories in the catalog\n1 records left out\n")
    );
    fs::remove_file(&record).unwrap();
    fs::rename(&outside, &record).unwrap();
    said(dir.path(), &["reindex"]);
    // What stands in the lock's place does not keep readers, nor a pipe in a directory that is no
    // archive.
    let lock = dir.path().join("archive/lock");
    fs::remove_file(&lock).unwrap();
    pipe(&lock);
    said(dir.path(), &["list"]);
    let output = archive(dir.path(), &["verify", "--all"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        out(&output).starts_with("lock: lock-changed: "),
        "{}",
        out(&output)
    );
    fs::remove_file(&lock).unwrap();
    fs::create_dir(dir.path().join("other")).unwrap();
    pipe(&dir.path().join("other/README.txt"));
    let output = archive(dir.path(), &["ingest", "in", "--archive", "other"]);
    assert!(
        err(&output).starts_with("archive: other: is not an archive"),
        "{}",
        err(&output)
    );
    // A directory on the way, too.
    let folder = record.parent().unwrap();
    fs::rename(folder, &outside).unwrap();
    symlink(&outside, folder).unwrap();
    let output = archive(dir.path(), &["show", id]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        err(&output).contains("is a symbolic link"),
        "{}",
        err(&output)
    );
    // An endless record takes no memory.
    fs::remove_file(folder).unwrap();
    fs::rename(&outside, folder).unwrap();
    fs::OpenOptions::new()
        .write(true)
        .open(&record)
        .unwrap()
        .set_len(10 << 30)
        .unwrap();
    let output = shell(
        dir.path(),
        &format!("ulimit -v 1600000 && \"$ARCHIVE\" show {id}"),
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(
        err(&output).contains("it is larger than 512 MiB"),
        "{}",
        err(&output)
    );
}

/// As somebody who is not the superuser; says so and passes where nobody else can be.
#[test]
fn what_may_not_be_read_or_written_is_told() {
    let dir = folder();
    for (name, bytes) in [
        ("in/a.txt", STORY.to_owned()),
        ("in/b.txt", STORY.replace("nine", "ten")),
        ("in/c/d.txt", String::new()),
    ] {
        fs::create_dir_all(dir.path().join(name).parent().unwrap()).unwrap();
        fs::write(dir.path().join(name), bytes).unwrap();
    }
    said(dir.path(), &["ingest", "in/a.txt"]);
    let set = |name: &str, mode| {
        fs::set_permissions(dir.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    for (name, mode) in [("", 0o755), ("in/b.txt", 0), ("in/c", 0)] {
        set(name, mode);
    }
    fs::create_dir(dir.path().join("theirs")).unwrap();
    set("theirs", 0o777);
    let is_superuser = fs::read(dir.path().join("in/b.txt")).is_ok();
    let program = assert_cmd::cargo::cargo_bin("archive");
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(&program);
        command
            .current_dir(dir.path())
            .env_remove("ARCHIVE_DIR")
            .env("XDG_CONFIG_HOME", "/nonexistent")
            .args(arguments);
        if is_superuser {
            use std::os::unix::process::CommandExt;
            // Nobody's number, nearly everywhere.
            command.uid(65534).gid(65534);
        }
        command.output()
    };
    let Ok(output) = run(&["ingest", "in", "--archive", "theirs/archive"]) else {
        println!("skipped: the program cannot be run as somebody else");
        return;
    };
    let stderr = err(&output);
    set("in/c", 0o755);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert_eq!(
        stderr,
        "archive: in/b.txt: cannot be read (Permission denied (os error 13)); ask for permission \
         to read it\narchive: in/c: cannot be read (Permission denied (os error 13)); ask for \
         permission to read it\n"
    );
    assert!(
        out(&output).starts_with("1 stored in theirs/archive\n"),
        "{}",
        out(&output)
    );
    if is_superuser {
        // An archive that one may only read.
        for command in [
            &["list"][..],
            &["search", "strike"],
            &["quotes"],
            &["stats"],
            &["export"],
            &["verify", "--all"],
        ] {
            let output = run(command).unwrap();
            assert_eq!(
                (output.status.code(), err(&output).as_str()),
                (Some(0), ""),
                "{command:?}"
            );
        }
        for command in [&["ingest", "in/a.txt"][..], &["reindex"], &["rebuild"]] {
            let output = run(command).unwrap();
            let told = "archive: archive/lock: cannot be written (Permission denied (os error \
                        13)); give a directory that you may read and write\n";
            assert_eq!(
                (output.status.code(), err(&output).as_str()),
                (Some(1), told),
                "{command:?}"
            );
        }
        // And one that may be read in part.
        for part in ["raw", "records"] {
            fs::set_permissions(
                &files(dir.path(), part)[0],
                fs::Permissions::from_mode(0o000),
            )
            .unwrap();
        }
        let output = run(&["verify", "--json"]).unwrap();
        let codes: Vec<Value> = out(&output)
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["code"].clone())
            .collect();
        assert_eq!(
            (output.status.code(), codes),
            (
                Some(1),
                vec![
                    "raw-unreadable".into(),
                    "record-unreadable".into(),
                    Value::Null
                ]
            )
        );
    }
}

#[test]
fn modes_follow_the_mask() {
    let dir = folder();
    fs::write(dir.path().join("in/a.txt"), STORY).unwrap();
    fs::write(dir.path().join("in/b.txt"), STORY.replace("nine", "ten")).unwrap();
    for (mask, file, directory) in [
        ("077", 0o600, 0o700),
        ("027", 0o640, 0o750),
        ("022", 0o644, 0o755),
    ] {
        let output = shell(
            dir.path(),
            &format!(
                "umask {mask} && \"$ARCHIVE\" ingest in/a.txt && \"$ARCHIVE\" ingest in --year \
                 2020 && \"$ARCHIVE\" reindex"
            ),
        );
        assert!(output.status.success(), "{}", err(&output));
        let mut seen = 0;
        for entry in WalkDir::new(dir.path().join("archive")) {
            let entry = entry.unwrap();
            let expected = if entry.file_type().is_dir() {
                directory
            } else {
                file
            };
            assert_eq!(
                entry.metadata().unwrap().permissions().mode() & 0o777,
                expected,
                "{mask}: {}",
                entry.path().display()
            );
            seen += 1;
        }
        assert!(seen > 12);
        fs::remove_dir_all(dir.path().join("archive")).unwrap();
    }
}

#[test]
fn mistakes_about_the_directory_get_one_sentence_with_the_remedy() {
    let dir = folder();
    fs::write(dir.path().join("in/a.txt"), STORY).unwrap();
    symlink("nowhere", dir.path().join("dangling")).unwrap();
    for (name, manifest) in [
        ("newer", "{\"format\": \"archive.directory/9\"}"),
        ("corrupt", "{{"),
        ("empty", ""),
    ] {
        fs::create_dir(dir.path().join(name)).unwrap();
        fs::write(dir.path().join(name).join("archive.json"), manifest).unwrap();
    }
    let cases = [
        (
            "none",
            "none: no archive is there (no archive.json); give its directory with --archive or \
             ARCHIVE_DIR, or make one",
        ),
        ("in", "in: no archive is there"),
        (
            "in/a.txt",
            "in/a.txt: is not a directory; give the directory of an archive",
        ),
        (
            "newer",
            "newer/archive.json: the archive has format `archive.directory/9` and this program \
             knows",
        ),
        (
            "corrupt",
            "corrupt/archive.json: cannot be understood (key must be a string at line 1 column \
             2); restore it",
        ),
        ("empty", "empty/archive.json: cannot be understood"),
        ("dangling", "dangling: no archive is there"),
    ];
    let commands = [
        "list",
        "show 1234",
        "raw 1234",
        "search a",
        "quotes",
        "stats",
        "export",
        "verify",
        "rebuild",
        "reindex",
        "diff 1234 5678",
    ];
    for (place, told) in cases {
        for command in commands {
            let arguments: Vec<&str> = command.split(' ').chain(["--archive", place]).collect();
            let output = archive(dir.path(), &arguments);
            if command == "verify" && ["corrupt", "empty"].contains(&place) {
                // Something is there, and `verify` says what is wrong with it.
                let finding = out(&output);
                assert!(
                    finding.starts_with("archive.json: manifest-damaged: "),
                    "{finding}"
                );
                assert_eq!(output.status.code(), Some(1));
                continue;
            }
            assert_eq!(
                (output.status.code(), out(&output).as_str()),
                (Some(1), ""),
                "{arguments:?}"
            );
            let stderr = err(&output);
            assert!(
                stderr.starts_with(&format!("archive: {told}")) && stderr.lines().count() == 1,
                "{arguments:?}: {stderr}"
            );
        }
    }
    for (place, told) in [
        ("dangling", "is not a directory"),
        ("in", "is not an archive"),
        ("newer", "has format"),
        ("in/a.txt/b", "is not a directory"),
    ] {
        let output = archive(dir.path(), &["ingest", "in", "--archive", place]);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            err(&output).contains(told) && err(&output).lines().count() == 1,
            "{place}: {}",
            err(&output)
        );
    }
    // Set, and empty.
    let output = shell(dir.path(), "ARCHIVE_DIR= \"$ARCHIVE\" list");
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("--archive <DIR>"), "{}", err(&output));
    said(dir.path(), &["ingest", "in"]);
    let output = archive(dir.path(), &["list", "--after", "2021", "--before", "2020"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        err(&output).contains(
            "no day is both in or after 2021 and before 2020; give the earlier one to `--after`"
        ),
        "{}",
        err(&output)
    );
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_told_by_every_command() {
    let dir = folder();
    fs::write(dir.path().join("in/a.txt"), STORY).unwrap();
    said(dir.path(), &["ingest", "in"]);
    let rows: Vec<Value> = serde_json::from_str(&said(dir.path(), &["list", "--json"])).unwrap();
    let id = rows[0]["id"].as_str().unwrap();
    let commands = [
        "list",
        "list --json",
        "show ID",
        "show ID --versions",
        "raw ID",
        "diff ID ID",
        "search strike",
        "search strike --json",
        "quotes",
        "quotes --top",
        "stats",
        "stats --json",
        "export",
        "export --format csv",
        "verify",
        "verify --json",
        "ingest in",
        "rebuild",
        "reindex",
        "schema",
        "parse in",
    ];
    for command in commands {
        let output = shell(
            dir.path(),
            &format!("\"$ARCHIVE\" {} > /dev/full", command.replace("ID", id)),
        );
        assert_eq!(output.status.code(), Some(1), "{command}");
        let told = "archive: standard output: cannot be written (No space left on device (os \
                    error 28)); check where it goes\n";
        assert_eq!(err(&output), told, "{command}");
    }
}
