//! Words of stories that are not in English: what a word is depends on the story's language.
//!
//! Cue verbs, titles and nouns are in the lists that all languages share; the small words are in
//! a list of their own, by language: `il` is a pronoun in one and an article in the next. What is
//! written as one word but is two in the lists (`l'avocat`, `dit-il`) is cut, and a compound is
//! what its last part is (`Verkehrsminister`).

use super::class::{Class, Forms, Gender, Grammar, Noun, Verb};
use super::token::{Kind, Shape, Token};
use crate::lexicon::LEXICON;
use crate::text::fold;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

/// The tag of the language whose words are read by the other lists alone.
pub(crate) use crate::text::language::ENGLISH;

/// The tag of the language whose nouns have capitals and whose verbs come in two parts.
pub(crate) const GERMAN: &str = "de";

/// When a small word is what its list says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Where {
    /// Anywhere.
    Anywhere,
    /// An article, but "of the" after a noun: `der`, `des`.
    OffNouns,
    /// Right after a quote, else an adverb: `so`.
    AfterQuotes,
    /// Right after a preposition, else no small word: `acuerdo` of `de acuerdo con`.
    AfterPrepositions,
}

/// What a small word is in one language.
#[derive(Clone, Copy, Debug)]
struct Small {
    language: &'static str,
    grammar: Grammar,
    place: Where,
    /// What its form says of the words beside it.
    marks: Forms,
}

static SMALL: LazyLock<FxHashMap<&'static str, Vec<Small>>> = LazyLock::new(|| {
    let mut out: FxHashMap<_, Vec<_>> = FxHashMap::default();
    for (word, value) in LEXICON.foreign_grammar.iter() {
        for (languages, class) in value.split("; ").filter_map(|part| part.split_once(" = ")) {
            let (class, marks) = marks(class);
            let (grammar, place) = match class {
                "det of" => (Grammar::Determiner, Where::OffNouns),
                "after" => (Grammar::According, Where::AfterQuotes),
                "after prep" => (Grammar::According, Where::AfterPrepositions),
                "post" => (Grammar::According, Where::Anywhere),
                class => (Grammar::read(class), Where::Anywhere),
            };
            let small = |language| Small {
                language,
                grammar,
                place,
                marks,
            };
            out.entry(word)
                .or_default()
                .extend(languages.split(' ').map(small));
        }
    }
    out
});

/// Returns a class of the list without the mark at its end, and the mark.
fn marks(class: &str) -> (&str, Forms) {
    match class.rsplit_once(' ') {
        Some((class, "subj")) => (class, Forms::REPORTED),
        Some((class, "obl")) => (class, Forms::OBLIQUE),
        _ if class == "post" => (class, Forms::POSTPOSED),
        _ => (class, Forms::default()),
    }
}

/// The languages of that list.
static LISTED: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
    SMALL
        .values()
        .flatten()
        .map(|small| small.language)
        .collect()
});

/// Letters before an ending that says what a word is, at least.
const STEM: usize = 3;

/// No small word or pronoun is longer, and no noun that compounds end in is looked for in a longer
/// word; in bytes.
const LONGEST: (usize, usize) = (16, 64);

/// Returns what a folded word is in a language, if it is a small one there.
fn small(folded: &str, language: &str) -> Option<Small> {
    let found = SMALL.get(folded)?.iter();
    found.copied().find(|small| small.language == language)
}

/// Returns whether the beginning of `rest`, which ends at `end` in an apostrophe, is cut off what
/// follows: `l'` of `l'avocat`, but not of the name `L'Oréal`, nor of `d'après`.
pub(crate) fn is_elided(rest: &str, end: usize, language: &str) -> bool {
    let (word, after) = rest.split_at(end);
    let named = word.starts_with(char::is_uppercase) && after.starts_with(char::is_uppercase);
    if named || word.len() > LONGEST.0 || small(&fold(word), language).is_none() {
        return false;
    }
    let whole = after
        .char_indices()
        .take(LONGEST.0)
        .find(|(_, c)| !c.is_alphanumeric())
        .map_or(after.len(), |(i, _)| end + i);
    rest.get(..whole)
        .is_none_or(|whole| small(&fold(whole), language).is_none())
}

