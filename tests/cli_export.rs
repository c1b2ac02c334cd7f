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
            .env("XDG_CONFIG_HOME", "/nonexistent")
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
    python_in(Path::new("."), module, script, arguments);
}

/// Does the same in a directory.
fn python_in(directory: impl AsRef<Path>, module: &str, script: &str, arguments: &[&Path]) {
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
        .current_dir(directory)
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

/// What is handed over in a news format comes back as it was.
#[test]
fn news_formats_give_back_what_they_were_given() {
    let made = Made::new();
    let pages = [
        "Old ferry slip to be filled in\n\nBy Ana Ruiz, Harbour Correspondent\n\nPublished 4 March \
         2025\n\nThe slip of the old ferry will be filled in by May, the port said on Tuesday.\n\n\
         What comes next\n\nA market hall is to stand there, which the town has wanted for years.\n\n\
         Original url: https://example.org/2025/03/04/ferry-slip\n",
        "TORVIK, Norway, Nov 3, 2021 (AFP) - Twelve boats left the harbour of Torvik on Wednesday \
         for the winter's fishing.\n\n\"We go every year,\" skipper Odd Nilsen said.\n",
    ];
    for (number, page) in pages.iter().enumerate() {
        fs::write(made.path(&format!("page-{number}.txt")), page).unwrap();
    }
    made.run(&["ingest", "page-0.txt", "page-1.txt"], 0);
    let parts = |record: &Value| {
        let text = |key: &str| record[key]["text"].clone();
        let blocks: Vec<Value> = record["body"]
            .as_array()
            .unwrap()
            .iter()
            .map(|block| block["text"].clone())
            .collect();
        serde_json::json!({
            "headline": record["headline"],
            "subheadline": record["subheadline"],
            "byline": text("byline"),
            "dateline": text("dateline"),
            "paragraphs": blocks,
            "address": record["source_url"],
        })
    };
    let lines = made.run(&["export"], 0);
    let records: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(
        records
            .iter()
            .any(|record| record["source_url"].is_string())
    );
    assert!(records.iter().any(|record| record["byline"].is_object()));
    for (format, extension) in [("ninjs", "json"), ("jsonld", "jsonld"), ("nitf", "xml")] {
        made.run(&["export", "--format", format, "--output", format], 0);
        for record in &records {
            // Sites put markup into the headlines of JSON-LD, so it is taken out when it is read.
            let has_brackets = record["headline"]
                .as_str()
                .is_some_and(|text| text.contains('<'));
            if format == "jsonld" && has_brackets {
                continue;
            }
            let file = format!("{format}/{}.{extension}", record["id"].as_str().unwrap());
            let back: Value = serde_json::from_str(&made.run(&["parse", &file], 0)).unwrap();
            assert_eq!(parts(&back), parts(record), "{file}");
        }
    }
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

/// The folders of years that a Parquet export has.
fn years(folder: &Path) -> Vec<String> {
    let mut years: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    years.sort();
    years
}

/// Every value of the records stands in the files, in columns with types.
#[test]
fn parquet_says_what_the_records_say() {
    let made = Made::new();
    let undated = "Quiet day\n\nNothing happened in the square, and nobody came to see it.\n";
    fs::write(made.path("undated.txt"), undated).unwrap();
    // Copy of every kind, so that every column has a value somewhere.
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    made.run(
        &["ingest", "undated.txt", fixtures, "--exclude", "*.json"],
        0,
    );
    made.run(&["tag", "strikes", "--query", "quispe"], 0);
    made.run(&["export", "--format", "parquet", "--output", "out"], 0);
    let years = years(&made.path("out"));
    for year in ["year=2021", "year=__HIVE_DEFAULT_PARTITION__"] {
        assert!(years.iter().any(|folder| folder == year), "{years:?}");
    }
    fs::write(made.path("records.jsonl"), made.run(&["export"], 0)).unwrap();
    let arrow = made.run(&["schema", "--format", "arrow"], 0);
    fs::write(made.path("arrow.json"), arrow).unwrap();
    let script = "
import sys, json, datetime
import pyarrow as pa, pyarrow.dataset as dataset

def kind(field):
    name, children = field['type']['name'], [made(child) for child in field['children']]
    return {'utf8': lambda: pa.string(), 'int': lambda: pa.int64(), 'date': lambda: pa.date32(),
        'timestamp': lambda: pa.timestamp('us', tz='UTC'), 'struct': lambda: pa.struct(children),
        'list': lambda: pa.list_(children[0])}[name]()

def made(field):
    return pa.field(field['name'], kind(field), field['nullable'])

table = dataset.dataset(sys.argv[1], partitioning='hive').to_table()
declared = pa.schema([made(field) for field in json.load(open(sys.argv[3]))['stories']['fields']])
assert table.schema.remove(table.schema.get_field_index('year')).equals(declared), table.schema
rows = {row['id']: row for row in table.to_pylist()}
records = [json.loads(line) for line in open(sys.argv[2])]
assert len(rows) == len(records) > 100

def like(value, row):
    if isinstance(row, dict) and isinstance(value, list):
        return value == list(row.values())
    if isinstance(row, dict):
        return value.keys() == row.keys() and all(like(value[key], row[key]) for key in row)
    if isinstance(row, list):
        return len(value) == len(row) and all(map(like, value, row))
    return value == row

for record in records:
    row = rows[record['id']]
    day, year = row.pop('date'), row.pop('year')
    tags = row.pop('annotations')['tags']
    row.pop('published_at')
    assert like(record, row), (record, row)
    assert (day and day.year) == year
    if record['published']:
        assert day == datetime.date.fromisoformat(record['published'][:10])
    assert tags == (['strikes'] if 'Luis Quispe' in json.dumps(record) else []), (tags, record)
assert any(row['wire'] and row['wire']['subjects'] for row in rows.values())
";
    let paths = ["out", "records.jsonl", "arrow.json"].map(|name| made.path(name));
    python("pyarrow", script, &[&paths[0], &paths[1], &paths[2]]);
    // Nothing is overwritten, and standard output has no folders.
    made.run(&["export", "--format", "parquet", "--output", "out"], 1);
    made.run(&["export", "--format", "parquet"], 2);
}

#[test]
fn parquet_goes_into_the_tables_that_the_schema_declares() {
    let made = Made::new();
    for what in ["stories", "paragraphs", "quotes", "annotations"] {
        made.run(
            &[
                "export", "--what", what, "--format", "parquet", "--output", what,
            ],
            0,
        );
    }
    let tables = made.run(&["schema", "--format", "duckdb"], 0);
    fs::write(made.path("tables.sql"), tables).unwrap();
    let script = "
import duckdb
base = duckdb.connect()
base.execute(open('tables.sql').read())
for table in ['stories', 'paragraphs', 'quotes', 'annotations']:
    base.execute(f\"INSERT INTO {table} BY NAME FROM read_parquet('{table}/*/*.parquet', hive_partitioning = true)\")
    found = base.execute(f\"DESCRIBE FROM read_parquet('{table}/*/*.parquet', hive_types = {{'year': BIGINT}})\").fetchall()
    declared = base.execute(f'DESCRIBE {table}').fetchall()
    assert [row[:2] for row in found] == [row[:2] for row in declared], (found, declared)
said = base.execute(\"SELECT q.speaker.name, q.text FROM (SELECT unnest(quotes) AS q FROM stories WHERE year = 2021) WHERE q.kind = 'direct'\").fetchall()
assert said == [('Luis Quispe', 'We won,')], said
assert base.execute('SELECT count(*) FROM paragraphs').fetchone()[0] > 3
assert base.execute('SELECT speaker FROM quotes WHERE speaker IS NOT NULL').fetchall() == [('Luis Quispe',)]
";
    python_in(&made.dir, "duckdb", script, &[]);
}

/// Datasette refuses a metadata file that it cannot read, and shows the tables that it names.
#[test]
fn datasette_takes_the_metadata() {
    let made = Made::new();
    let metadata = made.run(&["schema", "--format", "datasette"], 0);
    fs::write(made.path("metadata.json"), metadata).unwrap();
    let script = "
import asyncio, json
from datasette.app import Datasette

async def look():
    metadata = json.load(open('metadata.json'))
    app = Datasette(['archive/catalog.sqlite'], metadata=metadata)
    await app.invoke_startup()
    named = metadata['databases']['catalog']
    names = await app.get_database('catalog').execute(
        \"SELECT name FROM sqlite_master WHERE type IN ('table', 'view')\")
    known = {row[0] for row in names.rows}
    assert set(named['tables']) <= known, set(named['tables']) - known
    pages = ['/catalog/' + table for table, about in named['tables'].items() if 'hidden' not in about]
    pages += ['/catalog/most_quoted', '/catalog/what_somebody_said?name=quispe',
        '/catalog/full_text?words=strike']
    for page in pages:
        answer = await app.client.get(page)
        assert answer.status_code == 200, (page, answer.status_code, answer.text[-500:])
    found = await app.client.get('/catalog/stories.json?_search=dockers&_shape=array')
    assert len(found.json()) == 1, found.text
    said = await app.client.get('/catalog/what_somebody_said.json?name=quispe&_shape=array')
    assert said.json()[0]['day'] == '3 March 2021', said.text

asyncio.run(look())
";
    python_in(&made.dir, "datasette", script, &[]);
}

/// The page fits every window, asks for nothing and complains of nothing: as Chromium shows it,
/// which PySide6 brings along.
#[test]
fn a_browser_shows_the_page() {
    let made = Made::new();
    let long = format!(
        "A headline with {} in it\n\nLIMA, March 3, 2021 (AP) - Dockers went back.\n\n    \
         Team          Won   Lost   Drawn   For   Against   Points   Away goals\n    \
         Harbour Boys   12      3       2    40        11       38           17\n\n{}",
        "an-endless-word-".repeat(20),
        [
            "Ana Ruiz",
            "Tom Lee",
            "Eva Berg",
            "Karl Moss",
            "Otto Brandt",
            "Luis Quispe",
            "Nora Lind"
        ]
        .map(|name| format!("\"It is over,\" said harbour spokesman {name}.\n\n"))
        .concat()
    );
    fs::write(made.path("long.txt"), long).unwrap();
    let page = made.run(&["parse", "--format", "html", "a.txt", "long.txt"], 0);
    fs::write(made.path("page.html"), page).unwrap();
    let script = "
import json, os, sys
os.environ.setdefault('QT_QPA_PLATFORM', 'offscreen')
os.environ['QTWEBENGINE_DISABLE_SANDBOX'] = '1'
os.environ['QTWEBENGINE_CHROMIUM_FLAGS'] = '--disable-gpu'
from PySide6.QtCore import QTimer, QUrl
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineUrlRequestInterceptor
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication

said, asked, seen, widths = [], [], {}, [320, 900, 1600]

class Page(QWebEnginePage):
    def javaScriptConsoleMessage(self, level, message, line, source):
        said.append(message)

class Watch(QWebEngineUrlRequestInterceptor):
    def interceptRequest(self, request):
        asked.append(request.requestUrl().toString())

application = QApplication(sys.argv)
view = QWebEngineView()
page, watch = Page(view), Watch()
page.setUrlRequestInterceptor(watch)
view.setPage(page)

def measure(left):
    if not left:
        return application.quit()
    view.resize(left[0], 900)
    view.show()
    def look():
        page.runJavaScript('JSON.stringify([document.documentElement.scrollWidth, document.documentElement.clientWidth, document.title])',
            lambda found: (seen.update({left[0]: json.loads(found)}), measure(left[1:])))
    QTimer.singleShot(700, look)

view.loadFinished.connect(lambda loaded: measure(widths))
view.load(QUrl.fromLocalFile(os.path.abspath('page.html')))
QTimer.singleShot(60000, application.quit)
application.exec()
assert sorted(seen) == widths, seen
for width, (whole, window, title) in seen.items():
    assert whole <= window <= width, (width, whole, window)
    assert 'Port strike' in title, title
assert not said, said
assert len(asked) == 1, asked
os._exit(0)
";
    python_in(&made.dir, "PySide6.QtWebEngineWidgets", script, &[]);
}

#[test]
fn the_catalog_is_as_its_sql_says() {
    let made = Made::new();
    let sql = made.run(&["schema", "--format", "sql"], 0);
    let declared = rusqlite::Connection::open_in_memory().unwrap();
    declared.execute_batch(&sql).unwrap();
    let found = rusqlite::Connection::open(made.path("archive/catalog.sqlite")).unwrap();
    let tables = |base: &rusqlite::Connection| -> Vec<String> {
        let mut names = base
            .prepare(
                "SELECT name FROM sqlite_master WHERE name NOT IN ('applied', 'annotated')
                    AND name NOT LIKE 'sqlite%' ORDER BY 1",
            )
            .unwrap();
        let names = names.query_map([], |row| row.get(0)).unwrap();
        names.map(Result::unwrap).collect()
    };
    assert_eq!(tables(&declared), tables(&found));
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
