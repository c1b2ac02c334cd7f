//! Names: from the mention beside a quote to the fullest form that the story gives.
//!
//! Every name of the story is gathered with its titles, its gender and its places. A surname or a
//! given name stands for the one person who has it; where two have it, a title decides
//! (`Mrs. Ortiz`), else the mention is left as it is. A pronoun stands for the most salient person
//! before it: mentioned lately, as a subject, as a speaker, of the right gender, and not the hearer
//! of the same sentence. Names inside quotes lend their form, and are nobody's antecedent.

use super::place::Place;
use super::syntax::class::{Class, Gender, Grammar, Noun, Verb};
use super::syntax::clauses::{Article, Phrase, Stretch, SubjectOf, Who};
use super::syntax::relations::root;
use super::syntax::story::StorySyntax;
use super::syntax::token::{Kind, Token};
use crate::lexicon::LEXICON;
use crate::story::{GenderEvidence, GenderValue, SpeakerGender, SpeakerKind};
use crate::text::fold;
use rustc_hash::FxHashMap;
use std::ops::RangeInclusive;

/// What speaks for a pronoun's antecedent. Set by hand: no corpus at hand names the persons behind
/// pronouns in numbers that could be fitted on.
mod weigh {
    /// The subject of a verb of speech.
    pub(crate) const SPEAKER: f32 = 2.5;
    /// The subject of another verb.
    pub(crate) const SUBJECT: f32 = 1.6;
    /// The first phrase of its sentence.
    pub(crate) const FIRST: f32 = 0.8;
    /// Behind a preposition.
    pub(crate) const HANGING: f32 = -1.0;
    /// `Ortiz's`
    pub(crate) const OWNER: f32 = -0.6;
    /// Who is told, in the pronoun's own sentence or the one before.
    pub(crate) const HEARER: f32 = -2.5;
    /// A sentence further away.
    pub(crate) const SENTENCE: f32 = -0.55;
    /// A block further away.
    pub(crate) const BLOCK: f32 = -0.35;
    /// In the pronoun's own sentence and not its subject.
    pub(crate) const OWN_SENTENCE: f32 = -0.8;
    /// Gender known and right; unknown.
    pub(crate) const GENDER: f32 = 0.8;
    /// Each doubling of the mentions in the story.
    pub(crate) const OFTEN: f32 = 0.35;
    /// No sign that the name is a person's.
    pub(crate) const DOUBTFUL: f32 = -1.5;
}

/// How many phrases back a pronoun looks.
const HORIZON: usize = 120;
/// How many people of one surname, or of one given name, a short name is looked for among.
const NAMESAKES: usize = 64;
/// How many people the windows of a long story hand on at most: no story names so many in full.
const KNOWN: usize = 2048;
/// Words that a title or description has at most: names of offices are not longer.
const TITLE: usize = 40;

/// Somebody or something named.
#[derive(Debug, Default)]
struct Entity {
    name: String,
    words: Vec<String>,
    gender: Gender,
    /// What shows the gender, if it is known.
    shown_by: Option<GenderEvidence>,
    title: Option<String>,
    mentions: usize,
    /// Signs that the name is a person's.
    person: bool,
    body: bool,
}

impl Entity {
    /// Whether it is a woman or a man, and what shows it.
    fn gender(&self) -> Option<SpeakerGender> {
        let from = self.shown_by?;
        gender_value(self.gender).map(|value| SpeakerGender { value, from })
    }

    /// What it is, as far as the story shows.
    fn kind(&self) -> Option<SpeakerKind> {
        match (self.body, self.person) {
            (true, _) => Some(SpeakerKind::Organisation),
            (false, true) => Some(SpeakerKind::Person),
            (false, false) => None,
        }
    }

    /// How often it is mentioned, in doublings.
    fn doublings(&self) -> f32 {
        (self.mentions.max(1) as f32).log2().min(4.0)
    }
}

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

/// Who said a quote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    /// The mention beside the quote.
    pub mention: Place,
    /// The fullest name of the story, or the mention itself.
    pub name: String,
    /// Title or description.
    pub title: Option<String>,
    /// What the speaker is.
    pub kind: Option<SpeakerKind>,
    /// Woman or man, and what shows it.
    pub gender: Option<SpeakerGender>,
}

