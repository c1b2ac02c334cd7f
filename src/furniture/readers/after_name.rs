//! What pages print right after a name, with a space or none between: a button, a role, an outlet,
//! an address, how long ago the story was published.

use super::date_words::is_only_date_words_or;
use super::name;
use crate::furniture::tokens::{Kind, Token, tokens};
use crate::lexicon::LEXICON;
use crate::text::{fold, folded};
use std::borrow::Cow;

/// A name, and what a page has set right after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AfterName<'t> {
    /// The name.
    pub name: &'t str,
    /// What follows.
    pub after: &'t str,
}

/// Cuts off what a page has set right after a name; none where nothing is. `folded_piece` is the
/// piece, folded.
pub(super) fn split<'t>(piece: &'t str, folded_piece: &str) -> Option<AfterName<'t>> {
    contact_start(piece)
        .or_else(|| glued_start(piece))
        .or_else(|| age_start(piece))
        .or_else(|| button_start(piece, folded_piece))
        .map(|at| AfterName {
            name: piece[..at]
                .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '@')),
            after: piece[at..].trim(),
        })
        .filter(|cut| !cut.name.is_empty())
}

/// `7 hours`, `2 minutes read`, `hace 3 horas`, `11 comments`: figures, and words of date lines.
pub(super) fn is_age(piece: &str) -> bool {
    piece.bytes().any(|b| b.is_ascii_digit()) && is_age_of(piece, &tokens(piece))
}

