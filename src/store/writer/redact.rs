//! Blacking out words of a story: the story without them takes the place of the story with them.

use crate::store::annotations::file::lines;
use crate::store::annotations::{
    Annotation, AnnotationKind, AnnotationLine, AnnotationRow, JudgedQuote, Remark, Said, State,
    Verdict,
};
use crate::store::catalog::Arrival;
use crate::store::directory::fixity::Fixity;
use crate::store::directory::layout::raw_path;
use crate::store::directory::read::record;
use crate::store::error::ArchiveError;
use crate::store::ledger::ReadOptions;
use crate::store::story_id::StoryId;
use crate::store::writer::archive::Archive;
use crate::store::writer::observer::Observer;
use crate::store::writer::plan::{Incoming, read_file};
use crate::store::writer::remove::Removed;
use crate::story::{Quote, Source, Story};
use crate::text::Span;
use std::fmt::Write;

/// What stands in the raw copy where words were taken out, whatever their length.
const REDACTED: &str = "[redacted]";

/// How ZIP files begin, and so documents of word processors.
const PACKED: &[u8] = b"PK\x03\x04";

/// A story with words taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Redacted {
    /// The hash of the story's bytes without the words.
    pub story: Fixity,
    /// Where these words still stand in them, letter for letter.
    pub left: Vec<Span>,
    /// What people said of the story that is not said of the new one, because it has one of the
    /// words or is about a quote that is not the same any more.
    pub dropped: usize,
    /// What was removed: the story with the words.
    pub removed: Removed,
}

impl Archive {
    /// Replaces bytes of a story's raw copy by `[redacted]`, stores the story that results, and
    /// [removes](Self::remove) the one that had the words. Spans are half-open, into the raw copy,
    /// as records give them; they come in any order and may overlap. The story gets another id,
    /// since its bytes are others. `reason` goes into the ledger with the new id.
    ///
    /// The name of the file that the story came from is kept unless it has one of the words. So are
    /// tags, notes and collections; verdicts are kept on quotes that have the same words and
    /// speaker as before.
    ///
    /// # Errors
    ///
    /// If the story is not in the archive or its raw copy is not whole; if a span reaches past the
    /// end or cuts a character in two; if the story is a packed file, such as a Word document; and
    /// those of [`remove`](Self::remove). The story with the words stays if the other could not be
    /// stored.
    ///
    /// ```
    /// use archive::store::{Archive, Fixity, Incoming, OpenOptions};
    /// use archive::Span;
    ///
    /// let directory = tempfile::tempdir()?;
    /// let mut archive = Archive::open(directory.path(), &OpenOptions::default(), &mut ())?.archive;
    /// let bytes = b"PORT STRIKE ENDS\n\nAna Ruiz went back to work.\n";
    /// let story = Incoming { bytes, path: None, member: None, facts: None };
    /// archive.ingest(&[story], &archive::ParseOptions::default(), &mut ())?;
    /// let id = Fixity::of(bytes).id();
    /// let redacted = archive.redact(id, &[Span::new(18, 26)], None, &mut ())?;
    /// let without = b"PORT STRIKE ENDS\n\n[redacted] went back to work.\n";
    /// assert_eq!(redacted.story, Fixity::of(without));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn redact(
        &mut self,
        id: StoryId,
        spans: &[Span],
        reason: Option<&str>,
        observer: &mut dyn Observer,
    ) -> Result<Redacted, ArchiveError> {
        self.settle()?;
        let unknown = || ArchiveError::UnknownId {
            prefix: id.to_string(),
            near: Vec::new(),
        };
        let stored = self.known.stored(id)?.ok_or_else(unknown)?;
        let old = record(&self.planner.root, &stored.record)?;
        let path = self.planner.root.join(raw_path(&stored.sha256.to_string()));
        let raw = read_file(&path)?
            .filter(|raw| Fixity::of(raw) == stored.sha256)
            .ok_or_else(|| ArchiveError::Unredactable {
                id,
                reason: "its raw copy is missing or damaged; ingest its source again first".into(),
            })?;
        let spans = in_order(&raw, &old.source, spans)
            .map_err(|reason| ArchiveError::Unredactable { id, reason })?;
        let marker = marker(&old.source.encoding);
        let without = without(&raw, &spans, &marker);
        let words: Vec<&[u8]> = spans
            .iter()
            .map(|span| &raw[span.start..span.end])
            .collect();
        let options = stored
            .origin
            .options
            .as_ref()
            .and_then(ReadOptions::options);
        let mut options = options.unwrap_or_default();
        options
            .facts
            .retain(|_, value| !names_a_word(value, &words));
        let arrival = self.first_arrival(id)?;
        let path = arrival.as_ref().and_then(|first| first.path.as_deref());
        let story = Incoming {
            bytes: &without,
            path: path.filter(|path| !names_a_word(path, &words)),
            member: arrival.as_ref().and_then(|first| first.member.as_deref()),
            facts: None,
        };
        let mut refusal = Refusal {
            observer,
            error: None,
        };
        self.ingest(&[story], &options, &mut refusal)?;
        self.wait(&mut refusal)?;
        if let Some(error) = refusal.error {
            return Err(error);
        }
        let hash = Fixity::of(&without);
        let heir = self.known.stored(hash.id())?.ok_or_else(unknown)?;
        let inheritance = Inheritance {
            old: &old,
            new: &record(&self.planner.root, &heir.record)?,
            spans: &spans,
            marker: marker.len(),
            words: &words,
        };
        let dropped = self.inherit(id, hash.id(), &inheritance)?;
        let mut note = format!("redacted as {}", hash.id());
        if let Some(reason) = reason {
            // To a string: it cannot fail.
            let _ = write!(note, ": {reason}");
        }
        Ok(Redacted {
            story: hash,
            left: occurrences(&without, &words),
            dropped,
            removed: self.remove(&[id], Some(&note))?,
        })
    }

    /// Says of the story without the words what people said of the one with them. Returns how much
    /// could not be said.
    fn inherit(
        &mut self,
        old: StoryId,
        new: StoryId,
        inheritance: &Inheritance<'_>,
    ) -> Result<usize, ArchiveError> {
        let digits = old.to_string();
        let mut state = State::of(lines(&self.planner.root)?);
        let rows: Vec<AnnotationRow> = state
            .rows()
            .filter(|row| row.id == digits)
            .cloned()
            .collect();
        let mut lines = Vec::new();
        let mut dropped = 0;
        for row in rows {
            match inheritance.of(&row) {
                Some(annotation) => {
                    let remark = Remark {
                        id: new,
                        annotation,
                        said: Said::Added,
                    };
                    lines.push(AnnotationLine::new(remark, &row.time));
                }
                None => dropped += 1,
            }
        }
        lines.retain(|line| state.add(line.clone()));
        self.add_annotations(&mut lines)?;
        Ok(dropped)
    }

    /// When a story first came, and in which file.
    fn first_arrival(&mut self, id: StoryId) -> Result<Option<Arrival>, ArchiveError> {
        let mut committer = self.committer.join()?;
        let follower = committer.follower.join()?;
        let Some(catalog) = &follower.catalog else {
            return Ok(None);
        };
        let (_, arrivals) = catalog.arrivals(id, 1)?;
        Ok(arrivals.into_iter().next())
    }
}

