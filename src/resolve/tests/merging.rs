//! Merging: whose word counts.

use super::*;
use crate::base::RowKey;
use crate::diagnostic::OpenText;
use crate::resolve::codes;

fn two(rules: &str, heroma: Record, school: Record) -> Outcome {
    Case::with_rules(rules)
        .give(source("heroma/sml").record(heroma))
        .give(source("school/a").record(school))
        .run()
}

#[test]
fn sources_speak_in_the_order_of_their_names_or_of_the_rules() {
    let records = || {
        (
            person("a", ALMA, "Alma", "Alm"),
            person("x", ALMA, "Alma", "Ek"),
        )
    };
    let by_name = two(RULES, records().0, records().1);
    let row = by_name.person("heroma/sml:person:a");
    assert_eq!(by_name.says(row, "surname").as_deref(), Some("Alm"));
    let finding = by_name.findings(&codes::SOURCES_DISAGREE)[0];
    assert_eq!(
        finding.message,
        "`heroma/sml` and `school/a` say different things of `surname`"
    );
    assert_eq!(finding.field.as_deref(), Some("surname"));

    let ruled = alloc::format!("{RULES}\n[merge]\nsurname = [\"school\", \"heroma\"]\n");
    let by_rule = two(&ruled, records().0, records().1);
    assert_eq!(by_rule.says(row, "surname").as_deref(), Some("Ek"));
}

#[test]
fn no_opinion_empty_and_a_value_are_three_things() {
    let silent = Record::new("person", "a").with("number", ALMA);
    let empty = silent.clone().without("surname");
    let said = || person("x", ALMA, "Alma", "Ek");
    let row = two(RULES, silent.clone(), said()).person("school/a:person:x");
    assert_eq!(
        two(RULES, silent, said()).says(row, "surname").as_deref(),
        Some("Ek")
    );
    assert_eq!(two(RULES, empty, said()).says(row, "surname"), None);
}

#[test]
fn an_unreadable_value_leaves_the_word_to_the_next() {
    let bad = person("a", ALMA, "Alma", "Alm").with("birth_date", "soon");
    let outcome = two(
        RULES,
        bad,
        person("x", ALMA, "Alma", "Alm").with("birth_date", "1999-02-12"),
    );
    let row = outcome.person("heroma/sml:person:a");
    assert_eq!(
        outcome.says(row, "birth_date").as_deref(),
        Some("1999-02-12")
    );
    assert_eq!(outcome.findings(&codes::UNREADABLE_VALUE).len(), 1);
}

#[test]
fn a_birth_date_is_by_default_that_of_the_number_and_a_called_name_the_given_one() {
    let outcome = Case::new()
        .give(source("heroma/sml").record(person("a", ALMA, "Alma Eva", "Alm")))
        .run();
    let row = outcome.person("heroma/sml:person:a");
    assert_eq!(
        outcome.says(row, "birth_date").as_deref(),
        Some("1999-02-10")
    );
    assert_eq!(
        outcome.says(row, "called_name").as_deref(),
        Some("Alma Eva")
    );
}

#[test]
fn the_register_names_first_and_its_marking_gives_the_called_name() {
    let post = |marking: &str| {
        Record::new("register", ALMA)
            .with("given_names", "Eva Alma")
            .with("called_name_marking", marking)
            .with("surname", "Alm")
    };
    let run = |marking: &str| {
        Case::new()
            .give(source("heroma/sml").record(person("a", ALMA, "Alma", "Alm")))
            .give(source("navet/sml").record(post(marking)))
            .run()
    };
    let outcome = run("20");
    let row = outcome.person("heroma/sml:person:a");
    assert_eq!(outcome.says(row, "given_name").as_deref(), Some("Eva Alma"));
    assert_eq!(outcome.says(row, "called_name").as_deref(), Some("Alma"));
    assert!(
        outcome.resolution.findings.is_empty(),
        "{:?}",
        outcome.resolution.findings
    );
    let wrong = run("30");
    assert_eq!(wrong.says(row, "called_name").as_deref(), Some("Eva Alma"));
    assert!(wrong.has(&codes::CALLED_NAME_MARKING));
}

#[test]
fn a_word_that_is_too_old_counts_after_the_younger_ones() {
    let rules = alloc::format!(
        "{RULES}\n[merge]\nphone = {{ sources = [\"heroma\", \"school\"], max_age = \"30d\" }}\n"
    );
    let says = |heroma: &str, school: &str| {
        let phone = |name: &str, as_of: &str, number: &str| {
            let record = person("a", ALMA, "Alma", "Alm").with("phone", number);
            dated(name, as_of).record(record)
        };
        let outcome = Case::with_rules(&rules)
            .give(phone("heroma/sml", heroma, "0000-1"))
            .give(phone("school/a", school, "0000-2"))
            .run();
        let row = outcome.person("heroma/sml:person:a");
        (outcome.says(row, "phone"), outcome.horizon.recheck_on())
    };
    let (phone, recheck) = says("2026-10-24", "2026-11-23");
    assert_eq!(phone.as_deref(), Some("0000-1"));
    assert_eq!(
        recheck,
        Some(day("2026-11-24")),
        "thirty days are not too old"
    );
    assert_eq!(
        says("2026-10-23", "2026-11-23").0.as_deref(),
        Some("0000-2")
    );
    // Where all are too old the order counts again.
    assert_eq!(
        says("2026-10-01", "2026-10-02").0.as_deref(),
        Some("0000-1")
    );
}

