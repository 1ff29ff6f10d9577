//! Adoption: an existing account without our anchor becomes the account of the one person whom it fits.
//!
//! Exactly one match adopts. An account that fits several persons, or a person several accounts, is held, and so is everybody
//! whom it fits.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::base::Horizon;
use crate::base::LimitReached;
use crate::diagnostic::Findings;
use crate::directory::Account;
use crate::directory::ObjectId;
use crate::evaluate::codes;
use crate::evaluate::holder::HolderRow;
use crate::evaluate::holder::Holders;
use crate::evaluate::scope::RuleScope;
use crate::evaluate::world::World;
use crate::rules::AccountRule;

/// What adoption found for the persons who need an account.
pub(in crate::evaluate) struct Adoptions {
    /// The account that each takes over.
    pub(in crate::evaluate) adopted: BTreeMap<HolderRow, ObjectId>,
    /// Those about whom a person must decide.
    pub(in crate::evaluate) ambiguous: BTreeSet<HolderRow>,
}

/// Finds the accounts that persons without one take over.
pub(in crate::evaluate) fn find(
    world: &World<'_>,
    position: usize,
    rule: &AccountRule,
    holders: &Holders,
    taken: &BTreeSet<ObjectId>,
    findings: &mut Findings,
) -> Result<Adoptions, LimitReached> {
    let mut fits: BTreeMap<HolderRow, Vec<&ObjectId>> = BTreeMap::new();
    let mut fitted: BTreeMap<&ObjectId, usize> = BTreeMap::new();
    if !rule.adopt.is_empty() {
        for account in world.directory.accounts.values() {
            if !may_be_adopted(world, rule, account) || taken.contains(&account.id) {
                continue;
            }
            for (row, holder) in holders.iter() {
                // What is to be new is nobody's from before.
                let is_anew = world.memory.anew.contains_key(&holder.key.person);
                if holder.existing.is_some() || is_anew {
                    continue;
                }
                let scope = RuleScope::of(world, holder.person)
                    .primary(position, holder.primary)
                    .current(account);
                if fits_by_any(world, rule, &scope)? {
                    fits.entry(row).or_default().push(&account.id);
                    let count = fitted.entry(&account.id).or_default();
                    *count = count.saturating_add(1);
                }
            }
        }
    }
    let mut adoptions = Adoptions {
        adopted: BTreeMap::new(),
        ambiguous: BTreeSet::new(),
    };
    for (row, accounts) in &fits {
        let Some(holder) = holders.get(*row) else {
            continue;
        };
        match accounts.as_slice() {
            [one] if fitted.get(one) == Some(&1) => {
                adoptions.adopted.insert(*row, (*one).clone());
            }
            _ => {
                adoptions.ambiguous.insert(*row);
                world.finding(
                    findings,
                    holder.person,
                    &codes::AMBIGUOUS,
                    rule.output(),
                    "existing accounts and persons do not fit one to one; which is whose must be decided",
                );
            }
        }
    }
    Ok(adoptions)
}

/// Whether an account has no anchor, or one of this rule with the key of somebody who was not found again after a ledger was lost.
fn may_be_adopted(world: &World<'_>, rule: &AccountRule, account: &Account) -> bool {
    let Some(anchor) = &account.anchor else {
        return true;
    };
    let rebuilt = world.memory.rebuilt.as_ref();
    let was_there = rebuilt.is_some_and(|rebuilt| rebuilt.persons.contains(&anchor.person));
    let of_rule = anchor.rule == rule.name || rule.was.contains(&anchor.rule);
    was_there
        && of_rule
        && world.person_of(anchor).is_none()
        && !world.memory.persons.contains_key(&anchor.person)
}

fn fits_by_any(
    world: &World<'_>,
    rule: &AccountRule,
    scope: &RuleScope<'_>,
) -> Result<bool, LimitReached> {
    for condition in &rule.adopt {
        // A column that the object does not have, or a person without a number, fits nothing.
        let mut horizon = Horizon::new(world.as_of);
        if world.condition(condition, scope, &mut horizon)? == Ok(true) {
            return Ok(true);
        }
    }
    Ok(false)
}
