//! The life of an account: the union of what it covers, with lead, grace and bridges; then disabled; then deleted.
//!
//! An account follows what is in force, by dates. It is never deleted before its disabling was confirmed and has stood for as
//! long as the rules ask.

use alloc::vec::Vec;

use chrono::NaiveDate;

use crate::base::Horizon;
use crate::base::Interval;
use crate::base::IntervalSet;
use crate::base::LimitReached;
use crate::base::shift;
use crate::evaluate::scope::RuleScope;
use crate::evaluate::world::World;
use crate::language::DataError;
use crate::ledger::AccountMemory;
use crate::model::AffiliationRow;
use crate::model::PersonRow;
use crate::rules::AccountRule;
use crate::rules::Span;

/// Where an account is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    /// Not yet: what it covers begins later than the lead.
    Pending,
    /// There, and one can log in.
    Enabled,
    /// There, and nobody can log in.
    Disabled,
    /// Its time is over.
    Deleted,
    /// A person must decide, or data is missing: it stays what it is, and is not created.
    Held,
}

/// An affiliation that an account covers, and what it asks of the account's life.
#[derive(Clone, Debug)]
pub(crate) struct Coverage {
    pub(crate) affiliation: AffiliationRow,
    /// The days on which it keeps the account enabled: in force, with lead and grace.
    pub(crate) enabled: Interval,
    /// How many of them come before its first day, and after its last.
    pub(crate) lead: i64,
    pub(crate) grace: i64,
    /// A gap of up to so many days after it does not disable.
    bridge: i64,
    /// How long the account stays disabled when this was the last one, and at the least after that was confirmed.
    retain: i64,
    min_disabled: i64,
}

/// What an account covers.
pub(in crate::evaluate) struct Covered {
    pub(in crate::evaluate) coverages: Vec<Coverage>,
    /// The first error met on the way, if any: then nothing is ended because of it.
    pub(in crate::evaluate) error: Option<DataError>,
}

/// Finds what an account covers.
pub(in crate::evaluate) fn covered(
    world: &World<'_>,
    rule: &AccountRule,
    person: PersonRow,
    horizon: &mut Horizon,
) -> Result<Covered, LimitReached> {
    let mut covered = Covered {
        coverages: Vec::new(),
        error: None,
    };
    for row in world.population.affiliations_of(person) {
        let affiliation = world.population.affiliation(*row);
        let Some(condition) = rule.covers.get(&affiliation.kind) else {
            continue;
        };
        let scope = RuleScope::of(world, person).affiliation(*row);
        match world.condition(condition, &scope, horizon)? {
            Ok(true) => {
                let mut days = |of: &Span| span(world, of, &scope, horizon);
                let (lead, grace) = (days(&rule.lead)?, days(&rule.grace)?);
                covered.coverages.push(Coverage {
                    affiliation: *row,
                    enabled: affiliation.in_force.widened(lead, grace),
                    lead,
                    grace,
                    bridge: days(&rule.bridge)?,
                    retain: days(&rule.retain)?,
                    min_disabled: days(&rule.min_disabled)?,
                });
            }
            Ok(false) => {}
            Err(error) => covered.error = Some(error),
        }
    }
    Ok(covered)
}

/// A duration for one affiliation. A value that has no entry of its own has the default.
pub(in crate::evaluate) fn span(
    world: &World<'_>,
    span: &Span,
    scope: &RuleScope<'_>,
    horizon: &mut Horizon,
) -> Result<i64, LimitReached> {
    let Some(by) = &span.by else {
        return Ok(span.default);
    };
    let value = world.text(by, scope, horizon)?;
    Ok(value
        .ok()
        .flatten()
        .and_then(|value| span.values.get(&value).copied())
        .unwrap_or(span.default))
}

/// The days on which an account is enabled: the union of what it covers, bridges closed.
pub(in crate::evaluate) fn enabled_days(covered: &[Coverage]) -> IntervalSet {
    IntervalSet::union(covered.iter().map(|one| (one.enabled, one.bridge)))
}

/// Where the account is in its life on the day of the run.
pub(in crate::evaluate) fn life(
    rule: &AccountRule,
    covered: &[Coverage],
    memory: Option<&AccountMemory>,
    exists: bool,
    stopped_from: Option<NaiveDate>,
    horizon: &mut Horizon,
) -> Life {
    let enabled = enabled_days(covered);
    let as_of = horizon.as_of();
    for interval in enabled.intervals() {
        horizon.within(*interval);
    }
    let stopped = stopped_from.is_some_and(|day| horizon.reached(day));
    if enabled.contains(as_of) && !stopped {
        return Life::Enabled;
    }
    if !exists {
        return Life::Pending;
    }
    let ended = enabled
        .latest_begun(as_of)
        .map(|interval| interval.end.min(as_of))
        .or_else(|| memory.and_then(|memory| memory.disabled_on));
    // Without a confirmed disabling there is nothing to count from.
    let Some(disabled_on) = memory.and_then(|memory| memory.disabled_on) else {
        return Life::Disabled;
    };
    let ended = ended.unwrap_or(disabled_on);
    let (retain, min_disabled) = last_stay(rule, covered, as_of);
    let delete_on = shift(ended, retain).max(shift(disabled_on, min_disabled));
    // Somebody who is about to come back keeps the account.
    if enabled.next(as_of).is_none() && horizon.reached(delete_on) && !stopped {
        Life::Deleted
    } else {
        Life::Disabled
    }
}

