//! What stands around a quote: the verbs that may be its cue, the phrases that may be its
//! speaker, and the features of each, of each pair, and of the ways to have none.

use super::class::{Forms, Gender, Grammar, Noun, Verb};
use super::clause::{self, Article, Clauses, MainVerb, Phrase, Who};
use super::feature::{self as f, Feature, T, feature, plain};
use super::foreign::ENGLISH;
use super::marks::Passage;
use super::tokens::{self, Kind, Shape, Token, Tokens};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Verbs looked at before and behind a quote.
const CUES: (usize, usize) = (8, 6);
/// Phrases looked at before and behind a quote.
const SPEAKERS: (usize, usize) = (14, 8);
/// Verbs and phrases of the block before.
const BLOCK_BEFORE: (usize, usize) = (3, 5);
/// Tokens looked at on either side of a quote, and other quotes passed there.
const REACH: usize = 160;
const QUOTES: usize = 24;

/// A story, cut and read.
#[derive(Debug)]
pub struct Reading<'a> {
    /// The blocks.
    pub texts: &'a [&'a str],
    /// Their tokens.
    pub tokens: Tokens,
    /// Their phrases and verbs.
    pub clauses: Clauses,
    closed: Vec<bool>,
    outlines: Vec<Outline>,
    /// How many words stand before each token.
    words_before: Vec<u32>,
    /// For each phrase how often its name stands in the story.
    often: Vec<usize>,
    /// For each phrase what it is subject of: nothing, a verb, a verb of speech.
    does: Vec<usize>,
    /// For each phrase the name that it explains or is explained by, or itself.
    named: Vec<usize>,
}

/// What each quote of a block, or of the block after it, asks about the whole block.
#[derive(Debug)]
struct Outline {
    /// Nothing but quotes and marks stands in it.
    wordless: bool,
    /// Its last token that is neither a quote nor a stop.
    tail: Option<usize>,
}

impl Outline {
    fn of(tokens: &[Token], block: Range<usize>) -> Self {
        let quote_or_stop = |i: &usize| matches!(tokens[*i].kind, Kind::Quote(_) | Kind::Stop);
        Self {
            wordless: !tokens[block.clone()]
                .iter()
                .any(|t| matches!(t.kind, Kind::Word | Kind::Number)),
            tail: block.rev().find(|i| !quote_or_stop(i)),
        }
    }
}

/// A quote and the candidates around it.
#[derive(Debug)]
pub struct Frame {
    /// Its number in the story.
    pub passage: usize,
    /// Its token.
    pub at: usize,
    /// Main verbs that may be its cue.
    pub cues: Vec<usize>,
    /// Phrases that may be its speaker.
    pub speakers: Vec<usize>,
    /// Distance of the nearest verb of speech in its sentence.
    nearest: usize,
    alone: bool,
    end: usize,
    begin: usize,
    words: usize,
}

const VERBS: [Verb; 13] = [
    Verb::Say,
    Verb::Speak,
    Verb::Tell,
    Verb::Write,
    Verb::Call,
    Verb::Judge,
    Verb::Vow,
    Verb::Think,
    Verb::Show,
    Verb::Act,
    Verb::Be,
    Verb::According,
    Verb::Unlisted,
];

fn verb(v: Verb) -> usize {
    VERBS
        .iter()
        .position(|x| *x == v)
        .unwrap_or(VERBS.len() - 1)
}

fn group(v: Verb) -> usize {
    match v {
        Verb::Say => 0,
        Verb::Speak | Verb::Tell | Verb::Write | Verb::According => 1,
        Verb::Call | Verb::Judge => 2,
        Verb::Think | Verb::Vow => 3,
        _ => 4,
    }
}

fn form(forms: Forms) -> usize {
    [Forms::PAST, Forms::PART, Forms::S, Forms::ING, Forms::BASE]
        .iter()
        .position(|x| forms.has(*x))
        .unwrap_or(5)
}

fn kind(who: Who) -> usize {
    match who {
        Who::Person | Who::Name => 0,
        Who::He | Who::She | Who::They | Who::It | Who::Me | Who::Object => 1,
        Who::Relative => 2,
        Who::OnePerson | Who::People | Who::Quantity => 3,
        Who::Body | Who::Organisation => 4,
        Who::Document => 5,
        Who::Thing | Who::Time => 6,
        Who::Owner | Who::Possessive => 7,
    }
}

