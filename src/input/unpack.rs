//! Containers: compressed files, archives of files, and archives of the web, member by member.
//!
//! Nothing is unpacked to disk, and one member is in memory at a time: a thread of its own reads
//! ahead by one. What is inside is told by its bytes, never by its name, so that any combination is
//! read (`.tar.gz`, a ZIP of gzip files, a WARC of pages). Limits guard against files that unpack
//! to more than anybody meant.

use super::error::InputError;
use super::foreign::{self, Foreign};
use super::limits::FILE_BYTES;
use super::warc;
use crate::regular::{self, Links};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Containers in containers, at most.
const DEEPEST: usize = 5;
/// All that comes out of a file is at most so many times as large as the file. gzip reaches 1,000
/// on zeros; news text does not reach 20.
const MOST_TIMES: u64 = 250;
/// What comes out in any case.
const FREE_BYTES: u64 = 256 << 20;
/// Bytes that tell what a file is.
const TELLING: usize = 512;

/// One kind of container, for people.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ContainerInfo {
    /// The usual ending of its names.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// What it is recognised by.
    pub recognised_by: &'static str,
}

/// The containers that are unpacked.
pub static CONTAINERS: &[ContainerInfo] = &[
    ContainerInfo {
        name: "gz",
        title: "gzip-compressed files",
        recognised_by: "bytes 1F 8B 08",
    },
    ContainerInfo {
        name: "zst",
        title: "zstd-compressed files",
        recognised_by: "bytes 28 B5 2F FD",
    },
    ContainerInfo {
        name: "xz",
        title: "xz-compressed files",
        recognised_by: "bytes FD 37 7A 58 5A 00",
    },
    ContainerInfo {
        name: "bz2",
        title: "bzip2-compressed files",
        recognised_by: "`BZh`, and the mark of a block",
    },
    ContainerInfo {
        name: "zip",
        title: "ZIP archives; of Word and OpenDocument packages, the text",
        recognised_by: "bytes 50 4B 03 04",
    },
    ContainerInfo {
        name: "tar",
        title: "tar archives",
        recognised_by: "`ustar` in the first header",
    },
    ContainerInfo {
        name: "warc",
        title: "archives of the web",
        recognised_by: "`WARC/1.` at the beginning",
    },
];

/// A container that has not been opened yet.
#[derive(Clone, Debug)]
pub struct Packed {
    path: Option<PathBuf>,
    /// What standard input held.
    bytes: Option<Arc<[u8]>>,
}

/// One member of a container.
#[derive(Debug)]
#[non_exhaustive]
pub struct Document {
    /// Its bytes, unpacked.
    pub bytes: Vec<u8>,
    /// Its name inside the container; none where the container holds one thing without a name.
    pub name: Option<String>,
}

/// The kinds of container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Gzip,
    Zstd,
    Xz,
    Bzip2,
    Zip,
    Tar,
    Warc,
}

impl Kind {
    /// Returns the kind of container that a file begins like.
    fn of(head: &[u8]) -> Option<Self> {
        let is_tar = head
            .split_at_checked(257)
            .is_some_and(|(name, tail)| tail.starts_with(b"ustar") && name.contains(&0));
        let is_bzip2 = matches!(head.strip_prefix(b"BZh"), Some([b'1'..=b'9', block @ ..])
            if block.starts_with(b"1AY&SY") || block.starts_with(b"\x17\x72\x45\x38\x50\x90"));
        match head {
            _ if head.starts_with(b"\x1F\x8B\x08") => Some(Self::Gzip),
            _ if head.starts_with(b"\x28\xB5\x2F\xFD") => Some(Self::Zstd),
            _ if head.starts_with(b"\xFD7zXZ\0") => Some(Self::Xz),
            _ if is_bzip2 => Some(Self::Bzip2),
            _ if head.starts_with(b"PK\x03\x04") => Some(Self::Zip),
            _ if is_tar => Some(Self::Tar),
            _ if warc::is_warc(head) => Some(Self::Warc),
            _ => None,
        }
    }
}

/// Returns whether a file that begins so is a container that is read.
pub(super) fn is_container(head: &[u8]) -> bool {
    Kind::of(head).is_some()
}

impl Packed {
    /// Returns the container behind a path.
    pub(super) fn file(path: PathBuf) -> Self {
        Self {
            path: Some(path),
            bytes: None,
        }
    }

    /// Returns the container that standard input held.
    pub(super) fn bytes(bytes: Vec<u8>) -> Self {
        Self {
            path: None,
            bytes: Some(bytes.into()),
        }
    }

