//! `archive stats`: the archive in numbers.

use super::exit::Exit;
use super::filter::FilterArgs;
use super::listing::{count, tsv};
use super::place::PlaceArgs;
use super::screen::{Screen, cut};
use anstyle::{AnsiColor, Style};
use anyhow::Result;
use archive::store::catalog::{Catalog, Count, Grouping, Totals};
use archive::store::query::Query;
use std::io::Write;
use unicode_width::UnicodeWidthStr;

/// Show an archive in numbers
///
/// Stories by day, agency, author, place and language; quotes by speaker; warnings by code; sizes.
/// On a terminal as bars (days become months or years where there are too many), elsewhere as
/// tab-separated values: what is counted, its name, how many.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// How many names of each kind; 0 for all [default: 10 on a terminal, else all]
    #[arg(long, value_name = "N", visible_alias = "limit", value_parser = count)]
    top: Option<usize>,

    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    filter: FilterArgs,
}

const EXAMPLES: &str = "\
Examples:
  archive stats
  archive stats --agency AFP --after 2020-11 --before 2020-12
  archive stats --json | jq '.agencies[0]'";

/// Something that is counted.
struct Group {
    grouping: Grouping,
    /// Its key in JSON.
    key: &'static str,
    /// What one of them is, in a pipe.
    name: &'static str,
    /// Its heading on a terminal.
    heading: &'static str,
}

impl Group {
    const fn new(
        grouping: Grouping,
        key: &'static str,
        name: &'static str,
        heading: &'static str,
    ) -> Self {
        Self {
            grouping,
            key,
            name,
            heading,
        }
    }
}

const GROUPS: [Group; 8] = [
    Group::new(Grouping::Day, "days", "day", "Stories by day"),
    Group::new(Grouping::Agency, "agencies", "agency", "Stories by agency"),
    Group::new(Grouping::Author, "authors", "author", "Stories by author"),
    Group::new(Grouping::Place, "places", "place", "Stories by place"),
    Group::new(
        Grouping::Language,
        "languages",
        "language",
        "Stories by language",
    ),
    Group::new(
        Grouping::Speaker,
        "speakers",
        "speaker",
        "Quotes by speaker",
    ),
    Group::new(Grouping::Warning, "warnings", "warning", "Warnings"),
    Group::new(Grouping::Year, "years", "year", "Stories by year"),
];

/// Bars that fit on a screen.
const BARS: u64 = 31;
/// Names of each kind on a terminal.
const NAMES: usize = 10;

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let query = args.filter.query("stats")?;
    let catalog = args.place.catalog(screen)?;
    let totals = catalog.totals(&query)?;
    let top = match args.top {
        Some(0) => None,
        None => (screen.is_terminal && !args.json).then_some(NAMES),
        some => some,
    };
    let mut out = if args.json {
        screen.json_out()
    } else {
        screen.out()
    };
    let (catalog, query) = (&catalog, &query);
    if args.json {
        json(catalog, query, &totals, top, &mut out)?;
    } else if screen.is_terminal {
        bars(catalog, query, &totals, top, screen, &mut out)?;
    } else {
        lines(catalog, query, &totals, top, &mut out)?;
    }
    out.flush()?;
    Ok(Exit::Ok)
}

/// Times are shown whole, names from the top.
fn limit(grouping: Grouping, top: Option<usize>) -> Option<usize> {
    if matches!(grouping, Grouping::Day | Grouping::Year) {
        None
    } else {
        top
    }
}

fn json(
    catalog: &Catalog,
    query: &Query,
    totals: &Totals,
    top: Option<usize>,
    out: &mut impl Write,
) -> Result<()> {
    write!(out, "{{\n\"totals\": {}", serde_json::to_string(totals)?)?;
    for Group { grouping, key, .. } in GROUPS {
        write!(out, ",\n\"{key}\": [")?;
        let mut joint = "";
        catalog.each_count(grouping, query, limit(grouping, top), |count| {
            write!(out, "{joint}\n{}", serde_json::to_string(&count)?)?;
            joint = ",";
            anyhow::Ok(())
        })?;
        write!(out, "]")?;
    }
    writeln!(out, "\n}}")?;
    Ok(())
}

fn lines(
    catalog: &Catalog,
    query: &Query,
    totals: &Totals,
    top: Option<usize>,
    out: &mut impl Write,
) -> Result<()> {
    writeln!(out, "what\tname\tcount")?;
    for (name, count) in numbers(totals) {
        tsv(
            &["total".to_owned(), name.to_owned(), count.to_string()],
            b"\n",
            out,
        )?;
    }
    for Group {
        grouping,
        name: what,
        ..
    } in GROUPS
    {
        catalog.each_count(
            grouping,
            query,
            limit(grouping, top),
            |Count { name, count, .. }| {
                Ok::<_, anyhow::Error>(tsv(
                    &[what.to_owned(), name.unwrap_or_default(), count.to_string()],
                    b"\n",
                    out,
                )?)
            },
        )?;
    }
    Ok(())
}

