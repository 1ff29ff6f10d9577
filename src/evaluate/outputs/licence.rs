//! Licences: by rule, one of an exclusive set, and no more than there are seats, holders first.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::string::String;
use core::cmp::Reverse;

use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::PersonKey;
use crate::base::Text;
use crate::diagnostic::Findings;
use crate::directory::AccountKey;
use crate::directory::KeepCause;
use crate::directory::Opinion;
use crate::evaluate::accounts::lifecycle::Life;
use crate::evaluate::accounts::window;
use crate::evaluate::codes;
use crate::evaluate::gate;
use crate::evaluate::holder::Holder;
use crate::evaluate::scope::RuleScope;
use crate::evaluate::world::World;
use crate::language::DataError;
use crate::rules::LicenceRule;
use crate::rules::spec::Over;

/// Opinions on licences, by account and SKU.
pub(in crate::evaluate) type Licences = BTreeMap<AccountKey, BTreeMap<Text, Opinion<()>>>;

/// Computes all licences.
pub(in crate::evaluate) fn compute(
    world: &mut World<'_>,
    findings: &mut Findings,
) -> Result<Licences, LimitReached> {
    let mut wanted: BTreeMap<AccountKey, BTreeMap<usize, Opinion<()>>> = BTreeMap::new();
    let mut horizons = alloc::vec::Vec::new();
    for (position, rule) in world.rules.licences.iter().enumerate() {
        for (row, holder) in world.holders(rule.account) {
            let opinion = match holder.life {
                _ if window::may_have(holder, &rule.window) => {
                    let mut horizon = Horizon::new(world.as_of);
                    let protection = world.population.person(holder.person).protection;
                    let policy = gate::passage(&rule.gate, protection, rule.programs());
                    let opinion = match matches(world, rule, holder, &mut horizon)? {
                        _ if gate::stays(protection, policy, holder.existing.is_some()) => {
                            Opinion::Keep(KeepCause::Held)
                        }
                        Ok(true) => Opinion::Set(()),
                        Ok(false) => Opinion::Clear,
                        Err(error) => {
                            world.not_computed(
                                findings,
                                holder.person,
                                &alloc::format!("licence.{}", rule.name),
                                &error,
                            );
                            Opinion::Keep(KeepCause::Data)
                        }
                    };
                    horizons.push((rule.account, row, horizon));
                    opinion
                }
                Life::Held => Opinion::Keep(KeepCause::Held),
                Life::Enabled | Life::Disabled => Opinion::Clear,
                Life::Pending | Life::Deleted => continue,
            };
            wanted
                .entry(holder.key.clone())
                .or_default()
                .insert(position, opinion);
        }
    }
    for (account, row, horizon) in horizons {
        if let Some(holder) = world.holder_mut(account, row) {
            holder.horizon.merge(&horizon);
        }
    }
    choose_of_sets(world, &mut wanted);
    seat(world, &mut wanted, findings);
    Ok(by_sku(world, wanted))
}

/// Whether a rule gives a person's account the licence.
pub(crate) fn matches(
    world: &World<'_>,
    rule: &LicenceRule,
    holder: &Holder,
    horizon: &mut Horizon,
) -> Result<Result<bool, DataError>, LimitReached> {
    let person = holder.person;
    let protection = world.population.person(person).protection;
    if !gate::passage(&rule.gate, protection, rule.programs()).is_ordinary() {
        return Ok(Ok(false));
    }
    let Some(kind) = rule.each else {
        if !window::account_counts(world, &rule.window, holder, horizon)? {
            return Ok(Ok(false));
        }
        let scope = RuleScope::of(world, person).account(rule.account, holder);
        return match &rule.when {
            Some(when) => world.condition(when, &scope, horizon),
            None => Ok(Ok(true)),
        };
    };
    let mut failed = None;
    let mut found = false;
    for row in world.affiliations_of(holder) {
        if world.population.affiliation(*row).kind != kind {
            continue;
        }
        if !window::counts(world, &rule.window, holder, *row, horizon)? {
            continue;
        }
        let scope = RuleScope::of(world, person)
            .account(rule.account, holder)
            .affiliation(*row);
        match &rule.when {
            None => found = true,
            Some(when) => match world.condition(when, &scope, horizon)? {
                Ok(matched) => found = found || matched,
                Err(error) => failed = Some(error),
            },
        }
    }
    // One affiliation that gives it decides, whatever the others lack.
    Ok(match failed {
        Some(error) if !found => Err(error),
        _ => Ok(found),
    })
}

/// What comes first in a set: the priority, and of several accounts of one rule the first of the person's.
type Precedence = (i64, Reverse<usize>);

/// A set, for one person or for one account of theirs.
type SetOf = (Text, PersonKey, Option<AccountKey>);

