//! Facts of a story that only the caller knows: what the user says, or the name of a file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// A value is never longer, in bytes.
const VALUE: usize = 500;

/// Facts that a caller can give.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FactName {
    /// Who supplied it: `agency`, where neither text nor envelope names one.
    Agency,
    /// The day it was published: `published`, where neither text nor envelope has one.
    Date,
    /// Edition of the publication.
    Edition,
    /// The sender's identifier.
    Id,
    /// BCP 47 tag: `language`, where the envelope names none.
    Language,
    /// Page of the publication.
    Page,
    /// The publication.
    Publication,
    /// Section of the publication.
    Section,
    /// The slug, where the story has none.
    Slug,
}

/// Facts of a story that its caller gives, each at most once. In the record they stand in
/// `wire.given`, and fill what text and envelope leave empty.
///
/// ```
/// use archive::{CallerFacts, FactName, ParseOptions};
///
/// let mut facts = CallerFacts::default();
/// facts.give(FactName::Publication, "Island Gazette")?;
/// facts.give(FactName::Date, "20240305")?;
/// let options = ParseOptions::default().facts(facts);
/// let story = archive::try_parse(b"Ferry sails\n\nIt sailed.\n", &options).unwrap();
/// assert_eq!(story.published.as_deref(), Some("2024-03-05"));
/// assert_eq!(story.wire.unwrap().publication.as_deref(), Some("Island Gazette"));
/// # Ok::<(), archive::FactError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct CallerFacts(BTreeMap<FactName, String>);

/// Why a fact was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FactError {
    /// No fact has that name.
    #[error("`{name}` is no fact that can be given; give {}", names())]
    Unknown {
        /// The name.
        name: String,
    },
    /// The value is none of its kind.
    #[error("`{value}` is no {name}; give {}", name.form())]
    Value {
        /// Which fact.
        name: FactName,
        /// What was given.
        value: String,
    },
    /// The fact was given before.
    #[error("{name} is given twice; give it once")]
    Twice {
        /// Which fact.
        name: FactName,
    },
}

impl FactName {
    /// Every name, in the order of the record.
    pub const ALL: [Self; 9] = [
        Self::Agency,
        Self::Date,
        Self::Edition,
        Self::Id,
        Self::Language,
        Self::Page,
        Self::Publication,
        Self::Section,
        Self::Slug,
    ];

    /// Returns the name as people and records write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Agency => "agency",
            Self::Date => "date",
            Self::Edition => "edition",
            Self::Id => "id",
            Self::Language => "language",
            Self::Page => "page",
            Self::Publication => "publication",
            Self::Section => "section",
            Self::Slug => "slug",
        }
    }

    /// Returns how its value is written, for messages.
    fn form(self) -> &'static str {
        match self {
            Self::Date => "a day, such as 2024-03-05 or 20240305",
            Self::Language => "a language tag, such as en or pt-BR",
            _ => "words on one line",
        }
    }
}

impl fmt::Display for FactName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for FactName {
    type Err = FactError;

    fn from_str(name: &str) -> Result<Self, FactError> {
        let found = Self::ALL.into_iter().find(|known| known.name() == name);
        // What researchers call it.
        let found = found.or((name == "outlet").then_some(Self::Publication));
        found.ok_or_else(|| FactError::Unknown {
            name: name.to_owned(),
        })
    }
}

fn names() -> String {
    let names: Vec<&str> = FactName::ALL.iter().map(|name| name.name()).collect();
    names.join(", ")
}

impl CallerFacts {
    /// Gives a fact.
    ///
    /// # Errors
    ///
    /// If it was given before, or the value is none of its kind: not one visible line, no day, no
    /// language tag.
    pub fn give(&mut self, name: FactName, value: &str) -> Result<(), FactError> {
        if self.0.contains_key(&name) {
            return Err(FactError::Twice { name });
        }
        let value = value.trim();
        let read = match name {
            FactName::Date => day(value),
            FactName::Language => is_language_tag(value).then(|| value.to_owned()),
            _ => is_one_line(value).then(|| value.to_owned()),
        };
        let read = read.ok_or_else(|| FactError::Value {
            name,
            value: value.to_owned(),
        })?;
        self.0.insert(name, read);
        Ok(())
    }

