//! What a unit shows by what stands around it.

use super::feature::{Feature, Features};
use super::marks::OPENERS;
use super::observation::UnitObservation;
use crate::furniture::units::Unit;
use crate::text::{boundary, find_url, fold};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// A standfirst is not longer.
const STANDFIRST_AT_MOST: usize = 340;
/// So many units are compared with the story's address and its first paragraphs.
const TOP_AT_MOST: usize = 60;
/// Observes what each unit shows by what stands around it.
pub(super) fn observe_context(copy: &str, units: &[Unit], seen: &mut [UnitObservation]) {
    let page = Page::of(copy, units, seen);
    let mut prose_before = 0;
    for unit in 0..seen.len() {
        let around = Around {
            page: &page,
            units,
            seen,
            unit,
            prose_before,
        };
        let mut features = seen[unit].features;
        around.set_layout(&mut features);
        around.set_repetition(&mut features);
        around.set_titles(&mut features);
        around.set_neighbours(&mut features);
        around.set_place(&mut features);
        around.set_standfirst(&mut features);
        seen[unit].features = features;
        if page.prose[unit] {
            prose_before += seen[unit].weight;
        }
    }
}

/// What is true of the copy as a whole.
struct Page<'a> {
    copy: &'a str,
    /// Whether each unit is running text.
    prose: Vec<bool>,
    /// Weight of all running text.
    prose_weight: usize,
    /// How often each unit stands in the copy, as far as it is short enough to be compared.
    counts: Vec<u32>,
    /// A file that holds its story twice repeats everything.
    is_doubled: bool,
    /// Whether blank lines part the units.
    is_spaced: bool,
    /// Whether the copy was set by hand or teletype.
    is_teletype: bool,
    /// Whether it shows a page's furniture; a wire's copy has none.
    is_page: bool,
    first_prose: usize,
    first_title: Option<usize>,
    stated_title: Option<usize>,
    longest_of_top: Option<usize>,
    /// Full names of those who could be the authors, folded.
    authors: Vec<String>,
    in_run: Vec<bool>,
    neighbours: Vec<Neighbours>,
    /// Two or three short sentences, then a page's furniture, then the story: a summary in points.
    summary: Range<usize>,
    /// Words of the story's own address.
    address: FxHashSet<Cow<'a, str>>,
    /// Words of the first paragraphs.
    echo: FxHashSet<Cow<'a, str>>,
}

impl<'a> Page<'a> {
    fn of(copy: &'a str, units: &[Unit], seen: &[UnitObservation]) -> Self {
        use Feature::*;
        let count = seen.len();
        let prose: Vec<bool> = seen.iter().map(|unit| unit.features.has(Prose)).collect();
        let weight = |among: &dyn Fn(usize) -> bool| -> usize {
            (0..count)
                .filter(|unit| prose[*unit] && among(*unit))
                .map(|unit| seen[unit].weight)
                .sum()
        };
        let prose_weight = weight(&|_| true);
        let counts = counts(seen);
        let is_doubled = weight(&|unit| counts[unit] > 1) * 5 > prose_weight * 2;
        let is_spaced = units.iter().skip(1).filter(|unit| unit.blanks > 0).count() * 2 > count;
        let indented = units.iter().filter(|unit| unit.indent > 1).count();
        let is_teletype = units.iter().any(|unit| unit.lines.len() > 1) || indented * 2 > count;
        let is_page = !is_teletype
            && seen
                .iter()
                .filter(|unit| shows_any(unit.features, &[Share, Section, Site, Promo]))
                .count()
                > 1;
        let first_prose = prose.iter().position(|prose| *prose).unwrap_or(count);
        let first_title = first_title(copy, units, seen, is_spaced);
        // What is furniture beyond doubt stands between neighbours without parting them.
        let sure: Vec<bool> = (0..count)
            .map(|unit| {
                !prose[unit]
                    && (shows_any(seen[unit].features, &[Share, Site, Promo, CreditStart])
                        || counts[unit] > 2 && seen[unit].weight < 120)
            })
            .collect();
        Self {
            copy,
            prose_weight,
            is_doubled,
            is_spaced,
            is_teletype,
            is_page,
            first_prose,
            first_title,
            stated_title: stated_title(units, seen, first_title),
            longest_of_top: longest_of_top(seen, first_prose),
            authors: authors(seen),
            in_run: runs(seen, &prose, &sure),
            neighbours: neighbours(&sure),
            summary: match is_page {
                true => summary(seen, &prose, &sure, first_prose),
                false => 0..0,
            },
            address: address_words(copy, units),
            echo: echo_words(copy, units, &prose),
            prose,
            counts,
        }
    }
}

