//! As much of JSON Schema, draft 7, as the schema of rule files uses. A keyword that is not known here ends the test.

use serde_json::Map;
use serde_json::Value;

/// What is wrong with a value, by place.
pub(crate) fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, schema, value, "", &mut found);
    found
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let keywords = match schema {
        Value::Bool(true) => return,
        Value::Object(keywords) => keywords,
        other => panic!("{other} is no schema"),
    };
    let mut fail = |what: String| found.push(format!("{}: {what}", at.trim_start_matches('.')));
    let takes = |schema: &Value| {
        let mut found = Vec::new();
        check(root, schema, value, at, &mut found);
        found.is_empty()
    };
    for (keyword, limit) in keywords {
        match keyword.as_str() {
            "$schema"
            | "title"
            | "description"
            | "definitions"
            | "additionalProperties"
            | "items"
            | "properties" => {}
            "$ref" => {
                let path = limit.as_str().unwrap().trim_start_matches('#');
                if !takes(root.pointer(path).unwrap()) {
                    fail(format!("not as `{path}` says"));
                }
            }
            "type" => {
                let kinds = limit.as_array().map_or_else(
                    || vec![limit.as_str().unwrap()],
                    |kinds| kinds.iter().map(|kind| kind.as_str().unwrap()).collect(),
                );
                if !kinds.iter().any(|kind| is(value, kind)) {
                    fail(format!("expected {}", kinds.join(" or ")));
                }
            }
            "allOf" => {
                if !limit.as_array().unwrap().iter().all(takes) {
                    fail("not as all of it says".to_owned());
                }
            }
            "const" => {
                if !equal(value, limit) {
                    fail(format!("expected {limit}"));
                }
            }
            "enum" => {
                if !limit
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|word| equal(value, word))
                {
                    fail("none of the words".to_owned());
                }
            }
            "pattern" => {
                let pattern = regex::Regex::new(limit.as_str().unwrap()).unwrap();
                if value.as_str().is_some_and(|text| !pattern.is_match(text)) {
                    fail("another form".to_owned());
                }
            }
            "minimum" | "maximum" => {
                if is_outside(keyword, value, limit) {
                    fail(format!("{keyword} {limit}"));
                }
            }
            "minItems" | "uniqueItems" => {
                let list = value.as_array().map_or(&[][..], Vec::as_slice);
                if value.is_array() && !is_such_a_list(list, keyword, limit) {
                    fail(format!("{keyword} {limit}"));
                }
            }
            "required" => {
                for key in limit.as_array().unwrap() {
                    let key = key.as_str().unwrap();
                    if value
                        .as_object()
                        .is_some_and(|keys| !keys.contains_key(key))
                    {
                        fail(format!("needs the key `{key}`"));
                    }
                }
            }
            "not" => {
                if takes(limit) {
                    fail("as it must not be".to_owned());
                }
            }
            "anyOf" | "oneOf" => {
                let branches = limit.as_array().unwrap().iter();
                let count = branches.filter(|one| takes(one)).count();
                if count == 0 || (keyword == "oneOf" && count > 1) {
                    fail(format!("{count} of {keyword}"));
                }
            }
            unknown => panic!("the keyword `{unknown}` is not known to the check"),
        }
    }
    inside(root, keywords, value, at, found);
}

/// What is wrong with the elements of a list, or with what stands at the keys of a table.
fn inside(
    root: &Value,
    keywords: &Map<String, Value>,
    value: &Value,
    at: &str,
    found: &mut Vec<String>,
) {
    if let (Some(items), Some(list)) = (keywords.get("items"), value.as_array()) {
        for (index, element) in list.iter().enumerate() {
            check(root, items, element, &format!("{at}[{index}]"), found);
        }
    }
    if let Some(entries) = value.as_object() {
        for (key, inner) in entries {
            let place = format!("{at}.{key}");
            let known = keywords.get("properties").and_then(|keys| keys.get(key));
            match known.or_else(|| keywords.get("additionalProperties")) {
                Some(Value::Bool(false)) => {
                    found.push(format!("{}: no key `{key}`", at.trim_start_matches('.')));
                }
                Some(schema) => check(root, schema, inner, &place, found),
                None => {}
            }
        }
    }
}

/// Whether a number is below a `minimum`, or above a `maximum`.
fn is_outside(keyword: &str, value: &Value, limit: &Value) -> bool {
    let number = value.as_f64().zip(limit.as_f64());
    number.is_some_and(|(value, limit)| match keyword {
        "minimum" => value < limit,
        _ => value > limit,
    })
}

/// Whether two values are equal, where numbers are if they are the same number, however written.
fn equal(one: &Value, two: &Value) -> bool {
    one == two
        || one
            .as_f64()
            .is_some_and(|number| two.as_f64() == Some(number))
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "string" => value.is_string(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => panic!("the kind `{kind}` is not known to the check"),
    }
}

/// Whether a list is as long as it must be, or holds nothing twice.
fn is_such_a_list(list: &[Value], keyword: &str, limit: &Value) -> bool {
    if keyword == "minItems" {
        return list.len() >= usize::try_from(limit.as_u64().unwrap()).unwrap();
    }
    let mut places = list.iter().enumerate();
    !places.any(|(at, element)| list[..at].contains(element))
}
