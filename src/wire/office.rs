//! Word documents and OpenDocument texts: the part of the package that holds the text.
//!
//! After ECMA-376 (WordprocessingML) and OpenDocument 1.3. The package itself is a ZIP archive,
//! which `input` opens; its `word/document.xml` or `content.xml` is what a story's bytes are.

use super::envelope::{Envelope, PieceKind};
use super::markup::{Content, Element, Markup, Rules};
use super::prose::Prose;
use super::sniff::Sniff;
use crate::story::Format;
use crate::text::Traced;

/// One paragraph of a document.
#[derive(Debug)]
pub(crate) struct Paragraph {
    /// Its text; line breaks and tabs are kept.
    pub text: Traced<'static>,
    /// The name of its style; empty if it has none.
    pub style: String,
    /// Whether it is an item of a list.
    pub is_item: bool,
}

/// Returns whether a file is the text of a Word document.
pub(crate) fn recognises_docx(sniff: &Sniff<'_>) -> bool {
    sniff.has_root("document") && sniff.says("wordprocessingml")
}

/// Returns whether a file is the text of an OpenDocument text.
pub(crate) fn recognises_odt(sniff: &Sniff<'_>) -> bool {
    (sniff.has_root("document-content") || sniff.has_root("document"))
        && sniff.says("opendocument:xmlns")
}

/// Reads the text of a Word document.
pub(crate) fn read_docx(sniff: &Sniff<'_>) -> Option<Envelope> {
    read(sniff, Format::Docx, docx_paragraphs(sniff.text))
}

/// Reads the text of an OpenDocument text.
pub(crate) fn read_odt(sniff: &Sniff<'_>) -> Option<Envelope> {
    read(sniff, Format::Odt, odt_paragraphs(sniff.text))
}

fn read(sniff: &Sniff<'_>, format: Format, paragraphs: Vec<Paragraph>) -> Option<Envelope> {
    let mut out = Envelope::of(format, sniff.text.len());
    let mut prose = Prose::default();
    for paragraph in paragraphs {
        let is_heading = ["Heading2", "Heading3", "Heading_20_2", "Heading_20_3"]
            .contains(&paragraph.style.as_str());
        let kind = match (paragraph.is_item, is_heading) {
            (true, _) => PieceKind::ListItem,
            (false, true) => PieceKind::Crosshead,
            (false, false) => PieceKind::Line,
        };
        prose.piece(kind, &paragraph.text);
    }
    out.copy = prose.finish();
    Some(out)
}

/// Returns the paragraphs of `word/document.xml` that show anything.
pub(crate) fn docx_paragraphs(text: &str) -> Vec<Paragraph> {
    let markup = Markup::of(text, Rules::Xml);
    let mut out = Vec::new();
    for paragraph in markup.root().all("p") {
        if paragraph.full_name() != "w:p" {
            continue;
        }
        let mut words = Traced::default();
        docx_words(paragraph, &mut words);
        if words.text.trim().is_empty() {
            continue;
        }
        let properties = paragraph.child("pPr");
        let style = properties.and_then(|properties| properties.child("pStyle"));
        out.push(Paragraph {
            text: words,
            style: style.map_or_else(String::new, |style| style.value("val")),
            is_item: properties.is_some_and(|properties| properties.child("numPr").is_some()),
        });
    }
    out
}

fn docx_words(element: Element<'_>, out: &mut Traced<'static>) {
    for child in element.children() {
        match child.name() {
            "t" => {
                for content in child.contents() {
                    if let Content::Text(range) = content {
                        out.push(child.text_base(), range);
                    }
                }
            }
            "br" | "cr" => out.push_made("\n", child.source()),
            "tab" => out.push_made("\t", child.source()),
            "noBreakHyphen" => out.push_made("-", child.source()),
            // Properties, and what was deleted, moved away, or is a field's code; a text box is a
            // paragraph of its own.
            "pPr" | "rPr" | "del" | "moveFrom" | "instrText" | "txbxContent" | "Fallback" | "p" => {
            }
            _ => docx_words(child, out),
        }
    }
}

/// Returns the paragraphs of `content.xml` that show anything.
pub(crate) fn odt_paragraphs(text: &str) -> Vec<Paragraph> {
    let markup = Markup::of(text, Rules::Xml);
    let root = markup.root();
    let body = root.find("text").unwrap_or(root);
    let mut out = Vec::new();
    let items: Vec<_> = body.all("list-item").map(|item| item.whole()).collect();
    for paragraph in body.descendants() {
        if !matches!(paragraph.full_name(), "text:p" | "text:h") {
            continue;
        }
        let mut words = Traced::default();
        odt_words(paragraph, &mut words);
        if words.text.trim().is_empty() {
            continue;
        }
        let at = paragraph.whole().start;
        let before = items.partition_point(|item| item.start <= at);
        out.push(Paragraph {
            text: words,
            style: paragraph.value("style-name"),
            is_item: before > 0 && items[before - 1].end > at,
        });
    }
    out
}

fn odt_words(element: Element<'_>, out: &mut Traced<'static>) {
    for content in element.contents() {
        match content {
            Content::Text(range) => out.push(element.text_base(), range),
            Content::Element(child) => match child.full_name() {
                "text:s" | "text:tab" => out.push_made(" ", child.source()),
                "text:line-break" => out.push_made("\n", child.source()),
                "text:note"
                | "office:annotation"
                | "text:tracked-changes"
                | "text:p"
                | "text:h" => {}
                _ => odt_words(child, out),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_document_has_paragraphs() {
        let text = "<?xml version=\"1.0\"?><w:document \
                    xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
            <w:body><w:p><w:pPr><w:pStyle w:val=\"Title\"/></w:pPr><w:r><w:t>Ferry \
                    </w:t></w:r><w:r><w:t>sails &amp; returns</w:t></w:r></w:p>\
            <w:p/><w:p><w:del><w:r><w:t>No</w:t></w:r></w:del><w:r><w:t>It</w:t><w:br/><w:t>sailed.</w:t></w:r></w:p></w:body></w:document>";
        assert!(recognises_docx(&Sniff::new(text)));
        let found = docx_paragraphs(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].text.text, "Ferry sails &amp; returns");
        assert_eq!(found[0].style, "Title");
        assert_eq!(found[1].text.text, "It\nsailed.");
        for end in 0..text.len() {
            docx_paragraphs(&text[..end]);
        }
    }

    #[test]
    fn an_opendocument_text_has_paragraphs() {
        let text = "<office:document-content \
                    xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\"><office:body><office:text>\
            <text:h>Ferry</text:h><text:p>It<text:s/>sailed.<text:line-break/>Twice.</text:p><text:list><text:list-item><text:p>One</text:p>\
            </text:list-item></text:list></office:text></office:body></office:document-content>";
        assert!(recognises_odt(&Sniff::new(text)));
        let found = odt_paragraphs(text);
        let texts: Vec<_> = found.iter().map(|p| (&*p.text.text, p.is_item)).collect();
        assert_eq!(
            texts,
            [
                ("Ferry", false),
                ("It sailed.\nTwice.", false),
                ("One", true)
            ]
        );
    }
}
