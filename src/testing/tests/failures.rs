//! What an assertion says when it does not hold, and what an author is told who gets something wrong.

use super::RULES;
use super::failure;
use super::failure_of;
use super::scenario;
use crate::plan::StepKind;
use crate::rules::Ruleset;
use crate::testing::Checked;
use crate::testing::Scenario;

#[test]
fn a_failure_names_rule_place_and_affiliation() {
    let checked = scenario()
        .change("anna", |anna| {
            anna.employment_named("1", |job| job.title("Vikarie"))
        })
        .run();
    let message = failure_of(&checked, |checked| {
        checked.account("anna", "staff").in_group("unit", "skola");
    });
    assert!(message.contains("expected it to be a member of `skola` by `group.unit`, but its groups by that rule are nothing"), "{message}");
    assert!(message.contains("- group.unit (group.unit.when), employment anna.1, from 2026-01-01: its condition is false"), "{message}");
    let message = failure_of(&checked, |checked| {
        checked.account("anna", "staff").is_disabled();
    });
    assert!(
        message.starts_with(
            "`account.staff` of `anna` on 2026-11-23: expected it to be disabled, but it is enabled"
        ),
        "{message}"
    );
    assert!(
        message.contains("+ account.staff (account.staff), employment anna.1, from 2025-12-18"),
        "{message}"
    );
    assert!(
        !message.contains(&checked.key("anna").to_hex()),
        "{message}"
    );
}

#[test]
fn every_assertion_can_fail() {
    let checked = scenario().run();
    type Assertion = fn(&Checked);
    let assertions: &[(Assertion, &str)] = &[
        (
            |checked| {
                checked.account("anna", "staff").is_disabled();
            },
            "but it is enabled",
        ),
        (
            |checked| {
                checked.account("anna", "staff").is_deleted();
            },
            "but it is enabled",
        ),
        (
            |checked| {
                checked.account("anna", "staff").is_held();
            },
            "but it is enabled",
        ),
        (
            |checked| {
                checked.account("anna", "staff").does_not_exist();
            },
            "but it is enabled",
        ),
        (
            |checked| {
                checked.account("anna", "pupil").is_enabled();
            },
            "but it does not exist",
        ),
        (
            |checked| {
                checked.account("anna", "staff").is_hidden();
            },
            "to be hidden from address lists, but it shows there",
        ),
        (
            |checked| {
                checked.account("anna", "staff").has("login", "ann");
            },
            "`login` to be `ann`, but it is `anna`",
        ),
        (
            |checked| {
                checked.account("anna", "staff").has_no("login");
            },
            "to be nothing",
        ),
        (
            |checked| {
                checked.account("anna", "staff").has("manager", "anna");
            },
            "but it is `bo`",
        ),
        (
            |checked| {
                checked.account("anna", "staff").keeps("displayName");
            },
            "it becomes `Anna Berg`",
        ),
        (
            |checked| {
                checked.account("anna", "staff").has_alias("a@b.se");
            },
            "its aliases are nothing",
        ),
        (
            |checked| {
                checked
                    .account("anna", "staff")
                    .not_in_group("unit", "skola");
            },
            "to be no member of `skola`",
        ),
        (
            |checked| {
                checked.account("anna", "staff").in_no_group("unit");
            },
            "are `skola`",
        ),
        (
            |checked| {
                checked.account("anna", "staff").has_no_licence("a3");
            },
            "but it does",
        ),
        (
            |checked| {
                checked.group("unit", "skola").does_not_exist();
            },
            "not to exist",
        ),
        (
            |checked| {
                checked.group("unit", "skolan").exists();
            },
            "did you mean `skola`?",
        ),
        (
            |checked| {
                checked.group("unit", "skola").has_members(&["bo"]);
            },
            "are `anna`, `bo`, expected `bo`",
        ),
        (
            |checked| {
                checked.plan().is_empty();
            },
            "create_account of anna/staff",
        ),
        (
            |checked| {
                checked.plan().has_step(StepKind::Disable, "anna");
            },
            "expected a step `disable`",
        ),
        (
            |checked| {
                checked.plan().has_no_step(StepKind::Enable, "anna");
            },
            "account.staff by anna.1",
        ),
        (
            |checked| {
                checked.plan().leaves_alone("anna");
            },
            "expected no step for `anna`",
        ),
        (
            |checked| {
                checked.plan().has_urgent_step(StepKind::Enable, "anna");
            },
            "an urgent step",
        ),
        (
            |checked| {
                checked.plan().holds_back(StepKind::Enable, "anna");
            },
            "that a guard holds",
        ),
        (
            |checked| {
                checked.plan().has_notice("farewell", "anna");
            },
            "a notice `farewell`",
        ),
        (
            |checked| {
                checked.has_finding("D999");
            },
            "! E112 dangling-reference of person bo",
        ),
        (
            |checked| {
                checked.has_no_findings();
            },
            "! E113 no-recipient of person bo",
        ),
        (
            |checked| {
                checked.account("ana", "staff");
            },
            "there is no person `ana`; did you mean `anna`?",
        ),
        (
            |checked| {
                checked.account("anna", "staf");
            },
            "did you mean `staff`?",
        ),
        (
            |checked| {
                checked.account("anna", "staff").has("titel", "x");
            },
            "there is no name or attribute of `account.staff` `titel`",
        ),
        (
            |checked| {
                checked.account("anna", "staff").in_group("units", "x");
            },
            "did you mean `unit`?",
        ),
        (
            |checked| {
                checked.account("anna", "staff").has_licence("a4");
            },
            "did you mean `a3`?",
        ),
        (
            |checked| {
                checked
                    .account("anna", "staff")
                    .on_class_list("klass", "5B");
            },
            "there is no class list rule `klass`",
        ),
        (
            |checked| {
                checked.group("units", "skola");
            },
            "did you mean `unit`?",
        ),
        (
            |checked| {
                checked.why("anna", "planet.earth");
            },
            "`planet.earth` is no output",
        ),
    ];
    for (assertion, expected) in assertions {
        let message = failure_of(&checked, assertion);
        assert!(message.contains(expected), "expected {expected}: {message}");
    }
}

