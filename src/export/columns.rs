//! The typed columns of tables with nested values: what stands in them, and how other programs
//! declare them.
//!
//! A record keeps its fields and their order. Days, times and what people say of a story stand in
//! columns of their own, because a record has them as text or not at all.

use serde_json::{Value, json};

/// A column of a table, or a field of a group.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What stands in it.
    pub shape: Shape,
    /// Whether it may be null.
    pub is_optional: bool,
}

/// What stands in a column.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Text in UTF-8.
    Text,
    /// A whole number of 64 bits with a sign.
    Number,
    /// A day, from `YYYY-MM-DD`.
    Day,
    /// A point in time in microseconds, UTC, from RFC 3339.
    Time,
    /// Fields with names.
    Group(&'static [Column]),
    /// Any number of values of one shape, none of them null.
    List(&'static Shape),
}

impl Column {
    const fn new(name: &'static str, shape: Shape) -> Self {
        Self {
            name,
            shape,
            is_optional: false,
        }
    }

    const fn optional(name: &'static str, shape: Shape) -> Self {
        Self {
            name,
            shape,
            is_optional: true,
        }
    }
}

/// A table: its name and its columns.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its name, in the plural.
    pub name: &'static str,
    /// Its columns in their order.
    pub columns: &'static [Column],
}

use Shape::{Day, Group, List, Number, Text, Time};

const SPAN: Column = Column::new(
    "span",
    Group(&[Column::new("start", Number), Column::new("end", Number)]),
);

const BYLINE: Shape = Group(&[
    Column::new("text", Text),
    Column::new("authors", List(&AUTHOR)),
    SPAN,
]);

const AUTHOR: Shape = Group(&[
    Column::new("name", Text),
    Column::optional("role", Text),
    Column::optional("affiliation", Text),
    Column::optional("location", Text),
    Column::optional("contact", Text),
]);

const DATELINE: Shape = Group(&[
    Column::new("text", Text),
    Column::optional("place", Text),
    Column::optional("region", Text),
    Column::optional("date", Text),
    Column::optional("agency", Text),
    SPAN,
]);

const QUOTE: Shape = Group(&[
    Column::new("text", Text),
    Column::new("kind", Text),
    Column::new("block", Number),
    Column::new("start", Number),
    Column::new("end", Number),
    SPAN,
    Column::optional("part_of", Number),
    Column::optional(
        "speaker",
        Group(&[
            Column::new("name", Text),
            Column::new("mention", Text),
            SPAN,
            Column::optional("title", Text),
            Column::optional("kind", Text),
            Column::optional(
                "gender",
                Group(&[Column::new("value", Text), Column::new("from", Text)]),
            ),
        ]),
    ),
    Column::optional("cue", Group(&[Column::new("text", Text), SPAN])),
]);

const KIND_AND_TEXT: Shape = Group(&[Column::new("kind", Text), Column::new("text", Text), SPAN]);

const MEDIUM: Shape = Group(&[
    Column::new("kind", Text),
    Column::optional("caption", Text),
    Column::optional("credit", Text),
    SPAN,
]);

const RELATED: Shape = Group(&[
    Column::new("title", Text),
    Column::optional("url", Text),
    SPAN,
]);

const SUBJECT: Shape = Group(&[
    Column::optional("code", Text),
    Column::optional("name", Text),
]);

const WIRE: Shape = Group(&[
    Column::new("format", Text),
    Column::optional("service", Text),
    Column::optional("sequence", Text),
    Column::optional("priority", Text),
    Column::optional("category", Text),
    Column::optional("word_count", Number),
    Column::optional("publication", Text),
    Column::optional("section", Text),
    Column::optional("edition", Text),
    Column::optional("page", Text),
    Column::optional("id", Text),
    Column::optional("load_date", Text),
    Column::optional("embargo", Text),
    Column::optional("expires", Text),
    Column::optional("status", Text),
    Column::optional("revision", Text),
    Column::new("keywords", List(&Text)),
    Column::new("subjects", List(&SUBJECT)),
    Column::new("places", List(&SUBJECT)),
    Column::new("companies", List(&SUBJECT)),
    Column::optional("publication_type", Text),
    Column::optional("document_type", Text),
    Column::optional("genre", Text),
    Column::optional("query", Text),
    Column::new("given", GIVEN),
]);

/// What the caller gave: a column for each fact that can be.
const GIVEN: Shape = Group(&[
    Column::optional("agency", Text),
    Column::optional("date", Text),
    Column::optional("edition", Text),
    Column::optional("id", Text),
    Column::optional("language", Text),
    Column::optional("page", Text),
    Column::optional("publication", Text),
    Column::optional("section", Text),
    Column::optional("slug", Text),
]);

