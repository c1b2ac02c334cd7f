//! What can be wrong with a source, and what to do about it.

use super::foreign::Foreign;
use super::name_pattern::NameError;
use super::own::Own;
use super::request::FoundBy;
use crate::story_error::StoryError;
use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

/// A source that could not be read. Each message names the path, what failed, and a remedy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// Nothing has that name.
    #[error("{}: no such file or directory; check the name", path.display())]
    Missing {
        /// What was asked for.
        path: PathBuf,
    },
    /// A symbolic link whose target is gone.
    #[error("{}: a symbolic link that leads nowhere; mend or remove it", path.display())]
    BrokenLink {
        /// The link.
        path: PathBuf,
    },
    /// A symbolic link that comes back to itself.
    #[error("{}: a symbolic link that leads in a circle; mend or remove it", path.display())]
    LinkLoop {
        /// The link.
        path: PathBuf,
    },
    /// Found on the way, and nothing to read unasked: a link to a directory could lead in circles,
    /// a pipe could be waited for in vain.
    #[error("{}: passed over, since it is a {kind}; {remedy}", path.display())]
    PassedOver {
        /// What was found.
        path: PathBuf,
        /// What it is.
        kind: &'static str,
        /// How to have it read.
        remedy: &'static str,
    },
    /// Neither a regular file nor a directory.
    #[error("{}: is a {kind}, not a regular file; to read what it yields, use `cat FILE | archive \
             …` with `-` as the path", path.display())]
    NotAFile {
        /// What was asked for.
        path: PathBuf,
        /// What it is instead.
        kind: &'static str,
    },
    /// What this program wrote itself, and so nothing to read as a new story.
    #[error("{}: passed over, since it is {}; \
             {}", named(path.as_deref()), own.what(), own.remedy())]
    Own {
        /// What was found; none for standard input.
        path: Option<PathBuf>,
        /// What it is.
        own: Own,
        /// How it was found.
        found_by: FoundBy,
    },
    /// A directory without one file that could hold a story.
    #[error("{}: nothing found in this directory; give one with files (hidden ones are passed \
             over unless named)", path.display())]
    Empty {
        /// The directory.
        path: PathBuf,
    },
    /// A path inside the directory that the stories are written to.
    #[error("{}: is where the archive itself is kept; give the place of the stories to \
             read", path.display())]
    Excluded {
        /// What was asked for.
        path: PathBuf,
    },
    /// More than is read into memory.
    #[error("{}: is larger than {} MiB, the most that one file may have; split it into smaller \
             files", named(path.as_deref()), super::limits::FILE_BYTES >> 20)]
    TooLarge {
        /// What was asked for; none for standard input.
        path: Option<PathBuf>,
    },
    /// No text.
    #[error("{}: is {}; {}", named(path.as_deref()), foreign.what, foreign.remedy)]
    NotText {
        /// What was asked for; none for standard input.
        path: Option<PathBuf>,
        /// What it is instead.
        foreign: Foreign,
    },
    /// A member of a container, or the container from there on, could not be read.
    #[error("{}{}: {problem}", named(path.as_deref()), in_brackets(member))]
    Member {
        /// The container; none for standard input.
        path: Option<PathBuf>,
        /// The member's name inside it; empty for the container itself.
        member: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A file names a number of stories, and holds fewer that can be found.
    #[error("{}: says that it holds {expected} stories, and {found} were found{}; look for a \
             damaged or cut export (missing-stories)", named(path.as_deref()), list(missing))]
    MissingStories {
        /// The file; none for standard input.
        path: Option<PathBuf>,
        /// How many it says.
        expected: usize,
        /// How many were read.
        found: usize,
        /// The numbers of the others, where the file numbers its stories.
        missing: Vec<usize>,
    },
    /// The name of a file, or of a member of a container, does not give the facts that it should.
    #[error("{}{}: not read, since {problem}; rename it, mend the pattern, or leave it out with \
             `--exclude`", named(path.as_deref()), in_brackets(member))]
    Name {
        /// The file; none for standard input.
        path: Option<PathBuf>,
        /// The member's name inside it; empty for the file itself.
        member: String,
        /// What is wrong with the name.
        problem: NameError,
    },
    /// The program failed while it looked for the stories of a file.
    #[error("{}: {source}", named(path.as_deref()))]
    Uncut {
        /// What was asked for; none for standard input.
        path: Option<PathBuf>,
        /// What went wrong.
        source: StoryError,
    },
    /// The system refused.
    #[error("{}: cannot be read ({source}); {}", path.display(), remedy(source))]
    Unreadable {
        /// What was asked for.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// Standard input broke off.
    #[error("standard input: cannot be read ({source}); check the command that feeds it")]
    StandardInput {
        /// The system's answer.
        source: io::Error,
    },
}

impl InputError {
    /// Returns whether something that was asked for is missing; otherwise it is only worth knowing.
    pub fn is_failure(&self) -> bool {
        !matches!(
            self,
            Self::PassedOver { .. }
                | Self::MissingStories { .. }
                | Self::Own {
                    found_by: FoundBy::Walk,
                    ..
                }
        )
    }

    pub(super) fn from_io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound if path.is_symlink() => Self::BrokenLink { path },
            io::ErrorKind::NotFound => Self::Missing { path },
            _ if is_loop(&source) => Self::LinkLoop { path },
            _ => Self::Unreadable { path, source },
        }
    }
}

/// Returns a source as messages name it.
fn named(path: Option<&Path>) -> Cow<'_, str> {
    path.map_or("standard input".into(), Path::to_string_lossy)
}

/// Returns a member's name as messages add it to that of its container.
fn in_brackets(member: &str) -> String {
    match member {
        "" => String::new(),
        member => format!(" ({member})"),
    }
}

/// Returns the missing stories as a message lists them: `; missing are 3, 7-9`.
fn list(missing: &[usize]) -> String {
    const RANGES: usize = 20;
    let runs: Vec<&[usize]> = missing.chunk_by(|one, next| one + 1 == *next).collect();
    if runs.is_empty() {
        return String::new();
    }
    let named: Vec<String> = runs
        .iter()
        .take(RANGES)
        .map(|run| match run {
            [first, .., last] => format!("{first}-{last}"),
            run => run.iter().map(usize::to_string).collect(),
        })
        .collect();
    let more = if runs.len() > RANGES {
        " and others"
    } else {
        ""
    };
    format!("; missing: {}{more}", named.join(", "))
}

/// Too many links on the way to a file.
fn is_loop(source: &io::Error) -> bool {
    #[cfg(unix)]
    return source.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error());
    #[cfg(not(unix))]
    {
        let _ = source;
        false
    }
}

fn remedy(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::PermissionDenied => "ask for permission to read it",
        io::ErrorKind::NotADirectory => "check the name",
        // A tree can be deeper than a path can be long.
        io::ErrorKind::InvalidFilename => {
            "go to a directory further down, and give the rest of the path"
        }
        io::ErrorKind::OutOfMemory => "split it into smaller files",
        _ => "check the disk it is on",
    }
}
