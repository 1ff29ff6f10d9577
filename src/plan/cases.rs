//! Single cases of plans: what is done in which order, what is held, what is remembered of it.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::approval::Approvals;
use super::cause::CauseKind;
use super::document::Plan;
use super::guard::Effect;
use super::guard::Guard;
use super::kind::StepKind;
use super::results::Results;
use super::results::StepResult;
use super::sample::day;
use super::sample::empty;
use super::sample::group;
use super::sample::list;
use super::sample::ou;
use super::sample::person;
use super::sample::plan;
use super::sample::plan_with;
use super::sample::put;
use super::sample::slice;
use super::sample::text;
use super::sample::wish;
use super::step::Shown;
use crate::directory::AccountState;
use crate::directory::Change;
use crate::directory::Desired;
use crate::directory::DesiredClassList;
use crate::directory::DesiredGroup;
use crate::directory::DesiredNotice;
use crate::directory::DesiredRow;
use crate::directory::Directory;
use crate::directory::KeepCause;
use crate::directory::NoticeEvent;
use crate::directory::ObjectId;
use crate::directory::Opinion;
use crate::directory::RowState;
use crate::directory::Urgency;
use crate::ledger::ConfirmedSteps;
use crate::ledger::Ledger;
use crate::ledger::Memory;

fn kinds(plan: &Plan) -> Vec<&'static str> {
    plan.steps().iter().map(|step| step.kind.name()).collect()
}

fn go(plan: &Plan) -> super::release::Released {
    plan.release(&Approvals::default(), day(20)).unwrap()
}

/// Carries a plan out and settles it.
fn run(plan: &Plan, directory: &mut Directory) -> Ledger {
    let released = go(plan);
    let results = released.carry_out_on(directory);
    assert!(results.all_done());
    released.settle(&results)
}

/// Two of ours, `as1` and `as2`, each with an address.
fn two() -> (Directory, Desired) {
    let mut directory = empty();
    for (id, number, login) in [("1", 1, "as1"), ("2", 2, "as2")] {
        put(&mut directory, id, Some(&person(number)), &ou(0), login);
        let account = directory.accounts.get_mut(&ObjectId(text(id))).unwrap();
        account.mail = Some(text(&alloc::format!("{login}@sml.se")));
    }
    let mut desired = Desired::default();
    for (number, login) in [(1, "as1"), (2, "as2")] {
        let mut wanted = wish(&ou(0), login);
        wanted.mail = Opinion::Set(text(&alloc::format!("{login}@sml.se")));
        desired.accounts.insert(person(number), wanted);
    }
    (directory, desired)
}

fn swap(desired: &mut Desired) {
    for (number, login) in [(1, "as2"), (2, "as1")] {
        let wanted = desired.accounts.get_mut(&person(number)).unwrap();
        wanted.login = Opinion::Set(text(login));
        wanted.mail = Opinion::Set(text(&alloc::format!("{login}@sml.se")));
    }
}

#[test]
fn what_is_as_wanted_makes_no_step_whatever_its_case() {
    let (directory, mut desired) = two();
    let wanted = desired.accounts.get_mut(&person(1)).unwrap();
    wanted.login = Opinion::Set(text("AS1"));
    wanted.mail = Opinion::Set(text("As1@SML.se"));
    assert!(plan(&desired, &directory).is_empty());
}

