//! Quotation marks paired: a small state machine over one block's text.
//!
//! Marks pair within a block. Which way a straight mark points is read off its neighbours;
//! apostrophes, feet and inches, decades (`'90s`) and leading elisions (`'em`) are no marks; marks
//! of another shape inside an open passage are left inside it; an unclosed mark runs to the
//! block's end, as style books have it for quotes of several paragraphs.

use crate::quotes::passage::Passage;
use crate::story::QuoteKind;
use std::ops::Range;

/// How passages open and close.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Shape {
    /// `"…"`
    Straight,
    /// `“…”`, and German `„…“`
    Curly,
    /// `«…»`, `»…«`
    Angle,
    /// ``` ``…'' ```, `''…''`
    Wire,
    /// `'…'`, `‘…’`, `‚…‘`
    Single,
    /// `「…」`, `『…』`
    Corner,
}

struct Mark {
    at: Range<usize>,
    shape: Shape,
    opens: bool,
    closes: bool,
}

/// Returns all passages of a block, in order.
pub fn passages(text: &str) -> Vec<Passage> {
    let marks = marks(text);
    let mut out = Vec::new();
    let mut open: Option<(Range<usize>, Shape)> = None;
    let mut inside = 0;
    for mark in &marks {
        match &open {
            None if mark.opens => open = Some((mark.at.clone(), mark.shape)),
            Some((_, shape)) if mark.opens && !mark.closes && mark.shape.pairs_with(*shape) => {
                inside += 1;
            }
            Some((_, shape)) if mark.closes && mark.shape.pairs_with(*shape) && inside > 0 => {
                inside -= 1;
            }
            Some((at, shape)) if mark.closes && mark.shape.pairs_with(*shape) => {
                push(text, at, Some(&mark.at), &mut out);
                open = None;
            }
            _ => {}
        }
    }
    if let Some((at, _)) = open {
        push(text, &at, None, &mut out);
    }
    out
}

impl Shape {
    /// Returns whether a passage opened with one may close with the other: copy mixes typewriter's,
    /// typographer's and wire marks.
    fn pairs_with(self, other: Self) -> bool {
        let double = |shape| matches!(shape, Self::Straight | Self::Curly | Self::Wire);
        self == other || double(self) && double(other)
    }
}

/// Adds the passage between two marks, or from one to the block's end.
fn push(
    text: &str,
    opening: &Range<usize>,
    closing: Option<&Range<usize>>,
    out: &mut Vec<Passage>,
) {
    let part = &text[opening.end..closing.map_or(text.len(), |c| c.start)];
    let start = opening.end + part.len() - part.trim_start().len();
    let end = opening.end + part.trim_end().len();
    if start < end && text[start..end].contains(char::is_alphanumeric) {
        let kind = kind(text, start, end);
        let outer = opening.start..closing.map_or(text.len(), |c| c.end);
        out.push(Passage {
            outer,
            range: start..end,
            kind,
            closed: closing.is_some(),
        });
    }
}

/// Direct speech begins as a sentence begins, and stops or pauses before its mark closes; words
/// that run on inside the reporter's clause are mixed.
fn kind(text: &str, start: usize, end: usize) -> QuoteKind {
    let words = &text[start..end];
    let capital = words
        .chars()
        .find(|c| c.is_alphanumeric())
        .is_some_and(|c| !c.is_lowercase());
    let stops = words.ends_with([',', '.', '!', '?', '…', '。', '-', '—', '–', ';', ':'])
        || text[end..]
            .chars()
            .nth(1)
            .is_some_and(|c| matches!(c, ',' | '.'));
    let before = text[..start].trim_end_matches(|c: char| {
        !c.is_alphanumeric() && !matches!(c, '.' | '!' | '?' | ':' | ',' | '…')
    });
    let opens = before.is_empty() || before.ends_with(['.', '!', '?', ':', ',', '…']);
    if capital && stops && opens || capital && before.is_empty() {
        QuoteKind::Direct
    } else {
        QuoteKind::Mixed
    }
}

/// First bytes of quotation marks in UTF-8, and of many other characters; no mark begins with
/// another byte.
const MAY_BEGIN: [bool; 256] = {
    let mut table = [false; 256];
    let (marks, mut i) = (b"\"'`\xC2\xE2\xE3\xEF", 0);
    while i < marks.len() {
        table[marks[i] as usize] = true;
        i += 1;
    }
    table
};

