//! Fits the weights of quote attribution, and measures them by cross-validation.
//!
//! ```text
//! cargo bench --bench fit_quotes -- CORPUS… [--difference] [--weights FILE] [--penalty X] [--kept N]
//!     [--folds N --predictions FILE] [--other CORPUS --predictions FILE]
//! ```
//!
//! CORPUS holds `text/*.txt` and `gold.jsonl` (spans in bytes of the texts; see the README's page
//! on quotes). `--weights` writes the weights fitted on all of it. `--folds` fits N times on all
//! but one N-th of the stories and writes what each fit says of the stories that it has not seen,
//! in the form of `archive parse --jsonl`; `--other` writes the same of another corpus, with the
//! weights fitted on all of the first. With `--difference` the shipped English weights are the
//! prior, and `--weights` writes the differences from them, for a language other than English. The
//! same corpus gives the same weights, bit for bit.
//!
//! The model: the ways to attribute a quote have scores, sums of their features' weights, and
//! their shares are `exp(score)` over the sum of all. Fitting makes the shares of the right ways
//! as large as can be (maximum likelihood; several ways may be right), with a penalty on large
//! weights, by L-BFGS.

// A program of its own, and standard error is its screen.
#![allow(clippy::print_stderr)]

use archive::ParseOptions;
use archive::testing::quotes::{
    Candidates, FEATURES, Feature, Frame, Place, StorySyntax, Stretch, Way, Weights, candidates,
    find,
};
use archive::testing::{parse_with, study};
use rayon::prelude::*;
use serde::Deserialize;
use std::error::Error;
use std::path::{Path, PathBuf};

/// Strength of the penalty on large weights: half of it times their squares.
const PENALTY: f64 = 1.5;
/// The same for differences from the prior: other languages have a tenth of the data.
const PENALTY_DIFFERENCES: f64 = 3.0;
/// Rounds of fitting; the likelihood has settled long before.
const ROUNDS: usize = 150;
/// How many features are kept: people are to read them.
const KEPT: usize = 900;
/// How many differences from the prior are kept.
const KEPT_DIFFERENCES: usize = 400;

#[derive(Deserialize)]
struct GoldStory {
    path: String,
    quotes: Vec<GoldQuote>,
    #[serde(default)]
    outside: Vec<GoldPassage>,
}

#[derive(Deserialize)]
struct GoldPassage {
    span: [usize; 2],
}

#[derive(Deserialize)]
struct GoldQuote {
    span: [usize; 2],
    optional: bool,
    speaker: Option<GoldSpeaker>,
    cue: Option<GoldCue>,
}

#[derive(Deserialize)]
struct GoldSpeaker {
    spans: Vec<[usize; 2]>,
    heads: Vec<[usize; 2]>,
}

#[derive(Deserialize)]
struct GoldCue {
    spans: Vec<[usize; 2]>,
}

/// A quote to learn from.
struct Instance {
    parts: Vec<Vec<Feature>>,
    ways: Vec<Vec<usize>>,
    right: Vec<bool>,
}

struct Doc {
    path: PathBuf,
    bytes: Vec<u8>,
    instances: Vec<Instance>,
}

