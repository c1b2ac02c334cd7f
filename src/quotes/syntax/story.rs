//! A story cut and read: what attribution and names look at.

use super::class::{Forms, Grammar};
use super::clauses::{Article, Clauses, Phrase, Stretch, SubjectOf, Who};
use super::foreign::{ENGLISH, GERMAN};
use super::relations;
use super::token::{Kind, Token};
use super::tokens::{self, Tokens};
use crate::lexicon::LEXICON;
use crate::quotes::passage::Passage;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// How many phrases after a description the name stands that explains it.
const EXPLAINED_WITHIN: usize = 5;

/// The blocks of a story with their tokens, phrases and verbs.
#[derive(Debug)]
pub struct StorySyntax<'a> {
    /// The blocks.
    pub texts: &'a [&'a str],
    /// Their tokens.
    pub tokens: Tokens,
    /// Their phrases and verbs.
    pub clauses: Clauses,
    /// For each passage whether its mark closes.
    pub closed: Vec<bool>,
    /// For each block what quotes in it and after it ask about all of it.
    pub outlines: Vec<Outline>,
    /// For each phrase what it is the subject of.
    pub subject_of: Vec<SubjectOf>,
    /// How many words stand before each token.
    words_before: Vec<u32>,
    /// For each phrase how often its name stands in the story, if it has one.
    often: Vec<Option<usize>>,
    /// For each phrase the name that it explains or is explained by, or itself.
    named: Vec<usize>,
    /// Whether it is in English.
    pub english: bool,
    /// Whether all its nouns have capitals, as in German.
    pub capital_nouns: bool,
    /// How names change with their case, if they do in the story's language.
    pub name_cases: Option<&'static str>,
    /// The sentences in the mood of reported speech, in order; only German marks it.
    reported: Vec<u32>,
}

/// What is asked about a whole block.
#[derive(Debug)]
pub struct Outline {
    /// Nothing but quotes and marks stands in it.
    pub wordless: bool,
    /// Its last token that is neither a quote nor a stop.
    pub tail: Option<usize>,
}

impl Outline {
    fn of(tokens: &[Token], block: Range<usize>) -> Self {
        let quote_or_stop = |i: &usize| matches!(tokens[*i].kind, Kind::Quote(_) | Kind::Stop);
        let mut words = tokens[block.clone()].iter();
        Self {
            wordless: !words.any(|t| matches!(t.kind, Kind::Word | Kind::Number)),
            tail: block.rev().find(|i| !quote_or_stop(i)),
        }
    }
}

