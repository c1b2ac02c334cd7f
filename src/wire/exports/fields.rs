//! What the labels of an export give to the envelope.

use super::dates;
use crate::lexicon::LEXICON;
use crate::story::{Author, Field, MediumKind, NoteKind, Subject};
use crate::text::fold;
use crate::wire::envelope::{Envelope, Fact, GivenDateline, GivenMedium};

/// What a field of an export holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    Headline,
    Byline,
    Section,
    Page,
    Length,
    Dateline,
    Highlight,
    Body,
    LoadDate,
    Language,
    Graphic,
    Credit,
    PublicationType,
    Publication,
    Published,
    Time,
    Edition,
    Subject,
    Industry,
    Company,
    Ticker,
    Place,
    Person,
    Copyright,
    Correction,
    CorrectionDate,
    Note,
    Id,
    Url,
    Abstract,
    DocumentType,
    Genre,
    Keywords,
    Query,
    /// The rest of a cover page.
    Cover,
    /// What no story needs: publishers, standard numbers, links.
    Ignored,
    /// The story ends here.
    End,
}

impl Slot {
    /// Returns the slot of a value in the list of labels.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "headline" => Self::Headline,
            "byline" => Self::Byline,
            "section" => Self::Section,
            "page" => Self::Page,
            "length" => Self::Length,
            "dateline" => Self::Dateline,
            "highlight" => Self::Highlight,
            "body" => Self::Body,
            "load_date" => Self::LoadDate,
            "language" => Self::Language,
            "graphic" => Self::Graphic,
            "credit" => Self::Credit,
            "publication_type" => Self::PublicationType,
            "publication" => Self::Publication,
            "published" => Self::Published,
            "time" => Self::Time,
            "edition" => Self::Edition,
            "subject" => Self::Subject,
            "industry" => Self::Industry,
            "company" => Self::Company,
            "ticker" => Self::Ticker,
            "place" => Self::Place,
            "person" => Self::Person,
            "copyright" => Self::Copyright,
            "correction" => Self::Correction,
            "correction_date" => Self::CorrectionDate,
            "note" => Self::Note,
            "id" => Self::Id,
            "url" => Self::Url,
            "abstract" => Self::Abstract,
            "document_type" => Self::DocumentType,
            "genre" => Self::Genre,
            "keywords" => Self::Keywords,
            "query" => Self::Query,
            "cover" => Self::Cover,
            "ignored" => Self::Ignored,
            "end" => Self::End,
            _ => return None,
        })
    }
}

/// Gives the value of a field. What was given before stays, apart from lists, which grow.
pub(crate) fn give(out: &mut Envelope, slot: Slot, fact: Fact) {
    match slot {
        Slot::Headline => out.give_headline(Some(fact)),
        Slot::Byline => give_byline(out, fact),
        Slot::Highlight => out.give_subheadline(Some(fact)),
        Slot::Dateline => give_dateline(out, fact),
        Slot::Published => out.give_published(Some(fact), dates::day_of),
        Slot::Time => give_time(out, &fact),
        Slot::Url => out.give_source_url(Some(fact).filter(|fact| fact.text.starts_with("http"))),
        Slot::Graphic => give_medium(out, fact),
        Slot::Credit => give_credit(out, fact),
        Slot::Copyright => out.give_note(NoteKind::Copyright, Some(fact)),
        Slot::Correction => out.give_note(NoteKind::Correction, Some(fact)),
        Slot::Note => out.give_note(NoteKind::Editor, Some(fact)),
        Slot::Language => {
            let named = language(&fact.text).map(str::to_owned);
            out.given.language = out.given.language.take().or(named);
        }
        Slot::Section => give_section(out, &fact.text),
        _ => give_header(out, slot, fact.text),
    }
}

