//! The table of `parse --explain`: a source line a row, and what came of it all.

use super::screen::{Screen, safe};
use anstyle::{AnsiColor, Style};
use archive::Considered;
use archive::story::{QuoteKind, Warning};
use archive::{Decision, Explanation, Story};
use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Row, Table, Width,
    presets,
};
use std::io::{self, Write};

/// Width where the terminal does not tell.
const USUAL_WIDTH: u16 = 100;
/// Part of the terminal's width that the reasons may take, in per cent.
const WHY_SHARE: u16 = 25;

/// Writes the table and its foot. The file is named where there are several stories.
pub(crate) fn table(
    explanation: &Explanation,
    alone: bool,
    screen: &Screen,
    out: &mut Vec<u8>,
) -> io::Result<()> {
    let Explanation {
        story,
        lines: decisions,
        quotes,
        ..
    } = explanation;
    if !alone {
        let path = story.source.path.as_deref().unwrap_or("standard input");
        let member = story
            .source
            .member
            .as_ref()
            .map(|member| format!(", story {member}"))
            .unwrap_or_default();
        writeln!(out, "{}{member}", screen.shown(path))?;
    }
    let width = screen
        .is_terminal
        .then(|| Table::new().width().unwrap_or(USUAL_WIDTH));
    let table = rows(decisions, width, screen);
    // In a pipe the text follows the table, whole and unpadded.
    let texts = decisions.iter().map(|decision| decision.text.as_str());
    let tails = std::iter::once("text").chain(texts);
    for (line, tail) in table.lines().zip(tails) {
        match width {
            Some(_) => writeln!(out, "{}", line.trim_end())?,
            None => writeln!(out, "{line}{tail}")?,
        }
    }
    writeln!(out)?;
    attributions(story, quotes, screen, out)?;
    foot(story, screen, out)
}

/// Features shown of each way to attribute a quote.
const FEATURES: usize = 6;

