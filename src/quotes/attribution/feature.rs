//! The features of attribution, each with its name and meaning.
//!
//! A family has axes; a feature is a family with one value on each axis, written
//! `CuePlace before report`. No axis holds words: what a word is comes from the lexicon's classes.
//! To add a family, write it down here, fire it in [`super::evidence`], and fit the weights again.
//! `docs/quotes.md` lists all families with what weighs most in each.

use super::axes::{
    Begin, Count, Distance, End, Gap, LastQuote, Length, Letters, Location, Neighbour, Often,
    Order, Rank, Role, Side, Touch, VerbForm, VerbGroup, WhoGroup,
};
use crate::quotes::axis::Axis;
use crate::quotes::syntax::class::Verb;
use crate::quotes::syntax::clauses::{Article, Between, SubjectOf, Who};

/// One feature: a family with a value on each of its axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Feature(u16);

/// A family of features.
#[derive(Debug)]
pub(crate) struct Family {
    /// Its name.
    pub name: &'static str,
    /// What it looks at.
    pub meaning: &'static str,
    /// The names of the values on each axis, each with an example.
    pub axes: &'static [&'static [(&'static str, &'static str)]],
}

impl Family {
    /// Returns how many features it has.
    pub(crate) const fn size(&self) -> usize {
        let (mut size, mut i) = (1, 0);
        while i < self.axes.len() {
            size *= self.axes[i].len();
            i += 1;
        }
        size
    }
}

