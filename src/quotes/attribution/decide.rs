//! The decision: every way to attribute a quote has a score, and the scores are probabilities.
//!
//! A quote is nobody's speech, or has a cue and a speaker (either may be missing), or shares the
//! last quote's. The score of each way is the sum of its features' weights; the shares of the
//! ways that name one speaker are added up, and the speaker with most of them wins.

use super::evidence::{Evidence, Sink};
use super::feature::Feature;
use super::frame::{Frame, is_object};
use super::weights::Weights;
use crate::quotes::syntax::class::Verb;
use crate::quotes::syntax::story::StorySyntax;

/// How a quote is attributed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Nobody's speech.
    Scare,
    /// A cue, by its number among the main verbs, and a speaker, by its number among the phrases.
    Framed {
        /// The cue, if the way has one.
        cue: Option<usize>,
        /// The speaker, if the way has one.
        speaker: Option<usize>,
    },
    /// As the last quote.
    Carried,
}

/// A cue and a speaker that together score so much less than the best of each are not looked at as
/// a pair: what pairs of one quote score differs by less than this.
const HOPELESS: f32 = 7.0;

/// What is made of the ways to attribute a quote: their scores, or the lists of their features.
trait Tally {
    /// What takes in the features of a part that several ways share.
    type Sink: Sink;
    /// What is left of a part once its features are taken in.
    type Part: Copy;

    /// Makes a part of the features that `fire` hands over.
    fn part(&mut self, fire: impl FnOnce(&mut Self::Sink)) -> Self::Part;
    /// Returns what a part weighs; 0 where nothing is weighed, so that no pair is hopeless.
    fn weight(&self, part: Self::Part) -> f32;
    /// Takes in a way.
    fn way(&mut self, way: Way, parts: &[Self::Part]);
}

/// Hands all ways to attribute a quote to `tally`; `last` is the quote before that somebody said.
fn enumerate<T: Tally>(evidence: Evidence<'_>, last: Option<usize>, tally: &mut T) {
    let Evidence { syntax, frame } = evidence;
    let nobodys = frame.is_letter(syntax) || frame.names_work;
    let framed = |cue, speaker| Way::Framed { cue, speaker };
    if let Some(speaker) = frame.signed.filter(|_| !nobodys) {
        let part = tally.part(|out| evidence.speaker(&speaker, out));
        let alone = tally.part(|out| evidence.no_cue(&speaker, out));
        tally.way(framed(None, Some(speaker.phrase)), &[part, alone]);
        return;
    }
    if nobodys || !frame.speaks(syntax) && !frame.introduced {
        let scare = tally.part(|out| evidence.scare(last, out));
        tally.way(Way::Scare, &[scare]);
    }
    if nobodys {
        return;
    }
    let nobody = tally.part(|out| evidence.nobody(out));
    tally.way(framed(None, None), &[nobody]);
    if let Some(last) = last {
        let carried = tally.part(|out| evidence.carry(last, out));
        tally.way(Way::Carried, &[carried]);
    }
    let speakers: Vec<_> = frame
        .speakers
        .iter()
        .map(|speaker| (speaker, tally.part(|out| evidence.speaker(speaker, out))))
        .collect();
    let cues: Vec<_> = frame
        .cues
        .iter()
        .map(|cue| (cue, tally.part(|out| evidence.cue(cue, out))))
        .collect();
    let best_cue = best(cues.iter().map(|(_, part)| tally.weight(*part)));
    let best_speaker = best(speakers.iter().map(|(_, part)| tally.weight(*part)));
    let hopeless = best_cue + best_speaker - HOPELESS;
    for (cue, cue_part) in &cues {
        let alone = tally.part(|out| evidence.no_speaker(cue, out));
        tally.way(framed(Some(cue.verb), None), &[*cue_part, alone]);
        for (speaker, part) in &speakers {
            let cites = syntax.clauses.verbs[cue.verb].verb == Verb::According;
            if (cites || !is_object(syntax, speaker.phrase))
                && tally.weight(*cue_part) + tally.weight(*part) > hopeless
            {
                let pair = tally.part(|out| evidence.pair(cue, speaker, out));
                let way = framed(Some(cue.verb), Some(speaker.phrase));
                tally.way(way, &[*cue_part, *part, pair]);
            }
        }
    }
    let subjects = speakers
        .iter()
        .filter(|(speaker, _)| !is_object(syntax, speaker.phrase));
    for (speaker, part) in subjects {
        let alone = tally.part(|out| evidence.no_cue(speaker, out));
        tally.way(framed(None, Some(speaker.phrase)), &[*part, alone]);
    }
}

