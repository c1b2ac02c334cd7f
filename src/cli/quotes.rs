//! `archive quotes`: who said what, about what, and who is quoted most.

use super::exit::Exit;
use super::filter::bad_value;
use super::listing::{Row, listed, plain, short};
use super::near::suggest;
use super::reading::usage_error;
use super::rows::RowsArgs;
use super::screen::{Column, Screen, Width};
use super::verdict::{self, VerdictArg};
use anstyle::{AnsiColor, Style};
use anyhow::Result;
use archive::store::catalog::{
    Catalog, QuoteGroupRow, QuoteGrouping, QuoteQuery, QuoteRow, RepeatChoice, SpeakerChoice,
};
use archive::store::query::Query;
use archive::story::{GenderValue, QuoteKind, SpeakerKind};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// List who said what, or who is quoted most
///
/// QUERY looks for its words in the quotes themselves, in the language of `archive search`; the
/// fields speaker:, cue:, kind: and gender: are those of the quote, the others those of its story.
/// --query finds stories, whatever their quotes say.
///
/// Words that nobody said (titles, irony) are left out; --kind scare lists them. What a later
/// version of a story says again is left out, too; --all lists it. Of what is counted, the first 20
/// rows are listed, unless --limit says how many. Speakers go by the fullest name
/// that each story gives, so one person may have several.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Only quotes with these words
    #[arg(value_name = "QUERY")]
    words: Vec<String>,
    /// Only quotes of people with these words in their name or title; lavr* for a beginning
    #[arg(long, value_name = "NAME")]
    speaker: Option<String>,
    /// Only quotes attributed with these words, such as said, warn* or 'told reporters'
    #[arg(long, value_name = "WORDS")]
    cue: Option<String>,
    /// Only quotes of speakers who have a name, not of officials, a spokesman or she
    #[arg(long)]
    named: bool,
    /// Also what people are reported to have said without quotation marks
    #[arg(long)]
    indirect: bool,
    /// Only quotes of these kinds and by speakers of these kinds, with commas between them
    /// [default: direct,mixed, by anybody]
    #[arg(long, value_enum, value_name = "KIND", value_delimiter = ',')]
    kind: Vec<KindArg>,
    /// Only quotes of women, or of men, as far as a pronoun, a title or a given name shows it
    #[arg(long, value_enum, value_name = "GENDER")]
    gender: Option<GenderArg>,
    /// Also what another version of the same story, or the same text in other wrapping, had before
    #[arg(long)]
    all: bool,
    /// List the speakers, most quoted first; the same as --by speaker
    #[arg(long, group = "counted")]
    top: bool,
    /// Count the quotes by what they have in common, the most frequent first
    #[arg(long, value_enum, value_name = "WHAT", group = "counted")]
    by: Option<By>,
    /// Say that quotes and their speakers are right or wrong, or take that back; QUERY is ID#N…
    ///
    /// ID is the id of a story and N the number of the quote in it, as the list shows them.
    /// Verdicts stand in annotations.jsonl, and verdict:right and verdict:wrong find them. A
    /// verdict counts as long as the record gives the quote the same words and speaker.
    #[arg(long, value_enum, value_name = "VERDICT", requires = "words",
        conflicts_with_all = ["speaker", "cue", "named", "indirect", "kind", "all", "counted", "json", "jsonl"])]
    verdict: Option<VerdictArg>,

    #[command(flatten)]
    rows: RowsArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum KindArg {
    /// What was said, all of it in marks
    Direct,
    /// Marked words in the reporter's own clause
    Mixed,
    /// What was said, in the reporter's words and without marks
    Indirect,
    /// Marked words that nobody said: titles, irony
    Scare,
    /// By somebody with a name, or a pronoun that leads to one
    Person,
    /// By a body, by its name or a noun
    Organisation,
    /// By several people without names, such as residents
    Group,
    /// By something written
    Document,
    /// By one person whom the story does not name
    Described,
    /// By a pronoun that leads to nobody
    Unresolved,
}

impl KindArg {
    /// Returns the kind of quotes that it is, if it is one.
    fn of_quote(self) -> Option<QuoteKind> {
        match self {
            Self::Direct => Some(QuoteKind::Direct),
            Self::Mixed => Some(QuoteKind::Mixed),
            Self::Indirect => Some(QuoteKind::Indirect),
            Self::Scare => Some(QuoteKind::Scare),
            _ => None,
        }
    }

