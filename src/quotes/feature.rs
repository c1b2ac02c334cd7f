//! The features of the model, each with its name and meaning.
//!
//! A template has axes; a feature is a template with one value on each axis, written
//! `CuePlace before report`. No axis holds words: what a word is comes from the lexicon's classes.
//! To add one, write it down here, fire it in [`super::frame`], and fit the weights anew. The page
//! `features.md` has all families with what weighs most in each.

/// The values of an axis, in the order of their numbers.
pub type Axis = &'static [&'static str];

/// A family of features.
#[derive(Debug)]
pub struct Template {
    /// Its name.
    pub name: &'static str,
    /// What it looks at.
    pub meaning: &'static str,
    /// Its axes.
    pub axes: &'static [Axis],
}

impl Template {
    const fn size(&self) -> usize {
        let (mut size, mut i) = (1, 0);
        while i < self.axes.len() {
            size *= self.axes[i].len();
            i += 1;
        }
        size
    }
}

/// A feature's number.
pub type Feature = u16;

macro_rules! templates {
    ($($(#[doc = $doc:literal])+ $name:ident: $($axis:ident),*;)+) => {
        /// Families of features.
        #[derive(Clone, Copy, Debug)]
        pub enum T { $($(#[doc = $doc])+ $name),+ }

        /// All families, in the order of [`T`].
        pub static TEMPLATES: &[Template] = &TABLE;
        const TABLE: [Template; COUNT] = [$(Template { name: stringify!($name), meaning: concat!($($doc),+), axes: &[$($axis),*] }),+];
        const COUNT: usize = [$(stringify!($name)),+].len();
    };
}

/// Side of the quote.
pub const SIDE: Axis = &["before", "after"];
/// What a verb does to words.
pub const VERB: Axis = &[
    "say",
    "speak",
    "tell",
    "write",
    "call",
    "judge",
    "vow",
    "think",
    "show",
    "act",
    "be",
    "according",
    "unlisted",
];
/// The same, coarsely.
pub const GROUP: Axis = &["say", "report", "call", "think", "other"];
/// Form of a verb.
pub const FORM: Axis = &["past", "part", "s", "ing", "base", "none"];
/// What a phrase stands for.
pub const WHO: Axis = &[
    "person",
    "name",
    "body",
    "he",
    "she",
    "they",
    "it",
    "me",
    "object",
    "relative",
    "quantity",
    "oneperson",
    "people",
    "organisation",
    "document",
    "thing",
    "time",
    "owner",
    "possessive",
];
/// The same, coarsely.
pub const KIND: Axis = &[
    "name",
    "pronoun",
    "relative",
    "human",
    "organisation",
    "document",
    "other",
    "owner",
];
/// Tokens between.
pub const DISTANCE: Axis = &["0", "1", "2", "3-4", "5-8", "9-15", "16+"];
/// Tokens between, coarsely.
pub const GAP: Axis = &["0", "1", "2", "3-5", "6+"];
/// How many.
pub const COUNT_AXIS: Axis = &["0", "1", "2+"];
/// Where a word stands.
pub const PLACE: Axis = &[
    "sentence",
    "sentence-before",
    "sentence-after",
    "farther-before",
    "farther-after",
    "block-before",
];
/// Order of speaker, cue and quote.
pub const ORDER: Axis = &["SCQ", "CSQ", "SQC", "CQS", "QSC", "QCS"];
/// How a passage ends.
pub const END: Axis = &["comma", "stop", "asks", "dash", "none"];
/// How a passage begins.
pub const BEGIN: Axis = &["capital", "small"];
/// How many words a passage has.
pub const WORDS: Axis = &["1", "2", "3-5", "6-9", "10-20", "21+"];
/// How a passage's words are written.
pub const LETTERS: Axis = &["all-capital", "most-capital", "first-capital", "small"];
/// What stands beside.
pub const BESIDE: Axis = &[
    "edge",
    "stop",
    "comma",
    "colon",
    "break",
    "bracket",
    "article",
    "preposition",
    "conjunction",
    "that",
    "as",
    "by",
    "report",
    "call",
    "verb",
    "auxiliary",
    "pronoun",
    "relative",
    "name",
    "noun",
    "adjective",
    "adverb",
    "quote",
    "time",
    "other",
];
/// How a cue touches the quote.
pub const TOUCH: Axis = &[
    "Q-C", "Q-S-C", "Q..C", "Q...C", "C-Q", "C,Q", "C:Q", "C-that-Q", "C-as-Q", "C-S-Q", "C..Q",
    "C...Q",
];
/// What the speaker is to the cue.
pub const ROLE: Axis = &[
    "subject",
    "explains-subject",
    "behind",
    "agent",
    "other-subject",
    "no-subject",
];
/// What a phrase begins with.
pub const ARTICLE: Axis = &["none", "a", "the", "this", "some", "owned"];
/// How often a name stands in the story.
pub const OFTEN: Axis = &["no-name", "once", "2-3", "4+"];
/// Whether.
pub const YES: Axis = &["no", "yes"];
/// Which of its kind, counted from the quote.
pub const RANK: Axis = &["1", "2", "3+"];
/// What may stand between.
pub const BETWEEN: Axis = &[
    "verb",
    "report",
    "comma",
    "phrase",
    "preposition",
    "conjunction",
    "relative",
    "quote",
    "sentence",
    "colon",
    "bracket",
    "that",
];
/// Where the last quote stands.
pub const LAST: Axis = &["sentence", "block", "block-before", "farther"];

templates! {
    /// The words are nobody's speech.
    Scare: ;
    /// Length of the passage, and whether it begins with a capital.
    ScareWords: WORDS, BEGIN;
    /// How its words are written, and how it ends.
    ScareLetters: LETTERS, END;
    /// How its words are written, and how long it is.
    ScareTitle: LETTERS, WORDS;
    /// What stands before it.
    ScareBefore: BESIDE;
    /// What stands behind it.
    ScareAfter: BESIDE;
    /// What stands on both sides, coarsely: whether the passage fills a noun's place.
    ScareNoun: YES, YES, WORDS;
    /// The word right before it, if a verb, and whether it is passive.
    ScareVerb: VERB, YES;
    /// Verbs of speech in its sentence, and length.
    ScareReports: COUNT_AXIS, WORDS;
    /// Any other verbs that could report it in its sentence.
    ScareVerbs: COUNT_AXIS, YES;
    /// Whether it has a first person, and whether it has a verb.
    ScareInside: YES, YES;
    /// Other passages in its sentence.
    ScareOthers: COUNT_AXIS;
    /// Whether it is the whole block.
    ScareAlone: YES;
    /// Whether its mark closes.
    ScareClosed: YES;
    /// Whether it stands in brackets.
    ScareBrackets: YES;
    /// Whether the story reports speech close before.
    ScareLast: LAST;

    /// The cue's verb and form.
    CueVerb: VERB, FORM;
    /// The cue's verb and side.
    CueSide: VERB, SIDE;
    /// How far the cue is.
    CueDistance: SIDE, DISTANCE, GROUP;
    /// Where the cue stands.
    CuePlace: PLACE, GROUP;
    /// What stands between cue and quote.
    CueBetween: BETWEEN, SIDE, COUNT_AXIS;
    /// What stands before the cue.
    CueBefore: BESIDE, SIDE;
    /// What stands behind the cue.
    CueAfter: BESIDE, SIDE;
    /// How the quote ends, on which side the cue is, whether it is close.
    CueEnd: END, SIDE, YES;
    /// How the quote begins, on which side the cue is, whether it is close.
    CueBegin: BEGIN, SIDE, YES;
    /// Which of the verbs on its side the cue is.
    CueRank: RANK, SIDE, GROUP;
    /// Whether a verb of speech stands closer in the same sentence.
    CueBeaten: YES, GROUP;
    /// How the cue touches the quote.
    CueTouch: VERB, TOUCH;
    /// The verb, and the verb that touches the quote if that is another one: `said … what she calls "…"`.
    CueOuter: GROUP, GROUP;
    /// Whether the cue is passive.
    CuePassive: YES, GROUP;
    /// Whether the cue is an infinitive.
    CueInfinitive: YES, GROUP;
    /// Length of the quote, and the cue.
    CueWords: GROUP, WORDS;
    /// Whether the cue belongs to a relative clause.
    CueRelative: YES, GROUP;
    /// Which end of the quote the cue is at, and whether another quote is at the cue's other side.
    CueShared: SIDE, YES, END;

    /// What the speaker is, and on which side.
    WhoSide: WHO, SIDE;
    /// How far the speaker is.
    WhoDistance: SIDE, DISTANCE;
    /// Where the speaker stands.
    WhoPlace: PLACE, KIND;
    /// What stands before the speaker.
    WhoBefore: BESIDE, SIDE;
    /// What stands behind the speaker.
    WhoAfter: BESIDE, SIDE;
    /// How the phrase begins, and whether it stands for several.
    WhoArticle: ARTICLE, YES, KIND;
    /// Whether it is the first phrase of its sentence.
    WhoFirst: YES, SIDE;
    /// Whether it explains another phrase.
    WhoExplains: YES, KIND;
    /// How often the name stands in the story.
    WhoOften: OFTEN;
    /// Which of the phrases on its side it is.
    WhoRank: RANK, SIDE;
    /// Whether it hangs on another phrase by a preposition.
    WhoHangs: YES, KIND;
    /// Whether it is the subject of a verb of speech, of another verb, of none.
    WhoDoes: COUNT_AXIS, KIND;

    /// Order, and the distance of speaker and cue.
    PairOrder: ORDER, GAP;
    /// Order and verb.
    PairVerb: ORDER, VERB;
    /// Speaker and verb.
    PairWho: WHO, GROUP;
    /// What the speaker is to the cue, by shallow reading.
    PairRole: ROLE, GROUP, SIDE;
    /// The same, and the order.
    PairRoleOrder: ROLE, ORDER;
    /// The same, and what the speaker is.
    PairRoleKind: ROLE, KIND;
    /// What stands between speaker and cue, when the speaker is first and when the cue is.
    PairBetween: BETWEEN, YES, COUNT_AXIS;
    /// Whether the speaker is the subject of another verb, and what it is to this one.
    PairBusy: YES, ROLE;
    /// Whether the verb is passive, and what the speaker is to it.
    PairPassive: YES, ROLE;
    /// `they says`: whether number and form disagree.
    PairNumber: YES;
    /// Whether speaker and cue form stand in one sentence.
    PairPlace: YES, PLACE;
    /// What stands between speaker and cue, if only one token does.
    PairLink: BESIDE, YES;
    /// What stands between speaker and cue if nothing: the order and the kind of speaker.
    PairTouch: ORDER, KIND;

    /// No cue.
    NoCue: ;
    /// No cue: the speaker and where.
    NoCueWho: KIND, PLACE;
    /// No cue: what stands behind the speaker.
    NoCueAfter: BESIDE;
    /// No cue: what stands behind the speaker, whether the quote follows it, whether the speaker begins its sentence.
    NoCueLabel: BESIDE, YES, YES;
    /// No cue: whether the passage is the whole block.
    NoCueAlone: YES;
    /// No cue: whether its sentence has a verb of speech.
    NoCueReports: COUNT_AXIS;

    /// No speaker.
    NoSpeaker: ;
    /// No speaker: the verb, and whether it is passive.
    NoSpeakerVerb: VERB, YES;
    /// No speaker: whether the verb has a subject.
    NoSpeakerSubject: YES, YES;
    /// Neither.
    Nobody: ;
    /// Neither: whether the passage is the whole block.
    NobodyAlone: YES;

    /// As the last quote.
    Carry: ;
    /// Where the last quote stands, and whether this one is the whole block.
    CarryPlace: LAST, YES;
    /// Where the last quote stands, and the verbs of speech in this one's sentence.
    CarryReports: LAST, COUNT_AXIS;
    /// Words of the block outside quotes before this one.
    CarryWords: LAST, DISTANCE;
    /// What stands between the two.
    CarryBetween: BETWEEN, COUNT_AXIS;
    /// How the last one ended, and how this one begins.
    CarryEnds: END, BEGIN, YES;
    /// Whether the last one's mark closed.
    CarryClosed: LAST, YES;
}

/// How many features there are.
pub const FEATURES: usize = {
    let (mut sum, mut i) = (0, 0);
    while i < COUNT {
        sum += TABLE[i].size();
        i += 1;
    }
    sum
};

const BASES: [u16; COUNT] = {
    let (mut bases, mut sum, mut i) = ([0; COUNT], 0, 0);
    while i < COUNT {
        bases[i] = sum as u16;
        sum += TABLE[i].size();
        i += 1;
    }
    bases
};

/// The feature of a template with no axis.
pub fn plain(template: T) -> Feature {
    BASES[template as usize]
}

/// The feature of a template with these values.
pub fn feature<const N: usize>(template: T, values: [usize; N]) -> Feature {
    let table = &TEMPLATES[template as usize];
    debug_assert_eq!(table.axes.len(), N, "{}", table.name);
    let mut number = 0;
    for (axis, value) in table.axes.iter().zip(values) {
        debug_assert!(value < axis.len(), "{}: {value}", table.name);
        number = number * axis.len() + value;
    }
    BASES[template as usize] + number as u16
}

/// A feature's name: its template, and its value on each axis.
pub fn name(feature: Feature) -> String {
    let template = BASES.partition_point(|base| *base <= feature) - 1;
    let table = &TEMPLATES[template];
    let mut rest = usize::from(feature - BASES[template]);
    let mut values = Vec::new();
    for axis in table.axes.iter().rev() {
        values.push(axis[rest % axis.len()]);
        rest /= axis.len();
    }
    values.push(table.name);
    values.reverse();
    values.join(" ")
}

/// A count on [`COUNT_AXIS`].
pub fn count(n: usize) -> usize {
    n.min(2)
}

/// A count on [`DISTANCE`].
pub fn distance(n: usize) -> usize {
    match n {
        0..=2 => n,
        3 | 4 => 3,
        5..=8 => 4,
        9..=15 => 5,
        _ => 6,
    }
}

/// A count on [`GAP`].
pub fn gap(n: usize) -> usize {
    match n {
        0..=2 => n,
        3..=5 => 3,
        _ => 4,
    }
}

/// A count on [`WORDS`].
pub fn words(n: usize) -> usize {
    match n {
        0 | 1 => 0,
        2 => 1,
        3..=5 => 2,
        6..=9 => 3,
        10..=20 => 4,
        _ => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quotes::weights::Weights;
    use std::fmt::Write;

    /// The page about the features, with the fitted weights.
    fn page() -> String {
        let weights = Weights::fitted();
        let weighty = (0..FEATURES as Feature)
            .filter(|f| weights.of(*f) != 0.0)
            .count();
        let mut out = format!(
            "# What attribution weighs\n\n\
             {} families with {FEATURES} features, of which {weighty} weigh anything. A way to attribute a quote scores the sum of its\n\
             features' weights; `archive parse --explain` prints them, `weights.txt` lists them all, `feature.rs` names the values of\n\
             the axes. `Scare`: the words are nobody's. `Cue`, `Who`, `Pair`: a verb, a phrase, and the two together. `No…`, `Nobody`: one\n\
             of them or both are missing. `Carry`: as the last quote. S, C, Q: speaker, cue, quote in the order of the text.\n\n\
             | family | looks at | features | speaks most for | speaks most against |\n| --- | --- | --- | --- | --- |\n",
            TEMPLATES.len()
        );
        for (template, base) in TEMPLATES.iter().zip(BASES) {
            let all = base..base + template.size() as u16;
            let by_weight = |a: &Feature, b: &Feature| weights.of(*a).total_cmp(&weights.of(*b));
            let told = |f: Option<Feature>, sign: f32| {
                let values = |f| {
                    name(f)
                        .split_once(' ')
                        .map_or(String::from("(always)"), |n| n.1.to_owned())
                };
                f.filter(|f| weights.of(*f) * sign > 0.0)
                    .map_or(String::new(), |f| {
                        format!("{} {:+.1}", values(f), weights.of(f))
                    })
            };
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {} |",
                template.name,
                template.meaning.trim(),
                template.size(),
                told(all.clone().max_by(by_weight), 1.0),
                told(all.min_by(by_weight), -1.0)
            );
        }
        out
    }

    #[test]
    fn the_page_about_features_is_true() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/quotes/features.md");
        let page = page();
        if std::env::var_os("ARCHIVE_ACCEPT").is_some() {
            std::fs::write(path, &page).unwrap();
        }
        let stands = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            stands == page,
            "features.md is behind the weights: ARCHIVE_ACCEPT=1 cargo test --lib features"
        );
    }

    #[test]
    fn every_feature_has_one_name() {
        let names: std::collections::HashSet<_> = (0..FEATURES as u16).map(name).collect();
        assert_eq!(names.len(), FEATURES);
        assert_eq!(
            name(feature(T::CuePlace, [0, 1])),
            "CuePlace sentence report"
        );
        assert_eq!(name(plain(T::Carry)), "Carry");
    }
}
