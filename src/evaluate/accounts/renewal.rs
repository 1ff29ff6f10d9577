//! Another account in the place of one that is there, where the rules ask for that when its person becomes protected: whose account
//! is to be made anew, and under which key.
//!
//! Not the step that lets it happen, which stands in the plan behind its guard, and not what becomes of the old one (`replaced`). Keeps
//! true: nobody but who is protected for sure gets another account; it has a key from which the old one cannot be found.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::account;
use super::account::Found;
use super::existing;
use super::lifecycle::Life;
use super::slot;
#[cfg(test)]
use crate::base::Leak;
use crate::base::LimitReached;
use crate::base::PersonKey;
use crate::base::Text;
use crate::diagnostic::Findings;
use crate::directory::Account;
use crate::directory::AccountKey;
use crate::directory::ObjectId;
use crate::evaluate::codes;
use crate::evaluate::holder::Holder;
use crate::evaluate::holder::HolderRow;
#[cfg(test)]
use crate::evaluate::scope::RuleScope;
use crate::evaluate::world::World;
use crate::ledger::Anew;
use crate::ledger::Memory;
use crate::ledger::Replacement;
use crate::rules::AccountRule;

/// Accounts in whose place another one is, or is to be.
#[derive(Clone, Default)]
pub(crate) struct Renewals {
    by_old: BTreeMap<AccountKey, Renewal>,
}

/// What takes the place of an account.
#[derive(Clone)]
pub(super) struct Renewal {
    pub(super) fresh: AccountKey,
    /// The object of the old one, where this run is the first to say so, or nothing that it said was released.
    pub(super) begun: Option<ObjectId>,
}

/// That another account takes the place of one, as of this run.
pub(in crate::evaluate) struct Begun {
    old: AccountKey,
    object: ObjectId,
    fresh: AccountKey,
    anew: Anew,
    /// The mark of the slot of both, as their person would have it.
    mark: Text,
}

impl Renewals {
    /// Whether another account took the place of this one.
    pub(in crate::evaluate) fn are(&self, key: &AccountKey) -> bool {
        self.by_old.contains_key(key)
    }

    /// The account that stands in the place of one by now: itself, where none took it.
    pub(in crate::evaluate) fn last<'a>(&'a self, key: &'a AccountKey) -> &'a AccountKey {
        let mut last = key;
        // A damaged ledger may hold a circle.
        for _ in 0..self.by_old.len() {
            match self.by_old.get(last) {
                Some(renewal) => last = &renewal.fresh,
                None => break,
            }
        }
        last
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_old.is_empty()
    }

    /// All of them, by the old account.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&AccountKey, &Renewal)> {
        self.by_old.iter()
    }

    /// Takes up what this run begins.
    pub(in crate::evaluate) fn begin(&mut self, begun: Begun, memory: &mut Memory) {
        memory.anew.insert(begun.fresh.person, begun.anew);
        let renewal = Renewal {
            fresh: begun.fresh,
            begun: Some(begun.object),
        };
        self.by_old.insert(begun.old, renewal);
    }
}

impl Begun {
    /// The new account, and the mark of its slot.
    pub(in crate::evaluate) fn placed(&self) -> (AccountKey, Text) {
        (self.fresh.clone(), self.mark.clone())
    }

    /// The old account, with its object.
    pub(in crate::evaluate) const fn old(&self) -> (&AccountKey, &ObjectId) {
        (&self.old, &self.object)
    }
}

/// Finds those that were released before: as the ledger has them, or since both accounts are there.
pub(in crate::evaluate) fn find(world: &World<'_>) -> Renewals {
    let mut renewals = Renewals::default();
    if world.memory.anew.is_empty() {
        return renewals;
    }
    let mut there: BTreeMap<(usize, PersonKey, Text), BTreeMap<u32, AccountKey>> = BTreeMap::new();
    for account in world.directory.accounts.values() {
        if let Some((rule, _, key)) = existing::owner(world, account) {
            let Anew { of, generation } = world.memory.lineage(key.person);
            let place = (rule, of, world.slot_of(rule, &key));
            there.entry(place).or_default().insert(generation, key);
        }
    }
    for keys in there.values() {
        for (old, fresh) in keys.values().zip(keys.values().skip(1)) {
            let renewal = Renewal {
                fresh: fresh.clone(),
                begun: None,
            };
            renewals.by_old.insert(old.clone(), renewal);
        }
    }
    for (old, memory) in &world.memory.accounts {
        let Some(fresh) = &memory.renewed else {
            continue;
        };
        // What was released and never made is not asked for any more once the protection has ended.
        let made = world.memory.accounts.get(fresh);
        let is_made = made.is_some_and(|made| made.created_on.is_some());
        if is_made || is_replaced_for_sure(world, old) {
            let renewal = Renewal {
                fresh: fresh.clone(),
                begun: None,
            };
            renewals.by_old.entry(old.clone()).or_insert(renewal);
        }
    }
    renewals
}

