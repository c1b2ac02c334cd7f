//! Quotes: the passages between quotation marks, and who said them.
//!
//! [`marks`] pairs the marks of one block, [`dashes`] finds speech set without marks, [`insertion`]
//! parts passages where the reporter breaks in; [`tokens`] cuts the story so that each passage is
//! one token, with [`foreign`] for words that are not English; `phrase` and [`clause`] find phrases,
//! verbs and subjects around them; [`frame`] lists for each quote the verbs that may be its cue and
//! the phrases that may be its speaker, each with the features of [`feature`]; [`decide`] scores all
//! ways to attribute it by [`weights`] and takes the best; [`people`] gives the speaker the fullest
//! name of the story.

pub mod class;
pub mod clause;
pub mod dashes;
pub mod decide;
pub mod feature;
pub mod foreign;
pub mod frame;
pub mod insertion;
pub mod marks;
pub mod people;
mod phrase;
mod place;
pub mod tokens;
pub mod weights;

pub use marks::{Passage, passages};
pub use place::Place;

use crate::story::QuoteKind;
use decide::{Choice, Way};
use frame::Reading;
use weights::Weights;

/// Who said a quote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    /// The mention beside the quote.
    pub mention: Place,
    /// The fullest name of the story, or the mention itself.
    pub name: String,
    /// Title or description.
    pub title: Option<String>,
}

/// A quote with its attribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attributed {
    /// Which block.
    pub block: usize,
    /// The passage.
    pub passage: Passage,
    /// Who said it.
    pub speaker: Option<Speaker>,
    /// The cue.
    pub cue: Option<Place>,
    /// The quote that it continues, by its number in the story.
    pub part_of: Option<usize>,
}

/// Finds and attributes the quotes of a story.
///
/// `texts` are the blocks of its body, `quotable` tells which of them are read for quotes, `heads`
/// are lines outside the body that may give a name in full, `language` is the body's (BCP 47, `en`
/// where nobody can tell). Quotes come in order of their place.
pub fn attribute(
    texts: &[&str],
    quotable: &[bool],
    heads: &[&str],
    language: &str,
    weights: &Weights,
) -> Vec<Attributed> {
    let passages = find(texts, quotable, language);
    if passages.iter().all(Vec::is_empty) {
        return Vec::new();
    }
    let reading = Reading::new(texts, &passages, language);
    let choices = decide::decide(&reading, weights);
    let people = people::People::of(&reading, heads);
    let mut out: Vec<Attributed> = Vec::with_capacity(choices.len());
    let mut number = 0;
    for (block, found) in passages.into_iter().enumerate() {
        for passage in found {
            let choice = choices[number];
            out.push(put(&reading, &people, block, passage, choice, number, &out));
            number += 1;
        }
    }
    out
}

/// One way to attribute a quote, for people.
#[derive(Clone, Debug)]
pub struct Considered {
    /// The mention, if the way has one.
    pub speaker: Option<String>,
    /// The cue.
    pub cue: Option<String>,
    /// `nobody's words`, `framed` or `as the last quote`.
    pub way: &'static str,
    /// Its share of all ways, 0 to 1.
    pub share: f32,
    /// Its score.
    pub score: f32,
    /// The features that made the score, strongest first, with their weights.
    pub why: Vec<(String, f32)>,
}

