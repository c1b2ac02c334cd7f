//! What the first pass makes of a unit and its surroundings, and where it sees the core.

use super::measure::Measure;
use super::scale::{Counted, scaled, steps};
use super::table::Sight;
use crate::furniture::features::{Feature, UnitObservation};
use crate::furniture::labels::class::Class;
use crate::furniture::labels::opinion::Shares;
use std::ops::Range;

/// Finds the core: the stretch that the first pass takes for the story's text. Every unit adds its
/// weight as far as it is likely text, and takes off as much as it is not.
pub(super) fn core(
    sight: &mut Sight,
    readings: &[UnitObservation],
    shares: &[Shares],
) -> Range<usize> {
    use Measure::*;
    let text = |i: usize| {
        shares[i][Class::Paragraph as usize]
            + shares[i][Class::ListItem as usize]
            + shares[i][Class::Crosshead as usize]
    };
    let (mut best, mut most) = (0..0, 0.0f32);
    let (mut start, mut sum) = (0, 0.0f32);
    for (i, reading) in readings.iter().enumerate() {
        let worth = (text(i) - 0.5) * reading.weight.clamp(30, 400) as f32;
        if sum <= 0.0 {
            (start, sum) = (i, 0.0);
        }
        sum += worth;
        if sum > most {
            (best, most) = (start..i + 1, sum);
        }
    }
    let prose = |i: &usize| readings[*i].features.has(Feature::Prose);
    let (count, weight) = best
        .clone()
        .filter(prose)
        .fold((0, 0), |(count, weight), i| {
            (count + 1, weight + readings[i].weight)
        });
    let mean = weight.checked_div(count).unwrap_or(0);
    for (i, reading) in readings.iter().enumerate() {
        let place = usize::from(i >= best.start) + usize::from(i >= best.end);
        sight.set(i, Core, place);
        sight.set(i, ToCore, scaled(best.start.saturating_sub(i)));
        sight.set(i, SinceCore, scaled((i + 1).saturating_sub(best.end)));
        sight.set(i, IntoCore, scaled((i + 1).saturating_sub(best.start)));
        sight.set(i, LeftOfCore, scaled(best.end.saturating_sub(i)));
        sight.set(i, OfMean, steps(reading.weight, mean, 4).min(40));
    }
    best
}

/// What the first pass makes of a unit's surroundings.
pub(super) fn opinions(sight: &mut Sight, shares: &[Shares]) {
    use Measure::*;
    let n = shares.len();
    let percent = |i: usize, of: &[Class]| -> usize {
        let sum: f32 = of.iter().map(|class| shares[i][*class as usize]).sum();
        (sum * 100.0) as usize
    };
    let count = |of: &[Class]| Counted::of(n, |i| percent(i, of));
    let text = count(&[Class::Paragraph, Class::ListItem]);
    let below = count(&[Class::Below]);
    let signed = count(&[Class::Byline, Class::Date]);
    let headline = (0..n).max_by_key(|i| {
        let share = percent(*i, &[Class::Headline]);
        (share, std::cmp::Reverse(*i))
    });
    let headline = headline.unwrap_or(0);
    let mut after_next = n;
    let mut next = n;
    for i in (0..n).rev() {
        let to = after_next.min(i + 12);
        let ahead = signed.before(to.max(i + 1)) - signed.before(i + 1);
        sight.set(i, SignedAfter, ahead / 10);
        if percent(i, &[Class::Paragraph, Class::ListItem]) >= 50 {
            (after_next, next) = (next, i);
        }
    }
    for i in 0..n {
        sight.set(i, SinceHeadline, (i + 20).saturating_sub(headline).min(80));
        sight.set(i, TextBefore, text.just_before(i, 5) / 10);
        sight.set(i, TextAfter, text.just_after(i, 5) / 10);
        sight.set(i, TextManyBefore, text.just_before(i, 15) / 20);
        sight.set(i, TextManyAfter, text.just_after(i, 15) / 20);
        sight.set(i, BelowBefore, below.just_before(i, 5) / 10);
        sight.set(i, BelowAfter, below.just_after(i, 5) / 10);
        sight.set(i, TakenBefore, scaled(text.before(i) / 100));
        sight.set(i, TakenAfter, scaled(text.after(i) / 100));
        let signs = signed
            .before(i)
            .saturating_sub(signed.before(headline.min(i)));
        sight.set(i, SignedBefore, (signs / 10).min(60));
    }
}
