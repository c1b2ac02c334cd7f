//! Rich Text Format.
//!
//! After the RTF 1.9 specification, as far as text goes: character sets, Unicode escapes, special
//! characters, paragraphs; destinations that hold no text of the document are passed over.
//! rtf-parser fails on real exports, or loses their paragraphs.

use super::envelope::{Envelope, PieceKind};
use super::prose::Prose;
use super::sniff::Sniff;
use crate::story::Format;
use crate::text::{Traced, char_at};
use encoding_rs::{Encoding, WINDOWS_1252};
use std::ops::Range;

/// Groups nested deeper than this are read as the one that holds them.
const DEEPEST: usize = 512;
/// Destinations whose text is not the document's.
const PASSED_OVER: [&str; 34] = [
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "footnote",
    "fldinst",
    "object",
    "themedata",
    "colorschememapping",
    "listtable",
    "listoverridetable",
    "rsidtbl",
    "generator",
    "xmlnstbl",
    "datastore",
    "latentstyles",
    "datafield",
    "annotation",
    "revtbl",
    "filetbl",
    "private",
    "nonshppict",
    "shpinst",
    "bkmkstart",
    "bkmkend",
];

/// Returns whether a file is RTF.
pub(crate) fn recognises(sniff: &Sniff<'_>) -> bool {
    sniff.head.starts_with("{\\rtf")
}

/// Reads a document.
pub(crate) fn read(sniff: &Sniff<'_>) -> Option<Envelope> {
    let mut out = Envelope::of(Format::Rtf, sniff.text.len());
    let mut prose = Prose::default();
    for paragraph in paragraphs(sniff.text) {
        prose.piece(PieceKind::Line, &paragraph);
    }
    out.copy = prose.finish();
    Some(out)
}

/// Returns the paragraphs of a document that show anything, with the way back to its text. Lines of
/// a paragraph are parted by line ends, cells of a row by tabs.
pub(super) fn paragraphs(text: &str) -> Vec<Traced<'static>> {
    let mut reader = Reader {
        whole: Traced::whole(text),
        text,
        at: 0,
        states: vec![State {
            is_passed_over: false,
            is_hidden: false,
            fallback: 1,
        }],
        too_deep: 0,
        charset: WINDOWS_1252,
        bytes: Vec::new(),
        to_skip: 0,
        high: None,
        paragraph: Traced::default(),
        out: Vec::new(),
    };
    reader.run();
    reader.out
}

#[derive(Clone, Copy)]
struct State {
    is_passed_over: bool,
    is_hidden: bool,
    /// Characters that stand in for a Unicode escape for old readers.
    fallback: usize,
}

struct Reader<'t> {
    whole: Traced<'t>,
    text: &'t str,
    at: usize,
    states: Vec<State>,
    too_deep: usize,
    charset: &'static Encoding,
    /// Bytes of escapes `\'e4` that wait to be read together, and where each stands.
    bytes: Vec<(u8, usize)>,
    /// Fallback characters still to come.
    to_skip: usize,
    /// The first half of a surrogate pair.
    high: Option<(u32, usize)>,
    paragraph: Traced<'static>,
    out: Vec<Traced<'static>>,
}

