//! Windows: on which days an affiliation, or an account as such, gives an output its reason.
//!
//! Every window tells the horizon of both its ends. It says when, never whether: conditions and policies are asked apart.

use alloc::vec::Vec;

use super::lifecycle::Coverage;
use super::lifecycle::Life;
use super::lifecycle::is_active;
use super::lifecycle::span;
use crate::base::Horizon;
use crate::base::Interval;
use crate::base::LimitReached;
use crate::evaluate::holder::Holder;
use crate::evaluate::scope::RuleScope;
use crate::evaluate::world::World;
use crate::model::AffiliationKind;
use crate::model::AffiliationRow;
use crate::rules::Window;

/// Whether the holder of an account may have an output of a window at all: while it is enabled, and in days of its own also
/// while it is disabled because its time has come.
pub(crate) const fn may_have(holder: &Holder, window: &Window) -> bool {
    match holder.life {
        Life::Enabled => true,
        Life::Disabled => holder.ended && matches!(window, Window::Own { .. }),
        Life::Pending | Life::Deleted | Life::Held => false,
    }
}

/// The affiliations of a kind that count on the day of the run, of those that an account may have its reasons from.
pub(in crate::evaluate) fn counting(
    world: &World<'_>,
    window: &Window,
    holder: &Holder,
    kind: AffiliationKind,
    horizon: &mut Horizon,
) -> Result<Vec<AffiliationRow>, LimitReached> {
    let mut counting = Vec::new();
    for row in world.affiliations_of(holder) {
        let is_of_kind = world.population.affiliation(*row).kind == kind;
        if is_of_kind && counts(world, window, holder, *row, horizon)? {
            counting.push(*row);
        }
    }
    Ok(counting)
}

/// Whether an affiliation counts on the day of the run.
fn counts(
    world: &World<'_>,
    window: &Window,
    holder: &Holder,
    row: AffiliationRow,
    horizon: &mut Horizon,
) -> Result<bool, LimitReached> {
    Ok(match window {
        Window::Active => is_active(world, row, horizon),
        Window::Enabled => horizon.within(enabled(world, holder, row)),
        Window::Own { lead, grace } => {
            let scope = RuleScope::of(world, holder.person).affiliation(row);
            let lead = span(world, lead, &scope, horizon)?;
            let grace = span(world, grace, &scope, horizon)?;
            let in_force = world.population.affiliation(row).in_force;
            horizon.within(in_force.widened(lead, grace))
        }
    })
}

/// Whether an account as such counts: while anything that it covers does.
pub(in crate::evaluate) fn account_counts(
    world: &World<'_>,
    window: &Window,
    holder: &Holder,
    horizon: &mut Horizon,
) -> Result<bool, LimitReached> {
    // By bridges it is enabled on days on which nothing that it covers is.
    if matches!(window, Window::Enabled) {
        return Ok(true);
    }
    let mut any = false;
    for coverage in &holder.covered {
        any |= counts(world, window, holder, coverage.affiliation, horizon)?;
    }
    Ok(any)
}

/// The days on which an affiliation keeps an account enabled. What the account does not cover itself has the lead and grace of
/// what it hangs on, and none where that is not covered either.
fn enabled(world: &World<'_>, holder: &Holder, row: AffiliationRow) -> Interval {
    let affiliation = world.population.affiliation(row);
    let of = |row: AffiliationRow| -> Option<&Coverage> {
        let covered = &holder.covered;
        covered.iter().find(|coverage| coverage.affiliation == row)
    };
    if let Some(own) = of(row) {
        return own.enabled;
    }
    match affiliation.parent.and_then(of) {
        Some(parent) => {
            let widened = affiliation.in_force.widened(parent.lead, parent.grace);
            widened.intersection(&parent.enabled)
        }
        None => affiliation.in_force,
    }
}
