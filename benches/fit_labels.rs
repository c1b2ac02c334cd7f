//! Fits the trees that label lines, and measures them by cross-validation over publishers.
//!
//! ```text
//! cargo bench --bench fit_labels -- CORPUS... [--trees FILE] [--folds N --predictions FILE]
//! ```
//!
//! A CORPUS is a folder with `stories.jsonl` (`id`, `text`) and `gold.jsonl` (`id` and what is
//! known: `labels`, a letter for each line that shows anything, or `headline`, `paragraphs`,
//! `crossheads`, …). `--trees` writes the trees fitted on all of it. `--folds` fits N times on
//! all publishers but one N-th and writes what each fit makes of the stories that it has not seen,
//! in the form of `archive parse --jsonl`. The same corpora give the same trees, bit for bit.
//!
//! The model: boosted trees whose leaves hold a number for every class. Each tree is grown on the
//! gradient of the likelihood of the classes that gold allows a line to have; a line that gold does
//! not know has no say.

// A program of its own, and standard error is its screen.
#![allow(clippy::print_stderr)]

use archive::ParseOptions;
use archive::testing::furniture::{
    CLASSES, COLUMNS, Class, Feature, Forest, LANES, Sight, Split, UNIT, Unit, UnitObservation,
    Way, Weights, observe, opinion, power, sight, units,
};
use archive::testing::parse_labelled;
use archive::testing::text::{self, fold};
use rayon::prelude::*;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::path::{Path, PathBuf};

/// A corpus with more stories is thinned out: teletype copy is all alike.
const STORIES_AT_MOST: usize = 1500;
const THINNED_TO: usize = 300;

/// Trees of the forest.
const ROUNDS: usize = 240;
/// What part of the best step a tree takes.
const RATE: f32 = 0.1;
/// Leaves of a tree.
const LEAVES: usize = 18;
/// Weight of lines that a leaf is thought to have seen with no pull either way.
const LAMBDA: f32 = 4.0;
/// Weight of lines that a leaf holds at least.
const LEAST: f32 = 12.0;
/// Part of the lines that a tree is grown on.
const ROWS: f32 = 0.5;
/// Part of the columns that a tree may look at.
const COLUMNS_SEEN: f32 = 0.15;

#[derive(Deserialize)]
struct StoryLine {
    id: String,
    text: String,
    #[serde(default)]
    publisher: Option<String>,
}

#[derive(Clone, Deserialize)]
struct GoldLine {
    id: String,
    #[serde(default)]
    publisher: Option<String>,
    #[serde(default)]
    labels: Option<String>,
    #[serde(default)]
    headline: Option<OneOrMore>,
    #[serde(default)]
    subheadline: Vec<String>,
    #[serde(default)]
    authors: Option<Vec<OneOrMore>>,
    #[serde(default)]
    paragraphs: Option<Vec<String>>,
    #[serde(default)]
    crossheads: Vec<String>,
    #[serde(default)]
    optional: Vec<String>,
    #[serde(default)]
    soft: Vec<String>,
    #[serde(default)]
    source_url: Option<String>,
    #[serde(default)]
    table: bool,
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn all(&self) -> Vec<&str> {
        match self {
            Self::One(one) => vec![one],
            Self::More(more) => more.iter().map(String::as_str).collect(),
        }
    }
}

/// The classes that a unit may have: a bit each.
type Allowed = u16;
const ANY: Allowed = (1 << CLASSES) - 1;

const fn only(class: Class) -> Allowed {
    1 << class as u8
}

const OTHERS: Allowed =
    only(Class::Above) | only(Class::Between) | only(Class::Inside) | only(Class::Below);

