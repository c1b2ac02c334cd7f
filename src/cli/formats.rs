//! `archive formats`: what can be read, and how it is recognised.

use super::exit::Exit;
use super::screen::Screen;
use anyhow::Result;
use archive::FORMATS;
use archive::input::CONTAINERS;
use std::io::{self, Write};

/// List the formats that stories are read from.
///
/// A format is recognised by the bytes of a file, never by its name; `--input-format NAME`, where
/// stories are read, overrides that. Everything else is plain copy, and containers are unpacked.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Print the page `docs/formats.md`
    #[arg(long)]
    markdown: bool,
}

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let mut out = screen.out();
    match (args.markdown, screen.is_terminal) {
        (true, _) => markdown(&mut out)?,
        (false, true) => list(&mut out)?,
        (false, false) => rows(&mut out)?,
    }
    out.flush()?;
    Ok(Exit::Ok)
}

/// For people: a format a paragraph.
fn list(out: &mut impl Write) -> io::Result<()> {
    for format in FORMATS {
        writeln!(out, "{}  {}", format.format.name(), format.title)?;
        for (label, text) in [
            ("recognised by", format.recognised_by),
            ("kept", format.kept),
        ] {
            let text = format!("{label}: {text}");
            for line in textwrap::wrap(&text, 92) {
                writeln!(out, "    {line}")?;
            }
        }
    }
    writeln!(out)?;
    for container in CONTAINERS {
        writeln!(out, "{}  {}", container.name, container.title)?;
    }
    Ok(())
}

/// For programs: tab-separated values with a header.
fn rows(out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "name\ttitle\trecognised_by\tkept")?;
    for format in FORMATS {
        let name = format.format.name();
        let (title, kept) = (format.title, format.kept);
        writeln!(out, "{name}\t{title}\t{}\t{kept}", format.recognised_by)?;
    }
    Ok(())
}

fn markdown(out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "# Formats\n")?;
    writeln!(
        out,
        "`archive parse` and `archive ingest` recognise a file's format by its bytes, never by \
         its name;\n\
         `--input-format NAME` overrides that. Whatever is none of these is plain copy. This page \
         is\n\
         what `archive formats --markdown` prints.\n"
    )?;
    writeln!(
        out,
        "| name | format | recognised by | kept of its envelope |"
    )?;
    writeln!(out, "| --- | --- | --- | --- |")?;
    for format in FORMATS {
        let name = format.format.name();
        let (title, kept) = (format.title, format.kept);
        writeln!(
            out,
            "| `{name}` | {title} | {} | {kept} |",
            format.recognised_by
        )?;
    }
    writeln!(
        out,
        "\n## Containers\n\n\
         Containers are unpacked member by member, one in another too; `source.member` of a \
         record names\n\
         the member, with `#` and a number where it holds several stories.\n"
    )?;
    writeln!(out, "| name | container | recognised by |")?;
    writeln!(out, "| --- | --- | --- |")?;
    for container in CONTAINERS {
        let (name, title) = (container.name, container.title);
        writeln!(out, "| `{name}` | {title} | {} |", container.recognised_by)?;
    }
    writeln!(
        out,
        "\n## What a story's bytes are\n\n\
         The archive keeps each story's own bytes and reads them again alone. A file of several \
         stories is\n\
         cut; where a slice cannot be read without the beginning of its file (an XML declaration, \
         the title\n\
         of a feed), that beginning is put before it. Of a Word document or OpenDocument text, \
         the bytes\n\
         are those of `word/document.xml` or `content.xml`; of a page in a WARC file, the \
         record's headers\n\
         and the page with its encodings undone. Spans point into these bytes."
    )
}
