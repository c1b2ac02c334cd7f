//! A workbook for spreadsheets (XLSX) with one sheet, whose cells have types: no text in it becomes
//! a formula, a number or a date.

use super::cell::Cell;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::path::Path;

/// Characters that a cell may have, as the format has it.
const LONGEST: usize = 32_767;

/// A sheet that is being filled, row by row.
pub struct Sheet {
    workbook: Workbook,
    day: Format,
    rows: u32,
    cut: u64,
}

impl Sheet {
    /// Begins a sheet with its names of columns.
    ///
    /// # Errors
    ///
    /// There is no room for its temporary file.
    pub fn new(columns: &[&str]) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        // Rows go to a temporary file as they come.
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_freeze_panes(1, 0)?;
        let bold = Format::new().set_bold();
        for (column, name) in (0..).zip(columns) {
            sheet.write_string_with_format(0, column, *name, &bold)?;
        }
        Ok(Self {
            workbook,
            day: Format::new().set_num_format("yyyy-mm-dd"),
            rows: 0,
            cut: 0,
        })
    }

    /// Adds a row. Text that is too long for a cell is cut, which `…` at its end shows.
    ///
    /// # Errors
    ///
    /// The sheet is full: it has room for 1,048,575 rows.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        self.rows += 1;
        let (row, day) = (self.rows, &self.day);
        let sheet = self.workbook.worksheet_from_index(0)?;
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Text(text) if text.is_empty() => {}
                Cell::Text(text) => {
                    let shown = shortened(text);
                    self.cut += u64::from(shown.len() < text.len());
                    sheet.write_string(row, column, shown)?;
                }
                Cell::Date(date) => write_date(sheet, row, column, date.as_deref(), day)?,
                Cell::Number(Some(number)) => {
                    sheet.write_number(row, column, *number as f64)?;
                }
                Cell::Number(None) => {}
            }
        }
        Ok(())
    }

    /// Writes the workbook to a file, and returns how many cells had to be cut.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn save(mut self, path: &Path) -> Result<u64, XlsxError> {
        self.workbook.save(path)?;
        Ok(self.cut)
    }
}

fn write_date(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    date: Option<&str>,
    day: &Format,
) -> Result<(), XlsxError> {
    let Some(date) = date else { return Ok(()) };
    // A spreadsheet knows no day before 1900, and no time zones.
    match (date.len() == 10).then(|| ExcelDateTime::parse_from_str(date)) {
        Some(Ok(parsed)) => sheet.write_datetime_with_format(row, column, &parsed, day)?,
        _ => sheet.write_string(row, column, date)?,
    };
    Ok(())
}

/// Returns the text, or its beginning. The format counts UTF-16 units.
fn shortened(text: &str) -> String {
    if text.len() <= LONGEST || text.encode_utf16().count() <= LONGEST {
        return text.to_owned();
    }
    let mut room = LONGEST - 1;
    let fits = |c: &char| {
        let fits = c.len_utf16() <= room;
        room = room.saturating_sub(c.len_utf16());
        fits
    };
    text.chars().take_while(fits).collect::<String>() + "…"
}
