//! Slots: where a rule gives a person several accounts, which affiliation belongs to which.
//!
//! A slot is the value of an expression over an affiliation, such as the employer. In keys stands an opaque mark of it, made with
//! the host's secret, since keys stand in open documents and the value may not. An affiliation without an expression of its own
//! kind goes with the one that it hangs on.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::account::is_excluded;
use super::existing;
use super::existing::Existing;
use super::lifecycle;
use super::lifecycle::Coverage;
use super::lifecycle::Covered;
use super::primary;
use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::PersonKey;
use crate::base::Text;
use crate::directory::AccountKey;
use crate::evaluate::holder::Slot;
use crate::evaluate::scope::RuleScope;
use crate::evaluate::world::World;
use crate::language::DataError;
use crate::model::AffiliationRow;
use crate::model::PersonRow;
use crate::rules::AccountRule;

/// How many digits a mark has.
const DIGITS: usize = 12;

/// What one account of a person lives by.
pub(in crate::evaluate) struct Part {
    /// What stands for the slot in the account's key; empty where a person has one account.
    pub(in crate::evaluate) mark: Text,
    pub(in crate::evaluate) slot: Option<Slot>,
    pub(in crate::evaluate) coverages: Vec<Coverage>,
}

/// Accounts that go on under another key, or in a slot that their key does not name.
#[derive(Clone, Default)]
pub(crate) struct Moved {
    /// The key that each had, and the one that it has.
    keys: BTreeMap<AccountKey, AccountKey>,
    /// The mark of the slot that an account is in, as its person would have it now: it may have been made for somebody who turned out
    /// to be this person.
    slots: BTreeMap<AccountKey, Text>,
}

/// The values of a person's affiliations.
struct Values {
    of: BTreeMap<AffiliationRow, Text>,
    error: Option<DataError>,
}

/// Parts what a rule covers of a person into accounts. What cannot be read is no reason to take anything away, and is told by the
/// error of what is covered.
pub(in crate::evaluate) fn parts(
    world: &World<'_>,
    rule: &AccountRule,
    person: PersonRow,
    covered: &mut Covered,
    known: Option<&BTreeMap<Text, Existing>>,
    horizon: &mut Horizon,
) -> Result<Vec<Part>, LimitReached> {
    let coverages = core::mem::take(&mut covered.coverages);
    if rule.slots.is_empty() {
        return Ok(alloc::vec![Part {
            mark: Text::from(""),
            slot: None,
            coverages,
        }]);
    }
    let values = values(world, rule, person, horizon)?;
    if covered.error.is_none() {
        covered.error.clone_from(&values.error);
    }
    let key = world.population.person(person).key;
    let mut parts: BTreeMap<Text, Part> = BTreeMap::new();
    for row in primary::ranked(world, rule, person, &coverages, horizon)? {
        let Some(value) = values.of.get(&row) else {
            continue;
        };
        let rank = parts.len();
        let mark = mark(world, key, value);
        let part = parts.entry(mark.clone()).or_insert_with(|| Part {
            mark,
            slot: Some(Slot {
                value: Some(value.clone()),
                affiliations: of_value(&values, value),
                rank,
            }),
            coverages: Vec::new(),
        });
        let own = coverages.iter().find(|one| one.affiliation == row);
        part.coverages.extend(own.cloned());
    }
    // One of which nothing of the person speaks any more.
    for mark in known.into_iter().flat_map(BTreeMap::keys) {
        let rank = parts.len();
        parts.entry(mark.clone()).or_insert_with(|| Part {
            mark: mark.clone(),
            slot: Some(Slot {
                value: None,
                affiliations: Vec::new(),
                rank,
            }),
            coverages: Vec::new(),
        });
    }
    Ok(parts.into_values().collect())
}

fn of_value(values: &Values, value: &Text) -> Vec<AffiliationRow> {
    let same = values.of.iter().filter(|(_, own)| *own == value);
    same.map(|(row, _)| *row).collect()
}

/// Finds the accounts that go on under another key or in a slot that their key does not name: of a rule that has slots by now, and
/// of a person who turned out to be somebody known.
pub(in crate::evaluate) fn moved(world: &World<'_>) -> Result<Moved, LimitReached> {
    let mut moved = Moved::default();
    if world
        .rules
        .accounts
        .iter()
        .all(|rule| rule.slots.is_empty())
    {
        return Ok(moved);
    }
    let objects = world.directory.accounts.values();
    let anchored: BTreeSet<AccountKey> = objects
        .filter_map(|account| existing::as_now(world, account.anchor.as_ref()?))
        .collect();
    let remembered: BTreeSet<AccountKey> = world.memory.accounts.keys().cloned().collect();
    let mut merged: BTreeMap<PersonKey, Vec<PersonKey>> = BTreeMap::new();
    for gone in world.memory.merged.keys() {
        let survivor = world.memory.surviving(*gone);
        merged.entry(survivor).or_default().push(*gone);
    }
    for key in anchored.union(&remembered) {
        let rule = existing::rule_named(world, &key.rule)
            .and_then(|position| world.rules.accounts.get(position))
            .filter(|rule| !rule.slots.is_empty());
        let Some(rule) = rule else { continue };
        let Some((slot, place)) = now(world, rule, key, &anchored, &merged)? else {
            continue;
        };
        let to = AccountKey {
            slot,
            ..key.clone()
        };
        moved.slots.insert(to.clone(), place);
        if to != *key {
            moved.keys.insert(key.clone(), to);
        }
    }
    Ok(moved)
}

