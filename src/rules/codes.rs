//! The codes of everything that can be wrong with the shape of a rule file.
//!
//! What is wrong with its meaning (names, types, classes, dependencies) is found later and has codes of its own.

use crate::diagnostic::codes;

codes! {
    UNKNOWN_KEY "R101" "unknown-key" Error
        "a key means nothing where it stands";
    DUPLICATE_KEY "R102" "duplicate-key" Error
        "a key is written twice in one table";
    MISSING_KEY "R103" "missing-key" Error
        "a key that must be there is not";
    WRONG_TYPE "R104" "wrong-type" Error
        "a value is of another kind than its key asks for";
    UNKNOWN_WORD "R105" "unknown-word" Error
        "a word is not among those that its key knows";
    BAD_DURATION "R106" "bad-duration" Error
        "a text is no duration";
    BAD_SHARE "R107" "bad-share" Error
        "a text is no share";
    BAD_DATE "R108" "bad-date" Error
        "a text is no date";
    OUT_OF_RANGE "R109" "out-of-range" Error
        "a number lies outside its bounds";
    REPEATED_ENTRY "R110" "repeated-entry" Error
        "an element stands twice in a list";
    EMPTY_LIST "R111" "empty-list" Error
        "a list needs at least one element";
    INVALID_SYNTAX "R112" "invalid-syntax" Error
        "the file does not follow the syntax of TOML or JSON";
    FILE_TOO_LARGE "R113" "file-too-large" Error
        "the file is larger than allowed";
    NESTED_TOO_DEEPLY "R114" "nested-too-deeply" Error
        "tables and lists are nested too deeply";
    UNKNOWN_LANGUAGE "R115" "unknown-language" Error
        "the version of the rule language is not known";
    MISSING_REASON "R116" "missing-reason" Error
        "a policy that includes must give its reason";
    MISPLACED_POLICY "R117" "misplaced-policy" Error
        "a policy has no meaning for this output";
    CONFLICTING_KEYS "R118" "conflicting-keys" Error
        "two keys exclude each other";
}
