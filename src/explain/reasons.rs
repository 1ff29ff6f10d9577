//! The reasons of plan steps: which affiliation, by which rule, for which days.

use alloc::vec::Vec;

use super::licence::carried_by;
use crate::base::EVER_BEFORE;
use crate::base::FOREVER;
use crate::base::Horizon;
use crate::base::Interval;
#[cfg(test)]
use crate::base::Leak;
use crate::diagnostic::OpenText;
use crate::directory::AccountKey;
use crate::evaluate;
use crate::evaluate::Holder;
use crate::evaluate::World;
use crate::model::AffiliationRow;
use crate::model::PersonRow;
use crate::plan::Reason;
use crate::plan::StepSubject;
use crate::rules::LicenceRule;

/// The reasons for what a step does. A step that takes something away has none left.
pub(crate) fn of_step(world: &World<'_>, subject: &StepSubject) -> Vec<Reason> {
    let Some(account) = &subject.account else {
        return Vec::new();
    };
    let Some((position, holder)) = find(world, account) else {
        return Vec::new();
    };
    let person = holder.person;
    let mut reasons = match &subject.group {
        Some(group) if carried_by(world, &group.rule).is_some() => {
            let licence = carried_by(world, &group.rule);
            let mut horizon = Horizon::new(world.as_of);
            let gives = |licence: &&LicenceRule| {
                let matches = evaluate::licence_matches(world, licence, holder, &mut horizon);
                matches!(matches, Ok(Ok(true)))
            };
            licence
                .filter(gives)
                .map(|licence| Reason {
                    rule: licence.output(),
                    affiliation: None,
                    from: None,
                    until: None,
                })
                .into_iter()
                .collect()
        }
        Some(group) => world
            .rules
            .groups
            .iter()
            .filter(|rule| rule.name == group.rule)
            .flat_map(|rule| {
                let mut horizon = Horizon::new(world.as_of);
                let found = rule
                    .account
                    .filter(|account| *account == position)
                    .and_then(|account| {
                        evaluate::group_reasons(world, account, rule, holder, &mut horizon).ok()
                    });
                found
                    .into_iter()
                    .flat_map(|reasons| reasons.found)
                    .filter(|(value, _)| *value == group.value)
                    .map(|(_, reason)| {
                        let name = rule.output();
                        reason.affiliation.map_or_else(
                            || Reason {
                                rule: name.clone(),
                                affiliation: None,
                                from: None,
                                until: None,
                            },
                            |row| {
                                reason_of(
                                    world,
                                    person,
                                    row,
                                    name.clone(),
                                    world.population.affiliation(row).in_force,
                                )
                            },
                        )
                    })
                    .collect::<Vec<_>>()
            })
            .collect(),
        None => covering(world, holder, &world.rules.account_output(position)),
    };
    reasons.sort();
    reasons
}

/// Why an account is there.
fn covering(world: &World<'_>, holder: &Holder, rule: &OpenText) -> Vec<Reason> {
    let person = holder.person;
    holder
        .covered
        .iter()
        .filter(|coverage| coverage.enabled.contains(world.as_of))
        .map(|coverage| {
            let (row, enabled) = (coverage.affiliation, coverage.enabled);
            reason_of(world, person, row, rule.clone(), enabled)
        })
        .collect()
}

/// A reason; of a protected person it names the rule and nothing else.
fn reason_of(
    world: &World<'_>,
    person: PersonRow,
    row: AffiliationRow,
    rule: OpenText,
    interval: Interval,
) -> Reason {
    let stands = world.population.person(person).protection.stands();
    #[cfg(test)]
    let stands = stands && !Leak::Reasons.is_planted();
    if stands {
        return Reason {
            rule,
            affiliation: None,
            from: None,
            until: None,
        };
    }
    Reason {
        rule,
        affiliation: Some(OpenText::vouched(&world.population.affiliation(row).key)),
        from: (interval.start != EVER_BEFORE).then_some(interval.start),
        until: (interval.end != FOREVER).then_some(interval.end),
    }
}

/// The rule of an account, and what is known of it.
fn find<'a>(world: &'a World<'_>, account: &AccountKey) -> Option<(usize, &'a Holder)> {
    let position = world
        .rules
        .accounts
        .iter()
        .position(|rule| rule.name == account.rule)?;
    let person = world.person_of(account)?;
    let mut holders = world.holders_of(position, person);
    let (_, holder) = holders.find(|(_, holder)| holder.key == *account)?;
    Some((position, holder))
}
