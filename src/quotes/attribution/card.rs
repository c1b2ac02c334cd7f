//! The tables of the model card, `docs/quotes.md`, made from the features and their weights.

use super::axes::{
    Begin, Count, Distance, End, Gap, LastQuote, Length, Letters, Location, Neighbour, Often,
    Order, Rank, Role, Side, Touch, VerbForm, VerbGroup, WhoGroup,
};
use super::feature::{FAMILIES, FEATURES, Feature};
use super::weights::Weights;
use crate::quotes::axis::Axis;
use crate::quotes::syntax::class::Verb;
use crate::quotes::syntax::clauses::{Article, Between, SubjectOf, Who};
use std::fmt::Write;

/// What stands before the tables; what stands there is written by hand.
const TABLES: &str =
    "<!-- Below this line the page is made by `ARCHIVE_ACCEPT=1 cargo test card`. -->\n";

/// Returns the table of the families, with what weighs most in each.
fn families() -> String {
    let weights = Weights::fitted();
    let weighty = Feature::all().filter(|f| weights.of(*f) != 0.0).count();
    let mut out = format!(
        "\n## Features\n\n{} families with {FEATURES} features, of which {weighty} weigh \
         anything.\n\n\
         | family | looks at | features | speaks most for | speaks most against |\n\
         | --- | --- | --- | --- | --- |\n",
        FAMILIES.len()
    );
    let mut features = Feature::all();
    for family in &FAMILIES {
        let all: Vec<Feature> = features.by_ref().take(family.size()).collect();
        let by_weight = |a: &&Feature, b: &&Feature| weights.of(**a).total_cmp(&weights.of(**b));
        let shown = |feature: Option<&Feature>, sign: f32| {
            let feature = feature.filter(|f| weights.of(**f) * sign > 0.0);
            feature.map_or(String::new(), |feature| {
                let name = feature.name();
                let values = name
                    .split_once(' ')
                    .map_or("(always)", |(_, values)| values);
                format!("{values} {:+.1}", weights.of(*feature))
            })
        };
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            family.name,
            family.meaning.trim(),
            all.len(),
            shown(all.iter().max_by(by_weight), 1.0),
            shown(all.iter().min_by(by_weight), -1.0),
        );
    }
    out
}

/// Returns the values of one axis, each with its example.
fn axis<A: Axis>(name: &str) -> String {
    let mut out = format!(
        "\n**{name}.** {}\n\n| value | example |\n| --- | --- |\n",
        A::MEANING.trim()
    );
    for (value, example) in A::VALUES {
        let _ = writeln!(out, "| {value} | {example} |");
    }
    out
}

fn values() -> String {
    [
        axis::<Side>("Side"),
        axis::<Verb>("Verb"),
        axis::<VerbGroup>("VerbGroup"),
        axis::<VerbForm>("VerbForm"),
        axis::<Who>("Who"),
        axis::<WhoGroup>("WhoGroup"),
        axis::<Article>("Article"),
        axis::<Distance>("Distance"),
        axis::<Gap>("Gap"),
        axis::<Count>("Count"),
        axis::<Location>("Location"),
        axis::<Order>("Order"),
        axis::<End>("End"),
        axis::<Begin>("Begin"),
        axis::<Length>("Length"),
        axis::<Letters>("Letters"),
        axis::<Neighbour>("Neighbour"),
        axis::<Touch>("Touch"),
        axis::<Role>("Role"),
        axis::<Often>("Often"),
        axis::<Rank>("Rank"),
        axis::<SubjectOf>("SubjectOf"),
        axis::<Between>("Between"),
        axis::<LastQuote>("LastQuote"),
    ]
    .concat()
}

#[test]
fn the_card_shows_the_features_as_they_are() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/quotes.md");
    let page = std::fs::read_to_string(path).unwrap_or_default();
    let (written, _) = page.split_once(TABLES).unwrap_or((&page, ""));
    let made = format!("{written}{TABLES}{}\n## Values\n{}", families(), values());
    if std::env::var_os("ARCHIVE_ACCEPT").is_some() {
        std::fs::write(path, &made).unwrap();
        return;
    }
    assert!(
        page == made,
        "docs/quotes.md does not show the weights: ARCHIVE_ACCEPT=1 cargo test card"
    );
}

#[test]
fn every_axis_of_a_family_has_its_values_on_the_card() {
    let values = values();
    for (value, example) in FAMILIES.iter().flat_map(|f| f.axes).flat_map(|axis| *axis) {
        // Whether something is so needs no example.
        let shown = matches!(*value, "no" | "yes")
            || !example.is_empty() && values.contains(&format!("| {value} | {example} |"));
        assert!(shown, "{value}");
    }
}
