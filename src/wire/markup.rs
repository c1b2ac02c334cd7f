//! Markup as a tree with places: XML, SGML and HTML, whole or cut off anywhere.
//!
//! Why not quick-xml or html5ever: every word of a record must lead back to its bytes, which
//! html5ever forgets; a story cut out of an export is not well-formed, which quick-xml refuses;
//! and SGML has neither's rules. A document type is passed over unread: nothing is ever expanded
//! but the entities of HTML, so that no file can name another one or grow in memory.
//!
//! Work is linear: each byte is looked at a bounded number of times, whatever is left open.

use crate::text::{Traced, entity};
use std::ops::Range;

/// Deeper elements become their ancestor's at this depth; no document needs more.
const DEEPEST: usize = 256;
/// So far up an end tag looks for its start tag, and a start tag for what it closes.
const LOOKS_UP: usize = 64;
/// No node.
const NONE: u32 = u32::MAX;

/// Elements of HTML that have no content.
const VOID: [&str; 16] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr", "basefont", "frame",
];
/// Elements of HTML whose content is no markup.
const RAW: [&str; 4] = ["script", "style", "textarea", "title"];
/// Elements of HTML that end a paragraph.
const BLOCKS: [&str; 36] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "dialog",
    "dd",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "td",
    "ul",
];

/// Which rules a text follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rules {
    /// Every element is closed; nothing is implied.
    Xml,
    /// Void elements, scripts, implied end tags.
    Html,
}

/// A text read as markup.
#[derive(Debug)]
pub(crate) struct Markup<'t> {
    base: Traced<'t>,
    nodes: Vec<Node>,
}

#[derive(Clone, Debug)]
struct Node {
    kind: Kind,
    /// Of an element its name, of anything else nothing.
    name: Range<usize>,
    /// Of an element its attributes, of text the text.
    inner: Range<usize>,
    /// From the start tag to the end tag.
    whole: Range<usize>,
    first: u32,
    last: u32,
    next: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Element,
    Text,
    /// Text in which nothing stands for anything else.
    Literal,
}

impl<'t> Markup<'t> {
    /// Reads a text.
    pub(crate) fn new(base: Traced<'t>, rules: Rules) -> Self {
        let nodes = Builder::new(&base.text, rules).build();
        Self { base, nodes }
    }

    /// Reads a text that stands for itself.
    pub(crate) fn of(text: &'t str, rules: Rules) -> Self {
        Self::new(Traced::whole(text), rules)
    }

    /// Returns the element that holds all others; it has no name.
    pub(crate) fn root(&self) -> Element<'_> {
        Element {
            doc: &self.base,
            nodes: &self.nodes,
            at: 0,
        }
    }
}

/// One element.
#[derive(Clone, Copy)]
pub(crate) struct Element<'m> {
    doc: &'m Traced<'m>,
    nodes: &'m [Node],
    at: usize,
}

impl std::fmt::Debug for Element<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "<{}>", self.name())
    }
}

/// What an element holds.
#[derive(Debug)]
pub(crate) enum Content<'m> {
    /// Another element.
    Element(Element<'m>),
    /// Text, as a range of the markup's text.
    Text(Range<usize>),
}

