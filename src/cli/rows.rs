//! What the commands that list parts of an archive have in common: which archive, which stories,
//! and how the rows are printed.

use super::filter::FilterArgs;
use super::listing::{Form, FormArgs, Listing, Row};
use super::place::PlaceArgs;
use super::reading::usage_error;
use super::screen::Screen;
use anyhow::Result;
use archive::store::catalog::Catalog;
use archive::store::query::Query;

/// The options of a command that lists parts of an archive.
#[derive(clap::Args)]
pub(crate) struct RowsArgs {
    #[command(flatten)]
    pub place: PlaceArgs,
    #[command(flatten)]
    pub form: FormArgs,
    #[command(flatten)]
    pub filter: FilterArgs,
}

impl RowsArgs {
    /// Returns the filters as a query, for `command`.
    pub(crate) fn query(&self, command: &str) -> Result<Query> {
        self.filter.query(command)
    }

    /// Returns the filters and what somebody typed, as one query for `command`.
    pub(crate) fn query_with(&self, command: &str, words: &[String]) -> Result<Query> {
        let query = self.query(command)?;
        if words.is_empty() {
            return Ok(query);
        }
        let query = query.and(&words.join(" "));
        Ok(query.map_err(|error| usage_error(command, &error.to_string()))?)
    }

    /// Returns the catalog, open for reading.
    pub(crate) fn catalog(&self, screen: &Screen) -> Result<Catalog> {
        self.place.catalog(screen)
    }

    /// Returns how the rows are printed.
    pub(crate) fn form(&self, screen: &Screen) -> Form {
        self.form.form(screen)
    }

    /// Begins the listing of `command`.
    pub(crate) fn listing<'s, R: Row>(
        &self,
        command: &'static str,
        screen: &'s Screen,
    ) -> Listing<'s, R> {
        self.form.listing(command, screen)
    }
}
