//! Datelines: `SALVADOR, Feb 26 -`, `ST. LOUIS, Mo., March 3 (AP) --`, `Berlin (dpa) -`, `(AFP)`.
//!
//! After the AP and Reuters style books: place in capitals, state or country where the place is
//! not known by itself, date (Reuters, AFP and old AP), agency in parentheses, dash.

use super::date::read_dates;
use super::dateline_reading::DatelineReading;
use super::east_asian;
use super::name::{is_site, likeness};
use crate::lexicon::LEXICON;
use crate::text::{boundary, fold};
use std::ops::Range;

/// A dateline never runs longer than this, in bytes.
const LONGEST: usize = 160;

/// A dateline that is less sure is none.
pub(crate) const SURE_ENOUGH: f32 = 0.4;

/// Reads the dateline that `text` begins with, if it begins with one.
pub(crate) fn read_dateline(text: &str) -> Option<DatelineReading> {
    let sure = |reading: &DatelineReading| reading.sure >= SURE_ENOUGH;
    east_asian::read_dateline(text)
        .or_else(|| read_with_dash(text).filter(sure))
        .or_else(|| read_with_colon(text))
        .or_else(|| read_with_stops(text))
}

/// `NEW DELHI: The repairs`, `CHENNAI, JULY 8: The board`: datelines of South Asia and of radio
/// wires.
fn read_with_colon(text: &str) -> Option<DatelineReading> {
    const PLACE_AT_MOST: usize = 60;
    const BODY_AT_LEAST: usize = 40;
    let colon = text[..boundary(text, PLACE_AT_MOST)].find(':')?;
    let body = text[colon + 1..].strip_prefix(' ')?.trim_start();
    let begins = body.starts_with(|c: char| c.is_uppercase() || matches!(c, '"' | '“' | '‘'));
    if !begins || body.len() < BODY_AT_LEAST {
        return None;
    }
    let mut out = DatelineReading::default();
    place_and_date(&text[..colon], &mut out)?;
    let place = out.place.as_deref()?;
    let letters = place.chars().filter(|c| c.is_alphabetic()).count();
    let words = place.split_whitespace().count();
    if !is_capitals(place) || letters < 3 || words > 3 || is_no_place(place) {
        return None;
    }
    out.range = 0..colon + 1;
    out.body = text.len() - body.len();
    out.by_colon = true;
    out.sure = if out.date.is_some() { 0.8 } else { 0.5 };
    Some(out)
}

/// `Oslo. November 3. TASS - Rain fell`, `Осло. 3 ноября. ТАСС. Дождь`: three short sentences.
fn read_with_stops(text: &str) -> Option<DatelineReading> {
    const LONGEST_PLACE: usize = 60;
    const LONGEST_AGENCY: usize = 40;
    let head = &text[..boundary(text, LONGEST)];
    // Nearly every paragraph comes here: no more of it is looked at than a place may have.
    let bytes = head.as_bytes();
    let stop = memchr::memchr_iter(b'.', &bytes[..bytes.len().min(LONGEST_PLACE)])
        .find(|stop| bytes.get(stop + 1) == Some(&b' '))?;
    let (place, rest) = (&head[..stop], &head[stop + 2..]);
    let (day, rest) = rest.split_once(". ")?;
    let dates = read_dates(day);
    let date = dates.dates.first()?;
    if !is_place(place) || place.split(' ').count() > 3 || date.range != (0..day.len()) {
        return None;
    }
    let window = &rest[..boundary(rest, LONGEST_AGENCY)];
    let (end, mark) = [". ", " - ", " — ", " – ", ": "]
        .iter()
        .filter_map(|mark| Some((window.find(mark)?, mark.len())))
        .min()?;
    let name = window[..end].trim_matches(['/', ' ']);
    let known = LEXICON.agencies.get(&fold(name));
    if known.is_none() && !is_site(name) {
        return None;
    }
    let body = head.len() - rest.len() + end + mark;
    Some(DatelineReading {
        place: Some(place.to_owned()),
        date: Some(date.clone()),
        agency: Some(known.unwrap_or(name).to_owned()),
        range: 0..text[..body].trim_end().len(),
        body: body + text[body..].len() - text[body..].trim_start().len(),
        sure: 0.9,
        ..DatelineReading::default()
    })
}

