//! Colours for JSON on a terminal: keys, strings, and numbers and other words.

use anstyle::{AnsiColor, Style};

const KEY: Style = AnsiColor::Blue.on_default().bold();
const STRING: Style = AnsiColor::Green.on_default();
const WORD: Style = AnsiColor::Yellow.on_default();

/// Where in JSON the text that comes next stands. It may be cut anywhere.
#[derive(Debug, Default)]
pub(super) struct JsonColours {
    inside: Inside,
    /// Of each bracket that is open, whether it is an object's.
    open: Vec<bool>,
    /// Whether a key of an object comes next.
    is_key_next: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Inside {
    /// Nothing that has a colour.
    #[default]
    Nothing,
    /// A string, and whether the last character was a backslash that escapes the next.
    String { style: Style, is_escaped: bool },
    /// A number, `true`, `false` or `null`.
    Word,
}

impl JsonColours {
    /// Returns `text` with colours.
    pub(super) fn add(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() * 2);
        for c in text.chars() {
            self.character(c, &mut out);
        }
        out
    }

    fn character(&mut self, c: char, out: &mut String) {
        if let Inside::String { style, is_escaped } = self.inside {
            out.push(c);
            self.inside = match c {
                '"' if !is_escaped => {
                    out.push_str(&format!("{style:#}"));
                    Inside::Nothing
                }
                c => Inside::String {
                    style,
                    is_escaped: c == '\\' && !is_escaped,
                },
            };
            return;
        }
        let is_word = c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.');
        match (self.inside, is_word) {
            (Inside::Word, false) => {
                out.push_str(&format!("{WORD:#}"));
                self.inside = Inside::Nothing;
            }
            (Inside::Nothing, true) => {
                out.push_str(&WORD.to_string());
                self.inside = Inside::Word;
            }
            _ => {}
        }
        match c {
            '"' => {
                let style = if self.is_key_next { KEY } else { STRING };
                out.push_str(&style.to_string());
                self.inside = Inside::String {
                    style,
                    is_escaped: false,
                };
                self.is_key_next = false;
            }
            '{' | '[' => {
                self.open.push(c == '{');
                self.is_key_next = c == '{';
            }
            '}' | ']' => {
                self.open.pop();
                self.is_key_next = false;
            }
            ',' => self.is_key_next = self.open.last() == Some(&true),
            _ => {}
        }
        out.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the text with letters for the colours, however it is cut.
    fn shown(text: &str) -> String {
        let named = |text: String| {
            text.replace(&KEY.to_string(), "<k>")
                .replace(&STRING.to_string(), "<s>")
                .replace(&WORD.to_string(), "<w>")
                .replace(&format!("{KEY:#}"), "<>")
        };
        let whole = named(JsonColours::default().add(text));
        let mut colours = JsonColours::default();
        let pieces: Vec<String> = text.chars().map(|c| colours.add(&c.to_string())).collect();
        assert_eq!(named(pieces.concat()), whole);
        whole
    }

    #[test]
    fn keys_strings_and_words_have_their_colours() {
        assert_eq!(
            shown(r#"{"a": "x\"y", "b": [1, "z", {"c": null}], "d": -1.5e3}"#),
            "{<k>\"a\"<>: <s>\"x\\\"y\"<>, <k>\"b\"<>: [<w>1<>, <s>\"z\"<>, {<k>\"c\"<>: \
             <w>null<>}], <k>\"d\"<>: <w>-1.5e3<>}"
        );
        assert_eq!(shown("[\"\\\\\", true]\n"), "[<s>\"\\\\\"<>, <w>true<>]\n");
    }
}