fn overlap(a: [usize; 2], b: [usize; 2]) -> usize {
    a[1].min(b[1]).saturating_sub(a[0].max(b[0]))
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1).filter(|a| a != "--bench");
    let (mut corpora, mut weights, mut folds, mut predictions) = (Vec::new(), None, 0usize, None);
    let (mut prior, mut other, mut kept) = (None, None, None);
    let mut penalty = None;
    while let Some(arg) = args.next() {
        match &*arg {
            "--weights" => weights = args.next(),
            "--folds" => folds = args.next().ok_or("--folds needs a number")?.parse()?,
            "--predictions" => predictions = args.next(),
            "--other" => other = args.next(),
            "--penalty" => penalty = Some(args.next().ok_or("--penalty needs a number")?.parse()?),
            "--kept" => kept = Some(args.next().ok_or("--kept needs a number")?.parse()?),
            "--difference" => prior = Some(Weights::fitted()),
            _ => corpora.push(PathBuf::from(arg)),
        }
    }
    if corpora.is_empty() {
        eprintln!(
            "nothing to fit: give a corpus, as in `cargo bench --bench fit_quotes -- CORPUS \
             --weights src/quotes/attribution/weights.txt`"
        );
        return Ok(());
    }
    let how = Fitting {
        prior,
        penalty: penalty.unwrap_or(if prior.is_some() {
            PENALTY_DIFFERENCES
        } else {
            PENALTY
        }),
        kept: kept.unwrap_or(if prior.is_some() {
            KEPT_DIFFERENCES
        } else {
            KEPT
        }),
    };
    let mut docs = Vec::new();
    for corpus in &corpora {
        docs.extend(read(corpus)?);
    }
    if folds > 1 {
        let mut out = String::new();
        for fold in 0..folds {
            let (test, train): (Vec<_>, Vec<_>) = docs
                .iter()
                .enumerate()
                .partition(|(i, _)| i % folds == fold);
            let instances: Vec<_> = train.iter().flat_map(|(_, d)| &d.instances).collect();
            let fitted = Weights::new(fit(&instances, &how));
            let lines: Vec<_> = test
                .par_iter()
                .map(|(_, doc)| predict(doc, &fitted))
                .collect::<Result<_, _>>()?;
            lines.iter().for_each(|line| out.push_str(line));
        }
        std::fs::write(
            predictions
                .as_ref()
                .ok_or("--folds needs --predictions FILE")?,
            out,
        )?;
    }
    if weights.is_none() && other.is_none() {
        return Ok(());
    }
    let instances: Vec<_> = docs.iter().flat_map(|d| &d.instances).collect();
    let fitted = Weights::new(fit(&instances, &how));
    if let Some(other) = other {
        let lines: Vec<_> = read(Path::new(&other))?
            .par_iter()
            .map(|doc| predict(doc, &fitted))
            .collect::<Result<_, _>>()?;
        std::fs::write(
            predictions.ok_or("--other needs --predictions FILE")?,
            lines.concat(),
        )?;
    }
    if let Some(path) = weights {
        let shipped = match prior {
            Some(prior) => fitted.difference(prior),
            None => fitted,
        };
        std::fs::write(path, shipped.write())?;
    }
    Ok(())
}

/// How weights are fitted.
struct Fitting<'a> {
    /// The weights that the penalty draws to, if not to nothing.
    prior: Option<&'a Weights>,
    /// Strength of the penalty.
    penalty: f64,
    /// How many features, or differences from the prior, are kept.
    kept: usize,
}

/// What the penalty draws the weights to, how strongly, and which features are in use.
struct Pull<'a> {
    prior: &'a [f64],
    penalty: f64,
    used: &'a [bool],
}

fn predict(doc: &Doc, weights: &Weights) -> Result<String, serde_json::Error> {
    let mut story = parse_with(&doc.bytes, &ParseOptions::default(), weights);
    story.source.path = Some(doc.path.display().to_string());
    serde_json::to_string(&story).map(|line| line + "\n")
}

fn read(corpus: &Path) -> Result<Vec<Doc>, Box<dyn Error>> {
    let gold = std::fs::read_to_string(corpus.join("gold.jsonl"))?;
    let stories: Vec<GoldStory> = gold
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    // Where nobody marked what is nobody's speech, nothing can be learned of it.
    let scare = stories.iter().any(|story| !story.outside.is_empty());
    let docs: Result<Vec<(Doc, [usize; 3])>, std::io::Error> = stories
        .par_iter()
        .map(|story| {
            let file = Path::new(&story.path).file_name().unwrap_or_default();
            let path = corpus.join("text").join(file);
            let bytes = std::fs::read(&path)?;
            let (instances, counts) = learn(&bytes, story, scare);
            Ok((
                Doc {
                    path,
                    bytes,
                    instances,
                },
                counts,
            ))
        })
        .collect();
    let docs = docs?;
    let sum = docs
        .iter()
        .fold([0; 3], |a, (_, c)| [a[0] + c[0], a[1] + c[1], a[2] + c[2]]);
    eprintln!(
        "quotes {}, no candidate right {}, nobody's {}",
        sum[0], sum[1], sum[2]
    );
    Ok(docs.into_iter().map(|(doc, _)| doc).collect())
}

