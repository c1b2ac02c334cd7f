//! Mail: messages and mbox files.
//!
//! After RFC 5322 and MIME, which mail-parser reads. The subject is the headline, unless the body
//! names one (`Headline: …`), as desks ask their correspondents to write. Transfer encodings are
//! undone here, so that each character leads back to the bytes that encode it.

use super::cut::Cut;
use super::envelope::{Envelope, Fact, PieceKind};
use super::prose::{Prose, Walk, is_html};
use super::sniff::Sniff;
use super::time;
use crate::story::{Field, Format, NoteKind};
use crate::text::{Traced, decode_declared};
use mail_parser::{Encoding, HeaderName, MessageParser, MessagePart, MimeHeaders, PartType};
use std::ops::Range;

/// Headers that only a message has.
const TELLING: [&str; 9] = [
    "received",
    "message-id",
    "mime-version",
    "return-path",
    "delivered-to",
    "dkim-signature",
    "content-transfer-encoding",
    "x-mailer",
    "authentication-results",
];
/// Headers that every message has.
const COMMON: [&str; 4] = ["from", "date", "subject", "to"];
/// So few lines have no furniture around them.
const FEW_LINES: usize = 3;
/// A signature has at most so many lines.
const SIGNATURE_AT_MOST: usize = 12;

/// Returns whether a file begins with the header of a message.
pub(crate) fn recognises(sniff: &Sniff<'_>) -> bool {
    let head = match sniff.head.strip_prefix("From ") {
        Some(rest) => rest.split_once('\n').map_or("", |(_, rest)| rest),
        None => sniff.head,
    };
    let (mut telling, mut common) = (0, 0);
    for line in head.lines() {
        if line.starts_with([' ', '\t']) && telling + common > 0 {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else {
            break;
        };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_graphic()) {
            break;
        }
        let name = name.to_ascii_lowercase();
        telling += usize::from(TELLING.contains(&name.as_str()));
        common += usize::from(COMMON.contains(&name.as_str()));
    }
    telling >= 1 && common >= 1 && telling + common >= 3
}

/// Finds the messages of an mbox file.
pub(crate) fn split(sniff: &Sniff<'_>) -> Cut {
    let text = sniff.text;
    let mut starts = vec![0];
    let is_mbox = text.trim_start().starts_with("From ");
    for (at, _) in text.match_indices("\nFrom ").filter(|_| is_mbox) {
        let before = text[..at].ends_with('\n') || text[..at].ends_with("\n\r");
        let line = text[at + 1..].lines().next().unwrap_or("");
        let after = text[at + 1 + line.len()..].trim_start_matches(['\r', '\n']);
        let header = after.lines().next().unwrap_or("");
        let opens = header
            .split_once(':')
            .is_some_and(|(name, _)| !name.is_empty() && !name.contains(' '));
        if before && opens {
            starts.push(at + 1);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    Cut {
        slices: starts
            .iter()
            .copied()
            .zip(ends)
            .map(|(a, b)| a..b)
            .collect(),
        ..Cut::default()
    }
}

/// Reads a message.
pub(crate) fn read(sniff: &Sniff<'_>) -> Option<Envelope> {
    let text = sniff.text;
    let mut start = text.len() - text.trim_start().len();
    if text[start..].starts_with("From ") {
        start += text[start..].find('\n')? + 1;
    }
    let message = MessageParser::default().parse(&text.as_bytes()[start..])?;
    let mut out = Envelope::of(Format::Email, text.len());
    out.given.names_headline = true;
    let root = message.parts.first()?;
    let place = |name: HeaderName<'_>| {
        root.headers
            .iter()
            .find(|header| header.name == name)
            .map(|header| start + header.offset_start as usize..start + header.offset_end as usize)
    };
    if let (Some(date), Some(range)) = (place(HeaderName::Date), place(HeaderName::Date)) {
        let fact = text.get(date).map(|text| Fact {
            text: text.split_whitespace().collect::<Vec<_>>().join(" "),
            range,
        });
        out.give_published(fact, time::rfc2822);
    }
    out.wire().id = message.message_id().map(str::to_owned);
    let mut prose = Prose::default();
    let parts = bodies(&message);
    for part in parts {
        let body = part_text(text, start, part);
        let body = read_labels(body, &mut out);
        let body = cut_signature(body, &mut out);
        take_body(body, &mut prose);
    }
    out.give_headline(message.subject().zip(place(HeaderName::Subject)).and_then(
        |(subject, range)| {
            let text = bare_subject(subject);
            (!text.is_empty()).then_some(Fact { text, range })
        },
    ));
    out.copy = prose.finish();
    Some(out)
}

/// The text of a message. A few lines are the text itself; more may have furniture around them.
fn take_body(body: Traced<'_>, prose: &mut Prose) {
    let lines: Vec<&str> = body.text.split_inclusive('\n').collect();
    let shown = lines.iter().filter(|line| !line.trim().is_empty()).count();
    if shown > FEW_LINES || is_html(&body.text) {
        prose.string(body, Walk::COPY);
        return;
    }
    let mut at = 0;
    for line in lines {
        prose.piece(PieceKind::Paragraph, &body.slice(at..at + line.len()));
        at += line.len();
    }
}

/// Returns the parts that hold the text: plain ones, or else pages.
fn bodies<'m>(message: &'m mail_parser::Message<'m>) -> Vec<&'m MessagePart<'m>> {
    let of = |ids: &[u32]| -> Vec<&'m MessagePart<'m>> {
        ids.iter()
            .filter_map(|id| message.parts.get(*id as usize))
            .collect()
    };
    let plain: Vec<_> = of(&message.text_body)
        .into_iter()
        .filter(|part| matches!(&part.body, PartType::Text(text) if !text.trim().is_empty()))
        .collect();
    if !plain.is_empty() {
        return plain;
    }
    of(&message.html_body)
        .into_iter()
        .filter(|part| matches!(&part.body, PartType::Html(text) if !text.trim().is_empty()))
        .collect()
}

