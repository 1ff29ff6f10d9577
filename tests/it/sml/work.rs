//! Work of an uncommon shape: by the hour, at two schools, by pupils.

use folkform::directory::AccountKey;
use folkform::directory::AccountState;
use folkform::directory::Opinion;
use folkform::model::AffiliationKind;

use super::TALE;
use super::date;
use super::employee;
use super::files::Day;
use super::is_member;
use super::known_as;
use super::later;
use super::names;
use super::run;
use super::wanted;
use super::with_rules;

#[test]
fn an_hourly_substitute_is_one_person_without_an_account_where_rules_say_so() {
    let run = &TALE.run;
    let tim = employee(run, "40165");
    assert_eq!(tim, employee(run, "40168"));
    assert_eq!(tim, employee(run, "40171"));
    assert!(wanted(run, tim, "staff").is_none());
}

#[test]
fn where_hourly_work_is_covered_gaps_are_bridged() {
    let mut world = with_rules(|rules| rules.replace("'employment.form != \"hourly\"'", "'true'"));
    let mut seen = Vec::new();
    // In the first employment, in the gap after it, in the second, in the gap after that, in the third, and in its grace.
    for (month, day) in [(10, 12), (11, 5), (11, 20), (12, 2), (12, 10), (12, 24)] {
        let run = run(&world, Day::Ordinary, date(2026, month, day));
        let tim = employee(&run, "40165");
        assert_eq!(names(&run, tim, "staff").0, "timtim", "2026-{month}-{day}");
        assert!(super::steps(&run, folkform::plan::StepKind::Disable, tim, "staff").is_empty());
        assert!(world.carry_out(&run));
        seen.push(AccountKey::new(tim, "staff"));
    }
    seen.dedup();
    assert_eq!(seen.len(), 1);
    let over = run(&world, Day::Ordinary, date(2027, 1, 20));
    let state = wanted(&over, seen[0].person, "staff")
        .unwrap()
        .state
        .clone();
    assert_eq!(state, Opinion::Set(AccountState::Disabled));
}

#[test]
fn the_head_of_two_schools_has_one_employment_and_two_duties_that_hang_on_it() {
    let run = &TALE.run;
    let dag = employee(run, "40123");
    assert_eq!(
        dag,
        known_as(
            run,
            "procapita/1430",
            "45a76008-0344-5427-b936-67a4371cc93e"
        )
    );
    assert_eq!(names(run, dag, "staff").0, "dagdub");
    // A group for each duty, named by its unit and by the employer of the employment that it hangs on.
    let probe = r#"
[group.probe]
account   = "staff"
each      = "duty"
key       = '"probe-" + duty.unit.code + "-" + duty.parent.employer.key'
container = '"OU=Groups,OU=SML,DC=sml,DC=test"'
"#;
    let world = with_rules(|rules| format!("{rules}{probe}"));
    let probed = super::run(&world, Day::Ordinary, super::story::ORDINARY);
    let dag = employee(&probed, "40123");
    for school in ["granback", "tallmo"] {
        let group = format!("probe:probe-1430-{school}-1430");
        assert!(is_member(&probed, &group, dag, "staff"), "{group}");
    }
    let employments = probed
        .outcome
        .population()
        .count(AffiliationKind::Employment);
    assert_eq!(
        employments, 97,
        "those of Heroma and of the overrides, and no others"
    );
}

#[test]
fn a_pupil_with_a_summer_job_is_one_person_with_a_staff_account_in_summer() {
    let run = &TALE.run;
    let solfrid = known_as(run, "extens/1484", "9685262e-9f89-5562-b032-0cc79f3bda75");
    assert_eq!(solfrid, employee(run, "40199"));
    assert_eq!(solfrid, employee(run, "40200"));
    names(run, solfrid, "pupil");
    assert!(wanted(run, solfrid, "staff").is_none());
    let summer = later(2027, 6, 20);
    names(&summer, solfrid, "pupil");
    let (login, mail) = names(&summer, solfrid, "staff");
    assert!(login.starts_with("solsom"));
    assert_eq!(mail, "solfrid.sommarhed@lysekil.se");
    assert!(is_member(
        &summer,
        "unit:sg-1484-samhalle",
        solfrid,
        "staff"
    ));
}