impl<'m> Element<'m> {
    fn node(&self) -> &'m Node {
        &self.nodes[self.at]
    }

    /// Returns its name without a prefix.
    pub(crate) fn name(&self) -> &'m str {
        let name = self.full_name();
        name.rsplit_once(':').map_or(name, |(_, local)| local)
    }

    /// Returns its name.
    pub(crate) fn full_name(&self) -> &'m str {
        &self.doc.text[self.node().name.clone()]
    }

    /// Returns whether its name without a prefix is this one, whatever the case.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name)
    }

    /// Returns whether its name is one of these.
    pub(crate) fn is_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.is(name))
    }

    /// Returns the text that all ranges here point into, with the way back to what it was made
    /// from.
    pub(crate) fn text_base(&self) -> &'m Traced<'m> {
        self.doc
    }

    /// Returns where it stands in the markup's text, tags and all.
    pub(crate) fn whole(&self) -> Range<usize> {
        self.node().whole.clone()
    }

    /// Returns where it stands in what the markup's text was made from.
    pub(crate) fn source(&self) -> Range<usize> {
        self.doc.source(self.whole())
    }

    /// Returns what it holds, in order.
    pub(crate) fn contents(self) -> impl Iterator<Item = Content<'m>> {
        let mut next = self.node().first;
        std::iter::from_fn(move || {
            let node = self.nodes.get(next as usize)?;
            let at = next as usize;
            next = node.next;
            Some(match node.kind {
                Kind::Element => Content::Element(Element { at, ..self }),
                Kind::Text | Kind::Literal => Content::Text(node.inner.clone()),
            })
        })
    }

    /// Returns its child elements.
    pub(crate) fn children(self) -> impl Iterator<Item = Element<'m>> {
        self.contents().filter_map(|content| match content {
            Content::Element(element) => Some(element),
            Content::Text(_) => None,
        })
    }

    /// Returns its child elements of a name.
    pub(crate) fn each<'n>(self, name: &'n str) -> impl Iterator<Item = Element<'m>> + use<'m, 'n> {
        self.children().filter(move |child| child.is(name))
    }

    /// Returns its first child of a name.
    pub(crate) fn child(self, name: &str) -> Option<Element<'m>> {
        self.children().find(|child| child.is(name))
    }

    /// Returns all elements in it, in the order of their start tags.
    pub(crate) fn descendants(self) -> impl Iterator<Item = Element<'m>> {
        // Nodes stand in document order; its own end where its last descendant does.
        let end = self.end();
        (self.at + 1..end)
            .filter(move |at| self.nodes[*at].kind == Kind::Element)
            .map(move |at| Element { at, ..self })
    }

    /// Returns one past its last descendant.
    fn end(&self) -> usize {
        let mut at = self.at;
        loop {
            let last = self.nodes[at].last;
            if last == NONE {
                return at + 1;
            }
            at = last as usize;
        }
    }

    /// Returns the first element of a name in it.
    pub(crate) fn find(self, name: &str) -> Option<Element<'m>> {
        self.descendants().find(|element| element.is(name))
    }

    /// Returns all elements of a name in it.
    pub(crate) fn all<'n>(self, name: &'n str) -> impl Iterator<Item = Element<'m>> + use<'m, 'n> {
        self.descendants().filter(move |element| element.is(name))
    }

    /// Returns the value of an attribute, by its name without a prefix.
    pub(crate) fn attr(&self, name: &str) -> Option<Traced<'static>> {
        let range = attribute(&self.doc.text, self.node().inner.clone(), name)?;
        Some(self.doc.slice(range))
    }

    /// Returns the value of an attribute as text; empty if there is none.
    pub(crate) fn value(&self, name: &str) -> String {
        self.attr(name).map_or_else(String::new, |value| {
            let (text, _) = crate::text::clean(&value.text, 0..value.len(), &[]);
            text.trim().to_owned()
        })
    }

    /// Returns all text in it, as it stands: entities are not resolved.
    pub(crate) fn words(&self) -> Traced<'static> {
        let mut out = Traced::default();
        let mut broken = false;
        for at in self.at + 1..self.end() {
            let node = &self.nodes[at];
            if node.kind == Kind::Element {
                let name = &self.doc.text[node.name.clone()];
                broken |= name.eq_ignore_ascii_case("br")
                    || BLOCKS.iter().any(|block| name.eq_ignore_ascii_case(block));
                continue;
            }
            if broken && !out.is_empty() {
                out.push_made("\n", self.doc.source(node.inner.start..node.inner.start));
            }
            broken = false;
            out.push(self.doc, node.inner.clone());
        }
        out
    }

    /// Returns whether any element is in it.
    pub(crate) fn has_elements(&self) -> bool {
        self.descendants().next().is_some()
    }

    /// Returns its text with entities resolved once: what stands in a CDATA section or is escaped.
    pub(crate) fn resolved(&self) -> Traced<'static> {
        let mut out = Traced::default();
        for at in self.at + 1..self.end() {
            let node = &self.nodes[at];
            match node.kind {
                Kind::Element => {}
                Kind::Literal => out.push(self.doc, node.inner.clone()),
                Kind::Text => resolve(self.doc, node.inner.clone(), &mut out),
            }
        }
        out
    }
}