/// Returns a subject without the prefixes of answers and forwards.
fn bare_subject(subject: &str) -> String {
    let mut rest = subject.trim();
    while let Some((prefix, after)) = rest.split_once(':') {
        let is_prefix = ["re", "fw", "fwd", "aw", "wg", "tr", "rv", "sv", "vs"]
            .contains(&prefix.trim().to_ascii_lowercase().as_str());
        if !is_prefix {
            break;
        }
        rest = after.trim_start();
    }
    rest.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the text of a part, transfer encoding and character set undone.
fn part_text(text: &str, start: usize, part: &MessagePart<'_>) -> Traced<'static> {
    let range = start + part.offset_body as usize..start + part.offset_end as usize;
    let Some(raw) = text.get(range.clone()) else {
        return Traced::default();
    };
    let (bytes, places) = match part.encoding {
        Encoding::None => {
            let whole = Traced::whole(text);
            let mut out = Traced::default();
            out.push(&whole, range);
            return out;
        }
        Encoding::QuotedPrintable => quoted_printable(raw.as_bytes()),
        Encoding::Base64 => base64(raw.as_bytes()),
    };
    let charset = part
        .content_type()
        .and_then(|content| content.attribute("charset"));
    let decoded = decode_declared(&bytes, charset);
    let mut out = Traced::default();
    for (at, c) in decoded.text.char_indices() {
        let from = decoded.span(at..at + c.len_utf8());
        let at = |byte: usize| range.start + places.get(byte).map_or(raw.len(), |at| *at as usize);
        let mut buffer = [0; 4];
        out.push_made(c.encode_utf8(&mut buffer), at(from.start)..at(from.end));
    }
    out
}

/// Undoes quoted-printable: the bytes, and where each began; one place more than bytes.
fn quoted_printable(raw: &[u8]) -> (Vec<u8>, Vec<u32>) {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut places = Vec::with_capacity(raw.len() + 1);
    let mut at = 0;
    while at < raw.len() {
        let mut len = 1;
        if raw[at] == b'=' {
            let hex = |b: Option<&u8>| b.and_then(|b| char::from(*b).to_digit(16));
            match (raw.get(at + 1), hex(raw.get(at + 1)), hex(raw.get(at + 2))) {
                (_, Some(high), Some(low)) => {
                    bytes.push((high * 16 + low) as u8);
                    places.push(at as u32);
                    at += 3;
                    continue;
                }
                (Some(b'\n'), ..) => len = 2,
                (Some(b'\r'), ..) => len = 2 + usize::from(raw.get(at + 2) == Some(&b'\n')),
                _ => {
                    bytes.push(b'=');
                    places.push(at as u32);
                }
            }
        } else {
            bytes.push(raw[at]);
            places.push(at as u32);
        }
        at += len;
    }
    places.push(raw.len() as u32);
    (bytes, places)
}

/// Undoes Base64: the bytes, and where each began; one place more than bytes.
fn base64(raw: &[u8]) -> (Vec<u8>, Vec<u32>) {
    let mut bytes = Vec::with_capacity(raw.len() / 4 * 3);
    let mut places = Vec::with_capacity(raw.len() / 4 * 3 + 1);
    let (mut bits, mut count) = (0u32, 0);
    for (at, b) in raw.iter().enumerate() {
        let value = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            places.push(at.saturating_sub(1) as u32);
            bits &= (1 << count) - 1;
        }
    }
    places.push(raw.len() as u32);
    (bytes, places)
}

/// Takes the fields that the first lines of a body name: `Headline: …`, `Abstract: …`.
fn read_labels(body: Traced<'static>, out: &mut Envelope) -> Traced<'static> {
    let mut rest = Traced::default();
    let mut at = 0;
    let mut kept = 0;
    let mut found = false;
    for line in body.text.split_inclusive('\n').take(30) {
        let range = at..at + line.len();
        at = range.end;
        let Some((label, value)) = line.split_once(':') else {
            continue;
        };
        let start = range.start + label.len() + 1;
        let fact = || Fact::of(&body.slice(start..range.end));
        let label = label.trim().to_lowercase();
        if value.trim().is_empty() {
            continue;
        }
        match label.as_str() {
            "headline" | "title" | "titel" | "titre" | "überschrift" => {
                out.give_headline(fact());
            }
            "abstract" | "summary" | "standfirst" => out.give_subheadline(fact()),
            "slug" | "slugline" | "keyword" => out.give_slug(fact()),
            "ed note" | "ednote" | "note to editors" => out.give_note(NoteKind::Editor, fact()),
            "embargo" | "embargoed until" => out.give_note(NoteKind::Embargo, fact()),
            _ => continue,
        }
        found = true;
        rest.push(&body, kept..range.start);
        kept = range.end;
        // What is above a named field is for the desk.
    }
    if !found {
        return body;
    }
    rest.push(&body, kept..body.len());
    rest
}

/// Takes off the signature under `-- `.
fn cut_signature(body: Traced<'static>, out: &mut Envelope) -> Traced<'static> {
    let mut at = 0;
    let mut mark: Option<Range<usize>> = None;
    for line in body.text.split_inclusive('\n') {
        if matches!(line.trim_end_matches(['\r', '\n']), "-- " | "--") {
            mark = Some(at..at + line.len());
        }
        at += line.len();
    }
    let Some(mark) = mark else { return body };
    let below = &body.text[mark.end..];
    if below.lines().count() > SIGNATURE_AT_MOST || body.text[..mark.start].trim().is_empty() {
        return body;
    }
    let signature = Fact::of(&body.slice(mark.end..body.len()));
    out.give_note(NoteKind::Contact, signature);
    out.evidence.push((Field::Wire, body.source(mark.clone())));
    body.slice(0..mark.start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::envelope::Copy;

    const MAIL: &str = "Received: by example.org; Mon, 4 Mar 2024 10:15:01 +0000\nFrom: Ana \
                        <ana@example.org>\n\
        Subject: =?utf-8?Q?Fwd:_F=C3=A4hre?=\nDate: Mon, 4 Mar 2024 11:15:00 +0100 \
                        (CET)\nMessage-ID: <1@example.org>\n\
        MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\
        Content-Type: text/plain; charset=windows-1252\nContent-Transfer-Encoding: \
                        quoted-printable\n\n\
        Slug: sea\n\nThe ferry =93sailed=94 and came back, said the har=\nbour master.\n-- \nAna \
                        Ruiz\n\n--b\n\
        Content-Type: text/html\n\n<p>The ferry</p>\n--b--\n";

    #[test]
    fn a_message_gives_its_fields_and_leads_back() {
        let sniff = Sniff::new(MAIL);
        assert!(recognises(&sniff));
        let out = read(&sniff).expect("it is mail");
        assert_eq!(out.given.headline.as_deref(), Some("Fähre"));
        assert_eq!(out.given.slug.as_deref(), Some("sea"));
        assert_eq!(
            out.given.published.as_deref(),
            Some("2024-03-04T11:15:00+01:00")
        );
        let Copy::Made { text, .. } = out.copy else {
            panic!("the copy is made");
        };
        let shown = text.text.trim();
        assert_eq!(
            shown,
            "The ferry “sailed” and came back, said the harbour master."
        );
        let at = text.text.find('“').expect("a mark");
        assert_eq!(&MAIL[text.source(at..at + 3)], "=93");
        let at = text.text.find("harbour").expect("a word");
        assert_eq!(&MAIL[text.source(at..at + 7)], "har=\nbour");
    }

    #[test]
    fn base64_leads_back() {
        let (bytes, places) = base64(b"VGhl\nIGZl");
        assert_eq!(bytes, b"The fe");
        assert_eq!(places.len(), 7);
        assert_eq!(places[3], 5);
    }

    #[test]
    fn an_mbox_is_cut_at_its_from_lines() {
        let one = format!("From ana@example.org Mon Mar  4 10:15:00 2024\n{MAIL}\n");
        let file = format!("{one}{one}");
        let cut = split(&Sniff::new(&file));
        assert_eq!(cut.slices.len(), 2);
        let second = read(&Sniff::new(&file[cut.slices[1].clone()])).expect("it is mail");
        assert_eq!(second.given.headline.as_deref(), Some("Fähre"));
    }

    #[test]
    fn letters_and_stories_are_no_mail() {
        for text in [
            "From the harbour: a ferry sails\nDate: Monday\n\nIt sailed.",
            "Subject: ferries\nFrom: the desk\n\nIt sailed.",
            "Note: one\nTwo: three\n",
        ] {
            assert!(!recognises(&Sniff::new(text)), "{text}");
        }
    }

    #[test]
    fn a_cut_message_is_read_as_far_as_it_goes() {
        for end in 0..MAIL.len() {
            read(&Sniff::new(&MAIL[..end]));
        }
    }
}
