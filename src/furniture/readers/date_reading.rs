//! A date found in a line.

use crate::options::ParseOptions;
use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use std::ops::Range;

/// No story that this program reads was published after this year. The program has no clock, since
/// the same bytes must give the same record on every day; a release in a later year raises it.
///
/// A year of two digits is the one of the hundred years that end here: `87` is 1987, `24` is 2024.
/// A year of four digits beyond it is taken for a slip or for a day that the story looks forward
/// to.
pub(crate) const LATEST_YEAR: i32 = 2030;

/// A date found in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateMatch {
    /// Where it stands in the line, its time and zone included.
    pub range: Range<usize>,
    /// Year, where printed.
    pub year: Option<i32>,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// Time of day, where printed.
    pub time: Option<NaiveTime>,
    /// Offset from UTC, where the zone is printed.
    pub offset: Option<FixedOffset>,
    /// Whether the words before it say that the story was changed then.
    pub updated: bool,
    /// Whether the words before it say that the story was published then.
    pub published: bool,
    /// Whether the words before it say that a paper was received or accepted then.
    pub received: bool,
}

impl DateMatch {
    /// Returns whether it lies after every day on which a story can have been published.
    pub fn is_in_future(&self) -> bool {
        self.year.is_some_and(|year| year > LATEST_YEAR)
    }

    /// EDTF (ISO 8601-2): `2020-11-21`, or `XXXX-02-26` without a year.
    pub fn edtf(&self, options: &ParseOptions) -> String {
        match self.year.or(options.year) {
            Some(year) => format!("{year:04}-{:02}-{:02}", self.month, self.day),
            None => format!("XXXX-{:02}-{:02}", self.month, self.day),
        }
    }

    /// RFC 3339 full-date, or date-time when time and zone are known; none without a year.
    pub fn rfc3339(&self, options: &ParseOptions) -> Option<String> {
        let year = self.year.or(options.year)?;
        let date = NaiveDate::from_ymd_opt(year, self.month, self.day)?;
        let instant = self.time.and_then(|time| {
            let local = NaiveDateTime::new(date, time);
            match (self.offset, options.time_zone) {
                (Some(offset), _) => offset
                    .from_local_datetime(&local)
                    .single()
                    .map(|t| t.to_rfc3339()),
                (None, Some(zone)) => zone
                    .from_local_datetime(&local)
                    .earliest()
                    .map(|t| t.to_rfc3339()),
                (None, None) => None,
            }
        });
        Some(instant.map_or_else(
            || date.format("%Y-%m-%d").to_string(),
            |t| t.replace("+00:00", "Z"),
        ))
    }
}

/// A line read as a date line.
#[derive(Clone, Debug, Default)]
pub struct DateLine {
    /// The dates, in order.
    pub dates: Vec<DateMatch>,
    /// Parts of the line that belong to no date and are no filler, as ranges.
    pub rest: Vec<Range<usize>>,
}
