//! Corpora in SGML: Reuters-21578, RCV1, TREC and Gigaword.
//!
//! After the READMEs of the collections. Reuters-21578 has a story an element `REUTERS`; RCV1 a
//! file a `newsitem`; TREC and Gigaword a `DOC` each, TREC with `DOCNO`, Gigaword with `id`.

use super::cut::Cut;
use super::envelope::{Envelope, Fact, GivenDateline, PieceKind};
use super::exports::dates;
use super::exports::fields::{Slot, give};
use super::markup::{Element, Markup, Rules};
use super::prose::{Prose, Walk};
use super::sniff::Sniff;
use super::time;
use crate::story::{Field, Format, Subject};
use crate::text::Traced;
use chrono::NaiveDateTime;

/// Cuts a file of the Reuters-21578 collection.
pub(crate) fn split_reuters(sniff: &Sniff<'_>) -> Cut {
    split(sniff, "REUTERS")
}

/// Cuts a file of `DOC` elements.
pub(crate) fn split_docs(sniff: &Sniff<'_>) -> Cut {
    split(sniff, "DOC")
}

fn split(sniff: &Sniff<'_>, name: &str) -> Cut {
    let markup = Markup::of(sniff.text, Rules::Xml);
    let slices: Vec<_> = markup.root().all(name).map(|story| story.whole()).collect();
    Cut {
        slices: match slices.len() {
            0 | 1 => std::iter::once(0..sniff.text.len()).collect(),
            _ => slices,
        },
        ..Cut::default()
    }
}

