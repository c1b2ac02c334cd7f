//! Text from outside, made harmless for a terminal.

use std::borrow::Cow;
use std::fmt::Write;

/// Shows what could act on the terminal instead of letting it act: `\u{1b}` becomes `␛`, a mark
/// that turns the line around becomes `<U+202E>`. Line feeds stay.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    replace(text, |c, out| match c {
        '\0'..='\u{1F}' => out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{FFFD}')),
        '\u{7F}' => out.push('␡'),
        _ => {
            // Writing to a string cannot fail.
            let _ = write!(out, "<U+{:04X}>", u32::from(c));
        }
    })
}

/// Returns the same for what is one line whatever is in it: a name with a line feed must not look
/// like two.
pub(crate) fn line(line: &str) -> Cow<'_, str> {
    match text(line) {
        shown if shown.contains('\n') => Cow::Owned(shown.replace('\n', "␊")),
        shown => shown,
    }
}

/// Returns the same for JSON, as escapes: the value stays what it was. Whatever JSON itself escapes
/// is harmless already; what acts can only stand inside of strings.
pub(crate) fn json(json: &str) -> Cow<'_, str> {
    replace(json, |c, out| {
        let mut units = [0; 2];
        for unit in c.encode_utf16(&mut units) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{unit:04x}");
        }
    })
}

fn replace(text: &str, show: impl Fn(char, &mut String)) -> Cow<'_, str> {
    let mut before = '\n';
    let mut out: Option<String> = None;
    for (at, c) in text.char_indices() {
        if acts(c, before) {
            show(c, out.get_or_insert_with(|| text[..at].to_owned()));
        } else if let Some(out) = &mut out {
            out.push(c);
        }
        before = c;
    }
    out.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Returns whether a character does something to the terminal or to its neighbours rather than show
/// itself.
fn acts(c: char, before: char) -> bool {
    match c {
        '\n' => false,
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' => true,
        // Joiners are spelling in Persian, Hindi and emoji; between Latin letters they only hide.
        '\u{200C}' | '\u{200D}' => before.is_ascii(),
        // Soft hyphen, directional marks, embeddings and isolates, zero-width spaces, fillers,
        // separators, invisible signs of mathematics, interlinear marks, byte-order marks, tags
        // (which spell flags of regions, and any other text that nobody sees).
        '\u{AD}'
        | '\u{34F}'
        | '\u{61C}'
        | '\u{115F}'
        | '\u{1160}'
        | '\u{17B4}'
        | '\u{17B5}'
        | '\u{180E}'
        | '\u{200B}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{3164}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E007F}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmless_text_is_borrowed() {
        assert!(matches!(
            text("Zürich\n“quoted” 👩‍🚀 می‌خواهم\n"),
            Cow::Borrowed(_)
        ));
    }

    #[test]
    fn escapes_and_turns_are_shown() {
        assert_eq!(
            text("a\u{1b}[31mb\r\u{7f}\u{9b}1m\u{202e}x\u{200b}"),
            "a␛[31mb␍␡<U+009B>1m<U+202E>x<U+200B>"
        );
        assert_eq!(line("a\nb\u{1b}\n"), "a␊b␛␊");
        assert_eq!(text("pass\u{200d}word"), "pass<U+200D>word");
        assert_eq!(
            text("a\u{e0000}\u{e0041}\u{e007f}"),
            "a<U+E0000><U+E0041><U+E007F>"
        );
    }

    #[test]
    fn json_keeps_its_value() {
        let value = serde_json::json!({ "a": "x\u{1b}\u{9b}\u{202e}\u{7f}\u{e0001}\u{e0041}é" });
        let line = serde_json::to_string(&value).unwrap();
        let shown = json(&line);
        assert!(shown.chars().all(|c| !acts(c, 'a')), "{shown}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&shown).unwrap(),
            value
        );
    }
}
