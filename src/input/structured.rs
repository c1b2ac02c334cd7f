//! Files that hold text inside another format, such as JSON or HTML. Read as plain copy they would
//! give stories of garbage, so they are named, with what to do.
//!
//! Recognised by their first bytes alone. What is not certain is read as text: a story that begins
//! with `<`, `{` or a list of words is a story.

use super::Foreign;
use std::borrow::Cow;

/// So much of a file is looked at.
const BEGINNING: usize = 16 << 10;

const READ_ITS_TEXT: &str =
    "save its text as a plain text file first, or read it as it is with `--force-text`";

/// Returns what the bytes are, if they certainly are text inside another format.
pub(super) fn recognise(bytes: &[u8]) -> Option<Foreign> {
    let beginning = plain_beginning(bytes);
    let text = String::from_utf8_lossy(&beginning);
    let shown = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    let what = if shown.starts_with("{\\rtf") {
        "an RTF document"
    } else if shown.starts_with("%!PS") {
        "a PostScript document"
    } else if shown.starts_with("WARC/1.") {
        "a web archive (WARC)"
    } else if let Some(what) = json(shown) {
        what
    } else if let Some(what) = markup(shown) {
        what
    } else {
        table(shown, beginning.len() == BEGINNING)?
    };
    Some(Foreign {
        what,
        remedy: READ_ITS_TEXT,
    })
}

/// Returns the first bytes; those of UTF-16 without their zeros, which leaves ASCII as it is.
fn plain_beginning(bytes: &[u8]) -> Cow<'_, [u8]> {
    let beginning = &bytes[..bytes.len().min(BEGINNING)];
    if beginning.starts_with(b"\xFF\xFE") || beginning.starts_with(b"\xFE\xFF") {
        let units = beginning[2..].iter().copied();
        return units.filter(|byte| *byte != 0).collect();
    }
    Cow::Borrowed(beginning)
}

/// Returns whether the text begins as JSON does: an object with a name and a colon, or an array of
/// such.
fn json(text: &str) -> Option<&'static str> {
    let object = text.strip_prefix('[').unwrap_or(text).trim_start();
    let name = object.strip_prefix('{')?.trim_start().strip_prefix('"')?;
    let (_, after) = name.split_once('"')?;
    after.trim_start().starts_with(':').then_some("JSON")
}

/// Returns what the first element of markup says that a file is.
fn markup(text: &str) -> Option<&'static str> {
    let declared = text.starts_with("<?xml ");
    let mut rest = text;
    let root = loop {
        rest = rest.trim_start();
        let inside = rest.strip_prefix('<')?;
        if let Some(comment) = inside.strip_prefix("!--") {
            rest = comment.split_once("-->")?.1;
        } else if inside.starts_with('?') {
            rest = inside.split_once('>')?.1;
        } else if let Some(kind) = inside.strip_prefix('!') {
            let kind = kind.to_ascii_lowercase();
            let kind = kind.strip_prefix("doctype ")?.trim_start();
            if kind.starts_with("html") {
                return Some("an HTML page");
            }
            // An internal subset has declarations in brackets.
            let (head, after) = inside.split_once('>')?;
            rest = if head.contains('[') {
                inside.split_once("]>")?.1
            } else {
                after
            };
        } else {
            let end = inside.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))?;
            break inside[..end].to_ascii_lowercase();
        }
    };
    let local = root.rsplit(':').next().unwrap_or(&root);
    match local {
        "html" | "head" | "body" => Some("an HTML page"),
        "nitf" => Some("a NITF document"),
        "newsml" | "newsitem" | "newsmessage" | "packageitem" | "knowledgeitem" => {
            Some("a NewsML document")
        }
        "rss" | "feed" | "rdf" if declared || rest.contains("xmlns") || local == "rss" => {
            Some("a web feed")
        }
        _ if declared => Some("an XML document"),
        _ => None,
    }
}

/// Names of columns in exports of stories. A first line with one of them, and only short words
/// beside it, is the head of a table.
const COLUMNS: &[&str] = &[
    "article",
    "author",
    "body",
    "byline",
    "caption",
    "category",
    "content",
    "created_at",
    "date",
    "description",
    "headline",
    "id",
    "language",
    "lead",
    "link",
    "published",
    "published_at",
    "publisher",
    "section",
    "slug",
    "source",
    "speaker",
    "summary",
    "tags",
    "text",
    "timestamp",
    "title",
    "url",
    "uuid",
];
/// Rows looked at.
const ROWS: usize = 20;

