//! How a file is cut into its stories.

use super::exports::count::Count;
use std::ops::Range;

/// Where the stories of a file stand, as ranges of its decoded text.
#[derive(Debug, Default)]
pub(crate) struct Cut {
    /// What each story needs before it, from the beginning of the file; empty if nothing.
    pub head: Range<usize>,
    /// What each story has elsewhere in the file, such as its entry in a list; empty unless all
    /// have.
    pub heads: Vec<Range<usize>>,
    /// The stories, in order.
    pub slices: Vec<Range<usize>>,
    /// How many the file says there are.
    pub count: Option<Count>,
}
