//! NewsML-G2: the exchange format of Reuters, AP, ANSA, STT, dpa and others.
//!
//! After the NewsML-G2 guidelines: `itemMeta` manages the item, `contentMeta` describes it,
//! `contentSet` holds the text as NITF, XHTML or plain text, marked up or escaped. A `newsMessage`
//! holds any number of items.

use super::cut::Cut;
use super::envelope::{Envelope, Fact, GivenDateline};
use super::markup::{Element, Markup, Rules};
use super::newsml1::bare_domain;
use super::prose::{Prose, Walk};
use super::sniff::Sniff;
use super::{nitf, time};
use crate::story::{Author, Format, NoteKind, Subject, Version};

/// Finds the items that hold text.
pub(crate) fn split(sniff: &Sniff<'_>) -> Cut {
    let markup = Markup::of(sniff.text, Rules::Xml);
    let all: Vec<_> = markup.root().all("newsItem").collect();
    let texts: Vec<_> = all.iter().filter(|item| is_text(**item)).collect();
    if texts.len() < 2 {
        return Cut {
            slices: std::iter::once(0..sniff.text.len()).collect(),
            ..Cut::default()
        };
    }
    Cut {
        head: 0..all[0].whole().start,
        slices: texts.iter().map(|item| item.whole()).collect(),
        ..Cut::default()
    }
}

fn is_text(item: Element<'_>) -> bool {
    let class = item.find("itemClass");
    let class = class.map_or_else(String::new, |class| class.value("qcode"));
    let kind = class.rsplit(':').next().unwrap_or("");
    matches!(kind, "text" | "composite" | "") || item.find("inlineXML").is_some()
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn fact(element: Option<Element<'_>>) -> Option<Fact> {
    element.and_then(|element| Fact::of(&element.words()))
}

/// Returns what a property names: its name, its literal, the end of its code.
fn name(element: Element<'_>) -> Option<Fact> {
    fact(element.child("name"))
        .or_else(|| element.attr("literal").and_then(|value| Fact::of(&value)))
        .or_else(|| {
            let fact = element.attr("qcode").and_then(|value| Fact::of(&value))?;
            let text = fact.text.rsplit(':').next().unwrap_or("").to_owned();
            Some(Fact { text, ..fact })
        })
}

/// Reads an item, by itself or in a message.
pub(crate) fn read(sniff: &Sniff<'_>) -> Option<Envelope> {
    let markup = Markup::of(sniff.text, Rules::Xml);
    let root = markup.root();
    let item = root
        .all("newsItem")
        .find(|item| is_text(*item))
        .or_else(|| root.find("newsItem"))
        .or_else(|| root.find("packageItem"))?;
    let mut out = Envelope::of(Format::NewsMlG2, sniff.text.len());
    out.given.names_headline = true;
    out.wire().id = some(item.value("guid"));
    out.wire().revision = some(item.value("version"));
    let empty = markup_root(&root);
    let item_meta = item.child("itemMeta").unwrap_or(empty);
    let content_meta = item.child("contentMeta").unwrap_or(empty);
    read_management(root, item_meta, content_meta, &mut out);
    read_lines(item, content_meta, &mut out);
    read_agency(root, item_meta, content_meta, &mut out);
    read_subjects(content_meta, &mut out);
    read_notes(item, item_meta, &mut out);
    read_content(item, &mut out);
    Some(out)
}

/// An element of whose children none is ever asked for: stands for one that is missing.
fn markup_root<'m>(root: &Element<'m>) -> Element<'m> {
    *root
}

fn read_management(
    root: Element<'_>,
    item_meta: Element<'_>,
    content_meta: Element<'_>,
    out: &mut Envelope,
) {
    let when =
        |element: Option<Element<'_>>| fact(element).and_then(|fact| time::iso8601(&fact.text));
    let wire = out.wire();
    wire.priority = fact(content_meta.child("urgency"))
        .or_else(|| fact(root.find("priority")))
        .map(|fact| fact.text);
    wire.status = item_meta
        .child("pubStatus")
        .map(|status| status.value("qcode"))
        .map(|code| code.rsplit(':').next().unwrap_or("").to_owned())
        .filter(|status| !status.is_empty());
    wire.embargo = when(item_meta.child("embargoed"));
    wire.expires = when(
        content_meta
            .child("expires")
            .or_else(|| item_meta.child("expires")),
    );
    wire.service = item_meta
        .child("service")
        .and_then(name)
        .map(|fact| fact.text);
    out.give_published(fact(item_meta.child("versionCreated")), time::iso8601);
    out.give_published(fact(item_meta.child("firstCreated")), time::iso8601);
    out.give_published(fact(content_meta.child("contentCreated")), time::iso8601);
    out.give_published(fact(root.find("sent")), time::iso8601);
}

