//! The first look at a file: what its beginning shows.

use std::borrow::Cow;

/// So much of a file is looked at to recognise its format.
const HEAD: usize = 8192;

/// A decoded file, and what its beginning shows.
#[derive(Debug)]
pub(crate) struct Sniff<'a> {
    /// All of it.
    pub text: &'a str,
    /// Its beginning, after white space.
    pub head: &'a str,
    /// The first element of markup, prefix and all; none if the text does not begin with markup.
    pub root: Option<&'a str>,
}

impl<'a> Sniff<'a> {
    /// Looks at the beginning of a text.
    pub(crate) fn new(text: &'a str) -> Self {
        let shown = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
        let mut end = shown.len().min(HEAD);
        while !shown.is_char_boundary(end) {
            end -= 1;
        }
        let head = &shown[..end];
        Self {
            text,
            head,
            root: root(head),
        }
    }

    /// Returns the root element's name without its prefix.
    pub(crate) fn local_root(&self) -> Option<&'a str> {
        self.root
            .map(|root| root.rsplit_once(':').map_or(root, |(_, local)| local))
    }

    /// Returns whether the root element has this name, whatever its prefix and case.
    pub(crate) fn has_root(&self, name: &str) -> bool {
        self.local_root()
            .is_some_and(|root| root.eq_ignore_ascii_case(name))
    }

    /// Returns whether the beginning has these words.
    pub(crate) fn says(&self, words: &str) -> bool {
        self.head.contains(words)
    }
}

/// Returns the name of the first element, after declarations, comments and a document type.
fn root(head: &str) -> Option<&str> {
    let mut rest = head.strip_prefix('<')?;
    loop {
        let end = if rest.starts_with("!--") {
            rest.find("-->")? + 3
        } else if rest.starts_with('?') {
            rest.find('>')? + 1
        } else if rest.starts_with('!') {
            // An internal subset has declarations in brackets.
            match (rest.find('['), rest.find('>')?) {
                (Some(open), close) if open < close => {
                    let subset = open + rest[open..].find(']')?;
                    subset + rest[subset..].find('>')? + 1
                }
                (_, close) => close + 1,
            }
        } else {
            let name = rest
                .find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '<'))
                .map_or(rest, |end| &rest[..end]);
            return (name.starts_with(|c: char| c.is_alphabetic() || c == '_')
                && name
                    .chars()
                    .all(|c| c.is_alphanumeric() || "_-.:".contains(c)))
            .then_some(name);
        };
        rest = rest[end..].trim_start().strip_prefix('<')?;
    }
}

/// Returns the character set that marked-up bytes name in their first lines: `encoding="…"` of an
/// XML declaration, `charset=…` of a page.
pub(crate) fn declared_charset(bytes: &[u8]) -> Option<String> {
    let head: Cow<'_, str> = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]);
    let shown = head.trim_start();
    if !shown.starts_with('<') && !shown.starts_with("WARC/") {
        return None;
    }
    let lower = shown.to_ascii_lowercase();
    let after = match lower.starts_with("<?xml") {
        true => {
            let declaration = &lower[..lower.find("?>")?];
            declaration.find("encoding=").map(|at| at + 9)
        }
        false => lower.find("charset=").map(|at| at + 8),
    }?;
    let name: String = lower[after..]
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c))
        .collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_found_after_declarations() {
        let text = "\u{FEFF}<?xml version='1.0'?>\n<!-- a > b -->\n<!DOCTYPE nitf [<!ENTITY a \
                    'b>'>]>\n<n:nitf x='1'>";
        assert_eq!(Sniff::new(text).root, Some("n:nitf"));
        assert_eq!(Sniff::new(text).local_root(), Some("nitf"));
        assert_eq!(Sniff::new("< no markup").root, None);
        assert_eq!(Sniff::new("<MSFT.O> shares").root, Some("MSFT.O"));
        assert_eq!(Sniff::new("words <p>").root, None);
    }

    #[test]
    fn the_charset_is_read_off_declarations_only() {
        let declared = |text: &str| declared_charset(text.as_bytes());
        assert_eq!(
            declared("<?xml version=\"1.0\" encoding='ISO-8859-1'?><a/>").as_deref(),
            Some("iso-8859-1")
        );
        assert_eq!(
            declared("<html><meta charset=\"windows-1251\">").as_deref(),
            Some("windows-1251")
        );
        assert_eq!(declared("words with charset=utf-16"), None);
    }
}