#[test]
fn a_swap_parks_one_and_is_one_unit() {
    let (mut directory, mut desired) = two();
    swap(&mut desired);
    let plan = plan(&desired, &directory);
    let phases: Vec<(&str, usize)> = [
        ("park", 3),
        ("move", 2),
        ("rename_login", 2),
        ("change_mail", 2),
    ]
    .into();
    for (kind, count) in phases {
        assert_eq!(
            kinds(&plan).iter().filter(|known| **known == kind).count(),
            count
        );
    }
    assert!(kinds(&plan).iter().take(3).all(|kind| *kind == "park"));
    let units: BTreeSet<_> = plan
        .steps()
        .iter()
        .filter(|step| step.kind != StepKind::ChangeMail)
        .map(|step| &step.unit)
        .collect();
    assert!(plan.steps().iter().all(|step| step.unit.is_some()));
    assert!(!units.is_empty());
    // A guard on one of them holds all of its unit.
    let guard = Guard {
        most: Some(1),
        ..Guard::new(StepKind::RenameLogin)
    };
    let guarded = plan_with(&desired, &directory, &Ledger::default(), &[guard]);
    let left: Vec<_> = go(&guarded)
        .steps()
        .map(|step| step.shown().kind.name())
        .collect();
    assert!(
        !left.contains(&"move") && !left.contains(&"rename_login"),
        "{left:?}"
    );
    assert!(left.iter().filter(|kind| **kind == "park").count() <= 1);
    // Carried out, nobody's old name is reserved for its old holder: the other has it.
    let ledger = run(&plan, &mut directory);
    assert!(desired.satisfied_by(&directory));
    let memory = ledger.memory();
    assert!(memory.reserved.is_empty());
    assert_eq!(memory.accounts[&person(1)].names["login"].text, "as2");
    assert!(memory.accounts[&person(2)].names["mail"].confirmed);
}

#[test]
fn a_chain_waits_and_parks_nothing() {
    let (mut directory, mut desired) = two();
    desired.accounts.get_mut(&person(1)).unwrap().login = Opinion::Set(text("as2"));
    desired.accounts.get_mut(&person(2)).unwrap().login = Opinion::Set(text("as3"));
    let plan = plan(&desired, &directory);
    assert!(!kinds(&plan).contains(&"park"));
    let ledger = run(&plan, &mut directory);
    let reserved: Vec<&str> = ledger
        .memory()
        .reserved
        .iter()
        .map(|name| name.text.as_str())
        .collect();
    assert_eq!(reserved, ["as1"]);
    assert_eq!(
        ledger.memory().reserved[0].until,
        Some(crate::base::shift(day(20), 3650))
    );
}

#[test]
fn a_name_that_is_not_given_up_is_a_finding_and_no_step() {
    let (mut directory, mut desired) = two();
    put(&mut directory, "9", None, &ou(1), "taken");
    desired.accounts.get_mut(&person(1)).unwrap().login = Opinion::Set(text("TAKEN"));
    desired.accounts.get_mut(&person(2)).unwrap().login = Opinion::Set(text("as1"));
    desired.accounts.insert(person(3), wish(&ou(0), "taken"));
    let plan = plan(&desired, &directory);
    assert!(plan.is_empty(), "{}", plan.to_json());
    let codes: Vec<&str> = plan
        .findings()
        .iter()
        .map(|finding| finding.code.id)
        .collect();
    assert!(codes.contains(&"P101") && codes.contains(&"P102"));
    assert!(
        !alloc::format!("{:?}", plan.findings())
            .to_lowercase()
            .contains("taken")
    );
}

#[test]
fn a_name_of_one_who_is_deleted_is_free_before_the_deletion() {
    let (mut directory, mut desired) = two();
    desired.accounts.get_mut(&person(1)).unwrap().state = Opinion::Set(AccountState::Deleted);
    let mut wanted = wish(&ou(0), "as1");
    wanted.mail = Opinion::Set(text("as1@sml.se"));
    desired.accounts.insert(person(3), wanted);
    let plan = plan(&desired, &directory);
    assert_eq!(
        kinds(&plan),
        [
            "park",
            "park",
            "park",
            "create_account",
            "change_mail",
            "enable",
            "delete_account"
        ]
    );
    // Without the deletion nobody gets the name.
    let guard = Guard {
        most: Some(0),
        ..Guard::new(StepKind::DeleteAccount)
    };
    let guarded = plan_with(&desired, &directory, &Ledger::default(), &[guard]);
    assert!(go(&guarded).is_empty());
    run(&plan, &mut directory);
    assert!(desired.satisfied_by(&directory));
}

