//! Directories and wishes by chance, for the laws of this layer: small pools of names, so that clashes are common.

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

use proptest::prelude::*;

use super::sample::empty;
use super::sample::group;
use super::sample::list;
use super::sample::ou;
use super::sample::person;
use super::sample::slice;
use super::sample::text;
use super::sample::wish;
use crate::base::Text;
use crate::directory::Account;
use crate::directory::AccountState;
use crate::directory::Change;
use crate::directory::Desired;
use crate::directory::DesiredAccount;
use crate::directory::DesiredClassList;
use crate::directory::DesiredGroup;
use crate::directory::DesiredRow;
use crate::directory::Directory;
use crate::directory::Dn;
use crate::directory::GroupKey;
use crate::directory::KeepCause;
use crate::directory::ObjectId;
use crate::directory::ObjectRef;
use crate::directory::Opinion;
use crate::directory::RowState;
use crate::directory::Urgency;
use crate::directory::Workbench;

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
                    object: ObjectRef::Account(account.clone()),
                    name: text("manager"),
                    to,
                });
                if licence {
                    let add = BTreeSet::from([text("a3")]);
                    apply(Change::ChangeLicences {
                        account: account.clone(),
                        add,
                        remove: BTreeSet::new(),
                        without: BTreeMap::new(),
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
            proptest::option::of(Just(text("chat"))),
            opinion(Just(text("remote"))),
            proptest::option::weighted(0.2, 6..9_usize),
            any::<bool>(),
        ),
    )
        .prop_map(
            |(
                (state, urgency, container, login, mail),
                (aliases, withdrawn, hidden, attributes, clear_others),
                (manager, licences, off, mailbox, adopt, sealed),
            )| DesiredAccount {
                slice: slice(if sealed { "1430" } else { "1427" }),
                sealed,
                // What it refuses is another subject.
                shield: None,
                state,
                urgency,
                // Who goes over into whom is for whoever knows persons to say: the cases have it.
                merges: BTreeSet::new(),
                replaced_by: None,
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
                alias_days: Some(730),
                withdrawn,
                hidden,
                attributes,
                clear_others,
                references: manager
                    .map(|manager| (text("manager"), manager))
                    .into_iter()
                    .collect(),
                services_off: licences
                    .iter()
                    .filter(|(_, licence)| **licence == Opinion::Set(()))
                    .map(|(sku, _)| (sku.clone(), off.iter().cloned().collect()))
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
        opinion((0..8_usize).prop_map(person)),
        any::<bool>(),
        proptest::bool::weighted(0.2),
    )
        .prop_map(
            |(name, container, members, nested, owner, exact, ended)| DesiredGroup {
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
                references: BTreeMap::from([(text("managedBy"), owner)]),
                carries: None,
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
                of_others: BTreeSet::new(),
            }
        })
}

/// What is and what is wanted. In half of the cases some of ours change places: the names of each are wanted by the next.
pub(in crate::plan) fn a_pair() -> impl Strategy<Value = (Directory, Desired)> {
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
