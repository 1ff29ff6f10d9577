//! The last gate: which of the two programs of an output runs for a person, and whether any does.
//!
//! The check proves that nothing withheld reaches an output that no policy covers. This gate asks once more, value by value,
//! so that a rule set that was not checked as it should have been leaks nothing either.

use crate::language::Class;
use crate::language::Program;
use crate::model::Protection;
use crate::rules::Gate;
use crate::rules::GatePolicy;

/// What holds of an output for a person: the stricter of what the standing flags say.
pub(crate) fn policy(gate: &Gate, protection: Protection) -> GatePolicy {
    let marking = if protection.marking.stands() {
        gate.marking
    } else {
        GatePolicy::Pass
    };
    let registration = if protection.registration.stands() {
        gate.registration
    } else {
        GatePolicy::Pass
    };
    marking.min(registration)
}

/// The program that runs for a person, where one does.
pub(crate) fn program<'a>(
    policy: GatePolicy,
    ordinary: &'a Program,
    protected: Option<&'a Program>,
) -> Option<&'a Program> {
    match policy {
        GatePolicy::Pass => Some(ordinary),
        // An alternative tells nothing but what is open; the check has said so, and here it is asked again.
        GatePolicy::Alias => protected.filter(|program| program.class() == Class::Open),
        GatePolicy::Exclude | GatePolicy::Omit | GatePolicy::Task => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Flag;

    #[test]
    fn the_stricter_flag_counts_and_only_where_it_stands() {
        let gate = Gate {
            marking: GatePolicy::Alias,
            registration: GatePolicy::Exclude,
        };
        let mut protection = Protection::default();
        assert_eq!(policy(&gate, protection), GatePolicy::Pass);
        protection.marking = Flag::Yes;
        assert_eq!(policy(&gate, protection), GatePolicy::Alias);
        protection.registration = Flag::Unknown;
        assert_eq!(policy(&gate, protection), GatePolicy::Exclude);
    }
}
