//! A list looked up by whole words or by the words that a line begins with.

use super::entries;
use super::glance::Glance;
use rustc_hash::FxHashMap;

/// Terms, each with a value that may be empty.
#[derive(Debug)]
pub(crate) struct Words {
    /// Length in bytes of the longest term: what is longer needs no look.
    longest: usize,
    terms: Glance,
    values: FxHashMap<&'static str, &'static str>,
    /// Lengths in bytes of the terms that begin with each first word, longest first.
    lengths: FxHashMap<&'static str, Vec<usize>>,
    firsts: Glance,
}

impl Words {
    /// Reads a list in the form that [`super`] describes.
    pub(crate) fn read(list: &'static str) -> Self {
        let values: FxHashMap<_, _> = entries(list).collect();
        let mut lengths: FxHashMap<_, Vec<usize>> = FxHashMap::default();
        for term in values.keys() {
            lengths
                .entry(first_word(term))
                .or_default()
                .push(term.len());
        }
        for list in lengths.values_mut() {
            list.sort_unstable_by(|a, b| b.cmp(a));
            list.dedup();
        }
        let longest = values.keys().map(|term| term.len()).max().unwrap_or(0);
        let (terms, firsts) = (
            Glance::of(values.keys().copied()),
            Glance::of(lengths.keys().copied()),
        );
        Self {
            longest,
            terms,
            values,
            lengths,
            firsts,
        }
    }

    /// Returns the value of a folded term, if it is in the list.
    pub(crate) fn get(&self, term: &str) -> Option<&'static str> {
        if self.may_have(term) {
            self.values.get(term).copied()
        } else {
            None
        }
    }

    /// Returns the terms, in no order.
    pub(crate) fn terms(&self) -> impl Iterator<Item = &'static str> {
        self.values.keys().copied()
    }

    /// Returns whether a folded term is in the list.
    pub(crate) fn has(&self, term: &str) -> bool {
        self.may_have(term) && self.values.contains_key(term)
    }

    fn may_have(&self, term: &str) -> bool {
        term.len() <= self.longest && self.terms.may_have(term.as_bytes())
    }

    /// Returns whether a term of the list begins with the word that `folded` begins with.
    pub(crate) fn begins(&self, folded: &str) -> bool {
        self.lengths(folded).is_some()
    }

    fn lengths(&self, folded: &str) -> Option<&Vec<usize>> {
        let first = first_word(folded);
        if self.firsts.may_have(first.as_bytes()) {
            self.lengths.get(first)
        } else {
            None
        }
    }

    /// Returns the longest term that `folded` begins with, as (length in bytes, value); it ends at
    /// a word's end.
    pub(crate) fn prefix(&self, folded: &str) -> Option<(usize, &'static str)> {
        self.lengths(folded)?.iter().find_map(|len| {
            let start = folded.get(..*len)?;
            let value = self.values.get(start)?;
            let ends = folded[*len..]
                .chars()
                .next()
                .is_none_or(|c| !c.is_alphanumeric())
                || !start.chars().next_back().is_some_and(char::is_alphanumeric);
            ends.then_some((*len, *value))
        })
    }

    /// Returns all terms with their values, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.values.iter().map(|(term, value)| (*term, *value))
    }
}

/// Up to the first character that no word holds; a term that begins with a mark is found by the
/// mark.
fn first_word(text: &str) -> &str {
    let ascii = text
        .bytes()
        .position(|b| !b.is_ascii_alphanumeric() && b != b'\'')
        .unwrap_or(text.len());
    if ascii > 0 && text.as_bytes().get(ascii).is_none_or(u8::is_ascii) {
        return &text[..ascii];
    }
    let end = text
        .char_indices()
        .find(|(_, c)| !c.is_alphanumeric() && *c != '\'')
        .map_or(text.len(), |(i, _)| i);
    if end == 0 {
        &text[..text.chars().next().map_or(0, char::len_utf8)]
    } else {
        &text[..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_terms_and_the_longest_prefix() {
        let words =
            Words::read("# list\n(reporting by\tc\nread more\ta\nread more about\tb\n© \td");
        assert_eq!(words.get("read more"), Some("a"));
        assert_eq!(words.prefix("read more about it"), Some((15, "b")));
        assert_eq!(words.prefix("read more: title"), Some((9, "a")));
        assert_eq!(words.prefix("read moreover"), None);
        assert_eq!(words.prefix("(reporting by a)"), Some((13, "c")));
    }
}
