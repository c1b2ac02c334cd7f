//! A table that streams: widths are settled before the first row, so no row waits for the last.

use super::{Screen, safe};
use anstyle::Style;
use std::io::{self, Write};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Space between columns.
const GAP: usize = 2;
/// Least width of a column that shares.
const LEAST: usize = 8;
/// And of the one with the largest share, before others leave.
const LEAST_MAIN: usize = 16;

/// A column.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    pub name: &'static str,
    pub width: Width,
    pub style: Style,
    /// Long cells go on in the next line; else they are cut.
    pub wraps: bool,
    /// Where there is no room for all columns, those with the lower numbers go first; 0 stays.
    pub leaves: u8,
}

/// How wide a column is.
#[derive(Clone, Copy)]
pub(crate) enum Width {
    /// So many characters.
    Fixed(usize),
    /// So many parts of what the others leave.
    Share(usize),
    /// So many characters, cells to the right.
    Number(usize),
}

impl Column {
    pub(crate) const fn new(name: &'static str, width: Width) -> Self {
        Self {
            name,
            width,
            style: Style::new(),
            wraps: false,
            leaves: 0,
        }
    }

    pub(crate) const fn styled(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    pub(crate) const fn wrapping(mut self) -> Self {
        self.wraps = true;
        self
    }

    pub(crate) const fn leaving(mut self, turn: u8) -> Self {
        self.leaves = turn;
        self
    }
}

/// A table on its way to a terminal.
pub(crate) struct Table {
    /// With their widths; none for those that there is no room for.
    columns: Vec<(Column, Option<usize>)>,
    has_colour: bool,
}

impl Table {
    pub(crate) fn new(columns: &[Column], screen: &Screen) -> Self {
        let widths = widths(columns, screen.width());
        Self {
            columns: columns.iter().copied().zip(widths).collect(),
            has_colour: screen.has_colour,
        }
    }

    /// Returns the columns that there is room for, with what stands in them.
    fn seen<'a, T>(&'a self, cells: &'a [T]) -> impl Iterator<Item = (&'a Column, usize, &'a T)> {
        self.columns
            .iter()
            .zip(cells)
            .filter_map(|((column, width), cell)| width.map(|width| (column, width, cell)))
    }

    /// Writes the names of the columns.
    pub(crate) fn header(&self, out: &mut impl Write) -> io::Result<()> {
        let names: Vec<Vec<String>> = self
            .columns
            .iter()
            .map(|(column, width)| vec![cut(column.name, width.unwrap_or(0))])
            .collect();
        self.lines(&names, Some(Style::new().dimmed()), out)
    }

    /// Writes a row; what could act on the terminal is shown instead.
    pub(crate) fn row(&self, cells: &[String], out: &mut impl Write) -> io::Result<()> {
        let lay = |((column, width), cell): (&(Column, Option<usize>), &String)| {
            let Some(width) = *width else {
                return Vec::new();
            };
            let cell = safe::text(cell);
            if column.wraps {
                textwrap::wrap(&cell, width)
                    .into_iter()
                    .map(|line| line.into_owned())
                    .collect()
            } else {
                vec![cut(&cell.replace('\n', " "), width)]
            }
        };
        let cells: Vec<Vec<String>> = self.columns.iter().zip(cells).map(lay).collect();
        self.lines(&cells, None, out)
    }