/// Remembers why the one story was refused.
struct Refusal<'a> {
    observer: &'a mut dyn Observer,
    error: Option<ArchiveError>,
}

impl Observer for Refusal<'_> {
    fn advanced(&mut self, more: u64, total: Option<u64>) {
        self.observer.advanced(more, total);
    }

    fn refused(&mut self, _: usize, error: ArchiveError) {
        self.error = Some(error);
    }
}

/// What is carried over from a story to the one without some of its words.
struct Inheritance<'a> {
    old: &'a Story,
    new: &'a Story,
    /// What was taken out, in order and apart.
    spans: &'a [Span],
    /// Bytes that stand there instead.
    marker: usize,
    words: &'a [&'a [u8]],
}

impl Inheritance<'_> {
    /// Returns what is said of the new story; none if it would tell the words, or is not so there.
    fn of(&self, row: &AnnotationRow) -> Option<Annotation> {
        if names_a_word(&row.value, self.words) {
            return None;
        }
        let value = row.value.clone();
        match row.kind {
            AnnotationKind::Tag => Some(Annotation::Tag(value)),
            AnnotationKind::Note => Some(Annotation::Note(value)),
            AnnotationKind::Collection => Some(Annotation::Collection(value)),
            AnnotationKind::Verdict => self.verdict(row),
        }
    }

    /// Returns a verdict on the quote that stands where the judged one stood.
    fn verdict(&self, row: &AnnotationRow) -> Option<Annotation> {
        let judged = row.span?;
        let verdict = Verdict::ALL
            .into_iter()
            .find(|verdict| verdict.name() == row.value)?;
        let span = Span::new(self.moved(judged.start)?, self.moved(judged.end)?);
        let quote = |story: &Story, span: Span| {
            let mut quotes = story.quotes.iter();
            quotes.find(|quote| quote.span == span).cloned()
        };
        let (old, new) = (quote(self.old, judged)?, quote(self.new, span)?);
        let name = |quote: &Quote| quote.speaker.as_ref().map(|speaker| speaker.name.clone());
        let is_same = old.text == new.text && name(&old) == name(&new);
        let is_judged = name(&new) == row.speaker;
        (is_same && is_judged).then(|| {
            let speaker = row.speaker.clone();
            Annotation::Verdict(JudgedQuote { span, speaker }, verdict)
        })
    }

    /// Returns where a byte of the old story is in the new one; none if it was taken out.
    fn moved(&self, at: usize) -> Option<usize> {
        let mut moved = at;
        for span in self.spans.iter().take_while(|span| span.start < at) {
            if at < span.end {
                return None;
            }
            moved = moved - (span.end - span.start) + self.marker;
        }
        Some(moved)
    }
}

