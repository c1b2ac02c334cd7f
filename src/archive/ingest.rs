//! Putting stories into the archive, many at a time.

use super::commit::{Durability, Sync};
use super::fixity::Fixity;
use super::index::{Making, source};
use super::journal::Planned;
use super::layout::RECORDS;
use super::ledger::{Event, Line, Reading};
use super::plan::Plan;
use super::store::Archive;
use super::{ArchiveError, PROGRAM, now};
use crate::{Options, Story};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

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

/// What a story is among those that came with it.
#[derive(Clone, Copy)]
enum Role {
    /// The first with its bytes.
    First,
    /// The same bytes as an earlier one.
    Again(usize),
    /// The same id as an earlier one, and other bytes.
    Clash,
}

impl Archive {
    /// Puts stories into the archive: as one batch, or one by one if each is to be durable by
    /// itself. What is there already is neither parsed nor written again, if this program made it
    /// with these options. Uses all cores.
    pub fn ingest(&mut self, incoming: &[Incoming<'_>], options: &Options) -> Ingested {
        let size = if self.durability == Durability::Story { 1 } else { incoming.len().max(1) };
        let mut outcomes = Vec::with_capacity(incoming.len());
        for batch in incoming.chunks(size) {
            match self.ingest_batch(batch, options) {
                Ok(done) => outcomes.extend(done),
                Err(error) => return Ingested { outcomes, stopped: Some(error) },
            }
        }
        Ingested { outcomes, stopped: None }
    }

    fn ingest_batch(&mut self, incoming: &[Incoming<'_>], options: &Options) -> Result<Vec<Outcome>, ArchiveError> {
        let hashes: Vec<Fixity> = incoming.par_iter().map(|story| Fixity::of(story.bytes)).collect();
        let roles = roles(&hashes);
        let making = Making { program: PROGRAM.to_owned(), options: Some(Reading::from(options)) };
        let time = now();
        let sync = Sync::of(self.durability, incoming.len() * 2);
        let plans: Vec<Option<Result<Plan, ArchiveError>>> = (0..incoming.len())
            .into_par_iter()
            .map(|at| {
                let is_first = matches!(roles[at], Role::First);
                is_first.then(|| self.plan(&incoming[at], hashes[at], options, &making, &time, sync))
            })
            .collect();
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(incoming.len());
        let mut batch: Vec<Planned> = Vec::new();
        // Where in the batch a story stands that is in it.
        let mut placed: FxHashMap<usize, usize> = FxHashMap::default();
        let mut places = FxHashSet::default();
        for (at, plan) in plans.into_iter().enumerate() {
            let (came, sha256) = (&incoming[at], hashes[at]);
            let member = came.member.map(|member| member.to_string());
            let is_new_place = !self.index.knows_source(sha256, came.path, member.as_deref())
                && places.insert(source(sha256, came.path, member.as_deref()));
            let first = match (roles[at], plan) {
                (Role::First, Some(plan)) => match plan {
                    Ok(Plan::Files { planned, story, is_new }) => {
                        placed.insert(at, batch.len());
                        batch.push(*planned);
                        outcomes.push(if is_new { Outcome::Stored(story) } else { Outcome::Updated(story) });
                        continue;
                    }
                    Ok(Plan::Line(line)) => {
                        placed.insert(at, batch.len());
                        batch.push(Planned::line(*line));
                        outcomes.push(Outcome::AlreadyThere);
                        continue;
                    }
                    Ok(Plan::Nothing) => at,
                    Err(error) if error.is_about_one_story() => {
                        outcomes.push(Outcome::Refused(error));
                        continue;
                    }
                    Err(error) => return Err(error),
                },
                (Role::Clash, _) => {
                    outcomes.push(Outcome::Refused(ArchiveError::IdTaken { path: self.root.join(RECORDS) }));
                    continue;
                }
                (Role::Again(first), _) => {
                    if let Some(Outcome::Refused(ArchiveError::IdTaken { path })) = outcomes.get(first) {
                        let path = path.clone();
                        outcomes.push(Outcome::Refused(ArchiveError::IdTaken { path }));
                        continue;
                    }
                    first
                }
                (Role::First, None) => at,
            };
            if is_new_place {
                let line = match placed.get(&first) {
                    Some(place) => Some(batch[*place].line.clone()),
                    None => self.index.held(sha256.id()).map(|held| self.line_of(held, &time)),
                };
                let line = line.map(|line| Line { event: Event::Source, path: came.path.map(str::to_owned), member, ..line });
                batch.extend(line.map(Planned::line));
            }
            outcomes.push(Outcome::AlreadyThere);
        }
        self.commit(batch, sync)?;
        Ok(outcomes)
    }
}

fn roles(hashes: &[Fixity]) -> Vec<Role> {
    let mut first: FxHashMap<u64, usize> = FxHashMap::default();
    let role = |(at, hash): (usize, &Fixity)| {
        let first = *first.entry(hash.id()).or_insert(at);
        match () {
            () if first == at => Role::First,
            () if hashes[first] == *hash => Role::Again(first),
            () => Role::Clash,
        }
    };
    hashes.iter().enumerate().map(role).collect()
}