/// `NOTE:`, `SMITH:`, `JOURNALIST:`, `CORRECTION:`: what else stands in capitals before a colon.
fn is_no_place(text: &str) -> bool {
    let folded = fold(text);
    text.contains(['\'', '’', '(', '/'])
        || LEXICON.by_words.has(&folded)
        || LEXICON.dates.has(&folded)
        || LEXICON.credits_begin(&folded)
        || [
            &LEXICON.versions,
            &LEXICON.notes,
            &LEXICON.related,
            &LEXICON.navigation,
            &LEXICON.roles,
            &LEXICON.tail,
            &LEXICON.documents,
        ]
        .iter()
        .any(|list| list.has(&folded))
        || folded.split(' ').any(|word| {
            LEXICON.people.has(word)
                || LEXICON.function_words.has(word)
                || LEXICON.honorifics.has(word)
                || LEXICON.is_given_name(word)
        })
}

fn read_with_dash(text: &str) -> Option<DatelineReading> {
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
    let before =
        head[stars.min(end)..end].trim_end_matches([' ', ',', ':', ';', '-', '–', '—', '_']);
    // `OSLO, November 3. /TASS/.`, but `SPRINGFIELD, Mass. --`.
    let before = match before.strip_suffix('.') {
        Some(stem) if stem.ends_with(|c: char| c.is_ascii_digit()) => stem,
        _ => before,
    };
    let mut out = DatelineReading::default();
    let agency = paren
        .as_ref()
        .filter(|p| dash.as_ref().is_none_or(|d| p.start < d.start))
        .map(|p| &head[p.start + 1..p.end - 1]);
    if let Some(inside) = agency {
        let dates = read_dates(inside);
        out.date = dates.dates.first().cloned();
        // `GENEVA (3 March 2024) –`.
        let is_date = out
            .date
            .as_ref()
            .is_some_and(|date| date.range == (0..inside.len()));
        if !is_date {
            out.agency = Some(agency_in(inside)?);
        }
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
    let mut body = body;
    let mut joint = dash.as_ref().map(|d| &head[d.clone()]);
    if dash.is_none() && out.agency.is_some() {
        // `Madrid, 3 may (EFE).- La`, `Oslo (NTB): Regn`.
        let marks = ['.', ':', '-', '–', '—'];
        let after = body + text[body..].len() - text[body..].trim_start_matches(marks).len();
        joint = text[body..after]
            .contains([':', '-', '–', '—'])
            .then_some(":");
        body = after;
    }
    body = after_agency(text, body, &mut out);
    out.sure = sureness(
        &out,
        before,
        joint,
        body == window && window == text.len(),
        text[body..].trim_start(),
    );
    out.body = body + text[body..].len() - text[body..].trim_start().len();
    out.range = 0..body.min(text.len());
    out.range.end = text[..out.range.end].trim_end().len();
    (out.sure > 0.0).then_some(out)
}

/// Returns what may stand between the agency or the first dash and the story: a date, an agency, a
/// name, the place. Returns where the story begins.
fn after_agency(text: &str, body: usize, out: &mut DatelineReading) -> usize {
    let mut body = body;
    if out.place.is_none() && out.date.is_none() {
        body = place_after_agency(text, body, out).unwrap_or(body);
    }
    if out.date.is_none() {
        body = date_after_dash(text, body, out).unwrap_or(body);
    }
    if out.agency.is_none() && out.date.is_some() {
        body = agency_after_date(text, body, out).unwrap_or(body);
    }
    if out.agency.is_some() && out.authors.is_empty() {
        body = name_after_dash(text, body, out).unwrap_or(body);
    }
    body
}

/// `(ANSA) - ROMA, 03 MAG - La`: the place and the date of the second dateline.
fn place_after_agency(text: &str, body: usize, out: &mut DatelineReading) -> Option<usize> {
    let rest = text[body..].trim_start();
    if rest.starts_with('(') || !rest.starts_with(char::is_uppercase) {
        return None;
    }
    let inner = read_with_dash(rest).filter(|inner| inner.agency.is_none())?;
    let is_sure = inner.place.is_some() && inner.date.is_some() && inner.body < rest.len();
    (out.agency.is_some() && is_sure).then(|| {
        out.place = inner.place;
        out.region = inner.region;
        out.date = inner.date;
        text.len() - rest.len() + inner.body
    })
}

/// Reads the date of `LISBON - March 4, 2024 - Dockers`, `CAIRO - 4 March 2024: Dockers`,
/// `/ ACCESSWIRE / March 4, 2024 / Dockers`: where the story begins after it.
fn date_after_dash(text: &str, body: usize, out: &mut DatelineReading) -> Option<usize> {
    const LONGEST_DATE: usize = 40;
    let rest = &text[body..];
    let window = &rest[..boundary(rest, LONGEST_DATE)];
    let dates = read_dates(window);
    let date = dates.dates.first()?;
    let after = &window[date.range.end..];
    let marks: &[char] = &[' ', ',', '.', '-', '–', '—', '/', ':'];
    let story = after.trim_start_matches(marks);
    let joint = &after[..after.len() - story.len()];
    let is_joint = joint.contains(['-', '–', '—', ':']) || joint.contains(" / ");
    if !rest[..date.range.start]
        .trim_matches([' ', ',', '.'])
        .is_empty()
        || !is_joint
    {
        return None;
    }
    out.date = Some(date.clone());
    Some(body + date.range.end + joint.trim_end().len())
}

/// `MOSCOW, March 3 — RIA Novosti. Rain`: the agency after the dash.
fn agency_after_date(text: &str, body: usize, out: &mut DatelineReading) -> Option<usize> {
    const LONGEST_AGENCY: usize = 40;
    let rest = text[body..].trim_start();
    let window = &rest[..boundary(rest, LONGEST_AGENCY)];
    let end = [". ", " - ", " — ", " – "]
        .iter()
        .filter_map(|mark| Some((window.find(mark)?, mark.len())))
        .min()?;
    let agency = LEXICON.agencies.get(&fold(&window[..end.0]))?;
    out.agency = Some(agency.to_owned());
    Some(text.len() - rest.len() + end.0 + end.1)
}

/// `ANKARA (AA) – NORA LIND - Rain`: the author in capitals between two dashes.
fn name_after_dash(text: &str, body: usize, out: &mut DatelineReading) -> Option<usize> {
    const LONGEST_NAME: usize = 60;
    let rest = text[body..].trim_start();
    let window = &rest[..boundary(rest, LONGEST_NAME)];
    let (end, mark) = [" - ", " – ", " — "]
        .iter()
        .filter_map(|mark| Some((window.find(mark)?, mark.len())))
        .min()?;
    let names: Vec<&str> = window[..end].split([',', '/']).map(str::trim).collect();
    if !names
        .iter()
        .all(|name| is_capitals(name) && likeness(name) >= 0.7)
    {
        return None;
    }
    out.authors = names.into_iter().map(str::to_owned).collect();
    Some(text.len() - rest.len() + end + mark)
}

/// Returns the first parenthesis pair and the first dash that stands apart.
fn marks(head: &str) -> (Option<Range<usize>>, Option<Range<usize>>) {
    let (mut paren, mut dash) = (None, None);
    for (i, c) in head.char_indices() {
        match c {
            '(' if paren.is_none() => {
                let close = head[i..].find(')').map(|n| i + n + 1);
                paren = close.map(|close| i..close);
            }
            '/' if paren.is_none() && head[..i].ends_with(' ') => {
                paren = slashed_agency(&head[i..]).map(|len| i..i + len);
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
                    if let Some((agency, second)) = agency_after_dash(&head[i + run..])
                        && paren.is_none()
                    {
                        let start = i + run;
                        paren = Some(start + agency.start..start + agency.end);
                        dash = Some(start + second.start..start + second.end);
                    }
                    break;
                }
            }
            '.' | '!' | '?' => {
                // A sentence's end: nothing after it belongs to a dateline. `St.`, `Mo.`, `Feb.`
                // and `U.S.` are no ends.
                let word = head[..i]
                    .rsplit(|c: char| !c.is_alphabetic())
                    .next()
                    .unwrap_or("");
                let is_inside = head[i + 1..].starts_with(char::is_alphanumeric);
                if c != '.' || word.chars().count() > 5 && !is_inside {
                    break;
                }
            }
            '"' | '“' | '„' | '«' | '\n' => break,
            _ => {}
        }
    }
    (paren, dash)
}

