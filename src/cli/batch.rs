//! Stories by the batch: read one after the other, worked on by all cores, handed on in order.
//!
//! Memory stays flat: at most so many files or bytes are held at once, whatever there is to read,
//! except that a single file is always held whole, which `input` sees to is not too large.

use super::screen::Progress;
use anyhow::Result;
use archive::input::{InputError, Source, Sources};
use archive::{ParseOptions, Story};
use rayon::prelude::*;
use std::ops::Range;
use std::path::Path;

/// Files held at once.
const FILES: usize = 256;
/// Bytes held at once, as raw stories; their results are a small multiple.
const BYTES: usize = 16 << 20;

/// One story to work on.
pub struct Job<'a> {
    /// Where its file stands; none for standard input.
    pub path: Option<&'a Path>,
    /// The story's own bytes.
    pub bytes: &'a [u8],
    /// Which story of its file, from 1, where the file holds several.
    pub member: Option<usize>,
    /// Whether this is the only story of the whole run.
    pub alone: bool,
    ends_file: bool,
}

impl Job<'_> {
    /// Notes in the record where the story came from.
    pub fn sign(&self, mut story: Story) -> Story {
        story.source.path = self.path.map(|path| path.to_string_lossy().into_owned());
        story.source.member = self.member.map(|member| member.to_string());
        story
    }

    /// Parses the story. Call it inside a fence.
    pub fn parse(&self, options: &ParseOptions) -> Story {
        self.sign(archive::parse(self.bytes, options))
    }

    /// The story's file, and which story of it, as messages name them.
    pub fn name(&self) -> String {
        let path = self
            .path
            .map_or_else(|| "standard input".into(), Path::to_string_lossy);
        match self.member {
            Some(member) => format!("{path} (story {member})"),
            None => path.into_owned(),
        }
    }
}

/// What happened, in the order of the input.
pub enum Event<T> {
    /// A story was worked on.
    Done(T),
    /// A source could not be read.
    Failed(InputError),
}

/// Applies `work` to every story of `sources` on all cores and calls `sink` with each result, in
/// the order of the input. Stops at the first error of `sink`.
pub fn run<T: Send>(
    sources: Sources,
    progress: &Progress,
    work: impl Fn(&Job<'_>) -> T + Sync,
    mut sink: impl FnMut(Event<T>) -> Result<()>,
) -> Result<()> {
    gather(sources, progress, FILES, |gathered| match gathered {
        Gathered::Stories(jobs) => {
            let results: Vec<T> = jobs.par_iter().map(&work).collect();
            results
                .into_iter()
                .try_for_each(|result| sink(Event::Done(result)))
        }
        Gathered::Failed(error) => sink(Event::Failed(error)),
    })
}

/// What comes of the sources, by the batch.
pub enum Gathered<'a> {
    /// Stories, in the order of the input.
    Stories(&'a [Job<'a>]),
    /// A source could not be read. Told before the stories that were read together with it.
    Failed(InputError),
}

/// Reads the sources on all cores and calls `sink` with at most so many stories at a time. Stops
/// at the first error of `sink`.
pub fn gather(
    sources: Sources,
    progress: &Progress,
    most: usize,
    mut sink: impl FnMut(Gathered<'_>) -> Result<()>,
) -> Result<()> {
    let mut sources = sources.peekable();
    let mut is_first = true;
    while sources.peek().is_some() {
        let mut named: Vec<Result<Source, InputError>> = Vec::new();
        let mut size = 0;
        while named.len() < most && size < BYTES as u64 {
            let Some(source) = sources.next() else { break };
            size += source.as_ref().map_or(0, Source::size);
            named.push(source);
        }
        let read: Vec<Result<File, InputError>> = named
            .into_par_iter()
            .map(|source| source.and_then(File::read))
            .collect();
        let mut held = Vec::with_capacity(read.len());
        let mut failed = false;
        for source in read {
            match source {
                Ok(source) => held.push(source),
                Err(error) => {
                    failed |= error.is_failure();
                    sink(Gathered::Failed(error))?;
                    progress.advance();
                }
            }
        }
        // One file can hold any number of stories, so that they are cut anew where they or their
        // bytes add up.
        let mut stories = held.iter().flat_map(File::jobs).peekable();
        while stories.peek().is_some() {
            let (mut part, mut size) = (Vec::new(), 0);
            while part.len() < most && size < BYTES {
                let Some(job) = stories.next() else { break };
                size += job.bytes.len();
                part.push(job);
            }
            let is_last = stories.peek().is_none() && sources.peek().is_none();
            if let [job] = part.as_mut_slice() {
                job.alone = is_first && !failed && is_last;
            }
            is_first = false;
            sink(Gathered::Stories(&part))?;
            part.iter()
                .filter(|job| job.ends_file)
                .for_each(|_| progress.advance());
        }
        is_first = false;
    }
    Ok(())
}

/// A file in memory, and where its stories stand.
struct File {
    source: Source,
    bytes: Vec<u8>,
    stories: Vec<Range<usize>>,
}

impl File {
    fn read(source: Source) -> Result<Self, InputError> {
        let bytes = source.read()?;
        match archive::try_stories(&bytes) {
            Ok(stories) => Ok(Self {
                source,
                bytes,
                stories,
            }),
            Err(error) => Err(InputError::Uncut {
                path: source.path,
                source: error,
            }),
        }
    }

    fn jobs(&self) -> impl Iterator<Item = Job<'_>> {
        let count = self.stories.len();
        self.stories
            .iter()
            .enumerate()
            .map(move |(index, range)| Job {
                path: self.source.path.as_deref(),
                bytes: &self.bytes[range.clone()],
                member: (count > 1).then_some(index + 1),
                alone: false,
                ends_file: index + 1 == count,
            })
    }
}
