//! Where a reported clause begins and ends in its sentence.

use crate::quotes::syntax::class::{Forms, Grammar, Verb};
use crate::quotes::syntax::clauses::{Article, Phrase, Who};
use crate::quotes::syntax::story::StorySyntax;
use crate::quotes::syntax::token::{Kind, Token};
use std::ops::Range;

/// Tokens from the subject of a clause within which its verb stands.
const VERB_WITHIN: usize = 30;
/// Tokens that circumstances of speech have: `said Monday in a statement`.
const CIRCUMSTANCES: usize = 10;
/// Words outside quotes that a reported clause has at least.
const WORDS: usize = 2;
/// Words without a verb that are no clause at most: `that old bridge`.
const SHORT: usize = 4;
/// Phrases that hang on a speaker one after the other.
const HANGING: usize = 8;
/// Tokens of one sentence that are looked at on either side of a verb: longer ones are no
/// sentences.
const REACH: usize = 120;

/// Which clauses a verb reports without `that`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WithoutThat {
    /// None: `showed that it held`.
    Nothing,
    /// Those that begin with their subject and verb: `noted it held`, but not `noted its weight`.
    PlainClause,
    /// The same after who is told; there `that` may stand further off.
    AfterHearer,
    /// All: `said on Monday the bridge that broke had held`.
    AnyClause,
}

/// The sentence of a verb.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sentence<'a> {
    syntax: &'a StorySyntax<'a>,
    /// Its first token.
    pub start: usize,
    /// One past its last, its stop left out.
    pub end: usize,
}

impl<'a> Sentence<'a> {
    /// Returns the sentence around a token.
    pub(crate) fn around(syntax: &'a StorySyntax<'a>, token: usize) -> Self {
        let tokens = &syntax.tokens.outer;
        let sentence = tokens[token].sentence;
        let same = |t: &&Token| t.sentence == sentence;
        let before = tokens[..token].iter().rev().take(REACH);
        let after = tokens[token..].iter().take(REACH).take_while(same).count();
        let mut end = token + after;
        while end > token + 1 && tokens[end - 1].kind == Kind::Stop {
            end -= 1;
        }
        Self {
            syntax,
            start: token - before.take_while(same).count(),
            end,
        }
    }

    /// Returns whether a token is in it.
    pub(crate) fn contains(&self, i: usize) -> bool {
        (self.start..self.end).contains(&i)
    }

    fn token(&self, i: usize) -> Option<&Token> {
        self.contains(i).then(|| self.syntax.token(i))
    }

    /// Returns whether a token of it is of a kind.
    pub(crate) fn is(&self, i: usize, kind: Kind) -> bool {
        self.token(i).is_some_and(|t| t.kind == kind)
    }

    fn grammar(&self, i: usize) -> Grammar {
        self.token(i)
            .map_or(Grammar::None, |token| token.class.grammar)
    }

    /// Returns the number of the phrase that begins at a token.
    fn phrase_at(&self, i: usize) -> Option<usize> {
        self.token(i)?;
        let phrase = self.syntax.clauses.phrase_of[i]? as usize;
        (self.syntax.clauses.phrases[phrase].first == i).then_some(phrase)
    }

    fn phrase(&self, phrase: usize) -> &Phrase {
        &self.syntax.clauses.phrases[phrase]
    }

    /// Returns whether its end, or what parts its clauses, stands at `i`.
    pub(crate) fn closes(&self, i: usize) -> bool {
        let token = self.token(i);
        token.is_none_or(|t| matches!(t.kind, Kind::Stop | Kind::Colon | Kind::Quote(_)))
            || self.is(i, Kind::Break)
    }

    /// Returns the first token of a speaker before the verb at `verb`, with its owner and what it
    /// explains: `the city's mayor, Lena Ortiz,`. A comma of its own closes what explains.
    pub(crate) fn start_of(&self, speaker: usize, verb: usize) -> usize {
        let phrase = self.phrase(speaker);
        let closed = verb > 0 && self.is(verb - 1, Kind::Comma);
        let explained = phrase.explains.filter(|other| closed && *other < speaker);
        let mut first = explained.map_or(phrase.first, |other| self.phrase(other).first);
        // `the city's mayor`: the owner is a phrase before the owned one.
        for _ in 0..HANGING {
            let phrase = self.syntax.clauses.phrase_of[first];
            let owned = phrase.is_some_and(|p| self.phrase(p as usize).article == Article::Owned);
            let owner = first
                .checked_sub(1)
                .filter(|before| owned && self.contains(*before))
                .and_then(|before| self.syntax.clauses.phrase_of[before]);
            let Some(owner) = owner else { break };
            first = self.phrase(owner as usize).first;
        }
        first
    }