/// `/PRNewswire/`, `/TASS/` at the start of a text: its length.
fn slashed_agency(text: &str) -> Option<usize> {
    const LONGEST: usize = 30;
    let inside = &text[1..];
    let close = inside[..boundary(inside, LONGEST)].find('/')?;
    let is_name = close > 1
        && inside[..close]
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '-' | ' '));
    is_name.then_some(close + 2)
}

/// `--(BUSINESS WIRE)--`: the agency between the two dashes, and the second dash.
fn agency_after_dash(rest: &str) -> Option<(Range<usize>, Range<usize>)> {
    let start = rest.len() - rest.trim_start().len();
    if !rest[start..].starts_with('(') {
        return None;
    }
    let end = start + rest[start..].find(')')? + 1;
    let after = rest[end..].trim_start_matches(' ');
    let dash = end + rest[end..].len() - after.len();
    let run = after.len() - after.trim_start_matches(['-', '–', '—', '_']).len();
    (run > 0).then_some((start..end, dash..dash + run))
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
    // `New Delhi [India]`.
    let bracketed;
    let place = match place
        .strip_suffix(']')
        .and_then(|open| open.split_once(" ["))
    {
        Some((city, region)) => {
            bracketed = format!("{city}, {region}");
            &bracketed
        }
        None => place,
    };
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
    let mut region = parts.next().unwrap_or("").trim_matches([',', ' ']);
    // `OSLO, Wednesday —`, `AKRON, Ohio, Wednesday —`.
    let (before_last, last) = region.rsplit_once(',').unwrap_or(("", region));
    let last = fold(last.trim().trim_end_matches('.'));
    // `Mo.` is Missouri, and Montag in other copy.
    if last.chars().count() > 3 && LEXICON.weekdays.has(&last) {
        region = before_last.trim();
    }
    // `JAKARTA, Example.com -`.
    if is_site(region) && out.agency.is_none() {
        out.agency = Some(region.to_owned());
        region = "";
    }
    let afloat = is_capitals(city) && is_waters(region);
    if !is_place(city) || !region.is_empty() && !is_region(region) && !afloat {
        return None;
    }
    out.place = Some(city.to_owned());
    out.region = (!region.is_empty()).then(|| region.to_owned());
    Some(())
}

