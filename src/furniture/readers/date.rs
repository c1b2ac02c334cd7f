//! Dates and times as newsrooms print them, in any of the lexicon's languages.

use super::date_forms::{date_at, year_first};
use super::date_reading::DateLine;
use super::date_words::{is_american_zone, is_date_word, names_american_state, rest, said_before};
use super::time_of_day::time_at;
use crate::furniture::tokens::{Kind, Token, tokens};
use crate::lexicon::LEXICON;
use crate::text::folded;
use chrono::NaiveDate;
use std::borrow::Cow;

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

/// Finds the dates of a line that is cut already.
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
        // The time stands after the date, or before it.
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

/// Returns whether a date of figures is `4/5/2025`, which Americans read in another order than
/// others.
fn is_slashed(tokens: &[Token<'_>], at: usize) -> bool {
    let few = |at: usize| {
        tokens
            .get(at)
            .is_some_and(|token| token.kind == Kind::Number && token.text.len() <= 2)
    };
    few(at) && tokens.get(at + 1).is_some_and(|token| token.is('/')) && few(at + 2)
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

/// Returns where the second of two words begins that a page has glued together.
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

/// Returns the day that a web address names in its path: `/2024/04/30/`, `/2024-04-30-`,
/// `/20240430/`.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::ParseOptions;

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
