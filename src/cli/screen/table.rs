//! A table that streams: widths are settled before the first row, so no row waits for the last.

use super::{Screen, safe};
use anstyle::Style;
use std::io::{self, Write};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Space between columns.
const GAP: usize = 2;
/// Least width of a column that shares.
const LEAST: usize = 8;

/// A column.
#[derive(Clone, Copy)]
pub struct Column {
    pub name: &'static str,
    pub width: Width,
    pub style: Style,
    /// Long cells go on in the next line; else they are cut.
    pub wraps: bool,
}

/// How wide a column is.
#[derive(Clone, Copy)]
pub enum Width {
    /// So many characters.
    Fixed(usize),
    /// So many parts of what the others leave.
    Share(usize),
    /// So many characters, cells to the right.
    Number(usize),
}

impl Column {
    pub const fn new(name: &'static str, width: Width) -> Self {
        Self { name, width, style: Style::new(), wraps: false }
    }

    pub const fn styled(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    pub const fn wrapping(mut self) -> Self {
        self.wraps = true;
        self
    }
}

/// A table on its way to a terminal.
pub struct Table {
    columns: Vec<(Column, usize)>,
    has_colour: bool,
}

impl Table {
    pub fn new(columns: &[Column], screen: &Screen) -> Self {
        let (mut fixed, mut shares) = (GAP * columns.len().saturating_sub(1), 0);
        for column in columns {
            match column.width {
                Width::Fixed(width) | Width::Number(width) => fixed += width,
                Width::Share(share) => shares += share,
            }
        }
        let rest = screen.width().saturating_sub(fixed);
        let width = |column: &Column| match column.width {
            Width::Fixed(width) | Width::Number(width) => width,
            Width::Share(share) => (rest * share / shares.max(1)).max(LEAST),
        };
        Self { columns: columns.iter().map(|column| (*column, width(column))).collect(), has_colour: screen.has_colour }
    }

    /// Writes the names of the columns.
    pub fn header(&self, out: &mut impl Write) -> io::Result<()> {
        let names: Vec<Vec<String>> = self.columns.iter().map(|(column, width)| vec![cut(column.name, *width)]).collect();
        self.lines(&names, Some(Style::new().dimmed()), out)
    }

    /// Writes a row; what could act on the terminal is shown instead.
    pub fn row(&self, cells: &[String], out: &mut impl Write) -> io::Result<()> {
        let lay = |((column, width), cell): (&(Column, usize), &String)| {
            let cell = safe::text(cell);
            if column.wraps {
                textwrap::wrap(&cell, *width).into_iter().map(|line| line.into_owned()).collect()
            } else {
                vec![cut(&cell.replace('\n', " "), *width)]
            }
        };
        let cells: Vec<Vec<String>> = self.columns.iter().zip(cells).map(lay).collect();
        self.lines(&cells, None, out)
    }

    fn lines(&self, cells: &[Vec<String>], style: Option<Style>, out: &mut impl Write) -> io::Result<()> {
        for number in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
            // Spaces are owed until something follows.
            let mut owed = 0;
            for ((column, width), cell) in self.columns.iter().zip(cells) {
                let text = cell.get(number).map(String::as_str).unwrap_or_default();
                let spare = width.saturating_sub(text.width());
                let is_number = matches!(column.width, Width::Number(_));
                if is_number {
                    owed += spare;
                }
                if !text.is_empty() {
                    let style = if self.has_colour { style.unwrap_or(column.style) } else { Style::new() };
                    write!(out, "{:owed$}{style}{text}{style:#}", "")?;
                    owed = 0;
                }
                owed += if is_number { GAP } else { spare + GAP };
            }
            writeln!(out)?;
        }
        Ok(())
    }
}

/// Text of at most `width` columns; `…` stands for what is cut away.
pub fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut room = width.saturating_sub(1);
    let fits = |c: &char| {
        let wide = c.width().unwrap_or(0);
        let fits = wide <= room;
        room = room.saturating_sub(wide);
        fits
    };
    let start: String = text.chars().take_while(fits).collect();
    format!("{}…", start.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(columns: &[(Column, usize)]) -> Table {
        Table { columns: columns.to_vec(), has_colour: false }
    }

    #[test]
    fn cells_are_cut_by_width_not_by_count() {
        assert_eq!(cut("harbour", 7), "harbour");
        assert_eq!(cut("harbours", 7), "harbou…");
        assert_eq!(cut("地震速報です", 7), "地震速…");
        assert_eq!(cut("a b", 0), "…");
    }

    #[test]
    fn rows_line_up_and_end_without_spaces() {
        let columns = [
            (Column::new("id", Width::Fixed(4)), 4),
            (Column::new("words", Width::Number(5)), 5),
            (Column::new("text", Width::Share(1)).wrapping(), 10),
        ];
        let mut out = Vec::new();
        table(&columns).header(&mut out).unwrap();
        table(&columns).row(&["a\u{1b}".into(), "12".into(), "one two three".into()], &mut out).unwrap();
        table(&columns).row(&["b".into(), "3".into(), String::new()], &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "id    words  text\na␛       12  one two\n             three\nb         3\n");
    }
}
