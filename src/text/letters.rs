//! Letters that people type in another way than they are printed.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Returns how a letter in lower case is spelled where a keyboard does not have it; none for
/// letters that are typed as they are, or that are others with an accent.
pub(crate) fn spelled_out(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        _ => return None,
    })
}

/// Returns a text with such letters spelled out and without Greek accents, as the full text has it:
/// SQLite's own folding knows neither. Words stay as many as they are.
pub(crate) fn searchable(text: &str) -> Cow<'_, str> {
    // Latin letters with accents are the most frequent, and SQLite folds them.
    let is_plain = |c: char| {
        c < '\u{100}' && !matches!(c, 'ß' | 'Æ' | 'æ' | 'Ø' | 'ø' | 'Ð' | 'ð' | 'Þ' | 'þ')
    };
    if text.is_ascii() || text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        let lower = letter.to_lowercase().next().unwrap_or(letter);
        if let Some(spelled) = spelled_out(lower) {
            out.push_str(spelled);
        } else if is_greek(letter) {
            let bare = |c: &char| !is_combining_mark(*c);
            out.extend(std::iter::once(lower).nfd().filter(bare).map(|c| match c {
                'ς' => 'σ',
                c => c,
            }));
        } else {
            out.push(letter);
        }
    }
    Cow::Owned(out)
}

/// Returns whether a character is a Greek letter; the signs of these blocks part words.
fn is_greek(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}') && c.is_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_as_people_type_them() {
        for (printed, typed) in [
            ("Łódź", "lódź"),
            ("STRAẞE Straße", "STRAssE Strasse"),
            (
                "Ørsted Æsir œuvre Þór Đoković",
                "orsted aesir oeuvre thór doković",
            ),
            ("Αθήνα ΑΘΉΝΑ Παπανδρέου ᾧ", "αθηνα αθηνα παπανδρεου ω"),
            ("Ёлкин हिन्दी が café", "Ёлкин हिन्दी が café"),
        ] {
            assert_eq!(searchable(printed), typed);
        }
    }
}
