//! A story's blocks cut into words, marks and quotes: each quoted passage is one token, so that
//! the words on either side of it are its neighbours.

use super::class::{Class, Forms, Gender, Grammar, Noun, Verb};
use super::foreign::{self, Dash, ENGLISH, GERMAN};
use super::german;
use super::token::{Kind, Shape, Token};
use crate::quotes::passage::Passage;
use crate::text::{char_at, fold};
use std::ops::Range;

/// The tokens of a story, and those inside its passages.
#[derive(Debug, Default)]
pub struct Tokens {
    /// Outside the passages.
    pub outer: Vec<Token>,
    /// Inside, passage after passage.
    pub inner: Vec<Token>,
    /// For each passage its tokens in `inner`.
    pub within: Vec<Range<usize>>,
    /// For each passage its token in `outer`.
    pub place: Vec<usize>,
    /// For each block its tokens in `outer`.
    pub blocks: Vec<Range<usize>>,
}

/// Cuts all blocks; `passages` are those of each block, in order, `language` is the blocks' (BCP
/// 47).
pub(crate) fn cut(texts: &[&str], passages: &[Vec<Passage>], language: &str) -> Tokens {
    // Few words are shorter than four letters on the average.
    let size = texts.iter().map(|text| text.len()).sum::<usize>() / 5;
    let mut out = Tokens {
        outer: Vec::with_capacity(size),
        ..Tokens::default()
    };
    let mut sentence = 0;
    for (block, text) in texts.iter().enumerate() {
        let from = out.outer.len();
        let mut at = 0;
        for passage in &passages[block] {
            let inside = passage.range.clone();
            words(
                text,
                at..passage.outer.start,
                block as u32,
                language,
                &mut out.outer,
            );
            let index = out.place.len() as u32;
            out.place.push(out.outer.len());
            out.outer.push(Token {
                start: inside.start as u32,
                end: inside.end as u32,
                block: block as u32,
                sentence: 0,
                kind: Kind::Quote(index),
                shape: Shape::None,
                owner: false,
                plural: false,
                first: false,
                class: Class::default(),
            });
            let first = out.inner.len();
            words(text, inside.clone(), block as u32, language, &mut out.inner);
            out.within.push(first..out.inner.len());
            at = passage.outer.end;
        }
        words(text, at..text.len(), block as u32, language, &mut out.outer);
        if language != ENGLISH {
            foreign::part_names(text, &mut out.outer[from..], language);
            if language == GERMAN {
                german::read(text, &mut out.outer[from..]);
            }
        }
        sentences(text, &mut out.outer[from..], &mut sentence);
        out.blocks.push(from..out.outer.len());
    }
    out
}

/// Numbers the sentences of a block.
fn sentences(text: &str, tokens: &mut [Token], sentence: &mut u32) {
    let mut begins = true;
    for i in 0..tokens.len() {
        tokens[i].sentence = *sentence;
        tokens[i].first =
            begins && !matches!(tokens[i].kind, Kind::Open | Kind::Other | Kind::Close);
        begins = begins && !tokens[i].first;
        if ends(text, tokens, i) {
            *sentence += 1;
            begins = true;
        }
    }
    *sentence += 1;
}

/// Returns whether a sentence ends after token `i`.
fn ends(text: &str, tokens: &[Token], i: usize) -> bool {
    let next = tokens.get(i + 1);
    let opens =
        |t: &Token| t.is_capital() || matches!(t.kind, Kind::Quote(_) | Kind::Number | Kind::Open);
    match tokens[i].kind {
        Kind::Stop => next.is_none_or(opens),
        Kind::Close => i > 0 && tokens[i - 1].kind == Kind::Stop && next.is_none_or(opens),
        Kind::Quote(_) => {
            let words = tokens[i]
                .text(text)
                .trim_end_matches(['\'', '’', '”', '"', ' ', ']', ')']);
            let full = words.ends_with('.') && !words.ends_with(" .");
            let asks = words.ends_with(['!', '?', '…']);
            match next {
                None => true,
                Some(t) if matches!(t.kind, Kind::Quote(_)) => full || asks,
                Some(t) if !opens(t) => false,
                Some(_) if full => true,
                // `"Why?" Ortiz asked.`
                Some(_) if asks => {
                    let mut ahead = tokens[i + 1..]
                        .iter()
                        .take(6)
                        .take_while(|t| matches!(t.kind, Kind::Word));
                    !ahead.any(|t| t.reports() && t.shape == Shape::Lower)
                }
                Some(_) => false,
            }
        }
        Kind::Word => next.is_some_and(|next| ends_in_short_form(text, &tokens[i], next)),
        _ => false,
    }
}

