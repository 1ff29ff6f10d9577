//! Guards of the rules as guards of a plan.

use alloc::vec::Vec;

use crate::plan::Effect;
use crate::plan::Guard;
use crate::plan::Season;
use crate::plan::StepKind;
use crate::rules::spec::GuardEffect;
use crate::rules::spec::GuardSpec;
use crate::rules::spec::RulesetSpec;

/// How many accounts of newly protected persons are replaced in one run without being asked, where a rule set says nothing.
const MOST_REPLACED: u64 = 5;

/// The guards of a rule set. Where it says nothing of them, no account goes over into another one unless somebody approves, and few
/// are replaced.
pub(super) fn guards(spec: &RulesetSpec) -> Vec<Guard> {
    let replaced = spec.protection.replace_most.unwrap_or(MOST_REPLACED);
    let ours = [(StepKind::MergeAccounts, 0), (StepKind::Replace, replaced)];
    let ours = ours
        .into_iter()
        .filter(|(kind, _)| !spec.guards.contains_key(kind.name()))
        .map(|(kind, most)| Guard {
            most: Some(most),
            ..Guard::new(kind)
        });
    spec.guards
        .iter()
        .filter_map(|(kind, guard)| one(kind, guard))
        .chain(ours)
        .collect()
}

fn one(kind: &str, guard: &GuardSpec) -> Option<Guard> {
    Some(Guard {
        kind: StepKind::from_name(kind)?,
        most: guard.most,
        share_per_mille: guard.share.map(|share| share.0),
        min_base: guard.min_base,
        per_days: guard.per.map(|days| days.0),
        first_run: None,
        effect: match guard.effect {
            GuardEffect::Slice => Effect::Slice,
            GuardEffect::All => Effect::All,
            GuardEffect::Warn => Effect::Warn,
        },
        season: guard.season.as_ref().map(|season| Season {
            from: (season.from.month, season.from.day),
            to: (season.to.month, season.to.day),
            most: season.most,
            share_per_mille: season.share.map(|share| share.0),
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::GUARDED;

    #[test]
    fn a_guard_can_be_named_after_every_kind_of_step_and_nothing_else() {
        let kinds: Vec<&str> = StepKind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(kinds, GUARDED);
    }
}
