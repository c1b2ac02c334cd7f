//! Which language a text is in.
//!
//! The smallest words of the languages that copy comes in most decide nearly always. `whatlang`,
//! which compares letter triples of seventy languages and takes as long as reading the whole story,
//! is asked about the rest. It is not believed against the small words: a report of figures (`Shr
//! 17 cts vs 13 cts`) has the letters of any language.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// BCP 47 tag of English.
pub(crate) const ENGLISH: &str = "en";

/// A text of as many bytes is enough to take the likeliest language on trust.
const ENOUGH: usize = 200;
/// Words that are looked at; more do not change the answer.
const WORDS: usize = 400;
/// What small words must weigh together to decide; a word that no other language has weighs 1.
const DECIDES: f32 = 4.0;
/// What they must weigh to be believed against letter triples.
const OUTWEIGHS: f32 = 2.0;
/// The small words of a text's language weigh so much more than any other language's.
const LEADS: f32 = 1.6;
/// Of the words of a text, at least this share is small words of its language.
const SHARE: f32 = 0.1;

/// The lists: a line a language, its tag, a tab, and its words.
static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::read(include_str!("languages.txt")));

/// Small words by language.
struct Lists {
    tags: Vec<&'static str>,
    /// For each word the languages that have it, a bit a language.
    words: FxHashMap<&'static str, u32>,
    longest: usize,
}

impl Lists {
    /// Reads the lists. A language may have several lines.
    fn read(text: &'static str) -> Self {
        let mut lists = Self {
            tags: Vec::new(),
            words: FxHashMap::default(),
            longest: 0,
        };
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        for (tag, words) in lines.filter_map(|line| line.split_once('\t')) {
            let known = lists.tags.iter().position(|known| *known == tag);
            let at = known.unwrap_or_else(|| {
                lists.tags.push(tag);
                lists.tags.len() - 1
            });
            for word in words.split(' ') {
                *lists.words.entry(word).or_default() |= 1 << at;
                lists.longest = lists.longest.max(word.len());
            }
        }
        lists
    }

    /// Returns what the small words of a text say.
    fn weigh(&self, text: &str) -> Weighed {
        let mut weights = vec![0.0; self.tags.len()];
        let mut counted = 0;
        let words = text
            .split(|c: char| !c.is_alphabetic())
            .filter(|word| !word.is_empty())
            .take(WORDS);
        let mut small = String::new();
        for word in words {
            counted += 1;
            // In German and in headlines small words are written with capitals, too.
            if word.len() > self.longest {
                continue;
            }
            let languages = self.words.get(word).copied().or_else(|| {
                word.starts_with(char::is_uppercase).then(|| {
                    small.clear();
                    small.extend(word.chars().flat_map(char::to_lowercase));
                    self.words.get(small.as_str()).copied()
                })?
            });
            let Some(languages) = languages else { continue };
            let weight = 1.0 / languages.count_ones() as f32;
            for (at, sum) in weights.iter_mut().enumerate() {
                if languages & 1 << at != 0 {
                    *sum += weight;
                }
            }
        }
        Weighed { weights, counted }
    }
}

/// What the small words of each language weigh in a text.
struct Weighed {
    weights: Vec<f32>,
    counted: u32,
}

impl Weighed {
    /// Returns the language whose words weigh most, and what they weigh; none if another's weigh
    /// nearly as much.
    fn leader(&self) -> Option<(&'static str, f32)> {
        let (at, most) = self
            .weights
            .iter()
            .copied()
            .enumerate()
            .max_by(|one, other| one.1.total_cmp(&other.1))?;
        let others = self
            .weights
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != at);
        let next = others.fold(0.0, |next: f32, (_, weight)| next.max(*weight));
        let leads = most > 0.0 && most >= next * LEADS;
        leads.then(|| Some((*LISTS.tags.get(at)?, most)))?
    }
}

