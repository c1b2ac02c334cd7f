//! Marked-up running text to copy in pieces: paragraphs, headings, lists, tables.
//!
//! NITF bodies, XHTML inside NewsML, the HTML inside ninjs and feeds, and whole pages are set with
//! the same few elements. This walks them in reading order and writes copy in which an empty line
//! parts the pieces, each with what the markup says that it is.

use super::envelope::{Copy, Piece, PieceKind};
use super::markup::{Content, Element, Markup, Rules};
use crate::text::Traced;
use std::ops::Range;

/// Never shown, or shown elsewhere.
const HIDDEN: [&str; 29] = [
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "head",
    "iframe",
    "object",
    "embed",
    "form",
    "button",
    "select",
    "input",
    "textarea",
    "figure",
    "media",
    "img",
    "picture",
    "video",
    "audio",
    "canvas",
    "map",
    "title",
    "meta",
    "link",
    "figcaption",
    "media-caption",
    "media-producer",
    "math",
];
/// Parts of a line, wherever they stand.
const INLINE: [&str; 34] = [
    "a", "b", "i", "u", "s", "em", "strong", "span", "font", "sub", "sup", "small", "big", "tt",
    "code", "q", "cite", "abbr", "acronym", "time", "mark", "ins", "del", "strike", "person",
    "org", "location", "city", "country", "state", "region", "chron", "money", "num",
];
/// Never a part of a line.
const BLOCKS: [&str; 22] = [
    "p",
    "div",
    "section",
    "article",
    "main",
    "blockquote",
    "bq",
    "block",
    "ul",
    "ol",
    "dl",
    "dt",
    "table",
    "tbody",
    "thead",
    "tr",
    "td",
    "th",
    "header",
    "footer",
    "aside",
    "center",
];
/// A cell with more characters than this holds running text, and its table is a layout.
const CELL_AT_MOST: usize = 160;
/// Lines of a paragraph that are longer than this on average were not wrapped by hand.
const WRAPPED_AT_MOST: usize = 90;

/// Copy in the making.
#[derive(Debug, Default)]
pub(crate) struct Prose {
    text: Traced<'static>,
    pieces: Vec<Piece>,
    /// What the piece under way is, and where it begins.
    open: Option<(PieceKind, usize)>,
    /// Elements under way that hold one paragraph.
    in_paragraph: usize,
}

/// How a body is walked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Walk {
    /// What a paragraph is.
    pub paragraph: PieceKind,
    /// Whether an element is left out, beside those that nobody sees.
    pub skip: fn(&Element<'_>) -> bool,
}

impl Walk {
    /// Paragraphs are paragraphs of the body, and everything counts.
    pub(crate) const BODY: Self = Self {
        paragraph: PieceKind::Paragraph,
        skip: |_| false,
    };
    /// Paragraphs may be anything.
    pub(crate) const COPY: Self = Self {
        paragraph: PieceKind::Line,
        skip: |_| false,
    };
}

impl Prose {
    /// Returns the copy.
    pub(crate) fn finish(mut self) -> Copy {
        self.end_piece();
        Copy::Made {
            text: self.text,
            pieces: self.pieces,
        }
    }

    /// Appends a piece.
    pub(crate) fn piece(&mut self, kind: PieceKind, text: &Traced<'_>) {
        self.end_piece();
        self.words(kind, text, 0..text.len());
        self.end_piece();
    }

    /// Appends a part of a text to the piece under way, or to a new one.
    fn words(&mut self, kind: PieceKind, text: &Traced<'_>, range: Range<usize>) {
        if self.open.is_none() {
            let words = &text.text[range.clone()];
            let lead = words.len() - words.trim_start().len();
            if lead == words.len() {
                return;
            }
            let start = self.text.len();
            self.open = Some((kind, start));
            let start = range.start
                + if kind == PieceKind::Preformatted {
                    0
                } else {
                    lead
                };
            self.text.push(text, start..range.end);
            return;
        }
        self.text.push(text, range);
    }

    /// Ends the piece under way.
    fn end_piece(&mut self) {
        let Some((kind, start)) = self.open.take() else {
            return;
        };
        let words = &self.text.text[start..];
        let kind = match kind {
            PieceKind::Paragraph | PieceKind::Line if holds_paragraphs(words) => PieceKind::Any,
            kind => kind,
        };
        let at = self.text.range().end;
        self.text.push_made("\n\n", at..at);
        self.pieces.push(Piece {
            end: self.text.len(),
            kind,
        });
    }

    /// Appends what an element holds.
    pub(crate) fn element(&mut self, element: Element<'_>, walk: Walk) {
        self.walk(element, walk.paragraph, walk);
        self.end_piece();
    }

