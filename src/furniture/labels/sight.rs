//! What the trees look at: each unit's features, measures of it and of its surroundings, and what
//! the first pass makes of it, all as small whole numbers.

use super::class::{CLASSES, Class};
use super::opinion::Shares;
use crate::furniture::features::{Feature, UnitObservation};
use crate::furniture::units::Unit;
use crate::lexicon::LEXICON;
use crate::text::find_url;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

macro_rules! measures {
    ($($(#[doc = $doc:literal])* $name:ident,)*) => {
        /// Something of a unit that is counted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Measure { $($(#[doc = $doc])* $name,)* }

        impl Measure {
            /// All measures, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Returns its name in the file of the trees, and for people.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }
        }
    };
}

measures! {
    /// Its weight, on a scale that grows coarser.
    Weight,
    /// Words.
    Words,
    /// Marks that end sentences.
    Stops,
    /// Commas.
    Commas,
    /// Figures, in twentieths of all that shows.
    Figures,
    /// Capitals, in twentieths of the letters.
    Capital,
    /// Words with a capital, in twentieths.
    Capitalised,
    /// Letters that are not Latin, in twentieths.
    Foreign,
    /// Marks other than stops and commas, in twentieths of all that shows.
    Marks,
    /// Mean length of the words.
    WordLength,
    /// Length of the longest word.
    LongestWord,
    /// Small words, in twentieths.
    SmallWords,
    /// How it begins: see [`kind_of_start`].
    Start,
    /// How it ends: see [`kind_of_end`].
    End,
    /// Quotation marks.
    QuoteMarks,
    /// Brackets.
    Brackets,
    /// Bars, bullets and arrows.
    Rules,
    /// Dashes with a space on both sides.
    Dashes,
    /// Colons inside.
    ColonsInside,
    /// At and number signs, addresses.
    Handles,
    /// A sign of a currency or of a percentage.
    Money,
    /// Times of day such as `12:30`.
    Clock,
    /// A year.
    Year,
    /// Characters that are pictures.
    Pictures,
    /// Runs of two spaces or tabs.
    Gaps,
    /// A small letter followed at once by a capital: pieces glued together.
    Glued,
    /// Words for the reader: *you*, *your*.
    You,
    /// Words for the outlet: *we*, *our*.
    We,
    /// Words of offers and accounts.
    Offer,
    /// Words of comments and answers.
    Comment,
    /// Words of ages and times.
    Ago,
    /// Words of pictures and films.
    Picture,
    /// Words that send the reader elsewhere.
    Elsewhere,
    /// Words of people and crafts in author lines.
    Craft,
    /// Words of laws of the page: rights, cookies, consent.
    Rights,
    /// Words with a known given name, in twentieths.
    GivenNames,
    /// Words that stand in lists of furniture, in twentieths.
    Furniture,
    /// Blank lines before.
    Blanks,
    /// Blank lines after.
    BlanksAfter,
    /// Columns of indent.
    Indent,
    /// How often the line stands in the copy.
    Times,
    /// Units before it, on a scale that grows coarser.
    FromTop,
    /// Units after it, likewise.
    FromEnd,
    /// Place in the copy, in twentieths.
    Place,
    /// Units of the copy, on a scale that grows coarser.
    Units,
    /// Blank lines between units, in twentieths of the units.
    Spacing,
    /// Running text before it, in twentieths of the whole.
    ProseBefore,
    /// Running text after it, likewise.
    ProseAfter,
    /// Units of running text before it.
    ParagraphsBefore,
    /// Units of running text after it.
    ParagraphsAfter,
    /// Units since running text.
    SinceProse,
    /// Units until running text.
    UntilProse,
    /// Length of the run of running text that it stands in or that comes before it.
    RunBefore,
    /// Length of the run of running text that comes after it.
    RunAfter,
    /// Running text among the two units on either side.
    ProseNear,
    /// Running text among the six units before.
    ProseSixBefore,
    /// Running text among the six units after.
    ProseSixAfter,
    /// Running text among the fifteen units before.
    ProseManyBefore,
    /// Running text among the fifteen units after.
    ProseManyAfter,
    /// Short lines among the six before.
    ShortBefore,
    /// Short lines among the six after.
    ShortAfter,
    /// Marks of furniture among the six before.
    SiteBefore,
    /// Marks of furniture among the six after.
    SiteAfter,
    /// Marks of the tail anywhere before.
    TailBefore,
    /// Units since a mark of the tail.
    SinceTail,
    /// Dates and ages among the six before.
    DatesBefore,
    /// Dates and ages among the six after.
    DatesAfter,
    /// Units since a line of names.
    SinceNames,
    /// Units until a line of names.
    UntilNames,
    /// Units since a date.
    SinceDate,
    /// Units until a date.
    UntilDate,
    /// Lines of names before.
    NamesBefore,
    /// Units since the first title, and whether it is still to come.
    SinceTitle,
    /// Where it stands to the longest stretch of text: before, inside, after.
    Stretch,
    /// Units to the beginning of that stretch.
    ToStretch,
    /// Units since the end of that stretch.
    SinceStretch,
    /// Words that the story's address has, in tenths.
    OfAddress,
    /// Words that the running text of other units has, in tenths.
    OfText,
    /// Words that the first title has, in tenths.
    OfTitle,
    /// Runs of four words that stand in another unit too, in tenths.
    Again,
    /// It ends with, or is, the whole of a unit just after it.
    HoldsNext,
    /// A unit just before holds it.
    HeldBefore,
    /// It is longer than the unit after: by how many quarters.
    LongerThanNext,
    /// Lines of about its length among the six around it.
    Alike,
    /// Begins as the unit before does.
    SameStartBefore,
    /// Begins as the unit after does.
    SameStartAfter,
    /// A sentence to the reader in the region: sum over the six around it.
    YouNear,
    /// Offers in the region: sum over the six around it.
    OfferNear,
    /// Comments in the region.
    CommentNear,
    /// Rights and consent in the region.
    RightsNear,
    /// The first pass's headline stands so many units before.
    SinceHeadline,
    /// Sum of the first pass's shares of text over five units before.
    TextBefore,
    /// The same over five units after.
    TextAfter,
    /// Sum of its shares of what comes after the story, over five units before.
    BelowBefore,
    /// The same over five units after.
    BelowAfter,
    /// Paragraphs that the first pass sees before.
    TakenBefore,
    /// Paragraphs that it sees after.
    TakenAfter,
    /// Bylines and dates that it sees between the headline and here.
    SignedBefore,
    /// Bylines and dates that it sees from here to the next paragraph but one.
    SignedAfter,
}

/// The columns of a unit: features, measures, the first pass's shares.
const FEATURES: usize = Feature::ALL.len();
const MEASURES: usize = Measure::ALL.len();
/// How many columns a unit has.
pub const COLUMNS: usize = FEATURES + MEASURES + CLASSES;
/// Neighbours looked at, on either side.
pub const REACH: i8 = 3;

/// Numbers of a unit and all neighbours within reach.
pub const AROUND: usize = (2 * REACH as usize + 1) * COLUMNS;

/// Returns where a neighbour's column lies, counted from the unit's own first.
const fn step(column: u16, offset: i8) -> isize {
    offset as isize * COLUMNS as isize + column as isize
}

/// Returns where a neighbour's column lies in [`Sight::around`].
pub const fn place(column: u16, offset: i8) -> u16 {
    ((offset as isize + REACH as isize) * COLUMNS as isize + column as isize) as u16
}

/// Returns a column's name in the file of the trees.
pub fn column_name(column: u16) -> &'static str {
    let column = usize::from(column);
    if column < FEATURES {
        Feature::ALL[column].name()
    } else if column < FEATURES + MEASURES {
        Measure::ALL[column - FEATURES].name()
    } else {
        Class::ALL[column - FEATURES - MEASURES].name()
    }
}

/// Returns the column of a name.
pub fn column(name: &str) -> Option<u16> {
    static BY_NAME: LazyLock<FxHashMap<&'static str, u16>> = LazyLock::new(|| {
        (0..COLUMNS as u16)
            .map(|column| (column_name(column), column))
            .collect()
    });
    BY_NAME.get(name).copied()
}

