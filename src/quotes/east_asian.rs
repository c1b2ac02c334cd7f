//! Chinese, Japanese and Korean: frames read by rule, since no spaces or capitals show words and
//! names.
//!
//! ```text
//! 港务局局长张伟说：“我们准备了两年。”      speaker, verb, quote
//! “我们准备了两年。”居民林小燕告诉记者。    quote, speaker, verb
//! 田中市長は「準備は整った」と述べた。      speaker with は, quote, と and verb
//! 박영희 의장은 "오래 기다렸다"고 말했다.   speaker with 은 or 는, quote, 고 and verb
//! ```
//!
//! A passage in no such frame is nobody's speech.

use super::passage::Passage;
use super::place::Place;
use super::speaker::Speaker;
use super::{Attributed, Body, passages};
use crate::lexicon::LEXICON;
use crate::story::{QuoteKind, SpeakerKind};
use std::ops::Range;
use std::sync::LazyLock;

/// Bytes of a clause that are looked at on either side of a passage.
const REACH: usize = 240;
/// Characters of a name, at most: longer ones have a point between their parts.
const NAME: usize = 4;

/// What a term is in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Verb,
    Title,
    End,
    Link,
}

/// The terms of one language, the longest first.
struct Terms(Vec<(&'static str, Part)>);

impl Terms {
    fn read(language: &str) -> Self {
        let mut terms = Vec::new();
        for (term, value) in LEXICON.east_asian.iter() {
            let classes = value.split("; ").filter_map(|part| part.split_once(" = "));
            for (_, class) in classes.filter(|(of, _)| *of == language) {
                let part = match class {
                    "verb" => Part::Verb,
                    "title" => Part::Title,
                    "link" => Part::Link,
                    _ => Part::End,
                };
                terms.push((term, part));
            }
        }
        terms.sort_unstable_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.0.cmp(b.0)));
        Self(terms)
    }

    fn of(&self, part: Part) -> impl Iterator<Item = &'static str> {
        self.0.iter().filter(move |t| t.1 == part).map(|t| t.0)
    }

    /// Returns the longest term of a kind that a text ends with.
    fn at_end(&self, text: &str, part: Part) -> Option<&'static str> {
        self.of(part).find(|term| text.ends_with(term))
    }

    /// Returns the longest term of a kind that a text begins with.
    fn at_start(&self, text: &str, part: Part) -> Option<&'static str> {
        self.of(part).find(|term| text.starts_with(term))
    }

    /// Returns where the first term of a kind stands in a text.
    fn first(&self, text: &str, part: Part) -> Option<Range<usize>> {
        let found = self.of(part).filter_map(|term| {
            let at = text.find(term)?;
            Some(at..at + term.len())
        });
        found.min_by_key(|at| (at.start, std::cmp::Reverse(at.end)))
    }
}

static CHINESE: LazyLock<Terms> = LazyLock::new(|| Terms::read("zh"));
static JAPANESE: LazyLock<Terms> = LazyLock::new(|| Terms::read("ja"));
static KOREAN: LazyLock<Terms> = LazyLock::new(|| Terms::read("ko"));

/// Returns whether the frames of a language are read here.
pub(super) fn reads(language: &str) -> bool {
    matches!(language, "zh" | "ja" | "ko")
}

/// Finds and attributes the quotes of a story in one of these languages.
pub(super) fn attribute(body: &Body<'_>) -> Vec<Attributed> {
    let found = passages::find(body.blocks, body.quotable, body.language);
    let mut quotes: Vec<Attributed> = Vec::new();
    for (block, passages) in found.into_iter().enumerate() {
        let text = body.blocks[block];
        let mut from = 0;
        for passage in passages {
            let before = clip_before(text, from, passage.outer.start);
            let after = clip_after(text, passage.outer.end);
            from = passage.outer.end;
            let frame = match body.language {
                "zh" => chinese(text, before, after),
                "ja" => japanese(text, before, after),
                _ => korean(text, before, after),
            };
            quotes.push(finish(body, block, passage, frame, &quotes));
        }
    }
    quotes
}

/// Returns what stands before a passage, back to the one before it.
fn clip_before(text: &str, from: usize, to: usize) -> Range<usize> {
    let mut start = to.saturating_sub(REACH).max(from).min(to);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    start..to
}

