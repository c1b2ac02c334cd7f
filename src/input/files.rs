//! Files, folders and standard input as one ordered stream of sources.

use super::error::InputError;
use super::limits::FILE_BYTES;
use super::own::Own;
use super::request::{FoundBy, OtherFormats};
use super::unpack::{self, Packed};
use super::{foreign, structured};
use crate::regular::{self, Links};
use globset::GlobSet;
use std::collections::VecDeque;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use walkdir::WalkDir;

/// So many bytes tell whether a file is a container.
const CONTAINER_HEAD: u64 = 512;

/// What a source turned out to be.
#[derive(Debug)]
pub enum Content {
    /// A file that holds stories.
    File(Vec<u8>),
    /// A container of such files, to be unpacked.
    Packed(Packed),
}

/// One file, or standard input: named, not yet read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Source {
    /// Path as given, or as found below a given directory; none for standard input.
    pub path: Option<PathBuf>,
    /// How it was found.
    pub found_by: FoundBy,
    /// What to do if it is text inside another format.
    pub other_formats: OtherFormats,
}

impl Source {
    /// Reads all of it, or finds that it is a container. `is_known` says of a file's bytes whether
    /// they are of a format that the caller reads, such as
    /// [`is_known_format`](crate::is_known_format).
    ///
    /// # Errors
    ///
    /// Those of [`Source::read`]; the documents of a container report what is wrong with them.
    pub fn open(&self, is_known: impl Fn(&[u8]) -> bool) -> Result<Content, InputError> {
        if let Some(path) = &self.path {
            let mut head = Vec::new();
            let read = regular::open(path, Links::Followed)
                .and_then(|file| file.take(CONTAINER_HEAD).read_to_end(&mut head));
            read.map_err(|source| refused(path, source))?;
            if unpack::is_container(&head) {
                return Ok(Content::Packed(Packed::file(path.clone())));
            }
            return self.read(is_known).map(Content::File);
        }
        let bytes = self.read_bytes()?;
        if unpack::is_container(&bytes[..bytes.len().min(CONTAINER_HEAD as usize)]) {
            return Ok(Content::Packed(Packed::bytes(bytes)));
        }
        self.check(bytes, is_known).map(Content::File)
    }

    /// Reads all of it.
    ///
    /// # Errors
    ///
    /// If it cannot be read, is larger than [`FILE_BYTES`], is not text, or was written by this
    /// program. Also if it is text inside a format that is not known, unless
    /// [`OtherFormats::AsText`] asks for it.
    pub fn read(&self, is_known: impl Fn(&[u8]) -> bool) -> Result<Vec<u8>, InputError> {
        self.check(self.read_bytes()?, is_known)
    }

    fn read_bytes(&self) -> Result<Vec<u8>, InputError> {
        let bytes = match &self.path {
            Some(path) => {
                let read = regular::open(path, Links::Followed).and_then(|file| {
                    let size = file.metadata()?.len();
                    if size > FILE_BYTES {
                        Ok(None)
                    } else {
                        read_up_to(file, size)
                    }
                });
                read.map_err(|source| refused(path, source))?
            }
            None => read_up_to(io::stdin().lock(), 0)
                .map_err(|source| InputError::StandardInput { source })?,
        };
        bytes.ok_or_else(|| InputError::TooLarge {
            path: self.path.clone(),
        })
    }

    /// Refuses what is no story.
    fn check(
        &self,
        bytes: Vec<u8>,
        is_known: impl Fn(&[u8]) -> bool,
    ) -> Result<Vec<u8>, InputError> {
        let path = self.path.clone();
        if let Some(own) = Own::recognise(&bytes) {
            let found_by = self.found_by;
            return Err(InputError::Own {
                path,
                own,
                found_by,
            });
        }
        let foreign = match self.other_formats {
            OtherFormats::Refused => {
                let other = || structured::recognise(&bytes).filter(|_| !is_known(&bytes));
                foreign::recognise(&bytes).or_else(other)
            }
            OtherFormats::AsText => foreign::recognise(&bytes),
        };
        match foreign {
            Some(foreign) => Err(InputError::NotText { path, foreign }),
            None => Ok(bytes),
        }
    }

    /// Returns its size in bytes, as far as that can be told before it is read.
    pub fn size(&self) -> u64 {
        self.path
            .as_ref()
            .and_then(|path| fs::metadata(path).ok())
            .map_or(0, |file| file.len())
    }
}

