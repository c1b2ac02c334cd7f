//! How a source was asked for, and what is to be done with it.

/// How a file was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundBy {
    /// It was asked for by its name.
    Name,
    /// It stands in a directory that was asked for.
    Walk,
}

/// What to do with text inside another format, such as JSON or HTML.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OtherFormats {
    /// Refuse it, with a message that names the format.
    #[default]
    Refused,
    /// Read it as the text of a story, marks and all.
    AsText,
}
