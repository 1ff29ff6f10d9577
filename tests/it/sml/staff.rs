//! Staff: one employment, several, and what is between them.

use folkform::directory::AccountState;
use folkform::directory::Opinion;
use folkform::plan::StepKind;

use super::TALE;
use super::actual;
use super::attribute;
use super::employee;
use super::files::Day;
use super::is_member;
use super::known_as;
use super::later;
use super::names;
use super::person;
use super::run;
use super::steps;
use super::wanted;

#[test]
fn a_teacher_in_two_municipalities_is_one_person_with_one_account() {
    let run = &TALE.run;
    let tove = employee(run, "40150");
    assert_eq!(tove, employee(run, "40152"));
    assert_eq!(
        tove,
        known_as(run, "extens/1427", "83e66110-0800-5205-abff-cc95bde65a65")
    );
    assert_eq!(
        tove,
        known_as(
            run,
            "procapita/1430",
            "a454f6c0-48e7-5cc1-8e72-347f231ab128"
        )
    );
    assert_eq!(
        names(run, tove, "staff"),
        ("tovtva", "tove.tvahamn@sotenas.se")
    );
    assert_eq!(steps(run, StepKind::CreateAccount, tove, "staff").len(), 1);
    for group in [
        "unit:sg-1427-havskam",
        "unit:sg-1430-granback",
        "teachers:sg-teachers",
    ] {
        assert!(is_member(run, group, tove, "staff"), "{group}");
    }
}

#[test]
fn of_two_employments_the_one_that_ended_gives_nothing_any_more() {
    let run = &TALE.run;
    let henrik = employee(run, "40155");
    assert_eq!(henrik, employee(run, "40158"));
    assert_eq!(
        names(run, henrik, "staff"),
        ("henhal", "henrik.halvkvar@sotenas.se")
    );
    assert!(!is_member(run, "unit:sg-1484-fyren", henrik, "staff"));
    assert!(is_member(run, "unit:sg-1427-solvik", henrik, "staff"));
}

#[test]
fn one_who_starts_in_ten_days_has_an_account_and_is_in_no_group_yet() {
    let run = &TALE.run;
    let nova = employee(run, "40159");
    assert_eq!(
        names(run, nova, "staff"),
        ("novnyk", "nova.nykomst@munkedal.se")
    );
    let create = &steps(run, StepKind::CreateAccount, nova, "staff")[0].id;
    let notices = steps(run, StepKind::Notice, nova, "staff");
    assert_eq!(notices.len(), 1);
    assert!(notices[0].depends_on.contains(create));
    let hiring = employee(run, "40108");
    let notice = run
        .outcome
        .desired()
        .notices
        .iter()
        .find(|notice| notice.account.person == nova);
    assert_eq!(notice.unwrap().to.as_ref().unwrap().person, hiring);
    assert!(!is_member(run, "unit:sg-1430-lon", nova, "staff"));
    assert!(!is_member(
        &later(2026, 12, 2),
        "unit:sg-1430-lon",
        nova,
        "staff"
    ));
    assert!(is_member(
        &later(2026, 12, 3),
        "unit:sg-1430-lon",
        nova,
        "staff"
    ));
}

#[test]
fn the_next_change_is_the_day_of_the_first_start_or_end_ahead() {
    // A pupil's old school ends on the day before, and an employee starts that day.
    let next = TALE.run.outcome.next_change().unwrap();
    assert_eq!(next, Some(super::date(2026, 11, 30)));
}

#[test]
fn who_moves_between_municipalities_keeps_login_and_gets_an_address_with_the_old_one_as_alias() {
    let run = &TALE.run;
    let flora = employee(run, "40161");
    assert_eq!(flora, employee(run, "40163"));
    assert_eq!(flora, employee(&TALE.pilot, "40161"));
    assert_eq!(
        names(&TALE.pilot, flora, "staff"),
        ("flofly", "flora.flyttberg@munkedal.se")
    );
    assert_eq!(
        names(run, flora, "staff"),
        ("flofly", "flora.flyttberg@lysekil.se")
    );
    let account = wanted(run, flora, "staff").unwrap();
    assert!(account.aliases.contains("flora.flyttberg@munkedal.se"));
    assert_eq!(
        account.container.set().unwrap().to_string(),
        "OU=Lysekil,OU=SML,DC=sml,DC=test"
    );
    assert!(steps(run, StepKind::CreateAccount, flora, "staff").is_empty());
    assert!(steps(run, StepKind::RenameLogin, flora, "staff").is_empty());
    let actual = actual(flora, "staff");
    assert_eq!(&*actual.id.0, "40afdcd2-cff8-57c3-8b6f-e48f943fe9be");
    assert!(actual.aliases.contains("flora.flyttberg@munkedal.se"));
    assert!(!is_member(run, "unit:sg-1430-angen", flora, "staff"));
    assert!(is_member(run, "unit:sg-1484-fyren", flora, "staff"));
}