const SOURCE: Shape = Group(&[
    Column::optional("path", Text),
    Column::new("sha256", Text),
    Column::new("bytes", Number),
    Column::new("encoding", Text),
    Column::new("format", Text),
    Column::optional("member", Text),
]);

const EVIDENCE: Shape = Group(&[Column::new("field", Text), SPAN]);

const WARNING: Shape = Group(&[
    Column::new("code", Text),
    Column::new("message", Text),
    Column::optional("span", SPAN.shape),
]);

/// Records, as `archive schema` describes them. Before their fields stand the story's day and, if
/// the story gives a time and a zone, the time when it was published; after them, what people say
/// of it.
pub const STORIES: Table = Table {
    name: "stories",
    columns: &[
        Column::optional("date", Day),
        Column::optional("published_at", Time),
        Column::new("schema", Text),
        Column::new("id", Text),
        Column::optional("headline", Text),
        Column::optional("subheadline", Text),
        Column::optional("slug", Text),
        Column::optional("byline", BYLINE),
        Column::optional("dateline", DATELINE),
        Column::optional("published", Text),
        Column::optional("updated", Text),
        Column::optional("agency", Text),
        Column::optional(
            "version",
            Group(&[
                Column::new("label", Text),
                Column::optional("number", Number),
            ]),
        ),
        Column::optional("language", Text),
        Column::new("body", List(&KIND_AND_TEXT)),
        Column::new("quotes", List(&QUOTE)),
        Column::new("media", List(&MEDIUM)),
        Column::new("related", List(&RELATED)),
        Column::new("notes", List(&KIND_AND_TEXT)),
        Column::optional("source_url", Text),
        Column::optional("wire", WIRE),
        Column::new("source", SOURCE),
        Column::new("evidence", List(&EVIDENCE)),
        Column::new("warnings", List(&WARNING)),
        Column::new(
            "annotations",
            Group(&[
                Column::new("tags", List(&Text)),
                Column::new("collections", List(&Text)),
                Column::new("notes", List(&Text)),
            ]),
        ),
    ],
};

// What the rows of other tables say of their story.
const ID: Column = Column::new("id", Text);
const DATE: Column = Column::optional("date", Day);
const AGENCY: Column = Column::optional("agency", Text);
const HEADLINE: Column = Column::optional("headline", Text);

/// Blocks of bodies, each with its story.
pub const PARAGRAPHS: Table = Table {
    name: "paragraphs",
    columns: &[
        ID,
        DATE,
        AGENCY,
        HEADLINE,
        Column::new("n", Number),
        Column::new("kind", Text),
        Column::new("text", Text),
    ],
};

/// Quotes, each with its story.
pub const QUOTES: Table = Table {
    name: "quotes",
    columns: &[
        ID,
        DATE,
        AGENCY,
        HEADLINE,
        Column::new("n", Number),
        Column::new("kind", Text),
        Column::optional("speaker", Text),
        Column::optional("title", Text),
        Column::optional("mention", Text),
        Column::optional("cue", Text),
        Column::new("text", Text),
        Column::new("block", Number),
        Column::new("start", Number),
        Column::new("end", Number),
        Column::optional("part_of", Number),
        Column::optional("verdict", Text),
    ],
};

/// What people say of stories.
pub const ANNOTATIONS: Table = Table {
    name: "annotations",
    columns: &[
        ID,
        DATE,
        AGENCY,
        HEADLINE,
        Column::new("kind", Text),
        Column::new("value", Text),
        Column::new("time", Time),
        Column::optional("quote", Number),
    ],
};

/// Every table.
pub const TABLES: [Table; 4] = [STORIES, PARAGRAPHS, QUOTES, ANNOTATIONS];

impl Table {
    /// Returns the statement that makes the table in DuckDB. The last column is the year by which
    /// its files are parted.
    pub fn duckdb(&self) -> String {
        let columns: String = self
            .columns
            .iter()
            .map(|column| {
                let null = if column.is_optional { "" } else { " NOT NULL" };
                format!(
                    "    {} {}{null},\n",
                    quoted(column.name),
                    column.shape.duckdb()
                )
            })
            .collect();
        format!(
            "CREATE TABLE {} (\n{columns}    year BIGINT\n);\n",
            self.name
        )
    }

    /// Returns the schema of its files in Arrow, in the JSON of Arrow's integration tests.
    pub fn arrow(&self) -> Value {
        let fields: Vec<Value> = self.columns.iter().map(Column::arrow).collect();
        json!({ "fields": fields })
    }
}

