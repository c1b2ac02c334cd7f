//! `archive timeline`: how many stories there are, day by day, week by week, month by month.

use super::exit::Exit;
use super::listing::{Form, Row, listed};
use super::near::suggest;
use super::rows::RowsArgs;
use super::screen::{Column, Screen, Width};
use super::stats;
use anyhow::Result;
use archive::store::catalog::{Count, Grouping};
use serde::Serialize;
use std::io::Write;

/// Count the stories that a search finds, by day, week, month or year
///
/// Stories without a date are left out. On a terminal as bars, elsewhere as tab-separated values.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Which stories, in the language of `archive search`; all without it
    #[arg(value_name = "QUERY")]
    words: Vec<String>,
    /// How long each period is
    #[arg(long, value_enum, value_name = "PERIOD", default_value_t = By::Month)]
    by: By,

    #[command(flatten)]
    rows: RowsArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum By {
    /// YYYY-MM-DD
    Day,
    /// YYYY-Www, weeks of ISO 8601
    Week,
    /// YYYY-MM
    Month,
    /// YYYY
    Year,
}

const EXAMPLES: &str = "\
Examples:
  archive timeline port strike
  archive timeline --by week 'speaker:lavrov' --after 2020";

/// A period with its stories.
#[derive(Serialize)]
struct Period {
    period: String,
    stories: u64,
}

impl Row for Period {
    const TABLE: &'static [Column] = &[
        Column::new("period", Width::Fixed(10)),
        Column::new("stories", Width::Number(9)),
    ];
    const FIELDS: &'static [&'static str] = &["period", "stories"];

    fn cells(&self) -> Vec<String> {
        self.fields()
    }

    fn fields(&self) -> Vec<String> {
        vec![self.period.clone(), self.stories.to_string()]
    }
}

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let query = args.rows.query_with("timeline", &args.words)?;
    let (grouping, heading) = match args.by {
        By::Day => (Grouping::Day, "Stories by day"),
        By::Week => (Grouping::Week, "Stories by week"),
        By::Month => (Grouping::Month, "Stories by month"),
        By::Year => (Grouping::Year, "Stories by year"),
    };
    let catalog = args.rows.catalog(screen)?;
    let mut counts: Vec<Count> = Vec::new();
    catalog.each_count(grouping, &query, None, |count| {
        if count.name.is_some() {
            counts.push(count);
        }
        anyhow::Ok(())
    })?;
    let form = args.rows.form(screen);
    if form == Form::Table && !counts.is_empty() && !args.rows.form.is_sorted() {
        counts.truncate(args.rows.form.limit_or(None).unwrap_or(usize::MAX));
        let mut out = screen.out();
        stats::chart(heading, &counts, screen, &mut out)?;
        out.flush()?;
        return Ok(Exit::Ok);
    }
    let mut listing = args.rows.listing("timeline", screen);
    let mut periods = counts.into_iter().map(|count| Period {
        period: count.name.unwrap_or_default(),
        stories: count.count,
    });
    listed(periods.try_for_each(|period| listing.row(period)))?;
    if !listing.end("no dated story matches")? {
        suggest(&catalog, &query, screen)?;
    }
    Ok(Exit::Ok)
}
