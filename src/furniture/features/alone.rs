//! What a unit shows by itself: shape, phrases, and what the readers make of it.

use super::feature::{Feature, Features};
use super::marks::{CLOSERS, OPENERS, STOPS, may_begin_stop};
use super::observation::UnitObservation;
use crate::furniture::readers::byline::{read_byline, read_dated_byline};
use crate::furniture::readers::credit::{Known, credit_start};
use crate::furniture::readers::date::read_dates_of;
use crate::furniture::readers::date_words::is_only_date_words;
use crate::furniture::readers::dateline::read_dateline;
use crate::furniture::readers::name::likeness;
use crate::furniture::readers::version::read_version;
use crate::furniture::tokens::tokens;
use crate::furniture::units::{Setting, Unit, bullet};
use crate::lexicon::{Edges, LEXICON};
use crate::text::{boundary, find_url, fold, weight};

/// Units heavier than this are not folded and not searched for phrases.
const SHORT_ENOUGH: usize = 480;
/// A byline or date line is not longer.
const LINE_AT_MOST: usize = 170;
/// Observes what a unit shows by itself.
pub(super) fn observe_alone(copy: &str, unit: &Unit, near_top: bool) -> UnitObservation {
    use Feature::*;
    let text = unit.str(copy);
    let mut out = UnitObservation {
        weight: weight(text),
        ..UnitObservation::default()
    };
    let mut f = Features::default();
    f.set(Always, true);
    let w = out.weight;
    f.set(Tiny, w <= 15);
    f.set(Short, (16..=45).contains(&w));
    f.set(Medium, (46..=110).contains(&w));
    f.set(Long, (111..=220).contains(&w));
    f.set(VeryLong, w > 220);
    if unit.setting == Setting::Rubble {
        f.set(Rubble, true);
        out.features = f;
        return out;
    }
    f.set(Table, unit.setting == Setting::Columns);
    shape(text, w, &mut f);
    if near_top {
        out.dateline = read_dateline(text).filter(|d| d.sure >= 0.4).map(Box::new);
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
    if [
        ByName, ByLabel, DateLine, DateIn, Share, Section, Site, Trail,
    ]
    .iter()
    .any(|other| f.has(*other))
    {
        f.clear(Table);
    }
    f.set(Title, is_title(text, w, f));
    out.features = f;
    out
}

/// `Start / Ausland / Title`, `Home > News > Title`, `News    World    Title`: the first part is a
/// page's furniture.
fn is_trail(text: &str) -> bool {
    // Without a separator there is one part.
    if !text.bytes().fold(false, |may, b| {
        may | matches!(b, b'/' | b'>' | 0) | !b.is_ascii()
    }) && !text.contains("   ")
    {
        return false;
    }
    if !text.contains(['/', '>', '»', '›', '\u{0}']) && !text.contains("   ") {
        return false;
    }
    let spread = text.replace("   ", "\u{0}");
    let parts: Vec<&str> = [" / ", " > ", " » ", " › ", "\u{0}"]
        .iter()
        .map(|s| spread.split(*s).collect::<Vec<_>>())
        .max_by_key(Vec::len)
        .unwrap_or_default();
    parts.len() > 2
        && parts
            .first()
            .is_some_and(|first| LEXICON.navigation.has(&fold(first)))
        || parts.len() == 2
            && parts
                .iter()
                .any(|part| LEXICON.navigation.get(&fold(part)) == Some("site"))
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
    if !(16..=260).contains(&w) || f.has(Statement) || OTHERWISE.iter().any(|o| f.has(*o)) {
        return false;
    }
    let words = text
        .split_whitespace()
        .filter(|word| word.contains(char::is_alphabetic))
        .count();
    // `HomeNewsWorld`: navigation glued together.
    let glued = text
        .as_bytes()
        .windows(2)
        .filter(|p| p[0].is_ascii_lowercase() && p[1].is_ascii_uppercase())
        .count();
    let trail = f.has(Trail)
        || text.contains(" > ")
        || text.contains(" / ")
        || words < 6 && text.contains(" | ")
        || text.contains('›');
    let spaceless = w > text.len() / 2 && !text.is_ascii() && w >= 30;
    (words >= 4 || words == 3 && w >= 20 || spaceless) && !trail && glued < 3
}

/// Words before the colon of a sentence that reports a question; a name alone is a headline's.
const REPORT: usize = 3;

/// Returns whether a sentence reports somebody's question: `A clerk asked yesterday: "Why?"`
fn quotes_question(text: &str) -> bool {
    let report = text.ends_with(CLOSERS).then(|| text.split_once(": "));
    report.flatten().is_some_and(|(report, question)| {
        question.starts_with(OPENERS) && report.split_whitespace().count() >= REPORT
    })
}

fn shape(text: &str, w: usize, f: &mut Features) {
    use Feature::*;
    let bare = text.trim_end_matches(CLOSERS);
    let stop = bare.chars().next_back();
    let first = text.chars().next().unwrap_or(' ');
    f.set(
        Sentence,
        stop.is_some_and(|c| STOPS.contains(&c)) && !text.ends_with("..."),
    );
    f.set(
        Question,
        stop.is_some_and(|c| matches!(c, '?' | '？' | '؟')) && !quotes_question(text),
    );
    f.set(Colon, stop.is_some_and(|c| matches!(c, ':' | '：')));
    f.set(Cut, bare.ends_with("...") || bare.ends_with('…'));
    f.set(LowerStart, first.is_lowercase());
    f.set(
        Statement,
        w > 60 && stop == Some('.') && !text.ends_with("..."),
    );
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
    // Thai, Lao, Khmer and Burmese end a sentence with a space, and a paragraph with nothing.
    if w >= UNSTOPPED_AT_LEAST && is_unstopped(text) {
        f.set(Sentence, true);
        f.set(Prose, true);
        f.clear(NoStop);
    }
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
    let digits = count(text, |b| b.is_ascii_digit());
    let mut lower = count(text, |b| b.is_ascii_lowercase());
    let mut upper = count(text, |b| b.is_ascii_uppercase());
    let mut caseless = 0;
    if !text.is_ascii() {
        for c in text.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()) {
            match c {
                c if c.is_lowercase() => lower += 1,
                c if c.is_uppercase() => upper += 1,
                _ => caseless += 1,
            }
        }
    }
    let letters = lower + upper + caseless;
    f.set(
        Capitals,
        lower == 0 && upper > 2 || upper > 8 && lower * 8 < upper,
    );
    f.set(Numeric, digits > letters);
    let mut long = text
        .split_whitespace()
        .filter(|w| w.chars().nth(3).is_some());
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    f.set(
        TitleCase,
        lower > 0
            && long.next().is_some_and(capital)
            && long.next().is_some_and(capital)
            && long.all(capital),
    );
}

