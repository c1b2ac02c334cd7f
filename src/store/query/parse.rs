//! Builds a query's expression.

use super::words::{Token, tokens};
use super::{Column, Condition, Day, Expr, Field, FieldName, QueryError, Text};
use crate::lexicon::LEXICON;
use crate::store::annotations::{AnnotationKind, Verdict};
use crate::story::{GenderValue, QuoteKind, SpeakerKind};
use crate::text::fold;

/// Words that a query may have, those inside quotation marks and fields among them: more would be a
/// mistake, and has no end.
pub(super) const WORDS: usize = 100;
/// Bytes that a query may have; words have no end either.
pub(super) const BYTES: usize = 10_000;
/// Brackets that may stand inside each other.
pub(super) const DEPTH: usize = 20;

pub(super) fn parse(text: &str) -> Result<Expr, QueryError> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens, at: 0 };
    let expr = parser.alternatives(0)?;
    if parser.at < parser.tokens.len() {
        return Err(QueryError::StrayBracket);
    }
    expr.ok_or_else(|| QueryError::Empty(text.trim().to_owned()))
}

/// Returns words that an expression looks for; each other condition counts as one.
pub(super) fn count_words(expr: &Expr) -> usize {
    match expr {
        Expr::Text(text) => text
            .words
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .count(),
        Expr::Is(_) => 1,
        Expr::All(parts) | Expr::Any(parts) => parts.iter().map(count_words).sum(),
        Expr::Not(inner) => count_words(inner),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    /// Parts with OR between them; none if no part has a word.
    fn alternatives(&mut self, depth: usize) -> Result<Option<Expr>, QueryError> {
        if depth > DEPTH {
            return Err(QueryError::TooDeep);
        }
        let mut ways = Vec::new();
        loop {
            let before = self.at;
            ways.extend(self.conjunction(depth)?);
            let is_or = self.tokens.get(self.at) == Some(&Token::Or);
            let has_or = is_or || before > 0 && self.tokens.get(before - 1) == Some(&Token::Or);
            if has_or && self.at == before {
                return Err(QueryError::Dangling("OR"));
            }
            if !is_or {
                break;
            }
            self.at += 1;
        }
        Ok(if ways.len() > 1 {
            Some(Expr::Any(ways))
        } else {
            ways.pop()
        })
    }

    /// Parts side by side, up to OR or the end of a group.
    fn conjunction(&mut self, depth: usize) -> Result<Option<Expr>, QueryError> {
        let mut parts = Vec::new();
        let start = self.at;
        loop {
            match self.tokens.get(self.at) {
                None | Some(Token::Or | Token::Close) => break,
                Some(Token::And) => {
                    let is_last = matches!(
                        self.tokens.get(self.at + 1),
                        None | Some(Token::Or | Token::Close | Token::And)
                    );
                    if self.at == start || is_last {
                        return Err(QueryError::Dangling("AND"));
                    }
                    self.at += 1;
                }
                Some(_) => parts.extend(self.term(depth)?),
            }
        }
        Ok(if parts.len() > 1 {
            Some(Expr::All(parts))
        } else {
            parts.pop()
        })
    }

    /// Returns one word, phrase, field or group, with what negates it.
    fn term(&mut self, depth: usize) -> Result<Option<Expr>, QueryError> {
        let mut is_negative = false;
        while self.tokens.get(self.at) == Some(&Token::Not) {
            is_negative = !is_negative;
            self.at += 1;
        }
        let expr = match self.tokens.get(self.at) {
            Some(Token::Words {
                field: name,
                text,
                prefix,
                quoted,
            }) => {
                self.at += 1;
                match name {
                    Some(name) => Some(named(name, text, *prefix, *quoted)?),
                    None if has_word(text) => Some(Expr::Text(text_of(None, text, *prefix)?)),
                    None => None,
                }
            }
            Some(Token::FieldGroup(name)) => {
                return Err(match Field::named(name) {
                    Some(field) => QueryError::Group {
                        name: field.name().name,
                    },
                    None => QueryError::UnknownField(name.clone()),
                });
            }
            Some(Token::Open) => {
                self.at += 1;
                let inner = self.alternatives(depth + 1)?;
                if self.tokens.get(self.at) != Some(&Token::Close) {
                    return Err(QueryError::OpenBracket);
                }
                self.at += 1;
                inner
            }
            _ => return Err(QueryError::Dangling("NOT")),
        };
        Ok(expr.map(|expr| {
            if is_negative {
                Expr::Not(Box::new(expr))
            } else {
                expr
            }
        }))
    }
}

/// Returns a field as typed.
fn named(name: &str, text: &str, prefix: bool, quoted: bool) -> Result<Expr, QueryError> {
    match Field::named(name) {
        Some(known) if text.trim().is_empty() && !quoted => Err(no_value(known)),
        Some(known) => field(known, text, prefix),
        None => Err(QueryError::UnknownField(name.to_owned())),
    }
}

fn no_value(field: Field) -> QueryError {
    let FieldName { name, example, .. } = field.name();
    QueryError::NoValue { name, example }
}

/// `field` has `value`, which may go on if `prefix`.
pub(super) fn field(field: Field, value: &str, prefix: bool) -> Result<Expr, QueryError> {
    let value = value.trim();
    if !has_word(value) {
        return Err(no_value(field));
    }
    let text = |column| text_of(Some(column), value, prefix).map(Expr::Text);
    let dates = |from, until| Expr::Is(Condition::Dates { from, until });
    let day = || {
        if prefix {
            Err(super::DayError(format!("{value}*")))
        } else {
            value.parse::<Day>()
        }
    };
    Ok(match field {
        Field::Headline => text(Column::Headline)?,
        Field::Slug => text(Column::Slug)?,
        Field::Author => text(Column::Authors)?,
        Field::Place => text(Column::Place)?,
        Field::Speaker => text(Column::Speakers)?,
        Field::Cue => {
            let Text { words, prefix, .. } = text_of(None, value, prefix)?;
            Expr::Is(Condition::Cue { words, prefix })
        }
        Field::Kind => {
            let of_quote = value_called(&QuoteKind::ALL, QuoteKind::name, value);
            let of_speaker = value_called(&SpeakerKind::ALL, SpeakerKind::name, value);
            let kind = of_quote.map(Condition::Kind);
            let kind = kind.or(of_speaker.map(Condition::SpeakerKind));
            let unknown = || QueryError::UnknownKind(value.to_owned());
            Expr::Is(kind.filter(|_| !prefix).ok_or_else(unknown)?)
        }
        Field::Gender => {
            let gender = value_called(&GenderValue::ALL, GenderValue::name, value);
            let unknown = || QueryError::UnknownGender(value.to_owned());
            Expr::Is(Condition::Gender(
                gender.filter(|_| !prefix).ok_or_else(unknown)?,
            ))
        }
        Field::Tag => annotated(AnnotationKind::Tag, value, prefix)?,
        Field::Collection => annotated(AnnotationKind::Collection, value, prefix)?,
        Field::Note => annotated(AnnotationKind::Note, value, prefix)?,
        Field::Verdict => {
            let known = Verdict::ALL
                .into_iter()
                .find(|verdict| verdict.name().eq_ignore_ascii_case(value));
            let unknown = || QueryError::UnknownVerdict(value.to_owned());
            Expr::Is(Condition::Verdict(
                known.filter(|_| !prefix).ok_or_else(unknown)?,
            ))
        }
        Field::Agency => {
            // Records have the short form.
            let known = LEXICON.agencies.get(&fold(value)).filter(|_| !prefix);
            Expr::Is(Condition::Agency {
                name: known.unwrap_or(value).to_owned(),
                prefix,
            })
        }
        Field::Language => Expr::Is(Condition::Language(value.to_owned())),
        Field::Version => Expr::Is(Condition::Version(value.to_owned())),
        Field::Id => {
            let digits = value.to_ascii_lowercase();
            if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(QueryError::BadId(value.to_owned()));
            }
            Expr::Is(Condition::Id(digits))
        }
        Field::After => dates(Some(day()?.first()), None),
        Field::Before => dates(None, Some(day()?.first())),
        Field::On => {
            let day = day()?;
            dates(Some(day.first()), Some(day.end()))
        }
    })
}

/// Returns the one that has a name, in upper or lower case.
fn value_called<T: Copy>(all: &[T], name: fn(T) -> &'static str, value: &str) -> Option<T> {
    let mut all = all.iter().copied();
    all.find(|one| name(*one).eq_ignore_ascii_case(value))
}

fn annotated(kind: AnnotationKind, value: &str, prefix: bool) -> Result<Expr, QueryError> {
    let Text { words, prefix, .. } = text_of(None, value, prefix)?;
    Ok(Expr::Is(Condition::Annotated {
        kind,
        value: words,
        prefix,
    }))
}

fn text_of(column: Option<Column>, text: &str, prefix: bool) -> Result<Text, QueryError> {
    let last = text
        .rsplit(|c: char| !c.is_alphanumeric())
        .find(|word| !word.is_empty())
        .unwrap_or_default();
    // A single ideograph may be a word.
    if prefix && last.len() == 1 {
        return Err(QueryError::ShortPrefix(text.to_owned()));
    }
    Ok(Text {
        column,
        words: text.to_owned(),
        prefix,
    })
}

/// Returns whether the full text would find a word in it.
fn has_word(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}
