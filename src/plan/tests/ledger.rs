//! Single cases of what is remembered: notices, causes, names that are given up.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    clippy::unwrap_used,
    reason = "tests"
)]

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::sample::day;
use super::sample::person;
use super::sample::plan;
use super::sample::plan_observed;
use super::sample::plan_with;
use super::sample::slice;
use super::sample::text;
use super::steps::go;
use super::steps::kinds;
use super::steps::notice;
use super::steps::run;
use super::steps::two;
use crate::base::PersonKey;
use crate::directory::AccountState;
use crate::directory::Change;
use crate::directory::Desired;
use crate::directory::NoticeEvent;
use crate::directory::Opinion;
use crate::ledger::ConfirmedSteps;
use crate::ledger::FlagMemory;
use crate::ledger::InstanceMemory;
use crate::ledger::Ledger;
use crate::ledger::Memory;
use crate::ledger::RecordMemory;
use crate::plan::cause::CauseKind;
use crate::plan::settlement::results::Results;
use crate::plan::settlement::results::StepResult;

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
        CauseKind::Time,
        "no source says anything else"
    );
    let cause = |change: &dyn Fn(&mut Memory)| {
        let mut memory = ledger.memory().clone();
        change(&mut memory);
        plan_observed(&desired, &directory, &ledger, Ledger::new(memory)).steps()[0].cause
    };
    let record = |owner: Option<PersonKey>| {
        move |memory: &mut Memory| {
            let instance = instance_of_one_record(owner);
            memory
                .instances
                .insert("payroll/town".to_string(), instance);
        }
    };
    let (own, other) = (person(1).person, person(2).person);
    assert_eq!(cause(&record(Some(own))), CauseKind::Source);
    assert_eq!(cause(&record(Some(other))), CauseKind::Time);
    assert_eq!(cause(&record(None)), CauseKind::Source, "a unit");
    // Whether anything changed about a protected person is not told.
    let flagged = |memory: &mut Memory| {
        let flag = FlagMemory {
            certain: true,
            since: day(1),
            waits: false,
        };
        let person = memory.persons.entry(own).or_default();
        person.flags.insert("marking".to_string(), flag);
    };
    assert_eq!(cause(&flagged), CauseKind::Source);
    assert_eq!(
        cause(&|memory| {
            flagged(memory);
            record(Some(own))(memory);
        }),
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
    wanted.alias_days = Some(730);
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
fn a_name_that_may_have_been_given_up_is_reserved_until_it_is_kept_after_all() {
    let (directory, mut desired) = two();
    desired.accounts.get_mut(&person(1)).unwrap().mail = Opinion::Set(text("new@sml.se"));
    let plan = plan(&desired, &directory);
    let settled = |result: Option<StepResult>| {
        let mut results = Results::default();
        if let Some(result) = result {
            results.set(&plan.steps()[0].id, result);
        }
        go(&plan).settle(&results)
    };
    let reserved = |ledger: &Ledger| -> Vec<alloc::string::String> {
        let reserved = ledger.memory().reserved.iter();
        reserved.map(|name| name.text.clone()).collect()
    };
    for result in [StepResult::Failed, StepResult::Skipped] {
        assert!(reserved(&settled(Some(result))).is_empty());
    }
    for result in [None, Some(StepResult::Unknown)] {
        let ledger = settled(result);
        assert_eq!(reserved(&ledger), ["as1@sml.se"]);
        // It was not, and the account is to keep it after all.
        let kept = plan_with(&two().1, &directory, &ledger, &[]);
        assert!(reserved(&go(&kept).settle(&Results::default())).is_empty());
    }
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

/// An instance with one record.
fn instance_of_one_record(person: Option<PersonKey>) -> InstanceMemory {
    InstanceMemory {
        as_of: day(20),
        accepted_on: None,
        municipality: None,
        count: 1,
        records: Vec::from([RecordMemory {
            kind: "employment".to_string(),
            id: "1".to_string(),
            fields: BTreeMap::new(),
            settled: None,
            absent_since: None,
            person,
        }]),
    }
}