/// Returns what it means that a file cannot be read: it may no longer be one.
fn refused(path: &Path, source: io::Error) -> InputError {
    match fs::metadata(path) {
        Ok(found) if !found.is_file() && !found.is_dir() => InputError::NotAFile {
            path: path.to_owned(),
            kind: kind_name(found.file_type()),
        },
        _ => InputError::from_io(path, source),
    }
}

/// Returns all bytes; none if they are more than may be. A file can grow while it is read.
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
/// directory is not followed, and that is told, as are pipes and the like. So is an archive of this
/// program inside a directory, which is not walked. Names that begin with a dot are passed over
/// unless given outright.
pub struct Sources {
    paths: VecDeque<PathBuf>,
    excluded: Option<PathBuf>,
    other_formats: OtherFormats,
    /// Files found in directories that are passed over.
    unwanted: GlobSet,
    walk: Option<Walk>,
}

struct Walk {
    root: PathBuf,
    entries: Box<dyn Iterator<Item = walkdir::Result<walkdir::DirEntry>> + Send>,
    /// Archives on the way, which are not walked.
    archives: Receiver<PathBuf>,
    other_formats: OtherFormats,
    /// What was found and not yet told.
    found: VecDeque<Result<Source, InputError>>,
    /// Whether anything came of it: a file, or at least an error.
    is_empty: bool,
}

impl Sources {
    /// Returns the sources behind `paths`.
    pub fn new(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        Self {
            paths: paths.into_iter().collect(),
            excluded: None,
            other_formats: OtherFormats::default(),
            unwanted: GlobSet::empty(),
            walk: None,
        }
    }

    /// Leaves out `directory` and everything in it, by whatever name it is reached.
    pub fn excluding(mut self, directory: &Path) -> Self {
        self.excluded = fs::canonicalize(directory).ok();
        self
    }

    /// Says what to do with text inside another format.
    pub fn other_formats(mut self, other_formats: OtherFormats) -> Self {
        self.other_formats = other_formats;
        self
    }

    /// Leaves out the files found in directories whose path or name one of `globs` matches.
    pub fn without(mut self, globs: GlobSet) -> Self {
        self.unwanted = globs;
        self
    }

    /// Returns whether a source is one of those left out.
    fn is_unwanted(&self, source: &Source) -> bool {
        let Some(path) = source.path.as_deref().filter(|_| !self.unwanted.is_empty()) else {
            return false;
        };
        let name = path.file_name().map(Path::new);
        self.unwanted.is_match(path) || name.is_some_and(|name| self.unwanted.is_match(name))
    }

    /// Returns what comes of one given path: a source, an error, or a walk to go on with.
    fn begin(&mut self, path: PathBuf) -> Option<Result<Source, InputError>> {
        if path.as_os_str() == "-" {
            return Some(Ok(self.source(None)));
        }
        let kind = match fs::metadata(&path) {
            Ok(metadata) => metadata.file_type(),
            Err(source) => return Some(Err(InputError::from_io(&path, source))),
        };
        if is_within(&path, self.excluded.as_deref()) {
            return Some(Err(InputError::Excluded { path }));
        }
        if kind.is_file() {
            return Some(Ok(self.source(Some(path))));
        }
        if !kind.is_dir() {
            return Some(Err(InputError::NotAFile {
                path,
                kind: kind_name(kind),
            }));
        }
        if Own::is_archive(&path) {
            return Some(Err(InputError::Own {
                path: Some(path),
                own: Own::Archive,
                found_by: FoundBy::Name,
            }));
        }
        self.walk = Some(self.walk(path));
        None
    }

    fn source(&self, path: Option<PathBuf>) -> Source {
        Source {
            path,
            found_by: FoundBy::Name,
            other_formats: self.other_formats,
        }
    }

