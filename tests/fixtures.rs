//! Every story in `fixtures/` gives the record beside it: three tests a story, each with its name.
//!
//! `NNN-name.txt` is the raw story, `NNN-name.expect.json` the facts that a person wrote down, and
//! `NNN-name.json` the whole record. One fixture alone: `cargo test --test fixtures 042`. To accept
//! new records: `ARCHIVE_ACCEPT=1 cargo test --test fixtures`, then read the diff.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use archive::story::{Quote, QuoteKind, Story};
use archive::{ParseOptions, parse, stories};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let tests: Vec<Trial> = raw_stories().iter().flat_map(|path| trials(path)).collect();
    assert!(!tests.is_empty(), "no story in fixtures/");
    libtest_mimic::run(&arguments, tests).exit_code()
}

/// Returns the tests of one story.
fn trials(path: &Path) -> Vec<Trial> {
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let trial = |what: &str, test: fn(&Path) -> Result<(), Failed>| {
        let path = path.to_owned();
        Trial::test(format!("{name}::{what}"), move || test(&path))
    };
    let mut trials = vec![
        trial("facts_hold", facts_hold),
        trial("record_is_as_accepted", record_is_as_accepted),
    ];
    if has_plain_lines(path) {
        trials.push(trial(
            "line_ends_make_no_difference",
            line_ends_make_no_difference,
        ));
    }
    trials
}

fn raw_stories() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|f| f.unwrap().path())
        .filter(|p| {
            p.extension()
                .is_some_and(|extension| extension != "json" && extension != "failed")
        })
        .collect();
    files.sort();
    files
}

/// Returns every fact that somebody wrote down about the story.
fn facts_hold(path: &Path) -> Result<(), Failed> {
    let bytes = fs::read(path)?;
    let parts = stories(&bytes, &ParseOptions::default()).parts;
    let story = parse(&parts[0].bytes(&bytes), &ParseOptions::default());
    let facts: Value = serde_json::from_slice(&fs::read(path.with_extension("expect.json"))?)?;
    let wrong: Vec<String> = facts
        .as_object()
        .ok_or("the facts are an object")?
        .iter()
        .filter_map(|(key, want)| {
            let got = fact(&story, key, want, parts.len());
            (got != *want).then(|| format!("{key}\n   want {want}\n   got  {got}"))
        })
        .collect();
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n").into())
    }
}

/// Returns what a record says about a fact; for notes, those of the wanted ones that it has.
fn fact(story: &Story, key: &str, want: &Value, count: usize) -> Value {
    let authors = story
        .byline
        .as_ref()
        .map(|b| b.authors.as_slice())
        .unwrap_or_default();
    let dateline = story.dateline.as_ref();
    match key {
        "headline" => json!(story.headline),
        "subheadline" => json!(story.subheadline),
        "slug" => json!(story.slug),
        "version" => json!(story.version),
        "byline_text" => json!(story.byline.as_ref().map(|b| &b.text)),
        "authors" => authors.iter().map(|a| json!(a.name)).collect(),
        "roles" => authors.iter().map(|a| json!(a.role)).collect(),
        "affiliations" => authors.iter().map(|a| json!(a.affiliation)).collect(),
        "locations" => authors.iter().map(|a| json!(a.location)).collect(),
        "contacts" => authors.iter().map(|a| json!(a.contact)).collect(),
        "agency" => json!(story.agency),
        "place" => json!(dateline.and_then(|d| d.place.as_ref())),
        "region" => json!(dateline.and_then(|d| d.region.as_ref())),
        "date" => json!(dateline.and_then(|d| d.date.as_ref())),
        "dateline_agency" => json!(dateline.and_then(|d| d.agency.as_ref())),
        "published" => json!(story.published),
        "updated" => json!(story.updated),
        "language" => json!(story.language),
        "wire" => match (want, json!(story.wire)) {
            // Only the wanted fields.
            (Value::Object(want), Value::Object(wire)) => want
                .keys()
                .map(|key| (key.clone(), wire.get(key).cloned().unwrap_or_default()))
                .collect(),
            (_, wire) => wire,
        },
        "encoding" => json!(story.source.encoding),
        "body" => story.body.iter().map(|b| json!([b.kind, b.text])).collect(),
        "related" => story.related.iter().map(|r| json!(r.title)).collect(),
        "captions" => story.media.iter().map(|m| json!(m.caption)).collect(),
        "credits" => story.media.iter().map(|m| json!(m.credit)).collect(),
        "source_url" => json!(story.source_url),
        "quotes" => marked(story).map(|q| json!(q.text)).collect(),
        "reported" => reported(story)
            .map(|q| {
                json!([
                    q.text,
                    q.speaker.as_ref().map(|s| &s.name),
                    q.cue.as_ref().map(|c| &c.text)
                ])
            })
            .collect(),
        "said" => marked(story)
            .map(|q| {
                json!([
                    q.text,
                    q.speaker.as_ref().map(|s| &s.name),
                    q.cue.as_ref().map(|c| &c.text),
                    q.kind
                ])
            })
            .collect(),
        "speakers" => marked(story)
            .filter_map(|q| q.speaker.as_ref())
            .map(|s| json!(s.name))
            .collect(),
        "speaker_kinds" => marked(story)
            .filter_map(|q| q.speaker.as_ref())
            .map(|s| json!([s.kind, s.gender]))
            .collect(),
        "titles" => marked(story)
            .map(|q| json!(q.speaker.as_ref().map(|s| &s.title)))
            .collect(),
        "notes" => {
            let notes: Vec<Value> = story
                .notes
                .iter()
                .map(|n| json!([n.kind, n.text]))
                .collect();
            want.as_array()
                .unwrap()
                .iter()
                .filter(|w| notes.contains(w))
                .cloned()
                .collect()
        }
        "stories" => json!(count),
        other => panic!("no such fact: {other}"),
    }
}

