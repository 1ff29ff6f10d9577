//! Mapping: what records say, by programs or as they are, and what happens to what cannot be read.

use super::*;
use crate::diagnostic::OpenText;
use crate::diagnostic::Subject;
use crate::resolve::codes;

fn row(id: &str) -> Record {
    Record::new("employment", id)
        .with("NR", "e-1")
        .with("PERSON", "p-1")
        .with("PNR", ALMA)
        .with("FIRST", "Alma")
        .with("LAST", "Alm")
        .with("SECRET", "")
        .with("EMPLOYER", "1430")
        .with("FROM", "2026-01-01")
        .with("TO", "2026-12-31")
        .with("SHARE", "75,50")
        .with("BOSS", "")
}

fn with(mut record: Record, field: &str, text: &str) -> Record {
    record
        .fields
        .insert(String::from(field), alloc::vec![text.into()]);
    record
}

#[test]
fn programs_make_facts_of_columns() {
    let boss = with(
        with(with(row("2"), "NR", "e-2"), "PERSON", "p-2"),
        "PNR",
        BODIL,
    );
    let outcome = Case::new()
        .give(
            source("mapped/x")
                .record(with(row("1"), "BOSS", "e-2"))
                .record(boss),
        )
        .run();
    assert!(
        outcome.resolution.findings.is_empty(),
        "{:?}",
        outcome.resolution.findings
    );
    let alma = outcome.person("mapped/x:employment:e-1");
    assert_eq!(outcome.says(alma, "given_name").as_deref(), Some("Alma"));
    assert_eq!(outcome.number(alma, "text").as_deref(), Some(ALMA));
    let of = |field| outcome.of_only(alma, AffiliationKind::Employment, field);
    assert_eq!(of("extent").as_deref(), Some("755"));
    assert_eq!(of("start").as_deref(), Some("2026-01-01"));
    assert_eq!(of("end").as_deref(), Some("2026-12-31"));
    assert_eq!(
        outcome.affiliations(alma)[0].in_force.end,
        day("2027-01-01")
    );
    let bodil = outcome.person("mapped/x:employment:e-2");
    assert_eq!(
        of("manager"),
        Some(crate::base::RowKey::row(bodil).to_string())
    );
}

#[test]
fn a_map_looks_rows_up_in_tables() {
    let rules = r#"
language = 1
name = "tables"
[table.form]
T = { name = "permanent", main = true }
V = { name = "substitute" }
[source.mapped.map.employment]
person = 'record.PERSON'
number = 'record.PNR'
form = 'table.form[?record.FORM].name.orValue("hourly")'
main = 'table.form[?record.FORM].main.orValue(false)'
title = 'table.form[record.FORM].name'
start = 'date(record.FROM)'
"#;
    let give = |id: &str, person: &str, number: &str, form: &str| {
        let record = with(with(row(id), "PERSON", person), "PNR", number);
        with(record, "FORM", form)
    };
    let outcome = Case::with_rules(rules)
        .give(
            source("mapped/x")
                .record(give("1", "p-1", ALMA, "T"))
                .record(give("2", "p-2", BODIL, "X")),
        )
        .run();
    let of = |person: &str, field: &str| {
        let person = outcome.person(&alloc::format!("mapped/x:person:{person}"));
        outcome.of_only(person, AffiliationKind::Employment, field)
    };
    assert_eq!(of("p-1", "form").as_deref(), Some("permanent"));
    assert_eq!(of("p-1", "main").as_deref(), Some("true"));
    assert_eq!(of("p-1", "title").as_deref(), Some("permanent"));
    assert_eq!(of("p-2", "form").as_deref(), Some("hourly"));
    assert_eq!(of("p-2", "main").as_deref(), Some("false"));
    assert_eq!(of("p-2", "title"), None);
    let findings = outcome.findings(&codes::MAPPING_FAILED);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].field.as_deref(), Some("title"));
}

