//! Whether two stories are kin: duplicates, versions, or a story and the notice that kills it.

use super::mark::{self, mix};
use super::sketch::Sketch;
use crate::story::BlockKind;
use crate::story::Story;
use chrono::{Datelike, NaiveDate};

// The figures were set on 3,750 newswire stories of 1987, of which 1,250 came twice in other
// wrapping, by reading all pairs that share a key.

/// Two bodies with this much in common: one was made from the other, whatever the headlines say.
const MADE_FROM: f32 = 0.7;
/// With this much, and a headline in common.
const REWORKED: f32 = 0.5;
/// With this much, and a slug or headline in common, they are about one event.
const RELATED_TEXT: f32 = 0.15;
/// Headlines with this share of their words in common are one headline, rewritten.
const SAME_HEADLINE: f32 = 0.5;
/// The last two where nobody knows whether it was the same day: what comes back every day, such as
/// a money market's report, is as much like yesterday's.
const RELATED_UNDATED: f32 = 0.3;
const SAME_UNDATED: f32 = 0.85;
/// Bodies with fewer words say too little by themselves: any two firms' dividends read alike.
const WORDS: u16 = 40;
/// Versions follow each other within so many days.
const DAYS: i32 = 2;

/// Words of version labels that take a story back.
const KILLS: [&str; 3] = ["kill", "withdrawn", "withdrawal"];

/// Days that one key stands for: kin, which are at most two days apart, have the same or the next
/// one.
const SPAN: i32 = 3;

/// All that kinship is judged by. Words stand as numbers, whatever their case.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Features {
    /// Fingerprint of the body.
    pub sketch: Option<Sketch>,
    /// What the body says, word by word; of a story that has next to none, the headline.
    pub wording: Option<u64>,
    /// Words of the body, as far as they can be counted.
    pub words: u16,
    /// Words of the headline, each once, in the order of the numbers.
    pub headline: Vec<u32>,
    /// Figures and negations of the headline; 0 for none.
    pub claims: u32,
    /// The wire's keyword line.
    pub slug: Option<u32>,
    /// The city of the dateline.
    pub place: Option<u32>,
    /// The version label; 0 for none.
    pub version: u32,
    /// Day of the story, from the first of the common era.
    pub day: Option<i32>,
    /// Whether this is a notice that takes a story back.
    pub kills: bool,
}

/// What two stories are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kinship {
    /// The same text in another wrapping.
    Duplicate,
    /// Leads, updates, corrections, kills of one story.
    Version,
}