#[test]
fn what_is_empty_on_purpose_meets_a_value_as_a_finding_and_no_opinion_does_not() {
    let silent = || Record::new("person", "a").with("number", ALMA);
    let said = || person("x", ALMA, "Alma", "Ek");
    let told = |outcome: &Outcome| -> Vec<OpenText> {
        let found = outcome.findings(&codes::SOURCES_DISAGREE);
        found.iter().map(|one| one.message.clone()).collect()
    };
    assert!(told(&two(RULES, silent(), said())).is_empty());
    let empty_first = two(RULES, silent().without("surname"), said());
    assert_eq!(
        told(&empty_first),
        ["`heroma/sml` says that `surname` is empty, and `school/a` gives a value"]
    );
    let ruled = alloc::format!("{RULES}\n[merge]\nsurname = [\"school\", \"heroma\"]\n");
    let value_first = two(&ruled, silent().without("surname"), said());
    assert_eq!(
        told(&value_first),
        ["`school/a` gives `surname` a value, and `heroma/sml` says that it is empty"]
    );
    let row = value_first.person("school/a:person:x");
    assert_eq!(value_first.says(row, "surname").as_deref(), Some("Ek"));
    // Two who agree that there is none agree.
    let both = two(
        RULES,
        silent().without("surname"),
        Record::new("person", "x")
            .with("number", ALMA)
            .without("surname"),
    );
    assert!(told(&both).is_empty());
}

#[test]
fn several_values_are_all_kept_each_once_with_all_who_give_it() {
    let heroma = || {
        person("a", ALMA, "Alma", "Alm")
            .with("phone", "070-174 06 05")
            .with("phone", "0523-1")
            .with("mail", "Alma@example.test")
    };
    let school = || {
        person("x", ALMA, "Alma", "Alm")
            .with("phone", "0701740605")
            .with("mail", "alma@example.test")
            .with("mail", "alm@example.test")
    };
    let origins = |rules: &str, heroma: Record| -> Vec<(String, String, Vec<String>)> {
        let outcome = two(rules, heroma, school());
        let key = outcome.keys()[0];
        let origins = outcome.resolution.origins.get(&key);
        origins
            .into_iter()
            .flatten()
            .map(|one| {
                let value = one.value().reveal().to_string();
                (one.field().to_string(), value, one.sources().to_vec())
            })
            .collect()
    };
    let both = || alloc::vec![String::from("heroma/sml"), String::from("school/a")];
    let entry = |field: &str, value: &str, sources: Vec<String>| {
        (String::from(field), String::from(value), sources)
    };
    assert_eq!(
        origins(RULES, heroma()),
        [
            entry("mails", "Alma@example.test", both()),
            entry(
                "mails",
                "alm@example.test",
                alloc::vec![String::from("school/a")]
            ),
            entry("phones", "070-174 06 05", both()),
            entry("phones", "0523-1", alloc::vec![String::from("heroma/sml")]),
        ]
    );
    // The order of the one field is that of the several; one that is empty on purpose adds none and takes none.
    let ruled = alloc::format!("{RULES}\n[merge]\nphone = [\"school\", \"heroma\"]\n");
    let turned = origins(&ruled, heroma());
    assert_eq!(turned[2].1, "0701740605");
    assert_eq!(turned[2].2, ["school/a", "heroma/sml"]);
    let emptied = origins(RULES, person("a", ALMA, "Alma", "Alm").without("phone"));
    assert_eq!(
        emptied[2],
        entry(
            "phones",
            "0701740605",
            alloc::vec![String::from("school/a")]
        )
    );
}

#[test]
fn a_stated_kind_of_number_is_kept_and_does_not_part_anybody() {
    let stated = person("a", ALMA, "Alma", "Alm").with("number_kind", "IMMUNITETSNUMMER");
    let case = Case::new()
        .give(dated("heroma/sml", "2026-11-22").record(stated))
        .give(dated("school/a", "2026-11-22").record(person("x", ALMA, "Alma", "Alm")))
        .on("2026-11-22");
    let outcome = case.run();
    assert_eq!(outcome.n_persons(), 1);
    let row = outcome.person("heroma/sml:person:a");
    assert_eq!(outcome.number(row, "kind").as_deref(), Some("Immunity"));
    // The ledger remembers it when the source states it no more.
    let later = case
        .after(&outcome, "2026-11-23")
        .give(dated("heroma/sml", "2026-11-23").record(person("a", ALMA, "Alma", "Alm")))
        .give(dated("school/a", "2026-11-23").record(person("x", ALMA, "Alma", "Alm")))
        .run();
    let row = later.person("school/a:person:x");
    assert_eq!(later.number(row, "kind").as_deref(), Some("Immunity"));
    assert!(later.resolution.transitions.is_empty());
}

#[test]
fn where_a_protected_person_is_registered_is_not_even_kept() {
    let post = |flag: &str| {
        Record::new("register", ALMA)
            .with("given_names", "Alma")
            .with("surname", "Alm")
            .with("confidentiality_marking", flag)
            .with("notification_name", "Alm, Alma")
            .with("address_2", "PROVGATAN 1")
            .with("postcode", "45600")
    };
    let says = |flag: &str, field: &str| {
        let outcome = Case::new()
            .give(source("heroma/sml").record(person("a", ALMA, "Alma", "Alm")))
            .give(source("navet/sml").record(post(flag)))
            .run();
        let row = outcome.person("heroma/sml:person:a");
        outcome
            .resolution
            .population
            .value(RecordKind::Register, row.row(), field)
            .is_some()
    };
    for field in ["address_2", "postcode"] {
        assert!(says("N", field) && !says("J", field), "{field}");
    }
    assert!(says("N", "notification_name"));
}
