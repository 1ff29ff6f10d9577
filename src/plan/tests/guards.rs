//! Single cases of guards: what trips them, what they hold, what an approval lets go.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    clippy::unwrap_used,
    reason = "tests"
)]

use alloc::string::ToString;
use alloc::vec::Vec;

use super::sample::day;
use super::sample::empty;
use super::sample::ou;
use super::sample::person;
use super::sample::plan_with;
use super::sample::put;
use super::sample::slice;
use super::sample::text;
use super::sample::wish;
use super::steps::go;
use crate::directory::AccountState;
use crate::directory::Desired;
use crate::directory::Directory;
use crate::directory::Opinion;
use crate::directory::Urgency;
use crate::ledger::ConfirmedSteps;
use crate::ledger::Ledger;
use crate::ledger::Memory;
use crate::plan::document::Plan;
use crate::plan::guards::approval::Approvals;
use crate::plan::guards::guard::Effect;
use crate::plan::guards::guard::Guard;
use crate::plan::guards::tally::Tally;
use crate::plan::kind::StepKind;

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
    let confirmed = [13, 14, 20]
        .map(|on| ConfirmedSteps {
            day: day(on),
            kind: "disable".to_string(),
            slice: slice("1427"),
            count: 1,
        })
        .into();
    let memory = Memory {
        confirmed,
        ..Memory::default()
    };
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
    let told = (trip.count, trip.base, trip.objects.len());
    assert_eq!(told, (Tally::Exact(5), Tally::Exact(25), 5));
    assert!(
        trip.to_string()
            .contains("`1427/staff`: 5 steps, where at most"),
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
fn few_steps_where_no_municipality_is_told_are_not_counted_exactly() {
    let guard = Guard {
        most: Some(1),
        per_days: Some(7),
        ..Guard::new(StepKind::Disable)
    };
    // Where protected persons are is not told: theirs is the slice without a municipality.
    let trips = |n_protected, n_others| {
        let (directory, mut desired) = many(n_protected, n_others);
        for number in 0..25 {
            let wanted = desired.accounts.get_mut(&person(number)).unwrap();
            wanted.slice = slice("");
            wanted.sealed = true;
        }
        let plan = plan_with(
            &desired,
            &directory,
            &Ledger::default(),
            core::slice::from_ref(&guard),
        );
        let all = plan.trips().to_vec();
        (all, plan)
    };
    let (all, plan) = trips(3, 0);
    assert_eq!(all.len(), 2, "the slice and the total, which is the same");
    for trip in &all {
        assert_eq!(trip.count, Tally::Few);
        assert!(trip.causes.values().all(|count| *count == Tally::Few));
        let text = trip.to_string();
        assert!(text.contains(": fewer than 5 steps"), "{text}");
        assert!(!text.contains('3') && !text.contains("` 3"), "{text}");
        // An approval names the objects all the same.
        assert_eq!(trip.approval(day(25), "anna").objects.len(), 3);
    }
    assert!(plan.to_json().contains("\"count\":\"fewer than 5\""));
    let approvals = Approvals {
        approvals: all
            .iter()
            .map(|trip| trip.approval(day(25), "anna"))
            .collect(),
    };
    assert_eq!(plan.release(&approvals, day(25)).unwrap().len(), 3);
    let (more, _) = trips(5, 0);
    assert!(more.iter().all(|trip| trip.count == Tally::Exact(5)));
    // With others the total is theirs as well.
    let (mixed, _) = trips(2, 2);
    let counts: Vec<Tally> = mixed.iter().map(|trip| trip.count).collect();
    assert_eq!(counts, [Tally::Exact(4), Tally::Few, Tally::Exact(2)]);
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
fn a_first_address_is_no_change_of_address() {
    let guard = Guard {
        most: Some(0),
        ..Guard::new(StepKind::ChangeMail)
    };
    let planned = |directory: &Directory, desired: &Desired| {
        let guards = core::slice::from_ref(&guard);
        plan_with(desired, directory, &Ledger::default(), guards)
    };
    let (mut directory, mut desired) = super::steps::two();
    for account in directory.accounts.values_mut() {
        account.mail = None;
    }
    let plan = planned(&directory, &desired);
    assert!(plan.trips().is_empty());
    assert_eq!(go(&plan).len(), 2);
    let (directory, _) = super::steps::two();
    super::steps::swap(&mut desired);
    assert!(!planned(&directory, &desired).trips().is_empty());
}

#[test]
fn who_is_not_disabled_loses_nothing_else_either() {
    let (mut directory, mut desired) = many(1, 0);
    let key = person(0);
    for account in directory.accounts.values_mut() {
        if account.anchor.as_ref() == Some(&key) {
            account.licences.insert(text("A3"));
            account.mailbox = Some(text("remote"));
        }
    }
    let wanted = desired.accounts.get_mut(&key).unwrap();
    wanted.container = Opinion::Set(ou(1));
    wanted.hidden = Opinion::Set(true);
    wanted.licences.insert(text("A3"), Opinion::Clear);
    wanted.mailbox = Opinion::Clear;
    let guard = Guard {
        most: Some(0),
        ..Guard::new(StepKind::Disable)
    };
    let plan = plan_with(&desired, &directory, &Ledger::default(), &[guard]);
    let kinds: Vec<StepKind> = plan
        .steps()
        .iter()
        .filter(|step| step.object == key.to_string())
        .map(|step| step.kind)
        .collect();
    for kind in [
        StepKind::Disable,
        StepKind::Move,
        StepKind::Hide,
        StepKind::ChangeLicences,
        StepKind::SetMailbox,
    ] {
        assert!(kinds.contains(&kind), "{kind} of {kinds:?}");
    }
    assert_eq!(
        kinds.first(),
        Some(&StepKind::Disable),
        "the others wait for it"
    );
    let before = directory.clone();
    go(&plan).carry_out_on(&mut directory);
    let held = |directory: &Directory| {
        let mut accounts = directory.accounts.values();
        accounts
            .find(|account| account.anchor.as_ref() == Some(&key))
            .cloned()
    };
    assert_eq!(held(&directory), held(&before), "all of it is held");

    // Who is to be hidden at once is, whatever a guard holds.
    desired.accounts.get_mut(&key).unwrap().urgency = Urgency::Conceal;
    let guard = Guard {
        most: Some(0),
        ..Guard::new(StepKind::Disable)
    };
    let plan = plan_with(&desired, &before, &Ledger::default(), &[guard]);
    let urgent: Vec<StepKind> = plan
        .steps()
        .iter()
        .filter(|step| step.urgent)
        .map(|step| step.kind)
        .collect();
    assert_eq!(urgent, [StepKind::Hide]);
}
