//! A page to look at: the story with its furniture labelled and each quote in its speaker's colour.
//!
//! The page stands alone: no script, no font, nothing fetched. Speakers are listed with the number
//! of their quotes; under the pointer a quote shows its speaker, cue and kind, and the mention and
//! cue beside it are underlined in the same colour. Words that nobody said are dotted.

use super::speakers::{QuotedSpeaker, speakers};
use crate::story::Story;
use crate::story::{Block, BlockKind, Quote, QuoteKind};
use crate::text::Span;
use html_escape::{encode_double_quoted_attribute as attribute, encode_text as escape};
use std::io::{self, Write};

const STYLE: &str = "\
body{font:17px/1.55 Georgia,serif;margin:2rem auto;max-width:46rem;padding:0 1rem;color:#222;background:#fff}\
article{border-bottom:1px solid #ccc;padding-bottom:2rem;margin-bottom:2rem}\
h1{font-size:1.7rem;line-height:1.2;margin:.2rem 0}h2{font-size:1.05rem;margin:1.2rem 0 .2rem}\
p,ul,pre,blockquote{margin:.55rem 0}.part{display:flex;gap:.8rem}.part>:last-child{flex:1;min-width:0;overflow-wrap:anywhere}\
.label{flex:0 0 6.5rem;font:11px/2.2 sans-serif;color:#888;text-align:right}\
.furniture{color:#666;font-size:.85rem}mark{border-radius:.2rem;padding:.05rem .1rem;color:inherit}\
mark.scare{background:none;border-bottom:2px dotted #999}mark.nobody{background:#eee}\
u{text-decoration-thickness:2px;text-underline-offset:3px}\
.who{font:13px/1.9 sans-serif;margin:.8rem 0}\
.who mark{padding:.15rem .45rem;margin-right:.4rem;white-space:nowrap}\
@media(prefers-color-scheme:dark){body{background:#1b1b1b;color:#ddd}mark{color:#111}mark.scare{color:inherit}.furniture,.label{color:#999}}";

/// Nothing is run, fetched or sent, even if a reader of the page puts something into it.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Writes what stands before the first story.
///
/// # Errors
///
/// Those of `out`.
pub fn open(mut out: impl Write) -> io::Result<()> {
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n<meta \
         name=\"viewport\" content=\"width=device-width\">\n\
         <title>archive</title>\n<style>{STYLE}</style>\n<body>\n"
    )
}

/// Writes what stands after the last story.
///
/// # Errors
///
/// Those of `out`.
pub fn close(mut out: impl Write) -> io::Result<()> {
    writeln!(out, "</body>\n</html>")
}

/// Writes one story.
///
/// # Errors
///
/// Those of `out`.
pub fn story(story: &Story, mut out: impl Write) -> io::Result<()> {
    let speakers = speakers(story);
    let language = story.language.as_deref().unwrap_or("und");
    writeln!(out, "<article lang=\"{}\">", attribute(language))?;
    if let Some(path) = &story.source.path {
        part(&mut out, "source", path)?;
    }
    if let Some(headline) = &story.headline {
        writeln!(out, "<h1>{}</h1>", escape(headline))?;
    }
    let authors = story.byline.as_ref().map(|b| b.text.as_str());
    let dateline = story.dateline.as_ref().map(|d| d.text.as_str());
    let version = story.version.as_ref().map(|v| v.label.as_str());
    for (label, text) in [
        ("subheadline", story.subheadline.as_deref()),
        ("slug", story.slug.as_deref()),
        ("version", version),
        ("byline", authors),
        ("dateline", dateline),
        ("published", story.published.as_deref()),
        ("updated", story.updated.as_deref()),
        ("agency", story.agency.as_deref()),
    ] {
        if let Some(text) = text {
            part(&mut out, label, text)?;
        }
    }
    legend(&speakers, &mut out)?;
    for (index, block) in story.body.iter().enumerate() {
        let label = match block.kind {
            BlockKind::Paragraph => "paragraph",
            BlockKind::Crosshead => "crosshead",
            BlockKind::ListItem => "list item",
            BlockKind::Preformatted => "preformatted",
            BlockKind::BlockQuote => "block quote",
        };
        let tag = match block.kind {
            BlockKind::Crosshead => "h2",
            BlockKind::Preformatted => "pre",
            BlockKind::BlockQuote => "blockquote",
            BlockKind::Paragraph | BlockKind::ListItem => "p",
        };
        write!(
            out,
            "<div class=\"part\"><span class=\"label\">{label}</span><{tag}>"
        )?;
        words(story, index, block, &speakers, &mut out)?;
        writeln!(out, "</{tag}></div>")?;
    }
    for medium in &story.media {
        let text = [medium.caption.as_deref(), medium.credit.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" — ");
        part(&mut out, "media", &text)?;
    }
    for related in &story.related {
        part(&mut out, "related", &related.title)?;
    }
    for note in &story.notes {
        part(&mut out, "note", &note.text)?;
    }
    if let Some(url) = &story.source_url {
        part(&mut out, "source url", url)?;
    }
    for warning in &story.warnings {
        part(
            &mut out,
            "warning",
            &format!("{}: {}", warning.code, warning.message),
        )?;
    }
    writeln!(out, "</article>")
}

