//! Numbers for words: the same on every machine and in every version, which the standard library's
//! hashes are not.

/// Calls `each` with the number of every word of a text, whatever its case; what stands between words
/// makes no difference.
pub(super) fn words(text: &str, mut each: impl FnMut(u64)) {
    const START: u64 = 0xCBF2_9CE4_8422_2325;
    let mut word = START;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            word = fnv(word, c.to_ascii_lowercase() as u8);
        } else if !c.is_ascii() && c.is_alphanumeric() {
            for c in c.to_lowercase() {
                word = c.encode_utf8(&mut [0; 4]).bytes().fold(word, fnv);
            }
        } else if word != START {
            each(word);
            word = START;
        }
    }
    if word != START {
        each(word);
    }
}

/// A number for a text, whatever its case, and for the order of its words.
pub(super) fn text(text: &str) -> u64 {
    let mut all = 0;
    words(text, |word| all = mix(all ^ word));
    all
}

/// FNV-1a.
fn fnv(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
}

/// Spreads what differs over all bits (the end of SplitMix64).
pub(super) fn mix(state: u64) -> u64 {
    let state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<u64> {
        let mut all = Vec::new();
        words(text, |word| all.push(word));
        all
    }

    #[test]
    fn words_are_told_apart_and_nothing_else() {
        assert_eq!(numbers("“Łódź”, 3 Straßen!"), numbers("ŁÓDŹ\n\n3-straßen"));
        assert_eq!(numbers("one two one").len(), 3);
        assert_ne!(numbers("one")[0], numbers("two")[0]);
        assert!(numbers(" – … ").is_empty());
        assert_ne!(text("one two"), text("two one"));
        assert_eq!(text("US-BANK"), text("us bank"));
    }

    /// Catalogs keep these numbers.
    #[test]
    fn numbers_do_not_change() {
        assert_eq!(numbers("ferry"), [0x8932_24df_f4dc_f75b]);
    }
}
