//! Protected persons: flags of all sources, what stood before, aliases, and what open findings may say.

use super::*;
use crate::diagnostic::Subject;
use crate::model::Flag;
use crate::model::Protection;
use crate::resolve::FlagKind;
use crate::resolve::Whom;
use crate::resolve::codes;

fn heroma(as_of: &str, flag: Option<&str>) -> SourceInstance {
    let mut record = person("a", ALMA, "Alma", "Alm");
    if let Some(flag) = flag {
        record = record.with("confidentiality_marking", flag);
    }
    dated("heroma/sml", as_of).record(record)
}

fn flags(outcome: &Outcome) -> Protection {
    outcome
        .resolution
        .population
        .person(outcome.person("heroma/sml:person:a"))
        .protection
}

#[test]
fn the_strictest_source_counts_for_each_flag_by_itself() {
    let outcome = Case::new()
        .give(heroma("2026-11-23", Some("N")))
        .give(
            source("overrides/sml").record(
                Record::new("person", "o")
                    .with("number", ALMA)
                    .with("confidentiality_marking", "true"),
            ),
        )
        .give(
            source("navet/sml").record(
                Record::new("register", ALMA)
                    .with("protected_registration", "J")
                    .with("municipality", "1480"),
            ),
        )
        .run();
    let protection = flags(&outcome);
    assert_eq!(
        (protection.marking, protection.registration, protection.new),
        (Flag::Yes, Flag::Yes, true)
    );
    let row = crate::base::RowKey::row(outcome.person("heroma/sml:person:a"));
    assert_eq!(
        outcome.text(RecordKind::Register, row, "municipality"),
        None
    );
}

/// Also where the record was accepted before with another word: what stands as last accepted is no reason to show somebody.
#[test]
fn of_a_record_that_stands_twice_the_strictest_word_counts() {
    let twice = |first: &str, second: &str| {
        let copy = |surname: &str, word: &str| {
            person("a", ALMA, "Alma", surname).with("confidentiality_marking", word)
        };
        let instance = dated("heroma/sml", "2026-11-24");
        instance
            .record(copy("Alm", first))
            .record(copy("Ek", second))
    };
    let accepted = Case::new().give(heroma("2026-11-23", Some("N"))).run();
    for (one, other, expected) in [
        ("N", "J", Flag::Yes),
        ("J", "J", Flag::Yes),
        ("?", "J", Flag::Yes),
        ("N", "?", Flag::Unknown),
        ("N", "N", Flag::No),
    ] {
        for (first, second) in [(one, other), (other, one)] {
            for case in [
                Case::new().on("2026-11-24"),
                Case::new().after(&accepted, "2026-11-24"),
            ] {
                let outcome = case.give(twice(first, second)).run();
                assert_eq!(flags(&outcome).marking, expected, "{first} {second}");
            }
        }
    }
}

#[test]
fn what_cannot_be_read_conceals_and_is_told_once_for_each_instance() {
    let instance = heroma("2026-11-23", Some("?"))
        .record(person("b", BODIL, "Bodil", "Ek").with("confidentiality_marking", "x"));
    let outcome = Case::new().give(instance).run();
    assert_eq!(flags(&outcome).marking, Flag::Unknown);
    assert!(flags(&outcome).conceals_only());
    assert_eq!(outcome.findings(&codes::FLAG_UNREADABLE).len(), 1);
    assert!(matches!(
        &outcome.findings(&codes::FLAG_UNREADABLE)[0].subject,
        Subject::Instance { .. }
    ));
    assert_eq!(
        flags(&Case::new().give(heroma("2026-11-23", Some(""))).run()).marking,
        Flag::No
    );
}