    /// Unpacks it, member by member. A member that cannot be read is an error in its place.
    pub fn documents(&self) -> Documents {
        let (sender, receiver) = sync_channel(1);
        let packed = self.clone();
        // The thread ends when it is done, or when nobody listens any more.
        std::thread::spawn(move || packed.send_all(sender));
        Documents { receiver }
    }

    fn send_all(&self, sender: SyncSender<Result<Document, InputError>>) {
        let mut walk = Walk {
            path: self.path.as_deref(),
            left: Cell::new(FREE_BYTES),
            sender,
        };
        let done = match (&self.path, &self.bytes) {
            (_, Some(bytes)) => {
                walk.allow(bytes.len() as u64);
                walk.seekable(Cursor::new(bytes.clone()), &[], 0)
            }
            (Some(path), None) => match regular::open(path, Links::Followed) {
                Ok(file) => {
                    walk.allow(file.metadata().map_or(0, |file| file.len()));
                    walk.seekable::<File>(file, &[], 0)
                }
                Err(error) => walk.fail(&[], &error.to_string()),
            },
            (None, None) => Ok(()),
        };
        // Nobody listens: the batch has stopped.
        let _ = done;
    }
}

/// The members of a container, in order.
#[derive(Debug)]
pub struct Documents {
    receiver: Receiver<Result<Document, InputError>>,
}

impl Iterator for Documents {
    type Item = Result<Document, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.receiver.recv().ok()
    }
}

/// Nobody listens any more.
struct Stopped;

/// The way to a member: the names of the containers that it stands in, and its own.
type Names<'n> = &'n [String];

struct Walk<'p> {
    path: Option<&'p Path>,
    /// Bytes that may still come out.
    left: Cell<u64>,
    sender: SyncSender<Result<Document, InputError>>,
}

/// A stream that counts what comes out of a decompressor, and ends in an error where that is too
/// much.
struct Metered<'w, R> {
    inner: R,
    left: &'w Cell<u64>,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.get().checked_sub(read as u64) {
            Some(left) => self.left.set(left),
            None => {
                self.left.set(0);
                return Err(io::Error::other(BOMB));
            }
        }
        Ok(read)
    }
}

const BOMB: &str = "unpacks to far more than news does, and was given up";

