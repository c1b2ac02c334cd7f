//! What the first pass makes of each unit: how likely each class is, all paths considered.

use super::class::{CLASSES, Class};
use super::decode::{SHARE, may_follow, may_open};
use super::label::STATES;
use super::weights::Weights;
use std::sync::LazyLock;

const N: usize = STATES.len();

/// Scores are divided by this: what speaks for a label is counted several times over.
const TEMPER: f32 = 0.5;

/// The shares of the classes for one unit; they add up to one.
pub type Shares = [f32; CLASSES];

/// The arcs' weights as factors, cooled down.
struct Arcs {
    temper: f32,
    opens: [f32; N],
    arcs: Vec<[f32; N]>,
    /// The same by the state that an arc leads to.
    back: Vec<[f32; N]>,
}

impl Arcs {
    fn new(temper: f32, share: f32) -> Self {
        let weights = Weights::shipped();
        let factor = |can: bool, weight: f32| {
            if can {
                power(weight * temper * share)
            } else {
                0.0
            }
        };
        let arc = |from: usize, to: usize| {
            factor(
                may_follow(STATES[from], STATES[to]),
                weights.arcs()[from][to],
            )
        };
        Self {
            temper,
            opens: std::array::from_fn(|state| {
                factor(may_open(STATES[state]), weights.opens()[state])
            }),
            arcs: (0..N)
                .map(|from| std::array::from_fn(|to| arc(from, to)))
                .collect(),
            back: (0..N)
                .map(|to| std::array::from_fn(|from| arc(from, to)))
                .collect(),
        }
    }
}

/// Returns the shares by the scores of the first pass.
pub fn shares(scores: &[[f32; N]]) -> Vec<Shares> {
    static ARCS: LazyLock<Arcs> = LazyLock::new(|| Arcs::new(TEMPER, 1.0));
    forward_backward(scores, &ARCS)
}

/// Returns the shares by the scores of trees.
pub fn reviewed(scores: &[[f32; N]]) -> Vec<Shares> {
    static ARCS: LazyLock<Arcs> = LazyLock::new(|| Arcs::new(1.0, SHARE));
    forward_backward(scores, &ARCS)
}

/// `e` to the power of `x`, by additions and multiplications only: the same on every machine.
pub fn power(x: f32) -> f32 {
    if x < -80.0 {
        return 0.0;
    }
    let scaled = x.min(80.0) * std::f32::consts::LOG2_E;
    let whole = scaled.floor();
    let part = (scaled - whole) * std::f32::consts::LN_2;
    let series =
        1.0 + part * (1.0 + part * (0.5 + part * (1.0 / 6.0 + part * (1.0 / 24.0 + part / 120.0))));
    // `whole` lies between -116 and 115, so that the exponent is one of a normal number.
    series * f32::from_bits(((whole as i32 + 127) as u32) << 23)
}

/// Returns the natural logarithm of a positive number, by additions, multiplications and one
/// division: the same on every machine.
pub fn logarithm(x: f32) -> f32 {
    let bits = x.max(f32::MIN_POSITIVE).to_bits();
    let exponent = (bits >> 23) as i32 - 127;
    let mantissa = f32::from_bits((bits & 0x007F_FFFF) | 0x3F80_0000);
    let t = (mantissa - 1.0) / (mantissa + 1.0);
    let square = t * t;
    let series = 1.0 + square * (1.0 / 3.0 + square * (0.2 + square * (1.0 / 7.0 + square / 9.0)));
    exponent as f32 * std::f32::consts::LN_2 + 2.0 * t * series
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
fn forward_backward(scores: &[[f32; N]], by: &Arcs) -> Vec<Shares> {
    let units: Vec<[f32; N]> = scores
        .iter()
        .map(|row| {
            let top = row.iter().copied().fold(f32::MIN, f32::max);
            row.map(|score| power((score - top) * by.temper))
        })
        .collect();
    let mut forward: Vec<[f32; N]> = Vec::with_capacity(units.len());
    for unit in &units {
        let mut row = forward
            .last()
            .map_or(by.opens, |before| through(&by.arcs, before));
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
        let carried: [f32; N] = std::array::from_fn(|state| after[state] * unit[state]);
        after = through(&by.back, &carried);
        normal(&mut after);
    }
    out
}

/// Returns what all states hand on by the arcs. State by state of those that hand on, so that the
/// compiler takes several of the others at a time.
fn through(arcs: &[[f32; N]], shares: &[f32; N]) -> [f32; N] {
    let mut out = [0.0; N];
    for (arcs, share) in arcs.iter().zip(shares) {
        if *share > 1e-9 {
            for (sum, arc) in out.iter_mut().zip(arcs) {
                *sum += share * arc;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_those_of_e() {
        for x in [-60.0f32, -10.0, -1.0, -0.1, 0.0, 0.5, 3.0] {
            let (own, library) = (power(x), x.exp());
            assert!(
                (own - library).abs() <= library * 1e-3,
                "{x}: {own}, {library}"
            );
        }
        assert_eq!(power(f32::NEG_INFINITY), 0.0);
    }

    #[test]
    fn logarithms_are_those_of_e() {
        for x in [1e-6f32, 0.001, 0.3, 0.999, 1.0, 1.001, 1.9, 2.0, 700.0] {
            let (own, library) = (logarithm(x), x.ln());
            assert!((own - library).abs() < 1e-3, "{x}: {own}, {library}");
        }
        assert!(logarithm(0.0).is_finite());
    }

    #[test]
    fn shares_add_up_to_one_and_follow_the_scores() {
        let mut headline = [0.0; N];
        headline[STATES
            .iter()
            .position(|s| Class::of(*s) == Class::Headline)
            .expect("one")] = 9.0;
        let found = shares(&[headline, [0.0; N], [0.0; N]]);
        for row in &found {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-3, "{row:?}");
        }
        assert!(found[0][Class::Headline as usize] > 0.8);
        assert!(found[1][Class::Headline as usize] < 0.3);
    }
}
