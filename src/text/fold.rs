//! Text made comparable.

use std::borrow::Cow;

/// Lower case, straight quotes, single spaces: the form that word lists are written in.
pub fn fold(text: &str) -> String {
    folded(text).into_owned()
}

/// The same, which many words are as they stand.
pub(crate) fn folded(text: &str) -> Cow<'_, str> {
    let seen = Seen::of(text);
    if seen.special {
        return Cow::Owned(fold_chars(text));
    }
    match (seen.space, seen.capitals) {
        (Space::Single, false) => Cow::Borrowed(text),
        (Space::Single, true) => Cow::Owned(text.to_ascii_lowercase()),
        (Space::Broken, _) => {
            let folded = text
                .bytes()
                .map(|b| {
                    if b.is_ascii_whitespace() {
                        b' '
                    } else {
                        b.to_ascii_lowercase()
                    }
                })
                .collect();
            Cow::Owned(String::from_utf8(folded).unwrap_or_default())
        }
        (Space::Wide, _) => {
            let mut out = String::with_capacity(text.len());
            for word in text.split_ascii_whitespace() {
                if !out.is_empty() {
                    out.push(' ');
                }
                out.push_str(word);
            }
            out.make_ascii_lowercase();
            Cow::Owned(out)
        }
    }
}

/// What stands between the words of a text.
enum Space {
    /// One space.
    Single,
    /// One space or line end.
    Broken,
    /// More than that, or something outside them.
    Wide,
}

/// What of a text folding changes.
struct Seen {
    space: Space,
    capitals: bool,
    /// Anything that is not ASCII, and the mark and the white space of ASCII that stand apart.
    special: bool,
}

impl Seen {
    /// Looks at every byte and never stops early: so the compiler takes many bytes at a time.
    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let is_space = |b: &u8| (*b == b' ') | (b'\t'..=b'\r').contains(b);
        let (mut broken, mut capitals, mut special) = (false, false, false);
        for b in bytes {
            special |= !b.is_ascii() | (*b == b'`') | (*b == b'\x0B');
            capitals |= b.is_ascii_uppercase();
            broken |= (b'\t'..=b'\r').contains(b);
        }
        let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
        let doubled = pairs.fold(false, |seen, (a, b)| seen | (is_space(a) & is_space(b)));
        let space = match doubled
            || bytes.first().is_some_and(is_space)
            || bytes.last().is_some_and(is_space)
        {
            true => Space::Wide,
            false if broken => Space::Broken,
            false => Space::Single,
        };
        Self {
            space,
            capitals,
            special,
        }
    }
}

fn fold_chars(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars() {
            match c {
                '‘' | '’' | 'ʼ' | '`' => out.push('\''),
                '“' | '”' | '„' | '«' | '»' => out.push('"'),
                '–' | '—' | '‐' | '‑' => out.push('-'),
                // Turkish dotted capital folds to two characters, of which nobody types the second.
                'İ' => out.push('i'),
                c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
                c => out.extend(c.to_lowercase()),
            }
        }
    }
    out
}

/// Returns how much room a text takes in a reader's mind, in Latin letters: an ideograph or a
/// Hangul syllable says as much as two and a half of them.
pub(crate) fn weight(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    let (mut wide, mut narrow) = (0, 0);
    for c in text.chars() {
        match c {
            '\u{1100}'..='\u{11FF}'
            | '\u{2E80}'..='\u{D7FF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{FF00}'..='\u{FF60}'
            | '\u{20000}'..='\u{3FFFF}' => wide += 1,
            _ => narrow += 1,
        }
    }
    narrow + wide * 5 / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_case_marks_and_space() {
        assert_eq!(
            fold("  Lesen   SIE „auch“ — d’Angelo "),
            "lesen sie \"auch\" - d'angelo"
        );
    }

    #[test]
    fn ideographs_weigh_more() {
        assert_eq!(weight("news"), 4);
        assert_eq!(weight("地震"), 5);
    }
}
