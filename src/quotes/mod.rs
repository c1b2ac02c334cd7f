//! Quotes: the passages between quotation marks, and who said them.
//!
//! [`passages`] finds where the quoted words stand, [`syntax`] reads what stands around them,
//! [`attribution`] weighs all ways to attribute each and takes the best, `reported` finds what is
//! reported without marks, [`names`] gives the speaker the fullest name of the story.
//! `docs/quotes.md` is the card of the model.

pub(crate) mod attribution;
pub(crate) mod axis;
mod east_asian;
mod entity;
mod full_names;
mod name_cases;
pub(crate) mod names;
mod passage;
pub(crate) mod passages;
mod place;
mod pronouns;
mod reported;
mod speaker;
pub(crate) mod syntax;
mod titles;
mod windows;

pub use attribution::weights::Weights;
pub(crate) use passage::Passage;
pub use place::Place;
pub(crate) use speaker::Speaker;

use crate::story::QuoteKind;
use attribution::decide::{self, Choice, Judged, Way};
use attribution::frame::is_whole_saying;
use names::{Earlier, Known, People};
use reported::Statement;
use std::ops::Range;
use syntax::clauses::Stretch;
use syntax::foreign::ENGLISH;
use syntax::story::StorySyntax;
use syntax::token::{Kind, Token};

/// The text of a story in which quotes are looked for.
#[derive(Clone, Copy, Debug)]
pub struct Body<'a> {
    /// Its blocks.
    pub blocks: &'a [&'a str],
    /// Which of them are read for quotes; as many as there are blocks.
    pub quotable: &'a [bool],
    /// Lines outside the body that may give a name in full.
    pub heads: &'a [&'a str],
    /// BCP 47 tag of its language; `en` where nobody can tell.
    pub language: &'a str,
}

/// A quote with its attribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attributed {
    /// Which block.
    pub block: usize,
    /// The passage.
    pub passage: Passage,
    /// Who said it.
    pub speaker: Option<Speaker>,
    /// The cue.
    pub cue: Option<Place>,
    /// The quote that it continues, by its number in the story.
    pub part_of: Option<usize>,
}

/// Finds and attributes the quotes of a story, in the order of their places.
///
/// ```
/// use archive::testing::quotes::{Body, Weights, attribute};
/// let blocks = ["\"It held,\" said Lena Ortiz, a welder. \"We tried,\" she said."];
/// let body = Body { blocks: &blocks, quotable: &[true], heads: &[], language: "en" };
/// let quotes = attribute(&body, Weights::fitted());
/// assert_eq!(quotes.len(), 2);
/// assert_eq!(quotes[1].speaker.as_ref().unwrap().name, "Lena Ortiz");
/// ```
pub fn attribute(body: &Body<'_>, weights: &Weights) -> Vec<Attributed> {
    let mut quotes = Vec::new();
    attribute_each(body, weights, &mut |quote| quotes.push(quote));
    quotes
}

/// Finds and attributes the quotes of a story, and calls `found` with each, in the order of their
/// places. Returns the place of the first that is left out where a long story has more quotes than
/// any text that people write.
pub(crate) fn attribute_each(
    body: &Body<'_>,
    weights: &Weights,
    found: &mut dyn FnMut(Attributed),
) -> Option<Place> {
    attribute_with(body, weights, None, &mut |quote, _| found(quote))
}

/// Does what [`attribute_each`] does, and shows for each quote between marks the likeliest ways to
/// attribute it, the best first; `shown` of them.
pub(crate) fn explain_each(
    body: &Body<'_>,
    weights: &Weights,
    shown: usize,
    found: &mut dyn FnMut(Attributed, Vec<Considered>),
) -> Option<Place> {
    attribute_with(body, weights, Some(shown), found)
}

fn attribute_with(
    body: &Body<'_>,
    weights: &Weights,
    shown: Option<usize>,
    found: &mut dyn FnMut(Attributed, Vec<Considered>),
) -> Option<Place> {
    if windows::is_long(body) {
        return windows::read(body, weights, shown, found);
    }
    let read = attribute_window(body, weights, shown, None);
    let mut considered = read.considered.into_iter();
    for quote in read.quotes {
        let ways = match quote.passage.kind {
            QuoteKind::Indirect => Vec::new(),
            _ => considered.next().unwrap_or_default(),
        };
        found(quote, ways);
    }
    None
}

/// What was read in a window of a story, or in all of it.
#[derive(Default)]
struct WindowReading {
    /// The quotes, in the order of their places.
    quotes: Vec<Attributed>,
    /// For each quote between marks the likeliest ways to attribute it, if they are to be shown.
    considered: Vec<Vec<Considered>>,
    /// Whom this window and those before it name; nobody if the story is read whole.
    known: Known,
}

