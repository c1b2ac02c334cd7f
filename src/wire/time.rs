//! Times as machines write them, to RFC 3339.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

/// Reads ISO 8601, basic or extended, with or without time and zone: `20131020T192751+1100`,
/// `2013-10-20T19:27:51.000Z`, `2013-10-20`. A time without a zone loses its time.
pub(crate) fn iso8601(text: &str) -> Option<String> {
    let text = text.trim();
    let (date, rest) = date(text)?;
    let day = date.format("%Y-%m-%d").to_string();
    let rest = rest.trim_start_matches(['T', 't', ' ']);
    let Some((hour, minute, second, zone)) = time(rest) else {
        return Some(day);
    };
    let Some(zone) = offset(zone) else {
        return Some(day);
    };
    date.and_hms_opt(hour, minute, second)?;
    Some(format!("{day}T{hour:02}:{minute:02}:{second:02}{zone}"))
}

fn date(text: &str) -> Option<(NaiveDate, &str)> {
    let digits = |range: std::ops::Range<usize>| {
        let part = text.get(range)?;
        part.bytes().all(|b| b.is_ascii_digit()).then_some(part)
    };
    let year = digits(0..4)?;
    let (month, day, end) = if text.get(4..5) == Some("-") {
        (
            digits(5..7)?,
            digits(8..10).filter(|_| text.get(7..8) == Some("-"))?,
            10,
        )
    } else {
        (digits(4..6)?, digits(6..8)?, 8)
    };
    let date = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    Some((date, text.get(end..)?))
}

/// Hour, minute, second, and what follows.
fn time(text: &str) -> Option<(u32, u32, u32, &str)> {
    let pair = |at: usize| -> Option<u32> {
        let part = text.get(at..at + 2)?;
        part.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| part.parse().ok())?
    };
    let hour = pair(0)?;
    let colon = usize::from(text.get(2..3) == Some(":"));
    let minute = pair(2 + colon)?;
    let mut at = 4 + colon;
    let mut second = 0;
    let follows = if colon == 1 {
        text.get(at..at + 1) == Some(":")
    } else {
        true
    };
    if follows && let Some(found) = pair(at + colon) {
        second = found;
        at += 2 + colon;
    }
    let mut rest = &text[at..];
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    Some((hour, minute, second, rest.trim()))
}

/// `Z`, `+02:00`, `-0500`, `+01` as RFC 3339 writes it.
fn offset(zone: &str) -> Option<String> {
    if matches!(zone, "Z" | "z" | "GMT" | "UTC") {
        return Some("Z".into());
    }
    let sign = zone
        .chars()
        .next()
        .filter(|c| matches!(c, '+' | '-' | '−'))?;
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = match digits.len() {
        2 => (digits.as_str(), "00"),
        4 => digits.split_at(2),
        _ => return None,
    };
    let sign = if sign == '+' { '+' } else { '-' };
    let sane = hours.parse::<u32>().ok()? <= 14 && minutes.parse::<u32>().ok()? < 60;
    sane.then(|| match (hours, minutes) {
        ("00", "00") => "Z".into(),
        _ => format!("{sign}{hours}:{minutes}"),
    })
}

/// Reads the dates of mail and RSS: `Mon, 11 Oct 2021 16:02:29 +0000`.
pub(crate) fn rfc2822(text: &str) -> Option<String> {
    // Comments name the zone again.
    let bare = text.split('(').next().unwrap_or(text).trim();
    let when = DateTime::parse_from_rfc2822(bare)
        .or_else(|_| DateTime::parse_from_str(bare, "%a %b %d %H:%M:%S %Y %z"))
        .ok();
    match when {
        Some(when) => Some(rfc3339(&when)),
        None => NaiveDateTime::parse_from_str(bare, "%a, %d %b %Y %H:%M:%S")
            .ok()
            .map(|when| when.format("%Y-%m-%d").to_string()),
    }
}

/// Either of the two.
pub(crate) fn any(text: &str) -> Option<String> {
    iso8601(text).or_else(|| rfc2822(text))
}

/// Returns whether one RFC 3339 time is before another; dates without a time count as their
/// beginning.
pub(crate) fn is_before(first: &str, second: &str) -> bool {
    let instant = |text: &str| {
        DateTime::parse_from_rfc3339(text)
            .or_else(|_| DateTime::parse_from_rfc3339(&format!("{text}T00:00:00Z")))
            .ok()
    };
    match (instant(first), instant(second)) {
        (Some(first), Some(second)) => first < second,
        _ => false,
    }
}

fn rfc3339(when: &DateTime<chrono::FixedOffset>) -> String {
    if when.offset().local_minus_utc() == 0 {
        when.format("%Y-%m-%dT%H:%M:%SZ").to_string()
    } else {
        when.format("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machine_times_become_rfc3339() {
        for (text, want) in [
            ("20131020T192751+1100", "2013-10-20T19:27:51+11:00"),
            ("2013-10-20T19:27:51.123Z", "2013-10-20T19:27:51Z"),
            ("2018-10-23T12:00:00+00:00", "2018-10-23T12:00:00Z"),
            ("2019-05-10T16:02+02:00", "2019-05-10T16:02:00+02:00"),
            ("20200613T091200Z", "2020-06-13T09:12:00Z"),
            ("2007-02-01", "2007-02-01"),
            ("20070201", "2007-02-01"),
            ("20070201T000000", "2007-02-01"),
            ("2019-01-21T10:27:08", "2019-01-21"),
        ] {
            assert_eq!(iso8601(text).as_deref(), Some(want), "{text}");
        }
        for text in [
            "",
            "yesterday",
            "2013-13-01",
            "2013-02-30T10:00:00Z",
            "2013",
        ] {
            assert_eq!(iso8601(text), None, "{text}");
        }
    }

    #[test]
    fn mail_dates_become_rfc3339() {
        for (text, want) in [
            ("Mon, 11 Oct 2021 16:02:29 GMT", "2021-10-11T16:02:29Z"),
            (
                "Tue, 3 Mar 2015 11:27:36 +1100",
                "2015-03-03T11:27:36+11:00",
            ),
            (
                "Fri, 5 Jul 2019 10:08:08 +0000 (UTC)",
                "2019-07-05T10:08:08Z",
            ),
        ] {
            assert_eq!(rfc2822(text).as_deref(), Some(want), "{text}");
        }
        assert_eq!(rfc2822("some day"), None);
    }
}
