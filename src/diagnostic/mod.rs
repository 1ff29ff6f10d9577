//! Problems and findings: what is wrong, where, and what to do about it.
//!
//! A *problem* is about rules and has a place in a rule file; a rule set with a problem does not load. A *finding* is about
//! data and has a subject; it stops nothing else. Neither ever holds a personal value: what a finding says is an [`OpenText`].

mod audience;
mod code;
mod finding;
mod open_text;
#[cfg(feature = "pretty")]
mod pretty;
mod problem;
mod suggest;

pub use audience::Audience;
pub use code::Code;
pub use code::Severity;
pub(crate) use code::codes;
pub use finding::Finding;
pub use finding::Findings;
pub use finding::Subject;
pub use open_text::OpenText;
#[cfg(feature = "pretty")]
pub use pretty::Pretty;
pub use problem::Label;
pub use problem::Location;
pub use problem::Position;
pub use problem::Problem;
pub use problem::Problems;
pub(crate) use suggest::listed;
pub use suggest::suggest;
