//! ANPA 1312: the transmission format of American wires since the 1970s.
//!
//! After ANPA Technical Report 1312 as agencies send it:
//!
//! ```text
//! SYN SYN SOH service sequence US selector LF
//! priority SP category SP keyword SP SP MM-DD SP wordcount LF
//! STX copy ETX date time EOT
//! ```
//!
//! AP marks lines inside the copy: `^` begins one, `<` ends one, `=` ends a byline; the first is
//! the slug line, `keyword, version,wordcount`, and `AP-WF-11-13-13 1509GMT` tells the time.

use super::envelope::{Copy, Envelope, Fact, PieceKind};
use super::prose::Prose;
use crate::story::{Author, Field, Format, Version, Wire};
use crate::text::Traced;
use regex::{Captures, Regex};
use std::ops::Range;
use std::sync::LazyLock;

/// An envelope begins within so many bytes.
const HEADER_WITHIN: usize = 512;

static HEADER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        \x01 ([A-Za-z]) (\d{4}) [A-Z]* \x1f ([^\r\n\x02]*) [\r\n]+  # service, sequence, selector
        [\x00-\x20]* ([a-zA-Z]) [\x00-\x20]+ ([a-zA-Z0-9]{1,3}) [\x00-\x20]+
        ([^\r\n]*?) \s+ (\d\d-\d\d) (?: \s+ (\d{4,5}) )? [\ \x00-\x1f]*? [\r\n]+",
    )
    .ok()
});

static STAMP: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"AP-[A-Z]{2}-(\d\d)-(\d\d)-(\d\d) (\d\d)(\d\d)GMT").ok());

/// Returns whether a text begins with the header of a transmission.
pub(crate) fn recognises(text: &str) -> bool {
    header(text).is_some()
}

fn header(text: &str) -> Option<Captures<'_>> {
    let mut window = text.len().min(HEADER_WITHIN);
    while !text.is_char_boundary(window) {
        window -= 1;
    }
    memchr::memchr(0x01, &text.as_bytes()[..window])?;
    HEADER.as_ref()?.captures(&text[..window])
}

/// Reads an ANPA 1312 transmission.
pub(crate) fn read(text: &str) -> Option<Envelope> {
    let header = header(text)?;
    let get = |i: usize| header.get(i).map_or("", |m| m.as_str().trim());
    let whole = header.get(0)?;
    let mut copy = whole.end()..end_of_copy(text, whole.end());
    if text[copy.clone()].starts_with('\u{2}') {
        copy.start += 1;
    }
    let mut out = Envelope {
        format: Format::Anpa1312,
        ..Envelope::default()
    };
    out.wire = Some(Wire {
        format: out.format,
        service: some(get(1)),
        sequence: some(get(2)),
        priority: some(get(4)),
        category: some(get(5)),
        word_count: get(8).parse().ok(),
        ..Wire::default()
    });
    out.given.slug = some(get(6).trim_matches(|c: char| c.is_control() || c == ' '));
    if let Some(keyword) = header.get(6) {
        out.evidence.push((Field::Slug, keyword.range()));
    }
    if let Some(visible) = visible(text, 0..copy.start) {
        out.evidence.push((Field::Wire, visible));
    }
    if let Some(visible) = visible(text, copy.end..text.len()) {
        read_stamp(&text[visible.clone()], &visible, &mut out);
        out.evidence.push((Field::Wire, visible));
    }
    let controls;
    if text[copy.clone()]
        .trim_start_matches(['\r', '\n', ' '])
        .starts_with('^')
    {
        (copy, controls) = read_ap_marks(text, copy, &mut out);
        if let Some(made) = lines_alone(text, copy.clone(), &controls) {
            out.copy = made;
            return Some(out);
        }
    } else {
        controls = read_plain_marks(text, copy.clone(), &mut out);
    }
    out.copy = Copy::Part {
        range: copy,
        controls,
    };
    Some(out)
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn end_of_copy(text: &str, from: usize) -> usize {
    memchr::memchr2(0x03, 0x04, &text.as_bytes()[from..]).map_or(text.len(), |at| from + at)
}

/// Returns the part of a range between its first and last visible characters.
pub(super) fn visible(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let hidden = |c: char| c.is_control() || c.is_whitespace();
    let part = &text[range.clone()];
    let start = part.len() - part.trim_start_matches(hidden).len();
    let end = part.trim_end_matches(hidden).len();
    (start < end).then(|| range.start + start..range.start + end)
}

/// AP's marks of lines, its slug line and its time stamp.
fn read_ap_marks(
    text: &str,
    copy: Range<usize>,
    out: &mut Envelope,
) -> (Range<usize>, Vec<Range<usize>>) {
    let mut controls = Vec::new();
    out.given.agency = Some("AP".into());
    let mut first = true;
    let mut slug_end = copy.start;
    let mut at = copy.start;
    let mut byline_ends = None;
    while at < copy.end {
        let end =
            memchr::memchr(b'\n', &text.as_bytes()[at..copy.end]).map_or(copy.end, |n| at + n);
        let line = &text[at..end];
        let shown = line.trim_end_matches(['\r', ' ', '\u{3}']);
        if first && shown.contains('^') {
            read_slug_line(shown, at, out);
            slug_end = end;
            first = false;
        } else {
            let words = shown.trim_start_matches(['\r', '\n', ' ', '^']);
            match words.strip_suffix('=') {
                Some(words) if words.starts_with("By ") && out.given.byline.is_none() => {
                    give_byline(words, at + line.find(words).unwrap_or(0), out);
                    // An agency has no role; the next line is a heading.
                    let is_agency = words.starts_with("By The ");
                    byline_ends = (!is_agency).then_some(end + 1);
                    controls.push(at..end);
                    at = end + 1;
                    continue;
                }
                Some(words) if byline_ends == Some(at) && is_role(words) => {
                    give_role(words, at..end, out);
                    controls.push(at..end);
                    byline_ends = None;
                    at = end + 1;
                    continue;
                }
                _ => {}
            }
            if let Some(mark) = line
                .find('^')
                .filter(|mark| line[..*mark].trim().is_empty())
            {
                controls.push(at + mark..at + mark + 1);
            }
            if let Some(range) = visible(text, at..end)
                && read_stamp(line, &range, out)
            {
                controls.push(range);
            } else if shown.ends_with(['<', '=']) {
                controls.push(at + shown.len() - 1..at + shown.len());
            }
        }
        at = end + 1;
    }
    controls.retain(|control: &Range<usize>| control.start >= slug_end);
    (slug_end.min(copy.end)..copy.end, controls)
}

/// `^BC-US--Giant Lobster Death, 1st Ld-Writethru,127<`
fn read_slug_line(line: &str, at: usize, out: &mut Envelope) {
    // A number of the desk may stand before the slug: `^*9006< ^AP-Top-Headlines,0176<`.
    let start = line.rfind('^').map_or(0, |i| i + 1);
    let shown = line[start..].trim_end_matches(['<', '=', ' ']);
    let mut parts = shown
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty() && part.parse::<u32>().is_err());
    if let Some(slug) = parts.next() {
        out.given.slug = Some(slug.to_owned());
        out.evidence
            .push((Field::Slug, at + start..at + start + shown.len()));
    }
    let label = parts.collect::<Vec<_>>().join(", ");
    if !label.is_empty() {
        let digits: String = label
            .chars()
            .skip_while(|c| !c.is_ascii_digit())
            .take_while(char::is_ascii_digit)
            .collect();
        out.given.version = Some(Version {
            number: digits.parse().ok(),
            label,
        });
        out.evidence
            .push((Field::Version, at + start..at + start + shown.len()));
    }
}

