//! NITF 3: the News Industry Text Format of IPTC and NAA.
//!
//! After the NITF 3.6 documentation: `head/docdata` holds the dates, the identifier, urgency, keys
//! and copyright; `body.head` what stands above a story; `body.content` the story; `body.end` what
//! stands below it. The New York Times corpus adds `pubdata` and a `block class="full_text"`.

use super::envelope::{Envelope, Fact, GivenDateline, GivenMedium};
use super::markup::{Element, Markup, Rules};
use super::prose::{Prose, Walk};
use super::sniff::Sniff;
use super::time;
use crate::story::{Format, MediumKind, NoteKind, Subject, Version};

/// Reads a document.
pub(crate) fn read(sniff: &Sniff<'_>) -> Option<Envelope> {
    let markup = Markup::of(sniff.text, Rules::Xml);
    let nitf = markup.root().find("nitf")?;
    let mut out = Envelope::of(Format::Nitf, sniff.text.len());
    read_into(nitf, &mut out);
    Some(out)
}

/// Reads an element `nitf` inside another envelope, which wins where both say something.
pub(crate) fn read_within(nitf: Element<'_>, out: &mut Envelope) {
    let language = out.given.language.take();
    let outer = out.wire().clone();
    let dateline = out.given.dateline.take();
    let byline = out.given.byline.take();
    read_into(nitf, out);
    out.given.language = language.or(out.given.language.take());
    out.given.dateline = out.given.dateline.take().or(dateline);
    out.given.byline = byline.or(out.given.byline.take());
    let wire = out.wire();
    let first = |outer: Option<String>, inner: &mut Option<String>| {
        *inner = outer.or(inner.take());
    };
    first(outer.id, &mut wire.id);
    first(outer.priority, &mut wire.priority);
    first(outer.status, &mut wire.status);
    first(outer.revision, &mut wire.revision);
    first(outer.genre, &mut wire.genre);
    first(outer.embargo, &mut wire.embargo);
    first(outer.expires, &mut wire.expires);
    wire.word_count = outer.word_count.or(wire.word_count);
}

/// Reads an element `nitf`.
fn read_into(nitf: Element<'_>, out: &mut Envelope) {
    out.given.names_headline = true;
    if let Some(head) = nitf.child("head") {
        read_head(head, out);
    }
    if let Some(head) = nitf.child("head") {
        read_parts_of_date(head, out);
    }
    let body = nitf.child("body").unwrap_or(nitf);
    if let Some(head) = body.child("body.head") {
        read_body_head(head, out);
    }
    let mut prose = Prose::default();
    for content in body.each("body.content") {
        read_media(content, out);
        read_content(content, &mut prose);
    }
    if let Some(end) = body.child("body.end") {
        for line in end.children() {
            let kind = match line.is("bibliography") {
                true => NoteKind::Editor,
                false => NoteKind::Contributors,
            };
            out.give_note(kind, Fact::of(&line.words()));
        }
    }
    out.copy = prose.finish();
    out.given.language = nitf_language(nitf, body);
}

fn nitf_language(nitf: Element<'_>, body: Element<'_>) -> Option<String> {
    [
        body.value("lang"),
        nitf.value("lang"),
        nitf.value("baselang"),
    ]
    .into_iter()
    .find(|language| !language.is_empty())
}

fn attr(element: Element<'_>, name: &str) -> Option<Fact> {
    element.attr(name).and_then(|value| Fact::of(&value))
}

fn words(element: Option<Element<'_>>) -> Option<Fact> {
    element.and_then(|element| Fact::of(&element.words()))
}

fn read_head(head: Element<'_>, out: &mut Envelope) {
    if let Some(docdata) = head.child("docdata") {
        read_docdata(docdata, out);
    }
    for element in head.children() {
        let name = element.name().to_ascii_lowercase();
        match name.as_str() {
            "tobject" => {
                let genre = element.find("tobject.property");
                let genre = genre.map(|genre| genre.value("tobject.property.type"));
                out.wire().genre = genre.filter(|genre| !genre.is_empty());
                for subject in element.all("tobject.subject") {
                    read_subject(subject, out);
                }
            }
            "pubdata" => read_pubdata(element, out),
            "meta" => read_meta(element, out),
            _ => {}
        }
    }
}