    /// Returns the kind of speakers that it is, if it is one.
    fn of_speaker(self) -> Option<SpeakerKind> {
        match self {
            Self::Person => Some(SpeakerKind::Person),
            Self::Organisation => Some(SpeakerKind::Organisation),
            Self::Group => Some(SpeakerKind::Group),
            Self::Document => Some(SpeakerKind::Document),
            Self::Described => Some(SpeakerKind::Described),
            Self::Unresolved => Some(SpeakerKind::Unresolved),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum GenderArg {
    Female,
    Male,
}

impl From<GenderArg> for GenderValue {
    fn from(gender: GenderArg) -> Self {
        match gender {
            GenderArg::Female => Self::Female,
            GenderArg::Male => Self::Male,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum By {
    /// Who said it
    Speaker,
    /// direct, mixed, indirect or scare
    Kind,
    /// What the speaker is: person, organisation, group, …
    SpeakerKind,
    /// female, male, or unknown where the story does not show it
    Gender,
    /// The words that attribute it
    Cue,
    /// The story's agency
    Agency,
    /// The publication that a database names, else the agency
    Outlet,
    /// Where the story was filed from
    Place,
    /// The story's language
    Language,
    /// YYYY-MM
    Month,
    /// YYYY
    Year,
}

impl From<By> for QuoteGrouping {
    fn from(by: By) -> Self {
        match by {
            By::Speaker => Self::Speaker,
            By::Kind => Self::Kind,
            By::SpeakerKind => Self::SpeakerKind,
            By::Gender => Self::Gender,
            By::Cue => Self::Cue,
            By::Agency => Self::Agency,
            By::Outlet => Self::Outlet,
            By::Place => Self::Place,
            By::Language => Self::Language,
            By::Month => Self::Month,
            By::Year => Self::Year,
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  archive quotes 'ferry OR harbour' --speaker solberg
  archive quotes --speaker lavrov --after 2020-11
  archive quotes --cue warn* --jsonl | jq -r '[.speaker, .text] | @tsv'
  archive quotes --top --named --agency AFP
  archive quotes strike --by year --indirect
  archive quotes --kind person --by gender
  archive quotes --verdict wrong 1f3a9c#4";

/// A speaker with how often somebody is quoted by that name: a group under its older name.
struct SpeakerRow(QuoteGroupRow);

impl Serialize for SpeakerRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let Self(group) = self;
        let mut row = serializer.serialize_struct("SpeakerRow", Self::FIELDS.len())?;
        row.serialize_field("speaker", &group.name)?;
        row.serialize_field("quotes", &group.quotes)?;
        row.serialize_field("stories", &group.stories)?;
        row.serialize_field("first_date", &group.first_date)?;
        row.serialize_field("last_date", &group.last_date)?;
        row.end()
    }
}

impl Row for QuoteRow {
    const TABLE: &'static [Column] = &[
        Column::new("id", Width::Fixed(11)).styled(Style::new().dimmed()),
        Column::new("date", Width::Fixed(10))
            .styled(AnsiColor::Yellow.on_default())
            .leaving(2),
        Column::new("speaker", Width::Share(2))
            .styled(AnsiColor::Cyan.on_default())
            .wrapping(),
        Column::new("cue", Width::Fixed(10))
            .styled(Style::new().dimmed())
            .leaving(1),
        Column::new("text", Width::Share(5)).wrapping(),
    ];
    const FIELDS: &'static [&'static str] = &[
        "id", "date", "agency", "n", "kind", "speaker", "title", "cue", "text", "verdict",
    ];

    fn cells(&self) -> Vec<String> {
        let speaker = match (&self.speaker, &self.title) {
            (Some(speaker), Some(title)) => format!("{speaker}, {title}"),
            (speaker, _) => plain(speaker.as_ref()),
        };
        let verdict = self.verdict.as_ref();
        let verdict = verdict
            .map(|verdict| format!(" [{verdict}]"))
            .unwrap_or_default();
        vec![
            format!("{}#{}", short(self.id), self.n),
            plain(self.date.as_ref()),
            speaker,
            plain(self.cue.as_ref()),
            format!("{}{verdict}", self.text),
        ]
    }

    fn fields(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            plain(self.date.as_ref()),
            plain(self.agency.as_ref()),
            self.n.to_string(),
            self.kind.clone(),
            plain(self.speaker.as_ref()),
            plain(self.title.as_ref()),
            plain(self.cue.as_ref()),
            self.text.clone(),
            plain(self.verdict.as_ref()),
        ]
    }
}

/// Columns of a count whose groups are called `name`.
const fn group_table(name: &'static str) -> [Column; 5] {
    let date = AnsiColor::Yellow.on_default();
    [
        Column::new("quotes", Width::Number(6)),
        Column::new("stories", Width::Number(7)).leaving(3),
        Column::new("first", Width::Fixed(10))
            .styled(date)
            .leaving(1),
        Column::new("last", Width::Fixed(10))
            .styled(date)
            .leaving(2),
        Column::new(name, Width::Share(1)).styled(AnsiColor::Cyan.on_default()),
    ]
}

impl Row for SpeakerRow {
    const TABLE: &'static [Column] = &group_table("speaker");
    const FIELDS: &'static [&'static str] =
        &["speaker", "quotes", "stories", "first_date", "last_date"];

    fn cells(&self) -> Vec<String> {
        self.0.cells()
    }

    fn fields(&self) -> Vec<String> {
        self.0.fields()
    }
}

impl Row for QuoteGroupRow {
    const TABLE: &'static [Column] = &group_table("name");
    const FIELDS: &'static [&'static str] =
        &["name", "quotes", "stories", "first_date", "last_date"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.quotes.to_string(),
            self.stories.to_string(),
            plain(self.first_date.as_ref()),
            plain(self.last_date.as_ref()),
            self.name.clone(),
        ]
    }

    fn fields(&self) -> Vec<String> {
        vec![
            self.name.clone(),
            self.quotes.to_string(),
            self.stories.to_string(),
            plain(self.first_date.as_ref()),
            plain(self.last_date.as_ref()),
        ]
    }
}

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    if let Some(verdict) = args.verdict {
        return verdict::judge(&args.words, verdict, &args.rows.place, screen);
    }
    let wanted = args.wanted()?;
    let catalog = args.rows.catalog(screen)?;
    let by = args.by.or(args.top.then_some(By::Speaker));
    let any = match by {
        Some(by) => count(args, by, &catalog, &wanted, screen)?,
        None => {
            let mut listing = args.rows.listing("quotes", screen);
            listed(catalog.each_quote(&wanted, |quote: QuoteRow| listing.row(quote)))?;
            listing.end(NOTHING)?
        }
    };
    if !any {
        suggest(&catalog, wanted.stories(), screen)?;
        suggest(&catalog, wanted.quotes(), screen)?;
    }
    Ok(Exit::Ok)
}

