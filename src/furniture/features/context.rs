//! What a unit shows by what stands around it.

use super::feature::{Feature, Features};
use super::marks::OPENERS;
use super::observation::UnitObservation;
use crate::furniture::units::Unit;
use crate::text::{boundary, find_url, fold};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// A standfirst is not longer.
const STANDFIRST_AT_MOST: usize = 340;
/// So many units are compared with the story's address and its first paragraphs.
const TOP_AT_MOST: usize = 60;
/// What a unit shows by what stands around it.
pub(super) fn observe_context(copy: &str, units: &[Unit], r: &mut [UnitObservation]) {
    use Feature::*;
    let n = r.len();
    let prose: Vec<bool> = r.iter().map(|r| r.features.has(Prose)).collect();
    let total: usize = r
        .iter()
        .filter(|r| r.features.has(Prose))
        .map(|r| r.weight)
        .sum();
    let spaced = units.iter().skip(1).filter(|u| u.blanks > 0).count() * 2 > n;
    let indented = units.iter().filter(|u| u.indent > 1).count();
    let teletype = units.iter().any(|u| u.lines.len() > 1) || indented * 2 > n;
    let mut counts: FxHashMap<&str, u32> = FxHashMap::default();
    for reading in r.iter().filter(|r| !r.folded.is_empty()) {
        *counts.entry(&reading.folded).or_default() += 1;
    }
    let counts: Vec<u32> = r
        .iter()
        .map(|r| counts.get(r.folded.as_str()).copied().unwrap_or(0))
        .collect();
    // A file that holds its story twice repeats everything.
    let doubled: usize = (0..n)
        .filter(|i| prose[*i] && counts[*i] > 1)
        .map(|i| r[i].weight)
        .sum();
    let twice = doubled * 5 > total * 2;
    let first_prose = prose.iter().position(|p| *p).unwrap_or(n);
    let address = address_words(copy, units);
    let echo = echo_words(copy, units, &prose);
    let longest = (0..first_prose.min(TOP_AT_MOST))
        .filter(|i| {
            r[*i].weight >= 20
                && !r[*i].features.has(DateLine)
                && !r[*i].features.has(ByName)
                && !r[*i].features.has(CreditEnd)
                && !r[*i].features.has(Promo)
        })
        .max_by_key(|i| (r[*i].weight, std::cmp::Reverse(*i)));
    let names: Vec<String> = r
        .iter()
        .filter(|r| r.features.has(ByName) || r.features.has(Names) || r.features.has(DateIn))
        .filter_map(|r| r.byline.as_ref())
        .flat_map(|b| b.authors.iter().map(|a| fold(&a.name)))
        .filter(|name| name.contains(' '))
        .take(8)
        .collect();
    // A page shows its furniture; a wire's copy has none.
    let page = !teletype
        && r.iter()
            .filter(|r| {
                [Share, Section, Site, Promo]
                    .iter()
                    .any(|f| r.features.has(*f))
            })
            .count()
            > 1;
    let mut first_title = r
        .iter()
        .take(TOP_AT_MOST)
        .position(|r| r.features.has(Title));
    // A kicker stands above its headline, and is shorter; with a blank line between, much shorter.
    if let Some(kicker) = first_title.filter(|i| r[*i].weight <= 30)
        && let Some(next) = r.get(kicker + 1)
        && next.features.has(Title)
        && next.features.has(NoStop)
        && !next.features.has(Prose)
        && next.weight * 5 >= r[kicker].weight * 9
        && units[kicker + 1]
            .str(copy)
            .starts_with(|c: char| c.is_uppercase() || OPENERS.contains(&c))
    {
        first_title = Some(kicker + 1);
    }
    if let Some(kicker) = first_title.filter(|i| spaced && r[*i].weight <= 45)
        && r.get(kicker + 1).is_some_and(|next| {
            next.features.has(Title) && !next.features.has(Prose) && next.weight >= r[kicker].weight
        })
        && units[kicker + 1].blanks == 0
    {
        first_title = Some(kicker + 1);
    }
    let stated_title = stated_title(units, r, first_title);
    let mut before = 0usize;
    // What is furniture beyond doubt stands between neighbours without parting them.
    let sure: Vec<bool> = (0..n)
        .map(|i| {
            !prose[i]
                && ([Share, Site, Promo, CreditStart]
                    .iter()
                    .any(|f| r[i].features.has(*f))
                    || counts[i] > 2 && r[i].weight < 120)
        })
        .collect();
    let mut in_run = vec![false; n];
    let mut members: Vec<usize> = Vec::new();
    for i in (0..n).filter(|i| !sure[*i]).chain(std::iter::once(n)) {
        if i < n && !prose[i] && !r[i].features.has(Bullet) && !r[i].features.has(Table) {
            members.push(i);
        } else {
            if members.len() >= 3 {
                members.iter().for_each(|m| in_run[*m] = true);
            }
            members.clear();
        }
    }
    let neighbours = neighbours(&sure);
    // Two or three short sentences, then a page's furniture, then the story: a summary in points.
    let points = (first_prose..n)
        .take_while(|i| prose[*i] && r[*i].weight <= 130 && r[*i].dateline.is_none())
        .count();
    let furniture = (first_prose + points..n)
        .take_while(|i| !prose[*i])
        .filter(|i| sure[*i])
        .count();
    let summary = if page && (2..=3).contains(&points) && furniture >= 2 {
        first_prose..first_prose + points
    } else {
        0..0
    };
    for i in 0..n {
        let unit = &units[i];
        let near_by = |r: &[UnitObservation]| {
            (i + 1..n.min(i + 4)).any(|k| {
                let f = r[k].features;
                f.has(ByName) || f.has(ByLabel) || f.has(DateLine) || f.has(Names) || f.has(DateIn)
            })
        };
        let mut f = r[i].features;
        if teletype {
            // Wires print no credits behind a paragraph.
            f.clear(TrailingName);
        }
        f.set(First, i == 0);
        f.set(FirstTitle, first_title == Some(i));
        f.set(StatedTitle, stated_title == Some(i));
        f.set(
            UnderTitle,
            i > 0
                && first_title == Some(i - 1)
                && (25..=220).contains(&r[i].weight)
                && !prose[i]
                && !is_furniture(r[i].features)
                && r.get(i + 1).is_some_and(|next| {
                    let next = next.features;
                    [Prose, ByName, DateLine, Names]
                        .iter()
                        .any(|f| next.has(*f))
                }),
        );
        f.set(Teletype, teletype);
        f.set(Indented, teletype && unit.indent > 1);
        f.set(Adjacent, i > 0 && spaced && unit.blanks == 0);
        f.set(
            NextAdjacent,
            i + 1 < n && spaced && units[i + 1].blanks == 0,
        );
        f.set(Repeated, counts[i] == 2);
        f.set(
            TitleAgain,
            first_title.is_some_and(|t| t != i && counts[i] > 1 && r[t].folded == r[i].folded),
        );
        f.set(RepeatedProse, counts[i] > 1 && prose[i] && !twice);
        f.set(RepeatedOften, counts[i] > 2);
        f.set(
            BeforeCredit,
            i + 1 < n
                && r[i + 1].weight <= 70
                && is_credit(r[i + 1].features)
                && r[i].weight <= 320,
        );
        f.set(
            AfterCredit,
            i > 0
                && r[i - 1].weight <= 32
                && r[i - 1].features.has(CreditAgency)
                && !r[i - 1].features.has(Sentence),
        );
        f.set(Late, before * 2 > total);
        f.set(
            AfterAge,
            i > 0
                && before > 0
                && !prose[i - 1]
                && [DateWords, DateLine, DateIn]
                    .iter()
                    .any(|d| r[i - 1].features.has(*d)),
        );
        let (previous, next) = neighbours[i];
        let after_next = next.and_then(|next| neighbours[next].1);
        let is_prose = |i: Option<usize>| i.is_some_and(|i| prose[i]);
        f.set(AfterProse, is_prose(previous));
        f.set(BeforeProse, is_prose(next));
        f.set(ProseAhead, is_prose(next) && is_prose(after_next));
        f.set(InRun, in_run[i]);
        f.set(NoProseBefore, before == 0);
        let left = total - before - if prose[i] { r[i].weight } else { 0 };
        f.set(NoProseLeft, left == 0);
        f.set(LittleProseLeft, left > 0 && left * 10 < total);
        let near_end = f.has(NoProseLeft) || f.has(LittleProseLeft);
        f.set(
            AboutAuthor,
            near_end
                && prose[i]
                && names.iter().any(|name| {
                    r[i].folded
                        .strip_prefix(name.as_str())
                        .is_some_and(|rest| !rest.is_empty())
                }),
        );
        f.set(
            Lone,
            prose[i]
                && previous.is_some()
                && next.is_some()
                && !is_prose(previous)
                && !is_prose(next),
        );
        if !teletype
            && prose[i]
            && before == 0
            && r[i].weight <= STANDFIRST_AT_MOST
            && i + 1 < n
            && r[i].dateline.is_none()
        {
            let next = &r[i + 1];
            f.set(
                Solo,
                page && !prose[i + 1]
                    && !next.features.has(RelatedTitle)
                    && !next.features.has(Url)
                    && !next.features.has(QuoteStart)
                    && !next.features.has(Sentence),
            );
            // Without a page's furniture around it, a lede looks the same: the step has to be a big one.
            f.set(
                StepUp,
                prose[i + 1] && next.weight * 4 > r[i].weight * if page { 5 } else { 7 },
            );
        }
        f.set(Solo, summary.contains(&i));
        f.set(
            AfterColon,
            i > 0 && r[i - 1].features.has(Colon) && prose[i - 1],
        );
        f.set(
            AfterBy,
            i > 0 && (r[i - 1].features.has(ByLabel) || r[i - 1].features.has(ByName)),
        );
        f.set(AfterNames, i > 0 && r[i - 1].features.has(Names));
        f.set(LongestOfTop, longest == Some(i));
        f.set(BylineNear, near_by(r));
        if i < TOP_AT_MOST && r[i].weight <= 300 {
            f.set(UrlWords, share(unit.str(copy), &address) >= 0.6);
            f.set(Echo, i < first_prose && share(unit.str(copy), &echo) >= 0.4);
        }
        r[i].features = f;
        if prose[i] {
            before += r[i].weight;
        }
    }
}