/// The likeliest ways to attribute each quote, the best first; `shown` of them.
pub fn explain(
    texts: &[&str],
    quotable: &[bool],
    language: &str,
    weights: &Weights,
    shown: usize,
) -> Vec<Vec<Considered>> {
    let passages = find(texts, quotable, language);
    let reading = Reading::new(texts, &passages, language);
    let mention = |phrase: usize| {
        let (first, last) = reading.mention(phrase);
        (first..=last)
            .map(|i| reading.word(i))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let consider = |judged: decide::Judged| {
        let (way, cue, speaker) = match judged.way {
            Way::Scare => ("nobody's words", None, None),
            Way::Framed(cue, speaker) => ("framed", cue, speaker),
            Way::Carried => ("as the last quote", None, None),
        };
        Considered {
            speaker: speaker.map(mention),
            cue: cue.map(|c| reading.word(reading.clauses.verbs[c].token).to_owned()),
            way,
            share: judged.share,
            score: judged.score,
            why: judged
                .why
                .into_iter()
                .map(|(f, w)| (feature::name(f), w))
                .collect(),
        }
    };
    decide::explain(&reading, weights, shown)
        .into_iter()
        .map(|ways| ways.into_iter().map(consider).collect())
        .collect()
}

/// The passages of each block that is read for quotes, by marks or, outside English, by dashes; there
/// the reporter may break in between the marks.
pub fn find(texts: &[&str], quotable: &[bool], language: &str) -> Vec<Vec<Passage>> {
    let mut found: Vec<_> = texts
        .iter()
        .zip(quotable)
        .map(|(text, read)| if *read { passages(text) } else { Vec::new() })
        .collect();
    if language != foreign::ENGLISH {
        // A block has its speech between marks or behind dashes, seldom both: then the marks hold.
        for ((marked, dashed), text) in found
            .iter_mut()
            .zip(dashes::passages(texts, quotable))
            .zip(texts)
        {
            if !dashed.is_empty() && lie_within(marked, &dashed) {
                *marked = dashed;
            } else {
                *marked = insertion::split(text, std::mem::take(marked), language);
            }
        }
    }
    found
}

/// Whether each of some passages lies within one of others. Both are in the order of the text.
fn lie_within(passages: &[Passage], others: &[Passage]) -> bool {
    passages.iter().all(|passage| {
        let after = others.partition_point(|other| other.range.start <= passage.range.start);
        let around = others[..after].last();
        around.is_some_and(|around| passage.range.end <= around.range.end)
    })
}

/// A quotation mark or the space beside it.
fn is_mark(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '”' | '“' | '„' | '»' | '«' | '’' | '\'' | '‘')
}

fn put(
    reading: &Reading<'_>,
    people: &people::People,
    block: usize,
    mut passage: Passage,
    choice: Choice,
    number: usize,
    before: &[Attributed],
) -> Attributed {
    if choice.scare > 0.5 {
        passage.kind = QuoteKind::Scare;
        return Attributed {
            block,
            passage,
            speaker: None,
            cue: None,
            part_of: None,
        };
    }
    let cue = choice.cue.map(|v| {
        let token = reading.clauses.verbs[v].token;
        Place::of(&reading.tokens.outer, token..=token)
    });
    let speaker = choice.speaker.map(|s| people.speaker(reading, s));
    let last = number.checked_sub(1).filter(|last| {
        let last = &before[*last];
        let same = last.speaker.as_ref().map(|s| &s.mention)
            == speaker.as_ref().map(|s| &s.mention)
            && last.cue == cue;
        last.passage.kind != QuoteKind::Scare && speaker.is_some() && same
    });
    // `"It rained," she said, "and that was that."`: the second piece is as direct as the first. Where
    // stops stand outside the marks, a comma leads on to it: `«Llovió», dijo, «y eso fue todo».`
    if let Some(last) = last.map(|l| &before[l])
        && last.passage.kind == QuoteKind::Direct
        && last.block == block
    {
        let text = reading.texts[block];
        let (first, second) = (last.passage.range.end, passage.range.end);
        let stop = ['.', ',', '!', '?'];
        let inside = text[..first].ends_with(',') && text[..second].ends_with(stop);
        let led_on = text[..passage.range.start]
            .trim_end_matches(is_mark)
            .ends_with(',');
        let stops = |end: usize| {
            text[..end].ends_with(stop) || text[end..].trim_start_matches(is_mark).starts_with(stop)
        };
        if inside || led_on && stops(first) && stops(second) {
            passage.kind = QuoteKind::Direct;
        }
    }
    if choice
        .cue
        .is_some_and(|v| reading.is_whole_saying(number, v))
    {
        passage.kind = QuoteKind::Direct;
    }
    // The pieces of a split quote, and its paragraphs; fragments in the reporter's clause are quotes of their own.
    let part_of = last.filter(|_| passage.kind == QuoteKind::Direct);
    Attributed {
        block,
        passage,
        speaker,
        cue,
        part_of,
    }
}