/// How many groups are listed if nothing is said.
const LIMIT: usize = 20;

const NOTHING: &str = "no quote matches";

fn count(
    args: &Args,
    by: By,
    catalog: &Catalog,
    wanted: &QuoteQuery,
    screen: &Screen,
) -> Result<bool> {
    let shown = args.rows.form.limit_or(Some(LIMIT));
    // Those that are sorted in another way are cut after that.
    let limit = shown.filter(|_| !args.rows.form.is_sorted());
    if by == By::Speaker {
        let mut listing = args.rows.form.listing_of("quotes", shown, screen);
        catalog.each_quote_group(wanted, by.into(), limit, |group| {
            listing.row(SpeakerRow(group))
        })?;
        listing.end(NOTHING)
    } else {
        let mut listing = args.rows.form.listing_of("quotes", shown, screen);
        catalog.each_quote_group(wanted, by.into(), limit, |group: QuoteGroupRow| {
            listing.row(group)
        })?;
        listing.end(NOTHING)
    }
}

impl Args {
    /// Returns the quotes that are asked for.
    fn wanted(&self) -> Result<QuoteQuery> {
        let mut wanted = QuoteQuery::of(self.rows.query("quotes")?);
        if !self.words.is_empty() {
            let query = Query::parse(&self.words.join(" "))
                .map_err(|error| usage_error("quotes", &error.to_string()))?;
            wanted = wanted.about(query);
        }
        if let Some(speaker) = &self.speaker {
            wanted = wanted
                .by(speaker)
                .map_err(|error| bad_value("quotes", "speaker", speaker, &error))?;
        }
        if let Some(cue) = &self.cue {
            wanted = wanted.with_cue(cue);
        }
        let of_quotes: Vec<_> = self
            .kind
            .iter()
            .filter_map(|kind| kind.of_quote())
            .collect();
        let of_speakers: Vec<_> = self
            .kind
            .iter()
            .filter_map(|kind| kind.of_speaker())
            .collect();
        if self.indirect && !of_quotes.is_empty() {
            let problem = "--indirect cannot be used with a --kind of quotes; give --kind alone";
            return Err(usage_error("quotes", problem).into());
        }
        if self.indirect {
            wanted = wanted.with_indirect();
        }
        if !of_quotes.is_empty() {
            wanted = wanted.of_kinds(&of_quotes);
        }
        wanted = wanted.of_speaker_kinds(&of_speakers);
        if let Some(gender) = self.gender {
            wanted = wanted.of_genders(&[gender.into()]);
        }
        if self.named {
            wanted = wanted.speakers(SpeakerChoice::Named);
        }
        if self.all {
            wanted = wanted.repeats(RepeatChoice::Keep);
        }
        Ok(wanted)
    }
}