/// Of each exclusive set, the one with the highest priority stays.
fn choose_of_sets(
    world: &World<'_>,
    wanted: &mut BTreeMap<AccountKey, BTreeMap<usize, Opinion<()>>>,
) {
    let mut best: BTreeMap<SetOf, (Precedence, AccountKey, usize)> = BTreeMap::new();
    let scope_of = |rule: &LicenceRule, key: &AccountKey| {
        rule.exclusive.as_ref().map(|exclusive| {
            let account = (exclusive.over == Over::Account).then(|| key.clone());
            (
                (
                    exclusive.set.clone(),
                    world.memory.surviving(key.person),
                    account,
                ),
                exclusive.priority,
            )
        })
    };
    for (key, licences) in wanted.iter() {
        for (position, opinion) in licences {
            let Some(rule) = world.rules.licences.get(*position) else {
                continue;
            };
            if let (Opinion::Set(()), Some((scope, priority))) = (opinion, scope_of(rule, key)) {
                // Of several accounts of one rule, the first of the person's.
                let rank = rank(world, rule, key);
                let candidate = ((priority, rank), key.clone(), *position);
                match best.get_mut(&scope) {
                    Some(known) if known.0 >= candidate.0 => {}
                    Some(known) => *known = candidate,
                    None => {
                        best.insert(scope, candidate);
                    }
                }
            }
        }
    }
    for (key, licences) in wanted.iter_mut() {
        for (position, opinion) in licences.iter_mut() {
            let Some(rule) = world.rules.licences.get(*position) else {
                continue;
            };
            if let (Opinion::Set(()), Some((scope, _))) = (&*opinion, scope_of(rule, key))
                && best
                    .get(&scope)
                    .is_some_and(|(_, winner, rule)| winner != key || rule != position)
            {
                *opinion = Opinion::Clear;
            }
        }
    }
}

/// Where an account stands among those that its person has of a rule.
fn rank(world: &World<'_>, rule: &LicenceRule, key: &AccountKey) -> Reverse<usize> {
    let mut holders = world
        .person_of(key)
        .into_iter()
        .flat_map(|person| world.holders_of(rule.account, person));
    let own = holders.find(|(_, holder)| holder.key == *key);
    Reverse(own.map_or(0, |(_, holder)| {
        holder.slot.as_ref().map_or(0, |slot| slot.rank)
    }))
}

/// Where there are fewer seats than accounts, those who hold one keep it, and the rest come in the order of their keys.
fn seat(
    world: &World<'_>,
    wanted: &mut BTreeMap<AccountKey, BTreeMap<usize, Opinion<()>>>,
    findings: &mut Findings,
) {
    for (position, rule) in world.rules.licences.iter().enumerate() {
        let Some(seats) = rule.seats else {
            continue;
        };
        let holds: BTreeSet<&AccountKey> = world
            .directory
            .accounts
            .values()
            .filter(|account| account.licences.contains(&rule.sku))
            .filter_map(|account| account.anchor.as_ref())
            .collect();
        let mut askers: alloc::vec::Vec<(bool, AccountKey)> = wanted
            .iter()
            .filter(|(_, licences)| matches!(licences.get(&position), Some(Opinion::Set(()))))
            .map(|(key, _)| (!holds.contains(key), key.clone()))
            .collect();
        askers.sort();
        let seats = usize::try_from(seats).unwrap_or(usize::MAX);
        let without = askers.len().saturating_sub(seats);
        if without == 0 {
            continue;
        }
        for (_, key) in askers.into_iter().skip(seats) {
            if let Some(licences) = wanted.get_mut(&key) {
                licences.insert(position, Opinion::Clear);
            }
        }
        findings.push(crate::diagnostic::Finding::new(
            &codes::NO_SEAT,
            crate::diagnostic::Subject::Object {
                object: alloc::format!("licence.{}", rule.name),
            },
            String::from("there are fewer seats than accounts that should have the licence"),
        ));
    }
}

fn by_sku(
    world: &World<'_>,
    wanted: BTreeMap<AccountKey, BTreeMap<usize, Opinion<()>>>,
) -> Licences {
    let mut licences: Licences = BTreeMap::new();
    for (key, positions) in wanted {
        let skus = licences.entry(key).or_default();
        for (position, opinion) in positions {
            let Some(rule) = world.rules.licences.get(position) else {
                continue;
            };
            // Of two rules for one SKU, the one that gives it counts, then the one that leaves it.
            match (skus.get(&rule.sku), &opinion) {
                (Some(Opinion::Set(())), _) | (Some(Opinion::Keep(_)), Opinion::Clear) => {}
                _ => {
                    skus.insert(rule.sku.clone(), opinion);
                }
            }
        }
    }
    licences
}