#[test]
fn letters_that_nobody_sees_are_taken_out_and_less_than_nothing_is_no_extent() {
    let record = Record::new("employment", "1")
        .with("person", "p-1")
        .with("number", ALMA)
        .with("given_name", "Al\0ma")
        .with("surname", "\u{202e}Alm")
        .with("start", "2026-01-01")
        .with("extent", "-100");
    let outcome = Case::new().give(source("heroma/x").record(record)).run();
    let alma = outcome.person("heroma/x:person:p-1");
    assert_eq!(outcome.says(alma, "given_name").as_deref(), Some("Alma"));
    assert_eq!(outcome.says(alma, "surname").as_deref(), Some("Alm"));
    assert_eq!(
        outcome.of_only(alma, AffiliationKind::Employment, "extent"),
        None
    );
    let fields = |code| {
        let found = outcome.findings(code).into_iter();
        let fields: Vec<Option<OpenText>> = found.map(|finding| finding.field.clone()).collect();
        fields
    };
    assert_eq!(
        fields(&codes::UNSEEN_LETTERS),
        [Some("given_name".into()), Some("surname".into())]
    );
    assert_eq!(fields(&codes::UNREADABLE_VALUE), [Some("extent".into())]);
}

#[test]
fn a_missing_column_is_no_opinion_and_a_wrong_value_a_finding_of_its_field() {
    let mut short = row("1");
    short.fields.remove("LAST");
    let outcome = Case::new()
        .give(source("mapped/x").record(with(short, "SHARE", "half")))
        .run();
    let finding = outcome.findings(&codes::MAPPING_FAILED)[0];
    assert_eq!(finding.field.as_deref(), Some("extent"));
    assert!(
        matches!(&finding.subject, Subject::Record { instance, record, .. } if instance == "mapped/x" && record == "1")
    );
    assert_eq!(outcome.resolution.findings.len(), 1);
    let alma = outcome.person("mapped/x:person:p-1");
    assert_eq!(outcome.says(alma, "surname"), None);
    assert_eq!(
        outcome
            .of_only(alma, AffiliationKind::Employment, "employer")
            .as_deref(),
        Some("1430")
    );
}

#[test]
fn a_new_record_without_readable_dates_gives_nothing_and_a_known_one_keeps_what_it_had() {
    let bad = with(row("1"), "TO", "2026-13-31");
    let outcome = Case::new()
        .give(source("mapped/x").record(bad.clone()))
        .run();
    assert!(outcome.has(&codes::RECORD_HELD));
    let alma = outcome.person("mapped/x:person:p-1");
    assert!(outcome.affiliations(alma).is_empty());
    assert_eq!(
        outcome.says(alma, "surname").as_deref(),
        Some("Alm"),
        "nothing else is lost"
    );

    let case = Case::new().give(source("mapped/x").record(row("1")));
    let before = case.run();
    let mut instance = source("mapped/x").record(bad);
    instance.as_of = day("2026-11-24");
    let next = case.after(&before, "2026-11-24").give(instance.clone());
    let later = next.run();
    assert_eq!(later.affiliations(alma)[0].in_force.end, day("2027-01-01"));
    assert!(later.affiliations(alma)[0].frozen);
    let again = next.after(&later, "2026-11-25").give(instance).run();
    assert_eq!(
        again.affiliations(alma)[0].in_force.end,
        day("2027-01-01"),
        "bad data is never what was last accepted"
    );
}

#[test]
fn values_are_read_by_the_field_table() {
    let record = employment("1", "a")
        .with("main", "J")
        .with("is_manager", "nej")
        .with("extent", "lots")
        .with("end", "9999-12-31");
    let alma = person("a", ALMA, "Alma", "Alm")
        .with("shoe_size", "38")
        .with("birth_date", "1999-02-11T00:00:00");
    let outcome = Case::new()
        .give(source("heroma/sml").record(record).record(alma))
        .run();
    let alma = outcome.person("heroma/sml:person:a");
    let of = |field| outcome.of_only(alma, AffiliationKind::Employment, field);
    assert_eq!(of("main").as_deref(), Some("true"));
    assert_eq!(of("is_manager").as_deref(), Some("false"));
    assert_eq!((of("extent"), of("end")), (None, None));
    assert_eq!(outcome.says(alma, "shoe_size").as_deref(), Some("38"));
    assert_eq!(
        outcome.says(alma, "birth_date").as_deref(),
        Some("1999-02-11")
    );
    let findings = outcome.findings(&codes::UNREADABLE_VALUE);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].field.as_deref(), Some("extent"));
    assert!(!alloc::format!("{findings:?}").contains("lots"));
}