/// Returns whether a text sets its quotes between `,,` and `''`, as Dutch typists do.
fn has_low_marks(text: &str) -> bool {
    let text = text.as_bytes();
    memchr::memmem::find(text, b",,")
        .is_some_and(|low| memchr::memmem::find(&text[low..], b"''").is_some())
}

/// Returns the quotation marks of a block, in order.
fn marks(text: &str) -> Vec<Mark> {
    let mut out: Vec<Mark> = Vec::new();
    let (mut i, mut straight) = (0, 0usize);
    let (ascii, low) = (text.is_ascii(), has_low_marks(text));
    let next = |rest: &[u8]| match ascii {
        _ if low => rest
            .iter()
            .position(|b| *b == b',' || MAY_BEGIN[usize::from(*b)]),
        true => memchr::memchr3(b'"', b'\'', b'`', rest),
        false => rest.iter().position(|b| MAY_BEGIN[usize::from(*b)]),
    };
    while let Some(found) = next(&text.as_bytes()[i..]) {
        i += found;
        // The byte that was found begins a character.
        let Some(sign) = Sign::at(text, i) else {
            break;
        };
        straight += usize::from(sign.character == '"');
        let (mark, end) = match sign.character {
            ',' if low => sign.low(),
            '`' if text[i + 1..].starts_with('`') => (Some(sign.backticks()), i + 2),
            '\'' if text[i + 1..].starts_with('\'') => sign.apostrophes(),
            '"' | '＂' => (sign.straight(!straight.is_multiple_of(2)), sign.end),
            _ => (sign.alone(), sign.end),
        };
        out.extend(mark);
        i = end;
    }
    if out.iter().any(|mark| mark.shape == Shape::Single) {
        singles(text, &mut out);
    }
    out
}

/// A character that may be a quotation mark, and what stands around it.
struct Sign<'a> {
    text: &'a str,
    start: usize,
    end: usize,
    character: char,
    before: Option<char>,
    after: Option<char>,
    /// Whether what stands before it lets a mark open.
    open_side: bool,
    /// Whether what stands after it lets a mark close.
    close_side: bool,
    /// Whether a word or its punctuation stands before it.
    ends_word: bool,
}

impl<'a> Sign<'a> {
    /// Returns the character that begins at a byte.
    fn at(text: &'a str, start: usize) -> Option<Self> {
        let character = text[start..].chars().next()?;
        let end = start + character.len_utf8();
        let before = text[..start].chars().next_back();
        let after = text[end..].chars().next();
        let open_side = before.is_none_or(|b| {
            b.is_whitespace()
                || matches!(
                    b,
                    '(' | '[' | '-' | '–' | '—' | '/' | '‘' | '\'' | '…' | '"' | '“' | '.' | '_'
                )
        });
        Some(Self {
            text,
            start,
            end,
            character,
            before,
            after,
            open_side,
            close_side: after.is_none_or(|a| !a.is_alphanumeric()),
            ends_word: before.is_some_and(|b| !b.is_whitespace() && !matches!(b, '(' | '[')),
        })
    }

    fn mark(&self, shape: Shape, opens: bool, closes: bool) -> Mark {
        Mark {
            at: self.start..self.end,
            shape,
            opens,
            closes,
        }
    }

    /// Returns the mark that a character of typographers is.
    fn alone(&self) -> Option<Mark> {
        let closes = self.ends_word && self.close_side;
        let begins_word = self.before.is_none_or(char::is_whitespace)
            && self.after.is_some_and(char::is_alphanumeric);
        match self.character {
            '“' => Some(self.mark(Shape::Curly, !closes, closes)),
            '”' => Some(self.mark(Shape::Curly, begins_word, true)),
            '„' => Some(self.mark(Shape::Curly, true, false)),
            '«' => Some(self.mark(Shape::Angle, !closes, closes)),
            '»' => Some(self.mark(Shape::Angle, begins_word, !begins_word)),
            '「' | '『' => Some(self.mark(Shape::Corner, true, false)),
            '」' | '』' => Some(self.mark(Shape::Corner, false, true)),
            '‘' | '‚' => Some(self.single()),
            '\'' | '’' | '`' => self.apostrophe(),
            _ => None,
        }
    }