/// Returns whether a text is one to six words with capitals; particles and slashes may stand
/// between.
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
                || *word == "&" && i > 0
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

/// `ABOARD THE USS NIMITZ, in the Persian Gulf`, `OFF SICILY, at sea`.
fn is_waters(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    matches!(
        words.first(),
        Some(&("in" | "off" | "near" | "over" | "at" | "on"))
    ) && (2..=7).contains(&words.len())
        && words[1..].iter().all(|word| {
            matches!(*word, "the" | "of" | "sea" | "coast" | "and")
                || word.starts_with(char::is_uppercase)
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
                "SALEM, Mass., March 4, 2024 /PRNewswire/ -- Rain",
                "SALEM",
                "Mass.",
                "PR Newswire",
                "Rain",
            ),
            (
                "HOUSTON--(BUSINESS WIRE)--Rain fell",
                "HOUSTON",
                "",
                "Business Wire",
                "Rain fell",
            ),
            (
                "OSLO, November 3. /TASS/. Rain fell",
                "OSLO",
                "",
                "TASS",
                "Rain fell",
            ),
            ("OSLO, Wednesday — Rain", "OSLO", "", "", "Rain"),
            ("FENTON, Mo. - Rain", "FENTON", "Mo.", "", "Rain"),
            (
                "LISBON - March 4, 2024 - Rain fell",
                "LISBON",
                "",
                "",
                "Rain fell",
            ),
            (
                "ABOARD THE USS NORTH STAR, in the Gulf of Oman (AP) — Rain",
                "ABOARD THE USS NORTH STAR",
                "in the Gulf of Oman",
                "AP",
                "Rain",
            ),
            (
                "NEW DELHI: Rain fell on Monday, and more of it is to come by the end of the week.",
                "NEW DELHI",
                "",
                "",
                "Rain fell on Monday, and more of it is to come by the end of the week.",
            ),
            (
                "新华社大连11月3日电（记者李明）下雨",
                "大连",
                "",
                "Xinhua",
                "下雨",
            ),
            (
                "(목포=연합뉴스) 김철수 기자 = 비가",
                "목포",
                "",
                "Yonhap",
                "비가",
            ),
            ("【東京共同】雨が", "東京", "", "Kyodo", "雨が"),
            (
                "Madrid, 3 may (EFE).- La lluvia",
                "Madrid",
                "",
                "EFE",
                "La lluvia",
            ),
            (
                "(ANSA) - ROMA, 03 MAG - La pioggia",
                "ROMA",
                "",
                "ANSA",
                "La pioggia",
            ),
            (
                "МОСКВА, 3 мар — РИА Новости. Дождь",
                "МОСКВА",
                "",
                "RIA Novosti",
                "Дождь",
            ),
            ("Осло. 3 ноября. ТАСС - Дождь", "Осло", "", "TASS", "Дождь"),
            (
                "LONDON & NEW YORK--(BUSINESS WIRE)--Rain",
                "LONDON & NEW YORK",
                "",
                "Business Wire",
                "Rain",
            ),
            (
                "SALEM, OR / ACCESSWIRE / March 4, 2024 / Rain",
                "SALEM",
                "OR",
                "ACCESSWIRE",
                "Rain",
            ),
            (
                "Salem, Oregon--(Newsfile Corp. - March 4, 2024) - Rain",
                "Salem",
                "Oregon",
                "Newsfile",
                "Rain",
            ),
            (
                "New Delhi [India], July 8 (ANI): Rain",
                "New Delhi",
                "India",
                "ANI",
                "Rain",
            ),
            ("GENEVA (3 March 2024) – Rain", "GENEVA", "", "", "Rain"),
            (
                "NAIROBI, Kenya (March 3, 2024) — Rain",
                "NAIROBI",
                "Kenya",
                "",
                "Rain",
            ),
            ("ANKARA (AA) – NORA LIND - Rain", "ANKARA", "", "AA", "Rain"),
            (
                "Budapest, 2024. május 3., péntek (MTI) - Eső",
                "Budapest",
                "",
                "MTI",
                "Eső",
            ),
            ("Oslo (NTB): Regn", "Oslo", "", "NTB", "Regn"),
            (
                "JAKARTA, Example.com - Hujan turun",
                "JAKARTA",
                "",
                "Example.com",
                "Hujan turun",
            ),
            ("CAIRO - 3 March 2024: Rain", "CAIRO", "", "", "Rain"),
            ("本报北京3月3日电（记者李明）下雨", "北京", "", "", "下雨"),
            (
                "（中央社記者王小明台北3日電）下雨",
                "台北",
                "",
                "CNA",
                "下雨",
            ),
            (
                "［東京　３日　ロイター］ - 雨が",
                "東京",
                "",
                "Reuters",
                "雨が",
            ),
            ("【パリAFP＝時事】雨が", "パリ", "", "AFP", "雨が"),
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
    fn a_name_before_a_colon_may_be_a_speaker() {
        // Only where a story begins is it taken for a place: the reading says that it is by colon.
        let turn = "SMITH: If there is a seat on the boat, I will be the first to take it.";
        assert!(read_dateline(turn).is_some_and(|reading| reading.by_colon && reading.sure < 0.6));
    }

    #[test]
    fn other_beginnings() {
        for text in [
            "The minister - a lawyer - said no.",
            "Rain fell on Monday, and more is to come.",
            "\"No,\" he said - and left.",
            "Anna Lee (41) lives here.",
            "In March 1987 - a cold month - it snowed.",
            "JOURNALIST: How much will it cost the town to keep the night ferry?",
            "CORRECTION: An earlier version of this story gave the wrong year.",
        ] {
            assert!(
                read_dateline(text).is_none_or(|r| r.sure < 0.4),
                "{text}: {:?}",
                read_dateline(text)
            );
        }
    }
}
