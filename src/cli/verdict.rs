//! `archive quotes --verdict`: whether quotes are what the records say.

use super::exit::Exit;
use super::place::PlaceArgs;
use super::reading::usage_error;
use super::screen::Screen;
use anyhow::{Result, anyhow};
use archive::store::annotations::{Annotation, JudgedQuote, Remark, Said, Verdict};
use archive::store::catalog::Catalog;
use archive::store::{OpenOptions, record};
use std::io::Write;

/// What is said of quotes.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum VerdictArg {
    /// The words and the speaker are right
    Right,
    /// They are not
    Wrong,
    /// What was said before is taken back
    None,
}

/// Says of each quote that is named as `ID#N` whether it is right.
pub(crate) fn judge(
    quotes: &[String],
    verdict: VerdictArg,
    place: &PlaceArgs,
    screen: &Screen,
) -> Result<Exit> {
    let catalog = place.catalog(screen)?;
    let mut remarks = Vec::with_capacity(quotes.len());
    for quote in quotes {
        remarks.push(remark(quote, verdict, &catalog, place)?);
    }
    drop(catalog);
    let mut archive = place.open(&OpenOptions::default(), screen)?;
    let count = remarks.len();
    let changed = archive.annotate(remarks)?;
    let done = match verdict {
        VerdictArg::Right => "judged right",
        VerdictArg::Wrong => "judged wrong",
        VerdictArg::None => "without a verdict now",
    };
    let mut out = screen.out();
    match count - changed {
        0 => writeln!(out, "{changed} {done}")?,
        same => writeln!(out, "{changed} {done}, {same} already so")?,
    }
    out.flush()?;
    Ok(Exit::Ok)
}

fn remark(
    quote: &str,
    verdict: VerdictArg,
    catalog: &Catalog,
    place: &PlaceArgs,
) -> Result<Remark> {
    let parts = quote.split_once('#');
    let Some((id, Ok(number))) = parts.map(|(id, number)| (id, number.parse::<usize>())) else {
        let message = format!(
            "`{quote}` names no quote; give the story and the quote's number, as in 1f3a9c#0"
        );
        return Err(usage_error("quotes", &message).into());
    };
    let located = catalog.locate(id)?;
    let story = record(place.root(), &located.record)?;
    let Some(found) = story.quotes.get(number) else {
        return Err(anyhow!(
            "{quote}: the story has {} quotes, numbered from 0; `archive quotes --query id:{id}` \
             lists them",
            story.quotes.len()
        ));
    };
    let judged = JudgedQuote {
        span: found.span,
        speaker: found.speaker.as_ref().map(|speaker| speaker.name.clone()),
    };
    let (verdict, said) = match verdict {
        VerdictArg::Right => (Verdict::Right, Said::Added),
        VerdictArg::Wrong => (Verdict::Wrong, Said::Added),
        VerdictArg::None => (Verdict::Right, Said::Withdrawn),
    };
    Ok(Remark {
        id: located.id,
        annotation: Annotation::Verdict(judged, verdict),
        said,
    })
}
