//! Files of every format that were cut off, say wrong numbers, or are missing stories.

use crate::common;
use crate::program::archive;
use archive::{ParseOptions, parse, stories};
use std::fs;
use std::path::Path;

/// Every story of the bytes gives a true record.
fn check(bytes: &[u8]) {
    let options = ParseOptions::default();
    for story in stories(bytes, &options).each(bytes) {
        common::check(&story, &parse(&story, &options));
    }
}

/// The stories of the fixtures, whatever their format, with their names.
fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind != "json"))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let bytes = fs::read(&path).unwrap();
            (path.file_name().unwrap().to_string_lossy().into(), bytes)
        })
        .collect()
}

/// Where a file of any format can be cut: around marks, at line ends, in the middle of words.
fn cuts(bytes: &[u8], most: usize) -> Vec<usize> {
    let places: Vec<usize> = (0..bytes.len())
        .filter(|at| at % 37 == 0 || b"<>:{}\\\n\t;&|\"".contains(&bytes[*at]))
        .flat_map(|at| [at, at + 1])
        .collect();
    let step = places.len().div_ceil(most).max(1);
    places.into_iter().step_by(step).collect()
}

#[test]
fn files_cut_off_anywhere_give_true_records() {
    for (_, bytes) in fixtures() {
        for cut in cuts(&bytes, 24) {
            check(&bytes[..cut]);
            check(&bytes[cut..]);
        }
    }
}

#[test]
fn bytes_that_mean_nothing_give_true_records() {
    for (_, bytes) in fixtures() {
        for cut in cuts(&bytes, 6) {
            for junk in [
                &b"\0\xFF\xFE\x80"[..],
                b"<<<<",
                b"}}}}",
                b"\n\n\n",
                b"\xE2\x80",
            ] {
                check(&[&bytes[..cut], junk, &bytes[cut..]].concat());
            }
        }
    }
}

/// A Nexis story with the number that its file gives it.
fn numbered(number: &str) -> String {
    format!(
        "\n\n{number}\n\nThe Harbour Gazette\n\nMarch 4, 2024 Monday\n\nFerry to sail again\n\n\
         BYLINE: Ana Ruiz\n\nLENGTH: 12 words\n\nThe ferry will sail again on Tuesday, the harbour \
         master said.\n\nLOAD-DATE: March 5, 2024\n"
    )
}

#[test]
fn numbers_of_stories_that_cannot_be_are_survived() {
    for number in [
        "0 of 0 DOCUMENTS",
        "9 of 1 DOCUMENTS",
        "1 of 18446744073709551615 DOCUMENTS",
        "18446744073709551615 of 18446744073709551615 DOCUMENTS",
        "99999999999999999999 of 99999999999999999999 DOCUMENTS",
        "-1 of 3 DOCUMENTS",
    ] {
        check(numbered(number).as_bytes());
        check(numbered(number).repeat(3).as_bytes());
    }
    let xml = fixtures()
        .into_iter()
        .find(|(name, _)| name == "225-factiva.xml")
        .unwrap()
        .1;
    let xml = String::from_utf8(xml).unwrap();
    for count in ["0", "-1", "18446744073709551615", "many"] {
        check(
            xml.replace("count=\"1\"", &format!("count=\"{count}\""))
                .as_bytes(),
        );
    }
}

/// What the program says of a file.
fn said_of(bytes: &[u8]) -> (usize, String) {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("export"), bytes).unwrap();
    let said = archive(&dir, ["parse", "--jsonl", "export"]);
    (said.out.lines().count(), said.err)
}

#[test]
fn stories_that_are_missing_are_told() {
    let all: String = (1..=3)
        .map(|at| numbered(&format!("{at} of 3 DOCUMENTS")))
        .collect();
    assert_eq!(said_of(all.as_bytes()), (3, String::new()));
    let gap = [1, 3].map(|at| numbered(&format!("{at} of 3 DOCUMENTS")));
    let (read, told) = said_of(gap.concat().as_bytes());
    assert_eq!(read, 2);
    assert!(
        told.contains("holds 3 stories, and 2 were found") && told.contains("missing-stories"),
        "{told}"
    );
    // A part of a larger search.
    let part = [201, 203].map(|at| numbered(&format!("{at} of 900 DOCUMENTS")));
    let (read, told) = said_of(part.concat().as_bytes());
    assert_eq!(read, 2);
    assert!(told.contains("holds 3 stories, and 2 were found"), "{told}");
    let xml = fixtures()
        .into_iter()
        .find(|(name, _)| name == "225-factiva.xml")
        .unwrap()
        .1;
    let xml = String::from_utf8(xml)
        .unwrap()
        .replace("count=\"1\"", "count=\"4\"");
    let (read, told) = said_of(xml.as_bytes());
    assert_eq!(read, 1);
    assert!(
        told.contains("holds 4 stories, and 1 were found") && told.contains("missing-stories"),
        "{told}"
    );
}
