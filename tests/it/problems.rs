//! Problems of rule files: all at once, each at its place; the rule sets that would leak, each refused with the path; and those
//! whose outputs depend on themselves, each with every step of the circle.

use std::collections::BTreeSet;

use folkform::Ruleset;

use crate::cases::texts;

/// The base of the leak cases, with one piece of text in place of another.
fn changed(from: &str, to: &str) -> String {
    let base = include_str!("../cases/rules/leaks/base.toml");
    assert!(base.contains(from), "the base holds no `{from}`");
    base.replace(from, to)
}

fn problems(text: &str) -> String {
    match Ruleset::from_toml(text) {
        Ok(_) => String::from("(loads)"),
        Err(problems) => problems.to_string(),
    }
}

#[test]
fn twelve_mistakes_are_reported_at_once_with_line_and_column() {
    let text = include_str!("../cases/rules/twelve-mistakes/rules.toml");
    let problems = Ruleset::from_toml(text).expect_err("the file has mistakes");
    assert!(problems.len() >= 12, "{problems}");
    assert!(
        problems.iter().all(|problem| problem.position.is_some()),
        "{problems}"
    );
    insta::assert_snapshot!(problems.to_string());
}

#[test]
fn the_base_of_the_leak_cases_loads() {
    assert_eq!(
        problems(include_str!("../cases/rules/leaks/base.toml")),
        "(loads)"
    );
}

#[test]
fn reading_a_gated_output_is_no_leak() {
    let rules = changed("'primary.form'", "'account.staff.login'");
    assert_eq!(problems(&rules), "(loads)");
}

#[test]
fn what_would_guard_nothing_or_be_ignored_does_not_load() {
    let base = include_str!("../cases/rules/leaks/base.toml");
    let guard = base.to_owned() + "[guard.disabel]\nmost = 1\n";
    assert!(problems(&guard).contains("did you mean `disable`?"));
    let window = base.to_owned() + "[group.x]\naccount = \"staff\"\nwindow = { graces = \"3d\" }\n";
    assert!(problems(&window).contains("did you mean `grace`?"));
}

#[test]
fn a_licence_that_needs_one_of_its_own_set_or_itself_does_not_load() {
    let base = include_str!("../cases/rules/leaks/base.toml");
    let licence = |name: &str, priority: u32, over: &str, needs: &str| {
        format!(
            "[licence.{name}]\naccount = \"staff\"\nsku = \"{name}\"\nneeds = [{needs}]\nexclusive = {{ set = \"s\", over = \"{over}\", priority = {priority} }}\n"
        )
    };
    let middle = "[licence.b]\naccount = \"staff\"\nsku = \"b\"\nneeds = [\"c\"]\n";
    let (a, c) = (
        licence("a", 1, "account", "\"b\""),
        licence("c", 2, "account", ""),
    );
    let through_another = problems(&format!("{base}{a}{middle}{c}"));
    assert!(
        through_another.contains("licence `a` needs `c`, which is of the set `s` as well"),
        "{through_another}"
    );
    let direct = licence("a", 1, "account", "\"c\"");
    assert!(problems(&format!("{base}{direct}{c}")).contains("R315"));
    let over_person = licence("c", 2, "person", "");
    assert_eq!(problems(&format!("{base}{direct}{over_person}")), "(loads)");
    let circle =
        middle.replace("\"c\"", "\"d\"") + &middle.replace(".b]", ".d]").replace("\"c\"", "\"b\"");
    assert!(problems(&format!("{base}{circle}")).contains("R308"));
}

#[test]
fn a_circle_is_shown_step_by_step() {
    let mut text = String::new();
    for (name, rules) in texts("tests/cases/rules/circles") {
        let (head, _) = rules.split_once('\n').unwrap();
        let problems = problems(&rules);
        assert_eq!(problems == "(loads)", name == "none", "{name}: {problems}");
        text = text + head + "\n" + &problems + "\n\n";
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_misspelt_name_that_is_a_key_is_pointed_at_and_not_its_value() {
    let text = r#"
language = 1
name = "keys"
[field.employmnt.group]
type = "string"
[protection.marking]
account = "exclude"
[protection.registration]
account = "exclude"
[source.heroma.map.employment]
titel = 'record.A'
colour = 'record.B'
[merge]
surnam = ["heroma"]
[register.cause]
AV = { staf = "hold", default = "disable" }
[account.staff]
covers = { employment = 'true', employmet = 'true' }
[account.staff.set]
title = 'primary.?title'
[account.staff.protected]
set.titl = 'alias.name'
"#;
    let problems = Ruleset::from_toml(text).expect_err("the file has mistakes");
    let lines: Vec<&str> = text.lines().collect();
    let mut pointed: Vec<&str> = problems
        .iter()
        .map(|problem| {
            let position = problem.position.unwrap();
            let rest = &lines[position.line - 1][position.column - 1..];
            rest.split([' ', '.', ']']).next().unwrap()
        })
        .collect();
    pointed.sort_unstable();
    assert_eq!(
        pointed,
        [
            "colour",
            "employmet",
            "employmnt",
            "staf",
            "surnam",
            "titel",
            "titl"
        ],
        "{problems}"
    );
    let colour = problems
        .iter()
        .find(|problem| problem.message.contains("colour"))
        .unwrap();
    assert!(colour.help[0].starts_with("there is `"), "{problems}");
}

/// Of so many problems that most are left out, none says what is not so, and the search for more ends.
#[test]
fn a_thousand_mistakes_are_enough() {
    use std::fmt::Write as _;

    let mut text = String::from(include_str!("../cases/rules/leaks/base.toml"));
    // the last in the order of the names, which is that of the search, stand first
    for number in (0..2_000).rev() {
        let include = "protected = { policy = \"include\", because = \"x\" }";
        let made = format!("account = \"staff\"\nunion = [\"other{number}\"]\n{include}");
        writeln!(text, "[group.a{number:04}]\n{made}").unwrap();
    }
    let found = Ruleset::from_toml(&text).expect_err("nothing has these names");
    let shown = found.to_string();
    assert_eq!(found.iter().count(), 100);
    assert!(
        // an error of each group that was looked at, and a warning
        (1_000..2_100).contains(&found.len()),
        "{} were counted",
        found.len()
    );
    assert!(!shown.contains("there is no group yet"), "{shown}");

    // wrong keys fill the report, so what the groups mean is not looked at
    for number in 0..200 {
        writeln!(text, "[group.b{number}]\nacount = \"staff\"").unwrap();
    }
    let found = Ruleset::from_toml(&text).expect_err("no key has these names");
    let codes: BTreeSet<&str> = found.iter().map(|problem| problem.code.id).collect();
    assert!(!codes.contains("R301"), "{codes:?}");
    let helped = found.iter().filter(|problem| !problem.help.is_empty());
    assert!(helped.count() > 50, "{found}");
}
