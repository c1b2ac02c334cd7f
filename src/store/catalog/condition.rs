//! A query as SQL: a condition on `stories`, and words for the full text where they rank.

use super::speaker_name::is_name;
use crate::store::annotations::AnnotationKind;
use crate::store::query::{Condition, Expr, Query, Text};
use crate::text::searchable;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use rusqlite::{Connection, Result};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The verdict on a quote, in SQL; null where nobody judged it as the record has it now.
pub(super) const VERDICT: &str = "(SELECT value FROM annotations
    WHERE annotations.id = stories.id AND annotations.kind = 'verdict'
    AND annotations.start = quotes.span_start AND annotations.\"end\" = quotes.span_end
    AND annotations.speaker IS quotes.speaker)";

/// A condition on `stories`, with the values for its `?`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sql {
    pub text: String,
    pub values: Vec<Value>,
}

/// Returns every story that `query` finds: a condition that can follow WHERE.
pub(super) fn condition(query: &Query) -> Sql {
    let mut sql = Sql::default();
    sql.all(query.parts());
    sql
}

/// Returns a query in two: what the full text is asked, which ranks, and a condition for the rest.
/// No question where the query has no words to look for.
pub(super) fn ranked(query: &Query) -> (Option<String>, Option<Sql>) {
    let (mut wanted, mut unwanted, mut rest) = (Vec::new(), Vec::new(), Vec::new());
    for part in query.parts() {
        match (matching(part), part) {
            (Some(words), _) => wanted.push(words),
            (None, Expr::Not(inner)) if let Some(words) = matching(inner) => {
                unwanted.push((words, part));
            }
            _ => rest.push(part),
        }
    }
    let question = and_not(
        &wanted,
        &unwanted
            .iter()
            .map(|(words, _)| words.clone())
            .collect::<Vec<_>>(),
    );
    if question.is_none() {
        rest.extend(unwanted.iter().map(|(_, part)| *part));
    }
    let mut sql = Sql::default();
    sql.all(rest.iter().copied());
    (question, (!rest.is_empty()).then_some(sql))
}

impl Sql {
    /// Adds another condition with its values.
    pub(super) fn append(&mut self, other: Self) {
        self.text.push_str(&other.text);
        self.values.extend(other.values);
    }

