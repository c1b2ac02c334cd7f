//! Whether a speaker has a name, or is described: *Marit Solberg* and *the Kremlin*, but not *she*,
//! *officials* or *a ministry spokesman*.

use crate::lexicon::LEXICON;
use crate::text::fold;

/// Parts of a sentence that begin no name by themselves.
const SMALL: [&str; 6] = ["pron", "det", "dem", "quant", "poss", "rel"];

/// Returns whether the name of a speaker, as a record gives it, is a name.
///
/// The record gives the words of the story where it found no name. A name begins with a capital
/// letter, or with a letter of a script that has none; small words before it do not count. Nothing
/// in it is a noun for persons in lower case, and it is no such noun alone.
pub(super) fn is_name(speaker: &str) -> bool {
    let words: Vec<&str> = speaker
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect();
    let start = words.iter().take_while(|word| is_small(word)).count();
    let Some((head, others)) = words[start..].split_first() else {
        return false;
    };
    let begins = is_capital(head) || LEXICON.particles.get(&fold(head)).is_some();
    let describes = |word: &&&str| !is_capital(word) && is_noun(word);
    if !begins || others.iter().any(|word| describes(&word)) {
        return false;
    }
    let has_capital = |words: &[&str]| words.iter().any(|word| is_capital(word));
    if LEXICON.people.get(&fold(head)).is_some() {
        // `Baker Smith`, but not `Officials in Lismoor`.
        has_capital(&others[..others.len().min(1)])
    } else {
        // `Ministry of Ferries` and `the Kremlin`, but not `Ministry`.
        !is_body(head) || start > 0 || has_capital(others)
    }
}

fn is_small(word: &str) -> bool {
    let word = fold(word);
    [&LEXICON.grammar, &LEXICON.foreign_grammar]
        .iter()
        .filter_map(|list| list.get(&word))
        .any(|value| value.split([' ', ';']).any(|class| SMALL.contains(&class)))
}

fn is_noun(word: &str) -> bool {
    LEXICON.people.get(&fold(word)).is_some() || is_body(word)
}

fn is_body(word: &str) -> bool {
    LEXICON.bodies.get(&fold(word)).is_some()
}

/// Returns whether a word begins with a capital letter, or with something that has no other form.
fn is_capital(word: &str) -> bool {
    // `al-Masri`, `d'Amico`
    let begins = |part: &str| part.chars().next().is_some_and(|c| !c.is_lowercase());
    begins(word) || word.split(['-', '\'', '’']).skip(1).any(begins)
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn names_are_told_from_descriptions_and_pronouns() {
        for name in [
            "Marit Solberg",
            "Solberg",
            "the Kremlin",
            "Le Pen",
            "von der Leyen",
            "al-Masri",
            "d'Amico",
            "Baker Smith",
            "Ministry of Ferries",
            "王小明",
            "Ana Ruiz Jr.",
        ] {
            assert!(is_name(name), "{name}");
        }
        for other in [
            "",
            "she",
            "He",
            "They",
            "Officials",
            "officials",
            "Officials in Lismoor",
            "a Trade Ministry official",
            "the company",
            "Police",
            "One resident",
            "Ein Sprecher des Ministeriums",
            "Elle",
            "…",
        ] {
            assert!(!is_name(other), "{other}");
        }
    }
}
