//! The codes of everything that can be wrong with the shape of a rule file.
//!
//! What is wrong with its meaning (names, types, classes, dependencies) is found later and has codes of its own.

use crate::diagnostic::Code;
use crate::diagnostic::Severity;

/// Declares codes of errors.
macro_rules! errors {
    ($($(#[$doc:meta])* $static:ident = $id:literal $name:literal: $summary:literal;)+) => {
        $($(#[$doc])* pub(crate) static $static: Code = Code {
            id: $id,
            name: $name,
            severity: Severity::Error,
            summary: $summary,
        };)+
    };
}

errors! {
    /// A key that means nothing where it stands.
    UNKNOWN_KEY = "R101" "unknown-key": "a key means nothing where it stands";
    /// A key that is written twice in one table.
    #[cfg_attr(not(feature = "toml"), expect(dead_code, reason = "only a text has it"))]
    DUPLICATE_KEY = "R102" "duplicate-key": "a key is written twice in one table";
    /// A key that must be there.
    MISSING_KEY = "R103" "missing-key": "a key that must be there is not";
    /// A value of another kind than the key asks for.
    WRONG_TYPE = "R104" "wrong-type": "a value is of another kind than its key asks for";
    /// A word that is not in the list of those that the key knows.
    UNKNOWN_WORD = "R105" "unknown-word": "a word is not among those that its key knows";
    /// A text that is no duration.
    BAD_DURATION = "R106" "bad-duration": "a text is no duration";
    /// A text that is no share.
    BAD_SHARE = "R107" "bad-share": "a text is no share";
    /// A text that is no date, or no day of the year.
    BAD_DATE = "R108" "bad-date": "a text is no date";
    /// A number outside its bounds.
    OUT_OF_RANGE = "R109" "out-of-range": "a number lies outside its bounds";
    /// An element that stands twice in a list where it can only count once.
    REPEATED_ENTRY = "R110" "repeated-entry": "an element stands twice in a list";
    /// A list without elements where at least one is needed.
    EMPTY_LIST = "R111" "empty-list": "a list needs at least one element";
    /// A file that cannot be read as TOML.
    INVALID_SYNTAX = "R112" "invalid-syntax": "the file does not follow the syntax of TOML or JSON";
    /// A file with too many bytes.
    FILE_TOO_LARGE = "R113" "file-too-large": "the file is larger than allowed";
    /// Tables and lists nested too deeply.
    NESTED_TOO_DEEPLY = "R114" "nested-too-deeply": "tables and lists are nested too deeply";
    /// A version of the rule language that this version of the crate does not know.
    UNKNOWN_LANGUAGE = "R115" "unknown-language": "the version of the rule language is not known";
    /// A policy that lets values through and does not say why.
    MISSING_REASON = "R116" "missing-reason": "a policy that includes must give its reason";
    /// A policy, or a part of one, that has no meaning for this output.
    MISPLACED_POLICY = "R117" "misplaced-policy": "a policy has no meaning for this output";
    /// Two keys of which only one may be there.
    CONFLICTING_KEYS = "R118" "conflicting-keys": "two keys exclude each other";
}