/// The New York Times corpus gives the date in three `meta` elements.
fn read_parts_of_date(head: Element<'_>, out: &mut Envelope) {
    let part = |wanted: &str| {
        head.each("meta")
            .find(|meta| meta.value("name") == wanted)
            .and_then(|meta| attr(meta, "content"))
    };
    if let (Some(day), Some(month), Some(year)) = (
        part("publication_day_of_month"),
        part("publication_month"),
        part("publication_year"),
    ) {
        let text = format!("{}-{:0>2}-{:0>2}", year.text, month.text, day.text);
        let range = day.range.start.min(year.range.start)..day.range.end.max(year.range.end);
        out.give_published(Some(Fact { text, range }), time::iso8601);
    }
}

fn read_subject(subject: Element<'_>, out: &mut Envelope) {
    let code = some(subject.value("tobject.subject.refnum"));
    let name = ["detail", "matter", "type"]
        .iter()
        .map(|part| subject.value(&format!("tobject.subject.{part}")))
        .find(|name| !name.is_empty());
    if code.is_some() || name.is_some() {
        out.wire().subjects.push(Subject { code, name });
    }
}

fn read_docdata(docdata: Element<'_>, out: &mut Envelope) {
    let status = docdata.value("management-status");
    out.wire().status = some(status);
    for element in docdata.children() {
        let name = element.name().to_ascii_lowercase();
        match name.as_str() {
            "doc-id" => out.wire().id = some(element.value("id-string")),
            "urgency" => out.wire().priority = some(element.value("ed-urg")),
            "date.issue" => out.give_published(attr(element, "norm"), time::any),
            "date.release" => out.wire().embargo = time::any(&element.value("norm")),
            "date.expire" => out.wire().expires = time::any(&element.value("norm")),
            "du-key" => {
                let key = attr(element, "key");
                out.wire()
                    .keywords
                    .extend(key.as_ref().map(|key| key.text.clone()));
                out.give_slug(key);
                out.wire().revision = some(element.value("version"));
            }
            "ed-msg" => out.give_note(NoteKind::Editor, attr(element, "info")),
            "doc.copyright" => {
                let holder = ["holder", "year"].map(|name| element.value(name));
                let fact = Fact::of(&element.attr("holder").unwrap_or_default());
                if let Some(fact) = fact {
                    let text = format!("Copyright {} {}", holder[1], holder[0]);
                    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                    out.give_note(NoteKind::Copyright, Some(Fact { text, ..fact }));
                }
            }
            "key-list" => {
                let keys = element.all("keyword").map(|keyword| keyword.value("key"));
                out.wire()
                    .keywords
                    .extend(keys.filter(|key| !key.is_empty()));
            }
            "identified-content" => read_identified(element, out),
            "series" => {
                let series = some(element.value("series.name"));
                out.wire().section = out.wire().section.take().or(series);
            }
            _ => {}
        }
    }
    // A date of release that has passed when the story is issued holds nothing back.
    let released = out.wire().embargo.take();
    let is_later = released
        .as_ref()
        .zip(out.given.published.as_ref())
        .is_some_and(|(release, issue)| time::is_before(issue, release));
    if is_later {
        out.wire().embargo = released;
    } else if let Some(release) = released
        && out.given.published.is_none()
    {
        out.given.published = Some(release);
    }
}

fn read_identified(element: Element<'_>, out: &mut Envelope) {
    for entry in element.children() {
        let name = entry.name().to_ascii_lowercase();
        let subject = Subject {
            code: some(entry.value("code")).or_else(|| some(entry.value("value"))),
            name: Fact::of(&entry.words()).map(|fact| fact.text),
        };
        if subject == Subject::default() {
            continue;
        }
        let wire = out.wire();
        match name.as_str() {
            "location" => wire.places.push(subject),
            "org" => wire.companies.push(subject),
            "classifier" => wire.subjects.push(Subject {
                name: subject.name.or_else(|| some(entry.value("type"))),
                ..subject
            }),
            _ => wire.keywords.extend(subject.name),
        }
    }
}

fn read_pubdata(pubdata: Element<'_>, out: &mut Envelope) {
    out.give_published(attr(pubdata, "date.publication"), time::any);
    let wire = out.wire();
    // What it leaves out, `meta` elements before it may have said.
    for (place, name) in [
        (&mut wire.publication, "name"),
        (&mut wire.edition, "edition.name"),
        (&mut wire.section, "position.section"),
        (&mut wire.page, "position.sequence"),
    ] {
        *place = some(pubdata.value(name)).or(place.take());
    }
    let unit = pubdata.value("unit-of-measure");
    let words = pubdata.value("item-length").parse().ok();
    let words = words.filter(|_| unit.eq_ignore_ascii_case("word"));
    wire.word_count = words.or(wire.word_count);
    out.give_source_url(attr(pubdata, "ex-ref").filter(|url| url.text.starts_with("http")));
}

