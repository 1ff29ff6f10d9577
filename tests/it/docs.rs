//! The documents are true: their examples load, and their lists are those of the crate.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use folkform::Ruleset;
use folkform::base::Limits;
use folkform::directory::Directory;
use folkform::language::Schema;
use folkform::model::RecordKind;
use folkform::plan::Approvals;
use folkform::plan::Results;
use folkform::plan::StepKind;
use folkform::resolve::Decision;
use folkform::rules::spec::RulesetSpec;
use folkform::rules::spec::Shape;
use folkform::source::Snapshot;

const RULES: &str = include_str!("../../docs/rules.md");
const GUIDE: &str = include_str!("../../docs/guide.md");

/// The blocks of code that begin with a line of three backticks and these words.
fn blocks(document: &str, head: &str) -> Vec<String> {
    let begin = format!("\n```{head}\n");
    document
        .split(&begin)
        .skip(1)
        .map(|rest| rest.split("\n```").next().unwrap().to_owned())
        .collect()
}

/// What stands between two marks.
fn marked<'d>(document: &'d str, name: &str) -> &'d str {
    let (_, rest) = document
        .split_once(&format!("<!-- {name}: begin -->\n"))
        .unwrap();
    rest.split_once(&format!("<!-- {name}: end -->")).unwrap().0
}

fn fresh(name: &str, expected: &str) {
    let written = marked(RULES, name);
    assert!(
        written == expected,
        "docs/rules.md, between the marks of `{name}`, should have:\n{expected}"
    );
}

fn rules() -> Ruleset {
    let file = blocks(RULES, "toml").join("\n");
    match Ruleset::from_toml(&file) {
        Ok(rules) => rules,
        Err(problems) => panic!("{problems}\n{file}"),
    }
}

#[test]
fn the_rules_of_the_rules_page_load() {
    let rules = rules();
    assert_eq!(rules.name(), "Example");
    assert!(rules.warnings().is_empty(), "{}", rules.warnings());
}

#[test]
fn the_hard_rules_are_those_of_their_cases() {
    let read = |path: &str| std::fs::read_to_string(format!("tests/cases/{path}")).unwrap();
    let cases = [
        "move",
        "summer-job",
        "substitute",
        "head",
        "protected-teacher",
    ];
    let mut rules: String = ["lifecycle", "notices"]
        .map(|topic| read(&format!("{topic}/rules.toml")))
        .concat();
    rules.extend(cases.map(|case| read(&format!("hard/{case}/case.toml")).replace("\\\"", "\"")));
    let blocks = blocks(RULES, "toml hard");
    assert_eq!(blocks.len(), cases.len());
    for block in blocks {
        for line in block.lines() {
            assert!(rules.contains(line), "no case has the rule `{line}`");
        }
    }
}

#[test]
fn the_list_of_functions_is_fresh() {
    let rules = rules();
    let rows = rules.schema().functions().into_iter();
    let rows: String = rows.fold(String::new(), |table, (signature, doc)| {
        format!("{table}| `{signature}` | {doc} |\n")
    });
    let table = format!("| function | gives |\n|---|---|\n{rows}");
    fresh("functions", &table);
}

