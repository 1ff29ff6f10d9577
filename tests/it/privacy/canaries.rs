//! Markers in every withheld field of every protected person: none in any open document or output, in whatever form; in the ledger,
//! which is sealed, only where it says that it keeps such values.

use std::collections::BTreeSet;

use folkform::Ruleset;
use folkform::directory::Directory;
use folkform::ledger::Ledger;
use serde_json::Value;

use super::day;
use super::dice::Dice;
use super::documents::Run;
use super::documents::run;
use super::forms;
use super::loaded;
use super::n_cases;
use super::people;

/// A run over marked people, with the markers. Half of the times the directory knows them from before they were protected.
fn marked(case: u64) -> (Run, Ruleset, Vec<String>, bool) {
    let mut dice = Dice::of_case(case);
    let (rules, drawn, _) = loaded(&mut dice);
    let (people, markers) = people::mark(&people::draw(&mut dice), &drawn.shown);
    let today = day("2026-11-23");
    let (mut directory, mut ledger) = (Directory::default(), Ledger::default());
    let is_known = dice.happens(50);
    if is_known {
        let before = people::unprotected(&people, &mut dice);
        let past = run(
            &rules,
            &people::snapshot(&before, day("2026-11-20")),
            &directory,
            &ledger,
            day("2026-11-20"),
        );
        (directory, ledger) = past.carried_out();
    }
    let run = run(
        &rules,
        &people::snapshot(&people, today),
        &directory,
        &ledger,
        today,
    );
    (run, rules, markers, is_known)
}

/// Which of the markers stand in a text, in whatever form and case.
fn found<'m>(text: &str, markers: &'m [(String, Vec<String>)]) -> Vec<&'m str> {
    let lower = text.to_lowercase();
    let holds = |form: &String| lower.contains(form.as_str());
    markers
        .iter()
        .filter(|(_, forms)| forms.iter().any(holds))
        .map(|(marker, _)| marker.as_str())
        .collect()
}

/// Where in a JSON document markers stand, by the names of fields; what is a key of a map shows as `*`.
fn places(
    value: &Value,
    path: &str,
    markers: &[(String, Vec<String>)],
    into: &mut BTreeSet<String>,
) {
    match value {
        Value::String(text) => {
            if !found(text, markers).is_empty() {
                into.insert(path.to_owned());
            }
        }
        Value::Array(values) => {
            for value in values {
                places(value, path, markers, into);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                let known = name.len() < 24
                    && name
                        .bytes()
                        .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
                if !known && !found(name, markers).is_empty() {
                    into.insert(format!("{path}.(key)"));
                }
                // The fields of a record have the names that its source gives them.
                let known = known && !path.ends_with(".fields");
                let below = format!("{path}.{}", if known { name.as_str() } else { "*" });
                places(value, &below, markers, into);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The fields of the ledger that keep what is withheld.
const KEPT: [&str; 3] = [
    // Records as they were last accepted; the id of one of the register is the number.
    "ledger.instances.*.records.fields.*",
    "ledger.instances.*.records.id",
    "ledger.persons.*.numbers.number",
];

#[test]
fn no_marker_is_found_where_it_should_not_be() {
    let (mut n_markers, mut kept) = (0, BTreeSet::new());
    for case in 0..(n_cases() / 2).clamp(24, 2000) {
        let (run, rules, markers, is_known) = marked(case);
        n_markers += markers.len();
        let markers: Vec<(String, Vec<String>)> = markers
            .into_iter()
            .map(|marker| {
                let lower: BTreeSet<String> = forms(&marker)
                    .iter()
                    .map(|form| form.to_lowercase())
                    .collect();
                (marker, lower.into_iter().collect())
            })
            .collect();
        let persons: Vec<_> = run.outcome.population().keys().collect();
        let mut documents = run.open(&persons, &rules, false);
        // What stood before is taken away by sealed documents, which name it.
        if !is_known {
            documents.extend(run.outputs());
            documents.push(("annex", run.plan.annex()));
        }
        for (name, text) in documents {
            let found = found(&text, &markers);
            assert!(found.is_empty(), "case {case}: {name} holds {found:?}");
        }
        if is_known {
            continue;
        }
        let (_, ledger) = run.carried_out();
        let ledger: Value = serde_json::from_str(&ledger.to_sealed_json()).unwrap();
        places(&ledger, "ledger", &markers, &mut kept);
    }
    println!("{n_markers} markers, kept in {kept:#?}");
    assert!(n_markers > 200);
    assert_eq!(kept, KEPT.into_iter().map(str::to_owned).collect());
}
