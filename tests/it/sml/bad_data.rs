//! What is wrong with data, and what the register says: a finding each, and nobody else is affected.

use folkform::directory::AccountKey;
use folkform::directory::AccountState;
use folkform::directory::Opinion;
use folkform::model::Verdict;
use folkform::plan::StepKind;

use super::TALE;
use super::employee;
use super::findings;
use super::names;
use super::steps;
use super::wanted;

#[test]
fn a_coordination_number_without_a_date_is_a_number_like_any_other() {
    let run = &TALE.run;
    let samuel = employee(run, "40178");
    assert_eq!(names(run, samuel, "staff").0, "samord");
    assert_eq!(run.outcome.verdict(samuel), Some(Verdict::Verified));
    assert!(findings(run, "employment 40178 of heroma/sml").is_empty());
}

#[test]
fn who_is_deceased_is_disabled_at_once_and_past_all_guards() {
    let run = &TALE.run;
    let minna = employee(run, "40181");
    assert_eq!(names(&TALE.pilot, minna, "staff").0, "minmin");
    assert_eq!(run.outcome.verdict(minna), Some(Verdict::Deregistered));
    let account = wanted(run, minna, "staff").unwrap();
    assert_eq!(account.state, Opinion::Set(AccountState::Disabled));
    let disable = steps(run, StepKind::Disable, minna, "staff");
    assert_eq!(disable.len(), 1);
    assert!(disable[0].urgent && disable[0].holds.is_none());
    assert!(steps(run, StepKind::Notice, minna, "staff").is_empty());
    let actual = super::actual(minna, "staff");
    assert_eq!(&*actual.id.0, "5baf9206-8227-5f51-889c-69d2e7ad7e61");
    assert!(!actual.enabled && actual.hidden);
}

#[test]
fn who_has_emigrated_and_still_works_keeps_the_account() {
    let run = &TALE.run;
    let ulrik = employee(run, "40182");
    assert_eq!(run.outcome.verdict(ulrik), Some(Verdict::Deregistered));
    assert_eq!(names(run, ulrik, "staff").0, "ulrutl");
}

#[test]
fn a_wrong_check_digit_is_a_finding_and_the_account_waits() {
    let run = &TALE.run;
    let felix = employee(run, "40184");
    let found = findings(run, "employment 40184 of heroma/sml");
    assert_eq!(found, [("invalid-number", Some("number"))]);
    is_not_created(felix);
}

#[test]
fn whom_the_register_does_not_know_waits_and_is_told_of() {
    let run = &TALE.run;
    let olle = employee(run, "40186");
    assert_eq!(run.outcome.verdict(olle), Some(Verdict::NotFound));
    let found = findings(run, &format!("person {olle}"));
    assert!(found.contains(&("not-in-register", None)), "{found:?}");
    is_not_created(olle);
}

fn is_not_created(person: folkform::base::PersonKey) {
    let run = &TALE.run;
    let found = findings(run, &format!("person {person}"));
    assert!(
        found.contains(&("requirement-not-met", Some("account.staff"))),
        "{found:?}"
    );
    let object = AccountKey::new(person, "staff").to_string();
    assert!(run.plan.steps().iter().all(|step| step.object != object));
}

#[test]
fn a_unit_that_no_table_knows_is_a_finding_and_costs_a_group_alone() {
    let run = &TALE.run;
    let enar = employee(run, "40191");
    let found = findings(run, "employment 40191 of heroma/sml");
    assert_eq!(found, [("unresolved-reference", Some("unit"))]);
    assert_eq!(names(run, enar, "staff").0, "enaenh");
    let key = AccountKey::new(enar, "staff");
    let mut groups = run.outcome.desired().groups.iter();
    assert!(
        groups.all(|(key_of, group)| &*key_of.rule != "unit" || !group.members.contains_key(&key))
    );
}

#[test]
fn nobody_else_is_told_of() {
    // Errors and warnings are those of the persons above, the one who has no manager to be welcomed by, and the stopped one.
    let run = &TALE.run;
    let mut subjects: Vec<String> = run
        .outcome
        .findings()
        .iter()
        .filter(|finding| finding.severity > folkform::diagnostic::Severity::Note)
        .map(|finding| finding.subject.to_string())
        .collect();
    subjects.sort();
    subjects.dedup();
    let person = |number: &str| format!("person {}", employee(run, number));
    let record = |number: &str| format!("employment {number} of heroma/sml");
    let mut expected = vec![record("40184"), record("40191")];
    expected.extend(
        [
            "40181", "40182", "40184", "40186", "40188", "40191", "40116",
        ]
        .map(person),
    );
    expected.sort();
    for subject in &subjects {
        assert!(expected.contains(subject), "{subject} is told of");
    }
}
