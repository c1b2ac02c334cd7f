//! What the trees tell apart: labels, and for what is not story, where on the page it stands.

use super::label::{Label, Phase, State};

/// What a unit is in the eyes of the trees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Class {
    /// The headline, all lines of it.
    Headline,
    /// Standfirst or summary.
    Standfirst,
    /// Who wrote it.
    Byline,
    /// When it was published.
    Date,
    /// Photo caption or credit.
    Caption,
    /// Running text.
    Paragraph,
    /// An item of a list.
    ListItem,
    /// A heading inside the story.
    Crosshead,
    /// The story's address.
    Url,
    /// Furniture above the headline.
    Above,
    /// Furniture between headline and text.
    Between,
    /// Furniture inside the text.
    Inside,
    /// Furniture under the text.
    Below,
}

/// How many classes there are.
pub const CLASSES: usize = Class::ALL.len();

impl Class {
    /// All of them, in order.
    pub const ALL: [Self; 13] = [
        Self::Headline,
        Self::Standfirst,
        Self::Byline,
        Self::Date,
        Self::Caption,
        Self::Paragraph,
        Self::ListItem,
        Self::Crosshead,
        Self::Url,
        Self::Above,
        Self::Between,
        Self::Inside,
        Self::Below,
    ];

    /// Returns its name in the file of the trees.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Headline => "headline",
            Self::Standfirst => "standfirst",
            Self::Byline => "byline",
            Self::Date => "date",
            Self::Caption => "caption",
            Self::Paragraph => "paragraph",
            Self::ListItem => "item",
            Self::Crosshead => "crosshead",
            Self::Url => "url",
            Self::Above => "above",
            Self::Between => "between",
            Self::Inside => "inside",
            Self::Below => "below",
        }
    }

    /// Returns the class of a state.
    pub const fn of((phase, label): State) -> Self {
        match label {
            Label::Headline | Label::HeadlineMore => Self::Headline,
            Label::Standfirst => Self::Standfirst,
            Label::Byline => Self::Byline,
            Label::Date => Self::Date,
            Label::Caption => Self::Caption,
            Label::Paragraph | Label::Dateline => Self::Paragraph,
            Label::Preformatted if matches!(phase, Phase::Body) => Self::Paragraph,
            Label::ListItem => Self::ListItem,
            Label::Crosshead => Self::Crosshead,
            Label::Url => Self::Url,
            Label::Navigation
            | Label::Slug
            | Label::RelatedLabel
            | Label::Related
            | Label::Note
            | Label::Preformatted
            | Label::EndMark => match phase {
                Phase::Top => Self::Above,
                Phase::Head => Self::Between,
                Phase::Body => Self::Inside,
                Phase::Tail => Self::Below,
            },
        }
    }
}
