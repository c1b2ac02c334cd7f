//! Phrases, verbs and who does what: a shallow reading of the sentences around the quotes.
//!
//! No grammar of English, only what a quote's frame needs: noun phrases with their heads and
//! names, main verbs told from auxiliaries and nouns, and for each verb the phrase that is
//! probably its subject. The features weigh all of it; nothing here decides.

use super::chunk::chunk;
use super::class::{Forms, Gender, Grammar, Noun, Verb};
use super::clauses::{Article, BETWEENS, Between, Clauses, Phrase, Who};
use super::foreign::{ENGLISH, GERMAN};
use super::token::{Kind, Shape, Token};
use std::ops::Range;

/// Reads the blocks.
pub(crate) fn read(tokens: &[Token], blocks: &[Range<usize>], language: &str) -> Clauses {
    let english = language == ENGLISH;
    let mut out = Clauses {
        phrases: Vec::with_capacity(tokens.len() / 2),
        verbs: Vec::with_capacity(tokens.len() / 4),
        phrase_of: vec![None; tokens.len()],
        verb_of: vec![None; tokens.len()],
        ..Clauses::default()
    };
    for block in blocks {
        chunk(&tokens[block.clone()], block.start, english, &mut out);
    }
    if language == GERMAN {
        out.phrases
            .iter_mut()
            .filter(|phrase| is_common(tokens, phrase))
            .for_each(|phrase| (phrase.name, phrase.who) = (None, Who::Thing));
    }
    count(tokens, &mut out);
    for phrase in 0..out.phrases.len() {
        let explains = explained(tokens, &out, phrase);
        // `Ortiz, President of the Board`: a title in capitals is no name beside the name.
        if let Some(other) = explains {
            for p in [phrase, other]
                .into_iter()
                .filter(|p| in_office(tokens, &out.phrases[*p]))
                .collect::<Vec<_>>()
            {
                (out.phrases[p].name, out.phrases[p].who) = (None, Who::OnePerson);
            }
        }
        out.phrases[phrase].explains = explains;
    }
    for verb in 0..out.verbs.len() {
        let token = out.verbs[verb].token;
        let (after, subject) = if english {
            (after(tokens, &out, token), subject(tokens, &out, verb))
        } else {
            let after = past_hearers(tokens, &out, token);
            let subject = match finite_part(tokens, &out, token) {
                _ if inverted(tokens, &out, verb) => None,
                Some(finite) if language == GERMAN => {
                    parted_subject(tokens, &out, finite).or_else(|| subject(tokens, &out, verb))
                }
                _ => subject(tokens, &out, verb),
            };
            let framed = subject.is_some_and(|subject| is_frame(tokens, &out, subject, token));
            (after.filter(|_| !framed), subject)
        };
        (out.verbs[verb].subject, out.verbs[verb].after) = (subject, after);
    }
    out
}

/// Returns whether a German phrase in capitals is a common noun: `die Bahn`. Persons have no
/// article, and short forms are names in any case.
fn is_common(tokens: &[Token], phrase: &Phrase) -> bool {
    let words = &tokens[phrase.first..=phrase.last];
    let opens = matches!(
        words[0].class.grammar,
        Grammar::Determiner | Grammar::Demonstrative | Grammar::Quantity
    ) || phrase.article == Article::Owned;
    let named = words.iter().any(|t| {
        let class = &t.class;
        class.given != Gender::None || class.honorific != Gender::None || t.shape == Shape::Upper
    });
    phrase.who == Who::Name
        && phrase.name.is_some_and(|name| name.first == name.last)
        && opens
        && !named
}

/// Returns whether a subject stands between a quote and its verb, so that nobody after the verb
/// speaks: `”…”, Virtanen sanoi lehdelle.`
fn is_frame(tokens: &[Token], out: &Clauses, subject: usize, verb: usize) -> bool {
    let subject = &out.phrases[subject];
    let mut before = tokens[..subject.first].iter().rev();
    let mut before = before.by_ref().skip_while(|t| t.kind == Kind::Comma);
    let quoted = before
        .next()
        .is_some_and(|t| matches!(t.kind, Kind::Quote(_)));
    quoted && subject.last + 1 == verb
}

