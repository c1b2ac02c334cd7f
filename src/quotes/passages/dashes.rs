//! Speech set with dashes, as Russian, Polish, Spanish and French newsrooms set it.
//!
//! ```text
//! — Мы ждём, — сказал Орлов. — Другого пути нет.
//! – Czekamy – mówi Anna Nowak. – Nic innego nie zostało.
//! —Esperamos —dijo Ruiz—. No hay otro camino.
//! ```
//!
//! A dash opens speech at the head of a block, or after a finished sentence. The next dash closes
//! it if the words after it name the speaker: a verb of speech stands among the first of them. Any
//! other dash is part of what is said. What names the speaker ends at a dash of its own, and the
//! speech goes on after that.

use crate::quotes::passage::Passage;
use crate::quotes::syntax::class::{Class, Verb};
use crate::story::QuoteKind;
use crate::text::fold;
use std::ops::Range;

/// Words after a dash among which the verb must stand: `— jak dodał`, `— сказал`.
const VERB_WITHIN: usize = 3;

/// A dash that stands where dashes of speech stand.
pub(super) struct Dash {
    /// Where it stands in its block.
    pub at: Range<usize>,
    /// What stands before it ends a clause: `.`, `,`, `!` …; or nothing does.
    pub after_stop: bool,
    /// It stands at the head of the block.
    heads: bool,
    /// A space or nothing stands before it.
    pub spaced: bool,
}

/// Returns all passages that the blocks set with dashes, block by block, in order.
///
/// A block that begins with a dash is speech only in a story in which some block names the speaker
/// after one: elsewhere such dashes head the items of a list.
pub(crate) fn passages(texts: &[&str], quotable: &[bool]) -> Vec<Vec<Passage>> {
    let mut named = false;
    let found: Vec<(Vec<Passage>, bool)> = texts
        .iter()
        .zip(quotable)
        .map(|(text, read)| {
            let (passages, names) = if *read {
                block(text)
            } else {
                (Vec::new(), false)
            };
            named |= names;
            (passages, names)
        })
        .collect();
    found
        .into_iter()
        .map(|(passages, names)| {
            if names || named && passages.len() == 1 {
                passages
            } else {
                Vec::new()
            }
        })
        .collect()
}

/// Returns the passages of a block, and whether any dash in it is followed by a speaker. Without
/// one there is at most one passage, the whole of a block that begins with a dash.
fn block(text: &str) -> (Vec<Passage>, bool) {
    let dashes = dashes(text);
    let next = Next::new(text, &dashes);
    let mut out = Vec::new();
    let mut names = false;
    let mut i = 0;
    while i < dashes.len() {
        let dash = &dashes[i];
        let opens =
            dash.heads || dash.after_stop && dash.spaced && begins_sentence(&text[dash.at.end..]);
        if !opens {
            i += 1;
            continue;
        }
        let (pieces, on, named) = speech(text, &dashes, &next, i);
        if named || dash.heads {
            out.extend(pieces);
            names |= named;
            i = on;
        } else {
            i += 1;
        }
    }
    if !names {
        out.truncate(1);
    }
    (out, names)
}

/// For each dash the nearest one, itself included, that closes or opens speech. Looked up once for
/// all: looking ahead from each dash would take quadratic time.
struct Next {
    /// The next dash with a speaker after it.
    naming: Vec<Option<usize>>,
    /// The next dash after which speech may go on: `— сказал Орлов. — Другого`, `—dijo Ruiz—. No
    /// hay`.
    again: Vec<Option<usize>>,
}

impl Next {
    fn new(text: &str, dashes: &[Dash]) -> Self {
        // One entry more than dashes: after the last there is none.
        let mut naming = vec![None; dashes.len() + 1];
        let mut again = naming.clone();
        for (i, dash) in dashes.iter().enumerate().rev() {
            let names = names_speaker(&text[dash.at.end..]);
            naming[i] = if names { Some(i) } else { naming[i + 1] };
            let goes_on = dash.after_stop || !dash.spaced;
            again[i] = if goes_on { Some(i) } else { again[i + 1] };
        }
        Self { naming, again }
    }
}

