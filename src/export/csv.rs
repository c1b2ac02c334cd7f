//! Cells of comma-separated values, exact or guarded for a spreadsheet.
//!
//! A program wants every cell to be what the record says, which is why exact cells are the default.
//! A spreadsheet reads a file of cells as if somebody had typed them: a headline that begins with
//! `=` becomes a formula, and the id `12e4567890123456` becomes an immense number. Where a
//! spreadsheet is meant, such cells get an apostrophe in front, which makes them text again.

use std::borrow::Cow;

/// Who reads the cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cells {
    /// A program: nothing is changed.
    #[default]
    Exact,
    /// A spreadsheet: text that it would take for a formula, a number or a date begins with `'`.
    Spreadsheet,
}

impl Cells {
    /// Returns the text of a cell as these readers should get it.
    pub fn text(self, cell: &str) -> Cow<'_, str> {
        if self == Self::Spreadsheet && (is_formula(cell) || is_number(cell)) {
            Cow::Owned(format!("'{cell}"))
        } else {
            Cow::Borrowed(cell)
        }
    }
}

/// Returns whether a spreadsheet would work a cell out: what white space precedes the sign is no
/// guard, and full-width signs do as well.
fn is_formula(cell: &str) -> bool {
    if cell.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    cell.trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// Returns whether a spreadsheet would take a cell for a number, a date, a time or an amount, and
/// show it in its own way: it has digits and nothing else but the signs of those.
fn is_number(cell: &str) -> bool {
    cell.contains(|c: char| c.is_ascii_digit())
        && cell
            .chars()
            .all(|c| c.is_ascii_digit() || " .,:/-+eE%$€£¥'".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_spreadsheet_would_change_is_guarded() {
        for cell in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            " =1",
            "＝1",
            "1234567890123456",
            "12e4567890123456",
            "007",
            "3/4",
            "12:30",
        ] {
            assert_eq!(Cells::Spreadsheet.text(cell), format!("'{cell}"));
            assert_eq!(Cells::Exact.text(cell), cell);
        }
        for cell in [
            "",
            "1f3a9c0000000000",
            "Port strike ends",
            "12 dead",
            "e",
            "a=b",
        ] {
            assert_eq!(Cells::Spreadsheet.text(cell), cell);
        }
    }
}