/// Returns whether these tokens of a piece, with a figure among them, say how old or how many.
fn is_age_of(piece: &str, tokens: &[Token<'_>]) -> bool {
    is_only_date_words_or(piece, tokens, |word| LEXICON.counts.has(word))
}

/// Figures with the marks between them, as many as a telephone number has.
pub(super) fn is_phone_number(piece: &str) -> bool {
    piece.bytes().filter(u8::is_ascii_digit).count() >= 3
        && piece
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-' | b'+' | b'.'))
}

/// Returns whether a text is an e-mail address or a handle.
pub(super) fn is_contact(text: &str) -> bool {
    if !text.contains('@') {
        return false;
    }
    let text = text.trim_matches(['<', '>', '(', ')', '.']);
    !text.contains(char::is_whitespace)
        && text.split_once('@').is_some_and(|(user, host)| {
            user.is_empty() && host.len() > 1 || !user.is_empty() && host.contains('.')
        })
}

/// Returns where an address or a handle begins: `Nora Lind nlind@example.org`, `Nora
/// Lind@noralind`, `Nora Lindnora.lind@example.org`.
fn contact_start(piece: &str) -> Option<usize> {
    let sign = piece.find('@')?;
    let (space, mark) = piece[..sign]
        .char_indices()
        .rfind(|(_, c)| c.is_whitespace())?;
    let word = space + mark.len_utf8();
    let is_name = |end: usize| name::likeness(piece[..end].trim_end()) >= 0.5;
    if word > 1 && piece[..word].trim_end().contains(' ') && is_name(word) {
        return Some(word);
    }
    if is_name(sign) && !piece[sign..].contains('.') {
        return Some(sign);
    }
    // The address begins with the given name or its initial, right after the surname.
    let given = fold(piece.split(' ').next()?);
    let glued = &piece[word..sign];
    let surname = |at: usize| fold(&glued[..at]);
    glued
        .char_indices()
        .map(|(at, _)| at)
        .skip(2)
        .find(|at| {
            let user = fold(&glued[*at..]);
            let initial = given.chars().next().unwrap_or(' ');
            user.starts_with(&*given)
                || user
                    .strip_prefix(initial)
                    .is_some_and(|rest| rest.trim_start_matches('.') == surname(*at))
        })
        .map(|at| word + at)
        .filter(|at| is_name(*at))
}

/// Returns where something begins that has lost its space: `Nora LindStaff`, `Nora LindView
/// Profile`, `Nora LindThe Harbour Herald`, `Nora LindNora Lind`, `Nora LindABC News`.
fn glued_start(piece: &str) -> Option<usize> {
    let bytes = piece.as_bytes();
    let may = |(a, b): (&u8, &u8)| {
        (a.is_ascii_lowercase() | !a.is_ascii()) & (b.is_ascii_uppercase() | !b.is_ascii())
    };
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    if !pairs.fold(false, |seen, pair| seen | may(pair)) {
        return None;
    }
    let mut capitals = piece
        .char_indices()
        .skip(1)
        .filter(|(at, c)| c.is_uppercase() && piece[..*at].ends_with(char::is_lowercase));
    capitals
        .find(|(at, _)| {
            let (before, after) = piece.split_at(*at);
            is_glue(before, after)
        })
        .map(|(at, _)| at)
}

/// Returns whether the second text is what pages print right after a name.
fn is_glue(before: &str, after: &str) -> bool {
    let folded_after = folded(after);
    if folded_after == "staff"
        || LEXICON.navigation.has(&folded_after)
        || LEXICON.roles.has(&folded_after)
    {
        return true;
    }
    if !before.contains(' ') || name::likeness(before) < 0.5 {
        return false;
    }
    let ends_in_role = || {
        folded_after
            .match_indices(' ')
            .any(|(space, _)| LEXICON.roles.has(&folded_after[space + 1..]))
    };
    let begins_with_button = || {
        LEXICON
            .navigation
            .prefix(&folded_after)
            .is_some_and(|(len, _)| len > 2)
    };
    // `McDONALD`, `DeLUCA`: a name goes on after three letters.
    let last = before.rsplit(' ').next().unwrap_or_default();
    let is_acronym = after.chars().take_while(|c| c.is_uppercase()).count() > 2;
    before == after
        || folded_after.starts_with("the ")
        || LEXICON.agencies.prefix(&folded_after).is_some()
        || last.chars().count() > 3 && is_acronym
        || ends_in_role()
        || begins_with_button() && after.contains(|c: char| c == ' ' || c.is_uppercase())
}

/// Returns where words of a date line begin after a name: `Nora Lind 3 hours ago`, `Nora Lind7 days
/// ago`, `Nora Lind Published 2 hours ago`.
fn age_start(piece: &str) -> Option<usize> {
    const NAME_AT_MOST: usize = 60;
    let figure = piece.find(|c: char| c.is_ascii_digit())?;
    if figure > NAME_AT_MOST {
        return None;
    }
    let is_name = |end: usize| name::likeness(piece[..end].trim_end()) >= 0.5;
    let cut = tokens(piece);
    // Most figures are no ages: then nothing before them has to be looked at.
    let at = cut.partition_point(|token| token.start < figure);
    if !is_age_of(piece, &cut[at..]) {
        return None;
    }
    (0..cut.len())
        .take_while(|at| cut[*at].start <= figure)
        .filter(|at| cut[*at].start > 0 && cut[*at].kind != Kind::Mark)
        .find(|at| is_age_of(piece, &cut[*at..]) && is_name(cut[*at].start))
        .map(|at| cut[at].start)
}

/// Returns where a button begins: `Nora Lind Follow`, `Nora Lind View profile`.
fn button_start(piece: &str, folded_piece: &str) -> Option<usize> {
    const WORDS_AT_MOST: usize = 5;
    // In ASCII the fold of an end is the end of the fold, if no spaces were lost.
    let is_aligned = piece.is_ascii() && piece.len() == folded_piece.len();
    let fold_after = |at: usize| match is_aligned {
        true => Cow::Borrowed(&folded_piece[at..]),
        false => folded(&piece[at..]),
    };
    let spaces = memchr::memchr_iter(b' ', piece.as_bytes());
    spaces
        .take(WORDS_AT_MOST)
        .skip(1)
        .find(|at| {
            let button = fold_after(*at);
            let button = button.trim_start();
            LEXICON
                .navigation
                .get(button)
                .is_some_and(|kind| kind != "section")
                && !LEXICON.is_given_name(button)
                && name::likeness(&piece[..*at]) >= 0.9
        })
        .map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_name_is_cut_off() {
        for (piece, name, after) in [
            ("Nora LindStaff", "Nora Lind", "Staff"),
            ("Nora LindStaff Writer", "Nora Lind", "Staff Writer"),
            ("Nora LindHarbour Reporter", "Nora Lind", "Harbour Reporter"),
            (
                "Nora LindThe Associated Press",
                "Nora Lind",
                "The Associated Press",
            ),
            ("Nora LindABC News", "Nora Lind", "ABC News"),
            ("Nora LindNora Lind", "Nora Lind", "Nora Lind"),
            ("Nora Lind@noralind", "Nora Lind", "@noralind"),
            (
                "Nora Lind nlind@example.org",
                "Nora Lind",
                "nlind@example.org",
            ),
            (
                "Nora Lind\u{3000}nlind@example.org",
                "Nora Lind",
                "nlind@example.org",
            ),
            ("Nora Lindnora@example.org", "Nora Lind", "nora@example.org"),
            (
                "Nora Lindnlind@example.org",
                "Nora Lind",
                "nlind@example.org",
            ),
            ("Nora Lind7 days ago", "Nora Lind", "7 days ago"),
            ("Nora Lind 3 hours ago", "Nora Lind", "3 hours ago"),
            (
                "Nora Lind Published 3 hours ago",
                "Nora Lind",
                "Published 3 hours ago",
            ),
            ("Nora Lind Follow", "Nora Lind", "Follow"),
        ] {
            let cut = split(piece, &folded(piece));
            assert_eq!(cut, Some(AfterName { name, after }), "{piece}");
        }
    }

    #[test]
    fn a_name_alone_stays_whole() {
        for piece in [
            "Nora McDonald",
            "Nora McDONALD",
            "Tom DeLuca",
            "Nora Ann Lind",
            "Jimmy Page",
            "nora@example.org",
            "@noralind",
            "7 days ago",
        ] {
            assert_eq!(split(piece, &folded(piece)), None, "{piece}");
        }
    }
}
