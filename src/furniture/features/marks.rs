//! Marks that open, close and end sentences, in every script.

/// Marks that may close what ends a line.
pub(super) const CLOSERS: [char; 12] = [
    '"', '\'', '”', '’', '»', ')', ']', '“', '‘', '」', '』', '›',
];
/// Marks that end a sentence.
pub(super) const STOPS: [char; 10] = ['.', '!', '?', '…', '。', '！', '？', '।', '؟', '۔'];
/// Marks that a quotation opens with.
pub(super) const OPENERS: [char; 10] = ['"', '“', '„', '«', '‘', '\'', '‚', '「', '『', '`'];

/// Returns whether one of [`STOPS`] may begin with a byte; many other characters may, too.
pub(super) const fn may_begin_stop(byte: u8) -> bool {
    MAY_STOP[byte as usize]
}

/// First bytes of [`STOPS`] in UTF-8, and of many other characters; no stop begins with another
/// byte.
const MAY_STOP: [bool; 256] = {
    let mut table = [false; 256];
    let (bytes, mut i) = (b".!?\xE2\xE3\xEF\xE0\xD8\xDB", 0);
    while i < bytes.len() {
        table[bytes[i] as usize] = true;
        i += 1;
    }
    table
};
