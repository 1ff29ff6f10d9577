//! Guards of the rules as guards of a plan.

use alloc::vec::Vec;

use crate::plan::Effect;
use crate::plan::Guard;
use crate::plan::Season;
use crate::plan::StepKind;
use crate::rules::spec::GuardEffect;
use crate::rules::spec::GuardSpec;
use crate::rules::spec::RulesetSpec;

/// The guards of a rule set. Where it says nothing of it, no account goes over into another one unless somebody approves.
pub(super) fn guards(spec: &RulesetSpec) -> Vec<Guard> {
    let merging = StepKind::MergeAccounts;
    let ours = (!spec.guards.contains_key(merging.name())).then(|| Guard {
        most: Some(0),
        ..Guard::new(merging)
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
