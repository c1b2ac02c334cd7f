//! `archive redact`: words of a story go for good.

use super::exit::Exit;
use super::place::PlaceArgs;
use super::remove;
use super::screen::Screen;
use anyhow::Result;
use archive::Span;
use archive::store::OpenOptions;

/// Black out words of a story for good
///
/// Each span of the raw bytes is replaced by `[redacted]`, whatever its length. The story that
/// results is stored, with another id, since its bytes are others; the one with the words is
/// removed, as `archive remove` does it. Spans are those of the record: bytes from 0, the end not
/// included.
///
/// Prints the new id, a tab, and the hash of the new bytes, then the line of `archive remove`. If
/// the same words still stand elsewhere in the story, standard error says where.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The story's id, or at least its first 4 digits
    #[arg(value_name = "ID")]
    id: String,

    /// The first byte of the words in the raw copy, and one past the last; may be given again
    #[arg(long = "span", value_name = "FIRST-END", required = true, value_parser = span)]
    spans: Vec<Span>,

    /// Why, for the ledger; say nothing there that is to be forgotten
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    #[command(flatten)]
    place: PlaceArgs,
}

const EXAMPLES: &str = "\
Examples:
  archive raw 1f3a9c | grep -ob 'Ana Ruiz'       where the words stand: 131:Ana Ruiz
  archive redact 1f3a9c --span 131-139 --reason 'a minor'";

fn span(given: &str) -> Result<Span, String> {
    let parts = given.split_once('-');
    let numbers = parts.map(|(start, end)| (start.trim().parse(), end.trim().parse()));
    match numbers {
        Some((Ok(start), Ok(end))) if start < end => Ok(Span::new(start, end)),
        _ => Err("give the first byte and one past the last, as in 131-139".to_owned()),
    }
}

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let catalog = args.place.catalog(screen)?;
    let id = catalog.locate(&args.id)?.id;
    let others = remove::other_versions(&catalog, &[id])?;
    drop(catalog);
    let mut archive = args.place.open(&OpenOptions::default(), screen)?;
    let redacted = archive.redact(id, &args.spans, args.reason.as_deref(), &mut ())?;
    for failure in archive.finish(&mut ())? {
        screen.complain(&failure);
    }
    remove::print(Some(redacted.story), &redacted.removed, screen)?;
    for Span { start, end } in &redacted.left {
        screen.remark(&format_args!(
            "{}: the same words still stand at {start}-{end}",
            redacted.story.id()
        ));
    }
    if redacted.dropped > 0 {
        screen.remark(&format_args!(
            "{}: {} of what people said of the story is not said any more: it has the words, or is \
             about quotes that changed",
            redacted.story.id(),
            redacted.dropped
        ));
    }
    remove::name_others(&others, screen);
    Ok(Exit::Ok)
}
