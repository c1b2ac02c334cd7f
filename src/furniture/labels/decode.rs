//! What may follow what: picks the best sequence of labels for a whole story.
//!
//! A story goes through four phases, top, head, body and tail, and never back; the headline opens
//! the head. Inside a phase, an arc's weight says how well two labels go together. The best path
//! through all states is found by dynamic programming (Viterbi), in one pass over the units.

use super::label::{Label, Phase, STATES, State};
use super::weights::{Scores, Weights};
use crate::furniture::features::Features;
use crate::wire::PieceKind;
use std::sync::LazyLock;

const NEVER: f32 = f32::NEG_INFINITY;
const N: usize = STATES.len();
/// What is left of an arc's weight where trees have seen the neighbours.
pub(super) const SHARE: f32 = 0.5;

/// The label of one unit, and how it was found.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What the unit is, and where in the story it stands.
    pub state: State,
    /// Its score without its neighbours.
    pub score: f32,
    /// The best other label of the same phase, by itself.
    pub runner_up: RunnerUp,
}

/// The label that came second.
#[derive(Clone, Copy, Debug)]
pub struct RunnerUp {
    /// What the unit would have been.
    pub label: Label,
    /// Its score without its neighbours.
    pub score: f32,
}

impl Choice {
    /// Returns the label.
    pub const fn label(&self) -> Label {
        self.state.1
    }

    /// Returns the phase.
    pub const fn phase(&self) -> Phase {
        self.state.0
    }
}

/// Returns whether one state can follow another.
pub(super) fn may_follow((from_phase, from): State, (to_phase, to): State) -> bool {
    let back = to_phase < from_phase;
    let second_headline = to == Label::Headline && from_phase != Phase::Top;
    let more_of_nothing =
        to == Label::HeadlineMore && !matches!(from, Label::Headline | Label::HeadlineMore);
    // The headline alone opens the head.
    let head_unopened =
        to_phase == Phase::Head && from_phase == Phase::Top && to != Label::Headline;
    !(back || second_headline || more_of_nothing || head_unopened)
}

/// Returns whether a story can begin with a state.
pub(super) fn may_open((phase, label): State) -> bool {
    phase != Phase::Head || label == Label::Headline
}

/// Weights of arcs and openings, with what cannot be at [`NEVER`].
struct Ways {
    /// By the state that an arc starts from.
    arcs: Vec<Scores>,
    opens: Scores,
}

impl Ways {
    fn of(weights: &Weights) -> Self {
        let arcs = STATES.iter().zip(weights.arcs()).map(|(from, arcs)| {
            std::array::from_fn(|to| match may_follow(*from, STATES[to]) {
                true => arcs[to],
                false => NEVER,
            })
        });
        let opens = std::array::from_fn(|state| match may_open(STATES[state]) {
            true => weights.opens()[state],
            false => NEVER,
        });
        Self {
            arcs: arcs.collect(),
            opens,
        }
    }

    fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Ways> = LazyLock::new(|| Ways::of(Weights::shipped()));
        &SHIPPED
    }

    /// Returns what is left of the ways where trees have seen the neighbours.
    fn shared() -> &'static Self {
        static SHARED: LazyLock<Ways> = LazyLock::new(|| {
            let whole = Ways::shipped();
            Ways {
                arcs: whole
                    .arcs
                    .iter()
                    .map(|row| row.map(|arc| arc * SHARE))
                    .collect(),
                opens: whole.opens.map(|weight| weight * SHARE),
            }
        });
        &SHARED
    }

    /// Returns the best score of each state after any state of the unit before.
    fn step(&self, best: &Scores) -> Scores {
        let mut row = [NEVER; N];
        // State by state of the unit before: so the compiler takes several states of this one at a
        // time.
        for (arcs, sum) in self.arcs.iter().zip(best) {
            for (top, arc) in row.iter_mut().zip(arcs) {
                let sum = sum + arc;
                *top = if sum > *top { sum } else { *top };
            }
        }
        row
    }

    /// Returns the state of the unit before that leads best to `state`, the first of several.
    fn origin(&self, before: &Scores, state: usize) -> usize {
        let (mut origin, mut top) = (0, NEVER);
        for (from, (arcs, sum)) in self.arcs.iter().zip(before).enumerate() {
            let sum = sum + arcs[state];
            if sum > top {
                (origin, top) = (from, sum);
            }
        }
        origin
    }
}

