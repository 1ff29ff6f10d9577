//! Codes of what is found while a snapshot is read.

use crate::diagnostic::Code;
use crate::diagnostic::Severity;

/// A record is no object, or does not say what kind it is.
pub static RECORD_SET_ASIDE: Code = Code {
    id: "S101",
    name: "record-set-aside",
    severity: Severity::Error,
    summary: "a record cannot be read at all and is set aside; the instance no longer counts as complete",
};

/// A record has no id.
pub static RECORD_WITHOUT_ID: Code = Code {
    id: "S102",
    name: "record-without-id",
    severity: Severity::Error,
    summary: "a record has no id and is set aside; the instance no longer counts as complete",
};

/// A field holds neither a text nor a list of texts.
pub static UNREADABLE_FIELD: Code = Code {
    id: "S103",
    name: "unreadable-field",
    severity: Severity::Warning,
    summary: "a field holds something that is neither a text, a list of texts nor nothing; the record stays without it",
};

/// A key that no instance or record has.
pub static UNKNOWN_KEY: Code = Code {
    id: "S104",
    name: "unknown-record-key",
    severity: Severity::Warning,
    summary: "an instance or a record has a key that is not known; it is not read",
};
