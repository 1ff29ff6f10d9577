//! The inherent methods of the public types that span layers. Nothing else lives here.

mod codes;
#[cfg(test)]
mod costs;
mod guard;
#[cfg(test)]
mod leaks;
mod outcome;

pub use outcome::Inputs;
pub use outcome::Outcome;
