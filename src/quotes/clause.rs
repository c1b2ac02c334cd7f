//! Phrases, verbs and who does what: a shallow reading of the sentences around the quotes.
//!
//! No grammar of English, only what a quote's frame needs: noun phrases with their heads and
//! names, main verbs told from auxiliaries and nouns, and for each verb the phrase that is
//! probably its subject. The features weigh all of it; nothing here decides.

use super::class::{Forms, Gender, Grammar, Noun, Verb};
use super::tokens::{Kind, Shape, Token};
use std::ops::Range;

/// What a phrase stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// A name with a given name or a title.
    Person,
    /// A name that may be anything.
    Name,
    /// A name with an organisation's noun in it, or in capitals.
    Body,
    /// `he`
    He,
    /// `she`
    She,
    /// `they`
    They,
    /// `it`
    It,
    /// `I`, `we`, `you`
    Me,
    /// `him`
    Object,
    /// `who`, `which`
    Relative,
    /// `some`, `many`
    Quantity,
    /// A noun for one person.
    OnePerson,
    /// A noun for several.
    People,
    /// A noun for an organisation.
    Organisation,
    /// A noun for something written or uttered.
    Document,
    /// Any other noun.
    Thing,
    /// A day, a time.
    Time,
    /// `Ortiz's` before a noun.
    Owner,
    /// `his` before a noun.
    Possessive,
}

/// What a phrase begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Article {
    /// Nothing.
    None,
    /// `a`, `another`, `one`
    Indefinite,
    /// `the`
    Definite,
    /// `this`
    Demonstrative,
    /// `some`, `two`, `every`
    Quantity,
    /// `his`, `Ortiz's`
    Owned,
}

/// A noun phrase, without what hangs on it by prepositions.
#[derive(Clone, Copy, Debug)]
pub struct Phrase {
    /// First token.
    pub first: usize,
    /// Last token, included.
    pub last: usize,
    /// The tokens of the name at its end: first, and last included.
    pub name: Option<(usize, usize)>,
    /// What it stands for.
    pub who: Who,
    /// What it begins with.
    pub article: Article,
    /// Whether it stands for several.
    pub plural: bool,
    /// The phrase that it explains, behind a comma.
    pub explains: Option<usize>,
}

/// A main verb.
#[derive(Clone, Copy, Debug)]
pub struct MainVerb {
    /// Its token.
    pub token: usize,
    /// What it does to words.
    pub verb: Verb,
    /// The phrase before it that is probably its subject.
    pub subject: Option<usize>,
    /// The phrase right behind it: a subject if the clause is inverted, else a hearer or object.
    pub behind: Option<usize>,
    /// `was called`
    pub passive: bool,
    /// `to call`
    pub infinitive: bool,
}

/// What may stand between two tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Between {
    /// A main verb.
    Verb,
    /// A verb of speech.
    Report,
    /// A comma.
    Comma,
    /// The end of a phrase.
    Phrase,
    /// A preposition.
    Preposition,
    /// `and`, `because`
    Conjunction,
    /// `who`
    Relative,
    /// Another quote.
    Quote,
    /// A sentence's end.
    Sentence,
    /// A colon.
    Colon,
    /// A bracket or dash.
    Bracket,
    /// `that`
    That,
}

const BETWEENS: usize = 12;

/// A story read.
#[derive(Debug, Default)]
pub struct Clauses {
    /// Phrases in order.
    pub phrases: Vec<Phrase>,
    /// Main verbs in order.
    pub verbs: Vec<MainVerb>,
    /// The phrase of each token.
    pub phrase_of: Vec<Option<u32>>,
    /// The main verb of each token.
    pub verb_of: Vec<Option<u32>>,
    /// How many of each kind stand before each token.
    counts: Vec<[u16; BETWEENS]>,
}

impl Clauses {
    /// How many of each kind stand between two tokens of a block, both excluded; in the order of [`Between`].
    pub fn between(&self, a: usize, b: usize) -> [u16; BETWEENS] {
        let (a, b) = (a.min(b), a.max(b));
        if b <= a + 1 {
            return [0; BETWEENS];
        }
        let (before, behind) = (&self.counts[a + 1], &self.counts[b]);
        std::array::from_fn(|kind| behind[kind].wrapping_sub(before[kind]))
    }
}