/// Returns whether a sentence ends with a short form whose stop belongs to it: `… in the U.S. The
/// board …`. Initials and titles stand before names.
fn ends_in_short_form(text: &str, token: &Token, next: &Token) -> bool {
    let word = token.text(text);
    if !word.ends_with('.') || word.len() <= 2 || token.class.honorific != Gender::None {
        return false;
    }
    let short = token.is_capital() || matches!(word, "a.m." | "p.m.");
    let begins = next.is_capital()
        && matches!(
            next.class.grammar,
            Grammar::Determiner
                | Grammar::Demonstrative
                | Grammar::He
                | Grammar::She
                | Grammar::They
                | Grammar::It
                | Grammar::That
                | Grammar::Conjunction
                | Grammar::Subordinator
        );
    short && begins
}

/// Bytes that go on with a word.
static IN_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = (b as u8).is_ascii_alphanumeric();
        b += 1;
    }
    table
};

/// Longest ticker between angle brackets, in bytes.
const TICKER: usize = 12;

/// Cuts a stretch of a block into words, numbers and marks.
pub(in crate::quotes) fn words(
    text: &str,
    range: Range<usize>,
    block: u32,
    language: &str,
    out: &mut Vec<Token>,
) {
    let mut cutter = Cutter {
        part: &text[range.clone()],
        start: range.start,
        block,
        language,
        english: language == ENGLISH,
        folded: String::new(),
    };
    // Where the next token may begin.
    let mut from = 0;
    while let Some(c) = char_at(cutter.part, from) {
        let small = || small_word(&cutter.part[from..]).filter(|_| cutter.english);
        from = if is_passed(c) {
            from + c.len_utf8()
        } else if let Some(word) = small() {
            cutter.small(word, from, out)
        } else if c.is_alphanumeric() || matches!(c, '@' | '#') {
            cutter.word(c, from, out)
        } else {
            cutter.mark(c, from, out)
        };
    }
}

/// Returns whether a character is no part of any token: space, and the marks that passages are cut
/// at.
fn is_passed(c: char) -> bool {
    match c {
        ' ' => true,
        'a'..='z' | 'A'..='Z' => false,
        c => {
            c.is_whitespace()
                || matches!(
                    c,
                    '"' | '“' | '”' | '„' | '«' | '»' | '\'' | '‘' | '’' | '`' | '‹' | '›'
                )
        }
    }
}

/// Cuts tokens off a stretch of a block. Its methods take the byte where a token begins, and return
/// the byte from which on to look for the next one.
struct Cutter<'a> {
    part: &'a str,
    /// Where the stretch begins in its block.
    start: usize,
    block: u32,
    language: &'a str,
    english: bool,
    /// The last word that had to be folded.
    folded: String,
}

impl<'a> Cutter<'a> {
    /// Returns a token of the block without what its text says of it.
    fn token(&self, at: usize, end: usize, kind: Kind) -> Token {
        Token {
            start: (self.start + at) as u32,
            end: (self.start + end) as u32,
            block: self.block,
            sentence: 0,
            kind,
            shape: Shape::None,
            owner: false,
            plural: false,
            first: false,
            class: Class::default(),
        }
    }

