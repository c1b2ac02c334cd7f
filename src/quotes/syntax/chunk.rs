//! A block cut into noun phrases and main verbs, word by word.
//!
//! Whether a word that may be a verb is a noun here is told by its neighbours; what a phrase stands
//! for by its head and the name at its end.

use super::class::{Forms, Gender, Grammar, Noun, Verb};
use super::clauses::{Article, Clauses, MainVerb, Phrase, Stretch, Who};
use super::token::{Kind, Shape, Token};

/// Returns whether a word is written as a name, and not because it begins a sentence.
fn nameish(token: &Token) -> bool {
    if !token.is_capital() || small(token) {
        return false;
    }
    let known = token.class.verb.is_some()
        || token.class.noun != Noun::None
        || token.class.grammar != Grammar::None;
    !token.first
        || !known
        || token.class.given != Gender::None
        || token.class.honorific != Gender::None
}

/// Small words end a phrase whatever their capitals.
fn small(token: &Token) -> bool {
    // `Will` and `May` inside a sentence are names.
    if token.class.grammar == Grammar::Modal && token.shape == Shape::Capital && !token.first {
        return false;
    }
    match token.class.grammar {
        Grammar::None
        | Grammar::Adjective
        | Grammar::Time
        | Grammar::Abbreviation
        | Grammar::Quantity => false,
        Grammar::Adverb => !token.is_capital() || token.first,
        _ => true,
    }
}

fn describes(token: &Token) -> bool {
    matches!(
        token.class.grammar,
        Grammar::Determiner
            | Grammar::Quantity
            | Grammar::Demonstrative
            | Grammar::Possessive
            | Grammar::Adjective
    ) || token.kind == Kind::Number
        || token.owner
}

/// Returns whether a word can carry on a phrase as a noun or adjective.
fn nounish(token: &Token) -> bool {
    token.kind == Kind::Number
        || token.kind == Kind::Word
            && !small(token)
            && (token.class.verb.is_none()
                || token.is_capital() && !token.first
                || token.class.noun != Noun::None)
}

fn plural(token: &Token) -> bool {
    token.class.noun == Noun::People
        || token.class.noun != Noun::Person && token.plural && token.shape == Shape::Lower
}

