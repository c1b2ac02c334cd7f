//! What speaks for each way to attribute a quote: the features of each candidate, of each pair, and
//! of the ways to have none.

use super::axes::{
    Count, Distance, Gap, LastQuote, Location, Neighbour, Often, Order, Role, Side, Touch,
    VerbForm, VerbGroup, WhoGroup,
};
use super::feature::Feature;
use super::frame::{Candidate, Cue, Frame, end, is_third_person, letters};
use crate::quotes::syntax::class::{Forms, Grammar, Verb};
use crate::quotes::syntax::clauses::{MainVerb, Phrase, SubjectOf, Who};
use crate::quotes::syntax::story::StorySyntax;
use crate::quotes::syntax::token::{Kind, Shape, Token};

/// A cue within so many tokens is close.
const CLOSE: usize = 4;
/// Tokens after a cue, or before it, among which another quote shares it.
const SHARED: usize = 6;
/// Tokens before a quote among which a bracket is looked for.
const BRACKET: usize = 12;

/// What takes in the features of a part of a way.
pub(crate) trait Sink {
    /// Takes in one.
    fn add(&mut self, feature: Feature);
}

impl Sink for Vec<Feature> {
    fn add(&mut self, feature: Feature) {
        self.push(feature);
    }
}

/// A quote, its candidates and the story around them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Evidence<'a> {
    /// The story.
    pub syntax: &'a StorySyntax<'a>,
    /// The quote's candidates.
    pub frame: &'a Frame,
}

