//! JSON with places: each value knows where it stands in its text.
//!
//! serde_json reads it; a raw value is a slice of the text, and where the slice begins is where it
//! stands. An object is read when it is asked for, so a value that nobody needs costs nothing.

use crate::text::Traced;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::ops::Range;

/// One value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Json<'t> {
    /// Its own text.
    raw: &'t str,
    /// Where that begins in the whole text.
    at: usize,
}

/// An object, its members in order.
#[derive(Debug, Default)]
pub(crate) struct Object<'t>(Vec<(Cow<'t, str>, Json<'t>)>);

impl<'t> Json<'t> {
    /// Reads the value that `text` is; none if it is damaged. Depth is limited by serde_json.
    pub(crate) fn read(text: &'t str) -> Option<Self> {
        let raw: &RawValue = serde_json::from_str(text).ok()?;
        Some(Self::within(text, 0, raw))
    }

    fn within(text: &str, at: usize, raw: &'t RawValue) -> Self {
        let raw = raw.get();
        let offset = raw.as_ptr() as usize - text.as_ptr() as usize;
        Self {
            raw,
            at: at + offset,
        }
    }

    /// Returns where it stands in the whole text.
    pub(crate) fn range(&self) -> Range<usize> {
        self.at..self.at + self.raw.len()
    }

    /// Returns its members, if it is an object; none otherwise.
    pub(crate) fn object(&self) -> Object<'t> {
        if !self.raw.starts_with('{') {
            return Object::default();
        }
        let mut deserializer = serde_json::Deserializer::from_str(self.raw);
        let members = deserializer
            .deserialize_map(Members)
            .unwrap_or_default()
            .into_iter()
            .map(|(key, value)| (key, Self::within(self.raw, self.at, value)))
            .collect();
        Object(members)
    }

    /// Returns its items, if it is an array; itself otherwise, unless it is null.
    pub(crate) fn items(&self) -> Vec<Json<'t>> {
        if !self.raw.starts_with('[') {
            return if self.raw == "null" {
                Vec::new()
            } else {
                vec![*self]
            };
        }
        serde_json::from_str::<Vec<&RawValue>>(self.raw)
            .unwrap_or_default()
            .into_iter()
            .map(|raw| Self::within(self.raw, self.at, raw))
            .collect()
    }

    /// Returns whether it is an object.
    pub(crate) fn is_object(&self) -> bool {
        self.raw.starts_with('{')
    }

    /// Returns its text: a string without its escapes, a number as it stands; none for anything
    /// else.
    pub(crate) fn text(&self) -> Option<Traced<'static>> {
        let mut out = Traced::default();
        if self
            .raw
            .starts_with(|c: char| c.is_ascii_digit() || c == '-')
        {
            push(&mut out, self.raw, 0..self.raw.len(), self.at);
            return Some(out);
        }
        let inner = self.raw.strip_prefix('"')?.strip_suffix('"')?;
        let at = self.at + 1;
        let mut from = 0;
        while let Some(found) = memchr::memchr(b'\\', &inner.as_bytes()[from..]) {
            push(&mut out, inner, from..from + found, at);
            let start = from + found;
            let (shown, len) = escape(&inner[start..]);
            let mut buffer = [0; 4];
            out.push_made(shown.encode_utf8(&mut buffer), at + start..at + start + len);
            from = start + len;
        }
        push(&mut out, inner, from..inner.len(), at);
        Some(out)
    }

    /// Returns its text as a plain string; empty if it has none.
    pub(crate) fn string(&self) -> String {
        self.text()
            .map_or_else(String::new, |text| text.text.trim().to_owned())
    }
}

/// Appends `text[range]`, which stands at `at` in the whole text.
fn push(out: &mut Traced<'static>, text: &str, range: Range<usize>, at: usize) {
    let mut piece = Traced::part(text, range);
    let len = piece.len();
    piece.shift(at);
    out.push(&piece, 0..len);
}

/// Returns what an escape at the start of a text stands for, and its length.
fn escape(text: &str) -> (char, usize) {
    let unit = |at: usize| {
        text.get(at..at + 4)
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
    };
    match text.as_bytes().get(1) {
        Some(b'n') => ('\n', 2),
        Some(b't') => ('\t', 2),
        Some(b'r') => ('\r', 2),
        Some(b'b') => ('\u{8}', 2),
        Some(b'f') => ('\u{C}', 2),
        Some(b'u') => match unit(2) {
            Some(high @ 0xD800..=0xDBFF) => match (text.get(6..8), unit(8)) {
                (Some("\\u"), Some(low @ 0xDC00..=0xDFFF)) => {
                    let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                    (char::from_u32(code).unwrap_or('\u{FFFD}'), 12)
                }
                _ => ('\u{FFFD}', 6),
            },
            Some(code) => (char::from_u32(code).unwrap_or('\u{FFFD}'), 6),
            None => ('\u{FFFD}', 2),
        },
        Some(b @ (b'"' | b'\\' | b'/')) => (char::from(*b), 2),
        _ => ('\\', 1),
    }
}

impl<'t> Object<'t> {
    /// Returns the value of a key, unless it is null.
    pub(crate) fn get(&self, key: &str) -> Option<Json<'t>> {
        self.0
            .iter()
            .find(|(name, value)| name == key && value.raw != "null")
            .map(|(_, value)| *value)
    }

    /// Returns the first of these keys that has a value.
    pub(crate) fn any(&self, keys: &[&str]) -> Option<Json<'t>> {
        keys.iter().find_map(|key| self.get(key))
    }

    /// Returns the text of a key.
    pub(crate) fn text(&self, key: &str) -> Option<Traced<'static>> {
        self.get(key).and_then(|value| value.text())
    }

    /// Returns the text of a key as a plain string; none if it is empty.
    pub(crate) fn string(&self, key: &str) -> Option<String> {
        self.get(key)
            .map(|value| value.string())
            .filter(|text| !text.is_empty())
    }

    /// Returns the members, in order.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, Json<'t>)> {
        self.0.iter().map(|(key, value)| (&**key, *value))
    }

    /// Returns whether a key has a value.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }
}

/// Collects the members of an object, in order.
struct Members;

impl<'t> Visitor<'t> for Members {
    type Value = Vec<(Cow<'t, str>, &'t RawValue)>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut out = Vec::new();
        while let Some((key, value)) = map.next_entry::<Cow<'t, str>, &'t RawValue>()? {
            out.push((key, value));
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_their_places() {
        let text = " {\"a\": {\"b\": [1, \"x \\u00fc \\ud83d\\ude00\\n\"]}, \"n\": null}";
        let json = Json::read(text).expect("it is JSON").object();
        let items = json
            .get("a")
            .expect("a")
            .object()
            .get("b")
            .expect("b")
            .items();
        assert_eq!(&text[items[0].range()], "1");
        let words = items[1].text().expect("a string");
        assert_eq!(words.text, "x ü 😀\n");
        assert_eq!(&text[words.source(2..4)], "\\u00fc");
        assert_eq!(&text[words.source(0..1)], "x");
        assert!(!json.has("n"));
    }

    #[test]
    fn damage_and_depth_are_refused() {
        assert!(Json::read("{\"a\": ").is_none());
        assert!(Json::read(&"[".repeat(100_000)).is_none());
        assert!(Json::read("").is_none());
    }
}