    fn lines(
        &self,
        cells: &[Vec<String>],
        style: Option<Style>,
        out: &mut impl Write,
    ) -> io::Result<()> {
        for number in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
            // Spaces are owed until something follows.
            let mut owed = 0;
            for (column, width, cell) in self.seen(cells) {
                let text = cell.get(number).map(String::as_str).unwrap_or_default();
                let spare = width.saturating_sub(text.width());
                let is_number = matches!(column.width, Width::Number(_));
                if is_number {
                    owed += spare;
                }
                if !text.is_empty() {
                    let style = if self.has_colour {
                        style.unwrap_or(column.style)
                    } else {
                        Style::new()
                    };
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

/// Returns how wide each column is where the whole may have `room`; none for those that it has no
/// room for.
fn widths(columns: &[Column], room: usize) -> Vec<Option<usize>> {
    let main = columns.iter().map(share).max().unwrap_or(0);
    let least = |column: &Column| match column.width {
        Width::Fixed(width) | Width::Number(width) => width,
        Width::Share(share) if share == main => LEAST_MAIN,
        Width::Share(_) => LEAST,
    };
    let mut kept: Vec<usize> = (0..columns.len()).collect();
    let needed = |kept: &[usize]| {
        kept.iter()
            .map(|at| least(&columns[*at]) + GAP)
            .sum::<usize>()
            .saturating_sub(GAP)
    };
    while needed(&kept) > room {
        let leaving = kept
            .iter()
            .copied()
            .filter(|at| columns[*at].leaves > 0)
            .min_by_key(|at| columns[*at].leaves);
        let Some(leaving) = leaving else { break };
        kept.retain(|at| *at != leaving);
    }
    let mut rest = room.saturating_sub(needed(
        &kept
            .iter()
            .copied()
            .filter(|at| share(&columns[*at]) == 0)
            .collect::<Vec<_>>(),
    ));
    let mut shares: usize = kept.iter().map(|at| share(&columns[*at])).sum();
    // The gaps of those that share.
    rest = rest.saturating_sub(GAP * kept.iter().filter(|at| share(&columns[**at]) > 0).count());
    // The smallest first, so that what they need at least is taken from the largest.
    kept.sort_by_key(|at| share(&columns[*at]));
    let mut widths = vec![None; columns.len()];
    for at in kept {
        let part = share(&columns[at]);
        widths[at] = Some(if part == 0 {
            least(&columns[at])
        } else {
            let width = (rest * part / shares.max(1)).max(LEAST);
            rest = rest.saturating_sub(width);
            shares -= part;
            width
        });
    }
    widths
}

fn share(column: &Column) -> usize {
    match column.width {
        Width::Share(share) => share,
        Width::Fixed(_) | Width::Number(_) => 0,
    }
}

/// Text of at most `width` columns; `…` stands for what is cut away.
pub(crate) fn cut(text: &str, width: usize) -> String {
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
        Table {
            columns: columns
                .iter()
                .map(|(column, width)| (*column, Some(*width)))
                .collect(),
            has_colour: false,
        }
    }

    #[test]
    fn cells_are_cut_by_width_not_by_count() {
        assert_eq!(cut("harbour", 7), "harbour");
        assert_eq!(cut("harbours", 7), "harbou…");
        assert_eq!(cut("地震速報です", 7), "地震速…");
        assert_eq!(cut("a b", 0), "…");
    }

    #[test]
    fn columns_share_what_there_is_and_leave_where_there_is_none() {
        let columns = [
            Column::new("id", Width::Fixed(8)),
            Column::new("date", Width::Fixed(10)).leaving(3),
            Column::new("by", Width::Share(2)).leaving(2),
            Column::new("place", Width::Share(1)).leaving(1),
            Column::new("headline", Width::Share(6)),
        ];
        assert_eq!(
            widths(&columns, 106),
            [Some(8), Some(10), Some(18), Some(8), Some(54)].to_vec()
        );
        for room in [10, 25, 30, 40, 41, 55, 80, 81, 200] {
            let widths = widths(&columns, room);
            let shown: Vec<usize> = widths.iter().copied().flatten().collect();
            let whole = shown.iter().sum::<usize>() + GAP * (shown.len() - 1);
            assert!(whole <= room.max(18), "{room}: {widths:?}");
            assert!(
                widths[4].is_some_and(|width| width >= LEAST_MAIN || room < 26),
                "{room}: {widths:?}"
            );
        }
        assert_eq!(
            widths(&columns, 38),
            [Some(8), Some(10), None, None, Some(16)].to_vec()
        );
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
        table(&columns)
            .row(
                &["a\u{1b}".into(), "12".into(), "one two three".into()],
                &mut out,
            )
            .unwrap();
        table(&columns)
            .row(&["b".into(), "3".into(), String::new()], &mut out)
            .unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "id    words  text\na␛       12  one two\n             three\nb         3\n"
        );
    }
}