/// Returns the phrase right after a verb, adverbs left out.
fn after(tokens: &[Token], out: &Clauses, token: usize) -> Option<usize> {
    let phrase = (token + 1..tokens.len())
        .take_while(|i| tokens[*i].sentence == tokens[token].sentence)
        .find(|i| tokens[*i].class.grammar != Grammar::Adverb || tokens[*i].kind != Kind::Word)
        .and_then(|i| out.phrase_of[i]);
    phrase.map(|phrase| phrase as usize)
}

/// Who stands between a verb and its subject, at most: hearers, places, days.
const HEARERS: usize = 3;

/// Returns the phrase after a verb that may be its subject, past hearers and places: `disse à
/// agência o ministro`, `disse ontem, no Porto, o ministro`. The phrase right after it if there is
/// none.
fn past_hearers(tokens: &[Token], out: &Clauses, token: usize) -> Option<usize> {
    let first = after(tokens, out, token);
    let (mut found, mut from) = (first, token);
    for _ in 0..HEARERS {
        match found {
            Some(phrase) if !out.phrases[phrase].oblique => return found,
            Some(phrase) => from = out.phrases[phrase].last,
            None => {
                let next = (from + 1..tokens.len())
                    .take_while(|i| tokens[*i].sentence == tokens[token].sentence)
                    .find(|i| tokens[*i].class.grammar != Grammar::Adverb);
                // `disse ontem, no Porto, o ministro`
                let comma = next.filter(|i| tokens[*i].kind == Kind::Comma);
                let preposition = comma
                    .map_or(next, |comma| Some(comma + 1))
                    .filter(|i| *i < tokens.len())
                    // `zo legde van Loon uit`: the preposition may belong to a name.
                    .filter(|i| tokens[*i].class.grammar == Grammar::Preposition)
                    .filter(|i| !tokens[*i].class.particle);
                let phrase = preposition
                    .and_then(|i| out.phrase_of.get(i + 1).copied().flatten())
                    .filter(|phrase| {
                        let first = out.phrases[*phrase as usize].first;
                        tokens[first].sentence == tokens[token].sentence
                    });
                match phrase {
                    Some(phrase) => {
                        let last = out.phrases[phrase as usize].last;
                        let closed = tokens.get(last + 1).is_some_and(|t| t.kind == Kind::Comma);
                        from = match comma {
                            None => last,
                            Some(_) if closed => last + 1,
                            Some(_) => break,
                        };
                    }
                    None => break,
                }
            }
        }
        found = after(tokens, out, from)
            .filter(|phrase| tokens[out.phrases[*phrase].first].sentence == tokens[token].sentence);
    }
    found.or(first)
}

/// Tokens between an auxiliary and the participle or infinitive that closes its clause.
const CLAUSE: usize = 40;

/// Returns the auxiliary before a participle or infinitive: `hat` of `hat … gesagt`.
fn finite_part(tokens: &[Token], out: &Clauses, verb: usize) -> Option<usize> {
    let sentence = tokens[verb].sentence;
    let ends = |t: &Token| {
        let parts = matches!(t.kind, Kind::Comma | Kind::Colon | Kind::Break);
        parts || matches!(t.class.grammar, Grammar::That | Grammar::Relative)
    };
    (verb.saturating_sub(CLAUSE)..verb)
        .rev()
        .take_while(|i| tokens[*i].sentence == sentence && !ends(&tokens[*i]))
        .take_while(|i| out.verb_of[*i].is_none_or(|v| out.verbs[v as usize].verb == Verb::Be))
        .find(|i| {
            let grammar = tokens[*i].class.grammar;
            grammar.is_auxiliary() && grammar != Grammar::Negation
        })
}

