//! Scenarios about scenarios: every assertion holds where it should, and tells why where it does not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

extern crate std;

use alloc::string::String;
use core::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

use super::Checked;
use super::Scenario;
use crate::plan::StepKind;
use crate::rules::Ruleset;

const RULES: &str = r#"{
    "language": 1,
    "name": "small",
    "table": { "employer": { "1430": { "domain": "munkedal.se" }, "1484": { "domain": "lysekil.se" } } },
    "field": { "employment": { "employer": { "table": "employer" } } },
    "protection": { "marking": { "account": "alias", "group": "omit", "licence": "omit", "mailbox": "omit", "class_list": "omit", "notice": "omit" },
                    "registration": { "account": "exclude" } },
    "source": { "heroma": { "map": { "employment": {
        "number": "record.PNR", "given_name": "record.FNAMN", "surname": "record.ENAMN", "start": "date(record.FROM)" } } } },
    "namespace": { "login": { "holds": ["account.*.login"], "reserved": ["root"] }, "address": { "holds": ["account.*.mail"] } },
    "account": {
        "staff": {
            "covers": { "employment": "true" }, "lead": "14d", "grace": "7d", "retain": "180d",
            "require": { "at": "create", "that": "register.verdict != NotFound" },
            "container": "\"OU=Staff,DC=example,DC=test\"",
            "adopt": ["current.employeeNumber == person.number.text"],
            "name": {
                "login": { "local": ["fold(person.given_name)"], "number": { "from": 2 }, "unique": ["login"] },
                "mail": { "local": ["fold(person.given_name)"], "number": { "from": 2 }, "domain": "primary.employer.domain",
                          "unique": ["address"], "follow": ["employer"], "alias": "1y" } },
            "set": { "displayName": "person.given_name + \" \" + person.surname", "manager": "primary.manager.account.staff",
                     "info": { "value": "person.given_name", "own": "initial" } },
            "protected": { "name": { "login": { "local": ["alias.login"] }, "mail": { "local": ["alias.mail"], "domain": "\"example.test\"" } },
                           "set": { "displayName": "alias.name" } } },
        "pupil": {
            "covers": { "enrolment": "true" }, "container": "\"OU=Pupils,DC=example,DC=test\"",
            "name": { "login": { "local": ["fold(person.given_name)"], "number": { "from": 2 }, "unique": ["login"] } },
            "protected": { "name": { "login": { "local": ["alias.login"] } } } } },
    "group": { "unit": { "account": "staff", "each": "employment", "key": "employment.unit.code", "when": "employment.title != \"Vikarie\"",
                         "container": "\"OU=Groups,DC=example,DC=test\"" } },
    "licence": { "a3": { "account": "staff", "sku": "A3" } },
    "mailbox": { "cloud": { "account": "staff" } },
    "class_list": { "class": { "account": "pupil", "when": "membership.group.type == Klass", "show": { "login": "account.pupil.login" } } },
    "notice": { "welcome": { "on": "account.created", "account": "staff", "each": "employment", "to": ["employment.manager"] } }
}"#;

fn scenario() -> Scenario {
    let rules = Ruleset::from_json(RULES).unwrap_or_else(|problems| panic!("{problems}"));
    Scenario::new(&rules)
        .on("2026-11-23")
        .unit("skola", |unit| unit.name("Skolan").municipality("1430"))
        .person("bo", |person| {
            person
                .number("197705152390")
                .given_name("Bo")
                .surname("Ek")
                .verified()
                .employment(|job| {
                    job.employer("1430")
                        .unit("skola")
                        .title("Rektor")
                        .from("2020-01-01")
                })
        })
        .person("anna", |person| {
            person
                .number("198412022389")
                .given_name("Anna")
                .surname("Berg")
                .verified()
                .employment(|job| {
                    job.employer("1430")
                        .unit("skola")
                        .title("Lärare")
                        .manager("bo")
                        .from("2026-01-01")
                })
        })
}

/// The message with which something fails.
fn failure<T>(action: impl FnOnce() -> T) -> String {
    let Err(error) = catch_unwind(AssertUnwindSafe(action)) else {
        panic!("nothing fails");
    };
    error.downcast_ref::<String>().expect("a message").clone()
}

fn failure_of(checked: &Checked, assert: impl Fn(&Checked)) -> String {
    failure(|| assert(checked))
}

#[test]
fn what_holds_is_silent() {
    let checked = scenario().run();
    checked.has_finding("E112");
    checked
        .account("anna", "staff")
        .is_enabled()
        .is_shown()
        .has("login", "anna")
        .has("mail", "anna@munkedal.se")
        .has("manager", "bo")
        .has("container", "OU=Staff,DC=example,DC=test")
        .has("mailbox", "remote")
        .in_group("unit", "skola")
        .not_in_group("unit", "annan")
        .has_licence("a3")
        .has_no_alias("anna@lysekil.se");
    checked.account("anna", "pupil").does_not_exist();
    checked
        .group("unit", "skola")
        .exists()
        .has_members(&["anna", "bo"]);
    checked.group("unit", "annan").does_not_exist();
    checked
        .plan()
        .has_step(StepKind::CreateAccount, "anna")
        .has_notice("welcome", "anna")
        .has_no_step(StepKind::Disable, "anna");
}

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

