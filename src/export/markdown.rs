//! Markdown (CommonMark) with front matter in YAML, for sites and note books.
//!
//! The front matter holds what is known of the story; its values are JSON strings, which YAML reads
//! as they are. Nothing in a story's words acts as markup.

use crate::story::Story;
use crate::story::{Block, BlockKind};
use std::io::{self, Write};

/// Writes a story as one Markdown file.
///
/// # Errors
///
/// Those of `out`.
pub fn story(story: &Story, mut out: impl Write) -> io::Result<()> {
    front_matter(story, &mut out)?;
    if let Some(headline) = &story.headline {
        writeln!(out, "\n# {}", escaped(headline))?;
    }
    if let Some(subheadline) = &story.subheadline {
        writeln!(out, "\n*{}*", escaped(subheadline))?;
    }
    let mut last = None;
    for block in &story.body {
        let goes_on = last == Some(BlockKind::ListItem) && block.kind == BlockKind::ListItem;
        if !goes_on {
            writeln!(out)?;
        }
        write_block(block, &mut out)?;
        last = Some(block.kind);
    }
    Ok(())
}

fn front_matter(story: &Story, out: &mut impl Write) -> io::Result<()> {
    let authors: Vec<&str> = story
        .byline
        .iter()
        .flat_map(|byline| &byline.authors)
        .map(|author| author.name.as_str())
        .collect();
    let byline = story.byline.as_ref().map(|byline| &byline.text);
    let dateline = story.dateline.as_ref();
    writeln!(out, "---")?;
    for (key, value) in [
        ("id", Some(&story.id)),
        ("title", story.headline.as_ref()),
        ("subtitle", story.subheadline.as_ref()),
        ("date", story.published.as_ref()),
        ("updated", story.updated.as_ref()),
        ("byline", byline),
        ("dateline", dateline.map(|dateline| &dateline.text)),
        (
            "place",
            dateline.and_then(|dateline| dateline.place.as_ref()),
        ),
        ("agency", story.agency.as_ref()),
        ("slug", story.slug.as_ref()),
        (
            "version",
            story.version.as_ref().map(|version| &version.label),
        ),
        ("language", story.language.as_ref()),
        ("source_url", story.source_url.as_ref()),
        ("sha256", Some(&story.source.sha256)),
    ] {
        if let Some(value) = value {
            writeln!(out, "{key}: {}", serde_json::to_string(value)?)?;
        }
    }
    if !authors.is_empty() {
        writeln!(out, "authors: {}", serde_json::to_string(&authors)?)?;
    }
    writeln!(out, "---")
}

fn write_block(block: &Block, out: &mut impl Write) -> io::Result<()> {
    let text = &block.text;
    match block.kind {
        BlockKind::Paragraph => writeln!(out, "{}", escaped(text)),
        BlockKind::Crosshead => writeln!(out, "## {}", escaped(text)),
        BlockKind::ListItem => writeln!(out, "- {}", escaped(text)),
        BlockKind::BlockQuote => writeln!(out, "> {}", escaped(text)),
        BlockKind::Preformatted => {
            // Longer than any run of them inside.
            let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
            let fence = "`".repeat(longest.max(2) + 1);
            writeln!(out, "{fence}\n{}\n{fence}", text.trim_end_matches('\n'))
        }
    }
}

/// Text whose signs stand for themselves: every sign of Markdown may be escaped, wherever it
/// stands.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut is_number = true;
    for c in text.chars() {
        let acts = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '&' | '~' | '|' | '$' => true,
            // They begin lists, rules and underlines at the start of a line only.
            '-' | '+' | '=' => out.is_empty(),
            // So does a number with one of these.
            '.' | ')' => is_number && !out.is_empty(),
            _ => false,
        };
        if acts {
            out.push('\\');
        }
        is_number &= c.is_ascii_digit();
        out.push(if c == '\n' { ' ' } else { c });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use pulldown_cmark::{Event, Parser};

    /// Returns what a reader of Markdown sees.
    fn read(markdown: &str) -> String {
        let mut text = String::new();
        for event in Parser::new(markdown) {
            match event {
                Event::Text(words) | Event::Code(words) => text.push_str(&words),
                Event::Start(_) | Event::End(_) => {}
                other => panic!("{other:?} in {markdown:?}"),
            }
        }
        text
    }

    #[test]
    fn no_word_of_a_story_is_markup() {
        for text in [
            "# 1 *bold* _thin_ [link](http://example.org) <b> &amp; `code` ![x](y)",
            "1. May was cold",
            "12) no list",
            "- no list",
            "+ 5 percent",
            "=====",
            "--- a rule ---",
            "~~gone~~ a | b \\ c",
            "> not theirs",
        ] {
            assert_eq!(read(&escaped(text)), text);
        }
    }
}
