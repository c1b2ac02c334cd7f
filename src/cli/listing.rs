//! Rows, in the form that was asked for: a table on a terminal, tab-separated values in a pipe,
//! JSON.
//!
//! Every form streams, unless the rows have to be sorted. Columns have the names of the keys in
//! JSON. Tabs and line breaks inside a tab-separated field are printed as spaces.

use super::reading::usage_error;
use super::screen::{Column, Screen, StandardOut, Table};
use anyhow::Result;
use archive::store::StoryId;
use serde::Serialize;
use serde_json::{Map, Value};
use std::cmp::Ordering;
use std::io::{self, Write};

/// Forms that a listing can have.
#[derive(clap::Args, Default)]
#[command(next_help_heading = "Rows")]
pub(crate) struct FormArgs {
    /// Print one JSON array
    #[arg(long, conflicts_with = "jsonl")]
    json: bool,
    /// Print JSON Lines: one object a line
    #[arg(long)]
    jsonl: bool,
    /// Only these columns, in this order, with commas between them, such as id,headline
    ///
    /// The names are the keys that --jsonl shows. Without --json and --jsonl the columns are
    /// separated by tabs.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    fields: Vec<String>,
    /// Rows in the order of this column; with - before it the last come first
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    sort: Option<String>,
    /// How many rows at most; 0 for all
    #[arg(long, value_name = "N", value_parser = count)]
    limit: Option<usize>,
    /// End each row with a zero byte, for `xargs -0`, and print no names of columns
    #[arg(long, short = '0', conflicts_with_all = ["json", "jsonl"])]
    null: bool,
}

/// Something to list.
pub(crate) trait Row: Serialize {
    /// Columns on a terminal.
    const TABLE: &'static [Column];
    /// Names of the columns in a pipe, which are keys in JSON.
    const FIELDS: &'static [&'static str];
    /// By [`Self::TABLE`].
    fn cells(&self) -> Vec<String>;
    /// By [`Self::FIELDS`].
    fn fields(&self) -> Vec<String>;
}

/// How rows are printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Array,
    Lines,
    Table,
    Tsv,
}

impl FormArgs {
    /// Returns the JSON forms alone, for commands that have no others.
    pub(crate) fn json(json: bool, jsonl: bool) -> Self {
        Self {
            json,
            jsonl,
            ..Self::default()
        }
    }

    pub(crate) fn form(&self, screen: &Screen) -> Form {
        match (self.json, self.jsonl) {
            (true, _) => Form::Array,
            (_, true) => Form::Lines,
            _ if screen.is_terminal && self.fields.is_empty() && !self.null => Form::Table,
            _ => Form::Tsv,
        }
    }

    /// Returns how many rows are wanted, where `usual` are if nothing is said; none for all.
    pub(crate) fn limit_or(&self, usual: Option<usize>) -> Option<usize> {
        match self.limit {
            Some(0) => None,
            Some(limit) => Some(limit),
            None => usual,
        }
    }

    /// Returns whether the rows come in another order than the catalog's.
    pub(crate) fn is_sorted(&self) -> bool {
        self.sort.is_some()
    }

    /// Begins a listing of `command`.
    pub(crate) fn listing<'s, R: Row>(
        &self,
        command: &'static str,
        screen: &'s Screen,
    ) -> Listing<'s, R> {
        self.listing_of(command, self.limit_or(None), screen)
    }

    /// Begins a listing of at most `limit` rows.
    pub(crate) fn listing_of<'s, R: Row>(
        &self,
        command: &'static str,
        limit: Option<usize>,
        screen: &'s Screen,
    ) -> Listing<'s, R> {
        let form = self.form(screen);
        Listing {
            command,
            form,
            fields: self.fields.clone(),
            sort: self.sort.clone(),
            limit,
            end: if self.null { b"\0" } else { b"\n" },
            screen,
            table: None,
            out: match form {
                Form::Array | Form::Lines => screen.json_out(),
                Form::Table | Form::Tsv => screen.out(),
            },
            rows: 0,
            held: Vec::new(),
        }
    }
}

/// Returns a number that somebody typed.
pub(crate) fn count(text: &str) -> Result<usize, String> {
    text.parse()
        .map_err(|_| "is not a number; give one such as 20, or 0 for all".to_owned())
}

