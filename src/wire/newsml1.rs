//! NewsML 1: packages of AFP, EFE, TASS, Kyodo and others.
//!
//! After the NewsML 1.2 guidelines: `Identification` and `NewsManagement` say what the item is,
//! `NewsLines` what stands above it, `DescriptiveMetadata` what it is about, and the content of a
//! `ContentItem` is NITF, XHTML or text. Components are nested as each agency likes; lines of an
//! outer one hold for an inner one.

use super::cut::Cut;
use super::envelope::{Envelope, Fact, GivenDateline, GivenMedium};
use super::markup::{Element, Markup, Rules};
use super::prose::{Prose, Walk};
use super::sniff::Sniff;
use super::{nitf, time};
use crate::story::{Format, MediumKind, NoteKind, Subject};

/// Finds the items that hold text.
pub(crate) fn split(sniff: &Sniff<'_>) -> Cut {
    let markup = Markup::of(sniff.text, Rules::Xml);
    let items: Vec<_> = markup.root().all("NewsItem").collect();
    let slices: Vec<_> = items
        .iter()
        .filter(|item| items.len() == 1 || text_item(**item).is_some())
        .map(|item| item.whole())
        .collect();
    Cut {
        head: match slices.len() {
            0 | 1 => 0..0,
            _ => 0..slices[0].start,
        },
        // A single item keeps what its file has after it.
        slices: match slices.len() {
            0 | 1 => std::iter::once(0..sniff.text.len()).collect(),
            _ => slices,
        },
        ..Cut::default()
    }
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn fact(element: Option<Element<'_>>) -> Option<Fact> {
    element.and_then(|element| Fact::of(&element.words()))
}

fn attr(element: Option<Element<'_>>, name: &str) -> Option<Fact> {
    element
        .and_then(|element| element.attr(name))
        .and_then(|value| Fact::of(&value))
}

/// Returns the value of an attribute `FormalName`, or the text.
fn formal(element: Option<Element<'_>>) -> Option<Fact> {
    attr(element, "FormalName").or_else(|| fact(element))
}

/// Returns the content that is the story: marked up or plain text, the longest there is.
fn text_item(item: Element<'_>) -> Option<Element<'_>> {
    item.all("ContentItem")
        .filter(|content| {
            let kind = content.child("MediaType");
            let kind = kind.map_or_else(String::new, |kind| kind.value("FormalName"));
            !matches!(
                kind.to_ascii_lowercase().as_str(),
                "photo" | "image" | "picture" | "graphic" | "video" | "audio"
            )
        })
        .filter_map(|content| content.child("DataContent"))
        .filter(|content| !content.words().text.trim().is_empty())
        .max_by_key(|content| content.whole().len())
}

/// Reads a document.
pub(crate) fn read(sniff: &Sniff<'_>) -> Option<Envelope> {
    let markup = Markup::of(sniff.text, Rules::Xml);
    let root = markup.root().find("NewsML")?;
    let mut out = Envelope::of(Format::NewsMl1, sniff.text.len());
    out.given.names_headline = true;
    let item = root.find("NewsItem").unwrap_or(root);
    read_identity(root, item, &mut out);
    read_lines(item, &mut out);
    read_metadata(item, &mut out);
    read_content(item, &mut out);
    read_agency(root, item, &mut out);
    read_pictures(item, &mut out);
    Some(out)
}

fn read_identity(root: Element<'_>, item: Element<'_>, out: &mut Envelope) {
    let text = |name: &str| fact(item.find(name)).map(|fact| fact.text);
    let identifier = text("PublicIdentifier");
    let wire = out.wire();
    wire.id = identifier
        .or_else(|| text("NewsItemId"))
        .or_else(|| text("guid"));
    wire.revision = text("RevisionId");
    wire.priority = formal(item.find("Urgency"))
        .or_else(|| formal(root.find("Priority")))
        .map(|fact| fact.text);
    wire.status = formal(item.find("Status")).map(|fact| fact.text.to_lowercase());
    wire.service = formal(root.find("NewsService")).map(|fact| fact.text);
    wire.sequence = fact(root.find("TransmissionId")).map(|fact| fact.text);
    out.give_published(fact(item.find("ThisRevisionCreated")), time::iso8601);
    out.give_published(fact(item.find("FirstCreated")), time::iso8601);
    out.give_published(fact(root.find("DateAndTime")), time::iso8601);
    // `Embargoed` until a time that `StatusWillChange` names.
    if let Some(change) = item.find("StatusWillChange") {
        let when = fact(change.child("DateAndTime")).and_then(|fact| time::iso8601(&fact.text));
        let future = formal(change.child("FutureStatus")).map(|fact| fact.text.to_lowercase());
        match future.as_deref() {
            Some("usable") => out.wire().embargo = when,
            _ => out.wire().expires = when,
        }
    }
}

fn read_lines(item: Element<'_>, out: &mut Envelope) {
    let first = |name: &str| {
        item.all("NewsLines")
            .filter_map(|lines| fact(lines.child(name)))
            .next()
    };
    out.give_headline(first("HeadLine"));
    out.give_subheadline(first("SubHeadLine").filter(|line| is_sentence_case(&line.text)));
    out.give_slug(first("SlugLine"));
    out.give_slug(fact(item.find("NameLabel")));
    out.given.byline = first("ByLine");
    let origin = item
        .all("Location")
        .find(|place| place.value("HowPresent").eq_ignore_ascii_case("Origin"));
    let property = |name: &str| {
        origin.and_then(|origin| {
            origin
                .each("Property")
                .find(|property| property.value("FormalName").eq_ignore_ascii_case(name))
                .and_then(|property| attr(Some(property), "Value"))
        })
    };
    let city = property("City");
    let printed = first("DateLine");
    if let Some(fact) = printed.or_else(|| city.clone()) {
        out.given.dateline = Some(GivenDateline {
            fact,
            place: city.map(|city| city.text),
            region: None,
            date: None,
        });
    }
    for lines in item.all("NewsLines") {
        out.give_note(NoteKind::Copyright, fact(lines.child("CopyrightLine")));
        out.give_note(NoteKind::Copyright, fact(lines.child("RightsLine")));
        for line in lines.each("NewsLine") {
            out.give_note(NoteKind::Editor, fact(line.child("NewsLineText")));
        }
    }
    for usage in item.all("UsageType") {
        out.give_note(NoteKind::Copyright, fact(Some(usage)));
    }
    for instruction in item.all("Instruction") {
        out.give_note(NoteKind::Editor, formal(Some(instruction)));
    }
}

/// A line in capitals is a label (`INDIA SUCESOS`), not a standfirst.
fn is_sentence_case(text: &str) -> bool {
    text.chars().any(char::is_lowercase)
}

fn read_metadata(item: Element<'_>, out: &mut Envelope) {
    let language = item
        .all("Language")
        .map(|language| language.value("FormalName"))
        .chain(
            item.descendants()
                .take(40)
                .map(|element| element.value("lang")),
        )
        .chain(std::iter::once(item.value("lang")))
        .find(|language| !language.is_empty());
    out.given.language = language;
    let wire = out.wire();
    for code in item.all("SubjectCode").flat_map(|code| code.children()) {
        let subject = Subject {
            code: some(code.value("FormalName")),
            name: None,
        };
        if subject.code.is_some() && !wire.subjects.contains(&subject) {
            wire.subjects.push(subject);
        }
    }
    for property in item.all("Property") {
        let value = property.value("Value");
        match property.value("FormalName").to_ascii_lowercase().as_str() {
            "keyword" if !value.is_empty() => wire.keywords.push(value),
            "words" => wire.word_count = value.parse().ok(),
            "country" | "city" if !value.is_empty() => {
                let (code, name) = match value.len() == 3 && value.is_ascii() {
                    true => (Some(value), None),
                    false => (None, Some(value)),
                };
                let place = Subject { code, name };
                if !wire.places.contains(&place) {
                    wire.places.push(place);
                }
            }
            _ => {}
        }
    }
    for keyword in item.all("KeywordLine").chain(item.all("item_keyword")) {
        wire.keywords
            .extend(fact(Some(keyword)).map(|fact| fact.text));
    }
    wire.genre = formal(item.find("Genre")).map(|fact| fact.text);
}

fn read_content(item: Element<'_>, out: &mut Envelope) {
    let mut prose = Prose::default();
    if let Some(content) = text_item(item) {
        if let Some(nitf) = content.find("nitf") {
            nitf::read_within(nitf, out);
            return;
        }
        let body = content
            .find("body.content")
            .or_else(|| content.find("body"));
        prose.content(body.unwrap_or(content), Walk::BODY);
    }
    out.copy = prose.finish();
}

fn read_agency(root: Element<'_>, item: Element<'_>, out: &mut Envelope) {
    let party = |element: Option<Element<'_>>| {
        attr(
            element.and_then(|element| element.find("Party")),
            "FormalName",
        )
    };
    let named = [
        party(item.find("Source")),
        party(item.find("Provider")),
        party(root.find("SentFrom")),
        fact(item.find("ProviderId")),
    ];
    // An address on the web is an agency's last name.
    let is_name = |fact: &&Fact| !fact.text.contains('.');
    let best = named.iter().flatten().find(is_name);
    let best = best.or(named.iter().flatten().next()).cloned();
    out.give_agency(best.map(|fact| Fact {
        text: bare_domain(&fact.text),
        ..fact
    }));
}

/// `www.itar-tass.com` names `itar-tass`.
pub(super) fn bare_domain(name: &str) -> String {
    let bare = name.trim().trim_start_matches("www.");
    match bare.rsplit_once('.') {
        Some((domain, top)) if !bare.contains(' ') && top.len() <= 3 => {
            domain.rsplit('.').next().unwrap_or(domain).to_owned()
        }
        _ => name.trim().to_owned(),
    }
}

/// Pictures that come as components of their own.
fn read_pictures(item: Element<'_>, out: &mut Envelope) {
    for component in item.all("NewsComponent") {
        let role = component
            .child("Role")
            .map_or_else(String::new, |role| role.value("FormalName"));
        if !role.eq_ignore_ascii_case("Caption") {
            continue;
        }
        let caption = component.find("DataContent");
        if let Some(caption) = fact(caption) {
            out.given.media.push(GivenMedium {
                kind: MediumKind::Photo,
                caption: Some(caption.text),
                credit: None,
                range: caption.range,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORY: &str = r#"<?xml version="1.0"?><NewsML Version="1.2"><NewsEnvelope><Priority FormalName="4"/></NewsEnvelope>
<NewsItem xml:lang="en"><Identification><NewsIdentifier><ProviderId>inv.example</ProviderId>
<PublicIdentifier>urn:newsml:inv:1</PublicIdentifier></NewsIdentifier></Identification>
<NewsManagement><ThisRevisionCreated>20240304T101500+0000</ThisRevisionCreated><Status FormalName="Usable"/>
<StatusWillChange><FutureStatus FormalName="Usable"/><DateAndTime>20240305T060000Z</DateAndTime></StatusWillChange></NewsManagement>
<NewsComponent><NewsLines><HeadLine>Ferry sails</HeadLine><DateLine>Lisbon, March 4, 2024 (INV) -</DateLine>
<SlugLine>Ferry</SlugLine></NewsLines><AdministrativeMetadata><Provider><Party FormalName="INV"/></Provider></AdministrativeMetadata>
<DescriptiveMetadata><Location HowPresent="Origin"><Property FormalName="City" Value="Lisbon"/></Location></DescriptiveMetadata>
<ContentItem><MediaType FormalName="Text"/><DataContent><p>It sailed.</p><p>It came back.</p></DataContent></ContentItem>
</NewsComponent></NewsItem></NewsML>"#;

    #[test]
    fn an_item_gives_its_fields() {
        let out = read(&Sniff::new(STORY)).expect("it is NewsML");
        let wire = out.wire.expect("a header");
        assert_eq!(wire.id.as_deref(), Some("urn:newsml:inv:1"));
        assert_eq!(wire.status.as_deref(), Some("usable"));
        assert_eq!(wire.priority.as_deref(), Some("4"));
        assert_eq!(wire.embargo.as_deref(), Some("2024-03-05T06:00:00Z"));
        assert_eq!(out.given.headline.as_deref(), Some("Ferry sails"));
        assert_eq!(out.given.agency.as_deref(), Some("INV"));
        assert_eq!(
            out.given.dateline.expect("a dateline").place.as_deref(),
            Some("Lisbon")
        );
        assert_eq!(out.given.published.as_deref(), Some("2024-03-04T10:15:00Z"));
    }

    #[test]
    fn several_items_are_several_stories() {
        let start = STORY.find("<NewsItem").expect("it is there");
        let end = STORY.find("</NewsML>").expect("it is there");
        let twice = format!("{}{}{}", &STORY[..end], &STORY[start..end], "</NewsML>");
        let cut = split(&Sniff::new(&twice));
        assert_eq!(cut.slices.len(), 2);
        let second = format!(
            "{}{}",
            &twice[cut.head.clone()],
            &twice[cut.slices[1].clone()]
        );
        let out = read(&Sniff::new(&second)).expect("it reads by itself");
        assert_eq!(out.given.headline.as_deref(), Some("Ferry sails"));
    }

    #[test]
    fn a_cut_document_is_read_as_far_as_it_goes() {
        for end in (0..STORY.len()).step_by(5) {
            read(&Sniff::new(&STORY[..end]));
        }
    }
}
