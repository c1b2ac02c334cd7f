//! Who said what, as tab-separated values: one quote a line, under one line of column names.
//!
//! Words that nobody said (titles, irony) are not part of it. Tabs and line breaks inside a field
//! are printed as spaces; an unknown speaker or cue is an empty field.

use crate::story::QuoteKind;
use crate::story::Story;
use std::io::{self, Write};

/// Which quotes of a story are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// Those in quotation marks.
    #[default]
    Marked,
    /// Those, and what is reported without marks.
    MarkedAndIndirect,
}

impl Which {
    fn has(self, kind: QuoteKind) -> bool {
        kind.is_marked_speech() || self == Self::MarkedAndIndirect && kind == QuoteKind::Indirect
    }
}

/// Names of the columns.
pub const COLUMNS: [&str; 6] = ["source", "speaker", "title", "cue", "kind", "text"];

/// Writes the line of column names.
///
/// # Errors
///
/// Those of `out`.
pub fn header(mut out: impl Write) -> io::Result<()> {
    writeln!(out, "{}", COLUMNS.join("\t"))
}

/// Writes one story's quotes, a line each.
///
/// # Errors
///
/// Those of `out`.
pub fn rows(story: &Story, which: Which, mut out: impl Write) -> io::Result<()> {
    for row in table(story, which) {
        writeln!(
            out,
            "{}",
            row.map(|field| field.replace(['\t', '\n', '\r'], " "))
                .join("\t")
        )?;
    }
    Ok(())
}

/// Returns one story's quotes, by [`COLUMNS`].
pub fn table(story: &Story, which: Which) -> impl Iterator<Item = [String; 6]> + '_ {
    let source = story.source.path.as_deref().unwrap_or("-");
    let source = story
        .source
        .member
        .as_ref()
        .map_or_else(|| source.to_owned(), |member| format!("{source}#{member}"));
    story
        .quotes
        .iter()
        .filter(move |quote| which.has(quote.kind))
        .map(move |quote| {
            let speaker = quote.speaker.as_ref();
            [
                source.clone(),
                speaker.map(|s| s.name.clone()).unwrap_or_default(),
                speaker.and_then(|s| s.title.clone()).unwrap_or_default(),
                quote
                    .cue
                    .as_ref()
                    .map(|cue| cue.text.clone())
                    .unwrap_or_default(),
                quote.kind.name().to_owned(),
                quote.text.clone(),
            ]
        })
}
