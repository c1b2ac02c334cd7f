//! Exports of databases: cut anywhere, damaged, with numbers that are wrong.

use crate::common;
use archive::{ParseOptions, parse, stories};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// The fixtures of exports.
fn exports() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap().to_string_lossy();
            name.starts_with("22") && !name.ends_with(".json") && name.as_bytes()[3] == b'-'
        })
        .filter(|path| fs::read(path).is_ok_and(|bytes| bytes.len() < 20_000))
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| fs::read(path).unwrap())
        .filter(|bytes| {
            let format = parse(bytes, &ParseOptions::default()).source.format.name();
            [
                "nexis",
                "factiva",
                "europresse",
                "proquest",
                "apa",
                "alceste",
            ]
            .contains(&format)
        })
        .collect()
}

fn check(bytes: &[u8]) {
    let options = ParseOptions::default();
    for story in stories(bytes, &options).each(bytes) {
        common::check(&story, &parse(&story, &options));
    }
}

#[test]
fn an_export_cut_anywhere_gives_true_records() {
    let exports = exports();
    assert!(exports.len() >= 9, "{} exports", exports.len());
    for bytes in exports {
        let step = bytes.len() / 150 + 1;
        for at in (0..bytes.len()).step_by(step) {
            check(&bytes[..at]);
            check(&bytes[at..]);
        }
    }
}

#[test]
fn an_export_that_lost_or_doubled_a_line_gives_true_records() {
    for bytes in exports() {
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        for at in 0..lines.len() {
            let without = [lines[..at].concat(), lines[at + 1..].concat()].concat();
            check(&without);
            let twice = [lines[..=at].concat(), lines[at..].concat()].concat();
            check(&twice);
        }
    }
}

const NEXIS: &str = "                    NUMBER of 3 DOCUMENTS\n\n\n          The Harbour Gazette\n\n          \
     March 4, 2024 Monday\n\nFerry NUMBER sails\n\nLENGTH: 12 words\n\nThe ferry sails on Tuesday, the \
     harbour master said.\n\nLOAD-DATE: March 5, 2024\n\n\n          Copyright 2024 Portwick Papers\n\n\n";

fn nexis(numbers: &[usize]) -> String {
    let story = |number: &usize| NEXIS.replace("NUMBER", &number.to_string());
    numbers.iter().map(story).collect()
}

#[test]
fn missing_stories_are_counted() {
    let options = ParseOptions::default();
    let of = |numbers: &[usize]| {
        let parts = stories(nexis(numbers).as_bytes(), &options);
        (parts.parts.len(), parts.expected)
    };
    assert_eq!(of(&[1, 2, 3]), (3, Some(3)));
    assert_eq!(of(&[1, 3]), (2, Some(3)));
    // A later part of a search begins with another number.
    assert_eq!(of(&[2, 3]), (2, Some(2)));
}

#[test]
fn a_story_that_is_an_error_message_takes_no_other_with_it() {
    let error =
        "                    2 of 3 DOCUMENTS\n\n\nThe document could not be delivered.\n\n\n";
    let file = [nexis(&[1]).as_str(), error, nexis(&[3]).as_str()].concat();
    let options = ParseOptions::default();
    let headlines: Vec<_> = stories(file.as_bytes(), &options)
        .each(file.as_bytes())
        .map(|story| parse(&story, &options))
        .map(|story| (story.headline, story.body.len()))
        .collect();
    let titled = |title: &str| (Some(title.to_owned()), 1);
    assert_eq!(
        headlines,
        [titled("Ferry 1 sails"), (None, 1), titled("Ferry 3 sails")]
    );
}

#[test]
fn absurd_numbers_are_no_numbers_of_stories() {
    for number in [
        "99999999999999999999 of 3",
        "1 of 99999999999999999999999",
        "0 of 0",
        "5 of 2",
    ] {
        let file = NEXIS.replace("NUMBER of 3", number);
        check(file.as_bytes());
    }
}

/// Many small stories, and many lines that begin something, cost what their size allows.
#[test]
fn exports_take_linear_time() {
    let many: Vec<usize> = (1..400).collect();
    let inputs = [
        nexis(&many),
        format!(
            "{}{}",
            nexis(&[1]),
            "LANGUAGE: x\n\nwords\n\n".repeat(4_000)
        ),
        format!(
            "HD a\nWC 1 words\nPD 4 March 2024\nSN b\n{}",
            "TD\nIN x\n".repeat(8_000)
        ),
        "<div class=\"article\"><p class=\"articleParagraph\">x".repeat(2_000),
        "<span class=\"DocPublicationName\">a</span>".repeat(2_000),
        "**** *a\nx\n".repeat(4_000),
        "ProQuest document ID: 1\n\nx\n\n".repeat(4_000),
    ];
    for input in inputs {
        let start = Instant::now();
        check(input.as_bytes());
        let name = &input[..40];
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "{name}: {:?}",
            start.elapsed()
        );
    }
}
