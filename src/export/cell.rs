//! What stands in one cell of a table, whatever the format.

/// A typed cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Words from outside, or an id; empty for none.
    Text(String),
    /// A day as `YYYY-MM-DD`, or a time in RFC 3339.
    Date(Option<String>),
    /// A number.
    Number(Option<u64>),
}

impl Cell {
    /// Returns a cell of text.
    pub fn text(text: impl Into<Option<String>>) -> Self {
        Self::Text(text.into().unwrap_or_default())
    }

    /// Returns a cell of a number.
    pub fn number(number: impl Into<Option<u64>>) -> Self {
        Self::Number(number.into())
    }
}
