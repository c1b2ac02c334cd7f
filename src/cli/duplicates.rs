//! `archive duplicates`: stories that say what an earlier one says.

use super::exit::Exit;
use super::listing::{Row, listed, plain, short};
use super::near::suggest;
use super::rows::RowsArgs;
use super::screen::{Column, Screen, Width};
use anstyle::{AnsiColor, Style};
use anyhow::Result;
use archive::store::catalog::DuplicateRow;

/// List the stories that say, word for word, what an earlier one says
///
/// They came in another wrapping: another envelope, other line breaks, another site. The one that
/// came into the archive first is what they are duplicates of. A figure, a name or a "not" that
/// changed makes a version, not a duplicate.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    rows: RowsArgs,
}

const EXAMPLES: &str = "\
Examples:
  archive duplicates
  archive duplicates --json | jq length";

impl Row for DuplicateRow {
    const TABLE: &'static [Column] = &[
        Column::new("id", Width::Fixed(8)).styled(Style::new().dimmed()),
        Column::new("of", Width::Fixed(8)).styled(Style::new().dimmed()),
        Column::new("date", Width::Fixed(10))
            .styled(AnsiColor::Yellow.on_default())
            .leaving(2),
        Column::new("agency", Width::Fixed(8))
            .styled(AnsiColor::Green.on_default())
            .leaving(1),
        Column::new("headline", Width::Share(1)),
    ];
    const FIELDS: &'static [&'static str] = &["id", "duplicate_of", "date", "agency", "headline"];

    fn cells(&self) -> Vec<String> {
        vec![
            short(self.id),
            short(self.duplicate_of),
            plain(self.date.as_ref()),
            plain(self.agency.as_ref()),
            plain(self.headline.as_ref()),
        ]
    }

    fn fields(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            self.duplicate_of.to_string(),
            plain(self.date.as_ref()),
            plain(self.agency.as_ref()),
            plain(self.headline.as_ref()),
        ]
    }
}

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let query = args.rows.query("duplicates")?;
    let catalog = args.rows.catalog(screen)?;
    let mut listing = args.rows.listing("duplicates", screen);
    listed(catalog.each_duplicate(&query, |row| listing.row(row)))?;
    if !listing.end("no story says what an earlier one says")? {
        suggest(&catalog, &query, screen)?;
    }
    Ok(Exit::Ok)
}
