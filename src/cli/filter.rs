//! Which stories a command is about: the filters that lists share.

use super::reading::usage_error;
use anyhow::Result;
use archive::store::query::{Day, Field, Query, QueryError};

/// Filters; all that are given must hold.
#[derive(clap::Args)]
#[command(next_help_heading = "Filters")]
pub(crate) struct FilterArgs {
    /// Only stories that a search finds, such as 'port strike' or 'speaker:lavrov OR
    /// headline:ferry'
    ///
    /// In the language of `archive search`.
    #[arg(long, value_name = "QUERY")]
    query: Option<String>,
    /// Only stories of this day and later; YYYY, YYYY-MM or YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = date, visible_alias = "since")]
    after: Option<String>,
    /// Only stories from before this day, month or year
    #[arg(long, value_name = "DATE", value_parser = date)]
    before: Option<String>,
    /// Only stories of this agency, by any of its names
    #[arg(long, value_name = "NAME")]
    agency: Option<String>,
    /// Only stories by somebody of this name, or with these words in the name
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
    /// Only stories filed from this city, region or country
    #[arg(long, value_name = "NAME")]
    place: Option<String>,
    /// Only stories in this language, such as pt (which includes pt-BR)
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// Only stories with these words in the keyword line
    #[arg(long, value_name = "WORDS")]
    slug: Option<String>,
    /// Only stories with this in their version label, such as update or 2
    #[arg(long, value_name = "LABEL")]
    version: Option<String>,
}

impl FilterArgs {
    /// Returns the filters as a query, for `command`, whose usage is shown if one of them cannot
    /// be.
    pub(crate) fn query(&self, command: &str) -> Result<Query> {
        let filters = [
            ("after", Field::After, &self.after),
            ("before", Field::Before, &self.before),
            ("agency", Field::Agency, &self.agency),
            ("author", Field::Author, &self.author),
            ("place", Field::Place, &self.place),
            ("language", Field::Language, &self.language),
            ("slug", Field::Slug, &self.slug),
            ("version", Field::Version, &self.version),
        ];
        let day =
            |given: &Option<String>| given.as_deref().and_then(|text| text.parse::<Day>().ok());
        if let (Some(after), Some(before)) = (day(&self.after), day(&self.before))
            && after.first() >= before.first()
        {
            let [after, before] =
                [&self.after, &self.before].map(|text| text.as_deref().unwrap_or_default());
            let message = format!(
                "no day is both in or after {after} and before {before}; give the earlier one to \
                 `--after`"
            );
            return Err(usage_error(command, &message).into());
        }
        let mut query = match &self.query {
            Some(text) => {
                Query::parse(text).map_err(|error| usage_error(command, &error.to_string()))?
            }
            None => Query::default(),
        };
        for (option, field, value) in filters {
            if let Some(value) = value {
                query = query
                    .with(field, value)
                    .map_err(|error| bad_value(command, option, value, &error))?;
            }
        }
        Ok(query)
    }
}

/// An option whose value is nothing to look for.
pub(crate) fn bad_value(
    command: &str,
    option: &str,
    value: &str,
    error: &QueryError,
) -> clap::Error {
    let message = match error {
        QueryError::NoValue { .. } => format!(
            "`--{option} {value}` has no word to look for; give a name or a word, or leave it out"
        ),
        error => error.to_string(),
    };
    usage_error(command, &message)
}

fn date(text: &str) -> Result<String, String> {
    text.parse::<Day>()
        .map(|_| text.to_owned())
        .map_err(|error| error.to_string())
}
