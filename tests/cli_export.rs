//! `archive export` from the outside: each format is read by somebody else's program, where there
//! is one; where there is none, the test says so.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests are tests"
)]

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command as Program;
use tempfile::TempDir;

const STORY: &str = "=Port strike <ends> & dockers \"win\"
Pay rises for all

By Ana Ruiz and Tom Lee

LIMA, Peru, March 3, 2021 (AP) - Dockers went back to work on Tuesday, nine days after they had \
                     walked out.

\"We won,\" said Luis Quispe, who led the dockers.

1. The first point of the deal is *pay*.
";

struct Made {
    dir: TempDir,
}

impl Made {
    /// Returns an archive of two stories.
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.txt"), STORY).unwrap();
        let other = "Beet prices fall\n\nOSTEND, March 4, 2021 (AFP) - Growers met in the square \
                     on Monday to burn beets.\n";
        fs::write(dir.path().join("b.txt"), other).unwrap();
        let made = Self { dir };
        made.run(&["ingest", "a.txt", "b.txt"], 0);
        made
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::cargo_bin("archive").unwrap();
        command
            .current_dir(&self.dir)
            .env_remove("ARCHIVE_DIR")
            .args(args);
        command
    }

    fn run(&self, args: &[&str], code: i32) -> String {
        let output = self.command(args).assert().code(code);
        String::from_utf8(output.get_output().stdout.clone()).unwrap()
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join(name)
    }

    /// Returns the record of the story with this headline.
    fn record(&self, headline: &str) -> Value {
        self.run(&["export"], 0)
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .find(|record| record["headline"].as_str().unwrap().contains(headline))
            .unwrap()
    }
}

