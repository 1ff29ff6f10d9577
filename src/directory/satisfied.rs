//! Whether a directory is as wanted: every opinion holds. Written for itself, not with the means of the plan, so that each
//! can be held against the other.
//!
//! An account that is to be disabled and is not there is as wanted: nobody can log in with it.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::actual::Account;
use super::actual::Directory;
use super::actual::Group;
use super::actual::ObjectId;
use super::desired::AccountState;
use super::desired::Desired;
use super::desired::DesiredAccount;
use super::desired::DesiredGroup;
use super::desired::RowState;
use super::dn::Dn;
use super::key::AccountKey;
use super::key::GroupKey;
use super::opinion::Opinion;
use crate::base::Text;
use crate::base::fold_case;

impl Desired {
    /// Whether every opinion holds in a directory. Values are compared as a directory does.
    pub fn satisfied_by(&self, directory: &Directory) -> bool {
        let accounts = directory.anchored_accounts();
        let groups = directory.anchored_groups();
        self.accounts
            .iter()
            .all(|(key, wanted)| match accounts.get(key) {
                None => !matches!(wanted.state, Opinion::Set(AccountState::Enabled)),
                Some(account) => account_is(wanted, account, &accounts),
            })
            && self
                .groups
                .iter()
                .all(|(key, wanted)| match groups.get(key) {
                    None => {
                        wanted.ended
                            || !(wanted.name.set().is_some() && wanted.container.set().is_some())
                    }
                    Some(group) => !wanted.ended && group_is(wanted, group, &accounts, &groups),
                })
            && self.class_lists.iter().all(|(key, wanted)| {
                directory.class_lists.get(key).is_some_and(|list| {
                    let extra = list
                        .rows
                        .keys()
                        .any(|account| !wanted.rows.contains_key(account));
                    let missing = wanted.rows.iter().any(|(account, row)| {
                        row.state != RowState::Held
                            && accounts.contains_key(account)
                            && list.rows.get(account) != Some(&row.columns)
                    });
                    list.name == wanted.name && !extra && !missing
                })
            })
    }
}

type Accounts<'a> = BTreeMap<&'a AccountKey, &'a Account>;

