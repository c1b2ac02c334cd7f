//! The same decisions as [`parse`](crate::parse()), shown to people.

use crate::furniture::fields::read_fields;
use crate::furniture::{Labelled, label_given};
use crate::options::ParseOptions;
use crate::quotes::{self, Considered, Weights};
use crate::record::story;
use crate::story::{QuoteKind, Story};
use crate::text::Span;
use crate::wire::{self, CleanCopy};

/// What was decided about one line of the source, for people.
#[derive(Clone, Debug)]
#[non_exhaustive]
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

/// A record and the decisions behind it.
#[derive(Clone, Debug)]
#[non_exhaustive]
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
pub fn explain(bytes: &[u8], options: &ParseOptions) -> Explanation {
    let decoded = wire::decode(bytes);
    let mut envelope = wire::open(&decoded.text, options.format);
    envelope.give_facts(&options.facts);
    let given = std::mem::take(&mut envelope.given);
    let copy = CleanCopy::new(&decoded, &envelope);
    let labelled = label_given(&copy, &given);
    let lines = decisions(bytes, &copy, &labelled);
    let furniture = read_fields(&copy, &labelled, given, options);
    let mut considered = Vec::new();
    let story = story(bytes, &copy, &envelope, furniture, |body, found| {
        let weights = Weights::of_language(body.language);
        quotes::explain_each(body, weights, SHOWN, &mut |quote, ways| {
            if quote.passage.kind != QuoteKind::Indirect {
                considered.push(ways);
            }
            found(quote);
        })
    });
    Explanation {
        story,
        lines,
        quotes: considered,
    }
}

/// Returns one row a line: the label of the unit that the line belongs to.
fn decisions(bytes: &[u8], copy: &CleanCopy<'_>, labelled: &Labelled) -> Vec<Decision> {
    let mut out = Vec::with_capacity(labelled.lines.len());
    let (mut at, mut number) = (0, 1);
    for (place, (unit, choice)) in labelled.units.iter().zip(&labelled.choices).enumerate() {
        let why = labelled.reasons(place);
        for line in &labelled.lines[unit.lines.clone()] {
            let span = copy.span(line.range());
            number += bytes[at.min(bytes.len())..span.start.max(at).min(bytes.len())]
                .iter()
                .filter(|b| **b == b'\n')
                .count();
            at = span.start.max(at);
            out.push(Decision {
                line: number,
                text: line.str(&copy.text).to_owned(),
                span,
                label: choice.label().name(),
                score: choice.score,
                runner_up: Some((choice.runner_up.label.name(), choice.runner_up.score)),
                why: why.clone(),
            });
        }
    }
    out
}
