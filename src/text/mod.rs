//! Text as bytes, characters and lines; knows nothing of news.
//!
//! Raw bytes become a `String` in two steps: [`decode`] reads the character set, `clean` takes
//! out what no reader sees (controls, soft hyphens, entities, odd line ends). Each step leaves an
//! [`OffsetMap`], so that every position found later leads back to the raw bytes. Clean UTF-8,
//! the common case, is borrowed as it is and its maps are empty.

mod at;
mod charset;
mod clean;
mod flow;
mod fold;
pub(crate) mod language;
#[cfg(feature = "store")]
mod letters;
mod lines;
mod map;
mod span;
mod traced;
mod url;

pub(crate) use at::{boundary, char_at};
pub use charset::decode;
pub(crate) use charset::{Decoded, decode_declared};
pub use clean::clean;
pub(crate) use clean::entity;
pub(crate) use flow::{flow, flow_text};
pub use fold::fold;
pub(crate) use fold::{folded, weight};
#[cfg(feature = "store")]
pub(crate) use letters::{searchable, spelled_out};
pub(crate) use lines::Line;
pub use lines::lines;
pub(crate) use map::OffsetMap;
pub use span::Span;
pub(crate) use traced::Traced;
pub(crate) use url::find_url;
