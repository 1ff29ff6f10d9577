//! Values and types as JSON, each with a tag that says what it is.
//!
//! The tags are those of the public CEL conformance suite in its JSON form: `bool`, `int` (digits as a text, so that 64 bits
//! survive), `double` (a text, since JSON has no `NaN`), `string`, `list`, `map` (pairs of key and value). Our own are `date`
//! (`"2026-08-31"`), `days` (digits as a text) and `optional` (a value or null). What the profile leaves out (`uint`, `bytes`,
//! `null`, `type`, `duration`, `timestamp`) is refused with the code and the words that an expression would get.

use std::collections::BTreeMap;
use std::sync::Arc;

use folkform::diagnostic::Code;
use folkform::language::MapKey;
use folkform::language::Type;
use folkform::language::Value;
use serde_json::Value as Json;
use serde_json::json;

/// Why something is not taken: a code of the language, or none where the line itself is wrong; and the reason in words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: Option<&'static Code>,
    pub(crate) message: String,
}

impl Refusal {
    /// The line is not what it must be.
    pub(crate) fn line(message: impl Into<String>) -> Self {
        Self {
            code: None,
            message: message.into(),
        }
    }

    /// The words of the code of that id.
    fn outside(id: &str) -> Self {
        let code = Code::all().find(|code| code.id == id);
        Self {
            code,
            message: code
                .map_or("it is not part of the language", |code| code.summary)
                .into(),
        }
    }
}

/// Reads a tagged value, with its type.
pub(crate) fn read_value(json: &Json) -> Result<(Type, Value), Refusal> {
    let Some((tag, content)) = json
        .as_object()
        .filter(|object| object.len() == 1)
        .and_then(|object| object.iter().next())
    else {
        return Err(Refusal::line(
            "expected a tagged value, such as {\"int\": \"1\"}",
        ));
    };
    let text = || {
        content
            .as_str()
            .ok_or_else(|| Refusal::line(format!("expected a text after `{tag}`")))
    };
    let wrong = || Refusal::line(format!("`{tag}` cannot hold what stands after it"));
    Ok(match tag.as_str() {
        "bool" => (
            Type::Bool,
            Value::Bool(content.as_bool().ok_or_else(wrong)?),
        ),
        "int" => (Type::Int, Value::Int(text()?.parse().map_err(|_| wrong())?)),
        "double" => (
            Type::Double,
            Value::Double(text()?.parse().map_err(|_| wrong())?),
        ),
        "string" => (Type::Text, Value::text(text()?)),
        "date" => (
            Type::Date,
            Value::Date(text()?.parse().map_err(|_| wrong())?),
        ),
        "days" => (
            Type::Days,
            Value::Days(text()?.parse().map_err(|_| wrong())?),
        ),
        "optional" if content.is_null() => (Type::optional(Type::Never), Value::none()),
        "optional" => {
            let (ty, value) = read_value(content)?;
            (Type::optional(ty), Value::some(value))
        }
        "list" => list(content.as_array().ok_or_else(wrong)?)?,
        "map" => map(content.as_array().ok_or_else(wrong)?)?,
        other => return Err(outside(other)),
    })
}

fn list(items: &[Json]) -> Result<(Type, Value), Refusal> {
    let mut ty = Type::Never;
    let mut values = Vec::new();
    for item in items {
        let (found, value) = read_value(item)?;
        ty = common(&ty, &found)?;
        values.push(value);
    }
    Ok((Type::list(ty), Value::list(values)))
}

fn map(entries: &[Json]) -> Result<(Type, Value), Refusal> {
    let (mut keys, mut values) = (Type::Never, Type::Never);
    let mut map = BTreeMap::new();
    for entry in entries {
        let Some([key, value]) = entry.as_array().map(Vec::as_slice) else {
            return Err(Refusal::line("an entry of a map is a key and a value"));
        };
        let (key_type, key) = read_value(key)?;
        let key = match key {
            Value::Bool(key) => MapKey::Bool(key),
            Value::Int(key) => MapKey::Int(key),
            Value::Text(key) => MapKey::Text(key),
            _ => return Err(Refusal::line("a key is a bool, an int or a string")),
        };
        let (value_type, value) = read_value(value)?;
        keys = common(&keys, &key_type)?;
        values = common(&values, &value_type)?;
        map.insert(key, value);
    }
    Ok((Type::map(keys, values), Value::Map(Arc::new(map))))
}

fn common(one: &Type, two: &Type) -> Result<Type, Refusal> {
    one.common(two).ok_or_else(|| Refusal::outside("L133"))
}