/// Returns how many bytes of hyphens and link letters (`-`, `-t-`) stand before the pronoun that
/// `rest` begins with, if it does: `-t-il`.
pub(crate) fn inverted(rest: &str, language: &str) -> Option<usize> {
    let mut ends = rest
        .char_indices()
        .take(LONGEST.0)
        .skip_while(|(_, c)| c.is_alphanumeric() || *c == '-');
    let end = ends.next().map_or(rest.len(), |(i, _)| i);
    let tail = rest.get(..end).filter(|tail| tail.len() <= LONGEST.0)?;
    small(&fold(tail), language)?;
    tail.rfind('-').map(|hyphen| hyphen + 1)
}

/// Returns what the lists say of a folded word; `before` are the last tokens of the block ahead of
/// it.
pub(crate) fn class(folded: &str, shape: Shape, before: &[Token], language: &str) -> Class {
    let class = Class::of(folded);
    let last = before.last();
    let prepared = last.is_some_and(|t| t.class.grammar == Grammar::Preposition);
    let found =
        small(folded, language).filter(|small| small.place != Where::AfterPrepositions || prepared);
    if let Some(small) = found {
        return small_class(small, class, shape, before);
    }
    let reports = matches!(class.verb, Some(Verb::Say | Verb::Speak | Verb::Write));
    // Small words of languages that have no list of their own.
    if !reports && LEXICON.function_words.has(folded) && !LISTED.contains(language) {
        let grammar = if class.particle {
            Grammar::None
        } else {
            Grammar::Preposition
        };
        return Class {
            grammar,
            particle: class.particle,
            ..Class::default()
        };
    }
    let (verb, forms) = verb_forms(folded, class, shape, before, language);
    // Days are written small but in German.
    let day = LEXICON.weekdays.has(folded)
        && folded.len() > 4
        && (shape == Shape::Lower || language == GERMAN);
    let opens = last.is_none_or(|t| t.kind == Kind::Stop);
    if opens && shape == Shape::Capital && class == Class::default() && is_opening(folded, language)
    {
        return Class {
            grammar: Grammar::Adverb,
            ..Class::default()
        };
    }
    let head = match class.noun {
        Noun::None => last_part(folded, language),
        // `Christian` is a name, not an adherent.
        _ if class.given != Gender::None && shape == Shape::Capital => Class::default(),
        _ => class,
    };
    Class {
        verb,
        forms,
        noun: head.noun,
        gender: head.gender,
        honorific: class.honorific,
        given: if class.given == Gender::None {
            first_part(folded)
        } else {
            class.given
        },
        grammar: if day { Grammar::Time } else { Grammar::None },
        particle: class.particle,
        firm: class.firm,
    }
}

/// Returns what a small word is after the tokens `before`; `class` is what the lists of all
/// languages say.
fn small_class(small: Small, class: Class, shape: Shape, before: &[Token]) -> Class {
    let Small { grammar, place, .. } = small;
    let last = before.last();
    // `Marine Le Pen`, `in Los Angeles`; but German `Sie`
    let named = shape == Shape::Capital
        && place != Where::AfterPrepositions
        && !grammar.is_subject_pronoun()
        && !matches!(grammar, Grammar::Possessive | Grammar::Time)
        && last.is_some_and(|t| t.kind == Kind::Word);
    let grammar = match place {
        _ if named => Grammar::None,
        Where::OffNouns if last.is_some_and(is_noun) => Grammar::Preposition,
        Where::AfterQuotes if shape != Shape::Lower || !is_after_quote(before) => Grammar::Adverb,
        _ => grammar,
    };
    // `dott.`, `prof.` are titles as well.
    let honorific = if grammar == Grammar::Abbreviation {
        class.honorific
    } else {
        Gender::None
    };
    Class {
        grammar,
        honorific,
        particle: class.particle,
        forms: small.marks,
        ..Class::default()
    }
}