/// Reads a window of a story; without `earlier` it is the whole story.
fn attribute_window(
    body: &Body<'_>,
    weights: &Weights,
    shown: Option<usize>,
    earlier: Option<Earlier>,
) -> WindowReading {
    if east_asian::reads(body.language) {
        return WindowReading {
            quotes: east_asian::attribute(body),
            ..WindowReading::default()
        };
    }
    let passages = passages::find(body.blocks, body.quotable, body.language);
    let english = body.language == ENGLISH;
    if earlier.is_none() && !english && passages.iter().all(Vec::is_empty) {
        return WindowReading::default();
    }
    let syntax = StorySyntax::new(body.blocks, &passages, body.language);
    let mut considered = Vec::new();
    let choices = decide::decide(&syntax, weights, |frame, last| {
        if let Some(shown) = shown {
            let ways = decide::explain(&syntax, frame, last, weights, shown);
            considered.push(ways.into_iter().map(|way| consider(&syntax, way)).collect());
        }
    });
    let statements = match english {
        true => reported::find(&syntax, body.quotable),
        false => Vec::new(),
    };
    if earlier.is_none() && choices.is_empty() && statements.is_empty() {
        return WindowReading::default();
    }
    let in_windows = earlier.is_some();
    let people = People::of(&syntax, body.heads, earlier);
    let marked: Vec<_> = passages.iter().flatten().map(|p| p.outer.clone()).collect();
    let indirect: Vec<_> = statements
        .iter()
        .flat_map(|statement| statement_quotes(&syntax, &people, &marked, statement))
        .collect();
    let mut quotes: Vec<Attributed> = Vec::with_capacity(choices.len());
    let blocks = passages.into_iter().enumerate();
    let passages = blocks.flat_map(|(block, found)| found.into_iter().map(move |p| (block, p)));
    for ((block, passage), choice) in passages.zip(choices) {
        quotes.push(finish_quote(
            &syntax, &people, block, passage, choice, &quotes,
        ));
    }
    WindowReading {
        quotes: merge(quotes, indirect),
        considered,
        known: if in_windows {
            people.known()
        } else {
            Known::default()
        },
    }
}

/// Makes quotes of a statement, one for each piece; `part_of` of the second is 0 for now. `marked`
/// are the stretches of the passages with their marks.
fn statement_quotes(
    syntax: &StorySyntax<'_>,
    people: &People,
    marked: &[Range<usize>],
    statement: &Statement,
) -> Vec<Attributed> {
    let speaker = people.speaker(syntax, statement.speaker);
    let cue = Place::of(&syntax.tokens.outer, statement.cue..=statement.cue);
    // A passage in the clause has its marks with it.
    let ends = |token: &Token| match token.kind {
        Kind::Quote(passage) => marked[passage as usize].clone(),
        _ => token.range(),
    };
    let quote = |(n, piece): (usize, &Range<usize>)| {
        let (first, last) = (syntax.token(piece.start), syntax.token(piece.end - 1));
        let range = ends(first).start..ends(last).end;
        Attributed {
            block: first.block as usize,
            passage: Passage {
                outer: range.clone(),
                range,
                kind: QuoteKind::Indirect,
                closed: true,
            },
            speaker: Some(speaker.clone()),
            cue: Some(cue.clone()),
            part_of: (n > 0).then_some(0),
        }
    };
    statement.pieces.iter().enumerate().map(quote).collect()
}

/// Puts marked quotes and statements in the order of their places, the longer first where two begin
/// at one place, and lets `part_of` follow.
fn merge(marked: Vec<Attributed>, indirect: Vec<Attributed>) -> Vec<Attributed> {
    if indirect.is_empty() {
        return marked;
    }
    let count = marked.len();
    let mut first = count;
    let mut all: Vec<(usize, Attributed)> =
        marked.into_iter().chain(indirect).enumerate().collect();
    for (number, quote) in &mut all[count..] {
        // The pieces of a statement stand one after the other.
        match quote.part_of {
            Some(_) => quote.part_of = Some(first),
            None => first = *number,
        }
    }
    all.sort_by_key(|(number, quote)| {
        let Range { start, end } = quote.passage.range;
        (quote.block, start, std::cmp::Reverse(end), *number)
    });
    let mut places = vec![0; all.len()];
    for (place, (number, _)) in all.iter().enumerate() {
        places[*number] = place;
    }
    let quotes = all.into_iter().map(|(_, mut quote)| {
        quote.part_of = quote.part_of.map(|number| places[number]);
        quote
    });
    quotes.collect()
}

/// One way to attribute a quote, for people.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Considered {
    /// The mention, if the way has one.
    pub speaker: Option<String>,
    /// The cue.
    pub cue: Option<String>,
    /// `nobody's words`, `framed` or `as the last quote`.
    pub way: &'static str,
    /// Its share of all ways, 0 to 1.
    pub share: f32,
    /// Its score.
    pub score: f32,
    /// The features that made the score, strongest first, with their weights.
    pub why: Vec<(String, f32)>,
}