impl Walk<'_> {
    fn allow(&mut self, size: u64) {
        self.left
            .set(size.saturating_mul(MOST_TIMES).saturating_add(FREE_BYTES));
    }

    fn send(&self, names: Names<'_>, bytes: Vec<u8>) -> Result<(), Stopped> {
        let name = (!names.is_empty()).then(|| names.join("/"));
        self.sender
            .send(Ok(Document { bytes, name }))
            .map_err(|_| Stopped)
    }

    fn fail(&self, names: Names<'_>, problem: &str) -> Result<(), Stopped> {
        let error = InputError::Member {
            path: self.path.map(Path::to_owned),
            member: names.join("/"),
            problem: problem.to_owned(),
        };
        self.sender.send(Err(error)).map_err(|_| Stopped)
    }

    /// Reads a file in which one can go back, as a ZIP archive asks for.
    fn seekable<R: Read + Seek>(
        &self,
        mut file: R,
        names: Names<'_>,
        depth: usize,
    ) -> Result<(), Stopped> {
        let mut head = [0; TELLING];
        let read = read_some(&mut file, &mut head).and_then(|read| {
            file.rewind()?;
            Ok(read)
        });
        match read {
            Ok(read) if Kind::of(&head[..read]) == Some(Kind::Zip) => {
                self.zip(BufReader::new(file), names, depth)
            }
            Ok(_) => self.stream(&mut BufReader::new(file), names, depth),
            Err(error) => self.fail(names, &error.to_string()),
        }
    }

    /// Reads a stream, whatever it is.
    fn stream(&self, stream: &mut dyn Read, names: Names<'_>, depth: usize) -> Result<(), Stopped> {
        let mut head = [0; TELLING];
        let read = match read_some(stream, &mut head) {
            Ok(read) => read,
            Err(error) => return self.fail(names, &damage(&error)),
        };
        let kind = Kind::of(&head[..read]);
        let mut stream = Cursor::new(&head[..read]).chain(stream);
        let Some(kind) = kind else {
            return self.document(&mut stream, names);
        };
        if depth >= DEEPEST {
            return self.fail(names, "stands in too many containers one in another");
        }
        let depth = depth + 1;
        match kind {
            Kind::Gzip => self.stream(
                &mut self.metered(flate2::read::MultiGzDecoder::new(stream)),
                names,
                depth,
            ),
            Kind::Bzip2 => self.stream(
                &mut self.metered(bzip2::read::MultiBzDecoder::new(stream)),
                names,
                depth,
            ),
            Kind::Xz => self.stream(
                &mut self.metered(liblzma::read::XzDecoder::new_multi_decoder(stream)),
                names,
                depth,
            ),
            Kind::Zstd => match ruzstd::decoding::StreamingDecoder::new(stream) {
                Ok(decoder) => self.stream(&mut self.metered(decoder), names, depth),
                Err(error) => self.fail(names, &format!("is damaged ({error})")),
            },
            Kind::Tar => self.tar(&mut stream, names, depth),
            Kind::Warc => self.warc(&mut stream, names, depth),
            Kind::Zip => {
                // Its index is at its end, so that it has to be in memory.
                let mut bytes = Vec::new();
                match read_up_to(&mut stream, &mut bytes) {
                    Ok(true) => self.zip(Cursor::new(bytes), names, depth),
                    Ok(false) => self.fail(names, TOO_LARGE),
                    Err(error) => self.fail(names, &damage(&error)),
                }
            }
        }
    }

    fn metered<R: Read>(&self, inner: R) -> Metered<'_, R> {
        Metered {
            inner,
            left: &self.left,
        }
    }

    /// A member that is no container.
    fn document(&self, stream: &mut dyn Read, names: Names<'_>) -> Result<(), Stopped> {
        let mut bytes = Vec::new();
        match read_up_to(stream, &mut bytes) {
            Ok(true) => match foreign::recognise(&bytes) {
                Some(Foreign { what, remedy }) => self.fail(names, &format!("is {what}; {remedy}")),
                None => self.send(names, bytes),
            },
            Ok(false) => self.fail(names, TOO_LARGE),
            Err(error) => self.fail(names, &damage(&error)),
        }
    }

    fn tar(&self, stream: &mut dyn Read, names: Names<'_>, depth: usize) -> Result<(), Stopped> {
        let mut archive = tar::Archive::new(stream);
        let entries = match archive.entries() {
            Ok(entries) => entries,
            Err(error) => return self.fail(names, &damage(&error)),
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                // What follows cannot be found any more.
                Err(error) => return self.fail(names, &damage(&error)),
            };
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            if !entry.header().entry_type().is_file() || is_passed_over(&name) {
                continue;
            }
            let left = entry.size();
            let mut whole = Whole { entry, left };
            self.stream(&mut whole, &within(names, name), depth)?;
        }
        Ok(())
    }

    fn zip<R: Read + Seek>(&self, file: R, names: Names<'_>, depth: usize) -> Result<(), Stopped> {
        let mut archive = match zip::ZipArchive::new(file) {
            Ok(archive) => archive,
            Err(error) => return self.fail(names, &format!("is a damaged ZIP archive ({error})")),
        };
        // Word and OpenDocument packages: one part is the text, and the package is the story.
        for text in ["word/document.xml", "content.xml"] {
            let is_package = match text {
                "content.xml" => archive.index_for_name("mimetype").is_some(),
                _ => true,
            };
            if is_package && let Some(index) = archive.index_for_name(text) {
                return match archive.by_index(index) {
                    Ok(mut part) => self.document(&mut self.metered(&mut part), names),
                    Err(error) => self.fail(names, &format!("is damaged ({error})")),
                };
            }
        }
        if archive.index_for_name("[Content_Types].xml").is_some() {
            return self.fail(names, "is an Office file without a text; save it as text");
        }
        for index in 0..archive.len() {
            let mut member = match archive.by_index(index) {
                Ok(member) => member,
                Err(error) => {
                    self.fail(
                        names,
                        &format!("has a member that cannot be read ({error})"),
                    )?;
                    continue;
                }
            };
            let name = match member.name() {
                Ok(name) => name.into_owned(),
                Err(_) => format!("{}", index + 1),
            };
            if !member.is_file() || is_passed_over(&name) {
                continue;
            }
            self.stream(&mut self.metered(&mut member), &within(names, name), depth)?;
        }
        Ok(())
    }

    fn warc(&self, stream: &mut dyn Read, names: Names<'_>, depth: usize) -> Result<(), Stopped> {
        let mut stream = BufReader::new(stream);
        loop {
            match warc::next(&mut stream) {
                Ok(Some(warc::Record::Page { address, bytes })) => {
                    let names = within(names, address);
                    if foreign::recognise(&bytes).is_none() && depth <= DEEPEST {
                        self.send(&names, bytes)?;
                    }
                }
                Ok(Some(warc::Record::Other)) => {}
                Ok(None) => return Ok(()),
                Err(error) => return self.fail(names, &damage(&error)),
            }
        }
    }
}

const TOO_LARGE: &str = "is larger than 64 MiB, the most that one file may have";

