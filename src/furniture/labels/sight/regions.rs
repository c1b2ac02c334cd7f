//! What stands around a unit: running text, furniture, blank lines, neighbours of its shape.

use super::measure::Measure;
use super::scale::{Counted, distances, scaled, steps};
use super::table::Sight;
use crate::furniture::features::{Feature, UnitObservation};
use crate::furniture::units::Unit;
use rustc_hash::FxHashMap;

/// Where the unit stands on the page.
pub(super) fn layout(sight: &mut Sight, units: &[Unit]) {
    use Measure::*;
    let n = units.len();
    let spaced = units.iter().skip(1).filter(|unit| unit.blanks > 0).count();
    for (i, unit) in units.iter().enumerate() {
        sight.set(i, Blanks, usize::from(unit.blanks).min(4));
        let after = units.get(i + 1).map_or(4, |next| usize::from(next.blanks));
        sight.set(i, BlanksAfter, after.min(4));
        sight.set(i, Indent, usize::from(unit.indent));
        sight.set(i, FromTop, scaled(i));
        sight.set(i, FromEnd, scaled(n - 1 - i));
        sight.set(i, Place, steps(i, n, 20));
        sight.set(i, Units, scaled(n));
        sight.set(i, Spacing, steps(spaced, n, 20));
    }
}

/// What running text stands around a unit.
pub(super) fn prose(sight: &mut Sight, readings: &[UnitObservation]) {
    use Measure::*;
    let n = readings.len();
    let is = |i: usize| readings[i].features.has(Feature::Prose);
    let count = Counted::of(n, |i| usize::from(is(i)));
    let weight = Counted::of(n, |i| if is(i) { readings[i].weight } else { 0 });
    let total = weight.before(n);
    let (since, until) = distances(n, is);
    let mut run = 0;
    for i in 0..n {
        sight.set(i, ProseBefore, steps(weight.before(i), total, 20));
        sight.set(i, ProseAfter, steps(weight.after(i), total, 20));
        sight.set(i, ParagraphsBefore, scaled(count.before(i)));
        sight.set(i, ParagraphsAfter, scaled(count.after(i)));
        sight.set(i, SinceProse, since[i]);
        sight.set(i, UntilProse, until[i]);
        let near = count.just_before(i, 2) + count.just_after(i, 2);
        sight.set(i, ProseNear, near);
        sight.set(i, ProseSixBefore, count.just_before(i, 6));
        sight.set(i, ProseSixAfter, count.just_after(i, 6));
        sight.set(i, ProseManyBefore, count.just_before(i, 15));
        sight.set(i, ProseManyAfter, count.just_after(i, 15));
        if is(i) {
            run = if i > 0 && is(i - 1) { run + 1 } else { 1 };
        }
        sight.set(i, RunBefore, run);
    }
    run = 0;
    for i in (0..n).rev() {
        sight.set(i, RunAfter, run);
        if is(i) {
            run = if i + 1 < n && is(i + 1) { run + 1 } else { 1 };
        }
    }
    stretch(sight, readings, is);
}

/// Returns the longest stretch of running text, gaps of a few short units allowed.
fn stretch(sight: &mut Sight, readings: &[UnitObservation], is: impl Fn(usize) -> bool) {
    const GAP: usize = 3;
    let n = readings.len();
    let (mut best, mut best_weight) = (0..0, 0);
    let (mut start, mut last, mut weight) = (0, None, 0);
    for i in (0..n).filter(|i| is(*i)) {
        if last.is_none_or(|last: usize| i - last > GAP + 1) {
            (start, weight) = (i, 0);
        }
        weight += readings[i].weight;
        last = Some(i);
        if weight > best_weight {
            (best, best_weight) = (start..i + 1, weight);
        }
    }
    for i in 0..n {
        let place = if i < best.start {
            0
        } else if i < best.end {
            1
        } else {
            2
        };
        sight.set(i, Measure::Stretch, place);
        sight.set(i, Measure::ToStretch, scaled(best.start.saturating_sub(i)));
        sight.set(
            i,
            Measure::SinceStretch,
            scaled((i + 1).saturating_sub(best.end)),
        );
    }
}

