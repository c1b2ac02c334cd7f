//! A block's words on the page, with its quotes marked.

use super::{Page, hue, letter};
use crate::story::{Block, Quote, QuoteKind};
use crate::text::Span;
use html_escape::{encode_double_quoted_attribute as attribute, encode_text as escape};
use std::io::{self, Write};

/// A stretch of a block's text that is shown in its own way.
struct Stretch<'a> {
    start: usize,
    end: usize,
    quote: &'a Quote,
    /// Which quote of the story, if it is the quote itself; none for its speaker and cue.
    number: Option<usize>,
}

impl Page<'_> {
    /// Writes a block's words, quotes and their frames marked.
    pub(super) fn words(
        &self,
        index: usize,
        block: &Block,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let mut done = 0;
        for stretch in self.stretches(index, block) {
            if stretch.start < done {
                continue;
            }
            write!(out, "{}", escape(&block.text[done..stretch.start]))?;
            self.stretch(&stretch, &block.text[stretch.start..stretch.end], out)?;
            done = stretch.end;
        }
        write!(out, "{}", escape(&block.text[done..]))
    }

    /// Returns the quotes of a block and what stands around them, in their order.
    fn stretches(&self, index: usize, block: &Block) -> Vec<Stretch<'_>> {
        // Bytes of the block's text at each code point, for the quotes' offsets.
        let at = |point: usize| {
            block
                .text
                .char_indices()
                .nth(point)
                .map_or(block.text.len(), |(i, _)| i)
        };
        let mut stretches: Vec<Stretch<'_>> = Vec::new();
        for (number, quote) in self.story.quotes.iter().enumerate() {
            if quote.kind == QuoteKind::Indirect {
                continue;
            }
            if quote.block == index {
                stretches.push(Stretch {
                    start: at(quote.start),
                    end: at(quote.end),
                    quote,
                    number: Some(number),
                });
            }
            let frame = [
                quote.speaker.as_ref().map(|s| (s.span, s.mention.as_str())),
                quote.cue.as_ref().map(|c| (c.span, c.text.as_str())),
            ];
            for (span, words) in frame.into_iter().flatten() {
                if let Some(start) = find(block, span, words) {
                    stretches.push(Stretch {
                        start,
                        end: start + words.len(),
                        quote,
                        number: None,
                    });
                }
            }
        }
        stretches.sort_by_key(|stretch| (stretch.start, stretch.number.is_none()));
        stretches
    }

    /// Writes a quote, or words that belong to one.
    fn stretch(&self, stretch: &Stretch<'_>, text: &str, out: &mut impl Write) -> io::Result<()> {
        let text = escape(text);
        let speaker = stretch.quote.speaker.as_ref();
        let known = speaker.and_then(|said| {
            self.speakers
                .iter()
                .position(|known| known.speaker.name == said.name)
        });
        let Some(number) = stretch.number else {
            return match known {
                Some(known) => write!(out, "<u style=\"--hue:{}\">{text}</u>", hue(known)),
                None => write!(out, "{text}"),
            };
        };
        let address = format!("{}-q{number}", self.prefix);
        match (stretch.quote.kind, known) {
            (QuoteKind::Scare, _) => write!(
                out,
                "<mark class=\"scare\" id=\"{address}\" title=\"nobody’s words\">{text}</mark>"
            ),
            (_, None) => write!(
                out,
                "<mark class=\"nobody\" id=\"{address}\" title=\"no speaker\">{text}\
             <a href=\"#{address}\">?</a></mark>"
            ),
            (kind, Some(known)) => {
                let name = speaker.map(|speaker| speaker.name.as_str());
                let cue = stretch.quote.cue.as_ref().map(|cue| cue.text.as_str());
                let told: Vec<&str> = [name, cue, Some(kind.name())]
                    .into_iter()
                    .flatten()
                    .collect();
                write!(
                    out,
                    "<mark style=\"--hue:{}\" id=\"{address}\" title=\"{}\">{text}\
                 <a href=\"#{address}\">{}</a></mark>",
                    hue(known),
                    attribute(&told.join(" · ")),
                    letter(known)
                )
            }
        }
    }
}

/// Returns where a span of the source stands in the block's text: spans are in raw bytes, so of all
/// places that have the words the nearest one is it.
fn find(block: &Block, span: Span, words: &str) -> Option<usize> {
    if words.is_empty() || !block.span.contains(span) {
        return None;
    }
    let near = span.start - block.span.start;
    block
        .text
        .match_indices(words)
        .map(|(i, _)| i)
        .min_by_key(|i| i.abs_diff(near))
}
