//! What can be seen of a unit: named features, each true or false.

use super::byline;
use super::date::{self, DateLine};
use super::dateline;
use super::name;
use super::tokens::{Kind, tokens};
use super::units::{Unit, bullet};
use super::version;
use crate::lexicon::LEXICON;
use crate::text::{fold, weight};
use std::collections::{HashMap, HashSet};
use unicode_normalization::UnicodeNormalization;

macro_rules! features {
    ($($(#[doc = $doc:literal])* $name:ident,)*) => {
        /// One thing that a unit shows or does not show.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Feature { $($(#[doc = $doc])* $name,)* }

        impl Feature {
            /// All features, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name for people.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }
        }
    };
}

features! {
    /// Present in every unit: carries a label's own likelihood.
    Always,
    /// At most 15 letters' weight.
    Tiny,
    /// 16 to 45.
    Short,
    /// 46 to 110.
    Medium,
    /// 111 to 220.
    Long,
    /// More than 220.
    VeryLong,
    /// Ends as a sentence does.
    Sentence,
    /// Holds more than one sentence.
    Sentences,
    /// Ends with a question mark.
    Question,
    /// Ends with a colon.
    Colon,
    /// Ends with an ellipsis: a teaser cut off, or a thought.
    Cut,
    /// Begins with a small letter.
    LowerStart,
    /// No small letter in it.
    Capitals,
    /// Begins with a quotation mark.
    QuoteStart,
    /// All of it between quotation marks.
    Quoted,
    /// More figures than letters.
    Numeric,
    /// Begins with a bullet or an item number.
    Bullet,
    /// Set in columns.
    Table,
    /// Set in from the margin of hand-set copy: a paragraph begins so.
    Indented,
    /// No blank line before it, though the copy has blank lines.
    Adjacent,
    /// The next unit is adjacent.
    NextAdjacent,
    /// Reads as running text: long, or a whole sentence of some length.
    Prose,
    /// A by-word and at least one name.
    ByName,
    /// A by-word and words that are no name.
    ByOther,
    /// A by-word alone.
    ByLabel,
    /// Nothing but names, at least one with a known given name.
    Names,
    /// Could be a name.
    NameLike,
    /// A role alone.
    Role,
    /// An agency alone.
    Agency,
    /// An e-mail address or handle alone.
    Contact,
    /// Nothing but a date.
    DateLine,
    /// A date and little else.
    DateIn,
    /// Words of date lines without a date: "3 hours ago", "Lesezeit: 2 Min."
    DateWords,
    /// A sure dateline at its start.
    Dateline,
    /// A likely dateline at its start.
    DatelineLikely,
    /// A dateline and nothing else.
    DatelineWhole,
    /// A share button or social network.
    Share,
    /// A section name.
    Section,
    /// Another piece of site furniture.
    Site,
    /// A phrase that introduces links, alone.
    RelatedLabel,
    /// A phrase that introduces links, a colon, and a title.
    RelatedTitle,
    /// A phrase of adverts and newsletters.
    Promo,
    /// Begins as credits do: "Photo:".
    CreditStart,
    /// Names a picture agency.
    CreditAgency,
    /// Words that stand in captions: "(left)", "file photo".
    CaptionWords,
    /// Ends with a credit in parentheses or behind a copyright sign.
    CreditEnd,
    /// Begins as a note does.
    NoteStart,
    /// Begins as a contributors' line does, in parentheses or with a colon.
    Contributors,
    /// Begins with a copyright sign or word.
    Copyright,
    /// An end mark.
    EndMark,
    /// A line after which the story is over.
    TailMark,
    /// The story's own address, labelled.
    Url,
    /// An address without a label.
    BareUrl,
    /// Shaped like a slug line.
    SlugShape,
    /// Begins with a version label.
    VersionLabel,
    /// Begins with a run of asterisks: a flash.
    Flash,
    /// The same line stands elsewhere in the copy.
    Repeated,
    /// The same line stands three times or more.
    RepeatedOften,
    /// Its words are those of the story's address.
    UrlWords,
    /// Its words are those of the first paragraphs.
    Echo,
    /// The first unit.
    First,
    /// The unit before is running text.
    AfterProse,
    /// The next unit is running text.
    BeforeProse,
    /// Among three or more short units in a row.
    InRun,
    /// Two units of running text follow at once.
    ProseAhead,
    /// No running text before it.
    NoProseBefore,
    /// No running text behind it.
    NoProseLeft,
    /// Nearly all running text is before it.
    LittleProseLeft,
    /// Running text between short units on both sides.
    Lone,
    /// On a page: the first running text, short, and what follows is none.
    Solo,
    /// On a page: the first running text, short, and what follows is longer by a quarter.
    StepUp,
    /// The unit before ends with a colon.
    AfterColon,
    /// The unit before is a byline or a label of one.
    AfterBy,
    /// A line of names stands before it.
    AfterNames,
    /// The longest short line before the first running text.
    LongestOfTop,
    /// Several words, each with a capital.
    TitleCase,
    /// A byline or date line follows within three units.
    BylineNear,
    /// The copy is set by hand or teletype, not copied from a page.
    Teletype,
    /// Of some length, and ends with a full stop.
    Statement,
    /// Ends without a stop, bracket or colon.
    NoStop,
    /// Ends with a short name behind its last stop or in parentheses, as captions do.
    TrailingName,
    /// Near the end, and begins with an author's name.
    AboutAuthor,
    /// The first title once more.
    TitleAgain,
    /// Running text that stands twice, while the rest of the story does not.
    RepeatedProse,
    /// The next unit is nothing but a credit.
    BeforeCredit,
    /// The unit before is nothing but a credit.
    AfterCredit,
    /// Behind running text and right after a date or an age: a teaser.
    AfterAge,
    /// More than half of the running text is before it.
    Late,
    /// A breadcrumb trail: section, section, page.
    Trail,
    /// Several words that no list knows as furniture: it could be a title.
    Title,
    /// The first of the titles.
    FirstTitle,
}

/// A set of features.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Features(u128);

impl Features {
    /// Adds `feature` if `seen`.
    pub fn set(&mut self, feature: Feature, seen: bool) {
        self.0 |= u128::from(seen) << feature as u8;
    }

    /// Takes `feature` out.
    pub fn clear(&mut self, feature: Feature) {
        self.0 &= !(1 << feature as u8);
    }

    /// Whether it holds `feature`.
    pub const fn has(self, feature: Feature) -> bool {
        self.0 >> feature as u8 & 1 == 1
    }

    /// Its features, in order.
    pub fn iter(self) -> impl Iterator<Item = Feature> {
        let mut bits = self.0;
        std::iter::from_fn(move || {
            let i = bits.trailing_zeros() as usize;
            bits &= bits.checked_sub(1)?;
            Feature::ALL.get(i).copied()
        })
    }
}

/// What was read of a unit on the way to its features.
#[derive(Debug, Default)]
pub struct Reading {
    /// What it shows.
    pub features: Features,
    /// Its weight.
    pub weight: usize,
    /// Its folded text, if it is not long.
    pub folded: String,
    /// The line as a byline.
    pub byline: Option<byline::Read>,
    /// The line as a date line.
    pub dates: Option<DateLine>,
    /// The dateline at its start.
    pub dateline: Option<dateline::Read>,
}

/// Units heavier than this are not folded and not searched for phrases.
const SHORT_ENOUGH: usize = 480;
/// A byline or date line is not longer.
const LINE_AT_MOST: usize = 170;
/// Datelines stand near the top: so many units are looked at.
const DATELINE_WITHIN: usize = 90;
/// A standfirst is not longer.
const STANDFIRST_AT_MOST: usize = 340;
/// So many units are compared with the story's address and its first paragraphs.
const TOP_AT_MOST: usize = 60;

/// Reads the features of all units.
pub fn read(copy: &str, units: &[Unit]) -> Vec<Reading> {
    let mut out: Vec<Reading> = Vec::with_capacity(units.len());
    let mut datelines_open = true;
    for (i, unit) in units.iter().enumerate() {
        let reading = alone(copy, unit, datelines_open && i < DATELINE_WITHIN);
        // Behind the second paragraph of running text nobody files a dateline.
        if reading.features.has(Feature::Prose)
            && out.iter().rev().take(DATELINE_WITHIN).filter(|r| r.features.has(Feature::Prose)).count() > 2
        {
            datelines_open = false;
        }
        out.push(reading);
    }
    context(copy, units, &mut out);
    out
}

/// What a unit shows by itself.
fn alone(copy: &str, unit: &Unit, near_top: bool) -> Reading {
    use Feature::*;
    let text = unit.str(copy);
    let mut out = Reading { weight: weight(text), ..Reading::default() };
    let mut f = Features::default();
    f.set(Always, true);
    let w = out.weight;
    f.set(Tiny, w <= 15);
    f.set(Short, (16..=45).contains(&w));
    f.set(Medium, (46..=110).contains(&w));
    f.set(Long, (111..=220).contains(&w));
    f.set(VeryLong, w > 220);
    f.set(Table, unit.table);
    shape(text, w, &mut f);
    if near_top {
        out.dateline = dateline::read(text).filter(|d| d.sure >= 0.4);
        if let Some(d) = &out.dateline {
            let whole = d.body >= text.len();
            f.set(Dateline, d.sure >= 0.65);
            f.set(DatelineLikely, d.sure < 0.65);
            f.set(DatelineWhole, whole);
        }
    }
    if w <= SHORT_ENOUGH {
        out.folded = fold(text);
        phrases(&out.folded, text, w, &mut f);
    }
    if w <= LINE_AT_MOST {
        lines(text, &mut out, &mut f);
    }
    f.set(Trail, w <= 200 && is_trail(text));
    if [ByName, ByLabel, DateLine, DateIn, Share, Section, Site, Trail].iter().any(|other| f.has(*other)) {
        f.clear(Table);
    }
    f.set(Title, is_title(text, w, f));
    out.features = f;
    out
}

/// `Start / Ausland / Title`, `Home > News > Title`, `News    World    Title`: the first part is a page's furniture.
fn is_trail(text: &str) -> bool {
    let spread = text.replace("   ", "\u{0}");
    let parts: Vec<&str> =
        [" / ", " > ", " » ", " › ", "\u{0}"].iter().map(|s| spread.split(*s).collect::<Vec<_>>()).max_by_key(Vec::len).unwrap_or_default();
    parts.len() > 2 && parts.first().is_some_and(|first| LEXICON.navigation.has(&fold(first)))
        || parts.len() == 2 && parts.iter().any(|part| LEXICON.navigation.get(&fold(part)) == Some("site"))
}

/// Three words or more (or as much in a script without spaces), and nothing that says otherwise.
fn is_title(text: &str, w: usize, f: Features) -> bool {
    use Feature::*;
    const OTHERWISE: [Feature; 27] = [
        Colon,
        Share,
        Section,
        Site,
        Promo,
        ByName,
        ByLabel,
        Names,
        Role,
        Agency,
        Contact,
        DateLine,
        DateIn,
        DateWords,
        DatelineWhole,
        RelatedLabel,
        RelatedTitle,
        CreditStart,
        CreditEnd,
        NoteStart,
        Contributors,
        Copyright,
        EndMark,
        Url,
        BareUrl,
        SlugShape,
        Table,
    ];
    let words = text.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count();
    // `HomeNewsWorld`: navigation glued together.
    let glued = text.as_bytes().windows(2).filter(|p| p[0].is_ascii_lowercase() && p[1].is_ascii_uppercase()).count();
    let trail = f.has(Trail) || text.contains(" > ") || text.contains(" / ") || words < 6 && text.contains(" | ") || text.contains('›');
    let spaceless = w > text.len() / 2 && !text.is_ascii() && w >= 30;
    let statement = f.has(Statement);
    (16..=260).contains(&w)
        && !statement
        && (words >= 4 || words == 3 && w >= 20 || spaceless)
        && !trail
        && glued < 3
        && !OTHERWISE.iter().any(|o| f.has(*o))
}

const CLOSERS: [char; 12] = ['"', '\'', '”', '’', '»', ')', ']', '“', '‘', '」', '』', '›'];
const STOPS: [char; 10] = ['.', '!', '?', '…', '。', '！', '？', '।', '؟', '۔'];
const OPENERS: [char; 10] = ['"', '“', '„', '«', '‘', '\'', '‚', '「', '『', '`'];

fn shape(text: &str, w: usize, f: &mut Features) {
    use Feature::*;
    let bare = text.trim_end_matches(CLOSERS);
    let stop = bare.chars().next_back();
    let first = text.chars().next().unwrap_or(' ');
    f.set(Sentence, stop.is_some_and(|c| STOPS.contains(&c)) && !text.ends_with("..."));
    f.set(Question, stop.is_some_and(|c| matches!(c, '?' | '？' | '؟')));
    f.set(Colon, stop.is_some_and(|c| matches!(c, ':' | '：')));
    f.set(Cut, bare.ends_with("...") || bare.ends_with('…'));
    f.set(LowerStart, first.is_lowercase());
    f.set(Statement, w > 60 && stop == Some('.') && !text.ends_with("..."));
    f.set(NoStop, !f.has(Sentence) && !f.has(Colon) && !f.has(Cut));
    f.set(TrailingName, trailing_name(text));
    let quote = OPENERS.contains(&first);
    f.set(QuoteStart, quote);
    f.set(
        Quoted,
        quote
            && text.len() > 2
            && text.ends_with(CLOSERS)
            && !text.ends_with([')', ']'])
            && w < 200
            && text[first.len_utf8()..].matches(first).count() <= 1,
    );
    f.set(Bullet, bullet(text) > 0);
    f.set(Flash, text.starts_with("****"));
    let sentences = sentences(text, w);
    f.set(Sentences, sentences > 1);
    let sentence = f.has(Sentence) || f.has(Colon);
    let cry = bare.ends_with('!') && sentences == 1 && w < 130;
    f.set(
        Prose,
        w >= 90 && sentence && !cry
            || w >= 150 && (sentence || w >= 220 || sentences > 1)
            || w >= 50 && !cry && f.has(Sentence) && !f.has(Question) && (sentences > 1 || w >= 70),
    );
    if w > 400 {
        return;
    }
    let (mut lower, mut upper, mut digits, mut letters) = (0, 0, 0, 0);
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits += 1;
        } else if c.is_alphabetic() {
            letters += 1;
            lower += usize::from(c.is_lowercase());
            upper += usize::from(c.is_uppercase());
        }
    }
    f.set(Capitals, lower == 0 && upper > 2 || upper > 8 && lower * 8 < upper);
    f.set(Numeric, digits > letters);
    let words: Vec<_> = text.split_whitespace().filter(|w| w.chars().count() > 3).collect();
    let capital = words.iter().filter(|w| w.chars().next().is_some_and(char::is_uppercase)).count();
    f.set(TitleCase, words.len() > 1 && capital == words.len() && lower > 0);
}

