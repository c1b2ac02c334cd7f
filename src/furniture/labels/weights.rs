//! How much each feature speaks for each label, and how well two labels go together, read from
//! `weights.txt`.
//!
//! The sum of what a unit shows is its score for a label; what its neighbours say comes on top
//! ([`super::decode`]). The reader is strict: a name that it does not know and a weight that is
//! given twice are errors, so that no slip in the file is silently without effect.

use super::label::{Label, Phase, STATES, State};
use crate::furniture::features::{Feature, Features};
use std::collections::HashSet;
use std::sync::LazyLock;
use thiserror::Error;

/// One weight a state.
pub(crate) type Scores = [f32; STATES.len()];

/// What is wrong with a line of a file of weights.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {fault}")]
pub struct WeightsError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong.
    pub fault: Fault,
}

/// What can be wrong with a line of a file of weights.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// The line has none of the forms.
    #[error("a weight has the form `Label Feature 1.00` or one of those named at the top")]
    Form,
    /// No label, phase or feature has this name.
    #[error("nothing is called `{0}`")]
    Unknown(String),
    /// The same weight stands in an earlier line.
    #[error("the weight is given twice")]
    Double,
    /// The last word is no number.
    #[error("`{0}` is no weight")]
    Weight(String),
}

/// The weights of labels.
#[derive(Clone, Debug)]
pub struct Weights {
    /// By feature.
    features: Vec<Scores>,
    /// By the state that an arc starts from. What is forbidden weighs nothing here.
    arcs: Vec<Scores>,
    /// By the state that a story begins with.
    opens: Scores,
    tail_marked: f32,
    tail_spent: f32,
}

impl Weights {
    /// Returns the weights that the program ships.
    pub fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Weights> = LazyLock::new(|| {
            // Cannot fail: a unit test reads the same file.
            #[allow(clippy::expect_used)]
            Weights::read(include_str!("weights.txt")).expect("the shipped weights are sound")
        });
        &SHIPPED
    }

    /// Reads a file of weights, whose beginning says what its lines look like.
    ///
    /// # Errors
    ///
    /// Names the first line that has another form, an unknown name, a weight that is no number, or
    /// a weight that an earlier line gives.
    pub fn read(file: &str) -> Result<Self, WeightsError> {
        let mut reader = Reader {
            weights: Self {
                features: vec![[0.0; STATES.len()]; Feature::ALL.len()],
                arcs: vec![[0.0; STATES.len()]; STATES.len()],
                opens: [0.0; STATES.len()],
                tail_marked: 0.0,
                tail_spent: 0.0,
            },
            given: HashSet::new(),
            own_arcs: HashSet::new(),
            other_arcs: Vec::new(),
        };
        for (number, line) in file.lines().enumerate() {
            if !line.is_empty() && !line.starts_with('#') {
                reader.line(line).map_err(|fault| WeightsError {
                    line: number + 1,
                    fault,
                })?;
            }
        }
        reader.fill_other_arcs();
        Ok(reader.weights)
    }

    /// Returns the score of every state for a unit with these features.
    pub fn scores(&self, features: Features) -> Scores {
        let mut out = [0.0; STATES.len()];
        for feature in features.iter() {
            for (sum, weight) in out.iter_mut().zip(&self.features[feature as usize]) {
                *sum += weight;
            }
        }
        out
    }

    /// Returns the features that spoke for or against a state, strongest first.
    pub fn reasons(&self, features: Features, state: State) -> Vec<(Feature, f32)> {
        let at = STATES.iter().position(|other| *other == state);
        let weight = |feature: Feature| at.map_or(0.0, |at| self.features[feature as usize][at]);
        let mut out: Vec<_> = features
            .iter()
            .map(|feature| (feature, weight(feature)))
            .filter(|(feature, weight)| *weight != 0.0 && *feature != Feature::Always)
            .collect();
        out.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        out
    }

    /// Returns how well each state follows each, by the state that comes first.
    pub fn arcs(&self) -> &[Scores] {
        &self.arcs
    }

    /// Returns how well a story begins with each state.
    pub const fn opens(&self) -> &Scores {
        &self.opens
    }

    /// Returns what a unit with these features adds to every state of a phase, whatever stands
    /// before it: a tail may begin at a mark of it, or where no running text follows.
    pub fn in_phase(&self, features: Features, phase: Phase) -> f32 {
        match phase {
            Phase::Tail if features.has(Feature::TailMark) && features.has(Feature::Late) => {
                self.tail_marked
            }
            Phase::Tail if features.has(Feature::NoProseLeft) => self.tail_spent,
            _ => 0.0,
        }
    }
}

