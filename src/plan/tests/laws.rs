//! The laws of plans, as properties: every prefix is valid, a plan carried out leaves nothing to do, what nobody speaks of
//! stays as it is, and what a guard holds takes nothing apart.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::generate::a_pair;
use super::sample::assert_valid;
use super::sample::day;
use super::sample::plan;
use super::sample::plan_with;
use crate::base::trials;
use crate::directory::AccountKey;
use crate::directory::Desired;
use crate::directory::Directory;
use crate::directory::ObjectId;
use crate::directory::Opinion;
use crate::ledger::Ledger;
use crate::plan::codes;
use crate::plan::document::Plan;
use crate::plan::guards::approval::Approvals;
use crate::plan::guards::guard::Guard;
use crate::plan::kind::StepKind;

/// Carries out the first steps that are released without guards.
fn carry_out(plan: &Plan, directory: &Directory, most: usize) -> Directory {
    let mut directory = directory.clone();
    let released = plan.release(&Approvals::default(), day(20)).unwrap();
    for step in released.steps().take(most) {
        if let Err(refused) = directory.apply(step.change()) {
            panic!(
                "{:?} is refused: {refused}\n{}",
                step.change(),
                plan.to_json()
            );
        }
    }
    directory
}

/// What of the accounts must not change: all that nobody speaks of.
fn assert_kept(desired: &Desired, before: &Directory, after: &Directory) {
    let adopted: BTreeSet<&ObjectId> = desired
        .accounts
        .values()
        .filter_map(|wanted| wanted.adopt.as_ref())
        .collect();
    for (id, old) in &before.accounts {
        let wanted = old
            .anchor
            .as_ref()
            .and_then(|key| desired.accounts.get(key));
        let Some(wanted) = wanted else {
            if !adopted.contains(id) {
                let mut old = old.clone();
                // A reference goes with the account that it refers to.
                old.references.retain(|_, target| {
                    after.accounts.contains_key(target) || after.groups.contains_key(target)
                });
                assert!(
                    after.accounts.get(id) == Some(&old),
                    "an account of nobody changed"
                );
            }
            continue;
        };
        let Some(new) = after.accounts.get(id) else {
            continue;
        };
        assert!(!wanted.login.is_keep() || old.login == new.login);
        assert!(!wanted.mail.is_keep() || old.mail == new.mail);
        assert!(!wanted.container.is_keep() || old.dn.parent() == new.dn.parent());
        assert!(!wanted.hidden.is_keep() || old.hidden == new.hidden);
        assert!(!wanted.mailbox.is_keep() || old.mailbox == new.mailbox);
        assert!(!wanted.state.is_keep() || old.enabled == new.enabled);
        for (name, values) in &old.attributes {
            let opinion = wanted
                .attributes
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(name));
            if opinion.map_or(!wanted.clear_others, |(_, opinion)| opinion.is_keep()) {
                assert_eq!(new.attributes.get(name), Some(values));
            }
        }
        for sku in &old.licences {
            if wanted.licences.get(sku).is_none_or(Opinion::is_keep) {
                assert!(new.licences.contains(sku));
            }
        }
    }
    for (id, old) in &before.groups {
        if old
            .anchor
            .as_ref()
            .is_none_or(|key| !desired.groups.contains_key(key))
        {
            let mut old = old.clone();
            old.members.retain(|member| {
                after.accounts.contains_key(member) || after.groups.contains_key(member)
            });
            assert!(
                after.groups.get(id) == Some(&old),
                "a group of nobody changed"
            );
        }
    }
}

fn guards() -> impl Strategy<Value = Vec<Guard>> {
    let kind = proptest::sample::select(StepKind::ALL);
    let guard = (kind, 0..3_u64).prop_map(|(kind, most)| Guard {
        most: Some(most),
        first_run: Some(most),
        ..Guard::new(kind)
    });
    proptest::collection::vec(guard, 0..5)
}

