//! Names: from the mention beside a quote to the fullest form that the story gives.

use super::frame::Reading;
use super::{Place, Speaker};

/// The people of a story.
#[derive(Debug)]
pub struct People;

impl People {
    /// Everybody whom the story names.
    pub fn of(_reading: &Reading<'_>, _heads: &[&str]) -> Self {
        Self
    }

    /// The speaker that a phrase stands for.
    pub fn speaker(&self, reading: &Reading<'_>, phrase: usize) -> Speaker {
        let p = &reading.clauses.phrases[phrase];
        let (first, last) = p.name.unwrap_or((p.first, p.last));
        let (a, b) = (&reading.tokens.outer[first], &reading.tokens.outer[last]);
        let mention = Place { block: a.block as usize, range: a.start as usize..b.end as usize };
        Speaker { name: reading.texts[mention.block][mention.range.clone()].to_owned(), mention, title: None }
    }
}