/// A file of weights on its way in.
struct Reader {
    weights: Weights,
    /// What earlier lines say, without their weights.
    given: HashSet<String>,
    /// Pairs of states that an arc names outright.
    own_arcs: HashSet<(usize, usize)>,
    /// Arcs of `*`: the states that they lead to, with their weights.
    other_arcs: Vec<(Vec<usize>, f32)>,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), Fault> {
        let (what, weight) = line.rsplit_once(' ').ok_or(Fault::Form)?;
        let weight: f32 = weight
            .parse()
            .ok()
            .filter(|weight: &f32| weight.is_finite())
            .ok_or_else(|| Fault::Weight(weight.to_owned()))?;
        let words: Vec<&str> = what.split(' ').collect();
        match words[..] {
            ["arc", from, to] => self.arc(from, to, weight)?,
            ["phase", from, to] => self.phase(phase(from)?, phase(to)?, weight),
            ["opens", opened] => {
                let opened = phase(opened)?;
                for (sum, state) in self.weights.opens.iter_mut().zip(STATES) {
                    *sum += if state.0 == opened { weight } else { 0.0 };
                }
            }
            ["tail", "Marked"] => self.weights.tail_marked = weight,
            ["tail", "Spent"] => self.weights.tail_spent = weight,
            [label, feature] => {
                let feature = named(Feature::ALL, feature)?;
                for state in states(label)? {
                    self.weights.features[feature as usize][state] += weight;
                }
            }
            _ => return Err(Fault::Form),
        }
        if self.given.insert(what.to_owned()) {
            Ok(())
        } else {
            Err(Fault::Double)
        }
    }

    fn arc(&mut self, from: &str, to: &str, weight: f32) -> Result<(), Fault> {
        let to = states(to)?;
        if from == "*" {
            self.other_arcs.push((to, weight));
            return Ok(());
        }
        for from in states(from)? {
            for to in &to {
                self.own_arcs.insert((from, *to));
                self.weights.arcs[from][*to] += weight;
            }
        }
        Ok(())
    }

    fn phase(&mut self, from: Phase, to: Phase, weight: f32) {
        for (arcs, (before, _)) in self.weights.arcs.iter_mut().zip(STATES) {
            for (sum, (after, _)) in arcs.iter_mut().zip(STATES) {
                *sum += if (before, after) == (from, to) {
                    weight
                } else {
                    0.0
                };
            }
        }
    }

    fn fill_other_arcs(&mut self) {
        for (to, weight) in &self.other_arcs {
            for (from, arcs) in self.weights.arcs.iter_mut().enumerate() {
                for to in to {
                    if !self.own_arcs.contains(&(from, *to)) {
                        arcs[*to] += weight;
                    }
                }
            }
        }
    }
}

/// Returns the places in [`STATES`] that `Label` or `Label@Phase` names.
fn states(name: &str) -> Result<Vec<usize>, Fault> {
    let (label, phase_name) = match name.split_once('@') {
        Some((label, phase_name)) => (label, Some(phase_name)),
        None => (name, None),
    };
    let label = named(&Label::ALL, label)?;
    let only = phase_name.map(phase).transpose()?;
    let found: Vec<usize> = (0..STATES.len())
        .filter(|state| {
            let (phase, held) = STATES[*state];
            held == label && only.is_none_or(|only| only == phase)
        })
        .collect();
    if found.is_empty() {
        return Err(Fault::Unknown(name.to_owned()));
    }
    Ok(found)
}

fn phase(name: &str) -> Result<Phase, Fault> {
    named(&Phase::ALL, name)
}

/// Returns the value that is written as `name` in the code.
fn named<T: Copy + std::fmt::Debug>(all: &[T], name: &str) -> Result<T, Fault> {
    all.iter()
        .find(|value| format!("{value:?}") == name)
        .copied()
        .ok_or_else(|| Fault::Unknown(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(file: &str) -> Fault {
        Weights::read(file).expect_err("the file is wrong").fault
    }

    fn at(state: State) -> usize {
        STATES.iter().position(|other| *other == state).unwrap()
    }

    #[test]
    fn the_shipped_weights_are_read() {
        let weights = Weights::read(include_str!("weights.txt")).unwrap();
        let mut title = Features::default();
        title.set(Feature::Title, true);
        assert_eq!(
            weights.scores(title)[at((Phase::Head, Label::Headline))],
            2.0
        );
    }

    #[test]
    fn slips_are_found() {
        assert_eq!(fault("Headline Titel 2.00"), Fault::Unknown("Titel".into()));
        assert_eq!(
            fault("Heading Title 2.00"),
            Fault::Unknown("Heading".into())
        );
        assert_eq!(
            fault("Headline@Tail Title 2.00"),
            Fault::Unknown("Headline@Tail".into())
        );
        assert_eq!(fault("Headline Title two"), Fault::Weight("two".into()));
        assert_eq!(fault("Headline Title nan"), Fault::Weight("nan".into()));
        assert_eq!(fault("Headline Title First 1.00"), Fault::Form);
        assert_eq!(
            Weights::read("# two\nHeadline Title 2.00\nHeadline Title 1.00").unwrap_err(),
            WeightsError {
                line: 3,
                fault: Fault::Double
            }
        );
    }

    #[test]
    fn a_phase_adds_to_what_holds_everywhere() {
        let weights = Weights::read("Note Sentence 1.00\nNote@Tail Sentence 0.75").unwrap();
        let mut features = Features::default();
        features.set(Feature::Sentence, true);
        let scores = weights.scores(features);
        assert_eq!(scores[at((Phase::Body, Label::Note))], 1.0);
        assert_eq!(scores[at((Phase::Tail, Label::Note))], 1.75);
    }

    #[test]
    fn a_star_stands_for_labels_without_an_arc_of_their_own() {
        let weights = Weights::read("arc * Related@Body -0.50\narc Related Related 1.00").unwrap();
        let to = at((Phase::Body, Label::Related));
        let arc = |from: State| weights.arcs()[at(from)][to];
        assert_eq!(arc((Phase::Body, Label::Related)), 1.0);
        assert_eq!(arc((Phase::Body, Label::Paragraph)), -0.5);
    }
}
