//! Lines made to flow: text on one line, with the way back to the copy.

use super::{OffsetMap, char_at};
use std::ops::Range;

/// Returns the text of a part of the copy on one line: white space folded, line breaks mended.
///
/// A hyphen at a line's end stays, closed up, unless the copy itself writes the word without it;
/// the map leads from the flowing text to the copy.
pub(crate) fn flow(copy: &str, range: Range<usize>) -> (String, OffsetMap) {
    let mut map = OffsetMap::default();
    let text = flow_into(copy, range, Some(&mut map));
    (text, map)
}

/// Returns the text alone, where nobody asks for the way back: the map of short lines is many
/// times as large as they are.
pub(crate) fn flow_text(copy: &str, range: Range<usize>) -> String {
    flow_into(copy, range, None)
}

fn flow_into(copy: &str, range: Range<usize>, mut map: Option<&mut OffsetMap>) -> String {
    let part = &copy[range.clone()];
    let trimmed = part.trim_end();
    let lead = trimmed.len() - trimmed.trim_start().len();
    let part = &trimmed[lead..];
    let base = range.start + lead;
    if is_flowing(part) {
        if let Some(map) = map.filter(|_| base > 0) {
            map.push_same(0, base, part.len());
        }
        return part.to_owned();
    }
    let mut out = String::with_capacity(part.len());
    let mut at = 0;
    while at < part.len() {
        let rest = &part[at..];
        let words = words(rest);
        if let Some(map) = &mut map {
            map.push_same(out.len(), base + at, words);
        }
        out.push_str(&rest[..words]);
        let gap = rest[words..].len() - rest[words..].trim_start().len();
        if gap == 0 {
            break;
        }
        let broken = rest[words..words + gap].contains('\n');
        let next = &rest[words + gap..];
        match hyphen(copy, &out, next, broken) {
            Hyphen::None => {
                if let Some(map) = &mut map {
                    map.push(out.len(), 1, base + at + words, gap);
                }
                out.push(' ');
            }
            Hyphen::Kept => {}
            Hyphen::Mended => {
                out.pop();
            }
        }
        at += words + gap;
    }
    out
}

/// Returns how far the words go that a text begins with and that single spaces part.
fn words(text: &str) -> usize {
    let mut at = 0;
    while let Some(c) = char_at(text, at) {
        let next = at + c.len_utf8();
        if c != ' ' && c.is_whitespace()
            || c == ' ' && char_at(text, next).is_some_and(char::is_whitespace)
        {
            return at;
        }
        at = next;
    }
    text.len()
}

fn is_flowing(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Every byte is looked at, so that the compiler takes many at a time.
    let (mut broken, mut ascii) = (false, true);
    for b in bytes {
        broken |= (b'\t'..=b'\r').contains(b);
        ascii &= b.is_ascii();
    }
    let doubled = bytes
        .iter()
        .zip(bytes.get(1..).unwrap_or_default())
        .fold(false, |seen, (a, b)| seen | ((*a == b' ') & (*b == b' ')));
    !broken && !doubled && (ascii || !text.contains(|c: char| !c.is_ascii() && c.is_whitespace()))
}

enum Hyphen {
    None,
    Kept,
    Mended,
}

/// Returns what to do with a hyphen at a line's end, seen from the story's own spelling.
fn hyphen(copy: &str, out: &str, next: &str, broken: bool) -> Hyphen {
    let Some(stem) = out
        .strip_suffix('-')
        .filter(|s| broken && s.ends_with(char::is_alphanumeric))
    else {
        return Hyphen::None;
    };
    if !next.starts_with(char::is_alphanumeric) {
        return Hyphen::None;
    }
    let start = stem.rfind(|c: char| !c.is_alphanumeric()).map_or(0, |i| {
        i + stem[i..].chars().next().map_or(1, char::len_utf8)
    });
    let end = next
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(next.len());
    let (left, right) = (&stem[start..], &next[..end]);
    // Only words of some length are looked for: short ones turn up inside others.
    if left.len() + right.len() > LONGEST_WORD {
        return Hyphen::Kept;
    }
    let whole = format!("{left}{right}");
    let spelled = left.chars().all(char::is_lowercase)
        && right.chars().all(char::is_lowercase)
        && whole.len() >= 6
        && near(copy, &whole);
    if spelled {
        Hyphen::Mended
    } else {
        Hyphen::Kept
    }
}

/// A story's own spelling is looked for in so many of its first bytes.
const SPELLED_WITHIN: usize = 12 * 1024;
/// No word that a desk hyphenates is longer, in bytes.
const LONGEST_WORD: usize = 96;

/// Returns whether the copy has the word within reach; a window keeps the search linear.
fn near(copy: &str, word: &str) -> bool {
    let mut end = copy.len().min(SPELLED_WITHIN);
    while !copy.is_char_boundary(end) {
        end -= 1;
    }
    memchr::memmem::find(&copy.as_bytes()[..end], word.as_bytes()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_become_spaces_and_lead_back() {
        let copy = "    One two\nthree   four";
        let (text, map) = flow(copy, 4..copy.len());
        assert_eq!(text, "One two three four");
        let at = text.find("three").unwrap();
        assert_eq!(&copy[map.source(at..at + 5)], "three");
        assert_eq!(&copy[map.source(at + 6..at + 10)], "four");
    }

    #[test]
    fn hyphens_are_mended_only_where_the_story_says_so() {
        let copy = "a short-\nterm loan, the interna-\ntional bank; international law";
        assert_eq!(
            flow(copy, 0..copy.len()).0,
            "a short-term loan, the international bank; international law"
        );
    }
}
