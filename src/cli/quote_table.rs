//! The table of `parse --format quotes` on a terminal: speaker, cue, words.

use super::screen::{Column, Screen, Table, Width};
use anstyle::{AnsiColor, Style};
use archive::Story;
use archive::export::quotes::{self, Which};
use std::io::{self, Write};

const COLUMNS: [Column; 3] = [
    Column::new("speaker", Width::Share(2))
        .styled(AnsiColor::Cyan.on_default())
        .wrapping(),
    Column::new("cue", Width::Fixed(12)).styled(Style::new().dimmed()),
    Column::new("text", Width::Share(5)).wrapping(),
];

/// Writes one story's quotes. The file is named where there are several stories.
pub(crate) fn write(
    story: &Story,
    which: Which,
    alone: bool,
    screen: &Screen,
    out: &mut Vec<u8>,
) -> io::Result<()> {
    if !alone {
        let path = story.source.path.as_deref().unwrap_or("standard input");
        writeln!(out, "{}", screen.shown(path))?;
    }
    let mut rows = quotes::table(story, which).peekable();
    if rows.peek().is_none() {
        return writeln!(out, "No quotes.");
    }
    let table = Table::new(&COLUMNS, screen);
    table.header(out)?;
    for [_, speaker, title, cue, _, words] in rows {
        let speaker = if title.is_empty() {
            speaker
        } else {
            format!("{speaker}, {title}")
        };
        table.row(&[speaker, cue, words], out)?;
    }
    Ok(())
}
