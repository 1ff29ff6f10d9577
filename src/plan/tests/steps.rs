//! Single cases of plans: what is done in which order, what is held, what is remembered of it.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    clippy::unwrap_used,
    reason = "tests"
)]

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

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
use crate::directory::AccountState;
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
use crate::ledger::Ledger;
use crate::plan::cause::CauseKind;
use crate::plan::document::Plan;
use crate::plan::guards::approval::Approvals;
use crate::plan::guards::guard::Effect;
use crate::plan::guards::guard::Guard;
use crate::plan::kind::StepKind;
use crate::plan::settlement::results::Results;
use crate::plan::settlement::results::StepResult;
use crate::plan::step::Shown;

pub(in crate::plan) fn kinds(plan: &Plan) -> Vec<&'static str> {
    plan.steps().iter().map(|step| step.kind.name()).collect()
}

pub(in crate::plan) fn go(plan: &Plan) -> crate::plan::settlement::release::Released {
    plan.release(&Approvals::default(), day(20)).unwrap()
}

/// Carries a plan out and settles it.
pub(in crate::plan) fn run(plan: &Plan, directory: &mut Directory) -> Ledger {
    let released = go(plan);
    let results = released.carry_out_on(directory);
    assert!(results.all_done());
    released.settle(&results)
}

/// Two of ours, `as1` and `as2`, each with an address.
pub(in crate::plan) fn two() -> (Directory, Desired) {
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

pub(in crate::plan) fn swap(desired: &mut Desired) {
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
    // Who is told of it.
    put(&mut directory, "2", Some(&person(2)), &ou(0), "as2");
    desired.accounts.insert(person(2), wish(&ou(0), "as2"));
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
            references: BTreeMap::from([(text("managedBy"), Opinion::Set(person(1)))]),
            carries: None,
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
    let known = ledger.memory().accounts.get(&person(1));
    assert!(known.is_none_or(|known| known.created_on.is_none()));
    assert!(ledger.memory().notices.is_empty());
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

pub(in crate::plan) fn notice(event: NoticeEvent) -> DesiredNotice {
    DesiredNotice {
        rule: text("welcome"),
        event,
        account: person(1),
        reason: text("e1"),
        happened: false,
        before: 0,
        to: Some(person(2)),
        task: false,
        fields: BTreeMap::from([(text("login"), text("as1"))]),
        needs: Vec::new(),
    }
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
    shared(&one);
    shared(&go(&one));
    let _: String = one.annex();
}

fn shared<T: Send + Sync + 'static>(_: &T) {}