/// Reads the blocks.
pub fn read(tokens: &[Token], blocks: &[Range<usize>], english: bool) -> Clauses {
    let mut out = Clauses { phrase_of: vec![None; tokens.len()], verb_of: vec![None; tokens.len()], ..Clauses::default() };
    for block in blocks {
        chunk(tokens, block.clone(), english, &mut out);
    }
    count(tokens, &mut out);
    for phrase in 0..out.phrases.len() {
        let explains = explained(tokens, &out, phrase);
        // `Ortiz, President of the Board`: a title in capitals is no name beside the name.
        if let Some(other) = explains {
            for p in [phrase, other].into_iter().filter(|p| in_office(tokens, &out.phrases[*p])).collect::<Vec<_>>() {
                (out.phrases[p].name, out.phrases[p].who) = (None, Who::OnePerson);
            }
        }
        out.phrases[phrase].explains = explains;
    }
    for verb in 0..out.verbs.len() {
        let subject = if !english && inverted(tokens, &out, verb) { None } else { subject(tokens, &out, verb) };
        let token = out.verbs[verb].token;
        let behind = (token + 1..tokens.len()).find(|i| tokens[*i].class.grammar != Grammar::Adverb || tokens[*i].kind != Kind::Word);
        let behind = behind.filter(|i| tokens[*i].sentence == tokens[token].sentence).and_then(|i| out.phrase_of[i]);
        out.verbs[verb].subject = subject;
        out.verbs[verb].behind = behind.map(|p| p as usize);
    }
    out
}

/// A word that is written as a name and not because it begins a sentence.
fn nameish(token: &Token) -> bool {
    if !token.is_capital() || small(token) {
        return false;
    }
    let known = token.class.verb != Verb::None || token.class.noun != Noun::None || token.class.grammar != Grammar::None;
    !token.first || !known || token.class.given != Gender::None || token.class.honorific != Gender::None
}

/// Small words end a phrase whatever their capitals.
fn small(token: &Token) -> bool {
    // `Will` and `May` inside a sentence are names.
    if token.class.grammar == Grammar::Modal && token.shape == Shape::Capital && !token.first {
        return false;
    }
    match token.class.grammar {
        Grammar::None | Grammar::Adjective | Grammar::Time | Grammar::Abbreviation | Grammar::Quantity => false,
        Grammar::Adverb => !token.is_capital() || token.first,
        _ => true,
    }
}

fn describes(token: &Token) -> bool {
    matches!(
        token.class.grammar,
        Grammar::Determiner | Grammar::Quantity | Grammar::Demonstrative | Grammar::Possessive | Grammar::Adjective
    ) || token.kind == Kind::Number
        || token.owner
}

/// Whether a word can carry on a phrase as a noun or adjective.
fn nounish(token: &Token) -> bool {
    token.kind == Kind::Number
        || token.kind == Kind::Word
            && !small(token)
            && (token.class.verb == Verb::None || token.is_capital() && !token.first || token.class.noun != Noun::None)
}

fn plural(token: &Token) -> bool {
    token.class.noun == Noun::People || token.class.noun != Noun::Person && token.plural && token.shape == Shape::Lower
}

/// Whether a word that may be a verb is a noun here; `open` tells that a phrase is under way.
fn is_noun(tokens: &[Token], i: usize, open: bool) -> bool {
    let token = &tokens[i];
    if token.class.verb == Verb::None || token.is_capital() && !token.first {
        return true;
    }
    let before = i.checked_sub(1).map(|b| &tokens[b]);
    let next = tokens.get(i + 1).filter(|t| t.block == token.block);
    if before.is_some_and(|b| matches!(b.class.grammar, Grammar::To | Grammar::Modal | Grammar::Do)) {
        return false;
    }
    let described = open && before.is_some_and(describes);
    let next_nounish = next.is_some_and(|n| n.kind == Kind::Word && nounish(n) && (n.class.verb == Verb::None || n.is_capital()));
    let next_finite = next.is_some_and(|n| {
        n.class.grammar.is_auxiliary() || n.class.verb != Verb::None && n.shape == Shape::Lower && n.class.forms.has(Forms::PAST)
    });
    let forms = token.class.forms;
    let only = |form: Forms| forms == form;
    if forms.has(Forms::ING) || !forms.has(Forms::S) && !forms.has(Forms::BASE) {
        return described && (next_nounish || token.class.noun != Noun::None);
    }
    let listed = token.class.noun != Noun::None;
    if !open {
        return listed
            && (token.first
                || next_finite
                || matches!(token.class.noun, Noun::People | Noun::Person)
                // `board chairman Lena Ortiz`
                || next.is_some_and(|n| n.class.noun == Noun::Person && n.shape == Shape::Lower)
                || before.is_some_and(|b| b.class.grammar == Grammar::Preposition));
    }
    if described {
        return !(only(Forms::BASE) && before.is_some_and(|b| b.class.grammar == Grammar::Quantity) && !listed);
    }
    let after_plural = before.is_some_and(|b| b.class.noun == Noun::People);
    if forms.has(Forms::S) {
        listed && (next_finite || after_plural)
    } else {
        !after_plural
            && !next.is_some_and(|n| {
                matches!(n.class.grammar, Grammar::Determiner | Grammar::That | Grammar::To) || matches!(n.kind, Kind::Quote(_))
            })
    }
}

