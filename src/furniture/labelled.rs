//! A copy with every unit labelled: what labelling hands on.

use super::features::{Feature, UnitObservation, observe};
use super::labels::decode::{Choice, decide};
use super::units::{Unit, units};
use crate::text::{Line, lines};

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
}

impl Labelled {
    /// Whether a unit shows a feature.
    pub fn shows(&self, unit: usize, feature: Feature) -> bool {
        self.observations[unit].features.has(feature)
    }
}

/// Labels clean copy.
pub fn label(copy: &str) -> Labelled {
    let lines = lines(copy);
    let units = units(copy, &lines);
    let observations = observe(copy, &units);
    let features: Vec<_> = observations.iter().map(|seen| seen.features).collect();
    let choices = decide(&features);
    Labelled {
        lines,
        units,
        observations,
        choices,
    }
}