impl Evidence<'_> {
    fn token(&self, i: usize) -> &Token {
        self.syntax.token(i)
    }

    /// Returns the quote's token.
    fn quote(&self) -> &Token {
        self.token(self.frame.at)
    }

    fn location(&self, i: usize) -> Location {
        let (token, quote) = (self.token(i), self.quote());
        if token.block != quote.block {
            return Location::BlockBefore;
        }
        match i64::from(token.sentence) - i64::from(quote.sentence) {
            0 => Location::SameSentence,
            -1 => Location::SentenceBefore,
            1 => Location::SentenceAfter,
            ..=-2 => Location::FartherBefore,
            _ => Location::FartherAfter,
        }
    }

    /// Returns what stands at `i`, seen from the block of `from`.
    fn neighbour(&self, from: usize, i: Option<usize>) -> Neighbour {
        let block = self.token(from).block;
        let found = i.and_then(|i| Some((i, self.syntax.tokens.outer.get(i)?)));
        let Some((i, token)) = found.filter(|(_, token)| token.block == block) else {
            return Neighbour::Edge;
        };
        match token.kind {
            Kind::Stop => Neighbour::Stop,
            Kind::Comma => Neighbour::Comma,
            Kind::Colon => Neighbour::Colon,
            Kind::Break => Neighbour::Break,
            Kind::Open | Kind::Close => Neighbour::Bracket,
            Kind::Quote(_) => Neighbour::Quote,
            Kind::Other | Kind::Number => Neighbour::Other,
            Kind::Word => match self.syntax.clauses.verb_of[i] {
                Some(verb) => verb_neighbour(self.syntax.clauses.verbs[verb as usize].verb),
                None => word_neighbour(token),
            },
        }
    }

    /// Features of having no speaker because nobody spoke; `last` is the last quote that somebody
    /// said.
    #[inline]
    pub(crate) fn scare(&self, last: Option<usize>, out: &mut impl Sink) {
        let Frame {
            at,
            passage,
            length,
            ..
        } = *self.frame;
        let inside = self.syntax.inside(passage);
        let letters = letters(inside);
        out.add(Feature::scare());
        out.add(Feature::scare_words(length, self.frame.begin));
        out.add(Feature::scare_letters(letters, self.frame.end));
        out.add(Feature::scare_title(letters, length));
        let before = self.neighbour(at, at.checked_sub(1));
        let after = self.neighbour(at, Some(at + 1));
        out.add(Feature::scare_before(before));
        out.add(Feature::scare_after(after));
        let noun = matches!(after, Neighbour::Name | Neighbour::Noun);
        out.add(Feature::scare_noun(before.leads_noun(), noun, length));
        let verb = at.checked_sub(1);
        if let Some(verb) = verb.and_then(|i| self.syntax.clauses.verb_of[i]) {
            let verb = &self.syntax.clauses.verbs[verb as usize];
            out.add(Feature::scare_verb(verb.verb, verb.passive));
        }
        let reports = self.frame.reports;
        out.add(Feature::scare_reports(Count::of(reports), length));
        out.add(Feature::scare_verbs(self.judging_verbs(), reports > 0));
        let first_person = |t: &Token| matches!(t.class.grammar, Grammar::Me | Grammar::Possessive);
        let verbal = |t: &Token| {
            t.class.verb.is_some() && t.shape == Shape::Lower || t.class.grammar.is_auxiliary()
        };
        let (person, verb) = (inside.iter().any(first_person), inside.iter().any(verbal));
        out.add(Feature::scare_inside(person, verb));
        out.add(Feature::scare_others(self.others()));
        out.add(Feature::scare_alone(self.frame.alone));
        out.add(Feature::scare_closed(self.syntax.closed[passage]));
        out.add(Feature::scare_brackets(self.is_bracketed()));
        let last = last.map_or(LastQuote::Farther, |last| self.last(last));
        out.add(Feature::scare_last(last));
        out.add(Feature::scare_mood(self.syntax.is_reported(at), length));
    }

    /// Verbs of its sentence that could report the passage though they are none of speech.
    fn judging_verbs(&self) -> Count {
        let sentence = self.quote().sentence;
        let judges = |cue: &&Cue| {
            let verb = &self.syntax.clauses.verbs[cue.verb];
            let judges = matches!(
                verb.verb,
                Verb::Call | Verb::Judge | Verb::Think | Verb::Vow | Verb::Show
            );
            judges && self.token(verb.token).sentence == sentence
        };
        Count::of(self.frame.cues.iter().filter(judges).count())
    }

    fn is_bracketed(&self) -> bool {
        let at = self.frame.at;
        let mut before = self.syntax.tokens.outer[at.saturating_sub(BRACKET)..at]
            .iter()
            .rev();
        let bracket = before.find(|t| matches!(t.kind, Kind::Open | Kind::Close));
        bracket.is_some_and(|t| t.kind == Kind::Open && t.block == self.quote().block)
    }

    /// Other passages in the sentence.
    fn others(&self) -> Count {
        let (at, sentence) = (self.frame.at, self.quote().sentence);
        let quote = |t: &&Token| matches!(t.kind, Kind::Quote(_));
        let same = |t: &&Token| t.sentence == sentence;
        let tokens = &self.syntax.tokens.outer;
        let before = tokens[..at].iter().rev().take_while(same);
        let after = tokens[at + 1..].iter().take_while(same);
        // More than two weigh no more than two, and looking for all would take quadratic time.
        let (before, after) = (before.filter(quote).take(2), after.filter(quote).take(2));
        Count::of(before.count() + after.count())
    }

    /// Features of a cue.
    #[inline]
    pub(crate) fn cue(&self, cue: &Cue, out: &mut impl Sink) {
        let Frame { at, end, begin, .. } = *self.frame;
        let verb = &self.syntax.clauses.verbs[cue.verb];
        let i = verb.token;
        let side = Side::of(i > at);
        let near = i.abs_diff(at);
        let (kind, group) = (verb.verb, VerbGroup::of(verb.verb));
        let close = near <= CLOSE;
        let form = VerbForm::of(self.token(i).class.forms);
        out.add(Feature::cue_verb(kind, form));
        out.add(Feature::cue_side(kind, side));
        out.add(Feature::cue_distance(side, Distance::of(near - 1), group));
        out.add(Feature::cue_place(self.location(i), group));
        for (between, count) in self.syntax.clauses.between(i, at) {
            out.add(Feature::cue_between(between, side, Count::of(count)));
        }
        let (before, after) = (
            self.neighbour(i, i.checked_sub(1)),
            self.neighbour(i, Some(i + 1)),
        );
        out.add(Feature::cue_before(before, side));
        out.add(Feature::cue_after(after, side));
        out.add(Feature::cue_end(end, side, close));
        out.add(Feature::cue_begin(begin, side, close));
        out.add(Feature::cue_rank(cue.rank, side, group));
        let beaten = self.frame.nearest_report.is_some_and(|n| n < near);
        out.add(Feature::cue_beaten(beaten, group));
        out.add(Feature::cue_touch(kind, cue.touch));
        let mut cues = self.frame.cues.iter();
        if let Some(inner) = cues.find(|c| c.verb != cue.verb && c.touch.is_tight()) {
            let inner = VerbGroup::of(self.syntax.clauses.verbs[inner.verb].verb);
            out.add(Feature::cue_outer(group, inner));
        }
        out.add(Feature::cue_passive(verb.passive, group));
        out.add(Feature::cue_infinitive(verb.infinitive, group));
        out.add(Feature::cue_words(group, self.frame.length));
        let subject = verb.subject.map(|s| self.syntax.clauses.phrases[s].who);
        out.add(Feature::cue_relative(subject == Some(Who::Relative), group));
        out.add(Feature::cue_shared(side, self.is_shared(i), end));
    }

    /// Returns whether another quote stands on the far side of a cue.
    fn is_shared(&self, cue: usize) -> bool {
        let tokens = &self.syntax.tokens.outer;
        let block = self.token(cue).block;
        let quote = |t: &Token| matches!(t.kind, Kind::Quote(_)) && t.block == block;
        if cue > self.frame.at {
            tokens[cue + 1..].iter().take(SHARED).any(quote)
        } else {
            tokens[cue.saturating_sub(SHARED)..cue].iter().any(quote)
        }
    }

    /// Features of a speaker.
    #[inline]
    pub(crate) fn speaker(&self, speaker: &Candidate, out: &mut impl Sink) {
        let at = self.frame.at;
        let phrase = &self.syntax.clauses.phrases[speaker.phrase];
        let Phrase {
            first, last, who, ..
        } = *phrase;
        let side = Side::of(first > at);
        let near = if first > at { first - at } else { at - last };
        let kind = WhoGroup::of(who);
        out.add(Feature::who_side(who, side));
        out.add(Feature::who_distance(side, Distance::of(near - 1)));
        out.add(Feature::who_place(self.location(first), kind));
        let before = self.neighbour(first, first.checked_sub(1));
        out.add(Feature::who_before(before, side));
        out.add(Feature::who_after(
            self.neighbour(first, Some(last + 1)),
            side,
        ));
        out.add(Feature::who_article(phrase.article, phrase.plural, kind));
        let opens = speaker.phrase.checked_sub(1).is_none_or(|before| {
            let before = self.syntax.clauses.phrases[before].first;
            self.token(before).sentence != self.token(first).sentence
        });
        out.add(Feature::who_first(opens, side));
        out.add(Feature::who_explains(phrase.explains.is_some(), kind));
        let often = Often::of(self.syntax.often(speaker.phrase));
        out.add(Feature::who_often(often));
        out.add(Feature::who_rank(speaker.rank, side));
        let hangs = matches!(
            before,
            Neighbour::Preposition | Neighbour::As | Neighbour::By
        );
        out.add(Feature::who_hangs(hangs, kind));
        let subject_of = self.syntax.subject_of[speaker.phrase];
        out.add(Feature::who_does(subject_of, kind));
        out.add(Feature::who_case(phrase.oblique, kind));
        let reported = self.is_beside_reported(first, last);
        out.add(Feature::who_mood(reported, self.location(first)));
    }

    /// Returns whether a verb in the mood of reported speech stands beside a phrase: `die Brücke
    /// sei`.
    fn is_beside_reported(&self, first: usize, last: usize) -> bool {
        let marked = |i: Option<usize>| {
            let token = i.and_then(|i| self.syntax.tokens.outer.get(i));
            token.is_some_and(|t| t.class.forms.has(Forms::REPORTED))
        };
        marked(first.checked_sub(1)) || marked(Some(last + 1))
    }

    /// Returns what a phrase is to a verb.
    fn role(&self, verb: &MainVerb, speaker: usize) -> Role {
        let phrases = &self.syntax.clauses.phrases;
        let before = phrases[speaker].first.checked_sub(1);
        if verb.verb == Verb::According {
            // `according to Ortiz`, `selon Ortiz`
            let posed = self.token(verb.token).class.forms.has(Forms::POSTPOSED);
            return match before {
                _ if posed && phrases[speaker].last + 1 == verb.token => Role::After,
                _ if posed => Role::NoSubject,
                Some(before) if before == verb.token || before == verb.token + 1 => Role::After,
                _ => Role::NoSubject,
            };
        }
        if verb.subject == Some(speaker) {
            return Role::Subject;
        }
        let explains = phrases[speaker].explains;
        let explained = |subject: usize| phrases[subject].explains == Some(speaker);
        if explains.is_some() && explains == verb.subject || verb.subject.is_some_and(explained) {
            return Role::ExplainsSubject;
        }
        if verb.after == Some(speaker) {
            return Role::After;
        }
        let by = |i: usize| self.token(i).class.grammar == Grammar::By && i > verb.token;
        if verb.passive && before.is_some_and(by) {
            return Role::Agent;
        }
        match verb.subject {
            Some(_) => Role::OtherSubject,
            None => Role::NoSubject,
        }
    }

    /// Features of a cue and a speaker together.
    #[inline]
    pub(crate) fn pair(&self, cue: &Cue, speaker: &Candidate, out: &mut impl Sink) {
        let at = self.frame.at;
        let verb = &self.syntax.clauses.verbs[cue.verb];
        let phrase = &self.syntax.clauses.phrases[speaker.phrase];
        let i = verb.token;
        let first = phrase.first < i;
        let order = order(phrase.first > at, i > at, first);
        let (from, to) = match first {
            true => (phrase.last, i),
            false => (i, phrase.first),
        };
        let gap = to.saturating_sub(from + 1);
        let role = self.role(verb, speaker.phrase);
        let (kind, group) = (WhoGroup::of(phrase.who), VerbGroup::of(verb.verb));
        out.add(Feature::pair_order(order, Gap::of(gap)));
        out.add(Feature::pair_verb(order, verb.verb));
        out.add(Feature::pair_who(phrase.who, group));
        out.add(Feature::pair_role(role, group, Side::of(i > at)));
        out.add(Feature::pair_role_order(role, order));
        out.add(Feature::pair_role_kind(role, kind));
        for (between, count) in self.syntax.clauses.between(from, to) {
            out.add(Feature::pair_between(between, first, Count::of(count)));
        }
        let busy = self.syntax.subject_of[speaker.phrase] != SubjectOf::Nothing;
        let busy = busy && verb.subject != Some(speaker.phrase);
        out.add(Feature::pair_busy(busy, role));
        out.add(Feature::pair_passive(verb.passive, role));
        let plural = phrase.plural || matches!(phrase.who, Who::They | Who::Me);
        let disagree = is_third_person(self.token(i)) && plural;
        out.add(Feature::pair_number(disagree));
        let together = self.token(phrase.first).sentence == self.token(i).sentence;
        out.add(Feature::pair_place(together, self.location(i)));
        match gap {
            0 => out.add(Feature::pair_touch(order, kind)),
            1 => {
                let link = self.neighbour(from, Some(from + 1));
                out.add(Feature::pair_link(link, first));
            }
            _ => {}
        }
    }

    /// Features of a speaker without a cue.
    #[inline]
    pub(crate) fn no_cue(&self, speaker: &Candidate, out: &mut impl Sink) {
        let phrase = &self.syntax.clauses.phrases[speaker.phrase];
        let after = self.neighbour(phrase.first, Some(phrase.last + 1));
        let kind = WhoGroup::of(phrase.who);
        out.add(Feature::no_cue());
        out.add(Feature::no_cue_who(kind, self.location(phrase.first)));
        out.add(Feature::no_cue_after(after));
        let touches = phrase.last + 2 == self.frame.at;
        let first = self.token(phrase.first).first;
        out.add(Feature::no_cue_label(after, touches, first));
        out.add(Feature::no_cue_alone(self.frame.alone));
        out.add(Feature::no_cue_reports(Count::of(self.frame.reports)));
        let reported = self.syntax.is_reported(self.frame.at);
        out.add(Feature::no_cue_mood(reported, self.location(phrase.first)));
    }

    /// Features of a cue without a speaker.
    #[inline]
    pub(crate) fn no_speaker(&self, cue: &Cue, out: &mut impl Sink) {
        let verb = &self.syntax.clauses.verbs[cue.verb];
        let (subject, after) = (verb.subject.is_some(), verb.after.is_some());
        out.add(Feature::no_speaker());
        out.add(Feature::no_speaker_verb(verb.verb, verb.passive));
        out.add(Feature::no_speaker_subject(subject, after));
    }

    /// Features of having neither, though somebody spoke.
    #[inline]
    pub(crate) fn nobody(&self, out: &mut impl Sink) {
        out.add(Feature::nobody());
        out.add(Feature::nobody_alone(self.frame.alone));
    }

    fn last(&self, last: usize) -> LastQuote {
        let quote = self.quote();
        let last = self.token(self.syntax.tokens.place[last]);
        match quote.block - last.block {
            0 if quote.sentence == last.sentence => LastQuote::Sentence,
            0 => LastQuote::Block,
            1 => LastQuote::BlockBefore,
            _ => LastQuote::Farther,
        }
    }

    /// Features of sharing the last quote's speaker.
    #[inline]
    pub(crate) fn carry(&self, last: usize, out: &mut impl Sink) {
        let Frame { at, alone, .. } = *self.frame;
        let from = self.syntax.tokens.place[last];
        let (quote, before) = (self.quote(), self.token(from));
        let same_block = quote.block == before.block;
        let place = self.last(last);
        out.add(Feature::carry());
        out.add(Feature::carry_place(place, alone));
        let reports = Count::of(self.frame.reports);
        out.add(Feature::carry_reports(place, reports));
        let start = match same_block {
            true => from + 1,
            false => self.syntax.tokens.blocks[quote.block as usize].start,
        };
        let words = Distance::of(self.syntax.words_in(start..at));
        out.add(Feature::carry_words(place, words));
        for (between, count) in self.syntax.clauses.between(from, at) {
            out.add(Feature::carry_between(between, Count::of(count)));
        }
        let ended = end(self.syntax.texts[before.block as usize], before);
        out.add(Feature::carry_ends(ended, self.frame.begin, same_block));
        out.add(Feature::carry_closed(place, self.syntax.closed[last]));
        out.add(Feature::carry_mood(self.syntax.is_reported(at), place));
    }
}

