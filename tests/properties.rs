//! What must hold for every input.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use archive::{ParseOptions, parse, stories};
use proptest::prelude::*;
use std::fs;
use std::path::Path;

/// Returns words that frames of quotes are made of, in any order: what reads phrases must end on
/// all of them.
fn frame() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "the",
        "a",
        "union's",
        "Lesa’s",
        "his",
        "Ortiz",
        "Lena",
        "Jan",
        "President",
        "former",
        "finance",
        "minister",
        "Bank",
        "of",
        "and",
        "&",
        "Co",
        "Inc",
        "van",
        "der",
        "said",
        "told",
        "saying",
        "who",
        "that",
        "it",
        "she",
        "according",
        "to",
        "was",
        "called",
        "A.",
        "M.",
        ",",
        ".",
        ":",
        "—",
        "(",
        ")",
        "<",
        ">",
        "41",
        "Monday",
        "\"We tried,\"",
        "\"a mess\"",
        "‘",
        "’",
        "\"",
        "Board",
        "clerk",
        "at",
    ];
    prop::collection::vec(prop::sample::select(WORDS), 1..40).prop_map(|words| words.join(" "))
}

/// Returns what speech with attributions between its marks is made of, in any order.
fn broken_in() -> impl Strategy<Value = String> {
    const PARTS: &[&str] = &[
        "«",
        "»",
        "“",
        "”",
        "„",
        "\"",
        "—",
        " — ",
        "—",
        " - ",
        ",",
        ", ",
        ". ",
        "? ",
        "…",
        "\u{a0}",
        ";",
        ":",
        "сказал",
        "сказал Орлов",
        "заявил он",
        "Мы ждали",
        "и дождались",
        "г. Лесна",
        "dit",
        "dit-il",
        "-t-on",
        "a-t-elle ajouté",
        "a",
        "expliqué",
        "Mme Vasseur",
        "maire",
        "s'",
        "le toit",
        "ha detto",
        "Rossi",
        "dijo",
        "qui",
        "41",
    ];
    prop::collection::vec(prop::sample::select(PARTS), 1..40).prop_map(|parts| parts.concat())
}

/// Lines as newsrooms print them, and lines as transmission mangles them.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("Ferry slip to close for winter repairs".to_owned()),
        Just("FERRY SLIP TO CLOSE".to_owned()),
        Just("By Ana Ruiz and Paul Weber for AFP".to_owned()),
        Just("By The Associated Press".to_owned()),
        Just("ST. LOUIS, Mo., March 3 (AP) -- The board voted to close the slip.".to_owned()),
        Just("    LISBON, March 4 - The board voted on Tuesday to close the".to_owned()),
        Just(
            "The board voted on Tuesday to close the old slip for repairs that will last until \
              spring."
                .to_owned()
        ),
        Just("\"None of them was safe,\" said Ilse Brandt, who chairs the board.".to_owned()),
        Just(
            "\"It held,\" said Lena Ortiz, 41, a welder. \"I was there,\" she told Ivo Lund, \
              calling it \"luck.\""
                .to_owned()
        ),
        Just("``It rained,'' he said, ''and that was 'that.' ''".to_owned()),
        Just(
            "According to the union’s flyer, “dark winters” are what he calls «the \
              price»."
                .to_owned()
        ),
        Just("ORTIZ: \"Next question.\"".to_owned()),
        Just("Published Jun 05, 2026 • 3 minute read".to_owned()),
        Just("READ MORE: Island shops count on boats".to_owned()),
        Just("A ferry leaves the slip. (Photo: Ana Ruiz/AFP)".to_owned()),
        Just("- Divers look at the piles.".to_owned()),
        Just("Old slip          1,204  1,188  1,301".to_owned()),
        Just("******BOARD TO CLOSE SLIP".to_owned()),
        Just(" Reuter".to_owned()),
        Just("Original url: https://example.org/2025/03/04/slip".to_owned()),
        Just("\u{1}f1769\u{1f}reute\nr f BC-SLIP   10-20 0054\n\u{2}".to_owned()),
        Just("\u{3}".to_owned()),
        Just(String::new()),
        "[ -~]{0,90}",
        "\\PC{0,60}",
        "[«»“”„‘’'\"`, a-z.]{0,60}",
        frame(),
        "(&[a-z#0-9]{1,6};| |\u{AD}|\u{301}|é|\t){0,20}",
    ]
}

fn copy() -> impl Strategy<Value = String> {
    (
        prop::collection::vec(line(), 0..24),
        prop_oneof![Just("\n"), Just("\n\n"), Just("\r\n"), Just("\r")],
    )
        .prop_map(|(lines, end)| lines.join(end))
}

