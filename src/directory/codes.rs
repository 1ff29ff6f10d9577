//! Codes of findings about a directory as its host read it.

use crate::diagnostic::codes;

codes! {
    ANCHOR_TWICE "T101" "anchor-twice" Error
        "two objects of the directory carry one anchor; the one with the smaller id counts";
    UNKNOWN_MEMBER "T102" "unknown-member" Warning
        "a member of a group is no object that the host has listed; it stays where it is";
    NAME_TWICE "T103" "object-twice" Error
        "objects of the directory have a distinguished name or a login that another one has";
}
