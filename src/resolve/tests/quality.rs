//! The report on the quality of the data.

use super::*;
use crate::model::Verdict;
use crate::resolve::Counts;
use crate::resolve::Quality;

fn sources(employer: &str, flag: &str) -> Case {
    let navet = |number: &str, surname: &str| {
        Record::new("register", number)
            .with("given_names", "Alma")
            .with("surname", surname)
    };
    let mut hidden = employment("3", "c").with("protected_registration", flag);
    hidden.fields.remove("employer");
    Case::new()
        .give(
            source("heroma/sml")
                .record(person("a", ALMA, "Alma", "Alm"))
                .record(employment("1", "a"))
                .record(person("b", BODIL, "Alma", "Ek"))
                .record(employment("2", "b").with("extent", "half"))
                .record(person("c", CARL, "Alma", "Ask").with("sex", "M"))
                .record(hidden.with("employer", employer)),
        )
        .give(
            source("school/a")
                .municipality("1427")
                .record(person("x", ALMA, "Alma", "Alm")),
        )
        .give(
            source("navet/sml")
                .record(navet(ALMA, "Alm"))
                .record(navet(BODIL, "Bo"))
                .record(navet(CARL, "Ask")),
        )
}

#[test]
fn persons_count_where_their_records_are_and_findings_where_they_were_made() {
    let outcome = sources("1427", "false").run();
    let quality = &outcome.resolution.quality;
    insta::assert_snapshot!(quality.to_string(), @r#"
source               persons  verified conflicting not found deregistered stale not asked  share
heroma 1427                1         1           0         0            0     0         0  100.0 %
heroma 1430                2         1           1         0            0     0         0  50.0 %
    D113 × 1 D130 × 1 D140 × 1
school 1427                1         1           0         0            0     0         0  100.0 %
all                        3         2           1         0            0     0         0  66.6 %
    D113 × 1 D130 × 1 D140 × 1
"#);
    let here = quality.of("heroma", "1430").unwrap();
    assert_eq!((here.persons(), here.verdict(Verdict::Verified)), (2, 1));
    assert_eq!(here.verified_per_mille(), Some(500));
    assert_eq!((here.found("D113"), here.found("D140")), (1, 1));
    assert_eq!(quality.total().persons(), 3);
    assert!(quality.of("navet", "").is_none());
}

#[test]
fn where_somebody_with_a_protected_registration_works_is_not_counted() {
    let told = |employer: &str, flag: &str| {
        let outcome = sources(employer, flag).run();
        crate::base::canonical_json(&outcome.resolution.quality)
    };
    assert_ne!(told("1427", "false"), told("1430", "false"));
    assert_eq!(told("1427", "true"), told("1430", "true"));
    assert!(told("1427", "true").contains("\"heroma\":{"));
}

#[test]
fn a_cleared_report_counts_them_where_they_are_and_says_whose_data_it_shows() {
    let outcome = sources("1427", "true").run();
    let (open, cleared) = (&outcome.resolution.quality, &outcome.resolution.cleared);
    assert!(open.shows().is_empty() && cleared.shows().len() == 1);
    let persons = |quality: &Quality| quality.of("heroma", "1427").map(Counts::persons);
    assert_eq!((persons(open), persons(cleared)), (None, Some(1)));
    let head = alloc::format!(
        "for a cleared reader only; shows data of {}\n",
        cleared.shows().join(", ")
    );
    assert!(cleared.to_string().starts_with(&head), "{cleared}");
    assert!(!open.to_string().contains("cleared"));
    assert!(!alloc::format!("{cleared:?}").contains("1427"));
    let json = crate::base::canonical_json(cleared);
    assert!(json.contains(r#""audience":"cleared""#), "{json}");
    // Where nobody is protected it shows nobody's data.
    let plain = sources("1427", "false").run().resolution.cleared;
    assert!(
        plain
            .to_string()
            .starts_with("for a cleared reader only; shows data of nobody")
    );
}
