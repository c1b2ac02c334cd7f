//! What this program wrote itself: records, ledgers, manifests, whole archives. They hold stories
//! that are kept already, and are never read as new ones.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Something that this program wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Own {
    /// Records, one or many.
    Records,
    /// A file of the ledger.
    Ledger,
    /// The file that makes a directory an archive.
    Manifest,
    /// An archive directory.
    Archive,
}

/// The file that makes a directory an archive.
const MANIFEST: &str = "archive.json";
/// So much of a file is looked at.
const BEGINNING: usize = 256;

impl Own {
    /// Recognises a file by its first bytes.
    pub(super) fn recognise(bytes: &[u8]) -> Option<Self> {
        let shown = bytes.trim_ascii_start();
        let beginning = &shown[..shown.len().min(BEGINNING)];
        // Records are printed with and without spaces.
        let dense: Vec<u8> = beginning
            .iter()
            .copied()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        let object = dense.strip_prefix(b"[").unwrap_or(&dense);
        if object.starts_with(br#"{"schema":"archive.story/"#) {
            return Some(Self::Records);
        }
        if object.starts_with(br#"{"format":"archive.directory/"#) {
            return Some(Self::Manifest);
        }
        let number = dense.strip_prefix(br#"{"n":"#)?;
        let digits = number
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let is_line = number[digits..].starts_with(br#","time":""#)
            && memchr::memmem::find(number, br#","event":""#).is_some();
        is_line.then_some(Self::Ledger)
    }

    /// Returns whether a directory is an archive.
    pub(super) fn is_archive(directory: &Path) -> bool {
        let path = directory.join(MANIFEST);
        let mut beginning = Vec::new();
        // Most directories have no such file; a pipe of that name would never end.
        path.is_file()
            && File::open(path)
                .and_then(|file| file.take(BEGINNING as u64).read_to_end(&mut beginning))
                .is_ok_and(|_| Self::recognise(&beginning) == Some(Self::Manifest))
    }

    /// Returns what it is, with its article.
    pub fn what(self) -> &'static str {
        match self {
            Self::Records => "a record that this program made",
            Self::Ledger => "a ledger of this program",
            Self::Manifest => "the manifest of an archive of this program",
            Self::Archive => "an archive of this program",
        }
    }

    /// Returns how to have its stories read.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Records => "give the story that it was made from, which `archive raw ID` prints",
            Self::Ledger | Self::Manifest => {
                "give the `raw` directory beside it to read the stories again"
            }
            Self::Archive => "give its `raw` directory to read the stories again",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::SCHEMA;

    #[test]
    fn what_this_program_wrote_is_recognised() {
        let line = format!("{{\"schema\":\"{SCHEMA}\",\"id\":\"0123456789abcdef\"}}");
        let indented = format!("{{\n  \"schema\": \"{SCHEMA}\",\n  \"id\": null\n}}");
        for record in [&line, &indented, &format!("[\n{indented}\n]")] {
            assert_eq!(Own::recognise(record.as_bytes()), Some(Own::Records));
        }
        let ledger = br#"{"n":12,"time":"2026-01-02T03:04:05Z","event":"stored","id":"1f"}"#;
        assert_eq!(Own::recognise(ledger), Some(Own::Ledger));
        let manifest = b"{\n  \"format\": \"archive.directory/2\"\n}\n";
        assert_eq!(Own::recognise(manifest), Some(Own::Manifest));
    }

    #[test]
    fn other_json_is_not_ours() {
        for other in [
            &br#"{"schema":"ninjs/2"}"#[..],
            br#"{"n":1}"#,
            br#"{"n":1,"time":"noon","place":"Lima"}"#,
            b"{\"format\": \"zip\"}",
            b"schema: archive.story/1",
            b"",
        ] {
            assert_eq!(Own::recognise(other), None);
        }
    }
}