/// Declares the families: `Name = constructor(axis: Type, …);`.
macro_rules! families {
    ($($(#[doc = $doc:literal])+ $name:ident = $new:ident($($value:ident: $axis:ty),*);)+) => {
        // Families are named by what they look at: `NoCue`, `Nobody`.
        #[allow(clippy::enum_variant_names)]
        enum Number { $($name),+ }

        const COUNT: usize = [$(stringify!($name)),+].len();

        /// All families. Features are numbered family by family.
        pub(crate) static FAMILIES: [Family; COUNT] = TABLE;
        const TABLE: [Family; COUNT] = [$(
            Family {
                name: stringify!($name),
                meaning: concat!($($doc),+),
                axes: &[$(<$axis as Axis>::VALUES),*],
            }
        ),+];

        impl Feature {
            $(
                $(#[doc = $doc])+
                #[inline]
                pub fn $new($($value: $axis),*) -> Self {
                    let number = 0;
                    $(let number = number * <$axis as Axis>::VALUES.len() + $value.index();)*
                    Self(FIRST[Number::$name as usize] + number as u16)
                }
            )+
        }
    };
}

families! {
    /// The words are nobody's speech.
    Scare = scare();
    /// Length of the passage, and whether it begins with a capital.
    ScareWords = scare_words(length: Length, begin: Begin);
    /// How its words are written, and how it ends.
    ScareLetters = scare_letters(letters: Letters, end: End);
    /// How its words are written, and how long it is.
    ScareTitle = scare_title(letters: Letters, length: Length);
    /// What stands before it.
    ScareBefore = scare_before(neighbour: Neighbour);
    /// What stands after it.
    ScareAfter = scare_after(neighbour: Neighbour);
    /// What stands on both sides, coarsely: whether the passage fills a noun's place.
    ScareNoun = scare_noun(noun_before: bool, noun_after: bool, length: Length);
    /// The word right before it, if a verb, and whether it is passive.
    ScareVerb = scare_verb(verb: Verb, passive: bool);
    /// Verbs of speech in its sentence, and length.
    ScareReports = scare_reports(count: Count, length: Length);
    /// Any other verbs that could report it in its sentence.
    ScareVerbs = scare_verbs(count: Count, reported: bool);
    /// Whether it has a first person, and whether it has a verb.
    ScareInside = scare_inside(first_person: bool, verb: bool);
    /// Other passages in its sentence.
    ScareOthers = scare_others(count: Count);
    /// Whether it is the whole block.
    ScareAlone = scare_alone(alone: bool);
    /// Whether its mark closes.
    ScareClosed = scare_closed(closed: bool);
    /// Whether it stands in brackets.
    ScareBrackets = scare_brackets(bracketed: bool);
    /// Whether the story reports speech close before.
    ScareLast = scare_last(last: LastQuote);
    /// Whether its sentence is in the mood of reported speech, and length.
    ScareMood = scare_mood(reported: bool, length: Length);

    /// The cue's verb and form.
    CueVerb = cue_verb(verb: Verb, form: VerbForm);
    /// The cue's verb and side.
    CueSide = cue_side(verb: Verb, side: Side);
    /// How far the cue is.
    CueDistance = cue_distance(side: Side, distance: Distance, group: VerbGroup);
    /// Where the cue stands.
    CuePlace = cue_place(location: Location, group: VerbGroup);
    /// What stands between cue and quote.
    CueBetween = cue_between(between: Between, side: Side, count: Count);
    /// What stands before the cue.
    CueBefore = cue_before(neighbour: Neighbour, side: Side);
    /// What stands after the cue.
    CueAfter = cue_after(neighbour: Neighbour, side: Side);
    /// How the quote ends, on which side the cue is, whether it is close.
    CueEnd = cue_end(end: End, side: Side, close: bool);
    /// How the quote begins, on which side the cue is, whether it is close.
    CueBegin = cue_begin(begin: Begin, side: Side, close: bool);
    /// Which of the verbs on its side the cue is.
    CueRank = cue_rank(rank: Rank, side: Side, group: VerbGroup);
    /// Whether a verb of speech stands closer in the same sentence.
    CueBeaten = cue_beaten(beaten: bool, group: VerbGroup);
    /// How the cue touches the quote.
    CueTouch = cue_touch(verb: Verb, touch: Touch);
    /// The verb, and the verb that touches the quote if that is another one: `said … what she calls
    /// "…"`.
    CueOuter = cue_outer(group: VerbGroup, inner: VerbGroup);
    /// Whether the cue is passive.
    CuePassive = cue_passive(passive: bool, group: VerbGroup);
    /// Whether the cue is an infinitive.
    CueInfinitive = cue_infinitive(infinitive: bool, group: VerbGroup);
    /// Length of the quote, and the cue.
    CueWords = cue_words(group: VerbGroup, length: Length);
    /// Whether the cue belongs to a relative clause.
    CueRelative = cue_relative(relative: bool, group: VerbGroup);
    /// Which end of the quote the cue is at, and whether another quote is at the cue's other side.
    CueShared = cue_shared(side: Side, shared: bool, end: End);

    /// What the speaker is, and on which side.
    WhoSide = who_side(who: Who, side: Side);
    /// How far the speaker is.
    WhoDistance = who_distance(side: Side, distance: Distance);
    /// Where the speaker stands.
    WhoPlace = who_place(location: Location, kind: WhoGroup);
    /// What stands before the speaker.
    WhoBefore = who_before(neighbour: Neighbour, side: Side);
    /// What stands after the speaker.
    WhoAfter = who_after(neighbour: Neighbour, side: Side);
    /// How the phrase begins, and whether it stands for several.
    WhoArticle = who_article(article: Article, plural: bool, kind: WhoGroup);
    /// Whether it is the first phrase of its sentence.
    WhoFirst = who_first(first: bool, side: Side);
    /// Whether it explains another phrase.
    WhoExplains = who_explains(explains: bool, kind: WhoGroup);
    /// How often the name stands in the story.
    WhoOften = who_often(often: Often);
    /// Which of the phrases on its side it is.
    WhoRank = who_rank(rank: Rank, side: Side);
    /// Whether it hangs on another phrase by a preposition.
    WhoHangs = who_hangs(hangs: bool, kind: WhoGroup);
    /// Whether it is the subject of a verb of speech, of another verb, of none.
    WhoDoes = who_does(subject_of: SubjectOf, kind: WhoGroup);
    /// Whether its article or ending says that it is no subject.
    WhoCase = who_case(oblique: bool, kind: WhoGroup);
    /// Whether a verb in the mood of reported speech stands beside it, and where it stands.
    WhoMood = who_mood(reported: bool, location: Location);

    /// Order, and the distance of speaker and cue.
    PairOrder = pair_order(order: Order, gap: Gap);
    /// Order and verb.
    PairVerb = pair_verb(order: Order, verb: Verb);
    /// Speaker and verb.
    PairWho = pair_who(who: Who, group: VerbGroup);
    /// What the speaker is to the cue, by shallow reading.
    PairRole = pair_role(role: Role, group: VerbGroup, side: Side);
    /// The same, and the order.
    PairRoleOrder = pair_role_order(role: Role, order: Order);
    /// The same, and what the speaker is.
    PairRoleKind = pair_role_kind(role: Role, kind: WhoGroup);
    /// What stands between speaker and cue, when the speaker is first and when the cue is.
    PairBetween = pair_between(between: Between, speaker_first: bool, count: Count);
    /// Whether the speaker is the subject of another verb, and what it is to this one.
    PairBusy = pair_busy(busy: bool, role: Role);
    /// Whether the verb is passive, and what the speaker is to it.
    PairPassive = pair_passive(passive: bool, role: Role);
    /// `they says`: whether number and form disagree.
    PairNumber = pair_number(disagree: bool);
    /// Whether speaker and cue form stand in one sentence.
    PairPlace = pair_place(same_sentence: bool, location: Location);
    /// What stands between speaker and cue, if only one token does.
    PairLink = pair_link(neighbour: Neighbour, speaker_first: bool);
    /// What stands between speaker and cue if nothing: the order and the kind of speaker.
    PairTouch = pair_touch(order: Order, kind: WhoGroup);

    /// No cue.
    NoCue = no_cue();
    /// No cue: the speaker and where.
    NoCueWho = no_cue_who(kind: WhoGroup, location: Location);
    /// No cue: what stands after the speaker.
    NoCueAfter = no_cue_after(neighbour: Neighbour);
    /// No cue: what stands after the speaker, whether the quote follows it, whether the speaker
    /// begins its sentence.
    NoCueLabel = no_cue_label(neighbour: Neighbour, touches: bool, first: bool);
    /// No cue: whether the passage is the whole block.
    NoCueAlone = no_cue_alone(alone: bool);
    /// No cue: whether its sentence has a verb of speech.
    NoCueReports = no_cue_reports(count: Count);
    /// No cue: whether the quote's sentence is in the mood of reported speech, and where the
    /// speaker stands.
    NoCueMood = no_cue_mood(reported: bool, location: Location);

    /// No speaker.
    NoSpeaker = no_speaker();
    /// No speaker: the verb, and whether it is passive.
    NoSpeakerVerb = no_speaker_verb(verb: Verb, passive: bool);
    /// No speaker: whether the verb has a subject.
    NoSpeakerSubject = no_speaker_subject(subject: bool, after: bool);
    /// Neither.
    Nobody = nobody();
    /// Neither: whether the passage is the whole block.
    NobodyAlone = nobody_alone(alone: bool);

    /// As the last quote.
    Carry = carry();
    /// Where the last quote stands, and whether this one is the whole block.
    CarryPlace = carry_place(last: LastQuote, alone: bool);
    /// Where the last quote stands, and the verbs of speech in this one's sentence.
    CarryReports = carry_reports(last: LastQuote, count: Count);
    /// Words of the block outside quotes before this one.
    CarryWords = carry_words(last: LastQuote, distance: Distance);
    /// What stands between the two.
    CarryBetween = carry_between(between: Between, count: Count);
    /// How the last one ended, and how this one begins.
    CarryEnds = carry_ends(end: End, begin: Begin, same_block: bool);
    /// Whether the last one's mark closed.
    CarryClosed = carry_closed(last: LastQuote, closed: bool);
    /// Whether this one's sentence is in the mood of reported speech, and where the last one
    /// stands.
    CarryMood = carry_mood(reported: bool, last: LastQuote);
}

/// How many features there are.
pub const FEATURES: usize = {
    let last = COUNT - 1;
    FIRST[last] as usize + TABLE[last].size()
};

/// The number of each family's first feature.
const FIRST: [u16; COUNT] = {
    let (mut first, mut sum, mut i) = ([0; COUNT], 0, 0);
    while i < COUNT {
        first[i] = sum as u16;
        sum += TABLE[i].size();
        i += 1;
    }
    first
};

impl Feature {
    /// Returns all features, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..FEATURES as u16).map(Self)
    }

    /// Returns its place among all features.
    #[inline]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// Returns its family's place in [`FAMILIES`].
    pub fn family(self) -> usize {
        FIRST.partition_point(|first| *first <= self.0) - 1
    }

    /// Returns its name: its family, and its value on each axis.
    pub fn name(self) -> String {
        let family = self.family();
        let Family { name, axes, .. } = &FAMILIES[family];
        let mut rest = usize::from(self.0 - FIRST[family]);
        let mut values = Vec::new();
        for axis in axes.iter().rev() {
            values.push(axis[rest % axis.len()].0);
            rest /= axis.len();
        }
        values.push(name);
        values.reverse();
        values.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_feature_has_one_name() {
        let names: HashSet<_> = Feature::all().map(Feature::name).collect();
        assert_eq!(names.len(), FEATURES);
        let place = Feature::cue_place(Location::SameSentence, VerbGroup::Report);
        assert_eq!(place.name(), "CuePlace sentence report");
        assert_eq!(Feature::carry().name(), "Carry");
        let last = Feature::carry_mood(true, LastQuote::Farther);
        assert_eq!(last.index(), FEATURES - 1);
    }
}