/// Returns the spans in order, those that overlap as one; or why they cannot be taken out.
fn in_order(raw: &[u8], source: &Source, spans: &[Span]) -> Result<Vec<Span>, String> {
    if raw.starts_with(PACKED) {
        return Err(
            "it is a packed file, as word processors write them, and its bytes are not its words; \
             remove it, and ingest a copy without the words"
                .to_owned(),
        );
    }
    let mut sorted: Vec<Span> = spans.to_vec();
    sorted.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(sorted.len());
    for span in sorted {
        let Span { start, end } = span;
        if span.is_empty() || end > raw.len() {
            return Err(format!(
                "no bytes {start}-{end} are in its raw copy, which has {} bytes; give FIRST-END, \
                 from 0, END not included",
                raw.len()
            ));
        }
        if let Some(part) = [start, end]
            .iter()
            .find(|at| cuts_character(raw, source, **at))
        {
            return Err(format!(
                "byte {part} is in the middle of a character; give the first byte of one"
            ));
        }
        match merged.last_mut().filter(|last| last.end >= start) {
            Some(last) => *last = last.to(span),
            None => merged.push(span),
        }
    }
    Ok(merged)
}

/// Returns whether a place is inside a character.
fn cuts_character(raw: &[u8], source: &Source, at: usize) -> bool {
    if is_utf16(&source.encoding) {
        return at % 2 == 1;
    }
    // Every byte of a UTF-8 character but the first.
    let is_rest = raw.get(at).is_some_and(|byte| byte & 0xC0 == 0x80);
    is_rest && source.encoding.eq_ignore_ascii_case("utf-8")
}

fn is_utf16(encoding: &str) -> bool {
    encoding.to_ascii_lowercase().starts_with("utf-16")
}

/// Returns the marker in a story's character set: all of them but UTF-16 have ASCII in it.
fn marker(encoding: &str) -> Vec<u8> {
    let units = REDACTED.encode_utf16();
    match encoding.to_ascii_lowercase().as_str() {
        "utf-16le" => units.flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => units.flat_map(u16::to_be_bytes).collect(),
        _ => REDACTED.as_bytes().to_vec(),
    }
}

/// Returns the bytes with a marker in the place of each span. The spans are in order and apart.
fn without(raw: &[u8], spans: &[Span], marker: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut done = 0;
    for span in spans {
        out.extend_from_slice(&raw[done..span.start]);
        out.extend_from_slice(marker);
        done = span.end;
    }
    out.extend_from_slice(&raw[done..]);
    out
}

/// Returns where these words stand, in order.
fn occurrences(bytes: &[u8], words: &[&[u8]]) -> Vec<Span> {
    let mut found: Vec<Span> = words
        .iter()
        .flat_map(|word| {
            memchr::memmem::find_iter(bytes, word).map(|start| Span::new(start, start + word.len()))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Returns whether a file's name has one of the words, as names of files are made of headlines.
fn names_a_word(path: &str, words: &[&[u8]]) -> bool {
    /// Shorter words are `the` and `of`.
    const SHORTEST: usize = 4;
    let path = path.to_lowercase();
    words.iter().any(|words| {
        let words = String::from_utf8_lossy(words).to_lowercase();
        words
            .split(|letter: char| !letter.is_alphanumeric())
            .any(|word| word.chars().count() >= SHORTEST && path.contains(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(encoding: &str) -> Source {
        let story = crate::parse::parse(b"Port strike ends\n\nIt is over.\n", &Default::default());
        Source {
            encoding: encoding.to_owned(),
            ..story.source
        }
    }

    #[test]
    fn spans_are_sorted_and_joined_and_must_be_there() {
        let plain = source("utf-8");
        let raw = "Zoë said no".as_bytes();
        let spans = |given: &[(usize, usize)]| {
            let given: Vec<Span> = given.iter().map(|(a, b)| Span::new(*a, *b)).collect();
            in_order(raw, &plain, &given)
        };
        assert_eq!(
            spans(&[(5, 9), (0, 4), (3, 6)]).unwrap_err(),
            "byte 3 is in the middle of a character; give the first byte of one"
        );
        assert_eq!(spans(&[(5, 9), (0, 4), (4, 5)]).unwrap(), [Span::new(0, 9)]);
        for wrong in [(4, 4), (6, 5), (5, 13)] {
            assert!(spans(&[wrong]).unwrap_err().starts_with("no bytes "));
        }
        assert!(in_order(b"PK\x03\x04word", &plain, &[Span::new(4, 8)]).is_err());
    }

    #[test]
    fn what_is_taken_out_leaves_a_marker_that_says_nothing_of_its_length() {
        let raw = b"Ana Ruiz met Tom.";
        let spans = [Span::new(0, 8), Span::new(13, 16)];
        let out = without(raw, &spans, &marker("utf-8"));
        assert_eq!(out, b"[redacted] met [redacted].");
        assert_eq!(marker("UTF-16LE")[..4], *b"[\0r\0");
        assert_eq!(marker("UTF-16BE")[..4], *b"\0[\0r");
    }

    #[test]
    fn a_file_that_is_named_by_the_words_is_not_named() {
        assert!(names_a_word("in/ana-ruiz-held.txt", &[b"Ruiz"]));
        assert!(!names_a_word("in/port-strike.txt", &[b"Ruiz", b"in"]));
    }
}