impl Neighbour {
    /// Returns whether a noun may follow: `the`, `former`.
    fn leads_noun(self) -> bool {
        matches!(
            self,
            Self::Article | Self::Name | Self::Noun | Self::Adjective
        )
    }
}

impl Touch {
    /// Returns whether nothing but a link stands between cue and quote.
    fn is_tight(self) -> bool {
        matches!(
            self,
            Self::CueFollows
                | Self::CueLeads
                | Self::CommaLeads
                | Self::ColonLeads
                | Self::ThatLeads
                | Self::AsLeads
        )
    }
}

fn order(speaker_after: bool, cue_after: bool, speaker_first: bool) -> Order {
    match (speaker_after, cue_after, speaker_first) {
        (false, false, true) => Order::SpeakerCueQuote,
        (false, false, false) => Order::CueSpeakerQuote,
        (false, true, _) => Order::SpeakerQuoteCue,
        (true, false, _) => Order::CueQuoteSpeaker,
        (true, true, true) => Order::QuoteSpeakerCue,
        (true, true, false) => Order::QuoteCueSpeaker,
    }
}

/// Returns what a main verb is as a neighbour.
fn verb_neighbour(verb: Verb) -> Neighbour {
    match verb {
        Verb::Say | Verb::Speak | Verb::Tell | Verb::Write | Verb::According => Neighbour::Report,
        Verb::Call | Verb::Judge => Neighbour::Call,
        Verb::Be => Neighbour::Auxiliary,
        _ => Neighbour::Verb,
    }
}

/// Returns what a word that is no main verb is as a neighbour.
fn word_neighbour(token: &Token) -> Neighbour {
    match token.class.grammar {
        Grammar::Determiner | Grammar::Possessive | Grammar::Demonstrative | Grammar::Quantity => {
            Neighbour::Article
        }
        Grammar::Preposition | Grammar::To => Neighbour::Preposition,
        Grammar::Conjunction | Grammar::Subordinator => Neighbour::Conjunction,
        Grammar::That => Neighbour::That,
        Grammar::As => Neighbour::As,
        Grammar::By => Neighbour::By,
        grammar if grammar.is_auxiliary() => Neighbour::Auxiliary,
        Grammar::Object => Neighbour::Pronoun,
        grammar if grammar.is_subject_pronoun() => Neighbour::Pronoun,
        Grammar::Relative => Neighbour::Relative,
        Grammar::Time => Neighbour::Time,
        Grammar::Adverb => Neighbour::Adverb,
        Grammar::Adjective if token.shape == Shape::Lower => Neighbour::Adjective,
        _ if token.is_capital() => Neighbour::Name,
        _ => Neighbour::Noun,
    }
}
