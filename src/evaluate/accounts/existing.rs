//! Which objects of the directory are whose: by anchor, also under a name that an account rule had before, under the key of a
//! person who turned out to be somebody known, or without a slot that the rule has by now. Of several accounts of one person only
//! the one that goes on stands here; what becomes of the others is said in `merging`.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;

use crate::base::Text;
use crate::diagnostic::Findings;
use crate::directory::Account;
use crate::directory::AccountKey;
use crate::directory::ObjectId;
use crate::evaluate::codes;
use crate::evaluate::world::World;
use crate::model::PersonRow;

/// An object that is a person's account.
#[derive(Clone)]
pub(in crate::evaluate) struct Existing {
    pub(in crate::evaluate) id: ObjectId,
    /// Its key, under the name that its rule has now.
    pub(in crate::evaluate) key: AccountKey,
    /// Whether its anchor must be written anew.
    pub(in crate::evaluate) anchor_anew: bool,
    /// Whether a second object says to be the same account: a person must decide.
    pub(in crate::evaluate) twice: bool,
}

/// Existing accounts by rule and person, and then by the mark of the slot in which they are.
pub(in crate::evaluate) type ExistingAccounts =
    BTreeMap<(usize, PersonRow), BTreeMap<Text, Existing>>;

/// Finds the existing accounts of each person, and the objects of which a person must decide whose they are.
pub(in crate::evaluate) fn find(
    world: &World<'_>,
    findings: &mut Findings,
) -> (ExistingAccounts, BTreeSet<ObjectId>) {
    let mut found: ExistingAccounts = BTreeMap::new();
    let mut contested = BTreeSet::new();
    for account in world.directory.accounts.values() {
        let Some((rule, person, key)) = owner(world, account) else {
            continue;
        };
        if world.others.are(&key) || world.renewals.are(&key) {
            continue;
        }
        let slots = found.entry((rule, person)).or_default();
        let slot = world.slot_of(rule, &key);
        match slots.get_mut(&slot) {
            None => {
                let existing = Existing {
                    id: account.id.clone(),
                    anchor_anew: account.anchor.as_ref() != Some(&key),
                    key,
                    twice: false,
                };
                slots.insert(slot, existing);
            }
            Some(first) => {
                first.twice = true;
                contested.extend([first.id.clone(), account.id.clone()]);
                world.finding(
                    findings,
                    person,
                    &codes::TWO_ACCOUNTS,
                    "account",
                    "two existing accounts are one person's; which one stays must be decided",
                );
            }
        }
    }
    (found, contested)
}

/// Whose account an object is, by rule and person, and its key as it is to be written now.
pub(in crate::evaluate) fn owner(
    world: &World<'_>,
    account: &Account,
) -> Option<(usize, PersonRow, AccountKey)> {
    let key = as_now(world, account.anchor.as_ref()?)?;
    let key = world.moved.key(key);
    let rule = rule_named(world, &key.rule)?;
    Some((rule, world.person_of(&key)?, key))
}

/// An anchor under the name that its rule has now.
pub(in crate::evaluate) fn as_now(world: &World<'_>, anchor: &AccountKey) -> Option<AccountKey> {
    let position = rule_named(world, &anchor.rule)?;
    Some(AccountKey {
        rule: world.rules.accounts.get(position)?.name.clone(),
        ..anchor.clone()
    })
}

/// The account rule that has a name, or had it before.
pub(in crate::evaluate) fn rule_named(world: &World<'_>, name: &Text) -> Option<usize> {
    let rules = &world.rules.accounts;
    rules
        .iter()
        .position(|rule| rule.name == *name)
        .or_else(|| rules.iter().position(|rule| rule.was.contains(name)))
}
