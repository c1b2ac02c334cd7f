//! What the words around a date say of it, and which words are part of it.

use crate::furniture::tokens::{Kind, Token, is_ideograph};
use crate::lexicon::LEXICON;
use crate::text::folded;
use std::ops::Range;

/// Returns what the words right before a date say of it: the nearest that says anything, or a
/// phrase that ends there (`zuletzt geändert am`, `公開日：`).
pub(super) fn said_before(tokens: &[Token<'_>]) -> Option<&'static str> {
    const WORDS_AT_MOST: usize = 4;
    let says = |value: &&'static str| *value != "filler";
    let near = tokens.len().saturating_sub(LONGEST_SPACELESS + 1);
    let is_mark = |token: &&Token<'_>| token.kind == Kind::Mark;
    let last = tokens.len() - tokens.iter().rev().take_while(is_mark).count();
    let phrase = (near..last)
        .filter_map(|from| LEXICON.dates.get(&joined(&tokens[from..last])))
        .find(says);
    phrase.or_else(|| {
        tokens
            .iter()
            .rev()
            .take(WORDS_AT_MOST)
            .filter(|token| token.kind == Kind::Word)
            .filter_map(|token| LEXICON.dates.get(&folded(token.text)))
            .find(says)
    })
}

/// Tokens as they stand in the line, spaces folded.
pub(super) fn joined(tokens: &[Token<'_>]) -> String {
    let mut out = String::new();
    let mut end = tokens.first().map_or(0, |token| token.start);
    for token in tokens {
        if token.start > end {
            out.push(' ');
        }
        out.push_str(token.text);
        end = token.end;
    }
    folded(&out).into_owned()
}

pub(super) fn is_date_word(token: &Token<'_>, value: &str) -> bool {
    token.kind == Kind::Word && LEXICON.dates.get(&folded(token.text)) == Some(value)
}

/// Returns whether a line holds words of a date line and figures, and nothing else: "3 minute
/// read", "2 hours ago", "Lesezeit: 2 Min.", "0:00".
pub(crate) fn is_only_date_words(text: &str, tokens: &[Token<'_>]) -> bool {
    is_only_date_words_or(text, tokens, |_| false)
}

/// Returns whether nothing is left but these, with more words, folded, that may be among them.
pub(super) fn is_only_date_words_or(
    text: &str,
    tokens: &[Token<'_>],
    is_also: fn(&str) -> bool,
) -> bool {
    const TOKENS_AT_MOST: usize = 14;
    // Few words begin a phrase, and no other is worth the fold of all that follows it.
    let phrase_at = |token: &Token<'_>, word: &str| {
        (LEXICON.dates.begins(word) || token.text.starts_with(is_ideograph))
            .then(|| LEXICON.dates.prefix(&folded(&text[token.start..])))
            .flatten()
            .map(|(len, _)| token.start + len)
    };
    let is_known = |token: &Token<'_>| {
        let word = folded(token.text);
        LEXICON.dates.has(&word)
            || LEXICON.weekdays.has(&word)
            || LEXICON.zones.has(&word)
            || is_also(&word)
            || phrase_at(token, &word).is_some()
            || tokens
                .iter()
                .take_while(|earlier| earlier.start < token.start)
                .any(|earlier| {
                    phrase_at(earlier, &folded(earlier.text)).is_some_and(|end| end >= token.end)
                })
    };
    let mut words = tokens.iter().filter(|token| token.kind == Kind::Word);
    tokens.len() <= TOKENS_AT_MOST
        && words.clone().all(is_known)
        && (words.next().is_some() || tokens.iter().any(|token| token.is(':')))
}

/// Most tokens that a phrase of the date words has ("minutes read").
pub(super) const LONGEST_PHRASE: usize = 4;

/// Most tokens of such a phrase in a script without spaces, of which each letter is a token.
pub(super) const LONGEST_SPACELESS: usize = 6;

/// Returns what is left of the line: runs of tokens that are no date and no filler, cut at
/// separators.
pub(super) fn rest(tokens: &[Token<'_>], taken: &mut [bool]) -> Vec<Range<usize>> {
    let words: Vec<_> = tokens.iter().map(|t| folded(t.text)).collect();
    let mut i = 0;
    while i < tokens.len() {
        let is_spaceless = tokens[i].text.starts_with(is_ideograph);
        let begins = !taken[i]
            && !is_part_of_name(tokens, i)
            && (is_spaceless
                || LEXICON.dates.begins(&words[i])
                || LEXICON.weekdays.begins(&words[i]));
        let most = if is_spaceless {
            LONGEST_SPACELESS
        } else {
            LONGEST_PHRASE
        };
        let longest = if begins {
            most.min(tokens.len() - i)
        } else {
            0
        };
        let phrase = (1..=longest).rev().find(|n| {
            let run = i..i + n;
            let phrase = if is_spaceless {
                words[run.clone()].concat()
            } else {
                words[run.clone()].join(" ")
            };
            !taken[run].contains(&true)
                && (LEXICON.dates.has(&phrase) || LEXICON.weekdays.has(&phrase))
        });
        let n = phrase.unwrap_or(1);
        let filler = taken[i] || phrase.is_some();
        taken[i..i + n].fill(filler);
        i += n;
    }
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    for (token, taken) in tokens.iter().zip(taken) {
        let separates = matches!(
            token.text,
            "|" | "•" | "·" | "/" | "—" | "–" | "(" | ")" | ":" | ";"
        );
        match out.last_mut() {
            _ if *taken || separates => open = false,
            Some(last) if open => last.end = token.end,
            _ if token.kind == Kind::Word => {
                out.push(token.start..token.end);
                open = true;
            }
            _ => {}
        }
    }
    out
}

/// `J.O. Lind`, `Loïc Le Clerc`: an initial, and a small word with a capital between two words with
/// capitals, belong to a name.
pub(super) fn is_part_of_name(tokens: &[Token<'_>], at: usize) -> bool {
    let is_capital =
        |token: &Token<'_>| token.kind == Kind::Word && token.text.starts_with(char::is_uppercase);
    let token = &tokens[at];
    let next = tokens.get(at + 1);
    let letters = token.text.chars().count();
    let is_initial = letters == 1
        && next.is_some_and(|next| next.is('.') && next.start == token.end)
        && tokens.get(at + 2).is_some_and(is_capital);
    let is_particle = (2..=3).contains(&letters)
        && token.text.chars().any(char::is_lowercase)
        && at > 0
        && is_capital(&tokens[at - 1])
        && next.is_some_and(is_capital)
        && LEXICON.particles.has(&folded(token.text));
    is_capital(token) && (is_initial || is_particle)
}

/// Returns whether the line names a state of the United States as a place's: `LANSING, Mich.`,
/// `Boston, MA`.
pub(super) fn names_american_state(tokens: &[Token<'_>]) -> bool {
    tokens.windows(2).any(|pair| {
        let shape = pair[1].text.starts_with(char::is_uppercase)
            && (pair[1].text.len() > 2 || pair[1].text.chars().all(char::is_uppercase));
        pair[0].is(',') && shape && LEXICON.us_states.has(&folded(pair[1].text))
    })
}

/// Returns whether a token names a time zone of the United States, and of nobody else.
pub(super) fn is_american_zone(token: &Token<'_>) -> bool {
    matches!(
        token.text,
        "EST" | "EDT" | "CDT" | "MST" | "MDT" | "PST" | "PDT" | "ET" | "CT" | "PT"
    )
}
