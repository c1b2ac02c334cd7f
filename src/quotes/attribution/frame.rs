//! The candidates around a quote: the verbs that may be its cue, the phrases that may be its
//! speaker.

use super::axes::{Begin, End, Length, Letters, Rank, Touch};
use crate::quotes::syntax::class::{Forms, Grammar};
use crate::quotes::syntax::clauses::Who;
use crate::quotes::syntax::story::StorySyntax;
use crate::quotes::syntax::token::{Kind, Shape, Token};

/// How many candidates of each kind are looked at in one direction.
#[derive(Clone, Copy)]
struct Limits {
    cues: usize,
    speakers: usize,
    /// How many sentences away.
    sentences: u32,
}

/// Before the quote.
const BEFORE: Limits = Limits {
    cues: 8,
    speakers: 14,
    sentences: 2,
};
/// After it.
const AFTER: Limits = Limits {
    cues: 6,
    speakers: 8,
    sentences: 1,
};
/// In the last sentence of the block before.
const BLOCK_BEFORE: Limits = Limits {
    cues: 3,
    speakers: 5,
    sentences: u32::MAX,
};
/// Tokens looked at on either side of a quote. No sentence of the corpora at hand has so many.
const REACH: usize = 160;
/// Other quotes passed on either side.
const QUOTES: usize = 24;

/// A quote and the candidates around it.
#[derive(Debug)]
pub struct Frame {
    /// Its number in the story.
    pub passage: usize,
    /// Its token.
    pub at: usize,
    /// Main verbs that may be its cue, the nearest of each side first.
    pub cues: Vec<Cue>,
    /// Phrases that may be its speaker, the nearest of each side first.
    pub speakers: Vec<Candidate>,
    /// Distance in tokens of the nearest verb of speech in its sentence.
    pub nearest_report: Option<usize>,
    /// Verbs of speech in its sentence.
    pub reports: usize,
    /// Whether it is the whole block.
    pub alone: bool,
    /// How it ends.
    pub end: End,
    /// How it begins.
    pub begin: Begin,
    /// How many words it has.
    pub length: Length,
    /// The name that a dash after it leads to, as under a letter: `"It held." — Lena Ortiz`.
    pub signed: Option<Candidate>,
    /// Whether a verb of speech and a colon lead to it, in a language other than English.
    pub introduced: bool,
    /// Whether it is the title of a work, as the word before it says: `a report titled "Low
    /// Water"`.
    pub names_work: bool,
}

/// A verb that may be the cue.
#[derive(Clone, Copy, Debug)]
pub struct Cue {
    /// Its number among the main verbs.
    pub verb: usize,
    /// Which of the verbs on its side it is.
    pub rank: Rank,
    /// How it touches the quote.
    pub touch: Touch,
}

/// A phrase that may be the speaker.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// Its number among the phrases.
    pub phrase: usize,
    /// Which of the phrases on its side it is.
    pub rank: Rank,
}

/// What was found on one side of a quote so far.
#[derive(Default)]
struct Found {
    cues: usize,
    speakers: usize,
}

impl Frame {
    /// Returns the candidates around a passage.
    pub fn new(syntax: &StorySyntax<'_>, passage: usize) -> Self {
        let at = syntax.tokens.place[passage];
        let quote = syntax.token(at);
        let block = quote.block as usize;
        let inside = syntax.inside(passage);
        let first = inside.iter().find(|t| t.kind == Kind::Word);
        let mut frame = Self {
            passage,
            at,
            cues: Vec::with_capacity(BEFORE.cues + AFTER.cues + BLOCK_BEFORE.cues),
            speakers: Vec::with_capacity(BEFORE.speakers + AFTER.speakers + BLOCK_BEFORE.speakers),
            nearest_report: None,
            reports: 0,
            alone: syntax.outlines[block].wordless,
            end: end(syntax.texts[block], quote),
            begin: match first {
                Some(word) if word.shape == Shape::Lower => Begin::Small,
                _ => Begin::Capital,
            },
            length: length(inside),
            signed: signed(syntax, at),
            introduced: introduced(syntax, at),
            names_work: names_work(syntax, at, inside),
        };
        let whole = syntax.tokens.blocks[block].clone();
        let mut before = Found::default();
        frame.look(syntax, (whole.start..at).rev(), BEFORE, &mut before);
        frame.look(syntax, at + 1..whole.end, AFTER, &mut Found::default());
        if let Some(tail) = block.checked_sub(1).and_then(|b| syntax.outlines[b].tail) {
            let sentence = syntax.token(tail).sentence;
            let words = (syntax.tokens.blocks[block - 1].start..=tail).rev();
            let words = words.take_while(|i| syntax.token(*i).sentence == sentence);
            frame.look(syntax, words, BLOCK_BEFORE, &mut before);
        }
        frame
    }

