//! The inherent methods of the public types that span layers. Nothing else lives here.

mod codes;
mod guard;
mod outcome;

pub use outcome::Inputs;
pub use outcome::Outcome;