/// Returns how often each unit stands in the copy.
fn counts(seen: &[UnitObservation]) -> Vec<u32> {
    let mut counts: FxHashMap<&str, u32> = FxHashMap::default();
    for unit in seen.iter().filter(|unit| !unit.folded.is_empty()) {
        *counts.entry(&unit.folded).or_default() += 1;
    }
    seen.iter()
        .map(|unit| counts.get(unit.folded.as_str()).copied().unwrap_or(0))
        .collect()
}

/// Returns the first unit that could be a title. A kicker stands above its headline, and is
/// shorter; with a blank line between, much shorter.
fn first_title(
    copy: &str,
    units: &[Unit],
    seen: &[UnitObservation],
    is_spaced: bool,
) -> Option<usize> {
    use Feature::*;
    let mut first = seen
        .iter()
        .take(TOP_AT_MOST)
        .position(|unit| unit.features.has(Title))?;
    let is_title = |unit: &UnitObservation| unit.features.has(Title) && !unit.features.has(Prose);
    if seen[first].weight <= 30
        && let Some(next) = seen.get(first + 1)
        && is_title(next)
        && next.features.has(NoStop)
        && next.weight * 5 >= seen[first].weight * 9
        && units[first + 1]
            .str(copy)
            .starts_with(|c: char| c.is_uppercase() || OPENERS.contains(&c))
    {
        first += 1;
    }
    if is_spaced
        && seen[first].weight <= 45
        && let Some(next) = seen.get(first + 1)
        && is_title(next)
        && next.weight >= seen[first].weight
        && units[first + 1].blanks == 0
    {
        first += 1;
    }
    Some(first)
}

fn longest_of_top(seen: &[UnitObservation], first_prose: usize) -> Option<usize> {
    use Feature::*;
    (0..first_prose.min(TOP_AT_MOST))
        .filter(|unit| {
            seen[*unit].weight >= 20
                && !shows_any(seen[*unit].features, &[DateLine, ByName, CreditEnd, Promo])
        })
        .max_by_key(|unit| (seen[*unit].weight, std::cmp::Reverse(*unit)))
}

fn authors(seen: &[UnitObservation]) -> Vec<String> {
    use Feature::*;
    const AT_MOST: usize = 8;
    seen.iter()
        .filter(|unit| shows_any(unit.features, &[ByName, Names, DateIn]))
        .filter_map(|unit| unit.byline.as_ref())
        .flat_map(|byline| byline.authors.iter().map(|author| fold(&author.name)))
        .filter(|name| name.contains(' '))
        .take(AT_MOST)
        .collect()
}

/// Returns whether each unit is among three or more short units in a row.
fn runs(seen: &[UnitObservation], prose: &[bool], sure: &[bool]) -> Vec<bool> {
    let count = seen.len();
    let mut in_run = vec![false; count];
    let mut members: Vec<usize> = Vec::new();
    for unit in (0..count).filter(|unit| !sure[*unit]).chain([count]) {
        let goes_on = unit < count
            && !prose[unit]
            && !shows_any(seen[unit].features, &[Feature::Bullet, Feature::Table]);
        if goes_on {
            members.push(unit);
        } else {
            if members.len() >= 3 {
                members.iter().for_each(|member| in_run[*member] = true);
            }
            members.clear();
        }
    }
    in_run
}