#[test]
fn a_new_account_comes_before_all_that_needs_it() {
    let mut directory = empty();
    let mut desired = Desired::default();
    let mut wanted = wish(&ou(3), "as1");
    wanted.hidden = Opinion::Set(true);
    wanted.mail = Opinion::Set(text("as1@sml.se"));
    wanted
        .attributes
        .insert(text("title"), Opinion::Set(Vec::from([text("Lärare")])));
    wanted
        .references
        .insert(text("manager"), Opinion::Set(person(1)));
    wanted.licences.insert(text("a3"), Opinion::Set(()));
    wanted.mailbox = Opinion::Set(text("remote"));
    desired.accounts.insert(person(1), wanted);
    desired.groups.insert(
        group(1),
        DesiredGroup {
            slice: slice("1430"),
            name: Opinion::Set(text("sg-1")),
            container: Opinion::Set(ou(2)),
            attributes: BTreeMap::new(),
            members: BTreeMap::from([(person(1), Opinion::Set(()))]),
            nested: BTreeSet::new(),
            exact: true,
            ended: false,
        },
    );
    let columns = BTreeMap::from([(text("login"), text("as1"))]);
    desired.class_lists.insert(
        list(1),
        DesiredClassList {
            slice: slice("1430"),
            name: text("7B"),
            rows: BTreeMap::from([(
                person(1),
                DesiredRow {
                    state: RowState::Pending,
                    columns,
                },
            )]),
        },
    );
    desired.notices.push(notice(NoticeEvent::Created));
    let plan = plan(&desired, &directory);
    assert_eq!(
        kinds(&plan),
        [
            "create_container",
            "create_container",
            "create_account",
            "change_mail",
            "set_attribute",
            "hide",
            "add_licences",
            "set_mailbox",
            "create_group",
            "add_member",
            "set_reference",
            "create_class_list",
            "write_row",
            "enable",
            "notice",
        ]
    );
    let create = plan
        .steps()
        .iter()
        .find(|step| step.kind == StepKind::CreateAccount)
        .unwrap();
    for step in plan
        .steps()
        .iter()
        .filter(|step| step.phase > create.phase && step.object == create.object)
    {
        assert!(step.depends_on.contains(&create.id), "{step:?}");
    }
    let hide = plan
        .steps()
        .iter()
        .find(|step| step.kind == StepKind::Hide)
        .unwrap();
    let enable = plan
        .steps()
        .iter()
        .find(|step| step.kind == StepKind::Enable)
        .unwrap();
    assert!(enable.depends_on.contains(&hide.id));
    // Where the account fails, all the rest is left alone, and nothing is remembered as done.
    let released = go(&plan);
    let mut results = Results::default();
    results.set(&create.id, StepResult::Unknown);
    let ledger = released.settle(&results);
    assert!(ledger.memory().accounts.is_empty() && ledger.memory().notices.is_empty());
    let ledger = run(&plan, &mut directory);
    let memory = &ledger.memory().accounts[&person(1)];
    assert_eq!(
        (memory.created_on, memory.disabled_on),
        (Some(day(20)), None)
    );
    assert!(memory.names["login"].confirmed && memory.names["mail"].confirmed);
    assert_eq!(
        memory.slice,
        Some(("1430".to_string(), "staff".to_string()))
    );
    assert_eq!(ledger.memory().groups[&group(1)].created_on, Some(day(20)));
    let told = ledger.memory().notices.values().next().unwrap();
    assert_eq!((told.event_on, told.done_on), (day(20), Some(day(20))));
    assert!(desired.satisfied_by(&directory));
}

fn notice(event: NoticeEvent) -> DesiredNotice {
    DesiredNotice {
        rule: text("welcome"),
        event,
        account: person(1),
        reason: text("e1"),
        to: Some(person(2)),
        task: false,
        fields: BTreeMap::from([(text("login"), text("as1"))]),
        needs: Vec::new(),
    }
}

