//! Several stories in one text, one after the other: where each begins.
//!
//! Between two stories stands a gap: form feeds, rules (`=====`), end marks (`-30-`, `NNNN`). All
//! of these stand inside single stories, too, and on pages. So a gap parts two stories only if what
//! follows it begins as a story does, with a headline and a byline, a dateline, a date or a slug,
//! and what precedes it has a body. A headline without any of these does where every gap of the
//! same kind is followed by one.

use super::labelled::label;
use super::labels::label::{Label, Phase};
use super::readers::dateline::read_dateline;
use super::readers::name::likeness;
use crate::lexicon::LEXICON;
use crate::text::{boundary, clean, fold};
use std::ops::Range;

const FORM_FEED: char = '\u{c}';
/// So much of what follows a gap shows whether a story begins there, in bytes.
const BEGINNING: usize = 6 << 10;
/// A boxed headline has two gaps before its story's body.
const GAPS_IN_HEAD: usize = 2;
/// No file of stories has more gaps; what has is a pattern.
const MOST_GAPS: usize = 100_000;
/// A story and its headline are not shorter, in bytes.
const STORY: usize = 60;
/// A gap's mark is never longer, in bytes.
const MARK: usize = 120;
/// A rule has so many characters.
const RULE: usize = 3;
/// A mark in words is never longer, in bytes.
const WORDS: usize = 24;
/// Units that can stand before the first paragraph of a story, and of one copied from a page.
const HEAD_UNITS: usize = 8;
const PAGE_HEAD_UNITS: usize = 30;
/// The headline is among so many units, and on a page among so many.
const HEADLINE_WITHIN: usize = 3;
const PAGE_HEADLINE_WITHIN: usize = 12;
/// A body has so many characters in paragraphs, where a byline or dateline says that it is one.
const FLASH: usize = 40;
/// Where only a date or a slug does.
const BODY: usize = 120;
/// And where only a headline does.
const BODY_OF_HEADLINE: usize = 240;
/// A paragraph is not shorter, in bytes.
const PARAGRAPH: usize = 40;
/// A byline or dateline is not shorter, in bytes.
const SIGNED: usize = 5;
/// From here on, what looks like a name is one.
const SURE_NAME: f32 = 0.8;
/// A line that ends without a full stop and is so long goes on after a page's end.
const FULL_LINE: usize = 45;

/// What stands between two stretches of text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Gap {
    /// Its marks and the empty lines around them.
    range: Range<usize>,
    /// What it is made of: gaps of one kind do the same.
    kind: GapKind,
    /// Whether it says that the story goes on.
    goes_on: bool,
}

/// The strongest of the marks in a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum GapKind {
    /// A word alone on its line, such as the agency that ends its stories with its name.
    Word,
    /// A rule of light characters, which stand inside stories, too.
    LightRule,
    /// A rule of `=`.
    HeavyRule,
    FormFeed,
    EndMark,
}

impl GapKind {
    /// Every kind.
    const ALL: [Self; 5] = [
        Self::Word,
        Self::LightRule,
        Self::HeavyRule,
        Self::FormFeed,
        Self::EndMark,
    ];
}

/// How a stretch of text begins; the surer that it is a story, the greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Beginning {
    /// As text inside a story does, or as what stands after one.
    #[default]
    Inside,
    /// With a headline and a body.
    Headline,
    /// With a headline, a body, and byline, dateline, date or slug, whatever else is around them.
    Signed,
    /// With little more than a headline and a byline or dateline before its body.
    Filed,
    /// As nothing does.
    Never,
}

/// Returns whether bytes have what can stand between two stories, so that it is worth a look.
pub(crate) fn may_hold_several(bytes: &[u8]) -> bool {
    let is_utf16 = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
    is_utf16
        || memchr::memchr(FORM_FEED as u8, bytes).is_some()
        || bytes
            .split(|byte| matches!(byte, b'\n' | b'\r'))
            .any(|line| {
                let shown = line.trim_ascii();
                (3..=MARK).contains(&shown.len())
                    && std::str::from_utf8(shown).is_ok_and(|line| mark(line).is_some())
            })
}

