//! An embeddable rules engine that turns snapshots of personnel systems, school systems and the population register into
//! the desired state of a directory.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(test)]
extern crate self as folkform;
#[cfg(test)]
#[macro_use]
extern crate std;

pub mod base;
pub mod diagnostic;
pub mod identity;
pub mod language;
pub mod model;
pub mod source;
pub mod directory;
pub mod ledger;
pub mod naming;
pub mod rules;
pub mod resolve;
mod evaluate;
pub mod plan;
pub mod explain;
pub mod intake;
pub mod render;
mod front;
#[cfg(feature = "testing")]
pub mod testing;

pub use front::Inputs;
pub use front::Outcome;
pub use rules::Ruleset;

/// The quickstart of the README, compiled and run.
#[cfg(all(doctest, feature = "toml"))]
#[doc = include_str!("../README.md")]
mod readme {}

/// What the page about security says of types, compiled or refused.
#[cfg(doctest)]
#[doc = include_str!("../docs/security.md")]
mod security {}
