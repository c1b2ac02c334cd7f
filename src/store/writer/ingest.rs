//! Putting stories into the archive, many at a time.

use crate::store::catalog::CatalogEntry;
use crate::store::directory::fixity::Fixity;
use crate::store::directory::layout::RECORDS;
use crate::store::disk::durability::{Durability, Sync};
use crate::store::error::ArchiveError;
use crate::store::kin::{Features, Kinship, keys, kinship};
use crate::store::ledger::index::{RecordOrigin, StoredRecord, source};
use crate::store::ledger::{Event, Line, ReadOptions};
use crate::store::program::PROGRAM;
use crate::store::program::now;
use crate::store::writer::archive::Archive;
use crate::store::writer::commit::Batch;
use crate::store::writer::journal::Planned;
use crate::store::writer::plan::{Change, Incoming, IngestContext, Plan};
use crate::{ParseOptions, Story};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// What came of putting a story into the archive.
#[derive(Debug)]
pub enum Outcome {
    /// It was new.
    Stored(Arc<Story>),
    /// It was there, and its record was rewritten, moved or mended.
    Updated(Arc<Story>),
    /// It was there, and its raw copy, which was damaged or missing, was written again.
    Mended(Arc<Story>),
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
    /// as was asked for, or will be; see [`Archive::begin`].
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
    pub fn ingest(&mut self, incoming: &[Incoming<'_>], options: &ParseOptions) -> Ingested {
        let size = if self.durability == Durability::Story {
            1
        } else {
            incoming.len().max(1)
        };
        let mut outcomes = Vec::with_capacity(incoming.len());
        for batch in incoming.chunks(size) {
            match self
                .begin_batch(batch, options)
                .and_then(|done| self.wait().map(|()| done))
            {
                Ok(done) => outcomes.extend(done),
                Err(error) => {
                    return Ingested {
                        outcomes,
                        stopped: Some(error),
                    };
                }
            }
        }
        Ingested {
            outcomes,
            stopped: None,
        }
    }

    /// Begins to put stories into the archive, and returns what will come of each, in order, while they
    /// are still being written. What is refused is refused; of the others nobody is to be told before the
    /// next call of this, or [`Archive::wait`], has gone well. If each story is to be durable by itself,
    /// nothing is only begun. Stops if an earlier batch failed, or this one cannot be begun.
    pub fn begin(&mut self, incoming: &[Incoming<'_>], options: &ParseOptions) -> Ingested {
        if self.durability == Durability::Story {
            return self.ingest(incoming, options);
        }
        match self.begin_batch(incoming, options) {
            Ok(outcomes) => Ingested {
                outcomes,
                stopped: None,
            },
            Err(error) => Ingested {
                outcomes: Vec::new(),
                stopped: Some(error),
            },
        }
    }

    /// Waits until all that was begun is in the archive, as durable as was asked for.
    pub fn wait(&mut self) -> Result<(), ArchiveError> {
        self.under_way.clear();
        self.committer.wait()
    }

    fn begin_batch(
        &mut self,
        incoming: &[Incoming<'_>],
        options: &ParseOptions,
    ) -> Result<Vec<Outcome>, ArchiveError> {
        let begun = self.try_begin_batch(incoming, options);
        // If another writes, too, that is why files are missing and not where they should be.
        begun.map_err(|error| self.lock.check().err().unwrap_or(error))
    }

    fn try_begin_batch(
        &mut self,
        incoming: &[Incoming<'_>],
        options: &ParseOptions,
    ) -> Result<Vec<Outcome>, ArchiveError> {
        let hashes: Vec<Fixity> = incoming
            .par_iter()
            .map(|story| Fixity::of(story.bytes))
            .collect();
        if hashes
            .iter()
            .any(|hash| self.under_way.contains(&hash.id()))
        {
            // Its files are not in their places yet.
            self.wait()?;
        }
        let firsts = firsts(&hashes);
        let stored = self
            .known
            .stored_all(&hashes.iter().map(|hash| hash.id()).collect::<Vec<_>>())?;
        let context = IngestContext {
            options,
            origin: RecordOrigin {
                program: PROGRAM.to_owned(),
                options: Some(ReadOptions::from(options)),
            },
            time: now(),
            sync: Sync::of(self.durability, incoming.len() * 2),
        };
        let plan = |at: usize| {
            let stored = stored.get(&hashes[at].id());
            (firsts[at] == at).then(|| {
                self.planner
                    .plan(&incoming[at], hashes[at], stored, &context)
            })
        };
        let plans: Vec<Option<Result<Plan, ArchiveError>>> =
            (0..incoming.len()).into_par_iter().map(plan).collect();
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(incoming.len());
        let mut builder = BatchBuilder::default();
        let mut texts = BatchTexts::default();
        for (at, plan) in plans.into_iter().enumerate() {
            let (came, sha256) = (&incoming[at], hashes[at]);
            let outcome = match plan {
                Some(Ok(Plan::Files {
                    planned,
                    catalog_entry,
                    change,
                })) => {
                    let same = if self.skips_near_duplicates && change == Change::New {
                        self.duplicate(&catalog_entry, &mut texts)?
                    } else {
                        None
                    };
                    if let Some(same) = same {
                        // Its files stay in `unfinished/`, which is cleared in the end.
                        if !builder.has_place(self, came, sha256, None)? {
                            let note = Some(format!("says what {same} says"));
                            let [record, record_sha256] = [None, None];
                            let event = Event::NearDuplicate;
                            builder.add(
                                Planned::line(Line {
                                    event,
                                    record,
                                    record_sha256,
                                    record_bytes: None,
                                    note,
                                    ..planned.line
                                }),
                                None,
                            );
                        }
                        Outcome::NearDuplicate(same)
                    } else {
                        let story = catalog_entry.story().clone();
                        builder.note_place(came, sha256);
                        builder
                            .stories
                            .insert(sha256.id(), builder.batch.planned.len());
                        builder.add(*planned, Some(*catalog_entry));
                        match change {
                            Change::New => Outcome::Stored(story),
                            Change::Updated => Outcome::Updated(story),
                            Change::Mended => Outcome::Mended(story),
                        }
                    }
                }
                Some(Ok(Plan::Line(line))) => {
                    builder.note_place(came, sha256);
                    builder
                        .stories
                        .insert(sha256.id(), builder.batch.planned.len());
                    builder.add(Planned::line(*line), None);
                    Outcome::AlreadyThere
                }
                Some(Err(error)) if error.is_about_one_story() => Outcome::Refused(error),
                Some(Err(error)) => return Err(error),
                None if hashes[firsts[at]] != sha256 => Outcome::Refused(ArchiveError::IdTaken {
                    path: self.planner.root.join(RECORDS),
                }),
                Some(Ok(Plan::Nothing)) | None => match outcomes.get(firsts[at]) {
                    Some(Outcome::NearDuplicate(same)) => Outcome::NearDuplicate(same.clone()),
                    Some(Outcome::Refused(ArchiveError::IdTaken { path })) => {
                        Outcome::Refused(ArchiveError::IdTaken { path: path.clone() })
                    }
                    _ => {
                        let stored = stored.get(&sha256.id());
                        if !builder.has_place(self, came, sha256, stored)? {
                            let line = builder
                                .line_of(sha256)
                                .or_else(|| Some(stored?.line(&context.time)));
                            let (path, member) = (
                                came.path.map(str::to_owned),
                                came.member.map(|member| member.to_string()),
                            );
                            if let Some(line) = line {
                                builder.add(
                                    Planned::line(Line {
                                        event: Event::Source,
                                        path,
                                        member,
                                        ..line
                                    }),
                                    None,
                                );
                            }
                        }
                        Outcome::AlreadyThere
                    }
                },
            };
            outcomes.push(outcome);
        }
        self.hand_over(builder, context.sync)?;
        Ok(outcomes)
    }

    /// Lets the committer bring a batch in, after the one before. From now on its stories are known.
    fn hand_over(
        &mut self,
        BatchBuilder {
            mut batch, stories, ..
        }: BatchBuilder,
        sync: Sync,
    ) -> Result<(), ArchiveError> {
        if batch.planned.is_empty() {
            return self.wait();
        }
        for planned in &mut batch.planned {
            self.last_line += 1;
            planned.line.n = self.last_line;
        }
        self.known
            .learn(batch.planned.iter().map(|planned| &planned.line));
        self.committer
            .start(move |committer| committer.bring(batch, sync))?;
        self.under_way = stories.into_keys().collect();
        self.known.forget()
    }

    /// The id of a story that says what this one says; none if there is none, and then this one is the
    /// first to say it.
    fn duplicate(
        &mut self,
        catalog_entry: &CatalogEntry,
        texts: &mut BatchTexts,
    ) -> Result<Option<String>, ArchiveError> {
        if let Some(same) = texts.seen(catalog_entry) {
            return Ok(Some(same));
        }
        let mut committer = self.committer.join()?;
        let found = match &committer.follower.join()?.catalog {
            Some(catalog) => catalog.duplicate_of(catalog_entry.features())?,
            None => None,
        };
        if found.is_none() {
            texts.add(catalog_entry);
        }
        Ok(found)
    }
}

/// A batch that is being put together.
#[derive(Default)]
struct BatchBuilder {
    batch: Batch,
    /// Where in it the line of a story stands.
    stories: FxHashMap<u64, usize>,
    /// The places that it speaks of.
    places: FxHashSet<u64>,
}

impl BatchBuilder {
    fn add(&mut self, planned: Planned, catalog_entry: Option<CatalogEntry>) {
        self.batch.planned.push(planned);
        self.batch.entries.push(catalog_entry);
    }

    /// The line of a story that comes with this batch.
    fn line_of(&self, sha256: Fixity) -> Option<Line> {
        self.stories
            .get(&sha256.id())
            .map(|at| self.batch.planned[*at].line.clone())
    }

    /// Notes the place that a story came from; its number, and whether the batch speaks of it already.
    fn note_place(&mut self, came: &Incoming<'_>, sha256: Fixity) -> (u64, bool) {
        let member = came.member.map(|member| member.to_string());
        let place = source(sha256, came.path, member.as_deref());
        (place, !self.places.insert(place))
    }

    /// Whether the batch or the archive knows that the story came from its place; from now on the batch does.
    fn has_place(
        &mut self,
        archive: &Archive,
        came: &Incoming<'_>,
        sha256: Fixity,
        stored: Option<&StoredRecord>,
    ) -> Result<bool, ArchiveError> {
        let (place, is_noted) = self.note_place(came, sha256);
        // Nearly always it comes from where it came from the first time.
        if is_noted || stored.is_some_and(|stored| stored.place == Some(place)) {
            return Ok(true);
        }
        let member = came.member.map(|member| member.to_string());
        archive
            .known
            .has_source(sha256, came.path, member.as_deref())
    }
}

/// What the stories of a batch say, as far as the catalog does not know them yet.
#[derive(Default)]
struct BatchTexts {
    by_key: FxHashMap<i64, Vec<usize>>,
    stories: Vec<(String, Features)>,
}

impl BatchTexts {
    /// The id of a story of the batch that says the same.
    fn seen(&self, catalog_entry: &CatalogEntry) -> Option<String> {
        let (kept, _) = keys(catalog_entry.features());
        let near = kept
            .iter()
            .filter_map(|key| self.by_key.get(key))
            .flatten()
            .map(|at| &self.stories[*at]);
        let mut same = near.filter(|(_, other)| {
            kinship(catalog_entry.features(), other) == Some(Kinship::Duplicate)
        });
        same.next().map(|(id, _)| id.clone())
    }

    fn add(&mut self, catalog_entry: &CatalogEntry) {
        keys(catalog_entry.features())
            .0
            .into_iter()
            .for_each(|key| self.by_key.entry(key).or_default().push(self.stories.len()));
        self.stories.push((
            catalog_entry.story().id.clone(),
            catalog_entry.features().clone(),
        ));
    }
}

/// For each hash, where the first with the same id stands.
fn firsts(hashes: &[Fixity]) -> Vec<usize> {
    let mut first: FxHashMap<u64, usize> = FxHashMap::default();
    hashes
        .iter()
        .enumerate()
        .map(|(at, hash)| *first.entry(hash.id()).or_insert(at))
        .collect()
}
