//! Lints, as data: rule files that are warned of, each of one code, and their likes that are not.

use std::fs;
use std::path::Path;

use folkform::Ruleset;
use folkform::diagnostic::Severity;

/// The rule files of a folder by name, in alphabetical order.
fn cases(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases/lints")
        .join(folder);
    let mut cases: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    cases.sort();
    cases
}

fn load(name: &str, rules: &str) -> Ruleset {
    match Ruleset::from_toml(rules) {
        Ok(rules) => rules,
        Err(problems) => panic!("{name}: {problems}"),
    }
}

#[test]
fn what_is_probably_not_meant_is_warned_of() {
    let mut text = String::new();
    for (name, rules) in cases("warned") {
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
    for (name, rules) in cases("quiet") {
        let warnings = load(&name, &rules).warnings().to_string();
        if !warnings.is_empty() {
            seen.push(format!("{name}: {warnings}"));
        }
    }
    assert!(seen.is_empty(), "{}", seen.join("\n"));
}

#[test]
fn every_lint_has_cases_of_both_kinds() {
    let (warned, quiet) = (cases("warned"), cases("quiet"));
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
