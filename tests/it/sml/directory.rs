//! The directory that was there: what is adopted, what is left alone, and that a plan carried out leaves nothing to do.

use folkform::directory::Directory;
use folkform::directory::ObjectId;
use folkform::plan::StepKind;

use super::TALE;
use super::actual;
use super::employee;
use super::files::Day;
use super::names;
use super::run;
use super::steps;
use super::story;

#[test]
fn an_existing_account_is_adopted_with_its_login_and_address() {
    let run = &TALE.run;
    let ada = employee(run, "40194");
    assert_eq!(steps(run, StepKind::AdoptAccount, ada, "staff").len(), 1);
    assert!(steps(run, StepKind::CreateAccount, ada, "staff").is_empty());
    assert!(
        steps(run, StepKind::Notice, ada, "staff").is_empty(),
        "adoption gives no notice"
    );
    assert_eq!(
        names(run, ada, "staff"),
        ("adaado01", "ada.adopterad.lon@munkedal.se")
    );
    let actual = actual(ada, "staff");
    assert_eq!(&*actual.id.0, "10a5b409-0fb7-5d3a-822a-4ec5d7a72ed4");
}

#[test]
fn a_service_account_keeps_the_login_that_somebody_else_would_have() {
    let run = &TALE.run;
    let prisca = employee(run, "40196");
    assert_eq!(
        names(run, prisca, "staff"),
        ("priint01", "prisca.inthamn@sotenas.se")
    );
    let svc = ObjectId("f595f3ca-d222-5aad-8338-93d776d13183".into());
    let untouched = |directory: &Directory| directory.accounts[&svc].clone();
    assert!(untouched(&run.before) == untouched(&TALE.after.directory));
    assert_eq!(untouched(&run.before).login.as_deref(), Some("priint"));
}

#[test]
fn a_group_kept_by_hand_is_left_alone() {
    let group = ObjectId("30c9cdae-f3a0-53c0-afab-3fcc63dc8223".into());
    let first = story::World::first().unwrap_or_else(|stop| panic!("{stop}"));
    assert!(first.directory.groups[&group] == TALE.after.directory.groups[&group]);
}

#[test]
fn what_was_carried_out_leaves_nothing_to_do() {
    let again = run(&TALE.after, Day::Ordinary, story::ORDINARY);
    assert!(again.plan.is_empty(), "{}", again.plan.summary());
    assert!(again.outcome.desired().satisfied_by(&TALE.after.directory));
}

#[test]
fn after_the_change_of_school_year_too_nothing_is_left_to_do() {
    let mut world = TALE.after.clone();
    let next = run(&world, Day::Rollover, story::ROLLOVER);
    assert!(next.plan.trips().is_empty(), "{:?}", next.plan.trips());
    assert!(steps_of(&next, StepKind::DeleteAccount) == 0);
    assert!(world.carry_out(&next));
    let again = run(&world, Day::Rollover, story::ROLLOVER);
    assert!(again.plan.is_empty(), "{}", again.plan.summary());
}

#[test]
fn an_empty_directory_is_filled_and_nothing_is_left_to_do() {
    let mut world = super::with_rules(str::to_owned);
    let first = run(&world, Day::Ordinary, story::ORDINARY);
    assert!(steps_of(&first, StepKind::CreateContainer) > 0);
    assert!(first.plan.trips().is_empty());
    assert!(world.carry_out(&first));
    let again = run(&world, Day::Ordinary, story::ORDINARY);
    assert!(again.plan.is_empty(), "{}", again.plan.summary());
}

fn steps_of(run: &story::Run, kind: StepKind) -> u64 {
    run.plan.summary().steps.get(&kind).copied().unwrap_or(0)
}
