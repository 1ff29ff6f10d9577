//! Lints, as data: rule files that are warned of, each of one code, and their likes that are not.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use folkform::Inputs;
use folkform::Ruleset;
use folkform::base::Segment;
use folkform::diagnostic::Severity;
use folkform::directory::AccountState;
use folkform::directory::Directory;
use folkform::directory::Opinion;
use folkform::ledger::Ledger;
use folkform::source::Snapshot;

use crate::cases::texts;

fn load(name: &str, rules: &str) -> Ruleset {
    match Ruleset::from_toml(rules) {
        Ok(rules) => rules,
        Err(problems) => panic!("{name}: {problems}"),
    }
}

#[test]
fn what_is_probably_not_meant_is_warned_of() {
    let mut text = String::new();
    for (name, rules) in texts("tests/cases/lints/warned") {
        let (head, _) = rules.split_once('\n').unwrap();
        let loaded = load(&name, &rules);
        let warnings = loaded.warnings();
        let (code, _) = name.split_once('-').unwrap_or((&name, ""));
        assert!(!warnings.is_empty(), "{name}");
        for warning in warnings {
            assert_eq!(warning.code.id, code, "{name}: {warning}");
            assert_eq!(warning.severity, Severity::Warning);
            assert!(warning.position.is_some(), "{name}: {warning}");
            assert!(!warning.help.is_empty(), "{name}: {warning}");
            let places = warning.labels.iter().all(|label| label.position.is_some());
            assert!(places, "{name}: {warning}");
        }
        text = text + head + "\n" + &warnings.to_string() + "\n\n";
    }
    insta::assert_snapshot!(text);
}

#[test]
fn what_may_well_be_meant_is_not() {
    let mut seen = Vec::new();
    for (name, rules) in texts("tests/cases/lints/quiet") {
        let warnings = load(&name, &rules).warnings().to_string();
        if !warnings.is_empty() {
            seen.push(format!("{name}: {warnings}"));
        }
    }
    assert!(seen.is_empty(), "{}", seen.join("\n"));
}

/// One employment for each combination of what the cases ask about, and persons with two of them.
fn everybody() -> Snapshot {
    let mut variants = Vec::new();
    for form in ["permanent", "substitute", "hourly", "project"] {
        for employer in ["1427", "1430", "1484", ""] {
            for extent in [400, 600, 1000] {
                for main in [true, false] {
                    variants.push((form, employer, extent, main));
                }
            }
        }
    }
    let mut records = Vec::new();
    let mut person = |number: usize, jobs: &[usize]| {
        records.push(serde_json::json!({
            "kind": "person", "id": format!("p{number}"),
            "fields": { "given_name": "Tove", "surname": format!("Tvåhamn{number}") },
        }));
        for (position, job) in jobs.iter().enumerate() {
            let (form, employer, extent, main) = variants[job % variants.len()];
            let mut fields = serde_json::json!({
                "person": format!("p{number}"), "form": form, "extent": extent, "main": main,
                "start": if job % 2 == 0 { "2026-01-01" } else { "2026-01-02" },
            });
            if !employer.is_empty() {
                fields["employer"] = employer.into();
            }
            if number == 7 {
                // On leave, which some windows mind.
                for (field, value) in [
                    ("leave_start", "2026-11-01"),
                    ("leave_end", "2026-12-31"),
                    ("leave_extent", "1000"),
                ] {
                    fields[field] = value.into();
                }
            }
            if job % 3 > 0 {
                fields["title"] = ["Rektor", "lärare"][job % 2].into();
            }
            records.push(serde_json::json!({
                "kind": "employment", "id": format!("e{number}-{position}"), "fields": fields,
            }));
        }
    };
    for number in 0..96 {
        person(number, &[number]);
        person(96 + number, &[number, number * 31 + 5]);
    }
    let instance = serde_json::json!({
        "source": "payroll", "instance": "all", "promise": "complete", "as_of": "2026-11-23",
        "count": records.len(), "records": records,
    });
    let snapshot = serde_json::json!({ "instances": [instance] });
    Snapshot::from_json(&snapshot.to_string()).unwrap()
}

/// Which rules lead to something, when everybody is there: `group.all`, `licence.a3`.
fn used(rules: &Ruleset) -> BTreeSet<String> {
    let outcome = rules
        .evaluate(&Inputs {
            snapshot: &everybody(),
            directory: &Directory::default(),
            ledger: &Ledger::default(),
            as_of: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
            salt: b"lints",
            decisions: &[],
        })
        .unwrap();
    let desired = outcome.desired();
    let mut used = BTreeSet::new();
    for (key, account) in &desired.accounts {
        if account.state.set() == Some(&AccountState::Enabled) {
            used.insert(format!("account.{}", key.rule));
        }
        for (sku, opinion) in &account.licences {
            if *opinion == Opinion::Set(()) {
                used.insert(format!("licence.{sku}"));
            }
        }
        if account
            .mailbox
            .set()
            .is_some_and(|kind| **kind == *"on-premises")
        {
            used.insert(String::from("mailbox.b-own"));
        }
    }
    for (key, group) in &desired.groups {
        if group
            .members
            .values()
            .any(|opinion| *opinion == Opinion::Set(()))
        {
            used.insert(format!("group.{}", key.rule));
        }
    }
    used
}

