//! A copy with every unit labelled: what labelling hands on.

use super::features::{Feature, UnitObservation, observe};
use super::labels::class::Class;
use super::labels::decode::{Choice, decide};
use super::labels::decode::{Marked, decide_marked};
use super::labels::second;
use super::labels::sight::Sight;
use super::labels::trees::Forest;
use super::labels::weights::Weights;
use super::pieces;
use super::units::{Unit, units};
use crate::text::{Line, fold, lines};
use crate::wire::{CleanCopy, Given};

/// A copy with every unit labelled.
#[derive(Debug)]
pub struct Labelled {
    /// The copy's lines that show anything.
    pub lines: Vec<Line>,
    /// The pieces they make.
    pub units: Vec<Unit>,
    /// What was seen of each.
    pub observations: Vec<UnitObservation>,
    /// What each is.
    pub choices: Vec<Choice>,
    /// What the trees looked at, where they were asked.
    sight: Option<Sight>,
}

/// How many of the reasons that trees give are shown.
const REASONS: usize = 12;
/// Copy with more units is no page, and the trees' memory grows with them.
const PAGE_AT_MOST: usize = 4000;

impl Labelled {
    /// Whether a unit shows a feature.
    pub fn shows(&self, unit: usize, feature: Feature) -> bool {
        self.observations[unit].features.has(feature)
    }

    /// Returns what spoke for and against the label of a unit, strongest first: features with
    /// their weights, or where trees decided, what they looked at and what it did.
    pub fn reasons(&self, unit: usize) -> Vec<String> {
        let state = self.choices[unit].state;
        let Some((sight, forest)) = self.sight.as_ref().zip(Forest::fitted().last()) else {
            return Weights::shipped()
                .reasons(self.observations[unit].features, state)
                .iter()
                .map(|(feature, weight)| format!("{} {weight:+}", feature.name()))
                .collect();
        };
        forest
            .reasons(sight, unit, Class::of(state))
            .iter()
            .take(REASONS)
            .map(|(name, sum)| format!("{name} {sum:+.2}"))
            .collect()
    }
}

/// Labels clean copy.
pub fn label(copy: &str) -> Labelled {
    label_with(copy, Forest::fitted())
}

/// Labels the copy of an envelope. Where its format marks the pieces of the copy, each piece is
/// what the format says; where it names the headline, no other line becomes one.
pub fn label_given(copy: &CleanCopy<'_>, given: &Given) -> Labelled {
    if !copy.has_pieces() && given.headline.is_none() {
        return label(&copy.text);
    }
    let lines = lines(&copy.text);
    let (units, kinds) = pieces::units(copy, &lines);
    let observations = observe(&copy.text, &units);
    let headline = given.headline.as_deref().map(fold);
    let marked: Vec<Marked> = units
        .iter()
        .zip(&observations)
        .zip(kinds)
        .map(|((unit, seen), kind)| Marked {
            features: seen.features,
            kind,
            may_be_headline: match &headline {
                Some(headline) => fold(unit.str(&copy.text)) == *headline,
                None => !given.names_headline,
            },
        })
        .collect();
    Labelled {
        choices: decide_marked(&marked),
        lines,
        units,
        observations,
        sight: None,
    }
}

/// Labels clean copy with other trees than the fitted ones: what the fitting program measures.
#[doc(hidden)]
pub fn label_with(copy: &str, passes: &[Forest]) -> Labelled {
    let lines = lines(copy);
    let units = units(copy, &lines);
    let observations = observe(copy, &units);
    // A wire prints no page around its stories: the first pass is sure of it.
    let wire = observations
        .iter()
        .any(|seen| seen.features.has(Feature::Teletype));
    let (choices, sight) = if wire || passes.is_empty() || units.len() > PAGE_AT_MOST {
        let features: Vec<_> = observations.iter().map(|seen| seen.features).collect();
        (decide(&features), None)
    } else {
        let (choices, sight) = second::decide(copy, &units, &observations, passes);
        (choices, Some(sight))
    };
    Labelled {
        lines,
        units,
        observations,
        choices,
        sight,
    }
}
