//! Opening an archive and putting stories into it.

use super::commit::{Durability, Sync};
use super::files::Files;
use super::fixity::Fixity;
use super::index::{Held, Index, Making, source};
use super::journal::{Journal, Planned};
use super::layout::{Entry, RECORDS, raw_path};
use super::ledger::{Event, Ledger, Line, Reading};
use super::lock::WriteLock;
use super::places::Places;
use super::recover::Recovery;
use super::{ArchiveError, PROGRAM, directory, now};
use crate::{Options, Story, parse};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// An archive directory, open for writing. Nobody else writes to it meanwhile.
#[derive(Debug)]
pub struct Archive {
    pub(super) root: PathBuf,
    pub(super) files: Files,
    pub(super) durability: Durability,
    pub(super) ledger: Ledger,
    pub(super) index: Index,
    pub(super) journal: Journal,
    pub(super) places: Places,
    /// Whether a batch was broken off, so that what is on the disk must be looked at first.
    pub(super) has_stopped: bool,
    _lock: WriteLock,
}

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

/// What is believed about a record that names other bytes than it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// It may be somebody's, and stays.
    Nothing,
    /// Where the ledger says that ours stands, it is ours and damaged.
    Ledger,
}

/// What a story asks of the archive.
#[derive(Debug)]
pub(super) enum Plan {
    /// Its bytes and its record are there.
    Nothing,
    /// They are there, and the ledger does not say so.
    Line(Box<Line>),
    /// Files are to be moved or removed.
    Files { planned: Box<Planned>, story: Box<Story>, is_new: bool },
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
    /// Opens the archive at `root` for writing, or makes one there if nothing is. Calls `on_wait`
    /// once if another is writing, and then waits for it. Finishes what an interruption left
    /// undone, and tells what that was.
    pub fn open(root: &Path, durability: Durability, on_wait: &dyn Fn()) -> Result<(Self, Recovery), ArchiveError> {
        Self::open_with(root, durability, on_wait, Files::default())
    }

    pub(super) fn open_with(
        root: &Path,
        durability: Durability,
        on_wait: &dyn Fn(),
        files: Files,
    ) -> Result<(Self, Recovery), ArchiveError> {
        let lock = directory::take(root, on_wait)?;
        let (ledger, cut) = Ledger::open(root, &files)?;
        let mut archive = Self {
            root: root.to_owned(),
            files,
            durability,
            ledger,
            index: Index::of(root)?,
            journal: Journal::new(root),
            places: Places::new(root),
            has_stopped: false,
            _lock: lock,
        };
        let recovery = archive.recover(cut)?;
        Ok((archive, recovery))
    }

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

    /// Works out what a story asks for, and writes its files in `unfinished/`.
    fn plan(
        &self,
        came: &Incoming<'_>,
        sha256: Fixity,
        options: &Options,
        making: &Making,
        time: &str,
        sync: Sync,
    ) -> Result<Plan, ArchiveError> {
        let held = self.index.held(sha256.id());
        let raw = self.root.join(raw_path(&sha256.to_string()));
        let has_raw = has_size(&raw, came.bytes.len() as u64);
        if let Some(held) = held
            && held.sha256 == sha256
            && has_raw
            && self.index.making(held) == making
            && has_size(&self.root.join(&*held.record), held.record_bytes)
        {
            return Ok(Plan::Nothing);
        }
        let entry = Entry::new(parse(came.bytes, options)).map_err(|source| ArchiveError::Write { path: raw, source })?;
        let line = Line {
            n: 0,
            time: time.to_owned(),
            event: Event::Stored,
            id: entry.story.id.clone(),
            sha256: sha256.to_string(),
            record: Some(entry.record_path.clone()),
            record_sha256: Some(Fixity::of(&entry.record).to_string()),
            record_bytes: Some(entry.record.len() as u64),
            path: came.path.map(str::to_owned),
            member: came.member.map(|member| member.to_string()),
            program: making.program.clone(),
            options: making.options.clone(),
            note: None,
        };
        self.settle(entry, line, held, (!has_raw).then_some(came.bytes), Trust::Nothing, sync)
    }

