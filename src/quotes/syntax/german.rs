//! What German needs beyond the lists: verbs in two parts, nouns with capitals, `so` before a name.

use super::class::{Class, Forms, Grammar, Verb};
use super::token::{Kind, Shape, Token};
use crate::lexicon::LEXICON;

/// Tokens between the two parts of a verb, at most.
const PARTS_WITHIN: usize = 40;
/// Tokens from `so` to the end of the phrase that it introduces, at most.
const SAYER_WITHIN: usize = 12;
/// Reads the words of a block once more, now that all of them are there.
pub(super) fn read(text: &str, tokens: &mut [Token]) {
    for i in 0..tokens.len() {
        if tokens[i].kind != Kind::Word {
            continue;
        }
        if tokens[i].shape == Shape::Lower {
            join_parts(text, tokens, i);
            past_tense(text, tokens, i);
        }
        if is_cited(text, tokens, i) {
            tokens[i].class.grammar = Grammar::According;
        }
    }
    part_nouns(tokens);
}

/// What is small, in no list and before no noun is no noun either: nouns are written large.
fn part_nouns(tokens: &mut [Token]) {
    let open =
        |t: &Token| t.kind == Kind::Word && t.shape == Shape::Lower && t.class == Class::default();
    let mut carries = false;
    for token in tokens.iter_mut().rev() {
        let listed = !open(token);
        carries = token.is_capital() || token.kind == Kind::Number || carries && !listed;
        if !listed && !carries {
            token.class.grammar = Grammar::Adverb;
        }
    }
}

/// Makes a cue of a verb whose second part closes its clause: `führte … aus`.
fn join_parts(text: &str, tokens: &mut [Token], first: usize) {
    let Some(readings) = LEXICON.separable_verbs.get(tokens[first].text(text)) else {
        return;
    };
    let rest = &tokens[first + 1..];
    let closed = rest.iter().take(PARTS_WITHIN).take_while(|t| {
        !matches!(t.kind, Kind::Stop | Kind::Colon) && t.class.grammar != Grammar::That
    });
    for (n, token) in closed.enumerate() {
        if token.shape != Shape::Lower || !rest.get(n + 1).is_none_or(closes) {
            continue;
        }
        let particle = token.text(text);
        let reading = readings.split("; ").find_map(|reading| {
            let (verb, particles) = reading.split_once(": ")?;
            particles.split(' ').any(|p| p == particle).then_some(verb)
        });
        if let Some(verb) = reading {
            let class = &mut tokens[first].class;
            class.verb = Some(Verb::read(verb));
            class.forms = Forms::read(verb);
            class.grammar = Grammar::None;
            tokens[first + 1 + n].class = Class {
                grammar: Grammar::Adverb,
                ..Class::default()
            };
            return;
        }
    }
}

/// Returns whether a clause can end before a token.
fn closes(token: &Token) -> bool {
    let marks = matches!(
        token.kind,
        Kind::Comma | Kind::Stop | Kind::Colon | Kind::Break | Kind::Quote(_) | Kind::Close
    );
    marks || matches!(token.class.grammar, Grammar::Conjunction | Grammar::That)
}

/// Makes a verb of a word with the ending of a past tense after a noun: `Brandt verwahrte sich`.
/// After an article or adjective it is an adjective.
fn past_tense(text: &str, tokens: &mut [Token], i: usize) {
    let word = tokens[i].text(text);
    let ends = word.len() > 5 && (word.ends_with("te") || word.ends_with("ten"));
    let after_noun = i.checked_sub(1).is_some_and(|before| {
        let before = &tokens[before];
        before.is_capital() && before.class.grammar == Grammar::None
            || before.class.grammar.is_subject_pronoun()
    });
    if ends && after_noun && tokens[i].class == Class::default() {
        tokens[i].class.verb = Some(Verb::Unlisted);
        tokens[i].class.forms = Forms::PAST;
    }
}

