//! Directories and wishes for the tests of this layer: small pools of names, so that clashes are common.

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
use proptest::prelude::*;

use super::document::Plan;
use super::guard::Guard;
use super::inputs::NamePolicy;
use super::inputs::PlanInputs;
use crate::base::PersonKey;
use crate::base::Text;
use crate::directory::Account;
use crate::directory::AccountKey;
use crate::directory::AccountState;
use crate::directory::Change;
use crate::directory::ClassListKey;
use crate::directory::Desired;
use crate::directory::DesiredAccount;
use crate::directory::DesiredClassList;
use crate::directory::DesiredGroup;
use crate::directory::DesiredRow;
use crate::directory::Directory;
use crate::directory::Dn;
use crate::directory::Group;
use crate::directory::GroupKey;
use crate::directory::KeepCause;
use crate::directory::ObjectId;
use crate::directory::ObjectRef;
use crate::directory::Opinion;
use crate::directory::RowState;
use crate::directory::Slice;
use crate::directory::Urgency;
use crate::directory::Workbench;
use crate::ledger::Ledger;

pub(super) fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

pub(super) fn text(text: &str) -> Text {
    Text::from(text)
}

pub(super) fn person(number: usize) -> AccountKey {
    AccountKey::new(PersonKey::mint(b"test", &[&format!("{number}")]), "staff")
}

pub(super) fn group(number: usize) -> GroupKey {
    GroupKey {
        rule: text("unit"),
        value: text(&format!("g{number}")),
    }
}

pub(super) fn list(number: usize) -> ClassListKey {
    ClassListKey {
        rule: text("class"),
        group: text(&format!("ist/1:{number}")),
    }
}

pub(super) fn ou(number: usize) -> Dn {
    Dn::parse(&format!("OU=Ort{number},OU=SML,DC=sml,DC=test")).unwrap()
}

pub(super) fn slice(municipality: &str) -> Slice {
    Slice {
        municipality: text(municipality),
        population: text("staff"),
    }
}

/// A directory with the first containers and no objects.
pub(super) fn empty() -> Directory {
    let mut directory = Directory::default();
    directory
        .containers
        .insert(Dn::parse("OU=SML,DC=sml,DC=test").unwrap());
    directory.containers.extend([ou(0), ou(1)]);
    directory
}

/// Puts an account into a directory.
pub(super) fn put(
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
        mailbox: None,
    };
    directory.accounts.insert(account.id.clone(), account);
}

/// A wish for an enabled account.
pub(super) fn wish(container: &Dn, login: &str) -> DesiredAccount {
    DesiredAccount {
        state: Opinion::Set(AccountState::Enabled),
        container: Opinion::Set(container.clone()),
        login: Opinion::Set(text(login)),
        ..DesiredAccount::undecided(slice("1430"), KeepCause::Rule)
    }
}

pub(super) fn policies() -> BTreeMap<(Text, Text), NamePolicy> {
    BTreeMap::from([
        (
            (text("staff"), text("login")),
            NamePolicy {
                namespaces: Vec::from([text("login")]),
                reserve_days: Some(3650),
                alias_days: None,
            },
        ),
        (
            (text("staff"), text("mail")),
            NamePolicy {
                namespaces: Vec::from([text("address")]),
                reserve_days: None,
                alias_days: Some(730),
            },
        ),
    ])
}

pub(super) fn plan_with(
    desired: &Desired,
    directory: &Directory,
    ledger: &Ledger,
    guards: &[Guard],
) -> Plan {
    Plan::build(PlanInputs {
        desired,
        directory,
        ledger,
        observed: ledger.clone(),
        guards,
        as_of: day(20),
        rules_digest: "rules",
        next_change: None,
        name_policies: policies(),
        reasons: &|_| Vec::new(),
    })
}

pub(super) fn plan(desired: &Desired, directory: &Directory) -> Plan {
    plan_with(desired, directory, &Ledger::default(), &[])
}

fn opinion<T: Clone + core::fmt::Debug + 'static>(
    value: impl Strategy<Value = T> + 'static,
) -> BoxedStrategy<Opinion<T>> {
    prop_oneof![
        6 => value.prop_map(Opinion::Set),
        1 => Just(Opinion::Clear),
        2 => Just(Opinion::Keep(KeepCause::Data)),
    ]
    .boxed()
}

fn login() -> impl Strategy<Value = Text> {
    (0..7_usize, any::<bool>())
        .prop_map(|(number, upper)| text(&format!("{}{number}", if upper { "Ås" } else { "as" })))
}

fn mail() -> impl Strategy<Value = Text> {
    (0..7_usize, any::<bool>()).prop_map(|(number, upper)| {
        text(&format!("{}{number}@sml.se", if upper { "M" } else { "m" }))
    })
}

fn container() -> impl Strategy<Value = Dn> {
    (0..4_usize).prop_map(ou)
}