/// A story to learn from.
struct Page {
    id: String,
    publisher: String,
    text: String,
    sight: Sight,
    allowed: Vec<Allowed>,
    weight: f32,
    /// What each line counts beside the others of its page.
    lines: Vec<f32>,
    /// Made of another, and not measured.
    made: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1).filter(|a| a != "--bench");
    let (mut corpora, mut trees, mut folds, mut predictions) = (Vec::new(), None, 0u64, None);
    while let Some(arg) = args.next() {
        match &*arg {
            "--trees" => trees = args.next(),
            "--folds" => folds = args.next().ok_or("--folds needs a number")?.parse()?,
            "--predictions" => predictions = args.next(),
            _ => corpora.push(PathBuf::from(arg)),
        }
    }
    if corpora.is_empty() {
        eprintln!(
            "nothing to fit: give corpora, as in `cargo bench --bench fit_labels -- CORPUS... \
             --trees src/furniture/labels/trees.txt`"
        );
        return Ok(());
    }
    let mut pages = Vec::new();
    for corpus in &corpora {
        pages.extend(read(corpus)?);
    }
    one_name_each(&mut pages);
    let units: usize = pages.iter().map(|page| page.allowed.len()).sum();
    eprintln!("{} stories, {units} units", pages.len());
    if folds > 1 {
        let mut out = String::new();
        for fold in 0..folds {
            let (test, train): (Vec<_>, Vec<_>) = pages
                .iter()
                .partition(|page| hash(&page.publisher) % folds == fold);
            let test: Vec<_> = test.into_iter().filter(|page| !page.made).collect();
            let passes = [forest(&train)?];
            eprintln!(
                "fold {fold}: {} stories held back, loss {:.4}",
                test.len(),
                loss(&passes[0], &test)
            );
            let lines: Vec<_> = test
                .par_iter()
                .map(|page| predict(page, &passes))
                .collect::<Result<_, _>>()?;
            lines.iter().for_each(|line| out.push_str(line));
        }
        std::fs::write(predictions.ok_or("--folds needs --predictions FILE")?, out)?;
    }
    if let Some(path) = trees {
        let forest = forest(&pages.iter().collect::<Vec<_>>())?;
        let comment = "# The trees that label lines, fitted by benches/fit_labels.rs.";
        std::fs::write(path, format!("{comment}\n{forest}"))?;
    }
    Ok(())
}

fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    }) >> 7
}

fn predict(page: &Page, passes: &[Forest]) -> Result<String, serde_json::Error> {
    let mut story = parse_labelled(page.text.as_bytes(), &ParseOptions::default(), passes);
    story.source.path = Some(format!("{}.txt", page.id));
    serde_json::to_string(&story).map(|line| line + "\n")
}

fn lines_of<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<Vec<T>, Box<dyn Error>> {
    let text = std::fs::read_to_string(path)?;
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).map_err(Into::into))
        .collect()
}

fn read(corpus: &Path) -> Result<Vec<Page>, Box<dyn Error>> {
    let stories: Vec<StoryLine> = lines_of(&corpus.join("stories.jsonl"))?;
    let gold: Vec<GoldLine> = lines_of(&corpus.join("gold.jsonl"))?;
    let gold: HashMap<&str, &GoldLine> = gold.iter().map(|gold| (gold.id.as_str(), gold)).collect();
    let step = if stories.len() > STORIES_AT_MOST {
        stories.len() / THINNED_TO
    } else {
        1
    };
    let pages = stories
        .par_iter()
        .step_by(step)
        .filter_map(|story| {
            gold.get(story.id.as_str())
                .map(|gold| versions(story, gold))
        })
        .flatten()
        .collect();
    Ok(pages)
}

/// Returns a story as it is, and as a newsroom would send it: without the page around it, once with
/// byline and date, once with the headline only. What stands right under the headline is the text
/// there.
fn versions(story: &StoryLine, gold: &GoldLine) -> Vec<Page> {
    let mut out = vec![page(story, gold)];
    let Some(letters) = gold.labels.as_deref().filter(|_| gold.paragraphs.is_some()) else {
        return out;
    };
    let lines: Vec<&str> = story
        .text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let gap = if story.text.contains("\n\n") {
        "\n\n"
    } else {
        "\n"
    };
    for kept in ["HBDPLX", "HPLX"] {
        let (lines, letters): (Vec<&str>, String) = lines
            .iter()
            .zip(letters.chars())
            .filter(|(_, letter)| kept.contains(*letter))
            .unzip();
        let plain = StoryLine {
            id: story.id.clone(),
            text: lines.join(gap) + "\n",
            publisher: story.publisher.clone(),
        };
        let gold = GoldLine {
            labels: Some(letters),
            ..gold.clone()
        };
        let page = page(&plain, &gold);
        out.push(Page {
            weight: page.weight * PLAIN,
            made: true,
            ..page
        });
    }
    out
}

/// What a line of copy that was made plain counts, beside one of a page.
const PLAIN: f32 = 0.08;

