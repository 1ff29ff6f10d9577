//! The next day of a change: what is withheld of somebody does not decide it, and what shows still does.

use alloc::collections::BTreeMap;
use alloc::format;

use super::*;

/// A record with or without a flag.
fn flagged(record: Record, flag: &str) -> Record {
    if flag.is_empty() {
        record
    } else {
        record.with(flag, "true")
    }
}

/// The next day of a change, where the sources say this of one person.
fn foretold(rules: &str, records: &[(&str, Record)]) -> Option<NaiveDate> {
    let mut instances: BTreeMap<&str, SourceInstance> = BTreeMap::new();
    for (name, record) in records {
        let instance = instances.remove(name).unwrap_or_else(|| source(name));
        instances.insert(name, instance.record(record.clone()));
    }
    let mut case = Case::with_rules(rules);
    for instance in instances.into_values() {
        case = case.give(instance);
    }
    case.run().horizon.recheck_on()
}

fn on_leave(starts: &str, flag: &str) -> Vec<(&'static str, Record)> {
    let record = employment("1", "a")
        .with("leave_start", starts)
        .with("leave_end", "2027-03-31")
        .with("leave_extent", "500");
    Vec::from([
        (
            "heroma/sml",
            flagged(person("a", ALMA, "Alma", "Alm"), flag),
        ),
        ("heroma/sml", record),
    ])
}

fn enrolled(second: &str, flag: &str) -> Vec<(&'static str, Record)> {
    let enrolment = |id: &str, unit: &str| {
        Record::new("enrolment", id)
            .with("person", "a")
            .with("unit", unit)
            .with("start", "2026-08-01")
            .with("end", "2026-12-10")
    };
    let unit = |code: &str| {
        Record::new("unit", code)
            .with("code", code)
            .with("name", code)
    };
    Vec::from([
        (
            "school/1430",
            flagged(person("a", ALMA, "Alma", "Alm"), flag),
        ),
        ("school/1430", unit("u1")),
        ("school/1430", unit("u2")),
        ("school/1430", enrolment("1", "u1")),
        ("school/1430", enrolment("2", second)),
    ])
}

fn overridden(expires: &str, flag: &str) -> Vec<(&'static str, Record)> {
    Vec::from([
        (
            "heroma/sml",
            flagged(person("a", ALMA, "Alma", "Alm"), flag),
        ),
        (
            "overrides/sml",
            person("o", ALMA, "", "Ek").with("expires", expires),
        ),
    ])
}

/// The flag is said by another source than the number.
fn numbered(number: &str, flag: &str) -> Vec<(&'static str, Record)> {
    Vec::from([
        ("heroma/sml", person("a", number, "Alma", "Alm")),
        (
            "navet/sml",
            flagged(Record::new("register", ALMA).with("surname", "Alm"), flag),
        ),
    ])
}

/// What the sources say of one person with a flag, in two ways.
type Told<'t> = &'t dyn Fn(&str) -> [Vec<(&'static str, Record)>; 2];

#[test]
fn what_is_withheld_decides_no_next_day() {
    let short = "990210-2384";
    let marking = "confidentiality_marking";
    let registration = "protected_registration";
    let cases: [(&str, &str, Told<'_>); 4] = [
        ("a leave in part", registration, &|flag| {
            ["2026-12-01", "2027-02-01"].map(|starts| on_leave(starts, flag))
        }),
        ("two schools", registration, &|flag| {
            ["u1", "u2"].map(|second| enrolled(second, flag))
        }),
        ("a name that holds for a while", marking, &|flag| {
            ["2026-12-05", "2026-12-20"].map(|expires| overridden(expires, flag))
        }),
        ("a number without its century", marking, &|flag| {
            [ALMA, short].map(|number| numbered(number, flag))
        }),
    ];
    let mut telling = Vec::new();
    for (what, flag, told) in cases {
        let [one, other] = told("").map(|records| foretold(RULES, &records));
        assert_ne!(one, other, "{what}, of somebody who is not protected");
        let [one, other] = told(flag).map(|records| foretold(RULES, &records));
        if one != other {
            telling.push((what, one, other));
        }
    }
    assert!(telling.is_empty(), "{telling:#?}");
}

#[test]
fn what_a_flag_does_not_withhold_still_does() {
    let marking = "confidentiality_marking";
    assert_eq!(
        foretold(RULES, &on_leave("2026-12-01", marking)),
        Some(day("2026-12-01"))
    );
    assert_eq!(
        foretold(RULES, &enrolled("u2", marking)),
        Some(day("2026-12-11"))
    );
    // How long somebody is protected at least, and under which name meanwhile, is theirs to know who may know the flag.
    let mut records = overridden("2026-12-31", "");
    let (_, record) = records.pop().unwrap();
    records.push(("overrides/sml", record.with(marking, "true")));
    assert_eq!(foretold(RULES, &records), Some(day("2027-01-01")));
}

/// Rules by which an attribute shows this of everybody, on purpose.
fn showing(value: &str) -> String {
    let included = "{ policy = \"include\", because = \"a test\" }";
    format!(
        "{RULES}
[namespace.login]
[protection.registration]
account = {included}
[protection.marking]
account = {included}
[account.staff]
covers    = {{ employment = 'true' }}
container = '\"OU=Staff,DC=x\"'
[account.staff.name.login]
local  = ['\"u\" + person.key.take(6)']
unique = [\"login\"]
[account.staff.set]
info = {{ value = '{value}', protected = {{ marking = {included}, registration = {included} }} }}
"
    )
}

#[test]
fn what_an_output_shows_on_purpose_still_does() {
    let on_leave = on_leave("2026-12-01", "protected_registration");
    let leave = "primary.?leave_extent.orValue(0) > 0 ? \"away\" : \"here\"";
    assert_eq!(
        foretold(&showing(leave), &on_leave),
        Some(day("2026-12-01"))
    );
    // Who says a number says when somebody was born.
    let overridden = overridden("2026-12-31", "confidentiality_marking");
    for born in ["person.birth_date", "person.number.birth_date"] {
        let born = format!("{born} < date(\"1990-01-01\") ? \"older\" : \"younger\"");
        assert_eq!(
            foretold(&showing(&born), &overridden),
            Some(day("2027-01-01")),
            "{born}"
        );
    }
    assert_eq!(
        foretold(&showing("person.key"), &overridden),
        foretold(RULES, &overridden)
    );
}