/// A valid directory: what it would refuse is left out.
fn a_directory() -> impl Strategy<Value = Directory> {
    let account = (
        (
            0..9_usize,
            container(),
            login(),
            proptest::option::of(mail()),
            proptest::collection::vec(mail(), 0..3),
        ),
        (
            any::<bool>(),
            any::<bool>(),
            0..4_usize,
            0..9_usize,
            any::<bool>(),
            any::<bool>(),
        ),
    );
    let group = (
        0..6_usize,
        container(),
        login(),
        proptest::collection::vec(0..9_usize, 0..4),
        any::<bool>(),
    );
    (
        proptest::collection::vec(account, 0..8),
        proptest::collection::vec(group, 0..4),
    )
        .prop_map(|(accounts, groups)| {
            let mut directory = empty();
            let mut bench = Workbench::new(&mut directory);
            for (
                (who, container, login, mail, aliases),
                (enabled, hidden, values, manager, licence, row),
            ) in accounts
            {
                let key = person(who);
                let dn = container.child("CN", &login).unwrap();
                let account = key.clone();
                let mut apply = |change| bench.apply(&change).unwrap_or_default();
                apply(Change::CreateAccount {
                    account: account.clone(),
                    dn,
                    login,
                });
                apply(Change::ChangeMail {
                    account: account.clone(),
                    mail,
                    keep_old: false,
                });
                for alias in aliases {
                    apply(Change::AddAlias {
                        account: account.clone(),
                        alias,
                    });
                }
                if enabled {
                    apply(Change::Enable {
                        account: account.clone(),
                    });
                }
                apply(Change::SetHidden {
                    account: account.clone(),
                    hidden,
                });
                for name in ["title", "department"].into_iter().take(values) {
                    let values = Vec::from([text(&format!("old{values}"))]);
                    let object = ObjectRef::Account(account.clone());
                    apply(Change::SetAttribute {
                        object,
                        name: text(name),
                        values,
                    });
                }
                let to = Some(ObjectRef::Account(person(manager)));
                apply(Change::SetReference {
                    account: account.clone(),
                    name: text("manager"),
                    to,
                });
                if licence {
                    let add = BTreeSet::from([text("a3")]);
                    apply(Change::ChangeLicences {
                        account: account.clone(),
                        add,
                        remove: BTreeSet::new(),
                    });
                }
                if row {
                    apply(Change::CreateClassList {
                        list: list(0),
                        name: text("7B"),
                    });
                    let columns = BTreeMap::from([(text("login"), text("old"))]);
                    apply(Change::WriteRow {
                        list: list(0),
                        account: account.clone(),
                        columns,
                    });
                }
            }
            for (number, container, name, members, nests) in groups {
                let key = group_of(number);
                let dn = container.child("CN", &name).unwrap();
                let mut apply = |change| bench.apply(&change).unwrap_or_default();
                apply(Change::CreateGroup {
                    group: key.clone(),
                    dn,
                    name,
                });
                for member in members {
                    apply(Change::AddMember {
                        group: key.clone(),
                        member: ObjectRef::Account(person(member)),
                    });
                }
                if nests {
                    apply(Change::AddMember {
                        group: key.clone(),
                        member: ObjectRef::Group(group_of(0)),
                    });
                }
            }
            // The last persons and groups are nobody's: what stands there is not ours.
            for account in directory.accounts.values_mut() {
                if account
                    .anchor
                    .as_ref()
                    .is_some_and(|key| (6..9).any(|number| *key == person(number)))
                {
                    account.anchor = None;
                }
            }
            for group in directory.groups.values_mut() {
                if group.anchor == Some(group_of(5)) {
                    group.anchor = None;
                }
            }
            directory
        })
}

fn group_of(number: usize) -> GroupKey {
    group(number)
}

