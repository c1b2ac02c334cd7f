//! A story's fingerprint: MinHash (Broder, 1997) over the word triples of its body.

use super::judge::words;

/// How many numbers a fingerprint has: an estimate is right to about one in eight.
const HASHES: usize = 64;
/// Numbers that make one key. Bodies with four fifths in common share a key all but surely, with
/// half in two cases of three, with a fifth hardly ever.
const ROWS: usize = 4;

/// The fingerprint of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch([u32; HASHES]);

/// Odd factors and offsets of the hash functions, from SplitMix64: the same on every machine.
const FUNCTIONS: [(u64, u64); HASHES] = {
    let mut functions = [(0, 0); HASHES];
    let (mut state, mut i) = (0_u64, 0);
    while i < HASHES {
        let (factor, next) = split_mix(state);
        let (offset, after) = split_mix(next);
        functions[i] = (factor | 1, offset);
        (state, i) = (after, i + 1);
    }
    functions
};

const fn split_mix(state: u64) -> (u64, u64) {
    let state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (z ^ (z >> 31), state)
}

/// FNV-1a: stable, which the standard library's hash is not.
pub(super) fn hash(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

impl Sketch {
    /// The fingerprint of some paragraphs; none where they have no three words.
    ///
    /// Case, punctuation, line breaks and where paragraphs end make no difference.
    pub fn of<'a>(paragraphs: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut least = [u32::MAX; HASHES];
        let (mut before, mut last, mut count) = (0_u64, 0_u64, 0);
        for word in paragraphs.into_iter().flat_map(words) {
            let word = hash(word.chars().flat_map(char::to_lowercase).flat_map(|c| u32::from(c).to_le_bytes()));
            count += 1;
            if count >= 3 {
                let triple = before.rotate_left(21) ^ last.rotate_left(42) ^ word;
                for (least, (factor, offset)) in least.iter_mut().zip(FUNCTIONS) {
                    *least = (*least).min((triple.wrapping_mul(factor).wrapping_add(offset) >> 32) as u32);
                }
            }
            (before, last) = (last, word);
        }
        (count >= 3).then_some(Self(least))
    }

    /// How much of two bodies is common to both, 0 to 1 (Jaccard similarity, estimated).
    pub fn similarity(&self, other: &Self) -> f32 {
        let same = self.0.iter().zip(&other.0).filter(|(a, b)| a == b).count();
        same as f32 / HASHES as f32
    }

    /// Keys of which bodies that have much in common share at least one.
    pub fn keys(&self) -> impl Iterator<Item = u64> + '_ {
        self.0.chunks_exact(ROWS).enumerate().map(|(band, rows)| {
            let rows = rows.iter().flat_map(|row| row.to_le_bytes());
            hash((band as u32).to_le_bytes().into_iter().chain(rows))
        })
    }

    /// For keeping.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|hash| hash.to_le_bytes()).collect()
    }

    /// What [`Sketch::to_bytes`] made; none from anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut hashes = [0; HASHES];
        if bytes.len() != HASHES * 4 {
            return None;
        }
        for (hash, bytes) in hashes.iter_mut().zip(bytes.chunks_exact(4)) {
            *hash = u32::from_le_bytes(bytes.try_into().ok()?);
        }
        Some(Self(hashes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "The harbour board voted on Tuesday to close the old ferry slip for repairs that will last until spring. \
        Divers found cracks in eleven of the forty piles, which were driven before the war, and the board saw no other way.";

    #[test]
    fn wrapping_makes_no_difference() {
        let wrapped = BODY.replace(' ', "\n").to_uppercase();
        let parts: Vec<&str> = BODY.split_inclusive(". ").collect();
        assert_eq!(Sketch::of([BODY]), Sketch::of([wrapped.as_str()]));
        assert_eq!(Sketch::of([BODY]), Sketch::of(parts));
    }

    #[test]
    fn similarity_follows_what_is_common() {
        let one = Sketch::of([BODY]).unwrap();
        let longer = Sketch::of([BODY, "A tug towed the last boat away."]).unwrap();
        let other =
            Sketch::of(["Nobody came to the reading of the bill about beet sugar, though the chamber had been heated for it."]).unwrap();
        assert!(one.similarity(&longer) > 0.7, "{}", one.similarity(&longer));
        assert!(one.similarity(&other) < 0.1);
        assert!(one.keys().any(|key| longer.keys().any(|other| other == key)));
        assert!(!one.keys().any(|key| other.keys().any(|other| other == key)));
    }

    #[test]
    fn a_sketch_is_kept_as_bytes() {
        let sketch = Sketch::of([BODY]).unwrap();
        assert_eq!(Sketch::from_bytes(&sketch.to_bytes()), Some(sketch));
        assert_eq!(Sketch::from_bytes(b"short"), None);
        assert_eq!(Sketch::of(["Two words"]), None);
    }
}