/// Who published a story: as gold says, or by its address, or by what its id begins with.
fn publisher(story: &StoryLine, gold: &GoldLine) -> String {
    let given = gold.publisher.clone().or_else(|| story.publisher.clone());
    let address = gold
        .source_url
        .as_deref()
        .and_then(|url| url.split('/').nth(2));
    given
        .or_else(|| address.map(domain))
        .unwrap_or_else(|| outlet(&story.id).to_owned())
}

/// `country-Outlet_date` is how ids without an address begin.
fn outlet(id: &str) -> &str {
    let before = id.split('_').next().unwrap_or(id);
    before.rsplit('-').next().unwrap_or(before)
}

/// `www.news.example.co.uk` → `example.co.uk`.
fn domain(host: &str) -> String {
    let labels: Vec<&str> = host.split('.').collect();
    let second = labels.len() > 2 && labels[labels.len() - 2].len() <= 3;
    labels[labels.len().saturating_sub(if second { 3 } else { 2 })..].join(".")
}

/// An outlet that one corpus calls by its name and another by its address is one publisher.
fn one_name_each(pages: &mut [Page]) {
    let addresses: HashMap<String, String> = pages
        .iter()
        .filter(|page| page.publisher.contains('.'))
        .map(|page| (outlet(&page.id).to_owned(), page.publisher.clone()))
        .collect();
    for page in pages
        .iter_mut()
        .filter(|page| !page.publisher.contains('.'))
    {
        if let Some(address) = addresses.get(&page.publisher) {
            page.publisher.clone_from(address);
        }
    }
}

fn page(story: &StoryLine, gold: &GoldLine) -> Page {
    let copy = story.text.as_str();
    let lines = text::lines(copy);
    let units = units(copy, &lines);
    let readings = observe(copy, &units);
    let scores: Vec<_> = readings
        .iter()
        .map(|seen| Weights::shipped().scores(seen.features))
        .collect();
    let shares = opinion::shares(&scores);
    let sight = Sight::of(copy, &units, &readings, &shares);
    let letters: Vec<char> = gold.labels.as_deref().unwrap_or("").chars().collect();
    let known: Vec<Allowed> = if letters.is_empty() {
        by_fields(copy, &units, &readings, gold)
    } else {
        let soft: HashSet<String> = gold.soft.iter().map(|line| fold(line)).collect();
        units
            .iter()
            .map(|unit| {
                let own = &letters
                    [unit.lines.start.min(letters.len())..unit.lines.end.min(letters.len())];
                let same = own.windows(2).all(|pair| pair[0] == pair[1]);
                match own.first() {
                    Some(letter) if same && !soft.contains(&fold(unit.str(copy))) => {
                        by_letter(*letter)
                    }
                    _ => ANY,
                }
            })
            .collect()
    };
    let allowed = in_phases(known);
    let said = allowed
        .iter()
        .filter(|allowed| **allowed != ANY)
        .count()
        .max(1);
    let lines = line_weights(&readings, &allowed);
    Page {
        id: story.id.clone(),
        publisher: publisher(story, gold),
        text: story.text.clone(),
        made: false,
        sight,
        lines,
        weight: (60.0 / said as f32).sqrt().clamp(0.3, 2.0),
        allowed,
    }
}

/// Returns what each line counts beside the others of its page. A story comes out whole if nearly all
/// of its words do, so a long paragraph counts a third more than a line of few words; so does a line
/// that can only be headline, byline or date.
fn line_weights(readings: &[UnitObservation], allowed: &[Allowed]) -> Vec<f32> {
    /// What a line of no weight counts, and what the largest one counts more.
    const LINE: f32 = 0.9;
    const LARGE: f32 = 0.3;
    /// Part of the story's text that a large paragraph is.
    const PART: f32 = 0.04;
    /// Letters that a story's text has at least.
    const TEXT: usize = 1500;
    let text = only(Class::Paragraph) | only(Class::ListItem);
    let head = only(Class::Headline) | only(Class::Byline) | only(Class::Date);
    let is = |allowed: Allowed, of: Allowed| allowed & !of == 0;
    let whole: usize = readings
        .iter()
        .zip(allowed)
        .filter(|(_, allowed)| is(**allowed, text))
        .map(|(reading, _)| reading.weight)
        .sum();
    let large = PART * whole.max(TEXT) as f32;
    readings
        .iter()
        .zip(allowed)
        .map(|(reading, allowed)| {
            let part = match is(*allowed, head) {
                true => 1.0,
                false => (reading.weight as f32 / large).min(1.0),
            };
            LINE + LARGE * part
        })
        .collect()
}