fn a_wish() -> impl Strategy<Value = DesiredAccount> {
    let state = prop_oneof![
        5 => Just(Opinion::Set(AccountState::Enabled)),
        2 => Just(Opinion::Set(AccountState::Disabled)),
        1 => Just(Opinion::Set(AccountState::Deleted)),
        1 => Just(Opinion::Keep(KeepCause::Held)),
    ];
    let urgency = prop_oneof![4 => Just(Urgency::None), 1 => Just(Urgency::Conceal), 1 => Just(Urgency::Suspend)];
    let value = opinion((0..3_usize).prop_map(|number| Vec::from([text(&format!("old{number}"))])));
    (
        (
            state,
            urgency,
            opinion(container()),
            opinion(login()),
            opinion(mail()),
        ),
        (
            proptest::collection::btree_set(mail(), 0..3),
            proptest::collection::btree_set(mail(), 0..3),
            opinion(any::<bool>()),
            proptest::collection::btree_map(
                prop_oneof![Just(text("Title")), Just(text("department"))],
                value,
                0..3,
            ),
            any::<bool>(),
        ),
        (
            proptest::option::of(opinion((0..7_usize).prop_map(person))),
            proptest::collection::btree_map(
                prop_oneof![Just(text("a3")), Just(text("a1"))],
                prop_oneof![
                    Just(Opinion::Set(())),
                    Just(Opinion::Clear),
                    Just(Opinion::Keep(KeepCause::Data))
                ],
                0..3,
            ),
            opinion(Just(text("remote"))),
            proptest::option::weighted(0.2, 6..9_usize),
            any::<bool>(),
        ),
    )
        .prop_map(
            |(
                (state, urgency, container, login, mail),
                (aliases, withdrawn, hidden, attributes, clear_others),
                (manager, licences, mailbox, adopt, sealed),
            )| DesiredAccount {
                slice: slice(if sealed { "1430" } else { "1427" }),
                sealed,
                state,
                urgency,
                adopt: adopt.map(|number| ObjectId(text(&format!("account:{}", person(number))))),
                container,
                // A login cannot be cleared.
                login: if login == Opinion::Clear {
                    Opinion::Keep(KeepCause::Data)
                } else {
                    login
                },
                mail,
                aliases,
                withdrawn,
                hidden,
                attributes,
                clear_others,
                references: manager
                    .map(|manager| (text("manager"), manager))
                    .into_iter()
                    .collect(),
                licences,
                mailbox,
                recheck_on: None,
            },
        )
}

fn a_desired() -> impl Strategy<Value = Desired> {
    let members =
        proptest::collection::btree_map((0..8_usize).prop_map(person), opinion(Just(())), 0..5);
    let group = (
        opinion(login()),
        opinion(container()),
        members,
        proptest::collection::btree_set((0..6_usize).prop_map(group_of), 0..3),
        any::<bool>(),
        proptest::bool::weighted(0.2),
    )
        .prop_map(
            |(name, container, members, nested, exact, ended)| DesiredGroup {
                slice: slice("1430"),
                name: if name == Opinion::Clear {
                    Opinion::Keep(KeepCause::Data)
                } else {
                    name
                },
                container,
                attributes: BTreeMap::from([(text("info"), Opinion::Set(Vec::from([text("x")])))]),
                members,
                nested,
                exact,
                ended,
            },
        );
    let row = (any::<bool>(), any::<bool>()).prop_map(|(held, old)| DesiredRow {
        state: if held {
            RowState::Held
        } else {
            RowState::Pending
        },
        columns: BTreeMap::from([(text("login"), text(if old { "old" } else { "new" }))]),
    });
    (
        proptest::collection::btree_map((0..6_usize).prop_map(person), a_wish(), 0..7),
        proptest::collection::btree_map((0..5_usize).prop_map(group_of), group, 0..4),
        proptest::collection::btree_map(
            (0..2_usize).prop_map(list),
            proptest::collection::btree_map((0..7_usize).prop_map(person), row, 0..4),
            0..2,
        ),
    )
        .prop_map(|(accounts, mut groups, lists)| {
            for (key, group) in &mut groups {
                // Groups within themselves are another layer's matter.
                group.nested.retain(|nested| nested > key);
            }
            let class_lists = lists
                .into_iter()
                .map(|(key, rows)| {
                    (
                        key,
                        DesiredClassList {
                            slice: slice("1430"),
                            name: text("7A"),
                            rows,
                        },
                    )
                })
                .collect();
            Desired {
                accounts,
                groups,
                class_lists,
                notices: Vec::new(),
            }
        })
}

/// What holds of every valid directory, looked at object by object.
pub(super) fn assert_valid(directory: &Directory) {
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

/// What is and what is wanted. In half of the cases some of ours change places: the names of each are wanted by the next.
pub(super) fn a_pair() -> impl Strategy<Value = (Directory, Desired)> {
    (
        a_directory(),
        a_desired(),
        any::<bool>(),
        1..4_usize,
        any::<[bool; 3]>(),
    )
        .prop_map(|(directory, mut desired, turns, by, which)| {
            let ours: Vec<&Account> = directory
                .accounts
                .values()
                .filter(|account| account.anchor.is_some())
                .collect();
            let next = ours.iter().cycle().skip(by);
            for (account, next) in ours.iter().zip(next).filter(|_| turns) {
                let Some(key) = &account.anchor else { continue };
                let wanted = desired
                    .accounts
                    .entry(key.clone())
                    .or_insert_with(|| wish(&ou(0), "as0"));
                if wanted.state == Opinion::Set(AccountState::Deleted) {
                    wanted.state = Opinion::Set(AccountState::Enabled);
                }
                if let (true, Some(login)) = (which[0], &next.login) {
                    wanted.login = Opinion::Set(login.clone());
                }
                if let (true, Some(mail)) = (which[1], &next.mail) {
                    wanted.mail = Opinion::Set(mail.clone());
                    wanted.aliases.clear();
                    wanted.withdrawn.clear();
                }
                if let (true, Some(container)) = (which[2], next.dn.parent()) {
                    wanted.container = Opinion::Set(container);
                }
            }
            (directory, desired)
        })
}
