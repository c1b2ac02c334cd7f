//! A list looked up anywhere in a line.

use super::entries;
use super::glance::Glance;
use rustc_hash::FxHashMap;

/// Phrases, each with a value that may be empty.
#[derive(Debug)]
pub struct Phrases {
    /// Phrases and values by the word or mark that they begin with, longest first.
    starts: FxHashMap<&'static str, Vec<(&'static str, &'static str)>>,
    glance: Glance,
}

impl Phrases {
    /// Reads a list in the form that [`super`] describes.
    pub fn read(list: &'static str) -> Self {
        let mut starts: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for (phrase, value) in entries(list) {
            starts.entry(start(phrase)).or_default().push((phrase, value));
        }
        for phrases in starts.values_mut() {
            phrases.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        }
        let glance = Glance::of(starts.keys().copied());
        Self { starts, glance }
    }

    /// Every phrase in `folded` that begins and ends at a word's edge: (start, end, value). Of phrases that
    /// begin at one place the longest is found, and nothing inside it.
    pub fn find<'a>(&'a self, folded: &'a str) -> impl Iterator<Item = (usize, usize, &'static str)> + 'a {
        // Always at the beginning of a word or at a mark.
        let mut at = 0;
        std::iter::from_fn(move || {
            while let Some(first) = folded.as_bytes().get(at) {
                let from = at;
                if *first == b' ' {
                    at += 1;
                    continue;
                }
                at += start(&folded[at..]).len();
                let word = &folded[from..at];
                if !self.glance.may_have(word.as_bytes()) {
                    continue;
                }
                let found = self.starts.get(word).and_then(|phrases| phrases.iter().find(|(phrase, _)| is_whole(&folded[from..], phrase)));
                if let Some((phrase, value)) = found {
                    at = from + phrase.len();
                    return Some((from, at, *value));
                }
            }
            None
        })
    }
}

/// The word that a text begins with, or its first character, if that is none of a word's.
fn start(text: &str) -> &str {
    let bytes = text.as_bytes();
    let mut len = 0;
    while len < bytes.len() && bytes[len].is_ascii_alphanumeric() {
        len += 1;
    }
    if bytes.get(len).is_some_and(|b| !b.is_ascii()) {
        len = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    }
    &text[..if len == 0 { text.chars().next().map_or(0, char::len_utf8) } else { len }]
}

/// Whether a text begins with a phrase and the phrase ends at a word's edge.
fn is_whole(text: &str, phrase: &str) -> bool {
    text.strip_prefix(phrase).is_some_and(|rest| !(phrase.ends_with(char::is_alphanumeric) && rest.starts_with(char::is_alphanumeric)))
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

    #[test]
    fn the_longest_phrase_that_ends_a_word_is_taken_and_not_searched_again() {
        let phrases = Phrases::read("afp/\ta\nphoto\tb\nphoto by\tc\nby jo\td\nфото:\te\n写真\tf");
        let all = |text: &str| phrases.find(text).map(|f| (f.0, f.2)).collect::<Vec<_>>();
        assert_eq!(all("photo by jo"), [(0, "c")]);
        assert_eq!(all("photo byline, photos"), [(0, "b")]);
        assert_eq!(all("l'photo's afp/photo"), [(2, "b"), (10, "a"), (14, "b")]);
        assert_eq!(all("фото: 写真, 写真家"), [(0, "e"), (10, "f")]);
    }
}
