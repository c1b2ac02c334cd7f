//! What the lexicon says of a word, in eight bytes: the only way in which words reach the features.

use crate::lexicon::{LEXICON, Words};
use crate::quotes::axis::axes;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

axes! {
    /// What a verb does to words.
    Verb {
        Say = "say", "said";
        /// Other verbs of speech.
        Speak = "speak", "added, insisted";
        /// Speech with a hearer.
        Tell = "tell", "told";
        Write = "write", "wrote, tweeted";
        Call = "call", "called, described";
        Judge = "judge", "blamed, praised";
        Vow = "vow", "promised, demanded";
        Think = "think", "believes";
        /// What documents do.
        Show = "show", "read, cited";
        /// All other verbs.
        Act = "act", "walked";
        /// As a main verb.
        Be = "be", "is";
        According = "according", "according to";
        /// A word in no list that has a verb's ending.
        Unlisted = "unlisted", "glorped";
    }
}

impl Verb {
    /// Returns the verb that the first word of a list's value stands for.
    pub(super) fn read(value: &str) -> Self {
        match value.split(' ').next() {
            Some("say") => Self::Say,
            Some("speak") => Self::Speak,
            Some("tell") => Self::Tell,
            Some("write") => Self::Write,
            Some("call") => Self::Call,
            Some("judge") => Self::Judge,
            Some("vow") => Self::Vow,
            Some("think") => Self::Think,
            Some("show") => Self::Show,
            _ => Self::Act,
        }
    }

    /// Returns whether the verb reports speech or writing by itself.
    pub fn reports(self) -> bool {
        matches!(
            self,
            Self::Say | Self::Speak | Self::Tell | Self::Write | Self::According
        )
    }
}

/// A form of a verb; a word may be several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forms(u8);

impl Forms {
    /// `said`
    pub const PAST: Self = Self(1);
    /// `written`, where the past differs
    pub const PART: Self = Self(2);
    /// `says`
    pub const S: Self = Self(4);
    /// `saying`
    pub const ING: Self = Self(8);
    /// `say`
    pub const BASE: Self = Self(16);
    /// `sei`: a small word in German's mood of reported speech.
    pub const REPORTED: Self = Self(32);
    /// `dem`: the phrase that it begins, or the name that it ends, is no subject.
    pub const OBLIQUE: Self = Self(64);
    /// `zufolge`: who is cited stands before it.
    pub const POSTPOSED: Self = Self(128);

    /// Returns whether a word can be of a form.
    pub fn has(self, form: Self) -> bool {
        self.0 & form.0 != 0
    }

    pub(super) fn read(value: &str) -> Self {
        Self(value.split(' ').fold(0, |bits, word| {
            bits | match word {
                "past" => 1,
                "part" => 2,
                "s" => 4,
                "ing" => 8,
                "base" => 16,
                _ => 0,
            }
        }))
    }
}

/// What a noun names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Noun {
    /// Not in the lists of nouns.
    #[default]
    None,
    /// One person.
    Person,
    /// Several persons.
    People,
    /// An organisation, or several.
    Body,
    /// Something written or uttered.
    Document,
}

/// What a word, a title or a given name tells of its bearer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gender {
    /// Nothing: the word is not in the list.
    #[default]
    None,
    /// In the list, for men and women.
    Either,
    /// A man's.
    Male,
    /// A woman's.
    Female,
}

impl Gender {
    fn read(value: &str) -> Self {
        match value {
            "m" => Self::Male,
            "f" => Self::Female,
            _ => Self::Either,
        }
    }
}

/// The part that a small word has in a sentence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grammar {
    /// Not a small word.
    #[default]
    None,
    /// `he`
    He,
    /// `she`
    She,
    /// `they`
    They,
    /// `it`
    It,
    /// `I`, `we`, `you`
    Me,
    /// `him`, `himself`
    Object,
    /// `his`
    Possessive,
    /// `who`, `which`
    Relative,
    /// `that`
    That,
    /// `some`, `many`, `two`
    Quantity,
    /// `this`
    Demonstrative,
    /// `the`
    Determiner,
    /// `is`
    Be,
    /// `has`
    Have,
    /// `did`
    Do,
    /// `would`
    Modal,
    /// `not`
    Negation,
    /// `to`
    To,
    /// `in`
    Preposition,
    /// `by`
    By,
    /// `as`
    As,
    /// `according`
    According,
    /// `and`
    Conjunction,
    /// `because`
    Subordinator,
    /// `again`
    Adverb,
    /// `former`
    Adjective,
    /// `Monday`, `week`
    Time,
    /// `Inc.`: its stop ends no sentence.
    Abbreviation,
}