impl<'a> Reading<'a> {
    /// Reads the blocks with their passages; `language` is the blocks' (BCP 47).
    pub fn new(texts: &'a [&'a str], passages: &[Vec<Passage>], language: &str) -> Self {
        let tokens = tokens::cut(texts, passages, language);
        let clauses = clause::read(&tokens.outer, &tokens.blocks, language == ENGLISH);
        let closed = passages.iter().flatten().map(|p| p.closed).collect();
        let mut names: FxHashMap<&str, usize> = FxHashMap::default();
        let last = |p: &Phrase| {
            p.name
                .map(|(_, to)| tokens.outer[to].text(texts[tokens.outer[to].block as usize]))
        };
        for phrase in &clauses.phrases {
            if let Some(name) = last(phrase) {
                *names.entry(name).or_default() += 1;
            }
        }
        let often = clauses
            .phrases
            .iter()
            .map(|p| last(p).map_or(0, |name| names[name]))
            .collect();
        let mut does = vec![0; clauses.phrases.len()];
        for v in &clauses.verbs {
            if let Some(subject) = v.subject {
                does[subject] = does[subject].max(if v.verb.reports() { 2 } else { 1 });
            }
        }
        let named = (0..clauses.phrases.len())
            .map(|p| named(&clauses.phrases, p))
            .collect();
        let outline = |block: &Range<usize>| Outline::of(&tokens.outer, block.clone());
        let outlines = tokens.blocks.iter().map(outline).collect();
        let mut words = 0;
        let words_before = tokens
            .outer
            .iter()
            .map(|t| {
                let before = words;
                words += u32::from(t.kind == Kind::Word);
                before
            })
            .collect();
        Self {
            texts,
            tokens,
            clauses,
            closed,
            outlines,
            words_before,
            often,
            does,
            named,
        }
    }

    /// The token at `i` and its block's text.
    fn token(&self, i: usize) -> &Token {
        &self.tokens.outer[i]
    }

    /// The text of a token.
    pub fn word(&self, i: usize) -> &'a str {
        let token = self.token(i);
        &self.texts[token.block as usize][token.range()]
    }

    /// The name that a description explains or is explained by; else the phrase itself.
    pub fn named(&self, phrase: usize) -> usize {
        self.named[phrase]
    }

    /// The candidates around a passage.
    pub fn frame(&self, passage: usize) -> Frame {
        let at = self.tokens.place[passage];
        let q = self.token(at);
        let block = self.tokens.blocks[q.block as usize].clone();
        let mut cues = Vec::with_capacity(CUES.0 + CUES.1 + BLOCK_BEFORE.0);
        let mut speakers = Vec::with_capacity(SPEAKERS.0 + SPEAKERS.1 + BLOCK_BEFORE.1);
        let mut nearest = usize::MAX;
        let mut side = |tokens: &mut dyn Iterator<Item = usize>,
                        limits: (usize, usize),
                        reach: u32| {
            let (mut verbs, mut phrases, mut quotes) = (0, 0, 0);
            for i in tokens.take(REACH) {
                let token = self.token(i);
                quotes += usize::from(matches!(token.kind, Kind::Quote(_)));
                if quotes > QUOTES {
                    break;
                }
                if token.sentence.abs_diff(q.sentence) > reach
                    || verbs >= limits.0 && phrases >= limits.1
                {
                    break;
                }
                if let Some(v) = self.clauses.verb_of[i]
                    && verbs < limits.0
                {
                    verbs += 1;
                    cues.push(v as usize);
                    if token.sentence == q.sentence && self.clauses.verbs[v as usize].verb.reports()
                    {
                        nearest = nearest.min(i.abs_diff(at));
                    }
                }
                if let Some(p) = self.clauses.phrase_of[i]
                    && phrases < limits.1
                    && !speakers.contains(&(p as usize))
                {
                    let phrase = &self.clauses.phrases[p as usize];
                    if phrase.who != Who::Time {
                        phrases += 1;
                        speakers.push(p as usize);
                    }
                }
            }
        };
        side(&mut (block.start..at).rev(), (CUES.0, SPEAKERS.0), 2);
        side(&mut (at + 1..block.end), (CUES.1, SPEAKERS.1), 1);
        if let Some(before) = (q.block as usize).checked_sub(1) {
            let start = self.tokens.blocks[before].start;
            if let Some(tail) = self.outlines[before].tail {
                let sentence = self.token(tail).sentence;
                let mut words = (start..=tail)
                    .rev()
                    .take_while(|i| self.token(*i).sentence == sentence);
                side(&mut words, BLOCK_BEFORE, u32::MAX);
            }
        }
        let words = self.words_of(passage);
        let inner = &self.tokens.inner[self.tokens.within[passage].clone()];
        Frame {
            passage,
            at,
            cues,
            speakers,
            nearest,
            alone: self.outlines[q.block as usize].wordless,
            end: end(self.texts[q.block as usize], q),
            begin: usize::from(
                inner
                    .iter()
                    .find(|t| t.kind == Kind::Word)
                    .is_some_and(|t| t.shape == Shape::Lower),
            ),
            words,
        }
    }

    fn words_of(&self, passage: usize) -> usize {
        let inner = &self.tokens.inner[self.tokens.within[passage].clone()];
        f::words(
            inner
                .iter()
                .filter(|t| matches!(t.kind, Kind::Word | Kind::Number))
                .count(),
        )
    }

    fn place(&self, frame: &Frame, i: usize) -> usize {
        let (token, q) = (self.token(i), self.token(frame.at));
        if token.block != q.block {
            return 5;
        }
        match i64::from(token.sentence) - i64::from(q.sentence) {
            0 => 0,
            -1 => 1,
            1 => 2,
            ..=-2 => 3,
            _ => 4,
        }
    }

    /// What stands at `i`, seen from the block of `from`.
    fn beside(&self, from: usize, i: Option<usize>) -> usize {
        let Some(token) = i
            .and_then(|i| self.tokens.outer.get(i))
            .filter(|t| t.block == self.token(from).block)
        else {
            return 0;
        };
        match token.kind {
            Kind::Stop => return 1,
            Kind::Comma => return 2,
            Kind::Colon => return 3,
            Kind::Break => return 4,
            Kind::Open | Kind::Close => return 5,
            Kind::Quote(_) => return 22,
            Kind::Other => return 24,
            Kind::Number => return 24,
            Kind::Word => {}
        }
        let i = i.unwrap_or_default();
        if let Some(v) = self.clauses.verb_of[i] {
            return match self.clauses.verbs[v as usize].verb {
                Verb::Say | Verb::Speak | Verb::Tell | Verb::Write | Verb::According => 12,
                Verb::Call | Verb::Judge => 13,
                Verb::Be => 15,
                _ => 14,
            };
        }
        match token.class.grammar {
            Grammar::Determiner
            | Grammar::Possessive
            | Grammar::Demonstrative
            | Grammar::Quantity => 6,
            Grammar::Preposition | Grammar::To => 7,
            Grammar::Conjunction | Grammar::Subordinator => 8,
            Grammar::That => 9,
            Grammar::As => 10,
            Grammar::By => 11,
            Grammar::Be | Grammar::Have | Grammar::Do | Grammar::Modal | Grammar::Negation => 15,
            Grammar::He
            | Grammar::She
            | Grammar::They
            | Grammar::It
            | Grammar::Me
            | Grammar::Object => 16,
            Grammar::Relative => 17,
            Grammar::Time => 23,
            Grammar::Adverb => 21,
            Grammar::Adjective if token.shape == Shape::Lower => 20,
            _ if token.is_capital() => 18,
            _ => 19,
        }
    }

    /// Whether the passage is one letter or digit: `"B" shares`. Nobody speaks so.
    pub fn is_letter(&self, frame: &Frame) -> bool {
        self.word(frame.at)
            .chars()
            .filter(|c| c.is_alphanumeric())
            .take(2)
            .count()
            == 1
    }

    /// Whether a passage says a sentence right behind its verb of speech: `Lund said, "no one has
    /// offered to buy it."` Wires print such speech without a capital. Behind `that` it is a clause of the reporter's.
    pub fn is_whole_saying(&self, passage: usize, cue: usize) -> bool {
        let (at, verb) = (self.tokens.place[passage], &self.clauses.verbs[cue]);
        let q = self.token(at);
        let between = self
            .tokens
            .outer
            .get(verb.token + 1..at)
            .unwrap_or_default();
        let links = |t: &Token| matches!(t.kind, Kind::Comma | Kind::Colon);
        verb.token < at
            && verb.verb.reports()
            && between.len() <= 1
            && between.iter().all(links)
            && self.words_of(passage) >= 2
            && matches!(end(self.texts[q.block as usize], q), 1 | 2)
    }

    /// Whether the passage is a block of its own, or all of it but a label, and no single word: somebody is speaking.
    pub fn speaks(&self, frame: &Frame) -> bool {
        let block = &self.tokens.blocks[self.token(frame.at).block as usize];
        // `LUND: "Next question."`
        let labelled = block.end <= frame.at + 2
            && (1..=4).contains(&(frame.at - block.start))
            && self.token(frame.at - 1).kind == Kind::Colon
            && self.token(block.start).is_capital();
        (frame.alone || labelled) && frame.words >= 1 && frame.end <= 2
    }

    /// Features of having no speaker because nobody spoke.
    pub fn scare(&self, frame: &Frame, last: Option<usize>, out: &mut impl FnMut(Feature)) {
        let at = frame.at;
        let q = self.token(at);
        let inner = &self.tokens.inner[self.tokens.within[frame.passage].clone()];
        let letters = letters(inner);
        out(plain(T::Scare));
        out(feature(T::ScareWords, [frame.words, frame.begin]));
        out(feature(T::ScareLetters, [letters, frame.end]));
        out(feature(T::ScareTitle, [letters, frame.words]));
        let (before, after) = (
            self.beside(at, at.checked_sub(1)),
            self.beside(at, Some(at + 1)),
        );
        out(feature(T::ScareBefore, [before]));
        out(feature(T::ScareAfter, [after]));
        out(feature(
            T::ScareNoun,
            [
                usize::from(matches!(before, 6 | 18 | 19 | 20)),
                usize::from(matches!(after, 18 | 19)),
                frame.words,
            ],
        ));
        if let Some(v) = at.checked_sub(1).and_then(|i| self.clauses.verb_of[i]) {
            let v = &self.clauses.verbs[v as usize];
            out(feature(
                T::ScareVerb,
                [verb(v.verb), usize::from(v.passive)],
            ));
        }
        let same = |i: usize| self.token(i).sentence == q.sentence;
        let (mut reports, mut verbs) = (0, 0);
        for v in frame
            .cues
            .iter()
            .map(|v| &self.clauses.verbs[*v])
            .filter(|v| same(v.token))
        {
            reports += usize::from(v.verb.reports());
            verbs += usize::from(matches!(
                v.verb,
                Verb::Call | Verb::Judge | Verb::Think | Verb::Vow | Verb::Show
            ));
        }
        out(feature(T::ScareReports, [f::count(reports), frame.words]));
        out(feature(
            T::ScareVerbs,
            [f::count(verbs), usize::from(reports > 0)],
        ));
        let person = inner
            .iter()
            .any(|t| t.class.grammar == Grammar::Me || t.class.grammar == Grammar::Possessive);
        let verbal = inner.iter().any(|t| {
            t.class.verb != Verb::None && t.shape == Shape::Lower || t.class.grammar.is_auxiliary()
        });
        out(feature(
            T::ScareInside,
            [usize::from(person), usize::from(verbal)],
        ));
        let others = self.neighbours(at, q.sentence);
        out(feature(T::ScareOthers, [f::count(others)]));
        out(feature(T::ScareAlone, [usize::from(frame.alone)]));
        out(feature(
            T::ScareClosed,
            [usize::from(self.closed[frame.passage])],
        ));
        let bracketed = self.tokens.outer[at.saturating_sub(12)..at]
            .iter()
            .rev()
            .find(|t| matches!(t.kind, Kind::Open | Kind::Close));
        out(feature(
            T::ScareBrackets,
            [usize::from(bracketed.is_some_and(|t| {
                t.kind == Kind::Open && t.block == q.block
            }))],
        ));
        out(feature(
            T::ScareLast,
            [last.map_or(3, |l| self.last(frame, l))],
        ));
    }

    /// Other passages in the sentence.
    fn neighbours(&self, at: usize, sentence: u32) -> usize {
        let quote = |t: &&Token| matches!(t.kind, Kind::Quote(_));
        let same = |t: &&Token| t.sentence == sentence;
        let before = self.tokens.outer[..at].iter().rev().take_while(same);
        let after = self.tokens.outer[at + 1..].iter().take_while(same);
        // More than two weigh no more than two, and looking for all would take quadratic time.
        before.filter(quote).take(2).count() + after.filter(quote).take(2).count()
    }

    fn touch(&self, frame: &Frame, cue: usize) -> usize {
        let at = frame.at;
        let (a, b) = (cue.min(at), cue.max(at));
        if self.token(cue).block != self.token(at).block {
            return 11;
        }
        let between = &self.tokens.outer[a + 1..b];
        let adverbs = |from: usize, to: usize| {
            (from..to).all(|i| self.token(i).class.grammar == Grammar::Adverb)
        };
        let one_phrase = self.clauses.phrase_of[a + 1]
            .is_some_and(|p| adverbs(self.clauses.phrases[p as usize].last + 1, b));
        if cue > at {
            return match between {
                [] => 0,
                [t] if t.kind == Kind::Comma => 0,
                _ if one_phrase => 1,
                _ if between.len() <= 5 => 2,
                _ => 3,
            };
        }
        match between {
            [] => 4,
            [t] if t.kind == Kind::Comma => 5,
            [t] if t.kind == Kind::Colon => 6,
            [t] if t.class.grammar == Grammar::That => 7,
            [t] if t.class.grammar == Grammar::As => 8,
            [.., t] if t.class.grammar == Grammar::As && between.len() <= 6 => 8,
            _ if one_phrase => 9,
            _ if between.len() <= 5 => 10,
            _ => 11,
        }
    }

    /// Features of a cue.
    pub fn cue(&self, frame: &Frame, cue: usize, out: &mut impl FnMut(Feature)) {
        let at = frame.at;
        let v = &self.clauses.verbs[cue];
        let i = v.token;
        let side = usize::from(i > at);
        let near = i.abs_diff(at);
        let (kind, group) = (verb(v.verb), group(v.verb));
        let close = usize::from(near <= 4);
        out(feature(T::CueVerb, [kind, form(self.token(i).class.forms)]));
        out(feature(T::CueSide, [kind, side]));
        out(feature(
            T::CueDistance,
            [side, f::distance(near - 1), group],
        ));
        out(feature(T::CuePlace, [self.place(frame, i), group]));
        for (n, between) in self.clauses.between(i, at).into_iter().enumerate() {
            out(feature(T::CueBetween, [n, side, f::count(between.into())]));
        }
        out(feature(
            T::CueBefore,
            [self.beside(i, i.checked_sub(1)), side],
        ));
        out(feature(T::CueAfter, [self.beside(i, Some(i + 1)), side]));
        out(feature(T::CueEnd, [frame.end, side, close]));
        out(feature(T::CueBegin, [frame.begin, side, close]));
        let rank = frame
            .cues
            .iter()
            .map(|c| self.clauses.verbs[*c].token)
            .filter(|t| (*t > at) == (i > at) && t.abs_diff(at) < near)
            .count();
        out(feature(T::CueRank, [rank.min(2), side, group]));
        out(feature(
            T::CueBeaten,
            [usize::from(frame.nearest < near), group],
        ));
        out(feature(T::CueTouch, [kind, self.touch(frame, i)]));
        let touching = |c: &&usize| {
            **c != cue && matches!(self.touch(frame, self.clauses.verbs[**c].token), 0 | 4..=8)
        };
        if let Some(inner) = frame.cues.iter().find(touching) {
            out(feature(
                T::CueOuter,
                [group, self::group(self.clauses.verbs[*inner].verb)],
            ));
        }
        out(feature(T::CuePassive, [usize::from(v.passive), group]));
        out(feature(
            T::CueInfinitive,
            [usize::from(v.infinitive), group],
        ));
        out(feature(T::CueWords, [group, frame.words]));
        let relative = v
            .subject
            .is_some_and(|s| self.clauses.phrases[s].who == Who::Relative);
        out(feature(T::CueRelative, [usize::from(relative), group]));
        let block = self.token(i).block;
        let quote = |t: &Token| matches!(t.kind, Kind::Quote(_)) && t.block == block;
        let shared = if i > at {
            self.tokens.outer[i + 1..].iter().take(6).any(quote)
        } else {
            self.tokens.outer[i.saturating_sub(6)..i].iter().any(quote)
        };
        out(feature(
            T::CueShared,
            [side, usize::from(shared), frame.end],
        ));
    }

    /// Features of a speaker.
    pub fn speaker(&self, frame: &Frame, speaker: usize, out: &mut impl FnMut(Feature)) {
        let at = frame.at;
        let p = &self.clauses.phrases[speaker];
        let side = usize::from(p.first > at);
        let near = if p.first > at {
            p.first - at - 1
        } else {
            at - p.last - 1
        };
        let (who, kind) = (p.who as usize, kind(p.who));
        out(feature(T::WhoSide, [who, side]));
        out(feature(T::WhoDistance, [side, f::distance(near)]));
        out(feature(T::WhoPlace, [self.place(frame, p.first), kind]));
        let before = self.beside(p.first, p.first.checked_sub(1));
        out(feature(T::WhoBefore, [before, side]));
        out(feature(
            T::WhoAfter,
            [self.beside(p.first, Some(p.last + 1)), side],
        ));
        let article = match p.article {
            Article::None => 0,
            Article::Indefinite => 1,
            Article::Definite => 2,
            Article::Demonstrative => 3,
            Article::Quantity => 4,
            Article::Owned => 5,
        };
        out(feature(
            T::WhoArticle,
            [article, usize::from(p.plural), kind],
        ));
        let first = speaker.checked_sub(1).is_none_or(|s| {
            self.token(self.clauses.phrases[s].first).sentence != self.token(p.first).sentence
        });
        out(feature(T::WhoFirst, [usize::from(first), side]));
        out(feature(
            T::WhoExplains,
            [usize::from(p.explains.is_some()), kind],
        ));
        let often = match (p.name, self.often[speaker]) {
            (None, _) => 0,
            (_, 0 | 1) => 1,
            (_, 2 | 3) => 2,
            _ => 3,
        };
        out(feature(T::WhoOften, [often]));
        let rank = frame
            .speakers
            .iter()
            .map(|s| &self.clauses.phrases[*s])
            .filter(|o| {
                let other = if o.first > at {
                    o.first - at - 1
                } else {
                    at - o.last - 1
                };
                (o.first > at) == (p.first > at) && other < near
            });
        out(feature(T::WhoRank, [rank.count().min(2), side]));
        let hangs = matches!(before, 7 | 10 | 11);
        out(feature(T::WhoHangs, [usize::from(hangs), kind]));
        out(feature(T::WhoDoes, [self.does[speaker], kind]));
    }

    /// What a phrase is to a verb.
    fn role(&self, v: &MainVerb, speaker: usize) -> usize {
        let phrases = &self.clauses.phrases;
        let before = phrases[speaker].first.checked_sub(1);
        if v.verb == Verb::According {
            // `according to Ortiz`, `selon Ortiz`
            return if before.is_some_and(|b| b == v.token || b == v.token + 1) {
                2
            } else {
                5
            };
        }
        if v.subject == Some(speaker) {
            return 0;
        }
        if phrases[speaker].explains.is_some() && phrases[speaker].explains == v.subject
            || v.subject
                .is_some_and(|s| phrases[s].explains == Some(speaker))
        {
            return 1;
        }
        if v.behind == Some(speaker) {
            return 2;
        }
        if v.passive
            && before.is_some_and(|b| self.token(b).class.grammar == Grammar::By && b > v.token)
        {
            return 3;
        }
        if v.subject.is_some() { 4 } else { 5 }
    }

    /// Features of a cue and a speaker together.
    pub fn pair(&self, frame: &Frame, cue: usize, speaker: usize, out: &mut impl FnMut(Feature)) {
        let at = frame.at;
        let v = &self.clauses.verbs[cue];
        let p = &self.clauses.phrases[speaker];
        let (c, s) = (v.token, p.first);
        let first = usize::from(s < c);
        let (order_s, order_c) = (s > at, c > at);
        let order = match (order_s, order_c, s < c) {
            (false, false, true) => 0,
            (false, false, false) => 1,
            (false, true, _) => 2,
            (true, false, _) => 3,
            (true, true, true) => 4,
            (true, true, false) => 5,
        };
        let (a, b) = if s < c { (p.last, c) } else { (c, p.first) };
        let gap = b.saturating_sub(a + 1);
        let (role, kind, group) = (self.role(v, speaker), kind(p.who), group(v.verb));
        let side = usize::from(order_c);
        out(feature(T::PairOrder, [order, f::gap(gap)]));
        out(feature(T::PairVerb, [order, verb(v.verb)]));
        out(feature(T::PairWho, [p.who as usize, group]));
        out(feature(T::PairRole, [role, group, side]));
        out(feature(T::PairRoleOrder, [role, order]));
        out(feature(T::PairRoleKind, [role, kind]));
        for (n, between) in self.clauses.between(a, b).into_iter().enumerate() {
            out(feature(
                T::PairBetween,
                [n, first, f::count(between.into())],
            ));
        }
        let busy = self.does[speaker] > 0 && v.subject != Some(speaker);
        out(feature(T::PairBusy, [usize::from(busy), role]));
        out(feature(T::PairPassive, [usize::from(v.passive), role]));
        let number = self.token(c).class.forms == Forms::S
            && (p.plural || matches!(p.who, Who::They | Who::Me));
        out(feature(T::PairNumber, [usize::from(number)]));
        out(feature(
            T::PairPlace,
            [
                usize::from(self.token(s).sentence == self.token(c).sentence),
                self.place(frame, c),
            ],
        ));
        match gap {
            0 => out(feature(T::PairTouch, [order, kind])),
            1 => out(feature(T::PairLink, [self.beside(a, Some(a + 1)), first])),
            _ => {}
        }
    }

    /// Features of a speaker without a cue.
    pub fn no_cue(&self, frame: &Frame, speaker: usize, out: &mut impl FnMut(Feature)) {
        let p = &self.clauses.phrases[speaker];
        out(plain(T::NoCue));
        out(feature(
            T::NoCueWho,
            [kind(p.who), self.place(frame, p.first)],
        ));
        out(feature(
            T::NoCueAfter,
            [self.beside(p.first, Some(p.last + 1))],
        ));
        let labels = p.last + 2 == frame.at;
        out(feature(
            T::NoCueLabel,
            [
                self.beside(p.first, Some(p.last + 1)),
                usize::from(labels),
                usize::from(self.token(p.first).first),
            ],
        ));
        out(feature(T::NoCueAlone, [usize::from(frame.alone)]));
        out(feature(T::NoCueReports, [self.reports(frame)]));
    }

    /// Verbs of speech in the quote's sentence.
    fn reports(&self, frame: &Frame) -> usize {
        let sentence = self.token(frame.at).sentence;
        let verbs = frame.cues.iter().map(|v| &self.clauses.verbs[*v]);
        f::count(
            verbs
                .filter(|v| v.verb.reports() && self.token(v.token).sentence == sentence)
                .count(),
        )
    }

    /// Features of a cue without a speaker.
    pub fn no_speaker(&self, cue: usize, out: &mut impl FnMut(Feature)) {
        let v = &self.clauses.verbs[cue];
        out(plain(T::NoSpeaker));
        out(feature(
            T::NoSpeakerVerb,
            [verb(v.verb), usize::from(v.passive)],
        ));
        out(feature(
            T::NoSpeakerSubject,
            [
                usize::from(v.subject.is_some()),
                usize::from(v.behind.is_some()),
            ],
        ));
    }

    /// Features of having neither, though somebody spoke.
    pub fn nobody(&self, frame: &Frame, out: &mut impl FnMut(Feature)) {
        out(plain(T::Nobody));
        out(feature(T::NobodyAlone, [usize::from(frame.alone)]));
    }

    fn last(&self, frame: &Frame, last: usize) -> usize {
        let (q, l) = (self.token(frame.at), self.token(self.tokens.place[last]));
        match q.block - l.block {
            0 if q.sentence == l.sentence => 0,
            0 => 1,
            1 => 2,
            _ => 3,
        }
    }

    /// Features of sharing the last quote's speaker.
    pub fn carry(&self, frame: &Frame, last: usize, out: &mut impl FnMut(Feature)) {
        let from = self.tokens.place[last];
        let (q, l) = (self.token(frame.at), self.token(from));
        let place = self.last(frame, last);
        out(plain(T::Carry));
        out(feature(T::CarryPlace, [place, usize::from(frame.alone)]));
        out(feature(T::CarryReports, [place, self.reports(frame)]));
        let start = if q.block == l.block {
            from + 1
        } else {
            self.tokens.blocks[q.block as usize].start
        };
        let words = self.words_before[frame.at] - self.words_before[start];
        out(feature(T::CarryWords, [place, f::distance(words as usize)]));
        for (n, between) in self.clauses.between(from, frame.at).into_iter().enumerate() {
            out(feature(T::CarryBetween, [n, f::count(between.into())]));
        }
        let same = usize::from(q.block == l.block);
        out(feature(
            T::CarryEnds,
            [end(self.texts[l.block as usize], l), frame.begin, same],
        ));
        out(feature(
            T::CarryClosed,
            [place, usize::from(self.closed[last])],
        ));
    }

    /// The tokens that name a speaker beside the quote: the name without its titles, or the whole
    /// phrase with its owner (`the union's flyer`).
    pub fn mention(&self, phrase: usize) -> (usize, usize) {
        let p = &self.clauses.phrases[phrase];
        if let Some(name) = p.name {
            return name;
        }
        let owner = p
            .first
            .checked_sub(1)
            .filter(|_| p.article == Article::Owned)
            .and_then(|b| self.clauses.phrase_of[b]);
        (
            owner.map_or(p.first, |o| self.clauses.phrases[o as usize].first),
            p.last,
        )
    }
}

