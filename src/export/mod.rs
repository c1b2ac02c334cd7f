//! One file an output format, each a function of a record.
//!
//! An export takes a [`Story`](crate::Story) and an `io::Write` and knows neither where the record
//! came from nor where the bytes go. Output is exact: nothing is neutralised, wrapped or coloured
//! here, that is the terminal's business. A new format is one file with its functions and one
//! `pub mod` line below.
//!
//! ```
//! use archive::export::{json, markdown};
//!
//! let bytes = b"PORT STRIKE ENDS\n\nDockers went back to work.\n";
//! let story = archive::try_parse(bytes, &archive::ParseOptions::default())?;
//! let mut line = Vec::new();
//! json::line(&story, &mut line)?;
//! assert!(line.starts_with(b"{\"schema\":") && line.ends_with(b"}\n"));
//! let mut page = Vec::new();
//! markdown::story(&story, &mut page)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod bagit;
pub mod cell;
pub mod changes;
pub mod columns;
pub mod csv;
pub mod folder;
pub mod html;
pub mod json;
pub mod jsonld;
pub mod markdown;
pub mod ninjs;
pub mod nitf;
#[cfg(feature = "parquet")]
pub mod parquet;
pub mod plain;
pub mod quotes;
pub mod speakers;
pub mod text;
pub mod texts;
#[cfg(feature = "cli")]
pub mod xlsx;
