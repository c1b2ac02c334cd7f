//! What can be wrong with a query, and what to write instead.

use super::{DayError, Field};
use crate::story::{QuoteKind, SpeakerKind};

/// A query that cannot be understood. Each message is a sentence that says what to write.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// No word in it.
    #[error("`{0}` has no word to search for; write one, such as strike or \"port strike\"")]
    Empty(String),
    /// A quotation mark without its partner.
    #[error("the quotation mark before `{0}` is never closed; write \"{0}\" with one on each side")]
    OpenQuote(String),
    /// A bracket without its partner.
    #[error("a `(` is never closed; write ) after what belongs together, or leave it out")]
    OpenBracket,
    /// A bracket without its partner.
    #[error("a `)` closes nothing; write ( before what belongs together, or leave it out")]
    StrayBracket,
    /// An operator without a word on one side.
    #[error(
        "`{0}` has nothing to work on; write it between words, as in strike {0} port, or in \
         quotation marks to search for the word"
    )]
    Dangling(&'static str),
    /// A field without a value.
    #[error("`{name}:` has no value; write it without a space, as in {name}:{example}")]
    NoValue {
        /// The field.
        name: &'static str,
        /// What could stand there.
        example: &'static str,
    },
    /// A field before a group.
    #[error("`{name}:` takes one value; write ({name}:one OR {name}:other)")]
    Group {
        /// The field.
        name: &'static str,
    },
    /// The beginning of half the dictionary.
    #[error("`{0}*` is too short; write at least two letters before the *")]
    ShortPrefix(String),
    /// Not a field.
    #[error("`{0}:` is not a field{meant} (there are {fields}); to search for the words, write \
             them in quotation marks", meant = meant(.0), fields = fields())]
    UnknownField(String),
    /// Not a kind of quote or speaker.
    #[error("`{0}` is no kind of quote or speaker; there are {kinds}", kinds = kinds())]
    UnknownKind(String),
    /// Not a gender.
    #[error("`{0}` is not in the records; there are female and male")]
    UnknownGender(String),
    /// Not a verdict.
    #[error("`{0}` is no verdict; there are right and wrong")]
    UnknownVerdict(String),
    /// Not a date.
    #[error(transparent)]
    Day(#[from] DayError),
    /// Not an id.
    #[error("`{0}` is not an id; write hex digits, as in id:1f3a9c")]
    BadId(String),
    /// Too much at once.
    #[error(
        "the query is too long; use at most {} words, also inside quotation marks",
        super::parse::WORDS
    )]
    TooLong,
    /// Too many brackets.
    #[error(
        "the query has too many brackets inside each other; use at most {}",
        super::parse::DEPTH
    )]
    TooDeep,
}

/// Returns the field that a word with a slip in it was meant to be.
fn meant(name: &str) -> String {
    let names: Vec<&str> = Field::ALL.iter().map(|known| known.name).collect();
    let near = similar::get_close_matches(name.to_lowercase().as_str(), &names, 1, 0.6);
    near.first()
        .map(|name| format!("; did you mean `{name}:`?"))
        .unwrap_or_default()
}

fn kinds() -> String {
    let quotes = QuoteKind::ALL.map(QuoteKind::name);
    let speakers = SpeakerKind::ALL.map(SpeakerKind::name);
    format!("{} and {}", quotes.join(", "), speakers.join(", "))
}

fn fields() -> String {
    let names: Vec<String> = Field::ALL
        .iter()
        .map(|known| format!("{}:", known.name))
        .collect();
    names.join(" ")
}
