//! Who said what, and who is quoted most.

use super::Catalog;
use super::condition::{Sql, VERDICT, condition};
use super::find::{IN_ORDER, ORDER};
use super::quote_condition::{QuoteColumn, add_words, quote_condition};
use super::repeats::Repeats;
use crate::store::error::ArchiveError;
use crate::store::query::{Field, Query, QueryError};
use crate::store::story_id::StoryId;
use crate::story::{GenderValue, QuoteKind, SpeakerKind};
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::cmp::Ordering;

/// Which quotes are asked for.
///
/// Those of the stories that one query finds, and of them those that another query finds, which
/// looks for its words in each quote. Only what somebody said between marks, unless other kinds are
/// asked for. What another version of a story says again is left out unless repeats are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuoteQuery {
    stories: Query,
    quotes: Query,
    speaker: Option<Words>,
    cue: Option<Words>,
    kinds: Option<Vec<QuoteKind>>,
    speakers: SpeakerChoice,
    speaker_kinds: Vec<SpeakerKind>,
    genders: Vec<GenderValue>,
    repeats: RepeatChoice,
}

/// Words to look for, and whether the last one may go on.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Words {
    words: String,
    prefix: bool,
}

/// Whose quotes are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SpeakerChoice {
    /// Those of everybody, and those whose speaker is not known.
    #[default]
    All,
    /// Those of speakers who have a name: not of *officials*, *a spokesman* or *she*.
    Named,
}

/// What becomes of a quote that another story of its chain had before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RepeatChoice {
    /// It is left out.
    #[default]
    Fold,
    /// It counts like any other.
    Keep,
}

/// A quote with its story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct QuoteRow {
    /// The story's id.
    pub id: StoryId,
    /// The story's day.
    pub date: Option<String>,
    /// The story's agency.
    pub agency: Option<String>,
    /// The story's headline.
    pub headline: Option<String>,
    /// Which quote of the story, from 0.
    pub n: u64,
    /// `direct`, `mixed`, `scare` or `indirect`.
    pub kind: String,
    /// Fullest name that the story gives.
    pub speaker: Option<String>,
    /// The speaker's title or description.
    pub title: Option<String>,
    /// The speaker as mentioned beside the quote.
    pub mention: Option<String>,
    /// What the speaker is: `person`, `organisation`, …
    pub speaker_kind: Option<String>,
    /// `female` or `male`, if the story shows it.
    pub gender: Option<String>,
    /// What shows it: `pronoun`, `title` or `given-name`.
    pub gender_from: Option<String>,
    /// The verb or phrase that attributes it.
    pub cue: Option<String>,
    /// The words.
    pub text: String,
    /// Which paragraph it stands in, from 0.
    pub block: u64,
    /// First code point in that paragraph.
    pub start: u64,
    /// One past the last.
    pub end: u64,
    /// The quote that this one continues.
    pub part_of: Option<u64>,
    /// `right` or `wrong`, if somebody judged it.
    pub verdict: Option<String>,
}

/// Quotes that have something in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct QuoteGroupRow {
    /// What they were counted by: `speaker`, `agency`, …
    pub by: &'static str,
    /// What they have in common.
    pub name: String,
    /// How many they are.
    pub quotes: u64,
    /// Stories that have them.
    pub stories: u64,
    /// Day of the first; none if no story has a day.
    pub first_date: Option<String>,
    /// Day of the last.
    pub last_date: Option<String>,
}

/// What to count quotes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuoteGrouping {
    /// By speaker.
    Speaker,
    /// By kind of quote.
    Kind,
    /// By kind of speaker.
    SpeakerKind,
    /// By the speaker's gender.
    Gender,
    /// By the words that attribute them.
    Cue,
    /// By agency.
    Agency,
    /// By the publication that a database names, else the agency.
    Outlet,
    /// By the dateline's place.
    Place,
    /// By language.
    Language,
    /// By month.
    Month,
    /// By year.
    Year,
}

impl QuoteGrouping {
    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Speaker => "speaker",
            Self::Kind => "kind",
            Self::SpeakerKind => "speaker-kind",
            Self::Gender => "gender",
            Self::Cue => "cue",
            Self::Agency => "agency",
            Self::Outlet => "outlet",
            Self::Place => "place",
            Self::Language => "language",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// Returns what the quotes of a group have in common, in SQL.
    fn column(self) -> &'static str {
        match self {
            Self::Speaker => "quotes.speaker",
            Self::Kind => "quotes.kind",
            // What the story does not show is counted, too: shares are shares of all speakers.
            Self::SpeakerKind => "iif(speaker IS NULL, NULL, coalesce(speaker_kind, 'unknown'))",
            Self::Gender => "iif(speaker IS NULL, NULL, coalesce(gender, 'unknown'))",
            Self::Cue => "lower(quotes.cue)",
            Self::Agency => "agency",
            Self::Outlet => "coalesce(publication, agency)",
            Self::Place => "place",
            Self::Language => "language",
            Self::Month => "substr(date, 1, 7)",
            Self::Year => "substr(date, 1, 4)",
        }
    }

    fn is_time(self) -> bool {
        matches!(self, Self::Month | Self::Year)
    }
}

