//! The record's schema as Spark writes its own, made from the record's JSON Schema.

use serde_json::{Map, Value, json};

/// References in references, at most.
const DEEPEST: usize = 16;

/// Returns the type in Spark of what a JSON Schema describes: a struct whose fields may be null.
pub(super) fn data_type(schema: &Value) -> Value {
    of(schema, schema, DEEPEST)
}

fn of(schema: &Value, root: &Value, depth: usize) -> Value {
    if let Some(path) = schema["$ref"].as_str()
        && depth > 0
    {
        let target = root.pointer(path.trim_start_matches('#'));
        return of(target.unwrap_or(&Value::Null), root, depth - 1);
    }
    // A value that may be null.
    let choices = schema["anyOf"].as_array().or(schema["oneOf"].as_array());
    if let Some(first) = choices.and_then(|all| all.iter().find(|one| one["type"] != "null")) {
        return of(first, root, depth);
    }
    match kind(&schema["type"]) {
        Some("object") => object(schema, root, depth),
        Some("array") => {
            let items = [&schema["items"], &schema["prefixItems"][0]];
            let items = items.into_iter().find(|items| items.is_object());
            json!({
                "type": "array",
                "elementType": of(items.unwrap_or(&Value::Null), root, depth),
                "containsNull": true,
            })
        }
        Some("integer") => json!("long"),
        Some("number") => json!("double"),
        Some("boolean") => json!("boolean"),
        // Categories are words.
        _ => json!("string"),
    }
}

/// Returns what a `type` says, whether or not it may be null.
fn kind(value: &Value) -> Option<&str> {
    match value {
        Value::Array(kinds) => kinds
            .iter()
            .filter_map(Value::as_str)
            .find(|kind| *kind != "null"),
        other => other.as_str(),
    }
}

fn object(schema: &Value, root: &Value, depth: usize) -> Value {
    let Some(properties) = schema["properties"].as_object() else {
        // Facts by their names.
        return json!({
            "type": "map",
            "keyType": "string",
            "valueType": "string",
            "valueContainsNull": true,
        });
    };
    json!({"type": "struct", "fields": fields(properties, root, depth)})
}

fn fields(properties: &Map<String, Value>, root: &Value, depth: usize) -> Vec<Value> {
    let field = |(name, schema): (&String, &Value)| {
        json!({
            "name": name,
            "type": of(schema, root, depth),
            "nullable": true,
            "metadata": {},
        })
    };
    properties.iter().map(field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_value_has_its_type() {
        let schema = json!({
            "type": "object",
            "properties": {
                "words": {"type": ["string", "null"]},
                "count": {"type": ["integer", "null"]},
                "part": {"anyOf": [{"$ref": "#/$defs/Part"}, {"type": "null"}]},
                "parts": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
                "given": {"type": "object", "additionalProperties": {"type": "string"}},
            },
            "$defs": {"Part": {"type": "object", "properties": {"kind": {"enum": ["a"]}}}},
        });
        let part = json!({"type": "struct", "fields": [
            {"name": "kind", "type": "string", "nullable": true, "metadata": {}}
        ]});
        let typed = data_type(&schema);
        let found: Map<String, Value> = typed["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|field| {
                let name = field["name"].as_str().unwrap().to_owned();
                (name, field["type"].clone())
            })
            .collect();
        assert_eq!(found["words"], "string");
        assert_eq!(found["count"], "long");
        assert_eq!(found["part"], part);
        assert_eq!(found["parts"]["elementType"], part);
        assert_eq!(found["given"]["type"], "map");
    }
}