fn summary(
    seen: &[UnitObservation],
    prose: &[bool],
    sure: &[bool],
    first_prose: usize,
) -> Range<usize> {
    let count = seen.len();
    let points = (first_prose..count)
        .take_while(|unit| {
            prose[*unit] && seen[*unit].weight <= 130 && seen[*unit].dateline.is_none()
        })
        .count();
    let furniture = (first_prose + points..count)
        .take_while(|unit| !prose[*unit])
        .filter(|unit| sure[*unit])
        .count();
    if (2..=3).contains(&points) && furniture >= 2 {
        first_prose..first_prose + points
    } else {
        0..0
    }
}

/// One unit and what stands around it.
struct Around<'a> {
    page: &'a Page<'a>,
    units: &'a [Unit],
    seen: &'a [UnitObservation],
    unit: usize,
    /// Weight of the running text before it.
    prose_before: usize,
}

impl<'a> Around<'a> {
    fn own(&self) -> &'a UnitObservation {
        &self.seen[self.unit]
    }

    fn is_prose(&self) -> bool {
        self.page.prose[self.unit]
    }

    fn before(&self) -> Option<&'a UnitObservation> {
        self.seen.get(self.unit.checked_sub(1)?)
    }

    fn next(&self) -> Option<&'a UnitObservation> {
        self.seen.get(self.unit + 1)
    }

    fn set_layout(&self, features: &mut Features) {
        use Feature::*;
        let (page, unit) = (self.page, &self.units[self.unit]);
        if page.is_teletype {
            // Wires print no credits after a paragraph.
            features.clear(TrailingName);
        }
        let is_tight = |unit: &Unit| page.is_spaced && unit.blanks == 0;
        features.set(First, self.unit == 0);
        features.set(Teletype, page.is_teletype);
        features.set(Indented, page.is_teletype && unit.indent > 1);
        features.set(Adjacent, self.unit > 0 && is_tight(unit));
        features.set(
            NextAdjacent,
            self.units.get(self.unit + 1).is_some_and(is_tight),
        );
    }

    fn set_repetition(&self, features: &mut Features) {
        use Feature::*;
        let (page, count) = (self.page, self.page.counts[self.unit]);
        features.set(Repeated, count == 2);
        features.set(RepeatedOften, count > 2);
        features.set(
            RepeatedProse,
            count > 1 && self.is_prose() && !page.is_doubled,
        );
        features.set(
            TitleAgain,
            page.first_title.is_some_and(|title| {
                title != self.unit && count > 1 && self.seen[title].folded == self.own().folded
            }),
        );
    }

    fn set_titles(&self, features: &mut Features) {
        use Feature::*;
        let (page, own) = (self.page, self.own());
        features.set(FirstTitle, page.first_title == Some(self.unit));
        features.set(StatedTitle, page.stated_title == Some(self.unit));
        features.set(LongestOfTop, page.longest_of_top == Some(self.unit));
        features.set(
            UnderTitle,
            self.unit > 0
                && page.first_title == Some(self.unit - 1)
                && (25..=220).contains(&own.weight)
                && !self.is_prose()
                && page.counts[self.unit] < 2
                && !is_furniture(own.features)
                && own
                    .byline
                    .as_ref()
                    .is_none_or(|read| read.authors.is_empty())
                && self.next().is_some_and(|next| {
                    shows_any(next.features, &[Prose, ByName, DateLine, Names])
                }),
        );
        let mut near = self.seen[self.unit + 1..].iter().take(3);
        features.set(
            BylineNear,
            near.any(|unit| shows_any(unit.features, &[ByName, ByLabel, DateLine, Names, DateIn])),
        );
        if self.unit < TOP_AT_MOST && own.weight <= 300 {
            let text = self.units[self.unit].str(page.copy);
            features.set(UrlWords, share(text, &page.address) >= 0.6);
            features.set(
                Echo,
                self.unit < page.first_prose && share(text, &page.echo) >= 0.4,
            );
        }
    }

    fn set_neighbours(&self, features: &mut Features) {
        use Feature::*;
        let (page, own) = (self.page, self.own());
        features.set(
            BeforeCredit,
            own.weight <= 320
                && self
                    .next()
                    .is_some_and(|next| next.weight <= 70 && is_credit(next.features)),
        );
        if let Some(before) = self.before() {
            let shown = before.features;
            let before_is_prose = page.prose[self.unit - 1];
            features.set(
                AfterCredit,
                before.weight <= 32 && shown.has(CreditAgency) && !shown.has(Sentence),
            );
            features.set(
                AfterAge,
                self.prose_before > 0
                    && !before_is_prose
                    && shows_any(shown, &[DateWords, DateLine, DateIn]),
            );
            features.set(AfterColon, shown.has(Colon) && before_is_prose);
            features.set(AfterBy, shows_any(shown, &[ByLabel, ByName]));
            features.set(AfterNames, shown.has(Names));
        }
        let Neighbours { previous, next } = page.neighbours[self.unit];
        let after_next = next.and_then(|next| page.neighbours[next].next);
        let is_prose = |unit: Option<usize>| unit.is_some_and(|unit| page.prose[unit]);
        features.set(AfterProse, is_prose(previous));
        features.set(BeforeProse, is_prose(next));
        features.set(ProseAhead, is_prose(next) && is_prose(after_next));
        features.set(InRun, page.in_run[self.unit]);
        let alone = |unit: Option<usize>| unit.is_some_and(|unit| !page.prose[unit]);
        features.set(Lone, self.is_prose() && alone(previous) && alone(next));
    }

    fn set_place(&self, features: &mut Features) {
        use Feature::*;
        let (page, own) = (self.page, self.own());
        let own_prose = if self.is_prose() { own.weight } else { 0 };
        let left = page.prose_weight - self.prose_before - own_prose;
        features.set(Late, self.prose_before * 2 > page.prose_weight);
        features.set(NoProseBefore, self.prose_before == 0);
        features.set(NoProseLeft, left == 0);
        features.set(LittleProseLeft, left > 0 && left * 10 < page.prose_weight);
        let begins_with = |name: &String| {
            own.folded
                .strip_prefix(name.as_str())
                .is_some_and(|rest| !rest.is_empty())
        };
        features.set(
            AboutAuthor,
            left * 10 < page.prose_weight.max(1)
                && self.is_prose()
                && page.authors.iter().any(begins_with),
        );
    }

    fn set_standfirst(&self, features: &mut Features) {
        use Feature::*;
        let (page, own) = (self.page, self.own());
        features.set(Solo, page.summary.contains(&self.unit));
        let may_be = !page.is_teletype
            && self.is_prose()
            && self.prose_before == 0
            && own.weight <= STANDFIRST_AT_MOST
            && own.dateline.is_none();
        let Some(next) = self.next().filter(|_| may_be) else {
            return;
        };
        let next_is_prose = page.prose[self.unit + 1];
        features.set(
            Solo,
            page.is_page
                && !next_is_prose
                && !shows_any(next.features, &[RelatedTitle, Url, QuoteStart, Sentence]),
        );
        // Without a page's furniture around it, a lede looks the same: the step has to be a big
        // one.
        let step = if page.is_page { 5 } else { 7 };
        features.set(StepUp, next_is_prose && next.weight * 4 > own.weight * step);
    }
}