    /// Returns the last tokens of the block.
    fn near<'o>(&self, out: &'o [Token]) -> &'o [Token] {
        let start = out.len().saturating_sub(3);
        let other = out[start..].iter().rposition(|t| t.block != self.block);
        &out[other.map_or(start, |i| start + i + 1)..]
    }

    /// Takes an English word of small letters that nothing is joined to.
    fn small(&self, word: &str, at: usize, out: &mut Vec<Token>) -> usize {
        let end = at + word.len();
        let mut class = Class::of(word);
        if word.len() == 1 {
            class.honorific = Gender::None;
        }
        if class == Class::default() {
            class = by_affix(word, Shape::Lower);
        }
        out.push(Token {
            shape: Shape::Lower,
            plural: is_plural(word),
            class,
            ..self.token(at, end, Kind::Word)
        });
        end
    }

    /// Takes a mark.
    fn mark(&self, c: char, at: usize, out: &mut Vec<Token>) -> usize {
        let mut end = at + c.len_utf8();
        let kind = match c {
            ',' | '،' | '、' => Kind::Comma,
            '.' | '!' | '?' | '…' | '。' => Kind::Stop,
            ':' => Kind::Colon,
            ';' | '–' | '—' | '―' | '-' => Kind::Break,
            // `Ernst & Young`
            '&' => Kind::Word,
            '<' => return self.after_ticker(end),
            '>' => return end,
            '(' | '[' => Kind::Open,
            ')' | ']' => Kind::Close,
            _ => Kind::Other,
        };
        // `...` and `--` are one mark.
        if matches!(c, '.' | '-' | '!' | '?') {
            let rest = self.part.as_bytes()[end..].iter();
            end += rest.take_while(|b| char::from(**b) == c).count();
        }
        let mut token = self.token(at, end, kind);
        if c == '&' {
            (token.class.grammar, token.class.firm) = (Grammar::Conjunction, true);
        }
        if kind == Kind::Break && !self.english {
            match foreign::dash(self.near(out)) {
                Dash::Break => {}
                Dash::Comma => token.kind = Kind::Comma,
                Dash::Nothing => return end,
            }
        }
        out.push(token);
        end
    }

    /// `Elf <ELFP.PA>`: a ticker is no word of the sentence. `<Elf Group>`: a firm's name is one.
    fn after_ticker(&self, from: usize) -> usize {
        let rest = &self.part[from..];
        let mut near = rest.bytes().take(TICKER + 1);
        let inside = near.position(|b| b == b'>').map(|to| &rest[..to]);
        let is_ticker = |inside: &&str| {
            inside.len() <= TICKER && !inside.contains(|c: char| c.is_lowercase() || c == ' ')
        };
        inside
            .filter(is_ticker)
            .map_or(from, |ticker| from + ticker.len() + 1)
    }

    /// Takes a word or number.
    fn word(&mut self, c: char, at: usize, out: &mut Vec<Token>) -> usize {
        let (end, mut next) = self.word_end(c, at);
        let kind = if c.is_ascii_digit() {
            Kind::Number
        } else {
            Kind::Word
        };
        let (word, owner) = self.owner(at, end);
        // Most words are folded as they stand.
        let (term, shape) = if word.bytes().all(|b| b.is_ascii_lowercase()) {
            (word, Shape::Lower)
        } else {
            fold_into(word, &mut self.folded);
            (&*self.folded, shape(word))
        };
        let class = if self.english {
            Class::of(term)
        } else {
            foreign::class(term, shape, self.near(out), self.language)
        };
        let mut token = Token {
            shape,
            owner,
            plural: is_plural(word),
            class,
            ..self.token(at, at + word.len(), kind)
        };
        // `M. Keith Goodrich`: an initial; `M.` is a title in French.
        if self.english && word.len() == 1 {
            token.class.honorific = Gender::None;
        }
        if kind == Kind::Word && self.takes_stop(word, end, &mut token) {
            next += 1;
            token.end += 1;
        }
        if kind == Kind::Word && self.english && token.class == Class::default() {
            token.class = by_affix(word, shape);
        }
        out.push(token);
        next
    }

    /// Returns one past a word that begins with `c`, and where the next token may begin.
    fn word_end(&self, c: char, at: usize) -> (usize, usize) {
        let (part, english) = (self.part, self.english);
        let mut end = at + c.len_utf8();
        loop {
            let rest = part.as_bytes()[end..].iter();
            end += rest.take_while(|b| IN_WORD[usize::from(**b)]).count();
            let Some(next) = char_at(part, end).filter(|next| *next != ' ') else {
                return (end, end);
            };
            if !self.joins(c, at, end, next) {
                return (end, end);
            }
            // After the hyphen of `dit-il` another token begins.
            if !english
                && next == '-'
                && let Some(hyphens) = foreign::inverted(&part[end..], self.language)
            {
                return (end, end + hyphens);
            }
            end += next.len_utf8();
            if !english
                && matches!(next, '\'' | '’')
                && foreign::is_elided(&part[at..], end - at, self.language)
            {
                return (end, end);
            }
        }
    }

    /// Returns whether the character at `end` goes on with the word that begins with `c`.
    fn joins(&self, c: char, at: usize, end: usize, next: char) -> bool {
        let after = || char_at(self.part, end + next.len_utf8());
        match next {
            n if n.is_alphanumeric() => true,
            '-' | '\'' | '’' | '_' | '‑' => after().is_some_and(char::is_alphanumeric),
            '.' | ',' if c.is_ascii_digit() => after().is_some_and(|a| a.is_ascii_digit()),
            // `ndr.de`, `U.S`; but `Brandt.Als` wants a space.
            '.' => {
                let small = self.part[..end].ends_with(char::is_lowercase);
                let wanting = small && end - at > 2 && after().is_some_and(char::is_uppercase);
                after().is_some_and(char::is_alphabetic) && end - at <= 8 && !wanting
            }
            _ => false,
        }
    }

    /// Returns a word without the mark of an owner, and whether it had one: `Ortiz's`, `clerks'`.
    fn owner(&mut self, at: usize, end: usize) -> (&'a str, bool) {
        let part = self.part;
        let (mut word, mut owner) = (&part[at..end], false);
        if !matches!(word.as_bytes().last(), Some(b's' | b'S')) {
            return (word, false);
        }
        for ending in ["'s", "’s", "'S", "’S"] {
            if let Some(stem) = word.strip_suffix(ending).filter(|stem| !stem.is_empty()) {
                // `it's`, `he's`: no owner.
                fold_into(word, &mut self.folded);
                if Class::of(&self.folded).grammar == Grammar::None {
                    (word, owner) = (stem, true);
                }
            }
        }
        let rest = &part[end..];
        if !owner && word.ends_with('s') && rest.starts_with(['\'', '’']) && !rest.starts_with("''")
        {
            owner = rest.chars().nth(1).is_some_and(char::is_whitespace);
        }
        (word, owner)
    }

    /// Returns whether the stop after a word that ends at `end` belongs to it: `Mr.`, `U.S.`, `J.`
    fn takes_stop(&self, word: &str, end: usize, token: &mut Token) -> bool {
        if !self.part[end..].starts_with('.') || token.owner {
            return false;
        }
        let title = token.class.honorific != Gender::None
            && (token.shape != Shape::Lower || !self.english)
            && word.len() <= 5;
        let short = title || token.class.grammar == Grammar::Abbreviation || word.contains('.');
        let initial = token.shape == Shape::Capital
            && word.len() <= 4
            && word.chars().count() == 1
            && word != "I";
        // `Nov. 9`
        let month = || {
            let rest = self.part[end + 1..].trim_start_matches(' ');
            self.english
                && token.class.grammar == Grammar::Time
                && token.shape == Shape::Capital
                && word.len() <= 4
                && rest.starts_with(|c: char| c.is_ascii_digit())
        };
        let takes = initial || short || month();
        if takes && initial && self.english {
            // `Jill A. Martin` has no article in her name.
            token.class = Class::default();
        }
        takes
    }
}

