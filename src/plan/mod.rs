//! The plan: what turns the directory as it is into the directory as it is wanted, as an ordered, guarded, readable document;
//! what is released of it; and the ledger that comes of its results.
//!
//! It carries nothing out. After every prefix of what it releases the directory is valid.

mod accounts;
mod approval;
mod build;
#[cfg(test)]
mod cases;
mod cause;
pub(crate) mod codes;
mod count;
mod document;
mod draft;
mod finish;
#[cfg(test)]
mod generate;
mod groups;
mod guard;
#[cfg(test)]
mod guard_cases;
mod inputs;
mod kind;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod ledger_cases;
mod memo;
mod names;
mod release;
mod results;
#[cfg(test)]
mod sample;
mod settle;
mod step;
mod values;

pub use approval::Approval;
pub use approval::Approvals;
pub use approval::ApprovalsError;
pub use approval::object_digest;
pub use cause::CauseKind;
pub use cause::Reason;
pub use cause::StepSubject;
pub use document::Plan;
pub use document::Summary;
pub use guard::Effect;
pub use guard::Guard;
pub use guard::Season;
pub use guard::Trip;
pub use inputs::NamePolicy;
pub use inputs::PlanInputs;
pub use kind::Phase;
pub use kind::StepKind;
pub use release::Refusal;
pub use release::Released;
pub use release::ReleasedStep;
pub use results::Results;
pub use results::StepResult;
pub use step::Condition;
pub use step::HeldBy;
pub use step::Precondition;
pub use step::Shown;
pub use step::Step;
