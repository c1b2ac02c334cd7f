//! What the characters of a unit show.

use super::measure::Measure;
use super::scale::{scaled, steps};
use super::table::Sight;
use super::words::{SHOWN, beginning};
use crate::furniture::features::UnitObservation;

/// What the unit shows by itself.
pub(super) fn shape(sight: &mut Sight, i: usize, text: &str, reading: &UnitObservation) {
    use Measure::*;
    sight.set(i, Weight, scaled(reading.weight / 4));
    sight.set(i, Start, kind_of_start(text));
    sight.set(i, End, kind_of_end(text));
    let text = beginning(text, SHOWN);
    let marks = Characters::of(text);
    let letters = marks.letters.max(1);
    sight.set(i, Stops, marks.stops);
    sight.set(i, Commas, marks.commas);
    sight.set(i, Figures, steps(marks.figures, marks.shown, 20));
    sight.set(i, Capital, steps(marks.capitals, letters, 20));
    sight.set(i, Foreign, steps(marks.foreign, letters, 20));
    sight.set(i, Marks, steps(marks.others, marks.shown, 20));
    sight.set(i, QuoteMarks, marks.quotes);
    sight.set(i, Brackets, marks.brackets);
    sight.set(i, Rules, marks.rules);
    sight.set(i, Dashes, marks.dashes);
    sight.set(i, ColonsInside, marks.colons);
    sight.set(i, Handles, marks.handles);
    sight.set(i, Money, marks.money);
    sight.set(i, Clock, marks.clock);
    sight.set(i, Pictures, marks.pictures);
    sight.set(i, Gaps, marks.gaps);
    sight.set(i, Glued, marks.glued);
}

/// Returns what a unit begins with, as a number that only tells kinds apart.
fn kind_of_start(text: &str) -> usize {
    let Some(first) = text.chars().next() else {
        return 0;
    };
    match first {
        c if c.is_lowercase() => 1,
        c if c.is_uppercase() => 2,
        c if c.is_numeric() => 3,
        '"' | '“' | '„' | '«' | '‘' | '\'' | '‚' | '「' | '『' | '»' => 4,
        '(' | '[' | '{' | '（' | '【' => 5,
        '-' | '–' | '—' | '•' | '·' | '*' | '●' | '■' | '▪' => 6,
        ':' | ',' | ';' | '.' | '…' | '/' | '|' | '>' | '›' => 7,
        '@' | '#' | '©' | '+' => 8,
        c if c.is_alphabetic() => 9,
        _ => 10,
    }
}

/// Returns what a unit ends with, as a number that only tells kinds apart.
fn kind_of_end(text: &str) -> usize {
    let Some(last) = text.chars().next_back() else {
        return 0;
    };
    match last {
        c if c.is_alphabetic() => 1,
        c if c.is_numeric() => 2,
        ',' | ';' | '，' | '、' => 3,
        '|' | '>' | '›' | '→' | '»' | '/' | '-' | '–' => 4,
        ')' | ']' | '）' => 5,
        ':' | '：' => 6,
        '…' => 7,
        '?' | '？' | '؟' => 8,
        '!' | '！' => 9,
        '"' | '”' | '“' | '’' | '\'' | '«' | '」' | '』' => 10,
        '.' | '。' | '।' | '۔' if text.ends_with("...") => 7,
        '.' | '。' | '।' | '۔' => 11,
        _ => 12,
    }
}

/// Characters of a text, counted by kind.
#[derive(Default)]
struct Characters {
    shown: usize,
    letters: usize,
    capitals: usize,
    foreign: usize,
    figures: usize,
    stops: usize,
    commas: usize,
    others: usize,
    quotes: usize,
    brackets: usize,
    rules: usize,
    dashes: usize,
    colons: usize,
    handles: usize,
    money: usize,
    clock: usize,
    pictures: usize,
    gaps: usize,
    glued: usize,
}

impl Characters {
    fn of(text: &str) -> Self {
        let mut out = Self::default();
        let (mut two_before, mut before) = (' ', ' ');
        for c in text.chars() {
            out.take(c, before, two_before);
            (two_before, before) = (before, c);
        }
        out
    }

    fn take(&mut self, c: char, before: char, two_before: char) {
        if c.is_whitespace() {
            self.gaps += usize::from(before.is_whitespace() && !two_before.is_whitespace());
            self.dashes +=
                usize::from(matches!(before, '-' | '–' | '—' | '|') && two_before.is_whitespace());
            self.colons += usize::from(before == ':');
            return;
        }
        self.shown += 1;
        if c.is_alphabetic() {
            self.letters += 1;
            let upper = c.is_uppercase();
            self.capitals += usize::from(upper);
            self.foreign += usize::from(!c.is_ascii() && c as u32 > 0x24F);
            self.glued += usize::from(upper && before.is_lowercase());
            return;
        }
        match c {
            c if c.is_numeric() => {
                self.figures += 1;
                self.clock +=
                    usize::from(matches!(before, ':' | '.' | 'h') && two_before.is_ascii_digit());
            }
            '.' | '!' | '?' | '。' | '！' | '？' | '।' | '؟' | '…' => self.stops += 1,
            ',' | '、' | '，' | '،' => self.commas += 1,
            _ => self.mark(c),
        }
    }

    fn mark(&mut self, c: char) {
        self.others += 1;
        match c {
            '"' | '“' | '”' | '„' | '«' | '»' | '‘' | '「' | '」' => self.quotes += 1,
            '(' | '[' | '（' | '【' => self.brackets += 1,
            '|' | '•' | '·' | '>' | '›' | '→' | '/' | '●' | '▪' | '▶' | '►' => {
                self.rules += 1;
            }
            '@' | '#' | '_' => self.handles += 1,
            '$' | '€' | '£' | '¥' | '%' | '₹' | '₺' | '₽' => self.money += 1,
            c if c as u32 >= 0x1F000 || (0x2600..0x2800).contains(&(c as u32)) => {
                self.pictures += 1;
            }
            _ => {}
        }
    }
}