fn best(scores: impl Iterator<Item = f32>) -> f32 {
    scores.fold(f32::MIN, f32::max)
}

/// The score of each way.
struct Scores<'a> {
    weights: &'a Weights,
    ways: Vec<(Way, f32)>,
}

/// Adds up the weights of the features of a part.
struct Weigher<'a> {
    weights: &'a Weights,
    sum: f32,
}

impl Sink for Weigher<'_> {
    #[inline]
    fn add(&mut self, feature: Feature) {
        self.sum += self.weights.of(feature);
    }
}

impl<'a> Tally for Scores<'a> {
    type Sink = Weigher<'a>;
    type Part = f32;

    #[inline]
    fn part(&mut self, fire: impl FnOnce(&mut Weigher<'a>)) -> f32 {
        let mut weigher = Weigher {
            weights: self.weights,
            sum: 0.0,
        };
        fire(&mut weigher);
        weigher.sum
    }

    fn weight(&self, part: f32) -> f32 {
        part
    }

    fn way(&mut self, way: Way, parts: &[f32]) {
        self.ways.push((way, parts.iter().sum()));
    }
}

/// All ways to attribute a quote, and the features of each: for people, and to fit weights on.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// Lists of features that several ways share.
    pub parts: Vec<Vec<Feature>>,
    /// The ways.
    pub ways: Vec<WayParts>,
}

/// A way and its features.
#[derive(Clone, Debug)]
pub struct WayParts {
    /// The way.
    pub way: Way,
    /// The numbers of its lists of features.
    pub parts: Vec<usize>,
}

impl Tally for Candidates {
    type Sink = Vec<Feature>;
    type Part = usize;

    fn part(&mut self, fire: impl FnOnce(&mut Vec<Feature>)) -> usize {
        let mut features = Vec::new();
        fire(&mut features);
        self.parts.push(features);
        self.parts.len() - 1
    }

    fn weight(&self, _: usize) -> f32 {
        0.0
    }

    fn way(&mut self, way: Way, parts: &[usize]) {
        let parts = parts.to_vec();
        self.ways.push(WayParts { way, parts });
    }
}

/// Returns all ways to attribute a quote, with their features; `last` is the quote before that
/// somebody said.
pub fn candidates(syntax: &StorySyntax<'_>, frame: &Frame, last: Option<usize>) -> Candidates {
    let mut out = Candidates::default();
    enumerate(Evidence { syntax, frame }, last, &mut out);
    out
}

/// What was decided about a quote.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Choice {
    /// How likely its words are nobody's speech, 0 to 1.
    pub scare: f32,
    /// The cue's verb.
    pub cue: Option<usize>,
    /// The speaker's phrase.
    pub speaker: Option<usize>,
}

impl Choice {
    /// Returns whether the words are nobody's speech.
    pub(crate) fn is_scare(&self) -> bool {
        self.scare > 0.5
    }
}

