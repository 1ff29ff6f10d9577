//! An embeddable rules engine that turns snapshots of personnel systems, school systems and the population register into
//! the desired state of a directory.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod base;
pub mod diagnostic;
pub mod identity;
pub mod language;
pub mod model;
pub mod directory;
mod evaluate;
pub mod explain;
pub mod identity;
pub mod intake;
pub mod language;
pub mod ledger;
pub mod model;
pub mod naming;
pub mod plan;
pub mod render;
pub mod rules;
pub mod source;
pub mod intake;
pub mod source;
pub mod resolve;