/// Returns a column for people, with the neighbour that it is seen at.
pub fn name(column: u16, offset: i8) -> String {
    match offset {
        0 => column_name(column).to_owned(),
        _ => format!("{}{offset:+}", column_name(column)),
    }
}

/// What a whole copy shows: [`COLUMNS`] numbers a unit, and [`REACH`] empty units on either side.
#[derive(Clone, Debug)]
pub struct Sight {
    units: usize,
    values: Vec<u8>,
}

impl Sight {
    /// Returns what `column` shows at the unit `offset` after `unit`, an offset within [`REACH`];
    /// nothing outside the copy.
    pub fn value(&self, unit: usize, offset: i8, column: u16) -> u8 {
        let at = Self::row(unit).checked_add_signed(step(column, offset));
        at.and_then(|at| self.values.get(at)).copied().unwrap_or(0)
    }

    /// Returns how many units there are.
    pub const fn units(&self) -> usize {
        self.units
    }

    /// Returns the numbers from the first neighbour within reach of `unit` to the last.
    pub fn around(&self, unit: usize) -> &[u8; AROUND] {
        const NOTHING: &[u8; AROUND] = &[0; AROUND];
        let row = unit * COLUMNS;
        self.values
            .get(row..row + AROUND)
            .and_then(|around| around.try_into().ok())
            .unwrap_or(NOTHING)
    }

