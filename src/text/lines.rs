//! Text cut at its line ends.

use std::ops::Range;

/// One line of clean copy, without its line end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    // Offsets of four bytes: copy of one-character lines has half as many lines as bytes.
    start: u32,
    text: u32,
    end: u32,
    /// Columns of white space before the text, a tab counting as eight.
    pub indent: u16,
    /// Blank lines before it.
    pub blanks: u16,
}

impl Line {
    /// Returns where the line starts, its white space included.
    pub const fn start(&self) -> usize {
        self.start as usize
    }

    /// Returns where its visible text stands.
    pub const fn range(&self) -> Range<usize> {
        self.text as usize..self.end as usize
    }

    /// Returns the line's visible text.
    pub fn str<'a>(&self, copy: &'a str) -> &'a str {
        &copy[self.range()]
    }
}

/// Returns the lines of `copy` that show anything, in order. Copy is at most 4 GiB long, as
/// [`decode`](super::decode) sees to.
pub fn lines(copy: &str) -> Vec<Line> {
    let mut out = Vec::with_capacity(copy.len() / 48);
    let (mut start, mut blanks) = (0, 0u16);
    let bytes = copy.as_bytes();
    for end in memchr::memchr_iter(b'\n', bytes).chain(std::iter::once(bytes.len())) {
        let line = &copy[start..end];
        let shown = line.trim();
        if shown.is_empty() {
            blanks = blanks.saturating_add(1);
        } else {
            let lead = line.len() - line.trim_start().len();
            let mut indent = 0u16;
            for c in line[..lead].chars() {
                indent = if c == '\t' {
                    (indent / 8 + 1).saturating_mul(8)
                } else {
                    indent.saturating_add(1)
                };
            }
            out.push(Line {
                start: start as u32,
                text: (start + lead) as u32,
                end: (start + lead + shown.len()) as u32,
                indent,
                blanks,
            });
            blanks = 0;
        }
        start = end + 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_are_counted_and_indents_measured() {
        let copy = "\n\nOne\n    Two \n\n\tThree";
        let found: Vec<_> = lines(copy)
            .iter()
            .map(|l| (l.str(copy), l.indent, l.blanks))
            .collect();
        assert_eq!(found, [("One", 0, 2), ("Two", 4, 0), ("Three", 8, 1)]);
    }
}
