//! The program that takes a run from files to files, without its files.

#[path = "../../examples/reconcile/arguments.rs"]
mod arguments;
#[path = "../../examples/reconcile/changes.rs"]
mod changes;
#[path = "../../examples/reconcile/run.rs"]
mod run;

use std::collections::BTreeMap;

use arguments::Arguments;
use chrono::NaiveDate;
use folkform::Inputs;
use folkform::Ruleset;
use folkform::directory::Directory;
use folkform::ledger::Ledger;
use folkform::plan::Approvals;
use folkform::source::Snapshot;
use run::Report;
use run::Texts;
use run::reconcile;
use serde_json::Value;

const RULES: &str = include_str!("../cases/reconcile/rules.toml");
const SNAPSHOT: &str = include_str!("../cases/reconcile/snapshot.json");
const LATER: &str = include_str!("../cases/reconcile/snapshot-later.json");
const DIRECTORY: &str = include_str!("../cases/reconcile/directory.json");

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn first() -> Texts {
    Texts {
        rules: RULES.into(),
        snapshot: SNAPSHOT.into(),
        directory: DIRECTORY.into(),
        salt: "of the test".into(),
        ..Texts::default()
    }
}

fn file<'r>(report: &'r Report, name: &str) -> &'r str {
    let found = report.files.iter().find(|(known, _)| *known == name);
    &found.unwrap_or_else(|| panic!("no file {name}")).1
}

/// What a host would do: the directory with the plan carried out, and the results of its steps.
fn carried_out(texts: &Texts, as_of: &str) -> (String, String) {
    let rules = Ruleset::from_toml(&texts.rules).unwrap();
    let mut directory = Directory::from_json(&texts.directory).unwrap();
    let ledger = texts
        .ledger
        .as_deref()
        .map_or_else(Ledger::default, |text| Ledger::from_json(text).unwrap());
    let inputs = Inputs {
        snapshot: &Snapshot::from_json(&texts.snapshot).unwrap(),
        directory: &directory.clone(),
        ledger: &ledger,
        as_of: day(as_of),
        salt: texts.salt.as_bytes(),
        decisions: &[],
    };
    let plan = rules.evaluate(&inputs).unwrap().plan();
    let released = plan.release(&Approvals::default(), day(as_of)).unwrap();
    let results = released.carry_out_on(&mut directory);
    assert!(results.all_done());
    (
        directory.to_sealed_json(),
        serde_json::to_string(&results).unwrap(),
    )
}

/// The second run, in which somebody's employment has ended, after the first was carried out and settled.
fn second() -> Texts {
    let (directory, results) = carried_out(&first(), "2026-11-23");
    let settled = Texts {
        results: Some(results),
        ..first()
    };
    let settled = reconcile(&settled, day("2026-11-23")).unwrap();
    Texts {
        snapshot: LATER.into(),
        directory,
        ledger: Some(file(&settled, "sealed/ledger.json").into()),
        ..first()
    }
}

#[test]
fn the_first_run_is_released() {
    let report = reconcile(&first(), day("2026-11-23")).unwrap();
    assert!(!report.refused);
    let plan: Value = serde_json::from_str(file(&report, "plan.json")).unwrap();
    let kinds: Vec<&str> = plan["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| **kind == "create_account")
            .count(),
        2
    );
    assert!(
        file(&report, "sealed/plan.ldif").contains("tovtva01"),
        "the service account has the first login"
    );
    let changes: Value = serde_json::from_str(file(&report, "sealed/changes.json")).unwrap();
    let changes = changes.as_array().unwrap();
    assert_eq!(changes.len(), plan["steps"].as_array().unwrap().len());
    let created = changes
        .iter()
        .find(|change| change["change"]["login"] == "tovtva01")
        .unwrap();
    assert_eq!(created["change"]["do"], "create_account");
    assert_eq!(
        created["change"]["dn"],
        "CN=tovtva01,OU=Staff,DC=example,DC=test"
    );
    assert!(file(&report, "sealed/annex.json").starts_with('{'));
    assert_eq!(
        file(&report, "sealed/lookups.json")
            .matches("not_asked")
            .count(),
        2
    );
    assert_eq!(
        report.outdated,
        ["sealed/urgent.ldif", "sealed/urgent.json"]
    );
}

