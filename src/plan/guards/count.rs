//! How guards count, and which steps are held.
//!
//! Counted are the steps of the whole plan that are not urgent and not a first address, by slice and in total, with what was confirmed in the days
//! before. A guard trips when the count is above `most`, or above its share of the managed objects where there are enough of
//! them. What depends on a held step is held, and so is its whole unit.

use alloc::collections::BTreeMap;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use chrono::NaiveDate;

use super::approval::Approvals;
use super::approval::object_digest;
use super::guard::Effect;
use super::guard::Guard;
use super::guard::Trip;
use super::tally::Tally;
use crate::base::shift;
use crate::diagnostic::OpenText;
use crate::directory::Slice;
use crate::ledger::ConfirmedSteps;
use crate::plan::cause::CauseKind;
use crate::plan::kind::StepKind;
use crate::plan::step::HeldBy;
use crate::plan::step::Step;

/// How many objects of ours the directory holds, by slice.
#[derive(Default)]
pub(in crate::plan) struct Managed {
    pub(in crate::plan) accounts: BTreeMap<Slice, u64>,
    pub(in crate::plan) groups: BTreeMap<Slice, u64>,
}

impl Managed {
    fn base(&self, kind: StepKind, slice: Option<&Slice>) -> u64 {
        let counts = if kind.is_of_groups() {
            &self.groups
        } else {
            &self.accounts
        };
        match slice {
            Some(slice) => counts.get(slice).copied().unwrap_or(0),
            None => counts
                .values()
                .fold(0, |sum, count| sum.saturating_add(*count)),
        }
    }
}

/// The guards that are reached.
pub(in crate::plan) fn trips(
    steps: &[Step],
    guards: &[Guard],
    managed: &Managed,
    confirmed: &[ConfirmedSteps],
    as_of: NaiveDate,
) -> Vec<Trip> {
    let mut trips = Vec::new();
    for guard in guards {
        let counted: Vec<&Step> = steps
            .iter()
            .filter(|step| step.kind == guard.kind && step.counts())
            .collect();
        let slices: BTreeSet<&Slice> = counted.iter().map(|step| &step.slice).collect();
        for slice in slices.into_iter().map(Some).chain([None]) {
            let counted: Vec<&Step> = counted
                .iter()
                .copied()
                .filter(|step| slice.is_none_or(|slice| step.slice == *slice))
                .collect();
            trips.extend(trip(guard, slice, &counted, managed, confirmed, as_of));
        }
    }
    trips.sort_by(|a, b| {
        (a.guard.name(), &a.slice, a.effect).cmp(&(b.guard.name(), &b.slice, b.effect))
    });
    trips
}

/// Those of the steps that are held under some approvals, each with its guard.
pub(in crate::plan) fn held(
    steps: &[Step],
    trips: &[Trip],
    approvals: &Approvals,
    as_of: NaiveDate,
) -> Vec<Option<HeldBy>> {
    let slices = open(trips, approvals, as_of, Effect::Slice);
    let mut held: Vec<Option<HeldBy>> = steps
        .iter()
        .map(|step| {
            let digest = object_digest(step.kind, &step.object);
            let holder = slices.iter().find(|(trip, objects)| {
                step.counts()
                    && trip.guard == step.kind
                    && trip.slice.as_ref().is_none_or(|slice| *slice == step.slice)
                    && objects.contains(digest.as_str())
            })?;
            Some(HeldBy {
                guard: holder.0.guard,
                slice: holder.0.slice.clone(),
            })
        })
        .collect();
    spread(steps, &mut held);
    held
}

/// Guards of an effect that no approval covers, each with the objects that are not covered.
pub(in crate::plan) fn open<'a>(
    trips: &'a [Trip],
    approvals: &Approvals,
    as_of: NaiveDate,
    effect: Effect,
) -> Vec<(&'a Trip, BTreeSet<&'a str>)> {
    trips
        .iter()
        .filter(|trip| trip.effect == effect && !approvals.cover(trip, as_of))
        .filter_map(|trip| {
            let mut objects: BTreeSet<&str> = trip.objects.iter().map(AsRef::as_ref).collect();
            if trip.slice.is_none() {
                // The total does not hold what was approved of slice by slice.
                for other in trips.iter().filter(|other| {
                    other.guard == trip.guard
                        && other.slice.is_some()
                        && approvals.cover(other, as_of)
                }) {
                    for object in &other.objects {
                        objects.remove(object.as_str());
                    }
                }
            }
            (!objects.is_empty()).then_some((trip, objects))
        })
        .collect()
}

