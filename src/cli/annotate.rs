//! What the commands share that say something of stories.

use super::exit::Exit;
use super::listing::{FormArgs, Row, listed};
use super::place::PlaceArgs;
use super::reading::usage_error;
use super::screen::{Column, Screen, Width};
use anstyle::AnsiColor;
use anyhow::Result;
use archive::store::annotations::{Annotation, AnnotationKind, Remark, Said};
use archive::store::catalog::{AnnotationCount, Catalog};
use archive::store::query::Query;
use archive::store::{OpenOptions, StoryId};
use std::io::Write;

/// Which stories something is said of.
#[derive(clap::Args)]
pub(crate) struct StoriesArgs {
    /// Ids of stories, or at least their first 4 digits
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Also all stories that a search finds, in the language of `archive search`
    #[arg(long, value_name = "QUERY")]
    query: Option<String>,
}

impl StoriesArgs {
    /// Returns whether no story is named.
    pub(crate) fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.query.is_none()
    }

    /// Returns the stories, each once.
    fn find(&self, command: &str, catalog: &Catalog) -> Result<Vec<StoryId>> {
        let mut ids = Vec::new();
        for id in &self.ids {
            ids.push(catalog.locate(id)?.id);
        }
        if let Some(query) = &self.query {
            let query =
                Query::parse(query).map_err(|error| usage_error(command, &error.to_string()))?;
            catalog.each_story(&query, |story| {
                ids.push(story.id);
                anyhow::Ok(())
            })?;
        }
        let mut seen = std::collections::HashSet::new();
        ids.retain(|id| seen.insert(*id));
        Ok(ids)
    }
}

/// What a command says of stories, and its words for that.
pub(crate) struct Saying<'a> {
    /// The command.
    pub command: &'static str,
    /// What is said of each story.
    pub annotation: Annotation,
    /// What it is called in the answer.
    pub name: &'a str,
    /// Whether it is said or taken back.
    pub said: Said,
    /// What becomes of a story: `tagged`, `taken out`.
    pub done: &'static str,
    /// What is said of stories where nothing changes.
    pub already: &'static str,
}

/// Says something of stories, and prints of how many that was new.
pub(crate) fn say(
    sayings: &[Saying<'_>],
    stories: &StoriesArgs,
    place: &PlaceArgs,
    screen: &Screen,
) -> Result<Exit> {
    let Some(command) = sayings.first().map(|saying| saying.command) else {
        return Ok(Exit::Ok);
    };
    let ids = stories.find(command, &place.catalog(screen)?)?;
    if ids.is_empty() {
        screen.remark(&"no story matches");
        return Ok(Exit::Ok);
    }
    let mut archive = place.open(&OpenOptions::default(), screen)?;
    let mut out = screen.out();
    for saying in sayings {
        let remarks = ids.iter().map(|id| Remark {
            id: *id,
            annotation: saying.annotation.clone(),
            said: saying.said,
        });
        let changed = archive.annotate(remarks.collect())?;
        let Saying {
            name,
            done,
            already,
            ..
        } = saying;
        let name = screen.shown(name);
        match ids.len() - changed {
            0 => writeln!(out, "{name}: {changed} {done}")?,
            same => writeln!(out, "{name}: {changed} {done}, {same} {already}")?,
        }
    }
    out.flush()?;
    Ok(Exit::Ok)
}

impl Row for AnnotationCount {
    const TABLE: &'static [Column] = &[
        Column::new("stories", Width::Number(7)),
        Column::new("last", Width::Fixed(10))
            .styled(AnsiColor::Yellow.on_default())
            .leaving(1),
        Column::new("name", Width::Share(1)).styled(AnsiColor::Cyan.on_default()),
    ];
    const FIELDS: &'static [&'static str] = &["name", "stories", "last"];

    fn cells(&self) -> Vec<String> {
        let day: String = self.last.chars().take(10).collect();
        vec![self.stories.to_string(), day, self.name.clone()]
    }

    fn fields(&self) -> Vec<String> {
        vec![
            self.name.clone(),
            self.stories.to_string(),
            self.last.clone(),
        ]
    }
}

/// Lists the tags or the collections, with how many stories each has.
pub(crate) fn names(
    kind: AnnotationKind,
    command: &'static str,
    form: &FormArgs,
    place: &PlaceArgs,
    screen: &Screen,
) -> Result<Exit> {
    let catalog = place.catalog(screen)?;
    let mut listing = form.listing(command, screen);
    listed(catalog.each_annotation_name(kind, |count: AnnotationCount| listing.row(count)))?;
    listing.end(match kind {
        AnnotationKind::Collection => "no story is in a collection",
        _ => "no story has a tag",
    })?;
    Ok(Exit::Ok)
}

/// Writes what people say of a story, below its page.
pub(crate) fn foot(
    catalog: &Catalog,
    id: StoryId,
    screen: &Screen,
    out: &mut impl Write,
) -> Result<()> {
    let query = Query::parse(&format!("id:{id}"))?;
    catalog.each_annotation(&query, None, |said| {
        let value = screen.shown(&said.value);
        match (said.kind.as_str(), said.quote) {
            ("verdict", Some(quote)) => writeln!(out, "quote {id}#{quote}: {value}")?,
            ("verdict", None) => {}
            (kind, _) => writeln!(out, "{kind}: {value}")?,
        }
        anyhow::Ok(())
    })
}