    /// Takes in the candidates among some tokens, the nearest first. `found` goes on counting the
    /// candidates of their side.
    fn look(
        &mut self,
        syntax: &StorySyntax<'_>,
        tokens: impl Iterator<Item = usize>,
        limits: Limits,
        found: &mut Found,
    ) {
        let own = syntax.token(self.at).sentence;
        let (mut cues, mut speakers, mut quotes) = (0, 0, 0);
        for i in tokens.take(REACH) {
            let token = syntax.token(i);
            quotes += usize::from(matches!(token.kind, Kind::Quote(_)));
            let full = cues >= limits.cues && speakers >= limits.speakers;
            if full || quotes > QUOTES || token.sentence.abs_diff(own) > limits.sentences {
                break;
            }
            if let Some(verb) = syntax.clauses.verb_of[i].filter(|_| cues < limits.cues) {
                cues += 1;
                let verb = verb as usize;
                let (rank, touch) = (Rank::of(found.cues), touch(syntax, self.at, i));
                found.cues += 1;
                self.cues.push(Cue { verb, rank, touch });
                if token.sentence == own && syntax.clauses.verbs[verb].verb.reports() {
                    let distance = i.abs_diff(self.at);
                    self.nearest_report =
                        Some(self.nearest_report.map_or(distance, |n| n.min(distance)));
                    self.reports += 1;
                }
            }
            let phrase = syntax.clauses.phrase_of[i].map(|phrase| phrase as usize);
            if let Some(phrase) = phrase.filter(|_| speakers < limits.speakers)
                && syntax.clauses.phrases[phrase].who != Who::Time
                && !self.speakers.iter().any(|s| s.phrase == phrase)
            {
                speakers += 1;
                let rank = Rank::of(found.speakers);
                found.speakers += 1;
                self.speakers.push(Candidate { phrase, rank });
            }
        }
    }

    /// Returns whether the passage is one letter or digit: `"B" shares`. Nobody speaks so.
    pub fn is_letter(&self, syntax: &StorySyntax<'_>) -> bool {
        let mut letters = syntax.word(self.at).chars().filter(|c| c.is_alphanumeric());
        letters.next().is_some() && letters.next().is_none()
    }

    /// Returns whether the passage is a block of its own, or all of it but a label, and no single
    /// word: somebody is speaking.
    pub fn speaks(&self, syntax: &StorySyntax<'_>) -> bool {
        let block = &syntax.tokens.blocks[syntax.token(self.at).block as usize];
        // `LUND: "Next question."`
        let labelled = block.end <= self.at + 2
            && (1..=4).contains(&(self.at - block.start))
            && syntax.token(self.at - 1).kind == Kind::Colon
            && syntax.token(block.start).is_capital();
        (self.alone || labelled)
            && self.length != Length::One
            && matches!(self.end, End::Comma | End::Stop | End::Asks)
    }
}

/// Returns whether a phrase is an object, as its article or its ending says: `den Plan`,
/// `ministerille`. After a preposition it may be a source: `laut dem Bericht`.
pub(crate) fn is_object(syntax: &StorySyntax<'_>, phrase: usize) -> bool {
    let phrase = &syntax.clauses.phrases[phrase];
    let article = syntax.token(phrase.first).class;
    let prepared = phrase.first.checked_sub(1).is_some_and(|i| {
        let grammar = syntax.token(i).class.grammar;
        matches!(grammar, Grammar::Preposition | Grammar::According)
    });
    let head = syntax.token(phrase.last).class;
    let by_ending = head.forms.has(Forms::OBLIQUE) && head.grammar == Grammar::None;
    let by_article = article.forms.has(Forms::OBLIQUE) && article.grammar == Grammar::Determiner;
    (by_article || by_ending) && !prepared
}

