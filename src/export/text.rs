//! The reading copy: the story as plain text, headline to last paragraph.
//!
//! Headline, subheadline, byline and dateline stand on a line each, those that the story has; then
//! the blocks of the body, each after an empty line. A block is one line however long (list items
//! begin with `• `, quoted matter with `> `); only preformatted matter keeps its own line breaks.
//! Media, links and notes are not part of it.

use crate::story::BlockKind;
use crate::story::Story;
use std::io::{self, Write};

/// What [`separator`] draws: no story has such a line, so `csplit` and `awk` can cut there.
const RULE: &str = "────────────────────────────────────────────────────────────────────────";

/// Writes the reading copy of one story.
///
/// # Errors
///
/// Those of `out`.
pub fn story(story: &Story, mut out: impl Write) -> io::Result<()> {
    let head = [
        story.headline.as_deref(),
        story.subheadline.as_deref(),
        story.byline.as_ref().map(|byline| byline.text.as_str()),
        story
            .dateline
            .as_ref()
            .map(|dateline| dateline.text.as_str()),
    ];
    let mut begun = false;
    for line in head.into_iter().flatten() {
        writeln!(out, "{line}")?;
        begun = true;
    }
    let mut in_list = false;
    for block in &story.body {
        let is_item = block.kind == BlockKind::ListItem;
        if begun && !(in_list && is_item) {
            writeln!(out)?;
        }
        match block.kind {
            BlockKind::ListItem => writeln!(out, "• {}", block.text)?,
            BlockKind::BlockQuote => writeln!(out, "> {}", block.text)?,
            BlockKind::Paragraph | BlockKind::Crosshead => writeln!(out, "{}", block.text)?,
            BlockKind::Preformatted => writeln!(out, "{}", block.text.trim_end_matches('\n'))?,
        }
        begun = true;
        in_list = is_item;
    }
    Ok(())
}

/// Writes what stands between two stories: an empty line, a rule of 72 `─`, an empty line.
///
/// # Errors
///
/// Those of `out`.
pub fn separator(mut out: impl Write) -> io::Result<()> {
    writeln!(out, "\n{RULE}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_is_as_long_as_promised() {
        assert_eq!(RULE.chars().count(), 72);
        assert!(RULE.chars().all(|c| c == '─'));
    }
}