#[test]
fn switching_off_waits_for_a_decision() {
    let case = Case::new().give(heroma("2026-11-23", Some("true")));
    let on = case.run();
    assert!(flags(&on).new);
    let next = case
        .after(&on, "2026-11-24")
        .give(heroma("2026-11-24", Some("false")));
    let off = next.run();
    assert_eq!(flags(&off).marking, Flag::Yes);
    assert!(!flags(&off).new && off.has(&codes::FLAG_OFF_HELD));
    let decided = next.decide(Decision::EndProtection {
        person: Whom::Person(off.keys()[0]),
        flag: FlagKind::Marking,
    });
    let ended = decided.run();
    assert_eq!(flags(&ended), Protection::default());
    assert!(
        ended.resolution.memory.persons[&ended.keys()[0]]
            .flags
            .is_empty()
    );

    let still = case_with_flag_kept();
    assert_eq!(
        flags(&still).marking,
        Flag::Yes,
        "a decision does not outweigh a source"
    );
}

fn case_with_flag_kept() -> Outcome {
    let case = Case::new().give(heroma("2026-11-23", Some("true")));
    let on = case.run();
    let key = on.keys()[0];
    let next = case
        .after(&on, "2026-11-24")
        .give(heroma("2026-11-24", Some("true")));
    next.decide(Decision::EndProtection {
        person: Whom::Person(key),
        flag: FlagKind::Marking,
    })
    .run()
}

#[test]
fn an_unreadable_flag_ends_when_it_can_be_read_again() {
    let case = Case::new().give(heroma("2026-11-23", Some("?")));
    let unknown = case.run();
    let readable = case
        .after(&unknown, "2026-11-24")
        .give(heroma("2026-11-24", Some("N")))
        .run();
    assert_eq!(flags(&readable).marking, Flag::No);
    // One that stood for sure still does, for sure, when it becomes unreadable.
    let case = Case::new().give(heroma("2026-11-23", Some("J")));
    let sure = case.run();
    let unreadable = case
        .after(&sure, "2026-11-24")
        .give(heroma("2026-11-24", Some("?")))
        .run();
    assert_eq!(flags(&unreadable).marking, Flag::Yes);
}

#[test]
fn a_column_that_is_newly_missing_counts_as_unreadable() {
    let case = Case::new().give(heroma("2026-11-23", Some("N")));
    let before = case.run();
    let next = case
        .after(&before, "2026-11-24")
        .give(heroma("2026-11-24", None));
    let gone = next.run();
    assert_eq!(flags(&gone).marking, Flag::Unknown);
    assert_eq!(gone.findings(&codes::FLAG_COLUMN_GONE).len(), 1);
    let still = next
        .after(&gone, "2026-11-25")
        .give(heroma("2026-11-25", None))
        .run();
    assert_eq!(
        flags(&still).marking,
        Flag::Unknown,
        "until somebody says otherwise"
    );
}

#[test]
fn a_flag_stays_while_its_source_is_frozen_or_its_override_has_expired() {
    let case = Case::new().give(heroma("2026-11-23", Some("true")));
    let on = case.run();
    assert_eq!(
        flags(&case.after(&on, "2027-01-01").run()).marking,
        Flag::Yes
    );
    let over = || {
        source("overrides/sml").record(
            Record::new("person", "o")
                .with("number", ALMA)
                .with("protected_registration", "true")
                .with("expires", "2026-11-23"),
        )
    };
    let case = Case::new().give(heroma("2026-11-23", None)).give(over());
    let on = case.run();
    assert_eq!(flags(&on).registration, Flag::Yes);
    let expired = case
        .after(&on, "2026-11-24")
        .give(heroma("2026-11-24", None))
        .give(over())
        .run();
    assert_eq!(flags(&expired).registration, Flag::Yes);
    assert!(expired.has(&codes::FLAG_OFF_HELD));
}