impl Speaker {
    /// A speaker of whom no title or gender is known.
    pub(crate) fn plain(mention: Place, name: String, kind: Option<SpeakerKind>) -> Self {
        Self {
            mention,
            name,
            title: None,
            kind,
            gender: None,
        }
    }
}

/// Whether a pronoun stands for women and men: Finnish, Turkish and Hungarian have but one.
fn is_neutral(folded: &str) -> bool {
    matches!(folded, "hän" | "o" | "ő")
}

/// A gender that says woman or man.
fn gender_value(gender: Gender) -> Option<GenderValue> {
    match gender {
        Gender::Male => Some(GenderValue::Male),
        Gender::Female => Some(GenderValue::Female),
        Gender::None | Gender::Either => None,
    }
}

/// What a phrase that leads to no name stands for.
fn nameless(who: Who) -> Option<SpeakerKind> {
    match who {
        Who::OnePerson => Some(SpeakerKind::Described),
        Who::People | Who::Quantity => Some(SpeakerKind::Group),
        Who::Organisation | Who::Body => Some(SpeakerKind::Organisation),
        Who::Document => Some(SpeakerKind::Document),
        Who::He
        | Who::She
        | Who::They
        | Who::It
        | Who::Me
        | Who::Object
        | Who::Relative
        | Who::Possessive => Some(SpeakerKind::Unresolved),
        Who::Person => Some(SpeakerKind::Person),
        Who::Name | Who::Thing | Who::Time | Who::Owner => None,
    }
}

/// The people of a story.
#[derive(Debug)]
pub(crate) struct People {
    entities: Vec<Entity>,
    /// For each phrase whom it stands for.
    of: Vec<Option<u32>>,
}

/// What stands before anybody's name says nothing of its bearer.
const POLITE: &str = "dhr don dona doña frau fru fräulein fröken frøken herr herrn m madame meneer mevr mevrouw miss mlle mme \
    monsieur mr mrs ms pan pani paní pán sayın senhor senhora señor señora señorita sig sig.ra signor signora sr sra г-жа г-н \
    госпожа господин пан пані";

/// A name as it stands somewhere.
struct Mention {
    /// Whether it is a mention more, and not one that the window before had too.
    counts: bool,
    words: Vec<String>,
    text: String,
    gender: Gender,
    shown_by: Option<GenderEvidence>,
    title: Option<String>,
    person: bool,
    body: bool,
}

