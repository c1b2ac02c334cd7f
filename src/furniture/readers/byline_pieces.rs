//! Cuts a byline into pieces, each a name, a role, an outlet or an address.

use super::name;
use std::borrow::Cow;
use std::ops::Range;

/// What parts a piece of a byline from the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Joint {
    /// Nothing: it is the first.
    #[default]
    Start,
    /// A comma.
    Comma,
    /// `and`, `with`, a slash between two names.
    And,
    /// The piece stands in brackets.
    Brackets,
    /// A bar, a bullet, a dash, a gap, a date.
    Mark,
}

/// What stands between two people or their attributes, with a space on either side.
const SEPARATORS: [&str; 16] = [
    "and", "und", "et", "y", "e", "en", "i", "и", "ve", "og", "och", "&", "with", "mit", "avec",
    "con",
];

/// The same where it is written small; with a capital it may be a name (`Dan`, `Un`).
const SMALL_SEPARATORS: [&str; 15] = [
    "a",
    "és",
    "ja",
    "și",
    "şi",
    "dan",
    "ir",
    "un",
    "та",
    "і",
    "й",
    "და",
    "και",
    "और",
    "และ",
];

/// What stands between those who ask and those who answer.
const JOINING_PHRASES: [&str; 5] = [
    " im gespräch mit ",
    " im interview mit ",
    " in conversation with ",
    " en conversation avec ",
    " en conversación con ",
];

/// Bytes of the longest of the words.
const LONGEST_SEPARATOR: usize = 9;

/// A part of a byline.
pub(super) struct Piece<'t> {
    pub text: &'t str,
    /// What parts it from the piece before.
    pub joint: Joint,
}

/// Cuts at commas, slashes, bars, gaps and joining words.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut cuts: Vec<Range<usize>> = Vec::new();
    let mut nickname_end = 0;
    for (i, c) in text.char_indices() {
        let spaced = || text[..i].ends_with(' ') && text[i + c.len_utf8()..].starts_with(' ');
        let cut = match c {
            '(' => match name::nickname_at(text, i) {
                Some(end) => {
                    nickname_end = end;
                    false
                }
                None => true,
            },
            ')' => i >= nickname_end,
            ',' | ';' | '|' | '•' | '·' | '/' | '=' | '\t' => true,
            '-' | '–' | '—' => spaced(),
            ' ' => is_gap(text, i),
            _ => false,
        };
        if cut && c == ' ' {
            let rest = text[i..].trim_start_matches(' ');
            cuts.push(i..text.len() - rest.len());
        } else if cut {
            cuts.push(i..i + c.len_utf8());
        }
    }
    cuts.extend(joining_words(text));
    cuts.sort_by_key(|c| (c.start, std::cmp::Reverse(c.end)));
    let piece = |range: Range<usize>| Piece {
        joint: joint(text, &range),
        text: text[range].trim(),
    };
    let mut out = Vec::new();
    let mut at = 0;
    for cut in cuts {
        if cut.start >= at {
            out.push(piece(at..cut.start));
        }
        at = at.max(cut.end);
    }
    out.push(piece(at.min(text.len())..text.len()));
    out.retain(|piece| !piece.text.is_empty());
    out
}

/// Returns what parts the piece at `range` from the one before.
fn joint(text: &str, range: &Range<usize>) -> Joint {
    let before = &text[..range.start];
    match before.chars().next_back() {
        None => Joint::Start,
        Some('(') if text[range.end..].starts_with(')') => Joint::Brackets,
        Some(',' | ';') => Joint::Comma,
        // `Ann Lee/Tom Vale` are two people; ` / ` may part a name from anything.
        Some('/') if !before.ends_with(" /") => Joint::And,
        Some(' ') if !before.ends_with("  ") => Joint::And,
        Some(_) => Joint::Mark,
    }
}

/// Returns whether a gap begins at the space at `at`: three spaces, or two after a name of two
/// words. Two spaces within a name are a slip of the typist.
fn is_gap(text: &str, at: usize) -> bool {
    let rest = text[at..].trim_start_matches(' ');
    let spaces = text.len() - at - rest.len();
    let next_is_word = || rest.split(' ').take(2).any(|word| word.chars().count() > 2);
    spaces > 2
        || spaces == 2
            && !text[..at].ends_with(' ')
            && text[..at].trim_start().contains(' ')
            && next_is_word()
}

/// Returns the text in small letters, each at its place: a letter whose small form is longer or
/// shorter stays.
fn lowered(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let lower = |c: char| {
        let mut small = c.to_lowercase();
        match (small.next(), small.next()) {
            (Some(small), None) if small.len_utf8() == c.len_utf8() => small,
            _ => c,
        }
    };
    Cow::Owned(text.chars().map(lower).collect())
}

/// Joining words with the spaces around them.
fn joining_words(text: &str) -> Vec<Range<usize>> {
    let lower = lowered(text);
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut spaces = memchr::memchr_iter(b' ', lower.as_bytes());
    let mut open = spaces.next().unwrap_or_default();
    for close in spaces {
        let from = std::mem::replace(&mut open, close);
        let word = &lower[from + 1..close];
        // Of `and and` the first is one: a space belongs to one of two that are the same.
        let again = |last: &Range<usize>| {
            last.end > from && lower[last.start + 1..last.end - 1].eq_ignore_ascii_case(word)
        };
        let joins = |word: &str| {
            SEPARATORS
                .iter()
                .any(|separator| separator.eq_ignore_ascii_case(word))
                || SMALL_SEPARATORS.contains(&&text[from + 1..close])
        };
        if word.len() <= LONGEST_SEPARATOR && joins(word) && !out.last().is_some_and(again) {
            out.push(from..close + 1);
        }
        // Looked for at each space: five searches of the whole text took twice as long as all else.
        let phrase = JOINING_PHRASES
            .iter()
            .find(|phrase| lower[from..].starts_with(**phrase));
        out.extend(phrase.map(|phrase| from..from + phrase.len()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<&str> {
        pieces(line).into_iter().map(|piece| piece.text).collect()
    }

    #[test]
    fn people_are_parted_by_marks_and_joining_words() {
        assert_eq!(
            texts("Ann Lee, Tom Vale and Ida Ek"),
            ["Ann Lee", "Tom Vale", "Ida Ek"]
        );
        assert_eq!(
            texts("Ann Lee Im Gespräch mit Ida Ek"),
            ["Ann Lee", "Ida Ek"]
        );
        assert_eq!(texts("Ann Lee   7 hours"), ["Ann Lee", "7 hours"]);
        assert_eq!(texts("Robert (Bob) Vale"), ["Robert (Bob) Vale"]);
    }

    /// The small forms of `ẞ`, `İ` and `Ⱥ` are shorter or longer than they are.
    #[test]
    fn letters_of_another_length_in_small_move_nothing() {
        for line in [
            "ẞ ẞ ẞ a İ İ İ im gespräch mit Bob Vale",
            "İẞ and ẞİ",
            "ȺȺ y Ⱥ İ und ẞ ",
        ] {
            let joined = texts(line).concat();
            assert!(joined.chars().all(|c| line.contains(c)), "{line}");
        }
        assert_eq!(lowered("ẞ AND É"), "ẞ and é");
    }
}
