//! Affiliations and places: parents, days, leaves, units, groups, references.

use super::*;
use crate::base::RowKey;
use crate::resolve::codes;

fn pupil() -> SourceInstance {
    source("school/a").record(person("p", PUPIL, "Elof", "Ek"))
}

fn enrolment(id: &str, start: &str, end: &str) -> Record {
    Record::new("enrolment", id)
        .with("person", "p")
        .with("unit", "s1")
        .with("start", start)
        .with("end", end)
}

fn unit(id: &str, parent: &str) -> Record {
    Record::new("unit", id)
        .with("code", id)
        .with("name", id)
        .with("parent", parent)
}

fn of(outcome: &Outcome, kind: AffiliationKind) -> Vec<Affiliation> {
    let person = outcome.person("school/a:person:p");
    outcome
        .affiliations(person)
        .into_iter()
        .filter(|one| one.kind == kind)
        .cloned()
        .collect()
}

#[test]
fn a_placement_never_outlives_its_parent() {
    let member = Record::new("membership", "m")
        .with("person", "p")
        .with("parent", "e")
        .with("group", "7b")
        .with("start", "2026-08-01")
        .with("end", "2027-12-31");
    let group = Record::new("school_group", "7b")
        .with("type", "klass")
        .with("name", "7B")
        .with("school_year", "7");
    let case = |member: Record| {
        Case::new()
            .give(
                pupil()
                    .record(enrolment("e", "2026-08-15", "2027-06-12"))
                    .record(member)
                    .record(group.clone())
                    .record(unit("s1", "")),
            )
            .run()
    };
    let outcome = case(member.clone());
    let membership = &of(&outcome, AffiliationKind::Membership)[0];
    assert_eq!(
        (membership.in_force.start, membership.in_force.end),
        (day("2026-08-15"), day("2027-06-13"))
    );
    assert!(membership.parent.is_some());
    let row = outcome.person("school/a:person:p");
    assert_eq!(
        outcome
            .of_only(row, AffiliationKind::Membership, "group")
            .as_deref(),
        Some("0")
    );
    assert_eq!(
        outcome.text(RecordKind::SchoolGroup, 0, "type").as_deref(),
        Some("Klass")
    );
    assert_eq!(
        outcome.text(RecordKind::SchoolGroup, 0, "id").as_deref(),
        Some("school/a:7b")
    );
    assert!(!outcome.has(&codes::PARENT_MISSING));

    let mut orphan = member;
    orphan
        .fields
        .insert(String::from("parent"), alloc::vec!["gone".into()]);
    let outcome = case(orphan);
    let membership = &of(&outcome, AffiliationKind::Membership)[0];
    assert_eq!(membership.in_force.start, day("2026-08-01"));
    assert!(membership.parent.is_none() && outcome.has(&codes::PARENT_MISSING));
}

#[test]
fn a_parent_of_somebody_else_is_none() {
    let outcome = Case::new()
        .give(
            source("heroma/sml")
                .record(person("a", ALMA, "Alma", "Alm"))
                .record(person("b", BODIL, "Bodil", "Ek"))
                .record(employment("1", "a").with("end", "2026-12-31"))
                .record(
                    Record::new("duty", "d")
                        .with("person", "b")
                        .with("parent", "1"),
                ),
        )
        .run();
    assert!(outcome.has(&codes::PARENT_MISSING));
    let bodil = outcome.person("heroma/sml:person:b");
    assert!(
        outcome.affiliations(bodil)[0]
            .in_force
            .contains(day("2030-01-01"))
    );
}

#[test]
fn inverted_days_are_set_aside_and_overlapping_schools_are_told() {
    let outcome = Case::new()
        .give(
            pupil()
                .record(unit("s1", ""))
                .record(enrolment("e", "2026-08-15", "2026-08-01")),
        )
        .run();
    assert!(outcome.has(&codes::INVERTED_INTERVAL));
    assert!(of(&outcome, AffiliationKind::Enrolment).is_empty());
    let two = pupil()
        .record(unit("s1", ""))
        .record(unit("s2", ""))
        .record(enrolment("e", "2026-08-15", "2027-06-12"))
        .record(
            Record::new("enrolment", "f")
                .with("person", "p")
                .with("unit", "s2")
                .with("start", "2026-11-01"),
        );
    let outcome = Case::new().give(two).run();
    assert!(outcome.has(&codes::OVERLAPPING_ENROLMENTS));
    assert_eq!(of(&outcome, AffiliationKind::Enrolment).len(), 2);
}