/// `meta` elements carry what a sender's system adds, under names of its own.
fn read_meta(meta: Element<'_>, out: &mut Envelope) {
    let name = meta.value("name").to_ascii_lowercase();
    let content = some(meta.value("content"));
    let Some(content) = content else { return };
    let bare = name
        .rsplit(['-', '_', '.', ':'])
        .next()
        .unwrap_or(&name)
        .to_owned();
    let wire = out.wire();
    match (name.as_str(), bare.as_str()) {
        (_, "sequence") => wire.sequence = Some(content),
        (_, "wordcount") => wire.word_count = content.parse().ok(),
        (_, "category") => wire.category = Some(content),
        (_, "priority") if wire.priority.is_none() => wire.priority = Some(content),
        (_, "section") if wire.section.is_none() => wire.section = Some(content),
        (_, "edition") if wire.edition.is_none() => wire.edition = Some(content),
        ("print_page_number", _) => wire.page = Some(content),
        ("print_section" | "online_sections", _) if wire.section.is_none() => {
            wire.section = Some(content);
        }
        (_, "slug" | "slugline") => out.give_slug(attr(meta, "content")),
        (_, "keyword" | "keywords") => wire.keywords.push(content),
        (_, "version") => {
            let label = content;
            if label.chars().any(char::is_alphabetic) {
                out.given.version = Some(Version {
                    number: label
                        .chars()
                        .filter(char::is_ascii_digit)
                        .collect::<String>()
                        .parse()
                        .ok(),
                    label,
                });
            }
        }
        _ => {}
    }
}

fn read_body_head(head: Element<'_>, out: &mut Envelope) {
    let hedline = head.child("hedline");
    out.give_headline(words(hedline.and_then(|hedline| hedline.child("hl1"))));
    if out.given.headline.is_none() {
        out.give_headline(words(
            hedline.filter(|hedline| hedline.child("hl2").is_none()),
        ));
    }
    // The New York Times corpus has there what the web called the story.
    let second = hedline.and_then(|hedline| hedline.child("hl2"));
    let second = second.filter(|line| line.value("class") != "online_headline");
    out.give_subheadline(words(second));
    let mut lines = head.each("byline").filter(|line| {
        // The New York Times corpus has the name again, inverted.
        !line
            .value("class")
            .eq_ignore_ascii_case("normalized_byline")
    });
    out.given.byline = lines.next().and_then(byline);
    for line in lines {
        out.give_note(NoteKind::Contributors, Fact::of(&line.words()));
    }
    for note in head.each("note") {
        out.give_note(NoteKind::Editor, Fact::of(&note.words()));
    }
    out.give_note(NoteKind::Copyright, words(head.child("rights")));
    out.give_agency(words(head.child("distributor")));
    if let Some(dateline) = head.child("dateline") {
        out.given.dateline = read_dateline(dateline, out);
    }
    if let Some(summary) = head.child("abstract") {
        out.give_subheadline(Fact::of(&summary.words()));
        out.give_note(
            NoteKind::Editor,
            Fact::of(&summary.words())
                .filter(|fact| out.given.subheadline.as_ref() != Some(&fact.text)),
        );
    }
}

/// Returns a byline; the title stands in an element of its own, often without a space before it.
fn byline(line: Element<'_>) -> Option<Fact> {
    let whole = Fact::of(&line.words())?;
    let title = words(line.find("byttl"));
    let Some(title) = title else {
        return Some(whole);
    };
    let text = match whole.text.strip_suffix(title.text.as_str()) {
        Some(name) => format!("{}, {}", name.trim_end_matches([' ', ',']), title.text),
        None => whole.text,
    };
    Some(Fact {
        text,
        range: whole.range,
    })
}

fn read_dateline(dateline: Element<'_>, out: &mut Envelope) -> Option<GivenDateline> {
    let fact = Fact::of(&dateline.words());
    let date = dateline.find("story.date");
    if let Some(date) = date {
        out.give_published(attr(date, "norm"), time::any);
    }
    let part = |name: &str| {
        dateline
            .find(name)
            .and_then(|element| Fact::of(&element.words()))
            .map(|fact| fact.text)
    };
    let place = part("city").or_else(|| {
        let location = dateline.find("location")?;
        let words = Fact::of(&location.words())?.text;
        (!location.has_elements()).then_some(words)
    });
    Some(GivenDateline {
        fact: fact?,
        region: part("state")
            .or_else(|| part("region"))
            .or_else(|| part("country")),
        place,
        date: date
            .and_then(|date| time::any(&date.value("norm")))
            .map(|date| date[..10].to_owned()),
    })
}

