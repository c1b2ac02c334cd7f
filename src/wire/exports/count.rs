//! How many stories an export says that it has, and which of them are missing.

use super::blocks::Block;
use crate::text::fold;
use crate::wire::cut::{Count, NAMED};
use rustc_hash::FxHashMap;

/// A line with a story's number is never longer, in bytes.
const LINE: usize = 60;

/// `1 of 10 DOCUMENTS`, `Dokument 234 von 456`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbered {
    /// The story's number.
    pub number: usize,
    /// How many stories the search found.
    pub all: usize,
}

/// Returns the number of a story, if a line is one.
pub(super) fn number(line: &str) -> Option<Numbered> {
    const OF: [&str; 14] = [
        "of", "von", "de", "di", "van", "af", "av", "sur", "/", "z", "su", "uit", "из", "sobre",
    ];
    const UNITS: [&str; 4] = ["document", "dokument", "документ", "documento"];
    let line = line.trim();
    if line.len() > LINE || !line.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let folded = fold(line);
    let folded = folded.strip_prefix("focus -").unwrap_or(&folded).trim();
    let mut words: Vec<&str> = folded.split_whitespace().collect();
    let is_unit = |word: &&str| -> bool { UNITS.iter().any(|unit| word.starts_with(unit)) };
    let unit = words.iter().position(is_unit)?;
    words.remove(unit);
    let [number, of, all] = words[..] else {
        return None;
    };
    let number = number.parse().ok()?;
    let all = all.replace([',', '.'], "").parse().ok()?;
    OF.contains(&of).then_some(Numbered { number, all })
}

impl Count {
    /// Counts by the number that each story has. Where numbers begin again, another export begins.
    /// A part of a larger search begins somewhere inside it, and ends anywhere.
    pub(super) fn of_numbers(numbers: &[Numbered]) -> Option<Self> {
        let mut count = Self::default();
        for run in numbers.chunk_by(|one, next| one.number < next.number) {
            let (first, last) = (run.first()?, run.last()?);
            let end = match first.number {
                1 => first.all.max(last.number),
                _ => last.number,
            };
            count.all += end.checked_sub(first.number)?.checked_add(1)?;
            let mut next = first.number;
            let ends = run.iter().map(|story| story.number);
            for number in ends.chain(std::iter::once(end.checked_add(1)?)) {
                let room = NAMED.saturating_sub(count.missing.len());
                count.missing.extend((next..number).take(room));
                next = number.saturating_add(1);
            }
        }
        (count.all > 0).then_some(count)
    }

    /// Counts by a list of all stories at the beginning of a file, of which the first `found` are
    /// there.
    pub(super) fn of_list(numbers: &[usize], found: usize) -> Self {
        Self {
            all: numbers.len(),
            missing: numbers.iter().skip(found).take(NAMED).copied().collect(),
        }
    }

    /// Counts by a cover page that says how many stories there are and lists their titles, as
    /// `1. Title`. Which are missing is known where the titles of the others are found.
    pub(super) fn of_cover(all: usize, found: &[Block]) -> Self {
        let mut titles: Vec<String> = Vec::new();
        let mut times: FxHashMap<String, usize> = FxHashMap::default();
        for block in found {
            let text = fold(&block.text.text);
            let next = format!("{}. ", titles.len() + 1);
            match text.strip_prefix(&next).filter(|_| titles.len() < all) {
                Some(title) => titles.push(title.trim().to_owned()),
                None => *times.entry(text).or_default() += 1,
            }
        }
        let mut missing = Vec::new();
        for (at, title) in titles.iter().enumerate() {
            match times.get_mut(title).filter(|left| **left > 0) {
                Some(left) => *left -= 1,
                None => missing.push(at + 1),
            }
        }
        Self { all, missing }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numbers: &[(usize, usize)]) -> (usize, Vec<usize>) {
        let numbers: Vec<Numbered> = numbers
            .iter()
            .map(|(number, all)| Numbered {
                number: *number,
                all: *all,
            })
            .collect();
        let count = Count::of_numbers(&numbers).unwrap();
        (count.all, count.missing)
    }

    #[test]
    fn numbers_say_which_stories_are_missing() {
        assert_eq!(of(&[(1, 3), (2, 3), (3, 3)]), (3, vec![]));
        assert_eq!(of(&[(1, 6), (2, 6), (5, 6)]), (6, vec![3, 4, 6]));
        assert_eq!(of(&[(2001, 2146), (2003, 2146)]), (3, vec![2002]));
        assert_eq!(of(&[(1, 2), (2, 2), (1, 3), (3, 3)]), (5, vec![2]));
        assert_eq!(of(&[(1, 1)]), (1, vec![]));
        let huge = of(&[(1, usize::MAX - 1)]);
        assert_eq!(huge.1.len(), NAMED);
        assert!(Count::of_numbers(&[]).is_none());
    }

    #[test]
    fn numbers_are_read_in_each_language() {
        for line in [
            "3 of 10 DOCUMENTS",
            "Dokument 3 von 10",
            "Document 3 of 10",
            "Document 3 de 10",
            "Documento 3 de 10",
        ] {
            let found = number(line).unwrap();
            assert_eq!((found.number, found.all), (3, 10), "{line}");
        }
        assert!(number("3 of 10 people").is_none());
    }
}