/// Returns the subject of a clause whose verb has two parts and whose auxiliary stands at `finite`:
/// right before it, else right after it.
fn parted_subject(tokens: &[Token], out: &Clauses, finite: usize) -> Option<usize> {
    let ahead = before(tokens, finite)
        .and_then(|i| out.phrase_of[i])
        .map(|phrase| root(tokens, out, phrase as usize));
    let stands = |phrase: &usize| {
        let found = &out.phrases[*phrase];
        let hangs = before(tokens, found.first)
            .is_some_and(|i| tokens[i].class.grammar == Grammar::Preposition);
        let other = matches!(
            found.who,
            Who::Time | Who::Owner | Who::Possessive | Who::Object
        );
        !found.oblique && !hangs && !other
    };
    let after = || past_hearers(tokens, out, finite);
    ahead.filter(stands).or_else(|| after().filter(stands))
}

fn count(tokens: &[Token], out: &mut Clauses) {
    let mut sums = [0u16; BETWEENS];
    out.counts.reserve(tokens.len() + 1);
    for (i, token) in tokens.iter().enumerate() {
        out.counts.push(sums);
        let mut add = |kind: Between| sums[kind as usize] = sums[kind as usize].wrapping_add(1);
        if let Some(verb) = out.verb_of[i] {
            add(Between::Verb);
            if out.verbs[verb as usize].verb.reports() {
                add(Between::Report);
            }
        }
        if out.phrase_of[i].is_some_and(|p| out.phrases[p as usize].last == i) {
            add(Between::Phrase);
        }
        match token.kind {
            Kind::Comma => add(Between::Comma),
            Kind::Quote(_) => add(Between::Quote),
            Kind::Colon => add(Between::Colon),
            Kind::Open | Kind::Close | Kind::Break => add(Between::Bracket),
            _ => {}
        }
        match token.class.grammar {
            Grammar::Preposition | Grammar::By | Grammar::As | Grammar::To => {
                add(Between::Preposition);
            }
            Grammar::Conjunction | Grammar::Subordinator => add(Between::Conjunction),
            Grammar::Relative => add(Between::Relative),
            Grammar::That => add(Between::That),
            _ => {}
        }
        // Counted at a sentence's last token, so that two tokens of it have none between them.
        if tokens
            .get(i + 1)
            .is_some_and(|next| next.sentence != token.sentence)
        {
            add(Between::Sentence);
        }
    }
    out.counts.push(sums);
}

/// Phrases that hang on one another at most, and main verbs of one sentence that are looked back
/// at: no sentence that people write has so many.
const CHAIN: usize = 64;

/// Returns the token before another of the same sentence.
fn before(tokens: &[Token], i: usize) -> Option<usize> {
    i.checked_sub(1)
        .filter(|before| tokens[*before].sentence == tokens[i].sentence)
}

/// Returns the phrase that hangs on no other: `clerk` of `a clerk at the depot`.
pub(crate) fn root(tokens: &[Token], out: &Clauses, phrase: usize) -> usize {
    let mut root = phrase;
    for _ in 0..CHAIN {
        let Some(link) = before(tokens, out.phrases[root].first) else {
            break;
        };
        let owns = tokens[link].owner || tokens[link].class.grammar == Grammar::Possessive;
        let owner = out.phrase_of[link].filter(|owner| owns && *owner as usize != root);
        // The owned phrase hangs on the same thing as its owner.
        let link = match owner {
            Some(owner) => before(tokens, out.phrases[owner as usize].first),
            None => Some(link),
        };
        let Some(up) = link.and_then(|link| hangs(tokens, out, link)) else {
            break;
        };
        root = up;
    }
    root
}

/// Returns the phrase right before a preposition.
fn hangs(tokens: &[Token], out: &Clauses, preposition: usize) -> Option<usize> {
    let token = &tokens[preposition];
    if !matches!(token.class.grammar, Grammar::Preposition) || token.first {
        return None;
    }
    out.phrase_of[before(tokens, preposition)?].map(|p| p as usize)
}