/// Returns whether a word that may be a verb is a noun here; `open` tells that a phrase is under
/// way.
fn is_noun(tokens: &[Token], i: usize, open: bool) -> bool {
    let token = &tokens[i];
    if token.class.verb.is_none() || token.is_capital() && !token.first {
        return true;
    }
    let before = i.checked_sub(1).map(|b| &tokens[b]);
    let next = tokens.get(i + 1);
    if before.is_some_and(|b| matches!(b.class.grammar, Grammar::To | Grammar::Modal | Grammar::Do))
    {
        return false;
    }
    let described = open && before.is_some_and(describes);
    // `harbour masters say they`: no noun is written so.
    if token.class.verb == Some(Verb::Say) && token.class.noun == Noun::None && !described {
        return false;
    }
    let next_nounish = next.is_some_and(|n| {
        n.kind == Kind::Word && nounish(n) && (n.class.verb.is_none() || n.is_capital())
    });
    let next_finite = next.is_some_and(|n| {
        n.class.grammar.is_auxiliary()
            || n.class.verb.is_some() && n.shape == Shape::Lower && n.class.forms.has(Forms::PAST)
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
        // `niektórzy mówią`
        return !((only(Forms::BASE) || only(Forms::S))
            && before.is_some_and(|b| b.class.grammar == Grammar::Quantity)
            && !listed);
    }
    let after_plural = before.is_some_and(|b| b.class.noun == Noun::People);
    if forms.has(Forms::S) {
        listed && (next_finite || after_plural)
    } else {
        !after_plural
            && !next.is_some_and(|n| {
                matches!(
                    n.class.grammar,
                    Grammar::Determiner | Grammar::That | Grammar::To
                ) || matches!(n.kind, Kind::Quote(_))
            })
    }
}

/// Returns what a pronoun stands for, if a word of this class is one.
fn pronoun(grammar: Grammar) -> Option<Who> {
    match grammar {
        Grammar::He => Some(Who::He),
        Grammar::She => Some(Who::She),
        Grammar::They => Some(Who::They),
        Grammar::It => Some(Who::It),
        Grammar::Me => Some(Who::Me),
        Grammar::Object => Some(Who::Object),
        Grammar::Relative => Some(Who::Relative),
        Grammar::Possessive => Some(Who::Possessive),
        _ => None,
    }
}

/// Returns whether a phrase begins at token `i`; `owned` says that an owner stands before it.
fn opens(tokens: &[Token], i: usize, owned: bool) -> bool {
    let token = &tokens[i];
    let begins = matches!(
        token.class.grammar,
        Grammar::Determiner
            | Grammar::Quantity
            | Grammar::Demonstrative
            | Grammar::Adjective
            | Grammar::Time
    );
    owned && nounish(token)
        || begins
        || token.kind == Kind::Number
        || nameish(token)
        || !small(token) && is_noun(tokens, i, owned)
}

/// Finds the phrases and main verbs of a block. `tokens` are the block's alone, so that no phrase
/// runs on into the next block; `start` is the number of the first of them in the story.
pub(super) fn chunk(tokens: &[Token], start: usize, english: bool, out: &mut Clauses) {
    let mut i = 0;
    let mut owned = false;
    while i < tokens.len() {
        let token = &tokens[i];
        if token.kind != Kind::Word && token.kind != Kind::Number {
            owned = false;
            i += 1;
            continue;
        }
        let grammar = token.class.grammar;
        if let Some(who) = pronoun(grammar) {
            add(out, start, Phrase::pronoun(i, who));
            owned = who == Who::Possessive;
            i += 1;
            continue;
        }
        if !opens(tokens, i, owned) {
            if !english || !is_prepared(tokens, i) {
                verb(tokens, i, start, out);
            }
            owned = false;
            i += 1;
            continue;
        }
        let first = i;
        i += 1;
        // What follows a name in other languages is seldom part of it: `Maria Sobczak po
        // głosowaniu`.
        let ends = |i: usize| {
            !english
                && nameish(&tokens[i - 1])
                && tokens[i].shape == Shape::Lower
                && !tokens[i].class.particle
                // `Konsultoidut lähteet`: an unknown word that opens a sentence may be an
                // adjective.
                && !(i == first + 1
                    && tokens[first].first
                    && tokens[first].class.given == Gender::None
                    && matches!(tokens[i].class.noun, Noun::Person | Noun::People))
        };
        // `Chi-Chi's Inc` is nobody's Inc.
        let owns =
            |i: usize| tokens[i - 1].owner && !(tokens[i].class.firm && tokens[i].is_capital());
        while i < tokens.len() && !owns(i) && !ends(i) && carries_on(tokens, i, first, english) {
            i += 1;
        }
        let phrase = phrase(tokens, first, i - 1, owned, english);
        owned = tokens[i - 1].owner;
        // `lyder det fra`: an article alone is a pronoun of no person.
        if english || first + 1 < i || grammar != Grammar::Determiner {
            add(out, start, phrase);
        }
    }
}

/// How many words of a long phrase are looked back at, to know what goes on with it.
const NEAR: usize = 16;

/// Returns whether token `i` goes on with the phrase that began at `first`.
fn carries_on(tokens: &[Token], i: usize, first: usize, english: bool) -> bool {
    let (token, before) = (&tokens[i], &tokens[i - 1]);
    let near = &tokens[first.max(i.saturating_sub(NEAR))..i];
    let next = tokens.get(i + 1);
    if token.kind == Kind::Number {
        return describes(before) || nameish(before);
    }
    if token.kind != Kind::Word {
        return false;
    }
    // `van der Klugt`
    let particle = |t: &Token| t.shape == Shape::Lower && t.class.particle;
    if particle(token)
        && (nameish(before) || particle(before))
        && next.is_some_and(|n| nameish(n) || particle(n))
    {
        return true;
    }
    // `na blogu asystent prezydenta`: a subject does not go on with what a preposition governs.
    let governed = |t: &Token| {
        t.class.forms.has(Forms::OBLIQUE)
            && !matches!(t.class.grammar, Grammar::Determiner | Grammar::Possessive)
    };
    if !english
        && matches!(token.class.noun, Noun::Person | Noun::People)
        && token.shape == Shape::Lower
        && !token.class.forms.has(Forms::OBLIQUE)
        && governed(&tokens[first])
    {
        return false;
    }
    // `Kandidát Republikánské strany`
    if !english
        && before.class.noun == Noun::Person
        && token.is_capital()
        && token.class.forms.has(Forms::OBLIQUE)
    {
        return false;
    }
    if small(token) {
        return small_carries_on(tokens, i, near, english);
    }
    if matches!(token.class.grammar, Grammar::Quantity) && !describes(before) {
        return false;
    }
    // A day after a name or noun is a phrase of its own: `Ortiz said Monday`.
    // `Lena Ortiz today announced`
    let after_name = nameish(before) && before.class.grammar != Grammar::Time;
    if token.class.grammar == Grammar::Time
        && (token.is_capital() || english && after_name)
        && !describes(before)
    {
        return false;
    }
    if nameish(token) {
        return name_carries_on(tokens, i, first, english);
    }
    is_noun(tokens, i, true)
}

/// Returns whether the small word at `i` goes on with a phrase: `University of Iowa`, `Merrill
/// Lynch and Co`.
fn small_carries_on(tokens: &[Token], i: usize, near: &[Token], english: bool) -> bool {
    let (token, before, next) = (&tokens[i], &tokens[i - 1], tokens.get(i + 1));
    let next_name = next.is_some_and(nameish);
    match token.class.grammar {
        // `University of Iowa`, `House of Representatives`
        Grammar::Preposition => {
            nameish(before)
                && next_name
                && (before.class.noun == Noun::Body || english && before.class.noun == Noun::Person)
                || token.class.particle && nameish(before) && next_name
        }
        // `Merrill Lynch and Co`, `S and P`, `Ernst & Young`
        Grammar::Conjunction => {
            let letter = |t: &Token| t.end - t.start == 1;
            // `Ways and Means Committee`, `Office of Management and Budget Director`, `Ministry of
            // Trade and Industry official`
            let has_body = || near.iter().any(|t| t.class.noun == Noun::Body);
            let body = tokens.get(i + 2).is_some_and(|t| {
                t.is_capital() && t.class.noun == Noun::Body
                    || t.class.noun == Noun::Person && has_body()
            });
            let joins = |n: &Token| {
                n.class.firm
                    || token.class.firm
                    || letter(before) && letter(n)
                    || body && n.class.noun == Noun::None
            };
            nameish(before)
                && next.is_some_and(|n| n.is_capital() && n.class.given == Gender::None && joins(n))
        }
        Grammar::Adverb => {
            describes(before)
                && next.is_some_and(|n| {
                    n.class.grammar == Grammar::Adjective || n.class.forms.has(Forms::PAST)
                })
        }
        _ => token.class.particle && nameish(before) && next_name,
    }
}

/// Returns whether the name at `i` goes on with the phrase that began at `first`, and begins none
/// of its own.
fn name_carries_on(tokens: &[Token], i: usize, first: usize, english: bool) -> bool {
    let (token, before, next) = (&tokens[i], &tokens[i - 1], tokens.get(i + 1));
    let near = &tokens[first.max(i.saturating_sub(NEAR))..i];
    // `in Port Lesa Lena Ortiz said`: after a preposition a given name begins another name.
    let placed = first
        .checked_sub(1)
        .is_some_and(|p| tokens[p].class.grammar == Grammar::Preposition);
    let goes_on = |n: &Token| nameish(n) || !english && n.shape == Shape::Lower && n.class.particle;
    let begins = placed
        && token.class.given != Gender::None
        && next.is_some_and(goes_on)
        && given_free(near, english);
    let after_day = before.class.grammar == Grammar::Time
        && before.is_capital()
        && before.class.given == Gender::None;
    !begins && !after_day
}

/// Returns whether none of the words is a given name or a title.
fn given_free(tokens: &[Token], english: bool) -> bool {
    // `il leader dell'opposizione Carlo Meo`, but `University President Lena Ortiz`
    let noun = |t: &Token| t.class.noun != Noun::None && (english || t.class.noun != Noun::Body);
    tokens
        .iter()
        .all(|t| t.class.given == Gender::None && t.class.honorific == Gender::None && !noun(t))
}

/// Adds a phrase of a block whose first token is the story's `start`th.
fn add(out: &mut Clauses, start: usize, mut phrase: Phrase) {
    phrase.first += start;
    phrase.last += start;
    phrase.name = phrase.name.map(|name| Stretch {
        first: name.first + start,
        last: name.last + start,
    });
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
    } else if let Some(Stretch { first: from, last }) = name {
        let parts = &tokens[from..=last];
        let titled = from > first
            && (tokens[from - 1].class.honorific != Gender::None
                || tokens[from - 1].class.noun == Noun::Person);
        if parts
            .iter()
            .any(|t| t.class.noun == Noun::Body || t.class.firm)
            || parts.len() == 1 && head.shape == Shape::Upper
        {
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
        // `prezes portu`, `le ministre français`: the noun that the lists know is the head.
        let known = words.iter().find(|t| {
            t.shape == Shape::Lower && matches!(t.class.noun, Noun::Person | Noun::People)
        });
        let unknown = !english && head.class.noun == Noun::None;
        let noun = known.filter(|_| unknown).unwrap_or(head).class.noun;
        match noun {
            Noun::Person => Who::OnePerson,
            Noun::People => Who::People,
            Noun::Body => Who::Organisation,
            Noun::Document => Who::Document,
            Noun::None if head.class.grammar == Grammar::Time => Who::Time,
            Noun::None
                if words.iter().all(|t| {
                    matches!(t.class.grammar, Grammar::Quantity | Grammar::Demonstrative)
                }) =>
            {
                Who::Quantity
            }
            Noun::None => Who::Thing,
        }
    };
    let marked = |i: usize| tokens[i].class.forms.has(Forms::OBLIQUE);
    let oblique = marked(first) || marked(last) || owned && first > 0 && marked(first - 1);
    let plural =
        plural(head) || who == Who::People || article == Article::Quantity && who != Who::OnePerson;
    Phrase {
        first,
        last,
        name,
        who,
        article,
        plural,
        explains: None,
        oblique,
    }
}

/// Returns the name at the end of a phrase, its titles left out.
fn name(tokens: &[Token], first: usize, last: usize, english: bool) -> Option<Stretch> {
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
        let small = (first..from)
            .rev()
            .take_while(|i| linking(&tokens[*i]))
            .count();
        if from - small <= first || !part(from - small - 1) {
            break;
        }
        from -= small + 1;
    }
    // `House Speaker Lena Ortiz`: the name begins after the last title before it; after one, a
    // given name that is also a trade is a given name: `President Barber Conable`.
    let title = |i: usize| {
        let class = &tokens[i].class;
        let trade = class.noun == Noun::Person
            && (class.given == Gender::None || i == first || !titles(&tokens[i - 1]));
        class.honorific != Gender::None && class.given == Gender::None || trade
    };
    // In a firm's name they are no titles: `Black Hawk Mining Inc`.
    if let Some(at) = (from..last)
        .rev()
        .find(|i| title(*i))
        .filter(|_| !tokens[last].class.firm)
    {
        let given = (at + 1..=last).find(|i| tokens[*i].class.given != Gender::None);
        let skipped = given.filter(|g| (at + 1..*g).any(|i| linking(&tokens[i])));
        // `Secretary of State Kovin Marr`: what hangs on the title belongs to it.
        let hanging = (at + 3 <= last && linking(&tokens[at + 1])).then_some(at + 3);
        from = skipped.or(hanging.filter(|_| english)).unwrap_or(at + 1);
    } else if !english
        && let Some(given) = (from..last).find(|i| tokens[*i].class.given != Gender::None)
    {
        // `die Vorsitzende Lena Ortiz`: where nouns have capitals, the given name begins the name.
        from = given;
    } else if english && from + 2 <= last && is_office(&tokens[from], &tokens[from + 1]) {
        from += 1;
    } else if from < last {
        // `Republican Lena Ortiz`
        while from < last
            && tokens[from].class.grammar == Grammar::Adjective
            && tokens[from + 1].class.given != Gender::None
        {
            from += 1;
        }
    }
    if from == last
        && title(last)
        && first < last
        && tokens[first].class.grammar == Grammar::Determiner
    {
        return None;
    }
    // `das Ministerium`: where nouns have capitals, a known one is no name.
    if !english
        && from == last
        && tokens[last].class.noun != Noun::None
        && tokens[last].class.given == Gender::None
    {
        return None;
    }
    while from < last && linking(&tokens[from]) {
        from += 1;
    }
    Some(Stretch { first: from, last })
}

