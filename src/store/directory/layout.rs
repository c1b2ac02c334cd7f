//! Where things belong: the paths of a story's record and raw copy, worked out from the record.

use crate::export::json;
use crate::story::Story;
use crate::text::spelled_out;
use std::ffi::OsStr;
use std::io;
use std::path::Path;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

pub(crate) const RECORDS: &str = "records";
pub(crate) const RAW: &str = "raw";
pub(crate) const MANIFEST: &str = "archive.json";
pub(crate) const CATALOG: &str = "catalog.sqlite";
pub(crate) const README: &str = "README.txt";
pub(crate) const LOCK: &str = "lock";
pub(crate) const LEDGER: &str = "ledger";
/// What people say of stories; there once somebody said something.
pub(crate) const ANNOTATIONS: &str = "annotations.jsonl";
/// What a repair has replaced: damaged ledger files and catalogs. The program only adds to it.
pub(crate) const EVIDENCE: &str = "evidence";
/// Where files stand until they are whole; there only while somebody writes, or after an
/// interruption.
pub(crate) const UNFINISHED: &str = "unfinished";

/// Longest slug, in characters.
const SLUG_CHARS: usize = 60;
/// Longest slug, in bytes: file systems stop at 255 for the whole name.
const SLUG_BYTES: usize = 200;
/// Hex digits of an id.
const ID_DIGITS: usize = 16;

/// A story made ready for an archive: where its files go, and the record's bytes.
///
/// It depends on nothing but the story's own bytes and the options they were parsed with; what the
/// file was called and whether it held other stories is left out, so that the same story is stored
/// once.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RecordFile {
    /// The story as its record tells it.
    pub(crate) story: Story,
    /// Path of the record below the archive, with `/`.
    pub(crate) record_path: String,
    /// Path of the raw copy below the archive, with `/`.
    pub(crate) raw_path: String,
    /// The record's bytes.
    pub(crate) record: Vec<u8>,
}

impl RecordFile {
    /// Makes `story` ready.
    pub(crate) fn new(mut story: Story) -> io::Result<Self> {
        let raw_path = raw_path(&story.source.sha256);
        story.source.path = Some(raw_path.clone());
        story.source.member = None;
        let mut record = Vec::new();
        json::pretty(&story, &mut record)?;
        Ok(Self {
            record_path: record_path(&story),
            raw_path,
            story,
            record,
        })
    }
}

/// `raw/1f/<sha256>`, as git keeps its objects: 256 directories, so that none grows past what tools
/// can list before there are tens of millions of stories, and the file system need not make and
/// sync one for nearly every story, as it would for 65,536. With `/` on every system, because the
/// record quotes it.
pub(crate) fn raw_path(sha256: &str) -> String {
    format!("{RAW}/{}/{sha256}", sha256.get(..2).unwrap_or("_"))
}

fn record_path(story: &Story) -> String {
    let day = day(story).map_or_else(|| "undated".to_owned(), |day| day.join("/"));
    format!(
        "{RECORDS}/{day}/{}-{}.json",
        slug(story.headline.as_deref()),
        story.id
    )
}

/// Returns the day a story belongs to: its dateline's if that is complete, else the day of
/// publication.
fn day(story: &Story) -> Option<[&str; 3]> {
    let dateline = story
        .dateline
        .as_ref()
        .and_then(|dateline| dateline.date.as_deref());
    dateline
        .and_then(full_date)
        .or_else(|| story.published.as_deref().and_then(full_date))
}

/// Returns the day that lists sort and filter by, as YYYY-MM-DD: the day of publication, which is
/// what a reader sees, else the dateline's if it is complete.
pub(crate) fn day_of(story: &Story) -> Option<String> {
    let dateline = || {
        story
            .dateline
            .as_ref()
            .and_then(|dateline| dateline.date.as_deref())
            .and_then(full_date)
    };
    story
        .published
        .as_deref()
        .and_then(full_date)
        .or_else(dateline)
        .map(|parts| parts.join("-"))
}

