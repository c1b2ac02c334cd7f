//! Datelines: `SALVADOR, Feb 26 -`, `ST. LOUIS, Mo., March 3 (AP) --`, `Berlin (dpa) -`, `(AFP)`.
//!
//! After the AP and Reuters style books: place in capitals, state or country where the place is
//! not known by itself, date (Reuters, AFP and old AP), agency in parentheses, dash.

use super::date::{DateMatch, read_dates};
use crate::lexicon::LEXICON;
use crate::text::{boundary, fold};
use std::ops::Range;

/// A dateline never runs longer than this, in bytes.
const LONGEST: usize = 160;

/// A dateline at the start of a text.
#[derive(Clone, Debug, Default)]
pub struct DatelineReading {
    /// From the text's start to the place's end, agency and dash included.
    pub range: Range<usize>,
    /// Where the story begins behind it.
    pub body: usize,
    /// Place, as printed.
    pub place: Option<String>,
    /// State, province or country, as printed.
    pub region: Option<String>,
    /// The date.
    pub date: Option<DateMatch>,
    /// The agency, normalised where it is known.
    pub agency: Option<String>,
    /// How sure it is, 0 to 1.
    pub sure: f32,
}

/// Reads the dateline that `text` begins with, if it begins with one.
pub fn read_dateline(text: &str) -> Option<DatelineReading> {
    let window = boundary(text, LONGEST);
    let head = &text[..window];
    // A flash keeps its stars when it grows to a story.
    let stars = head.len() - head.trim_start_matches('*').len();
    let first = head[stars..].chars().next()?;
    if !(first.is_alphabetic() || first == '(') {
        return None;
    }
    let (paren, dash) = marks(head);
    let end = match (&paren, &dash) {
        (Some(p), Some(d)) if p.start < d.start => p.start,
        (_, Some(d)) => d.start,
        // `Berlin (dpa) Die` and a line of its own have no dash.
        (Some(p), None) => p.start,
        (None, None) if window == text.len() => window,
        (None, None) => return None,
    };
    let before = head[stars.min(end)..end].trim_end_matches([' ', ',', ':', ';']);
    let mut out = DatelineReading::default();
    let agency = paren
        .as_ref()
        .filter(|p| dash.as_ref().is_none_or(|d| p.start < d.start))
        .map(|p| &head[p.start + 1..p.end - 1]);
    if let Some(inside) = agency {
        out.agency = Some(agency_in(inside)?);
    }
    let body = match (&dash, &paren) {
        (Some(d), _) => d.end,
        (None, Some(p)) if out.agency.is_some() => p.end,
        _ => window,
    };
    // Only one thing may stand between agency and dash.
    if let (Some(p), Some(d)) = (&paren, &dash)
        && p.start < d.start
        && !head[p.end..d.start]
            .trim_matches([' ', ',', ':'])
            .is_empty()
    {
        let dates = read_dates(&head[p.end..d.start]);
        out.date = Some(dates.dates.first()?.clone());
    }
    if !before.is_empty() {
        place_and_date(before, &mut out)?;
    } else if out.agency.is_none() {
        return None;
    }
    let spaced_dash = dash.as_ref().map(|d| &head[d.clone()]);
    out.sure = sureness(
        &out,
        before,
        spaced_dash,
        body == window && window == text.len(),
        text[body..].trim_start(),
    );
    out.body = body + text[body..].len() - text[body..].trim_start().len();
    out.range = 0..body.min(text.len());
    out.range.end = text[..out.range.end].trim_end().len();
    (out.sure > 0.0).then_some(out)
}

/// The first parenthesis pair and the first dash that stands apart.
fn marks(head: &str) -> (Option<Range<usize>>, Option<Range<usize>>) {
    let (mut paren, mut dash) = (None, None);
    for (i, c) in head.char_indices() {
        match c {
            '(' if paren.is_none() => {
                let close = head[i..].find(')').map(|n| i + n + 1);
                paren = close.map(|close| i..close);
            }
            '-' | '–' | '—' | '―' | '_' | '−' => {
                if paren
                    .as_ref()
                    .is_some_and(|p: &Range<usize>| p.contains(&i))
                {
                    continue;
                }
                let run = head[i..]
                    .chars()
                    .take_while(|d| matches!(d, '-' | '–' | '—' | '―' | '_' | '−'))
                    .map(char::len_utf8)
                    .sum::<usize>();
                let before = head[..i].chars().next_back();
                let after = head[i + run..].chars().next();
                let digit_side = before.is_some_and(|c| c.is_ascii_digit())
                    && after.is_some_and(char::is_whitespace);
                // `March 5 -President`: the typist forgot a space.
                let tight = before == Some(' ')
                    && after.is_some_and(char::is_uppercase)
                    && head[..i].trim_end().ends_with(|c: char| c.is_ascii_digit());
                let apart = before.is_some_and(char::is_whitespace)
                    || before == Some(')')
                    || digit_side
                    || run > 1
                    || c == '—';
                let open = tight
                    || after.is_none_or(char::is_whitespace)
                    || run > 1
                    || c == '—'
                    || before == Some(')');
                if apart && open {
                    dash = Some(i..i + run);
                    break;
                }
            }
            '.' | '!' | '?' => {
                // A sentence's end: nothing behind it belongs to a dateline. `St.`, `Mo.`, `Feb.` and `U.S.` are no ends.
                let word = head[..i]
                    .rsplit(|c: char| !c.is_alphabetic())
                    .next()
                    .unwrap_or("");
                if c != '.' || word.chars().count() > 5 {
                    break;
                }
            }
            '"' | '“' | '„' | '«' | '\n' => break,
            _ => {}
        }
    }
    (paren, dash)
}

