//! The tests of this layer: its laws, and single cases.

pub(super) mod generate;
pub(super) mod guards;
pub(super) mod laws;
pub(super) mod ledger;
pub(super) mod sample;
pub(super) mod steps;