/// `… after the fire. Supplied by the lodge`, `… listed for sale. (Bright Homes)`: a caption's credit.
fn trailing_name(text: &str) -> bool {
    if text.len() < 30 || text.len() > 700 {
        return false;
    }
    let tail = if let Some(inner) = text.strip_suffix(')') {
        let Some(open) = inner.rfind('(') else { return false };
        if !inner[..open].trim_end().ends_with(['.', '"', '”']) {
            return false;
        }
        &inner[open + 1..]
    } else {
        let bytes = text.as_bytes();
        let Some(stop) = text.rfind(['.', '|']) else { return false };
        // A stop inside an abbreviation or a figure ends nothing.
        let before = text[..stop].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        if before.chars().count() < 3 || bytes.get(stop + 1).is_none_or(u8::is_ascii_digit) {
            return false;
        }
        &text[stop + 1..]
    };
    let tail = tail.trim();
    let words = tail.split_whitespace().count();
    (1..=7).contains(&words)
        && tail.len() >= 2
        && !tail.ends_with(STOPS)
        && !tail.ends_with(CLOSERS)
        && tail.chars().next().is_some_and(char::is_uppercase)
        && tail.split_whitespace().filter(|w| w.chars().next().is_some_and(char::is_uppercase)).count() * 2 >= words
}

