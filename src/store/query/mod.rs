//! The search language: what a reader types, as an expression.
//!
//! ```text
//! port strike             both words, anywhere in the story
//! "port strike"           the words one after the other
//! strik*                  words that begin so; "port strik"* likewise
//! strike -dockers         without a word; NOT dockers is the same
//! strike OR walkout       either; binds less than standing side by side; ( ) groups
//! speaker:lavrov          a field; values of several words go into quotation marks
//! after:2020-11 before:2021     that month and later, and before that year
//! ```
//!
//! Upper and lower case, accents and punctuation make no difference. `words` cuts the input,
//! `parse` builds the expression, `date` reads dates. What it becomes in SQL is the catalog's
//! business.

mod date;
mod error;
mod parse;
mod words;

pub use date::{Day, DayError};
pub use error::QueryError;

use crate::store::annotations::{AnnotationKind, Verdict};
use crate::story::{GenderValue, QuoteKind, SpeakerKind};

/// A question to the catalog. The default one finds every story.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// What must hold, all of it.
    parts: Vec<Expr>,
}

/// Part of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expr {
    /// Words stand in the text.
    Text(Text),
    /// A field has a value.
    Is(Condition),
    /// Every part holds.
    All(Vec<Expr>),
    /// One of the parts holds, or several.
    Any(Vec<Expr>),
    /// It does not hold; also where the story does not say.
    Not(Box<Expr>),
}

/// Words, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Text {
    /// Where; none for anywhere in the story.
    pub column: Option<Column>,
    /// The words, as typed.
    pub words: String,
    /// Whether the last word may go on.
    pub prefix: bool,
}

/// Parts of a story that words can be looked for in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Column {
    /// The headline.
    Headline,
    /// The keyword line.
    Slug,
    /// The people of the byline.
    Authors,
    /// Place and region of the dateline.
    Place,
    /// Who is quoted, with titles.
    Speakers,
}

impl Column {
    /// Returns its name in the full text.
    pub fn name(self) -> &'static str {
        match self {
            Self::Headline => "headline",
            Self::Slug => "slug",
            Self::Authors => "authors",
            Self::Place => "place",
            Self::Speakers => "speakers",
        }
    }
}

/// What a field must be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Condition {
    /// The agency, by its normalised name.
    Agency {
        /// The name, or how it begins.
        name: String,
        /// Whether it may go on.
        prefix: bool,
    },
    /// A language; `pt` includes `pt-BR`.
    Language(String),
    /// The version label has these characters in it.
    Version(String),
    /// A quote is attributed with these words.
    Cue {
        /// The words, one after the other.
        words: String,
        /// Whether the last word may go on.
        prefix: bool,
    },
    /// A quote is of this kind.
    Kind(QuoteKind),
    /// A quote's speaker is of this kind.
    SpeakerKind(SpeakerKind),
    /// A quote's speaker is a woman, or a man.
    Gender(GenderValue),
    /// People say something of the story: a tag, a collection or a note.
    Annotated {
        /// What kind of thing.
        kind: AnnotationKind,
        /// The tag, the collection's name or words of the note.
        value: String,
        /// Whether it may go on.
        prefix: bool,
    },
    /// A quote was judged so.
    Verdict(Verdict),
    /// The id begins with these digits.
    Id(String),
    /// The day lies in a range.
    Dates {
        /// First day, as YYYY-MM-DD.
        from: Option<String>,
        /// The day after the last.
        until: Option<String>,
    },
}

/// Fields of the search language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Field {
    /// `agency:`
    Agency,
    /// `speaker:`
    Speaker,
    /// `cue:`
    Cue,
    /// `kind:`
    Kind,
    /// `gender:`
    Gender,
    /// `author:`
    Author,
    /// `place:`
    Place,
    /// `headline:`
    Headline,
    /// `slug:`
    Slug,
    /// `lang:`
    Language,
    /// `version:`
    Version,
    /// `tag:`
    Tag,
    /// `collection:`
    Collection,
    /// `note:`
    Note,
    /// `verdict:`
    Verdict,
    /// `id:`
    Id,
    /// `after:`
    After,
    /// `before:`
    Before,
    /// `on:`
    On,
}

