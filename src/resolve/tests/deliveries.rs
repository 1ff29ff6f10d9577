//! Deliveries: what is accepted, what is frozen, and what becomes of records that are gone.

use super::*;
use crate::resolve::codes;

/// Thirty persons with an employment each.
fn many(as_of: &str, n_persons: usize) -> SourceInstance {
    let mut instance = dated("strict/sml", as_of);
    for number in 0..n_persons {
        let id = alloc::format!("p{number:02}");
        instance = instance
            .record(Record::new("person", &id).with("surname", "Alm"))
            .record(employment(&alloc::format!("e{number:02}"), &id));
    }
    instance
}

fn first() -> (Case, Outcome) {
    let case = Case::new().give(many("2026-11-23", 30));
    let outcome = case.run();
    (case, outcome)
}

fn n_in_force(outcome: &Outcome, on: &str) -> usize {
    let population = &outcome.resolution.population;
    let rows = population.persons().map(|(row, _)| row);
    rows.flat_map(|row| outcome.affiliations(row))
        .filter(|one| one.in_force.contains(day(on)))
        .count()
}

#[test]
fn a_missing_instance_stands_as_last_accepted_however_long() {
    let (case, outcome) = first();
    let later = case.after(&outcome, "2027-06-01").run();
    assert!(later.has(&codes::INSTANCE_MISSING));
    assert_eq!(n_in_force(&later, "2027-06-01"), 30);
    assert!(
        later
            .affiliations(later.person("strict/sml:person:p00"))
            .iter()
            .all(|one| one.frozen)
    );
    assert_eq!(later.keys(), outcome.keys());
}

#[test]
fn an_older_a_too_old_a_shrunken_and_an_empty_instance_are_frozen() {
    for (instance, as_of, code) in [
        (many("2026-11-22", 30), "2026-11-24", &codes::INSTANCE_OLDER),
        (
            many("2026-11-23", 30),
            "2026-11-27",
            &codes::INSTANCE_TOO_OLD,
        ),
        (
            many("2026-11-24", 26),
            "2026-11-24",
            &codes::INSTANCE_SHRUNKEN,
        ),
        (
            many("2026-11-24", 0),
            "2026-11-24",
            &codes::INSTANCE_SHRUNKEN,
        ),
        (
            many("2026-11-24", 30).count(90),
            "2026-11-24",
            &codes::COUNT_DIFFERS,
        ),
    ] {
        let (case, outcome) = first();
        let later = case.after(&outcome, as_of).give(instance).run();
        assert!(later.has(code), "{code}");
        assert_eq!(n_in_force(&later, as_of), 30, "{code}");
        assert!(
            later.resolution.memory.instances["strict/sml"]
                .records
                .iter()
                .all(|one| one.absent_since.is_none())
        );
    }
}

#[test]
fn nine_in_ten_are_enough_and_the_age_counts_to_the_day() {
    let (case, outcome) = first();
    let later = case
        .after(&outcome, "2026-11-26")
        .give(many("2026-11-23", 30))
        .run();
    assert!(!later.has(&codes::INSTANCE_TOO_OLD));
    assert_eq!(later.horizon.recheck_on(), Some(day("2026-11-27")));
    let (case, outcome) = first();
    let later = case
        .after(&outcome, "2026-11-24")
        .give(many("2026-11-24", 27))
        .run();
    assert!(!later.has(&codes::INSTANCE_SHRUNKEN) && later.has(&codes::RECORDS_GONE));
}

#[test]
fn a_record_that_is_gone_is_held_and_then_ends_as_of_the_day_it_was_gone() {
    let (case, outcome) = first();
    let gone = case
        .after(&outcome, "2026-11-24")
        .give(many("2026-11-24", 29));
    let held = gone.run();
    let person = held.person("strict/sml:person:p29");
    assert!(held.affiliations(person)[0].frozen);
    assert!(
        held.affiliations(person)[0]
            .in_force
            .contains(day("2027-01-01"))
    );
    assert_eq!(held.horizon.recheck_on(), Some(day("2026-11-27")));

    let last = gone.after(&held, "2026-11-26").give(many("2026-11-26", 29));
    let still = last.run();
    assert!(
        still.affiliations(still.person("strict/sml:person:p29"))[0]
            .in_force
            .contains(day("2027-01-01"))
    );

    let over = last
        .after(&still, "2026-11-27")
        .give(many("2026-11-27", 29));
    let ended = over.run();
    let person = ended.person("strict/sml:person:p29");
    assert_eq!(
        ended.affiliations(person)[0].in_force.end,
        day("2026-11-24")
    );
    assert_eq!(
        ended.says(person, "surname").as_deref(),
        Some("Alm"),
        "what was said last is still known"
    );

    let back = over
        .after(&ended, "2026-11-28")
        .give(many("2026-11-28", 30))
        .run();
    let again = back.person("strict/sml:person:p29");
    assert!(
        back.affiliations(again)[0]
            .in_force
            .contains(day("2027-01-01"))
    );
    assert_eq!(back.keys(), outcome.keys());
}

