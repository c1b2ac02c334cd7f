//! Characters to clean copy: one kind of line end, no controls, entities resolved, NFC.

use super::OffsetMap;
use std::borrow::Cow;
use std::ops::Range;
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Longest entity looked for: `&CounterClockwiseContourIntegral;` is the longest name there is.
const LONGEST_ENTITY: usize = 34;
/// Longest cluster normalised in one piece; longer runs of combining marks are an attack.
const LONGEST_CLUSTER: usize = 32;

/// Cleans the part `region` of `text`, leaving out `controls` (ascending ranges that a wire format
/// claims as transmission control). The map leads from the clean copy to `text`.
pub fn clean<'a>(
    text: &'a str,
    region: Range<usize>,
    controls: &[Range<usize>],
) -> (Cow<'a, str>, OffsetMap) {
    let mut out = Cleaner {
        source: text,
        end: region.end,
        at: region.start,
        kept: region.start,
        text: None,
        map: OffsetMap::default(),
    };
    let mut controls = controls
        .iter()
        .filter(|c| c.end > region.start && c.start < region.end)
        .peekable();
    let plain = text[region.clone()].is_ascii()
        || is_nfc_quick(text[region.clone()].chars()) == IsNormalized::Yes;
    while out.at < out.end {
        if let Some(control) = controls.peek()
            && out.at >= control.start
        {
            let end = control.end.min(out.end);
            out.replace("", end - out.at.min(end));
            controls.next();
            continue;
        }
        let stop = controls.peek().map_or(out.end, |c| c.start.min(out.end));
        out.step(stop, plain);
    }
    out.finish(region.start)
}

struct Cleaner<'a> {
    source: &'a str,
    end: usize,
    at: usize,
    /// Everything before this is written.
    kept: usize,
    text: Option<String>,
    map: OffsetMap,
}

/// Returns whether a byte needs a look; everything else is copied as it stands.
const fn needs_look(b: u8) -> bool {
    b < 0x20 && b != b'\n' && b != b'\t' || b == 0x7F || b == b'&' || b >= 0xC2
}

/// Returns how many bytes stand before the first that needs a look. Those of a stretch are looked
/// at together.
fn plain_bytes(bytes: &[u8]) -> usize {
    const STRETCH: usize = 64;
    let needs = |stretch: &[u8]| {
        stretch
            .iter()
            .fold(false, |needs, b| needs | needs_look(*b))
    };
    let before = bytes
        .chunks_exact(STRETCH)
        .take_while(|stretch| !needs(stretch))
        .count()
        * STRETCH;
    before
        + bytes[before..]
            .iter()
            .position(|b| needs_look(*b))
            .unwrap_or(bytes.len() - before)
}

impl<'a> Cleaner<'a> {
    /// Goes on to the next character that is not plain, at most to `stop`, and deals with it.
    fn step(&mut self, stop: usize, plain: bool) {
        let bytes = self.source.as_bytes();
        let i = self.at + plain_bytes(&bytes[self.at..stop.max(self.at)]);
        self.at = i;
        if i >= stop {
            return;
        }
        let Some(c) = self.source[i..].chars().next() else {
            return;
        };
        let len = c.len_utf8();
        match c {
            '\r' => {
                // CR, CRLF and the teletype's CR CR LF are one line end.
                let run = bytes[i..stop].iter().take_while(|b| **b == b'\r').count();
                if bytes.get(i + run) == Some(&b'\n') && i + run < stop {
                    self.replace("\n", run + 1);
                } else {
                    // The whole run at once: to look for its end again and again is quadratic.
                    (0..run).for_each(|_| self.replace("\n", 1));
                }
            }
            '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => self.replace("\n", len),
            '&' => match entity(&self.source[i..stop]) {
                Some((entity, resolved)) => self.replace(&resolved, entity),
                None => self.at += 1,
            },
            '\u{A0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200A}'
            | '\u{202F}'
            | '\u{205F}'
            | '\u{3000}' => self.replace(" ", len),
            c if is_invisible(c) => self.replace("", len),
            _ if plain || c.is_ascii() => self.at += len,
            _ => self.cluster(stop),
        }
    }