/// Returns what verb a word is, if any, and its forms or its case.
fn verb_forms(
    folded: &str,
    class: Class,
    shape: Shape,
    before: &[Token],
    language: &str,
) -> (Option<Verb>, Forms) {
    // What English verbs are as a noun or in the infinitive means nothing here, save where a
    // language writes its own verb so: `note`, `assure`.
    let base = class.forms.has(Forms::BASE);
    let noun = class.noun != Noun::None;
    let verb = match class.verb {
        Some(Verb::Say | Verb::Speak | Verb::Write) => true,
        Some(Verb::Tell) => !noun,
        Some(Verb::Call | Verb::Judge | Verb::Vow | Verb::Think) => !noun && !base,
        _ => false,
    };
    // `„…“, schimpfte Brandt`: right after a quote any past tense is a cue.
    let past = language == GERMAN
        && shape == Shape::Lower
        && folded.ends_with("te")
        && is_after_quote(before);
    let last = before.last();
    let prepared = last.is_some_and(|t| t.class.grammar == Grammar::Preposition);
    match class.verb {
        found if verb && base && !noun => (found, Forms::S),
        found if verb => (found, class.forms),
        _ if past => (Some(Verb::Speak), Forms::PAST),
        _ if prepared && LEXICON.case_endings.get(language).is_some() => (None, Forms::OBLIQUE),
        _ => (None, oblique(folded, class, shape, language)),
    }
}

/// Returns the mark of a noun or name whose ending says that it is no subject: `ministerille`.
/// Given names end as they like.
fn oblique(folded: &str, class: Class, shape: Shape, language: &str) -> Forms {
    if class.given != Gender::None && shape == Shape::Capital {
        return Forms::default();
    }
    match ends_in(folded, LEXICON.case_endings.get(language)) {
        true => Forms::OBLIQUE,
        false => Forms::default(),
    }
}

/// Returns whether a word's ending says that it is an adverb, participle or gerund:
/// `Evidentemente`.
fn is_opening(folded: &str, language: &str) -> bool {
    ends_in(folded, LEXICON.opening_endings.get(language))
}

/// Returns whether a word has one of some endings after a stem.
fn ends_in(folded: &str, endings: Option<&str>) -> bool {
    let stem = |ending: &str| {
        let stem = folded.strip_suffix(ending);
        stem.is_some_and(|stem| stem.chars().count() >= STEM)
    };
    endings.is_some_and(|endings| endings.split(' ').any(stem))
}

/// Returns what the first part of a given name tells: `Jean-Pierre`.
fn first_part(folded: &str) -> Gender {
    folded
        .split_once('-')
        .map_or(Gender::None, |(part, _)| Class::of(part).given)
}

/// Returns what the last part of a compound is: `SPD-Chef`, `Verkehrsminister`.
fn last_part(folded: &str, language: &str) -> Class {
    if let Some((_, part)) = folded.rsplit_once('-') {
        return Class::of(part);
    }
    let compounds =
        matches!(language, "de" | "nl" | "sv" | "da" | "nb") && folded.len() <= LONGEST.1;
    let mut starts = folded
        .char_indices()
        .map(|(i, _)| i)
        .skip(3)
        .filter(|i| folded.len() - i >= 5);
    // The rest of so short a part is often a name: `Zimmermann`; of this one it is not.
    if compounds && (folded.ends_with("chef") || folded.ends_with("chefin")) {
        return Class::of("chef");
    }
    let part = if compounds {
        starts.find(|i| Class::of(&folded[*i..]).noun != Noun::None)
    } else {
        None
    };
    part.map(|i| Class::of(&folded[i..])).unwrap_or_default()
}

/// Returns whether a word is neither small nor a verb.
fn is_noun(token: &Token) -> bool {
    token.kind == Kind::Word && token.class.grammar == Grammar::None && token.class.verb.is_none()
}

/// What a dash stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dash {
    /// Itself.
    Break,
    /// The comma of `"…," said Ortiz`: `„…” – powiedział Nowak`.
    Comma,
    /// That comma is there already: `«…», — сказал Иванов`.
    Nothing,
}

/// Returns what a dash after `before` stands for.
pub(crate) fn dash(before: &[Token]) -> Dash {
    let quote = |t: &Token| matches!(t.kind, Kind::Quote(_));
    match before {
        [.., last] if quote(last) => Dash::Comma,
        [.., first, last] if quote(first) && last.kind == Kind::Comma => Dash::Nothing,
        _ => Dash::Break,
    }
}

