//! Evaluation: population and rules to what is wanted.
//!
//! It runs the strata that the rules were cut into. Each stratum is a local step, person by person, and an exchange: names are
//! given out for the whole batch, groups are settled. Every value of a protected person leaves through [`gate`].

pub(crate) mod codes;
mod accounts;
mod names;
mod outputs;
mod notices;
mod gate;
mod holder;
mod run;
mod scope;
mod shielding;
#[cfg(test)]
mod soundness;
mod world;

pub(crate) use accounts::account::is_excluded;
pub(crate) use accounts::lifecycle::Life;
pub(crate) use accounts::lifecycle::is_active;
pub(crate) use accounts::slot::Moved;
pub(crate) use accounts::window::may_have;
pub(crate) use gate::is_absent;
pub(crate) use gate::is_neutral;
pub(crate) use gate::policy;
pub(crate) use holder::Holder;
pub(crate) use holder::Holders;
pub(crate) use names::story::Story;
pub(crate) use names::story::Taken;
pub(crate) use names::story::story;
pub(crate) use outputs::group::reasons as group_reasons;
pub(crate) use outputs::licence::matches as licence_matches;
pub(crate) use run::evaluate;
pub(crate) use run::moved;
pub(crate) use scope::RuleScope;
pub(crate) use world::World;
pub(crate) use world::sealed_subjects;
