//! ninjs 3.0, the IPTC's news in JSON.
//!
//! One object a story, on one line. What ninjs has a place for goes there: headlines, byline, body
//! as plain text and as HTML, place, people, agency. The day of a story that has no time of day is
//! an alternative identifier, since ninjs knows no dates without one.

use super::speakers::speakers;
use super::{html, plain};
use crate::story::NoteKind;
use crate::story::Story;
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Writes a story as one line of JSON.
///
/// # Errors
///
/// Those of `out`.
pub fn story(story: &Story, mut out: impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut out, &item(story))?;
    out.write_all(b"\n")
}

fn item(story: &Story) -> Value {
    let mut item = Map::new();
    let mut set = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            item.insert(key.to_owned(), value);
        }
    };
    let text = |text: &Option<String>| text.clone().map(Value::from);
    set(
        "standard",
        Some(json!({
            "name": "ninjs",
            "version": "3.0",
            "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.0.json",
        })),
    );
    set("uri", Some(urn(story).into()));
    set("type", Some("text".into()));
    set("representationType", Some("full".into()));
    set("language", text(&story.language));
    set(
        "version",
        story
            .version
            .as_ref()
            .map(|version| version.label.clone().into()),
    );
    set("contentCreated", date_time(story.published.as_deref()));
    set("versionCreated", date_time(story.updated.as_deref()));
    set("headlines", headlines(story));
    set("slugline", text(&story.slug));
    set(
        "by",
        story
            .byline
            .as_ref()
            .map(|byline| byline.text.clone().into()),
    );
    let dateline = story.dateline.as_ref();
    set(
        "located",
        dateline.and_then(|dateline| text(&dateline.place)),
    );
    set(
        "descriptions",
        dateline.map(|dateline| json!([{"role": "dateline", "value": dateline.text}])),
    );
    set("bodies", Some(bodies(story)));
    set("people", people(story));
    let agency = |agency: &String| json!([{"name": agency, "role": "supplier"}]);
    set("infoSources", story.agency.as_ref().map(agency));
    set("copyrightNotice", notes(story, NoteKind::Copyright));
    set("edNote", notes(story, NoteKind::Editor));
    set("altIds", Some(alternative_ids(story)));
    Value::Object(item)
}

/// Returns a name for the story that needs nobody to give it out.
pub(super) fn urn(story: &Story) -> String {
    format!("urn:sha256:{}", story.source.sha256)
}

/// Returns a moment; a day alone is none.
fn date_time(date: Option<&str>) -> Option<Value> {
    date.filter(|date| date.contains('T')).map(Value::from)
}

fn headlines(story: &Story) -> Option<Value> {
    let headlines: Vec<Value> = [
        ("main", &story.headline),
        ("subheadline", &story.subheadline),
    ]
    .into_iter()
    .filter_map(|(role, text)| Some(json!({"role": role, "value": text.as_ref()?})))
    .collect();
    (!headlines.is_empty()).then(|| headlines.into())
}

fn bodies(story: &Story) -> Value {
    let text = plain::body(story);
    json!([
        {
            "role": "main",
            "contentType": "text/plain",
            "charCount": text.chars().count(),
            "wordCount": plain::words(story),
            "value": text,
        },
        {"role": "main", "contentType": "text/html", "value": html::fragment(story)},
    ])
}

fn people(story: &Story) -> Option<Value> {
    let authors = story.byline.iter().flat_map(|byline| &byline.authors);
    let authors = authors.map(|author| json!({"name": author.name, "rel": "author"}));
    let quoted = speakers(story);
    let quoted = quoted.iter().map(|known| match &known.speaker.title {
        Some(title) => json!({"name": known.speaker.name, "literal": title, "rel": "quoted"}),
        None => json!({"name": known.speaker.name, "rel": "quoted"}),
    });
    let people: Vec<Value> = authors.chain(quoted).collect();
    (!people.is_empty()).then(|| people.into())
}

fn notes(story: &Story, kind: NoteKind) -> Option<Value> {
    let notes: Vec<&str> = story
        .notes
        .iter()
        .filter(|note| note.kind == kind)
        .map(|note| note.text.as_str())
        .collect();
    (!notes.is_empty()).then(|| notes.join("\n").into())
}

fn alternative_ids(story: &Story) -> Value {
    let id = Some(story.id.clone());
    let day = |date: &Option<String>| date.clone().filter(|date| !date.contains('T'));
    let number = story.wire.as_ref().and_then(|wire| wire.sequence.clone());
    let ids: Vec<Value> = [
        ("archive", id),
        ("url", story.source_url.clone()),
        ("publishedDate", day(&story.published)),
        ("updatedDate", day(&story.updated)),
        ("sequence", number),
    ]
    .into_iter()
    .filter_map(|(role, value)| Some(json!({"role": role, "value": value?})))
    .collect();
    ids.into()
}
