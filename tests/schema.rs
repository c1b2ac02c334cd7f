//! The published schema and the program's records agree.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use assert_cmd::Command;
use jsonschema::Validator;
use serde_json::Value;
use std::path::Path;

fn archive(args: &[&str]) -> String {
    let output = Command::cargo_bin("archive")
        .unwrap()
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(args)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn schema() -> Value {
    serde_json::from_str(&archive(&["schema"])).unwrap()
}

fn validator() -> Validator {
    jsonschema::draft202012::new(&schema()).unwrap()
}

fn check(validator: &Validator, record: &Value) {
    let errors: Vec<String> = validator
        .iter_errors(record)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect();
    assert!(
        errors.is_empty(),
        "{}: {errors:#?}",
        record["source"]["path"]
    );
}

#[test]
fn the_schema_is_draft_2020_12() {
    let schema = schema();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    assert_eq!(schema["title"], "archive.story/2");
    jsonschema::draft202012::meta::validate(&schema).unwrap();
}

#[test]
fn the_schema_refuses_what_is_no_record() {
    let validator = validator();
    let good: Value = serde_json::to_value(archive::parse(
        b"Headline\n\nText.\n",
        &archive::ParseOptions::default(),
    ))
    .unwrap();
    check(&validator, &good);
    let mut unknown_key = good.clone();
    unknown_key["colour"] = "red".into();
    let mut wrong_id = good.clone();
    wrong_id["id"] = "not hex".into();
    let mut bad_span = good.clone();
    bad_span["body"] =
        serde_json::json!([{ "kind": "paragraph", "text": "Text.", "span": [1, 2, 3] }]);
    let mut bad_kind = good.clone();
    bad_kind["body"] = serde_json::json!([{ "kind": "poem", "text": "Text.", "span": [1, 2] }]);
    for bad in [unknown_key, wrong_id, bad_span, bad_kind, Value::Null] {
        assert!(!validator.is_valid(&bad), "{bad}");
    }
}

/// Keys are promised to be there always, even when they hold null.
#[test]
fn the_schema_demands_every_key() {
    let validator = validator();
    let good: Value = serde_json::to_value(archive::parse(
        b"Headline\n\nText.\n",
        &archive::ParseOptions::default(),
    ))
    .unwrap();
    for key in good.as_object().unwrap().keys() {
        let mut poorer = good.clone();
        poorer.as_object_mut().unwrap().remove(key);
        assert!(!validator.is_valid(&poorer), "{key} may be missing");
    }
}

#[test]
fn records_of_all_samples_are_valid() {
    let validator = validator();
    for folder in ["seeds", "fixtures"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let stories: Vec<_> = walkdir::WalkDir::new(path)
            .into_iter()
            .map(|entry| entry.unwrap().into_path())
            .filter(|path| path.extension().is_some_and(|kind| kind == "txt"))
            .collect();
        let mut arguments = vec!["parse", "--jsonl"];
        arguments.extend(stories.iter().map(|path| path.to_str().unwrap()));
        let records = archive(&arguments);
        assert!(records.lines().count() >= stories.len(), "{folder}");
        for line in records.lines() {
            check(&validator, &serde_json::from_str(line).unwrap());
        }
    }
}

#[test]
fn records_of_odd_bytes_are_valid() {
    let validator = validator();
    let odd: [&[u8]; 6] = [
        b"",
        b"\0\x01\x02\xff\xfe",
        b"\xff\xfeH\0i\0",
        b"\n\n\n",
        "“one” ‘two’ \"three\"".as_bytes(),
        &[b'a'; 100_000],
    ];
    for bytes in odd {
        let story = archive::parse(bytes, &archive::ParseOptions::default());
        check(&validator, &serde_json::to_value(story).unwrap());
    }
}
