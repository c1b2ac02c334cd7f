//! Does this look like a person's name?

use crate::furniture::tokens::{Kind, Token, is_ideograph, tokens};
use crate::lexicon::LEXICON;
use crate::text::folded;
use std::borrow::Cow;

/// How sure it is that a piece of text is one person's name and nothing else, from 0 to 1.
///
/// Two to five words, each with a capital, an initial or a particle, none of them a function word,
/// a role or a mark of an organisation; a known given name makes it sure. Scripts without case
/// count only where the given name is known.
pub(crate) fn likeness(text: &str) -> f32 {
    if text.len() > 80 || is_surely_none(text) {
        return 0.0;
    }
    let tokens = tokens(text);
    let words: Vec<_> = tokens.iter().filter(|t| t.kind == Kind::Word).collect();
    if words.is_empty() || words.len() > 6 {
        return 0.0;
    }
    let initials = |start: usize| start > 0 && text[..start].ends_with('.');
    let marks_fit = tokens.iter().all(|t| match t.kind {
        Kind::Word => true,
        Kind::Number => false,
        Kind::Mark => {
            matches!(t.text, "-" | "'" | "’" | "‘" | "·")
                || t.is('.')
                    && words.iter().any(|w| {
                        w.end == t.start && (w.text.chars().count() <= 2 || is_title(w.text))
                    })
        }
    });
    if !marks_fit {
        return 0.0;
    }
    // Folded one by one: the first words of most lines show that it is no name.
    let mut plain: Vec<Cow<'_, str>> = Vec::with_capacity(words.len());
    let (mut capitals, mut known, mut long) = (0, 0, 0);
    for (i, word) in words.iter().enumerate() {
        plain.push(folded(word.text));
        let folded = &*plain[i];
        let first = word.text.chars().next().unwrap_or(' ');
        let particle = LEXICON.particles.has(folded);
        if is_of_no_name(&words, &plain, i, particle) {
            return 0.0;
        }
        if first.is_uppercase() {
            capitals += 1;
            if word.text.chars().count() > 1 || initials(word.start) {
                long += 1;
            }
        } else if first.is_lowercase() {
            // `van der`, `bin`, `al-`: inside a name, never its whole.
            let joined = word.text.chars().any(char::is_uppercase) && i > 0;
            if !particle && !joined {
                return 0.0;
            }
        } else if is_ideograph(first) {
            return ideographs(text);
        } else if !LEXICON.first_names.has(folded) && i == 0 {
            return 0.0;
        }
        if LEXICON.first_names.has(folded)
            || folded
                .split('-')
                .next()
                .is_some_and(|part| LEXICON.first_names.has(part))
        {
            known += 1;
        }
    }
    let whole = plain.join(" ");
    let section = LEXICON.navigation.has(&whole) || LEXICON.agencies.has(&whole);
    let base: f32 = match (words.len(), capitals) {
        _ if section => 0.0,
        (1, _) => 0.15,
        (2..=4, c) if c >= 2 || !words[0].text.chars().next().is_some_and(char::is_uppercase) => {
            0.5
        }
        (5 | 6, c) if c >= 3 => 0.3,
        _ => 0.1,
    };
    if base == 0.0 || long == 0 && capitals > 0 {
        return 0.0;
    }
    let given_first = LEXICON.first_names.has(&plain[0])
        || plain[0]
            .split('-')
            .next()
            .is_some_and(|p| LEXICON.first_names.has(p));
    match (given_first, known) {
        (true, _) if words.len() > 1 => (base + 0.45).min(1.0),
        (_, k) if k > 0 => base + 0.25,
        _ => base,
    }
}

/// Whether no name holds a word of the lists, `at` among the words of a piece.
fn is_of_no_name(
    words: &[&Token<'_>],
    plain: &[Cow<'_, str>],
    at: usize,
    is_particle: bool,
) -> bool {
    let (text, folded) = (words[at].text, &*plain[at]);
    let is_capital = text.starts_with(char::is_uppercase);
    // `Van der Meer`, `Ahmet Can`: a small word may be a surname after a given name.
    let is_surname =
        at > 0 && at + 1 == words.len() && is_capital && LEXICON.first_names.has(&plain[0]);
    // `Dan Hadley`, `Sue Farrow`: a given name may be a small word of another language.
    let is_given = || {
        at == 0
            && (2..=3).contains(&words.len())
            && is_capital
            && words[1].text.starts_with(char::is_uppercase)
            && LEXICON.first_names.has(folded)
            && !LEXICON.function_words.has(&folded_word(words[1]))
    };
    LEXICON.function_words.has(folded)
        && !is_particle
        && !is_surname
        && text.chars().count() > 1
        && !is_given()
        || LEXICON.outlets.has(folded)
        || LEXICON.agencies.has(folded)
        || LEXICON.roles.has(folded)
        || LEXICON.months.has(folded) && (at > 0 || words.len() == 1)
}

fn folded_word<'a>(word: &Token<'a>) -> Cow<'a, str> {
    folded(word.text)
}

/// What most other pieces show at once: a figure, a mark that stands in no name, or a small word to
/// begin with.
fn is_surely_none(text: &str) -> bool {
    let strange = |b: u8| {
        b.is_ascii_graphic() & !b.is_ascii_alphabetic() & (b != b'.') & (b != b'-') & (b != b'\'')
    };
    if text.bytes().fold(false, |seen, b| seen | strange(b)) {
        return true;
    }
    let end = text
        .bytes()
        .position(|b| !b.is_ascii_lowercase())
        .unwrap_or(text.len());
    let whole = text.as_bytes().get(end).is_none_or(|b| *b == b' ');
    end > 0 && whole && !LEXICON.particles.has(&text[..end])
}

/// `Dr.`, `Jr.`, `St.`: words that carry a full stop inside a name.
fn is_title(word: &str) -> bool {
    matches!(
        &*folded(word),
        "dr" | "jr" | "sr" | "st" | "mr" | "ms" | "mrs" | "prof" | "ing" | "phd" | "rev"
    )
}

/// Two to five ideographs may be a name; nothing in them says so.
fn ideographs(text: &str) -> f32 {
    let count = text.chars().filter(|c| !c.is_whitespace()).count();
    if (2..=5).contains(&count) && text.chars().all(|c| is_ideograph(c) || c.is_whitespace()) {
        0.25
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::likeness;

    #[test]
    fn names_of_many_kinds() {
        for name in [
            "Anna Schmidt",
            "ROBERT MILLER",
            "Ursula van der Berg",
            "J. R. Martin",
            "Mary-Anne O'Connor",
            "José Ángel Pérez",
            "Ольга Петрова",
            "Nguyen Van Minh",
            "Thomas Mc Guinness",
            "Paul Smith Jr.",
            "Dan Hadley",
            "Sue Farrow",
        ] {
            assert!(likeness(name) >= 0.5, "{name}: {}", likeness(name));
        }
    }

    #[test]
    fn other_short_lines() {
        for line in [
            "Share",
            "Read more about it",
            "Agence France-Presse",
            "The road to peace",
            "May 3",
            "Editorial Staff",
            "What happened next?",
            "12 injured",
        ] {
            assert!(likeness(line) < 0.4, "{line}: {}", likeness(line));
        }
    }
}
