//! A page to look at and to mail: the story with its quotes in the colours and under the letters of
//! their speakers.
//!
//! The page stands alone: no script, no font, nothing fetched. Speakers are listed with their
//! letters and the number of their quotes; under the pointer a quote shows its speaker, cue and
//! kind, and the mention and cue beside it are underlined in the same colour. Words that nobody
//! said are dotted. Each block and each quote has an address, and the number of its line in the
//! source stands in the margin, where the source is given. What else the text holds is folded away
//! at the foot.

mod lines;
mod words;

use super::speakers::{QuotedSpeaker, speakers};
use crate::story::{Block, BlockKind, Story};
use html_escape::{encode_double_quoted_attribute as attribute, encode_text as escape};
use lines::Lines;
use std::io::{self, Write};

const STYLE: &str = include_str!("page.css");

/// Nothing is run, fetched or sent, even if a reader of the page puts something into it.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Languages that are written from right to left.
const RIGHT_TO_LEFT: [&str; 10] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];

/// Digits of an id in the addresses of a page that may hold several stories.
const SHORT: usize = 8;

/// Writes what stands before the first story, which gives the page its title and language.
///
/// # Errors
///
/// Those of `out`.
pub fn open(first: &Story, mut out: impl Write) -> io::Result<()> {
    let title = first
        .headline
        .as_deref()
        .unwrap_or("Story without a headline");
    write!(
        out,
        "<!doctype html>\n<html{}>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n<body>\n",
        language(first),
        escape(title)
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

/// Writes one story. With its `source`, the bytes that it was read from, the numbers of lines stand
/// in the margin.
///
/// # Errors
///
/// Those of `out`.
pub fn story(story: &Story, source: Option<&[u8]>, mut out: impl Write) -> io::Result<()> {
    let speakers = speakers(story);
    let page = Page {
        story,
        speakers: &speakers,
        prefix: story.id.get(..SHORT).unwrap_or(&story.id),
    };
    writeln!(out, "<article{} id=\"{}\">", language(story), page.prefix)?;
    page.head(&mut out)?;
    writeln!(out, "<div class=\"body\">")?;
    let mut lines = source.map(Lines::new);
    for (index, block) in story.body.iter().enumerate() {
        let line = lines.as_mut().map(|lines| lines.at(block.span.start));
        page.block(index, block, line, &mut out)?;
    }
    writeln!(out, "</div>")?;
    page.foot(&mut out)?;
    writeln!(out, "</article>")
}

/// Returns the attributes that say which language a story is in, and which way it is written.
fn language(story: &Story) -> String {
    let Some(tag) = story.language.as_deref() else {
        // The text shows which way.
        return " dir=\"auto\"".to_owned();
    };
    let primary = tag.split('-').next().unwrap_or(tag);
    let direction = match RIGHT_TO_LEFT.contains(&primary) {
        true => "rtl",
        false => "ltr",
    };
    format!(" lang=\"{}\" dir=\"{direction}\"", attribute(tag))
}

/// A story on its page.
struct Page<'s> {
    story: &'s Story,
    speakers: &'s [QuotedSpeaker<'s>],
    /// What the addresses inside the story begin with.
    prefix: &'s str,
}

