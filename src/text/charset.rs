//! Raw bytes to characters, whatever the character set.

use super::{OffsetMap, Span};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;
use std::ops::Range;

/// Maps and lines count in 32 bits; what stands after so many bytes is not read.
const MOST: usize = u32::MAX as usize / 4;

/// How many bytes the detector may look at: plenty for a decision, and flat for a 100 MB line.
const DETECT_AT_MOST: usize = 256 * 1024;

/// Bytes read as characters, with the way back.
#[derive(Clone, Debug)]
pub struct Decoded<'a> {
    /// The characters; borrowed where the bytes were UTF-8 already.
    pub text: Cow<'a, str>,
    /// WHATWG name of the character set, in lower case.
    pub encoding: String,
    /// Raw place of the first byte that the character set does not allow; shown as U+FFFD.
    pub malformed: Option<Span>,
    map: OffsetMap,
    offset: usize,
}

impl Decoded<'_> {
    /// Returns where a range of `text` stands in the raw bytes.
    pub fn span(&self, range: Range<usize>) -> Span {
        let raw = self.map.source(range);
        Span::new(raw.start + self.offset, raw.end + self.offset)
    }
}

/// Reads `bytes` as text, as [`decode`] does, except that `declared`, the name of a character set
/// that the file itself gives, is believed before statistics are. UTF-8 that is valid stays UTF-8
/// whatever the file says, and a file that says UTF-8 and is not is read by its statistics.
pub(crate) fn decode_declared<'a>(bytes: &'a [u8], declared: Option<&str>) -> Decoded<'a> {
    let named = declared
        .and_then(|name| Encoding::for_label(name.as_bytes()))
        .filter(|named| named.is_ascii_compatible() && *named != UTF_8);
    match named {
        Some(named)
            if Encoding::for_bom(bytes).is_none()
                && std::str::from_utf8(bytes).is_err()
                && !mostly_utf8(bytes) =>
        {
            read(bytes, named, 0)
        }
        _ => decode(bytes),
    }
}

/// Reads `bytes` as text: a byte-order mark decides, then valid UTF-8, then the shape of UTF-16,
/// then statistics (`chardetng`). Never fails; bytes that no character set explains become U+FFFD.
///
/// Of more than 1 GiB only the beginning is read; the program refuses files long before that.
pub fn decode(bytes: &[u8]) -> Decoded<'_> {
    let bytes = &bytes[..bytes.len().min(MOST)];
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return read(&bytes[mark..], encoding, mark);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded {
            text: Cow::Borrowed(text),
            encoding: "utf-8".into(),
            malformed: None,
            map: OffsetMap::default(),
            offset: 0,
        };
    }
    read(bytes, guess(bytes), 0)
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    if let Some(utf16) = utf16_without_mark(bytes) {
        return utf16;
    }
    if mostly_utf8(bytes) {
        return UTF_8;
    }
    // Only what stands around non-ASCII bytes tells; a long file is judged by its first such
    // stretch.
    let first = bytes
        .iter()
        .position(|b| !b.is_ascii())
        .unwrap_or(0)
        .saturating_sub(256);
    let sample = &bytes[first..bytes.len().min(first + DETECT_AT_MOST)];
    let mut detector = chardetng::EncodingDetector::new();
    detector.feed(sample, true);
    detector.guess(None, false)
}

/// ASCII text in UTF-16 has a zero in every second byte.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(512) & !1];
    if sample.len() < 8 {
        return None;
    }
    let zeros = |odd: usize| {
        sample
            .iter()
            .skip(odd)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
            * 10
            > sample.len() * 3
    };
    match (zeros(0), zeros(1)) {
        (false, true) => Some(UTF_16LE),
        (true, false) => Some(UTF_16BE),
        _ => None,
    }
}

/// A few broken sequences among many good ones are damage, not another character set.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes[..bytes.len().min(DETECT_AT_MOST)].utf8_chunks() {
        good += chunk.valid().bytes().filter(|b| *b >= 0xC0).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * 4
}

fn read<'a>(bytes: &'a [u8], encoding: &'static Encoding, offset: usize) -> Decoded<'a> {
    let mut out = Decoded {
        text: Cow::Borrowed(""),
        encoding: encoding.name().to_ascii_lowercase(),
        malformed: None,
        map: OffsetMap::default(),
        offset,
    };
    if encoding == UTF_8
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        out.text = Cow::Borrowed(text);
        return out;
    }
    let mut text = Builder {
        text: String::with_capacity(bytes.len()),
        map: OffsetMap::default(),
        bad: None,
    };
    if encoding == UTF_8 {
        read_utf8(bytes, &mut text);
    } else if encoding == UTF_16LE || encoding == UTF_16BE {
        read_utf16(bytes, encoding == UTF_16LE, &mut text);
    } else if encoding.is_single_byte() {
        read_single(bytes, encoding, &mut text);
    } else {
        read_multi(bytes, encoding, &mut text);
    }
    out.malformed = text
        .bad
        .map(|range| Span::new(range.start + offset, range.end + offset));
    out.text = Cow::Owned(text.text);
    out.map = text.map;
    out
}

struct Builder {
    text: String,
    map: OffsetMap,
    bad: Option<Range<usize>>,
}

impl Builder {
    fn char(&mut self, c: char, from: usize, len: usize) {
        self.map.push(self.text.len(), c.len_utf8(), from, len);
        self.text.push(c);
    }

    fn bad(&mut self, from: usize, len: usize) {
        self.bad.get_or_insert(from..from + len);
        self.char(char::REPLACEMENT_CHARACTER, from, len);
    }

