//! An export as blocks: the lines and paragraphs of a text, a page, a Word or RTF document.

use super::fields::Slot;
use crate::lexicon::LEXICON;
use crate::text::{Traced, boundary, fold};
use crate::wire::cut::{Count, Cut};
use crate::wire::envelope::Fact;
use crate::wire::markup::{Content, Element, Markup, Rules, resolve};
use crate::wire::sniff::Sniff;
use crate::wire::{office, rtf};
use std::ops::Range;

/// A label has at most so many bytes.
const LABEL_AT_MOST: usize = 60;
/// The beginning of a document that each of its stories needs is at most so long.
pub(crate) const HEAD_WITHIN: usize = 64 << 10;
/// So far from the margin, a line of text is centred.
const CENTRED: usize = 8;
/// Elements of a page that are parts of a line.
const INLINE: [&str; 18] = [
    "a", "b", "i", "u", "s", "em", "strong", "span", "font", "sub", "sup", "small", "big", "mark",
    "abbr", "tt", "nobr", "wbr",
];
/// Elements of a page that show nothing.
const HIDDEN: [&str; 10] = [
    "script", "style", "title", "noscript", "img", "input", "meta", "link", "iframe", "select",
];

/// What an export's bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Text,
    Page,
    Word,
    Rtf,
}

impl Container {
    /// Returns what a file is, from its beginning.
    pub(crate) fn of(sniff: &Sniff<'_>) -> Self {
        if rtf::recognises(sniff) {
            Self::Rtf
        } else if office::recognises_docx(sniff) {
            Self::Word
        } else if sniff.root.is_some() {
            Self::Page
        } else {
            Self::Text
        }
    }
}

/// One paragraph, or a run of lines without an empty one between.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// Its text, with its line breaks, no white space around it.
    pub(crate) text: Traced<'static>,
    /// Blocks of one cell or division have the same number.
    pub(crate) group: usize,
    /// Whether the text is set away from the margin.
    pub(crate) is_centred: bool,
    /// The class of the element of a page that it is, if that was asked for.
    pub(crate) class: String,
}

impl Block {
    /// Returns the block of a text, without white space around it; none if nothing of it is seen.
    pub(crate) fn of(text: &Traced<'_>) -> Option<Self> {
        block(text, 0)
    }

    /// Returns its words on one line.
    pub(crate) fn fact(&self) -> Option<Fact> {
        Fact::of(&self.text)
    }

    /// Returns its words from `start` on one line.
    pub(crate) fn fact_from(&self, start: usize) -> Option<Fact> {
        Fact::of(&self.text.slice(start..self.text.len()))
    }

    /// Returns where it begins in the text that it was read from.
    pub(crate) fn start(&self) -> usize {
        self.text.range().start
    }

    /// Returns what its label says that it is, and where its value begins.
    pub(crate) fn label(&self) -> Option<(Slot, usize)> {
        let text = &*self.text.text;
        let line = text.split(['\n', '\r']).next().unwrap_or(text);
        let (colon, mark) = line
            .char_indices()
            .take_while(|(at, _)| *at <= LABEL_AT_MOST)
            .find(|(_, c)| matches!(c, ':' | '：'))?;
        let slot = slot(&text[..colon])?;
        Some((slot, colon + mark.len_utf8()))
    }

    /// The same where the label stands in capitals, as text and pages have it.
    pub(crate) fn capital_label(&self) -> Option<(Slot, usize)> {
        let (slot, value) = self.label()?;
        let name = &self.text.text[..value];
        (!name.chars().any(char::is_lowercase)).then_some((slot, value))
    }

    /// Returns what it is where it is a label and nothing else.
    pub(crate) fn bare_label(&self) -> Option<Slot> {
        (self.text.len() <= LABEL_AT_MOST).then(|| slot(self.text.text.trim_end_matches(':')))?
    }
}

/// Returns what a label means.
pub(super) fn slot(label: &str) -> Option<Slot> {
    let label = fold(label.trim());
    Slot::of(LEXICON.export_labels.get(label.trim())?)
}

/// Reads a file's blocks.
pub(super) fn read(sniff: &Sniff<'_>) -> Vec<Block> {
    match Container::of(sniff) {
        Container::Text => of_text(sniff.text, 0..sniff.text.len()),
        Container::Page => of_page(sniff.text),
        Container::Word => {
            let paragraphs = office::docx_paragraphs(sniff.text);
            numbered(paragraphs.into_iter().map(|paragraph| paragraph.text))
        }
        Container::Rtf => numbered(rtf::paragraphs(sniff.text).into_iter()),
    }
}