/// Whether a unit is something else than a title, a deck or text, beyond doubt.
fn is_furniture(features: Features) -> bool {
    use Feature::*;
    const FURNITURE: [Feature; 21] = [
        Share,
        Section,
        Site,
        Promo,
        ByName,
        ByLabel,
        ByOther,
        DateLine,
        DateIn,
        DateWords,
        Names,
        Role,
        Agency,
        RelatedLabel,
        RelatedTitle,
        CreditStart,
        CreditEnd,
        NoteStart,
        Bullet,
        Table,
        Trail,
    ];
    FURNITURE.iter().any(|feature| features.has(*feature))
}

/// The first unit that could be a headline, if it ends as a sentence does, stands before every
/// other title, and a byline or date follows at once or after a deck.
fn stated_title(
    units: &[Unit],
    seen: &[UnitObservation],
    first_title: Option<usize>,
) -> Option<usize> {
    use Feature::*;
    let candidate = seen.iter().take(TOP_AT_MOST).position(|unit| {
        unit.weight >= 25 && !is_furniture(unit.features) && !unit.features.has(Contact)
    })?;
    let unit = &seen[candidate];
    let is_sentence = unit.features.has(Sentence)
        && !unit.features.has(Sentences)
        && !unit.features.has(QuoteStart)
        && unit.dateline.is_none()
        && unit.weight <= 170
        && units[candidate].lines.len() <= 2;
    let after = &seen[candidate + 1..seen.len().min(candidate + 4)];
    let named = after.iter().position(|next| {
        [ByName, ByLabel, DateLine, Names]
            .iter()
            .any(|feature| next.features.has(*feature))
    })?;
    let title_comes = first_title.is_some_and(|title| title <= candidate + 1 + named);
    (is_sentence && !title_comes).then_some(candidate)
}