/// A unit of which the format says something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marked {
    /// What can be seen of it.
    pub features: Features,
    /// What the format says that it is.
    pub kind: PieceKind,
    /// Whether it can be the headline.
    pub may_be_headline: bool,
}

impl Marked {
    /// Returns what the format's word adds to a state.
    fn weight(&self, (phase, label): State) -> f32 {
        use Label::*;
        if matches!(label, Headline | HeadlineMore) && !self.may_be_headline {
            return NEVER;
        }
        let is_body = phase == Phase::Body;
        match (self.kind, label) {
            (PieceKind::Any | PieceKind::Line, _) => 0.0,
            // What the format calls a paragraph is seldom anything else.
            (PieceKind::Paragraph, Paragraph) if is_body => 2.0,
            (PieceKind::Paragraph, Dateline | Byline | Note | EndMark | ListItem) if is_body => 0.0,
            (PieceKind::Paragraph, Crosshead) if is_body => -1.0,
            (PieceKind::Paragraph, Note | Byline | EndMark) if phase == Phase::Tail => 0.0,
            (PieceKind::Crosshead, Crosshead) if is_body => 0.0,
            (PieceKind::ListItem, ListItem) if is_body => 0.0,
            (PieceKind::Preformatted, Preformatted) if is_body => 0.0,
            _ => NEVER,
        }
    }
}

/// Picks the best label for every unit of which the format says something.
pub(crate) fn decide_marked(units: &[Marked]) -> Vec<Choice> {
    let weights = Weights::shipped();
    best_path(
        units.len(),
        |unit| {
            let marked = &units[unit];
            let mut scores = weights.scores(marked.features);
            for (state, score) in STATES.iter().zip(&mut scores) {
                *score += marked.weight(*state);
            }
            scores
        },
        |unit, phase| weights.in_phase(units[unit].features, phase),
        Ways::shipped(),
    )
}

/// Picks the best label for every unit.
pub(crate) fn decide(units: &[Features]) -> Vec<Choice> {
    decide_by(units, Weights::shipped(), Ways::shipped())
}

/// Picks the best label for every unit by the scores that trees gave.
pub(super) fn decide_again(scores: &[Scores]) -> Vec<Choice> {
    best_path(
        scores.len(),
        |unit| scores[unit],
        |_, _| 0.0,
        Ways::shared(),
    )
}

fn decide_by(units: &[Features], weights: &Weights, ways: &Ways) -> Vec<Choice> {
    // Scored again on the way back, so that memory holds the sums alone.
    let scores = |unit: usize| weights.scores(units[unit]);
    best_path(
        units.len(),
        scores,
        |unit, phase| weights.in_phase(units[unit], phase),
        ways,
    )
}

