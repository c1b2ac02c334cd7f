//! Exports of databases: cut anywhere, damaged, with numbers that are wrong.

use crate::entries::recognised;
use crate::formats::fixtures;
use crate::program::archive;
use archive::story::Format;
use archive::{ParseOptions, parse, stories};
use std::fs;
use std::path::Path;

/// Returns the fixtures of exports.
fn exports() -> Vec<Vec<u8>> {
    const FORMATS: [Format; 6] = [
        Format::Nexis,
        Format::Factiva,
        Format::Europresse,
        Format::ProQuest,
        Format::Apa,
        Format::Alceste,
    ];
    let is_export = |bytes: &Vec<u8>| {
        let format = parse(bytes, &ParseOptions::default()).source.format;
        bytes.len() < 20_000 && FORMATS.contains(&format)
    };
    fixtures().into_iter().filter(is_export).collect()
}

/// Factiva's XML, which says that it holds one story.
fn factiva_xml() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/225-factiva.xml");
    fs::read_to_string(path).unwrap()
}

#[test]
fn an_export_cut_anywhere_gives_true_records() {
    let exports = exports();
    assert!(exports.len() >= 9, "{} exports", exports.len());
    for bytes in exports {
        let step = bytes.len() / 150 + 1;
        for at in (0..bytes.len()).step_by(step) {
            recognised(&bytes[..at]);
            recognised(&bytes[at..]);
        }
    }
}

#[test]
fn an_export_that_lost_or_doubled_a_line_gives_true_records() {
    for bytes in exports() {
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        for at in 0..lines.len() {
            let without = [lines[..at].concat(), lines[at + 1..].concat()].concat();
            recognised(&without);
            let twice = [lines[..=at].concat(), lines[at..].concat()].concat();
            recognised(&twice);
        }
    }
}

#[test]
fn a_story_that_is_an_error_message_takes_no_other_with_it() {
    let error = "\n\n2 of 3 DOCUMENTS\n\nThe document could not be delivered.\n";
    let [first, third] = [1, 3].map(|at| numbered(&format!("{at} of 3 DOCUMENTS")));
    let file = [first.as_str(), error, third.as_str()].concat();
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

/// Returns a Nexis story with the number that its file gives it.
fn numbered(number: &str) -> String {
    let first = number.split(' ').next().unwrap_or_default();
    format!(
        "\n\n{number}\n\nThe Harbour Gazette\n\nMarch 4, 2024 Monday\n\nFerry {first} sails\n\n\
         BYLINE: Ana Ruiz\n\nLENGTH: 12 words\n\nThe ferry will sail again on Tuesday, the harbour \
         master said.\n\nLOAD-DATE: March 5, 2024\n"
    )
}

#[test]
fn numbers_of_stories_that_cannot_be_are_survived() {
    for number in [
        "0 of 0 DOCUMENTS",
        "9 of 1 DOCUMENTS",
        "99999999999999999999 of 3 DOCUMENTS",
        "1 of 18446744073709551615 DOCUMENTS",
        "18446744073709551615 of 18446744073709551615 DOCUMENTS",
        "99999999999999999999 of 99999999999999999999 DOCUMENTS",
        "-1 of 3 DOCUMENTS",
    ] {
        recognised(numbered(number).as_bytes());
        recognised(numbered(number).repeat(3).as_bytes());
    }
    let xml = factiva_xml();
    for count in ["0", "-1", "18446744073709551615", "many"] {
        recognised(
            xml.replace("count=\"1\"", &format!("count=\"{count}\""))
                .as_bytes(),
        );
    }
}

/// Returns what the program says of a file.
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
    let xml = factiva_xml().replace("count=\"1\"", "count=\"4\"");
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
                SEKSJON: NYHETER\n\nLENGDE: 12 ord\n\nFerjen mellom de to øyene seiler igjen på \
                tirsdag, \
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