/// Finds the phrases and main verbs of a block.
fn chunk(tokens: &[Token], block: Range<usize>, english: bool, out: &mut Clauses) {
    let mut i = block.start;
    let mut owned = false;
    while i < block.end {
        let token = &tokens[i];
        if token.kind != Kind::Word && token.kind != Kind::Number {
            owned = false;
            i += 1;
            continue;
        }
        let grammar = token.class.grammar;
        let pronoun = match grammar {
            Grammar::He => Some(Who::He),
            Grammar::She => Some(Who::She),
            Grammar::They => Some(Who::They),
            Grammar::It => Some(Who::It),
            Grammar::Me => Some(Who::Me),
            Grammar::Object => Some(Who::Object),
            Grammar::Relative => Some(Who::Relative),
            _ => None,
        };
        if let Some(who) = pronoun {
            add(out, Phrase { first: i, last: i, name: None, who, article: Article::None, plural: who == Who::They, explains: None });
            owned = false;
            i += 1;
            continue;
        }
        if grammar == Grammar::Possessive {
            add(out, Phrase { first: i, last: i, name: None, who: Who::Possessive, article: Article::None, plural: false, explains: None });
            owned = true;
            i += 1;
            continue;
        }
        let opens = owned && nounish(token)
            || matches!(grammar, Grammar::Determiner | Grammar::Quantity | Grammar::Demonstrative | Grammar::Adjective | Grammar::Time)
            || token.kind == Kind::Number
            || nameish(token)
            || !small(token) && is_noun(tokens, i, owned);
        if !opens {
            verb(tokens, i, out);
            owned = false;
            i += 1;
            continue;
        }
        let first = i;
        i += 1;
        // What follows a name in other languages is seldom part of it: `Maria Sobczak po głosowaniu`.
        let ends = |i: usize| !english && nameish(&tokens[i - 1]) && tokens[i].shape == Shape::Lower && !tokens[i].class.particle;
        // `Chi-Chi's Inc` is nobody's Inc.
        let owns = |i: usize| tokens[i - 1].owner && !(tokens[i].class.firm && tokens[i].is_capital());
        while i < block.end && !owns(i) && !ends(i) && carries_on(tokens, i, first, english) {
            i += 1;
        }
        let phrase = phrase(tokens, first, i - 1, owned, english);
        owned = tokens[i - 1].owner;
        // `lyder det fra`: an article alone is a pronoun of no person.
        if english || first + 1 < i || grammar != Grammar::Determiner {
            add(out, phrase);
        }
    }
}

