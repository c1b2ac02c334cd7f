//! JSON-LD with schema.org's words: a `NewsArticle` for search engines and knowledge graphs.
//!
//! One object a story, on one line. Quotes are parts of the article, each a `Quotation` with the
//! person who said it.

use super::{ninjs, plain};
use crate::story::Story;
use crate::story::{Author, Medium, MediumKind, NoteKind};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Writes a story as one line of JSON-LD.
///
/// # Errors
///
/// Those of `out`.
pub fn story(story: &Story, mut out: impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut out, &article(story))?;
    out.write_all(b"\n")
}

fn article(story: &Story) -> Value {
    let dateline = story.dateline.as_ref();
    let wire = story.wire.as_ref();
    let agency = story.agency.as_ref();
    let place = dateline.and_then(|dateline| match (&dateline.place, &dateline.region) {
        (Some(place), Some(region)) => Some(format!("{place}, {region}")),
        (place, region) => place.clone().or_else(|| region.clone()),
    });
    let copyright = story
        .notes
        .iter()
        .find(|note| note.kind == NoteKind::Copyright);
    object([
        ("@context", Some("https://schema.org".into())),
        ("@type", Some("NewsArticle".into())),
        ("@id", Some(ninjs::urn(story).into())),
        ("identifier", Some(story.id.clone().into())),
        ("headline", story.headline.clone().map(Value::from)),
        (
            "alternativeHeadline",
            story.subheadline.clone().map(Value::from),
        ),
        (
            "author",
            list(
                story
                    .byline
                    .iter()
                    .flat_map(|byline| &byline.authors)
                    .map(person),
            ),
        ),
        (
            "creditText",
            story
                .byline
                .as_ref()
                .map(|byline| byline.text.clone().into()),
        ),
        (
            "dateline",
            dateline.map(|dateline| dateline.text.clone().into()),
        ),
        (
            "locationCreated",
            place.map(|name| json!({"@type": "Place", "name": name})),
        ),
        ("datePublished", story.published.clone().map(Value::from)),
        ("dateModified", story.updated.clone().map(Value::from)),
        (
            "version",
            story
                .version
                .as_ref()
                .map(|version| version.label.clone().into()),
        ),
        ("inLanguage", story.language.clone().map(Value::from)),
        (
            "sourceOrganization",
            agency.map(|name| json!({"@type": "NewsMediaOrganization", "name": name})),
        ),
        ("url", story.source_url.clone().map(Value::from)),
        ("keywords", story.slug.clone().map(Value::from)),
        (
            "isPartOf",
            wire.and_then(|wire| wire.publication.as_ref())
                .map(|name| json!({"@type": "Periodical", "name": name})),
        ),
        (
            "printEdition",
            wire.and_then(|wire| wire.edition.clone()).map(Value::from),
        ),
        (
            "articleSection",
            wire.and_then(|wire| wire.section.clone()).map(Value::from),
        ),
        (
            "printPage",
            wire.and_then(|wire| wire.page.clone()).map(Value::from),
        ),
        (
            "copyrightNotice",
            copyright.map(|note| note.text.clone().into()),
        ),
        ("wordCount", Some(plain::words(story).into())),
        ("articleBody", Some(plain::body(story).into())),
        ("associatedMedia", list(story.media.iter().map(medium))),
        ("hasPart", list(quotations(story))),
    ])
}

/// Returns an object of the keys that have a value.
fn object<const COUNT: usize>(entries: [(&str, Option<Value>); COUNT]) -> Value {
    let entries = entries
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(Map::from_iter(entries))
}

fn list(values: impl Iterator<Item = Value>) -> Option<Value> {
    let values: Vec<Value> = values.collect();
    (!values.is_empty()).then(|| values.into())
}

fn person(author: &Author) -> Value {
    let organisation = |name: &String| json!({"@type": "Organization", "name": name});
    object([
        ("@type", Some("Person".into())),
        ("name", Some(author.name.clone().into())),
        ("jobTitle", author.role.clone().map(Value::from)),
        ("affiliation", author.affiliation.as_ref().map(organisation)),
    ])
}

fn medium(medium: &Medium) -> Value {
    let kind = match medium.kind {
        MediumKind::Photo | MediumKind::Graphic => "ImageObject",
        MediumKind::Video => "VideoObject",
    };
    object([
        ("@type", Some(kind.into())),
        ("caption", medium.caption.clone().map(Value::from)),
        ("creditText", medium.credit.clone().map(Value::from)),
    ])
}

fn quotations(story: &Story) -> impl Iterator<Item = Value> + '_ {
    let said = story
        .quotes
        .iter()
        .filter(|quote| quote.kind.is_marked_speech());
    said.map(|quote| {
        let speaker = quote.speaker.as_ref().map(|speaker| {
            object([
                ("@type", Some("Person".into())),
                ("name", Some(speaker.name.clone().into())),
                ("jobTitle", speaker.title.clone().map(Value::from)),
            ])
        });
        object([
            ("@type", Some("Quotation".into())),
            ("text", Some(quote.text.clone().into())),
            ("creator", speaker),
        ])
    })
}
