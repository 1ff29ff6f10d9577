//! Scenarios about scenarios: every assertion holds where it should, and tells why where it does not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

extern crate std;

mod failures;
mod last_check;
mod stories;

use alloc::string::String;
use core::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

use super::Checked;
use super::Scenario;
use crate::rules::Ruleset;

pub(super) const RULES: &str = r#"{
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

pub(super) fn scenario() -> Scenario {
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
pub(super) fn failure<T>(action: impl FnOnce() -> T) -> String {
    let Err(error) = catch_unwind(AssertUnwindSafe(action)) else {
        panic!("nothing fails");
    };
    error.downcast_ref::<String>().expect("a message").clone()
}

pub(super) fn failure_of(checked: &Checked, assert: impl Fn(&Checked)) -> String {
    failure(|| assert(checked))
}
