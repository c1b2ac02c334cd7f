//! Numbers for words: the same on every machine and in every version, which the standard library's
//! hashes are not.

use crate::lexicon::LEXICON;
use crate::text::fold;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Where FNV-1a begins.
const START: u64 = 0xCBF2_9CE4_8422_2325;

/// Calls `each` with the number of every word of a text, whatever its case; what stands between
/// words makes no difference.
pub(super) fn words(text: &str, mut each: impl FnMut(u64)) {
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

/// Returns a number for a text, whatever its case, and for the order of its words.
pub(super) fn text(text: &str) -> u64 {
    let mut all = 0;
    words(text, |word| all = mix(all ^ word));
    all
}

/// Returns a number for what paragraphs say, word by word in their order: two texts with the same
/// number say the same. None for texts without words.
///
/// Case, accents, punctuation and line breaks make no difference, since wrappings change them, nor
/// do slips of the fingers inside a word: letters that changed places or came once too often. Every
/// other word counts, for nobody can tell from a word whether it is news: "dead" and "hurt", "12"
/// and "21", "was" and "was not" are all one word apart. So do the signs of money, percent and
/// minus.
pub(super) fn wording<'a>(paragraphs: impl IntoIterator<Item = &'a str>) -> Option<u64> {
    let mut wording = Wording::default();
    for paragraph in paragraphs {
        let mut before = ' ';
        for c in paragraph.chars() {
            if c.is_alphanumeric() {
                // A minus belongs to its figure, a hyphen between two words to none.
                if c.is_numeric() && before == '\u{2212}' {
                    wording.sign('-');
                }
                wording.letter(c);
                before = c;
                continue;
            }
            wording.end_word();
            if is_figure_sign(c) {
                wording.sign(c);
            }
            let is_minus = matches!(c, '-' | '\u{2212}') && !before.is_alphanumeric();
            before = if is_minus { '\u{2212}' } else { c };
        }
        wording.end_word();
    }
    (wording.words > 0).then_some(wording.all)
}

fn is_figure_sign(c: char) -> bool {
    matches!(c, '%' | '‰' | '°' | '$' | '¢'..='¥' | '₠'..='₿')
}

/// A text's number in the making.
#[derive(Default)]
struct Wording {
    all: u64,
    words: usize,
    /// The word in hand, folded.
    word: Vec<char>,
}

/// Shortest word in which letters that changed places are taken for a slip: "from" is not "form".
const SLIPS: usize = 5;

impl Wording {
    fn letter(&mut self, c: char) {
        if c.is_ascii() {
            self.word.push(c.to_ascii_lowercase());
            return;
        }
        for lower in c.to_lowercase() {
            // Of Latin and Greek letters with their accents the letters; in other scripts the marks
            // spell.
            let has_accent = matches!(lower, '\u{C0}'..='\u{3FF}' | '\u{1E00}'..='\u{1FFF}');
            if has_accent {
                self.word
                    .extend(lower.nfd().filter(|part| !is_combining_mark(*part)));
            } else {
                self.word.push(lower);
            }
        }
    }

    fn sign(&mut self, sign: char) {
        self.all = mix(self.all ^ u64::from(sign));
    }

    fn end_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        // Scripts without cases write other things than words in one piece.
        if self.word.len() >= SLIPS && self.word.iter().all(|letter| letter.is_lowercase()) {
            self.word[1..].sort_unstable();
            self.word.dedup();
        }
        let number = self.word.iter().fold(START, |hash, letter| {
            u32::from(*letter).to_le_bytes().into_iter().fold(hash, fnv)
        });
        self.all = mix(self.all ^ number);
        self.words += 1;
        self.word.clear();
    }
}

/// Returns a number for the figures and negations of a headline, in their order; 0 for none.
pub(super) fn claims(headline: &str) -> u64 {
    let folded = fold(headline);
    let mut all = 0;
    for word in folded.split(|c: char| !c.is_alphanumeric() && c != '\'') {
        let is_claim =
            word.contains(char::is_numeric) || word.ends_with("n't") || LEXICON.negations.has(word);
        if is_claim {
            all = mix(all ^ text(word));
        }
    }
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

    #[test]
    fn wrapping_and_slips_leave_the_wording_alone() {
        let same = |one: &str, other: &str| wording([one]) == wording([other]);
        assert!(wording(["…"]).is_none() && wording([]).is_none());
        for (one, other) in [
            ("Bogotá’s HARBOUR board", "bogota's harbour\nboard"),
            ("The hrabour comittee", "The harbour committee"),
            ("-- Twenty-one hurt --", "twenty - one hurt"),
        ] {
            assert!(same(one, other), "{one} / {other}");
        }
        assert_eq!(wording(["one two", "three"]), wording(["one two three"]));
        for (one, other) in [
            ("12 dead, 21 hurt", "21 dead, 12 hurt"),
            ("twelve dead", "twenty dead"),
            ("5 million", "5 billion"),
            ("he was there", "he was not there"),
            ("Juan Diaz won", "Juan Ruiz won"),
            ("rose to 3", "rose to -3"),
            ("1.5", "15"),
            ("£5", "$5"),
            ("up 5", "up 5%"),
            ("from here", "form here"),
            ("Er war da", "Er war nicht da"),
            ("यह सही है", "यह सही नहीं है"),
            ("他有罪", "他无罪"),
        ] {
            assert!(!same(one, other), "{one} / {other}");
        }
    }

    #[test]
    fn figures_and_negations_are_claims() {
        assert_eq!(claims("Ferry slip closes"), 0);
        assert_eq!(
            claims("12 dead in ferry fire"),
            claims("Ferry fire: 12 DEAD")
        );
        for (one, other) in [
            ("12 dead", "21 dead"),
            ("12 dead, 21 hurt", "21 dead, 12 hurt"),
            ("Minister resigns", "Minister will not resign"),
            ("It's over", "It isn’t over"),
            ("Ministro renuncia", "Ministro no renuncia"),
            ("Er tritt zurück", "Er tritt nicht zurück"),
            ("Он виновен", "Он не виновен"),
        ] {
            assert_ne!(claims(one), claims(other), "{one} / {other}");
        }
    }

    /// Catalogs keep these numbers.
    #[test]
    fn numbers_do_not_change() {
        assert_eq!(numbers("ferry"), [0x8932_24df_f4dc_f75b]);
    }
}