/// Sentences in a text, counted up to three; a long text is sampled.
fn sentences(text: &str, w: usize) -> usize {
    if w < 40 {
        return 1;
    }
    let mut count = 1;
    let bytes = text.as_bytes();
    let mut end = bytes.len().min(4096);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    for (i, c) in text[..end].char_indices() {
        if !STOPS.contains(&c) {
            continue;
        }
        let rest = text[i + c.len_utf8()..].trim_start_matches(CLOSERS);
        let wide = matches!(c, '。' | '！' | '？');
        let next = rest.trim_start().chars().next();
        if (wide || rest.starts_with(char::is_whitespace)) && next.is_some_and(|n| !n.is_lowercase()) {
            // `Mr. Smith` and `U.S. Senate` end no sentence.
            let word = text[..i].rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or("");
            if wide || word.chars().count() > 3 || word.is_empty() {
                count += 1;
                if count > 2 {
                    break;
                }
            }
        }
    }
    count
}

fn phrases(folded: &str, text: &str, w: usize, f: &mut Features) {
    use Feature::*;
    f.set(Promo, LEXICON.promo.find(folded).next().is_some());
    for (start, end, value) in LEXICON.credits.find(folded) {
        match value {
            "prefix" => f.set(
                CreditStart,
                start == 0 && (w <= 60 || folded[end..].trim_start().starts_with([':', '/', '|', '-', '©']) || folded[..end].contains(' ')),
            ),
            "agency" => f.set(CreditAgency, true),
            _ => f.set(CaptionWords, true),
        }
    }
    f.set(CreditEnd, credit_start(text).is_some());
    // `(Ana Ruiz)`, `(Harbour Times)` on a line of its own.
    let inside = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).filter(|t| t.len() <= 60 && !t.contains(['(', '.', '!', '?']));
    f.set(
        CreditStart,
        inside.is_some_and(|t| {
            t.split_whitespace().all(|word| !word.starts_with(char::is_lowercase))
                && t.chars().any(char::is_uppercase)
                && !t.chars().any(|c| c.is_ascii_digit())
                && t.contains(' ')
        }),
    );
    if w <= 80 {
        f.set(Site, false);
        let bare = folded.trim_end_matches([':', '.', ' ', '»', '>', '›', '→']).trim_start_matches(['+', '>', '<', '›', ' ']);
        match LEXICON.navigation.get(bare).or_else(|| all_navigation(text)) {
            Some("share") => f.set(Share, true),
            Some("section") => f.set(Section, true),
            Some(_) => f.set(Site, true),
            None => {}
        }
        f.set(TailMark, LEXICON.tail.has(bare));
        f.set(RelatedLabel, LEXICON.related.has(bare));
        f.set(EndMark, is_end_mark(folded));
        f.set(SlugShape, is_slug_line(text));
    }
    if let Some((len, _)) = LEXICON.related.prefix(folded) {
        let rest = folded[len..].trim_start();
        let titled = rest.starts_with([':', '|', '>', '»', '-']) && rest.len() > 12;
        f.set(RelatedTitle, titled && w <= 300);
    }
    let opened = folded.trim_start_matches(['(', '[', '*', '_', ' ']);
    if let Some((len, kind)) = LEXICON.notes.prefix(opened) {
        let rest = opened[len..].trim_start();
        let marked = rest.starts_with([':', '-', '.', ',']) || opened.len() < folded.len() || rest.is_empty();
        f.set(NoteStart, kind != "copyright" && kind != "contact" && marked);
        f.set(Contributors, kind == "contributors" && w <= 400);
        f.set(Copyright, kind == "copyright" && w <= 240);
        f.set(NoteStart, kind == "contact" && rest.starts_with(':'));
    }
    f.set(VersionLabel, version::read(text).is_some());
    if let Some(url) = find_url(text) {
        let before = fold(text[..url.start].trim_end_matches([':', ' ', '<', '(']));
        let alone = url.end >= text.trim_end_matches(['>', ')', '.']).len();
        f.set(Url, alone && LEXICON.url_labels.has(before.trim_end_matches(':')));
        f.set(BareUrl, alone && before.is_empty());
    }
}

