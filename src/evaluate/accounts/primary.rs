//! The primary affiliation of an account: by tiers, then by the keys that the rules order by, then by its own key.
//!
//! Never by the order of a file. An incumbent that is still in force is displaced only after the rules' time to settle. Keeps true:
//! what is withheld of a protected person orders nothing that somebody else can see.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::lifecycle::Coverage;
use crate::base::Horizon;
use crate::base::Interval;
#[cfg(test)]
use crate::base::Leak;
use crate::base::LimitReached;
use crate::base::shift;
use crate::evaluate::gate;
use crate::evaluate::scope::RuleScope;
use crate::evaluate::world::World;
use crate::language::Opinion;
use crate::language::Program;
use crate::language::Value;
use crate::ledger::Incumbent;
use crate::model::AffiliationRow;
use crate::model::PersonRow;
use crate::model::Protection;
use crate::rules::AccountRule;
use crate::rules::Gate;
use crate::rules::GatePolicy;
use crate::rules::SortKey;
use crate::rules::spec::FollowReason;

/// Where an affiliation stands for the choice of the primary; the first is the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tier {
    Active,
    Leave,
    Grace,
    Lead,
    LastKnown,
    /// What is to come later than its lead.
    Coming,
}

/// The primary, and what to remember of the choice.
pub(in crate::evaluate) struct Choice {
    pub(in crate::evaluate) primary: Option<AffiliationRow>,
    pub(in crate::evaluate) incumbent: Option<Incumbent>,
}

/// Chooses the primary among what an account covers.
pub(in crate::evaluate) fn choose(
    world: &World<'_>,
    rule: &AccountRule,
    person: PersonRow,
    covered: &[Coverage],
    before: Option<&Incumbent>,
    horizon: &mut Horizon,
) -> Result<Choice, LimitReached> {
    let protection = world.population.person(person).protection;
    let keys: Vec<&SortKey> = if is_shown(world, rule, protection) {
        rule.primary.iter().collect()
    } else {
        open_keys(rule, protection)
    };
    let ranked = rank(world, &keys, person, covered, horizon)?;
    let Some((_, best)) = ranked.first() else {
        return Ok(Choice {
            primary: None,
            incumbent: before.cloned(),
        });
    };
    let as_of = horizon.as_of();
    let key_of = |row: AffiliationRow| world.population.affiliation(row).key.clone();
    let fresh = |row: AffiliationRow| Incumbent {
        affiliation: alloc::string::String::from(&*key_of(row)),
        since: as_of,
        challenger: None,
    };
    let incumbent = before.and_then(|before| {
        ranked
            .iter()
            .find(|(_, row)| *key_of(*row) == *before.affiliation)
            .map(|(tier, row)| (before, *tier, *row))
    });
    let Some((before, tier, row)) = incumbent else {
        return Ok(Choice {
            primary: Some(*best),
            incumbent: Some(fresh(*best)),
        });
    };
    if row == *best {
        return Ok(Choice {
            primary: Some(row),
            incumbent: Some(Incumbent {
                challenger: None,
                ..before.clone()
            }),
        });
    }
    // Only what is still in force can hold its place.
    if tier > Tier::Leave || rule.settle <= 0 {
        return Ok(Choice {
            primary: Some(*best),
            incumbent: Some(fresh(*best)),
        });
    }
    let challenger = alloc::string::String::from(&*key_of(*best));
    let since = match &before.challenger {
        Some((known, since)) if *known == challenger => *since,
        _ => as_of,
    };
    if horizon.reached(shift(since, rule.settle)) {
        return Ok(Choice {
            primary: Some(*best),
            incumbent: Some(fresh(*best)),
        });
    }
    Ok(Choice {
        primary: Some(row),
        incumbent: Some(Incumbent {
            challenger: Some((challenger, since)),
            ..before.clone()
        }),
    })
}

/// The keys that order a protected person's affiliations for others: those that read nothing withheld.
fn open_keys(rule: &AccountRule, protection: Protection) -> Vec<&SortKey> {
    let keys = rule.primary.iter();
    #[cfg(test)]
    if Leak::Rank.is_planted() {
        return keys.collect();
    }
    keys.filter(|key| !protection.withholds(key.by.class()))
        .collect()
}

