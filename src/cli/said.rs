//! The table of `parse --format quotes` on a terminal: speaker, cue, words.

use super::screen::{Screen, safe};
use archive::Story;
use archive::export::quotes::{self, Which};
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table, presets};
use std::io::{self, Write};

/// Width where the terminal does not tell.
const USUAL_WIDTH: u16 = 100;

/// Writes one story's quotes. The file is named where there are several stories.
pub fn table(
    story: &Story,
    which: Which,
    alone: bool,
    screen: &Screen,
    out: &mut Vec<u8>,
) -> io::Result<()> {
    if !alone {
        writeln!(
            out,
            "{}",
            screen.shown(story.source.path.as_deref().unwrap_or("standard input"))
        )?;
    }
    let rows: Vec<_> = quotes::table(story, which).collect();
    if rows.is_empty() {
        return writeln!(out, "Nobody is quoted.");
    }
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(Table::new().width().unwrap_or(USUAL_WIDTH));
    if screen.has_colour {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    table.set_header(
        ["speaker", "cue", "words"].map(|name| Cell::new(name).add_attribute(Attribute::Dim)),
    );
    for [_, speaker, title, cue, _, words] in rows {
        let who = if title.is_empty() {
            speaker
        } else {
            format!("{speaker}\n{title}")
        };
        table.add_row([
            Cell::new(safe::text(&who)).fg(Color::Cyan),
            Cell::new(safe::text(&cue)).add_attribute(Attribute::Dim),
            Cell::new(safe::text(&words)),
        ]);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table
        .lines()
        .try_for_each(|line| writeln!(out, "{}", line.trim_end()))
}