    /// Brings one base character with its combining marks to NFC.
    fn cluster(&mut self, stop: usize) {
        let rest = &self.source[self.at..stop];
        let mut len = 0;
        for (i, c) in rest.char_indices() {
            let joins = canonical_combining_class(c) != 0
                || matches!(c, '\u{1161}'..='\u{1175}' | '\u{11A8}'..='\u{11C2}');
            if i > 0 && (!joins || i > LONGEST_CLUSTER) {
                break;
            }
            len = i + c.len_utf8();
        }
        // A mark may follow an ASCII letter, which was passed over as plain.
        let back = match self.source[..self.at].chars().next_back() {
            Some(base)
                if self.at > self.kept
                    && base.is_ascii_alphabetic()
                    && canonical_combining_class(first(rest)) != 0 =>
            {
                1
            }
            _ => 0,
        };
        let whole = &self.source[self.at - back..self.at + len];
        let composed: String = whole.nfc().collect();
        if composed == whole {
            self.at += len;
        } else {
            self.at -= back;
            self.replace(&composed, len + back);
        }
    }

    /// Puts `with` in the place of the next `len` source bytes.
    fn replace(&mut self, with: &str, len: usize) {
        let (kept, at) = (self.kept, self.at);
        let text = self
            .text
            .get_or_insert_with(|| String::with_capacity(self.end - kept));
        self.map.push_same(text.len(), kept, at - kept);
        text.push_str(&self.source[kept..at]);
        if !with.is_empty() {
            self.map.push(text.len(), with.len(), at, len);
            text.push_str(with);
        }
        self.at += len;
        self.kept = self.at;
    }

    fn finish(mut self, start: usize) -> (Cow<'a, str>, OffsetMap) {
        let (kept, end) = (self.kept, self.end);
        match self.text {
            Some(mut text) => {
                self.map.push_same(text.len(), kept, end - kept);
                text.push_str(&self.source[kept..end]);
                (Cow::Owned(text), self.map)
            }
            None => {
                if start > 0 {
                    self.map.push_same(0, start, end - start);
                }
                (Cow::Borrowed(&self.source[start..end]), self.map)
            }
        }
    }
}

fn first(text: &str) -> char {
    text.chars().next().unwrap_or('\0')
}

/// Controls, soft hyphens, byte-order marks, directional marks: nothing that a reader sees.
/// Zero-width and word joiners stay, since scripts and emoji mean something by them.
fn is_invisible(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{E}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2061}'..='\u{2069}' | '\u{FEFF}')
}

/// An HTML entity at the start of `text`: its length and what it stands for.
pub(crate) fn entity(text: &str) -> Option<(usize, String)> {
    let window = &text.as_bytes()[..text.len().min(LONGEST_ENTITY)];
    let end = window.iter().position(|b| *b == b';')?;
    let name = &text[..=end];
    if !window[1..end]
        .iter()
        .all(|b| b.is_ascii_alphanumeric() || *b == b'#')
    {
        return None;
    }
    let resolved = html_escape::decode_html_entities(name);
    if resolved == name {
        return None;
    }
    let visible: String = resolved
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect();
    Some((name.len(), visible))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> (String, OffsetMap) {
        let (clean, map) = clean(text, 0..text.len(), &[]);
        (clean.into_owned(), map)
    }

    #[test]
    fn plain_copy_is_borrowed() {
        let text = "Line one\nZürich “quoted” — dash\n";
        assert!(matches!(
            clean(text, 0..text.len(), &[]).0,
            Cow::Borrowed(_)
        ));
    }

    #[test]
    fn line_ends_become_one_kind() {
        assert_eq!(all("a\r\nb\rc\r\r\nd\u{C}e\u{2028}f").0, "a\nb\nc\nd\ne\nf");
    }

    #[test]
    fn controls_soft_hyphens_and_entities_lead_back() {
        let text = "AT&amp;T\u{AD} sa\u{7}id &#8217;no&rsquo; & left &bogus;";
        let (clean, map) = all(text);
        assert_eq!(clean, "AT&T said ’no’ & left &bogus;");
        let at = clean.find("said").unwrap();
        assert_eq!(&text[map.source(at..at + 4)], "sa\u{7}id");
        let at = clean.find("&T").unwrap();
        assert_eq!(&text[map.source(at..at + 1)], "&amp;");
    }

    #[test]
    fn decomposed_letters_are_composed() {
        let (clean, map) = all("Cafe\u{301} Mu\u{308}ller");
        assert_eq!(clean, "Café Müller");
        assert_eq!(map.source(6..13), 7..15);
    }

    #[test]
    fn a_region_and_its_controls() {
        let text = "head^By A<\ntail";
        let (clean, map) = clean(text, 4..11, &[4..5, 9..10]);
        assert_eq!(clean, "By A\n");
        assert_eq!(map.source(0..4), 5..9);
    }
}