impl Column {
    fn arrow(&self) -> Value {
        let fields = match &self.shape {
            Group(fields) => fields.iter().map(Self::arrow).collect(),
            List(element) => vec![Self::new("element", **element).arrow()],
            Text | Number | Day | Time => Vec::new(),
        };
        json!({
            "name": self.name,
            "nullable": self.is_optional,
            "type": self.shape.arrow(),
            "children": fields,
        })
    }
}

impl Shape {
    fn duckdb(&self) -> String {
        match self {
            Text => "VARCHAR".into(),
            Number => "BIGINT".into(),
            Day => "DATE".into(),
            Time => "TIMESTAMP WITH TIME ZONE".into(),
            List(element) => format!("{}[]", element.duckdb()),
            Group(fields) => {
                let fields: Vec<String> = fields
                    .iter()
                    .map(|field| format!("{} {}", quoted(field.name), field.shape.duckdb()))
                    .collect();
                format!("STRUCT({})", fields.join(", "))
            }
        }
    }

    fn arrow(&self) -> Value {
        match self {
            Text => json!({ "name": "utf8" }),
            Number => json!({ "name": "int", "bitWidth": 64, "isSigned": true }),
            Day => json!({ "name": "date", "unit": "DAY" }),
            Time => json!({ "name": "timestamp", "unit": "MICROSECOND", "timezone": "UTC" }),
            List(_) => json!({ "name": "list" }),
            Group(_) => json!({ "name": "struct" }),
        }
    }
}

/// Returns a name as SQL may have it: some are words of the language.
fn quoted(name: &str) -> String {
    if ["end", "from"].contains(&name) {
        format!("\"{name}\"")
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FactName;

    /// Returns the schema that a reference leads to, and whether it may be null.
    fn resolved<'s>(schema: &'s Value, root: &'s Value) -> (&'s Value, bool) {
        if let Some(reference) = schema["$ref"].as_str() {
            let at = reference.trim_start_matches('#');
            return resolved(root.pointer(at).unwrap(), root);
        }
        if let Some(choices) = schema["anyOf"].as_array() {
            let is_null = choices.iter().any(|choice| choice["type"] == "null");
            let other = choices.iter().find(|choice| choice["type"] != "null");
            return (resolved(other.unwrap(), root).0, is_null);
        }
        let types = schema["type"].as_array();
        let is_null = types.is_some_and(|types| types.contains(&json!("null")));
        (schema, is_null)
    }

    fn names(schema: &Value) -> Vec<&str> {
        let mut names: Vec<&str> = schema["properties"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        names.sort_unstable();
        names
    }

    fn compare(shape: &Shape, schema: &Value, root: &Value, place: &str) {
        let is = |name: &str| {
            schema["type"] == name
                || schema["type"]
                    .as_array()
                    .is_some_and(|types| types.contains(&json!(name)))
        };
        match shape {
            // A map: a column for each name that can be in it.
            Group(fields) if schema.get("properties").is_none() && is("object") => {
                let columns: Vec<&str> = fields.iter().map(|field| field.name).collect();
                assert_eq!(columns, FactName::ALL.map(FactName::name), "{place}");
                assert!(fields.iter().all(|field| field.is_optional), "{place}");
            }
            Group(fields) if schema["type"] == "object" => {
                let mut columns: Vec<&str> = fields.iter().map(|field| field.name).collect();
                columns.sort_unstable();
                assert_eq!(columns, names(schema), "{place}");
                for field in *fields {
                    let (inner, is_null) = resolved(&schema["properties"][field.name], root);
                    let place = format!("{place}.{}", field.name);
                    assert_eq!(field.is_optional, is_null, "{place}");
                    compare(&field.shape, inner, root, &place);
                }
            }
            // Spans are written as two numbers.
            Group(fields) => assert!(is("array") && fields.len() == 2, "{place}: {schema}"),
            List(element) => {
                assert!(is("array"), "{place}: {schema}");
                compare(element, resolved(&schema["items"], root).0, root, place);
            }
            Number => assert!(is("integer"), "{place}: {schema}"),
            Text | Day | Time => {
                assert!(
                    is("string") || schema["oneOf"].is_array(),
                    "{place}: {schema}"
                );
            }
        }
    }

    #[test]
    fn stories_have_a_column_for_every_field_of_the_record() {
        let root = serde_json::to_value(schemars::schema_for!(crate::Story)).unwrap();
        let added = ["date", "published_at", "annotations"];
        let columns: Vec<Column> = STORIES
            .columns
            .iter()
            .filter(|column| !added.contains(&column.name))
            .copied()
            .collect();
        compare(&Group(columns.leak()), &root, &root, "story");
    }
}