/// The name that a phrase explains or is explained by; else the phrase itself.
fn named(phrases: &[Phrase], phrase: usize) -> usize {
    if phrases[phrase].name.is_some() {
        return phrase;
    }
    let ahead = (phrase + 1..phrases.len())
        .take(5)
        .find(|o| phrases[*o].explains == Some(phrase));
    phrases[phrase]
        .explains
        .or(ahead)
        .filter(|o| phrases[*o].name.is_some())
        .unwrap_or(phrase)
}

/// How a passage ends, its mark's other side included: `"soup".`
fn end(text: &str, quote: &Token) -> usize {
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
        Some(',') => 0,
        Some('.') => 1,
        Some('!' | '?' | '…') => 2,
        Some('-' | '—' | '–') => 3,
        _ => 4,
    }
}

/// How the words of a passage are written.
fn letters(inner: &[Token]) -> usize {
    let words = || inner.iter().filter(|t| t.kind == Kind::Word);
    let long = || words().filter(|t| t.class.grammar == Grammar::None || t.is_capital());
    let (all, capital) = (long().count(), long().filter(|t| t.is_capital()).count());
    let small = words().any(|t| {
        t.shape == Shape::Lower
            && !matches!(
                t.class.grammar,
                Grammar::Determiner | Grammar::Preposition | Grammar::Conjunction | Grammar::To
            )
    });
    let first = words().next().is_some_and(Token::is_capital);
    match (first, small) {
        (true, false) => 0,
        (_, _) if capital * 3 > all * 2 && capital > 1 => 1,
        (true, true) => 2,
        (false, _) => 3,
    }
}

/// Whether a phrase's word is one for a man or a woman; used by [`super::people`].
pub fn gender(token: &Token) -> Gender {
    match (token.class.noun, token.class.gender) {
        (Noun::Person, g) => g,
        _ => Gender::None,
    }
}