#[test]
fn a_unit_of_one_code_and_municipality_is_one_unit_for_all_sources() {
    let heroma = || {
        source("heroma/sml")
            .record(person("a", ALMA, "Alma", "Alm"))
            .record(employment("1", "a").with("unit", "norra"))
    };
    let units = |municipality: &str| {
        source("units/sml")
            .record(unit("skola", ""))
            .record(unit("norra", "skola").with("municipality", municipality))
    };
    let school = || {
        let mut record = Record::new("unit", "0-1").with("code", "norra");
        record = record.with("school_unit_code", "99143001");
        source("school/a").municipality("1430").record(record)
    };
    let one = Case::new()
        .give(heroma())
        .give(units("1430"))
        .give(school())
        .run();
    assert!(!one.has(&codes::AMBIGUOUS_REFERENCE));
    let alma = one.person("heroma/sml:person:a");
    let at = one.of_only(alma, AffiliationKind::Employment, "unit");
    let at = at.unwrap().parse().unwrap();
    // Each source tells what the other does not.
    for (field, value) in [("name", "norra"), ("school_unit_code", "99143001")] {
        let told = one.text(RecordKind::Unit, at, field);
        assert_eq!(told.as_deref(), Some(value));
    }
    let above = one
        .resolution
        .population
        .unit_parent(crate::model::UnitRow::from_row(at));
    assert!(above.is_some());
    let two = Case::new()
        .give(heroma())
        .give(units("1427"))
        .give(school())
        .run();
    assert!(two.has(&codes::AMBIGUOUS_REFERENCE));
}

/// A delivery with one enrolment, cancelled or not.
fn with_cancelled(as_of: &str, cancelled: &str) -> SourceInstance {
    let mut instance = pupil()
        .record(unit("s1", ""))
        .record(enrolment("e", "2026-08-15", "2027-06-12").with("cancelled", cancelled));
    instance.as_of = day(as_of);
    instance
}

#[test]
fn a_cancelled_enrolment_ends_on_the_day_it_was_first_seen_to_be() {
    let end = |outcome: &Outcome| of(outcome, AffiliationKind::Enrolment)[0].in_force.end;
    let mut case = Case::new().give(with_cancelled("2026-11-23", "false"));
    let mut outcome = case.run();
    assert_eq!(end(&outcome), day("2027-06-13"));
    for (as_of, cancelled, expected) in [
        ("2026-12-01", "true", "2026-12-01"),
        ("2026-12-05", "true", "2026-12-01"),
        ("2026-12-06", "false", "2027-06-13"),
    ] {
        case = case
            .after(&outcome, as_of)
            .give(with_cancelled(as_of, cancelled));
        outcome = case.run();
        assert_eq!(end(&outcome), day(expected), "{as_of}");
    }
}

#[test]
fn an_enrolment_that_was_never_seen_in_force_never_was() {
    let case = Case::new().give(with_cancelled("2026-11-23", "true"));
    let first = case.run();
    assert!(of(&first, AffiliationKind::Enrolment).is_empty());
    let next = case
        .after(&first, "2026-12-01")
        .give(with_cancelled("2026-12-01", "true"));
    assert!(of(&next.run(), AffiliationKind::Enrolment).is_empty());
}

#[test]
fn leave_is_full_or_a_part_and_has_days() {
    let record = employment("1", "a")
        .with("leave_start", "2026-11-01")
        .with("leave_end", "2026-11-30")
        .with("leave_extent", "400")
        .with("leave_start", "2027-01-01")
        .with("leave_end", "2027-01-31")
        .with("leave_extent", "")
        .with("leave_start", "2027-03-01")
        .with("leave_end", "2027-02-01");
    let run = |on: &str| {
        let instance = source("heroma/sml")
            .record(person("a", ALMA, "Alma", "Alm"))
            .record(record.clone());
        Case::new().on(on).give(instance).run()
    };
    let outcome = run("2026-11-23");
    let alma = outcome.person("heroma/sml:person:a");
    let leave = &outcome.affiliations(alma)[0].leave;
    assert_eq!(leave.len(), 1);
    assert_eq!(
        (leave[0].start, leave[0].end),
        (day("2027-01-01"), day("2027-02-01"))
    );
    assert_eq!(
        outcome
            .of_only(alma, AffiliationKind::Employment, "leave_extent")
            .as_deref(),
        Some("400")
    );
    assert_eq!(outcome.horizon.recheck_on(), Some(day("2026-12-01")));
    assert_eq!(outcome.findings(&codes::INVERTED_INTERVAL).len(), 1);
    assert_eq!(
        run("2026-12-01").of_only(alma, AffiliationKind::Employment, "leave_extent"),
        None
    );
}