/// Returns where each story but the first begins in a decoded text, ascending.
pub(crate) fn story_starts(text: &str) -> Vec<usize> {
    let gaps = gaps(text);
    if gaps.is_empty() || gaps.len() > MOST_GAPS {
        return Vec::new();
    }
    let stretches = stretches(text, &gaps);
    let beginnings: Vec<Beginning> = (0..stretches.len())
        .map(|at| beginning_of(text, &stretches, at))
        .collect();
    // Once a kind: there may be as many gaps as stories.
    let needed = GapKind::ALL.map(|kind| (kind, needed(kind, &gaps, &beginnings)));
    let is_enough = |gap: &Gap, beginning: Beginning| {
        let of_kind = needed.iter().find(|(kind, _)| *kind == gap.kind);
        of_kind.is_some_and(|(_, least)| beginning >= *least)
    };
    let mut starts = Vec::new();
    let mut has_body = beginnings[0] > Beginning::Inside;
    for (at, gap) in gaps.iter().enumerate() {
        let next = at + 1;
        let parts = has_body
            && !gap.goes_on
            && is_enough(gap, beginnings[next])
            && !is_page_break(text, &stretches, at, gap, beginnings[next]);
        if parts {
            starts.push(stretches[next].start);
        }
        has_body |= beginnings[next] > Beginning::Inside;
    }
    starts
}

/// Returns how a story must begin after a gap of a kind. Where all gaps of a kind are followed by
/// the same, less will do; of words alone on a line, only that will.
fn needed(kind: GapKind, gaps: &[Gap], beginnings: &[Beginning]) -> Beginning {
    let (usual, uniform) = match kind {
        GapKind::Word => (Beginning::Never, Beginning::Filed),
        GapKind::LightRule => (Beginning::Filed, Beginning::Signed),
        _ => (Beginning::Signed, Beginning::Headline),
    };
    let after_each = gaps
        .iter()
        .zip(&beginnings[1..])
        .filter(|(gap, _)| gap.kind == kind)
        .all(|(_, beginning)| *beginning >= uniform);
    match after_each && beginnings[0] >= uniform {
        true => uniform,
        false => usual,
    }
}

/// A line that is a mark between stories, or inside one.
#[derive(Clone, Copy, Debug)]
struct Mark {
    kind: GapKind,
    /// Whether it says that the story goes on.
    goes_on: bool,
}

impl Mark {
    /// Returns a mark that says nothing of what follows.
    const fn of(kind: GapKind) -> Self {
        Self {
            kind,
            goes_on: false,
        }
    }
}

/// Returns the mark that a line is, if it is one.
fn mark(line: &str) -> Option<Mark> {
    if line.len() < 2 || line.len() > MARK {
        return None;
    }
    let mut glyphs = line.chars().filter(|c| !c.is_whitespace());
    let first = glyphs.next()?;
    if "=-*_~#+—–─═•·".contains(first) && glyphs.clone().all(|glyph| glyph == first) {
        return match (glyphs.count() + 1 >= RULE, first) {
            (false, _) => None,
            (true, '=' | '═') => Some(Mark::of(GapKind::HeavyRule)),
            (true, '#') => Some(Mark::of(GapKind::EndMark)),
            (true, _) => Some(Mark::of(GapKind::LightRule)),
        };
    }
    if line.len() > WORDS {
        return None;
    }
    let folded = fold(line);
    let bare = folded.trim_matches(['.', ' ', '…', '*', '/', '=', '[', ']']);
    let marks = &LEXICON.end_marks;
    let between_marks = || {
        let core = folded.trim_matches(|c: char| !c.is_alphanumeric());
        let has_both = !folded.starts_with(core) && !folded.ends_with(core);
        has_both.then(|| marks.get(&format!("-{core}-")))?
    };
    let value = marks.get(&folded).or_else(|| marks.get(bare));
    let value = value.or_else(between_marks)?;
    let is_marked = !line.starts_with(char::is_alphanumeric) || !line.contains(char::is_lowercase);
    let kind = if !folded.contains(char::is_alphanumeric) {
        GapKind::LightRule
    } else if is_marked && !LEXICON.agencies.has(bare.trim_matches(['(', ')', '-'])) {
        GapKind::EndMark
    } else {
        GapKind::Word
    };
    Some(Mark {
        kind,
        goes_on: value == "more",
    })
}

