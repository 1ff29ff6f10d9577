//! Codes of findings about what rules make of data.

use crate::diagnostic::codes;

codes! {
    NOT_COMPUTED "E101" "not-computed" Warning
        "an output cannot be computed from the data; what is there stays";
    REQUIREMENT "E102" "requirement-not-met" Warning
        "an account is not created, or stands as it is, since a requirement is not met";
    HELD "E103" "held" Warning
        "a person must decide first; what is there stays";
    AMBIGUOUS "E104" "ambiguous-account" Error
        "an existing account fits several persons, or a person several accounts";
    TWO_ACCOUNTS "E105" "two-accounts" Error
        "two existing accounts are one person's";
    NO_NAME "E106" "no-name" Error
        "no name could be given";
    UNUSABLE_NAME "E107" "unusable-name" Note
        "no letter of the name can be used; an opaque one was given";
    OVER_LIMIT "E108" "over-limit" Warning
        "a value is longer than the target takes; what is there stays";
    BAD_CONTAINER "E109" "bad-container" Error
        "a container is no distinguished name";
    MIXED_GROUP "E110" "mixed-group" Warning
        "members of one group give it different names or containers";
    NO_SEAT "E111" "no-seat" Error
        "there are fewer seats than accounts that should have the licence";
    DANGLING "E112" "dangling-reference" Note
        "what an attribute refers to has no account";
    NO_RECIPIENT "E113" "no-recipient" Warning
        "a notice has nobody to go to";
    EXCLUDED "E114" "excluded-account" Warning
        "an account stands of somebody whom the rules exclude; it is disabled and never deleted by itself";
    UNKNOWN_GROUP_RULE "E115" "unknown-rule" Note
        "an object is ours, and no rule speaks of it any more";
    STOPPED "E116" "stopped" Note
        "an account is disabled at once for a stated cause";
    REVIEW_DUE "E117" "review-due" Warning
        "an exception for protected persons is to be looked at again";
    UNKNOWN_OWNER "E118" "unknown-owner" Warning
        "an account is ours, and neither the sources nor the ledger know whose";
    MERGED_ACCOUNT "E119" "merged-account" Note
        "an account went over into another one of its person; it is disabled and never deleted by itself";
    REPLACED_ACCOUNT "E126" "replaced-account" Warning
        "another account took the place of one, since its person is protected; it is disabled and never deleted by itself";
    NO_LOCATION "E125" "no-location" Warning
        "an account has no usage location, and its licences wait";
}
