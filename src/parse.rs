//! The road from bytes to record: the pipeline in one place, and no rules of its own.

use crate::furniture::fields::read_fields;
use crate::furniture::labels::trees::Forest;
use crate::furniture::{label_given, label_with, several};
use crate::options::ParseOptions;
use crate::quotes::{self, Place, Weights};
use crate::record::{language, quotable, read_as, story};
use crate::split::Split;
use crate::story::Story;
use crate::text::Span;
use crate::wire::{self, CleanCopy, Parts};

/// Reads one story. Any byte sequence is valid input; nothing panics, and what is not understood is
/// kept as a note.
pub fn parse(bytes: &[u8], options: &ParseOptions) -> Story {
    parse_weighed(bytes, options, Weights::of_language)
}

/// Reads one story with other weights than the fitted ones: what the fitting program measures.
pub fn parse_with(bytes: &[u8], options: &ParseOptions, weights: &Weights) -> Story {
    parse_weighed(bytes, options, |_| weights)
}

/// Reads one story; `weights_of` gives the weights for the quotes of a language (BCP 47).
fn parse_weighed<'w>(
    bytes: &[u8],
    options: &ParseOptions,
    weights_of: impl FnOnce(&str) -> &'w Weights,
) -> Story {
    let decoded = wire::decode(bytes);
    let mut envelope = wire::open(&decoded.text, options.format);
    envelope.give_facts(&options.facts);
    let given = std::mem::take(&mut envelope.given);
    let copy = CleanCopy::new(&decoded, &envelope);
    let labelled = label_given(&copy, &given);
    let furniture = read_fields(&copy, &labelled, given, options);
    story(bytes, &copy, &envelope, furniture, |body, found| {
        quotes::attribute_each(body, weights_of(body.language), found)
    })
}

/// Reads one story with other trees than the fitted ones: what the fitting program measures.
pub fn parse_labelled(bytes: &[u8], options: &ParseOptions, passes: &[Forest]) -> Story {
    let decoded = wire::decode(bytes);
    let mut envelope = wire::open(&decoded.text, options.format);
    envelope.give_facts(&options.facts);
    let given = std::mem::take(&mut envelope.given);
    let copy = CleanCopy::new(&decoded, &envelope);
    let labelled = label_with(&copy.text, passes);
    let furniture = read_fields(&copy, &labelled, given, options);
    story(bytes, &copy, &envelope, furniture, |body, found| {
        quotes::attribute_each(body, Weights::of_language(body.language), found)
    })
}

/// What the quotes of a story are read from.
pub struct Body<'a> {
    /// The blocks' texts.
    pub texts: Vec<&'a str>,
    /// Which of them are read for quotes.
    pub quotable: Vec<bool>,
    /// The language that quotes are read in (BCP 47).
    pub language: &'a str,
    /// Where a place in a block stands in the source.
    pub source: &'a dyn Fn(&Place) -> Span,
}

/// Hands the body of a story to `read`: what the fitting program learns from.
pub fn study<R>(bytes: &[u8], read: impl FnOnce(&Body<'_>) -> R) -> R {
    let decoded = wire::decode(bytes);
    let mut envelope = wire::open(&decoded.text, None);
    let given = std::mem::take(&mut envelope.given);
    let copy = CleanCopy::new(&decoded, &envelope);
    let labelled = label_given(&copy, &given);
    let furniture = read_fields(&copy, &labelled, given, &ParseOptions::default());
    let language = language(&furniture);
    read(&Body {
        language: read_as(language.as_deref()),
        texts: furniture.blocks.iter().map(|b| b.text.as_str()).collect(),
        quotable: furniture.blocks.iter().map(|b| quotable(b.kind)).collect(),
        source: &|place| copy.span(furniture.blocks[place.block()].map.source(place.range())),
    })
}

/// Finds the stories of a file, in order, at least one. [`Part::bytes`](wire::Part::bytes) gives
/// each one's own bytes, which [`parse()`] reads.
pub fn stories(bytes: &[u8], options: &ParseOptions) -> Parts {
    let parts = wire::parts(bytes, options.format);
    if !parts.is_copy {
        return parts;
    }
    let starts_of = |find: &dyn Fn(&str) -> Vec<usize>| {
        let decoded = wire::decode(bytes);
        let starts = find(&decoded.text);
        wire::parts_from(bytes, &decoded, &starts)
    };
    match &options.split {
        Split::Auto if several::may_hold_several(bytes) => starts_of(&several::story_starts),
        Split::Auto | Split::None => parts,
        Split::At(pattern) => starts_of(&|text| pattern.starts(text)),
    }
}
