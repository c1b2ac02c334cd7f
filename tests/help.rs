//! What `--help` says of every command stands in `tests/help/`, so that a change of it is seen.
//!
//! To accept new texts: `ARCHIVE_ACCEPT=1 cargo test --test help`, then read the diff.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests are tests"
)]

#[path = "common/program.rs"]
#[allow(dead_code, reason = "each suite uses a part of it")]
mod program;

use program::archive;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/help")
}

/// Returns the commands that the program's own help lists, in their groups.
fn commands() -> Vec<String> {
    let help = archive(".", ["--help"]).succeeds();
    let (groups, _) = help.split_once("\nOptions:\n").unwrap();
    groups
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .collect()
}

#[test]
fn the_help_of_every_command_is_as_accepted() {
    let accept = std::env::var_os("ARCHIVE_ACCEPT").is_some();
    let mut wrong = Vec::new();
    let mut known = Vec::new();
    for command in std::iter::once("archive".to_owned()).chain(commands()) {
        let help = if command == "archive" {
            archive(".", ["--help"]).succeeds()
        } else {
            archive(".", [&command, "--help"]).succeeds()
        };
        let path = folder().join(format!("{command}.txt"));
        if accept {
            fs::write(&path, &help).unwrap();
        } else if fs::read_to_string(&path).ok().as_deref() != Some(&help) {
            wrong.push(command.clone());
        }
        known.push(format!("{command}.txt"));
    }
    assert!(
        wrong.is_empty(),
        "the help of {wrong:?} changed; accept it with ARCHIVE_ACCEPT=1 cargo test --test help"
    );
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(known.contains(&name), "tests/help/{name} is of no command");
    }
}

/// The examples of a command's help use options that it has.
#[test]
fn examples_are_of_commands_that_exist() {
    let commands = commands();
    for command in &commands {
        let help = archive(".", [command, "--help"]).succeeds();
        let (_, examples) = help.split_once("Examples:\n").unwrap_or_default();
        for example in examples
            .lines()
            .filter(|line| line.starts_with("  archive "))
        {
            let named = example.split_whitespace().nth(1).unwrap();
            assert!(commands.iter().any(|known| known == named), "{example}");
            for option in example
                .split_whitespace()
                .filter(|word| word.starts_with("--"))
            {
                let name = option.split('=').next().unwrap();
                let of = archive(".", [named, "--help"]).succeeds();
                assert!(of.contains(name), "{example}: {name}");
            }
        }
    }
}
