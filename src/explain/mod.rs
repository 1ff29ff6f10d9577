//! Explanations: why an output is what it is, and why not.
//!
//! Nothing is stored for them: they are recomputed with the same programs over the same population. Their audience is open
//! where nothing is said: of a protected person they name rules and policies, and no value, unit or date. A cleared one says so in
//! its head, and whose data it shows.

mod explanation;
mod field;
mod licence;
mod name;
mod output;
mod reasons;
mod why;

pub use explanation::Explanation;
pub use explanation::ReasonLine;
pub use output::OutputName;
pub use output::UnknownOutput;
pub(crate) use reasons::of_step;
pub(crate) use why::why;