/// Returns the instances of a story, and how many quotes it has, how many out of reach, how many
/// scare. `scare` tells whether the corpus marks the passages that are nobody's speech.
fn learn(bytes: &[u8], gold: &GoldStory, scare: bool) -> (Vec<Instance>, [usize; 3]) {
    study(bytes, |body| {
        let found = find(&body.texts, &body.quotable, body.language);
        let syntax = StorySyntax::new(&body.texts, &found, body.language);
        let source = |first: usize, last: usize| {
            let span = (body.source)(&Place::of(&syntax.tokens.outer, first..=last));
            [span.start, span.end]
        };
        let mut out = Vec::new();
        let mut counts = [0; 3];
        let mut last: Option<(usize, &GoldQuote)> = None;
        for passage in 0..syntax.tokens.place.len() {
            let at = syntax.tokens.place[passage];
            let span = source(at, at);
            let half = |other: [usize; 2]| {
                2 * overlap(span, other) >= (span[1] - span[0]).max(other[1] - other[0])
            };
            let quote = gold.quotes.iter().find(|q| half(q.span));
            let frame = Frame::new(&syntax, passage);
            let mut all = candidates(&syntax, &frame, last.map(|l| l.0));
            if !scare {
                all.ways.retain(|w| w.way != Way::Scare);
            }
            let right: Vec<bool> = match quote {
                Some(quote) if quote.optional => continue,
                Some(quote) => {
                    counts[0] += 1;
                    let right = right(quote, &all, &syntax, &source, last.map(|l| l.1));
                    last = Some((passage, quote));
                    right
                }
                None if gold.outside.iter().any(|o| half(o.span)) => {
                    counts[2] += 1;
                    all.ways.iter().map(|w| w.way == Way::Scare).collect()
                }
                None => continue,
            };
            if right.contains(&true) {
                let ways = all.ways.into_iter().map(|w| w.parts).collect();
                out.push(Instance {
                    parts: all.parts,
                    ways,
                    right,
                });
            } else {
                counts[1] += 1;
            }
        }
        (out, counts)
    })
}

/// Returns which ways give the gold speaker and cue; if none does, which give the speaker.
fn right(
    quote: &GoldQuote,
    all: &Candidates,
    syntax: &StorySyntax<'_>,
    source: &impl Fn(usize, usize) -> [usize; 2],
    last: Option<&GoldQuote>,
) -> Vec<bool> {
    let speaker = |s: Option<usize>| match (s, &quote.speaker) {
        (None, gold) => gold.is_none(),
        (Some(_), None) => false,
        (Some(s), Some(gold)) => {
            let Stretch { first, last } = syntax.mention(s);
            let span = source(first, last);
            gold.heads.iter().any(|h| overlap(*h, span) > 0)
        }
    };
    let cue = |c: Option<usize>| match (c, &quote.cue) {
        (Some(c), Some(gold)) => {
            let token = syntax.clauses.verbs[c].token;
            let span = source(token, token);
            gold.spans.iter().any(|g| overlap(*g, span) > 0)
        }
        _ => false,
    };
    let same = last.is_some_and(|l| match (&l.speaker, &quote.speaker) {
        (Some(a), Some(b)) => a.spans == b.spans,
        _ => false,
    });
    let judge = |both: bool| -> Vec<bool> {
        let way = |way: &Way| match way {
            Way::Scare => false,
            Way::Carried => same,
            Way::Framed {
                cue: c, speaker: s, ..
            } => speaker(*s) && (!both || cue(*c)),
        };
        all.ways.iter().map(|w| way(&w.way)).collect()
    };
    let strict = judge(true);
    if strict.contains(&true) {
        strict
    } else {
        judge(false)
    }
}

/// Returns what an instance adds to the loss, and for each of its parts what it pulls at its
/// weights.
fn pulls(instance: &Instance, w: &[f64]) -> (f64, Vec<f64>) {
    let part: Vec<f64> = instance
        .parts
        .iter()
        .map(|p| p.iter().map(|f| w[f.index()]).sum())
        .collect();
    let score: Vec<f64> = instance
        .ways
        .iter()
        .map(|way| way.iter().map(|p| part[*p]).sum())
        .collect();
    let top = score.iter().copied().fold(f64::MIN, f64::max);
    let (mut all, mut right) = (0.0, 0.0);
    for (s, r) in score.iter().zip(&instance.right) {
        let e = (s - top).exp();
        all += e;
        right += if *r { e } else { 0.0 };
    }
    // The logarithm of nothing is not wanted.
    let right = right.max(1e-300);
    let mut pull = vec![0.0; part.len()];
    for ((s, r), way) in score.iter().zip(&instance.right).zip(&instance.ways) {
        let e = (s - top).exp();
        let d = e / all - if *r { e / right } else { 0.0 };
        way.iter().for_each(|p| pull[*p] += d);
    }
    (-(right / all).ln(), pull)
}

/// Negative log likelihood and its gradient, over the features in use.
fn loss(instances: &[&Instance], w: &[f64], pull: &Pull<'_>) -> (f64, Vec<f64>) {
    // Chunks of fixed size, added up in order: the same sum on any number of cores.
    let parts: Vec<(f64, Vec<f64>)> = instances
        .par_chunks(512)
        .map(|chunk| {
            let (mut sum, mut gradient) = (0.0, vec![0.0; FEATURES]);
            for instance in chunk {
                let (loss, pull) = pulls(instance, w);
                sum += loss;
                for (p, d) in instance.parts.iter().zip(&pull) {
                    p.iter().for_each(|f| gradient[f.index()] += d);
                }
            }
            (sum, gradient)
        })
        .collect();
    let (mut sum, mut gradient) = (0.0, vec![0.0; FEATURES]);
    for (s, g) in parts {
        sum += s;
        gradient.iter_mut().zip(&g).for_each(|(a, b)| *a += b);
    }
    for (((g, w), prior), used) in gradient.iter_mut().zip(w).zip(pull.prior).zip(pull.used) {
        let off = w - prior;
        *g = if *used { *g + pull.penalty * off } else { 0.0 };
        sum += pull.penalty * off * off / 2.0;
    }
    (sum, gradient)
}

