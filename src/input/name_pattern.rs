//! Facts in the names of files, such as `gazette_2024-03-05_port-strike.txt`.

use crate::facts::{CallerFacts, FactError, FactName};
use regex::Regex;
use std::path::Path;
use std::str::FromStr;

/// A pattern for the names of files.
///
/// `{date}`, `{publication}` (or `{outlet}`), `{slug}` and the other facts stand for what is taken
/// from the name, and `{}` for what is not. Everything else stands for itself. A pattern with `/`
/// looks at the directories above, too. The name's ending (`.txt`) does not count.
///
/// ```
/// use archive::FactName;
/// use archive::input::NamePattern;
/// use std::path::Path;
///
/// let pattern: NamePattern = "{outlet}_{date}_{slug}".parse()?;
/// let facts = pattern.read(Path::new("in/gazette_2024-03-05_port-strike.txt")).unwrap();
/// assert_eq!(facts.get(FactName::Publication), Some("gazette"));
/// assert_eq!(facts.get(FactName::Date), Some("2024-03-05"));
/// # Ok::<(), archive::input::NamePatternError>(())
/// ```
#[derive(Clone, Debug)]
pub struct NamePattern {
    text: String,
    regex: Regex,
    facts: Vec<FactName>,
    /// Components of a path that the pattern is about.
    components: usize,
}

/// A pattern that cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NamePatternError {
    /// It names a fact that there is not, or one twice.
    #[error(transparent)]
    Fact(#[from] FactError),
    /// Nothing of a name is taken.
    #[error("the pattern takes nothing from a name; give one such as {{outlet}}_{{date}}_{{slug}}")]
    Empty,
    /// A brace has no other.
    #[error("a brace has no other; write facts as {{date}}")]
    Brace,
    /// Two facts stand side by side, so that nothing says where one ends.
    #[error("{{{first}}} and what follows it stand side by side; put a character between them")]
    SideBySide {
        /// The first of the two.
        first: String,
    },
    /// It is too long to be used.
    #[error("the pattern is too long; shorten it")]
    TooLong,
}

/// Why a name gives no facts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// It is not of the pattern's form.
    #[error("its name is not like {pattern}")]
    Unlike {
        /// The pattern.
        pattern: String,
    },
    /// A part of it is no value for the fact that the pattern says it is.
    #[error("of its name, {0}")]
    Fact(#[from] FactError),
}

impl FromStr for NamePattern {
    type Err = NamePatternError;

    fn from_str(text: &str) -> Result<Self, NamePatternError> {
        let (mut pattern, mut facts) = ("^".to_owned(), CallerFactNames::default());
        let mut rest = text;
        while let Some(open) = rest.find(['{', '}']) {
            pattern.push_str(&regex::escape(&rest[..open]));
            let inside = rest[open..]
                .strip_prefix('{')
                .ok_or(NamePatternError::Brace)?;
            let close = inside.find('}').ok_or(NamePatternError::Brace)?;
            let name = &inside[..close];
            pattern.push_str(match name {
                "" => "[^/]+?",
                name => match facts.add(name)? {
                    FactName::Date => r"(\d{4}[-_.]?\d{1,2}[-_.]?\d{1,2})",
                    _ => "([^/]+?)",
                },
            });
            rest = &inside[close + 1..];
            if rest.starts_with('{') {
                let first = name.to_owned();
                return Err(NamePatternError::SideBySide { first });
            }
        }
        pattern.push_str(&regex::escape(rest));
        pattern.push('$');
        if facts.0.is_empty() {
            return Err(NamePatternError::Empty);
        }
        Ok(Self {
            text: text.to_owned(),
            regex: Regex::new(&pattern).map_err(|_| NamePatternError::TooLong)?,
            facts: facts.0,
            components: text.matches('/').count() + 1,
        })
    }
}

/// The facts of a pattern, in the order of its groups.
#[derive(Default)]
struct CallerFactNames(Vec<FactName>);

