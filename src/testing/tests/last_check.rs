//! What no target is written of protected persons, by rules whose gates were opened by hand.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::string::ToString;

use crate::base::Leak;
use crate::base::while_planted;
use crate::plan::Released;
use crate::render::LdifOptions;
use crate::render::to_ldif;
use crate::rules::Gate;
use crate::rules::GatePolicy;
use crate::rules::Ruleset;
use crate::testing::Checked;
use crate::testing::Person;
use crate::testing::Scenario;

/// Attributes of every list of names, and one that names nothing; what others would show is left out.
const RULES: &str = r#"{
    "language": 1,
    "name": "last check",
    "protection": { "marking": { "account": "alias" }, "registration": { "account": "alias" } },
    "namespace": { "login": { "holds": ["account.*.login"] } },
    "account": { "staff": {
        "covers": { "employment": "true" },
        "container": "\"OU=\" + primary.unit.code + \",OU=SML\"",
        "name": { "login": { "local": ["fold(person.given_name)"], "unique": ["login"] } },
        "set": {
            "displayName": "person.given_name",
            "mobile": "person.phone",
            "title": "primary.title",
            "department": "primary.unit.code",
            "manager": "primary.manager.account.staff",
            "company": "\"SML\""
        },
        "protected": { "container": "\"OU=Neutral,OU=SML\"", "others": "clear", "name": { "login": { "local": ["alias.login"] } },
                       "set": { "displayName": "alias.name" } } } }
}"#;

const OPENED: Gate = Gate {
    marking: GatePolicy::Include,
    registration: GatePolicy::Include,
};

