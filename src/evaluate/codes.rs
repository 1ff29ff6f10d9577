//! Codes of findings about what rules make of data.

use crate::diagnostic::Code;
use crate::diagnostic::Severity;

macro_rules! codes {
    ($($name:ident = ($id:literal, $severity:ident, $word:literal, $summary:literal);)*) => {
        $(pub(crate) static $name: Code = Code {
            id: $id,
            name: $word,
            severity: Severity::$severity,
            summary: $summary,
        };)*
    };
}

codes! {
    NOT_COMPUTED = ("E101", Warning, "not-computed", "an output cannot be computed from the data; what is there stays");
    REQUIREMENT = ("E102", Warning, "requirement-not-met", "an account is not created, or stands as it is, since a requirement is not met");
    HELD = ("E103", Warning, "held", "a person must decide first; what is there stays");
    AMBIGUOUS = ("E104", Error, "ambiguous-account", "an existing account fits several persons, or a person several accounts");
    TWO_ACCOUNTS = ("E105", Error, "two-accounts", "two existing accounts are one person's");
    NO_NAME = ("E106", Error, "no-name", "no name could be given");
    UNUSABLE_NAME = ("E107", Note, "unusable-name", "no letter of the name can be used; an opaque one was given");
    OVER_LIMIT = ("E108", Warning, "over-limit", "a value is longer than the target takes; what is there stays");
    BAD_CONTAINER = ("E109", Error, "bad-container", "a container is no distinguished name");
    MIXED_GROUP = ("E110", Warning, "mixed-group", "members of one group give it different names or containers");
    NO_SEAT = ("E111", Error, "no-seat", "there are fewer seats than accounts that should have the licence");
    DANGLING = ("E112", Note, "dangling-reference", "what an attribute refers to has no account");
    NO_RECIPIENT = ("E113", Warning, "no-recipient", "a notice has nobody to go to");
    EXCLUDED = ("E114", Warning, "excluded-account", "an account stands of somebody whom the rules exclude; it is disabled and never deleted by itself");
    UNKNOWN_GROUP_RULE = ("E115", Note, "unknown-rule", "an object is ours, and no rule speaks of it any more");
    STOPPED = ("E116", Note, "stopped", "an account is disabled at once for a stated cause");
    REVIEW_DUE = ("E117", Warning, "review-due", "an exception for protected persons is to be looked at again");
}
