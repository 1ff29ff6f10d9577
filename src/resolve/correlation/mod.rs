//! Correlation: which records, and which persons of the ledger, are one person, by evidence and never by likeness.

pub(super) mod candidates;
pub(super) mod correlate;
pub(super) mod evidence;
pub(super) mod joining;
pub(super) mod known;
pub(super) mod likeness;
pub(super) mod persons;
pub(super) mod reuse;
pub(super) mod split;