/// Decides about all quotes of a story, in order. `look` is shown the candidates of each quote,
/// with the last quote before it that somebody said.
pub(crate) fn decide(
    syntax: &StorySyntax<'_>,
    weights: &Weights,
    mut look: impl FnMut(&Frame, Option<usize>),
) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::with_capacity(syntax.tokens.place.len());
    let ways = Vec::new();
    let mut scores = Scores { weights, ways };
    let mut last = None;
    for passage in 0..syntax.tokens.place.len() {
        let frame = Frame::new(syntax, passage);
        scores.ways.clear();
        let evidence = Evidence {
            syntax,
            frame: &frame,
        };
        enumerate(evidence, last, &mut scores);
        let before = last.map(|last: usize| choices[last]);
        let choice = choose(&mut scores.ways, before, |phrase| syntax.named(phrase));
        look(&frame, last);
        if !choice.is_scare() {
            last = Some(passage);
        }
        choices.push(choice);
    }
    choices
}

/// Returns the likeliest speaker, and the likeliest cue with that speaker. `named` gives the name
/// for a description that it explains: they are one speaker.
fn choose(
    ways: &mut Vec<(Way, f32)>,
    last: Option<Choice>,
    named: impl Fn(usize) -> usize,
) -> Choice {
    let top = best(ways.iter().map(|(_, score)| *score));
    // What is this far below the best has no share that a float can tell from none.
    ways.retain(|(_, score)| *score > top - 16.0);
    let odds: Vec<f32> = ways.iter().map(|(_, score)| (score - top).exp()).collect();
    let total: f32 = odds.iter().sum();
    let speaker_of = |way: &Way| match way {
        Way::Scare => None,
        Way::Framed { speaker, .. } => Some(speaker.map(&named)),
        Way::Carried => Some(last.and_then(|last| last.speaker)),
    };
    let mut scare = 0.0;
    let mut shares: Vec<(Option<usize>, f32)> = Vec::with_capacity(ways.len());
    for ((way, _), odds) in ways.iter().zip(odds) {
        let share = odds / total;
        let Some(speaker) = speaker_of(way) else {
            scare += share;
            continue;
        };
        match shares.iter_mut().find(|(found, _)| *found == speaker) {
            Some((_, sum)) => *sum += share,
            None => shares.push((speaker, share)),
        }
    }
    let likeliest = shares.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
    let speaker = likeliest.and_then(|(speaker, _)| speaker);
    let way = ways
        .iter()
        .filter(|(way, _)| speaker_of(way) == Some(speaker))
        .max_by(|a, b| a.1.total_cmp(&b.1));
    let cue = match way {
        Some((Way::Framed { cue, .. }, _)) => *cue,
        Some((Way::Carried, _)) => last.and_then(|last| last.cue),
        _ => {
            return Choice {
                scare,
                ..Choice::default()
            };
        }
    };
    Choice {
        scare,
        cue,
        speaker,
    }
}

/// A way with its share, its score and the features that made it, strongest first.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    /// The way.
    pub way: Way,
    /// Its share of all ways, 0 to 1.
    pub share: f32,
    /// The sum of its weights.
    pub score: f32,
    /// Its features that weigh anything.
    pub why: Vec<(Feature, f32)>,
}

