//! `archive tag`: words to find stories by.

use super::annotate::{Saying, StoriesArgs, names, say};
use super::exit::Exit;
use super::listing::FormArgs;
use super::place::PlaceArgs;
use super::reading::usage_error;
use super::screen::Screen;
use anyhow::Result;
use archive::store::annotations::{Annotation, AnnotationKind, Said};

/// Give stories words to find them by, or list the tags
///
/// tag:WORD finds them in a search. Tags stand beside the records, in annotations.jsonl, and stay
/// when records are made again and when archives are merged. Without arguments, the tags are listed
/// with how many stories have each.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The tag; several with commas between them
    #[arg(value_name = "TAG")]
    tags: Option<String>,
    #[command(flatten)]
    stories: StoriesArgs,
    /// Take the tags away again
    #[arg(long)]
    remove: bool,

    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    form: FormArgs,
}

const EXAMPLES: &str = "\
Examples:
  archive tag ports 1f3a9c 03ee1e
  archive tag 'ports,strikes' --query 'headline:\"port strike\"'
  archive tag ports 03ee1e --remove
  archive list --query tag:ports
  archive tag";

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let Some(tags) = &args.tags else {
        return names(AnnotationKind::Tag, "tag", &args.form, &args.place, screen);
    };
    if args.stories.is_empty() {
        let message = "no story is named; give ids after the tag, as in `archive tag ports \
                       1f3a9c`, or --query";
        return Err(usage_error("tag", message).into());
    }
    let (said, done, already) = match args.remove {
        false => (Said::Added, "tagged", "had it already"),
        true => (Said::Withdrawn, "untagged", "did not have it"),
    };
    let mut sayings = Vec::new();
    for name in tags.split(',') {
        let annotation =
            Annotation::tag(name).map_err(|error| usage_error("tag", &error.to_string()))?;
        sayings.push(Saying {
            command: "tag",
            annotation,
            name: name.trim(),
            said,
            done,
            already,
        });
    }
    say(&sayings, &args.stories, &args.place, screen)
}