impl Features {
    /// Returns what a record shows. `day` is the day it is filed under, `YYYY-MM-DD`.
    pub(crate) fn of(story: &Story, day: Option<&str>) -> Self {
        let texts = || {
            story
                .body
                .iter()
                .filter(|block| block.kind != BlockKind::Crosshead)
                .map(|block| block.text.as_str())
        };
        let (sketch, words) = Sketch::of(texts());
        let version = story
            .version
            .as_ref()
            .map_or("", |version| version.label.as_str());
        let title = story.headline.as_deref().unwrap_or_default();
        let wording = if sketch.is_some() {
            mark::wording(texts())
        } else {
            mark::wording(std::iter::once(title).chain(texts()))
        };
        let mut headline = Vec::new();
        mark::words(title, |word| headline.push(word as u32));
        headline.sort_unstable();
        headline.dedup();
        let day = day.and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
        let place = story
            .dateline
            .as_ref()
            .and_then(|dateline| dateline.place.as_deref());
        Self {
            sketch,
            wording,
            words: u16::try_from(words).unwrap_or(u16::MAX),
            headline,
            claims: mark::claims(title) as u32,
            slug: story.slug.as_deref().map(|slug| mark::text(slug) as u32),
            place: place.map(|place| mark::text(place) as u32),
            version: mark::text(version) as u32,
            day: day.map(|day| day.num_days_from_ce()),
            kills: version
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| KILLS.iter().any(|kill| word.eq_ignore_ascii_case(kill))),
        }
    }

    /// Returns the features as they are kept: which parts there are, then each part.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let parts = [
            self.sketch.is_some(),
            self.wording.is_some(),
            self.slug.is_some(),
            self.place.is_some(),
            self.day.is_some(),
            self.kills,
        ];
        let flags = parts
            .iter()
            .rev()
            .fold(0, |bits, part| bits << 1 | u8::from(*part));
        let mut bytes = vec![flags];
        bytes.extend(self.words.to_le_bytes());
        bytes.extend(self.sketch.into_iter().flat_map(Sketch::to_bytes));
        bytes.extend(self.wording.into_iter().flat_map(u64::to_le_bytes));
        let numbers = self
            .slug
            .into_iter()
            .chain(self.place)
            .chain([self.version, self.claims]);
        bytes.extend(numbers.flat_map(u32::to_le_bytes));
        bytes.extend(self.day.into_iter().flat_map(i32::to_le_bytes));
        bytes.extend(self.headline.iter().flat_map(|word| word.to_le_bytes()));
        bytes
    }

    /// Returns what [`Features::to_bytes`] made; none from anything else.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        let [flags] = reader.take()?;
        let has = |part: u8| flags & 1 << part != 0;
        let features = Self {
            words: u16::from_le_bytes(reader.take()?),
            sketch: reader
                .take_if(has(0))?
                .map(|bytes| Sketch::from_bytes(&bytes)),
            wording: reader.take_if(has(1))?.map(u64::from_le_bytes),
            slug: reader.take_if(has(2))?.map(u32::from_le_bytes),
            place: reader.take_if(has(3))?.map(u32::from_le_bytes),
            version: u32::from_le_bytes(reader.take()?),
            claims: u32::from_le_bytes(reader.take()?),
            day: reader.take_if(has(4))?.map(i32::from_le_bytes),
            kills: has(5),
            headline: Vec::new(),
        };
        let (words, odd) = reader.0.as_chunks();
        odd.is_empty().then(|| Self {
            headline: words.iter().map(|word| u32::from_le_bytes(*word)).collect(),
            ..features
        })
    }
}

/// The bytes that are still to be read.
struct Reader<'b>(&'b [u8]);

impl Reader<'_> {
    fn take<const LENGTH: usize>(&mut self) -> Option<[u8; LENGTH]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    /// Returns a part that may not be there; none if it should be and is not.
    fn take_if<const LENGTH: usize>(&mut self, is_there: bool) -> Option<Option<[u8; LENGTH]>> {
        if is_there {
            self.take().map(Some)
        } else {
            Some(None)
        }
    }
}

