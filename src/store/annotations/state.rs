//! What the lines add up to.

use super::line::{AnnotationEvent, AnnotationLine};
use crate::text::Span;
use serde::Serialize;
use std::collections::BTreeMap;

/// Kinds of annotations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnnotationKind {
    /// A collection that the story is in.
    Collection,
    /// A remark on it.
    Note,
    /// A word to find it by.
    Tag,
    /// Whether a quote is right.
    Verdict,
}

impl AnnotationKind {
    const ALL: [Self; 4] = [Self::Collection, Self::Note, Self::Tag, Self::Verdict];

    /// Returns the kind with this name.
    pub(crate) fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Returns its name, as the catalog has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Collection => "collection",
            Self::Note => "note",
            Self::Tag => "tag",
            Self::Verdict => "verdict",
        }
    }
}

/// Something that holds of a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnnotationRow {
    /// The story's id.
    pub id: String,
    /// What kind of thing.
    pub kind: AnnotationKind,
    /// The tag, the note's text, the collection's name, `right` or `wrong`.
    pub value: String,
    /// Since when, RFC 3339.
    pub time: String,
    /// Where the quote stands in the raw bytes; of a verdict only.
    pub span: Option<Span>,
    /// The speaker that was judged; of a verdict only.
    pub speaker: Option<String>,
}

/// Names what can hold only once: a tag of a story, a verdict on a quote.
type Key = (String, AnnotationKind, String, Option<Span>);

/// What holds, by story.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    rows: BTreeMap<Key, AnnotationRow>,
}

impl State {
    /// Adds up lines. They count in the order of their times, so that it makes no difference in
    /// which order archives were merged; of one time, in the order in which they stand.
    pub(crate) fn of(mut lines: Vec<AnnotationLine>) -> Self {
        lines.sort_by(|line, other| line.time.cmp(&other.time));
        let mut state = Self::default();
        for line in lines {
            state.add(line);
        }
        state
    }

    /// Returns what holds, in the order of ids and kinds.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &AnnotationRow> {
        self.rows.values()
    }

    /// Takes a line in and returns whether anything is different now, but for a time.
    pub(crate) fn add(&mut self, line: AnnotationLine) -> bool {
        let Some((kind, holds)) = meaning(&line) else {
            return false;
        };
        let value = line.value.unwrap_or_default();
        let (span, speaker) = match line.quote {
            Some(quote) => (Some(quote.span), quote.speaker),
            None => (None, None),
        };
        // There is one verdict on a quote, and one note of the same words.
        let name = match kind {
            AnnotationKind::Verdict => String::new(),
            _ => value.clone(),
        };
        let key = (line.id.clone(), kind, name, span);
        if !holds {
            return self.rows.remove(&key).is_some();
        }
        if let Some(row) = self.rows.get(&key)
            && row.value == value
            && row.speaker == speaker
        {
            return false;
        }
        let row = AnnotationRow {
            id: line.id,
            kind,
            value,
            time: line.time,
            span,
            speaker,
        };
        self.rows.insert(key, row);
        true
    }
}

/// Returns what a line is about, and whether that holds after it; none if the line says nothing.
fn meaning(line: &AnnotationLine) -> Option<(AnnotationKind, bool)> {
    Some(match line.event {
        AnnotationEvent::Tagged => (AnnotationKind::Tag, true),
        AnnotationEvent::Untagged => (AnnotationKind::Tag, false),
        AnnotationEvent::Noted => (AnnotationKind::Note, true),
        AnnotationEvent::Unnoted => (AnnotationKind::Note, false),
        AnnotationEvent::Collected => (AnnotationKind::Collection, true),
        AnnotationEvent::Uncollected => (AnnotationKind::Collection, false),
        AnnotationEvent::Judged => (AnnotationKind::Verdict, line.value.is_some()),
        AnnotationEvent::Struck => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::annotations::JudgedQuote;

    fn line(time: &str, event: AnnotationEvent, value: Option<&str>) -> AnnotationLine {
        let is_verdict = event == AnnotationEvent::Judged;
        AnnotationLine {
            n: 0,
            time: time.to_owned(),
            event,
            id: "03ee1e18439edc34".to_owned(),
            quote: is_verdict.then(|| JudgedQuote {
                span: Span::new(3, 9),
                speaker: None,
            }),
            value: value.map(str::to_owned),
            program: String::new(),
            check: String::new(),
        }
    }

    fn values(lines: Vec<AnnotationLine>) -> Vec<String> {
        let state = State::of(lines);
        state.rows().map(|row| row.value.clone()).collect()
    }

    #[test]
    fn the_last_word_counts_whatever_the_order_of_the_lines() {
        use AnnotationEvent::{Judged, Tagged, Untagged};
        let lines = vec![
            line("2021-01-01T00:00:00Z", Tagged, Some("strike")),
            line("2021-01-02T00:00:00Z", Untagged, Some("strike")),
            line("2021-01-03T00:00:00Z", Tagged, Some("port")),
            line("2021-01-04T00:00:00Z", Judged, Some("right")),
            line("2021-01-05T00:00:00Z", Judged, Some("wrong")),
        ];
        assert_eq!(values(lines.clone()), ["port", "wrong"]);
        assert_eq!(values(lines.into_iter().rev().collect()), ["port", "wrong"]);
        let withdrawn = vec![
            line("2021-01-04T00:00:00Z", Judged, Some("right")),
            line("2021-01-05T00:00:00Z", Judged, None),
        ];
        assert!(values(withdrawn).is_empty());
    }
}
