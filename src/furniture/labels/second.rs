//! The second pass: the best sequence of labels by what the trees say.

use super::class::{CLASSES, Class};
use super::decode::{Choice, decide_again};
use super::label::{Label, STATES};
use super::opinion::{self, Shares};
use super::sight::Sight;
use super::trees::{Forest, LANES, UNIT};
use super::weights::{Scores, Weights};
use crate::furniture::features::{Feature, UnitObservation};
use crate::furniture::units::Unit;

/// How much the first pass's own opinion of a class counts against the trees' votes. Five folds
/// over publishers decided: of 84 pages of thirty countries seven more come out whole, of 44
/// English ones one more, and of 952 others as many as without it.
const FIRST_PASS: f32 = 0.25;
/// Added to each share: what the first pass rules out costs two points at most.
const DOUBT: f32 = 0.001;

/// Units after a line among which its title is looked for again.
const REACH: usize = 3;
/// Letters' weight that such a title has at least.
const TITLE: usize = 20;

/// Labels again what the first pass has labelled.
pub(crate) fn decide(
    copy: &str,
    units: &[Unit],
    observations: &[UnitObservation],
    passes: &[Forest],
) -> (Vec<Choice>, Sight) {
    let weights = Weights::shipped();
    let first: Vec<Scores> = observations
        .iter()
        .map(|seen| weights.scores(seen.features))
        .collect();
    let shares = opinion::shares(&first);
    let mut sight = Sight::of(copy, units, observations, &shares);
    let mut scores = Vec::new();
    for (number, forest) in passes.iter().enumerate() {
        if number > 0 {
            sight.review(&opinion::reviewed(&scores));
        }
        scores = states(&first, &sight, forest);
    }
    for (unit, (scores, shares)) in scores.iter_mut().zip(&shares).enumerate() {
        add_opinion(scores, shares);
        if holds_title(&observations[unit..]) {
            forbid_headline(scores);
        }
    }
    (decide_again(&scores), sight)
}

/// Adds what the first pass holds of each class, all paths considered.
fn add_opinion(scores: &mut Scores, shares: &Shares) {
    let opinion = shares.map(|share| FIRST_PASS * opinion::logarithm(share + DOUBT));
    for (score, state) in scores.iter_mut().zip(STATES) {
        *score += opinion[Class::of(state) as usize];
    }
}

/// Returns whether the first of these units is another one just after it, with something before
/// that: a menu, a path or a kicker glued to the title. The title alone is the headline then.
fn holds_title(observations: &[UnitObservation]) -> bool {
    let [first, after @ ..] = observations else {
        return false;
    };
    after.iter().take(REACH).any(|title| {
        title.weight >= TITLE
            && title.weight < first.weight
            && title.weight * 2 > first.weight
            && first.folded.ends_with(title.folded.as_str())
    })
}

fn forbid_headline(scores: &mut Scores) {
    for (score, (_, label)) in scores.iter_mut().zip(STATES) {
        if label == Label::Headline {
            *score = f32::NEG_INFINITY;
        }
    }
}

/// Returns the states' scores: the class by the trees, the label within its class by the first
/// pass.
pub(crate) fn states(first: &[Scores], sight: &Sight, forest: &Forest) -> Vec<Scores> {
    let table = |unit| sight.value(unit, 0, Feature::Table as u16) > 0;
    first
        .iter()
        .zip(forest.votes(sight))
        .enumerate()
        .map(|(unit, (first, votes))| unit_states(first, &votes, table(unit)))
        .collect()
}

fn unit_states(first: &Scores, votes: &[i16; LANES], table: bool) -> Scores {
    // The best of each class in each phase.
    let mut tops = [[f32::NEG_INFINITY; CLASSES]; 4];
    for ((phase, label), score) in STATES.iter().zip(first) {
        let top = &mut tops[*phase as usize][Class::of((*phase, *label)) as usize];
        *top = top.max(*score);
    }
    std::array::from_fn(|i| {
        let (phase, label) = STATES[i];
        if label == Label::Preformatted && !table {
            // Only what is set in columns is kept as it is set.
            return f32::NEG_INFINITY;
        }
        let class = Class::of(STATES[i]) as usize;
        f32::from(votes[class]) * UNIT + first[i] - tops[phase as usize][class]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::furniture::features::observe;
    use crate::furniture::units::units;
    use crate::text::lines;

    fn labels(copy: &str, forest: &str) -> Vec<Label> {
        let units = units(copy, &lines(copy));
        let observations = observe(copy, &units);
        let passes = Forest::read(forest).expect("a good file");
        let (choices, _) = decide(copy, &units, &observations, &passes);
        choices.iter().map(Choice::label).collect()
    }

    const CLASSES: &str = "classes headline standfirst byline date caption paragraph item \
                           crosshead url above between inside below\n";

    #[test]
    fn trees_decide_and_grammar_forbids() {
        // Every line is called a headline, and failing that, a paragraph.
        let forest = format!("{CLASSES}base 900 0 0 0 0 600 0 0 0 0 0 0 0\ntree =\n");
        let found = labels(
            "Ferry slip to close\n\nHarbour to stay open\n\nShops to follow\n",
            &forest,
        );
        assert_eq!(found[0], Label::Headline);
        assert!(
            found[1..].iter().all(|label| *label != Label::Headline),
            "{found:?}"
        );
    }

    #[test]
    fn a_line_that_only_holds_the_title_is_no_headline() {
        let forest = format!("{CLASSES}base 900 0 0 0 0 600 0 0 0 0 0 0 0\ntree =\n");
        let found = labels(
            "HomeNewsFerry slip to close for winter\n\nFerry slip to close for winter\n\nIt \
             closes.\n",
            &forest,
        );
        assert_ne!(found[0], Label::Headline);
        assert_eq!(found[1], Label::Headline);
    }

    #[test]
    fn a_tree_that_looks_at_the_place_parts_lines_by_it() {
        let forest = format!(
            "{CLASSES}base 0 0 0 0 0 0 0 0 0 0 0 0 0\ncolumn FromTop 0\ntree 0>0 =900 =,,,,,900\n"
        );
        let found = labels("Ferry slip to close\n\nIt closes.\n\nIt opens.\n", &forest);
        assert_eq!(found, [Label::Headline, Label::Paragraph, Label::Paragraph]);
    }
}
