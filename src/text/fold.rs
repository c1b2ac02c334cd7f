//! Text made comparable.

/// Lower case, straight quotes, single spaces: the form that word lists are written in.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Most lines are plain ASCII, in which one mark and one white space stand apart: they need no look at each character.
    if !text.bytes().fold(false, |special, b| special | !b.is_ascii() | (b == b'`') | (b == b'\x0B')) {
        for word in text.split_ascii_whitespace() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        }
        out.make_ascii_lowercase();
        return out;
    }
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

/// How much room a text takes in a reader's mind, in Latin letters: an ideograph or a Hangul
/// syllable says as much as two and a half of them.
pub fn weight(text: &str) -> usize {
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
        assert_eq!(fold("  Lesen   SIE „auch“ — d’Angelo "), "lesen sie \"auch\" - d'angelo");
    }

    #[test]
    fn ideographs_weigh_more() {
        assert_eq!(weight("news"), 4);
        assert_eq!(weight("地震"), 5);
    }
}
