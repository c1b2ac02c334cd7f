//! Putting stories into the archive, many at a time.

use crate::options::ParseOptions;
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
use crate::store::story_id::StoryId;
use crate::store::writer::archive::Archive;
use crate::store::writer::commit::Batch;
use crate::store::writer::journal::Planned;
use crate::store::writer::known::Known;
use crate::store::writer::observer::{Observer, Outcome};
use crate::store::writer::open::{NearDuplicates, RemovedStories};
use crate::store::writer::plan::{Change, Incoming, IngestContext, Plan};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

/// What comes of one story, if nothing stops the batch.
type Verdict = Result<Outcome, ArchiveError>;

/// A story of a batch, and what the archive has of it.
#[derive(Clone, Copy, Debug)]
struct Arrival<'a> {
    came: &'a Incoming<'a>,
    sha256: Fixity,
    stored: Option<&'a StoredRecord>,
}

impl Archive {
    /// Puts stories into the archive: as one batch, or one by one if each is to be durable by
    /// itself.
    ///
    /// What is there already is neither parsed nor written again, if this program made it with
    /// these options. Stories are read on all cores; when this returns, they may still be on their
    /// way to the disk. `observer` is told what came of each as soon as that is certain: of the
    /// last batch by the next call of this, by [`wait`](Self::wait) or by [`finish`](Self::finish).
    ///
    /// # Errors
    ///
    /// If the archive cannot be written to, or an earlier batch could not: no other story would
    /// have fared better. What is wrong with one story alone is told to `observer`.
    ///
    /// ```
    /// use archive::store::{Archive, Incoming, Observer, OpenOptions, Outcome};
    ///
    /// struct Count(usize);
    /// impl Observer for Count {
    ///     fn committed(&mut self, outcome: Outcome) {
    ///         self.0 += usize::from(matches!(outcome, Outcome::Stored(_)));
    ///     }
    /// }
    ///
    /// let directory = tempfile::tempdir()?;
    /// let mut count = Count(0);
    /// let mut archive = Archive::open(directory.path(), &OpenOptions::default(), &mut count)?.archive;
    /// let story = Incoming {
    ///     bytes: b"PORT STRIKE ENDS\n\nDockers went back to work.\n",
    ///     path: Some("inbox/strike.txt"),
    ///     member: None,
    ///     facts: None,
    /// };
    /// archive.ingest(&[story], &archive::ParseOptions::default(), &mut count)?;
    /// archive.finish(&mut count)?;
    /// assert_eq!(count.0, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn ingest(
        &mut self,
        incoming: &[Incoming<'_>],
        options: &ParseOptions,
        observer: &mut dyn Observer,
    ) -> Result<(), ArchiveError> {
        let is_each = self.options.durability == Durability::Story;
        let size = if is_each { 1 } else { incoming.len().max(1) };
        for (number, batch) in incoming.chunks(size).enumerate() {
            let verdicts = self.begin_batch(batch, options)?;
            // The batch before this one is in the archive now.
            self.report_committed(observer);
            for (at, verdict) in verdicts.into_iter().enumerate() {
                match verdict {
                    Ok(outcome) => self.begun.push(outcome),
                    Err(error) => observer.refused(number * size + at, error),
                }
            }
            if is_each {
                self.wait(observer)?;
            }
        }
        Ok(())
    }

