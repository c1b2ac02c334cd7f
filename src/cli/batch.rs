//! Stories by the batch: read one after the other, worked on by all cores, handed on in order.
//!
//! Memory stays flat: at most so many files or bytes are held at once, whatever there is to read,
//! except that a single file is always held whole, which `input` sees to is not too large.

use super::screen::Progress;
use anyhow::Result;
use archive::input::{Content, Document, InputError, NamePattern, Packed, Source, Sources};
use archive::{CallerFacts, FactName, ParseOptions, Story};
use archive::{Part, Parts};
use rayon::prelude::*;
use std::borrow::Cow;
use std::path::Path;

/// Files held at once.
const FILES: usize = 256;
/// Bytes held at once, as raw stories; their results are a small multiple.
const BYTES: usize = 16 << 20;

/// How stories are read.
pub(crate) struct Reading {
    /// What is said of all of them.
    pub options: ParseOptions,
    /// What the names of their files say.
    pub names: Option<NamePattern>,
}

impl Reading {
    /// Returns what is given of the stories of a file, or of a member of a container: what is said
    /// of all, and what its name says.
    fn facts(&self, source: &Source, member: Option<&str>) -> Result<CallerFacts, InputError> {
        let mut facts = self.options.facts.clone();
        let Some(names) = &self.names else {
            return Ok(facts);
        };
        let path = member.map(Path::new).or(source.path.as_deref());
        let unfit = |problem| InputError::Name {
            path: source.path.clone(),
            member: member.unwrap_or_default().to_owned(),
            problem,
        };
        let named = names.read(path.unwrap_or(Path::new("-"))).map_err(unfit)?;
        for (name, value) in named.iter() {
            // No fact is in both: the arguments were checked.
            let given: Result<(), _> = facts.give(name, value);
            given.map_err(|error| unfit(error.into()))?;
        }
        Ok(facts)
    }

    /// Returns a fact that both the options and the names of files are to give, if there is one.
    pub(crate) fn given_twice(&self) -> Option<FactName> {
        let names = self.names.as_ref()?;
        let mut facts = names.facts().iter().copied();
        facts.find(|name| self.options.facts.get(*name).is_some())
    }
}

/// One story to work on.
pub(crate) struct Job<'a> {
    /// Where its file stands; none for standard input.
    pub path: Option<&'a Path>,
    /// The story's own bytes.
    pub bytes: Cow<'a, [u8]>,
    /// Which story of its file, where the file holds several.
    pub member: Option<String>,
    /// What is given of it.
    pub facts: CallerFacts,
    /// Whether this is the only story of the whole run.
    pub alone: bool,
    ends_file: bool,
}

impl Job<'_> {
    /// Notes in the record where the story came from.
    pub(crate) fn sign(&self, mut story: Story) -> Story {
        story.source.path = self.path.map(|path| path.to_string_lossy().into_owned());
        story.source.member.clone_from(&self.member);
        story
    }

    /// Parses the story. Call it inside a fence.
    pub(crate) fn parse(&self, options: &ParseOptions) -> Story {
        self.sign(archive::parse(&self.bytes, &self.options(options)))
    }

    /// Returns the options to read it with, given those of all stories.
    pub(crate) fn options<'o>(&self, options: &'o ParseOptions) -> Cow<'o, ParseOptions> {
        match self.facts == options.facts {
            true => Cow::Borrowed(options),
            false => Cow::Owned(options.clone().facts(self.facts.clone())),
        }
    }

    /// Returns the story's file, and which story of it, as messages name them.
    pub(crate) fn name(&self) -> String {
        let path = self
            .path
            .map_or_else(|| "standard input".into(), Path::to_string_lossy);
        match &self.member {
            Some(member) => format!("{path} (story {member})"),
            None => path.into_owned(),
        }
    }
}

/// What happened, in the order of the input.
pub(crate) enum Event<T> {
    /// A story was worked on.
    Done(T),
    /// A source could not be read.
    Failed(InputError),
}

/// Applies `work` to every story of `sources` on all cores and calls `sink` with each result, in
/// the order of the input. Stops at the first error of `sink`.
pub(crate) fn run<T: Send>(
    sources: Sources,
    reading: &Reading,
    progress: &Progress,
    work: impl Fn(&Job<'_>) -> T + Sync,
    mut sink: impl FnMut(Event<T>) -> Result<()>,
) -> Result<()> {
    gather(
        sources,
        reading,
        progress,
        FILES,
        |gathered| match gathered {
            Gathered::Stories(jobs) => {
                let results: Vec<T> = jobs.par_iter().map(&work).collect();
                results
                    .into_iter()
                    .try_for_each(|result| sink(Event::Done(result)))
            }
            Gathered::Failed(error) => sink(Event::Failed(error)),
        },
    )
}

/// What comes of the sources, by the batch.
pub(crate) enum Gathered<'a> {
    /// Stories, in the order of the input.
    Stories(&'a [Job<'a>]),
    /// A source could not be read. Told before the stories that were read together with it.
    Failed(InputError),
}