fn by_letter(letter: char) -> Allowed {
    match letter {
        'H' => only(Class::Headline),
        'S' => only(Class::Standfirst),
        'B' => only(Class::Byline),
        'D' => only(Class::Date),
        'C' => only(Class::Caption),
        'P' => only(Class::Paragraph),
        'L' => only(Class::ListItem) | only(Class::Paragraph),
        'X' => only(Class::Crosshead),
        'U' => only(Class::Url),
        'O' => OTHERS,
        _ => ANY,
    }
}

/// Returns what the fields of gold say of each unit.
fn by_fields(
    copy: &str,
    units: &[Unit],
    readings: &[UnitObservation],
    gold: &GoldLine,
) -> Vec<Allowed> {
    let bare = |line: &str| {
        let folded = fold(line);
        folded
            .trim_start_matches(['-', '•', '*', ' ', '–'])
            .to_owned()
    };
    let set =
        |lines: &[String]| -> HashSet<String> { lines.iter().map(|line| bare(line)).collect() };
    let paragraphs = set(gold.paragraphs.as_deref().unwrap_or_default());
    let (crossheads, optional, standfirst) = (
        set(&gold.crossheads),
        set(&gold.optional),
        set(&gold.subheadline),
    );
    let headlines: HashSet<String> = gold
        .headline
        .iter()
        .flat_map(OneOrMore::all)
        .map(&bare)
        .collect();
    let names: Vec<String> = gold
        .authors
        .iter()
        .flatten()
        .flat_map(OneOrMore::all)
        .filter(|name| !name.is_empty())
        .map(fold)
        .collect();
    let texts: Vec<String> = units.iter().map(|unit| bare(unit.str(copy))).collect();
    let is_paragraph = |text: &String| {
        paragraphs.contains(text)
            || text.len() > 60
                && paragraphs
                    .iter()
                    .any(|p| text.ends_with(p.as_str()) && text.len() - p.len() < 90)
    };
    let body: Vec<bool> = texts.iter().map(is_paragraph).collect();
    let first = body.iter().position(|is| *is).unwrap_or(body.len());
    let last = body.iter().rposition(|is| *is).unwrap_or(0);
    let titles: Vec<usize> = (0..texts.len())
        .filter(|i| headlines.contains(&texts[*i]))
        .collect();
    let table = gold.table;
    (0..units.len())
        .map(|i| {
            let text = &texts[i];
            if body[i] {
                return only(Class::Paragraph)
                    | if readings[i].features.has(Feature::Bullet) {
                        only(Class::ListItem)
                    } else {
                        0
                    };
            }
            if table && i > first {
                return ANY;
            }
            if titles.contains(&i) {
                let front = titles.iter().filter(|t| **t < first).count();
                return if front <= 1 && i < first {
                    only(Class::Headline)
                } else {
                    only(Class::Headline) | OTHERS
                };
            }
            if crossheads.contains(text) {
                return only(Class::Crosshead);
            }
            if optional.contains(text)
                || paragraphs
                    .iter()
                    .any(|p| text.len() > 8 && p.contains(text.as_str()))
            {
                return ANY;
            }
            if standfirst.contains(text) {
                return only(Class::Standfirst);
            }
            if gold
                .source_url
                .as_deref()
                .is_some_and(|url| units[i].str(copy).contains(url))
            {
                return only(Class::Url);
            }
            let outside = i < first || i > last;
            let short = readings[i].weight <= 170;
            let named = short && outside && names.iter().any(|name| text.contains(name.as_str()));
            let dated = [Feature::DateLine, Feature::DateIn]
                .iter()
                .any(|f| readings[i].features.has(*f));
            let mut out = OTHERS | only(Class::Caption);
            if named && i < first {
                out = only(Class::Byline) | if dated { only(Class::Date) } else { 0 };
            } else if named {
                out |= only(Class::Byline);
            }
            if dated && i < first && !named {
                out = only(Class::Date) | OTHERS;
            } else if dated {
                out |= only(Class::Date);
            }
            out
        })
        .collect()
}