/// What is said never to be is not, whoever the persons are.
#[test]
fn what_is_said_to_lead_to_nothing_leads_to_nothing() {
    let mut told = 0;
    for (name, rules) in texts("tests/cases/lints/warned") {
        if !["R501", "R502", "R509"]
            .iter()
            .any(|code| name.starts_with(code))
        {
            continue;
        }
        let rules = load(&name, &rules);
        let used = used(&rules);
        assert!(used.contains("account.staff"), "{name}: {used:?}");
        for warning in rules.warnings() {
            let keys: Vec<&str> = warning
                .place
                .path
                .segments()
                .iter()
                .filter_map(|segment| match segment {
                    Segment::Key(key) => Some(&**key),
                    Segment::Index(_) => None,
                })
                .take(2)
                .collect();
            let rule = keys.join(".");
            assert!(!used.contains(&rule), "{name}: {rule} is used\n{warning}");
            told += 1;
        }
    }
    assert!(told >= 10, "{told}");
}

/// What is not warned of can be: each such rule finds somebody.
#[test]
fn what_is_not_said_to_lead_to_nothing_leads_to_something() {
    for (name, rules) in texts("tests/cases/lints/quiet") {
        if !["R501", "R502", "R509"].contains(&name.as_str()) {
            continue;
        }
        let used = used(&load(&name, &rules));
        let written = rules.lines().filter_map(|line| {
            let rule = line.strip_prefix('[')?.strip_suffix(']')?;
            (rule.starts_with("group.") || rule.starts_with("licence.")).then_some(rule)
        });
        for rule in written {
            // One only holds another group, one asks for duties, of which there are none here.
            let other = ["group.holder", "group.duties", "group.duties-enabled"].contains(&rule);
            assert!(
                other || used.contains(rule),
                "{name}: {rule} is not used: {used:?}"
            );
        }
    }
}

#[test]
fn every_lint_has_cases_of_both_kinds() {
    let (warned, quiet) = (
        texts("tests/cases/lints/warned"),
        texts("tests/cases/lints/quiet"),
    );
    let has = |cases: &[(String, String)], code: &str| {
        cases.iter().any(|(name, _)| name.starts_with(code))
    };
    for number in 501..=511 {
        let code = format!("R{number}");
        assert!(has(&warned, &code), "no case is warned of by {code}");
        assert!(has(&quiet, &code), "no case is left in peace by {code}");
    }
}

#[test]
fn only_warnings_can_be_allowed_and_only_with_a_reason() {
    let allow = |code: &str, because: &str| {
        let rules = format!(
            "language = 1\nname = \"x\"\n[[lint.allow]]\ncode = \"{code}\"\nat = \"group.x\"\nbecause = \"{because}\"\n"
        );
        match Ruleset::from_toml(&rules) {
            Ok(rules) => rules.warnings().to_string(),
            Err(problems) => problems.to_string(),
        }
    };
    insta::assert_snapshot!(
        [
            allow("R501", " "),
            allow("R308", "why"),
            allow("R5O1", "why"),
            allow("R501", "why")
        ]
        .join("\n\n")
    );
}

#[test]
fn an_error_is_not_left_out_for_warnings() {
    let numbered = |line: &dyn Fn(u32) -> String| -> String { (0..150).map(line).collect() };
    let head = "language = 1\nname = \"x\"\n";
    let groups = numbered(&|number| format!("[group.g{number:03}]\n"));
    let warned = load("only warnings", &format!("{head}{groups}"));
    assert_eq!(warned.warnings().len(), 150);
    // Causes that are not known are warned of where there are errors as well.
    let causes = numbered(&|number| format!("X{number:03} = \"hold\"\n"));
    let rules = format!("{head}[register.cause]\n{causes}[group.z]\naccount = \"nobody\"\n");
    let problems = Ruleset::from_toml(&rules).expect_err("a rule is of nobody");
    assert!(
        problems.iter().any(|problem| problem.code.id == "R301"),
        "{problems}"
    );
}

/// As high as an expression may be, on a stack as small as a host may have. Frames of a build without optimization are several
/// times as large.
#[test]
fn high_conditions_take_little_stack() {
    let nested = (0..95).fold(String::from("employment.main"), |inner, level| {
        let sign = if level % 2 == 0 { "&&" } else { "||" };
        format!("({inner}) {sign} employment.extent == {level}")
    });
    for condition in [nested, format!("{}employment.main", "!".repeat(190))] {
        let rules = format!(
            "language = 1\nname = \"x\"\n[protection.marking]\naccount = \"exclude\"\n[protection.registration]\naccount = \"exclude\"\n[account.staff]\ncovers = {{ employment = 'true' }}\n[group.high]\naccount = \"staff\"\neach = \"employment\"\nwhen = '{condition}'\n"
        );
        std::thread::Builder::new()
            .stack_size(if cfg!(debug_assertions) {
                2 * 1024 * 1024
            } else {
                512 * 1024
            })
            .spawn(move || load("high", &rules).warnings().to_string())
            .unwrap()
            .join()
            .unwrap();
    }
}