/// Reads the sources on all cores and calls `sink` with at most so many stories at a time. Stops
/// at the first error of `sink`.
pub(crate) fn gather(
    sources: Sources,
    reading: &Reading,
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
            .map(|source| source.and_then(|source| File::read(source, reading)))
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
        // One file can hold any number of stories, so that they are cut again where they or their
        // bytes add up.
        let mut stories = held.iter().flat_map(|file| file.jobs(reading)).peekable();
        while stories.peek().is_some() {
            let (mut part, mut size) = (Vec::new(), 0);
            while part.len() < most && size < BYTES {
                match stories.next() {
                    Some(Ok(job)) => {
                        size += job.bytes.len();
                        part.push(job);
                    }
                    Some(Err(error)) => {
                        failed |= error.is_failure();
                        sink(Gathered::Failed(error))?;
                    }
                    None => break,
                }
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

/// A file in memory, and where its stories stand; or a container to be unpacked.
enum File {
    Plain {
        source: Source,
        bytes: Vec<u8>,
        stories: Parts,
        facts: CallerFacts,
    },
    Packed {
        source: Source,
        packed: Packed,
    },
}

impl File {
    fn read(source: Source, reading: &Reading) -> Result<Self, InputError> {
        match source.open(archive::is_known_format)? {
            Content::Packed(packed) => Ok(Self::Packed { source, packed }),
            Content::File(bytes) => match archive::try_stories(&bytes, &reading.options) {
                Ok(stories) => Ok(Self::Plain {
                    facts: reading.facts(&source, None)?,
                    source,
                    bytes,
                    stories,
                }),
                Err(error) => Err(InputError::Uncut {
                    path: source.path,
                    source: error,
                }),
            },
        }
    }

    fn jobs<'a>(
        &'a self,
        reading: &'a Reading,
    ) -> Box<dyn Iterator<Item = Result<Job<'a>, InputError>> + 'a> {
        match self {
            Self::Plain {
                source,
                bytes,
                stories,
                facts,
            } => {
                let count = stories.parts.len();
                let job = move |(index, part): (usize, &Part)| {
                    Ok(Job {
                        path: source.path.as_deref(),
                        bytes: part.bytes(bytes),
                        member: (count > 1).then(|| (index + 1).to_string()),
                        facts: facts.clone(),
                        alone: false,
                        ends_file: index + 1 == count,
                    })
                };
                let jobs = stories.parts.iter().enumerate().map(job);
                Box::new(jobs.chain(missing(source, stories).map(Err)))
            }
            Self::Packed { source, packed } => Box::new(
                packed
                    .documents()
                    .flat_map(|document| members(source, document, reading)),
            ),
        }
    }
}

/// Returns the stories of one member of a container.
fn members<'a>(
    source: &'a Source,
    document: Result<Document, InputError>,
    reading: &Reading,
) -> Vec<Result<Job<'a>, InputError>> {
    let document = match document {
        Ok(document) => document,
        Err(error) => return vec![Err(error)],
    };
    let facts = match reading.facts(source, document.name.as_deref()) {
        Ok(facts) => facts,
        Err(error) => return vec![Err(error)],
    };
    let stories = match archive::try_stories(&document.bytes, &reading.options) {
        Ok(stories) => stories,
        Err(error) => {
            return vec![Err(InputError::Uncut {
                path: source.path.clone(),
                source: error,
            })];
        }
    };
    let count = stories.parts.len();
    let job = |(index, bytes): (usize, Cow<'_, [u8]>)| {
        let number = (count > 1).then(|| (index + 1).to_string());
        let member = match (&document.name, number) {
            (Some(name), Some(number)) => Some(format!("{name}#{number}")),
            (Some(name), None) => Some(name.clone()),
            (None, number) => number,
        };
        Ok(Job {
            path: source.path.as_deref(),
            bytes: Cow::Owned(bytes.into_owned()),
            member,
            facts: facts.clone(),
            alone: false,
            ends_file: false,
        })
    };
    let missing = missing(source, &stories).map(Err);
    let jobs = stories.each(&document.bytes).enumerate().map(job);
    jobs.chain(missing).collect()
}

/// Returns what to tell where a file says that it holds more stories than were found.
fn missing(source: &Source, stories: &Parts) -> Option<InputError> {
    let found = stories.parts.len();
    let expected = stories.expected.filter(|expected| *expected > found)?;
    Some(InputError::MissingStories {
        path: source.path.clone(),
        expected,
        missing: stories.missing.clone(),
        found,
    })
}
