//! What a target may be told of a protected person's account by outputs whose names tell: which of them an exception, an
//! alternative or a constant covers.
//!
//! Not the check itself, which stands where steps are released. Keeps true: an `include` counts only where it stands in the rules
//! with its reason, whatever the gate of an output says.

use alloc::vec::Vec;

use super::gate;
use crate::base::Text;
use crate::directory;
use crate::directory::CONTAINER;
use crate::directory::Shield;
use crate::language::Program;
use crate::model::Protection;
use crate::rules::AccountRule;
use crate::rules::Compiled;
use crate::rules::Gate;
use crate::rules::GatePolicy;
use crate::rules::NamePrograms;

/// The shield of an account; none where its person is not protected.
pub(in crate::evaluate) fn of(
    rules: &Compiled,
    rule: &AccountRule,
    protection: Protection,
) -> Option<Shield> {
    if !protection.stands() {
        return None;
    }
    let mut shield = Shield::new(protection.registration.stands());
    let mut cover = |output: &str, gate: &Gate, ordinary: Vec<&Program>, instead: Vec<&Program>| {
        let policy = gate::passage(gate, protection, ordinary.iter().copied());
        let constant = || directory::says_where(output) && gate::is_neutral(rules, ordinary);
        let covers = match policy {
            GatePolicy::Alias => !instead.is_empty() && gate::is_open(instead),
            GatePolicy::Include => {
                constant() || is_excepted(rules, (&rule.name, output), gate, protection)
            }
            GatePolicy::Pass => constant(),
            GatePolicy::Exclude | GatePolicy::Omit | GatePolicy::Task => false,
        };
        if covers {
            shield.cover(output);
        }
    };
    for attribute in &rule.attributes {
        let (ordinary, instead) = (&attribute.ordinary, &attribute.protected);
        cover(
            &attribute.name,
            &attribute.gate,
            ordinary.iter().collect(),
            instead.iter().collect(),
        );
    }
    for name in &rule.names {
        let instead = name.protected.iter().flat_map(NamePrograms::all);
        cover(
            &name.name,
            &name.gate,
            name.programs().collect(),
            instead.collect(),
        );
    }
    cover(
        CONTAINER,
        &rule.container_gate,
        rule.container.iter().collect(),
        rule.protected_container.iter().collect(),
    );
    Some(shield)
}

/// Whether each flag that stands and lets an output through does so by an exception that stands in the rules.
fn is_excepted(
    rules: &Compiled,
    output: (&Text, &str),
    gate: &Gate,
    protection: Protection,
) -> bool {
    let holds = |stands: bool, policy: GatePolicy, listed: bool| {
        !stands || policy != GatePolicy::Include || listed
    };
    let (account, output) = output;
    let output = (account.clone(), Text::from(output.to_ascii_lowercase()));
    let included = &rules.included;
    holds(
        protection.marking.stands(),
        gate.marking,
        included.marking.contains(&output),
    ) && holds(
        protection.registration.stands(),
        gate.registration,
        included.registration.contains(&output),
    )
}
