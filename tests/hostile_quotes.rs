//! Copy that makes looking for quotes and their speakers slow or wrong: the work grows no faster
//! than the copy, and a place never spans two blocks.

use archive::testing::quotes::{Attributed, Body, Weights};
use std::time::{Duration, Instant};

/// Returns the quotes of some blocks.
fn attribute(blocks: &[&str], heads: &[&str], language: &str) -> Vec<Attributed> {
    let quotable = vec![true; blocks.len()];
    let body = Body {
        blocks,
        quotable: &quotable,
        heads,
        language,
    };
    archive::testing::quotes::attribute(&body, Weights::fitted())
}

/// One repeated stretch of copy for each kind of mark, of frame and of sentence.
const REPEATED: [(&str, &str); 38] = [
    ("en", "\"a\" "),
    ("en", "\"ab\" "),
    ("en", "“ab” "),
    ("en", "‘ab’ "),
    ("en", "'ab' "),
    ("en", "«ab» "),
    ("en", "„ab“ "),
    ("en", "``ab'' "),
    ("en", "''ab'' "),
    ("en", "「ab」 "),
    ("en", "“ab "),
    ("en", "\"«a» b\" "),
    ("en", "\"ab\" said "),
    ("en", "\"a\" said "),
    ("en", "\"ab\", "),
    ("en", "\"ab\"\n\n"),
    ("en", "the \"ab\" and "),
    ("en", "\"It was so,\" said Ana Ortiz. "),
    ("en", "Ortiz said it. "),
    ("en", "Ortiz "),
    ("en", "<a "),
    ("en", "saying "),
    ("en", "it "),
    ("en", "really "),
    ("en", "to say "),
    ("en", "clerk of "),
    ("en", "Clerk Ortiz's "),
    ("en", "Zug Clerk & "),
    ("ru", "— ab "),
    ("ru", ". — Ab "),
    ("ru", "— Ab, — said Bo. "),
    ("ru", "— «Мы ждём», — сказал Орлов. "),
    ("ru", "«Мы ждём, — сказал Орлов, — и ждём». "),
    ("ru", "ждём, — сказал Орлов, — и "),
    ("fr", "« Le toit, a dit Mme Roy, tombe. » "),
    ("fr", "et, a dit Mme Roy, tombe "),
    ("fr", "« …… » "),
    ("fr", "…"),
];

/// Blocks by many different people: `{}` is a name that no other block has.
const SPEAKERS: [&str; 5] = [
    "\"It was so,\" said {} Ortiz.\n\n",
    "\"It was so,\" said Ana {}son.\n\n",
    "\"It was so,\" said {}son.\n\n",
    "\"It was so,\" said {} {}ski. {}ski left.\n\n",
    "\"We saw Ana {}son,\" said Ortiz.\n\n",
];

/// Returns the shortest of three times that attribution takes for some copy.
fn time(copy: &str, language: &str) -> Duration {
    let blocks: Vec<&str> = copy.split("\n\n").collect();
    let once = || {
        let start = Instant::now();
        std::hint::black_box(attribute(&blocks, &[], language));
        start.elapsed()
    };
    (0..3).map(|_| once()).min().unwrap_or_default()
}

/// Asserts that eight times the copy takes far less than 64 times as long: linear work takes eight
/// times as long, quadratic work 64 times. The margin is wide because machines are busy.
fn assert_linear(name: &str, language: &str, copy: impl Fn(usize) -> String) {
    const SMALL: usize = 20_000;
    const TRIES: usize = 4;
    let (small, large) = (copy(SMALL), copy(8 * SMALL));
    let ratio = || {
        let (small, large) = (time(&small, language), time(&large, language));
        large.as_secs_f64() / small.as_secs_f64().max(1e-6)
    };
    let linear = (0..TRIES).any(|_| ratio() < 24.0);
    assert!(
        linear,
        "{name:?}: eight times the copy takes more than 24 times as long"
    );
}

#[test]
fn repeated_copy_takes_linear_time() {
    for (language, part) in REPEATED {
        let start = "\"We tried it,\" said Ana Ortiz.\n\n\"We left\" ";
        assert_linear(part, language, |size| {
            format!("{start}{}", part.repeat(size / part.len()))
        });
    }
}

#[test]
fn a_headline_full_of_names_takes_linear_time() {
    let headline = |size: usize| -> String {
        let all = (0..size).map(|n| format!("Ana {}son ", name(n)));
        all.collect()
    };
    let time = |size: usize| {
        let headline = headline(size);
        let start = Instant::now();
        std::hint::black_box(attribute(
            &["\"It was so,\" said Ortiz."],
            &[&headline],
            "en",
        ));
        start.elapsed().as_secs_f64()
    };
    let linear = (0..4).any(|_| time(16_000) / time(2_000).max(1e-6) < 24.0);
    assert!(
        linear,
        "eight times the headline takes more than 24 times as long"
    );
}

#[test]
fn many_speakers_take_linear_time() {
    for block in SPEAKERS {
        assert_linear(block, "en", |size| {
            let blocks = (0..size / block.len()).map(|n| block.replace("{}", &name(n)));
            blocks.collect()
        });
    }
}

/// Returns a name for each number: `Aaab`.
fn name(number: usize) -> String {
    let letter = |place: u32| char::from(b'a' + (number / 26usize.pow(place) % 26) as u8);
    let name: String = (0..4).rev().map(letter).collect();
    name[..1].to_uppercase() + &name[1..]
}

#[test]
fn a_title_ends_with_its_block() {
    for next in [
        "Canada",
        "École Nationale said so.",
        "The Nova Scotia Trust Company",
    ] {
        for title in [
            "Chief Economist at",
            "Chief Economist of",
            "Chief Economist and",
        ] {
            let first = format!("\"Go,\" said Carl Moss, {title}");
            let quotes = attribute(&[&first, next], &[], "en");
            let speaker = quotes[0].speaker.as_ref();
            let found = speaker.and_then(|s| s.title.as_deref());
            assert_eq!(found, Some("Chief Economist"), "{title} / {next}");
        }
    }
}

#[test]
fn a_story_broken_at_any_word_keeps_its_places_in_their_blocks() {
    let whole = "\"Go,\" said Ivo Lund, the owner of the Lesa harbour company, which his brother's \
                 bank of Ostend paid for. House Ways and Means Committee chairman Lena Ortiz told \
                 the clerk in Port Lesa that \"nobody\" had asked, according to her aide Ben Moss.";
    let words: Vec<&str> = whole.split(' ').collect();
    for at in 1..words.len() {
        let (first, second) = (words[..at].join(" "), words[at..].join(" "));
        let blocks = [&*first, &*second, &*first];
        for quote in attribute(&blocks, &[], "en") {
            let mention = quote.speaker.as_ref().map(|s| &s.mention);
            for place in mention.into_iter().chain(&quote.cue) {
                assert!(
                    blocks[place.block()].get(place.range()).is_some(),
                    "{first} / {second}"
                );
            }
            let title = quote.speaker.and_then(|s| s.title);
            assert!(
                title.is_none_or(|t| blocks.iter().any(|b| b.contains(&t))),
                "{first} / {second}"
            );
        }
    }
}
