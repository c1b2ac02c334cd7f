//! Names: from the mention beside a quote to the fullest form that the story gives.
//!
//! Every name of the story is gathered with its titles, its gender and its places. A surname or a
//! given name stands for the one person who has it; where two have it, a title decides
//! (`Mrs. Ortiz`), else the mention is left as it is. Names inside quotes lend their form, and are
//! nobody's antecedent.

use super::entity::{Entity, Mention, mention};
use super::full_names::{FullNames, Namesakes, fuller, head_names, inner_names};
use super::name_cases::{is_case_of, nominatives};
use super::place::Place;
use super::pronouns;
use super::speaker::{Speaker, gender_value, is_neutral, nameless};
use super::syntax::class::{Class, Gender, Grammar, Noun};
use super::syntax::clauses::{Article, Stretch, Who};
use super::syntax::story::StorySyntax;
use super::titles::description;
use crate::story::{GenderEvidence, SpeakerGender, SpeakerKind};
use crate::text::fold;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// How many people of one surname, or of one given name, a short name is looked for among.
const NAMESAKES: usize = 64;
/// How many people the windows of a long story hand on at most: no story names so many in full.
const KNOWN: usize = 2048;

/// Whom the windows of a long story have named in full so far.
#[derive(Debug, Default)]
pub(crate) struct Known {
    people: Vec<Entity>,
}

/// What a window of a long story knows of those before it.
pub(crate) struct Earlier {
    /// How many of its blocks were in the window before.
    pub blocks: usize,
    /// Whom the windows before named.
    pub known: Known,
}

/// The people of a story.
#[derive(Debug)]
pub(crate) struct People {
    entities: Vec<Entity>,
    /// For each phrase whom it stands for.
    of: Vec<Option<u32>>,
}

/// Returns the names of one word by that word, where names have cases.
fn alone(
    name_cases: Option<&'static str>,
    mentions: &[Option<Mention>],
) -> FxHashMap<String, String> {
    let mentions = mentions.iter().filter(|_| name_cases.is_some()).flatten();
    let single = mentions.filter(|mention| mention.words.len() == 1);
    single
        .map(|mention| (mention.words[0].clone(), mention.text.clone()))
        .collect()
}

impl People {
    /// Everybody whom the story names; `heads` are lines outside the body, `earlier` is what a
    /// window of a long story knows of those before it.
    pub(crate) fn of(syntax: &StorySyntax<'_>, heads: &[&str], earlier: Option<Earlier>) -> Self {
        let blocks_before = earlier.as_ref().map_or(0, |earlier| earlier.blocks);
        let counted_before = |p: usize| {
            let first = syntax.clauses.phrases[p].first;
            (syntax.token(first).block as usize) < blocks_before
        };
        let mut mentions: Vec<Option<Mention>> = (0..syntax.clauses.phrases.len())
            .map(|p| {
                mention(syntax, p).map(|mention| Mention {
                    counts: !counted_before(p),
                    ..mention
                })
            })
            .collect();
        // Full names first, so that short ones find them wherever they stand.
        let mut out = Self {
            entities: earlier.map_or_else(Vec::new, |earlier| earlier.known.people),
            of: vec![None; mentions.len()],
        };
        let mut full = FullNames::default();
        for (number, entity) in out.entities.iter().enumerate() {
            full.insert(&entity.words, number as u32);
        }
        for (p, mention) in mentions.iter().enumerate() {
            if let Some(mention) = mention.as_ref().filter(|m| m.words.len() > 1) {
                out.of[p] = Some(out.enter(mention, &mut full));
            }
        }
        for words in inner_names(syntax)
            .into_iter()
            .chain(heads.iter().flat_map(|head| head_names(head)))
        {
            out.lend(words, &mut full);
        }
        if let Some(endings) = syntax.name_cases {
            out.join_cases(syntax, endings, &full);
        }
        let alone = alone(syntax.name_cases, &mentions);
        let index = out.index();
        for (p, mention) in mentions.iter_mut().enumerate() {
            if let Some(mut mention) = mention.take().filter(|m| m.words.len() == 1) {
                let mut found = out.short(&mention, &index);
                if let Some(endings) = syntax.name_cases.filter(|_| found.is_none()) {
                    found = out.short_in_nominative(&mut mention, endings, &index, &alone);
                }
                let entity = found.unwrap_or_else(|| out.push(&mention));
                out.add(entity as usize, &mention);
                out.of[p] = Some(entity);
            }
        }
        out.explain(syntax);
        pronouns::resolve(syntax, &out.entities, &mut out.of);
        out
    }

