//! Whether two stories are kin: duplicates, versions, or a story and the notice that kills it.

use super::sketch::{Sketch, hash};
use crate::Story;
use crate::story::BlockKind;
use crate::text::fold;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// Two bodies with this much in common are one text, typing errors and an agency's tail apart.
const SAME_TEXT: f32 = 0.85;
/// With this much, one was made from the other.
const MADE_FROM: f32 = 0.5;
/// With this much, and a slug or headline in common, they tell of one event.
const RELATED_TEXT: f32 = 0.15;
/// Headlines with this share of their words in common are one headline, rewritten.
const SAME_HEADLINE: f32 = 0.5;
/// Versions follow each other within so many days.
const DAYS: i64 = 2;

/// Words of version labels that take a story back.
const KILLS: [&str; 3] = ["kill", "withdrawn", "withdrawal"];

/// All that kinship is judged by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    /// Fingerprint of the body.
    pub sketch: Option<Sketch>,
    /// Words of the headline.
    pub headline: BTreeSet<String>,
    /// The wire's keyword line, folded.
    pub slug: Option<String>,
    /// The version label, folded.
    pub version: Option<String>,
    /// Day of the story.
    pub day: Option<NaiveDate>,
}

/// What two stories are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kinship {
    /// The same text in another wrapping.
    Duplicate,
    /// Leads, updates, corrections, kills of one story.
    Version,
}

impl Features {
    /// What a record shows. `day` is the day it is filed under, `YYYY-MM-DD`.
    pub fn of(story: &Story, day: Option<&str>) -> Self {
        let texts = story.body.iter().filter(|block| block.kind != BlockKind::Crosshead).map(|block| block.text.as_str());
        let version = story.version.as_ref().map(|version| version.label.as_str());
        Self::new(Sketch::of(texts), story.headline.as_deref(), story.slug.as_deref(), version, day)
    }

    /// The same, from what the catalog keeps.
    pub fn new(sketch: Option<Sketch>, headline: Option<&str>, slug: Option<&str>, version: Option<&str>, day: Option<&str>) -> Self {
        Self {
            sketch,
            headline: words(headline.unwrap_or_default()).map(fold).collect(),
            slug: slug.map(fold),
            version: version.map(fold),
            day: day.and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()),
        }
    }

    /// Whether this is a notice that takes a story back.
    pub fn kills(&self) -> bool {
        let label = self.version.as_deref().unwrap_or_default();
        label.split(|c: char| !c.is_alphanumeric()).any(|word| KILLS.contains(&word))
    }
}

/// The words of a text, without what stands between them.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// What a story's kin are looked up by: the keys to keep it under, and more that only look.
pub fn keys(features: &Features) -> (Vec<i64>, Vec<i64>) {
    let mut kept: Vec<u64> = features.sketch.iter().flat_map(Sketch::keys).collect();
    let mut looked = Vec::new();
    let headline = features.headline.iter().fold(String::new(), |all, word| all + word + " ");
    for (kind, term) in [("slug ", features.slug.as_deref()), ("headline ", (!headline.is_empty()).then_some(&*headline))] {
        let Some(term) = term else { continue };
        // Slugs and standing headlines come back day after day: only near days are kin.
        let on = |day: Option<NaiveDate>| {
            let day = day.map(|day| day.to_string()).unwrap_or_default();
            hash([kind, term, " ", &day].into_iter().flat_map(str::bytes))
        };
        kept.push(on(features.day));
        if let Some(day) = features.day {
            let near = (-DAYS..=DAYS).filter(|days| *days != 0).filter_map(|days| day.checked_add_signed(chrono::Duration::days(days)));
            looked.extend(near.map(|day| on(Some(day))));
        }
    }
    let signed = |keys: Vec<u64>| keys.into_iter().map(u64::cast_signed).collect();
    (signed(kept), signed(looked))
}