fn numbers(totals: &Totals) -> [(&'static str, u64); 8] {
    [
        ("stories", totals.stories),
        ("dated", totals.dated),
        ("paragraphs", totals.paragraphs),
        ("words", totals.words),
        ("quotes", totals.quotes),
        ("raw_bytes", totals.raw_bytes),
        ("longest_bytes", totals.longest_bytes),
        ("catalog_bytes", totals.catalog_bytes),
    ]
}

fn bars(
    catalog: &Catalog,
    query: &Query,
    totals: &Totals,
    top: Option<usize>,
    screen: &Screen,
    out: &mut impl Write,
) -> Result<()> {
    let [loud, quiet] =
        [Style::new().bold(), Style::new().dimmed()].map(|style| screen.style(style));
    let time = match (&totals.first_date, &totals.last_date) {
        (Some(first), Some(last)) if first == last => format!(", of {first}"),
        (Some(first), Some(last)) => format!(", from {first} to {last}"),
        _ => String::new(),
    };
    writeln!(
        out,
        "{loud}{} stories{loud:#}{time}",
        grouped(totals.stories)
    )?;
    let sizes = format!(
        "{} words, {} paragraphs, {} quotes; {} raw, the longest story {}; catalog {}",
        grouped(totals.words),
        grouped(totals.paragraphs),
        grouped(totals.quotes),
        size(totals.raw_bytes),
        size(totals.longest_bytes),
        size(totals.catalog_bytes)
    );
    for line in textwrap::wrap(&sizes, screen.width()) {
        writeln!(out, "{quiet}{line}{quiet:#}")?;
    }
    for Group {
        grouping, heading, ..
    } in GROUPS
    {
        let (grouping, heading) = match grouping {
            Grouping::Year => continue,
            Grouping::Day if catalog.names(Grouping::Day, query)? <= BARS => (grouping, heading),
            Grouping::Day if catalog.names(Grouping::Month, query)? <= BARS => {
                (Grouping::Month, "Stories by month")
            }
            Grouping::Day => (Grouping::Year, "Stories by year"),
            _ => (grouping, heading),
        };
        let mut counts = Vec::new();
        let most = if matches!(grouping, Grouping::Day | Grouping::Month | Grouping::Year) {
            None
        } else {
            top
        };
        catalog.each_count(grouping, query, most, |count| {
            counts.push(count);
            anyhow::Ok(())
        })?;
        if !counts.is_empty() {
            chart(heading, &counts, screen, out)?;
            let left = catalog
                .names(grouping, query)?
                .saturating_sub(counts.iter().filter(|count| count.name.is_some()).count() as u64);
            if left > 0 {
                writeln!(out, "  {quiet}and {} more{quiet:#}", grouped(left))?;
            }
        }
    }
    Ok(())
}

/// Longest name next to a bar.
const LABEL: usize = 28;
/// Longest bar.
const BAR: u64 = 50;

/// Draws a bar for each count.
pub(crate) fn chart(
    heading: &str,
    counts: &[Count],
    screen: &Screen,
    out: &mut impl Write,
) -> Result<()> {
    let [loud, quiet, bar] = [
        Style::new().bold(),
        Style::new().dimmed(),
        AnsiColor::Cyan.on_default(),
    ]
    .map(|style| screen.style(style));
    let label = |count: &Count| {
        count.name.as_deref().map_or_else(
            || "(none)".to_owned(),
            |name| cut(&screen.shown(name), LABEL),
        )
    };
    let wide = counts
        .iter()
        .map(|count| label(count).width())
        .max()
        .unwrap_or(0);
    let digits = counts
        .iter()
        .map(|count| grouped(count.count).len())
        .max()
        .unwrap_or(0);
    let room = (screen.width() as u64)
        .saturating_sub((wide + digits + 6) as u64)
        .clamp(8, BAR);
    // What says nothing is no measure for what does.
    let most = counts
        .iter()
        .filter(|count| count.name.is_some())
        .map(|count| count.count)
        .max()
        .unwrap_or(1)
        .max(1);
    writeln!(out, "\n{loud}{heading}{loud:#}")?;
    for count in counts {
        let label = label(count);
        let padding = " ".repeat(wide - label.width());
        if count.name.is_none() {
            writeln!(
                out,
                "  {quiet}{label}{padding}  {:>digits$}{quiet:#}",
                grouped(count.count)
            )?;
            continue;
        }
        // In eighths of a character; what there is at all can be seen.
        let eighths = (count.count.saturating_mul(room * 8) / most).max(1);
        if !screen.has_blocks {
            let marks = usize::try_from(eighths.div_ceil(8)).unwrap_or(0);
            writeln!(
                out,
                "  {label}{padding}  {:>digits$}  {}",
                grouped(count.count),
                "#".repeat(marks)
            )?;
            continue;
        }
        let tip = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
        let tip = usize::try_from(eighths % 8)
            .ok()
            .and_then(|n| tip.get(n))
            .unwrap_or(&"");
        let full = "█".repeat(usize::try_from(eighths / 8).unwrap_or(0));
        writeln!(
            out,
            "  {label}{padding}  {:>digits$}  {bar}{full}{tip}{bar:#}",
            grouped(count.count)
        )?;
    }
    Ok(())
}

/// 1234567 as 1,234,567.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn size(bytes: u64) -> String {
    format!("{:.1}", indicatif::HumanBytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}