/// Returns whether a line has the time stamp of AP.
fn read_stamp(line: &str, range: &Range<usize>, out: &mut Envelope) -> bool {
    let Some(stamp) = STAMP.as_ref().and_then(|stamp| stamp.captures(line)) else {
        return false;
    };
    if out.given.published.is_none() {
        let part = |number: usize| stamp.get(number).map_or("", |part| part.as_str());
        // The wires wrote years in two digits from the seventies on.
        let century = match part(3) {
            year if year >= "70" => "19",
            _ => "20",
        };
        let (month, day, year) = (part(1), part(2), part(3));
        let (hour, minute) = (part(4), part(5));
        let when = format!("{century}{year}-{month}-{day}T{hour}:{minute}:00Z");
        out.given.published = super::time::iso8601(&when);
    }
    out.evidence.push((Field::Published, range.clone()));
    true
}

/// Gives the byline that AP marks.
fn give_byline(words: &str, at: usize, out: &mut Envelope) {
    let range = at..at + words.len();
    out.evidence.push((Field::Wire, range.clone()));
    out.given.byline = Some(Fact {
        text: words.trim().to_owned(),
        range,
    });
}

/// Returns whether a line under a byline says what its author does or whom it is written for.
fn is_role(words: &str) -> bool {
    (1..=6).contains(&words.split_whitespace().count())
        && words.len() < 60
        && words.starts_with(char::is_uppercase)
        && !words.contains(['.', ':', '?', '!'])
}

/// Gives each person of the byline what the line under it says.
fn give_role(words: &str, line: Range<usize>, out: &mut Envelope) {
    const ROLES: [&str; 12] = [
        "writer",
        "editor",
        "correspondent",
        "reporter",
        "columnist",
        "critic",
        "analyst",
        "photographer",
        "chief",
        "intern",
        "researcher",
        "staff",
    ];
    out.evidence.push((Field::Wire, line));
    let words = words.trim();
    let Some(byline) = &mut out.given.byline else {
        return;
    };
    let is_job = words
        .to_ascii_lowercase()
        .split_whitespace()
        .any(|word| ROLES.contains(&word.trim_end_matches('s')));
    let names = byline.text.strip_prefix("By ").unwrap_or(&byline.text);
    out.given.authors = names
        .split(" and ")
        .flat_map(|part| part.split(','))
        .map(|name| Author {
            name: name.trim().to_owned(),
            role: is_job.then(|| words.to_owned()),
            affiliation: (!is_job).then(|| words.to_owned()),
            ..Author::default()
        })
        .filter(|author| (2..=5).contains(&author.name.split_whitespace().count()))
        .collect();
    byline.text = format!("{}, {words}", byline.text);
}

