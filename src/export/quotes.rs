//! Who said what, as tab-separated values: one quote a line, under one line of column names.
//!
//! Words that nobody said (titles, irony) are not part of it. Tabs and line breaks inside a field
//! are printed as spaces; an unknown speaker or cue is an empty field.

use crate::Story;
use crate::story::QuoteKind;
use std::io::{self, Write};

/// Names of the columns.
pub const COLUMNS: [&str; 6] = ["source", "speaker", "title", "cue", "kind", "words"];

/// Writes the line of column names.
pub fn header(mut out: impl Write) -> io::Result<()> {
    writeln!(out, "{}", COLUMNS.join("\t"))
}

/// Writes one story's quotes, a line each.
pub fn rows(story: &Story, mut out: impl Write) -> io::Result<()> {
    for row in table(story) {
        writeln!(
            out,
            "{}",
            row.map(|field| field.replace(['\t', '\n', '\r'], " "))
                .join("\t")
        )?;
    }
    Ok(())
}

/// One story's quotes, by [`COLUMNS`].
pub fn table(story: &Story) -> impl Iterator<Item = [String; 6]> + '_ {
    let source = story.source.path.as_deref().unwrap_or("-");
    let source = story
        .source
        .member
        .as_ref()
        .map_or_else(|| source.to_owned(), |member| format!("{source}#{member}"));
    story
        .quotes
        .iter()
        .filter(|quote| quote.kind != QuoteKind::Scare)
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
                if quote.kind == QuoteKind::Direct {
                    "direct"
                } else {
                    "mixed"
                }
                .to_owned(),
                quote.text.clone(),
            ]
        })
}
