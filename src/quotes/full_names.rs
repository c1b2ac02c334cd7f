//! Names in full, and which of them are one person's.

use super::syntax::class::{Class, Gender, Grammar};
use super::syntax::story::StorySyntax;
use super::syntax::token::Kind;
use crate::lexicon::LEXICON;
use crate::text::fold;
use rustc_hash::FxHashMap;

/// The people whom one word may stand for, in the order of the story; at most `NAMESAKES` each.
#[derive(Debug, Default)]
pub(super) struct Namesakes {
    pub surname: Vec<u32>,
    pub given: Vec<u32>,
    pub middle: Vec<u32>,
}

/// Full names by surname and given name, so that a name is looked for among its namesakes only.
#[derive(Debug, Default)]
pub(super) struct FullNames {
    /// By surname and full given name: `ortiz`, `robert` for Bob Ortiz.
    by_given: FxHashMap<(String, String), Vec<u32>>,
    /// By surname and the given name's first letter.
    by_initial: FxHashMap<(String, char), Vec<u32>>,
}

impl FullNames {
    /// Notes that somebody has a name. The names that the person had before stay noted.
    pub(super) fn insert(&mut self, words: &[String], entity: u32) {
        let [given, .., surname] = words else { return };
        let key = (surname.clone(), formal(given).to_owned());
        insert_sorted(self.by_given.entry(key).or_default(), entity);
        if let Some(initial) = given.chars().next() {
            let key = (surname.clone(), initial);
            insert_sorted(self.by_initial.entry(key).or_default(), entity);
        }
    }

    /// Returns the first of the people whose surname and given name `fits`, other than `person`,
    /// among those with a surname and a given name that begins with a letter.
    pub(super) fn find_other(
        &self,
        surname: &str,
        initial: char,
        person: u32,
        fits: impl Fn(u32) -> bool,
    ) -> Option<u32> {
        let list = self.by_initial.get(&(surname.to_owned(), initial))?;
        list.iter()
            .copied()
            .find(|other| *other != person && fits(*other))
    }

    /// Returns the first of the people whose name a full name can be another form of; `words_of`
    /// gives the words of each one's name.
    pub(super) fn find<'a>(
        &self,
        words: &[String],
        words_of: impl Fn(u32) -> &'a [String],
    ) -> Option<u32> {
        let [given, .., surname] = words else {
            return None;
        };
        let first = |list: Option<&Vec<u32>>| {
            let mut list = list.into_iter().flatten().copied();
            list.find(|person| same_person(words_of(*person), words))
        };
        let named = |given: &str| first(self.by_given.get(&(surname.clone(), given.to_owned())));
        let initial = given.chars().next()?;
        let lettered = given.chars().count() == 1;
        let by_initial = lettered.then(|| first(self.by_initial.get(&(surname.clone(), initial))));
        [
            named(formal(given)),
            named(initial.encode_utf8(&mut [0; 4])),
            by_initial.flatten(),
        ]
        .into_iter()
        .flatten()
        .min()
    }
}

/// Adds a number to an ascending list that nearly always ends before it.
fn insert_sorted(list: &mut Vec<u32>, number: u32) {
    let at = list.partition_point(|known| *known < number);
    list.insert(at, number);
}

/// Returns whether two lists of words can be one person's name: the same last word, and first words
/// that do not differ.
fn same_person(a: &[String], b: &[String]) -> bool {
    let ([given, .., surname], [other_given, .., other_surname]) = (a, b) else {
        return false;
    };
    surname == other_surname && same_given(given, other_given)
}

/// `Robert`, `Bob`, `R`
fn same_given(a: &str, b: &str) -> bool {
    let initial = |x: &str, y: &str| x.chars().count() == 1 && y.starts_with(x);
    a == b || initial(a, b) || initial(b, a) || formal(a) == formal(b)
}

/// Returns the given name that a nickname is short for, or the given name itself: `robert` for
/// `bob`.
pub(super) fn formal(given: &str) -> &str {
    LEXICON.nicknames.get(given).unwrap_or(given)
}

/// Returns whether a form of a name says more than another.
pub(super) fn fuller(a: &[String], b: &[String]) -> bool {
    let spelled = |words: &[String]| words.iter().filter(|w| w.chars().count() > 1).count();
    (spelled(a), a.len()) > (spelled(b), b.len())
}

/// Returns names of two words or more inside the quotes.
pub(super) fn inner_names(syntax: &StorySyntax<'_>) -> Vec<(Vec<String>, String)> {
    let mut out = Vec::new();
    for within in &syntax.tokens.within {
        let tokens = &syntax.tokens.inner[within.clone()];
        let mut i = 0;
        while i < tokens.len() {
            let start = i;
            while i < tokens.len()
                && tokens[i].kind == Kind::Word
                && tokens[i].is_capital()
                && (i == start || tokens[i].class.grammar == Grammar::None)
            {
                i += 1;
            }
            if i - start >= 2
                && tokens[start].class.given != Gender::None
                && tokens[start].class.grammar == Grammar::None
            {
                let block = syntax.texts[tokens[start].block as usize];
                let text =
                    block[tokens[start].start as usize..tokens[i - 1].end as usize].to_owned();
                out.push((words(tokens[start..i].iter().map(|t| t.text(block))), text));
            }
            i = i.max(start + 1);
        }
    }
    out
}

/// Returns a given name and the word after it in a headline; more could be the headline's own
/// capitals.
pub(super) fn head_names(head: &str) -> Vec<(Vec<String>, String)> {
    let all: Vec<&str> = head.split_whitespace().collect();
    all.windows(2)
        .filter(|pair| {
            Class::of(&fold(pair[0])).given != Gender::None
                && pair[0].starts_with(char::is_uppercase)
                && pair[1].starts_with(char::is_uppercase)
                && !pair[1].ends_with("'s")
        })
        .map(|pair| {
            let last = pair[1]
                .trim_end_matches(|c: char| !c.is_alphanumeric())
                .trim_end_matches("’s");
            (
                vec![fold(pair[0]), fold(last)],
                format!("{} {last}", pair[0]),
            )
        })
        .collect()
}

/// Folded words of a name, without the suffixes and points that forms of it differ in.
pub(super) fn words<'a>(parts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut words: Vec<String> = parts.map(|w| fold(w.trim_end_matches('.'))).collect();
    let says_little = |w: &String| {
        matches!(&**w, "jr" | "sr" | "ii" | "iii" | "iv" | "and" | "&") || Class::of(w).firm
    };
    while words.len() > 1 && words.last().is_some_and(says_little) {
        words.pop();
    }
    // `De Clercq` is Willy De Clercq's surname.
    while words.len() > 1
        && Class::of(&words[0]).particle
        && Class::of(&words[0]).given == Gender::None
    {
        words.remove(0);
    }
    words
}
