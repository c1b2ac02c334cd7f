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
//! is weighed: a frame is there or it is not. A frame inside a reported clause is a statement of
//! its own, which lies in the other.

mod clause;

use super::syntax::class::{Forms, Grammar, Verb};
use super::syntax::clauses::{Article, MainVerb, Phrase, Who};
use super::syntax::story::StorySyntax;
use super::syntax::token::{Kind, Token};
use clause::{Sentence, WithoutThat};
use std::ops::Range;

/// Phrases after a speaker that may explain it: `said Ortiz, 41, a welder`.
const APPOSITIONS: usize = 6;

/// What somebody is reported to have said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
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
pub(crate) fn find(syntax: &StorySyntax<'_>, quotable: &[bool]) -> Vec<Statement> {
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
    let end = sentence.after_participle(end);
    let after = sentence.clause_after(end, WithoutThat::AnyClause);
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
    /// Returns the frame of a verb, if it is one of speech or thought with a speaker.
    fn new(syntax: &'a StorySyntax<'a>, sentence: Sentence<'a>, verb: &MainVerb) -> Option<Self> {
        let reports = verb.verb.reports() || matches!(verb.verb, Verb::Think | Verb::Vow);
        let listed = reports || verb.verb == Verb::Show;
        if !listed || verb.passive || verb.infinitive || is_denied(syntax, verb) {
            return None;
        }
        let inverted = verb
            .verb
            .reports()
            .then(|| inverted(syntax, &sentence, verb));
        let (speaker, inverted) = match (inverted.flatten(), verb.subject) {
            (Some(speaker), _) => (speaker, true),
            (None, subject) => (beside(syntax, verb).or(subject)?, false),
        };
        if !speaks(&syntax.clauses.phrases[speaker], verb.verb) || is_nobodys(syntax, verb, speaker)
        {
            return None;
        }
        let tokens = if inverted {
            verb.token..after_speaker(syntax, &sentence, speaker)
        } else {
            sentence.start_of(speaker, verb.token).min(verb.token)..verb.token + 1
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

    /// Returns the clause that the frame reports: what leads to it and goes on after it, or what
    /// follows.
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
        let end = self.sentence.after_circumstances(self.tokens.end);
        let closed = self.sentence.closes(end);
        let goes_on = self.sentence.is(end, Kind::Comma);
        // What is shown or promised is not put before the frame; what is thought, only at the end.
        let leads = match self.verb.verb {
            Verb::Think => closed,
            verb => verb.reports() && (closed || goes_on),
        };
        if !leads {
            return None;
        }
        let subject = self.syntax.clauses.phrases[self.speaker].who;
        if subject == Who::Relative || self.is_participle() {
            return None;
        }
        let second = || {
            let rest = self.sentence.rest(end + 1)?;
            self.sentence.goes_on(&rest).then_some(rest)
        };
        let Some(before) = self.sentence.before_frame(self.tokens.start) else {
            // `But, said Ortiz, it held.`
            let rest = second().filter(|rest| self.inverted && self.sentence.is_clause(rest))?;
            return Some(vec![rest]);
        };
        // `Asked whether it held, Ortiz said: "…"`
        let opens = closed && !self.inverted && self.sentence.leads_to_quote(end);
        if opens && self.sentence.is_circumstance(&before) {
            return None;
        }
        match (self.sentence.is_clause(&before), goes_on) {
            // `As the phone rang, Ortiz said, it broke.`
            (true, true) if self.sentence.is_condition(&before) => Some(vec![second()?]),
            (true, true) if !self.inverted => {
                Some([Some(before), second()].into_iter().flatten().collect())
            }
            (true, _) => Some(vec![before]),
            (false, true) => {
                // `"It held," she said, but Lund had left.`
                let says = self.verb.verb == Verb::Say && self.sentence.words(&before) > 0;
                let rest = second().filter(|rest| says && self.sentence.is_predicate(rest))?;
                Some(vec![before, rest])
            }
            (false, false) => None,
        }
    }

    /// `Ortiz said (that) the bridge would hold`: what stands after the frame.
    fn following(&self) -> Option<Range<usize>> {
        let mut start = self.tokens.end;
        if self.verb.verb == Verb::Tell {
            let hearer = self.verb.after?;
            start = after_speaker(self.syntax, &self.sentence, hearer);
        }
        let without_that = match self.verb.verb {
            Verb::Say => WithoutThat::AnyClause,
            Verb::Tell => WithoutThat::AfterHearer,
            Verb::Think | Verb::Speak | Verb::Write => WithoutThat::PlainClause,
            _ => WithoutThat::Nothing,
        };
        let clause = self.sentence.clause_after(start, without_that);
        // `vowed to stay`: what is promised is said; what is wanted or tried need not be.
        let clause = clause.or_else(|| {
            let start = self.sentence.after_circumstances(start);
            let vows = self.verb.verb == Verb::Vow && !self.is_participle();
            let vowed = vows.then(|| self.sentence.infinitive_after(start));
            vowed.flatten().or_else(|| self.order())
        })?;
        // `before the hearing, a beam broke`: only what is said stands after a comma.
        let parted = self.sentence.is(clause.start - 1, Kind::Comma);
        let says = self.verb.verb == Verb::Say && !self.is_participle();
        let inserted = || {
            let before = self.tokens.start.checked_sub(1);
            before.is_some_and(|before| self.sentence.is(before, Kind::Comma))
        };
        // `"It held," she said, but Lund had left.`
        let links = self.syntax.token(clause.start).class.grammar == Grammar::Conjunction;
        if parted && (links || !says && !inserted()) {
            return None;
        }
        let relative = self.syntax.clauses.phrases[self.speaker].who == Who::Relative;
        Some(if relative {
            self.sentence.up_to_comma(clause)
        } else {
            clause
        })
    }

    /// `Ortiz urged the board to close it`: what somebody is told to do.
    fn order(&self) -> Option<Range<usize>> {
        let hearer = self.verb.after.filter(|_| self.verb.verb == Verb::Tell)?;
        let end = after_speaker(self.syntax, &self.sentence, hearer);
        self.sentence.infinitive_after(end)
    }

    /// `calling`, `saying`: what leads to it is not what is said.
    fn is_participle(&self) -> bool {
        let forms = self.syntax.token(self.verb.token).class.forms;
        forms.has(Forms::ING)
    }
}

/// Returns whether what stands before a verb says that nothing was said: `declined to say`, `did
/// not say`.
fn is_denied(syntax: &StorySyntax<'_>, verb: &MainVerb) -> bool {
    let sentence = syntax.token(verb.token).sentence;
    let before = syntax.tokens.outer[..verb.token].iter().rev().take(2);
    let mut before = before.take_while(|t| t.sentence == sentence && t.kind == Kind::Word);
    verb.verb != Verb::Think && before.any(|t| t.class.grammar == Grammar::Negation)
}

/// Returns whether a verb and its subject report nothing that somebody said: `it goes without
/// saying that`, `what Ortiz says it will do`, `especially given that`, `nobody said`.
fn is_nobodys(syntax: &StorySyntax<'_>, verb: &MainVerb, speaker: usize) -> bool {
    let token = syntax.token(verb.token);
    let subject = &syntax.clauses.phrases[speaker];
    let worth = verb.token.checked_sub(1).is_some_and(|before| {
        let before = syntax.word(before);
        token.class.forms.has(Forms::ING) && matches!(before, "worth" | "without")
    });
    let asked = subject.first.checked_sub(1).is_some_and(|before| {
        let same = syntax.token(before).sentence == token.sentence;
        let word = syntax.word(before).to_ascii_lowercase();
        same && matches!(&*word, "what" | "how" | "whatever")
    });
    // `what Ortiz said was a mistake`
    let after = syntax.tokens.outer.get(verb.token + 1);
    let shows = after.is_some_and(|after| after.class.grammar.is_auxiliary());
    let given = syntax.word(verb.token) == "given";
    let nobody = matches!(
        &*syntax.word(subject.first).to_ascii_lowercase(),
        "nobody" | "no" | "none" | "neither"
    );
    worth || asked && !shows || given || nobody
}

/// Returns the phrase after a verb that is its subject: `…, said Ortiz`, `"…" said Ortiz`.
fn inverted(syntax: &StorySyntax<'_>, sentence: &Sentence<'_>, verb: &MainVerb) -> Option<usize> {
    let speaker = verb.after.filter(|_| verb.verb != Verb::Tell)?;
    if syntax.clauses.phrases[speaker].who == Who::Time {
        return None;
    }
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

/// Returns the phrase right before a verb, if it seems to explain another: `…, the board said`.
/// What explains a subject is closed by a comma of its own.
fn beside(syntax: &StorySyntax<'_>, verb: &MainVerb) -> Option<usize> {
    let phrase = syntax.clauses.phrase_of[verb.token.checked_sub(1)?]? as usize;
    let explained = syntax.clauses.phrases[phrase].explains;
    (explained.is_some() && explained == verb.subject).then_some(phrase)
}

/// Returns whether a phrase can be the speaker of a verb.
fn speaks(phrase: &Phrase, verb: Verb) -> bool {
    match phrase.who {
        Who::Time | Who::Owner | Who::Possessive | Who::Object => false,
        Who::Thing => verb.reports(),
        Who::Document | Who::Quantity => true,
        _ => verb != Verb::Show,
    }
}

/// Returns the phrase that an owner owns: `board` of `the city's board`.
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

/// Returns one past a speaker after its verb, with what hangs on it and explains it: `said Ortiz,
/// 41, a welder at the docks`.
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

#[cfg(test)]
mod tests {
    use crate::quotes::{Body, Weights, attribute};
    use crate::story::QuoteKind;

    /// Speaker, cue and clause of each statement of some blocks.
    fn statements(blocks: &[&str]) -> Vec<[String; 3]> {
        let body = Body {
            blocks,
            quotable: &vec![true; blocks.len()],
            heads: &[],
            language: "en",
        };
        let quotes = attribute(&body, Weights::fitted()).into_iter();
        let indirect = quotes.filter(|quote| quote.passage.kind == QuoteKind::Indirect);
        indirect
            .map(|quote| {
                let text = |place: crate::quotes::Place| &blocks[place.block()][place.range()];
                let speaker = quote.speaker.expect("a statement has a speaker");
                let cue = quote.cue.expect("a statement has a cue");
                let clause = &blocks[quote.block][quote.passage.range];
                [text(speaker.mention), text(cue), clause].map(str::to_owned)
            })
            .collect()
    }

    #[test]
    fn a_frame_has_its_whole_clause() {
        for (text, want) in [
            (
                "Ortiz said the old bridge would hold.",
                &[["Ortiz", "said", "the old bridge would hold"]][..],
            ),
            (
                "Lena Ortiz, a welder, said Monday that it would hold on Nov. 9.",
                &[["Lena Ortiz", "said", "that it would hold on Nov. 9"]],
            ),
            (
                "The bridge would hold, said Ortiz, a welder at the docks.",
                &[["Ortiz", "said", "The bridge would hold"]],
            ),
            (
                "The bridge closes in May, the harbour board said in a statement.",
                &[["the harbour board", "said", "The bridge closes in May"]],
            ),
            (
                "The bridge, she said, would hold.",
                &[["she", "said", "The bridge"], ["she", "said", "would hold"]],
            ),
            (
                "According to Ortiz, the bridge would hold.",
                &[["Ortiz", "According", "the bridge would hold"]],
            ),
            (
                "According to Ortiz, a welder, the bridge is \"a toy\" for now.",
                &[["Ortiz", "According", "the bridge is \"a toy\" for now"]],
            ),
            (
                "The bridge would hold, according to the harbour board.",
                &[["the harbour board", "according", "The bridge would hold"]],
            ),
            (
                "Ortiz told the masters that the bridge would hold.",
                &[["Ortiz", "told", "that the bridge would hold"]],
            ),
            (
                "Ortiz said the bridge would hold, but Lund said it was old.",
                &[
                    ["Ortiz", "said", "the bridge would hold"],
                    ["Lund", "said", "it was old"],
                ],
            ),
            (
                "Harbour masters say they expect that it closes.",
                &[
                    ["Harbour masters", "say", "they expect that it closes"],
                    ["they", "expect", "that it closes"],
                ],
            ),
            (
                "Ortiz told the masters to close the bridge.",
                &[["Ortiz", "told", "to close the bridge"]],
            ),
            (
                "According to a survey taken in May, the bridge would hold.",
                &[["a survey", "According", "the bridge would hold"]],
            ),
            (
                "Ortiz said the bridge was \"a toy.\"",
                &[["Ortiz", "said", "the bridge was \"a toy.\""]],
            ),
        ] {
            let found = statements(&[text]);
            let found: Vec<_> = found.iter().map(|f| f.each_ref().map(|s| &**s)).collect();
            assert_eq!(found, want, "{text}");
        }
    }

    #[test]
    fn a_clause_ends_at_the_mark_that_parts_sentences() {
        for (text, clause) in [
            (
                "Ortiz said the bridge held; the board had closed it in May.",
                "the bridge held",
            ),
            (
                "Ortiz said the bridge held: The board had closed it in May.",
                "the bridge held",
            ),
            (
                "It closes (Ortiz said the bridge held), and Lund left.",
                "the bridge held",
            ),
            (
                "Ortiz said it was built in the U.S. The board closed it.",
                "it was built in the U.S.",
            ),
        ] {
            let found = statements(&[text]);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!(found[0][2], clause, "{text}");
        }
    }

    #[test]
    fn what_nobody_says_is_no_statement() {
        for text in [
            "Ortiz declined to say whether it would hold.",
            "Ortiz did not say how it held.",
            "The bridge was said to be old.",
            "\"It held,\" said Ortiz.",
            "Ortiz wants to close the bridge.",
            "The board offered new evidence to the press.",
            "The union answered with a letter that it read out.",
            "It was so.",
            "\"It held,\" she said, but Lund had left the board.",
            "It goes without saying that the bridge is old.",
            "It is worth noting that the bridge is old.",
            "What Ortiz says it will do is new.",
            "Ortiz learned that old lesson.",
            "The board tried to close the bridge.",
            "Asked whether it held, Ortiz said: \"It did.\"",
            "After the miners objected, the board closed the bridge.",
            "\"We're new,\" said Lena Ortiz, a Lesa welder who has studied bridges.",
            "Ortiz invited him to a meeting in Lesa.",
            "Nobody said that the bridge was old.",
        ] {
            assert_eq!(statements(&[text]), [[""; 3]; 0], "{text}");
        }
    }

    #[test]
    fn a_statement_ends_with_its_block() {
        assert_eq!(
            statements(&["Ortiz said the bridge", "would hold on Monday."]),
            [[""; 3]; 0]
        );
    }

    #[test]
    fn the_second_piece_continues_the_first() {
        let blocks = ["\"It held,\" Lund said. The bridge is old, she said, and it leaks."];
        let body = Body {
            blocks: &blocks,
            quotable: &[true],
            heads: &[],
            language: "en",
        };
        let quotes = attribute(&body, Weights::fitted());
        let parts: Vec<_> = quotes.iter().map(|quote| quote.part_of).collect();
        assert_eq!(parts, [None, None, Some(1)]);
    }
}