/// Furniture has the phase that the story around it leaves it.
fn in_phases(mut allowed: Vec<Allowed>) -> Vec<Allowed> {
    let is = |a: Allowed, classes: Allowed| a & !classes == 0;
    let headline = allowed.iter().position(|a| is(*a, only(Class::Headline)));
    let story = only(Class::Paragraph) | only(Class::ListItem);
    let first = allowed.iter().position(|a| is(*a, story));
    let last = allowed.iter().rposition(|a| is(*a, story));
    for (i, a) in allowed.iter_mut().enumerate() {
        if *a == ANY {
            continue;
        }
        let mut out = OTHERS;
        if let Some(headline) = headline {
            out &= if i < headline {
                only(Class::Above)
            } else {
                !only(Class::Above)
            };
        }
        if let (Some(first), Some(last)) = (first, last) {
            out &= if i < first {
                only(Class::Above) | only(Class::Between)
            } else if i < last {
                only(Class::Inside)
            } else {
                only(Class::Below)
            };
        }
        // A story without paragraphs or headline has nothing between them.
        let out = if out & OTHERS == 0 { OTHERS } else { out };
        *a &= out | !OTHERS;
    }
    allowed
}

/// Returns what a tree may look at.
fn candidates() -> Vec<(u16, i8)> {
    const NEAR: [&str; 30] = [
        "OfCore",
        "QuoteMarks",
        "OfMean",
        "Weight",
        "Words",
        "Start",
        "End",
        "SmallWords",
        "Figures",
        "Capitalised",
        "You",
        "We",
        "Offer",
        "Comment",
        "Ago",
        "Picture",
        "Elsewhere",
        "Craft",
        "Rights",
        "GivenNames",
        "Furniture",
        "Times",
        "OfText",
        "Blanks",
        "Money",
        "Again",
        "OfTitle",
        "Stops",
        "HoldsNext",
        "Alike",
    ];
    let mut out = Vec::new();
    for column in 0..COLUMNS as u16 {
        out.push((column, 0));
        let name = sight::column_name(column);
        let feature = usize::from(column) < Feature::ALL.len();
        let opinion = usize::from(column) >= COLUMNS - CLASSES;
        for offset in [-2, -1, 1, 2] {
            if feature || opinion || NEAR.contains(&name) {
                out.push((column, offset));
            }
        }
        if opinion {
            out.extend([(column, -3), (column, 3)]);
        }
    }
    out
}

/// Numbers that only look random.
struct Dice(u64);

impl Dice {
    fn throw(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1u64 << 24) as f32
    }
}

type Sum = [f32; LANES];
/// The lane of a sum that counts weight.
const WEIGHT: usize = LANES - 1;

/// All lines that gold says something of, column by column.
struct Table {
    candidates: Vec<(u16, i8)>,
    columns: Vec<Vec<u8>>,
    allowed: Vec<Allowed>,
    weights: Vec<f32>,
}

impl Table {
    fn new(pages: &[&Page]) -> Self {
        let mut rows = Vec::new();
        for page in pages {
            for (unit, allowed) in page.allowed.iter().enumerate() {
                if *allowed != ANY {
                    rows.push((*page, unit));
                }
            }
        }
        let column = |(column, offset): &(u16, i8)| -> Vec<u8> {
            rows.iter()
                .map(|(page, unit)| page.sight.value(*unit, *offset, *column))
                .collect()
        };
        let (candidates, columns): (Vec<_>, Vec<_>) = candidates()
            .into_iter()
            .map(|candidate| (candidate, column(&candidate)))
            // What hardly any line shows teaches nothing.
            .filter(|(_, values)| values.iter().filter(|value| **value != values[0]).count() >= 40)
            .unzip();
        Self {
            candidates,
            columns,
            allowed: rows
                .iter()
                .map(|(page, unit)| page.allowed[*unit])
                .collect(),
            weights: rows
                .iter()
                .map(|(page, unit)| page.weight * page.lines[*unit])
                .collect(),
        }
    }
}

fn softmax(scores: &Sum) -> Sum {
    let top = scores[..CLASSES].iter().copied().fold(f32::MIN, f32::max);
    let mut out = [0.0; LANES];
    for (share, score) in out.iter_mut().zip(scores).take(CLASSES) {
        *share = power(score - top);
    }
    let sum: f32 = out.iter().sum();
    out.map(|share| share / sum)
}

