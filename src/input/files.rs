//! Files, folders and standard input as one ordered stream of sources.

use super::InputError;
use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// The most that one file may have, in bytes: a story has thousands, a day of a wire has millions,
/// and a file is held in memory whole.
pub const FILE_BYTES: u64 = 64 << 20;

/// One file, or standard input: named, not yet read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Path as given, or as found below a given directory; none for standard input.
    pub path: Option<PathBuf>,
}

impl Source {
    /// Reads all of it, unless it is larger than [`FILE_BYTES`].
    pub fn read(&self) -> Result<Vec<u8>, InputError> {
        let bytes = match &self.path {
            Some(path) => {
                let read = File::open(path).and_then(|file| {
                    let size = file.metadata()?.len();
                    if size > FILE_BYTES { Ok(None) } else { read_up_to(file, size) }
                });
                read.map_err(|source| InputError::from_io(path, source))?
            }
            None => read_up_to(io::stdin().lock(), 0).map_err(|source| InputError::StandardInput { source })?,
        };
        bytes.ok_or_else(|| InputError::TooLarge { path: self.path.clone() })
    }

    /// Its size in bytes, as far as that can be told before it is read.
    pub fn size(&self) -> u64 {
        self.path.as_ref().and_then(|path| fs::metadata(path).ok()).map_or(0, |file| file.len())
    }
}

/// All bytes; none if they are more than may be. A file can grow while it is read.
fn read_up_to(source: impl Read, size: u64) -> io::Result<Option<Vec<u8>>> {
    // At most the limit, which fits.
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    source.take(FILE_BYTES + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= FILE_BYTES).then_some(bytes))
}

/// The sources behind a list of paths, in the order of the list.
///
/// `-` is standard input. A directory stands for the regular files below it, sorted by the bytes of
/// their names, folder by folder; a symbolic link to a file counts as that file, a link to a
/// directory is not followed. Names that begin with a dot are passed over unless given outright.
pub struct Sources {
    paths: VecDeque<PathBuf>,
    excluded: Option<PathBuf>,
    walk: Option<Walk>,
}

struct Walk {
    root: PathBuf,
    entries: Box<dyn Iterator<Item = walkdir::Result<walkdir::DirEntry>> + Send>,
    /// Whether anything came of it: a file, or at least an error.
    found: bool,
}

impl Sources {
    /// The sources behind `paths`.
    pub fn new(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        Self { paths: paths.into_iter().collect(), excluded: None, walk: None }
    }

    /// Leaves out `directory` and everything in it, by whatever name it is reached.
    pub fn excluding(mut self, directory: &Path) -> Self {
        self.excluded = fs::canonicalize(directory).ok();
        self
    }

    /// What comes of one given path: a source, an error, or a walk to go on with.
    fn begin(&mut self, path: PathBuf) -> Option<Result<Source, InputError>> {
        if path.as_os_str() == "-" {
            return Some(Ok(Source { path: None }));
        }
        let kind = match fs::metadata(&path) {
            Ok(metadata) => metadata.file_type(),
            Err(source) => return Some(Err(InputError::from_io(&path, source))),
        };
        if is_within(&path, self.excluded.as_deref()) {
            return Some(Err(InputError::Excluded { path }));
        }
        if kind.is_file() {
            return Some(Ok(Source { path: Some(path) }));
        }
        if !kind.is_dir() {
            return Some(Err(InputError::NotAFile { path, kind: kind_name(kind) }));
        }
        let excluded = self.excluded.clone();
        let entries = WalkDir::new(&path).sort_by_file_name().into_iter().filter_entry(move |entry| {
            let hidden = entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".");
            let skipped = entry.file_type().is_dir() && is_within(entry.path(), excluded.as_deref());
            !hidden && !skipped
        });
        self.walk = Some(Walk { root: path, entries: Box::new(entries), found: false });
        None
    }
}

impl Iterator for Sources {
    type Item = Result<Source, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(walk) = &mut self.walk {
                if let Some(next) = walk.next() {
                    walk.found = true;
                    return Some(next);
                }
                if let Some(Walk { root, found: false, .. }) = self.walk.take() {
                    return Some(Err(InputError::Empty { path: root }));
                }
            }
            let path = self.paths.pop_front()?;
            if let Some(next) = self.begin(path) {
                return Some(next);
            }
        }
    }
}

