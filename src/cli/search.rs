//! `archive search`: full text, best first.

use super::exit::Exit;
use super::listing::{Form, Row, listed, plain, short};
use super::near::suggest;
use super::rows::RowsArgs;
use super::screen::{Column, Screen, Width, safe};
use anstyle::{AnsiColor, Style};
use anyhow::Result;
use archive::store::catalog::{Hit, Marked};
use std::io::Write;

/// Search the stories of an archive, best first
///
/// Upper and lower case, accents and punctuation make no difference.
///
///   port strike          both words, anywhere in the story
///   "port strike"        one after the other
///   strik*               words that begin so
///   strike -dockers      without a word; NOT dockers is the same
///   strike OR walkout    either; ( ) groups
///
/// Fields: agency: speaker: cue: kind: gender: author: place: headline: slug: lang: version:
/// id: tag: collection: note: verdict: (what people said of it; see `archive tag`)
/// and dates (YYYY, YYYY-MM, YYYY-MM-DD): on:, after: (that day and later), before: (not that day).
/// A value of several words goes into quotation marks: speaker:"sergei lavrov".
///
/// The best 20 are listed, unless --limit says how many. Finding nothing is no failure: standard
/// error says so, and the exit status is 0.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES, verbatim_doc_comment)]
pub(crate) struct Args {
    /// What to search for; several arguments are one query
    #[arg(value_name = "QUERY", required = true)]
    words: Vec<String>,

    #[command(flatten)]
    rows: RowsArgs,
}

/// How many stories are listed if nothing is said.
const LIMIT: usize = 20;

const EXAMPLES: &str = "\
Examples:
  archive search 'ferry OR \"night boat\"'
  archive search 'agency:AFP speaker:lavrov after:2020-11-01'
  archive search strike -tug --agency AFP --after 2020-11
  archive search 'headline:strike lang:pt' --jsonl | jq -r .id";

impl Row for Hit {
    /// Where they are sorted; the best first are more than a line on a terminal.
    const TABLE: &'static [Column] = &[
        Column::new("id", Width::Fixed(8)).styled(Style::new().dimmed()),
        Column::new("date", Width::Fixed(10))
            .styled(AnsiColor::Yellow.on_default())
            .leaving(2),
        Column::new("agency", Width::Fixed(8))
            .styled(AnsiColor::Green.on_default())
            .leaving(1),
        Column::new("headline", Width::Share(1)),
    ];
    const FIELDS: &'static [&'static str] =
        &["id", "date", "agency", "score", "headline", "snippet"];

    fn cells(&self) -> Vec<String> {
        vec![
            short(self.story.id),
            plain(self.story.date.as_ref()),
            plain(self.story.agency.as_ref()),
            plain(self.story.headline.as_ref()),
        ]
    }

    fn fields(&self) -> Vec<String> {
        vec![
            self.story.id.to_string(),
            plain(self.story.date.as_ref()),
            plain(self.story.agency.as_ref()),
            self.score
                .map(|score| format!("{score:.6}"))
                .unwrap_or_default(),
            plain(self.story.headline.as_ref()),
            self.snippet.text.clone(),
        ]
    }
}

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let query = args.rows.query_with("search", &args.words)?;
    let catalog = args.rows.catalog(screen)?;
    let shown = args.rows.form.limit_or(Some(LIMIT));
    // Those that are sorted in another way are cut after that.
    let limit = match args.rows.form.is_sorted() {
        true => usize::MAX,
        false => shown.unwrap_or(usize::MAX),
    };
    let form = args.rows.form(screen);
    let nothing = "nothing found; try fewer words, or word* for its beginning";
    let (has_more, any) = if form == Form::Table && !args.rows.form.is_sorted() {
        let mut out = screen.out();
        let mut any = false;
        let has_more = catalog.search(&query, limit, |hit| {
            if any {
                writeln!(out)?;
            }
            any = true;
            print(&hit, screen, &mut out)
        })?;
        out.flush()?;
        if !any {
            screen.remark(&nothing);
        }
        (has_more, any)
    } else {
        let mut listing = args.rows.form.listing_of("search", shown, screen);
        let has_more = listed(catalog.search(&query, limit, |hit: Hit| listing.row(hit)))?;
        (has_more, listing.end(nothing)?)
    };
    if has_more && screen.is_terminal {
        screen.remark(&format_args!(
            "there are more; --limit {} shows twice as many, --limit 0 all",
            limit.saturating_mul(2)
        ));
    }
    if !any {
        suggest(&catalog, &query, screen)?;
    }
    Ok(Exit::Ok)
}

/// Indent of a snippet, which is as wide as the short id and its space.
const INDENT: usize = 10;
/// Longest line that reads well.
const MEASURE: usize = 90;

/// Returns one story found: its headline, then a stretch of its text.
fn print(hit: &Hit, screen: &Screen, out: &mut impl Write) -> Result<()> {
    let [quiet, date, agency, headline] = [
        Style::new().dimmed(),
        AnsiColor::Yellow.on_default(),
        AnsiColor::Green.on_default(),
        Style::new().bold(),
    ]
    .map(|style| screen.style(style));
    let mut line = format!("{quiet}{}{quiet:#}  ", short(hit.story.id));
    for (style, value) in [(date, &hit.story.date), (agency, &hit.story.agency)] {
        if let Some(value) = value {
            line.push_str(&format!("{style}{}{style:#}  ", screen.shown(value)));
        }
    }
    if hit.headline_marks.text.is_empty() {
        line.push_str(&format!("{quiet}(no headline){quiet:#}"));
    } else {
        line.push_str(&highlighted(&hit.headline_marks, headline, screen));
    }
    let indent = " ".repeat(INDENT);
    for line in textwrap::wrap(
        &line,
        textwrap::Options::new(screen.width()).subsequent_indent(&indent),
    ) {
        writeln!(out, "{line}")?;
    }
    let width = screen
        .width()
        .min(MEASURE)
        .saturating_sub(INDENT)
        .max(INDENT);
    for line in textwrap::wrap(&highlighted(&hit.snippet, Style::new(), screen), width) {
        writeln!(out, "{:INDENT$}{line}", "")?;
    }
    Ok(())
}

/// Returns the words found in red. Escapes take no room in textwrap's reckoning.
fn highlighted(marked: &Marked, usual: Style, screen: &Screen) -> String {
    let found = screen.style(AnsiColor::Red.on_default().bold());
    let usual = screen.style(usual);
    let show = |(text, is_found): (&str, bool)| {
        let style = if is_found { found } else { usual };
        // Each word by itself, so that a line's end between two of them cuts no style in two.
        let words: Vec<String> = safe::text(text)
            .split(' ')
            .map(|word| {
                if word.is_empty() {
                    String::new()
                } else {
                    format!("{style}{word}{style:#}")
                }
            })
            .collect();
        words.join(" ")
    };
    marked.stretches().into_iter().map(show).collect()
}