/// Whether token `i` goes on with the phrase that began at `first`.
fn carries_on(tokens: &[Token], i: usize, first: usize, english: bool) -> bool {
    let (token, before) = (&tokens[i], &tokens[i - 1]);
    let next = tokens.get(i + 1).filter(|t| t.block == token.block);
    if token.kind == Kind::Number {
        return describes(before) || nameish(before);
    }
    if token.kind != Kind::Word {
        return false;
    }
    // `van der Klugt`
    let particle = |t: &Token| t.shape == Shape::Lower && t.class.particle;
    if particle(token) && (nameish(before) || particle(before)) && next.is_some_and(|n| nameish(n) || particle(n)) {
        return true;
    }
    if small(token) {
        let next_name = next.is_some_and(nameish);
        return match token.class.grammar {
            // `University of Iowa`, `House of Representatives`
            Grammar::Preposition => {
                nameish(before) && next_name && (before.class.noun == Noun::Body || english && before.class.noun == Noun::Person)
                    || token.class.particle && nameish(before) && next_name
            }
            // `Merrill Lynch and Co`, `S and P`, `Ernst & Young`
            Grammar::Conjunction => {
                let letter = |t: &Token| t.end - t.start == 1;
                // `Ways and Means Committee`, `Office of Management and Budget Director`
                let third = tokens.get(i + 2).filter(|t| t.block == token.block && t.is_capital());
                let body = third.is_some_and(|t| {
                    t.class.noun == Noun::Body
                        || t.class.noun == Noun::Person && tokens[first..i].iter().any(|t| t.class.noun == Noun::Body)
                });
                let joins =
                    |n: &Token| n.class.firm || token.class.firm || letter(before) && letter(n) || body && n.class.noun == Noun::None;
                nameish(before) && next.is_some_and(|n| n.is_capital() && n.class.given == Gender::None && joins(n))
            }
            Grammar::Adverb => {
                describes(before) && next.is_some_and(|n| n.class.grammar == Grammar::Adjective || n.class.forms.has(Forms::PAST))
            }
            _ => token.class.particle && nameish(before) && next_name,
        };
    }
    if matches!(token.class.grammar, Grammar::Quantity) && !describes(before) {
        return false;
    }
    // A day behind a name or noun is a phrase of its own: `Ortiz said Monday`.
    if token.class.grammar == Grammar::Time && token.is_capital() && !describes(before) {
        return false;
    }
    if nameish(token) {
        // `in Port Lesa Lena Ortiz said`: behind a preposition a given name begins another name.
        let placed = first.checked_sub(1).is_some_and(|p| tokens[p].class.grammar == Grammar::Preposition);
        let goes_on = |n: &Token| nameish(n) || !english && n.shape == Shape::Lower && n.class.particle;
        let begins = placed && token.class.given != Gender::None && next.is_some_and(goes_on) && given_free(&tokens[first..i], english);
        let behind_day = before.class.grammar == Grammar::Time && before.is_capital() && before.class.given == Gender::None;
        return !begins && !behind_day;
    }
    is_noun(tokens, i, true)
}

/// Whether none of the words is a given name or a title.
fn given_free(tokens: &[Token], english: bool) -> bool {
    // `il leader dell'opposizione Carlo Meo`, but `University President Lena Ortiz`
    let noun = |t: &Token| t.class.noun != Noun::None && (english || t.class.noun != Noun::Body);
    tokens.iter().all(|t| t.class.given == Gender::None && t.class.honorific == Gender::None && !noun(t))
}

fn add(out: &mut Clauses, phrase: Phrase) {
    let index = out.phrases.len() as u32;
    for token in phrase.first..=phrase.last {
        out.phrase_of[token] = Some(index);
    }
    out.phrases.push(phrase);
}

/// Describes the phrase over `first..=last`.
fn phrase(tokens: &[Token], first: usize, last: usize, owned: bool, english: bool) -> Phrase {
    let head = &tokens[last];
    let article = match tokens[first].class.grammar {
        _ if owned => Article::Owned,
        Grammar::Determiner => match tokens[first].end - tokens[first].start {
            3 => Article::Definite,
            1 | 2 => Article::Indefinite,
            _ => Article::Quantity,
        },
        Grammar::Demonstrative => Article::Demonstrative,
        Grammar::Quantity => Article::Quantity,
        _ => Article::None,
    };
    let name = name(tokens, first, last, english);
    let words = &tokens[first..=last];
    let who = if head.owner {
        Who::Owner
    } else if let Some((from, to)) = name {
        let parts = &tokens[from..=to];
        let titled = from > first && (tokens[from - 1].class.honorific != Gender::None || tokens[from - 1].class.noun == Noun::Person);
        if parts.iter().any(|t| t.class.noun == Noun::Body || t.class.firm) || parts.len() == 1 && head.shape == Shape::Upper {
            Who::Body
        } else if titled
            || parts[0].class.given != Gender::None
                && matches!(parts[0].class.grammar, Grammar::None | Grammar::Time)
                && parts.len() > usize::from(parts[0].class.grammar == Grammar::Time)
        {
            Who::Person
        } else if head.class.grammar == Grammar::Time {
            Who::Time
        } else {
            Who::Name
        }
    } else if first == last && head.class.grammar == Grammar::Quantity {
        Who::Quantity
    } else {
        match head.class.noun {
            Noun::Person => Who::OnePerson,
            Noun::People => Who::People,
            Noun::Body => Who::Organisation,
            Noun::Document => Who::Document,
            Noun::None if head.class.grammar == Grammar::Time => Who::Time,
            Noun::None if words.iter().all(|t| matches!(t.class.grammar, Grammar::Quantity | Grammar::Demonstrative)) => Who::Quantity,
            Noun::None => Who::Thing,
        }
    };
    let plural = plural(head) || who == Who::People || article == Article::Quantity && who != Who::OnePerson;
    Phrase { first, last, name, who, article, plural, explains: None }
}