/// For each quote the ways to attribute it: share, speaker and cue, score, and the features behind
/// it.
fn attributions(
    story: &Story,
    quotes: &[Vec<Considered>],
    screen: &Screen,
    out: &mut Vec<u8>,
) -> io::Result<()> {
    let [quiet, loud] = if screen.has_colour {
        [Style::new().dimmed(), Style::new().bold()]
    } else {
        [Style::new(), Style::new()]
    };
    // Reported statements are found and not weighed.
    let weighed = story.quotes.iter();
    let weighed = weighed.filter(|quote| quote.kind != QuoteKind::Indirect);
    for (number, (quote, ways)) in weighed.zip(quotes).enumerate() {
        let start: String = quote.text.chars().take(70).collect();
        let dots = if start.len() < quote.text.len() {
            "…"
        } else {
            ""
        };
        let name = quote
            .speaker
            .as_ref()
            .map(|s| format!(" → {}", s.name))
            .unwrap_or_default();
        writeln!(
            out,
            "{loud}quote {}  “{}{dots}”{}{loud:#}",
            number + 1,
            screen.shown(&start),
            screen.shown(&name)
        )?;
        for way in ways {
            let what = match (way.way, &way.speaker, &way.cue) {
                ("framed", None, None) => "somebody unnamed".to_owned(),
                ("framed", speaker, cue) => {
                    format!(
                        "{} · {}",
                        speaker.as_deref().unwrap_or("nobody named"),
                        cue.as_deref().unwrap_or("no cue")
                    )
                }
                (way, _, _) => way.to_owned(),
            };
            let why: Vec<String> = way
                .why
                .iter()
                .take(FEATURES)
                .map(|(feature, weight)| format!("{feature} {weight:+.1}"))
                .collect();
            let (share, score) = (way.share * 100.0, way.score);
            writeln!(
                out,
                "  {share:5.1} %  {}  {quiet}score {score:.1}: {}{quiet:#}",
                screen.shown(&what),
                why.join(", ")
            )?;
        }
    }
    if !quotes.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

fn rows(decisions: &[Decision], width: Option<u16>, screen: &Screen) -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_truncation_indicator("…");
    if screen.has_colour {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    let mut header: Vec<&str> = vec!["line", "label", "score", "runner-up", "why"];
    if let Some(width) = width {
        header.push("text");
        table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width);
    }
    table.set_header(header.into_iter().map(|name| dim(Cell::new(name))));
    for decision in decisions {
        let runner_up = decision
            .runner_up
            .map(|(label, score)| format!("{label} {score:.1}"))
            .unwrap_or_default();
        let mut cells = vec![
            dim(Cell::new(decision.line)),
            coloured(decision.label),
            Cell::new(format!("{:.1}", decision.score)),
            dim(Cell::new(runner_up)),
            dim(Cell::new(screen.shown(&decision.why.join(", ")))),
        ];
        if let Some(width) = width {
            // More would not fit, and long lines would be slow to cut.
            let start: String = decision.text.chars().take(usize::from(width)).collect();
            cells.push(Cell::new(safe::text(&start)));
        }
        let mut row = Row::from(cells);
        if width.is_some() {
            row.max_height(1);
        }
        table.add_row(row);
    }
    let right = [0, 2];
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if right.contains(&index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        match (index, width) {
            (4, Some(width)) => {
                column.set_constraint(ColumnConstraint::UpperBoundary(Width::Fixed(
                    width * WHY_SHARE / 100,
                )));
            }
            (0..4, Some(_)) => {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
            _ => {}
        }
    }
    table
}

fn dim(cell: Cell) -> Cell {
    cell.add_attribute(Attribute::Dim)
}

/// Returns a label in the colour of its kind: what the story is made of stands out, furniture steps
/// back.
fn coloured(label: &'static str) -> Cell {
    let cell = Cell::new(label);
    match label {
        "headline" | "headline +" => cell.fg(Color::Cyan).add_attribute(Attribute::Bold),
        "standfirst" | "subheadline" => cell.fg(Color::Cyan),
        "byline" => cell.fg(Color::Green),
        "dateline" | "date" => cell.fg(Color::Yellow),
        "paragraph" => cell,
        "crosshead" | "list item" | "preformatted" | "block quote" => cell.fg(Color::Blue),
        "caption" => cell.fg(Color::Magenta),
        "unknown" => cell.fg(Color::Red),
        _ => dim(cell),
    }
}

/// Returns what the record says in short.
fn foot(story: &Story, screen: &Screen, out: &mut Vec<u8>) -> io::Result<()> {
    let authors = story.byline.as_ref().map(|byline| {
        let names: Vec<&str> = byline
            .authors
            .iter()
            .map(|author| author.name.as_str())
            .collect();
        names.join("; ")
    });
    let dateline = story.dateline.as_ref().map(|dateline| {
        let parts = [
            &dateline.place,
            &dateline.region,
            &dateline.date,
            &dateline.agency,
        ];
        parts
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    });
    let version = story.version.as_ref().map(|version| version.label.as_str());
    let fields = [
        ("headline", story.headline.as_deref()),
        ("subheadline", story.subheadline.as_deref()),
        ("slug", story.slug.as_deref()),
        ("authors", authors.as_deref()),
        ("dateline", dateline.as_deref()),
        ("published", story.published.as_deref()),
        ("agency", story.agency.as_deref()),
        ("version", version),
        ("language", story.language.as_deref()),
        ("format", Some(story.source.format.name())),
        ("encoding", Some(story.source.encoding.as_str())),
    ];
    let [quiet, loud] = if screen.has_colour {
        [Style::new().dimmed(), AnsiColor::Yellow.on_default()]
    } else {
        [Style::new(), Style::new()]
    };
    for (name, value) in fields {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            writeln!(out, "{quiet}{name:<11}{quiet:#}  {}", screen.shown(value))?;
        }
    }
    let [blocks, quotes, notes] = [story.body.len(), story.quotes.len(), story.notes.len()];
    writeln!(
        out,
        "{quiet}{:<11}{quiet:#}  blocks {blocks}, quotes {quotes}, notes {notes}",
        "body"
    )?;
    for Warning { code, message, .. } in &story.warnings {
        writeln!(
            out,
            "{loud}{:<11}{loud:#}  {}: {}",
            "warning",
            screen.shown(code.name()),
            screen.shown(message)
        )?;
    }
    Ok(())
}
