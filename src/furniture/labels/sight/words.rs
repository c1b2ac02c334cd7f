//! Words of units: numbers that stand for them, and where else each stands.

use crate::furniture::units::Unit;
use rustc_hash::FxHashMap;

/// So many bytes of a unit are looked at.
pub(super) const SHOWN: usize = 240;

pub(super) fn beginning(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A word of a unit.
#[derive(Clone, Copy)]
pub(super) struct Word {
    /// The same word, whatever its case, has the same number.
    pub(super) number: u64,
    pub(super) letters: u8,
    pub(super) capital: bool,
    pub(super) year: bool,
}

pub(super) const fn is_long(word: &Word) -> bool {
    word.letters > 3
}

/// The first words of all units.
pub(super) struct AllWords {
    words: Vec<Word>,
    /// Where the words of each unit begin.
    starts: Vec<usize>,
}

impl AllWords {
    pub(super) fn of(copy: &str, units: &[Unit]) -> Self {
        let (mut words, mut starts) = (Vec::new(), Vec::with_capacity(units.len() + 1));
        for unit in units {
            starts.push(words.len());
            words.extend(words_of(beginning(unit.str(copy), SHOWN)));
        }
        starts.push(words.len());
        Self { words, starts }
    }

    /// Returns how many there are.
    pub(super) const fn len(&self) -> usize {
        self.words.len()
    }

    pub(super) fn unit(&self, unit: usize) -> &[Word] {
        &self.words[self.starts[unit]..self.starts[unit + 1]]
    }
}

pub(super) fn words_of(text: &str) -> impl Iterator<Item = Word> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .filter(|word| !word.is_empty())
        .map(|word| Word {
            number: number(word),
            letters: word.chars().take(40).count() as u8,
            capital: word.starts_with(char::is_uppercase),
            year: word.len() == 4
                && (word.starts_with("19") || word.starts_with("20"))
                && word.bytes().all(|byte| byte.is_ascii_digit()),
        })
}

/// Returns a word's number: the same word, whatever its case, has the same.
pub(super) fn number(word: &str) -> u64 {
    if !word.is_ascii() {
        return word
            .chars()
            .flat_map(char::to_lowercase)
            .fold(7, |sum, c| mix(sum, u64::from(u32::from(c))));
    }
    // This bit makes capitals small, and leaves digits as they are.
    const SMALL: u64 = 0x2020_2020_2020_2020;
    word.as_bytes().chunks(8).fold(11, |sum, chunk| {
        let mut bytes = [b' '; 8];
        bytes[..chunk.len()].copy_from_slice(chunk);
        mix(sum, u64::from_le_bytes(bytes) | SMALL)
    })
}

const fn mix(sum: u64, more: u64) -> u64 {
    (sum ^ more)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .rotate_left(23)
}

/// Words of a run that is looked for elsewhere.
pub(super) const RUN: usize = 4;

pub(super) fn together(run: &[Word]) -> u64 {
    run.iter().fold(1, |sum, word| mix(sum, word.number))
}

/// In how many units something stands.
pub(super) struct Seen(FxHashMap<u64, SeenIn>);

/// In how many units something stands, in how many of the core, and in which last.
#[derive(Clone, Copy)]
struct SeenIn {
    units: u32,
    of_core: u32,
    last: usize,
}

impl Seen {
    pub(super) fn with_room(room: usize) -> Self {
        Self(FxHashMap::with_capacity_and_hasher(
            room,
            Default::default(),
        ))
    }

    pub(super) fn note(&mut self, number: u64, unit: usize, of_core: bool) {
        let entry = self.0.entry(number).or_insert(SeenIn {
            units: 0,
            of_core: 0,
            last: usize::MAX,
        });
        if entry.last != unit {
            entry.units += 1;
            entry.of_core += u32::from(of_core);
            entry.last = unit;
        }
    }

    pub(super) fn units(&self, number: u64) -> u32 {
        self.counts(number).0
    }

    /// All units that it stands in, and those of the core.
    pub(super) fn counts(&self, number: u64) -> (u32, u32) {
        let entry = self.0.get(&number);
        entry.map_or((0, 0), |entry| (entry.units, entry.of_core))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_one_number_whatever_its_case() {
        assert_eq!(number("Subscribe"), number("SUBSCRIBE"));
        assert_eq!(number("Über"), number("über"));
        assert_ne!(number("subscribe"), number("subscribed"));
    }
}