/// `Facebook      Email      Copy Link`: several pieces of furniture on one line.
fn all_navigation(text: &str) -> Option<&'static str> {
    if !text.contains("  ") && !text.contains(['|', '•', '/', '>', '›']) {
        return None;
    }
    let mut value = None;
    for piece in text.split("  ").flat_map(|p| p.split(['|', '•', '/', '>', '›'])).map(str::trim).filter(|p| !p.is_empty()) {
        value = Some(LEXICON.navigation.get(&fold(piece))?);
    }
    value
}

/// Whether a folded line is an end mark.
pub fn is_end_mark(folded: &str) -> bool {
    let bare = folded.trim_matches(['.', ' ', '…', '*']);
    LEXICON.end_marks.has(folded)
        || LEXICON.end_marks.has(bare)
        || folded.len() >= 3 && folded.chars().all(|c| matches!(c, '_' | '-' | '=' | '*' | '#' | ' ' | '~'))
}

/// `BC-PORT-STRIKE`, `^BC-US--Ferry, 1st Ld`, `PORT-STRIKE (URGENT)`.
fn is_slug_line(text: &str) -> bool {
    let text = text.trim_start_matches('^');
    let first = text.split([' ', ',']).next().unwrap_or("");
    let prefix = ["BC-", "AM-", "PM-", "bc-"].iter().any(|p| text.starts_with(p));
    let dashes = first.matches(['-', '/']).count();
    prefix
        || dashes >= 1
            && first.len() >= 6
            && first.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '/' | '_'))
            && text.len() < 60
            && text.split_whitespace().count() <= 3
}

