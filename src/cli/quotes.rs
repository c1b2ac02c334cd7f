//! `archive quotes`: who said what, and who is quoted most.

use super::exit::Exit;
use super::filter::{FilterArgs, bad_value};
use super::listing::{FormArgs, Listing, Row, plain, short};
use super::place::PlaceArgs;
use super::screen::{Column, Screen, Width};
use anstyle::{AnsiColor, Style};
use anyhow::Result;
use archive::store::catalog::{QuoteQuery, QuoteRow, SpeakerRow};

/// List who said what, or who is quoted most
///
/// Words that nobody said (titles, irony) are left out; `archive export --what quotes` has them
/// too. Speakers go by the fullest name that each story gives, so one person may have several.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Only quotes of people with these words in their name or title; lavr* for a beginning
    #[arg(long, value_name = "NAME")]
    speaker: Option<String>,
    /// Only quotes attributed with these words, such as said, warn* or 'told reporters'
    #[arg(long, value_name = "WORDS")]
    cue: Option<String>,
    /// Also what people are reported to have said without quotation marks
    #[arg(long)]
    indirect: bool,
    /// List the speakers, most quoted first
    #[arg(long)]
    top: bool,
    /// With --top: how many speakers at most; 0 for all
    #[arg(long, value_name = "N", default_value_t = 20, requires = "top")]
    limit: usize,

    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    form: FormArgs,
    #[command(flatten)]
    filter: FilterArgs,
}

const EXAMPLES: &str = "\
Examples:
  archive quotes --speaker lavrov --after 2020-11
  archive quotes --cue warn* --jsonl | jq -r '[.speaker, .text] | @tsv'
  archive quotes --top --agency AFP";

impl Row for QuoteRow {
    const TABLE: &'static [Column] = &[
        Column::new("id", Width::Fixed(8)).styled(Style::new().dimmed()),
        Column::new("date", Width::Fixed(10))
            .styled(AnsiColor::Yellow.on_default())
            .leaving(2),
        Column::new("speaker", Width::Share(2))
            .styled(AnsiColor::Cyan.on_default())
            .wrapping(),
        Column::new("cue", Width::Fixed(10))
            .styled(Style::new().dimmed())
            .leaving(1),
        Column::new("words", Width::Share(5)).wrapping(),
    ];
    const FIELDS: &'static [&'static str] = &[
        "id", "date", "agency", "n", "kind", "speaker", "title", "cue", "words",
    ];

    fn cells(&self) -> Vec<String> {
        let speaker = match (&self.speaker, &self.title) {
            (Some(speaker), Some(title)) => format!("{speaker}, {title}"),
            (speaker, _) => plain(speaker.as_ref()),
        };
        vec![
            short(self.id),
            plain(self.date.as_ref()),
            speaker,
            plain(self.cue.as_ref()),
            self.text.clone(),
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
        ]
    }
}

impl Row for SpeakerRow {
    const TABLE: &'static [Column] = &[
        Column::new("quotes", Width::Number(6)),
        Column::new("stories", Width::Number(7)).leaving(3),
        Column::new("first", Width::Fixed(10))
            .styled(AnsiColor::Yellow.on_default())
            .leaving(1),
        Column::new("last", Width::Fixed(10))
            .styled(AnsiColor::Yellow.on_default())
            .leaving(2),
        Column::new("speaker", Width::Share(1)).styled(AnsiColor::Cyan.on_default()),
    ];
    const FIELDS: &'static [&'static str] =
        &["speaker", "quotes", "stories", "first_date", "last_date"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.quotes.to_string(),
            self.stories.to_string(),
            plain(self.first_date.as_ref()),
            plain(self.last_date.as_ref()),
            self.speaker.clone(),
        ]
    }

    fn fields(&self) -> Vec<String> {
        vec![
            self.speaker.clone(),
            self.quotes.to_string(),
            self.stories.to_string(),
            plain(self.first_date.as_ref()),
            plain(self.last_date.as_ref()),
        ]
    }
}

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let mut wanted = QuoteQuery::of(args.filter.query("quotes")?).with_indirect(args.indirect);
    if let Some(speaker) = &args.speaker {
        wanted = wanted
            .by(speaker)
            .map_err(|error| bad_value("quotes", "speaker", speaker, &error))?;
    }
    if let Some(cue) = &args.cue {
        wanted = wanted.with_cue(cue);
    }
    let catalog = args.place.catalog(screen)?;
    let mut listing = Listing::new(args.form.form(screen), screen);
    if args.top {
        let limit = (args.limit > 0).then_some(args.limit);
        catalog.each_speaker(&wanted, limit, |speaker| listing.row(&speaker))?;
        listing.end::<SpeakerRow>("no quote matches")?;
    } else {
        catalog.each_quote(&wanted, |quote| listing.row(&quote))?;
        listing.end::<QuoteRow>("no quote matches")?;
    }
    Ok(Exit::Ok)
}
