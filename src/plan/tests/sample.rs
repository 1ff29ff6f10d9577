//! Directories and wishes that the tests of this layer share, and what holds of every valid directory.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    clippy::unwrap_used,
    reason = "tests"
)]

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::base::PersonKey;
use crate::base::Text;
use crate::directory::Account;
use crate::directory::AccountKey;
use crate::directory::AccountState;
use crate::directory::ClassListKey;
use crate::directory::Desired;
use crate::directory::DesiredAccount;
use crate::directory::Directory;
use crate::directory::Dn;
use crate::directory::Group;
use crate::directory::GroupKey;
use crate::directory::KeepCause;
use crate::directory::ObjectId;
use crate::directory::Opinion;
use crate::directory::Slice;
use crate::ledger::Ledger;
use crate::plan::document::Plan;
use crate::plan::guards::guard::Guard;
use crate::plan::inputs::NamePolicy;
use crate::plan::inputs::PlanInputs;

pub(in crate::plan) fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

pub(in crate::plan) fn text(text: &str) -> Text {
    Text::from(text)
}

pub(in crate::plan) fn person(number: usize) -> AccountKey {
    AccountKey::new(PersonKey::mint(b"test", &[&format!("{number}")]), "staff")
}

pub(in crate::plan) fn group(number: usize) -> GroupKey {
    GroupKey {
        rule: text("unit"),
        value: text(&format!("g{number}")),
    }
}

pub(in crate::plan) fn list(number: usize) -> ClassListKey {
    ClassListKey {
        rule: text("class"),
        group: text(&format!("ist/1:{number}")),
    }
}

pub(in crate::plan) fn ou(number: usize) -> Dn {
    Dn::parse(&format!("OU=Ort{number},OU=SML,DC=sml,DC=test")).unwrap()
}

pub(in crate::plan) fn slice(municipality: &str) -> Slice {
    Slice {
        municipality: text(municipality),
        population: text("staff"),
    }
}

/// A directory with the first containers and no objects.
pub(in crate::plan) fn empty() -> Directory {
    let mut directory = Directory::default();
    directory
        .containers
        .insert(Dn::parse("OU=SML,DC=sml,DC=test").unwrap());
    directory.containers.extend([ou(0), ou(1)]);
    directory
}

/// Puts an account into a directory.
pub(in crate::plan) fn put(
    directory: &mut Directory,
    id: &str,
    key: Option<&AccountKey>,
    container: &Dn,
    login: &str,
) {
    let account = Account {
        id: ObjectId(text(id)),
        anchor: key.cloned(),
        dn: container.child("CN", login).unwrap(),
        login: Some(text(login)),
        mail: None,
        aliases: BTreeSet::new(),
        enabled: true,
        hidden: false,
        attributes: BTreeMap::new(),
        references: BTreeMap::new(),
        licences: BTreeSet::new(),
        services_off: BTreeMap::new(),
        mailbox: None,
    };
    directory.accounts.insert(account.id.clone(), account);
}

/// A wish for an enabled account.
pub(in crate::plan) fn wish(container: &Dn, login: &str) -> DesiredAccount {
    DesiredAccount {
        state: Opinion::Set(AccountState::Enabled),
        container: Opinion::Set(container.clone()),
        login: Opinion::Set(text(login)),
        ..DesiredAccount::undecided(slice("1430"), KeepCause::Rule)
    }
}

pub(in crate::plan) fn policies() -> BTreeMap<(Text, Text), NamePolicy> {
    BTreeMap::from([
        (
            (text("staff"), text("login")),
            NamePolicy {
                namespaces: Vec::from([text("login")]),
                reserve_days: Some(3650),
            },
        ),
        (
            (text("staff"), text("mail")),
            NamePolicy {
                namespaces: Vec::from([text("address")]),
                reserve_days: None,
            },
        ),
    ])
}

pub(in crate::plan) fn plan_with(
    desired: &Desired,
    directory: &Directory,
    ledger: &Ledger,
    guards: &[Guard],
) -> Plan {
    plan_of(desired, directory, ledger, ledger.clone(), guards)
}

/// The plan of a run that has seen something else than the last one.
pub(in crate::plan) fn plan_observed(
    desired: &Desired,
    directory: &Directory,
    ledger: &Ledger,
    observed: Ledger,
) -> Plan {
    plan_of(desired, directory, ledger, observed, &[])
}

fn plan_of(
    desired: &Desired,
    directory: &Directory,
    ledger: &Ledger,
    observed: Ledger,
    guards: &[Guard],
) -> Plan {
    Plan::build(PlanInputs {
        desired,
        directory,
        ledger,
        observed,
        guards,
        as_of: day(20),
        rules_digest: "rules",
        recheck_on: None,
        name_policies: policies(),
        reasons: &|_| Vec::new(),
    })
}

pub(in crate::plan) fn plan(desired: &Desired, directory: &Directory) -> Plan {
    plan_with(desired, directory, &Ledger::default(), &[])
}

/// What holds of every valid directory, looked at object by object.
pub(in crate::plan) fn assert_valid(directory: &Directory) {
    use crate::base::fold_case;
    let mut logins = BTreeSet::new();
    let mut addresses = BTreeSet::new();
    let mut names: BTreeSet<&Dn> = directory.containers.iter().collect();
    let accounts = directory.accounts.values();
    for account in accounts.clone() {
        assert!(
            account
                .login
                .iter()
                .all(|login| logins.insert(fold_case(login))),
            "a login is held twice"
        );
        for address in account.mail.iter().chain(&account.aliases) {
            assert!(
                addresses.insert(fold_case(address)),
                "an address is held twice"
            );
        }
    }
    for Group { name, .. } in directory.groups.values() {
        assert!(logins.insert(fold_case(name)), "a login is held twice");
    }
    for dn in accounts
        .clone()
        .map(|account| &account.dn)
        .chain(directory.groups.values().map(|group| &group.dn))
    {
        assert!(names.insert(dn), "a name is held twice");
        assert!(
            directory.containers.contains(&dn.parent().unwrap()),
            "a container is missing"
        );
    }
    let known =
        |id: &ObjectId| directory.accounts.contains_key(id) || directory.groups.contains_key(id);
    assert!(
        accounts
            .clone()
            .flat_map(|account| account.references.values())
            .all(known),
        "a reference dangles"
    );
    assert!(
        directory
            .groups
            .values()
            .flat_map(|group| &group.members)
            .all(known),
        "a member dangles"
    );
}
