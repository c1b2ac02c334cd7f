//! Pronouns: whom each stands for.
//!
//! The most salient person before it: mentioned lately, as a subject, as a speaker, of the right
//! gender, and not the hearer of the same sentence.

use super::entity::Entity;
use super::speaker::is_neutral;
use super::syntax::class::{Gender, Grammar, Verb};
use super::syntax::clauses::{Phrase, SubjectOf, Who};
use super::syntax::relations::root;
use super::syntax::story::StorySyntax;
use super::syntax::token::Token;
use crate::text::fold;

/// What speaks for a pronoun's antecedent. Set by hand: no corpus at hand says whom pronouns stand
/// for in numbers that could be fitted on.
mod weigh {
    /// The subject of a verb of speech.
    pub(super) const SPEAKER: f32 = 2.5;
    /// The subject of another verb.
    pub(super) const SUBJECT: f32 = 1.6;
    /// The first phrase of its sentence.
    pub(super) const FIRST: f32 = 0.8;
    /// After a preposition.
    pub(super) const HANGING: f32 = -1.0;
    /// `Ortiz's`
    pub(super) const OWNER: f32 = -0.6;
    /// Who is told, in the pronoun's own sentence or the one before.
    pub(super) const HEARER: f32 = -2.5;
    /// A sentence further away.
    pub(super) const SENTENCE: f32 = -0.55;
    /// A block further away.
    pub(super) const BLOCK: f32 = -0.35;
    /// In the pronoun's own sentence and not its subject.
    pub(super) const OWN_SENTENCE: f32 = -0.8;
    /// Gender known and right; unknown.
    pub(super) const GENDER: f32 = 0.8;
    /// Each doubling of the mentions in the story.
    pub(super) const OFTEN: f32 = 0.35;
    /// No sign that the name is a person's.
    pub(super) const DOUBTFUL: f32 = -1.5;
}

/// How many phrases back a pronoun looks.
const HORIZON: usize = 120;

/// Finds out whom the pronouns stand for, in order: `of` says for each phrase whom it stands for.
pub(super) fn resolve(syntax: &StorySyntax<'_>, entities: &[Entity], of: &mut [Option<u32>]) {
    let salience = Salience::new(syntax, entities);
    for (p, phrase) in syntax.clauses.phrases.iter().enumerate() {
        let word = || fold(syntax.word(phrase.first));
        let gender = match phrase.who {
            Who::He if is_neutral(&word()) => Some(Gender::Either),
            Who::He => Some(Gender::Male),
            Who::She => Some(Gender::Female),
            Who::Object | Who::Possessive => match &*word() {
                "him" | "himself" | "his" => Some(Gender::Male),
                "herself" => Some(Gender::Female),
                "her" if phrase.who == Who::Possessive => Some(Gender::Female),
                _ => None,
            },
            Who::It | Who::Relative => None,
            _ => continue,
        };
        let search = Search {
            syntax,
            entities,
            of,
            salience: &salience,
        };
        let found = match (phrase.who, gender) {
            (Who::It, _) => search.body_before(p),
            (Who::Relative, _) => search.relative(p),
            (_, Some(gender)) => search.antecedent(p, gender),
            _ => None,
        };
        of[p] = found;
    }
}

/// What is known where a pronoun stands.
struct Search<'a> {
    syntax: &'a StorySyntax<'a>,
    entities: &'a [Entity],
    /// For each phrase whom it stands for, as far as is known.
    of: &'a [Option<u32>],
    salience: &'a Salience,
}