/// Returns the gaps of a text, in order. Marks before the first words and after the last are none.
fn gaps(text: &str) -> Vec<Gap> {
    let mut out: Vec<Gap> = Vec::new();
    let mut open: Option<Gap> = None;
    let (mut at, mut empty_from, mut is_begun) = (0, 0, false);
    while at < text.len() {
        let rest = &text[at..];
        let (line, end) = match rest.find(['\n', '\r', FORM_FEED]) {
            Some(end) => (&rest[..end], at + end + 1),
            None => (rest, text.len()),
        };
        let is_page_end = text[..end].ends_with(FORM_FEED);
        let shown = line.trim();
        let found = mark(shown);
        let is_words = !shown.is_empty() && found.is_none();
        if is_words {
            if let Some(gap) = open.take().filter(|_| is_begun) {
                out.push(gap);
            }
            is_begun = true;
            empty_from = end;
        }
        let feed = is_page_end.then_some(Mark::of(GapKind::FormFeed));
        for Mark { kind, goes_on } in found.into_iter().chain(feed) {
            let gap = open.get_or_insert(Gap {
                range: empty_from..end,
                kind,
                goes_on,
            });
            gap.kind = gap.kind.max(kind);
            gap.goes_on |= goes_on;
        }
        if let Some(gap) = &mut open {
            gap.range.end = end;
        }
        at = end;
    }
    out
}

/// Returns the stretches of text before, between and after the gaps.
fn stretches(text: &str, gaps: &[Gap]) -> Vec<Range<usize>> {
    let starts = std::iter::once(0).chain(gaps.iter().map(|gap| gap.range.end));
    let ends = gaps.iter().map(|gap| gap.range.start);
    starts
        .zip(ends.chain(std::iter::once(text.len())))
        .map(|(start, end)| start..end.max(start))
        .collect()
}

/// Looks at how the stretch with a number begins. A headline between rules has its body in the
/// stretches after it.
fn beginning_of(text: &str, stretches: &[Range<usize>], at: usize) -> Beginning {
    let start = stretches[at].start;
    let last = stretches.len().min(at + GAPS_IN_HEAD + 1);
    let mut looked_at = start;
    if stretches[last - 1].end - start < STORY {
        return Beginning::Inside;
    }
    for stretch in &stretches[at..last] {
        let end = start + boundary(&text[start..stretch.end], BEGINNING);
        if end == looked_at {
            break;
        }
        looked_at = end;
        let head = read_beginning(&text[start..end]);
        if head.has_body {
            return head.beginning();
        }
        if !head.is_open() {
            break;
        }
    }
    Beginning::Inside
}

/// What the labels say of a beginning.
#[derive(Clone, Copy, Debug, Default)]
struct Head {
    /// Units before the first paragraph.
    units: usize,
    /// Which of them is the headline, from 1.
    headline: Option<usize>,
    /// Whether a byline or dateline stands before or at the beginning of the body.
    is_filed: bool,
    /// Whether a date or slug stands before the body.
    is_dated: bool,
    has_body: bool,
    /// Characters of the paragraphs.
    body: usize,
}

impl Head {
    /// Returns whether there is nothing but what stands before a body, and little of it.
    fn is_open(self) -> bool {
        !self.has_body && (1..=HEAD_UNITS).contains(&self.units)
    }

    fn beginning(self) -> Beginning {
        let Some(headline) = self.headline else {
            return Beginning::Inside;
        };
        let is_bare = headline <= HEADLINE_WITHIN && self.units <= HEAD_UNITS;
        if self.is_filed && is_bare && self.body >= FLASH {
            Beginning::Filed
        } else if self.body < BODY {
            Beginning::Inside
        } else if (self.is_filed || self.is_dated) && headline <= PAGE_HEADLINE_WITHIN {
            Beginning::Signed
        } else if self.body >= BODY_OF_HEADLINE && is_bare {
            Beginning::Headline
        } else {
            Beginning::Inside
        }
    }
}

