//! From a plan that is released to the next ledger: what may be carried out, how each step went, and what is remembered of it.
//!
//! Nothing here carries anything out.

mod last_check;
pub(super) mod letter;
pub(super) mod memo;
pub(super) mod release;
pub(super) mod results;
pub(super) mod settle;
