//! Every change of the disk, and nothing that knows what an archive holds.
//!
//! `durability` says what must outlive a power cut, `files` has one function for each kind of
//! change, so that tests can make any one of them fail; `places` makes and removes directories,
//! `write` writes a single file whole or not at all, and `lock` lets one program write at a time.

pub(crate) mod durability;
pub(crate) mod files;
pub(crate) mod lock;
pub(crate) mod places;
pub(crate) mod write;