    /// Returns where the numbers of `unit` begin.
    const fn row(unit: usize) -> usize {
        (unit + REACH as usize) * COLUMNS
    }

    fn set(&mut self, unit: usize, measure: Measure, value: usize) {
        self.values[Self::row(unit) + FEATURES + measure as usize] = value.min(250) as u8;
    }

    fn get(&self, unit: usize, measure: Measure) -> usize {
        usize::from(self.values[Self::row(unit) + FEATURES + measure as usize])
    }

    /// Looks at a copy of which the first pass has its opinion.
    pub fn of(copy: &str, units: &[Unit], readings: &[UnitObservation], shares: &[Shares]) -> Self {
        let mut sight = Self {
            units: units.len(),
            values: vec![0; (units.len() + 2 * REACH as usize) * COLUMNS],
        };
        let all_words = AllWords::of(copy, units);
        for (i, reading) in readings.iter().enumerate() {
            for feature in reading.features.iter() {
                sight.values[Self::row(i) + feature as usize] = 1;
            }
            shape(&mut sight, i, units[i].str(copy), reading);
            vocabulary(&mut sight, i, all_words.unit(i));
        }
        layout(&mut sight, units);
        prose(&mut sight, readings);
        regions(&mut sight, readings);
        words(&mut sight, copy, units, readings, &all_words);
        shapes(&mut sight, copy, units, readings);
        sight.review(shares);
        sight
    }

    /// Takes another opinion in place of the one so far.
    pub fn review(&mut self, shares: &[Shares]) {
        for (i, shares) in shares.iter().enumerate() {
            for (class, share) in shares.iter().enumerate() {
                self.values[Self::row(i) + FEATURES + MEASURES + class] = graded(*share);
            }
        }
        opinions(self, shares);
    }
}

/// Returns a share on a scale of doublings: 0 for less than one in 60 million, 26 for all.
fn graded(share: f32) -> u8 {
    let exponent = (share.to_bits() >> 23) as i32 - 127;
    (26 + exponent).clamp(0, 26) as u8
}

/// Returns a count on a scale that grows coarser.
fn scaled(count: usize) -> usize {
    match count {
        0..=31 => count,
        32..=127 => 24 + count / 4,
        _ => (48 + count / 16).min(120),
    }
}