impl Grammar {
    /// Returns the part that a list's value stands for.
    pub(super) fn read(value: &str) -> Self {
        match value {
            "pron he" => Self::He,
            "pron she" => Self::She,
            "pron they" => Self::They,
            "pron it" => Self::It,
            "pron me" => Self::Me,
            "obj" => Self::Object,
            "poss" => Self::Possessive,
            "rel" => Self::Relative,
            "that" => Self::That,
            "quant" => Self::Quantity,
            "dem" => Self::Demonstrative,
            "det" => Self::Determiner,
            "be" => Self::Be,
            "have" => Self::Have,
            "do" => Self::Do,
            "modal" => Self::Modal,
            "neg" => Self::Negation,
            "to" => Self::To,
            "prep" => Self::Preposition,
            "by" => Self::By,
            "as" => Self::As,
            "according" => Self::According,
            "conj" => Self::Conjunction,
            "sub" => Self::Subordinator,
            "adv" => Self::Adverb,
            "adj" => Self::Adjective,
            "time" => Self::Time,
            "abbr" => Self::Abbreviation,
            _ => Self::None,
        }
    }

    /// `he`, `she`, `they`, `it`, `I`, `we`, `you`
    pub fn is_subject_pronoun(self) -> bool {
        matches!(
            self,
            Self::He | Self::She | Self::They | Self::It | Self::Me
        )
    }

    /// Auxiliaries and what stands among them.
    pub fn is_auxiliary(self) -> bool {
        matches!(
            self,
            Self::Be | Self::Have | Self::Do | Self::Modal | Self::Negation
        )
    }
}

/// All that the lists say of one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Class {
    /// As a verb, if it can be one.
    pub verb: Option<Verb>,
    /// The forms that it can be.
    pub forms: Forms,
    /// As a noun.
    pub noun: Noun,
    /// Of a noun for one person.
    pub gender: Gender,
    /// As a title before a name.
    pub honorific: Gender,
    /// As a given name.
    pub given: Gender,
    /// As a small word.
    pub grammar: Grammar,
    /// `van`, `bin`: a small word inside names.
    pub particle: bool,
    /// `Inc`, `Sons`: closes a firm's name; `&`, which joins one.
    pub firm: bool,
}

impl Class {
    /// Returns what the lists say of a folded word.
    pub fn of(folded: &str) -> Self {
        let classes = &*CLASSES;
        let class = match packed(folded) {
            Some(word) => classes.short.get(&word),
            None => classes.long.get(folded),
        };
        class.copied().unwrap_or_default()
    }
}

/// The words of the lists.
struct Classes {
    short: FxHashMap<u128, Class>,
    long: FxHashMap<&'static str, Class>,
}

/// Returns a short word as a number, its bytes from the lowest up: numbers are compared faster than
/// letters.
fn packed(word: &str) -> Option<u128> {
    let word = word.as_bytes();
    // The last bytes are shifted until they overlap the first no more.
    Some(match word.len() {
        0 => 0,
        1..4 => word
            .iter()
            .rev()
            .fold(0, |packed, b| packed << 8 | u128::from(*b)),
        len @ 4..=8 => {
            let (first, last) = (
                u32::from_le_bytes(*word.first_chunk()?),
                u32::from_le_bytes(*word.last_chunk()?),
            );
            u128::from(u64::from(first) | u64::from(last) >> (8 * (8 - len)) << 32)
        }
        len @ 9..=16 => {
            let (first, last) = (
                u64::from_le_bytes(*word.first_chunk()?),
                u64::from_le_bytes(*word.last_chunk()?),
            );
            u128::from(first) | u128::from(last >> (8 * (16 - len))) << 64
        }
        _ => return None,
    })
}

static CLASSES: LazyLock<Classes> = LazyLock::new(|| {
    let mut classes: FxHashMap<&'static str, Class> = FxHashMap::default();
    let mut each = |words: &Words, set: &dyn Fn(&mut Class, &'static str)| {
        for (word, value) in words.iter().filter(|(word, _)| !word.contains(' ')) {
            set(classes.entry(word).or_default(), value);
        }
    };
    each(&LEXICON.verbs, &|class, value| {
        class.forms = Forms::read(value);
        class.verb = Some(Verb::read(value));
    });
    each(&LEXICON.documents, &|class, _| class.noun = Noun::Document);
    each(&LEXICON.bodies, &|class, _| class.noun = Noun::Body);
    each(&LEXICON.people, &|class, value| {
        class.noun = if value == "p" {
            Noun::People
        } else {
            Noun::Person
        };
        class.gender = Gender::read(value);
    });
    each(&LEXICON.honorifics, &|class, value| {
        class.honorific = Gender::read(value);
    });
    each(&LEXICON.first_names, &|class, value| {
        class.given = Gender::read(value);
    });
    each(&LEXICON.particles, &|class, _| class.particle = true);
    each(&LEXICON.firms, &|class, _| class.firm = true);
    each(&LEXICON.grammar, &|class, value| {
        class.grammar = Grammar::read(value);
    });
    each(&LEXICON.weekdays, &|class, _| class.grammar = Grammar::Time);
    let mut out = Classes {
        short: FxHashMap::default(),
        long: FxHashMap::default(),
    };
    for (word, class) in classes {
        match packed(word) {
            Some(packed) => out.short.insert(packed, class),
            None => out.long.insert(word, class),
        };
    }
    out
});