/// Reads a file's blocks, each line of a text by itself.
pub(super) fn read_lines(sniff: &Sniff<'_>) -> Vec<Block> {
    if Container::of(sniff) != Container::Text {
        return read(sniff);
    }
    let mut out = Vec::new();
    for line in line_ranges(sniff.text, 0..sniff.text.len()) {
        out.extend(of_text(sniff.text, line));
    }
    out
}

/// Returns the lines of a part of a text, whatever ends them, each with its end.
pub(super) fn line_ranges(text: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut at = range.start;
    std::iter::from_fn(move || {
        let rest = text.get(at..range.end).filter(|rest| !rest.is_empty())?;
        let end = match memchr::memchr2(b'\n', b'\r', rest.as_bytes()) {
            Some(end) if rest[end..].starts_with("\r\n") => end + 2,
            Some(end) => end + 1,
            None => rest.len(),
        };
        let line = at..at + end;
        at = line.end;
        Some(line)
    })
}

fn numbered(texts: impl Iterator<Item = Traced<'static>>) -> Vec<Block> {
    texts
        .enumerate()
        .filter_map(|(group, text)| block(&text, group))
        .collect()
}

fn block(text: &Traced<'_>, group: usize) -> Option<Block> {
    let unseen = |c: char| c.is_whitespace() || c == '\u{FEFF}';
    let start = text.len() - text.text.trim_start_matches(unseen).len();
    let end = text.text.trim_end_matches(unseen).len();
    (start < end).then(|| Block {
        text: text.slice(start..end),
        group,
        is_centred: false,
        class: String::new(),
    })
}

/// Returns the runs of lines of a part of a text.
pub(super) fn of_text(text: &str, range: Range<usize>) -> Vec<Block> {
    let mut out = Vec::new();
    let mut run: Option<Range<usize>> = None;
    let close = |run: Option<Range<usize>>, out: &mut Vec<Block>| {
        let Some(run) = run else { return };
        let line = &text[run.clone()];
        let margin: usize = line
            .chars()
            .take_while(|c| c.is_whitespace())
            .map(|c| if c == '\t' { CENTRED } else { 1 })
            .sum();
        if let Some(mut found) = block(&Traced::part(text, run), out.len()) {
            found.is_centred = margin >= CENTRED;
            out.push(found);
        }
    };
    for line in line_ranges(text, range) {
        if text[line.clone()].trim().is_empty() {
            close(run.take(), &mut out);
        } else {
            let start = run.map_or(line.start, |run| run.start);
            run = Some(start..line.end);
        }
    }
    close(run, &mut out);
    out
}

/// Returns the paragraphs of a page.
pub(super) fn of_page(text: &str) -> Vec<Block> {
    let markup = Markup::of(text, Rules::Html);
    of_element(markup.root(), &[])
}

/// Returns the paragraphs of one element of a page. An element of which a class has one of
/// `classes` in it is a paragraph, whatever it is, and its class is kept.
pub(super) fn of_element(element: Element<'_>, classes: &[&str]) -> Vec<Block> {
    let mut walk = PageWalk {
        classes,
        ..PageWalk::default()
    };
    walk.element(element);
    walk.close();
    walk.out
}

#[derive(Default)]
struct PageWalk<'c> {
    classes: &'c [&'c str],
    class: String,
    out: Vec<Block>,
    open: Traced<'static>,
    group: usize,
}