/// Returns whether the text is a table of values: a head of column names, and rows as long as the
/// head.
fn table(text: &str, is_cut: bool) -> Option<&'static str> {
    let head = text.lines().next()?;
    [
        (b'\t', "a table (tab-separated)"),
        (b',', "a table (CSV)"),
        (b';', "a table (CSV)"),
    ]
    .into_iter()
    .find(|(delimiter, _)| {
        has_column_names(head, *delimiter) && has_even_rows(text, *delimiter, is_cut)
    })
    .map(|(_, what)| what)
}

fn has_column_names(head: &str, delimiter: u8) -> bool {
    let names: Vec<String> = head
        .split(char::from(delimiter))
        .map(|name| name.trim().trim_matches('"').to_lowercase())
        .collect();
    let is_name = |name: &String| {
        name.len() <= 30
            && name.split(' ').count() <= 3
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || " _-#./()".contains(c))
    };
    // One word of the list can stand in a list of anything; two are the head of a table.
    let known = names.iter().filter(|name| COLUMNS.contains(&name.as_str()));
    names.len() > 1 && names.iter().all(is_name) && known.count() > 1
}

/// Returns whether at least one row follows the head, and all have its length. The last row of a
/// beginning may be cut.
fn has_even_rows(text: &str, delimiter: u8, is_cut: bool) -> bool {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut lengths: Vec<usize> = reader
        .records()
        .take(ROWS)
        .map_while(Result::ok)
        .map(|row| row.len())
        .collect();
    if is_cut && lengths.len() < ROWS {
        lengths.pop();
    }
    lengths.len() > 1 && lengths.iter().all(|length| *length == lengths[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(bytes: &[u8]) -> Option<&'static str> {
        recognise(bytes).map(|foreign| foreign.what)
    }

    #[test]
    fn formats_are_recognised_by_their_beginning() {
        let utf16: Vec<u8> = "\u{FEFF}{\"id\": 1}"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let cases: [(&[u8], &str); 16] = [
            (b"{\\rtf1\\ansi Headline\\par}", "RTF"),
            (b"%!PS-Adobe-3.0\n", "PostScript"),
            (b"WARC/1.0\r\nWARC-Type: response", "WARC"),
            (b"{\"id\": 1}", "JSON"),
            (b"\xEF\xBB\xBF [ {\n \"id\" : 1", "JSON"),
            (&utf16, "JSON"),
            (b"<!DOCTYPE html><title>A</title>", "HTML"),
            (b"\n<!-- saved -->\n<HTML lang=\"en\">", "HTML"),
            (
                b"<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\">",
                "HTML",
            ),
            (
                b"<?xml version=\"1.0\"?>\n<!DOCTYPE nitf [<!ENTITY a \"b\">]>\n<nitf>",
                "NITF",
            ),
            (b"<nitf><head/></nitf>", "NITF"),
            (
                b"<newsItem xmlns=\"http://iptc.org/std/nar/2006-10-01/\">",
                "NewsML",
            ),
            (b"<?xml version=\"1.0\"?><feed>", "feed"),
            (b"<?xml version=\"1.0\"?><stories>", "XML"),
            (
                b"id,headline,body\n1,\"Strike, again\",\"One.\nTwo.\"\n",
                "CSV",
            ),
            (
                b"Title\tDate\tText\nStrike\t2024-03-05\tDockers went back.\n",
                "tab",
            ),
        ];
        for (bytes, name) in cases {
            assert!(
                what(bytes).is_some_and(|what| what.contains(name)),
                "{name}: {:?}",
                String::from_utf8_lossy(bytes)
            );
        }
    }

    #[test]
    fn a_story_is_a_story_whatever_it_begins_with() {
        for text in [
            "",
            "<MSFT.O> shares rose on Monday.",
            "<Port strike ends>",
            "< a mark",
            "<p>Dockers went back to work.</p>",
            "<HEADLINE>PORT STRIKE ENDS</HEADLINE>",
            "{Editors: repeats to fix date}",
            "{ \"Repeat\" }",
            "[Slug] PORT STRIKE",
            "[\"We won,\" they said]",
            "Author, author: a title for the stage\nBy Ana Ruiz, text and photos\n",
            "Date, place, weather\nLima, sunny, 20\n",
            "Source: text of the agreement\n",
            "Title; Author\n",
            "id,headline\nDockers went back to work on Monday.\n",
        ] {
            assert_eq!(what(text.as_bytes()), None, "{text:?}");
        }
    }
}
