//! Evaluation: population and rules to what is wanted.
//!
//! It runs the strata that the rules were cut into. Each stratum is a local step, person by person, and an exchange: names are
//! given out for the whole batch, groups are settled. Every value of a protected person leaves through [`gate`].

mod account;
mod adoption;
mod attribute;
mod class_list;
pub(crate) mod codes;
mod existing;
mod gate;
mod group;
mod licence;
mod lifecycle;
mod mailbox;
mod name;
mod notice;
mod occasion;
mod occupied;
mod primary;
mod run;
mod scope;
mod target_limits;
mod window;
mod world;

pub(crate) use account::is_excluded;
pub(crate) use gate::policy;
pub(crate) use group::reasons as group_reasons;
pub(crate) use licence::matches as licence_matches;
pub(crate) use lifecycle::Life;
pub(crate) use lifecycle::is_active;
pub(crate) use run::evaluate;
pub(crate) use scope::RuleScope;
pub(crate) use window::may_have;
pub(crate) use world::Holder;
pub(crate) use world::World;
