//! Why one story has no record.

/// The most that one story may have, in bytes.
///
/// A newspaper page has thousands, a book two million. Parsing takes a small multiple of a story's
/// size in memory, so this bounds what one story can ask for.
pub const STORY_BYTES: usize = 16 << 20;

/// Why one story has no record. Other stories are not concerned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoryError {
    /// The story is larger than [`STORY_BYTES`].
    #[error("is larger than {} MiB, the most that one story may have; split it \
             (story-too-large)", STORY_BYTES >> 20)]
    TooLarge {
        /// Its size in bytes.
        bytes: usize,
    },
    /// The program panicked while it worked on the story.
    #[error("this program failed on it: {fault}; please report that, with the file (story-fault)")]
    Fault {
        /// What the panic said, and where in the program it happened if that is known.
        fault: String,
    },
}

impl StoryError {
    /// Returns the code of the failure. It is stable, and part of the message.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "story-too-large",
            Self::Fault { .. } => "story-fault",
        }
    }
}