/// Fits all features, keeps those that matter, and fits these again. With a prior, the weights are
/// drawn to it, and those differences are kept that matter.
fn fit(instances: &[&Instance], how: &Fitting<'_>) -> Vec<f32> {
    let all = vec![true; FEATURES];
    let nothing = Weights::new(Vec::new());
    let weights = how.prior.unwrap_or(&nothing);
    let prior: Vec<f64> = Feature::all().map(|f| f64::from(weights.of(f))).collect();
    let mut pull = Pull {
        prior: &prior,
        penalty: how.penalty,
        used: &all,
    };
    let first = descend(instances, &pull);
    // What the loss would gain, to second order, if a weight were set to zero.
    let mut matters = vec![0.0; FEATURES];
    let (mut pulled, mut touched) = (vec![0.0; FEATURES], Vec::new());
    for instance in instances {
        let (_, parts) = pulls(instance, &first);
        for (p, d) in instance.parts.iter().zip(&parts) {
            for f in p {
                touched.push(*f);
                pulled[f.index()] += d;
            }
        }
        for f in touched.drain(..) {
            let f = f.index();
            let off = first[f] - prior[f];
            matters[f] += pulled[f] * pulled[f] * off * off;
            pulled[f] = 0.0;
        }
    }
    let mut order: Vec<usize> = (0..FEATURES).collect();
    order.sort_by(|a, b| matters[*b].total_cmp(&matters[*a]).then(a.cmp(b)));
    let mut used = vec![false; FEATURES];
    order.iter().take(how.kept).for_each(|f| used[*f] = true);
    pull.used = &used;
    descend(instances, &pull)
        .into_iter()
        .map(|w| w as f32)
        .collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// L-BFGS with a backtracking line search.
fn descend(instances: &[&Instance], pull: &Pull<'_>) -> Vec<f64> {
    let mut w = pull.prior.to_vec();
    let (mut value, mut gradient) = loss(instances, &w, pull);
    let mut memory: Vec<(Vec<f64>, Vec<f64>, f64)> = Vec::new();
    for _ in 0..ROUNDS {
        let mut direction = gradient.clone();
        let mut alphas = Vec::new();
        for (s, y, rho) in memory.iter().rev() {
            let alpha = rho * dot(s, &direction);
            direction
                .iter_mut()
                .zip(y)
                .for_each(|(d, y)| *d -= alpha * y);
            alphas.push(alpha);
        }
        if let Some((s, y, _)) = memory.last() {
            let scale = dot(s, y) / dot(y, y);
            direction.iter_mut().for_each(|d| *d *= scale);
        }
        for ((s, y, rho), alpha) in memory.iter().zip(alphas.into_iter().rev()) {
            let beta = rho * dot(y, &direction);
            direction
                .iter_mut()
                .zip(s)
                .for_each(|(d, s)| *d += (alpha - beta) * s);
        }
        let slope = dot(&direction, &gradient);
        let mut step = if memory.is_empty() {
            1.0 / dot(&gradient, &gradient).sqrt()
        } else {
            1.0
        };
        let next = loop {
            let next: Vec<f64> = w
                .iter()
                .zip(&direction)
                .map(|(w, d)| w - step * d)
                .collect();
            let (v, g) = loss(instances, &next, pull);
            if v <= value - 1e-4 * step * slope || step < 1e-10 {
                break (next, v, g);
            }
            step /= 2.0;
        };
        let s: Vec<f64> = next.0.iter().zip(&w).map(|(a, b)| a - b).collect();
        let y: Vec<f64> = next.2.iter().zip(&gradient).map(|(a, b)| a - b).collect();
        let settled = value - next.1 < 1e-5 * value;
        (w, value, gradient) = next;
        let sy = dot(&s, &y);
        if sy > 1e-10 {
            memory.push((s, y, 1.0 / sy));
            if memory.len() > 10 {
                memory.remove(0);
            }
        }
        if settled {
            break;
        }
    }
    eprintln!("fitted on {} quotes, loss {value:.1}", instances.len());
    w
}