/// A listing has as many rows as are wanted. It ends the question that rows come from.
#[derive(Debug, thiserror::Error)]
#[error("there are enough rows")]
struct Enough;

/// Returns what came of a question whose rows were listed. That there were enough is no failure.
pub(crate) fn listed<T: Default>(result: Result<T>) -> Result<T> {
    match result {
        Err(error) if error.is::<Enough>() => Ok(T::default()),
        result => result,
    }
}

/// A listing on its way out.
pub(crate) struct Listing<'s, R: Row> {
    command: &'static str,
    form: Form,
    /// The columns that were asked for; those of the row if none were.
    fields: Vec<String>,
    sort: Option<String>,
    limit: Option<usize>,
    /// What stands after each row.
    end: &'static [u8],
    screen: &'s Screen,
    table: Option<Table>,
    out: StandardOut,
    rows: usize,
    /// Rows that wait to be sorted.
    held: Vec<R>,
}

impl<R: Row> Listing<'_, R> {
    /// Takes a row: prints it, or keeps it to be sorted. Fails with [`Enough`] once there are as
    /// many as are wanted.
    pub(crate) fn row(&mut self, row: R) -> Result<()> {
        if self.sort.is_some() {
            self.held.push(row);
            return Ok(());
        }
        if self.limit.is_some_and(|limit| self.rows >= limit) {
            return Err(Enough.into());
        }
        self.print(&row)
    }

    /// Prints one row, before the first one what a listing begins with.
    fn print(&mut self, row: &R) -> Result<()> {
        let is_first = self.rows == 0;
        self.rows += 1;
        let chosen = match self.fields.is_empty() {
            true => None,
            false => Some(self.chosen(row)?),
        };
        match (self.form, chosen) {
            (Form::Array | Form::Lines, chosen) => {
                if self.form == Form::Array {
                    self.out.write_all(if is_first { b"[\n" } else { b",\n" })?;
                }
                match chosen {
                    Some(values) => self.out.json(&Object(&self.fields, &values))?,
                    None => self.out.json(row)?,
                }
                if self.form == Form::Lines {
                    self.out.write_all(b"\n")?;
                }
            }
            (Form::Tsv, chosen) => {
                if is_first {
                    self.names()?;
                }
                match chosen {
                    Some(values) => {
                        let cells: Vec<String> = values.iter().map(cell).collect();
                        tsv(&cells, self.end, &mut self.out)?;
                    }
                    None => tsv(&row.fields(), self.end, &mut self.out)?,
                }
            }
            (Form::Table, _) => {
                let table = match &self.table {
                    Some(table) => table,
                    None => {
                        let table = Table::new(R::TABLE, self.screen);
                        table.header(&mut self.out)?;
                        self.table.insert(table)
                    }
                };
                table.row(&row.cells(), &mut self.out)?;
            }
        }
        Ok(())
    }

    /// Prints the names of the columns.
    fn names(&mut self) -> io::Result<()> {
        if self.end == b"\0" {
            return Ok(());
        }
        let names = match self.fields.is_empty() {
            true => R::FIELDS.join("\t"),
            false => self.fields.join("\t"),
        };
        writeln!(self.out, "{names}")
    }

    /// Returns the values of the columns that were asked for.
    fn chosen(&self, row: &R) -> Result<Vec<Value>> {
        let object = object(row)?;
        let value = |name: &String| self.value(&object, name).cloned();
        self.fields.iter().map(value).collect()
    }

    /// Returns a column of a row. That there is no such column is wrong usage.
    fn value<'v>(&self, object: &'v Map<String, Value>, name: &str) -> Result<&'v Value> {
        if let Some(value) = object.get(name) {
            return Ok(value);
        }
        let names: Vec<&str> = object.keys().map(String::as_str).collect();
        let near = similar::get_close_matches(name, &names, 1, 0.6);
        let meant = near
            .first()
            .map(|name| format!("; did you mean `{name}`?"))
            .unwrap_or_default();
        let names = names.join(", ");
        let message = format!("`{name}` is not a column{meant} (there are {names})");
        Err(usage_error(self.command, &message).into())
    }

    /// Ends the listing, and says on standard error if there was `nothing`, a sentence. Returns
    /// whether there was anything.
    pub(crate) fn end(mut self, nothing: &str) -> Result<bool> {
        self.print_sorted()?;
        match self.form {
            Form::Array => self
                .out
                .write_all(if self.rows == 0 { b"[]\n" } else { b"\n]\n" })?,
            Form::Tsv if self.rows == 0 => self.names()?,
            _ => {}
        }
        self.out.flush()?;
        if self.rows == 0 {
            self.screen.remark(&nothing);
        }
        Ok(self.rows > 0)
    }

    fn print_sorted(&mut self) -> Result<()> {
        let Some(sort) = self.sort.take() else {
            return Ok(());
        };
        let (name, is_reversed) = match sort.strip_prefix('-') {
            Some(name) => (name, true),
            None => (sort.as_str(), false),
        };
        let mut rows = Vec::with_capacity(self.held.len());
        for row in std::mem::take(&mut self.held) {
            rows.push((self.value(&object(&row)?, name)?.clone(), row));
        }
        rows.sort_by(|(one, _), (other, _)| compare(one, other, is_reversed));
        rows.truncate(self.limit.unwrap_or(usize::MAX));
        for (_, row) in &rows {
            self.print(row)?;
        }
        Ok(())
    }
}