/// Gives a field that only databases have.
fn give_header(out: &mut Envelope, slot: Slot, text: String) {
    let wire = out.wire();
    let set = |place: &mut Option<String>, text: String| {
        place.get_or_insert(text);
    };
    match slot {
        Slot::Page => set(&mut wire.page, bare_page(&text).to_owned()),
        Slot::Length => wire.word_count = wire.word_count.or(word_count(&text)),
        Slot::LoadDate => {
            let day = dates::day_of(&text);
            wire.load_date = wire.load_date.take().or(day);
        }
        Slot::PublicationType => set(&mut wire.publication_type, text),
        Slot::Publication => set(&mut wire.publication, text),
        Slot::Edition => set(&mut wire.edition, text),
        Slot::Id => set(&mut wire.id, text),
        Slot::DocumentType => set(&mut wire.document_type, text),
        Slot::Genre => set(&mut wire.genre, text),
        Slot::Query => set(&mut wire.query, text),
        Slot::Subject | Slot::Industry => wire.subjects.extend(entries(&text)),
        Slot::Place => wire.places.extend(entries(&text)),
        Slot::Company => wire.companies.extend(entries(&text)),
        Slot::Keywords | Slot::Person | Slot::Ticker => {
            let names = entries(&text).into_iter().filter_map(|entry| entry.name);
            wire.keywords.extend(names);
        }
        _ => {}
    }
}

/// Returns the names of a list, without the per cent that say how much a story is about each.
fn entries(text: &str) -> Vec<Subject> {
    let parts: Vec<&str> = match text.contains(" | ") {
        true => text.split(" | ").collect(),
        false => text.split(';').collect(),
    };
    parts
        .into_iter()
        .filter_map(|entry| {
            let entry = entry.trim();
            let (code, entry) = match entry.split_once(" : ") {
                Some((code, name)) => (Some(code.trim().to_owned()), name.trim()),
                None => (None, entry),
            };
            let name = match entry.rsplit_once('(') {
                Some((name, rest)) if rest.trim_end().ends_with("%)") => name.trim(),
                _ => entry,
            };
            (!name.is_empty() && name != "-").then(|| Subject {
                code,
                name: Some(name.to_owned()),
            })
        })
        .collect()
}

/// Returns the first number of a text, with whatever parts its thousands.
pub(super) fn word_count(text: &str) -> Option<u32> {
    let text = text.trim();
    let digits: String = text
        .chars()
        .take_while(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | ' ' | '\u{A0}' | '\''))
        .filter(char::is_ascii_digit)
        .collect();
    digits.parse().ok()
}

/// Returns whether a text is a number of words and nothing else: `1,269 words`, `8165 字`.
pub(super) fn is_word_count(text: &str) -> bool {
    let unit = text.trim().trim_start_matches(|c: char| {
        c.is_ascii_digit() || c.is_whitespace() || matches!(c, ',' | '.' | '\'')
    });
    unit.len() < text.trim().len() && LEXICON.word_units.has(&fold(unit.trim_end_matches('.')))
}

/// Returns the tag of a language that an interface names; the first that it knows of several names.
pub(super) fn language(text: &str) -> Option<&'static str> {
    let whole = fold(text.trim());
    LEXICON.language_names.get(&whole).or_else(|| {
        whole
            .split([';', '/', ','])
            .find_map(|name| LEXICON.language_names.get(name.trim()))
    })
}

/// `POLITICS; Pg. 4`: the page stands in the section's cell, which stays as printed.
fn give_section(out: &mut Envelope, text: &str) {
    let parts: Vec<&str> = text.split(';').map(str::trim).collect();
    let page_of = |part: &str| -> Option<String> {
        let rest = page_words(part)?;
        Some(rest.split([',', ' ']).next().unwrap_or(rest).to_owned())
    };
    let page = parts
        .iter()
        .flat_map(|part| part.split(", "))
        .find_map(|part| page_of(part.trim()));
    let kept = text.trim().trim_end_matches(';').trim();
    let is_page_only = parts.len() == 1 && page_of(text).is_some();
    let wire = out.wire();
    if !kept.is_empty() && !is_page_only {
        wire.section.get_or_insert_with(|| kept.to_owned());
    }
    wire.page = wire.page.take().or(page);
}