#[test]
fn an_exclusive_end_is_the_day_after_the_last() {
    let ended = || employment("1", "a").with("end", "2026-12-31");
    let alma = || person("a", ALMA, "Alma", "Alm");
    for (name, end) in [("heroma/x", "2027-01-01"), ("exclusive/x", "2026-12-31")] {
        let outcome = Case::new()
            .give(source(name).record(alma()).record(ended()))
            .run();
        let row = outcome.person(&alloc::format!("{name}:person:a"));
        assert_eq!(
            outcome.affiliations(row)[0].in_force.end,
            day(end),
            "{name}"
        );
    }
}

#[test]
fn an_override_holds_through_its_last_day_and_says_only_what_it_says() {
    let sources = |case: Case| {
        case.give(
            source("heroma/sml")
                .record(person("a", ALMA, "Alma", "Alm"))
                .record(employment("1", "a")),
        )
        .give(
            source("overrides/sml").record(
                person("o-1", ALMA, "", "Ek")
                    .with("phone", "")
                    .with("expires", "2026-11-24"),
            ),
        )
    };
    let before = sources(Case::new()).run();
    let alma = before.person("heroma/sml:person:a");
    assert_eq!(before.n_persons(), 1);
    assert_eq!(before.says(alma, "surname").as_deref(), Some("Ek"));
    assert_eq!(
        before.says(alma, "given_name").as_deref(),
        Some("Alma"),
        "a blank override has no opinion"
    );
    assert_eq!(before.horizon.recheck_on(), Some(day("2026-11-25")));
    assert_eq!(
        sources(Case::new().on("2026-11-24"))
            .run()
            .says(alma, "surname")
            .as_deref(),
        Some("Ek")
    );
    assert_eq!(
        sources(Case::new().on("2026-11-25"))
            .run()
            .says(alma, "surname")
            .as_deref(),
        Some("Alm")
    );
}

#[test]
fn an_override_employment_ends_when_it_expires_and_should_have_an_end() {
    let inline = |id: &str| {
        employment(id, "")
            .with("number", CARL)
            .with("surname", "Ask")
            .with("given_name", "Carl")
    };
    let mut first = inline("o-1").with("expires", "2026-12-31");
    first.fields.remove("person");
    let mut second = inline("o-2");
    second.fields.remove("person");
    let outcome = Case::new()
        .give(source("overrides/sml").record(first).record(second))
        .run();
    assert_eq!(outcome.findings(&codes::OVERRIDE_WITHOUT_END).len(), 1);
    assert_eq!(outcome.n_persons(), 1, "one number, one person");
    let carl = outcome.person("overrides/sml:employment:o-1");
    let mut ends: Vec<_> = outcome
        .affiliations(carl)
        .iter()
        .map(|one| one.in_force.end)
        .collect();
    ends.sort();
    assert_eq!(ends[0], day("2027-01-01"));
}

#[test]
fn unknown_kinds_and_two_records_of_one_mapped_id_are_told() {
    let outcome = Case::new()
        .give(source("heroma/x").record(Record::new("vehicle", "1")))
        .run();
    assert!(outcome.has(&codes::UNKNOWN_RECORD_KIND));
    let outcome = Case::new()
        .give(source("mapped/x").record(row("1")).record(row("2")))
        .run();
    assert_eq!(outcome.findings(&codes::RECORD_TWICE).len(), 1);
    assert_eq!(
        outcome
            .affiliations(outcome.person("mapped/x:person:p-1"))
            .len(),
        1
    );
}

#[test]
fn of_a_source_only_the_kinds_that_it_gives_are_taken() {
    let run = |gives: &str| {
        let rules = RULES.replace(
            "[source.school]",
            &alloc::format!("[source.school]\n{gives}"),
        );
        let school = source("school/a")
            .record(person("a", ALMA, "Alma", "Alm"))
            .record(Record::new("employment", "1").with("person", "a"))
            .record(Record::new("duty", "2").with("person", "a"));
        let outcome = Case::with_rules(&rules).give(school).run();
        let alma = outcome.person("school/a:person:a");
        let of = outcome.affiliations(alma);
        of.iter().map(|one| one.kind).collect::<Vec<_>>()
    };
    assert_eq!(run("").len(), 2);
    assert_eq!(
        run("gives = [\"person\", \"duty\"]"),
        [AffiliationKind::Duty]
    );
}