/// The refusal of a tag or type that the profile leaves out.
fn outside(name: &str) -> Refusal {
    Refusal::outside(match name {
        "uint" => "L111",
        "bytes" => "L115",
        "null" | "null_type" => "L112",
        "type" => "L119",
        "dyn" | "any" => "L114",
        "duration" | "timestamp" => "L113",
        "message" | "wrapper" | "abstract" => "L116",
        other => return Refusal::line(format!("unknown tag or type `{other}`")),
    })
}

/// Writes a value with its tag. `None` for what has none, such as the day of the run.
pub(crate) fn write_value(value: &Value) -> Option<Json> {
    Some(match value {
        Value::Bool(value) => json!({"bool": value}),
        Value::Int(number) => json!({"int": number.to_string()}),
        Value::Double(number) => json!({"double": double(*number)}),
        Value::Text(text) => json!({"string": &**text}),
        Value::Date(day) => json!({"date": day.to_string()}),
        Value::Days(days) => json!({"days": days.to_string()}),
        Value::Optional(None) => json!({"optional": null}),
        Value::Optional(Some(held)) => json!({"optional": write_value(held)?}),
        Value::List(values) => {
            let values: Option<Vec<Json>> = values.iter().map(write_value).collect();
            json!({"list": values?})
        }
        Value::Map(entries) => {
            let pairs: Option<Vec<Json>> = entries
                .iter()
                .map(|(key, value)| Some(json!([write_key(key), write_value(value)?])))
                .collect();
            json!({"map": pairs?})
        }
        Value::Today(_) | Value::Record(_) | Value::Enum(..) | Value::Nominal(..) => return None,
    })
}

fn write_key(key: &MapKey) -> Json {
    match key {
        MapKey::Bool(value) => json!({"bool": value}),
        MapKey::Int(number) => json!({"int": number.to_string()}),
        MapKey::Text(text) => json!({"string": &**text}),
    }
}

fn double(number: f64) -> String {
    if number.is_infinite() {
        let sign = if number < 0.0 { "-" } else { "" };
        format!("{sign}Infinity")
    } else {
        format!("{number:?}")
    }
}

/// Reads a type. `parameters` are the names of those of a signature, in the order in which they are met.
pub(crate) fn read_type(json: &Json, parameters: &mut Vec<String>) -> Result<Type, Refusal> {
    if let Some(name) = json.as_str() {
        return Ok(match name {
            "bool" => Type::Bool,
            "int" => Type::Int,
            "double" => Type::Double,
            "string" => Type::Text,
            "date" => Type::Date,
            "days" => Type::Days,
            "today" => Type::Today,
            other => return Err(outside(other)),
        });
    }
    let Some((kind, content)) = json.as_object().and_then(|object| object.iter().next()) else {
        return Err(Refusal::line("expected a type"));
    };
    match (kind.as_str(), content) {
        ("list", element) => Ok(Type::list(read_type(element, parameters)?)),
        ("map", Json::Array(pair)) => match pair.as_slice() {
            [key, value] => Ok(Type::map(
                read_type(key, parameters)?,
                read_type(value, parameters)?,
            )),
            _ => Err(Refusal::line("a map has a type of key and a type of value")),
        },
        ("abstract", Json::Array(parts)) => match parts.as_slice() {
            [Json::String(name), inner] if name == "optional_type" => {
                Ok(Type::optional(read_type(inner, parameters)?))
            }
            _ => Err(outside("abstract")),
        },
        ("message", Json::String(name)) if name == "google.protobuf.Duration" => {
            Err(outside("duration"))
        }
        ("message", Json::String(name)) if name == "google.protobuf.Timestamp" => {
            Err(outside("timestamp"))
        }
        ("param", Json::String(name)) => {
            let known = parameters.iter().position(|known| known == name);
            let number = known.unwrap_or_else(|| {
                parameters.push(name.clone());
                parameters.len().saturating_sub(1)
            });
            u8::try_from(number)
                .map(Type::Parameter)
                .map_err(|_| Refusal::line("too many parameters of one signature"))
        }
        (other, _) => Err(outside(other)),
    }
}

/// Writes a type. What fits everywhere, such as the element of `[]`, is `dyn`.
pub(crate) fn write_type(ty: &Type) -> Json {
    match ty {
        Type::Bool => json!("bool"),
        Type::Int => json!("int"),
        Type::Double => json!("double"),
        Type::Text => json!("string"),
        Type::Date => json!("date"),
        Type::Today => json!("today"),
        Type::Days => json!("days"),
        Type::Optional(inner) => json!({"abstract": ["optional_type", write_type(inner)]}),
        Type::List(element) => json!({"list": write_type(element)}),
        Type::Map(key, value) => json!({"map": [write_type(key), write_type(value)]}),
        Type::Never | Type::Parameter(_) | Type::Record(_) | Type::Enum(_) | Type::Nominal(_) => {
            json!("dyn")
        }
    }
}
