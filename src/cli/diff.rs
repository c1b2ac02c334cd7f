//! `archive diff`: what changed between two stories.

use super::exit::Exit;
use super::place::PlaceArgs;
use super::screen::Screen;
use anstyle::{AnsiColor, Style};
use anyhow::Result;
use archive::export::changes::{Change, Piece, changes};
use archive::store::{catalog::Catalog, record};
use std::io::{self, Write};

/// Show what changed between two stories, paragraph by paragraph
///
/// Made for the versions of one story, which `archive show ID --versions` lists. Paragraphs that
/// are the same are counted, not shown; of a paragraph that was rewritten, the words that went are
/// marked [-so-] and those that came {+so+}, in colour on a terminal. Headline, byline and dateline
/// are compared as well.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The earlier story's id, or at least its first 4 digits
    #[arg(value_name = "ID1")]
    from: String,

    /// The later story's
    #[arg(value_name = "ID2")]
    to: String,

    /// Print the changes as one JSON array
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    place: PlaceArgs,
}

const EXAMPLES: &str = "\
Examples:
  archive show 1f3a9c --versions
  archive diff 1f3a9c 77b0e2
  archive diff 1f3a9c 77b0e2 --json | jq -r '.[] | select(.change == \"added\") | .to'";

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let catalog = args.place.catalog(screen)?;
    let story = |catalog: &Catalog, id: &str| -> Result<_> {
        Ok(record(args.place.root(), &catalog.locate(id)?.record)?)
    };
    let (from, to) = (story(&catalog, &args.from)?, story(&catalog, &args.to)?);
    let changes = changes(&from, &to);
    let mut out = if args.json {
        screen.json_out()
    } else {
        screen.out()
    };
    let mut print = || {
        if args.json {
            out.json(&changes)?;
            writeln!(out)?;
        } else {
            changes
                .iter()
                .try_for_each(|change| print(change, screen, &mut out))?;
            if changes
                .iter()
                .all(|change| matches!(change, Change::Same { .. }))
            {
                writeln!(out, "the same in every paragraph")?;
            }
        }
        out.flush()
    };
    print()?;
    Ok(Exit::Ok)
}

fn print(change: &Change<'_>, screen: &Screen, out: &mut impl Write) -> io::Result<()> {
    let [removed, added, quiet] = [
        AnsiColor::Red.on_default(),
        AnsiColor::Green.on_default(),
        Style::new().dimmed(),
    ]
    .map(|style| screen.style(style));
    match change {
        Change::Same { paragraphs } => {
            let noun = if *paragraphs == 1 {
                "paragraph"
            } else {
                "paragraphs"
            };
            writeln!(out, "{quiet}  = {paragraphs} {noun}{quiet:#}\n")
        }
        Change::Removed { part, from } => writeln!(
            out,
            "{removed}  - {}{}{removed:#}\n",
            label(part),
            screen.shown(from)
        ),
        Change::Added { part, to } => writeln!(
            out,
            "{added}  + {}{}{added:#}\n",
            label(part),
            screen.shown(to)
        ),
        Change::Rewritten { part, words, .. } => {
            write!(out, "  ~ {}", label(part))?;
            for piece in words {
                match piece {
                    Piece::Same(text) => write!(out, "{}", screen.shown(text))?,
                    Piece::Removed(text) if screen.has_colour => {
                        write!(out, "{removed}{}{removed:#}", screen.shown(text))?;
                    }
                    Piece::Added(text) if screen.has_colour => {
                        write!(out, "{added}{}{added:#}", screen.shown(text))?;
                    }
                    Piece::Removed(text) => write!(out, "[-{}-]", screen.shown(text))?,
                    Piece::Added(text) => write!(out, "{{+{}+}}", screen.shown(text))?,
                }
            }
            writeln!(out, "\n")
        }
    }
}

/// Returns what a part of the story is called, where it is no paragraph.
fn label(part: &str) -> String {
    if part == "paragraph" {
        String::new()
    } else {
        format!("{part}: ")
    }
}