/// `part` of `whole` in so many `steps`.
fn steps(part: usize, whole: usize, steps: usize) -> usize {
    (part * steps).checked_div(whole).unwrap_or(0)
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

/// So many bytes of a unit are looked at.
const SHOWN: usize = 240;

fn beginning(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// What the unit shows by itself.
fn shape(sight: &mut Sight, i: usize, text: &str, reading: &UnitObservation) {
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

/// A word of a unit.
#[derive(Clone, Copy)]
struct Word {
    /// The same word, whatever its case, has the same number.
    number: u64,
    letters: u8,
    capital: bool,
    year: bool,
}

/// The first words of all units.
struct AllWords {
    words: Vec<Word>,
    /// Where the words of each unit begin.
    starts: Vec<usize>,
}

impl AllWords {
    fn of(copy: &str, units: &[Unit]) -> Self {
        let (mut words, mut starts) = (Vec::new(), Vec::with_capacity(units.len() + 1));
        for unit in units {
            starts.push(words.len());
            words.extend(words_of(beginning(unit.str(copy), SHOWN)));
        }
        starts.push(words.len());
        Self { words, starts }
    }

    fn unit(&self, unit: usize) -> &[Word] {
        &self.words[self.starts[unit]..self.starts[unit + 1]]
    }
}

fn words_of(text: &str) -> impl Iterator<Item = Word> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .filter(|word| !word.is_empty())
        .map(|word| Word {
            number: number(word),
            letters: word.chars().take(40).count() as u8,
            capital: word.starts_with(char::is_uppercase),
            year: word.len() == 4
                && (word.starts_with("19") || word.starts_with("20"))
                && word.bytes().all(|byte| byte.is_ascii_digit()),
        })
}

/// What lists a word stands in.
#[derive(Clone, Copy, Default)]
struct Listed {
    small: bool,
    given: bool,
    furniture: bool,
    of: Option<Measure>,
}

/// The lists that a page's words are looked up in, as one.
static LISTED: LazyLock<FxHashMap<u64, Listed>> = LazyLock::new(|| {
    let mut out: FxHashMap<u64, Listed> = FxHashMap::default();
    let mut note = |word: &str, change: &dyn Fn(&mut Listed)| {
        change(out.entry(number(word)).or_default());
    };
    LEXICON
        .function_words
        .terms()
        .for_each(|word| note(word, &|listed| listed.small = true));
    LEXICON
        .first_names
        .terms()
        .for_each(|word| note(word, &|listed| listed.given = true));
    LEXICON
        .navigation
        .terms()
        .for_each(|word| note(word, &|listed| listed.furniture = true));
    for word in LEXICON.page_words.terms() {
        let of = LEXICON.page_words.get(word).map(measure_of);
        note(word, &|listed| listed.of = of);
    }
    out
});

/// What the words of a unit belong to.
fn vocabulary(sight: &mut Sight, i: usize, words: &[Word]) {
    use Measure::*;
    let (mut small, mut given, mut capitalised, mut furniture) = (0, 0, 0, 0);
    let (mut length, mut longest, mut year) = (0, 0, 0);
    let mut of = [0; Measure::ALL.len()];
    for word in words {
        let letters = usize::from(word.letters);
        length += letters;
        longest = longest.max(letters);
        capitalised += usize::from(word.capital);
        year += usize::from(word.year);
        let Some(listed) = LISTED.get(&word.number) else {
            continue;
        };
        small += usize::from(listed.small);
        given += usize::from(listed.given);
        furniture += usize::from(listed.furniture);
        if let Some(measure) = listed.of {
            of[measure as usize] += 1;
        }
    }
    for measure in [
        You, We, Offer, Comment, Ago, Picture, Elsewhere, Craft, Rights,
    ] {
        sight.set(i, measure, of[measure as usize]);
    }
    let words = words.len();
    sight.set(i, Words, words);
    sight.set(i, SmallWords, steps(small, words, 20));
    sight.set(i, GivenNames, steps(given, words, 20));
    sight.set(i, Furniture, steps(furniture, words, 20));
    sight.set(i, Capitalised, steps(capitalised, words, 20));
    sight.set(i, WordLength, steps(length, words, 2));
    sight.set(i, LongestWord, longest);
    sight.set(i, Year, year);
}

/// Returns the measure that counts a class of `page_words.txt`.
fn measure_of(class: &str) -> Measure {
    match class {
        "you" => Measure::You,
        "we" => Measure::We,
        "offer" => Measure::Offer,
        "comment" => Measure::Comment,
        "ago" => Measure::Ago,
        "picture" => Measure::Picture,
        "elsewhere" => Measure::Elsewhere,
        "craft" => Measure::Craft,
        _ => Measure::Rights,
    }
}

/// Where the unit stands on the page.
fn layout(sight: &mut Sight, units: &[Unit]) {
    use Measure::*;
    let n = units.len();
    let spaced = units.iter().skip(1).filter(|unit| unit.blanks > 0).count();
    for (i, unit) in units.iter().enumerate() {
        sight.set(i, Blanks, usize::from(unit.blanks).min(4));
        let after = units.get(i + 1).map_or(4, |next| usize::from(next.blanks));
        sight.set(i, BlanksAfter, after.min(4));
        sight.set(i, Indent, usize::from(unit.indent));
        sight.set(i, FromTop, scaled(i));
        sight.set(i, FromEnd, scaled(n - 1 - i));
        sight.set(i, Place, steps(i, n, 20));
        sight.set(i, Units, scaled(n));
        sight.set(i, Spacing, steps(spaced, n, 20));
    }
}

/// Counts of something over all units before each.
struct Counted(Vec<usize>);

impl Counted {
    fn of(units: usize, count: impl Fn(usize) -> usize) -> Self {
        let mut sums = Vec::with_capacity(units + 1);
        let mut sum = 0;
        sums.push(0);
        for unit in 0..units {
            sum += count(unit);
            sums.push(sum);
        }
        Self(sums)
    }

    fn before(&self, unit: usize) -> usize {
        self.0[unit]
    }

    fn after(&self, unit: usize) -> usize {
        self.0[self.0.len() - 1] - self.0[unit + 1]
    }

    /// Among the `reach` units before.
    fn just_before(&self, unit: usize, reach: usize) -> usize {
        self.0[unit] - self.0[unit.saturating_sub(reach)]
    }

    /// Among the `reach` units after.
    fn just_after(&self, unit: usize, reach: usize) -> usize {
        self.0[(unit + 1 + reach).min(self.0.len() - 1)] - self.0[unit + 1]
    }
}

/// Units since and until the nearest that `is` one.
fn distances(units: usize, is: impl Fn(usize) -> bool) -> (Vec<usize>, Vec<usize>) {
    const FAR: usize = 60;
    let (mut since, mut until) = (vec![FAR; units], vec![FAR; units]);
    let mut last = FAR;
    for (i, since) in since.iter_mut().enumerate() {
        *since = last.min(FAR);
        last = if is(i) { 1 } else { last + 1 };
    }
    last = FAR;
    for (i, until) in until.iter_mut().enumerate().rev() {
        *until = last.min(FAR);
        last = if is(i) { 1 } else { last + 1 };
    }
    (since, until)
}

/// What running text stands around a unit.
fn prose(sight: &mut Sight, readings: &[UnitObservation]) {
    use Measure::*;
    let n = readings.len();
    let is = |i: usize| readings[i].features.has(Feature::Prose);
    let count = Counted::of(n, |i| usize::from(is(i)));
    let weight = Counted::of(n, |i| if is(i) { readings[i].weight } else { 0 });
    let total = weight.before(n);
    let (since, until) = distances(n, is);
    let mut run = 0;
    for i in 0..n {
        sight.set(i, ProseBefore, steps(weight.before(i), total, 20));
        sight.set(i, ProseAfter, steps(weight.after(i), total, 20));
        sight.set(i, ParagraphsBefore, scaled(count.before(i)));
        sight.set(i, ParagraphsAfter, scaled(count.after(i)));
        sight.set(i, SinceProse, since[i]);
        sight.set(i, UntilProse, until[i]);
        let near = count.just_before(i, 2) + count.just_after(i, 2);
        sight.set(i, ProseNear, near);
        sight.set(i, ProseSixBefore, count.just_before(i, 6));
        sight.set(i, ProseSixAfter, count.just_after(i, 6));
        sight.set(i, ProseManyBefore, count.just_before(i, 15));
        sight.set(i, ProseManyAfter, count.just_after(i, 15));
        if is(i) {
            run = if i > 0 && is(i - 1) { run + 1 } else { 1 };
        }
        sight.set(i, RunBefore, run);
    }
    run = 0;
    for i in (0..n).rev() {
        sight.set(i, RunAfter, run);
        if is(i) {
            run = if i + 1 < n && is(i + 1) { run + 1 } else { 1 };
        }
    }
    stretch(sight, readings, is);
}

/// Returns the longest stretch of running text, gaps of a few short units allowed.
fn stretch(sight: &mut Sight, readings: &[UnitObservation], is: impl Fn(usize) -> bool) {
    const GAP: usize = 3;
    let n = readings.len();
    let (mut best, mut best_weight) = (0..0, 0);
    let (mut start, mut last, mut weight) = (0, None, 0);
    for i in (0..n).filter(|i| is(*i)) {
        if last.is_none_or(|last: usize| i - last > GAP + 1) {
            (start, weight) = (i, 0);
        }
        weight += readings[i].weight;
        last = Some(i);
        if weight > best_weight {
            (best, best_weight) = (start..i + 1, weight);
        }
    }
    for i in 0..n {
        let place = if i < best.start {
            0
        } else if i < best.end {
            1
        } else {
            2
        };
        sight.set(i, Measure::Stretch, place);
        sight.set(i, Measure::ToStretch, scaled(best.start.saturating_sub(i)));
        sight.set(
            i,
            Measure::SinceStretch,
            scaled((i + 1).saturating_sub(best.end)),
        );
    }
}

/// What kinds of furniture stand around a unit.
fn regions(sight: &mut Sight, readings: &[UnitObservation]) {
    use Feature as F;
    use Measure::*;
    let n = readings.len();
    let any = |i: usize, of: &[F]| of.iter().any(|feature| readings[i].features.has(*feature));
    let short = |i: usize| readings[i].weight <= 45;
    let site = |i: usize| {
        any(
            i,
            &[F::Share, F::Section, F::Site, F::Promo, F::RelatedLabel],
        )
    };
    let tail = |i: usize| any(i, &[F::TailMark, F::RelatedLabel]) && any(i, &[F::Late]);
    let date = |i: usize| any(i, &[F::DateLine, F::DateIn, F::DateWords]);
    let names = |i: usize| any(i, &[F::ByName, F::Names, F::ByLabel]);
    let count = |is: &dyn Fn(usize) -> bool| Counted::of(n, |i| usize::from(is(i)));
    let (shorts, sites, tails) = (count(&short), count(&site), count(&tail));
    let (dates, named) = (count(&date), count(&names));
    let (since_date, until_date) = distances(n, date);
    let (since_names, until_names) = distances(n, names);
    let (since_tail, _) = distances(n, tail);
    let title = (0..n).find(|i| any(*i, &[F::FirstTitle])).unwrap_or(0);
    let sums: Vec<(Measure, Counted)> = [
        (You, YouNear),
        (Offer, OfferNear),
        (Comment, CommentNear),
        (Rights, RightsNear),
    ]
    .into_iter()
    .map(|(own, near)| (near, Counted::of(n, |i| sight.get(i, own))))
    .collect();
    for i in 0..n {
        sight.set(i, ShortBefore, shorts.just_before(i, 6));
        sight.set(i, ShortAfter, shorts.just_after(i, 6));
        sight.set(i, SiteBefore, sites.just_before(i, 6));
        sight.set(i, SiteAfter, sites.just_after(i, 6));
        sight.set(i, TailBefore, tails.before(i));
        sight.set(i, SinceTail, since_tail[i]);
        sight.set(i, DatesBefore, dates.just_before(i, 6));
        sight.set(i, DatesAfter, dates.just_after(i, 6));
        sight.set(i, SinceNames, since_names[i]);
        sight.set(i, UntilNames, until_names[i]);
        sight.set(i, SinceDate, since_date[i]);
        sight.set(i, UntilDate, until_date[i]);
        sight.set(i, NamesBefore, named.before(i));
        sight.set(i, SinceTitle, (i + 20).saturating_sub(title).min(60));
        for (near, sum) in &sums {
            sight.set(i, *near, sum.just_before(i, 3) + sum.just_after(i, 3));
        }
    }
}

/// Returns a word's number: the same word, whatever its case, has the same.
fn number(word: &str) -> u64 {
    if !word.is_ascii() {
        return word
            .chars()
            .flat_map(char::to_lowercase)
            .fold(7, |sum, c| mix(sum, u64::from(u32::from(c))));
    }
    // This bit makes capitals small, and leaves digits as they are.
    const SMALL: u64 = 0x2020_2020_2020_2020;
    word.as_bytes().chunks(8).fold(11, |sum, chunk| {
        let mut bytes = [b' '; 8];
        bytes[..chunk.len()].copy_from_slice(chunk);
        mix(sum, u64::from_le_bytes(bytes) | SMALL)
    })
}

const fn mix(sum: u64, more: u64) -> u64 {
    (sum ^ more)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .rotate_left(23)
}

const fn is_long(word: &Word) -> bool {
    word.letters > 3
}

/// Which words of a unit stand in the address, in the title, in the text, and again elsewhere.
fn words(
    sight: &mut Sight,
    copy: &str,
    units: &[Unit],
    readings: &[UnitObservation],
    all_words: &AllWords,
) {
    /// Words that are looked up for one unit.
    const OWN: usize = 16;
    let address = address(copy, units);
    let title: FxHashSet<u64> = readings
        .iter()
        .position(|reading| reading.features.has(Feature::FirstTitle))
        .map(|i| {
            all_words
                .unit(i)
                .iter()
                .filter(|word| is_long(word))
                .map(|word| word.number)
                .collect()
        })
        .unwrap_or_default();
    // In how many units of running text a word stands, and in which last.
    let mut seen = Seen::with_room(all_words.words.len() / 2);
    let mut runs = Seen::with_room(all_words.words.len());
    for (i, reading) in readings.iter().enumerate() {
        let own = all_words.unit(i);
        if reading.features.has(Feature::Prose) {
            own.iter()
                .filter(|word| is_long(word))
                .for_each(|word| seen.note(word.number, i));
        }
        own.windows(RUN)
            .take(OWN)
            .for_each(|run| runs.note(together(run), i));
    }
    for (i, reading) in readings.iter().enumerate() {
        let own = all_words.unit(i);
        let prose = reading.features.has(Feature::Prose);
        let (mut all, mut of_address, mut of_title, mut of_text) = (0, 0, 0, 0);
        for word in own.iter().filter(|word| is_long(word)).take(OWN) {
            all += 1;
            of_address += usize::from(address.contains(&word.number));
            of_title += usize::from(title.contains(&word.number));
            of_text += usize::from(seen.units(word.number) > u32::from(prose));
        }
        sight.set(i, Measure::OfAddress, steps(of_address, all, 10));
        sight.set(i, Measure::OfTitle, steps(of_title, all, 10));
        sight.set(i, Measure::OfText, steps(of_text, all, 10));
        let of_run = own.windows(RUN).take(OWN);
        let all = of_run.len();
        let again = of_run.filter(|run| runs.units(together(run)) > 1).count();
        sight.set(i, Measure::Again, steps(again, all, 10));
    }
}

/// Returns the words of the story's own address.
fn address(copy: &str, units: &[Unit]) -> FxHashSet<u64> {
    let ends = units.iter().rev().take(8).chain(units.iter().take(8));
    ends.map(|unit| unit.str(copy))
        .filter(|text| text.len() < 600)
        .find_map(|text| find_url(text).map(|url| &text[url]))
        .and_then(|url| url.splitn(4, '/').nth(3))
        .map(|path| {
            words_of(path)
                .filter(is_long)
                .map(|word| word.number)
                .collect()
        })
        .unwrap_or_default()
}

/// In how many units something stands.
struct Seen(FxHashMap<u64, (u32, usize)>);

impl Seen {
    fn with_room(room: usize) -> Self {
        Self(FxHashMap::with_capacity_and_hasher(
            room,
            Default::default(),
        ))
    }

    fn note(&mut self, number: u64, unit: usize) {
        let entry = self.0.entry(number).or_insert((0, usize::MAX));
        if entry.1 != unit {
            *entry = (entry.0 + 1, unit);
        }
    }

    fn units(&self, number: u64) -> u32 {
        self.0.get(&number).map_or(0, |entry| entry.0)
    }
}

/// Words of a run that is looked for elsewhere.
const RUN: usize = 4;

fn together(run: &[Word]) -> u64 {
    run.iter().fold(1, |sum, word| mix(sum, word.number))
}

/// How a unit's shape compares with its neighbours'.
fn shapes(sight: &mut Sight, copy: &str, units: &[Unit], readings: &[UnitObservation]) {
    use Measure::*;
    let n = units.len();
    let mut times: FxHashMap<&str, usize> = FxHashMap::default();
    for reading in readings.iter().filter(|reading| !reading.folded.is_empty()) {
        *times.entry(&reading.folded).or_default() += 1;
    }
    let first_word = |i: usize| units[i].str(copy).split_whitespace().next().unwrap_or("");
    for i in 0..n {
        let folded = readings[i].folded.as_str();
        sight.set(i, Times, times.get(folded).copied().unwrap_or(0));
        let weight = readings[i].weight;
        if let Some(next) = readings.get(i + 1) {
            sight.set(i, LongerThanNext, steps(weight, next.weight.max(1), 4));
            sight.set(
                i,
                SameStartAfter,
                usize::from(first_word(i) == first_word(i + 1)),
            );
            let holds = |next: &UnitObservation| {
                next.weight >= 15 && !folded.is_empty() && folded.ends_with(next.folded.as_str())
            };
            let held = readings[i + 1..n.min(i + 4)].iter().position(holds);
            if let Some(after) = held.filter(|after| !readings[i + 1 + after].folded.is_empty()) {
                let longer = folded.len() > readings[i + 1 + after].folded.len();
                sight.set(i, HoldsNext, 1 + usize::from(longer));
                sight.set(i + 1 + after, HeldBefore, 1 + usize::from(longer));
            }
        }
        if i > 0 {
            sight.set(
                i,
                SameStartBefore,
                usize::from(first_word(i) == first_word(i - 1)),
            );
        }
        let alike = (i.saturating_sub(3)..n.min(i + 4))
            .filter(|k| {
                let other = readings[*k].weight;
                *k != i && other * 3 >= weight * 2 && weight * 3 >= other * 2
            })
            .count();
        sight.set(i, Alike, alike);
    }
}

/// What the first pass makes of a unit's surroundings.
fn opinions(sight: &mut Sight, shares: &[Shares]) {
    use Measure::*;
    let n = shares.len();
    let percent = |i: usize, of: &[Class]| -> usize {
        let sum: f32 = of.iter().map(|class| shares[i][*class as usize]).sum();
        (sum * 100.0) as usize
    };
    let count = |of: &[Class]| Counted::of(n, |i| percent(i, of));
    let text = count(&[Class::Paragraph, Class::ListItem]);
    let below = count(&[Class::Below]);
    let signed = count(&[Class::Byline, Class::Date]);
    let headline = (0..n).max_by_key(|i| {
        let share = percent(*i, &[Class::Headline]);
        (share, std::cmp::Reverse(*i))
    });
    let headline = headline.unwrap_or(0);
    let mut after_next = n;
    let mut next = n;
    for i in (0..n).rev() {
        let to = after_next.min(i + 12);
        let ahead = signed.before(to.max(i + 1)) - signed.before(i + 1);
        sight.set(i, SignedAfter, ahead / 10);
        if percent(i, &[Class::Paragraph, Class::ListItem]) >= 50 {
            (after_next, next) = (next, i);
        }
    }
    for i in 0..n {
        sight.set(i, SinceHeadline, (i + 20).saturating_sub(headline).min(80));
        sight.set(i, TextBefore, text.just_before(i, 5) / 10);
        sight.set(i, TextAfter, text.just_after(i, 5) / 10);
        sight.set(i, BelowBefore, below.just_before(i, 5) / 10);
        sight.set(i, BelowAfter, below.just_after(i, 5) / 10);
        sight.set(i, TakenBefore, scaled(text.before(i) / 100));
        sight.set(i, TakenAfter, scaled(text.after(i) / 100));
        let signs = signed
            .before(i)
            .saturating_sub(signed.before(headline.min(i)));
        sight.set(i, SignedBefore, (signs / 10).min(60));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_name_of_its_own() {
        for number in 0..COLUMNS as u16 {
            assert_eq!(
                column(column_name(number)),
                Some(number),
                "{}",
                column_name(number)
            );
        }
    }

    #[test]
    fn a_word_has_one_number_whatever_its_case() {
        assert_eq!(number("Subscribe"), number("SUBSCRIBE"));
        assert_eq!(number("Über"), number("über"));
        assert_ne!(number("subscribe"), number("subscribed"));
    }

    #[test]
    fn distances_count_units() {
        let (since, until) = distances(4, |unit| unit == 1);
        assert_eq!(since, [60, 60, 1, 2]);
        assert_eq!(until, [1, 60, 60, 60]);
    }
}