/// What kinds of furniture stand around a unit.
pub(super) fn regions(sight: &mut Sight, readings: &[UnitObservation]) {
    use Feature as F;
    use Measure::*;
    let n = readings.len();
    let any = |i: usize, of: &[F]| of.iter().any(|feature| readings[i].features.has(*feature));
    let short = |i: usize| readings[i].weight <= 45;
    let site = |i: usize| {
        any(
            i,
            &[F::Share, F::Section, F::Site, F::Promo, F::RelatedLabel],
        )
    };
    let tail = |i: usize| any(i, &[F::TailMark, F::RelatedLabel]) && any(i, &[F::Late]);
    let date = |i: usize| any(i, &[F::DateLine, F::DateIn, F::DateWords]);
    let names = |i: usize| any(i, &[F::ByName, F::Names, F::ByLabel]);
    let count = |is: &dyn Fn(usize) -> bool| Counted::of(n, |i| usize::from(is(i)));
    let (shorts, sites, tails) = (count(&short), count(&site), count(&tail));
    let (dates, named) = (count(&date), count(&names));
    let (since_date, until_date) = distances(n, date);
    let (since_names, until_names) = distances(n, names);
    let (since_tail, _) = distances(n, tail);
    let links = |i: usize| {
        any(
            i,
            &[F::RelatedLabel, F::RelatedTitle, F::Promo, F::TailMark],
        )
    };
    let (since_links, until_links) = distances(n, links);
    let title = (0..n).find(|i| any(*i, &[F::FirstTitle])).unwrap_or(0);
    let sums: Vec<(Measure, Counted)> = [
        (You, YouNear),
        (Offer, OfferNear),
        (Comment, CommentNear),
        (Rights, RightsNear),
    ]
    .into_iter()
    .map(|(own, near)| (near, Counted::of(n, |i| sight.get(i, own))))
    .collect();
    for i in 0..n {
        sight.set(i, ShortBefore, shorts.just_before(i, 6));
        sight.set(i, ShortAfter, shorts.just_after(i, 6));
        sight.set(i, SiteBefore, sites.just_before(i, 6));
        sight.set(i, SiteAfter, sites.just_after(i, 6));
        sight.set(i, TailBefore, tails.before(i));
        sight.set(i, SinceTail, since_tail[i]);
        sight.set(i, SinceLinks, since_links[i]);
        sight.set(i, UntilLinks, until_links[i]);
        sight.set(i, DatesBefore, dates.just_before(i, 6));
        sight.set(i, DatesAfter, dates.just_after(i, 6));
        sight.set(i, SinceNames, since_names[i]);
        sight.set(i, UntilNames, until_names[i]);
        sight.set(i, SinceDate, since_date[i]);
        sight.set(i, UntilDate, until_date[i]);
        sight.set(i, NamesBefore, named.before(i));
        sight.set(i, SinceTitle, (i + 20).saturating_sub(title).min(60));
        for (near, sum) in &sums {
            sight.set(i, *near, sum.just_before(i, 3) + sum.just_after(i, 3));
        }
    }
}

/// How a unit's shape compares with its neighbours'.
pub(super) fn shapes(sight: &mut Sight, copy: &str, units: &[Unit], readings: &[UnitObservation]) {
    use Measure::*;
    let n = units.len();
    let mut times: FxHashMap<&str, usize> = FxHashMap::default();
    for reading in readings.iter().filter(|reading| !reading.folded.is_empty()) {
        *times.entry(&reading.folded).or_default() += 1;
    }
    let first_word = |i: usize| units[i].str(copy).split_whitespace().next().unwrap_or("");
    for i in 0..n {
        let folded = readings[i].folded.as_str();
        sight.set(i, Times, times.get(folded).copied().unwrap_or(0));
        let weight = readings[i].weight;
        if let Some(next) = readings.get(i + 1) {
            sight.set(i, LongerThanNext, steps(weight, next.weight.max(1), 4));
            sight.set(
                i,
                SameStartAfter,
                usize::from(first_word(i) == first_word(i + 1)),
            );
            let holds = |next: &UnitObservation| {
                next.weight >= 15 && !folded.is_empty() && folded.ends_with(next.folded.as_str())
            };
            let held = readings[i + 1..n.min(i + 4)].iter().position(holds);
            if let Some(after) = held.filter(|after| !readings[i + 1 + after].folded.is_empty()) {
                let longer = folded.len() > readings[i + 1 + after].folded.len();
                sight.set(i, HoldsNext, 1 + usize::from(longer));
                sight.set(i + 1 + after, HeldBefore, 1 + usize::from(longer));
            }
        }
        if i > 0 {
            sight.set(
                i,
                SameStartBefore,
                usize::from(first_word(i) == first_word(i - 1)),
            );
        }
        let alike = (i.saturating_sub(3)..n.min(i + 4))
            .filter(|k| {
                let other = readings[*k].weight;
                *k != i && other * 3 >= weight * 2 && weight * 3 >= other * 2
            })
            .count();
        sight.set(i, Alike, alike);
        let end = sight.get(i, End);
        let ends = (i.saturating_sub(3)..n.min(i + 4))
            .filter(|k| *k != i && sight.get(*k, End) == end)
            .count();
        sight.set(i, EndsAlike, ends);
    }
    let kind = |i: usize| {
        (
            readings[i].weight <= 110,
            readings[i].features.has(Feature::Prose),
        )
    };
    let mut start = 0;
    for end in 1..=n {
        if end == n || kind(end) != kind(start) {
            for i in start..end {
                sight.set(i, AlikeRun, scaled(end - start));
            }
            start = end;
        }
    }
}
