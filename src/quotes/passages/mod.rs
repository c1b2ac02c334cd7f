//! Where the quoted words of a story stand.
//!
//! [`marks`] pairs the quotation marks of one block, [`dashes`] finds speech set without marks,
//! [`insertion`] parts passages where the reporter breaks in.

pub(crate) mod dashes;
pub(crate) mod insertion;
pub(crate) mod marks;

use super::passage::Passage;
use super::syntax::foreign::ENGLISH;

/// Returns the passages of each block that is read for quotes, by marks or, outside English, by
/// dashes; there the reporter may break in between the marks.
pub fn find(texts: &[&str], quotable: &[bool], language: &str) -> Vec<Vec<Passage>> {
    let read = |(text, quotable): (&&str, &bool)| match quotable {
        true => marks::passages(text),
        false => Vec::new(),
    };
    let mut found: Vec<_> = texts.iter().zip(quotable).map(read).collect();
    if language == ENGLISH {
        return found;
    }
    // A block has its speech between marks or after dashes, seldom both: then the marks hold.
    let dashed = dashes::passages(texts, quotable);
    for ((marked, dashed), text) in found.iter_mut().zip(dashed).zip(texts) {
        if !dashed.is_empty() && lie_within(marked, &dashed) {
            *marked = dashed;
        } else {
            *marked = insertion::split(text, std::mem::take(marked), language);
        }
    }
    found
}

/// Returns whether each of some passages lies within one of others. Both are in the order of the
/// text.
fn lie_within(passages: &[Passage], others: &[Passage]) -> bool {
    passages.iter().all(|passage| {
        let after = others.partition_point(|other| other.range.start <= passage.range.start);
        let around = others[..after].last();
        around.is_some_and(|around| passage.range.end <= around.range.end)
    })
}