/// Appends a part of a text, entities resolved.
pub(crate) fn resolve(base: &Traced<'_>, range: Range<usize>, out: &mut Traced<'static>) {
    let mut at = range.start;
    while let Some(found) = memchr::memchr(b'&', &base.text.as_bytes()[at..range.end]) {
        out.push(base, at..at + found);
        at += found;
        match entity(&base.text[at..range.end]) {
            Some((len, shown)) => {
                out.push_made(&shown, base.source(at..at + len));
                at += len;
            }
            None => {
                out.push(base, at..at + 1);
                at += 1;
            }
        }
    }
    out.push(base, at..range.end);
}

/// Returns the value of an attribute among those of a tag.
fn attribute(text: &str, attributes: Range<usize>, wanted: &str) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = attributes.start;
    let end = attributes.end;
    let is_space = |at: usize| bytes[at].is_ascii_whitespace();
    while at < end {
        while at < end && (is_space(at) || bytes[at] == b'/') {
            at += 1;
        }
        let start = at;
        while at < end && !is_space(at) && bytes[at] != b'=' {
            at += 1;
        }
        let name = &text[start..at];
        while at < end && is_space(at) {
            at += 1;
        }
        let mut value = at..at;
        if at < end && bytes[at] == b'=' {
            at += 1;
            while at < end && is_space(at) {
                at += 1;
            }
            if at < end && matches!(bytes[at], b'"' | b'\'') {
                let quote = bytes[at];
                let close = memchr::memchr(quote, &bytes[at + 1..end]).map_or(end, |n| at + 1 + n);
                value = at + 1..close;
                at = (close + 1).min(end);
            } else {
                let start = at;
                while at < end && !is_space(at) {
                    at += 1;
                }
                value = start..at;
            }
        } else if at == start {
            at += 1;
        }
        let local = name.rsplit_once(':').map_or(name, |(_, local)| local);
        if local.eq_ignore_ascii_case(wanted) || name.eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
    }
    None
}