fn account_is(wanted: &DesiredAccount, account: &Account, accounts: &Accounts<'_>) -> bool {
    let state = match wanted.state {
        Opinion::Set(AccountState::Enabled) => account.enabled,
        Opinion::Set(AccountState::Disabled) => !account.enabled,
        Opinion::Set(AccountState::Deleted) => return false,
        Opinion::Clear | Opinion::Keep(_) => true,
    };
    let named = |name: &str| {
        wanted
            .attributes
            .keys()
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    let referred = |name: &str| {
        wanted
            .references
            .keys()
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    let others = !wanted.clear_others
        || (account.attributes.keys().all(|name| named(name))
            && account.references.keys().all(|name| referred(name)));
    let mail = wanted
        .mail
        .set()
        .or(account.mail.as_ref())
        .map(|mail| fold_case(mail));
    let held: BTreeSet<String> = account
        .aliases
        .iter()
        .map(|alias| fold_case(alias))
        .collect();
    let withdrawn: BTreeSet<String> = wanted
        .withdrawn
        .iter()
        .map(|alias| fold_case(alias))
        .collect();
    let aliases = wanted
        .aliases
        .iter()
        .map(|alias| fold_case(alias))
        .all(|alias| {
            held.contains(&alias) || Some(&alias) == mail.as_ref() || withdrawn.contains(&alias)
        });
    state
        && text_is(&wanted.login, account.login.as_ref())
        && text_is(&wanted.mail, account.mail.as_ref())
        && stands_at(&wanted.container, wanted.login.set(), &account.dn)
        && aliases
        && held.is_disjoint(&withdrawn)
        && flag_is(&wanted.hidden, account.hidden)
        && attributes_are(&wanted.attributes, &account.attributes)
        && references_are(&wanted.references, &account.references, accounts)
        && others
        && wanted
            .licences
            .iter()
            .all(|(sku, opinion)| member_is(opinion, account.licences.contains(sku)))
        && wanted.services_off.iter().all(|(sku, services)| {
            let nothing = BTreeSet::new();
            !account.licences.contains(sku)
                || account.services_off.get(sku).unwrap_or(&nothing) == services
        })
        && mailbox_is(&wanted.mailbox, account.mailbox.as_ref())
}

fn group_is(
    wanted: &DesiredGroup,
    group: &Group,
    accounts: &Accounts<'_>,
    groups: &BTreeMap<&GroupKey, &Group>,
) -> bool {
    let members = wanted.members.iter().all(|(key, opinion)| {
        accounts
            .get(key)
            .is_none_or(|account| member_is(opinion, group.members.contains(&account.id)))
    });
    let nested = wanted.nested.iter().all(|key| {
        groups
            .get(key)
            .is_none_or(|nested| group.members.contains(&nested.id))
    });
    let named = |id: &ObjectId| {
        wanted
            .members
            .keys()
            .any(|key| accounts.get(key).is_some_and(|account| account.id == *id))
            || wanted
                .nested
                .iter()
                .any(|key| groups.get(key).is_some_and(|nested| nested.id == *id))
    };
    text_is(&wanted.name, Some(&group.name))
        && stands_at(&wanted.container, wanted.name.set(), &group.dn)
        && attributes_are(&wanted.attributes, &group.attributes)
        && references_are(&wanted.references, &group.references, accounts)
        && members
        && nested
        && (!wanted.exact || group.members.iter().all(named))
}

/// Logins, addresses and names: case and diacritics do not tell them apart.
fn text_is(wanted: &Opinion<Text>, actual: Option<&Text>) -> bool {
    match wanted {
        Opinion::Set(value) => actual.is_some_and(|actual| fold_case(actual) == fold_case(value)),
        Opinion::Clear => actual.is_none(),
        Opinion::Keep(_) => true,
    }
}

fn mailbox_is(wanted: &Opinion<Text>, actual: Option<&Text>) -> bool {
    match wanted {
        Opinion::Set(value) => actual == Some(value),
        Opinion::Clear => actual.is_none(),
        Opinion::Keep(_) => true,
    }
}

/// The container and the name under it, each where there is an opinion about it.
fn stands_at(container: &Opinion<Dn>, name: Option<&Text>, dn: &Dn) -> bool {
    let above = container
        .set()
        .is_none_or(|container| dn.parent().as_ref() == Some(container));
    above
        && name.is_none_or(|name| {
            dn.rdn()
                .is_some_and(|rdn| fold_case(rdn.value()) == fold_case(name))
        })
}

fn flag_is(wanted: &Opinion<bool>, actual: bool) -> bool {
    match wanted {
        Opinion::Set(value) => *value == actual,
        Opinion::Clear => !actual,
        Opinion::Keep(_) => true,
    }
}

fn member_is(wanted: &Opinion<()>, actual: bool) -> bool {
    match wanted {
        Opinion::Set(()) => actual,
        Opinion::Clear => !actual,
        Opinion::Keep(_) => true,
    }
}

fn attributes_are(
    wanted: &BTreeMap<Text, Opinion<Vec<Text>>>,
    actual: &BTreeMap<Text, Vec<Text>>,
) -> bool {
    wanted.iter().all(|(name, opinion)| {
        let held: BTreeSet<&Text> = actual
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .flat_map(|(_, values)| values)
            .collect();
        match opinion {
            Opinion::Set(values) => {
                values
                    .iter()
                    .filter(|value| !value.is_empty())
                    .collect::<BTreeSet<_>>()
                    == held
            }
            Opinion::Clear => held.is_empty(),
            Opinion::Keep(_) => true,
        }
    })
}

fn references_are(
    wanted: &BTreeMap<Text, Opinion<AccountKey>>,
    actual: &BTreeMap<Text, ObjectId>,
    accounts: &Accounts<'_>,
) -> bool {
    wanted.iter().all(|(name, opinion)| {
        let held = actual
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, id)| id);
        match opinion {
            // What refers to an account that is not there can only wait.
            Opinion::Set(key) => accounts
                .get(key)
                .is_none_or(|account| held == Some(&account.id)),
            Opinion::Clear => held.is_none(),
            Opinion::Keep(_) => true,
        }
    })
}
