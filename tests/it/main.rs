//! The one test binary beside the unit tests. One binary links once.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may fail, and says so by ending"
)]

mod cases;
mod changes;
mod codes;
mod docs;
mod expression;
mod histories;
#[cfg(feature = "testing")]
mod host;
mod language;
mod lints;
mod migration;
#[cfg(feature = "pretty")]
mod pretty;
mod privacy;
mod problems;
mod published;
mod reconcile;
#[cfg(feature = "schema")]
mod schema;
mod sml;
mod tidy;
mod trials;