    /// Returns the way through a directory.
    fn walk(&self, path: PathBuf) -> Walk {
        let excluded = self
            .excluded
            .clone()
            .and_then(|path| fs::metadata(&path).ok().map(|found| (path, found)));
        let (tell, archives) = mpsc::channel();
        let entries = WalkDir::new(&path)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(move |entry| {
                // `~$` begins the lock files of Word.
                let name = entry.file_name().as_encoded_bytes();
                let hidden =
                    entry.depth() > 0 && (name.starts_with(b".") || name.starts_with(b"~$"));
                let skipped = entry.file_type().is_dir()
                    && excluded
                        .as_ref()
                        .is_some_and(|excluded| is_same(entry, excluded));
                let goes_on = !hidden && !skipped;
                if goes_on && entry.file_type().is_dir() && Own::is_archive(entry.path()) {
                    // The other end is there as long as the walk.
                    let _ = tell.send(entry.path().to_owned());
                    return false;
                }
                goes_on
            });
        Walk {
            root: path,
            entries: Box::new(entries),
            archives,
            other_formats: self.other_formats,
            found: VecDeque::new(),
            is_empty: true,
        }
    }
}

impl Iterator for Sources {
    type Item = Result<Source, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(walk) = &mut self.walk {
                if let Some(next) = walk.next() {
                    walk.is_empty = false;
                    if next.as_ref().is_ok_and(|source| self.is_unwanted(source)) {
                        continue;
                    }
                    return Some(next);
                }
                if let Some(Walk {
                    root,
                    is_empty: true,
                    ..
                }) = self.walk.take()
                {
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
        if self.found.is_empty() {
            let next = self.next_entry();
            // The archives stand before it.
            let archives = self.archives.try_iter().map(|archive| {
                Err(InputError::Own {
                    path: Some(archive),
                    own: Own::Archive,
                    found_by: FoundBy::Walk,
                })
            });
            self.found.extend(archives.chain(next));
        }
        self.found.pop_front()
    }

    fn next_entry(&mut self) -> Option<Result<Source, InputError>> {
        for entry in self.entries.by_ref() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().unwrap_or(&self.root).to_owned();
                    // Links to directories are not followed, so it is the system's error, not a
                    // loop.
                    let source = error
                        .into_io_error()
                        .unwrap_or_else(|| io::ErrorKind::Other.into());
                    return Some(Err(InputError::from_io(&path, source)));
                }
            };
            let kind = entry.file_type();
            // What was given itself is a directory, if only by a link.
            if kind.is_dir() || entry.depth() == 0 {
                continue;
            }
            let path = entry.into_path();
            let target = if kind.is_symlink() {
                fs::metadata(&path).map(|target| target.file_type())
            } else {
                Ok(kind)
            };
            return Some(match target {
                Ok(kind) if kind.is_file() => Ok(Source {
                    path: Some(path),
                    found_by: FoundBy::Walk,
                    other_formats: self.other_formats,
                }),
                Ok(kind) if kind.is_dir() => Err(InputError::PassedOver {
                    path,
                    kind: "link to a directory",
                    remedy: "give it by itself to read what is in there",
                }),
                Ok(kind) => Err(InputError::PassedOver {
                    path,
                    kind: kind_name(kind),
                    remedy: "to read what it yields, use `cat FILE | archive …` with `-` as the \
                             path",
                }),
                Err(source) => Err(InputError::from_io(&path, source)),
            });
        }
        None
    }
}

fn is_within(path: &Path, directory: Option<&Path>) -> bool {
    directory.is_some_and(|directory| {
        fs::canonicalize(path).is_ok_and(|path| path.starts_with(directory))
    })
}