/// Keys with their values, in this order.
struct Object<'a>(&'a [String], &'a [Value]);

impl Serialize for Object<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().zip(self.1))
    }
}

fn object(row: &impl Serialize) -> Result<Map<String, Value>> {
    match serde_json::to_value(row)? {
        Value::Object(object) => Ok(object),
        // Rows are structs.
        _ => Ok(Map::new()),
    }
}

/// Returns a value as a tab-separated field: lists with semicolons, nothing for null and no.
pub(crate) fn cell(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(false) => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            let cells: Vec<String> = values.iter().map(cell).collect();
            cells.join("; ")
        }
        // Text with the places of the words found in it.
        Value::Object(object) => object.get("text").map(cell).unwrap_or_default(),
        Value::Number(number) => number.to_string(),
    }
}

/// Compares two values of a column. What is not known comes last, whatever the direction.
fn compare(one: &Value, other: &Value, is_reversed: bool) -> Ordering {
    let order = match (one, other) {
        (Value::Null, _) | (_, Value::Null) => return one.is_null().cmp(&other.is_null()),
        (Value::Number(one), Value::Number(other)) => one
            .as_f64()
            .unwrap_or_default()
            .total_cmp(&other.as_f64().unwrap_or_default()),
        _ => cell(one).to_lowercase().cmp(&cell(other).to_lowercase()),
    };
    if is_reversed { order.reverse() } else { order }
}

/// Writes tab-separated values and what ends them.
pub(crate) fn tsv(fields: &[String], end: &[u8], out: &mut impl Write) -> io::Result<()> {
    let fields: Vec<String> = fields
        .iter()
        .map(|field| field.replace(['\t', '\n', '\r', '\0'], " "))
        .collect();
    out.write_all(fields.join("\t").as_bytes())?;
    out.write_all(end)
}

/// Returns what a field that has no value looks like: nothing.
pub(crate) fn plain(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

/// Returns the part of an id that people read.
pub(crate) fn short(id: StoryId) -> String {
    let mut digits = id.to_string();
    digits.truncate(8);
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn columns_sort_as_people_expect() {
        let sorted = |values: Value, is_reversed| {
            let mut values = values.as_array().unwrap().clone();
            values.sort_by(|one, other| compare(one, other, is_reversed));
            Value::from(values)
        };
        assert_eq!(sorted(json!([10, null, 9]), false), json!([9, 10, null]));
        assert_eq!(sorted(json!([10, null, 9]), true), json!([10, 9, null]));
        assert_eq!(
            sorted(json!(["b", "A", "c"]), false),
            json!(["A", "b", "c"])
        );
        assert_eq!(sorted(json!([["b"], ["a"]]), false), json!([["a"], ["b"]]));
    }

    #[test]
    fn cells_are_plain() {
        let value = json!([null, true, false, 3, ["a", "b"], {"text": "t", "marks": []}]);
        let cells: Vec<String> = value.as_array().unwrap().iter().map(cell).collect();
        assert_eq!(cells, ["", "yes", "", "3", "a; b", "t"]);
    }
}
