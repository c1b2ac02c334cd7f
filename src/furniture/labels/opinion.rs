//! What the first pass makes of each unit: how likely each class is, all paths considered.

use super::class::{CLASSES, Class};
use crate::furniture::grammar;
use crate::furniture::label::STATES;
use std::sync::LazyLock;

const N: usize = STATES.len();

/// Scores are divided by this: what speaks for a label is counted several times over.
const TEMPER: f32 = 0.5;

/// The shares of the classes for one unit; they add up to one.
pub type Shares = [f32; CLASSES];

static ARCS: LazyLock<Vec<[f32; N]>> = LazyLock::new(|| {
    STATES
        .iter()
        .map(|from| std::array::from_fn(|to| power(grammar::arc(*from, STATES[to]) * TEMPER)))
        .collect()
});

/// `e` to the power of `x`, by additions and multiplications only: the same on every machine.
pub fn power(x: f32) -> f32 {
    if x < -80.0 {
        return 0.0;
    }
    let scaled = x.min(80.0) * std::f32::consts::LOG2_E;
    let whole = scaled.floor();
    let part = (scaled - whole) * std::f32::consts::LN_2;
    let series = 1.0
        + part * (1.0 + part * (0.5 + part * (1.0 / 6.0 + part * (1.0 / 24.0 + part / 120.0))));
    // `whole` lies between -116 and 115, so that the exponent is one of a normal number.
    series * f32::from_bits(((whole as i32 + 127) as u32) << 23)
}

fn normal(row: &mut [f32; N]) {
    let sum: f32 = row.iter().sum();
    if sum > 0.0 {
        row.iter_mut().for_each(|x| *x /= sum);
    } else {
        row.fill(1.0 / N as f32);
    }
}

/// Forward and backward through the scores of all units.
pub fn shares(scores: &[[f32; N]]) -> Vec<Shares> {
    let units: Vec<[f32; N]> = scores
        .iter()
        .map(|row| {
            let top = row.iter().copied().fold(f32::MIN, f32::max);
            row.map(|score| power((score - top) * TEMPER))
        })
        .collect();
    let mut forward: Vec<[f32; N]> = Vec::with_capacity(units.len());
    for unit in &units {
        let mut row = [0.0; N];
        if let Some(before) = forward.last() {
            for (arcs, share) in ARCS.iter().zip(before) {
                if *share > 1e-12 {
                    for (sum, arc) in row.iter_mut().zip(arcs) {
                        *sum += share * arc;
                    }
                }
            }
        } else {
            row = STATES.map(|state| power(grammar::opens(state) * TEMPER));
        }
        row.iter_mut().zip(unit).for_each(|(sum, own)| *sum *= own);
        normal(&mut row);
        forward.push(row);
    }
    let mut out = vec![[0.0; CLASSES]; units.len()];
    let mut after = [1.0; N];
    for (i, unit) in units.iter().enumerate().rev() {
        let mut both = forward[i];
        both.iter_mut().zip(&after).for_each(|(a, b)| *a *= b);
        normal(&mut both);
        for (state, share) in STATES.iter().zip(both) {
            out[i][Class::of(*state) as usize] += share;
        }
        let mut carried = after;
        carried.iter_mut().zip(unit).for_each(|(a, b)| *a *= b);
        for (sum, arcs) in after.iter_mut().zip(ARCS.iter()) {
            *sum = arcs.iter().zip(&carried).map(|(arc, share)| arc * share).sum();
        }
        normal(&mut after);
    }
    out
}