/// Returns whether nothing but a comma or dash parts the next token from a quote.
fn is_after_quote(before: &[Token]) -> bool {
    let mut back = before
        .iter()
        .rev()
        .skip_while(|t| matches!(t.kind, Kind::Comma | Kind::Break));
    back.next()
        .is_some_and(|t| matches!(t.kind, Kind::Quote(_)))
}

/// Marks the owners that show by their ending and the noun after them: Czech `Brandtova mluvčí`,
/// Swedish `Brandts talesperson`.
fn part_owners(text: &str, tokens: &mut [Token], language: &str) {
    let endings: &[&str] = match language {
        "cs" => &["ova", "ův", "ovo"],
        "sv" | "da" | "nb" => &["s"],
        _ => return,
    };
    for i in 0..tokens.len() {
        let word = tokens[i].text(text);
        let owns = tokens[i].is_capital() && endings.iter().any(|ending| word.ends_with(ending));
        let mut after = tokens[i + 1..]
            .iter()
            .take(2)
            .take_while(|t| t.kind == Kind::Word && t.shape == Shape::Lower);
        if owns && after.any(|t| t.class.noun == Noun::Person) {
            tokens[i].owner = true;
        }
    }
}

/// Marks the adjectives in capitals after a noun for a person: what they begin is an attribute and
/// no name, as the small word after it shows: `Kandidát Republikánské strany`.
fn part_attributes(text: &str, tokens: &mut [Token], language: &str) {
    let endings: &[&str] = match language {
        "cs" => &["ské", "cké", "ského", "ckého", "ní"],
        "pl" => &["skiej", "ckiej", "skiego", "ckiego"],
        "ru" => &["ской", "цкой", "ского", "цкого"],
        "uk" => &["ської", "цької", "ського", "цького"],
        _ => return,
    };
    for i in 1..tokens.len() {
        let word = tokens[i].text(text);
        let noun = tokens.get(i + 1).is_some_and(|next| {
            next.shape == Shape::Lower && is_noun(next) && next.class.noun != Noun::Person
        });
        if noun
            && tokens[i - 1].class.noun == Noun::Person
            && tokens[i].is_capital()
            && endings.iter().any(|ending| word.ends_with(ending))
        {
            tokens[i].class.forms = Forms::OBLIQUE;
        }
    }
}