    /// Returns a straight double mark; `is_odd` says that it is the first of the block, the third…
    fn straight(&self, is_odd: bool) -> Option<Mark> {
        let (before, after) = (self.before, self.after);
        // 6'2" and 15" are measures, unless a quotation is open.
        let inches = before.is_some_and(|b| b.is_ascii_digit())
            && after.is_none_or(|a| a.is_whitespace() || a == '-')
            && is_odd;
        if inches {
            return None;
        }
        // `,' " said`, `wrote: " We`: a mark with space around it may be either.
        let loose = before.is_none_or(char::is_whitespace) && after.is_none_or(char::is_whitespace);
        let opens = self.open_side && after.is_some_and(|a| !a.is_whitespace())
            || before == Some(':') && after.is_some_and(char::is_alphanumeric);
        let closes = self.close_side && self.ends_word
            || before.is_some() && !self.open_side && !opens
            || loose;
        Some(self.mark(Shape::Straight, opens || loose, closes))
    }

    /// Returns the mark of two commas, and where what follows them begins.
    fn low(&self) -> (Option<Mark>, usize) {
        let rest = &self.text[self.start..];
        let run = rest.bytes().take_while(|b| *b == b',').count();
        let after = rest[run..].chars().next();
        let end = self.start + run;
        // `zei hij,,,maar`: the first of three is a comma.
        let opens = matches!(run, 2 | 3) && after.is_some_and(|a| !a.is_whitespace());
        let mark = opens.then(|| Mark {
            at: end - 2..end,
            ..self.mark(Shape::Wire, true, false)
        });
        (mark, end)
    }

    /// Returns the mark of two backticks.
    fn backticks(&self) -> Mark {
        Mark {
            at: self.start..self.start + 2,
            ..self.mark(Shape::Wire, true, false)
        }
    }

    /// Returns the mark of two apostrophes, and where what follows the run of them begins.
    fn apostrophes(&self) -> (Option<Mark>, usize) {
        let rest = &self.text[self.start..];
        let run = rest.bytes().take_while(|b| *b == b'\'').count();
        // In a run of three the outer pair is the double mark.
        let start = self.start + usize::from(run == 3 && self.ends_word);
        let after = rest[run..].chars().next();
        let opens = self.open_side && after.is_some_and(|a| !a.is_whitespace());
        let closes = !opens || self.ends_word && after.is_none_or(|a| !a.is_alphanumeric());
        let mark = Mark {
            at: start..start + 2,
            ..self.mark(Shape::Wire, opens, closes)
        };
        (Some(mark), self.start + run)
    }

    /// Returns a typographer's single mark.
    fn single(&self) -> Mark {
        let low = self.character == '‚';
        let opens = self.after.is_some_and(|a| !a.is_whitespace())
            && (low || self.open_side && !elision(&self.text[self.end..]));
        self.mark(
            Shape::Single,
            opens,
            !low && self.ends_word && self.close_side,
        )
    }

    /// Returns the single mark that an apostrophe is, if it is one.
    fn apostrophe(&self) -> Option<Mark> {
        let opens = self.character != '’'
            && self.open_side
            && self.after.is_some_and(char::is_alphanumeric)
            && !elision(&self.text[self.end..])
            && !matches!(self.before, Some('.' | '\'' | '’'));
        let ends = |b: char| b.is_alphanumeric() || matches!(b, '.' | ',' | '!' | '?' | '…' | ')');
        let closes = self.character != '`'
            && self.ends_word
            && self.close_side
            && self.before.is_some_and(ends);
        (opens || closes).then(|| self.mark(Shape::Single, opens, closes))
    }
}

/// Characters that are read of a word that may be an elision; none is so long.
const ELISION: usize = 16;

/// `'em`, `'til`, `'90s`: an apostrophe in front.
fn elision(rest: &str) -> bool {
    let word: String = rest
        .chars()
        .take(ELISION)
        .take_while(|c| c.is_alphanumeric())
        .collect::<String>()
        .to_lowercase();
    matches!(
        &*word,
        "em" | "t"
            | "k"
            | "til"
            | "tis"
            | "twas"
            | "cause"
            | "n"
            | "round"
            | "bout"
            | "im"
            | "er"
            | "s"
            | "ne"
            | "nem"
            | "ndrangheta"
    ) || word.len() <= 3 && word.chars().take(2).all(|c| c.is_ascii_digit()) && !word.is_empty()
}