/// Returns the pieces of the speech that dash `first` opens, the dash to go on from, and whether a
/// speaker is named.
fn speech(text: &str, dashes: &[Dash], next: &Next, first: usize) -> (Vec<Passage>, usize, bool) {
    let mut out = Vec::new();
    let (mut open, mut i) = (first, first + 1);
    loop {
        let Some(naming) = next.naming[i] else {
            push(
                text,
                dashes[open].at.start,
                dashes[open].at.end,
                text.len(),
                text.len(),
                &mut out,
            );
            return (out, dashes.len(), open != first);
        };
        push(
            text,
            dashes[open].at.start,
            dashes[open].at.end,
            dashes[naming].at.start,
            dashes[naming].at.end,
            &mut out,
        );
        match next.again[naming + 1] {
            Some(again) => (open, i) = (again, again + 1),
            None => return (out, dashes.len(), true),
        }
    }
}

/// Returns all dashes of a block, hyphens inside words left out.
pub(super) fn dashes(text: &str) -> Vec<Dash> {
    let mut out = Vec::new();
    for (i, c) in text
        .char_indices()
        .filter(|(_, c)| matches!(c, '—' | '–' | '―' | '-'))
    {
        let at = i..i + c.len_utf8();
        let before = text[..i].chars().next_back();
        let after = text[at.end..].chars().next();
        let spaced = before.is_none_or(char::is_whitespace);
        let free = after.is_none_or(|a| !a.is_alphanumeric());
        // A hyphen is a dash between spaces only.
        let dash = if c == '-' {
            spaced && after.is_some_and(char::is_whitespace)
        } else {
            spaced || free
        };
        if dash {
            let stop = text[..i].trim_end().chars().next_back();
            let after_stop = stop.is_some_and(|s| {
                matches!(s, '.' | ',' | '!' | '?' | '…' | ':' | ';' | '»' | '”' | '"')
            });
            out.push(Dash {
                at,
                after_stop,
                heads: stop.is_none(),
                spaced,
            });
        }
    }
    out
}

/// Returns whether words begin as a sentence does.
fn begins_sentence(text: &str) -> bool {
    let text = text
        .trim_start()
        .trim_start_matches(['¿', '¡', '«', '“', '„', '"', '…']);
    text.starts_with(|c: char| c.is_uppercase() || c.is_numeric())
}

/// Returns whether words name the speaker of what stands before them: `сказал Орлов`.
pub(super) fn names_speaker(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with(char::is_lowercase)
        && text
            .split(|c: char| !c.is_alphabetic())
            .filter(|word| !word.is_empty())
            .take(VERB_WITHIN)
            .any(|word| Class::of(&fold(word)).verb.is_some_and(is_speech))
}

/// Returns whether a verb may name the speaker.
pub(super) fn is_speech(verb: Verb) -> bool {
    verb.reports() || matches!(verb, Verb::Think | Verb::Vow)
}

/// Adds the speech of `start..end`, with what sets it apart in `from..to`; none if it has no word.
pub(super) fn push(
    text: &str,
    from: usize,
    start: usize,
    end: usize,
    to: usize,
    out: &mut Vec<Passage>,
) {
    let part = text[start..end]
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':'));
    let start = end - part.len();
    let range = start..start + part.trim_end().len();
    if text[range.clone()].contains(char::is_alphanumeric) {
        out.push(Passage {
            outer: from..to,
            range,
            kind: QuoteKind::Direct,
            closed: true,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        passages(&[text], &[true])
            .remove(0)
            .into_iter()
            .map(|p| &text[p.range])
            .collect()
    }

    #[test]
    fn dashes_open_and_close_speech() {
        for (text, want) in [
            (
                "— Мы ждём, — сказал Орлов. — Другого пути нет.",
                &["Мы ждём,", "Другого пути нет."][..],
            ),
            (
                "— Мы ждём — и это трудно, — сказал Орлов.",
                &["Мы ждём — и это трудно,"],
            ),
            (
                "Rzecznik był zdziwiony. – To niemożliwe – powiedział Jan Nowak.",
                &["To niemożliwe"],
            ),
            (
                "—Esperamos —dijo Ruiz—. No hay otro camino.",
                &["Esperamos", "No hay otro camino."],
            ),
            ("El puente – cerrado desde mayo – abre hoy.", &[]),
            ("— Точка первая", &[]),
        ] {
            assert_eq!(words(text), want, "{text}");
        }
    }

    #[test]
    fn a_dash_heads_speech_where_the_story_sets_speech_so() {
        let texts = ["— Мы ждём, — сказал Орлов.", "— Другого пути нет."];
        let found = passages(&texts, &[true, true]);
        assert_eq!(&texts[1][found[1][0].range.clone()], "Другого пути нет.");
    }
}
