//! Turns raw wire-story text into clean, verifiable records.
//!
//! ```
//! let story = archive::parse(b"PORT STRIKE ENDS\n    LISBON, March 4 - Dockers went back to work.\n", &archive::ParseOptions::default());
//! assert_eq!(story.headline.as_deref(), Some("PORT STRIKE ENDS"));
//! ```
//!
//! Data flows one way: [`input`] finds bytes, [`parse`] takes them through [`wire`] (envelope and
//! clean copy), [`furniture`] (which line is what) and [`quotes`] to a [`story`], which [`export`]
//! prints and [`store`] keeps.

mod explain;
pub mod export;
mod fence;
pub mod furniture;
pub mod input;
pub mod lexicon;
mod options;
pub mod parse;
pub mod quotes;
mod record;
mod regular;
pub mod store;
pub mod story;
pub mod text;
mod threads;
pub mod wire;

pub use explain::{Decision, Explanation, explain};
pub use fence::{
    STORY_BYTES, StoryError, fence, fence_story, silence_fenced_panics, try_explain, try_parse,
    try_stories,
};
pub use options::ParseOptions;
pub use parse::{parse, stories};
pub use story::Story;
pub use threads::prepare as prepare_threads;