    /// Returns one past what hangs on a phrase that ends before `end`: `of the harbour board`.
    pub(crate) fn after_hanging(&self, mut end: usize) -> usize {
        for _ in 0..HANGING {
            let links = matches!(self.grammar(end), Grammar::Preposition | Grammar::As);
            let phrase = self.phrase_at(end + 1).filter(|_| links);
            let owned = self
                .token(end)
                .filter(|_| end > 0 && self.syntax.token(end - 1).owner)
                .and_then(|_| self.phrase_at(end));
            let Some(phrase) = phrase.or(owned) else {
                break;
            };
            if self.phrase(phrase).who == Who::Time && !self.syntax.token(end).owner {
                break;
            }
            end = self.phrase(phrase).last + 1;
        }
        // `Ortiz (D-Lesa)`
        if self.is(end, Kind::Open)
            && let Some(close) =
                (end..self.end.min(end + HANGING)).find(|i| self.is(*i, Kind::Close))
        {
            end = close + 1;
        }
        end
    }

    /// Returns one past what explains a speaker after a comma at `end`: `, 41`, `, a welder`.
    pub(crate) fn apposition_after(&self, end: usize, speaker: usize) -> Option<usize> {
        if !self.is(end, Kind::Comma) {
            return None;
        }
        if self.is(end + 1, Kind::Number) {
            return Some(end + 2);
        }
        let phrase = self.phrase_at(end + 1)?;
        let p = self.phrase(phrase);
        let explains = p.explains == Some(speaker)
            || p.explains.is_some() && p.explains == self.phrase(speaker).explains
            || matches!(p.who, Who::OnePerson | Who::Body | Who::Organisation);
        // `According to Ortiz, the bridge is old`: the subject of what follows explains nobody.
        let subject = self.is_busy(self.after_hanging(p.last + 1));
        (explains && !subject).then_some(p.last + 1)
    }

    /// Returns whether a verb or auxiliary stands at `i`, so that what stands before it is its
    /// subject.
    fn is_busy(&self, i: usize) -> bool {
        self.contains(i)
            && (self.syntax.clauses.verb_of[i].is_some() || self.grammar(i).is_auxiliary())
    }

    /// Returns one past the circumstances of speech that begin at `i`: `Monday`, `in a statement`,
    /// `again`.
    pub(crate) fn after_circumstances(&self, i: usize) -> usize {
        let limit = self.end.min(i + CIRCUMSTANCES);
        let mut end = i;
        while end < limit {
            let grammar = self.grammar(end);
            let phrase = self.phrase_at(end);
            let time = phrase.filter(|p| self.phrase(*p).who == Who::Time);
            end = match (grammar, time) {
                (_, Some(time)) => self.phrase(time).last + 1,
                (Grammar::Adverb, None) => end + 1,
                (Grammar::Preposition | Grammar::To | Grammar::As, None) if !self.is_part(end) => {
                    match self.phrase_at(end + 1) {
                        Some(phrase) => self.after_hanging(self.phrase(phrase).last + 1),
                        None => break,
                    }
                }
                _ => break,
            };
        }
        end.min(self.end)
    }

    /// Returns whether a preposition leads to a part of what is said and no circumstance: `answered
    /// with`.
    fn is_part(&self, i: usize) -> bool {
        matches!(self.syntax.word(i), "with" | "of" | "for")
    }