#[test]
fn a_notice_waits_for_its_event_and_goes_once() {
    let (mut directory, mut desired) = two();
    desired.notices.push(notice(NoticeEvent::Disabled));
    assert!(plan(&desired, &directory).is_empty());
    desired.accounts.get_mut(&person(1)).unwrap().state = Opinion::Set(AccountState::Disabled);
    let first = plan(&desired, &directory);
    assert_eq!(kinds(&first), ["disable", "notice"]);
    assert_eq!(first.steps()[1].depends_on, [first.steps()[0].id.clone()]);
    // The event is confirmed, the notice is not: it stands in the next plan, by what the ledger remembers.
    let mut results = Results::default();
    results.done(&first.steps()[0].id);
    results.set(&first.steps()[1].id, StepResult::Failed);
    let ledger = go(&first).settle(&results);
    assert_eq!(
        ledger.memory().accounts[&person(1)].disabled_on,
        Some(day(20))
    );
    directory
        .apply(&Change::Disable { account: person(1) })
        .unwrap();
    let second = plan_with(&desired, &directory, &ledger, &[]);
    assert_eq!(kinds(&second), ["notice"]);
    assert_eq!(second.steps()[0].cause, CauseKind::Ledger);
    let ledger = run(&second, &mut directory);
    assert!(plan_with(&desired, &directory, &ledger, &[]).is_empty());
}

#[test]
fn an_adoption_changes_only_what_is_wanted_and_tells_nobody() {
    let mut directory = empty();
    put(&mut directory, "7", None, &ou(0), "anna");
    let mut desired = Desired::default();
    let mut wanted = wish(&ou(0), "anna");
    wanted.adopt = Some(ObjectId(text("7")));
    desired.accounts.insert(person(1), wanted.clone());
    desired.notices.push(notice(NoticeEvent::Created));
    let plan_one = plan(&desired, &directory);
    assert_eq!(kinds(&plan_one), ["adopt_account"]);
    // Two who want one object get neither it nor a second one.
    desired.accounts.insert(person(2), wanted);
    let both = plan(&desired, &directory);
    assert!(both.is_empty());
    assert_eq!(both.findings().len(), 2);
    let ledger = run(&plan_one, &mut directory);
    assert_eq!(
        ledger.memory().accounts[&person(1)].created_on,
        Some(day(20))
    );
    assert!(ledger.memory().notices.is_empty());
}

#[test]
fn concealing_is_urgent_and_replacing_is_not() {
    let (mut directory, mut desired) = two();
    directory
        .class_lists
        .entry(list(1))
        .or_default()
        .rows
        .insert(person(1), BTreeMap::new());
    let name = directory.class_lists[&list(1)].name.clone();
    desired.class_lists.insert(
        list(1),
        DesiredClassList {
            slice: slice("1430"),
            name,
            rows: BTreeMap::new(),
        },
    );
    let wanted = desired.accounts.get_mut(&person(1)).unwrap();
    wanted.sealed = true;
    wanted.urgency = Urgency::Conceal;
    wanted.hidden = Opinion::Set(true);
    wanted.state = Opinion::Set(AccountState::Disabled);
    wanted.login = Opinion::Set(text("cover7"));
    wanted.mail = Opinion::Set(text("cover7@sml.se"));
    let nothing_passes: Vec<Guard> = StepKind::ALL
        .iter()
        .map(|kind| Guard {
            most: Some(0),
            effect: Effect::All,
            ..Guard::new(*kind)
        })
        .collect();
    let plan = plan_with(&desired, &directory, &Ledger::default(), &nothing_passes);
    let refusal = plan.release(&Approvals::default(), day(20)).unwrap_err();
    assert!(refusal.to_string().starts_with("guard `"), "{refusal}");
    let urgent: Vec<_> = plan
        .urgent()
        .steps()
        .map(|step| step.shown().kind.name())
        .collect();
    assert_eq!(urgent, ["hide", "remove_row"]);
    assert!(
        plan.steps()
            .iter()
            .take(2)
            .all(|step| step.urgent && step.cause == CauseKind::Urgent)
    );
    // The old login, the old address and the class stand in the annex alone.
    let json = plan.to_json();
    assert!(!json.contains("as1") && !json.contains("ist/1:1"), "{json}");
    assert!(json.contains("cover7@sml.se"));
    assert!(plan.annex().contains("as1@sml.se") && plan.annex().contains("ist/1:1"));
    let shown = plan
        .steps()
        .iter()
        .find(|step| step.kind == StepKind::RenameLogin)
        .unwrap();
    assert!(matches!(&shown.before, Shown::Sealed(id) if plan.annex().contains(id.as_str())));
    // Who is suspended is disabled at once.
    desired.accounts.get_mut(&person(1)).unwrap().urgency = Urgency::Suspend;
    let plan = plan_with(&desired, &directory, &Ledger::default(), &nothing_passes);
    let urgent: Vec<_> = plan
        .urgent()
        .steps()
        .map(|step| step.shown().kind.name())
        .collect();
    assert_eq!(urgent, ["hide", "remove_row", "disable"]);
}

