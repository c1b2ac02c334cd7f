//! Days, months and years as a user types them.

use chrono::{Datelike, Days, Months, NaiveDate};
use std::str::FromStr;

/// A day, a month or a year: `2020-11-21`, `2020-11`, `2020`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    first: NaiveDate,
    /// The day after the last.
    end: NaiveDate,
}

/// Not a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date; write a year, a month or a day, such as 2020, 2020-11 or 2020-11-21")]
pub struct DayError(pub String);

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let read = || {
            let parts: Vec<&str> = text.split('-').collect();
            let is_number = |part: &&str, len: usize| {
                part.len() == len && part.bytes().all(|b| b.is_ascii_digit())
            };
            let lengths = [4, 2, 2];
            if parts.len() > 3
                || !parts
                    .iter()
                    .zip(lengths)
                    .all(|(part, len)| is_number(part, len))
            {
                return None;
            }
            let number = |index: usize| {
                parts
                    .get(index)
                    .map_or(Some(1), |part| part.parse::<u32>().ok())
            };
            let first =
                NaiveDate::from_ymd_opt(i32::try_from(number(0)?).ok()?, number(1)?, number(2)?)?;
            let end = match parts.len() {
                1 => first.checked_add_months(Months::new(12)),
                2 => first.checked_add_months(Months::new(1)),
                _ => first.checked_add_days(Days::new(1)),
            }?;
            Some(Self { first, end })
        };
        read().ok_or_else(|| DayError(text.to_owned()))
    }
}

impl Day {
    /// Returns its first day, as YYYY-MM-DD.
    pub fn first(self) -> String {
        written(self.first)
    }

    /// Returns the day after its last, as YYYY-MM-DD.
    pub fn end(self) -> String {
        written(self.end)
    }
}

/// As the catalog writes days; comparing such texts compares the days, up to the year 9999.
fn written(day: NaiveDate) -> String {
    if day.year() > 9999 {
        "9999-99-99".to_owned()
    } else {
        day.format("%Y-%m-%d").to_string()
    }
}