/// The name at the end of a phrase, its titles left out.
fn name(tokens: &[Token], first: usize, last: usize, english: bool) -> Option<(usize, usize)> {
    let part = |i: usize| {
        let t = &tokens[i];
        nameish(t) && !(t.class.grammar == Grammar::Time && t.class.given == Gender::None)
    };
    let numbered = || tokens[last].kind == Kind::Number && last > first && part(last - 1);
    if !part(last) && !numbered() {
        return None;
    }
    let mut from = last;
    while from > first {
        // Small words between two parts of a name: `van der`, `of`, `and`.
        let small = (first..from).rev().take_while(|i| linking(&tokens[*i])).count();
        if from - small <= first || !part(from - small - 1) {
            break;
        }
        from -= small + 1;
    }
    // `House Speaker Lena Ortiz`: the name begins behind the last title before it; behind one, a given
    // name that is also a trade is a given name: `President Barber Conable`.
    let title = |i: usize| {
        let class = &tokens[i].class;
        let trade = class.noun == Noun::Person && (class.given == Gender::None || i == first || !titles(&tokens[i - 1]));
        class.honorific != Gender::None && class.given == Gender::None || trade
    };
    // In a firm's name they are no titles: `Black Hawk Mining Inc`.
    if let Some(at) = (from..last).rev().find(|i| title(*i)).filter(|_| !tokens[last].class.firm) {
        let given = (at + 1..=last).find(|i| tokens[*i].class.given != Gender::None);
        let skipped = given.filter(|g| (at + 1..*g).any(|i| linking(&tokens[i])));
        from = skipped.unwrap_or(at + 1);
    } else if !english && let Some(given) = (from..last).find(|i| tokens[*i].class.given != Gender::None) {
        // `die Vorsitzende Lena Ortiz`: where nouns have capitals, the given name begins the name.
        from = given;
    } else if from < last {
        // `Republican Lena Ortiz`
        while from < last && tokens[from].class.grammar == Grammar::Adjective && tokens[from + 1].class.given != Gender::None {
            from += 1;
        }
    }
    if from == last && title(last) && first < last && tokens[first].class.grammar == Grammar::Determiner {
        return None;
    }
    // `das Ministerium`: where nouns have capitals, a known one is no name.
    if !english && from == last && tokens[last].class.noun != Noun::None && tokens[last].class.given == Gender::None {
        return None;
    }
    while from < last && linking(&tokens[from]) {
        from += 1;
    }
    Some((from, last))
}

/// `of` in `University of Iowa`, `van` in a name, `and` in a firm's.
fn linking(token: &Token) -> bool {
    let joins = token.class.particle || matches!(token.class.grammar, Grammar::Preposition | Grammar::Conjunction);
    joins && token.shape != Shape::Capital && token.shape != Shape::Upper
}

/// A title before a name, or a noun for a person that can stand as one.
fn titles(token: &Token) -> bool {
    token.class.honorific != Gender::None || token.class.noun == Noun::Person
}