fn read_beginning(text: &str) -> Head {
    let (copy, _) = clean(text, 0..text.len(), &[]);
    let labelled = label(&copy);
    let mut head = Head::default();
    for (unit, choice) in labelled.units.iter().zip(&labelled.choices) {
        let words = unit.str(&copy);
        let is_paragraph = choice.label() == Label::Paragraph && words.len() >= PARAGRAPH;
        if !head.has_body && !is_paragraph {
            head.units += 1;
            let leads_on = matches!(choice.label(), Label::RelatedLabel | Label::Related);
            // Whoever signed what is before the gap.
            let is_signature = head.units == 1 && likeness(words) >= SURE_NAME;
            let is_after = leads_on || is_signature || is_after_story(&fold(words));
            if head.units > PAGE_HEAD_UNITS || head.headline.is_none() && is_after {
                return Head::default();
            }
        }
        match choice.label() {
            Label::Byline | Label::Caption if head.headline.is_none() => {
                return Head::default();
            }
            Label::Paragraph if head.headline.is_none() => return Head::default(),
            Label::Paragraph if !is_paragraph => {}
            Label::Headline => head.headline = Some(head.units),
            Label::Paragraph => {
                if !head.has_body {
                    head.is_filed |= read_dateline(words).is_some_and(|reading| {
                        reading.place.is_some()
                            && (reading.date.is_some() || reading.agency.is_some())
                    });
                }
                head.has_body = true;
                head.body += words.chars().count();
            }
            Label::Byline | Label::Dateline if !head.has_body && words.len() >= SIGNED => {
                head.is_filed = true;
            }
            Label::Date | Label::Slug if !head.has_body => head.is_dated = true,
            _ if choice.phase() == Phase::Tail => break,
            _ => {}
        }
    }
    head
}

/// Returns whether a line stands after stories: it leads on to others, or is about the sender.
fn is_after_story(folded: &str) -> bool {
    let bare = folded.trim_end_matches([':', '.', ' ']);
    let titles = [&LEXICON.tail, &LEXICON.related];
    let begins_note = LEXICON.notes.prefix(folded).is_some_and(|(len, kind)| {
        let rest = folded[len..].trim_start();
        kind != "embargo" && (rest.is_empty() || rest.starts_with([':', '-', '.']))
    });
    let has_link = folded.contains("http") && !folded.starts_with("http");
    has_link
        || titles.iter().any(|list| list.has(bare))
        || begins_note
        || LEXICON.about_senders.prefix(folded).is_some()
}

/// Returns whether the gap with a number only ends a page: the story goes on after it, in the
/// middle of a sentence or under the same running head.
fn is_page_break(
    text: &str,
    stretches: &[Range<usize>],
    at: usize,
    gap: &Gap,
    next: Beginning,
) -> bool {
    if gap.kind != GapKind::FormFeed {
        return false;
    }
    let before = text[stretches[at].clone()].trim_end();
    let last = before.rsplit(['\n', '\r']).next().unwrap_or("").trim();
    let is_cut = last.chars().count() >= FULL_LINE && last.ends_with(char::is_alphanumeric);
    let first = first_line(&text[stretches[at + 1].clone()]);
    let running = without_numbers(first);
    // Stories of one wire may begin with its name; no page begins with a headline after it.
    let is_running = next < Beginning::Filed
        && !running.is_empty()
        && running == without_numbers(first_line(&text[stretches[at].clone()]));
    is_running || first.starts_with(char::is_lowercase) || is_cut
}

fn first_line(text: &str) -> &str {
    text.trim_start().split(['\n', '\r']).next().unwrap_or("")
}

