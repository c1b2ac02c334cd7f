//! Text made from pieces of another text, with the way back.

use super::{OffsetMap, char_at};
use std::borrow::Cow;
use std::ops::Range;

/// A text that was made from another one, and where each of its characters came from.
///
/// Readers of structured formats build their copy this way: piece by piece from the decoded text,
/// through any number of layers (JSON strings, escaped markup), without losing the spans.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traced<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    map: OffsetMap,
}

impl<'a> Traced<'a> {
    /// Returns a text that stands for itself.
    pub(crate) fn whole(text: &'a str) -> Self {
        Self {
            text: Cow::Borrowed(text),
            map: OffsetMap::default(),
        }
    }

    /// Returns the part `range` of `text`.
    pub(crate) fn part(text: &'a str, range: Range<usize>) -> Self {
        let mut map = OffsetMap::default();
        map.push_same(0, range.start, range.len());
        Self {
            text: Cow::Borrowed(&text[range]),
            map,
        }
    }

    /// Returns whether it has no characters.
    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Returns its length in bytes.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// Returns where a range of it stands in the text that it was made from.
    pub(crate) fn source(&self, range: Range<usize>) -> Range<usize> {
        let found = self.map.source(range);
        // Pieces may have been put together in another order than they stand in.
        found.start.min(found.end)..found.end.max(found.start)
    }

    /// Returns where all of it stands.
    pub(crate) fn range(&self) -> Range<usize> {
        self.source(0..self.text.len())
    }

    /// Appends `with`, which stands for the source bytes `from`.
    pub(crate) fn push_made(&mut self, with: &str, from: Range<usize>) {
        if with.is_empty() {
            return;
        }
        self.map
            .push(self.text.len(), with.len(), from.start, from.len());
        self.text.to_mut().push_str(with);
    }

    /// Appends the part `range` of `piece`, keeping the way back to what `piece` was made from.
    pub(crate) fn push(&mut self, piece: &Traced<'_>, range: Range<usize>) {
        let words = &piece.text[range.clone()];
        if words.is_empty() {
            return;
        }
        if piece.map.is_identity() {
            self.map
                .push_same(self.text.len(), range.start, range.len());
            self.text.to_mut().push_str(words);
            return;
        }
        let mut at = range.start;
        while at < range.end {
            let stretch = piece.map.straight(at, range.end);
            if stretch > 0 {
                let from = piece.map.source(at..at + 1).start;
                self.map.push_same(self.text.len(), from, stretch);
                self.text.to_mut().push_str(&piece.text[at..at + stretch]);
                at += stretch;
            } else {
                let len = char_at(&piece.text, at).map_or(1, char::len_utf8);
                let from = piece.map.source(at..at + len);
                self.map.push(self.text.len(), len, from.start, from.len());
                self.text.to_mut().push_str(&piece.text[at..at + len]);
                at += len;
            }
        }
    }

    /// Returns the part `range`, keeping the way back.
    pub(crate) fn slice(&self, range: Range<usize>) -> Traced<'static> {
        let mut out = Traced::default();
        out.push(self, range);
        out
    }

    /// Moves the source by `offset` bytes: this was made from a part of a larger text.
    pub(crate) fn shift(&mut self, offset: usize) {
        if self.map.is_identity() {
            self.map.push_same(0, 0, self.text.len());
        }
        self.map.shift(offset);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_pieces_lead_back() {
        let source = "key: \"a \\u00fc b\"";
        let mut string = Traced::default();
        string.push(&Traced::whole(source), 6..8);
        string.push_made("ü", 8..14);
        string.push(&Traced::whole(source), 14..16);
        assert_eq!(string.text, "a ü b");
        let mut copy = Traced::default();
        copy.push_made("\n\n", 0..0);
        copy.push(&string, 2..6);
        assert_eq!(copy.text, "\n\nü b");
        assert_eq!(&source[copy.source(2..4)], "\\u00fc");
        assert_eq!(&source[copy.source(5..6)], "b");
    }
}
