//! Photo credits: where they start in a line.

use crate::lexicon::{Edges, LEXICON};
use crate::text::fold;

/// What is known of a text before its credit is looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Known<'a> {
    /// Nothing.
    Nothing,
    /// Its fold, in which no phrase of credits was found.
    Without(&'a str),
}

/// Returns where the credit at a caption's end starts: `(AP Photo/Jo Doe)`, `© AFP`, `Foto: dpa`.
pub(crate) fn credit_start(text: &str, known: Known<'_>) -> Option<usize> {
    if text.ends_with(')') {
        let open = text.rfind('(')?;
        let inside = &text[open + 1..text.len() - 1];
        let folded = fold(inside);
        let credit = LEXICON.agencies.has(&folded)
            || LEXICON
                .credits
                .find(&folded, &Edges::of(&folded))
                .any(|(_, _, value)| value != "inside")
            || LEXICON
                .agencies
                .prefix(&folded)
                .is_some_and(|(len, _)| folded[len..].starts_with([' ', '/']) && folded.len() < 60)
            || inside.contains('/')
                && inside.len() < 60
                && !inside.contains(|c: char| c.is_ascii_digit());
        return (credit && inside.len() < 100).then_some(open);
    }
    // `Jo Doe / press service / AFP`: nothing but a credit.
    if text.len() < 120
        && let Some((before, last)) = text.rsplit_once('/')
        && LEXICON.agencies.has(&fold(last))
        && !before.contains([',', '.'])
    {
        return Some(0);
    }
    let mut from = text.len().saturating_sub(120);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let window = &text[from..];
    if let Some(at) = window.rfind('©') {
        return Some(from + at);
    }
    // The window may begin within a word, and a phrase with that.
    if let Known::Without(folded) = known
        && text.is_ascii()
        && folded.eq_ignore_ascii_case(text)
        && !LEXICON.credits.may_begin(&folded[from..])
    {
        return None;
    }
    let folded = window.to_lowercase();
    (folded.len() == window.len()).then(|| {
        let mut found = None;
        for (start, end, value) in LEXICON.credits.find(&folded, &Edges::of(&folded)) {
            let rest = window[end..].trim_start_matches([':', ' ']);
            let marked = window[end..].starts_with([':', '/'])
                || window[end..].starts_with(" :")
                || folded[start..end].contains(' ');
            let apart = !window[..start].ends_with(|c: char| {
                c == '-' || c.is_lowercase() && window[start..].starts_with(char::is_lowercase)
            });
            if value == "prefix"
                && marked
                && apart
                && !rest.is_empty()
                && rest.len() < 70
                && !rest.trim_end_matches('.').contains(". ")
                && (from + start > 0)
            {
                found.get_or_insert(from + start);
            }
        }
        found
    })?
}
