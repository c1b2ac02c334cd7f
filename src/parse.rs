//! The road from bytes to record: the pipeline in one place, and no rules of its own.

use crate::furniture::gather::{self, Furniture};
use crate::furniture::label::STATES;
use crate::furniture::{Labelled, label, score};
use crate::quotes::foreign::ENGLISH;
use crate::quotes::weights::Weights;
use crate::quotes::{self, Considered, Place};
use crate::story::{
    Block, BlockKind, Cue, Evidence, NoteKind, Quote, SCHEMA, Source, Speaker, Story, Warning,
};
use crate::text::{Decoded, Span, decode};
use crate::wire::{self, CleanCopy, Envelope};
use sha2::{Digest, Sha256};
use std::ops::Range;

/// What the caller knows that the text does not say.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Year for dates that print none; without it they stay `XXXX-02-26`.
    pub year: Option<i32>,
    /// Zone of times that print none; without it they lose their time and keep their date.
    pub time_zone: Option<chrono_tz::Tz>,
}

/// What was decided about one line of the source, for people.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Line number in the source, from 1.
    pub line: usize,
    /// The line's text, control characters removed.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// The label it got.
    pub label: &'static str,
    /// The label's score.
    pub score: f32,
    /// The label that came second, with its score.
    pub runner_up: Option<(&'static str, f32)>,
    /// The features that spoke for the label, strongest first.
    pub why: Vec<String>,
}

/// Reads one story. Any byte sequence is valid input; nothing panics, and what is not understood is kept as a note.
pub fn parse(bytes: &[u8], options: &Options) -> Story {
    parse_with(bytes, options, Weights::fitted())
}

/// A record and the decisions behind it.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The record.
    pub story: Story,
    /// How each line was labelled.
    pub lines: Vec<Decision>,
    /// For each quote of the record the likeliest ways to attribute it.
    pub quotes: Vec<Vec<Considered>>,
}

/// Ways to attribute a quote that an explanation shows.
const SHOWN: usize = 4;

/// Reads one story and tells how each of its lines was labelled, and its quotes attributed.
pub fn explain(bytes: &[u8], options: &Options) -> Explanation {
    let decoded = decode(bytes);
    let envelope = wire::open(&decoded.text);
    let copy = CleanCopy::new(&decoded, &envelope);
    let labelled = label(&copy.text);
    let lines = decisions(bytes, &copy, &labelled);
    let furniture = gather::gather(&copy, &labelled, options);
    let texts: Vec<&str> = furniture.blocks.iter().map(|b| b.text.as_str()).collect();
    let quotable: Vec<bool> = furniture.blocks.iter().map(|b| quotable(b.kind)).collect();
    let quotes = quotes::explain(
        &texts,
        &quotable,
        read_as(language(&furniture)),
        Weights::fitted(),
        SHOWN,
    );
    Explanation {
        story: story(
            bytes,
            &decoded,
            &copy,
            envelope,
            furniture,
            Weights::fitted(),
        ),
        lines,
        quotes,
    }
}

/// Reads one story with other weights than the fitted ones: what the fitting program measures.
#[doc(hidden)]
pub fn parse_with(bytes: &[u8], options: &Options, weights: &Weights) -> Story {
    let decoded = decode(bytes);
    let envelope = wire::open(&decoded.text);
    let copy = CleanCopy::new(&decoded, &envelope);
    let furniture = gather::gather(&copy, &label(&copy.text), options);
    story(bytes, &decoded, &copy, envelope, furniture, weights)
}

/// What the quotes of a story are read from.
#[doc(hidden)]
pub struct Body<'a> {
    /// The blocks' texts.
    pub texts: Vec<&'a str>,
    /// Which of them are read for quotes.
    pub quotable: Vec<bool>,
    /// Where a place in a block stands in the source.
    pub source: &'a dyn Fn(&Place) -> Span,
}

/// Hands the body of a story to `read`: what the fitting program learns from.
#[doc(hidden)]
pub fn study<R>(bytes: &[u8], read: impl FnOnce(&Body<'_>) -> R) -> R {
    let decoded = decode(bytes);
    let envelope = wire::open(&decoded.text);
    let copy = CleanCopy::new(&decoded, &envelope);
    let furniture = gather::gather(&copy, &label(&copy.text), &Options::default());
    read(&Body {
        texts: furniture.blocks.iter().map(|b| b.text.as_str()).collect(),
        quotable: furniture.blocks.iter().map(|b| quotable(b.kind)).collect(),
        source: &|place| {
            copy.span(
                furniture.blocks[place.block]
                    .map
                    .source(place.range.clone()),
            )
        },
    })
}

/// Headings quote what the text quotes again; tables quote nothing.
fn quotable(kind: BlockKind) -> bool {
    !matches!(kind, BlockKind::Crosshead | BlockKind::Preformatted)
}

/// Where each story of a file stands: ranges that tile `bytes`, in order, at least one.
pub fn stories(bytes: &[u8]) -> Vec<Range<usize>> {
    wire::members(bytes)
}

/// Puts the record together.
fn story(
    bytes: &[u8],
    decoded: &Decoded<'_>,
    copy: &CleanCopy<'_>,
    envelope: Envelope,
    furniture: Furniture,
    weights: &Weights,
) -> Story {
    let sha256 = hex(&Sha256::digest(bytes));
    let language = language(&furniture);
    let quotes = quotes(copy, &furniture, read_as(language), weights);
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
        slug: envelope.slug.or(furniture.slug),
        byline: furniture.byline,
        dateline: furniture.dateline,
        published: envelope.published.or(furniture.published),
        updated: furniture.updated,
        agency: envelope.agency.map(str::to_owned).or(furniture.agency),
        version: envelope.version.or(furniture.version),
        language: language.map(str::to_owned),
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
            format: envelope.format.into(),
            member: None,
        },
        wire: envelope.wire,
        evidence,
        warnings: Vec::new(),
    };
    story.warnings = warnings(&story, decoded);
    story
}

