//! `archive list`: which stories there are.

use super::exit::Exit;
use super::listing::{Row, listed, plain, short};
use super::near::suggest;
use super::rows::RowsArgs;
use super::screen::{Column, Screen, Width};
use anstyle::{AnsiColor, Style};
use anyhow::Result;
use archive::store::catalog::StoryRow;

/// List the stories of an archive
///
/// The oldest first; stories without a date come last. On a terminal it is a table, elsewhere
/// tab-separated values under one line of names.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    rows: RowsArgs,
}

const EXAMPLES: &str = "\
Examples:
  archive list --after 2020-11 --before 2021 --agency AFP
  archive list --author 'ana ruiz' --jsonl | jq -r .headline
  archive list --sort -words --limit 10 --fields id,words,headline
  archive list --language pt --fields id --null | xargs -0 archive show";

impl Row for StoryRow {
    const TABLE: &'static [Column] = &[
        Column::new("id", Width::Fixed(8)).styled(Style::new().dimmed()),
        Column::new("date", Width::Fixed(10))
            .styled(AnsiColor::Yellow.on_default())
            .leaving(4),
        Column::new("agency", Width::Fixed(8))
            .styled(AnsiColor::Green.on_default())
            .leaving(3),
        Column::new("by", Width::Share(2))
            .styled(AnsiColor::Green.on_default())
            .leaving(2),
        Column::new("place", Width::Share(1))
            .styled(AnsiColor::Yellow.on_default())
            .leaving(1),
        Column::new("headline", Width::Share(6)),
    ];
    const FIELDS: &'static [&'static str] = &[
        "id",
        "date",
        "agency",
        "place",
        "authors",
        "slug",
        "version",
        "language",
        "words",
        "headline",
        "record",
        "tags",
        "collections",
    ];

    fn cells(&self) -> Vec<String> {
        let headline = match (&self.headline, &self.version) {
            (Some(headline), Some(version)) => format!("{headline} [{version}]"),
            (headline, version) => plain(headline.as_ref().or(version.as_ref())),
        };
        let tags: String = self.tags.iter().map(|tag| format!(" #{tag}")).collect();
        vec![
            short(self.id),
            plain(self.date.as_ref()),
            plain(self.agency.as_ref()),
            self.authors.join("; "),
            plain(self.place.as_ref()),
            headline + &tags,
        ]
    }

    fn fields(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            plain(self.date.as_ref()),
            plain(self.agency.as_ref()),
            plain(self.place.as_ref()),
            self.authors.join("; "),
            plain(self.slug.as_ref()),
            plain(self.version.as_ref()),
            plain(self.language.as_ref()),
            self.words.to_string(),
            plain(self.headline.as_ref()),
            self.record.clone(),
            self.tags.join("; "),
            self.collections.join("; "),
        ]
    }
}

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let query = args.rows.query("list")?;
    let catalog = args.rows.catalog(screen)?;
    let mut listing = args.rows.listing("list", screen);
    listed(catalog.each_story(&query, |story| listing.row(story)))?;
    if !listing.end("no story matches")? {
        suggest(&catalog, &query, screen)?;
    }
    Ok(Exit::Ok)
}
