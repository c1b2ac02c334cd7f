//! BagIt 1.0 (RFC 8493): files with the hashes that prove them, for keeping in other people's
//! stores.

use super::folder::Folder;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io;
use std::path::Path;

const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/// A bag that is being filled.
#[derive(Debug)]
pub struct Bag {
    folder: Folder,
    manifest: String,
    bytes: u64,
    files: u64,
}

impl Bag {
    /// Makes a bag at `path`, a directory that is new or empty.
    ///
    /// # Errors
    ///
    /// The directory holds something, or cannot be made.
    pub fn create(path: &Path) -> io::Result<Self> {
        Ok(Self {
            folder: Folder::create(path)?,
            manifest: String::new(),
            bytes: 0,
            files: 0,
        })
    }

    /// Adds a file to the payload; `name` is a path with `/`.
    ///
    /// # Errors
    ///
    /// It is there already, or cannot be written.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = format!("data/{name}");
        self.folder.add(&path, bytes)?;
        self.manifest.push_str(&manifest_line(&path, bytes));
        self.bytes += bytes.len() as u64;
        self.files += 1;
        Ok(())
    }

    /// Writes what makes a bag of the files: until then it is none. `date` is a day, YYYY-MM-DD.
    ///
    /// # Errors
    ///
    /// A file cannot be written.
    pub fn finish(self, date: &str) -> io::Result<()> {
        let info = format!(
            "Bag-Software-Agent: archive {}\nBagging-Date: {date}\nPayload-Oxum: {}.{}\n",
            env!("CARGO_PKG_VERSION"),
            self.bytes,
            self.files
        );
        // The declaration last.
        let tags = [
            ("manifest-sha256.txt", &*self.manifest),
            ("bag-info.txt", &info),
            ("bagit.txt", DECLARATION),
        ];
        let manifest: String = tags
            .iter()
            .map(|(name, text)| manifest_line(name, text.as_bytes()))
            .collect();
        self.folder
            .add("tagmanifest-sha256.txt", manifest.as_bytes())?;
        tags.iter()
            .try_for_each(|(name, text)| self.folder.add(name, text.as_bytes()))
    }
}

fn manifest_line(path: &str, bytes: &[u8]) -> String {
    let mut line = String::new();
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _ = write!(line, "{byte:02x}");
    }
    let path = path
        .replace('%', "%25")
        .replace('\n', "%0A")
        .replace('\r', "%0D");
    line + "  " + &path + "\n"
}