/// Copy without a paragraph, of which AP marks each line: a list of headlines. Lines alone would
/// be taken for links.
fn lines_alone(text: &str, copy: Range<usize>, controls: &[Range<usize>]) -> Option<Copy> {
    let mut lines = Vec::new();
    let mut at = copy.start;
    for line in text[copy].split_inclusive('\n') {
        let range = at..at + line.len();
        at = range.end;
        let Some(shown) = visible(text, range) else {
            continue;
        };
        let before = controls.partition_point(|control| control.start <= shown.start);
        if before > 0 && controls[before - 1].end >= shown.end {
            continue;
        }
        text[shown.clone()].starts_with('^').then_some(())?;
        lines.push(shown.start + 1..shown.end);
    }
    if lines.len() < 4 {
        return None;
    }
    let mut prose = Prose::default();
    for (number, line) in lines.into_iter().enumerate() {
        let kind = match number {
            0 => PieceKind::Line,
            _ => PieceKind::Paragraph,
        };
        let end = line.start + text[line.clone()].trim_end_matches(['<', '=', ' ']).len();
        prose.piece(kind, &Traced::part(text, line.start..end));
    }
    Some(prose.finish())
}

/// Returns what other agencies print in the copy: the keyword again, and a mark after the headline.
fn read_plain_marks(text: &str, copy: Range<usize>, out: &mut Envelope) -> Vec<Range<usize>> {
    let mut controls = Vec::new();
    let mut at = copy.start;
    let mut shown_lines = 0;
    for line in text[copy].split_inclusive('\n') {
        let range = at..at + line.len();
        at = range.end;
        let Some(shown) = visible(text, range) else {
            continue;
        };
        let words = &text[shown.clone()];
        if shown_lines == 0 && Some(words) == out.given.slug.as_deref() {
            controls.push(shown);
        } else if words.ends_with('+') {
            controls.push(shown.end - 1..shown.end);
        }
        shown_lines += 1;
        if shown_lines > 3 {
            break;
        }
    }
    // They are no part of the copy, and what is left out of it is shown as evidence.
    let marks = controls.iter().map(|mark| (Field::Wire, mark.clone()));
    out.evidence.extend(marks);
    controls
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_1980s_transmission() {
        let text = "\x05\x05\x05F \n\x16\x16\x01f1769\x1freute\nr f BC-PORT-STRIKE   10-20 \
                    0054\n\x02\nPORT STRIKE ENDS\n    LISBON, Oct 20 - Done.\n Reuter\n\x03\n";
        let envelope = read(text).expect("it is one");
        let wire = envelope.wire.expect("it has a header");
        assert_eq!(
            (wire.service.as_deref(), wire.sequence.as_deref()),
            (Some("f"), Some("1769"))
        );
        assert_eq!(
            (
                wire.priority.as_deref(),
                wire.category.as_deref(),
                wire.word_count
            ),
            (Some("r"), Some("f"), Some(54))
        );
        assert_eq!(envelope.given.slug.as_deref(), Some("BC-PORT-STRIKE"));
        let Copy::Part { range, .. } = envelope.copy else {
            panic!("the copy is a part of the text");
        };
        assert_eq!(
            &text[range],
            "\nPORT STRIKE ENDS\n    LISBON, Oct 20 - Done.\n Reuter\n"
        );
    }

    #[test]
    fn ap_lines_lose_their_marks() {
        let text = "\x16\x16\x01G7787\x1fglbsm\r\nr d\x13\x11 BC-US--Ferry 1stLd-Writethru   \
                    08-29 0590\r\n\x02^BC-US--Ferry Found, 1st Ld-Writethru,127<\r\n^Ferry is \
                    found<\r\n\tCHATHAM, Mass. (AP) _ A ferry.\r\n\t\x03AP-WF-08-29-16 \
                    1626GMT<\r\n\x04";
        let envelope = read(text).expect("it is one");
        assert_eq!(envelope.given.slug.as_deref(), Some("BC-US--Ferry Found"));
        assert_eq!(
            envelope.given.version,
            Some(Version {
                label: "1st Ld-Writethru".into(),
                number: Some(1)
            })
        );
        let Copy::Part { range, controls } = envelope.copy else {
            panic!("the copy is a part of the text");
        };
        let copy = crate::text::clean(text, range, &controls).0;
        assert_eq!(
            copy.trim(),
            "Ferry is found\n\tCHATHAM, Mass. (AP) _ A ferry."
        );
    }

    #[test]
    fn other_text_is_not_claimed() {
        assert!(read("Headline\n\nParagraph \x01 with noise").is_none());
    }
}