fn rules(text: &str) -> Ruleset {
    Ruleset::from_json(text).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The rules with every gate of an attribute opened, as no check would let it.
fn opened_attributes() -> Ruleset {
    rules(RULES).unchecked(|compiled| {
        let accounts = compiled.accounts.iter_mut();
        for attribute in accounts.flat_map(|rule| &mut rule.attributes) {
            attribute.gate = OPENED;
        }
    })
}

fn opened_container() -> Ruleset {
    rules(RULES).unchecked(|compiled| {
        for rule in &mut compiled.accounts {
            rule.container_gate = OPENED;
        }
    })
}

fn scenario(rules: &Ruleset, protect: fn(Person) -> Person) -> Scenario {
    Scenario::new(rules)
        .on("2026-11-23")
        .unit("hemskola", |unit| {
            unit.name("Hemskolan").municipality("1430")
        })
        .person("bo", |person| {
            let person = person.number("197705152390").given_name("Bo").surname("Ek");
            person.employment(|job| job.unit("hemskola").title("Rektor").from("2020-01-01"))
        })
        .person("anna", |person| {
            let person = person.number("198412022389").given_name("Anna");
            let person = person.surname("Berg").field("phone", "0523666");
            let person = person.alias("Alex Norrsken", "p7k2m4", "alex.norrsken");
            protect(person).employment(|job| {
                let job = job.unit("hemskola").title("Specialpedagog");
                job.manager("bo").from("2026-01-01")
            })
        })
}

fn released(checked: &Checked) -> Released {
    let approvals = &checked.scenario.approvals;
    let as_of = checked.outcome.as_of();
    checked.plan.release(approvals, as_of).unwrap()
}

/// What is written about Anna's account.
fn written(checked: &Checked) -> String {
    let directory = &checked.scenario.directory;
    let text = to_ldif(&released(checked), directory, &LdifOptions::default()).unwrap();
    let key = checked.key("anna").to_hex();
    let records = text.split("\n\n");
    let of_anna = |record: &&str| record.contains("p7k2m4") || record.contains(&*key);
    records
        .filter(of_anna)
        .collect::<alloc::vec::Vec<_>>()
        .join("\n\n")
}

fn shielded(checked: &Checked) -> BTreeSet<String> {
    let released = released(checked);
    let key = checked.key("anna");
    let shielded = released.shielded();
    shielded
        .map(|shielded| {
            assert_eq!(shielded.account.person, key);
            shielded.output.to_string()
        })
        .collect()
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(ToString::to_string).collect()
}

#[test]
fn rules_that_were_loaded_leave_nothing_to_the_last_check() {
    for shows_title in [true, false] {
        let protect = if shows_title {
            Person::marking
        } else {
            Person::protected_registration
        };
        let checked = scenario(&rules(RULES), protect).run();
        assert_eq!(shielded(&checked), names(&[]));
        let written = written(&checked);
        assert!(written.contains("company: SML"), "{written}");
        assert!(written.contains("displayName: Alex Norrsken"), "{written}");
        assert_eq!(written.contains("title"), shows_title, "{written}");
    }
}

#[test]
fn attributes_whose_names_tell_are_not_written_whatever_the_gate_says() {
    let registered = scenario(&opened_attributes(), Person::protected_registration).run();
    let withheld = ["0523666", "Specialpedagog", "hemskola", "CN=bo"];
    let ldif = written(&registered);
    for value in withheld {
        assert!(!ldif.contains(value), "{value} in {ldif}");
    }
    // The gate is open: nothing else keeps what names nothing.
    assert!(ldif.contains("displayName: Anna"), "{ldif}");
    assert!(ldif.contains("company: SML"), "{ldif}");
    assert_eq!(
        shielded(&registered),
        names(&["department", "manager", "mobile", "title"])
    );
    let marked = scenario(&opened_attributes(), Person::marking).run();
    assert_eq!(shielded(&marked), names(&["mobile"]));
    assert!(written(&marked).contains("title: Specialpedagog"));
    // Without the check all of it is written.
    while_planted(Some(Leak::LastCheck), || {
        let ldif = written(&registered);
        for value in withheld {
            assert!(ldif.contains(value), "{value} not in {ldif}");
        }
        assert_eq!(shielded(&registered), names(&[]));
    });
}

#[test]
fn an_account_is_not_made_where_its_container_tells_whatever_the_gate_says() {
    let checked = scenario(&opened_container(), Person::protected_registration).run();
    assert_eq!(shielded(&checked), names(&["container"]));
    assert_eq!(written(&checked), "");
    // A marking alone says nothing of where.
    let marked = scenario(&opened_container(), Person::marking).run();
    assert!(written(&marked).contains("OU=hemskola"));
    while_planted(Some(Leak::LastCheck), || {
        assert!(written(&checked).contains("OU=hemskola"));
    });
}

#[test]
fn nobody_switches_hiding_off() {
    let hidden = scenario(&rules(RULES), Person::marking).run();
    let next = hidden.carry_out();
    let shown = while_planted(Some(Leak::Hidden), || next.run());
    assert_eq!(shielded(&shown), names(&["hidden"]));
    assert_eq!(written(&shown), "");
    while_planted(Some(Leak::LastCheck), || {
        assert!(written(&shown).contains("msExchHideFromAddressLists"));
    });
}

#[test]
fn an_exception_of_the_rules_counts_for_what_it_speaks_of() {
    let include = r#"{ "value": "primary.title", "protected": { "registration": {
        "policy": "include", "because": "the trade is known to all", "review": "2027-01-01" } } }"#;
    let excepted = RULES.replace(r#""primary.title""#, include);
    let open = |rules: Ruleset| {
        rules.unchecked(|compiled| {
            let accounts = compiled.accounts.iter_mut();
            for attribute in accounts.flat_map(|rule| &mut rule.attributes) {
                attribute.gate = OPENED;
            }
        })
    };
    let protect = Person::protected_registration;
    let checked = scenario(&rules(&excepted), protect).run();
    assert!(written(&checked).contains("title: Specialpedagog"));
    assert_eq!(shielded(&checked), names(&[]));
    let checked = scenario(&open(rules(&excepted)), protect).run();
    assert_eq!(
        shielded(&checked),
        names(&["department", "manager", "mobile"])
    );
}