impl Reader<'_> {
    fn state(&mut self) -> &mut State {
        // There is always one: the last is never taken off.
        let last = self.states.len() - 1;
        &mut self.states[last]
    }

    fn shows(&self) -> bool {
        self.states
            .last()
            .is_none_or(|state| !state.is_passed_over && !state.is_hidden)
    }

    fn run(&mut self) {
        while self.at < self.text.len() {
            let rest = &self.text.as_bytes()[self.at..];
            let plain = memchr::memchr3(b'\\', b'{', b'}', rest).unwrap_or(rest.len());
            self.plain(self.at..self.at + plain);
            self.at += plain;
            match self.text.as_bytes().get(self.at) {
                Some(b'{') => {
                    self.flush();
                    self.at += 1;
                    if self.states.len() < DEEPEST {
                        let state = *self.state();
                        self.states.push(state);
                    } else {
                        self.too_deep += 1;
                    }
                }
                Some(b'}') => {
                    self.flush();
                    self.at += 1;
                    if self.too_deep > 0 {
                        self.too_deep -= 1;
                    } else if self.states.len() > 1 {
                        self.states.pop();
                    }
                }
                Some(_) => self.control(),
                None => {}
            }
        }
        self.end_paragraph();
    }

    /// Text without controls; line ends in it mean nothing.
    fn plain(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        self.flush();
        let mut at = range.start;
        while self.to_skip > 0 && at < range.end {
            at += char_at(self.text, at).map_or(1, char::len_utf8);
            self.to_skip -= 1;
        }
        if !self.shows() {
            return;
        }
        while at < range.end {
            let stop = memchr::memchr3(b'\r', b'\n', 0, &self.text.as_bytes()[at..range.end])
                .map_or(range.end, |found| at + found);
            self.paragraph.push(&self.whole, at..stop);
            at = stop + 1;
        }
    }

    /// A control word or symbol.
    fn control(&mut self) {
        let start = self.at;
        let rest = &self.text[start + 1..];
        let Some(first) = rest.chars().next() else {
            self.at = self.text.len();
            return;
        };
        if !first.is_ascii_alphabetic() {
            self.symbol(first, start);
            return;
        }
        let name = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let mut end = name;
        if rest[end..].starts_with('-') {
            end += 1;
        }
        end += rest.as_bytes()[end..]
            .iter()
            .take(10)
            .take_while(|b| b.is_ascii_digit())
            .count();
        let number: Option<i64> = rest[name..end].parse().ok();
        let mut after = end;
        if rest[after..].starts_with(' ') {
            after += 1;
        }
        self.at = start + 1 + after;
        let word = &rest[..name];
        self.word(word, number, start..self.at);
    }

    fn symbol(&mut self, symbol: char, start: usize) {
        self.at = start + 1 + symbol.len_utf8();
        match symbol {
            '\'' => {
                let hex = self.text.get(self.at..self.at + 2);
                let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
                if let Some(byte) = byte {
                    self.at += 2;
                    if self.to_skip > 0 {
                        self.to_skip -= 1;
                    } else if self.shows() {
                        self.bytes.push((byte, start));
                    }
                }
            }
            '*' => self.state().is_passed_over = true,
            '\\' | '{' | '}' => self.character(symbol, start..self.at),
            '~' => self.character(' ', start..self.at),
            '_' => self.character('-', start..self.at),
            '\n' | '\r' => self.end_paragraph(),
            _ => self.flush(),
        }
    }

    fn word(&mut self, word: &str, number: Option<i64>, range: Range<usize>) {
        let shown = match word {
            "u" => {
                self.unicode(number.unwrap_or(0), range);
                return;
            }
            "par" | "sect" | "page" | "row" => {
                self.end_paragraph();
                return;
            }
            "line" => '\n',
            "tab" | "cell" | "nestcell" => '\t',
            "emdash" => '—',
            "endash" => '–',
            "lquote" => '‘',
            "rquote" => '’',
            "ldblquote" => '“',
            "rdblquote" => '”',
            "bullet" => '•',
            "emspace" | "enspace" | "qmspace" => ' ',
            _ => {
                self.flush();
                self.setting(word, number);
                return;
            }
        };
        self.character(shown, range);
    }

    fn setting(&mut self, word: &str, number: Option<i64>) {
        match word {
            "ansicpg" => self.charset = code_page(number.unwrap_or(0)),
            "mac" => self.charset = encoding_rs::MACINTOSH,
            "uc" => self.state().fallback = number.map_or(1, |n| n.clamp(0, 16) as usize),
            "v" => self.state().is_hidden = number != Some(0),
            "plain" => self.state().is_hidden = false,
            "bin" => {
                let mut end = self.at.saturating_add(number.unwrap_or(0).max(0) as usize);
                end = end.min(self.text.len());
                while !self.text.is_char_boundary(end) {
                    end -= 1;
                }
                self.at = end.max(self.at);
            }
            word if PASSED_OVER.contains(&word) => self.state().is_passed_over = true,
            _ => {}
        }
    }

    /// `\u8217`, and what stands in for it.
    fn unicode(&mut self, number: i64, range: Range<usize>) {
        self.flush();
        self.to_skip = self.state().fallback;
        if !self.shows() {
            return;
        }
        // Numbers above 32767 are written as negative ones.
        let unit = (number.rem_euclid(0x1_0000)) as u32;
        match (unit, self.high.take()) {
            (0xD800..=0xDBFF, _) => self.high = Some((unit, range.start)),
            (0xDC00..=0xDFFF, Some((high, start))) => {
                let code = 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00);
                let c = char::from_u32(code).unwrap_or('\u{FFFD}');
                self.push(c, start..range.end);
            }
            _ => {
                let c = char::from_u32(unit).unwrap_or('\u{FFFD}');
                self.push(c, range);
            }
        }
    }

    fn character(&mut self, c: char, range: Range<usize>) {
        self.flush();
        if self.to_skip > 0 && c != '\n' {
            self.to_skip -= 1;
        } else if self.shows() {
            self.push(c, range);
        }
    }

    fn push(&mut self, c: char, range: Range<usize>) {
        let mut buffer = [0; 4];
        self.paragraph.push_made(c.encode_utf8(&mut buffer), range);
    }

    /// Reads the bytes that wait: as UTF-8 if they are (some programs write it whatever they say),
    /// in the document's character set otherwise.
    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let waiting = std::mem::take(&mut self.bytes);
        let bytes: Vec<u8> = waiting.iter().map(|(byte, _)| *byte).collect();
        let place = |at: usize| {
            let start = waiting
                .get(at)
                .map_or(waiting[waiting.len() - 1].1, |b| b.1);
            start..start + 4
        };
        if bytes.len() > 1
            && let Ok(text) = std::str::from_utf8(&bytes)
        {
            for (at, c) in text.char_indices() {
                let last = at + c.len_utf8() - 1;
                self.push(c, place(at).start..place(last).end);
            }
            return;
        }
        if self.charset.is_single_byte() {
            for (at, byte) in bytes.iter().enumerate() {
                let (shown, _) = self
                    .charset
                    .decode_without_bom_handling(std::slice::from_ref(byte));
                let c = shown.chars().next().unwrap_or('\u{FFFD}');
                self.push(c, place(at));
            }
            return;
        }
        let (shown, _) = self.charset.decode_without_bom_handling(&bytes);
        let whole = place(0).start..place(waiting.len() - 1).end;
        let shown = shown.into_owned();
        self.paragraph.push_made(&shown, whole);
    }

    fn end_paragraph(&mut self) {
        self.flush();
        self.to_skip = 0;
        let paragraph = std::mem::take(&mut self.paragraph);
        if !paragraph.text.trim().is_empty() {
            self.out.push(paragraph);
        }
    }
}