#[test]
fn absence_does_not_run_while_an_instance_is_frozen() {
    let (case, outcome) = first();
    let gone = case
        .after(&outcome, "2026-11-24")
        .give(many("2026-11-24", 29));
    let held = gone.run();
    let frozen = gone.after(&held, "2026-12-24");
    let later = frozen.run();
    let person = later.person("strict/sml:person:p29");
    assert!(
        later.affiliations(person)[0]
            .in_force
            .contains(day("2027-01-01"))
    );
}

#[test]
fn some_sources_keep_what_is_gone_and_what_ended_is_dropped_at_last() {
    let keeping = |as_of: &str, both: bool| {
        let mut instance = dated("keeping/sml", as_of)
            .record(person("a", ALMA, "Alma", "Alm"))
            .record(employment("1", "a"));
        if both {
            instance = instance.record(employment("2", "a"));
        }
        instance
    };
    let case = Case::new().give(keeping("2026-11-23", true));
    let outcome = case.run();
    let next = case
        .after(&outcome, "2026-11-24")
        .give(keeping("2026-11-24", false));
    let held = next.run();
    let later = next
        .after(&held, "2027-03-01")
        .give(keeping("2027-03-01", false))
        .run();
    assert_eq!(n_in_force(&later, "2027-03-01"), 2);

    let (case, outcome) = first();
    let next = case
        .after(&outcome, "2026-11-24")
        .give(many("2026-11-24", 29));
    let held = next.run();
    let late = next
        .after(&held, "2028-02-01")
        .give(many("2028-02-01", 29))
        .run();
    assert_eq!(late.n_persons(), 29);
    assert!(late.find("strict/sml:person:p29").is_none());
    assert_eq!(
        late.resolution.memory.persons.len(),
        30,
        "a person is never forgotten"
    );
}

#[test]
fn a_delta_merges_and_a_partial_delivery_ends_nothing() {
    let (case, outcome) = first();
    let mut delta = dated("strict/sml", "2026-11-24")
        .record(Record::new("employment", "e03").gone())
        .record(employment("e04", "p04").with("title", "Lärare"));
    delta.promise = Promise::Delta;
    let next = case.after(&outcome, "2026-11-24").give(delta);
    let later = next.run();
    assert_eq!(later.n_persons(), 30);
    let gone = later.person("strict/sml:person:p03");
    assert!(later.affiliations(gone)[0].frozen);
    let kept = later.person("strict/sml:person:p04");
    assert_eq!(
        later
            .of_only(kept, AffiliationKind::Employment, "title")
            .as_deref(),
        Some("Lärare")
    );

    let mut partial = many("2026-11-28", 5);
    partial.promise = Promise::Partial;
    let after = next.after(&later, "2026-11-28").give(partial).run();
    let gone = after.person("strict/sml:person:p20");
    assert!(
        after.affiliations(gone)[0]
            .in_force
            .contains(day("2027-01-01"))
    );
    assert_eq!(
        after.resolution.memory.instances["strict/sml"].count, 60,
        "the last complete count stays"
    );
}

#[test]
fn a_first_delta_an_instance_told_twice_and_a_run_before_the_last_are_told() {
    let mut delta = source("school/a");
    delta.promise = Promise::Delta;
    assert!(
        Case::new()
            .give(delta)
            .run()
            .has(&codes::DELTA_WITHOUT_BASE)
    );

    let one = source("school/a").record(person("1", ALMA, "Alma", "Alm"));
    let other = source("school/a").record(person("1", ALMA, "Alma", "Ek"));
    assert!(
        !Case::new()
            .give(one.clone())
            .give(one.clone())
            .run()
            .has(&codes::INSTANCE_TWICE)
    );
    let twice = Case::new().give(one).give(other).run();
    assert!(twice.has(&codes::INSTANCE_TWICE));
    assert_eq!(twice.n_persons(), 0);

    let (case, outcome) = first();
    let back = case
        .after(&outcome, "2026-11-20")
        .give(many("2026-11-20", 30))
        .run();
    assert!(back.has(&codes::RUN_BEFORE_LAST));
    assert_eq!(back.resolution.memory.as_of, Some(day("2026-11-23")));
}