fn damage(error: &io::Error) -> String {
    if error.to_string() == BOMB {
        return BOMB.to_owned();
    }
    format!("is damaged or cut off ({error}); what stands before was read")
}

fn within(names: Names<'_>, name: String) -> Vec<String> {
    let mut out = names.to_vec();
    out.push(name);
    out
}

/// Word's lock files, hidden files, and what macOS and Windows leave behind.
fn is_passed_over(name: &str) -> bool {
    let name = name.trim_end_matches('/');
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    last.is_empty()
        || last.starts_with("~$")
        || last.starts_with('.')
        || name.starts_with("__MACOSX/")
        || last.eq_ignore_ascii_case("thumbs.db")
}

/// Reads until a buffer is full or the stream ends.
fn read_some(stream: &mut (impl Read + ?Sized), buffer: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while read < buffer.len() {
        match stream.read(&mut buffer[read..]) {
            Ok(0) => break,
            Ok(more) => read += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

/// Reads all of a stream; false if that is more than one file may have.
fn read_up_to(stream: &mut (impl Read + ?Sized), bytes: &mut Vec<u8>) -> io::Result<bool> {
    stream.take(FILE_BYTES + 1).read_to_end(bytes)?;
    Ok(bytes.len() as u64 <= FILE_BYTES)
}

/// A member of a tar archive, whose end before its announced size is an error: the archive was cut
/// off.
struct Whole<R> {
    entry: R,
    left: u64,
}

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.entry.read(buffer)?;
        if read == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn unpacked(bytes: Vec<u8>) -> Vec<Result<(Option<String>, String), String>> {
        Packed::bytes(bytes)
            .documents()
            .map(|document| match document {
                Ok(document) => Ok((
                    document.name,
                    String::from_utf8_lossy(&document.bytes).into_owned(),
                )),
                Err(error) => Err(error.to_string()),
            })
            .collect()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut out = tar::Builder::new(Vec::new());
        for (name, bytes) in files {
            let mut header = tar::Header::new_ustar();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            header.set_cksum();
            out.append_data(&mut header, name, *bytes).unwrap();
        }
        out.into_inner().unwrap()
    }

    fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            out.start_file(*name, zip::write::SimpleFileOptions::default())
                .unwrap();
            out.write_all(bytes).unwrap();
        }
        out.finish().unwrap().into_inner()
    }

    #[test]
    fn containers_in_containers_are_read_member_by_member() {
        let inner = gzip(b"Second");
        let file = gzip(&tar(&[("a/one.txt", b"First"), ("two.gz", &inner)]));
        assert_eq!(
            unpacked(file),
            [
                Ok((Some("a/one.txt".into()), "First".into())),
                Ok((Some("two.gz".into()), "Second".into())),
            ]
        );
        assert_eq!(unpacked(gzip(b"Alone")), [Ok((None, "Alone".into()))]);
    }

    #[test]
    fn a_word_document_is_its_text_and_lock_files_are_passed_over() {
        let docx = zip(&[
            ("[Content_Types].xml", b"x"),
            ("word/document.xml", b"<w:document/>"),
        ]);
        assert_eq!(unpacked(docx.clone()), [Ok((None, "<w:document/>".into()))]);
        let outer = zip(&[
            ("~$a.docx", b"lock"),
            ("a.docx", &docx),
            ("__MACOSX/a", b"x"),
        ]);
        assert_eq!(
            unpacked(outer),
            [Ok((Some("a.docx".into()), "<w:document/>".into()))]
        );
    }

    #[test]
    fn damage_is_told_after_what_could_be_read() {
        let whole = tar(&[("one", b"First"), ("two", &[b'x'; 3000])]);
        let cut = unpacked(whole[..2000].to_vec());
        assert_eq!(cut[0], Ok((Some("one".into()), "First".into())));
        assert!(cut[1].is_err());
        let mut damaged = gzip(&[b'a'; 5000]);
        let middle = damaged.len() / 2;
        damaged.truncate(middle);
        assert!(unpacked(damaged)[0].is_err());
        for end in 0..60 {
            unpacked(zip(&[("a", b"b")])[..end].to_vec());
        }
    }

    #[test]
    fn a_bomb_is_given_up() {
        // 70 MiB of zeros are 70 KiB, and 70 KiB of that hardly anything.
        let zeros = vec![0; 70 << 20];
        let told = unpacked(gzip(&gzip(&zeros)));
        assert!(matches!(&told[..], [Err(message)] if message.contains("larger than 64 MiB")));
        let mut deep = b"Text".to_vec();
        for _ in 0..10 {
            deep = gzip(&deep);
        }
        assert!(matches!(&unpacked(deep)[..], [Err(message)] if message.contains("too many")));
    }
}
