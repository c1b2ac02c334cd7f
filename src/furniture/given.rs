//! The fields that an envelope gives, over those that the copy shows.
//!
//! What a format names is not guessed: its headline, byline and dates win. The copy still has its
//! say where the envelope is silent, and where it prints more (a dateline with state and agency).

use super::parts::Furniture;
use super::readers::byline::read_byline;
use super::readers::dateline::read_dateline;
use super::readers::version::read_version;
use crate::facts::{CallerFacts, FactName};
use crate::lexicon::LEXICON;
use crate::options::ParseOptions;
use crate::story::{Author, BlockKind, Byline, Dateline, Field, Medium, Note, NoteKind, Related};
use crate::text::fold;
use crate::wire::{CleanCopy, Fact, Given, GivenDateline};

/// Puts the given fields over those of the copy.
pub(crate) fn overlay(
    out: &mut Furniture,
    given: Given,
    copy: &CleanCopy<'_>,
    options: &ParseOptions,
) {
    if copy.has_pieces() {
        take_sign_off(out);
    }
    if let Some(headline) = &given.headline {
        drop_repeated(out, headline);
        if given.subheadline.is_none() {
            take_points(out);
        }
        if out.version.is_none() {
            out.version = read_version(headline).map(|(_, label)| label);
        }
    }
    out.headline = given.headline.or(out.headline.take());
    out.subheadline = given.subheadline.or(out.subheadline.take());
    out.slug = given.slug.or(out.slug.take());
    out.version = given.version.or(out.version.take());
    out.source_url = given.source_url.or(out.source_url.take());
    let is_dated = given.published.is_some();
    out.published = given.published.or(out.published.take());
    out.updated = given.updated.or(out.updated.take());
    if let Some(fact) = given.byline {
        let read = read_byline(&fact.text);
        if let Some(printed) = out.byline.take() {
            out.notes.push(Note {
                kind: NoteKind::Contributors,
                text: printed.text,
                span: printed.span,
            });
        }
        let authors = match (given.authors.is_empty(), read.authors.is_empty()) {
            (false, _) => given.authors,
            (true, false) => read.authors,
            // An agency is no person.
            (true, true) if read.agency.is_some() => Vec::new(),
            (true, true) => names(&fact.text),
        };
        out.byline = Some(Byline {
            authors,
            span: copy.decoded_span(fact.range),
            text: fact.text,
        });
        out.agency = out.agency.take().or(read.agency.map(str::to_owned));
    }
    if let Some(given) = given.dateline {
        give_dateline(out, given, copy, options);
    }
    if let (Some(dateline), Some(published), true) = (&mut out.dateline, &out.published, is_dated) {
        date_dateline(dateline, published);
    }
    let known = |fact: &Fact| LEXICON.agencies.has(&fold(&fact.text));
    let named = given.agencies.iter().find(|fact| known(fact));
    let named = named.or(given.agencies.first());
    if let Some(fact) = named {
        let span = copy.decoded_span(fact.range.clone());
        out.evidence.push((Field::Agency, span));
    }
    let named = named.map(|fact| fact.text.clone());
    if let Some(name) = given.agency.or(named) {
        let known = LEXICON.agencies.get(&fold(&name)).map(str::to_owned);
        out.agency = match known {
            Some(known) => Some(known),
            None => out.agency.take().or(Some(name)),
        };
    }
    for (kind, fact) in given.notes {
        out.notes.push(Note {
            kind,
            span: copy.decoded_span(fact.range),
            text: fact.text,
        });
    }
    out.notes.sort_by_key(|note| note.span.start);
    out.media
        .extend(given.media.into_iter().map(|medium| Medium {
            kind: medium.kind,
            caption: medium.caption,
            credit: medium.credit,
            span: copy.decoded_span(medium.range),
        }));
    out.related
        .extend(given.related.into_iter().map(|(title, url)| Related {
            span: copy.decoded_span(title.range),
            title: title.text,
            url,
        }));
}

/// Fills what text and envelope leave empty with what the caller gives.
pub(crate) fn complete(out: &mut Furniture, facts: &CallerFacts) {
    let given = |name| facts.get(name).map(str::to_owned);
    if out.published.is_none()
        && let Some(day) = given(FactName::Date)
    {
        if let Some(dateline) = &mut out.dateline {
            date_dateline(dateline, &day);
        }
        out.published = Some(day);
    }
    out.slug = out.slug.take().or_else(|| given(FactName::Slug));
    out.language = out.language.take().or_else(|| given(FactName::Language));
    if out.agency.is_none() {
        out.agency = given(FactName::Agency).map(|name| {
            let known = LEXICON.agencies.get(&fold(&name));
            known.map_or(name.clone(), str::to_owned)
        });
    }
}

