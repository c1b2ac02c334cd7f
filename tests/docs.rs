//! Every shell line of README.md and docs/ is run, and says what is printed there.
//!
//! A block of ```` ```console ```` holds commands after `$ ` and what they print. `…` stands for
//! any text within a line, a line of `…` alone for any number of lines. The blocks of a page are
//! run in their order, in one directory that holds this project's `seeds/` and `story.txt`. Other
//! blocks, such as `sh`, are not run, so they hold only what a test cannot do: installing, opening
//! a browser.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A command of a page and what the page says that it prints.
struct Line {
    number: usize,
    command: String,
    prints: Vec<String>,
}

fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages: Vec<_> = fs::read_dir(root.join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "md"))
        .collect();
    pages.sort();
    pages.insert(0, root.join("README.md"));
    pages
}

fn lines(page: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut is_inside = false;
    for (index, text) in page.lines().enumerate() {
        if text.starts_with("```") {
            is_inside = text == "```console";
        } else if !is_inside {
        } else if let Some(command) = text.strip_prefix("$ ") {
            lines.push(Line {
                number: index + 1,
                command: command.to_owned(),
                prints: Vec::new(),
            });
        } else if let Some(line) = lines.last_mut() {
            if let (Some(more), true) = (text.strip_prefix("> "), line.prints.is_empty()) {
                line.command = format!("{}\n{more}", line.command);
            } else {
                line.prints.push(text.to_owned());
            }
        }
    }
    for line in &mut lines {
        while line.prints.last().is_some_and(String::is_empty) {
            line.prints.pop();
        }
    }
    lines
}

/// Returns whether a line is as printed on the page, where `…` is any text.
fn is_like(pattern: &str, line: &str) -> bool {
    let Some((before, after)) = pattern.split_once('…') else {
        return pattern == line;
    };
    line.strip_prefix(before).is_some_and(|rest| {
        let mut ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
        ends.any(|at| is_like(after, &rest[at..]))
    })
}

fn are_like(pattern: &[String], lines: &[&str]) -> bool {
    match (pattern.split_first(), lines.split_first()) {
        (None, None) => true,
        (Some((first, rest)), _) if first.trim() == "…" => {
            (0..=lines.len()).any(|skipped| are_like(rest, &lines[skipped..]))
        }
        (Some((first, rest)), Some((line, others))) => {
            is_like(first, line) && are_like(rest, others)
        }
        _ => false,
    }
}

/// Returns a directory like the one that a reader of the page has.
fn workplace() -> tempfile::TempDir {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("seeds")).unwrap();
    for entry in fs::read_dir(root.join("seeds")).unwrap() {
        let path = entry.unwrap().path();
        let to = place.path().join("seeds").join(path.file_name().unwrap());
        fs::copy(&path, to).unwrap();
    }
    fs::copy(root.join("docs/story.txt"), place.path().join("story.txt")).unwrap();
    place
}

#[test]
fn what_the_pages_say_is_so() {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_archive"));
    let path = std::env::join_paths(
        std::iter::once(program.parent().unwrap().to_owned())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    )
    .unwrap();
    let mut wrong = String::new();
    let mut run = 0;
    for page in pages() {
        let place = workplace();
        for line in lines(&fs::read_to_string(&page).unwrap()) {
            let output = Command::new("sh")
                .current_dir(&place)
                .env("PATH", &path)
                .env_remove("ARCHIVE_DIR")
                .env("XDG_CONFIG_HOME", "/nonexistent")
                .args(["-c", &format!("exec 2>&1\n{}", line.command)])
                .output()
                .unwrap();
            let printed = String::from_utf8_lossy(&output.stdout).into_owned();
            let printed_lines: Vec<&str> = printed.lines().collect();
            run += 1;
            if !are_like(&line.prints, &printed_lines) {
                let name = page.file_name().unwrap().to_string_lossy();
                writeln!(
                    wrong,
                    "{name}:{}: $ {}\n{printed}",
                    line.number, line.command
                )
                .unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "the pages say otherwise:\n{wrong}");
    assert!(run > 10, "the pages show how to use the program");
}

/// Whoever adds a page finds it linked, and no link leads nowhere.
#[test]
fn links_lead_to_files() {
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for (_, rest) in text
            .match_indices("](")
            .map(|(at, _)| text.split_at(at + 2))
        {
            let target = &rest[..rest.find(')').unwrap()];
            let file = target.split('#').next().unwrap();
            if file.is_empty() || file.contains("://") {
                continue;
            }
            assert!(
                page.parent().unwrap().join(file).exists(),
                "{}: {target}",
                page.display()
            );
        }
    }
    let readme = fs::read_to_string(&pages()[0]).unwrap();
    for page in &pages()[1..] {
        let name = page.file_name().unwrap().to_str().unwrap();
        assert!(
            readme.contains(&format!("docs/{name}")),
            "README.md links docs/{name}"
        );
    }
    assert!(readme.lines().count() <= 140, "README.md is short");
}