#[test]
fn what_an_author_gets_wrong_is_told() {
    let of = |change: fn(Scenario) -> Scenario| failure(|| change(scenario()).run());
    let cases: &[(fn(Scenario) -> Scenario, &str)] = &[
        (|all| all.on("2026-13-01"), "`2026-13-01` is no day"),
        (
            |all| all.person("x", |x| x.employment(|job| job.from("i dag"))),
            "`i dag` is no day",
        ),
        (|all| all.change("ana", |ana| ana), "did you mean `anna`?"),
        (|all| all.without("ana"), "did you mean `anna`?"),
        (
            |all| all.person("x", |x| x.employment(|job| job.unit("skolan"))),
            "`x` has a `unit` that the scenario does not describe: there is no unit `skolan`; did you mean `skola`?",
        ),
        (
            |all| all.person("x", |x| x.employment(|job| job.manager("bob"))),
            "there is no person `bob`; did you mean `bo`?",
        ),
        (
            |all| all.person("x", |x| x.duty(|duty| duty.part_of("2"))),
            "there is no `2` that a duty could be a part of",
        ),
        (
            |all| all.person("x", |x| x.membership(|class| class.group("5B"))),
            "there is no school group `5B`",
        ),
        (
            |all| all.person("x", |x| x.given_name("X").verified()),
            "the register cannot know `x`, who has no number",
        ),
        (
            |all| all.unit("x", |unit| unit.head("bob")),
            "the unit `x` has a `head`",
        ),
        (
            |all| all.row("heroma", "employment", "1", &[]),
            "`heroma` is no source instance",
        ),
        (
            |all| all.existing("svc", |account| account.dn("nowhere")),
            "`nowhere` is no distinguished name",
        ),
    ];
    for (change, expected) in cases {
        let message = of(*change);
        assert!(message.contains(expected), "expected {expected}: {message}");
    }
    let rules = Ruleset::from_json(RULES).unwrap();
    assert!(failure(|| Scenario::new(&rules).run()).contains("the scenario has no day"));
}