/// Returns what a story's kin are looked up by: the keys to keep it under, and more that only look.
pub(crate) fn keys(features: &Features) -> (Vec<i64>, Vec<i64>) {
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

/// Returns what two stories are to each other, whichever came first; none if they have nothing in
/// common.
///
/// Only the same words make a duplicate: a figure, a name or a "not" that changed is news. How
/// alike two texts are decides whether they are versions of one story.
pub(crate) fn kinship(one: &Features, other: &Features) -> Option<Kinship> {
    let pair = Pair::of(one, other);
    if pair.is_duplicate() {
        Some(Kinship::Duplicate)
    } else {
        (pair.is_near && pair.is_version()).then_some(Kinship::Version)
    }
}

/// Two stories side by side.
struct Pair {
    /// Share of the headlines' words that both have.
    headline: f32,
    /// Share of the bodies' word triples that both have, estimated.
    text: f32,
    /// The bodies have the same words in the same order.
    has_same_words: bool,
    /// The headlines differ in a figure or a negation.
    is_contradicted: bool,
    has_same_slug: bool,
    /// Both are dated.
    is_dated: bool,
    /// They may be of days near each other.
    is_near: bool,
    /// They come from different places.
    is_elsewhere: bool,
    /// They have different version labels, or one has one.
    is_labelled: bool,
    /// One takes the other back.
    is_kill: bool,
    /// Their texts are long enough to be told from others of their kind.
    is_long_enough: bool,
}

impl Pair {
    fn of(one: &Features, other: &Features) -> Self {
        let headline = share(&one.headline, &other.headline);
        let days = one
            .day
            .zip(other.day)
            .map(|(one, other)| one.abs_diff(other));
        let is_near = days.is_none_or(|days| days <= DAYS.unsigned_abs());
        let text = match (&one.sketch, &other.sketch) {
            (Some(one), Some(other)) => one.similarity(other),
            // A headline is all there is of them.
            (None, None) if is_near && headline == 1.0 => 1.0,
            _ => 0.0,
        };
        Self {
            headline,
            text,
            has_same_words: one.wording.is_some() && one.wording == other.wording,
            is_contradicted: headline >= SAME_HEADLINE && one.claims != other.claims,
            has_same_slug: one.slug.is_some() && one.slug == other.slug,
            is_dated: days.is_some(),
            is_near,
            is_elsewhere: one.place.is_some() && other.place.is_some() && one.place != other.place,
            is_labelled: one.version != other.version,
            is_kill: one.kills || other.kills,
            is_long_enough: one.words.min(other.words) >= WORDS || headline >= SAME_HEADLINE,
        }
    }

    /// Returns whether one says the same as the other.
    fn is_duplicate(&self) -> bool {
        let is_new_version = self.is_near && (self.is_labelled || self.is_contradicted);
        // Headlines alone come back another day.
        let is_same = self.has_same_words && self.text > 0.0;
        is_same && self.is_long_enough && !is_new_version
    }

    /// Returns whether both are about one event, if they are of days near each other.
    fn is_version(&self) -> bool {
        let is_rewritten = self.headline >= SAME_HEADLINE;
        if self.is_kill && (self.has_same_slug || is_rewritten) {
            return true;
        }
        if self.is_elsewhere && !self.has_same_words {
            // What four cities report under one headline are four stories. One that moves says so
            // in its label, and keeps most of its text.
            return self.is_labelled
                && self.text >= REWORKED
                && (self.has_same_slug || is_rewritten);
        }
        let (related_text, same_headline) = if self.is_dated {
            (RELATED_TEXT, SAME_HEADLINE)
        } else {
            (RELATED_UNDATED, SAME_UNDATED)
        };
        self.text >= MADE_FROM && self.is_long_enough
            || self.text >= REWORKED && is_rewritten
            || self.has_same_slug && (self.text >= related_text || self.headline >= same_headline)
            || self.headline >= same_headline && self.text >= related_text
            || is_rewritten && self.is_labelled && self.text > 0.0
    }
}

/// Returns how much two sorted sets have in common, 0 to 1.
fn share(one: &[u32], other: &[u32]) -> f32 {
    let both = one
        .iter()
        .filter(|word| other.binary_search(word).is_ok())
        .count();
    let all = one.len() + other.len() - both;
    if all == 0 {
        0.0
    } else {
        both as f32 / all as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::ParseOptions;
    use crate::parse::parse;

    const LEAD: &str = "The harbour board voted on Tuesday to close the old ferry slip for \
                        repairs that will last until spring.\n\n\
        Divers found cracks in eleven of the forty piles, which were driven before the war.\n\n\
        About 4,000 people use the crossing on a working day, and most of them will have to take \
                        the bus.\n";

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
        let opening = "The central bank said it had given the money market help in the morning \
                       session, to make good what it had put at a shortage of some";
        let first = format!(
            "{opening} 300 million before noon. Dealers had asked for far more than that at the \
             window, and bills were dear all day long."
        );
        let second = format!(
            "{opening} 700 million. Tax money that left the banks and notes that went into the \
             tills weighed on them, said the bank in its note."
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
                "{firm} SETS QUARTERLY\n\nThe quarterly dividend is ten cents against ten cents \
                 before, to be paid on April 15 to holders of March 31.\n"
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
        let flash = |headline: &str| {
            let story = Story {
                headline: Some(headline.to_owned()),
                body: Vec::new(),
                ..parse(LEAD.as_bytes(), &ParseOptions::default())
            };
            Features::of(&story, None)
        };
        let (first, other) = (
            flash("Board closes ferry slip"),
            flash("Board closes night ferry slip"),
        );
        assert_eq!(
            kinship(&flash("12 dead, 21 hurt"), &flash("21 dead, 12 hurt")),
            Some(Kinship::Version)
        );
        assert_eq!(kinship(&first, &first), Some(Kinship::Duplicate));
        assert_eq!(kinship(&first, &other), None);
        assert_eq!(kinship(&Features::default(), &Features::default()), None);
    }

    #[test]
    fn what_changed_a_figure_a_name_or_a_negation_is_a_version() {
        let long = format!(
            "{LEAD}\n{}",
            "Nobody on the quay had seen the like of it. ".repeat(40)
        );
        let first = story("Board to close ferry slip", 4, &long);
        for (from, to) in [
            ("eleven", "twelve"),
            ("4,000", "40,000"),
            ("will last", "will not last"),
            ("Tuesday", "Monday"),
            ("harbour board", "harbour club"),
        ] {
            let update = story("Board to close ferry slip", 4, &long.replacen(from, to, 1));
            assert!(long.contains(from), "{from}");
            assert_eq!(
                kinship(&first, &update),
                Some(Kinship::Version),
                "{from} → {to}"
            );
        }
        for (from, to) in [
            (", which", " -- which"),
            ("harbour", "HARBOUR"),
            ("bus", "b\u{FA}s"),
            ("crossing", "crosssing"),
        ] {
            let copy = story("Board to close ferry slip", 4, &long.replacen(from, to, 1));
            assert_eq!(
                kinship(&first, &copy),
                Some(Kinship::Duplicate),
                "{from} → {to}"
            );
        }
        let body = |headline| story(headline, 4, LEAD);
        assert_eq!(
            kinship(
                &body("Slip fire leaves 12 dead"),
                &body("Slip fire leaves 21 dead")
            ),
            Some(Kinship::Version),
            "headlines may be all that changed"
        );
    }

    #[test]
    fn one_headline_from_four_places_is_four_stories() {
        let report = |place: &str, cents: u32, label: &str| {
            features(&format!(
                "{label}Grain prices close higher\n\n{place}, March 4, 2025 (AFP) - Wheat closed \
                 {cents} cents higher on Tuesday and corn rose {} cents, as dealers waited for \
                 the week's figures on exports, which are due on Thursday morning.\n\nSoybeans \
                 were {} cents up, and oats did not move. Trade was thin, for most of the buyers \
                 had gone to the fair.\n",
                cents + 2,
                cents + 5
            ))
        };
        let cities = ["CHICAGO", "MINNEAPOLIS", "WINNIPEG", "ROSARIO"];
        for (at, one) in cities.iter().enumerate() {
            for (place, other) in cities.iter().enumerate().skip(at + 1) {
                let (one_report, other_report) = (
                    report(one, at as u32 + 3, ""),
                    report(other, place as u32 + 3, ""),
                );
                assert!(one_report.place.is_some() && one_report.headline == other_report.headline);
                assert_eq!(kinship(&one_report, &other_report), None, "{one}, {other}");
            }
        }
        assert_eq!(
            kinship(&report("CHICAGO", 3, ""), &report("CHICAGO", 4, "")),
            Some(Kinship::Version),
            "the same city corrects itself"
        );
        assert_eq!(
            kinship(
                &report("CHICAGO", 3, ""),
                &report("WINNIPEG", 3, "UPDATE 1-")
            ),
            Some(Kinship::Version),
            "a story may move"
        );
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
            place: Some(8),
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
