//! The plan: what turns the directory as it is into the directory as it is wanted, as an ordered, guarded, readable document;
//! what is released of it; and the ledger that comes of its results.
//!
//! It carries nothing out. After every prefix of what it releases the directory is valid.

mod cause;
pub(crate) mod codes;
mod difference;
mod document;
mod guards;
mod inputs;
mod kind;
mod settlement;
mod step;
#[cfg(test)]
mod tests;

pub use cause::CauseKind;
pub use cause::Reason;
pub use cause::StepSubject;
pub use document::Plan;
pub use document::Summary;
pub use guards::approval::Approval;
pub use guards::approval::Approvals;
pub use guards::approval::ApprovalsError;
pub use guards::approval::object_digest;
pub use guards::guard::Effect;
pub use guards::guard::Guard;
pub use guards::guard::Season;
pub use guards::guard::Trip;
pub use guards::tally::Tally;
pub use inputs::NamePolicy;
pub use inputs::PlanInputs;
pub use kind::Phase;
pub use kind::StepKind;
pub use settlement::letter::Letter;
pub use settlement::letter::Recipient;
pub use settlement::release::Refusal;
pub use settlement::release::Released;
pub use settlement::release::ReleasedStep;
pub use settlement::results::Results;
pub use settlement::results::StepResult;
pub use step::Condition;
pub use step::HeldBy;
pub use step::Precondition;
pub use step::Shown;
pub use step::Step;
