//! IPTC 7901: the text transmission format of European agencies.
//!
//! After the IPTC 7901 guideline as agencies send it: SOH, a header line
//! `service+sequence priority category wordcount …`, the keyword line, STX, the copy, ETX with
//! time and date (`131137 GMT Nov 13`), and a closing run of control characters.

use super::anpa1312::visible;
use super::envelope::{Copy, Envelope, Fact};
use crate::story::{Field, Format, Version, Wire};
use crate::text::Traced;
use chrono::NaiveDate;
use regex::{Captures, Regex};
use std::ops::Range;
use std::sync::LazyLock;

static HEADER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[\x00-\x20]*\x01([a-zA-Z]{2,4})(\d{3,4}) (\d) ([a-z]{1,3}) (\d{1,5})[ \t]+([^\r\n\x02]*)[\r\n]+").ok()
});

static STAMP: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(\d\d)(\d\d)(\d\d) (GMT|UTC) ([A-Z][a-z]{2}) (\d\d)").ok());

/// Returns whether a text begins with the header of a transmission.
pub(crate) fn recognises(text: &str) -> bool {
    header(text).is_some()
}

fn header(text: &str) -> Option<Captures<'_>> {
    if !text
        .trim_start_matches(|c: char| c <= ' ' && c != '\u{1}')
        .starts_with('\u{1}')
    {
        return None;
    }
    HEADER.as_ref()?.captures(text)
}

/// Reads an IPTC 7901 transmission.
pub(crate) fn read(text: &str) -> Option<Envelope> {
    let header = header(text)?;
    let get = |i: usize| {
        header
            .get(i)
            .map(|m| m.as_str().trim().to_owned())
            .filter(|s| !s.is_empty())
    };
    let after = header.get(0)?.end();
    let bytes = text.as_bytes();
    let start = memchr::memchr(0x02, &bytes[after..]).map(|at| after + at)?;
    let end = memchr::memchr(0x03, &bytes[start..]).map_or(text.len(), |at| start + at);
    let mut out = Envelope {
        format: Format::Iptc7901,
        ..Envelope::default()
    };
    out.wire = Some(Wire {
        format: out.format,
        service: get(1),
        sequence: get(2),
        priority: get(3),
        category: get(4),
        word_count: get(5).and_then(|n| n.parse().ok()),
        ..Wire::default()
    });
    if let Some(header) = visible(text, 0..after) {
        out.evidence.push((Field::Wire, header));
    }
    if let Some(keyword) = visible(text, after..start) {
        out.given.slug = Some(
            text[keyword.clone()]
                .trim_end_matches('/')
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
        );
        out.evidence.push((Field::Slug, keyword));
    }
    if let Some(trailer) = visible(text, end..text.len()) {
        if let Some(stamp) = STAMP
            .as_ref()
            .and_then(|r| r.captures(&text[trailer.clone()]))
        {
            out.given.published = instant(&stamp);
        }
        out.given.agency = text[..after].contains(" dpa ").then(|| "dpa".into());
        out.evidence.push((Field::Published, trailer));
    }
    let range = read_title_marks(text, start + 1..end, &mut out);
    out.copy = Copy::Part {
        range,
        controls: Vec::new(),
    };
    Some(out)
}

/// `131137 GMT Nov 13` is day, hour, minute, zone, month, year.
fn instant(stamp: &Captures<'_>) -> Option<String> {
    let n = |i: usize| stamp.get(i).and_then(|m| m.as_str().parse::<u32>().ok());
    let month = crate::lexicon::LEXICON
        .months
        .get(&stamp.get(5)?.as_str().to_lowercase())?
        .parse()
        .ok()?;
    let time =
        NaiveDate::from_ymd_opt(2000 + n(6)? as i32, month, n(1)?)?.and_hms_opt(n(2)?, n(3)?, 0)?;
    Some(time.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// The title ends with ` =`; a short line before it is a version label (`EXTRA`). Returns what is
/// left as copy.
fn read_title_marks(text: &str, mut copy: Range<usize>, out: &mut Envelope) -> Range<usize> {
    let mut at = copy.start;
    let mut label: Option<Range<usize>> = None;
    for _ in 0..4 {
        let end =
            memchr::memchr(b'\n', &text.as_bytes()[at..copy.end]).map_or(copy.end, |n| at + n);
        let Some(shown) = visible(text, at..end) else {
            break;
        };
        if text[shown.clone()].ends_with('=') {
            if let Some(label) = label.filter(|label| {
                label.start == copy.start && text[label.clone()].split_whitespace().count() <= 2
            }) {
                out.given.version = Some(Version {
                    label: text[label.clone()].to_owned(),
                    number: None,
                });
                copy.start = label.end;
                out.evidence.push((Field::Version, label));
            }
            // All before the mark is the title, however many lines it has.
            let title = Traced::part(text, copy.start..shown.end - 1);
            out.give_headline(Fact::of(&title));
            copy.start = shown.end;
            break;
        }
        label.get_or_insert(shown);
        at = (end + 1).min(copy.end);
    }
    copy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transmission_with_a_label() {
        let text = "\x01eca0124 3 i 93  dpa 1888\r\n\nHarbour/ferry\r\n\x02EXTRA\nFerry talks to \
                    take place next month, minister says =\r\n\nWashington (dpa) - The minister \
                    says so.\r\n\r\n\x03212101 GMT Nov 18\r\n\x7f\n\x7f\x04\r\n";
        let envelope = read(text).expect("it is one");
        assert_eq!(envelope.given.slug.as_deref(), Some("Harbour/ferry"));
        assert_eq!(
            envelope.given.version.map(|v| v.label).as_deref(),
            Some("EXTRA")
        );
        assert_eq!(
            envelope.given.published.as_deref(),
            Some("2018-11-21T21:01:00Z")
        );
        let Copy::Part { range, controls } = envelope.copy else {
            panic!("the copy is a part of the text");
        };
        assert_eq!(
            envelope.given.headline.as_deref(),
            Some("Ferry talks to take place next month, minister says")
        );
        let copy = crate::text::clean(text, range, &controls).0;
        assert!(copy.trim_start().starts_with("Washington (dpa)"));
    }
}
