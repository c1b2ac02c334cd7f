//! Attributions between the quotation marks, as Russian, Ukrainian and French newsrooms set them.
//!
//! ```text
//! «Мы ждали, — сказал Орлов, — и дождались».
//! «Siamo pronti - ha detto Rossi - a ripartire».
//! « Nous n'avions pas le choix, a expliqué Mme Vasseur. On nous prévient trop tard. »
//! ```
//!
//! A passage is cut where the reporter breaks in: at a dash, and in French at a comma, with a verb
//! of speech right after it. What breaks in lies outside the pieces, as if the marks closed before
//! it and opened after it. A clause of the speaker's own looks much like it (`…, a dit n'importe
//! quoi, …`), so the verb must have the form and place of an inverted one, and what follows it must
//! be a speaker or nothing. Where that is in doubt the passage stays whole.

use super::dashes::{self, Dash};
use crate::quotes::passage::Passage;
use crate::quotes::syntax::class::{Forms, Gender, Grammar, Noun, Verb};
use crate::quotes::syntax::token::{Kind, Shape, Token};
use crate::quotes::syntax::tokens;
use crate::text::fold;
use std::ops::Range;

/// The language that sets attributions between commas.
const FRENCH: &str = "fr";
/// Small words that may stand between a dash and its verb: `ha`, `si è`.
const SMALL_BEFORE: usize = 2;
/// Words that an attribution may have between dashes, and between commas.
const WORDS: (usize, usize) = (30, 20);

/// Marks and spaces that may stand before the word that begins a sentence.
const MARKS: usize = 16;

/// Where an attribution stands in a passage.
#[derive(Clone)]
struct Insertion {
    /// From its dash, or from after its comma, to the dash or mark that ends it.
    at: Range<usize>,
    /// Where the speech goes on.
    on: usize,
}

/// Returns the passages of a block between marks, each in the pieces that the attributions in it
/// part; as it is where it has none. `language` is the block's (BCP 47), never English.
pub fn split(text: &str, passages: Vec<Passage>, language: &str) -> Vec<Passage> {
    if passages.is_empty() {
        return passages;
    }
    let dashes = dashes::dashes(text);
    let mut out = Vec::with_capacity(passages.len());
    for passage in passages {
        let Range { start, end } = passage.range;
        let inside = dashes.partition_point(|d| d.at.start <= start)
            ..dashes.partition_point(|d| d.at.end <= end);
        if inside.is_empty() && language != FRENCH {
            out.push(passage);
        } else {
            pieces(text, passage, &dashes[inside], language, &mut out);
        }
    }
    out
}

/// The pieces of one passage; `dashes` are those in it.
fn pieces(text: &str, passage: Passage, dashes: &[Dash], language: &str, out: &mut Vec<Passage>) {
    let Range { start, end } = passage.range;
    let mut words = Vec::new();
    tokens::words(text, start..end, 0, language, &mut words);
    let speech = Speech {
        text,
        words: &words,
        dashes,
        nested: nested(text, start, end),
        end,
        language,
    };
    let whole = out.len();
    let (mut outer, mut from) = (passage.outer.start, start);
    let mut found = Found::default();
    while let Some(Insertion { at, on }) = speech.next(from, &mut found) {
        dashes::push(text, outer, from, at.start, at.start, out);
        (outer, from) = (at.end, on);
    }
    let before = out.len();
    if before == whole {
        out.push(passage);
        return;
    }
    dashes::push(text, outer, from, end, passage.outer.end, out);
    if let Some(last) = out.get_mut(before) {
        last.closed = passage.closed;
    }
}

/// The words between two marks.
struct Speech<'a> {
    text: &'a str,
    words: &'a [Token],
    dashes: &'a [Dash],
    nested: Vec<(usize, bool)>,
    end: usize,
    language: &'a str,
}

/// What the last look ahead found, kept until the search has passed it: looking for both kinds
/// again after each insertion would take quadratic time.
#[derive(Default)]
struct Found {
    dashed: Ahead,
    marked: Ahead,
}

/// The next insertion of one kind.
#[derive(Default)]
enum Ahead {
    /// Nobody has looked.
    #[default]
    Unknown,
    /// The mark that it begins at stands at this byte.
    At(usize, Insertion),
    /// There is none up to the end.
    None,
}

