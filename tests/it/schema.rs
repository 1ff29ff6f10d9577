//! The JSON Schema of rule files (feature `schema`): the file beside the documents is fresh, takes every rule file that loads, and
//! refuses what the decoder refuses of its shape.

mod validator;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use folkform::base::Limits;
use folkform::rules::spec::RulesetSpec;
use serde_json::Value;

use super::codes::rule_files;
use validator::faults;

/// A rule file as editors see it: its dates are texts.
fn tree(text: &str) -> Value {
    let table: toml::Table = toml::from_str(text).unwrap_or_else(|error| panic!("{error}"));
    value(toml::Value::Table(table))
}

fn value(of: toml::Value) -> Value {
    match of {
        toml::Value::Table(table) => table
            .into_iter()
            .map(|(key, inner)| (key, value(inner)))
            .collect(),
        toml::Value::Array(values) => values.into_iter().map(value).collect(),
        toml::Value::Datetime(date) => Value::from(date.to_string()),
        other => serde_json::to_value(other).unwrap(),
    }
}

fn refused(text: &str) -> Vec<String> {
    static SCHEMA: LazyLock<Value> = LazyLock::new(RulesetSpec::json_schema);
    faults(&SCHEMA, &tree(text))
}

#[test]
fn the_file_beside_the_documents_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.schema.json");
    let mut fresh = serde_json::to_string_pretty(&RulesetSpec::json_schema()).unwrap();
    fresh.push('\n');
    if std::env::var_os("FOLKFORM_WRITE").is_some() {
        fs::write(&path, &fresh).unwrap();
    }
    let written = fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == fresh,
        "docs/rules.schema.json is old; FOLKFORM_WRITE=1 makes this test write it"
    );
}

#[test]
fn rule_files_that_load_are_taken() {
    let mut files = vec![
        (
            "examples/sml".to_owned(),
            include_str!("../../examples/sml/rules.toml").to_owned(),
        ),
        (
            "reconcile".to_owned(),
            include_str!("../cases/reconcile/rules.toml").to_owned(),
        ),
        (
            "leaks".to_owned(),
            include_str!("../cases/rules/leaks/base.toml").to_owned(),
        ),
    ];
    let pages = rule_files().into_iter();
    files.extend(pages.map(|(id, _, mended)| (id, mended)));
    for (name, text) in files {
        assert_eq!(refused(&text), [""; 0], "{name}");
    }
}

/// What is wrong with the shape of a file, and not with what it means, is refused by the schema as well. What stays with the
/// decoder: bounds that are no pattern (`R108`, `R109`), whole numbers written with a fraction (`R104`), reasons of policies (`R116`,
/// `R117`), depth (`R114`).
#[test]
fn what_the_decoder_refuses_of_the_shape_is_refused() {
    let of_shape = [
        "R101", "R103", "R104", "R105", "R106", "R107", "R110", "R111", "R115", "R118",
    ];
    let mut seen = Vec::new();
    for (id, given, _) in rule_files() {
        if of_shape.contains(&id.as_str()) {
            assert_ne!(refused(&given), [""; 0], "{id}");
            seen.push(id);
        }
    }
    assert_eq!(seen, of_shape);
}

#[test]
fn an_unknown_key_is_named_with_its_place() {
    let text = "language = 1\nname = \"x\"\n[account.staff]\ncovers = { employment = \"true\" }\nleed = \"14d\"\n";
    assert_eq!(refused(text), ["account.staff: no key `leed`"]);
}

/// Every object within a document: the keys that lead to it.
fn objects(of: &Value, way: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    if let Some(entries) = of.as_object() {
        found.push(way.clone());
        for (key, inner) in entries {
            way.push(key.clone());
            objects(inner, way, found);
            way.pop();
        }
    }
}

/// The schema is never narrower than the decoder: with `null` at any key, or with a key taken away, what decodes is taken.
#[test]
fn what_decodes_with_nulls_is_taken() {
    let schema = RulesetSpec::json_schema();
    let full = tree(include_str!("../../examples/sml/rules.toml"));
    let mut ways = Vec::new();
    objects(&full, &mut Vec::new(), &mut ways);
    let (mut decoded, mut all) = (0, 0);
    for way in ways {
        let pointer = way.iter().fold(String::new(), |pointer, key| {
            pointer + "/" + &key.replace('~', "~0").replace('/', "~1")
        });
        let keys: Vec<String> = full
            .pointer(&pointer)
            .unwrap()
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        for key in keys {
            let mut changed = full.clone();
            changed.pointer_mut(&pointer).unwrap()[&key] = Value::Null;
            all += 1;
            if RulesetSpec::from_json(&changed.to_string(), &Limits::default())
                .problems
                .is_empty()
            {
                decoded += 1;
                assert_eq!(faults(&schema, &changed), [""; 0], "{pointer}/{key}");
            }
        }
    }
    assert!(decoded > 100 && decoded < all, "{decoded} of {all}");
    let needed = serde_json::json!({ "language": 1, "name": null });
    assert_ne!(faults(&schema, &needed), [""; 0]);
}

/// What draft 7 cannot say stays with the decoder.
#[test]
fn a_whole_number_may_be_written_with_a_fraction_for_the_schema_alone() {
    let schema = RulesetSpec::json_schema();
    let given = serde_json::json!({ "language": 1.0, "name": "x" });
    assert_eq!(faults(&schema, &given), [""; 0]);
    assert!(
        !RulesetSpec::from_json(&given.to_string(), &Limits::default())
            .problems
            .is_empty()
    );
}