/// BCP 47 tag of a text's language; none where there is too little text to tell.
pub(crate) fn language_of(text: &str) -> Option<&'static str> {
    let weighed = LISTS.weigh(text);
    let leader = weighed.leader();
    if let Some((tag, weight)) = leader
        && weight >= DECIDES
        && weight >= SHARE * weighed.counted as f32
    {
        return Some(tag);
    }
    let guess = whatlang::detect(text).and_then(|found| {
        (found.is_reliable() || found.confidence() > 0.5 || text.len() > ENOUGH)
            .then(|| tag(found.lang()))
    });
    let Some((leader, weight)) = leader.filter(|(_, weight)| *weight >= OUTWEIGHS) else {
        return guess;
    };
    // Of a language without a list the small words are not known: they can say nothing against it
    // unless those of another language decide by themselves.
    let is_unlisted = guess.is_some_and(|guess| !LISTS.tags.contains(&guess));
    if is_unlisted && weight < DECIDES {
        guess
    } else {
        Some(leader)
    }
}

/// Returns the two-letter code where ISO 639-1 has one.
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

    const ENGLISH_TEXT: &str = "The board of the harbour said on Monday that it will close the \
                                old slip for repairs, which have been put off \
        since the storms of last winter. The work is to last until spring, and ferries will land \
                                at the north quay with a bus to the town.";

    #[test]
    fn every_language_is_told_by_its_small_words() {
        for (text, language) in [
            (ENGLISH_TEXT, "en"),
            (
                "O conselho do porto disse que não há mais balsas para a ilha.",
                "pt",
            ),
            (
                "El consejo del puerto dijo que no hay más barcos para la isla.",
                "es",
            ),
            (
                "Il consiglio del porto ha detto che non ci sono più traghetti per l'isola.",
                "it",
            ),
            (
                "Le conseil du port a dit que les bacs ne vont plus dans les îles.",
                "fr",
            ),
            (
                "Hamnen säger att det inte är klart när färjan går till ön efter stormen.",
                "sv",
            ),
        ] {
            assert_eq!(
                LISTS.weigh(text).leader().map(|(tag, _)| tag),
                Some(language)
            );
            assert_eq!(language_of(text), Some(language));
        }
    }

    #[test]
    fn a_report_of_figures_is_in_the_language_of_its_few_words() {
        for text in [
            "Shr 17 cts vs 13 cts Net 2.1 mln vs 1.03 mln Revs 15.6 mln vs 12 mln Nine mths Shr \
             58 cts vs 37 cts",
            "Qtly div 12.5 cts vs 12.5 cts prior Pay March 13 Record February 27",
        ] {
            assert_eq!(language_of(text), Some("en"));
        }
    }

    #[test]
    fn every_line_of_the_lists_is_a_tag_and_words() {
        for line in include_str!("languages.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            let (tag, words) = line.split_once('\t').unwrap();
            assert_eq!(tag.len(), 2, "{line}");
            let is_word = |word: &str| !word.is_empty() && word.chars().all(char::is_lowercase);
            assert!(words.split(' ').all(is_word), "{line}");
        }
        assert!(LISTS.tags.len() <= 32);
    }

    #[test]
    fn words_that_others_share_are_not_enough() {
        for (text, language) in [
            (
                "Der Rat der Stadt will die alte Brücke bis zum Sommer sperren, wie er am Montag \
                 mitteilte. Das war in der Sitzung nicht \
                 umstritten. Was die Arbeiten kosten, will der Rat im Herbst sagen, und auch, \
                 wann sie beginnen sollen.",
                "de",
            ),
            (
                "De raad van de stad sluit de oude brug tot in de zomer. Dat was al bekend, of \
                 het moet anders lopen. In de herfst komt er \
                 meer over de kosten, die op dit moment niet bekend is. Dat is wat de raad op \
                 maandag te melden had.",
                "nl",
            ),
        ] {
            assert_eq!(language_of(text), Some(language));
        }
    }

    #[test]
    fn an_english_line_in_other_copy_does_not_decide() {
        let mixed = format!(
            "{} El consejo del puerto cerró el martes el viejo muelle, que se usaba desde hace \
             setenta años. Los vecinos tendrán que tomar \
             el autobús hasta la primavera, porque las obras durarán todo el invierno. La \
             alcaldesa dijo que no había otra salida y que los \
             barcos volverán cuando el agua lo permita.",
            &ENGLISH_TEXT[..100]
        );
        assert_eq!(language_of(&mixed), Some("es"));
    }
}