    /// Appends what an element holds, whether as markup or as text that is markup itself.
    pub(crate) fn content(&mut self, element: Element<'_>, walk: Walk) {
        if element.has_elements() {
            self.element(element, walk);
        } else {
            self.string(element.resolved(), walk);
        }
    }

    /// Appends a text that is HTML or plain copy.
    pub(crate) fn string(&mut self, text: Traced<'_>, walk: Walk) {
        if is_html(&text.text) {
            let markup = Markup::new(text, Rules::Html);
            self.element(markup.root(), walk);
        } else {
            // Text on one line is what a paragraph is; more is joined by its layout.
            let kind = match text.text.trim().contains('\n') {
                true => PieceKind::Any,
                false => walk.paragraph,
            };
            self.piece(kind, &text);
        }
    }

    fn walk(&mut self, element: Element<'_>, kind: PieceKind, walk: Walk) {
        for content in element.contents() {
            match content {
                Content::Text(range) => self.words(kind, element.text_base(), range),
                Content::Element(child) => self.child(child, kind, walk),
            }
        }
    }

    fn child(&mut self, child: Element<'_>, kind: PieceKind, walk: Walk) {
        if child.is_any(&HIDDEN) || (walk.skip)(&child) {
            return;
        }
        let name = child.name().to_ascii_lowercase();
        match name.as_str() {
            "br" => {
                if self.open.is_some() {
                    let at = child.source();
                    self.text.push_made("\n", at);
                }
            }
            "hr" => self.end_piece(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hl2" => {
                let kind = match walk.paragraph {
                    // A heading of a page may be its headline.
                    PieceKind::Line if name == "h1" => PieceKind::Line,
                    _ => PieceKind::Crosshead,
                };
                self.block(child, kind, walk);
            }
            "li" | "dd" => self.block(child, PieceKind::ListItem, walk),
            "pre" => self.preformatted(child),
            "table" | "nitf-table" if is_data(child) => self.table(child),
            _ if INLINE.contains(&name.as_str()) => self.walk(child, kind, walk),
            _ if BLOCKS.contains(&name.as_str()) => self.block(child, kind, walk),
            // Senders mark people and companies in a paragraph with elements of their own.
            _ if self.in_paragraph > 0 => self.walk(child, kind, walk),
            _ => self.block(child, kind, walk),
        }
    }

    fn block(&mut self, child: Element<'_>, kind: PieceKind, walk: Walk) {
        self.end_piece();
        let is_paragraph = child.is_any(&["p", "li", "hl2", "h1", "h2", "h3", "h4", "dd", "dt"]);
        self.in_paragraph += usize::from(is_paragraph);
        self.walk(child, kind, walk);
        self.in_paragraph -= usize::from(is_paragraph);
        self.end_piece();
    }

    fn preformatted(&mut self, child: Element<'_>) {
        let words = child.words();
        let lines = words.text.lines().filter(|line| !line.trim().is_empty());
        let (count, columns) = lines.fold((0, 0), |(count, columns), line| {
            let set = line.trim().contains("  ") || line.contains('\t');
            (count + 1, columns + usize::from(set))
        });
        // Wires send running text in `pre`, too.
        let is_table = columns * 3 >= count;
        let kind = if is_table {
            PieceKind::Preformatted
        } else {
            PieceKind::Any
        };
        self.end_piece();
        self.words(kind, &words, 0..words.len());
        if let Some(open) = &mut self.open {
            open.0 = kind;
        }
        self.end_piece();
    }

    /// A table of data: a line a row, wide gaps between cells.
    fn table(&mut self, table: Element<'_>) {
        self.end_piece();
        for row in table.all("tr") {
            let mut is_first = true;
            for cell in row.children().filter(|cell| cell.is_any(&["td", "th"])) {
                let words = cell.words();
                let shown = words.text.trim();
                if shown.is_empty() {
                    continue;
                }
                let start = words.len() - words.text.trim_start().len();
                let range = start..start + shown.len();
                if !is_first {
                    let at = words.source(range.start..range.start);
                    self.text.push_made("   ", at);
                }
                let flat = flat(&words, range);
                let all = 0..flat.len();
                self.words(PieceKind::Preformatted, &flat, all);
                is_first = false;
            }
            if !is_first {
                let at = row.source();
                self.text.push_made("\n", at.end..at.end);
            }
        }
        self.end_piece();
    }
}

