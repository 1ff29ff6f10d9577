//! What changes about who somebody is: each is told once, and the key stays.

use super::*;
use crate::identity::NumberKind;
use crate::resolve::Transition;
use crate::resolve::TransitionKind;
use crate::resolve::Whom;
use crate::resolve::codes;

const COORDINATION: &str = "197006622398";

fn heroma(as_of: &str, number: &str) -> SourceInstance {
    dated("heroma/sml", as_of).record(person("a", number, "Alma", "Alm"))
}

fn navet(as_of: &str, cause: Option<&str>) -> SourceInstance {
    let post = Record::new("register", ALMA)
        .with("given_names", "Alma")
        .with("surname", "Alm");
    let post = match cause {
        Some(cause) => post.with("deregistration_cause", cause),
        None => post,
    };
    dated("navet/sml", as_of).record(post)
}

fn kinds(outcome: &Outcome) -> Vec<TransitionKind> {
    let transitions = outcome.resolution.transitions.iter();
    transitions.map(|one| one.kind).collect()
}

fn record(id: &str) -> Whom {
    Whom::Record {
        instance: String::from("school/a"),
        kind: String::from("person"),
        id: String::from(id),
    }
}

#[test]
fn each_way_for_a_number_to_change_is_told_as_what_it_is() {
    for (from, before, to, now) in [
        (
            COORDINATION,
            NumberKind::CoordinationNumber,
            ALMA,
            NumberKind::PersonalNumber,
        ),
        (
            ALMA,
            NumberKind::PersonalNumber,
            BODIL,
            NumberKind::PersonalNumber,
        ),
    ] {
        let case = Case::new().give(heroma("2026-11-23", from));
        let first = case.run();
        assert_eq!(kinds(&first), [TransitionKind::Appeared]);
        let next = case
            .after(&first, "2026-11-24")
            .give(heroma("2026-11-24", to));
        let second = next.run();
        assert_eq!(second.keys(), first.keys());
        assert_eq!(
            kinds(&second),
            [TransitionKind::NumberChanged {
                from: before,
                to: now
            }]
        );
        let last = next
            .after(&second, "2026-11-25")
            .give(heroma("2026-11-25", to));
        assert!(kinds(&last.run()).is_empty(), "it is told once");
    }
}

#[test]
fn whoever_dies_emigrates_and_comes_back_stays_the_same_person() {
    let mut case = Case::new();
    let mut last: Option<Outcome> = None;
    let mut keys = Vec::new();
    for (as_of, cause, told) in [
        ("2026-11-01", None, Some(TransitionKind::Appeared)),
        ("2026-11-02", Some("UV"), Some(TransitionKind::Emigrated)),
        ("2026-11-03", Some("UV"), None),
        ("2026-11-04", None, Some(TransitionKind::Returned)),
        ("2026-11-05", Some("OB"), None),
        ("2026-11-06", Some("AV"), Some(TransitionKind::Died)),
        ("2026-11-07", Some("AV"), None),
    ] {
        if let Some(last) = &last {
            case = case.after(last, as_of);
        }
        case = case
            .on(as_of)
            .give(heroma(as_of, ALMA))
            .give(navet(as_of, cause));
        let outcome = case.run();
        assert_eq!(
            kinds(&outcome),
            told.into_iter().collect::<Vec<_>>(),
            "{as_of}"
        );
        keys.extend(outcome.keys());
        last = Some(outcome);
    }
    keys.dedup();
    assert_eq!(keys.len(), 1);
}

#[test]
fn a_cause_that_is_only_not_heard_of_for_a_while_is_no_return() {
    let case = Case::new()
        .give(heroma("2026-11-23", ALMA))
        .give(navet("2026-11-23", Some("AV")));
    let first = case.run();
    let frozen = case
        .after(&first, "2026-11-24")
        .give(heroma("2026-11-24", ALMA));
    assert!(kinds(&frozen.run()).is_empty());
}

