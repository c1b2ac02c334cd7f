//! Roles: `Staff Writer`, `China Correspondent`, `Redakteurin`.

use super::name;
use crate::lexicon::LEXICON;
use crate::text::fold;

/// Returns the name and the role of a piece that begins or ends with a role.
pub(super) fn role_of<'a>(piece: &'a str, folded: &str) -> Option<(Option<&'a str>, &'a str)> {
    if LEXICON.roles.has(folded) {
        return Some((None, piece));
    }
    if folded.len() != piece.len() && folded.chars().count() != piece.chars().count() {
        return None;
    }
    // The longest role at the end: `Anna Schmidt Redakteurin`, `AP Business Writer`.
    // The fold of an end is an end of the fold.
    let ends_in_role = memchr::memchr_iter(b' ', folded.as_bytes())
        .any(|space| LEXICON.roles.has(&folded[space + 1..]));
    let starts = ends_in_role.then(|| piece.match_indices(' ').map(|(space, _)| space + 1));
    for start in starts.into_iter().flatten() {
        if LEXICON.roles.has(&fold(&piece[start..])) {
            let before = piece[..start].trim();
            if let Some(end) = name_before_beat(before) {
                return Some((Some(before[..end].trim_end()), piece[end..].trim()));
            }
            let before_folded = fold(before);
            let belongs = LEXICON.agencies.has(&before_folded)
                || before_folded.split(' ').any(is_of_a_title)
                || name::likeness(before) < 0.5;
            return if belongs {
                Some((None, piece))
            } else {
                Some((Some(before), piece[start..].trim()))
            };
        }
    }
    // A role in front: `Staff writer Anna Schmidt`.
    let (len, _) = LEXICON.roles.prefix(folded)?;
    let rest = piece.get(len..)?.trim();
    // `Corresponsal en Atenas`, `Korrespondentin in Paris`.
    if [
        "in ", "en ", "à ", "em ", "a ", "aus ", "w ", "в ", "für ", "for ",
    ]
    .iter()
    .any(|word| rest.to_lowercase().starts_with(word))
        && rest.len() < 40
    {
        return Some((None, piece));
    }
    (name::likeness(rest) >= 0.5).then_some((Some(rest), piece[..len].trim()))
}

/// Returns whether a folded word stands in the titles of jobs: an outlet, a section, a beat.
fn is_of_a_title(word: &str) -> bool {
    LEXICON.outlets.has(word)
        || LEXICON.roles.has(word)
        || LEXICON.navigation.has(word)
        || LEXICON.beats.has(word)
}

/// `Nora Lind China` of `Nora Lind China Correspondent`: where the name ends and the beat begins.
fn name_before_beat(text: &str) -> Option<usize> {
    let is_beat = |word: &str| {
        let word = fold(word);
        LEXICON.agencies.has(&word) || is_of_a_title(&word)
    };
    let is_name = |end: usize| name::likeness(text[..end].trim_end()) >= 0.9;
    // Two words make a name, and the first two that do are followed by nothing but beats.
    text.match_indices(' ')
        .map(|(space, _)| space)
        .skip(1)
        .find(|end| is_name(*end) && text[*end..].split_whitespace().all(is_beat))
}
