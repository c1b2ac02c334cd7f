//! Does this look like a person's name?

use crate::furniture::tokens::{Kind, Token, is_ideograph, tokens};
use crate::lexicon::LEXICON;
use crate::text::{boundary, folded};
use std::borrow::Cow;

/// Returns how sure it is that a piece of text is one person's name and nothing else, from 0 to 1.
///
/// Two to five words, each with a capital, an initial or a particle, none of them a function word,
/// a role or a mark of an organisation; a known given name makes it sure. Scripts without case
/// count only where the given name is known.
pub(crate) fn likeness(text: &str) -> f32 {
    if let Some(plain) = without_nickname(text) {
        return likeness(&plain);
    }
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
        } else if !LEXICON.is_given_name(folded) && i == 0 {
            return 0.0;
        }
        if LEXICON.is_given_name(folded)
            || folded
                .split('-')
                .next()
                .is_some_and(|part| LEXICON.is_given_name(part))
        {
            known += 1;
        }
    }
    let whole = plain.join(" ");
    let section = LEXICON.navigation.has(&whole) || LEXICON.agencies.has(&whole);
    let base: f32 = match (words.len(), capitals) {
        _ if section => 0.0,
        (1, 0) if !text.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase()) => 0.0,
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
    let given_first = LEXICON.is_given_name(&plain[0])
        || plain[0]
            .split('-')
            .next()
            .is_some_and(|p| LEXICON.is_given_name(p));
    if known == 0 && plain.iter().any(|word| is_common_word(word)) {
        return base.min(0.25);
    }
    match (given_first, known) {
        (true, _) if words.len() > 1 => (base + 0.45).min(1.0),
        (_, k) if k > 0 => base + 0.25,
        _ => base,
    }
}

/// `Robert “Bob” Vale`, `Robert (Bob) Vale`: the name without the nickname inside it.
fn without_nickname(text: &str) -> Option<String> {
    const LONGEST: usize = 80;
    // Most names have none of the bytes that a nickname's marks begin with.
    if text.len() > LONGEST || !text.bytes().any(|b| matches!(b, b'"' | b'(' | 0xE2)) {
        return None;
    }
    let open = text.find(['"', '“', '('])?;
    let mark = text[open..].chars().next()?;
    let inside = open + mark.len_utf8();
    let close = match mark {
        '(' => ')',
        '“' => '”',
        other => other,
    };
    let end = inside + text[inside..].find(close)?;
    let (before, after) = (&text[..open], &text[end + close.len_utf8()..]);
    let words = text[inside..end].split(' ').count();
    let is_within = before.ends_with(' ') && before.len() > 1 && after.starts_with(' ');
    (is_within && words <= 2).then(|| format!("{}{}", before.trim_end(), after))
}

/// `Robert (Bob) Vale`: where a nickname ends whose bracket opens at `open`.
pub(super) fn nickname_at(text: &str, open: usize) -> Option<usize> {
    let inside = &text[open + 1..];
    let close = inside[..boundary(inside, 20)].find(')')?;
    let (nickname, after) = (&inside[..close], &inside[close + 1..]);
    let last = text[..open].strip_suffix(' ')?;
    let given = last.rsplit([' ', ',']).next().unwrap_or_default();
    let is_word =
        |word: &str| word.starts_with(char::is_uppercase) && word.chars().all(char::is_alphabetic);
    let surname = after
        .strip_prefix(' ')?
        .split(' ')
        .next()
        .unwrap_or_default();
    let is_nickname = is_word(nickname)
        && nickname.chars().any(char::is_lowercase)
        && is_word(surname)
        && LEXICON.is_given_name(&folded(given));
    is_nickname.then_some(open + 1 + close + 1)
}