    fn words_of(&self, person: u32) -> &[String] {
        &self.entities[person as usize].words
    }

    /// Returns whom the windows that follow need to know: those with a full name, and of very many
    /// those mentioned most often, and most lately.
    pub(crate) fn known(self) -> Known {
        let mut named: Vec<Entity> = self.entities;
        named.retain(|entity| entity.words.len() > 1);
        if named.len() > KNOWN {
            let mut often: Vec<_> = named.iter().map(|e| e.mentions).enumerate().collect();
            often.sort_by_key(|(number, mentions)| std::cmp::Reverse((*mentions, *number)));
            let mut kept = vec![false; named.len()];
            often[..KNOWN / 2]
                .iter()
                .for_each(|(number, _)| kept[*number] = true);
            let mut kept = kept.into_iter();
            named.retain(|_| kept.next().unwrap_or_default());
        }
        Known { people: named }
    }

    /// Adds a full name, or finds the person who has it or a fuller form of it.
    fn enter(&mut self, mention: &Mention, full: &mut FullNames) -> u32 {
        let found = full.find(&mention.words, |person| self.words_of(person));
        let entity = found.unwrap_or_else(|| self.push(mention));
        let known = &mut self.entities[entity as usize];
        if found.is_none() || fuller(&mention.words, &known.words) {
            known.name.clone_from(&mention.text);
            known.words.clone_from(&mention.words);
            full.insert(&mention.words, entity);
        }
        self.add(entity as usize, mention);
        entity
    }

    /// Adds somebody with the name of a mention, whom no other name stands for.
    fn push(&mut self, mention: &Mention) -> u32 {
        self.entities.push(Entity {
            name: mention.text.clone(),
            words: mention.words.clone(),
            ..Entity::default()
        });
        self.entities.len() as u32 - 1
    }

    fn add(&mut self, entity: usize, mention: &Mention) {
        let entity = &mut self.entities[entity];
        entity.mentions += usize::from(mention.counts);
        entity.person |= mention.person;
        entity.body |= mention.body;
        if matches!(entity.gender, Gender::None | Gender::Either) && mention.gender != Gender::None
        {
            (entity.gender, entity.shown_by) = (mention.gender, mention.shown_by);
        }
        if entity.title.is_none() {
            entity.title.clone_from(&mention.title);
        }
    }

    /// A name inside a quote or a headline: it makes a known short name full, and nobody new.
    fn lend(&mut self, (words, text): (Vec<String>, String), full: &mut FullNames) {
        if words.len() > 1 && full.find(&words, |person| self.words_of(person)).is_none() {
            full.insert(&words, self.entities.len() as u32);
            let person = Class::of(&words[0]).given != Gender::None;
            self.entities.push(Entity {
                name: text,
                gender: Class::of(&words[0]).given,
                shown_by: Some(GenderEvidence::GivenName),
                words,
                person,
                ..Entity::default()
            });
        }
    }

    /// Full names by the words that may stand for them alone.
    fn index(&self) -> FxHashMap<String, Namesakes> {
        let mut index: FxHashMap<String, Namesakes> = FxHashMap::default();
        let mut add = |word: &String, list: fn(&mut Namesakes) -> &mut Vec<u32>, entity: usize| {
            let list = list(index.entry(word.clone()).or_default());
            if list.len() < NAMESAKES {
                list.push(entity as u32);
            }
        };
        for (i, Entity { words, .. }) in self.entities.iter().enumerate() {
            let [first, .., last] = &words[..] else {
                continue;
            };
            add(last, |n| &mut n.surname, i);
            if words.len() <= 4 {
                add(first, |n| &mut n.given, i);
            }
            // `Nogales` for Javier Nogales Iturri, then `Javier`.
            if words.len() == 3 && Class::of(first).given != Gender::None {
                add(&words[1], |n| &mut n.middle, i);
            }
        }
        index
    }

