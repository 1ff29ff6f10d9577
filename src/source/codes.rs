//! Codes of what is found while a snapshot is read.

use crate::diagnostic::codes;

codes! {
    RECORD_SET_ASIDE "S101" "record-set-aside" Error
        "a record cannot be read at all and is set aside; the instance no longer counts as complete";
    RECORD_WITHOUT_ID "S102" "record-without-id" Error
        "a record has no id and is set aside; the instance no longer counts as complete";
    UNREADABLE_FIELD "S103" "unreadable-field" Warning
        "a field holds something that is neither a text, a list of texts nor nothing; the record stays without it";
    UNKNOWN_KEY "S104" "unknown-record-key" Warning
        "an instance or a record has a key that is not known; it is not read";
}