#[test]
fn the_list_of_fields_is_fresh() {
    // Without fields and tables of anybody's own.
    let plain = Ruleset::from_json(r#"{"language": 1, "name": "plain"}"#).unwrap();
    let schema: &Schema = plain.schema();
    let mut lines = vec![
        String::from("| field | type | class | meaning |"),
        String::from("|---|---|---|---|"),
    ];
    for kind in RecordKind::ALL {
        let Some(record) = schema.record_named(kind.name()) else {
            continue;
        };
        for field in schema.fields(record) {
            let (kind, name, class) = (kind.name(), &field.name, field.class.name());
            let ty = schema.type_name(&field.ty);
            let doc = if field.doc.is_empty() {
                "what the account shows"
            } else {
                &field.doc
            };
            lines.push(format!("| `{kind}.{name}` | {ty} | {class} | {doc} |"));
        }
    }
    lines.push(String::new());
    for name in ["NumberKind", "Verdict", "GroupType"] {
        let words = schema.enum_values(schema.enum_named(name).unwrap());
        let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        lines.push(format!("- `{name}`: {}", words.join(", ")));
    }
    fresh("fields", &format!("{}\n", lines.join("\n")));
}

#[test]
fn the_ceilings_of_the_guide_are_those_of_the_limits() {
    let limits = format!("{:?}", Limits::default());
    let fields = limits
        .trim_start_matches("Limits { ")
        .trim_end_matches(" }");
    for field in fields.split(", ") {
        let (name, value) = field.split_once(": ").unwrap();
        let row = format!("| `{name}` | {value} |");
        assert!(GUIDE.contains(&row), "the guide has no row {row}");
    }
}

#[test]
fn the_list_of_steps_is_fresh() {
    let names: Vec<String> = StepKind::ALL
        .iter()
        .map(|kind| format!("`{kind}`"))
        .collect();
    let lines: Vec<String> = names.chunks(6).map(|line| line.join(", ")).collect();
    let text = format!("{}.\n", lines.join(",\n"));
    fresh("steps", &text);
}

#[test]
fn the_shapes_of_the_guide_are_read() {
    let read: BTreeMap<&str, usize> =
        ["snapshot", "directory", "results", "approvals", "decisions"]
            .into_iter()
            .map(|shape| (shape, blocks(GUIDE, &format!("json {shape}")).len()))
            .collect();
    assert!(read.values().all(|count| *count > 0), "{read:?}");
    for text in blocks(GUIDE, "json snapshot") {
        let snapshot = Snapshot::from_json(&text).unwrap();
        assert!(
            snapshot
                .instances
                .iter()
                .all(|instance| instance.set_aside.is_empty())
        );
    }
    for text in blocks(GUIDE, "json directory") {
        Directory::from_json(&text).unwrap();
    }
    for text in blocks(GUIDE, "json results") {
        let results: Results = serde_json::from_str(&text).unwrap();
        assert!(results.iter().count() > 0);
    }
    for text in blocks(GUIDE, "json decisions") {
        assert!(!Decision::list_from_json(&text).unwrap().is_empty());
    }
    for text in blocks(GUIDE, "json approvals") {
        assert!(!Approvals::from_json(&text).unwrap().approvals.is_empty());
    }
}

/// Every meaning that the decoder knows of a key, by the key.
fn meanings(shape: &Shape, found: &mut BTreeMap<&'static str, BTreeSet<&'static str>>) {
    match shape {
        Shape::List { of, .. } => meanings(of, found),
        Shape::OneOf(shapes) => shapes.iter().for_each(|shape| meanings(shape, found)),
        Shape::Table(table) => {
            for (key, described) in &table.keys {
                found.entry(*key).or_default().insert(described.meaning);
                meanings(&described.shape, found);
            }
            if let Some(others) = &table.others {
                meanings(others, found);
            }
        }
        _ => {}
    }
}

#[test]
fn keys_mean_what_the_decoder_says() {
    let mut known = BTreeMap::new();
    meanings(&RulesetSpec::shape(), &mut known);
    let mut rows = 0;
    let mut in_table = false;
    for line in RULES.lines() {
        in_table = line.starts_with("| key") || (in_table && line.starts_with('|'));
        let Some((key, meaning)) = line
            .strip_prefix("| `")
            .and_then(|row| row.split_once("` | "))
        else {
            continue;
        };
        // a word in capitals stands for a name of the author's own
        let key = key.trim_end_matches(|letter: char| letter.is_uppercase() || letter == '.');
        if !in_table || key == "cause.unknown" {
            continue;
        }
        let meaning = meaning.trim_end_matches(" |");
        let plain = match meaning.split_once(", see [") {
            Some((before, after)) => format!("{before}{}", after.split_once(')').unwrap().1),
            None => meaning.to_owned(),
        };
        let meaning = plain.trim_end_matches(". Required");
        let last = key.rsplit('.').next().unwrap();
        assert!(
            known[last].contains(meaning),
            "{line}\nof the keys named `{last}` the decoder says {:#?}",
            known[last]
        );
        rows += 1;
    }
    assert!(rows > 80, "{rows}");
}
