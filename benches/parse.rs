//! Throughput of each stage, and of the whole road, on copy made here: `cargo bench`.

use archive::testing::text::{clean, decode};
use archive::testing::{furniture, quotes};
use archive::{ParseOptions, parse};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

const SENTENCES: [&str; 5] = [
    "The harbour board voted on Tuesday to close the old ferry slip for repairs that will last \
     until spring.",
    "\"We looked at every other way,\" said Ilse Brandt, who chairs the board. \"None of them was \
     safe.\"",
    "About 4,000 people use the crossing on a working day, and most of them will have to take the \
     bus.",
    "Divers found cracks in eleven of the forty piles, which were driven before the war.",
    "The contract, worth 3.2 million, goes to a yard that rebuilt the north quay two years ago.",
];

/// Stories of the two kinds that make up most of the world's copy.
fn corpus(kind: &str) -> Vec<String> {
    (0..800)
        .map(|n| {
            let paragraphs = (0..12).map(|p| {
                format!(
                    "{} \
                                                      {}",
                    SENTENCES[(n + p) % 5],
                    SENTENCES[(n + 2 * p) % 5]
                )
            });
            match kind {
                "teletype" => {
                    let body: Vec<String> = paragraphs.map(|p| wrap(&p, 62)).collect();
                    format!(
                        "FERRY SLIP TO CLOSE FOR WINTER REPAIRS\n    OSTEND, March {} - {}\n \
                             Reuter\n",
                        n % 28 + 1,
                        body.join("\n")
                    )
                }
                _ => {
                    let body: Vec<String> = paragraphs.collect();
                    format!(
                        "Ferry slip to close for winter repairs\n\nBy Ana Ruiz\n\nMarch {}, \
                         2025\n\n{}\n\nRead more: Island shops\n",
                        n % 28 + 1,
                        body.join("\n\n")
                    )
                }
            }
        })
        .collect()
}

fn wrap(text: &str, width: usize) -> String {
    let (mut out, mut column) = (String::from("   "), 3);
    for word in text.split(' ') {
        if column + 1 + word.len() > width {
            out.push('\n');
            column = 0;
        } else {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += word.len();
    }
    out
}

const KINDS: [&str; 2] = ["teletype", "web"];

fn over(bencher: Bencher<'_, '_>, kind: &str, stage: impl Fn(&str) + Sync) {
    let stories = corpus(kind);
    let bytes: usize = stories.iter().map(String::len).sum();
    bencher
        .counter(BytesCount::new(bytes))
        .bench(|| stories.iter().for_each(|story| stage(black_box(story))));
}

#[divan::bench(args = KINDS)]
fn a_decode(bencher: Bencher<'_, '_>, kind: &str) {
    over(bencher, kind, |story| {
        drop(black_box(decode(story.as_bytes())));
    });
}

#[divan::bench(args = KINDS)]
fn b_clean(bencher: Bencher<'_, '_>, kind: &str) {
    over(bencher, kind, |story| {
        drop(black_box(clean(story, 0..story.len(), &[])));
    });
}

#[divan::bench(args = KINDS)]
fn c_label(bencher: Bencher<'_, '_>, kind: &str) {
    over(bencher, kind, |story| {
        drop(black_box(furniture::label(story)));
    });
}

#[divan::bench(args = KINDS)]
fn d_passages(bencher: Bencher<'_, '_>, kind: &str) {
    over(bencher, kind, |story| {
        story
            .split("\n\n")
            .for_each(|p| drop(black_box(quotes::passages(p))));
    });
}

/// The whole stage: passages, tokens, clauses, scores and names, on one core.
#[divan::bench(args = KINDS)]
fn e_quotes(bencher: Bencher<'_, '_>, kind: &str) {
    over(bencher, kind, |story| {
        let texts: Vec<&str> = story.split("\n\n").collect();
        let quotable = vec![true; texts.len()];
        let body = quotes::Body {
            blocks: &texts,
            quotable: &quotable,
            heads: &[],
            language: "en",
        };
        drop(black_box(quotes::attribute(
            &body,
            quotes::Weights::fitted(),
        )));
    });
}

#[divan::bench(args = KINDS)]
fn f_parse(bencher: Bencher<'_, '_>, kind: &str) {
    over(bencher, kind, |story| {
        drop(black_box(parse(story.as_bytes(), &ParseOptions::default())));
    });
}

/// One of our own stories of each format that has a reader.
const FORMATS: [&str; 30] = [
    "070-transmission.txt",
    "200-nitf.xml",
    "201-ninjs.ninjs",
    "202-newsml-1.xml",
    "203-newsml-g2.xml",
    "204-rss.xml",
    "205-atom.xml",
    "206-reuters-21578.sgm",
    "207-gigaword.sgml",
    "208-trec.sgml",
    "209-rcv1.xml",
    "210-mail.eml",
    "211-page.html",
    "212-story.rtf",
    "213-word.xml",
    "214-json-ld.jsonld",
    "220-nexis-text.txt",
    "221-nexis-german.html",
    "222-nexis-word.xml",
    "223-factiva-page.html",
    "224-factiva-codes.txt",
    "225-factiva.xml",
    "226-europresse.html",
    "227-proquest.txt",
    "228-apa.html",
    "229-alceste.txt",
    "230-nexis-rtf.rtf",
    "232-newsbank.txt",
    "234-mediargus.txt",
    "402-end-marks-between-stories.txt",
];

/// Each format's reader, with the whole road after it.
#[divan::bench(args = FORMATS)]
fn g_formats(bencher: Bencher<'_, '_>, name: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name);
    let file = std::fs::read(&path)
        .unwrap_or_else(|error| panic!("{}: cannot be read: {error}", path.display()));
    let options = ParseOptions::default();
    bencher.counter(BytesCount::new(file.len())).bench(|| {
        for story in archive::stories(black_box(&file), &options).each(&file) {
            drop(black_box(parse(&story, &options)));
        }
    });
}