impl QuoteQuery {
    /// Returns every quote of the stories that `query` finds: of every kind, repeats among them.
    pub fn all(query: Query) -> Self {
        Self {
            kinds: Some(QuoteKind::ALL.to_vec()),
            ..Self::of(query).repeats(RepeatChoice::Keep)
        }
    }

    /// Returns the quotes of the stories that `query` finds.
    pub fn of(query: Query) -> Self {
        Self {
            stories: query,
            ..Self::default()
        }
    }

    /// Only quotes that `query` finds. Its words are looked for in each quote, its fields
    /// `speaker:`, `cue:` and `kind:` are the quote's own, and the other fields are the story's.
    #[must_use]
    pub fn about(mut self, query: Query) -> Self {
        self.quotes = query;
        self
    }

    /// Only quotes of speakers who have these words in their name or title, one after the other; a
    /// `*` at the end stands for whatever follows.
    ///
    /// # Errors
    ///
    /// If there is no word in it.
    pub fn by(mut self, speaker: &str) -> Result<Self, QueryError> {
        // The full text knows the stories; which of their quotes are meant is seen by each.
        self.stories = self.stories.with(Field::Speaker, speaker)?;
        self.speaker = Some(Words::starred(speaker));
        Ok(self)
    }

    /// Returns which stories the quotes may be of.
    pub fn stories(&self) -> &Query {
        &self.stories
    }

    /// Returns what must hold of the quotes themselves.
    pub fn quotes(&self) -> &Query {
        &self.quotes
    }

    /// Only quotes that are attributed with these words: `said`, `told reporters`, `warn*`.
    #[must_use]
    pub fn with_cue(mut self, cue: &str) -> Self {
        self.cue = Some(Words::starred(cue));
        self
    }

    /// Reported statements without marks as well.
    #[must_use]
    pub fn with_indirect(self) -> Self {
        self.of_kinds(&[QuoteKind::Direct, QuoteKind::Mixed, QuoteKind::Indirect])
    }

    /// Only quotes of these kinds.
    #[must_use]
    pub fn of_kinds(mut self, kinds: &[QuoteKind]) -> Self {
        self.kinds = Some(kinds.to_vec());
        self
    }

    /// Only quotes of speakers of these kinds.
    #[must_use]
    pub fn of_speaker_kinds(mut self, kinds: &[SpeakerKind]) -> Self {
        self.speaker_kinds = kinds.to_vec();
        self
    }

    /// Only quotes of speakers of these genders, as far as stories show them.
    #[must_use]
    pub fn of_genders(mut self, genders: &[GenderValue]) -> Self {
        self.genders = genders.to_vec();
        self
    }

    /// Sets whose quotes are asked for.
    #[must_use]
    pub fn speakers(mut self, speakers: SpeakerChoice) -> Self {
        self.speakers = speakers;
        self
    }

    /// Sets what becomes of quotes that another version of their story had before.
    #[must_use]
    pub fn repeats(mut self, repeats: RepeatChoice) -> Self {
        self.repeats = repeats;
        self
    }

    fn condition(&self) -> Sql {
        let mut sql = condition(&self.stories);
        sql.text.push_str(" AND ");
        sql.append(quote_condition(&self.quotes));
        let sides = [
            (&self.speaker, QuoteColumn::Speaker),
            (&self.cue, QuoteColumn::Cue),
        ];
        for (wanted, column) in sides {
            if let Some(Words { words, prefix }) = wanted {
                sql.text.push_str(" AND ");
                add_words(&mut sql, column, words, *prefix);
            }
        }
        let usual = [QuoteKind::Direct, QuoteKind::Mixed];
        let kinds = self.kinds.as_deref().unwrap_or(&usual);
        if kinds.len() < QuoteKind::ALL.len() {
            add_one_of(
                &mut sql,
                "quotes.kind",
                kinds.iter().map(|kind| kind.name()),
            );
        }
        if !self.speaker_kinds.is_empty() {
            let kinds = self.speaker_kinds.iter().map(|kind| kind.name());
            add_one_of(&mut sql, "quotes.speaker_kind", kinds);
        }
        if !self.genders.is_empty() {
            let genders = self.genders.iter().map(|gender| gender.name());
            add_one_of(&mut sql, "quotes.gender", genders);
        }
        if self.speakers == SpeakerChoice::Named {
            sql.text.push_str(" AND is_name(quotes.speaker)");
        }
        sql
    }
}

/// Adds that a column has one of some values.
fn add_one_of(sql: &mut Sql, column: &str, values: impl Iterator<Item = &'static str>) {
    let before = sql.values.len();
    sql.values
        .extend(values.map(|value| Value::from(value.to_owned())));
    let places = vec!["?"; sql.values.len() - before].join(", ");
    sql.text.push_str(&format!(" AND {column} IN ({places})"));
}

impl Words {
    fn starred(words: &str) -> Self {
        let start = words.strip_suffix('*');
        Self {
            words: start.unwrap_or(words).to_owned(),
            prefix: start.is_some(),
        }
    }
}