/// A tree asks no more questions than this on any way: the longest decides how long it takes.
const DEEPEST: usize = 6;

/// A leaf while its tree grows.
struct Growing {
    rows: Vec<u32>,
    sum: Sum,
    histograms: Vec<Sum>,
    best: Option<Best>,
    place: Place,
    depth: usize,
}

#[derive(Clone, Copy)]
enum Place {
    Root,
    Under(usize, usize),
}

#[derive(Clone, Copy)]
struct Best {
    gain: f32,
    candidate: usize,
    most: u8,
}

/// Fits a forest.
fn forest(pages: &[&Page]) -> Result<Forest, &'static str> {
    let table = Table::new(pages);
    let base = base(&table);
    let mut fitting = Fitting {
        scores: vec![base.map(|worth| f32::from(worth) * UNIT); table.allowed.len()],
        table,
        splits: Vec::new(),
        leaves: Vec::new(),
        roots: Vec::new(),
        dice: Dice(0x2545_F491_4F6C_DD1D),
    };
    for _ in 0..ROUNDS {
        fitting.round();
    }
    Forest::new(fitting.roots, fitting.splits, fitting.leaves, base)
}

/// Returns what the classes are worth by their number alone.
fn base(table: &Table) -> [i16; LANES] {
    let mut counts = [1.0f32; LANES];
    for (allowed, weight) in table.allowed.iter().zip(&table.weights) {
        let size = allowed.count_ones() as f32;
        for class in classes(*allowed) {
            counts[class] += weight / size;
        }
    }
    let all: f32 = counts[..CLASSES].iter().sum();
    std::array::from_fn(|class| match class < CLASSES {
        true => ((counts[class] / all).ln() / UNIT).round() as i16,
        false => 0,
    })
}

/// Returns the classes that are allowed.
fn classes(allowed: Allowed) -> impl Iterator<Item = usize> {
    (0..CLASSES).filter(move |class| allowed >> class & 1 == 1)
}

/// A forest while it is fitted.
struct Fitting {
    table: Table,
    /// What the trees so far say of each row.
    scores: Vec<Sum>,
    splits: Vec<Split>,
    leaves: Vec<[i16; LANES]>,
    roots: Vec<Way>,
    dice: Dice,
}

/// What each row pulls at: the loss's slope and its curve.
struct Pulls {
    slopes: Vec<Sum>,
    curves: Vec<Sum>,
    /// What a class's pull counts in the choice of questions: rare classes are not to be drowned.
    scale: Sum,
}

impl Fitting {
    fn pulls(&self) -> Pulls {
        let n = self.scores.len();
        let (mut slopes, mut curves) = (vec![[0.0; LANES]; n], vec![[0.0; LANES]; n]);
        let mut mean: Sum = [1e-6; LANES];
        for (row, (slope, curve)) in slopes.iter_mut().zip(&mut curves).enumerate() {
            let (shares, weight) = (softmax(&self.scores[row]), self.table.weights[row]);
            let allowed = self.table.allowed[row];
            let right: f32 = classes(allowed).map(|class| shares[class]).sum();
            for (class, share) in shares.iter().enumerate().take(CLASSES) {
                let target = if allowed >> class & 1 == 1 {
                    share / right.max(1e-6)
                } else {
                    0.0
                };
                slope[class] = (share - target) * weight;
                curve[class] = share * (1.0 - share) * weight;
            }
            slope[WEIGHT] = weight;
            curve[WEIGHT] = weight;
            add(&mut mean, curve);
        }
        let scale = std::array::from_fn(|class| match class < CLASSES {
            true => (mean[WEIGHT] / mean[class]).sqrt(),
            false => 0.0,
        });
        Pulls {
            slopes,
            curves,
            scale,
        }
    }

    /// Grows one more tree.
    fn round(&mut self) {
        let pulls = self.pulls();
        let rows = (0..self.scores.len() as u32)
            .filter(|_| self.dice.throw() < ROWS)
            .collect();
        let columns: Vec<usize> = (0..self.table.columns.len())
            .filter(|_| self.dice.throw() < COLUMNS_SEEN)
            .collect();
        let (leaves, splits) = Grower::new(&self.table, &columns, &pulls).grow(rows);
        self.plant(&leaves, splits, &pulls);
    }

