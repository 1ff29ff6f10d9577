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

mod docs;
mod language;
mod problems;
mod reconcile;
mod sml;
mod tidy;