#[test]
fn aliases_are_given_made_remembered_and_never_shared() {
    let alias = |text: &str| {
        source("overrides/sml").record(
            Record::new("person", "o")
                .with("number", ALMA)
                .with("alias_login", text),
        )
    };
    let case = Case::new()
        .give(heroma("2026-11-23", Some("true")))
        .give(alias("p7k2m4"));
    let first = case.run();
    let row = crate::base::RowKey::row(first.person("heroma/sml:person:a"));
    let of = |outcome: &Outcome, field| outcome.text(RecordKind::Alias, row, field).unwrap();
    assert_eq!(of(&first, "login"), "p7k2m4");
    let digits: String = first.keys()[0].to_hex().chars().take(7).collect();
    assert_eq!(of(&first, "mail"), alloc::format!("x{digits}"));
    assert_eq!(of(&first, "name"), alloc::format!("Användare {digits}"));

    let later = case
        .after(&first, "2026-11-24")
        .give(heroma("2026-11-24", Some("true")))
        .give(alias("another"))
        .run();
    assert_eq!(of(&later, "login"), "p7k2m4", "what is in use stays");
    assert!(later.has(&codes::ALIAS_DIFFERS));

    let two = heroma("2026-11-23", None)
        .record(person("b", BODIL, "Bodil", "Ek").with("alias_login", "same"));
    let two = Case::new().give(two).give(alias("SAME")).run();
    let logins: Vec<String> = (0..2)
        .map(|row| two.text(RecordKind::Alias, row, "login").unwrap())
        .collect();
    assert_ne!(
        crate::base::fold_case(&logins[0]),
        crate::base::fold_case(&logins[1])
    );
}

#[test]
fn open_findings_never_depend_on_what_is_withheld() {
    let run = |flag: &str, surname: &str, number: &str, unit: &str| {
        let record = person("a", ALMA, "Alma", "Alm")
            .with("protected_registration", flag)
            .with("birth_date", number);
        let school = person("x", ALMA, "Alma", surname);
        Case::new()
            .give(
                source("heroma/sml")
                    .record(record)
                    .record(employment("1", "a").with("unit", unit)),
            )
            .give(source("school/a").record(school))
            .run()
    };
    let open = run("false", "Ek", "soon", "nowhere");
    for code in [
        &codes::SOURCES_DISAGREE,
        &codes::UNREADABLE_VALUE,
        &codes::UNRESOLVED_REFERENCE,
    ] {
        assert!(open.has(code), "{code}");
    }
    let one = run("true", "Ek", "soon", "nowhere");
    let two = run("true", "Alm", "1999-02-10", "");
    assert_eq!(one.resolution.findings, two.resolution.findings);
    assert!(one.resolution.withheld.len() > two.resolution.withheld.len());
    assert!(!alloc::format!("{:?}", one.resolution.findings).contains("school/a"));
}

#[test]
fn what_is_open_about_a_protected_person_is_told_of_an_opaque_id() {
    let dead = Record::new("register", ALMA)
        .with("deregistration_cause", "AV")
        .with("confidentiality_marking", "J");
    let outcome = Case::new()
        .give(heroma("2026-11-23", None))
        .give(source("navet/sml").record(dead))
        .run();
    let finding = outcome.findings(&codes::DEREGISTERED)[0];
    let Subject::Sealed { sealed } = &finding.subject else {
        panic!("the person is named");
    };
    assert_eq!(
        outcome.resolution.sealed[sealed.as_str()],
        outcome.keys()[0]
    );
    assert_eq!(finding.message, codes::DEREGISTERED.summary);
}

/// Everybody of a register, where the column beside the flag slid into its place.
fn shifted(n: usize, as_of: &str, flag: &str) -> SourceInstance {
    let people = [
        (ALMA, "Alma"),
        (BODIL, "Bodil"),
        (CARL, "Carl"),
        (PUPIL, "Pia"),
    ];
    people
        .into_iter()
        .take(n)
        .fold(dated("heroma/sml", as_of), |instance, (number, name)| {
            instance.record(person(name, number, name, "Ek").with("confidentiality_marking", flag))
        })
}