    /// Takes a grown tree in.
    fn plant(&mut self, leaves: &[Growing], mut splits: Vec<Split>, pulls: &Pulls) {
        let first_split = self.splits.len() as u32;
        for way in splits.iter_mut().flat_map(|split| &mut split.ways) {
            if let Way::Split(at) = way {
                *at += first_split;
            }
        }
        let mut root = Way::Split(first_split);
        for leaf in leaves {
            let way = Way::Leaf(self.leaves.len() as u32);
            self.leaves.push(worth(&leaf.rows, pulls));
            match leaf.place {
                Place::Under(split, which) => splits[split].ways[which] = way,
                Place::Root => root = way,
            }
        }
        self.splits.extend(splits);
        self.roots.push(root);
        self.score(root);
    }

    /// Adds what a new tree says to the scores.
    fn score(&mut self, root: Way) {
        let columns: HashMap<(u16, i8), &Vec<u8>> = self
            .table
            .candidates
            .iter()
            .copied()
            .zip(&self.table.columns)
            .collect();
        for (row, score) in self.scores.iter_mut().enumerate() {
            let mut way = root;
            while let Way::Split(at) = way {
                let split = &self.splits[at as usize];
                let value = columns[&(split.column, split.offset)][row];
                way = split.ways[usize::from(value > split.most)];
            }
            if let Way::Leaf(leaf) = way {
                let adds = self.leaves[leaf as usize].map(|add| f32::from(add) * UNIT);
                add(score, &adds);
            }
        }
    }
}

/// Returns what a leaf says: a part of the step that would make the loss of its rows least.
fn worth(rows: &[u32], pulls: &Pulls) -> [i16; LANES] {
    let (mut slope, mut curve) = ([0.0; LANES], [0.0; LANES]);
    for row in rows {
        add(&mut slope, &pulls.slopes[*row as usize]);
        add(&mut curve, &pulls.curves[*row as usize]);
    }
    std::array::from_fn(|class| {
        if class >= CLASSES {
            return 0;
        }
        let step = (-slope[class] / (curve[class] + LAMBDA)).clamp(-4.0, 4.0);
        (step * RATE / UNIT).round() as i16
    })
}

fn add(sum: &mut Sum, more: &Sum) {
    sum.iter_mut()
        .zip(more)
        .for_each(|(sum, more)| *sum += more);
}

fn less(sum: &Sum, part: &Sum) -> Sum {
    std::array::from_fn(|lane| sum[lane] - part[lane])
}

/// What grows one tree.
struct Grower<'a> {
    table: &'a Table,
    /// The columns that this tree may look at.
    columns: &'a [usize],
    /// Where the bins of each of them begin.
    starts: Vec<usize>,
    bins: usize,
    pulls: &'a Pulls,
}

impl<'a> Grower<'a> {
    fn new(table: &'a Table, columns: &'a [usize], pulls: &'a Pulls) -> Self {
        let (mut starts, mut bins) = (Vec::with_capacity(columns.len()), 0);
        for column in columns {
            starts.push(bins);
            bins += usize::from(table.columns[*column].iter().copied().max().unwrap_or(0)) + 1;
        }
        Self {
            table,
            columns,
            starts,
            bins,
            pulls,
        }
    }

    /// Splits the leaf that gains most, again and again.
    fn grow(&self, rows: Vec<u32>) -> (Vec<Growing>, Vec<Split>) {
        let mut leaves = vec![self.leaf(rows, Place::Root, 0)];
        let mut splits: Vec<Split> = Vec::new();
        while leaves.len() < LEAVES {
            let gains = leaves.iter().enumerate();
            let Some((at, best)) = gains
                .filter_map(|(at, leaf)| leaf.best.map(|best| (at, best)))
                .max_by(|a, b| a.1.gain.total_cmp(&b.1.gain).then(b.0.cmp(&a.0)))
            else {
                break;
            };
            let leaf = leaves.swap_remove(at);
            let (column, offset) = self.table.candidates[best.candidate];
            let split = splits.len();
            let ways = [Way::Leaf(0); 2];
            splits.push(Split {
                column,
                offset,
                most: best.most,
                ways,
            });
            if let Place::Under(parent, which) = leaf.place {
                splits[parent].ways[which] = Way::Split(split as u32);
            }
            leaves.extend(self.halves(&leaf, best, split));
        }
        (leaves, splits)
    }