/// How long an account stays disabled, and at the least after that was confirmed: as the affiliation asks that ended last; of
/// several that did, and where none is known any more, the longest counts.
fn last_stay(rule: &AccountRule, covered: &[Coverage], as_of: NaiveDate) -> (i64, i64) {
    let past = |one: &&Coverage| one.enabled.end <= as_of;
    let last = covered.iter().filter(past).map(|one| one.enabled.end).max();
    let of_last = covered.iter().filter(|one| Some(one.enabled.end) == last);
    let stays = of_last.map(|one| (one.retain, one.min_disabled));
    stays
        .reduce(|one, other| (one.0.max(other.0), one.1.max(other.1)))
        .unwrap_or((rule.retain.longest(), rule.min_disabled.longest()))
}

/// Whether an affiliation is active on the day of the run: in force and not on full leave.
pub(crate) fn is_active(world: &World<'_>, row: AffiliationRow, horizon: &mut Horizon) -> bool {
    let affiliation = world.population.affiliation(row);
    let in_force = horizon.within(affiliation.in_force);
    // Every leave narrows the horizon, also after one has been found that holds.
    let mut on_leave = false;
    for leave in &affiliation.leave {
        on_leave |= horizon.within(*leave);
    }
    in_force && !on_leave
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::RowKey;
    use crate::rules::Gate;
    use crate::rules::GatePolicy;
    use alloc::collections::BTreeMap;
    use alloc::collections::BTreeSet;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    fn days(default: i64) -> Span {
        Span {
            default,
            by: None,
            values: BTreeMap::new(),
        }
    }

    fn rule(record: crate::language::RecordTypeId) -> AccountRule {
        let gate = Gate {
            marking: GatePolicy::Pass,
            registration: GatePolicy::Pass,
        };
        AccountRule {
            name: "staff".into(),
            population: "staff".into(),
            covers: BTreeMap::new(),
            slots: BTreeMap::new(),
            lead: days(14),
            grace: days(7),
            bridge: days(30),
            retain: days(180),
            min_disabled: days(30),
            require: None,
            primary: Vec::new(),
            settle: 0,
            container: None,
            container_gate: gate.clone(),
            hide: None,
            adopt: Vec::new(),
            was: BTreeSet::new(),
            disabled_container: None,
            disabled_hide: true,
            names: Vec::new(),
            attributes: Vec::new(),
            gate,
            protected_container: None,
            clear_others: false,
            replace: crate::rules::spec::ReplacingByFlag::default(),
            record,
        }
    }

    fn lives(on: NaiveDate, memory: Option<&AccountMemory>) -> (Life, Option<NaiveDate>) {
        let mut schema = crate::language::Schema::new();
        let rule = rule(schema.record("account.staff"));
        // The last day is 31 August; grace is seven days.
        let in_force = Interval::from_inclusive(Some(day(3, 1)), Some(day(8, 31)));
        let covered = [Coverage {
            affiliation: AffiliationRow::from_row(0),
            enabled: in_force.widened(14, 7),
            lead: 14,
            grace: 7,
            bridge: 30,
            retain: 180,
            min_disabled: 30,
        }];
        let mut horizon = Horizon::new(on);
        let life = life(&rule, &covered, memory, true, None, &mut horizon);
        (life, horizon.recheck_on())
    }

    #[test]
    fn enabled_through_the_grace_then_disabled() {
        assert_eq!(lives(day(2, 15), None).0, Life::Enabled);
        assert_eq!(lives(day(2, 14), None).0, Life::Disabled);
        assert_eq!(lives(day(9, 7), None), (Life::Enabled, Some(day(9, 8))));
        assert_eq!(lives(day(9, 8), None).0, Life::Disabled);
    }

    #[test]
    fn never_deleted_before_the_disabling_was_confirmed() {
        let late = NaiveDate::from_ymd_opt(2027, 12, 1).unwrap();
        assert_eq!(lives(late, None).0, Life::Disabled);
        let memory = AccountMemory {
            disabled_on: Some(shift(late, -29)),
            ..AccountMemory::default()
        };
        assert_eq!(
            lives(late, Some(&memory)),
            (Life::Disabled, Some(shift(late, 1)))
        );
        assert_eq!(lives(shift(late, 1), Some(&memory)).0, Life::Deleted);
    }
}
