//! The fitted weights, read from `weights.txt`.

use super::feature::{FEATURES, Feature, name};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A weight for each feature.
#[derive(Clone, Debug)]
pub struct Weights(Vec<f32>);

impl Weights {
    /// The weights that the program ships.
    pub fn fitted() -> &'static Self {
        static FITTED: LazyLock<Weights> =
            LazyLock::new(|| Weights::read(include_str!("weights.txt")));
        &FITTED
    }

    /// Weights by feature number; missing ones are zero.
    pub fn new(mut weights: Vec<f32>) -> Self {
        weights.resize(FEATURES, 0.0);
        Self(weights)
    }

    /// Reads `name<TAB>weight` lines; `#` begins a comment, a feature without a line weighs nothing.
    fn read(list: &str) -> Self {
        let mut given: HashMap<&str, f32> = HashMap::new();
        for line in list.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, weight)) = line.split_once('\t') {
                given.insert(name, weight.parse().unwrap_or_default());
            }
        }
        Self(
            (0..FEATURES as Feature)
                .map(|f| given.get(&*name(f)).copied().unwrap_or_default())
                .collect(),
        )
    }

    /// The weight of a feature.
    pub fn of(&self, feature: Feature) -> f32 {
        self.0
            .get(usize::from(feature))
            .copied()
            .unwrap_or_default()
    }
}