#[test]
fn a_scenario_goes_on_after_its_plan() {
    let checked = scenario().run();
    let later = checked.carry_out();
    later.run().plan().is_empty();
    let moved = later
        .change("anna", |anna| {
            anna.employment_named("1", |job| job.to("2026-12-31"))
                .employment(|job| {
                    job.employer("1484")
                        .unknown_unit("fyren")
                        .title("Lärare")
                        .from("2027-01-01")
                })
        })
        .on("2027-01-05")
        .run();
    moved
        .account("anna", "staff")
        .is_enabled()
        .has("login", "anna")
        .has("mail", "anna@lysekil.se")
        .has_alias("anna@munkedal.se")
        .keeps("info")
        .in_no_group("unit");
    moved
        .plan()
        .has_step(StepKind::ChangeMail, "anna")
        .leaves_alone("bo");
    let gone = moved
        .carry_out()
        .change("anna", |anna| {
            anna.employment_named("2", |job| job.to("2027-02-28"))
        })
        .on("2027-03-08");
    gone.clone().run().account("anna", "staff").is_disabled();
    let deleted = gone.run().carry_out().on("2027-10-01").run();
    deleted.account("anna", "staff").is_deleted();
    deleted
        .carry_out()
        .run()
        .account("anna", "staff")
        .does_not_exist();
}

#[test]
fn records_that_are_gone_are_held_and_then_end() {
    let carried = scenario()
        .run()
        .carry_out()
        .without("anna")
        .on("2026-11-24");
    let held = carried.run();
    held.account("anna", "staff")
        .is_enabled()
        .in_group("unit", "skola");
    let ended = held.carry_out().on("2026-11-28").run();
    ended
        .account("anna", "staff")
        .is_enabled()
        .in_no_group("unit");
}

#[test]
fn the_register_has_its_say() {
    let checked = scenario()
        .person("okänd", |person| {
            person
                .number("198604102395")
                .given_name("Olle")
                .surname("Ok")
                .unknown_to_register()
                .employment(|job| {
                    job.employer("1430")
                        .unit("skola")
                        .title("Lärare")
                        .from("2026-01-01")
                })
        })
        .change("anna", |anna| anna.deregistered("AV", "2026-11-20"))
        .run();
    checked.account("okänd", "staff").is_held().does_not_exist();
    checked.plan().leaves_alone("okänd");
    checked.account("anna", "staff").does_not_exist();
    checked.account("bo", "staff").is_enabled();
    let message = failure_of(&checked, |checked| {
        checked.account("okänd", "staff").is_enabled();
    });
    assert!(
        message.contains("but it is held, and not created"),
        "{message}"
    );
    assert!(
        message.contains("! D"),
        "the findings about the person stand below: {message}"
    );
}

#[test]
fn protected_persons_show_their_alias() {
    let scenario = scenario()
        .school_group("5B", |class| {
            class.group_type("Klass").unit("skola").school_year(5)
        })
        .change("anna", |anna| {
            anna.marking()
                .alias("Alex Norrsken", "p7k2m4", "alex.norrsken")
        })
        .person("tyra", |tyra| {
            tyra.number_issued_by("20150610TF01", "1430")
                .given_name("Tyra")
                .surname("Skog")
                .enrolment(|school| school.unit("skola").school_year(5).from("2026-08-17"))
                .membership(|class| {
                    class
                        .group("5B")
                        .role("pupil")
                        .part_of("1")
                        .from("2026-08-17")
                })
        });
    let checked = scenario.run();
    checked
        .account("tyra", "pupil")
        .is_enabled()
        .on_class_list("class", "5B");
    checked
        .account("anna", "staff")
        .is_enabled()
        .is_hidden()
        .has("displayName", "Alex Norrsken")
        .has_values("info", &[])
        .in_no_group("unit")
        .has_no_licence("a3");
    // Who once was protected stays so until somebody decides; nobody else is concerned.
    let ended = checked
        .carry_out()
        .change("anna", |anna| anna.unprotected())
        .run();
    ended
        .has_finding("D152")
        .account("anna", "staff")
        .is_hidden();
    ended.account("bo", "staff").is_shown();
    let marked = scenario.change("tyra", |tyra| tyra.marking()).run();
    marked
        .account("tyra", "pupil")
        .not_on_class_list("class", "5B");
    let excluded = marked
        .carry_out()
        .change("anna", |anna| anna.protected_registration())
        .run();
    excluded.account("anna", "staff").is_disabled();
}

#[test]
fn existing_accounts_are_adopted_or_kept_clear_of() {
    let checked = scenario()
        .existing("svc", |account| account.login("bo"))
        .existing("old", |account| {
            account
                .login("annab")
                .mail("a@munkedal.se")
                .attribute("employeeNumber", "198412022389")
        })
        .run();
    checked.account("bo", "staff").has("login", "bo2");
    checked
        .account("anna", "staff")
        .has("login", "annab")
        .has("mail", "a@munkedal.se");
    checked
        .plan()
        .has_step(StepKind::AdoptAccount, "anna")
        .has_no_step(StepKind::CreateAccount, "anna");
}

#[test]
fn rows_of_a_source_go_through_its_map() {
    let rules = Ruleset::from_json(RULES).unwrap();
    let checked = Scenario::new(&rules)
        .on("2026-11-23")
        .row(
            "heroma/sml",
            "employment",
            "4711",
            &[
                ("PNR", "199609082384"),
                ("FNAMN", "Nova"),
                ("ENAMN", "Ny"),
                ("FROM", "2026-01-01"),
            ],
        )
        .run();
    checked
        .account("heroma/sml:employment:4711", "staff")
        .is_enabled()
        .has("login", "nova");
    let pupil = Scenario::new(&rules)
        .on("2026-11-23")
        .unit("skola", |unit| unit.name("Skolan"))
        .person("tyra", |tyra| {
            tyra.number("201410312381")
                .given_name("Tyra")
                .verified()
                .enrolment(|school| school.unit("skola"))
        })
        .run();
    pupil
        .has_no_findings()
        .account("tyra", "pupil")
        .is_enabled();
}
