//! Stories of some days, each as a rule author would write it.

use super::RULES;
use super::failure_of;
use super::scenario;
use crate::plan::Shown;
use crate::plan::Step;
use crate::plan::StepKind;
use crate::rules::Ruleset;
use crate::testing::Person;
use crate::testing::Scenario;

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
        .change("anna", Person::unprotected)
        .run();
    ended
        .has_finding("D152")
        .account("anna", "staff")
        .is_hidden();
    ended.account("bo", "staff").is_shown();
    let marked = scenario.change("tyra", Person::marking).run();
    marked
        .account("tyra", "pupil")
        .not_on_class_list("class", "5B");
    let excluded = marked
        .carry_out()
        .change("anna", Person::protected_registration)
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

#[test]
fn what_an_attribute_showed_of_others_stays_sealed_when_its_rule_reads_them_no_more() {
    let of_others = r#""info": "primary.manager.account.staff.displayName""#;
    let own = r#""info": "person.given_name""#;
    let rules = |account: &str, info: &str, was: &str| {
        let text = alloc::format!(
            r#"{{
                "language": 1,
                "name": "others",
                "protection": {{ "marking": {{ "account": "exclude" }}, "registration": {{ "account": "exclude" }} }},
                "namespace": {{ "login": {{ "holds": ["account.*.login"] }} }},
                "account": {{ "{account}": {{
                    "covers": {{ "employment": "true" }}, {was}
                    "container": "'OU=Staff'",
                    "name": {{ "login": {{ "local": ["fold(person.given_name)"], "unique": ["login"] }} }},
                    "set": {{ "displayName": "person.given_name", {info} }} }} }}
            }}"#
        );
        Ruleset::from_json(&text).unwrap_or_else(|problems| panic!("{problems}"))
    };
    let first = Scenario {
        rules: rules("staff", of_others, ""),
        ..scenario()
    };
    let before = |rules: Ruleset, from: &Scenario| {
        let next = Scenario {
            rules,
            ..from.clone()
        };
        let checked = next.run();
        // The step of Anna, whose manager is Bo.
        let key = checked.key("anna").to_hex();
        let mut steps = checked.plan.steps().iter();
        let is_info = |step: &&Step| step.field.as_deref() == Some("info");
        let step = steps.find(|step| is_info(step) && step.object.starts_with(&*key));
        step.map(|step| step.before.clone()).unwrap()
    };
    let shown = first.run().carry_out();
    let is_sealed = |shown: &Shown| matches!(shown, Shown::Sealed(_));
    assert!(is_sealed(&before(rules("staff", own, ""), &shown)));
    let was = r#""was": ["staff"],"#;
    assert!(is_sealed(&before(rules("employee", own, was), &shown)));
    // An attribute that never showed anybody else's shows what stood before.
    let own_first = Scenario {
        rules: rules("staff", own, ""),
        ..scenario()
    };
    let constant = r#""info": "'x'""#;
    let shown = own_first.run().carry_out();
    assert!(!is_sealed(&before(rules("staff", constant, ""), &shown)));
}
