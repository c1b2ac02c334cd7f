//! Reported speech: what somebody is said to have said, without marks around it.
//!
//! Three frames of English newswriting are read, each with the whole clause that is reported:
//!
//! ```text
//! Ortiz said (that) the bridge would hold.         the clause follows
//! The bridge would hold, said Ortiz.               the clause leads, or the frame splits it
//! According to Ortiz, the bridge would hold.       a frame without a verb
//! ```
//!
//! [`clause`] finds where the reported clause begins and ends; this file finds the frames. Nothing
//! is weighed: a frame is there or it is not. A frame inside a reported clause is a statement of its
//! own, which lies in the other.

mod clause;

use super::syntax::class::{Forms, Grammar, Verb};
use super::syntax::clauses::{Article, MainVerb, Phrase, Who};
use super::syntax::story::StorySyntax;
use super::syntax::token::{Kind, Token};
use clause::Sentence;
use std::ops::Range;

/// Phrases after a speaker that may explain it: `said Ortiz, 41, a welder`.
const APPOSITIONS: usize = 6;

/// What somebody is reported to have said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The tokens of the reported clause: one stretch, or two that the frame parts.
    pub pieces: Vec<Range<usize>>,
    /// The token of its cue.
    pub cue: usize,
    /// The phrase of its speaker.
    pub speaker: usize,
}

/// A verb of speech with its speaker, and the tokens that name both.
struct Frame<'a> {
    syntax: &'a StorySyntax<'a>,
    sentence: Sentence<'a>,
    verb: MainVerb,
    speaker: usize,
    /// From the first token of the speaker or cue to one past the last of them.
    tokens: Range<usize>,
    /// Whether the speaker follows the verb.
    inverted: bool,
}

/// Finds the statements of a story in English, in the order of their cues.
pub fn find(syntax: &StorySyntax<'_>, quotable: &[bool]) -> Vec<Statement> {
    let mut out: Vec<Statement> = Vec::new();
    for verb in &syntax.clauses.verbs {
        if !quotable[syntax.token(verb.token).block as usize] {
            continue;
        }
        let sentence = Sentence::around(syntax, verb.token);
        let pieces = if verb.verb == Verb::According {
            according(syntax, sentence, verb)
        } else {
            Frame::new(syntax, sentence, verb).and_then(|frame| {
                let pieces = frame.pieces();
                (!pieces.is_empty()).then_some((frame.speaker, pieces))
            })
        };
        if let Some((speaker, pieces)) = pieces {
            let cue = verb.token;
            out.push(Statement {
                pieces,
                cue,
                speaker,
            });
        }
    }
    out
}

/// `According to Ortiz, …` and `…, according to Ortiz`.
fn according(
    syntax: &StorySyntax<'_>,
    sentence: Sentence<'_>,
    verb: &MainVerb,
) -> Option<(usize, Vec<Range<usize>>)> {
    let to = verb.token + 1;
    let speaker = syntax.clauses.phrase_of.get(to + 1).copied().flatten()? as usize;
    let speaker = owned_by(syntax, speaker);
    let preposition = syntax.token(to).class.grammar;
    if !matches!(preposition, Grammar::To | Grammar::Preposition)
        || !sentence.contains(to + 1)
        || !speaks(&syntax.clauses.phrases[speaker], Verb::Say)
    {
        return None;
    }
    let end = after_speaker(syntax, &sentence, speaker);
    let after = sentence.clause_after(end, true);
    let before = sentence.clause_before(verb.token);
    // At the head of its sentence the clause follows.
    let clause = if verb.token <= sentence.start + 2 {
        after
    } else {
        before.or(after)
    };
    Some((speaker, vec![clause?]))
}

impl<'a> Frame<'a> {
    /// The frame of a verb, if it is one of speech or thought with a speaker.
    fn new(syntax: &'a StorySyntax<'a>, sentence: Sentence<'a>, verb: &MainVerb) -> Option<Self> {
        let reports = verb.verb.reports() || matches!(verb.verb, Verb::Think | Verb::Vow);
        let listed = reports || verb.verb == Verb::Show;
        if !listed || verb.passive || verb.infinitive || is_denied(syntax, verb) {
            return None;
        }
        let inverted = verb.verb.reports().then(|| inverted(syntax, &sentence, verb));
        let (speaker, inverted) = match (inverted.flatten(), verb.subject) {
            (Some(speaker), _) => (speaker, true),
            (None, subject) => (subject?, false),
        };
        if !speaks(&syntax.clauses.phrases[speaker], verb.verb) {
            return None;
        }
        let tokens = if inverted {
            verb.token..after_speaker(syntax, &sentence, speaker)
        } else {
            sentence.start_of(speaker).min(verb.token)..verb.token + 1
        };
        Some(Self {
            syntax,
            sentence,
            verb: *verb,
            speaker,
            tokens,
            inverted,
        })
    }

    /// The clause that the frame reports: what leads to it and goes on after it, or what follows.
    fn pieces(&self) -> Vec<Range<usize>> {
        if let Some(leading) = self.leading() {
            return leading;
        }
        if self.inverted {
            return Vec::new();
        }
        self.following().into_iter().collect()
    }

