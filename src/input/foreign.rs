//! Files that hold no text, told by their first bytes: named, with what to do, rather than read as
//! stories of garbage. Whatever is not listed here is read as text.

/// A kind of file that is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Foreign {
    /// What it is, with its article.
    pub what: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
}

/// First bytes, what they mean, what to do.
const KINDS: &[(&[u8], &str, &str)] = &[
    (
        b"\x1F\x8B\x08",
        "gzip-compressed",
        "decompress it first: gzip -dc FILE | archive … -",
    ),
    (
        b"\x1F\x9D\x90",
        "compressed by compress",
        "decompress it first: gzip -dc FILE | archive … -",
    ),
    (
        b"\xFD7zXZ\0",
        "xz-compressed",
        "decompress it first: xz -dc FILE | archive … -",
    ),
    (
        b"\x28\xB5\x2F\xFD",
        "zstd-compressed",
        "decompress it first: zstd -dc FILE | archive … -",
    ),
    (
        b"\x04\x22\x4D\x18",
        "lz4-compressed",
        "decompress it first: lz4 -dc FILE | archive … -",
    ),
    (
        b"LZIP\x01",
        "lzip-compressed",
        "decompress it first: lzip -dc FILE | archive … -",
    ),
    (
        b"PK\x03\x04",
        ZIP,
        "unpack it first: unzip FILE -d FOLDER, then give FOLDER",
    ),
    (
        b"PK\x05\x06",
        "an empty ZIP archive",
        "look for the full one",
    ),
    (
        b"7z\xBC\xAF\x27\x1C",
        "a 7-Zip archive",
        "unpack it first: 7z x FILE -oFOLDER, then give FOLDER",
    ),
    (
        b"Rar!\x1A\x07",
        "a RAR archive",
        "unpack it first: unrar x FILE FOLDER/, then give FOLDER",
    ),
    (
        b"%PDF-",
        "a PDF document",
        "take its text out first: pdftotext FILE - | archive … -",
    ),
    (
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        "an old Office document",
        "save it as plain text first",
    ),
    (b"\x89PNG\r\n\x1A\n", "a picture (PNG)", PICTURE),
    (b"\xFF\xD8\xFF", "a picture (JPEG)", PICTURE),
    (b"GIF87a", "a picture (GIF)", PICTURE),
    (b"GIF89a", "a picture (GIF)", PICTURE),
    (b"II*\0", "a picture (TIFF)", PICTURE),
    (b"MM\0*", "a picture (TIFF)", PICTURE),
    (b"\x7FELF", "a program", "give text files"),
    (
        b"SQLite format 3\0",
        "an SQLite database",
        "export its stories as text files first",
    ),
];
const ZIP: &str = "a ZIP archive (as docx, odt and epub files are, too)";
const PICTURE: &str = "take its text out first, with a program that recognises characters";

/// Returns what the bytes are, if they are certainly no text.
pub(super) fn recognise(bytes: &[u8]) -> Option<Foreign> {
    let told = |what, remedy| Some(Foreign { what, remedy });
    if let Some((_, what, remedy)) = KINDS.iter().find(|(first, ..)| bytes.starts_with(first)) {
        return told(what, remedy);
    }
    // "BZh9" alone could be words; the first block's mark, or the end's, follows.
    if let Some([b'1'..=b'9', block @ ..]) = bytes.strip_prefix(b"BZh")
        && (block.starts_with(b"1AY&SY") || block.starts_with(b"\x17\x72\x45\x38\x50\x90"))
    {
        return told(
            "bzip2-compressed",
            "decompress it first: bzip2 -dc FILE | archive … -",
        );
    }
    // The name in front of the mark is filled up with zeros.
    if let Some((head, tail)) = bytes.split_at_checked(257)
        && tail.starts_with(b"ustar")
        && head.contains(&0)
    {
        return told(
            "a tar archive",
            "unpack it first: tar -xf FILE -C FOLDER, then give FOLDER",
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_recognised() {
        let mut tar = vec![0; 512];
        tar[257..262].copy_from_slice(b"ustar");
        let cases: [(&[u8], &str); 8] = [
            (b"\x1F\x8B\x08\0\0", "gzip"),
            (b"\xFD7zXZ\0\0", "xz"),
            (b"\x28\xB5\x2F\xFD\x24", "zstd"),
            (b"BZh91AY&SY\x01", "bzip2"),
            (b"BZh9\x17\x72\x45\x38\x50\x90\0", "bzip2"),
            (b"PK\x03\x04\x14", "ZIP"),
            (b"%PDF-1.7\n", "PDF"),
            (&tar, "tar"),
        ];
        for (bytes, what) in cases {
            assert!(
                recognise(bytes).is_some_and(|found| found.what.contains(what)),
                "{what}"
            );
        }
    }

    #[test]
    fn text_is_text_whatever_it_begins_with() {
        let ustar = format!("{}ustar", "x".repeat(257));
        let wire = b"\x1F\x16\x16\x01f1761\x1Freute\nr f BC-STRIKE\n";
        for text in [
            &b""[..],
            b"BZh9 is a name",
            b"PK reports",
            b"7z",
            b"\xFF\xFEa\0",
            b"\0\0\0\0",
            ustar.as_bytes(),
            wire,
        ] {
            assert_eq!(recognise(text), None, "{text:?}");
        }
    }
}