impl Page<'_> {
    fn head(&self, out: &mut impl Write) -> io::Result<()> {
        let story = self.story;
        writeln!(out, "<header>")?;
        if let Some(headline) = &story.headline {
            writeln!(out, "<h1>{}</h1>", escape(headline))?;
        }
        if let Some(deck) = &story.subheadline {
            writeln!(out, "<p class=\"deck\">{}</p>", escape(deck))?;
        }
        let byline = story.byline.as_ref().map(|byline| byline.text.as_str());
        let dateline = story
            .dateline
            .as_ref()
            .map(|dateline| dateline.text.as_str());
        let version = story.version.as_ref().map(|version| version.label.as_str());
        let facts: Vec<&str> = [
            story.agency.as_deref(),
            story.published.as_deref(),
            story.slug.as_deref(),
            version,
        ]
        .into_iter()
        .flatten()
        .collect();
        let facts = (!facts.is_empty()).then(|| facts.join(" · "));
        for text in [byline, dateline, facts.as_deref()].into_iter().flatten() {
            writeln!(out, "<p>{}</p>", escape(text))?;
        }
        self.legend(out)?;
        writeln!(out, "</header>")
    }

    /// Lists the speakers, each with a link to the first of their quotes.
    fn legend(&self, out: &mut impl Write) -> io::Result<()> {
        if self.speakers.is_empty() {
            return Ok(());
        }
        writeln!(out, "<ul class=\"who\">")?;
        for (number, QuotedSpeaker { speaker, quotes }) in self.speakers.iter().enumerate() {
            let first = self.story.quotes.iter().position(|quote| {
                quote.kind.is_marked_speech()
                    && quote
                        .speaker
                        .as_ref()
                        .is_some_and(|said| said.name == speaker.name)
            });
            let title = speaker.title.as_deref();
            let title = title.map(|title| format!(", {title}")).unwrap_or_default();
            writeln!(
                out,
                "<li><a href=\"#{}-q{}\"><mark style=\"--hue:{}\"><b>{}</b> {}{} × {quotes}\
                 </mark></a></li>",
                self.prefix,
                first.unwrap_or_default(),
                hue(number),
                letter(number),
                escape(&speaker.name),
                escape(&title)
            )?;
        }
        writeln!(out, "</ul>")
    }

    fn block(
        &self,
        index: usize,
        block: &Block,
        line: Option<usize>,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let (open, close) = match block.kind {
            BlockKind::Paragraph => ("p", "p"),
            BlockKind::Crosshead => ("h2", "h2"),
            BlockKind::ListItem => ("div class=\"item\"", "div"),
            BlockKind::Preformatted => ("pre", "pre"),
            BlockKind::BlockQuote => ("blockquote", "blockquote"),
        };
        let address = format!("{}-p{index}", self.prefix);
        let shown = line.map_or("¶".to_owned(), |line| line.to_string());
        let label = line.map_or("this paragraph".to_owned(), |line| {
            format!("line {line} of the source")
        });
        write!(
            out,
            "<{open} id=\"{address}\"><a class=\"line\" href=\"#{address}\" \
             aria-label=\"{label}\" title=\"{label}\">{shown}</a>"
        )?;
        self.words(index, block, out)?;
        writeln!(out, "</{close}>")
    }

    /// Writes what the text holds besides the story itself, folded away.
    fn foot(&self, out: &mut impl Write) -> io::Result<()> {
        let story = self.story;
        writeln!(
            out,
            "<details>\n<summary>What else the text holds, and where it is from</summary>\n<dl>"
        )?;
        for medium in &story.media {
            let parts = [medium.caption.as_deref(), medium.credit.as_deref()];
            let text: Vec<&str> = parts.into_iter().flatten().collect();
            entry("picture", &text.join(" — "), out)?;
        }
        for related in &story.related {
            entry("related", &related.title, out)?;
        }
        for note in &story.notes {
            entry("note", &note.text, out)?;
        }
        for warning in &story.warnings {
            let text = format!("{}: {}", warning.code, warning.message);
            entry("warning", &text, out)?;
        }
        for (label, text) in [
            ("updated", story.updated.as_deref()),
            ("published at", story.source_url.as_deref()),
            ("file", story.source.path.as_deref()),
            ("id", Some(story.id.as_str())),
            ("SHA-256", Some(story.source.sha256.as_str())),
        ] {
            if let Some(text) = text {
                entry(label, text, out)?;
            }
        }
        writeln!(out, "</dl>\n</details>")
    }
}

fn entry(label: &str, text: &str, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "<dt>{label}</dt><dd>{}</dd>", escape(text))
}

/// Returns the hue of a speaker, far from its neighbours': steps of the golden angle.
fn hue(number: usize) -> usize {
    number * 137 % 360
}