/// Returns whether the walk has come to a certain directory. Asked of each, so it must not cost
/// more the deeper it stands, as finding out its whole true path does.
#[cfg(unix)]
fn is_same(entry: &walkdir::DirEntry, (_, directory): &(PathBuf, fs::Metadata)) -> bool {
    use std::os::unix::fs::MetadataExt;
    entry
        .metadata()
        .is_ok_and(|found| (found.dev(), found.ino()) == (directory.dev(), directory.ino()))
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

/// Nothing else tells here.
#[cfg(not(unix))]
fn is_same(entry: &walkdir::DirEntry, (path, _): &(PathBuf, fs::Metadata)) -> bool {
    fs::canonicalize(entry.path()).is_ok_and(|found| found == *path)
}

#[cfg(not(unix))]
fn kind_name(_: fs::FileType) -> &'static str {
    "special file"
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        dir
    }

    fn named(path: &Path) -> Source {
        Sources::new([]).source(Some(path.to_owned()))
    }

    fn names(sources: Sources, root: &Path) -> Vec<String> {
        sources
            .map(|source| {
                let path = source.unwrap().path.unwrap();
                path.strip_prefix(root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned()
            })
            .collect()
    }

    #[test]
    fn a_directory_is_walked_in_byte_order_without_hidden_names() {
        let dir = tree(&[
            "b.txt",
            "a/z.txt",
            "a/é.txt",
            "B.txt",
            ".git/config",
            "a/.hidden",
            "c",
        ]);
        let sources = Sources::new([dir.path().to_owned()]);
        assert_eq!(
            names(sources, dir.path()),
            ["B.txt", "a/z.txt", "a/é.txt", "b.txt", "c"]
        );
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
        assert_eq!(
            names(
                Sources::new([dir.path().to_owned()]).excluding(&kept),
                dir.path()
            ),
            ["a.txt"]
        );
        let inside = Sources::new([kept.join("raw/1")]).excluding(&kept).next();
        assert!(matches!(inside, Some(Err(InputError::Excluded { .. }))));
    }

    #[test]
    fn an_empty_directory_says_so_and_the_next_path_goes_on() {
        let dir = tree(&["a.txt"]);
        let empty = dir.path().join("empty");
        fs::create_dir(&empty).unwrap();
        let mut sources = Sources::new([empty, dir.path().join("a.txt")]);
        assert!(matches!(
            sources.next(),
            Some(Err(InputError::Empty { .. }))
        ));
        assert!(matches!(sources.next(), Some(Ok(_))));
        assert!(sources.next().is_none());
    }

    #[test]
    fn what_is_too_large_is_refused_unread() {
        let dir = tree(&["a.txt"]);
        let path = dir.path().join("large");
        // A hole takes no room.
        File::create(&path)
            .unwrap()
            .set_len(FILE_BYTES + 1)
            .unwrap();
        let error = named(&path).read(|_| false).unwrap_err().to_string();
        assert!(
            error.contains("large: is larger than 64 MiB") && error.contains("split it"),
            "{error}"
        );
        assert_eq!(
            read_up_to(io::repeat(1), 0).unwrap(),
            None,
            "an endless stream is given up"
        );
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
        symlink("y", inside.join("x")).unwrap();
        symlink("x", inside.join("y")).unwrap();
        symlink("nowhere", inside.join("z")).unwrap();
        let told: Vec<_> = Sources::new([inside.clone()])
            .map(|source| match source {
                Ok(Source { path, .. }) => path
                    .unwrap()
                    .file_name()
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned(),
                Err(InputError::PassedOver { path, .. }) => {
                    format!("passed over {}", path.file_name().unwrap().display())
                }
                Err(InputError::LinkLoop { path }) => {
                    format!("loop {}", path.file_name().unwrap().display())
                }
                Err(InputError::BrokenLink { path }) => {
                    format!("broken {}", path.file_name().unwrap().display())
                }
                Err(other) => panic!("{other}"),
            })
            .collect();
        assert_eq!(
            told,
            [
                "a.txt",
                "b",
                "passed over c",
                "passed over loop",
                "loop x",
                "loop y",
                "broken z"
            ]
        );
        // Given by itself it is followed.
        assert_eq!(
            names(Sources::new([inside.join("c")]), &inside),
            ["c/b.txt"]
        );
    }

    #[test]
    fn what_is_no_text_is_refused_by_name() {
        let dir = tree(&[]);
        let path = dir.path().join("a.txt");
        fs::write(&path, b"\x1F\x8B\x08\0\0").unwrap();
        let error = named(&path).read(|_| false).unwrap_err().to_string();
        assert!(
            error.ends_with(
                "a.txt: is gzip-compressed; decompress it first: gzip -dc FILE | archive … -"
            ),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_any_more_is_not_waited_for() {
        let dir = tree(&["a", "b"]);
        let [pipe, gone] = ["a", "b"].map(|name| named(&dir.path().join(name)));
        for path in [&pipe, &gone].map(|source| source.path.as_ref().unwrap()) {
            fs::remove_file(path).unwrap();
        }
        if std::process::Command::new("mkfifo")
            .arg(dir.path().join("a"))
            .status()
            .is_ok_and(|done| done.success())
        {
            assert!(matches!(
                pipe.read(|_| false),
                Err(InputError::NotAFile {
                    kind: "named pipe",
                    ..
                })
            ));
        }
        assert!(matches!(
            gone.read(|_| false),
            Err(InputError::Missing { .. })
        ));
    }
}
