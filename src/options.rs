//! What the caller knows that the text does not say.

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
}