    /// Returns a fact, if it was given.
    pub fn get(&self, name: FactName) -> Option<&str> {
        self.0.get(&name).map(String::as_str)
    }

    /// Returns whether nothing was given.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns what was given, by name.
    pub fn iter(&self) -> impl Iterator<Item = (FactName, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// Leaves only the facts of which `keep` says so.
    pub fn retain(&mut self, keep: impl Fn(FactName, &str) -> bool) {
        self.0.retain(|name, value| keep(*name, value));
    }
}

fn is_one_line(value: &str) -> bool {
    !value.is_empty() && value.len() <= VALUE && !value.contains(char::is_control)
}

fn is_language_tag(value: &str) -> bool {
    let mut parts = value.split('-');
    let is_part = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| is_part(part, 8))
}

/// Returns a day as RFC 3339 writes it, given with any of the separators that names of files have,
/// or without.
fn day(value: &str) -> Option<String> {
    let digits: Vec<&str> = value.split(['-', '_', '.', '/']).collect();
    let (year, month, day) = match digits.as_slice() {
        [whole] if whole.len() == 8 && whole.is_ascii() => (&whole[..4], &whole[4..6], &whole[6..]),
        [year, month, day] if year.len() == 4 => (*year, *month, *day),
        _ => return None,
    };
    let number = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse().ok()).flatten()
    };
    let year: u32 = number(year)?;
    let date =
        chrono::NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(month)?, number(day)?)?;
    (1000..=9999)
        .contains(&year)
        .then(|| date.format("%Y-%m-%d").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(name: FactName, value: &str) -> Result<String, FactError> {
        let mut facts = CallerFacts::default();
        facts.give(name, value)?;
        Ok(facts.get(name).unwrap().to_owned())
    }

    #[test]
    fn days_are_read_as_names_of_files_write_them() {
        for day in ["2024-03-05", "20240305", "2024_03_05", "2024.3.5"] {
            assert_eq!(given(FactName::Date, day).unwrap(), "2024-03-05");
        }
        for no_day in [
            "2024-13-05",
            "2024-02-30",
            "05.03.2024",
            "March 5",
            "2024",
            "",
        ] {
            let error = given(FactName::Date, no_day).unwrap_err().to_string();
            assert!(error.contains("such as 2024-03-05"), "{error}");
        }
    }

    #[test]
    fn values_are_one_visible_line() {
        assert_eq!(
            given(FactName::Publication, " Gazette ").unwrap(),
            "Gazette"
        );
        assert!(given(FactName::Publication, " ").is_err());
        assert!(given(FactName::Slug, "a\nb").is_err());
        assert!(given(FactName::Language, "English").is_err());
        assert_eq!(given(FactName::Language, "pt-BR").unwrap(), "pt-BR");
    }

    #[test]
    fn names_are_those_of_the_record_and_each_is_given_once() {
        for name in FactName::ALL {
            assert_eq!(name.name().parse::<FactName>().unwrap(), name);
            assert_eq!(serde_json::to_value(name).unwrap(), name.name());
        }
        assert_eq!("outlet".parse::<FactName>().unwrap(), FactName::Publication);
        let error = "publicaton".parse::<FactName>().unwrap_err().to_string();
        assert!(error.contains("agency, date"), "{error}");
        let mut facts = CallerFacts::default();
        facts.give(FactName::Page, "1").unwrap();
        let twice = facts.give(FactName::Page, "2");
        assert_eq!(
            twice,
            Err(FactError::Twice {
                name: FactName::Page
            })
        );
    }
}
