//! `archive show`: one story, to read.

use super::annotate::foot;
use super::exit::Exit;
use super::listing::{FormArgs, Row, plain, short};
use super::page;
use super::place::PlaceArgs;
use super::screen::{Column, Screen, Width};
use anstyle::{AnsiColor, Style};
use anyhow::Result;
use archive::export::{html, json, markdown, text};
use archive::store::catalog::{Catalog, Link, Located};
use archive::store::{StoryId, copy_raw, record, record_bytes};
use std::io::Write;

/// Show stories
///
/// On a terminal: each story as a page, with its quotes in the colours of their speakers,
/// everything else that the text holds, and where it came from. Elsewhere: the plain reading copy;
/// several stand apart by an empty line, a rule of 72 `─` and an empty line.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Ids of stories, or at least their first 4 digits
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,

    /// List all versions of each story instead: leads, updates, corrections, kills and duplicates
    ///
    /// In the order in which they came out. They are found by what they say: much the same text, or
    /// a slug or headline in common within two days.
    #[arg(long)]
    versions: bool,

    /// How to print stories
    #[arg(long, value_enum, value_name = "FORMAT")]
    #[arg(conflicts_with_all = ["versions", "json", "jsonl"])]
    format: Option<Format>,
    /// Print the record, as it is stored; of several stories, or with --versions, a JSON array
    #[arg(long, conflicts_with = "jsonl")]
    json: bool,
    /// Print each record on one line, or each version
    #[arg(long)]
    jsonl: bool,

    #[command(flatten)]
    place: PlaceArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// The plain reading copy
    Text,
    /// One self-contained page for a browser, with all stories
    Html,
    /// Markdown with front matter
    Markdown,
}

const EXAMPLES: &str = "\
Examples:
  archive show 1f3a9c
  archive show 1f3a9c --json | jq .quotes
  archive show 1f3a9c | fold -sw 72
  archive show 1f3a9c 03ee1e --jsonl
  archive show 1f3a9c --format html > story.html
  archive show 1f3a9c --versions";

/// Arrivals told at the foot of the page.
const ARRIVALS: usize = 5;

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let catalog = args.place.catalog(screen)?;
    // All are looked for before the first is printed.
    let stories: Vec<Located> = args
        .ids
        .iter()
        .map(|id| catalog.locate(id))
        .collect::<Result<_, _>>()?;
    if args.versions {
        versions(args, &catalog, &stories, screen)
    } else if args.json || args.jsonl {
        records(args, &stories, screen)
    } else if args.format == Some(Format::Html) {
        browser_page(args, &stories, screen)
    } else {
        pages(args, &catalog, &stories, screen)
    }
}

/// Prints records: one as it is stored, several as an array, or each on a line.
fn records(args: &Args, stories: &[Located], screen: &Screen) -> Result<Exit> {
    let root = args.place.root();
    let mut out = screen.json_out();
    let is_array = args.json && stories.len() > 1;
    for (index, located) in stories.iter().enumerate() {
        if args.jsonl {
            json::line(&record(root, &located.record)?, &mut out)?;
            continue;
        }
        if is_array {
            out.write_all(if index == 0 { b"[\n" } else { b",\n" })?;
        }
        out.write_all(&record_bytes(root, &located.record)?)?;
    }
    if is_array {
        out.write_all(b"]\n")?;
    }
    out.flush()?;
    Ok(Exit::Ok)
}

/// Prints a page for a browser. The numbers of lines are those of the raw copy, if it can be read.
fn browser_page(args: &Args, stories: &[Located], screen: &Screen) -> Result<Exit> {
    let root = args.place.root();
    let mut out = screen.foreign_out();
    let mut any_failed = false;
    for (index, located) in stories.iter().enumerate() {
        let story = record(root, &located.record)?;
        let mut raw = Vec::new();
        let copied = copy_raw(root, &located.sha256, &mut raw);
        if let Err(error) = &copied {
            screen.complain(error);
            any_failed = true;
        }
        if index == 0 {
            html::open(&story, &mut out)?;
        }
        html::story(&story, copied.is_ok().then_some(raw.as_slice()), &mut out)?;
    }
    html::close(&mut out)?;
    out.flush()?;
    Ok(Exit::failed_if(any_failed))
}

