//! Standard output, fenced: on a terminal nothing reaches it that could act on it.
//!
//! Every command prints through an [`Out`]. In a pipe the bytes go out as they are. On a terminal
//! characters that act are shown instead ([`safe`]), whether or not the command thought of it. The
//! styles that the program itself sets pass where colour is wanted; nothing else that begins with
//! an escape does.

use super::json_colours::JsonColours;
use super::safe;
use serde::Serialize;
use std::io::{self, Write};

/// Room for one write to the system.
const BUFFER: usize = 1 << 16;
/// Longest sequence that sets a style; what is longer is none of ours.
const LONGEST_STYLE: usize = 24;

/// How characters that act are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guard {
    /// Not at all: the reader is a program.
    Exact,
    /// As signs for people: `␛`, `<U+202E>`.
    Signs,
    /// The same, but escapes that set a style pass.
    SignsAndStyles,
    /// As JSON's own escapes, which leave the value what it is.
    JsonEscapes,
}

/// A buffered writer that lets nothing through that acts on a terminal; flush it at the end.
pub(crate) struct Out<W: Write> {
    inner: W,
    guard: Guard,
    /// Bytes that are not written yet.
    pending: Vec<u8>,
    /// Colours of JSON, where they are wanted.
    colours: Option<JsonColours>,
}

impl<W: Write> Out<W> {
    pub(crate) fn new(inner: W, guard: Guard) -> Self {
        Self {
            inner,
            guard,
            pending: Vec::with_capacity(BUFFER),
            colours: None,
        }
    }

    /// Returns the writer of JSON, with colours.
    pub(super) fn coloured(mut self) -> Self {
        self.colours = Some(JsonColours::default());
        self
    }

    /// Writes a value as JSON on one line, without a line feed.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        // The system's error stays one, since the caller tells a reader that left by it.
        serde_json::to_writer(self, value).map_err(io::Error::from)
    }

    /// Writes what is pending, but for a character or an escape that is not whole yet; `is_end`
    /// says that nothing will complete it.
    fn drain(&mut self, is_end: bool) -> io::Result<()> {
        let ready = match self.guard {
            Guard::Exact => self.pending.len(),
            _ if is_end => self.pending.len(),
            _ => whole(&self.pending),
        };
        let bytes = &self.pending[..ready];
        match self.guard {
            Guard::Exact => self.inner.write_all(bytes)?,
            guard => {
                let mut text = guarded(&String::from_utf8_lossy(bytes), guard);
                if let Some(colours) = &mut self.colours {
                    text = colours.add(&text);
                }
                self.inner.write_all(text.as_bytes())?;
            }
        }
        self.pending.drain(..ready);
        Ok(())
    }
}

impl<W: Write> Drop for Out<W> {
    fn drop(&mut self) {
        // What was printed before an error is worth having; nobody is left to tell if this fails.
        let _ = self.flush();
    }
}

impl<W: Write> Write for Out<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= BUFFER {
            self.drain(false)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.drain(true)?;
        self.inner.flush()
    }
}

/// Text as it may reach a terminal.
pub(crate) fn guarded(text: &str, guard: Guard) -> String {
    let show = |text: &str, out: &mut String| match guard {
        Guard::Exact => out.push_str(text),
        Guard::Signs | Guard::SignsAndStyles => out.push_str(&safe::text(text)),
        Guard::JsonEscapes => out.push_str(&safe::json(text)),
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        show(&rest[..at], &mut out);
        rest = &rest[at..];
        // The escape alone, if it begins no style.
        let length = style(rest.as_bytes()).unwrap_or(1);
        let (escape, after) = rest.split_at(length);
        if length > 1 && guard == Guard::SignsAndStyles {
            out.push_str(escape);
        } else {
            show(escape, &mut out);
        }
        rest = after;
    }
    show(rest, &mut out);
    out
}

/// Returns the length of the sequence that sets a style, if `bytes` begin with one: `ESC [ 1 ; 31
/// m`. Only attributes and colours that keep text readable: it cannot be concealed.
fn style(bytes: &[u8]) -> Option<usize> {
    let parameters = bytes.strip_prefix(b"\x1b[")?;
    let end = parameters
        .iter()
        .take(LONGEST_STYLE)
        .position(|byte| !byte.is_ascii_digit() && *byte != b';')?;
    let codes = std::str::from_utf8(&parameters[..end]).ok()?;
    let is_plain = |code: &str| {
        matches!(
            code.parse::<u8>(),
            Ok(0..=5 | 7 | 22..=24 | 30..=39 | 90..=97)
        ) || code.is_empty()
    };
    (parameters[end] == b'm' && codes.split(';').all(is_plain)).then_some(2 + end + 1)
}

/// Returns how many of these bytes can be judged now: up to the start of a character, or of an
/// escape, that may go on.
fn whole(bytes: &[u8]) -> usize {
    let tail = bytes.len().saturating_sub(LONGEST_STYLE);
    let escape = bytes[tail..].iter().rposition(|byte| *byte == 0x1b);
    if let Some(escape) = escape.map(|at| tail + at)
        && style(&bytes[escape..]).is_none()
        && bytes[escape..]
            .iter()
            .skip(2)
            .all(|byte| byte.is_ascii_digit() || *byte == b';')
    {
        return escape;
    }
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        // Bytes that no character has are shown as such; what stands after them is judged with
        // them.
        _ => {
            let start = bytes.len().saturating_sub(3);
            let cut = bytes[start..].iter().rposition(|byte| *byte >= 0xC0);
            match cut.map(|at| start + at) {
                Some(at)
                    if std::str::from_utf8(&bytes[at..])
                        .is_err_and(|error| error.error_len().is_none()) =>
                {
                    at
                }
                _ => bytes.len(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(parts: &[&[u8]], guard: Guard) -> String {
        let mut out = Out::new(Vec::new(), guard);
        for part in parts {
            out.write_all(part).unwrap();
            // As if the buffer had been full.
            out.drain(false).unwrap();
        }
        out.flush().unwrap();
        String::from_utf8(out.inner.clone()).unwrap()
    }

    #[test]
    fn what_acts_is_shown_and_styles_pass() {
        let text =
            "\u{1b}[1;31mred\u{1b}[0m \u{1b}]0;title\u{7} \u{1b}[2J \u{1b}[8mhidden a\u{202e}b";
        assert_eq!(
            written(&[text.as_bytes()], Guard::SignsAndStyles),
            "\u{1b}[1;31mred\u{1b}[0m ␛]0;title␇ ␛[2J ␛[8mhidden a<U+202E>b"
        );
        assert!(written(&[text.as_bytes()], Guard::Signs).starts_with("␛[1;31mred␛[0m"));
        assert_eq!(written(&[text.as_bytes()], Guard::Exact), text);
        assert_eq!(
            written(&["\"a\u{202e}\u{e0041}\"\n".as_bytes()], Guard::JsonEscapes),
            "\"a\\u202e\\udb40\\udc41\"\n"
        );
    }

    proptest! {
        /// Where a write ends makes no difference.
        #[test]
        fn cuts_make_no_difference(
            text in "(\u{1b}|\\[|31|;|m|é|地|a|\u{202e}|\n){0,12}",
            cut in 0_usize..40,
        ) {
            let bytes = text.as_bytes();
            let (first, second) = bytes.split_at(cut.min(bytes.len()));
            prop_assert_eq!(
                written(&[first, second], Guard::SignsAndStyles),
                written(&[bytes], Guard::SignsAndStyles)
            );
        }
    }
}
