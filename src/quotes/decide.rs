//! The decision: every way to attribute a quote has a score, and the scores are probabilities.
//!
//! A quote is nobody's speech, or has a cue and a speaker (either may be missing), or shares the
//! last quote's. The score of each way is the sum of its features' weights; the shares of the
//! ways that name one speaker are added up, and the speaker with most of them wins.

use super::feature::Feature;
use super::frame::{Frame, Reading};
use super::weights::Weights;

/// Hands the features of a part of a way to a sink.
type Fill<'a> = dyn Fn(&mut dyn FnMut(Feature)) + 'a;

/// How a quote is attributed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Nobody's speech.
    Scare,
    /// A cue (a verb's number) and a speaker (a phrase's).
    Framed(Option<usize>, Option<usize>),
    /// As the last quote.
    Carried,
}

/// All ways to attribute a quote, and what speaks for each.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// Lists of features that several ways share.
    pub parts: Vec<Vec<Feature>>,
    /// The ways, each with the numbers of its parts.
    pub ways: Vec<(Way, Vec<u32>)>,
}

/// What was decided about a quote.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// How likely its words are nobody's speech, 0 to 1.
    pub scare: f32,
    /// The cue's verb.
    pub cue: Option<usize>,
    /// The speaker's phrase.
    pub speaker: Option<usize>,
    /// Whether both are the last quote's.
    pub carried: bool,
}

/// All ways to attribute a quote, with their features; `last` is the quote before that somebody said.
pub fn candidates(reading: &Reading<'_>, frame: &Frame, last: Option<usize>) -> Candidates {
    let mut out = Candidates::default();
    let mut part = |fill: &Fill<'_>| {
        let mut features = Vec::new();
        fill(&mut |f| features.push(f));
        out.parts.push(features);
        out.parts.len() as u32 - 1
    };
    if reading.is_letter(frame) {
        out.ways.push((
            Way::Scare,
            vec![part(&|mut out| reading.scare(frame, last, &mut out))],
        ));
        return out;
    }
    if !reading.speaks(frame) {
        out.ways.push((
            Way::Scare,
            vec![part(&|mut out| reading.scare(frame, last, &mut out))],
        ));
    }
    out.ways.push((
        Way::Framed(None, None),
        vec![part(&|mut out| reading.nobody(frame, &mut out))],
    ));
    if let Some(last) = last {
        out.ways.push((
            Way::Carried,
            vec![part(&|mut out| reading.carry(frame, last, &mut out))],
        ));
    }
    let speakers: Vec<_> = frame
        .speakers
        .iter()
        .map(|s| (*s, part(&|mut out| reading.speaker(frame, *s, &mut out))))
        .collect();
    for c in &frame.cues {
        let cue = part(&|mut out| reading.cue(frame, *c, &mut out));
        out.ways.push((
            Way::Framed(Some(*c), None),
            vec![cue, part(&|mut out| reading.no_speaker(*c, &mut out))],
        ));
        for (s, speaker) in &speakers {
            let pair = part(&|mut out| reading.pair(frame, *c, *s, &mut out));
            out.ways
                .push((Way::Framed(Some(*c), Some(*s)), vec![cue, *speaker, pair]));
        }
    }
    for (s, speaker) in &speakers {
        out.ways.push((
            Way::Framed(None, Some(*s)),
            vec![
                *speaker,
                part(&|mut out| reading.no_cue(frame, *s, &mut out)),
            ],
        ));
    }
    out
}

/// A cue and a speaker that together score so much less than the best of each are not looked at as a
/// pair: what pairs of one quote score differs by less than this.
const HOPELESS: f32 = 7.0;

/// The scores of all ways, without their lists of features.
fn scores(
    reading: &Reading<'_>,
    frame: &Frame,
    last: Option<usize>,
    weights: &Weights,
    out: &mut Vec<(Way, f32)>,
) {
    /// The sum of the weights of a part's features. A macro, so that no feature costs a call.
    macro_rules! weigh {
        ($part:ident $(, $of:expr)*) => {{
            let mut sum = 0.0;
            reading.$part($($of,)* &mut |f| sum += weights.of(f));
            sum
        }};
    }
    out.clear();
    if reading.is_letter(frame) {
        out.push((Way::Scare, 0.0));
        return;
    }
    if !reading.speaks(frame) {
        out.push((Way::Scare, weigh!(scare, frame, last)));
    }
    out.push((Way::Framed(None, None), weigh!(nobody, frame)));
    if let Some(last) = last {
        out.push((Way::Carried, weigh!(carry, frame, last)));
    }
    let speakers: Vec<f32> = frame
        .speakers
        .iter()
        .map(|s| weigh!(speaker, frame, *s))
        .collect();
    let cues: Vec<f32> = frame.cues.iter().map(|c| weigh!(cue, frame, *c)).collect();
    let top = |scores: &[f32]| scores.iter().copied().fold(f32::MIN, f32::max);
    let hopeless = top(&cues) + top(&speakers) - HOPELESS;
    for (c, cue) in frame.cues.iter().zip(&cues) {
        out.push((Way::Framed(Some(*c), None), cue + weigh!(no_speaker, *c)));
        for (s, speaker) in frame
            .speakers
            .iter()
            .zip(&speakers)
            .filter(|(_, speaker)| cue + **speaker > hopeless)
        {
            out.push((
                Way::Framed(Some(*c), Some(*s)),
                cue + speaker + weigh!(pair, frame, *c, *s),
            ));
        }
    }
    for (s, speaker) in frame.speakers.iter().zip(&speakers) {
        out.push((
            Way::Framed(None, Some(*s)),
            speaker + weigh!(no_cue, frame, *s),
        ));
    }
}

