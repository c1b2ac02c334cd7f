//! Factiva's XML: articles whose fields are elements.

use super::blocks;
use super::fields::{Slot, give};
use crate::story::{Format, Subject};
use crate::wire::cut::{Count, Cut};
use crate::wire::envelope::{Envelope, Fact, PieceKind};
use crate::wire::markup::{Element, Markup, Rules};
use crate::wire::prose::Prose;
use crate::wire::sniff::Sniff;
use crate::wire::time;
use std::ops::Range;

/// Returns whether a file is XML of Factiva.
pub(crate) fn recognises(sniff: &Sniff<'_>) -> bool {
    sniff.has_root("PPSResponse")
        || sniff.has_root("ppsArticleResponse")
        || sniff.root.is_some() && sniff.says("factiva.com/pps")
        || sniff.root.is_some() && sniff.says("<accessionNo>") && sniff.says("article")
}

/// Finds the stories of XML.
pub(crate) fn split(sniff: &Sniff<'_>) -> Cut {
    let markup = Markup::of(sniff.text, Rules::Xml);
    let slices: Vec<Range<usize>> = markup
        .root()
        .all("article")
        .map(|article| article.whole())
        .collect();
    let expected = markup
        .root()
        .descendants()
        .take(20)
        .find_map(|element| element.value("count").parse().ok());
    Cut {
        head: 0..slices
            .first()
            .map(|first| first.start)
            .filter(|start| *start <= blocks::HEAD_WITHIN)
            .unwrap_or(0),
        slices,
        count: expected.map(|all| Count {
            all,
            missing: Vec::new(),
        }),
        ..Cut::default()
    }
}

/// Reads a story of XML.
pub(crate) fn read(sniff: &Sniff<'_>) -> Option<Envelope> {
    let markup = Markup::of(sniff.text, Rules::Xml);
    let article = markup.root().find("article")?;
    let mut out = Envelope::of(Format::Factiva, sniff.text.len());
    out.given.names_headline = true;
    let fact = |element: Option<Element<'_>>| element.and_then(|found| Fact::of(&found.words()));
    for (name, slot) in [
        ("headline", Slot::Headline),
        ("byline", Slot::Byline),
        ("credit", Slot::Credit),
        ("columnName", Slot::Section),
        ("sectionName", Slot::Section),
        ("section", Slot::Section),
        ("edition", Slot::Edition),
        ("pages", Slot::Page),
        ("wordCount", Slot::Length),
        ("baseLanguage", Slot::Language),
        ("sourceName", Slot::Publication),
        ("copyright", Slot::Copyright),
        ("accessionNo", Slot::Id),
        ("notes", Slot::Note),
        ("contact", Slot::Note),
        ("artWork", Slot::Graphic),
        ("corrections", Slot::Correction),
        ("snippet", Slot::Abstract),
    ] {
        if let Some(fact) = fact(article.child(name)) {
            give(&mut out, slot, fact);
        }
    }
    let date = article
        .child("publicationDate")
        .or_else(|| article.child("publicationDateTime"));
    let day = date.and_then(|date| date.find("dateTime").or_else(|| date.find("date")));
    out.give_published(fact(day.or(date)), time::any);
    let named = |names: &[&str]| -> Vec<Subject> {
        let entries = names.iter().flat_map(|name| article.each(name));
        entries
            .map(|entry| {
                let code = entry.value("code");
                Subject {
                    code: (!code.is_empty()).then_some(code),
                    name: fact(entry.child("name")).map(|fact| fact.text),
                }
            })
            .collect()
    };
    let wire = out.wire();
    wire.subjects.extend(named(&["newsSubject", "industry"]));
    wire.places.extend(named(&["region"]));
    wire.companies.extend(named(&["company", "relatedCompany"]));
    let mut prose = Prose::default();
    for name in ["leadParagraph", "tailParagraphs"] {
        for paragraph in article.each(name).flat_map(|part| part.each("paragraph")) {
            prose.piece(PieceKind::Paragraph, &paragraph.words());
        }
    }
    out.copy = prose.finish();
    Some(out)
}
