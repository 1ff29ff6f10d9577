//! Resolving: from a snapshot of the sources, the rules about sources, and the ledger, to a population.
//!
//! Which deliveries count (`promises`, `absence`), what their records say (`map`), who they are about (`candidates`, `correlate`,
//! `persons`), whose word counts (`merge`), what the register says (`verdict`), who is protected (`protection`), and what they do
//! where (`places`, `affiliations`). Nothing here knows an account, and nothing here fails because of data: what cannot be read is
//! a finding, and costs nothing but itself.

mod absence;
mod affiliations;
mod alias;
mod build;
mod candidates;
mod cells;
pub mod codes;
mod convert;
mod correlate;
mod decision;
mod decision_json;
mod evidence;
mod everybody;
mod fact;
mod joining;
mod known;
mod likeness;
mod map;
mod merge;
mod note;
mod persons;
mod places;
mod promises;
mod protection;
mod refs;
mod register;
mod remember;
mod reuse;
mod setting;
#[cfg(test)]
mod tests;
mod verdict;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

pub use decision::Decision;
pub use decision::FlagKind;
pub use decision::Lookup;
pub use decision::LookupCause;
pub use decision::Proposal;
pub use decision::Transition;
pub use decision::TransitionKind;
pub use decision::Whom;
pub use decision_json::DecisionsError;

use crate::base::Horizon;
use crate::base::LimitReached;
use crate::base::PersonKey;
use crate::diagnostic::Findings;
use crate::ledger::Ledger;
use crate::ledger::Memory;
use crate::model::Population;
use crate::rules::Compiled;
use crate::source::Snapshot;

/// What a snapshot amounts to.
pub(crate) struct Resolution {
    /// Everybody, with all that is known of them on the day.
    pub(crate) population: Population,
    /// What is wrong with data, for everybody to read.
    pub(crate) findings: Findings,
    /// What is wrong with data of protected persons. Sealed.
    pub(crate) withheld: Findings,
    /// Who stands behind each opaque id of the findings. Sealed.
    pub(crate) sealed: BTreeMap<String, PersonKey>,
    /// The contents of the ledger as observed: what was seen, and nothing of what is yet to be done.
    pub(crate) memory: Memory,
    /// What changed about who somebody is, in order.
    pub(crate) transitions: Vec<Transition>,
    /// Whom to ask the register about, in order. Sealed.
    pub(crate) lookups: Vec<Lookup>,
    /// Persons that may be one, in order.
    pub(crate) proposals: Vec<Proposal>,
}

/// Resolves a snapshot. Days on which the result may change are told to the horizon, whose day is that of the run.
pub(crate) fn resolve(
    rules: &Compiled,
    snapshot: &Snapshot,
    ledger: &Ledger,
    salt: &[u8],
    as_of: NaiveDate,
    decisions: &[Decision],
    horizon: &mut Horizon,
) -> Result<Resolution, LimitReached> {
    let setting = setting::Setting::new(rules, salt, as_of, decisions);
    build::run(&setting, snapshot, ledger.memory(), horizon)
}
