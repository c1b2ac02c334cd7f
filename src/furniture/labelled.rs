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
/// Copy with fewer units is a page only if it shows a page's furniture.
const PAGE_AT_LEAST: usize = 16;
/// So many pieces of furniture show a page.
const FURNITURE_AT_LEAST: usize = 3;

/// Returns whether copy was copied from a page. A wire's copy and a plain story have no page around
/// them: the first pass is sure of these.
fn is_page(observations: &[UnitObservation]) -> bool {
    let shows = |seen: &UnitObservation, of: &[Feature]| {
        of.iter().any(|feature| seen.features.has(*feature))
    };
    let furniture = [
        Feature::Share,
        Feature::Section,
        Feature::Site,
        Feature::Promo,
    ];
    let pieces = observations.iter().filter(|seen| shows(seen, &furniture));
    observations.len() <= PAGE_AT_MOST
        && !observations
            .iter()
            .any(|seen| shows(seen, &[Feature::Teletype]))
        && (observations.len() >= PAGE_AT_LEAST || pieces.count() >= FURNITURE_AT_LEAST)
}

impl Labelled {
    /// Returns whether a unit shows a feature.
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
pub(crate) fn label_given(copy: &CleanCopy<'_>, given: &Given) -> Labelled {
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
pub(crate) fn label_with(copy: &str, passes: &[Forest]) -> Labelled {
    let lines = lines(copy);
    let units = units(copy, &lines);
    let observations = observe(copy, &units);
    let (choices, sight) = if passes.is_empty() || !is_page(&observations) {
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
