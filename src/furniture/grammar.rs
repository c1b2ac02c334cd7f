//! What may follow what: picks the best sequence of labels for a whole story.
//!
//! A story goes through four phases, top, head, body and tail, and never back; the headline opens
//! the head. Inside a phase, an arc's weight says how well two labels go together. The best path
//! through all states is found by dynamic programming (Viterbi), in one pass over the units.

use super::feature::{Feature, Features};
use super::label::{Label, Phase, STATES, State};
use super::score;
use std::sync::LazyLock;

const NEVER: f32 = f32::NEG_INFINITY;
const N: usize = STATES.len();

/// The label of one unit, and how it was found.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Index into [`STATES`].
    pub state: usize,
    /// Its score without its neighbours.
    pub score: f32,
    /// The best other label by itself: index and score.
    pub runner_up: (usize, f32),
}

impl Choice {
    /// The label.
    pub const fn label(&self) -> Label {
        STATES[self.state].1
    }

    /// The phase.
    pub const fn phase(&self) -> Phase {
        STATES[self.state].0
    }
}

/// Weight of the arc between two states.
pub(super) fn arc((from_phase, from): State, (to_phase, to): State) -> f32 {
    use Label::*;
    use Phase::*;
    if to_phase < from_phase
        || to == Headline && from_phase != Top
        || to == HeadlineMore && !matches!(from, Headline | HeadlineMore)
    {
        return NEVER;
    }
    // The headline alone opens the head.
    if to_phase == Head && from_phase == Top && to != Headline {
        return NEVER;
    }
    let phases = match (from_phase, to_phase) {
        (Top, Body) => -6.0,
        (Top, Tail) => -8.0,
        (Head, Tail) => -3.0,
        (Body, Tail) => -1.5,
        _ => 0.0,
    };
    let pair = match (from, to) {
        (RelatedLabel, Related) => 2.5,
        (RelatedLabel, Paragraph | Crosshead) => -0.5,
        (RelatedLabel, RelatedLabel) => -1.0,
        (Related, Related) => 1.0,
        (_, Related) if to_phase == Body => -0.5,
        (Caption, Caption) => 0.5,
        (Crosshead, Paragraph) => 0.5,
        (Crosshead, ListItem | Preformatted | Caption) => 0.0,
        (Crosshead, Crosshead) => -1.5,
        (Crosshead, Navigation | Related | RelatedLabel | Note | EndMark | Url | Byline | Date) => {
            -2.0
        }
        (Paragraph, Paragraph) => 0.25,
        (ListItem, ListItem) => 1.0,
        (Preformatted, Preformatted) => 1.0,
        (Byline, Byline) => 0.25,
        (Byline, Date) | (Date, Byline) => 0.75,
        (Headline, Byline | Date | Standfirst) => 0.5,
        (HeadlineMore, Byline | Date | Standfirst) => 0.5,
        (Navigation, Navigation) => 0.25,
        (Note, Note) => 0.5,
        (Standfirst, Standfirst) => -2.5,
        (Dateline, Paragraph | ListItem | Preformatted) => 0.5,
        _ => 0.0,
    };
    phases + pair
}

static ARCS: LazyLock<Vec<[f32; N]>> = LazyLock::new(|| {
    // Indexed by the state that an arc starts from.
    STATES
        .iter()
        .map(|from| std::array::from_fn(|to| arc(*from, STATES[to])))
        .collect()
});

/// States that a story may begin with.
pub(super) fn opens((phase, label): State) -> f32 {
    match (phase, label) {
        (Phase::Top, _) | (Phase::Head, Label::Headline) => 0.0,
        (Phase::Body, _) => -6.0,
        (Phase::Tail, _) => -8.0,
        _ => NEVER,
    }
}

/// Weights that depend on the unit reached and not on the one before.
fn at(features: Features, state: State) -> f32 {
    match state {
        // A tail may begin where no running text follows, or behind a mark of it.
        (Phase::Tail, _) if features.has(Feature::TailMark) && features.has(Feature::Late) => 3.0,
        (Phase::Tail, _) if features.has(Feature::NoProseLeft) => 0.25,
        _ => 0.0,
    }
}

/// The best score of each state after any state of the unit before.
fn step(best: &[f32; N], table: &[[f32; N]]) -> [f32; N] {
    let mut row = [NEVER; N];
    // State by state of the unit before: so the compiler takes several states of this one at a time.
    for (arcs, sum) in table.iter().zip(best) {
        for (top, arc) in row.iter_mut().zip(arcs) {
            let sum = sum + arc;
            *top = if sum > *top { sum } else { *top };
        }
    }
    row
}

/// The state of the unit before that leads best to `state`, the first of several.
fn origin(before: &[f32; N], state: usize, table: &[[f32; N]]) -> usize {
    let mut top = (0, NEVER);
    for (from, (arcs, sum)) in table.iter().zip(before).enumerate() {
        let sum = sum + arcs[state];
        top = if sum > top.1 { (from, sum) } else { top };
    }
    top.0
}

/// Picks the best label for every unit.
pub fn decide(units: &[Features]) -> Vec<Choice> {
    let scores: Vec<[f32; N]> = units.iter().map(|features| score::states(*features)).collect();
    let extra = |unit: usize, state: State| at(units[unit], state);
    best(&scores, &ARCS, &STATES.map(opens), extra)
}

/// What is left of an arc's weight where trees have seen the neighbours.
pub(super) const SHARE: f32 = 0.5;

static SECOND: LazyLock<Vec<[f32; N]>> =
    LazyLock::new(|| ARCS.iter().map(|row| row.map(|arc| arc * SHARE)).collect());

/// Picks the best label for every unit by what the trees say.
pub(super) fn second(scores: &[[f32; N]]) -> Vec<Choice> {
    best(scores, &SECOND, &STATES.map(|state| opens(state) * SHARE), |_, _| 0.0)
}

fn best(
    scores: &[[f32; N]],
    arcs: &[[f32; N]],
    opens: &[f32; N],
    extra: impl Fn(usize, State) -> f32,
) -> Vec<Choice> {
    // The best sum of each state for the story up to each unit.
    let mut sums: Vec<[f32; N]> = Vec::with_capacity(scores.len());
    for (unit, scores) in scores.iter().enumerate() {
        let mut row = sums.last().map_or(*opens, |sums| step(sums, arcs));
        for (to, sum) in row.iter_mut().enumerate() {
            *sum += scores[to] + extra(unit, STATES[to]);
        }
        sums.push(row);
    }
    let last = sums.last().unwrap_or(&[NEVER; N]);
    let mut state = (0..N)
        .max_by(|a, b| last[*a].total_cmp(&last[*b]))
        .unwrap_or(0);
    let mut out = Vec::with_capacity(scores.len());
    for (i, scores) in scores.iter().enumerate().rev() {
        let runner_up = (0..N)
            .filter(|s| STATES[*s].1 != STATES[state].1 && STATES[*s].0 == STATES[state].0)
            .max_by(|a, b| scores[*a].total_cmp(&scores[*b]))
            .unwrap_or(state);
        out.push(Choice {
            state,
            score: scores[state],
            runner_up: (runner_up, scores[runner_up]),
        });
        if let Some(before) = i.checked_sub(1) {
            state = origin(&sums[before], state, arcs);
        }
    }
    out.reverse();
    out
}
