//! A look at a word's first and last bytes, which tells most words that are in no list.

/// Which pairs of ends and lengths the terms of a list have. Nearly all words that are looked up
/// are
/// in no list, and most of them are told by this without being hashed.
#[derive(Debug)]
pub(super) struct Glance([u64; 64]);

impl Glance {
    /// Returns what can be seen of `terms`.
    pub(crate) fn of(terms: impl Iterator<Item = &'static str>) -> Self {
        let mut seen = [0; 64];
        for term in terms {
            let (word, bit) = place(term.as_bytes());
            seen[word] |= bit;
        }
        Self(seen)
    }

    /// Returns whether the list may have a term; if not, it has it not.
    pub(crate) fn may_have(&self, term: &[u8]) -> bool {
        let (word, bit) = place(term);
        self.0[word] & bit != 0
    }
}

/// Returns where a term's mark stands: by its length, its last byte and its first.
fn place(term: &[u8]) -> (usize, u64) {
    let first = term.first().copied().unwrap_or_default();
    let last = term.last().copied().unwrap_or_default();
    let mixed = usize::from(first) ^ usize::from(last) << 3 ^ term.len() << 7;
    (mixed >> 6 & 63, 1 << (mixed & 63))
}

/// What the phrases of a list begin with: the first six bytes of the long ones, mixed to sixteen
/// bits,
/// and the first two of the short ones. A bit for each.
#[derive(Debug)]
pub(super) struct Beginnings {
    long: Bits,
    short: Bits,
}

type Bits = Box<[u64; 1024]>;

impl Beginnings {
    /// Returns the beginnings of phrases.
    pub(crate) fn of(phrases: impl Iterator<Item = &'static str>) -> Self {
        let mut out = Self {
            long: Box::new([0; 1024]),
            short: Box::new([0; 1024]),
        };
        for phrase in phrases.map(str::as_bytes) {
            match *phrase {
                [a, b, c, d, e, f, ..] => add(&mut out.long, mixed([a, b, c, d, e, f])),
                [first, second, ..] => add(&mut out.short, [first, second]),
                // Whatever stands behind it.
                [only] => (0..=u8::MAX).for_each(|second| add(&mut out.short, [only, second])),
                [] => {}
            }
        }
        out
    }

    /// Returns whether a phrase of the list may begin a text; if not, none does.
    pub(crate) fn may_be(&self, text: &[u8]) -> bool {
        let pair = match *text {
            [first, second, ..] => [first, second],
            [only] => [only, b' '],
            [] => return false,
        };
        has(&self.short, pair)
            || text
                .first_chunk()
                .is_some_and(|long| has(&self.long, mixed(*long)))
    }
}

fn mixed(bytes: [u8; 6]) -> [u8; 2] {
    let [a, b, c, d, e, f] = bytes;
    let mixed = u64::from_le_bytes([a, b, c, d, e, f, 0, 0]).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed >> 48) as u16).to_be_bytes()
}

fn add(bits: &mut Bits, pair: [u8; 2]) {
    let pair = usize::from(u16::from_be_bytes(pair));
    bits[pair >> 6] |= 1 << (pair & 63);
}

fn has(bits: &Bits, pair: [u8; 2]) -> bool {
    let pair = usize::from(u16::from_be_bytes(pair));
    bits[pair >> 6] & 1 << (pair & 63) != 0
}
