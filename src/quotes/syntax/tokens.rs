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

/// Cuts all blocks; `passages` are those of each block, in order, `language` is the blocks' (BCP 47).
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

/// Whether a sentence ends behind token `i`.
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

/// Whether a sentence ends with a short form whose stop belongs to it: `… in the U.S. The board …`.
/// Initials and titles stand before names.
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
    let english = language == ENGLISH;
    // The last tokens of the block.
    let near = |out: &[Token]| {
        let start = out.len().saturating_sub(3);
        out[start..]
            .iter()
            .rposition(|t| t.block != block)
            .map_or(start, |i| start + i + 1)
    };
    let part = &text[range.clone()];
    let bytes = part.as_bytes();
    let mut folded = String::new();
    // Where the next token may begin.
    let mut from = 0;
    while let Some(c) = char_at(part, from) {
        let at = from;
        from += c.len_utf8();
        let passed = match c {
            ' ' => true,
            'a'..='z' | 'A'..='Z' => false,
            c => {
                c.is_whitespace()
                    || matches!(
                        c,
                        '"' | '“' | '”' | '„' | '«' | '»' | '\'' | '‘' | '’' | '`' | '‹' | '›'
                    )
            }
        };
        if passed {
            continue;
        }
        let start = range.start + at;
        if let Some(word) = small_word(&part[at..]).filter(|_| english) {
            from = at + word.len();
            let mut class = Class::of(word);
            if word.len() == 1 {
                class.honorific = Gender::None;
            }
            out.push(Token {
                start: start as u32,
                end: (start + word.len()) as u32,
                block,
                sentence: 0,
                kind: Kind::Word,
                shape: Shape::Lower,
                owner: false,
                plural: is_plural(word),
                first: false,
                class: if class == Class::default() {
                    by_affix(word, Shape::Lower)
                } else {
                    class
                },
            });
            continue;
        }
        let mut token = Token {
            start: start as u32,
            end: (start + c.len_utf8()) as u32,
            block,
            sentence: 0,
            kind: Kind::Other,
            shape: Shape::None,
            owner: false,
            plural: false,
            first: false,
            class: Class::default(),
        };
        if !c.is_alphanumeric() && !matches!(c, '@' | '#') {
            token.kind = match c {
                ',' | '،' | '、' => Kind::Comma,
                '.' | '!' | '?' | '…' | '。' => Kind::Stop,
                ':' => Kind::Colon,
                ';' | '–' | '—' | '―' => Kind::Break,
                '-' => Kind::Break,
                // `Ernst & Young`
                '&' => {
                    (token.class.grammar, token.class.firm) = (Grammar::Conjunction, true);
                    Kind::Word
                }
                '<' => {
                    // `Elf <ELFP.PA>`: a ticker is no word of the sentence. `<Elf Group>`: a firm's name is one.
                    let inside = bytes[at + 1..]
                        .iter()
                        .take(TICKER + 1)
                        .position(|b| *b == b'>')
                        .map(|to| &part[at + 1..at + 1 + to]);
                    if let Some(ticker) = inside.filter(|i| {
                        i.len() <= TICKER && !i.contains(|c: char| c.is_lowercase() || c == ' ')
                    }) {
                        from = at + 1 + ticker.len() + 1;
                    }
                    continue;
                }
                '>' => continue,
                '(' | '[' => Kind::Open,
                ')' | ']' => Kind::Close,
                _ => Kind::Other,
            };
            // `...` and `--` are one mark.
            if matches!(c, '.' | '-' | '!' | '?') {
                from += bytes[from..]
                    .iter()
                    .take_while(|b| char::from(**b) == c)
                    .count();
                token.end = (range.start + from) as u32;
            }
            if c == '-' && token.end - token.start == 1 {
                token.kind = Kind::Break;
            }
            if token.kind == Kind::Break && !english {
                match foreign::dash(&out[near(out)..]) {
                    Dash::Break => {}
                    Dash::Comma => token.kind = Kind::Comma,
                    Dash::Nothing => continue,
                }
            }
            out.push(token);
            continue;
        }
        let mut end = from;
        loop {
            end += bytes[end..]
                .iter()
                .take_while(|b| IN_WORD[usize::from(**b)])
                .count();
            from = end;
            let Some(next) = char_at(part, end).filter(|c| *c != ' ') else {
                break;
            };
            let after = || char_at(part, end + next.len_utf8());
            let joins = match next {
                n if n.is_alphanumeric() => true,
                '-' | '\'' | '’' | '_' | '‑' => after().is_some_and(char::is_alphanumeric),
                '.' | ',' if c.is_ascii_digit() => after().is_some_and(|a| a.is_ascii_digit()),
                // `ndr.de`, `U.S`; but `Brandt.Als` wants a space.
                '.' => {
                    let small = part[..end].ends_with(char::is_lowercase);
                    let wanting = small && end - at > 2 && after().is_some_and(char::is_uppercase);
                    after().is_some_and(char::is_alphabetic) && end - at <= 8 && !wanting
                }
                _ => false,
            };
            if !joins {
                break;
            }
            // Behind the hyphen of `dit-il` another token begins.
            if !english
                && next == '-'
                && let Some(hyphens) = foreign::inverted(&part[end..], language)
            {
                from = end + hyphens;
                break;
            }
            end += next.len_utf8();
            from = end;
            if !english
                && matches!(next, '\'' | '’')
                && foreign::is_elided(&part[at..], end - at, language)
            {
                break;
            }
        }
        let mut word = &part[at..end];
        token.kind = if c.is_ascii_digit() {
            Kind::Number
        } else {
            Kind::Word
        };
        let ends_in_s = matches!(word.as_bytes().last(), Some(b's' | b'S'));
        for ending in ["'s", "’s", "'S", "’S"].iter().filter(|_| ends_in_s) {
            if let Some(stem) = word.strip_suffix(*ending).filter(|stem| !stem.is_empty()) {
                // `it's`, `he's`: no owner.
                fold_into(word, &mut folded);
                if Class::of(&folded).grammar == Grammar::None {
                    word = stem;
                    token.owner = true;
                }
            }
        }
        let next = char_at(part, end);
        if !token.owner
            && word.ends_with('s')
            && matches!(next, Some('\'' | '’'))
            && !part[end..].starts_with("''")
        {
            let behind = part[end..].chars().nth(1);
            token.owner = behind.is_some_and(char::is_whitespace);
        }
        // Most words are folded as they stand.
        let (term, shape) = if word.bytes().all(|b| b.is_ascii_lowercase()) {
            (word, Shape::Lower)
        } else {
            fold_into(word, &mut folded);
            (&*folded, shape(word))
        };
        token.shape = shape;
        token.class = if english {
            Class::of(term)
        } else {
            foreign::class(term, token.shape, &out[near(out)..], language)
        };
        token.plural = is_plural(word);
        token.end = (start + word.len()) as u32;
        // `M. Keith Goodrich`: an initial; `M.` is a title in French.
        if english && word.len() == 1 {
            token.class.honorific = Gender::None;
        }
        if token.kind == Kind::Word {
            // The stop of `Mr.`, `U.S.` and `J.` belongs to the word.
            let title = || {
                token.class.honorific != Gender::None
                    && (token.shape != Shape::Lower || !english)
                    && word.len() <= 5
            };
            let short =
                || title() || token.class.grammar == Grammar::Abbreviation || word.contains('.');
            let initial = token.shape == Shape::Capital
                && word.len() <= 4
                && word.chars().count() == 1
                && word != "I";
            // `Nov. 9`
            let month = || {
                token.class.grammar == Grammar::Time
                    && token.shape == Shape::Capital
                    && word.len() <= 4
                    && part[end + 1..]
                        .trim_start_matches(' ')
                        .starts_with(|c: char| c.is_ascii_digit())
            };
            let stops = next == Some('.') && !token.owner;
            if stops && (initial || short() || english && month()) {
                from += 1;
                token.end += 1;
                if initial && english {
                    // `Jill A. Martin` has no article in her name.
                    token.class = Class::default();
                }
            }
            if token.class == Class::default() && english {
                token.class = by_affix(word, token.shape);
            }
        }
        out.push(token);
    }
}

/// The word that a text begins with, if it is of small letters and behind it stands nothing that could belong to it.
/// Most words are: what the lists say of them is all there is to say.
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
