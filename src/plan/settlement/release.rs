//! What may be carried out of a plan, and why nothing may.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::string::ToString;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use chrono::NaiveDate;

use super::last_check;
use super::results::Results;
use super::results::StepResult;
use crate::directory::Change;
use crate::directory::Directory;
use crate::directory::Shielded;
use crate::directory::Workbench;
use crate::plan::document::Parts;
use crate::plan::document::Plan;
use crate::plan::guards::approval::Approvals;
use crate::plan::guards::count;
use crate::plan::guards::guard::Effect;
use crate::plan::guards::guard::Trip;
use crate::plan::step::Step;

/// The steps that may be carried out, in their order. What it gives is sealed by nature: changes hold real values.
#[derive(Clone)]
pub struct Released {
    pub(in crate::plan) parts: Arc<Parts>,
    /// Positions of the released steps.
    pub(in crate::plan) positions: Vec<usize>,
    shielded: BTreeSet<Shielded>,
}

/// A released step.
#[derive(Clone, Copy)]
pub struct ReleasedStep<'a> {
    step: &'a Step,
}

/// A guard refuses the plan. The urgent part of it can be released all the same, see [`Plan::urgent`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.first().map(ToString::to_string).unwrap_or_default())]
pub struct Refusal(Vec<Trip>);

impl Refusal {
    /// The guards that refuse, those of slices before those of totals.
    pub fn trips(&self) -> &[Trip] {
        &self.0
    }
}

impl Plan {
    /// Lets go of all steps that no guard holds, or refuses where a guard of effect `all` was reached and is not approved of.
    pub fn release(&self, approvals: &Approvals, as_of: NaiveDate) -> Result<Released, Refusal> {
        let mut refused: Vec<Trip> = count::open(&self.parts.trips, approvals, as_of, Effect::All)
            .into_iter()
            .map(|(trip, _)| trip.clone())
            .collect();
        if !refused.is_empty() {
            refused.sort_by_key(|trip| trip.slice.is_none());
            return Err(Refusal(refused));
        }
        let held = count::held(&self.parts.steps, &self.parts.trips, approvals, as_of);
        Ok(self.let_go(|index, _| held.get(index).is_some_and(Option::is_none)))
    }

    /// Lets go of the urgent part alone: no guard counts or holds it, and it goes out when the rest is refused.
    pub fn urgent(&self) -> Released {
        self.let_go(|_, step| step.urgent)
    }

    /// Lets go of some of its steps, but of none that the last check refuses, nor of what hangs on one.
    fn let_go(&self, goes: impl Fn(usize, &Step) -> bool) -> Released {
        let steps = &self.parts.steps;
        let (mut released, mut shielded) = (Vec::new(), BTreeSet::new());
        let refused = last_check::refused(steps);
        for (index, (step, refused)) in steps.iter().zip(refused).enumerate() {
            match refused {
                _ if !goes(index, step) => {}
                Some(refused) => {
                    shielded.insert(refused);
                }
                None => released.push(index),
            }
        }
        Released {
            parts: Arc::clone(&self.parts),
            positions: released,
            shielded,
        }
    }
}

impl Released {
    /// The steps in the order in which they must be carried out. A step goes only when all that it depends on are done.
    pub fn steps(&self) -> impl Iterator<Item = ReleasedStep<'_>> {
        self.positions
            .iter()
            .filter_map(|index| self.parts.steps.get(*index))
            .map(|step| ReleasedStep { step })
    }

    /// What the last check keeps from the targets, though the plan has steps for it: outputs of protected persons' accounts of whose
    /// names neither an exception nor an alternative speaks. Of rules that were loaded there is nothing; else look at the rules.
    pub fn shielded(&self) -> impl Iterator<Item = &Shielded> {
        self.shielded.iter()
    }

    /// How many steps there are.
    pub fn len(&self) -> usize {
        self.positions.len()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }

    /// Carries the steps out on a model of a directory, in their order, and says how each went: for examples and tests.
    pub fn carry_out_on(&self, directory: &mut Directory) -> Results {
        let mut bench = Workbench::new(directory);
        let mut results = Results::default();
        for step in self.steps() {
            let ready = step
                .depends_on()
                .iter()
                .all(|id| results.get(id).is_some_and(StepResult::is_done));
            let result = if ready {
                match bench.apply(step.change()) {
                    Ok(()) => StepResult::Done { object_id: None },
                    Err(_) => StepResult::Failed,
                }
            } else {
                StepResult::Skipped
            };
            results.set(step.id(), result);
        }
        results
    }
}

impl<'a> ReleasedStep<'a> {
    /// What names it in results.
    pub fn id(&self) -> &'a str {
        &self.step.id
    }

    /// The step as the plan shows it.
    pub const fn shown(&self) -> &'a Step {
        self.step
    }

    /// Steps that must be done before it.
    pub fn depends_on(&self) -> &'a [String] {
        &self.step.depends_on
    }

    /// The change with its real values. **Sealed.**
    pub const fn change(&self) -> &'a Change {
        &self.step.change
    }
}

impl fmt::Debug for ReleasedStep<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.step.fmt(formatter)
    }
}

impl fmt::Debug for Released {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Released({} of {} steps)",
            self.positions.len(),
            self.parts.steps.len()
        )
    }
}
