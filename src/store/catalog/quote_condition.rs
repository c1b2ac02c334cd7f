//! A query about quotes as SQL: its words are looked for in each quote, not in the whole story.

use super::condition::{Sql, VERDICT};
use crate::store::query::{Column, Condition, Expr, Query, Text};
use rusqlite::types::Value;

/// Who said a quote, as the full text has it: name and title.
const SPEAKER: &str = "quotes.speaker || coalesce(', ' || quotes.title, '')";
const CUE: &str = "quotes.cue";
const WORDS: &str = "quotes.text";

/// Returns every quote that `query` finds: a condition on `stories` and `quotes` that can follow
/// WHERE.
pub(super) fn quote_condition(query: &Query) -> Sql {
    let mut sql = Sql::default();
    // The full text knows which stories have the words at all, so that few quotes are looked at.
    for part in query.parts() {
        if let Some(story) = story_has(part) {
            sql.append(story);
            sql.text.push_str(" AND ");
        }
    }
    add_all(&mut sql, query.parts());
    sql
}

/// Adds that words stand in a column of `quotes`.
pub(super) fn add_words(sql: &mut Sql, column: QuoteColumn, words: &str, prefix: bool) {
    let column = match column {
        QuoteColumn::Speaker => SPEAKER,
        QuoteColumn::Cue => CUE,
        QuoteColumn::Words => WORDS,
    };
    sql.text.push_str(&format!("has_words({column}, ?, ?)"));
    sql.values
        .extend([Value::from(words.to_owned()), Value::from(prefix)]);
}

/// Parts of a quote that words can be looked for in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QuoteColumn {
    Speaker,
    Cue,
    Words,
}

/// Returns what must be so of the story of a quote that `expr` finds; none if nothing must.
fn story_has(expr: &Expr) -> Option<Sql> {
    match expr {
        Expr::Text(_) => {
            let mut sql = Sql::default();
            sql.add(expr);
            Some(sql)
        }
        Expr::All(parts) => joined(parts.iter().filter_map(story_has), " AND "),
        Expr::Any(parts) => {
            let parts: Vec<Sql> = parts.iter().map(story_has).collect::<Option<_>>()?;
            joined(parts.into_iter(), " OR ")
        }
        Expr::Not(_) | Expr::Is(_) => None,
    }
}

fn joined(parts: impl Iterator<Item = Sql>, joint: &str) -> Option<Sql> {
    let mut sql = Sql::default();
    for part in parts {
        sql.text
            .push_str(if sql.text.is_empty() { "(" } else { joint });
        sql.append(part);
    }
    (!sql.text.is_empty()).then(|| {
        sql.text.push(')');
        sql
    })
}

fn add(sql: &mut Sql, expr: &Expr) {
    match expr {
        Expr::Text(Text {
            column,
            words,
            prefix,
        }) => match column {
            None => add_words(sql, QuoteColumn::Words, words, *prefix),
            Some(Column::Speakers) => add_words(sql, QuoteColumn::Speaker, words, *prefix),
            Some(_) => sql.add(expr),
        },
        Expr::Is(Condition::Cue { words, prefix }) => {
            add_words(sql, QuoteColumn::Cue, words, *prefix);
        }
        Expr::Is(Condition::Kind(kind)) => {
            sql.text.push_str("quotes.kind = ?");
            sql.values.push(Value::from(kind.name().to_owned()));
        }
        Expr::Is(Condition::SpeakerKind(kind)) => {
            sql.text.push_str("quotes.speaker_kind = ?");
            sql.values.push(Value::from(kind.name().to_owned()));
        }
        Expr::Is(Condition::Gender(gender)) => {
            sql.text.push_str("quotes.gender = ?");
            sql.values.push(Value::from(gender.name().to_owned()));
        }
        Expr::Is(Condition::Verdict(verdict)) => {
            sql.text.push_str(&format!("{VERDICT} = ?"));
            sql.values.push(Value::from(verdict.name().to_owned()));
        }
        Expr::Is(_) => sql.add(expr),
        Expr::All(parts) => add_all(sql, parts),
        Expr::Any(parts) => add_joined(sql, parts, " OR ", "FALSE"),
        // What a quote does not say counts as no.
        Expr::Not(inner) => {
            sql.text.push('(');
            add(sql, inner);
            sql.text.push_str(") IS NOT TRUE");
        }
    }
}

fn add_all(sql: &mut Sql, parts: &[Expr]) {
    add_joined(sql, parts, " AND ", "TRUE");
}

fn add_joined(sql: &mut Sql, parts: &[Expr], joint: &str, nothing: &str) {
    for (at, part) in parts.iter().enumerate() {
        sql.text.push_str(if at == 0 { "(" } else { joint });
        add(sql, part);
    }
    sql.text
        .push_str(if parts.is_empty() { nothing } else { ")" });
}
