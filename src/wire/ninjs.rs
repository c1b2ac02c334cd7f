//! ninjs 1 to 3: news in JSON, of IPTC.
//!
//! After the ninjs documentation. Version 1 names properties in lower case (`versioncreated`,
//! `body_html`, `headline`), 2 has lists of objects (`bodies`, `headlines`), 3 writes camel case
//! (`versionCreated`). An array of objects, or objects one a line, is several stories.

use super::cut::Cut;
use super::envelope::{Envelope, Fact, GivenDateline, GivenMedium};
use super::json::{Json, Object};
use super::prose::{Prose, Walk};
use super::sniff::Sniff;
use super::time;
use crate::story::{Author, Format, MediumKind, NoteKind, Subject};
use crate::text::Traced;

/// Properties of which an object has some if it is ninjs.
const TELLING: [&str; 16] = [
    "\"versioncreated\"",
    "\"versionCreated\"",
    "\"pubstatus\"",
    "\"pubStatus\"",
    "\"body_html\"",
    "\"body_text\"",
    "\"body_xhtml\"",
    "\"bodies\"",
    "\"altIds\"",
    "\"infoSources\"",
    "\"headlines\"",
    "\"urgency\"",
    "\"copyrightholder\"",
    "\"copyrightHolder\"",
    "\"firstcreated\"",
    "\"slugline\"",
];

/// Returns whether a file is ninjs.
pub(crate) fn recognises(sniff: &Sniff<'_>) -> bool {
    let bare = sniff.head.trim_start_matches('[').trim_start();
    bare.starts_with('{')
        && TELLING.iter().filter(|key| sniff.says(key)).count() >= 2
        && !sniff.says("\"@context\"")
}

/// Finds the objects of a file.
pub(crate) fn split(sniff: &Sniff<'_>) -> Cut {
    let slices = match Json::read(sniff.text) {
        Some(json) => json.items().iter().map(Json::range).collect(),
        None => lines(sniff.text),
    };
    Cut {
        slices,
        ..Cut::default()
    }
}

/// Objects one a line; all of it where they are not.
pub(super) fn lines(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut out = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with('{') && line.trim_end().ends_with('}') {
            out.push(at..at + line.len());
        } else if !line.trim().is_empty() {
            return std::iter::once(0..text.len()).collect();
        }
        at += line.len();
    }
    out
}

/// Reads an object.
pub(crate) fn read(sniff: &Sniff<'_>) -> Option<Envelope> {
    let json = Json::read(sniff.text)?;
    let item = json.items().into_iter().next()?;
    let item = item.is_object().then(|| item.object())?;
    let mut out = Envelope::of(Format::Ninjs, sniff.text.len());
    out.given.names_headline = true;
    read_header(&item, &mut out);
    read_names(&item, &mut out);
    read_index(&item, &mut out);
    read_notes(&item, &mut out);
    read_body(&item, &mut out);
    read_associations(&item, &mut out);
    Some(out)
}

fn fact(object: &Object<'_>, keys: &[&str]) -> Option<Fact> {
    object
        .any(keys)
        .and_then(|value| value.text())
        .and_then(|text| Fact::of(&text))
}

/// Returns the value of the object in a list that has this role.
fn of_exact_role(list: Option<Json<'_>>, role: &str) -> Option<Fact> {
    let items: Vec<Object<'_>> = list?.items().iter().map(Json::object).collect();
    let item = items
        .iter()
        .find(|item| item.string("role").as_deref() == Some(role))?;
    item.text("value").and_then(|text| Fact::of(&text))
}