/// Returns the phrase that `phrase` explains after a comma: `Ortiz, 41, a welder`.
fn explained(tokens: &[Token], out: &Clauses, phrase: usize) -> Option<usize> {
    let this = out.phrases[phrase];
    let mut comma = this.first.checked_sub(1)?;
    if this.article == Article::Owned {
        // After the owner.
        comma = out.phrases[out.phrase_of[comma]? as usize]
            .first
            .checked_sub(1)?;
    }
    if tokens[comma].kind != Kind::Comma {
        return titled(tokens, out, phrase);
    }
    let mut before = comma.checked_sub(1)?;
    // `, 41,` and `(D-Iowa),`
    if tokens[before].kind == Kind::Number && before >= 2 && tokens[before - 1].kind == Kind::Comma
    {
        before -= 2;
    }
    if tokens[before].kind == Kind::Close {
        before = (before.saturating_sub(6)..before)
            .rev()
            .find(|i| tokens[*i].kind == Kind::Open)?
            .checked_sub(1)?;
    }
    let other = out.phrase_of[before]? as usize;
    let other = root(tokens, out, other);
    let (a, b) = (&out.phrases[other], &this);
    let office = |p: &Phrase| in_office(tokens, p);
    let noun = |p: &Phrase| {
        matches!(
            p.who,
            Who::OnePerson | Who::People | Who::Organisation | Who::Document | Who::Thing
        ) || office(p)
    };
    // Before the name only what names a person or a body can explain it: `for the fourth quarter,
    // Lena Ortiz said`.
    let bearer =
        |p: &Phrase| matches!(p.who, Who::OnePerson | Who::People | Who::Organisation) || office(p);
    let named = |p: &Phrase| matches!(p.who, Who::Person | Who::Name | Who::Body) && !office(p);
    (tokens[a.first].sentence == tokens[b.first].sentence
        && (named(a) && noun(b) || bearer(a) && named(b)))
    .then_some(other)
}

/// Returns whether a title in capitals stands where a name could: `President`, `Vice Chairman`.
fn in_office(tokens: &[Token], p: &Phrase) -> bool {
    let head = &tokens[p.last];
    p.name.is_some()
        && head.class.noun == Noun::Person
        && head.class.given == Gender::None
        && tokens[p.first..=p.last].iter().all(|t| {
            t.class.given == Gender::None
                && (t.class.honorific == Gender::None || t.class.noun == Noun::Person)
        })
}

/// Returns the description right before a name, with what hangs on it: `former harbour master in
/// Port Lesa Lena Ortiz`.
fn titled(tokens: &[Token], out: &Clauses, phrase: usize) -> Option<usize> {
    let this = &out.phrases[phrase];
    let hanging = out.phrase_of[before(tokens, this.first)?]? as usize;
    let noun = root(tokens, out, hanging);
    let named = matches!(this.who, Who::Person | Who::Name);
    (named && noun != hanging && out.phrases[noun].who == Who::OnePerson).then_some(noun)
}

/// Returns whether a verb of speech follows what was said, without marks, and its subject follows
/// it: `Es regne, sagte Brandt.`
fn inverted(tokens: &[Token], out: &Clauses, verb: usize) -> bool {
    let this = &out.verbs[verb];
    let sentence = tokens[this.token].sentence;
    let comma = |i: &usize| tokens[*i].kind == Kind::Comma && tokens[*i].sentence == sentence;
    let ahead = this.token.checked_sub(1).filter(comma);
    let after = out.phrase_of.get(this.token + 1).copied().flatten();
    this.verb.reports()
        && after.is_some()
        && ahead.is_some_and(|ahead| {
            (ahead.saturating_sub(30)..ahead).all(|i| tokens[i].sentence != sentence || !comma(&i))
        })
}