/// Pictures and films inside the body, with their captions.
pub(crate) fn read_media(content: Element<'_>, out: &mut Envelope) {
    for media in content.all("media") {
        let caption = words(media.child("media-caption"));
        let credit = words(media.child("media-producer"));
        let kind = match media.value("media-type").to_ascii_lowercase().as_str() {
            "video" => MediumKind::Video,
            "graphic" | "chart" => MediumKind::Graphic,
            _ => MediumKind::Photo,
        };
        if caption.is_some() || credit.is_some() {
            out.given.media.push(GivenMedium {
                kind,
                caption: caption.map(|fact| fact.text),
                credit: credit.map(|fact| fact.text),
                range: media.source(),
            });
        }
    }
}

/// The story. Where blocks are classed, the full text is one of them and the lead is it again.
fn read_content(content: Element<'_>, prose: &mut Prose) {
    let full = content
        .each("block")
        .find(|block| block.value("class").eq_ignore_ascii_case("full_text"));
    prose.element(full.unwrap_or(content), Walk::BODY);
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::Field;

    const STORY: &str = r#"<?xml version="1.0"?>
<!DOCTYPE nitf SYSTEM "http://www.nitf.org/nitf-3-6.dtd" [<!ENTITY who SYSTEM "file:///etc/passwd">]>
<nitf><head><docdata management-status="usable"><doc-id id-string="inv.1.2"/><urgency ed-urg="3"/>
<date.issue norm="20240304T101500Z"/><date.release norm="20240305T060000Z"/>
<key-list><keyword key="ferries"/></key-list></docdata></head>
<body><body.head><hedline><hl1>Ferry sails &amp; returns</hl1></hedline>
<byline>By Ana Ruiz</byline><distributor>The Associated Press</distributor>
<dateline><location><city>Lisbon</city>, <country>Portugal</country></location></dateline></body.head>
<body.content><p>The ferry &who; sailed.</p><hl2>Crew</hl2><p>It came back.</p></body.content>
<body.end><tagline>Bo Lind contributed.</tagline></body.end></body></nitf>"#;

    #[test]
    fn a_document_gives_its_fields() {
        let out = read(&Sniff::new(STORY)).expect("it is NITF");
        let wire = out.wire.expect("it has a header");
        assert_eq!(wire.id.as_deref(), Some("inv.1.2"));
        assert_eq!(wire.embargo.as_deref(), Some("2024-03-05T06:00:00Z"));
        assert_eq!(wire.keywords, ["ferries"]);
        let given = out.given;
        assert_eq!(given.headline.as_deref(), Some("Ferry sails & returns"));
        assert_eq!(given.published.as_deref(), Some("2024-03-04T10:15:00Z"));
        let dateline = given.dateline.expect("a dateline");
        assert_eq!(dateline.place.as_deref(), Some("Lisbon"));
        assert_eq!(dateline.region.as_deref(), Some("Portugal"));
        let byline = given.byline.expect("a byline");
        assert_eq!(&STORY[byline.range], "By Ana Ruiz");
    }

    #[test]
    fn an_external_entity_stays_a_word() {
        let out = read(&Sniff::new(STORY)).expect("it is NITF");
        let crate::wire::envelope::Copy::Made { text, .. } = out.copy else {
            panic!("the copy is made");
        };
        assert!(text.text.contains("The ferry &who; sailed."));
    }

    #[test]
    fn a_cut_document_is_read_as_far_as_it_goes() {
        for end in (0..STORY.len()).step_by(7) {
            read(&Sniff::new(&STORY[..end]));
        }
        let cut = &STORY[..STORY.find("came back").expect("it is there")];
        let out = read(&Sniff::new(cut)).expect("it is NITF");
        assert_eq!(out.given.headline.as_deref(), Some("Ferry sails & returns"));
    }

    #[test]
    fn evidence_of_the_headline_leads_back() {
        let out = read(&Sniff::new(STORY)).expect("it is NITF");
        let (_, range) = out
            .evidence
            .iter()
            .find(|(field, _)| *field == Field::Headline)
            .expect("the headline has its place");
        assert_eq!(&STORY[range.clone()], "Ferry sails &amp; returns");
    }
}
