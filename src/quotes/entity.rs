//! Somebody or something named, and each name as it stands in the story.

use super::full_names::words;
use super::speaker::gender_value;
use super::syntax::class::{Gender, Noun};
use super::syntax::clauses::{Phrase, Stretch, Who};
use super::syntax::story::StorySyntax;
use super::titles::{text, title};
use crate::story::{GenderEvidence, SpeakerGender, SpeakerKind};

/// Somebody or something named.
#[derive(Debug, Default)]
pub(super) struct Entity {
    pub name: String,
    pub words: Vec<String>,
    pub gender: Gender,
    /// What shows the gender, if it is known.
    pub shown_by: Option<GenderEvidence>,
    pub title: Option<String>,
    pub mentions: usize,
    /// Signs that the name is a person's.
    pub person: bool,
    pub body: bool,
}

impl Entity {
    /// Returns whether it is a woman or a man, and what shows it.
    pub(super) fn gender(&self) -> Option<SpeakerGender> {
        let from = self.shown_by?;
        gender_value(self.gender).map(|value| SpeakerGender { value, from })
    }

    /// Returns what it is, as far as the story shows.
    pub(super) fn kind(&self) -> Option<SpeakerKind> {
        match (self.body, self.person) {
            (true, _) => Some(SpeakerKind::Organisation),
            (false, true) => Some(SpeakerKind::Person),
            (false, false) => None,
        }
    }

    /// Returns how often it is mentioned, in doublings.
    pub(super) fn doublings(&self) -> f32 {
        (self.mentions.max(1) as f32).log2().min(4.0)
    }
}

/// A name as it stands somewhere.
pub(super) struct Mention {
    /// Whether it is a mention more, and not one that the window before had too.
    pub counts: bool,
    pub words: Vec<String>,
    pub text: String,
    pub gender: Gender,
    pub shown_by: Option<GenderEvidence>,
    pub title: Option<String>,
    pub person: bool,
    pub body: bool,
}

/// Returns the name in a phrase.
pub(super) fn mention(syntax: &StorySyntax<'_>, phrase: usize) -> Option<Mention> {
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