/// What two stories are to each other, whichever came first; none if they have nothing in common.
pub fn kinship(a: &Features, b: &Features) -> Option<Kinship> {
    let text = match (&a.sketch, &b.sketch) {
        (Some(a), Some(b)) => a.similarity(b),
        _ => 0.0,
    };
    let headline = share(&a.headline, &b.headline);
    let same_slug = a.slug.is_some() && a.slug == b.slug;
    let labelled = a.version != b.version;
    let kill = a.kills() || b.kills();
    let near = match (a.day, b.day) {
        (Some(a), Some(b)) => (a - b).num_days().abs() <= DAYS,
        _ => true,
    };
    if text >= SAME_TEXT && !(labelled && near) {
        return Some(Kinship::Duplicate);
    }
    let rewritten = headline >= SAME_HEADLINE;
    let version = text >= MADE_FROM
        || same_slug && (text >= RELATED_TEXT || rewritten)
        || rewritten && (text >= RELATED_TEXT || labelled && text > 0.0)
        || kill && (same_slug || rewritten);
    (near && version).then_some(Kinship::Version)
}

/// How much two sets have in common, 0 to 1.
fn share(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f32 {
    let both = a.intersection(b).count();
    let all = a.len() + b.len() - both;
    if all == 0 { 0.0 } else { both as f32 / all as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, parse};

    const LEAD: &str = "The harbour board voted on Tuesday to close the old ferry slip for repairs that will last until spring.\n\n\
        Divers found cracks in eleven of the forty piles, which were driven before the war.\n\n\
        About 4,000 people use the crossing on a working day, and most of them will have to take the bus.\n";

    fn features(copy: &str) -> Features {
        let story = parse(copy.as_bytes(), &Options::default());
        Features::of(&story, story.published.as_deref())
    }

    fn story(headline: &str, day: u32, body: &str) -> Features {
        features(&format!("{headline}\n\nBy Ana Ruiz\n\nMarch {day}, 2025\n\n{body}"))
    }

    #[test]
    fn wrapping_makes_a_duplicate_and_news_a_version() {
        let first = story("Board to close ferry slip", 4, LEAD);
        let copied = story("Ferry slip to shut for repairs", 9, LEAD);
        let update = story("UPDATE 1-Board to close ferry slip", 4, &format!("{LEAD}\nThe mayor said buses would be free.\n"));
        let rewritten = story(
            "Board to close ferry slip until spring",
            5,
            &format!("The mayor will speak at noon about the slip and the buses.\n\n{}", &LEAD[..104]),
        );
        let other =
            story("Beet prices fall again", 4, "Growers met in the square on Monday to burn what they could not sell to anybody.\n");
        assert_eq!(kinship(&first, &copied), Some(Kinship::Duplicate));
        assert_eq!(kinship(&first, &update), Some(Kinship::Version));
        assert_eq!(kinship(&first, &rewritten), Some(Kinship::Version));
        assert_eq!(kinship(&first, &other), None);
        for (a, b) in [(&first, &copied), (&first, &update), (&first, &rewritten), (&first, &other)] {
            assert_eq!(kinship(a, b), kinship(b, a));
        }
    }

    #[test]
    fn a_kill_is_of_its_story() {
        let first = story("Board to close ferry slip", 4, LEAD);
        let kill = story("STORY WITHDRAWN-Board to close ferry slip", 4, "The story is withdrawn. Please do not use it.\n");
        assert!(kill.kills() && !first.kills());
        assert_eq!(kinship(&first, &kill), Some(Kinship::Version));
        let late = story("STORY WITHDRAWN-Board to close ferry slip", 24, "The story is withdrawn. Please do not use it.\n");
        assert_eq!(kinship(&first, &late), None);
    }

    #[test]
    fn kin_share_a_key() {
        let first = story("Board to close ferry slip", 4, LEAD);
        let next_day =
            story("Board to close ferry slip", 5, "A wholly new text about the meeting of the board that was held this morning.\n");
        let (kept, _) = keys(&first);
        let (own, looked) = keys(&next_day);
        assert!(own.iter().chain(&looked).any(|key| kept.contains(key)));
    }
}