    fn all<'e>(&mut self, parts: impl IntoIterator<Item = &'e Expr>) {
        self.joined(parts, " AND ", "TRUE");
    }

    fn joined<'e>(
        &mut self,
        parts: impl IntoIterator<Item = &'e Expr>,
        joint: &str,
        nothing: &str,
    ) {
        let mut is_first = true;
        for part in parts {
            self.text.push_str(if is_first { "(" } else { joint });
            self.add(part);
            is_first = false;
        }
        self.text.push_str(if is_first { nothing } else { ")" });
    }

    /// Adds that a story is found by `expr`.
    pub(super) fn add(&mut self, expr: &Expr) {
        if let Some(words) = matching(expr) {
            self.text
                .push_str("stories.story IN (SELECT rowid FROM fulltext WHERE fulltext MATCH ?)");
            self.values.push(words.into());
            return;
        }
        match expr {
            // Found by its words above.
            Expr::Text(_) => self.text.push_str("FALSE"),
            Expr::All(parts) => self.all(parts),
            Expr::Any(parts) => self.joined(parts, " OR ", "FALSE"),
            // What a story does not say counts as no.
            Expr::Not(inner) => {
                self.text.push('(');
                self.add(inner);
                self.text.push_str(") IS NOT TRUE");
            }
            Expr::Is(condition) => self.is(condition),
        }
    }

    fn is(&mut self, condition: &Condition) {
        let mut add = |text: &str, values: &[&str]| {
            self.text.push_str(text);
            self.values
                .extend(values.iter().map(|value| Value::from((*value).to_owned())));
        };
        match condition {
            Condition::Agency {
                name,
                prefix: false,
            } => add("stories.agency = ? COLLATE NOCASE", &[name]),
            Condition::Agency { name, prefix: true } => add(
                "stories.agency LIKE ? ESCAPE '\\'",
                &[&(escaped(name) + "%")],
            ),
            Condition::Language(tag) => {
                add(
                    "(stories.language = ? COLLATE NOCASE OR stories.language LIKE ? ESCAPE '\\')",
                    &[tag, &(escaped(tag) + "-%")],
                );
            }
            Condition::Version(label) => add(
                "stories.version LIKE ? ESCAPE '\\'",
                &[&format!("%{}%", escaped(label))],
            ),
            Condition::Cue { words, prefix } => {
                self.text.push_str(
                    "EXISTS (SELECT 1 FROM quotes WHERE quotes.story = stories.story
                     AND has_words(quotes.cue, ?, ?))",
                );
                self.values
                    .extend([Value::from(words.clone()), Value::from(*prefix)]);
            }
            Condition::Kind(kind) => add(
                "EXISTS (SELECT 1 FROM quotes WHERE quotes.story = stories.story
                 AND quotes.kind = ?)",
                &[kind.name()],
            ),
            Condition::SpeakerKind(kind) => add(
                "EXISTS (SELECT 1 FROM quotes WHERE quotes.story = stories.story
                 AND quotes.speaker_kind = ?)",
                &[kind.name()],
            ),
            Condition::Gender(gender) => add(
                "EXISTS (SELECT 1 FROM quotes WHERE quotes.story = stories.story
                 AND quotes.gender = ?)",
                &[gender.name()],
            ),
            Condition::Annotated {
                kind,
                value,
                prefix,
            } => self.annotated(*kind, value, *prefix),
            Condition::Verdict(verdict) => add(
                &format!(
                    "EXISTS (SELECT 1 FROM quotes WHERE quotes.story = stories.story
                     AND {VERDICT} = ?)"
                ),
                &[verdict.name()],
            ),
            Condition::Id(digits) => add(
                "(stories.id >= ? AND stories.id < ?)",
                &[digits, &format!("{digits}g")],
            ),
            Condition::Dates { from, until } => match (from, until) {
                (Some(from), Some(until)) => {
                    add("(stories.date >= ? AND stories.date < ?)", &[from, until]);
                }
                (Some(from), None) => add("stories.date >= ?", &[from]),
                (None, Some(until)) => add("stories.date < ?", &[until]),
                (None, None) => add("TRUE", &[]),
            },
        }
    }
}

impl Sql {
    /// Adds that people say something of a story.
    fn annotated(&mut self, kind: AnnotationKind, value: &str, prefix: bool) {
        self.text.push_str(
            "EXISTS (SELECT 1 FROM annotations WHERE annotations.id = stories.id
             AND annotations.kind = ? AND ",
        );
        self.values.push(Value::from(kind.name().to_owned()));
        if kind == AnnotationKind::Note {
            self.text.push_str("has_words(annotations.value, ?, ?))");
            self.values
                .extend([Value::from(value.to_owned()), Value::from(prefix)]);
        } else {
            // Without a star it is the whole name.
            self.text.push_str("annotations.value LIKE ? ESCAPE '\\')");
            let star = if prefix { "%" } else { "" };
            self.values.push(Value::from(escaped(value) + star));
        }
    }
}

/// Returns what the full text is asked to find the stories of `expr`; none if it cannot say that.
fn matching(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Text(text) => Some(phrase(text)),
        Expr::Any(parts) => {
            let parts: Vec<String> = parts.iter().map(matching).collect::<Option<_>>()?;
            (!parts.is_empty()).then(|| format!("({})", parts.join(" OR ")))
        }
        Expr::All(parts) => {
            let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
            for part in parts {
                match part {
                    Expr::Not(inner) => unwanted.push(matching(inner)?),
                    _ => wanted.push(matching(part)?),
                }
            }
            and_not(&wanted, &unwanted)
        }
        Expr::Not(_) | Expr::Is(_) => None,
    }
}