/// Notes a main verb.
fn verb(tokens: &[Token], i: usize, out: &mut Clauses) {
    let token = &tokens[i];
    let verb = match token.class.grammar {
        Grammar::According => Verb::According,
        Grammar::Be => {
            let next = tokens[i + 1..]
                .iter()
                .take(4)
                .take_while(|t| t.block == token.block)
                .find(|t| !matches!(t.class.grammar, Grammar::Adverb | Grammar::Negation));
            if next.is_some_and(|n| n.class.verb != Verb::None && n.shape == Shape::Lower && !n.class.forms.has(Forms::S)) {
                return;
            }
            Verb::Be
        }
        Grammar::None | Grammar::Adjective | Grammar::Preposition if token.may_be_verb() => token.class.verb,
        _ => return,
    };
    // What stands right before it, adverbs left out.
    let mut before = tokens[..i].iter().rev().take(4).take_while(|t| t.block == token.block).filter(|t| t.class.grammar != Grammar::Adverb);
    let close = before.next();
    let passive = token.class.forms.has(Forms::PAST) || token.class.forms.has(Forms::PART);
    out.verb_of[i] = Some(out.verbs.len() as u32);
    out.verbs.push(MainVerb {
        token: i,
        verb,
        subject: None,
        behind: None,
        passive: passive && verb != Verb::Be && close.is_some_and(|t| t.class.grammar == Grammar::Be),
        infinitive: close.is_some_and(|t| t.class.grammar == Grammar::To),
    });
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
            Grammar::Preposition | Grammar::By | Grammar::As | Grammar::To => add(Between::Preposition),
            Grammar::Conjunction | Grammar::Subordinator => add(Between::Conjunction),
            Grammar::Relative => add(Between::Relative),
            Grammar::That => add(Between::That),
            _ => {}
        }
        // Counted at a sentence's last token, so that two tokens of it have none between them.
        if tokens.get(i + 1).is_some_and(|next| next.sentence != token.sentence) {
            add(Between::Sentence);
        }
    }
    out.counts.push(sums);
}

/// The phrase that hangs on no other: `clerk` of `a clerk at the depot`.
pub fn root(tokens: &[Token], out: &Clauses, mut phrase: usize) -> usize {
    loop {
        let first = out.phrases[phrase].first;
        let Some(before) = first.checked_sub(1) else { return phrase };
        let owner = out.phrase_of[before].filter(|_| tokens[before].owner || tokens[before].class.grammar == Grammar::Possessive);
        if let Some(owner) = owner.filter(|o| *o as usize != phrase) {
            // The owned phrase hangs on the same thing as its owner.
            let owner_first = out.phrases[owner as usize].first;
            let Some(prep) = owner_first.checked_sub(1) else { return phrase };
            match hangs(tokens, out, prep) {
                Some(up) => phrase = up,
                None => return phrase,
            }
            continue;
        }
        match hangs(tokens, out, before) {
            Some(up) => phrase = up,
            None => return phrase,
        }
    }
}

/// The phrase right before a preposition.
fn hangs(tokens: &[Token], out: &Clauses, preposition: usize) -> Option<usize> {
    let token = &tokens[preposition];
    if !matches!(token.class.grammar, Grammar::Preposition) || token.first {
        return None;
    }
    let before = preposition.checked_sub(1).filter(|b| tokens[*b].sentence == token.sentence)?;
    out.phrase_of[before].map(|p| p as usize)
}

/// The phrase that `phrase` explains behind a comma: `Ortiz, 41, a welder`.
fn explained(tokens: &[Token], out: &Clauses, phrase: usize) -> Option<usize> {
    let this = out.phrases[phrase];
    let mut comma = this.first.checked_sub(1)?;
    if this.article == Article::Owned {
        // Behind the owner.
        comma = out.phrases[out.phrase_of[comma]? as usize].first.checked_sub(1)?;
    }
    if tokens[comma].kind != Kind::Comma {
        return titled(tokens, out, phrase);
    }
    let mut before = comma.checked_sub(1)?;
    // `, 41,` and `(D-Iowa),`
    if tokens[before].kind == Kind::Number && before >= 2 && tokens[before - 1].kind == Kind::Comma {
        before -= 2;
    }
    if tokens[before].kind == Kind::Close {
        before = (before.saturating_sub(6)..before).rev().find(|i| tokens[*i].kind == Kind::Open)?.checked_sub(1)?;
    }
    let other = out.phrase_of[before]? as usize;
    let other = root(tokens, out, other);
    let (a, b) = (&out.phrases[other], &this);
    let office = |p: &Phrase| in_office(tokens, p);
    let noun = |p: &Phrase| matches!(p.who, Who::OnePerson | Who::People | Who::Organisation | Who::Document | Who::Thing) || office(p);
    // Before the name only what names a person or a body can explain it: `for the fourth quarter, Lena Ortiz said`.
    let bearer = |p: &Phrase| matches!(p.who, Who::OnePerson | Who::People | Who::Organisation) || office(p);
    let named = |p: &Phrase| matches!(p.who, Who::Person | Who::Name | Who::Body) && !office(p);
    (tokens[a.first].sentence == tokens[b.first].sentence && (named(a) && noun(b) || bearer(a) && named(b))).then_some(other)
}

