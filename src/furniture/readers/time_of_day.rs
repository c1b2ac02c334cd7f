//! Times of day and their zones.

use crate::furniture::tokens::{Kind, Token};
use crate::lexicon::LEXICON;
use crate::text::folded;
use chrono::{FixedOffset, NaiveTime};

/// `16:05`, `4.34pm`, `14h05`, `9 am`, `21時37分`, with the zone after it.
pub(super) fn time_at(
    t: &[Token<'_>],
    i: usize,
) -> Option<(NaiveTime, Option<FixedOffset>, usize)> {
    let first = t.get(i)?;
    if first.kind != Kind::Number {
        return None;
    }
    // `412 PM EST`: the weather service prints no colon.
    if matches!(first.text.len(), 3 | 4)
        && let Some((half, after)) = half_day(t, i + 1)
    {
        let number = first.number()?;
        let hour = number / 100 % 12 + half;
        let time = NaiveTime::from_hms_opt(hour, number % 100, 0).filter(|_| number / 100 <= 12)?;
        let (offset, at) = zone_at(t, after);
        return Some((time, offset, at));
    }
    if first.text.len() > 2 {
        return None;
    }
    let mut hour = first.number()?;
    let separator = t.get(i + 1)?;
    let minute = t
        .get(i + 2)
        .filter(|m| m.kind == Kind::Number && m.text.len() == 2);
    let mut at;
    let minute = match (separator.text, minute) {
        (":" | "h" | "H" | "時" | "시", Some(m)) if first.end == separator.start => {
            at = i + 3;
            if t.get(at).is_some_and(|t| matches!(t.text, "分" | "분")) {
                at += 1;
            }
            m.number()?
        }
        (".", Some(m)) if first.end == separator.start && separator.end == m.start => {
            let unit = t.get(i + 3).map(|t| folded(t.text));
            // `23.10` alone may be a date; `10.23` with a word of time is not.
            if t.get(i + 3).is_some_and(|t| t.is('.')) && unit.as_deref() != Some("am") {
                return None;
            }
            at = i + 3;
            m.number()?
        }
        (word, _) if matches!(&*folded(word), "am" | "pm") => {
            at = i + 1;
            0
        }
        _ => return None,
    };
    if t.get(at).is_some_and(|t| t.is(':')) && t.get(at + 1).is_some_and(|t| t.kind == Kind::Number)
    {
        at += 2;
        if t.get(at).is_some_and(|t| t.is('.'))
            && t.get(at + 1).is_some_and(|t| t.kind == Kind::Number)
        {
            at += 2;
        }
    }
    if let Some((half, after)) = half_day(t, at) {
        hour = match (half, hour) {
            (0, 12) => 0,
            (12, 1..=11) => hour + 12,
            _ => hour,
        };
        at = after;
    }
    let time = NaiveTime::from_hms_opt(hour, minute, 0)?;
    let (offset, at) = zone_at(t, at);
    Some((time, offset, at))
}

/// `am`, `p.m.`: hours to add, and the token after it.
pub(super) fn half_day(t: &[Token<'_>], at: usize) -> Option<(u32, usize)> {
    let word = folded(t.get(at)?.text);
    let half = match &*word {
        "am" | "a" => 0,
        "pm" | "p" => 12,
        _ => return None,
    };
    if word.len() == 2 {
        return Some((half, at + 1));
    }
    let dotted = t.get(at + 1)?.is('.') && folded(t.get(at + 2)?.text) == "m";
    dotted.then(|| {
        (
            half,
            if t.get(at + 3).is_some_and(|t| t.is('.')) {
                at + 4
            } else {
                at + 3
            },
        )
    })
}

/// `GMT`, `EDT`, `GMT+2`, `+02:00`, `Z`.
pub(super) fn zone_at(t: &[Token<'_>], at: usize) -> (Option<FixedOffset>, usize) {
    let Some(token) = t.get(at) else {
        return (None, at);
    };
    if token.text == "Z" {
        return (FixedOffset::east_opt(0), at + 1);
    }
    let (base, mut next) = match token.kind {
        Kind::Word => match LEXICON.zones.get(&folded(token.text)).and_then(offset) {
            Some(base) => (base, at + 1),
            None => return (None, at),
        },
        _ => (0, at),
    };
    let sign = t.get(next).filter(|t| t.is('+') || t.is('-') || t.is('−'));
    let hours = t
        .get(next + 1)
        .filter(|h| h.kind == Kind::Number && matches!(h.text.len(), 1 | 2 | 4));
    let mut seconds = base;
    // A bare `-4` after a time is a range or a score; a zone needs its name or four digits.
    if let (Some(sign), Some(hours)) = (sign, hours)
        && (next > at || hours.text.len() == 4 || t.get(next + 2).is_some_and(|t| t.is(':')))
        && sign.end == hours.start
    {
        let n = hours.number().unwrap_or(0) as i32;
        let (h, mut m) = if hours.text.len() == 4 {
            (n / 100, n % 100)
        } else {
            (n, 0)
        };
        next += 2;
        if t.get(next).is_some_and(|t| t.is(':'))
            && let Some(minutes) = t.get(next + 1).and_then(Token::number)
        {
            m = minutes as i32;
            next += 2;
        }
        seconds += if sign.is('+') { 1 } else { -1 } * (h * 3600 + m * 60);
    } else if next == at {
        return (None, at);
    }
    (FixedOffset::east_opt(seconds), next)
}

/// `+05:30` in seconds.
pub(super) fn offset(text: &'static str) -> Option<i32> {
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
    Some(if text.starts_with('-') {
        -seconds
    } else {
        seconds
    })
}