impl Ahead {
    /// Returns the insertion, looked for with `find` if its mark lies before `from`.
    fn from(
        &mut self,
        from: usize,
        find: impl FnOnce() -> Option<(usize, Insertion)>,
    ) -> Option<Insertion> {
        let passed = match self {
            Self::Unknown => true,
            Self::At(mark, _) => *mark < from,
            Self::None => false,
        };
        if passed {
            *self = find().map_or(Self::None, |(mark, found)| Self::At(mark, found));
        }
        match self {
            Self::At(_, found) => Some(found.clone()),
            _ => None,
        }
    }
}

impl Speech<'_> {
    /// Returns the first attribution after `from`.
    fn next(&self, from: usize, found: &mut Found) -> Option<Insertion> {
        let dashed = found.dashed.from(from + 1, || {
            let after = self.dashes.partition_point(|d| d.at.start <= from);
            self.dashes[after..].iter().find_map(|dash| {
                let insertion = self.dashed(dash).filter(|i| self.is_reporters(i))?;
                Some((dash.at.start, insertion))
            })
        });
        let marked = found.marked.from(from + 1, || {
            let commas = if self.language == FRENCH {
                self.after(from + 1)
            } else {
                &[]
            };
            let mut marks = commas
                .iter()
                .filter(|t| matches!(t.kind, Kind::Comma | Kind::Stop));
            marks.find_map(|mark| {
                let insertion = self.marked(mark).filter(|i| self.is_reporters(i))?;
                Some((mark.start as usize, insertion))
            })
        });
        match (dashed, marked) {
            (Some(d), Some(m)) => Some(if d.at.start < m.at.start { d } else { m }),
            (d, m) => d.or(m),
        }
    }

    /// Returns whether no quotation is open where an insertion begins: there the speaker reports
    /// it.
    fn is_reporters(&self, insertion: &Insertion) -> bool {
        let before = self
            .nested
            .partition_point(|(at, _)| *at < insertion.at.start)
            .checked_sub(1);
        !before.is_some_and(|before| self.nested[before].1)
    }

    /// Returns the words from a place on.
    fn after(&self, from: usize) -> &[Token] {
        &self.words[self.words.partition_point(|t| (t.start as usize) < from)..]
    }

    /// Returns whether a word is a verb that reports speech, in a form that has a subject of the
    /// third person.
    fn is_verb(&self, token: &Token) -> bool {
        let class = token.class;
        let form = [Forms::PAST, Forms::PART, Forms::S]
            .iter()
            .any(|form| class.forms.has(*form));
        let infinitive = self.language == "ru" && token.text(self.text).ends_with("ть");
        let speech = class
            .verb
            .is_some_and(|verb| verb != Verb::According && dashes::is_speech(verb));
        token.shape == Shape::Lower && speech && form && !infinitive
    }

    /// Returns the attribution after a dash: `— сказал Орлов, —`, `- ha detto Rossi -`, `—dijo—`.
    fn dashed(&self, dash: &Dash) -> Option<Insertion> {
        if !dashes::names_speaker(&self.text[dash.at.end..self.end]) {
            return None;
        }
        let words = self.after(dash.at.end);
        let small = |t: &&Token| {
            let part = matches!(
                t.class.grammar,
                Grammar::Have | Grammar::Be | Grammar::Adverb | Grammar::Object
            );
            t.kind == Kind::Word && t.shape == Shape::Lower && part
        };
        let verb = words.iter().take(SMALL_BEFORE).take_while(small).count();
        words.get(verb).filter(|t| self.is_verb(t))?;
        let rest = &words[verb + 1..];
        let insertion = self.to_dash(dash, rest)?;
        let ends = rest.partition_point(|t| (t.start as usize) < insertion.at.end);
        let rest = &rest[..ends];
        let sayer =
            |t: &Token| t.is_capital() || is_person(t) || t.class.grammar.is_subject_pronoun();
        let clause = |t: &Token| {
            matches!(t.kind, Kind::Comma | Kind::Colon)
                || matches!(t.class.grammar, Grammar::That | Grammar::Me)
        };
        // `—dijo—`, `– dodał.`: where no comma stands before the dash, the subject may be left out,
        // but then there must be nothing in its place.
        let said = match rest.iter().find(|t| t.kind != Kind::Stop) {
            None => !dash.after_stop,
            Some(first) => !clause(first) && (dash.after_stop || rest.iter().any(sayer)),
        };
        said.then_some(insertion)
    }

    /// Returns what ends an attribution after a dash: a dash after a stop, a sentence's end, else
    /// any dash.
    fn to_dash(&self, dash: &Dash, rest: &[Token]) -> Option<Insertion> {
        let at = dash.at.start;
        let limit = rest.get(WORDS.0).map_or(self.end, |t| t.start as usize);
        let next = |strict: bool| {
            let closes = |d: &&Dash| !strict || d.after_stop || !d.spaced;
            let after = self.dashes.partition_point(|d| d.at.start <= at);
            self.dashes[after..]
                .iter()
                .take_while(|d| d.at.start < limit)
                .find(closes)
        };
        let dash = next(dash.after_stop).or_else(|| next(false));
        let stop = rest
            .iter()
            .take(WORDS.0)
            .position(|t| self.ends(t))
            .map(|i| rest[i].end as usize);
        match (dash, stop) {
            (Some(d), Some(stop))
                if d.at.start > stop && !self.text[stop..d.at.start].trim().is_empty() =>
            {
                Some(Insertion {
                    at: at..stop,
                    on: stop,
                })
            }
            (Some(d), _) => Some(Insertion {
                at: at..d.at.start,
                on: d.at.end,
            }),
            (None, Some(stop)) => Some(Insertion {
                at: at..stop,
                on: stop,
            }),
            (None, None) => (limit == self.end).then_some(Insertion {
                at: at..self.end,
                on: self.end,
            }),
        }
    }

    /// Returns whether a token ends the sentence of the reporter.
    fn ends(&self, token: &Token) -> bool {
        let end = token.end as usize;
        let before = self.words[..self.words.partition_point(|t| t.start < token.start)].last();
        let short = before.is_some_and(|t| {
            t.text(self.text).chars().take(3).count() <= 2 && t.class.grammar == Grammar::None
                || t.class.honorific != Gender::None
                || t.class.grammar == Grammar::Abbreviation
        });
        let opens = |c: &char| {
            matches!(
                c,
                ' ' | '\u{a0}' | '\u{202f}' | '«' | '“' | '„' | '"' | '…' | '¿' | '¡'
            )
        };
        let mut rest = self.text[end..self.end].chars();
        let next = rest.by_ref().take(MARKS).find(|c| !opens(c));
        let begins = |c: char| !short && (c.is_uppercase() || c.is_numeric());
        token.kind == Kind::Stop && next.map_or_else(|| rest.next().is_none(), begins)
    }

    /// Returns the attribution after a comma or a mark within the sentence: `, a expliqué Mme
    /// Vasseur,`, `? demande-t-il.`
    fn marked(&self, mark: &Token) -> Option<Insertion> {
        let words = self.after(mark.end as usize);
        let text = |t: &Token| fold(t.text(self.text));
        let first = words.first()?;
        if mark.kind == Kind::Stop && (mark.text(self.text) == "." || first.shape != Shape::Lower) {
            return None;
        }
        // `s'est félicité`, `l'a dit`
        let mut i = usize::from(matches!(
            &*text(first).replace('’', "'"),
            "s'" | "se" | "l'"
        ));
        let pronoun = |i: usize| {
            words
                .get(i)
                .is_some_and(|t| t.class.grammar.is_subject_pronoun() && self.is_hyphened(t))
        };
        let has = words.get(i).is_some_and(|t| {
            matches!(t.class.grammar, Grammar::Have | Grammar::Be) && t.shape == Shape::Lower
        });
        let mut inverted = None;
        if has {
            i += 1;
            if pronoun(i) {
                (inverted, i) = (Some(i), i + 1);
            }
            i += words[i..]
                .iter()
                .take(SMALL_BEFORE)
                .take_while(|t| t.class.grammar == Grammar::Adverb)
                .count();
        }
        let verb = words.get(i).filter(|t| self.is_verb(t))?;
        let participle = ["é", "és", "ée", "ées", "u", "us", "mis"]
            .iter()
            .any(|end| text(verb).ends_with(end));
        if !has && participle {
            return None;
        }
        i += 1;
        if !has && pronoun(i) {
            (inverted, i) = (Some(i), i + 1);
        }
        let to = self.to_comma(&words[i..])?;
        let rest = &words[i..i + to];
        let said = match inverted.map(|i| &words[i]) {
            // `indique-t-on à la mairie`, but `dit-on` of the speaker's own
            Some(t) if t.class.grammar == Grammar::Me => {
                text(t) == "on"
                    && text(verb) != "dit"
                    && rest
                        .iter()
                        .any(|t| t.is_capital() || t.class.noun == Noun::Body)
            }
            // `a-t-il dit la vérité` asks.
            Some(_) => rest.first().is_none_or(|t| {
                let apart = matches!(
                    t.class.grammar,
                    Grammar::Adverb | Grammar::Time | Grammar::Preposition | Grammar::As
                );
                apart || t.class.grammar == Grammar::Subordinator
            }),
            None => self.is_subject(rest),
        };
        let at = mark.end as usize;
        let end = words.get(i + to).map_or(self.end, |t| t.start as usize);
        let on = words.get(i + to).map_or(self.end, |t| t.end as usize);
        let asks = words
            .get(i + to)
            .is_some_and(|t| t.text(self.text).contains('?'));
        // The reporter's stop is no part of the speech after it.
        let outer = if words.get(i + to).is_some_and(|t| t.kind == Kind::Comma) {
            end
        } else {
            on
        };
        (said && !asks).then_some(Insertion { at: at..outer, on })
    }

    fn is_hyphened(&self, token: &Token) -> bool {
        self.text[..token.start as usize].ends_with(['-', '‑'])
    }

    /// Returns how many words an attribution has until the comma or stop that ends it. `maire de
    /// Lesa` or `qui …` after a comma still belong to it.
    fn to_comma(&self, words: &[Token]) -> Option<usize> {
        let ends = |t: &Token| t.kind == Kind::Comma || self.ends(t);
        let reach = &words[..words.len().min(WORDS.1)];
        let end = |from: usize| {
            let found = reach[from..].iter().position(ends).map(|i| from + i);
            found.or((reach.len() == words.len()).then_some(words.len()))
        };
        let first = end(0)?;
        let next = words.get(first + 1);
        let apposed = |t: &Token| {
            t.shape == Shape::Lower && (is_person(t) || t.class.grammar == Grammar::Relative)
        };
        if words.get(first).is_some_and(|t| t.kind == Kind::Comma)
            && first + 1 < reach.len()
            && next.is_some_and(apposed)
        {
            end(first + 1)
        } else {
            Some(first)
        }
    }

    /// Returns whether words after a verb begin with its subject: `Mme Vasseur`, `mercredi le
    /// maire`, `à l'AFP Anne Roy`.
    fn is_subject(&self, words: &[Token]) -> bool {
        let small = |t: &&Token| {
            matches!(t.class.grammar, Grammar::Adverb | Grammar::Time) && !t.is_capital()
        };
        let mut rest = &words[words.iter().take_while(small).count()..];
        if let [preposition, article, hearer, after @ ..] = rest
            && preposition.class.grammar == Grammar::Preposition
            && article.class.grammar == Grammar::Determiner
            && (hearer.shape == Shape::Upper
                || hearer.shape == Shape::Lower && hearer.class.grammar == Grammar::None)
        {
            rest = after;
        }
        let listed = |t: &Token| {
            matches!(t.class.noun, Noun::Person | Noun::People | Noun::Body)
                || t.class.honorific != Gender::None
        };
        match rest {
            [first, ..] if first.is_capital() => {
                matches!(first.class.grammar, Grammar::None | Grammar::Determiner)
            }
            [first, after @ ..] if is_article(first) => {
                let phrase = after.iter().take(3).take_while(|t| {
                    t.kind == Kind::Word && t.class.grammar != Grammar::Preposition
                });
                phrase.into_iter().any(|t| t.is_capital() || listed(t))
            }
            _ => false,
        }
    }
}

