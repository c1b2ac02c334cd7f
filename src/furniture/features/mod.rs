//! What can be seen of each unit: by itself ([`alone`]) and among its neighbours ([`context`]).

mod alone;
mod context;
mod feature;
mod marks;
mod observation;

pub use feature::Feature;
pub(crate) use feature::Features;
pub use observation::UnitObservation;

use super::readers::dateline_reading::DatelineReading;
use super::units::Unit;
use crate::text::boundary;

/// Datelines stand near the top: so many units are looked at.
const DATELINE_WITHIN: usize = 90;

/// Observes all units of a copy.
pub fn observe(copy: &str, units: &[Unit]) -> Vec<UnitObservation> {
    let mut out: Vec<UnitObservation> = Vec::with_capacity(units.len());
    let mut datelines_open = true;
    for (number, unit) in units.iter().enumerate() {
        let mut seen = alone::observe_alone(copy, unit, datelines_open && number < DATELINE_WITHIN);
        // After the second paragraph of running text nobody files a dateline.
        let prose = |seen: &&UnitObservation| seen.features.has(Feature::Prose);
        let is_late = |dateline: &DatelineReading| dateline.by_colon && dateline.date.is_none();
        if seen.dateline.as_deref().is_some_and(is_late) && out.iter().any(|seen| prose(&seen)) {
            forget_dateline(&mut seen);
        }
        if datelines_open && prose(&&seen) && out.iter().filter(prose).count() > 2 {
            datelines_open = false;
        }
        out.push(seen);
    }
    observe_turns(copy, units, &mut out);
    context::observe_context(copy, units, &mut out);
    out
}

fn forget_dateline(seen: &mut UnitObservation) {
    seen.dateline = None;
    seen.features.clear(Feature::Dateline);
    seen.features.clear(Feature::DatelineLikely);
}

/// A conversation has as many turns at least.
const TURNS_AT_LEAST: usize = 3;

/// Marks the turns of a conversation, and takes back the datelines that they looked like.
fn observe_turns(copy: &str, units: &[Unit], out: &mut [UnitObservation]) {
    let turns: Vec<usize> = (0..units.len())
        .filter(|unit| {
            out[*unit].features.has(Feature::Sentence) && is_turn(units[*unit].str(copy))
        })
        .collect();
    if turns.len() < TURNS_AT_LEAST {
        return;
    }
    for turn in turns {
        let seen = &mut out[turn];
        seen.features.set(Feature::Turn, true);
        if seen
            .dateline
            .as_ref()
            .is_some_and(|dateline| dateline.by_colon)
        {
            forget_dateline(seen);
        }
    }
}

/// `BRANDT: We looked`, `Q: And then?`: one to three words in capitals, a colon, and words.
fn is_turn(text: &str) -> bool {
    const LONGEST_NAME: usize = 40;
    let Some((name, said)) = text[..boundary(text, 2 * LONGEST_NAME)].split_once(": ") else {
        return false;
    };
    name.len() <= LONGEST_NAME
        && name.split_whitespace().count() <= 3
        && name.chars().any(char::is_uppercase)
        && name
            .chars()
            .all(|c| c.is_uppercase() || matches!(c, ' ' | '.' | '-' | '\''))
        && !said.is_empty()
}