/// Returns the character set of a Windows code page.
fn code_page(number: i64) -> &'static Encoding {
    let label = match number {
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        65001 => "utf-8".to_owned(),
        874 => "windows-874".to_owned(),
        10000 => "macintosh".to_owned(),
        number => format!("windows-{number}"),
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        paragraphs(text)
            .iter()
            .map(|paragraph| paragraph.text.clone().into_owned())
            .collect()
    }

    #[test]
    fn text_comes_out_in_paragraphs() {
        let text = "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Times;}}{\\info{\\title No}}\\f0\\b Ferry sails\\b0\\par\r\n\
            Die F\\'e4hre \\u8220?sailed\\u8221? \\endash  \\{twice\\}.\\line \
                    Again\\par{\\*\\generator X}}";
        assert_eq!(
            shown(text),
            ["Ferry sails", "Die Fähre “sailed” – {twice}.\nAgain"]
        );
        let second = &paragraphs(text)[1];
        let at = second.text.find('ä').expect("it is there");
        assert_eq!(&text[second.source(at..at + 2)], "\\'e4");
        let at = second.text.find("sailed").expect("it is there");
        assert_eq!(&text[second.source(at..at + 6)], "sailed");
    }

    #[test]
    fn character_sets_and_surrogates() {
        assert_eq!(shown("{\\rtf1\\ansi\\ansicpg1251 \\'d0\\par}"), ["Р"]);
        assert_eq!(shown("{\\rtf1\\ansi \\'c3\\'a4}"), ["ä"]);
        assert_eq!(shown("{\\rtf1\\uc0 \\u-10179 \\u-8704 x}"), ["😀x"]);
        assert_eq!(shown("{\\rtf1\\ansi F\u{e4}hre}"), ["Fähre"]);
    }

    #[test]
    fn hidden_text_and_fields() {
        assert_eq!(
            shown("{\\rtf1 a{\\v hidden}b{\\field{\\*\\fldinst HYPERLINK x}{\\fldrslt link}}}"),
            ["ablink"]
        );
    }

    #[test]
    fn damage_is_read_as_far_as_it_goes() {
        let text = "{\\rtf1\\ansi F\\'e4\\u8220? \\bin5 abcde x\\par}";
        for end in 0..text.len() {
            paragraphs(&text[..end]);
        }
        paragraphs(&"{".repeat(100_000));
        paragraphs(&"\\u".repeat(100_000));
        paragraphs("{\\rtf1\\bin99999999999 x");
    }
}
