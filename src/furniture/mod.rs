//! Furniture: what a newsroom puts around a story, and which line of the copy is what.
//!
//! Clean copy comes in, labelled parts go out. The stations, in order: [`units`] joins hard-wrapped
//! lines; [`observe`] looks at every unit for the
//! [`feature`]s it shows, with readers for [`byline`], [`credit`], [`date`], [`dateline`], [`name`] and
//! [`version`]; [`score`] is the table of what speaks for which [`label`];
//! [`grammar`] picks the best sequence for the whole story; [`gather`] reads the fields off the
//! labelled units. A rule that cannot be said as a feature, a weight or an arc is in the wrong
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
use grammar::Choice;
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
}

/// Labels clean copy.
pub fn label(copy: &str) -> Labelled {
    label_with(copy, Some(labels::trees::Forest::fitted()))
}

/// Labels clean copy with other trees than the fitted ones, or none.
#[doc(hidden)]
pub fn label_with(copy: &str, forest: Option<&labels::trees::Forest>) -> Labelled {
    let lines = crate::text::lines(copy);
    let units = units::units(copy, &lines);
    let readings = observe::read(copy, &units);
    let features: Vec<_> = readings.iter().map(|r| r.features).collect();
    let choices = match forest {
        Some(forest) if !forest.roots.is_empty() => {
            let scores: Vec<_> = features.iter().map(|f| score::states(*f)).collect();
            labels::second::decide(copy, &units, &readings, &scores, forest)
        }
        _ => grammar::decide(&features),
    };
    Labelled {
        lines,
        units,
        readings,
        choices,
    }
}
