//! Putting stories into the archive, many at a time.

use super::commit::{Durability, Sync};
use super::fixity::Fixity;
use super::index::{Making, source};
use super::journal::Planned;
use super::kin::{Features, Kinship, keys, kinship};
use super::layout::{RECORDS, day_of};
use super::ledger::{Event, Line, Reading};
use super::plan::Plan;
use super::store::Archive;
use super::{ArchiveError, PROGRAM, now};
use crate::{Options, Story};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

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
    Stored(Box<Story>),
    /// It was there, and its record was rewritten, moved or mended.
    Updated(Box<Story>),
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
    /// with these options. Uses all cores.
    pub fn ingest(&mut self, incoming: &[Incoming<'_>], options: &Options) -> Ingested {
        let size = if self.durability == Durability::Story { 1 } else { incoming.len().max(1) };
        let mut outcomes = Vec::with_capacity(incoming.len());
        let mut stopped = None;
        for batch in incoming.chunks(size) {
            match self.ingest_batch(batch, options) {
                Ok(done) => outcomes.extend(done),
                Err(error) => {
                    stopped = Some(error);
                    break;
                }
            }
        }
        // The stories are in the archive whatever the catalog says; the next opening tries again.
        let stopped = stopped.or(self.catch_up().err());
        Ingested { outcomes, stopped }
    }

    fn ingest_batch(&mut self, incoming: &[Incoming<'_>], options: &Options) -> Result<Vec<Outcome>, ArchiveError> {
        let hashes: Vec<Fixity> = incoming.par_iter().map(|story| Fixity::of(story.bytes)).collect();
        let firsts = firsts(&hashes);
        let making = Making { program: PROGRAM.to_owned(), options: Some(Reading::from(options)) };
        let time = now();
        let sync = Sync::of(self.durability, incoming.len() * 2);
        let plan = |at: usize| {
            if incoming[at].bytes.len() > STORY_BYTES {
                return Some(Err(ArchiveError::TooLarge));
            }
            (firsts[at] == at).then(|| self.plan(&incoming[at], hashes[at], options, &making, &time, sync))
        };
        let plans: Vec<Option<Result<Plan, ArchiveError>>> = (0..incoming.len()).into_par_iter().map(plan).collect();
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(incoming.len());
        let mut batch: Vec<Planned> = Vec::new();
        // Where in the batch the line of a story stands, and the places that the batch speaks of.
        let mut lines: FxHashMap<u64, usize> = FxHashMap::default();
        let mut places = FxHashSet::default();
        let mut texts = Texts::default();
        for (at, plan) in plans.into_iter().enumerate() {
            let (came, sha256) = (&incoming[at], hashes[at]);
            let member = came.member.map(|member| member.to_string());
            let place = source(sha256, came.path, member.as_deref());
            let outcome = match plan {
                Some(Ok(Plan::Files { planned, story, is_new }))
                    if self.skips_near_duplicates
                        && is_new
                        && let Some(same) = texts.seen_or_add(&story, |story| self.duplicate_of(story))? =>
                {
                    // Its files stay in `unfinished/`, which is cleared in the end.
                    if !self.index.has_place(place) && places.insert(place) {
                        let note = Some(format!("says what {same} says"));
                        let [record, record_sha256] = [None, None];
                        let event = Event::NearDuplicate;
                        batch.push(Planned::line(Line { event, record, record_sha256, record_bytes: None, note, ..planned.line }));
                    }
                    Outcome::NearDuplicate(same)
                }
                Some(Ok(Plan::Files { planned, story, is_new })) => {
                    places.insert(place);
                    lines.insert(sha256.id(), batch.len());
                    batch.push(*planned);
                    if is_new { Outcome::Stored(story) } else { Outcome::Updated(story) }
                }
                Some(Ok(Plan::Line(line))) => {
                    places.insert(place);
                    lines.insert(sha256.id(), batch.len());
                    batch.push(Planned::line(*line));
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
                        if !self.index.has_place(place) && places.insert(place) {
                            let line = match lines.get(&sha256.id()) {
                                Some(at) => Some(batch[*at].line.clone()),
                                None => self.index.held(sha256.id()).map(|held| self.line_of(held, &time)),
                            };
                            let path = came.path.map(str::to_owned);
                            batch.extend(line.map(|line| Planned::line(Line { event: Event::Source, path, member, ..line })));
                        }
                        Outcome::AlreadyThere
                    }
                },
            };
            outcomes.push(outcome);
        }
        self.commit(batch, sync)?;
        Ok(outcomes)
    }
}

/// What the stories of a batch say, as far as the catalog does not know them yet.
#[derive(Default)]
struct Texts {
    by_key: FxHashMap<i64, Vec<usize>>,
    stories: Vec<(String, Features)>,
}

impl Texts {
    /// The id of a story of the batch, or one that `known` tells of, that says the same as `story`; if there
    /// is none, `story` is the first to say so.
    fn seen_or_add(
        &mut self,
        story: &Story,
        known: impl FnOnce(&Story) -> Result<Option<String>, ArchiveError>,
    ) -> Result<Option<String>, ArchiveError> {
        let features = Features::of(story, day_of(story).as_deref());
        let (kept, _) = keys(&features);
        let near = kept.iter().filter_map(|key| self.by_key.get(key)).flatten();
        let same = near.map(|at| &self.stories[*at]).find(|(_, other)| kinship(&features, other) == Some(Kinship::Duplicate));
        if let Some((id, _)) = same {
            return Ok(Some(id.clone()));
        }
        let found = known(story)?;
        if found.is_none() {
            kept.into_iter().for_each(|key| self.by_key.entry(key).or_default().push(self.stories.len()));
            self.stories.push((story.id.clone(), features));
        }
        Ok(found)
    }
}

/// For each hash, where the first with the same id stands.
fn firsts(hashes: &[Fixity]) -> Vec<usize> {
    let mut first: FxHashMap<u64, usize> = FxHashMap::default();
    hashes.iter().enumerate().map(|(at, hash)| *first.entry(hash.id()).or_insert(at)).collect()
}
