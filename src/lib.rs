//! Turns raw wire-story text into clean, verifiable records.
//!
//! ```
//! use archive::{ParseOptions, try_parse};
//!
//! let bytes = b"PORT STRIKE ENDS\n    LISBON, March 4 - \"We won,\" said Ana Ruiz, a docker.\n";
//! let story = try_parse(bytes, &ParseOptions::default().year(2024))?;
//! assert_eq!(story.headline.as_deref(), Some("PORT STRIKE ENDS"));
//! assert_eq!(story.dateline.unwrap().date.as_deref(), Some("2024-03-04"));
//! assert_eq!(story.quotes[0].text, "We won,");
//! assert_eq!(story.quotes[0].speaker.as_ref().unwrap().name, "Ana Ruiz");
//! // Every part says where in the bytes it stands.
//! let span = story.quotes[0].span;
//! assert_eq!(&bytes[span.start..span.end], b"We won,");
//! # Ok::<(), archive::StoryError>(())
//! ```
//!
//! - [`try_parse`] reads one story, and [`try_stories`] finds the stories of a file. [`parse()`]
//!   and [`stories`] do the same for a caller that has a fence of its own.
//! - [`try_explain`] reads one story and says why each line was read as it was.
//! - [`Story`] is the record, [`story`] its parts, [`export`] what can be made of it.
//! - [`store`] keeps records and raw bytes in an archive directory, which can be searched: see
//!   [`Archive`] and [`Query`]. [`input`] finds and reads the files of stories.
//!
//! # Features
//!
//! Without default features the crate is the parser and the exports, and compiles neither SQLite
//! nor a command line. `store` adds [`input`] and [`store`]; `cli`, the default, adds what the
//! program `archive` needs.

mod explain;
pub mod export;
mod facts;
mod fence;
#[cfg(feature = "store")]
pub mod input;
mod options;
mod record;
#[cfg(feature = "store")]
mod regular;
mod split;
#[cfg(feature = "store")]
pub mod store;
pub mod story;
mod story_error;
#[cfg(feature = "store")]
mod threads;

mod furniture;
mod lexicon;
mod parse;
mod quotes;
#[doc(hidden)]
pub mod testing;
mod text;
mod wire;

pub use explain::{Decision, Explanation, explain};
pub use facts::{CallerFacts, FactError, FactName};
pub use fence::{fence, fence_story, silence_fenced_panics, try_explain, try_parse, try_stories};
pub use options::ParseOptions;
pub use parse::{parse, stories};
pub use quotes::Considered;
pub use split::{Split, SplitError, SplitPattern};
#[cfg(feature = "store")]
pub use store::query::Query;
#[cfg(feature = "store")]
pub use store::{Archive, ArchiveError};
pub use story::Story;
pub use story_error::{STORY_BYTES, StoryError};
pub use text::Span;
#[cfg(feature = "store")]
pub use threads::prepare as prepare_threads;
pub use wire::{FORMATS, FormatInfo, Part, Parts, is_known_format};
