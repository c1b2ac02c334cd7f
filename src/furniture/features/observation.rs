//! What was read of a unit on the way to its features.

use super::feature::Features;
use crate::furniture::readers::byline::BylineReading;
use crate::furniture::readers::date_reading::DateLine;
use crate::furniture::readers::dateline_reading::DatelineReading;

/// What was read of a unit on the way to its features.
#[derive(Debug, Default)]
pub struct UnitObservation {
    /// What it shows.
    pub features: Features,
    /// Its weight.
    pub weight: usize,
    /// Its folded text, if it is not long.
    pub folded: String,
    // Boxed, since most units have none of them and a copy may have a million units.
    /// The line as a byline, if it says anything as one.
    pub byline: Option<Box<BylineReading>>,
    /// The line as a date line, if it has a date.
    pub dates: Option<Box<DateLine>>,
    /// The dateline at its start.
    pub dateline: Option<Box<DatelineReading>>,
}