/// Two pupils that a decision makes one, and the decision taken back.
#[test]
fn a_merge_by_mistake_is_parted_again_under_the_keys_of_before() {
    let school = |as_of: &str| {
        dated("school/a", as_of)
            .record(person("x", ALMA, "Alma", "Alm"))
            .record(person("y", BODIL, "Bodil", "Ek"))
    };
    let case = Case::new().give(school("2026-11-20")).on("2026-11-20");
    let first = case.run();
    let same = case
        .after(&first, "2026-11-21")
        .give(school("2026-11-21"))
        .decide(Decision::Same {
            one: record("x"),
            other: record("y"),
        });
    let merged = same.run();
    assert_eq!(merged.n_persons(), 1);
    let stays = merged.keys()[0];
    let goes = first.keys().into_iter().find(|key| *key != stays).unwrap();
    assert!(kinds(&merged).contains(&TransitionKind::Merged { into: stays }));
    // Without the decision they stay one: what was decided is remembered.
    let mut still = same.after(&merged, "2026-11-22");
    still.decisions.clear();
    let still = still.give(school("2026-11-22"));
    let outcome = still.run();
    assert_eq!(outcome.keys(), [stays]);
    let before = &first.resolution.memory.persons[&stays].records;
    let (first_one, other) = if before.contains("school/a:person:x") {
        ("x", "y")
    } else {
        ("y", "x")
    };
    let apart = still
        .after(&outcome, "2026-11-23")
        .give(school("2026-11-23"))
        .decide(Decision::Apart {
            one: record(first_one),
            other: record(other),
        });
    let parted = apart.run();
    assert_eq!(parted.keys(), first.keys());
    assert!(parted.resolution.transitions.contains(&Transition {
        person: goes,
        kind: TransitionKind::Split { from: stays }
    }));
    assert!(parted.resolution.memory.merged.is_empty());
    assert!(!parted.has(&codes::DECISION_WITHOUT_EFFECT));
    for (token, name) in [
        ("school/a:person:x", "Alma"),
        ("school/a:person:y", "Bodil"),
    ] {
        let row = parted.person(token);
        assert_eq!(parted.says(row, "given_name").as_deref(), Some(name));
    }
    // And they stay two, told once.
    let last = apart
        .after(&parted, "2026-11-24")
        .give(school("2026-11-24"))
        .run();
    assert_eq!(last.keys(), first.keys());
    assert!(last.resolution.transitions.is_empty());
}

#[test]
fn somebody_who_was_always_taken_for_another_gets_a_key_and_keeps_the_flag() {
    let both = |as_of: &str, flag: &str| {
        dated("school/a", as_of)
            .record(person("x", ALMA, "Alma", "Alm").with("confidentiality_marking", flag))
    };
    let other = |as_of: &str| dated("school/b", as_of).record(person("y", ALMA, "Bodil", "Ek"));
    let case = Case::new()
        .give(both("2026-11-23", "true"))
        .give(other("2026-11-23"));
    let first = case.run();
    assert_eq!(first.n_persons(), 1);
    // The other school corrects the number, and somebody decides.
    let corrected = dated("school/b", "2026-11-24").record(person("y", BODIL, "Bodil", "Ek"));
    let next = case
        .after(&first, "2026-11-24")
        .give(both("2026-11-24", "true"))
        .give(corrected)
        .decide(Decision::Apart {
            one: record("x"),
            other: Whom::Record {
                instance: String::from("school/b"),
                kind: String::from("person"),
                id: String::from("y"),
            },
        });
    let parted = next.run();
    assert_eq!(parted.n_persons(), 2);
    let bodil = parted.person("school/b:person:y");
    let alma = parted.person("school/a:person:x");
    let of = |row| parted.resolution.population.person(row);
    assert_eq!(of(alma).key, first.keys()[0]);
    assert!(
        of(bodil).protection.stands(),
        "nobody is unveiled by a split"
    );
    assert_eq!(parted.number(bodil, "text").as_deref(), Some(BODIL));
    assert!(kinds(&parted).contains(&TransitionKind::Split {
        from: first.keys()[0]
    }));
}