/// Returns the letter of a speaker: A to Z, then AA, AB, …
fn letter(number: usize) -> String {
    let digit = char::from(b'A' + (number % 26) as u8);
    match number / 26 {
        0 => digit.to_string(),
        more => letter(more - 1) + &digit.to_string(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> String {
        let read = crate::parse(text.as_bytes(), &crate::ParseOptions::default());
        let mut page = Vec::new();
        open(&read, &mut page).unwrap();
        story(&read, Some(text.as_bytes()), &mut page).unwrap();
        close(&mut page).unwrap();
        String::from_utf8(page).unwrap()
    }

    #[test]
    fn speakers_have_letters_and_blocks_their_lines() {
        let page = page(
            "Ferry to sail\n\nLISMOOR, May 4, 2021 (Reuters) - The ferry is back.\n\n\
             \"It must sail,\" said Marit Solberg.\n\n\
             \"It must not,\" said Otto Brandt.\n\n\"It will,\" said Solberg.\n",
        );
        assert!(page.contains("<title>Ferry to sail</title>"), "{page}");
        assert!(page.contains("<html lang=\"en\" dir=\"ltr\">"), "{page}");
        for (line, letter) in [(5, "A"), (7, "B"), (9, "A")] {
            let block = page
                .split("<p id=")
                .find(|block| block.contains(&format!(">{line}</a>")));
            assert!(
                block.unwrap().contains(&format!(">{letter}</a></mark>")),
                "{page}"
            );
        }
        assert!(page.contains("<b>A</b> Marit Solberg × 2"), "{page}");
    }

    /// Returns the value of a variable of the style sheet after `start`.
    fn variable<'s>(start: &str, name: &str) -> &'s str {
        let (_, rest) = STYLE.split_once(start).unwrap();
        let (_, rest) = rest.split_once(&format!("--{name}:")).unwrap();
        &rest[..rest.find([';', '}']).unwrap()]
    }

    /// Returns how bright a colour of parts from 0 to 1 is, as WCAG 2 reckons.
    fn luminance(parts: [f64; 3]) -> f64 {
        let linear = parts.map(|part| match part {
            part if part <= 0.03928 => part / 12.92,
            part => ((part + 0.055) / 1.055).powf(2.4),
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    fn of_hex(colour: &str) -> f64 {
        let digits = colour.trim_start_matches('#');
        let wide = digits.len() == 6;
        luminance([0, 1, 2].map(|at| {
            let part = match wide {
                true => digits[2 * at..2 * at + 2].to_owned(),
                false => digits[at..=at].repeat(2),
            };
            f64::from(u8::from_str_radix(&part, 16).unwrap()) / 255.0
        }))
    }

    fn of_hsl(hue: f64, full: f64, light: f64) -> f64 {
        let reach = full * light.min(1.0 - light);
        luminance([0.0, 8.0, 4.0].map(|at: f64| {
            let place = (at + hue / 30.0) % 12.0;
            light - reach * (place - 3.0).min(9.0 - place).clamp(-1.0, 1.0)
        }))
    }

    /// Text is as easy to read as WCAG 2 wants it at level AA, on the paper and in the colour of
    /// every speaker, by day, by night and in print.
    #[test]
    fn every_palette_has_contrast() {
        let contrast = |one: f64, other: f64| (one.max(other) + 0.05) / (one.min(other) + 0.05);
        for start in ["", "prefers-color-scheme:dark", "@media print"] {
            let percent = |name: &str| {
                let number = variable(start, name).trim_end_matches('%');
                number.parse::<f64>().unwrap() / 100.0
            };
            let colour = |name: &str| of_hex(variable(start, name));
            let (ink, paper, quiet) = (colour("ink"), colour("paper"), colour("quiet"));
            assert!(
                contrast(ink, paper) >= 7.0 && contrast(quiet, paper) >= 4.5,
                "{start}"
            );
            for hue in 0..360 {
                let mark = of_hsl(f64::from(hue), percent("mark-full"), percent("mark-light"));
                assert!(contrast(ink, mark) >= 4.5, "{start}: {hue}");
                // Lines under words are no text: 3 is enough for them.
                let under = of_hsl(f64::from(hue), 0.7, percent("under"));
                assert!(contrast(under, paper) >= 1.4, "{start}: {hue}");
            }
        }
    }

    #[test]
    fn letters_go_on_after_z() {
        assert_eq!(
            [0, 25, 26, 27, 701, 702].map(letter),
            ["A", "Z", "AA", "AB", "ZZ", "AAA"]
        );
    }

    /// A page is opened from a disk, where a script could read other files.
    #[test]
    fn the_page_forbids_scripts_and_requests() {
        let page = page("PORT STRIKE ENDS\n\nDockers went back to work.\n");
        let policy =
            page.find("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';");
        assert!(
            policy.is_some_and(|at| at < page.find("<style").unwrap()),
            "{page}"
        );
    }
}
