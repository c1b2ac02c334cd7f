//! Days as databases print them, in the languages of their interfaces.

use crate::lexicon::LEXICON;
use crate::text::fold;
use chrono::NaiveDate;
use std::ops::Range;

/// A date stands within so many bytes of its line's beginning.
const WITHIN: usize = 300;
/// More tokens are not looked at.
const TOKENS: usize = 60;

/// A date in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DateMatch {
    /// RFC 3339: the day, or the time of the day where its zone is named.
    pub(crate) when: String,
    /// Where it stands, week day and time of the day with it.
    pub(crate) range: Range<usize>,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// Its value, and how many digits it has.
    Number(u32, usize),
    Word,
    Mark(char),
}

#[derive(Clone, Copy, Debug)]
struct Token<'t> {
    kind: Kind,
    text: &'t str,
    start: usize,
}

impl Token<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    fn is_mark(&self, marks: &str) -> bool {
        matches!(self.kind, Kind::Mark(mark) if marks.contains(mark))
    }

    fn number(&self) -> Option<u32> {
        match self.kind {
            Kind::Number(value, _) => Some(value),
            _ => None,
        }
    }

    fn year(&self) -> Option<i32> {
        match self.kind {
            Kind::Number(value, 4) if (1700..=2100).contains(&value) => i32::try_from(value).ok(),
            _ => None,
        }
    }

    fn month(&self) -> Option<u32> {
        match self.kind {
            Kind::Word => LEXICON.months.get(&fold(self.text))?.parse().ok(),
            _ => None,
        }
    }

    fn is_word(&self, words: &[&str]) -> bool {
        matches!(self.kind, Kind::Word) && words.contains(&&*fold(self.text))
    }

    fn is_weekday(&self) -> bool {
        matches!(self.kind, Kind::Word) && LEXICON.weekdays.has(&fold(self.text))
    }
}

/// Finds the first date of a text.
pub(super) fn find(text: &str) -> Option<DateMatch> {
    let tokens = tokens(text);
    (0..tokens.len()).find_map(|at| {
        let (day, mut end) = day(&tokens[at..])?;
        end += at;
        let last = tokens[end - 1].end();
        let (when, end) = match time(&tokens[end..]) {
            Some((time, zone, used)) => match zone {
                Some(zone) => (format!("{day}T{time}{zone}"), tokens[end + used - 1].end()),
                None => (day.to_string(), tokens[end + used - 1].end()),
            },
            None => (day.to_string(), last),
        };
        let start = match at > 0
            && tokens[..at]
                .iter()
                .all(|t| t.is_weekday() || t.is_mark(",."))
        {
            true => tokens[0].start,
            false => tokens[at].start,
        };
        Some(DateMatch {
            when,
            range: start..end,
        })
    })
}

/// Finds a date at the beginning of a text, after a week day at most.
pub(super) fn at_start(text: &str) -> Option<DateMatch> {
    let start = text.len() - text.trim_start().len();
    find(text).filter(|found| found.range.start == start)
}

/// Returns the day or time alone, for fields that hold nothing else.
pub(crate) fn day_of(text: &str) -> Option<String> {
    find(text).map(|found| found.when)
}

/// `10:26`, `22:26:01`, as hours, minutes and seconds.
pub(super) fn time_of(text: &str) -> Option<String> {
    let tokens = tokens(text);
    let (time, _, used) = time(&tokens)?;
    (used == tokens.len()).then_some(time)
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut end = text.len().min(WITHIN);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut out = Vec::new();
    let mut chars = text[..end].char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if out.len() == TOKENS {
            break;
        }
        if c.is_whitespace() {
            continue;
        }
        let alike: fn(char) -> bool = if c.is_ascii_digit() {
            |c| c.is_ascii_digit()
        } else if c.is_alphabetic() {
            char::is_alphabetic
        } else {
            |_| false
        };
        let mut last = start + c.len_utf8();
        while let Some((at, next)) = chars.next_if(|(_, next)| alike(*next)) {
            last = at + next.len_utf8();
        }
        let text = &text[start..last];
        let kind = if c.is_ascii_digit() {
            Kind::Number(text.parse().unwrap_or(u32::MAX), text.len())
        } else if c.is_alphabetic() {
            Kind::Word
        } else {
            Kind::Mark(c)
        };
        out.push(Token { kind, text, start });
    }
    out
}

