//! Puts the record together: the envelope's facts, the furniture's fields, the quotes placed, and
//! what a reader should be warned about.

use crate::furniture::parts::Furniture;
use crate::quotes::{Attributed, Body, Place};
use crate::story::{
    Block, BlockKind, Cue, Evidence, NoteKind, Quote, QuoteKind, SCHEMA, Source, Speaker, Story,
    Warning, WarningCode,
};
use crate::text::language::{ENGLISH, language_of};
use crate::text::{Decoded, Span};
use crate::wire::{CleanCopy, Envelope};
use sha2::{Digest, Sha256};

/// Headings quote what the text quotes again; tables quote nothing.
pub(crate) fn quotable(kind: BlockKind) -> bool {
    !matches!(kind, BlockKind::Crosshead | BlockKind::Preformatted)
}

/// Puts the record together; `attribute` finds the quotes of its body, hands each to what it is
/// given, and returns the place of the first that it leaves out, if there is one.
pub(crate) fn story(
    bytes: &[u8],
    copy: &CleanCopy<'_>,
    envelope: &Envelope,
    furniture: Furniture,
    attribute: impl FnOnce(&Body<'_>, &mut dyn FnMut(Attributed)) -> Option<Place>,
) -> Story {
    let sha256 = hex(&Sha256::digest(bytes));
    let future_date = furniture.future_date;
    let language = language(&furniture);
    let (quotes, left_out) = quotes(copy, &furniture, read_as(language.as_deref()), attribute);
    let decoded = copy.decoded();
    let body = furniture
        .blocks
        .into_iter()
        .map(|b| Block {
            kind: b.kind,
            text: b.text,
            span: b.span,
        })
        .collect();
    let mut evidence: Vec<Evidence> = furniture
        .evidence
        .iter()
        .map(|(field, span)| Evidence {
            field: *field,
            span: *span,
        })
        .chain(envelope.evidence.iter().map(|(field, range)| Evidence {
            field: *field,
            span: decoded.span(range.clone()),
        }))
        .collect();
    evidence.sort_by_key(|e| (e.span, e.field));
    evidence.dedup();
    let mut story = Story {
        schema: SCHEMA.into(),
        id: sha256[..16].into(),
        headline: furniture.headline,
        subheadline: furniture.subheadline,
        slug: furniture.slug,
        byline: furniture.byline,
        dateline: furniture.dateline,
        published: furniture.published,
        updated: furniture.updated,
        agency: furniture.agency,
        version: furniture.version,
        language,
        body,
        quotes,
        media: furniture.media,
        related: furniture.related,
        notes: furniture.notes,
        source_url: furniture.source_url,
        source: Source {
            path: None,
            sha256,
            bytes: bytes.len() as u64,
            encoding: decoded.encoding.clone(),
            format: envelope.format,
            member: None,
        },
        wire: envelope.wire.clone(),
        evidence,
        warnings: Vec::new(),
    };
    story.warnings = warnings(&story, decoded, future_date, left_out);
    story
}

/// Returns the quotes of the body, placed by the blocks' maps, and where the first stands that is
/// left out, if one is.
fn quotes(
    copy: &CleanCopy<'_>,
    furniture: &Furniture,
    language: &str,
    attribute: impl FnOnce(&Body<'_>, &mut dyn FnMut(Attributed)) -> Option<Place>,
) -> (Vec<Quote>, Option<Span>) {
    let texts: Vec<&str> = furniture.blocks.iter().map(|b| b.text.as_str()).collect();
    let quotable: Vec<bool> = furniture.blocks.iter().map(|b| quotable(b.kind)).collect();
    let heads: Vec<&str> = furniture
        .headline
        .iter()
        .chain(&furniture.subheadline)
        .map(String::as_str)
        .collect();
    let source =
        |place: &Place| copy.span(furniture.blocks[place.block()].map.source(place.range()));
    let mut found = MarkedFirst::default();
    // Code points are counted on from quote to quote: counting from the start each time would be quadratic.
    let (mut block, mut counted, mut points) = (0, 0, 0);
    let body = Body {
        blocks: &texts,
        quotable: &quotable,
        heads: &heads,
        language,
    };
    let left_out = attribute(&body, &mut |quote| {
        if quote.block != block {
            (block, counted, points) = (quote.block, 0, 0);
        }
        let range = quote.passage.range;
        points += texts[block][counted..range.start].chars().count();
        counted = range.start;
        let text = texts[block][range.clone()].to_owned();
        let (start, end) = (points, points + text.chars().count());
        found.push(Quote {
            kind: quote.passage.kind,
            block,
            start,
            end,
            span: source(&Place::new(block, range)),
            text,
            part_of: quote.part_of,
            speaker: quote.speaker.map(|s| Speaker {
                mention: texts[s.mention.block()][s.mention.range()].to_owned(),
                span: source(&s.mention),
                name: s.name,
                title: s.title,
                kind: s.kind,
                gender: s.gender,
            }),
            cue: quote.cue.map(|c| Cue {
                text: texts[c.block()][c.range()].to_owned(),
                span: source(&c),
            }),
        });
    });
    (found.quotes(), left_out.as_ref().map(source))
}

/// What stands between marks first, and what was only reported after it: readers that know nothing
/// of reported speech find the quotes that they know at the numbers that they know.
#[derive(Default)]
struct MarkedFirst {
    marked: Vec<Quote>,
    reported: Vec<Quote>,
    /// For each quote in the order of their places its number among its like.
    numbers: Vec<u32>,
}

impl MarkedFirst {
    /// Adds the quote with the next place. Its `part_of` counts the quotes in that order, and names
    /// one of its like.
    fn push(&mut self, mut quote: Quote) {
        let list = match quote.kind {
            QuoteKind::Indirect => &mut self.reported,
            _ => &mut self.marked,
        };
        self.numbers.push(list.len() as u32);
        quote.part_of = quote.part_of.map(|number| self.numbers[number] as usize);
        list.push(quote);
    }

    /// Returns all, their `part_of` counted in the new order.
    fn quotes(mut self) -> Vec<Quote> {
        let marked = self.marked.len();
        for quote in &mut self.reported {
            quote.part_of = quote.part_of.map(|number| marked + number);
        }
        self.marked.append(&mut self.reported);
        self.marked
    }
}

/// Returns the language that the quotes are read in: English where nobody can tell.
pub(crate) fn read_as(language: Option<&str>) -> &str {
    // A region makes no difference.
    language.map_or(ENGLISH, |tag| tag.split('-').next().unwrap_or(tag))
}

/// BCP 47 tag of the story's language: the envelope's, or read off the first paragraphs of the
/// body; none where there is too little text to tell.
pub(crate) fn language(furniture: &Furniture) -> Option<String> {
    if let Some(given) = &furniture.language {
        return Some(given.clone());
    }
    let mut sample = String::new();
    for text in furniture
        .blocks
        .iter()
        .map(|b| b.text.as_str())
        .chain(furniture.headline.as_deref())
    {
        sample.push_str(beginning(text));
        sample.push('\n');
        if sample.len() > 600 {
            break;
        }
    }
    language_of(&sample).map(str::to_owned)
}

/// Returns the first 300 characters.
fn beginning(text: &str) -> &str {
    const CHARS: usize = 300;
    match text.get(..CHARS) {
        Some(ascii) if ascii.is_ascii() => ascii,
        _ => {
            &text[..text
                .char_indices()
                .nth(CHARS)
                .map_or(text.len(), |(i, _)| i)]
        }
    }
}

fn warnings(
    story: &Story,
    decoded: &Decoded<'_>,
    future_date: Option<Span>,
    left_out: Option<Span>,
) -> Vec<Warning> {
    let mut out = Vec::new();
    let mut warn = |code: WarningCode, message: String, span: Option<Span>| {
        out.push(Warning {
            code,
            message,
            span,
        });
    };
    if story.source.bytes == 0 {
        warn(WarningCode::Empty, "The file is empty.".into(), None);
        return out;
    }
    if story.headline.is_none() {
        warn(
            WarningCode::NoHeadline,
            "No line reads as a headline.".into(),
            None,
        );
    }
    if story.byline.is_none() {
        warn(
            WarningCode::NoByline,
            "No line reads as a byline.".into(),
            None,
        );
    }
    if story.dateline.is_none() && story.published.is_none() {
        warn(
            WarningCode::NoDate,
            "Neither a dateline nor a date line was found.".into(),
            None,
        );
    }
    if let Some(span) = future_date {
        warn(
            WarningCode::DateInFuture,
            "The only date of the story lies in the future; it may be a slip.".into(),
            Some(span),
        );
    }
    if story.body.is_empty() {
        warn(WarningCode::NoBody, "No paragraph was found.".into(), None);
    }
    if let Some(span) = decoded.malformed {
        warn(
            WarningCode::MalformedBytes,
            format!(
                "Some bytes are no {}; they read as U+FFFD.",
                decoded.encoding
            ),
            Some(span),
        );
    }
    if let Some(span) = left_out {
        warn(
            WarningCode::TooManyQuotes,
            "There are more quotes than any story has; those from here on are left out.".into(),
            Some(span),
        );
    }
    let unknown: Vec<_> = story
        .notes
        .iter()
        .filter(|n| n.kind == NoteKind::Unknown)
        .collect();
    if let Some(first) = unknown.first() {
        warn(
            WarningCode::UnknownMatter,
            format!(
                "{} passages were kept as notes and not understood.",
                unknown.len()
            ),
            Some(first.span),
        );
    }
    out
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]])
        .map(char::from)
        .collect()
}