fn is_article(token: &Token) -> bool {
    let grammar = token.class.grammar;
    matches!(
        grammar,
        Grammar::Determiner | Grammar::Possessive | Grammar::Demonstrative | Grammar::Quantity
    )
}

fn is_person(token: &Token) -> bool {
    matches!(token.class.noun, Noun::Person | Noun::People)
}

/// Returns the marks inside a passage, each with whether a quotation is open after it: what breaks
/// in there is reported by the speaker.
fn nested(text: &str, start: usize, end: usize) -> Vec<(usize, bool)> {
    let (mut angles, mut low, mut high, mut straight) = (0i32, 0i32, 0i32, false);
    let mut out = Vec::new();
    for (i, c) in text[start..end].char_indices() {
        match c {
            '«' => angles += 1,
            '»' => angles -= 1,
            '„' => low += 1,
            '“' | '”' if low > 0 => low -= 1,
            '“' => high += 1,
            '”' => high -= 1,
            '"' => straight = !straight,
            _ => continue,
        }
        out.push((start + i, angles > 0 || low > 0 || high > 0 || straight));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quotes::passages::marks::passages;

    /// Returns the pieces of all passages, and what stands outside them.
    fn parts<'a>(text: &'a str, language: &str) -> (Vec<&'a str>, String) {
        let found: Vec<Passage> = split(text, passages(text), language);
        let (mut outside, mut at) = (String::new(), 0);
        for passage in &found {
            outside.push_str(&text[at..passage.outer.start]);
            at = passage.outer.end;
        }
        outside.push_str(&text[at..]);
        (found.into_iter().map(|p| &text[p.range]).collect(), outside)
    }

    #[test]
    fn the_reporter_breaks_in() {
        for (language, text, want) in [
            (
                "ru",
                "«Мы ждали, — сказал Орлов, — и дождались».",
                &["Мы ждали,", "и дождались"][..],
            ),
            (
                "ru",
                "«Лёд тонкий, — предупредил спасатель Иван Орлов. — На реку лучше не ходить».",
                &["Лёд тонкий,", "На реку лучше не ходить"],
            ),
            (
                "ru",
                "«Кто это сделал? — спросила она. — Мы не знаем».",
                &["Кто это сделал?", "Мы не знаем"],
            ),
            (
                "ru",
                "«Паром встал,— рассказал г. Орлов.— Ждём деталей».",
                &["Паром встал,", "Ждём деталей"],
            ),
            ("ru", "«Паром встал, — заявил он.»", &["Паром встал,"]),
            (
                "ru",
                "«Паром — наша дорога, — сообщили в порту. — Другой нет, — добавил Орлов, — и не \
                 будет».",
                &["Паром — наша дорога,", "Другой нет,", "и не будет"],
            ),
            (
                "ru",
                "«Паром „Заря“ встал, — сказал Орлов, капитан порта. Ждём деталей».",
                &["Паром „Заря“ встал,", "Ждём деталей"],
            ),
            (
                "uk",
                "«Ми чекали, — сказала Олена Бондар, — і дочекалися».",
                &["Ми чекали,", "і дочекалися"],
            ),
            (
                "fr",
                "« Nous n'avions pas le choix, a expliqué Mme Vasseur. On nous prévient trop \
                 tard. »",
                &["Nous n'avions pas le choix,", "On nous prévient trop tard."],
            ),
            (
                "fr",
                "« Nous verrons, dit-il, puis nous parlerons. »",
                &["Nous verrons,", "puis nous parlerons."],
            ),
            (
                "fr",
                "« Le quai cède, a-t-elle ajouté mercredi. »",
                &["Le quai cède,"],
            ),
            (
                "fr",
                "« Quelle honte ! s’est exclamé le maire. Le toit tombe. »",
                &["Quelle honte !", "Le toit tombe."],
            ),
            (
                "fr",
                "« Le toit tombe, prévient Yann Le Goff, président des marchands, et personne ne \
                 vient. »",
                &["Le toit tombe,", "et personne ne vient."],
            ),
            (
                "fr",
                "« Le toit, a déclaré à l'AFP Anne Roy, tombera. »",
                &["Le toit,", "tombera."],
            ),
            (
                "fr",
                "« Le toit tombera, indique-t-on à la mairie. »",
                &["Le toit tombera,"],
            ),
            (
                "fr",
                "« Le toit tombera, précise-t-il. Venez. »",
                &["Le toit tombera,", "Venez."],
            ),
            (
                "ru",
                "«Паром встал, — пояснил он. Ждём деталей».",
                &["Паром встал,", "Ждём деталей"],
            ),
            (
                "ru",
                "«Паром встал, — пояснил капитан в г. Лесна. — Ждём деталей».",
                &["Паром встал,", "Ждём деталей"],
            ),
            (
                "fr",
                "« Le toit tombera, assure le maire. »",
                &["Le toit tombera,"],
            ),
            (
                "fr",
                "« Le toit – a dit la maire – tombera. »",
                &["Le toit", "tombera."],
            ),
            (
                "it",
                "«Siamo pronti - ha detto Rossi - a ripartire».",
                &["Siamo pronti", "a ripartire"],
            ),
            (
                "it",
                "«Siamo pronti - ha aggiunto - a ripartire».",
                &["Siamo pronti", "a ripartire"],
            ),
            (
                "es",
                "«Esperamos —dijo Ruiz—. No hay otro camino».",
                &["Esperamos", "No hay otro camino"],
            ),
            (
                "pl",
                "„Czekamy – mówi Anna Nowak – i nic więcej”.",
                &["Czekamy", "i nic więcej"],
            ),
        ] {
            assert_eq!(parts(text, language).0, want, "{text}");
        }
    }

    #[test]
    fn what_the_speaker_says_stays_whole() {
        for (language, text) in [
            ("ru", "«Мы пришли — и сказали правду — и ушли»."),
            ("ru", "«Наша цель, — и об этом говорят все, — паром»."),
            ("ru", "«Он обещал, — говорят, — но не пришёл»."),
            ("ru", "«Это просто, — сказал, что думал, — и ушёл»."),
            ("ru", "«Легко так, — говорить о других, — и молчать»."),
            (
                "ru",
                "«Он встал: „Хватит, — сказал Орлов, — уходите“ — и все ушли».",
            ),
            ("ru", "«Москва — столица»."),
            (
                "fr",
                "« Le maire est venu, a dit n'importe quoi, puis est reparti. »",
            ),
            (
                "fr",
                "« Il a répondu, a expliqué le projet, et rien n'a changé. »",
            ),
            (
                "fr",
                "« Le maire a écouté, a répondu à Mme Vasseur, puis est parti. »",
            ),
            (
                "fr",
                "« Elle est venue, a informé le maire, puis est repartie. »",
            ),
            ("fr", "« Ce quai est, dit-on, le plus vieux du pays. »"),
            ("fr", "« Le maire, a-t-il dit la vérité ? »"),
            (
                "fr",
                "« J'ai vu le maire. “On tient, a dit le maire, et on tiendra.” Voilà. »",
            ),
            ("fr", "« Le projet, expliqué Mme Roy, avance. »"),
            ("fr", "« Oui, dis-je, il fallait partir. »"),
            (
                "it",
                "«Il governo - ha detto no al progetto - deve cambiare».",
            ),
            ("pl", "„Most – zamknięty od maja – jest stary”."),
            ("es", "«El puente —dice que es viejo— abre hoy»."),
        ] {
            let whole: Vec<&str> = passages(text).into_iter().map(|p| &text[p.range]).collect();
            assert_eq!(parts(text, language).0, whole, "{text}");
        }
    }

    #[test]
    fn what_breaks_in_lies_outside() {
        let outside = |text: &str, language: &str| parts(text, language).1;
        assert_eq!(
            outside("«Мы ждали, — сказал Орлов, — и дождались».", "ru"),
            "— сказал Орлов, ."
        );
        assert_eq!(
            outside("« Nous verrons, dit-il, puis nous parlerons. »", "fr"),
            " dit-il"
        );
        assert_eq!(
            outside("« Nous verrons, dit Mme Roy. Puis rien. »", "fr"),
            " dit Mme Roy."
        );
    }

    #[test]
    fn an_unclosed_passage_stays_unclosed() {
        let text = "«Мы ждали, — сказал Орлов. — Другого пути нет.";
        let pieces: Vec<bool> = split(text, passages(text), "ru")
            .into_iter()
            .map(|p| p.closed)
            .collect();
        assert_eq!(pieces, [true, false]);
    }
}
