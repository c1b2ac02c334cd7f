//! Who said a quote, and what the words beside it show of them.

use super::place::Place;
use super::syntax::class::Gender;
use super::syntax::clauses::Who;
use crate::story::{GenderValue, SpeakerGender, SpeakerKind};

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
    /// Returns a speaker of whom no title or gender is known.
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

/// Returns whether a pronoun stands for women and men: Finnish, Turkish and Hungarian have but one.
pub(super) fn is_neutral(folded: &str) -> bool {
    matches!(folded, "hän" | "o" | "ő")
}

/// Returns a gender that says woman or man.
pub(super) fn gender_value(gender: Gender) -> Option<GenderValue> {
    match gender {
        Gender::Male => Some(GenderValue::Male),
        Gender::Female => Some(GenderValue::Female),
        Gender::None | Gender::Either => None,
    }
}

/// Returns what a phrase that leads to no name stands for.
pub(super) fn nameless(who: Who) -> Option<SpeakerKind> {
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
