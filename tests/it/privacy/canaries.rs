//! Markers in every withheld field of every protected person: none in any open document or output, in whatever form; in the ledger,
//! which is sealed, only where it says that it keeps such values.

use std::collections::BTreeSet;

use serde_json::Value;

use super::REACH;
use super::law::Build;
use super::law::forms::forms;
use super::law::marks::Marked;
use super::law::marks::found;
use super::law::marks::marked;
use super::law::reached;
use super::n_cases;

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

/// What the marked persons must have had.
const REACHED: [&str; 3] = [
    "an account in a slot",
    "a group that a protected person owns",
    "a licence of a protected person through a group",
];

#[test]
fn no_marker_is_found_where_it_should_not_be() {
    let (mut n_markers, mut kept) = (0, BTreeSet::new());
    let mut seen = BTreeSet::new();
    let n_asked = (n_cases() / 2).clamp(24, 2000);
    for case in 0..n_asked.max(REACH) {
        let Marked {
            run,
            rules,
            markers,
            is_known,
        } = marked(case, &Build::SOUND);
        let before = seen.len();
        seen.extend(
            reached(&run)
                .into_iter()
                .filter(|situation| REACHED.contains(situation)),
        );
        // Beyond what is asked for, only what is the first example of something.
        if case >= n_asked && seen.len() == before {
            if seen.len() == REACHED.len() {
                break;
            }
            continue;
        }
        n_markers += markers.len();
        let persons: Vec<_> = run.outcome.population().keys().collect();
        let mut documents = run.open(&persons, &rules, false);
        documents.push(("parts for cleared readers", run.cleared_parts(&persons)));
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
    for situation in REACHED {
        assert!(
            seen.contains(situation),
            "no markers where there is {situation}"
        );
    }
    assert_eq!(kept, KEPT.into_iter().map(str::to_owned).collect());
}

#[test]
fn every_form_is_found() {
    let found =
        |value: &str, text: &str| forms(value).iter().any(|form| text.contains(form.as_str()));
    for text in [
        "sn: Rönnlöv",
        "RÖNNLÖV",
        "ronnlov",
        "sn:: UsO2bm5sw7Z2",
        "sn:: eFLDtm5ubMO2dg==",
        "sn:: eHhSw7ZubmzDtnY=",
        "R\\u00f6nnl\\u00f6v",
        "R%C3%B6nnl%C3%B6v",
        "R\\c3\\b6nnl\\c3\\b6v",
        "völnnöR",
    ] {
        assert!(found("Rönnlöv", text), "{text}");
    }
    for text in ["19800818-2381", "8008182381", "800818-2381", "1980-08-18"] {
        assert!(found("198008182381", text), "{text}");
    }
    assert!(!found("Rönnlöv", "Norrsken"));
    for text in ["initials: Ж.", "%d0%96", "\\u0436"] {
        assert!(found("Жukov", text), "{text}");
    }
    let digest = folkform::base::sha256_hex(b"198008182381");
    assert!(found("198008182381", &format!("id: {}", &digest[..20])));
}
