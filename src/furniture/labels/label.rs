//! What a unit can be, and where in a story it can be it.

use std::fmt;

/// What a unit is.
#[allow(clippy::enum_variant_names)] // `RelatedLabel` labels the line that heads related links
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Label {
    /// Site furniture: sections, share buttons, adverts, newsletters.
    Navigation,
    /// The wire's slug line.
    Slug,
    /// The headline.
    Headline,
    /// A second or third line of the headline.
    HeadlineMore,
    /// Standfirst, deck, summary.
    Standfirst,
    /// Who wrote it; also roles and places that belong to it.
    Byline,
    /// When it was published or changed.
    Date,
    /// Photo caption or credit.
    Caption,
    /// Running text.
    Paragraph,
    /// A heading inside the story.
    Crosshead,
    /// An item of a list.
    ListItem,
    /// Set in columns.
    Preformatted,
    /// A dateline on a line of its own.
    Dateline,
    /// "Read more": links follow.
    RelatedLabel,
    /// A link to another story.
    Related,
    /// A note by the desk: contributors, corrections, copyright.
    Note,
    /// "Reuter", "-30-".
    EndMark,
    /// The story's own address.
    Url,
}

impl Label {
    /// All labels.
    pub const ALL: [Self; 18] = [
        Self::Navigation,
        Self::Slug,
        Self::Headline,
        Self::HeadlineMore,
        Self::Standfirst,
        Self::Byline,
        Self::Date,
        Self::Caption,
        Self::Paragraph,
        Self::Crosshead,
        Self::ListItem,
        Self::Preformatted,
        Self::Dateline,
        Self::RelatedLabel,
        Self::Related,
        Self::Note,
        Self::EndMark,
        Self::Url,
    ];

    /// Returns its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Navigation => "navigation",
            Self::Slug => "slug",
            Self::Headline => "headline",
            Self::HeadlineMore => "headline +",
            Self::Standfirst => "standfirst",
            Self::Byline => "byline",
            Self::Date => "date",
            Self::Caption => "caption",
            Self::Paragraph => "paragraph",
            Self::Crosshead => "crosshead",
            Self::ListItem => "list item",
            Self::Preformatted => "preformatted",
            Self::Dateline => "dateline",
            Self::RelatedLabel => "related:",
            Self::Related => "related",
            Self::Note => "note",
            Self::EndMark => "end mark",
            Self::Url => "url",
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where in a story a unit stands; a story goes through the phases in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    /// Before the headline.
    Top,
    /// From the headline to the first paragraph.
    Head,
    /// The story.
    Body,
    /// After the story.
    Tail,
}

impl Phase {
    /// All phases, in order.
    pub const ALL: [Self; 4] = [Self::Top, Self::Head, Self::Body, Self::Tail];
}

/// A label in a phase.
pub(crate) type State = (Phase, Label);

/// Every label in every phase that can hold it.
pub(crate) const STATES: [State; 44] = {
    use Label::*;
    use Phase::*;
    [
        (Top, Navigation),
        (Top, Slug),
        (Top, Byline),
        (Top, Date),
        (Top, Caption),
        (Top, Note),
        (Top, RelatedLabel),
        (Top, Related),
        (Top, Url),
        (Head, Headline),
        (Head, HeadlineMore),
        (Head, Navigation),
        (Head, Standfirst),
        (Head, Byline),
        (Head, Date),
        (Head, Caption),
        (Head, Note),
        (Head, RelatedLabel),
        (Head, Related),
        (Head, Url),
        (Body, Paragraph),
        (Body, Crosshead),
        (Body, ListItem),
        (Body, Preformatted),
        (Body, Dateline),
        (Body, Navigation),
        (Body, Caption),
        (Body, RelatedLabel),
        (Body, Related),
        (Body, Note),
        (Body, EndMark),
        (Body, Byline),
        (Body, Date),
        (Body, Url),
        (Tail, Navigation),
        (Tail, RelatedLabel),
        (Tail, Related),
        (Tail, Note),
        (Tail, Byline),
        (Tail, Date),
        (Tail, Caption),
        (Tail, EndMark),
        (Tail, Url),
        (Tail, Preformatted),
    ]
};