/// Where the credit at a caption's end starts: `(AP Photo/Jo Doe)`, `© AFP`, `Foto: dpa`.
pub fn credit_start(text: &str) -> Option<usize> {
    if text.ends_with(')') {
        let open = text.rfind('(')?;
        let inside = &text[open + 1..text.len() - 1];
        let folded = fold(inside);
        let credit = LEXICON.agencies.has(&folded)
            || LEXICON.credits.find(&folded).any(|(_, _, value)| value != "inside")
            || LEXICON.agencies.prefix(&folded).is_some_and(|(len, _)| folded[len..].starts_with([' ', '/']) && folded.len() < 60)
            || inside.contains('/') && inside.len() < 60 && !inside.contains(|c: char| c.is_ascii_digit());
        return (credit && inside.len() < 100).then_some(open);
    }
    // `Jo Doe / press service / AFP`: nothing but a credit.
    if text.len() < 120
        && let Some((before, last)) = text.rsplit_once('/')
        && LEXICON.agencies.has(&fold(last))
        && !before.contains([',', '.'])
    {
        return Some(0);
    }
    let mut from = text.len().saturating_sub(120);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let window = &text[from..];
    if let Some(at) = window.rfind('©') {
        return Some(from + at);
    }
    let folded = window.to_lowercase();
    (folded.len() == window.len()).then(|| {
        let mut found = None;
        for (start, end, value) in LEXICON.credits.find(&folded) {
            let rest = window[end..].trim_start_matches([':', ' ']);
            let marked = window[end..].starts_with([':', '/']) || window[end..].starts_with(" :") || folded[start..end].contains(' ');
            let apart =
                !window[..start].ends_with(|c: char| c == '-' || c.is_lowercase() && window[start..].starts_with(char::is_lowercase));
            if value == "prefix"
                && marked
                && apart
                && !rest.is_empty()
                && rest.len() < 70
                && !rest.trim_end_matches('.').contains(". ")
                && (from + start > 0)
            {
                found.get_or_insert(from + start);
            }
        }
        found
    })?
}

