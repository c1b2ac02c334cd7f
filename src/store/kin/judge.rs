//! Whether two stories are kin: duplicates, versions, or a story and the notice that kills it.

use super::mark::{self, mix};
use super::sketch::Sketch;
use crate::Story;
use crate::story::BlockKind;
use chrono::{Datelike, NaiveDate};

// The figures were set on 3,750 newswire stories of 1987, of which 1,250 came twice in other wrapping,
// by reading all pairs that share a key.

/// Two bodies with this much in common are one text, typing errors and an agency's tail apart.
const SAME_TEXT: f32 = 0.85;
/// With this much, one was made from the other, whatever the headlines say.
const MADE_FROM: f32 = 0.7;
/// With this much, and a headline in common.
const REWORKED: f32 = 0.5;
/// With this much, and a slug or headline in common, they tell of one event.
const RELATED_TEXT: f32 = 0.15;
/// Headlines with this share of their words in common are one headline, rewritten.
const SAME_HEADLINE: f32 = 0.5;
/// The last two where nobody knows whether it was the same day: what comes back every day, such as a
/// money market's report, is as much like yesterday's.
const RELATED_UNDATED: f32 = 0.3;
const SAME_UNDATED: f32 = 0.85;
/// Bodies with fewer words say too little by themselves: any two firms' dividends read alike.
const WORDS: u16 = 40;
/// Versions follow each other within so many days.
const DAYS: i32 = 2;

/// Words of version labels that take a story back.
const KILLS: [&str; 3] = ["kill", "withdrawn", "withdrawal"];

/// Days that one key stands for: kin, which are at most two days apart, have the same or the next one.
const SPAN: i32 = 3;

/// All that kinship is judged by. Words stand as numbers, whatever their case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    /// Fingerprint of the body.
    pub sketch: Option<Sketch>,
    /// Words of the body, as far as they can be counted.
    pub words: u16,
    /// Words of the headline, each once, in the order of the numbers.
    pub headline: Vec<u32>,
    /// The wire's keyword line.
    pub slug: Option<u32>,
    /// The version label; 0 for none.
    pub version: u32,
    /// Day of the story, from the first of the common era.
    pub day: Option<i32>,
    /// Whether this is a notice that takes a story back.
    pub kills: bool,
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
        let texts = story
            .body
            .iter()
            .filter(|block| block.kind != BlockKind::Crosshead)
            .map(|block| block.text.as_str());
        let (sketch, words) = Sketch::of(texts);
        let version = story
            .version
            .as_ref()
            .map_or("", |version| version.label.as_str());
        let mut headline = Vec::new();
        mark::words(story.headline.as_deref().unwrap_or_default(), |word| {
            headline.push(word as u32)
        });
        headline.sort_unstable();
        headline.dedup();
        let day = day.and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
        Self {
            sketch,
            words: u16::try_from(words).unwrap_or(u16::MAX),
            headline,
            slug: story.slug.as_deref().map(|slug| mark::text(slug) as u32),
            version: mark::text(version) as u32,
            day: day.map(|day| day.num_days_from_ce()),
            kills: version
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| KILLS.iter().any(|kill| word.eq_ignore_ascii_case(kill))),
        }
    }

    /// For keeping: which parts there are, then each part.
    pub fn to_bytes(&self) -> Vec<u8> {
        let parts = [
            self.sketch.is_some(),
            self.slug.is_some(),
            self.day.is_some(),
            self.kills,
        ];
        let mut bytes = vec![
            parts
                .iter()
                .rev()
                .fold(0, |bits, part| bits << 1 | u8::from(*part)),
        ];
        bytes.extend(self.words.to_le_bytes());
        bytes.extend(self.sketch.into_iter().flat_map(Sketch::to_bytes));
        bytes.extend(
            self.slug
                .into_iter()
                .chain([self.version])
                .flat_map(u32::to_le_bytes),
        );
        bytes.extend(self.day.into_iter().flat_map(i32::to_le_bytes));
        bytes.extend(self.headline.iter().flat_map(|word| word.to_le_bytes()));
        bytes
    }

    /// What [`Features::to_bytes`] made; none from anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (parts, rest) = bytes.split_first()?;
        let (body_words, mut rest) = rest.split_first_chunk()?;
        let has = |part: u8| parts & 1 << part != 0;
        let sketch = if has(0) {
            let (sketch, after) = rest.split_first_chunk()?;
            rest = after;
            Some(Sketch::from_bytes(sketch))
        } else {
            None
        };
        let mut number = || {
            let (number, after) = rest.split_first_chunk()?;
            rest = after;
            Some(u32::from_le_bytes(*number))
        };
        let slug = if has(1) { Some(number()?) } else { None };
        let version = number()?;
        let day = if has(2) {
            Some(number()?.cast_signed())
        } else {
            None
        };
        let (words, odd) = rest.as_chunks();
        let headline = words.iter().map(|word| u32::from_le_bytes(*word)).collect();
        let body_words = u16::from_le_bytes(*body_words);
        odd.is_empty().then_some(Self {
            sketch,
            words: body_words,
            headline,
            slug,
            version,
            day,
            kills: has(3),
        })
    }
}

