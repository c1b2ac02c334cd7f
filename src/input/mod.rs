//! Where stories come from: files, folders and standard input, one source at a time.
//!
//! [`Sources`] turns what the user named into single [`Source`]s, always in the same order and
//! without opening any of them, so that a tree of any size takes no memory; each is read when its
//! turn comes. Only regular files are read: a pipe, socket or device could block forever. Nothing
//! here looks at the bytes, which are the parser's business, further than to tell what is no story:
//! no text at all (`foreign`), text inside another format (`structured`), or what this program
//! wrote itself (`own`). A container is unpacked member by member (`unpack`, `warc`). No source
//! stops the ones after it: every failure is an [`InputError`] in its place in the order.
//!
//! ```
//! use archive::input::{Content, Sources};
//!
//! let directory = tempfile::tempdir()?;
//! std::fs::write(directory.path().join("strike.txt"), "PORT STRIKE ENDS\n\nIt is over.\n")?;
//! for source in Sources::new([directory.path().to_owned()]) {
//!     let source = source?;
//!     match source.open(archive::is_known_format)? {
//!         Content::File(bytes) => assert!(bytes.starts_with(b"PORT STRIKE")),
//!         Content::Packed(packed) => drop(packed),
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod files;
mod foreign;
mod limits;
mod name_pattern;
mod own;
mod request;
mod structured;
mod unpack;
mod warc;

pub use error::InputError;
pub use files::{Content, Source, Sources};
pub use foreign::Foreign;
pub use limits::FILE_BYTES;
pub use name_pattern::{NameError, NamePattern, NamePatternError};
pub use own::Own;
pub use request::{FoundBy, OtherFormats};
pub use unpack::{CONTAINERS, ContainerInfo, Document, Documents, Packed};
