//! Codes of problems that the check finds: names, results, protection, dependencies.

use crate::diagnostic::codes;

codes! {
    UNKNOWN_REFERENCE "R301" "unknown-reference" Error
        "a name that nothing in the rules has";
    NOT_UNIQUE "R302" "no-namespace" Error
        "a name that is unique nowhere";
    MIXED_COLUMN "R303" "mixed-column" Error
        "a column of a table whose values have two types";
    WRONG_RESULT "R304" "wrong-result" Error
        "an expression that gives what cannot stand there";
    SORT_KEY "R305" "sort-key" Error
        "a key of an order that reads no affiliation, or several";
    NOT_COVERED "R306" "not-covered" Error
        "an account rule that covers no kind of affiliation";
    EQUAL_PRIORITY "R307" "equal-priority" Error
        "two licences of one exclusive set with the same priority";
    CYCLE "R308" "cycle" Error
        "outputs that depend on each other in a circle";
    UNKNOWN_CAUSE "R309" "unknown-cause" Warning
        "a cause of deregistration that is not known";
    UNSTRATIFIED "R311" "unstratified" Error
        "an output that depends on the opposite of itself";
    NO_SLOT "R312" "no-slot" Error
        "an account rule with slots that covers a kind of affiliation without one";
    CARRIER "R315" "licence-needs" Error
        "a licence that needs what its account cannot have, or a group that cannot carry it";
    TOO_MANY_ACCOUNTS "R316" "too-many-accounts" Error
        "there are more account rules than allowed";
    LEAK "R401" "withheld-value" Error
        "a withheld value of a protected person could reach an output";
    NO_ALTERNATIVE "R402" "no-alternative" Error
        "a policy asks for an alternative that is not there";
    REGISTERED "R403" "registered-municipality" Error
        "the registered municipality of a protected person could reach an output";
    VISIBLE_MEMBERS "R404" "visible-members" Warning
        "a protected person is included in a group whose members can be seen";
    NO_REVIEW "R405" "no-review" Warning
        "an exception for protected persons that nobody is to look at again";
}