#[test]
fn who_is_on_full_leave_and_works_elsewhere_is_where_the_work_is() {
    let run = &TALE.run;
    let lena = employee(run, "40172");
    assert_eq!(lena, employee(run, "40173"));
    assert_eq!(
        names(run, lena, "staff"),
        ("lenled", "lena.ledigholm@lysekil.se")
    );
    assert!(is_member(run, "unit:sg-1484-fyren", lena, "staff"));
    assert!(!is_member(run, "unit:sg-1430-angen", lena, "staff"));
    // The leave ends with June, and the work elsewhere too.
    let after = run_after_leave();
    assert!(is_member(&after, "unit:sg-1430-angen", lena, "staff"));
    assert_eq!(names(&after, lena, "staff").1, "lena.ledigholm@munkedal.se");
}

fn run_after_leave() -> super::story::Run {
    run(&TALE.after, Day::Rollover, super::story::ROLLOVER)
}

#[test]
fn two_persons_with_one_name_get_two_logins_and_two_addresses() {
    let run = &TALE.run;
    let (one, other) = (employee(run, "40174"), employee(run, "40177"));
    assert_ne!(one, other);
    let mut all = [names(run, one, "staff"), names(run, other, "staff")];
    all.sort_unstable();
    assert_eq!(
        all,
        [
            ("liknam", "lika.namnlund@lysekil.se"),
            ("liknam01", "lika.namnlund2@lysekil.se"),
        ]
    );
}

#[test]
fn an_elected_member_and_a_consultant_come_from_overrides() {
    let run = &TALE.run;
    let folke = person(run, "overrides/sml", "employment", "o-101");
    assert_eq!(
        names(run, folke, "staff"),
        ("folfor", "folke.fortroende@munkedal.se")
    );
    assert!(is_member(run, "unit:sg-1430-ledning", folke, "staff"));
    let konny = person(run, "overrides/sml", "employment", "o-102");
    assert_eq!(
        names(run, konny, "staff"),
        ("konkon", "konny.konsultell@lysekil.se")
    );
    assert!(is_member(run, "unit:sg-1484-it", konny, "staff"));
}

#[test]
fn a_consultant_s_account_lasts_for_the_grace_after_the_end() {
    let konny = person(&TALE.run, "overrides/sml", "employment", "o-102");
    let state = |run: &super::story::Run| wanted(run, konny, "staff").unwrap().state.clone();
    let last = later(2027, 3, 7);
    assert_eq!(state(&last), Opinion::Set(AccountState::Enabled));
    assert!(!is_member(
        &later(2027, 3, 1),
        "unit:sg-1484-it",
        konny,
        "staff"
    ));
    assert_eq!(
        state(&later(2027, 3, 8)),
        Opinion::Set(AccountState::Disabled)
    );
}

#[test]
fn a_name_in_conflict_is_the_register_s_and_is_told() {
    let run = &TALE.run;
    let greta = employee(run, "40188");
    assert_eq!(
        names(run, greta, "staff"),
        ("grenyn", "greta.nynamnson@lysekil.se")
    );
    let account = wanted(run, greta, "staff").unwrap();
    assert_eq!(attribute(account, "displayName"), Some("Greta Nynamnson"));
    let found = super::findings(run, &format!("person {greta}"));
    assert!(
        found.contains(&("sources-disagree", Some("surname"))),
        "{found:?}"
    );
    assert!(
        found.contains(&("register-conflict", Some("surname"))),
        "{found:?}"
    );
}