/// How a field is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldName {
    /// The field.
    pub field: Field,
    /// Its name, without the colon.
    pub name: &'static str,
    /// A value that it could have.
    pub example: &'static str,
}

impl FieldName {
    const fn new(field: Field, name: &'static str, example: &'static str) -> Self {
        Self {
            field,
            name,
            example,
        }
    }
}

impl Field {
    /// Every field.
    pub const ALL: [FieldName; 19] = [
        FieldName::new(Self::Agency, "agency", "AFP"),
        FieldName::new(Self::Speaker, "speaker", "lavrov"),
        FieldName::new(Self::Cue, "cue", "warn*"),
        FieldName::new(Self::Kind, "kind", "indirect"),
        FieldName::new(Self::Gender, "gender", "female"),
        FieldName::new(Self::Author, "author", "\"ana ruiz\""),
        FieldName::new(Self::Place, "place", "yerevan"),
        FieldName::new(Self::Headline, "headline", "ferry"),
        FieldName::new(Self::Slug, "slug", "BC-STRIKE"),
        FieldName::new(Self::Language, "lang", "pt"),
        FieldName::new(Self::Version, "version", "update"),
        FieldName::new(Self::Tag, "tag", "ports"),
        FieldName::new(Self::Collection, "collection", "\"port strike\""),
        FieldName::new(Self::Note, "note", "callback"),
        FieldName::new(Self::Verdict, "verdict", "wrong"),
        FieldName::new(Self::Id, "id", "1f3a9c"),
        FieldName::new(Self::After, "after", "2020-11-01"),
        FieldName::new(Self::Before, "before", "2020-12"),
        FieldName::new(Self::On, "on", "2020-11-21"),
    ];

    /// Returns how the field is typed.
    pub(crate) fn name(self) -> FieldName {
        // All of them are in the list, as a test of the names sees.
        *Self::ALL
            .iter()
            .find(|known| known.field == self)
            .unwrap_or(&Self::ALL[0])
    }

    fn named(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        let alias = if name == "language" { "lang" } else { &name };
        Self::ALL
            .iter()
            .find(|known| known.name == alias)
            .map(|known| known.field)
    }
}

impl Query {
    /// Reads what a user typed.
    ///
    /// # Errors
    ///
    /// A sentence that says what to write instead.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        if text.len() > parse::BYTES {
            return Err(QueryError::TooLong);
        }
        let parts = match parse::parse(text)? {
            Expr::All(parts) => parts,
            part => vec![part],
        };
        Self { parts }.bounded()
    }

    /// Returns the query itself, if it has no more words than a query may have.
    fn bounded(self) -> Result<Self, QueryError> {
        let words: usize = self.parts.iter().map(parse::count_words).sum();
        if words > parse::WORDS {
            return Err(QueryError::TooLong);
        }
        Ok(self)
    }

    /// Narrows the query to stories that `text`, as a user typed it, finds too.
    ///
    /// # Errors
    ///
    /// A sentence that says what to write instead.
    pub fn and(mut self, text: &str) -> Result<Self, QueryError> {
        self.parts.extend(Self::parse(text)?.parts);
        self.bounded()
    }

    /// Narrows the query to stories whose `field` has `value`, as if `field:"value"` were typed;
    /// a `*` at the value's end stands for whatever follows.
    ///
    /// # Errors
    ///
    /// A sentence that says what to write instead, if the value is none for this field, or the
    /// query gets too long.
    pub fn with(mut self, field: Field, value: &str) -> Result<Self, QueryError> {
        let (value, prefix) = match value.strip_suffix('*') {
            Some(start) => (start, true),
            None => (value, false),
        };
        if value.len() > parse::BYTES {
            return Err(QueryError::TooLong);
        }
        self.parts.push(parse::field(field, value, prefix)?);
        self.bounded()
    }

    /// Returns what must hold, all of it.
    pub fn parts(&self) -> &[Expr] {
        &self.parts
    }
}

#[cfg(test)]
mod tests;