impl CallerFactNames {
    fn add(&mut self, name: &str) -> Result<FactName, FactError> {
        let name: FactName = name.parse()?;
        if self.0.contains(&name) {
            return Err(FactError::Twice { name });
        }
        self.0.push(name);
        Ok(name)
    }
}

impl NamePattern {
    /// Returns the facts that it takes from a name.
    pub fn facts(&self) -> &[FactName] {
        &self.facts
    }

    /// Returns the facts in a name.
    ///
    /// # Errors
    ///
    /// If the name is not of the pattern's form, or a part of it is no value for its fact.
    pub fn read(&self, path: &Path) -> Result<CallerFacts, NameError> {
        let unlike = || NameError::Unlike {
            pattern: self.text.clone(),
        };
        let shown = path.to_string_lossy();
        let parts: Vec<&str> = shown.split('/').filter(|part| !part.is_empty()).collect();
        let from = parts
            .len()
            .checked_sub(self.components)
            .ok_or_else(unlike)?;
        let name = parts[from..].join("/");
        let found = self
            .regex
            .captures(without_ending(&name))
            .ok_or_else(unlike)?;
        let mut facts = CallerFacts::default();
        for (number, fact) in self.facts.iter().enumerate() {
            let value = found.get(number + 1).map_or("", |group| group.as_str());
            facts.give(*fact, value)?;
        }
        Ok(facts)
    }
}

/// Returns a name without its ending, such as `.txt`. A number after a dot is none.
fn without_ending(name: &str) -> &str {
    const ENDING: usize = 5;
    let packed = [".gz", ".zst", ".xz", ".bz2"];
    let unpacked = packed.iter().find_map(|ending| name.strip_suffix(ending));
    let name = unpacked.unwrap_or(name);
    match name.rsplit_once('.') {
        Some((stem, ending))
            if (1..=ENDING).contains(&ending.len())
                && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && ending.bytes().any(|byte| byte.is_ascii_alphabetic())
                && !stem.is_empty() =>
        {
            stem
        }
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pattern: &str, path: &str) -> Result<Vec<(FactName, String)>, NameError> {
        let pattern: NamePattern = pattern.parse().unwrap();
        let facts = pattern.read(Path::new(path))?;
        Ok(facts
            .iter()
            .map(|(name, value)| (name, value.to_owned()))
            .collect())
    }

    fn value(name: FactName, value: &str) -> (FactName, String) {
        (name, value.to_owned())
    }

    #[test]
    fn facts_are_taken_from_names_and_directories() {
        assert_eq!(
            read(
                "{outlet}_{date}_{slug}",
                "in/the-gazette_2024-03-05_port_strike.txt"
            )
            .unwrap(),
            [
                value(FactName::Date, "2024-03-05"),
                value(FactName::Publication, "the-gazette"),
                value(FactName::Slug, "port_strike"),
            ]
        );
        assert_eq!(
            read("{outlet}/{date}-{}", "/a/gazette/20240305-0017.txt").unwrap(),
            [
                value(FactName::Date, "2024-03-05"),
                value(FactName::Publication, "gazette"),
            ]
        );
        assert_eq!(
            read("a{page}", "a1.5").unwrap(),
            [value(FactName::Page, "1.5")]
        );
    }

    #[test]
    fn names_that_do_not_fit_say_why() {
        let unlike = read("{outlet}_{date}", "gazette.txt").unwrap_err();
        assert_eq!(unlike.to_string(), "its name is not like {outlet}_{date}");
        let no_day = read("{date}", "2024-02-31.txt").unwrap_err().to_string();
        assert!(no_day.contains("`2024-02-31` is no date"), "{no_day}");
        assert!(read("{outlet}/{date}", "20240305.txt").is_err());
    }

    #[test]
    fn patterns_are_strict() {
        for pattern in [
            "",
            "plain",
            "{}",
            "{date",
            "date}",
            "{day}",
            "{date}{slug}",
            "{id}-{id}",
        ] {
            assert!(pattern.parse::<NamePattern>().is_err(), "{pattern}");
        }
    }
}
