//! Codes of findings that a plan makes.

use crate::diagnostic::codes;

codes! {
    NAME_HELD "P101" "name-held" Error
        "a login, an address or a name under a parent is held by an object that does not give it up";
    NOT_MADE "P102" "not-made" Error
        "an object is wanted and cannot be made, since its container or its name is held";
    NOT_ADOPTED "P103" "not-adopted" Error
        "an object that is to be adopted is not there, is ours already, or is wanted by two";
    NO_TARGET "P104" "no-target" Warning
        "a reference is wanted to an account that is not there and is not made by this plan";
    BAD_NAME "P105" "bad-name" Error
        "a name is empty or holds control characters, so that no object can bear it";
    HAS_CHILDREN "P106" "has-children" Error
        "an account or a group has objects beneath it and is neither moved nor deleted";
    GUARD_HOLDS "P201" "guard-holds" Warning
        "a guard holds the steps of a slice until somebody approves of them";
    GUARD_REFUSES "P202" "guard-refuses" Critical
        "a guard refuses the whole plan until somebody approves of it";
    GUARD_WARNS "P203" "guard-warns" Warning
        "a guard was reached that only warns";
}
