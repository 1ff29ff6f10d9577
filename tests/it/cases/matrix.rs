//! The table of `tests/cases/README.md`: what the cases assert of each kind of output before, on and after the day that a
//! situation is about. It is read off the cases, so that it cannot say more than they do; `matrix.toml` says which cells need no
//! case, and why.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use serde::Deserialize;
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
    let expected = of(root, cases);
    if std::env::var_os("FOLKFORM_WRITE").is_some() {
        let fresh = written.replace(table, &expected);
        return fs::write(&path, fresh).unwrap();
    }
    assert!(
        table == expected,
        "tests/cases/README.md, between the marks of `matrix`, should have:\n{expected}"
    );
}

/// What a situation asks for and has: by output, the places.
type Cells<'a> = BTreeMap<&'a str, BTreeSet<char>>;

/// What the matrix need not hold, as `matrix.toml` says it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Needless {
    /// Situations that are about some outputs only.
    about: BTreeMap<String, Vec<String>>,
    /// Cells of all others that no case fills.
    empty: Vec<Empty>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Empty {
    situations: Vec<String>,
    outputs: Vec<String>,
    /// The places; all where nothing is said.
    #[serde(default = "everywhere")]
    at: String,
    because: String,
}

fn everywhere() -> String {
    PLACES.iter().collect()
}

impl Needless {
    fn read(root: &Path) -> Self {
        let text = fs::read_to_string(root.join("matrix.toml")).unwrap();
        toml::from_str(&text).unwrap_or_else(|error| panic!("matrix.toml: {error}"))
    }

    /// Whether a situation asks for an output at all.
    fn asks(&self, situation: &str, output: &str) -> bool {
        let about = self.about.get(situation);
        about.is_none_or(|about| about.iter().any(|one| one == output))
    }

    fn excuses(&self, situation: &str, output: &str, place: char) -> bool {
        self.empty.iter().any(|empty| {
            empty.situations.iter().any(|one| one == situation)
                && empty.outputs.iter().any(|one| one == output)
                && empty.at.contains(place)
        })
    }
}

/// What the cases assert, by situation.
fn seen(cases: &[Found]) -> BTreeMap<&str, (Cells<'_>, usize)> {
    let mut rows: BTreeMap<&str, (Cells<'_>, usize)> = BTreeMap::new();
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
                let mut expected = run.expect.iter();
                if expected.any(|(key, value)| speaks_of(output, key, value)) {
                    row.0.entry(output).or_default().insert(place);
                }
            }
        }
    }
    rows
}

/// Cells that matter and are empty, and excuses that excuse nothing.
pub(super) fn faults(root: &Path, cases: &[Found]) -> Vec<String> {
    let needless = Needless::read(root);
    let rows = seen(cases);
    let mut faults = Vec::new();
    let filled = |situation: &str, output: &str, place: char| {
        let row = rows.get(situation).and_then(|(cells, _)| cells.get(output));
        row.is_some_and(|places| places.contains(&place))
    };
    for situation in rows.keys() {
        for output in OUTPUTS.iter().filter(|one| needless.asks(situation, one)) {
            for place in PLACES {
                if !filled(situation, output, place) && !needless.excuses(situation, output, place)
                {
                    faults.push(format!(
                        "no case of `{situation}` says anything of {output} at `{place}`"
                    ));
                }
            }
        }
    }
    let excused = needless.empty.iter().flat_map(|empty| &empty.situations);
    for situation in needless.about.keys().chain(excused) {
        if !rows.contains_key(situation.as_str()) {
            faults.push(format!("matrix.toml: no case is of `{situation}`"));
        }
    }
    for empty in &needless.empty {
        for situation in &empty.situations {
            for output in &empty.outputs {
                let known = OUTPUTS.contains(&output.as_str()) && needless.asks(situation, output);
                if !known
                    || empty
                        .at
                        .chars()
                        .all(|place| filled(situation, output, place))
                {
                    faults.push(format!(
                        "matrix.toml: `{situation}` needs no excuse of {output}"
                    ));
                }
            }
        }
    }
    faults
}

fn of(root: &Path, cases: &[Found]) -> String {
    let needless = Needless::read(root);
    let line = "---|".repeat(OUTPUTS.len());
    let mut table = format!(
        "| situation | cases | {} |\n|---|---|{line}\n",
        OUTPUTS.join(" | ")
    );
    for (name, (outputs, count)) in seen(cases) {
        let cells = OUTPUTS.iter().map(|output| {
            let seen = outputs.get(output);
            let asked = needless.asks(name, output);
            let places = PLACES.iter().map(|place| {
                if seen.is_some_and(|seen| seen.contains(place)) {
                    *place
                } else if asked && needless.excuses(name, output, *place) {
                    '–'
                } else {
                    '·'
                }
            });
            if asked || seen.is_some() {
                places.collect()
            } else {
                String::new()
            }
        });
        let cells = cells.collect::<Vec<_>>().join(" | ");
        table = format!("{table}| {name} | {count} | {cells} |\n");
    }
    table.push_str("\nWhy a cell is empty (`–`):\n\n");
    for empty in &needless.empty {
        let places = if empty.at.len() == PLACES.len() {
            String::new()
        } else {
            format!(" (`{}`)", empty.at)
        };
        table = format!(
            "{table}- {}{places} of {}: {}\n",
            empty.outputs.join(", "),
            empty.situations.join(", "),
            empty.because
        );
    }
    table
}

/// Whether an expectation says something about a kind of output.
fn speaks_of(output: &str, key: &str, value: &Value) -> bool {
    let field = |names: &[&str]| {
        objects(value).any(|object| match object {
            Value::Table(fields) => names.iter().any(|name| fields.contains_key(*name)),
            // Of an account that is not there, that says everything.
            Value::String(state) if state == "none" => true,
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