fn pages(args: &Args, catalog: &Catalog, stories: &[Located], screen: &Screen) -> Result<Exit> {
    let mut out = screen.out();
    for (index, located) in stories.iter().enumerate() {
        let story = record(args.place.root(), &located.record)?;
        if index > 0 {
            text::separator(&mut out)?;
        }
        match args.format {
            Some(Format::Markdown) => {
                markdown::story(&story, &mut out)?;
                continue;
            }
            None if screen.is_terminal => {}
            _ => {
                text::story(&story, &mut out)?;
                continue;
            }
        }
        let chain = catalog.chain(located.id)?;
        let (times, arrivals) = catalog.arrivals(located.id, ARRIVALS)?;
        page::story(&story, &located.record, times, &arrivals, screen, &mut out)?;
        foot(catalog, located.id, screen, &mut out)?;
        if let Some(note) = place_in_chain(&chain, located.id) {
            writeln!(out, "{note}")?;
        }
    }
    out.flush()?;
    Ok(Exit::Ok)
}

/// Returns what a reader of one version should know about the others; nothing if there are none.
fn place_in_chain(chain: &[Link], id: StoryId) -> Option<String> {
    let at = chain
        .iter()
        .position(|link| link.id == id)
        .filter(|_| chain.len() > 1)?;
    let notice = chain.iter().find(|link| link.kills && chain[at].killed);
    let killed = notice
        .map(|notice| format!("; {} takes the story back", short(notice.id)))
        .unwrap_or_default();
    Some(format!(
        "version {} of {}{killed}: archive show {} --versions",
        at + 1,
        chain.len(),
        short(id)
    ))
}

/// Returns what there is to know of a version besides its headline.
pub(crate) fn remark(link: &Link) -> String {
    match (link.duplicate_of, link.kills, link.killed) {
        (_, true, _) => " [takes the story back]".to_owned(),
        (Some(same), _, _) => format!(" [the text of {}]", short(same)),
        (_, _, true) => " [taken back]".to_owned(),
        _ => String::new(),
    }
}

impl Row for Link {
    const TABLE: &'static [Column] = &[
        Column::new("id", Width::Fixed(8)).styled(Style::new().dimmed()),
        Column::new("published", Width::Fixed(20))
            .styled(AnsiColor::Yellow.on_default())
            .leaving(3),
        Column::new("version", Width::Share(2))
            .styled(AnsiColor::Green.on_default())
            .leaving(2),
        Column::new("agency", Width::Fixed(8))
            .styled(AnsiColor::Green.on_default())
            .leaving(1),
        Column::new("headline", Width::Share(6)),
    ];
    const FIELDS: &'static [&'static str] = &[
        "id",
        "date",
        "published",
        "version",
        "agency",
        "duplicate_of",
        "kills",
        "killed",
        "headline",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            short(self.id),
            plain(self.published.as_ref().or(self.date.as_ref())),
            plain(self.version.as_ref()),
            plain(self.agency.as_ref()),
            plain(self.headline.as_ref()) + &remark(self),
        ]
    }

    fn fields(&self) -> Vec<String> {
        let flag = |flag: bool| {
            if flag {
                "yes".to_owned()
            } else {
                String::new()
            }
        };
        vec![
            self.id.to_string(),
            plain(self.date.as_ref()),
            plain(self.published.as_ref()),
            plain(self.version.as_ref()),
            plain(self.agency.as_ref()),
            self.duplicate_of
                .map(|id| id.to_string())
                .unwrap_or_default(),
            flag(self.kills),
            flag(self.killed),
            plain(self.headline.as_ref()),
        ]
    }
}

fn versions(args: &Args, catalog: &Catalog, stories: &[Located], screen: &Screen) -> Result<Exit> {
    let mut listing = FormArgs::json(args.json, args.jsonl).listing("show", screen);
    for located in stories {
        for link in catalog.chain(located.id)? {
            listing.row(link)?;
        }
    }
    // A story of which nothing is known has at least itself, unless the catalog is behind.
    listing.end("the catalog does not know them yet; run the command again")?;
    Ok(Exit::Ok)
}
