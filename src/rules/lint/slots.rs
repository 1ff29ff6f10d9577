//! Slots that tell nothing apart.
//!
//! A slot gives a person an account for each value of an expression. One that reads nothing has the same value for every
//! affiliation, so that a person never has more than one account, whose key has a mark all the same.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

use super::Rules;
use super::codes;
use crate::diagnostic::Problem;

/// Looks at all account rules.
pub(super) fn look(rules: Rules<'_>, problems: &mut Vec<Problem>) {
    let specs = &rules.compiled.spec.accounts;
    for (rule, (name, spec)) in rules.compiled.accounts.iter().zip(specs) {
        let values: BTreeSet<&str> = spec.slot.values().map(|slot| slot.text.as_str()).collect();
        let reads = rule.slots.values().any(|slot| slot.variables().count() > 0);
        let place = spec.slot.values().next().map(|slot| &slot.place);
        let Some(place) = place.filter(|_| values.len() == 1 && !reads) else {
            continue;
        };
        problems.push(
            Problem::new(
                &codes::CONSTANT_SLOT,
                place.clone(),
                format!("the slot of account `{name}` is always the same, so that nobody has more than one"),
            )
            .help("let it read what tells the accounts apart, such as `employment.employer`, or leave `slot` out"),
        );
    }
}
