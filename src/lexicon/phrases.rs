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
            let start = Edges::of(phrase).0.get(1).map_or(phrase, |end| &phrase[..*end as usize]);
            starts.entry(start).or_default().push((phrase, value));
        }
        for phrases in starts.values_mut() {
            phrases.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        }
        let glance = Glance::of(starts.keys().copied());
        Self { starts, glance }
    }

    /// Every phrase in `folded` that begins and ends at a word's edge: (start, end, value). Of phrases that
    /// begin at one place the longest is found, and nothing inside it.
    pub fn find<'a>(&'a self, folded: &'a str, edges: &'a Edges) -> impl Iterator<Item = (usize, usize, &'static str)> + 'a {
        let mut at = 0;
        edges.0.windows(2).filter_map(move |edge| {
            let (from, to) = (edge[0] as usize, edge[1] as usize);
            if from < at || !self.glance.may_have(&folded.as_bytes()[from..to]) {
                return None;
            }
            let phrases = self.starts.get(&folded[from..to])?;
            let (phrase, value) = phrases.iter().find(|(phrase, _)| is_whole(&folded[from..], phrase))?;
            at = from + phrase.len();
            Some((from, at, *value))
        })
    }
}

/// Where the words of a text begin, and its marks and spaces; and where it ends.
#[derive(Debug)]
pub struct Edges(Vec<u32>);

impl Edges {
    /// The edges of a text.
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut edges = vec![0; bytes.len() + 1];
        let (mut count, mut inside, mut ascii) = (0, false, true);
        // Every byte is noted, and kept where it is an edge: so there is nothing to guess for the processor.
        for (at, b) in (0..).zip(bytes) {
            edges[count] = at;
            let word = b.is_ascii_alphanumeric();
            count += usize::from(!(word & inside));
            inside = word;
            ascii &= b.is_ascii();
        }
        if !ascii {
            return Self::of_chars(text);
        }
        edges[count] = bytes.len() as u32;
        edges.truncate(count + 1);
        Self(edges)
    }

    fn of_chars(text: &str) -> Self {
        let mut inside = false;
        let mut is_edge = |c: char| {
            let within = std::mem::replace(&mut inside, c.is_alphanumeric());
            !(within && inside)
        };
        let edges = text.char_indices().filter(|(_, c)| is_edge(*c)).map(|(at, _)| at as u32);
        Self(edges.chain([text.len() as u32]).collect())
    }
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
        let text = "© jo getty images, do not resign up";
        let found: Vec<_> = phrases.find(text, &Edges::of(text)).map(|f| f.2).collect();
        assert_eq!(found, ["mark", "agency"]);
    }

    #[test]
    fn the_longest_phrase_that_ends_a_word_is_taken_and_not_searched_again() {
        let phrases = Phrases::read("afp/\ta\nphoto\tb\nphoto by\tc\nby jo\td\nфото:\te\n写真\tf");
        let all = |text: &str| phrases.find(text, &Edges::of(text)).map(|f| (f.0, f.2)).collect::<Vec<_>>();
        assert_eq!(all("photo by jo"), [(0, "c")]);
        assert_eq!(all("photo byline, photos"), [(0, "b")]);
        assert_eq!(all("l'photo's afp/photo"), [(2, "b"), (10, "a"), (14, "b")]);
        assert_eq!(all("фото: 写真, 写真家"), [(0, "e"), (10, "f")]);
    }
}