fn is_credit(f: Features) -> bool {
    (f.has(Feature::CreditStart) || f.has(Feature::CreditEnd) || f.has(Feature::CreditAgency))
        && !f.has(Feature::Prose)
}

/// The nearest units before and behind each that are not `sure` furniture.
fn neighbours(sure: &[bool]) -> Vec<(Option<usize>, Option<usize>)> {
    let mut out = vec![(None, None); sure.len()];
    let mut last = None;
    for (i, sure) in sure.iter().enumerate() {
        out[i].0 = last;
        last = if *sure { last } else { Some(i) };
    }
    last = None;
    for (i, sure) in sure.iter().enumerate().rev() {
        out[i].1 = last;
        last = if *sure { last } else { Some(i) };
    }
    out
}

/// Lower-case ASCII letters and digits of a word without marks, accents stripped.
fn plain(word: &str) -> Cow<'_, str> {
    if !word.is_ascii() {
        Cow::Owned(
            word.nfkd()
                .filter(|c| c.is_alphanumeric())
                .flat_map(char::to_lowercase)
                .collect(),
        )
    } else if word.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(word.to_ascii_lowercase())
    } else {
        Cow::Borrowed(word)
    }
}

/// The words of a text that are not small.
fn long_words(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| w.len() > 3 || !w.is_ascii())
        .map(plain)
        .filter(|w| w.chars().count() > 3)
}

fn share(text: &str, words: &FxHashSet<Cow<'_, str>>) -> f32 {
    if words.is_empty() {
        return 0.0;
    }
    let own: Vec<_> = long_words(text).collect();
    if own.len() < 3 {
        return 0.0;
    }
    own.iter().filter(|w| words.contains(*w)).count() as f32 / own.len() as f32
}

/// Words of the last parts of the story's own address.
fn address_words<'a>(copy: &'a str, units: &[Unit]) -> FxHashSet<Cow<'a, str>> {
    let ends = units.iter().rev().take(8).chain(units.iter().take(8));
    let Some(url) = ends
        .map(|u| u.str(copy))
        .filter(|t| t.len() < 600)
        .find_map(|t| find_url(t).map(|r| &t[r]))
    else {
        return FxHashSet::default();
    };
    let path = url.splitn(4, '/').nth(3).unwrap_or("");
    path.split(|c: char| !c.is_alphanumeric())
        .map(plain)
        .filter(|w| w.len() > 3 && !w.chars().all(|c| c.is_ascii_digit()))
        .collect()
}

/// Words of the first two paragraphs.
fn echo_words<'a>(copy: &'a str, units: &[Unit], prose: &[bool]) -> FxHashSet<Cow<'a, str>> {
    let mut out = FxHashSet::default();
    for (unit, _) in units.iter().zip(prose).filter(|(_, p)| **p).take(3) {
        let text = unit.str(copy);
        out.extend(long_words(&text[..boundary(text, 1200)]));
    }
    out
}