    /// Compares a story's record with what is there, and writes what has to be written in
    /// `unfinished/`. `raw` is its bytes, if the raw copy has to be written.
    pub(super) fn settle(
        &self,
        entry: Entry,
        line: Line,
        held: Option<&Held>,
        raw: Option<&[u8]>,
        trust: Trust,
        sync: Sync,
    ) -> Result<Plan, ArchiveError> {
        let known = held.map(|held| &*held.record);
        let elsewhere = known.filter(|known| *known != entry.record_path);
        // Checked before anything is written: a foreign record is never replaced.
        let mut found = [None, None];
        for (found, path) in found.iter_mut().zip([Some(entry.record_path.as_str()), elsewhere]) {
            let Some(path) = path else { continue };
            *found = read_file(&self.root.join(path))?;
            let is_open = trust == Trust::Nothing || known != Some(path);
            let foreign =
                |record: &[u8]| is_open && record != entry.record && sha256_of(record).is_some_and(|sha256| sha256 != line.sha256);
            if found.as_deref().is_some_and(foreign) {
                return Err(ArchiveError::IdTaken { path: self.root.join(path) });
            }
        }
        if let Some(held) = held.filter(|held| held.sha256.to_string() != line.sha256) {
            return Err(ArchiveError::IdTaken { path: self.root.join(&*held.record) });
        }
        let is_new = held.is_none() && found[0].is_none();
        let remove = elsewhere.filter(|_| found[1].is_some()).map(str::to_owned);
        let is_same = found[0].as_ref() == Some(&entry.record);
        if raw.is_none() && is_same && remove.is_none() {
            let line = Line { event: Event::Recovered, ..line };
            return Ok(if held.is_some() { Plan::Nothing } else { Plan::Line(Box::new(line)) });
        }
        self.journal.begin(&self.files, sync.is_each())?;
        let keep = |bytes: &[u8]| self.journal.keep(bytes, &self.files, sync.is_each());
        let raw = raw.map(keep).transpose()?;
        let record = if is_same { None } else { Some(keep(&entry.record)?) };
        let event = if is_new { Event::Stored } else { Event::Updated };
        let planned = Planned { line: Line { event, ..line }, raw, record, remove };
        Ok(Plan::Files { planned: Box::new(planned), story: Box::new(entry.story), is_new })
    }

    /// The present state of a story, as a line of the ledger.
    pub(super) fn line_of(&self, held: &Held, time: &str) -> Line {
        let Making { program, options } = self.index.making(held).clone();
        Line {
            n: 0,
            time: time.to_owned(),
            event: Event::Source,
            id: held.sha256.short(),
            sha256: held.sha256.to_string(),
            record: Some(held.record.to_string()),
            record_sha256: Some(held.record_sha256.to_string()),
            record_bytes: Some(held.record_bytes),
            path: None,
            member: None,
            program,
            options,
            note: None,
        }
    }
}

impl Drop for Archive {
    fn drop(&mut self) {
        // What was broken off is left for the next to finish. If this fails, the next finds a batch
        // that is all done.
        if !self.has_stopped && self.journal.is_there() {
            let _ = self.journal.clear(&self.files);
        }
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

/// Whether a regular file of that size is there.
fn has_size(path: &Path, bytes: u64) -> bool {
    fs::symlink_metadata(path).is_ok_and(|file| file.is_file() && file.len() == bytes)
}

/// The bytes of a regular file; none if nothing is there, or something else.
pub(super) fn read_file(path: &Path) -> Result<Option<Vec<u8>>, ArchiveError> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => {}
        Ok(_) => return Ok(None),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(None),
        Err(source) => return Err(ArchiveError::Read { path: path.to_owned(), source }),
    }
    fs::read(path).map(Some).map_err(|source| ArchiveError::Read { path: path.to_owned(), source })
}

/// The hash that a stored record names; none if it is not a record, so that damage can be mended.
pub(super) fn sha256_of(record: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Record {
        source: Source,
    }
    #[derive(serde::Deserialize)]
    struct Source {
        sha256: String,
    }
    serde_json::from_slice::<Record>(record).ok().map(|record| record.source.sha256)
}
