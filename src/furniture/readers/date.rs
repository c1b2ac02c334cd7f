//! Dates and times as newsrooms print them, in any of the lexicon's languages.

use crate::furniture::tokens::{Kind, Token, is_ideograph, tokens};
use crate::lexicon::LEXICON;
use crate::options::ParseOptions;
use crate::text::folded;
use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use std::borrow::Cow;
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
    /// Whether it lies after every day on which a story can have been published.
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

/// Finds the dates of a short line, and what else it holds.
pub(crate) fn read_dates(line: &str) -> DateLine {
    if may_have_date(line) {
        read_dates_of(line, &tokens(line))
    } else {
        DateLine::default()
    }
}

/// No date is printed without a figure.
fn may_have_date(line: &str) -> bool {
    line.bytes().any(|byte| byte.is_ascii_digit())
}

/// The same for a line that is cut already.
pub(crate) fn read_dates_of(line: &str, tokens: &[Token<'_>]) -> DateLine {
    if !may_have_date(line) {
        return DateLine::default();
    }
    let tokens = unglued(tokens);
    let is_american = tokens.iter().any(is_american_zone) || names_american_state(&tokens);
    let mut out = DateLine::default();
    let mut taken = vec![false; tokens.len()];
    let mut i = 0;
    while i < tokens.len() {
        let Some((mut found, next)) = date_at(&tokens, i) else {
            i += 1;
            continue;
        };
        taken[i..next].fill(true);
        let mut end = next;
        // The time stands behind the date, or before it.
        if found.time.is_none()
            && let Some((time, offset, at, after)) = (next..tokens.len().min(next + 6))
                .take_while(|k| {
                    date_at(&tokens, *k).is_none() && !is_date_word(&tokens[*k], "updated")
                })
                .find_map(|k| time_at(&tokens, k).map(|(t, o, a)| (t, o, k, a)))
        {
            found.time = Some(time);
            found.offset = offset;
            taken[at..after].fill(true);
            end = after;
        } else if found.time.is_none()
            && let Some((time, offset, at, after)) = (0..i)
                .rev()
                .take(8)
                .filter(|k| !taken[*k])
                .find_map(|k| time_at(&tokens, k).map(|(t, o, a)| (t, o, k, a)))
            && after <= i
            && at + 8 > i
        {
            // `4:55 PM` is found first as `55`: take the earliest start that reads.
            let (time, offset, at, after) = (at.saturating_sub(3)..at)
                .filter(|k| !taken[*k])
                .find_map(|k| {
                    time_at(&tokens, k)
                        .filter(|t| t.2 <= i)
                        .map(|(t, o, a)| (t, o, k, a))
                })
                .unwrap_or((time, offset, at, after));
            found.time = Some(time);
            found.offset = offset;
            taken[at..after].fill(true);
        }
        if is_american && found.day <= 12 && is_slashed(&tokens, i) {
            std::mem::swap(&mut found.day, &mut found.month);
        }
        match said_before(&tokens[..i]) {
            Some("published") => found.published = true,
            Some("received") => found.received = true,
            Some("updated") => found.updated = true,
            _ => {}
        }
        found.range.end = tokens[end - 1].end;
        out.dates.push(found);
        i = end;
    }
    if !out.dates.is_empty() {
        out.rest = rest(&tokens, &mut taken);
    }
    out
}

/// Whether a date of figures is `4/5/2025`, which Americans read in another order than others.
fn is_slashed(tokens: &[Token<'_>], at: usize) -> bool {
    let few = |at: usize| {
        tokens
            .get(at)
            .is_some_and(|token| token.kind == Kind::Number && token.text.len() <= 2)
    };
    few(at) && tokens.get(at + 1).is_some_and(|token| token.is('/')) && few(at + 2)
}

/// Whether a token names a time zone of the United States, and of nobody else.
fn is_american_zone(token: &Token<'_>) -> bool {
    matches!(
        token.text,
        "EST" | "EDT" | "CDT" | "MST" | "MDT" | "PST" | "PDT" | "ET" | "CT" | "PT"
    )
}

/// Whether the line names a state of the United States as a place's: `LANSING, Mich.`, `Boston, MA`.
fn names_american_state(tokens: &[Token<'_>]) -> bool {
    tokens.windows(2).any(|pair| {
        let shape = pair[1].text.starts_with(char::is_uppercase)
            && (pair[1].text.len() > 2 || pair[1].text.chars().all(char::is_uppercase));
        pair[0].is(',') && shape && LEXICON.us_states.has(&folded(pair[1].text))
    })
}

/// Pages copied as text glue words together: `readApril 25`, `CETActualizado`. Where the second
/// word
/// is one of a date line, the token is cut.
fn unglued<'a, 'line>(tokens: &'a [Token<'line>]) -> Cow<'a, [Token<'line>]> {
    if !tokens.iter().any(|token| glued_at(token).is_some()) {
        return Cow::Borrowed(tokens);
    }
    let mut out = Vec::with_capacity(tokens.len() + 1);
    for token in tokens {
        match glued_at(token) {
            Some(at) => {
                out.push(Token {
                    text: &token.text[..at],
                    end: token.start + at,
                    ..*token
                });
                out.push(Token {
                    text: &token.text[at..],
                    start: token.start + at,
                    ..*token
                });
            }
            None => out.push(*token),
        }
    }
    Cow::Owned(out)
}

/// Where the second of two words begins that a page has glued together.
fn glued_at(token: &Token<'_>) -> Option<usize> {
    // Most words have no capital inside.
    let may = token.kind == Kind::Word
        && token.text.len() > 4
        && token.text.bytes().skip(1).any(|b| !b.is_ascii_lowercase());
    let mut capitals = token
        .text
        .char_indices()
        .skip(1)
        .filter(|(_, c)| may && c.is_uppercase())
        .map(|(i, _)| i);
    capitals.find(|i| {
        let second = folded(&token.text[*i..]);
        (LEXICON.months.has(&second) || LEXICON.dates.has(&second)) && second.chars().count() > 2
    })
}

/// What the words right before a date say of it: the nearest that says anything, or a phrase that
/// ends there (`zuletzt geändert am`, `公開日：`).
fn said_before(tokens: &[Token<'_>]) -> Option<&'static str> {
    const WORDS_AT_MOST: usize = 4;
    let says = |value: &&'static str| *value != "filler";
    let near = tokens.len().saturating_sub(LONGEST_SPACELESS + 1);
    let is_mark = |token: &&Token<'_>| token.kind == Kind::Mark;
    let last = tokens.len() - tokens.iter().rev().take_while(is_mark).count();
    let phrase = (near..last)
        .filter_map(|from| LEXICON.dates.get(&joined(&tokens[from..last])))
        .find(says);
    phrase.or_else(|| {
        tokens
            .iter()
            .rev()
            .take(WORDS_AT_MOST)
            .filter(|token| token.kind == Kind::Word)
            .filter_map(|token| LEXICON.dates.get(&folded(token.text)))
            .find(says)
    })
}

/// Tokens as they stand in the line, spaces folded.
fn joined(tokens: &[Token<'_>]) -> String {
    let mut out = String::new();
    let mut end = tokens.first().map_or(0, |token| token.start);
    for token in tokens {
        if token.start > end {
            out.push(' ');
        }
        out.push_str(token.text);
        end = token.end;
    }
    folded(&out).into_owned()
}

fn is_date_word(token: &Token<'_>, value: &str) -> bool {
    token.kind == Kind::Word && LEXICON.dates.get(&folded(token.text)) == Some(value)
}

/// Whether a line holds words of a date line and figures, and nothing else: "3 minute read",
/// "2 hours ago", "Lesezeit: 2 Min.", "0:00".
pub(crate) fn is_only_date_words(text: &str, tokens: &[Token<'_>]) -> bool {
    is_only_date_words_or(text, tokens, |_| false)
}

/// The same with more words, folded, that may be among them.
pub(super) fn is_only_date_words_or(
    text: &str,
    tokens: &[Token<'_>],
    is_also: fn(&str) -> bool,
) -> bool {
    const TOKENS_AT_MOST: usize = 14;
    let phrase_at = |start: usize| LEXICON.dates.prefix(&folded(&text[start..])).map(|p| p.0);
    let is_known = |token: &Token<'_>| {
        let word = folded(token.text);
        LEXICON.dates.has(&word)
            || LEXICON.weekdays.has(&word)
            || LEXICON.zones.has(&word)
            || is_also(&word)
            || phrase_at(token.start).is_some()
            || tokens
                .iter()
                .take_while(|earlier| earlier.start < token.start)
                .any(|earlier| {
                    phrase_at(earlier.start).is_some_and(|len| earlier.start + len >= token.end)
                })
    };
    let mut words = tokens.iter().filter(|token| token.kind == Kind::Word);
    tokens.len() <= TOKENS_AT_MOST
        && words.clone().all(is_known)
        && (words.next().is_some() || tokens.iter().any(|token| token.is(':')))
}

/// The day that a web address names in its path: `/2024/04/30/`, `/2024-04-30-`, `/20240430/`.
pub(crate) fn in_address(url: &str) -> Option<(i32, u32, u32)> {
    let path = url.splitn(4, '/').nth(3)?;
    let tokens = tokens(path);
    (0..tokens.len()).find_map(|i| {
        let whole = tokens[i].text.len() == 8 && tokens[i].kind == Kind::Number;
        let (y, m, d) = if whole {
            let text = tokens[i].text;
            (
                text[..4].parse().ok()?,
                text[4..6].parse().ok()?,
                text[6..].parse().ok()?,
            )
        } else {
            let (found, _) = year_first(&tokens, i)?;
            (found.year?, found.month, found.day)
        };
        (1990..2100)
            .contains(&y)
            .then(|| NaiveDate::from_ymd_opt(y, m, d))
            .flatten()
            .map(|_| (y, m, d))
    })
}

/// Most tokens that a phrase of the date words has ("minutes read").
const LONGEST_PHRASE: usize = 4;

/// Most tokens of such a phrase in a script without spaces, of which each letter is a token.
const LONGEST_SPACELESS: usize = 6;

/// What is left of the line: runs of tokens that are no date and no filler, cut at separators.
fn rest(tokens: &[Token<'_>], taken: &mut [bool]) -> Vec<Range<usize>> {
    let words: Vec<_> = tokens.iter().map(|t| folded(t.text)).collect();
    let mut i = 0;
    while i < tokens.len() {
        let is_spaceless = tokens[i].text.starts_with(is_ideograph);
        let begins = !taken[i]
            && !is_part_of_name(tokens, i)
            && (is_spaceless
                || LEXICON.dates.begins(&words[i])
                || LEXICON.weekdays.begins(&words[i]));
        let most = if is_spaceless {
            LONGEST_SPACELESS
        } else {
            LONGEST_PHRASE
        };
        let longest = if begins {
            most.min(tokens.len() - i)
        } else {
            0
        };
        let phrase = (1..=longest).rev().find(|n| {
            let run = i..i + n;
            let phrase = if is_spaceless {
                words[run.clone()].concat()
            } else {
                words[run.clone()].join(" ")
            };
            !taken[run].contains(&true)
                && (LEXICON.dates.has(&phrase) || LEXICON.weekdays.has(&phrase))
        });
        let n = phrase.unwrap_or(1);
        let filler = taken[i] || phrase.is_some();
        taken[i..i + n].fill(filler);
        i += n;
    }
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    for (token, taken) in tokens.iter().zip(taken) {
        let separates = matches!(
            token.text,
            "|" | "•" | "·" | "/" | "—" | "–" | "(" | ")" | ":" | ";"
        );
        match out.last_mut() {
            _ if *taken || separates => open = false,
            Some(last) if open => last.end = token.end,
            _ if token.kind == Kind::Word => {
                out.push(token.start..token.end);
                open = true;
            }
            _ => {}
        }
    }
    out
}

/// `J.O. Lind`, `Loïc Le Clerc`: an initial, and a small word with a capital between two words with
/// capitals, belong to a name.
fn is_part_of_name(tokens: &[Token<'_>], at: usize) -> bool {
    let is_capital =
        |token: &Token<'_>| token.kind == Kind::Word && token.text.starts_with(char::is_uppercase);
    let token = &tokens[at];
    let next = tokens.get(at + 1);
    let letters = token.text.chars().count();
    let is_initial = letters == 1
        && next.is_some_and(|next| next.is('.') && next.start == token.end)
        && tokens.get(at + 2).is_some_and(is_capital);
    let is_particle = (2..=3).contains(&letters)
        && token.text.chars().any(char::is_lowercase)
        && at > 0
        && is_capital(&tokens[at - 1])
        && next.is_some_and(is_capital)
        && LEXICON.particles.has(&folded(token.text));
    is_capital(token) && (is_initial || is_particle)
}

/// A date that starts at token `i`: what it is, and the first token after it.
fn date_at(t: &[Token<'_>], i: usize) -> Option<(DateMatch, usize)> {
    year_first(t, i)
        .or_else(|| year_then_month(t, i))
        .or_else(|| era_year_first(t, i))
        .or_else(|| month_first_east_asian(t, i))
        .or_else(|| numeric(t, i))
        .or_else(|| day_month(t, i))
        .or_else(|| month_day(t, i))
}

fn found(
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

/// A four-digit year; more digits may stick to it where a page has glued its parts together.
fn year(token: Option<&Token<'_>>) -> Option<i32> {
    let token = token?;
    if token.kind != Kind::Number || token.text.len() < 4 {
        return None;
    }
    token.text[..4]
        .parse()
        .ok()
        .filter(|y| (1700..2200).contains(y))
}

fn exact_year(token: Option<&Token<'_>>) -> Option<i32> {
    year(token).filter(|_| token.is_some_and(|t| t.text.len() == 4))
}

fn month(token: Option<&Token<'_>>) -> Option<u32> {
    let token = token?;
    if token.kind != Kind::Word || token.text.len() > 40 {
        return None;
    }
    LEXICON.months.get(&folded(token.text))?.parse().ok()
}

fn in_range(token: Option<&Token<'_>>, high: u32) -> Option<u32> {
    let token = token?;
    (token.text.len() <= 2)
        .then(|| token.number())?
        .filter(|n| (1..=high).contains(n))
}

/// `2025-01-13`, `2025/1/13`, `2025.01.13`, `2025年1月13日`, `2025년 1월 13일`, with an ISO time behind
/// it.
fn year_first(t: &[Token<'_>], i: usize) -> Option<(DateMatch, usize)> {
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
fn year_then_month(t: &[Token<'_>], i: usize) -> Option<(DateMatch, usize)> {
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
fn era_year_first(t: &[Token<'_>], i: usize) -> Option<(DateMatch, usize)> {
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
fn month_first_east_asian(t: &[Token<'_>], i: usize) -> Option<(DateMatch, usize)> {
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
fn numeric(t: &[Token<'_>], i: usize) -> Option<(DateMatch, usize)> {
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
const fn century(year: i32) -> i32 {
    if 2000 + year > LATEST_YEAR {
        1900 + year
    } else {
        2000 + year
    }
}

/// `21 November 2020`, `21. Mai 2026`, `1er mai 2024`, `2 de enero de 2025`, `Feb` behind `26`.
fn day_month(t: &[Token<'_>], i: usize) -> Option<(DateMatch, usize)> {
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
fn month_day(t: &[Token<'_>], i: usize) -> Option<(DateMatch, usize)> {
    // Nothing but a day follows, perhaps behind a full stop: most words need no look into the list
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

/// `16:05`, `4.34pm`, `14h05`, `9 am`, `21時37分`, with the zone behind it.
fn time_at(t: &[Token<'_>], i: usize) -> Option<(NaiveTime, Option<FixedOffset>, usize)> {
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
fn half_day(t: &[Token<'_>], at: usize) -> Option<(u32, usize)> {
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
fn zone_at(t: &[Token<'_>], at: usize) -> (Option<FixedOffset>, usize) {
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
    // A bare `-4` behind a time is a range or a score; a zone needs its name or four digits.
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
fn offset(text: &'static str) -> Option<i32> {
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
    Some(if text.starts_with('-') {
        -seconds
    } else {
        seconds
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(line: &str) -> String {
        let options = ParseOptions::default();
        read_dates(line).dates.first().map_or_else(
            || "-".into(),
            |d| d.rfc3339(&options).unwrap_or_else(|| d.edtf(&options)),
        )
    }

    #[test]
    fn dates_in_many_shapes() {
        for (line, want) in [
            ("November 21, 2020", "2020-11-21"),
            ("12:20pm Jan 7, 2024", "2024-01-07"),
            ("Published Jun 05, 2026 • 3 minute read", "2026-06-05"),
            ("21.11.2020", "2020-11-21"),
            ("16.05.2024, 11:26 Uhr  • Lesezeit: 5 Minuten", "2024-05-16"),
            (
                "2024-02-14T16:15:30Z",
                "2024-02-14T16:15:30Z".replace(":30Z", ":00Z").as_str(),
            ),
            ("April 26, 2023 2:20pm EDT", "2023-04-26T14:20:00-04:00"),
            (
                "2 minute readApril 25, 20232:26 PM GMT+2Last Updated 9 min ago",
                "2023-04-25",
            ),
            ("Publié le 3 mai 2024 à 14h05", "2024-05-03"),
            ("2025年1月13日 21時37分", "2025-01-13"),
            ("Feb 26", "XXXX-02-26"),
            ("25.4.24", "2024-04-25"),
            ("09/04/87", "1987-04-09"),
            ("31.12.30", "2030-12-31"),
            ("31.12.31", "1931-12-31"),
            ("11/21/2020", "2020-11-21"),
            ("04/05/2025", "2025-05-04"),
            ("04/05/2025 at 6:12 p.m. PDT", "2025-04-05T18:12:00-07:00"),
            ("412 PM EST WED NOV 3 2021", "2021-11-03T16:12:00-05:00"),
            ("3 พฤศจิกายน 2564", "2021-11-03"),
            ("11月3日", "XXXX-11-03"),
            ("17:41 JST, October 13, 2024", "2024-10-13T17:41:00+09:00"),
            ("2024. május 3., péntek", "2024-05-03"),
            ("2024 m. gegužės 3 d.", "2024-05-03"),
            ("2024. gada 3. maijs", "2024-05-03"),
            ("3 de maig de 2024", "2024-05-03"),
            ("3 d'abril de 2024", "2024-04-03"),
            ("3. mája 2024", "2024-05-03"),
            ("3 tháng 5, 2024", "2024-05-03"),
            ("3 במאי 2024", "2024-05-03"),
            ("3-May-24", "2024-05-03"),
            ("令和6年5月3日", "2024-05-03"),
            ("民國113年5月3日", "2024-05-03"),
            (
                "Fri, 03 May 2024 10:15:00 +0200",
                "2024-05-03T10:15:00+02:00",
            ),
            ("LANSING, Mich., 05/03/2024", "2024-05-03"),
            ("Boston, MA 05/03/2024", "2024-05-03"),
            ("Leeds, GB 05/03/2024", "2024-03-05"),
            ("3 hours ago", "-"),
            ("hace 3 horas", "-"),
            ("Gestern um 10:15", "-"),
            ("no date here", "-"),
            ("31 February 2020", "-"),
        ] {
            assert_eq!(first(line), want, "{line}");
        }
    }

    #[test]
    fn an_update_is_told_apart() {
        let line = read_dates("15 oct 2024 - 08:22Actualizado: 15 oct 2024 - 17:38CEST");
        assert_eq!(
            line.dates.iter().map(|d| d.updated).collect::<Vec<_>>(),
            [false, true]
        );
        assert!(line.rest.is_empty());
    }

    #[test]
    fn a_date_is_what_the_words_before_it_say() {
        for (line, published, updated, received) in [
            ("公開日：2024年5月3日", true, false, false),
            ("更新日：2024/05/03", false, true, false),
            ("發布時間 2024-05-03 10:15", true, false, false),
            ("Zuletzt geändert am 3. Mai 2024", false, true, false),
            ("Dernière mise à jour le 3 mai 2024", false, true, false),
            ("Última modificación: 3 de mayo de 2024", false, true, false),
            ("Received 3 May 2024", false, false, true),
            ("Date posted: May 3, 2024", true, false, false),
            ("3 May 2024", false, false, false),
        ] {
            let dates = read_dates(line).dates;
            let date = dates.first().unwrap_or_else(|| panic!("{line}: nothing"));
            assert_eq!(
                (date.published, date.updated, date.received),
                (published, updated, received),
                "{line}"
            );
        }
    }

    #[test]
    fn initials_and_particles_of_names_are_kept() {
        for (line, name) in [
            ("by J.O. Lind  Apr. 26, 2022", "by J.O. Lind"),
            ("Par Nora Le Clerc | 30 septembre 2018", "Par Nora Le Clerc"),
        ] {
            let rest = read_dates(line).rest;
            assert_eq!(&line[rest[0].clone()], name);
        }
    }

    #[test]
    fn what_is_left_is_kept() {
        let text = "By Madeleine Howell     30 August 2023 • 4:45pm";
        let line = read_dates(text);
        assert_eq!(
            line.rest
                .iter()
                .map(|r| &text[r.clone()])
                .collect::<Vec<_>>(),
            ["By Madeleine Howell"]
        );
    }
}
