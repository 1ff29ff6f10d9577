//! Which objects of the directory are whose: by anchor, also under a name that an account rule had before, under the key of a
//! person who turned out to be somebody known, or under another slot.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;

use super::slot::Moved;
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
    /// Whether its anchor must be written anew.
    pub(in crate::evaluate) anchor_anew: bool,
    /// Whether a second object says to be the same account: a person must decide.
    pub(in crate::evaluate) twice: bool,
}

/// Existing accounts by rule and person, and then by the mark of their slot.
pub(in crate::evaluate) type ExistingAccounts =
    BTreeMap<(usize, PersonRow), BTreeMap<Text, Existing>>;

/// Finds the existing accounts of each person, and the objects of which a person must decide whose they are.
pub(in crate::evaluate) fn find(
    world: &World<'_>,
    moved: &Moved,
    findings: &mut Findings,
) -> (ExistingAccounts, BTreeSet<ObjectId>) {
    let mut found: ExistingAccounts = BTreeMap::new();
    let mut contested = BTreeSet::new();
    for account in world.directory.accounts.values() {
        let Some((rule, person, key)) = owner(world, moved, account) else {
            continue;
        };
        let slots = found.entry((rule, person)).or_default();
        match slots.get_mut(&key.slot) {
            None => {
                let existing = Existing {
                    id: account.id.clone(),
                    anchor_anew: account.anchor.as_ref() != Some(&key),
                    twice: false,
                };
                slots.insert(key.slot, existing);
            }
            Some(first) => {
                first.twice = true;
                contested.extend([first.id.clone(), account.id.clone()]);
                world.finding(
                    findings,
                    person,
                    &codes::TWO_ACCOUNTS,
                    "account",
                    alloc::string::String::from(
                        "two existing accounts are one person's; which one stays must be decided",
                    ),
                );
            }
        }
    }
    (found, contested)
}

fn owner(
    world: &World<'_>,
    moved: &Moved,
    account: &Account,
) -> Option<(usize, PersonRow, AccountKey)> {
    let key = as_now(world, account.anchor.as_ref()?)?;
    let mut key = moved.get(&key).cloned().unwrap_or(key);
    let rule = rule_named(world, &key.rule)?;
    if world.rules.accounts.get(rule)?.slots.is_empty() {
        key.slot = Text::from("");
    }
    let person = world.population.find_person(key.person)?;
    Some((rule, person, key))
}

/// An anchor as it would be written now, but for its slot.
pub(in crate::evaluate) fn as_now(world: &World<'_>, anchor: &AccountKey) -> Option<AccountKey> {
    let position = rule_named(world, &anchor.rule)?;
    Some(AccountKey {
        person: world.memory.surviving(anchor.person),
        rule: world.rules.accounts.get(position)?.name.clone(),
        slot: anchor.slot.clone(),
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