#[test]
fn units_are_found_by_id_by_code_and_across_sources_when_one_has_the_code() {
    let heroma = |unit: &str| {
        source("heroma/sml")
            .record(person("a", ALMA, "Alma", "Alm"))
            .record(employment("1", "a").with("unit", unit))
    };
    let units = || {
        source("units/sml")
            .record(unit("skola", ""))
            .record(unit("norra", "skola").with("head", "heroma.employment:1"))
    };
    let outcome = Case::new().give(heroma("norra")).give(units()).run();
    let alma = outcome.person("heroma/sml:person:a");
    let at = outcome
        .of_only(alma, AffiliationKind::Employment, "unit")
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(
        outcome.text(RecordKind::Unit, at, "name").as_deref(),
        Some("norra")
    );
    assert_eq!(
        outcome.text(RecordKind::Unit, at, "head"),
        Some(alma.row().to_string())
    );
    let parent = outcome
        .resolution
        .population
        .unit_parent(crate::model::UnitRow::from_row(at))
        .unwrap();
    assert_eq!(
        outcome
            .text(RecordKind::Unit, parent.row(), "code")
            .as_deref(),
        Some("skola")
    );

    let more = source("school/a").record(unit("norra", ""));
    let several = Case::new()
        .give(heroma("norra"))
        .give(units())
        .give(more)
        .run();
    assert!(several.has(&codes::AMBIGUOUS_REFERENCE));
    let named = Case::new()
        .give(heroma("units.unit:norra"))
        .give(units())
        .run();
    assert!(!named.has(&codes::UNRESOLVED_REFERENCE));
    assert!(
        Case::new()
            .give(heroma("södra"))
            .give(units())
            .run()
            .has(&codes::UNRESOLVED_REFERENCE)
    );
}

#[test]
fn a_circle_of_units_is_broken_once_and_a_long_line_is_fine() {
    let circle = source("units/x")
        .record(unit("a", "b"))
        .record(unit("b", "c"))
        .record(unit("c", "b"));
    let outcome = Case::new().give(circle).run();
    assert_eq!(outcome.findings(&codes::UNIT_CIRCLE).len(), 1);
    let parent = |row: u32| outcome.text(RecordKind::Unit, row, "parent");
    assert_eq!(
        (parent(0).as_deref(), parent(1), parent(2).as_deref()),
        (Some("1"), None, Some("1"))
    );

    let mut line = source("units/x");
    for number in 0..20_000_u32 {
        line.records.push(unit(
            &number.to_string(),
            &number.saturating_add(1).to_string(),
        ));
    }
    let outcome = Case::new().give(line).run();
    assert_eq!(outcome.findings(&codes::UNIT_CIRCLE).len(), 0);
    assert_eq!(outcome.findings(&codes::UNRESOLVED_REFERENCE).len(), 1);
}

#[test]
fn a_manager_and_an_employer_that_are_not_there_are_told() {
    let record = employment("1", "a")
        .with("manager", "99")
        .with("hiring_manager", "2");
    let mut other = employment("2", "b");
    other
        .fields
        .insert(String::from("employer"), alloc::vec!["9999".into()]);
    let outcome = Case::new()
        .give(
            source("heroma/sml")
                .record(person("a", ALMA, "Alma", "Alm"))
                .record(person("b", BODIL, "Bodil", "Ek"))
                .record(record)
                .record(other),
        )
        .run();
    let alma = outcome.person("heroma/sml:person:a");
    let bodil = outcome.person("heroma/sml:person:b");
    assert_eq!(
        outcome.of_only(alma, AffiliationKind::Employment, "hiring_manager"),
        Some(bodil.row().to_string())
    );
    assert_eq!(
        outcome.of_only(alma, AffiliationKind::Employment, "manager"),
        None
    );
    assert_eq!(outcome.findings(&codes::UNRESOLVED_REFERENCE).len(), 1);
    let finding = outcome.findings(&codes::NO_SUCH_ROW)[0];
    assert!(!finding.message.contains("9999"));
}

#[test]
fn keys_are_opaque_the_same_in_every_run_and_in_order() {
    let instance = || {
        source("heroma/sml")
            .record(person("a", ALMA, "Alma", "Alm"))
            .record(employment("1", "a"))
            .record(employment("2", "a"))
            .record(employment("3", "a"))
    };
    let keys = |outcome: &Outcome| -> Vec<String> {
        let alma = outcome.person("heroma/sml:person:a");
        outcome
            .affiliations(alma)
            .iter()
            .map(|one| one.key.to_string())
            .collect()
    };
    let first = keys(&Case::new().give(instance()).run());
    assert!(first.is_sorted() && first.len() == 3 && first.iter().all(|key| key.len() == 32));
    assert_eq!(
        keys(&Case::new().on("2026-11-24").give(instance()).run()),
        first
    );
}

#[test]
fn who_is_on_full_leave_is_away_from_what_belongs_to_it_as_well() {
    let away = employment("1", "a")
        .with("leave_start", "2026-11-01")
        .with("leave_end", "2026-11-30");
    let duty = Record::new("duty", "d")
        .with("person", "a")
        .with("parent", "1")
        .with("start", "2026-01-01");
    let instance = source("heroma/sml")
        .record(person("a", ALMA, "Alma", "Alm"))
        .record(away)
        .record(duty);
    let outcome = Case::new().on("2026-11-23").give(instance).run();
    let alma = outcome.person("heroma/sml:person:a");
    let found = outcome.affiliations(alma);
    let duty = found
        .iter()
        .find(|one| one.kind == AffiliationKind::Duty)
        .unwrap();
    let days: Vec<_> = duty.leave.iter().map(|one| (one.start, one.end)).collect();
    assert_eq!(days, [(day("2026-11-01"), day("2026-12-01"))]);
}
