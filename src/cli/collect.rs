//! `archive collect`: stories that belong together because somebody says so.

use super::annotate::{Saying, StoriesArgs, names, say};
use super::exit::Exit;
use super::listing::FormArgs;
use super::place::PlaceArgs;
use super::reading::usage_error;
use super::screen::Screen;
use anyhow::Result;
use archive::store::annotations::{Annotation, AnnotationKind, Said};

/// Put stories into a collection, or list the collections
///
/// collection:NAME finds them in a search, so that --query takes a collection wherever stories are
/// listed or exported. Collections stand beside the records, in annotations.jsonl, and stay when
/// records are made again and when archives are merged. Without arguments, they are listed with
/// their sizes.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The collection's name
    #[arg(value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    stories: StoriesArgs,
    /// Take the stories out of it again
    #[arg(long)]
    remove: bool,

    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    form: FormArgs,
}

const EXAMPLES: &str = "\
Examples:
  archive collect 'Night ferry' 1f3a9c 03ee1e
  archive collect 'Night ferry' --query 'ferry after:2021-10'
  archive export --query 'collection:\"night ferry\"' --format csv
  archive collect";

pub(crate) fn run(args: &Args, screen: &Screen) -> Result<Exit> {
    let Some(name) = &args.name else {
        return names(
            AnnotationKind::Collection,
            "collect",
            &args.form,
            &args.place,
            screen,
        );
    };
    if args.stories.is_empty() {
        let message = "no story is named; give ids after the name, as in `archive collect 'Night \
                       ferry' 1f3a9c`, or --query";
        return Err(usage_error("collect", message).into());
    }
    let (said, done, already) = match args.remove {
        false => (Said::Added, "put in", "there already"),
        true => (Said::Withdrawn, "taken out", "not in it"),
    };
    let annotation =
        Annotation::collection(name).map_err(|error| usage_error("collect", &error.to_string()))?;
    let saying = Saying {
        command: "collect",
        annotation,
        name: name.trim(),
        said,
        done,
        already,
    };
    say(&[saying], &args.stories, &args.place, screen)
}