/// Returns the probable subject of a verb: leftwards over auxiliaries, prepositions and insertions.
fn subject(tokens: &[Token], out: &Clauses, verb: usize) -> Option<usize> {
    let this = out.verbs[verb];
    let sentence = tokens[this.token].sentence;
    let mut i = this.token;
    let mut steps = 0;
    let gerund = tokens[this.token].class.forms.has(Forms::ING);
    while let Some(before) = i.checked_sub(1) {
        steps += 1;
        if tokens[before].sentence != sentence || steps > 40 {
            return None;
        }
        let token = &tokens[before];
        if let Some(phrase) = out.phrase_of[before] {
            let phrase = root(tokens, out, phrase as usize);
            let found = &out.phrases[phrase];
            if found.who == Who::Time && !found.plural {
                i = found.first;
                continue;
            }
            if let Some(whole) = found.explains.filter(|_| found.name.is_none()) {
                return Some(whole);
            }
            // A phrase after a preposition that hangs on no phrase is an adjunct.
            let adjunct = found
                .first
                .checked_sub(1)
                .is_some_and(|p| tokens[p].class.grammar == Grammar::Preposition);
            // `Ortiz, of Lesa, Md., said`: the state belongs to the place.
            let state = is_short_place(tokens, found);
            if state
                || adjunct
                || found.oblique
                || matches!(found.who, Who::Owner | Who::Possessive)
            {
                i = found.first;
                continue;
            }
            // `a lawyer representing the board said`: the object of a participle.
            if let Some(whole) = modified(tokens, out, found) {
                return Some(whole);
            }
            // `chased Ortiz, calling her`: an object is no subject of a participle.
            if gerund
                && !out.verbs[verb].passive
                && let Some(main) = main_before(tokens, out, verb, found.first)
            {
                return out.verbs[main].subject.or(Some(phrase));
            }
            return Some(phrase);
        }
        match token.kind {
            Kind::Comma => {
                // An insertion: on to the comma that opens it.
                let quoted = matches!(tokens[before + 1].kind, Kind::Quote(_));
                let opened = (before.saturating_sub(30)..before)
                    .rev()
                    .take_while(|j| tokens[*j].sentence == sentence && !quoted)
                    .find(|j| {
                        tokens[*j].kind == Kind::Comma || matches!(tokens[*j].kind, Kind::Quote(_))
                    });
                if gerund && let Some(main) = main_before(tokens, out, verb, before) {
                    return out.verbs[main].subject;
                }
                match opened {
                    Some(j) if tokens[j].kind == Kind::Comma => {
                        // The phrase before the insertion, if the insertion explains or qualifies
                        // it.
                        i = j;
                    }
                    _ => i = before,
                }
                continue;
            }
            Kind::Close => {
                i = (before.saturating_sub(12)..before)
                    .rev()
                    .find(|j| tokens[*j].kind == Kind::Open)
                    .unwrap_or(before);
                continue;
            }
            // `Demir, "…" dedi.`: the verb that ends its sentence has its subject before the quote.
            Kind::Quote(_)
                if tokens
                    .get(this.token + 1)
                    .is_some_and(|t| t.kind == Kind::Stop) => {}
            Kind::Quote(_) | Kind::Colon => return None,
            _ => {}
        }
        if matches!(token.class.grammar, Grammar::Conjunction)
            && let Some(main) = main_before(tokens, out, verb, before)
        {
            return out.verbs[main].subject;
        }
        if out.verb_of[before].is_some() && (this.infinitive || gerund) {
            return out.verbs[out.verb_of[before]? as usize].subject;
        }
        i = before;
    }
    None
}

/// Returns whether a phrase is a short form between commas: `Md.`, `R.I.`
fn is_short_place(tokens: &[Token], phrase: &Phrase) -> bool {
    let token = &tokens[phrase.first];
    let comma = |i: Option<usize>| {
        i.and_then(|i| tokens.get(i))
            .is_some_and(|t| t.kind == Kind::Comma)
    };
    let short = token.class.grammar == Grammar::Abbreviation && !token.class.firm
        || token.shape == Shape::Upper;
    phrase.first == phrase.last
        && short
        && comma(phrase.first.checked_sub(1))
        && comma(Some(phrase.last + 1))
}

/// Returns the phrase that a participle before `object` describes: `a lawyer` of `a lawyer
/// representing the board`.
fn modified(tokens: &[Token], out: &Clauses, object: &Phrase) -> Option<usize> {
    let participle = before(tokens, object.first)?;
    let verb = &out.verbs[out.verb_of[participle]? as usize];
    let described = before(tokens, participle).and_then(|i| out.phrase_of[i])?;
    let forms = tokens[participle].class.forms;
    let participle = forms == Forms::ING && !verb.verb.reports();
    let described = root(tokens, out, described as usize);
    let people = matches!(
        out.phrases[described].who,
        Who::OnePerson | Who::People | Who::Organisation | Who::Document
    );
    (participle && people).then_some(described)
}

