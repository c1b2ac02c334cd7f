//! The forms in which newsrooms print a day, in any of the lexicon's languages.

use super::date_reading::{DateMatch, LATEST_YEAR};
use super::time_of_day::time_at;
use crate::furniture::tokens::{Kind, Token};
use crate::lexicon::LEXICON;
use crate::text::folded;
use chrono::NaiveDate;

/// Returns a date that starts at token `i`: what it is, and the first token after it.
pub(super) fn date_at(t: &[Token<'_>], i: usize) -> Option<(DateMatch, usize)> {
    year_first(t, i)
        .or_else(|| year_then_month(t, i))
        .or_else(|| era_year_first(t, i))
        .or_else(|| month_first_east_asian(t, i))
        .or_else(|| numeric(t, i))
        .or_else(|| day_month(t, i))
        .or_else(|| month_day(t, i))
}

pub(super) fn found(
    t: &[Token<'_>],
    i: usize,
    next: usize,
    year: Option<i32>,
    month: u32,
    day: u32,
) -> Option<(DateMatch, usize)> {
    let last = NaiveDate::from_ymd_opt(year.unwrap_or(2000), month, day);
    last?;
    let range = t[i].start..t[next - 1].end;
    Some((
        DateMatch {
            range,
            year,
            month,
            day,
            time: None,
            offset: None,
            updated: false,
            published: false,
            received: false,
        },
        next,
    ))
}

/// Returns a four-digit year; more digits may stick to it where a page has glued its parts
/// together.
pub(super) fn year(token: Option<&Token<'_>>) -> Option<i32> {
    let token = token?;
    if token.kind != Kind::Number || token.text.len() < 4 {
        return None;
    }
    token.text[..4]
        .parse()
        .ok()
        .filter(|y| (1700..2200).contains(y))
}

pub(super) fn exact_year(token: Option<&Token<'_>>) -> Option<i32> {
    year(token).filter(|_| token.is_some_and(|t| t.text.len() == 4))
}

pub(super) fn month(token: Option<&Token<'_>>) -> Option<u32> {
    let token = token?;
    if token.kind != Kind::Word || token.text.len() > 40 {
        return None;
    }
    LEXICON.months.get(&folded(token.text))?.parse().ok()
}

pub(super) fn in_range(token: Option<&Token<'_>>, high: u32) -> Option<u32> {
    let token = token?;
    (token.text.len() <= 2)
        .then(|| token.number())?
        .filter(|n| (1..=high).contains(n))
}

/// `2025-01-13`, `2025/1/13`, `2025.01.13`, `2025年1月13日`, `2025년 1월 13일`, with an ISO time after
/// it.
pub(super) fn year_first(t: &[Token<'_>], i: usize) -> Option<(DateMatch, usize)> {
    let y = exact_year(t.get(i))?;
    let separator = t.get(i + 1)?.text;
    if !matches!(separator, "-" | "/" | "." | "年" | "년") {
        return None;
    }
    let m = in_range(t.get(i + 2), 12)?;
    if !matches!(t.get(i + 3)?.text, "-" | "/" | "." | "月" | "월") {
        return None;
    }
    let d = in_range(t.get(i + 4), 31)?;
    let mut next = i + 5;
    if t.get(next).is_some_and(|t| matches!(t.text, "日" | "일")) {
        next += 1;
    }
    let (mut date, mut next) = found(t, i, next, Some(y), m, d)?;
    if t.get(next).is_some_and(|t| t.text == "T")
        && let Some((time, offset, after)) = time_at(t, next + 1)
    {
        date.time = Some(time);
        date.offset = offset;
        next = after;
    }
    Some((date, next))
}

/// `2024. május 3.`, `2024 m. gegužės 3 d.`, `2024. gada 3. maijs`, `2024 May 3`.
pub(super) fn year_then_month(t: &[Token<'_>], i: usize) -> Option<(DateMatch, usize)> {
    let y = exact_year(t.get(i))?;
    let mut at = i + 1;
    while at < i + 4
        && t.get(at).is_some_and(|token| {
            matches!(token.text, "." | ",") || matches!(&*folded(token.text), "m" | "g" | "gada")
        })
    {
        at += 1;
    }
    if let Some(m) = month(t.get(at)) {
        at += 1 + usize::from(t.get(at + 1).is_some_and(|token| token.is('.')));
        let d = in_range(t.get(at), 31)?;
        return found(t, i, at + 1, Some(y), m, d);
    }
    let d = in_range(t.get(at).filter(|_| at > i + 2), 31)?;
    at += 1 + usize::from(t.get(at + 1).is_some_and(|token| token.is('.')));
    found(t, i, at + 1, Some(y), month(t.get(at))?, d)
}

/// `令和6年5月3日`, `民國113年5月3日`: years of an era.
pub(super) fn era_year_first(t: &[Token<'_>], i: usize) -> Option<(DateMatch, usize)> {
    const ERAS: [(&str, &str, u32); 5] = [
        ("令", "和", 2018),
        ("平", "成", 1988),
        ("昭", "和", 1925),
        ("民", "國", 1911),
        ("民", "国", 1911),
    ];
    let (first, second) = (t.get(i)?.text, t.get(i + 1)?.text);
    let before = ERAS.iter().find(|era| era.0 == first && era.1 == second)?.2;
    let number = match t.get(i + 2)? {
        token if token.text == "元" => 1,
        token => token.number().filter(|number| *number < 200)?,
    };
    let year = i32::try_from(before + number).ok()?;
    let (mut date, next) = month_first_east_asian(t, i + 4).filter(|_| t[i + 3].text == "年")?;
    date.year = Some(year);
    date.range.start = t[i].start;
    NaiveDate::from_ymd_opt(year, date.month, date.day).map(|_| (date, next))
}

/// `11月3日`, `11월 3일`: no year.
pub(super) fn month_first_east_asian(t: &[Token<'_>], i: usize) -> Option<(DateMatch, usize)> {
    let m = in_range(t.get(i), 12)?;
    if !matches!(t.get(i + 1)?.text, "月" | "월") {
        return None;
    }
    let d = in_range(t.get(i + 2), 31)?;
    if !matches!(t.get(i + 3)?.text, "日" | "일" | "号" | "號") {
        return None;
    }
    found(t, i, i + 4, None, m, d)
}

/// `21.11.2020`, `21/11/2020`, `25.4.24`, `21-11-2020`; American `11/21/2020` where the order
/// leaves no choice.
pub(super) fn numeric(t: &[Token<'_>], i: usize) -> Option<(DateMatch, usize)> {
    let a = in_range(t.get(i), 31)?;
    let separator = t.get(i + 1)?.text;
    if !matches!(separator, "." | "/" | "-") || t[i].end != t[i + 1].start {
        return None;
    }
    let b = in_range(t.get(i + 2), 31)?;
    if t.get(i + 3)?.text != separator || t[i + 2].end != t[i + 3].start {
        return None;
    }
    let year_token = t.get(i + 4)?;
    let y = year(Some(year_token)).or_else(|| {
        (year_token.kind == Kind::Number && year_token.text.len() == 2 && separator != "-")
            .then(|| year_token.number())?
            .map(|y| century(y as i32))
    })?;
    let (d, m) = if b > 12 { (b, a) } else { (a, b) };
    (m <= 12).then(|| found(t, i, i + 5, Some(y), m, d))?
}

/// Adds the century that a year of two digits leaves out.
pub(super) const fn century(year: i32) -> i32 {
    if 2000 + year > LATEST_YEAR {
        1900 + year
    } else {
        2000 + year
    }
}

/// `21 November 2020`, `21. Mai 2026`, `1er mai 2024`, `2 de enero de 2025`, `Feb` after `26`.
pub(super) fn day_month(t: &[Token<'_>], i: usize) -> Option<(DateMatch, usize)> {
    let d = in_range(t.get(i), 31)?;
    let mut at = i + 1;
    while t.get(at).is_some_and(|t| {
        matches!(t.text, "." | "º" | "°" | "/" | "-" | ",")
            || matches!(
                &*folded(t.text),
                "de" | "of" | "er" | "st" | "nd" | "rd" | "th" | "den" | "η"
            )
    }) && at < i + 4
    {
        at += 1;
    }
    // `3 tháng 5, 2024`.
    let is_numbered = t.get(at).is_some_and(|t| folded(t.text) == "tháng");
    at += usize::from(is_numbered);
    let m = match is_numbered {
        true => in_range(t.get(at), 12)?,
        false => month(t.get(at))?,
    };
    at += 1;
    let mut look = at;
    while t.get(look).is_some_and(|t| {
        matches!(t.text, "." | "," | "/" | "-") || matches!(&*folded(t.text), "de" | "del" | "of")
    }) && look < at + 2
    {
        look += 1;
    }
    let is_thai = t.get(at - 1).is_some_and(|month| {
        month
            .text
            .starts_with(|c| matches!(c, '\u{E00}'..='\u{E7F}'))
    });
    let buddhist = |token: Option<&Token<'_>>| {
        let year = token?.number().filter(|_| is_thai)? as i32;
        (2443..2643).contains(&year).then_some(year - 543)
    };
    // `3-May-24`.
    let is_dashed = |at: usize| t.get(at).is_some_and(|token| token.is('-'));
    let short = |token: Option<&Token<'_>>| {
        let year = token.filter(|token| token.text.len() == 2)?.number()?;
        (is_dashed(i + 1) && is_dashed(look - 1)).then(|| century(year as i32))
    };
    let printed = buddhist(t.get(look))
        .or_else(|| year(t.get(look)))
        .or_else(|| short(t.get(look)));
    match printed {
        Some(y) => found(t, i, look + 1, Some(y), m, d),
        None => found(t, i, at, None, m, d),
    }
}

/// `November 21, 2020`, `Jul. 19, 2026`, `Feb 26`, `March 3rd`, `April 10, 20233 years`.
pub(super) fn month_day(t: &[Token<'_>], i: usize) -> Option<(DateMatch, usize)> {
    // Nothing but a day follows, perhaps after a full stop: most words need no look into the list
    // of months.
    if !t
        .get(i + 1)
        .is_some_and(|next| next.kind == Kind::Number || next.is('.'))
    {
        return None;
    }
    let m = month(t.get(i))?;
    let mut at = i + 1;
    if t.get(at).is_some_and(|t| t.is('.')) {
        at += 1;
    }
    let d = in_range(t.get(at), 31)?;
    at += 1;
    if t.get(at)
        .is_some_and(|t| matches!(&*folded(t.text), "st" | "nd" | "rd" | "th"))
    {
        at += 1;
    }
    // `May 12:30` is a month and a time.
    if t.get(at).is_some_and(|t| t.is(':')) && t.get(at + 1).is_some_and(|t| t.kind == Kind::Number)
    {
        return None;
    }
    let look = if t.get(at).is_some_and(|t| matches!(t.text, "," | "." | "/")) {
        at + 1
    } else {
        at
    };
    match year(t.get(look)) {
        Some(y) => found(t, i, look + 1, Some(y), m, d),
        None => found(t, i, at, None, m, d),
    }
}