    /// Returns the reported clause that begins at `from`, with or without `that`.
    pub(crate) fn clause_after(
        &self,
        from: usize,
        without_that: WithoutThat,
    ) -> Option<Range<usize>> {
        let skipped = self.after_circumstances(from);
        let comma = usize::from(self.is(skipped, Kind::Comma));
        for start in [from, skipped, skipped + comma] {
            if self.grammar(start) == Grammar::That {
                // `found that bridge too old`, `broadcasts that break with it`
                let relative = without_that != WithoutThat::AnyClause && self.is_modal(start + 1);
                if relative || self.is_short(&(start + 1..self.end)) {
                    return None;
                }
                return self.up_to_next_frame(start..self.end);
            }
        }
        // `told a meeting of masters in Lesa that`, `said twice before that`
        let limit = self.end.min(from + CIRCUMSTANCES);
        let stops = |i: &usize| self.is(*i, Kind::Comma) || self.is_busy(*i);
        let mut near = (from..limit).take_while(|i| !stops(i));
        let begins = self.begins_clause(from);
        if (without_that == WithoutThat::AfterHearer
            || !begins && without_that == WithoutThat::AnyClause)
            && let Some(that) = near.find(|i| self.grammar(*i) == Grammar::That)
        {
            return self.up_to_next_frame(that..self.end);
        }
        let start = if begins { from } else { skipped + comma };
        let clause = start..self.end;
        let plain = |i: usize| match without_that {
            WithoutThat::Nothing => false,
            WithoutThat::PlainClause | WithoutThat::AfterHearer => self.is_plain_clause(i),
            WithoutThat::AnyClause => self.begins_clause(i) || self.is_misread(i),
        };
        (plain(start) && self.is_clause(&clause))
            .then(|| self.up_to_next_frame(clause))
            .flatten()
    }

    fn is_quote(&self, i: usize) -> bool {
        self.token(i)
            .is_some_and(|token| matches!(token.kind, Kind::Quote(_)))
    }

    fn is_modal(&self, i: usize) -> bool {
        self.grammar(i) == Grammar::Modal
    }

    /// Returns whether some tokens are a few words without a verb or a quote.
    fn is_short(&self, tokens: &Range<usize>) -> bool {
        let quoted = tokens.clone().any(|i| self.is_quote(i));
        self.words(tokens) <= SHORT && !self.is_predicate(tokens) && !quoted
    }

    /// Returns whether a clause begins at `i` with its subject, and its verb follows at once.
    fn is_plain_clause(&self, i: usize) -> bool {
        let Some(subject) = self.phrase_at(i) else {
            return false;
        };
        let mut end = self.phrase(subject).last + 1;
        // `her brother`
        while let Some(owned) = self.phrase_at(end)
            && self.phrase(owned).article == Article::Owned
        {
            end = self.phrase(owned).last + 1;
        }
        end = self.after_hanging(end);
        while self.grammar(end) == Grammar::Adverb {
            end += 1;
        }
        self.is_busy(end) && self.phrase(subject).who != Who::Time
    }

    /// Returns whether a noun that was taken for a verb may begin a clause at `i`: `said demand
    /// fell`.
    fn is_misread(&self, i: usize) -> bool {
        let verb = self.token(i).and_then(|_| self.syntax.clauses.verb_of[i]);
        verb.is_some() && !self.syntax.token(i).class.forms.has(Forms::ING)
    }

    /// Returns whether some tokens are a condition or circumstance, and no more: `As the phone
    /// rang`.
    pub(crate) fn is_condition(&self, tokens: &Range<usize>) -> bool {
        let opens = matches!(
            self.grammar(tokens.start),
            Grammar::Subordinator | Grammar::As | Grammar::Preposition
        );
        opens && !tokens.clone().any(|i| self.is(i, Kind::Comma))
    }

    /// Returns whether a quote follows `i`, right or after a colon or comma.
    pub(crate) fn leads_to_quote(&self, i: usize) -> bool {
        let quote = |i: usize| {
            let token = self.syntax.tokens.outer.get(i);
            token.is_some_and(|t| matches!(t.kind, Kind::Quote(_)))
        };
        let mark = self.is(i, Kind::Colon) || self.is(i, Kind::Comma);
        quote(i) || mark && quote(i + 1)
    }

    /// Returns whether some tokens say when or why somebody spoke: `Asked whether it held`, `As it
    /// broke`.
    pub(crate) fn is_circumstance(&self, tokens: &Range<usize>) -> bool {
        let asked = self.token(tokens.start).is_some_and(|token| {
            let forms = token.class.forms;
            let participle = forms.has(Forms::PAST) || forms.has(Forms::ING);
            participle && self.syntax.clauses.phrase_of[tokens.start].is_none()
        });
        asked || self.is_condition(tokens)
    }

