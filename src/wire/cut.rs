//! How a file is cut into its stories.

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

/// Missing stories are named up to so many.
pub(super) const NAMED: usize = 10_000;

/// How many stories a file says that it has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// How many.
    pub all: usize,
    /// The numbers of those that are missing, as far as the file numbers them.
    pub missing: Vec<usize>,
}

impl Count {
    /// Returns the same without numbers where they do not tell of as many stories as are missing.
    pub(crate) fn checked(mut self, found: usize) -> Self {
        if self.missing.len() != self.all.saturating_sub(found) && self.missing.len() < NAMED {
            self.missing.clear();
        }
        self
    }
}