/// What a story's kin are looked up by: the keys to keep it under, and more that only look.
pub fn keys(features: &Features) -> (Vec<i64>, Vec<i64>) {
    let mut kept: Vec<u64> = features.sketch.iter().flat_map(Sketch::keys).collect();
    let mut looked = Vec::new();
    let headline = (!features.headline.is_empty()).then(|| {
        features
            .headline
            .iter()
            .fold(1, |all, word| mix(all ^ u64::from(*word)))
    });
    for term in [features.slug.map(|slug| mix(u64::from(slug))), headline]
        .into_iter()
        .flatten()
    {
        // Slugs and standing headlines come back day after day: only near days are kin.
        let on = |span: i32| mix(term ^ u64::from(span.cast_unsigned()) << 32);
        let Some(day) = features.day else {
            kept.push(mix(term));
            continue;
        };
        let span = day.div_euclid(SPAN);
        kept.push(on(span));
        let near = [day - DAYS, day + DAYS].map(|day| day.div_euclid(SPAN));
        looked.extend(near.into_iter().filter(|other| *other != span).map(on));
    }
    let signed = |keys: Vec<u64>| keys.into_iter().map(u64::cast_signed).collect();
    (signed(kept), signed(looked))
}

/// What two stories are to each other, whichever came first; none if they have nothing in common.
pub fn kinship(a: &Features, b: &Features) -> Option<Kinship> {
    let headline = share(&a.headline, &b.headline);
    let days = a.day.zip(b.day).map(|(a, b)| a.abs_diff(b));
    let near = days.is_none_or(|days| days <= DAYS.unsigned_abs());
    let text = match (&a.sketch, &b.sketch) {
        (Some(a), Some(b)) => a.similarity(b),
        // A headline is all there is of them.
        (None, None) if near && headline == 1.0 => 1.0,
        _ => 0.0,
    };
    let same_slug = a.slug.is_some() && a.slug == b.slug;
    let labelled = a.version != b.version;
    let rewritten = headline >= SAME_HEADLINE;
    let tells = a.words.min(b.words) >= WORDS || rewritten;
    if text >= SAME_TEXT && tells && !(labelled && near) {
        return Some(Kinship::Duplicate);
    }
    let (related_text, same_headline) = if days.is_some() {
        (RELATED_TEXT, SAME_HEADLINE)
    } else {
        (RELATED_UNDATED, SAME_UNDATED)
    };
    let version = text >= MADE_FROM && tells
        || text >= REWORKED && rewritten
        || same_slug && (text >= related_text || headline >= same_headline)
        || headline >= same_headline && text >= related_text
        || rewritten && labelled && text > 0.0
        || (a.kills || b.kills) && (same_slug || rewritten);
    (near && version).then_some(Kinship::Version)
}

