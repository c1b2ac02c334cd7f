//! A list looked up anywhere in a line.

use super::entries;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

/// Phrases, each with a value that may be empty.
#[derive(Debug)]
pub struct Phrases {
    matcher: Option<AhoCorasick>,
    entries: Vec<(&'static str, &'static str)>,
}

impl Phrases {
    /// Reads a list in the form that [`super`] describes.
    pub fn read(list: &'static str) -> Self {
        let entries: Vec<_> = entries(list).collect();
        // The matcher fails only on lists beyond four billion states.
        // Every line is searched: a DFA costs some milliseconds and a megabyte once, and a third of the time ever after.
        let matcher = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::DFA))
            .build(entries.iter().map(|e| e.0))
            .ok();
        Self { matcher, entries }
    }

    /// Every phrase in `folded` that begins and ends at a word's edge: (start, end, value).
    pub fn find<'a>(&'a self, folded: &'a str) -> impl Iterator<Item = (usize, usize, &'static str)> + 'a {
        self.matcher.iter().flat_map(move |m| m.find_iter(folded)).filter_map(move |found| {
            let (phrase, value) = self.entries[found.pattern().as_usize()];
            let open = |edge: Option<char>, side: Option<char>| {
                !(edge.is_some_and(char::is_alphanumeric) && side.is_some_and(char::is_alphanumeric))
            };
            let before = folded[..found.start()].chars().next_back();
            let after = folded[found.end()..].chars().next();
            (open(phrase.chars().next(), before) && open(phrase.chars().next_back(), after)).then_some((found.start(), found.end(), value))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_phrases_at_word_edges() {
        let phrases = Phrases::read("getty images\tagency\nsign up\t\n© \tmark");
        let found: Vec<_> = phrases.find("© jo getty images, do not resign up").map(|f| f.2).collect();
        assert_eq!(found, ["mark", "agency"]);
    }
}