    /// Returns one past the comma after a participle at `i` that goes with a source: `a survey
    /// taken last year,`; `i` if there is none.
    pub(crate) fn after_participle(&self, i: usize) -> usize {
        let participle = self.token(i).is_some_and(|token| {
            let forms = token.class.forms;
            let participle = [Forms::PAST, Forms::PART, Forms::ING];
            participle.into_iter().any(|form| forms.has(form))
        });
        if !participle || self.syntax.clauses.phrase_of[i].is_some() {
            return i;
        }
        let mut near = i..self.end.min(i + CIRCUMSTANCES);
        near.find(|i| self.is(*i, Kind::Comma))
            .map_or(i, |comma| comma + 1)
    }

    /// `to` and what follows it: `vowed to stay`.
    pub(crate) fn infinitive_after(&self, from: usize) -> Option<Range<usize>> {
        // `declined to say`
        let verb = self.token(from + 1).and_then(|token| token.class.verb);
        // `invited him to a meeting`
        let place = self.token(from + 1).is_none_or(|token| {
            let describes = matches!(
                token.class.grammar,
                Grammar::Determiner
                    | Grammar::Demonstrative
                    | Grammar::Possessive
                    | Grammar::Quantity
                    | Grammar::Time
            );
            describes || token.is_capital() || token.kind != Kind::Word
        });
        let to = self.grammar(from) == Grammar::To && !place && !verb.is_some_and(Verb::reports);
        to.then(|| self.up_to_next_frame(from..self.end)).flatten()
    }

    /// Returns the clause that ends before an insertion at `at`: `…, according to Ortiz`.
    pub(crate) fn clause_before(&self, at: usize) -> Option<Range<usize>> {
        let end = at - usize::from(at > self.start && self.is(at - 1, Kind::Comma));
        let clause = self.after_links(self.start)..end;
        self.is_clause(&clause).then_some(clause)
    }

    /// Returns what stands before a frame that begins at `at`, if a comma or dash parts them.
    pub(crate) fn before_frame(&self, at: usize) -> Option<Range<usize>> {
        let mark = at.checked_sub(1).filter(|mark| self.contains(*mark))?;
        let parted = matches!(
            self.syntax.token(mark).kind,
            Kind::Comma | Kind::Break | Kind::Quote(_)
        );
        let quote = matches!(self.syntax.token(mark).kind, Kind::Quote(_));
        let end = mark + usize::from(quote);
        let start = self.after_links(self.start);
        (parted && start < end).then_some(start..end)
    }

    /// Returns what stands from `from` to the end.
    pub(crate) fn rest(&self, from: usize) -> Option<Range<usize>> {
        (from < self.end).then_some(from..self.end)
    }

    /// Returns whether what stands after a frame in the middle goes on with what stands before it.
    pub(crate) fn goes_on(&self, rest: &Range<usize>) -> bool {
        let first = self.grammar(rest.start);
        let participle = self.syntax.clauses.verb_of[rest.start].is_some_and(|_| {
            let forms = self.syntax.token(rest.start).class.forms;
            forms.has(Forms::ING)
        });
        let quote = matches!(self.syntax.token(rest.start).kind, Kind::Quote(_));
        !participle && !quote && first != Grammar::Relative && self.words(rest) >= WORDS
    }

    /// Returns whether some tokens hold a subject with its verb.
    pub(crate) fn is_clause(&self, tokens: &Range<usize>) -> bool {
        self.words(tokens) > WORDS && self.is_predicate(tokens)
    }

    /// Returns whether some tokens hold a finite verb.
    pub(crate) fn is_predicate(&self, tokens: &Range<usize>) -> bool {
        let limit = tokens.end.min(tokens.start + VERB_WITHIN);
        (tokens.start..limit).any(|i| {
            let auxiliary = matches!(
                self.grammar(i),
                Grammar::Be | Grammar::Have | Grammar::Do | Grammar::Modal
            );
            auxiliary || self.is_finite(i) || self.may_be_finite(i)
        })
    }

    /// Returns whether a main verb stands at `i` that needs no other.
    fn is_finite(&self, i: usize) -> bool {
        let verb = self.syntax.clauses.verb_of[i].map(|v| &self.syntax.clauses.verbs[v as usize]);
        verb.is_some_and(|verb| {
            let forms = self.syntax.token(i).class.forms;
            !verb.infinitive
                && verb.verb != Verb::According
                && (forms.has(Forms::PAST) || forms.has(Forms::S) || forms.has(Forms::BASE))
        })
    }

