//! What the words of a unit belong to: lists, the address, the title, the text.

use super::measure::Measure;
use super::scale::steps;
use super::table::Sight;
use super::words::{AllWords, RUN, Seen, Word, is_long, number, together, words_of};
use crate::furniture::features::{Feature, UnitObservation};
use crate::furniture::units::Unit;
use crate::lexicon::LEXICON;
use crate::text::find_url;
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;
use std::sync::LazyLock;

/// What lists a word stands in.
#[derive(Clone, Copy, Default)]
struct Listed {
    small: bool,
    given: bool,
    furniture: bool,
    of: Option<Measure>,
}

/// The lists that a page's words are looked up in, as one.
static LISTED: LazyLock<FxHashMap<u64, Listed>> = LazyLock::new(|| {
    let mut out: FxHashMap<u64, Listed> = FxHashMap::default();
    let mut note = |word: &str, change: &dyn Fn(&mut Listed)| {
        change(out.entry(number(word)).or_default());
    };
    LEXICON
        .function_words
        .terms()
        .for_each(|word| note(word, &|listed| listed.small = true));
    LEXICON
        .first_names
        .terms()
        .for_each(|word| note(word, &|listed| listed.given = true));
    LEXICON
        .navigation
        .terms()
        .for_each(|word| note(word, &|listed| listed.furniture = true));
    for word in LEXICON.page_words.terms() {
        let of = LEXICON.page_words.get(word).map(measure_of);
        note(word, &|listed| listed.of = of);
    }
    out
});

/// What the words of a unit belong to.
pub(super) fn vocabulary(sight: &mut Sight, i: usize, words: &[Word]) {
    use Measure::*;
    let (mut small, mut given, mut capitalised, mut furniture) = (0, 0, 0, 0);
    let (mut length, mut longest, mut year) = (0, 0, 0);
    let mut of = [0; Measure::ALL.len()];
    for word in words {
        let letters = usize::from(word.letters);
        length += letters;
        longest = longest.max(letters);
        capitalised += usize::from(word.capital);
        year += usize::from(word.year);
        let Some(listed) = LISTED.get(&word.number) else {
            continue;
        };
        small += usize::from(listed.small);
        given += usize::from(listed.given);
        furniture += usize::from(listed.furniture);
        if let Some(measure) = listed.of {
            of[measure as usize] += 1;
        }
    }
    for measure in [
        You, We, Offer, Comment, Ago, Picture, Elsewhere, Craft, Rights,
    ] {
        sight.set(i, measure, of[measure as usize]);
    }
    let words = words.len();
    sight.set(i, Words, words);
    sight.set(i, SmallWords, steps(small, words, 20));
    sight.set(i, GivenNames, steps(given, words, 20));
    sight.set(i, Furniture, steps(furniture, words, 20));
    sight.set(i, Capitalised, steps(capitalised, words, 20));
    sight.set(i, WordLength, steps(length, words, 2));
    sight.set(i, LongestWord, longest);
    sight.set(i, Year, year);
}

/// Returns the measure that counts a class of `page_words.txt`.
fn measure_of(class: &str) -> Measure {
    match class {
        "you" => Measure::You,
        "we" => Measure::We,
        "offer" => Measure::Offer,
        "comment" => Measure::Comment,
        "ago" => Measure::Ago,
        "picture" => Measure::Picture,
        "elsewhere" => Measure::Elsewhere,
        "craft" => Measure::Craft,
        _ => Measure::Rights,
    }
}

/// Which words of a unit stand in the address, in the title, in the text, and again elsewhere.
pub(super) fn overlaps(
    sight: &mut Sight,
    copy: &str,
    units: &[Unit],
    readings: &[UnitObservation],
    all_words: &AllWords,
    core: &Range<usize>,
) {
    /// Words that are looked up for one unit.
    const OWN: usize = 16;
    let address = address(copy, units);
    let title: FxHashSet<u64> = readings
        .iter()
        .position(|reading| reading.features.has(Feature::FirstTitle))
        .map(|i| {
            all_words
                .unit(i)
                .iter()
                .filter(|word| is_long(word))
                .map(|word| word.number)
                .collect()
        })
        .unwrap_or_default();
    // In how many units of running text a word stands, and in which last.
    let mut seen = Seen::with_room(all_words.len() / 2);
    let mut runs = Seen::with_room(all_words.len());
    for (i, reading) in readings.iter().enumerate() {
        let own = all_words.unit(i);
        if reading.features.has(Feature::Prose) {
            own.iter()
                .filter(|word| is_long(word))
                .for_each(|word| seen.note(word.number, i, core.contains(&i)));
        }
        own.windows(RUN)
            .take(OWN)
            .for_each(|run| runs.note(together(run), i, false));
    }
    for (i, reading) in readings.iter().enumerate() {
        let own = all_words.unit(i);
        let prose = reading.features.has(Feature::Prose);
        let own_core = u32::from(prose && core.contains(&i));
        let (mut all, mut of_address, mut of_title, mut of_text) = (0, 0, 0, 0);
        let (mut of_core, mut new_names) = (0, 0);
        for word in own.iter().filter(|word| is_long(word)).take(OWN) {
            all += 1;
            of_address += usize::from(address.contains(&word.number));
            of_title += usize::from(title.contains(&word.number));
            let (units, of_units) = seen.counts(word.number);
            of_text += usize::from(units > u32::from(prose));
            of_core += usize::from(of_units > own_core);
            new_names += usize::from(word.capital && all > 1 && of_units <= own_core);
        }
        sight.set(i, Measure::OfCore, steps(of_core, all, 10));
        sight.set(i, Measure::NewNames, new_names);
        sight.set(i, Measure::OfAddress, steps(of_address, all, 10));
        sight.set(i, Measure::OfTitle, steps(of_title, all, 10));
        sight.set(i, Measure::OfText, steps(of_text, all, 10));
        let of_run = own.windows(RUN).take(OWN);
        let all = of_run.len();
        let again = of_run.filter(|run| runs.units(together(run)) > 1).count();
        sight.set(i, Measure::Again, steps(again, all, 10));
    }
}

/// Returns the words of the story's own address.
fn address(copy: &str, units: &[Unit]) -> FxHashSet<u64> {
    let ends = units.iter().rev().take(8).chain(units.iter().take(8));
    ends.map(|unit| unit.str(copy))
        .filter(|text| text.len() < 600)
        .find_map(|text| find_url(text).map(|url| &text[url]))
        .and_then(|url| url.splitn(4, '/').nth(3))
        .map(|path| {
            words_of(path)
                .filter(is_long)
                .map(|word| word.number)
                .collect()
        })
        .unwrap_or_default()
}
