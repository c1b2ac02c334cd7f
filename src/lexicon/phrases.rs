//! A list looked up anywhere in a line.

use super::entries;
use super::glance::{Beginnings, Glance};
use rustc_hash::FxHashMap;

/// Phrases, each with a value that may be empty.
#[derive(Debug)]
pub(crate) struct Phrases {
    /// Phrases and values by the word or mark that they begin with, longest first.
    starts: FxHashMap<&'static str, Vec<(&'static str, &'static str)>>,
    beginnings: Beginnings,
    glance: Glance,
}

impl Phrases {
    /// Reads a list in the form that [`super`] describes.
    pub(crate) fn read(list: &'static str) -> Self {
        let mut starts: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for (phrase, value) in entries(list) {
            let start = &phrase[..end(phrase, 0)];
            starts.entry(start).or_default().push((phrase, value));
        }
        for phrases in starts.values_mut() {
            phrases.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        }
        let glance = Glance::of(starts.keys().copied());
        Self {
            beginnings: Beginnings::of(entries(list).map(|(phrase, _)| phrase)),
            starts,
            glance,
        }
    }

    /// Returns whether one of the phrases may begin a folded text; if not, none does.
    pub(crate) fn may_begin(&self, folded: &str) -> bool {
        self.beginnings.may_be(folded.as_bytes())
    }

    /// Returns every phrase in `folded` that begins and ends at a word's edge: (start, end, value).
    /// Of phrases that begin at one place the longest is found, and nothing inside it.
    pub(crate) fn find<'a>(
        &'a self,
        folded: &'a str,
        edges: &'a Edges,
    ) -> impl Iterator<Item = (usize, usize, &'static str)> + 'a {
        let mut at = 0;
        edges.0.iter().filter_map(move |from| {
            let from = *from as usize;
            if from < at || !self.beginnings.may_be(&folded.as_bytes()[from..]) {
                return None;
            }
            let word = &folded[from..end(folded, from)];
            if !self.glance.may_have(word.as_bytes()) {
                return None;
            }
            let (phrase, value) = self
                .starts
                .get(word)?
                .iter()
                .find(|(phrase, _)| is_whole(&folded[from..], phrase))?;
            at = from + phrase.len();
            Some((from, at, *value))
        })
    }
}

/// Where the words of a text begin, and its marks.
#[derive(Debug)]
pub(crate) struct Edges(Vec<u32>);

/// Bytes of words, and spaces.
const WORD: u8 = 1;
const SPACE: u8 = 2;
static KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut b = 0;
    while b < 256 {
        kinds[b] = if (b as u8).is_ascii_alphanumeric() {
            WORD
        } else {
            0
        };
        b += 1;
    }
    kinds[b' ' as usize] = SPACE;
    kinds
};

impl Edges {
    /// Returns the edges of a folded text.
    pub(crate) fn of(folded: &str) -> Self {
        if !folded.is_ascii() {
            return Self::of_chars(folded);
        }
        let mut edges = vec![0; folded.len()];
        let (mut count, mut before) = (0, SPACE);
        // Every byte is noted, and kept where it is an edge: so there is nothing to guess for the
        // processor.
        for (at, b) in (0..).zip(folded.bytes()) {
            let kind = KINDS[usize::from(b)];
            edges[count] = at;
            count += usize::from(kind & (before | SPACE) == 0);
            before = kind;
        }
        edges.truncate(count);
        Self(edges)
    }

    fn of_chars(folded: &str) -> Self {
        let mut inside = false;
        let mut is_edge = |c: char| {
            let within = std::mem::replace(&mut inside, c.is_alphanumeric());
            !(within && inside || c == ' ')
        };
        Self(
            folded
                .char_indices()
                .filter(|(_, c)| is_edge(*c))
                .map(|(at, _)| at as u32)
                .collect(),
        )
    }
}

/// Returns where the word or mark ends that begins at `from`.
fn end(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = from;
    while bytes
        .get(end)
        .is_some_and(|b| KINDS[usize::from(*b)] == WORD)
    {
        end += 1;
    }
    if bytes.get(end).is_some_and(|b| !b.is_ascii()) {
        end = text[from..]
            .find(|c: char| !c.is_alphanumeric())
            .map_or(text.len(), |len| from + len);
    }
    if end == from {
        from + text[from..].chars().next().map_or(0, char::len_utf8)
    } else {
        end
    }
}

/// Returns whether a text begins with a phrase and the phrase ends at a word's edge.
fn is_whole(text: &str, phrase: &str) -> bool {
    text.strip_prefix(phrase).is_some_and(|rest| {
        !(phrase.ends_with(char::is_alphanumeric) && rest.starts_with(char::is_alphanumeric))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_phrases_at_word_edges() {
        let phrases = Phrases::read("getty images\tagency\nsign up\t\n© \tmark");
        let text = "© jo getty images, do not resign up";
        let found: Vec<_> = phrases.find(text, &Edges::of(text)).map(|f| f.2).collect();
        assert_eq!(found, ["mark", "agency"]);
    }

    #[test]
    fn the_longest_phrase_that_ends_a_word_is_taken_and_not_searched_again() {
        let phrases = Phrases::read("afp/\ta\nphoto\tb\nphoto by\tc\nby jo\td\nфото:\te\n写真\tf");
        let all = |text: &str| {
            phrases
                .find(text, &Edges::of(text))
                .map(|f| (f.0, f.2))
                .collect::<Vec<_>>()
        };
        assert_eq!(all("photo by jo"), [(0, "c")]);
        assert_eq!(all("photo byline, photos"), [(0, "b")]);
        assert_eq!(all("l'photo's afp/photo"), [(2, "b"), (10, "a"), (14, "b")]);
        assert_eq!(all("фото: 写真, 写真家"), [(0, "e"), (10, "f")]);
    }
}