impl<'a> StorySyntax<'a> {
    /// Reads the blocks with their passages; `language` is the blocks' (BCP 47).
    pub fn new(texts: &'a [&'a str], passages: &[Vec<Passage>], language: &str) -> Self {
        let tokens = tokens::cut(texts, passages, language);
        let clauses = relations::read(&tokens.outer, &tokens.blocks, language);
        let outline = |block: &Range<usize>| Outline::of(&tokens.outer, block.clone());
        Self {
            closed: passages.iter().flatten().map(|p| p.closed).collect(),
            outlines: tokens.blocks.iter().map(outline).collect(),
            subject_of: subject_of(&clauses),
            words_before: words_before(&tokens.outer),
            often: often(texts, &tokens.outer, &clauses.phrases),
            reported: match language {
                GERMAN => reported(&tokens.outer),
                _ => Vec::new(),
            },
            named: (0..clauses.phrases.len())
                .map(|phrase| named(&clauses.phrases, phrase))
                .collect(),
            english: language == ENGLISH,
            capital_nouns: language == GERMAN,
            name_cases: LEXICON.name_cases.get(language),
            texts,
            tokens,
            clauses,
        }
    }

    /// Returns the token at `i`.
    pub fn token(&self, i: usize) -> &Token {
        &self.tokens.outer[i]
    }

    /// Returns the text of a token.
    pub fn word(&self, i: usize) -> &'a str {
        let token = self.token(i);
        &self.texts[token.block as usize][token.range()]
    }

    /// Returns the tokens inside a passage.
    pub fn inside(&self, passage: usize) -> &[Token] {
        &self.tokens.inner[self.tokens.within[passage].clone()]
    }

    /// Returns the name that a description explains or is explained by; else the phrase itself.
    pub fn named(&self, phrase: usize) -> usize {
        self.named[phrase]
    }

    /// Returns how often a phrase's name stands in the story, if it has one.
    pub fn often(&self, phrase: usize) -> Option<usize> {
        self.often[phrase]
    }

    /// Returns whether the sentence of a token is in the mood of reported speech: `Es sei nötig.`
    pub fn is_reported(&self, i: usize) -> bool {
        let sentence = self.token(i).sentence;
        !self.reported.is_empty() && self.reported.binary_search(&sentence).is_ok()
    }

    /// Returns how many words stand in a range of tokens.
    pub fn words_in(&self, tokens: Range<usize>) -> usize {
        let (from, to) = (
            self.words_before[tokens.start],
            self.words_before[tokens.end],
        );
        to.saturating_sub(from) as usize
    }

    /// Returns the tokens that name a speaker beside the quote: the name without its titles, or the
    /// whole phrase with its owner (`the union's flyer`).
    pub fn mention(&self, phrase: usize) -> Stretch {
        let Phrase { first, last, .. } = self.clauses.phrases[phrase];
        if let Some(name) = self.clauses.phrases[phrase].name {
            return name;
        }
        let owner = first
            .checked_sub(1)
            .filter(|_| self.clauses.phrases[phrase].article == Article::Owned)
            .and_then(|before| self.clauses.phrase_of[before]);
        let first = owner.map_or(first, |o| self.clauses.phrases[o as usize].first);
        let last = self.whole(phrase).map_or(last, |whole| whole.last);
        Stretch { first, last }
    }

    /// Returns the people of whom a phrase counts some: `the sources` of `one of the sources`.
    fn whole(&self, phrase: usize) -> Option<&Phrase> {
        let part = &self.clauses.phrases[phrase];
        let of = self.tokens.outer.get(part.last + 1)?;
        let links = part.who == Who::Quantity
            && of.class.grammar == Grammar::Preposition
            && of.sentence == self.token(part.last).sentence;
        let whole = self.clauses.phrases.get(phrase + 1).filter(|_| links)?;
        (whole.first == part.last + 2 && whole.who == Who::People).then_some(whole)
    }
}

fn subject_of(clauses: &Clauses) -> Vec<SubjectOf> {
    let mut out = vec![SubjectOf::Nothing; clauses.phrases.len()];
    for verb in &clauses.verbs {
        match verb.subject {
            Some(subject) if verb.verb.reports() => out[subject] = SubjectOf::Report,
            Some(subject) if out[subject] == SubjectOf::Nothing => out[subject] = SubjectOf::Verb,
            _ => {}
        }
    }
    out
}

/// Returns the sentences with a word in the mood of reported speech.
fn reported(tokens: &[Token]) -> Vec<u32> {
    let marked = tokens.iter().filter(|t| t.class.forms.has(Forms::REPORTED));
    let mut sentences: Vec<u32> = marked.map(|t| t.sentence).collect();
    sentences.dedup();
    sentences
}

/// Returns how many words stand before each token, and before the end.
fn words_before(tokens: &[Token]) -> Vec<u32> {
    let mut words = 0;
    let mut out = Vec::with_capacity(tokens.len() + 1);
    for token in tokens {
        out.push(words);
        words += u32::from(token.kind == Kind::Word);
    }
    out.push(words);
    out
}

/// For each phrase how often its name's last word closes a name in the story.
fn often(texts: &[&str], tokens: &[Token], phrases: &[Phrase]) -> Vec<Option<usize>> {
    let last = |phrase: &Phrase| {
        let token = &tokens[phrase.name?.last];
        Some(token.text(texts[token.block as usize]))
    };
    let mut names: FxHashMap<&str, usize> = FxHashMap::default();
    for name in phrases.iter().filter_map(last) {
        *names.entry(name).or_default() += 1;
    }
    phrases
        .iter()
        .map(|phrase| last(phrase).map(|name| names[name]))
        .collect()
}

/// Returns the name that a phrase explains or is explained by; else the phrase itself.
fn named(phrases: &[Phrase], phrase: usize) -> usize {
    if phrases[phrase].name.is_some() {
        return phrase;
    }
    let ahead = (phrase + 1..phrases.len())
        .take(EXPLAINED_WITHIN)
        .find(|other| phrases[*other].explains == Some(phrase));
    phrases[phrase]
        .explains
        .or(ahead)
        .filter(|other| phrases[*other].name.is_some())
        .unwrap_or(phrase)
}