/// Returns whether a word in capitals before a given name and a surname is an office: `AG Lena
/// Ortiz`. Initials stand before a surname alone: `JT Moss`.
fn is_office(token: &Token, next: &Token) -> bool {
    // `ADA Tom Vale` is no Ada: her name has small letters as his has.
    let office = token.shape == Shape::Upper && next.shape == Shape::Capital;
    office && token.end - token.start <= 4 && next.class.given != Gender::None
}

/// `of` in `University of Iowa`, `van` in a name, `and` in a firm's.
fn linking(token: &Token) -> bool {
    let joins = token.class.particle
        || matches!(
            token.class.grammar,
            Grammar::Preposition | Grammar::Conjunction
        );
    joins && token.shape != Shape::Capital && token.shape != Shape::Upper
}

/// Returns whether a token is a title before a name, or a noun for a person that can stand as one.
fn titles(token: &Token) -> bool {
    token.class.honorific != Gender::None || token.class.noun == Noun::Person
}

/// Returns whether a word stands after a preposition in a form that no verb has there: `for alleged
/// violations`, `seen as signs`. `the board he works for said` has its verb.
fn is_prepared(tokens: &[Token], i: usize) -> bool {
    let class = &tokens[i].class;
    let before = i
        .checked_sub(1)
        .map_or(Grammar::None, |b| tokens[b].class.grammar);
    let form = match before {
        Grammar::Preposition | Grammar::By => {
            class.forms.has(Forms::PAST) || class.forms.has(Forms::S)
        }
        Grammar::As => class.forms == Forms::S,
        _ => false,
    };
    form && !class.forms.has(Forms::BASE) && class.verb != Some(Verb::Say)
}