/// Some senders print the headline again as the body's first block.
fn drop_repeated(out: &mut Furniture, headline: &str) {
    let repeats = out
        .blocks
        .first()
        .is_some_and(|block| fold(&block.text) == fold(headline));
    if repeats && out.blocks.len() > 1 {
        let block = out.blocks.remove(0);
        out.evidence.push((Field::Headline, block.span));
    }
}

/// Returns what the format calls a byline has names even where they look like none: by-words and
/// what parts people are taken off.
fn names(text: &str) -> Vec<Author> {
    let text = text.strip_prefix("By ").unwrap_or(text);
    text.split([';', ',', '/', '|'])
        .flat_map(|part| part.split(" and "))
        .map(|name| {
            name.trim()
                .trim_start_matches("By ")
                .trim_start_matches("Compiled by ")
        })
        .filter(|name| (2..=4).contains(&name.split_whitespace().count()))
        .filter(|name| !name.contains('@') && !name.starts_with(|c: char| c.is_ascii_digit()))
        .filter(|name| {
            name.split_whitespace()
                .all(|word| !word.starts_with(char::is_lowercase))
        })
        .map(|name| Author {
            name: name.to_owned(),
            ..Author::default()
        })
        .collect()
}

/// Initials of reporter and desk under the story (`ab/cd/ef`) are signatures, not text.
fn take_sign_off(out: &mut Furniture) {
    let is_sign_off = |text: &str| {
        let parts: Vec<&str> = text.split(['/', '-']).collect();
        parts.len() >= 2
            && parts.iter().all(|part| {
                (1..=4).contains(&part.chars().count())
                    && part.chars().all(|c| c.is_alphabetic() && c.is_lowercase())
            })
    };
    if out.blocks.len() > 1
        && let Some(block) = out.blocks.pop_if(|block| is_sign_off(&block.text))
    {
        out.notes.push(Note {
            kind: NoteKind::Contributors,
            text: block.text,
            span: block.span,
        });
    }
}

/// Points in a list before the first paragraph sum the story up.
fn take_points(out: &mut Furniture) {
    let is_point = |text: &str| text.starts_with("* ") || text.starts_with("• ");
    let points = out
        .blocks
        .iter()
        .take_while(|block| block.kind == BlockKind::ListItem || is_point(&block.text))
        .count();
    if out.subheadline.is_some() || points == 0 || points > 6 || points == out.blocks.len() {
        return;
    }
    let points: Vec<_> = out.blocks.drain(..points).collect();
    out.evidence
        .extend(points.iter().map(|block| (Field::Subheadline, block.span)));
    let texts: Vec<&str> = points.iter().map(|block| block.text.as_str()).collect();
    out.subheadline = Some(texts.join("; "));
}

/// The dateline as the copy prints it, if it does, with what the envelope adds.
fn give_dateline(
    out: &mut Furniture,
    given: GivenDateline,
    copy: &CleanCopy<'_>,
    options: &ParseOptions,
) {
    if let Some(printed) = out
        .dateline
        .as_mut()
        .filter(|printed| printed.place.is_some())
    {
        let same = printed.place.as_deref().map(fold) == given.place.as_deref().map(fold);
        if printed.region.is_none() && same {
            printed.region = given.region;
        }
        printed.date = printed.date.take().or(given.date);
        return;
    }
    let read = read_dateline(&given.fact.text).unwrap_or_default();
    if let Some(agency) = read
        .agency
        .as_deref()
        .filter(|agency| LEXICON.agencies.has(&fold(agency)))
    {
        out.agency.get_or_insert_with(|| agency.to_owned());
    }
    let place = given
        .place
        .or(read.place)
        .or_else(|| bare_place(&given.fact.text));
    out.dateline = Some(Dateline {
        place,
        region: given.region.or(read.region),
        date: given.date.or(read.date.map(|date| date.edtf(options))),
        agency: read.agency,
        span: copy.decoded_span(given.fact.range),
        text: given.fact.text,
    });
}

/// A dateline element that holds a place and nothing else.
fn bare_place(text: &str) -> Option<String> {
    let place = text.split([',', '(', '-', '–', '/']).next()?.trim();
    let is_place = (1..=4).contains(&place.split_whitespace().count())
        && place.starts_with(char::is_alphabetic)
        && !place.contains(|c: char| c.is_ascii_digit());
    is_place.then(|| place.to_owned())
}

/// A dateline prints no year; the envelope's date has it.
fn date_dateline(dateline: &mut Dateline, published: &str) {
    let Some(month_day) = dateline
        .date
        .as_deref()
        .and_then(|date| date.strip_prefix("XXXX-"))
    else {
        return;
    };
    if published.get(5..7) == month_day.get(..2)
        && let Some(year) = published.get(..4)
    {
        dateline.date = Some(format!("{year}-{month_day}"));
    }
}
