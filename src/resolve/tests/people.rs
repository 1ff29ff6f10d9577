//! People: who is one person, who is not, and what is only proposed.

use super::*;
use crate::base::Secret;
use crate::identity::NumberKind;
use crate::resolve::Whom;
use crate::resolve::codes;
use crate::resolve::decision::TransitionKind;

fn whom(token: (&str, &str, &str)) -> Whom {
    Whom::Record {
        instance: token.0.to_string(),
        kind: token.1.to_string(),
        id: token.2.to_string(),
    }
}

fn has_kind(outcome: &Outcome, kind: TransitionKind) -> bool {
    outcome
        .resolution
        .transitions
        .iter()
        .any(|one| one.kind == kind)
}

#[test]
fn one_number_is_one_person_across_sources() {
    let outcome = Case::new()
        .give(source("heroma/sml").record(person("a", ALMA, "Alma", "Alm")))
        .give(source("school/a").record(person("x", "990210-2384", "Alma", "Alm")))
        .run();
    assert_eq!(outcome.n_persons(), 1);
    assert_eq!(
        outcome.person("heroma/sml:person:a"),
        outcome.person("school/a:person:x")
    );
    assert!(has_kind(&outcome, TransitionKind::Appeared));
}

#[test]
fn a_temporary_number_counts_in_its_municipality_only() {
    let pupil = |name: &str, code: &str| {
        source(name)
            .municipality(code)
            .record(person("x", TF, "Elof", "Ek"))
    };
    let two = Case::new()
        .give(pupil("school/a", "1427"))
        .give(pupil("school/b", "1430"))
        .run();
    assert_eq!(two.n_persons(), 2);
    let one = Case::new()
        .give(pupil("school/a", "1430"))
        .give(pupil("school/b", "1430"))
        .run();
    assert_eq!(one.n_persons(), 1);
    let row = one.person("school/a:person:x");
    assert_eq!(one.number(row, "kind").as_deref(), Some("TF"));
    assert_eq!(one.number(row, "issuer").as_deref(), Some("1430"));
}

#[test]
fn a_new_number_on_the_same_record_keeps_the_person() {
    let pupil = |as_of: &str, number: &str| {
        dated("school/a", as_of)
            .municipality("1430")
            .record(person("x", number, "Elof", "Ek"))
    };
    let case = Case::new().give(pupil("2026-11-23", TF));
    let before = case.run();
    let next = case
        .after(&before, "2026-11-24")
        .give(pupil("2026-11-24", PUPIL));
    let later = next.run();
    assert_eq!(later.keys(), before.keys());
    assert_eq!(
        later
            .number(later.person("school/a:person:x"), "text")
            .as_deref(),
        Some(PUPIL)
    );
    let changed = TransitionKind::NumberChanged {
        from: NumberKind::TF,
        to: NumberKind::PersonalNumber,
    };
    assert!(has_kind(&later, changed));
    assert!(
        !later
            .resolution
            .population
            .person(later.person("school/a:person:x"))
            .held
    );
    // The old number still leads to the person.
    let old = next
        .after(&later, "2026-11-25")
        .give(pupil("2026-11-25", PUPIL));
    let old = old.give(
        dated("school/b", "2026-11-25")
            .municipality("1430")
            .record(person("y", TF, "Elof", "Ek")),
    );
    assert_eq!(old.run().keys(), before.keys());
}

