//! The second pass: the best sequence of labels by what the trees say.

use super::class::Class;
use super::opinion;
use super::sight::Sight;
use super::trees::{Forest, UNIT};
use crate::furniture::grammar::{self, Choice};
use crate::furniture::label::STATES;
use crate::furniture::observe::Reading;
use crate::furniture::units::Unit;

const N: usize = STATES.len();

/// Labels again what the first pass has labelled.
pub fn decide(
    copy: &str,
    units: &[Unit],
    readings: &[Reading],
    scores: &[[f32; N]],
    forest: &Forest,
) -> Vec<Choice> {
    let shares = opinion::shares(scores);
    let sight = Sight::of(copy, units, readings, &shares);
    let scores: Vec<[f32; N]> = scores
        .iter()
        .enumerate()
        .map(|(i, first)| states(first, &forest.vote(&sight, i)))
        .collect();
    grammar::second(&scores)
}

/// The states' scores: the class by the trees, the label within its class by the first pass.
fn states(first: &[f32; N], votes: &[i32; super::class::CLASSES]) -> [f32; N] {
    let mut tops = [f32::NEG_INFINITY; super::class::CLASSES];
    let rank = |(phase, _): crate::furniture::label::State| phase as usize;
    let mut by_phase = [tops; 4];
    for (state, score) in STATES.iter().zip(first) {
        let top = &mut by_phase[rank(*state)][Class::of(*state) as usize];
        *top = top.max(*score);
    }
    tops.fill(0.0);
    std::array::from_fn(|i| {
        let class = Class::of(STATES[i]) as usize;
        votes[class] as f32 * UNIT + first[i] - by_phase[rank(STATES[i])][class]
    })
}