/// Returns a part of a text with its line breaks made spaces.
fn flat(text: &Traced<'_>, range: Range<usize>) -> Traced<'static> {
    let mut out = Traced::default();
    let mut at = range.start;
    for (i, _) in text.text[range.clone()].match_indices(['\n', '\r', '\t']) {
        let i = range.start + i;
        out.push(text, at..i);
        out.push_made(" ", text.source(i..i + 1));
        at = i + 1;
    }
    out.push(text, at..range.end);
    out
}

/// Returns whether a table holds data, not the layout of running text.
fn is_data(table: Element<'_>) -> bool {
    let mut cells = table
        .descendants()
        .filter(|cell| cell.is_any(&["td", "th"]))
        .peekable();
    let rows = table.all("tr").count();
    let wide = table
        .all("tr")
        .any(|row| row.children().filter(|c| c.is_any(&["td", "th"])).count() > 1);
    cells.peek().is_some()
        && rows > 1
        && wide
        && cells.all(|cell| cell.words().len() <= CELL_AT_MOST && cell.find("table").is_none())
}

/// Returns whether a text is HTML.
pub(crate) fn is_html(text: &str) -> bool {
    const TAGS: [&str; 12] = [
        "p", "br", "div", "span", "b", "i", "em", "strong", "a", "h1", "h2", "section",
    ];
    memchr::memchr_iter(b'<', text.as_bytes())
        .take(200)
        .any(|at| {
            let rest = text[at + 1..].trim_start_matches('/');
            let name: String = rest
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .take(10)
                .collect::<String>()
                .to_ascii_lowercase();
            let after = rest[name.len()..].chars().next();
            (TAGS.contains(&name.as_str())
                || [
                    "h3",
                    "h4",
                    "ul",
                    "ol",
                    "li",
                    "table",
                    "pre",
                    "html",
                    "body",
                    "article",
                    "figure",
                    "blockquote",
                    "hr",
                    "img",
                ]
                .contains(&name.as_str()))
                && matches!(after, Some('>' | '/' | ' ' | '\n' | '\t' | '\r'))
        })
}

/// Returns whether the text of one paragraph element is several paragraphs, one a line or with
/// empty lines between: some senders put a whole story into one.
fn holds_paragraphs(text: &str) -> bool {
    let shown = text.trim();
    if !shown.contains('\n') {
        return false;
    }
    let lines: Vec<&str> = shown.lines().map(str::trim).collect();
    let full: Vec<&&str> = lines.iter().filter(|line| !line.is_empty()).collect();
    if full.len() < 3 {
        return full.len() == 2 && lines.len() > 2;
    }
    if full.len() < lines.len() {
        return true;
    }
    let ends = full
        .iter()
        .filter(|line| {
            line.trim_end_matches(['"', '\'', '”', '’', '»', ')'])
                .ends_with(['.', '!', '?', ':', '。', '؟'])
        })
        .count();
    let length: usize = full.iter().map(|line| line.chars().count()).sum();
    ends * 5 >= full.len() * 4 && length > WRAPPED_AT_MOST * full.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(html: &str, walk: Walk) -> Vec<(PieceKind, String)> {
        let markup = Markup::of(html, Rules::Html);
        let mut prose = Prose::default();
        prose.element(markup.root(), walk);
        let Copy::Made { text, pieces } = prose.finish() else {
            panic!("it is made");
        };
        let mut start = 0;
        pieces
            .iter()
            .map(|piece| {
                let words = text.text[start..piece.end].trim().to_owned();
                start = piece.end;
                (piece.kind, words)
            })
            .collect()
    }

    #[test]
    fn paragraphs_headings_lists_and_tables() {
        let html = "<div>\n<h2>The harbour</h2><p>One <b>bold</b> \
                    word.</p>\n<p>Two.</p><ul><li>a<li>b</ul>\
            <table><tr><th>Team</th><th>Pts</th></tr><tr><td>Reds</td><td>3</td></tr></table></div>";
        assert_eq!(
            pieces(html, Walk::BODY),
            [
                (PieceKind::Crosshead, "The harbour".into()),
                (PieceKind::Paragraph, "One bold word.".into()),
                (PieceKind::Paragraph, "Two.".into()),
                (PieceKind::ListItem, "a".into()),
                (PieceKind::ListItem, "b".into()),
                (PieceKind::Preformatted, "Team   Pts\nReds   3".into()),
            ]
        );
    }

    #[test]
    fn a_story_in_one_paragraph_is_taken_apart_later() {
        let line = "The ferry will sail again on Monday, the harbour master said, when the new \
                    engine has been tested at sea.";
        let html = format!("<p>{line}\n{line}\n{line}</p><p>One\nwrapped line\nof three.</p>");
        let kinds: Vec<_> = pieces(&html, Walk::BODY).iter().map(|p| p.0).collect();
        assert_eq!(kinds, [PieceKind::Any, PieceKind::Paragraph]);
    }

    #[test]
    fn what_nobody_sees_is_left_out() {
        assert_eq!(
            pieces(
                "<p>Seen<script>no()</script></p><figure><figcaption>No</figcaption></figure>",
                Walk::BODY
            ),
            [(PieceKind::Paragraph, "Seen".into())]
        );
    }
}
