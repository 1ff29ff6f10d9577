//! Codes of what is found while the documents of source systems are turned into records.

use crate::diagnostic::codes;

codes! {
    NOT_USED "I101" "not-used" Note
        "a known part of a document carries no fact of the model and is not used";
    UNKNOWN_PART "I102" "unknown-part" Warning
        "a document holds names that its format does not know; they are not read";
    UNREADABLE_PART "I103" "unreadable-part" Warning
        "a part of a document has another shape than its format says and is not read; the rest is";
    WITHOUT_ID "I104" "without-id" Error
        "something has no id, or does not say to whom it belongs, and is set aside; the instance no longer counts as complete";
    UNREADABLE_FLAG "I105" "unreadable-flag" Error
        "a protection flag cannot be read; the person is concealed until it can";
    UNKNOWN_VALUE "I106" "unknown-value" Warning
        "a value is none of those that the format lists; it is kept as it stands";
    UNREADABLE_VALUE "I107" "unreadable-value" Warning
        "a value cannot be read as what it should be; the record stays without it";
    UNRESOLVED_MERGE "I108" "unresolved-merge" Warning
        "a record says that it swallowed another one, but not by an id that is known";
    DOCUMENTS_DISAGREE "I109" "documents-disagree" Warning
        "two documents of one source instance give a field of one person different values; the first in rank counts";
    LESS_THAN_PROMISED "I110" "less-than-promised" Error
        "a document is a delta, or a list has no last page, although the instance is said to be complete; it no longer counts as complete";
    DANGLING_REFERENCE "I111" "dangling-reference" Warning
        "something refers to a group, unit or duty that is not among those that came";
    FLAG_WITHOUT_PERSON "I112" "flag-without-person" Critical
        "a reference says that a person is protected, but the person is not among those that came, so that the flag cannot be kept";
    ROW_WIDTH "I113" "row-width" Error
        "a row has more or fewer cells than the header and is set aside; the instance no longer counts as complete";
    BAD_HEADER "I114" "bad-header" Error
        "a header lacks a column that is needed, or names one twice or not at all";
    NOT_TAKEN "I115" "not-taken" Note
        "guardians, their groups and others who are neither staff nor pupils are not taken";
    TOO_LONG "I116" "too-long" Warning
        "a value is longer than its source says that it can be; it is kept as it stands";
}
