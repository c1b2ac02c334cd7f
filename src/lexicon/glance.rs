//! A look at a word's first and last bytes, which tells most words that are in no list.

/// Which pairs of ends and lengths the terms of a list have. Nearly all words that are looked up are
/// in no list, and most of them are told by this without being hashed.
#[derive(Debug)]
pub(super) struct Glance([u64; 64]);

impl Glance {
    /// What can be seen of `terms`.
    pub fn of(terms: impl Iterator<Item = &'static str>) -> Self {
        let mut seen = [0; 64];
        for term in terms {
            let (word, bit) = place(term.as_bytes());
            seen[word] |= bit;
        }
        Self(seen)
    }

    /// Whether the list may have a term; if not, it has it not.
    pub fn may_have(&self, term: &[u8]) -> bool {
        let (word, bit) = place(term);
        self.0[word] & bit != 0
    }
}

/// Where a term's mark stands: by its length, its last byte and its first.
fn place(term: &[u8]) -> (usize, u64) {
    let first = term.first().copied().unwrap_or_default();
    let last = term.last().copied().unwrap_or_default();
    let mixed = usize::from(first) ^ usize::from(last) << 3 ^ term.len() << 7;
    (mixed >> 6 & 63, 1 << (mixed & 63))
}

/// Which pairs of bytes the terms of a list begin with: a bit for each.
#[derive(Debug)]
pub(super) struct Beginnings(Box<[u64; 1024]>);

impl Beginnings {
    /// The beginnings of words and marks.
    pub fn of(words: impl Iterator<Item = &'static str>) -> Self {
        let mut out = Self(Box::new([0; 1024]));
        for word in words {
            match *word.as_bytes() {
                [] => {}
                // Behind a word of one letter another mark or a space, behind a mark anything.
                [only] => {
                    (0..=u8::MAX).filter(|b| !(only.is_ascii_alphanumeric() && b.is_ascii_alphanumeric())).for_each(|b| out.add(only, b))
                }
                [first, second, ..] => out.add(first, second),
            }
        }
        out
    }

    fn add(&mut self, first: u8, second: u8) {
        let pair = usize::from(u16::from_be_bytes([first, second]));
        self.0[pair >> 6] |= 1 << (pair & 63);
    }

    /// Whether a word of the list may begin at a place in a text; if not, none does.
    pub fn may_be(&self, text: &[u8], at: usize) -> bool {
        let first = text.get(at).copied().unwrap_or_default();
        let second = text.get(at + 1).copied().unwrap_or(b' ');
        let pair = usize::from(u16::from_be_bytes([first, second]));
        self.0[pair >> 6] & 1 << (pair & 63) != 0
    }
}