/// Decides about all quotes of a story, in order.
pub fn decide(reading: &Reading<'_>, weights: &Weights) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::with_capacity(reading.tokens.place.len());
    let mut ways = Vec::new();
    let mut last = None;
    for passage in 0..reading.tokens.place.len() {
        let frame = reading.frame(passage);
        scores(reading, &frame, last, weights, &mut ways);
        let choice = choose(reading, &mut ways, last.map(|l: usize| choices[l]));
        if choice.scare <= 0.5 {
            last = Some(passage);
        }
        choices.push(choice);
    }
    choices
}

/// The likeliest speaker, and the likeliest cue with that speaker. A description and the name that
/// it explains are one speaker.
fn choose(reading: &Reading<'_>, ways: &mut Vec<(Way, f32)>, last: Option<Choice>) -> Choice {
    let top = ways.iter().map(|w| w.1).fold(f32::MIN, f32::max);
    // What is this far below the best has no share that a float can tell from none.
    ways.retain(|w| w.1 > top - 16.0);
    let odds: Vec<f32> = ways.iter().map(|w| (w.1 - top).exp()).collect();
    let total: f32 = odds.iter().sum();
    let mut scare = 0.0;
    let mut speakers: Vec<(Option<usize>, f32)> = Vec::with_capacity(ways.len());
    for ((way, _), odds) in ways.iter().zip(odds) {
        let share = odds / total;
        let speaker = match way {
            Way::Scare => {
                scare += share;
                continue;
            }
            Way::Framed(_, speaker) => speaker.map(|s| reading.named(s)),
            Way::Carried => last.and_then(|l| l.speaker),
        };
        match speakers.iter_mut().find(|s| s.0 == speaker) {
            Some(found) => found.1 += share,
            None => speakers.push((speaker, share)),
        }
    }
    let best = |a: &(Option<usize>, f32), b: &(Option<usize>, f32)| a.1.total_cmp(&b.1);
    let speaker = speakers.into_iter().max_by(best).and_then(|s| s.0);
    let names = |way: &Way| match way {
        Way::Scare => false,
        Way::Framed(_, s) => s.map(|s| reading.named(s)) == speaker,
        Way::Carried => last.is_some_and(|l| l.speaker == speaker),
    };
    let way = ways
        .iter()
        .filter(|w| names(&w.0))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|w| w.0);
    match way {
        Some(Way::Framed(cue, _)) => Choice {
            scare,
            cue,
            speaker,
            carried: false,
        },
        Some(Way::Carried) => Choice {
            scare,
            cue: last.and_then(|l| l.cue),
            speaker,
            carried: true,
        },
        _ => Choice {
            scare,
            cue: None,
            speaker: None,
            carried: false,
        },
    }
}

/// A way with its share, its score and the features that made it, strongest first.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The way.
    pub way: Way,
    /// Its share of all ways, 0 to 1.
    pub share: f32,
    /// The sum of its weights.
    pub score: f32,
    /// Its features that weigh anything.
    pub why: Vec<(Feature, f32)>,
}

/// Decides as [`decide`] does, and tells of the likeliest ways of each quote.
pub fn explain(reading: &Reading<'_>, weights: &Weights, shown: usize) -> Vec<Vec<Judged>> {
    let mut last = None;
    let choices = decide(reading, weights);
    let mut out = Vec::with_capacity(choices.len());
    for (passage, choice) in choices.iter().enumerate() {
        let all = candidates(reading, &reading.frame(passage), last);
        let mut ways: Vec<Judged> = all
            .ways
            .iter()
            .map(|(way, parts)| {
                let features = parts.iter().flat_map(|p| &all.parts[*p as usize]);
                let mut why: Vec<_> = features
                    .map(|f| (*f, weights.of(*f)))
                    .filter(|w| w.1 != 0.0)
                    .collect();
                why.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
                Judged {
                    way: *way,
                    share: 0.0,
                    score: why.iter().map(|w| w.1).sum(),
                    why,
                }
            })
            .collect();
        let top = ways.iter().map(|w| w.score).fold(f32::MIN, f32::max);
        let total: f32 = ways.iter().map(|w| (w.score - top).exp()).sum();
        ways.iter_mut()
            .for_each(|w| w.share = (w.score - top).exp() / total);
        ways.sort_by(|a, b| b.score.total_cmp(&a.score));
        ways.truncate(shown);
        out.push(ways);
        if choice.scare <= 0.5 {
            last = Some(passage);
        }
    }
    out
}
