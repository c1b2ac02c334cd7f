//! A short line cut into words, numbers and marks.

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Letters, with the apostrophes and hyphens inside them.
    Word,
    /// ASCII digits.
    Number,
    /// Any other visible character.
    Mark,
}

/// One token of a line.
#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
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
    /// Its value, if it is a number that fits.
    pub fn number(&self) -> Option<u32> {
        (self.kind == Kind::Number).then(|| self.text.parse().ok())?
    }

    /// Whether it is this mark.
    pub fn is(&self, mark: char) -> bool {
        self.kind == Kind::Mark && self.text.starts_with(mark)
    }
}

/// Cuts a line. Letters and digits part (`20233 years`, `8am`, `2025年`), so that dates set close
/// to other words are still found; ideographs are words of their own, one each.
pub fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut out: Vec<Token<'_>> = Vec::with_capacity(line.len() / 4);
    let mut chars = line.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() {
            continue;
        }
        let mut end = start + c.len_utf8();
        let kind = if c.is_ascii_digit() {
            while let Some((i, d)) = chars.next_if(|(_, d)| d.is_ascii_digit()) {
                end = i + d.len_utf8();
            }
            Kind::Number
        } else if c.is_alphabetic() {
            if !is_ideograph(c) {
                while let Some((i, d)) = chars.peek().copied() {
                    let inner = matches!(d, '\'' | '’' | '-' | '‑') && line[i + d.len_utf8()..].starts_with(char::is_alphabetic);
                    let mark = unicode_normalization::char::is_combining_mark(d) || matches!(d, '\u{200C}' | '\u{200D}');
                    if !(inner || mark || d.is_alphabetic() && !is_ideograph(d)) {
                        break;
                    }
                    end = i + d.len_utf8();
                    chars.next();
                }
            }
            Kind::Word
        } else {
            Kind::Mark
        };
        out.push(Token { kind, text: &line[start..end], start, end });
    }
    out
}

/// Han ideographs: no spaces between words, so each counts as one.
pub fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{2FDF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits_part() {
        let cut: Vec<_> = tokens("O'Neil-Baker 20233 years, 8am 2025年").iter().map(|t| t.text).collect();
        assert_eq!(cut, ["O'Neil-Baker", "20233", "years", ",", "8", "am", "2025", "年"]);
    }
}