#[test]
fn a_new_number_that_lives_as_another_person_elsewhere_is_held() {
    let both = |as_of: &str| {
        dated("school/a", as_of)
            .record(person("x", ALMA, "Alma", "Alm"))
            .record(person("y", BODIL, "Bodil", "Ek"))
    };
    let heroma = |as_of: &str, number: &str| {
        dated("heroma/sml", as_of).record(person("a", number, "Alma", "Alm"))
    };
    let case = Case::new()
        .give(both("2026-11-23"))
        .give(heroma("2026-11-23", ALMA));
    let before = case.run();
    let next = case
        .after(&before, "2026-11-24")
        .give(both("2026-11-24"))
        .give(heroma("2026-11-24", BODIL));
    let later = next.run();
    assert_eq!(later.keys(), before.keys());
    assert!(later.has(&codes::LINK_HELD));
    let alma = later.person("heroma/sml:person:a");
    assert_eq!(later.number(alma, "text").as_deref(), Some(ALMA));
    assert!(later.resolution.population.person(alma).held);
    assert_eq!(
        later.resolution.memory.persons[&later.resolution.population.person(alma).key].held_since,
        Some(day("2026-11-24"))
    );

    let decided = next.decide(Decision::Same {
        one: whom(("heroma/sml", "person", "a")),
        other: Whom::Number {
            number: Secret::new(String::from(BODIL)),
            issuer: None,
        },
    });
    let decided = decided.run();
    assert_eq!(decided.n_persons(), 1);
    assert_eq!(decided.resolution.memory.merged.len(), 1);
}

#[test]
fn a_record_id_that_jumps_to_somebody_else_is_held() {
    let heroma = |as_of: &str, number: &str, given: &str, surname: &str| {
        dated("heroma/sml", as_of).record(person("a", number, given, surname))
    };
    let case = Case::new().give(heroma("2026-11-23", ALMA, "Alma", "Alm"));
    let before = case.run();
    let later = case
        .after(&before, "2026-11-24")
        .give(heroma("2026-11-24", CARL, "Carl", "Ask"))
        .run();
    assert_eq!(later.keys(), before.keys());
    assert!(later.has(&codes::LINK_HELD));
    // It waits for a decision, however often it comes again.
    let case = Case::new().after(&later, "2026-11-25");
    let again = case.give(heroma("2026-11-25", CARL, "Carl", "Ask")).run();
    assert!(again.has(&codes::LINK_HELD));
    assert_eq!(again.keys(), before.keys());
    let case = Case::new().after(&again, "2026-11-26");
    let case = case.give(heroma("2026-11-26", CARL, "Carl", "Ask"));
    let number = Whom::Number {
        number: Secret::new(String::from(CARL)),
        issuer: None,
    };
    let known = Whom::Person(before.keys()[0]);
    // Either somebody else: the record is theirs, and whoever it was goes on without it.
    let parted = Case {
        decisions: alloc::vec![Decision::Apart {
            one: known.clone(),
            other: number.clone(),
        }],
        rules: case.rules.clone(),
        instances: case.instances.clone(),
        ledger: case.ledger.clone(),
        as_of: case.as_of,
    };
    let parted = parted.run();
    let carl = parted.person("heroma/sml:person:a");
    let key = parted.resolution.population.person(carl).key;
    assert_ne!(key, before.keys()[0]);
    assert_eq!(parted.number(carl, "text").as_deref(), Some(CARL));
    assert!(!parted.has(&codes::LINK_HELD) && !parted.has(&codes::DECISION_WITHOUT_EFFECT));
    assert!(has_kind(
        &parted,
        TransitionKind::Split {
            from: before.keys()[0]
        }
    ));
    // Or the same after all.
    let same = case.decide(Decision::Same {
        one: known,
        other: number,
    });
    let same = same.run();
    assert_eq!(same.keys(), before.keys());
    assert!(!same.has(&codes::LINK_HELD));
    // The same with an unchanged name is a corrected number.
    let case = Case::new().give(heroma("2026-11-23", ALMA, "Alma", "Alm"));
    let before = case.run();
    let later = case
        .after(&before, "2026-11-24")
        .give(heroma("2026-11-24", CARL, "Alma", "Alm"))
        .run();
    assert!(!later.has(&codes::LINK_HELD));
    assert_eq!(later.keys(), before.keys());
}

#[test]
fn a_source_that_uses_ids_again_gives_a_new_person_a_new_key() {
    let old = |as_of: &str, number: &str| {
        dated("old/x", as_of).record(person("1", number, "Alma", "Alm"))
    };
    let case = Case::new().give(old("2026-11-23", ALMA));
    let before = case.run();
    let next = case
        .after(&before, "2026-11-24")
        .give(old("2026-11-24", BODIL));
    let later = next.run();
    assert_ne!(later.keys(), before.keys());
    assert_eq!(later.resolution.memory.persons.len(), 2);
    let back = next
        .after(&later, "2026-11-25")
        .give(old("2026-11-25", ALMA))
        .run();
    assert_eq!(back.keys(), before.keys());
}