/// Returns the likeliest ways to attribute a quote, the best first; `shown` of them.
pub(crate) fn explain(
    syntax: &StorySyntax<'_>,
    frame: &Frame,
    last: Option<usize>,
    weights: &Weights,
    shown: usize,
) -> Vec<Judged> {
    let all = candidates(syntax, frame, last);
    let judge = |WayParts { way, parts }: &WayParts| {
        let features = parts.iter().flat_map(|part| &all.parts[*part]);
        let weighed = features.map(|feature| (*feature, weights.of(*feature)));
        let mut why: Vec<_> = weighed.filter(|(_, weight)| *weight != 0.0).collect();
        why.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        Judged {
            way: *way,
            share: 0.0,
            score: why.iter().map(|(_, weight)| weight).sum(),
            why,
        }
    };
    let mut ways: Vec<Judged> = all.ways.iter().map(judge).collect();
    let top = best(ways.iter().map(|way| way.score));
    let total: f32 = ways.iter().map(|way| (way.score - top).exp()).sum();
    for way in &mut ways {
        way.share = (way.score - top).exp() / total;
    }
    ways.sort_by(|a, b| b.score.total_cmp(&a.score));
    ways.truncate(shown);
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(cue: Option<usize>, speaker: Option<usize>, score: f32) -> (Way, f32) {
        (Way::Framed { cue, speaker }, score)
    }

    fn choice(mut ways: Vec<(Way, f32)>, last: Option<Choice>) -> Choice {
        choose(
            &mut ways,
            last,
            |phrase| if phrase == 8 { 9 } else { phrase },
        )
    }

    #[test]
    fn the_speaker_with_most_of_the_shares_wins_and_not_the_best_way() {
        let ways = vec![
            framed(Some(1), Some(1), 1.0),
            framed(Some(1), Some(2), 0.9),
            framed(Some(2), Some(2), 0.8),
        ];
        let choice = choice(ways, None);
        assert_eq!((choice.cue, choice.speaker), (Some(1), Some(2)));
        assert!(!choice.is_scare());
    }

    #[test]
    fn a_description_and_the_name_that_it_explains_are_one_speaker() {
        let ways = vec![
            framed(Some(1), Some(3), 1.0),
            framed(Some(1), Some(8), 0.7),
            framed(Some(2), Some(9), 0.9),
        ];
        let choice = choice(ways, None);
        assert_eq!((choice.cue, choice.speaker), (Some(2), Some(9)));
    }

    #[test]
    fn a_carried_quote_has_the_last_ones_cue_and_speaker() {
        let last = Choice {
            scare: 0.0,
            cue: Some(4),
            speaker: Some(5),
        };
        let found = choice(
            vec![(Way::Carried, 2.0), framed(Some(1), Some(1), 0.0)],
            Some(last),
        );
        assert_eq!((found.cue, found.speaker), (Some(4), Some(5)));
        let found = choice(
            vec![(Way::Carried, 0.0), framed(Some(1), Some(1), 2.0)],
            Some(last),
        );
        assert_eq!((found.cue, found.speaker), (Some(1), Some(1)));
    }

    #[test]
    fn nobodys_words_have_their_share() {
        let found = choice(vec![(Way::Scare, 3.0), framed(Some(1), Some(1), 0.0)], None);
        assert!(found.is_scare() && found.scare < 1.0);
        let found = choice(vec![(Way::Scare, -9.0)], None);
        assert_eq!((found.scare, found.cue, found.speaker), (1.0, None, None));
    }

    #[test]
    fn ways_are_the_same_for_people_and_for_the_decision() {
        use crate::quotes::passages::marks::passages;
        let text = "Ana Ortiz, a welder, said the \"old\" bridge held. \"It did,\" Lund told her.";
        let (texts, passages) = ([text], [passages(text)]);
        let syntax = StorySyntax::new(&texts, &passages, "en");
        let weights = Weights::fitted();
        let mut seen = 0;
        decide(&syntax, weights, |frame, last| {
            let listed = candidates(&syntax, frame, last);
            let mut scores = Scores {
                weights,
                ways: Vec::new(),
            };
            let evidence = Evidence {
                syntax: &syntax,
                frame,
            };
            enumerate(evidence, last, &mut scores);
            let mut ways = listed.ways.iter();
            for (way, score) in &scores.ways {
                // Only hopeless pairs are left out, and order is kept.
                let listed_way = ways.find(|w| w.way == *way).expect("the way is listed");
                let sum: f32 = listed_way
                    .parts
                    .iter()
                    .flat_map(|part| &listed.parts[*part])
                    .map(|feature| weights.of(*feature))
                    .sum();
                assert!((sum - score).abs() < 1e-3);
                seen += 1;
            }
        });
        assert!(seen > 20);
    }
}
