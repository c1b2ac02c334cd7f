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
        for cut in cuts(&bytes, 8) {
            check(&bytes[..cut]);
            check(&bytes[cut..]);
        }
    }
}

#[test]
fn bytes_that_mean_nothing_give_true_records() {
    for (_, bytes) in fixtures() {
        for cut in cuts(&bytes, 2) {
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
    let said = archive(&dir, ["parse", "--jsonl", "export"]).run();
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

#[test]
fn stories_are_numbered_in_the_languages_of_the_interface() {
    let options = ParseOptions::default();
    for (first, second) in [
        ("1 of 2 DOCUMENTS", "2 of 2 DOCUMENTS"),
        ("1 von 2 DOKUMENTEN", "2 von 2 DOKUMENTEN"),
        ("1 su 2 DOCUMENTI", "2 su 2 DOCUMENTI"),
        ("1 sobre 2 DOCUMENTOS", "2 sobre 2 DOCUMENTOS"),
        ("Документ 1 из 2", "Документ 2 из 2"),
    ] {
        let file = [numbered(first), numbered(second)].concat();
        let parts = stories(file.as_bytes(), &options);
        assert_eq!((parts.parts.len(), parts.expected), (2, Some(2)), "{first}");
    }
}

#[test]
fn labels_are_read_in_northern_languages() {
    let copy = "1 av 1 DOKUMENT\n\nHavneposten\n\n4. mars 2024\n\nFerjen seiler igjen\n\n\
                SEKSJON: NYHETER\n\nLENGDE: 12 ord\n\nFerjen mellom de to øyene seiler igjen på tirsdag, \
                sa havnesjefen.\n\nLASTEDATO: 5. mars 2024\n\nEMNER: FERJER (90%); HAVNER (80%)\n";
    let story = parse(copy.as_bytes(), &ParseOptions::default());
    assert_eq!(story.headline.as_deref(), Some("Ferjen seiler igjen"));
    assert_eq!(story.body.len(), 1, "{:?}", story.body);
    let record = serde_json::to_value(&story).unwrap();
    let wire = &record["wire"];
    assert_eq!(wire["section"], "NYHETER", "{wire}");
    assert_eq!(wire["word_count"], 12, "{wire}");
    assert_eq!(wire["load_date"], "2024-03-05", "{wire}");
    assert_eq!(wire["subjects"][0]["name"], "FERJER", "{wire}");
}