/// Twenty-five of ours in two municipalities, some of them to be disabled.
fn many(first: usize, second: usize) -> (Directory, Desired) {
    let (mut directory, mut desired) = (empty(), Desired::default());
    for number in 0..50 {
        let login = alloc::format!("as{number}");
        put(
            &mut directory,
            &alloc::format!("{number:02}"),
            Some(&person(number)),
            &ou(0),
            &login,
        );
        let mut wanted = wish(&ou(0), &login);
        let (place, ends) = if number < 25 {
            ("1427", number < first)
        } else {
            ("1430", number - 25 < second)
        };
        wanted.slice = slice(place);
        if ends {
            wanted.state = Opinion::Set(AccountState::Disabled);
        }
        desired.accounts.insert(person(number), wanted);
    }
    (directory, desired)
}

fn released_of(guard: &Guard, first: usize, second: usize, ledger: &Ledger) -> usize {
    let (directory, desired) = many(first, second);
    go(&plan_with(
        &desired,
        &directory,
        ledger,
        core::slice::from_ref(guard),
    ))
    .len()
}

#[test]
fn a_guard_trips_above_its_count_or_its_share_slice_by_slice() {
    let nothing = Ledger::default();
    let most = Guard {
        most: Some(3),
        ..Guard::new(StepKind::Disable)
    };
    assert_eq!(released_of(&most, 3, 0, &nothing), 3);
    assert_eq!(released_of(&most, 4, 0, &nothing), 0);
    // Neither slice is above, the total is.
    assert_eq!(released_of(&most, 2, 2, &nothing), 0);
    let share = Guard {
        share_per_mille: Some(80),
        ..Guard::new(StepKind::Disable)
    };
    assert_eq!(released_of(&share, 2, 2, &nothing), 4);
    assert_eq!(released_of(&share, 3, 1, &nothing), 1);
    let small = Guard {
        min_base: 26,
        ..share
    };
    // The share of 25 says nothing; that of all 50 does.
    assert_eq!(released_of(&small, 4, 0, &nothing), 4);
    assert_eq!(released_of(&small, 5, 0, &nothing), 0);
    let warn = Guard {
        most: Some(0),
        effect: Effect::Warn,
        ..Guard::new(StepKind::Disable)
    };
    assert_eq!(released_of(&warn, 9, 9, &nothing), 18);
}

#[test]
fn confirmed_steps_of_the_days_before_are_counted() {
    let mut memory = Memory::default();
    memory.confirmed = [13, 14, 20]
        .map(|on| ConfirmedSteps {
            day: day(on),
            kind: "disable".to_string(),
            slice: slice("1427"),
            count: 1,
        })
        .into();
    let ledger = Ledger::new(memory);
    let guard = Guard {
        most: Some(4),
        per_days: Some(7),
        ..Guard::new(StepKind::Disable)
    };
    assert_eq!(released_of(&guard, 2, 0, &ledger), 2);
    assert_eq!(released_of(&guard, 3, 0, &ledger), 0);
    let without = Guard {
        per_days: None,
        ..guard
    };
    assert_eq!(released_of(&without, 3, 0, &ledger), 3);
}