/// No account is enabled, a member or licensed beyond what it was and what it is to be.
fn assert_no_more_than(step: &Directory, before: &Directory, after: &Directory) {
    for (id, account) in &step.accounts {
        let (old, new) = (before.accounts.get(id), after.accounts.get(id));
        let enabled = |account: Option<&crate::directory::Account>| {
            account.is_some_and(|account| account.enabled)
        };
        assert!(!account.enabled || enabled(old) || enabled(new));
    }
    for (id, group) in &step.groups {
        let (old, new) = (before.groups.get(id), after.groups.get(id));
        let either = old
            .into_iter()
            .chain(new)
            .flat_map(|group| &group.members)
            .collect::<BTreeSet<_>>();
        assert!(group.members.iter().all(|member| either.contains(member)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 4000, ..trials() })]

    #[test]
    fn settled_prefix_safe_and_resumable((directory, desired) in a_pair(), cut in 0..60_usize) {
        assert_valid(&directory);
        let first = plan(&desired, &directory);
        let mut now = directory.clone();
        let done = carry_out(&first, &directory, usize::MAX);
        let released = first.release(&Approvals::default(), day(20)).unwrap();
        prop_assert_eq!(released.len(), first.steps().len());
        for step in released.steps() {
            prop_assert!(now.apply(step.change()).is_ok());
            assert_valid(&now);
            assert_no_more_than(&now, &directory, &done);
        }
        // Nothing is left to do.
        let second = plan(&desired, &done);
        prop_assert!(second.is_empty(), "left: {}\nfirst: {}", second.to_json(), first.to_json());
        assert_kept(&desired, &directory, &done);
        let hindered = [&codes::NAME_HELD, &codes::NOT_MADE, &codes::NOT_ADOPTED];
        if !second.findings().iter().any(|finding| hindered.contains(&finding.code)) {
            prop_assert!(desired.satisfied_by(&done), "{}\n{}", desired.to_sealed_json(), done.to_sealed_json());
        }
        // From wherever it stopped, the next plan comes to the same end.
        let stopped = carry_out(&first, &directory, cut);
        let resumed = carry_out(&plan(&desired, &stopped), &stopped, usize::MAX);
        prop_assert_eq!(resumed.to_sealed_json(), done.to_sealed_json());
    }

    #[test]
    fn what_a_guard_holds_takes_nothing_apart((directory, desired) in a_pair(), guards in guards()) {
        let all = plan(&desired, &directory);
        let guarded = plan_with(&desired, &directory, &Ledger::default(), &guards);
        let released = guarded.release(&Approvals::default(), day(20)).unwrap();
        let mut now = directory.clone();
        let gone: BTreeSet<&str> = released.steps().map(|step| step.id()).collect();
        for step in released.steps() {
            prop_assert!(now.apply(step.change()).is_ok(), "{:?} {}", step.change(), guarded.to_json());
            assert_valid(&now);
        }
        let mut units: BTreeMap<&str, BTreeSet<bool>> = BTreeMap::new();
        for step in guarded.steps() {
            prop_assert!(!step.urgent || gone.contains(step.id.as_str()));
            prop_assert_eq!(step.holds.is_none(), gone.contains(step.id.as_str()));
            if let Some(unit) = &step.unit {
                units.entry(unit).or_default().insert(step.holds.is_some());
            }
        }
        prop_assert!(units.values().all(|held| held.len() == 1));
        // Tighter limits release a part of what looser ones do.
        let tighter: Vec<Guard> = guards
            .iter()
            .map(|guard| Guard { most: guard.most.map(|most| most / 2), first_run: Some(0), ..guard.clone() })
            .collect();
        let tight = plan_with(&desired, &directory, &Ledger::default(), &tighter);
        let tight = tight.release(&Approvals::default(), day(20)).unwrap();
        prop_assert!(tight.steps().all(|step| gone.contains(step.id())));
        // Approvals of all that was reached let go of everything.
        let approvals = Approvals {
            approvals: guarded.trips().iter().map(|trip| trip.approval(day(20), "test")).collect(),
        };
        prop_assert_eq!(guarded.release(&approvals, day(20)).unwrap().len(), all.steps().len());
        prop_assert_eq!(guarded.release(&approvals, day(21)).unwrap().len(), gone.len());
        // The urgent part stands alone.
        let mut now = directory.clone();
        for step in guarded.urgent().steps() {
            prop_assert!(now.apply(step.change()).is_ok());
        }
    }

    #[test]
    fn sealed_values_show_nowhere((directory, desired) in a_pair()) {
        // Another old value of a sealed account shows nowhere either.
        let mut other = directory.clone();
        let sealed: BTreeSet<&AccountKey> =
            desired.accounts.iter().filter(|(_, wanted)| wanted.sealed).map(|(key, _)| key).collect();
        for account in other.accounts.values_mut() {
            if account.anchor.as_ref().is_some_and(|key| sealed.contains(key)) {
                for values in account.attributes.values_mut() {
                    *values = Vec::from([crate::base::Text::from("Hemlig")]);
                }
                if account.mail.is_some() {
                    account.mail = Some(crate::base::Text::from(alloc::format!("hemlig.{}@sml.se", account.id)));
                }
            }
        }
        let second = plan(&desired, &other);
        prop_assert!(!second.to_json().to_lowercase().contains("hemlig"));
        let shown = alloc::format!("{second:?} {:?}", second.findings());
        prop_assert!(!shown.to_lowercase().contains("hemlig"));
    }
}

#[test]
fn the_generators_reach_what_matters() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for _ in 0..600 {
        let (directory, desired) = a_pair().new_tree(&mut runner).unwrap().current();
        let plan = plan(&desired, &directory);
        let mut here: BTreeSet<&str> = plan.steps().iter().map(|step| step.kind.name()).collect();
        here.extend(plan.findings().iter().map(|finding| finding.code.id));
        let parks = |kind| {
            plan.steps()
                .iter()
                .any(|step| step.kind == StepKind::Park && step.phase == kind)
        };
        if parks(crate::plan::kind::Phase::Releases)
            && !here.contains("delete_account")
            && !here.contains("delete_group")
        {
            here.insert("a circle");
        }
        if plan.steps().iter().any(|step| step.urgent) {
            here.insert("urgent");
        }
        if plan.is_empty() {
            here.insert("empty");
        }
        for what in here {
            let count = seen.entry(what).or_default();
            *count = count.saturating_add(1);
        }
    }
    let rare: Vec<&str> = StepKind::ALL
        .iter()
        .map(|kind| kind.name())
        .filter(|kind| !matches!(*kind, "notice" | "merge_accounts" | "replace"))
        .chain(["a circle", "urgent", "P101", "P102", "P103", "P104"])
        .filter(|what| seen.get(what).is_none_or(|count| *count < 6))
        .collect();
    assert!(rare.is_empty(), "{rare:?} of {seen:?}");
}
