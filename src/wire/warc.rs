//! The headers of a page that an archive of the web kept: they go before the page itself.

use super::envelope::Fact;
use std::ops::Range;

/// What stands before a page, and where it was.
#[derive(Debug)]
pub(crate) struct Capture {
    /// Where the page begins.
    pub content: usize,
    /// The page's address.
    pub address: Option<Fact>,
}

/// Reads the headers of a capture; none if a text is none.
pub(crate) fn read(text: &str) -> Option<Capture> {
    if !text.starts_with("WARC/") {
        return None;
    }
    let header = header_end(text, 0)?;
    let address = text[..header]
        .lines()
        .find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("WARC-Target-URI")
                .then_some(value)
        })
        .map(|value| {
            let value = value.trim().trim_matches(['<', '>']);
            // Safe: `value` is a slice of `text`.
            let start = value.as_ptr() as usize - text.as_ptr() as usize;
            Fact {
                text: value.to_owned(),
                range: Range {
                    start,
                    end: start + value.len(),
                },
            }
        });
    let content = match text[header..].starts_with("HTTP/") {
        true => header_end(text, header)?,
        false => header,
    };
    Some(Capture { content, address })
}

/// Past the empty line that ends a header.
fn header_end(text: &str, from: usize) -> Option<usize> {
    let rest = &text[from..];
    let crlf = rest.find("\r\n\r\n").map(|at| from + at + 4);
    let lf = rest.find("\n\n").map(|at| from + at + 2);
    match (crlf, lf) {
        (Some(crlf), Some(lf)) => Some(crlf.min(lf)),
        (found, None) | (None, found) => found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_passed_over_and_the_address_kept() {
        let text = "WARC/1.0\r\nWARC-Target-URI: <http://example.org/1>\r\n\r\nHTTP/1.1 200 \
                    OK\r\nA: b\r\n\r\n<html>";
        let capture = read(text).expect("it is one");
        assert_eq!(&text[capture.content..], "<html>");
        let address = capture.address.expect("an address");
        assert_eq!(&text[address.range], "http://example.org/1");
        assert!(read("WARC/1.0\r\ncut").is_none());
    }
}