/// `AP`, `Reuters - Economy`, `dpo`: one to three words, the agency first.
fn agency_in(inside: &str) -> Option<String> {
    let inside = inside.trim();
    let folded = fold(inside);
    if let Some((_, name)) = LEXICON.agencies.prefix(&folded) {
        return Some(name.to_owned());
    }
    let short = (2..=12).contains(&inside.len())
        && !inside.contains(' ')
        && inside.chars().all(|c| c.is_alphabetic() || c == '-');
    let slashed = inside.contains('/') && inside.len() <= 24 && !inside.contains(' ');
    (short || slashed).then(|| inside.to_owned())
}

/// Splits `ST. LOUIS, Mo., March 3` into its parts.
fn place_and_date(before: &str, out: &mut DatelineReading) -> Option<()> {
    let dates = read_dates(before);
    let mut place = before;
    if let Some(found) = dates.dates.first() {
        // Behind the date, only a year, a time or an agency may follow.
        let behind = before[found.range.end..].trim_matches([' ', ',', '.', ';']);
        if !behind.is_empty() {
            match LEXICON.agencies.get(&fold(behind)) {
                Some(agency) => out.agency = Some(agency.to_owned()),
                None if behind.chars().any(char::is_alphabetic)
                    && dates.rest.iter().any(|r| r.start >= found.range.end) =>
                {
                    return None;
                }
                None => {}
            }
        }
        place = before[..found.range.start].trim_end_matches([' ', ',', '-', '–', '—']);
        out.date = Some(found.clone());
    }
    let place = place.trim();
    if place.is_empty() {
        // A date alone is a date line, which has its own label.
        return out.agency.is_some().then_some(());
    }
    // Wires that filed in small letters printed the date all the same.
    if place.starts_with(char::is_lowercase)
        && (out.date.is_none() || place.split_whitespace().count() > 3)
    {
        return None;
    }
    let mut parts = place.splitn(2, ',').map(str::trim);
    let city = parts.next().unwrap_or("");
    let region = parts.next().unwrap_or("").trim_matches([',', ' ']);
    if !is_place(city) || !region.is_empty() && !is_region(region) {
        return None;
    }
    out.place = Some(city.to_owned());
    out.region = (!region.is_empty()).then(|| region.to_owned());
    Some(())
}

/// One to six words with capitals; particles and slashes may stand between.
fn is_place(text: &str) -> bool {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c == '/' || c == '-')
        .filter(|w| !w.is_empty())
        .collect();
    if words.is_empty() || words.len() > 7 || text.contains(['"', '“', ':', ';', '?', '!', '<']) {
        return false;
    }
    if text.starts_with(char::is_lowercase) {
        return words
            .iter()
            .all(|w| w.chars().all(char::is_alphabetic) && !LEXICON.function_words.has(w));
    }
    let capital = |w: &str| {
        w.trim_start_matches(['\'', '’'])
            .chars()
            .next()
            .is_some_and(|c| c.is_uppercase() || c.is_alphabetic() && !c.is_lowercase())
    };
    capital(words[0])
        && words.iter().enumerate().all(|(i, word)| {
            capital(word)
                || i > 0 && word.chars().all(char::is_lowercase) && words.len() == 2
                || i > 0
                    && (LEXICON.particles.has(&fold(word))
                        || matches!(
                            &*fold(word),
                            "of" | "the"
                                | "and"
                                | "upon"
                                | "on"
                                | "sur"
                                | "am"
                                | "an"
                                | "bei"
                                | "do"
                                | "in"
                        ))
        })
}

fn is_region(text: &str) -> bool {
    text.len() <= 60
        && text
            .split(',')
            .all(|part| is_place(part.trim().trim_end_matches('.')))
}

fn is_capitals(text: &str) -> bool {
    text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)
}