fn fact(element: Option<Element<'_>>) -> Option<Fact> {
    element.and_then(|element| Fact::of(&element.words()))
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// Reads a story of the Reuters-21578 collection.
pub(crate) fn read_reuters(sniff: &Sniff<'_>) -> Option<Envelope> {
    let markup = Markup::of(sniff.text, Rules::Xml);
    let story = markup.root().find("REUTERS")?;
    let mut out = Envelope::of(Format::Reuters21578, sniff.text.len());
    let wire = out.wire();
    wire.id = some(story.value("NEWID"));
    wire.sequence = some(story.value("OLDID"));
    let index = |name: &str| -> Vec<Subject> {
        story
            .child(name)
            .into_iter()
            .flat_map(|list| list.each("D").collect::<Vec<_>>())
            .filter_map(|entry| fact(Some(entry)))
            .map(|fact| Subject {
                code: None,
                name: Some(fact.text),
            })
            .collect()
    };
    wire.subjects = index("TOPICS");
    wire.places = index("PLACES");
    wire.companies = ["ORGS", "COMPANIES", "EXCHANGES"]
        .iter()
        .flat_map(|name| index(name))
        .collect();
    wire.keywords = index("PEOPLE")
        .into_iter()
        .filter_map(|subject| subject.name)
        .collect();
    out.give_published(fact(story.child("DATE")), reuters_date);
    out.give_agency(Some(Fact {
        text: "Reuters".into(),
        range: 0..sniff.text.len(),
    }));
    let text = story.child("TEXT").or_else(|| story.find("TEXT"));
    out.give_headline(fact(text.and_then(|text| text.find("TITLE"))));
    out.given.names_headline = out.given.headline.is_some();
    out.given.byline = fact(text.and_then(|text| text.find("AUTHOR")));
    if let Some(line) = fact(text.and_then(|text| text.find("DATELINE"))) {
        out.given.dateline = Some(dateline(line));
    }
    let mut prose = Prose::default();
    match text.and_then(|text| text.find("BODY")) {
        Some(body) => prose.piece(PieceKind::Any, &body.words()),
        // Briefs have no body element; what stands beside the named lines is the story.
        None => {
            if let Some(text) = text {
                prose.piece(PieceKind::Any, &own_words(text));
            }
        }
    }
    out.copy = prose.finish();
    Some(out)
}

/// Returns the text of an element without that of its children.
fn own_words(element: Element<'_>) -> Traced<'static> {
    let mut out = Traced::default();
    for content in element.contents() {
        if let super::markup::Content::Text(range) = content {
            out.push(element.text_base(), range);
        }
    }
    out
}

/// `NEW YORK, March 4 -`
fn dateline(fact: Fact) -> GivenDateline {
    GivenDateline {
        fact,
        place: None,
        region: None,
        date: None,
    }
}

/// `26-FEB-1987 15:01:01.79`, in no zone that anybody knows.
fn reuters_date(text: &str) -> Option<String> {
    let when = text.split('.').next()?.trim();
    NaiveDateTime::parse_from_str(when, "%d-%b-%Y %H:%M:%S")
        .ok()
        .map(|when| when.format("%Y-%m-%d").to_string())
}

/// Reads a story of RCV1 or RCV2.
pub(crate) fn read_rcv1(sniff: &Sniff<'_>) -> Option<Envelope> {
    let markup = Markup::of(sniff.text, Rules::Xml);
    let item = markup.root().find("newsitem")?;
    let mut out = Envelope::of(Format::Rcv1, sniff.text.len());
    out.given.names_headline = true;
    out.wire().id = some(item.value("itemid"));
    out.give_published(
        item.attr("date").and_then(|date| Fact::of(&date)),
        time::iso8601,
    );
    out.given.language = some(item.value("lang"));
    out.give_headline(fact(item.child("headline")));
    out.give_headline(fact(item.child("title")));
    out.given.byline = fact(item.child("byline"));
    out.given.dateline = fact(item.child("dateline")).map(dateline);
    out.give_agency(Some(Fact {
        text: "Reuters".into(),
        range: item.source(),
    }));
    for codes in item.all("codes") {
        let class = codes.value("class");
        let entries = codes.each("code").map(|code| Subject {
            code: some(code.value("code")),
            name: None,
        });
        let wire = out.wire();
        match class.as_str() {
            class if class.contains("countries") => wire.places.extend(entries),
            class if class.contains("companies") => wire.companies.extend(entries),
            _ => wire.subjects.extend(entries),
        }
    }
    let mut prose = Prose::default();
    if let Some(text) = item.child("text") {
        prose.element(text, Walk::BODY);
    }
    out.copy = prose.finish();
    Some(out)
}

/// Returns whether the first tag of a text has an id.
pub(crate) fn has_id(head: &str) -> bool {
    head.split('>')
        .next()
        .is_some_and(|tag| tag.contains(" id="))
}

/// Returns the kind of a text whose lines nobody marked: one paragraph if no line ends a sentence.
fn kind_of(text: &str) -> PieceKind {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let ends = lines
        .iter()
        .rev()
        .skip(1)
        .any(|line| line.ends_with(['.', '!', '?', '"', ':']));
    match ends || text.trim().contains("\n\n") {
        true => PieceKind::Any,
        false => PieceKind::Paragraph,
    }
}

/// Reads a `DOC` of TREC or Gigaword.
pub(crate) fn read_doc(sniff: &Sniff<'_>) -> Option<Envelope> {
    let markup = Markup::of(sniff.text, Rules::Xml);
    let doc = markup.root().find("DOC")?;
    let is_gigaword = doc.attr("id").is_some();
    let format = match is_gigaword {
        true => Format::Gigaword,
        false => Format::Trec,
    };
    let mut out = Envelope::of(format, sniff.text.len());
    let number = fact(doc.child("DOCNO")).or_else(|| fact(doc.child("DOCID")));
    out.wire().id = some(doc.value("id")).or(number.map(|fact| fact.text));
    out.wire().document_type = some(doc.value("type"));
    for name in ["HEADLINE", "HEAD", "HL", "TI", "H3"] {
        out.give_headline(fact(doc.find(name)).map(without_line_marks));
    }
    out.given.names_headline = out.given.headline.is_some();
    if let Some(agency) = agency_of(&doc.value("id")) {
        let range = doc.source();
        let text = agency.to_owned();
        out.give_agency(Some(Fact { text, range }));
    }
    out.given.byline = fact(doc.find("BYLINE"));
    out.give_slug(fact(doc.find("SLUG")));
    if let Some(line) = fact(doc.find("SECOND")) {
        give_slug_line(line, &mut out);
    }
    for (name, slot) in [
        ("SECTION", Slot::Section),
        ("PAGE", Slot::Page),
        ("PUB", Slot::Publication),
        ("SO", Slot::Publication),
        ("LENGTH", Slot::Length),
    ] {
        if let Some(fact) = fact(doc.find(name)) {
            give(&mut out, slot, fact);
        }
    }
    out.given.dateline = fact(doc.find("DATELINE")).map(dateline);
    for name in ["DATE_TIME", "DATETIME", "DATE", "DATE1", "DD"] {
        out.give_published(fact(doc.find(name)), date);
    }
    let id = out.wire().id.clone().unwrap_or_default();
    if out.given.published.is_none()
        && let Some(day) = date_in_id(&id)
    {
        out.given.published = Some(day);
        out.evidence.push((Field::Published, doc.source()));
    }
    let mut prose = Prose::default();
    for text in doc.all("TEXT").chain(doc.all("LP")) {
        if text.find("P").is_some() {
            prose.element(text, Walk::BODY);
        } else {
            let words = text.words();
            prose.piece(kind_of(&words.text), &words);
        }
    }
    out.copy = prose.finish();
    Some(out)
}

/// `2014-10-09`, `20141009`, `881014`, `March 4, 1989, Saturday, Home Edition`.
fn date(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let short = || (digits.len() == 6).then(|| time::iso8601(&format!("19{digits}")))?;
    time::any(text).or_else(short).or_else(|| {
        // The American order; the collections are American.
        let [month, day, year] = text.trim().split('/').collect::<Vec<_>>()[..] else {
            return dates::day_of(text);
        };
        time::iso8601(&format!("19{year}{month:0>2}{day:0>2}"))
    })
}

/// Returns the agency that the identifiers of Gigaword begin with.
fn agency_of(id: &str) -> Option<&'static str> {
    match id.split_once('_')?.0 {
        "AFP" => Some("AFP"),
        "APW" => Some("AP"),
        "CNA" => Some("CNA"),
        "XIN" => Some("Xinhua"),
        _ => None,
    }
}

/// A headline of several lines, each of which begins with `@`.
fn without_line_marks(mut headline: Fact) -> Fact {
    headline.text = headline.text.replace(" @ ", " ");
    headline
}

/// `BC-Ferry Slip,0094`: the slug, and the number of words.
fn give_slug_line(line: Fact, out: &mut Envelope) {
    let (slug, words) = line.text.rsplit_once(',').unwrap_or((&line.text, ""));
    let words: Option<u32> = words.trim().parse().ok();
    let slug = match words {
        Some(_) => slug.trim().to_owned(),
        None => line.text.clone(),
    };
    let wire = out.wire();
    wire.word_count = wire.word_count.or(words);
    out.give_slug(Some(Fact { text: slug, ..line }));
}

/// `INV_ENG_20141009.0001`, `INV20141009.0001` and `INV881009-0001` carry the day.
fn date_in_id(id: &str) -> Option<String> {
    let mut numbers = id.split(|c: char| !c.is_ascii_digit());
    if let Some(digits) = numbers.clone().find(|digits| digits.len() == 8) {
        return time::iso8601(digits);
    }
    let digits = numbers.find(|digits| !digits.is_empty())?;
    let is_short = digits.len() == 6 && id.starts_with(char::is_alphabetic);
    is_short.then(|| time::iso8601(&format!("19{digits}")))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reuters_story_gives_its_fields() {
        let text = "<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n<REUTERS TOPICS=\"YES\" OLDID=\"5544\" \
                    NEWID=\"1\">\n\
            <DATE>26-FEB-1987 \
                    15:01:01.79</DATE>\n<TOPICS><D>ship</D></TOPICS><PLACES><D>portugal</D></PLACES>\n\
            <UNKNOWN>\n&#5;&#5;&#5;C \
                    T\n&#22;f0704&#31;reute\n</UNKNOWN>\n<TEXT>&#2;\n<TITLE>FERRY SAILS</TITLE>\n\
            <DATELINE>    LISBON, Feb 26 - </DATELINE><BODY>The ferry sailed.\n \
                    Reuter\n&#3;</BODY></TEXT>\n</REUTERS>\n";
        let out = read_reuters(&Sniff::new(text)).expect("it is one");
        let wire = out.wire.expect("a header");
        assert_eq!(wire.id.as_deref(), Some("1"));
        assert_eq!(wire.subjects[0].name.as_deref(), Some("ship"));
        assert_eq!(out.given.headline.as_deref(), Some("FERRY SAILS"));
        assert_eq!(out.given.published.as_deref(), Some("1987-02-26"));
        let twice = format!("{text}{text}");
        assert_eq!(split_reuters(&Sniff::new(&twice)).slices.len(), 2);
    }

    #[test]
    fn docs_give_their_fields() {
        let text = "<DOC id=\"INV_ENG_20141009.0001\" type=\"story\">\n<HEADLINE>\nFerry \
                    sails\n</HEADLINE>\n\
            <DATELINE>\nLISBON, Oct 9\n</DATELINE>\n<TEXT>\n<P>\nIt \
                    sailed.\n</P>\n<P>\nTwice.\n</P>\n</TEXT>\n</DOC>\n";
        let out = read_doc(&Sniff::new(text)).expect("it is one");
        assert_eq!(out.format, Format::Gigaword);
        assert_eq!(out.given.headline.as_deref(), Some("Ferry sails"));
        assert_eq!(out.given.published.as_deref(), Some("2014-10-09"));
        for end in 0..text.len() {
            read_doc(&Sniff::new(&text[..end]));
            read_reuters(&Sniff::new(&text[..end]));
        }
    }
}