/// Returns what stands after a passage.
fn clip_after(text: &str, from: usize) -> Range<usize> {
    let mut end = text.len().min(from + REACH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    from..end
}

/// Who speaks, and the verb; bytes of the block.
struct Frame {
    mention: Option<Range<usize>>,
    name: Range<usize>,
    cue: Range<usize>,
}

impl Frame {
    /// Returns what the speaker is: somebody with a name beside a title, or with a title alone.
    fn kind(&self, text: &str, terms: &Terms) -> Option<SpeakerKind> {
        let mention = self.mention.clone()?;
        let titled = terms.at_end(&text[mention.clone()], Part::Title).is_some();
        match self.name == mention {
            false => Some(SpeakerKind::Person),
            true => titled.then_some(SpeakerKind::Described),
        }
    }
}

fn is_stop(c: char) -> bool {
    matches!(
        c,
        '。' | '！' | '？' | '；' | '!' | '?' | ';' | '”' | '」' | '“' | '「'
    )
}

fn is_pause(c: char) -> bool {
    is_stop(c) || matches!(c, '，' | ',' | '：' | ':' | '、')
}

/// `SPEAKER VERB：“…”` or `“…”SPEAKER VERB`.
fn chinese(text: &str, before: Range<usize>, after: Range<usize>) -> Option<Frame> {
    let lead = text[before.clone()].trim_end_matches([':', '：', ',', '，', ' ']);
    if let Some(verb) = CHINESE.at_end(lead, Part::Verb) {
        let end = before.start + lead.len() - verb.len();
        let start = text[before.start..end].rfind(is_pause);
        let start = start.map_or(before.start, |at| {
            let at = before.start + at;
            at + text[at..].chars().next().map_or(0, char::len_utf8)
        });
        let cue = end..end + verb.len();
        return Some(chinese_speaker(text, start..end, cue));
    }
    let tail = &text[after.clone()];
    let start = tail.len() - tail.trim_start_matches(['，', ',', ' ']).len();
    let clause = tail[start..]
        .find(is_pause)
        .map_or(&tail[start..], |end| &tail[start..start + end]);
    let verb = CHINESE.first(clause, Part::Verb)?;
    let from = after.start + start;
    let subject = from..from + verb.start;
    (!subject.is_empty()).then(|| {
        let cue = from + verb.start..from + verb.end;
        chinese_speaker(text, subject, cue)
    })
}

/// Returns the speaker in what stands before a verb: days and places after it are cut off, titles
/// before the name are kept apart.
fn chinese_speaker(text: &str, subject: Range<usize>, cue: Range<usize>) -> Frame {
    let words = text[subject.clone()].trim_start();
    let start = subject.end - words.len();
    // The first two characters are the speaker's whatever they look like.
    let second = words
        .char_indices()
        .nth(2)
        .map_or(words.len(), |(at, _)| at);
    let rest = &words[second..];
    let cut = CHINESE.first(rest, Part::End).map(|at| at.start);
    let digit = rest.find(|c: char| c.is_ascii_digit());
    let end = [cut, digit]
        .into_iter()
        .flatten()
        .min()
        .map_or(words.len(), |at| second + at);
    let words = &words[..end];
    // After the last title stands the name.
    let titles = CHINESE.of(Part::Title);
    let named = titles
        .filter_map(|title| words.rfind(title).map(|at| at + title.len()))
        .max();
    let name = named.filter(|at| {
        let name = &words[*at..];
        (2..=NAME).contains(&name.chars().count()) || name.contains('·')
    });
    let mention = start..start + end;
    Frame {
        mention: (!mention.is_empty()).then_some(mention),
        name: start + name.unwrap_or(0)..start + end,
        cue,
    }
}

/// `SPEAKERは「…」と述べた`.
fn japanese(text: &str, before: Range<usize>, after: Range<usize>) -> Option<Frame> {
    let tail = &text[after.clone()];
    let link = JAPANESE.at_start(tail, Part::Link)?;
    let sentence = tail.find(is_stop).map_or(tail, |end| &tail[..end]);
    let verb = JAPANESE.first(sentence.get(link.len()..)?, Part::Verb)?;
    let cue = after.start + link.len() + verb.start..after.start + link.len() + verb.end;
    let lead = &text[before.clone()];
    let from = lead.rfind(is_stop).map_or(0, |at| {
        at + lead[at..].chars().next().map_or(0, char::len_utf8)
    });
    let topic = lead[from..]
        .rfind("は")
        .or_else(|| lead[from..].rfind("が"));
    let Some(topic) = topic.map(|at| from + at) else {
        let nobody = cue.start..cue.start;
        return Some(Frame {
            mention: None,
            name: nobody,
            cue,
        });
    };
    let start = lead[from..topic].rfind(is_pause).map_or(from, |at| {
        let at = from + at;
        at + lead[at..].chars().next().map_or(0, char::len_utf8)
    });
    let words = &lead[start..topic];
    let bare = JAPANESE
        .at_end(words, Part::Title)
        .map_or(words, |title| &words[..words.len() - title.len()]);
    let first = bare.rfind("の").map_or(0, |at| at + "の".len());
    let offset = before.start + start;
    let mention = offset..offset + words.len();
    let name = offset + first..offset + bare.len();
    Some(Frame {
        name: if name.is_empty() {
            mention.clone()
        } else {
            name
        },
        mention: (!words.is_empty()).then_some(mention),
        cue,
    })
}

/// `SPEAKER은 "…"고 말했다`.
fn korean(text: &str, before: Range<usize>, after: Range<usize>) -> Option<Frame> {
    let tail = &text[after.clone()];
    let link = KOREAN.at_start(tail, Part::Link)?;
    let sentence = tail.find(['.', '?', '!']).map_or(tail, |end| &tail[..end]);
    let verb = KOREAN.first(sentence.get(link.len()..)?, Part::Verb)?;
    let cue = after.start + link.len() + verb.start..after.start + link.len() + verb.end;
    let lead = &text[before.clone()];
    let from = lead.rfind(['.', '?', '!', ',', '"', '”']).map_or(0, |at| {
        at + lead[at..].chars().next().map_or(0, char::len_utf8)
    });
    let ahead = korean_speaker(text, before.start + from..before.end);
    let later = || korean_speaker(text, after.start + link.len()..cue.start);
    Some(match ahead.or_else(later) {
        Some((mention, name)) => Frame {
            mention: Some(mention),
            name,
            cue,
        },
        None => Frame {
            mention: None,
            name: cue.start..cue.start,
            cue,
        },
    })
}

/// Returns the first word with the particle of a topic, else of a subject, and the name before its
/// title.
fn korean_speaker(text: &str, clause: Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut at = clause.start;
    for word in text[clause].split(' ') {
        if !word.is_empty() {
            words.push(at..at + word.len());
        }
        at += word.len() + 1;
    }
    let topic = ["은", "는", "이", "가"].iter().find_map(|particle| {
        let marked = |word: &Range<usize>| {
            let word = &text[word.clone()];
            word.ends_with(particle) && word.chars().count() > 1
        };
        let found = words.iter().position(marked)?;
        Some((found, words[found].end - particle.len()))
    });
    let (found, end) = topic?;
    let start = words[found].start;
    let word = &text[start..end];
    // `박영희 의장은`, `박영희 씨는`: the name stands before its title.
    if found > 0 && KOREAN.of(Part::Title).any(|title| title == word) {
        let name = words[found - 1].clone();
        return Some((name.start..end, name));
    }
    let bare = KOREAN
        .at_end(word, Part::Title)
        .map_or(word.len(), |title| word.len() - title.len());
    let bare = if bare == 0 { word.len() } else { bare };
    Some((start..end, start..start + bare))
}

/// Makes a quote of a passage and its frame.
fn finish(
    body: &Body<'_>,
    block: usize,
    mut passage: Passage,
    frame: Option<Frame>,
    before: &[Attributed],
) -> Attributed {
    let text = body.blocks[block];
    let whole = text[passage.range.clone()].ends_with(['。', '！', '？', '.', '!', '?', '…']);
    // A block that is all quotation is speech whoever speaks; other passages are terms.
    let alone = passage.closed && passage.outer == (0..text.len());
    passage.kind = match frame {
        Some(_) if !whole => QuoteKind::Mixed,
        None if !(whole && alone) => QuoteKind::Scare,
        _ => QuoteKind::Direct,
    };
    Attributed {
        block,
        passage,
        speaker: frame
            .as_ref()
            .and_then(|frame| speaker(body, block, frame, before)),
        cue: frame.map(|frame| Place::new(block, frame.cue)),
        part_of: None,
    }
}

/// Quotes that are looked back through for the last speaker.
const LOOKED_BACK: usize = 24;

/// Who speaks in a frame; a pronoun, or nobody, is who spoke last.
fn speaker(body: &Body<'_>, block: usize, frame: &Frame, before: &[Attributed]) -> Option<Speaker> {
    let text = body.blocks[block];
    let mut before = before.iter().rev().take(LOOKED_BACK);
    let last = before.find_map(|quote| quote.speaker.clone());
    let Some(mention) = frame.mention.clone() else {
        return last;
    };
    let name = &text[frame.name.clone()];
    let mention = Place::new(block, mention);
    if !PRONOUNS.contains(&name) {
        let kind = frame.kind(text, terms(body.language));
        return Some(Speaker::plain(mention, name.to_owned(), kind));
    }
    let unresolved = || {
        let kind = Some(SpeakerKind::Unresolved);
        Speaker::plain(mention.clone(), name.to_owned(), kind)
    };
    let mut speaker = last.unwrap_or_else(unresolved);
    speaker.mention = mention;
    Some(speaker)
}

/// Pronouns of the third person.
const PRONOUNS: [&str; 8] = ["他", "她", "他们", "她们", "彼", "彼女", "그", "그녀"];

/// Returns the terms of a language.
fn terms(language: &str) -> &'static Terms {
    match language {
        "zh" => &CHINESE,
        "ja" => &JAPANESE,
        _ => &KOREAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mention, name and cue of the last quote of a block.
    fn read(text: &str, language: &str) -> (String, String, String) {
        let body = Body {
            blocks: &[text],
            quotable: &[true],
            heads: &[],
            language,
        };
        let quote = attribute(&body).pop().expect("a passage");
        let speaker = quote.speaker.expect("a speaker");
        let cue = quote.cue.expect("a cue");
        let mention = text[speaker.mention.range()].to_owned();
        (mention, speaker.name, text[cue.range()].to_owned())
    }

    #[test]
    fn a_frame_names_who_speaks() {
        for (language, text, mention, name, cue) in [
            (
                "zh",
                "渡口管理处主任陆小舟说：“桥撑住了。”",
                "渡口管理处主任陆小舟",
                "陆小舟",
                "说",
            ),
            (
                "zh",
                "“桥撑住了。”村民陆小舟告诉记者。",
                "村民陆小舟",
                "陆小舟",
                "告诉记者",
            ),
            (
                "zh",
                "陆小舟昨天在码头表示，“桥撑住了”。",
                "陆小舟",
                "陆小舟",
                "表示",
            ),
            (
                "ja",
                "東浜市の陸野市長は8日、「橋は持ちこたえた」と述べた。",
                "東浜市の陸野市長",
                "陸野",
                "述べ",
            ),
            (
                "ko",
                "한여울 의장은 3일 \"다리는 버텼다\"고 말했다.",
                "한여울 의장",
                "한여울",
                "말했",
            ),
            (
                "ko",
                "\"다리는 버텼다\"라고 한여울 씨는 전했다.",
                "한여울 씨",
                "한여울",
                "전했",
            ),
        ] {
            let want = (mention.to_owned(), name.to_owned(), cue.to_owned());
            assert_eq!(read(text, language), want, "{text}");
        }
    }

    #[test]
    fn a_passage_without_a_frame_is_a_term() {
        for (language, text) in [
            ("zh", "台风“灰鸥”预计今晚登陆。"),
            ("ja", "「灰鴎」号が入港した。"),
            ("ko", "태풍 '회색갈매기'가 상륙한다."),
        ] {
            let body = Body {
                blocks: &[text],
                quotable: &[true],
                heads: &[],
                language,
            };
            let quotes = attribute(&body);
            assert!(
                quotes.iter().all(|q| q.passage.kind == QuoteKind::Scare),
                "{text}"
            );
        }
    }

    #[test]
    fn a_pronoun_is_the_last_speaker() {
        let blocks = ["主任陆小舟说：“桥撑住了。”", "她说：“我们很高兴。”"];
        let body = Body {
            blocks: &blocks,
            quotable: &[true; 2],
            heads: &[],
            language: "zh",
        };
        let quotes = attribute(&body);
        let names: Vec<_> = quotes
            .iter()
            .map(|q| &*q.speaker.as_ref().expect("speaker").name)
            .collect();
        assert_eq!(names, ["陆小舟", "陆小舟"]);
    }
}