#[test]
fn a_source_that_protects_too_many_at_once_conceals_all_and_replaces_nobody() {
    let rules = RULES.replace(
        "[source.heroma]",
        "[protection]\nreplace_most = 2\n[source.heroma]",
    );
    let case = |n: usize| Case::with_rules(&rules).give(shifted(n, "2026-11-23", "J"));
    let few = case(2).run();
    assert!(few.resolution.population.keys().count() == 2 && !few.has(&codes::FLAG_FLOOD));
    let all = |outcome: &Outcome| -> Vec<Protection> {
        let rows = outcome.resolution.population.persons();
        rows.map(|(_, person)| person.protection).collect()
    };
    assert!(all(&few).iter().all(|flags| !flags.conceals_only()));
    let many = case(3).run();
    assert_eq!(many.findings(&codes::FLAG_FLOOD).len(), 1);
    assert!(
        all(&many)
            .iter()
            .all(|flags| flags.waits && flags.conceals_only())
    );
    // It waits until somebody decides, person by person.
    let next = case(3)
        .after(&many, "2026-11-24")
        .give(shifted(3, "2026-11-24", "J"));
    assert!(all(&next.run()).iter().all(Protection::conceals_only));
    assert!(!next.run().has(&codes::FLAG_FLOOD));
    let decided = next
        .decide(Decision::Replace {
            person: Whom::Person(many.keys()[0]),
        })
        .run();
    let waiting: Vec<bool> = all(&decided).iter().map(|flags| flags.waits).collect();
    assert_eq!(waiting, [false, true, true]);
    // A column of something else is no flag, and says so once.
    let nonsense = Case::with_rules(&rules)
        .give(shifted(4, "2026-11-23", "1430"))
        .run();
    assert!(
        all(&nonsense)
            .iter()
            .all(|flags| flags.conceals_only() && !flags.waits)
    );
    assert_eq!(nonsense.findings(&codes::FLAG_UNREADABLE).len(), 1);
    assert!(!nonsense.has(&codes::FLAG_FLOOD));
}

/// What everybody may read of the register's records about one person, of whom it is said twice.
fn read_of_register(flag: &str, by: &str, surname: &str, deleted: &str) -> (Vec<Finding>, String) {
    let flagged = |record: Record, name: &str| {
        if name == by {
            record.with(flag, "true")
        } else {
            record
        }
    };
    let said = |surname: &str| {
        let record = Record::new("register", ALMA).with("surname", surname);
        flagged(record, "navet/sml")
    };
    let text = alloc::format!(
        r#"{{"instances": [{{"source": "navet", "instance": "sml", "promise": "complete", "as_of": "2026-11-23", "records": [
            {{"kind": "register", "id": "{BODIL}", "deleted": "{deleted}", "fields": {{"{flag}": "true"}}}}
        ]}}]}}"#
    );
    let mut register = Snapshot::from_json(&text).unwrap().instances.remove(0);
    register.records.extend([said("Alm"), said(surname)]);
    let outcome = Case::new()
        .give(source("heroma/sml").record(flagged(person("a", ALMA, "Alma", "Alm"), "heroma/sml")))
        .give(register)
        .run();
    let withheld = outcome.resolution.withheld.iter();
    let is_told = |finding: &&Finding| finding.code == &codes::RECORD_TWICE;
    assert_eq!(
        withheld.filter(is_told).count() + outcome.findings(&codes::RECORD_TWICE).len(),
        usize::from(surname != "Alm"),
        "somebody is told"
    );
    let open = outcome.resolution.findings.iter().cloned().collect();
    (open, outcome.resolution.quality.to_string())
}

#[test]
fn what_the_register_says_of_somebody_protected_is_told_in_no_open_finding() {
    let flags = ["confidentiality_marking", "protected_registration"];
    for (flag, by) in flags
        .into_iter()
        .flat_map(|flag| [(flag, "heroma/sml"), (flag, "navet/sml")])
    {
        let sound = read_of_register(flag, by, "Alm", "false");
        assert_eq!(
            sound,
            read_of_register(flag, by, "Ek", "false"),
            "{flag} {by}"
        );
        // Nor of somebody whom no source knows but the register.
        assert_eq!(
            sound,
            read_of_register(flag, by, "Alm", "perhaps"),
            "{flag} {by}"
        );
    }
    let (open, _) = read_of_register(flags[0], "nobody", "Ek", "false");
    assert!(
        open.iter()
            .any(|finding| finding.code == &codes::RECORD_TWICE)
    );
}