impl Moved {
    /// The key that an account has by now.
    pub(in crate::evaluate) fn key(&self, key: AccountKey) -> AccountKey {
        self.keys.get(&key).cloned().unwrap_or(key)
    }

    /// The mark of the slot that it is in, as its person would have it now.
    pub(in crate::evaluate) fn slot(&self, key: &AccountKey) -> Text {
        self.slots.get(key).unwrap_or(&key.slot).clone()
    }

    /// Says in which slot an account is that was made anew.
    pub(in crate::evaluate) fn place(&mut self, key: AccountKey, mark: Text) {
        self.slots.insert(key, mark);
    }

    /// All keys that were others.
    pub(crate) const fn keys(&self) -> &BTreeMap<AccountKey, AccountKey> {
        &self.keys
    }
}

/// The mark of the slot that an account is in now, in its own key and as its person would have it, where that can be said.
fn now(
    world: &World<'_>,
    rule: &AccountRule,
    key: &AccountKey,
    anchored: &BTreeSet<AccountKey>,
    merged: &BTreeMap<PersonKey, Vec<PersonKey>>,
) -> Result<Option<(Text, Text)>, LimitReached> {
    let Some(row) = world.person_of(key) else {
        return Ok(None);
    };
    let person = world.population.person(row);
    let gone = merged.get(&key.person);
    // An own mark needs no looking up.
    let own = !key.slot.is_empty() && person.key == key.person && gone.is_none();
    if own || is_excluded(rule, person.protection) {
        return Ok(None);
    }
    let mut horizon = Horizon::new(world.as_of);
    let values = values(world, rule, row, &mut horizon)?;
    let both = |value: &Text| {
        let own = mark(world, key.person, value);
        (own, mark(world, person.key, value))
    };
    let by_mark = |slot: &Text| {
        let persons = || core::iter::once(&key.person).chain(gone.into_iter().flatten());
        let mut distinct = values.of.values();
        distinct.find(|value| persons().any(|person| mark(world, *person, value) == *slot))
    };
    if !key.slot.is_empty() {
        return Ok(by_mark(&key.slot).map(both));
    }
    // It was found out before, and its anchor could not be written.
    let remembered = world.memory.accounts.range(key..);
    let found = remembered
        .take_while(|(other, _)| other.person == key.person && other.rule == key.rule)
        .find(|(other, memory)| {
            let lives = memory.created_on.is_some() && memory.deleted_on.is_none();
            lives && !other.slot.is_empty() && !anchored.contains(*other)
        });
    if let Some((found, _)) = found {
        let place = by_mark(&found.slot).map_or_else(|| found.slot.clone(), |value| both(value).1);
        return Ok(Some((found.slot.clone(), place)));
    }
    // It was the person's only one: it goes on as that of the primary.
    let covered = lifecycle::covered(world, rule, row, &mut horizon)?;
    let memory = world.memory.accounts.get(key);
    let incumbent = memory.and_then(|memory| memory.primary.as_ref());
    let ranked = primary::ranked(world, rule, row, &covered.coverages, &mut horizon)?;
    let is_incumbent = |row: &&AffiliationRow| {
        let key = &world.population.affiliation(**row).key;
        incumbent.is_some_and(|incumbent| *incumbent.affiliation == **key)
    };
    let first = ranked.iter().find(is_incumbent).or(ranked.first());
    Ok(first.and_then(|row| values.of.get(row)).map(both))
}

/// What stands for a slot in the key of an account.
pub(super) fn mark(world: &World<'_>, person: PersonKey, value: &str) -> Text {
    let hex = PersonKey::mint(world.salt, &["slot", &person.to_hex(), value]).to_hex();
    Text::from(hex.get(..DIGITS).unwrap_or(&hex))
}

fn values(
    world: &World<'_>,
    rule: &AccountRule,
    person: PersonRow,
    horizon: &mut Horizon,
) -> Result<Values, LimitReached> {
    let mut values = Values {
        of: BTreeMap::new(),
        error: None,
    };
    for row in world.population.affiliations_of(person) {
        let mut from = *row;
        // Resolving has broken every circle; the count is a second bar.
        for _ in world.population.affiliations_of(person) {
            let affiliation = world.population.affiliation(from);
            if let Some(program) = rule.slots.get(&affiliation.kind) {
                let scope = RuleScope::of(world, person).affiliation(from);
                match world.text(program, &scope, horizon)? {
                    Ok(value) => {
                        let value = value.filter(|value| !value.is_empty());
                        values.of.extend(value.map(|value| (*row, value)));
                    }
                    // Of what the account does not cover nothing hangs on it.
                    Err(error) if rule.covers.contains_key(&affiliation.kind) => {
                        values.error = Some(error);
                    }
                    Err(_) => {}
                }
                break;
            }
            match affiliation.parent {
                Some(parent) => from = parent,
                None => break,
            }
        }
    }
    Ok(values)
}
