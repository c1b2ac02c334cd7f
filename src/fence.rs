//! The fence around one story: whatever goes wrong in it, a panic included, is that story's
//! failure, and the other stories go on.
//!
//! A panic is a fault of this program, never of the story. The fence turns it into a
//! [`StoryError`] that says where it happened, so that a batch can name the story and continue.

use crate::explain::{Explanation, explain};
use crate::options::ParseOptions;
use crate::parse::{parse, stories};
use crate::story::Story;
use crate::story_error::{STORY_BYTES, StoryError};
use crate::wire::Parts;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};

/// Reads one story, and fails rather than panic or take more memory than one story may.
///
/// # Errors
///
/// [`StoryError::TooLarge`] if the story has more than [`STORY_BYTES`], and [`StoryError::Fault`]
/// if the program has a fault that this story meets.
///
/// ```
/// let options = archive::ParseOptions::default();
/// let story = archive::try_parse(b"PORT STRIKE ENDS\n\nDockers went back.\n", &options)?;
/// assert_eq!(story.headline.as_deref(), Some("PORT STRIKE ENDS"));
/// # Ok::<(), archive::StoryError>(())
/// ```
pub fn try_parse(bytes: &[u8], options: &ParseOptions) -> Result<Story, StoryError> {
    fence_story(bytes, || parse(bytes, options))
}

/// Explains one story like [`explain`](crate::explain()), inside the fence.
///
/// # Errors
///
/// Those of [`try_parse`].
///
/// ```
/// let bytes = b"PORT STRIKE ENDS\n    LISBON, March 4 - \"We won,\" said Ana Ruiz, a docker.\n";
/// let explained = archive::try_explain(bytes, &archive::ParseOptions::default())?;
/// assert_eq!(explained.lines[0].label, "headline");
/// assert_eq!(explained.quotes.len(), explained.story.quotes.len());
/// # Ok::<(), archive::StoryError>(())
/// ```
pub fn try_explain(bytes: &[u8], options: &ParseOptions) -> Result<Explanation, StoryError> {
    fence_story(bytes, || explain(bytes, options))
}

/// Finds the stories of a file like [`stories`](crate::stories), inside the fence.
///
/// # Errors
///
/// [`StoryError::Fault`] if the program has a fault that this file meets.
///
/// ```
/// let file = b"\x01a0001\n\x02\nPORT STRIKE ENDS\n    LISBON, March 4 - It is over.\n\x03\n\x04\n\
///     \x01a0002\n\x02\nFERRY SAILS\n    OSTEND, March 4 - It sails again.\n\x03\n\x04\n";
/// let options = archive::ParseOptions::default();
/// let parts = archive::try_stories(file, &options)?;
/// assert_eq!(parts.each(file).count(), 2);
/// # Ok::<(), archive::StoryError>(())
/// ```
pub fn try_stories(bytes: &[u8], options: &ParseOptions) -> Result<Parts, StoryError> {
    fence(|| stories(bytes, options))
}

/// Runs `work`, which makes something of the story `bytes`, inside the fence.
///
/// # Errors
///
/// Those of [`try_parse`].
pub fn fence_story<T>(bytes: &[u8], work: impl FnOnce() -> T) -> Result<T, StoryError> {
    if bytes.len() > STORY_BYTES {
        return Err(StoryError::TooLarge { bytes: bytes.len() });
    }
    fence(|| {
        #[cfg(any(debug_assertions, test))]
        injected::panic_if_marked(bytes);
        work()
    })
}

/// Runs `work` inside the fence.
///
/// # Errors
///
/// [`StoryError::Fault`] if `work` panics. What it was writing to is then half written; the caller
/// drops it.
pub fn fence<T>(work: impl FnOnce() -> T) -> Result<T, StoryError> {
    let outside = IS_INSIDE.replace(true);
    PLACE.take();
    // Unwind safe: what `work` borrows is read only, or dropped by the caller, as documented.
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    IS_INSIDE.set(outside);
    result.map_err(|payload| StoryError::Fault {
        fault: match PLACE.take() {
            Some(place) => format!("{} at {place}", message(&*payload)),
            None => message(&*payload).to_owned(),
        },
    })
}

/// Keeps panics inside a fence from being printed: their message is in the error already.
///
/// Changes the panic hook of the process, so it is for programs to call, once, at their start.
/// Panics outside a fence are reported as before.
pub fn silence_fenced_panics() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if IS_INSIDE.get() {
            let place = panic.location();
            PLACE.set(place.map(|place| format!("{}:{}", place.file(), place.line())));
        } else {
            before(panic);
        }
    }));
}

thread_local! {
    /// Whether this thread is working inside a fence.
    static IS_INSIDE: Cell<bool> = const { Cell::new(false) };
    /// Where this thread panicked last inside a fence.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Returns what a panic said.
fn message(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without a message")
}

/// A fault on demand, so that tests can show what the fence does. Not in release builds.
#[cfg(any(debug_assertions, test))]
pub(crate) mod injected {
    use std::ffi::OsString;
    use std::sync::OnceLock;

    /// Stories that contain these bytes panic in this crate's unit tests.
    #[cfg(test)]
    pub(crate) const MARK: &str = "\u{1}this story panics\u{1}";

    /// The environment variable that tests of the program set to the bytes of the story to fail on.
    const VARIABLE: &str = "ARCHIVE_TEST_FAULT";

    pub(super) fn panic_if_marked(bytes: &[u8]) {
        static GIVEN: OnceLock<Option<OsString>> = OnceLock::new();
        let given = GIVEN.get_or_init(|| std::env::var_os(VARIABLE));
        let given = given.as_ref().map(|mark| mark.as_encoded_bytes());
        #[cfg(test)]
        let given = given.or(Some(MARK.as_bytes()));
        let is_marked = |mark| memchr::memmem::find(bytes, mark).is_some();
        assert!(!given.is_some_and(is_marked), "a fault made for a test");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_the_failure_of_one_story() {
        let story = injected::MARK.as_bytes();
        let error = try_parse(story, &ParseOptions::default()).unwrap_err();
        assert_eq!(error.code(), "story-fault");
        assert!(error.to_string().contains("a fault made for a test"));
        assert!(error.to_string().contains("(story-fault)"));
        assert!(try_explain(story, &ParseOptions::default()).is_err());
        assert!(try_parse(b"A story that does not.", &ParseOptions::default()).is_ok());
    }

    #[test]
    fn a_panic_with_values_says_them() {
        let two = "two";
        let error = fence(|| panic!("one and {two}")).unwrap_err();
        assert!(error.to_string().contains("one and two"), "{error}");
    }

    #[test]
    fn a_story_has_a_size_limit() {
        let error = try_parse(&vec![b'a'; STORY_BYTES + 1], &ParseOptions::default()).unwrap_err();
        assert_eq!(error.code(), "story-too-large");
        assert!(try_stories(b"any", &ParseOptions::default()).is_ok());
    }
}