#[test]
fn an_approval_covers_its_slice_and_every_later_part_of_it() {
    let guard = Guard {
        most: Some(3),
        ..Guard::new(StepKind::Disable)
    };
    let (directory, desired) = many(5, 1);
    let plan_of = |first, second| {
        let (_, desired) = many(first, second);
        plan_with(
            &desired,
            &directory,
            &Ledger::default(),
            core::slice::from_ref(&guard),
        )
    };
    let plan = plan_with(
        &desired,
        &directory,
        &Ledger::default(),
        core::slice::from_ref(&guard),
    );
    let trip = plan
        .trips()
        .iter()
        .find(|trip| trip.slice == Some(slice("1427")))
        .unwrap();
    assert_eq!((trip.count, trip.base, trip.objects.len()), (5, 25, 5));
    assert!(
        trip.to_string()
            .contains("`1427/staff`: 5 steps of 25 objects, 5 by first"),
        "{trip}"
    );
    let approvals = Approvals {
        approvals: Vec::from([trip.approval(day(25), "anna")]),
    };
    let count = |plan: &Plan, on| plan.release(&approvals, on).unwrap().len();
    assert_eq!(count(&plan, day(25)), 5);
    assert_eq!(count(&plan, day(26)), 0);
    // A part of it is covered, one more is not; the other slice stays held by the total.
    assert_eq!(count(&plan_of(4, 0), day(25)), 4);
    assert_eq!(count(&plan_of(6, 0), day(25)), 0);
    assert_eq!(count(&plan_of(5, 4), day(25)), 5);
}

#[test]
fn a_first_run_is_guarded_only_where_the_guard_says_so() {
    let mut desired = Desired::default();
    for number in 0..9 {
        desired
            .accounts
            .insert(person(number), wish(&ou(0), &alloc::format!("as{number}")));
    }
    let guard = Guard {
        most: Some(3),
        ..Guard::new(StepKind::CreateAccount)
    };
    let ledger = Ledger::default();
    let free = plan_with(&desired, &empty(), &ledger, core::slice::from_ref(&guard));
    assert_eq!(go(&free).len(), 18);
    let guarded = Guard {
        first_run: Some(5),
        ..guard.clone()
    };
    assert!(go(&plan_with(&desired, &empty(), &ledger, &[guarded])).is_empty());
    let mut directory = empty();
    put(&mut directory, "1", Some(&person(0)), &ou(0), "as0");
    assert!(go(&plan_with(&desired, &directory, &ledger, &[guard])).is_empty());
}

#[test]
fn causes_are_told_apart_by_what_was_wanted_last_time() {
    let (mut directory, mut desired) = two();
    let title = |desired: &mut Desired, value: &str| {
        let wanted = desired.accounts.get_mut(&person(1)).unwrap();
        wanted
            .attributes
            .insert(text("title"), Opinion::Set(Vec::from([text(value)])));
    };
    title(&mut desired, "Lärare");
    let first = plan(&desired, &directory);
    assert_eq!(first.steps()[0].cause, CauseKind::First);
    let held = go(&first).settle(&Results::default());
    let ledger = run(&first, &mut directory);
    // What was not done was not wanted before, as far as anybody can tell.
    assert_eq!(
        plan_with(&desired, &two().0, &held, &[]).steps()[0].cause,
        CauseKind::First
    );
    assert_eq!(
        plan_with(&desired, &two().0, &ledger, &[]).steps()[0].cause,
        CauseKind::Drift
    );
    title(&mut desired, "Rektor");
    assert_eq!(
        plan_with(&desired, &directory, &ledger, &[]).steps()[0].cause,
        CauseKind::Source
    );
    let mut memory = ledger.memory().clone();
    memory.rules = Some("other".to_string());
    assert_eq!(
        plan_with(&desired, &directory, &Ledger::new(memory), &[]).steps()[0].cause,
        CauseKind::Rules
    );
}

#[test]
fn an_old_address_stays_an_alias_and_is_reserved_when_it_goes() {
    let (mut directory, mut desired) = two();
    let wanted = desired.accounts.get_mut(&person(1)).unwrap();
    wanted.mail = Opinion::Set(text("new@sml.se"));
    wanted.aliases.insert(text("as1@sml.se"));
    let first = plan(&desired, &directory);
    assert_eq!(kinds(&first), ["change_mail"]);
    let ledger = run(&first, &mut directory);
    let memory = ledger.memory();
    assert_eq!(
        memory.accounts[&person(1)].aliases["as1@sml.se"],
        crate::base::shift(day(20), 730)
    );
    assert!(memory.reserved.is_empty());
    assert!(plan(&desired, &directory).is_empty());
    let wanted = desired.accounts.get_mut(&person(1)).unwrap();
    wanted.aliases.clear();
    wanted.withdrawn.insert(text("AS1@sml.se"));
    let ledger = run(
        &plan_with(&desired, &directory, &ledger, &[]),
        &mut directory,
    );
    assert!(ledger.memory().accounts[&person(1)].aliases.is_empty());
    let reserved = &ledger.memory().reserved[0];
    assert_eq!(
        (reserved.text.as_str(), reserved.until),
        ("as1@sml.se", None)
    );
    // The old holder may have it back.
    let wanted = desired.accounts.get_mut(&person(1)).unwrap();
    wanted.withdrawn.clear();
    wanted.mail = Opinion::Set(text("as1@sml.se"));
    let ledger = run(
        &plan_with(&desired, &directory, &ledger, &[]),
        &mut directory,
    );
    let reserved: Vec<&str> = ledger
        .memory()
        .reserved
        .iter()
        .map(|name| name.text.as_str())
        .collect();
    assert_eq!(reserved, ["new@sml.se"]);
}

