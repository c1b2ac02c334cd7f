//! Putting stories into the archive, many at a time.

use super::catalog::{Fresh, Ready};
use super::commit::{Durability, Sync};
use super::fixity::Fixity;
use super::index::{Making, source};
use super::journal::Planned;
use super::kin::{Features, Kinship, keys, kinship};
use super::layout::RECORDS;
use super::ledger::{Event, Line, Reading};
use super::plan::{Plan, Terms};
use super::store::Archive;
use super::{ArchiveError, PROGRAM, now};
use crate::{Options, Story};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// The most that one story may have, in bytes: parsing takes some ten times as much memory.
pub const STORY_BYTES: usize = 16 << 20;

/// One story that is to be put into the archive.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The file that it came from, as it was given; none for standard input.
    pub path: Option<&'a str>,
    /// Which story of that file, from 1, where it held several.
    pub member: Option<usize>,
}

/// What came of putting a story into the archive.
#[derive(Debug)]
pub enum Outcome {
    /// It was new.
    Stored(Arc<Story>),
    /// It was there, and its record was rewritten, moved or mended.
    Updated(Arc<Story>),
    /// It was there, to the byte. No file was written; if it came from a new place, the ledger says so.
    AlreadyThere,
    /// It was left out, because the story with this id says the same.
    NearDuplicate(String),
    /// It cannot be stored, and others can.
    Refused(ArchiveError),
}

/// What came of a batch.
#[derive(Debug)]
pub struct Ingested {
    /// One for each story, in order; fewer if something stopped the work. All of it is as durable
    /// as was asked for.
    pub outcomes: Vec<Outcome>,
    /// What stopped it: no other story would have fared better.
    pub stopped: Option<ArchiveError>,
}

impl Archive {
    /// From now on, whether a new story that says what another one says is left out, with a line in the
    /// ledger to say so. Of several that come, the first one stays: what is stored then depends on the order.
    pub fn skip_near_duplicates(&mut self, skip: bool) {
        self.skips_near_duplicates = skip;
    }

