//! A look at the ends of a word, which tells most words that are in no list.

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