/// Returns the body alone as HTML, for formats that carry it inside.
pub(super) fn fragment(story: &Story) -> String {
    let mut out = String::new();
    let mut is_in_list = false;
    for block in &story.body {
        let is_item = block.kind == BlockKind::ListItem;
        if is_item != is_in_list {
            out.push_str(if is_item { "<ul>" } else { "</ul>" });
            is_in_list = is_item;
        }
        let (open, close) = match block.kind {
            BlockKind::Paragraph => ("<p>", "</p>"),
            BlockKind::Crosshead => ("<h2>", "</h2>"),
            BlockKind::ListItem => ("<li>", "</li>"),
            BlockKind::Preformatted => ("<pre>", "</pre>"),
            BlockKind::BlockQuote => ("<blockquote><p>", "</p></blockquote>"),
        };
        out.push_str(open);
        out.push_str(&escape(&block.text));
        out.push_str(close);
    }
    if is_in_list {
        out.push_str("</ul>");
    }
    out
}

fn part(mut out: impl Write, label: &str, text: &str) -> io::Result<()> {
    writeln!(
        out,
        "<div class=\"part furniture\"><span class=\"label\">{label}</span><span>{}</span></div>",
        escape(text)
    )
}

/// Returns the quotes between marks: the page colours these.
fn marked(story: &Story) -> impl Iterator<Item = &Quote> {
    let quotes = story.quotes.iter();
    quotes.filter(|quote| quote.kind != QuoteKind::Indirect)
}

/// Returns a hue far from its neighbours': steps of the golden angle.
fn hue(speakers: &[QuotedSpeaker<'_>], name: &str) -> usize {
    speakers
        .iter()
        .position(|known| known.speaker.name == name)
        .unwrap_or_default()
        * 137
        % 360
}

fn legend(speakers: &[QuotedSpeaker<'_>], mut out: impl Write) -> io::Result<()> {
    if speakers.is_empty() {
        return Ok(());
    }
    write!(out, "<div class=\"who\">")?;
    for QuotedSpeaker { speaker, quotes } in speakers {
        write!(
            out,
            "<mark style=\"background:hsl({} 75% 82%)\" title=\"{}\">{} × {quotes}</mark>",
            hue(speakers, &speaker.name),
            attribute(speaker.title.as_deref().unwrap_or_default()),
            escape(&speaker.name)
        )?;
    }
    writeln!(out, "</div>")
}

/// A stretch of a block's text that is shown in its own way.
struct Stretch<'a> {
    start: usize,
    end: usize,
    quote: &'a Quote,
    is_quote: bool,
}

/// Returns a block's words, quotes and their frames marked.
fn words(
    story: &Story,
    index: usize,
    block: &Block,
    speakers: &[QuotedSpeaker<'_>],
    mut out: impl Write,
) -> io::Result<()> {
    // Bytes of the block's text at each code point, for the quotes' offsets.
    let at = |point: usize| {
        block
            .text
            .char_indices()
            .nth(point)
            .map_or(block.text.len(), |(i, _)| i)
    };
    let mut stretches: Vec<Stretch<'_>> = Vec::new();
    for quote in marked(story) {
        if quote.block == index {
            stretches.push(Stretch {
                start: at(quote.start),
                end: at(quote.end),
                quote,
                is_quote: true,
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
                    is_quote: false,
                });
            }
        }
    }
    stretches.sort_by_key(|s| (s.start, !s.is_quote));
    let mut done = 0;
    for stretch in stretches {
        if stretch.start < done {
            continue;
        }
        write!(out, "{}", escape(&block.text[done..stretch.start]))?;
        let text = escape(&block.text[stretch.start..stretch.end]);
        let name = stretch.quote.speaker.as_ref().map(|s| s.name.as_str());
        match (stretch.quote.kind, name) {
            (QuoteKind::Scare, _) => write!(
                out,
                "<mark class=\"scare\" title=\"nobody\u{2019}s words\">{text}</mark>"
            )?,
            (_, None) if stretch.is_quote => write!(
                out,
                "<mark class=\"nobody\" title=\"no speaker\">{text}</mark>"
            )?,
            (kind, name) => {
                let name = name.unwrap_or_default();
                let hue = hue(speakers, name);
                if stretch.is_quote {
                    let kind = if kind == QuoteKind::Direct {
                        "direct"
                    } else {
                        "mixed"
                    };
                    let cue = stretch
                        .quote
                        .cue
                        .as_ref()
                        .map(|c| c.text.as_str())
                        .unwrap_or_default();
                    let told = format!("{name} · {cue} · {kind}");
                    write!(
                        out,
                        "<mark style=\"background:hsl({hue} 75% 82%)\" title=\"{}\">{text}</mark>",
                        attribute(&told)
                    )?;
                } else {
                    write!(
                        out,
                        "<u style=\"text-decoration-color:hsl({hue} 70% 50%)\">{text}</u>"
                    )?;
                }
            }
        }
        done = stretch.end;
    }
    write!(out, "{}", escape(&block.text[done..]))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A page is opened from a disk, where a script could read other files.
    #[test]
    fn the_page_forbids_scripts_and_requests() {
        let mut page = Vec::new();
        open(&mut page).unwrap();
        let page = String::from_utf8(page).unwrap();
        let policy =
            page.find("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';");
        assert!(
            policy.is_some_and(|at| at < page.find("<style").unwrap()),
            "{page}"
        );
    }
}