/// Returns whether a verb of speech and a colon lead to a quote: `Niektórzy mówią: „…”`. English is
/// weighed.
fn introduced(syntax: &StorySyntax<'_>, at: usize) -> bool {
    let colon = at
        .checked_sub(1)
        .filter(|i| syntax.token(*i).kind == Kind::Colon);
    let Some(colon) = colon.filter(|_| !syntax.english) else {
        return false;
    };
    let sentence = syntax.token(colon).sentence;
    let clause = (colon.saturating_sub(INTRODUCED_WITHIN)..colon)
        .rev()
        .take_while(|i| syntax.token(*i).sentence == sentence);
    let mut verbs = clause.filter_map(|i| syntax.clauses.verb_of[i]);
    let says = |verb: u32| syntax.clauses.verbs[verb as usize].verb.reports();
    verbs.next().is_some_and(says)
}

/// Tokens from a verb of speech to the colon that leads to the quote, at most.
const INTRODUCED_WITHIN: usize = 12;

/// Tokens of a handle in brackets after a name: `(@lena)`.
const HANDLE: usize = 6;

/// Returns the name that a dash after a quote leads to, if nothing but a handle follows it before
/// the block's end or the next quote.
fn signed(syntax: &StorySyntax<'_>, at: usize) -> Option<Candidate> {
    let block = syntax.token(at).block;
    let token = |i: usize| {
        let token = syntax.tokens.outer.get(i);
        token.filter(|token| token.block == block)
    };
    token(at + 1).filter(|t| t.kind == Kind::Break)?;
    if syntax.word(at + 1) == ";" {
        return None;
    }
    let phrase = token(at + 2).and_then(|_| syntax.clauses.phrase_of[at + 2])? as usize;
    let found = &syntax.clauses.phrases[phrase];
    let named = found.name.is_some() && matches!(found.who, Who::Person | Who::Name | Who::Body);
    let mut end = found.last + 1;
    if token(end).is_some_and(|t| t.kind == Kind::Open) {
        let close = (end..end + HANDLE).find(|i| token(*i).is_some_and(|t| t.kind == Kind::Close));
        end = close? + 1;
    }
    while token(end).is_some_and(|t| t.kind == Kind::Stop) {
        end += 1;
    }
    let closes = token(end).is_none_or(|t| matches!(t.kind, Kind::Quote(_)));
    let rank = Rank::of(0);
    (named && closes).then_some(Candidate { phrase, rank })
}

/// Words before a title.
const WORKS: [&str; 5] = ["titled", "entitled", "subtitled", "headlined", "captioned"];

/// Returns whether a passage in a title's capitals stands right after a word that leads to one.
fn names_work(syntax: &StorySyntax<'_>, at: usize, inside: &[Token]) -> bool {
    let comma = at
        .checked_sub(1)
        .is_some_and(|i| syntax.token(i).kind == Kind::Comma);
    let before = at
        .checked_sub(1 + usize::from(comma))
        .filter(|i| syntax.token(*i).block == syntax.token(at).block);
    before.is_some_and(|i| WORKS.contains(&syntax.word(i)))
        && matches!(letters(inside), Letters::AllCapital | Letters::MostCapital)
}

/// Returns whether a passage says a sentence right after its verb of speech: `Lund said, "no one
/// has offered to buy it."` Wires print such speech without a capital. After `that` it is a clause
/// of the reporter's.
pub(crate) fn is_whole_saying(syntax: &StorySyntax<'_>, passage: usize, cue: usize) -> bool {
    let (at, verb) = (syntax.tokens.place[passage], &syntax.clauses.verbs[cue]);
    let quote = syntax.token(at);
    let between = syntax.tokens.outer.get(verb.token + 1..at);
    let links = |t: &Token| matches!(t.kind, Kind::Comma | Kind::Colon);
    verb.token < at
        && verb.verb.reports()
        && between.is_none_or(|between| between.len() <= 1 && between.iter().all(links))
        && !matches!(length(syntax.inside(passage)), Length::One | Length::Two)
        && matches!(
            end(syntax.texts[quote.block as usize], quote),
            End::Stop | End::Asks
        )
}

