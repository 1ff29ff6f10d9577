//! Laws: the order of input means nothing, no text makes resolving panic, and evaluating again changes nothing.

use proptest::prelude::*;

use super::*;
use crate::base::trials;

const SOURCES: [&str; 5] = [
    "heroma/sml",
    "school/a",
    "school/b",
    "navet/sml",
    "overrides/sml",
];
const KINDS: [&str; 9] = [
    "person",
    "employment",
    "duty",
    "enrolment",
    "membership",
    "unit",
    "school_group",
    "register",
    "vehicle",
];
const FIELDS: [&str; 30] = [
    "number",
    "given_name",
    "surname",
    "called_name_marking",
    "given_names",
    "birth_date",
    "person",
    "parent",
    "unit",
    "group",
    "start",
    "end",
    "cancelled",
    "expires",
    "confidentiality_marking",
    "protected_registration",
    "merged_record",
    "reference_number",
    "deregistration_cause",
    "manager",
    "head",
    "code",
    "employer",
    "extent",
    "leave_start",
    "alias_login",
    "status",
    "id",
    "type",
    "municipality",
];
const TEXTS: [&str; 30] = [
    ALMA,
    BODIL,
    PUPIL,
    TF,
    "990210-2384",
    "Alma",
    "Alm",
    "20",
    "Eva Alma",
    "1999-02-10",
    "1",
    "2",
    "3",
    "heroma.employment:1",
    "school.person:2",
    "2026-01-01",
    "2026-12-31",
    "true",
    "false",
    "unknown",
    "AV",
    "GN",
    "",
    " ",
    "9999-12-31",
    "Å\u{30a}‼",
    "1430",
    "deceased",
    "heroma.:",
    "2026-11-24",
];

fn record() -> impl Strategy<Value = Record> {
    let field = (
        prop::sample::select(&FIELDS[..]),
        prop::sample::select(&TEXTS[..]),
    );
    let kind = prop::sample::select(&KINDS[..]);
    let id = prop::sample::select(&["1", "2", "3", ALMA][..]);
    (
        kind,
        id,
        prop::bool::weighted(0.1),
        prop::collection::vec(field, 0..10),
    )
        .prop_map(|(kind, id, deleted, fields)| {
            let mut record = Record::new(kind, id);
            record.deleted = deleted;
            fields
                .into_iter()
                .fold(record, |record, (name, text)| record.with(name, text))
        })
}

fn instances() -> impl Strategy<Value = Vec<SourceInstance>> {
    let instance = (prop::collection::vec(record(), 0..8), 0..3_usize);
    prop::collection::vec(instance, SOURCES.len()).prop_map(|all| {
        let named = SOURCES.iter().zip(all);
        named
            .map(|(name, (records, promise))| {
                let mut instance = source(name).municipality("1430");
                instance.promise = [Promise::Complete, Promise::Delta, Promise::Partial][promise];
                instance.records = records;
                instance
            })
            .collect()
    })
}

fn given(instances: &[SourceInstance]) -> Case {
    instances.iter().cloned().fold(Case::new(), Case::give)
}

proptest! {
    #![proptest_config(trials())]

    #[test]
    fn order_means_nothing(first in instances(), second in instances(), turn in 0..7_usize) {
        let case = given(&first);
        let outcome = case.run();
        let shuffled = |instances: &[SourceInstance]| {
            let mut instances = instances.to_vec();
            let n_instances = instances.len();
            instances.rotate_left(turn % n_instances);
            for instance in &mut instances {
                instance.records.reverse();
                let n_records = instance.records.len().max(1);
                let middle = (turn % n_records).min(instance.records.len());
                instance.records.rotate_left(middle);
            }
            instances
        };
        let other = given(&shuffled(&first)).run();
        prop_assert_eq!(outcome.everything(), other.everything());
        // And with a ledger behind.
        let later = second.iter().cloned().fold(case.after(&outcome, "2026-11-30"), Case::give).run();
        let again = shuffled(&second).into_iter().fold(Case::new().after(&other, "2026-11-30"), Case::give).run();
        prop_assert_eq!(later.everything(), again.everything());
    }

    #[test]
    fn the_same_again_keeps_everybody(first in instances()) {
        let case = given(&first);
        let outcome = case.run();
        let again = first.iter().cloned().fold(case.after(&outcome, "2026-11-23"), Case::give).run();
        prop_assert_eq!(outcome.keys(), again.keys());
    }

    #[test]
    fn no_text_makes_it_panic(name in "\\PC*", text in "\\PC*", field in prop::sample::select(&FIELDS[..]), kind in prop::sample::select(&KINDS[..])) {
        let record = Record::new(kind, &text).with(field, text.as_str()).with(&name, text.as_str()).with("surname", "Alm");
        let outcome = Case::new().give(source("heroma/sml").record(record)).run();
        prop_assert!(outcome.n_persons() <= 1);
    }
}

#[test]
fn nothing_is_recomputed_from_another_salt_once_it_is_known() {
    let case = Case::new().give(source("heroma/sml").record(person("m", ALMA, "Alma", "Alm")));
    let first = case.run();
    let mut instance = source("heroma/sml")
        .record(person("a", ALMA, "Alma", "Alm"))
        .record(person("m", ALMA, "Alma", "Alm"));
    instance.as_of = day("2026-11-24");
    let later = case.after(&first, "2026-11-24").give(instance).run();
    assert_eq!(
        later.keys(),
        first.keys(),
        "a smaller record id changes no key"
    );
}