impl People {
    /// Everybody whom the story names; `heads` are lines outside the body, `earlier` is what a window
    /// of a long story knows of those before it.
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
        let index = out.index();
        for (p, mention) in mentions.iter_mut().enumerate() {
            if let Some(mention) = mention.take().filter(|m| m.words.len() == 1) {
                let found = out.short(&mention, &index);
                let entity = found.unwrap_or_else(|| out.push(&mention));
                out.add(entity as usize, &mention);
                out.of[p] = Some(entity);
            }
        }
        out.explain(syntax);
        out.pronouns(syntax);
        out
    }

    /// Whom the windows that follow need to know: those with a full name, and of very many those
    /// mentioned most often, and most lately.
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
        let found = full.find(&mention.words, &self.entities);
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
        if words.len() > 1 && full.find(&words, &self.entities).is_none() {
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

    /// The one person whom a single word stands for.
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
            // `Ortiz, the harbour's voice,`: behind a person's name even an unknown noun is a title.
            // `According to Ortiz, the plan …`: there the comma ends the frame.
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
            // `"…," said Ortiz`: without a subject before it, the phrase behind it speaks.
            let speaker = v.subject.or(v.behind);
            if let Some(entity) = speaker.and_then(|s| self.of[s])
                && v.verb.reports()
                && !self.entities[entity as usize].body
            {
                self.entities[entity as usize].person = true;
            }
        }
    }

    /// Finds out whom the pronouns stand for, in order.
    fn pronouns(&mut self, syntax: &StorySyntax<'_>) {
        let salience = Salience::new(syntax, &self.entities);
        for (p, phrase) in syntax.clauses.phrases.iter().enumerate() {
            let word = || fold(syntax.word(phrase.first));
            let gender = match phrase.who {
                Who::He if is_neutral(&word()) => Some(Gender::Either),
                Who::He => Some(Gender::Male),
                Who::She => Some(Gender::Female),
                Who::Object | Who::Possessive => match &*word() {
                    "him" | "himself" | "his" => Some(Gender::Male),
                    "herself" => Some(Gender::Female),
                    "her" if phrase.who == Who::Possessive => Some(Gender::Female),
                    _ => None,
                },
                Who::It | Who::Relative => None,
                _ => continue,
            };
            self.of[p] = match (phrase.who, gender) {
                (Who::It, _) => self.body_before(syntax, p, &salience),
                (Who::Relative, _) => self.relative(syntax, p),
                (_, Some(gender)) => self.antecedent(syntax, p, gender, &salience),
                _ => None,
            };
        }
    }

    /// Whom `who` of `Ortiz, who …` stands for.
    fn relative(&self, syntax: &StorySyntax<'_>, pronoun: usize) -> Option<u32> {
        let tokens = &syntax.tokens.outer;
        let phrases = &syntax.clauses.phrases;
        let first = phrases[pronoun].first;
        let before = (first.saturating_sub(2)..first)
            .rev()
            .filter(|i| tokens[*i].sentence == tokens[first].sentence)
            .find_map(|i| syntax.clauses.phrase_of[i])?;
        let before = root(tokens, &syntax.clauses, before as usize);
        let explained = || phrases[before].explains.and_then(|other| self.of[other]);
        self.of[before].or_else(explained)
    }

    /// The organisation that `it` stands for: the one that last was a subject in this sentence or the two before.
    fn body_before(
        &self,
        syntax: &StorySyntax<'_>,
        pronoun: usize,
        salience: &Salience,
    ) -> Option<u32> {
        let (phrases, tokens) = (&syntax.clauses.phrases, &syntax.tokens.outer);
        let here = tokens[phrases[pronoun].first].sentence;
        let near = (pronoun.saturating_sub(HORIZON)..pronoun)
            .rev()
            .take_while(|m| here - tokens[phrases[*m].first].sentence <= 2);
        let is_body = |e: u32| self.entities[e as usize].body;
        let body = |m: &usize| {
            salience.subject_of[*m] != SubjectOf::Nothing && self.of[*m].is_some_and(is_body)
        };
        near.filter(|m| !matches!(phrases[*m].who, Who::Owner | Who::Possessive))
            .find(body)
            .and_then(|m| self.of[m])
    }

    /// The most salient person of a gender before a phrase.
    fn antecedent(
        &self,
        syntax: &StorySyntax<'_>,
        pronoun: usize,
        gender: Gender,
        salience: &Salience,
    ) -> Option<u32> {
        let phrases = &syntax.clauses.phrases;
        let here = &syntax.tokens.outer[phrases[pronoun].first];
        let mut best: Option<(u32, f32)> = None;
        for m in (pronoun.saturating_sub(HORIZON)..pronoun).rev() {
            let Some(e) = self.of[m] else { continue };
            let entity = &self.entities[e as usize];
            let right = match entity.gender {
                Gender::None | Gender::Either => 0.0,
                g if g == gender => weigh::GENDER,
                _ if gender == Gender::Either => 0.0,
                _ => continue,
            };
            // One word that nothing shows to be a person's name may be a place.
            if entity.body || !entity.person && entity.words.len() == 1 {
                continue;
            }
            let doubtful = if entity.person { 0.0 } else { weigh::DOUBTFUL };
            let often = weigh::OFTEN * salience.doublings[e as usize];
            let score = right + often + salience.of(syntax, m, here) + doubtful;
            if best.is_none_or(|b| score > b.1) {
                best = Some((e, score));
            }
        }
        best.map(|b| b.0)
    }

    /// The speaker that a phrase stands for.
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
            None => Speaker {
                gender,
                ..Speaker::plain(place, text, nameless(p.who))
            },
        }
    }
}

fn text(syntax: &StorySyntax<'_>, tokens: RangeInclusive<usize>) -> String {
    let place = Place::of(&syntax.tokens.outer, tokens);
    syntax.texts[place.block()][place.range()].to_owned()
}