/// Returns the word that a text begins with, if it is of small letters and nothing after it could
/// belong to it. Most words are: what the lists say of them is all there is to say.
fn small_word(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let len = bytes.iter().take_while(|b| b.is_ascii_lowercase()).count();
    let apart = bytes
        .get(len)
        .is_none_or(|b| matches!(b, b' ' | b',' | b'"' | b';' | b':' | b')' | b'?' | b'!'));
    (len > 0 && apart).then(|| &text[..len])
}

fn is_plural(word: &str) -> bool {
    word.len() > 3 && word.ends_with('s') && !word.ends_with("ss")
}

/// A word that no list has may show by its beginning or ending what it is.
fn by_affix(word: &str, shape: Shape) -> Class {
    let mut class = Class::default();
    // `pro-Lund`, `anti-dumping`
    if word.starts_with("pro-") || word.starts_with("anti-") {
        class.grammar = Grammar::Adjective;
        return class;
    }
    if shape != Shape::Lower || !word.is_ascii() || word.len() < 5 {
        return class;
    }
    let ends = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    match word.as_bytes().last() {
        Some(b'y') if ends(&["ly"]) => class.grammar = Grammar::Adverb,
        Some(b'd') if ends(&["ed"]) => {
            (class.verb, class.forms) = (Some(Verb::Unlisted), Forms::PAST);
        }
        Some(b'g') if ends(&["ing"]) => {
            (class.verb, class.forms) = (Some(Verb::Unlisted), Forms::ING);
        }
        Some(b's') if ends(&["ists", "ians", "goers"]) => class.noun = Noun::People,
        Some(b't' | b'n') if ends(&["ist", "ician"]) => class.noun = Noun::Person,
        _ => {}
    }
    class
}