/// Runs a line of Python that imports `module`; says so and passes where there is none.
fn python(module: &str, script: &str, arguments: &[&Path]) {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has = Program::new(&python)
        .args(["-c", &format!("import {module}")])
        .output();
    if !has.is_ok_and(|has| has.status.success()) {
        println!("skipped: {python} has no module {module} to read it with");
        return;
    }
    let output = Program::new(&python)
        .args(["-c", script])
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{module}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

fn paragraphs(record: &Value) -> Vec<&str> {
    let blocks = record["body"].as_array().unwrap();
    blocks
        .iter()
        .map(|block| block["text"].as_str().unwrap())
        .collect()
}

/// The schema itself is the IPTC's and not ours to hand on: give its file in NINJS_SCHEMA.
#[test]
fn ninjs_is_valid_and_whole() {
    let made = Made::new();
    let lines = made.run(&["export", "--format", "ninjs"], 0);
    let items: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(items.len(), 2);
    let record = made.record("Port strike");
    let item = items
        .iter()
        .find(|item| item["headlines"][0]["value"] == record["headline"])
        .unwrap();
    assert_eq!(item["by"], record["byline"]["text"]);
    assert_eq!(item["descriptions"][0]["value"], record["dateline"]["text"]);
    assert_eq!(item["bodies"][0]["value"], paragraphs(&record).join("\n\n"));
    assert_eq!(item["people"][2]["name"], "Luis Quispe");
    match std::env::var("NINJS_SCHEMA") {
        Ok(path) => {
            let schema = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            let schema = jsonschema::options()
                .should_validate_formats(true)
                .build(&schema)
                .unwrap();
            for item in &items {
                let errors: Vec<String> = schema
                    .iter_errors(item)
                    .map(|error| error.to_string())
                    .collect();
                assert!(errors.is_empty(), "{errors:?}");
            }
        }
        Err(_) => println!("skipped: NINJS_SCHEMA names no ninjs-schema_3.0.json"),
    }
}

#[test]
fn jsonld_is_a_news_article() {
    let made = Made::new();
    let record = made.record("Port strike");
    let lines = made.run(&["export", "--format", "jsonld", "--query", "quispe"], 0);
    let article: Value = serde_json::from_str(&lines).unwrap();
    assert_eq!(article["@type"], "NewsArticle");
    assert_eq!(article["headline"], record["headline"]);
    assert_eq!(article["dateline"], record["dateline"]["text"]);
    assert_eq!(article["datePublished"], record["published"]);
    assert_eq!(article["author"][1]["name"], "Tom Lee");
    assert_eq!(article["articleBody"], paragraphs(&record).join("\n\n"));
    let quotation = &article["hasPart"][0];
    assert_eq!(quotation["@type"], "Quotation");
    assert_eq!(quotation["creator"]["name"], "Luis Quispe");
}

#[test]
fn nitf_is_well_formed_and_whole() {
    let made = Made::new();
    made.run(&["export", "--format", "nitf", "--output", "nitf"], 0);
    let record = made.record("Port strike");
    let path = made.path(&format!("nitf/{}.xml", record["id"].as_str().unwrap()));
    let script = "
import sys, json
import lxml.etree as x
tree = x.parse(sys.argv[1])
record = json.load(open(sys.argv[2]))
assert tree.findtext('.//hl1') == record['headline'], tree.findtext('.//hl1')
assert tree.findtext('.//byline') == record['byline']['text']
assert tree.findtext('.//dateline') == record['dateline']['text']
found = [''.join(e.itertext()) for e in tree.find('.//body.content').iter('p', 'hl2', 'li', 'pre')]
assert found == [b['text'] for b in record['body']], found
";
    let json = made.path("record.json");
    fs::write(&json, record.to_string()).unwrap();
    python("lxml", script, &[&path, &json]);
    // One document has no place for two.
    made.run(&["export", "--format", "nitf"], 2);
    let alone = made.run(&["export", "--format", "nitf", "--query", "beet"], 0);
    assert!(
        alone.starts_with("<?xml") && alone.ends_with("</nitf>\n"),
        "{alone}"
    );
    // Nothing is overwritten.
    made.run(&["export", "--format", "nitf", "--output", "nitf"], 1);
}

#[test]
fn markdown_says_what_the_story_says() {
    let made = Made::new();
    let text = made.run(&["export", "--format", "markdown", "--query", "quispe"], 0);
    let (front, body) = text
        .strip_prefix("---\n")
        .unwrap()
        .split_once("---\n")
        .unwrap();
    let title = front.lines().find_map(|line| line.strip_prefix("title: "));
    let record = made.record("Port strike");
    assert_eq!(
        serde_json::from_str::<Value>(title.unwrap()).unwrap(),
        record["headline"]
    );
    let mut html = String::new();
    let mut text = String::new();
    for event in pulldown_cmark::Parser::new(body) {
        match &event {
            pulldown_cmark::Event::Text(words) => text.push_str(words),
            pulldown_cmark::Event::End(_) => text.push('\n'),
            other => html.push_str(&format!("{other:?}\n")),
        }
    }
    for paragraph in paragraphs(&record) {
        assert!(text.contains(paragraph), "{paragraph:?} in {text:?}");
    }
    assert!(!html.contains("List") && !html.contains("Html"), "{html}");
}

#[test]
fn texts_have_the_two_columns() {
    let made = Made::new();
    let csv = made.run(&["export", "--format", "texts"], 0);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.headers().unwrap(), vec!["doc_id", "text"]);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let record = made.record("Port strike");
    let row = rows
        .iter()
        .find(|row| Some(&row[0]) == record["id"].as_str())
        .unwrap();
    assert_eq!(row[1], paragraphs(&record).join("\n\n"));
}

#[test]
fn a_workbook_has_typed_cells() {
    let made = Made::new();
    made.run(
        &["export", "--format", "xlsx", "--output", "stories.xlsx"],
        0,
    );
    let script = "
import sys, datetime
import openpyxl
sheet = openpyxl.load_workbook(sys.argv[1]).active
rows = list(sheet.iter_rows())
names = [cell.value for cell in rows[0]]
row = next(row for row in rows[1:] if 'Port' in str(row[names.index('headline')].value))
cell = lambda name: row[names.index(name)]
assert cell('headline').value.startswith('=Port') and cell('headline').data_type == 's', \
                  cell('headline').data_type
assert cell('date').value == datetime.datetime(2021, 3, 3), cell('date').value
assert isinstance(cell('words').value, int), cell('words').value
";
    python("openpyxl", script, &[&made.path("stories.xlsx")]);
    made.run(&["export", "--format", "xlsx"], 2);
}

#[test]
fn a_bag_is_valid() {
    let made = Made::new();
    made.run(&["export", "--format", "bagit", "--output", "bag"], 0);
    let script = "
import sys
import bagit
bag = bagit.Bag(sys.argv[1])
bag.validate()
assert len(list(bag.payload_files())) == 4, list(bag.payload_files())
";
    python("bagit", script, &[&made.path("bag")]);
    let record = made.record("Port strike");
    let raw = format!(
        "bag/data/raw/{}",
        record["source"]["sha256"].as_str().unwrap()
    );
    assert_eq!(fs::read_to_string(made.path(&raw)).unwrap(), STORY);
}
