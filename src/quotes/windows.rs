//! Long stories read in windows, so that memory stays a small multiple of the story.
//!
//! Tokens, phrases and candidates take more than a hundred times the text that they stand for. A
//! story is read whole only up to [`WHOLE`]; of a longer one so much is read at a time as a long
//! news story has. Each window begins with the end of the one before, so that all that attribution
//! looks back at is in it, and knows the people whom the windows before it named.

use super::names::{Earlier, Known};
use super::{Attributed, Body, Considered, Place, Weights, attribute_window, passages};
use crate::story::QuoteKind;
use std::ops::Range;

/// Bytes of text up to which a story is read whole: twenty thousand words.
const WHOLE: usize = 128 << 10;
/// Bytes of text that a window adds to those before it.
const WINDOW: usize = 32 << 10;
/// Bytes of text before them that a window begins with. The farthest look back is that of a
/// pronoun, over some hundred phrases.
const CONTEXT: usize = 4 << 10;
/// Blocks longer than this are read as several: no paragraph is so long.
const PIECE: usize = 8 << 10;
/// Quotes that any story may have.
const QUOTES: usize = 8 << 10;
/// Bytes of text for each quote where there are more of them. Pages of mere dialogue have some 100.
const BYTES_A_QUOTE: usize = 96;

/// Returns whether a story is to be read in windows.
pub(super) fn is_long(body: &Body<'_>) -> bool {
    size(body) > WHOLE
}

fn size(body: &Body<'_>) -> usize {
    body.blocks.iter().map(|block| block.len()).sum()
}

/// A block, or a part of a long one.
#[derive(Clone, Copy)]
struct Piece<'a> {
    text: &'a str,
    quotable: bool,
    block: usize,
    /// Where the piece begins in its block.
    start: usize,
}

/// Where a quote stands: its block, and its bytes there.
#[derive(Clone, Debug, PartialEq, Eq)]
struct QuotePlace {
    block: usize,
    range: Range<usize>,
}

/// Reads a long story; see [`attribute_each`](super::attribute_each).
pub(super) fn read(
    body: &Body<'_>,
    weights: &Weights,
    shown: Option<usize>,
    found: &mut dyn FnMut(Attributed, Vec<Considered>),
) -> Option<Place> {
    let mut reader = Reader {
        body: *body,
        weights,
        shown,
        found,
        most: QUOTES.max(size(body) / BYTES_A_QUOTE),
        count: 0,
        known: Known::default(),
        last: Vec::new(),
    };
    let mut window = Vec::new();
    // How many pieces of the window were in the one before, and how long the others are.
    let (mut context, mut fresh) = (0, 0);
    for piece in body
        .blocks
        .iter()
        .enumerate()
        .flat_map(|block| pieces(body, block))
    {
        fresh += piece.text.len();
        window.push(piece);
        if fresh < WINDOW {
            continue;
        }
        if let Some(left_out) = reader.window(&window, context) {
            return Some(left_out);
        }
        window.drain(..context_start(&window));
        (context, fresh) = (window.len(), 0);
    }
    if window.len() > context {
        return reader.window(&window, context);
    }
    None
}

/// Cuts a block that is too long after a finished sentence, else between words.
fn pieces<'a>(
    body: &Body<'a>,
    (block, text): (usize, &&'a str),
) -> impl Iterator<Item = Piece<'a>> + use<'a> {
    let (text, quotable) = (*text, body.quotable[block]);
    let mut start = 0;
    let mut is_first = true;
    std::iter::from_fn(move || {
        // An empty block is a piece too: blocks keep their neighbours.
        if start >= text.len() && !is_first {
            return None;
        }
        is_first = false;
        let from = start;
        start = piece_end(text, from);
        Some(Piece {
            text: &text[from..start],
            quotable,
            block,
            start: from,
        })
    })
}

/// Returns where the piece of a block ends that begins at `from`.
fn piece_end(text: &str, from: usize) -> usize {
    if text.len() - from <= PIECE {
        return text.len();
    }
    let mut end = from + PIECE;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let part = &text[from..end];
    let quoted = passages::marks::passages(part);
    let is_outside = |at: &usize| {
        let next = quoted.partition_point(|passage| passage.outer.end <= *at);
        quoted
            .get(next)
            .is_none_or(|passage| *at <= passage.outer.start)
    };
    let after = |mark: &str| {
        let ends = part.rmatch_indices(mark).map(|(at, _)| at + mark.len());
        ends.take_while(|end| *end > PIECE / 2).find(is_outside)
    };
    from + after(". ").or_else(|| after(" ")).unwrap_or(part.len())
}

/// Returns the first of the last pieces that are read again with the next window.
fn context_start(window: &[Piece<'_>]) -> usize {
    let mut size = 0;
    let is_enough = |piece: &Piece<'_>| {
        size += piece.text.len();
        size >= CONTEXT
    };
    window.iter().rposition(is_enough).unwrap_or(0)
}

/// Reads window after window.
struct Reader<'a, 'f> {
    body: Body<'a>,
    weights: &'a Weights,
    shown: Option<usize>,
    found: &'f mut dyn FnMut(Attributed, Vec<Considered>),
    /// How many quotes are handed on at most.
    most: usize,
    /// How many quotes were handed on.
    count: usize,
    /// Whom the windows so far name.
    known: Known,
    /// Where the quotes of the last window stand, in order; the last of them has the last number.
    last: Vec<QuotePlace>,
}