/// The quotes of the body, placed by the blocks' maps.
fn quotes(
    copy: &CleanCopy<'_>,
    furniture: &Furniture,
    language: &str,
    weights: &Weights,
) -> Vec<Quote> {
    let texts: Vec<&str> = furniture.blocks.iter().map(|b| b.text.as_str()).collect();
    let quotable: Vec<bool> = furniture.blocks.iter().map(|b| quotable(b.kind)).collect();
    let heads: Vec<&str> = furniture
        .headline
        .iter()
        .chain(&furniture.subheadline)
        .map(String::as_str)
        .collect();
    let source = |place: &Place| {
        copy.span(
            furniture.blocks[place.block]
                .map
                .source(place.range.clone()),
        )
    };
    let mut found = Vec::new();
    // Code points are counted on from quote to quote: counting anew would be quadratic.
    let (mut block, mut counted, mut points) = (0, 0, 0);
    for quote in quotes::attribute(&texts, &quotable, &heads, language, weights) {
        if quote.block != block {
            (block, counted, points) = (quote.block, 0, 0);
        }
        let range = quote.passage.range;
        points += texts[block][counted..range.start].chars().count();
        let text = texts[block][range.clone()].to_owned();
        let start = points;
        points += text.chars().count();
        counted = range.end;
        found.push(Quote {
            kind: quote.passage.kind,
            block,
            start,
            end: points,
            span: source(&Place { block, range }),
            text,
            part_of: quote.part_of,
            speaker: quote.speaker.map(|s| Speaker {
                mention: texts[s.mention.block][s.mention.range.clone()].to_owned(),
                span: source(&s.mention),
                name: s.name,
                title: s.title,
            }),
            cue: quote.cue.map(|c| Cue {
                text: texts[c.block][c.range.clone()].to_owned(),
                span: source(&c),
            }),
        });
    }
    found
}

/// The language that the quotes are read in: English where nobody can tell.
fn read_as(language: Option<&str>) -> &str {
    language.unwrap_or(ENGLISH)
}

/// BCP 47 tag of the body's language, read off its first paragraphs; none where there is too little text to tell.
fn language(furniture: &Furniture) -> Option<&'static str> {
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
    crate::language::of(&sample)
}

/// The first 300 characters.
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

fn warnings(story: &Story, decoded: &Decoded<'_>) -> Vec<Warning> {
    let mut out = Vec::new();
    let mut warn = |code: &str, message: String, span: Option<Span>| {
        out.push(Warning {
            code: code.into(),
            message,
            span,
        })
    };
    if story.source.bytes == 0 {
        warn("empty", "The file is empty.".into(), None);
        return out;
    }
    if story.headline.is_none() {
        warn("no-headline", "No line reads as a headline.".into(), None);
    }
    if story.byline.is_none() {
        warn("no-byline", "No line reads as a byline.".into(), None);
    }
    if story.dateline.is_none() && story.published.is_none() {
        warn(
            "no-date",
            "Neither a dateline nor a date line was found.".into(),
            None,
        );
    }
    if story.body.is_empty() {
        warn("no-body", "No paragraph was found.".into(), None);
    }
    if let Some(span) = decoded.malformed {
        warn(
            "malformed-bytes",
            format!(
                "Some bytes are no {}; they read as U+FFFD.",
                decoded.encoding
            ),
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
            "unknown-matter",
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

/// One row a line: the label of the unit that the line belongs to.
fn decisions(bytes: &[u8], copy: &CleanCopy<'_>, labelled: &Labelled) -> Vec<Decision> {
    let mut out = Vec::with_capacity(labelled.lines.len());
    let (mut at, mut number) = (0, 1);
    for ((unit, choice), reading) in labelled
        .units
        .iter()
        .zip(&labelled.choices)
        .zip(&labelled.readings)
    {
        let why: Vec<String> = score::why(reading.features, choice.state)
            .iter()
            .map(|(f, w)| format!("{} {w:+}", f.name()))
            .collect();
        for line in &labelled.lines[unit.lines.clone()] {
            let span = copy.span(line.text..line.end);
            number += bytes[at..span.start.max(at)]
                .iter()
                .filter(|b| **b == b'\n')
                .count();
            at = span.start.max(at);
            out.push(Decision {
                line: number,
                text: line.str(&copy.text).to_owned(),
                span,
                label: STATES[choice.state].1.name(),
                score: choice.score,
                runner_up: Some((STATES[choice.runner_up.0].1.name(), choice.runner_up.1)),
                why: why.clone(),
            });
        }
    }
    out
}
