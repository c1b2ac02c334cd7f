//! The fitted weights, read from `weights.txt`, and what other languages weigh otherwise, from
//! `weights-de.txt` (German) and `weights-other.txt` (all that have no list of their own).

use super::feature::{FAMILIES, FEATURES, Feature};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::LazyLock;
use thiserror::Error;

/// Weights smaller than this are left out of the file.
const NEGLIGIBLE: f32 = 0.02;

/// A weight for each feature.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights(Vec<f32>);

/// The two-letter tag of the language that has a list of its own, English apart.
const GERMAN: &str = "de";
/// The languages that `weights-other.txt` serves: Portuguese, on which it was fitted, others for
/// which it was measured, and their close kin. Scandinavian and Turkish copy is read better with
/// the weights of English, and languages that were not measured keep those, too.
const SERVED_BY_OTHERS: [&str; 19] = [
    "fr", "es", "pt", "it", "ca", "gl", "ro", "nl", "pl", "cs", "sk", "ru", "uk", "bg", "sr", "hr",
    "sl", "fi", "et",
];

/// Why a list is no list of weights. Lines count from 1.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum WeightsError {
    /// A line is neither a comment nor a name and a number.
    #[error("line {line}: {text:?} is not a feature's name, a tab and a number")]
    Malformed {
        /// The line.
        line: usize,
        /// What stands there.
        text: String,
    },
    /// No feature has the name.
    #[error("line {line}: no feature is named {name:?}")]
    Unknown {
        /// The line.
        line: usize,
        /// The name.
        name: String,
    },
    /// Another line has given the feature a weight.
    #[error("line {line}: {name:?} has a weight already")]
    Double {
        /// The line.
        line: usize,
        /// The name.
        name: String,
    },
}

impl Weights {
    /// Returns the weights that the program ships for a language (BCP 47): those for English, and
    /// what the language weighs otherwise.
    pub fn of_language(language: &str) -> &'static Self {
        static GERMANS: LazyLock<Weights> =
            LazyLock::new(|| Weights::fitted().differing(include_str!("weights-de.txt")));
        static OTHERS: LazyLock<Weights> =
            LazyLock::new(|| Weights::fitted().differing(include_str!("weights-other.txt")));
        match language {
            GERMAN => &GERMANS,
            language if SERVED_BY_OTHERS.contains(&language) => &OTHERS,
            _ => Self::fitted(),
        }
    }

    /// The weights that a list of differences makes of these.
    // The lists are part of the program, and a test reads them.
    #[allow(clippy::expect_used)]
    fn differing(&self, list: &str) -> Self {
        let difference = Self::read(list).expect("the list of differences is well-formed");
        let weights = self.0.iter().zip(difference.0);
        Self(weights.map(|(weight, other)| weight + other).collect())
    }

    /// Returns what is to be added to `other` to have these weights.
    pub fn difference(&self, other: &Self) -> Self {
        let weights = self.0.iter().zip(&other.0);
        Self(weights.map(|(weight, other)| weight - other).collect())
    }

    /// The weights that the program ships for English.
    // The list is part of the program, and a test reads it.
    #[allow(clippy::expect_used)]
    pub fn fitted() -> &'static Self {
        static FITTED: LazyLock<Weights> = LazyLock::new(|| {
            Weights::read(include_str!("weights.txt")).expect("the list of weights is well-formed")
        });
        &FITTED
    }

    /// Weights by feature number; missing ones are zero.
    pub fn new(mut weights: Vec<f32>) -> Self {
        weights.resize(FEATURES, 0.0);
        Self(weights)
    }

    /// Reads `name<TAB>weight` lines; `#` begins a comment, a feature without a line weighs
    /// nothing.
    ///
    /// # Errors
    ///
    /// Names the first line that is malformed, names no feature, or names one for the second time.
    pub fn read(list: &str) -> Result<Self, WeightsError> {
        let numbers: HashMap<String, usize> =
            Feature::all().map(|f| (f.name(), f.index())).collect();
        let mut weights: Vec<Option<f32>> = vec![None; FEATURES];
        let lines = (1..).zip(list.lines());
        for (line, text) in lines.filter(|(_, text)| !text.starts_with('#')) {
            let malformed = || WeightsError::Malformed {
                line,
                text: text.to_owned(),
            };
            let (name, weight) = text.split_once('\t').ok_or_else(malformed)?;
            let weight: f32 = weight.parse().map_err(|_| malformed())?;
            let named = || name.to_owned();
            let Some(number) = numbers.get(name) else {
                let name = named();
                return Err(WeightsError::Unknown { line, name });
            };
            if weights[*number].replace(weight).is_some() {
                let name = named();
                return Err(WeightsError::Double { line, name });
            }
        }
        let weights = weights.into_iter().map(Option::unwrap_or_default);
        Ok(Self(weights.collect()))
    }

    /// Returns the list that [`read`](Self::read) reads, family by family. Weights are rounded to a
    /// hundredth, and negligible ones left out.
    pub fn write(&self) -> String {
        let mut out = String::from(
            "# Weights of quote attribution, by feature: `template value value<TAB>weight`.\n\
             # Fitted by benches/fit_quotes.rs; what the templates look at is said in \
             feature.rs.\n",
        );
        let mut features = Feature::all();
        for family in &FAMILIES {
            let _ = writeln!(out, "# {}:{}", family.name, family.meaning);
            for feature in features.by_ref().take(family.size()) {
                let weight = self.of(feature);
                if weight.abs() >= NEGLIGIBLE {
                    let _ = writeln!(out, "{}\t{weight:.2}", feature.name());
                }
            }
        }
        out
    }

    /// Returns the weight of a feature.
    #[inline]
    pub fn of(&self, feature: Feature) -> f32 {
        self.0.get(feature.index()).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fitted_weights_are_those_of_the_list_bit_for_bit() {
        let list = include_str!("weights.txt");
        assert_eq!(Weights::fitted().write(), list);
        let sum: u32 = Feature::all().fold(0, |sum, feature| {
            let bits = Weights::fitted().of(feature).to_bits();
            sum.rotate_left(5) ^ bits.wrapping_mul(31)
        });
        assert_eq!(
            sum, SUM,
            "the weights were fitted again: accept the new sum"
        );
    }

    #[test]
    fn the_differences_of_other_languages_are_well_formed() {
        for list in [
            include_str!("weights-de.txt"),
            include_str!("weights-other.txt"),
        ] {
            let difference = Weights::read(list).unwrap();
            assert_eq!(difference.write(), list);
        }
        assert_ne!(Weights::of_language("de"), Weights::fitted());
        assert_ne!(Weights::of_language("fr"), Weights::of_language("de"));
        assert_eq!(Weights::of_language("en"), Weights::fitted());
    }

    /// Of the weights and their order.
    const SUM: u32 = 1_028_196_931;

    #[test]
    fn a_list_with_a_fault_is_rejected_with_its_line() {
        let error = |list: &str| Weights::read(list).unwrap_err().to_string();
        assert_eq!(
            error("# fine\nScare\t1.0\nScares\t1.0"),
            "line 3: no feature is named \"Scares\""
        );
        assert_eq!(
            error("Scare\t1.0\nScare\t1.0"),
            "line 2: \"Scare\" has a weight already"
        );
        for text in ["Scare", "Scare\tmuch", ""] {
            assert!(error(&format!("{text}\n")).contains("is not a feature's name"));
        }
        assert!(Weights::read("Scare\t1.5\n").is_ok_and(|w| w.of(Feature::scare()) == 1.5));
    }
}
