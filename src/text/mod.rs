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
pub mod language;
mod lines;
mod map;
mod span;
mod traced;
mod url;

pub use at::{boundary, char_at};
pub use charset::{Decoded, decode, decode_declared};
pub use clean::{clean, entity};
pub use flow::{flow, flow_text};
pub use fold::{fold, folded, weight};
pub use lines::{Line, lines};
pub use map::OffsetMap;
pub use span::Span;
pub use traced::Traced;
pub use url::find_url;
