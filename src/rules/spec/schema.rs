//! The shape of a rule file as JSON Schema, for editors.
//!
//! It adds nothing to what the decoder says of itself. Draft 7, since that is what editors of TOML read. It is never narrower than the
//! decoder: in JSON a key whose value is `null` is as if it were not there. It is wider in what draft 7 cannot say, such as that `1.0` is
//! no whole number.

use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::ruleset::RulesetSpec;
use super::shape::Shape;
use super::shape::TableShape;

impl RulesetSpec {
    /// A JSON Schema of rule files, in TOML or in JSON.
    pub fn json_schema() -> Value {
        let mut schema = json!({
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": "Rules of folkform",
            "definitions": {
                "expression": { "type": "string", "title": "an expression" },
                "name": { "type": "string", "title": "the name of another part of the rules" },
                "duration": {
                    "type": "string",
                    "title": "a whole number of days, weeks, months of 30 days or years of 365 days, such as `14d`",
                    "pattern": "^[0-9]+[dwmy]$"
                },
                "share": {
                    "type": "string",
                    "title": "per cent with at most one decimal, such as `5%` or `0.5%`",
                    "pattern": "^[0-9]+(\\.[0-9])?%$"
                },
                "date": {
                    "type": "string",
                    "title": "a date, such as `2027-01-31`",
                    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
                },
                "day": {
                    "type": "string",
                    "title": "a day of the year, such as `08-01`",
                    "pattern": "^[0-9]{2}-[0-9]{2}$"
                }
            }
        });
        if let (Some(schema), Value::Object(rules)) = (schema.as_object_mut(), of(&Self::shape())) {
            schema.extend(rules);
        }
        schema
    }
}

fn of(shape: &Shape) -> Value {
    let defined = |name: &str| {
        let mut reference = String::from("#/definitions/");
        reference.push_str(name);
        json!({ "$ref": reference })
    };
    match shape {
        Shape::Text => json!({ "type": "string" }),
        Shape::Expression => defined("expression"),
        Shape::Name => defined("name"),
        Shape::Word(words) => json!({ "enum": words }),
        Shape::Duration => defined("duration"),
        Shape::Share => defined("share"),
        Shape::Date => defined("date"),
        Shape::DayOfYear => defined("day"),
        Shape::Scalar => json!({ "type": ["string", "integer", "boolean"] }),
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::Int { least, most } => whole_number(*least, *most),
        Shape::List {
            of: element,
            filled,
            distinct,
        } => {
            let mut list = Map::new();
            list.insert(String::from("type"), Value::from("array"));
            list.insert(String::from("items"), of(element));
            if *filled {
                list.insert(String::from("minItems"), Value::from(1));
            }
            if *distinct {
                list.insert(String::from("uniqueItems"), Value::from(true));
            }
            Value::Object(list)
        }
        Shape::Table(table) => keys(table),
        Shape::OneOf(shapes) => {
            json!({ "anyOf": shapes.iter().map(of).collect::<Vec<Value>>() })
        }
    }
}

/// A schema with what the key means. Beside `$ref`, draft 7 reads nothing.
fn described(schema: Value, meaning: &str) -> Value {
    let mut schema = match schema {
        Value::Object(schema) if !schema.contains_key("$ref") => schema,
        schema => Map::from_iter([(String::from("allOf"), json!([schema]))]),
    };
    schema.insert(String::from("description"), Value::from(meaning));
    Value::Object(schema)
}

/// A schema that takes `null` as well.
fn or_null(mut schema: Value) -> Value {
    let nothing = || json!({ "type": "null" });
    let Some(keywords) = schema.as_object_mut() else {
        return schema;
    };
    if keywords.contains_key("oneOf") {
        // of two keys that exclude each other `null` has neither and both
        return json!({ "anyOf": [schema, nothing()] });
    }
    if let Some(value) = keywords.remove("const") {
        keywords.insert(String::from("enum"), json!([value, Value::Null]));
    } else if let Some(Value::Array(values)) = keywords.get_mut("enum") {
        values.push(Value::Null);
    } else if let Some(kind) = keywords.get_mut("type") {
        match kind {
            Value::Array(kinds) => kinds.push(Value::from("null")),
            kind => *kind = json!([kind.take(), "null"]),
        }
    } else if let Some(Value::Array(branches)) = keywords.get_mut("anyOf") {
        branches.push(nothing());
    } else {
        return json!({ "anyOf": [schema, nothing()] });
    }
    schema
}

fn whole_number(least: i64, most: i64) -> Value {
    if least == most {
        return json!({ "const": least });
    }
    let mut number = Map::new();
    number.insert(String::from("type"), Value::from("integer"));
    if least > i64::MIN {
        number.insert(String::from("minimum"), Value::from(least));
    }
    if most < i64::MAX {
        number.insert(String::from("maximum"), Value::from(most));
    }
    Value::Object(number)
}

fn keys(table: &TableShape) -> Value {
    let mut properties = Map::new();
    let mut needed = Vec::new();
    for (key, value) in &table.keys {
        let own = of(&value.shape);
        let own = if value.needed { own } else { or_null(own) };
        properties.insert(String::from(*key), described(own, value.meaning));
        if value.needed {
            needed.push(Value::from(*key));
        }
    }
    let mut schema = Map::new();
    let mut put = |key: &str, value: Value| schema.insert(String::from(key), value);
    put("type", Value::from("object"));
    if !properties.is_empty() {
        put("properties", Value::Object(properties));
    }
    let others = table.others.as_deref();
    let others = others.map_or(Value::Bool(false), |others| or_null(of(others)));
    put("additionalProperties", others);
    if !needed.is_empty() {
        put("required", Value::Array(needed));
    }
    if let Some(either) = table.either {
        let keyword = if either.exclusive { "oneOf" } else { "anyOf" };
        let there = |key: &str| json!({ "required": [key], "properties": { key: { "not": { "type": "null" } } } });
        put(keyword, json!([there(either.one), there(either.other)]));
    }
    Value::Object(schema)
}