/// Notes a main verb of a block whose first token is the story's `start`th.
fn verb(tokens: &[Token], i: usize, start: usize, out: &mut Clauses) {
    let token = &tokens[i];
    let verb = match token.class.grammar {
        Grammar::According => Verb::According,
        Grammar::Be => {
            let next = tokens[i + 1..]
                .iter()
                .take(4)
                .find(|t| !matches!(t.class.grammar, Grammar::Adverb | Grammar::Negation));
            if next.is_some_and(|n| {
                n.class.verb.is_some() && n.shape == Shape::Lower && !n.class.forms.has(Forms::S)
            }) {
                return;
            }
            Verb::Be
        }
        Grammar::None | Grammar::Adjective | Grammar::Preposition if token.kind == Kind::Word => {
            match token.class.verb {
                Some(verb) => verb,
                None => return,
            }
        }
        _ => return,
    };
    // What stands right before it, adverbs left out.
    let mut before = tokens[..i]
        .iter()
        .rev()
        .take(4)
        .filter(|t| t.class.grammar != Grammar::Adverb);
    let close = before.next();
    let passive = token.class.forms.has(Forms::PAST) || token.class.forms.has(Forms::PART);
    out.verb_of[start + i] = Some(out.verbs.len() as u32);
    out.verbs.push(MainVerb {
        token: start + i,
        verb,
        subject: None,
        after: None,
        passive: passive
            && verb != Verb::Be
            && close.is_some_and(|t| t.class.grammar == Grammar::Be),
        infinitive: close.is_some_and(|t| t.class.grammar == Grammar::To),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quotes::syntax::story::StorySyntax;

    /// Returns the phrases of some blocks, each with what it stands for and the name at its end.
    fn phrases(blocks: &[&str]) -> Vec<(String, Who, String)> {
        let passages = vec![Vec::new(); blocks.len()];
        let syntax = StorySyntax::new(blocks, &passages, "en");
        let text = |first: usize, last: usize| {
            let words: Vec<_> = (first..=last).map(|i| syntax.word(i)).collect();
            words.join(" ")
        };
        let phrases = syntax.clauses.phrases.iter();
        phrases
            .map(|p| {
                let name = p.name.map(|name| text(name.first, name.last));
                (text(p.first, p.last), p.who, name.unwrap_or_default())
            })
            .collect()
    }

    #[test]
    fn a_phrase_has_a_head_and_a_name() {
        for (text, phrase, who, name) in [
            (
                "He met Mayor Lena Ortiz.",
                "Mayor Lena Ortiz",
                Who::Person,
                "Lena Ortiz",
            ),
            (
                "He met the old welder.",
                "the old welder",
                Who::OnePerson,
                "",
            ),
            ("He met the residents.", "the residents", Who::People, ""),
            (
                "He left the harbour board.",
                "the harbour board",
                Who::Organisation,
                "",
            ),
            ("He read the report.", "the report", Who::Document, ""),
            (
                "He met Ernst & Young.",
                "Ernst & Young",
                Who::Body,
                "Ernst & Young",
            ),
            (
                "He met Jan van der Meer.",
                "Jan van der Meer",
                Who::Person,
                "Jan van der Meer",
            ),
            ("He saw her.", "her", Who::Possessive, ""),
        ] {
            let found = phrases(&[text]);
            let want = (phrase.to_owned(), who, name.to_owned());
            assert!(found.contains(&want), "{text}: {found:?}");
        }
    }

    #[test]
    fn a_phrase_ends_with_its_block() {
        let found = phrases(&["He met the Lesa Harbour", "Board Chairman Lena Ortiz left."]);
        let texts: Vec<&str> = found.iter().map(|(text, ..)| &**text).collect();
        assert_eq!(
            texts,
            ["He", "the Lesa Harbour", "Board Chairman Lena Ortiz"]
        );
    }

    #[test]
    fn verbs_are_told_from_nouns() {
        let blocks = ["The plan is sound. They plan it. The board plans to meet. His claims held."];
        let syntax = StorySyntax::new(&blocks, &[Vec::new()], "en");
        let verbs = syntax.clauses.verbs.iter();
        let verbs: Vec<&str> = verbs.map(|v| syntax.word(v.token)).collect();
        assert_eq!(verbs, ["is", "plan", "plans", "meet", "held"]);
    }
}