    /// Returns the one person whom a single word stands for.
    fn short(&self, mention: &Mention, index: &FxHashMap<String, Namesakes>) -> Option<u32> {
        let word = &mention.words[0];
        let namesakes = index.get(word)?;
        let given = Class::of(word).given;
        let list = match (namesakes.surname.is_empty(), given) {
            (false, _) => &namesakes.surname,
            (true, Gender::None) => &namesakes.middle,
            (true, given) if mention.gender == given => &namesakes.given,
            _ => return None,
        };
        // A place in a body's name is not the body: `Iowa`, `University of Iowa`.
        let fits = |i: &u32| {
            let e = &self.entities[*i as usize];
            (!e.body || mention.body)
                && (mention.gender != Gender::Male || e.gender != Gender::Female)
                && (mention.gender != Gender::Female || e.gender != Gender::Male)
        };
        let (mut best, mut often, mut alone) = (None, 0, true);
        for i in list.iter().copied().filter(fits) {
            // Somebody whom the story names in full time and again, beside somebody named once.
            let mentions = self.entities[i as usize].mentions;
            if best.is_none() || mentions > often {
                (best, often, alone) = (Some(i), mentions, true);
            } else if mentions == often {
                alone = false;
            }
        }
        best.filter(|_| alone)
    }

    /// Gives names in other cases to those who have them in the nominative: `Jana Nowaka` is Jan
    /// Nowak.
    fn join_cases(&mut self, syntax: &StorySyntax<'_>, endings: &'static str, full: &FullNames) {
        let mut same: BTreeMap<u32, u32> = BTreeMap::new();
        let bare = self.bare(syntax);
        for person in 0..self.entities.len() as u32 {
            let [given, .., surname] = self.words_of(person) else {
                continue;
            };
            let Some(initial) = given.chars().next() else {
                continue;
            };
            let bears = |other: u32| {
                let Some(nominative) = self.words_of(other).first() else {
                    return false;
                };
                // `Александра Иванова` is a woman, or Александр Иванов in another case.
                let genders = [given, nominative].map(|word| Class::of(word).given);
                let other_gender = matches!(
                    genders,
                    [Gender::Female, Gender::Male] | [Gender::Male, Gender::Female]
                );
                let somebody_else = other_gender && bare[person as usize];
                let joined = same.contains_key(&other);
                !joined && !somebody_else && is_case_of(given, nominative, endings)
            };
            let nominatives = std::iter::once(surname.clone()).chain(nominatives(surname, endings));
            let mut found =
                nominatives.filter_map(|surname| full.find_other(&surname, initial, person, bears));
            if let Some(other) = found.next() {
                same.insert(person, other);
            }
        }
        for (person, other) in &same {
            let joined = std::mem::take(&mut self.entities[*person as usize]);
            let entity = &mut self.entities[*other as usize];
            entity.mentions += joined.mentions;
            entity.person |= joined.person;
            entity.body |= joined.body;
            entity.title = entity.title.take().or(joined.title);
        }
        for of in self.of.iter_mut().flatten() {
            // A name may be a case of one that is a case of a third. No way leads back: nobody is
            // joined to somebody who is joined already.
            while let Some(other) = same.get(of) {
                *of = *other;
            }
        }
    }

    /// Returns for each person whether a name of theirs stands somewhere without a preposition.
    fn bare(&self, syntax: &StorySyntax<'_>) -> Vec<bool> {
        let mut bare = vec![false; self.entities.len()];
        for (phrase, person) in syntax.clauses.phrases.iter().zip(&self.of) {
            let before = phrase
                .first
                .checked_sub(1)
                .map(|i| syntax.token(i).class.grammar);
            let governed = matches!(before, Some(Grammar::Preposition | Grammar::According));
            if let Some(person) = person.filter(|_| !governed) {
                bare[person as usize] = true;
            }
        }
        bare
    }