#[test]
fn nothing_of_a_protected_person_leaves_the_sealed_files() {
    let report = reconcile(&first(), day("2026-11-23")).unwrap();
    let open = report
        .files
        .iter()
        .filter(|(name, _)| !name.starts_with("sealed/"));
    let open = open
        .map(|(_, text)| text.as_str())
        .chain(report.lines.iter().map(String::as_str));
    let open = open.collect::<String>().to_lowercase();
    for value in ["ingegärd", "ingegard", "rönnlöv", "ronnlov", "8008182381"] {
        assert!(!open.contains(value), "{value}");
    }
}

#[test]
fn without_results_nothing_counts_as_done() {
    let observed = reconcile(&first(), day("2026-11-23")).unwrap();
    let again = Texts {
        ledger: Some(file(&observed, "sealed/ledger.json").into()),
        ..first()
    };
    let again = reconcile(&again, day("2026-11-23")).unwrap();
    let steps = |report: &Report| {
        let plan: Value = serde_json::from_str(file(report, "plan.json")).unwrap();
        plan["steps"].as_array().unwrap().len()
    };
    assert_eq!(steps(&observed), steps(&again));
}

#[test]
fn a_settled_run_has_nothing_more_to_do() {
    let again = Texts {
        snapshot: SNAPSHOT.into(),
        ..second()
    };
    let report = reconcile(&again, day("2026-11-23")).unwrap();
    let plan: Value = serde_json::from_str(file(&report, "plan.json")).unwrap();
    assert_eq!(plan["steps"], Value::Array(Vec::new()));
}

#[test]
fn a_guard_refuses_until_somebody_approves() {
    let mut texts = second();
    let report = reconcile(&texts, day("2026-12-15")).unwrap();
    assert!(report.refused);
    assert!(file(&report, "sealed/urgent.ldif").is_empty());
    assert_eq!(report.outdated, ["sealed/plan.ldif", "sealed/changes.json"]);
    assert_eq!(file(&report, "sealed/urgent.json"), "[]");
    assert!(
        report
            .lines
            .iter()
            .any(|line| line.starts_with("refused: guard `disable`"))
    );

    // Somebody approves of what the plan says was reached.
    let plan: Value = serde_json::from_str(file(&report, "plan.json")).unwrap();
    let approvals: Vec<Value> = plan["guards"]
        .as_array()
        .unwrap()
        .iter()
        .map(|trip| {
            let mut approval = serde_json::json!({
                "guard": trip["guard"], "objects": trip["objects"], "until": "2026-12-31", "by": "the head of IT",
            });
            if !trip["slice"].is_null() {
                approval["slice"] = trip["slice"].clone();
            }
            approval
        })
        .collect();
    texts.approvals = Some(serde_json::to_string(&approvals).unwrap());
    let report = reconcile(&texts, day("2026-12-15")).unwrap();
    assert!(!report.refused);
    assert!(file(&report, "sealed/plan.ldif").contains("userAccountControl"));
}

