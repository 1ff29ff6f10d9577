//! Resolving: from a snapshot of the sources, the rules about sources, and the ledger, to a population.
//!
//! Which deliveries count (`delivery`), what their records say (`facts`), whom they are about (`correlation`), whose word counts,
//! what the register says and who is protected (`person`), and what they do where (`places`, `affiliations`). Nothing here knows
//! an account, and nothing here fails because of data: what cannot be read is a finding, and costs nothing but itself.

mod affiliations;
mod build;
pub(crate) mod codes;
mod correlation;
mod days;
mod decision;
mod decision_json;
mod delivery;
mod facts;
mod note;
mod person;
mod places;
mod quality;
mod setting;
mod succession;
#[cfg(test)]
mod tests;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use chrono::NaiveDate;

pub use decision::Decision;
pub use decision::FlagKind;
pub use decision::Lookup;
pub use decision::LookupCause;
pub use decision::Origin;
pub use decision::Proposal;
pub use decision::Transition;
pub use decision::TransitionKind;
pub use decision::Whom;
pub use decision_json::DecisionsError;

pub use quality::Counts;
pub use quality::Place;
pub use quality::Quality;

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
    /// Who gives which of several values, by person. Sealed.
    pub(crate) origins: BTreeMap<PersonKey, Vec<Origin>>,
    /// Persons that may be one, in order.
    pub(crate) proposals: Vec<Proposal>,
    /// How good the data is.
    pub(crate) quality: Quality,
    /// The same for those who may see protected persons.
    pub(crate) cleared: Quality,
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