#[test]
fn a_source_without_rules_is_taken_as_it_is_with_a_finding() {
    let outcome = Case::new()
        .give(source("nowhere/x").record(person("1", ALMA, "Alma", "Alm")))
        .run();
    assert!(outcome.has(&codes::UNDECLARED_SOURCE));
    assert_eq!(outcome.n_persons(), 1);
}

#[test]
fn one_record_less_than_declared_ends_nothing() {
    let (case, outcome) = first();
    let mut instance = many("2026-11-24", 30).count(60);
    instance.records.retain(|record| record.id != "e07");
    let later = case.after(&outcome, "2026-11-24").give(instance).run();
    assert!(later.has(&codes::COUNT_DIFFERS));
    let person = later.person("strict/sml:person:p07");
    assert!(!later.affiliations(person)[0].frozen);
}

#[test]
fn a_record_told_twice_stands_as_last_accepted_or_as_far_as_both_agree() {
    let one = employment("1", "a")
        .with("title", "Lärare")
        .with("end", "2026-12-31");
    let other = employment("1", "a")
        .with("title", "Lärare")
        .with("end", "2027-12-31");
    let alma = || source("school/a").record(person("a", ALMA, "Alma", "Alm"));
    let case = Case::new().give(alma().record(one.clone()).record(other.clone()));
    let outcome = case.run();
    assert!(outcome.has(&codes::RECORD_TWICE));
    let person = outcome.person("school/a:person:a");
    let field =
        |outcome: &Outcome, field| outcome.of_only(person, AffiliationKind::Employment, field);
    assert_eq!(field(&outcome, "title").as_deref(), Some("Lärare"));
    assert_eq!(field(&outcome, "end"), None);

    let case = Case::new().give(alma().record(one.clone()));
    let before = case.run();
    let mut again = alma().record(other).record(one.with("title", "Rektor"));
    again.as_of = day("2026-11-24");
    let later = case.after(&before, "2026-11-24").give(again).run();
    assert_eq!(field(&later, "end").as_deref(), Some("2026-12-31"));
}

#[test]
fn what_a_delivery_does_not_speak_of_is_not_gone() {
    let all = |as_of: &str| {
        dated("heroma/sml", as_of)
            .record(person("a", ALMA, "Alma", "Alm"))
            .record(employment("1", "a"))
            .record(employment("2", "a"))
    };
    let case = Case::new().give(all("2026-11-20")).on("2026-11-20");
    let first = case.run();
    let employments = |outcome: &Outcome, on: &str| {
        let person = outcome.person("heroma/sml:person:a");
        let in_force = outcome.affiliations(person).into_iter();
        in_force
            .filter(|one| one.in_force.contains(day(on)))
            .count()
    };
    // Only the employments come, and one of them is gone; the person is not spoken of.
    let some = |as_of: &str| {
        dated("heroma/sml", as_of)
            .scope("employment")
            .record(employment("1", "a"))
    };
    let next = case.after(&first, "2026-11-21").give(some("2026-11-21"));
    let second = next.run();
    assert!(!second.has(&codes::INSTANCE_SHRUNKEN));
    let later = next.after(&second, "2026-11-30").give(some("2026-11-30"));
    let third = later.run();
    assert_eq!(employments(&first, "2026-11-30"), 2);
    assert_eq!(employments(&third, "2026-11-30"), 1);
    let row = third.person("heroma/sml:person:a");
    assert_eq!(third.says(row, "surname").as_deref(), Some("Alm"));
    // A delivery that speaks of nothing that is known is no shrunken one, and ends nothing.
    let empty = dated("heroma/sml", "2026-12-01").scope("unit");
    let outcome = later.after(&third, "2026-12-01").give(empty).run();
    assert!(!outcome.has(&codes::INSTANCE_SHRUNKEN));
    assert_eq!(employments(&outcome, "2026-12-01"), 1);
}
