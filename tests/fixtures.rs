//! Every story in `fixtures/` gives the record beside it.
//!
//! `NNN-name.txt` (or `.xml`, `.eml`, …) is the raw story, `NNN-name.expect.json` the facts that a person wrote down, and
//! `NNN-name.json` the whole record. To accept new records: `ARCHIVE_ACCEPT=1 cargo test --test fixtures`,
//! then read the diff.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use archive::story::Story;
use archive::{ParseOptions, parse, stories};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

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

#[test]
fn there_are_enough_of_them() {
    assert!(raw_stories().len() >= 50);
}

#[test]
fn facts_hold() {
    let mut wrong = Vec::new();
    for path in raw_stories() {
        let bytes = fs::read(&path).unwrap();
        let parts = stories(&bytes, &ParseOptions::default()).parts;
        let story = parse(&parts[0].bytes(&bytes), &ParseOptions::default());
        let facts: Value =
            serde_json::from_slice(&fs::read(path.with_extension("expect.json")).unwrap()).unwrap();
        for (key, want) in facts.as_object().unwrap() {
            let got = fact(&story, key, want, parts.len());
            if got != *want {
                wrong.push(format!(
                    "{}: {key}\n   want {want}\n   got  {got}",
                    path.file_stem().unwrap().to_string_lossy()
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} facts do not hold\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// What a record says about a fact; for notes, those of the wanted ones that it has.
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
        "language" => json!(story.language),
        "wire" => match (want, json!(story.wire)) {
            // Only the wanted fields.
            (Value::Object(want), Value::Object(wire)) => want
                .keys()
                .map(|key| (key.clone(), wire.get(key).cloned().unwrap_or_default()))
                .collect(),
            (_, wire) => wire,
        },
        "updated" => json!(story.updated),
        "encoding" => json!(story.source.encoding),
        "body" => story.body.iter().map(|b| json!([b.kind, b.text])).collect(),
        "related" => story.related.iter().map(|r| json!(r.title)).collect(),
        "captions" => story.media.iter().map(|m| json!(m.caption)).collect(),
        "credits" => story.media.iter().map(|m| json!(m.credit)).collect(),
        "source_url" => json!(story.source_url),
        "quotes" => story.quotes.iter().map(|q| json!(q.text)).collect(),
        "said" => story
            .quotes
            .iter()
            .map(|q| {
                json!([
                    q.text,
                    q.speaker.as_ref().map(|s| &s.name),
                    q.cue.as_ref().map(|c| &c.text),
                    q.kind
                ])
            })
            .collect(),
        "titles" => story
            .quotes
            .iter()
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

#[test]
fn records_are_as_accepted() {
    let accept = std::env::var_os("ARCHIVE_ACCEPT").is_some();
    let mut wrong = Vec::new();
    for path in raw_stories() {
        let bytes = fs::read(&path).unwrap();
        let bytes = stories(&bytes, &ParseOptions::default()).parts[0].bytes(&bytes);
        let story = parse(&bytes, &ParseOptions::default());
        common::check(&bytes, &story);
        let record = serde_json::to_string_pretty(&story).unwrap() + "\n";
        let accepted = path.with_extension("json");
        if accept {
            fs::write(&accepted, &record).unwrap();
        } else if fs::read_to_string(&accepted).ok().as_deref() != Some(&record) {
            fs::write(path.with_extension("json.failed"), &record).unwrap();
            wrong.push(path.file_stem().unwrap().to_string_lossy().into_owned());
        }
    }
    assert!(
        wrong.is_empty(),
        "records differ (see *.json.failed; accept with ARCHIVE_ACCEPT=1): {wrong:?}"
    );
}

#[test]
fn line_ends_make_no_difference() {
    for path in raw_stories() {
        let bytes = fs::read(&path).unwrap();
        let Ok(text) = std::str::from_utf8(&bytes) else {
            continue;
        };
        if path.extension().is_none_or(|extension| extension != "txt") {
            // In markup and mail, a line end is not always a line end.
            continue;
        }
        if text.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
            continue;
        }
        let plain = parse(&bytes, &ParseOptions::default());
        for end in ["\r\n", "\r"] {
            let other = text.replace('\n', end);
            let story = parse(other.as_bytes(), &ParseOptions::default());
            let texts = |s: &Story| {
                s.body
                    .iter()
                    .map(|b| (b.kind, b.text.clone()))
                    .collect::<Vec<_>>()
            };
            assert_eq!(story.headline, plain.headline, "{path:?} with {end:?}");
            assert_eq!(texts(&story), texts(&plain), "{path:?} with {end:?}");
        }
    }
}
