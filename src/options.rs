//! What the caller knows that the text does not say.

use crate::facts::CallerFacts;
use crate::split::Split;
use crate::story::Format;
use chrono_tz::Tz;

/// What the caller knows that the text does not say.
///
/// ```
/// let options = archive::ParseOptions::default()
///     .year(1987)
///     .time_zone(chrono_tz::America::New_York);
/// assert_eq!(options.year, Some(1987));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseOptions {
    /// Year for dates that print none; without it they stay `XXXX-02-26`.
    pub year: Option<i32>,
    /// Zone of times that print none; without it they lose their time and keep their date.
    pub time_zone: Option<Tz>,
    /// The format to read the bytes as, whatever they look like; without it they are recognised.
    pub format: Option<Format>,
    /// Where one story of a plain text file ends and the next begins.
    pub split: Split,
    /// Facts that text and envelope may leave out.
    pub facts: CallerFacts,
}

impl ParseOptions {
    /// Gives the year of dates that print none.
    #[must_use]
    pub fn year(mut self, year: impl Into<Option<i32>>) -> Self {
        self.year = year.into();
        self
    }

    /// Gives the zone of times that print none.
    #[must_use]
    pub fn time_zone(mut self, zone: impl Into<Option<Tz>>) -> Self {
        self.time_zone = zone.into();
        self
    }

    /// Gives the format to read the bytes as.
    #[must_use]
    pub fn format(mut self, format: impl Into<Option<Format>>) -> Self {
        self.format = format.into();
        self
    }

    /// Says where one story of a plain text file ends and the next begins.
    #[must_use]
    pub fn split(mut self, split: Split) -> Self {
        self.split = split;
        self
    }

    /// Gives facts that text and envelope may leave out.
    #[must_use]
    pub fn facts(mut self, facts: CallerFacts) -> Self {
        self.facts = facts;
        self
    }
}