#[test]
fn a_deletion_reserves_all_names_and_old_counts_are_forgotten() {
    let (mut directory, mut desired) = two();
    desired.accounts.get_mut(&person(1)).unwrap().state = Opinion::Set(AccountState::Deleted);
    let mut memory = Memory::default();
    for days in [401, 400] {
        memory.confirmed.push(ConfirmedSteps {
            day: crate::base::shift(day(20), -days),
            kind: "disable".to_string(),
            slice: slice("1430"),
            count: 1,
        });
    }
    let ledger = run(
        &plan_with(&desired, &directory, &Ledger::new(memory), &[]),
        &mut directory,
    );
    let memory = ledger.memory();
    assert_eq!(memory.accounts[&person(1)].deleted_on, Some(day(20)));
    assert!(memory.accounts[&person(1)].names.is_empty());
    let reserved: BTreeSet<&str> = memory
        .reserved
        .iter()
        .map(|name| name.text.as_str())
        .collect();
    assert_eq!(reserved, BTreeSet::from(["as1", "as1@sml.se"]));
    let counted: Vec<(&str, u64)> = memory
        .confirmed
        .iter()
        .map(|steps| (steps.kind.as_str(), steps.count))
        .collect();
    assert_eq!(counted, [("disable", 1), ("delete_account", 1)]);
}

#[test]
fn one_that_is_held_is_not_made_and_one_that_is_gone_is_not_made_again() {
    let mut desired = Desired::default();
    let mut held = wish(&ou(0), "as1");
    held.state = Opinion::Keep(KeepCause::Held);
    desired.accounts.insert(person(1), held);
    let mut ended = wish(&ou(0), "as2");
    ended.state = Opinion::Set(AccountState::Disabled);
    desired.accounts.insert(person(2), ended);
    assert!(plan(&desired, &empty()).is_empty());
    assert!(desired.satisfied_by(&empty()));
}

#[test]
fn the_document_is_canonical_and_names_what_it_holds() {
    let (directory, mut desired) = two();
    swap(&mut desired);
    let one = plan(&desired, &directory);
    assert_eq!(one.to_json(), plan(&desired, &directory).to_json());
    assert_eq!(one.digest().len(), 64);
    assert_eq!(
        one.digest(),
        crate::base::sha256_hex(one.to_json().as_bytes())
    );
    assert_eq!(
        one.summary().to_string(),
        "3 park, 2 move, 2 rename_login, 2 change_mail"
    );
    let ids: BTreeSet<&str> = one.steps().iter().map(|step| step.id.as_str()).collect();
    assert_eq!(ids.len(), one.steps().len());
    let read: serde_json::Value = serde_json::from_str(&one.to_json()).unwrap();
    let before: BTreeSet<&str> = [3, 4, 5, 6]
        .iter()
        .filter_map(|at| read["steps"][*at]["before"].as_str())
        .collect();
    assert_eq!(
        before
            .iter()
            .filter(|before| before.contains("park"))
            .count(),
        2,
        "{before:?}"
    );
    assert!(before.iter().any(|before| before.starts_with("CN=as")));
    fn shared<T: Send + Sync + 'static>(_: &T) {}
    shared(&one);
    shared(&go(&one));
    let _: String = one.annex();
}
