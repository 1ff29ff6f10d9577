//! Merging: whose word counts.

use super::*;
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