/// Year, month and day of an EDTF or RFC 3339 date; none if any of them is missing or impossible.
fn full_date(text: &str) -> Option<[&str; 3]> {
    let date = text.get(..10)?;
    if !matches!(
        text.as_bytes().get(10),
        None | Some(b'T' | b't' | b' ' | b'?' | b'~' | b'%')
    ) {
        return None;
    }
    let parts = [date.get(..4)?, date.get(5..7)?, date.get(8..)?];
    let is_number = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    (parts.iter().all(|part| is_number(part))
        && chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d").is_ok())
    .then_some(parts)
}

/// Returns a file name's worth of a headline: `Mayor's "plan": €5m` is `mayors-plan-5m`.
///
/// Words in lower case joined by hyphens, at most 60 characters and 200 bytes, cut between words
/// where there are any. Latin letters lose their accents; others stay as they are, since names are
/// for people. Nothing but letters, digits and hyphens comes out, and a letter or digit first.
pub fn slug(headline: Option<&str>) -> String {
    let mut slug = String::new();
    let mut length = 0;
    for word in words(headline.unwrap_or_default()) {
        let joint = usize::from(!slug.is_empty());
        let chars = word.chars().count();
        if length + joint + chars > SLUG_CHARS || slug.len() + joint + word.len() > SLUG_BYTES {
            if slug.is_empty() {
                // One endless word, or a script that sets no spaces.
                slug.extend(
                    word.char_indices()
                        .take(SLUG_CHARS)
                        .take_while(|(at, c)| at + c.len_utf8() <= SLUG_BYTES)
                        .map(|(_, c)| c),
                );
            }
            break;
        }
        if joint == 1 {
            slug.push('-');
        }
        slug.push_str(&word);
        length += joint + chars;
    }
    if slug.is_empty() {
        "untitled".to_owned()
    } else {
        slug
    }
}

fn words(headline: &str) -> impl Iterator<Item = String> {
    let mut plain = String::with_capacity(headline.len());
    let mut latin = false;
    for c in headline.nfkd().flat_map(char::to_lowercase) {
        if let Some(spelled) = spelled_out(c) {
            plain.push_str(spelled);
            latin = false;
            continue;
        }
        match c {
            '\'' | '\u{2019}' | '\u{2BC}' => {}
            // An accent goes; a vowel sign of another script is part of its word.
            _ if is_combining_mark(c) => {
                if !latin {
                    plain.push(c);
                }
                continue;
            }
            _ if c.is_alphanumeric() => plain.push(c),
            _ => plain.push(' '),
        }
        latin = c.is_ascii();
    }
    let composed: String = plain.nfc().collect();
    let words: Vec<String> = composed
        .split(' ')
        .map(|word| word.trim_start_matches(is_combining_mark))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.into_iter()
}

/// Returns whether `path`, read from a ledger, is the path of a record: below `records/`, with no
/// way out.
pub(crate) fn is_record_path(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.next() == Some(RECORDS)
        && path.ends_with(".json")
        && parts.all(|part| {
            !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', '\0', ':'])
        })
}

/// Returns the id in the name of a record's file.
pub(crate) fn id_of(file_name: &OsStr) -> Option<&str> {
    let stem = Path::new(file_name).to_str()?.strip_suffix(".json")?;
    let (_, id) = stem.rsplit_once('-')?;
    (id.len() == ID_DIGITS && id.bytes().all(|b| b.is_ascii_hexdigit())).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_words_for_people() {
        let cases = [
            ("Mayor’s \"plan\": €5m — now", "mayors-plan-5m-now"),
            (
                "São Paulo: Ärger über Łódź, Straße & Øresund",
                "sao-paulo-arger-uber-lodz-strasse-oresund",
            ),
            ("Путин и Ёлкин встретились", "путин-и-ёлкин-встретились"),
            ("İstanbul’da ışık", "istanbulda-isik"),
            ("हिन्दी समाचार", "हिन्दी-समाचार"),
            ("한국 뉴스", "한국-뉴스"),
            ("ﬁve ½", "five-1-2"),
        ];
        for (headline, expected) in cases {
            assert_eq!(slug(Some(headline)), expected);
        }
    }

    #[test]
    fn slugs_are_safe_names() {
        for headline in [
            Some("../../etc/passwd"),
            Some("..\u{0}\u{1b}[31m\u{202e}./\\"),
            Some("\u{301}\u{301}"),
            Some("-- . --"),
            Some(""),
            None,
        ] {
            let slug = slug(headline);
            assert!(
                slug.chars().all(|c| c.is_alphanumeric() || c == '-'),
                "{slug:?}"
            );
            assert!(slug.starts_with(char::is_alphanumeric), "{slug:?}");
        }
        assert_eq!(slug(Some("../../etc/passwd")), "etc-passwd");
        assert_eq!(slug(Some("!!!")), "untitled");
    }

    #[test]
    fn slugs_are_cut_between_words() {
        let long = "Parliament approves the second reading of a bill that nobody has read yet";
        assert_eq!(
            slug(Some(long)),
            "parliament-approves-the-second-reading-of-a-bill-that-nobody"
        );
        assert_eq!(slug(Some(&"a".repeat(80))).chars().count(), 60);
        assert!(slug(Some(&"𠀀".repeat(80))).len() <= 200);
        assert_eq!(
            slug(Some(&format!("{} tail", "b".repeat(60)))),
            "b".repeat(60)
        );
    }

    #[test]
    fn only_full_dates_make_a_day() {
        assert_eq!(full_date("2020-11-21"), Some(["2020", "11", "21"]));
        assert_eq!(
            full_date("2020-11-21T10:00:00+01:00"),
            Some(["2020", "11", "21"])
        );
        for incomplete in [
            "XXXX-02-26",
            "2020-11",
            "2020",
            "2020-13-01",
            "2021-02-29",
            "2020-11-211",
            "+020-11-21",
            "20201-1-21",
            "",
        ] {
            assert_eq!(full_date(incomplete), None, "{incomplete}");
        }
    }

    #[test]
    fn paths_from_elsewhere_stay_below_records() {
        assert!(is_record_path("records/2020/11/21/a-1f3a9c0b2d4e5f60.json"));
        for path in [
            "records/../a.json",
            "/etc/a.json",
            "raw/a.json",
            "records//a.json",
            "records/a.txt",
            "records/..\\a.json",
            "",
        ] {
            assert!(!is_record_path(path), "{path}");
        }
    }

    /// The catalog takes stories as they were stored, and records when it is made anew.
    #[test]
    fn a_record_read_back_is_the_story() {
        let mut read = 0;
        for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "txt") {
                let entry = RecordFile::new(crate::parse::parse(
                    &std::fs::read(&path).unwrap(),
                    &crate::options::ParseOptions::default(),
                ))
                .unwrap();
                assert_eq!(
                    serde_json::from_slice::<Story>(&entry.record).unwrap(),
                    entry.story,
                    "{}",
                    path.display()
                );
                read += 1;
            }
        }
        assert!(read > 100);
    }

    #[test]
    fn ids_are_read_from_names() {
        assert_eq!(
            id_of(OsStr::new("a-b-1f3a9c0b2d4e5f60.json")),
            Some("1f3a9c0b2d4e5f60")
        );
        for other in [
            "1f3a9c0b2d4e5f60.json",
            "a-1f3a.json",
            "a-1f3a9c0b2d4e5f60.txt",
            "a-xxxxxxxxxxxxxxxx.json",
        ] {
            assert_eq!(id_of(OsStr::new(other)), None, "{other}");
        }
    }
}