fn is_replaced_for_sure(world: &World<'_>, key: &AccountKey) -> bool {
    let person = world.person_of(key);
    person.is_some_and(|row| {
        let protection = world.population.person(row).protection;
        protection.stands() && !protection.conceals_only()
    })
}

/// Lets another account take the place of each that is there, in use, and of somebody who became protected.
pub(in crate::evaluate) fn begin(
    world: &World<'_>,
    position: usize,
    rule: &AccountRule,
    found: &mut Found,
    findings: &mut Findings,
) -> Result<(), LimitReached> {
    let due: Vec<HolderRow> = found
        .holders
        .iter()
        .filter(|(_, holder)| holder.life == Life::Enabled && is_due(world, rule, holder))
        .map(|(row, _)| row)
        .collect();
    for row in due {
        let Some(holder) = found.holders.get_mut(row) else {
            continue;
        };
        let mark = world.slot_of(position, &holder.key);
        let horizon = &mut holder.horizon;
        let can_be = account::meets_requirement(world, rule, holder.person, None, horizon)?;
        let (Some(object), true) = (holder.existing.clone(), can_be) else {
            let message = "a new account is to take the place of this one, and cannot be made; it is hidden and stays as it is";
            tell_held(world, holder, rule, message, findings);
            holder.life = Life::Held;
            continue;
        };
        let old = holder.key.clone();
        let (person, anew) = world.memory.next_key(world.salt, &old);
        #[cfg(test)]
        let person = named(world, rule, holder, person)?;
        let slot = match holder.slot_value() {
            Some(value) => slot::mark(world, person, value),
            None => Text::from(""),
        };
        let fresh = AccountKey {
            person,
            slot,
            ..old.clone()
        };
        if let Some(incumbent) = found.incumbents.get(&old).cloned() {
            found.incumbents.insert(fresh.clone(), incumbent);
        }
        holder.key = fresh.clone();
        holder.existing = None;
        holder.adopt = false;
        // Of two accounts, both: neither goes over into the other.
        let others = world.others.still_at(world, position, holder.person, &mark);
        let others: Vec<(AccountKey, ObjectId)> = others
            .filter_map(|other| Some((other.clone(), object_of(world, other)?)))
            .collect();
        for (old, object) in core::iter::once((old, object)).chain(others) {
            found.renewed.push(Begun {
                old,
                object,
                fresh: fresh.clone(),
                anew,
                mark: mark.clone(),
            });
        }
    }
    Ok(())
}

/// A leak: the key of the new account is made of a real name.
#[cfg(test)]
fn named(
    world: &World<'_>,
    rule: &AccountRule,
    holder: &mut Holder,
    key: PersonKey,
) -> Result<PersonKey, LimitReached> {
    let names = rule.names.iter().flat_map(|name| &name.ordinary.local);
    let scope = RuleScope::of(world, holder.person);
    for program in names.filter(|_| Leak::NewKey.is_planted()) {
        if let Ok(Some(name)) = world.text(program, &scope, &mut holder.horizon)? {
            return Ok(PersonKey::mint(world.salt, &[&name]));
        }
    }
    Ok(key)
}

fn object_of(world: &World<'_>, key: &AccountKey) -> Option<ObjectId> {
    let mut accounts = world.directory.accounts.values();
    let is_it = |account: &&Account| {
        existing::owner(world, account).is_some_and(|(_, _, owner)| owner == *key)
    };
    accounts.find(is_it).map(|account| account.id.clone())
}

fn tell_held(
    world: &World<'_>,
    holder: &Holder,
    rule: &AccountRule,
    message: &'static str,
    findings: &mut Findings,
) {
    world.finding(
        findings,
        holder.person,
        &codes::HELD,
        rule.output(),
        message,
    );
}

/// Whether another account is to take the place of the one that somebody has: it was made for somebody of whom nothing was withheld.
pub(in crate::evaluate) fn is_due(world: &World<'_>, rule: &AccountRule, holder: &Holder) -> bool {
    let protection = world.population.person(holder.person).protection;
    let Some(object) = world.existing(holder) else {
        return false;
    };
    if !protection.stands() || protection.conceals_only() || !rule.makes_anew(protection) {
        return false;
    }
    let remembered = |key: &AccountKey| world.memory.accounts.get(key);
    let memory = remembered(&holder.key).or_else(|| remembered(object.anchor.as_ref()?));
    let is_done = match memory {
        Some(memory) => memory.replace == Some(Replacement::Done),
        // Where a ledger was lost, what is hidden already was made for somebody protected, as far as anybody knows.
        None => object.anchor.is_some() && object.hidden,
    };
    !is_done || (protection.new && stood_before(world, holder))
}

/// Whether a flag stands newly beside one that stood before. Where a ledger was lost every flag is new, and what was done is not done
/// again.
fn stood_before(world: &World<'_>, holder: &Holder) -> bool {
    let person = world.population.person(holder.person).key;
    let memory = world.memory.persons.get(&person);
    let mut flags = memory.into_iter().flat_map(|memory| memory.flags.values());
    flags.any(|flag| flag.since < world.as_of)
}