impl Reader<'_, '_> {
    /// Reads a window, the first `context` pieces of which were read before. Returns the place of a
    /// quote that is one too many.
    fn window(&mut self, window: &[Piece<'_>], context: usize) -> Option<Place> {
        let texts: Vec<&str> = window.iter().map(|piece| piece.text).collect();
        let quotable: Vec<bool> = window.iter().map(|piece| piece.quotable).collect();
        let body = Body {
            blocks: &texts,
            quotable: &quotable,
            ..self.body
        };
        let earlier = Earlier {
            blocks: context,
            known: std::mem::take(&mut self.known),
        };
        let read = attribute_window(&body, self.weights, self.shown, Some(earlier));
        self.known = read.known;
        let mut considered = read.considered.into_iter();
        let mut ways = |kind| match kind {
            QuoteKind::Indirect => Vec::new(),
            _ => considered.next().unwrap_or_default(),
        };
        let before = read.quotes.partition_point(|quote| quote.block < context);
        let places: Vec<QuotePlace> = read.quotes.iter().map(|q| place(window, q)).collect();
        let first = self.count;
        for (number, mut quote) in read.quotes.into_iter().enumerate() {
            let ways = ways(quote.passage.kind);
            if number < before {
                continue;
            }
            move_to_blocks(window, &mut quote);
            if self.count == self.most {
                return Some(Place::new(quote.block, quote.passage.range));
            }
            quote.part_of = quote
                .part_of
                .and_then(|part| match part.checked_sub(before) {
                    Some(fresh) => Some(first + fresh),
                    None => self.number_of(&places[part], first),
                });
            self.count += 1;
            (self.found)(quote, ways);
        }
        self.last = places;
        None
    }

    /// Returns the number of a quote of the last window, all numbers of which are below `end`.
    fn number_of(&self, place: &QuotePlace, end: usize) -> Option<usize> {
        let found = self.last.iter().rev().position(|last| last == place)?;
        end.checked_sub(found + 1)
    }
}

/// Returns where a quote of a window stands in the story.
fn place(window: &[Piece<'_>], quote: &Attributed) -> QuotePlace {
    let Piece { block, start, .. } = window[quote.block];
    let range = &quote.passage.range;
    QuotePlace {
        block,
        range: start + range.start..start + range.end,
    }
}

/// Makes places in the pieces of a window places in the story's blocks.
fn move_to_blocks(window: &[Piece<'_>], quote: &mut Attributed) {
    let in_block = |place: &Place| {
        let Piece { block, start, .. } = window[place.block()];
        let range = place.range();
        Place::new(block, start + range.start..start + range.end)
    };
    let Piece { block, start, .. } = window[quote.block];
    for range in [&mut quote.passage.outer, &mut quote.passage.range] {
        *range = start + range.start..start + range.end;
    }
    quote.block = block;
    quote.cue = quote.cue.as_ref().map(in_block);
    if let Some(speaker) = &mut quote.speaker {
        speaker.mention = in_block(&speaker.mention);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quotes::Weights;

    /// Returns a long story: people are named in full once and by surname or pronoun for a long
    /// time after.
    fn blocks() -> Vec<String> {
        const PEOPLE: [&str; 4] = ["Lena Ortiz", "Otto Brandt", "Ilse Maurer", "Jan Solberg"];
        let mut blocks: Vec<String> = PEOPLE
            .iter()
            .map(|name| format!("\"We saw it all,\" said {name}, who sits on the board."))
            .collect();
        for n in 0..1600 {
            let name = PEOPLE[n % 4].split(' ').next_back().unwrap_or_default();
            blocks.push(format!(
                "\"Ferry {n} has sailed,\" {name} told the board. \"It will not come back.\""
            ));
            blocks.push(format!(
                "{name} said that ferry {n} was too old for the winter."
            ));
        }
        blocks
    }

    fn body<'a>(texts: &'a [&'a str], quotable: &'a [bool]) -> Body<'a> {
        Body {
            blocks: texts,
            quotable,
            heads: &[],
            language: "en",
        }
    }

    /// Returns what is compared of each quote: kind, block, bytes, speaker, and the quote it goes
    /// on from.
    fn shown(quote: &Attributed) -> String {
        let speaker = quote.speaker.as_ref().map(|speaker| speaker.name.as_str());
        let Attributed { block, part_of, .. } = quote;
        let passage = &quote.passage;
        format!(
            "{:?} {block} {:?} {speaker:?} {part_of:?}",
            passage.kind, passage.range
        )
    }

    #[test]
    fn windows_find_what_a_reading_of_the_whole_finds() {
        let blocks = blocks();
        let texts: Vec<&str> = blocks.iter().map(String::as_str).collect();
        let quotable = vec![true; texts.len()];
        let body = body(&texts, &quotable);
        assert!(size(&body) > WHOLE + 2 * WINDOW);
        let weights = Weights::of_language("en");
        let mut found = Vec::new();
        let left_out = read(&body, weights, None, &mut |quote, _| {
            found.push(shown(&quote));
        });
        assert_eq!(left_out, None);
        let whole = attribute_window(&body, weights, None, None);
        let whole: Vec<String> = whole.quotes.iter().map(shown).collect();
        assert!(whole.len() > 4000);
        assert_eq!(found, whole);
    }

    #[test]
    fn more_quotes_than_people_write_are_left_out_from_a_place_on() {
        let block = "\"a\" ".repeat(PIECE / 4);
        let texts = vec![block.as_str(); 2 * WHOLE / PIECE];
        let quotable = vec![true; texts.len()];
        let body = body(&texts, &quotable);
        let mut count = 0;
        let left_out = read(&body, Weights::of_language("en"), None, &mut |_, _| {
            count += 1;
        });
        assert_eq!(count, QUOTES);
        let first_left_out = left_out.expect("a place");
        assert_eq!(first_left_out.block(), QUOTES / (PIECE / 4));
    }
}