struct Builder<'t> {
    text: &'t str,
    rules: Rules,
    nodes: Vec<Node>,
    /// Open elements, from the root.
    open: Vec<u32>,
    at: usize,
    /// Where the text that is not yet a node begins.
    words: usize,
    /// A quotation mark was left open: from here on, none is believed.
    distrusts_quotes: bool,
    /// No comment ends from here on.
    no_comment_ends: bool,
    /// No script, style, … ends from here on.
    no_raw_ends: [bool; RAW.len()],
    /// One past the last `>`.
    last_end: usize,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str, rules: Rules) -> Self {
        Self {
            text,
            rules,
            nodes: vec![Node {
                kind: Kind::Element,
                name: 0..0,
                inner: 0..0,
                whole: 0..text.len(),
                first: NONE,
                last: NONE,
                next: NONE,
            }],
            open: vec![0],
            at: 0,
            words: 0,
            distrusts_quotes: false,
            no_comment_ends: false,
            no_raw_ends: [false; RAW.len()],
            last_end: memchr::memrchr(b'>', text.as_bytes()).map_or(0, |at| at + 1),
        }
    }

    fn build(mut self) -> Vec<Node> {
        while let Some(found) = memchr::memchr(b'<', &self.text.as_bytes()[self.at..]) {
            self.at += found;
            if self.at >= self.last_end {
                break;
            }
            if !self.tag() {
                self.at += 1;
            }
        }
        self.at = self.text.len();
        self.end_words(self.at);
        let end = self.text.len();
        for open in self.open.split_off(1) {
            self.nodes[open as usize].whole.end = end;
        }
        self.nodes
    }

    /// Reads what begins with `<` here; false if it is text.
    fn tag(&mut self) -> bool {
        let rest = &self.text[self.at..];
        match rest.as_bytes().get(1) {
            Some(b'!') => self.declaration(rest),
            Some(b'?') => {
                let end = memchr::memchr(b'>', rest.as_bytes()).map_or(rest.len(), |at| at + 1);
                self.skip(end);
                true
            }
            Some(b'/') => self.end_tag(rest),
            Some(_) => self.start_tag(rest),
            None => false,
        }
    }

    /// A comment, a CDATA section, a document type.
    fn declaration(&mut self, rest: &str) -> bool {
        let find = |needle: &str| memchr::memmem::find(rest.as_bytes(), needle.as_bytes());
        if rest.starts_with("<!--") {
            if self.no_comment_ends {
                return false;
            }
            match find("-->") {
                Some(end) => self.skip(end + 3),
                None => {
                    self.no_comment_ends = true;
                    return false;
                }
            }
        } else if rest.starts_with("<![CDATA[") {
            let end = find("]]>").unwrap_or(rest.len());
            let start = self.at;
            self.end_words(start);
            self.add(Kind::Literal, 0..0, start + 9..start + end.max(9), start);
            self.at = (start + end + 3).min(self.text.len());
            self.words = self.at;
        } else {
            let close = memchr::memchr(b'>', rest.as_bytes()).unwrap_or(rest.len());
            let end = match memchr::memchr(b'[', &rest.as_bytes()[..close]) {
                // Declarations of an internal subset stand in brackets.
                Some(open) => {
                    let after = memchr::memchr(b']', &rest.as_bytes()[open..])
                        .map_or(close, |at| open + at);
                    memchr::memchr(b'>', &rest.as_bytes()[after..])
                        .map_or(rest.len(), |at| after + at)
                }
                None => close,
            };
            self.skip((end + 1).min(rest.len()));
        }
        true
    }

    fn skip(&mut self, len: usize) {
        self.end_words(self.at);
        self.at += len;
        self.words = self.at;
    }

    /// Makes a node of the text before `end`.
    fn end_words(&mut self, end: usize) {
        if self.words < end {
            self.add(Kind::Text, 0..0, self.words..end, self.words);
        }
        self.words = end;
    }

    fn add(&mut self, kind: Kind, name: Range<usize>, inner: Range<usize>, start: usize) -> u32 {
        let at = self.nodes.len() as u32;
        let whole = start..inner.end;
        self.nodes.push(Node {
            kind,
            name,
            inner,
            whole,
            first: NONE,
            last: NONE,
            next: NONE,
        });
        let parent = self.open.last().map_or(0, |open| *open as usize);
        match self.nodes[parent].last {
            NONE => self.nodes[parent].first = at,
            last => self.nodes[last as usize].next = at,
        }
        self.nodes[parent].last = at;
        at
    }

    fn name_of(&self, at: u32) -> &'t str {
        &self.text[self.nodes[at as usize].name.clone()]
    }

    fn end_tag(&mut self, rest: &str) -> bool {
        let name_end = name_end(rest, 2);
        let Some(close) = memchr::memchr(b'>', rest.as_bytes()) else {
            return false;
        };
        if name_end == 2 {
            return false;
        }
        let name = &rest[2..name_end];
        let start = self.at;
        self.end_words(start);
        self.at += close + 1;
        self.words = self.at;
        let found = self
            .open
            .iter()
            .skip(1)
            .rev()
            .take(LOOKS_UP)
            .position(|open| self.name_of(*open).eq_ignore_ascii_case(name));
        if let Some(up) = found {
            let keep = self.open.len() - 1 - up;
            self.close_to(keep, start, self.at);
        }
        true
    }

    /// Closes all elements but the outermost `keep`: the last of them ends at `end`, those in it at
    /// `inner_end`.
    fn close_to(&mut self, keep: usize, inner_end: usize, end: usize) {
        for (i, open) in self.open.split_off(keep).into_iter().enumerate() {
            self.nodes[open as usize].whole.end = if i == 0 { end } else { inner_end };
        }
    }

    fn start_tag(&mut self, rest: &str) -> bool {
        let name_end = name_end(rest, 1);
        if name_end == 1
            || !rest[name_end..].starts_with(|c: char| c.is_whitespace() || c == '/' || c == '>')
        {
            return false;
        }
        let Some(close) = self.tag_end(rest, name_end) else {
            return false;
        };
        let start = self.at;
        self.end_words(start);
        self.at += close + 1;
        self.words = self.at;
        let name = &rest[1..name_end];
        let is_html = self.rules == Rules::Html;
        if is_html {
            self.imply_ends(name, start);
        }
        let is_closed = rest[..close].ends_with('/');
        let inner_end = start + close - usize::from(is_closed);
        let inner = start + name_end..inner_end.max(start + name_end);
        let node = self.add(Kind::Element, start + 1..start + name_end, inner, start);
        self.nodes[node as usize].whole.end = self.at;
        let is = |names: &[&str]| names.iter().any(|other| name.eq_ignore_ascii_case(other));
        if is_closed || is_html && is(&VOID) || self.open.len() >= DEEPEST {
            return true;
        }
        self.open.push(node);
        if is_html && is(&RAW) {
            self.raw(name);
        }
        true
    }

    /// Returns the `>` of a tag, past the quoted values.
    fn tag_end(&mut self, rest: &str, from: usize) -> Option<usize> {
        let bytes = rest.as_bytes();
        if !self.distrusts_quotes {
            let mut at = from;
            let mut value = false;
            while let Some(b) = bytes.get(at) {
                match b {
                    b'>' => return Some(at),
                    b'"' | b'\'' if value => match memchr::memchr(*b, &bytes[at + 1..]) {
                        Some(close) => at += 1 + close,
                        None => break,
                    },
                    b'=' => {
                        value = true;
                        at += 1;
                        continue;
                    }
                    b if b.is_ascii_whitespace() => {
                        at += 1;
                        continue;
                    }
                    _ => {}
                }
                value = false;
                at += 1;
            }
            self.distrusts_quotes = true;
        }
        memchr::memchr(b'>', &bytes[from..]).map(|at| from + at)
    }

    /// Takes the content of a script or the like as text, if it has an end.
    fn raw(&mut self, name: &str) {
        let Some(which) = RAW.iter().position(|raw| raw.eq_ignore_ascii_case(name)) else {
            return;
        };
        if self.no_raw_ends[which] {
            return;
        }
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        while let Some(found) = memchr::memmem::find(&bytes[at..], b"</") {
            at += found;
            let after = &bytes[at + 2..];
            if after.len() >= name.len()
                && after[..name.len()].eq_ignore_ascii_case(name.as_bytes())
            {
                // The end tag is read like any other.
                self.at = at;
                return;
            }
            at += 2;
        }
        self.no_raw_ends[which] = true;
    }

    /// Closes what a start tag of HTML closes without saying so.
    fn imply_ends(&mut self, name: &str, start: usize) {
        let is = |names: &[&str]| names.iter().any(|other| name.eq_ignore_ascii_case(other));
        let (closes, stops): (&[&str], &[&str]) = if is(&["li"]) {
            (&["li"], &["ul", "ol", "menu"])
        } else if is(&["tr"]) {
            (&["tr"], &["table"])
        } else if is(&["td", "th"]) {
            (&["td", "th"], &["table", "tr"])
        } else if is(&["dt", "dd"]) {
            (&["dt", "dd"], &["dl"])
        } else if is(&["option"]) {
            (&["option"], &["select"])
        } else {
            (&[], &[])
        };
        let mut keep = None;
        for (i, open) in self.open.iter().enumerate().skip(1).rev().take(LOOKS_UP) {
            let open = self.name_of(*open);
            let open_is = |names: &[&str]| names.iter().any(|name| open.eq_ignore_ascii_case(name));
            if open_is(closes) {
                keep = Some(i);
                break;
            }
            if open_is(&["p"]) && is(&BLOCKS) {
                keep = Some(i);
                if closes.is_empty() {
                    break;
                }
            } else if open_is(stops) || closes.is_empty() && open_is(&BLOCKS) {
                break;
            }
        }
        if let Some(keep) = keep {
            self.close_to(keep, start, start);
        }
    }
}