/// A transmission twice in one file gives the same quotes twice.
#[test]
fn a_story_twice_gives_the_same_quotes_twice() {
    let one = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/070-transmission.txt"))
        .unwrap();
    let twice = [one.clone(), one].concat();
    let options = ParseOptions::default();
    let quotes: Vec<_> = stories(&twice, &options)
        .each(&twice)
        .map(|bytes| parse(&bytes, &options).quotes)
        .collect();
    assert_eq!(quotes.len(), 2);
    assert!(!quotes[0].is_empty() && quotes[0].iter().all(|q| q.speaker.is_some()));
    let said = |i: usize| {
        let quotes = quotes[i].iter();
        quotes
            .map(|q| {
                (
                    q.text.clone(),
                    q.kind,
                    q.speaker.as_ref().map(|s| s.name.clone()),
                    q.cue.as_ref().map(|c| c.text.clone()),
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(said(0), said(1));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_a_true_record(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        for story in stories(&bytes, &ParseOptions::default()).each(&bytes) {
            common::check(&story, &parse(&story, &ParseOptions::default()));
        }
    }

    #[test]
    fn passages_lie_in_order_on_whole_characters(copy in copy()) {
        let text = copy.replace(['\n', '\r'], " ");
        let passages = archive::testing::quotes::passages(&text);
        for passage in &passages {
            prop_assert!(text.is_char_boundary(passage.range.start) && text.is_char_boundary(passage.range.end));
            prop_assert!(passage.range.start < passage.range.end);
        }
        prop_assert!(passages.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start));
    }

    #[test]
    fn what_is_parted_lies_in_order_inside_its_marks(text in broken_in(), language in prop::sample::select(&["ru", "uk", "fr", "it", "es"][..])) {
        let whole = archive::testing::quotes::passages(&text);
        let parted = archive::testing::quotes::split(&text, whole.clone(), language);
        prop_assert!(parted.len() >= whole.len());
        for piece in &parted {
            prop_assert!(text[piece.range.clone()].contains(char::is_alphanumeric));
            prop_assert!(piece.outer.start <= piece.range.start && piece.range.end <= piece.outer.end);
            prop_assert!(whole.iter().any(|w| w.outer.start <= piece.outer.start && piece.outer.end <= w.outer.end));
        }
        prop_assert!(parted.windows(2).all(|pair| pair[0].outer.end <= pair[1].outer.start));
        let body = archive::testing::quotes::Body {
            blocks: &[&text],
            quotable: &[true],
            heads: &[],
            language,
        };
        archive::testing::quotes::attribute(&body, archive::testing::quotes::Weights::fitted());
    }

    #[test]
    fn any_copy_gives_a_true_record(copy in copy()) {
        let bytes = copy.as_bytes();
        let parts = stories(bytes, &ParseOptions::default()).parts;
        prop_assert!(parts.iter().all(|part| part.head.is_empty()));
        let ranges: Vec<_> = parts.into_iter().map(|part| part.body).collect();
        prop_assert_eq!(ranges[0].start, 0);
        prop_assert_eq!(ranges[ranges.len() - 1].end, bytes.len());
        prop_assert!(ranges.windows(2).all(|p| p[0].end == p[1].start));
        for range in ranges {
            let story = parse(&bytes[range.clone()], &ParseOptions::default());
            common::check(&bytes[range.clone()], &story);
        }
    }
}

#[test]
fn one_long_line_and_many_short_ones() {
    let long = "The board voted to close the \"old slip\" until spring. ".repeat(80_000);
    assert!(
        !parse(long.as_bytes(), &ParseOptions::default())
            .body
            .is_empty()
    );
    let short = "Shr 60 cts vs 57 cts\n".repeat(200_000);
    assert_eq!(
        parse(short.as_bytes(), &ParseOptions::default())
            .source
            .bytes,
        short.len() as u64
    );
}

/// Finds of the property tests, smallest first.
#[test]
fn regressions() {
    for copy in [
        "! \n\u{b7}\n!\n!",
        // Letters whose small forms are longer or shorter, in a line that is cut at joining words.
        "By ẞ ẞ ẞ a İ İ İ im gespräch mit Bob Vale\n\nThe slip is closed until spring.",
        "By Nora Lind\u{3000}x@example.org\n\nThe slip is closed until spring.",
        "Ferry slip to close\n\n\u{2022}\n\nThe board voted to close the slip.",
        // An entity that nobody sees.
        "&it;",
        // Marks of a transmission, which are no part of its copy.
        "\u{1}f1769\u{1f}reute\nr f BC-SLIP   10-20 0054\n\u{2}\n+\nFerry slip to close for winter",
        "\u{1}f1769\u{1f}reute\nr f BC-SLIP   10-20 0054\n\u{2}\nBC-SLIP\nFerry slip to close \
         +\n\nIt is over.",
        "\u{1}a1769\nr f AP-Slip,0054<\n\u{2}^AP-Slip,0054<\n^Ferry slip to close<\n   The slip \
         is shut.<\n\
         \u{3}AP-NY-03-04-24 1634GMT<\nAP-NY-03-04-24 1635GMT<\n",
        "\"No,\" said the union's finance minister Ivo Lund of Lesa.",
    ] {
        common::check(
            copy.as_bytes(),
            &parse(copy.as_bytes(), &ParseOptions::default()),
        );
    }
}
