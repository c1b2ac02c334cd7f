//! Which language a text is in.
//!
//! `whatlang` compares a text with the letter triples of seventy languages, which costs as much as
//! reading the whole story. Most copy is English and says so by its smallest words; it is asked
//! about
//! the rest.

/// BCP 47 tag of English.
pub(crate) const ENGLISH: &str = "en";

/// A text of as many bytes is enough to take the likeliest language on trust.
const ENOUGH: usize = 200;

/// BCP 47 tag of a text's language; none where there is too little text to tell.
pub(crate) fn language_of(text: &str) -> Option<&'static str> {
    if text.len() > ENOUGH && is_surely_english(text) {
        return Some(ENGLISH);
    }
    let found = whatlang::detect(text)?;
    (found.is_reliable() || found.confidence() > 0.5 || text.len() > ENOUGH)
        .then(|| tag(found.lang()))
}

/// Whether every fifth word at least is one of the commonest small words of English, `the` among
/// them, and some variety of them. Other languages have some of these words, none has many.
fn is_surely_english(text: &str) -> bool {
    let (mut words, mut small, mut the, mut others) = (0, 0, 0, 0u32);
    for word in text
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
    {
        words += 1;
        let other = match word {
            "the" | "The" => {
                the += 1;
                small += 1;
                continue;
            }
            "and" => 0,
            "of" => 1,
            "that" => 2,
            "from" => 3,
            "with" => 4,
            "this" => 5,
            "which" => 6,
            "said" => 7,
            "were" | "was" => 8,
            "have" | "has" => 9,
            "been" => 10,
            "would" | "will" => 11,
            "by" => 12,
            "for" => 13,
            "to" => 14,
            "its" => 15,
            "his" | "he" => 16,
            "are" | "is" => 17,
            "at" => 18,
            "in" | "on" => 19,
            "not" => 20,
            "but" => 21,
            "their" | "they" => 22,
            _ => continue,
        };
        small += 1;
        others |= 1 << other;
    }
    the >= 2 && others.count_ones() >= 4 && small * 5 >= words
}

/// The two-letter code where ISO 639-1 has one.
fn tag(lang: whatlang::Lang) -> &'static str {
    const SHORT: [(&str, &str); 68] = [
        ("afr", "af"),
        ("aka", "ak"),
        ("amh", "am"),
        ("ara", "ar"),
        ("aze", "az"),
        ("bel", "be"),
        ("ben", "bn"),
        ("bul", "bg"),
        ("cat", "ca"),
        ("ces", "cs"),
        ("cmn", "zh"),
        ("dan", "da"),
        ("deu", "de"),
        ("ell", "el"),
        ("eng", "en"),
        ("epo", "eo"),
        ("est", "et"),
        ("fin", "fi"),
        ("fra", "fr"),
        ("guj", "gu"),
        ("heb", "he"),
        ("hin", "hi"),
        ("hrv", "hr"),
        ("hun", "hu"),
        ("hye", "hy"),
        ("ind", "id"),
        ("ita", "it"),
        ("jav", "jv"),
        ("jpn", "ja"),
        ("kan", "kn"),
        ("kat", "ka"),
        ("khm", "km"),
        ("kor", "ko"),
        ("lat", "la"),
        ("lav", "lv"),
        ("lit", "lt"),
        ("mal", "ml"),
        ("mar", "mr"),
        ("mkd", "mk"),
        ("mya", "my"),
        ("nep", "ne"),
        ("nld", "nl"),
        ("nob", "nb"),
        ("ori", "or"),
        ("pan", "pa"),
        ("pes", "fa"),
        ("pol", "pl"),
        ("por", "pt"),
        ("ron", "ro"),
        ("rus", "ru"),
        ("sin", "si"),
        ("slk", "sk"),
        ("slv", "sl"),
        ("sna", "sn"),
        ("spa", "es"),
        ("srp", "sr"),
        ("swe", "sv"),
        ("tam", "ta"),
        ("tel", "te"),
        ("tgl", "tl"),
        ("tha", "th"),
        ("tuk", "tk"),
        ("tur", "tr"),
        ("ukr", "uk"),
        ("urd", "ur"),
        ("uzb", "uz"),
        ("vie", "vi"),
        ("yid", "yi"),
    ];
    let code = lang.code();
    SHORT
        .iter()
        .find(|(long, _)| *long == code)
        .map_or(code, |(_, short)| short)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH_TEXT: &str = "The board of the harbour said on Monday that it will close the old slip for repairs, which have been put off \
        since the storms of last winter. The work is to last until spring, and ferries will land at the north quay with a bus to the town.";

    #[test]
    fn english_is_told_by_its_small_words() {
        assert!(is_surely_english(ENGLISH_TEXT));
        assert_eq!(language_of(ENGLISH_TEXT), Some("en"));
    }

    #[test]
    fn words_that_others_share_are_not_enough() {
        for (text, language) in [
            (
                "Der Rat der Stadt will die alte Brücke bis zum Sommer sperren, wie er am Montag mitteilte. Das war in der Sitzung nicht \
                 umstritten. Was die Arbeiten kosten, will der Rat im Herbst sagen, und auch, wann sie beginnen sollen.",
                "de",
            ),
            (
                "De raad van de stad sluit de oude brug tot in de zomer. Dat was al bekend, of het moet anders lopen. In de herfst komt er \
                 meer over de kosten, die op dit moment niet bekend is. Dat is wat de raad op maandag te melden had.",
                "nl",
            ),
        ] {
            assert!(!is_surely_english(text));
            assert_eq!(language_of(text), Some(language));
        }
    }

    #[test]
    fn an_english_line_in_other_copy_does_not_decide() {
        let mixed = format!(
            "{} El consejo del puerto cerró el martes el viejo muelle, que se usaba desde hace setenta años. Los vecinos tendrán que tomar \
             el autobús hasta la primavera, porque las obras durarán todo el invierno. La alcaldesa dijo que no había otra salida y que los \
             barcos volverán cuando el agua lo permita.",
            &ENGLISH_TEXT[..100]
        );
        assert!(!is_surely_english(&mixed));
        assert_eq!(language_of(&mixed), Some("es"));
    }
}