    fn str(&mut self, s: &str, from: usize) {
        self.map.push_same(self.text.len(), from, s.len());
        self.text.push_str(s);
    }
}

fn read_utf8(bytes: &[u8], out: &mut Builder) {
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        out.str(chunk.valid(), at);
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            out.bad(at, chunk.invalid().len());
            at += chunk.invalid().len();
        }
    }
}

fn read_utf16(bytes: &[u8], little: bool, out: &mut Builder) {
    let unit = |pair: &[u8]| {
        let pair = [pair[0], pair[1]];
        if little {
            u16::from_le_bytes(pair)
        } else {
            u16::from_be_bytes(pair)
        }
    };
    let whole = bytes.len() & !1;
    let mut at = 0;
    for c in char::decode_utf16(bytes[..whole].chunks_exact(2).map(unit)) {
        match c {
            Ok(c) => {
                out.char(c, at, c.len_utf16() * 2);
                at += c.len_utf16() * 2;
            }
            Err(_) => {
                out.bad(at, 2);
                at += 2;
            }
        }
    }
    if whole < bytes.len() {
        out.bad(whole, 1);
    }
}

fn read_single(bytes: &[u8], encoding: &'static Encoding, out: &mut Builder) {
    let table: Vec<char> = (0..=255u8)
        .map(|b| {
            encoding
                .decode_without_bom_handling(&[b])
                .0
                .chars()
                .next()
                .unwrap_or(char::REPLACEMENT_CHARACTER)
        })
        .collect();
    for (at, b) in bytes.iter().enumerate() {
        match table[usize::from(*b)] {
            char::REPLACEMENT_CHARACTER => out.bad(at, 1),
            c => out.char(c, at, 1),
        }
    }
}

/// Feeds the decoder byte by byte: the only way to learn which bytes made which character.
fn read_multi(bytes: &[u8], encoding: &'static Encoding, out: &mut Builder) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut from = 0;
    let mut buffer = [0u8; 32];
    for at in 0..=bytes.len() {
        let last = at == bytes.len();
        let input = if last { &[] } else { &bytes[at..=at] };
        let (_, _, written, malformed) = decoder.decode_to_utf8(input, &mut buffer, last);
        if written == 0 {
            continue;
        }
        let made = String::from_utf8_lossy(&buffer[..written]);
        let end = (at + 1).min(bytes.len());
        for (i, c) in made.chars().enumerate() {
            // A failed pair may give two characters; the first owns the bytes, the second the last
            // byte.
            let (start, len) = if i == 0 {
                (from, (end - from).max(1))
            } else {
                (end.saturating_sub(1), 1)
            };
            if malformed && c == char::REPLACEMENT_CHARACTER {
                out.bad(start, len);
            } else {
                out.char(c, start, len);
            }
        }
        from = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shows(bytes: &[u8], word: &str) -> Vec<u8> {
        let decoded = decode(bytes);
        let at = decoded.text.find(word).expect("word is in the text");
        let span = decoded.span(at..at + word.len());
        bytes[span.start..span.end].to_vec()
    }

    #[test]
    fn utf8_is_borrowed() {
        let decoded = decode("Zürich".as_bytes());
        assert!(matches!(decoded.text, Cow::Borrowed("Zürich")));
        assert_eq!(decoded.span(1..3), Span::new(1, 3));
    }

    #[test]
    fn a_byte_order_mark_is_no_text() {
        let decoded = decode(b"\xEF\xBB\xBFOslo");
        assert_eq!(decoded.text, "Oslo");
        assert_eq!(decoded.span(0..4), Span::new(3, 7));
    }

    #[test]
    fn windows_1252_and_1251_lead_back() {
        let bytes = b"Der B\xFCrgermeister sagte, die Stra\xDFe bleibe gesperrt. \x93Schade\x94";
        assert_eq!(decode(bytes).encoding, "windows-1252");
        assert_eq!(shows(bytes, "Bürgermeister"), b"B\xFCrgermeister");
        let (cyrillic, _, _) = encoding_rs::WINDOWS_1251
            .encode("Правительство одобрило новый бюджет на следующий год");
        assert_eq!(decode(&cyrillic).encoding, "windows-1251");
        assert_eq!(shows(&cyrillic, "одобрило").len(), 8);
    }

    #[test]
    fn utf16_with_and_without_mark() {
        let units: Vec<u8> = "Rio – São Paulo"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(decode(&units).text, "Rio – São Paulo");
        let marked = [b"\xFF\xFE".to_vec(), units].concat();
        assert_eq!(shows(&marked, "São").len(), 6);
    }

    #[test]
    fn multi_byte_sets_lead_back() {
        let (bytes, _, _) = encoding_rs::SHIFT_JIS
            .encode("気象庁は13日、午後9時すぎ、宮崎県で地震があったと発表した。");
        assert_eq!(decode(&bytes).encoding, "shift_jis");
        let (word, _, _) = encoding_rs::SHIFT_JIS.encode("宮崎県");
        assert_eq!(shows(&bytes, "宮崎県"), word.to_vec());
    }

    #[test]
    fn damage_in_utf8_stays_utf8() {
        let mut bytes = "Žluťoučký kůň úpěl ďábelské ódy".as_bytes().to_vec();
        bytes.push(0xFF);
        let decoded = decode(&bytes);
        assert_eq!(decoded.encoding, "utf-8");
        assert_eq!(
            decoded.malformed,
            Some(Span::new(bytes.len() - 1, bytes.len()))
        );
    }
}
