//! What can be seen of each unit: by itself ([`alone`]) and among its neighbours ([`context`]).

mod alone;
mod context;
mod feature;
mod marks;
mod observation;

pub use feature::{Feature, Features};
pub use observation::UnitObservation;

use super::units::Unit;

/// Datelines stand near the top: so many units are looked at.
const DATELINE_WITHIN: usize = 90;

/// Observes all units of a copy.
pub fn observe(copy: &str, units: &[Unit]) -> Vec<UnitObservation> {
    let mut out: Vec<UnitObservation> = Vec::with_capacity(units.len());
    let mut datelines_open = true;
    for (number, unit) in units.iter().enumerate() {
        let seen = alone::observe_alone(copy, unit, datelines_open && number < DATELINE_WITHIN);
        // After the second paragraph of running text nobody files a dateline.
        let prose = |seen: &&UnitObservation| seen.features.has(Feature::Prose);
        if datelines_open && prose(&&seen) && out.iter().filter(prose).count() > 2 {
            datelines_open = false;
        }
        out.push(seen);
    }
    context::observe_context(copy, units, &mut out);
    out
}
