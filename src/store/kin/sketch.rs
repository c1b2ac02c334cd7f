//! A story's fingerprint: MinHash over the word triples of its body, with one permutation for all
//! its numbers (Li, Owen and Zhang, 2012), so that each triple is hashed once. Numbers that no
//! triple fell to are borrowed from others (densification, after Shrivastava, 2017).

use super::mark::{mix, words};

/// How many numbers a fingerprint has: an estimate is right to about one in eight.
const HASHES: usize = 64;
/// Numbers that make one key, and keys. Bodies with four fifths in common share a key all but
/// surely, with half in two cases of three, with a tenth once in a hundred.
const ROWS: usize = 3;
const KEYS: usize = 8;

/// The fingerprint of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sketch([u16; HASHES]);

impl Sketch {
    /// Its length as bytes.
    pub(crate) const BYTES: usize = HASHES * 2;

    /// Returns the fingerprint of some paragraphs, and how many words they have; no fingerprint
    /// where they have not three.
    ///
    /// Case, punctuation, line breaks and where paragraphs end make no difference.
    pub(crate) fn of<'a>(paragraphs: impl IntoIterator<Item = &'a str>) -> (Option<Self>, usize) {
        let mut least = [u64::MAX; HASHES];
        let (mut before, mut last, mut count) = (0_u64, 0_u64, 0);
        for paragraph in paragraphs {
            words(paragraph, |word| {
                count += 1;
                if count >= 3 {
                    let hash = mix(before.rotate_left(21) ^ last.rotate_left(42) ^ word);
                    // The topmost six bits choose the number.
                    let least = &mut least[(hash >> 58) as usize];
                    *least = (*least).min(hash);
                }
                (before, last) = (last, word);
            });
        }
        ((count >= 3).then(|| Self(densified(&least))), count)
    }

    /// Returns how much of two bodies is common to both, 0 to 1 (Jaccard similarity, estimated).
    pub(crate) fn similarity(&self, other: &Self) -> f32 {
        let same = self.0.iter().zip(&other.0).filter(|(a, b)| a == b).count();
        same as f32 / HASHES as f32
    }

    /// Keys of which bodies that have much in common share at least one.
    pub(crate) fn keys(&self) -> impl Iterator<Item = u64> + '_ {
        self.0
            .chunks_exact(ROWS)
            .take(KEYS)
            .enumerate()
            .map(|(band, rows)| {
                // Three numbers of sixteen bits and the band fill 64 bits, so that no two are
                // confused.
                mix(rows
                    .iter()
                    .fold(band as u64, |key, row| key << 16 | u64::from(*row)))
            })
    }

    /// For keeping.
    pub(crate) fn to_bytes(self) -> impl Iterator<Item = u8> {
        self.0.into_iter().flat_map(u16::to_le_bytes)
    }

    /// Returns what [`Sketch::to_bytes`] made.
    pub(crate) fn from_bytes(bytes: &[u8; Self::BYTES]) -> Self {
        let mut hashes = [0; HASHES];
        for (hash, bytes) in hashes.iter_mut().zip(bytes.as_chunks().0) {
            *hash = u16::from_le_bytes(*bytes);
        }
        Self(hashes)
    }
}

/// Returns the low bits of each number, which say nothing of how small it is. One that is missing
/// takes another's, found by steps that depend on its place alone, so that bodies which miss the
/// same borrow the same.
fn densified(least: &[u64; HASHES]) -> [u16; HASHES] {
    let mut hashes = [0; HASHES];
    for (at, hash) in hashes.iter_mut().enumerate() {
        // Odd steps through 64 places come to all of them, and one is not missing.
        let step = mix(at as u64) as usize | 1;
        let from = (0..HASHES)
            .map(|steps| at.wrapping_add(steps.wrapping_mul(step)) % HASHES)
            .find(|from| least[*from] != u64::MAX);
        *hash = from.map_or(0, |from| least[from] as u16);
    }
    hashes
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "The harbour board voted on Tuesday to close the old ferry slip for \
                        repairs that will last until spring. Divers found cracks in eleven of the \
                        forty piles, which were driven before the war, and the board saw no other \
                        way.";

    #[test]
    fn wrapping_makes_no_difference() {
        let wrapped = BODY.replace(' ', "\n").to_uppercase();
        let parts: Vec<&str> = BODY.split_inclusive(". ").collect();
        assert_eq!(Sketch::of([BODY]), Sketch::of([wrapped.as_str()]));
        assert_eq!(Sketch::of([BODY]), Sketch::of(parts));
        assert_eq!(Sketch::of([BODY]).1, 41);
    }

    #[test]
    fn similarity_follows_what_is_common() {
        let one = Sketch::of([BODY]).0.unwrap();
        let longer = Sketch::of([BODY, "A tug towed the last boat away."])
            .0
            .unwrap();
        let other = Sketch::of([
            "Nobody came to the reading of the bill about beet sugar, though the chamber had been \
             heated for it.",
        ])
        .0
        .unwrap();
        assert!(one.similarity(&longer) > 0.7, "{}", one.similarity(&longer));
        assert!(one.similarity(&other) < 0.1);
        assert!(
            one.keys()
                .any(|key| longer.keys().any(|other| other == key))
        );
        assert!(!one.keys().any(|key| other.keys().any(|other| other == key)));
    }

    /// Over bodies of many lengths and many shares in common, the estimates are right on average.
    #[test]
    fn estimates_are_not_biased() {
        for (length, common) in [
            (40, 20),
            (40, 36),
            (200, 40),
            (200, 150),
            (900, 450),
            (900, 800),
        ] {
            let body = |n: usize, own: usize| -> String {
                let word = |w: usize| {
                    if w < common {
                        format!("w{n}x{w} ")
                    } else {
                        format!("v{n}x{own}x{w} ")
                    }
                };
                (0..length).map(word).collect()
            };
            let estimate = |n| {
                Sketch::of([body(n, 1).as_str()])
                    .0
                    .unwrap()
                    .similarity(&Sketch::of([body(n, 2).as_str()]).0.unwrap())
            };
            let mean = (0..200).map(estimate).sum::<f32>() / 200.0;
            // Triples within what is common, of all triples.
            let (both, each) = (common as f32 - 2.0, length as f32 - 2.0);
            let truth = both / (2.0 * each - both);
            assert!(
                (mean - truth).abs() < 0.03,
                "{common} of {length} words: {mean}, in truth {truth}"
            );
        }
    }

    #[test]
    fn a_sketch_is_kept_as_bytes() {
        let sketch = Sketch::of([BODY]).0.unwrap();
        let bytes: Vec<u8> = sketch.to_bytes().collect();
        assert_eq!(
            Sketch::from_bytes(bytes.as_slice().try_into().unwrap()),
            sketch
        );
        assert_eq!(Sketch::of(["Two words"]), (None, 2));
    }
}