/// Returns whether no name holds a word of the lists, `at` among the words of a piece.
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
        at > 0 && at + 1 == words.len() && is_capital && LEXICON.is_given_name(&plain[0]);
    // `Dan Hadley`, `Sue Farrow`: a given name may be a small word of another language.
    let is_given = || {
        at == 0
            && (2..=3).contains(&words.len())
            && is_capital
            && words[1].text.starts_with(char::is_uppercase)
            && LEXICON.is_given_name(folded)
            && !LEXICON.function_words.has(&folded_word(words[1]))
    };
    // `Das Wichtigste`, `el Congreso`: no name begins with an article.
    let is_article = || {
        at == 0
            && matches!(
                folded,
                "das" | "el" | "los" | "las" | "do" | "dos" | "der" | "les"
            )
    };
    is_particle && is_article()
        || LEXICON.function_words.has(folded)
            && !is_particle
            && !is_surname
            && text.chars().count() > 1
            && !is_given()
        || LEXICON.outlets.has(folded)
        || at > 0 && at + 1 == words.len() && LEXICON.firms.has(folded)
        || LEXICON.agencies.has(folded)
        || LEXICON.roles.has(folded)
        || LEXICON.months.has(folded) && (at > 0 || words.len() == 1)
}

/// Returns whether a folded word is one of a language rather than of names.
fn is_common_word(word: &str) -> bool {
    word.chars().count() > 2 && is_of_a_list(word)
}

fn is_of_a_list(word: &str) -> bool {
    LEXICON.documents.has(word)
        || LEXICON.bodies.has(word)
        || LEXICON.people.has(word)
        || LEXICON.navigation.has(word)
        || LEXICON.verbs.has(word)
        || LEXICON.beats.has(word)
        || LEXICON.dates.has(word)
}

fn folded_word<'a>(word: &Token<'a>) -> Cow<'a, str> {
    folded(word.text)
}

/// Returns whether a piece shows at once that it is no name: a figure, a mark that stands in no
/// name, or a small word to begin with.
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

/// Returns how much a piece is like a name in ideographs: two to five may be one, the more so where
/// they begin with a family name.
fn ideographs(text: &str) -> f32 {
    let letters: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let count = letters.chars().count();
    if !(2..=7).contains(&count) {
        return 0.0;
    }
    // Of a Japanese name, the given one may be in kana.
    let family = letters
        .char_indices()
        .map(|(at, _)| at)
        .skip(1)
        .take(3)
        .filter(|at| LEXICON.surnames.has(&letters[..*at]))
        .last();
    let given = family.map_or("", |at| &letters[at..]);
    let kana = |c: char| matches!(c, '\u{3041}'..='\u{30FF}');
    let fits = |c: char| is_ideograph(c) || c == '々';
    let is_given = !given.is_empty() && (given.chars().all(kana) || given.chars().all(fits));
    if count <= 5 && letters.chars().all(fits) {
        match family {
            Some(at) if letters[..at].chars().count() > 1 && given.chars().count() <= 3 => 0.7,
            Some(_) if count <= 3 => 0.3,
            _ => 0.25,
        }
    } else if is_given && family.is_some_and(|at| letters[..at].chars().count() > 1) {
        0.5
    } else {
        0.0
    }
}

/// `Example.org`, `Example.Co.Uk`: a site by its address.
pub(super) fn is_site(text: &str) -> bool {
    const ENDS: [&str; 14] = [
        "com", "org", "net", "info", "news", "tv", "co", "de", "fr", "uk", "eu", "online", "press",
        "media",
    ];
    let Some((name, end)) = text.rsplit_once('.') else {
        return false;
    };
    name.chars().count() > 2
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
        && ENDS.iter().any(|known| known.eq_ignore_ascii_case(end))
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
            "Amanda “Mae” Vale",
            "Robert (Bob) Vale",
            "佐藤太郎",
            "Νίκος Παπαδόπουλος",
            "محمد علي",
            "דוד כהן",
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
            "Northline Minerals Corp",
            "Big Read",
            "Immediate Release",
            "Das Wichtigste in Kürze",
            "el Congreso",
            "Social Links",
            "What happened next?",
            "12 injured",
        ] {
            assert!(likeness(line) < 0.4, "{line}: {}", likeness(line));
        }
    }
}
