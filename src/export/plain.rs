//! A story's body as plain text: what several formats hand on.

use crate::story::Story;

/// Returns the blocks of the body, an empty line between each two.
pub fn body(story: &Story) -> String {
    let blocks: Vec<&str> = story
        .body
        .iter()
        .map(|block| block.text.trim_end_matches('\n'))
        .collect();
    blocks.join("\n\n")
}

/// Returns how many words the body has, as white space parts them.
pub fn words(story: &Story) -> usize {
    story
        .body
        .iter()
        .map(|block| block.text.split_whitespace().count())
        .sum()
}
