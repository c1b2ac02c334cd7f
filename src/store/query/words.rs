//! Cuts a query into words, phrases, fields and signs.

use super::QueryError;

/// A piece of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A word as typed, or a phrase without its marks.
    Words {
        /// `speaker` in `speaker:lavrov`.
        field: Option<String>,
        text: String,
        /// A star follows it.
        prefix: bool,
        /// It was in quotation marks.
        quoted: bool,
    },
    /// `speaker:(`
    FieldGroup(String),
    Or,
    And,
    Not,
    Open,
    Close,
}

/// Cuts `text`. Typographic quotation marks are as good as straight ones.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, QueryError> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = match c {
            '(' => {
                tokens.push(Token::Open);
                after
            }
            ')' => {
                tokens.push(Token::Close);
                after
            }
            '-' if after.starts_with(|c: char| !c.is_whitespace()) => {
                tokens.push(Token::Not);
                after
            }
            _ if is_mark(c) => take_words(rest, None, &mut tokens)?,
            _ => match field(rest) {
                Some((name, value)) if value.starts_with('(') => {
                    tokens.push(Token::FieldGroup(name.to_owned()));
                    value
                }
                Some((name, value)) => take_words(value, Some(name), &mut tokens)?,
                None => take_words(rest, None, &mut tokens)?,
            },
        }
        .trim_start();
    }
    Ok(tokens)
}

/// Takes the word or phrase that `rest` begins with; what follows it.
fn take_words<'a>(
    rest: &'a str,
    field: Option<&str>,
    tokens: &mut Vec<Token>,
) -> Result<&'a str, QueryError> {
    let field = field.map(str::to_owned);
    if let Some(inner) = rest.strip_prefix(is_mark) {
        let Some(end) = inner.find(is_mark) else {
            return Err(QueryError::OpenQuote(inner.trim().to_owned()));
        };
        let after = inner[end..].strip_prefix(is_mark).unwrap_or_default();
        let (after, prefix) = match after.strip_prefix('*') {
            Some(after) => (after, true),
            None => (after, false),
        };
        tokens.push(Token::Words {
            field,
            text: inner[..end].to_owned(),
            prefix,
            quoted: true,
        });
        return Ok(after);
    }
    let end = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '(' | ')') || is_mark(c))
        .unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    tokens.push(match (field, word) {
        (None, "OR") => Token::Or,
        (None, "AND") => Token::And,
        (None, "NOT") => Token::Not,
        (field, word) => {
            let text = word.trim_end_matches('*');
            Token::Words {
                field,
                text: text.to_owned(),
                prefix: text.len() < word.len(),
                quoted: false,
            }
        }
    });
    Ok(after)
}

/// `name:` and what follows. Times (12:30) and addresses (https://…) are not fields.
fn field(rest: &str) -> Option<(&str, &str)> {
    let (name, value) = rest.split_once(':')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphabetic() || c == '_');
    (is_name && !value.starts_with("//")).then_some((name, value))
}

fn is_mark(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟')
}