    /// Puts stories into the archive: as one batch, or one by one if each is to be durable by
    /// itself. What is there already is neither parsed nor written again, if this program made it
    /// with these options. Uses all cores. The catalog learns of it meanwhile and afterwards, see
    /// [`Archive::finish`].
    pub fn ingest(&mut self, incoming: &[Incoming<'_>], options: &Options) -> Ingested {
        let size = if self.durability == Durability::Story { 1 } else { incoming.len().max(1) };
        let mut outcomes = Vec::with_capacity(incoming.len());
        let mut fresh = Fresh::default();
        let mut stopped = None;
        for batch in incoming.chunks(size) {
            match self.ingest_batch(batch, options, &mut fresh) {
                Ok(done) => outcomes.extend(done),
                Err(error) => {
                    stopped = Some(error);
                    break;
                }
            }
        }
        // The stories are in the archive whatever the catalog says; the next opening tries again.
        let followed = self.follower.start(fresh).and_then(|()| self.known.forget());
        Ingested { outcomes, stopped: stopped.or(followed.err()) }
    }

    fn ingest_batch(&mut self, incoming: &[Incoming<'_>], options: &Options, fresh: &mut Fresh) -> Result<Vec<Outcome>, ArchiveError> {
        let hashes: Vec<Fixity> = incoming.par_iter().map(|story| Fixity::of(story.bytes)).collect();
        let firsts = firsts(&hashes);
        let held = self.known.held_of(&hashes.iter().map(|hash| hash.id()).collect::<Vec<_>>())?;
        let terms = Terms {
            options,
            making: Making { program: PROGRAM.to_owned(), options: Some(Reading::from(options)) },
            time: now(),
            sync: Sync::of(self.durability, incoming.len() * 2),
        };
        let plan = |at: usize| {
            if incoming[at].bytes.len() > STORY_BYTES {
                return Some(Err(ArchiveError::TooLarge));
            }
            let held = held.get(&hashes[at].id());
            (firsts[at] == at).then(|| self.plan(&incoming[at], hashes[at], held, &terms))
        };
        let plans: Vec<Option<Result<Plan, ArchiveError>>> = (0..incoming.len()).into_par_iter().map(plan).collect();
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(incoming.len());
        let mut batch = Batch::default();
        let mut texts = Texts::default();
        for (at, plan) in plans.into_iter().enumerate() {
            let (came, sha256) = (&incoming[at], hashes[at]);
            let outcome = match plan {
                Some(Ok(Plan::Files { planned, ready, is_new })) => {
                    let same = if self.skips_near_duplicates && is_new { self.duplicate(&ready, &mut texts)? } else { None };
                    let is_known_place = same.is_some() && batch.has_place(self, came, sha256)?;
                    if let Some(same) = same {
                        // Its files stay in `unfinished/`, which is cleared in the end.
                        if !is_known_place {
                            let note = Some(format!("says what {same} says"));
                            let [record, record_sha256] = [None, None];
                            let event = Event::NearDuplicate;
                            batch.add(Planned::line(Line { event, record, record_sha256, record_bytes: None, note, ..planned.line }), None);
                        }
                        Outcome::NearDuplicate(same)
                    } else {
                        let story = ready.story().clone();
                        batch.note_place(came, sha256);
                        batch.stories.insert(sha256.id(), batch.planned.len());
                        batch.add(*planned, Some(*ready));
                        if is_new { Outcome::Stored(story) } else { Outcome::Updated(story) }
                    }
                }
                Some(Ok(Plan::Line(line))) => {
                    batch.note_place(came, sha256);
                    batch.stories.insert(sha256.id(), batch.planned.len());
                    batch.add(Planned::line(*line), None);
                    Outcome::AlreadyThere
                }
                Some(Err(error)) if error.is_about_one_story() => Outcome::Refused(error),
                Some(Err(error)) => return Err(error),
                None if hashes[firsts[at]] != sha256 => Outcome::Refused(ArchiveError::IdTaken { path: self.root.join(RECORDS) }),
                Some(Ok(Plan::Nothing)) | None => match outcomes.get(firsts[at]) {
                    Some(Outcome::NearDuplicate(same)) => Outcome::NearDuplicate(same.clone()),
                    Some(Outcome::Refused(ArchiveError::IdTaken { path })) => {
                        Outcome::Refused(ArchiveError::IdTaken { path: path.clone() })
                    }
                    _ => {
                        if !batch.has_place(self, came, sha256)? {
                            let line = batch.line_of(sha256).or_else(|| Some(self.line_of(held.get(&sha256.id())?, &terms.time)));
                            let (path, member) = (came.path.map(str::to_owned), came.member.map(|member| member.to_string()));
                            if let Some(line) = line {
                                batch.add(Planned::line(Line { event: Event::Source, path, member, ..line }), None);
                            }
                        }
                        Outcome::AlreadyThere
                    }
                },
            };
            outcomes.push(outcome);
        }
        let Batch { mut planned, ready, .. } = batch;
        self.commit(&mut planned, terms.sync)?;
        fresh.extend(planned.iter().zip(ready).filter_map(|(planned, ready)| Some((planned.line.n, ready?))));
        Ok(outcomes)
    }

    /// The id of a story that says what this one says; none if there is none, and then this one is the
    /// first to say it.
    fn duplicate(&mut self, ready: &Ready, texts: &mut Texts) -> Result<Option<String>, ArchiveError> {
        if let Some(same) = texts.seen(ready) {
            return Ok(Some(same));
        }
        let found = match self.follower.catalog()? {
            Some(catalog) => catalog.duplicate_of(ready.features())?,
            None => None,
        };
        if found.is_none() {
            texts.add(ready);
        }
        Ok(found)
    }
}

/// What is to become part of the archive at once.
#[derive(Default)]
struct Batch {
    planned: Vec<Planned>,
    /// For each of them what the catalog will say of it, if it brings a record.
    ready: Vec<Option<Ready>>,
    /// Where among them the line of a story stands.
    stories: FxHashMap<u64, usize>,
    /// The places that they speak of.
    places: FxHashSet<u64>,
}

impl Batch {
    fn add(&mut self, planned: Planned, ready: Option<Ready>) {
        self.planned.push(planned);
        self.ready.push(ready);
    }

    /// The line of a story that comes with this batch.
    fn line_of(&self, sha256: Fixity) -> Option<Line> {
        self.stories.get(&sha256.id()).map(|at| self.planned[*at].line.clone())
    }

    /// Notes the place that a story came from; whether the batch speaks of it already.
    fn note_place(&mut self, came: &Incoming<'_>, sha256: Fixity) -> bool {
        let member = came.member.map(|member| member.to_string());
        !self.places.insert(source(sha256, came.path, member.as_deref()))
    }

    /// Whether the batch or the archive knows that the story came from its place; from now on the batch does.
    fn has_place(&mut self, archive: &Archive, came: &Incoming<'_>, sha256: Fixity) -> Result<bool, ArchiveError> {
        let member = came.member.map(|member| member.to_string());
        Ok(self.note_place(came, sha256) || archive.known.has_source(sha256, came.path, member.as_deref())?)
    }
}

/// What the stories of a batch say, as far as the catalog does not know them yet.
#[derive(Default)]
struct Texts {
    by_key: FxHashMap<i64, Vec<usize>>,
    stories: Vec<(String, Features)>,
}

impl Texts {
    /// The id of a story of the batch that says the same.
    fn seen(&self, ready: &Ready) -> Option<String> {
        let (kept, _) = keys(ready.features());
        let near = kept.iter().filter_map(|key| self.by_key.get(key)).flatten().map(|at| &self.stories[*at]);
        let mut same = near.filter(|(_, other)| kinship(ready.features(), other) == Some(Kinship::Duplicate));
        same.next().map(|(id, _)| id.clone())
    }

    fn add(&mut self, ready: &Ready) {
        keys(ready.features()).0.into_iter().for_each(|key| self.by_key.entry(key).or_default().push(self.stories.len()));
        self.stories.push((ready.story().id.clone(), ready.features().clone()));
    }
}

/// For each hash, where the first with the same id stands.
fn firsts(hashes: &[Fixity]) -> Vec<usize> {
    let mut first: FxHashMap<u64, usize> = FxHashMap::default();
    hashes.iter().enumerate().map(|(at, hash)| *first.entry(hash.id()).or_insert(at)).collect()
}