/// The first web address in a text.
pub fn find_url(text: &str) -> Option<std::ops::Range<usize>> {
    let start = text.find("http://").or_else(|| text.find("https://")).or_else(|| text.starts_with("www.").then_some(0))?;
    let len = text[start..].find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '”')).unwrap_or(text.len() - start);
    let url = text[start..start + len].trim_end_matches([')', '.', ',', ';']);
    Some(start..start + url.len())
}

/// Readings of short lines: bylines, dates, names.
fn lines(text: &str, out: &mut Reading, f: &mut Features) {
    use Feature::*;
    let dates = date::read(text);
    let by = byline::read(text);
    if !dates.dates.is_empty() {
        let left: usize = dates.rest.iter().map(ExactSizeIterator::len).sum();
        f.set(DateLine, left * 5 <= text.len() || left <= 4);
        f.set(DateIn, left * 5 > text.len() && left > 4 && out.weight <= 120 && left * 10 < text.len() * 8);
    } else if !out.folded.is_empty() {
        f.set(DateWords, only_date_words(text));
    }
    if by.by_word {
        f.set(ByLabel, by.label_only);
        f.set(ByName, !by.label_only && (!by.authors.is_empty() || by.agency.is_some() || by.outlet.is_some()) && by.explained >= 0.75);
        f.set(ByOther, !by.label_only && !f.has(ByName));
    } else {
        f.set(Names, !by.authors.is_empty() && by.likeness >= 0.9 && by.explained >= 0.85);
        f.set(NameLike, !by.authors.is_empty() && (0.45..0.9).contains(&by.likeness) && by.explained >= 0.85);
        f.set(Role, by.authors.is_empty() && by.role.is_some() && by.explained >= 0.8);
        f.set(Agency, by.authors.is_empty() && by.agency.is_some() && by.explained >= 0.8);
        f.set(Contact, by.authors.is_empty() && by.contact.is_some());
    }
    out.byline = Some(by);
    out.dates = Some(dates);
}

/// "3 minute read", "2 hours ago", "Lesezeit: 2 Min.", "0:00".
fn only_date_words(text: &str) -> bool {
    let tokens = tokens(text);
    let mut word = false;
    tokens.len() <= 14
        && tokens.iter().all(|t| match t.kind {
            Kind::Word => {
                let folded = fold(t.text);
                word = true;
                LEXICON.dates.has(&folded)
                    || LEXICON.weekdays.has(&folded)
                    || LEXICON.zones.has(&folded)
                    || LEXICON.dates.prefix(&fold(&text[t.start..])).is_some()
                    || tokens.iter().any(|s| {
                        s.start < t.start && LEXICON.dates.prefix(&fold(&text[s.start..])).is_some_and(|(len, _)| s.start + len >= t.end)
                    })
            }
            _ => true,
        })
        && (word || tokens.iter().any(|t| t.is(':')))
}