fn read_lines(item: Element<'_>, content_meta: Element<'_>, out: &mut Envelope) {
    let role = |line: &Element<'_>| line.value("role").to_ascii_lowercase();
    for line in content_meta.each("headline") {
        if role(&line).contains("sub") {
            out.give_subheadline(fact(Some(line)));
        } else {
            out.give_headline(fact(Some(line)));
        }
    }
    out.give_headline(fact(
        item.find("itemMeta").and_then(|meta| meta.child("title")),
    ));
    let slug = fact(content_meta.child("slugline"));
    if let Some(slug) = &slug {
        out.given.version = version(&slug.text);
    }
    out.give_slug(slug.map(|slug| {
        // `slug, 1st Ld-Writethru` is AP's.
        let text = slug.text.split(", ").next().unwrap_or("").to_owned();
        Fact { text, ..slug }
    }));
    out.given.byline = fact(content_meta.child("by")).or_else(|| {
        fact(content_meta.child("creditline"))
            .filter(|line| line.text.to_lowercase().starts_with("by "))
    });
    if out.given.byline.is_none() {
        read_creators(content_meta, out);
    }
    let located = content_meta.child("located");
    let place = located.and_then(name);
    let printed = fact(content_meta.child("dateline"));
    if let Some(fact) = printed.clone().or_else(|| place.clone()) {
        out.given.dateline = Some(GivenDateline {
            // Where a dateline is printed, it need not be where the desk is.
            place: match printed {
                Some(_) => None,
                None => place.map(|place| place.text),
            },
            fact,
            region: None,
            date: None,
        });
    }
    out.given.language = content_meta
        .child("language")
        .map(|language| language.value("tag"))
        .into_iter()
        .chain(std::iter::once(item.value("lang")))
        .find(|language| !language.is_empty());
    for description in content_meta.each("description") {
        if role(&description).contains("summary") {
            out.give_subheadline(fact(Some(description)));
        }
    }
}

/// People are named as creators; agencies and initials are, too.
fn read_creators(content_meta: Element<'_>, out: &mut Envelope) {
    let people: Vec<Fact> = content_meta
        .each("creator")
        .filter(|creator| {
            !creator
                .value("role")
                .to_ascii_lowercase()
                .contains("source")
        })
        .filter_map(|creator| fact(creator.child("name")))
        .filter(|fact| fact.text.contains(' ') && fact.text.chars().any(char::is_lowercase))
        .collect();
    if let (Some(first), Some(last)) = (people.first(), people.last()) {
        let names: Vec<&str> = people.iter().map(|fact| fact.text.as_str()).collect();
        out.given.byline = Some(Fact {
            text: names.join(", "),
            range: first.range.start..last.range.end,
        });
        out.given.authors = people
            .iter()
            .map(|fact| Author {
                name: fact.text.clone(),
                ..Author::default()
            })
            .collect();
    }
}

/// `…, 1st Ld-Writethru`, `… (UPDATE 1)`.
fn version(slug: &str) -> Option<Version> {
    let label = match slug.rsplit_once('(') {
        Some((_, label)) if slug.ends_with(')') => label.trim_end_matches(')'),
        _ => slug.split_once(", ")?.1,
    };
    let digits: String = label.chars().filter(char::is_ascii_digit).collect();
    let is_label = label.chars().any(char::is_alphabetic) && label.len() < 40;
    is_label.then(|| Version {
        label: label.trim().to_owned(),
        number: digits.parse().ok(),
    })
}

fn read_agency(
    root: Element<'_>,
    item_meta: Element<'_>,
    content_meta: Element<'_>,
    out: &mut Envelope,
) {
    let sources = content_meta.each("infoSource").filter_map(name);
    let sender = fact(root.find("sender"));
    let named: Vec<Fact> = fact(content_meta.child("creditline"))
        .into_iter()
        .chain(item_meta.child("provider").and_then(name))
        .chain(sources)
        .chain(sender)
        .map(|fact| Fact {
            text: bare_domain(fact.text.trim_end_matches(['–', '-', ' '])),
            ..fact
        })
        .filter(|fact| !fact.text.is_empty())
        .collect();
    out.given.agencies = named;
}

