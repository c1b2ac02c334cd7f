//! In which line of the source a byte stands.

/// The source, read from its beginning only as far as it has been asked for.
pub(super) struct Lines<'s> {
    source: &'s [u8],
    /// The byte that was asked for last, and its line.
    reached: usize,
    line: usize,
}

impl<'s> Lines<'s> {
    pub(super) fn new(source: &'s [u8]) -> Self {
        Self {
            source,
            reached: 0,
            line: 1,
        }
    }

    /// Returns the line of a byte, from 1. Bytes are asked for in their order; one before the last
    /// is taken to stand in the same line.
    pub(super) fn at(&mut self, byte: usize) -> usize {
        let passed = self.source.get(self.reached..byte).unwrap_or_default();
        // Lines end with LF, with CR LF, or with CR alone.
        let feeds = memchr::memchr_iter(b'\n', passed).count();
        self.line += match feeds {
            0 => memchr::memchr_iter(b'\r', passed).count(),
            feeds => feeds,
        };
        self.reached = self.reached.max(byte);
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_however_they_end() {
        for source in ["a\nb\n\nc", "a\r\nb\r\n\r\nc", "a\rb\r\rc"] {
            let mut lines = Lines::new(source.as_bytes());
            let at = |letter| source.find(letter).unwrap();
            let found = ['a', 'b', 'c'].map(|letter| lines.at(at(letter)));
            assert_eq!(found, [1, 2, 4], "{source:?}");
        }
    }
}
