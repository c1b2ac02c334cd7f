//! Hashes: what a file is known by.

use crate::store::story_id::StoryId;
use sha2::{Digest, Sha256};
use std::fmt;
use std::io::{self, Read};

/// A SHA-256, shown as `sha256sum` shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fixity([u8; 32]);

impl Fixity {
    /// Returns the hash of bytes in memory.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Returns the hash of several pieces, as if they stood together.
    pub(crate) fn of_pieces(pieces: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        pieces.iter().for_each(|piece| hasher.update(piece));
        hasher.into()
    }

    /// Returns the hash of all that `source` yields, and how many bytes that was.
    pub(crate) fn of_stream(mut source: impl Read) -> io::Result<(Self, u64)> {
        let mut hasher = Sha256::new();
        let mut buffer = [0; 1 << 16];
        let mut size = 0;
        loop {
            match source.read(&mut buffer) {
                Ok(0) => return Ok((hasher.into(), size)),
                Ok(read) => {
                    hasher.update(&buffer[..read]);
                    size += read as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads 64 hex digits in lower case; none if they are anything else.
    pub fn read(hex: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        let digits = hex.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(bytes))
    }

    /// Returns the first 16 hex digits, as a number: a story's id.
    pub fn id(self) -> StoryId {
        let first = self.0.iter().take(8);
        StoryId::of(first.fold(0, |id, byte| id << 8 | u64::from(*byte)))
    }

    /// Returns the first 16 hex digits.
    pub(crate) fn short(self) -> String {
        self.id().to_string()
    }
}

impl From<Sha256> for Fixity {
    fn from(hash: Sha256) -> Self {
        Self(hash.finalize().into())
    }
}

impl fmt::Display for Fixity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut hex = [0; 64];
        for (pair, byte) in hex.chunks_exact_mut(2).zip(self.0) {
            pair.copy_from_slice(&[
                DIGITS[usize::from(byte >> 4)],
                DIGITS[usize::from(byte & 15)],
            ]);
        }
        out.write_str(str::from_utf8(&hex).unwrap_or_default())
    }
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

fn digit(hex: u8) -> Option<u8> {
    match hex {
        b'0'..=b'9' => Some(hex - b'0'),
        b'a'..=b'f' => Some(hex - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_sha256sum() {
        let hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let hash = Fixity::of(b"abc");
        assert_eq!(hash.to_string(), hex);
        assert_eq!(Fixity::read(hex), Some(hash));
        assert_eq!(hash.short(), hex[..16]);
        assert_eq!(Fixity::of_stream(&b"abc"[..]).unwrap(), (hash, 3));
        assert_eq!(Fixity::of_pieces(&[b"a", b"bc"]), hash);
        assert_eq!(Fixity::read(&hex.to_uppercase()), None);
        assert_eq!(Fixity::read(&hex[1..]), None);
    }
}