/// Returns how a verb touches a quote at `at`.
fn touch(syntax: &StorySyntax<'_>, at: usize, verb: usize) -> Touch {
    let (from, to) = (verb.min(at), verb.max(at));
    if syntax.token(verb).block != syntax.token(at).block {
        return Touch::LeadsFar;
    }
    let between = &syntax.tokens.outer[from + 1..to];
    let adverbs = |mut tokens: std::ops::Range<usize>| {
        tokens.all(|i| syntax.token(i).class.grammar == Grammar::Adverb)
    };
    let one_phrase = syntax.clauses.phrase_of[from + 1]
        .is_some_and(|p| adverbs(syntax.clauses.phrases[p as usize].last + 1..to));
    if verb > at {
        return match between {
            [] => Touch::CueFollows,
            [t] if t.kind == Kind::Comma => Touch::CueFollows,
            _ if one_phrase => Touch::SpeakerThenCue,
            _ if between.len() <= 5 => Touch::FollowsClosely,
            _ => Touch::FollowsFar,
        };
    }
    match between {
        [] => Touch::CueLeads,
        [t] if t.kind == Kind::Comma => Touch::CommaLeads,
        [t] if t.kind == Kind::Colon => Touch::ColonLeads,
        [t] if t.class.grammar == Grammar::That => Touch::ThatLeads,
        [t] if t.class.grammar == Grammar::As => Touch::AsLeads,
        [.., t] if t.class.grammar == Grammar::As && between.len() <= 6 => Touch::AsLeads,
        _ if one_phrase => Touch::CueThenPhrase,
        _ if between.len() <= 5 => Touch::LeadsClosely,
        _ => Touch::LeadsFar,
    }
}

/// Returns how many words a passage has.
fn length(inside: &[Token]) -> Length {
    let words = inside
        .iter()
        .filter(|t| matches!(t.kind, Kind::Word | Kind::Number));
    Length::of(words.count())
}

/// Returns how a passage ends, its mark's other side included: `"soup".`
pub(crate) fn end(text: &str, quote: &Token) -> End {
    let inside = quote
        .text(text)
        .trim_end_matches(['\'', '’', ' ', ')', ']']);
    let mut outside = text[quote.end as usize..]
        .chars()
        .filter(|c| !matches!(c, '"' | '”' | '“' | '»' | '«' | '’' | '\'' | '‘'));
    let last = match inside.chars().next_back() {
        Some(c @ (',' | '.' | '!' | '?' | '…' | '-' | '—' | '–')) => Some(c),
        _ => outside.next(),
    };
    match last {
        Some(',') => End::Comma,
        Some('.') => End::Stop,
        Some('!' | '?' | '…') => End::Asks,
        Some('-' | '—' | '–') => End::Dash,
        _ => End::None,
    }
}

/// Returns how the words of a passage are written.
pub(crate) fn letters(inside: &[Token]) -> Letters {
    let words = || inside.iter().filter(|t| t.kind == Kind::Word);
    let long = || words().filter(|t| t.class.grammar == Grammar::None || t.is_capital());
    let (all, capital) = (long().count(), long().filter(|t| t.is_capital()).count());
    let links = |t: &Token| {
        matches!(
            t.class.grammar,
            Grammar::Determiner | Grammar::Preposition | Grammar::Conjunction | Grammar::To
        )
    };
    let small = words().any(|t| t.shape == Shape::Lower && !links(t));
    let first = words().next().is_some_and(Token::is_capital);
    match (first, small) {
        (true, false) => Letters::AllCapital,
        _ if capital * 3 > all * 2 && capital > 1 => Letters::MostCapital,
        (true, true) => Letters::FirstCapital,
        (false, _) => Letters::Small,
    }
}

/// Returns whether a verb can only be of the third person: `says`.
pub(crate) fn is_third_person(token: &Token) -> bool {
    token.class.forms == Forms::S
}