    /// Returns the one person whom a single word in another case stands for. A word that no full
    /// name has gets its nominative, if the story has it.
    fn short_in_nominative(
        &self,
        mention: &mut Mention,
        endings: &'static str,
        index: &FxHashMap<String, Namesakes>,
        alone: &FxHashMap<String, String>,
    ) -> Option<u32> {
        let word = mention.words[0].clone();
        for nominative in nominatives(&word, endings) {
            mention.words[0].clone_from(&nominative);
            if let Some(found) = self.short(mention, index) {
                return Some(found);
            }
            if let Some(text) = alone.get(&nominative) {
                mention.text.clone_from(text);
                return None;
            }
        }
        mention.words[0] = word;
        None
    }

    /// Titles, genders and personhood from what explains a name: `Ortiz, a welder`.
    fn explain(&mut self, syntax: &StorySyntax<'_>) {
        let phrases = &syntax.clauses.phrases;
        for (p, phrase) in phrases.iter().enumerate() {
            let Some(other) = phrase.explains else {
                continue;
            };
            let (name, noun) = if phrase.name.is_some() {
                (p, other)
            } else {
                (other, p)
            };
            let Some(entity) = self.of[name] else {
                continue;
            };
            let head = &syntax.tokens.outer[phrases[noun].last];
            let listed = phrases[noun].who == Who::OnePerson;
            let entity = &mut self.entities[entity as usize];
            // `Ortiz, the harbour's voice,`: after a person's name even an unknown noun is a
            // title. `According to Ortiz, the plan …`: there the comma ends the frame.
            let sentence = syntax.tokens.outer[phrases[name].first].sentence;
            let framed = (phrases[name].first.saturating_sub(2)..phrases[name].first)
                .map(|i| &syntax.tokens.outer[i])
                .any(|t| t.class.grammar == Grammar::According && t.sentence == sentence);
            let unlisted = noun == p
                && phrases[noun].who == Who::Thing
                && entity.person
                && !framed
                && !phrases[noun].plural
                && phrases[noun].article != Article::None;
            if listed || unlisted {
                entity.person = true;
                if head.class.noun == Noun::Person
                    && matches!(entity.gender, Gender::None | Gender::Either)
                    && head.class.gender != Gender::Either
                {
                    entity.gender = head.class.gender;
                    entity.shown_by = Some(GenderEvidence::Title);
                }
                if entity.title.is_none() {
                    entity.title = Some(description(syntax, noun));
                }
            }
        }
        for v in &syntax.clauses.verbs {
            // `"…," said Ortiz`: without a subject before it, the phrase after it speaks.
            let speaker = v.subject.or(v.after);
            if let Some(entity) = speaker.and_then(|s| self.of[s])
                && v.verb.reports()
                && !self.entities[entity as usize].body
            {
                self.entities[entity as usize].person = true;
            }
        }
    }