fn read_subjects(content_meta: Element<'_>, out: &mut Envelope) {
    let wire = out.wire();
    for subject in content_meta.each("subject") {
        let entry = Subject {
            code: some(subject.value("qcode")).or_else(|| some(subject.value("literal"))),
            name: fact(subject.child("name")).map(|fact| fact.text),
        };
        if entry == Subject::default() {
            continue;
        }
        let kind = subject.value("type");
        match kind.rsplit(':').next().unwrap_or("") {
            "organisation" | "company" => wire.companies.push(entry),
            "geoArea" | "place" | "country" | "city" | "statprov" => wire.places.push(entry),
            _ => wire.subjects.push(entry),
        }
    }
    let located = content_meta.child("located");
    for place in located.into_iter().flat_map(|located| {
        std::iter::once(located).chain(located.each("broader").collect::<Vec<_>>())
    }) {
        wire.places.push(Subject {
            code: some(place.value("qcode")),
            name: name(place).map(|fact| fact.text),
        });
    }
    wire.keywords = content_meta
        .each("keyword")
        .filter_map(|keyword| fact(Some(keyword)))
        .map(|fact| fact.text)
        .collect();
    wire.genre = content_meta
        .child("genre")
        .and_then(name)
        .map(|fact| fact.text);
}

fn read_notes(item: Element<'_>, item_meta: Element<'_>, out: &mut Envelope) {
    for note in item_meta.each("edNote") {
        out.give_note(NoteKind::Editor, fact(Some(note)));
    }
    if let Some(rights) = item.child("rightsInfo") {
        for line in rights
            .each("copyrightNotice")
            .chain(rights.each("usageTerms"))
        {
            out.give_note(NoteKind::Copyright, fact(Some(line)));
        }
    }
}

fn read_content(item: Element<'_>, out: &mut Envelope) {
    let mut prose = Prose::default();
    let set = item.child("contentSet").or_else(|| item.find("contentSet"));
    let inline = set.and_then(|set| set.child("inlineXML"));
    let data = set.and_then(|set| set.child("inlineData"));
    if let Some(content) = inline.or(data) {
        out.wire().word_count = content.value("wordcount").parse().ok().filter(|n| *n > 0);
        if let Some(nitf) = content.find("nitf") {
            nitf::read_within(nitf, out);
            return;
        }
        let body = content.find("body").unwrap_or(content);
        prose.content(body, Walk::BODY);
    }
    out.copy = prose.finish();
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEM: &str = r#"<newsItem guid="urn:inv:1" version="3" xml:lang="en"><itemMeta><itemClass qcode="ninat:text"/>
<provider literal="inv.example"/><versionCreated>2024-03-04T10:15:00Z</versionCreated>
<embargoed>2024-03-05T06:00:00Z</embargoed><pubStatus qcode="stat:withheld"/><edNote>Adds detail</edNote></itemMeta>
<contentMeta><urgency>4</urgency><located><name>Lisbon</name></located><slugline>SEA-FERRY, 1st Ld</slugline>
<creator><name>Ana Ruiz</name></creator><headline>Ferry sails</headline><subject qcode="m:1"><name>Sea</name></subject></contentMeta>
<contentSet><inlineXML wordcount="5"><html><body><p>It sailed.</p><p>It came back.</p></body></html></inlineXML></contentSet></newsItem>"#;

    #[test]
    fn an_item_gives_its_fields() {
        let out = read(&Sniff::new(ITEM)).expect("it is NewsML-G2");
        let wire = out.wire.expect("a header");
        assert_eq!(wire.status.as_deref(), Some("withheld"));
        assert_eq!(wire.embargo.as_deref(), Some("2024-03-05T06:00:00Z"));
        assert_eq!(wire.word_count, Some(5));
        assert_eq!(out.given.headline.as_deref(), Some("Ferry sails"));
        assert_eq!(out.given.slug.as_deref(), Some("SEA-FERRY"));
        assert_eq!(out.given.version.expect("a version").label, "1st Ld");
        assert_eq!(out.given.authors[0].name, "Ana Ruiz");
        assert_eq!(out.given.notes[0].1.text, "Adds detail");
    }

    #[test]
    fn a_message_of_items_is_cut() {
        let message =
            format!("<newsMessage><header/><itemSet>{ITEM}{ITEM}</itemSet></newsMessage>");
        let cut = split(&Sniff::new(&message));
        assert_eq!(cut.slices.len(), 2);
        let one = format!(
            "{}{}",
            &message[cut.head.clone()],
            &message[cut.slices[1].clone()]
        );
        assert!(read(&Sniff::new(&one)).is_some());
        assert_eq!(split(&Sniff::new(ITEM)).slices.len(), 1);
    }

    #[test]
    fn a_cut_item_is_read_as_far_as_it_goes() {
        for end in (0..ITEM.len()).step_by(5) {
            read(&Sniff::new(&ITEM[..end]));
        }
    }
}
