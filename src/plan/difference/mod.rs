//! The making of a plan: what is to be done about accounts, their names and values, and groups; then order, ids and what shows.
//!
//! It is no document yet, and nothing here is released. After every prefix of what it makes the directory is valid.

pub(super) mod accounts;
pub(super) mod build;
pub(super) mod causes;
pub(super) mod draft;
pub(super) mod finish;
pub(super) mod groups;
pub(super) mod merges;
pub(super) mod replaces;
pub(super) mod names;
pub(super) mod values;