fn consider(syntax: &StorySyntax<'_>, judged: Judged) -> Considered {
    let mention = |phrase: usize| {
        let Stretch { first, last } = syntax.mention(phrase);
        let words: Vec<_> = (first..=last).map(|i| syntax.word(i)).collect();
        words.join(" ")
    };
    let (way, cue, speaker) = match judged.way {
        Way::Scare => ("nobody's words", None, None),
        Way::Framed { cue, speaker } => ("framed", cue, speaker),
        Way::Carried => ("as the last quote", None, None),
    };
    let named = |(feature, weight): (attribution::feature::Feature, f32)| (feature.name(), weight);
    Considered {
        speaker: speaker.map(mention),
        cue: cue.map(|cue| syntax.word(syntax.clauses.verbs[cue].token).to_owned()),
        way,
        share: judged.share,
        score: judged.score,
        why: judged.why.into_iter().map(named).collect(),
    }
}

/// Returns whether a character is a quotation mark or the space beside one.
fn is_mark(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '”' | '“' | '„' | '»' | '«' | '’' | '\'' | '‘')
}

/// Makes a quote of a passage and what was decided about it; `before` are the quotes before it.
fn finish_quote(
    syntax: &StorySyntax<'_>,
    people: &People,
    block: usize,
    mut passage: Passage,
    choice: Choice,
    before: &[Attributed],
) -> Attributed {
    if choice.is_scare() {
        passage.kind = QuoteKind::Scare;
        return Attributed {
            block,
            passage,
            speaker: None,
            cue: None,
            part_of: None,
        };
    }
    let cue = choice.cue.map(|verb| {
        let token = syntax.clauses.verbs[verb].token;
        Place::of(&syntax.tokens.outer, token..=token)
    });
    let mut speaker = choice.speaker.map(|phrase| people.speaker(syntax, phrase));
    if let (Some(speaker), Some(cue)) = (&mut speaker, choice.cue)
        && is_answer(syntax, cue)
    {
        answered_by(speaker, before);
    }
    let mention = |speaker: &Option<Speaker>| speaker.as_ref().map(|s| s.mention.clone());
    let last = before.last().filter(|last| {
        let same = mention(&last.speaker) == mention(&speaker) && last.cue == cue;
        last.passage.kind != QuoteKind::Scare && speaker.is_some() && same
    });
    let goes_on = last.is_some_and(|last| {
        last.passage.kind == QuoteKind::Direct
            && last.block == block
            && goes_on(syntax.texts[block], &last.passage, &passage)
    });
    let whole = |verb| is_whole_saying(syntax, before.len(), verb);
    if goes_on || choice.cue.is_some_and(whole) {
        passage.kind = QuoteKind::Direct;
    }
    // The pieces of a split quote, and its paragraphs; fragments in the reporter's clause are
    // quotes of their own.
    let part_of = last.filter(|_| passage.kind == QuoteKind::Direct);
    Attributed {
        block,
        passage,
        speaker,
        cue,
        part_of: part_of.map(|_| before.len() - 1),
    }
}

/// Returns whether a verb says that an answer came: `"…," came the answer.`
fn is_answer(syntax: &StorySyntax<'_>, verb: usize) -> bool {
    const ANSWERS: [&str; 4] = ["answer", "reply", "response", "retort"];
    let verb = &syntax.clauses.verbs[verb];
    let after = verb.after.map(|phrase| &syntax.clauses.phrases[phrase]);
    syntax.word(verb.token) == "came"
        && after.is_some_and(|phrase| ANSWERS.contains(&syntax.word(phrase.last)))
}

/// Quotes that a dialogue is looked back through for its other side.
const DIALOGUE: usize = 8;

/// Gives an answer the name of who spoke before whoever spoke last.
fn answered_by(speaker: &mut Speaker, before: &[Attributed]) {
    let mut speakers = before
        .iter()
        .rev()
        .take(DIALOGUE)
        .filter_map(|quote| quote.speaker.as_ref());
    let Some(last) = speakers.next() else {
        return;
    };
    if let Some(other) = speakers.find(|other| other.name != last.name) {
        (speaker.name, speaker.title) = (other.name.clone(), other.title.clone());
        (speaker.kind, speaker.gender) = (other.kind, other.gender);
    }
}

/// Returns whether a passage is the second piece of what another begins: `"It rained," she said,
/// "and that was that."` Where stops stand outside the marks, a comma leads on to it: `«Llovió»,
/// dijo, «y eso fue todo».`
fn goes_on(text: &str, first: &Passage, second: &Passage) -> bool {
    const STOPS: [char; 4] = ['.', ',', '!', '?'];
    let (first, end) = (first.range.end, second.range.end);
    let inside = text[..first].ends_with(',') && text[..end].ends_with(STOPS);
    let led_on = text[..second.range.start]
        .trim_end_matches(is_mark)
        .ends_with(',');
    let stops = |end: usize| {
        text[..end].ends_with(STOPS) || text[end..].trim_start_matches(is_mark).starts_with(STOPS)
    };
    inside || led_on && stops(first) && stops(end)
}