    /// Returns the speaker that a phrase stands for.
    pub(crate) fn speaker(&self, syntax: &StorySyntax<'_>, phrase: usize) -> Speaker {
        let phrases = &syntax.clauses.phrases;
        let p = &phrases[phrase];
        let Stretch { first, last } = syntax.mention(phrase);
        let place = Place::of(&syntax.tokens.outer, first..=last);
        let text = syntax.texts[place.block()][place.range()].to_owned();
        // `one resident, Lena Ortiz,`: the name explains the description, or the other way.
        let partner = || {
            let back = phrases
                .iter()
                .enumerate()
                .skip(phrase + 1)
                .take(6)
                .find(|(_, o)| o.explains == Some(phrase))
                .map(|(i, _)| i);
            p.explains.into_iter().chain(back).find_map(|o| self.of[o])
        };
        let noun = matches!(
            p.who,
            Who::OnePerson | Who::People | Who::Organisation | Who::Thing
        );
        let entity = self.of[phrase].or_else(|| noun.then(partner).flatten());
        let head = &syntax.tokens.outer[p.last].class;
        let (said, from) = match p.who {
            Who::He if is_neutral(&fold(&text)) => (Gender::None, GenderEvidence::Pronoun),
            Who::He => (Gender::Male, GenderEvidence::Pronoun),
            Who::She => (Gender::Female, GenderEvidence::Pronoun),
            Who::OnePerson => (head.gender, GenderEvidence::Title),
            _ => (Gender::None, GenderEvidence::Title),
        };
        let gender = gender_value(said).map(|value| SpeakerGender { value, from });
        match entity.map(|e| &self.entities[e as usize]) {
            Some(entity) => {
                let kind = entity.kind();
                let person = kind == Some(SpeakerKind::Person);
                Speaker {
                    mention: place,
                    name: entity.name.clone(),
                    title: entity.title.clone(),
                    kind,
                    gender: gender.or_else(|| entity.gender()).filter(|_| person),
                }
            }
            None => {
                // `one of the sources`
                let one = p.who == Who::Quantity && fold(syntax.word(p.first)) == "one";
                let who = if one { Who::OnePerson } else { p.who };
                Speaker {
                    gender,
                    ..Speaker::plain(place, text, nameless(who))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::quotes::{Body, Weights, attribute};

    /// Returns the name and title of the speaker of each quote of some blocks.
    fn speakers(blocks: &[&str], heads: &[&str]) -> Vec<(String, Option<String>)> {
        let body = Body {
            blocks,
            quotable: &vec![true; blocks.len()],
            heads,
            language: "en",
        };
        let quotes = attribute(&body, Weights::fitted());
        let speakers = quotes.into_iter().filter_map(|quote| quote.speaker);
        speakers.map(|s| (s.name, s.title)).collect()
    }

    fn names(blocks: &[&str]) -> Vec<String> {
        let speakers = speakers(blocks, &[]).into_iter();
        speakers.map(|(name, _)| name).collect()
    }

    #[test]
    fn a_case_of_a_case_is_the_nominative() {
        let blocks = [
            "\u{201d}Silta kestää\u{201d}, sanoi Jonan Virtasenin.",
            "\u{201d}Silta kestää\u{201d}, sanoi Jona Virtasen.",
            "\u{201d}Silta kestää\u{201d}, sanoi Jona Virtanen.",
        ];
        let body = Body {
            blocks: &blocks,
            quotable: &[true; 3],
            heads: &[],
            language: "fi",
        };
        let quotes = attribute(&body, Weights::of_language("fi"));
        let names: Vec<_> = quotes
            .into_iter()
            .filter_map(|quote| quote.speaker)
            .map(|speaker| speaker.name)
            .collect();
        assert_eq!(names, ["Jona Virtanen"; 3]);
    }

    #[test]
    fn a_short_name_stands_for_the_one_person_who_has_it() {
        assert_eq!(
            names(&["Lena Ortiz left.", "\"It held,\" Ortiz said."]),
            ["Lena Ortiz"]
        );
        // Of two, neither.
        assert_eq!(
            names(&["Lena Ortiz met Ivo Ortiz.", "\"It held,\" Ortiz said."]),
            ["Ortiz"]
        );
        // A title tells two apart.
        assert_eq!(
            names(&["Lena Ortiz met Adam Ortiz.", "\"It held,\" Mr. Ortiz said."]),
            ["Adam Ortiz"]
        );
        // Of two, the one whom the story names time and again.
        assert_eq!(
            names(&[
                "Lena Ortiz met Ivo Ortiz. Lena Ortiz left.",
                "\"It held,\" Ortiz said."
            ]),
            ["Lena Ortiz"]
        );
    }

    #[test]
    fn forms_of_one_name_are_one_person() {
        for (first, second) in [
            ("Robert Moss", "Bob Moss"),
            ("Robert Moss", "R. Moss"),
            ("Robert J. Moss", "Robert Moss"),
            ("Robert Moss Jr.", "Robert Moss"),
        ] {
            let blocks = [
                format!("{first} left."),
                format!("\"It held,\" {second} said."),
            ];
            let found = names(&[&blocks[0], &blocks[1]]);
            assert!(found[0].starts_with("Robert"), "{second}: {found:?}");
        }
    }

    #[test]
    fn a_pronoun_is_somebody_of_its_gender() {
        assert_eq!(
            names(&["Lena Ortiz met Adam Moss.", "\"It held,\" she said."]),
            ["Lena Ortiz"]
        );
        assert_eq!(
            names(&["Adam Moss met Lena Ortiz.", "\"It held,\" he said."]),
            ["Adam Moss"]
        );
    }

    #[test]
    fn a_speaker_is_what_the_story_shows() {
        use crate::story::{GenderEvidence as From, GenderValue as Value, SpeakerKind as Kind};
        let (female, male) = (Value::Female, Value::Male);
        for (text, kind, gender) in [
            (
                "\"It held,\" said Lena Ortiz.",
                Some(Kind::Person),
                Some((female, From::GivenName)),
            ),
            (
                "\"It held,\" Mr. Ortiz said.",
                Some(Kind::Person),
                Some((male, From::Title)),
            ),
            (
                "Lena Ortiz left. \"It held,\" she said.",
                Some(Kind::Person),
                Some((female, From::Pronoun)),
            ),
            (
                "\"It held,\" he said.",
                Some(Kind::Unresolved),
                Some((male, From::Pronoun)),
            ),
            (
                "\"It held,\" a spokeswoman said.",
                Some(Kind::Described),
                Some((female, From::Title)),
            ),
            (
                "\"It held,\" a senior official said.",
                Some(Kind::Described),
                None,
            ),
            (
                "\"It held,\" the harbour board said.",
                Some(Kind::Organisation),
                None,
            ),
            ("\"It held,\" residents said.", Some(Kind::Group), None),
            (
                "\"It held,\" one of the residents said.",
                Some(Kind::Described),
                None,
            ),
            ("\"It held,\" the report said.", Some(Kind::Document), None),
            ("\"It held,\" the bridge said.", None, None),
        ] {
            let body = Body {
                blocks: &[text],
                quotable: &[true],
                heads: &[],
                language: "en",
            };
            let quotes = attribute(&body, Weights::fitted());
            let speaker = quotes.last().and_then(|quote| quote.speaker.as_ref());
            let speaker = speaker.expect("somebody speaks");
            let shown = speaker.gender.map(|gender| (gender.value, gender.from));
            assert_eq!((speaker.kind, shown), (kind, gender), "{text}");
        }
    }

    #[test]
    fn an_office_or_a_day_is_no_part_of_a_name() {
        for (text, name) in [
            ("AG Lena Ortiz said: \"It held.\"", "Lena Ortiz"),
            ("ADA Adam Moss said: \"It held.\"", "Adam Moss"),
            (
                "Secretary of State Kovin Marr said: \"It held.\"",
                "Kovin Marr",
            ),
            ("Lesa Mills CEO Adam Moss said: \"It held.\"", "Adam Moss"),
            ("Mayor Lena Ortiz today said: \"It held.\"", "Lena Ortiz"),
        ] {
            assert_eq!(names(&[text]), [name], "{text}");
        }
    }

    #[test]
    fn an_answer_is_the_other_sides() {
        let found = names(&[
            "\"It held,\" Lena Ortiz said.",
            "\"Why?\" Adam Moss asked.",
            "\"It is new,\" came the answer.",
        ]);
        assert_eq!(found, ["Lena Ortiz", "Adam Moss", "Lena Ortiz"]);
    }

    #[test]
    fn a_name_after_a_dash_signs_a_quote() {
        assert_eq!(
            names(&[
                "\"It held, and I was glad.\" ― Lena Ortiz",
                "\"It is an old bridge.\" — Adam Moss (@moss)",
            ]),
            ["Lena Ortiz", "Adam Moss"]
        );
    }

    #[test]
    fn the_title_of_a_work_is_nobodys_words() {
        let body = Body {
            blocks: &["Ortiz left a report titled, \"Low Water in Lesa.\""],
            quotable: &[true],
            heads: &[],
            language: "en",
        };
        let kinds = attribute(&body, Weights::fitted()).into_iter();
        let kinds: Vec<_> = kinds.map(|quote| quote.passage.kind).collect();
        assert_eq!(kinds, [crate::story::QuoteKind::Scare]);
    }

    #[test]
    fn titles_and_headlines_tell_more_of_a_name() {
        assert_eq!(
            speakers(&["\"It held,\" said Mayor Lena Ortiz."], &[]),
            [("Lena Ortiz".to_owned(), Some("Mayor".to_owned()))]
        );
        assert_eq!(
            speakers(&["\"It held,\" said Ivo Lund, a welder at the docks."], &[]),
            [(
                "Ivo Lund".to_owned(),
                Some("welder at the docks".to_owned())
            )]
        );
        let headed = speakers(&["\"It held,\" Ortiz said."], &["Lena Ortiz leaves"]);
        assert_eq!(headed[0].0, "Lena Ortiz");
    }
}