/// Returns the day at the beginning of the tokens, and how many it takes.
fn day(tokens: &[Token<'_>]) -> Option<(NaiveDate, usize)> {
    numeric(tokens)
        .or_else(|| eastern(tokens))
        .or_else(|| month_first(tokens))
        .or_else(|| day_first(tokens))
}

/// `2018-10-07`, `07.10.2018`, `27/10/2018`, `20181007`.
fn numeric(tokens: &[Token<'_>]) -> Option<(NaiveDate, usize)> {
    let first = tokens.first()?;
    if let Kind::Number(value, 8) = first.kind {
        let year = i32::try_from(value / 10_000).ok()?;
        let date = NaiveDate::from_ymd_opt(year, value / 100 % 100, value % 100)?;
        return (1700..=2100).contains(&year).then_some((date, 1));
    }
    let mark = tokens.get(1).filter(|mark| mark.is_mark("-/."))?;
    let second = tokens.get(2)?.number()?;
    let third = tokens.get(4)?;
    if tokens.get(3)?.text != mark.text {
        return None;
    }
    let date = match (first.year(), third.year()) {
        (Some(year), _) => NaiveDate::from_ymd_opt(year, second, third.number()?),
        // With slashes, nobody knows which is the month unless one cannot be.
        (None, Some(year)) if mark.text != "/" || first.number()? > 12 => {
            NaiveDate::from_ymd_opt(year, second, first.number()?)
        }
        (None, Some(year)) if second > 12 => NaiveDate::from_ymd_opt(year, first.number()?, second),
        _ => None,
    };
    date.map(|date| (date, 5))
}

/// `2018年10月7日`, `2018년 10월 7일`.
fn eastern(tokens: &[Token<'_>]) -> Option<(NaiveDate, usize)> {
    let year = tokens.first()?.year()?;
    let unit = |at: usize, units: &[&str]| tokens.get(at).filter(|unit| unit.is_word(units));
    unit(1, &["年", "년"])?;
    unit(3, &["月", "월"])?;
    unit(5, &["日", "일"])?;
    let date = NaiveDate::from_ymd_opt(year, tokens[2].number()?, tokens[4].number()?)?;
    Some((date, 6))
}

/// `March 9, 2022`, `Mar. 9 2022`.
fn month_first(tokens: &[Token<'_>]) -> Option<(NaiveDate, usize)> {
    let month = tokens.first()?.month()?;
    let mut at = 1;
    at += usize::from(tokens.get(at)?.is_mark("."));
    let day = tokens.get(at)?.number().filter(|day| *day <= 31)?;
    at += 1;
    at += usize::from(tokens.get(at)?.is_word(&["st", "nd", "rd", "th"]));
    while tokens
        .get(at)
        .is_some_and(|token| token.is_mark(",.") || token.is_weekday())
    {
        at += 1;
    }
    let date = NaiveDate::from_ymd_opt(tokens.get(at)?.year()?, month, day)?;
    Some((date, at + 1))
}

/// `9 March 2022`, `9. März 2022`, `9 de marzo de 2022`, `9-Mar-2022`.
fn day_first(tokens: &[Token<'_>]) -> Option<(NaiveDate, usize)> {
    let filler = ["de", "del", "of", "er", "st", "nd", "rd", "th", "den"];
    let between = |at: &mut usize| {
        while tokens
            .get(*at)
            .is_some_and(|token| token.is_mark(",.-º°") || token.is_word(&filler))
        {
            *at += 1;
        }
    };
    let day = tokens.first()?.number().filter(|day| *day <= 31)?;
    let mut at = 1;
    between(&mut at);
    let month = tokens.get(at)?.month()?;
    at += 1;
    between(&mut at);
    let date = NaiveDate::from_ymd_opt(tokens.get(at)?.year()?, month, day)?;
    Some((date, at + 1))
}

/// Returns the time of the day after week days and commas, its zone's offset, and how many tokens.
fn time(tokens: &[Token<'_>]) -> Option<(String, Option<String>, usize)> {
    let mut at = 0;
    while tokens
        .get(at)
        .is_some_and(|token| token.is_mark(",.-()") || token.is_weekday())
    {
        at += 1;
    }
    let Some(mut hour) = tokens.get(at).and_then(Token::number).filter(|h| *h < 24) else {
        return weekdays_only(tokens, at);
    };
    let Some(minute) = tokens
        .get(at + 1)
        .filter(|mark| mark.is_mark(":.") || mark.is_word(&["h"]))
        .and_then(|_| tokens.get(at + 2))
        .filter(|minute| minute.text.len() == 2)
        .and_then(Token::number)
        .filter(|minute| *minute < 60)
    else {
        return weekdays_only(tokens, at);
    };
    at += 3;
    let mut second = 0;
    if tokens.get(at).is_some_and(|mark| mark.is_mark(":"))
        && let Some(found) = tokens
            .get(at + 1)
            .and_then(Token::number)
            .filter(|s| *s < 60)
    {
        second = found;
        at += 2;
    }
    if let Some(half) = tokens.get(at).map(|token| fold(token.text))
        && (half == "am" || half == "pm")
        && hour <= 12
    {
        hour = hour % 12 + if half == "pm" { 12 } else { 0 };
        at += 1;
    }
    at += usize::from(tokens.get(at).is_some_and(|t| t.is_word(&["uhr", "hrs"])));
    let zone = tokens
        .get(at)
        .and_then(|zone| LEXICON.zones.get(&fold(zone.text)));
    at += usize::from(zone.is_some());
    let zone = zone.map(|zone| match zone {
        "+00:00" => "Z".to_owned(),
        zone => zone.to_owned(),
    });
    Some((format!("{hour:02}:{minute:02}:{second:02}"), zone, at))
}

/// No time of the day, but a week day that belongs to the date. (`time` says so with no zone.)
fn weekdays_only(tokens: &[Token<'_>], at: usize) -> Option<(String, Option<String>, usize)> {
    let days = tokens[..at].iter().rposition(Token::is_weekday)?;
    Some((String::new(), None, days + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_each_locale_writes_them() {
        for (text, when, rest) in [
            (
                "December 30, 2008 Tuesday 6:10 PM  EST",
                "2008-12-30T18:10:00-05:00",
                "",
            ),
            (
                "July 1, 2019 Monday 9:20 AM GMT",
                "2019-07-01T09:20:00Z",
                "",
            ),
            (
                "May 2, 2002, Thursday,, FINAL EDITION",
                "2002-05-02",
                ",, FINAL EDITION",
            ),
            ("Sunday, March 3, 1991", "1991-03-03", ""),
            ("24. September 2002", "2002-09-24", ""),
            ("Montag 3. Februar 2014", "2014-02-03", ""),
            ("mardi 12 mars 2013", "2013-03-12", ""),
            ("3 de enero de 2014 viernes", "2014-01-03", ""),
            ("12 April 2013 Tuesday", "2013-04-12", ""),
            ("02.04.2013", "2013-04-02", ""),
            ("27/10/2013", "2013-10-27", ""),
            ("20131027", "2013-10-27", ""),
            ("2022-03-10", "2022-03-10", ""),
            ("2018 年 10 月 7 日 17:04", "2018-10-07", ""),
            ("2018년 10월 7일", "2018-10-07", ""),
            ("9-Mar-2022", "2022-03-09", ""),
            ("Mar 9, 2022", "2022-03-09", ""),
        ] {
            let found = at_start(text).unwrap_or_else(|| panic!("no date in {text}"));
            assert_eq!(
                (&*found.when, &text[found.range.end..]),
                (when, rest),
                "{text}"
            );
        }
        for text in [
            "",
            "03/04/2013",
            "31 people",
            "May 2013",
            "31 February 2013",
            "1 of 10",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
        assert_eq!(time_of("11:21:59").as_deref(), Some("11:21:59"));
        assert_eq!(time_of("13"), None);
    }
}
