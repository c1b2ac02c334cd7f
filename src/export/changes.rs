//! What changed from one story to another: its head line by line, its body paragraph by paragraph.
//!
//! Paragraphs that are the same to the letter are matched first (longest common subsequence); of
//! what lies between two matches, a paragraph that went and one that came in its place are one
//! rewritten paragraph if they have half of their words in common.

use crate::story::Story;
use serde::Serialize;
use similar::{Algorithm, ChangeTag, DiffOp, TextDiff, capture_diff_slices};

/// Share of words in common, from which a paragraph is the other one rewritten.
const REWRITTEN: f32 = 0.5;

/// One change, in the order of the stories.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change<'a> {
    /// Paragraphs that are the same in both.
    Same {
        /// How many.
        paragraphs: usize,
    },
    /// Only the first story has it.
    Removed {
        /// `headline`, `subheadline`, `byline`, `dateline` or `paragraph`.
        part: &'static str,
        /// What it said.
        from: &'a str,
    },
    /// Only the second story has it.
    Added {
        /// As above.
        part: &'static str,
        /// What it says.
        to: &'a str,
    },
    /// Both have it, in other words.
    Rewritten {
        /// As above.
        part: &'static str,
        /// What it said.
        from: &'a str,
        /// What it says.
        to: &'a str,
        /// Both in one, piece by piece.
        words: Vec<Piece>,
    },
}

/// A stretch of a rewritten paragraph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// In both.
    Same(String),
    /// In the first alone.
    Removed(String),
    /// In the second alone.
    Added(String),
}

/// Returns what changed from one story to another.
pub fn changes<'a>(from: &'a Story, to: &'a Story) -> Vec<Change<'a>> {
    let mut out = Vec::new();
    for ((part, a), (_, b)) in head(from).into_iter().zip(head(to)) {
        match (a, b) {
            (Some(a), Some(b)) if a != b => out.push(rewritten(part, a, b)),
            (Some(from), None) => out.push(Change::Removed { part, from }),
            (None, Some(to)) => out.push(Change::Added { part, to }),
            _ => {}
        }
    }
    let (a, b) = (body(from), body(to));
    for op in capture_diff_slices(Algorithm::Myers, &a, &b) {
        match op {
            DiffOp::Equal { len, .. } => out.push(Change::Same { paragraphs: len }),
            DiffOp::Delete {
                old_index, old_len, ..
            } => replace(&a[old_index..old_index + old_len], &[], &mut out),
            DiffOp::Insert {
                new_index, new_len, ..
            } => replace(&[], &b[new_index..new_index + new_len], &mut out),
            DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } => {
                replace(
                    &a[old_index..old_index + old_len],
                    &b[new_index..new_index + new_len],
                    &mut out,
                );
            }
        }
    }
    out
}

fn head(story: &Story) -> [(&'static str, Option<&str>); 4] {
    [
        ("headline", story.headline.as_deref()),
        ("subheadline", story.subheadline.as_deref()),
        (
            "byline",
            story.byline.as_ref().map(|byline| byline.text.as_str()),
        ),
        (
            "dateline",
            story
                .dateline
                .as_ref()
                .map(|dateline| dateline.text.as_str()),
        ),
    ]
}

fn body(story: &Story) -> Vec<&str> {
    story.body.iter().map(|block| block.text.as_str()).collect()
}

/// Paragraphs that took the place of others, in order.
fn replace<'a>(gone: &[&'a str], come: &[&'a str], out: &mut Vec<Change<'a>>) {
    const PART: &str = "paragraph";
    let mut next = 0;
    for from in gone {
        match (next..come.len()).find(|at| likeness(from, come[*at]) >= REWRITTEN) {
            Some(at) => {
                out.extend(
                    come[next..at]
                        .iter()
                        .map(|to| Change::Added { part: PART, to }),
                );
                out.push(rewritten(PART, from, come[at]));
                next = at + 1;
            }
            None => out.push(Change::Removed { part: PART, from }),
        }
    }
    out.extend(
        come[next..]
            .iter()
            .map(|to| Change::Added { part: PART, to }),
    );
}

/// Share of words that two paragraphs have in common, in order.
fn likeness(a: &str, b: &str) -> f32 {
    let words = |text| str::split_whitespace(text).collect::<Vec<_>>();
    TextDiff::from_slices(&words(a), &words(b)).ratio()
}

fn rewritten<'a>(part: &'static str, from: &'a str, to: &'a str) -> Change<'a> {
    let mut words: Vec<Piece> = Vec::new();
    for change in TextDiff::from_words(from, to).iter_all_changes() {
        let text = change.value();
        match (change.tag(), words.last_mut()) {
            (ChangeTag::Equal, Some(Piece::Same(last)))
            | (ChangeTag::Delete, Some(Piece::Removed(last)))
            | (ChangeTag::Insert, Some(Piece::Added(last))) => last.push_str(text),
            (ChangeTag::Equal, _) => words.push(Piece::Same(text.to_owned())),
            (ChangeTag::Delete, _) => words.push(Piece::Removed(text.to_owned())),
            (ChangeTag::Insert, _) => words.push(Piece::Added(text.to_owned())),
        }
    }
    Change::Rewritten {
        part,
        from,
        to,
        words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::ParseOptions;
    use crate::parse::parse;

    fn story(copy: &str) -> Story {
        parse(copy.as_bytes(), &ParseOptions::default())
    }

    #[test]
    fn changes_are_told_in_order() {
        let from = story(
            "Board to close slip\n\nBy Ana Ruiz\n\nThe board voted on Tuesday to close the \
             slip.\n\nDivers found cracks in eleven of the forty piles, which were driven before \
             the war.\n\nA tug will tow the last of the old boats away, the harbour master said.\n",
        );
        let to = story(
            "Board to close slip until May\n\nBy Ana Ruiz\n\nThe board voted on Tuesday to close \
             the slip.\n\nDivers found cracks in twelve of the forty piles, which were driven \
             before the war.\n\nBuses will be free, the mayor said on the radio.\n",
        );
        let told = changes(&from, &to);
        let [
            Change::Rewritten {
                part: "headline", ..
            },
            Change::Same { paragraphs: 1 },
            Change::Rewritten { words, .. },
            rest @ ..,
        ] = told.as_slice()
        else {
            panic!("{told:#?}")
        };
        assert!(
            words.contains(&Piece::Removed("eleven".to_owned()))
                && words.contains(&Piece::Added("twelve".to_owned()))
        );
        assert!(
            matches!(rest, [Change::Removed { from, .. }, Change::Added { .. }] if from.starts_with("A tug")),
            "{rest:#?}"
        );
    }

    #[test]
    fn a_story_is_the_same_as_itself() {
        let story = story(
            "Board to close slip\n\nThe board voted on Tuesday to close the slip.\n\nDivers found \
             cracks in eleven piles.\n",
        );
        assert_eq!(
            changes(&story, &story),
            [Change::Same {
                paragraphs: story.body.len()
            }]
        );
    }
}
