//! What the catalog knows of the ledger's lines, for the ledger's own repair. It is believed only
//! as far as the ledger's checks prove it.

use super::Catalog;
use crate::store::error::ArchiveError;
use crate::store::ledger::{Event, Line};
use rusqlite::{Result, Row};

impl Catalog {
    /// Returns the ledger lines with the numbers `first` to `last`, as they must have been if their
    /// stories still have the records that those lines brought; none if one of them is not known.
    pub(crate) fn ledger_lines(
        &self,
        first: u64,
        last: u64,
    ) -> std::result::Result<Option<Vec<Line>>, ArchiveError> {
        let read = || {
            let mut statement = self.connection.prepare(
                "SELECT ledger, time, event, sources.id, sources.sha256, record, record_sha256,
                    record_bytes, path, member, program, options, note
                 FROM sources LEFT JOIN stories USING (id)
                 WHERE ledger BETWEEN ? AND ? ORDER BY ledger",
            )?;
            let lines = statement.query_map([first, last], line)?;
            lines.collect::<Result<Option<Vec<Line>>>>()
        };
        let lines = read().map_err(self.failed())?;
        let is_whole = |lines: &Vec<Line>| {
            lines.len() as u64 == last + 1 - first
                && lines.iter().zip(first..).all(|(line, n)| line.n == n)
        };
        Ok(lines.filter(is_whole))
    }
}

fn line(row: &Row<'_>) -> Result<Option<Line>> {
    let event: String = row.get(2)?;
    let options: String = row.get(11)?;
    let (Ok(event), Ok(options)) = (
        serde_json::from_value::<Event>(serde_json::Value::String(event)),
        serde_json::from_str(&options),
    ) else {
        return Ok(None);
    };
    let has_record = event.is_of_stored();
    let record: Option<String> = row.get(5)?;
    if has_record && record.is_none() {
        return Ok(None);
    }
    Ok(Some(Line {
        n: row.get(0)?,
        time: row.get(1)?,
        event,
        id: row.get(3)?,
        sha256: row.get(4)?,
        record: record.filter(|_| has_record),
        record_sha256: row.get::<_, Option<String>>(6)?.filter(|_| has_record),
        record_bytes: row.get::<_, Option<u64>>(7)?.filter(|_| has_record),
        path: row.get(8)?,
        member: row.get(9)?,
        program: row.get(10)?,
        options,
        note: row.get(12)?,
        check: String::new(),
    }))
}