/// Returns what stands after the word for a page, if a text begins with one.
pub(super) fn page_words(text: &str) -> Option<&str> {
    const WORDS: [&str; 16] = [
        "pg", "pgs", "page", "pages", "seite", "seiten", "s", "p", "pp", "pag", "pág", "pagina",
        "página", "blz", "side", "sida",
    ];
    let end = text.find(|c: char| !c.is_alphabetic())?;
    let rest = text[end..].trim_start_matches(['.', ':']).trim();
    let is_number = rest.len() <= 24 && rest.contains(|c: char| c.is_ascii_digit());
    (WORDS.contains(&&*fold(&text[..end])) && is_number).then_some(rest)
}

/// A page without the word for it.
fn bare_page(text: &str) -> &str {
    page_words(text).unwrap_or(text)
}

/// A byline; names that databases turn round are turned back.
fn give_byline(out: &mut Envelope, fact: Fact) {
    if out.given.byline.is_some() {
        return;
    }
    let people = inverted(&fact.text);
    out.given
        .authors
        .extend(people.into_iter().map(|name| Author {
            name,
            ..Author::default()
        }));
    out.evidence.push((Field::Wire, fact.range.clone()));
    out.given.byline = Some(fact);
}

/// Returns the people of `Ruiz, Ana; Okafor, Ben`; none unless every name is turned round.
fn inverted(text: &str) -> Vec<String> {
    let turned = |name: &str| -> Option<String> {
        let (family, given) = name.trim().trim_end_matches('.').split_once(", ")?;
        let words = |part: &str| part.split_whitespace().count();
        let is_name = |part: &str| {
            (1..=3).contains(&words(part))
                && !part.contains([',', '(', '@'])
                && !part.contains(|c: char| c.is_ascii_digit())
                && part
                    .chars()
                    .next()
                    .is_some_and(|c| !c.is_lowercase() || words(part) > 1)
        };
        // Two full names with a comma between are two people.
        let is_one = words(family) == 1 || words(given) == 1;
        (is_name(family) && is_name(given) && is_one).then(|| format!("{given} {family}"))
    };
    let names: Option<Vec<String>> = text
        .split(';')
        .filter(|name| !name.trim().is_empty())
        .map(turned)
        .collect();
    names.unwrap_or_default()
}

/// A dateline names a place, and rarely more.
fn give_dateline(out: &mut Envelope, fact: Fact) {
    out.given.dateline.get_or_insert(GivenDateline {
        fact,
        place: None,
        region: None,
        date: None,
    });
}

/// The time of the day of what has a day only, where it names its zone.
fn give_time(out: &mut Envelope, fact: &Fact) {
    out.evidence.push((Field::Published, fact.range.clone()));
    if let Some(day) = out.given.published.clone().filter(|day| day.len() == 10)
        && let Some(found) = dates::find(&format!("{day} {}", fact.text))
    {
        out.given.published = Some(found.when);
    }
}

fn give_medium(out: &mut Envelope, fact: Fact) {
    let folded = fold(&fact.text);
    let kind = match &*folded {
        text if text.starts_with("photo") || text.starts_with("foto") => MediumKind::Photo,
        text if text.starts_with("vid") => MediumKind::Video,
        _ => MediumKind::Graphic,
    };
    out.given.media.push(GivenMedium {
        kind,
        credit: credit_in(&fact.text),
        caption: Some(fact.text),
        range: fact.range,
    });
}

/// `PHOTO, B/W, Ron Lee, Daily News`: what follows the kinds of picture is whose it is.
fn credit_in(text: &str) -> Option<String> {
    const KINDS: [&str; 16] = [
        "photo",
        "photos",
        "b/w",
        "color",
        "colour",
        "graphic",
        "graphics",
        "chart",
        "map",
        "art",
        "illustration",
        "illustrations",
        "foto",
        "fotos",
        "drawing",
        "table",
    ];
    let mut rest = text;
    let mut kinds = 0;
    while let Some(end) = rest.find([' ', ',', ':', ';'])
        && KINDS.contains(&&*fold(&rest[..end]))
    {
        // What follows a colon is what the picture shows.
        if rest[end..].starts_with(':') {
            return None;
        }
        rest = rest[end..].trim_start_matches([' ', ',', ';']);
        kinds += 1;
    }
    let credit = rest.trim().trim_end_matches('.');
    let is_credit = kinds > 0
        && (1..=8).contains(&credit.split_whitespace().count())
        && credit.chars().next().is_some_and(char::is_uppercase);
    is_credit.then(|| credit.to_owned())
}

