//! A short line cut into words, numbers and marks.

use crate::text::char_at;

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Letters, with the apostrophes and hyphens inside them.
    Word,
    /// ASCII digits.
    Number,
    /// Any other visible character.
    Mark,
}

/// One token of a line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'a> {
    /// Its kind.
    pub kind: Kind,
    /// Its text.
    pub text: &'a str,
    /// Where it starts, in bytes of the line.
    pub start: usize,
    /// One past its end.
    pub end: usize,
}

impl Token<'_> {
    /// Returns its value, if it is a number that fits.
    pub(crate) fn number(&self) -> Option<u32> {
        (self.kind == Kind::Number).then(|| self.text.parse().ok())?
    }

    /// Returns whether it is this mark.
    pub(crate) fn is(&self, mark: char) -> bool {
        self.kind == Kind::Mark && self.text.starts_with(mark)
    }
}

/// Cuts a line. Letters and digits part (`20233 years`, `8am`, `2025年`), so that dates set close
/// to other words are still found; ideographs are words of their own, one each.
pub(crate) fn tokens(line: &str) -> Vec<Token<'_>> {
    let bytes = line.as_bytes();
    let mut out: Vec<Token<'_>> = Vec::with_capacity(line.len() / 4 + 4);
    let mut at = 0;
    while let Some(c) = char_at(line, at) {
        let start = at;
        at += c.len_utf8();
        if c.is_whitespace() {
            continue;
        }
        let kind = if c.is_ascii_digit() {
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            Kind::Number
        } else if c.is_alphabetic() {
            if !is_ideograph(c) {
                at = word_end(line, at);
            }
            Kind::Word
        } else {
            Kind::Mark
        };
        out.push(Token {
            kind,
            text: &line[start..at],
            start,
            end: at,
        });
    }
    out
}

/// Returns where the word ends that goes on at `at`.
fn word_end(line: &str, mut at: usize) -> usize {
    let bytes = line.as_bytes();
    loop {
        while bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            at += 1;
        }
        let Some(c) = char_at(line, at) else {
            return at;
        };
        let behind = at + c.len_utf8();
        let inner = || {
            matches!(c, '\'' | '’' | '-' | '‑')
                && char_at(line, behind).is_some_and(char::is_alphabetic)
        };
        let mark = || {
            unicode_normalization::char::is_combining_mark(c)
                || matches!(c, '\u{200C}' | '\u{200D}')
        };
        let goes_on = if c.is_ascii() {
            inner()
        } else {
            c.is_alphabetic() && !is_ideograph(c) || inner() || mark()
        };
        if !goes_on {
            return at;
        }
        at = behind;
    }
}

/// Han ideographs: no spaces between words, so each counts as one.
pub(crate) fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{2FDF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits_part() {
        let cut: Vec<_> = tokens("O'Neil-Baker 20233 years, 8am 2025年")
            .iter()
            .map(|t| t.text)
            .collect();
        assert_eq!(
            cut,
            [
                "O'Neil-Baker",
                "20233",
                "years",
                ",",
                "8",
                "am",
                "2025",
                "年"
            ]
        );
    }
}
