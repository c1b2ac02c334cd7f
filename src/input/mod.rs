//! Where stories come from: files, folders and standard input, one source at a time.
//!
//! [`Sources`] turns what the user named into single [`Source`]s, always in the same order and
//! without opening any of them, so that a tree of any size takes no memory; each is read when its
//! turn comes. Only regular files are read: a pipe, socket or device could block forever. Nothing
//! here looks at the bytes, which are the parser's business, further than to tell what is no story:
//! no text at all (`foreign`), text inside another format (`structured`), or what this program
//! wrote itself (`own`). A container is unpacked member by member (`unpack`, `warc`). No source
//! stops the ones behind it: every failure is an [`InputError`] in its place in the order.

mod error;
mod files;
mod foreign;
mod limits;
mod own;
mod request;
mod structured;
mod unpack;
mod warc;

pub use error::InputError;
pub use files::{Content, Source, Sources};
pub use foreign::Foreign;
pub use limits::FILE_BYTES;
pub use own::Own;
pub use request::{FoundBy, OtherFormats};
pub use unpack::{CONTAINERS, ContainerInfo, Document, Documents, Packed};