fn trip(
    guard: &Guard,
    slice: Option<&Slice>,
    counted: &[&Step],
    managed: &Managed,
    confirmed: &[ConfirmedSteps],
    as_of: NaiveDate,
) -> Option<Trip> {
    if counted.is_empty() {
        return None;
    }
    let count = u64::try_from(counted.len()).unwrap_or(u64::MAX);
    let before = guard.per_days.map_or(0, |days| {
        let since = shift(as_of, days.saturating_neg());
        confirmed
            .iter()
            .filter(|steps| {
                steps.kind == guard.kind.name()
                    && steps.day > since
                    && steps.day <= as_of
                    && slice.is_none_or(|slice| steps.slice == *slice)
            })
            .fold(0_u64, |sum, steps| sum.saturating_add(steps.count))
    });
    let base = managed.base(guard.kind, slice);
    let (mut most, mut share) = guard.limits(as_of);
    if guard.kind.creates() && managed.base(guard.kind, None) == 0 && before == 0 {
        (most, share) = (guard.first_run, None);
    }
    let all = count.saturating_add(before);
    let over_count = most.is_some_and(|most| all > most);
    let over_share = base >= guard.min_base
        && share.is_some_and(|share| {
            u128::from(all).saturating_mul(1_000)
                > u128::from(share).saturating_mul(u128::from(base))
        });
    if !over_count && !over_share {
        return None;
    }
    let mut causes: BTreeMap<CauseKind, u64> = BTreeMap::new();
    let mut rules: BTreeMap<OpenText, u64> = BTreeMap::new();
    for step in counted {
        let causes = causes.entry(step.cause).or_default();
        *causes = causes.saturating_add(1);
        let own: BTreeSet<&OpenText> = step.reasons.iter().map(|reason| &reason.rule).collect();
        for rule in own {
            let rules = rules.entry(rule.clone()).or_default();
            *rules = rules.saturating_add(1);
        }
    }
    // Protected persons are counted where no municipality is told. One step in all there tells of one of them.
    let is_untold = |slice: &Slice| slice.municipality.is_empty();
    let of_protected = counted.iter().all(|step| is_untold(&step.slice))
        && counted.iter().any(|step| step.of_protected);
    let told = |count| Tally::of(count, of_protected);
    Some(Trip {
        guard: guard.kind,
        effect: guard.effect,
        slice: slice.cloned(),
        count: told(count),
        confirmed: if before == 0 {
            Tally::Exact(0)
        } else {
            told(before)
        },
        base: Tally::of(base, of_protected && slice.is_some()),
        most,
        share_per_mille: share,
        causes: causes
            .into_iter()
            .map(|(cause, n)| (cause, told(n)))
            .collect(),
        rules: rules.into_iter().map(|(rule, n)| (rule, told(n))).collect(),
        objects: counted
            .iter()
            .map(|step| object_digest(step.kind, &step.object))
            .collect(),
    })
}

/// Holds what depends on held steps, and whole units.
pub(in crate::plan) fn spread<T: Clone>(steps: &[Step], held: &mut [Option<T>]) {
    let mut dependents: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut units: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, step) in steps.iter().enumerate() {
        for need in &step.needs {
            dependents.entry(*need).or_default().push(index);
        }
        if let Some(unit) = &step.unit {
            units.entry(unit).or_default().push(index);
        }
    }
    let mut left: Vec<usize> = held
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, by)| by.is_some())
        .map(|(index, _)| index)
        .collect();
    while let Some(index) = left.pop() {
        let by = held.get(index).cloned().flatten();
        let unit = steps.get(index).and_then(|step| step.unit.as_deref());
        let together = unit.and_then(|unit| units.get(unit));
        for next in dependents.get(&index).into_iter().chain(together).flatten() {
            if let Some(free) = held.get_mut(*next).filter(|by| by.is_none()) {
                free.clone_from(&by);
                left.push(*next);
            }
        }
    }
}