    /// `The bridge, said Ortiz, would hold`: what stands before the frame, and what after it.
    fn leading(&self) -> Option<Vec<Range<usize>>> {
        // Documents and thoughts are not put after what they say.
        if !self.verb.verb.reports() && self.verb.verb != Verb::Think {
            return None;
        }
        let end = self.sentence.after_circumstances(self.tokens.end);
        let closed = self.sentence.closes(end);
        let goes_on = self.sentence.is(end, Kind::Comma);
        if !closed && !goes_on {
            return None;
        }
        let subject = self.syntax.clauses.phrases[self.speaker].who;
        if subject == Who::Relative || self.is_participle() {
            return None;
        }
        let before = self.sentence.before_frame(self.tokens.start)?;
        let second = || {
            let rest = self.sentence.rest(end + 1)?;
            self.sentence.goes_on(&rest).then_some(rest)
        };
        match (self.sentence.is_clause(&before), goes_on) {
            (true, true) if !self.inverted => {
                Some([Some(before), second()].into_iter().flatten().collect())
            }
            (true, _) => Some(vec![before]),
            (false, true) => {
                let rest = second().filter(|rest| self.sentence.is_predicate(rest))?;
                Some(vec![before, rest])
            }
            (false, false) => None,
        }
    }

    /// `Ortiz said (that) the bridge would hold`: what stands after the frame.
    fn following(&self) -> Option<Range<usize>> {
        let mut start = self.tokens.end;
        if self.verb.verb == Verb::Tell {
            let hearer = self.verb.behind?;
            start = after_speaker(self.syntax, &self.sentence, hearer);
        }
        let bare = match self.verb.verb {
            Verb::Say | Verb::Tell | Verb::Think => true,
            Verb::Speak | Verb::Write => true,
            _ => false,
        };
        let infinitive = matches!(self.verb.verb, Verb::Think | Verb::Vow | Verb::Speak);
        let clause = self.sentence.clause_after(start, bare).or_else(|| {
            let start = self.sentence.after_circumstances(start);
            infinitive
                .then(|| self.sentence.infinitive_after(start))
                .flatten()
        })?;
        let relative = self.syntax.clauses.phrases[self.speaker].who == Who::Relative;
        Some(if relative {
            self.sentence.up_to_comma(clause)
        } else {
            clause
        })
    }

    /// `calling`, `saying`: what leads to it is not what is said.
    fn is_participle(&self) -> bool {
        let forms = self.syntax.token(self.verb.token).class.forms;
        forms.has(Forms::ING)
    }
}

/// Whether what stands before a verb says that nothing was said: `declined to say`, `did not say`.
fn is_denied(syntax: &StorySyntax<'_>, verb: &MainVerb) -> bool {
    let sentence = syntax.token(verb.token).sentence;
    let before = syntax.tokens.outer[..verb.token].iter().rev().take(2);
    let mut before = before.take_while(|t| t.sentence == sentence && t.kind == Kind::Word);
    verb.verb != Verb::Think && before.any(|t| t.class.grammar == Grammar::Negation)
}

/// The phrase after a verb that is its subject: `…, said Ortiz`, `"…" said Ortiz`.
fn inverted(syntax: &StorySyntax<'_>, sentence: &Sentence<'_>, verb: &MainVerb) -> Option<usize> {
    let speaker = verb.behind.filter(|_| verb.verb != Verb::Tell)?;
    let before = verb.token.checked_sub(1)?;
    let leads = |t: &Token| matches!(t.kind, Kind::Comma | Kind::Quote(_) | Kind::Break);
    let apart = sentence.contains(before) && leads(syntax.token(before));
    // `…, says the board holds`: the phrase after it is the subject of another verb.
    let after = after_speaker(syntax, sentence, speaker);
    let busy = sentence.contains(after)
        && (syntax.clauses.verb_of[after].is_some()
            || syntax.token(after).class.grammar.is_auxiliary());
    (apart && !busy).then_some(speaker)
}

/// Whether a phrase can be the speaker of a verb.
fn speaks(phrase: &Phrase, verb: Verb) -> bool {
    match phrase.who {
        Who::Time | Who::Owner | Who::Possessive | Who::Object => false,
        Who::Thing => verb.reports(),
        Who::Document | Who::Quantity => true,
        _ => verb != Verb::Show,
    }
}

/// The phrase that an owner owns: `board` of `the city's board`.
fn owned_by(syntax: &StorySyntax<'_>, phrase: usize) -> usize {
    let phrases = &syntax.clauses.phrases;
    let mut owned = phrase;
    while let Some(next) = phrases.get(owned + 1)
        && next.first == phrases[owned].last + 1
        && next.article == Article::Owned
        && owned < phrase + APPOSITIONS
    {
        owned += 1;
    }
    owned
}

/// One past a speaker after its verb, with what hangs on it and explains it: `said Ortiz, 41, a
/// welder at the docks`.
fn after_speaker(syntax: &StorySyntax<'_>, sentence: &Sentence<'_>, speaker: usize) -> usize {
    let phrases = &syntax.clauses.phrases;
    let speaker = owned_by(syntax, speaker);
    let mut end = sentence.after_hanging(phrases[speaker].last + 1);
    for _ in 0..APPOSITIONS {
        let Some(next) = sentence.apposition_after(end, speaker) else {
            break;
        };
        end = sentence.after_hanging(next);
    }
    end
}
