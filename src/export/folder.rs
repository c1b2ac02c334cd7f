//! A folder of files on its way to somebody else.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A folder that was new or empty.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes the folder at `path`, or takes one that is empty.
    ///
    /// # Errors
    ///
    /// It holds something, or cannot be made.
    pub fn create(path: &Path) -> io::Result<Self> {
        match fs::create_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if fs::read_dir(path)?.next().is_some() {
                    return Err(io::Error::new(
                        io::ErrorKind::AlreadyExists,
                        "it is not empty; give a new directory, since nothing is overwritten",
                    ));
                }
            }
            made => made?,
        }
        Ok(Self {
            path: path.to_owned(),
        })
    }

    /// Adds a file at `name`, a path below the folder with `/`.
    ///
    /// # Errors
    ///
    /// It is there already, or cannot be written.
    pub fn add(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.begin(name)?.write_all(bytes)
    }

    /// Returns a new file at `name`, a path below the folder with `/`.
    ///
    /// # Errors
    ///
    /// It is there already, or cannot be made.
    pub fn begin(&self, name: &str) -> io::Result<File> {
        let path = self.path.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        File::create_new(path)
    }
}
