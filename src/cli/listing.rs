//! Rows, in the form that was asked for: a table on a terminal, tab-separated values in a pipe,
//! JSON.
//!
//! Every form streams. Tabs and line breaks inside a tab-separated field are printed as spaces.

use super::screen::{Column, Screen, StandardOut, Table};
use anyhow::Result;
use archive::store::StoryId;
use serde::Serialize;
use std::io::{self, Write};

/// Forms that a listing can have.
#[derive(clap::Args)]
pub(crate) struct FormArgs {
    /// Print one JSON array
    #[arg(long, conflicts_with = "jsonl")]
    json: bool,
    /// Print JSON Lines: one object a line
    #[arg(long)]
    jsonl: bool,
}

/// Something to list.
pub(crate) trait Row: Serialize {
    /// Columns on a terminal.
    const TABLE: &'static [Column];
    /// Names of the columns in a pipe.
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
    pub(crate) fn form(&self, screen: &Screen) -> Form {
        match (self.json, self.jsonl) {
            (true, _) => Form::Array,
            (_, true) => Form::Lines,
            _ if screen.is_terminal => Form::Table,
            _ => Form::Tsv,
        }
    }
}

/// A listing on its way out.
pub(crate) struct Listing<'s> {
    form: Form,
    screen: &'s Screen,
    table: Option<Table>,
    out: StandardOut,
    rows: usize,
}

impl<'s> Listing<'s> {
    pub(crate) fn new(form: Form, screen: &'s Screen) -> Self {
        Self {
            form,
            screen,
            table: None,
            out: match form {
                Form::Array | Form::Lines => screen.json_out(),
                Form::Table | Form::Tsv => screen.out(),
            },
            rows: 0,
        }
    }

    /// Prints one row, in front of the first one what a listing begins with.
    pub(crate) fn row<R: Row>(&mut self, row: &R) -> Result<()> {
        let is_first = self.rows == 0;
        self.rows += 1;
        match self.form {
            Form::Array => {
                self.out.write_all(if is_first { b"[\n" } else { b",\n" })?;
                self.out.json(row)?;
            }
            Form::Lines => {
                self.out.json(row)?;
                self.out.write_all(b"\n")?;
            }
            Form::Tsv => {
                if is_first {
                    writeln!(self.out, "{}", R::FIELDS.join("\t"))?;
                }
                tsv(&row.fields(), &mut self.out)?;
            }
            Form::Table => {
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

    /// Ends the listing, and says on standard error if there was `nothing`, a sentence.
    pub(crate) fn end<R: Row>(mut self, nothing: &str) -> Result<()> {
        match self.form {
            Form::Array => self
                .out
                .write_all(if self.rows == 0 { b"[]\n" } else { b"\n]\n" })?,
            Form::Tsv if self.rows == 0 => writeln!(self.out, "{}", R::FIELDS.join("\t"))?,
            _ => {}
        }
        self.out.flush()?;
        if self.rows == 0 {
            self.screen.remark(&nothing);
        }
        Ok(())
    }
}

/// Writes one line of tab-separated values.
pub(crate) fn tsv(fields: &[String], out: &mut impl Write) -> io::Result<()> {
    let fields: Vec<String> = fields
        .iter()
        .map(|field| field.replace(['\t', '\n', '\r'], " "))
        .collect();
    writeln!(out, "{}", fields.join("\t"))
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
