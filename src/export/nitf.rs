//! NITF 3.6, the IPTC's news in XML: one document a story.
//!
//! The body comes as paragraphs, headings, lists, preformatted matter and quoted blocks; pictures
//! and links are not part of it.

use super::ninjs;
use crate::story::Story;
use crate::story::{Block, BlockKind, NoteKind};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io::{self, Write};

/// Writes a story as one NITF document.
///
/// # Errors
///
/// Those of `out`.
pub fn story(story: &Story, mut out: impl Write) -> io::Result<()> {
    let mut writer = Writer::new_with_indent(&mut out, b' ', 1);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    writer
        .create_element("nitf")
        .with_attribute(("version", "-//IPTC//DTD NITF 3.6//EN"))
        .write_inner_content(|writer| {
            head(story, writer)?;
            writer
                .create_element("body")
                .write_inner_content(|writer| {
                    body_head(story, writer)?;
                    writer
                        .create_element("body.content")
                        .write_inner_content(|writer| content(&story.body, writer))?;
                    Ok(())
                })?;
            Ok(())
        })?;
    writeln!(out)
}

type Xml<'w, W> = Writer<&'w mut W>;

fn head<W: Write>(story: &Story, writer: &mut Xml<'_, W>) -> io::Result<()> {
    writer
        .create_element("head")
        .write_inner_content(|writer| {
            if let Some(headline) = &story.headline {
                element("title", headline, writer)?;
            }
            if let Some(version) = &story.version {
                meta("version", &version.label, writer)?;
            }
            if let Some(language) = &story.language {
                meta("language", language, writer)?;
            }
            if let Some(url) = &story.source_url {
                meta("source-url", url, writer)?;
            }
            writer
                .create_element("docdata")
                .write_inner_content(|writer| {
                    empty("doc-id", "id-string", &ninjs::urn(story), writer)?;
                    if let Some(date) = &story.published {
                        empty("date.issue", "norm", &basic(date), writer)?;
                    }
                    if let Some(slug) = &story.slug {
                        empty("du-key", "key", slug, writer)?;
                    }
                    for note in &story.notes {
                        match note.kind {
                            NoteKind::Editor => empty("ed-msg", "info", &note.text, writer)?,
                            NoteKind::Copyright => {
                                empty("doc.copyright", "holder", &note.text, writer)?;
                            }
                            _ => {}
                        }
                    }
                    Ok(())
                })?;
            publication(story, writer)
        })?;
    Ok(())
}

fn publication<W: Write>(story: &Story, writer: &mut Xml<'_, W>) -> io::Result<()> {
    let wire = story.wire.clone().unwrap_or_default();
    let is_needed = wire.publication.is_some() || story.source_url.is_some();
    let kind = match wire.publication {
        Some(_) => "print",
        None => "web",
    };
    let facts: Vec<(&str, String)> = [
        ("type", Some(kind.to_owned())),
        ("name", wire.publication),
        ("edition.name", wire.edition),
        ("position.section", wire.section),
        ("position.sequence", wire.page),
        ("ex-ref", story.source_url.clone()),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, in_xml(&value?))))
    .collect();
    if is_needed {
        writer
            .create_element("pubdata")
            .with_attributes(facts.iter().map(|(name, value)| (*name, value.as_str())))
            .write_empty()?;
    }
    Ok(())
}

fn body_head<W: Write>(story: &Story, writer: &mut Xml<'_, W>) -> io::Result<()> {
    writer
        .create_element("body.head")
        .write_inner_content(|writer| {
            if let Some(headline) = &story.headline {
                writer
                    .create_element("hedline")
                    .write_inner_content(|writer| {
                        element("hl1", headline, writer)?;
                        match &story.subheadline {
                            Some(subheadline) => element("hl2", subheadline, writer),
                            None => Ok(()),
                        }
                    })?;
            }
            if let Some(byline) = &story.byline {
                element("byline", &byline.text, writer)?;
            }
            if let Some(agency) = &story.agency {
                writer
                    .create_element("distributor")
                    .write_inner_content(|writer| element("org", agency, writer))?;
            }
            if let Some(dateline) = &story.dateline {
                element("dateline", &dateline.text, writer)?;
            }
            Ok(())
        })?;
    Ok(())
}

fn content<W: Write>(blocks: &[Block], writer: &mut Xml<'_, W>) -> io::Result<()> {
    let is_item = |block: &Block| block.kind == BlockKind::ListItem;
    for blocks in blocks.chunk_by(|one, next| is_item(one) && is_item(next)) {
        let Some(block) = blocks.first() else {
            continue;
        };
        match block.kind {
            BlockKind::Paragraph => element("p", &block.text, writer)?,
            BlockKind::Crosshead => element("hl2", &block.text, writer)?,
            BlockKind::Preformatted => element("pre", &block.text, writer)?,
            BlockKind::BlockQuote => {
                writer.create_element("bq").write_inner_content(|writer| {
                    writer
                        .create_element("block")
                        .write_inner_content(|writer| element("p", &block.text, writer))?;
                    Ok(())
                })?;
            }
            BlockKind::ListItem => {
                writer.create_element("ul").write_inner_content(|writer| {
                    blocks
                        .iter()
                        .try_for_each(|item| element("li", &item.text, writer))
                })?;
            }
        }
    }
    Ok(())
}

fn element<W: Write>(name: &str, text: &str, writer: &mut Xml<'_, W>) -> io::Result<()> {
    writer
        .create_element(name)
        .write_text_content(BytesText::new(&in_xml(text)))?;
    Ok(())
}

fn empty<W: Write>(
    name: &str,
    attribute: &str,
    value: &str,
    writer: &mut Xml<'_, W>,
) -> io::Result<()> {
    writer
        .create_element(name)
        .with_attribute((attribute, in_xml(value).as_str()))
        .write_empty()?;
    Ok(())
}

fn meta<W: Write>(name: &str, content: &str, writer: &mut Xml<'_, W>) -> io::Result<()> {
    let content = in_xml(content);
    writer
        .create_element("meta")
        .with_attributes([("name", name), ("content", content.as_str())])
        .write_empty()?;
    Ok(())
}

/// Text without the characters that no XML document may hold.
fn in_xml(text: &str) -> String {
    text.chars()
        .filter(|c| {
            matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
        })
        .collect()
}

/// Returns a date in the basic form of ISO 8601, as NITF has it: `20250304`,
/// `20250304T101500+0100`.
fn basic(date: &str) -> String {
    match date.split_once('T') {
        Some((day, time)) => format!("{}T{}", day.replace('-', ""), time.replace(':', "")),
        None => date.replace('-', ""),
    }
}