#[test]
fn a_wrong_input_is_told_without_a_word_of_it() {
    let wrong = || String::from(r#"{"Hemlig": 1}"#);
    let cases: BTreeMap<&str, Texts> = [
        (
            "--snapshot",
            Texts {
                snapshot: wrong(),
                ..first()
            },
        ),
        (
            "--directory",
            Texts {
                directory: wrong(),
                ..first()
            },
        ),
        (
            "--approvals",
            Texts {
                approvals: Some(wrong()),
                ..first()
            },
        ),
        (
            "--decisions",
            Texts {
                decisions: Some(wrong()),
                ..first()
            },
        ),
        (
            "--results",
            Texts {
                results: Some(wrong()),
                ..first()
            },
        ),
        (
            "--ledger",
            Texts {
                ledger: Some(String::from(r#"{"rules": ["Hemlig"]}"#)),
                ..first()
            },
        ),
    ]
    .into();
    for (option, texts) in cases {
        let Err(message) = reconcile(&texts, day("2026-11-23")) else {
            panic!("{option} is taken");
        };
        assert!(message.starts_with(option), "{message}");
        assert!(!message.contains("Hemlig"), "{message}");
    }
    let rules = Texts {
        rules: "language = 1\nnamme = \"x\"\n".into(),
        ..first()
    };
    let Err(message) = reconcile(&rules, day("2026-11-23")) else {
        panic!("the rules load");
    };
    assert!(message.contains("the rules do not load"), "{message}");
}

#[test]
fn a_decision_is_followed() {
    let (directory, results) = carried_out(&first(), "2026-11-23");
    let settled = Texts {
        results: Some(results),
        ..first()
    };
    let ledger = reconcile(&settled, day("2026-11-23")).unwrap();
    let suspend = r#"[{"decide": "suspend", "from": "2026-11-24",
        "person": {"instance": "heroma/sml", "kind": "employment", "id": "4711"}}]"#;
    let mut texts = Texts {
        ledger: Some(file(&ledger, "sealed/ledger.json").into()),
        directory,
        ..first()
    };
    let kinds = |texts: &Texts| -> Vec<String> {
        let report = reconcile(texts, day("2026-11-24")).unwrap();
        let plan: Value = serde_json::from_str(file(&report, "plan.json")).unwrap();
        plan["steps"]
            .as_array()
            .unwrap()
            .iter()
            .map(|step| format!("{} urgent {}", step["kind"], step["urgent"]))
            .collect()
    };
    assert!(!kinds(&texts).contains(&String::from("\"disable\" urgent true")));
    texts.decisions = Some(suspend.into());
    assert!(kinds(&texts).contains(&String::from("\"disable\" urgent true")));
}

#[test]
fn a_plan_says_until_when_it_holds() {
    let recheck_on = |texts: &Texts| {
        let report = reconcile(texts, day("2026-11-23")).unwrap();
        let plan: Value = serde_json::from_str(file(&report, "plan.json")).unwrap();
        plan["recheck_on"].clone()
    };
    // Nothing ends. How the number of somebody protected is spelled does not show: it is read again in a new year.
    assert_eq!(recheck_on(&first()), "2027-01-01");
    let later = Texts {
        snapshot: LATER.into(),
        ..first()
    };
    assert_eq!(recheck_on(&later), "2026-12-01");
}

#[test]
fn results_of_another_plan_are_refused() {
    let texts = Texts {
        results: Some(r#"{"0000": {"done": {}}}"#.into()),
        ..first()
    };
    let Err(message) = reconcile(&texts, day("2026-11-23")) else {
        panic!("the results are taken");
    };
    assert!(
        message.contains("1 of 1 results belong to no step"),
        "{message}"
    );
}

#[test]
fn arguments_are_read_or_explained() {
    let read = |text: &str| Arguments::read(text.split_whitespace().map(String::from));
    let full = "--rules R --snapshot S --directory D --as-of 2026-11-23 --out O --salt s";
    let arguments = read(full).unwrap();
    let paths = [
        &arguments.rules,
        &arguments.snapshot,
        &arguments.directory,
        &arguments.out,
    ];
    assert_eq!(
        paths.map(|path| path.to_str().unwrap()),
        ["R", "S", "D", "O"]
    );
    assert_eq!(
        (arguments.as_of, arguments.salt.as_str()),
        (day("2026-11-23"), "s")
    );
    let optional = [
        &arguments.ledger,
        &arguments.results,
        &arguments.approvals,
        &arguments.decisions,
    ];
    assert!(optional.iter().all(|path| path.is_none()));
    for (text, message) in [
        ("--rules", "`--rules` needs a value"),
        ("--rulez R", "unknown argument `--rulez`"),
        ("--rules R --rules R", "`--rules` is given twice"),
        ("--rules R", "`--as-of` is missing"),
        (
            "--rules R --as-of monday --out O --snapshot S --directory D",
            "`--as-of` is no day",
        ),
        (
            "--rules R --as-of 2026-11-23 --out O --snapshot S",
            "`--directory` is missing",
        ),
    ] {
        assert!(read(text).unwrap_err().starts_with(message), "{text}");
    }
}
