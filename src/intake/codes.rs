//! Codes of what is found while the documents of source systems are turned into records.

use crate::diagnostic::Code;
use crate::diagnostic::Severity;

/// A part of a document is known and not used.
pub static NOT_USED: Code = Code {
    id: "I101",
    name: "not-used",
    severity: Severity::Note,
    summary: "a known part of a document carries no fact of the model and is not used",
};

/// A part of a document is not known.
pub static UNKNOWN_PART: Code = Code {
    id: "I102",
    name: "unknown-part",
    severity: Severity::Warning,
    summary: "a document holds names that its format does not know; they are not read",
};

/// A part of a document has another shape than its format says.
pub static UNREADABLE_PART: Code = Code {
    id: "I103",
    name: "unreadable-part",
    severity: Severity::Warning,
    summary: "a part of a document has another shape than its format says and is not read; the rest is",
};

/// Something cannot be told apart from others, since it has no id.
pub static WITHOUT_ID: Code = Code {
    id: "I104",
    name: "without-id",
    severity: Severity::Error,
    summary: "something has no id, or does not say to whom it belongs, and is set aside; the instance no longer counts as complete",
};

/// A protection flag cannot be read.
pub static UNREADABLE_FLAG: Code = Code {
    id: "I105",
    name: "unreadable-flag",
    severity: Severity::Error,
    summary: "a protection flag cannot be read; the person is concealed until it can",
};

/// A value is none of those that its format lists.
pub static UNKNOWN_VALUE: Code = Code {
    id: "I106",
    name: "unknown-value",
    severity: Severity::Warning,
    summary: "a value is none of those that the format lists; it is kept as it stands",
};

/// A value cannot be read as what it should be.
pub static UNREADABLE_VALUE: Code = Code {
    id: "I107",
    name: "unreadable-value",
    severity: Severity::Warning,
    summary: "a value cannot be read as what it should be; the record stays without it",
};

/// A merge names nobody that can be found.
pub static UNRESOLVED_MERGE: Code = Code {
    id: "I108",
    name: "unresolved-merge",
    severity: Severity::Warning,
    summary: "a record says that it swallowed another one, but not by an id that is known",
};

/// Documents of one instance contradict each other.
pub static DOCUMENTS_DISAGREE: Code = Code {
    id: "I109",
    name: "documents-disagree",
    severity: Severity::Warning,
    summary: "two documents of one source instance give a field of one person different values; the first in rank counts",
};

/// Less came than was promised.
pub static LESS_THAN_PROMISED: Code = Code {
    id: "I110",
    name: "less-than-promised",
    severity: Severity::Error,
    summary: "a document is a delta, or a list has no last page, although the instance is said to be complete; it no longer counts as complete",
};

/// A reference leads nowhere.
pub static DANGLING_REFERENCE: Code = Code {
    id: "I111",
    name: "dangling-reference",
    severity: Severity::Warning,
    summary: "something refers to a group, unit or duty that is not among those that came",
};

/// A protection flag stands on a reference, and the person did not come.
pub static FLAG_WITHOUT_PERSON: Code = Code {
    id: "I112",
    name: "flag-without-person",
    severity: Severity::Critical,
    summary: "a reference says that a person is protected, but the person is not among those that came, so that the flag cannot be kept",
};

/// A row has another width than the header.
pub static ROW_WIDTH: Code = Code {
    id: "I113",
    name: "row-width",
    severity: Severity::Error,
    summary: "a row has more or fewer cells than the header and is set aside; the instance no longer counts as complete",
};

/// The header of a table is not usable.
pub static BAD_HEADER: Code = Code {
    id: "I114",
    name: "bad-header",
    severity: Severity::Error,
    summary: "a header lacks a column that is needed, or names one twice or not at all",
};

/// Something is left out because it is no fact of the model.
pub static NOT_TAKEN: Code = Code {
    id: "I115",
    name: "not-taken",
    severity: Severity::Note,
    summary: "guardians, their groups and others who are neither staff nor pupils are not taken",
};