/// Returns the value of the object in a list that has one of these roles, or of the first one.
fn of_role(list: Option<Json<'_>>, roles: &[&str]) -> Option<Traced<'static>> {
    let items: Vec<Object<'_>> = list?.items().iter().map(Json::object).collect();
    let of = |role: &str| {
        items.iter().find(|item| {
            item.string("role")
                .is_some_and(|found| found.eq_ignore_ascii_case(role))
        })
    };
    roles
        .iter()
        .find_map(|role| of(role))
        .or(items.first())
        .and_then(|item| item.text("value"))
}

fn read_header(item: &Object<'_>, out: &mut Envelope) {
    let wire = out.wire();
    wire.id = item.string("uri").or_else(|| item.string("guid"));
    let string = |keys: &[&str]| item.any(keys).map(|value| value.string());
    wire.priority = string(&["urgency", "priority"]);
    wire.status = string(&["pubstatus", "pubStatus"]);
    wire.revision = string(&["version"]);
    wire.word_count = string(&["wordcount", "wordCount"]).and_then(|count| count.parse().ok());
    let when = |keys: &[&str]| string(keys).and_then(|text| time::iso8601(&text));
    wire.embargo = when(&["embargoed", "embargoedUntil", "embargo"]);
    wire.expires = when(&["expires"]);
    wire.genre = item
        .any(&["genre", "genres"])
        .and_then(|list| list.items().first().map(Json::object))
        .and_then(|genre| genre.string("name"));
    wire.section = item
        .any(&["service", "section"])
        .and_then(|list| list.items().first().copied())
        .and_then(|first| match first.is_object() {
            true => first.object().string("name"),
            false => Some(first.string()),
        });
    out.give_published(
        fact(
            item,
            &[
                "versioncreated",
                "versionCreated",
                "contentcreated",
                "contentCreated",
            ],
        ),
        time::iso8601,
    );
    out.give_published(fact(item, &["firstcreated", "firstCreated"]), time::iso8601);
    out.give_slug(fact(item, &["slugline", "slug"]));
    out.given.language = item.string("language");
}

fn read_names(item: &Object<'_>, out: &mut Envelope) {
    out.give_headline(fact(item, &["headline"]));
    out.give_headline(
        of_role(item.get("headlines"), &["main", "headline"]).and_then(|text| Fact::of(&text)),
    );
    out.give_subheadline(of_exact_role(item.get("headlines"), "subheadline"));
    out.give_headline(fact(item, &["title", "name"]));
    let by = fact(item, &["byline", "by"]);
    let people: Vec<Author> = item
        .any(&["authors", "people"])
        .filter(|_| item.has("authors"))
        .map(|list| list.items())
        .unwrap_or_default()
        .iter()
        .map(Json::object)
        .filter_map(|author| {
            Some(Author {
                name: author.string("name")?,
                role: author.string("role").or_else(|| author.string("jobtitle")),
                ..Author::default()
            })
        })
        .collect();
    if by.is_some() {
        out.given.byline = by;
    } else if let Some(list) = item.get("authors")
        && !people.is_empty()
    {
        let names: Vec<&str> = people.iter().map(|author| author.name.as_str()).collect();
        out.given.byline = Some(Fact {
            text: names.join(", "),
            range: list.range(),
        });
        out.given.authors = people;
    }
    out.give_agency(fact(item, &["source"]));
    out.give_agency(
        item.any(&["infosources", "infoSources"])
            .and_then(|list| list.items().first().map(Json::object))
            .and_then(|source| fact(&source, &["name"])),
    );
    out.give_agency(fact(item, &["copyrightholder", "copyrightHolder"]));
    let located = fact(item, &["located"]);
    let printed = fact(item, &["dateline"])
        .or_else(|| of_exact_role(item.get("descriptions"), "dateline"))
        .or_else(|| located.clone());
    out.given.dateline = printed.map(|fact| GivenDateline {
        place: located.map(|located| located.text),
        region: None,
        date: None,
        fact,
    });
    out.give_source_url(of_exact_role(item.any(&["altIds", "altids"]), "url"));
}

fn read_index(item: &Object<'_>, out: &mut Envelope) {
    let list = |keys: &[&str]| -> Vec<Subject> {
        let Some(list) = item.any(keys) else {
            return Vec::new();
        };
        list.items()
            .iter()
            .map(Json::object)
            .map(|entry| Subject {
                code: ["code", "qcode", "literal", "uri"]
                    .iter()
                    .find_map(|key| entry.string(key)),
                name: entry.string("name"),
            })
            .filter(|subject| *subject != Subject::default())
            .collect()
    };
    let wire = out.wire();
    wire.subjects = list(&["subject", "subjects"]);
    wire.places = list(&["place", "places"]);
    wire.companies = list(&["organisation", "organisations", "organization"]);
    if let Some(words) = item.any(&["keywords", "keyword"]) {
        let words = words.items();
        wire.keywords = words
            .iter()
            .map(|word| word.string())
            .filter(|word| !word.is_empty())
            .collect();
    }
}

fn read_notes(item: &Object<'_>, out: &mut Envelope) {
    out.give_note(NoteKind::Editor, fact(item, &["ednote", "edNote"]));
    out.give_note(
        NoteKind::Copyright,
        fact(item, &["copyrightnotice", "copyrightNotice"]),
    );
    out.give_note(
        NoteKind::Copyright,
        fact(item, &["usageterms", "usageTerms"]),
    );
}

fn read_body(item: &Object<'_>, out: &mut Envelope) {
    let body = ["body_xhtml", "body_html", "body_html5", "body_text"]
        .iter()
        .find_map(|key| item.text(key))
        .or_else(|| {
            of_role(
                item.get("bodies"),
                &["html", "html5", "xhtml", "main", "text"],
            )
        });
    let description = ["description_text", "description_html"]
        .iter()
        .find_map(|key| item.text(key))
        .or_else(|| of_role(item.get("descriptions"), &["text", "summary", "main"]));
    let mut prose = Prose::default();
    match body {
        Some(body) => {
            let summary = description.and_then(|text| Fact::of(&text));
            let is_beginning = summary
                .as_ref()
                .is_some_and(|summary| repeats(&summary.text, &body.text));
            let dateline = out.given.dateline.as_ref();
            let is_dateline = summary.as_ref().is_some_and(|summary| {
                dateline.is_some_and(|given| given.fact.text == summary.text)
            });
            if !is_beginning && !is_dateline {
                out.give_subheadline(summary.filter(|summary| !summary.text.contains('<')));
            }
            prose.string(body, Walk::BODY);
        }
        // A description is all that some items have.
        None => {
            if let Some(description) = description {
                prose.string(description, Walk::BODY);
            }
        }
    }
    out.copy = prose.finish();
}

/// Returns whether a summary is only the beginning of the body again.
pub(super) fn repeats(summary: &str, body: &str) -> bool {
    let letters = |text: &str| -> String {
        let mut in_tag = false;
        text.chars()
            .filter(|c| {
                match c {
                    '<' => in_tag = true,
                    '>' => in_tag = false,
                    _ => {}
                }
                !in_tag && c.is_alphanumeric()
            })
            .take(4000)
            .collect()
    };
    let summary: String = letters(summary).chars().take(60).collect();
    letters(body).contains(&summary)
}

fn read_associations(item: &Object<'_>, out: &mut Envelope) {
    let Some(list) = item.get("associations") else {
        return;
    };
    let items: Vec<Json<'_>> = if list.is_object() {
        list.object().members().map(|(_, value)| value).collect()
    } else {
        list.items()
    };
    for medium in items {
        let object = medium.object();
        let kind = match object.string("type").as_deref() {
            Some("video") => MediumKind::Video,
            Some("graphic") => MediumKind::Graphic,
            Some("picture" | "photo" | "image") | None => MediumKind::Photo,
            Some(_) => continue,
        };
        let caption = fact(&object, &["description_text", "caption"])
            .or_else(|| {
                of_role(object.get("descriptions"), &["text", "caption", "main"])
                    .and_then(|text| Fact::of(&text))
            })
            .or_else(|| fact(&object, &["headline", "title"]));
        let credit = fact(
            &object,
            &["byline", "by", "copyrightholder", "copyrightHolder"],
        );
        if caption.is_some() || credit.is_some() {
            out.given.media.push(GivenMedium {
                kind,
                caption: caption.map(|fact| fact.text),
                credit: credit.map(|fact| fact.text),
                range: medium.range(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORY: &str = r#"{"uri": "urn:inv:1", "type": "text", "versioncreated": "2024-03-04T10:15:00+01:00",
 "pubstatus": "usable", "urgency": 3, "headline": "Ferry \u201csails\u201d", "byline": "By Ana Ruiz",
 "located": "Lisbon", "subject": [{"code": "t:1", "name": "Ferries"}], "embargoed": "2024-03-05T06:00:00Z",
 "body_html": "<p>The ferry sailed.<\/p><p>It came back.</p>", "ednote": "Adds detail"}"#;

    #[test]
    fn an_object_gives_its_fields() {
        let sniff = Sniff::new(STORY);
        assert!(recognises(&sniff));
        let out = read(&sniff).expect("it is ninjs");
        let wire = out.wire.expect("it has a header");
        assert_eq!(wire.priority.as_deref(), Some("3"));
        assert_eq!(wire.embargo.as_deref(), Some("2024-03-05T06:00:00Z"));
        assert_eq!(wire.subjects[0].name.as_deref(), Some("Ferries"));
        assert_eq!(out.given.headline.as_deref(), Some("Ferry “sails”"));
        assert_eq!(out.given.notes[0].1.text, "Adds detail");
        let crate::wire::envelope::Copy::Made { text, pieces } = out.copy else {
            panic!("the copy is made");
        };
        assert_eq!(pieces.len(), 2);
        let at = text.text.find("It came").expect("the second paragraph");
        assert_eq!(&STORY[text.source(at..at + 2)], "It");
    }

    #[test]
    fn several_objects_are_several_stories() {
        let array = format!("[{STORY},\n{STORY}]");
        assert_eq!(split(&Sniff::new(&array)).slices.len(), 2);
        let line = STORY.replace('\n', " ");
        let lines = format!("{line}\n{line}\n{line}\n");
        assert_eq!(split(&Sniff::new(&lines)).slices.len(), 3);
    }

    #[test]
    fn other_json_is_not_claimed() {
        for text in [
            "{\"a\": 1}",
            "[1, 2]",
            "{\"headline\": \"x\"}",
            "{damaged \"urgency\" \"version\"",
        ] {
            assert!(!recognises(&Sniff::new(text)), "{text}");
        }
    }

    #[test]
    fn damage_is_no_ninjs() {
        assert!(read(&Sniff::new(&STORY[..STORY.len() - 5])).is_none());
    }
}
