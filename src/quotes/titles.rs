//! What stands beside a name: titles and descriptions.

use super::place::Place;
use super::syntax::class::{Gender, Grammar, Noun};
use super::syntax::clauses::{Article, Phrase, Who};
use super::syntax::relations::root;
use super::syntax::story::StorySyntax;
use super::syntax::token::Token;
use crate::text::fold;
use std::ops::RangeInclusive;

/// What stands before anybody's name says nothing of its bearer.
const POLITE: &str = "dhr don dona doña frau fru fräulein fröken frøken herr herrn m madame meneer \
                                mevr mevrouw miss mlle mme monsieur mr mrs ms pan pani paní pán \
                                sayın senhor senhora señor señora señorita sig sig.ra signor \
                                signora sr sra г-жа г-н госпожа господин пан пані";

/// Returns whether a title is one that anybody has.
pub(super) fn is_polite(title: &str) -> bool {
    const LONGEST: usize = 32;
    let title = title.trim_end_matches('.');
    if title.len() > LONGEST {
        return false;
    }
    let title = fold(title);
    POLITE.split(' ').any(|word| word == title)
}

/// Returns what stands before a name as its bearer's title.
pub(super) fn title(syntax: &StorySyntax<'_>, p: &Phrase, name: usize) -> Option<String> {
    let tokens = &syntax.tokens.outer;
    let mut first = p.first;
    // `Monday morning Mr. Ortiz`
    let says_nothing = |t: &Token| {
        matches!(
            t.class.grammar,
            Grammar::Determiner | Grammar::Demonstrative | Grammar::Quantity | Grammar::Time
        ) && t.class.noun != Noun::Person
    };
    // `Regelmäßig beantwortet Virus-Forscher Brandt Fragen`: in German only nouns and adjectives
    // belong to a title.
    let is_other = |i: usize| {
        let adjective = ["e", "er", "en", "em", "es"];
        let word = syntax.word(i);
        syntax.capital_nouns
            && word.starts_with(char::is_lowercase)
            && !adjective.iter().any(|ending| word.ends_with(ending))
    };
    while first < name && (says_nothing(&tokens[first]) || is_other(first)) {
        first += 1;
    }
    let says = |t: &Token| t.class.noun == Noun::Person || t.class.honorific != Gender::None;
    if first < name {
        if !tokens[first..name].iter().any(says) {
            return None;
        }
        if first == p.first {
            first = title_start(syntax, first, name);
        }
        let title = text(syntax, first..=name - 1);
        return (!is_polite(&title)).then_some(title);
    }
    // `former rights ombudsman in Port Lesa Lena Ortiz`
    let before = p
        .first
        .checked_sub(1)
        .filter(|b| tokens[*b].sentence == tokens[p.first].sentence)?;
    let root = root(
        tokens,
        &syntax.clauses,
        syntax.clauses.phrase_of[before]? as usize,
    );
    let noun = &syntax.clauses.phrases[root];
    (noun.who == Who::OnePerson && noun.article != Article::Indefinite).then(|| {
        let mut first =
            noun.first + usize::from(tokens[noun.first].class.grammar == Grammar::Determiner);
        if first == noun.first {
            first = title_start(syntax, first, p.first);
        }
        text(syntax, first..=p.first - 1)
    })
}

/// Returns where the title begins that goes on at `first`: names of offices hold small words and
/// owners, as in `House Ways and Means Committee chairman`, `Bank of Lesa governor`, `Lesa's
/// finance minister`.
pub(super) fn title_start(syntax: &StorySyntax<'_>, mut first: usize, name: usize) -> usize {
    let tokens = &syntax.tokens.outer;
    let phrase =
        |i: usize| syntax.clauses.phrase_of[i].map(|p| &syntax.clauses.phrases[p as usize]);
    let sentence = tokens[first].sentence;
    let earliest = name.saturating_sub(TITLE);
    while let Some(before) = first
        .checked_sub(1)
        .filter(|b| *b >= earliest && tokens[*b].sentence == sentence)
    {
        let link = &tokens[before];
        let owner = phrase(before).filter(|p| p.who == Who::Owner);
        let joins = match link.class.grammar {
            Grammar::Preposition => matches!(syntax.word(before), "of" | "for"),
            // `Ortiz and Finance Minister Ivo Lund` are two; a body's name with `and` in it is one.
            Grammar::Conjunction => tokens[first..name]
                .iter()
                .any(|t| t.class.noun == Noun::Body),
            _ => false,
        };
        let capitals = || {
            before
                .checked_sub(1)
                .filter(|i| tokens[*i].sentence == sentence)
                .filter(|i| tokens[*i].is_capital() && !tokens[*i].first)
                .and_then(phrase)
        };
        let found = owner.or_else(|| {
            if joins && tokens[first].is_capital() {
                capitals()
            } else {
                None
            }
        });
        let Some(found) =
            found.filter(|p| p.last < first && !matches!(p.who, Who::Time | Who::Person))
        else {
            break;
        };
        first = found.first;
        while first < found.last && tokens[first].class.grammar == Grammar::Determiner {
            first += 1;
        }
    }
    first
}

/// Returns a description up to where something else begins, its article left out.
pub(super) fn description(syntax: &StorySyntax<'_>, phrase: usize) -> String {
    let p = &syntax.clauses.phrases[phrase];
    let tokens = &syntax.tokens.outer;
    let mut first = p.first;
    if p.article == Article::Owned {
        if let Some(owner) = p
            .first
            .checked_sub(1)
            .and_then(|b| syntax.clauses.phrase_of[b])
        {
            let owner = &syntax.clauses.phrases[owner as usize];
            first = owner.first
                + usize::from(
                    owner.first < owner.last
                        && tokens[owner.first].class.grammar == Grammar::Determiner,
                );
        }
    } else if tokens[first].class.grammar == Grammar::Determiner && first < p.last {
        first += 1;
    }
    let mut last = p.last;
    // What hangs on the phrase stands in its sentence: a block may break off after a preposition.
    let sentence = tokens[first].sentence;
    let same = |i: usize| tokens.get(i).filter(|t| t.sentence == sentence);
    while let Some(next) = same(last + 1).filter(|_| last < first + TITLE) {
        let hanging = |i: usize| {
            let phrase = syntax.clauses.phrase_of[same(i).map(|_| i)?]?;
            Some(&syntax.clauses.phrases[phrase as usize])
        };
        let goes_on = |h: &&Phrase| match next.class.grammar {
            // `clerk at the depot`
            Grammar::Preposition => h.who != Who::Time,
            // `oilman and financier`, `minister of agriculture and fisheries`
            Grammar::Conjunction => {
                h.who == Who::OnePerson && p.last == last
                    || tokens[last].is_capital() && matches!(h.who, Who::Name | Who::Body)
            }
            _ => false,
        };
        // `head of the bank's research unit`
        let found = if tokens[last].owner {
            hanging(last + 1).filter(|h| h.who != Who::Relative)
        } else {
            hanging(last + 2).filter(goes_on)
        };
        let Some(found) = found.filter(|h| h.last > last) else {
            break;
        };
        last = found.last;
    }
    text(syntax, first..=last)
}

/// Words that a title or description has at most: names of offices are not longer.
pub(super) const TITLE: usize = 40;

pub(super) fn text(syntax: &StorySyntax<'_>, tokens: RangeInclusive<usize>) -> String {
    let place = Place::of(&syntax.tokens.outer, tokens);
    syntax.texts[place.block()][place.range()].to_owned()
}