fn and_not(wanted: &[String], unwanted: &[String]) -> Option<String> {
    let wanted = (!wanted.is_empty()).then(|| format!("({})", wanted.join(" AND ")))?;
    Some(if unwanted.is_empty() {
        wanted
    } else {
        format!("({wanted} NOT ({}))", unwanted.join(" OR "))
    })
}

/// Returns words as FTS5 quotes them: nothing inside the marks is syntax.
fn phrase(text: &Text) -> String {
    let column = text
        .column
        .map(|column| format!("{} : ", column.name()))
        .unwrap_or_default();
    let words = searchable(&text.words).replace(['"', '\0'], " ");
    let star = if text.prefix { " *" } else { "" };
    format!("({column}\"{words}\"{star})")
}

/// Text that LIKE takes as it is.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}

/// Adds `searchable(text)`: the text as the full text has it; `has_words(text, words, prefix)`:
/// whether the words stand in the text, one after the other, in any case and without accents, as in
/// the full text; and `is_name(speaker)`, as [`is_name`] has it. They are the program's own; no
/// view needs them.
pub(super) fn add_functions(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("has_words", 3, flags, |context| {
        let text: Option<String> = context.get(0)?;
        let wanted = context.get_or_create_aux(1, |words| words.as_str().map(folded))?;
        let prefix: bool = context.get(2)?;
        Ok(text.is_some_and(|text| has_words(&folded(&text), &wanted, prefix)))
    })?;
    connection.create_scalar_function("searchable", 1, flags, |context| {
        let text: Option<String> = context.get(0)?;
        Ok(text.map(|text| searchable(&text).into_owned()))
    })?;
    connection.create_scalar_function("is_name", 1, flags, |context| {
        let name: Option<String> = context.get(0)?;
        Ok(name.is_some_and(|name| is_name(&name)))
    })
}

fn has_words(text: &[String], wanted: &[String], prefix: bool) -> bool {
    let Some((last, others)) = wanted.split_last() else {
        return true;
    };
    text.windows(wanted.len()).any(|words| {
        let end = &words[others.len()];
        words[..others.len()] == *others
            && if prefix {
                end.starts_with(last.as_str())
            } else {
                end == last
            }
    })
}

fn folded(text: &str) -> Vec<String> {
    let plain: String = searchable(text)
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect();
    plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_without_case_and_accents() {
        let has = |text, words, prefix| has_words(&folded(text), &folded(words), prefix);
        assert!(has(
            "Sergeï LAVROV, Russian Foreign Minister",
            "sergei lavrov",
            false
        ));
        assert!(has("Sergei Lavrov", "lavr", true));
        assert!(!has("Sergei Lavrov", "lavr", false));
        assert!(!has("Sergei Lavrov", "lavrov sergei", false));
        assert!(!has("", "lavrov", true));
        assert!(has("Łukasz Øverland", "lukasz overland", false));
    }

    #[test]
    fn what_ranks_is_parted_from_what_does_not() {
        let parted = |query: &str| {
            let (words, rest) = ranked(&Query::parse(query).unwrap());
            (
                words.unwrap_or_default(),
                rest.map(|sql| sql.text).unwrap_or_default(),
            )
        };
        assert_eq!(
            parted("strike -port"),
            (
                "(((\"strike\")) NOT ((\"port\")))".to_owned(),
                String::new()
            )
        );
        let (words, rest) = parted("speaker:lavr* agency:afp");
        assert_eq!(words, "((speakers : \"lavr\" *))");
        assert_eq!(rest, "(stories.agency = ? COLLATE NOCASE)");
        let (words, rest) = parted("-port");
        assert_eq!(words, "");
        assert!(rest.ends_with("IS NOT TRUE)"), "{rest}");
        let (words, rest) = parted("strike OR agency:AP");
        assert_eq!(words, "");
        assert!(rest.contains(" OR "), "{rest}");
    }
}