/// Whose the last picture is.
fn give_credit(out: &mut Envelope, fact: Fact) {
    match out
        .given
        .media
        .last_mut()
        .filter(|medium| medium.credit.is_none())
    {
        Some(medium) => {
            medium.credit = Some(fact.text);
            out.evidence.push((Field::Wire, fact.range));
        }
        None => out.given.media.push(GivenMedium {
            kind: MediumKind::Photo,
            caption: None,
            credit: Some(fact.text),
            range: fact.range,
        }),
    }
}

/// Returns whether a line says whose the text is.
pub(super) fn is_copyright(text: &str) -> bool {
    const BEGINNINGS: [&str; 5] = ["copyright", "©", "(c)", "&copy;", "(copyright"];
    const RESERVED: [&str; 12] = [
        "all rights reserved",
        "tous droits réservés",
        "alle rechte vorbehalten",
        "todos los derechos reservados",
        "tutti i diritti riservati",
        "alle rechten voorbehouden",
        "todos os direitos reservados",
        "alle rettigheter forbeholdt",
        "alle rettigheder forbeholdes",
        "all rättigheter förbehållna",
        "wszelkie prawa zastrzeżone",
        "все права защищены",
    ];
    let folded = fold(text);
    BEGINNINGS.iter().any(|words| folded.starts_with(words))
        || folded.len() < 300 && RESERVED.iter().any(|words| folded.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_has_a_slot_and_every_language_a_tag() {
        for (label, value) in LEXICON.export_labels.iter() {
            assert!(Slot::of(value).is_some(), "{label}: {value}");
        }
        assert_eq!(language("Dutch / Nederlands"), Some("nl"));
        assert_eq!(language("ENGLISH; ENGLISHS"), Some("en"));
        assert_eq!(language("德文"), Some("de"));
        assert_eq!(language("some words"), None);
    }

    #[test]
    fn names_are_turned_back_only_where_they_are_turned_round() {
        assert_eq!(
            inverted("Ruiz, Ana; van Dam, Ben"),
            ["Ana Ruiz", "Ben van Dam"]
        );
        assert_eq!(inverted("RUIZ, ANA"), ["ANA RUIZ"]);
        for text in [
            "Ana Ruiz, Ben Okafor",
            "By Ana Ruiz",
            "Ana Ruiz, Ben Okafor and Cy Li",
            "",
        ] {
            assert!(inverted(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn the_section_stays_as_printed_and_its_page_is_read() {
        for (text, section, page) in [
            (
                "INTERNATIONAL; Pg. 35",
                Some("INTERNATIONAL; Pg. 35"),
                Some("35"),
            ),
            ("MONEY; Pg. 1B", Some("MONEY; Pg. 1B"), Some("1B")),
            ("Pg. 4", None, Some("4")),
            (
                "Section 5; Page 16, Column 2; Desk",
                Some("Section 5; Page 16, Column 2; Desk"),
                Some("16"),
            ),
            ("MONEY;; COVER STORY", Some("MONEY;; COVER STORY"), None),
            ("POLITICS", Some("POLITICS"), None),
            ("NEWS;", Some("NEWS"), None),
        ] {
            let mut out = Envelope::default();
            give_section(&mut out, text);
            let wire = out.wire();
            assert_eq!(
                (wire.section.as_deref(), wire.page.as_deref()),
                (section, page),
                "{text}"
            );
        }
    }

    #[test]
    fn word_counts_are_read_with_their_thousands() {
        assert_eq!(word_count("1,269 words"), Some(1269));
        assert_eq!(word_count("409  words"), Some(409));
        assert!(is_word_count("8165 字") && is_word_count("1.285 Wörter"));
        assert!(!is_word_count("words") && !is_word_count("13") && !is_word_count("12 people"));
    }
}