/// Returns the main verb before `at` in the sentence.
fn main_before(tokens: &[Token], out: &Clauses, verb: usize, at: usize) -> Option<usize> {
    let sentence = tokens[out.verbs[verb].token].sentence;
    out.verbs[..verb]
        .iter()
        .enumerate()
        .rev()
        .take(CHAIN)
        .take_while(|(_, v)| tokens[v.token].sentence == sentence)
        .find(|(_, v)| {
            v.token < at && !v.infinitive && !tokens[v.token].class.forms.has(Forms::ING)
        })
        .map(|(i, _)| i)
}

#[cfg(test)]
mod tests {
    use crate::quotes::passages::marks::passages;
    use crate::quotes::syntax::story::StorySyntax;

    /// Returns the main verbs of some blocks, each with its subject and the phrase after it.
    fn verbs(blocks: &[&str]) -> Vec<String> {
        verbs_in("en", blocks)
    }

    fn verbs_in(language: &str, blocks: &[&str]) -> Vec<String> {
        let passages: Vec<_> = blocks.iter().map(|block| passages(block)).collect();
        let syntax = StorySyntax::new(blocks, &passages, language);
        let text = |phrase: Option<usize>| {
            let phrase = phrase.map(|p| &syntax.clauses.phrases[p]);
            phrase.map_or("-", |p| syntax.word(p.last))
        };
        let verbs = syntax.clauses.verbs.iter();
        verbs
            .map(|v| {
                let verb = syntax.word(v.token);
                format!("{} {verb} {}", text(v.subject), text(v.after))
            })
            .collect()
    }

    #[test]
    fn a_verb_finds_its_subject() {
        for (text, want) in [
            (
                "Ana Ortiz said the bridge held.",
                &["Ortiz said bridge", "bridge held -"][..],
            ),
            ("Ortiz, a welder, said.", &["Ortiz said -"]),
            ("A clerk at the depot said.", &["clerk said -"]),
            ("Ortiz, who left, said.", &["who left -", "Ortiz said -"]),
            ("\"It held,\" said Ortiz.", &["- said Ortiz"]),
            (
                "Lund told Ortiz and left.",
                &["Lund told Ortiz", "Lund left -"],
            ),
            ("Ortiz, 59, of Lesa, Md., said.", &["Ortiz said -"]),
            (
                "A lawyer representing the board said.",
                &["lawyer representing board", "lawyer said -"],
            ),
            (
                "The board was seen as signs for alleged violations.",
                &["board seen -"],
            ),
            (
                "Lund waved, calling it soup.",
                &["Lund waved -", "Lund calling it"],
            ),
        ] {
            assert_eq!(verbs(&[text]), want, "{text}");
        }
    }

    #[test]
    fn hearers_places_and_days_stand_between_a_verb_and_its_subject() {
        for (language, text, want) in [
            (
                "pt",
                "«Sim», disse ontem, no Porto, o ministro.",
                "- disse ministro",
            ),
            (
                "pt",
                "«Sim», disse à agência o ministro.",
                "- disse ministro",
            ),
            (
                "pl",
                "„Tak” – powiedział na blogu rzecznik.",
                "- powiedział rzecznik",
            ),
        ] {
            assert_eq!(verbs_in(language, &[text]), [want], "{text}");
        }
    }

    #[test]
    fn nothing_is_read_across_blocks() {
        assert_eq!(verbs(&["The plan of Ana Ortiz,", "said."]), ["- said -"]);
        assert_eq!(
            verbs(&["Ortiz said", "Lund left."]),
            ["Ortiz said -", "Lund left -"]
        );
    }

    #[test]
    fn an_endless_chain_has_a_root_nearby() {
        let text = "clerk of ".repeat(1000) + "Lesa said.";
        assert_eq!(verbs(&[&text]), ["clerk said -"]);
    }
}