    /// Begins to bring a batch in. What will come of its stories is certain once the next batch can
    /// be begun.
    fn begin_batch(
        &mut self,
        incoming: &[Incoming<'_>],
        options: &ParseOptions,
    ) -> Result<Vec<Verdict>, ArchiveError> {
        let begun = self.try_begin_batch(incoming, options);
        // If another writes, too, that is why files are missing and not where they should be.
        begun.map_err(|error| self.lock.check().err().unwrap_or(error))
    }

    fn try_begin_batch(
        &mut self,
        incoming: &[Incoming<'_>],
        options: &ParseOptions,
    ) -> Result<Vec<Verdict>, ArchiveError> {
        let hashes: Vec<Fixity> = incoming
            .par_iter()
            .map(|story| Fixity::of(story.bytes))
            .collect();
        if hashes
            .iter()
            .any(|hash| self.under_way.contains(&hash.id()))
        {
            // Its files are not in their places yet.
            self.settle()?;
        }
        let firsts = firsts(&hashes);
        let ids: Vec<_> = hashes.iter().map(|hash| hash.id()).collect();
        let stored = self.known.stored_all(&ids)?;
        let context = IngestContext {
            options,
            origin: RecordOrigin {
                program: PROGRAM.to_owned(),
                options: Some(ReadOptions::from(options)),
            },
            time: now(),
            sync: Sync::of(self.options.durability, incoming.len() * 2),
        };
        let is_unwanted = |id: &StoryId| {
            self.options.removed == RemovedStories::LeaveOut
                && !stored.contains_key(id)
                && self.known.was_removed(*id)
        };
        let unwanted: Vec<bool> = ids.iter().map(is_unwanted).collect();
        let plan = |at: usize| {
            let stored = stored.get(&ids[at]);
            let plan = || {
                self.planner
                    .plan(&incoming[at], hashes[at], stored, &context)
            };
            (firsts[at] == at && !unwanted[at]).then(plan)
        };
        let plans: Vec<Option<Result<Plan, ArchiveError>>> =
            (0..incoming.len()).into_par_iter().map(plan).collect();
        let mut verdicts: Vec<Verdict> = Vec::with_capacity(incoming.len());
        let mut builder = BatchBuilder::default();
        for (at, plan) in plans.into_iter().enumerate() {
            let arrival = Arrival {
                came: &incoming[at],
                sha256: hashes[at],
                stored: stored.get(&ids[at]),
            };
            let verdict = match plan {
                _ if unwanted[at] => Ok(Outcome::RemovedBefore(ids[at])),
                Some(Ok(Plan::Files {
                    planned,
                    catalog_entry,
                    change,
                })) => self.add_files(&mut builder, arrival, *planned, *catalog_entry, change)?,
                Some(Ok(Plan::Line(line))) => builder.add_line(arrival, *line),
                Some(Ok(Plan::Nothing)) => self.add_source(&mut builder, arrival, &context.time)?,
                Some(Err(error)) if error.is_about_one_story() => Err(error),
                Some(Err(error)) => return Err(error),
                None if hashes[firsts[at]] != arrival.sha256 => Err(ArchiveError::IdTaken {
                    path: self.planner.root.join(RECORDS),
                }),
                None => match &verdicts[firsts[at]] {
                    Ok(Outcome::NearDuplicate(same)) => Ok(Outcome::NearDuplicate(*same)),
                    Ok(_) => self.add_source(&mut builder, arrival, &context.time)?,
                    Err(error) => Err(error.of_one_story_again()),
                },
            };
            verdicts.push(verdict);
        }
        self.hand_over(builder, context.sync)?;
        Ok(verdicts)
    }

    /// Adds a story that brings files, unless it says what another one says and such are not
    /// wanted.
    fn add_files(
        &mut self,
        builder: &mut BatchBuilder,
        arrival: Arrival<'_>,
        planned: Planned,
        catalog_entry: CatalogEntry,
        change: Change,
    ) -> Result<Verdict, ArchiveError> {
        let id = arrival.sha256.id();
        if self.options.near_duplicates == NearDuplicates::Skip
            && change == Change::New
            && let Some(same) = self.duplicate(id, catalog_entry.features(), &mut builder.texts)?
        {
            // Its files stay in `unfinished/`, which is cleared in the end.
            if !builder.has_place(&self.known, arrival)? {
                let line = Line {
                    event: Event::NearDuplicate,
                    record: None,
                    record_sha256: None,
                    record_bytes: None,
                    note: Some(format!("says what {same} says")),
                    ..planned.line
                };
                builder.add(Planned::line(line), None);
            }
            return Ok(Ok(Outcome::NearDuplicate(same)));
        }
        let story = catalog_entry.story().clone();
        builder.note_story(arrival);
        builder.add(planned, Some(catalog_entry));
        Ok(Ok(match change {
            Change::New => Outcome::Stored(story),
            Change::Updated => Outcome::Updated(story),
            Change::Mended => Outcome::Mended(story),
        }))
    }

    /// Adds a line for a story that is there, if it came from a new place.
    fn add_source(
        &self,
        builder: &mut BatchBuilder,
        arrival: Arrival<'_>,
        time: &str,
    ) -> Result<Verdict, ArchiveError> {
        if !builder.has_place(&self.known, arrival)? {
            let Arrival { came, stored, .. } = arrival;
            let line = builder.line_of(arrival.sha256);
            if let Some(line) = line.or_else(|| Some(stored?.line(time))) {
                let facts = came.facts.cloned();
                let line = Line {
                    event: Event::Source,
                    path: came.path.map(str::to_owned),
                    member: came.member.map(str::to_owned),
                    // What was said of this place, whatever the record was made with.
                    options: line.options.map(|options| ReadOptions {
                        facts: facts.unwrap_or_default(),
                        ..options
                    }),
                    ..line
                };
                builder.add(Planned::line(line), None);
            }
        }
        Ok(Ok(Outcome::AlreadyThere))
    }

    /// Lets the committer bring a batch in, after the one before. From now on its stories are
    /// known.
    fn hand_over(
        &mut self,
        BatchBuilder {
            mut batch, stories, ..
        }: BatchBuilder,
        sync: Sync,
    ) -> Result<(), ArchiveError> {
        if batch.planned.is_empty() {
            return self.settle();
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

    /// Returns a story that says what this one says. If there is none, this one is the first to say
    /// it.
    fn duplicate(
        &mut self,
        id: StoryId,
        features: &Features,
        texts: &mut BatchTexts,
    ) -> Result<Option<StoryId>, ArchiveError> {
        if let Some(same) = texts.find(features) {
            return Ok(Some(same));
        }
        let mut committer = self.committer.join()?;
        let found = match &committer.follower.join()?.catalog {
            Some(catalog) => catalog.duplicate_of(features)?,
            None => None,
        };
        if found.is_none() {
            texts.add(id, features);
        }
        Ok(found)
    }
}

/// A batch that is being put together.
#[derive(Default)]
struct BatchBuilder {
    batch: Batch,
    /// Where in it the line of a story stands.
    stories: FxHashMap<StoryId, usize>,
    /// The places that it speaks of.
    places: FxHashSet<u64>,
    /// What its stories say, where near duplicates are not wanted.
    texts: BatchTexts,
}

impl BatchBuilder {
    fn add(&mut self, planned: Planned, catalog_entry: Option<CatalogEntry>) {
        self.batch.planned.push(planned);
        self.batch.entries.push(catalog_entry);
    }

    /// Returns the line of a story that comes with this batch.
    fn line_of(&self, sha256: Fixity) -> Option<Line> {
        self.stories
            .get(&sha256.id())
            .map(|at| self.batch.planned[*at].line.clone())
    }

    /// Adds a line that comes with no files.
    fn add_line(&mut self, arrival: Arrival<'_>, line: Line) -> Verdict {
        self.note_story(arrival);
        self.add(Planned::line(line), None);
        Ok(Outcome::AlreadyThere)
    }

    /// Notes that the next line is the story's, and where it came from.
    fn note_story(&mut self, arrival: Arrival<'_>) {
        self.places.insert(arrival.place());
        self.stories
            .insert(arrival.sha256.id(), self.batch.planned.len());
    }

    /// Returns whether the batch or the archive knows that the story came from its place. From now
    /// on the batch does.
    fn has_place(&mut self, known: &Known, arrival: Arrival<'_>) -> Result<bool, ArchiveError> {
        let place = arrival.place();
        let is_noted = !self.places.insert(place);
        // Nearly always it comes from where it came from the first time.
        if is_noted
            || arrival
                .stored
                .is_some_and(|stored| stored.place == Some(place))
        {
            return Ok(true);
        }
        let Arrival { came, sha256, .. } = arrival;
        let member = came.member.map(str::to_owned);
        known.has_source(sha256, came.path, member.as_deref())
    }
}

impl Arrival<'_> {
    /// Returns the number of the place that the story came from.
    fn place(&self) -> u64 {
        let member = self.came.member.map(str::to_owned);
        source(self.sha256, self.came.path, member.as_deref())
    }
}

/// What the stories of a batch say, as far as the catalog does not know them yet.
#[derive(Default)]
struct BatchTexts {
    by_key: FxHashMap<i64, Vec<usize>>,
    texts: Vec<BatchText>,
}

/// What one story says.
struct BatchText {
    id: StoryId,
    features: Features,
}

impl BatchTexts {
    /// Returns the story of the batch that says the same.
    fn find(&self, features: &Features) -> Option<StoryId> {
        let (kept, _) = keys(features);
        let near = kept
            .iter()
            .filter_map(|key| self.by_key.get(key))
            .flatten()
            .map(|at| &self.texts[*at]);
        let mut same =
            near.filter(|text| kinship(features, &text.features) == Some(Kinship::Duplicate));
        same.next().map(|text| text.id)
    }

    fn add(&mut self, id: StoryId, features: &Features) {
        let (kept, _) = keys(features);
        for key in kept {
            self.by_key.entry(key).or_default().push(self.texts.len());
        }
        self.texts.push(BatchText {
            id,
            features: features.clone(),
        });
    }
}

/// For each hash, where the first with the same id stands.
fn firsts(hashes: &[Fixity]) -> Vec<usize> {
    let mut first: FxHashMap<StoryId, usize> = FxHashMap::default();
    hashes
        .iter()
        .enumerate()
        .map(|(at, hash)| *first.entry(hash.id()).or_insert(at))
        .collect()
}
