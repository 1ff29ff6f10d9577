//! Codes of problems that the check finds: names, results, protection, dependencies.

use crate::diagnostic::Code;
use crate::diagnostic::Severity;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = ($id:literal, $severity:ident, $word:literal, $summary:literal);)*) => {
        $($(#[$doc])* pub(crate) static $name: Code = Code {
            id: $id,
            name: $word,
            severity: Severity::$severity,
            summary: $summary,
        };)*
    };
}

codes! {
    UNKNOWN_REFERENCE = ("R301", Error, "unknown-reference", "a name that nothing in the rules has");
    NOT_UNIQUE = ("R302", Error, "no-namespace", "a name that is unique nowhere");
    MIXED_COLUMN = ("R303", Error, "mixed-column", "a column of a table whose values have two types");
    WRONG_RESULT = ("R304", Error, "wrong-result", "an expression that gives what cannot stand there");
    SORT_KEY = ("R305", Error, "sort-key", "a key of an order that reads no affiliation, or several");
    NOT_COVERED = ("R306", Error, "not-covered", "an account rule that covers no kind of affiliation");
    EQUAL_PRIORITY = ("R307", Error, "equal-priority", "two licences of one exclusive set with the same priority");
    CYCLE = ("R308", Error, "cycle", "outputs that depend on each other in a circle");
    UNKNOWN_CAUSE = ("R309", Warning, "unknown-cause", "a cause of deregistration that is not known");
    NOT_BY_AFFILIATION = ("R310", Error, "not-by-affiliation", "a duration that cannot differ by affiliation");
    LEAK = ("R401", Error, "withheld-value", "a withheld value of a protected person could reach an output");
    NO_ALTERNATIVE = ("R402", Error, "no-alternative", "a policy asks for an alternative that is not there");
    REGISTERED = ("R403", Error, "registered-municipality", "the registered municipality of a protected person could reach an output");
    NO_REVIEW = ("R405", Warning, "no-review", "an exception for protected persons that nobody is to look at again");
    VISIBLE_MEMBERS = ("R404", Warning, "visible-members", "a protected person is included in a group whose members can be seen");
}