    /// Returns whether a word that no list has may be a finite verb: it follows a phrase and is
    /// none itself.
    fn may_be_finite(&self, i: usize) -> bool {
        let past = self
            .token(i)
            .is_some_and(|t| t.class.forms.has(Forms::PAST));
        past && self.syntax.clauses.phrase_of[i].is_none()
    }

    /// Returns whether a clause may begin at `i`: with a phrase, an adverb, a condition.
    fn begins_clause(&self, i: usize) -> bool {
        let Some(token) = self.token(i) else {
            return false;
        };
        let grammar = matches!(
            token.class.grammar,
            Grammar::Subordinator | Grammar::Adverb | Grammar::Determiner | Grammar::Conjunction
        );
        let there = token.kind == Kind::Word && token.class.verb.is_none();
        matches!(token.kind, Kind::Quote(_) | Kind::Number)
            || self.phrase_at(i).is_some()
            || grammar && there
    }

    /// Returns the words outside quotes among some tokens.
    pub(crate) fn words(&self, tokens: &Range<usize>) -> usize {
        self.syntax
            .words_in(tokens.start.min(tokens.end)..tokens.end)
    }

    /// Past `But`, `And` at the head of a sentence.
    fn after_links(&self, i: usize) -> usize {
        i + usize::from(self.grammar(i) == Grammar::Conjunction)
    }

    /// Returns a clause up to the comma that closes a relative one.
    pub(crate) fn up_to_comma(&self, clause: Range<usize>) -> Range<usize> {
        let comma = clause.clone().find(|i| self.is(*i, Kind::Comma));
        clause.start..comma.unwrap_or(clause.end)
    }

    /// Returns where a mark ends what is said: a semicolon, a colon before a sentence, a bracket
    /// that opened before it.
    fn mark_that_ends(&self, clause: &Range<usize>) -> usize {
        let mut open = 0;
        for i in clause.clone().skip(1) {
            match self.syntax.token(i).kind {
                Kind::Open => open += 1,
                Kind::Close if open == 0 => return i,
                Kind::Close => open -= 1,
                Kind::Break if self.syntax.word(i) == ";" => return i,
                Kind::Colon if self.token(i + 1).is_some_and(Token::is_capital) => return i,
                _ => {}
            }
        }
        clause.end
    }

    /// Returns a clause up to where another frame begins: `…, but Lund said`, `… and added that`,
    /// `…, according to Ortiz`, `…, saying`.
    fn up_to_next_frame(&self, clause: Range<usize>) -> Option<Range<usize>> {
        let clause = clause.start..self.mark_that_ends(&clause);
        let mut end = clause.end;
        for i in clause.start + 1..clause.end {
            let Some(verb) = self.syntax.clauses.verb_of[i] else {
                continue;
            };
            let verb = &self.syntax.clauses.verbs[verb as usize];
            let participle = self.syntax.token(i).class.forms.has(Forms::ING);
            let first = match verb.subject {
                _ if verb.verb == Verb::According || participle => i,
                Some(subject) if self.phrase(subject).first > clause.start => {
                    self.start_of(subject, i)
                }
                _ => i,
            };
            if first <= clause.start + 1 {
                continue;
            }
            let before = first - 1;
            let conjunction = self.grammar(before) == Grammar::Conjunction;
            let comma = before - usize::from(conjunction && before > clause.start);
            let parted = self.is(comma, Kind::Comma);
            // The comma of `a "toy," but Lund said` stands inside the marks.
            let quoted = conjunction
                && self
                    .token(comma)
                    .is_some_and(|t| matches!(t.kind, Kind::Quote(_)));
            let frame = verb.verb.reports();
            let cut = match verb.verb {
                Verb::According => true,
                _ if frame && participle => self.is(before, Kind::Comma),
                _ if frame && first == i => conjunction,
                _ if frame => conjunction && (parted || quoted),
                _ => false,
            };
            if cut {
                end = match (parted, conjunction) {
                    _ if quoted => comma + 1,
                    (true, _) => comma,
                    (false, true) => before,
                    (false, false) => first,
                };
                break;
            }
        }
        while end > clause.start && self.is(end - 1, Kind::Comma) {
            end -= 1;
        }
        let clause = clause.start..end;
        (self.words(&clause) >= WORDS).then_some(clause)
    }
}