/// A closing single mark may be a plural's apostrophe: single marks count only where an opening
/// one has its closing one later, or heads the block, and the passage holds no other opening.
fn singles(text: &str, marks: &mut Vec<Mark>) {
    let mut open: Option<usize> = None;
    let mut keep = vec![true; marks.len()];
    let plural = |m: &Mark| {
        text[..m.at.start].ends_with(['s', 'x', 'z'])
            && text[m.at.end..].starts_with(' ')
            && text[m.at.end..]
                .trim_start()
                .starts_with(char::is_lowercase)
    };
    // The next mark after each that can only close.
    let mut closing = vec![None; marks.len()];
    let mut last = None;
    for (i, mark) in marks.iter().enumerate().rev() {
        closing[i] = last;
        if mark.shape == Shape::Single && mark.closes && !mark.opens {
            last = Some(mark.at.start);
        }
    }
    let reopens = |i: usize| {
        marks[i + 1..]
            .iter()
            .find(|m| m.shape == Shape::Single)
            .is_some_and(|m| m.opens)
    };
    for i in 0..marks.len() {
        if marks[i].shape != Shape::Single {
            continue;
        }
        match open {
            None if marks[i].opens
                && (closing[i].is_some() || text[..marks[i].at.start].trim_start().is_empty()) =>
            {
                open = Some(i);
            }
            // `bosses' plan'` – the plural closes only if nothing later does before another opens.
            Some(_)
                if marks[i].closes
                    && !(plural(&marks[i])
                        && closing[i].is_some_and(|at| at - marks[i].at.end < 200)
                        && !reopens(i)) =>
            {
                open = None;
            }
            _ => keep[i] = false,
        }
    }
    let mut kept = keep.into_iter();
    marks.retain(|_| kept.next().unwrap_or(true));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        passages(text).into_iter().map(|p| &text[p.range]).collect()
    }

    #[test]
    fn marks_of_many_kinds() {
        for (text, want) in [
            (
                "\"We tried,\" she said. \"Twice.\"",
                &["We tried,", "Twice."][..],
            ),
            ("He called it “a gift to gulls.”", &["a gift to gulls."]),
            (
                "``It rained,'' she said, ``and that was that.''",
                &["It rained,", "and that was that."],
            ),
            ("''It rained,'' she said.", &["It rained,"]),
            ("Er nannte es „eine Farce“ und ging.", &["eine Farce"]),
            (
                ",,We komen'', zei Smit gisteren,,,maar later.''",
                &["We komen", "maar later."],
            ),
            ("She left,, then it''s gone.", &[]),
            (
                "Elle a dit : « Nous verrons », puis est partie.",
                &["Nous verrons"],
            ),
            ("Sie sagte: »Nein« und ging.", &["Nein"]),
            ("Он сказал: «Нет», и ушёл.", &["Нет"]),
            ("‘It held,’ said Ms Ortiz.", &["It held,"]),
            ("The bosses' plan and the '90s don't count.", &[]),
            ("'t Is koud in de haven.", &[]),
            ("She is 6'2\" tall.", &[]),
            (
                "‘You can find outlets out there.",
                &["You can find outlets out there."],
            ),
            (
                "She said ‘members get gifts’ and ‘that matters’ too.",
                &["members get gifts", "that matters"],
            ),
            (
                "\"She said 'later' and left,\" he said.",
                &["She said 'later' and left,"],
            ),
            (
                "\"The first paragraph goes on",
                &["The first paragraph goes on"],
            ),
            ("首相は「検討する」と述べた。", &["検討する"]),
        ] {
            assert_eq!(words(text), want, "{text}");
        }
    }

    #[test]
    fn kinds() {
        let kind = |text: &str| passages(text)[0].kind;
        assert_eq!(kind("\"We tried,\" she said."), QuoteKind::Direct);
        assert_eq!(kind("Lund called it \"soup.\""), QuoteKind::Mixed);
        assert_eq!(
            kind("Lund said that \"attempts to question this are unacceptable.\""),
            QuoteKind::Mixed
        );
    }
}
