//! The table of `tests/cases/README.md`: what the cases assert of each kind of output before, on and after the day that a
//! situation is about. It is read off the cases, so that it cannot say more than they do.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use toml::Value;

use super::case::Found;

/// The columns.
const OUTPUTS: &[&str] = &[
    "account",
    "name",
    "attribute",
    "group",
    "licence",
    "mailbox",
    "class list",
    "notice",
];

/// Where a run stands to the day: `b`efore, `o`n it, `a`fter it.
const PLACES: [char; 3] = ['b', 'o', 'a'];

pub(super) fn assert_fresh(root: &Path, cases: &[Found]) {
    let path = root.join("README.md");
    let written = fs::read_to_string(&path).unwrap();
    let (_, rest) = written
        .split_once("<!-- matrix: begin -->\n")
        .expect("the mark of the table");
    let (table, _) = rest
        .split_once("<!-- matrix: end -->")
        .expect("the end of the table");
    let expected = of(cases);
    if std::env::var_os("FOLKFORM_WRITE").is_some() {
        let fresh = written.replace(table, &expected);
        return fs::write(&path, fresh).unwrap();
    }
    assert!(
        table == expected,
        "tests/cases/README.md, between the marks of `matrix`, should have:\n{expected}"
    );
}

fn of(cases: &[Found]) -> String {
    let mut rows: BTreeMap<&str, (BTreeMap<&str, BTreeSet<char>>, usize)> = BTreeMap::new();
    for found in cases {
        let Some(situation) = &found.case.situation else {
            continue;
        };
        let day: NaiveDate = situation
            .day
            .parse()
            .unwrap_or_else(|_| panic!("{}: the day of the situation is no day", found.name));
        let row = rows.entry(&situation.name).or_default();
        row.1 += 1;
        for run in &found.case.run {
            let on: NaiveDate = run.on.parse().unwrap();
            let place = PLACES[usize::from(on >= day) + usize::from(on > day)];
            for output in OUTPUTS {
                if run
                    .expect
                    .iter()
                    .any(|(key, value)| speaks_of(output, key, value))
                {
                    row.0.entry(output).or_default().insert(place);
                }
            }
        }
    }
    let line = "---|".repeat(OUTPUTS.len());
    let mut table = format!(
        "| situation | cases | {} |\n|---|---|{line}\n",
        OUTPUTS.join(" | ")
    );
    for (name, (outputs, count)) in rows {
        let cells = OUTPUTS.iter().map(|output| {
            let seen = outputs.get(output);
            let places = PLACES.iter().map(|place| {
                if seen.is_some_and(|seen| seen.contains(place)) {
                    *place
                } else {
                    '·'
                }
            });
            if seen.is_some() {
                places.collect()
            } else {
                String::new()
            }
        });
        let cells = cells.collect::<Vec<_>>().join(" | ");
        table = format!("{table}| {name} | {count} | {cells} |\n");
    }
    table
}

/// Whether an expectation says something about a kind of output.
fn speaks_of(output: &str, key: &str, value: &Value) -> bool {
    let field = |names: &[&str]| {
        objects(value).any(|object| match object {
            Value::Table(fields) => names.iter().any(|name| fields.contains_key(*name)),
            _ => names.contains(&"state"),
        })
    };
    match (key, output) {
        ("then", _) => value
            .as_table()
            .into_iter()
            .flatten()
            .any(|(key, value)| speaks_of(output, key, value)),
        ("account", "account") => field(&["state", "container", "hidden", "urgency", "adopt"]),
        ("account", "name") => field(&["login", "mail", "aliases", "withdrawn"]),
        ("account", "attribute") => field(&["set", "ref"]),
        ("account", "group") => field(&["groups"]),
        ("account", "licence") => field(&["licences", "services_off"]),
        ("account", "mailbox") => field(&["mailbox"]),
        ("group", "group")
        | ("class_list", "class list")
        | ("notice" | "notices" | "letters", "notice") => true,
        ("steps", _) => value.as_array().into_iter().flatten().any(|step| {
            step.as_str()
                .is_some_and(|step| of_step(step.trim_start_matches('!')) == output)
        }),
        _ => false,
    }
}

/// The objects of a table by two keys.
fn objects(value: &Value) -> impl Iterator<Item = &Value> {
    let firsts = value.as_table().into_iter().flatten();
    firsts.flat_map(|(_, seconds)| {
        seconds
            .as_table()
            .into_iter()
            .flatten()
            .map(|(_, object)| object)
    })
}

/// The kind of output that a step is about.
fn of_step(step: &str) -> &'static str {
    match step.split(' ').next().unwrap_or_default() {
        "rename_login" | "change_mail" | "add_alias" | "remove_alias" => "name",
        "set_attribute" | "set_reference" => "attribute",
        "create_group" | "delete_group" | "rename_group" | "add_member" | "remove_member" => {
            "group"
        }
        "add_licences" | "change_licences" => "licence",
        "set_mailbox" => "mailbox",
        "create_class_list" | "rename_class_list" | "write_row" | "remove_row" => "class list",
        "notice" => "notice",
        _ => "account",
    }
}