/// How much two sorted sets have in common, 0 to 1.
fn share(a: &[u32], b: &[u32]) -> f32 {
    let both = a
        .iter()
        .filter(|word| b.binary_search(word).is_ok())
        .count();
    let all = a.len() + b.len() - both;
    if all == 0 {
        0.0
    } else {
        both as f32 / all as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ParseOptions, parse};

    const LEAD: &str = "The harbour board voted on Tuesday to close the old ferry slip for repairs that will last until spring.\n\n\
        Divers found cracks in eleven of the forty piles, which were driven before the war.\n\n\
        About 4,000 people use the crossing on a working day, and most of them will have to take the bus.\n";

    fn features(copy: &str) -> Features {
        let story = parse(copy.as_bytes(), &ParseOptions::default());
        Features::of(&story, story.published.as_deref())
    }

    fn story(headline: &str, day: u32, body: &str) -> Features {
        features(&format!(
            "{headline}\n\nBy Ana Ruiz\n\nMarch {day}, 2025\n\n{body}"
        ))
    }

    #[test]
    fn wrapping_makes_a_duplicate_and_news_a_version() {
        let first = story("Board to close ferry slip", 4, LEAD);
        let copied = story("Ferry slip to shut for repairs", 9, LEAD);
        let update = story(
            "UPDATE 1-Board to close ferry slip",
            4,
            &format!("{LEAD}\nThe mayor said buses would be free.\n"),
        );
        let rewritten = story(
            "Board to close ferry slip until spring",
            5,
            &format!(
                "The mayor will speak at noon about the slip and the buses.\n\n{}",
                &LEAD[..104]
            ),
        );
        let other = story(
            "Beet prices fall again",
            4,
            "Growers met in the square on Monday to burn what they could not sell to anybody.\n",
        );
        assert_eq!(kinship(&first, &copied), Some(Kinship::Duplicate));
        assert_eq!(kinship(&first, &update), Some(Kinship::Version));
        assert_eq!(kinship(&first, &rewritten), Some(Kinship::Version));
        assert_eq!(kinship(&first, &other), None);
        for (a, b) in [
            (&first, &copied),
            (&first, &update),
            (&first, &rewritten),
            (&first, &other),
        ] {
            assert_eq!(kinship(a, b), kinship(b, a));
        }
    }

    #[test]
    fn what_reads_alike_every_day_is_not_one_story() {
        let opening = "The central bank said it had given the money market help in the morning session, to make good what it had put at a shortage of some";
        let first = format!(
            "{opening} 300 million before noon. Dealers had asked for far more than that at the window, and bills were dear all day long."
        );
        let second = format!(
            "{opening} 700 million. Tax money that left the banks and notes that went into the tills weighed on them, said the bank in its note."
        );
        let money = |rate: u32, date: &str, body: &str| {
            features(&format!(
                "MONEY MARKET GIVEN {rate} MILLION HELP\n\n{date}\n\n{body}\n"
            ))
        };
        let undated = [money(37, "", &first), money(186, "", &second)];
        assert!(
            undated
                .iter()
                .all(|story| story.day.is_none() && story.words >= WORDS)
        );
        assert_eq!(kinship(&undated[0], &undated[1]), None);
        let dated = [
            money(37, "March 4, 2025", &first),
            money(186, "March 4, 2025", &second),
        ];
        assert_eq!(
            kinship(&dated[0], &dated[1]),
            Some(Kinship::Version),
            "on one day the second is taken for an update"
        );
        let dividend = |firm: &str| {
            features(&format!(
                "{firm} SETS QUARTERLY\n\nThe quarterly dividend is ten cents against ten cents before, to be paid on April 15 to holders of March 31.\n"
            ))
        };
        let brief = dividend("CONCH WORKS INC");
        assert!(brief.words < WORDS && brief.sketch.is_some());
        assert_eq!(kinship(&brief, &dividend("UMBER CORP")), None);
        assert_eq!(
            kinship(&brief, &dividend("CONCH WORKS")),
            Some(Kinship::Duplicate)
        );
    }

    #[test]
    fn headlines_alone_are_kin_if_they_are_the_same() {
        let flash = |headline: &str| Features {
            headline: story(headline, 4, LEAD).headline,
            ..Features::default()
        };
        let (first, other) = (
            flash("Board closes ferry slip"),
            flash("Board closes night ferry slip"),
        );
        assert_eq!(kinship(&first, &first), Some(Kinship::Duplicate));
        assert_eq!(kinship(&first, &other), None);
        assert_eq!(kinship(&Features::default(), &Features::default()), None);
    }

    #[test]
    fn a_kill_is_of_its_story() {
        let first = story("Board to close ferry slip", 4, LEAD);
        let kill = story(
            "STORY WITHDRAWN-Board to close ferry slip",
            4,
            "The story is withdrawn. Please do not use it.\n",
        );
        assert!(kill.kills && !first.kills);
        assert_eq!(kinship(&first, &kill), Some(Kinship::Version));
        let late = story(
            "STORY WITHDRAWN-Board to close ferry slip",
            24,
            "The story is withdrawn. Please do not use it.\n",
        );
        assert_eq!(kinship(&first, &late), None);
    }

    #[test]
    fn kin_share_a_key() {
        let body = "A wholly new text about the meeting of the board that was held this morning.\n";
        for day in 1..=9 {
            let (kept, _) = keys(&story("Board to close ferry slip", day, LEAD));
            for other in 1..=9_u32 {
                let (own, looked) = keys(&story("Board to close ferry slip", other, body));
                let meets = own.iter().chain(&looked).any(|key| kept.contains(key));
                assert!(meets || day.abs_diff(other) > 2, "March {day} and {other}");
                assert!(!meets || day.abs_diff(other) < 5, "March {day} and {other}");
            }
        }
    }

    #[test]
    fn features_are_kept_as_bytes() {
        let full = Features {
            words: 700,
            slug: Some(7),
            version: 9,
            kills: true,
            ..story("Board to close ferry slip", 4, LEAD)
        };
        assert!(full.sketch.is_some() && full.day.is_some() && full.headline.len() == 5);
        for features in [
            full.clone(),
            Features {
                sketch: None,
                ..full.clone()
            },
            Features {
                day: None,
                slug: None,
                ..full
            },
            Features::default(),
        ] {
            let bytes = features.to_bytes();
            assert_eq!(Features::from_bytes(&bytes), Some(features));
            assert_eq!(Features::from_bytes(&bytes[..bytes.len() - 1]), None);
        }
        assert_eq!(Features::from_bytes(b""), None);
    }
}
