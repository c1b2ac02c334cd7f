//! Furniture: what a newsroom puts around a story, and which line of the copy is what.
//!
//! Clean copy comes in, labelled parts go out. The stations, in order: [`units`] joins hard-wrapped
//! lines; [`observe`] looks at every unit for the
//! [`feature`]s it shows, with readers for [`byline`], [`credit`], [`date`], [`dateline`], [`name`] and
//! [`version`]; [`score`] is the table of what speaks for which [`label`];
//! [`grammar`] picks the best sequence for the whole story; [`labels`] looks at the whole page again;
//! [`gather`] reads the fields off the labelled units. A rule that cannot be said as a feature, a weight or an arc is in the wrong
//! place.

pub mod byline;
mod context;
pub mod credit;
pub mod date;
pub mod dateline;
pub mod feature;
pub mod gather;
pub mod grammar;
pub mod label;
pub mod labels;
pub mod name;
pub mod observe;
pub mod score;
mod tokens;
pub mod units;
pub mod version;

use crate::text::Line;
use feature::Feature;
use grammar::Choice;
use labels::class::Class;
use labels::sight::Sight;
use labels::trees::Forest;
use observe::Reading;
use units::Unit;

/// A copy with every unit labelled.
#[derive(Debug)]
pub struct Labelled {
    /// The copy's lines that show anything.
    pub lines: Vec<Line>,
    /// The pieces they make.
    pub units: Vec<Unit>,
    /// What was read of each.
    pub readings: Vec<Reading>,
    /// What each is.
    pub choices: Vec<Choice>,
    /// What the trees looked at, where they were asked.
    sight: Option<Sight>,
}

/// How many of the reasons that trees give are shown.
const REASONS: usize = 12;

impl Labelled {
    /// Returns what spoke for and against the label of a unit, strongest first: features with
    /// their weights, or where trees decided, what they looked at and what it did.
    pub fn why(&self, unit: usize) -> Vec<String> {
        let state = self.choices[unit].state;
        let Some((sight, forest)) = self.sight.as_ref().zip(Forest::fitted().last()) else {
            return score::why(self.readings[unit].features, state)
                .iter()
                .map(|(feature, weight)| format!("{} {weight:+}", feature.name()))
                .collect();
        };
        forest
            .why(sight, unit, Class::of(label::STATES[state]))
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

/// Labels clean copy with other trees than the fitted ones.
#[doc(hidden)]
pub fn label_with(copy: &str, passes: &[Forest]) -> Labelled {
    let lines = crate::text::lines(copy);
    let units = units::units(copy, &lines);
    let readings = observe::read(copy, &units);
    let features: Vec<_> = readings.iter().map(|r| r.features).collect();
    // Wires print no page around a story.
    let wire = readings.iter().any(|reading| reading.features.has(Feature::Teletype));
    let (choices, sight) = if passes.is_empty() || wire {
        (grammar::decide(&features), None)
    } else {
        let first: Vec<_> = features.iter().map(|features| score::states(*features)).collect();
        let (choices, sight) = labels::second::decide(copy, &units, &readings, &first, passes);
        (choices, Some(sight))
    };
    Labelled {
        lines,
        units,
        readings,
        choices,
        sight,
    }
}