/// Tells the small words inside names (`Ursula von der Leyen`, `Anna de Vries`) from the articles
/// and prepositions between other words (`Präsidentin der Kammer`) of a block.
pub(crate) fn part_names(text: &str, tokens: &mut [Token], language: &str) {
    part_owners(text, tokens, language);
    part_attributes(text, tokens, language);
    let small = |t: &Token| t.kind == Kind::Word && t.shape == Shape::Lower && t.class.particle;
    let name = |t: &Token| {
        t.is_capital()
            && matches!(t.class.grammar, Grammar::None | Grammar::Time)
            && t.class.noun == Noun::None
    };
    let mut i = 0;
    while i < tokens.len() {
        let run = tokens[i..].iter().take_while(|t| small(t)).count();
        if run == 0 {
            i += 1;
            continue;
        }
        // Some are only prepositions in one language and parts of names in another.
        let foreign = matches!(
            (language, tokens[i].text(text)),
            ("de", "zum" | "zur")
                | ("es" | "it", "al")
                | ("nl", "op")
                | ("cs" | "pl", "do")
                | ("da" | "nb" | "sv", "af" | "av")
        );
        // `Banco de España` is a name as well, but `Presidente da Câmara` is not.
        let begins = i.checked_sub(1).map(|b| &tokens[b]).is_some_and(|b| {
            let body = b.is_capital() && b.class.noun == Noun::Body;
            let given = b.class.given != Gender::None;
            // `zei van der Laan`: a verb of speech has no such part.
            let said = language == "nl" && b.reports();
            match tokens[i].class.grammar {
                Grammar::Preposition if said => true,
                _ if foreign => false,
                // Where all nouns have capitals: `Ursula von der Aue`, but `Brandt von Siemens`.
                Grammar::Preposition if language == GERMAN => given,
                Grammar::Preposition | Grammar::None => name(b) || body,
                // `Anna de Vries`, `De la Vega`
                Grammar::Determiner => name(b) && (given || b.class.particle),
                _ => false,
            }
        });
        let inside = begins && tokens.get(i + run).is_some_and(name);
        for token in &mut tokens[i..i + run] {
            if inside {
                token.class.grammar = Grammar::None;
            } else if token.class.grammar != Grammar::None {
                token.class.particle = false;
            }
        }
        i += run;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quotes::passages::marks::passages;
    use crate::quotes::syntax::clauses::Who;
    use crate::quotes::syntax::story::StorySyntax;
    use crate::quotes::syntax::tokens::cut;

    /// Returns the words of a text with what they are in a sentence.
    fn read(text: &str, language: &str) -> Vec<(String, Grammar)> {
        let tokens = cut(&[text], &[passages(text)], language);
        let words = tokens.outer.iter().filter(|t| t.kind == Kind::Word);
        words
            .map(|t| (t.text(text).to_owned(), t.class.grammar))
            .collect()
    }

    fn grammar(text: &str, language: &str, word: &str) -> Grammar {
        read(text, language)
            .into_iter()
            .find(|(w, _)| w == word)
            .map(|(_, grammar)| grammar)
            .expect("the word is there")
    }

    #[test]
    fn the_list_names_classes_and_languages() {
        for (word, value) in LEXICON.foreign_grammar.iter() {
            for part in value.split("; ") {
                let (languages, class) = part.split_once(" = ").expect("languages = class");
                assert!(
                    languages.split(' ').all(|l| l.len() == 2),
                    "{word}: {languages}"
                );
                assert!(
                    matches!(class, "det of" | "after" | "after prep" | "post")
                        || Grammar::read(marks(class).0) != Grammar::None,
                    "{word}: {class}"
                );
            }
        }
    }

    #[test]
    fn what_is_written_as_one_word_is_cut() {
        let words = |text, language| {
            read(text, language)
                .into_iter()
                .map(|(word, _)| word)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            words("L'avocat d'Anne Roy, a-t-il dit.", "fr"),
            ["L'", "avocat", "d'", "Anne", "Roy", "a", "il", "dit"]
        );
        assert_eq!(
            words("L'Oréal et aujourd'hui.", "fr"),
            ["L'Oréal", "et", "aujourd'hui"]
        );
        assert_eq!(
            words("Um porta-voz queixou-se.", "pt"),
            ["Um", "porta-voz", "queixou", "se"]
        );
        assert_eq!(words("It's Ortiz-il.", "en"), ["It's", "Ortiz-il"]);
    }

    #[test]
    fn a_small_word_is_what_its_language_makes_it() {
        assert_eq!(grammar("Mais il sait.", "fr", "il"), Grammar::He);
        assert_eq!(grammar("Poi il sindaco.", "it", "il"), Grammar::Determiner);
        assert_eq!(grammar("Er und sie.", "de", "sie"), Grammar::She);
        assert_eq!(grammar("Er und sie.", "en", "sie"), Grammar::None);
    }

    #[test]
    fn articles_after_nouns_mean_of_the() {
        assert_eq!(
            grammar("Es sprach der Minister.", "de", "der"),
            Grammar::Determiner
        );
        assert_eq!(
            grammar("Ein Sprecher der Stadt.", "de", "der"),
            Grammar::Preposition
        );
        assert_eq!(grammar("„Gut“, so Brandt.", "de", "so"), Grammar::According);
        assert_eq!(grammar("Brandt war so müde.", "de", "so"), Grammar::Adverb);
    }

    #[test]
    fn names_keep_their_small_words() {
        for (text, language, inside) in [
            ("Es kam Ursula von der Aue.", "de", true),
            ("Toen kwam Anna de Vries.", "nl", true),
            ("Dat zei van Loon.", "nl", true),
            ("Então Presidente da Câmara.", "pt", false),
            ("Der Sprecher von Brandt.", "de", false),
        ] {
            let tokens = cut(&[text], &[Vec::new()], language).outer;
            let small = tokens
                .iter()
                .rev()
                .find(|t| t.shape == Shape::Lower)
                .expect("a small word");
            assert_eq!(small.class.grammar == Grammar::None, inside, "{text}");
        }
    }

    #[test]
    fn an_owner_shows_by_its_ending() {
        for (text, language, owner) in [
            ("Řekla Brandtova zvláštní asistentka Lena.", "cs", true),
            ("Det sa Brandts talesperson Lena Lund.", "sv", true),
            ("Det sa Brandts.", "sv", false),
        ] {
            let tokens = cut(&[text], &[Vec::new()], language).outer;
            assert_eq!(tokens.iter().any(|t| t.owner), owner, "{text}");
        }
    }

    /// Returns the phrases of a text, each with what it stands for.
    fn phrases(text: &str, language: &str) -> Vec<(String, Who)> {
        let texts = [text];
        let syntax = StorySyntax::new(&texts, &[passages(text)], language);
        let phrases = syntax.clauses.phrases.iter();
        phrases
            .map(|p| {
                let words: Vec<_> = (p.first..=p.last).map(|i| syntax.word(i)).collect();
                (words.join(" "), p.who)
            })
            .collect()
    }

    #[test]
    fn a_noun_that_governs_a_genitive_is_the_head() {
        for (text, language, phrase, who) in [
            (
                "To jest prezes portu.",
                "pl",
                "prezes portu",
                Who::OnePerson,
            ),
            (
                "Napisał na blogu specjalny asystent prezydenta.",
                "pl",
                "asystent prezydenta",
                Who::OnePerson,
            ),
            (
                "Kandidát Lesenské strany řekl.",
                "cs",
                "Kandidát",
                Who::OnePerson,
            ),
            (
                "Nimettömät lähteet kertovat.",
                "fi",
                "Nimettömät lähteet",
                Who::People,
            ),
            ("Niektórzy mówią.", "pl", "Niektórzy", Who::Quantity),
        ] {
            let found = phrases(text, language);
            assert!(
                found.contains(&(phrase.to_owned(), who)),
                "{text}: {found:?}"
            );
        }
    }

    #[test]
    fn nobody_after_a_verb_that_has_its_subject_speaks() {
        let texts = ["”Se kesti”, Virtanen sanoi Lesa Newsin haastattelussa."];
        let syntax = StorySyntax::new(&texts, &[passages(texts[0])], "fi");
        let verb = syntax.clauses.verbs[0];
        assert_eq!((verb.subject, verb.after), (Some(0), None));
    }

    #[test]
    fn an_opening_adverb_is_no_name() {
        for (text, language, word) in [
            ("Sichtlich sagte er.", "de", "Sichtlich"),
            ("Naturalmente disse que sim.", "pt", "Naturalmente"),
            ("Uscendo ha detto di no.", "it", "Uscendo"),
        ] {
            assert_eq!(grammar(text, language, word), Grammar::Adverb, "{text}");
        }
        assert_eq!(grammar("Es kam Ehrlich.", "de", "Ehrlich"), Grammar::None);
    }

    #[test]
    fn case_endings_and_articles_say_what_is_no_subject() {
        let phrase = |text: &str, language: &str| {
            let texts = [text];
            let syntax = StorySyntax::new(&texts, &[passages(text)], language);
            syntax.clauses.phrases.last().map(|phrase| phrase.oblique)
        };
        for (text, language, oblique) in [
            ("Es half dem Hafenmeister", "de", true),
            ("Es half der Hafenmeister", "de", false),
            ("Hän kertoi Lesalehdelle", "fi", true),
            ("Hän on Korppinen", "fi", false),
            ("To dał Sobczakowi", "pl", true),
        ] {
            assert_eq!(phrase(text, language), Some(oblique), "{text}");
        }
    }

    #[test]
    fn compounds_are_what_their_last_part_is() {
        for (word, language, noun) in [
            ("hafenminister", "de", Noun::Person),
            ("spd-chef", "de", Noun::Person),
            ("ex-ministre", "fr", Noun::Person),
            ("landwirtschaft", "de", Noun::None),
            ("hafenminister", "it", Noun::None),
        ] {
            assert_eq!(
                class(word, Shape::Capital, &[], language).noun,
                noun,
                "{word}"
            );
        }
    }
}
