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

/// Accounts whose slot has another mark by now: the key that each had, and the one that it has.
pub(crate) type Moved = BTreeMap<AccountKey, AccountKey>;

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

/// Finds the accounts that go on under another key: of a rule that has slots by now, or has none any more, and of a person who
/// turned out to be somebody known.
pub(in crate::evaluate) fn moved(world: &World<'_>) -> Result<Moved, LimitReached> {
    let objects = world.directory.accounts.values();
    let anchored: BTreeSet<AccountKey> = objects
        .filter_map(|account| existing::as_now(world, account.anchor.as_ref()?))
        .collect();
    let remembered: BTreeSet<AccountKey> = world.memory.accounts.keys().cloned().collect();
    let mut moved = Moved::new();
    for key in anchored.union(&remembered).cloned() {
        let Some(rule) = existing::rule_named(world, &key.rule)
            .and_then(|position| world.rules.accounts.get(position))
        else {
            continue;
        };
        let slot = if rule.slots.is_empty() {
            Some(Text::from(""))
        } else {
            now(world, rule, &key, &anchored)?
        };
        if let Some(slot) = slot.filter(|slot| *slot != key.slot) {
            let to = AccountKey {
                slot,
                ..key.clone()
            };
            moved.insert(key, to);
        }
    }
    Ok(moved)
}

/// The mark of the slot that an account is in now, where that can be said.
fn now(
    world: &World<'_>,
    rule: &AccountRule,
    key: &AccountKey,
    anchored: &BTreeSet<AccountKey>,
) -> Result<Option<Text>, LimitReached> {
    let Some(person) = world.population.find_person(key.person) else {
        return Ok(None);
    };
    if is_excluded(rule, world.population.person(person).protection) {
        return Ok(None);
    }
    let mut horizon = Horizon::new(world.as_of);
    let values = values(world, rule, person, &mut horizon)?;
    // It was found out before, and its anchor could not be written.
    let others = world
        .memory
        .accounts
        .range(key..)
        .skip_while(|(other, _)| *other == key);
    let found = others
        .take_while(|(other, _)| other.person == key.person && other.rule == key.rule)
        .find(|(other, memory)| {
            let lives = memory.created_on.is_some() && memory.deleted_on.is_none();
            lives && !anchored.contains(*other)
        });
    if let Some((found, _)) = found.filter(|_| key.slot.is_empty()) {
        return Ok(Some(found.slot.clone()));
    }
    if key.slot.is_empty() {
        // It was the person's only one: it goes on as that of the primary.
        let covered = lifecycle::covered(world, rule, person, &mut horizon)?;
        let incumbent = world
            .memory
            .accounts
            .get(key)
            .and_then(|memory| memory.primary.as_ref());
        let ranked = primary::ranked(world, rule, person, &covered.coverages, &mut horizon)?;
        let is_incumbent = |row: &&AffiliationRow| {
            let key = &world.population.affiliation(**row).key;
            incumbent.is_some_and(|incumbent| *incumbent.affiliation == **key)
        };
        let first = ranked.iter().find(is_incumbent).or(ranked.first());
        let value = first.and_then(|row| values.of.get(row));
        return Ok(value.map(|value| mark(world, key.person, value)));
    }
    let distinct: BTreeSet<&Text> = values.of.values().collect();
    let persons = || {
        let others = world.memory.merged.keys().copied();
        let others = others.filter(|other| world.memory.surviving(*other) == key.person);
        core::iter::once(key.person).chain(others)
    };
    let value = distinct
        .into_iter()
        .find(|value| persons().any(|person| mark(world, person, value) == key.slot));
    Ok(value.map(|value| mark(world, key.person, value)))
}

/// What stands for a slot in the key of an account.
fn mark(world: &World<'_>, person: PersonKey, value: &str) -> Text {
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
