//! Codes of findings about a directory as its host read it.

use crate::diagnostic::Code;
use crate::diagnostic::Severity;

/// Two objects carry one anchor.
pub(crate) static ANCHOR_TWICE: Code = Code {
    id: "T101",
    name: "anchor-twice",
    severity: Severity::Error,
    summary: "two objects of the directory carry one anchor; the one with the smaller id counts",
};