/// Picks the best path through the states of so many `units`.
fn best_path(
    units: usize,
    scores_of: impl Fn(usize) -> Scores,
    in_phase: impl Fn(usize, Phase) -> f32,
    ways: &Ways,
) -> Vec<Choice> {
    // The best sum of each state for the story up to each unit.
    let mut sums: Vec<Scores> = Vec::with_capacity(units);
    for unit in 0..units {
        let scores = scores_of(unit);
        let mut row = sums.last().map_or(ways.opens, |best| ways.step(best));
        for (to, sum) in row.iter_mut().enumerate() {
            *sum += scores[to] + in_phase(unit, STATES[to].0);
        }
        sums.push(row);
    }
    let last = sums.last().unwrap_or(&[NEVER; N]);
    let best = |scores: &Scores, among: &dyn Fn(&usize) -> bool| {
        (0..N)
            .filter(among)
            .max_by(|a, b| scores[*a].total_cmp(&scores[*b]))
    };
    let mut state = best(last, &|_| true).unwrap_or(0);
    let mut out = Vec::with_capacity(units);
    for unit in (0..units).rev() {
        let scores = scores_of(unit);
        let (phase, label) = STATES[state];
        let other = |other: &usize| STATES[*other].1 != label && STATES[*other].0 == phase;
        let second = best(&scores, &other).unwrap_or(state);
        out.push(Choice {
            state: STATES[state],
            score: scores[state],
            runner_up: RunnerUp {
                label: STATES[second].1,
                score: scores[second],
            },
        });
        if let Some(before) = unit.checked_sub(1) {
            state = ways.origin(&sums[before], state);
        }
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::furniture::features::Feature;

    fn showing(features: &[Feature]) -> Features {
        let mut out = Features::default();
        for feature in features {
            out.set(*feature, true);
        }
        out
    }

    fn labels(file: &str, units: &[Features]) -> Vec<Label> {
        let weights = Weights::read(file).unwrap();
        decide_by(units, &weights, &Ways::of(&weights))
            .iter()
            .map(Choice::label)
            .collect()
    }

    const PLAIN: &str = "Headline Title 4.00\nParagraph Prose 4.00\nByline ByName 4.00\n";

    #[test]
    fn every_unit_gets_what_speaks_for_it() {
        let units =
            [Feature::Title, Feature::ByName, Feature::Prose].map(|shown| showing(&[shown]));
        assert_eq!(
            labels(PLAIN, &units),
            [Label::Headline, Label::Byline, Label::Paragraph]
        );
    }

    #[test]
    fn no_copy_has_no_labels() {
        assert!(labels(PLAIN, &[]).is_empty());
    }

    #[test]
    fn a_second_headline_cannot_be() {
        let title = showing(&[Feature::Title]);
        let found = labels(PLAIN, &[title, title, title]);
        assert_eq!(found.iter().filter(|l| **l == Label::Headline).count(), 1);
    }

    #[test]
    fn nothing_leads_back_from_the_tail() {
        for from in STATES {
            for to in STATES {
                assert!(!may_follow(from, to) || from.0 <= to.0, "{from:?} {to:?}");
            }
        }
        assert!(may_follow(
            (Phase::Top, Label::Navigation),
            (Phase::Head, Label::Headline)
        ));
        assert!(!may_follow(
            (Phase::Top, Label::Navigation),
            (Phase::Head, Label::Byline)
        ));
        assert!(!may_open((Phase::Head, Label::Byline)));
    }

    #[test]
    fn a_neighbour_outweighs_a_hint() {
        let hint =
            format!("{PLAIN}Crosshead Short 0.50\nRelated Short 0.25\nRelatedLabel Colon 4.00\n");
        let units = [&[Feature::Prose][..], &[Feature::Colon], &[Feature::Short]].map(showing);
        assert_eq!(labels(&hint, &units)[2], Label::Crosshead);
        let with_arc = format!("{hint}arc RelatedLabel Related 2.50\n");
        assert_eq!(labels(&with_arc, &units)[2], Label::Related);
    }

    #[test]
    fn the_tail_begins_at_its_mark() {
        let file =
            format!("{PLAIN}phase Body Tail -1.50\nNavigation Short 1.00\nCrosshead Short 1.25\n");
        let mark = showing(&[Feature::Short, Feature::TailMark, Feature::Late]);
        let units = [showing(&[Feature::Prose]), mark];
        assert_eq!(labels(&file, &units)[1], Label::Crosshead);
        assert_eq!(
            labels(&format!("{file}tail Marked 3.00\n"), &units)[1],
            Label::Navigation
        );
    }
}
