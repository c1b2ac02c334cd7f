//! Opening files that may be something else: a named pipe blocks whoever opens it, a link leads
//! away.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Whether a symbolic link in the file's place is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Links {
    /// As the user's own links are.
    Followed,
    /// As in an archive, which keeps its files below its own directory.
    Refused,
}

/// Opens a regular file for reading. Never waits: whatever stood there when somebody looked, it may
/// be a pipe by now.
pub(crate) fn open(path: &Path, links: Links) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        let mut flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        if links == Links::Refused {
            flags |= OFlags::NOFOLLOW;
        }
        // The same bits in other clothes.
        options.custom_flags(flags.bits().cast_signed());
    }
    #[cfg(not(unix))]
    if links == Links::Refused && path.is_symlink() {
        return Err(no_file());
    }
    let file = options.open(path)?;
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(no_file())
    }
}

fn no_file() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn only_regular_files_are_opened() {
        let dir = tempfile::tempdir().unwrap();
        let [file, link] = ["file", "link"].map(|name| dir.path().join(name));
        std::fs::write(&file, "a").unwrap();
        symlink(&file, &link).unwrap();
        assert!(open(&file, Links::Refused).is_ok());
        assert!(open(&link, Links::Followed).is_ok());
        assert!(open(&link, Links::Refused).is_err());
        for path in [dir.path(), Path::new("/dev/null")] {
            assert_eq!(
                open(path, Links::Followed).unwrap_err().kind(),
                io::ErrorKind::InvalidInput
            );
        }
        let pipe = dir.path().join("pipe");
        if std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .is_ok_and(|done| done.success())
        {
            // Would wait for ever for somebody to write.
            assert_eq!(
                open(&pipe, Links::Followed).unwrap_err().kind(),
                io::ErrorKind::InvalidInput
            );
        }
    }
}