/// Whether the primary of a protected person shows by intent: an output that reads it is included. Where none is, what is withheld
/// does not choose it either, or the day on which it changes would tell.
fn is_shown(world: &World<'_>, rule: &AccountRule, protection: Protection) -> bool {
    let rules = world.rules;
    let position = rules
        .accounts
        .iter()
        .position(|known| known.name == rule.name);
    let is_included = |gate: &Gate| gate::policy(gate, protection) == GatePolicy::Include;
    let reads = |program: &Program| program.variables().any(|slot| slot == rules.slots.primary);
    let by_place =
        |reason: &FollowReason| matches!(reason, FollowReason::Employer | FollowReason::Unit);
    let own = is_included(&rule.container_gate) && rule.container.iter().any(reads)
        || rule.names.iter().any(|name| {
            let follows = name.follow.iter().any(by_place);
            is_included(&name.gate) && (follows || name.ordinary.all().any(reads))
        })
        || rule
            .attributes
            .iter()
            .any(|attribute| is_included(&attribute.gate) && attribute.ordinary.iter().any(reads));
    own || rules.groups.iter().any(|group| {
        group.account == position && is_included(&group.gate) && group.programs().any(reads)
    }) || rules.licences.iter().any(|licence| {
        Some(licence.account) == position
            && is_included(&licence.gate)
            && licence.programs().any(reads)
    }) || rules.mailboxes.iter().any(|mailbox| {
        Some(mailbox.account) == position
            && is_included(&mailbox.gate)
            && mailbox.when.iter().any(reads)
    }) || rules.class_lists.iter().any(|list| {
        Some(list.account) == position && is_included(&list.gate) && list.programs().any(reads)
    }) || rules.notices.iter().any(|notice| {
        Some(notice.account) == position
            && is_included(&notice.gate)
            && notice.programs().any(reads)
    })
}

/// What an account covers, the first that others see first: of a protected person nothing that is withheld orders it.
pub(in crate::evaluate) fn ranked(
    world: &World<'_>,
    rule: &AccountRule,
    person: PersonRow,
    covered: &[Coverage],
    horizon: &mut Horizon,
) -> Result<Vec<AffiliationRow>, LimitReached> {
    let protection = world.population.person(person).protection;
    let keys = open_keys(rule, protection);
    let ranked = rank(world, &keys, person, covered, horizon)?;
    Ok(ranked.into_iter().map(|(_, row)| row).collect())
}

/// The same by given keys, each with its tier.
fn rank(
    world: &World<'_>,
    order: &[&SortKey],
    person: PersonRow,
    covered: &[Coverage],
    horizon: &mut Horizon,
) -> Result<Vec<(Tier, AffiliationRow)>, LimitReached> {
    let mut ranked = Vec::with_capacity(covered.len());
    for coverage in covered {
        let row = coverage.affiliation;
        let tier = tier(world, row, coverage.enabled, horizon);
        let scope = RuleScope::of(world, person).affiliation(row);
        let kind = world.population.affiliation(row).kind;
        let mut keys = Vec::with_capacity(order.len());
        for key in order {
            let value = if key.kind == kind {
                match world.run(&key.by, &scope, horizon)? {
                    Ok(Opinion::Value(value)) => Some(value),
                    Ok(Opinion::None | Opinion::Keep) | Err(_) => None,
                }
            } else {
                None
            };
            keys.push((value, key.descending));
        }
        ranked.push((tier, keys, row));
    }
    ranked.sort_by(|a, b| {
        a.0.cmp(&b.0)
            .then_with(|| compare_keys(&a.1, &b.1))
            .then_with(|| {
                world
                    .population
                    .affiliation(a.2)
                    .key
                    .cmp(&world.population.affiliation(b.2).key)
            })
    });
    let plain = ranked.into_iter().map(|(tier, _, row)| (tier, row));
    Ok(plain.collect())
}

fn tier(world: &World<'_>, row: AffiliationRow, enabled: Interval, horizon: &mut Horizon) -> Tier {
    let affiliation = world.population.affiliation(row);
    let active = super::lifecycle::is_active(world, row, horizon);
    if active {
        Tier::Active
    } else if affiliation.in_force.contains(horizon.as_of()) {
        Tier::Leave
    } else {
        let is_over = affiliation.in_force.end <= horizon.as_of();
        match (horizon.within(enabled), is_over) {
            (true, true) => Tier::Grace,
            (true, false) => Tier::Lead,
            (false, true) => Tier::LastKnown,
            (false, false) => Tier::Coming,
        }
    }
}

fn compare_keys(a: &[(Option<Value>, bool)], b: &[(Option<Value>, bool)]) -> Ordering {
    for ((a, descending), (b, _)) in a.iter().zip(b) {
        let order = match (a, b) {
            (Some(a), Some(b)) => {
                let order = compare(a, b);
                if *descending { order.reverse() } else { order }
            }
            // What has a value comes before what has none, whichever way the order goes.
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        if order.is_ne() {
            return order;
        }
    }
    Ordering::Equal
}

fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Optional(Some(a)), Value::Optional(Some(b))) => compare(a, b),
        _ => Ordering::Equal,
    }
}