impl Walk {
    fn next(&mut self) -> Option<Result<Source, InputError>> {
        for entry in self.entries.by_ref() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().unwrap_or(&self.root).to_owned();
                    return Some(Err(InputError::from_io(&path, error.into())));
                }
            };
            let kind = entry.file_type();
            if kind.is_symlink() {
                match fs::metadata(entry.path()) {
                    Ok(target) if target.is_file() => {}
                    Ok(_) => continue,
                    Err(source) => return Some(Err(InputError::from_io(entry.path(), source))),
                }
            } else if !kind.is_file() {
                continue;
            }
            return Some(Ok(Source { path: Some(entry.into_path()) }));
        }
        None
    }
}

fn is_within(path: &Path, directory: Option<&Path>) -> bool {
    directory.is_some_and(|directory| fs::canonicalize(path).is_ok_and(|path| path.starts_with(directory)))
}

#[cfg(unix)]
fn kind_name(kind: fs::FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "named pipe"
    } else if kind.is_socket() {
        "socket"
    } else if kind.is_char_device() || kind.is_block_device() {
        "device"
    } else {
        "special file"
    }
}

#[cfg(not(unix))]
fn kind_name(_: fs::FileType) -> &'static str {
    "special file"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        dir
    }

    fn names(sources: Sources, root: &Path) -> Vec<String> {
        sources
            .map(|source| {
                let path = source.unwrap().path.unwrap();
                path.strip_prefix(root).unwrap().to_str().unwrap().to_owned()
            })
            .collect()
    }

    #[test]
    fn a_directory_is_walked_in_byte_order_without_hidden_names() {
        let dir = tree(&["b.txt", "a/z.txt", "a/é.txt", "B.txt", ".git/config", "a/.hidden", "c"]);
        let sources = Sources::new([dir.path().to_owned()]);
        assert_eq!(names(sources, dir.path()), ["B.txt", "a/z.txt", "a/é.txt", "b.txt", "c"]);
    }

    #[test]
    fn a_hidden_file_given_outright_is_read() {
        let dir = tree(&[".hidden", ".dir/a"]);
        let sources = Sources::new([dir.path().join(".hidden"), dir.path().join(".dir")]);
        assert_eq!(names(sources, dir.path()), [".hidden", ".dir/a"]);
    }

    #[test]
    fn the_excluded_directory_is_passed_over_and_refused_outright() {
        let dir = tree(&["a.txt", "kept/raw/1"]);
        let kept = dir.path().join("kept");
        assert_eq!(names(Sources::new([dir.path().to_owned()]).excluding(&kept), dir.path()), ["a.txt"]);
        let inside = Sources::new([kept.join("raw/1")]).excluding(&kept).next();
        assert!(matches!(inside, Some(Err(InputError::Excluded { .. }))));
    }

    #[test]
    fn an_empty_directory_says_so_and_the_next_path_goes_on() {
        let dir = tree(&["a.txt"]);
        let empty = dir.path().join("empty");
        fs::create_dir(&empty).unwrap();
        let mut sources = Sources::new([empty, dir.path().join("a.txt")]);
        assert!(matches!(sources.next(), Some(Err(InputError::Empty { .. }))));
        assert!(matches!(sources.next(), Some(Ok(_))));
        assert!(sources.next().is_none());
    }

    #[test]
    fn what_is_too_large_is_refused_unread() {
        let dir = tree(&["a.txt"]);
        let path = dir.path().join("large");
        // A hole takes no room.
        File::create(&path).unwrap().set_len(FILE_BYTES + 1).unwrap();
        let error = Source { path: Some(path) }.read().unwrap_err().to_string();
        assert!(error.contains("large: is larger than 64 MiB") && error.contains("split it"), "{error}");
        assert_eq!(read_up_to(io::repeat(1), 0).unwrap(), None, "an endless stream is given up");
        assert_eq!(read_up_to(&b"abc"[..], 0).unwrap(), Some(b"abc".to_vec()));
    }

    #[cfg(unix)]
    #[test]
    fn links_to_files_count_and_links_to_directories_do_not() {
        use std::os::unix::fs::symlink;
        let dir = tree(&["in/a.txt", "out/b.txt"]);
        let inside = dir.path().join("in");
        symlink(dir.path().join("out/b.txt"), inside.join("b")).unwrap();
        symlink(dir.path().join("out"), inside.join("c")).unwrap();
        symlink(&inside, inside.join("loop")).unwrap();
        assert_eq!(names(Sources::new([inside.clone()]), &inside), ["a.txt", "b"]);
        symlink("nowhere", inside.join("z")).unwrap();
        let last = Sources::new([inside]).last();
        assert!(matches!(last, Some(Err(InputError::BrokenLink { .. }))));
    }
}