/// Running text of a script without stops is heavier.
const UNSTOPPED_AT_LEAST: usize = 50;

/// Returns whether a text is in a script that has no full stop.
fn is_unstopped(text: &str) -> bool {
    !text.is_ascii()
        && text
            .chars()
            .filter(|c| c.is_alphabetic())
            .take(20)
            .filter(|c| matches!(c, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'))
            .count()
            >= 10
}

/// Returns how many bytes are of a kind; counted so that the compiler takes many at a time.
fn count(text: &str, of: impl Fn(u8) -> bool) -> usize {
    let few = |bytes: &[u8]| {
        usize::from(
            bytes
                .iter()
                .fold(0, |sum: u8, b| sum.wrapping_add(u8::from(of(*b)))),
        )
    };
    text.as_bytes().chunks(usize::from(u8::MAX)).map(few).sum()
}

/// `… after the fire. Supplied by the lodge`, `… listed for sale. (Bright Homes)`: a caption's
/// credit.
fn trailing_name(text: &str) -> bool {
    if text.len() < 30 || text.len() > 700 {
        return false;
    }
    let tail = if let Some(inner) = text.strip_suffix(')') {
        let Some(open) = inner.rfind('(') else {
            return false;
        };
        if !inner[..open].trim_end().ends_with(['.', '"', '”']) {
            return false;
        }
        &inner[open + 1..]
    } else {
        let bytes = text.as_bytes();
        let Some(stop) = text.rfind(['.', '|']) else {
            return false;
        };
        // A stop inside an abbreviation or a figure ends nothing.
        let before = text[..stop]
            .rsplit(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or("");
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
        && tail
            .split_whitespace()
            .filter(|w| w.chars().next().is_some_and(char::is_uppercase))
            .count()
            * 2
            >= words
}

/// Sentences in a text, counted up to three; a long text is sampled.
fn sentences(text: &str, w: usize) -> usize {
    if w < 40 {
        return 1;
    }
    let mut count = 1;
    let bytes = text.as_bytes();
    let end = boundary(text, 4096);
    let mut at = 0;
    let ascii = text.is_ascii();
    let next = |rest: &[u8]| match ascii {
        true => memchr::memchr3(b'.', b'!', b'?', rest),
        false => rest.iter().position(|b| may_begin_stop(*b)),
    };
    while let Some(found) = next(&bytes[at..end]) {
        let i = at + found;
        // The byte that was found begins a character.
        let Some(c) = text[i..].chars().next() else {
            break;
        };
        at = i + c.len_utf8();
        if !STOPS.contains(&c) {
            continue;
        }
        let rest = text[i + c.len_utf8()..].trim_start_matches(CLOSERS);
        let wide = matches!(c, '。' | '！' | '？');
        let next = rest.trim_start().chars().next();
        if (wide || rest.starts_with(char::is_whitespace))
            && next.is_some_and(|n| !n.is_lowercase())
        {
            // `Mr. Smith` and `U.S. Senate` end no sentence.
            let word = text[..i]
                .rsplit(|c: char| !c.is_alphabetic())
                .next()
                .unwrap_or("");
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
    let edges = Edges::of(folded);
    f.set(Promo, LEXICON.promo.find(folded, &edges).next().is_some());
    let mut credited = false;
    for (start, end, value) in LEXICON.credits.find(folded, &edges) {
        credited = true;
        match value {
            "prefix" => f.set(
                CreditStart,
                start == 0
                    && (w <= 60
                        || folded[end..]
                            .trim_start()
                            .starts_with([':', '/', '|', '-', '©'])
                        || folded[..end].contains(' ')),
            ),
            "agency" => f.set(CreditAgency, true),
            _ => f.set(CaptionWords, true),
        }
    }
    let known = if credited {
        Known::Nothing
    } else {
        Known::Without(folded)
    };
    f.set(CreditEnd, credit_start(text, known).is_some());
    // `(Ana Ruiz)`, `(Harbour Times)` on a line of its own.
    let inside = text
        .strip_prefix('(')
        .and_then(|t| t.strip_suffix(')'))
        .filter(|t| t.len() <= 60 && !t.contains(['(', '.', '!', '?']));
    f.set(
        CreditStart,
        inside.is_some_and(|t| {
            t.split_whitespace()
                .all(|word| !word.starts_with(char::is_lowercase))
                && t.chars().any(char::is_uppercase)
                && !t.chars().any(|c| c.is_ascii_digit())
                && t.contains(' ')
        }),
    );
    if w <= 80 {
        f.set(Site, false);
        let bare = folded
            .trim_end_matches([':', '.', ' ', '»', '>', '›', '→'])
            .trim_start_matches(['+', '>', '<', '›', ' ']);
        match LEXICON
            .navigation
            .get(bare)
            .or_else(|| all_navigation(text))
        {
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
    let opened = folded.trim_start_matches(['(', '[', '*', '_', '•', ' ']);
    if let Some((len, kind)) = LEXICON.notes.prefix(opened) {
        let rest = opened[len..].trim_start();
        let marked = kind == "embargo"
            || kind == "correction" && opened[..len].split(' ').count() > 2
            || rest.starts_with([':', '-', '.', ','])
            || opened.len() < folded.len()
            || rest.is_empty();
        f.set(
            NoteStart,
            kind != "copyright" && kind != "contact" && marked,
        );
        f.set(Contributors, kind == "contributors" && w <= 400);
        f.set(Copyright, kind == "copyright" && w <= 240);
        f.set(NoteStart, kind == "contact" && rest.starts_with(':'));
    }
    f.set(VersionLabel, read_version(text).is_some());
    if let Some(url) = find_url(text) {
        let before = fold(text[..url.start].trim_end_matches([':', ' ', '<', '(']));
        let alone = url.end >= text.trim_end_matches(['>', ')', '.']).len();
        f.set(
            Url,
            alone && LEXICON.url_labels.has(before.trim_end_matches(':')),
        );
        f.set(BareUrl, alone && before.is_empty());
    }
}

/// `Facebook      Email      Copy Link`: several pieces of furniture on one line.
fn all_navigation(text: &str) -> Option<&'static str> {
    if !text.contains("  ") && !text.contains(['|', '•', '/', '>', '›']) {
        return None;
    }
    let mut value = None;
    for piece in text
        .split("  ")
        .flat_map(|p| p.split(['|', '•', '/', '>', '›']))
        .map(str::trim)
        .filter(|p| !p.is_empty())
    {
        value = Some(LEXICON.navigation.get(&fold(piece))?);
    }
    value
}

/// Returns whether a folded line is an end mark.
pub(crate) fn is_end_mark(folded: &str) -> bool {
    let bare = folded.trim_matches(['.', ' ', '…', '*']);
    LEXICON.end_marks.has(folded)
        || LEXICON.end_marks.has(bare)
        || folded.len() >= 3
            && folded
                .chars()
                .all(|c| matches!(c, '_' | '-' | '=' | '*' | '#' | ' ' | '~'))
}

/// `BC-PORT-STRIKE`, `^BC-US--Ferry, 1st Ld`, `PORT-STRIKE (URGENT)`.
fn is_slug_line(text: &str) -> bool {
    let text = text.trim_start_matches('^');
    let first = text.split([' ', ',']).next().unwrap_or("");
    let prefix = ["BC-", "AM-", "PM-", "bc-"]
        .iter()
        .any(|p| text.starts_with(p));
    let dashes = first.matches(['-', '/']).count();
    prefix
        || dashes >= 1
            && first.len() >= 6
            && first
                .chars()
                .all(|c| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '/' | '_'))
            && text.len() < 60
            && text.split_whitespace().count() <= 3
}

/// Readings of short lines: bylines, dates, names.
fn lines(text: &str, out: &mut UnitObservation, f: &mut Features) {
    use Feature::*;
    let cut = tokens(text);
    let dates = read_dates_of(text, &cut);
    let by = if out.folded.is_empty() {
        read_byline(text)
    } else {
        read_dated_byline(text, &out.folded, &dates)
    };
    f.set(
        DateFirst,
        dates
            .dates
            .first()
            .is_some_and(|date| date.range.start == 0 && date.year.is_some()),
    );
    if let Some(name) = text.strip_prefix(['—', '–', '-']).map(str::trim_start)
        && out.weight <= 45
        && likeness(name) >= 0.9
    {
        f.set(Signature, true);
        f.clear(Bullet);
        out.byline = Some(Box::new(read_byline(name)));
        return;
    }
    if !dates.dates.is_empty() && !f.has(NoteStart) {
        let left: usize = dates.rest.iter().map(ExactSizeIterator::len).sum();
        f.set(DateLine, left * 5 <= text.len() || left <= 4);
        f.set(
            DateIn,
            left * 5 > text.len() && left > 4 && out.weight <= 120 && left * 10 < text.len() * 8,
        );
    } else if !out.folded.is_empty() {
        f.set(DateWords, is_only_date_words(text, &cut));
    }
    if by.by_word {
        f.set(ByLabel, by.label_only);
        f.set(
            ByName,
            !by.label_only
                && (!by.authors.is_empty() || by.agency.is_some() || by.outlet.is_some())
                && by.explained >= 0.75,
        );
        f.set(ByOther, !by.label_only && !f.has(ByName));
    } else {
        f.set(
            Names,
            !by.authors.is_empty() && by.likeness >= 0.9 && by.explained >= 0.85,
        );
        f.set(
            NameLike,
            !by.authors.is_empty() && (0.45..0.9).contains(&by.likeness) && by.explained >= 0.85,
        );
        f.set(
            Role,
            by.authors.is_empty() && by.role.is_some() && by.explained >= 0.8,
        );
        f.set(
            Agency,
            by.authors.is_empty() && by.agency.is_some() && by.explained >= 0.8,
        );
        f.set(Contact, by.authors.is_empty() && by.contact.is_some());
    }
    out.byline = by.says_anything().then(|| Box::new(by));
    out.dates = (!dates.dates.is_empty()).then(|| Box::new(dates));
}