/// Returns the quotes between marks.
fn marked(story: &Story) -> impl Iterator<Item = &Quote> {
    let quotes = story.quotes.iter();
    quotes.filter(|quote| quote.kind != QuoteKind::Indirect)
}

/// Returns the statements without marks.
fn reported(story: &Story) -> impl Iterator<Item = &Quote> {
    let quotes = story.quotes.iter();
    quotes.filter(|quote| quote.kind == QuoteKind::Indirect)
}

/// Returns the whole record, and what must hold for every record.
fn record_is_as_accepted(path: &Path) -> Result<(), Failed> {
    let bytes = fs::read(path)?;
    let bytes = stories(&bytes, &ParseOptions::default()).parts[0].bytes(&bytes);
    let story = parse(&bytes, &ParseOptions::default());
    common::check(&bytes, &story);
    let record = serde_json::to_string_pretty(&story)? + "\n";
    let accepted = path.with_extension("json");
    if std::env::var_os("ARCHIVE_ACCEPT").is_some() {
        fs::write(&accepted, &record)?;
        return Ok(());
    }
    if fs::read_to_string(&accepted).ok().as_deref() == Some(&record) {
        return Ok(());
    }
    let failed = path.with_extension("json.failed");
    fs::write(&failed, &record)?;
    Err(format!(
        "the record differs: diff {} {}; accept it with ARCHIVE_ACCEPT=1",
        accepted.display(),
        failed.display()
    )
    .into())
}

/// Returns whether the story is text in which a line end is only a line end.
fn has_plain_lines(path: &Path) -> bool {
    let is_text = path.extension().is_some_and(|extension| extension == "txt");
    let is_odd = |c: char| c.is_control() && c != '\n' && c != '\t';
    is_text && fs::read_to_string(path).is_ok_and(|text| !text.contains(is_odd))
}

/// Returns the same story with the line ends of other systems.
fn line_ends_make_no_difference(path: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(path)?;
    let plain = parse(text.as_bytes(), &ParseOptions::default());
    for end in ["\r\n", "\r"] {
        let other = text.replace('\n', end);
        let story = parse(other.as_bytes(), &ParseOptions::default());
        let texts = |s: &Story| {
            s.body
                .iter()
                .map(|b| (b.kind, b.text.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(story.headline, plain.headline, "with {end:?}");
        assert_eq!(texts(&story), texts(&plain), "with {end:?}");
    }
    Ok(())
}