/// Returns where the name ends that begins at `from`.
fn name_end(rest: &str, from: usize) -> usize {
    let bytes = rest.as_bytes();
    if !bytes
        .get(from)
        .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_' || !b.is_ascii())
    {
        return from;
    }
    let mut end = from;
    while bytes
        .get(end)
        .is_some_and(|b| b.is_ascii_alphanumeric() || b"_-.:".contains(b) || !b.is_ascii())
    {
        end += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str, rules: Rules) -> String {
        fn show(element: Element<'_>, out: &mut String) {
            for content in element.contents() {
                match content {
                    Content::Text(range) => out.push_str(&element.text_base().text[range]),
                    Content::Element(child) => {
                        out.push('(');
                        out.push_str(child.name());
                        out.push(' ');
                        show(child, out);
                        out.push(')');
                    }
                }
            }
        }
        let markup = Markup::of(text, rules);
        let mut out = String::new();
        show(markup.root(), &mut out);
        out
    }

    #[test]
    fn xml_becomes_a_tree() {
        assert_eq!(
            shape(
                "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x 'y'>]><a><n:b \
                 c='>'/>t<![CDATA[<i>]]></a>",
                Rules::Xml
            ),
            "(a (b )t<i>)"
        );
    }

    #[test]
    fn html_closes_what_it_implies() {
        assert_eq!(
            shape(
                "<p>one<p>two <b>bold<ul><li>a<li>b</ul><br>end",
                Rules::Html
            ),
            "(p one)(p two (b bold))(ul (li a)(li b))(br )end"
        );
        assert_eq!(
            shape("<script>if (a < b) '<p>'</script><p>x", Rules::Html),
            "(script if (a < b) '<p>')(p x)"
        );
    }

    #[test]
    fn what_is_no_tag_is_text() {
        assert_eq!(
            shape("<a>1 < 2 <3 <- & </a>", Rules::Xml),
            "(a 1 < 2 <3 <- & )"
        );
        assert_eq!(shape("<a>left <b open", Rules::Xml), "(a left <b open)");
    }

    #[test]
    fn attributes_are_read_however_they_are_quoted() {
        let text = "<a x=\"1 > 0\" n:y='2' z=3 w>t</a>";
        let markup = Markup::of(text, Rules::Xml);
        let element = markup.root().child("a").expect("there is one");
        assert_eq!(element.value("x"), "1 > 0");
        assert_eq!(element.value("y"), "2");
        assert_eq!(element.value("z"), "3");
        assert_eq!(element.value("w"), "");
        assert_eq!(element.words().text, "t");
        assert_eq!(&text[element.words().source(0..1)], "t");
    }

    #[test]
    fn garbage_takes_linear_time() {
        for piece in [
            "<a \"",
            "<a b=\">\" ",
            "<!-- ",
            "<![CDATA[",
            "</x>",
            "<a>",
            "<p>",
            "<",
            "<a =\"",
            "<script>",
            "</",
        ] {
            let text = piece.repeat(100_000);
            for rules in [Rules::Xml, Rules::Html] {
                let markup = Markup::of(&text, rules);
                assert!(markup.root().descendants().count() <= text.len());
            }
        }
    }
}