fn without_numbers(line: &str) -> String {
    line.chars()
        .filter(|c| !c.is_numeric() && !c.is_whitespace())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "The council voted on Tuesday to open the bridge again after two years of \
                        work.\n\nThe first cars are to cross it on Friday morning, when the last \
                        of the signs are in place, the engineer said.\n";

    fn story(headline: &str, place: &str) -> String {
        format!("{headline}\n\nBy Ana Ruiz\n\n{place}, March 4 (AP) - {BODY}")
    }

    fn count(text: &str) -> usize {
        story_starts(text).len() + 1
    }

    #[test]
    fn gaps_part_stories_with_a_byline_or_a_dateline() {
        for gap in [
            "\u{c}",
            "\n=====\n\n",
            "\n----------\n",
            "* * * * *\n\n",
            "-30-\n\n",
            "###\n\n\n",
            "(END)\n\u{c}\n",
            "ENDS\n\n=====\n\n",
            "NNNN\n\n",
        ] {
            let [one, two, three] = [
                story("Bridge opens after two years", "OSTEND"),
                story("Ferry line will sail at night", "LISBON"),
                story("Port strike ends with a deal", "TRIESTE"),
            ];
            let file = format!("{one}{gap}{two}{gap}{three}");
            let starts = story_starts(&file);
            assert_eq!(starts.len(), 2, "{gap:?}");
            assert!(file[starts[0]..].starts_with("Ferry line"), "{gap:?}");
            assert!(file[starts[1]..].starts_with("Port strike"), "{gap:?}");
        }
    }

    #[test]
    fn headlines_alone_part_stories_where_each_gap_has_one() {
        let [one, two] = [
            "Bridge opens after two years",
            "Ferry line will sail at night",
        ]
        .map(|headline| format!("{headline}\n\n{BODY}\n{BODY}"));
        assert_eq!(count(&format!("{one}\n=====\n\n{two}")), 2);
        assert_eq!(count(&format!("{one}\n\u{c}{two}")), 2);
        assert_eq!(count(&format!("{one}\n* * *\n\n{two}")), 1);
        assert_eq!(count(&format!("{one}\n=====\n\n{BODY}\n=====\n\n{two}")), 1);
    }

    #[test]
    fn a_single_story_is_one_whatever_rules_it_has() {
        let one = story("Bridge opens after two years", "OSTEND");
        for single in [
            one.clone(),
            format!("{one}\n-30-\n"),
            format!("{one}\n=====\n"),
            format!("=====\n{one}"),
            format!("Bridge opens after two years\n=====\n\nBy Ana Ruiz\n-----\n\nOSTEND - {BODY}"),
            format!("{one}\n* * *\n\n{BODY}\n* * *\n\n{BODY}"),
            format!("{one}\nENDS\n\nNotes to editors\n\n{BODY}\n{BODY}"),
            format!("{one}\n###\n\nAbout the Harbour Board\n\n{BODY}\n{BODY}"),
            format!(
                "{one}\n-----\n\nRelated stories\n\nFerry line will sail\nMarch 3, 2020\n{BODY}"
            ),
            format!(
                "{one}(more)\n\u{c}\n{}",
                story("Ferry line will sail at night", "LISBON")
            ),
        ] {
            assert_eq!(count(&single), 1, "{single}");
        }
    }

    #[test]
    fn pages_of_one_story_stay_together() {
        let page = |number: u32| format!("Island Gazette, March 4, 2020, page {number}\n\n{BODY}");
        let pages = [page(1), page(2), page(3)].join("\u{c}");
        assert_eq!(count(&pages), 1);
        let cut = format!(
            "{}\nThe engineer said that the board had looked at every\n\u{c}\nOther way\n\n{BODY}",
            story("Bridge opens after two years", "OSTEND")
        );
        assert_eq!(count(&cut), 1);
    }

    #[test]
    fn flashes_and_stories_under_the_name_of_their_wire_are_parted() {
        let flash = |place: &str| {
            format!(
                "Bridge opens\n\n{place}, March 4 (AP) - The bridge opened on Monday morning.\n"
            )
        };
        let [one, two] = ["OSTEND", "LISBON"].map(flash);
        assert_eq!(count(&format!("{one}\n--- 30 ---\n\n{two}")), 2);
        let page = |place: &str| format!("ISLAND NEWS AGENCY\n{}", story("Bridge opens", place));
        let [one, two] = ["OSTEND", "LISBON"].map(page);
        assert_eq!(count(&format!("{one}\u{c}{two}")), 2);
    }

    #[test]
    fn what_has_no_gap_is_not_looked_at() {
        assert!(!may_hold_several(BODY.as_bytes()));
        assert!(may_hold_several(b"a\n\n=====\n\nb"));
        assert!(may_hold_several(b"a\r\n-30-\r\nb"));
        assert!(may_hold_several(b"a\x0cb"));
    }
}
