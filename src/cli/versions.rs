//! `archive versions`: stories that came in several versions.

use super::exit::Exit;
use super::listing::{Row, listed, plain, short};
use super::near::suggest;
use super::rows::RowsArgs;
use super::screen::{Column, Screen, Width};
use super::show::remark;
use anstyle::{AnsiColor, Style};
use anyhow::Result;
use archive::store::catalog::ChainLink;

/// List the stories that came in several versions
///
/// Leads, updates, corrections, kills and duplicates of one story are a chain, which is named by
/// its first story. A chain is listed whole if one of its stories matches; with --after, those that
/// changed since.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    rows: RowsArgs,
}

const EXAMPLES: &str = "\
Examples:
  archive versions --after 2020-11-20
  archive versions --agency AFP --jsonl | jq -r 'select(.kills) | .id'";

impl Row for ChainLink {
    const TABLE: &'static [Column] = &[
        Column::new("chain", Width::Fixed(8)).styled(Style::new().dimmed()),
        Column::new("n", Width::Number(3)),
        Column::new("id", Width::Fixed(8)).styled(Style::new().dimmed()),
        Column::new("date", Width::Fixed(10))
            .styled(AnsiColor::Yellow.on_default())
            .leaving(2),
        Column::new("version", Width::Share(2))
            .styled(AnsiColor::Green.on_default())
            .leaving(1),
        Column::new("headline", Width::Share(6)),
    ];
    const FIELDS: &'static [&'static str] = &[
        "chain",
        "n",
        "id",
        "date",
        "version",
        "agency",
        "duplicate_of",
        "kills",
        "headline",
    ];

    fn cells(&self) -> Vec<String> {
        let link = &self.link;
        vec![
            short(self.chain),
            self.n.to_string(),
            short(link.id),
            plain(link.date.as_ref()),
            plain(link.version.as_ref()),
            plain(link.headline.as_ref()) + &remark(link),
        ]
    }

    fn fields(&self) -> Vec<String> {
        let link = &self.link;
        vec![
            self.chain.to_string(),
            self.n.to_string(),
            link.id.to_string(),
            plain(link.date.as_ref()),
            plain(link.version.as_ref()),
            plain(link.agency.as_ref()),
            link.duplicate_of
                .map(|id| id.to_string())
                .unwrap_or_default(),
            if link.kills { "yes" } else { "" }.to_owned(),
            plain(link.headline.as_ref()),
        ]
    }
}

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let query = args.rows.query("versions")?;
    let catalog = args.rows.catalog(screen)?;
    let mut listing = args.rows.listing("versions", screen);
    listed(catalog.each_chain(&query, |link| listing.row(link)))?;
    if !listing.end("no story came in several versions")? {
        suggest(&catalog, &query, screen)?;
    }
    Ok(Exit::Ok)
}