/// What a unit shows by what stands around it.
fn context(copy: &str, units: &[Unit], r: &mut [Reading]) {
    use Feature::*;
    let n = r.len();
    let prose: Vec<bool> = r.iter().map(|r| r.features.has(Prose)).collect();
    let total: usize = r.iter().filter(|r| r.features.has(Prose)).map(|r| r.weight).sum();
    let spaced = units.iter().skip(1).filter(|u| u.blanks > 0).count() * 2 > n;
    let indented = units.iter().filter(|u| u.indent > 1).count();
    let teletype = units.iter().any(|u| u.lines.len() > 1) || indented * 2 > n;
    let mut counts: HashMap<&str, u32> = HashMap::new();
    for reading in r.iter().filter(|r| !r.folded.is_empty()) {
        *counts.entry(&reading.folded).or_default() += 1;
    }
    let counts: Vec<u32> = r.iter().map(|r| counts.get(r.folded.as_str()).copied().unwrap_or(0)).collect();
    // A file that holds its story twice repeats everything.
    let doubled: usize = (0..n).filter(|i| prose[*i] && counts[*i] > 1).map(|i| r[i].weight).sum();
    let twice = doubled * 5 > total * 2;
    let first_prose = prose.iter().position(|p| *p).unwrap_or(n);
    let address = address_words(copy, units);
    let echo = echo_words(copy, units, &prose);
    let longest = (0..first_prose.min(TOP_AT_MOST))
        .filter(|i| {
            r[*i].weight >= 20
                && !r[*i].features.has(DateLine)
                && !r[*i].features.has(ByName)
                && !r[*i].features.has(CreditEnd)
                && !r[*i].features.has(Promo)
        })
        .max_by_key(|i| (r[*i].weight, std::cmp::Reverse(*i)));
    let names: Vec<String> = r
        .iter()
        .filter(|r| r.features.has(ByName) || r.features.has(Names) || r.features.has(DateIn))
        .filter_map(|r| r.byline.as_ref())
        .flat_map(|b| b.authors.iter().map(|a| fold(&a.name)))
        .filter(|name| name.contains(' '))
        .take(8)
        .collect();
    // A page shows its furniture; a wire's copy has none.
    let page = !teletype && r.iter().filter(|r| [Share, Section, Site, Promo].iter().any(|f| r.features.has(*f))).count() > 1;
    let mut first_title = r.iter().take(TOP_AT_MOST).position(|r| r.features.has(Title));
    // A kicker stands above its headline, and is shorter; with a blank line between, much shorter.
    if let Some(kicker) = first_title.filter(|i| r[*i].weight <= 30)
        && let Some(next) = r.get(kicker + 1)
        && next.features.has(Title)
        && next.features.has(NoStop)
        && !next.features.has(Prose)
        && next.weight * 5 >= r[kicker].weight * 9
        && units[kicker + 1].str(copy).starts_with(|c: char| c.is_uppercase() || OPENERS.contains(&c))
    {
        first_title = Some(kicker + 1);
    }
    if let Some(kicker) = first_title.filter(|i| spaced && r[*i].weight <= 45)
        && r.get(kicker + 1).is_some_and(|next| next.features.has(Title) && !next.features.has(Prose) && next.weight >= r[kicker].weight)
        && units[kicker + 1].blanks == 0
    {
        first_title = Some(kicker + 1);
    }
    let mut before = 0usize;
    // What is furniture beyond doubt stands between neighbours without parting them.
    let sure: Vec<bool> = (0..n)
        .map(|i| {
            !prose[i] && ([Share, Site, Promo, CreditStart].iter().any(|f| r[i].features.has(*f)) || counts[i] > 2 && r[i].weight < 120)
        })
        .collect();
    let mut in_run = vec![false; n];
    let mut members: Vec<usize> = Vec::new();
    for i in (0..n).filter(|i| !sure[*i]).chain(std::iter::once(n)) {
        if i < n && !prose[i] && !r[i].features.has(Bullet) && !r[i].features.has(Table) {
            members.push(i);
        } else {
            if members.len() >= 3 {
                members.iter().for_each(|m| in_run[*m] = true);
            }
            members.clear();
        }
    }
    let neighbours = neighbours(&sure);
    // Two or three short sentences, then a page's furniture, then the story: a summary in points.
    let points = (first_prose..n).take_while(|i| prose[*i] && r[*i].weight <= 130 && r[*i].dateline.is_none()).count();
    let furniture = (first_prose + points..n).take_while(|i| !prose[*i]).filter(|i| sure[*i]).count();
    let summary = if page && (2..=3).contains(&points) && furniture >= 2 { first_prose..first_prose + points } else { 0..0 };
    for i in 0..n {
        let unit = &units[i];
        let near_by = |r: &[Reading]| {
            (i + 1..n.min(i + 4)).any(|k| {
                let f = r[k].features;
                f.has(ByName) || f.has(ByLabel) || f.has(DateLine) || f.has(Names) || f.has(DateIn)
            })
        };
        let mut f = r[i].features;
        if teletype {
            // Wires print no credits behind a paragraph.
            f.clear(TrailingName);
        }
        f.set(First, i == 0);
        f.set(FirstTitle, first_title == Some(i));
        f.set(Teletype, teletype);
        f.set(Indented, teletype && unit.indent > 1);
        f.set(Adjacent, i > 0 && spaced && unit.blanks == 0);
        f.set(NextAdjacent, i + 1 < n && spaced && units[i + 1].blanks == 0);
        f.set(Repeated, counts[i] == 2);
        f.set(TitleAgain, first_title.is_some_and(|t| t != i && counts[i] > 1 && r[t].folded == r[i].folded));
        f.set(RepeatedProse, counts[i] > 1 && prose[i] && !twice);
        f.set(RepeatedOften, counts[i] > 2);
        f.set(BeforeCredit, i + 1 < n && r[i + 1].weight <= 70 && is_credit(r[i + 1].features) && r[i].weight <= 320);
        f.set(AfterCredit, i > 0 && r[i - 1].weight <= 32 && r[i - 1].features.has(CreditAgency) && !r[i - 1].features.has(Sentence));
        f.set(Late, before * 2 > total);
        f.set(AfterAge, i > 0 && before > 0 && !prose[i - 1] && [DateWords, DateLine, DateIn].iter().any(|d| r[i - 1].features.has(*d)));
        let (previous, next) = neighbours[i];
        let after_next = next.and_then(|next| neighbours[next].1);
        let is_prose = |i: Option<usize>| i.is_some_and(|i| prose[i]);
        f.set(AfterProse, is_prose(previous));
        f.set(BeforeProse, is_prose(next));
        f.set(ProseAhead, is_prose(next) && is_prose(after_next));
        f.set(InRun, in_run[i]);
        f.set(NoProseBefore, before == 0);
        let left = total - before - if prose[i] { r[i].weight } else { 0 };
        f.set(NoProseLeft, left == 0);
        f.set(LittleProseLeft, left > 0 && left * 10 < total);
        let near_end = f.has(NoProseLeft) || f.has(LittleProseLeft);
        f.set(
            AboutAuthor,
            near_end && prose[i] && names.iter().any(|name| r[i].folded.strip_prefix(name.as_str()).is_some_and(|rest| !rest.is_empty())),
        );
        f.set(Lone, prose[i] && previous.is_some() && next.is_some() && !is_prose(previous) && !is_prose(next));
        if !teletype && prose[i] && before == 0 && r[i].weight <= STANDFIRST_AT_MOST && i + 1 < n && r[i].dateline.is_none() {
            let next = &r[i + 1];
            f.set(
                Solo,
                page && !prose[i + 1] && !next.features.has(RelatedTitle) && !next.features.has(Url) && !next.features.has(QuoteStart),
            );
            // Without a page's furniture around it, a lede looks the same: the step has to be a big one.
            f.set(StepUp, prose[i + 1] && next.weight * 4 > r[i].weight * if page { 5 } else { 7 });
        }
        f.set(Solo, summary.contains(&i));
        f.set(AfterColon, i > 0 && r[i - 1].features.has(Colon) && prose[i - 1]);
        f.set(AfterBy, i > 0 && (r[i - 1].features.has(ByLabel) || r[i - 1].features.has(ByName)));
        f.set(AfterNames, i > 0 && r[i - 1].features.has(Names));
        f.set(LongestOfTop, longest == Some(i));
        f.set(BylineNear, near_by(r));
        if i < TOP_AT_MOST && r[i].weight <= 300 {
            f.set(UrlWords, share(unit.str(copy), &address) >= 0.6);
            f.set(Echo, i < first_prose && share(unit.str(copy), &echo) >= 0.4);
        }
        r[i].features = f;
        if prose[i] {
            before += r[i].weight;
        }
    }
}