/// Folded words of a name, without the suffixes and points that forms of it differ in.
fn words<'a>(parts: impl Iterator<Item = &'a str>) -> Vec<String> {
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

/// The name in a phrase.
fn mention(syntax: &StorySyntax<'_>, phrase: usize) -> Option<Mention> {
    let p: &Phrase = &syntax.clauses.phrases[phrase];
    let Stretch {
        first: from,
        last: to,
    } = p.name?;
    if p.who == Who::Time {
        return None;
    }
    let tokens = &syntax.tokens.outer;
    let words = words((from..=to).map(|i| syntax.word(i)));
    let mut gender = Gender::None;
    for i in (p.first..from).rev() {
        let class = &tokens[i].class;
        let found = if class.honorific == Gender::None && class.noun == Noun::Person {
            class.gender
        } else {
            class.honorific
        };
        if matches!(found, Gender::Male | Gender::Female) {
            gender = found;
            break;
        }
        gender = if found == Gender::Either {
            found
        } else {
            gender
        };
    }
    let titled = gender != Gender::None;
    let mut shown_by = Some(GenderEvidence::Title);
    if !matches!(gender, Gender::Male | Gender::Female) {
        let given = tokens[from].class.given;
        gender = if given == Gender::None { gender } else { given };
        shown_by = Some(GenderEvidence::GivenName);
    }
    let body = (from..=to).any(|i| tokens[i].class.noun == Noun::Body || tokens[i].class.firm)
        || p.who == Who::Body && !titled;
    Some(Mention {
        counts: true,
        gender,
        shown_by,
        title: title(syntax, p, from),
        person: p.who == Who::Person || titled,
        body: body && !titled,
        text: text(syntax, from..=to),
        words,
    })
}

/// What makes a phrase the likelier antecedent of a pronoun.
struct Salience {
    /// For each phrase what it is the subject of, inverted clauses included.
    subject_of: Vec<SubjectOf>,
    /// For each phrase whether somebody is told something there.
    hears: Vec<bool>,
    /// For each entity how often it is mentioned, in doublings.
    doublings: Vec<f32>,
}

impl Salience {
    fn new(syntax: &StorySyntax<'_>, entities: &[Entity]) -> Self {
        let mut subject_of = syntax.subject_of.clone();
        let mut hears = vec![false; subject_of.len()];
        for verb in &syntax.clauses.verbs {
            // `"…," said Ortiz.`: the phrase behind is the subject.
            if verb.subject.is_none()
                && verb.verb.reports()
                && let Some(subject) = verb.behind
            {
                subject_of[subject] = SubjectOf::Report;
            }
            if let Some(behind) = verb.behind.filter(|_| verb.verb == Verb::Tell) {
                hears[behind] = verb.subject.is_some();
            }
        }
        Self {
            subject_of,
            hears,
            doublings: entities.iter().map(Entity::doublings).collect(),
        }
    }

    /// What speaks for a phrase as the antecedent of the pronoun `here`.
    fn of(&self, syntax: &StorySyntax<'_>, phrase: usize, here: &Token) -> f32 {
        let Phrase { first, who, .. } = syntax.clauses.phrases[phrase];
        let token = &syntax.tokens.outer[first];
        let hangs = first.checked_sub(1).is_some_and(|before| {
            matches!(
                syntax.tokens.outer[before].class.grammar,
                Grammar::Preposition | Grammar::By | Grammar::As | Grammar::To
            )
        });
        let sentences = (here.sentence - token.sentence) as f32;
        let blocks = (here.block - token.block) as f32;
        let subject = match self.subject_of[phrase] {
            SubjectOf::Report => weigh::SPEAKER,
            SubjectOf::Verb => weigh::SUBJECT,
            SubjectOf::Nothing if token.sentence == here.sentence => weigh::OWN_SENTENCE,
            SubjectOf::Nothing => 0.0,
        };
        let owner = matches!(who, Who::Owner | Who::Possessive);
        let hears = self.hears[phrase] && sentences <= 1.0;
        let signs = [
            (token.first, weigh::FIRST),
            (hangs, weigh::HANGING),
            (owner, weigh::OWNER),
            (hears, weigh::HEARER),
        ];
        let signs = signs.into_iter().filter(|(is, _)| *is);
        signs.fold(
            weigh::SENTENCE * sentences.min(8.0) + weigh::BLOCK * blocks + subject,
            |sum, (_, weight)| sum + weight,
        )
    }
}

/// Whether a title is one that anybody has.
fn is_polite(title: &str) -> bool {
    const LONGEST: usize = 32;
    let title = title.trim_end_matches('.');
    if title.len() > LONGEST {
        return false;
    }
    let title = fold(title);
    POLITE.split(' ').any(|word| word == title)
}

/// What stands before a name as its bearer's title.
fn title(syntax: &StorySyntax<'_>, p: &Phrase, name: usize) -> Option<String> {
    let tokens = &syntax.tokens.outer;
    let mut first = p.first;
    // `Monday morning Mr. Ortiz`
    let says_nothing = |t: &Token| {
        matches!(
            t.class.grammar,
            Grammar::Determiner | Grammar::Demonstrative | Grammar::Quantity | Grammar::Time
        ) && t.class.noun != Noun::Person
    };
    while first < name && says_nothing(&tokens[first]) {
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

/// Where the title begins that goes on at `first`: names of offices hold small words and owners, as in
/// `House Ways and Means Committee chairman`, `Bank of Lesa governor`, `Lesa's finance minister`.
fn title_start(syntax: &StorySyntax<'_>, mut first: usize, name: usize) -> usize {
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

/// A description up to where something else begins, its article left out.
fn description(syntax: &StorySyntax<'_>, phrase: usize) -> String {
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

/// The people whom one word may stand for, in the order of the story; at most [`NAMESAKES`] each.
#[derive(Debug, Default)]
struct Namesakes {
    surname: Vec<u32>,
    given: Vec<u32>,
    middle: Vec<u32>,
}

/// Full names by surname and given name, so that a name is looked for among its namesakes only.
#[derive(Debug, Default)]
struct FullNames {
    /// By surname and full given name: `ortiz`, `robert` for Bob Ortiz.
    by_given: FxHashMap<(String, String), Vec<u32>>,
    /// By surname and the given name's first letter.
    by_initial: FxHashMap<(String, char), Vec<u32>>,
}

impl FullNames {
    /// Notes that somebody has a name. The names that the person had before stay noted.
    fn insert(&mut self, words: &[String], entity: u32) {
        let [given, .., surname] = words else { return };
        let key = (surname.clone(), formal(given).to_owned());
        insert_sorted(self.by_given.entry(key).or_default(), entity);
        if let Some(initial) = given.chars().next() {
            let key = (surname.clone(), initial);
            insert_sorted(self.by_initial.entry(key).or_default(), entity);
        }
    }

    /// The first of the people whose name a full name can be another form of.
    fn find(&self, words: &[String], entities: &[Entity]) -> Option<u32> {
        let [given, .., surname] = words else {
            return None;
        };
        let first = |list: Option<&Vec<u32>>| {
            let mut list = list.into_iter().flatten().copied();
            list.find(|i| same_person(&entities[*i as usize].words, words))
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

/// Whether two lists of words can be one person's name: the same last word, and first words that do not differ.
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

/// The given name that a nickname is short for, or the given name itself: `robert` for `bob`.
fn formal(given: &str) -> &str {
    LEXICON.nicknames.get(given).unwrap_or(given)
}

/// Whether a form of a name says more than another.
fn fuller(a: &[String], b: &[String]) -> bool {
    let spelled = |words: &[String]| words.iter().filter(|w| w.chars().count() > 1).count();
    (spelled(a), a.len()) > (spelled(b), b.len())
}

/// Names of two words or more inside the quotes.
fn inner_names(syntax: &StorySyntax<'_>) -> Vec<(Vec<String>, String)> {
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

/// A given name and the word behind it in a headline; more could be the headline's own capitals.
fn head_names(head: &str) -> Vec<(Vec<String>, String)> {
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

#[cfg(test)]
mod tests {
    use crate::quotes::{Body, Weights, attribute};

    /// The name and title of the speaker of each quote of some blocks.
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
