//! Phrases and main verbs: what the reading of a story's sentences finds.

use super::class::Verb;
use crate::quotes::axis::{Axis, axes};

axes! {
    /// What a phrase stands for.
    Who {
        /// A name with a given name or a title.
        Person = "person", "Lena Ortiz, Ms. Ortiz";
        /// A name that may be anything.
        Name = "name", "Ortiz";
        /// A name with an organisation's noun in it, or in capitals.
        Body = "body", "Lesa Harbour Board, AFP";
        He = "he", "he";
        She = "she", "she";
        They = "they", "they";
        It = "it", "it";
        Me = "me", "I, we, you";
        Object = "object", "him, herself";
        Relative = "relative", "who, which";
        Quantity = "quantity", "some, many";
        /// A noun for one person.
        OnePerson = "oneperson", "a welder";
        /// A noun for several.
        People = "people", "residents";
        /// A noun for an organisation.
        Organisation = "organisation", "the board";
        /// A noun for something written or uttered.
        Document = "document", "the report";
        /// Any other noun.
        Thing = "thing", "the bridge";
        Time = "time", "Monday";
        /// Before what it owns.
        Owner = "owner", "Ortiz's";
        /// Before a noun.
        Possessive = "possessive", "his";
    }

    /// What a phrase is the subject of.
    SubjectOf {
        Nothing = "0", "told *Ortiz*";
        Verb = "1", "*Ortiz* left";
        /// A verb of speech.
        Report = "2+", "*Ortiz* said";
    }

    /// What a phrase begins with.
    Article {
        None = "none", "residents";
        Indefinite = "a", "a welder, another welder";
        Definite = "the", "the welder";
        Demonstrative = "this", "this welder";
        Quantity = "some", "some welders, two welders";
        Owned = "owned", "his welder, Ortiz's welder";
    }

    /// What may stand between two tokens.
    Between {

/// A main verb.
        Verb = "verb", "walked";
        /// A verb of speech.
        Report = "report", "said";
        Comma = "comma", ",";
        /// The end of a phrase.
        Phrase = "phrase", "the bridge";
        Preposition = "preposition", "in";
        Conjunction = "conjunction", "and, because";
        Relative = "relative", "who";
        Quote = "quote", "another passage";
        /// A sentence's end.
        Sentence = "sentence", ".";
        Colon = "colon", ":";
        /// A bracket or dash.
        Bracket = "bracket", "( ) –";
        That = "that", "that";
    }
}

/// Some tokens of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The first.
    pub first: usize,
    /// The last, included.
    pub last: usize,
}

/// A noun phrase, without what hangs on it by prepositions.
#[derive(Clone, Copy, Debug)]
pub struct Phrase {
    /// First token.
    pub first: usize,
    /// Last token, included.
    pub last: usize,
    /// The name at its end.
    pub name: Option<Stretch>,
    /// What it stands for.
    pub who: Who,
    /// What it begins with.
    pub article: Article,
    /// Whether it stands for several.
    pub plural: bool,
    /// The phrase that it explains, after a comma.
    pub explains: Option<usize>,
    /// Whether its article or ending says that it is no subject: `dem Bericht`.
    pub oblique: bool,
}

impl Phrase {
    /// Returns a phrase of one pronoun, the token `i`.
    pub(super) fn pronoun(i: usize, who: Who) -> Self {
        Self {
            first: i,
            last: i,
            name: None,
            who,
            article: Article::None,
            plural: who == Who::They,
            explains: None,
            oblique: false,
        }
    }
}

/// A main verb.
#[derive(Clone, Copy, Debug)]
pub struct MainVerb {
    /// Its token.
    pub token: usize,
    /// What it does to words.
    pub verb: Verb,
    /// The phrase before it that is probably its subject.
    pub subject: Option<usize>,
    /// The phrase right after it: a subject if the clause is inverted, else a hearer or object.
    pub after: Option<usize>,
    /// `was called`
    pub passive: bool,
    /// `to call`
    pub infinitive: bool,
}

pub(super) const BETWEENS: usize = Between::VALUES.len();

/// All kinds, in order.
const KINDS: [Between; BETWEENS] = [
    Between::Verb,
    Between::Report,
    Between::Comma,
    Between::Phrase,
    Between::Preposition,
    Between::Conjunction,
    Between::Relative,
    Between::Quote,
    Between::Sentence,
    Between::Colon,
    Between::Bracket,
    Between::That,
];

/// The phrases and verbs of a story.
#[derive(Debug, Default)]
pub struct Clauses {
    /// Phrases in order.
    pub phrases: Vec<Phrase>,
    /// Main verbs in order.
    pub verbs: Vec<MainVerb>,
    /// The phrase of each token.
    pub phrase_of: Vec<Option<u32>>,
    /// The main verb of each token.
    pub verb_of: Vec<Option<u32>>,
    /// How many of each kind stand before each token.
    pub(super) counts: Vec<[u16; BETWEENS]>,
}

impl Clauses {
    /// Returns how many of each kind stand between two tokens, both excluded.
    pub fn between(&self, one: usize, other: usize) -> [(Between, usize); BETWEENS] {
        let (from, to) = (one.min(other) + 1, one.max(other));
        // Of neighbours, nothing stands between: the counts before the second are the first's.
        let (before, after) = (&self.counts[from], &self.counts[to.max(from)]);
        KINDS.map(|kind| {
            let count = after[kind as usize].wrapping_sub(before[kind as usize]);
            (kind, usize::from(count))
        })
    }
}
