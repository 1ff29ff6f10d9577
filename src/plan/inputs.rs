//! What a plan is made from.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use super::cause::Reason;
use super::cause::StepSubject;
use crate::base::Text;
use crate::directory::Desired;
use crate::directory::Directory;
use crate::ledger::Ledger;
use crate::plan::guards::guard::Guard;

/// How long a name of an account rule stays taken after it is given up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamePolicy {
    /// The namespaces in which it is unique.
    pub namespaces: Vec<Text>,
    /// The days for which it goes to nobody else; without a number it never does.
    pub reserve_days: Option<i64>,
}

/// What a plan is made from. All of it is borrowed but what the plan keeps.
#[derive(Clone)]
pub struct PlanInputs<'a> {
    /// What is wanted.
    pub desired: &'a Desired,
    /// What is.
    pub directory: &'a Directory,
    /// What was remembered before this run.
    pub ledger: &'a Ledger,
    /// What is remembered with what this run saw; results are added to it when the plan is settled.
    pub observed: Ledger,
    /// Guards.
    pub guards: &'a [Guard],
    /// The day of the run.
    pub as_of: NaiveDate,
    /// The digest of the rules.
    pub rules_digest: &'a str,
    /// The first day on which another plan may come out of the same inputs.
    pub recheck_on: Option<NaiveDate>,
    /// What holds of names, by account rule and name (`login`, `mail`).
    pub name_policies: BTreeMap<(Text, Text), NamePolicy>,
    /// Gives the reasons of a step.
    pub reasons: &'a dyn Fn(&StepSubject) -> Vec<Reason>,
}

impl fmt::Debug for PlanInputs<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "PlanInputs({}, {:?}, {:?})",
            self.as_of, self.desired, self.directory
        )
    }
}
