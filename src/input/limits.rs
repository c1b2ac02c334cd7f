//! The limits of what is read.

/// The most that one file may have, in bytes: a story has thousands, a day of a wire has millions,
/// and a file is held in memory whole.
pub const FILE_BYTES: u64 = 64 << 20;