#[test]
fn a_flag_on_either_side_holds_a_new_number() {
    let pupil = |as_of: &str, number: &str| {
        dated("school/a", as_of)
            .municipality("1430")
            .record(person("x", number, "Elof", "Ek").with("confidentiality_marking", "true"))
    };
    let case = Case::new().give(pupil("2026-11-23", TF));
    let before = case.run();
    let later = case
        .after(&before, "2026-11-24")
        .give(pupil("2026-11-24", PUPIL))
        .run();
    assert_eq!(later.keys(), before.keys());
    let row = later.person("school/a:person:x");
    assert_eq!(later.number(row, "text").as_deref(), Some(TF));
    assert!(later.resolution.population.person(row).held);
}

#[test]
fn a_merge_record_joins_the_earlier_key_stays() {
    let school = |as_of: &str, records: Vec<Record>| {
        let mut instance = dated("school/a", as_of).municipality("1430");
        instance.records = records;
        instance
    };
    let case = Case::new()
        .give(school(
            "2026-11-20",
            alloc::vec![person("z", TF, "Elof", "Ek")],
        ))
        .on("2026-11-20");
    let first = case.run();
    let both = alloc::vec![
        person("z", TF, "Elof", "Ek"),
        person("b", PUPIL, "Elof", "Ek")
    ];
    let next = case
        .after(&first, "2026-11-21")
        .give(school("2026-11-21", both));
    let second = next.run();
    assert_eq!(second.n_persons(), 2);
    let merged = alloc::vec![
        person("b", PUPIL, "Elof", "Ek").with("merged_record", "z"),
        person("z", TF, "Elof", "Ek")
    ];
    let last = next
        .after(&second, "2026-11-22")
        .give(school("2026-11-22", merged));
    let third = last.run();
    assert_eq!(third.keys(), first.keys(), "the earlier seen key stays");
    assert!(third.has(&codes::PERSONS_MERGED));
    assert_eq!(third.resolution.memory.merged.len(), 1);
    // And it stays so when the swallowed record is gone.
    let gone = alloc::vec![person("b", PUPIL, "Elof", "Ek").with("merged_record", "z")];
    assert_eq!(
        last.after(&third, "2026-11-30")
            .give(school("2026-11-30", gone))
            .run()
            .keys(),
        first.keys()
    );
}

#[test]
fn a_merge_of_records_without_numbers_joins_too_but_not_across_a_flag() {
    let nameless = |id: &str| {
        Record::new("person", id)
            .with("given_name", "Elof")
            .with("surname", "Ek")
    };
    let merge = |flag: &str| {
        let stays = nameless("b")
            .with("merged_record", "z")
            .with("protected_registration", flag);
        Case::new()
            .give(source("school/a").record(stays).record(nameless("z")))
            .run()
    };
    assert_eq!(merge("false").n_persons(), 1);
    assert_eq!(merge("true").n_persons(), 2);
    assert_eq!(merge("maybe").n_persons(), 2);
}

#[test]
fn likeness_proposes_and_a_decision_joins_or_keeps_apart() {
    let case = || {
        Case::new()
            .give(source("heroma/sml").record(person("a", ALMA, "Alma", "Alm")))
            .give(
                source("school/a").record(
                    Record::new("person", "x")
                        .with("given_name", "alma")
                        .with("surname", "ALM")
                        .with("birth_date", "1999-02-10"),
                ),
            )
    };
    let alike = case().run();
    assert_eq!(alike.n_persons(), 2);
    assert_eq!(alike.resolution.proposals.len(), 1);
    assert!(alike.has(&codes::LINK_PROPOSED));
    let (one, other) = (
        whom(("heroma/sml", "person", "a")),
        whom(("school/a", "person", "x")),
    );
    let same = case()
        .decide(Decision::Same {
            one: one.clone(),
            other: other.clone(),
        })
        .run();
    assert_eq!((same.n_persons(), same.resolution.proposals.len()), (1, 0));
    let apart = case()
        .decide(Decision::Apart {
            one: one.clone(),
            other,
        })
        .run();
    assert_eq!(
        (apart.n_persons(), apart.resolution.proposals.len()),
        (2, 0)
    );
    let nobody = case()
        .decide(Decision::Same {
            one,
            other: whom(("school/a", "person", "?")),
        })
        .run();
    assert!(nobody.has(&codes::DECISION_WITHOUT_EFFECT));
}