/// Returns whether a word is the `so` that introduces who is cited: `…, so die Hafenaufsicht.`
fn is_cited(text: &str, tokens: &[Token], i: usize) -> bool {
    let opens = i
        .checked_sub(1)
        .is_none_or(|before| matches!(tokens[before].kind, Kind::Comma | Kind::Stop | Kind::Break));
    if !opens || !tokens[i].text(text).eq_ignore_ascii_case("so") {
        return false;
    }
    let named = tokens.get(i + 1).is_some_and(|t| {
        t.is_capital() && t.class.grammar == Grammar::None || t.class.grammar == Grammar::Determiner
    });
    let rest = tokens[i + 1..].iter().take(SAYER_WITHIN);
    let mut ends = rest.skip_while(|t| {
        matches!(t.kind, Kind::Word | Kind::Number)
            && t.class.verb.is_none()
            && !t.class.grammar.is_auxiliary()
            && t.class.grammar != Grammar::That
    });
    let end = ends.next();
    named && end.map_or(tokens.len() <= i + 1 + SAYER_WITHIN, closes)
}

#[cfg(test)]
mod tests {
    use crate::quotes::{Body, Weights, attribute};

    /// Mention and cue of the last quote of a text.
    fn read(text: &str) -> (String, String) {
        let blocks: Vec<&str> = text.split(" ¶ ").collect();
        let body = Body {
            blocks: &blocks,
            quotable: &vec![true; blocks.len()],
            heads: &[],
            language: "de",
        };
        let quote = attribute(&body, Weights::of_language("de")).pop();
        let quote = quote.expect("a quote");
        let (speaker, cue) = (quote.speaker.expect("a speaker"), quote.cue.expect("a cue"));
        let text = |place: crate::quotes::Place| blocks[place.block()][place.range()].to_owned();
        (text(speaker.mention), text(cue))
    }

    #[test]
    fn a_verb_in_two_parts_is_a_cue() {
        for (text, mention, cue) in [
            (
                "Zum Umbau führte Lena Brandt aus, die Brücke sei „in keinem guten Zustand“.",
                "Lena Brandt",
                "führte",
            ),
            (
                "Der Hafenmeister räumte in Lesa ein: „Wir haben zu lange gewartet.“",
                "Der Hafenmeister",
                "räumte",
            ),
            (
                "Lena Brandt hat am Montag den Plan der Stadt als „ein sehr teures Flickwerk“ \
                 bezeichnet.",
                "Lena Brandt",
                "bezeichnet",
            ),
        ] {
            assert_eq!(read(text), (mention.to_owned(), cue.to_owned()), "{text}");
        }
    }

    #[test]
    fn the_subject_may_follow_its_verb() {
        for (text, mention, cue) in [
            (
                "Sichtlich erleichtert sagte die Sprecherin der Werft: „Sie hält.“",
                "die Sprecherin",
                "sagte",
            ),
            (
                "Dem Sender sagte gestern der Hafenmeister: „Sie hält.“",
                "der Hafenmeister",
                "sagte",
            ),
            (
                "Im Dezember hatte Lena Brandt am Hafen versprochen: „Sie wird halten.“",
                "Lena Brandt",
                "versprochen",
            ),
        ] {
            assert_eq!(read(text), (mention.to_owned(), cue.to_owned()), "{text}");
        }
    }

    #[test]
    fn who_is_cited_stands_beside_so_and_zufolge() {
        for (text, mention, cue) in [
            (
                "Die Brücke werde, so Lena Brandt, „noch lange halten“.",
                "Lena Brandt",
                "so",
            ),
            (
                "Der Werft zufolge ist die Brücke „so gut wie neu“.",
                "Der Werft",
                "zufolge",
            ),
            (
                "Nach Ansicht der Werft ist die Brücke „so gut wie neu“.",
                "der Werft",
                "Ansicht",
            ),
        ] {
            assert_eq!(read(text), (mention.to_owned(), cue.to_owned()), "{text}");
        }
    }
}