fn sureness(
    read: &DatelineReading,
    before: &str,
    dash: Option<&str>,
    whole: bool,
    body: &str,
) -> f32 {
    let place = read.place.as_deref().unwrap_or("");
    // `McALLEN`, `TAUPO`: the city in capitals, whatever the region's case.
    let shouted = is_capitals(place)
        || place.len() > 3 && place.starts_with("Mc") && is_capitals(&place[2..]);
    let known_agency = read
        .agency
        .as_deref()
        .is_some_and(|a| LEXICON.agencies.has(&fold(a)));
    let mut sure: f32 = 0.0;
    sure += if shouted { 0.35 } else { 0.0 };
    sure += if read.date.is_some() { 0.35 } else { 0.0 };
    sure += if known_agency {
        0.5
    } else if read.agency.is_some() {
        0.25
    } else {
        0.0
    };
    sure += match dash {
        Some("—" | "–" | "--" | "_") => 0.3,
        Some(_) => 0.2,
        None => -0.2,
    };
    if before.is_empty() {
        sure -= 0.1;
    }
    let words = place.split_whitespace().count();
    if !shouted && read.date.is_none() && read.agency.is_none() {
        // `München/London – Kurz vor …`: the dash has to be an en or em dash, the place short.
        sure += if place.contains('/') { 0.2 } else { 0.0 };
        sure -= if words > 2 || matches!(dash, Some("-")) {
            0.3
        } else {
            0.05
        };
        if whole {
            return 0.0;
        }
    }
    let shouting = body.chars().take(60).any(char::is_uppercase)
        && !body.chars().take(60).any(char::is_lowercase);
    if shouting && read.date.is_none() && read.agency.is_none() {
        return 0.0;
    }
    if words > 4 && read.date.is_none() && read.agency.is_none() {
        return 0.0;
    }
    // What follows begins a sentence.
    if !whole && body.chars().next().is_some_and(char::is_lowercase) {
        sure -= if read.date.is_some() || known_agency {
            0.1
        } else {
            0.4
        };
    }
    if whole && dash.is_none() && read.agency.is_none() {
        sure -= if words > 3 || !shouted { 0.6 } else { 0.1 };
    }
    sure.clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datelines_in_many_shapes() {
        for (text, place, region, agency, body) in [
            (
                "SALVADOR, Feb 26 - Rain fell",
                "SALVADOR",
                "",
                "",
                "Rain fell",
            ),
            (
                "ST. LOUIS, Mo., March 3 (AP) -- Rain fell",
                "ST. LOUIS",
                "Mo.",
                "AP",
                "Rain fell",
            ),
            (
                "WASHINGTON/LONDON (Reuters) - Rain",
                "WASHINGTON/LONDON",
                "",
                "Reuters",
                "Rain",
            ),
            ("PARIS — Rain", "PARIS", "", "", "Rain"),
            ("Berlin (dpa) - Regen", "Berlin", "", "dpa", "Regen"),
            ("(AFP) - Rain", "", "", "AFP", "Rain"),
            (
                "TAUPO, New Zealand, March 24 - Rain",
                "TAUPO",
                "New Zealand",
                "",
                "Rain",
            ),
            (
                "BUENOS AIRES, Argentina (AP) _ For",
                "BUENOS AIRES",
                "Argentina",
                "AP",
                "For",
            ),
            ("AKRON, Ohio, OCt 20 -", "AKRON", "Ohio", "", ""),
            (
                "München/London – Kurz vor",
                "München/London",
                "",
                "",
                "Kurz vor",
            ),
            (
                "RIO DE JANEIRO, APRIL 7 - Brokers",
                "RIO DE JANEIRO",
                "",
                "",
                "Brokers",
            ),
            (
                "MOSCOW, 3 March (TASS) — Rain",
                "MOSCOW",
                "",
                "TASS",
                "Rain",
            ),
        ] {
            let read = read_dateline(text).unwrap_or_else(|| panic!("{text}: nothing"));
            assert_eq!(read.place.as_deref().unwrap_or(""), place, "{text}");
            assert_eq!(read.region.as_deref().unwrap_or(""), region, "{text}");
            assert_eq!(read.agency.as_deref().unwrap_or(""), agency, "{text}");
            assert_eq!(&text[read.body..], body, "{text}");
            assert!(read.sure >= 0.4, "{text}: {}", read.sure);
        }
    }

    #[test]
    fn other_beginnings() {
        for text in [
            "The minister - a lawyer - said no.",
            "Rain fell on Monday, and more is to come.",
            "\"No,\" he said - and left.",
            "Anna Lee (41) lives here.",
            "In March 1987 - a cold month - it snowed.",
        ] {
            assert!(
                read_dateline(text).is_none_or(|r| r.sure < 0.4),
                "{text}: {:?}",
                read_dateline(text)
            );
        }
    }
}
