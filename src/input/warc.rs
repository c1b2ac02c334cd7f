//! WARC: archives of the web, after ISO 28500.
//!
//! A record of a page is handed on as its WARC header, its HTTP header, and its content with
//! transfer and content encodings undone: so the address and the time of capture stay with it.

use super::limits::FILE_BYTES;
use std::io::{self, BufRead, Read};

/// A header has at most so many bytes.
const HEADER_AT_MOST: u64 = 64 << 10;

/// One record.
pub(super) enum Record {
    /// A page or another text that the web held.
    Page {
        /// Its address.
        address: String,
        /// Headers and content.
        bytes: Vec<u8>,
    },
    /// Requests, pictures, and what else is in an archive of the web.
    Other,
}

/// Returns whether a file begins like one.
pub(super) fn is_warc(head: &[u8]) -> bool {
    head.starts_with(b"WARC/1.") || head.starts_with(b"WARC/0.")
}

/// Reads the next record; none at the end.
pub(super) fn next(stream: &mut impl BufRead) -> io::Result<Option<Record>> {
    let header = header(stream)?;
    if header.is_empty() {
        return Ok(None);
    }
    if !is_warc(header.as_bytes()) {
        return Err(io::Error::other("no WARC header where one should be"));
    }
    let length: u64 = field(&header, "Content-Length")
        .and_then(|length| length.parse().ok())
        .ok_or_else(|| io::Error::other("a record without its length"))?;
    let kind = field(&header, "WARC-Type").unwrap_or_default();
    let address = field(&header, "WARC-Target-URI").unwrap_or_default();
    let is_page = matches!(kind.as_str(), "response" | "resource" | "conversion");
    if !is_page || length > FILE_BYTES || address.is_empty() {
        skip(stream, length)?;
        return Ok(Some(Record::Other));
    }
    let mut content = Vec::new();
    stream.take(length).read_to_end(&mut content)?;
    if (content.len() as u64) < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let content = match kind.as_str() {
        "response" => response(&content),
        _ => is_text(&field(&header, "Content-Type").unwrap_or_default()).then_some(content),
    };
    Ok(Some(match content {
        Some(content) => Record::Page {
            address: address.trim_matches(['<', '>']).to_owned(),
            bytes: [header.as_bytes(), &content].concat(),
        },
        None => Record::Other,
    }))
}

fn skip(stream: &mut impl BufRead, length: u64) -> io::Result<()> {
    let skipped = io::copy(&mut stream.take(length), &mut io::sink())?;
    match skipped == length {
        true => Ok(()),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Returns the header up to and with its empty line; empty at the end of the stream.
fn header(stream: &mut impl BufRead) -> io::Result<String> {
    let mut out = Vec::new();
    let mut limited = stream.take(HEADER_AT_MOST);
    loop {
        let start = out.len();
        if limited.read_until(b'\n', &mut out)? == 0 {
            break;
        }
        let is_empty = out[start..].iter().all(u8::is_ascii_whitespace);
        if is_empty && start == 0 {
            // Empty lines part the records.
            out.clear();
        } else if is_empty {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// Returns the value of a header's field.
fn field(header: &str, name: &str) -> Option<String> {
    header.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim()
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().to_owned())
    })
}

/// Returns an HTTP response with its encodings undone; none if it failed or is no text.
fn response(content: &[u8]) -> Option<Vec<u8>> {
    let end = memchr::memmem::find(content, b"\r\n\r\n")
        .map(|at| at + 4)
        .or_else(|| memchr::memmem::find(content, b"\n\n").map(|at| at + 2))?;
    let header = String::from_utf8_lossy(&content[..end]).into_owned();
    let status = header.split_whitespace().nth(1)?;
    if !status.starts_with('2') || !is_text(&field(&header, "Content-Type").unwrap_or_default()) {
        return None;
    }
    let is = |name: &str, value: &str| {
        field(&header, name).is_some_and(|found| found.eq_ignore_ascii_case(value))
    };
    let mut body = content[end..].to_vec();
    if is("Transfer-Encoding", "chunked") {
        body = unchunked(&body).unwrap_or(body);
    }
    let mut plain = Vec::new();
    let unpacked = match field(&header, "Content-Encoding").as_deref() {
        Some("gzip" | "x-gzip") => flate2::read::MultiGzDecoder::new(&*body)
            .take(FILE_BYTES)
            .read_to_end(&mut plain)
            .is_ok(),
        Some("deflate") => flate2::read::ZlibDecoder::new(&*body)
            .take(FILE_BYTES)
            .read_to_end(&mut plain)
            .is_ok(),
        Some("identity") | None => false,
        // Nothing here undoes it.
        Some(_) => return None,
    };
    if unpacked || !plain.is_empty() {
        body = plain;
    }
    Some([&content[..end], &body].concat())
}

fn is_text(kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    kind.is_empty()
        || ["html", "xml", "json", "text/plain", "rtf"]
            .iter()
            .any(|word| kind.contains(word))
}

/// Content in chunks, put together; none if it is not in chunks after all.
fn unchunked(body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    loop {
        let end = memchr::memchr(b'\n', rest)?;
        let line = std::str::from_utf8(&rest[..end]).ok()?;
        let size = line.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 {
            return Some(out);
        }
        out.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size..)?;
        rest = rest.strip_prefix(b"\r\n").or(rest.strip_prefix(b"\n"))?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: &str, content: &str) -> String {
        format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: \
             http://example.org/1\r\nContent-Length: {}\r\n\r\n{content}\r\n\r\n",
            content.len()
        )
    }

    #[test]
    fn pages_come_out_with_their_headers() {
        let http = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: \
                    chunked\r\n\r\n5\r\n<p>ab\r\n3\r\nc</\r\n0\r\n\r\n";
        let file = record("warcinfo", "x") + &record("response", http) + &record("request", "GET");
        let mut stream = file.as_bytes();
        assert!(matches!(next(&mut stream), Ok(Some(Record::Other))));
        let Ok(Some(Record::Page { address, bytes })) = next(&mut stream) else {
            panic!("a page");
        };
        assert_eq!(address, "http://example.org/1");
        let text = String::from_utf8(bytes).unwrap();
        assert!(
            text.starts_with("WARC/1.0") && text.ends_with("\r\n\r\n<p>abc</"),
            "{text}"
        );
        assert!(matches!(next(&mut stream), Ok(Some(Record::Other))));
        assert!(matches!(next(&mut stream), Ok(None)));
    }

    #[test]
    fn damage_is_an_error() {
        let file = record("response", "HTTP/1.1 200 OK\r\n\r\ntext");
        assert!(next(&mut &file.as_bytes()[..file.len() - 12]).is_err());
        assert!(next(&mut &b"WARC/1.0\r\n\r\n"[..]).is_err());
        assert!(next(&mut &b"nonsense\r\n\r\n"[..]).is_err());
    }
}