fn shows_any(features: Features, wanted: &[Feature]) -> bool {
    wanted.iter().any(|feature| features.has(*feature))
}

/// Returns whether a unit is something else than a title, a deck or text, beyond doubt.
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
    shows_any(features, &FURNITURE)
}

/// Returns the first unit that could be a headline, if it ends as a sentence does, stands before
/// every other title, and a byline or date follows at once or after a deck.
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

/// The nearest units on either side that are not furniture beyond doubt.
#[derive(Clone, Copy, Default)]
struct Neighbours {
    previous: Option<usize>,
    next: Option<usize>,
}

fn neighbours(sure: &[bool]) -> Vec<Neighbours> {
    let mut out = vec![Neighbours::default(); sure.len()];
    let mut last = None;
    for (unit, sure) in sure.iter().enumerate() {
        out[unit].previous = last;
        last = if *sure { last } else { Some(unit) };
    }
    last = None;
    for (unit, sure) in sure.iter().enumerate().rev() {
        out[unit].next = last;
        last = if *sure { last } else { Some(unit) };
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

/// Returns the words of a text that are not small.
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

/// Returns words of the last parts of the story's own address.
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

/// Returns words of the first two paragraphs.
fn echo_words<'a>(copy: &'a str, units: &[Unit], prose: &[bool]) -> FxHashSet<Cow<'a, str>> {
    let mut out = FxHashSet::default();
    for (unit, _) in units.iter().zip(prose).filter(|(_, p)| **p).take(3) {
        let text = unit.str(copy);
        out.extend(long_words(&text[..boundary(text, 1200)]));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::furniture::label;

    /// Returns the features that the units of a copy show.
    fn shown(copy: &str) -> Vec<Features> {
        label(copy)
            .observations
            .iter()
            .map(|unit| unit.features)
            .collect()
    }

    const TEXT: &str =
        "The harbour board voted on Tuesday to close the old ferry slip for repairs until spring.";

    #[test]
    fn prose_is_counted_from_both_ends() {
        let seen = shown(&format!(
            "Ferry slip to close\n\n{TEXT}\n\n{TEXT} Again.\n\nShare\n"
        ));
        assert!(seen[0].has(Feature::NoProseBefore) && seen[0].has(Feature::BeforeProse));
        assert!(seen[1].has(Feature::NoProseBefore) && !seen[1].has(Feature::AfterProse));
        assert!(seen[2].has(Feature::AfterProse) && seen[2].has(Feature::NoProseLeft));
        assert!(seen[3].has(Feature::Late) && seen[3].has(Feature::NoProseLeft));
    }

    #[test]
    fn a_kicker_is_not_the_first_title() {
        let seen = shown(&format!(
            "Storms of the winter\n\nFerry slip to close for repairs that will last until \
             spring\n\n{TEXT}\n"
        ));
        assert!(!seen[0].has(Feature::FirstTitle) && seen[1].has(Feature::FirstTitle));
    }

    #[test]
    fn a_headline_may_end_in_a_full_stop() {
        let stated = "Police: Ring of boat thieves drew buyers to slips all along the coast.";
        let seen = shown(&format!("{stated}\n\nBy Ana Ruiz\n\n{TEXT}\n"));
        assert!(seen[0].has(Feature::StatedTitle));
        let lede = shown(&format!(
            "Ferry slip to close for winter\n\n{stated}\n\nBy Ana Ruiz\n"
        ));
        assert!(lede.iter().all(|unit| !unit.has(Feature::StatedTitle)));
    }

    #[test]
    fn repeated_lines_are_counted() {
        let seen = shown(&format!(
            "Advertisement\n\n{TEXT}\n\nAdvertisement\n\nAdvertisement\n"
        ));
        assert!(seen[0].has(Feature::RepeatedOften) && !seen[1].has(Feature::Repeated));
    }

    #[test]
    fn sure_furniture_does_not_part_neighbours() {
        let neighbours = neighbours(&[false, true, false]);
        assert_eq!(neighbours[0].next, Some(2));
        assert_eq!(neighbours[2].previous, Some(0));
    }
}