/// A title in capitals that stands where a name could: `President`, `Vice Chairman`.
fn in_office(tokens: &[Token], p: &Phrase) -> bool {
    let head = &tokens[p.last];
    p.name.is_some()
        && head.class.noun == Noun::Person
        && head.class.given == Gender::None
        && tokens[p.first..=p.last]
            .iter()
            .all(|t| t.class.given == Gender::None && (t.class.honorific == Gender::None || t.class.noun == Noun::Person))
}

/// The description right before a name, with what hangs on it: `former harbour master in Port Lesa Lena Ortiz`.
fn titled(tokens: &[Token], out: &Clauses, phrase: usize) -> Option<usize> {
    let this = &out.phrases[phrase];
    let before = this.first.checked_sub(1).filter(|b| tokens[*b].sentence == tokens[this.first].sentence)?;
    let hanging = out.phrase_of[before]? as usize;
    let noun = root(tokens, out, hanging);
    let named = matches!(this.who, Who::Person | Who::Name);
    (named && noun != hanging && out.phrases[noun].who == Who::OnePerson).then_some(noun)
}

/// Whether a verb of speech follows what was said, without marks, and its subject follows it: `Es regne, sagte Brandt.`
fn inverted(tokens: &[Token], out: &Clauses, verb: usize) -> bool {
    let this = &out.verbs[verb];
    let sentence = tokens[this.token].sentence;
    let comma = |i: &usize| tokens[*i].kind == Kind::Comma && tokens[*i].sentence == sentence;
    let ahead = this.token.checked_sub(1).filter(comma);
    let behind = out.phrase_of.get(this.token + 1).copied().flatten();
    this.verb.reports()
        && behind.is_some()
        && ahead.is_some_and(|ahead| (ahead.saturating_sub(30)..ahead).all(|i| tokens[i].sentence != sentence || !comma(&i)))
}

/// The probable subject of a verb: leftwards over auxiliaries, prepositions and insertions.
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
            // A phrase behind a preposition that hangs on no phrase is an adjunct.
            let adjunct = found.first.checked_sub(1).is_some_and(|p| tokens[p].class.grammar == Grammar::Preposition);
            if adjunct || matches!(found.who, Who::Owner | Who::Possessive) {
                i = found.first;
                continue;
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
                    .find(|j| tokens[*j].kind == Kind::Comma || matches!(tokens[*j].kind, Kind::Quote(_)));
                if gerund && let Some(main) = main_before(tokens, out, verb, before) {
                    return out.verbs[main].subject;
                }
                match opened {
                    Some(j) if tokens[j].kind == Kind::Comma => {
                        // The phrase before the insertion, if the insertion explains or qualifies it.
                        i = j;
                    }
                    _ => i = before,
                }
                continue;
            }
            Kind::Close => {
                i = (before.saturating_sub(12)..before).rev().find(|j| tokens[*j].kind == Kind::Open).unwrap_or(before);
                continue;
            }
            // `Demir, "…" dedi.`: the verb that ends its sentence has its subject before the quote.
            Kind::Quote(_) if tokens.get(this.token + 1).is_some_and(|t| t.kind == Kind::Stop) => {}
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

/// The main verb before `at` in the sentence.
fn main_before(tokens: &[Token], out: &Clauses, verb: usize, at: usize) -> Option<usize> {
    let sentence = tokens[out.verbs[verb].token].sentence;
    out.verbs[..verb]
        .iter()
        .enumerate()
        .rev()
        .take_while(|(_, v)| tokens[v.token].sentence == sentence)
        .find(|(_, v)| v.token < at && !v.infinitive && !tokens[v.token].class.forms.has(Forms::ING))
        .map(|(i, _)| i)
}