fn is_credit(f: Features) -> bool {
    (f.has(Feature::CreditStart) || f.has(Feature::CreditEnd) || f.has(Feature::CreditAgency)) && !f.has(Feature::Prose)
}

/// The nearest units before and behind each that are not `sure` furniture.
fn neighbours(sure: &[bool]) -> Vec<(Option<usize>, Option<usize>)> {
    let mut out = vec![(None, None); sure.len()];
    let mut last = None;
    for (i, sure) in sure.iter().enumerate() {
        out[i].0 = last;
        last = if *sure { last } else { Some(i) };
    }
    last = None;
    for (i, sure) in sure.iter().enumerate().rev() {
        out[i].1 = last;
        last = if *sure { last } else { Some(i) };
    }
    out
}

/// Lower-case ASCII letters and digits of a word, accents stripped.
fn plain(word: &str) -> String {
    word.nfkd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn share(text: &str, words: &HashSet<String>) -> f32 {
    if words.is_empty() {
        return 0.0;
    }
    let own: Vec<String> = text.split(|c: char| !c.is_alphanumeric()).map(plain).filter(|w| w.chars().count() > 3).collect();
    if own.len() < 3 {
        return 0.0;
    }
    own.iter().filter(|w| words.contains(*w)).count() as f32 / own.len() as f32
}

/// Words of the last parts of the story's own address.
fn address_words(copy: &str, units: &[Unit]) -> HashSet<String> {
    let ends = units.iter().rev().take(8).chain(units.iter().take(8));
    let Some(url) = ends.map(|u| u.str(copy)).filter(|t| t.len() < 600).find_map(|t| find_url(t).map(|r| &t[r])) else {
        return HashSet::new();
    };
    let path = url.splitn(4, '/').nth(3).unwrap_or("");
    path.split(|c: char| !c.is_alphanumeric()).map(plain).filter(|w| w.len() > 3 && !w.chars().all(|c| c.is_ascii_digit())).collect()
}

/// Words of the first two paragraphs.
fn echo_words(copy: &str, units: &[Unit], prose: &[bool]) -> HashSet<String> {
    let mut out = HashSet::new();
    for (unit, _) in units.iter().zip(prose).filter(|(_, p)| **p).take(3) {
        let text = unit.str(copy);
        let mut end = text.len().min(1200);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        out.extend(text[..end].split(|c: char| !c.is_alphanumeric()).map(plain).filter(|w| w.chars().count() > 3));
    }
    out
}

/// How sure it is that a unit is one person's name; for callers that look at one line.
pub fn name_likeness(text: &str) -> f32 {
    name::likeness(text)
}