/// A group of quotes on its way to its count. Quotes come story by story.
#[derive(Debug, Default)]
struct Group {
    quotes: u64,
    stories: u64,
    last_story: Option<i64>,
    first_date: Option<String>,
    last_date: Option<String>,
}

impl Group {
    fn add(&mut self, story: i64, date: Option<String>) {
        self.quotes += 1;
        if self.last_story == Some(story) {
            return;
        }
        self.stories += 1;
        self.last_story = Some(story);
        if let Some(date) = date {
            // Stories come in the order of their days.
            self.first_date.get_or_insert_with(|| date.clone());
            self.last_date = Some(date);
        }
    }
}

impl Catalog {
    /// Hands the quotes that are asked for to `take`, in the order of stories and, in each, of the
    /// text.
    ///
    /// # Errors
    ///
    /// If the catalog cannot be read, and those of `take`.
    pub fn each_quote<E: From<ArchiveError>>(
        &self,
        wanted: &QuoteQuery,
        mut take: impl FnMut(QuoteRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let columns = "id, date, agency, headline, n, quotes.kind, speaker, title, mention, \
                       speaker_kind, gender, gender_from, cue, block, start, quotes.\"end\", \
                       part_of";
        let columns = format!("{columns}, {VERDICT}");
        self.each_wanted(wanted, &columns, |row, words| {
            let read = || {
                Ok(QuoteRow {
                    id: row.get(3)?,
                    date: row.get(4)?,
                    agency: row.get(5)?,
                    headline: row.get(6)?,
                    n: row.get(7)?,
                    kind: row.get(8)?,
                    speaker: row.get(9)?,
                    title: row.get(10)?,
                    mention: row.get(11)?,
                    speaker_kind: row.get(12)?,
                    gender: row.get(13)?,
                    gender_from: row.get(14)?,
                    cue: row.get(15)?,
                    text: words,
                    block: row.get(16)?,
                    start: row.get(17)?,
                    end: row.get(18)?,
                    part_of: row.get(19)?,
                    verdict: row.get(20)?,
                })
            };
            take(read().map_err(self.failed())?)
        })
    }

    /// Counts the quotes that are asked for and hands the groups to `take`: times in their order,
    /// the others the largest first, at most `limit`.
    ///
    /// # Errors
    ///
    /// If the catalog cannot be read, and those of `take`.
    pub fn each_quote_group<E: From<ArchiveError>>(
        &self,
        wanted: &QuoteQuery,
        grouping: QuoteGrouping,
        limit: Option<usize>,
        mut take: impl FnMut(QuoteGroupRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut groups: FxHashMap<String, Group> = FxHashMap::default();
        let columns = format!("{}, date", grouping.column());
        self.each_wanted(wanted, &columns, |row, _| {
            let read = || Ok((row.get(0)?, row.get::<_, Option<String>>(3)?, row.get(4)?));
            let (story, name, date) = read().map_err(self.failed())?;
            if let Some(name) = name {
                groups.entry(name).or_default().add(story, date);
            }
            Ok::<_, E>(())
        })?;
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_unstable_by(|(one, a), (other, b)| {
            let by_size = if grouping.is_time() {
                Ordering::Equal
            } else {
                (b.quotes, b.stories).cmp(&(a.quotes, a.stories))
            };
            by_size.then_with(|| one.cmp(other))
        });
        groups.truncate(limit.unwrap_or(usize::MAX));
        groups.into_iter().try_for_each(|(name, group)| {
            take(QuoteGroupRow {
                by: grouping.name(),
                name,
                quotes: group.quotes,
                stories: group.stories,
                first_date: group.first_date,
                last_date: group.last_date,
            })
        })
    }

    /// Hands some columns of each quote that is asked for to `take`, from the fourth on, and its
    /// words.
    fn each_wanted<E: From<ArchiveError>>(
        &self,
        wanted: &QuoteQuery,
        columns: &str,
        mut take: impl FnMut(&Row<'_>, String) -> Result<(), E>,
    ) -> Result<(), E> {
        let condition = wanted.condition();
        let mut repeats = match wanted.repeats {
            RepeatChoice::Fold => Some(Repeats::of(self)?),
            RepeatChoice::Keep => None,
        };
        let sql = format!(
            "SELECT stories.story, (SELECT chain FROM kin
             WHERE kin.story = stories.story), quotes.text, {columns}
             FROM {IN_ORDER} CROSS JOIN quotes ON quotes.story = stories.story WHERE {}
             ORDER BY {ORDER}, quotes.n",
            condition.text
        );
        let mut statement = self.connection.prepare(&sql).map_err(self.failed())?;
        let mut rows = statement
            .query(params_from_iter(condition.values))
            .map_err(self.failed())?;
        while let Some(row) = rows.next().map_err(self.failed())? {
            let read = || Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?));
            let (story, chain, words) = read().map_err(self.failed())?;
            let is_repeat = repeats
                .as_mut()
                .is_some_and(|repeats| repeats.has_seen(story, chain, &words));
            if !is_repeat {
                take(row, words)?;
            }
        }
        Ok(())
    }
}