impl PageWalk<'_> {
    fn element(&mut self, element: Element<'_>) {
        for content in element.contents() {
            match content {
                Content::Text(range) => self.text(element.text_base(), range),
                Content::Element(child) if child.is_any(&HIDDEN) => {}
                Content::Element(child) if child.is("br") => self.line_break(child),
                Content::Element(child) => self.child(child),
            }
        }
    }

    fn child(&mut self, child: Element<'_>) {
        let class = match self.classes {
            [] => String::new(),
            _ => child.value("class"),
        };
        let is_apart = self.classes.iter().any(|part| class.contains(part));
        if child.is_any(&INLINE) && !is_apart {
            self.element(child);
            return;
        }
        self.close();
        let group = self.group;
        if !child.is("p") {
            self.group = child.whole().start;
        }
        let outer = std::mem::take(&mut self.class);
        self.class = match is_apart {
            true => class,
            false => outer.clone(),
        };
        self.element(child);
        self.close();
        self.class = outer;
        self.group = group;
    }

    /// Two line breaks part paragraphs.
    fn line_break(&mut self, element: Element<'_>) {
        let shown = self.open.text.trim_end_matches(' ');
        if shown.ends_with('\n') {
            self.close();
        } else {
            self.open.push_made("\n", element.source());
        }
    }

    /// Line breaks in the source of a page mean nothing.
    fn text(&mut self, base: &Traced<'_>, range: Range<usize>) {
        let mut at = range.start;
        for (found, _) in base.text[range.clone()].match_indices(['\n', '\r', '\t']) {
            let found = range.start + found;
            resolve(base, at..found, &mut self.open);
            self.open.push_made(" ", base.source(found..found + 1));
            at = found + 1;
        }
        resolve(base, at..range.end, &mut self.open);
    }

    fn close(&mut self) {
        let text = std::mem::take(&mut self.open);
        if let Some(mut found) = block(&text, self.group) {
            found.class.clone_from(&self.class);
            self.out.push(found);
        }
    }
}

/// Cuts a file into stories. `starts` are the bytes at which the second story and those after it
/// begin, in order.
pub(super) fn cut(
    sniff: &Sniff<'_>,
    starts: impl IntoIterator<Item = usize>,
    count: Option<Count>,
) -> Cut {
    let mut slices = Vec::new();
    let mut from = 0;
    for start in starts {
        let to = cut_before(sniff, from, start.max(from));
        slices.push(from..to);
        from = to;
    }
    slices.push(from..sniff.text.len());
    Cut {
        head: head(sniff),
        slices,
        count,
        ..Cut::default()
    }
}

/// Returns where a story that begins with the byte `at` can be cut from what is before it, no
/// farther back than `from`.
fn cut_before(sniff: &Sniff<'_>, from: usize, at: usize) -> usize {
    let before = &sniff.text[from..at];
    match Container::of(sniff) {
        // Digits must not come to stand right after the head's last control word.
        Container::Rtf => before
            .rfind(['\\', '{', '}', ' ', '\n', '\r'])
            .map_or(at, |start| from + start),
        Container::Text => before
            .rfind(['\n', '\r'])
            .map_or(from, |end| from + end + 1),
        Container::Word => {
            let opens = before.rfind("<w:p>").max(before.rfind("<w:p "));
            opens.map_or(at, |start| from + start)
        }
        Container::Page => from + before_tags(before),
    }
}

/// Goes back over the tags that open what follows.
fn before_tags(before: &str) -> usize {
    let mut end = before.trim_end().len();
    while before[..end].ends_with('>')
        && let Some(open) = before[..end].rfind('<')
        && !before[open..end].starts_with("</")
        && !before[open..end].starts_with("<!")
        && !before[..end].ends_with("-->")
    {
        end = before[..open].trim_end().len();
    }
    end
}

/// Returns what each story of a file needs before it to be read alone: what a page says of its
/// character set, what a document says of its format.
fn head(sniff: &Sniff<'_>) -> Range<usize> {
    let text = sniff.text;
    match Container::of(sniff) {
        Container::Text => 0..0,
        Container::Page => {
            let within = text[..boundary(text, 4096)].to_ascii_lowercase();
            within
                .find("charset=")
                .and_then(|at| within[at..].find('>').map(|end| 0..at + end + 1))
                .unwrap_or(0..0)
        }
        Container::Word => text[..boundary(text, HEAD_WITHIN)]
            .find("<w:body")
            .and_then(|at| text[at..].find('>').map(|end| 0..at + end + 1))
            .unwrap_or(0..0),
        Container::Rtf => {
            let within = &text[..boundary(text, 1024)];
            let word = within.find("\\ansicpg").map(|at| at + "\\ansicpg".len());
            let end = word.map(|at| {
                let digits = within[at..].bytes().take_while(u8::is_ascii_digit).count();
                at + digits
            });
            let rtf = within.find("\\rtf").map_or(0, |at| at + "\\rtf".len());
            let version = within[rtf..].bytes().take_while(u8::is_ascii_digit).count();
            0..end.unwrap_or(rtf + version)
        }
    }
}
