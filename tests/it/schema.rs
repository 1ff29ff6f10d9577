//! The JSON Schema of rule files (feature `schema`): the file beside the documents is fresh, takes every rule file that loads, and
//! refuses what the decoder refuses of its shape.

mod validator;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

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
/// decoder: bounds that are no pattern (`R108`, `R109`), repetitions (`R110`), reasons of policies (`R116`, `R117`), depth (`R114`).
#[test]
fn what_the_decoder_refuses_of_the_shape_is_refused() {
    let of_shape = [
        "R101", "R103", "R104", "R105", "R106", "R107", "R111", "R115", "R118",
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