fn shape(word: &str) -> Shape {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    match letters.next() {
        None => Shape::None,
        Some(c) if c.is_uppercase() => {
            let (mut upper, mut rest) = (true, 0);
            for c in letters {
                rest += 1;
                upper &= c.is_uppercase();
            }
            if upper && rest > 0 {
                Shape::Upper
            } else {
                Shape::Capital
            }
        }
        // `al-Assad`, `iPhone`, `de Blasio`: a capital inside a hyphened word.
        Some(_)
            if word.contains('-')
                && word
                    .split('-')
                    .next_back()
                    .is_some_and(|p| p.starts_with(char::is_uppercase)) =>
        {
            Shape::Capital
        }
        Some(_) => Shape::Lower,
    }
}

fn fold_into(word: &str, out: &mut String) {
    out.clear();
    if word.is_ascii() {
        out.push_str(word);
        out.make_ascii_lowercase();
    } else {
        out.push_str(&fold(word));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quotes::passages::marks::passages;

    fn shown(text: &str) -> Vec<String> {
        let tokens = cut(&[text], &[passages(text)], ENGLISH);
        tokens
            .outer
            .iter()
            .map(|t| format!("{}{}", t.sentence, t.text(text)))
            .collect()
    }

    #[test]
    fn titles_and_initials_end_no_sentence() {
        let text = "Sen. R. P. Moss Jr. spoke. \"We tried,\" he said. He left.";
        assert_eq!(
            shown(text),
            [
                "0Sen.",
                "0R.",
                "0P.",
                "0Moss",
                "0Jr.",
                "0spoke",
                "0.",
                "1We tried,",
                "1he",
                "1said",
                "1.",
                "2He",
                "2left",
                "2."
            ]
        );
    }

    #[test]
    fn a_sentence_ends_in_a_short_form_and_where_a_space_is_wanting() {
        let ends = |text: &str| {
            let tokens = cut(&[text], &[passages(text)], ENGLISH);
            tokens.outer.last().map(|t| t.sentence)
        };
        for (text, sentences) in [
            ("It sailed in the U.S. The board left.", 1),
            ("It sailed at 9 a.m. They left.", 1),
            ("It was the U.S. board.", 0),
            ("It met J. The.", 0),
            ("It held, said Ortiz.The board left.", 1),
            ("It is on lesa.example.", 0),
        ] {
            assert_eq!(ends(text), Some(sentences), "{text}");
        }
    }

    #[test]
    fn a_question_and_its_frame_are_one_sentence() {
        assert_eq!(
            shown("\"Why?\" Ortiz asked. \"Go!\" Rain fell."),
            [
                "0Why?", "0Ortiz", "0asked", "0.", "1Go!", "2Rain", "2fell", "2."
            ]
        );
    }

    #[test]
    fn possessives_part_and_contractions_stay() {
        let text = "Ortiz's plan and the clerks' union: it's late.";
        let tokens = cut(&[text], &[passages(text)], ENGLISH);
        let owners: Vec<_> = tokens
            .outer
            .iter()
            .filter(|t| t.owner)
            .map(|t| t.text(text))
            .collect();
        assert_eq!(owners, ["Ortiz", "clerks"]);
        assert!(tokens.outer.iter().any(|t| t.text(text) == "it's"));
    }
}