#[test]
fn keeping_apart_holds_against_a_new_number() {
    let pupil = |as_of: &str, number: &str| {
        dated("school/a", as_of).record(person("x", number, "Alma", "Alm"))
    };
    let heroma = |as_of: &str| dated("heroma/sml", as_of).record(person("b", BODIL, "Alma", "Alm"));
    let case = Case::new()
        .give(pupil("2026-11-23", ALMA))
        .give(heroma("2026-11-23"));
    let before = case.run();
    let next = case
        .after(&before, "2026-11-24")
        .give(pupil("2026-11-24", BODIL))
        .give(heroma("2026-11-24"));
    assert_eq!(
        next.run().n_persons(),
        1,
        "the same record came with the number of the other"
    );
    let apart = next.decide(Decision::Apart {
        one: whom(("school/a", "person", "x")),
        other: whom(("heroma/sml", "person", "b")),
    });
    let apart = apart.run();
    assert_eq!(apart.keys(), before.keys(), "both stay who they are");
    let row = apart.person("school/a:person:x");
    assert!(apart.resolution.population.person(row).held);
    assert_eq!(apart.number(row, "text").as_deref(), Some(ALMA));
}

#[test]
fn an_invalid_number_costs_only_itself() {
    let outcome = Case::new()
        .give(source("heroma/sml").record(person("a", "199902102385", "Alma", "Alm")))
        .run();
    let findings = outcome.findings(&codes::INVALID_NUMBER);
    assert_eq!(findings.len(), 1);
    assert!(!alloc::format!("{findings:?}").contains("19990210"));
    let row = outcome.person("heroma/sml:person:a");
    assert_eq!(outcome.number(row, "kind").as_deref(), Some("None"));
    assert_eq!(outcome.number(row, "text"), None);
    assert_eq!(outcome.says(row, "surname").as_deref(), Some("Alm"));
}

#[test]
fn a_record_of_nobody_is_set_aside() {
    let mut orphan = employment("1", "");
    orphan.fields.remove("person");
    let outcome = Case::new()
        .give(
            source("heroma/sml")
                .record(orphan)
                .record(employment("2", "nobody")),
        )
        .run();
    assert_eq!(outcome.n_persons(), 0);
    assert_eq!(outcome.findings(&codes::NOBODY_NAMED).len(), 2);
}

#[test]
fn a_person_may_be_named_through_a_record_of_another_source() {
    let outcome = Case::new()
        .give(
            source("heroma/sml")
                .record(person("a", ALMA, "Alma", "Alm"))
                .record(employment("4711", "a")),
        )
        .give(
            source("school/a").record(
                Record::new("duty", "d")
                    .with("person", "heroma.employment:4711")
                    .with("role", "Lärare"),
            ),
        )
        .run();
    assert_eq!(outcome.n_persons(), 1);
    assert_eq!(
        outcome
            .affiliations(outcome.person("school/a:duty:d"))
            .len(),
        2
    );
}

#[test]
fn a_suspension_stops_at_once_and_only_while_it_is_given() {
    let case = || Case::new().give(source("heroma/sml").record(person("a", ALMA, "Alma", "Alm")));
    let suspended = case()
        .decide(Decision::Suspend {
            person: whom(("heroma/sml", "person", "a")),
            from: day("2026-11-25"),
        })
        .run();
    let row = suspended.person("heroma/sml:person:a");
    assert_eq!(
        suspended
            .resolution
            .population
            .person(row)
            .stopped_from("staff"),
        Some(day("2026-11-25"))
    );
    assert_eq!(suspended.horizon.recheck_on(), Some(day("2026-11-25")));
    assert_eq!(
        case()
            .run()
            .resolution
            .population
            .person(row)
            .stopped_from("staff"),
        None
    );
}