impl Search<'_> {
    /// Whom `who` of `Ortiz, who …` stands for.
    fn relative(&self, pronoun: usize) -> Option<u32> {
        let tokens = &self.syntax.tokens.outer;
        let phrases = &self.syntax.clauses.phrases;
        let first = phrases[pronoun].first;
        let before = (first.saturating_sub(2)..first)
            .rev()
            .filter(|i| tokens[*i].sentence == tokens[first].sentence)
            .find_map(|i| self.syntax.clauses.phrase_of[i])?;
        let before = root(tokens, &self.syntax.clauses, before as usize);
        let explained = || phrases[before].explains.and_then(|other| self.of[other]);
        self.of[before].or_else(explained)
    }

    /// Returns the organisation that `it` stands for: the one that last was a subject in this
    /// sentence or the two before.
    fn body_before(&self, pronoun: usize) -> Option<u32> {
        let (phrases, tokens) = (&self.syntax.clauses.phrases, &self.syntax.tokens.outer);
        let here = tokens[phrases[pronoun].first].sentence;
        let near = (pronoun.saturating_sub(HORIZON)..pronoun)
            .rev()
            .take_while(|m| here - tokens[phrases[*m].first].sentence <= 2);
        let is_body = |e: u32| self.entities[e as usize].body;
        let body = |m: &usize| {
            self.salience.subject_of[*m] != SubjectOf::Nothing && self.of[*m].is_some_and(is_body)
        };
        near.filter(|m| !matches!(phrases[*m].who, Who::Owner | Who::Possessive))
            .find(body)
            .and_then(|m| self.of[m])
    }

    /// Returns the most salient person of a gender before a phrase.
    fn antecedent(&self, pronoun: usize, gender: Gender) -> Option<u32> {
        let phrases = &self.syntax.clauses.phrases;
        let here = &self.syntax.tokens.outer[phrases[pronoun].first];
        let mut best: Option<(u32, f32)> = None;
        for m in (pronoun.saturating_sub(HORIZON)..pronoun).rev() {
            let Some(e) = self.of[m] else { continue };
            let entity = &self.entities[e as usize];
            let right = match entity.gender {
                Gender::None | Gender::Either => 0.0,
                g if g == gender => weigh::GENDER,
                _ if gender == Gender::Either => 0.0,
                _ => continue,
            };
            // One word that nothing shows to be a person's name may be a place, and where all nouns
            // have capitals, two may be a thing: `Geschlossene Grenze`.
            let doubted = entity.words.len() == 1 || self.syntax.capital_nouns;
            if entity.body || !entity.person && doubted {
                continue;
            }
            let doubtful = if entity.person { 0.0 } else { weigh::DOUBTFUL };
            let often = weigh::OFTEN * self.salience.doublings[e as usize];
            let score = right + often + self.salience.of(self.syntax, m, here) + doubtful;
            if best.is_none_or(|b| score > b.1) {
                best = Some((e, score));
            }
        }
        best.map(|b| b.0)
    }
}

/// What makes a phrase the likelier antecedent of a pronoun.
struct Salience {
    /// For each phrase what it is the subject of, inverted clauses included.
    subject_of: Vec<SubjectOf>,
    /// For each phrase whether somebody is told something there.
    hears: Vec<bool>,
    /// For each entity how often it is mentioned, in doublings.
    doublings: Vec<f32>,
}

impl Salience {
    fn new(syntax: &StorySyntax<'_>, entities: &[Entity]) -> Self {
        let mut subject_of = syntax.subject_of.clone();
        let mut hears = vec![false; subject_of.len()];
        for verb in &syntax.clauses.verbs {
            // `"…," said Ortiz.`: the phrase after is the subject.
            if verb.subject.is_none()
                && verb.verb.reports()
                && let Some(subject) = verb.after
            {
                subject_of[subject] = SubjectOf::Report;
            }
            if let Some(after) = verb.after.filter(|_| verb.verb == Verb::Tell) {
                hears[after] = verb.subject.is_some();
            }
        }
        Self {
            subject_of,
            hears,
            doublings: entities.iter().map(Entity::doublings).collect(),
        }
    }

    /// Returns what speaks for a phrase as the antecedent of the pronoun `here`.
    fn of(&self, syntax: &StorySyntax<'_>, phrase: usize, here: &Token) -> f32 {
        let Phrase { first, who, .. } = syntax.clauses.phrases[phrase];
        let token = &syntax.tokens.outer[first];
        let hangs = first.checked_sub(1).is_some_and(|before| {
            matches!(
                syntax.tokens.outer[before].class.grammar,
                Grammar::Preposition | Grammar::By | Grammar::As | Grammar::To
            )
        });
        let sentences = (here.sentence - token.sentence) as f32;
        let blocks = (here.block - token.block) as f32;
        let subject = match self.subject_of[phrase] {
            SubjectOf::Report => weigh::SPEAKER,
            SubjectOf::Verb => weigh::SUBJECT,
            SubjectOf::Nothing if token.sentence == here.sentence => weigh::OWN_SENTENCE,
            SubjectOf::Nothing => 0.0,
        };
        let owner = matches!(who, Who::Owner | Who::Possessive);
        let hears = self.hears[phrase] && sentences <= 1.0;
        let signs = [
            (token.first, weigh::FIRST),
            (hangs, weigh::HANGING),
            (owner, weigh::OWNER),
            (hears, weigh::HEARER),
        ];
        let signs = signs.into_iter().filter(|(is, _)| *is);
        signs.fold(
            weigh::SENTENCE * sentences.min(8.0) + weigh::BLOCK * blocks + subject,
            |sum, (_, weight)| sum + weight,
        )
    }
}