    /// Returns the two leaves that a question makes of one. Only the smaller is counted.
    fn halves(&self, leaf: &Growing, best: Best, split: usize) -> [Growing; 2] {
        let values = &self.table.columns[best.candidate];
        let (up, above): (Vec<u32>, Vec<u32>) = leaf
            .rows
            .iter()
            .partition(|row| values[**row as usize] <= best.most);
        let (small, large, which) = if up.len() <= above.len() {
            (up, above, 0)
        } else {
            (above, up, 1)
        };
        let small = self.leaf(small, Place::Under(split, which), leaf.depth + 1);
        let large = self.rest(leaf, &small, large, Place::Under(split, 1 - which));
        [small, large]
    }

    fn leaf(&self, rows: Vec<u32>, place: Place, depth: usize) -> Growing {
        let slopes = &self.pulls.slopes;
        let mut sum = [0.0; LANES];
        rows.iter()
            .for_each(|row| add(&mut sum, &slopes[*row as usize]));
        let mut histograms = vec![[0.0; LANES]; self.bins];
        for (column, start) in self.columns.iter().zip(&self.starts) {
            let values = &self.table.columns[*column];
            for row in &rows {
                let value = usize::from(values[*row as usize]);
                // What a column mostly shows is nothing: that bin is what the others leave.
                if value > 0 {
                    add(&mut histograms[start + value], &slopes[*row as usize]);
                }
            }
        }
        self.with_best(Growing {
            rows,
            sum,
            histograms,
            best: None,
            place,
            depth,
        })
    }

    fn rest(&self, whole: &Growing, part: &Growing, rows: Vec<u32>, place: Place) -> Growing {
        let bins = whole.histograms.iter().zip(&part.histograms);
        self.with_best(Growing {
            rows,
            sum: less(&whole.sum, &part.sum),
            histograms: bins.map(|(whole, part)| less(whole, part)).collect(),
            best: None,
            place,
            depth: whole.depth + 1,
        })
    }

    fn with_best(&self, mut leaf: Growing) -> Growing {
        if leaf.depth < DEEPEST {
            leaf.best = self.best(&leaf);
        }
        leaf
    }

    fn worth(&self, sum: &Sum) -> f32 {
        let pull: f32 = sum
            .iter()
            .zip(&self.pulls.scale)
            .map(|(pull, scale)| pull * pull * scale)
            .sum();
        pull / (sum[WEIGHT] + LAMBDA * 4.0)
    }

    fn best(&self, leaf: &Growing) -> Option<Best> {
        let whole = self.worth(&leaf.sum);
        let mut best: Option<Best> = None;
        for (number, (column, start)) in self.columns.iter().zip(&self.starts).enumerate() {
            let end = self.starts.get(number + 1).copied().unwrap_or(self.bins);
            // From the largest value down, so that nothing (the first bin) need not be known.
            let mut above = [0.0; LANES];
            for most in (0..end - start - 1).rev() {
                add(&mut above, &leaf.histograms[start + most + 1]);
                let up = less(&leaf.sum, &above);
                if above[WEIGHT] < LEAST || up[WEIGHT] < LEAST {
                    continue;
                }
                let gain = self.worth(&above) + self.worth(&up) - whole;
                if gain > best.map_or(1e-3, |best| best.gain) {
                    best = Some(Best {
                        gain,
                        candidate: *column,
                        most: most as u8,
                    });
                }
            }
        }
        best
    }
}

/// Mean loss a line over pages.
fn loss(forest: &Forest, pages: &[&Page]) -> f64 {
    let (mut sum, mut weight) = (0.0f64, 0.0f64);
    for page in pages {
        let votes = forest.votes(&page.sight);
        for (votes, allowed) in votes.iter().zip(&page.allowed).filter(|(_, a)| **a != ANY) {
            let shares = softmax(&votes.map(|vote| f32::from(vote) * UNIT));
            let right: f32 = classes(*allowed).map(|class| shares[class]).sum();
            sum -= f64::from(right.max(1e-9).ln()) * f64::from(page.weight);
            weight += f64::from(page.weight);
        }
    }
    sum / weight.max(1.0)
}
